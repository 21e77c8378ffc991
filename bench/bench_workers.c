/* Linkage of records against known truth: pairwise and cluster metrics, the curve over the
 * threshold, and false links by script and by how common a surname is. One setting for all sets.
 *
 * SG_BENCH_WORKERS: records of the made-up catalogue (default 50,000; 0: the worlds alone).
 * SG_BENCH_WORLD: of a world of `workers generate` (20,000), of which SG_BENCH_SEEDS (1) are made.
 * FEBRL 3 and fake_1000 are measured where the data for developers
 * is there. */
#include "yardstick.h"

#include "analysis/linkage/linkage.h"
#include "analysis/peoplegen/peoplegen.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "store/file/file.h"
#include "support/history.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PERSONAS    "../shared/data/personas/"
#define TARGET_NS   UINT64_C(3000000000)
#define TEXT_MAX_MB ((size_t)1 << 30)

/* A table with its truth: a number a row. */
struct set {
    struct sg_roster roster;
    uint32_t *truth;
    size_t left_out[4], n_left_out;
};

struct score {
    double precision, recall, f1, bcubed, exact;
};

static void stop(const char *what)
{
    fprintf(stderr, "bench_workers: %s\n", what);
    exit(1);
}

static void *must(void *block)
{
    if (!block)
        stop("out of memory");
    return block;
}

static void read_bytes(struct sg_roster *roster, const char *bytes, size_t size)
{
    struct sg_roster_reader *reader = NULL;
    struct sg_err err;
    if (sg_roster_begin(&reader, roster, &err) != SG_OK ||
        sg_roster_feed(reader, bytes, size, &err) != SG_OK ||
        sg_roster_finish(reader, &err) != SG_OK)
        stop(err.text);
    sg_roster_reader_free(reader);
}

static void leave_out(struct set *set, const char *column)
{
    set->left_out[set->n_left_out++] = sg_roster_column(&set->roster, column);
}

/* The truth is a column's value, or a part of it between two dashes. */
static void take_truth(struct set *set, const char *column, bool dashes)
{
    struct sg_dict numbers = {0};
    const size_t c = sg_roster_column(&set->roster, column);
    set->truth = must(sg_mem_zalloc(set->roster.n_rows + 1, sizeof(*set->truth)));
    for (size_t r = 0; r < set->roster.n_rows; r++) {
        struct sg_text text = sg_roster_cell(&set->roster, c, r);
        if (dashes) {
            const char *from = memchr(text.data, '-', text.size);
            text.size -= (size_t)(from + 1 - text.data);
            text.data = from + 1;
            text.size = (size_t)((const char *)memchr(text.data, '-', text.size) - text.data);
        }
        if (sg_dict_number(&set->truth[r], &numbers, text, NULL) != SG_OK)
            stop("out of memory");
    }
    sg_dict_clear(&numbers);
}

struct triple {
    uint32_t group, person;
};

static int by_both(const void *a, const void *b)
{
    const struct triple *x = a, *y = b;
    return x->group != y->group ? (x->group < y->group ? -1 : 1)
                                : (x->person > y->person) - (x->person < y->person);
}

static double pairs_of(double n)
{
    return n * (n - 1) / 2;
}

/* Sizes of groups, of persons, and of what both share. */
static struct score score_of(const struct set *set, const uint32_t *group_of)
{
    const size_t n = set->roster.n_rows;
    struct triple *rows = must(sg_mem_alloc(n, sizeof(*rows)));
    double *group = must(sg_mem_zalloc(n + 2, sizeof(*group)));
    double *person = must(sg_mem_zalloc(n + 2, sizeof(*person)));
    double found = 0, is = 0, both = 0, precise = 0, recalled = 0, exact = 0, n_people = 0;
    for (size_t r = 0; r < n; r++) {
        rows[r] = (struct triple){group_of[r], set->truth[r]};
        group[group_of[r]]++;
        person[set->truth[r]]++;
    }
    for (size_t i = 0; i < n + 2; i++) {
        found += pairs_of(group[i]);
        is += pairs_of(person[i]);
        n_people += person[i] > 0;
    }
    qsort(rows, n, sizeof(*rows), by_both);
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i; end < n && by_both(&rows[i], &rows[end]) == 0; end++)
            ;
        const double k = (double)(end - i), g = group[rows[i].group], p = person[rows[i].person];
        both += pairs_of(k);
        precise += k * k / g;
        recalled += k * k / p;
        exact += k >= g && k >= p;
    }
    sg_mem_free(rows);
    sg_mem_free(group);
    sg_mem_free(person);
    precise /= (double)n;
    recalled /= (double)n;
    return (struct score){found > 0 ? both / found : 1, both / is, 2 * both / (found + is),
                          2 * precise * recalled / (precise + recalled), exact / n_people};
}

static uint64_t link_set(struct sg_link_result *result, const struct set *set, double threshold)
{
    struct sg_link_model model;
    struct sg_err err;
    const struct sg_link_ask ask = {set->left_out, set->n_left_out};
    const struct sg_link_options options = {2, false, NULL};
    const uint64_t begin = sg_bench_now_ns();
    *result = (struct sg_link_result){0};
    if (sg_link_infer(&model, &set->roster, &ask, &err) != SG_OK)
        stop(err.text);
    model.threshold = threshold;
    if (sg_link_run(result, &model, &set->roster, &options, &err) != SG_OK)
        stop(err.text);
    return sg_bench_now_ns() - begin;
}

static uint64_t print_score(const char *name, const struct set *set, double threshold)
{
    struct sg_link_result result;
    const uint64_t ns = link_set(&result, set, threshold);
    const struct score s = score_of(set, result.group_of);
    printf("link/%-14s threshold %+3.0f  P %.4f  R %.4f  F1 %.4f  B-cubed F1 %.4f  people "
           "exact %.3f\n",
           name, threshold, s.precision, s.recall, s.f1, s.bcubed, s.exact);
    sg_link_clear(&result);
    return ns;
}

static void print_curve(const char *name, const struct set *set)
{
    for (double threshold = -6; threshold <= 6; threshold += 2)
        (void)print_score(name, set, threshold);
}

static void set_clear(struct set *set)
{
    sg_mem_free(set->truth);
    sg_roster_clear(&set->roster);
}

static void bench_history(unsigned damage)
{
    struct set set = {.n_left_out = 0};
    struct sg_buf csv = SG_BUF_INIT(TEXT_MAX_MB);
    char name[32];
    const struct sg_history history = {1, (uint32_t)sg_bench_env("SG_BENCH_WORKERS", 50000),
                                       damage};
    sg_history_write(&csv, &history);
    read_bytes(&set.roster, csv.data, csv.size);
    leave_out(&set, "id");
    leave_out(&set, "person");
    take_truth(&set, "person", false);
    snprintf(name, sizeof(name), "history-%u", damage);
    const uint64_t ns = print_score(name, &set, SG_LINK_THRESHOLD);
    sg_bench_print_target("link/history", ns, TARGET_NS);
    if (damage == 100)
        print_curve(name, &set);
    sg_buf_clear(&csv);
    set_clear(&set);
}

static void bench_file(const char *name, const char *path, const char *id, const char *truth,
                       const char *other)
{
    struct set set = {.n_left_out = 0};
    struct sg_err err;
    uint8_t *bytes = NULL;
    size_t size;
    if (sg_file_read(&bytes, &size, path, TEXT_MAX_MB, &err) != SG_OK) {
        printf("link/%s: not measured, the data for developers is not there\n", name);
        return;
    }
    read_bytes(&set.roster, (const char *)bytes, size);
    leave_out(&set, id);
    leave_out(&set, other);
    take_truth(&set, truth, strcmp(id, truth) == 0);
    print_curve(name, &set);
    sg_mem_free(bytes);
    set_clear(&set);
}

/* ---- false links by group of names ---- */

static const char *const scripts[] = {"latin",        "cyrillic", "arabic",
                                      "han and kana", "hangul",   "other"};

static size_t script_of(struct sg_text name)
{
    uint32_t c = 0;
    (void)sg_utf8_next(&c, name.data, name.size);
    return c < 0x370                   ? 0
           : c >= 0x400 && c < 0x530   ? 1
           : c >= 0x600 && c < 0x780   ? 2
           : c >= 0x3040 && c < 0xa000 ? 3
           : c >= 0xac00 && c < 0xd7b0 ? 4
                                       : 5;
}

#define STRATA_MAX 8
#define CUTS       4

/* Pairs of two people from which on they are counted, in bits: what grouping joined, and what the
 * pairs alone say. */
static const int cuts[CUTS] = {0, -2, -4, -6};

/* Counts of one kind of strata, over several worlds. */
struct strata {
    const char *what;
    const char *const *names;
    size_t n;
    double records[STRATA_MAX];
    double joined[STRATA_MAX];      /* records in a group with another person, a pair counts one */
    double pairs[CUTS][STRATA_MAX]; /* ends of false pairs at or above a cut, halved */
};

static void count_joined(struct strata *s, const struct set *set, const struct sg_link_result *r,
                         const size_t *stratum)
{
    for (size_t g = 0; g < r->n_groups; g++) {
        const uint32_t *rows = r->members + r->groups[g].begin;
        for (size_t i = 0; i < r->groups[g].count; i++) {
            bool other = false;
            for (size_t k = 0; k < r->groups[g].count; k++)
                other |= set->truth[rows[i]] != set->truth[rows[k]];
            s->joined[stratum[rows[i]]] += other / 2.0;
        }
    }
}

static void count_strata(struct strata *s, const struct set *set, const struct sg_link_result *r,
                         const size_t *stratum)
{
    for (size_t row = 0; row < set->roster.n_rows; row++)
        s->records[stratum[row]]++;
    count_joined(s, set, r, stratum);
    for (size_t i = 0; i < r->n_pairs; i++) {
        const struct sg_link_pair *p = &r->pairs[i];
        for (size_t c = 0; c < CUTS && set->truth[p->a] != set->truth[p->b]; c++) {
            const double half = p->weight_mib >= cuts[c] * 1024 ? 0.5 : 0;
            s->pairs[c][stratum[p->a]] += half;
            s->pairs[c][stratum[p->b]] += half;
        }
    }
}

/* Bounds of a Poisson mean at 95 %. Source: E. B. Wilson, M. M. Hilferty, 1931, by whose cube root
 * a chi-square bound is normal to within a percent from one event on; none at all: -ln 0.025. */
static double bound(double n, bool upper)
{
    const double k = n + upper, z = upper ? 1.96 : -1.96;
    if (k <= 0)
        return 0;
    if (n <= 0)
        return 3.689;
    const double root = 1 - 1 / (9 * k) + z / (3 * sqrt(k));
    return root > 0 ? k * root * root * root : 0;
}

/* Each stratum's rate with its bounds, and whether all could have one: chi-square of n - 1. */
static void print_rates(const struct strata *s, const char *how, const double *counts)
{
    double all = 0, records = 0, chi = 0, least = 1e9, most = 0;
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++) {
        all += counts[i];
        records += s->records[i];
    }
    for (size_t i = 0; i < s->n; i++) {
        const double per = 1e5 / s->records[i], expected = all * s->records[i] / records;
        if (s->records[i] <= 0)
            continue;
        n++;
        chi += expected > 0 ? (counts[i] - expected) * (counts[i] - expected) / expected : 0;
        least = counts[i] * per < least ? counts[i] * per : least;
        most = counts[i] * per > most ? counts[i] * per : most;
        printf("false-links/%s/%s/%-14s %7.1f of %8.0f records: %6.2f in 100,000 (%.2f to %.2f)\n",
               how, s->what, s->names[i], counts[i], s->records[i], counts[i] * per,
               bound(counts[i], false) * per, bound(counts[i], true) * per);
    }
    printf("false-links/%s/%s: %.1f in all, highest to lowest %.2f, chi-square %.1f of %zu\n", how,
           s->what, all, least > 0 ? most / least : 0.0, chi, n - 1);
}

static void print_strata(const struct strata *s)
{
    print_rates(s, "joined", s->joined);
    for (size_t c = 0; c < CUTS; c++) {
        char how[32];
        snprintf(how, sizeof(how), "pairs from %d", cuts[c]);
        print_rates(s, how, s->pairs[c]);
    }
}

static const char *const common[] = {"rare", "common", "very common"};

static void add_world(struct strata strata[2], const struct set *set)
{
    const size_t n = set->roster.n_rows, given = sg_roster_column(&set->roster, "given_name"),
                 surname = sg_roster_column(&set->roster, "surname");
    const struct sg_roster_column *c = &set->roster.columns[surname];
    size_t *counts = must(sg_mem_zalloc(c->values.count + 1, sizeof(*counts)));
    size_t *stratum = must(sg_mem_zalloc(n, sizeof(*stratum)));
    struct sg_link_result r;
    (void)link_set(&r, set, SG_LINK_THRESHOLD);
    const struct score score = score_of(set, r.group_of);
    printf("link/world          P %.5f  R %.4f  F1 %.4f\n", score.precision, score.recall,
           score.f1);
    for (size_t row = 0; row < n; row++) {
        const struct sg_text name = sg_roster_cell(&set->roster, given, row);
        stratum[row] = name.data ? script_of(name) : 0;
        counts[c->cells[row]]++;
    }
    count_strata(&strata[0], set, &r, stratum);
    for (size_t row = 0; row < n; row++) {
        const size_t k = counts[c->cells[row]];
        stratum[row] = k * 2000 < n ? 0 : k * 200 < n ? 1 : 2;
    }
    count_strata(&strata[1], set, &r, stratum);
    sg_link_clear(&r);
    sg_mem_free(counts);
    sg_mem_free(stratum);
}

static void read_world(struct set *set, uint64_t seed)
{
    struct set truth = {.n_left_out = 0};
    struct sg_buf people = SG_BUF_INIT(TEXT_MAX_MB), lines = SG_BUF_INIT(TEXT_MAX_MB);
    const uint64_t n = sg_bench_env("SG_BENCH_WORLD", 20000);
    const struct sg_peoplegen gen = {seed, n, sg_peoplegen_operators(n), 20};
    sg_peoplegen_people_header(&people);
    sg_peoplegen_truth_header(&lines);
    for (uint64_t row = 0; row < gen.n_records; row++) {
        sg_peoplegen_people(&people, &gen, row);
        sg_peoplegen_truth_line(&lines, &gen, row);
    }
    read_bytes(&set->roster, people.data, people.size);
    read_bytes(&truth.roster, lines.data, lines.size);
    take_truth(&truth, "person", false);
    set->truth = truth.truth;
    leave_out(set, "record_id");
    sg_buf_clear(&people);
    sg_buf_clear(&lines);
    sg_roster_clear(&truth.roster);
}

static void bench_world(void)
{
    struct strata strata[2] = {{.what = "script", .names = scripts, .n = SG_COUNT_OF(scripts)},
                               {.what = "surname", .names = common, .n = SG_COUNT_OF(common)}};
    const uint64_t n_seeds = sg_bench_env("SG_BENCH_SEEDS", 1);
    for (uint64_t seed = 1; seed <= n_seeds; seed++) {
        struct set set = {.n_left_out = 0};
        read_world(&set, seed);
        add_world(strata, &set);
        set_clear(&set);
    }
    print_strata(&strata[0]);
    print_strata(&strata[1]);
}

int main(void)
{
    if (sg_bench_env("SG_BENCH_WORKERS", 50000)) {
        bench_history(60);
        bench_history(100);
        bench_history(140);
        bench_file("febrl3", PERSONAS "febrl3.csv", "rec_id", "rec_id", "soc_sec_id");
        bench_file("fake_1000", PERSONAS "fake_1000.csv", "unique_id", "cluster", "cluster");
    }
    bench_world();
    return 0;
}
