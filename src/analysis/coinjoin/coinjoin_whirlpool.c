/* Whirlpool (Samourai, 2019 to 2024): rounds of one denomination, and the Tx0 that prepares one. */
#include "analysis/coinjoin/coinjoin_internal.h"

#include "base/mem.h"

#define ROUND_MIN 5
#define ROUND_MAX 10

/* What an input may hold above the denomination, for the miner: Stockinger et al. (2021) give
 * 0.0011; the 1,403 rounds of March 2024 have at most 0.00062920. */
#define SURPLUS_MAX 110000

/* The coordinator's note in OP_RETURN: 64 bytes, later 80; with one or two bytes of length. */
#define NOTE_MIN (2 + 64)
#define NOTE_MAX (3 + 80)

/* No coordinator's fee was more than this part of the pool's amount. */
#define FEE_PART 10

#define TX0_OTHERS_MAX 4 /* the fee and at most one change for each of two, and one to spare */

struct pool {
    uint64_t sat;
    uint64_t fee_sat; /* of the coordinator, before discounts */
};

static const struct pool pools[] = {
    {100000, 5000}, {1000000, 50000}, {5000000, 175000}, {50000000, 1750000}};

static const struct pool *pool_of(uint64_t sat)
{
    for (size_t i = 0; i < SG_COUNT_OF(pools); i++)
        if (pools[i].sat == sat)
            return &pools[i];
    return NULL;
}

/* Inputs that hold exactly the denomination, which come from a round before; 0 if one is out of
 * bounds. */
static size_t count_remixers(const struct cj_view *view, uint64_t sat)
{
    size_t n = 0;
    for (size_t i = 0; i < view->n_spenders; i++) {
        if (view->in_sat[i] < sat || view->in_sat[i] > sat + SURPLUS_MAX)
            return 0;
        n += view->in_sat[i] == sat;
    }
    return n;
}

bool sg_cj_is_whirlpool(struct sg_coinjoin *result, const struct cj_view *view)
{
    const size_t n = view->tx->n_spent;
    char coin[CJ_COIN_TEXT_MAX];
    if (n < ROUND_MIN || n > ROUND_MAX || view->tx->n_outs != n || view->n_pay != n ||
        view->n_groups != 1 || view->n_spenders != n || view->n_payees != n)
        return false;
    const uint64_t sat = view->groups[0].sat;
    if (!pool_of(sat) || !view->in_key_hash)
        return false;
    const size_t n_remixers = count_remixers(view, sat);
    if (n_remixers == 0 || n_remixers == n)
        return false;
    result->kind = SG_COINJOIN_WHIRLPOOL;
    result->participants = (uint32_t)n;
    result->denomination_sat = sat;
    sg_cj_say(result, "%zu inputs, %zu outputs, all outputs of %s, a Whirlpool pool", n, n,
              sg_cj_coin(coin, sat));
    sg_cj_say(result,
              "%zu inputs of exactly the pool's amount (mixed before), %zu up to 0.0011 more",
              n_remixers, n - n_remixers);
    sg_cj_say(result, "all addresses differ, those that spend are P2WPKH");
    return true;
}

/* The equal outputs that will enter rounds: the pool's amount and what the miner will get. */
static const struct cj_group *premix_of(const struct pool **pool, const struct cj_view *view)
{
    for (size_t p = SG_COUNT_OF(pools); p-- > 0;)
        for (size_t g = 0; g < view->n_groups; g++) {
            const struct cj_group *group = &view->groups[g];
            if (group->sat > pools[p].sat && group->sat <= pools[p].sat + SURPLUS_MAX &&
                view->n_pay - group->count <= TX0_OTHERS_MAX && view->n_pay > group->count) {
                *pool = &pools[p];
                return group;
            }
        }
    return NULL;
}

/* The coordinator's output: its fee of the day, or less with a discount. */
static const struct cj_group *fee_of(const struct cj_view *view, const struct pool *pool)
{
    const struct cj_group *best = NULL;
    for (size_t g = 0; g < view->n_groups; g++) {
        const struct cj_group *group = &view->groups[g];
        if (group->count == 1 && group->sat <= pool->sat / FEE_PART &&
            (!best || group->sat > best->sat))
            best = group;
    }
    return best;
}

bool sg_cj_is_tx0(struct sg_coinjoin *result, const struct cj_view *view)
{
    const struct pool *pool = NULL;
    char coin[CJ_COIN_TEXT_MAX], more[CJ_COIN_TEXT_MAX];
    if (view->n_data != 1 || view->data_size < NOTE_MIN || view->data_size > NOTE_MAX ||
        view->n_pay < 2 || !view->out_key_hash)
        return false;
    const struct cj_group *premix = premix_of(&pool, view);
    if (!premix)
        return false;
    const struct cj_group *fee = fee_of(view, pool);
    const bool full_fee = fee && fee->sat == pool->fee_sat;
    if (premix->count == 1 && !fee)
        return false;
    result->kind = SG_COINJOIN_WHIRLPOOL_TX0;
    result->participants = 1;
    result->denomination_sat = premix->sat;
    sg_cj_say(result, "%zu outputs of %s: the Whirlpool pool of %s and the miner's share",
              premix->count, sg_cj_coin(coin, premix->sat), sg_cj_coin(more, pool->sat));
    sg_cj_say(result, "one OP_RETURN of %zu bytes: the note to the coordinator", view->data_size);
    if (fee)
        sg_cj_say(result, "an output of %s: the coordinator's fee%s", sg_cj_coin(coin, fee->sat),
                  full_fee ? "" : " with a discount, or change");
    sg_cj_say(result, "made by one owner before mixing: no CoinJoin itself");
    return true;
}
