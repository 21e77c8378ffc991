/* Tables of a trace as CSV, RFC 4180; amounts in whole units with all digits, times in Unix seconds
 * (empty where unknown). */
#include "app/traceout/traceout.h"
#include "app/traceout/traceout_internal.h"

#include "base/civil.h"

#include <inttypes.h>
#include <string.h>

/* Longer than any label that a case may carry. */

static const char *const files[SG_TRACEOUT_TABLES] = {
    [SG_TABLE_MOVES] = "moves.csv",
    [SG_TABLE_DESTINATIONS] = "destinations.csv",
    [SG_TABLE_HOLDINGS] = "holdings.csv",
    [SG_TABLE_OUTPUTS] = "outputs.csv",
};

const char *sg_traceout_file(enum sg_traceout_table table)
{
    return files[table];
}

/* Entities and symbols come from outside. */
static void field(struct sg_buf *out, const char *text)
{
    sg_buf_putc(out, ',');
    sg_buf_csv_cell(out, text, strlen(text));
}

static void field_amount(struct sg_buf *out, const struct sg_trace *trace, uint32_t asset,
                         struct sg_amount amount)
{
    char text[SG_AMOUNT_TEXT_MAX];
    field(out, sg_amount_format(text, amount, trace->assets[asset].decimals));
}

static void field_time(struct sg_buf *out, int64_t time_unix_s)
{
    sg_buf_putc(out, ',');
    if (time_unix_s != SG_TIME_UNKNOWN)
        sg_buf_printf(out, "%" PRId64, time_unix_s);
}

static void field_address(struct sg_buf *out, const struct sg_trace *trace, uint32_t party)
{
    char text[SG_ADDRESS_TEXT_MAX] = "";
    field(out, party == SG_TRACE_NONE ? "" : traceout_address(text, &trace->parties[party]));
}

static void field_tx(struct sg_buf *out, const struct sg_trace *trace, uint32_t tx)
{
    char text[SG_TX_HASH_TEXT_MAX] = "";
    if (tx != SG_TRACE_NONE && trace->txs[tx].has_hash)
        sg_tx_hash_text(text, trace->txs[tx].chain, trace->txs[tx].hash32);
    field(out, text);
}

/* Policy, chain and asset begin every row. */
static void begin_row(struct sg_buf *out, const struct sg_trace *trace,
                      const struct sg_trace_figures *f, uint32_t asset)
{
    sg_buf_puts(out, sg_policy_name(f->policy));
    field(out, trace->assets[asset].chain->name);
    field(out, trace->assets[asset].symbol);
}

static void put_move(struct sg_buf *out, const struct sg_trace *trace,
                     const struct sg_trace_figures *f, const struct sg_trace_move *m)
{
    begin_row(out, trace, f, m->asset);
    field(out, traceout_kind(m));
    field(out, trace->c->thefts[m->theft]);
    field_tx(out, trace, m->tx);
    field_time(out, m->time_unix_s);
    field_address(out, trace, m->from);
    field_address(out, trace, m->to);
    field_amount(out, trace, m->asset, m->amount);
    field_amount(out, trace, m->asset, m->tainted);
    field(out, m->to_service ? "yes" : "no");
    field(out, m->is_dust ? "yes" : "no");
    sg_buf_puts(out, "\r\n");
}

static void put_destination(struct sg_buf *out, const struct sg_trace *trace,
                            const struct sg_trace_figures *f, const struct sg_trace_destination *d)
{
    begin_row(out, trace, f, d->asset);
    field(out, d->entity);
    field(out, sg_category_info(d->category)->name);
    field_address(out, trace, d->party);
    field_amount(out, trace, d->asset, d->amount);
    sg_buf_printf(out, ",%zu,%zu", d->transfers, d->senders);
    field_time(out, d->first_unix_s);
    field_time(out, d->last_unix_s);
    sg_buf_puts(out, "\r\n");
}

static void put_holding(struct sg_buf *out, const struct sg_trace *trace,
                        const struct sg_trace_figures *f, const struct sg_trace_holding *h)
{
    const struct sg_case_label *label = trace->parties[h->party].label;
    begin_row(out, trace, f, h->asset);
    field_address(out, trace, h->party);
    field(out, label ? label->entity : "");
    field(out, label ? sg_category_info(label->category)->name : "");
    field(out, h->status == SG_TRACE_HELD ? "held" : "unobserved");
    field_amount(out, trace, h->asset, h->amount);
    field_amount(out, trace, h->asset, h->balance);
    field_time(out, h->last_in_unix_s);
    sg_buf_putc(out, ',');
    if (h->status == SG_TRACE_HELD)
        sg_buf_printf(out, "%" PRIu64, h->covered_to);
    sg_buf_puts(out, "\r\n");
}

static void put_outputs(struct sg_buf *out, const struct sg_trace *trace,
                        const struct sg_trace_figures *f, const struct sg_trace_holding *h)
{
    for (size_t i = 0; i < h->n_coins; i++) {
        begin_row(out, trace, f, h->asset);
        field_address(out, trace, h->party);
        field(out, h->status == SG_TRACE_HELD ? "held" : "unobserved");
        field_tx(out, trace, h->coins[i].tx);
        sg_buf_printf(out, ",%" PRIu32, h->coins[i].index);
        field_amount(out, trace, h->asset, h->coins[i].amount);
        field_amount(out, trace, h->asset, h->coins[i].value);
        field_tx(out, trace, h->coins[i].spent_in);
        sg_buf_puts(out, "\r\n");
    }
}

static void put_header(struct sg_buf *out, enum sg_traceout_table table)
{
    switch (table) {
    case SG_TABLE_MOVES:
        sg_buf_puts(out, "policy,chain,asset,kind,theft,tx,time_unix_s,from,to,amount,tainted,"
                         "to_service,below_dust\r\n");
        break;
    case SG_TABLE_DESTINATIONS:
        sg_buf_puts(out, "policy,chain,asset,entity,category,address,amount,transfers,senders,"
                         "first_unix_s,last_unix_s\r\n");
        break;
    case SG_TABLE_HOLDINGS:
        sg_buf_puts(out, "policy,chain,asset,address,entity,category,status,amount,known_balance,"
                         "last_in_unix_s,covered_to_block\r\n");
        break;
    case SG_TABLE_OUTPUTS:
        sg_buf_puts(out, "policy,chain,asset,address,status,tx,output,amount,value,spent_in\r\n");
        break;
    }
}

static void put_rows(struct sg_buf *out, const struct sg_trace *trace,
                     const struct sg_trace_figures *f, enum sg_traceout_table table)
{
    switch (table) {
    case SG_TABLE_MOVES:
        for (size_t i = 0; i < f->n_moves; i++)
            put_move(out, trace, f, &f->moves[i]);
        break;
    case SG_TABLE_DESTINATIONS:
        for (size_t i = 0; i < f->n_destinations; i++)
            put_destination(out, trace, f, &f->destinations[i]);
        break;
    case SG_TABLE_HOLDINGS:
        for (size_t i = 0; i < f->n_holdings; i++)
            put_holding(out, trace, f, &f->holdings[i]);
        break;
    case SG_TABLE_OUTPUTS:
        for (size_t i = 0; i < f->n_holdings; i++)
            put_outputs(out, trace, f, &f->holdings[i]);
        break;
    }
}

void sg_traceout_csv(struct sg_buf *out, const struct sg_trace *trace, enum sg_traceout_table table)
{
    put_header(out, table);
    for (size_t i = 0; i < trace->n_figures; i++)
        put_rows(out, trace, &trace->figures[i], table);
}
