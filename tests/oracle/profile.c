#include "oracle/profile.h"

#include "support/check.h"

#include <string.h>

static void add(struct sg_profile_sum *sum, struct sg_amount amount)
{
    sum->transfers++;
    if (!sg_amount_add(&sum->amount, sum->amount, amount))
        sum->too_large = true;
}

static bool counts(const struct sg_batch_row *row)
{
    return !(row->flags & (SG_ROW_FAILED | SG_ROW_OUT_OF_RANGE));
}

void oracle_flows(struct sg_profile_sum *in, struct sg_profile_sum *out, const struct sg_model *m,
                  sg_addr_ref addr, sg_addr_ref token, const sg_addr_ref *peer)
{
    memset(in, 0, sizeof(*in));
    memset(out, 0, sizeof(*out));
    for (size_t i = 0; i < m->n_rows; i++) {
        const struct sg_batch_row *row = &m->rows[i];
        if (!counts(row) || row->token != token)
            continue;
        if (row->to == addr && (!peer || row->from == *peer))
            add(in, row->amount);
        if (row->from == addr && (!peer || row->to == *peer))
            add(out, row->amount);
    }
}

struct oracle_totals oracle_totals(const struct sg_model *m, sg_addr_ref addr)
{
    struct oracle_totals t = {.first_unix_s = SG_TIME_UNKNOWN, .last_unix_s = SG_TIME_UNKNOWN};
    for (size_t i = 0; i < m->n_txs; i++) {
        const struct sg_batch_tx *tx = &m->txs[i];
        uint64_t n = 0;
        for (uint64_t r = m->first_rows[i]; r < m->first_rows[i + 1]; r++) {
            const struct sg_batch_row *row = &m->rows[r];
            if (row->from != addr && row->to != addr)
                continue;
            n++;
            t.n_failed += (row->flags & SG_ROW_FAILED) != 0;
        }
        if (!n)
            continue;
        t.n_rows += n;
        t.n_txs++;
        if (t.first_unix_s == SG_TIME_UNKNOWN)
            t.first_unix_s = tx->time_unix_s;
        if (tx->time_unix_s != SG_TIME_UNKNOWN)
            t.last_unix_s = tx->time_unix_s;
        if (tx->sender != addr)
            continue;
        if (!(tx->flags & SG_TX_FEE_KNOWN))
            t.unknown_fees++;
        else
            assert_true(sg_amount_add(&t.fees, t.fees, tx->fee));
    }
    return t;
}
