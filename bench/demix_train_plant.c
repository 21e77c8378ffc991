/* Thefts that never were, planted among the real crowd of the pool: batches of deposits, and
 * withdrawals in many manners (one or many to an address; minutes or days; one at a time or several
 * interleaved; one relayer, any, or none; at all hours or in a shift), from one in two of the
 * withdrawals around them to one in fifteen. What the model learns from them is to weigh manners
 * that Ronin's thief did not have, and rates at which he is one of many.
 * Every parameter is drawn anew for each theft, so that no two are alike. The learner sees those of
 * two stretches of the pool's life; those of the third, with another crowd, are only scored. */
#include "demix_train.h"

#include "base/mem.h"
#include "base/vec.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EACH      10 /* thefts of each base rate in each stretch, drawn at large */
#define EACH_KIND 5  /* of each kind at two base rates */

/* Stretches of the pool's life. */
static const struct {
    int64_t begin_unix_s, end_unix_s;
    bool unseen;
} stretches[] = {
    {1601510400, 1617235200, false}, /* 2020-10 to 2021-03 */
    {1617235200, 1633046400, true},  /* 2021-04 to 2021-09 */
    {1633046400, 1648771200, false}, /* 2021-10 to 2022-03 */
};
static const unsigned bases[] = {2, 4, 7, 11, 15}; /* one in so many withdrawals */

struct manner {
    bool reused;                   /* addresses of the pool's past */
    double batch;                  /* deposits, mean */
    double deposit_gap_s;          /* median */
    double each;                   /* withdrawals to an address, mean */
    double delay_s, gap_s, gap_sd; /* median, median, deviation of logs */
    unsigned lanes;                /* addresses served at a time */
    double withdrawn;              /* share of the deposits */
    double unrelayed;              /* share of the withdrawals */
    bool one_relayer;
    double relayer_off;      /* of the usual fee, share of it */
    int first_hour, n_hours; /* of the day in which the thief works */
};

struct planting {
    struct data *data;
    struct sg_rng *rng;
    struct manner manner;
    struct sg_pool pool; /* of the world that is made */
    struct labelled *events;
    uint32_t batch; /* of the theft, last */
};

static double uniform(struct sg_rng *rng)
{
    return (double)(sg_rng_next(rng) >> 11) / 9007199254740992.0;
}

static double between(struct sg_rng *rng, double low, double high)
{
    return low + (high - low) * uniform(rng);
}

static double log_between(struct sg_rng *rng, double low, double high)
{
    return exp(between(rng, log(low), log(high)));
}

/* Sum of twelve: near enough to a normal number, and the same on every machine. */
static double normal(struct sg_rng *rng)
{
    double sum = -6;
    for (int i = 0; i < 12; i++)
        sum += uniform(rng);
    return sum;
}

static void draw_manner(struct manner *m, struct sg_rng *rng)
{
    const double habit = uniform(rng);
    m->batch = log_between(rng, 8, 60);
    m->deposit_gap_s = log_between(rng, 30, 1800);
    m->each = log_between(rng, 1, 16);
    m->delay_s = log_between(rng, 300, 43200);
    m->gap_s = log_between(rng, 60, 14400);
    m->gap_sd = between(rng, 0.2, 1.5);
    m->lanes = (unsigned)log_between(rng, 1, 12);
    m->withdrawn = between(rng, 0.8, 1);
    m->unrelayed = habit < 0.6 ? 0 : habit < 0.7 ? 1 : uniform(rng);
    m->one_relayer = uniform(rng) < 0.5;
    m->relayer_off = between(rng, -0.3, 0.5);
    m->reused = false;
    m->first_hour = (int)sg_rng_below(rng, 24);
    m->n_hours = uniform(rng) < 0.7 ? 24 : 8 + (int)sg_rng_below(rng, 8);
}

const char *sg_train_kind_name(enum kind kind)
{
    static const char *const names[N_KINDS] = {
        [AT_LARGE] = "at large", [SLOW] = "slow",       [SINGLES] = "singles",
        [HOARDS] = "hoards",     [TRICKLE] = "trickle", [UNRELAYED] = "unrelayed",
        [PARTIAL] = "partial",   [REUSED] = "reused",   [ABSENT] = "absent",
    };
    return names[kind];
}

/* One manner at an end of what there is; the others stay as drawn. */
static void exaggerate(struct manner *m, enum kind kind, struct sg_rng *rng)
{
    switch (kind) {
    case AT_LARGE:
    case N_KINDS:
        break;
    case SLOW:
        m->delay_s = log_between(rng, 86400, 864000);
        m->gap_s = log_between(rng, 1800, 43200);
        break;
    case SINGLES:
        m->each = 1;
        break;
    case HOARDS:
        m->batch = log_between(rng, 40, 150);
        m->each = between(rng, 15, 40);
        break;
    case UNRELAYED:
        m->unrelayed = 1;
        break;
    case TRICKLE:
        m->batch = log_between(rng, 1, 6);
        break;
    case PARTIAL:
        m->withdrawn = between(rng, 0.1, 0.5);
        break;
    case REUSED:
        m->reused = true;
        break;
    case ABSENT:
        m->withdrawn = 0;
        break;
    }
}

/* The time itself, or when work begins again. */
static int64_t at_work(struct planting *p, int64_t t)
{
    const int64_t since = ((t / 3600 - p->manner.first_hour) % 24 + 24) % 24;
    if (since < p->manner.n_hours)
        return t;
    return t - t % 3600 + (24 - since) * 3600 + (int64_t)sg_rng_below(p->rng, 7200);
}

static size_t real_at(const struct data *data, int64_t t)
{
    size_t low = 0;
    for (size_t n = data->pool.n_withdrawals; n;) {
        const size_t half = n / 2;
        if (data->pool.withdrawals[low + half].time_unix_s < t) {
            low += half + 1;
            n -= half + 1;
        } else {
            n = half;
        }
    }
    return low;
}

static int by_fee(const void *a, const void *b)
{
    return sg_amount_cmp(*(const struct sg_amount *)a, *(const struct sg_amount *)b);
}

/* What relayers took then: somebody's fee, or the median with what the one relayer asks more. */
static struct sg_amount draw_fee(struct planting *p, int64_t t)
{
    struct sg_amount near[30];
    struct sg_amount rest;
    size_t n = 0;
    const struct sg_pool *pool = &p->data->pool;
    const size_t at = real_at(p->data, t);
    if (uniform(p->rng) < p->manner.unrelayed)
        return SG_AMOUNT_ZERO;
    for (size_t i = at > 20 ? at - 20 : 0; i < pool->n_withdrawals && i < at + 20 && n < 30; i++)
        if (!sg_amount_is_zero(pool->withdrawals[i].fee))
            near[n++] = pool->withdrawals[i].fee;
    if (!n)
        return SG_AMOUNT_ZERO;
    if (!p->manner.one_relayer)
        return near[sg_rng_below(p->rng, n)];
    qsort(near, n, sizeof(*near), by_fee);
    const double factor = 1000 * (1 + p->manner.relayer_off + 0.02 * normal(p->rng));
    if (!sg_amount_mul(&rest, near[n / 2], (uint64_t)factor))
        return near[n / 2];
    return sg_amount_mul_div(NULL, rest, sg_amount_from(1), sg_amount_from(1000));
}

static int by_time(const void *a, const void *b)
{
    const struct labelled *x = a;
    const struct labelled *y = b;
    return (x->w.time_unix_s > y->w.time_unix_s) - (x->w.time_unix_s < y->w.time_unix_s);
}

static unsigned draw_each(struct planting *p, unsigned left)
{
    const unsigned most = (unsigned)lround(2 * p->manner.each - 1);
    const unsigned n = 1 + (unsigned)sg_rng_below(p->rng, most ? most : 1);
    return n < left ? n : left;
}

/* A new address, or one that withdrew three months before and more. */
static uint32_t draw_address(struct planting *p, int64_t start)
{
    const size_t n = p->manner.reused ? real_at(p->data, start - 90 * DAY_S) : 0;
    if (n)
        return p->data->pool.withdrawals[sg_rng_below(p->rng, n)].to;
    return (uint32_t)p->pool.n_addresses++;
}

/* One address after the other, on the lane that is free first. */
static void draw_withdrawals(struct planting *p, unsigned n, int64_t start)
{
    int64_t lanes[16];
    const double *gap = &p->manner.gap_s;
    for (unsigned i = 0; i < p->manner.lanes; i++)
        lanes[i] = start + (int64_t)(p->manner.delay_s * exp(0.5 * normal(p->rng)));
    while (n) {
        unsigned lane = 0;
        for (unsigned i = 1; i < p->manner.lanes; i++)
            lane = lanes[i] < lanes[lane] ? i : lane;
        const unsigned each = draw_each(p, n);
        const uint32_t to = draw_address(p, start);
        for (unsigned i = 0; i < each; i++) {
            struct labelled *e = &p->events[p->pool.n_withdrawals++];
            lanes[lane] += 12 + (int64_t)(*gap * exp(p->manner.gap_sd * normal(p->rng)));
            lanes[lane] = at_work(p, lanes[lane]);
            memset(e, 0, sizeof(*e));
            e->label = p->batch;
            e->w.to = to;
            e->w.time_unix_s = lanes[lane];
            for (size_t b = 0; b < 4; b++)
                e->w.nullifier32[b] = (uint8_t)(sg_rng_next(p->rng) >> 8);
        }
        n -= each;
    }
}

/* Deposits from `start`; the j-th withdrawal is later than the j-th deposit. */
static void plant_batch(struct planting *p, int64_t start)
{
    const unsigned n = 1 + (unsigned)(p->manner.batch * between(p->rng, 0.5, 1.5));
    const size_t first = p->pool.n_withdrawals;
    const size_t first_deposit = p->pool.n_deposits;
    int64_t t = at_work(p, start);
    p->batch++;
    for (unsigned i = 0; i < n; i++) {
        p->pool.deposits[p->pool.n_deposits++] =
            (struct sg_pool_deposit){.time_unix_s = t, .batch = p->batch};
        t += 12 + (int64_t)(p->manner.deposit_gap_s * exp(0.7 * normal(p->rng)));
    }
    draw_withdrawals(p, (unsigned)lround(n * p->manner.withdrawn), start);
    qsort(p->events + first, p->pool.n_withdrawals - first, sizeof(*p->events), by_time);
    for (size_t i = first; i < p->pool.n_withdrawals; i++) {
        struct sg_pool_withdrawal *w = &p->events[i].w;
        const int64_t after = p->pool.deposits[first_deposit + i - first].time_unix_s + 60;
        w->time_unix_s = w->time_unix_s > after ? w->time_unix_s : after;
        w->fee = draw_fee(p, w->time_unix_s);
    }
}

/* The real pool, without the real theft. */
static void copy_crowd(struct planting *p)
{
    const struct sg_pool *pool = &p->data->pool;
    p->pool.n_deposits = p->pool.n_withdrawals = 0;
    for (size_t i = 0; i < pool->n_deposits; i++)
        if (!pool->deposits[i].batch)
            p->pool.deposits[p->pool.n_deposits++] = pool->deposits[i];
    for (size_t i = 0; i < pool->n_withdrawals; i++)
        if (!p->data->label[i])
            p->events[p->pool.n_withdrawals++] = (struct labelled){pool->withdrawals[i], 0};
}

/* A theft whose window starts at `begin` and holds about one of its withdrawals in `base`. */
static void plant(struct planting *p, const struct world *world, int64_t begin, int64_t end)
{
    const size_t room = 100;
    const double target = log_between(p->rng, 30, 400);
    const size_t at = real_at(p->data, begin);
    size_t until = at + (size_t)(target * (world->base - 1));
    draw_manner(&p->manner, p->rng);
    exaggerate(&p->manner, world->kind, p->rng);
    copy_crowd(p);
    p->batch = 0;
    if (until >= p->data->pool.n_withdrawals)
        until = p->data->pool.n_withdrawals - 1;
    int64_t last = p->data->pool.withdrawals[until].time_unix_s;
    last = last < end ? last : end;
    const double days = fmax((double)(last - begin - SG_DEMIX_AFTER_S), 3600);
    for (double made = 0; made < target && p->batch < room; made += p->manner.batch)
        plant_batch(p, begin + (int64_t)(days * (p->batch ? uniform(p->rng) : 0)));
}

static void world_of(struct planting *p, struct samples *out, size_t stretch, enum kind kind,
                     unsigned base)
{
    struct world world = {
        .origin = PLANTED, .kind = kind, .unseen = stretches[stretch].unseen, .base = base};
    const int64_t begin = stretches[stretch].begin_unix_s;
    const int64_t end = stretches[stretch].end_unix_s;
    const struct sg_pool *real = &p->data->pool;
    p->pool = *real;
    p->pool.deposits =
        sg_train_must(sg_mem_alloc(real->n_deposits + 20000, sizeof(*real->deposits)));
    p->events = sg_train_must(sg_mem_alloc(real->n_withdrawals + 20000, sizeof(*p->events)));
    p->pool.withdrawals =
        sg_train_must(sg_mem_alloc(real->n_withdrawals + 20000, sizeof(*real->withdrawals)));
    plant(p, &world, begin + (int64_t)(uniform(p->rng) * 0.8 * (double)(end - begin)), end);
    sg_train_add_world(out, p->data, &p->pool, p->events, &world);
    sg_mem_free(p->pool.withdrawals);
    sg_mem_free(p->events);
    sg_mem_free(p->pool.deposits);
}

void sg_train_plant(struct samples *out, struct data *data)
{
    struct sg_rng rng;
    struct planting p = {.data = data, .rng = &rng};
    sg_rng_init(&rng, 2020);
    for (size_t s = 0; s < SG_COUNT_OF(stretches); s++)
        for (size_t b = 0; b < SG_COUNT_OF(bases); b++)
            for (int i = 0; i < EACH; i++)
                world_of(&p, out, s, AT_LARGE, bases[b]);
    for (unsigned k = AT_LARGE + 1; k < N_KINDS; k++)
        for (size_t s = 0; s < SG_COUNT_OF(stretches); s++)
            for (size_t b = 1; b < SG_COUNT_OF(bases); b += 2)
                for (int i = 0; i < EACH_KIND; i++)
                    world_of(&p, out, s, (enum kind)k, bases[b]);
}
