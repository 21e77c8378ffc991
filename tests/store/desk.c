/* Joining and merging one block. Goal: every way to tell a few records in one or two files gives
 * what the plain oracle gives; the same files one after the other give the same rows; a file told
 * again changes nothing; and the order of files does not matter where nothing contradicts.
 * Method: exhaust small worlds. */
#include "support/check.h"

#include "base/rng.h"
#include "oracle/desk.h"
#include "store/import/desk_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORLD_MAX 8

static const uint8_t path_top[1];
static const uint8_t path_0[4] = {0, 0, 0, 0};
static const uint8_t path_0_1[8] = {0, 0, 0, 0, 0, 0, 0, 1};
static const uint8_t path_0_2[8] = {0, 0, 0, 0, 0, 0, 0, 2};
static const uint8_t path_1[4] = {0, 0, 0, 1};

/* What a record of the pool looks like; addresses and hashes are single bytes. */
struct spec {
    enum sg_record_kind kind;
    enum sg_tx_status status;
    uint8_t hash, from, to, token;
    uint8_t amount, price, used, fee;
    int index, log; /* -1: unknown */
    int time;       /* 0: unknown */
    const uint8_t *path;
    uint8_t path_size;
    bool is_create, is_reward;
};

#define UNPLACED .index = -1, .log = -1
/* Alone or together these are true of one chain. */
static const struct spec true_specs[] = {
    {SG_RECORD_TX, SG_TX_UNKNOWN, .hash = 1, .from = 1, .to = 2, .amount = 7, UNPLACED},
    {SG_RECORD_TX, SG_TX_OK, 1, 1, 2, .amount = 7, .price = 2, .used = 5, .index = 3, .log = -1},
    {SG_RECORD_RECEIPT, SG_TX_OK, .hash = 1, .price = 2, .used = 5, UNPLACED},
    {SG_RECORD_TOKEN, SG_TX_UNKNOWN, 1, 1, 2, 9, 5, .index = -1, .log = 4},
    {SG_RECORD_TOKEN, SG_TX_UNKNOWN, 1, 1, 2, 9, 5, .index = 3, .log = -1},
    {SG_RECORD_TOKEN, SG_TX_UNKNOWN, 1, 1, 3, 9, 5, UNPLACED},
    {SG_RECORD_INTERNAL, SG_TX_UNKNOWN, 1, 2, 3, .amount = 1, UNPLACED},
    {SG_RECORD_TRACE, SG_TX_OK, 1, 1, 2, .amount = 7, .path = path_top, UNPLACED},
    {SG_RECORD_TRACE, SG_TX_OK, 1, 2, 3, .amount = 1, .path = path_0, .path_size = 4, UNPLACED},
    {SG_RECORD_TRACE, SG_TX_OK, .from = 0, .to = 5, .amount = 2, .is_reward = true, UNPLACED},
    {SG_RECORD_RECEIPT, SG_TX_UNKNOWN, .hash = 1, .from = 8, .fee = 10, UNPLACED},
    {SG_RECORD_BLOCK, SG_TX_UNKNOWN, .time = 100, UNPLACED},
    {SG_RECORD_TX, SG_TX_FAILED, 2, 2, 0, .amount = 1, .fee = 3, .index = 0, .log = -1,
     .time = 100},
    {SG_RECORD_INTERNAL, SG_TX_FAILED, 2, 2, 4, .amount = 1, .is_create = true, UNPLACED},
    {SG_RECORD_TX, SG_TX_UNKNOWN, 3, 1, 0, .amount = 4, .is_create = true, UNPLACED, .time = 100},
    {SG_RECORD_TRACE, SG_TX_OK, 3, 1, 6, .amount = 4, .path = path_top, .is_create = true,
     UNPLACED},
};

/* More of the same, and what contradicts it. */
static const struct spec false_specs[] = {
    {SG_RECORD_TX, SG_TX_FAILED, 1, 1, 2, .amount = 7, UNPLACED},
    {SG_RECORD_TX, SG_TX_UNKNOWN, 1, 1, 2, .amount = 8, .index = 3, .log = -1},
    {SG_RECORD_TX, SG_TX_UNKNOWN, 2, 1, 2, .amount = 8, .index = 3, .log = -1, .time = 101},
    {SG_RECORD_RECEIPT, SG_TX_FAILED, .hash = 1, .price = 3, .used = 5, .index = 4, .log = -1},
    {SG_RECORD_RECEIPT, SG_TX_UNKNOWN, .hash = 1, .from = 7, .fee = 11, UNPLACED},
    {SG_RECORD_TOKEN, SG_TX_UNKNOWN, 1, 1, 2, 9, 6, .index = -1, .log = 4},
    {SG_RECORD_TOKEN, SG_TX_UNKNOWN, 1, 1, 2, 9, 5, .index = -1, .log = 4},
    {SG_RECORD_TOKEN, SG_TX_UNKNOWN, 1, 1, 2, 9, 5, .index = -1, .log = 2},
    {SG_RECORD_TOKEN, SG_TX_UNKNOWN, 1, 1, 2, 9, 5, UNPLACED},
    {SG_RECORD_TRACE, SG_TX_FAILED, 1, 1, 2, .amount = 9, .path = path_top, UNPLACED},
    {SG_RECORD_TRACE, SG_TX_FAILED, 1, 2, 3, .amount = 1, .path = path_0, .path_size = 4, UNPLACED},
    {SG_RECORD_TRACE, SG_TX_OK, 1, 3, 4, .amount = 1, .path = path_0_1, .path_size = 8, UNPLACED},
    {SG_RECORD_TRACE, SG_TX_OK, 1, 3, 4, .amount = 1, .path = path_1, .path_size = 4, UNPLACED},
    {SG_RECORD_TRACE, SG_TX_OK, 1, 3, 4, .amount = 1, UNPLACED},
    {SG_RECORD_INTERNAL, SG_TX_UNKNOWN, 1, 2, 3, .amount = 1, UNPLACED},
    {SG_RECORD_BLOCK, SG_TX_UNKNOWN, .time = 102, UNPLACED},
    {SG_RECORD_BLOCK, SG_TX_UNKNOWN, .time = 100, UNPLACED},
};

static void set_address(struct sg_address *address, uint8_t byte)
{
    *address = (struct sg_address){0};
    address->size = byte ? 20 : 0;
    address->bytes[0] = byte;
}

static struct sg_record record_of(const struct spec *spec)
{
    struct sg_record r;
    sg_record_init(&r, spec->kind);
    r.status = spec->status;
    r.block = 5;
    r.has_hash = spec->hash;
    r.hash32[31] = spec->hash;
    r.tx_index = (uint32_t)spec->index;
    r.log_index = (uint32_t)spec->log;
    r.time_unix_s = spec->time ? spec->time : SG_TIME_UNKNOWN;
    r.amount = sg_amount_from(spec->amount);
    r.has_gas_price = spec->price;
    r.gas_price = sg_amount_from(spec->price);
    r.has_gas_used = spec->used;
    r.gas_used = sg_amount_from(spec->used);
    r.has_fee = spec->fee;
    r.fee = sg_amount_from(spec->fee);
    r.is_create = spec->is_create;
    r.is_reward = spec->is_reward;
    r.trace_path = spec->path;
    r.trace_path_size = spec->path_size;
    set_address(&r.from, spec->from);
    set_address(&r.to, spec->to);
    set_address(&r.token, spec->token);
    return r;
}

/* Packed records of a world, and a ledger of one block made of batches. */
struct bench {
    struct sg_desk *desk;
    struct sg_outbox ledger;
    size_t doubts;
    _Alignas(16) uint8_t packed[WORLD_MAX][512];
};

static void count_doubt(void *ctx, const void *origin, const char *reason)
{
    assert_non_null(origin);
    assert_true(reason[0]);
    ++*(size_t *)ctx;
}

static struct sg_outbox empty;

/* Import records [first, end) of a world over what the ledger holds, which is replaced. */
static struct sg_desk_counts import(struct bench *bench, const struct oracle_record *world,
                                    size_t first, size_t end)
{
    struct sg_err err;
    struct sg_outbox next = empty;
    const struct sg_desk_counts before = sg_desk_counts(bench->desk);
    const struct sg_batch_row *rows = bench->ledger.rows;
    sg_desk_begin(bench->desk, 5);
    for (size_t i = 0; i < bench->ledger.n_txs; i++) {
        CHECK_OK(sg_desk_take_past(bench->desk, &bench->ledger.txs[i], rows, &err), &err);
        rows += bench->ledger.txs[i].n_rows;
    }
    for (size_t i = first; i < end; i++) {
        struct sg_packed *packed = (struct sg_packed *)(void *)bench->packed[i];
        assert_true(sg_pack_size(&world[i].record) <= sizeof(bench->packed[i]));
        sg_pack(packed, &world[i].record, world[i].file);
        CHECK_OK(sg_desk_take(bench->desk, packed, &err), &err);
    }
    CHECK_OK(sg_desk_finish(bench->desk, &next, &err), &err);
    sg_outbox_clear(&bench->ledger);
    bench->ledger = next;
    const struct sg_desk_counts after = sg_desk_counts(bench->desk);
    return (struct sg_desk_counts){after.txs_added - before.txs_added,
                                   after.rows_added - before.rows_added,
                                   after.txs_completed - before.txs_completed};
}

static unsigned short_of(sg_addr_ref ref)
{
    return ref ? ref[1] : 0;
}

static void print(struct sg_buf *text, const struct sg_outbox *ledger)
{
    const struct sg_batch_row *row = ledger->rows;
    sg_buf_reset(text);
    for (size_t i = 0; i < ledger->n_txs; i++) {
        const struct sg_batch_tx *tx = &ledger->txs[i];
        oracle_print_tx(text, tx->flags & SG_TX_HAS_HASH ? tx->hash32 : NULL, tx->index, tx->status,
                        tx->flags, tx->time_unix_s, short_of(tx->sender), tx->fee, tx->gas_price);
        for (uint32_t j = 0; j < tx->n_rows; j++, row++)
            oracle_print_row(text, row->kind, row->flags, row->pos, short_of(row->from),
                             short_of(row->to), short_of(row->token), row->amount);
    }
}

static void open_bench(struct bench *bench, struct sg_doubts *doubts)
{
    struct sg_err err;
    memset(bench, 0, sizeof(*bench));
    *doubts = (struct sg_doubts){count_doubt, &bench->doubts};
    CHECK_OK(sg_desk_new(&bench->desk, doubts, (size_t)1 << 20, &err), &err);
}

static void close_bench(struct bench *bench)
{
    sg_desk_free(bench->desk);
    sg_outbox_clear(&bench->ledger);
}

/* Go through all worlds of n records of a pool, the first `split` of them in file 0. */
static void each_world(const struct oracle_record *pool, size_t n_pool, size_t n,
                       void (*check)(void *ctx, const struct oracle_record *world, size_t n,
                                     size_t split),
                       void *ctx)
{
    size_t choice[WORLD_MAX] = {0};
    struct oracle_record world[WORLD_MAX];
    for (;;) {
        for (size_t split = 1; split <= n; split++) {
            for (size_t i = 0; i < n; i++) {
                world[i] = pool[choice[i]];
                world[i].file = i >= split;
            }
            check(ctx, world, n, split);
        }
        size_t at = 0;
        while (at < n && ++choice[at] == n_pool)
            choice[at++] = 0;
        if (at == n)
            return;
    }
}

static size_t make_pool(struct oracle_record *pool, bool with_false)
{
    size_t n = 0;
    for (size_t i = 0; i < SG_COUNT_OF(true_specs); i++)
        pool[n++].record = record_of(&true_specs[i]);
    for (size_t i = 0; i < SG_COUNT_OF(false_specs) && with_false; i++)
        pool[n++].record = record_of(&false_specs[i]);
    return n;
}

struct texts {
    struct bench *bench;
    struct sg_buf got, expected, again;
    uint64_t n_worlds;
};

static void forget(struct bench *bench)
{
    sg_outbox_clear(&bench->ledger);
    bench->doubts = 0;
}

static void show(const struct texts *t, const struct oracle_record *world, size_t n, size_t split)
{
    for (size_t i = 0; i < n; i++)
        print_message("file %zu: kind %d hash %d status %d amount %d index %d log %d path %d\n",
                      (size_t)(i >= split), world[i].record.kind, world[i].record.hash32[31],
                      world[i].record.status, (int)world[i].record.amount.units,
                      (int)world[i].record.tx_index, (int)world[i].record.log_index,
                      world[i].record.trace_path ? (int)world[i].record.trace_path_size : -1);
    print_message("got:\n%sexpected:\n%s", t->got.data ? t->got.data : "",
                  t->expected.data ? t->expected.data : "");
}

static void check_same(const struct texts *t, const struct oracle_record *world, size_t n,
                       size_t split, const char *claim)
{
    if (t->got.size == t->expected.size &&
        (t->got.size == 0 || memcmp(t->got.data, t->expected.data, t->got.size) == 0))
        return;
    show(t, world, n, split);
    fail_msg("%s", claim);
}

static void check_against_oracle(void *ctx, const struct oracle_record *world, size_t n,
                                 size_t split)
{
    struct texts *t = ctx;
    forget(t->bench);
    import(t->bench, world, 0, n);
    print(&t->got, &t->bench->ledger);
    sg_buf_reset(&t->expected);
    const size_t doubts = oracle_block(&t->expected, world, n);
    check_same(t, world, n, split, "one import is what the oracle says");
    if (doubts != t->bench->doubts) {
        show(t, world, n, split);
        fail_msg("%zu doubts, the oracle has %zu", t->bench->doubts, doubts);
    }
    t->n_worlds++;
}

static void open_texts(struct texts *t, struct bench *bench)
{
    *t = (struct texts){bench, SG_BUF_INIT(65536), SG_BUF_INIT(65536), SG_BUF_INIT(65536), 0};
}

static void close_texts(struct texts *t)
{
    sg_buf_clear(&t->got);
    sg_buf_clear(&t->expected);
    sg_buf_clear(&t->again);
}

static void test_every_small_world_is_what_the_oracle_says(void **state)
{
    (void)state;
    struct oracle_record pool[SG_COUNT_OF(true_specs) + SG_COUNT_OF(false_specs)] = {0};
    struct bench bench;
    struct sg_doubts doubts;
    struct texts t;
    open_bench(&bench, &doubts);
    open_texts(&t, &bench);
    const size_t n_pool = make_pool(pool, true);
    for (size_t n = 1; n <= 3; n++)
        each_world(pool, n_pool, n, check_against_oracle, &t);
    each_world(pool, make_pool(pool, false), 4, check_against_oracle, &t);
    print_message("%llu worlds\n", (unsigned long long)t.n_worlds);
    close_texts(&t);
    close_bench(&bench);
}

/* Goal: worlds larger than can be exhausted, with contradictions, in three files. */
static void test_larger_random_worlds_are_what_the_oracle_says(void **state)
{
    (void)state;
    struct oracle_record pool[SG_COUNT_OF(true_specs) + SG_COUNT_OF(false_specs)] = {0};
    struct oracle_record world[WORLD_MAX];
    struct bench bench;
    struct sg_doubts doubts;
    struct texts t;
    struct sg_rng rng;
    sg_rng_init(&rng, sg_test_seed());
    open_bench(&bench, &doubts);
    open_texts(&t, &bench);
    const size_t n_pool = make_pool(pool, true);
    for (int round = 0; round < 40000; round++) {
        uint32_t file = 0;
        for (size_t i = 0; i < WORLD_MAX; i++) {
            world[i] = pool[sg_rng_below(&rng, n_pool)];
            file += file < 2 && sg_rng_below(&rng, 3) == 0;
            world[i].file = file;
        }
        check_against_oracle(&t, world, WORLD_MAX, WORLD_MAX);
    }
    close_texts(&t);
    close_bench(&bench);
}

static bool is_trace(const struct oracle_record *r)
{
    return r->record.kind == SG_RECORD_TRACE && r->record.has_hash;
}

/* Where a later import cannot know what an earlier one knew, docs/formats/merge.md: traces of one
 * transaction in two files, and the time of a block that had no transactions yet. */
static bool is_told_apart(const struct oracle_record *world, size_t n, size_t split)
{
    bool traces[2] = {false, false};
    bool time_first = false;
    for (size_t i = 0; i < n; i++) {
        traces[i >= split] |= is_trace(&world[i]);
        time_first |= i < split && split < n && world[i].record.kind == SG_RECORD_BLOCK;
    }
    return time_first || (traces[0] && traces[1]);
}

static void check_one_after_the_other(void *ctx, const struct oracle_record *world, size_t n,
                                      size_t split)
{
    struct texts *t = ctx;
    if (is_told_apart(world, n, split))
        return;
    sg_buf_reset(&t->expected);
    oracle_block(&t->expected, world, n);
    forget(t->bench);
    import(t->bench, world, 0, split);
    import(t->bench, world, split, n);
    print(&t->got, &t->bench->ledger);
    check_same(t, world, n, split, "two imports give the rows of one");
    for (size_t half = 0; half < 3; half++) {
        const struct sg_desk_counts counts =
            import(t->bench, world, half == 1 ? split : 0, half == 0 ? split : n);
        print(&t->got, &t->bench->ledger);
        check_same(t, world, n, split, "importing again changes nothing");
        if (counts.txs_added || counts.rows_added || counts.txs_completed) {
            show(t, world, n, split);
            fail_msg("importing again counts nothing");
        }
    }
    t->n_worlds++;
}

static void test_imports_one_after_the_other_give_the_rows_of_one(void **state)
{
    (void)state;
    struct oracle_record pool[SG_COUNT_OF(true_specs) + SG_COUNT_OF(false_specs)] = {0};
    struct bench bench;
    struct sg_doubts doubts;
    struct texts t;
    open_bench(&bench, &doubts);
    open_texts(&t, &bench);
    const size_t n_pool = make_pool(pool, false);
    for (size_t n = 1; n <= 4; n++)
        each_world(pool, n_pool, n, check_one_after_the_other, &t);
    print_message("%llu worlds\n", (unsigned long long)t.n_worlds);
    close_texts(&t);
    close_bench(&bench);
}

static int compare_line(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* Sort the lines of a text, so that texts compare as multisets of rows; numbers of rows without a
 * position do not count. */
static void sort_lines(struct sg_buf *text)
{
    char *lines[64];
    size_t n = 0;
    char *copy = text->data ? sg_mem_strndup(text->data, text->size) : NULL;
    for (char *at = copy; at && *at && n < 64;) {
        char *end = strchr(at, '\n');
        *end = 0;
        lines[n++] = at;
        at = end + 1;
    }
    qsort(lines, n, sizeof(lines[0]), compare_line);
    sg_buf_reset(text);
    for (size_t i = 0; i < n; i++)
        sg_buf_printf(text, "%s\n", lines[i]);
    sg_mem_free(copy);
}

static void check_order_of_files(void *ctx, const struct oracle_record *world, size_t n,
                                 size_t split)
{
    struct texts *t = ctx;
    struct oracle_record swapped[WORLD_MAX];
    for (size_t i = 0; i < n; i++) {
        swapped[i] = world[(i + split) % n];
        swapped[i].file = i >= n - split;
    }
    sg_buf_reset(&t->expected);
    oracle_block(&t->expected, swapped, n);
    sort_lines(&t->expected);
    forget(t->bench);
    import(t->bench, world, 0, n);
    print(&t->got, &t->bench->ledger);
    sort_lines(&t->got);
    check_same(t, world, n, split, "the order of files does not matter");
    t->n_worlds++;
}

static void test_the_order_of_files_does_not_matter(void **state)
{
    (void)state;
    struct oracle_record pool[SG_COUNT_OF(true_specs) + SG_COUNT_OF(false_specs)] = {0};
    /* Rows without a position are numbered in their order: leave one class of each kind. */
    static const size_t without[] = {5};
    struct bench bench;
    struct sg_doubts doubts;
    struct texts t;
    open_bench(&bench, &doubts);
    open_texts(&t, &bench);
    size_t n_pool = make_pool(pool, false);
    for (size_t i = 0; i < SG_COUNT_OF(without); i++)
        pool[without[i]] = pool[--n_pool];
    for (size_t n = 1; n <= 4; n++)
        each_world(pool, n_pool, n, check_order_of_files, &t);
    print_message("%llu worlds\n", (unsigned long long)t.n_worlds);
    close_texts(&t);
    close_bench(&bench);
}

/* --- single claims ------------------------------------------------------------------------- */

static void check_block(const struct spec *specs, size_t n, const char *expected, size_t doubts)
{
    struct oracle_record world[WORLD_MAX] = {0};
    struct bench bench;
    struct sg_doubts sink;
    struct texts t;
    open_bench(&bench, &sink);
    open_texts(&t, &bench);
    for (size_t i = 0; i < n; i++)
        world[i].record = record_of(&specs[i]);
    import(&bench, world, 0, n);
    print(&t.got, &bench.ledger);
    assert_string_equal(t.got.data ? t.got.data : "", expected);
    assert_int_equal(bench.doubts, doubts);
    close_texts(&t);
    close_bench(&bench);
}

static void test_a_receipt_before_its_transaction_gives_the_fee(void **state)
{
    (void)state;
    const struct spec specs[] = {
        {SG_RECORD_RECEIPT, SG_TX_OK, .hash = 1, .price = 2, .used = 5, UNPLACED},
        {SG_RECORD_TX, SG_TX_UNKNOWN, 1, 1, 2, .amount = 7, .price = 9, .index = 0, .log = -1}};
    check_block(specs, 2,
                "tx 1 index 0 status 1 flags 21 time -9223372036854775808 sender 1 fee 10 price 2\n"
                "  kind 0 flags 8 pos 0 1->2 token 0 amount 7\n",
                0);
}

static void test_a_failed_transaction_keeps_rows_that_move_nothing(void **state)
{
    (void)state;
    const struct spec specs[] = {
        {SG_RECORD_TX, SG_TX_FAILED, 1, 1, 2, .amount = 7, .fee = 3, .index = 0, .log = -1},
        {SG_RECORD_INTERNAL, SG_TX_UNKNOWN, 1, 2, 3, .amount = 1, UNPLACED}};
    check_block(specs, 2,
                "tx 1 index 0 status 2 flags 5 time -9223372036854775808 sender 1 fee 3 price 0\n"
                "  kind 0 flags 9 pos 0 1->2 token 0 amount 7\n"
                "  kind 1 flags 1 pos 0 2->3 token 0 amount 1\n",
                0);
}

static void test_without_a_receipt_status_and_fee_are_unknown(void **state)
{
    (void)state;
    const struct spec specs[] = {
        {SG_RECORD_TX, SG_TX_UNKNOWN, 1, 1, 2, .amount = 7, .price = 9, .index = 0, .log = -1}};
    check_block(specs, 1,
                "tx 1 index 0 status 0 flags 20 time -9223372036854775808 sender 1 fee 0 price 9\n"
                "  kind 0 flags 8 pos 0 1->2 token 0 amount 7\n",
                0);
}

static void test_a_failed_call_fails_the_calls_below_it_only(void **state)
{
    (void)state;
    const struct spec specs[] = {
        {SG_RECORD_TRACE, SG_TX_OK, 1, 3, 4, .amount = 3, .path = path_1, .path_size = 4, UNPLACED},
        {SG_RECORD_TRACE, SG_TX_OK, 1, 4, 5, .amount = 6, .path = path_0_2, .path_size = 8,
         UNPLACED},
        {SG_RECORD_TRACE, SG_TX_OK, 1, 3, 4, .amount = 2, .path = path_0_1, .path_size = 8,
         UNPLACED},
        {SG_RECORD_TRACE, SG_TX_FAILED, 1, 2, 3, .amount = 1, .path = path_0, .path_size = 4,
         UNPLACED},
        {SG_RECORD_TRACE, SG_TX_OK, 1, 1, 2, .amount = 7, .path = path_top, UNPLACED}};
    check_block(specs, 5,
                "tx 1 index -1 status 1 flags 14 time -9223372036854775808 sender 1 fee 0 price 0\n"
                "  kind 0 flags 8 pos 0 1->2 token 0 amount 7\n"
                "  kind 1 flags 9 pos 0 2->3 token 0 amount 1\n"
                "  kind 1 flags 9 pos 1 3->4 token 0 amount 2\n"
                "  kind 1 flags 9 pos 2 4->5 token 0 amount 6\n"
                "  kind 1 flags 8 pos 3 3->4 token 0 amount 3\n",
                0);
}

static void test_a_fee_that_needs_more_than_128_bits_is_doubted(void **state)
{
    (void)state;
    struct bench bench;
    struct sg_doubts sink;
    open_bench(&bench, &sink);
    struct oracle_record world[1] = {{.file = 0}};
    world[0].record = record_of(&true_specs[1]);
    world[0].record.gas_price = sg_amount_from(~(sg_u128)0);
    import(&bench, world, 0, 1);
    assert_int_equal(bench.doubts, 1);
    assert_int_equal(bench.ledger.n_txs, 1);
    assert_int_equal(bench.ledger.txs[0].flags & SG_TX_FEE_KNOWN, 0);
    close_bench(&bench);
}

static void test_two_transactions_at_one_index_keep_their_rows(void **state)
{
    (void)state;
    const struct spec specs[] = {
        {SG_RECORD_TX, SG_TX_OK, 1, 1, 2, .amount = 7, .index = 3, .log = -1, .time = 9},
        {SG_RECORD_TX, SG_TX_OK, 2, 1, 2, .amount = 8, .index = 3, .log = -1, .time = 9}};
    check_block(specs, 2,
                "tx 1 index 3 status 1 flags 4 time 9 sender 1 fee 0 price 0\n"
                "  kind 0 flags 8 pos 0 1->2 token 0 amount 7\n"
                "tx 2 index -1 status 1 flags 6 time 9 sender 1 fee 0 price 0\n"
                "  kind 0 flags 8 pos 0 1->2 token 0 amount 8\n",
                1);
}

/* Import specs one by one, and compare what the ledger holds then. */
static void check_sequence(const struct spec *specs, size_t n, const char *expected, size_t doubts)
{
    struct oracle_record world[WORLD_MAX] = {0};
    struct bench bench;
    struct sg_doubts sink;
    struct texts t;
    open_bench(&bench, &sink);
    open_texts(&t, &bench);
    for (size_t i = 0; i < n; i++) {
        world[i].record = record_of(&specs[i]);
        import(&bench, world, i, i + 1);
    }
    print(&t.got, &bench.ledger);
    assert_string_equal(t.got.data, expected);
    assert_int_equal(bench.doubts, doubts);
    close_texts(&t);
    close_bench(&bench);
}

static void test_the_ledger_keeps_the_index_that_a_file_disputes(void **state)
{
    (void)state;
    const struct spec specs[] = {
        {SG_RECORD_TX, SG_TX_OK, 1, 1, 2, .amount = 7, UNPLACED, .time = 9},
        {SG_RECORD_TX, SG_TX_OK, 2, 1, 2, .amount = 8, .index = 3, .log = -1, .time = 9},
        {SG_RECORD_TX, SG_TX_OK, 1, 1, 2, .amount = 7, .index = 3, .log = -1, .time = 9}};
    check_sequence(specs, 3,
                   "tx 2 index 3 status 1 flags 4 time 9 sender 1 fee 0 price 0\n"
                   "  kind 0 flags 8 pos 0 1->2 token 0 amount 8\n"
                   "tx 1 index -1 status 1 flags 6 time 9 sender 1 fee 0 price 0\n"
                   "  kind 0 flags 8 pos 0 1->2 token 0 amount 7\n",
                   1);
}

static void test_the_ledger_keeps_the_payer_that_a_file_disputes(void **state)
{
    (void)state;
    const struct spec specs[] = {
        {SG_RECORD_TX, SG_TX_OK, 1, 1, 2, .amount = 7, .index = 0, .log = -1, .time = 9},
        {SG_RECORD_RECEIPT, SG_TX_OK, .hash = 1, .from = 8, .fee = 10, UNPLACED},
        {SG_RECORD_TX, SG_TX_OK, 1, 1, 2, .amount = 7, .index = 0, .log = -1, .time = 9},
        {SG_RECORD_RECEIPT, SG_TX_OK, .hash = 1, .from = 7, .fee = 10, UNPLACED}};
    check_sequence(specs, 4,
                   "tx 1 index 0 status 1 flags 5 time 9 sender 8 fee 10 price 0\n"
                   "  kind 0 flags 8 pos 0 1->2 token 0 amount 7\n",
                   1);
}

static void test_more_traces_replace_fewer_that_they_hold(void **state)
{
    (void)state;
    struct bench bench;
    struct sg_doubts sink;
    open_bench(&bench, &sink);
    struct oracle_record world[4] = {0};
    const struct spec specs[] = {
        {SG_RECORD_TRACE, SG_TX_OK, 1, 3, 4, .amount = 3, .path = path_1, .path_size = 4, UNPLACED},
        {SG_RECORD_TRACE, SG_TX_OK, 1, 2, 3, .amount = 1, .path = path_0, .path_size = 4, UNPLACED},
        {SG_RECORD_TRACE, SG_TX_OK, 1, 3, 4, .amount = 3, .path = path_1, .path_size = 4, UNPLACED},
        {SG_RECORD_TRACE, SG_TX_OK, 1, 9, 9, .amount = 9, .path = path_1, .path_size = 4,
         UNPLACED}};
    for (size_t i = 0; i < 4; i++)
        world[i].record = record_of(&specs[i]);
    import(&bench, world, 0, 1);
    const struct sg_desk_counts more = import(&bench, world, 1, 3);
    assert_int_equal(more.rows_added, 1);
    assert_int_equal(more.txs_completed, 1);
    assert_int_equal(bench.doubts, 0);
    assert_int_equal(bench.ledger.n_rows, 2);
    const struct sg_desk_counts fewer = import(&bench, world, 0, 1);
    assert_int_equal(fewer.txs_completed, 0);
    assert_int_equal(bench.doubts, 0);
    import(&bench, world, 3, 4);
    assert_int_equal(bench.doubts, 1);
    assert_int_equal(bench.ledger.n_rows, 2);
    close_bench(&bench);
}

/* Goal: the paths for many rows (library sort, growing tables) do what those for few do. */
static void test_large_blocks_and_large_transactions(void **state)
{
    (void)state;
    enum { N = 5000 };
    struct sg_err err;
    struct bench bench;
    struct sg_doubts sink;
    open_bench(&bench, &sink);
    sg_desk_free(bench.desk);
    CHECK_OK(sg_desk_new(&bench.desk, &sink, (size_t)64 << 20, &err), &err);
    uint8_t(*packed)[256] = sg_mem_alloc(N, sizeof(*packed));
    assert_non_null(packed);
    sg_desk_begin(bench.desk, 5);
    for (uint32_t i = 0; i < N; i++) {
        struct sg_record r = record_of(&true_specs[3]);
        r.log_index = (i * 2741u) % N; /* Every one once: 2741 is prime to 5000. */
        r.hash32[0] = i % 2 ? (uint8_t)(i >> 8) : 0;
        r.hash32[1] = i % 2 ? (uint8_t)i : 0;
        sg_pack((struct sg_packed *)(void *)packed[i], &r, 0);
        CHECK_OK(sg_desk_take(bench.desk, (struct sg_packed *)(void *)packed[i], &err), &err);
    }
    CHECK_OK(sg_desk_finish(bench.desk, &bench.ledger, &err), &err);
    assert_int_equal(bench.ledger.n_txs, N / 2 + 1);
    assert_int_equal(bench.ledger.n_rows, N);
    assert_int_equal(bench.ledger.txs[0].n_rows, N / 2);
    for (uint32_t i = 1; i < N / 2; i++)
        assert_true(bench.ledger.rows[i - 1].pos < bench.ledger.rows[i].pos);
    assert_int_equal(bench.doubts, 0);
    sg_mem_free(packed);
    close_bench(&bench);
}

static void test_a_block_beyond_the_memory_limit_is_refused(void **state)
{
    (void)state;
    struct sg_err err;
    struct bench bench;
    struct sg_doubts sink;
    open_bench(&bench, &sink);
    sg_desk_free(bench.desk);
    CHECK_OK(sg_desk_new(&bench.desk, &sink, 10000, &err), &err);
    struct sg_packed *packed = (struct sg_packed *)(void *)bench.packed[0];
    const struct sg_record r = record_of(&true_specs[5]);
    sg_pack(packed, &r, 0);
    sg_desk_begin(bench.desk, 5);
    enum sg_status st = SG_OK;
    for (int i = 0; i < 1000 && st == SG_OK; i++)
        st = sg_desk_take(bench.desk, packed, &err);
    assert_int_equal(st, SG_ELIMIT);
    assert_non_null(strstr(err.text, "block 5"));
    close_bench(&bench);
}

static enum sg_status build_once(const struct oracle_record *world, size_t n)
{
    static size_t doubts;
    static _Alignas(16) uint8_t packed[WORLD_MAX][512];
    const struct sg_doubts sink = {count_doubt, &doubts};
    struct sg_err err;
    struct sg_desk *desk = NULL;
    struct sg_outbox out = empty;
    enum sg_status st = sg_desk_new(&desk, &sink, (size_t)1 << 20, &err);
    if (st == SG_OK)
        sg_desk_begin(desk, 5);
    for (size_t i = 0; i < n && st == SG_OK; i++) {
        sg_pack((struct sg_packed *)(void *)packed[i], &world[i].record, 0);
        st = sg_desk_take(desk, (struct sg_packed *)(void *)packed[i], &err);
    }
    if (st == SG_OK)
        st = sg_desk_finish(desk, &out, &err);
    sg_outbox_clear(&out);
    sg_desk_free(desk);
    return st;
}

static void test_every_allocation_may_fail(void **state)
{
    (void)state;
    struct oracle_record pool[SG_COUNT_OF(true_specs) + SG_COUNT_OF(false_specs)] = {0};
    make_pool(pool, false);
    CHECK_OOM_SWEEP(build_once(pool, WORLD_MAX));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_small_world_is_what_the_oracle_says),
        cmocka_unit_test(test_larger_random_worlds_are_what_the_oracle_says),
        cmocka_unit_test(test_imports_one_after_the_other_give_the_rows_of_one),
        cmocka_unit_test(test_the_order_of_files_does_not_matter),
        cmocka_unit_test(test_a_receipt_before_its_transaction_gives_the_fee),
        cmocka_unit_test(test_a_failed_transaction_keeps_rows_that_move_nothing),
        cmocka_unit_test(test_without_a_receipt_status_and_fee_are_unknown),
        cmocka_unit_test(test_a_failed_call_fails_the_calls_below_it_only),
        cmocka_unit_test(test_a_fee_that_needs_more_than_128_bits_is_doubted),
        cmocka_unit_test(test_two_transactions_at_one_index_keep_their_rows),
        cmocka_unit_test(test_the_ledger_keeps_the_index_that_a_file_disputes),
        cmocka_unit_test(test_the_ledger_keeps_the_payer_that_a_file_disputes),
        cmocka_unit_test(test_more_traces_replace_fewer_that_they_hold),
        cmocka_unit_test(test_large_blocks_and_large_transactions),
        cmocka_unit_test(test_a_block_beyond_the_memory_limit_is_refused),
        cmocka_unit_test(test_every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
