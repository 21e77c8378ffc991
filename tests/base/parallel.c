/* Goal: every item once, whatever the number of threads, and the same result. Method: counters an
 * item, for many shapes of loop. */
#include "support/check.h"

#include "base/parallel.h"
#include "base/progress.h"

#include <stdatomic.h>
#include <string.h>

#define ITEMS_MAX 1000

struct work {
    atomic_uint visits[ITEMS_MAX + 1];
    uint64_t squares[ITEMS_MAX + 1];
};

static void visit(void *ctx, size_t index)
{
    struct work *work = ctx;
    atomic_fetch_add(&work->visits[index], 1);
    work->squares[index] = (uint64_t)index * index;
}

static void test_every_item_is_visited_once(void **state)
{
    (void)state;
    static const size_t threads[] = {0, 1, 2, 3, 8, 64, 65, SIZE_MAX};
    static const size_t items[] = {0, 1, 2, 7, 64, ITEMS_MAX};
    for (size_t t = 0; t < SG_COUNT_OF(threads); t++)
        for (size_t n = 0; n < SG_COUNT_OF(items); n++) {
            static struct work work;
            memset(&work, 0, sizeof(work));
            sg_parallel_for(threads[t], items[n], visit, &work);
            for (size_t i = 0; i <= ITEMS_MAX; i++) {
                assert_int_equal(atomic_load(&work.visits[i]), i < items[n]);
                assert_int_equal(work.squares[i], i < items[n] ? i * i : 0);
            }
        }
}

struct queue {
    atomic_uint in_slot[7], finishing;
    size_t n_slots, n_finished, stop_at;
    atomic_size_t n_worked;
};

static void queue_work(void *ctx, size_t index)
{
    struct queue *q = ctx;
    CHECK(atomic_fetch_add(&q->in_slot[index % q->n_slots], 1) == 0);
    atomic_fetch_add(&q->n_worked, 1);
}

static bool queue_finish(void *ctx, size_t index)
{
    struct queue *q = ctx;
    CHECK(atomic_fetch_add(&q->finishing, 1) == 0);
    assert_int_equal(index, q->n_finished);
    q->n_finished++;
    CHECK(atomic_fetch_sub(&q->in_slot[index % q->n_slots], 1) == 1);
    atomic_fetch_sub(&q->finishing, 1);
    return index != q->stop_at;
}

static void test_items_are_finished_in_order_and_no_place_is_used_twice_at_once(void **state)
{
    (void)state;
    static const size_t threads[] = {0, 1, 2, 3, 8, SIZE_MAX};
    static const size_t items[] = {0, 1, 2, 7, 64, ITEMS_MAX};
    for (size_t t = 0; t < SG_COUNT_OF(threads); t++)
        for (size_t n = 0; n < SG_COUNT_OF(items); n++)
            for (size_t n_slots = 1; n_slots <= 7; n_slots += 2) {
                struct queue q = {.n_slots = n_slots, .stop_at = SIZE_MAX};
                sg_parallel_in_order(threads[t], n_slots, items[n], queue_work, queue_finish, &q);
                assert_int_equal(q.n_finished, items[n]);
                assert_int_equal(atomic_load(&q.n_worked), items[n]);
            }
}

static void test_a_finish_that_says_so_ends_the_line(void **state)
{
    (void)state;
    for (size_t threads = 1; threads < 5; threads++) {
        struct queue q = {.n_slots = 3, .stop_at = 10};
        sg_parallel_in_order(threads, 3, ITEMS_MAX, queue_work, queue_finish, &q);
        assert_int_equal(q.n_finished, 11);
        CHECK(atomic_load(&q.n_worked) <= 11 + 3);
    }
}

static void *square_all(void *ctx)
{
    struct work *work = ctx;
    for (size_t i = 0; i < ITEMS_MAX; i++)
        visit(work, i);
    return ctx;
}

static void test_a_task_is_done_once_waited_for_beside_or_not(void **state)
{
    (void)state;
    for (int beside = 0; beside < 2; beside++) {
        static struct work work;
        struct sg_task task = {0};
        memset(&work, 0, sizeof(work));
        sg_task_wait(&task); /* Nothing to wait for. */
        for (unsigned round = 1; round <= 3; round++) {
            sg_task_start(&task, beside, square_all, &work);
            assert_false(!beside && task.running);
            sg_task_wait(&task);
            assert_false(task.running);
            for (size_t i = 0; i < ITEMS_MAX; i++)
                assert_int_equal(atomic_load(&work.visits[i]), round);
        }
    }
}

static bool stop_at_three(void *ctx, uint64_t done, uint64_t total)
{
    *(uint64_t *)ctx = total;
    return done < 3;
}

static void test_progress_may_be_absent_and_may_stop_the_work(void **state)
{
    (void)state;
    uint64_t total = 0;
    const struct sg_progress nobody = {NULL, NULL};
    const struct sg_progress progress = {stop_at_three, &total};
    assert_true(sg_progress_step(NULL, 1, 2));
    assert_true(sg_progress_step(&nobody, 1, 2));
    assert_true(sg_progress_step(&progress, 2, 10));
    assert_false(sg_progress_step(&progress, 3, 10));
    assert_int_equal(total, 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_item_is_visited_once),
        cmocka_unit_test(test_items_are_finished_in_order_and_no_place_is_used_twice_at_once),
        cmocka_unit_test(test_a_finish_that_says_so_ends_the_line),
        cmocka_unit_test(test_a_task_is_done_once_waited_for_beside_or_not),
        cmocka_unit_test(test_progress_may_be_absent_and_may_stop_the_work),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
