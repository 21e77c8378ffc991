/* CSV: RFC 4180 as an oracle reads it, for every small text and for random ones, in pieces of every
 * size; and what happens to damage. */
#include "support/check.h"

#include "base/rng.h"
#include "formats/csv/csv.h"
#include "oracle/csv.h"

#include <stdio.h>
#include <string.h>

#define SEEN_MAX 4096

/* What the parser reported, in the oracle's form. */
struct seen {
    char text[SEEN_MAX];
    size_t n;
    uint64_t last_number;
    char reason[80];
};

static void put(struct seen *seen, const char *bytes, size_t size)
{
    const size_t room = SEEN_MAX - seen->n;
    memcpy(seen->text + seen->n, bytes, size < room ? size : room);
    seen->n += size < room ? size : room;
}

static void put_offset(struct seen *seen, const char *before, uint64_t offset, const char *behind)
{
    char number[40];
    snprintf(number, sizeof(number), "%s%llu%s", before, (unsigned long long)offset, behind);
    put(seen, number, strlen(number));
}

static enum sg_status on_record(void *ctx, const struct sg_csv_record *record, struct sg_err *err)
{
    struct seen *seen = ctx;
    (void)err;
    assert_true(record->number > seen->last_number);
    seen->last_number = record->number;
    put_offset(seen, "[", record->offset, " ");
    for (size_t i = 0; i < record->n_fields; i++) {
        if (i)
            put(seen, "|", 1);
        put(seen, record->fields[i].data, record->fields[i].size);
    }
    put(seen, "]", 1);
    return SG_OK;
}

static enum sg_status on_bad(void *ctx, const struct sg_bad_row *bad, struct sg_err *err)
{
    struct seen *seen = ctx;
    (void)err;
    assert_true(bad->text_size <= SG_BAD_TEXT_MAX);
    put_offset(seen, "!", bad->offset, "");
    snprintf(seen->reason, sizeof(seen->reason), "%s", bad->reason);
    return SG_OK;
}

static enum sg_status parse(struct seen *seen, const char *text, size_t size, size_t step,
                            struct sg_err *err)
{
    const struct sg_csv_sink sink = {on_record, on_bad, seen};
    struct sg_csv *csv = NULL;
    seen->n = 0;
    seen->last_number = 0;
    enum sg_status st = sg_csv_new(&csv, &sink, 0, err);
    for (size_t at = 0; st == SG_OK && at < size; at += step)
        st = sg_csv_feed(csv, text + at, size - at < step ? size - at : step, err);
    if (st == SG_OK)
        st = sg_csv_finish(csv, err);
    sg_csv_free(csv);
    return st;
}

static void check_against_oracle(const char *text, size_t size, size_t step)
{
    static struct seen seen;
    char wanted[SEEN_MAX];
    struct sg_err err;
    const size_t n = oracle_csv(wanted, sizeof(wanted), text, size);
    CHECK_OK(parse(&seen, text, size, step, &err), &err);
    if (seen.n != n || memcmp(seen.text, wanted, n) != 0)
        fail_msg("text '%.*s' in steps of %zu: '%.*s', wanted '%.*s'", (int)size, text, step,
                 (int)seen.n, seen.text, (int)n, wanted);
}

/* All texts of up to seven characters out of those that matter. */
static void test_every_small_text_reads_as_the_oracle_has_it(void **state)
{
    (void)state;
    static const char alphabet[] = {'a', ',', '"', '\n', '\r'};
    char text[7];
    for (size_t size = 0; size <= 7; size++) {
        size_t count = 1;
        for (size_t i = 0; i < size; i++)
            count *= sizeof(alphabet);
        for (size_t code = 0; code < count; code++) {
            size_t rest = code;
            for (size_t i = 0; i < size; i++, rest /= sizeof(alphabet))
                text[i] = alphabet[rest % sizeof(alphabet)];
            check_against_oracle(text, size, 100);
            if (size < 6)
                check_against_oracle(text, size, 1);
        }
    }
}

static void test_random_texts_read_alike_however_they_are_cut(void **state)
{
    (void)state;
    static const char alphabet[] = "abcdefgh,,,,\n\n\"\"\r0123456789";
    struct sg_rng rng;
    sg_rng_init(&rng, sg_test_seed());
    for (int i = 0; i < 3000; i++) {
        char text[300];
        const size_t size = sg_rng_below(&rng, sizeof(text));
        /* Mostly without quotes, so that long plain lines occur. */
        const size_t n_letters = sg_rng_below(&rng, 3) ? 14 : sizeof(alphabet) - 1;
        for (size_t k = 0; k < size; k++)
            text[k] = alphabet[sg_rng_below(&rng, n_letters)];
        check_against_oracle(text, size, 1 + sg_rng_below(&rng, 40));
        check_against_oracle(text, size, 1000);
    }
}

static void test_damage_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *text, *wanted, *reason;
    } cases[] = {
        {"a,b\"c\nd,e\n", "!0[6 d|e]", "a quote inside a field that does not begin with one"},
        {"\"a\"b,c\nd,e\n", "!0[7 d|e]", "text behind the quote that closes a field"},
        {"a,\"b\nc,d\ne,f\n", "!0[5 c|d][9 e|f]", "a quote is never closed"},
    };
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        static struct seen seen;
        struct sg_err err;
        CHECK_OK(parse(&seen, cases[i].text, strlen(cases[i].text), 3, &err), &err);
        assert_int_equal(seen.n, strlen(cases[i].wanted));
        assert_memory_equal(seen.text, cases[i].wanted, seen.n);
        assert_string_equal(seen.reason, cases[i].reason);
    }
}

/* A line or a quoted field above the limit costs that line alone, whatever the pieces. */
static void test_a_line_above_the_limit_is_given_up_alone(void **state)
{
    (void)state;
    static char text[SG_RECORD_BYTES_MAX + 100];
    static const size_t steps[] = {1000, 65536, sizeof(text)};
    for (size_t i = 0; i < SG_COUNT_OF(steps); i++) {
        static struct seen seen;
        struct sg_err err;
        char wanted[64];
        memset(text, 'x', sizeof(text));
        memcpy(text + sizeof(text) - 5, "\na,b\n", 5);
        CHECK_OK(parse(&seen, text, sizeof(text), steps[i], &err), &err);
        snprintf(wanted, sizeof(wanted), "!0[%zu a|b]", sizeof(text) - 4);
        assert_int_equal(seen.n, strlen(wanted));
        assert_memory_equal(seen.text, wanted, seen.n);
        assert_string_equal(seen.reason, "the line is too long");
        memcpy(text, "\"y\nc,d\n", 7);
        memset(text + 7, '\n', sizeof(text) - 12);
        CHECK_OK(parse(&seen, text, sizeof(text), steps[i], &err), &err);
        snprintf(wanted, sizeof(wanted), "!0[3 c|d][%zu a|b]", sizeof(text) - 4);
        assert_int_equal(seen.n, strlen(wanted));
        assert_memory_equal(seen.text, wanted, seen.n);
        assert_string_equal(seen.reason, "a quote is never closed");
    }
}

static void test_more_fields_than_any_source_has_are_bad(void **state)
{
    (void)state;
    char text[SG_CSV_FIELDS_MAX + 8];
    static struct seen seen;
    struct sg_err err;
    memset(text, ',', SG_CSV_FIELDS_MAX);
    memcpy(text + SG_CSV_FIELDS_MAX, "\na\n", 3);
    CHECK_OK(parse(&seen, text, SG_CSV_FIELDS_MAX + 3, 1000, &err), &err);
    assert_int_equal(seen.n, strlen("!0[257 a]"));
    assert_memory_equal(seen.text, "!0[257 a]", seen.n);
}

static void test_every_refused_allocation_is_told(void **state)
{
    (void)state;
    static const char text[] = "a,b\n\"c\",d\n\"never\nclosed\n";
    static struct seen seen;
    CHECK_OOM_SWEEP(parse(&seen, text, strlen(text), 4, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_small_text_reads_as_the_oracle_has_it),
        cmocka_unit_test(test_random_texts_read_alike_however_they_are_cut),
        cmocka_unit_test(test_damage_is_named),
        cmocka_unit_test(test_a_line_above_the_limit_is_given_up_alone),
        cmocka_unit_test(test_more_fields_than_any_source_has_are_bad),
        cmocka_unit_test(test_every_refused_allocation_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
