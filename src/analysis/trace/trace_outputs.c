/* The course of a trace on a chain of outputs: resolve the case, run the policies, make the tables
 * and the figures. What comes out is the same struct sg_trace as from accounts. */
#include "analysis/trace/trace_outputs_internal.h"

#include "analysis/coinjoin/coinjoin.h"
#include "base/mem.h"
#include "base/vec.h"

static enum sg_status stop_at_owner(void *ctx, bool *stops, uint32_t owner, struct sg_err *err)
{
    (void)err;
    *stops = sg_out_service_of(ctx, owner) != SG_IDS_NONE;
    return SG_OK;
}

/* All outputs that it spends are known: the engine asks of no other. */
static enum sg_status judge(uint32_t *kind, struct sg_outputs *o, uint64_t tx, struct sg_err *err)
{
    const struct sg_utxo_tx *at = &sg_utxo_txs(o->utxo)[tx];
    const size_t n_in = (size_t)(at[1].first_in - at->first_in);
    const size_t n_out = (size_t)(at[1].first_out - at->first_out);
    struct sg_coinjoin found;
    if (!SG_VEC_RESERVE(o->coins, 0, o->cap_coins, n_in + n_out))
        return sg_err_nomem(err);
    for (size_t i = 0; i < n_in; i++)
        o->coins[i] = sg_utxo_coin(o->utxo, sg_utxo_ins(o->utxo)[at->first_in + i]);
    for (size_t i = 0; i < n_out; i++)
        o->coins[n_in + i] = sg_utxo_coin(o->utxo, at->first_out + i);
    const struct sg_coinjoin_tx view = {o->coins, n_in, o->coins + n_in, n_out};
    const enum sg_status st = sg_coinjoin_kind_of(&found, &view, err);
    *kind = st == SG_OK && found.coinjoin ? (uint32_t)found.kind : SG_COINJOIN_NONE;
    return st;
}

static enum sg_status stop_at_tx(void *ctx, bool *stops, uint64_t tx, struct sg_err *err)
{
    struct sg_outputs *o = ctx;
    uint32_t kind = sg_ids_get(&o->coinjoins, tx);
    enum sg_status st = SG_OK;
    if (kind == SG_IDS_NONE) {
        st = judge(&kind, o, tx, err);
        if (st == SG_OK && !sg_ids_put(&o->coinjoins, tx, kind))
            st = sg_err_nomem(err);
    }
    *stops = kind != SG_COINJOIN_NONE;
    return st;
}

/* The cut-off in satoshis: less than the amount is less than it rounded up. */
static enum sg_status dust_sat(uint64_t *sat, const struct sg_trace_input *input,
                               struct sg_err *err)
{
    struct sg_amount rest, whole;
    *sat = 0;
    if (!input->has_dust)
        return SG_OK;
    whole = sg_amount_mul_div(&rest, input->dust, sg_amount_from(1), sg_amount_from(10000000000u));
    if (!sg_amount_to_u64(sat, whole) || *sat == UINT64_MAX)
        return sg_err_set(err, SG_EUSAGE, "the cut-off is more than all money");
    *sat += !sg_amount_is_zero(rest);
    return SG_OK;
}

static enum sg_status run_policies(struct sg_outputs *o, struct sg_err *err)
{
    const struct sg_trace_input *input = o->input;
    struct sg_utxotaint_input run = {
        .fees = input->fees,
        .tiho = input->tiho,
        .n_thefts = (uint32_t)input->c->n_thefts,
        .seeds = o->sorted,
        .n_seeds = o->n_seeds,
        .stops = {stop_at_owner, stop_at_tx, o},
        .n_blocks = o->n_blocks,
    };
    enum sg_status st = dust_sat(&run.dust_sat, input, err);
    for (size_t p = 0; p < SG_POLICY_COUNT && st == SG_OK; p++) {
        run.policy = (enum sg_policy)p;
        if (!(input->policies >> p & 1))
            continue;
        if (!sg_progress_step(input->progress, o->tracer->runs++, 0))
            return sg_err_set(err, SG_ECANCELLED, "stopped on request");
        st = sg_utxotaint_run(&o->results[p], o->tracer->arena, o->utxo, &run, err);
    }
    return st;
}

/* Where the blocks in view that follow each other without a gap end. */
static enum sg_status find_runs(struct sg_outputs *o, struct sg_err *err)
{
    const struct sg_utxo_block *blocks = sg_utxo_blocks(o->utxo);
    struct sg_trace *made = &o->tracer->made;
    o->run_end = sg_mem_alloc(o->n_blocks + 1, sizeof(*o->run_end));
    if (!o->run_end)
        return sg_err_nomem(err);
    for (size_t b = o->n_blocks; b-- > 0;) {
        const bool goes_on = b + 1 < o->n_blocks && blocks[b + 1].height == blocks[b].height + 1;
        o->run_end[b] = goes_on ? o->run_end[b + 1] : blocks[b].height;
        made->gaps += b + 1 < o->n_blocks && !goes_on;
        if ((int64_t)blocks[b].time > made->seen_to_unix_s)
            made->seen_to_unix_s = blocks[b].time;
    }
    return SG_OK;
}

static enum sg_status make_figures(struct sg_outputs *o, struct sg_err *err)
{
    struct sg_trace *made = &o->tracer->made;
    struct sg_trace_figures *figures =
        sg_arena_alloc(o->tracer->arena, SG_POLICY_COUNT, sizeof(*figures));
    enum sg_status st = figures ? SG_OK : sg_err_nomem(err);
    for (size_t p = 0; p < SG_POLICY_COUNT && st == SG_OK; p++)
        if (o->input->policies >> p & 1)
            st = sg_out_make_figures(&figures[made->n_figures++], o, (enum sg_policy)p, err);
    made->figures = figures;
    return st;
}

static void sum_coverage(struct sg_trace *made)
{
    for (size_t i = 0; i < made->n_parties; i++)
        made->coverage.addresses += made->parties[i].covered && !made->parties[i].is_service;
    made->coverage.covered = made->coverage.addresses;
}

static void close_all(struct sg_outputs *o)
{
    sg_mem_free(o->seeds);
    sg_mem_free(o->sorted);
    sg_mem_free(o->coins);
    sg_mem_free(o->unseen);
    sg_mem_free(o->run_end);
    sg_ids_clear(&o->services);
    sg_ids_clear(&o->of_root);
    sg_cluster_clear(&o->clusters);
    sg_ids_clear(&o->coinjoins);
    sg_refs_clear(&o->parties);
    sg_refs_clear(&o->txs);
}

enum sg_status sg_outputs_run(struct sg_tracer *tracer, struct sg_err *err)
{
    const struct sg_utxo *utxo = tracer->input->utxo;
    struct sg_outputs o = {.tracer = tracer, .input = tracer->input, .utxo = utxo};
    tracer->made.is_outputs = true;
    enum sg_status st = sg_out_open_case(&o, err);
    if (st == SG_OK)
        st = sg_out_open_clusters(&o, err);
    if (st == SG_OK)
        st = find_runs(&o, err);
    if (st == SG_OK)
        st = run_policies(&o, err);
    if (st == SG_OK)
        st = sg_out_make_tables(&o, err);
    if (st == SG_OK)
        st = make_figures(&o, err);
    if (st == SG_OK)
        st = sg_ranges_make(tracer, err);
    if (st == SG_OK)
        sum_coverage(&tracer->made);
    close_all(&o);
    return st;
}
