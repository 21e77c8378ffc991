/* m and u without labels.
 *
 *  u: levels of random pairs, nearly all of which are two people; of equal values from their
 *  frequencies. m: expectation maximisation among the pairs of one blocking rule at a time, with u
 *  held, on the fields that the rule does not fix; then the mean over rules, each counting for the
 *  pairs of one person that it found. One run over the pairs of all rules together slides into a
 *  split by the fields that the rules fix; held u and separate runs do not.
 *  Source: I. P. Fellegi, A. B. Sunter, doi:10.1080/01621459.1969.10501049; W. E. Winkler, Using
 * the EM algorithm for weight computation in the Fellegi-Sunter model, 2000. */
#include "analysis/linkage/linkage_internal.h"
#include "base/mem.h"
#include "base/parallel.h"
#include "base/rng.h"

#include <math.h>

#define RANDOM_PAIRS  100000
#define SESSION_PAIRS 6000
#define ROUNDS        25
#define SMOOTH        0.5

/* Members of one group that are compared for m, about. */
#define INSIDE_MAX 24

/* Pairs of one person that a session must have found for its m to count. */
#define FOUND_MIN 20.0
/* And the most that it counts for: no rule outvotes the others because its blocks are large. */
#define FOUND_MAX 2000.0

/* m and u nearer than this cannot be told apart: their total variation. */
#define APART_MIN 0.05

struct session {
    uint8_t *levels; /* n_fields a pair */
    size_t n_pairs;
    double m[SG_LINK_FIELDS_MAX][SG_LINK_LEVELS_MAX];
    double share; /* of its pairs that are one person */
    bool failed;
};

struct estimate {
    struct lk *lk;
    struct session sessions[SG_LINK_RULES_MAX];
    const uint32_t *group_of; /* NULL at first */
};

static bool fixed_by(const struct sg_link_rule *rule, size_t field)
{
    return rule->fields[0] == field || rule->fields[1] == field;
}

void sg_lk_shares(double *share, const double *count, size_t n, double last)
{
    double sum = 0;
    const size_t n_free = last >= 0 ? n - 1 : n;
    for (size_t i = 0; i < n_free; i++)
        sum += count[i] + SMOOTH;
    for (size_t i = 0; i < n_free; i++)
        share[i] = (count[i] + SMOOTH) / sum * (last >= 0 ? 1 - last : 1);
    if (last >= 0)
        share[n - 1] = last;
}

/* Chance that two that say something say the same. */
static double equal_share(const struct lk_column *c)
{
    double pairs = SMOOTH;
    for (size_t i = 0; i < c->n_values; i++)
        pairs += (double)c->values[i].rows * ((double)c->values[i].rows - 1);
    const double share = pairs / (c->total * (c->total - 1) + 1);
    return share < 0.999 ? share : 0.999;
}

static void estimate_u(struct estimate *e)
{
    struct lk *lk = e->lk;
    struct sg_rng rng;
    uint8_t levels[SG_LINK_FIELDS_MAX];
    double counts[SG_LINK_FIELDS_MAX][SG_LINK_LEVELS_MAX] = {{0}};
    sg_rng_init(&rng, lk->n_rows);
    for (size_t i = 0; i < RANDOM_PAIRS; i++) {
        const uint32_t a = (uint32_t)sg_rng_below(&rng, lk->n_rows),
                       b = (uint32_t)sg_rng_below(&rng, lk->n_rows);
        if (a == b || (e->group_of && e->group_of[a] == e->group_of[b]))
            continue;
        sg_lk_compare(levels, lk, a, b);
        for (size_t f = 0; f < lk->n_fields; f++)
            if (levels[f] != SG_LINK_MISSING)
                counts[f][levels[f]] += 1;
    }
    for (size_t f = 0; f < lk->n_fields; f++)
        if (!lk->model->fields[f].fixed)
            sg_lk_shares(lk->model->fields[f].u, counts[f],
                         sg_link_n_levels(lk->model->fields[f].kind), equal_share(&lk->columns[f]));
}

/* Pairs of one rule's blocks, from rows spread over the file. */
static void sample(struct session *s, const struct lk *lk, const struct lk_block *block)
{
    uint32_t partners[LK_BLOCK_MAX];
    const uint64_t pairs = block->rule.pairs ? block->rule.pairs : 1;
    const size_t step = (size_t)(pairs / SESSION_PAIRS) + 1;
    s->levels = sg_mem_alloc(SESSION_PAIRS * lk->n_fields, 1);
    s->failed = !s->levels;
    for (size_t i = 0; !s->failed && i < lk->n_rows; i++) {
        const uint32_t row = (uint32_t)i;
        if (sg_link_mix(i) % step)
            continue;
        const size_t n = sg_lk_partners(partners, block, row);
        for (size_t k = 0; k < n && s->n_pairs < SESSION_PAIRS; k++)
            sg_lk_compare(s->levels + s->n_pairs++ * lk->n_fields, lk, row, partners[k]);
    }
}

static void begin(struct session *s, const struct lk *lk)
{
    s->share = 0.2;
    for (size_t f = 0; f < lk->n_fields; f++) {
        const size_t n = sg_link_n_levels(lk->model->fields[f].kind);
        for (size_t l = 0; l < n; l++)
            s->m[f][l] = l + 1 == n ? 0.7 : l == 0 ? 0.1 : 0.2 / (double)(n - 2);
        if (lk->model->fields[f].fixed)
            memcpy(s->m[f], lk->model->fields[f].m, sizeof(s->m[f]));
    }
}

/* log(m/u) of every level of the fields that the rule does not fix, else 0. */
static void set_evidence(double evidence[][SG_LINK_LEVELS_MAX], const struct session *s,
                         const struct lk *lk, const struct sg_link_rule *rule)
{
    for (size_t f = 0; f < lk->n_fields; f++)
        for (size_t l = 0; l < sg_link_n_levels(lk->model->fields[f].kind); l++)
            evidence[f][l] = fixed_by(rule, f) ? 0 : log(s->m[f][l] / lk->model->fields[f].u[l]);
}

double sg_lk_posterior(double evidence[][SG_LINK_LEVELS_MAX], double prior, const uint8_t *levels,
                       size_t n_fields)
{
    for (size_t f = 0; f < n_fields; f++)
        if (levels[f] != SG_LINK_MISSING)
            prior += evidence[f][levels[f]];
    return 1 / (1 + exp(-prior));
}

static void one_round(struct session *s, const struct lk *lk, const struct sg_link_rule *rule)
{
    double counts[SG_LINK_FIELDS_MAX][SG_LINK_LEVELS_MAX] = {{0}};
    double evidence[SG_LINK_FIELDS_MAX][SG_LINK_LEVELS_MAX];
    const double prior = log(s->share / (1 - s->share));
    double found = 0;
    set_evidence(evidence, s, lk, rule);
    for (size_t i = 0; i < s->n_pairs; i++) {
        const uint8_t *levels = s->levels + i * lk->n_fields;
        const double p = sg_lk_posterior(evidence, prior, levels, lk->n_fields);
        found += p;
        for (size_t f = 0; f < lk->n_fields; f++)
            if (levels[f] != SG_LINK_MISSING)
                counts[f][levels[f]] += p;
    }
    s->share = (found + SMOOTH) / ((double)s->n_pairs + 2 * SMOOTH);
    for (size_t f = 0; f < lk->n_fields; f++)
        if (!lk->model->fields[f].fixed)
            sg_lk_shares(s->m[f], counts[f], sg_link_n_levels(lk->model->fields[f].kind), -1);
}

static void run_session(void *ctx, size_t index)
{
    struct estimate *e = ctx;
    struct session *s = &e->sessions[index];
    const struct lk_block *block = &e->lk->blocks[index];
    begin(s, e->lk);
    if (block->rule.whole) /* says nothing of what people's records differ in */
        return;
    sample(s, e->lk, block);
    for (int round = 0; !s->failed && s->n_pairs && round < ROUNDS; round++)
        one_round(s, e->lk, &block->rule);
}

/* How much the pairs of one person agree on what the rule leaves open: the mean share of equal. */
static double agreement(const struct session *s, const struct lk *lk,
                        const struct sg_link_rule *rule)
{
    double sum = 0, n = 1e-9;
    for (size_t f = 0; f < lk->n_fields; f++) {
        if (fixed_by(rule, f))
            continue;
        sum += s->m[f][sg_link_n_levels(lk->model->fields[f].kind) - 1];
        n += 1;
    }
    return sum / n;
}

/* What a session's m counts for. Pairs that agree on much are one person; a session whose second
 * class agrees on little found households or countrymen instead. */
static double vote_of(const struct session *s, const struct lk *lk, const struct sg_link_rule *rule)
{
    const double found = s->share * (double)s->n_pairs;
    if (found < FOUND_MIN)
        return 0;
    return (found < FOUND_MAX ? found : FOUND_MAX) * s->share * pow(agreement(s, lk, rule), 8);
}

static void join(struct estimate *e, size_t f)
{
    struct sg_link_field *field = &e->lk->model->fields[f];
    double counts[SG_LINK_LEVELS_MAX] = {0}, votes = 0;
    struct session none;
    for (size_t k = 0; k < e->lk->n_blocks; k++) {
        const double vote = fixed_by(&e->lk->blocks[k].rule, f)
                                ? 0
                                : vote_of(&e->sessions[k], e->lk, &e->lk->blocks[k].rule);
        for (size_t l = 0; l < SG_LINK_LEVELS_MAX; l++)
            counts[l] += vote * e->sessions[k].m[f][l];
        votes += vote;
    }
    begin(&none, e->lk);
    if (votes > 0)
        sg_lk_shares(field->m, counts, sg_link_n_levels(field->kind), -1);
    else
        memcpy(field->m, none.m[f], sizeof(field->m));
}

static double first_prior(const struct estimate *e)
{
    const struct lk *lk = e->lk;
    const double all = (double)lk->n_rows * ((double)lk->n_rows - 1) / 2;
    double most = 1;
    for (size_t k = 0; k < lk->n_blocks; k++) {
        const double found = e->sessions[k].share * (double)lk->blocks[k].rule.pairs;
        most = found > most ? found : most;
    }
    return most / all < 0.5 ? most / all : 0.5;
}

static bool hard_to_tell(const struct sg_link_field *field)
{
    double apart = 0;
    for (size_t l = 0; l < sg_link_n_levels(field->kind); l++)
        apart += fabs(field->m[l] - field->u[l]) / 2;
    return apart < APART_MIN;
}

enum sg_status sg_lk_estimate(struct lk *lk, bool *doubtful, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    struct estimate *e = sg_mem_zalloc(1, sizeof(*e));
    if (!e)
        return sg_err_nomem(err);
    e->lk = lk;
    estimate_u(e);
    sg_parallel_for(lk->options->n_threads, lk->n_blocks, run_session, e);
    for (size_t k = 0; k < lk->n_blocks; k++)
        if (e->sessions[k].failed)
            st = sg_err_nomem(err);
    for (size_t f = 0; st == SG_OK && f < lk->n_fields; f++) {
        if (!lk->model->fields[f].fixed)
            join(e, f);
        doubtful[f] = hard_to_tell(&lk->model->fields[f]);
    }
    lk->model->prior = first_prior(e);
    if (st == SG_OK)
        st = sg_lk_dependence(lk, err);
    for (size_t k = 0; k < lk->n_blocks; k++)
        sg_mem_free(e->sessions[k].levels);
    sg_mem_free(e);
    sg_lk_set_weights(lk);
    return st;
}

/* Rows in the order of their groups. */
static uint32_t *by_group(const uint32_t *group_of, size_t n_rows, size_t n_groups)
{
    uint32_t *rows = sg_mem_alloc(n_rows + 1, sizeof(*rows));
    size_t *next = sg_mem_zalloc(n_groups + 1, sizeof(*next));
    if (!rows || !next) {
        sg_mem_free(rows);
        sg_mem_free(next);
        return NULL;
    }
    for (size_t i = 0; i < n_rows; i++)
        next[group_of[i] + 1]++;
    for (size_t i = 0; i < n_groups; i++)
        next[i + 1] += next[i];
    for (size_t i = 0; i < n_rows; i++)
        rows[next[group_of[i]]++] = (uint32_t)i;
    sg_mem_free(next);
    return rows;
}

/* How many groups have each value, instead of how many records. */
static bool count_groups(struct lk_column *c, const uint32_t *rows, const uint32_t *group_of,
                         size_t n_rows)
{
    uint32_t *last = sg_mem_zalloc(c->n_values + 1, sizeof(*last)); /* 1 + group */
    if (!last)
        return false;
    for (size_t i = 0; i < c->n_values; i++)
        c->values[i].rows = 0;
    c->total = 0;
    for (size_t i = 0; i < n_rows; i++) {
        const uint32_t row = rows[i], cell = c->cells[row];
        if (!cell || last[cell - 1] == group_of[row] + 1)
            continue;
        last[cell - 1] = group_of[row] + 1;
        c->values[cell - 1].rows++;
        c->total += 1;
    }
    sg_mem_free(last);
    return true;
}

static void count_inside(double counts[][SG_LINK_LEVELS_MAX], const struct lk *lk,
                         const uint32_t *members, size_t n)
{
    uint8_t levels[SG_LINK_FIELDS_MAX];
    const size_t step = 1 + n / INSIDE_MAX;
    for (size_t i = 0; i < n; i += step)
        for (size_t k = i + step; k < n; k += step) {
            sg_lk_compare(levels, lk, members[i], members[k]);
            for (size_t f = 0; f < lk->n_fields; f++)
                if (levels[f] != SG_LINK_MISSING)
                    counts[f][levels[f]] += 1;
        }
}

enum sg_status sg_lk_reestimate(struct lk *lk, const struct sg_link_result *result,
                                struct sg_err *err)
{
    double counts[SG_LINK_FIELDS_MAX][SG_LINK_LEVELS_MAX] = {{0}};
    uint32_t *rows = by_group(result->group_of, lk->n_rows, result->n_groups_all);
    struct estimate *e = sg_mem_zalloc(1, sizeof(*e));
    enum sg_status st = rows && e ? SG_OK : sg_err_nomem(err);
    for (size_t f = 0; st == SG_OK && f < lk->n_fields; f++)
        if (!count_groups(&lk->columns[f], rows, result->group_of, lk->n_rows))
            st = sg_err_nomem(err);
    if (st == SG_OK) {
        e->lk = lk;
        e->group_of = result->group_of;
        estimate_u(e);
        for (size_t g = 0; g < result->n_groups; g++)
            count_inside(counts, lk, result->members + result->groups[g].begin,
                         result->groups[g].count);
        for (size_t f = 0; f < lk->n_fields; f++)
            if (!lk->model->fields[f].fixed)
                sg_lk_shares(lk->model->fields[f].m, counts[f],
                             sg_link_n_levels(lk->model->fields[f].kind), -1);
        sg_lk_set_weights(lk);
    }
    sg_mem_free(rows);
    sg_mem_free(e);
    return st;
}
