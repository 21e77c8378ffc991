/* The truth of a made-up chain: what grows with the chain as lines, the rest in truth.json. */
#include "app/coinworlding/coinworlding_internal.h"

#include "base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define PIECE   ((size_t)1024 * 1024)
#define PIECE_1 ((size_t)16 * PIECE) /* one transaction's truth is far smaller */

static const char *const names[TRUTH_FILES] = {"truth.json", "transactions.jsonl", "thefts.jsonl",
                                               "owners.csv"};

enum sg_status sg_cwi_begin(struct written *w, const char *dir, const char *name,
                            struct sg_err *err)
{
    char path[SG_OUTFILE_PATH_MAX];
    snprintf(path, sizeof(path), "%.4000s/%s", dir, name);
    return sg_outfile_begin(&w->file, path, err);
}

enum sg_status sg_cwi_flush(struct written *w, size_t at_least, struct sg_err *err)
{
    if (w->waits.size < at_least)
        return SG_OK;
    enum sg_status st = sg_buf_check(&w->waits, err);
    if (st == SG_OK)
        st = sg_outfile_append(&w->file, w->waits.data, w->waits.size, err);
    sg_buf_reset(&w->waits);
    return st;
}

enum sg_status sg_cwi_commit(struct written *w, struct sg_err *err)
{
    const enum sg_status st = sg_cwi_flush(w, 1, err);
    return st == SG_OK ? sg_outfile_commit(&w->file, err) : st;
}

void sg_cwi_drop(struct written *w)
{
    sg_outfile_abandon(&w->file);
    sg_buf_clear(&w->waits);
}

enum sg_status sg_cwi_truth_begin(struct truth *truth, const struct sg_coinworlding *request,
                                  struct sg_err *err)
{
    enum sg_status st = SG_OK;
    for (size_t i = 0; st == SG_OK && i < TRUTH_FILES; i++) {
        truth->files[i].waits = (struct sg_buf)SG_BUF_INIT(PIECE_1);
        st = sg_cwi_begin(&truth->files[i], request->dir, names[i], err);
    }
    truth->dir = request->dir;
    truth->network = SG_NETWORK_REGTEST;
    struct sg_jsonw *w = &truth->sums;
    sg_jsonw_init(w, &truth->files[TRUTH_SUMS].waits);
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_uint(w, "sillage_truth", 1);
    sg_jsonw_kv_string(w, "model", "utxo");
    sg_jsonw_kv_uint(w, "seed", request->seed);
    sg_jsonw_key(w, "thefts");
    sg_jsonw_begin_array(w);
    sg_buf_puts(&truth->files[TRUTH_OWNERS].waits, "address,owner\n");
    return st;
}

/* Numbers are most of these files, and printf takes three times as long. */
static void put_number(struct sg_buf *out, uint64_t number)
{
    char digits[20];
    size_t at = sizeof(digits);
    do
        digits[--at] = (char)('0' + number % 10);
    while (number /= 10);
    sg_buf_append(out, digits + at, sizeof(digits) - at);
}

static void put_owner(struct sg_buf *out, uint32_t owner)
{
    if (owner == SG_COINWORLD_NOBODY)
        sg_buf_puts(out, "null");
    else
        put_number(out, owner);
}

static void put_spenders(struct sg_buf *out, const struct sg_coinworld_tx *tx)
{
    sg_buf_puts(out, ",\"spenders\":[");
    const size_t n = sg_coinworld_is_shared(tx->kind) || !tx->n_spenders ? tx->n_spenders : 1;
    for (size_t i = 0; i < n; i++) {
        if (i)
            sg_buf_putc(out, ',');
        put_owner(out, tx->spenders[i]);
    }
}

static void put_outs(struct sg_buf *out, const struct sg_coinworld_tx *tx)
{
    bool any = false;
    sg_buf_puts(out, "],\"owners\":[");
    for (size_t i = 0; i < tx->n_outs; i++) {
        if (i)
            sg_buf_putc(out, ',');
        put_owner(out, tx->outs[i].owner);
    }
    sg_buf_puts(out, "],\"change\":[");
    for (size_t i = 0; i < tx->n_outs; i++) {
        if (!tx->outs[i].change)
            continue;
        if (any)
            sg_buf_putc(out, ',');
        any = true;
        put_number(out, i);
    }
}

static void put_tx(struct sg_buf *out, const struct sg_coinworld_tx *tx)
{
    char txid[SG_BTC_HASH_TEXT_MAX];
    sg_buf_puts(out, "{\"txid\":\"");
    sg_buf_puts(out, sg_btc_hash_text(txid, tx->txid));
    sg_buf_puts(out, "\",\"kind\":\"");
    sg_buf_puts(out, sg_coinworld_kind_name(tx->kind));
    sg_buf_puts(out, "\",\"fee\":");
    put_number(out, tx->fee_sat);
    put_spenders(out, tx);
    put_outs(out, tx);
    sg_buf_putc(out, ']');
    if (tx->theft != SG_COINWORLD_NOBODY)
        sg_buf_printf(out, ",\"theft\":%" PRIu32, tx->theft);
    if (tx->chain != SG_COINWORLD_NOBODY)
        sg_buf_printf(out, ",\"chain\":%" PRIu32 ",\"step\":%" PRIu32, tx->chain, tx->step);
    sg_buf_puts(out, "}\n");
}

enum sg_status sg_cwi_on_tx(struct truth *truth, const struct sg_coinworld_tx *tx,
                            struct sg_err *err)
{
    struct written *all = &truth->files[TRUTH_TXS], *thefts = &truth->files[TRUTH_THEFTS];
    put_tx(&all->waits, tx);
    if (tx->theft != SG_COINWORLD_NOBODY)
        put_tx(&thefts->waits, tx);
    const enum sg_status st = sg_cwi_flush(all, PIECE, err);
    return st == SG_OK ? sg_cwi_flush(thefts, PIECE, err) : st;
}

enum sg_status sg_cwi_on_address(struct truth *truth, const struct sg_coinworld_address *address,
                                 struct sg_err *err)
{
    struct written *owners = &truth->files[TRUTH_OWNERS];
    char text[SG_PAYEE_TEXT_MAX + 1];
    if (sg_address_from_script(text, truth->network, address->script, address->script_size) !=
        SG_OK)
        return sg_err_set(err, SG_EPARSE, "a script has no address");
    sg_buf_puts(&owners->waits, text);
    sg_buf_putc(&owners->waits, ',');
    put_number(&owners->waits, address->owner);
    sg_buf_putc(&owners->waits, '\n');
    return sg_cwi_flush(owners, PIECE, err);
}

static void put_books(struct sg_jsonw *w, const struct sg_coinworld_books *b)
{
    const struct {
        const char *name;
        uint64_t sat;
    } lines[] = {{"stolen", b->stolen},     {"stray_in", b->stray_in}, {"unmixed", b->unmixed},
                 {"exchange", b->exchange}, {"otc", b->otc},           {"mixed", b->mixed},
                 {"fees", b->fees},         {"held", b->held},         {"mix_fees", b->mix_fees},
                 {"in_mixer", b->in_mixer}};
    sg_jsonw_key(w, "satoshis");
    sg_jsonw_begin_object(w);
    for (size_t i = 0; i < SG_COUNT_OF(lines); i++)
        sg_jsonw_kv_uint(w, lines[i].name, lines[i].sat);
    sg_jsonw_end_object(w);
}

enum sg_status sg_cwi_on_theft(struct truth *truth, const struct sg_coinworld_theft *theft,
                               struct sg_err *err)
{
    struct sg_jsonw *w = &truth->sums;
    if (!theft->begun)
        return SG_OK;
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_uint(w, "theft", theft->number);
    sg_jsonw_kv_uint(w, "thief", theft->thief);
    if (theft->victim != SG_COINWORLD_NOBODY)
        sg_jsonw_kv_uint(w, "victim", theft->victim);
    put_books(w, &theft->books);
    sg_jsonw_end_object(w);
    sg_buf_putc(w->buf, '\n');
    return theft->n_seeds ? sg_cwi_case(truth, theft, err) : SG_OK;
}

enum sg_status sg_cwi_on_entity(struct truth *truth, const struct sg_coinworld_entity *entity,
                                struct sg_err *err)
{
    struct sg_jsonw *w = &truth->sums;
    if (truth->n_entities++ == 0) {
        sg_jsonw_end_array(w);
        sg_jsonw_key(w, "entities");
        sg_jsonw_begin_array(w);
    }
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_string(w, "kind", entity->kind);
    sg_jsonw_kv_uint(w, "owner", entity->owner);
    sg_jsonw_end_object(w);
    sg_buf_putc(w->buf, '\n');
    return sg_cwi_flush(&truth->files[TRUTH_SUMS], PIECE, err);
}

enum sg_status sg_cwi_truth_end(struct truth *truth, const struct sg_coinworld_summary *summary,
                                struct sg_err *err)
{
    struct sg_jsonw *w = &truth->sums;
    enum sg_status st = SG_OK;
    sg_jsonw_end_array(w);
    sg_jsonw_kv_uint(w, "transactions", summary->transactions);
    sg_jsonw_kv_uint(w, "blocks", summary->blocks);
    sg_jsonw_key(w, "kinds");
    sg_jsonw_begin_object(w);
    for (size_t k = 0; k < SG_COINWORLD_KINDS; k++)
        sg_jsonw_kv_uint(w, sg_coinworld_kind_name((enum sg_coinworld_kind)k),
                         summary->per_kind[k]);
    sg_jsonw_end_object(w);
    sg_jsonw_end_object(w);
    sg_buf_putc(w->buf, '\n');
    for (size_t i = TRUTH_FILES; st == SG_OK && i-- > 0;)
        st = sg_cwi_commit(&truth->files[i], err);
    return st;
}

void sg_cwi_truth_drop(struct truth *truth)
{
    for (size_t i = 0; i < TRUTH_FILES; i++)
        sg_cwi_drop(&truth->files[i]);
}
