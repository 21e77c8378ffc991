/* The label store: what was put in is found, all of it or nothing, and damage is refused. */
#include "support/check.h"

#include "base/rng.h"
#include "store/labels/labels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char dir[256];

static int make_dir(void **state)
{
    (void)state;
    snprintf(dir, sizeof(dir), "%s/L", sg_test_mkdir());
    return 0;
}

static int drop_dir(void **state)
{
    (void)state;
    dir[strlen(dir) - 2] = 0;
    sg_test_rmdir(dir);
    return 0;
}

static struct sg_label label_of(const char *subject, const char *entity)
{
    struct sg_label label;
    sg_label_init(&label);
    label.subject = subject;
    label.entity = entity;
    return label;
}

static enum sg_status add_pack(struct sg_labels_writer *writer, bool *is_new, const char *title,
                               const char *const *subjects, size_t n, struct sg_err *err)
{
    const struct sg_label_pack pack = {.title = title, .date_unix_s = SG_TIME_UNKNOWN};
    enum sg_status st = sg_labels_pack_begin(writer, err);
    for (size_t i = 0; st == SG_OK && i < n; i++) {
        const struct sg_label label = label_of(subjects[i], title);
        st = sg_labels_add(writer, &label, err);
    }
    return st == SG_OK ? sg_labels_pack_end(is_new, writer, &pack, "csv", "file.csv", err) : st;
}

static bool import(const char *title, const char *const *subjects, size_t n)
{
    struct sg_labels_writer *writer;
    struct sg_err err;
    bool is_new;
    CHECK_OK(sg_labels_begin(&writer, dir, &err), &err);
    CHECK_OK(add_pack(writer, &is_new, title, subjects, n, &err), &err);
    CHECK_OK(sg_labels_commit(writer, &err), &err);
    return is_new;
}

static size_t count_of(struct sg_labels *labels, const char *text)
{
    return sg_labels_find(labels, text, strlen(text)).count;
}

static void test_every_field_comes_back(void **state)
{
    (void)state;
    static const char *const aliases[] = {"one", "", "three"};
    struct sg_labels_writer *writer;
    struct sg_labels *labels;
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_label read, label = label_of("0xABcd", "Entity <b>");
    struct sg_labels_pack pack;
    struct sg_err err;
    uint32_t number;
    bool is_new;
    label.kind = SG_LABEL_CLUSTER;
    label.category = SG_CATEGORY_FROZEN;
    label.confidence = SG_CONFIDENCE_HIGH;
    label.chain = "ethereum";
    label.programme = "";
    label.note = "note";
    label.aliases = aliases;
    label.n_aliases = 3;
    label.listed_unix_s = -5;
    label.raw = "a\0b";
    label.raw_size = 3;
    const struct sg_label_pack said = {
        .title = "T", .list = "l", .date_unix_s = 7, .raw = "\0", .raw_size = 1};
    CHECK_OK(sg_labels_begin(&writer, dir, &err), &err);
    CHECK_OK(sg_labels_pack_begin(writer, &err), &err);
    CHECK_OK(sg_labels_add(writer, &label, &err), &err);
    CHECK_OK(sg_labels_pack_end(&is_new, writer, &said, "tagpack", "f", &err), &err);
    assert_true(is_new);
    CHECK_OK(sg_labels_commit(writer, &err), &err);
    CHECK_OK(sg_labels_open(&labels, dir, &err), &err);
    CHECK_OK(sg_labels_pack_at(&pack, labels, 0, &err), &err);
    assert_string_equal(pack.pack.title, "T");
    assert_null(pack.pack.creator);
    assert_string_equal(pack.pack.list, "l");
    assert_true(pack.pack.date_unix_s == 7 && pack.pack.raw_size == 1 && pack.n_labels == 1);
    const struct sg_labels_range range = sg_labels_find(labels, "0xabCD", 6);
    assert_int_equal(range.count, 1);
    CHECK_OK(sg_labels_read(&read, &number, labels, range, 0, &arena, &err), &err);
    assert_int_equal(number, 0);
    assert_string_equal(read.subject, "0xABcd");
    assert_string_equal(read.entity, "Entity <b>");
    assert_string_equal(read.programme, "");
    assert_null(read.source);
    assert_int_equal(read.kind, SG_LABEL_CLUSTER);
    assert_int_equal(read.category, SG_CATEGORY_FROZEN);
    assert_true(read.listed_unix_s == -5 && read.delisted_unix_s == SG_TIME_UNKNOWN);
    assert_int_equal(read.n_aliases, 3);
    assert_string_equal(read.aliases[2], "three");
    assert_int_equal(read.raw_size, 3);
    assert_memory_equal(read.raw, "a\0b", 3);
    sg_labels_close(labels);
    sg_arena_clear(&arena);
}

static void test_the_same_again_adds_nothing_and_an_abort_leaves_nothing(void **state)
{
    (void)state;
    static const char *const some[] = {"1a", "1b", "1a"};
    struct sg_labels_writer *writer, *second;
    struct sg_labels *labels;
    struct sg_err err;
    bool is_new;
    assert_int_equal(sg_labels_open(&labels, dir, &err), SG_ENOTFOUND);
    assert_true(import("A", some, 3));
    assert_false(import("A", some, 3));
    assert_true(import("B", some, 2));
    CHECK_OK(sg_labels_begin(&writer, dir, &err), &err);
    assert_int_equal(sg_labels_begin(&second, dir, &err), SG_EBUSY);
    CHECK_OK(add_pack(writer, &is_new, "C", some, 3, &err), &err);
    assert_true(is_new);
    CHECK_OK(add_pack(writer, &is_new, "C", some, 3, &err), &err);
    assert_false(is_new);
    sg_labels_abort(writer);
    CHECK_OK(sg_labels_open(&labels, dir, &err), &err);
    assert_int_equal(sg_labels_n_packs(labels), 2);
    assert_int_equal(sg_labels_count(labels), 5);
    assert_int_equal(count_of(labels, "1a"), 3);
    assert_int_equal(count_of(labels, "1A"), 3);
    assert_true(sg_labels_has_exact(labels, sg_labels_find(labels, "1a", 2), "1a", 2));
    assert_false(sg_labels_has_exact(labels, sg_labels_find(labels, "1A", 2), "1A", 2));
    assert_int_equal(count_of(labels, "1c"), 0);
    assert_int_equal(count_of(labels, ""), 0);
    sg_labels_close(labels);
}

/* Random imports against a plain list of what was put in. */
static void test_a_store_agrees_with_a_plain_list(void **state)
{
    (void)state;
    enum { SUBJECTS = 3000, PACKS = 12, PER_PACK = 1500 };
    static char names[SUBJECTS][24];
    static size_t expected[SUBJECTS];
    const char *picked[PER_PACK];
    struct sg_labels *labels;
    struct sg_labels_range *ranges = sg_mem_alloc(SUBJECTS, sizeof(*ranges));
    struct sg_text *texts = sg_mem_alloc(SUBJECTS, sizeof(*texts));
    struct sg_rng rng;
    struct sg_err err;
    assert_true(ranges && texts);
    sg_rng_init(&rng, sg_test_seed());
    memset(expected, 0, sizeof(expected));
    for (size_t i = 0; i < SUBJECTS; i++) {
        snprintf(names[i], sizeof(names[i]), "x%zu", i);
        texts[i] = (struct sg_text){names[i], strlen(names[i])};
    }
    for (size_t p = 0; p < PACKS; p++) {
        char title[16];
        for (size_t i = 0; i < PER_PACK; i++) {
            /* One subject gets very many labels. */
            const size_t s = i % 3 == 0 ? 7 : sg_rng_below(&rng, SUBJECTS - 500);
            expected[s]++;
            picked[i] = names[s];
        }
        snprintf(title, sizeof(title), "p%zu", p);
        assert_true(import(title, picked, PER_PACK));
    }
    CHECK_OK(sg_labels_open(&labels, dir, &err), &err);
    sg_labels_find_batch(ranges, labels, texts, SUBJECTS, 3);
    for (size_t i = 0; i < SUBJECTS; i++) {
        assert_int_equal(ranges[i].count, expected[i]);
        assert_int_equal(count_of(labels, names[i]), expected[i]);
    }
    sg_labels_close(labels);
    sg_mem_free(ranges);
    sg_mem_free(texts);
}

struct walk {
    const char *const *subjects;
    size_t n;
};

static enum sg_status on_label(void *ctx, const struct sg_label *label, struct sg_err *err)
{
    struct walk *walk = ctx;
    (void)err;
    assert_string_equal(label->subject, walk->subjects[walk->n++]);
    return SG_OK;
}

static void test_a_pack_is_walked_in_its_order(void **state)
{
    (void)state;
    static const char *const first[] = {"c", "a", "b", "a"};
    static const char *const second[] = {"z", "y"};
    struct sg_labels *labels;
    struct sg_err err;
    import("A", first, 4);
    import("B", second, 2);
    CHECK_OK(sg_labels_open(&labels, dir, &err), &err);
    struct walk walk = {first, 0};
    CHECK_OK(sg_labels_each(labels, 0, on_label, &walk, &err), &err);
    assert_int_equal(walk.n, 4);
    walk = (struct walk){second, 0};
    CHECK_OK(sg_labels_each(labels, 1, on_label, &walk, &err), &err);
    assert_int_equal(walk.n, 2);
    assert_int_equal(sg_labels_each(labels, 2, on_label, &walk, &err), SG_ECORRUPT);
    sg_labels_close(labels);
}

static void read_all(void)
{
    struct sg_labels *labels;
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_err err;
    if (sg_labels_open(&labels, dir, &err) != SG_OK)
        return;
    static const char *const asked[] = {"c", "a", "b", "C"};
    for (size_t i = 0; i < SG_COUNT_OF(asked); i++) {
        const struct sg_labels_range range = sg_labels_find(labels, asked[i], 1);
        (void)sg_labels_has_exact(labels, range, asked[i], 1);
        for (size_t j = 0; j < range.count; j++) {
            struct sg_label label;
            const enum sg_status st = sg_labels_read(&label, NULL, labels, range, j, &arena, &err);
            assert_true(st == SG_OK || st == SG_ECORRUPT);
        }
    }
    sg_labels_close(labels);
    sg_arena_clear(&arena);
}

/* One byte overwritten at a time: an error or an answer, never a fault of memory. */
static void test_damage_is_an_error_or_harmless(void **state)
{
    (void)state;
    static const char *const some[] = {"c", "a", "b", "a"};
    char path[300];
    struct sg_rng rng;
    import("A", some, 4);
    snprintf(path, sizeof(path), "%s/labels.mdb", dir);
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    const size_t size = (size_t)ftell(file);
    uint8_t *bytes = sg_mem_alloc(size, 1);
    assert_non_null(bytes);
    rewind(file);
    assert_int_equal(fread(bytes, 1, size, file), size);
    sg_rng_init(&rng, sg_test_seed());
    for (size_t i = 0; i < 3000; i++) {
        const size_t at = sg_rng_below(&rng, size);
        const uint8_t byte = (uint8_t)sg_rng_next(&rng);
        fseek(file, (long)at, SEEK_SET);
        fputc(byte, file);
        fflush(file);
        read_all();
        fseek(file, (long)at, SEEK_SET);
        fputc(bytes[at], file);
        fflush(file);
    }
    fclose(file);
    sg_mem_free(bytes);
}

static enum sg_status read_and_close(void)
{
    struct sg_labels *labels;
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_label label;
    struct sg_err err;
    enum sg_status st = sg_labels_open(&labels, dir, &err);
    if (st != SG_OK)
        return st;
    st = sg_labels_read(&label, NULL, labels, sg_labels_find(labels, "c", 1), 0, &arena, &err);
    sg_labels_close(labels);
    sg_arena_clear(&arena);
    return st;
}

static enum sg_status write_and_abort(void)
{
    static const char *const some[] = {"d", "e"};
    struct sg_labels_writer *writer;
    struct sg_err err;
    bool is_new;
    enum sg_status st = sg_labels_begin(&writer, dir, &err);
    if (st != SG_OK)
        return st;
    st = add_pack(writer, &is_new, "B", some, 2, &err);
    sg_labels_abort(writer);
    return st;
}

static void test_memory_may_end_anywhere(void **state)
{
    (void)state;
    static const char *const some[] = {"c", "a"};
    import("A", some, 2);
    CHECK_OOM_SWEEP(read_and_close());
    CHECK_OOM_SWEEP(write_and_abort());
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_dir, drop_dir)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_every_field_comes_back),
        TEST(test_the_same_again_adds_nothing_and_an_abort_leaves_nothing),
        TEST(test_a_store_agrees_with_a_plain_list),
        TEST(test_a_pack_is_walked_in_its_order),
        TEST(test_damage_is_an_error_or_harmless),
        TEST(test_memory_may_end_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
