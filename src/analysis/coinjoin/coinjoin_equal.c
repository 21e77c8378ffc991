/* Equal outputs of no known coordinator: JoinMarket's makers and taker, and what is like them. */
#include "analysis/coinjoin/coinjoin_internal.h"

#include "base/mem.h"

#include <string.h>

/* Two equal outputs are too common among ordinary payments. */
#define EQUAL_MIN 3

/* What a maker may earn, and what it may give to the miner's fee, in satoshis. */
#define MAKER_GAIN_MIN 10000
#define MAKER_GIVES    10000
#define GAIN_PART      200 /* or this part of the amount, whatever is more */

/* What is sent to addresses to see them spent: 546 satoshis and little more. */
#define DUST_MAX 1000

/* Amounts that a person or a program chose. What is left after a purchase is not round. */
#define ROUND_SAT 1000

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* What any CoinJoin with equal outputs has: as many spenders, each address used once, all of one
 * form but perhaps one that pays on, and other amounts that differ but for n_pairs. */
static bool could_be_shared(const struct cj_view *view, size_t n_pairs)
{
    if (view->n_groups == 0 || view->groups[0].count < EQUAL_MIN)
        return false;
    const size_t n = view->groups[0].count;
    return view->n_pay - n <= n && view->n_spenders >= n && view->n_payees == view->n_pay &&
           view->n_groups - 1 + n_pairs == view->n_pay - n && view->n_data == 0 &&
           view->n_alike + 1 >= view->n_pay;
}

/* What each participant gets: the equal amount, and its change where there is one. */
static size_t list_targets(uint64_t target[CJ_SHARES_MAX], const struct cj_view *view)
{
    const uint64_t equal = view->groups[0].sat;
    const size_t n = view->groups[0].count;
    size_t n_change = 0;
    if (n > CJ_SHARES_MAX)
        return 0;
    for (size_t i = 0; i < view->n_pay; i++)
        if (view->pay_sat[i] != equal)
            target[n_change++] = equal + view->pay_sat[i];
    for (size_t i = n_change; i < n; i++)
        target[i] = equal;
    return n;
}

static size_t count_round(const struct cj_view *view)
{
    size_t n = 0;
    for (size_t g = 1; g < view->n_groups; g++)
        n += view->groups[g].sat % ROUND_SAT == 0;
    return n;
}

static void say_equal(struct sg_coinjoin *result, const struct cj_view *view,
                      enum sg_coinjoin_kind kind)
{
    const struct cj_group *equal = &view->groups[0];
    char coin[CJ_COIN_TEXT_MAX];
    result->kind = kind;
    result->participants = (uint32_t)equal->count;
    result->denomination_sat = equal->sat;
    sg_cj_say(result, "%zu equal outputs of %s and %zu of single amounts", equal->count,
              sg_cj_coin(coin, equal->sat), view->n_pay - equal->count);
    sg_cj_say(result, "%zu addresses spend; no address is paid twice", view->n_spenders);
}

/* The largest input must belong to somebody: it fits no participant if it is above all targets. */
static bool largest_fits(const struct cj_view *view, uint64_t target)
{
    return view->in_sat[0] <= target + view->fee + view->groups[0].count * (uint64_t)MAKER_GIVES +
                                  view->groups[0].sat / GAIN_PART * view->groups[0].count;
}

/* Where the search gives up: makers often spend one output each, so for a quarter of the shares one
 * input must do by itself, and no input may be larger than any share. By chance a tenth of them
 * would. */
static bool likely_fits(const struct cj_view *view, const struct cj_shares *shares)
{
    size_t n = 0;
    for (size_t s = 0; s < shares->n; s++) {
        bool fits = false;
        for (size_t i = 0; i < shares->n_in && !fits; i++)
            fits = shares->in_sat[i] + shares->gain >= shares->target[s] &&
                   shares->in_sat[i] <= shares->target[s] + shares->spend;
        n += fits;
    }
    return 4 * n >= shares->n && largest_fits(view, shares->target[0]);
}

bool sg_cj_is_joinmarket(struct sg_coinjoin *result, const struct cj_view *view)
{
    uint64_t target[CJ_SHARES_MAX];
    const bool pair = could_be_shared(view, 1);
    if ((!pair && !could_be_shared(view, 0)) || count_round(view) > 1)
        return false;
    const size_t n = view->groups[0].count, n_change = view->n_pay - n;
    if (n_change + 1 < n || list_targets(target, view) == 0)
        return false;
    const struct cj_shares shares = {
        .in_sat = view->in_sat,
        .n_in = view->n_spenders,
        .target = target,
        .n = n,
        .gain = larger(MAKER_GAIN_MIN, view->groups[0].sat / GAIN_PART),
        .spend = MAKER_GIVES,
        .one_pays = true,
    };
    enum cj_answer answer = sg_cj_shares_fit(&shares);
    if (answer == CJ_UNKNOWN && sg_cj_shares_cover(&shares))
        answer = CJ_YES;
    if (answer == CJ_NO || (answer == CJ_UNKNOWN && (pair || !likely_fits(view, &shares))))
        return false;
    say_equal(result, view, SG_COINJOIN_JOINMARKET);
    if (answer == CJ_YES)
        sg_cj_say(result, "inputs can be dealt out so that each maker gets what it spends and a "
                          "small fee, and one pays");
    else
        sg_cj_say(result, "too many inputs to deal them all out; single ones fit a quarter of the "
                          "shares or more");
    return true;
}

/* Whoever holds coins of the amount already, and moves them all, needs nobody else for it. Dust
 * that others sent to his addresses says nothing. */
static bool is_move(const struct cj_view *view)
{
    size_t n_equal = 0, n_coins = 0;
    for (size_t i = 0; i < view->tx->n_spent; i++) {
        n_equal += view->tx->spent[i].sat == view->groups[0].sat;
        n_coins += view->tx->spent[i].sat > DUST_MAX;
    }
    return view->n_groups > 1 ? 2 * n_equal > n_coins : n_equal == n_coins;
}

bool sg_cj_is_equal_output(struct sg_coinjoin *result, const struct cj_view *view)
{
    uint64_t target[CJ_SHARES_MAX];
    if (!could_be_shared(view, 0) || is_move(view) ||
        view->n_spenders > 2 * view->groups[0].count || list_targets(target, view) == 0)
        return false;
    const struct cj_shares shares = {
        .in_sat = view->in_sat,
        .n_in = view->n_spenders,
        .target = target,
        .n = view->groups[0].count,
        .spend = smaller(view->fee, larger(MAKER_GIVES, view->groups[0].sat / GAIN_PART)),
    };
    if (sg_cj_shares_fit(&shares) != CJ_YES)
        return false;
    say_equal(result, view, SG_COINJOIN_EQUAL_OUTPUT);
    sg_cj_say(result, "inputs can be dealt out so that each participant pays for itself and a part "
                      "of the fee");
    return true;
}

/* A payment needs no input that both its payee and its change could do without. PayJoin (BIP-78)
 * has one, the payee's; so have careless wallets, so it is a candidate and no more. */
#define PAYJOIN_INPUTS_MAX 6

bool sg_cj_is_payjoin(struct sg_coinjoin *result, const struct cj_view *view)
{
    if (view->n_pay != 2 || view->n_payees != 2 || view->n_data || view->n_spenders < 2 ||
        view->tx->n_spent > PAYJOIN_INPUTS_MAX || view->in_form == CJ_FORM_OTHER ||
        view->n_alike != 2)
        return false;
    const uint64_t least = view->in_sat[view->n_spenders - 1];
    if (view->total_in - least < view->pay_sat[0] + view->fee)
        return false;
    result->kind = SG_COINJOIN_PAYJOIN;
    result->participants = 2;
    sg_cj_say(result, "the smallest input is needed for neither output: perhaps the payee's");
    sg_cj_say(result, "two outputs, of the form of all inputs; many wallets do so by carelessness");
    return true;
}
