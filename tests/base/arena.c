/* Goal: objects are zeroed, aligned, apart from each other, and gone together. Method: random
 * sizes, each object filled with its own number and read back at the end. */
#include "support/check.h"

#include "base/arena.h"
#include "base/rng.h"

#include <stdalign.h>
#include <string.h>

#define N_OBJECTS 3000

struct object {
    unsigned char *bytes;
    size_t size;
};

static size_t random_size(struct sg_rng *rng)
{
    /* Mostly small, now and then larger than a block of the arena. */
    return (size_t)sg_rng_below(rng, sg_rng_below(rng, 100) == 0 ? 200000 : 300);
}

static void make_object(struct object *object, struct sg_arena *arena, size_t size, int mark)
{
    object->size = size;
    object->bytes = sg_arena_alloc(arena, size, 1);
    assert_non_null(object->bytes);
    assert_int_equal((uintptr_t)object->bytes % alignof(max_align_t), 0);
    for (size_t i = 0; i < size; i++)
        assert_int_equal(object->bytes[i], 0);
    memset(object->bytes, mark, size);
}

static void test_objects_are_zeroed_aligned_and_apart(void **state)
{
    (void)state;
    static struct object objects[N_OBJECTS];
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_rng rng;
    const size_t live = sg_mem_live();
    sg_rng_init(&rng, sg_test_seed());
    for (size_t i = 0; i < N_OBJECTS; i++)
        make_object(&objects[i], &arena, random_size(&rng), (int)(i % 255 + 1));
    for (size_t i = 0; i < N_OBJECTS; i++)
        for (size_t b = 0; b < objects[i].size; b++)
            if (objects[i].bytes[b] != i % 255 + 1)
                fail_msg("object %zu was overwritten at byte %zu", i, b);
    sg_arena_clear(&arena);
    assert_int_equal(sg_mem_live(), live);
}

static void test_a_cleared_arena_serves_again(void **state)
{
    (void)state;
    struct sg_arena arena = SG_ARENA_INIT;
    struct object object;
    sg_arena_clear(&arena);
    for (int round = 0; round < 3; round++) {
        make_object(&object, &arena, 100, 0xff);
        sg_arena_clear(&arena);
        assert_null(arena.blocks);
    }
}

static void test_sizes_that_cannot_be_are_refused(void **state)
{
    (void)state;
    struct sg_arena arena = SG_ARENA_INIT;
    assert_null(sg_arena_alloc(&arena, SIZE_MAX, 2));
    assert_null(sg_arena_alloc(&arena, SIZE_MAX, 1));
    assert_null(sg_arena_alloc(&arena, SIZE_MAX / 2 + 1, 1));
    assert_null(sg_arena_strndup(&arena, "x", SIZE_MAX));
    assert_non_null(sg_arena_alloc(&arena, 0, 8));
    sg_arena_clear(&arena);
}

static void test_copies_of_text_are_terminated(void **state)
{
    (void)state;
    struct sg_arena arena = SG_ARENA_INIT;
    const char *copy = sg_arena_strndup(&arena, "ab\0cdef", 5);
    assert_non_null(copy);
    assert_memory_equal(copy, "ab\0cd", 6);
    copy = sg_arena_strndup(&arena, "", 0);
    assert_non_null(copy);
    assert_string_equal(copy, "");
    sg_arena_clear(&arena);
}

static enum sg_status build_and_clear(void)
{
    struct sg_arena arena = SG_ARENA_INIT;
    enum sg_status st = SG_OK;
    for (size_t i = 0; st == SG_OK && i < 40; i++)
        if (!sg_arena_alloc(&arena, i, 1000) || !sg_arena_strndup(&arena, "name", 4))
            st = SG_ENOMEM;
    sg_arena_clear(&arena);
    return st;
}

static void test_no_allocation_that_fails_leaks(void **state)
{
    (void)state;
    CHECK_OOM_SWEEP(build_and_clear());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_objects_are_zeroed_aligned_and_apart),
        cmocka_unit_test(test_a_cleared_arena_serves_again),
        cmocka_unit_test(test_sizes_that_cannot_be_are_refused),
        cmocka_unit_test(test_copies_of_text_are_terminated),
        cmocka_unit_test(test_no_allocation_that_fails_leaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
