/* Wasabi Wallet: version 1 (ZeroLink, 2018 to 2022) and version 2 (WabiSabi, since 2022). */
#include "analysis/coinjoin/coinjoin_internal.h"

#include "base/mem.h"

#include <string.h>

/* Version 1: the base denomination was 0.1 and moved a little from round to round. */
#define BASE_MIN     8000000
#define BASE_MAX     12000000
#define PEERS_MIN    10
#define LEVELS       12
#define CHANGE_SPARE 2

/* Version 2. */
#define DENOMINATION_MIN 5000
#define DENOMINATION_MAX 137438953472 /* 2^37 */
#define COINS_MIN        10
#define BINARY_MIN       3

/* The two addresses that took the coordinator's fee before January 2020, as scripts:
 * bc1qs604c7jv6amk4cxqlnvuxv26hv3e48cds4m0ew and bc1qa24tsgchvuxsaccp8vrnkfd85hrcpafg20kmjw. */
static const uint8_t coordinators[2][22] = {
    {0x00, 0x14, 0x86, 0x9f, 0x5c, 0x7a, 0x4c, 0xd7, 0x77, 0x6a, 0xe0,
     0xc0, 0xfc, 0xd9, 0xc3, 0x31, 0x5a, 0xbb, 0x23, 0x9a, 0x9f, 0x0d},
    {0x00, 0x14, 0xea, 0xaa, 0xb8, 0x23, 0x17, 0x67, 0x0d, 0x0e, 0xe3,
     0x01, 0x3b, 0x07, 0x3b, 0x25, 0xa7, 0xa5, 0xc7, 0x80, 0xf5, 0x28},
};

static bool pays_coordinator(const struct cj_view *view)
{
    for (size_t i = 0; i < view->tx->n_outs; i++)
        for (size_t c = 0; c < SG_COUNT_OF(coordinators); c++)
            if (view->tx->outs[i].script_size == sizeof(coordinators[c]) &&
                memcmp(view->tx->outs[i].script, coordinators[c], sizeof(coordinators[c])) == 0)
                return true;
    return false;
}

/* Outputs of the base denomination doubled once or more. */
static size_t count_levels(const struct cj_view *view, uint64_t base)
{
    size_t n = 0;
    for (size_t g = 0; g < view->n_groups; g++)
        for (unsigned level = 1; level < LEVELS; level++)
            if (view->groups[g].sat == base << level)
                n += view->groups[g].count;
    return n;
}

/* Each peer gets the base denomination once, perhaps doubled ones, and at most one change; the
 * coordinator gets its fee. A batch of payouts has many other amounts. */
static bool counts_fit(const struct cj_view *view, size_t n_peers, size_t n_levels)
{
    return view->n_pay - n_peers - n_levels <= n_peers + CHANGE_SPARE + n_peers / 10 &&
           view->n_spenders >= n_peers && view->n_payees + CHANGE_SPARE >= view->n_pay;
}

static void say_wasabi1(struct sg_coinjoin *result, const struct cj_view *view, size_t n_levels,
                        bool coordinator)
{
    const struct cj_group *base = &view->groups[0];
    char coin[CJ_COIN_TEXT_MAX];
    result->kind = SG_COINJOIN_WASABI1;
    result->participants = (uint32_t)base->count;
    result->denomination_sat = base->sat;
    sg_cj_say(result, "%zu equal outputs of %s, paid by %zu addresses", base->count,
              sg_cj_coin(coin, base->sat), view->n_spenders);
    if (coordinator)
        sg_cj_say(result, "pays an address of the coordinator");
    if (n_levels)
        sg_cj_say(result, "%zu outputs of that amount doubled once or more", n_levels);
    sg_cj_say(result, "%zu outputs of single amounts: change and the coordinator's fee",
              view->n_single);
}

/* The coordinator took 0.003 % of the base amount for each peer from each peer, and for doubled
 * amounts more. A round of JoinMarket has such an output by chance only. */
static bool has_fee(const struct cj_view *view)
{
    const uint64_t n = view->groups[0].count, fee = view->groups[0].sat / 100000 * 3 * n * n;
    for (size_t g = 1; g < view->n_groups; g++)
        if (view->groups[g].count == 1 && view->groups[g].sat >= fee / 2 &&
            view->groups[g].sat <= 4 * fee)
            return true;
    return false;
}

static bool looks_like_wasabi1(struct sg_coinjoin *result, const struct cj_view *view)
{
    const struct cj_group *base = &view->groups[0];
    if (view->n_groups == 0 || !view->in_key_hash || base->count < PEERS_MIN ||
        base->sat < BASE_MIN || base->sat > BASE_MAX || view->n_single < 2 || !view->out_key_hash)
        return false;
    const size_t n_levels = count_levels(view, base->sat);
    if (!counts_fit(view, base->count, n_levels))
        return false;
    say_wasabi1(result, view, n_levels, false);
    return true;
}

bool sg_cj_is_wasabi1(struct sg_coinjoin *result, const struct cj_view *view)
{
    if (view->n_groups == 0 || !view->in_key_hash || !pays_coordinator(view))
        return looks_like_wasabi1(result, view) && has_fee(view);
    const struct cj_group *base = &view->groups[0];
    if (base->count < 3 || view->n_spenders < base->count)
        return false;
    say_wasabi1(result, view, count_levels(view, base->sat), true);
    return true;
}

bool sg_cj_is_wasabi1_without_fee(struct sg_coinjoin *result, const struct cj_view *view)
{
    return looks_like_wasabi1(result, view);
}

/* Whether sat is factor * base^k, k >= 0. */
static bool is_power(uint64_t sat, uint64_t base, uint64_t factor)
{
    if (sat % factor)
        return false;
    for (sat /= factor; sat % base == 0; sat /= base)
        ;
    return sat == 1;
}

/* Denominations that nobody pays by chance: powers of 2 and 3, and doubled powers of 3. */
static bool is_odd_denomination(uint64_t sat)
{
    return is_power(sat, 2, 1) || is_power(sat, 3, 1) || is_power(sat, 3, 2);
}

static bool is_round_denomination(uint64_t sat)
{
    return is_power(sat, 10, 1) || is_power(sat, 10, 2) || is_power(sat, 10, 5);
}

bool sg_cj_is_wasabi2(struct sg_coinjoin *result, const struct cj_view *view)
{
    size_t n_odd = 0, n_round = 0;
    if (view->tx->n_spent < COINS_MIN || view->n_pay < COINS_MIN || !view->in_segwit)
        return false;
    for (size_t i = 0; i < view->n_pay; i++) {
        const uint64_t sat = view->pay_sat[i];
        if (sat < DENOMINATION_MIN || sat > DENOMINATION_MAX)
            continue;
        n_odd += is_odd_denomination(sat);
        n_round += !is_odd_denomination(sat) && is_round_denomination(sat);
    }
    if (n_odd < BINARY_MIN || 5 * n_odd < view->n_pay || 2 * (n_odd + n_round) < view->n_pay ||
        view->n_spenders < COINS_MIN)
        return false;
    result->kind = SG_COINJOIN_WASABI2;
    sg_cj_say(result, "%zu of %zu outputs are WabiSabi's standard denominations", n_odd + n_round,
              view->n_pay);
    sg_cj_say(result, "%zu of these are powers of 2 or 3 or doubled powers of 3", n_odd);
    sg_cj_say(result, "%zu inputs of %zu addresses, all P2WPKH or P2TR", view->tx->n_spent,
              view->n_spenders);
    if (view->in_descending && view->out_descending)
        sg_cj_say(result, "inputs and outputs are sorted, largest first");
    return true;
}
