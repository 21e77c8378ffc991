/* From a trace to the addresses behind its mixers.
 * Floating point here: probabilities, and the spread of a sum of them; amounts are integers. */
#include "app/beyond/beyond.h"

#include "app/demixing/demixing.h"
#include "base/mem.h"
#include "store/file/file.h"

#include <assert.h>
#include <math.h>
#include <string.h>

bool sg_beyond_read(uint32_t *millionths, const char *text)
{
    struct sg_amount value;
    uint64_t n = 0;
    if (sg_amount_parse(&value, text, strlen(text), 6, NULL) != SG_OK ||
        !sg_amount_to_u64(&n, value) || n == 0 || n > SG_BEYOND_ONE)
        return false;
    *millionths = (uint32_t)n;
    return true;
}

struct making {
    struct sg_arena *arena;
    const struct sg_chain *chain; /* of the pools */
    const struct sg_trace *trace;
    uint32_t least;
    struct sg_err *err;
};

static bool is_met(const struct sg_trace *trace, const struct sg_chain *chain,
                   const struct sg_address *address)
{
    for (size_t i = 0; i < trace->n_parties; i++)
        if (trace->parties[i].chain == chain &&
            memcmp(&trace->parties[i].address, address, sizeof(*address)) == 0)
            return true;
    return false;
}

static uint32_t millionths_of(double p)
{
    return (uint32_t)llround(p * SG_BEYOND_ONE);
}

/* fill_pool has seen that all withdrawals of the window together fit. */
static struct sg_amount plus(struct sg_amount a, struct sg_amount b)
{
    struct sg_amount sum = SG_AMOUNT_ZERO;
    const bool fits = sg_amount_add(&sum, a, b);
    assert(fits);
    (void)fits;
    return sum;
}

/* What the address got: a denomination less the fee, each time; no fee is above it. */
static struct sg_amount received(const struct sg_demixing *d, const struct sg_demix_candidate *c)
{
    struct sg_amount sum = SG_AMOUNT_ZERO;
    for (size_t i = 0; i < c->n; i++) {
        const uint32_t w = d->ranking.window.order[c->first + i];
        struct sg_amount net = SG_AMOUNT_ZERO;
        if (sg_amount_sub(&net, d->pool.denomination, d->pool.withdrawals[w].fee))
            sum = plus(sum, net);
    }
    return sum;
}

static enum sg_status fill_row(struct sg_beyond_row *row, const struct making *m,
                               const struct sg_demixing *d, const struct sg_demix_entry *entry)
{
    const struct sg_demix_candidate *c = &d->ranking.window.candidates[entry->candidate];
    const uint32_t *order = d->ranking.window.order + c->first;
    const struct sg_address *address = &d->pool.addresses[c->address];
    char text[SG_ADDRESS_TEXT_MAX];
    sg_address_format(text, m->chain, address);
    row->address = sg_arena_strndup(m->arena, text, strlen(text));
    row->n = c->n;
    row->amount = received(d, c);
    row->millionths = millionths_of(entry->probability);
    row->expected = sg_amount_mul_div(NULL, row->amount, sg_amount_from(row->millionths),
                                      sg_amount_from(SG_BEYOND_ONE));
    row->first_unix_s = d->pool.withdrawals[order[0]].time_unix_s;
    row->last_unix_s = d->pool.withdrawals[order[c->n - 1]].time_unix_s;
    row->is_known = is_met(m->trace, m->chain, address);
    return row->address ? SG_OK : sg_err_nomem(m->err);
}

/* Addresses stand alone: nine in ten of the sum lie within this of its mean. */
static struct sg_amount alone(const struct sg_beyond_pool *pool, struct sg_amount denomination,
                              const struct sg_beyond_row *rows)
{
    double variance = 0;
    for (size_t i = 0; i < pool->n_rows; i++) {
        const double p = (double)rows[i].millionths / SG_BEYOND_ONE;
        variance += p * (1 - p) * (double)rows[i].n * (double)rows[i].n;
    }
    struct sg_amount step;
    const uint64_t steps = (uint64_t)llround(1.645 * sqrt(variance) * 1000);
    if (!sg_amount_mul(&step, denomination, steps))
        return pool->listed;
    return sg_amount_mul_div(NULL, step, sg_amount_from(1), sg_amount_from(1000));
}

/* Addresses stand and fall together, the likelier first: what the theft has at least in a share
 * `above` of all cases. */
static struct sg_amount together(const struct sg_beyond_pool *pool,
                                 const struct sg_beyond_row *rows, uint32_t above)
{
    struct sg_amount sum = SG_AMOUNT_ZERO;
    for (size_t i = 0; i < pool->n_rows && rows[i].millionths > above; i++)
        sum = plus(sum, rows[i].amount);
    return sum;
}

static struct sg_amount lesser(struct sg_amount a, struct sg_amount b)
{
    return sg_amount_cmp(a, b) < 0 ? a : b;
}

static struct sg_amount greater(struct sg_amount a, struct sg_amount b)
{
    return sg_amount_cmp(a, b) < 0 ? b : a;
}

/* Nobody knows how addresses hang together, so the range is the wider of both, and no more than was
 * deposited. */
static void spread(struct sg_beyond_pool *pool, struct sg_amount denomination,
                   const struct sg_beyond_row *rows)
{
    const struct sg_amount step = alone(pool, denomination, rows);
    const struct sg_amount few = together(pool, rows, SG_BEYOND_ONE / 20 * 19);
    const struct sg_amount many = together(pool, rows, SG_BEYOND_ONE / 20);
    struct sg_amount low = SG_AMOUNT_ZERO;
    struct sg_amount high = pool->listed;
    if (!sg_amount_sub(&low, pool->expected, step))
        low = SG_AMOUNT_ZERO;
    if (!sg_amount_add(&high, pool->expected, step))
        high = pool->listed;
    const struct sg_amount most = lesser(pool->listed, pool->deposited);
    pool->low = lesser(lesser(low, few), pool->expected);
    pool->high = greater(lesser(greater(high, many), most), pool->expected);
}

static enum sg_status fill_pool(struct sg_beyond_pool *pool, const struct making *m,
                                const struct sg_demixing *d)
{
    const size_t n = d->ranking.window.n_candidates;
    size_t n_rows = 0;
    enum sg_status st = SG_OK;
    while (n_rows < n && millionths_of(d->ranking.entries[n_rows].probability) >= m->least)
        n_rows++;
    struct sg_beyond_row *rows = sg_arena_alloc(m->arena, n_rows + 1, sizeof(*rows));
    const char *name = sg_arena_strndup(m->arena, d->pool_name, strlen(d->pool_name));
    const char *asset = sg_arena_strndup(m->arena, d->config->asset, strlen(d->config->asset));
    if (!rows || !name || !asset)
        return sg_err_nomem(m->err);
    *pool = (struct sg_beyond_pool){.name = name,
                                    .symbol = asset,
                                    .decimals = d->decimals,
                                    .n_deposits = d->ranking.window.n_theft_deposits,
                                    .rows = rows,
                                    .n_rows = n_rows,
                                    .n_below = n - n_rows};
    struct sg_amount most;
    if (!sg_amount_mul(&most, d->denomination, d->ranking.window.n_order) ||
        !sg_amount_mul(&pool->deposited, d->denomination, pool->n_deposits))
        return sg_err_set(m->err, SG_ELIMIT, "pool %s: its amounts need more than 128 bits", name);
    for (size_t i = 0; st == SG_OK && i < n_rows; i++) {
        st = fill_row(&rows[i], m, d, &d->ranking.entries[i]);
        pool->listed = plus(pool->listed, rows[i].amount);
        pool->expected = plus(pool->expected, rows[i].expected);
    }
    spread(pool, d->denomination, rows);
    return st;
}

static enum sg_status on_bytes(void *ctx, const uint8_t *bytes, size_t size, struct sg_err *err)
{
    (void)err;
    sg_sha256_update(ctx, bytes, size);
    return SG_OK;
}

static enum sg_status add_input(struct sg_beyond *b, struct sg_beyond_input *inputs,
                                struct sg_sha256 *sha, const struct making *m, const char *path,
                                const char *name)
{
    struct sg_beyond_input *input = &inputs[b->n_inputs++];
    const enum sg_status st = sg_file_stream(path, on_bytes, sha, m->err);
    input->name = sg_arena_strndup(m->arena, name, strlen(name));
    sg_sha256_final(input->sha256, sha);
    return st == SG_OK && !input->name ? sg_err_nomem(m->err) : st;
}

static size_t count_files(const struct sg_poolfile *file)
{
    size_t n = file->n_logs;
    for (size_t i = 0; i < file->n_pools; i++)
        n += file->pools[i].n_events;
    return n;
}

/* Which bytes this rests on: the file of pools by its path, the events as it names them. */
static enum sg_status note_inputs(struct sg_beyond *b, const struct making *m,
                                  struct sg_demixing_pools *pools, const char *path)
{
    const struct sg_poolfile *file = &pools->file;
    struct sg_beyond_input *inputs =
        sg_arena_alloc(m->arena, 1 + count_files(file), sizeof(*inputs));
    struct sg_sha256 *sha = sg_sha256_new();
    enum sg_status st = inputs && sha ? SG_OK : sg_err_nomem(m->err);
    b->inputs = inputs;
    if (st == SG_OK)
        st = add_input(b, inputs, sha, m, path, path);
    for (size_t p = 0; p <= file->n_pools; p++) {
        const bool is_pool = p < file->n_pools;
        const char *const *names = is_pool ? file->pools[p].events : file->logs;
        const size_t n = is_pool ? file->pools[p].n_events : file->n_logs;
        for (size_t i = 0; st == SG_OK && i < n; i++) {
            const char *at = sg_demixing_beside(&pools->arena, path, names[i]);
            st = at ? add_input(b, inputs, sha, m, at, names[i]) : sg_err_nomem(m->err);
        }
    }
    if (sha)
        sg_sha256_free(sha);
    return st;
}

static enum sg_status fill(struct sg_beyond *b, const struct making *m,
                           const struct sg_demixing_pools *pools)
{
    enum sg_status st = SG_OK;
    struct sg_beyond_pool *list = sg_arena_alloc(m->arena, pools->n_pools, sizeof(*list));
    if (!list)
        return sg_err_nomem(m->err);
    for (size_t i = 0; st == SG_OK && i < pools->n_pools; i++)
        if (pools->pools[i].is_ranked)
            st = fill_pool(&list[b->n_pools++], m, &pools->pools[i]);
    b->pools = list;
    return st;
}

enum sg_status sg_beyond_find(struct sg_beyond *beyond, struct sg_arena *arena,
                              const struct sg_trace *trace, enum sg_policy policy,
                              const char *pools_path, uint32_t least_millionths, struct sg_err *err)
{
    struct making m = {arena, NULL, trace, least_millionths, err};
    struct sg_beyond made = {.least_millionths = least_millionths};
    struct sg_demixing theft = {0};
    struct sg_demixing_pools pools = {.n_pools = 0};
    enum sg_status st = sg_demixing_traced(&theft, trace, policy, err);
    if (st == SG_OK)
        st = sg_demixing_pools_read(&pools, pools_path, err);
    if (st == SG_OK)
        st = sg_demixing_pools_run(&pools, &theft, err);
    m.chain = pools.file.chain;
    if (st == SG_OK)
        st = fill(&made, &m, &pools);
    if (st == SG_OK)
        st = note_inputs(&made, &m, &pools, pools_path);
    made.n_unmatched = theft.n_unmatched;
    if (st == SG_OK)
        *beyond = made;
    sg_demixing_pools_clear(&pools);
    sg_demixing_clear(&theft);
    return st;
}
