/* Goal: what goes into a ledger comes out of it, by every operation, whatever the sizes and the
 * cuts between batches. Method: random worlds against plain arrays (support/ledger_model.h). */
#include "support/check.h"
#include "support/ledger_model.h"

static void round_trip(const struct sg_model_shape *shape, size_t step, size_t commits,
                       uint8_t *state32)
{
    struct sg_model *m = sg_model_new(shape);
    const char *dir = sg_test_mkdir();
    sg_model_build(dir, m, step, commits, 2);
    sg_model_check_dir(dir, m, m->n_txs, state32);
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
    sg_model_build(dir, m, 5000, 1, 8);
    sg_model_check_dir(dir, m, m->n_txs, threads);
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

static void roll_back(const struct sg_model_shape *shape, struct sg_rng *rng)
{
    struct sg_err err;
    uint8_t state32[32];
    struct sg_model *m = sg_model_new(shape);
    const char *dir = sg_test_mkdir();
    const size_t kept = sg_model_cut(m, 0, (size_t)sg_rng_below(rng, m->n_txs));
    sg_model_build(dir, m, 1 + (size_t)sg_rng_below(rng, m->n_txs), 1, 1);
    CHECK_OK(sg_engine_rollback(dir, sg_model_chain(), m->txs[kept - 1].block, &err), &err);
    sg_model_check_dir(dir, m, kept, state32);
    struct sg_writer *writer = NULL;
    CHECK_OK(sg_writer_open(&writer, dir, sg_model_chain(), false, 1, &err), &err);
    if (kept < m->n_txs)
        sg_model_append(writer, m, kept, m->n_txs);
    CHECK_OK(sg_writer_commit(writer, &err), &err);
    sg_writer_free(writer);
    sg_model_check_dir(dir, m, m->n_txs, NULL);
    sg_test_rmdir(dir);
    /* As if the blocks above had never been. */
    uint8_t straight[32];
    dir = sg_test_mkdir();
    m->n_txs = kept;
    sg_model_build(dir, m, kept, 1, 1);
    sg_model_check_dir(dir, m, kept, straight);
    assert_memory_equal(state32, straight, 32);
    sg_test_rmdir(dir);
    sg_model_free(m);
}

static void test_rollback_leaves_what_was_before(void **state)
{
    (void)state;
    struct sg_rng rng;
    sg_rng_init(&rng, sg_test_seed());
    for (int i = 0; i < 20; i++) {
        const struct sg_model_shape shape = {.seed = sg_rng_next(&rng),
                                             .n_txs = 1 + sg_rng_below(&rng, 300),
                                             .n_pool = 1 + sg_rng_below(&rng, 400),
                                             .n_tokens = 8,
                                             .rows_max = 3,
                                             .txs_max = 4};
        roll_back(&shape, &rng);
    }
    const struct sg_model_shape large = {sg_rng_next(&rng), 150000, 90000, 50, 0, 2, 5, false};
    roll_back(&large, &rng);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_worlds_round_trip),
        cmocka_unit_test(test_state_does_not_depend_on_cuts_or_threads),
        cmocka_unit_test(test_chunk_boundaries),
        cmocka_unit_test(test_rollback_leaves_what_was_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
