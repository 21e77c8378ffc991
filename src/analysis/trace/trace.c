#include "analysis/trace/trace.h"
#include "analysis/trace/trace_internal.h"
#include "base/mem.h"

/* The course of a trace: resolve the case in each chain's ledger, run the policies, make the tables
 * that all figures refer to, then the figures. */

const struct sg_trace_figures *sg_trace_figures_of(const struct sg_trace *trace,
                                                   enum sg_policy policy)
{
    for (size_t i = 0; i < trace->n_figures; i++)
        if (trace->figures[i].policy == policy)
            return &trace->figures[i];
    return NULL;
}

static enum sg_status need_ledger(const struct sg_trace_input *input, const struct sg_chain *chain,
                                  struct sg_err *err)
{
    for (size_t i = 0; i < input->n_ledgers; i++)
        if (input->ledgers[i]->chain == chain)
            return SG_OK;
    return sg_err_set(err, SG_EUSAGE, "the case speaks of %s, and the ledger holds nothing of it",
                      chain->name);
}

/* Every chain that money of the case is on has a ledger. Labels of others do no harm. */
enum sg_status sg_trace_check(const struct sg_trace_input *input, struct sg_err *err)
{
    const struct sg_case *c = input->c;
    enum sg_status st = SG_OK;
    for (size_t i = 0; i < c->n_seeds && st == SG_OK; i++)
        st = need_ledger(input, c->seeds[i].asset.chain, err);
    for (size_t i = 0; i < c->n_conversions && st == SG_OK; i++) {
        st = need_ledger(input, c->conversions[i].from_asset.chain, err);
        if (st == SG_OK)
            st = need_ledger(input, c->conversions[i].to_asset.chain, err);
    }
    return st;
}

/* What a run tells of itself, as a part of all runs. */
static bool step_of_all(void *ctx, uint64_t done, uint64_t total)
{
    const struct sg_tracer *tracer = ctx;
    return sg_progress_step(tracer->input->progress, tracer->runs * total + done,
                            tracer->runs_expected * total);
}

enum sg_status sg_trace_taint(struct sg_taint_result *result, struct sg_arena *arena,
                              struct sg_tracer *tracer, const struct sg_trace_chain *chain,
                              const struct sg_taint_input *input, struct sg_err *err)
{
    const struct sg_progress progress = {step_of_all, tracer};
    struct sg_taint_input told = *input;
    told.progress = &progress;
    const enum sg_status st = sg_taint_run(result, arena, chain->cache, &told, err);
    tracer->runs++;
    if (st != SG_OK)
        sg_err_frame(err, "%s", sg_policy_name(input->policy));
    return st;
}

static enum sg_status run_policies(struct sg_tracer *tracer, struct sg_trace_chain *chain,
                                   struct sg_err *err)
{
    const struct sg_trace_input *input = tracer->input;
    enum sg_status st = SG_OK;
    for (size_t p = 0; p < SG_POLICY_COUNT && st == SG_OK; p++) {
        if (!(input->policies >> p & 1))
            continue;
        const struct sg_taint_input run = sg_chain_input(chain, input, (enum sg_policy)p);
        st = sg_trace_taint(&chain->results[p], tracer->arena, tracer, chain, &run, err);
    }
    return st;
}

/* Again, without the decoys that were found in the histories of who was followed. */
static enum sg_status run_without_decoys(struct sg_tracer *tracer, struct sg_trace_chain *chain,
                                         struct sg_err *err)
{
    sg_taint_cache_free(chain->cache);
    chain->cache = NULL;
    const enum sg_status st = sg_taint_cache_new(&chain->cache, chain->ledger, err);
    if (st != SG_OK)
        return st;
    sg_taint_cache_skip(chain->cache, chain->decoys.rows, chain->decoys.n_items);
    tracer->runs_expected += (uint64_t)__builtin_popcount(tracer->input->policies);
    return run_policies(tracer, chain, err);
}

static enum sg_status run_chain(struct sg_tracer *tracer, struct sg_trace_chain *chain,
                                struct sg_err *err)
{
    const struct sg_trace_input *input = tracer->input;
    enum sg_status st = sg_chain_open(chain, input, err);
    if (st == SG_OK)
        st = run_policies(tracer, chain, err);
    if (st == SG_OK)
        st = sg_chain_find_decoys(chain, tracer->arena, input->c, err);
    if (st == SG_OK && chain->decoys.n_items && !input->with_decoys)
        st = run_without_decoys(tracer, chain, err);
    return st == SG_OK ? sg_chain_collect(chain, input->c, input->policies, err) : st;
}

static enum sg_status make_figures(struct sg_tracer *tracer, struct sg_err *err)
{
    struct sg_trace_figures *figures =
        sg_arena_alloc(tracer->arena, SG_POLICY_COUNT, sizeof(*figures));
    enum sg_status st = figures ? SG_OK : sg_err_nomem(err);
    for (size_t p = 0; p < SG_POLICY_COUNT && st == SG_OK; p++)
        if (tracer->input->policies >> p & 1)
            st =
                sg_figures_make(&figures[tracer->made.n_figures++], tracer, (enum sg_policy)p, err);
    tracer->made.figures = figures;
    return st;
}

static bool was_followed(const struct sg_trace_chain *chain, uint64_t id)
{
    for (size_t p = 0; p < SG_POLICY_COUNT; p++) {
        const struct sg_taint_result *r = &chain->results[p];
        size_t low = 0, high = r->n_followed;
        while (low < high) {
            const size_t mid = low + (high - low) / 2;
            if (r->followed[mid].v < id)
                low = mid + 1;
            else
                high = mid;
        }
        if (low < r->n_followed && r->followed[low].v == id)
            return true;
    }
    return false;
}

/* On how much of what was followed the result rests. */
static void sum_coverage(struct sg_tracer *tracer)
{
    struct sg_trace *made = &tracer->made;
    for (size_t i = 0; i < tracer->input->n_ledgers; i++) {
        const struct sg_trace_chain *chain = &tracer->chains[i];
        made->seeds_by_time += chain->seeds_by_time;
        made->coverage.order_unknown_blocks += chain->ledger->stats.order_unknown_blocks;
        for (size_t j = 0; j < chain->addrs.count; j++) {
            if (!was_followed(chain, chain->addrs.ids[j]))
                continue;
            made->coverage.addresses++;
            made->coverage.covered +=
                (made->parties[chain->addrs.index[j]].covered & SG_COVER_NATIVE) != 0;
            made->coverage.fees_unknown += sg_taint_fees_unknown(
                chain->cache, (struct sg_addr_id){(uint32_t)chain->addrs.ids[j]});
        }
    }
}

static void see_to(struct sg_trace *made, const struct sg_trace_input *input)
{
    for (size_t i = 0; i < input->n_ledgers; i++)
        if (input->ledgers[i]->stats.last_unix_s > made->seen_to_unix_s)
            made->seen_to_unix_s = input->ledgers[i]->stats.last_unix_s;
}

static enum sg_status run_accounts(struct sg_tracer *tracer, struct sg_err *err)
{
    const struct sg_trace_input *input = tracer->input;
    enum sg_status st = sg_trace_check(input, err);
    see_to(&tracer->made, input);
    for (size_t i = 0; i < input->n_ledgers && st == SG_OK; i++) {
        tracer->chains[i].ledger = input->ledgers[i];
        st = run_chain(tracer, &tracer->chains[i], err);
    }
    if (st == SG_OK)
        st = sg_tables_make(&tracer->made, tracer->arena, tracer->chains, input->n_ledgers,
                            input->c, err);
    if (st == SG_OK)
        st = make_figures(tracer, err);
    if (st == SG_OK)
        st = sg_ranges_make(tracer, err);
    if (st == SG_OK)
        st = sg_orders_make(tracer, err);
    if (st == SG_OK)
        st = sg_decoys_tell(tracer, err);
    if (st == SG_OK)
        sum_coverage(tracer);
    return st;
}

enum sg_status sg_trace_run(struct sg_trace *trace, struct sg_arena *arena,
                            const struct sg_trace_input *input, struct sg_err *err)
{
    struct sg_tracer tracer = {
        .input = input, .arena = arena, .made = {.c = input->c, .seen_to_unix_s = SG_TIME_UNKNOWN}};
    tracer.runs_expected = input->n_ledgers * (uint64_t)__builtin_popcount(input->policies);
    tracer.chains = sg_mem_zalloc(input->n_ledgers + 1, sizeof(*tracer.chains));
    if (!tracer.chains)
        return sg_err_nomem(err);
    const enum sg_status st = (input->utxo ? sg_outputs_run : run_accounts)(&tracer, err);
    if (st == SG_OK)
        *trace = tracer.made;
    for (size_t i = 0; i < input->n_ledgers; i++)
        sg_chain_close(&tracer.chains[i]);
    sg_mem_free(tracer.chains);
    return st;
}
