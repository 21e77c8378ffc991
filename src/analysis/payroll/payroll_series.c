/* Series: who pays whom regularly and alike, and who does so for several. */
#include "analysis/payroll/payroll_internal.h"

#include "base/mem.h"
#include "base/vec.h"

#include <stdlib.h>

#define DAY                 (INT64_C(24) * 3600)
#define PAYS_MIN            3  /* two of anything are a coincidence */
#define FIT_PERCENT         70 /* of the gaps, and of the amounts */
#define ALIKE_PERCENT       35 /* from the median, up or down: raises, a bonus */
#define PAYER_SERIES_MIN    3
#define PAYER_SHARE_PERCENT 30 /* of those it paid three times or more */

/* One row of the assets. */
struct item {
    uint32_t from, to, asset;
    uint64_t row, tx;
    int64_t time_unix_s;
    sg_payroll_value value;
};

struct items {
    struct sg_payroll_job *job;
    struct sg_payroll_set payers, payees; /* asked for */
    struct item *items;
    size_t n, capacity;
    enum sg_status status;
};

static bool wanted(const struct items *s, uint32_t from, uint32_t to)
{
    if (from == SG_ID_NONE || to == SG_ID_NONE || from == to)
        return false;
    if (s->payers.count ? !sg_payroll_set_has(&s->payers, from)
                        : sg_payroll_set_has(&s->job->services, from))
        return false;
    return !s->payees.count || sg_payroll_set_has(&s->payees, to);
}

static bool on_span(void *ctx, const struct sg_row_span *span)
{
    struct items *s = ctx;
    for (size_t i = 0; i < span->count; i++) {
        const size_t asset = sg_payroll_asset(s->job->options, span->asset[i]);
        if (asset == SIZE_MAX || sg_amount_is_zero(span->amount[i]) ||
            (span->flags[i] & (SG_ROW_FAILED | SG_ROW_OUT_OF_RANGE)) ||
            !wanted(s, span->from[i], span->to[i]))
            continue;
        if (!SG_VEC_RESERVE(s->items, s->n, s->capacity, 1)) {
            s->status = sg_err_nomem(s->job->err);
            return false;
        }
        s->items[s->n++] =
            (struct item){.from = span->from[i],
                          .to = span->to[i],
                          .asset = span->asset[i],
                          .row = span->first + i,
                          .tx = span->tx[i],
                          .value = sg_payroll_value_of(span->amount[i], s->job->decimals[asset])};
    }
    return true;
}

/* Times come from the transactions, some thousand at a time. */
static enum sg_status read_times(struct items *s)
{
    enum { BATCH = 2048 };
    const struct sg_ledger *l = s->job->ledger;
    struct sg_tx *txs = sg_mem_alloc(BATCH, sizeof(*txs));
    struct sg_tx_id *ids = sg_mem_alloc(BATCH, sizeof(*ids));
    enum sg_status st = txs && ids ? SG_OK : sg_err_nomem(s->job->err);
    for (size_t i = 0; st == SG_OK && i < s->n; i += BATCH) {
        const size_t n = s->n - i < BATCH ? s->n - i : BATCH;
        for (size_t k = 0; k < n; k++)
            ids[k].v = s->items[i + k].tx;
        st = l->ops->txs(l->self, txs, ids, n, s->job->err);
        for (size_t k = 0; st == SG_OK && k < n; k++)
            s->items[i + k].time_unix_s = txs[k].time_unix_s;
    }
    sg_mem_free(txs);
    sg_mem_free(ids);
    return st;
}

static int by_pair(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    if (x->to != y->to)
        return x->to < y->to ? -1 : 1;
    if (x->asset != y->asset)
        return x->asset < y->asset ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static int by_value(const void *a, const void *b)
{
    const sg_payroll_value x = *(const sg_payroll_value *)a, y = *(const sg_payroll_value *)b;
    return (x > y) - (x < y);
}

static bool alike(sg_payroll_value *median, const struct item *items, size_t n,
                  sg_payroll_value *scratch)
{
    size_t fit = 0;
    for (size_t i = 0; i < n; i++)
        scratch[i] = items[i].value;
    qsort(scratch, n, sizeof(*scratch), by_value);
    *median = scratch[n / 2];
    const sg_payroll_value room = *median / 100 * ALIKE_PERCENT;
    for (size_t i = 0; i < n; i++)
        fit += scratch[i] + room >= *median && scratch[i] <= *median + room;
    return *median > 0 && fit * 100 >= n * FIT_PERCENT;
}

/* Gaps that are one period long, or up to three: a pay may be missing. */
static bool has_rhythm(const struct item *items, size_t n, int64_t period, int64_t slack)
{
    size_t once = 0, fit = 0;
    for (size_t i = 1; i < n; i++) {
        const int64_t gap = items[i].time_unix_s - items[i - 1].time_unix_s;
        for (int64_t k = 1; k <= 3; k++)
            if (gap >= k * period - slack && gap <= k * period + slack) {
                fit++;
                once += k == 1;
                break;
            }
    }
    return fit * 100 >= (n - 1) * FIT_PERCENT && once * 2 >= n - 1;
}

/* Days of the rhythm, or 0. */
static uint32_t rhythm(const struct item *items, size_t n)
{
    static const struct {
        uint32_t days;
        int64_t period, slack;
    } rhythms[] = {
        {30, 30 * DAY + DAY / 2, 4 * DAY}, {14, 14 * DAY, 3 * DAY}, {7, 7 * DAY, 3 * DAY / 2}};
    for (size_t i = 0; i < n; i++)
        if (items[i].time_unix_s == SG_TIME_UNKNOWN)
            return 0;
    for (size_t i = 0; i < SG_COUNT_OF(rhythms); i++)
        if (has_rhythm(items, n, rhythms[i].period, rhythms[i].slack))
            return rhythms[i].days;
    return 0;
}

/* What one payer's receivers say: series found, and all that were paid often enough. */
struct found {
    size_t cap_series, cap_pays;
    size_t first_series, first_pay; /* of the payer at work */
    uint32_t n_often;
};

static enum sg_status keep(struct sg_payroll_job *job, struct found *f, const struct item *items,
                           size_t n, uint32_t days, sg_payroll_value median)
{
    struct sg_payroll *out = job->out;
    if (!SG_VEC_RESERVE(out->series, out->n_series, f->cap_series, 1) ||
        !SG_VEC_RESERVE(out->pays, out->n_pays, f->cap_pays, n))
        return sg_err_nomem(job->err);
    out->series[out->n_series++] =
        (struct sg_payroll_series){.payer = {items[0].from},
                                   .payee = {items[0].to},
                                   .asset = {items[0].asset},
                                   .n_pays = (uint32_t)n,
                                   .days = days,
                                   .median = median,
                                   .first_unix_s = items[0].time_unix_s,
                                   .last_unix_s = items[n - 1].time_unix_s,
                                   .first_pay = out->n_pays};
    for (size_t i = 0; i < n; i++)
        out->pays[out->n_pays++] =
            (struct sg_payroll_pay){items[i].row, items[i].time_unix_s, items[i].value};
    return SG_OK;
}

/* A sender of too few series is no payer, unless the person said so. */
static void end_payer(const struct items *s, struct found *f)
{
    struct sg_payroll *out = s->job->out;
    const size_t n = out->n_series - f->first_series;
    const bool given = s->payers.count || s->payees.count;
    if (!given && (n < PAYER_SERIES_MIN || n * 100 < (size_t)f->n_often * PAYER_SHARE_PERCENT)) {
        out->n_series = f->first_series;
        out->n_pays = f->first_pay;
    }
    f->first_series = out->n_series;
    f->first_pay = out->n_pays;
    f->n_often = 0;
}

static enum sg_status take_group(struct items *s, struct found *f, const struct item *items,
                                 size_t n, sg_payroll_value *scratch)
{
    sg_payroll_value median;
    if (n < PAYS_MIN)
        return SG_OK;
    f->n_often++;
    const uint32_t days = rhythm(items, n);
    if (!days || !alike(&median, items, n, scratch))
        return SG_OK;
    return keep(s->job, f, items, n, days, median);
}

static enum sg_status take_groups(struct items *s)
{
    struct found f = {0};
    sg_payroll_value *scratch = sg_mem_alloc(s->n + 1, sizeof(*scratch));
    enum sg_status st = scratch ? SG_OK : sg_err_nomem(s->job->err);
    for (size_t i = 0, end; st == SG_OK && i < s->n; i = end) {
        const struct item *a = &s->items[i];
        for (end = i + 1; end < s->n && s->items[end].from == a->from &&
                          s->items[end].to == a->to && s->items[end].asset == a->asset;)
            end++;
        st = take_group(s, &f, a, end - i, scratch);
        if (end == s->n || s->items[end].from != a->from)
            end_payer(s, &f);
    }
    sg_mem_free(scratch);
    return st;
}

enum sg_status sg_payroll_find_series(struct sg_payroll_job *job)
{
    const struct sg_payroll_options *o = job->options;
    const struct sg_ledger *l = job->ledger;
    struct items s = {.job = job};
    if (!sg_payroll_set_make(&s.payers, o->payers, o->n_payers) ||
        !sg_payroll_set_make(&s.payees, o->payees, o->n_payees))
        s.status = sg_err_nomem(job->err);
    if (s.status == SG_OK) {
        const enum sg_status st = l->ops->scan(l->self, 0, l->stats.rows,
                                               SG_COL_TX | SG_COL_FROM | SG_COL_TO | SG_COL_ASSET |
                                                   SG_COL_AMOUNT | SG_COL_META,
                                               on_span, &s, job->err);
        s.status = s.status == SG_OK ? st : s.status;
    }
    if (s.status == SG_OK)
        s.status = read_times(&s);
    if (s.status == SG_OK && s.n) {
        qsort(s.items, s.n, sizeof(*s.items), by_pair);
        s.status = take_groups(&s);
    }
    sg_payroll_set_clear(&s.payers);
    sg_payroll_set_clear(&s.payees);
    sg_mem_free(s.items);
    return s.status;
}
