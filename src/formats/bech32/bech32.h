/** Bech32, bech32m and cashaddr: a readable part, then 5-bit letters, then a checksum that finds
 *  every error of up to four letters (bech32) or five (cashaddr) in a text of the usual length.
 *
 *  Neither form distinguishes case, and both refuse a text that mixes it. The limit of 90 letters
 *  that BIP-173 sets is the caller's to ask: Zcash and Cardano have longer ones. Threads: any.
 *
 *  Source: BIP-173 and BIP-350 (Wuille, Maxwell); "CashAddr" specification, bitcoincash.org, 2017.
 */
#ifndef SG_FORMATS_BECH32_H
#define SG_FORMATS_BECH32_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Longest text; a unified Zcash address with all its receivers has some 213 letters. */
#define SG_BECH32_TEXT_MAX 512
/** Longest readable part: BIP-173. */
#define SG_BECH32_HRP_MAX 83

enum sg_bech32_form { SG_BECH32_NONE, SG_BECH32_V0, SG_BECH32_M };

/** A text taken apart. */
struct sg_bech32 {
    enum sg_bech32_form form;          /**< whose checksum it has; SG_BECH32_NONE: a wrong one */
    char hrp[SG_BECH32_HRP_MAX + 1];   /**< in lower case, terminated */
    uint8_t words[SG_BECH32_TEXT_MAX]; /**< of 5 bits, without the checksum */
    size_t n_words;
};

/** Take a text apart. False if it has not the form at all: no separator '1', a letter that is not
 *  in the alphabet, mixed case, too short or too long. A wrong checksum is told by `form`. */
bool sg_bech32_decode(struct sg_bech32 *out, const char *text, size_t size);

/** Write a text.
 *  Out: text    terminated, lower case; returns its length, 0 if it would be too long.
 *  In:  hrp     lower case. form   not SG_BECH32_NONE. */
size_t sg_bech32_encode(char text[SG_BECH32_TEXT_MAX + 1], enum sg_bech32_form form,
                        const char *hrp, const uint8_t *words, size_t n_words);

/** Bytes of 5-bit words. False if more than four bits are left over, or they are not zero.
 *  Out: bytes   n_words * 5 / 8 of them. */
bool sg_bech32_bytes(uint8_t *bytes, size_t *size, const uint8_t *words, size_t n_words);

/** 5-bit words of bytes, the last padded with zeros; returns their number, (8 * size + 4) / 5. */
size_t sg_bech32_words(uint8_t *words, const uint8_t *bytes, size_t size);

/** Largest payload of a cashaddr: its size code allows 64 bytes. */
#define SG_CASHADDR_BYTES_MAX 64

enum sg_cashaddr {
    SG_CASHADDR_FORM,     /**< a letter, mixed case, or a size that it does not say */
    SG_CASHADDR_CHECKSUM, /**< the form, and its checksum is another */
    SG_CASHADDR_OK
};

/** Read a cashaddr.
 *  Out: type    0 to 15: 0 and 2 pay to a key, 1 and 3 to a script.
 *       bytes, size   the hash. Undefined unless OK.
 *  In:  prefix  "bitcoincash", in lower case.
 *       text    with or without "prefix:". */
enum sg_cashaddr sg_cashaddr_decode(unsigned *type, uint8_t bytes[SG_CASHADDR_BYTES_MAX],
                                    size_t *size, const char *prefix, const char *text,
                                    size_t text_size);

/** Write one, without its prefix; returns its length, or 0 for a size that the form has not.
 *  In:  type   0 to 15. */
size_t sg_cashaddr_encode(char text[SG_BECH32_TEXT_MAX + 1], const char *prefix, unsigned type,
                          const uint8_t *bytes, size_t size);

#endif
