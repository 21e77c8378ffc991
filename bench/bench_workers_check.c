/* How well the red flags tell made-up operators from made-up honest people.
 *
 *     bench_workers_check [PEOPLE [FIRST_SEED [SEEDS]]]
 *
 * Worlds of two sizes and several seeds; every person counts once, however many records they have.
 * Worlds have more operators than the base rate, so that personas are enough to measure recall;
 * precision is then computed for the base rate from recall and false alarms, and is about the
 * first persona in SG_PEOPLEGEN_BASE_RATE, not about these worlds.
 * What the figures mean: docs/methods/red-flags.md.
 */
#include "yardstick.h"

#include "analysis/linkage/linkage.h"
#include "analysis/peoplegen/peoplegen.h"
#include "analysis/redflags/redflags.h"
#include "base/arena.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CARES 5

/* What was found about one person, over all of its records: rules, and the weight of what the best
 * of its records rests on; 0 with fewer than two classes. */
struct person {
    uint64_t id; /* of the truth */
    uint32_t rules;
    bool is_persona;
    unsigned care;
    float weight, one_class;
    float without[SG_RED_COUNT]; /* the weight with one rule off */
};

struct world {
    struct person *people;
    size_t n;
    struct sg_redrules rules;
    struct sg_arena arena;
};

static void stop(const struct sg_err *err)
{
    fprintf(stderr, "bench_workers_check: %s\n", err->text);
    exit(1);
}

struct feeding {
    struct sg_redflags *flags;
    bool is_events;
};

static enum sg_status on_row(void *ctx, const struct sg_text *fields, uint64_t number,
                             struct sg_err *err)
{
    struct feeding *f = ctx;
    const char *reason;
    return f->is_events ? sg_redflags_event(f->flags, &reason, fields, number, err)
                        : sg_redflags_person(f->flags, &reason, fields, number, err);
}

static enum sg_status on_bad(void *ctx, uint64_t number, const char *reason, struct sg_err *err)
{
    (void)ctx;
    return sg_err_set(err, SG_EPARSE, "row %" PRIu64 ": %s", number, reason);
}

static enum sg_status feed(struct sg_redflags *flags, const struct sg_peoplegen *gen, bool events,
                           struct sg_err *err)
{
    struct feeding feeding = {flags, events};
    const struct sg_people_events_sink sink = {on_row, on_bad, &feeding};
    struct sg_people_events_reader *reader;
    struct sg_buf buf = SG_BUF_INIT(1 << 20);
    enum sg_status st = sg_people_events_reader_new(
        &reader, events ? SG_PEOPLE_EVENTS_EVENTS : SG_PEOPLE_EVENTS_PEOPLE, &sink, err);
    (events ? sg_peoplegen_events_header : sg_peoplegen_people_header)(&buf);
    for (uint64_t row = 0; st == SG_OK && row < gen->n_records; row++) {
        (events ? sg_peoplegen_events : sg_peoplegen_people)(&buf, gen, row);
        st = sg_people_events_reader_feed(reader, buf.data, buf.size, err);
        sg_buf_reset(&buf);
    }
    if (st == SG_OK)
        st = sg_people_events_reader_finish(reader, err);
    sg_people_events_reader_free(reader);
    sg_buf_clear(&buf);
    return st;
}

/* The records of the people linked as `workers link --id record_id` does, and told to the flags. */
static enum sg_status link_people(struct sg_redflags *flags, const struct sg_peoplegen *gen,
                                  struct sg_err *err)
{
    struct sg_roster roster = {.n_rows = 0};
    struct sg_roster_reader *reader;
    struct sg_link_model model;
    struct sg_link_result result = {.n_rows = 0};
    struct sg_buf buf = SG_BUF_INIT((size_t)1 << 30);
    const size_t id = 0;
    const struct sg_link_ask ask = {&id, 1};
    const struct sg_link_options options = {2, false, NULL};
    sg_peoplegen_people_header(&buf);
    for (uint64_t row = 0; row < gen->n_records; row++)
        sg_peoplegen_people(&buf, gen, row);
    enum sg_status st = sg_roster_begin(&reader, &roster, err);
    if (st == SG_OK)
        st = sg_roster_feed(reader, buf.data, buf.size, err);
    if (st == SG_OK)
        st = sg_roster_finish(reader, err);
    if (st == SG_OK)
        st = sg_link_infer(&model, &roster, &ask, err);
    if (st == SG_OK)
        st = sg_link_run(&result, &model, &roster, &options, err);
    for (size_t r = 0; st == SG_OK && r < roster.n_rows; r++) {
        char text[16];
        const char *reason;
        const int n = snprintf(text, sizeof(text), "%" PRIu32, result.group_of[r]);
        st = sg_redflags_cluster(flags, &reason, sg_roster_cell(&roster, id, r),
                                 (struct sg_text){text, (size_t)n}, err);
    }
    sg_link_clear(&result);
    sg_roster_reader_free(reader);
    sg_roster_clear(&roster);
    sg_buf_clear(&buf);
    return st;
}

static int by_id(const void *left, const void *right)
{
    const struct person *a = left, *b = right;
    return (a->id > b->id) - (a->id < b->id);
}

static uint32_t rules_of(const struct sg_redflags *flags, uint32_t record)
{
    struct sg_redflags_identity identity;
    uint32_t rules = 0;
    sg_redflags_identity(&identity, flags, sg_redflags_identity_of(flags, record));
    for (uint32_t i = 0; i < identity.n_findings; i++)
        rules |= 1u << identity.findings[i].rule;
    return rules;
}

static float weight_of(const struct sg_redflags *flags, uint32_t record, unsigned n_classes)
{
    struct sg_redflags_identity identity;
    sg_redflags_identity(&identity, flags, sg_redflags_identity_of(flags, record));
    return identity.n_classes >= n_classes ? (float)identity.weight : 0;
}

static void judge_without(struct world *w, struct sg_redflags *flags, unsigned rule,
                          uint64_t n_records)
{
    struct sg_err err;
    if (sg_redflags_without(flags, 1u << rule, &err) != SG_OK)
        stop(&err);
    for (uint64_t row = 0; row < n_records; row++)
        w->people[row].without[rule] = weight_of(flags, (uint32_t)row, 2);
}

static void merge(struct person *into, const struct person *p)
{
    into->rules |= p->rules;
    into->weight = p->weight > into->weight ? p->weight : into->weight;
    into->one_class = p->one_class > into->one_class ? p->one_class : into->one_class;
    for (unsigned r = 0; r < SG_RED_COUNT; r++)
        if (p->without[r] > into->without[r])
            into->without[r] = p->without[r];
}

/* The persons of a world, each with what was found about any of its records. */
static void collect(struct world *w, struct sg_redflags *flags, const struct sg_peoplegen *gen)
{
    size_t n = 0;
    for (uint64_t row = 0; row < gen->n_records; row++) {
        struct sg_peoplegen_truth truth;
        sg_peoplegen_truth(&truth, gen, row);
        w->people[row] = (struct person){.id = truth.person,
                                         .rules = rules_of(flags, (uint32_t)row),
                                         .is_persona = truth.operator_id != 0,
                                         .care = truth.care,
                                         .weight = weight_of(flags, (uint32_t)row, 2),
                                         .one_class = weight_of(flags, (uint32_t)row, 1)};
    }
    for (unsigned r = 0; r < SG_RED_COUNT; r++)
        judge_without(w, flags, r, gen->n_records);
    qsort(w->people, gen->n_records, sizeof(*w->people), by_id);
    for (size_t i = 0; i < gen->n_records; i++)
        if (n && w->people[n - 1].id == w->people[i].id)
            merge(&w->people[n - 1], &w->people[i]);
        else
            w->people[n++] = w->people[i];
    w->n = n;
}

static void open_world(struct world *w, uint64_t seed, uint64_t n_records, bool linked)
{
    const struct sg_peoplegen gen = {seed, n_records, n_records / 640, 20};
    const struct sg_redflags_sanctions none = {NULL, NULL};
    const struct sg_text rules = sg_redrules_builtin();
    struct sg_redflags *flags;
    struct sg_err err;
    *w = (struct world){.people = sg_mem_alloc(n_records, sizeof(*w->people))};
    if (!w->people || sg_peoplegen_check(&gen, &err) != SG_OK ||
        sg_redrules_parse(&w->rules, &w->arena, rules.data, rules.size, &err) != SG_OK ||
        sg_redflags_new(&flags, &w->rules, &none, &err) != SG_OK ||
        feed(flags, &gen, false, &err) != SG_OK || feed(flags, &gen, true, &err) != SG_OK ||
        (linked && link_people(flags, &gen, &err) != SG_OK) ||
        sg_redflags_run(flags, &err) != SG_OK)
        stop(&err);
    collect(w, flags, &gen);
    sg_redflags_free(flags);
}

static void close_world(struct world *w)
{
    sg_mem_free(w->people);
    sg_arena_clear(&w->arena);
}

/* Which of a person's weights is asked. */
struct measure {
    double threshold;
    unsigned without;         /* a rule, or SG_RED_COUNT */
    bool one_class_is_enough; /* instead of two */
    unsigned cares;           /* operators up to this care and no others */
};

static double weight_in(const struct person *p, const struct measure *m)
{
    return m->without < SG_RED_COUNT ? p->without[m->without]
           : m->one_class_is_enough  ? p->one_class
                                     : p->weight;
}

/* Shares of personas and of honest people. */
struct rates {
    double recall, false_alarms;
    double of_care[CARES];
    size_t n_personas, n_honest;
};

static struct rates rates_of(const struct world *w, const struct measure *m)
{
    struct rates r = {0};
    size_t hits = 0, alarms = 0, n_care[CARES] = {0};
    for (size_t i = 0; i < w->n; i++) {
        const struct person *p = &w->people[i];
        const bool alert = weight_in(p, m) >= m->threshold;
        if (p->is_persona && p->care > m->cares)
            continue;
        if (p->is_persona) {
            r.n_personas++;
            hits += alert;
            n_care[p->care]++;
            r.of_care[p->care] += alert;
        } else {
            r.n_honest++;
            alarms += alert;
        }
    }
    for (unsigned c = 0; c < CARES; c++)
        r.of_care[c] = n_care[c] ? r.of_care[c] / (double)n_care[c] : 0;
    r.recall = r.n_personas ? (double)hits / (double)r.n_personas : 0;
    r.false_alarms = (double)alarms / (double)r.n_honest;
    return r;
}

static struct rates rates_at(const struct world *w, double threshold)
{
    return rates_of(w, &(struct measure){threshold, SG_RED_COUNT, false, CARES});
}

static double precision(const struct rates *r)
{
    const double p = 1.0 / SG_PEOPLEGEN_BASE_RATE;
    const double hits = r->recall * p, alarms = r->false_alarms * (1 - p);
    return hits + alarms > 0 ? hits / (hits + alarms) : 0;
}

static void print_line(const char *name, const struct rates *r)
{
    printf("%-34s recall %5.1f %%  false alarms %7.2f in 1,000  precision at 1 in %d: %5.1f %%\n",
           name, r->recall * 100, r->false_alarms * 1000, SG_PEOPLEGEN_BASE_RATE,
           precision(r) * 100);
}

/* The highest threshold at which nine in ten personas are found, if there is one. */
static void print_at_90(const struct world *w, const char *name, struct measure m)
{
    double at_90 = 0;
    m.threshold = 0.5;
    const struct rates any = rates_of(w, &m);
    for (; m.threshold <= 40; m.threshold += 0.5)
        if (rates_of(w, &m).recall >= 0.9)
            at_90 = m.threshold;
    m.threshold = at_90;
    const struct rates r = rates_of(w, &m);
    if (at_90 > 0) {
        printf("weight %4.1f ", at_90);
        print_line(name, &r);
    } else {
        printf("%-34s 90 %% recall is not reached: signs on %.1f %% of personas and %.2f in 1,000 "
               "honest\n",
               name, any.recall * 100, any.false_alarms * 1000);
    }
}

static void print_curve(const struct world *w)
{
    for (double t = 2; t <= 14; t += 1) {
        char name[40];
        const struct rates r = rates_at(w, t);
        snprintf(name, sizeof(name), "check/weight-%g", t);
        print_line(name, &r);
        printf("    by care");
        for (unsigned c = 0; c < CARES; c++)
            printf(" %5.1f", r.of_care[c] * 100);
        printf("\n");
    }
    print_at_90(w, "check/90-percent", (struct measure){0, SG_RED_COUNT, false, CARES});
    print_at_90(w, "check/90-percent-with-one-class",
                (struct measure){0, SG_RED_COUNT, true, CARES});
    for (unsigned care = 0; care < CARES; care++) {
        char name[40];
        snprintf(name, sizeof(name), "check/90-percent-to-care-%u", care);
        print_at_90(w, name, (struct measure){0, SG_RED_COUNT, false, care});
    }
}

static void print_ablation(const struct world *w)
{
    const struct rates all = rates_at(w, w->rules.alert_weight);
    for (unsigned r = 0; r < SG_RED_COUNT; r++) {
        size_t personas = 0, honest = 0;
        for (size_t i = 0; i < w->n; i++)
            *(w->people[i].is_persona ? &personas : &honest) += w->people[i].rules >> r & 1u;
        const struct rates without =
            rates_of(w, &(struct measure){w->rules.alert_weight, r, false, CARES});
        printf("rule/%-18s on %5.1f %% of personas, %6.2f %% of honest; without it recall %+5.1f "
               "points, false alarms %+6.2f in 1,000\n",
               sg_redrule_kind(r)->name, 100.0 * (double)personas / (double)all.n_personas,
               100.0 * (double)honest / (double)all.n_honest, (without.recall - all.recall) * 100,
               (without.false_alarms - all.false_alarms) * 1000);
    }
}

static void add(struct world *all, const struct world *w)
{
    struct person *more = sg_mem_realloc(all->people, all->n + w->n, sizeof(*more));
    if (!more)
        exit(1);
    memcpy(more + all->n, w->people, w->n * sizeof(*more));
    all->people = more;
    all->n += w->n;
}

static void measure(uint64_t n_records, uint64_t first_seed, uint64_t n_seeds, bool linked,
                    bool in_full)
{
    struct world all = {.people = NULL};
    struct world w;
    for (uint64_t seed = first_seed; seed < first_seed + n_seeds; seed++) {
        char name[64];
        open_world(&w, seed, n_records, linked);
        const struct rates r = rates_at(&w, w.rules.alert_weight);
        snprintf(name, sizeof(name), "check/%" PRIu64 "-records/seed-%" PRIu64, n_records, seed);
        print_line(name, &r);
        add(&all, &w);
        if (seed + 1 < first_seed + n_seeds)
            close_world(&w);
    }
    all.rules = w.rules;
    const struct rates r = rates_at(&all, all.rules.alert_weight);
    printf("# %" PRIu64 " records%s, all seeds: %zu personas, %zu honest people\n", n_records,
           linked ? " with clusters" : "", r.n_personas, r.n_honest);
    print_line("check/all", &r);
    for (unsigned c = 0; c < CARES; c++)
        printf("check/care-%u                       recall %5.1f %%\n", c, r.of_care[c] * 100);
    if (in_full) {
        print_curve(&all);
        print_ablation(&all);
    }
    sg_mem_free(all.people);
    close_world(&w);
}

int main(int argc, char **argv)
{
    const uint64_t n_records = argc > 1 ? strtoull(argv[1], NULL, 10) : 20000;
    const uint64_t first_seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 101;
    const uint64_t n_seeds = argc > 3 ? strtoull(argv[3], NULL, 10) : 5;
    if (n_records < 640 || n_records > 10000000 || n_seeds < 1)
        return 2;
    measure(n_records / 4, first_seed, n_seeds, false, false);
    measure(n_records, first_seed, n_seeds, false, true);
    measure(n_records, first_seed, n_seeds, true, true);
    return 0;
}
