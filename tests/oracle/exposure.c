#include "oracle/exposure.h"

#include <string.h>

static bool moves(const struct sg_row *row)
{
    return !(row->flags & (SG_ROW_FAILED | SG_ROW_OUT_OF_RANGE)) && row->from.v != row->to.v &&
           row->amount.units != 0 && row->asset.v == 0;
}

/* What an address must have had come in unseen at one row, and all that came in up to it: seen rows
 * below `row`, with it if `with`, unseen ones up to it. */
static sg_u128 walk(sg_u128 *inflow, size_t *n_seen, const struct mem_ledger *mem, uint32_t addr,
                    uint64_t row, bool with)
{
    sg_u128 balance = 0, lack_at_row = 0;
    uint64_t last_tx = UINT64_MAX;
    *inflow = 0;
    *n_seen = 0;
    for (uint64_t i = 0; i <= row && i < mem->n_rows; i++) {
        const struct sg_row *r = &mem->rows[i];
        const struct sg_tx *tx = &mem->txs[r->tx.v];
        sg_u128 paid[2] = {0, 0};
        if (r->from.v != addr && r->to.v != addr)
            continue;
        if (r->tx.v != last_tx && tx->sender.v == addr && (tx->flags & SG_TX_FEE_KNOWN))
            paid[0] = tx->fee.units;
        last_tx = r->tx.v;
        if (moves(r) && r->from.v == addr)
            paid[1] = r->amount.units;
        for (size_t p = 0; p < 2; p++) {
            const sg_u128 lack = paid[p] > balance ? paid[p] - balance : 0;
            balance += lack;
            *inflow += lack;
            balance -= paid[p];
            if (i == row)
                lack_at_row += lack;
        }
        if (moves(r) && r->to.v == addr && (i < row || with)) {
            balance += r->amount.units;
            *inflow += r->amount.units;
            ++*n_seen;
        }
    }
    return lack_at_row;
}

struct state {
    sg_u128 demand[ORACLE_ADDRS];
    uint32_t hop[ORACLE_ADDRS];
};

static void end(struct oracle_ends *ends, enum sg_funder_end how, uint32_t addr, sg_u128 share)
{
    ends->at[how][addr < ORACLE_ADDRS ? addr : ORACLE_ADDRS].units += share;
}

/* Take what a receipt explains of what its taker still has to. */
static sg_u128 take(struct state *s, uint32_t taker, sg_u128 amount, sg_u128 inflow)
{
    const sg_u128 share = s->demand[taker] * amount / inflow;
    s->demand[taker] -= share;
    return share;
}

static void seen(struct oracle_ends *ends, struct state *s, const struct mem_ledger *mem,
                 const struct sg_row *row, uint32_t subject, const bool *stops, uint32_t hops_max,
                 struct sg_amount min)
{
    sg_u128 inflow = 0;
    size_t n_seen = 0;
    const uint32_t payer = row->from.v;
    (void)walk(&inflow, &n_seen, mem, row->to.v, row->id, true);
    const sg_u128 share = take(s, row->to.v, row->amount.units, inflow);
    const uint32_t hop = s->hop[row->to.v] + 1;
    if (share == 0)
        return;
    if (payer == SG_ID_NONE || payer == subject || stops[payer] || hop >= hops_max ||
        share < min.units) {
        end(ends,
            payer == SG_ID_NONE ? SG_FUNDER_ISSUED
            : payer == subject  ? SG_FUNDER_OWN
            : stops[payer]      ? SG_FUNDER_SERVICE
            : hop >= hops_max   ? SG_FUNDER_FAR
                                : SG_FUNDER_SMALL,
            payer, share);
        return;
    }
    if (hop < s->hop[payer])
        s->hop[payer] = hop;
    (void)walk(&inflow, &n_seen, mem, payer, row->id, false);
    if (n_seen == 0)
        end(ends, SG_FUNDER_UNSEEN, payer, share);
    else
        s->demand[payer] += share;
}

void oracle_funders(struct oracle_ends *ends, const struct mem_ledger *mem, uint32_t addr,
                    const bool *stops, uint32_t hops_max, struct sg_amount min)
{
    struct state s;
    size_t n_seen = 0;
    memset(ends, 0, sizeof(*ends));
    memset(&s, 0, sizeof(s));
    memset(s.hop, 0xff, sizeof(s.hop));
    s.hop[addr] = 0;
    (void)walk(&s.demand[addr], &n_seen, mem, addr, UINT64_MAX, true);
    ends->explained.units = s.demand[addr];
    for (size_t i = mem->n_rows; i-- > 0;) {
        const struct sg_row *row = &mem->rows[i];
        if (moves(row) && s.demand[row->to.v] > 0)
            seen(ends, &s, mem, row, addr, stops, hops_max, min);
        for (uint32_t a = 0; a < ORACLE_ADDRS; a++) {
            sg_u128 inflow = 0;
            const sg_u128 lack = s.demand[a] > 0 ? walk(&inflow, &n_seen, mem, a, i, false) : 0;
            if (lack > 0)
                end(ends, SG_FUNDER_UNSEEN, a, take(&s, a, lack, inflow));
        }
    }
}
