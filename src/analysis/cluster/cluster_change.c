/* Which output is change: rules of the literature, each by itself, and their votes. */
#include "analysis/cluster/cluster_internal.h"

#include <string.h>

/* All rules name one output once in two hundred times; of two votes 99.94 % are right
 * (docs/methods/cluster.md). */
#define VOTES_DEFAULT 2

#define ROUND_SAT 100000

static uint32_t owner_of(const struct change_view *v, uint64_t out)
{
    return sg_utxo_out_owner(v->utxo)[out];
}

/* Of a script: its length and first byte tell the standard forms apart. */
static uint32_t form_of(const struct change_view *v, uint32_t owner)
{
    size_t size;
    if (owner == SG_UTXO_NOBODY)
        return 0;
    const uint8_t *script = sg_utxo_owner_script(&size, v->utxo, owner);
    return size > 42 ? 1 : (uint32_t)(size << 8 | script[0]);
}

static bool pays_a_spender(const struct change_view *v)
{
    for (uint64_t o = 0; o < v->n_out; o++)
        for (uint64_t i = 0; i < v->n_in; i++)
            if (owner_of(v, v->first_out + o) == sg_cluster_spender(v, i))
                return true;
    return false;
}

static bool is_fresh(const struct change_view *v, uint64_t out)
{
    const uint32_t owner = owner_of(v, out);
    return owner != SG_UTXO_NOBODY && v->first_seen[owner] == out;
}

static bool has_inputs_form(const struct change_view *v, uint64_t out)
{
    const uint32_t form = form_of(v, owner_of(v, out));
    for (uint64_t i = 0; i < v->n_in; i++)
        if (form_of(v, sg_cluster_spender(v, i)) != form)
            return false;
    return true;
}

static bool is_below_inputs(const struct change_view *v, uint64_t out)
{
    const uint64_t *sat = sg_utxo_out_sat(v->utxo);
    for (uint64_t i = 0; i < v->n_in; i++)
        if (sat[sg_utxo_ins(v->utxo)[v->first_in + i]] <= sat[out])
            return false;
    return true;
}

static bool is_uneven(const struct change_view *v, uint64_t out)
{
    return sg_utxo_out_sat(v->utxo)[out] % ROUND_SAT != 0;
}

uint64_t sg_cluster_ask(const struct change_view *v, enum sg_cluster_rule rule)
{
    switch (rule) {
    case SG_CLUSTER_FRESH:
        return pays_a_spender(v) ? SG_UTXO_NONE : sg_cluster_only(v, is_fresh);
    case SG_CLUSTER_FORM:
        return sg_cluster_only(v, has_inputs_form);
    case SG_CLUSTER_LEAST:
        return sg_cluster_only(v, is_below_inputs);
    case SG_CLUSTER_ROUND:
        return sg_cluster_only(v, is_uneven);
    case SG_CLUSTER_REUSE:
        return sg_cluster_only(v, sg_cluster_is_reused);
    case SG_CLUSTER_LOCKTIME:
    case SG_CLUSTER_FEE:
        return sg_cluster_only_if_all_are_spent(v, rule);
    case SG_CLUSTER_PEELING:
        return sg_cluster_peel_goes_on(v);
    case SG_CLUSTER_SPEND:
        break;
    }
    return SG_UTXO_NONE;
}

static unsigned count_bits(unsigned bits)
{
    return (unsigned)__builtin_popcount(bits);
}

uint64_t sg_cluster_change(uint32_t *voted, const struct change_view *view, unsigned rules,
                           unsigned votes)
{
    uint64_t answer[SG_CLUSTER_RULES], best = SG_UTXO_NONE;
    unsigned most = 0;
    bool tie = false;
    *voted = 0;
    if (view->n_out < 2)
        return SG_UTXO_NONE; /* all that is paid is no change */
    for (unsigned r = 1; r < SG_CLUSTER_RULES; r++)
        answer[r] = rules & 1u << r ? sg_cluster_ask(view, (enum sg_cluster_rule)r) : SG_UTXO_NONE;
    for (unsigned r = 1; r < SG_CLUSTER_RULES; r++) {
        unsigned same = 0;
        for (unsigned s = 1; s < SG_CLUSTER_RULES; s++)
            same |= answer[r] != SG_UTXO_NONE && answer[s] == answer[r] ? 1u << s : 0;
        if (count_bits(same) < most || same == 0 || same == *voted)
            continue;
        tie = count_bits(same) == most;
        most = count_bits(same);
        best = answer[r];
        *voted = same;
    }
    const unsigned otherwise = count_bits(rules) < VOTES_DEFAULT ? 1 : VOTES_DEFAULT;
    const unsigned needed = votes ? votes : otherwise;
    return tie || most < needed ? SG_UTXO_NONE : best;
}
