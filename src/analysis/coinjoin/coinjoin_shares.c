/* Dealing inputs out to participants: the subset sums behind equal outputs with change. */
#include "analysis/coinjoin/coinjoin_internal.h"

/* Steps after which the search gives up: some milliseconds. */
#define STEPS_MAX 200000

struct search {
    const struct cj_shares *shares;
    bool used[CJ_SHARES_MAX];
    size_t n_free;
    bool paid; /* the participant who pays for all has been chosen */
    uint64_t steps;
    bool gave_up;
};

static bool deal_share(struct search *s, size_t share);

/* Choose inputs from `from` on until the share's sum is within its bounds, then deal the next
 * share. least and most are what is still missing. */
static bool choose(struct search *s, size_t share, size_t from, uint64_t least, uint64_t most)
{
    const struct cj_shares *shares = s->shares;
    for (size_t i = from; i < shares->n_in && !s->gave_up; i++) {
        const uint64_t sat = shares->in_sat[i];
        if (s->used[i] || sat > most)
            continue;
        if (++s->steps > STEPS_MAX) {
            s->gave_up = true;
            return false;
        }
        s->used[i] = true;
        s->n_free--;
        if (sat >= least ? deal_share(s, share + 1)
                         : choose(s, share, i + 1, least - sat, most - sat))
            return true;
        /* Small inputs may be added to one that is enough already. */
        if (sat >= least && choose(s, share, i + 1, 0, most - sat))
            return true;
        s->used[i] = false;
        s->n_free++;
    }
    return false;
}

static bool deal_share(struct search *s, size_t share)
{
    const struct cj_shares *shares = s->shares;
    const size_t n_left = shares->n - share;
    if (n_left == 0)
        return s->n_free == 0 || s->paid;
    if (s->n_free < n_left)
        return false;
    const uint64_t target = shares->target[share];
    const uint64_t least = target > shares->gain ? target - shares->gain : 0;
    if (choose(s, share, 0, least, target + shares->spend))
        return true;
    if (!shares->one_pays || s->paid || s->gave_up)
        return false;
    s->paid = true; /* its inputs are those that are left at the end */
    const bool fits = deal_share(s, share + 1) && s->n_free > 0;
    s->paid = fits;
    return fits;
}

enum cj_answer sg_cj_shares_fit(const struct cj_shares *shares)
{
    struct search s = {.shares = shares, .n_free = shares->n_in};
    if (shares->n_in < shares->n)
        return CJ_NO;
    if (shares->n_in > CJ_SHARES_MAX || shares->n > CJ_SHARES_MAX)
        return CJ_UNKNOWN;
    const bool fits = deal_share(&s, 0);
    return fits ? CJ_YES : s.gave_up ? CJ_UNKNOWN : CJ_NO;
}
