/* The order of things. */
#include "analysis/linkage/linkage_internal.h"
#include "base/mem.h"

#include <math.h>
#include <stdlib.h>

/* Estimate from groups and group again so often. */
#define REFINEMENTS 1

void sg_lk_free(struct lk *lk)
{
    for (size_t f = 0; f < lk->n_fields; f++) {
        struct lk_column *c = &lk->columns[f];
        sg_mem_free(c->cells);
        sg_mem_free(c->values);
        sg_mem_free(c->words);
        sg_mem_free(c->word_bits);
        sg_dict_clear(&c->dict);
        sg_dict_clear(&c->word_dict);
    }
    sg_mem_free(lk->cells);
    sg_lk_blocks_free(lk);
    sg_lk_pairs_free(lk);
    sg_mem_free(lk);
}

static int by_rows(const void *a, const void *b)
{
    const struct sg_link_pair *x = a, *y = b;
    return x->a != y->a ? (x->a < y->a ? -1 : 1) : (x->b > y->b) - (x->b < y->b);
}

static enum sg_status list_pairs(struct sg_link_result *r, const struct lk *lk, struct sg_err *err)
{
    size_t n = 0;
    for (size_t c = 0; c < lk->n_chunks; c++)
        for (size_t i = 0; i < lk->chunks[c].n_pairs; i++)
            n += lk->chunks[c].pairs[i].weight_mib >= SG_LINK_LIST_MIN;
    r->pairs = sg_mem_alloc(n + 1, sizeof(*r->pairs));
    if (!r->pairs)
        return sg_err_nomem(err);
    for (size_t c = 0; c < lk->n_chunks; c++)
        for (size_t i = 0; i < lk->chunks[c].n_pairs; i++)
            if (lk->chunks[c].pairs[i].weight_mib >= SG_LINK_LIST_MIN)
                r->pairs[r->n_pairs++] = lk->chunks[c].pairs[i];
    qsort(r->pairs, r->n_pairs, sizeof(*r->pairs), by_rows);
    return SG_OK;
}

/* What each field says of each listed pair. */
static enum sg_status explain(struct sg_link_result *r, const struct lk *lk, struct sg_err *err)
{
    const size_t n = lk->n_fields;
    r->prior_mib = lk->prior_mib;
    if (!lk->options->explain)
        return SG_OK;
    r->levels = sg_mem_alloc(r->n_pairs * n + 1, sizeof(*r->levels));
    r->evidence = sg_mem_alloc(r->n_pairs * n + 1, sizeof(*r->evidence));
    if (!r->levels || !r->evidence)
        return sg_err_nomem(err);
    for (size_t i = 0; i < r->n_pairs; i++) {
        const struct sg_link_pair *pair = &r->pairs[i];
        sg_lk_compare(r->levels + i * n, lk, pair->a, pair->b);
        for (size_t f = 0; f < n; f++)
            r->evidence[i * n + f] = sg_lk_field_weight(lk, f, r->levels + i * n, pair->a, pair->b);
    }
    return SG_OK;
}

static void drop_groups(struct sg_link_result *r)
{
    sg_mem_free(r->groups);
    sg_mem_free(r->members);
    r->groups = NULL;
    r->members = NULL;
}

static enum sg_status group(struct sg_link_result *r, struct lk *lk, struct sg_err *err)
{
    enum sg_status st = sg_lk_groups(r, lk, err);
    for (int round = 0; st == SG_OK && r->n_groups && round < REFINEMENTS; round++) {
        st = sg_lk_reestimate(lk, r, err);
        if (st != SG_OK)
            return st;
        sg_lk_weigh_pairs(lk);
        drop_groups(r);
        st = sg_lk_groups(r, lk, err);
    }
    return st;
}

static void report(struct sg_link_result *r, const struct lk *lk)
{
    r->n_compared = lk->n_compared;
    r->n_rules = lk->n_blocks;
    for (size_t k = 0; k < lk->n_blocks; k++)
        r->rules[k] = lk->blocks[k].rule;
    r->no_split = r->n_groups == 0;
}

static enum sg_status run(struct sg_link_result *r, struct lk *lk, struct sg_err *err)
{
    r->n_rows = lk->n_rows;
    r->group_of = sg_mem_zalloc(lk->n_rows + 1, sizeof(*r->group_of));
    if (!r->group_of)
        return sg_err_nomem(err);
    enum sg_status st = sg_lk_columns(lk, err);
    if (st == SG_OK)
        st = sg_lk_rules(lk, err);
    if (st == SG_OK)
        st = sg_lk_blocks(lk, err);
    if (st == SG_OK)
        st = sg_lk_estimate(lk, r->doubtful, err);
    if (st == SG_OK)
        st = sg_lk_pairs(lk, err);
    if (st == SG_OK)
        st = group(r, lk, err);
    if (st == SG_OK)
        st = list_pairs(r, lk, err);
    if (st == SG_OK)
        st = explain(r, lk, err);
    if (st == SG_OK)
        report(r, lk);
    return st;
}

enum sg_status sg_link_run(struct sg_link_result *result, struct sg_link_model *model,
                           const struct sg_roster *roster, const struct sg_link_options *options,
                           struct sg_err *err)
{
    if (model->n_fields == 0 || roster->n_rows < 2)
        return sg_err_set(err, SG_EUSAGE, "%s",
                          roster->n_rows < 2 ? "fewer than two records: nothing to link"
                                             : "no column is left to compare");
    struct lk *lk = sg_mem_zalloc(1, sizeof(*lk));
    if (!lk)
        return sg_err_nomem(err);
    lk->roster = roster;
    lk->model = model;
    lk->options = options;
    lk->n_rows = roster->n_rows;
    lk->n_fields = model->n_fields;
    lk->threshold_mib = (int32_t)lrint(model->threshold * LK_MIB);
    const enum sg_status st = run(result, lk, err);
    sg_lk_free(lk);
    if (st != SG_OK)
        sg_link_clear(result);
    return st;
}

size_t sg_link_find_pair(const struct sg_link_result *r, uint32_t a, uint32_t b)
{
    const struct sg_link_pair key = {a < b ? a : b, a < b ? b : a, 0};
    const struct sg_link_pair *found =
        bsearch(&key, r->pairs, r->n_pairs, sizeof(*r->pairs), by_rows);
    return found ? (size_t)(found - r->pairs) : SIZE_MAX;
}

double sg_link_probability(int32_t weight_mib)
{
    return 1 / (1 + exp2(-(double)weight_mib / LK_MIB));
}

void sg_link_clear(struct sg_link_result *r)
{
    drop_groups(r);
    sg_mem_free(r->group_of);
    sg_mem_free(r->pairs);
    sg_mem_free(r->levels);
    sg_mem_free(r->evidence);
    *r = (struct sg_link_result){0};
}
