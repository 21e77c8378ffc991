/* Gathering: every salary is followed, and where those of several payees arrive is counted. */
#include "analysis/payroll/payroll_internal.h"

#include "base/mem.h"
#include "base/vec.h"

#include <stdlib.h>

#define SHARE_PERCENT     10 /* of a salary: less is not followed */
#define ARRIVED_PERCENT   40 /* of a payee's salaries reach a place that it gathers at */
#define ARRIVED_MIN       2
#define EXPLAINED_PERCENT 50 /* of what a collector receives are salaries */
#define SENDERS_PERCENT   75 /* of those who send to a collector sent salaries on */

/* A place that a payee's salaries reached. */
struct hit {
    uint32_t place, payee;
    uint32_t payer, n_pays;
    uint32_t n_arrived, hops;
    uint64_t last_pay; /* the salary that arrived last, to count each once */
    sg_payroll_value paid, arrived;
};

/* One transfer that brought a salary's money to a place. Two salaries may claim it, as a salary is
 * followed for longer than until the next one; it counts once, with the larger claim. */
struct arrival {
    uint32_t place;
    uint64_t row;
    sg_payroll_value carried;
};

/* Who sent a salary's money to a place that may be a collector. */
struct link {
    uint32_t place, sender;
};

struct gathering {
    struct sg_payroll_job *job;
    struct sg_payroll_nodes nodes;
    struct sg_payroll_set stops; /* second round: candidates, where the way ends */
    struct hit *own;             /* of the payee at work */
    size_t n_own, cap_own;
    struct arrival *arrivals; /* of that payee */
    size_t n_arrivals, cap_arrivals;
    struct hit *hits; /* of all */
    size_t n_hits, cap_hits;
    struct link *links;
    size_t n_links, cap_links;
    uint32_t payee;
    uint64_t pay; /* 1-based over all pays */
    int64_t until_unix_s;
    sg_payroll_value least;
    uint32_t tries;
    enum sg_status status;
};

static struct hit *own_hit(struct gathering *g, uint32_t place)
{
    for (size_t i = 0; i < g->n_own; i++)
        if (g->own[i].place == place)
            return &g->own[i];
    if (!SG_VEC_RESERVE(g->own, g->n_own, g->cap_own, 1)) {
        g->status = sg_err_nomem(g->job->err);
        return NULL;
    }
    g->own[g->n_own] = (struct hit){.place = place, .payee = g->payee, .hops = UINT32_MAX};
    return &g->own[g->n_own++];
}

/* A salary may arrive by several ways, and by several transfers. */
static void arrive(struct gathering *g, const struct sg_payroll_out *out, uint32_t hops,
                   sg_payroll_value carried)
{
    struct hit *hit = own_hit(g, out->to);
    if (!hit)
        return;
    if (!SG_VEC_RESERVE(g->arrivals, g->n_arrivals, g->cap_arrivals, 1)) {
        g->status = sg_err_nomem(g->job->err);
        return;
    }
    g->arrivals[g->n_arrivals++] = (struct arrival){out->to, out->row, carried};
    hit->n_arrived += hit->last_pay != g->pay;
    hit->last_pay = g->pay;
    hit->hops = hops < hit->hops ? hops : hit->hops;
}

static void link_sender(struct gathering *g, uint32_t place, uint32_t sender)
{
    if (!sg_payroll_set_has(&g->stops, place))
        return;
    if (SG_VEC_RESERVE(g->links, g->n_links, g->cap_links, 1))
        g->links[g->n_links++] = (struct link){place, sender};
    else
        g->status = sg_err_nomem(g->job->err);
}

static size_t first_after(const struct sg_payroll_node *node, uint64_t row)
{
    size_t low = 0, high = node->n_outs;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (node->outs[middle].row <= row)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void follow(struct gathering *g, uint32_t addr, uint32_t asset, uint64_t row,
                   sg_payroll_value flow, uint32_t hops);

/* One transfer onward. */
static void step(struct gathering *g, uint32_t sender, const struct sg_payroll_out *out,
                 sg_payroll_value flow, uint32_t hops)
{
    const sg_payroll_value carried = flow < out->value ? flow : out->value;
    if (carried < g->least || out->to == g->payee ||
        sg_payroll_set_has(&g->job->services, out->to) ||
        sg_payroll_set_has(&g->job->payers, out->to))
        return;
    const struct sg_payroll_node *next = sg_payroll_node(&g->nodes, g->job, out->to, &g->status);
    if (!next || next->is_hub)
        return;
    arrive(g, out, hops, carried);
    link_sender(g, out->to, sender);
    if (g->status == SG_OK && hops < g->job->options->hops_max &&
        !sg_payroll_set_has(&g->stops, out->to))
        follow(g, out->to, out->asset, out->row, carried, hops + 1);
}

static void follow(struct gathering *g, uint32_t addr, uint32_t asset, uint64_t row,
                   sg_payroll_value flow, uint32_t hops)
{
    const struct sg_payroll_node *node = sg_payroll_node(&g->nodes, g->job, addr, &g->status);
    if (!node || node->is_hub)
        return;
    for (size_t i = first_after(node, row); i < node->n_outs && g->status == SG_OK; i++) {
        const struct sg_payroll_out *out = &node->outs[i];
        if (out->time_unix_s > g->until_unix_s || g->tries > SG_PAYROLL_TRIES_MAX)
            break;
        g->tries++;
        if (out->asset == asset)
            step(g, addr, out, flow, hops);
    }
}

static void follow_series(struct gathering *g, const struct sg_payroll_series *series)
{
    const struct sg_payroll_pay *pays = g->job->out->pays + series->first_pay;
    for (uint32_t i = 0; i < series->n_pays && g->status == SG_OK; i++) {
        g->pay++;
        g->until_unix_s = pays[i].time_unix_s + g->job->options->window_s;
        g->least = pays[i].value / 100 * SHARE_PERCENT;
        g->tries = 0;
        follow(g, series->payee.v, series->asset.v, pays[i].row, pays[i].value, 1);
        g->job->out->n_cut += g->tries > SG_PAYROLL_TRIES_MAX;
    }
}

static int by_arrival(const void *a, const void *b)
{
    const struct arrival *x = a, *y = b;
    if (x->place != y->place)
        return x->place < y->place ? -1 : 1;
    if (x->row != y->row)
        return x->row < y->row ? -1 : 1;
    return (x->carried < y->carried) - (x->carried > y->carried); /* the larger first */
}

/* Add up what arrived, each transfer once; and no more salaries than transfers have arrived. */
static void add_up(struct gathering *g)
{
    if (g->n_arrivals)
        qsort(g->arrivals, g->n_arrivals, sizeof(*g->arrivals), by_arrival);
    for (size_t i = 0, end; i < g->n_arrivals; i = end) {
        const struct arrival *first = &g->arrivals[i];
        struct hit *hit = own_hit(g, first->place); /* it is there: nothing is allocated */
        uint32_t n_rows = 0;
        for (end = i; end < g->n_arrivals && g->arrivals[end].place == first->place; end++) {
            if (end > i && g->arrivals[end].row == g->arrivals[end - 1].row)
                continue;
            n_rows++;
            hit->arrived += g->arrivals[end].carried;
        }
        hit->n_arrived = hit->n_arrived < n_rows ? hit->n_arrived : n_rows;
    }
    g->n_arrivals = 0;
}

/* Keep the places that a payee's salaries reach again and again. */
static void keep_own(struct gathering *g, const struct sg_payroll_series *main, uint32_t n_pays,
                     sg_payroll_value paid)
{
    if (!SG_VEC_RESERVE(g->hits, g->n_hits, g->cap_hits, g->n_own)) {
        g->status = sg_err_nomem(g->job->err);
        return;
    }
    add_up(g);
    for (size_t i = 0; i < g->n_own; i++) {
        struct hit hit = g->own[i];
        if (hit.n_arrived < ARRIVED_MIN || hit.n_arrived * 100 < n_pays * ARRIVED_PERCENT)
            continue;
        hit.payer = main->payer.v;
        hit.n_pays = n_pays;
        hit.paid = paid;
        g->hits[g->n_hits++] = hit;
    }
    g->n_own = 0;
}

static int by_payee(const void *a, const void *b)
{
    const struct sg_payroll_series *x = *(const struct sg_payroll_series *const *)a;
    const struct sg_payroll_series *y = *(const struct sg_payroll_series *const *)b;
    if (x->payee.v != y->payee.v)
        return x->payee.v < y->payee.v ? -1 : 1;
    if (x->n_pays != y->n_pays)
        return x->n_pays > y->n_pays ? -1 : 1;
    return (x > y) - (x < y); /* in their own order */
}

static void follow_payee(struct gathering *g, const struct sg_payroll_series *const *series,
                         size_t n)
{
    uint32_t n_pays = 0;
    sg_payroll_value paid = 0;
    g->payee = series[0]->payee.v;
    for (size_t i = 0; i < n && g->status == SG_OK; i++) {
        follow_series(g, series[i]);
        n_pays += series[i]->n_pays;
        for (uint32_t k = 0; k < series[i]->n_pays; k++)
            paid += g->job->out->pays[series[i]->first_pay + k].value;
    }
    if (g->status == SG_OK)
        keep_own(g, series[0], n_pays, paid);
}

/* All payees once; the hits of an earlier round are dropped. */
static enum sg_status follow_all(struct gathering *g, const struct sg_payroll_series **series)
{
    const size_t n = g->job->out->n_series;
    g->n_hits = 0;
    for (size_t i = 0, end; g->status == SG_OK && i < n; i = end) {
        for (end = i + 1; end < n && series[end]->payee.v == series[i]->payee.v;)
            end++;
        follow_payee(g, series + i, end - i);
        if (!sg_progress_step(g->job->options->progress, i, n))
            g->status = sg_err_set(g->job->err, SG_ECANCELLED, "stopped");
    }
    return g->status;
}

static int by_place(const void *a, const void *b)
{
    const struct hit *x = a, *y = b;
    if (x->place != y->place)
        return x->place < y->place ? -1 : 1;
    return (x->payee > y->payee) - (x->payee < y->payee);
}

static size_t end_of_place(const struct gathering *g, size_t i)
{
    size_t end = i + 1;
    while (end < g->n_hits && g->hits[end].place == g->hits[i].place)
        end++;
    return end;
}

/* Places of enough payees become stops, so that what lies behind a collector is not one too. */
static enum sg_status find_stops(struct gathering *g)
{
    size_t n = 0;
    if (g->n_hits)
        qsort(g->hits, g->n_hits, sizeof(*g->hits), by_place);
    g->stops.items = sg_mem_alloc(g->n_hits + 1, sizeof(*g->stops.items));
    if (!g->stops.items)
        return sg_err_nomem(g->job->err);
    for (size_t i = 0, end; i < g->n_hits; i = end) {
        end = end_of_place(g, i);
        if (end - i >= g->job->options->min_payees)
            g->stops.items[n++] = g->hits[i].place;
    }
    g->stops.count = n;
    return SG_OK;
}

static int by_link(const void *a, const void *b)
{
    const struct link *x = a, *y = b;
    if (x->place != y->place)
        return x->place < y->place ? -1 : 1;
    return (x->sender > y->sender) - (x->sender < y->sender);
}

/* Each link once, sorted. */
static void tidy_links(struct gathering *g)
{
    size_t n = 0;
    if (g->n_links)
        qsort(g->links, g->n_links, sizeof(*g->links), by_link);
    for (size_t i = 0; i < g->n_links; i++)
        if (n == 0 || by_link(&g->links[i], &g->links[n - 1]) != 0)
            g->links[n++] = g->links[i];
    g->n_links = n;
}

static uint32_t count_links(const struct gathering *g, uint32_t place)
{
    uint32_t n = 0;
    for (size_t i = 0; i < g->n_links && g->links[i].place <= place; i++)
        n += g->links[i].place == place;
    return n;
}

static enum sg_status keep_collector(struct gathering *g, size_t first, size_t end, size_t *cap_c,
                                     size_t *cap_m)
{
    struct sg_payroll *out = g->job->out;
    const struct sg_payroll_node *node =
        sg_payroll_node(&g->nodes, g->job, g->hits[first].place, &g->status);
    if (!node)
        return g->status;
    struct sg_payroll_collector c = {.addr = {node->addr},
                                     .first_member = out->n_members,
                                     .n_members = (uint32_t)(end - first),
                                     .n_senders = node->n_senders,
                                     .n_salary_senders = count_links(g, node->addr),
                                     .inflow = node->inflow};
    for (size_t i = first; i < end; i++)
        c.arrived += g->hits[i].arrived;
    /* Payees whose ways meet before the place may claim one transfer together. */
    c.arrived = c.arrived < c.inflow ? c.arrived : c.inflow;
    if (c.arrived / EXPLAINED_PERCENT < c.inflow / 100 ||
        c.n_salary_senders * 100 < c.n_senders * SENDERS_PERCENT)
        return SG_OK;
    if (!SG_VEC_RESERVE(out->collectors, out->n_collectors, *cap_c, 1) ||
        !SG_VEC_RESERVE(out->members, out->n_members, *cap_m, end - first))
        return sg_err_nomem(g->job->err);
    out->collectors[out->n_collectors++] = c;
    for (size_t i = first; i < end; i++) {
        const struct hit *h = &g->hits[i];
        out->members[out->n_members++] = (struct sg_payroll_member){
            {h->payee}, {h->payer}, h->n_pays, h->n_arrived, h->hops, h->paid, h->arrived};
    }
    return SG_OK;
}

static enum sg_status keep_collectors(struct gathering *g)
{
    size_t cap_c = 0, cap_m = 0;
    enum sg_status st = SG_OK;
    tidy_links(g);
    if (g->n_hits)
        qsort(g->hits, g->n_hits, sizeof(*g->hits), by_place);
    for (size_t i = 0, end; st == SG_OK && i < g->n_hits; i = end) {
        end = end_of_place(g, i);
        if (end - i >= g->job->options->min_payees)
            st = keep_collector(g, i, end, &cap_c, &cap_m);
    }
    return st;
}

static bool is_member(const struct sg_payroll *out, const struct sg_payroll_collector *c,
                      uint32_t payee)
{
    for (uint32_t i = 0; i < c->n_members; i++)
        if (out->members[c->first_member + i].payee.v == payee)
            return true;
    return false;
}

static bool pays_a_member(const struct sg_payroll *out, const struct sg_payroll_collector *c,
                          uint32_t payer)
{
    for (uint32_t i = 0; i < c->n_members; i++)
        if (out->members[c->first_member + i].payer.v == payer)
            return true;
    return false;
}

/* Whether a payee gathers with at least as many at another collector. */
static bool gathers_elsewhere(const struct sg_payroll *out, const struct sg_payroll_collector *but,
                              uint32_t payee)
{
    for (size_t i = 0; i < out->n_collectors; i++) {
        const struct sg_payroll_collector *c = &out->collectors[i];
        if (c != but && c->n_members >= but->n_members && is_member(out, c, payee))
            return true;
    }
    return false;
}

/* The null: what other payees of the same payers do. */
static void compare(struct gathering *g, const struct sg_payroll_series *const *series)
{
    struct sg_payroll *out = g->job->out;
    for (size_t i = 0; i < out->n_collectors; i++) {
        struct sg_payroll_collector *c = &out->collectors[i];
        for (size_t k = 0; k < out->n_series; k++) {
            const uint32_t payee = series[k]->payee.v;
            if ((k > 0 && series[k - 1]->payee.v == payee) || is_member(out, c, payee) ||
                !pays_a_member(out, c, series[k]->payer.v))
                continue;
            c->n_others++;
            c->n_others_gather += gathers_elsewhere(out, c, payee);
        }
    }
}

static int by_members(const void *a, const void *b)
{
    const struct sg_payroll_collector *x = a, *y = b;
    if (x->n_members != y->n_members)
        return x->n_members > y->n_members ? -1 : 1;
    return (x->addr.v > y->addr.v) - (x->addr.v < y->addr.v);
}

static enum sg_status gather(struct gathering *g, const struct sg_payroll_series **series)
{
    enum sg_status st = follow_all(g, series);
    if (st == SG_OK)
        st = find_stops(g);
    if (st == SG_OK && g->stops.count) {
        g->job->out->n_cut = 0;
        st = follow_all(g, series);
        if (st == SG_OK)
            st = keep_collectors(g);
    }
    if (st == SG_OK) {
        compare(g, series);
        if (g->job->out->n_collectors)
            qsort(g->job->out->collectors, g->job->out->n_collectors,
                  sizeof(*g->job->out->collectors), by_members);
    }
    return st;
}

enum sg_status sg_payroll_gather(struct sg_payroll_job *job)
{
    struct gathering g = {.job = job};
    const size_t n = job->out->n_series;
    const struct sg_payroll_series **series = sg_mem_alloc(n + 1, sizeof(*series));
    enum sg_status st = series ? SG_OK : sg_err_nomem(job->err);
    for (size_t i = 0; st == SG_OK && i < n; i++)
        series[i] = &job->out->series[i];
    if (st == SG_OK && n)
        qsort(series, n, sizeof(*series), by_payee);
    if (st == SG_OK)
        st = gather(&g, series);
    sg_payroll_nodes_clear(&g.nodes);
    sg_payroll_set_clear(&g.stops);
    sg_mem_free(g.own);
    sg_mem_free(g.arrivals);
    sg_mem_free(g.hits);
    sg_mem_free(g.links);
    sg_mem_free(series);
    return st;
}
