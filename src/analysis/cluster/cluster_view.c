/* What rules ask of one transaction. */
#include "analysis/cluster/cluster_internal.h"

#include "analysis/coinjoin/coinjoin.h"
#include "base/vec.h"

/* Fewer outputs than this make no CoinJoin that we know. */
#define COINJOIN_OUTS_MIN 3

struct change_view sg_cluster_view(const struct sg_utxo *utxo, const uint64_t *first_seen,
                                   uint64_t tx)
{
    const struct sg_utxo_tx *at = &sg_utxo_txs(utxo)[tx];
    return (struct change_view){.utxo = utxo,
                                .tx = tx,
                                .first_in = at->first_in,
                                .n_in = at[1].first_in - at->first_in,
                                .first_out = at->first_out,
                                .n_out = at[1].first_out - at->first_out,
                                .first_seen = first_seen};
}

bool sg_cluster_inputs_known(const struct change_view *view)
{
    for (uint64_t i = 0; i < view->n_in; i++)
        if (sg_utxo_ins(view->utxo)[view->first_in + i] == SG_UTXO_NONE)
            return false;
    return true;
}

uint32_t sg_cluster_spender(const struct change_view *view, uint64_t i)
{
    return sg_utxo_out_owner(view->utxo)[sg_utxo_ins(view->utxo)[view->first_in + i]];
}

uint64_t sg_cluster_only(const struct change_view *view,
                         bool (*says_yes)(const struct change_view *view, uint64_t out))
{
    uint64_t found = SG_UTXO_NONE;
    for (uint64_t out = view->first_out; out < view->first_out + view->n_out; out++) {
        if (sg_utxo_out_owner(view->utxo)[out] == SG_UTXO_NOBODY || !says_yes(view, out))
            continue;
        if (found != SG_UTXO_NONE)
            return SG_UTXO_NONE;
        found = out;
    }
    return found;
}

enum sg_status sg_cluster_is_coinjoin(bool *yes, struct sg_btc_out **coins, size_t *capacity,
                                      const struct change_view *view, struct sg_err *err)
{
    const size_t n_in = (size_t)view->n_in, n_out = (size_t)view->n_out;
    *yes = false;
    if (n_in < 2 || n_out < COINJOIN_OUTS_MIN)
        return SG_OK;
    if (!sg_vec_reserve((void **)coins, capacity, 0, n_in + n_out, sizeof(**coins)))
        return sg_err_nomem(err);
    for (size_t i = 0; i < n_in; i++)
        (*coins)[i] = sg_utxo_coin(view->utxo, sg_utxo_ins(view->utxo)[view->first_in + i]);
    for (size_t o = 0; o < n_out; o++)
        (*coins)[n_in + o] = sg_utxo_coin(view->utxo, view->first_out + o);
    const struct sg_coinjoin_tx tx = {*coins, n_in, *coins + n_in, n_out};
    struct sg_coinjoin found;
    const enum sg_status st = sg_coinjoin_kind_of(&found, &tx, err);
    *yes = st == SG_OK && found.coinjoin;
    return st;
}
