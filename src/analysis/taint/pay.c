#include "analysis/taint/taint_internal.h"
#include "base/vec.h"

enum sg_status sg_sum(struct sg_amount *sum, struct sg_amount more, struct sg_err *err)
{
    if (sg_amount_add(sum, *sum, more))
        return SG_OK;
    return sg_err_set(err, SG_ELIMIT, "a balance or a sum needs more than 128 bits");
}

struct sg_taint_total *sg_total(struct sg_taint_run *run, struct sg_asset_id asset, uint32_t theft)
{
    for (size_t i = 0; i < run->n_totals; i++)
        if (run->totals[i].asset.v == asset.v && run->totals[i].theft == theft)
            return &run->totals[i];
    if (!SG_VEC_RESERVE(run->totals, run->n_totals, run->totals_cap, 1))
        return NULL;
    run->totals[run->n_totals] = (struct sg_taint_total){.asset = asset, .theft = theft};
    return &run->totals[run->n_totals++];
}

static enum sg_status push_move(struct sg_taint_run *run, const struct sg_taint_move *move,
                                struct sg_err *err)
{
    if (!SG_VEC_RESERVE(run->moves, run->n_moves, run->moves_cap, 1))
        return sg_err_nomem(err);
    run->moves[run->n_moves++] = *move;
    return SG_OK;
}

/* Put lots into a purse and book what poison made of it. */
static enum sg_status give(struct sg_taint_run *run, uint32_t node, struct sg_asset_id asset,
                           const struct sg_lots *lots, struct sg_err *err)
{
    struct sg_purse *purse = sg_world_purse(run, node, asset);
    if (!purse)
        return sg_err_nomem(err);
    enum sg_status st = sg_purse_give(run->excess, purse, &run->purser, lots, err);
    if (st == SG_OK && !sg_amount_is_zero(purse->tainted))
        run->nodes[node].flags |= SG_NODE_TAINTED;
    for (size_t t = 0; t < run->input->n_thefts && st == SG_OK; t++) {
        if (sg_amount_is_zero(run->excess[t]))
            continue;
        struct sg_taint_total *total = sg_total(run, asset, (uint32_t)t);
        st = total ? sg_sum(&total->excess, run->excess[t], err) : sg_err_nomem(err);
    }
    return st;
}

/* One lot into a purse. */
static enum sg_status give_lot(struct sg_taint_run *run, uint32_t node, struct sg_asset_id asset,
                               struct sg_lot lot, struct sg_err *err)
{
    struct sg_lot item = lot;
    const struct sg_lots lots = {&item, 0, 1, 1};
    return sg_amount_is_zero(lot.amount) ? SG_OK : give(run, node, asset, &lots, err);
}

/* An entry lets in what it still may; the rest of `lack` stays. */
static enum sg_status enter(struct sg_amount *lack, struct sg_taint_run *run, uint32_t node,
                            size_t entry, struct sg_tx_id tx, struct sg_err *err)
{
    const struct sg_taint_entry *e = &run->input->entries[entry];
    struct sg_amount *left =
        e->has_amount ? &run->entry_left[entry] : &run->limit_left[e->conversion];
    const struct sg_amount in = sg_amount_min(*lack, *left);
    if (sg_amount_is_zero(in) || !sg_amount_sub(left, *left, in) || !sg_amount_sub(lack, *lack, in))
        return SG_OK;
    struct sg_taint_total *total = sg_total(run, e->asset, e->theft);
    enum sg_status st = total ? sg_sum(&total->converted_in, in, err) : sg_err_nomem(err);
    if (st == SG_OK)
        st = give_lot(run, node, e->asset, (struct sg_lot){in, e->theft}, err);
    const struct sg_taint_move move = {.row = UINT64_MAX,
                                       .tx = tx,
                                       .from = {SG_ID_NONE},
                                       .to = e->addr,
                                       .asset = e->asset,
                                       .theft = e->theft,
                                       .conversion = e->conversion,
                                       .amount = in,
                                       .tainted = in,
                                       .kind = SG_MOVE_ENTRY};
    return st == SG_OK ? push_move(run, &move, err) : st;
}

/* Money came in that no row shows: as much as a payment lacks. */
static enum sg_status explain(struct sg_taint_run *run, uint32_t node, struct sg_asset_id asset,
                              struct sg_amount lack, struct sg_tx_id tx, struct sg_err *err)
{
    struct sg_amount left = lack;
    enum sg_status st = SG_OK;
    if (run->nodes[node].flags & SG_NODE_ENTRY)
        for (size_t i = 0; i < run->input->n_entries && st == SG_OK; i++)
            if (run->input->entries[i].addr.v == run->nodes[node].addr.v &&
                run->input->entries[i].asset.v == asset.v)
                st = enter(&left, run, node, i, tx, err);
    if (st == SG_OK)
        st = give_lot(run, node, asset, (struct sg_lot){left, SG_TAINT_NONE}, err);
    if (st != SG_OK)
        return st;
    if (!SG_VEC_RESERVE(run->inflows, run->n_inflows, run->inflows_cap, 1))
        return sg_err_nomem(err);
    struct sg_taint_inflow inflow = {run->nodes[node].addr, asset, tx, lack, SG_AMOUNT_ZERO};
    if (!sg_amount_sub(&inflow.tainted, lack, left))
        return sg_err_set(err, SG_ECORRUPT, "an entry let in more than was asked for");
    run->inflows[run->n_inflows++] = inflow;
    return SG_OK;
}

/* What the origin pays is stolen money that begins here. */
static enum sg_status pay_as_origin(struct sg_taint_run *run, struct sg_asset_id asset,
                                    struct sg_amount amount, struct sg_err *err)
{
    struct sg_taint_total *total = sg_total(run, asset, 0);
    if (!total || !sg_lots_push(&run->paid, (struct sg_lot){amount, 0}))
        return sg_err_nomem(err);
    return sg_sum(&total->stolen, amount, err);
}

enum sg_status sg_pay(struct sg_taint_run *run, uint32_t node, struct sg_asset_id asset,
                      struct sg_amount amount, struct sg_amount reserve, struct sg_tx_id tx,
                      struct sg_err *err)
{
    if (run->nodes[node].flags & SG_NODE_ORIGIN)
        return pay_as_origin(run, asset, amount, err);
    struct sg_purse *purse = sg_world_purse(run, node, asset);
    struct sg_amount lack = SG_AMOUNT_ZERO;
    if (!purse)
        return sg_err_nomem(err);
    if (sg_amount_sub(&lack, amount, purse->total) && !sg_amount_is_zero(lack)) {
        const enum sg_status st = explain(run, node, asset, lack, tx, err);
        if (st != SG_OK)
            return st;
        purse = sg_world_purse_find(run, node, asset);
    }
    return sg_purse_take(&run->paid, purse, &run->purser, amount, reserve) ? SG_OK
                                                                           : sg_err_nomem(err);
}

/* Decimals of an asset, read once. */
static enum sg_status asset_of(const struct sg_asset **asset, struct sg_taint_run *run,
                               struct sg_asset_id id, struct sg_err *err)
{
    const struct sg_ledger *ledger = run->cache->ledger;
    uint32_t at = sg_ids_get(&run->asset_at, id.v);
    if (at == SG_IDS_NONE) {
        at = (uint32_t)run->n_assets;
        if (!SG_VEC_RESERVE(run->assets, run->n_assets, run->assets_cap, 1))
            return sg_err_nomem(err);
        const enum sg_status st = ledger->ops->assets(ledger->self, &run->assets[at], &id, 1, err);
        if (st != SG_OK)
            return st;
        if (!sg_ids_put(&run->asset_at, id.v, at))
            return sg_err_nomem(err);
        run->n_assets++;
    }
    *asset = &run->assets[at];
    return SG_OK;
}

/* The cut-off is stated in 1e-18 of a whole unit; compare both sides at the finer of the scales. */
static bool below(struct sg_amount tainted, struct sg_amount dust, unsigned decimals)
{
    for (; decimals < 18; decimals++)
        if (!sg_amount_mul(&tainted, tainted, 10))
            return false;
    for (; decimals > 18; decimals--)
        if (!sg_amount_mul(&dust, dust, 10))
            return true;
    return sg_amount_cmp(tainted, dust) < 0;
}

static enum sg_status is_dust(bool *dust, struct sg_taint_run *run, struct sg_asset_id id,
                              struct sg_amount tainted, struct sg_err *err)
{
    const struct sg_asset *asset = NULL;
    *dust = false;
    if (!run->input->has_dust || sg_amount_is_zero(tainted))
        return SG_OK;
    if (id.v == 0) {
        *dust = below(tainted, run->input->dust, run->cache->ledger->chain->decimals);
        return SG_OK;
    }
    if (id.v >= run->cache->ledger->stats.assets)
        return SG_OK; /* the ledger never saw it: nobody says its decimals */
    const enum sg_status st = asset_of(&asset, run, id, err);
    if (st == SG_OK && asset->has_decimals)
        *dust = below(tainted, run->input->dust, asset->decimals);
    return st;
}

/* Write a move for each theft in run->paid, and book what leaves the view. */
static enum sg_status book(struct sg_taint_run *run, struct sg_taint_move move, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    for (uint32_t t = 0; t < run->input->n_thefts && st == SG_OK; t++) {
        move.theft = t;
        move.tainted = sg_lots_of(&run->paid, t);
        if (sg_amount_is_zero(move.tainted))
            continue;
        struct sg_taint_total *total = sg_total(run, move.asset, t);
        st = total ? push_move(run, &move, err) : sg_err_nomem(err);
        if (st == SG_OK && move.to_service)
            st = sg_sum(&total->destinations, move.tainted, err);
        if (st == SG_OK && move.is_dust)
            st = sg_sum(&total->dust, move.tainted, err);
        if (st == SG_OK && move.beyond)
            st = sg_sum(&total->beyond, move.tainted, err);
    }
    return st;
}

/* All of run->paid becomes clean. */
static void wash(struct sg_lots *lots)
{
    for (size_t i = lots->head; i < lots->count; i++)
        lots->items[i].theft = SG_TAINT_NONE;
}

/* Whether tracing stops at an address that stolen money reaches for the first time; then it is a
 * service from here on. */
static enum sg_status is_service(bool *stops, struct sg_taint_run *run, struct sg_addr_id addr,
                                 struct sg_err *err)
{
    const struct sg_taint_known *known = run->input->known;
    *stops = false;
    if (!known || addr.v == SG_ID_NONE)
        return SG_OK;
    const enum sg_status st = known->stops(known->ctx, stops, addr, err);
    if (st != SG_OK || !*stops)
        return st;
    return sg_ids_put(&run->node_of, addr.v, SG_NODE_SERVICE) ? SG_OK : sg_err_nomem(err);
}

/* Say how far `to` is, and whether the money's way ends there. */
static enum sg_status settle_end(struct sg_taint_move *m, struct sg_taint_run *run, uint32_t node,
                                 struct sg_amount tainted, struct sg_err *err)
{
    const uint32_t from = sg_world_payer(run, m->from);
    enum sg_status st = SG_OK;
    m->hop = m->kind == SG_MOVE_TRANSFER && from < SG_NODE_SERVICE ? run->nodes[from].hop + 1 : 0;
    if (node == SG_IDS_NONE)
        st = is_service(&m->to_service, run, m->to, err);
    else
        m->to_service = node == SG_NODE_SERVICE || (run->nodes[node].flags & SG_NODE_ORIGIN);
    if (st == SG_OK && !m->to_service && m->kind == SG_MOVE_TRANSFER)
        st = is_dust(&m->is_dust, run, m->asset, tainted, err);
    m->beyond = node == SG_IDS_NONE && run->input->hops_max && m->hop >= run->input->hops_max &&
                !m->to_service && !m->is_dust;
    return st;
}

enum sg_status sg_deliver(struct sg_taint_run *run, const struct sg_taint_move *move,
                          const struct sg_work *now, struct sg_err *err)
{
    struct sg_taint_move m = *move;
    const struct sg_amount tainted = sg_lots_tainted(&run->paid);
    uint32_t node = sg_world_find(run, m.to);
    enum sg_status st = SG_OK;
    if (sg_amount_is_zero(tainted))
        return node < SG_NODE_SERVICE && !(run->nodes[node].flags & SG_NODE_ORIGIN)
                   ? give(run, node, m.asset, &run->paid, err)
                   : SG_OK;
    st = settle_end(&m, run, node, tainted, err);
    if (st == SG_OK)
        st = book(run, m, err);
    if (st != SG_OK || m.to_service || m.beyond)
        return st;
    if (m.is_dust)
        wash(&run->paid);
    if (node == SG_IDS_NONE) {
        if (m.is_dust)
            return SG_OK;
        st = sg_world_follow(&node, run, m.to, now, err);
        if (st != SG_OK)
            return st;
        run->nodes[node].hop = m.hop;
    }
    if (!m.is_dust && m.hop < run->nodes[node].hop)
        run->nodes[node].hop = m.hop;
    return give(run, node, m.asset, &run->paid, err);
}
