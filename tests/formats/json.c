/* JSON: which objects are handed out and with which texts, in every cut; and damage with its place.
 * The expected form: "{offset name=value;name=~}" with ~ for null, "A" before an answer's end,
 * "!offset" for a bad line. */
#include "support/check.h"

#include "formats/csv/csv.h"
#include "formats/json/json.h"

#include <stdio.h>
#include <string.h>

struct seen {
    char text[4096];
    size_t n;
    char reason[80];
};

static void put(struct seen *seen, const char *bytes, size_t size)
{
    const size_t room = sizeof(seen->text) - seen->n;
    memcpy(seen->text + seen->n, bytes, size < room ? size : room);
    seen->n += size < room ? size : room;
}

static void puts_to(struct seen *seen, const char *text)
{
    put(seen, text, strlen(text));
}

static void put_offset(struct seen *seen, const char *before, uint64_t offset)
{
    char number[40];
    snprintf(number, sizeof(number), "%s%llu", before, (unsigned long long)offset);
    puts_to(seen, number);
}

static enum sg_status on_object(void *ctx, const struct sg_json_object *object, struct sg_err *err)
{
    struct seen *seen = ctx;
    (void)err;
    put_offset(seen, object->has_rows ? "A{" : object->in_an_answer ? "r{" : "{", object->offset);
    for (size_t i = 0; i < object->n_fields; i++) {
        const struct sg_json_field *field = &object->fields[i];
        puts_to(seen, i ? ";" : " ");
        put(seen, field->name.data, field->name.size);
        puts_to(seen, "=");
        if (field->value.data)
            put(seen, field->value.data, field->value.size);
        else
            puts_to(seen, "~");
    }
    puts_to(seen, "}");
    return SG_OK;
}

static enum sg_status on_bad(void *ctx, const struct sg_bad_row *bad, struct sg_err *err)
{
    struct seen *seen = ctx;
    (void)err;
    put_offset(seen, "!", bad->offset);
    snprintf(seen->reason, sizeof(seen->reason), "%s", bad->reason);
    return SG_OK;
}

static enum sg_status parse(struct seen *seen, const char *text, size_t size, size_t step,
                            struct sg_err *err)
{
    const struct sg_json_sink sink = {on_object, on_bad, seen};
    struct sg_json *json = NULL;
    seen->n = 0;
    enum sg_status st = sg_json_new(&json, &sink, 0, err);
    for (size_t at = 0; st == SG_OK && at < size; at += step)
        st = sg_json_feed(json, text + at, size - at < step ? size - at : step, err);
    if (st == SG_OK)
        st = sg_json_finish(json, err);
    sg_json_free(json);
    return st;
}

static void check_text(const char *text, const char *wanted)
{
    for (size_t step = 1; step <= 64; step *= 2) {
        static struct seen seen;
        struct sg_err err;
        CHECK_OK(parse(&seen, text, strlen(text), step, &err), &err);
        if (seen.n != strlen(wanted) || memcmp(seen.text, wanted, seen.n) != 0)
            fail_msg("%s in steps of %zu: '%.*s', wanted '%s'", text, step, (int)seen.n, seen.text,
                     wanted);
    }
}

static void test_objects_come_as_named_texts(void **state)
{
    (void)state;
    check_text("{\"a\":\"x\",\"b\":12,\"c\":null,\"d\":true}\n", "{0 a=x;b=12;c=~;d=true}");
    check_text("{\"a\":\"\\u00e9\\\"\\n\"}", "{0 a=\xc3\xa9\"\n}");
    check_text("{}\n\n{\"a\":\"\"}\n", "{0}{4 a=}");
}

/* Above 2^53, and beyond any machine's integers: the digits are those of the file. */
static void test_numbers_keep_their_digits(void **state)
{
    (void)state;
    check_text(
        "{\"v\":115792089237316195423570985008687907853269984665640564039457584007913129639935"
        ",\"e\":1e18,\"n\":-0.50}",
        "{0 v=115792089237316195423570985008687907853269984665640564039457584007913129639935"
        ";e=1e18;n=-0.50}");
}

static void test_arrays_of_values_are_joined_and_objects_left_out(void **state)
{
    (void)state;
    check_text("{\"p\":[],\"q\":[0,1,\"x\"],\"o\":{\"b\":[1,{\"c\":2}]},\"w\":[{\"i\":1}],\"z\":1}",
               "{0 p=;q=0,1,x;o=~;w=;z=1}");
}

static void test_rows_stand_in_an_answer_or_an_array(void **state)
{
    (void)state;
    check_text("{\"status\":\"1\",\n\"result\":[{\"a\":1},\n{\"a\":2}],\"message\":\"OK\"}",
               "r{25 a=1}r{34 a=2}A{0 status=1;result=~;message=OK}");
    check_text("{\"status\":\"0\",\"result\":[]}", "A{0 status=0;result=~}");
    check_text("{\"status\":\"0\",\"result\":\"Max rate\"}", "{0 status=0;result=Max rate}");
    check_text("[{\"a\":1},\n {\"a\":2}]", "{1 a=1}{11 a=2}");
    check_text("{\"result\":[{\"a\":1}]}\n{\"result\":[{\"a\":2}]}\n",
               "r{11 a=1}A{0 result=~}r{32 a=2}A{21 result=~}");
}

static void test_a_bad_line_costs_itself_alone(void **state)
{
    (void)state;
    check_text("{\"a\":1}\n{\"a\":\n{\"a\":2}\n{\"a\" 3}\nnull\n[1]\n{\"a\":4}\n",
               "{0 a=1}!8{14 a=2}!22!30!35{39 a=4}");
    check_text("{\"a\":1}\n{\"a\":2", "{0 a=1}!8");
}

static void test_damage_in_a_document_is_an_error_at_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum sg_status status;
        uint64_t offset;
        const char *sentence;
    } cases[] = {
        {"{\"a\":", SG_EPARSE, 5, "the document is cut"},
        {"[{\"a\":1},\n", SG_EPARSE, 10, "the document is cut"},
        {"{\"a\" 1}", SG_EPARSE, 6, "the document cannot be read: this is not JSON"},
        {"[1]", SG_EPARSE, 2,
         "the document cannot be read: a value stands where an object is expected"},
        {"[[1]]", SG_EPARSE, 2,
         "the document cannot be read: an array stands where an object is expected"},
    };
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        static struct seen seen;
        struct sg_err err;
        const enum sg_status st = parse(&seen, cases[i].text, strlen(cases[i].text), 100, &err);
        assert_int_equal(st, cases[i].status);
        assert_string_equal(err.text, cases[i].sentence);
        assert_int_equal(err.offset, cases[i].offset);
    }
}

static void test_depth_is_bounded(void **state)
{
    (void)state;
    char text[2 * SG_NESTING_MAX + 16] = "{\"a\":";
    static struct seen seen;
    struct sg_err err;
    memset(text + 5, '[', SG_NESTING_MAX - 1);
    memset(text + 4 + SG_NESTING_MAX, ']', SG_NESTING_MAX - 1);
    text[3 + 2 * SG_NESTING_MAX] = '}';
    CHECK_OK(parse(&seen, text, 4 + 2 * SG_NESTING_MAX, 100, &err), &err);
    memset(text + 5, '[', SG_NESTING_MAX);
    assert_int_equal(parse(&seen, text, 5 + SG_NESTING_MAX, 100, &err), SG_ELIMIT);
    assert_int_equal(err.offset, 5 + SG_NESTING_MAX);
}

static void test_an_object_above_the_limits_is_bad(void **state)
{
    (void)state;
    static char text[SG_RECORD_BYTES_MAX + 64];
    static struct seen seen;
    struct sg_err err;
    memset(text, 'x', sizeof(text));
    memcpy(text, "{\"a\":1}\n{\"b\":\"", 14);
    memcpy(text + sizeof(text) - 11, "\"}\n{\"c\":2}\n", 11);
    CHECK_OK(parse(&seen, text, sizeof(text), 4096, &err), &err);
    char wanted[80];
    snprintf(wanted, sizeof(wanted), "{0 a=1}!8{%zu c=2}", sizeof(text) - 8);
    assert_int_equal(seen.n, strlen(wanted));
    assert_memory_equal(seen.text, wanted, seen.n);
    assert_string_equal(seen.reason, "the object is larger than any source's");
}

/* The library underneath does not look at what its allocator returns: ours must never return. */
static void test_every_refused_allocation_is_told(void **state)
{
    (void)state;
    static const char text[] =
        "{\"result\":[{\"a\":\"b\\u00e9c\",\"deep\":[[[[[[1]]]]]]}]}\n{\"x\":\n"
        "{\"y\":\"cut in pieces\"}\n";
    static struct seen seen;
    CHECK_OOM_SWEEP(parse(&seen, text, strlen(text), 3, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_objects_come_as_named_texts),
        cmocka_unit_test(test_numbers_keep_their_digits),
        cmocka_unit_test(test_arrays_of_values_are_joined_and_objects_left_out),
        cmocka_unit_test(test_rows_stand_in_an_answer_or_an_array),
        cmocka_unit_test(test_a_bad_line_costs_itself_alone),
        cmocka_unit_test(test_damage_in_a_document_is_an_error_at_its_place),
        cmocka_unit_test(test_depth_is_bounded),
        cmocka_unit_test(test_an_object_above_the_limits_is_bad),
        cmocka_unit_test(test_every_refused_allocation_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
