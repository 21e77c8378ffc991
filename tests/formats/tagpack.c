/* TagPacks: fields are inherited, and what was read is written again without loss. */
#include "support/check.h"

#include "base/limits.h"
#include "formats/tagpack/tagpack.h"
#include "formats/yaml/yaml.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

struct seen {
    struct sg_label labels[8];
    size_t n, n_bad;
    uint32_t bad_line;
    struct sg_buf out; /* the tags, written again */
    struct sg_arena arena;
};

static enum sg_status on_label(void *ctx, const struct sg_label *label, struct sg_err *err)
{
    struct seen *seen = ctx;
    if (seen->n < SG_COUNT_OF(seen->labels))
        seen->labels[seen->n] = *label;
    seen->n++;
    const enum sg_status st = sg_tagpack_write_tag(&seen->out, label, err);
    return st == SG_OK ? sg_buf_check(&seen->out, err) : st;
}

static enum sg_status on_bad(void *ctx, const struct sg_err *why, struct sg_err *err)
{
    struct seen *seen = ctx;
    (void)err;
    seen->bad_line = why->line;
    seen->n_bad++;
    return SG_OK;
}

static enum sg_status run(struct seen *seen, struct sg_label_pack *pack, const char *text,
                          size_t size, struct sg_err *err)
{
    const struct sg_label_sink sink = {on_label, on_bad, seen};
    *seen = (struct seen){.out = SG_BUF_INIT(SG_SMALL_FILE_MAX)};
    return sg_tagpack_parse(pack, &seen->arena, text, size, &sink, err);
}

static void drop(struct seen *seen)
{
    sg_buf_clear(&seen->out);
    sg_arena_clear(&seen->arena);
}

#define PACK                                                                                       \
    "title: T\ncreator: C\ncurrency: BTC\nconfidence: authority_data\nlastmod: 2022-05-16\n"       \
    "category: mixing_service\nis_cluster_definer: true\nlabel: Shared\nsource: http://s\n"        \
    "strange: [1, {a: null}]\n"                                                                    \
    "base: &base {abuse: sanction, category: user}\n"                                              \
    "tags:\n- address: 1abc\n- address: 0xDEF\n  currency: ETH\n  label: Own\n"                    \
    "  is_cluster_definer: false\n  category: ~\n  abuse: service_hack\n  own_field: 'yes'\n"      \
    "- tx_hash: ffff\n  actor: someone\n- <<: *base\n  address: 3x\n- {label: no subject}\n- 5\n"

static void test_a_tag_has_what_the_header_says_unless_it_says_otherwise(void **state)
{
    (void)state;
    struct seen seen;
    struct sg_label_pack pack;
    struct sg_err err;
    CHECK_OK(run(&seen, &pack, PACK, sizeof(PACK) - 1, &err), &err);
    assert_int_equal(seen.n, 4);
    assert_int_equal(seen.n_bad, 2);
    assert_int_equal(seen.bad_line, 26);
    assert_string_equal(pack.title, "T");
    assert_true(pack.date_unix_s == 1652659200);
    const struct sg_label *l = seen.labels;
    assert_string_equal(l[0].subject, "1abc");
    assert_int_equal(l[0].kind, SG_LABEL_CLUSTER);
    assert_int_equal(l[0].category, SG_CATEGORY_MIXER);
    assert_int_equal(l[0].confidence, SG_CONFIDENCE_HIGH);
    assert_string_equal(l[0].chain, "bitcoin");
    assert_string_equal(l[0].entity, "Shared");
    assert_string_equal(l[1].entity, "Own");
    assert_string_equal(l[1].chain, "ethereum");
    assert_int_equal(l[1].kind, SG_LABEL_ADDRESS);
    assert_int_equal(l[1].category, SG_CATEGORY_THEFT);
    assert_int_equal(l[2].kind, SG_LABEL_TX);
    assert_string_equal(l[2].actor, "someone");
    assert_int_equal(l[3].category, SG_CATEGORY_SANCTIONED);
    drop(&seen);
}

/* The same keys in the same order with the same texts, and plain scalars plain where that can mean
 * something else than a text. */
static bool same(const struct sg_yaml_node *a, const struct sg_yaml_node *b)
{
    if (a->kind != b->kind || a->count != b->count)
        return false;
    switch (a->kind) {
    case SG_YAML_SCALAR: {
        static const char numeric[] = "0123456789.+-:_ eE";
        const bool matters =
            (strspn(a->text, numeric) == a->count && strpbrk(a->text, "0123456789")) ||
            strcmp(a->text, "true") == 0 || strcmp(a->text, "false") == 0 || sg_yaml_is_null(a);
        return strcmp(a->text, b->text) == 0 && (!matters || a->plain == b->plain);
    }
    case SG_YAML_SEQUENCE:
        for (size_t i = 0; i < a->count; i++)
            if (!same(a->items[i], b->items[i]))
                return false;
        return true;
    case SG_YAML_MAPPING:
        for (size_t i = 0; i < a->count; i++)
            if (!same(a->pairs[i].key, b->pairs[i].key) ||
                !same(a->pairs[i].value, b->pairs[i].value))
                return false;
        return true;
    }
    return false;
}

/* Header fields may move before or behind the tags. */
static size_t check_same_file(const struct sg_yaml_node *a, const struct sg_yaml_node *b)
{
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        const struct sg_yaml_node *other = sg_yaml_find(b, a->pairs[i].key->text);
        if (!other || !same(a->pairs[i].value, other))
            fail_msg("%s differs", a->pairs[i].key->text);
    }
    return sg_yaml_find(a, "tags")->count;
}

static size_t check_round_trip(const char *text, size_t size)
{
    struct seen seen;
    struct sg_label_pack pack;
    struct sg_err err;
    const struct sg_yaml_node *before, *after;
    struct sg_buf file = SG_BUF_INIT(SG_SMALL_FILE_MAX);
    CHECK_OK(run(&seen, &pack, text, size, &err), &err);
    CHECK_OK(sg_tagpack_write_header(&file, &pack, &err), &err);
    sg_buf_append(&file, seen.out.data, seen.out.size);
    CHECK_OK(sg_buf_check(&file, &err), &err);
    CHECK_OK(sg_yaml_parse(&before, &seen.arena, text, size, &err), &err);
    CHECK_OK(sg_yaml_parse(&after, &seen.arena, file.data, file.size, &err), &err);
    assert_int_equal(seen.n_bad, 0);
    const size_t n = check_same_file(before, after);
    assert_int_equal(n, seen.n);
    sg_buf_clear(&file);
    drop(&seen);
    return n;
}

static void test_awkward_texts_survive(void **state)
{
    (void)state;
    static const char text[] =
        "title: \"a: b # c\"\ncreator: 'it''s'\nempty:\nquoted: ''\ndate: 2023-08-16 12:18:52.61\n"
        "number: '12'\nnull_text: 'null'\nnothing: ~\nlist: [a, 'b, c', \"{\", -, '- x', 1.5]\n"
        "deep: {a: {b: [c, {d: ''}]}}\nfolded: >\n  two\n  lines\n\n  three\n"
        "control: \"\\x07\\e[31m\\u202e\\U0001F600\"\ntags:\n- address: ' 1 '\n  note: "
        "\"<b>&\\\"\\\\\"\n"
        "- {address: x, ? \"odd key: \" : y, on: off}\n- address: -1\n  z: \"2\"\n";
    assert_int_equal(check_round_trip(text, sizeof(text) - 1), 3);
}

static void test_all_real_packs_survive(void **state)
{
    (void)state;
    char folder[512];
    size_t n_files = 0;
    size_t n_tags = 0;
    snprintf(folder, sizeof(folder), "%s", sg_test_shared("data/tagpacks"));
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        char path[1024];
        if (!strstr(entry->d_name, ".yaml"))
            continue;
        snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        FILE *file = fopen(path, "rb");
        assert_non_null(file);
        char *text = sg_mem_alloc(SG_SMALL_FILE_MAX, 1);
        assert_non_null(text);
        const size_t size = fread(text, 1, SG_SMALL_FILE_MAX, file);
        fclose(file);
        n_tags += check_round_trip(text, size);
        n_files++;
        sg_mem_free(text);
    }
    closedir(dir);
    assert_int_equal(n_files, 29);
    assert_int_equal(n_tags, 48074);
}

static void test_labels_of_other_sources_become_tags_that_can_be_read(void **state)
{
    (void)state;
    static const char *const aliases[] = {"A \"quoted\"", "B: c"};
    const struct sg_label_pack pack = {.title = "OFAC: SDN", .date_unix_s = 1763510400};
    struct sg_buf file = SG_BUF_INIT(1 << 20);
    struct sg_label label;
    struct sg_label_pack read;
    struct seen seen;
    struct sg_err err;
    sg_label_init(&label);
    label.subject = "0xabc";
    label.currency = "ETH";
    label.entity = "Lazarus # Group";
    label.category = SG_CATEGORY_SANCTIONED;
    label.confidence = SG_CONFIDENCE_HIGH;
    label.programme = "DPRK3";
    label.aliases = aliases;
    label.n_aliases = 2;
    label.source = "OFAC SDN List";
    label.listed_unix_s = 0;
    CHECK_OK(sg_tagpack_write_header(&file, &pack, &err), &err);
    CHECK_OK(sg_tagpack_write_tag(&file, &label, &err), &err);
    CHECK_OK(run(&seen, &read, file.data, file.size, &err), &err);
    assert_int_equal(seen.n, 1);
    assert_string_equal(read.title, "OFAC: SDN");
    assert_true(read.date_unix_s == 1763510400);
    assert_string_equal(seen.labels[0].entity, "Lazarus # Group");
    assert_int_equal(seen.labels[0].category, SG_CATEGORY_SANCTIONED);
    assert_int_equal(seen.labels[0].confidence, SG_CONFIDENCE_HIGH);
    assert_string_equal(seen.labels[0].note, "{\"programme\":\"DPRK3\",\"listed\":\"1970-01-01\","
                                             "\"aliases\":[\"A \\\"quoted\\\"\",\"B: c\"]}");
    drop(&seen);
    sg_buf_clear(&file);
}

static void test_what_is_no_tagpack_is_refused_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum sg_status status;
        uint32_t line;
    } cases[] = {
        {"title: T\n", SG_EPARSE, 1},
        {"title: T\ntags: 5\n", SG_EPARSE, 1},
        {"- a\n", SG_EPARSE, 1},
        {"title: T\ntags:\n- address: a\n  address: b\n", SG_EPARSE, 4},
        {"a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
         "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
         "e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]\n"
         "tags: [*f,*f,*f,*f,*f,*f,*f,*f,*f,*f]\n",
         SG_ELIMIT, 7},
    };
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        struct seen seen;
        struct sg_label_pack pack;
        struct sg_err err = {0};
        assert_int_equal(run(&seen, &pack, cases[i].text, strlen(cases[i].text), &err),
                         cases[i].status);
        assert_int_equal(err.line, cases[i].line);
        drop(&seen);
    }
}

static void test_damaged_records_are_refused(void **state)
{
    (void)state;
    struct seen seen;
    struct sg_label_pack pack;
    struct sg_err err;
    struct sg_buf out = SG_BUF_INIT(1 << 20);
    CHECK_OK(run(&seen, &pack, PACK, sizeof(PACK) - 1, &err), &err);
    for (size_t size = 0; size < pack.raw_size; size++) {
        struct sg_label_pack cut = pack;
        cut.raw_size = size;
        assert_int_equal(sg_tagpack_write_header(&out, &cut, &err), SG_ECORRUPT);
        sg_buf_reset(&out);
    }
    sg_buf_clear(&out);
    drop(&seen);
}

static enum sg_status parse_and_drop(void)
{
    struct seen seen;
    struct sg_label_pack pack;
    struct sg_err err;
    const enum sg_status st = run(&seen, &pack, PACK, sizeof(PACK) - 1, &err);
    drop(&seen);
    return st;
}

static void test_memory_may_end_anywhere(void **state)
{
    (void)state;
    CHECK_OOM_SWEEP(parse_and_drop());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_tag_has_what_the_header_says_unless_it_says_otherwise),
        cmocka_unit_test(test_awkward_texts_survive),
        cmocka_unit_test(test_all_real_packs_survive),
        cmocka_unit_test(test_labels_of_other_sources_become_tags_that_can_be_read),
        cmocka_unit_test(test_what_is_no_tagpack_is_refused_with_its_place),
        cmocka_unit_test(test_damaged_records_are_refused),
        cmocka_unit_test(test_memory_may_end_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
