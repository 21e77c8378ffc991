#include "analysis/cluster/cluster_internal.h"

#include "base/forest.h"
#include "base/mem.h"
#include "base/vec.h"

#include <string.h>

#define STEP 65536

struct job {
    struct sg_clusters *clusters;
    const struct sg_utxo *utxo;
    const struct sg_cluster_options *options;
    uint64_t *first_seen;
    struct sg_btc_out *coins; /* scratch: what a transaction spends and pays */
    size_t cap_coins;
};

const char *sg_cluster_rule_name(enum sg_cluster_rule rule)
{
    switch (rule) {
    case SG_CLUSTER_SPEND:
        return "spend";
    case SG_CLUSTER_FRESH:
        return "fresh";
    case SG_CLUSTER_FORM:
        return "form";
    case SG_CLUSTER_LEAST:
        return "least";
    case SG_CLUSTER_ROUND:
        return "round";
    case SG_CLUSTER_REUSE:
        return "reuse";
    case SG_CLUSTER_LOCKTIME:
        return "locktime";
    case SG_CLUSTER_FEE:
        return "fee";
    case SG_CLUSTER_PEELING:
        return "peeling";
    }
    return NULL;
}

uint32_t sg_cluster_root(struct sg_clusters *clusters, uint32_t owner)
{
    return sg_forest_root(clusters->parent, owner);
}

static bool keep(struct sg_cluster_link **links, size_t *n, size_t *capacity,
                 const struct sg_cluster_link *link)
{
    if (!sg_vec_reserve((void **)links, capacity, *n, 1, sizeof(*link)))
        return false;
    (*links)[(*n)++] = *link;
    return true;
}

static enum sg_cluster_hold hold(const struct job *job, uint32_t low, uint32_t high)
{
    const struct sg_clusters *c = job->clusters;
    if (c->entity && c->entity[low] && c->entity[high] && c->entity[low] != c->entity[high])
        return SG_CLUSTER_LABELS;
    if (c->size && (uint64_t)c->size[low] + c->size[high] > job->options->max)
        return SG_CLUSTER_BOUND;
    return SG_CLUSTER_NOT_HELD;
}

/* What is known of the higher root goes to the lower one. */
static void merge(struct sg_clusters *c, uint32_t low, uint32_t high)
{
    c->parent[high] = low;
    c->n_joins++;
    if (c->size)
        c->size[low] += c->size[high];
    if (c->entity && !c->entity[low])
        c->entity[low] = c->entity[high];
}

static enum sg_status hold_back(struct sg_clusters *c, const struct sg_cluster_link *link,
                                enum sg_cluster_hold why, struct sg_err *err)
{
    struct sg_cluster_link held = *link;
    held.hold = why;
    return keep(&c->held, &c->n_held, &c->cap_held, &held) ? SG_OK : sg_err_nomem(err);
}

/* Lower numbers become roots, so that a cluster's name does not depend on the order of joins. */
static enum sg_status join(struct job *job, const struct sg_cluster_link *link, struct sg_err *err)
{
    struct sg_clusters *c = job->clusters;
    const uint32_t a = sg_cluster_root(c, link->a), b = sg_cluster_root(c, link->b);
    if (a == b)
        return SG_OK;
    const uint32_t low = a < b ? a : b, high = a < b ? b : a;
    const enum sg_cluster_hold why = hold(job, low, high);
    if (why != SG_CLUSTER_NOT_HELD)
        return hold_back(c, link, why, err);
    merge(c, low, high);
    if (job->options->reasons && !keep(&c->links, &c->n_links, &c->cap_links, link))
        return sg_err_nomem(err);
    return SG_OK;
}

static enum sg_status join_spenders(struct job *job, const struct change_view *v,
                                    struct sg_err *err)
{
    enum sg_status st = SG_OK;
    for (uint64_t i = 1; st == SG_OK && i < v->n_in; i++) {
        const struct sg_cluster_link link = {.tx = v->tx,
                                             .a = sg_cluster_spender(v, 0),
                                             .b = sg_cluster_spender(v, i),
                                             .rules = 1u << SG_CLUSTER_SPEND};
        if (link.a != SG_UTXO_NOBODY && link.b != SG_UTXO_NOBODY)
            st = join(job, &link, err);
    }
    return st;
}

static enum sg_status join_change(struct job *job, const struct change_view *v, struct sg_err *err)
{
    const struct sg_cluster_options *options = job->options;
    struct sg_cluster_link link = {.tx = v->tx, .a = sg_cluster_spender(v, 0)};
    const uint64_t out = sg_cluster_change(&link.rules, v, options->change_rules, options->votes);
    if (out == SG_UTXO_NONE || link.a == SG_UTXO_NOBODY)
        return SG_OK;
    job->clusters->n_changes++;
    link.b = sg_utxo_out_owner(job->utxo)[out];
    return join(job, &link, err);
}

static bool several_spenders(const struct change_view *v)
{
    for (uint64_t i = 1; i < v->n_in; i++)
        if (sg_cluster_spender(v, i) != sg_cluster_spender(v, 0))
            return true;
    return false;
}

static enum sg_status take_tx(struct job *job, uint64_t t, struct sg_err *err)
{
    struct sg_clusters *c = job->clusters;
    const struct change_view v = sg_cluster_view(job->utxo, job->first_seen, t);
    bool coinjoin;
    if (v.n_in == 0)
        return SG_OK;
    if (!sg_cluster_inputs_known(&v)) {
        c->n_unknown += v.n_in > 1;
        return SG_OK;
    }
    const bool several = several_spenders(&v);
    enum sg_status st = SG_OK;
    coinjoin = false;
    if (several)
        st = sg_cluster_is_coinjoin(&coinjoin, &job->coins, &job->cap_coins, &v, err);
    c->n_coinjoins += coinjoin;
    if (st != SG_OK || coinjoin)
        return st;
    c->n_spends += several;
    if (several)
        st = join_spenders(job, &v, err);
    return st == SG_OK && job->options->change_rules ? join_change(job, &v, err) : st;
}

static bool take_memory(struct job *job)
{
    struct sg_clusters *c = job->clusters;
    const size_t n_outs = sg_utxo_n(job->utxo, SG_UTXO_OUT_SAT);
    c->parent = sg_mem_alloc(c->n_owners + 1, sizeof(*c->parent));
    if (job->options->max)
        c->size = sg_mem_alloc(c->n_owners + 1, sizeof(*c->size));
    if (job->options->entity)
        c->entity = sg_mem_alloc(c->n_owners + 1, sizeof(*c->entity));
    if (job->options->change_rules)
        job->first_seen = sg_mem_alloc(c->n_owners + 1, sizeof(*job->first_seen));
    if (!c->parent || (job->options->max && !c->size) || (job->options->entity && !c->entity) ||
        (job->options->change_rules && !job->first_seen))
        return false;
    for (uint32_t o = 0; o < c->n_owners; o++) {
        c->parent[o] = o;
        if (c->size)
            c->size[o] = 1;
        if (c->entity)
            c->entity[o] = job->options->entity[o];
    }
    const uint32_t *owners = sg_utxo_out_owner(job->utxo);
    for (size_t i = n_outs; job->first_seen && i-- > 0;)
        if (owners[i] != SG_UTXO_NOBODY)
            job->first_seen[owners[i]] = i;
    return true;
}

enum sg_status sg_cluster_run(struct sg_clusters *clusters, const struct sg_utxo *utxo,
                              const struct sg_cluster_options *options, struct sg_err *err)
{
    struct job job = {.clusters = clusters, .utxo = utxo, .options = options};
    const size_t n_txs = sg_utxo_n_txs(utxo);
    *clusters = (struct sg_clusters){.n_owners = sg_utxo_n(utxo, SG_UTXO_OWNER_END)};
    enum sg_status st = take_memory(&job) ? SG_OK : sg_err_nomem(err);
    for (uint64_t t = 0; st == SG_OK && t < n_txs; t++) {
        if (t % STEP == 0 && !sg_progress_step(options->progress, t, n_txs))
            st = sg_err_set(err, SG_ECANCELLED, "stopped");
        else
            st = take_tx(&job, t, err);
    }
    sg_mem_free(job.first_seen);
    sg_mem_free(job.coins);
    return st;
}

void sg_cluster_clear(struct sg_clusters *clusters)
{
    sg_mem_free(clusters->parent);
    sg_mem_free(clusters->size);
    sg_mem_free(clusters->entity);
    sg_mem_free(clusters->links);
    sg_mem_free(clusters->held);
    *clusters = (struct sg_clusters){.n_owners = 0};
}
