/* Goal: lists of segments stay short whatever the runs' sizes. Method: the rule that
 * segment_internal.h states, after each run that is added to a list whose due ends are merged. */
#include "support/check.h"

#include "base/rng.h"
#include "store/engine/segment_internal.h"

static void merge_due(struct sg_segments *list)
{
    const size_t due = sg_segments_due(list, 0);
    if (!due)
        return;
    uint64_t total = 0;
    for (size_t i = list->n - due; i < list->n; i++)
        total += list->items[i].n;
    CHECK(2 * list->items[list->n - due].n <= total); /* so an entry is copied a log of times */
    list->n -= due - 1;
    list->items[list->n - 1].n = total;
}

static void check_rule(const struct sg_segments *list)
{
    uint64_t after = 0;
    for (size_t i = list->n; i-- > 0;) {
        CHECK(list->items[i].n > after);
        after += list->items[i].n;
    }
}

static void add_runs(unsigned way, struct sg_rng *rng)
{
    struct sg_segments list = {0};
    for (uint64_t i = 0; i < 1000; i++) {
        const uint64_t sizes[] = {7, 5000 - 5 * i, 1 + i, 1 + sg_rng_below(rng, 1000),
                                  (uint64_t)1 << (40 - i % 40)};
        CHECK(list.n < SG_SEGMENTS_MAX);
        list.items[list.n++].n = sizes[way];
        merge_due(&list);
        check_rule(&list);
    }
}

static void test_after_each_run_every_segment_has_more_than_all_after_it(void **state)
{
    struct sg_rng rng;
    (void)state;
    sg_rng_init(&rng, sg_test_seed());
    for (unsigned way = 0; way < 5; way++)
        add_runs(way, &rng);
}

static void test_segments_below_the_first_one_asked_about_stay_as_they_are(void **state)
{
    struct sg_segments list = {.n = 4};
    const uint64_t sizes[] = {1, 9, 9, 9};
    (void)state;
    for (size_t i = 0; i < 4; i++)
        list.items[i].n = sizes[i];
    assert_int_equal(sg_segments_due(&list, 0), 4);
    assert_int_equal(sg_segments_due(&list, 1), 3);
    assert_int_equal(sg_segments_due(&list, 2), 2);
    assert_int_equal(sg_segments_due(&list, 3), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_after_each_run_every_segment_has_more_than_all_after_it),
        cmocka_unit_test(test_segments_below_the_first_one_asked_about_stay_as_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
