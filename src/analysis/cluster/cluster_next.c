/* Rules for change that look at who is paid again, and at the transactions that spend the outputs.
 */
#include "analysis/cluster/cluster_internal.h"

/* Outputs that somebody can spend; *spent: all of these are. */
static uint64_t count_payable(bool *spent, const struct change_view *v)
{
    uint64_t n = 0;
    *spent = true;
    for (uint64_t out = v->first_out; out < v->first_out + v->n_out; out++) {
        if (sg_utxo_out_owner(v->utxo)[out] == SG_UTXO_NOBODY)
            continue;
        n++;
        *spent = *spent && v->utxo->spender[out] != SG_UTXO_NONE;
    }
    return n;
}

static struct change_view spending(const struct change_view *v, uint64_t out)
{
    return sg_cluster_view(v->utxo, v->first_seen,
                           sg_utxo_tx_of_in(v->utxo, v->utxo->spender[out]));
}

bool sg_cluster_is_reused(const struct change_view *v, uint64_t out)
{
    for (uint64_t i = 0; i < v->n_in; i++)
        if (sg_utxo_out_owner(v->utxo)[out] == sg_cluster_spender(v, i))
            return true;
    return false;
}

static bool locks(const struct change_view *v)
{
    return sg_utxo_txs(v->utxo)[v->tx].locktime != 0;
}

static bool locks_alike(const struct change_view *v, uint64_t out)
{
    const struct change_view next = spending(v, out);
    return locks(&next) == locks(v);
}

/* False where an input is missing. */
static bool fee_of(uint64_t *fee, const struct change_view *v)
{
    const uint64_t *sat = sg_utxo_out_sat(v->utxo);
    *fee = 0;
    if (!sg_cluster_inputs_known(v))
        return false;
    for (uint64_t i = 0; i < v->n_in; i++)
        *fee += sat[sg_utxo_ins(v->utxo)[v->first_in + i]];
    for (uint64_t o = 0; o < v->n_out; o++)
        *fee -= sat[v->first_out + o];
    return true;
}

static bool pays_the_same_fee(const struct change_view *v, uint64_t out)
{
    const struct change_view next = spending(v, out);
    uint64_t own, other;
    return fee_of(&own, v) && own && fee_of(&other, &next) && own == other;
}

static bool peels(const struct change_view *v)
{
    bool spent;
    return v->n_in == 1 && count_payable(&spent, v) == 2;
}

static bool goes_on_peeling(const struct change_view *v, uint64_t out)
{
    if (v->utxo->spender[out] == SG_UTXO_NONE)
        return false;
    const struct change_view next = spending(v, out);
    return peels(&next);
}

uint64_t sg_cluster_only_if_all_are_spent(const struct change_view *v, enum sg_cluster_rule rule)
{
    bool spent;
    (void)count_payable(&spent, v);
    if (!spent)
        return SG_UTXO_NONE;
    return sg_cluster_only(v, rule == SG_CLUSTER_FEE ? pays_the_same_fee : locks_alike);
}

uint64_t sg_cluster_peel_goes_on(const struct change_view *v)
{
    return peels(v) ? sg_cluster_only(v, goes_on_peeling) : SG_UTXO_NONE;
}
