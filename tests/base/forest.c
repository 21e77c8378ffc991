/* Goal: two elements have one root if a chain of joins leads from one to the other, and the root is
 * the lowest of them. Method: labels spread until nothing changes, after joins in two orders. */
#include "base/forest.h"
#include "base/rng.h"
#include "support/check.h"

#define N       60u
#define JOINS   40u
#define N_TRIES 200u

static void spread(uint32_t label[N], uint32_t joins[JOINS][2])
{
    bool changed = true;
    for (uint32_t i = 0; i < N; i++)
        label[i] = i;
    while (changed) {
        changed = false;
        for (size_t i = 0; i < JOINS; i++) {
            uint32_t *a = &label[joins[i][0]], *b = &label[joins[i][1]];
            changed |= *a != *b;
            *a = *b = *a < *b ? *a : *b;
        }
    }
}

static void test_roots_are_the_lowest_whatever_the_order(void **state)
{
    (void)state;
    struct sg_rng rng;
    sg_rng_init(&rng, sg_test_seed());
    for (unsigned try = 0; try < N_TRIES; try++) {
        uint32_t joins[JOINS][2], label[N], forward[N], backward[N];
        for (uint32_t i = 0; i < N; i++)
            forward[i] = backward[i] = i;
        for (size_t i = 0; i < JOINS; i++)
            for (size_t k = 0; k < 2; k++)
                joins[i][k] = (uint32_t)sg_rng_below(&rng, N);
        for (size_t i = 0; i < JOINS; i++) {
            sg_forest_join(forward, joins[i][0], joins[i][1]);
            sg_forest_join(backward, joins[JOINS - 1 - i][1], joins[JOINS - 1 - i][0]);
        }
        spread(label, joins);
        for (uint32_t i = 0; i < N; i++) {
            assert_int_equal(sg_forest_root(forward, i), label[i]);
            assert_int_equal(sg_forest_root(backward, i), label[i]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_roots_are_the_lowest_whatever_the_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
