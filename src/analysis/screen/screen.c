#include "analysis/screen/screen.h"

#include "base/mem.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

struct work {
    struct sg_screen_hit *hits; /* grows in the heap, copied to the arena at the end */
    size_t n_hits, capacity;
    const struct sg_screen_edition *editions;
    size_t n_editions;
    int64_t as_of_unix_s;
    struct sg_err *err;
};

static int compare_text(const char *a, const char *b)
{
    if (!a || !b)
        return (a != NULL) - (b != NULL);
    return strcmp(a, b);
}

static int compare_time(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int by_list_date_pack(const void *a, const void *b)
{
    const struct sg_screen_edition *x = a;
    const struct sg_screen_edition *y = b;
    const int list = strcmp(x->list, y->list);
    if (list || x->date_unix_s != y->date_unix_s)
        return list ? list : compare_time(x->date_unix_s, y->date_unix_s);
    return (x->pack > y->pack) - (x->pack < y->pack);
}

void sg_screen_sort_editions(struct sg_screen_edition *editions, size_t n)
{
    if (n > 1)
        qsort(editions, n, sizeof(*editions), by_list_date_pack);
}

/* Whether two claims say the same of the address, but for dates. */
static int compare_content(const struct sg_label *a, const struct sg_label *b)
{
    const int parts[] = {compare_text(a->entity, b->entity), (int)a->category - (int)b->category,
                         compare_text(a->source, b->source), compare_text(a->actor, b->actor),
                         compare_text(a->abuse, b->abuse),   (int)a->kind - (int)b->kind};
    for (size_t i = 0; i < SG_COUNT_OF(parts); i++)
        if (parts[i])
            return parts[i];
    return 0;
}

/* Claims of one list and party together; other claims that say the same together. */
static int by_group(const void *a, const void *b)
{
    const struct sg_screen_claim *x = *(const struct sg_screen_claim *const *)a;
    const struct sg_screen_claim *y = *(const struct sg_screen_claim *const *)b;
    int order = compare_text(x->list, y->list);
    if (!order && x->list)
        return compare_text(x->label.entity, y->label.entity);
    if (!order)
        order = compare_content(&x->label, &y->label);
    if (!order)
        order = compare_text(x->label.programme, y->label.programme);
    if (!order)
        order = compare_time(x->label.listed_unix_s, y->label.listed_unix_s);
    return order ? order : compare_time(x->label.delisted_unix_s, y->label.delisted_unix_s);
}

/* The order in a group must not depend on where the claims lay. */
static int by_group_and_pack(const void *a, const void *b)
{
    const struct sg_screen_claim *x = *(const struct sg_screen_claim *const *)a;
    const struct sg_screen_claim *y = *(const struct sg_screen_claim *const *)b;
    const int group = by_group(a, b);
    if (group)
        return group;
    if (x->label.source_date_unix_s != y->label.source_date_unix_s)
        return compare_time(x->label.source_date_unix_s, y->label.source_date_unix_s);
    return (x->pack > y->pack) - (x->pack < y->pack);
}

/* Add what is known by the day: nothing if it began later. */
static enum sg_status add_hit(struct work *work, struct sg_screen_hit hit)
{
    const int64_t day = work->as_of_unix_s;
    if (hit.listed_unix_s != SG_TIME_UNKNOWN && hit.listed_unix_s > day)
        return SG_OK;
    /* An end before the begin is no end: a source's mistake must not clear an address. */
    const bool is_reversed = hit.listed_unix_s != SG_TIME_UNKNOWN &&
                             hit.delisted_unix_s != SG_TIME_UNKNOWN &&
                             hit.delisted_unix_s < hit.listed_unix_s;
    if (is_reversed || (hit.delisted_unix_s != SG_TIME_UNKNOWN && hit.delisted_unix_s > day)) {
        hit.delisted_unix_s = SG_TIME_UNKNOWN;
        hit.delisted_is_bound = false;
    }
    hit.in_force = hit.delisted_unix_s == SG_TIME_UNKNOWN;
    if (!SG_VEC_RESERVE(work->hits, work->n_hits, work->capacity, 1))
        return sg_err_nomem(work->err);
    work->hits[work->n_hits++] = hit;
    return SG_OK;
}

static enum sg_status plain_hit(struct work *work, const struct sg_screen_claim *const *group,
                                size_t n)
{
    const struct sg_label *label = &group[n - 1]->label;
    return add_hit(work, (struct sg_screen_hit){.label = label,
                                                .listed_unix_s = label->listed_unix_s,
                                                .delisted_unix_s = label->delisted_unix_s,
                                                .n_claims = n});
}

/* The claim that an edition carries, or NULL. */
static const struct sg_label *carried(const struct sg_screen_claim *const *group, size_t n,
                                      uint32_t pack)
{
    for (size_t i = 0; i < n; i++)
        if (group[i]->pack == pack)
            return &group[i]->label;
    return NULL;
}

struct run {
    struct sg_screen_hit hit;
    bool is_open;
};

/* The first edition of a run of editions that carry the claim; `before` is the edition that does
 * not, unknown if there is none. */
static void begin_run(struct run *run, const struct sg_label *label, int64_t before, int64_t date)
{
    const int64_t said = label->listed_unix_s;
    const bool fits =
        said != SG_TIME_UNKNOWN && said <= date && (before == SG_TIME_UNKNOWN || said > before);
    *run = (struct run){.hit = {.label = label,
                                .listed_unix_s = fits ? said : date,
                                .listed_is_bound = !fits,
                                .delisted_unix_s = label->delisted_unix_s},
                        .is_open = true};
}

static enum sg_status end_run(struct run *run, struct work *work, int64_t date)
{
    if (run->hit.delisted_unix_s == SG_TIME_UNKNOWN || run->hit.delisted_unix_s > date) {
        run->hit.delisted_unix_s = date;
        run->hit.delisted_is_bound = true;
    }
    run->is_open = false;
    return add_hit(work, run->hit);
}

static enum sg_status list_hits(struct work *work, const struct sg_screen_claim *const *group,
                                size_t n)
{
    const struct sg_screen_edition *editions = work->editions;
    int64_t before = SG_TIME_UNKNOWN;
    struct run run = {.is_open = false};
    enum sg_status st = SG_OK;
    for (size_t i = 0; st == SG_OK && i < work->n_editions; i++) {
        if (strcmp(editions[i].list, group[0]->list) != 0)
            continue;
        const bool is_replaced = i + 1 < work->n_editions &&
                                 editions[i + 1].date_unix_s == editions[i].date_unix_s &&
                                 strcmp(editions[i + 1].list, editions[i].list) == 0;
        if (is_replaced)
            continue;
        const struct sg_label *label = carried(group, n, editions[i].pack);
        if (label && !run.is_open)
            begin_run(&run, label, before, editions[i].date_unix_s);
        else if (!label && run.is_open)
            st = end_run(&run, work, editions[i].date_unix_s);
        if (label && editions[i].date_unix_s <= work->as_of_unix_s)
            run.hit.label = label;
        run.hit.n_claims += label != NULL;
        before = editions[i].date_unix_s;
    }
    return st == SG_OK && run.is_open ? add_hit(work, run.hit) : st;
}

static int by_rank(const void *a, const void *b)
{
    const struct sg_screen_hit *x = a;
    const struct sg_screen_hit *y = b;
    if (x->in_force != y->in_force)
        return x->in_force ? -1 : 1;
    const bool x_illicit = sg_category_info(x->label->category)->is_illicit;
    const bool y_illicit = sg_category_info(y->label->category)->is_illicit;
    if (x_illicit != y_illicit)
        return x_illicit ? -1 : 1;
    const bool x_sanctioned = x->label->category == SG_CATEGORY_SANCTIONED;
    const bool y_sanctioned = y->label->category == SG_CATEGORY_SANCTIONED;
    int order = (int)y_sanctioned - (int)x_sanctioned;
    if (!order)
        order = (int)x->label->category - (int)y->label->category;
    if (!order)
        order = compare_content(x->label, y->label);
    if (!order)
        order = compare_text(x->label->programme, y->label->programme);
    return order ? order : compare_time(x->listed_unix_s, y->listed_unix_s);
}

static enum sg_status work_out(struct work *work, const struct sg_screen_claim **order, size_t n)
{
    enum sg_status st = SG_OK;
    qsort(order, n, sizeof(*order), by_group_and_pack);
    for (size_t i = 0, end; st == SG_OK && i < n; i = end) {
        for (end = i + 1; end < n && by_group(&order[i], &order[end]) == 0; end++)
            ;
        st = order[i]->list ? list_hits(work, order + i, end - i)
                            : plain_hit(work, order + i, end - i);
    }
    if (work->n_hits > 1)
        qsort(work->hits, work->n_hits, sizeof(*work->hits), by_rank);
    return st;
}

enum sg_status sg_screen_hits(const struct sg_screen_hit **hits, size_t *n_hits,
                              struct sg_arena *arena, const struct sg_screen_claim *claims,
                              size_t n, const struct sg_screen_edition *editions, size_t n_editions,
                              int64_t as_of_unix_s, struct sg_err *err)
{
    struct work work = {
        .editions = editions, .n_editions = n_editions, .as_of_unix_s = as_of_unix_s, .err = err};
    const struct sg_screen_claim **order = sg_mem_alloc(n + 1, sizeof(*order));
    enum sg_status st = order ? SG_OK : sg_err_nomem(err);
    for (size_t i = 0; st == SG_OK && i < n; i++)
        order[i] = &claims[i];
    if (st == SG_OK)
        st = work_out(&work, order, n);
    struct sg_screen_hit *copy =
        st == SG_OK ? sg_arena_alloc(arena, work.n_hits + 1, sizeof(*copy)) : NULL;
    if (st == SG_OK && !copy)
        st = sg_err_nomem(err);
    if (st == SG_OK) {
        if (work.n_hits)
            memcpy(copy, work.hits, work.n_hits * sizeof(*copy));
        *hits = copy;
        *n_hits = work.n_hits;
    }
    sg_mem_free(work.hits);
    sg_mem_free(order);
    return st;
}
