/** What bech32 and cashaddr share: one alphabet, and letters of one case. */
#ifndef SG_FORMATS_BECH32_INTERNAL_H
#define SG_FORMATS_BECH32_INTERNAL_H

#include "formats/bech32/bech32.h"

extern const char sg_bech32_letters[33];

/** Words of letters; false for another letter. Case is not looked at. */
bool sg_bech32_read_words(uint8_t *words, const char *text, size_t size);

/** Whether all letters are of one case. */
bool sg_bech32_is_one_case(const char *text, size_t size);

/** ASCII only. */
char sg_bech32_lower(char c);

#endif
