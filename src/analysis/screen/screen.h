/** What the labels of one address mean on a given day.
 *
 *  Labels come in as claims, each from a pack; some packs are editions of a dated list. A claim of
 * a list is in force while editions carry it: from the day that the entry itself names (or the
 * first edition that has it, if the edition before has not), until the first edition that lacks it.
 * Other claims stand by their own dates. Claims that say the same from several packs become one
 * hit; claims that contradict each other stay side by side. Rules and their limits:
 *  docs/methods/screen.md.
 *
 *  Pure: no store, no clock. Threads: any, on distinct arenas.
 */
#ifndef SG_ANALYSIS_SCREEN_H
#define SG_ANALYSIS_SCREEN_H

#include "formats/label/label.h"

/** Claims about one address that are looked at: those that speak of crime or sanctions first. */
#define SG_SCREEN_CLAIMS_MAX 65536

/** One edition of a dated list: one pack. */
struct sg_screen_edition {
    const char *list;
    int64_t date_unix_s; /**< known */
    uint32_t pack;       /**< of two editions of one day the later import, with the higher number,
                              replaces the other */
};

/** One label, and the pack that says it. */
struct sg_screen_claim {
    struct sg_label label;
    uint32_t pack;
    const char *list; /**< the pack is an edition of it, with a known date; or NULL */
};

/** What is known on the day. Texts are those of the claims. */
struct sg_screen_hit {
    const struct sg_label *label; /**< the latest claim that says so */
    int64_t listed_unix_s;        /**< or SG_TIME_UNKNOWN */
    int64_t delisted_unix_s;      /**< on or before the day, or SG_TIME_UNKNOWN */
    bool listed_is_bound; /**< listed on that day at the latest: the list before has no such entry,
                               or there is none and the entry names no day */
    bool delisted_is_bound; /**< delisted on that day at the latest */
    bool in_force;          /**< on the day */
    size_t n_claims;        /**< that say the same */
};

/** Editions in the order that sg_screen_hits wants: by list, date, pack. */
void sg_screen_sort_editions(struct sg_screen_edition *editions, size_t n);

/** Work out the hits.
 *
 *  Out:    hits, n_hits   in the arena: in force before former, sanctions before crime before the
 *                         rest, then by category, entity, source, listed.
 *  In:     claims, n      at most SG_SCREEN_CLAIMS_MAX; borrowed: hits point into it.
 *          editions       sorted by sg_screen_sort_editions, of all lists in the store.
 *          as_of_unix_s   the day: its last second counts; INT64_MAX: as far as is known.
 *  Errors: SG_ENOMEM.
 *  Cost:   n log n, times the editions of a list. */
SG_MUST_CHECK enum sg_status sg_screen_hits(const struct sg_screen_hit **hits, size_t *n_hits,
                                            struct sg_arena *arena,
                                            const struct sg_screen_claim *claims, size_t n,
                                            const struct sg_screen_edition *editions,
                                            size_t n_editions, int64_t as_of_unix_s,
                                            struct sg_err *err);

#endif
