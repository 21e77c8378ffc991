/* Sentences on rows that only look like payments. */
#include "app/brief/brief_internal.h"
#include "app/traceout/traceout.h"

/* More are counted; the JSON of a trace has them all. */
#define SHOWN_MAX 100u

/* One decoy in words; NULL without memory. */
static const char *sentence(const struct brief *b, const struct sg_trace_decoy *decoy)
{
    struct sg_buf text = SG_BUF_INIT(4096);
    struct sg_err err;
    sg_traceout_decoy(&text, decoy);
    const char *made = sg_buf_check(&text, &err) == SG_OK
                           ? sg_arena_strndup(b->arena, text.data, text.size)
                           : NULL;
    sg_buf_clear(&text);
    return made;
}

enum sg_status brief_decoys(struct sg_report *report, const struct brief *b, struct sg_err *err)
{
    const size_t n = b->trace->n_decoys;
    const char **items = sg_arena_alloc(b->arena, SHOWN_MAX + 2, sizeof(*items));
    size_t made = 0;
    if (!items)
        return sg_err_nomem(err);
    for (size_t i = 0; i < n && i < SHOWN_MAX; i++) {
        const struct sg_trace_decoy *d = &b->trace->decoys[i];
        const char *text = sentence(b, d);
        items[made] = text ? brief_printf(b->arena, "%s%.400s",
                                          d->was_paid ? "paid, and followed: " : "", text)
                           : NULL;
        if (!items[made++])
            return sg_err_nomem(err);
    }
    if (n > SHOWN_MAX) {
        items[made] = brief_printf(b->arena, "and %zu more", n - SHOWN_MAX);
        if (!items[made++])
            return sg_err_nomem(err);
    }
    report->decoys = items;
    report->n_decoys = made;
    report->decoys_followed = b->trace->with_decoys;
    return SG_OK;
}
