/** Rows that only look like somebody's payments: address poisoning and fake tokens.
 *
 *  Strangers write rows into the history of addresses that are watched: dust, or transfers of zero,
 *  from or to an address that begins and ends like one that was really used, so that the next
 *  payment goes there; and transfers of a token that is called like a real one and is worth
 * nothing. Exact rules, and what they miss: docs/methods/decoys.md. A row in a transaction that one
 * of the subjects sent is never a decoy: nobody else can make it.
 *
 *  Texts of tokens come from outside: escape them where they are shown.
 */
#ifndef SG_ANALYSIS_DECOYS_H
#define SG_ANALYSIS_DECOYS_H

#include "base/arena.h"
#include "store/ledger/ledger.h"

/** Characters that a look-alike shares with what it imitates, at each end, behind any "0x": wallets
 *  show four to six. */
#define SG_DECOY_CHARS 4u

/** A look-alike's payment is small if that many of them are at most the largest real one. */
#define SG_DECOY_SMALL 1000u

#define SG_DECOY_LOOKALIKE  1u /**< small, and with an address that looks like another */
#define SG_DECOY_FAKE_TOKEN 2u /**< a token that is called like another */

struct sg_decoy {
    struct sg_row row;
    uint8_t kinds;                     /**< SG_DECOY_... */
    uint8_t first, last;               /**< characters shared at the ends; 0: no look-alike */
    struct sg_addr_id subject;         /**< whose history it is in; of two the payer */
    struct sg_addr_id lookalike;       /**< SG_ID_NONE: none */
    struct sg_addr_id imitated;        /**< that the look-alike looks like */
    struct sg_asset_id imitated_asset; /**< that the token is called like; SG_ID_NONE: none */
};

struct sg_decoys {
    const struct sg_decoy *items; /**< by row */
    size_t n_items;
    const uint64_t *rows;        /**< of the items, ascending: what a trace leaves out */
    const struct sg_decoy *paid; /**< no decoys but the opposite: a subject itself paid more than a
                                      small amount to a look-alike that had shown up before. The
                                      poison may have worked. By row */
    size_t n_paid;
};

struct sg_decoys_input {
    const struct sg_ledger *ledger;
    const struct sg_addr_id *subjects; /**< ascending, each once: whose histories are looked at */
    size_t n_subjects;
    const struct sg_asset_id
        *real; /**< tokens that somebody vouches for; the native asset is real */
    size_t n_real;
};

/** Find them.
 *
 *  Out:    decoys   in the arena; written on success only.
 *  In:     input    ids at and above the ledger's counts are passed over.
 *  Errors: what the ledger returns, SG_ENOMEM.
 *  Cost:   O(r log r) for r rows of the subjects, whatever strangers wrote into them. */
SG_MUST_CHECK enum sg_status sg_decoys_find(struct sg_decoys *decoys, struct sg_arena *arena,
                                            const struct sg_decoys_input *input,
                                            struct sg_err *err);

/** Four bytes a character, cut at that: room for what sg_decoys_skeleton writes. */
#define SG_DECOY_SKELETON_MAX (SG_SYMBOL_MAX + 1)

/** What a symbol looks like: capital letters; Cyrillic, Greek and full-width letters that look like
 *  Latin ones as those; blanks and invisible characters left out. "" for nothing visible.
 *  After the idea of Unicode Technical Standard 39, section 4 (skeletons), with a table of our own.
 *  Out: skeleton   terminated; returned too. */
char *sg_decoys_skeleton(char skeleton[SG_DECOY_SKELETON_MAX], const char *symbol);

#endif
