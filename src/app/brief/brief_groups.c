/* Groups of the flow picture: addresses by role and distance, services by name, and what is held,
 * not seen or paid in fees. docs/methods/flow-picture.md says the same in words. */
#include "app/brief/brief_internal.h"

#include "analysis/flow/flow.h"

#include <stdlib.h>
#include <string.h>

#define GROUPS_MAX   14
#define SERVICES_MAX 10
#define HOPS_MAX     5 /* further ones are one step, or a long chain would be a picture by itself */
#define NO_NODE      UINT32_MAX
#define NO_HOP       UINT32_MAX

enum { SINK_HELD, SINK_UNSEEN, SINK_FEES, SINK_CONVERTED, SINK_CUT, N_SINKS };

/* An address that stolen money passed, on its way to a group. */
struct member {
    uint32_t party;
    uint32_t step;  /* distance, capped */
    bool is_source; /* stolen money entered here */
    const char *role;
    struct sg_amount entered, received;
};

struct group {
    const struct member *first; /* what its members share */
    size_t n_members;
    struct sg_amount entered, received;
    uint32_t node;
};

struct grouping {
    struct brief *b;
    uint32_t asset;
    uint32_t *hop;  /* per party */
    uint32_t *node; /* per party: of the picture, or NO_NODE */
    struct member *members;
    struct group *groups;
    struct sg_report_node *nodes;
    struct sg_amount *matrix;  /* n_nodes x n_nodes: from, to */
    struct sg_amount *balance; /* per node: in minus out, so far */
    size_t n_members, n_groups, n_nodes;
    uint32_t sinks[N_SINKS];
};

/* Whether stolen money enters the picture with this move: at `to`. */
static bool enters(const struct sg_trace_move *m)
{
    return m->kind != SG_MOVE_TRANSFER || m->is_seed;
}

static bool is_ours(const struct grouping *g, const struct sg_trace_move *m)
{
    return m->asset == g->asset && m->to != SG_TRACE_NONE;
}

static bool grouping_alloc(struct grouping *g)
{
    const size_t n = g->b->trace->n_parties + 1;
    g->hop = sg_arena_alloc(g->b->arena, n, sizeof(*g->hop));
    g->node = sg_arena_alloc(g->b->arena, n, sizeof(*g->node));
    g->members = sg_arena_alloc(g->b->arena, n, sizeof(*g->members));
    g->groups = sg_arena_alloc(g->b->arena, n, sizeof(*g->groups));
    g->nodes = sg_arena_alloc(g->b->arena, SG_FLOW_NODES_MAX, sizeof(*g->nodes));
    if (!g->hop || !g->node || !g->members || !g->groups || !g->nodes)
        return false;
    for (size_t i = 0; i < n; i++) {
        g->hop[i] = NO_HOP;
        g->node[i] = NO_NODE;
    }
    return true;
}

/* Distances from where stolen money entered. Moves are in order of time, so that one pass finds
 * nearly all; passes are repeated until nothing gets nearer. */
static void find_hops(struct grouping *g)
{
    const struct sg_trace_figures *f = g->b->main;
    bool nearer = true;
    for (size_t i = 0; i < f->n_moves; i++)
        if (is_ours(g, &f->moves[i]) && enters(&f->moves[i]))
            g->hop[f->moves[i].to] = 0;
    while (nearer) {
        nearer = false;
        for (size_t i = 0; i < f->n_moves; i++) {
            const struct sg_trace_move *m = &f->moves[i];
            if (!is_ours(g, m) || enters(m) || m->from == SG_TRACE_NONE ||
                g->hop[m->from] == NO_HOP || g->hop[m->to] <= g->hop[m->from] + 1)
                continue;
            g->hop[m->to] = g->hop[m->from] + 1;
            nearer = true;
        }
    }
}

static const char *role_of(const struct sg_trace_party *party)
{
    if (!party->label)
        return "Unlabelled";
    return party->label->role ? party->label->role : sg_category_info(party->label->category)->name;
}

static int by_key(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    if (x->is_source != y->is_source)
        return x->is_source ? -1 : 1;
    const int role = strcmp(x->role, y->role);
    if (role != 0)
        return role;
    if (x->step != y->step)
        return x->step < y->step ? -1 : 1;
    return (x->party > y->party) - (x->party < y->party);
}

static void add_members(struct grouping *g)
{
    const struct sg_trace *t = g->b->trace;
    for (uint32_t i = 0; i < t->n_parties; i++) {
        if (t->parties[i].is_service || g->hop[i] == NO_HOP)
            continue;
        const uint32_t step = g->hop[i] < HOPS_MAX ? g->hop[i] : HOPS_MAX;
        g->node[i] = (uint32_t)g->n_members; /* for now its member */
        g->members[g->n_members++] =
            (struct member){i, step, g->hop[i] == 0, role_of(&t->parties[i]), {0}, {0}};
    }
    for (size_t i = 0; i < g->b->main->n_moves; i++) {
        const struct sg_trace_move *m = &g->b->main->moves[i];
        if (!is_ours(g, m) || g->node[m->to] == NO_NODE)
            continue;
        struct member *to = &g->members[g->node[m->to]];
        struct sg_amount *sum = enters(m) ? &to->entered : &to->received;
        *sum = brief_add(*sum, m->tainted);
    }
    qsort(g->members, g->n_members, sizeof(*g->members), by_key);
}

static bool same_group(const struct member *a, const struct member *b)
{
    return a->is_source == b->is_source && a->step == b->step && strcmp(a->role, b->role) == 0;
}

static void add_groups(struct grouping *g)
{
    for (size_t i = 0; i < g->n_members; i++) {
        struct member *m = &g->members[i];
        if (i == 0 || !same_group(m, &g->members[i - 1]))
            g->groups[g->n_groups++] = (struct group){m, 0, {0}, {0}, NO_NODE};
        struct group *group = &g->groups[g->n_groups - 1];
        group->n_members++;
        group->entered = brief_add(group->entered, m->entered);
        group->received = brief_add(group->received, m->received);
    }
}

static uint32_t add_node(struct grouping *g, const char *label, enum sg_report_kind kind)
{
    g->nodes[g->n_nodes] = (struct sg_report_node){label, kind, 0, {0}};
    return (uint32_t)g->n_nodes++;
}

/* "Tornado depositor", and the step where the same role stands at several. */
static const char *group_label(const struct grouping *g, size_t i)
{
    const struct group *own = &g->groups[i];
    const struct group *next = i + 1 < g->n_groups ? own + 1 : NULL;
    const bool again = (i > 0 && strcmp(own[-1].first->role, own->first->role) == 0) ||
                       (next && strcmp(next->first->role, own->first->role) == 0);
    char *text =
        again && !own->first->is_source
            ? brief_printf(g->b->arena, "%s, step\xc2\xa0%u%s", own->first->role, own->first->step,
                           own->first->step == HOPS_MAX ? "\xc2\xa0on" : "")
            : brief_printf(g->b->arena, "%s", own->first->role);
    for (char *c = text; c && *c; c++)
        if (*c == '_')
            *c = ' ';
    if (text && text[0] >= 'a' && text[0] <= 'z')
        text[0] = (char)(text[0] - 'a' + 'A');
    return text;
}

static size_t larger_groups(const struct grouping *g, size_t i)
{
    size_t n = 0;
    for (size_t k = 0; k < g->n_groups; k++) {
        const struct sg_amount a = brief_add(g->groups[k].entered, g->groups[k].received);
        const struct sg_amount own = brief_add(g->groups[i].entered, g->groups[i].received);
        const int order = sg_amount_cmp(a, own);
        n += order > 0 || (order == 0 && k < i);
    }
    return n;
}

/* The largest groups get a node each; the rest, if any, share one. */
static enum sg_status name_groups(struct grouping *g, struct sg_err *err)
{
    uint32_t rest = NO_NODE;
    for (size_t i = 0; i < g->n_groups; i++) {
        struct group *group = &g->groups[i];
        if (larger_groups(g, i) < GROUPS_MAX) {
            const char *label = group_label(g, i);
            if (!label)
                return sg_err_nomem(err);
            group->node =
                add_node(g, label, group->first->is_source ? SG_REPORT_THEFT : SG_REPORT_PATH);
        } else {
            rest = rest == NO_NODE ? add_node(g, "Other addresses", SG_REPORT_PATH) : rest;
            group->node = rest;
        }
        g->nodes[group->node].n_addresses += group->n_members;
        if (group->first->is_source)
            g->nodes[group->node].amount = brief_add(g->nodes[group->node].amount, group->entered);
        for (size_t k = 0; k < group->n_members; k++)
            g->node[group->first[k].party] = group->node;
    }
    return SG_OK;
}

static bool is_coinjoin(const struct sg_trace_figures *f, const struct sg_trace_entity *e)
{
    const struct sg_trace_destination *d = &f->destinations[e->destinations[0]];
    return d->n_moves && f->moves[d->moves[0]].is_stop;
}

static void name_services(struct grouping *g)
{
    const struct sg_trace_figures *f = g->b->main;
    uint32_t node = NO_NODE;
    size_t n = 0;
    for (size_t i = 0; i < f->n_entities; i++) {
        const struct sg_trace_entity *e = &f->entities[i];
        if (e->asset != g->asset)
            continue;
        if (n < SERVICES_MAX)
            node = add_node(g, e->entity, sg_brief_kind(e->category));
        else if (n == SERVICES_MAX)
            node = add_node(g, "Other services", SG_REPORT_OTHER);
        n++;
        if (!is_coinjoin(f, e)) /* its places are transactions */
            g->nodes[node].n_addresses += e->addresses;
        g->nodes[node].amount = brief_add(g->nodes[node].amount, e->amount);
        for (size_t k = 0; k < e->n_destinations; k++)
            g->node[f->destinations[e->destinations[k]].party] = node;
    }
}

static void name_sinks(struct grouping *g, const struct sg_report_result *r)
{
    static const struct {
        const char *label;
        enum sg_report_kind kind;
    } names[N_SINKS] = {{"Still held", SG_REPORT_HELD},
                        {"Cannot be seen", SG_REPORT_UNSEEN},
                        {"Fees", SG_REPORT_FEE},
                        {"Converted to other assets", SG_REPORT_OTHER},
                        {"Cut off as dust", SG_REPORT_OTHER}};
    const struct sg_amount amounts[N_SINKS] = {r->held, r->unobserved, r->fees, r->converted_out,
                                               r->dust};
    for (size_t i = 0; i < N_SINKS; i++) {
        g->sinks[i] = NO_NODE;
        if (sg_amount_is_zero(amounts[i]))
            continue;
        g->sinks[i] = add_node(g, names[i].label, names[i].kind);
        g->nodes[g->sinks[i]].amount = amounts[i];
    }
    if (g->sinks[SINK_HELD] != NO_NODE)
        g->nodes[g->sinks[SINK_HELD]].n_addresses = r->n_held_at;
    if (g->sinks[SINK_UNSEEN] != NO_NODE)
        g->nodes[g->sinks[SINK_UNSEEN]].n_addresses = r->n_unobserved_at;
}

static void add_flow(struct grouping *g, uint32_t from, uint32_t to, struct sg_amount amount)
{
    if (from == NO_NODE || to == NO_NODE)
        return;
    struct sg_amount *sum = &g->matrix[from * g->n_nodes + to];
    *sum = brief_add(*sum, amount);
    if (!sg_amount_sub(&g->balance[from], g->balance[from], amount))
        g->balance[from] = SG_AMOUNT_ZERO;
    g->balance[to] = brief_add(g->balance[to], amount);
}

static void add_moves(struct grouping *g)
{
    const struct sg_trace_figures *f = g->b->main;
    for (size_t i = 0; i < f->n_moves; i++) {
        const struct sg_trace_move *m = &f->moves[i];
        if (!is_ours(g, m))
            continue;
        const uint32_t to = m->is_dust ? g->sinks[SINK_CUT] : g->node[m->to];
        if (enters(m) && to != NO_NODE)
            g->balance[to] = brief_add(g->balance[to], m->tainted);
        else if (m->from != SG_TRACE_NONE)
            add_flow(g, g->node[m->from], to, m->tainted);
    }
}

/* Held, not seen, converted; what a group then has more than it sent are its fees. */
static void add_sinks(struct grouping *g)
{
    const struct sg_trace_figures *f = g->b->main;
    for (size_t i = 0; i < f->n_holdings; i++) {
        const struct sg_trace_holding *h = &f->holdings[i];
        if (h->asset == g->asset)
            add_flow(g, g->node[h->party],
                     g->sinks[h->status == SG_TRACE_HELD ? SINK_HELD : SINK_UNSEEN], h->amount);
    }
    for (size_t i = 0; i < f->n_conversions; i++) {
        const struct sg_trace_conversion *c = &f->conversions[i];
        if (c->asset_out == g->asset && c->party != SG_TRACE_NONE)
            add_flow(g, g->node[c->party], g->sinks[SINK_CONVERTED], c->out);
    }
    for (size_t i = 0; i < g->n_groups; i++)
        add_flow(g, g->groups[i].node, g->sinks[SINK_FEES], g->balance[g->groups[i].node]);
}

static enum sg_status put_edges(struct sg_report_result *r, const struct grouping *g,
                                struct sg_err *err)
{
    const size_t n = g->n_nodes;
    struct sg_report_edge *edges = sg_arena_alloc(g->b->arena, n * n + 1, sizeof(*edges));
    if (!edges)
        return sg_err_nomem(err);
    r->edges = edges;
    for (uint32_t from = 0; from < n; from++)
        for (uint32_t to = 0; to < n; to++)
            if (from != to && !sg_amount_is_zero(g->matrix[from * n + to]))
                edges[r->n_edges++] = (struct sg_report_edge){from, to, g->matrix[from * n + to]};
    r->nodes = g->nodes;
    r->n_nodes = n;
    return SG_OK;
}

enum sg_status brief_groups(struct sg_report_result *result, struct brief *b, uint32_t asset,
                            struct sg_err *err)
{
    struct grouping g = {.b = b, .asset = asset};
    if (!grouping_alloc(&g))
        return sg_err_nomem(err);
    find_hops(&g);
    add_members(&g);
    add_groups(&g);
    const enum sg_status st = name_groups(&g, err);
    if (st != SG_OK)
        return st;
    name_services(&g);
    name_sinks(&g, result);
    g.matrix = sg_arena_alloc(b->arena, g.n_nodes * g.n_nodes + 1, sizeof(*g.matrix));
    g.balance = sg_arena_alloc(b->arena, g.n_nodes + 1, sizeof(*g.balance));
    if (!g.matrix || !g.balance)
        return sg_err_nomem(err);
    add_moves(&g);
    add_sinks(&g);
    return put_edges(result, &g, err);
}
