/* Learns the weights of the demix model from published readings, and measures it on batches that it
 * has not seen.
 *
 *     bench_demix_train DEPOSITS WITHDRAWALS DEPOSIT_TRUTH.csv WITHDRAWAL_TRUTH.csv OUT.c|rules
 *
 * The truth is one theft in one stretch of the pool's life. So that a weight does not stand for the
 * crowd of those weeks, the theft is also moved to other times of the pool (its rhythm kept, the
 * crowd real), whole and thinned to a part of its addresses; docs/methods/demix.md tells why.
 * OUT.c: prints precision, recall and calibration with batches left out, and writes the weights.
 * rules: each rule alone, and each left out, learnt from planted thefts and scored on the real one.
 * Takes some minutes of one core, rules as long. Without arguments there is nothing to measure.
 */
#include "demix_train.h"

#include "base/hex.h"
#include "base/mem.h"
#include "base/vec.h"
#include "store/file/file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ALL_ORIGINS (1u << AS_IT_WAS | 1u << MOVED | 1u << PLANTED)
#define ALL_KINDS   ((1u << N_KINDS) - 1)

void *sg_train_must(void *p)
{
    if (!p) {
        fprintf(stderr, "out of memory\n");
        exit(1);
    }
    return p;
}

void sg_train_must_ok(enum sg_status st, const struct sg_err *err)
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
    sg_train_must_ok(sg_tornado_new(&parser, sg_chain_find("ethereum", 8), &sink, &err), &err);
    sg_train_must_ok(sg_file_stream(path, on_chunk, parser, &err), &err);
    sg_train_must_ok(sg_tornado_finish(parser, &err), &err);
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
    sg_train_must_ok(sg_file_read(&bytes, &size, path, (size_t)1 << 26, &err), &err);
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
        sg_train_must(SG_VEC_RESERVE(*out, n, cap, 1) ? *out : NULL);
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
    sg_train_must_ok(sg_pool_build(&data->pool, &builder, denomination, &err), &err);
    sg_pool_builder_clear(&builder);
    const size_t n_d = read_truth(&deposits, argv[3], "tx_hash");
    const size_t n_w = read_truth(&withdrawals, argv[4], "nullifier_hash");
    for (size_t i = 0; i < data->pool.n_deposits; i++)
        data->pool.deposits[i].batch = batch_of(deposits, n_d, data->pool.deposits[i].tx32);
    data->label = sg_train_must(sg_mem_zalloc(data->pool.n_withdrawals, sizeof(*data->label)));
    for (size_t i = 0; i < data->pool.n_withdrawals; i++)
        data->label[i] = batch_of(withdrawals, n_w, data->pool.withdrawals[i].nullifier32);
    data->group = sg_train_must(sg_mem_zalloc(data->pool.n_addresses, sizeof(*data->group)));
    sg_mem_free(deposits);
    sg_mem_free(withdrawals);
}
/* ---- samples: the theft as it was, and moved to other times ---- */

static const struct {
    int days;
    unsigned percent;
    bool unseen;
} copies[] = {
    {0, 100, false},  {0, 40, false},    {0, 20, false},    {-30, 100, false}, {-30, 40, false},
    {-30, 20, false}, {-60, 100, false}, {-60, 40, false},  {-60, 20, false},  {-160, 100, true},
    {-160, 20, true}, {-160, 10, true},  {-330, 100, true}, {-330, 20, true},  {-330, 10, true},
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

/* By origin: one real theft must stand against many copies and inventions. */
static const double weights[] = {[AS_IT_WAS] = 30, [MOVED] = 1, [PLANTED] = 1.5};

/* An address keeps the group that it had first, in the theft as it was if it is there: a crowd that
 * stands in several worlds is never learnt from in one and scored in another. */
static uint32_t group_of(struct data *data, uint32_t address, uint32_t batch)
{
    if (address >= data->pool.n_addresses)
        return batch % N_GROUPS;
    if (!data->group[address])
        data->group[address] = 1 + batch % N_GROUPS;
    return data->group[address] - 1;
}

static void add_candidates(struct samples *out, const struct sg_demix_window *window,
                           struct data *data, const struct labelled *events)
{
    for (size_t c = 0; c < window->n_candidates; c++) {
        const struct sg_demix_candidate *candidate = &window->candidates[c];
        const uint32_t label = events[window->order[candidate->first]].label;
        sg_train_must(SG_VEC_RESERVE(out->rows, out->n, out->cap, 1) ? out->rows : NULL);
        struct sample *row = &out->rows[out->n++];
        row->x = candidate->x;
        row->weight = weights[out->worlds[out->n_worlds - 1].origin];
        row->n = candidate->n;
        row->theft = label != 0;
        row->batch = label ? label : candidate->batch;
        row->world = (uint32_t)out->n_worlds - 1;
        row->group = group_of(data, candidate->address, row->batch);
    }
}

/* What the second look asks of a pool, with the places of its window. */
static void keep_part(struct world *world, const struct sg_pool *pool)
{
    struct sg_demix_window *window = &world->window;
    struct sg_pool *kept = &world->pool;
    const uint32_t first = window->order[window->candidates[0].first];
    kept->deposits = sg_train_must(sg_mem_alloc(window->n_theft_deposits, sizeof(*kept->deposits)));
    kept->withdrawals = sg_train_must(sg_mem_alloc(window->n_order, sizeof(*kept->withdrawals)));
    for (size_t i = 0; i < pool->n_deposits; i++)
        if (pool->deposits[i].batch)
            kept->deposits[kept->n_deposits++] = pool->deposits[i];
    memcpy(kept->withdrawals, pool->withdrawals + first,
           window->n_order * sizeof(*kept->withdrawals));
    kept->n_withdrawals = window->n_order;
    for (size_t i = 0; i < window->n_order; i++)
        window->order[i] -= first;
}

void sg_train_add_world(struct samples *out, struct data *data, struct sg_pool *pool,
                        struct labelled *events, const struct world *world)
{
    struct sg_err err;
    qsort(pool->deposits, pool->n_deposits, sizeof(*pool->deposits), by_deposit_time);
    qsort(events, pool->n_withdrawals, sizeof(*events), by_withdrawal_time);
    for (size_t i = 0; i < pool->n_withdrawals; i++)
        pool->withdrawals[i] = events[i].w;
    if (world->origin == PLANTED)
        sg_pool_prepare(pool);
    sg_train_must(SG_VEC_RESERVE(out->worlds, out->n_worlds, out->cap_worlds, 1) ? out->worlds
                                                                                 : NULL);
    struct world *made = &out->worlds[out->n_worlds++];
    *made = *world;
    made->first_row = out->n;
    sg_train_must_ok(sg_demix_window_find(&made->window, pool, SG_DEMIX_AFTER_S, &err), &err);
    add_candidates(out, &made->window, data, events);
    keep_part(made, pool);
}

/* Move the theft, keeping a part of its addresses and that part of each batch's deposits; what is
 * left out vanishes from the pool. */
static void add_copy(struct samples *out, struct data *data, size_t copy, struct sg_rng *rng)
{
    const int64_t shift = copies[copy].days * DAY_S;
    const unsigned percent = copies[copy].percent;
    struct world world = {
        .origin = copy ? MOVED : AS_IT_WAS, .base = (unsigned)copy, .unseen = copies[copy].unseen};
    struct sg_pool pool = data->pool;
    uint8_t *keep = sg_train_must(sg_mem_alloc(data->pool.n_addresses, 1));
    struct labelled *events = sg_train_must(sg_mem_alloc(pool.n_withdrawals, sizeof(*events)));
    pool.deposits = sg_train_must(sg_mem_alloc(pool.n_deposits, sizeof(*pool.deposits)));
    pool.withdrawals = sg_train_must(sg_mem_alloc(pool.n_withdrawals, sizeof(*pool.withdrawals)));
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
    snprintf(world.name, sizeof(world.name), "%s, %d days, %u %%",
             world.unseen ? "unseen" : "moved", copies[copy].days, percent);
    sg_train_add_world(out, data, &pool, events, &world);
    sg_mem_free(pool.withdrawals);
    sg_mem_free(pool.deposits);
    sg_mem_free(events);
    sg_mem_free(keep);
}

static void make_samples(struct samples *out, struct data *data)
{
    struct sg_rng rng;
    sg_rng_init(&rng, 2022);
    for (size_t i = 0; i < SG_COUNT_OF(copies); i++)
        add_copy(out, data, i, &rng);
    sg_train_plant(out, data);
}

/* ---- the source file of the weights ---- */

static void write_node(FILE *out, const struct sg_demix_node *node)
{
    fprintf(out, "{%d, %.9gf}, ", node->feature, (double)node->threshold);
}

static void write_model(const char *path, const struct sg_demix_model *model)
{
    const struct sg_demix_measured *m = &model->measured;
    FILE *out = sg_train_must(fopen(path, "w"));
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
    fprintf(out,
            "};\n\nconst struct sg_demix_model *sg_demix_model(void)\n{\n"
            "    static const struct sg_demix_model model = {\n"
            "        %.17g, trees, %d, sizeof(trees) / sizeof(trees[0]), {%.4f, %.4f, %.4f, %.4f, "
            "%.4f}};\n"
            "    return &model;\n}\n",
            model->bias, N_FIRST, m->f1, m->average_precision, m->calibration_error, m->batch_error,
            m->share);
    fclose(out);
}

/* ---- scoring what was left out ---- */

/* Log odds to probabilities, each world bounded by its deposits as in the product. */
static void to_probabilities(double *p, const struct samples *all)
{
    for (size_t w = 0; w < all->n_worlds; w++) {
        const struct world *world = &all->worlds[w];
        struct sg_demix_ranking ranking = {.window = world->window};
        const size_t n = world->window.n_candidates;
        ranking.entries = sg_train_must(sg_mem_zalloc(n, sizeof(*ranking.entries)));
        for (size_t c = 0; c < n; c++) {
            ranking.entries[c].candidate = (uint32_t)c;
            ranking.entries[c].probability = 1 / (1 + exp(-p[world->first_row + c]));
        }
        sg_demix_bound(&ranking);
        for (size_t c = 0; c < n; c++)
            p[world->first_row + c] = ranking.entries[c].probability;
        sg_mem_free(ranking.entries);
    }
}

/* Each group scored by what was learnt from the others. */
static void leave_out(double *p, struct samples *all, const bool *used, unsigned origins)
{
    static struct sg_demix_tree trees[N_TREES];
    struct sg_demix_model model;
    double *score = sg_train_must(sg_mem_alloc(all->n, sizeof(*score)));
    for (uint32_t g = 0; g < N_GROUPS; g++) {
        const struct lesson lesson = {used, g, origins, ALL_KINDS};
        sg_train_learn(score, &model, trees, all, &lesson);
        for (size_t i = 0; i < all->n; i++)
            if (all->rows[i].group == g)
                p[i] = score[i];
    }
    sg_mem_free(score);
    to_probabilities(p, all);
}

static bool takes_real(const struct world *world, unsigned which)
{
    (void)which;
    return world->origin == AS_IT_WAS;
}

static bool takes_planted(const struct world *world, unsigned base)
{
    return world->origin == PLANTED && world->kind == AT_LARGE && world->unseen &&
           world->base == base;
}

static bool takes_kind(const struct world *world, unsigned kind)
{
    return world->origin == PLANTED && world->unseen && world->kind == (enum kind)kind;
}

static void measure_planted(const struct samples *all, const double *p)
{
    static const unsigned bases[] = {2, 4, 7, 11, 15};
    char name[64];
    for (size_t i = 0; i < SG_COUNT_OF(bases); i++) {
        snprintf(name, sizeof(name), "planted, one in %u", bases[i]);
        sg_train_measure(name, all, p, takes_planted, bases[i], false);
    }
    for (unsigned k = AT_LARGE + 1; k < N_KINDS; k++) {
        snprintf(name, sizeof(name), "planted, %s", sg_train_kind_name((enum kind)k));
        sg_train_measure(name, all, p, takes_kind, k, false);
    }
}

/* Learnt from some origins only, and scored on what it never saw: how it may do on another thief.
 */
static void measure_transfer(double *p, struct samples *all, const bool *used, unsigned origins,
                             unsigned kinds, const char *name)
{
    static struct sg_demix_tree trees[N_TREES];
    struct sg_demix_model model;
    const struct lesson lesson = {used, N_GROUPS, origins, kinds};
    sg_train_learn(p, &model, trees, all, &lesson);
    to_probabilities(p, all);
    printf("%s:\n", name);
    sg_train_measure("Ronin", all, p, takes_real, 0, false);
    measure_planted(all, p);
    fflush(stdout);
}

/* Each rule alone and each left out, learnt from planted thefts and scored on Ronin, which none of
 * them saw. The second look has nothing to stand on alone. */
static void measure_rules(double *p, struct samples *all)
{
    static struct sg_demix_tree trees[N_TREES];
    struct sg_demix_model model;
    bool used[SG_DEMIX_N_FEATURES];
    const struct lesson lesson = {used, N_GROUPS, 1u << PLANTED, ALL_KINDS};
    char name[64];
    for (unsigned i = 0; i < 2 * SG_DEMIX_N_RULES - 1; i++) {
        const enum sg_demix_rule rule = (enum sg_demix_rule)(i / 2);
        const bool alone = i % 2 && rule != SG_DEMIX_RULE_COMPANY;
        for (unsigned f = 0; f < N_FEATURES; f++)
            used[f] = (sg_demix_feature_rule((enum sg_demix_feature)f) == rule) == alone;
        sg_train_learn(p, &model, trees, all, &lesson);
        to_probabilities(p, all);
        snprintf(name, sizeof(name), "%s %s", alone ? "only" : "without", sg_demix_rule_name(rule));
        sg_train_measure(name, all, p, takes_real, 0, false);
        fflush(stdout);
    }
}

static bool takes_named(const struct world *world, unsigned which)
{
    return world->origin == MOVED && world->base == which;
}

static void make_model(double *p, struct samples *all, const char *path)
{
    static struct sg_demix_tree trees[N_TREES];
    struct sg_demix_model model;
    bool used[SG_DEMIX_N_FEATURES];
    for (size_t f = 0; f < N_FEATURES; f++)
        used[f] = true;
    const struct lesson lesson = {used, N_GROUPS, ALL_ORIGINS, ALL_KINDS};
    measure_transfer(p, all, used, 1u << PLANTED, ALL_KINDS, "learnt from planted thefts alone");
    measure_transfer(p, all, used, 1u << AS_IT_WAS | 1u << MOVED, ALL_KINDS,
                     "learnt from Ronin alone");
    measure_transfer(p, all, used, ALL_ORIGINS, 1u << AT_LARGE,
                     "learnt without the kinds at an end, Ronin fitted");
    leave_out(p, all, used, ALL_ORIGINS);
    const struct sg_demix_measured left_out =
        sg_train_measure("Ronin, left out", all, p, takes_real, 0, true);
    for (unsigned i = 1; i < SG_COUNT_OF(copies); i++)
        sg_train_measure(all->worlds[i].name, all, p, takes_named, i, false);
    measure_planted(all, p);
    sg_train_learn(p, &model, trees, all, &lesson);
    to_probabilities(p, all);
    sg_train_measure("Ronin, fitted", all, p, takes_real, 0, false);
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
    double *p = sg_train_must(sg_mem_zalloc(all.n, sizeof(*p)));
    if (strcmp(argv[5], "rules") == 0)
        measure_rules(p, &all);
    else
        make_model(p, &all, argv[5]);
    sg_mem_free(p);
    sg_mem_free(all.rows);
    sg_mem_free(all.worlds);
    sg_mem_free(data.label);
    sg_mem_free(data.group);
    sg_pool_clear(&data.pool);
    return 0;
}
