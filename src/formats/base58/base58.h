/** Base58: bytes as letters and digits without 0, O, I and l, and its two forms with a checksum.
 *
 *  Plain (Solana), with the first four bytes of a double SHA-256 behind the bytes ("base58check":
 *  Bitcoin, Tron, XRP), and CryptoNote's, which encodes blocks of 8 bytes as 11 letters (Monero).
 *  Sizes are bounded, so that the quadratic conversion is bounded too. Threads: any.
 *
 *  Source: Bitcoin's address format; XRP Ledger documentation, "Base58 Encodings"; CryptoNote
 *  Standard 007, "CryptoNote Keys and Addresses". Read 2026-11-28.
 */
#ifndef SG_FORMATS_BASE58_H
#define SG_FORMATS_BASE58_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sg_base58_alphabet {
    SG_BASE58_BITCOIN, /**< 1 to 9, A to Z, a to z; Monero's and Solana's too */
    SG_BASE58_XRP      /**< "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz" */
};

/** Longest text, and most bytes. The longest address, Monero's with a payment id, has 106 letters
 *  and 77 bytes; Bitcoin Core's own vectors have texts of 154. */
#define SG_BASE58_TEXT_MAX  392
#define SG_BASE58_BYTES_MAX 280

/** Bytes of the checksum of base58check. */
#define SG_BASE58_CHECK 4

/** Whether a character is one of the 58. Both alphabets have the same. */
bool sg_base58_is_letter(char c);

/** Write bytes as text.
 *  Out: text   terminated; returned length excludes the terminator.
 *  In:  size   at most SG_BASE58_BYTES_MAX; asserted. */
size_t sg_base58_encode(char text[SG_BASE58_TEXT_MAX + 1], enum sg_base58_alphabet alphabet,
                        const uint8_t *bytes, size_t size);

/** Read text. False, outputs undefined, for another letter, more than SG_BASE58_TEXT_MAX letters
 *  or more than SG_BASE58_BYTES_MAX bytes. The empty text is no bytes. */
bool sg_base58_decode(uint8_t bytes[SG_BASE58_BYTES_MAX], size_t *size,
                      enum sg_base58_alphabet alphabet, const char *text, size_t text_size);

/** Write bytes with their checksum.
 *  In:  size   at most SG_BASE58_BYTES_MAX - SG_BASE58_CHECK; asserted. */
size_t sg_base58check_encode(char text[SG_BASE58_TEXT_MAX + 1], enum sg_base58_alphabet alphabet,
                             const uint8_t *bytes, size_t size);

/** What was wrong with a text; the less is wrong, the larger. */
enum sg_base58check {
    SG_BASE58CHECK_LETTER,   /**< not base58, too long, or too short for a checksum */
    SG_BASE58CHECK_CHECKSUM, /**< base58, and its checksum is another */
    SG_BASE58CHECK_OK
};

/** Read text with a checksum.
 *  Out: bytes, size   without the checksum; set also where the checksum is wrong. */
enum sg_base58check sg_base58check_decode(uint8_t bytes[SG_BASE58_BYTES_MAX], size_t *size,
                                          enum sg_base58_alphabet alphabet, const char *text,
                                          size_t text_size);

/** Whether the last four of these bytes are the checksum of the rest: what
 *  sg_base58check_decode asks, for bytes that are decoded already. */
bool sg_base58check_is_sound(const uint8_t *bytes, size_t size);

/** CryptoNote's form, without looking at its checksum (which is Keccak's, see formats/address).
 *  False as sg_base58_decode, and for a block that no bytes are written as. */
bool sg_base58_blocks_decode(uint8_t bytes[SG_BASE58_BYTES_MAX], size_t *size, const char *text,
                             size_t text_size);

/** In: size   at most SG_BASE58_BYTES_MAX; asserted. */
size_t sg_base58_blocks_encode(char text[SG_BASE58_TEXT_MAX + 1], const uint8_t *bytes,
                               size_t size);

#endif
