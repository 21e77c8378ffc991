/* Learns the weights of the demix model from published readings, and measures it on batches that it
 * has not seen.
 *
 *     bench_demix_train DEPOSITS WITHDRAWALS DEPOSIT_TRUTH.csv WITHDRAWAL_TRUTH.csv OUT.c|rules
 *
 * The truth is one theft in one stretch of the pool's life. So that a weight does not stand for the
 * crowd of those weeks, the theft is also moved to other times of the pool (its rhythm kept, the
 * crowd real), whole and thinned to a part of its addresses; docs/methods/demix.md tells why.
 * OUT.c: prints precision, recall and calibration with batches left out, and writes the weights.
 * rules: the same figures with each rule alone, and with each rule left out.
 * Takes about a minute, rules a quarter of an hour. Without arguments there is nothing to measure.
 */
#include "analysis/demix/demix.h"
#include "base/hex.h"
#include "base/mem.h"
#include "base/rng.h"
#include "base/vec.h"
#include "store/file/file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N_FEATURES  ((size_t)SG_DEMIX_N_FEATURES)
#define N_BINS      64
#define N_TREES     1000
#define RATE        0.05
#define SAMPLE      70 /* percent of rows that a tree sees */
#define LEAF_MIN    10
#define N_GROUPS    48
#define REAL_WEIGHT 40 /* of a sample of the theft as it was; one of a moved copy weighs 1 */
#define DAY_S       ((int64_t)86400)

static void *must(void *p)
{
    if (!p) {
        fprintf(stderr, "out of memory\n");
        exit(1);
    }
    return p;
}

static void must_ok(enum sg_status st, const struct sg_err *err)
{
    if (st == SG_OK)
        return;
    fprintf(stderr, "%s\n", err->text);
    exit(1);
}

/* ---- the pool and the truth ---- */

struct truth {
    uint8_t id32[32]; /* transaction of a deposit, nullifier of a withdrawal */
    uint32_t batch;
};

struct data {
    struct sg_pool pool;
    uint32_t *label; /* by withdrawal: batch of the theft, or 0 */
    uint32_t *group; /* by address: 1 + the group that it is left out with; 0: not met yet */
};

static enum sg_status on_event(void *ctx, const struct sg_pool_event *event, struct sg_err *err)
{
    return sg_pool_add(ctx, event, err);
}

static enum sg_status on_bad(void *ctx, const struct sg_bad_row *bad, struct sg_err *err)
{
    (void)ctx;
    return sg_err_at(err, SG_EPARSE, bad->offset, "%s", bad->reason);
}

static enum sg_status on_chunk(void *ctx, const uint8_t *bytes, size_t size, struct sg_err *err)
{
    return sg_tornado_feed(ctx, bytes, size, err);
}

static void read_events(struct sg_pool_builder *builder, const char *path)
{
    struct sg_err err;
    struct sg_tornado *parser = NULL;
    const struct sg_pool_event_sink sink = {on_event, on_bad, builder};
    must_ok(sg_tornado_new(&parser, sg_chain_find("ethereum", 8), &sink, &err), &err);
    must_ok(sg_file_stream(path, on_chunk, parser, &err), &err);
    must_ok(sg_tornado_finish(parser, &err), &err);
    sg_tornado_free(parser);
}

static int by_truth(const void *a, const void *b)
{
    return memcmp(a, b, 32);
}

/* Columns by name; our own truth tables have no quotes. */
static size_t read_truth(struct truth **out, const char *path, const char *id_column)
{
    struct sg_err err;
    uint8_t *bytes = NULL;
    size_t size = 0;
    size_t n = 0;
    size_t cap = 0;
    int batch_at = -1;
    int id_at = -1;
    must_ok(sg_file_read(&bytes, &size, path, (size_t)1 << 26, &err), &err);
    *out = NULL;
    for (char *line = (char *)bytes, *end; *line; line = end) {
        struct truth row = {{0}, 0};
        int column = 0;
        end = line + strcspn(line, "\n");
        end += *end == '\n';
        for (char *f = line; f < end; column++) {
            const size_t len = strcspn(f, ",\r\n");
            if (line == (char *)bytes && len == strlen(id_column) && !memcmp(f, id_column, len))
                id_at = column;
            else if (line == (char *)bytes && len == 5 && !memcmp(f, "batch", 5))
                batch_at = column;
            else if (column == batch_at)
                row.batch = (uint32_t)strtoul(f, NULL, 10);
            else if (column == id_at && len == 66)
                sg_hex_decode(row.id32, 32, f + 2, 64);
            f += len + 1;
        }
        if (!row.batch)
            continue;
        must(SG_VEC_RESERVE(*out, n, cap, 1) ? *out : NULL);
        (*out)[n++] = row;
    }
    sg_mem_free(bytes);
    qsort(*out, n, sizeof(**out), by_truth);
    return n;
}

static uint32_t batch_of(const struct truth *rows, size_t n, const uint8_t id32[32])
{
    const struct truth *found = bsearch(id32, rows, n, sizeof(*rows), by_truth);
    return found ? found->batch : 0;
}

static void load(struct data *data, char **argv)
{
    struct sg_err err;
    struct sg_pool_builder builder = {0};
    struct truth *deposits;
    struct truth *withdrawals;
    const struct sg_amount denomination = {(sg_u128)100 * 1000000000000000000u};
    read_events(&builder, argv[1]);
    read_events(&builder, argv[2]);
    must_ok(sg_pool_build(&data->pool, &builder, denomination, &err), &err);
    sg_pool_builder_clear(&builder);
    const size_t n_d = read_truth(&deposits, argv[3], "tx_hash");
    const size_t n_w = read_truth(&withdrawals, argv[4], "nullifier_hash");
    for (size_t i = 0; i < data->pool.n_deposits; i++)
        data->pool.deposits[i].batch = batch_of(deposits, n_d, data->pool.deposits[i].tx32);
    data->label = must(sg_mem_zalloc(data->pool.n_withdrawals, sizeof(*data->label)));
    for (size_t i = 0; i < data->pool.n_withdrawals; i++)
        data->label[i] = batch_of(withdrawals, n_w, data->pool.withdrawals[i].nullifier32);
    data->group = must(sg_mem_zalloc(data->pool.n_addresses, sizeof(*data->group)));
    sg_mem_free(deposits);
    sg_mem_free(withdrawals);
}

/* ---- samples: the theft as it was, and moved to other times ---- */

/* Where a sample comes from: the theft as it was, a copy that is learnt from, a copy that is not.
 */
enum origin { AS_IT_WAS, MOVED, UNSEEN };

struct world {
    int days;
    unsigned percent;
    enum origin origin;
};

static const struct world worlds[] = {
    {0, 100, AS_IT_WAS}, {0, 40, MOVED},      {0, 20, MOVED},     {-30, 100, MOVED},
    {-30, 40, MOVED},    {-30, 20, MOVED},    {-60, 100, MOVED},  {-60, 40, MOVED},
    {-60, 20, MOVED},    {-160, 100, UNSEEN}, {-160, 20, UNSEEN}, {-160, 10, UNSEEN},
    {-330, 100, UNSEEN}, {-330, 20, UNSEEN},  {-330, 10, UNSEEN},
};

struct sample {
    double x[SG_DEMIX_N_FEATURES];
    uint32_t n; /* withdrawals */
    uint32_t batch;
    uint32_t group; /* is left out together */
    uint32_t world;
    bool theft;
};

struct samples {
    struct sample *rows;
    size_t n, cap;
};

struct labelled {
    struct sg_pool_withdrawal w;
    uint32_t label;
};

static int by_deposit_time(const void *a, const void *b)
{
    const struct sg_pool_deposit *x = a;
    const struct sg_pool_deposit *y = b;
    if (x->time_unix_s != y->time_unix_s)
        return x->time_unix_s < y->time_unix_s ? -1 : 1;
    return (x->leaf > y->leaf) - (x->leaf < y->leaf);
}

static int by_withdrawal_time(const void *a, const void *b)
{
    const struct labelled *x = a;
    const struct labelled *y = b;
    if (x->w.time_unix_s != y->w.time_unix_s)
        return x->w.time_unix_s < y->w.time_unix_s ? -1 : 1;
    return memcmp(x->w.nullifier32, y->w.nullifier32, 32);
}

/* An address keeps the group that it had first, in the theft as it was if it is there: a crowd that
 * stands in several worlds is never learnt from in one and scored in another. */
static void add_candidates(struct samples *out, const struct sg_demix_window *window,
                           struct data *data, const struct labelled *events, uint32_t world)
{
    for (size_t c = 0; c < window->n_candidates; c++) {
        const struct sg_demix_candidate *candidate = &window->candidates[c];
        const uint32_t label = events[window->order[candidate->first]].label;
        uint32_t *group = &data->group[candidate->address];
        must(SG_VEC_RESERVE(out->rows, out->n, out->cap, 1) ? out->rows : NULL);
        struct sample *row = &out->rows[out->n++];
        memcpy(row->x, candidate->x, sizeof(row->x));
        row->n = candidate->n;
        row->theft = label != 0;
        row->batch = label ? label : candidate->batch;
        row->world = world;
        if (!*group)
            *group = 1 + row->batch % N_GROUPS;
        row->group = *group - 1;
    }
}

/* Move the theft by `shift`, keeping `percent` of its addresses and that part of each batch's
 * deposits; what is left out vanishes from the pool. */
static void add_world(struct samples *out, struct data *data, uint32_t world, struct sg_rng *rng)
{
    const int64_t shift = worlds[world].days * DAY_S;
    const unsigned percent = worlds[world].percent;
    struct sg_err err;
    struct sg_pool pool = data->pool;
    struct sg_demix_window window;
    uint8_t *keep = must(sg_mem_alloc(data->pool.n_addresses, 1));
    struct labelled *events = must(sg_mem_alloc(pool.n_withdrawals, sizeof(*events)));
    pool.deposits = must(sg_mem_alloc(pool.n_deposits, sizeof(*pool.deposits)));
    pool.withdrawals = must(sg_mem_alloc(pool.n_withdrawals, sizeof(*pool.withdrawals)));
    for (size_t i = 0; i < pool.n_addresses; i++)
        keep[i] = sg_rng_below(rng, 100) < percent;
    pool.n_deposits = pool.n_withdrawals = 0;
    for (size_t i = 0; i < data->pool.n_deposits; i++) {
        struct sg_pool_deposit d = data->pool.deposits[i];
        if (d.batch && sg_rng_below(rng, 100) >= percent)
            continue;
        d.time_unix_s += d.batch ? shift : 0;
        pool.deposits[pool.n_deposits++] = d;
    }
    for (size_t i = 0; i < data->pool.n_withdrawals; i++) {
        struct labelled e = {data->pool.withdrawals[i], data->label[i]};
        if (e.label && !keep[e.w.to])
            continue;
        e.w.time_unix_s += e.label ? shift : 0;
        events[pool.n_withdrawals++] = e;
    }
    qsort(pool.deposits, pool.n_deposits, sizeof(*pool.deposits), by_deposit_time);
    qsort(events, pool.n_withdrawals, sizeof(*events), by_withdrawal_time);
    for (size_t i = 0; i < pool.n_withdrawals; i++)
        pool.withdrawals[i] = events[i].w;
    must_ok(sg_demix_window_find(&window, &pool, SG_DEMIX_AFTER_S, &err), &err);
    add_candidates(out, &window, data, events, world);
    sg_demix_window_clear(&window);
    sg_mem_free(pool.withdrawals);
    sg_mem_free(pool.deposits);
    sg_mem_free(events);
    sg_mem_free(keep);
}

static void make_samples(struct samples *out, struct data *data)
{
    struct sg_rng rng;
    sg_rng_init(&rng, 2022);
    for (uint32_t i = 0; i < SG_COUNT_OF(worlds); i++)
        add_world(out, data, i, &rng);
}

/* ---- gradient boosting on binned features (Friedman 2001, doi:10.1214/aos/1013203451) ---- */

struct learner {
    const struct samples *all;
    const bool *used; /* by feature */
    uint32_t *rows;   /* samples in use */
    size_t n;
    uint8_t *bin;                            /* n x N_FEATURES */
    float edge[SG_DEMIX_N_FEATURES][N_BINS]; /* x <= edge[b]: bin b or below */
    size_t n_edges[SG_DEMIX_N_FEATURES];
    double *sum, *residual, *hessian, *weight;
    uint8_t *in_tree;
};

static int by_double(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

static void make_bins(struct learner *l)
{
    double *v = must(sg_mem_alloc(l->n, sizeof(*v)));
    for (size_t f = 0; f < N_FEATURES; f++) {
        for (size_t i = 0; i < l->n; i++)
            v[i] = l->all->rows[l->rows[i]].x[f];
        qsort(v, l->n, sizeof(*v), by_double);
        l->n_edges[f] = 0;
        for (size_t b = 1; b < N_BINS; b++) {
            const size_t at = b * l->n / N_BINS;
            const float edge = (float)((v[at - 1] + v[at]) / 2);
            if (v[at - 1] < v[at] && (!l->n_edges[f] || edge > l->edge[f][l->n_edges[f] - 1]))
                l->edge[f][l->n_edges[f]++] = edge;
        }
        for (size_t i = 0; i < l->n; i++) {
            const double x = l->all->rows[l->rows[i]].x[f];
            size_t b = 0;
            while (b < l->n_edges[f] && x > (double)l->edge[f][b])
                b++;
            l->bin[i * N_FEATURES + f] = (uint8_t)b;
        }
    }
    sg_mem_free(v);
}

struct split {
    int feature;
    size_t bin;
};

/* Best division of the rows with side[i] == which by squared error of the residuals. */
static struct split find_split(const struct learner *l, const uint8_t *side, uint8_t which)
{
    static double sums[SG_DEMIX_N_FEATURES][N_BINS];
    static double counts[SG_DEMIX_N_FEATURES][N_BINS];
    double total = 0;
    double n = 0;
    double best = 1e-9;
    struct split found = {-1, 0};
    memset(sums, 0, sizeof(sums));
    memset(counts, 0, sizeof(counts));
    for (size_t i = 0; i < l->n; i++) {
        if (!l->in_tree[i] || side[i] != which)
            continue;
        for (size_t f = 0; f < N_FEATURES; f++) {
            sums[f][l->bin[i * N_FEATURES + f]] += l->residual[i];
            counts[f][l->bin[i * N_FEATURES + f]] += l->weight[i];
        }
        total += l->residual[i];
        n += l->weight[i];
    }
    for (size_t f = 0; f < N_FEATURES; f++) {
        double left = 0;
        double n_left = 0;
        for (size_t b = 0; l->used[f] && b < l->n_edges[f]; b++) {
            left += sums[f][b];
            n_left += counts[f][b];
            const double n_right = n - n_left;
            if (n_left < LEAF_MIN || n_right < LEAF_MIN)
                continue;
            const double gain = left * left / n_left + (total - left) * (total - left) / n_right -
                                total * total / n;
            if (gain > best) {
                best = gain;
                found = (struct split){(int)f, b};
            }
        }
    }
    return found;
}

static bool goes_left(const struct learner *l, size_t i, struct split s)
{
    return s.feature < 0 || l->bin[i * N_FEATURES + (size_t)s.feature] <= s.bin;
}

static struct sg_demix_node node_of(const struct learner *l, struct split s)
{
    if (s.feature < 0)
        return (struct sg_demix_node){-1, 0};
    return (struct sg_demix_node){(int16_t)s.feature, l->edge[s.feature][s.bin]};
}

static void grow(struct sg_demix_tree *tree, struct learner *l, uint8_t *side)
{
    double gradient[4] = {0};
    double curvature[4] = {0};
    memset(side, 0, l->n);
    const struct split root = find_split(l, side, 0);
    for (size_t i = 0; i < l->n; i++)
        side[i] = !goes_left(l, i, root);
    const struct split left = find_split(l, side, 0);
    const struct split right = find_split(l, side, 1);
    for (size_t i = 0; i < l->n; i++) {
        side[i] = (uint8_t)(2 * side[i] + !goes_left(l, i, side[i] ? right : left));
        if (!l->in_tree[i])
            continue;
        gradient[side[i]] += l->residual[i];
        curvature[side[i]] += l->hessian[i];
    }
    *tree = (struct sg_demix_tree){
        .root = node_of(l, root), .left = node_of(l, left), .right = node_of(l, right)};
    for (size_t k = 0; k < 4; k++)
        tree->leaf[k] = (float)(RATE * gradient[k] / (curvature[k] + 1));
    if (left.feature < 0)
        tree->leaf[1] = tree->leaf[0];
    if (right.feature < 0)
        tree->leaf[3] = tree->leaf[2];
    for (size_t i = 0; i < l->n; i++)
        l->sum[i] += (double)tree->leaf[side[i]];
}

/* Samples to learn from: not of the group left out, not of worlds that are kept unseen. */
static void choose_rows(struct learner *l, uint32_t left_out)
{
    for (size_t i = 0; i < l->all->n; i++)
        if (l->all->rows[i].group != left_out && worlds[l->all->rows[i].world].origin != UNSEEN)
            l->rows[l->n++] = (uint32_t)i;
}

static void start(struct learner *l, double *bias)
{
    double theft = 0;
    double total = 0;
    for (size_t i = 0; i < l->n; i++) {
        const struct sample *row = &l->all->rows[l->rows[i]];
        l->weight[i] = worlds[row->world].origin == AS_IT_WAS ? REAL_WEIGHT : 1;
        theft += row->theft ? l->weight[i] : 0;
        total += l->weight[i];
    }
    *bias = log(theft / (total - theft));
    for (size_t i = 0; i < l->n; i++)
        l->sum[i] = *bias;
}

/* Learn with the features in use from all groups but `left_out`; N_GROUPS: from all. */
static void learn(struct sg_demix_model *model, struct sg_demix_tree *trees,
                  const struct samples *all, const bool *used, uint32_t left_out)
{
    struct learner l = {.all = all, .used = used};
    struct sg_rng rng;
    sg_rng_init(&rng, 7);
    l.rows = must(sg_mem_alloc(all->n, sizeof(*l.rows)));
    choose_rows(&l, left_out);
    l.bin = must(sg_mem_alloc(l.n, N_FEATURES));
    l.sum = must(sg_mem_alloc(l.n, sizeof(*l.sum)));
    l.residual = must(sg_mem_alloc(l.n, sizeof(*l.residual)));
    l.hessian = must(sg_mem_alloc(l.n, sizeof(*l.hessian)));
    l.weight = must(sg_mem_alloc(l.n, sizeof(*l.weight)));
    l.in_tree = must(sg_mem_alloc(l.n, 1));
    uint8_t *side = must(sg_mem_alloc(l.n, 1));
    make_bins(&l);
    start(&l, &model->bias);
    for (size_t t = 0; t < N_TREES; t++) {
        for (size_t i = 0; i < l.n; i++) {
            const double p = 1 / (1 + exp(-l.sum[i]));
            l.residual[i] = l.weight[i] * (all->rows[l.rows[i]].theft - p);
            l.hessian[i] = l.weight[i] * p * (1 - p);
            l.in_tree[i] = sg_rng_below(&rng, 100) < SAMPLE;
        }
        grow(&trees[t], &l, side);
    }
    model->trees = trees;
    model->n_trees = N_TREES;
    sg_mem_free(side);
    sg_mem_free(l.in_tree);
    sg_mem_free(l.weight);
    sg_mem_free(l.hessian);
    sg_mem_free(l.residual);
    sg_mem_free(l.sum);
    sg_mem_free(l.bin);
    sg_mem_free(l.rows);
}

/* ---- measures ---- */

struct scored {
    double p;
    uint32_t n, batch;
    bool theft;
};

static int by_falling_p(const void *a, const void *b)
{
    const struct scored *x = a;
    const struct scored *y = b;
    return (x->p < y->p) - (x->p > y->p);
}

static double calibration_error(const struct scored *s, size_t n)
{
    double weight[10] = {0};
    double truth[10] = {0};
    double claimed[10] = {0};
    double total = 0;
    double error = 0;
    for (size_t i = 0; i < n; i++) {
        const size_t b = s[i].p >= 1 ? 9 : (size_t)(s[i].p * 10);
        weight[b] += s[i].n;
        truth[b] += s[i].theft ? s[i].n : 0;
        claimed[b] += s[i].p * s[i].n;
        total += s[i].n;
    }
    for (size_t b = 0; b < 10; b++)
        error += fabs(truth[b] - claimed[b]) / total;
    return error;
}

static double batch_error(const struct scored *s, size_t n)
{
    static double truth[4096];
    static double claimed[4096];
    double errors[4096];
    size_t n_errors = 0;
    memset(truth, 0, sizeof(truth));
    memset(claimed, 0, sizeof(claimed));
    for (size_t i = 0; i < n; i++) {
        truth[s[i].batch % 4096] += s[i].theft ? s[i].n : 0;
        claimed[s[i].batch % 4096] += s[i].p * s[i].n;
    }
    for (size_t b = 0; b < 4096; b++)
        if (truth[b] > 0)
            errors[n_errors++] = fabs(claimed[b] / truth[b] - 1);
    qsort(errors, n_errors, sizeof(*errors), by_double);
    return n_errors ? errors[n_errors / 2] : 0;
}

/* Sorts s. Prints, and returns what the weights' file keeps. */
static struct sg_demix_measured print_measures(const char *name, struct scored *s, size_t n)
{
    double positive = 0;
    double total = 0;
    double hit = 0;
    double taken = 0;
    double ap = 0;
    double best = 0;
    double at_half = 0;
    for (size_t i = 0; i < n; i++) {
        positive += s[i].theft ? s[i].n : 0;
        total += s[i].n;
    }
    const double ece = calibration_error(s, n);
    const double batches = batch_error(s, n);
    qsort(s, n, sizeof(*s), by_falling_p);
    for (size_t i = 0; i < n; i++) {
        taken += s[i].n;
        hit += s[i].theft ? s[i].n : 0;
        if (s[i].theft)
            ap += s[i].n / positive * hit / taken;
        const double f1 = 2 * hit / (taken + positive);
        best = f1 > best ? f1 : best;
        if (s[i].p >= 0.5)
            at_half = f1;
    }
    printf("%-24s base %.2f  F1 at 0.5 %.3f  best %.3f  AP %.3f  ECE %.3f  batch count off %.3f\n",
           name, positive / total, at_half, best, ap, ece, batches);
    return (struct sg_demix_measured){at_half, ap, ece, batches, positive / total};
}

/* Precision and recall where the ranking is cut at a probability; s sorted. */
static void print_curve(const struct scored *s, size_t n)
{
    static const double cuts[] = {0.99, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1};
    double positive = 0;
    for (size_t i = 0; i < n; i++)
        positive += s[i].theft ? s[i].n : 0;
    for (size_t c = 0; c < SG_COUNT_OF(cuts); c++) {
        double taken = 0;
        double hit = 0;
        for (size_t i = 0; i < n && s[i].p >= cuts[c]; i++) {
            taken += s[i].n;
            hit += s[i].theft ? s[i].n : 0;
        }
        printf("  p >= %.2f  precision %.3f  recall %.3f\n", cuts[c], hit / taken, hit / positive);
    }
}

static struct sg_demix_measured measure(const char *name, const struct samples *all,
                                        const double *p, uint32_t world, bool curve)
{
    struct scored *s = must(sg_mem_alloc(all->n, sizeof(*s)));
    size_t n = 0;
    for (size_t i = 0; i < all->n; i++)
        if (all->rows[i].world == world)
            s[n++] = (struct scored){p[i], all->rows[i].n, all->rows[i].batch, all->rows[i].theft};
    const struct sg_demix_measured found = print_measures(name, s, n);
    if (curve)
        print_curve(s, n);
    sg_mem_free(s);
    return found;
}

static void score_group(double *p, const struct samples *all, const struct sg_demix_model *model,
                        uint32_t group)
{
    for (size_t i = 0; i < all->n; i++)
        if (group == N_GROUPS || all->rows[i].group == group)
            p[i] = sg_demix_score(NULL, model, all->rows[i].x);
}

/* Each group scored by what was learnt from the others. */
static void leave_out(double *p, const struct samples *all, const bool *used)
{
    static struct sg_demix_tree trees[N_TREES];
    struct sg_demix_model model;
    for (uint32_t g = 0; g < N_GROUPS; g++) {
        learn(&model, trees, all, used, g);
        score_group(p, all, &model, g);
    }
}

static void measure_rules(double *p, const struct samples *all)
{
    bool used[SG_DEMIX_N_FEATURES];
    char name[64];
    for (unsigned rule = 0; rule < SG_DEMIX_N_RULES; rule++)
        for (unsigned alone = 0; alone < 2; alone++) {
            for (unsigned f = 0; f < N_FEATURES; f++)
                used[f] = (sg_demix_feature_rule((enum sg_demix_feature)f) == rule) == (alone == 1);
            leave_out(p, all, used);
            snprintf(name, sizeof(name), "%s %s", alone ? "only" : "without",
                     sg_demix_rule_name((enum sg_demix_rule)rule));
            measure(name, all, p, 0, false);
            fflush(stdout);
        }
}

static void measure_worlds(const struct samples *all, const double *p)
{
    char name[64];
    for (uint32_t i = 1; i < SG_COUNT_OF(worlds); i++) {
        snprintf(name, sizeof(name), "%s, %d days, %u %%",
                 worlds[i].origin == MOVED ? "moved" : "unseen", worlds[i].days, worlds[i].percent);
        measure(name, all, p, i, false);
    }
}

/* ---- the source file of the weights ---- */

static void write_node(FILE *out, const struct sg_demix_node *node)
{
    fprintf(out, "{%d, %.9gf}, ", node->feature, (double)node->threshold);
}

static void write_model(const char *path, const struct sg_demix_model *model)
{
    const struct sg_demix_measured *m = &model->measured;
    FILE *out = must(fopen(path, "w"));
    fprintf(out, "/* Made by bench/bench_demix_train.c; docs/methods/demix.md. Do not edit. */\n"
                 "#include \"analysis/demix/demix.h\"\n\n/* clang-format off */\n"
                 "static const struct sg_demix_tree trees[] = {\n");
    for (size_t i = 0; i < model->n_trees; i++) {
        const struct sg_demix_tree *t = &model->trees[i];
        fprintf(out, "{");
        write_node(out, &t->root);
        write_node(out, &t->left);
        write_node(out, &t->right);
        fprintf(out, "{%.9gf, %.9gf, %.9gf, %.9gf}},%s", (double)t->leaf[0], (double)t->leaf[1],
                (double)t->leaf[2], (double)t->leaf[3], i % 2 ? "\n" : " ");
    }
    fprintf(
        out,
        "};\n\nconst struct sg_demix_model *sg_demix_model(void)\n{\n"
        "    static const struct sg_demix_model model = {\n"
        "        %.17g, trees, sizeof(trees) / sizeof(trees[0]), {%.4f, %.4f, %.4f, %.4f, %.4f}};\n"
        "    return &model;\n}\n",
        model->bias, m->f1, m->average_precision, m->calibration_error, m->batch_error, m->share);
    fclose(out);
}

static void make_model(double *p, const struct samples *all, const char *path)
{
    static struct sg_demix_tree trees[N_TREES];
    struct sg_demix_model model;
    bool used[SG_DEMIX_N_FEATURES];
    for (size_t f = 0; f < N_FEATURES; f++)
        used[f] = true;
    leave_out(p, all, used);
    const struct sg_demix_measured left_out = measure("left out", all, p, 0, true);
    measure_worlds(all, p);
    learn(&model, trees, all, used, N_GROUPS);
    score_group(p, all, &model, N_GROUPS);
    measure("fitted", all, p, 0, false);
    model.measured = left_out;
    write_model(path, &model);
}

int main(int argc, char **argv)
{
    struct data data = {0};
    struct samples all = {0};
    if (argc != 6) {
        fprintf(stderr, "bench_demix_train DEPOSITS WITHDRAWALS DEPOSIT_TRUTH.csv "
                        "WITHDRAWAL_TRUTH.csv OUT.c|rules: nothing to measure without them\n");
        return argc == 1 ? 0 : 2;
    }
    load(&data, argv);
    make_samples(&all, &data);
    double *p = must(sg_mem_zalloc(all.n, sizeof(*p)));
    if (strcmp(argv[5], "rules") == 0)
        measure_rules(p, &all);
    else
        make_model(p, &all, argv[5]);
    sg_mem_free(p);
    sg_mem_free(all.rows);
    sg_mem_free(data.label);
    sg_mem_free(data.group);
    sg_pool_clear(&data.pool);
    return 0;
}
