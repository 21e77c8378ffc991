/* Dealing inputs out to many participants: for each share the few inputs that could have paid it,
 * then one choice a share so that no input is used twice. Finds what a plain search gives up on, as
 * long as no participant but the one who pays spends more than three inputs. */
#include "analysis/coinjoin/coinjoin_internal.h"

#define CHOICES_MAX 512 /* for a share; more, and the amounts tell nothing */
#define STEPS_MAX   20000

struct cover {
    const struct cj_shares *shares;
    uint64_t choices[CJ_SHARES_MAX][CHOICES_MAX]; /* sets of inputs, as bits */
    size_t n_choices[CJ_SHARES_MAX];
    bool done[CJ_SHARES_MAX];
    bool paid; /* who pays for all has been chosen: it gets what is left */
    uint64_t used;
    uint64_t steps;
};

static void note(struct cover *c, size_t share, uint64_t set, uint64_t sum)
{
    const struct cj_shares *s = c->shares;
    if (sum + s->gain < s->target[share] || sum > s->target[share] + s->spend ||
        c->n_choices[share] == CHOICES_MAX)
        return;
    c->choices[share][c->n_choices[share]++] = set;
}

static void list_choices(struct cover *c, size_t share)
{
    const uint64_t *sat = c->shares->in_sat;
    const size_t n = c->shares->n_in;
    for (size_t i = 0; i < n; i++) {
        note(c, share, UINT64_C(1) << i, sat[i]);
        for (size_t j = i + 1; j < n; j++) {
            note(c, share, UINT64_C(1) << i | UINT64_C(1) << j, sat[i] + sat[j]);
            for (size_t k = j + 1; k < n; k++)
                note(c, share, UINT64_C(1) << i | UINT64_C(1) << j | UINT64_C(1) << k,
                     sat[i] + sat[j] + sat[k]);
        }
    }
}

static size_t count_open(const struct cover *c, size_t share)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n_choices[share]; i++)
        n += (c->choices[share][i] & c->used) == 0;
    return n;
}

/* The share with fewest choices left; shares->n when all are done. */
static size_t narrowest(const struct cover *c)
{
    size_t best = c->shares->n, fewest = SIZE_MAX;
    for (size_t s = 0; s < c->shares->n; s++) {
        const size_t n = c->done[s] ? SIZE_MAX : count_open(c, s);
        if (n < fewest) {
            fewest = n;
            best = s;
        }
    }
    return best;
}

static bool is_complete(const struct cover *c)
{
    const size_t n_used = (size_t)__builtin_popcountll(c->used);
    return c->paid ? n_used < c->shares->n_in : n_used == c->shares->n_in;
}

static bool cover(struct cover *c)
{
    const size_t share = narrowest(c);
    if (share == c->shares->n)
        return is_complete(c);
    c->done[share] = true;
    for (size_t i = 0; i < c->n_choices[share] && c->steps < STEPS_MAX; i++) {
        const uint64_t set = c->choices[share][i];
        if (set & c->used)
            continue;
        c->steps++;
        c->used |= set;
        if (cover(c))
            return true;
        c->used &= ~set;
    }
    if (!c->paid && c->shares->one_pays && c->steps < STEPS_MAX) {
        c->paid = true;
        if (cover(c))
            return true;
        c->paid = false;
    }
    c->done[share] = false;
    return false;
}

bool sg_cj_shares_cover(const struct cj_shares *shares)
{
    struct cover c = {.shares = shares};
    if (shares->n_in > CJ_SHARES_MAX || shares->n > CJ_SHARES_MAX || shares->n_in < shares->n)
        return false;
    for (size_t s = 0; s < shares->n; s++)
        list_choices(&c, s);
    return cover(&c);
}
