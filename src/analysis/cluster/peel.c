#include "analysis/cluster/peel.h"

#include "analysis/cluster/cluster_internal.h"
#include "base/mem.h"
#include "base/vec.h"

#include <string.h>

#define VOTES_MIN 2

const char *sg_peel_rule_name(enum sg_peel_rule rule)
{
    switch (rule) {
    case SG_PEEL_WHOLE:
        return "whole";
    case SG_PEEL_REUSE:
        return "reuse";
    case SG_PEEL_FRESH:
        return "fresh";
    case SG_PEEL_FORM:
        return "form";
    case SG_PEEL_LEAST:
        return "least";
    case SG_PEEL_ROUND:
        return "round";
    case SG_PEEL_LIKE:
        return "like";
    }
    return NULL;
}

const char *sg_peel_stop_sentence(enum sg_peel_stop stop)
{
    switch (stop) {
    case SG_PEEL_UNSPENT:
        return "it is not spent in the blocks that the ledger covers";
    case SG_PEEL_COINJOIN:
        return "it goes into a CoinJoin";
    case SG_PEEL_MISSING:
        return "it is spent beside outputs that the ledger does not have";
    case SG_PEEL_UNSURE:
        return "the rules cannot tell which output is the change";
    case SG_PEEL_NOBODY:
        return "no output of that transaction can be spent";
    case SG_PEEL_BOUND:
        return "as many steps as were asked for";
    }
    return NULL;
}

uint64_t *sg_peel_first_seen(const struct sg_utxo *utxo)
{
    const uint32_t *owners = sg_utxo_out_owner(utxo);
    uint64_t *first = sg_mem_alloc(sg_utxo_n(utxo, SG_UTXO_OWNER_END) + 1, sizeof(*first));
    for (size_t out = sg_utxo_n(utxo, SG_UTXO_OUT_SAT); first && out-- > 0;)
        if (owners[out] != SG_UTXO_NOBODY)
            first[owners[out]] = out;
    return first;
}

/* The only output that somebody can spend; *n: how many there are. */
static uint64_t only_payable(uint64_t *n, const struct change_view *v)
{
    uint64_t found = SG_UTXO_NONE;
    *n = 0;
    for (uint64_t out = v->first_out; out < v->first_out + v->n_out; out++) {
        if (sg_utxo_out_owner(v->utxo)[out] == SG_UTXO_NOBODY)
            continue;
        found = out;
        ++*n;
    }
    return found;
}

/* Spent by one owner, with two outputs, and with lock time used as here. */
static bool is_like(const struct change_view *v, uint64_t out)
{
    const struct sg_utxo *utxo = v->utxo;
    const uint64_t in = utxo->spender[out];
    uint64_t n;
    if (in == SG_UTXO_NONE)
        return false;
    const struct change_view next =
        sg_cluster_view(utxo, v->first_seen, sg_utxo_tx_of_in(utxo, in));
    (void)only_payable(&n, &next);
    for (uint64_t i = 1; n == 2 && sg_cluster_inputs_known(&next) && i < next.n_in; i++)
        if (sg_cluster_spender(&next, i) != sg_cluster_spender(&next, 0))
            return false;
    const struct sg_utxo_tx *txs = sg_utxo_txs(utxo);
    return n == 2 && sg_cluster_inputs_known(&next) &&
           (txs[next.tx].locktime == 0) == (txs[v->tx].locktime == 0);
}

static void ask_all(uint64_t answer[SG_PEEL_RULES], const struct change_view *v)
{
    static const enum sg_cluster_rule rules[] = {SG_CLUSTER_FRESH, SG_CLUSTER_FORM,
                                                 SG_CLUSTER_LEAST, SG_CLUSTER_ROUND};
    answer[SG_PEEL_WHOLE] = answer[SG_PEEL_REUSE] = SG_UTXO_NONE;
    for (size_t r = 0; r < SG_COUNT_OF(rules); r++)
        answer[SG_PEEL_FRESH + r] = sg_cluster_ask(v, rules[r]);
    answer[SG_PEEL_LIKE] = sg_cluster_only(v, is_like);
}

static uint32_t votes_for(const uint64_t answer[SG_PEEL_RULES], uint64_t out)
{
    uint32_t bits = 0;
    for (unsigned r = 0; r < SG_PEEL_RULES; r++)
        bits |= answer[r] == out ? 1u << r : 0;
    return bits;
}

/* The output with most votes, if it has enough and no other as many. */
static void count_votes(struct sg_peel_step *step, const struct change_view *v)
{
    uint64_t answer[SG_PEEL_RULES];
    int most = 0;
    bool tie = false;
    ask_all(answer, v);
    for (uint64_t out = v->first_out; out < v->first_out + v->n_out; out++) {
        const uint32_t bits = votes_for(answer, out);
        const int n = __builtin_popcount(bits);
        step->cast += (uint32_t)n;
        tie = n == most ? true : n > most ? false : tie;
        if (n > most) {
            most = n;
            step->next = out;
            step->rules = bits;
        }
    }
    /* One vote will do where none speaks against it. */
    if (tie || (most < VOTES_MIN && step->cast > (uint32_t)most))
        step->next = SG_UTXO_NONE;
}

static void choose(struct sg_peel_step *step, const struct change_view *v)
{
    uint64_t n;
    const uint64_t single = only_payable(&n, v), reused = sg_cluster_only(v, sg_cluster_is_reused);
    step->next = SG_UTXO_NONE;
    if (n == 1) {
        step->next = single;
        step->rules = 1u << SG_PEEL_WHOLE;
        step->cast = 1;
    } else if (reused != SG_UTXO_NONE) {
        step->next = reused;
        step->rules = 1u << SG_PEEL_REUSE;
        step->cast = 1;
    } else if (n > 1) {
        count_votes(step, v);
    }
}

/* One step from an output; *go false where the chain ends. */
static enum sg_status take_step(bool *go, struct sg_peel *peel, const struct sg_utxo *utxo,
                                const uint64_t *first_seen, uint64_t out, struct sg_err *err)
{
    struct sg_peel_step step = {.out = out, .next = SG_UTXO_NONE};
    bool coinjoin;
    *go = false;
    peel->stop = SG_PEEL_UNSPENT;
    if (utxo->spender[out] == SG_UTXO_NONE)
        return SG_OK;
    step.tx = sg_utxo_tx_of_in(utxo, utxo->spender[out]);
    const struct change_view v = sg_cluster_view(utxo, first_seen, step.tx);
    peel->stop = SG_PEEL_MISSING;
    if (!sg_cluster_inputs_known(&v))
        return SG_OK;
    struct sg_btc_out *coins = NULL;
    size_t capacity = 0;
    const enum sg_status st = sg_cluster_is_coinjoin(&coinjoin, &coins, &capacity, &v, err);
    sg_mem_free(coins);
    peel->stop = SG_PEEL_COINJOIN;
    if (st != SG_OK || coinjoin)
        return st;
    uint64_t n;
    (void)only_payable(&n, &v);
    choose(&step, &v);
    if (!SG_VEC_RESERVE(peel->steps, peel->n, peel->capacity, 1))
        return sg_err_nomem(err);
    peel->steps[peel->n++] = step;
    peel->stop = n ? SG_PEEL_UNSURE : SG_PEEL_NOBODY;
    *go = step.next != SG_UTXO_NONE;
    return SG_OK;
}

enum sg_status sg_peel_follow(struct sg_peel *peel, const struct sg_utxo *utxo,
                              const uint64_t *first_seen, uint64_t out, size_t max,
                              struct sg_err *err)
{
    *peel = (struct sg_peel){.stop = SG_PEEL_BOUND};
    for (bool go = true; go;) {
        if (peel->n == max) {
            peel->stop = SG_PEEL_BOUND;
            return SG_OK;
        }
        const enum sg_status st = take_step(&go, peel, utxo, first_seen, out, err);
        if (st != SG_OK)
            return st;
        if (go)
            out = peel->steps[peel->n - 1].next;
    }
    return SG_OK;
}
