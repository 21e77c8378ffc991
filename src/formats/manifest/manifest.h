/** The manifest of a report: what went in and what came out, as data inside an HTML page.
 *
 *  It stands in a <script> element of type application/json, which no browser runs: a JSON array of
 *  objects with the texts "kind", "name" and "value" (docs/api/verify.json lists the kinds). "<" is
 *  written \u003c there, so that no value can end the element. Writing and reading are inverse.
 */
#ifndef SG_FORMATS_MANIFEST_H
#define SG_FORMATS_MANIFEST_H

#include "base/arena.h"
#include "base/buf.h"

#include <stddef.h>

/** One fact. Terminated UTF-8 texts, never NULL. */
struct sg_manifest_entry {
    const char *kind;  /**< "case", "ledger", "option", "figure", ... */
    const char *name;  /**< unique within its kind, but for imported files */
    const char *value; /**< a digest, a version, the digits of a figure */
};

/** Write the element. Errors are sticky in `out`, except SG_ENOMEM for the copy in between.
 *  In: entries, n   any texts; bytes that are not UTF-8 become U+FFFD. */
SG_MUST_CHECK enum sg_status sg_manifest_write(struct sg_buf *out,
                                               const struct sg_manifest_entry *entries, size_t n,
                                               struct sg_err *err);

/** Find the element in a page and read it.
 *
 *  Out:    entries, n   in the arena; written on success only. Unknown keys are passed over.
 *  In:     page, size   any bytes.
 *  Errors: SG_ENOTFOUND (no manifest in the page), SG_EPARSE with the offset in the page (cut, not
 *          JSON, an entry without kind, name or value, a text with a zero byte), SG_ELIMIT
 * (nesting), SG_ENOMEM.
 */
SG_MUST_CHECK enum sg_status sg_manifest_parse(const struct sg_manifest_entry **entries, size_t *n,
                                               struct sg_arena *arena, const char *page,
                                               size_t size, struct sg_err *err);

/** Visit every difference between two manifests: first those of `was`, in its order, then what only
 *  `now` has, in its order.
 *
 *  Entries are matched by kind and name, in order of appearance where several have both alike.
 *  visit: `was` or `now` is NULL where the other side has no such entry; never both.
 *  Returns how many differences there were. Errors: SIZE_MAX without memory.
 *  Cost:   linear where the order is alike, else quadratic.
 */
size_t sg_manifest_compare(const struct sg_manifest_entry *was, size_t n_was,
                           const struct sg_manifest_entry *now, size_t n_now,
                           void (*visit)(void *ctx, const struct sg_manifest_entry *was,
                                         const struct sg_manifest_entry *now),
                           void *ctx);

#endif
