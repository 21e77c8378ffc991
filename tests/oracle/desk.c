#include "oracle/desk.h"

#include "store/ledger/ledger.h"

#include <inttypes.h>
#include <string.h>

#define MAX 64

struct row {
    unsigned kind, flags, pos, from, to, token;
    struct sg_amount amount;
    uint32_t file;
    const struct sg_record *trace; /* placed traces only */
    bool is_trace, gone, echo;
};

struct tx {
    const struct oracle_record *of[MAX]; /* its records that are believed, in order */
    size_t n;
    struct row rows[MAX];
    size_t n_rows;
    size_t doubts;
    const struct sg_record *value; /* the first TX record */
    uint32_t index;
    unsigned status;
    int64_t time;
    unsigned sender;
    bool has_fee;
    struct sg_amount fee;
    bool has_price; /* the least of all that are told and fit */
    uint64_t price;
    bool traced;
};

void oracle_print_tx(struct sg_buf *text, const uint8_t *hash32, uint32_t index, unsigned status,
                     unsigned flags, int64_t time_unix_s, unsigned sender, struct sg_amount fee,
                     uint64_t price)
{
    char fee_text[SG_AMOUNT_TEXT_MAX];
    sg_buf_printf(text,
                  "tx %d index %d status %u flags %u time %" PRId64
                  " sender %u fee %s price %" PRIu64 "\n",
                  hash32 ? hash32[31] : -1, (int)index, status, flags, time_unix_s, sender,
                  sg_amount_format(fee_text, fee, 0), price);
}

void oracle_print_row(struct sg_buf *text, unsigned kind, unsigned flags, uint32_t pos,
                      unsigned from, unsigned to, unsigned token, struct sg_amount amount)
{
    char amount_text[SG_AMOUNT_TEXT_MAX];
    sg_buf_printf(text, "  kind %u flags %u pos %u %u->%u token %u amount %s\n", kind, flags, pos,
                  from, to, token, sg_amount_format(amount_text, amount, 0));
}

static unsigned short_of(const struct sg_address *address)
{
    return address->size ? address->bytes[0] : 0;
}

static bool is_placed(const struct sg_record *r)
{
    return r->kind == SG_RECORD_TRACE && r->has_hash && !r->is_reward && r->trace_path;
}

static bool agree(unsigned a, unsigned b)
{
    return !a || !b || a == b;
}

static bool same_value(const struct sg_record *a, const struct sg_record *b)
{
    return sg_amount_cmp(a->amount, b->amount) == 0 &&
           a->amount_out_of_range == b->amount_out_of_range &&
           agree(short_of(&a->from), short_of(&b->from)) &&
           agree(short_of(&a->to), short_of(&b->to));
}

static void collect(struct tx *tx, const struct oracle_record *all, size_t n,
                    const struct sg_record *like)
{
    for (size_t i = 0; i < n; i++) {
        const struct sg_record *r = &all[i].record;
        if (r->kind == SG_RECORD_BLOCK || r->has_hash != like->has_hash ||
            memcmp(r->hash32, like->hash32, 32) != 0)
            continue;
        if (r->kind == SG_RECORD_TX && tx->value && !same_value(tx->value, r)) {
            tx->doubts++;
            continue;
        }
        if (r->kind == SG_RECORD_TX && !tx->value)
            tx->value = r;
        tx->of[tx->n++] = &all[i];
    }
}

static void fact(bool *known, struct sg_amount *kept, size_t *doubts, bool has,
                 struct sg_amount told)
{
    if (has && *known && sg_amount_cmp(*kept, told) != 0)
        ++*doubts;
    if (has && !*known) {
        *known = true;
        *kept = told;
    }
}

static void settle_facts(struct tx *tx)
{
    bool bid_known = false, paid_known = false, used_known = false;
    struct sg_amount bid, paid, used;
    unsigned sender = 0, payer = 0;
    tx->index = SG_INDEX_UNKNOWN;
    tx->time = SG_TIME_UNKNOWN;
    for (size_t i = 0; i < tx->n; i++) {
        const struct sg_record *r = &tx->of[i]->record;
        const bool top = is_placed(r) && r->trace_path_size == 0;
        if (r->tx_index != SG_INDEX_UNKNOWN && tx->index != SG_INDEX_UNKNOWN)
            tx->doubts += r->tx_index != tx->index;
        else if (r->tx_index != SG_INDEX_UNKNOWN)
            tx->index = r->tx_index;
        if (r->time_unix_s != SG_TIME_UNKNOWN && tx->time != SG_TIME_UNKNOWN)
            tx->doubts += r->time_unix_s != tx->time;
        else if (r->time_unix_s != SG_TIME_UNKNOWN)
            tx->time = r->time_unix_s;
        if ((r->kind == SG_RECORD_TX || top) && !sender)
            sender = short_of(&r->from);
        if (r->kind == SG_RECORD_RECEIPT && r->from.size && payer)
            tx->doubts += payer != short_of(&r->from);
        else if (r->kind == SG_RECORD_RECEIPT && r->from.size)
            payer = short_of(&r->from);
        tx->sender = payer ? payer : sender;
        if (r->kind == SG_RECORD_TX || r->kind == SG_RECORD_RECEIPT || top) {
            if (r->status && tx->status)
                tx->doubts += r->status != tx->status;
            else if (r->status)
                tx->status = r->status;
        }
        if (r->kind != SG_RECORD_TX && r->kind != SG_RECORD_RECEIPT)
            continue;
        const bool receipt = r->kind == SG_RECORD_RECEIPT;
        uint64_t price;
        if (r->has_gas_price && sg_amount_to_u64(&price, r->gas_price) &&
            (!tx->has_price || price < tx->price)) {
            tx->has_price = true;
            tx->price = price;
        }
        if (!receipt && !paid_known)
            fact(&bid_known, &bid, &tx->doubts, r->has_gas_price, r->gas_price);
        if (receipt)
            fact(&paid_known, &paid, &tx->doubts, r->has_gas_price, r->gas_price);
        fact(&used_known, &used, &tx->doubts, r->has_gas_used, r->gas_used);
        fact(&tx->has_fee, &tx->fee, &tx->doubts, r->has_fee, r->fee);
    }
    uint64_t gas;
    if (used_known && (paid_known || bid_known) && sg_amount_to_u64(&gas, used)) {
        struct sg_amount fee;
        const bool fits = sg_amount_mul(&fee, paid_known ? paid : bid, gas);
        tx->doubts += !fits;
        if (fits)
            fact(&tx->has_fee, &tx->fee, &tx->doubts, true, fee);
    }
}

static void collect_rows(struct tx *tx)
{
    for (size_t i = 0; i < tx->n; i++) {
        const struct sg_record *r = &tx->of[i]->record;
        if (r->kind == SG_RECORD_RECEIPT)
            continue;
        struct row *row = &tx->rows[tx->n_rows++];
        *row = (struct row){.from = short_of(&r->from),
                            .to = short_of(&r->to),
                            .token = short_of(&r->token),
                            .amount = r->amount,
                            .file = tx->of[i]->file};
        const bool reward = r->is_reward || (r->kind == SG_RECORD_TRACE && !r->has_hash);
        row->kind = r->kind == SG_RECORD_TX      ? SG_ROW_NATIVE
                    : r->kind == SG_RECORD_TOKEN ? SG_ROW_TOKEN
                    : reward                     ? SG_ROW_REWARD
                                                 : SG_ROW_INTERNAL;
        row->is_trace = r->kind == SG_RECORD_TRACE && !reward;
        tx->traced |= row->is_trace;
        if (is_placed(r))
            row->trace = r;
        if (row->trace && r->trace_path_size == 0)
            row->kind = SG_ROW_NATIVE;
        if (r->status == SG_TX_FAILED && row->kind != SG_ROW_NATIVE)
            row->flags |= SG_ROW_FAILED;
        row->flags |=
            (r->is_create ? SG_ROW_CREATE : 0) | (r->amount_out_of_range ? SG_ROW_OUT_OF_RANGE : 0);
        if (tx->status == SG_TX_FAILED)
            row->flags |= SG_ROW_FAILED;
        if (r->kind == SG_RECORD_TOKEN && r->log_index != SG_INDEX_UNKNOWN) {
            row->flags |= SG_ROW_POS_KNOWN;
            row->pos = r->log_index;
        }
    }
}

static bool alike(const struct row *a, const struct row *b)
{
    const unsigned ignored = SG_ROW_POS_KNOWN;
    return a->kind == b->kind && (a->flags | ignored) == (b->flags | ignored) &&
           a->from == b->from && a->to == b->to && a->token == b->token &&
           sg_amount_cmp(a->amount, b->amount) == 0;
}

/* Is the trace at `a` at or above that of `b`? */
static bool above(const struct sg_record *a, const struct sg_record *b)
{
    return a->trace_path_size <= b->trace_path_size &&
           memcmp(a->trace_path, b->trace_path, a->trace_path_size) == 0;
}

static int order_of(const struct sg_record *a, const struct sg_record *b)
{
    if (above(a, b) && above(b, a))
        return 0;
    if (above(a, b) || above(b, a))
        return above(a, b) ? -1 : 1;
    const uint32_t n =
        a->trace_path_size < b->trace_path_size ? a->trace_path_size : b->trace_path_size;
    return memcmp(a->trace_path, b->trace_path, n);
}

static void settle_traces(struct tx *tx)
{
    bool unplaced = false;
    for (size_t i = 0; i < tx->n_rows; i++)
        unplaced |= tx->rows[i].is_trace && !tx->rows[i].trace;
    for (size_t i = 0; i < tx->n_rows; i++) {
        struct row *row = &tx->rows[i];
        row->gone |= tx->traced && !row->is_trace &&
                     (row->kind == SG_ROW_INTERNAL || (row->kind == SG_ROW_NATIVE && unplaced));
    }
    /* A failed call fails what it called; the first to tell a path is believed. */
    bool own[MAX];
    for (size_t i = 0; i < tx->n_rows; i++) {
        own[i] = tx->rows[i].flags & SG_ROW_FAILED;
        for (size_t j = 0; j < i; j++)
            own[i] &= !(tx->rows[i].trace && tx->rows[j].trace &&
                        order_of(tx->rows[i].trace, tx->rows[j].trace) == 0);
    }
    for (size_t i = 0; i < tx->n_rows; i++)
        for (size_t j = 0; j < tx->n_rows; j++)
            if (own[j] && tx->rows[i].trace && tx->rows[j].trace &&
                above(tx->rows[j].trace, tx->rows[i].trace))
                tx->rows[i].flags |= SG_ROW_FAILED;
    for (size_t i = 0; i < tx->n_rows; i++) {
        struct row *row = &tx->rows[i];
        if (!row->trace)
            continue;
        row->flags |= SG_ROW_POS_KNOWN;
        for (size_t j = 0; j < i && !row->gone; j++) {
            const struct row *before = &tx->rows[j];
            if (!before->trace || before->gone || order_of(before->trace, row->trace) != 0)
                continue;
            tx->doubts += !alike(before, row);
            row->gone = !alike(before, row) || before->file == row->file;
            row->echo = !row->gone;
        }
    }
    for (size_t i = 0; i < tx->n_rows; i++)
        for (size_t j = 0; j < tx->n_rows; j++)
            tx->rows[i].pos += tx->rows[i].trace && tx->rows[i].kind == SG_ROW_INTERNAL &&
                               tx->rows[j].trace && !tx->rows[j].gone && !tx->rows[j].echo &&
                               tx->rows[j].kind == SG_ROW_INTERNAL &&
                               order_of(tx->rows[j].trace, tx->rows[i].trace) < 0;
}

static void settle_value(struct tx *tx)
{
    struct row *kept = NULL;
    for (int traces = 1; traces >= 0; traces--) {
        for (size_t i = 0; i < tx->n_rows; i++) {
            struct row *row = &tx->rows[i];
            if (row->kind != SG_ROW_NATIVE || row->gone || row->echo ||
                (row->trace != NULL) != (traces == 1))
                continue;
            row->flags |= SG_ROW_POS_KNOWN;
            if (!kept) {
                kept = row;
                continue;
            }
            row->gone = true;
            if (sg_amount_cmp(kept->amount, row->amount) != 0 ||
                ((kept->flags ^ row->flags) & SG_ROW_OUT_OF_RANGE) ||
                !agree(kept->from, row->from) || !agree(kept->to, row->to)) {
                tx->doubts++;
                continue;
            }
            kept->from = kept->from ? kept->from : row->from;
            kept->to = kept->to ? kept->to : row->to;
            kept->flags |= row->flags & SG_ROW_CREATE;
        }
    }
}

/* Known log indexes: the first to tell one is believed, others may echo it. */
static void settle_logs(struct tx *tx)
{
    for (size_t i = 0; i < tx->n_rows; i++) {
        struct row *row = &tx->rows[i];
        if (row->kind != SG_ROW_TOKEN || !(row->flags & SG_ROW_POS_KNOWN))
            continue;
        for (size_t j = 0; j < i && !row->gone; j++) {
            struct row *before = &tx->rows[j];
            if (before->kind != SG_ROW_TOKEN || !(before->flags & SG_ROW_POS_KNOWN) ||
                before->gone || before->pos != row->pos)
                continue;
            if (!alike(before, row)) {
                tx->doubts++;
                row->gone = true;
            } else if (before->file == row->file) {
                row->gone = true;
            } else {
                row->echo = true;
            }
        }
    }
}

/* For each class: as many rows as the source that tells most. */
static void settle_counts(struct tx *tx)
{
    bool seen[MAX] = {false};
    for (size_t i = 0; i < tx->n_rows; i++) {
        if (seen[i] || tx->rows[i].gone || tx->rows[i].kind == SG_ROW_NATIVE)
            continue;
        size_t n_known = 0, best = 0;
        uint32_t best_file = 0;
        for (size_t j = i; j < tx->n_rows; j++) {
            if (tx->rows[j].gone || !alike(&tx->rows[i], &tx->rows[j]))
                continue;
            seen[j] = true;
            n_known += (tx->rows[j].flags & SG_ROW_POS_KNOWN) && !tx->rows[j].echo;
            size_t total = 0;
            for (size_t k = i; k < tx->n_rows; k++)
                total += !tx->rows[k].gone && alike(&tx->rows[i], &tx->rows[k]) &&
                         tx->rows[k].file == tx->rows[j].file;
            if (total > best) {
                best = total;
                best_file = tx->rows[j].file;
            }
        }
        size_t wanted = best - n_known;
        if (n_known > best)
            wanted = 0;
        for (size_t j = i; j < tx->n_rows; j++) {
            struct row *row = &tx->rows[j];
            if (row->gone || !alike(&tx->rows[i], row) || (row->flags & SG_ROW_POS_KNOWN))
                continue;
            if (row->file == best_file && wanted)
                wanted--;
            else
                row->echo = true;
        }
    }
}

/* Print kind by kind, known positions first. */
static void print_rows(struct sg_buf *text, const struct tx *tx)
{
    for (unsigned kind = 0; kind <= SG_ROW_REWARD; kind++) {
        for (uint32_t pos = 0; pos < MAX; pos++)
            for (size_t i = 0; i < tx->n_rows; i++) {
                const struct row *r = &tx->rows[i];
                if (r->kind == kind && !r->gone && !r->echo && (r->flags & SG_ROW_POS_KNOWN) &&
                    r->pos == pos)
                    oracle_print_row(text, kind, r->flags, pos, r->from, r->to, r->token,
                                     r->amount);
            }
        uint32_t number = 0;
        for (size_t i = 0; i < tx->n_rows; i++) {
            const struct row *r = &tx->rows[i];
            if (r->kind == kind && !r->gone && !r->echo && !(r->flags & SG_ROW_POS_KNOWN))
                oracle_print_row(text, kind, r->flags, number++, r->from, r->to, r->token,
                                 r->amount);
        }
    }
}

static void print_tx(struct sg_buf *text, const struct tx *tx)
{
    const bool has_hash = tx->of[0]->record.has_hash;
    const unsigned flags = (tx->has_fee ? SG_TX_FEE_KNOWN : 0) |
                           (has_hash && tx->index == SG_INDEX_UNKNOWN ? SG_TX_ORDER_UNKNOWN : 0) |
                           (has_hash ? SG_TX_HAS_HASH : 0) | (tx->traced ? SG_TX_TRACED : 0) |
                           (tx->has_price ? SG_TX_PRICE_KNOWN : 0);
    oracle_print_tx(text, has_hash ? tx->of[0]->record.hash32 : NULL, tx->index, tx->status, flags,
                    tx->time, tx->sender, tx->has_fee ? tx->fee : SG_AMOUNT_ZERO, tx->price);
    print_rows(text, tx);
}

static void settle_tx(struct tx *tx, const struct oracle_record *records, size_t n,
                      const struct sg_record *like)
{
    memset(tx, 0, sizeof(*tx));
    collect(tx, records, n, like);
    settle_facts(tx);
    collect_rows(tx);
    settle_traces(tx);
    settle_value(tx);
    settle_logs(tx);
    settle_counts(tx);
}

size_t oracle_block(struct sg_buf *text, const struct oracle_record *records, size_t n)
{
    static struct tx txs[MAX];
    size_t n_txs = 0;
    size_t doubts = 0;
    int64_t time = SG_TIME_UNKNOWN;
    for (size_t i = 0; i < n; i++) {
        const struct sg_record *r = &records[i].record;
        if (r->kind == SG_RECORD_BLOCK && time != SG_TIME_UNKNOWN)
            doubts += r->time_unix_s != time;
        else if (r->kind == SG_RECORD_BLOCK)
            time = r->time_unix_s;
        bool first = r->kind != SG_RECORD_BLOCK;
        for (size_t j = 0; j < i; j++)
            first &= records[j].record.kind == SG_RECORD_BLOCK ||
                     records[j].record.has_hash != r->has_hash ||
                     memcmp(records[j].record.hash32, r->hash32, 32) != 0;
        if (first)
            settle_tx(&txs[n_txs++], records, n, r);
    }
    for (size_t i = 0; i < n_txs; i++) {
        doubts += txs[i].doubts;
        for (size_t j = 0; j < i; j++)
            if (txs[i].index != SG_INDEX_UNKNOWN && txs[i].index == txs[j].index) {
                doubts++;
                txs[i].index = SG_INDEX_UNKNOWN;
            }
    }
    /* In order of index, then of telling, then what has no hash. */
    struct tx *order[MAX];
    size_t n_order = 0;
    for (uint32_t index = 0; index < MAX; index++)
        for (size_t i = 0; i < n_txs; i++)
            if (txs[i].of[0]->record.has_hash && txs[i].index == index)
                order[n_order++] = &txs[i];
    for (int has_hash = 1; has_hash >= 0; has_hash--)
        for (size_t i = 0; i < n_txs; i++)
            if (txs[i].of[0]->record.has_hash == has_hash && txs[i].index == SG_INDEX_UNKNOWN)
                order[n_order++] = &txs[i];
    bool differs = false;
    for (size_t i = 0; i < n_order; i++)
        differs |=
            time != SG_TIME_UNKNOWN && order[i]->time != SG_TIME_UNKNOWN && order[i]->time != time;
    doubts += differs;
    for (size_t i = 0; i < n_order && time == SG_TIME_UNKNOWN; i++)
        time = order[i]->time;
    for (size_t i = 0; i < n_order; i++) {
        if (order[i]->time == SG_TIME_UNKNOWN)
            order[i]->time = time;
        print_tx(text, order[i]);
    }
    return doubts;
}
