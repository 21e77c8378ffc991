/* Compression: what was packed comes out again, whatever the kind and however the bytes are cut;
 * damage is told with its place. Method: pack with the libraries themselves. */
#include "support/check.h"

#include "base/rng.h"
#include "formats/inflate/inflate.h"

#include <bzlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#define TEXT_SIZE   600000
#define PACKED_SIZE 700000

enum kind { PLAIN, GZIP, ZLIB, ZSTD, BZIP2, N_KINDS };

static const char *const names[] = {"plain", "gzip", "zlib", "zstd", "bzip2"};

static uint8_t text[TEXT_SIZE];
static uint8_t packed[2 * PACKED_SIZE];

static size_t deflate_to(uint8_t *out, const uint8_t *bytes, size_t size, int window_bits)
{
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
    memcpy(&z.next_in, &bytes, sizeof(bytes));
    z.avail_in = (unsigned)size;
    z.next_out = out;
    z.avail_out = PACKED_SIZE;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    const size_t n = z.total_out;
    deflateEnd(&z);
    return n;
}

static size_t pack(enum kind kind, uint8_t *out, const uint8_t *bytes, size_t size)
{
    unsigned n = PACKED_SIZE;
    char *from;
    memcpy(&from, &bytes, sizeof(bytes));
    switch (kind) {
    case PLAIN:
        memcpy(out, bytes, size);
        return size;
    case GZIP:
        return deflate_to(out, bytes, size, 31);
    case ZLIB:
        return deflate_to(out, bytes, size, 15);
    case ZSTD:
        return ZSTD_compress(out, PACKED_SIZE, bytes, size, 3);
    case BZIP2:
        assert_int_equal(BZ2_bzBuffToBuffCompress((char *)out, &n, from, (unsigned)size, 9, 0, 0),
                         BZ_OK);
        return n;
    case N_KINDS:
        break;
    }
    return 0;
}

struct seen {
    size_t size;
    bool differs;
    enum sg_status answer;
};

/* Compare with the text, which may come several times over. */
static enum sg_status compare(void *ctx, const uint8_t *bytes, size_t size, struct sg_err *err)
{
    struct seen *seen = ctx;
    for (size_t i = 0; i < size; i++)
        seen->differs |= bytes[i] != text[(seen->size + i) % TEXT_SIZE];
    seen->size += size;
    return seen->answer == SG_OK ? SG_OK : sg_err_set(err, seen->answer, "told to stop");
}

/* Feed in steps; the first status that is not SG_OK. kind: of the stream, at its end. */
static enum sg_status unpack(struct seen *seen, const char **kind, const uint8_t *bytes,
                             size_t size, size_t step, struct sg_err *err)
{
    struct sg_inflate *inflate = NULL;
    enum sg_status st = sg_inflate_new(&inflate, compare, seen, err);
    for (size_t at = 0; st == SG_OK && at < size; at += step)
        st = sg_inflate_feed(inflate, bytes + at, size - at < step ? size - at : step, err);
    if (st == SG_OK)
        st = sg_inflate_finish(inflate, err);
    if (inflate && kind)
        *kind = sg_inflate_kind(inflate);
    sg_inflate_free(inflate);
    return st;
}

static int fill_text(void **state)
{
    (void)state;
    struct sg_rng rng;
    sg_rng_init(&rng, 7);
    for (size_t i = 0; i < TEXT_SIZE; i++)
        text[i] = (uint8_t)('0' + sg_rng_below(&rng, 10));
    return 0;
}

static void test_each_kind_comes_out_as_it_went_in(void **state)
{
    (void)state;
    static const size_t steps[] = {1, 7, 4096, 1000000};
    for (size_t i = 0; i < N_KINDS * SG_COUNT_OF(steps); i++) {
        const enum kind kind = (enum kind)(i / SG_COUNT_OF(steps));
        const size_t size = pack(kind, packed, text, TEXT_SIZE);
        struct seen seen = {0};
        const char *name = NULL;
        struct sg_err err;
        CHECK_OK(unpack(&seen, &name, packed, size, steps[i % SG_COUNT_OF(steps)], &err), &err);
        assert_int_equal(seen.size, TEXT_SIZE);
        assert_false(seen.differs);
        assert_string_equal(name, names[kind]);
    }
}

static void test_members_that_follow_each_other_are_one_text(void **state)
{
    (void)state;
    for (int kind = GZIP; kind < N_KINDS; kind++) {
        size_t size = pack((enum kind)kind, packed, text, TEXT_SIZE);
        size += pack((enum kind)kind, packed + size, text, TEXT_SIZE);
        struct seen seen = {0};
        struct sg_err err;
        CHECK_OK(unpack(&seen, NULL, packed, size, 1000, &err), &err);
        assert_int_equal(seen.size, 2 * TEXT_SIZE);
        assert_false(seen.differs);
    }
}

static void test_a_cut_file_is_refused_at_its_end_wherever_it_is_cut(void **state)
{
    (void)state;
    for (int kind = GZIP; kind < N_KINDS; kind++) {
        const size_t size = pack((enum kind)kind, packed, text, 300);
        /* Fewer bytes than tell the kind are a plain text. */
        for (size_t n = 4; n < size; n++) {
            struct seen seen = {0};
            struct sg_err err;
            assert_int_equal(unpack(&seen, NULL, packed, n, 5, &err), SG_EPARSE);
            assert_true(err.has_offset);
            assert_int_equal(err.offset, n);
            assert_non_null(strstr(err.text, "is cut"));
        }
    }
}

static void test_bytes_behind_the_end_are_refused_there(void **state)
{
    (void)state;
    for (int kind = GZIP; kind < N_KINDS; kind++) {
        const size_t size = pack((enum kind)kind, packed, text, 300);
        memcpy(packed + size, "garbage garbage", 15);
        struct seen seen = {0};
        struct sg_err err;
        assert_int_equal(unpack(&seen, NULL, packed, size + 15, 1000, &err), SG_EPARSE);
        assert_non_null(strstr(err.text, "behind the end"));
        assert_in_range(err.offset, size, size + 5);
        assert_int_equal(seen.size, 300);
    }
}

static void test_damage_inside_is_found(void **state)
{
    (void)state;
    for (int kind = GZIP; kind < N_KINDS; kind++) {
        const size_t size = pack((enum kind)kind, packed, text, TEXT_SIZE);
        packed[size / 2] ^= 0x55;
        /* zstd adds no check sum unless asked: what it cannot see it cannot tell. */
        struct seen seen = {0};
        struct sg_err err = {0};
        const enum sg_status st = unpack(&seen, NULL, packed, size, 1000, &err);
        if (kind == ZSTD && st == SG_OK)
            continue;
        assert_int_equal(st, SG_EPARSE);
        assert_true(err.has_offset);
    }
}

static void test_short_plain_texts_pass(void **state)
{
    (void)state;
    for (size_t size = 0; size < 6; size++) {
        struct seen seen = {0};
        struct sg_err err;
        CHECK_OK(unpack(&seen, NULL, text, size, 1, &err), &err);
        assert_int_equal(seen.size, size);
    }
}

/* 100 MB of one byte from 100 KB: the consumer stops it, and memory does not grow with it. */
static void test_a_bomb_takes_no_memory_and_can_be_stopped(void **state)
{
    (void)state;
    static uint8_t zeros[TEXT_SIZE];
    size_t size = 0;
    for (int i = 0; i < 100; i++)
        size += pack(GZIP, packed + size, zeros, TEXT_SIZE);
    struct seen seen = {0};
    struct sg_err err;
    sg_mem_peak_reset();
    const size_t before = sg_mem_bytes();
    CHECK_OK(unpack(&seen, NULL, packed, size, 65536, &err), &err);
    assert_int_equal(seen.size, 100 * (size_t)TEXT_SIZE);
    assert_true(sg_mem_peak() - before < 512 * 1024);
    seen = (struct seen){.answer = SG_ELIMIT};
    assert_int_equal(unpack(&seen, NULL, packed, size, 65536, &err), SG_ELIMIT);
    assert_string_equal(err.text, "told to stop");
}

static void test_every_refused_allocation_is_told(void **state)
{
    (void)state;
    for (int kind = PLAIN; kind < N_KINDS; kind++) {
        size_t size = pack((enum kind)kind, packed, text, 300);
        size += pack((enum kind)kind, packed + size, text, 300);
        struct seen seen = {0};
        CHECK_OOM_SWEEP(unpack(&seen, NULL, packed, size, 1000, NULL));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_kind_comes_out_as_it_went_in),
        cmocka_unit_test(test_members_that_follow_each_other_are_one_text),
        cmocka_unit_test(test_a_cut_file_is_refused_at_its_end_wherever_it_is_cut),
        cmocka_unit_test(test_bytes_behind_the_end_are_refused_there),
        cmocka_unit_test(test_damage_inside_is_found),
        cmocka_unit_test(test_short_plain_texts_pass),
        cmocka_unit_test(test_a_bomb_takes_no_memory_and_can_be_stopped),
        cmocka_unit_test(test_every_refused_allocation_is_told),
    };
    return cmocka_run_group_tests(tests, fill_text, NULL);
}
