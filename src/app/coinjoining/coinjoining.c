#include "app/coinjoining/coinjoining.h"

#include "app/term.h"
#include "base/jsonw.h"
#include "base/mem.h"
#include "base/vec.h"
#include "formats/corejson/corejson.h"
#include "store/file/file.h"

#include <inttypes.h>
#include <string.h>

/* A transaction of 4 MB with all its scripts as text, their disassembly and what they spend. */
#define LINE_MAX ((size_t)64 * 1024 * 1024)
#define OUT_MAX  ((size_t)64 * 1024 * 1024)

/* Output is printed when this much of it has gathered. */
#define OUT_PIECE ((size_t)64 * 1024)

#define BAD_SHOWN 20

static enum sg_status flush(struct sg_coinjoining *run, size_t least, struct sg_err *err)
{
    if (run->out.size < least)
        return SG_OK;
    const enum sg_status st = sg_term_print(&run->out, err);
    sg_buf_reset(&run->out);
    return st;
}

static void name_bad_line(struct sg_coinjoining *run, const struct sg_err *why)
{
    if (++run->n_bad > BAD_SHOWN)
        return;
    fprintf(stderr, "sillage coinjoin: ");
    sg_term_text(stderr, run->path, strlen(run->path));
    fprintf(stderr, " line %" PRIu64 ": ", run->line_number);
    sg_term_text(stderr, why->text, strlen(why->text));
    if (why->has_offset)
        fprintf(stderr, " (byte %" PRIu64 " of the line)", why->offset);
    fputc('\n', stderr);
}

/* A number that is not known is null. */
static void json_known(struct sg_jsonw *w, const char *key, uint64_t number)
{
    sg_jsonw_key(w, key);
    if (number)
        sg_jsonw_uint(w, number);
    else
        sg_jsonw_null(w);
}

static void print_json(struct sg_buf *out, const char *txid, const struct sg_coinjoin *found)
{
    struct sg_jsonw w;
    sg_jsonw_init(&w, out);
    sg_jsonw_begin_object(&w);
    sg_jsonw_kv_string(&w, "txid", txid);
    sg_jsonw_kv_bool(&w, "coinjoin", found->coinjoin);
    sg_jsonw_kv_string(&w, "kind", sg_coinjoin_kind_name(found->kind));
    json_known(&w, "participants", found->participants);
    sg_jsonw_key(&w, "denomination");
    if (found->denomination_sat)
        sg_jsonw_amount(&w, sg_amount_from(found->denomination_sat), SG_BTC_DECIMALS);
    else
        sg_jsonw_null(&w);
    json_known(&w, "mappings", found->mappings);
    sg_jsonw_key(&w, "evidence");
    sg_jsonw_begin_array(&w);
    for (size_t i = 0; i < found->n_evidence; i++)
        sg_jsonw_string(&w, found->evidence[i]);
    sg_jsonw_end_array(&w);
    sg_jsonw_end_object(&w);
    sg_buf_putc(out, '\n');
}

static void print_text(struct sg_buf *out, const char *txid, const struct sg_coinjoin *found)
{
    const char *kind = sg_coinjoin_kind_name(found->kind);
    sg_buf_printf(out, "%s %s", txid, kind ? kind : "no");
    if (found->participants)
        sg_buf_printf(out, ", participants %" PRIu32, found->participants);
    if (found->mappings)
        sg_buf_printf(out, ", mappings %" PRIu64, found->mappings);
    sg_buf_putc(out, '\n');
    for (size_t i = 0; i < found->n_evidence; i++)
        sg_buf_printf(out, "    %s\n", found->evidence[i]);
}

static enum sg_status judge(struct sg_coinjoin *found, const struct sg_core_tx *tx,
                            struct sg_err *err)
{
    const struct sg_coinjoin_tx view = {tx->spent, tx->n_in, tx->outs, tx->n_out};
    *found = (struct sg_coinjoin){.kind = SG_COINJOIN_NONE};
    if (tx->coinbase)
        return SG_OK;
    if (tx->n_spent < tx->n_in)
        return sg_err_set(
            err, SG_EPARSE,
            "\"prevout\" is missing: ask the node for the transaction with verbosity 2");
    return sg_coinjoin_judge(found, &view, err);
}

static enum sg_status judge_line(struct sg_coinjoining *run, struct sg_err *err)
{
    struct sg_core_tx tx;
    struct sg_coinjoin found;
    struct sg_err why;
    char txid[SG_BTC_HASH_TEXT_MAX];
    enum sg_status st = sg_core_tx_parse(&tx, &run->arena, run->line.data, run->line.size, &why);
    if (st == SG_OK)
        st = judge(&found, &tx, &why);
    if (st == SG_OK) {
        run->n_of[found.kind]++;
        (run->json ? print_json : print_text)(&run->out, sg_btc_hash_text(txid, tx.txid), &found);
    } else if (st == SG_ENOMEM) {
        return sg_err_nomem(err);
    } else {
        name_bad_line(run, &why);
    }
    sg_arena_clear(&run->arena);
    return flush(run, OUT_PIECE, err);
}

static bool is_blank(const struct sg_buf *line)
{
    for (size_t i = 0; i < line->size; i++)
        if (!strchr(" \t\r", line->data[i]))
            return false;
    return true;
}

static enum sg_status end_line(struct sg_coinjoining *run, struct sg_err *err)
{
    struct sg_err why;
    enum sg_status st = SG_OK;
    run->line_number++;
    if (run->too_long || !is_blank(&run->line)) {
        run->n_lines++;
        if (run->too_long) {
            (void)sg_err_set(&why, SG_ELIMIT, "longer than %zu bytes", LINE_MAX);
            name_bad_line(run, &why);
        } else {
            st = judge_line(run, err);
        }
    }
    run->too_long = false;
    sg_buf_reset(&run->line);
    return st;
}

static enum sg_status add_to_line(struct sg_coinjoining *run, const char *bytes, size_t size,
                                  struct sg_err *err)
{
    if (run->too_long)
        return SG_OK;
    sg_buf_append(&run->line, bytes, size);
    const enum sg_status st = sg_buf_check(&run->line, err);
    run->too_long = st == SG_ELIMIT;
    return run->too_long ? SG_OK : st;
}

static enum sg_status on_text(void *ctx, const uint8_t *bytes, size_t size, struct sg_err *err)
{
    struct sg_coinjoining *run = ctx;
    const char *at = (const char *)bytes, *end = at + size;
    enum sg_status st = SG_OK;
    while (st == SG_OK && at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        st = add_to_line(run, at, (size_t)((stop ? stop : end) - at), err);
        if (st == SG_OK && stop)
            st = end_line(run, err);
        at = stop ? stop + 1 : end;
    }
    return st;
}

static enum sg_status on_chunk(void *ctx, const uint8_t *bytes, size_t size, struct sg_err *err)
{
    struct sg_coinjoining *run = ctx;
    run->done_bytes += size;
    if (!sg_progress_step(&run->bar.progress, run->done_bytes, run->total_bytes))
        return sg_err_set(err, SG_ECANCELLED, "stopped");
    return sg_inflate_feed(run->inflate, bytes, size, err);
}

static enum sg_status read_file(struct sg_coinjoining *run, struct sg_err *err)
{
    enum sg_status st = sg_inflate_new(&run->inflate, on_text, run, err);
    if (st == SG_OK)
        st = sg_file_stream(run->path, on_chunk, run, err);
    if (st == SG_OK)
        st = sg_inflate_finish(run->inflate, err);
    if (st == SG_OK)
        st = end_line(run, err);
    if (st == SG_OK)
        st = flush(run, 1, err);
    return st;
}

enum sg_status sg_coinjoining_run(struct sg_coinjoining *run, struct sg_err *err)
{
    run->line = (struct sg_buf)SG_BUF_INIT(LINE_MAX);
    run->out = (struct sg_buf)SG_BUF_INIT(OUT_MAX);
    run->total_bytes = sg_file_size(run->path);
    sg_bar_begin(&run->bar, "judging", true);
    const enum sg_status st = read_file(run, err);
    sg_bar_end(&run->bar);
    sg_inflate_free(run->inflate);
    sg_arena_clear(&run->arena);
    sg_buf_clear(&run->line);
    sg_buf_clear(&run->out);
    return st;
}

/* The coins of a transaction of a ledger; false if one that it spends is missing. */
static bool take_coins(struct sg_coinjoin_tx *view, struct sg_btc_out *coins,
                       const struct sg_utxo *utxo, uint64_t tx)
{
    const struct sg_utxo_tx *at = &sg_utxo_txs(utxo)[tx];
    const size_t n_in = (size_t)(at[1].first_in - at->first_in);
    const size_t n_out = (size_t)(at[1].first_out - at->first_out);
    for (size_t i = 0; i < n_in; i++) {
        const uint64_t out = sg_utxo_ins(utxo)[at->first_in + i];
        if (out == SG_UTXO_NONE)
            return false;
        coins[i] = sg_utxo_coin(utxo, out);
    }
    for (size_t o = 0; o < n_out; o++)
        coins[n_in + o] = sg_utxo_coin(utxo, at->first_out + o);
    *view = (struct sg_coinjoin_tx){coins, n_in, coins + n_in, n_out};
    return true;
}

static enum sg_status judge_row(struct sg_coinjoining *run, const struct sg_utxo *utxo, uint64_t tx,
                                struct sg_btc_out *coins, struct sg_err *err)
{
    struct sg_coinjoin_tx view;
    struct sg_coinjoin found;
    char txid[SG_BTC_HASH_TEXT_MAX];
    run->n_lines++;
    if (!take_coins(&view, coins, utxo, tx)) {
        run->n_bad++;
        return SG_OK;
    }
    const enum sg_status st = sg_coinjoin_judge(&found, &view, err);
    if (st != SG_OK)
        return st;
    run->n_of[found.kind]++;
    if (found.kind != SG_COINJOIN_NONE)
        (run->json ? print_json : print_text)(
            &run->out, sg_btc_hash_text(txid, sg_utxo_txs(utxo)[tx].txid), &found);
    return flush(run, OUT_PIECE, err);
}

static enum sg_status judge_rows(struct sg_coinjoining *run, const struct sg_utxo *utxo,
                                 struct sg_err *err)
{
    const struct sg_utxo_tx *txs = sg_utxo_txs(utxo);
    struct sg_btc_out *coins = NULL;
    size_t capacity = 0;
    enum sg_status st = SG_OK;
    for (uint64_t t = 0; st == SG_OK && t < sg_utxo_n_txs(utxo); t++) {
        const size_t n_in = (size_t)(txs[t + 1].first_in - txs[t].first_in);
        const size_t n = n_in + (size_t)(txs[t + 1].first_out - txs[t].first_out);
        if (n_in == 0)
            continue; /* a coinbase */
        if (!SG_VEC_RESERVE(coins, 0, capacity, n))
            st = sg_err_nomem(err);
        else if (!sg_progress_step(&run->bar.progress, t, sg_utxo_n_txs(utxo)))
            st = sg_err_set(err, SG_ECANCELLED, "stopped");
        else
            st = judge_row(run, utxo, t, coins, err);
    }
    sg_mem_free(coins);
    return st == SG_OK ? flush(run, 1, err) : st;
}

enum sg_status sg_coinjoining_ledger(struct sg_coinjoining *run, const struct sg_utxo *utxo,
                                     struct sg_err *err)
{
    run->out = (struct sg_buf)SG_BUF_INIT(OUT_MAX);
    sg_bar_begin(&run->bar, "judging", false);
    const enum sg_status st = judge_rows(run, utxo, err);
    sg_bar_end(&run->bar);
    sg_buf_clear(&run->out);
    return st;
}
