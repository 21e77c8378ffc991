#include "coinworld_measure.h"

#include "analysis/cluster/cluster_internal.h"
#include "analysis/coinjoin/coinjoin.h"
#include "base/forest.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define N_FOUND ((size_t)SG_COINJOIN_PAYJOIN + 1)
#define COINS   2048

struct found {
    uint64_t kind[SG_COINWORLD_KINDS][N_FOUND], coinjoin[SG_COINWORLD_KINDS], n[SG_COINWORLD_KINDS];
};

/* Judged as the block has it, where an OP_RETURN still says what it says. */
static void judge(void *ctx, const struct coin_truth *truth, const struct coin_truth_seen *seen)
{
    static struct sg_btc_out spent[COINS];
    struct found *found = ctx;
    const struct sg_utxo_tx *row = &sg_utxo_txs(&truth->utxo)[seen->tx];
    const uint8_t kind = truth->txs[seen->tx].kind;
    struct sg_coinjoin result;
    if (kind == SG_COINWORLD_COINBASE)
        return;
    for (size_t i = 0; i < seen->in_block->n_in; i++)
        spent[i] = sg_utxo_coin(&truth->utxo, sg_utxo_ins(&truth->utxo)[row->first_in + i]);
    const struct sg_coinjoin_tx tx = {spent, seen->in_block->n_in,
                                      seen->block->outs + seen->in_block->first_out,
                                      seen->in_block->n_out};
    if (sg_coinjoin_kind_of(&result, &tx, NULL) != SG_OK)
        abort();
    found->n[kind]++;
    found->kind[kind][result.kind]++;
    found->coinjoin[kind] += result.coinjoin;
}

static void print_found(const struct found *found)
{
    printf("%-14s %8s", "made as", "n");
    for (size_t f = 0; f < N_FOUND; f++)
        printf(" %9.9s", f ? sg_coinjoin_kind_name((enum sg_coinjoin_kind)f) : "none");
    printf("  CoinJoin\n");
    for (size_t k = 0; k < SG_COINWORLD_KINDS; k++) {
        if (!found->n[k])
            continue;
        printf("%-14s %8" PRIu64, sg_coinworld_kind_name((enum sg_coinworld_kind)k), found->n[k]);
        for (size_t f = 0; f < N_FOUND; f++)
            printf(" %9" PRIu64, found->kind[k][f]);
        printf(" %9" PRIu64 "\n", found->coinjoin[k]);
    }
    putchar('\n');
}

/* An address: its cluster and its true owner. */
struct member {
    uint32_t cluster, owner;
};

static int by_both(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    if (x->cluster != y->cluster)
        return x->cluster < y->cluster ? -1 : 1;
    return x->owner < y->owner ? -1 : x->owner > y->owner;
}

static int by_owner(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    return x->owner < y->owner ? -1 : x->owner > y->owner;
}

/* Pairs of addresses in runs of equal members. */
static double pairs(const struct member *members, size_t n, int (*same)(const void *, const void *))
{
    double sum = 0;
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && same(&members[i], &members[end]) == 0; end++)
            ;
        sum += (double)(end - i) * (double)(end - i - 1) / 2;
    }
    return sum;
}

static int by_cluster(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    return x->cluster < y->cluster ? -1 : x->cluster > y->cluster;
}

/* Clusters that hold more than one owner, and the owners in the worst of them. */
static void count_mixed(const struct member *members, size_t n, uint64_t *n_mixed, uint64_t *worst)
{
    *n_mixed = *worst = 0;
    for (size_t i = 0, end; i < n; i = end) {
        uint64_t owners = 1;
        for (end = i + 1; end < n && members[end].cluster == members[i].cluster; end++)
            owners += members[end].owner != members[end - 1].owner;
        *n_mixed += owners > 1;
        *worst = owners > *worst ? owners : *worst;
    }
}

/* True owner of each address of the ledger. */
static uint32_t *owners_of_addresses(const struct coin_truth *t)
{
    uint32_t *owner = sg_mem_alloc(sg_utxo_n(&t->utxo, SG_UTXO_OWNER_END) + 1, sizeof(*owner));
    for (uint64_t out = 0; owner && out < sg_utxo_n(&t->utxo, SG_UTXO_OUT_SAT); out++)
        if (sg_utxo_out_owner(&t->utxo)[out] != SG_UTXO_NOBODY)
            owner[sg_utxo_out_owner(&t->utxo)[out]] = t->owners[out];
    return owner;
}

/* Over all addresses, or of owners from `least` on. */
static void score_clusters(const char *name, const struct coin_truth *t, uint32_t *parent,
                           const uint32_t *owner, uint32_t least)
{
    const size_t n_all = sg_utxo_n(&t->utxo, SG_UTXO_OWNER_END);
    struct member *members = sg_mem_alloc(n_all + 1, sizeof(*members));
    uint64_t n_mixed, worst;
    size_t n = 0;
    if (!members)
        abort();
    for (uint32_t i = 0; i < n_all; i++)
        if (owner[i] >= least)
            members[n++] = (struct member){sg_forest_root(parent, i), owner[i]};
    qsort(members, n, sizeof(*members), by_both);
    const double right = pairs(members, n, by_both), said = pairs(members, n, by_cluster);
    count_mixed(members, n, &n_mixed, &worst);
    qsort(members, n, sizeof(*members), by_owner);
    const double true_pairs = pairs(members, n, by_owner);
    printf("%-40s %8.4f %8.4f %9" PRIu64 " %9" PRIu64 "\n", name, said > 0 ? right / said : 1,
           right / true_pairs, n_mixed, worst);
    sg_mem_free(members);
}

/* Everything spent together joined, CoinJoins too: the plain rule. */
static uint32_t *join_all(const struct coin_truth *t)
{
    const struct sg_utxo *utxo = &t->utxo;
    const size_t n = sg_utxo_n(utxo, SG_UTXO_OWNER_END);
    uint32_t *parent = sg_mem_alloc(n + 1, sizeof(*parent));
    if (!parent)
        abort();
    for (uint32_t i = 0; i < n; i++)
        parent[i] = i;
    for (uint64_t tx = 0; tx < sg_utxo_n_txs(utxo); tx++) {
        const struct change_view v = sg_cluster_view(utxo, NULL, tx);
        for (uint64_t i = 1; i < v.n_in; i++)
            sg_forest_join(parent, sg_cluster_spender(&v, 0), sg_cluster_spender(&v, i));
    }
    return parent;
}

static void score_options(const char *name, const struct coin_truth *t, const uint32_t *owner,
                          uint32_t people, unsigned rules, unsigned votes)
{
    const struct sg_cluster_options options = {.change_rules = rules, .votes = votes};
    struct sg_clusters clusters;
    char of_people[64];
    if (sg_cluster_run(&clusters, &t->utxo, &options, NULL) != SG_OK)
        abort();
    score_clusters(name, t, clusters.parent, owner, 0);
    snprintf(of_people, sizeof(of_people), "  of people alone");
    score_clusters(of_people, t, clusters.parent, owner, people);
    sg_cluster_clear(&clusters);
}

static void measure_clusters(const struct coin_truth *t, uint32_t people)
{
    const unsigned all = 1u << SG_CLUSTER_FRESH | 1u << SG_CLUSTER_FORM | 1u << SG_CLUSTER_LEAST |
                         1u << SG_CLUSTER_ROUND;
    uint32_t *owner = owners_of_addresses(t), *plain = join_all(t);
    if (!owner)
        abort();
    printf("%-40s %8s %8s %9s %9s\n", "clusters: pairs of addresses", "precision", "recall",
           "mixed", "worst");
    score_clusters("spent together, CoinJoins too", t, plain, owner, 0);
    score_clusters("  of people alone", t, plain, owner, people);
    score_options("spent together (the default)", t, owner, people, 0, 0);
    score_options("and change by all four rules", t, owner, people, all, 4);
    score_options("and change by three votes", t, owner, people, all, 3);
    score_options("and change by two votes", t, owner, people, all, 2);
    sg_mem_free(owner);
    sg_mem_free(plain);
    putchar('\n');
}

struct rule_score {
    uint64_t named, own, change;
};

/* What cluster asks it about: one owner's transaction with several outputs. */
static bool is_asked(const struct coin_truth *t, uint64_t tx, const struct change_view *v)
{
    return v->n_in && v->n_out >= 2 && !sg_coinworld_is_shared(t->txs[tx].kind);
}

static void count_answer(struct rule_score *score, const struct coin_truth *t, uint64_t tx,
                         uint64_t out)
{
    if (out == SG_UTXO_NONE)
        return;
    score->named++;
    score->own += t->owners[out] == coin_truth_payer(t, tx);
    score->change += t->change[out];
}

static void print_rule(const char *name, const struct rule_score *score, uint64_t n_change)
{
    printf("%-10s %9" PRIu64 " %10.4f %10.4f %8.4f\n", name, score->named,
           (double)score->own / (double)(score->named ? score->named : 1),
           (double)score->change / (double)(score->named ? score->named : 1),
           (double)score->change / (double)(n_change ? n_change : 1));
}

static void measure_change(const struct coin_truth *t, uint64_t *first_seen)
{
    const unsigned all = 1u << SG_CLUSTER_FRESH | 1u << SG_CLUSTER_FORM | 1u << SG_CLUSTER_LEAST |
                         1u << SG_CLUSTER_ROUND;
    struct rule_score rules[SG_CLUSTER_RULES] = {{0}}, votes[5] = {{0}};
    uint64_t n = 0, n_change = 0;
    for (uint64_t tx = 0; tx < sg_utxo_n_txs(&t->utxo); tx++) {
        const struct change_view v = sg_cluster_view(&t->utxo, first_seen, tx);
        uint32_t voted;
        if (!is_asked(t, tx, &v))
            continue;
        n++;
        n_change += coin_truth_change(t, tx) != SG_UTXO_NONE;
        for (unsigned r = SG_CLUSTER_FRESH; r < SG_CLUSTER_RULES; r++)
            count_answer(&rules[r], t, tx, sg_cluster_ask(&v, (enum sg_cluster_rule)r));
        for (unsigned k = 1; k <= 4; k++)
            count_answer(&votes[k], t, tx, sg_cluster_change(&voted, &v, all, k));
    }
    printf("change: %" PRIu64 " transactions of one owner with two outputs or more, %" PRIu64
           " with one change\n",
           n, n_change);
    printf("%-10s %9s %10s %10s %8s\n", "rule", "named", "own", "change", "recall");
    for (unsigned r = SG_CLUSTER_FRESH; r < SG_CLUSTER_RULES; r++)
        print_rule(sg_cluster_rule_name((enum sg_cluster_rule)r), &rules[r], n_change);
    for (unsigned k = 1; k <= 4; k++) {
        char name[16];
        snprintf(name, sizeof(name), "%u votes", k);
        print_rule(name, &votes[k], n_change);
    }
    putchar('\n');
}

static void print_score(const char *name, const struct coin_score *s)
{
    printf("%-24s %9" PRIu64 " %9" PRIu64 " %9" PRIu64 " %8.4f %8.4f\n", name, s->asked,
           s->answered, s->right, (double)s->right / (double)(s->answered ? s->answered : 1),
           (double)s->right / (double)(s->asked ? s->asked : 1));
}

static void measure_peels(const struct coin_truth *t)
{
    static const struct {
        const char *name;
        enum sg_coinworld_kind kind;
    } sets[] = {{"peel chains", SG_COINWORLD_PEEL},
                {"payments", SG_COINWORLD_PAYMENT},
                {"payouts", SG_COINWORLD_PAYOUT}};
    printf("%-24s %9s %9s %9s %8s %8s\n", "peel: steps", "asked", "answered", "right", "precision",
           "recall");
    for (size_t i = 0; i < SG_COUNT_OF(sets); i++) {
        struct coin_score votes, largest;
        char name[64];
        coin_truth_score_peels(&votes, &largest, t, sets[i].kind);
        snprintf(name, sizeof(name), "%s, votes", sets[i].name);
        print_score(name, &votes);
        snprintf(name, sizeof(name), "%s, largest", sets[i].name);
        print_score(name, &largest);
    }
}

void measure_all(const struct sg_scenario *scenario, uint64_t seed, uint64_t transactions)
{
    static struct found found;
    struct coin_truth truth = {.see = judge, .ctx = &found};
    coin_truth_open(&truth, scenario, seed, transactions);
    print_found(&found);
    uint64_t *first_seen = sg_mem_alloc(sg_utxo_n(&truth.utxo, SG_UTXO_OWNER_END) + 1, 8);
    if (!first_seen)
        abort();
    for (uint64_t out = sg_utxo_n(&truth.utxo, SG_UTXO_OUT_SAT); out-- > 0;)
        if (sg_utxo_out_owner(&truth.utxo)[out] != SG_UTXO_NOBODY)
            first_seen[sg_utxo_out_owner(&truth.utxo)[out]] = out;
    /* People have the last numbers. */
    uint32_t people = 0;
    for (uint64_t out = 0; out < sg_utxo_n(&truth.utxo, SG_UTXO_OUT_SAT); out++)
        if (truth.owners[out] != SG_COINWORLD_NOBODY && truth.owners[out] > people)
            people = truth.owners[out];
    people = people > scenario->people ? people - scenario->people + 1 : 0;
    measure_clusters(&truth, people);
    measure_change(&truth, first_seen);
    measure_peels(&truth);
    sg_mem_free(first_seen);
    coin_truth_close(&truth);
}
