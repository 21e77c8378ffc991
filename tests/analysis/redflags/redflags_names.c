/* Controlled records: the same people under other names, in other scripts. What is known of them is
 * the same, so every alert must be. Names of a made-up world are replaced word by word: each word
 * becomes another one, in the letters of one script, the same wherever it stands. */
#include "analysis/peoplegen/peoplegen.h"
#include "analysis/redflags/redflags.h"
#include "base/arena.h"
#include "support/check.h"

#include <stdio.h>
#include <string.h>

#define RECORDS 640u

static struct sg_arena arena;
static struct sg_redrules rules;

static int read_rules(void **state)
{
    struct sg_err err;
    const struct sg_text text = sg_redrules_builtin();
    (void)state;
    CHECK_OK(sg_redrules_parse(&rules, &arena, text.data, text.size, &err), &err);
    return 0;
}

static int drop_rules(void **state)
{
    (void)state;
    sg_arena_clear(&arena);
    return 0;
}

/* Sixteen letters of a script: a word is its hash, written in them. */
struct script {
    const char *name;
    const char *letters[16];
};

static const struct script scripts[] = {
    {"latin", {"b", "c", "d", "f", "g", "h", "j", "k", "l", "m", "n", "p", "r", "s", "t", "v"}},
    {"cyrillic", {"б", "в", "г", "д", "ж", "з", "к", "л", "м", "н", "п", "р", "с", "т", "ф", "х"}},
    {"arabic", {"ب", "ت", "ث", "ج", "ح", "خ", "د", "ذ", "ر", "ز", "س", "ش", "ص", "ض", "ط", "ظ"}},
    {"hangul",
     {"가", "나", "다", "라", "마", "바", "사", "아", "자", "차", "카", "타", "파", "하", "거",
      "너"}},
    {"han",
     {"一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "百", "千", "木", "水", "火",
      "土"}},
    {"devanagari",
     {"क", "ख", "ग", "घ", "च", "छ", "ज", "झ", "ट", "ठ", "ड", "ढ", "त", "थ", "द", "ध"}},
};

static void put_word(struct sg_buf *out, const struct script *script, struct sg_text word)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < word.size; i++)
        h = (h ^ (uint8_t)word.data[i]) * UINT64_C(0x100000001b3);
    for (unsigned i = 0; i < 12; i++)
        sg_buf_puts(out, script->letters[h >> (4 * i + 12) & 15]);
}

static struct sg_text renamed(struct sg_buf *out, const struct script *script, struct sg_text text)
{
    const size_t begin = out->size;
    for (size_t i = 0; i < text.size;) {
        size_t n = 0;
        while (i + n < text.size && text.data[i + n] != ' ')
            n++;
        put_word(out, script, (struct sg_text){text.data + i, n});
        i += n;
        if (i < text.size)
            sg_buf_putc(out, text.data[i++]);
    }
    return (struct sg_text){out->data + begin, out->size - begin};
}

enum how { IN_BOTH, IN_PEOPLE_ALONE };

struct feeding {
    struct sg_redflags *flags;
    bool is_events;
    const struct script *script; /* NULL: names as they are */
    enum how how;
};

static enum sg_status on_row(void *ctx, const struct sg_text *row, uint64_t number,
                             struct sg_err *err)
{
    static const enum sg_person_field names[] = {SG_PERSON_GIVEN_NAME, SG_PERSON_SURNAME};
    char room[2048]; /* so that no text moves when the next is added */
    struct sg_buf out = {room, 0, sizeof(room), sizeof(room) - 1, false, false};
    const struct feeding *f = ctx;
    struct sg_text fields[SG_PEOPLE_EVENTS_FIELDS_MAX];
    const char *reason = NULL;
    memcpy(fields, row, (f->is_events ? SG_EVENT_FIELDS : SG_PERSON_FIELDS) * sizeof(*row));
    const bool has_holder = f->is_events && (sg_text_is(row[SG_EVENT_KIND], "payout") ||
                                             sg_text_is(row[SG_EVENT_KIND], "document"));
    for (size_t i = 0; f->script && !f->is_events && i < SG_COUNT_OF(names); i++)
        if (row[names[i]].data)
            fields[names[i]] = renamed(&out, f->script, row[names[i]]);
    if (f->script && has_holder && f->how == IN_BOTH)
        fields[SG_EVENT_NAME] = renamed(&out, f->script, row[SG_EVENT_NAME]);
    CHECK(!out.failed);
    const enum sg_status st = f->is_events
                                  ? sg_redflags_event(f->flags, &reason, fields, number, err)
                                  : sg_redflags_person(f->flags, &reason, fields, number, err);
    assert_null(reason);
    return st;
}

static enum sg_status on_bad(void *ctx, uint64_t number, const char *reason, struct sg_err *err)
{
    (void)ctx;
    return sg_err_set(err, SG_EPARSE, "row %llu: %s", (unsigned long long)number, reason);
}

static void feed(struct feeding *f, const struct sg_buf *csv)
{
    const struct sg_people_events_sink sink = {on_row, on_bad, f};
    struct sg_people_events_reader *reader;
    struct sg_err err;
    CHECK_OK(
        sg_people_events_reader_new(
            &reader, f->is_events ? SG_PEOPLE_EVENTS_EVENTS : SG_PEOPLE_EVENTS_PEOPLE, &sink, &err),
        &err);
    CHECK_OK(sg_people_events_reader_feed(reader, csv->data, csv->size, &err), &err);
    CHECK_OK(sg_people_events_reader_finish(reader, &err), &err);
    sg_people_events_reader_free(reader);
}

static struct sg_redflags *judge(const struct sg_buf tables[2], const struct script *script,
                                 enum how how)
{
    const struct sg_redflags_sanctions none = {NULL, NULL};
    struct feeding f = {.script = script, .how = how};
    struct sg_err err;
    CHECK_OK(sg_redflags_new(&f.flags, &rules, &none, &err), &err);
    for (f.is_events = false;; f.is_events = true) {
        feed(&f, &tables[f.is_events]);
        if (f.is_events)
            break;
    }
    CHECK_OK(sg_redflags_run(f.flags, &err), &err);
    return f.flags;
}

static void make_world(struct sg_buf tables[2])
{
    const struct sg_peoplegen gen = {11, RECORDS, 4, 20};
    sg_peoplegen_people_header(&tables[0]);
    sg_peoplegen_events_header(&tables[1]);
    for (uint64_t row = 0; row < RECORDS; row++) {
        sg_peoplegen_people(&tables[0], &gen, row);
        sg_peoplegen_events(&tables[1], &gen, row);
    }
    CHECK(!tables[0].failed && !tables[1].failed);
}

static void check_same(const struct sg_redflags *a, const struct sg_redflags *b, bool findings_too)
{
    unsigned n_alerts = 0;
    assert_int_equal(sg_redflags_count(a), sg_redflags_count(b));
    for (uint32_t i = 0; i < sg_redflags_count(a); i++) {
        struct sg_redflags_identity x, y;
        sg_redflags_identity(&x, a, i);
        sg_redflags_identity(&y, b, i);
        n_alerts += x.is_alert;
        assert_int_equal(x.is_alert, y.is_alert);
        assert_int_equal(x.classes, y.classes);
        CHECK(x.weight >= y.weight && x.weight <= y.weight);
        assert_int_equal(x.n_records, y.n_records);
        if (!findings_too)
            continue;
        assert_int_equal(x.testable, y.testable);
        assert_int_equal(x.n_findings, y.n_findings);
        for (uint32_t k = 0; k < x.n_findings; k++) {
            assert_int_equal(x.findings[k].rule, y.findings[k].rule);
            assert_int_equal(x.findings[k].number, y.findings[k].number);
            assert_int_equal(x.findings[k].n_refs, y.findings[k].n_refs);
            assert_memory_equal(x.findings[k].refs, y.findings[k].refs, sizeof(x.findings[k].refs));
        }
    }
    CHECK(n_alerts > 10);
}

static void test_all_names_in_one_script_give_the_findings_of_any_other(void **state)
{
    struct sg_buf tables[2] = {SG_BUF_INIT(1 << 28), SG_BUF_INIT(1 << 28)};
    (void)state;
    make_world(tables);
    struct sg_redflags *latin = judge(tables, &scripts[0], IN_BOTH);
    for (size_t i = 1; i < SG_COUNT_OF(scripts); i++) {
        struct sg_redflags *other = judge(tables, &scripts[i], IN_BOTH);
        check_same(latin, other, true);
        sg_redflags_free(other);
    }
    sg_redflags_free(latin);
    sg_buf_clear(&tables[0]);
    sg_buf_clear(&tables[1]);
}

static void test_no_alert_changes_whatever_people_are_called(void **state)
{
    struct sg_buf tables[2] = {SG_BUF_INIT(1 << 28), SG_BUF_INIT(1 << 28)};
    (void)state;
    make_world(tables);
    struct sg_redflags *as_they_are = judge(tables, NULL, IN_BOTH);
    for (size_t i = 0; i < SG_COUNT_OF(scripts); i++) {
        struct sg_redflags *other = judge(tables, &scripts[i], IN_PEOPLE_ALONE);
        check_same(as_they_are, other, false);
        sg_redflags_free(other);
    }
    sg_redflags_free(as_they_are);
    sg_buf_clear(&tables[0]);
    sg_buf_clear(&tables[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_names_in_one_script_give_the_findings_of_any_other),
        cmocka_unit_test(test_no_alert_changes_whatever_people_are_called),
    };
    return cmocka_run_group_tests(tests, read_rules, drop_rules);
}
