#include "analysis/trace/trace_internal.h"
#include "base/mem.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

/* The latest transaction that brought stolen money of an asset to an address. */
struct last_in {
    struct sg_addr_id addr;
    struct sg_asset_id asset;
    struct sg_tx_id tx;
    size_t first, end; /* of result->holdings */
};

static int cmp_last_in(const void *a, const void *b)
{
    const struct last_in *x = a, *y = b;
    if (x->addr.v != y->addr.v)
        return x->addr.v < y->addr.v ? -1 : 1;
    return (x->asset.v > y->asset.v) - (x->asset.v < y->asset.v);
}

/* Holdings of an address and asset together; they are sorted so already. */
static size_t group_holdings(struct last_in *groups, const struct sg_taint_result *result)
{
    size_t n = 0;
    for (size_t i = 0; i < result->n_holdings; i++) {
        const struct sg_taint_holding *h = &result->holdings[i];
        if (n > 0 && groups[n - 1].addr.v == h->addr.v && groups[n - 1].asset.v == h->asset.v)
            groups[n - 1].end = i + 1;
        else
            groups[n++] = (struct last_in){h->addr, h->asset, {SG_TX_ID_NONE}, i, i + 1};
    }
    return n;
}

static void find_last_in(struct last_in *groups, size_t n, const struct sg_taint_result *result)
{
    for (size_t i = 0; i < result->n_moves && n > 0; i++) {
        const struct sg_taint_move *m = &result->moves[i];
        const struct last_in key = {.addr = m->to, .asset = m->asset};
        struct last_in *at = bsearch(&key, groups, n, sizeof(*groups), cmp_last_in);
        if (at && m->tx.v != SG_TX_ID_NONE && !m->is_dust)
            at->tx = m->tx;
    }
}

static enum sg_status classify(struct sg_trace_holding *holding, const struct sg_trace_chain *chain,
                               const struct last_in *group, struct sg_err *err)
{
    const struct sg_tx *tx = sg_taint_tx(chain->cache, group->tx);
    bool is_covered = false;
    holding->last_in_unix_s = tx ? tx->time_unix_s : SG_TIME_UNKNOWN;
    const enum sg_status st = sg_taint_covered(&is_covered, &holding->covered_to, chain->cache,
                                               group->addr, group->asset, group->tx, err);
    holding->status = is_covered ? SG_TRACE_HELD : SG_TRACE_UNOBSERVED;
    return st;
}

static enum sg_status make_holding(struct sg_trace_holding *holding,
                                   const struct sg_trace_chain *chain,
                                   const struct sg_taint_result *result,
                                   const struct last_in *group, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    *holding = (struct sg_trace_holding){
        .asset = sg_refs_index(&chain->assets, group->asset.v),
        .party = sg_refs_index(&chain->addrs, group->addr.v),
        .balance = result->holdings[group->first].balance,
    };
    for (size_t i = group->first; i < group->end && st == SG_OK; i++)
        if (!sg_amount_add(&holding->amount, holding->amount, result->holdings[i].tainted))
            st = sg_err_set(err, SG_ELIMIT, "a sum needs more than 128 bits");
    return st == SG_OK ? classify(holding, chain, group, err) : st;
}

enum sg_status sg_holdings_make(struct sg_holding_list *list, const struct sg_trace_chain *chain,
                                const struct sg_taint_result *result, struct sg_err *err)
{
    /* Another order can reach an asset that no policy reached in the file's; it is in no line. */
    struct last_in *groups = sg_mem_alloc(result->n_holdings + 1, sizeof(*groups));
    enum sg_status st = groups ? SG_OK : sg_err_nomem(err);
    size_t n = 0;
    if (st == SG_OK) {
        n = group_holdings(groups, result);
        find_last_in(groups, n, result);
        if (!SG_VEC_RESERVE(list->items, list->count, list->capacity, n + 1))
            st = sg_err_nomem(err);
    }
    for (size_t i = 0; i < n && st == SG_OK; i++)
        if (sg_refs_index(&chain->assets, groups[i].asset.v) != SG_TRACE_NONE)
            st = make_holding(&list->items[list->count++], chain, result, &groups[i], err);
    sg_mem_free(groups);
    return st;
}

static int cmp_holding(const void *a, const void *b)
{
    const struct sg_trace_holding *x = a, *y = b;
    if (x->asset != y->asset)
        return x->asset < y->asset ? -1 : 1;
    const int c = sg_amount_cmp(y->amount, x->amount);
    return c != 0 ? c : (x->party > y->party) - (x->party < y->party);
}

static enum sg_status all_holdings(struct sg_trace_figures *figures, struct sg_tracer *tracer,
                                   struct sg_err *err)
{
    struct sg_holding_list list = {0};
    enum sg_status st = SG_OK;
    for (size_t i = 0; i < tracer->input->n_ledgers && st == SG_OK; i++) {
        const struct sg_trace_chain *chain = &tracer->chains[i];
        st = sg_holdings_make(&list, chain, &chain->results[figures->policy], err);
    }
    if (st == SG_OK && list.count > 1)
        qsort(list.items, list.count, sizeof(*list.items), cmp_holding);
    struct sg_trace_holding *made = NULL;
    if (st == SG_OK) {
        made = sg_arena_alloc(tracer->arena, list.count + 1, sizeof(*made));
        st = made ? SG_OK : sg_err_nomem(err);
    }
    if (st == SG_OK && list.count > 0)
        memcpy(made, list.items, list.count * sizeof(*made));
    figures->holdings = made;
    figures->n_holdings = list.count;
    sg_mem_free(list.items);
    return st;
}

static struct sg_trace_move make_move(const struct sg_trace *made,
                                      const struct sg_trace_chain *chain,
                                      const struct sg_taint_move *m)
{
    struct sg_trace_move move = {
        .kind = (enum sg_move_kind)m->kind,
        .asset = sg_refs_index(&chain->assets, m->asset.v),
        .from = SG_TRACE_NONE,
        .to = sg_refs_index(&chain->addrs, m->to.v),
        .tx = sg_refs_index(&chain->txs, m->tx.v),
        .row = m->row,
        .time_unix_s = SG_TIME_UNKNOWN,
        .theft = m->theft,
        .conversion = SG_TRACE_NONE,
        .amount = m->amount,
        .tainted = m->tainted,
        .spent_unix_s = SG_TIME_UNKNOWN,
        .is_seed = m->is_seed,
        .is_dust = m->is_dust,
        .to_service = m->to_service,
    };
    if (m->kind == SG_MOVE_TRANSFER || m->kind == SG_MOVE_SWAP)
        move.from = sg_refs_index(&chain->addrs, m->from.v);
    if (move.tx != SG_TRACE_NONE)
        move.time_unix_s = made->txs[move.tx].time_unix_s;
    return move;
}

/* Time of a seed that entered beside the ledger. */
static int64_t seed_time(const struct sg_trace_chain *chain, const struct sg_taint_move *m)
{
    for (size_t i = 0; i < chain->n_seeds; i++)
        if (chain->seeds[i].addr.v == m->to.v && chain->seeds[i].asset.v == m->asset.v &&
            chain->seeds[i].theft == m->theft)
            return chain->seeds[i].time_unix_s;
    return SG_TIME_UNKNOWN;
}

static size_t count_results(const struct sg_tracer *tracer, enum sg_policy policy,
                            size_t (*count)(const struct sg_taint_result *result))
{
    size_t n = 0;
    for (size_t i = 0; i < tracer->input->n_ledgers; i++)
        n += count(&tracer->chains[i].results[policy]);
    return n;
}

static size_t count_moves(const struct sg_taint_result *result)
{
    return result->n_moves;
}

static size_t count_inflows(const struct sg_taint_result *result)
{
    return result->n_inflows;
}

static size_t count_swaps(const struct sg_taint_result *result)
{
    return result->n_swaps;
}

static enum sg_status all_moves(struct sg_trace_figures *figures, struct sg_tracer *tracer,
                                struct sg_err *err)
{
    const size_t n = count_results(tracer, figures->policy, count_moves);
    struct sg_trace_move *moves = sg_arena_alloc(tracer->arena, n + 1, sizeof(*moves));
    uint32_t first_swap = (uint32_t)tracer->input->c->n_conversions;
    size_t k = 0;
    if (!moves)
        return sg_err_nomem(err);
    for (size_t i = 0; i < tracer->input->n_ledgers; i++) {
        const struct sg_trace_chain *chain = &tracer->chains[i];
        const struct sg_taint_result *r = &chain->results[figures->policy];
        for (size_t j = 0; j < r->n_moves; j++, k++) {
            moves[k] = make_move(&tracer->made, chain, &r->moves[j]);
            if (moves[k].kind == SG_MOVE_SEED && moves[k].tx == SG_TRACE_NONE)
                moves[k].time_unix_s = seed_time(chain, &r->moves[j]);
            if (moves[k].kind == SG_MOVE_ENTRY)
                moves[k].conversion = r->moves[j].conversion;
            if (moves[k].kind == SG_MOVE_SWAP)
                moves[k].conversion = first_swap + r->moves[j].conversion;
        }
        first_swap += (uint32_t)r->n_swaps;
    }
    figures->moves = moves;
    figures->n_moves = n;
    return SG_OK;
}

static enum sg_status all_inflows(struct sg_trace_figures *figures, struct sg_tracer *tracer,
                                  struct sg_err *err)
{
    const size_t n = count_results(tracer, figures->policy, count_inflows);
    struct sg_trace_inflow *inflows = sg_arena_alloc(tracer->arena, n + 1, sizeof(*inflows));
    size_t k = 0;
    if (!inflows)
        return sg_err_nomem(err);
    for (size_t i = 0; i < tracer->input->n_ledgers; i++) {
        const struct sg_trace_chain *chain = &tracer->chains[i];
        const struct sg_taint_result *r = &chain->results[figures->policy];
        for (size_t j = 0; j < r->n_inflows; j++, k++)
            inflows[k] = (struct sg_trace_inflow){
                .asset = sg_refs_index(&chain->assets, r->inflows[j].asset.v),
                .party = sg_refs_index(&chain->addrs, r->inflows[j].addr.v),
                .tx = sg_refs_index(&chain->txs, r->inflows[j].tx.v),
                .amount = r->inflows[j].amount,
                .tainted = r->inflows[j].tainted,
            };
    }
    figures->inflows = inflows;
    figures->n_inflows = n;
    return SG_OK;
}

/* A conversion of the case: what its seeds gave, what its entries let in. */
static struct sg_trace_conversion declared(const struct sg_tracer *tracer,
                                           const struct sg_trace_figures *figures, size_t i)
{
    struct sg_trace_conversion made = {.theft = tracer->input->c->conversions[i].theft,
                                       .declared = (uint32_t)i,
                                       .asset_out = SG_TRACE_NONE,
                                       .asset_in = SG_TRACE_NONE,
                                       .party = SG_TRACE_NONE,
                                       .tx = SG_TRACE_NONE};
    for (size_t k = 0; k < tracer->input->n_ledgers; k++) {
        const struct sg_trace_chain *chain = &tracer->chains[k];
        if (chain->asset_out[i].v != SG_ID_NONE) {
            made.asset_out = sg_refs_index(&chain->assets, chain->asset_out[i].v);
            made.out = chain->gone[i];
        }
        if (chain->asset_in[i].v != SG_ID_NONE)
            made.asset_in = sg_refs_index(&chain->assets, chain->asset_in[i].v);
    }
    for (size_t k = 0; k < figures->n_moves; k++)
        if (figures->moves[k].kind == SG_MOVE_ENTRY && figures->moves[k].conversion == i &&
            !sg_amount_add(&made.in, made.in, figures->moves[k].tainted))
            made.in = SG_AMOUNT_ZERO;
    return made;
}

static enum sg_status all_conversions(struct sg_trace_figures *figures, struct sg_tracer *tracer,
                                      struct sg_err *err)
{
    const size_t n_declared = tracer->input->c->n_conversions;
    const size_t n = n_declared + count_results(tracer, figures->policy, count_swaps);
    struct sg_trace_conversion *made = sg_arena_alloc(tracer->arena, n + 1, sizeof(*made));
    size_t k = 0;
    if (!made)
        return sg_err_nomem(err);
    for (; k < n_declared; k++)
        made[k] = declared(tracer, figures, k);
    for (size_t i = 0; i < tracer->input->n_ledgers; i++) {
        const struct sg_trace_chain *chain = &tracer->chains[i];
        const struct sg_taint_result *r = &chain->results[figures->policy];
        for (size_t j = 0; j < r->n_swaps; j++, k++)
            made[k] = (struct sg_trace_conversion){
                .theft = r->swaps[j].theft,
                .declared = SG_TRACE_NONE,
                .asset_out = sg_refs_index(&chain->assets, r->swaps[j].asset_out.v),
                .asset_in = sg_refs_index(&chain->assets, r->swaps[j].asset_in.v),
                .out = r->swaps[j].tainted_out,
                .in = r->swaps[j].tainted_in,
                .party = sg_refs_index(&chain->addrs, r->swaps[j].addr.v),
                .tx = sg_refs_index(&chain->txs, r->swaps[j].tx.v),
            };
    }
    figures->conversions = made;
    figures->n_conversions = n;
    return SG_OK;
}

static int cmp_share(const void *a, const void *b)
{
    const struct sg_trace_share *x = a, *y = b;
    if (x->asset != y->asset)
        return x->asset < y->asset ? -1 : 1;
    return (x->theft > y->theft) - (x->theft < y->theft);
}

static size_t count_totals(const struct sg_taint_result *result)
{
    return result->n_totals;
}

static enum sg_status all_shares(struct sg_trace_figures *figures, struct sg_tracer *tracer,
                                 struct sg_err *err)
{
    const size_t n = count_results(tracer, figures->policy, count_totals);
    struct sg_trace_share *shares = sg_arena_alloc(tracer->arena, n + 1, sizeof(*shares));
    size_t k = 0;
    if (!shares)
        return sg_err_nomem(err);
    for (size_t i = 0; i < tracer->input->n_ledgers; i++) {
        const struct sg_trace_chain *chain = &tracer->chains[i];
        const struct sg_taint_result *r = &chain->results[figures->policy];
        for (size_t j = 0; j < r->n_totals; j++, k++) {
            const struct sg_taint_total *t = &r->totals[j];
            shares[k] = (struct sg_trace_share){sg_refs_index(&chain->assets, t->asset.v),
                                                t->theft,
                                                t->stolen,
                                                t->converted_in,
                                                t->converted_out,
                                                t->destinations,
                                                t->holdings,
                                                t->fees,
                                                t->excess,
                                                t->dust,
                                                SG_AMOUNT_ZERO};
        }
    }
    if (n > 1)
        qsort(shares, n, sizeof(*shares), cmp_share);
    figures->shares = shares;
    figures->n_shares = n;
    return SG_OK;
}

static bool add_share(struct sg_trace_line *line, const struct sg_trace_share *s)
{
    return sg_amount_add(&line->stolen, line->stolen, s->stolen) &&
           sg_amount_add(&line->converted_in, line->converted_in, s->converted_in) &&
           sg_amount_add(&line->converted_out, line->converted_out, s->converted_out) &&
           sg_amount_add(&line->destinations, line->destinations, s->destinations) &&
           sg_amount_add(&line->fees, line->fees, s->fees) &&
           sg_amount_add(&line->excess, line->excess, s->excess) &&
           sg_amount_add(&line->dust_discarded, line->dust_discarded, s->dust_discarded) &&
           sg_amount_add(&line->coinjoins, line->coinjoins, s->coinjoins);
}

static bool add_holdings(struct sg_trace_line *line, const struct sg_trace_figures *figures)
{
    bool fits = true;
    for (size_t i = 0; i < figures->n_holdings && fits; i++) {
        const struct sg_trace_holding *h = &figures->holdings[i];
        struct sg_amount *sum = h->status == SG_TRACE_HELD ? &line->held : &line->unobserved;
        if (h->asset == line->asset)
            fits = sg_amount_add(sum, *sum, h->amount);
    }
    return fits;
}

enum sg_status sg_lines_make(struct sg_trace_figures *figures, struct sg_tracer *tracer,
                             struct sg_err *err)
{
    struct sg_trace_line *lines =
        sg_arena_alloc(tracer->arena, figures->n_shares + 1, sizeof(*lines));
    size_t n = 0;
    bool fits = true;
    if (!lines)
        return sg_err_nomem(err);
    for (size_t i = 0; i < figures->n_shares && fits; i++) {
        if (n == 0 || lines[n - 1].asset != figures->shares[i].asset)
            lines[n++] = (struct sg_trace_line){.asset = figures->shares[i].asset};
        fits = add_share(&lines[n - 1], &figures->shares[i]);
    }
    for (size_t i = 0; i < n && fits; i++)
        fits = add_holdings(&lines[i], figures);
    if (!fits)
        return sg_err_set(err, SG_ELIMIT, "a sum needs more than 128 bits");
    figures->lines = lines;
    figures->n_lines = n;
    return SG_OK;
}

enum sg_status sg_figures_make(struct sg_trace_figures *figures, struct sg_tracer *tracer,
                               enum sg_policy policy, struct sg_err *err)
{
    *figures = (struct sg_trace_figures){.policy = policy};
    for (size_t i = 0; i < tracer->input->n_ledgers; i++) {
        figures->addresses_followed += tracer->chains[i].results[policy].n_followed;
        figures->rows_replayed += tracer->chains[i].results[policy].rows_replayed;
    }
    enum sg_status st = all_moves(figures, tracer, err);
    if (st == SG_OK)
        st = all_inflows(figures, tracer, err);
    if (st == SG_OK)
        st = all_conversions(figures, tracer, err);
    if (st == SG_OK)
        st = all_shares(figures, tracer, err);
    if (st == SG_OK)
        st = all_holdings(figures, tracer, err);
    if (st == SG_OK)
        st = sg_lines_make(figures, tracer, err);
    return st == SG_OK ? sg_groups_make(figures, tracer, err) : st;
}
