/* Events of a pool, whole and in pieces: the same status and the same events; and a pool built of
 * them keeps its promises or is refused. */
#include "analysis/demix/demix.h"
#include "formats/tornado/tornado.h"

#include <assert.h>
#include <string.h>

struct seen {
    struct sg_pool_builder builder;
    uint64_t n_bad, size;
};

static enum sg_status on_event(void *ctx, const struct sg_pool_event *event, struct sg_err *err)
{
    struct seen *seen = ctx;
    if (event->kind == SG_POOL_DEPOSIT)
        assert(event->to.size == 0 &&
               (event->time_unix_s >= 0 || event->time_unix_s == SG_TIME_UNKNOWN));
    else
        assert(event->to.size == 20 && event->leaf == 0);
    assert(event->gas_price <= INT64_MAX);
    assert(event->pool.size == 0 || event->pool.size == 20);
    return sg_pool_add(&seen->builder, event, err);
}

static enum sg_status on_bad(void *ctx, const struct sg_bad_row *bad, struct sg_err *err)
{
    struct seen *seen = ctx;
    (void)err;
    assert(bad->reason && *bad->reason);
    seen->n_bad++;
    return SG_OK;
}

static enum sg_status run(struct seen *seen, const uint8_t *data, size_t size, size_t step)
{
    const struct sg_pool_event_sink sink = {on_event, on_bad, seen};
    struct sg_tornado *parser = NULL;
    struct sg_err err;
    enum sg_status st = sg_tornado_new(&parser, sg_chain_find("ethereum", 8), &sink, &err);
    for (size_t at = 0; st == SG_OK && at < size; at += step)
        st = sg_tornado_feed(parser, data + at, size - at < step ? size - at : step, &err);
    if (st == SG_OK)
        st = sg_tornado_finish(parser, &err);
    assert(st == SG_OK || st == SG_EPARSE || st == SG_ELIMIT);
    sg_tornado_free(parser);
    return st;
}

static void check_same(const struct seen *whole, const struct seen *pieces)
{
    assert(whole->n_bad == pieces->n_bad && whole->builder.n_events == pieces->builder.n_events);
    for (size_t i = 0; i < whole->builder.n_events; i++) {
        const struct sg_pool_event *a = &whole->builder.events[i];
        const struct sg_pool_event *b = &pieces->builder.events[i];
        assert(a->block == b->block && memcmp(a->id32, b->id32, sizeof(a->id32)) == 0);
    }
}

static void check_pool(struct sg_pool_builder *builder)
{
    struct sg_pool pool = {0};
    struct sg_demix_ranking ranking;
    struct sg_err err;
    const enum sg_status st =
        sg_pool_build(&pool, builder, sg_amount_from((sg_u128)1 << 100), &err);
    assert(st == SG_OK || st == SG_EPARSE);
    if (st != SG_OK)
        return;
    for (size_t i = 0; i < pool.n_deposits; i++)
        assert(pool.deposits[i].time_unix_s != SG_TIME_UNKNOWN);
    assert(pool.n_deposits + pool.n_withdrawals + pool.n_duplicates == builder->n_events);
    for (size_t i = 1; i < pool.n_withdrawals; i++)
        assert(pool.withdrawals[i - 1].time_unix_s <= pool.withdrawals[i].time_unix_s);
    pool.deposits[pool.n_deposits / 2].batch = 1;
    if (sg_demix_rank(&ranking, &pool, SG_DEMIX_AFTER_S, &err) == SG_OK) {
        for (size_t i = 0; i < ranking.window.n_candidates; i++)
            assert(ranking.entries[i].probability >= 0 && ranking.entries[i].probability <= 1);
        assert(ranking.expected <= (double)ranking.window.n_theft_deposits);
        sg_demix_ranking_clear(&ranking);
    }
    sg_pool_clear(&pool);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct seen whole = {.size = size};
    struct seen pieces = {.size = size};
    if (size > 65536)
        return 0;
    const enum sg_status st = run(&whole, data, size, size ? size : 1);
    const enum sg_status in_pieces = run(&pieces, data, size, 3);
    assert(st == in_pieces);
    /* How far a damaged stream gets before it is refused may hang on the pieces. */
    if (st == SG_OK)
        check_same(&whole, &pieces);
    check_pool(&whole.builder);
    sg_pool_builder_clear(&whole.builder);
    sg_pool_builder_clear(&pieces.builder);
    return 0;
}
