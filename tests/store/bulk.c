/* Goal: a bulk load makes the ledger that appending the same rows makes, to the id; whatever ends
 * it early (memory, the disk, a kill), loading again goes on and gives the same; other rows are
 * refused. Method: worlds of the model loaded both ways, with so little memory that lists are made
 * in many passes and the rows of busy addresses do not fit; the n-th allocation or system call
 * failing for every n; and a child killed at random moments. */
#include "support/check.h"
#include "support/io_fault.h"
#include "support/ledger_model.h"

#include "store/engine/bulk_internal.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define KINDS (SG_COVER_NATIVE | SG_COVER_TOKEN)

static const struct sg_model_shape small = {41, 40, 30, 5, 0, 3, 3, false};
static const struct sg_model_shape texts = {42, 3000, 900, 7, 0, 4, 3, true};
static const struct sg_model_shape busy = {43, 40000, 5000, 3, 0, 4, 9, false};

/* What is loaded, and how. */
struct load {
    const struct sg_model *m;
    const char *dir;
    struct sg_bulk_token *tokens;
    size_t end; /* transactions */
    size_t n_threads;
    uint64_t save_every;
    size_t staged_max;
    uint8_t identity;
};

static uint8_t name(void *ctx, uint8_t bytes[SG_ADDRESS_MAX], uint32_t number)
{
    const struct sg_model *m = ctx;
    memcpy(bytes, m->pool[number] + 1, m->pool[number][0]);
    return m->pool[number][0];
}

static uint32_t number_of(const struct sg_model *m, sg_addr_ref ref)
{
    return ref ? (uint32_t)((size_t)(ref - m->pool[0]) / sizeof(*m->pool)) : SG_ID_NONE;
}

static struct sg_bulk_row row_of(const struct sg_model *m, const struct sg_batch_row *row)
{
    const size_t token = row->token ? (size_t)(row->token - m->tokens[0]) / sizeof(*m->tokens) : 0;
    return (struct sg_bulk_row){.from = number_of(m, row->from),
                                .to = number_of(m, row->to),
                                .token = row->token ? (uint32_t)token : SG_ID_NONE,
                                .pos = row->pos,
                                .amount = row->amount,
                                .kind = row->kind,
                                .flags = row->flags};
}

static enum sg_status add(struct sg_bulk *bulk, const struct sg_model *m, size_t i,
                          struct sg_err *err)
{
    const struct sg_batch_tx *tx = &m->txs[i];
    struct sg_bulk_row rows[8];
    assert_true(tx->n_rows <= SG_COUNT_OF(rows));
    for (uint32_t j = 0; j < tx->n_rows; j++)
        rows[j] = row_of(m, &m->rows[m->first_rows[i] + j]);
    const struct sg_bulk_tx told = {.block = tx->block,
                                    .time_unix_s = tx->time_unix_s,
                                    .fee = tx->fee,
                                    .gas_price = tx->gas_price,
                                    .hash32 = tx->flags & SG_TX_HAS_HASH ? tx->hash32 : NULL,
                                    .sender = number_of(m, tx->sender),
                                    .index = tx->index,
                                    .n_rows = tx->n_rows,
                                    .status = tx->status,
                                    .flags = tx->flags};
    return sg_bulk_add(bulk, &told, rows, err);
}

static void make_tokens(struct load *load)
{
    const struct sg_model *m = load->m;
    load->tokens = sg_mem_zalloc(m->n_tokens, sizeof(*load->tokens));
    assert_non_null(load->tokens);
    for (size_t i = 0; i < m->n_tokens; i++) {
        load->tokens[i].contract.size = m->tokens[i][0];
        memcpy(load->tokens[i].contract.bytes, m->tokens[i] + 1, m->tokens[i][0]);
        snprintf(load->tokens[i].symbol, sizeof(load->tokens[i].symbol), "T%zu", i);
        load->tokens[i].decimals = (uint8_t)i;
    }
}

static struct load load_of(const struct sg_model *m, const char *dir)
{
    struct load load = {.m = m, .dir = dir, .end = m->n_txs, .n_threads = 1};
    make_tokens(&load);
    return load;
}

static enum sg_status begin(struct sg_bulk **bulk, const struct load *load, struct sg_err *err)
{
    const struct sg_bulk_options options = {.dir = load->dir,
                                            .chain = sg_model_chain(),
                                            .n_numbers = (uint32_t)load->m->n_pool,
                                            .name = name,
                                            .ctx = (void *)(uintptr_t)load->m,
                                            .tokens = load->tokens,
                                            .n_tokens = load->m->n_tokens,
                                            .identity32 = {load->identity},
                                            .memory_max = 1024 * 1024,
                                            .n_threads = load->n_threads};
    const enum sg_status st = sg_bulk_new(bulk, &options, err);
    if (st == SG_OK && load->save_every)
        (*bulk)->save_every = load->save_every;
    if (st == SG_OK && load->staged_max)
        (*bulk)->writer->staged_max = load->staged_max;
    return st;
}

static enum sg_status run(const struct load *load, struct sg_err *err)
{
    struct sg_bulk *bulk = NULL;
    const struct sg_file_entry file = {.name = "made", .table = "t"};
    enum sg_status st = begin(&bulk, load, err);
    for (size_t i = 0; st == SG_OK && i < load->end; i++)
        st = add(bulk, load->m, i, err);
    if (st == SG_OK)
        st = sg_bulk_finish(bulk, KINDS, &file, err);
    sg_bulk_free(bulk);
    return st;
}

/* The same by appending. */
static void state_by_appending(uint8_t state32[32], const struct load *load)
{
    struct sg_err err;
    struct sg_ledger ledger;
    struct sg_writer *w = NULL;
    const struct sg_model *m = load->m;
    const char *dir = sg_test_mkdir();
    const struct sg_cover_entry cover = {NULL, KINDS, m->txs[0].block, m->txs[m->n_txs - 1].block};
    sg_model_build(dir, m, 500, 3, 1);
    CHECK_OK(sg_writer_open(&w, dir, sg_model_chain(), false, 1, &err), &err);
    CHECK_OK(sg_writer_cover(w, &cover, 1, &err), &err);
    for (size_t i = 0; i < m->n_tokens; i++) {
        const struct sg_token_hint hint = {m->tokens[i], load->tokens[i].symbol,
                                           load->tokens[i].decimals, true};
        CHECK_OK(sg_writer_tokens(w, &hint, 1, &err), &err);
    }
    CHECK_OK(sg_writer_commit(w, &err), &err);
    sg_writer_free(w);
    CHECK_OK(sg_ledger_open(&ledger, dir, sg_model_chain(), &err), &err);
    memcpy(state32, ledger.stats.state32, 32);
    sg_ledger_close(&ledger);
    sg_test_rmdir(dir);
}

static void check_same(const char *dir, struct sg_model *m, const uint8_t state32[32])
{
    uint8_t loaded32[32];
    sg_model_check_dir(dir, m, m->n_txs, loaded32);
    assert_memory_equal(loaded32, state32, 32);
}

static void test_a_load_is_what_appending_makes(void **state)
{
    (void)state;
    const struct sg_model_shape *shapes[] = {&small, &texts, &busy};
    for (size_t i = 0; i < 6; i++) {
        struct sg_err err;
        uint8_t state32[32];
        struct sg_model *m = sg_model_new(shapes[i / 2]);
        char dir[64];
        snprintf(dir, sizeof(dir), "%s", sg_test_mkdir());
        struct load load = load_of(m, dir);
        load.n_threads = 1 + i % 2;
        load.staged_max = i % 2;
        CHECK_OK(run(&load, &err), &err);
        CHECK_OK(run(&load, &err), &err); /* It is there already. */
        load.identity = 1;
        assert_int_equal(run(&load, &err), SG_EUSAGE);
        state_by_appending(state32, &load);
        check_same(dir, m, state32);
        sg_mem_free(load.tokens);
        sg_test_rmdir(dir);
        sg_model_free(m);
    }
}

/* Imports append to what was loaded. */
static void test_a_load_can_be_appended_to(void **state)
{
    (void)state;
    struct sg_err err;
    struct sg_writer *w = NULL;
    struct sg_model *m = sg_model_new(&texts);
    const char *dir = sg_test_mkdir();
    struct load load = load_of(m, dir);
    load.end = sg_model_cut(m, 0, m->n_txs / 2);
    CHECK_OK(run(&load, &err), &err);
    CHECK_OK(sg_writer_open(&w, dir, sg_model_chain(), false, 1, &err), &err);
    sg_model_append(w, m, load.end, m->n_txs);
    CHECK_OK(sg_writer_commit(w, &err), &err);
    sg_writer_free(w);
    sg_model_check_dir(dir, m, m->n_txs, NULL);
    sg_mem_free(load.tokens);
    sg_test_rmdir(dir);
    sg_model_free(m);
}

/* Load some of it, and leave it. */
static void leave_unfinished(const struct load *load, size_t n_txs)
{
    struct sg_err err;
    struct sg_bulk *bulk = NULL;
    CHECK_OK(begin(&bulk, load, &err), &err);
    for (size_t i = 0; i < n_txs; i++)
        CHECK_OK(add(bulk, load->m, i, &err), &err);
    sg_bulk_free(bulk);
}

static void test_other_rows_do_not_go_on(void **state)
{
    (void)state;
    struct sg_err err;
    struct sg_ledger ledger;
    struct sg_model *m = sg_model_new(&busy);
    const char *dir = sg_test_mkdir();
    struct load load = load_of(m, dir);
    load.save_every = 1000;
    leave_unfinished(&load, SG_BULK_ROWS);
    assert_int_equal(sg_ledger_open(&ledger, dir, sg_model_chain(), &err), SG_ENOTFOUND);
    load.identity = 1;
    assert_int_equal(run(&load, &err), SG_EUSAGE);
    assert_non_null(strstr(err.text, "load.mdb is an unfinished load of something else"));
    load.identity = 0;
    m->rows[70].amount = sg_amount_from(77);
    assert_int_equal(run(&load, &err), SG_EUSAGE);
    assert_non_null(strstr(err.text, "holds other rows"));
    load.end = 100;
    assert_int_equal(run(&load, &err), SG_EUSAGE);
    assert_non_null(strstr(err.text, "holds more than has come"));
    sg_mem_free(load.tokens);
    sg_test_rmdir(dir);
    sg_model_free(m);
}

static void test_an_import_removes_an_unfinished_load(void **state)
{
    (void)state;
    struct sg_model *m = sg_model_new(&small);
    const char *dir = sg_test_mkdir();
    struct load load = load_of(m, dir);
    char path[300];
    leave_unfinished(&load, 10);
    snprintf(path, sizeof(path), "%s/ethereum/load.mdb", dir);
    assert_int_equal(access(path, F_OK), 0);
    sg_model_build(dir, m, 500, 1, 1);
    assert_int_not_equal(access(path, F_OK), 0);
    sg_model_check_dir(dir, m, m->n_txs, NULL);
    sg_mem_free(load.tokens);
    sg_test_rmdir(dir);
    sg_model_free(m);
}

static void test_memory_faults(void **state)
{
    (void)state;
    struct sg_err err;
    uint8_t state32[32];
    struct sg_model *m = sg_model_new(&small);
    struct load load = load_of(m, NULL);
    const long modes[] = {1, LONG_MAX};
    load.staged_max = 1;
    state_by_appending(state32, &load);
    for (size_t mode = 0; mode < 2; mode++)
        for (long n = 0;; n++) {
            load.dir = sg_test_mkdir();
            const size_t live = sg_mem_live();
            sg_mem_fault(n, modes[mode]);
            const enum sg_status st = run(&load, &err);
            const bool fired = sg_mem_fault_fired();
            sg_mem_fault(-1, 0);
            assert_int_equal(st, fired ? SG_ENOMEM : SG_OK);
            assert_int_equal(sg_mem_live(), live);
            if (fired)
                CHECK_OK(run(&load, &err), &err);
            if (n % 10 == 0)
                check_same(load.dir, m, state32);
            sg_test_rmdir(load.dir);
            if (!fired)
                break;
        }
    sg_mem_free(load.tokens);
    sg_model_free(m);
}

/* A load makes more system calls than this, or the faults do not reach it. */
#define DISK_CALLS_MIN 6

static void sweep_disk(struct load *load, struct sg_model *m, const uint8_t state32[32],
                       enum sg_io_fault_kind kind, long times)
{
    struct sg_err err;
    struct sg_ledger ledger;
    bool fired = true;
    long n = 0;
    for (; fired; n++) {
        load->dir = sg_test_mkdir();
        sg_io_fault(n, times, kind);
        const enum sg_status st = run(load, &err);
        fired = sg_io_fault_fired();
        sg_io_fault(-1, 0, kind);
        assert_true(st == SG_OK || (fired && st == SG_EIO));
        const bool is_there = sg_ledger_open(&ledger, load->dir, sg_model_chain(), &err) == SG_OK;
        assert_true(is_there || st != SG_OK);
        if (is_there)
            sg_ledger_close(&ledger);
        CHECK_OK(run(load, &err), &err);
        check_same(load->dir, m, state32);
        sg_test_rmdir(load->dir);
    }
    assert_true(n > DISK_CALLS_MIN);
}

static void test_disk_faults(void **state)
{
    (void)state;
    uint8_t state32[32];
    struct sg_model *m = sg_model_new(&small);
    struct load load = load_of(m, NULL);
    load.staged_max = 1;
    state_by_appending(state32, &load);
    sweep_disk(&load, m, state32, SG_IO_FAULT_EIO, 1);
    sweep_disk(&load, m, state32, SG_IO_FAULT_ENOSPC, LONG_MAX);
    sweep_disk(&load, m, state32, SG_IO_FAULT_SHORT, LONG_MAX);
    sg_mem_free(load.tokens);
    sg_model_free(m);
}

static void nap_us(uint64_t us)
{
    const struct timespec t = {(time_t)(us / 1000000), (long)(us % 1000000) * 1000};
    nanosleep(&t, NULL);
}

static void test_killed_loads_go_on(void **state)
{
    (void)state;
    struct sg_err err;
    struct sg_rng rng;
    uint8_t state32[32];
    struct sg_model *m = sg_model_new(&busy);
    char dir[64];
    snprintf(dir, sizeof(dir), "%s", sg_test_mkdir());
    struct load load = load_of(m, dir);
    int status = -1, kills = 0;
    sg_rng_init(&rng, sg_test_seed());
    load.save_every = 1000;
    load.n_threads = 2;
    for (uint64_t patience_us = 100000; status != 0; patience_us += 70000) {
        const pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            _exit(run(&load, &err) == SG_OK ? 0 : 2);
        nap_us(1000 + sg_rng_below(&rng, patience_us));
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
        kills += WIFSIGNALED(status);
    }
    printf("%d kills\n", kills);
    state_by_appending(state32, &load);
    check_same(dir, m, state32);
    sg_mem_free(load.tokens);
    sg_test_rmdir(dir);
    sg_model_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_load_is_what_appending_makes),
        cmocka_unit_test(test_a_load_can_be_appended_to),
        cmocka_unit_test(test_other_rows_do_not_go_on),
        cmocka_unit_test(test_an_import_removes_an_unfinished_load),
        cmocka_unit_test(test_memory_faults),
        cmocka_unit_test(test_disk_faults),
        cmocka_unit_test(test_killed_loads_go_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
