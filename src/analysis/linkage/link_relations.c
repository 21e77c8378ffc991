/* What columns have to do with one another: one repeats the words of others, two are confused,
 * one follows from another. Each would count evidence twice, or miss it. */
#include "analysis/linkage/linkage_internal.h"
#include "base/fold.h"
#include "base/mem.h"

#include <stdlib.h>

#define ROWS_MAX 3000

/* Rows whose words of the part are words of the whole; one in four may be misprinted. */
#define PART_SHARE 0.6

/* Values that stand in both columns, from which on two columns are confused at times. */
#define SWAP_SHARE 0.01

/* Rows of a category that follow from the other column's value. */
#define IMPLIED_SHARE 0.97
#define IMPLIED_MAX   4000

struct look {
    const struct sg_roster *roster;
    struct sg_link_model *model;
    struct sg_buf a, b; /* two cells, reduced to words */
    struct sg_fold *fold;
};

static bool is_words(enum sg_link_kind kind)
{
    return kind == SG_LINK_NAME || kind == SG_LINK_ADDRESS || kind == SG_LINK_CATEGORY;
}

static enum sg_status words_of(struct look *k, struct sg_buf *out, size_t column, size_t row,
                               struct sg_err *err)
{
    char reduced[512];
    const struct sg_text cell = sg_roster_cell(k->roster, column, row);
    sg_buf_reset(out);
    if (!cell.data)
        return SG_OK;
    enum sg_status st = sg_fold_text(k->fold, out, cell.data, cell.size, err);
    if (st != SG_OK || out->size == 0)
        return st;
    const size_t n = sg_lk_reduced(reduced, sizeof(reduced), SG_LINK_ADDRESS,
                                   (struct sg_text){out->data, out->size});
    sg_buf_reset(out);
    sg_buf_append(out, reduced, n);
    return sg_buf_check(out, err);
}

/* Whether each word of `part` is a word of `whole`. */
static bool holds(const struct sg_buf *whole, const struct sg_buf *part)
{
    size_t begin = 0;
    for (size_t i = 0; i <= part->size; i++) {
        if (i < part->size && part->data[i] != ' ')
            continue;
        const size_t n = i - begin;
        bool found = false;
        for (size_t k = 0; !found && k + n <= whole->size; k++)
            found = memcmp(whole->data + k, part->data + begin, n) == 0 &&
                    (k == 0 || whole->data[k - 1] == ' ') &&
                    (k + n == whole->size || whole->data[k + n] == ' ');
        if (!found)
            return false;
        begin = i + 1;
    }
    return true;
}

/* Share of rows in which `whole` has all the words of `part`, and of those where it has no more. */
static enum sg_status share_held(double *share, double *same, struct look *k, size_t whole,
                                 size_t part, struct sg_err *err)
{
    const size_t step = k->roster->n_rows / ROWS_MAX + 1;
    size_t n = 0, held = 0, equal = 0;
    enum sg_status st = SG_OK;
    for (size_t row = 0; st == SG_OK && row < k->roster->n_rows; row += step) {
        st = words_of(k, &k->a, whole, row, err);
        if (st == SG_OK)
            st = words_of(k, &k->b, part, row, err);
        if (st != SG_OK || k->a.size == 0 || k->b.size == 0)
            continue;
        n++;
        const bool in = holds(&k->a, &k->b);
        held += in;
        equal += in && k->a.size == k->b.size;
    }
    *share = n >= 20 ? (double)held / (double)n : 0;
    *same = n >= 20 ? (double)equal / (double)n : 0;
    return st;
}

/* A field of several words that has a field of fewer words in it. */
static enum sg_status find_parts(struct look *k, size_t f, struct sg_err *err)
{
    struct sg_link_field *field = &k->model->fields[f];
    enum sg_status st = SG_OK;
    for (size_t g = 0; st == SG_OK && g < k->model->n_fields; g++) {
        const struct sg_link_field *part = &k->model->fields[g];
        double share, same, back = 0, unused;
        if (g == f || !is_words(part->kind) || field->n_parts == SG_LINK_PARTS_MAX)
            continue;
        st = share_held(&share, &same, k, field->column, part->column, err);
        if (st == SG_OK && share >= PART_SHARE)
            st = share_held(&back, &unused, k, part->column, field->column, err);
        if (st == SG_OK && share >= PART_SHARE && (back < PART_SHARE || g < f))
            field->parts[field->n_parts++] = g;
    }
    return st;
}

/* Parts are fields that are no wholes themselves; a whole of none of those stays what it is. */
static void settle_parts(struct sg_link_model *m)
{
    bool whole[SG_LINK_FIELDS_MAX];
    for (size_t f = 0; f < m->n_fields; f++)
        whole[f] = m->fields[f].n_parts > 0;
    for (size_t f = 0; f < m->n_fields; f++) {
        struct sg_link_field *field = &m->fields[f];
        size_t n = 0;
        for (size_t i = 0; i < field->n_parts; i++)
            if (!whole[field->parts[i]])
                field->parts[n++] = field->parts[i];
        field->n_parts = n;
        if (n)
            field->kind = SG_LINK_REST;
    }
}

static bool is_swappable(enum sg_link_kind kind)
{
    return kind == SG_LINK_NAME || kind == SG_LINK_ADDRESS;
}

/* Share of the first values of one column that the other has too. */
static double shared_values(const struct sg_roster *roster, size_t a, size_t b)
{
    const struct sg_dict *x = &roster->columns[a].values, *y = &roster->columns[b].values;
    const size_t step = x->count / ROWS_MAX + 1;
    size_t n = 0, shared = 0;
    for (size_t i = 0; i < x->count; i += step, n++)
        shared += sg_dict_find(y, x->texts[i]) != 0;
    return n ? (double)shared / (double)n : 0;
}

static void find_swap(struct look *k, size_t f)
{
    struct sg_link_field *field = &k->model->fields[f];
    double best = SWAP_SHARE;
    for (size_t g = 0; is_swappable(field->kind) && g < k->model->n_fields; g++) {
        const struct sg_link_field *other = &k->model->fields[g];
        if (g == f || other->kind != field->kind)
            continue;
        const double share = shared_values(k->roster, field->column, other->column);
        if (share > best) {
            best = share;
            field->swap = g;
        }
    }
}

struct cross {
    uint32_t by, value; /* of the column that may imply, and of the one that may follow */
};

static int by_both(const void *a, const void *b)
{
    const struct cross *x = a, *y = b;
    return x->by != y->by ? (x->by < y->by ? -1 : 1)
                          : (x->value > y->value) - (x->value < y->value);
}

/* Share of rows that have their group's commonest value, among values of `by` met five times. */
static enum sg_status follows(double *share, const struct look *k, size_t by, size_t column,
                              struct sg_err *err)
{
    const uint32_t *x = k->roster->columns[by].cells, *y = k->roster->columns[column].cells;
    const size_t step = k->roster->n_rows / (20 * ROWS_MAX) + 1;
    struct cross *rows = sg_mem_alloc(k->roster->n_rows / step + 1, sizeof(*rows));
    size_t n = 0, in = 0, best = 0;
    if (!rows)
        return sg_err_nomem(err);
    for (size_t r = 0; r < k->roster->n_rows; r += step)
        if (x[r] && y[r])
            rows[n++] = (struct cross){x[r], y[r]};
    qsort(rows, n, sizeof(*rows), by_both);
    for (size_t i = 0, end; i < n; i = end) {
        size_t most = 0, run = 0;
        for (end = i; end < n && rows[end].by == rows[i].by; end++) {
            run = end > i && rows[end].value == rows[end - 1].value ? run + 1 : 1;
            most = run > most ? run : most;
        }
        if (end - i < 5)
            continue;
        in += end - i;
        best += most;
    }
    sg_mem_free(rows);
    *share = in * 4 > n ? (double)best / (double)in : 0;
    return SG_OK;
}

static enum sg_status find_implied(struct look *k, size_t f, struct sg_err *err)
{
    struct sg_link_field *field = &k->model->fields[f];
    const size_t n_values = k->roster->columns[field->column].values.count;
    enum sg_status st = SG_OK;
    for (size_t g = 0; st == SG_OK && field->implied == SIZE_MAX && g < k->model->n_fields; g++) {
        const size_t n = k->roster->columns[k->model->fields[g].column].values.count;
        double share = 0;
        if (g == f || field->kind == SG_LINK_REST || n > IMPLIED_MAX || n < n_values ||
            (n == n_values && g > f) || n > k->roster->n_rows / 20)
            continue;
        st = follows(&share, k, k->model->fields[g].column, field->column, err);
        if (share >= IMPLIED_SHARE)
            field->implied = g;
    }
    return st;
}

enum sg_status sg_lk_relations(struct sg_link_model *model, const struct sg_roster *roster,
                               struct sg_fold *fold, struct sg_err *err)
{
    struct look k = {roster, model, SG_BUF_INIT(SG_FOLD_MAX * 8), SG_BUF_INIT(SG_FOLD_MAX * 8),
                     fold};
    enum sg_status st = SG_OK;
    for (size_t f = 0; st == SG_OK && f < model->n_fields; f++)
        if (model->fields[f].kind == SG_LINK_ADDRESS)
            st = find_parts(&k, f, err);
    settle_parts(model);
    for (size_t f = 0; st == SG_OK && f < model->n_fields; f++) {
        find_swap(&k, f);
        st = find_implied(&k, f, err);
    }
    sg_buf_clear(&k.a);
    sg_buf_clear(&k.b);
    return st;
}
