/* Evidence that is shown and not weighed, found again by candidate. */
#include "app/demixing/demixing.h"

#include "base/mem.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

enum sg_status sg_demixing_note(struct sg_demixing *d, uint32_t candidate, const char *rule,
                                const char *detail, struct sg_err *err)
{
    const char *copy = sg_arena_strndup(&d->arena, detail, strlen(detail));
    if (!copy || !SG_VEC_RESERVE(d->notes, d->n_notes, d->cap_notes, 1))
        return sg_err_nomem(err);
    d->notes[d->n_notes] = (struct sg_demixing_note){candidate, (uint32_t)d->n_notes, rule, copy};
    d->n_notes++;
    return SG_OK;
}

static int by_candidate(const void *a, const void *b)
{
    const struct sg_demixing_note *x = a;
    const struct sg_demixing_note *y = b;
    if (x->candidate != y->candidate)
        return x->candidate < y->candidate ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

void sg_demixing_sort_notes(struct sg_demixing *d)
{
    if (d->n_notes)
        qsort(d->notes, d->n_notes, sizeof(*d->notes), by_candidate);
}

const struct sg_demixing_note *sg_demixing_notes_of(size_t *n, const struct sg_demixing *d,
                                                    uint32_t candidate)
{
    size_t low = 0;
    size_t high = d->n_notes;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (d->notes[middle].candidate < candidate)
            low = middle + 1;
        else
            high = middle;
    }
    *n = 0;
    while (low + *n < d->n_notes && d->notes[low + *n].candidate == candidate)
        ++*n;
    return d->n_notes ? d->notes + low : NULL;
}
