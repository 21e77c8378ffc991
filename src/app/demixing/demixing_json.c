/* The JSON document; docs/api/demix.json. */
#include "app/demixing/demixing.h"

#include "base/jsonw.h"

static void kv_double(struct sg_jsonw *w, const char *key, double value)
{
    sg_jsonw_key(w, key);
    sg_jsonw_double(w, value);
}

static void write_depositors(struct sg_jsonw *w, const struct sg_demixing *d)
{
    sg_jsonw_key(w, "depositors");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < d->n_batches; i++) {
        sg_jsonw_begin_object(w);
        sg_jsonw_kv_string(w, "name", d->batches[i].name);
        sg_jsonw_kv_uint(w, "deposits", d->batches[i].deposits);
        kv_double(w, "expected_withdrawals", d->batches[i].expected);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
    sg_jsonw_kv_uint(w, "deposits", d->ranking.window.n_theft_deposits);
    sg_jsonw_kv_uint(w, "deposits_not_in_pool", d->n_unmatched);
    sg_jsonw_kv_uint(w, "duplicate_events", d->pool.n_duplicates);
    sg_jsonw_kv_uint(w, "bad_events", d->n_bad);
    sg_jsonw_kv_uint(w, "odd_ledger_rows", d->n_odd_rows);
    sg_jsonw_kv_uint(w, "deposits_with_gas_price", d->priced.deposits);
    sg_jsonw_kv_uint(w, "withdrawals_with_gas_price", d->priced.withdrawals);
    sg_jsonw_key(w, "withdrawers_in_ledger");
    if (d->has_ledger)
        sg_jsonw_uint(w, d->n_in_ledger);
    else
        sg_jsonw_null(w);
    sg_jsonw_kv_string(w, "first_bad_event", d->n_bad ? d->bad_text : NULL);
}

static void write_window(struct sg_jsonw *w, const struct sg_demix_window *window)
{
    sg_jsonw_key(w, "window");
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_time(w, "begin_unix_s", window->begin_unix_s);
    sg_jsonw_kv_time(w, "end_unix_s", window->end_unix_s);
    sg_jsonw_kv_uint(w, "deposits", window->n_deposits);
    sg_jsonw_kv_uint(w, "withdrawals", window->n_order);
    sg_jsonw_kv_uint(w, "addresses", window->n_candidates);
    kv_double(w, "crowd_withdrawals", window->crowd);
    kv_double(w, "balance_withdrawals", window->balance);
    kv_double(w, "prior", window->prior);
    sg_jsonw_end_object(w);
}

static void write_withdrawal(struct sg_jsonw *w, const struct sg_pool *pool, size_t index,
                             double probability)
{
    const struct sg_pool_withdrawal *withdrawal = &pool->withdrawals[index];
    const struct sg_demix_anonymity anonymity = sg_demix_anonymity_of(pool, index);
    sg_jsonw_begin_object(w);
    sg_jsonw_key(w, "tx");
    sg_jsonw_hex(w, withdrawal->tx32, sizeof(withdrawal->tx32));
    sg_jsonw_kv_uint(w, "block", withdrawal->block);
    sg_jsonw_kv_time(w, "time_unix_s", withdrawal->time_unix_s);
    sg_jsonw_kv_bool(w, "time_estimated", withdrawal->time_estimated);
    kv_double(w, "probability", probability);
    sg_jsonw_key(w, "anonymity");
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_uint(w, "deposits", anonymity.deposits);
    sg_jsonw_kv_uint(w, "unspent", anonymity.unspent);
    sg_jsonw_end_object(w);
    sg_jsonw_end_object(w);
}

/* Shown, not weighed: nobody has measured what these are worth. */
static void write_notes(struct sg_jsonw *w, const struct sg_demixing *d, uint32_t candidate)
{
    size_t n = 0;
    const struct sg_demixing_note *notes = sg_demixing_notes_of(&n, d, candidate);
    for (size_t i = 0; i < n; i++) {
        sg_jsonw_begin_object(w);
        sg_jsonw_kv_string(w, "rule", notes[i].rule);
        sg_jsonw_kv_string(w, "detail", notes[i].detail);
        sg_jsonw_key(w, "weight");
        sg_jsonw_null(w);
        sg_jsonw_end_object(w);
    }
}

static void write_evidence(struct sg_jsonw *w, const struct sg_demixing *d,
                           const struct sg_demix_entry *entry,
                           const struct sg_demix_candidate *candidate)
{
    struct sg_buf detail = SG_BUF_INIT(1024);
    sg_jsonw_key(w, "evidence");
    sg_jsonw_begin_array(w);
    for (unsigned rule = 0; rule < SG_DEMIX_N_RULES; rule++) {
        sg_buf_reset(&detail);
        sg_demixing_detail(&detail, (enum sg_demix_rule)rule, candidate);
        w->buf->failed |= detail.failed;
        sg_jsonw_begin_object(w);
        sg_jsonw_kv_string(w, "rule", sg_demix_rule_name((enum sg_demix_rule)rule));
        sg_jsonw_kv_string(w, "detail", detail.data);
        kv_double(w, "weight", entry->weights[rule]);
        sg_jsonw_end_object(w);
    }
    write_notes(w, d, entry->candidate);
    sg_jsonw_end_array(w);
    sg_buf_clear(&detail);
}

static void write_withdrawer(struct sg_jsonw *w, const struct sg_demixing *d,
                             const struct sg_demix_entry *entry)
{
    const struct sg_demix_window *window = &d->ranking.window;
    const struct sg_demix_candidate *candidate = &window->candidates[entry->candidate];
    const struct sg_address *address = &d->pool.addresses[candidate->address];
    sg_jsonw_begin_object(w);
    sg_jsonw_key(w, "address");
    sg_jsonw_hex(w, address->bytes, address->size);
    kv_double(w, "probability", entry->probability);
    sg_jsonw_kv_string(w, "depositor", d->batches[candidate->batch - 1].name);
    sg_jsonw_key(w, "withdrawals");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < candidate->n; i++)
        write_withdrawal(w, &d->pool, window->order[candidate->first + i], entry->probability);
    sg_jsonw_end_array(w);
    write_evidence(w, d, entry, candidate);
    sg_jsonw_end_object(w);
}

static void write_null(struct sg_jsonw *w, const struct sg_demix_null *null)
{
    sg_jsonw_key(w, "null");
    sg_jsonw_begin_object(w);
    sg_jsonw_key(w, "worlds");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < null->n_worlds; i++) {
        sg_jsonw_begin_object(w);
        sg_jsonw_key(w, "offset_days");
        sg_jsonw_int(w, null->worlds[i].offset_s / 86400);
        sg_jsonw_kv_uint(w, "withdrawals", null->worlds[i].withdrawals);
        sg_jsonw_kv_uint(w, "addresses", null->worlds[i].addresses);
        sg_jsonw_kv_uint(w, "addresses_half_or_more", null->worlds[i].addresses_half);
        kv_double(w, "expected_withdrawals", null->worlds[i].expected);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
    sg_jsonw_end_object(w);
}

static void write_calibration(struct sg_jsonw *w, const struct sg_demix_measured *m)
{
    sg_jsonw_key(w, "calibration");
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_string(
        w, "measured_on",
        "the Ronin theft of 2022 in the 100 ETH pool, four batches left out at a time; "
        "the truth is one investigator's reading");
    kv_double(w, "f1", m->f1);
    kv_double(w, "average_precision", m->average_precision);
    kv_double(w, "expected_calibration_error", m->calibration_error);
    kv_double(w, "batch_count_error", m->batch_error);
    kv_double(w, "theft_share_of_window", m->share);
    sg_jsonw_end_object(w);
}

/* Deposits that nothing in the window is ascribed to. */
static double outside(const struct sg_demix_ranking *r)
{
    return (double)r->window.n_theft_deposits - r->expected;
}

void sg_demixing_object(struct sg_jsonw *w, const struct sg_demixing *d)
{
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_uint(w, "schema", 1);
    sg_jsonw_kv_string(w, "pool", d->pool_name);
    sg_jsonw_kv_amount(w, "denomination", d->denomination, d->decimals);
    write_depositors(w, d);
    write_window(w, &d->ranking.window);
    sg_jsonw_key(w, "withdrawers");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < d->ranking.window.n_candidates; i++)
        write_withdrawer(w, d, &d->ranking.entries[i]);
    sg_jsonw_end_array(w);
    kv_double(w, "expected_withdrawals", d->ranking.expected);
    kv_double(w, "expected_outside", outside(&d->ranking));
    write_null(w, &d->null);
    write_calibration(w, &sg_demix_model()->measured);
    sg_jsonw_end_object(w);
}

void sg_demixing_json(struct sg_buf *out, const struct sg_demixing *d)
{
    struct sg_jsonw w;
    sg_jsonw_init(&w, out);
    sg_demixing_object(&w, d);
    sg_buf_putc(out, '\n');
}
