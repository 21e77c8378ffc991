/** The readings that sg_recognise tries one after the other. Each gets the bare text, terminated,
 *  and returns whether the text has its form; `out` is then filled, right or wrong. */
#ifndef SG_FORMATS_RECOGNISE_INTERNAL_H
#define SG_FORMATS_RECOGNISE_INTERNAL_H

#include "formats/recognise/recognise.h"

/** 0x and digits; Tron's 41 and digits. */
bool sg_recognise_hex(struct sg_recognised *out, const char *text, size_t size);
/** Bech32 of any network, and cashaddr. */
bool sg_recognise_bech32(struct sg_recognised *out, const char *text, size_t size);
/** Monero's. */
bool sg_recognise_cryptonote(struct sg_recognised *out, const char *text, size_t size);
/** Base58 with a checksum: Bitcoin and its kin, Tron, XRP, Tezos, Polkadot. */
bool sg_recognise_base58(struct sg_recognised *out, const char *text, size_t size);
/** Base58 without: Solana. */
bool sg_recognise_solana(struct sg_recognised *out, const char *text, size_t size);
/** Base32: Stellar. */
bool sg_recognise_base32(struct sg_recognised *out, const char *text, size_t size);
/** What a unified Zcash address holds, once its outer checksum stands: sets `inner` and `note`, or
 *  verdict and reason where it is none.
 *  In: bytes, size   of the bech32m. */
void sg_recognise_unified(struct sg_recognised *out, const char *hrp, const uint8_t *bytes,
                          size_t size);
/** Base58 in one case. */
bool sg_recognise_lost_case(struct sg_recognised *out, const char *text, size_t size);

/** Fill `out`; `text` is copied. reason: NULL where nothing is wrong. Returns true. */
bool sg_recognised_set(struct sg_recognised *out, enum sg_reading verdict, const char *form,
                       const char *chain, const char *text, const char *reason);

/** Whether a form and chain are known for this version of base58check with 20 bytes behind it.
 *  Out: form, chain, others   static storage. */
bool sg_recognise_version(const char **form, const char **chain, const char **others,
                          const uint8_t *bytes, size_t size);

/** Bytes of the character in front if it shows nothing (a soft hyphen, a space without width, a
 * mark of direction), else 0. */
size_t sg_recognise_invisible(const char *text, size_t size);

/** Letters, digits and case of a text. */
struct sg_letters {
    size_t n_lower, n_upper, n_digits, n_other;
    bool is_hex;
};
struct sg_letters sg_letters_of(const char *text, size_t size);

#endif
