/** What a person pastes: which network's address it is, in which form, and whether its checksum
 *  holds.
 *
 *  One text (sg_recognise), with what clings to it: "bitcoin:" and an amount behind, blanks at its
 *  ends, soft hyphens and characters without width; or a whole text, a CSV or the words of a PDF
 *  (sg_recognise_text), where an address may be broken over lines.
 *
 *  Most forms have a checksum; then a mistyped address is told from an address. Where a form has
 *  none (Solana; Ethereum in one case) the answer says so: *unchecked*. Nothing here knows whether
 *  an address was ever used. Private keys are not looked for. Threads: any; no memory is kept.
 *  Rules, sources and measured errors: docs/methods/addresses.md.
 */
#ifndef SG_FORMATS_RECOGNISE_H
#define SG_FORMATS_RECOGNISE_H

#include "base/status.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Longest address; a unified Zcash one with all receivers has some 213 letters. */
#define SG_RECOGNISE_MAX 256

/** How well a text stands. In this order the better one is kept where a text has two readings. */
enum sg_reading {
    SG_READING_NONE,      /**< not the form of any address that we know */
    SG_READING_LOST_CASE, /**< base58 whose letters were all made small, or large */
    SG_READING_WRONG,     /**< an address's form, and its checksum or a letter is wrong */
    SG_READING_UNCHECKED, /**< an address's form, which has no checksum */
    SG_READING_VALID      /**< the checksum holds */
};

/** "none", "lost-case", "wrong", "unchecked", "valid". Static storage. */
const char *sg_reading_name(enum sg_reading verdict);

struct sg_recognised {
    enum sg_reading verdict;
    const char *form;   /**< "p2wpkh", "eip55"; NULL for NONE. Static storage */
    const char *chain;  /**< our name of the network; NULL if it cannot be told. Static storage */
    const char *others; /**< networks that write the same text, ", " between; or NULL. Static */
    const char *note;   /**< what is worth knowing though nothing is wrong, or NULL. Static */
    char reason[96];    /**< why it is not valid, one phrase; "" where it is */
    char text[SG_RECOGNISE_MAX + 1]; /**< the address alone, as its network writes it */
    char inner[48]; /**< an address that it holds and that a label may be about: the transparent one
                         of a unified Zcash address, the account of an X-address; or "" */
};

/** Say what one text is. All of it must be the address, but for what clings to it.
 *  In:  text, size   not terminated, any bytes.
 *  Cost: some microseconds; the checksum of a long base58 text dominates. */
void sg_recognise(struct sg_recognised *out, const char *text, size_t size);

/** Write an address of Ethereum and its kin with the checksum in the case of its letters (EIP-55);
 *  returns text. */
char *sg_eip55_write(char text[43], const uint8_t address20[20]);

/** What can be told of a Solana address beyond its form, as a note: whether somebody can hold a key
 * to it (a point of the curve), or a program derived it. NULL if the text is none. Static storage.
 *  Cost: about 10 us, which is why sg_recognise does not say it. */
const char *sg_solana_note(const char *text, size_t size);

/** One address found in a text. */
struct sg_found {
    uint64_t offset; /**< of its first byte */
    size_t size;     /**< bytes from the first to the last, with what breaks it */
    uint32_t line;   /**< 1-based, of its first byte */
    bool is_joined;  /**< put together from pieces with blanks or line ends between */
    struct sg_recognised what;
};

/** Find addresses in a text: all that are valid or unchecked, and words that have an address's form
 *  and are wrong, or have lost their case. Pieces over line ends and blanks are joined only where
 *  the whole has a checksum that holds, or is 0x and 40 digits over a line end.
 *  In:  found   anything but SG_OK stops with it; `what` is borrowed for the call.
 *  Cost: linear; at most SG_RECOGNISE_PIECES readings a word. */
SG_MUST_CHECK enum sg_status sg_recognise_text(const char *text, size_t size,
                                               enum sg_status (*found)(void *ctx,
                                                                       const struct sg_found *found,
                                                                       struct sg_err *err),
                                               void *ctx, struct sg_err *err);

/** Pieces that one address may be broken into. */
#define SG_RECOGNISE_PIECES 32

/** Letters of a text whose case is not known: those that are in base58 both small and large. The
 *  number of ways to write it is 2 to that power. */
unsigned sg_lost_letters(const char *text, size_t size);

/** Restored texts that are kept. */
#define SG_RESTORED_MAX 8

/** What a search for the lost case found. */
struct sg_restored {
    char texts[SG_RESTORED_MAX][64];
    size_t n; /**< found in all; more than SG_RESTORED_MAX are counted and not kept */
};

/** Try ways to write a base58 text and keep those whose checksum holds and whose version a network
 *  has. Ways are numbered 0 to 2^sg_lost_letters - 1; a search may be cut into ranges.
 *  In:     size   at most 63; from, to   the range, `to` not included; ways that there are not
 *                 are left out.
 *  Errors: SG_EUSAGE (too long, or not letters and digits of base58), SG_ENOMEM.
 *  Cost:   about 0.3 us a way. */
SG_MUST_CHECK enum sg_status sg_lost_case_restore(struct sg_restored *out, const char *text,
                                                  size_t size, uint64_t from, uint64_t to,
                                                  struct sg_err *err);

#endif
