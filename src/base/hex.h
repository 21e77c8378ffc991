/** Hexadecimal text and bytes. */
#ifndef SG_BASE_HEX_H
#define SG_BASE_HEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Decode exactly 2 * n_bytes digits of either case; false, bytes undefined, on anything else. */
bool sg_hex_decode(uint8_t *bytes, size_t n_bytes, const char *text, size_t size);

/** Write 2 * n_bytes lower-case digits and a terminator; returns `text`. */
char *sg_hex_encode(char *text, const uint8_t *bytes, size_t n_bytes);

#endif
