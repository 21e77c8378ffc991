/* Goal: what goes into a ledger comes out of it, by every operation, whatever the sizes and the
 * cuts between batches. Method: random worlds against plain arrays (support/ledger_model.h). */
#include "support/check.h"
#include "support/ledger_model.h"

#include <stdio.h>
#include <string.h>

static const struct sg_chain *ethereum(void)
{
    const struct sg_chain *chain = sg_chain_find("ethereum", 8);
    assert_non_null(chain);
    return chain;
}

static void append(struct sg_writer *writer, const struct sg_model *m, size_t first, size_t end)
{
    struct sg_err err;
    const struct sg_batch batch = sg_model_batch(m, first, end);
    CHECK_OK(sg_writer_append(writer, &batch, &err), &err);
}

static void check_ledger(const char *dir, struct sg_model *m, size_t n_txs, uint8_t *state32)
{
    struct sg_err err;
    struct sg_ledger ledger;
    CHECK_OK(sg_ledger_open(&ledger, dir, ethereum(), &err), &err);
    sg_model_check(m, n_txs, &ledger);
    if (state32)
        memcpy(state32, ledger.stats.state32, 32);
    sg_ledger_close(&ledger);
}

/* Append a world in batches of about `step` transactions, committing every `commits` of them. */
static void build(const char *dir, const struct sg_model *m, size_t step, size_t commits,
                  size_t n_threads)
{
    struct sg_err err;
    struct sg_writer *writer = NULL;
    size_t n = 0;
    CHECK_OK(sg_writer_open(&writer, dir, ethereum(), false, n_threads, &err), &err);
    for (size_t first = 0, end; first < m->n_txs; first = end) {
        end = sg_model_cut(m, first, first + step);
        append(writer, m, first, end);
        if (++n % commits == 0)
            CHECK_OK(sg_writer_commit(writer, &err), &err);
    }
    CHECK_OK(sg_writer_commit(writer, &err), &err);
    sg_writer_free(writer);
}

static void round_trip(const struct sg_model_shape *shape, size_t step, size_t commits,
                       uint8_t *state32)
{
    struct sg_model *m = sg_model_new(shape);
    const char *dir = sg_test_mkdir();
    build(dir, m, step, commits, 2);
    check_ledger(dir, m, m->n_txs, state32);
    sg_test_rmdir(dir);
    sg_model_free(m);
}

static void test_random_worlds_round_trip(void **state)
{
    (void)state;
    struct sg_rng rng;
    sg_rng_init(&rng, sg_test_seed());
    for (int i = 0; i < 30; i++) {
        const struct sg_model_shape shape = {.seed = sg_rng_next(&rng),
                                             .n_txs = 1 + sg_rng_below(&rng, 400),
                                             .n_pool = 1 + sg_rng_below(&rng, 200),
                                             .n_tokens = sg_rng_below(&rng, 10),
                                             .rows_max = 1 + (unsigned)sg_rng_below(&rng, 6),
                                             .txs_max = 1 + (unsigned)sg_rng_below(&rng, 5),
                                             .texts = i % 3 == 0};
        round_trip(&shape, 1 + sg_rng_below(&rng, 100), 1 + sg_rng_below(&rng, 4), NULL);
    }
}

static void test_state_does_not_depend_on_cuts_or_threads(void **state)
{
    (void)state;
    const struct sg_model_shape shape = {sg_test_seed(), 5000, 900, 20, 0, 4, 3, false};
    uint8_t whole[32], pieces[32], threads[32];
    round_trip(&shape, 5000, 1, whole);
    round_trip(&shape, 37, 3, pieces);
    assert_memory_equal(whole, pieces, 32);
    struct sg_model *m = sg_model_new(&shape);
    const char *dir = sg_test_mkdir();
    build(dir, m, 5000, 1, 8);
    check_ledger(dir, m, m->n_txs, threads);
    assert_memory_equal(whole, threads, 32);
    sg_test_rmdir(dir);
    sg_model_free(m);
}

static void test_chunk_boundaries(void **state)
{
    (void)state;
    /* One row a transaction, so rows and transactions meet the boundary together. */
    for (size_t n = 65535; n <= 65537; n++) {
        const struct sg_model_shape shape = {n, n, 70000, 5, 1, 1, 1, false};
        round_trip(&shape, 30000, 1, NULL);
        round_trip(&shape, 65536, 2, NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_worlds_round_trip),
        cmocka_unit_test(test_state_does_not_depend_on_cuts_or_threads),
        cmocka_unit_test(test_chunk_boundaries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
