/* Files of events to the builders of pools: all to one, or each log to the pool of its contract. */
#include "app/demixing/demixing.h"

#include "store/file/file.h"

#include <string.h>

struct reading {
    struct sg_demixing *d;       /* where events go; NULL: by their contract */
    struct sg_demixing_pools *p; /* or NULL */
    struct sg_tornado *parser;
    const char *path;
};

/* In a file of pools a pool may have lived in several contracts: to its builder they are one. */
static enum sg_status to_named_pool(const struct reading *r, const struct sg_pool_event *event,
                                    struct sg_err *err)
{
    const struct sg_poolfile_pool *config = sg_poolfile_of(&r->p->file, &event->pool);
    struct sg_pool_event one = *event;
    if (r->d && r->d->config != config && r->d->config->n_contracts)
        return sg_err_at(err, SG_EPARSE, event->offset,
                         "a log of a contract that is not this pool's");
    if (!r->d && !config) {
        r->p->n_other_logs++;
        return SG_OK;
    }
    memset(&one.pool, 0, sizeof(one.pool));
    struct sg_demixing *d = r->d ? r->d : &r->p->pools[config - r->p->file.pools];
    return sg_pool_add(&d->builder, &one, err);
}

static enum sg_status on_event(void *ctx, const struct sg_pool_event *event, struct sg_err *err)
{
    const struct reading *r = ctx;
    if (r->p && event->pool.size)
        return to_named_pool(r, event, err);
    if (!r->d)
        return sg_err_at(err, SG_EPARSE, event->offset,
                         "an event that names no contract, in a file of logs for several pools");
    return sg_pool_add(&r->d->builder, event, err);
}

static enum sg_status on_bad(void *ctx, const struct sg_bad_row *bad, struct sg_err *err)
{
    struct reading *r = ctx;
    struct sg_err first;
    struct sg_demixing *d = r->d ? r->d : r->p->pools;
    (void)err;
    if (d->n_bad++ == 0) {
        (void)sg_err_set(&first, SG_EPARSE, "%s: object %llu at byte %llu: %s", r->path,
                         (unsigned long long)bad->line, (unsigned long long)bad->offset,
                         bad->reason);
        memcpy(d->bad_text, first.text, sizeof(first.text));
    }
    return SG_OK;
}

static enum sg_status on_chunk(void *ctx, const uint8_t *bytes, size_t size, struct sg_err *err)
{
    const struct reading *r = ctx;
    return sg_tornado_feed(r->parser, bytes, size, err);
}

static enum sg_status read_file(struct reading *r, struct sg_err *err)
{
    const struct sg_pool_event_sink sink = {on_event, on_bad, r};
    const struct sg_chain *chain = r->p ? r->p->file.chain : sg_chain_find("ethereum", 8);
    enum sg_status st = sg_tornado_new(&r->parser, chain, &sink, err);
    if (st == SG_OK)
        st = sg_file_stream(r->path, on_chunk, r, err);
    if (st == SG_OK)
        st = sg_tornado_finish(r->parser, err);
    if (st == SG_EPARSE || st == SG_ELIMIT)
        sg_err_frame(err, "%s", r->path);
    sg_tornado_free(r->parser);
    return st;
}

enum sg_status sg_demixing_events(struct sg_demixing *d, const char *path, struct sg_err *err)
{
    struct reading r = {d, NULL, NULL, path};
    return read_file(&r, err);
}

enum sg_status sg_demixing_pool_events(struct sg_demixing_pools *p, struct sg_demixing *d,
                                       const char *path, struct sg_err *err)
{
    struct reading r = {d, p, NULL, path};
    return read_file(&r, err);
}
