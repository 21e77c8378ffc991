/* Dealing inputs out to many participants: for each share the small sets of inputs that could have
 * paid it, then one set a share so that no input is used twice. One participant needs no set: it
 * gets what is left, however many coins and dust that is, if the amount is right. Finds what a
 * plain search gives up on. */
#include "analysis/coinjoin/coinjoin_internal.h"

#include <string.h>

#define FEW         3
#define CHOICES_MAX 512      /* for a share in a role, those of fewest inputs */
#define LISTED_MAX  4000000  /* inputs looked at for all sets together: some 10 ms */
#define WORK_MAX    20000000 /* sets looked at for all choices together: some 50 ms */

/* The payer pays the others' gain and the miner. */
enum role { MAKER, PAYER, N_ROLES };

struct bounds {
    uint64_t least, most;
};

struct list {
    struct bounds bounds;
    uint64_t sets[CHOICES_MAX]; /* of inputs, as bits */
    size_t n, n_few;            /* n_few: of FEW inputs or less; they come first */
    uint64_t listed, listed_max;
};

struct cover {
    const struct cj_shares *shares;
    struct list lists[N_ROLES][CJ_SHARES_MAX];
    bool done[CJ_SHARES_MAX];
    bool few;     /* only sets of FEW inputs or less */
    size_t payer; /* the share of who pays for all; n: not chosen yet */
    size_t rest;  /* the share that gets what is left; n: not chosen yet */
    uint64_t used;
    uint64_t work, work_max;
};

static uint64_t minus(uint64_t a, uint64_t b)
{
    return a > b ? a - b : 0;
}

static uint64_t sum(const uint64_t *sat, size_t n)
{
    uint64_t total = 0;
    for (size_t i = 0; i < n; i++)
        total += sat[i];
    return total;
}

/* What the payer spends follows from what the others can have gained or given. */
static struct bounds bounds_of(const struct cj_shares *s, enum role role, size_t share)
{
    const uint64_t target = s->target[share];
    if (role == MAKER)
        return (struct bounds){minus(target, s->gain), target + s->spend};
    const uint64_t due = target + sum(s->in_sat, s->n_in) - sum(s->target, s->n);
    return (struct bounds){minus(due, (s->n - 1) * s->spend), due + (s->n - 1) * s->gain};
}

/* All sets of `more` inputs from `from` on, together with `set`, whose sum is sat. */
static void list_sets(struct list *list, const struct cj_shares *shares, size_t from, size_t more,
                      uint64_t set, uint64_t sat)
{
    if (more == 0 && sat >= list->bounds.least && list->n < CHOICES_MAX)
        list->sets[list->n++] = set;
    for (size_t i = from; more && i + more <= shares->n_in && list->listed < list->listed_max;
         i++) {
        list->listed++;
        if (sat + more * shares->in_sat[i] < list->bounds.least)
            break; /* the inputs descend: all others are too small */
        if (sat + shares->in_sat[i] <= list->bounds.most)
            list_sets(list, shares, i + 1, more - 1, set | UINT64_C(1) << i,
                      sat + shares->in_sat[i]);
    }
}

/* The smallest sets first: the fewer inputs, the less a sum fits by chance. */
static void list_choices(struct cover *c, enum role role, size_t share)
{
    const struct cj_shares *shares = c->shares;
    struct list *list = &c->lists[role][share];
    list->bounds = bounds_of(shares, role, share);
    list->listed_max = LISTED_MAX / N_ROLES / shares->n;
    for (size_t size = 1; size <= shares->n_in && list->n < CHOICES_MAX; size++) {
        list_sets(list, shares, 0, size, 0, 0);
        list->n_few = size <= FEW ? list->n : list->n_few;
    }
}

static size_t n_sets(const struct cover *c, const struct list *list)
{
    return c->few ? list->n_few : list->n;
}

static const struct list *list_of(const struct cover *c, size_t share)
{
    return &c->lists[share == c->payer ? PAYER : MAKER][share];
}

/* Up to `most`. */
static size_t count_open(struct cover *c, size_t share, size_t most)
{
    const struct list *list = list_of(c, share);
    size_t n = 0;
    for (size_t i = 0; i < n_sets(c, list) && n < most; i++, c->work++)
        n += (list->sets[i] & c->used) == 0;
    return n;
}

/* The share with fewest choices left; shares->n when all are done. */
static size_t narrowest(struct cover *c)
{
    size_t best = c->shares->n, fewest = SIZE_MAX;
    for (size_t s = 0; s < c->shares->n && fewest; s++) {
        const size_t n = c->done[s] ? SIZE_MAX : count_open(c, s, fewest);
        if (n < fewest) {
            fewest = n;
            best = s;
        }
    }
    return best;
}

static bool is_complete(const struct cover *c)
{
    if (c->rest == c->shares->n)
        return false;
    const struct bounds *bounds = &list_of(c, c->rest)->bounds;
    uint64_t left = 0;
    for (size_t i = 0; i < c->shares->n_in; i++)
        left += c->used >> i & 1 ? 0 : c->shares->in_sat[i];
    return left && left >= bounds->least && left <= bounds->most;
}

static bool cover(struct cover *c)
{
    const size_t share = narrowest(c);
    if (share == c->shares->n)
        return is_complete(c);
    const struct list *list = list_of(c, share);
    c->done[share] = true;
    for (size_t i = 0; i < n_sets(c, list) && c->work < c->work_max; i++) {
        c->work++;
        if (list->sets[i] & c->used)
            continue;
        c->used |= list->sets[i];
        if (cover(c))
            return true;
        c->used &= ~list->sets[i];
    }
    if (c->rest == c->shares->n && c->work < c->work_max) {
        c->payer = c->rest = share;
        if (cover(c))
            return true;
        c->payer = c->rest = c->shares->n;
    }
    c->done[share] = false;
    return false;
}

static bool cover_with(struct cover *c, size_t payer, size_t rest, uint64_t work_max)
{
    c->payer = payer;
    c->rest = rest;
    c->work = 0;
    c->work_max = work_max;
    c->used = 0;
    memset(c->done, 0, sizeof(c->done));
    if (rest < c->shares->n)
        c->done[rest] = true;
    return cover(c);
}

/* Half of the work for the payer to get what is left, with few inputs for all others; half for one
 * participant with many inputs beside the payer. */
static bool cover_any(struct cover *c)
{
    const size_t n = c->shares->n;
    c->few = true;
    if (cover_with(c, n, n, WORK_MAX / 2))
        return true;
    c->few = false;
    for (size_t rest = 0; rest < n; rest++)
        for (size_t payer = 0; payer < n; payer++)
            if (payer != rest && cover_with(c, payer, rest, WORK_MAX / 2 / n / n))
                return true;
    return false;
}

bool sg_cj_shares_cover(const struct cj_shares *shares)
{
    struct cover c = {.shares = shares};
    if (shares->n_in > CJ_SHARES_MAX || shares->n > CJ_SHARES_MAX || shares->n_in < shares->n)
        return false;
    for (size_t s = 0; s < shares->n; s++)
        for (int role = MAKER; role < N_ROLES; role++)
            list_choices(&c, (enum role)role, s);
    return cover_any(&c);
}
