/* Columns made comparable: folded and reduced texts, numbered anew, and what their kind needs. */
#include "analysis/linkage/linkage_internal.h"
#include "base/fold.h"
#include "base/mem.h"
#include "base/parallel.h"

/* Longest reduced text; names and codes beyond it are compared by their beginning. */
#define REDUCED_MAX 256

static uint64_t network(struct sg_text ip)
{
    size_t parts = 0, i = 0;
    const bool six = memchr(ip.data, ':', ip.size) != NULL;
    for (; i < ip.size; i++) {
        parts += ip.data[i] == (six ? ':' : '.');
        if (parts == (six ? 4u : 3u))
            break;
    }
    return sg_link_hash((struct sg_text){ip.data, i});
}

static uint64_t hexadecimal(struct sg_text text)
{
    uint64_t value = 0;
    for (size_t i = 0; i < text.size && i < 16; i++) {
        const char c = text.data[i];
        value = value << 4 | (uint64_t)(c <= '9' ? c - '0' : (c - 'a' + 10) & 15);
    }
    return value;
}

static uint32_t day_code(struct sg_text text)
{
    struct lk_date d;
    return sg_lk_date(&d, text) ? d.year * 10000 + d.month * 100 + d.day : 0;
}

static void describe(struct lk_value *v, enum sg_link_kind kind, struct sg_text text)
{
    v->text = text;
    v->letters = sg_link_letters(text);
    v->hash = (uint32_t)sg_link_hash(text);
    const char *at = memchr(text.data, '@', text.size);
    switch (kind) {
    case SG_LINK_NAME:
        v->code = sg_link_phonetic(text);
        v->sig = sg_link_nicknames(text);
        break;
    case SG_LINK_DATE:
        v->code = day_code(text);
        break;
    case SG_LINK_EMAIL:
        v->code = (uint32_t)(at ? (size_t)(at - text.data) : text.size);
        break;
    case SG_LINK_IP:
        v->sig = network(text);
        break;
    case SG_LINK_IMAGE_HASH:
        v->sig = hexadecimal(text);
        break;
    case SG_LINK_TEXT: /* done where it was folded */
    case SG_LINK_ADDRESS:
    case SG_LINK_REST:
    case SG_LINK_PHONE:
    case SG_LINK_CODE:
    case SG_LINK_CATEGORY:
    case SG_LINK_IDENTIFIER:
        break;
    }
}

/* Number of the reduced text of each raw value; 0 where nothing is left of it. */
static enum sg_status number_texts(uint32_t *map, struct lk_column *c, const struct sg_dict *raw,
                                   struct sg_fold *fold, struct sg_buf *buf, struct sg_err *err)
{
    char reduced[REDUCED_MAX];
    enum sg_status st = SG_OK;
    for (size_t i = 0; st == SG_OK && i < raw->count; i++) {
        sg_buf_reset(buf);
        st = sg_fold_text(fold, buf, raw->texts[i].data, raw->texts[i].size, err);
        if (st != SG_OK || buf->size == 0)
            continue;
        const size_t n = sg_lk_reduced(reduced, sizeof(reduced), c->kind,
                                       (struct sg_text){buf->data, buf->size});
        if (n)
            st = sg_dict_number(&map[i], &c->dict, (struct sg_text){reduced, n}, err);
    }
    return st;
}

/* Long texts keep their numbers; only their signature is kept. */
static enum sg_status sign_texts(struct lk_column *c, const struct sg_dict *raw,
                                 struct sg_fold *fold, struct sg_buf *buf, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    c->values = sg_mem_zalloc(raw->count + 1, sizeof(*c->values));
    if (!c->values)
        return sg_err_nomem(err);
    c->n_values = raw->count;
    for (size_t i = 0; st == SG_OK && i < raw->count; i++) {
        sg_buf_reset(buf);
        st = sg_fold_text(fold, buf, raw->texts[i].data, raw->texts[i].size, err);
        if (st == SG_OK && buf->size)
            c->values[i].sig = sg_link_simhash((struct sg_text){buf->data, buf->size});
        c->values[i].text = (struct sg_text){"", 0};
    }
    return st;
}

static enum sg_status fold_column(struct lk *lk, size_t field, struct sg_err *err)
{
    struct lk_column *c = &lk->columns[field];
    const struct sg_roster_column *raw = &lk->roster->columns[lk->model->fields[field].column];
    struct sg_buf buf = SG_BUF_INIT(SG_FOLD_MAX * 8);
    struct sg_fold *fold = NULL;
    uint32_t *map = sg_mem_zalloc(raw->values.count + 1, sizeof(*map));
    enum sg_status st = map ? sg_fold_new(&fold, err) : sg_err_nomem(err);
    if (st == SG_OK && c->kind == SG_LINK_TEXT)
        st = sign_texts(c, &raw->values, fold, &buf, err);
    else if (st == SG_OK)
        st = number_texts(map, c, &raw->values, fold, &buf, err);
    for (size_t r = 0; st == SG_OK && r < lk->n_rows; r++) {
        const uint32_t cell = raw->cells[r];
        c->cells[r] = cell == 0 || c->kind == SG_LINK_TEXT ? cell : map[cell - 1];
    }
    sg_fold_free(fold);
    sg_buf_clear(&buf);
    sg_mem_free(map);
    return st;
}

/* A field of SG_LINK_REST: its texts are those of the records, not of the column. */
static enum sg_status take_rest(struct lk *lk, size_t field, struct sg_err *err)
{
    struct lk_column *c = &lk->columns[field];
    struct sg_buf buf = SG_BUF_INIT(4 * REDUCED_MAX);
    struct sg_dict rest = {0};
    uint32_t *cells = sg_mem_zalloc(lk->n_rows + 1, sizeof(*cells));
    enum sg_status st = cells ? SG_OK : sg_err_nomem(err);
    for (size_t r = 0; st == SG_OK && r < lk->n_rows; r++) {
        sg_buf_reset(&buf);
        st = sg_lk_rest(&buf, lk, field, r, err);
        if (st == SG_OK && buf.size)
            st = sg_dict_number(&cells[r], &rest, (struct sg_text){buf.data, buf.size}, err);
    }
    sg_buf_clear(&buf);
    sg_mem_free(c->cells);
    sg_dict_clear(&c->dict);
    c->cells = cells;
    c->dict = rest;
    return st;
}

static enum sg_status describe_column(struct lk *lk, size_t field, struct sg_err *err)
{
    struct lk_column *c = &lk->columns[field];
    if (!c->values) {
        c->values = sg_mem_zalloc(c->dict.count + 1, sizeof(*c->values));
        if (!c->values)
            return sg_err_nomem(err);
        c->n_values = c->dict.count;
        for (size_t i = 0; i < c->n_values; i++)
            describe(&c->values[i], c->kind, c->dict.texts[i]);
    }
    for (size_t r = 0; r < lk->n_rows; r++) {
        if (!c->cells[r])
            continue;
        c->values[c->cells[r] - 1].rows++;
        c->n_present++;
    }
    c->total = (double)c->n_present;
    const enum sg_status st = sg_lk_words(c, err);
    if (st == SG_OK)
        sg_lk_keys(c);
    return st;
}

/* One field a time on a thread each; the first failure by order of fields is the one that is told.
 */
struct each_field {
    struct lk *lk;
    enum sg_status (*work)(struct lk *lk, size_t field, struct sg_err *err);
    enum sg_status status[SG_LINK_FIELDS_MAX];
    struct sg_err errors[SG_LINK_FIELDS_MAX];
};

static void one_field(void *ctx, size_t field)
{
    struct each_field *each = ctx;
    each->status[field] = each->work(each->lk, field, &each->errors[field]);
}

static enum sg_status for_each(struct lk *lk,
                               enum sg_status (*work)(struct lk *, size_t, struct sg_err *),
                               struct sg_err *err)
{
    enum sg_status st = SG_OK;
    struct each_field *each = sg_mem_zalloc(1, sizeof(*each));
    if (!each)
        return sg_err_nomem(err);
    each->lk = lk;
    each->work = work;
    sg_parallel_for(lk->options->n_threads, lk->n_fields, one_field, each);
    for (size_t f = 0; st == SG_OK && f < lk->n_fields; f++) {
        st = each->status[f];
        if (st != SG_OK && err)
            *err = each->errors[f];
    }
    sg_mem_free(each);
    return st;
}

static enum sg_status lay_cells(struct lk *lk, struct sg_err *err)
{
    lk->cells = sg_mem_alloc(lk->n_rows * lk->n_fields, sizeof(*lk->cells));
    if (!lk->cells)
        return sg_err_nomem(err);
    for (size_t r = 0; r < lk->n_rows; r++)
        for (size_t f = 0; f < lk->n_fields; f++)
            lk->cells[r * lk->n_fields + f] = lk->columns[f].cells[r];
    return SG_OK;
}

enum sg_status sg_lk_columns(struct lk *lk, struct sg_err *err)
{
    for (size_t f = 0; f < lk->n_fields; f++) {
        lk->columns[f].kind = lk->model->fields[f].kind;
        lk->columns[f].cells = sg_mem_zalloc(lk->n_rows + 1, sizeof(uint32_t));
        if (!lk->columns[f].cells)
            return sg_err_nomem(err);
    }
    enum sg_status st = for_each(lk, fold_column, err);
    for (size_t f = 0; st == SG_OK && f < lk->n_fields; f++)
        if (lk->columns[f].kind == SG_LINK_REST)
            st = take_rest(lk, f, err);
    if (st == SG_OK)
        st = for_each(lk, describe_column, err);
    return st == SG_OK ? lay_cells(lk, err) : st;
}
