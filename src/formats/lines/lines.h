/** Text as lines, and how two texts differ by them.
 *
 *  A line ends at '\n', which belongs to it; the last one may lack it. Lines are compared by a
 * 64-bit hash of their bytes; two different lines with one hash are a chance of 2^-64 a pair, and
 * who forges one hides a line from a picture, not from the analyses, which read the bytes.
 */
#ifndef SG_FORMATS_LINES_H
#define SG_FORMATS_LINES_H

#include "base/arena.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sg_line {
    uint64_t hash; /**< of the bytes; with blanks left out where that was asked for */
    size_t offset; /**< of its first byte */
    size_t size;   /**< bytes, the line end included */
};

/** Lines of one text. */
struct sg_lines {
    struct sg_line *lines;
    size_t n;
};

/** Split a text.
 *  Out: lines    array in the arena.
 *  In:  blanks   false: spaces, tabs and line ends take no part in the hash.
 *  Errors: SG_ENOMEM. Cost: two passes; 24 bytes a line. */
SG_MUST_CHECK enum sg_status sg_lines_split(struct sg_lines *lines, struct sg_arena *arena,
                                            const uint8_t *bytes, size_t size, bool blanks,
                                            struct sg_err *err);

/** A stretch of equal or replaced lines. */
struct sg_hunk {
    size_t before, n_before; /**< 0-based line and count in the first text */
    size_t after, n_after;   /**< the same in the second */
};

/** What to replace to get from `a` to `b`: hunks in order, between which lines are equal.
 *
 *  The shortest such script where it needs no more than `cost_max` insertions and deletions behind
 * the common begin and end; beyond that, one hunk for all in between. Out: hunks    array in the
 * arena; apart from each other by at least one equal line. Errors: SG_ENOMEM. Cost: O((n_a + n_b)
 * d) time and O(d^2) memory, d at most cost_max. Source: E. Myers, An O(ND) Difference Algorithm
 * and Its Variations, 1986, doi:10.1007/BF01840446. */
SG_MUST_CHECK enum sg_status sg_lines_diff(struct sg_hunk **hunks, size_t *n_hunks,
                                           struct sg_arena *arena, const struct sg_lines *a,
                                           const struct sg_lines *b, size_t cost_max,
                                           struct sg_err *err);

/** What two bags of lines have in common, wherever the lines stand. */
struct sg_lines_common {
    size_t lines, bytes; /**< bytes of the lines in `a` */
};

/** Count the common lines, each as often as both texts hold it.
 *  Errors: SG_ENOMEM. Cost: O(n log n). */
SG_MUST_CHECK enum sg_status sg_lines_common(struct sg_lines_common *common,
                                             const struct sg_lines *a, const struct sg_lines *b,
                                             struct sg_err *err);

/** Mark the lines of `a` that `b` does not hold often enough: the first ones that both have are the
 *  common ones.
 *  Out: only_a   a->n entries.
 *  Errors: SG_ENOMEM. Cost: O(n log n). */
SG_MUST_CHECK enum sg_status sg_lines_only(bool *only_a, const struct sg_lines *a,
                                           const struct sg_lines *b, struct sg_err *err);

#endif
