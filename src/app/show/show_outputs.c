#include "app/show/show_outputs.h"

#include "app/utxoing/utxoing.h"

#include <inttypes.h>
#include <string.h>

/* A sum of outputs. */
struct sum {
    uint64_t n, sat;
};

struct owner_facts {
    uint32_t owner;
    struct sum received, spent, held;
    uint64_t last[SG_SHOW_LAST_OUTPUTS]; /* a ring of the outputs seen last */
    uint64_t first_tx, last_tx;          /* that paid it or that it spends in */
};

static uint64_t spender_of(const struct sg_utxo *utxo, uint64_t out)
{
    const uint64_t in = utxo->spender[out];
    return in == SG_UTXO_NONE ? SG_UTXO_NONE : sg_utxo_tx_of_in(utxo, in);
}

static const struct sg_utxo_block *block_of(const struct sg_utxo *utxo, uint64_t tx)
{
    return &sg_utxo_blocks(utxo)[sg_utxo_txs(utxo)[tx].block];
}

static char *amount_text(char text[SG_AMOUNT_TEXT_MAX], uint64_t sat)
{
    return sg_amount_format(text, sg_amount_from(sat), SG_BTC_DECIMALS);
}

static void add(struct sum *sum, uint64_t sat)
{
    sum->n++;
    sum->sat += sat;
}

static void gather(struct owner_facts *f, const struct sg_utxo *utxo)
{
    f->first_tx = SG_UTXO_NONE;
    for (uint64_t out = 0; out < sg_utxo_n(utxo, SG_UTXO_OUT_OWNER); out++) {
        if (sg_utxo_out_owner(utxo)[out] != f->owner)
            continue;
        const uint64_t sat = sg_utxo_out_sat(utxo)[out], spender = spender_of(utxo, out);
        const uint64_t tx = sg_utxo_tx_of_out(utxo, out);
        f->first_tx = f->first_tx == SG_UTXO_NONE ? tx : f->first_tx;
        f->last_tx = tx > f->last_tx ? tx : f->last_tx;
        if (spender != SG_UTXO_NONE && spender > f->last_tx)
            f->last_tx = spender;
        f->last[f->received.n % SG_SHOW_LAST_OUTPUTS] = out;
        add(&f->received, sat);
        add(spender == SG_UTXO_NONE ? &f->held : &f->spent, sat);
    }
}

/* Labels of an owner by the case; none for a script without an address. */
static const struct sg_case_label *labels_of(size_t *n, const struct sg_show_outputs *show,
                                             uint32_t owner)
{
    struct sg_buf name = SG_BUF_INIT(SG_RECORD_BYTES_MAX * 16);
    struct sg_address address;
    const struct sg_case_label *labels = NULL;
    *n = 0;
    if (!show->c || owner == SG_UTXO_NOBODY)
        return NULL;
    sg_utxoing_name(&name, show->utxo, owner);
    if (sg_buf_check(&name, NULL) == SG_OK &&
        sg_address_parse(&address, show->chain, name.data, name.size, NULL) == SG_OK)
        labels = sg_case_labels_of(n, show->c, show->chain, &address);
    sg_buf_clear(&name);
    return labels;
}

static void put_owner(const struct sg_show_outputs *show, uint32_t owner)
{
    size_t n;
    const struct sg_case_label *labels = labels_of(&n, show, owner);
    sg_utxoing_name(show->out, show->utxo, owner);
    if (n) {
        sg_buf_putc(show->out, ' ');
        sg_buf_line(show->out, labels->entity, strlen(labels->entity));
        sg_buf_printf(show->out, " (%s)", sg_category_info(labels->category)->name);
    }
}

static void put_sum(struct sg_buf *out, const char *name, const struct sum *sum)
{
    char text[SG_AMOUNT_TEXT_MAX];
    sg_buf_printf(out, "  %-9s %20s in %" PRIu64 " output%s\n", name, amount_text(text, sum->sat),
                  sum->n, sum->n == 1 ? "" : "s");
}

static void put_output(const struct sg_show_outputs *show, uint64_t out)
{
    char text[SG_AMOUNT_TEXT_MAX], txid[SG_BTC_HASH_TEXT_MAX];
    const uint64_t tx = sg_utxo_tx_of_out(show->utxo, out), spender = spender_of(show->utxo, out);
    sg_buf_printf(show->out, "  %s:%" PRIu64 "  %s", sg_utxoing_txid(txid, show->utxo, tx),
                  out - sg_utxo_txs(show->utxo)[tx].first_out,
                  amount_text(text, sg_utxo_out_sat(show->utxo)[out]));
    if (spender == SG_UTXO_NONE)
        sg_buf_puts(show->out, "  not spent\n");
    else
        sg_buf_printf(show->out, "  spent in %s\n", sg_utxoing_txid(txid, show->utxo, spender));
}

/* The newest of the ring first. */
static uint64_t recent(const struct owner_facts *f, size_t i)
{
    return f->last[(f->received.n - 1 - i) % SG_SHOW_LAST_OUTPUTS];
}

static size_t n_recent(const struct owner_facts *f)
{
    return f->received.n < SG_SHOW_LAST_OUTPUTS ? (size_t)f->received.n : SG_SHOW_LAST_OUTPUTS;
}

static void text_owner(const struct sg_show_outputs *show, const struct owner_facts *f)
{
    char time[SG_TIME_TEXT_MAX];
    const struct sg_utxo_block *first = block_of(show->utxo, f->first_tx);
    const struct sg_utxo_block *last = block_of(show->utxo, f->last_tx);
    put_owner(show, f->owner);
    sg_buf_printf(show->out, " on %s\n", show->chain->name);
    sg_buf_printf(show->out, "  blocks %" PRIu64 " to %" PRIu64 ", %s", first->height, last->height,
                  sg_time_format(time, first->time));
    sg_buf_printf(show->out, " to %s\n", sg_time_format(time, last->time));
    put_sum(show->out, "received", &f->received);
    put_sum(show->out, "spent", &f->spent);
    put_sum(show->out, "not spent", &f->held);
    sg_buf_printf(show->out, "last %zu outputs, newest first\n", n_recent(f));
    for (size_t i = 0; i < n_recent(f); i++)
        put_output(show, recent(f, i));
}

static void json_sum(struct sg_jsonw *w, const char *name, const struct sum *sum)
{
    sg_jsonw_key(w, name);
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_uint(w, "outputs", sum->n);
    sg_jsonw_kv_amount(w, "amount", sg_amount_from(sum->sat), SG_BTC_DECIMALS);
    sg_jsonw_end_object(w);
}

static void json_label(const struct sg_show_outputs *show, uint32_t owner)
{
    size_t n;
    const struct sg_case_label *label = labels_of(&n, show, owner);
    sg_jsonw_kv_string(show->w, "entity", n ? label->entity : NULL);
    sg_jsonw_kv_string(show->w, "category", n ? sg_category_info(label->category)->name : NULL);
}

static void json_tx(struct sg_jsonw *w, const char *key, const struct sg_utxo *utxo, uint64_t tx)
{
    char txid[SG_BTC_HASH_TEXT_MAX];
    sg_jsonw_kv_string(w, key, tx == SG_UTXO_NONE ? NULL : sg_utxoing_txid(txid, utxo, tx));
}

/* An output by its place; of a transaction's own outputs also whose it is. */
static void json_output(const struct sg_show_outputs *show, uint64_t out, bool with_owner)
{
    const uint64_t tx = sg_utxo_tx_of_out(show->utxo, out);
    const uint32_t owner = sg_utxo_out_owner(show->utxo)[out];
    sg_jsonw_begin_object(show->w);
    json_tx(show->w, "tx", show->utxo, tx);
    sg_jsonw_kv_uint(show->w, "output", out - sg_utxo_txs(show->utxo)[tx].first_out);
    sg_jsonw_kv_amount(show->w, "amount", sg_amount_from(sg_utxo_out_sat(show->utxo)[out]),
                       SG_BTC_DECIMALS);
    if (with_owner) {
        sg_jsonw_key(show->w, "owner");
        sg_utxoing_name_json(show->w, show->utxo, owner);
        json_label(show, owner);
    }
    json_tx(show->w, "spent_in", show->utxo, spender_of(show->utxo, out));
    sg_jsonw_end_object(show->w);
}

static void json_owner(const struct sg_show_outputs *show, const struct owner_facts *f)
{
    struct sg_jsonw *w = show->w;
    const struct sg_utxo_block *first = block_of(show->utxo, f->first_tx);
    const struct sg_utxo_block *last = block_of(show->utxo, f->last_tx);
    sg_jsonw_begin_object(w);
    sg_jsonw_key(w, "owner");
    sg_utxoing_name_json(w, show->utxo, f->owner);
    json_label(show, f->owner);
    sg_jsonw_kv_uint(w, "first_block", first->height);
    sg_jsonw_kv_uint(w, "last_block", last->height);
    sg_jsonw_kv_time(w, "first_unix_s", first->time);
    sg_jsonw_kv_time(w, "last_unix_s", last->time);
    json_sum(w, "received", &f->received);
    json_sum(w, "spent", &f->spent);
    json_sum(w, "unspent", &f->held);
    sg_jsonw_key(w, "last_outputs");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < n_recent(f); i++)
        json_output(show, recent(f, i), false);
    sg_jsonw_end_array(w);
    sg_jsonw_end_object(w);
}

/* The fee, where every input is known; a coinbase has none. */
static bool fee_of(uint64_t *sat, const struct sg_utxo *utxo, uint64_t tx)
{
    const struct sg_utxo_tx *at = &sg_utxo_txs(utxo)[tx];
    *sat = 0;
    if (at->first_in == at[1].first_in)
        return false;
    for (uint64_t in = at->first_in; in < at[1].first_in; in++) {
        if (sg_utxo_ins(utxo)[in] == SG_UTXO_NONE)
            return false;
        *sat += sg_utxo_out_sat(utxo)[sg_utxo_ins(utxo)[in]];
    }
    for (uint64_t out = at->first_out; out < at[1].first_out; out++)
        *sat -= sg_utxo_out_sat(utxo)[out];
    return true;
}

/* What an input names that the ledger does not hold; rows are in order of inputs. */
static const struct sg_utxo_missing *missing_of(const struct sg_utxo *utxo, uint64_t in)
{
    const struct sg_utxo_missing *rows = utxo->columns[SG_UTXO_MISSING].rows;
    size_t low = 0, high = sg_utxo_n(utxo, SG_UTXO_MISSING);
    while (low < high) {
        const size_t mid = low + (high - low) / 2;
        if (rows[mid].in < in)
            low = mid + 1;
        else
            high = mid;
    }
    return low < sg_utxo_n(utxo, SG_UTXO_MISSING) && rows[low].in == in ? &rows[low] : NULL;
}

static void text_input(const struct sg_show_outputs *show, uint64_t in)
{
    char text[SG_AMOUNT_TEXT_MAX], txid[SG_BTC_HASH_TEXT_MAX];
    const uint64_t out = sg_utxo_ins(show->utxo)[in];
    const struct sg_utxo_missing *missing = missing_of(show->utxo, in);
    if (missing)
        sg_buf_printf(show->out, "  %s:%" PRIu32 "  not in the ledger\n",
                      sg_btc_hash_text(txid, missing->txid), missing->index);
    if (out == SG_UTXO_NONE)
        return;
    const uint64_t tx = sg_utxo_tx_of_out(show->utxo, out);
    sg_buf_printf(show->out, "  %s:%" PRIu64 "  %s from ", sg_utxoing_txid(txid, show->utxo, tx),
                  out - sg_utxo_txs(show->utxo)[tx].first_out,
                  amount_text(text, sg_utxo_out_sat(show->utxo)[out]));
    put_owner(show, sg_utxo_out_owner(show->utxo)[out]);
    sg_buf_putc(show->out, '\n');
}

static void text_tx(const struct sg_show_outputs *show, uint64_t tx)
{
    char text[SG_AMOUNT_TEXT_MAX], txid[SG_BTC_HASH_TEXT_MAX], time[SG_TIME_TEXT_MAX];
    const struct sg_utxo_tx *at = &sg_utxo_txs(show->utxo)[tx];
    const struct sg_utxo_block *block = block_of(show->utxo, tx);
    uint64_t fee;
    const bool known = fee_of(&fee, show->utxo, tx);
    sg_buf_printf(show->out, "%s on %s\n", sg_utxoing_txid(txid, show->utxo, tx),
                  show->chain->name);
    sg_buf_printf(show->out, "  block %" PRIu64 ", position %" PRIu64 ", %s\n", block->height,
                  tx - block->first_tx, sg_time_format(time, block->time));
    if (tx == block->first_tx)
        sg_buf_puts(show->out, "  a coinbase: it spends nothing\n");
    else
        sg_buf_printf(show->out, "  fee %s\n", known ? amount_text(text, fee) : "not known");
    sg_buf_puts(show->out, "inputs\n");
    for (uint64_t in = at->first_in; in < at[1].first_in; in++)
        text_input(show, in);
    sg_buf_puts(show->out, "outputs\n");
    for (uint64_t out = at->first_out; out < at[1].first_out; out++) {
        const uint64_t spender = spender_of(show->utxo, out);
        sg_buf_printf(show->out, "  %" PRIu64 "  %s to ", out - at->first_out,
                      amount_text(text, sg_utxo_out_sat(show->utxo)[out]));
        put_owner(show, sg_utxo_out_owner(show->utxo)[out]);
        if (spender == SG_UTXO_NONE)
            sg_buf_puts(show->out, ", not spent\n");
        else
            sg_buf_printf(show->out, ", spent in %s\n", sg_utxoing_txid(txid, show->utxo, spender));
    }
}

static void json_input(const struct sg_show_outputs *show, uint64_t in)
{
    char txid[SG_BTC_HASH_TEXT_MAX];
    const struct sg_utxo_missing *missing = missing_of(show->utxo, in);
    if (!missing) {
        json_output(show, sg_utxo_ins(show->utxo)[in], true);
        return;
    }
    sg_jsonw_begin_object(show->w);
    sg_jsonw_kv_string(show->w, "tx", sg_btc_hash_text(txid, missing->txid));
    sg_jsonw_kv_uint(show->w, "output", missing->index);
    sg_jsonw_kv_string(show->w, "amount", NULL);
    sg_jsonw_end_object(show->w);
}

static void json_transaction(const struct sg_show_outputs *show, uint64_t tx)
{
    struct sg_jsonw *w = show->w;
    const struct sg_utxo_tx *at = &sg_utxo_txs(show->utxo)[tx];
    const struct sg_utxo_block *block = block_of(show->utxo, tx);
    uint64_t fee;
    sg_jsonw_begin_object(w);
    json_tx(w, "tx", show->utxo, tx);
    sg_jsonw_kv_uint(w, "block", block->height);
    sg_jsonw_kv_uint(w, "position", tx - block->first_tx);
    sg_jsonw_kv_time(w, "time_unix_s", block->time);
    sg_jsonw_key(w, "fee");
    if (fee_of(&fee, show->utxo, tx))
        sg_jsonw_amount(w, sg_amount_from(fee), SG_BTC_DECIMALS);
    else
        sg_jsonw_null(w);
    sg_jsonw_key(w, "inputs");
    sg_jsonw_begin_array(w);
    for (uint64_t in = at->first_in; in < at[1].first_in; in++)
        json_input(show, in);
    sg_jsonw_end_array(w);
    sg_jsonw_key(w, "outputs");
    sg_jsonw_begin_array(w);
    for (uint64_t out = at->first_out; out < at[1].first_out; out++)
        json_output(show, out, true);
    sg_jsonw_end_array(w);
    sg_jsonw_end_object(w);
}

static void write_found(const struct sg_show_outputs *show, const struct owner_facts *f,
                        uint64_t tx)
{
    if (!show->w) {
        if (f)
            text_owner(show, f);
        else
            text_tx(show, tx);
        return;
    }
    sg_jsonw_begin_object(show->w);
    sg_jsonw_kv_string(show->w, "chain", show->chain->name);
    sg_jsonw_kv_string(show->w, "address", NULL);
    sg_jsonw_kv_string(show->w, "transaction", NULL);
    sg_jsonw_key(show->w, f ? "owner" : "outputs");
    if (f)
        json_owner(show, f);
    else
        json_transaction(show, tx);
    sg_jsonw_end_object(show->w);
}

enum sg_status sg_show_outputs(const struct sg_show_outputs *show, bool *fits, const char *subject,
                               struct sg_err *err)
{
    uint8_t txid[SG_BTC_HASH];
    struct owner_facts facts = {0};
    *fits = sg_btc_hash_parse(txid, subject, strlen(subject));
    const uint64_t tx = *fits ? sg_utxo_find_tx(show->utxo, txid) : SG_UTXO_NONE;
    if (*fits && tx == SG_UTXO_NONE)
        return sg_err_set(err, SG_ENOTFOUND, "the ledger has no transaction %.64s", subject);
    if (*fits) {
        write_found(show, NULL, tx);
        return SG_OK;
    }
    const enum sg_status st = sg_utxoing_owner(&facts.owner, show->utxo, subject, err);
    *fits = st != SG_EUSAGE;
    if (st != SG_OK)
        return SG_ENOTFOUND;
    gather(&facts, show->utxo);
    if (facts.received.n)
        write_found(show, &facts, SG_UTXO_NONE);
    return facts.received.n ? SG_OK : SG_ENOTFOUND;
}
