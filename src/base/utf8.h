/** UTF-8 as far as safety needs it: decode one character, know which ones may not be shown raw. */
#ifndef SG_BASE_UTF8_H
#define SG_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Decode the first character. Returns its length (1 to 4), or 0 if the bytes are not UTF-8
 *  (overlong forms, surrogates and values above U+10FFFF included) or size is 0.
 *  Source: RFC 3629, section 4. */
size_t sg_utf8_next(uint32_t *character, const char *text, size_t size);

/** Control characters, and the direction overrides that make text read as something else. */
bool sg_utf8_is_unsafe(uint32_t character);

/** Whether all bytes are UTF-8; on false `*bad` is the offset of the first byte that is not. */
bool sg_utf8_check(size_t *bad, const char *text, size_t size);

#endif
