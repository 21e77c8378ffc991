/* Goal: whatever is written is JSON by the letter and says what was meant. Method: random documents
 * are written and read back by a strict reader that shares no code with the writer; the sequence of
 * events must be the one that was asked for. */
#include "support/check.h"

#include "support/json.h"

#include "base/civil.h"
#include "base/jsonw.h"
#include "base/rng.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Both sides of the comparison: one line an event. */
static void note(void *ctx, enum json_event event, const char *text, size_t size)
{
    static const char marks[] = "{}[]ksntf0";
    struct sg_buf *buf = ctx;
    sg_buf_putc(buf, marks[event]);
    sg_buf_append(buf, text, size);
    sg_buf_putc(buf, '\n');
}

struct world {
    struct sg_rng rng;
    struct sg_jsonw w;
    struct sg_buf expected;
    unsigned n_left; /* values still to write, so that a document ends */
    unsigned n_keys;
};

static void random_text(struct world *world, char text[32], size_t *size)
{
    static const char *const pieces[] = {
        "a", "\"", "\\", "\n", "\t", "\x01", "\x7f", "/", "é", "\xe2\x82\xac", "\xf0\x9f\x98\x80",
        ","};
    *size = 0;
    for (uint64_t n = sg_rng_below(&world->rng, 7); n; n--) {
        const char *piece = pieces[sg_rng_below(&world->rng, SG_COUNT_OF(pieces))];
        memcpy(text + *size, piece, strlen(piece));
        *size += strlen(piece);
    }
}

static void write_value(struct world *world);

static void write_key(struct world *world)
{
    char key[32];
    const int n = snprintf(key, sizeof(key), "k\"%u", world->n_keys++);
    sg_jsonw_key_text(&world->w, key, (size_t)n);
    note(&world->expected, JSON_KEY, key, (size_t)n);
}

static void write_children(struct world *world, bool keys)
{
    for (uint64_t n = sg_rng_below(&world->rng, 5); n && world->n_left; n--) {
        if (keys)
            write_key(world);
        write_value(world);
    }
}

static void write_string(struct world *world)
{
    char text[32];
    size_t size;
    random_text(world, text, &size);
    sg_jsonw_string_n(&world->w, text, size);
    note(&world->expected, JSON_STRING, text, size);
}

static void write_number(struct world *world)
{
    char text[32];
    const uint64_t value = sg_rng_next(&world->rng) >> sg_rng_below(&world->rng, 64);
    if (value & 1) {
        sg_jsonw_uint(&world->w, value);
        snprintf(text, sizeof(text), "%" PRIu64, value);
    } else {
        sg_jsonw_int(&world->w, (int64_t)value);
        snprintf(text, sizeof(text), "%" PRId64, (int64_t)value);
    }
    note(&world->expected, JSON_NUMBER, text, strlen(text));
}

static void write_nested(struct world *world, bool object)
{
    note(&world->expected, object ? JSON_BEGIN_OBJECT : JSON_BEGIN_ARRAY, "", 0);
    (object ? sg_jsonw_begin_object : sg_jsonw_begin_array)(&world->w);
    write_children(world, object);
    (object ? sg_jsonw_end_object : sg_jsonw_end_array)(&world->w);
    note(&world->expected, object ? JSON_END_OBJECT : JSON_END_ARRAY, "", 0);
}

static void write_value(struct world *world)
{
    const bool deep = world->w.depth + 2 >= SG_JSONW_DEPTH_MAX;
    if (world->n_left)
        world->n_left--;
    switch (sg_rng_below(&world->rng, deep ? 4 : 8)) {
    case 0:
        write_string(world);
        break;
    case 1:
        write_number(world);
        break;
    case 2:
        sg_jsonw_null(&world->w);
        note(&world->expected, JSON_NULL, "", 0);
        break;
    case 3:
        sg_jsonw_bool(&world->w, true);
        note(&world->expected, JSON_TRUE, "", 0);
        break;
    case 4:
    case 5:
        write_nested(world, false);
        break;
    default:
        write_nested(world, true);
        break;
    }
}

static void test_random_documents_read_back_as_they_were_meant(void **state)
{
    (void)state;
    struct world world = {.expected = SG_BUF_INIT(1 << 20)};
    sg_rng_init(&world.rng, sg_test_seed());
    for (int i = 0; i < 3000; i++) {
        struct sg_buf text = SG_BUF_INIT(1 << 20);
        struct sg_buf events = SG_BUF_INIT(1 << 20);
        sg_buf_reset(&world.expected);
        sg_jsonw_init(&world.w, &text);
        world.n_left = 60;
        write_value(&world);
        assert_int_equal(sg_buf_check(&text, NULL), SG_OK);
        if (!json_read(text.data, text.size, note, &events))
            fail_msg("not JSON: %s", text.data);
        assert_string_equal(events.data, world.expected.data);
        assert_int_equal(world.w.depth, 0);
        sg_buf_clear(&events);
        sg_buf_clear(&text);
    }
    sg_buf_clear(&world.expected);
}

static void test_each_kind_of_value_has_one_spelling(void **state)
{
    (void)state;
    struct sg_buf text = SG_BUF_INIT(4096);
    struct sg_jsonw w;
    const uint8_t bytes[] = {0x00, 0xab, 0xff};
    sg_jsonw_init(&w, &text);
    sg_jsonw_begin_object(&w);
    sg_jsonw_kv_amount(&w, "wei", sg_amount_from((sg_u128)1056900000u * 1000000000u), 18);
    sg_jsonw_kv_amount(&w, "whole", sg_amount_from(7), 0);
    sg_jsonw_kv_time(&w, "time", 1648041749);
    sg_jsonw_kv_time(&w, "never", SG_TIME_UNKNOWN);
    sg_jsonw_kv_bool(&w, "no", false);
    sg_jsonw_kv_uint(&w, "max", UINT64_MAX);
    sg_jsonw_kv_string(&w, "none", NULL);
    sg_jsonw_key(&w, "hex");
    sg_jsonw_hex(&w, bytes, sizeof(bytes));
    sg_jsonw_key(&w, "low");
    sg_jsonw_int(&w, INT64_MIN);
    sg_jsonw_key(&w, "empty");
    sg_jsonw_begin_array(&w);
    sg_jsonw_end_array(&w);
    sg_jsonw_end_object(&w);
    assert_int_equal(sg_buf_check(&text, NULL), SG_OK);
    assert_string_equal(
        text.data,
        "{\"wei\":\"1.056900000000000000\",\"whole\":\"7\",\"time\":1648041749,\"never\":null,"
        "\"no\":false,\"max\":18446744073709551615,\"none\":null,\"hex\":\"0x00abff\","
        "\"low\":-9223372036854775808,\"empty\":[]}");
    sg_buf_clear(&text);
}

static void test_doubles_are_numbers_or_null(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } cases[] = {{0.5, "0.5"},   {0, "0"},           {1e300, "1e+300"},   {0.1234567, "0.123457"},
                 {NAN, "null"},  {INFINITY, "null"}, {-INFINITY, "null"}, {-2, "-2"},
                 {1e-9, "1e-09"}};
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        struct sg_buf text = SG_BUF_INIT(64);
        struct sg_jsonw w;
        sg_jsonw_init(&w, &text);
        sg_jsonw_double(&w, cases[i].value);
        assert_int_equal(sg_buf_check(&text, NULL), SG_OK);
        assert_string_equal(text.data, cases[i].text);
        assert_true(json_read(text.data, text.size, NULL, NULL));
        sg_buf_clear(&text);
    }
}

static void test_the_reader_used_here_refuses_what_is_not_json(void **state)
{
    (void)state;
    static const char *const bad[] = {"",         "[1,]",        "{\"a\":1,}", "01",
                                      "\"\x01\"", "nul",         "[1 2]",      "1 1",
                                      "{\"a\"}",  "\"\\ud800\"", "\"\\x\"",    "{\"a\":1,\"a\":2}",
                                      "1.",       "-",           "\"\xff\"",   "[",
                                      "\"",       "{a:1}",       "]",          "1e"};
    for (size_t i = 0; i < SG_COUNT_OF(bad); i++)
        if (json_read(bad[i], strlen(bad[i]), NULL, NULL))
            fail_msg("taken for JSON: %s", bad[i]);
    const char *good = " [ 1.5e-3 , \"\\u00e9\\ud83d\\ude00\" , { } ] ";
    assert_true(json_read(good, strlen(good), NULL, NULL));
}

static enum sg_status write_some(void)
{
    struct sg_buf text = SG_BUF_INIT(1 << 16);
    struct sg_jsonw w;
    sg_jsonw_init(&w, &text);
    sg_jsonw_begin_array(&w);
    for (int i = 0; i < 100; i++)
        sg_jsonw_string(&w, "a text that makes the buffer grow a few times");
    sg_jsonw_end_array(&w);
    const enum sg_status st = sg_buf_check(&text, NULL);
    sg_buf_clear(&text);
    return st;
}

static void test_memory_that_runs_out_is_reported_once_at_the_end(void **state)
{
    (void)state;
    CHECK_OOM_SWEEP(write_some());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_documents_read_back_as_they_were_meant),
        cmocka_unit_test(test_each_kind_of_value_has_one_spelling),
        cmocka_unit_test(test_doubles_are_numbers_or_null),
        cmocka_unit_test(test_the_reader_used_here_refuses_what_is_not_json),
        cmocka_unit_test(test_memory_that_runs_out_is_reported_once_at_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
