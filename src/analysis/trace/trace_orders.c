#include "analysis/trace/trace_internal.h"
#include "base/mem.h"

#include <string.h>

/* Runs of one policy in other orders of a chain: arena for their results, released after each. */
struct variation {
    struct sg_tracer *tracer;
    const struct sg_trace_chain *chain;
    const struct sg_trace_figures *figures;
    struct sg_trace_order *orders; /* of this chain and policy, one an asset */
    size_t n_orders;
};

static bool is_of_chain(const struct variation *v, uint32_t asset)
{
    return v->tracer->made.assets[asset].chain == v->chain->ledger->chain;
}

static void span_line(struct sg_trace_order *order, const struct sg_trace_line *line, bool first)
{
    sg_span_add(&order->destinations, line->destinations, first);
    sg_span_add(&order->held, line->held, first);
    sg_span_add(&order->unobserved, line->unobserved, first);
    sg_span_add(&order->fees, line->fees, first);
}

/* The line of an asset from a result that has no figures of its own. */
static enum sg_status line_from(struct sg_trace_line *line, const struct variation *v,
                                const struct sg_taint_result *result,
                                const struct sg_holding_list *holdings, struct sg_err *err)
{
    bool fits = true;
    for (size_t i = 0; i < result->n_totals && fits; i++) {
        const struct sg_taint_total *t = &result->totals[i];
        if (sg_refs_index(&v->chain->assets, t->asset.v) == line->asset)
            fits = sg_amount_add(&line->destinations, line->destinations, t->destinations) &&
                   sg_amount_add(&line->fees, line->fees, t->fees);
    }
    for (size_t i = 0; i < holdings->count && fits; i++) {
        const struct sg_trace_holding *h = &holdings->items[i];
        struct sg_amount *sum = h->status == SG_TRACE_HELD ? &line->held : &line->unobserved;
        if (h->asset == line->asset)
            fits = sg_amount_add(sum, *sum, h->amount);
    }
    return fits ? SG_OK : sg_err_set(err, SG_ELIMIT, "a sum needs more than 128 bits");
}

static enum sg_status take_result(struct variation *v, const struct sg_taint_result *result,
                                  struct sg_err *err)
{
    struct sg_holding_list holdings = {0};
    enum sg_status st = sg_holdings_make(&holdings, v->chain, result, err);
    for (size_t i = 0; i < v->n_orders && st == SG_OK; i++) {
        struct sg_trace_order *order = &v->orders[i];
        struct sg_trace_line line = {.asset = order->asset};
        st = line_from(&line, v, result, &holdings, err);
        span_line(order, &line, false);
        order->orders++;
        if (result->unordered_blocks > order->blocks)
            order->blocks = result->unordered_blocks;
        if (result->unordered_blocks_kept > order->blocks_kept)
            order->blocks_kept = result->unordered_blocks_kept;
    }
    sg_mem_free(holdings.items);
    return st;
}

static enum sg_status run_order(struct variation *v, const struct sg_taint_input *input,
                                struct sg_err *err)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_taint_result result;
    v->tracer->runs_expected++;
    enum sg_status st = sg_trace_taint(&result, &arena, v->tracer, v->chain, input, err);
    if (st == SG_OK)
        st = take_result(v, &result, err);
    sg_arena_clear(&arena);
    return st;
}

static enum sg_status run_orders(struct variation *v, const struct sg_addr_id *watch,
                                 size_t n_watch, struct sg_err *err)
{
    struct sg_taint_input input = sg_chain_input(v->chain, v->tracer->input, v->figures->policy);
    input.watch = watch;
    input.n_watch = n_watch;
    input.order = SG_ORDER_REVERSE;
    enum sg_status st = run_order(v, &input, err);
    input.order = SG_ORDER_SHUFFLE;
    for (uint64_t seed = 1; seed <= v->tracer->input->shuffles && st == SG_OK; seed++) {
        input.seed = seed;
        st = run_order(v, &input, err);
    }
    return st;
}

/* Entries for the assets of a policy on a chain, as the file's order has them. */
static void open_orders(struct variation *v)
{
    for (size_t i = 0; i < v->figures->n_lines; i++) {
        const struct sg_trace_line *line = &v->figures->lines[i];
        if (!is_of_chain(v, line->asset))
            continue;
        struct sg_trace_order *order = &v->orders[v->n_orders++];
        *order = (struct sg_trace_order){.policy = v->figures->policy, .asset = line->asset};
        span_line(order, line, true);
    }
}

/* All that may be tainted in any order is followed from the start: what poison reached. */
static enum sg_status vary_chain(struct sg_tracer *tracer, const struct sg_trace_chain *chain,
                                 struct sg_trace_order *orders, struct sg_err *err)
{
    struct sg_trace *made = &tracer->made;
    struct sg_arena arena = SG_ARENA_INIT;
    const struct sg_taint_input reach = sg_chain_input(chain, tracer->input, SG_POLICY_POISON);
    struct sg_taint_result reached;
    enum sg_status st = sg_taint_run(&reached, &arena, chain->cache, &reach, err);
    for (size_t i = 0; i < made->n_figures && st == SG_OK && reached.unordered_blocks > 0; i++) {
        struct variation v = {tracer, chain, &made->figures[i], orders + made->n_orders, 0};
        open_orders(&v);
        st = run_orders(&v, reached.followed, reached.n_followed, err);
        made->n_orders += v.n_orders;
    }
    sg_arena_clear(&arena);
    return st;
}

enum sg_status sg_orders_make(struct sg_tracer *tracer, struct sg_err *err)
{
    struct sg_trace *made = &tracer->made;
    size_t n = 0;
    enum sg_status st = SG_OK;
    if (tracer->input->shuffles == 0)
        return SG_OK;
    for (size_t i = 0; i < made->n_figures; i++)
        n += made->figures[i].n_lines;
    struct sg_trace_order *orders = sg_arena_alloc(tracer->arena, n + 1, sizeof(*orders));
    if (!orders)
        return sg_err_nomem(err);
    made->orders = orders;
    for (size_t i = 0; i < tracer->input->n_ledgers && st == SG_OK; i++)
        st = vary_chain(tracer, &tracer->chains[i], orders, err);
    return st;
}
