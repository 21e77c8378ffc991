/* Transactions in two blocks: whoever tells a block first is believed, whatever the hashes look
 * like and however many there are. Oracle: the first block of each hash, kept in a plain array. */
#include "support/check.h"

#include "base/rng.h"
#include "store/import/clash_internal.h"

#include <string.h>

enum { N_HASHES = 2000, N_TOLD = 20000, N_BLOCKS = 100 };

static void hash_of(uint8_t hash32[32], uint64_t number, bool at_end)
{
    memset(hash32, 0, 32);
    for (size_t i = 0; i < 8; i++)
        hash32[at_end ? 24 + i : i] = (uint8_t)(number >> (8 * i));
}

static const char *dir;

static int make_dir(void **state)
{
    (void)state;
    dir = sg_test_mkdir();
    return 0;
}

static int remove_dir(void **state)
{
    (void)state;
    sg_test_rmdir(dir);
    return 0;
}

/* What was told, to be told again. */
struct saying {
    uint64_t number, block;
};

/* Finish, and recall backwards if that is asked for. */
static enum sg_status settle(struct sg_clash *clash, const struct saying *said, size_t n,
                             bool at_end, uint64_t max, struct sg_err *err)
{
    bool recall = false;
    enum sg_status st = sg_clash_finish(&recall, clash, NULL, max, err);
    if (st != SG_OK || !recall)
        return st;
    for (size_t i = n; st == SG_OK && i-- > 0;) {
        uint8_t hash32[32];
        hash_of(hash32, said[i].number, at_end);
        /* Two files: the offset begins again. */
        st = sg_clash_recall(clash, hash32, said[i].block, i >= n / 2, i % (n / 2 + 1), err);
    }
    return st == SG_OK ? sg_clash_settle(clash, NULL, err) : st;
}

static void check_world(uint64_t n_blocks, bool at_end, size_t memory_max, struct sg_rng *rng)
{
    static uint64_t first[N_HASHES];
    static bool told[N_HASHES][N_BLOCKS];
    static struct saying said[N_TOLD];
    struct sg_err err;
    struct sg_clash *clash = NULL;
    uint8_t hash32[32];
    memset(first, 0xff, sizeof(first));
    memset(told, 0, sizeof(told));
    CHECK_OK(sg_clash_new(&clash, dir, memory_max, true, &err), &err);
    for (size_t i = 0; i < N_TOLD; i++) {
        const uint64_t number = sg_rng_below(rng, N_HASHES);
        const uint64_t block = sg_rng_below(rng, n_blocks);
        if (first[number] == UINT64_MAX)
            first[number] = block;
        told[number][block] = true;
        said[i] = (struct saying){number, block};
        hash_of(hash32, number, at_end);
        CHECK_OK(sg_clash_add(clash, hash32, block, &err), &err);
        if (sg_rng_below(rng, 2))
            CHECK_OK(sg_clash_add(clash, hash32, block, &err), &err);
    }
    CHECK_OK(settle(clash, said, N_TOLD, at_end, N_TOLD, &err), &err);
    for (uint64_t number = 0; number < N_HASHES; number++) {
        hash_of(hash32, number, at_end);
        for (uint64_t block = 0; block < n_blocks; block++)
            assert_int_equal(sg_clash_refuses(clash, hash32, block),
                             told[number][block] && block != first[number]);
    }
    sg_clash_free(clash);
}

static void test_the_first_block_is_believed(void **state)
{
    (void)state;
    struct sg_rng rng;
    sg_rng_init(&rng, sg_test_seed());
    for (int at_end = 0; at_end < 2; at_end++) {
        check_world(1, at_end, (size_t)4 << 20, &rng);
        check_world(3, at_end, (size_t)4 << 20, &rng);
        check_world(N_BLOCKS, at_end, (size_t)256 << 10, &rng);
    }
}

static void test_the_other_block_is_refused_and_no_third(void **state)
{
    (void)state;
    struct sg_err err;
    struct sg_clash *clash = NULL;
    static const struct saying said[] = {{1, 7}, {2, 7}, {1, 9}, {1, 7}};
    uint8_t a[32], b[32];
    hash_of(a, 1, true);
    hash_of(b, 2, true);
    CHECK_OK(sg_clash_new(&clash, dir, (size_t)1 << 20, false, &err), &err);
    CHECK_OK(sg_clash_add(clash, a, 7, &err), &err);
    CHECK_OK(sg_clash_add(clash, b, 7, &err), &err);
    CHECK_OK(sg_clash_add(clash, a, 9, &err), &err);
    CHECK_OK(sg_clash_add(clash, a, 7, &err), &err);
    CHECK_OK(settle(clash, said, SG_COUNT_OF(said), true, 1, &err), &err);
    assert_false(sg_clash_refuses(clash, a, 7));
    assert_true(sg_clash_refuses(clash, a, 9));
    assert_false(sg_clash_refuses(clash, a, 8));
    assert_false(sg_clash_refuses(clash, b, 7));
    sg_clash_free(clash);
}

static enum sg_status refuse_once(uint64_t max)
{
    static const struct saying said[] = {{1, 7}, {1, 9}};
    struct sg_err err;
    struct sg_clash *clash = NULL;
    uint8_t a[32];
    hash_of(a, 1, true);
    enum sg_status st = sg_clash_new(&clash, dir, (size_t)1 << 20, false, &err);
    if (st == SG_OK)
        st = sg_clash_add(clash, a, 7, &err);
    if (st == SG_OK)
        st = sg_clash_add(clash, a, 9, &err);
    if (st == SG_OK)
        st = settle(clash, said, SG_COUNT_OF(said), true, max, &err);
    sg_clash_free(clash);
    return st;
}

static void test_more_refusals_than_bad_rows_are_allowed_are_an_error(void **state)
{
    (void)state;
    assert_int_equal(refuse_once(0), SG_ELIMIT);
    assert_int_equal(refuse_once(1), SG_OK);
}

static void test_every_allocation_may_fail(void **state)
{
    (void)state;
    CHECK_OOM_SWEEP(refuse_once(1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_first_block_is_believed),
        cmocka_unit_test(test_the_other_block_is_refused_and_no_third),
        cmocka_unit_test(test_more_refusals_than_bad_rows_are_allowed_are_an_error),
        cmocka_unit_test(test_every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
