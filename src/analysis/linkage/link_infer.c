/* What does a column hold? Values decide; its name is asked only where they cannot tell, and to
 * leave out what is no evidence of anything. */
#include "analysis/linkage/linkage_internal.h"
#include "base/fold.h"
#include "base/mem.h"

#include <math.h>
#include <strings.h>

/* Distinct values of a column that are looked at, and rows where columns are compared. */
#define LOOK_MAX 2000

/* What the values of a column are like; shares of the values looked at. */
struct profile {
    size_t n_rows, n_values;
    double effective; /* 1 / chance that two rows have the same value */
    double at, date, ip, plus, digits, digit_any, only_digits, hex16; /* shares of values */
    double size, words;                                               /* means */
};

static bool has_word(struct sg_text name, const char *word)
{
    const size_t n = strlen(word);
    for (size_t i = 0; i + n <= name.size; i++)
        if (strncasecmp(name.data + i, word, n) == 0)
            return true;
    return false;
}

static bool names_one_of(struct sg_text name, const char *const *words)
{
    for (; *words; words++)
        if (has_word(name, *words))
            return true;
    return false;
}

/* Nobody's origin, belief or looks is evidence of who they are. */
bool sg_link_is_origin(struct sg_text name)
{
    static const char *const words[] = {"nationalit",      "citizen",       "ethnic",  "religio",
                                        "faith",           "photo",         "picture", "accent",
                                        "portrait",        "skin",          "caste",   "tribe",
                                        "native_language", "mother_tongue", NULL};
    static const char *const hashes[] = {"hash", NULL};
    return (name.size == 4 && has_word(name, "race")) ||
           (names_one_of(name, words) && !names_one_of(name, hashes));
}

static void look_at(struct profile *p, struct sg_text text)
{
    struct lk_date date;
    size_t digits = 0, words = 1, hex = 0;
    for (size_t i = 0; i < text.size; i++) {
        const char c = text.data[i];
        digits += c >= '0' && c <= '9';
        hex += (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        words += c == ' ';
    }
    p->at += memchr(text.data, '@', text.size) != NULL;
    p->date += sg_lk_date(&date, text);
    p->ip += sg_lk_is_ip(text);
    p->plus += text.data[0] == '+';
    p->digits += text.size ? (double)digits / (double)text.size : 0;
    p->digit_any += digits > 0;
    p->only_digits += digits == text.size;
    p->hex16 += hex == 16 && text.size == 16;
    p->size += (double)text.size;
    p->words += (double)words;
}

static void scale(struct profile *p, double n)
{
    double *const shares[] = {&p->at,        &p->date,  &p->ip,   &p->plus,  &p->digits,
                              &p->digit_any, &p->hex16, &p->size, &p->words, &p->only_digits};
    for (size_t i = 0; i < SG_COUNT_OF(shares); i++)
        *shares[i] /= n > 0 ? n : 1;
}

/* Rows that say something, and how evenly their values are spread. */
static enum sg_status spread(struct profile *p, const struct sg_roster_column *c, size_t n_rows,
                             struct sg_err *err)
{
    uint32_t *counts = sg_mem_zalloc(c->values.count + 1, sizeof(*counts));
    double meet = 0;
    if (!counts)
        return sg_err_nomem(err);
    for (size_t r = 0; r < n_rows; r++)
        counts[c->cells[r]]++;
    p->n_rows = n_rows - counts[0];
    p->n_values = c->values.count;
    for (size_t i = 1; i <= c->values.count; i++)
        meet += (double)counts[i] * counts[i];
    p->effective = meet > 0 ? (double)p->n_rows * (double)p->n_rows / meet : 0;
    sg_mem_free(counts);
    return SG_OK;
}

static enum sg_status take_profile(struct profile *p, const struct sg_roster_column *c,
                                   size_t n_rows, struct sg_fold *fold, struct sg_buf *buf,
                                   struct sg_err *err)
{
    const size_t step = c->values.count / LOOK_MAX + 1;
    double n = 0;
    enum sg_status st = spread(p, c, n_rows, err);
    for (size_t i = 0; st == SG_OK && i < c->values.count; i += step) {
        sg_buf_reset(buf);
        st = sg_fold_text(fold, buf, c->values.texts[i].data, c->values.texts[i].size, err);
        if (st != SG_OK || buf->size == 0)
            continue;
        look_at(p, (struct sg_text){buf->data, buf->size});
        n++;
    }
    scale(p, n);
    return st;
}

static enum sg_link_kind kind_of_words(const struct profile *p)
{
    if (p->size >= 60 && p->words >= 8)
        return SG_LINK_TEXT;
    if (p->words >= 1.6 && !(p->words <= 2.1 && p->size <= 10 && p->digit_any >= 0.7))
        return SG_LINK_ADDRESS;
    if (p->n_values <= 60 || p->effective < 8)
        return SG_LINK_CATEGORY;
    if (p->digit_any >= 0.6)
        return p->size >= 7.5 && p->effective > 0.02 * (double)p->n_rows && p->words < 1.5
                   ? SG_LINK_IDENTIFIER
                   : SG_LINK_CODE;
    return SG_LINK_NAME;
}

static enum sg_link_kind kind_of(const struct profile *p, struct sg_text name)
{
    static const char *const phones[] = {"phone", "tel", "mobile", "fax", NULL};
    if (p->at >= 0.8)
        return SG_LINK_EMAIL;
    if (p->ip >= 0.8)
        return SG_LINK_IP;
    if (p->date >= 0.7)
        return SG_LINK_DATE;
    if (p->hex16 >= 0.8 && has_word(name, "hash"))
        return SG_LINK_IMAGE_HASH;
    if (p->plus >= 0.5 || (names_one_of(name, phones) && p->digits >= 0.6))
        return SG_LINK_PHONE;
    return kind_of_words(p);
}

static enum sg_link_ignored reason(const struct profile *p, const struct sg_link_ask *ask,
                                   size_t column, struct sg_text name, size_t n_rows)
{
    for (size_t i = 0; i < ask->n_left_out; i++)
        if (ask->left_out[i] == column)
            return SG_LINK_IGNORED_ASKED;
    if (sg_link_is_origin(name))
        return SG_LINK_IGNORED_ORIGIN;
    if (p->n_values < 2)
        return SG_LINK_IGNORED_CONSTANT;
    const bool each_once = p->n_values == n_rows && p->n_rows == n_rows;
    if (each_once && n_rows > 20 && p->words < 1.5 && p->digit_any > 0.9 && p->at < 0.5 &&
        p->date < 0.5)
        return SG_LINK_IGNORED_SERIAL;
    return SG_LINK_USED;
}

static enum sg_status take_column(struct sg_link_model *m, const struct sg_roster *roster,
                                  size_t column, const struct sg_link_ask *ask,
                                  struct sg_fold *fold, struct sg_err *err)
{
    struct sg_buf buf = SG_BUF_INIT(SG_FOLD_MAX * 8);
    struct sg_buf name = SG_BUF_INIT(SG_FOLD_MAX * 8);
    struct profile p = {0};
    const struct sg_roster_column *c = &roster->columns[column];
    enum sg_status st = sg_fold_text(fold, &name, c->name.data, c->name.size, err);
    const struct sg_text folded = {name.data ? name.data : "", name.size};
    if (st == SG_OK)
        st = take_profile(&p, c, roster->n_rows, fold, &buf, err);
    if (st == SG_OK)
        m->ignored[column] = reason(&p, ask, column, folded, roster->n_rows);
    if (st == SG_OK && m->ignored[column] == SG_LINK_USED && m->n_fields == SG_LINK_FIELDS_MAX)
        m->ignored[column] = SG_LINK_IGNORED_MANY;
    if (st == SG_OK && m->ignored[column] == SG_LINK_USED)
        m->fields[m->n_fields++] = (struct sg_link_field){
            .column = column, .kind = kind_of(&p, folded), .swap = SIZE_MAX, .implied = SIZE_MAX};
    sg_buf_clear(&buf);
    sg_buf_clear(&name);
    return st;
}

enum sg_status sg_link_infer(struct sg_link_model *model, const struct sg_roster *roster,
                             const struct sg_link_ask *ask, struct sg_err *err)
{
    struct sg_fold *fold = NULL;
    *model = (struct sg_link_model){.threshold = SG_LINK_THRESHOLD};
    enum sg_status st = sg_fold_new(&fold, err);
    for (size_t i = 0; st == SG_OK && i < roster->n_columns; i++)
        st = take_column(model, roster, i, ask, fold, err);
    if (st == SG_OK)
        st = sg_lk_relations(model, roster, fold, err);
    sg_fold_free(fold);
    return st;
}
