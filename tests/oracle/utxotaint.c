#include "oracle/utxotaint.h"
#include "support/check.h"

#include <string.h>

#define CLEAN     ORACLE_ROBS
#define SHARES    24
#define UNITS_MAX 2048

struct pile {
    uint8_t units[UNITS_MAX];
    size_t n;
};

struct sim {
    struct oracle_utxo *o;
    const struct sg_utxo *utxo;
    const struct sg_utxotaint_input *in;
    struct pile coins[ORACLE_COINS];
    bool gone[ORACLE_COINS];
    struct pile in_pile;
    struct pile shares[SHARES]; /* outputs, then the fee */
    uint64_t want[SHARES];
    bool back[SHARES];
    size_t n_shares;
    struct pile tx_fee[ORACLE_COINS]; /* of each transaction of the block */
    bool fee_known[ORACLE_COINS];
};

static void put(struct pile *p, uint8_t unit)
{
    assert_true(p->n < UNITS_MAX);
    p->units[p->n++] = unit;
}

static uint64_t count(const struct pile *p, uint8_t unit)
{
    uint64_t n = 0;
    for (size_t i = 0; i < p->n; i++)
        n += p->units[i] == unit;
    return n;
}

static uint64_t stolen_in(const struct pile *p)
{
    return p->n - count(p, CLEAN);
}

/* Whole parts, then one each by largest remainder, the lower index first. */
static void portion(uint64_t *parts, const uint64_t *weights, size_t n, uint64_t amount)
{
    uint64_t sum = 0, given = 0, rest[SHARES];
    for (size_t i = 0; i < n; i++)
        sum += weights[i];
    for (size_t i = 0; i < n; i++) {
        parts[i] = sum ? amount * weights[i] / sum : 0;
        rest[i] = sum ? amount * weights[i] % sum : 0;
        given += parts[i];
    }
    for (; sum && given < amount; given++) {
        size_t best = 0;
        for (size_t i = 1; i < n; i++)
            best = rest[i] > rest[best] ? i : best;
        parts[best]++;
        rest[best] = 0;
    }
}

static void poison(struct sim *s, struct pile *p)
{
    uint64_t weights[ORACLE_ROBS], parts[ORACLE_ROBS];
    if (!stolen_in(p))
        return;
    for (uint8_t t = 0; t < ORACLE_ROBS; t++)
        weights[t] = count(p, t);
    portion(parts, weights, ORACLE_ROBS, count(p, CLEAN));
    for (uint8_t t = 0; t < ORACLE_ROBS; t++) {
        s->o->excess[t] += parts[t];
        for (size_t i = 0; i < p->n && parts[t]; i++)
            if (p->units[i] == CLEAN) {
                p->units[i] = t;
                parts[t]--;
            }
    }
}

/* The output that tiho serves next: the largest that has room; else the fee. */
static size_t highest(const struct sim *s, const uint64_t *stolen)
{
    size_t best = s->n_shares - 1;
    for (size_t i = 0; i + 1 < s->n_shares; i++)
        if (stolen[i] < s->want[i] && (best == s->n_shares - 1 || s->want[i] > s->want[best]))
            best = i;
    return best;
}

/* Where libr puts its next clean satoshi. */
static size_t cleanest(const struct sim *s, const uint64_t *clean)
{
    const size_t fee = s->n_shares - 1;
    if (clean[fee] < s->want[fee])
        return fee;
    for (size_t i = 0; i < fee; i++)
        if (!s->back[i] && clean[i] < s->want[i])
            return i;
    for (size_t i = 0; i < fee; i++)
        if (s->back[i] && clean[i] < s->want[i])
            return i;
    return fee;
}

static void choose(uint64_t *stolen, const struct sim *s, uint64_t all)
{
    const size_t fee = s->n_shares - 1;
    memset(stolen, 0, SHARES * sizeof(*stolen));
    switch (s->in->policy) {
    case SG_POLICY_TIHO:
        if (s->in->tiho == SG_UTXOTAINT_TIHO_SHARE) {
            const uint64_t weights[2] = {s->in_pile.n - s->want[fee], s->want[fee]};
            uint64_t parts[2];
            portion(parts, weights, 2, all);
            stolen[fee] = parts[1];
            all = parts[0];
        }
        for (; all; all--)
            stolen[highest(s, stolen)]++;
        break;
    case SG_POLICY_LIBR: {
        uint64_t clean[SHARES] = {0};
        for (uint64_t i = 0; i < s->in_pile.n - all; i++)
            clean[cleanest(s, clean)]++;
        for (size_t i = 0; i < s->n_shares; i++)
            stolen[i] = s->want[i] - clean[i];
        break;
    }
    case SG_POLICY_HAIRCUT:
    case SG_POLICY_POISON:
        portion(stolen, s->want, s->n_shares, all);
        break;
    case SG_POLICY_FIFO:
    case SG_POLICY_LIFO:
        break;
    }
}

static void divide_bag(struct sim *s)
{
    uint64_t stolen[SHARES], pool[ORACLE_ROBS], parts[ORACLE_ROBS];
    choose(stolen, s, stolen_in(&s->in_pile));
    for (uint8_t t = 0; t < ORACLE_ROBS; t++)
        pool[t] = count(&s->in_pile, t);
    for (size_t i = 0; i < s->n_shares; i++) {
        portion(parts, pool, ORACLE_ROBS, stolen[i]);
        for (uint8_t t = 0; t < ORACLE_ROBS; t++)
            for (; parts[t]; parts[t]--, pool[t]--)
                put(&s->shares[i], t);
        while (s->shares[i].n < s->want[i])
            put(&s->shares[i], CLEAN);
    }
}

static void divide_line(struct sim *s)
{
    size_t at = 0;
    for (size_t i = 0; i < s->n_shares; i++)
        for (uint64_t k = 0; k < s->want[i]; k++, at++)
            put(&s->shares[i],
                s->in_pile.units[s->in->policy == SG_POLICY_LIFO ? s->in_pile.n - 1 - at : at]);
}

static void divide(struct sim *s, uint64_t tx)
{
    const struct sg_utxo_tx *at = &sg_utxo_txs(s->utxo)[tx];
    uint64_t left = s->in_pile.n;
    s->n_shares = (size_t)(at[1].first_out - at->first_out) + 1;
    assert_true(s->n_shares <= SHARES);
    for (size_t i = 0; i < s->n_shares; i++) {
        const bool is_fee = i + 1 == s->n_shares;
        s->shares[i].n = 0;
        s->want[i] = is_fee ? left : sg_utxo_out_sat(s->utxo)[at->first_out + i];
        left -= s->want[i];
        s->back[i] = false;
        for (uint64_t in = at->first_in; in < at[1].first_in && !is_fee; in++)
            s->back[i] |= sg_utxo_out_owner(s->utxo)[sg_utxo_ins(s->utxo)[in]] ==
                          sg_utxo_out_owner(s->utxo)[at->first_out + i];
    }
    if (s->in->policy == SG_POLICY_POISON)
        poison(s, &s->in_pile);
    if (s->in->policy == SG_POLICY_FIFO || s->in->policy == SG_POLICY_LIFO)
        divide_line(s);
    else
        divide_bag(s);
}

static void settle_out(struct sim *s, uint64_t out)
{
    struct pile *p = &s->coins[out];
    bool stops = false;
    uint64_t there = stolen_in(p);
    for (size_t k = 0; k < s->in->n_seeds; k++) {
        uint64_t sat = s->in->seeds[k].sat;
        if (s->in->seeds[k].out != out)
            continue;
        for (; sat && there; sat--)
            there--;
        for (size_t i = 0; i < p->n && sat; i++)
            if (p->units[i] == CLEAN) {
                p->units[i] = (uint8_t)s->in->seeds[k].theft;
                s->o->stolen[s->in->seeds[k].theft]++;
                sat--;
            }
    }
    if (s->in->policy == SG_POLICY_POISON)
        poison(s, p);
    if (!stolen_in(p))
        return;
    if (s->in->stops.owner && sg_utxo_out_owner(s->utxo)[out] != SG_UTXO_NOBODY)
        assert_int_equal(
            s->in->stops.owner(s->in->stops.ctx, &stops, sg_utxo_out_owner(s->utxo)[out], NULL),
            SG_OK);
    const bool dust = !stops && stolen_in(p) < s->in->dust_sat;
    for (uint8_t t = 0; t < ORACLE_ROBS && (stops || dust); t++)
        (stops ? s->o->reached[out] : s->o->dust)[t] += count(p, t);
    if (stops || dust)
        memset(p->units, CLEAN, p->n);
}

static void lose_coin(struct sim *s, uint64_t out, uint64_t *into)
{
    for (uint8_t t = 0; t < ORACLE_ROBS; t++)
        into[t] += count(&s->coins[out], t);
    s->gone[out] = true;
}

static void fill_outs(struct sim *s, uint64_t tx, bool divided)
{
    const struct sg_utxo_tx *at = &sg_utxo_txs(s->utxo)[tx];
    for (uint64_t out = at->first_out; out < at[1].first_out; out++) {
        assert_true(out < ORACLE_COINS);
        s->coins[out].n = 0;
        if (divided)
            s->coins[out] = s->shares[out - at->first_out];
        while (s->coins[out].n < sg_utxo_out_sat(s->utxo)[out])
            put(&s->coins[out], CLEAN);
        settle_out(s, out);
    }
}

static void run_tx(struct sim *s, uint64_t tx)
{
    const struct sg_utxo_tx *at = &sg_utxo_txs(s->utxo)[tx];
    const uint64_t *ins = sg_utxo_ins(s->utxo);
    bool known = true, stops = false;
    s->in_pile.n = 0;
    for (uint64_t in = at->first_in; in < at[1].first_in; in++) {
        known = known && ins[in] != SG_UTXO_NONE;
        for (size_t i = 0; ins[in] != SG_UTXO_NONE && i < s->coins[ins[in]].n; i++)
            put(&s->in_pile, s->coins[ins[in]].units[i]);
    }
    s->fee_known[tx] = known;
    s->tx_fee[tx].n = 0;
    if (known && s->in->stops.tx && stolen_in(&s->in_pile))
        assert_int_equal(s->in->stops.tx(s->in->stops.ctx, &stops, tx, NULL), SG_OK);
    for (uint64_t in = at->first_in; in < at[1].first_in; in++)
        if (ins[in] != SG_UTXO_NONE && !known)
            lose_coin(s, ins[in], s->o->held[ins[in]]);
        else if (ins[in] != SG_UTXO_NONE && stops)
            lose_coin(s, ins[in], s->o->stopped);
        else if (ins[in] != SG_UTXO_NONE)
            s->gone[ins[in]] = true;
    if (stops)
        memset(s->in_pile.units, CLEAN, s->in_pile.n);
    if (known) {
        divide(s, tx);
        s->tx_fee[tx] = s->shares[s->n_shares - 1];
    }
    fill_outs(s, tx, known);
}

static void count_fee(struct sim *s, const struct pile *fee)
{
    for (uint8_t t = 0; t < ORACLE_ROBS; t++)
        s->o->fees[t] += count(fee, t);
}

static void run_coinbase(struct sim *s, const struct sg_utxo_block *block)
{
    bool known = true;
    s->in_pile.n = 0;
    for (uint64_t i = sg_btc_subsidy(s->utxo->params, block->height); i; i--)
        put(&s->in_pile, CLEAN);
    for (uint64_t tx = block->first_tx + 1; tx < block->first_tx + block->n_txs; tx++) {
        known = known && s->fee_known[tx];
        for (size_t i = 0; i < s->tx_fee[tx].n; i++)
            put(&s->in_pile, s->tx_fee[tx].units[i]);
    }
    if (s->in->fees == SG_UTXOTAINT_FEES_MINER && known) {
        divide(s, block->first_tx);
        count_fee(s, &s->shares[s->n_shares - 1]);
        fill_outs(s, block->first_tx, true);
        return;
    }
    for (uint64_t tx = block->first_tx + 1; tx < block->first_tx + block->n_txs; tx++)
        count_fee(s, &s->tx_fee[tx]);
    fill_outs(s, block->first_tx, false);
}

void oracle_utxo(struct oracle_utxo *out, const struct sg_utxo *utxo,
                 const struct sg_utxotaint_input *input)
{
    static struct sim s;
    const size_t n = sg_utxo_n(utxo, SG_UTXO_BLOCKS);
    memset(&s, 0, sizeof(s));
    memset(out, 0, sizeof(*out));
    s.o = out;
    s.utxo = utxo;
    s.in = input;
    for (size_t b = 0; b < n && b < input->n_blocks; b++) {
        const struct sg_utxo_block *block = &sg_utxo_blocks(utxo)[b];
        for (uint64_t tx = block->first_tx + 1; tx < block->first_tx + block->n_txs; tx++)
            run_tx(&s, tx);
        run_coinbase(&s, block);
    }
    for (size_t c = 0; c < ORACLE_COINS; c++)
        for (uint8_t t = 0; t < ORACLE_ROBS && !s.gone[c]; t++)
            out->held[c][t] = count(&s.coins[c], t);
}
