/* Goal: a column says the values that it was made of, from any place on, whatever way it was
 * packed; takes what its way promises; and a header that does not fit its payload is refused.
 * Method: random values of every size and shape, read again in pieces; then single bytes changed.
 */
#include "support/check.h"

#include "base/rng.h"
#include "store/engine/column_internal.h"

#include <string.h>

#define N_MAX 3000u

enum shape { ALIKE, SMALL, ANY, RARE_LARGE, RISING, ROUND, WITH_NONE, SHAPES };

static sg_u128 draw(struct sg_rng *rng, enum shape shape, sg_u128 before)
{
    const uint64_t a = sg_rng_next(rng), b = sg_rng_next(rng);
    switch (shape) {
    case ALIKE:
        return 77;
    case SMALL:
        return 1000 + a % 100;
    case RARE_LARGE:
        return a % 50 ? b % 16 : (sg_u128)a << 64 | b;
    case RISING:
        return before + a % 4 % 3;
    case ROUND:
        return a % 3 ? (sg_u128)(b % 1000000) * 1000000000 : b % 1000000;
    case WITH_NONE:
        return a % 9 ? b % 5000 : UINT32_MAX;
    case ANY:
    case SHAPES:
        break;
    }
    return ((sg_u128)a << 64 | b) >> a % 128;
}

static void fill(uint8_t *values, struct sg_rng *rng, enum shape shape, size_t n, unsigned elem)
{
    sg_u128 value = sg_rng_next(rng) % 200;
    for (size_t i = 0; i < n; i++) {
        value = draw(rng, shape, value);
        memcpy(values + i * elem, &value, elem);
    }
}

static enum sg_status open_whole(struct sg_column *column, const uint8_t *bytes, size_t size,
                                 unsigned elem)
{
    return sg_column_open(column, (struct sg_bytes){bytes, SG_COLUMN_HEADER},
                          (struct sg_bytes){bytes + SG_COLUMN_HEADER, size - SG_COLUMN_HEADER},
                          elem, NULL);
}

/* The encoded bytes are copied to an allocation of just their size, so that a read too far shows.
 */
static uint8_t *encode(size_t *size, const uint8_t *values, size_t n, unsigned elem)
{
    uint8_t *room = sg_mem_alloc(sg_column_bound(n, elem), 1);
    assert_non_null(room);
    *size = sg_column_encode(room, values, n, elem);
    assert_true(*size <= sg_column_bound(n, elem));
    uint8_t *exact = sg_mem_alloc(*size, 1);
    assert_non_null(exact);
    memcpy(exact, room, *size);
    sg_mem_free(room);
    return exact;
}

static void check_pieces(const struct sg_column *column, const uint8_t *values, size_t n,
                         unsigned elem, struct sg_rng *rng)
{
    uint8_t *back = sg_mem_alloc(n, elem);
    assert_non_null(back);
    for (int i = 0; i < 20; i++) {
        const size_t first = i ? sg_rng_below(rng, n) : 0;
        const size_t some = i ? 1 + sg_rng_below(rng, n - first) : n;
        memset(back, 0xa5, n * elem);
        sg_column_decode(back, column, first, some);
        assert_memory_equal(back, values + first * elem, some * elem);
    }
    sg_mem_free(back);
}

static void test_values_come_back(void **state)
{
    (void)state;
    static const unsigned elems[] = {1, 4, 8, 16};
    static uint8_t values[N_MAX * 16];
    struct sg_rng rng;
    sg_rng_init(&rng, sg_test_seed());
    for (int round = 0; round < 400; round++) {
        const unsigned elem = elems[round % 4];
        const size_t n = 1 + sg_rng_below(&rng, N_MAX - 1);
        struct sg_column column;
        size_t size;
        fill(values, &rng, (enum shape)(sg_rng_below(&rng, SHAPES)), n, elem);
        uint8_t *bytes = encode(&size, values, n, elem);
        assert_int_equal(open_whole(&column, bytes, size, elem), SG_OK);
        assert_int_equal(sg_column_is_bare(bytes), size == SG_COLUMN_HEADER);
        check_pieces(&column, values, n, elem, &rng);
        sg_mem_free(bytes);
    }
}

static double bits_of(enum shape shape, unsigned elem, enum sg_column_way way)
{
    static uint8_t values[N_MAX * 16];
    struct sg_rng rng;
    size_t size;
    sg_rng_init(&rng, 5);
    fill(values, &rng, shape, N_MAX, elem);
    uint8_t *bytes = encode(&size, values, N_MAX, elem);
    assert_int_equal(bytes[2], way);
    sg_mem_free(bytes);
    return (double)(size - SG_COLUMN_HEADER) * 8 / N_MAX;
}

static void test_each_way_takes_what_it_promises(void **state)
{
    (void)state;
    assert_true(bits_of(ALIKE, 16, SG_COLUMN_PLAIN) == 0);
    assert_true(bits_of(SMALL, 8, SG_COLUMN_PLAIN) < 7.1);
    assert_true(bits_of(WITH_NONE, 4, SG_COLUMN_PLAIN) < 13.1);
    assert_true(bits_of(RARE_LARGE, 16, SG_COLUMN_PLAIN) < 7.5); /* 4, and a fiftieth of 144 */
    assert_true(bits_of(RISING, 8, SG_COLUMN_STEPS) < 2.6);      /* 2, and a sample of 32 in 64 */
    assert_true(bits_of(ROUND, 16, SG_COLUMN_SCALED) < 21.1);    /* 20, and which */
}

static void test_headers_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    static uint8_t values[600 * 16];
    struct sg_rng rng;
    struct sg_column column;
    size_t size;
    sg_rng_init(&rng, sg_test_seed());
    for (unsigned shape = 0; shape < SHAPES; shape++) {
        fill(values, &rng, (enum shape)shape, 600, 16);
        uint8_t *bytes = encode(&size, values, 600, 16);
        assert_int_equal(open_whole(&column, bytes, size, 8), SG_ECORRUPT);
        assert_int_equal(open_whole(&column, bytes, size - (shape != ALIKE), 16),
                         shape == ALIKE ? SG_OK : SG_ECORRUPT);
        for (int i = 0; i < 300; i++) {
            const size_t at = sg_rng_below(&rng, i % 2 ? 16 : size);
            const uint8_t was = bytes[at];
            bytes[at] = (uint8_t)sg_rng_next(&rng);
            if (open_whole(&column, bytes, size, 16) == SG_OK)
                sg_column_decode(values, &column, 0, column.count < 600 ? column.count : 600);
            bytes[at] = was;
        }
        sg_mem_free(bytes);
    }
}

static void test_hashes_that_are_not_there_take_nothing(void **state)
{
    (void)state;
    static uint8_t hashes[40][SG_ELEM_HASH], back[40][SG_ELEM_HASH];
    struct sg_column column;
    size_t size;
    for (int last = 0; last < 2; last++) {
        hashes[39][31] = (uint8_t)last;
        uint8_t *bytes = encode(&size, hashes[0], 40, SG_ELEM_HASH);
        assert_int_equal(size, SG_COLUMN_HEADER + (last ? sizeof(hashes) : 0));
        assert_int_equal(open_whole(&column, bytes, size, SG_ELEM_HASH), SG_OK);
        memset(back, 0xa5, sizeof(back));
        sg_column_decode(back, &column, 0, 40);
        assert_memory_equal(back, hashes, sizeof(back));
        sg_mem_free(bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_come_back),
        cmocka_unit_test(test_each_way_takes_what_it_promises),
        cmocka_unit_test(test_headers_that_do_not_fit_are_refused),
        cmocka_unit_test(test_hashes_that_are_not_there_take_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
