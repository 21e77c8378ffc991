#include "support/ledger_model.h"

#include "support/check.h"

#include <stdio.h>
#include <string.h>

static void fill_name(uint8_t name[1 + SG_ADDRESS_MAX], struct sg_rng *rng, bool text, uint64_t i)
{
    /* The number makes it different from all others; short texts keep only that. */
    uint8_t bytes[SG_ADDRESS_MAX];
    for (size_t at = 0; at < sizeof(bytes); at += 8) {
        const uint64_t word = sg_rng_next(rng);
        memcpy(bytes + at, &word, 8);
    }
    memset(name, 0, 1 + SG_ADDRESS_MAX);
    name[0] = text ? (uint8_t)(4 + sg_rng_below(rng, SG_ADDRESS_MAX - 3)) : 20;
    memcpy(bytes, &i, 4);
    memcpy(name + 1, bytes, name[0]);
}

static const uint8_t *pick(struct sg_rng *rng, const struct sg_model *m)
{
    /* Half of all go to a sixteenth of the addresses, some to none. */
    const uint64_t kind = sg_rng_below(rng, 32);
    if (kind == 0)
        return NULL;
    const uint64_t some = m->n_pool / 16 + 1;
    return m->pool[sg_rng_below(rng, kind < 16 ? some : m->n_pool)];
}

static void fill_tx(struct sg_batch_tx *tx, struct sg_rng *rng, const struct sg_model *m,
                    const struct sg_model_shape *shape, uint64_t i)
{
    memset(tx, 0, sizeof(*tx));
    tx->sender = pick(rng, m);
    tx->n_rows =
        shape->rows_min + (uint32_t)sg_rng_below(rng, shape->rows_max - shape->rows_min + 1);
    tx->status = (uint8_t)sg_rng_below(rng, 3);
    tx->flags = (uint8_t)sg_rng_below(rng, 32);
    tx->time_unix_s = sg_rng_below(rng, 50) ? (int64_t)(1600000000 + 12 * i) : SG_TIME_UNKNOWN;
    if (tx->flags & SG_TX_FEE_KNOWN)
        tx->fee = sg_amount_from(sg_rng_next(rng) >> 10);
    if (tx->flags & SG_TX_PRICE_KNOWN)
        tx->gas_price = sg_rng_next(rng) >> sg_rng_below(rng, 64);
    for (size_t at = 0; at < 32; at += 8) {
        const uint64_t word = sg_rng_next(rng);
        memcpy(tx->hash32 + at, &word, 8);
    }
    if (!(tx->flags & SG_TX_HAS_HASH))
        memset(tx->hash32, 0, sizeof(tx->hash32));
}

static void fill_row(struct sg_batch_row *row, struct sg_rng *rng, const struct sg_model *m)
{
    memset(row, 0, sizeof(*row));
    row->from = pick(rng, m);
    row->to = sg_rng_below(rng, 20) ? pick(rng, m) : row->from;
    if (m->n_tokens && sg_rng_below(rng, 2))
        row->token = m->tokens[sg_rng_below(rng, m->n_tokens)];
    row->amount = sg_amount_from(
        sg_rng_below(rng, 8) ? (sg_u128)sg_rng_next(rng) << sg_rng_below(rng, 64) : 0);
    row->pos = sg_rng_below(rng, 8) ? (uint32_t)sg_rng_below(rng, 300) : SG_INDEX_UNKNOWN;
    row->kind = (uint8_t)sg_rng_below(rng, 4);
    row->flags = (uint8_t)sg_rng_below(rng, 16);
}

static void fill_blocks(struct sg_model *m, struct sg_rng *rng, unsigned txs_max)
{
    uint64_t block = 100 + sg_rng_below(rng, 1000);
    for (size_t i = 0; i < m->n_txs;) {
        const uint64_t n = 1 + sg_rng_below(rng, txs_max);
        for (uint64_t j = 0; j < n && i < m->n_txs; j++, i++) {
            m->txs[i].block = block;
            m->txs[i].index =
                m->txs[i].flags & SG_TX_ORDER_UNKNOWN ? SG_INDEX_UNKNOWN : (uint32_t)j;
        }
        block += 1 + sg_rng_below(rng, 3);
    }
}

struct sg_model *sg_model_new(const struct sg_model_shape *shape)
{
    struct sg_rng rng;
    struct sg_model *m = sg_mem_zalloc(1, sizeof(*m));
    assert_non_null(m);
    sg_rng_init(&rng, shape->seed);
    m->n_pool = shape->n_pool;
    m->n_tokens = shape->n_tokens;
    m->n_txs = shape->n_txs;
    m->pool = sg_mem_alloc(m->n_pool, sizeof(*m->pool));
    m->tokens = sg_mem_alloc(m->n_tokens, sizeof(*m->tokens));
    m->addr_ids = sg_mem_alloc(m->n_pool, sizeof(*m->addr_ids));
    m->asset_ids = sg_mem_alloc(m->n_tokens, sizeof(*m->asset_ids));
    m->txs = sg_mem_alloc(m->n_txs, sizeof(*m->txs));
    m->first_rows = sg_mem_alloc(m->n_txs + 1, sizeof(*m->first_rows));
    assert_true(m->pool && m->tokens && m->addr_ids && m->asset_ids && m->txs && m->first_rows);
    for (size_t i = 0; i < m->n_pool; i++)
        fill_name(m->pool[i], &rng, shape->texts, i);
    for (size_t i = 0; i < m->n_tokens; i++)
        fill_name(m->tokens[i], &rng, shape->texts, i);
    for (size_t i = 0; i < m->n_txs; i++) {
        fill_tx(&m->txs[i], &rng, m, shape, i);
        m->first_rows[i] = m->n_rows;
        m->n_rows += m->txs[i].n_rows;
    }
    m->first_rows[m->n_txs] = m->n_rows;
    fill_blocks(m, &rng, shape->txs_max);
    m->rows = sg_mem_alloc(m->n_rows, sizeof(*m->rows));
    assert_non_null(m->rows);
    for (size_t i = 0; i < m->n_rows; i++)
        fill_row(&m->rows[i], &rng, m);
    return m;
}

void sg_model_free(struct sg_model *m)
{
    if (!m)
        return;
    sg_mem_free(m->rows);
    sg_mem_free(m->first_rows);
    sg_mem_free(m->txs);
    sg_mem_free(m->asset_ids);
    sg_mem_free(m->addr_ids);
    sg_mem_free(m->tokens);
    sg_mem_free(m->pool);
    sg_mem_free(m);
}

struct sg_batch sg_model_batch(const struct sg_model *m, size_t first, size_t end)
{
    return (struct sg_batch){m->txs + first, end - first, m->rows + m->first_rows[first],
                             (size_t)(m->first_rows[end] - m->first_rows[first])};
}

size_t sg_model_cut(const struct sg_model *m, size_t first, size_t at)
{
    size_t end = at > first ? at : first + 1;
    while (end < m->n_txs && m->txs[end].block == m->txs[end - 1].block)
        end++;
    return end < m->n_txs ? end : m->n_txs;
}

static size_t place_in(const uint8_t *name, const void *names)
{
    return (size_t)(name - (const uint8_t *)names) / (1 + SG_ADDRESS_MAX);
}

static void number_addr(struct sg_model *m, const uint8_t *name)
{
    if (!name)
        return;
    uint32_t *id = &m->addr_ids[place_in(name, m->pool)];
    if (*id == SG_ID_NONE)
        *id = m->n_addrs++;
}

void sg_model_number(struct sg_model *m, size_t n_txs)
{
    memset(m->addr_ids, 0xff, m->n_pool * sizeof(*m->addr_ids));
    memset(m->asset_ids, 0xff, m->n_tokens * sizeof(*m->asset_ids));
    m->n_addrs = 0;
    m->n_assets = 1;
    for (size_t i = 0; i < n_txs; i++) {
        number_addr(m, m->txs[i].sender);
        for (uint64_t r = m->first_rows[i]; r < m->first_rows[i + 1]; r++) {
            number_addr(m, m->rows[r].from);
            number_addr(m, m->rows[r].to);
            if (!m->rows[r].token)
                continue;
            uint32_t *id = &m->asset_ids[place_in(m->rows[r].token, m->tokens)];
            if (*id == SG_ID_NONE)
                *id = m->n_assets++;
        }
    }
}

static uint32_t addr_id(const struct sg_model *m, const uint8_t *name)
{
    return name ? m->addr_ids[place_in(name, m->pool)] : SG_ID_NONE;
}

static uint32_t asset_id(const struct sg_model *m, const uint8_t *name)
{
    return name ? m->asset_ids[place_in(name, m->tokens)] : 0;
}

static void check_row(const struct sg_model *m, const struct sg_row *row, uint64_t id, uint64_t tx)
{
    const struct sg_batch_row *want = &m->rows[id];
    assert_int_equal(row->id, id);
    assert_int_equal(row->tx.v, tx);
    assert_int_equal(row->from.v, addr_id(m, want->from));
    assert_int_equal(row->to.v, addr_id(m, want->to));
    assert_int_equal(row->asset.v, asset_id(m, want->token));
    assert_int_equal(sg_amount_cmp(row->amount, want->amount), 0);
    assert_int_equal(row->pos, want->pos);
    assert_int_equal(row->kind, want->kind);
    assert_int_equal(row->flags, want->flags);
}

static void check_tx(const struct sg_model *m, const struct sg_tx *tx, size_t i)
{
    const struct sg_batch_tx *want = &m->txs[i];
    assert_int_equal(tx->id.v, i);
    assert_int_equal(tx->block, want->block);
    assert_int_equal(tx->index, want->index);
    assert_int_equal(tx->status, want->status);
    assert_int_equal(tx->flags, want->flags);
    assert_int_equal(tx->time_unix_s, want->time_unix_s);
    assert_int_equal(tx->sender.v, addr_id(m, want->sender));
    assert_int_equal(sg_amount_cmp(tx->fee, want->fee), 0);
    assert_true(tx->gas_price == want->gas_price);
    assert_int_equal(tx->first_row, m->first_rows[i]);
    assert_int_equal(tx->n_rows, want->n_rows);
    assert_memory_equal(tx->hash32, want->hash32, 32);
}

static void check_stats(const struct sg_model *m, size_t n, const struct sg_ledger_stats *stats)
{
    uint64_t unknown = 0, blocks = 0, in_block = 0;
    int64_t first = SG_TIME_UNKNOWN, last = SG_TIME_UNKNOWN;
    for (size_t i = 0; i < n; i++) {
        const struct sg_batch_tx *tx = &m->txs[i];
        in_block = i && tx->block == m->txs[i - 1].block ? in_block : 0;
        if (tx->flags & SG_TX_ORDER_UNKNOWN) {
            unknown++;
            blocks += ++in_block == 2;
        }
        if (tx->time_unix_s == SG_TIME_UNKNOWN)
            continue;
        first = first == SG_TIME_UNKNOWN ? tx->time_unix_s : first;
        last = tx->time_unix_s; /* They ascend. */
    }
    assert_int_equal(stats->txs, n);
    assert_int_equal(stats->rows, m->first_rows[n]);
    assert_true(stats->addresses >= m->n_addrs);
    assert_int_equal(stats->assets, m->n_assets);
    assert_int_equal(stats->first_block, n ? m->txs[0].block : 0);
    assert_int_equal(stats->last_block, n ? m->txs[n - 1].block : 0);
    assert_int_equal(stats->first_unix_s, first);
    assert_int_equal(stats->last_unix_s, last);
    assert_int_equal(stats->order_unknown_txs, unknown);
    assert_int_equal(stats->order_unknown_blocks, blocks);
}

static void check_txs(const struct sg_model *m, size_t n, struct sg_ledger *ledger)
{
    struct sg_err err;
    struct sg_tx *txs = sg_mem_alloc(n, sizeof(*txs));
    struct sg_tx_id *ids = sg_mem_alloc(n, sizeof(*ids));
    uint8_t(*hashes)[32] = sg_mem_alloc(n, 32);
    assert_true(txs && ids && hashes);
    for (size_t i = 0; i < n; i++)
        ids[i].v = i;
    CHECK_OK(ledger->ops->txs(ledger->self, txs, ids, n, &err), &err);
    for (size_t i = 0; i < n; i++) {
        check_tx(m, &txs[i], i);
        memcpy(hashes[i], m->txs[i].hash32, 32);
    }
    memset(ids, 0xaa, n * sizeof(*ids));
    CHECK_OK(ledger->ops->find_txs(ledger->self, ids, (const uint8_t(*)[32])hashes, n, &err), &err);
    for (size_t i = 0; i < n; i++) {
        const bool known = m->txs[i].flags & SG_TX_HAS_HASH;
        assert_int_equal(ids[i].v, known ? i : SG_TX_ID_NONE);
    }
    sg_mem_free(hashes);
    sg_mem_free(ids);
    sg_mem_free(txs);
}

static void check_rows(const struct sg_model *m, size_t n_txs, struct sg_ledger *ledger)
{
    struct sg_err err;
    const size_t n = (size_t)m->first_rows[n_txs];
    struct sg_row *rows = sg_mem_alloc(n, sizeof(*rows));
    uint64_t *ids = sg_mem_alloc(n, sizeof(*ids));
    assert_true(rows && ids);
    for (size_t step = 1; step <= 3; step += 2) {
        size_t n_ids = 0, tx = 0;
        for (size_t i = 0; i < n; i += step)
            ids[n_ids++] = i;
        CHECK_OK(ledger->ops->rows(ledger->self, rows, ids, n_ids, &err), &err);
        for (size_t i = 0; i < n_ids; i++) {
            while (m->first_rows[tx + 1] <= ids[i])
                tx++;
            check_row(m, &rows[i], ids[i], tx);
        }
    }
    sg_mem_free(ids);
    sg_mem_free(rows);
}

static void check_names(const struct sg_model *m, struct sg_ledger *ledger)
{
    struct sg_err err;
    for (size_t i = 0; i < m->n_pool; i++) {
        struct sg_address addr = {.size = m->pool[i][0]}, back;
        struct sg_addr_id id = {0xaaaaaaaa};
        memcpy(addr.bytes, m->pool[i] + 1, addr.size);
        CHECK_OK(ledger->ops->find_addrs(ledger->self, &id, &addr, 1, &err), &err);
        if (m->addr_ids[i] != SG_ID_NONE)
            assert_int_equal(id.v, m->addr_ids[i]);
        if (id.v == SG_ID_NONE)
            continue;
        CHECK_OK(ledger->ops->addrs(ledger->self, &back, &id, 1, &err), &err);
        assert_memory_equal(&back, &addr, sizeof(addr));
    }
    for (size_t i = 0; i < m->n_tokens; i++) {
        struct sg_asset asset;
        const struct sg_asset_id id = {m->asset_ids[i]};
        if (id.v == SG_ID_NONE)
            continue;
        CHECK_OK(ledger->ops->assets(ledger->self, &asset, &id, 1, &err), &err);
        assert_int_equal(asset.contract.size, m->tokens[i][0]);
        assert_memory_equal(asset.contract.bytes, m->tokens[i] + 1, asset.contract.size);
    }
}

struct walk {
    const struct sg_model *m;
    const uint8_t *wanted; /* By row. */
    uint64_t next, n;
    uint64_t left; /* Rows to take before stopping. */
};

static bool is_next(void *ctx, const struct sg_row *row)
{
    struct walk *walk = ctx;
    assert_true(walk->left > 0);
    while (walk->next < walk->n && !walk->wanted[walk->next])
        walk->next++;
    assert_int_equal(row->id, walk->next);
    check_row(walk->m, row, walk->next, row->tx.v);
    walk->next++;
    return --walk->left > 0;
}

static void mark_rows(uint8_t *wanted, const struct sg_model *m, uint64_t n, const uint8_t *picked)
{
    for (uint64_t r = 0; r < n; r++) {
        const struct sg_batch_row *row = &m->rows[r];
        wanted[r] = (row->from && picked[place_in(row->from, m->pool)]) ||
                    (row->to && picked[place_in(row->to, m->pool)]);
    }
}

/* One question of rows_of: a random set of addresses, from a random row on. */
static void check_rows_of(const struct sg_model *m, uint64_t n, struct sg_ledger *ledger,
                          struct sg_rng *rng)
{
    struct sg_err err;
    const size_t n_addrs = 1 + (size_t)sg_rng_below(rng, 6);
    const uint64_t after = sg_rng_below(rng, 3) ? 0 : sg_rng_below(rng, n + 2);
    struct sg_addr_id addrs[6];
    size_t n_known = 0;
    uint8_t *picked = sg_mem_zalloc(m->n_pool, 1), *wanted = sg_mem_zalloc(n + 1, 1);
    assert_true(picked && wanted);
    for (size_t i = 0; i < n_addrs; i++) {
        const size_t place = (size_t)sg_rng_below(rng, m->n_pool);
        if (m->addr_ids[place] == SG_ID_NONE)
            continue;
        picked[place] = 1;
        addrs[n_known++].v = m->addr_ids[place];
    }
    mark_rows(wanted, m, n, picked);
    const bool stop = sg_rng_below(rng, 4) == 0;
    struct walk walk = {m, wanted, after, n, stop ? 1 + sg_rng_below(rng, 40) : UINT64_MAX};
    CHECK_OK(ledger->ops->rows_of(ledger->self, addrs, n_known, after, is_next, &walk, &err), &err);
    if (walk.left > 0)
        for (; walk.next < n; walk.next++)
            assert_int_equal(wanted[walk.next], 0);
    sg_mem_free(wanted);
    sg_mem_free(picked);
}

struct scan {
    const struct sg_model *m;
    uint64_t next;
    size_t tx;
    unsigned columns;
};

static bool check_span(void *ctx, const struct sg_row_span *span)
{
    struct scan *scan = ctx;
    const struct sg_model *m = scan->m;
    assert_int_equal(span->first, scan->next);
    assert_int_equal(!span->from, !(scan->columns & SG_COL_FROM));
    assert_int_equal(!span->amount, !(scan->columns & SG_COL_AMOUNT));
    for (size_t i = 0; i < span->count; i++, scan->next++) {
        const struct sg_batch_row *want = &m->rows[scan->next];
        while (m->first_rows[scan->tx + 1] <= scan->next)
            scan->tx++;
        if (span->tx)
            assert_int_equal(span->tx[i], scan->tx);
        if (span->from)
            assert_int_equal(span->from[i], addr_id(m, want->from));
        if (span->to)
            assert_int_equal(span->to[i], addr_id(m, want->to));
        if (span->asset)
            assert_int_equal(span->asset[i], asset_id(m, want->token));
        if (span->amount)
            assert_int_equal(sg_amount_cmp(span->amount[i], want->amount), 0);
        if (span->pos) {
            assert_int_equal(span->pos[i], want->pos);
            assert_int_equal(span->kind[i], want->kind);
            assert_int_equal(span->flags[i], want->flags);
        }
    }
    return true;
}

static void check_scan(const struct sg_model *m, uint64_t n, struct sg_ledger *ledger,
                       struct sg_rng *rng)
{
    struct sg_err err;
    const uint64_t first = sg_rng_below(rng, n + 1);
    const uint64_t end = first + sg_rng_below(rng, n - first + 1);
    struct scan scan = {m, first, 0, (unsigned)sg_rng_below(rng, 64)};
    CHECK_OK(ledger->ops->scan(ledger->self, first, end, scan.columns, check_span, &scan, &err),
             &err);
    assert_int_equal(scan.next, end);
}

/* Some rows in order, and whether they move anything; what is announced changes nothing. */
static void check_moves(const struct sg_model *m, uint64_t n, struct sg_ledger *ledger,
                        struct sg_rng *rng)
{
    struct sg_err err;
    uint64_t ids[64];
    bool moves[64];
    size_t n_ids = 0;
    const uint64_t step = 1 + n / 50;
    for (uint64_t r = sg_rng_below(rng, step); r < n && n_ids < 64;
         r += 1 + sg_rng_below(rng, step))
        ids[n_ids++] = r;
    ledger->ops->expect(ledger->self, n / 2, n, (unsigned)sg_rng_below(rng, 256));
    CHECK_OK(ledger->ops->moves(ledger->self, moves, ids, n_ids, &err), &err);
    for (size_t i = 0; i < n_ids; i++) {
        const struct sg_batch_row *row = &m->rows[ids[i]];
        const bool fails = row->flags & (SG_ROW_FAILED | SG_ROW_OUT_OF_RANGE);
        assert_int_equal(moves[i], !fails && !sg_amount_is_zero(row->amount));
    }
}

void sg_model_check(struct sg_model *m, size_t n_txs, struct sg_ledger *ledger)
{
    struct sg_rng rng;
    const uint64_t n_rows = m->first_rows[n_txs];
    sg_rng_init(&rng, n_txs);
    sg_model_number(m, n_txs);
    check_stats(m, n_txs, &ledger->stats);
    check_txs(m, n_txs, ledger);
    check_rows(m, n_txs, ledger);
    check_names(m, ledger);
    for (int i = 0; i < 20; i++) {
        check_rows_of(m, n_rows, ledger, &rng);
        check_scan(m, n_rows, ledger, &rng);
        check_moves(m, n_rows, ledger, &rng);
    }
}

const struct sg_chain *sg_model_chain(void)
{
    const struct sg_chain *chain = sg_chain_find("ethereum", 8);
    assert_non_null(chain);
    return chain;
}

static void show_fault(void *ctx, const char *text)
{
    (void)ctx;
    printf("fault: %s\n", text);
}

void sg_model_check_clean(const char *dir)
{
    struct sg_err err;
    uint64_t n_faults = UINT64_MAX;
    CHECK_OK(sg_engine_check(&n_faults, dir, sg_model_chain(), NULL, show_fault, NULL, &err), &err);
    assert_int_equal(n_faults, 0);
}

void sg_model_check_dir(const char *dir, struct sg_model *m, size_t n_txs, uint8_t *state32)
{
    struct sg_err err;
    struct sg_ledger ledger;
    CHECK_OK(sg_ledger_open(&ledger, dir, sg_model_chain(), &err), &err);
    sg_model_check(m, n_txs, &ledger);
    if (state32)
        memcpy(state32, ledger.stats.state32, 32);
    sg_ledger_close(&ledger);
    sg_model_check_clean(dir);
}

void sg_model_append(struct sg_writer *writer, const struct sg_model *m, size_t first, size_t end)
{
    struct sg_err err;
    const struct sg_batch batch = sg_model_batch(m, first, end);
    CHECK_OK(sg_writer_append(writer, &batch, &err), &err);
}

void sg_model_build(const char *dir, const struct sg_model *m, size_t step, size_t commits,
                    size_t n_threads)
{
    struct sg_err err;
    struct sg_writer *writer = NULL;
    size_t n = 0;
    CHECK_OK(sg_writer_open(&writer, dir, sg_model_chain(), false, n_threads, &err), &err);
    for (size_t first = 0, end; first < m->n_txs; first = end) {
        end = sg_model_cut(m, first, first + step);
        sg_model_append(writer, m, first, end);
        if (++n % commits == 0)
            CHECK_OK(sg_writer_commit(writer, &err), &err);
    }
    CHECK_OK(sg_writer_commit(writer, &err), &err);
    sg_writer_free(writer);
}
