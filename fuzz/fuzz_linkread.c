/* Comparable forms of values from outside: a form is stable, no longer than its room and of the
 * signs that its kind allows; a date is a day however its parts stand; and two values are as near
 * to one another as the other way round. The first line is one value, the rest the other. */
#include "analysis/linkage/linkage_internal.h"
#include "base/mem.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define ROOM 256

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void check_phone(struct sg_text form, struct sg_text text)
{
    size_t n = 0;
    for (size_t i = text.size; i > 0 && n < 9; i--)
        if (is_digit(text.data[i - 1]))
            assert(++n <= form.size && form.data[form.size - n] == text.data[i - 1]);
    assert(n == form.size);
}

static void check_email(struct sg_text form, struct sg_text text)
{
    char out[ROOM];
    uint32_t n_local;
    assert(sg_lk_email(out, sizeof(out), &n_local, text) == form.size && n_local <= form.size);
    assert(n_local == form.size || form.data[n_local] == '@');
    for (size_t i = 0; i < n_local; i++)
        assert(form.data[i] != '.' && form.data[i] != '@' && (i == 0 || form.data[i] != '+'));
}

static void check_words(struct sg_text form)
{
    for (size_t i = 0; i < form.size; i++)
        if (form.data[i] == ' ')
            assert(i > 0 && i + 1 < form.size && form.data[i + 1] != ' ');
}

static struct lk_date read_date(const char *text, int size)
{
    struct lk_date date;
    assert(sg_lk_date(&date, (struct sg_text){text, (size_t)size}));
    return date;
}

static void check_same(struct lk_date x, struct lk_date y)
{
    assert(x.year == y.year && x.month == y.month && x.day == y.day);
}

/* The same day in every order that says which part is which. */
static void check_orders(struct lk_date d, char mark, int width, const char *time)
{
    char s[48];
    int n = snprintf(s, sizeof(s), "%04u%c%0*u%c%0*u", d.year, mark, width, d.month, mark, width,
                     d.day);
    check_same(d, read_date(s, n));
    n = snprintf(s, sizeof(s), "%04u%c%02u%c%02u%s", d.year, mark, d.month, mark, d.day, time);
    check_same(d, read_date(s, n));
    n = snprintf(s, sizeof(s), "%0*u%c%0*u%c%04u", width, d.day, mark, width, d.month, mark,
                 d.year);
    check_same(d, read_date(s, n));
    n = snprintf(s, sizeof(s), "%0*u%c%0*u%c%04u", width, d.month, mark, width, d.day, mark,
                 d.year);
    if (d.day > 12)
        check_same(d, read_date(s, n));
}

static void check_date(struct sg_text form, struct sg_text text)
{
    struct lk_date d;
    if (!sg_lk_date(&d, text))
        return;
    assert(d.year >= 1000 && d.year <= 2199 && d.month <= 12 && d.day <= 31);
    check_orders(d, '-', 2, "t10:11:12z");
    check_orders(d, '/', 1, " 10:11");
    check_orders(d, '.', 1, "");
    assert(form.size == 8);
    check_same(d, read_date(form.data, (int)form.size));
}

static void check_form(enum sg_link_kind kind, struct sg_text form, struct sg_text text)
{
    if (kind == SG_LINK_PHONE)
        check_phone(form, text);
    if (kind == SG_LINK_EMAIL)
        check_email(form, text);
    if (kind == SG_LINK_DATE)
        check_date(form, text);
    if (kind == SG_LINK_NAME || kind == SG_LINK_ADDRESS)
        check_words(form);
}

static void check_reading(struct sg_text text)
{
    for (unsigned kind = 0; kind < SG_LINK_KINDS; kind++) {
        char once[ROOM], twice[ROOM];
        const size_t n = sg_lk_reduced(once, sizeof(once), kind, text);
        assert(n <= sizeof(once) && n <= text.size + 2); /* 2020-1-2 is 20200102 */
        const size_t m = sg_lk_reduced(twice, sizeof(twice), kind, (struct sg_text){once, n});
        assert(n == m && memcmp(once, twice, n) == 0);
        check_form(kind, (struct sg_text){once, n}, text);
    }
}

/* One column of two rows. */
static enum sg_status lay(struct lk *lk, struct sg_roster *roster, const struct sg_text texts[2])
{
    struct sg_err err;
    enum sg_status st = SG_OK;
    roster->n_rows = lk->n_rows = 2;
    for (size_t r = 0; st == SG_OK && r < 2; r++)
        st = sg_dict_number(&roster->columns[0].cells[r], &roster->columns[0].values, texts[r],
                            &err);
    for (unsigned kind = 0; kind < SG_LINK_KINDS; kind++)
        lk->model->fields[kind] =
            (struct sg_link_field){.kind = kind, .swap = SIZE_MAX, .implied = SIZE_MAX};
    lk->model->n_fields = lk->n_fields = SG_LINK_KINDS;
    return st == SG_OK ? sg_lk_columns(lk, &err) : st;
}

/* Codes are left out: whether one begins as another does depends on which is asked. */
static void check_levels(const struct lk *lk)
{
    uint8_t ab[SG_LINK_FIELDS_MAX], ba[SG_LINK_FIELDS_MAX];
    sg_lk_compare(ab, lk, 0, 1);
    sg_lk_compare(ba, lk, 1, 0);
    for (unsigned kind = 0; kind < SG_LINK_KINDS; kind++) {
        const struct lk_column *c = &lk->columns[kind];
        assert(ab[kind] == SG_LINK_MISSING || ab[kind] < sg_link_n_levels(kind));
        assert((ab[kind] == SG_LINK_MISSING) == (!c->cells[0] || !c->cells[1]));
        assert(ab[kind] == ba[kind] || kind == SG_LINK_CODE);
        if (c->cells[0] && c->cells[0] == c->cells[1])
            assert(ab[kind] + 1u == sg_link_n_levels(kind));
    }
}

static void check_comparing(const struct sg_text texts[2])
{
    static struct sg_link_model model;
    uint32_t cells[2];
    struct sg_roster_column column = {.cells = cells};
    struct sg_roster roster = {.columns = &column, .n_columns = 1};
    const struct sg_link_options options = {1, false, NULL};
    struct lk *lk = sg_mem_zalloc(1, sizeof(*lk));
    assert(lk);
    lk->roster = &roster;
    lk->model = &model;
    lk->options = &options;
    assert(lay(lk, &roster, texts) == SG_OK);
    check_levels(lk);
    sg_dict_clear(&column.values);
    sg_lk_free(lk);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data, *end = size ? memchr(text, '\n', size) : NULL;
    if (!end || size > 4096)
        return 0;
    const size_t n = (size_t)(end - text);
    const struct sg_text texts[2] = {{text, n}, {end + 1, size - n - 1}};
    check_reading(texts[0]);
    check_reading(texts[1]);
    if (texts[0].size && texts[1].size)
        check_comparing(texts);
    return 0;
}
