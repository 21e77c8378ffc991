/* Goal: whatever fails while a ledger is written (memory, the disk, the process), it is afterwards
 * the state before or the state after, and passes its check. Method: the same import again and
 * again with the n-th allocation or system call failing, for every n; and killed at random moments.
 */
#include "support/check.h"
#include "support/io_fault.h"
#include "support/ledger_model.h"

#include "store/engine/writer_internal.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const struct sg_model_shape shape = {21, 40, 30, 5, 0, 3, 3, false};

/* An address that the first transactions have, so that coverage gives it no id out of turn. */
static const uint8_t *early_addr(const struct sg_model *m)
{
    size_t i = 0;
    while (!m->txs[i].sender)
        i++;
    return m->txs[i].sender;
}

/* What one import does: open, append, notes, commit. staged_max 0: as it is. */
static enum sg_status import(const char *dir, const struct sg_model *m, size_t first, size_t end,
                             bool next, size_t staged_max, struct sg_err *err)
{
    struct sg_writer *w = NULL;
    const struct sg_batch batch = sg_model_batch(m, first, end);
    const struct sg_cover_entry cover = {early_addr(m), SG_COVER_NATIVE, 1, 1000 + end};
    const struct sg_token_hint hint = {m->tokens[0], "TOK", 18, true};
    struct sg_file_entry file = {.name = "a.csv", .table = "t"};
    const struct sg_bad_entry bad = {.file = 0, .reason = "r", .text = "x"};
    enum sg_status st = sg_writer_open(&w, dir, sg_model_chain(), next, 1, err);
    if (st == SG_OK && staged_max)
        w->staged_max = staged_max;
    if (st == SG_OK && next)
        st = sg_writer_copy_notes(w, err);
    if (st == SG_OK)
        st = sg_writer_append(w, &batch, err);
    if (st == SG_OK)
        st = sg_writer_tokens(w, &hint, 1, err);
    if (st == SG_OK)
        st = sg_writer_file(w, &file, err);
    if (st == SG_OK)
        st = sg_writer_bad(w, &bad, err);
    if (st == SG_OK)
        st = sg_writer_cover(w, &cover, 1, err);
    if (st == SG_OK)
        st = next ? sg_writer_publish(w, err) : sg_writer_commit(w, err);
    sg_writer_free(w);
    return st;
}

struct sweep {
    struct sg_model *m;
    const char *dir;
    size_t before; /* Transactions committed first. */
    bool next;     /* The second import builds a next generation of all. */
    size_t staged_max;
};

/* An empty folder with the first import in it. */
static void prepare(struct sweep *s)
{
    struct sg_err err;
    s->dir = sg_test_mkdir();
    if (s->before)
        CHECK_OK(import(s->dir, s->m, 0, s->before, false, 0, &err), &err);
}

static enum sg_status second_import(struct sweep *s, struct sg_err *err)
{
    return import(s->dir, s->m, s->next ? 0 : s->before, s->m->n_txs, s->next, s->staged_max, err);
}

/* The ledger is as before, or, if the import said so or may have, as after. */
static void check_either(struct sweep *s, bool done)
{
    struct sg_err err;
    struct sg_ledger ledger;
    const enum sg_status st = sg_ledger_open(&ledger, s->dir, sg_model_chain(), &err);
    if (st == SG_ENOTFOUND) {
        assert_int_equal(s->before, 0);
        assert_false(done);
        return;
    }
    CHECK_OK(st, &err);
    const uint64_t n_txs = ledger.stats.txs;
    assert_true(n_txs == s->m->n_txs || (!done && n_txs == s->before));
    sg_model_check(s->m, (size_t)n_txs, &ledger);
    sg_ledger_close(&ledger);
    sg_model_check_clean(s->dir);
}

/* And the next import goes on from there. */
static void check_goes_on(struct sweep *s)
{
    struct sg_err err;
    struct sg_ledger ledger;
    uint64_t n_txs = 0;
    if (sg_ledger_open(&ledger, s->dir, sg_model_chain(), &err) == SG_OK) {
        n_txs = ledger.stats.txs;
        sg_ledger_close(&ledger);
    }
    if (n_txs < s->m->n_txs)
        CHECK_OK(import(s->dir, s->m, (size_t)n_txs, s->m->n_txs, false, 0, &err), &err);
    sg_model_check_dir(s->dir, s->m, s->m->n_txs, NULL);
}

/* Once for every n; failing from there on, which other paths have, for some. */
static void sweep_memory(struct sweep *s)
{
    struct sg_err err;
    const long modes[] = {1, LONG_MAX}, steps[] = {1, 7};
    for (size_t mode = 0; mode < 2; mode++)
        for (long n = 0;; n += steps[mode]) {
            prepare(s);
            const size_t live = sg_mem_live();
            sg_mem_fault(n, modes[mode]);
            const enum sg_status st = second_import(s, &err);
            const bool fired = sg_mem_fault_fired();
            sg_mem_fault(-1, 0);
            assert_int_equal(st, fired ? SG_ENOMEM : SG_OK);
            assert_int_equal(sg_mem_live(), live);
            check_either(s, !fired);
            if (n % 21 == 0)
                check_goes_on(s);
            sg_test_rmdir(s->dir);
            if (!fired)
                break;
        }
}

/* An import makes more system calls than this, or the faults do not reach it. */
#define DISK_CALLS_MIN 3

static void sweep_disk(struct sweep *s, enum sg_io_fault_kind kind, long times)
{
    struct sg_err err;
    bool fired = true;
    long n = 0;
    for (; fired; n++) {
        prepare(s);
        sg_io_fault(n, times, kind);
        const enum sg_status st = second_import(s, &err);
        fired = sg_io_fault_fired();
        sg_io_fault(-1, 0, kind);
        if (fired && st != SG_OK)
            assert_int_equal(st, SG_EIO);
        else
            CHECK_OK(st, &err); /* Some faults have no effect: the folder's own sync. */
        check_either(s, st == SG_OK);
        check_goes_on(s);
        sg_test_rmdir(s->dir);
    }
    assert_true(n > DISK_CALLS_MIN);
}

static void test_memory_faults_leave_a_whole_ledger(void **state)
{
    (void)state;
    struct sg_model *m = sg_model_new(&shape);
    const size_t half = sg_model_cut(m, 0, m->n_txs / 2);
    struct sweep sweeps[] = {{.m = m},
                             {.m = m, .before = half, .staged_max = 1},
                             {.m = m, .before = half, .next = true}};
    for (size_t i = 0; i < SG_COUNT_OF(sweeps); i++)
        sweep_memory(&sweeps[i]);
    sg_model_free(m);
}

static void test_disk_faults_leave_a_whole_ledger(void **state)
{
    (void)state;
    struct sg_model *m = sg_model_new(&shape);
    const size_t half = sg_model_cut(m, 0, m->n_txs / 2);
    struct sweep sweeps[] = {{.m = m},
                             {.m = m, .before = half},
                             {.m = m, .before = half, .staged_max = 1},
                             {.m = m, .before = half, .next = true}};
    for (size_t i = 0; i < SG_COUNT_OF(sweeps); i++) {
        sweep_disk(&sweeps[i], SG_IO_FAULT_EIO, 1);
        sweep_disk(&sweeps[i], SG_IO_FAULT_ENOSPC, LONG_MAX);
        sweep_disk(&sweeps[i], SG_IO_FAULT_SHORT, LONG_MAX);
    }
    sg_model_free(m);
}

static bool any_row(void *ctx, const struct sg_row *row)
{
    (void)ctx;
    (void)row;
    return true;
}

static bool any_span(void *ctx, const struct sg_row_span *span)
{
    (void)ctx;
    (void)span;
    return true;
}

static bool any_cover(void *ctx, const struct sg_coverage *cover)
{
    (void)ctx;
    (void)cover;
    return true;
}

static void no_fault(void *ctx, const char *text)
{
    (void)ctx;
    fail_msg("%s", text);
}

static enum sg_status read_all(const char *dir, struct sg_err *err)
{
    struct sg_ledger ledger;
    const struct sg_addr_id ids[] = {{0}, {1}, {2}};
    enum sg_status st = sg_ledger_open(&ledger, dir, sg_model_chain(), err);
    if (st != SG_OK)
        return st;
    st = ledger.ops->rows_of(ledger.self, ids, 3, 0, any_row, NULL, err);
    if (st == SG_OK)
        st = ledger.ops->scan(ledger.self, 0, ledger.stats.rows, 63, any_span, NULL, err);
    if (st == SG_OK)
        st = ledger.ops->coverage(ledger.self, ids, 3, any_cover, NULL, err);
    sg_ledger_close(&ledger);
    return st;
}

static void test_memory_faults_of_readers(void **state)
{
    (void)state;
    struct sg_err err;
    struct sg_model *m = sg_model_new(&shape);
    const char *dir = sg_test_mkdir();
    uint64_t n_faults;
    sg_model_build(dir, m, 20, 1, 1);
    CHECK_OOM_SWEEP(read_all(dir, &err));
    CHECK_OOM_SWEEP(sg_engine_check(&n_faults, dir, sg_model_chain(), NULL, no_fault, NULL, &err));
    sg_test_rmdir(dir);
    sg_model_free(m);
}

static void test_memory_faults_of_rollback(void **state)
{
    (void)state;
    struct sg_err err;
    struct sg_model *m = sg_model_new(&shape);
    const size_t half = sg_model_cut(m, 0, m->n_txs / 2);
    for (long n = 0;; n++) {
        const char *dir = sg_test_mkdir();
        sg_model_build(dir, m, 20, 1, 1);
        const size_t live = sg_mem_live();
        sg_mem_fault(n, 1);
        const enum sg_status st =
            sg_engine_rollback(dir, sg_model_chain(), m->txs[half - 1].block, &err);
        const bool fired = sg_mem_fault_fired();
        sg_mem_fault(-1, 0);
        assert_int_equal(st, fired ? SG_ENOMEM : SG_OK);
        assert_int_equal(sg_mem_live(), live);
        sg_model_check_dir(dir, m, fired ? m->n_txs : half, NULL);
        sg_test_rmdir(dir);
        if (!fired)
            break;
    }
    sg_model_free(m);
}

/* A child that imports in small commits until it is killed. */
static void run_child(const char *dir, const struct sg_model *m, size_t first)
{
    struct sg_err err;
    struct sg_writer *w = NULL;
    if (sg_writer_open(&w, dir, sg_model_chain(), false, 2, &err) != SG_OK)
        _exit(2);
    w->staged_max = 1;
    for (size_t end; first < m->n_txs; first = end) {
        end = sg_model_cut(m, first, first + 150);
        const struct sg_batch batch = sg_model_batch(m, first, end);
        if (sg_writer_append(w, &batch, &err) != SG_OK)
            _exit(3);
        if (end % 3 == 0 && sg_writer_commit(w, &err) != SG_OK)
            _exit(4);
    }
    if (sg_writer_commit(w, &err) != SG_OK)
        _exit(5);
    sg_writer_free(w);
    _exit(0);
}

static void nap_us(uint64_t us)
{
    const struct timespec t = {(time_t)(us / 1000000), (long)(us % 1000000) * 1000};
    nanosleep(&t, NULL);
}

static size_t txs_in(const char *dir)
{
    struct sg_err err;
    struct sg_ledger ledger;
    const enum sg_status st = sg_ledger_open(&ledger, dir, sg_model_chain(), &err);
    if (st == SG_ENOTFOUND)
        return 0;
    CHECK_OK(st, &err);
    const size_t n = (size_t)ledger.stats.txs;
    sg_ledger_close(&ledger);
    return n;
}

static void test_killed_writer_leaves_a_whole_ledger(void **state)
{
    (void)state;
    struct sg_rng rng;
    sg_rng_init(&rng, sg_test_seed());
    const struct sg_model_shape large = {22, 20000, 4000, 9, 0, 3, 2, false};
    struct sg_model *m = sg_model_new(&large);
    const char *dir = sg_test_mkdir();
    size_t n = 0;
    for (int round = 0; n < m->n_txs && round < 60; round++) {
        const pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            run_child(dir, m, n);
        nap_us(1000 + sg_rng_below(&rng, 120000));
        kill(child, SIGKILL);
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
        const size_t now = txs_in(dir);
        assert_true(now >= n);
        n = now;
        if (n > 0)
            sg_model_check_dir(dir, m, n, NULL);
    }
    struct sg_err err;
    if (n < m->n_txs)
        CHECK_OK(import(dir, m, n, m->n_txs, false, 0, &err), &err);
    sg_model_check_dir(dir, m, m->n_txs, NULL);
    sg_test_rmdir(dir);
    sg_model_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory_faults_of_readers),
        cmocka_unit_test(test_memory_faults_of_rollback),
        cmocka_unit_test(test_memory_faults_leave_a_whole_ledger),
        cmocka_unit_test(test_disk_faults_leave_a_whole_ledger),
        cmocka_unit_test(test_killed_writer_leaves_a_whole_ledger),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
