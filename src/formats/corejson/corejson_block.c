/* A block's JSON back into its bytes. */
#include "formats/corejson/corejson.h"

#include "base/hex.h"

#include <string.h>

static enum sg_status lacks(struct sg_err *err, const char *what, const char *field)
{
    return sg_err_set(err, SG_EPARSE, "%s: \"%s\" is missing or not what it should be", what,
                      field);
}

static void put_le(struct sg_buf *raw, uint64_t value, size_t n_bytes)
{
    for (size_t i = 0; i < n_bytes; i++)
        sg_buf_putc(raw, (char)(uint8_t)(value >> (8 * i)));
}

static void put_length(struct sg_buf *raw, uint64_t length)
{
    const size_t n = length < 0xfd ? 0 : length <= UINT16_MAX ? 2 : length <= UINT32_MAX ? 4 : 8;
    if (n)
        sg_buf_putc(raw, (char)(uint8_t)(0xfc + (n == 2 ? 1 : n == 4 ? 2 : 3)));
    put_le(raw, length, n ? n : 1);
}

/* The bytes of a member in hexadecimal; with_length puts their count in front. */
static bool put_hex(struct sg_buf *raw, struct sg_arena *arena, struct sg_text hex,
                    bool with_length)
{
    const size_t n = hex.size / 2;
    uint8_t *bytes = sg_arena_alloc(arena, n + 1, 1);
    if (!hex.data || !bytes || hex.size % 2 || !sg_hex_decode(bytes, n, hex.data, hex.size))
        return false;
    if (with_length)
        put_length(raw, n);
    sg_buf_append(raw, bytes, n);
    return true;
}

static bool put_hash(struct sg_buf *raw, const struct sg_json_node *object, const char *name)
{
    uint8_t hash[SG_BTC_HASH];
    const struct sg_text text = sg_json_member_string(object, name);
    if (!text.data || !sg_btc_hash_parse(hash, text.data, text.size))
        return false;
    sg_buf_append(raw, hash, sizeof(hash));
    return true;
}

static bool put_number(struct sg_buf *raw, const struct sg_json_node *object, const char *name)
{
    uint64_t number;
    if (!sg_json_member_uint(&number, object, name, UINT32_MAX))
        return false;
    put_le(raw, number, 4);
    return true;
}

/* Versions are signed in some writings and unsigned in others. */
static bool put_version(struct sg_buf *raw, const struct sg_json_node *object)
{
    const struct sg_json_node *node = sg_json_member(object, "version");
    uint32_t number = 0;
    if (!node || node->kind != SG_JSON_WORD || node->text.size == 0 || node->text.size > 11)
        return false;
    const bool minus = node->text.data[0] == '-';
    for (size_t i = minus; i < node->text.size; i++) {
        if (node->text.data[i] < '0' || node->text.data[i] > '9')
            return false;
        number = 10 * number + (uint32_t)(node->text.data[i] - '0');
    }
    put_le(raw, minus ? 0u - number : number, 4);
    return true;
}

static const char *put_in(struct sg_buf *raw, struct sg_arena *arena, const struct sg_json_node *in)
{
    static const uint8_t nothing[SG_BTC_HASH] = {0};
    const struct sg_text coinbase = sg_json_member_string(in, "coinbase");
    if (coinbase.data) {
        sg_buf_append(raw, nothing, sizeof(nothing));
        put_le(raw, UINT32_MAX, 4);
    } else if (!put_hash(raw, in, "txid")) {
        return "vin.txid";
    } else if (!put_number(raw, in, "vout")) {
        return "vin.vout";
    }
    const struct sg_text script =
        coinbase.data ? coinbase : sg_json_member_string(sg_json_member(in, "scriptSig"), "hex");
    if (!put_hex(raw, arena, script, true))
        return "vin.scriptSig.hex";
    return put_number(raw, in, "sequence") ? NULL : "vin.sequence";
}

static const char *put_out(struct sg_buf *raw, struct sg_arena *arena,
                           const struct sg_json_node *out)
{
    uint64_t sat;
    const struct sg_json_node *value = sg_json_member(out, "value");
    if (!value || sg_core_value(&sat, value->text.data, value->text.size, NULL) != SG_OK)
        return "vout.value";
    put_le(raw, sat, 8);
    const struct sg_text hex = sg_json_member_string(sg_json_member(out, "scriptPubKey"), "hex");
    return put_hex(raw, arena, hex, true) ? NULL : "vout.scriptPubKey.hex";
}

static bool has_witness(const struct sg_json_node *ins)
{
    for (const struct sg_json_node *in = ins->first; in; in = in->next)
        if (sg_json_member(in, "txinwitness"))
            return true;
    return false;
}

static const char *put_witness(struct sg_buf *raw, struct sg_arena *arena,
                               const struct sg_json_node *in)
{
    const struct sg_json_node *items = sg_json_member(in, "txinwitness");
    put_length(raw, items ? items->n : 0);
    for (const struct sg_json_node *item = items ? items->first : NULL; item; item = item->next)
        if (item->kind != SG_JSON_STRING || !put_hex(raw, arena, item->text, true))
            return "vin.txinwitness";
    return NULL;
}

static const char *put_fields(struct sg_buf *raw, struct sg_arena *arena,
                              const struct sg_json_node *tx)
{
    const struct sg_json_node *ins = sg_json_member(tx, "vin"), *outs = sg_json_member(tx, "vout");
    const char *bad = NULL;
    if (!put_version(raw, tx))
        return "version";
    if (!ins || !outs || ins->kind != SG_JSON_ARRAY || outs->kind != SG_JSON_ARRAY)
        return ins ? "vout" : "vin";
    const bool witness = has_witness(ins);
    if (witness)
        put_le(raw, 0x0100, 2);
    put_length(raw, ins->n);
    for (const struct sg_json_node *in = ins->first; !bad && in; in = in->next)
        bad = put_in(raw, arena, in);
    put_length(raw, outs->n);
    for (const struct sg_json_node *out = outs->first; !bad && out; out = out->next)
        bad = put_out(raw, arena, out);
    for (const struct sg_json_node *in = witness ? ins->first : NULL; !bad && in; in = in->next)
        bad = put_witness(raw, arena, in);
    return bad ? bad : put_number(raw, tx, "locktime") ? NULL : "locktime";
}

static enum sg_status put_tx(struct sg_buf *raw, struct sg_arena *arena, size_t index,
                             const struct sg_json_node *tx, struct sg_err *err)
{
    const struct sg_text hex = sg_json_member_string(tx, "hex");
    if (tx->kind == SG_JSON_STRING)
        return sg_err_set(err, SG_EPARSE,
                          "the transactions are only named: ask the node with verbosity 2 or 3");
    const char *bad =
        hex.data ? put_hex(raw, arena, hex, false) ? NULL : "hex" : put_fields(raw, arena, tx);
    if (!bad)
        return SG_OK;
    return sg_err_set(err, SG_EPARSE, "transaction %zu: \"%s\" is missing or not what it should be",
                      index, bad);
}

static enum sg_status put_header(struct sg_buf *raw, const struct sg_json_node *block,
                                 struct sg_err *err)
{
    static const uint8_t nothing[SG_BTC_HASH] = {0};
    uint8_t bits[4];
    const struct sg_text text = sg_json_member_string(block, "bits");
    if (!put_version(raw, block))
        return lacks(err, "block", "version");
    if (!sg_json_member(block, "previousblockhash"))
        sg_buf_append(raw, nothing, sizeof(nothing)); /* block 0 has none */
    else if (!put_hash(raw, block, "previousblockhash"))
        return lacks(err, "block", "previousblockhash");
    if (!put_hash(raw, block, "merkleroot"))
        return lacks(err, "block", "merkleroot");
    if (!put_number(raw, block, "time"))
        return lacks(err, "block", "time");
    if (!text.data || !sg_hex_decode(bits, sizeof(bits), text.data, text.size))
        return lacks(err, "block", "bits");
    for (size_t i = sizeof(bits); i-- > 0;)
        sg_buf_putc(raw, (char)bits[i]);
    return put_number(raw, block, "nonce") ? SG_OK : lacks(err, "block", "nonce");
}

static enum sg_status check_hash(const struct sg_buf *raw, size_t from,
                                 const struct sg_json_node *block, struct sg_err *err)
{
    struct sg_btc_header header;
    struct sg_reader r;
    char text[SG_BTC_HASH_TEXT_MAX];
    sg_reader_init(&r, raw->data + from, raw->size - from);
    const enum sg_status st = sg_btc_header_read(&header, &r, err);
    if (st != SG_OK)
        return st;
    if (!sg_text_is(sg_json_member_string(block, "hash"), sg_btc_hash_text(text, header.hash)))
        return sg_err_set(err, SG_EPARSE, "block: its fields hash to %s and not to its \"hash\"",
                          text);
    return SG_OK;
}

static enum sg_status put_block(struct sg_buf *raw, struct sg_arena *arena,
                                const struct sg_json_node *block, struct sg_err *err)
{
    const size_t from = raw->size;
    const struct sg_json_node *txs = sg_json_member(block, "tx");
    size_t i = 0;
    enum sg_status st = put_header(raw, block, err);
    if (st == SG_OK)
        st = sg_buf_check(raw, err);
    if (st == SG_OK)
        st = check_hash(raw, from, block, err);
    if (st == SG_OK && (!txs || txs->kind != SG_JSON_ARRAY))
        st = lacks(err, "block", "tx");
    if (st != SG_OK)
        return st;
    put_length(raw, txs->n);
    for (const struct sg_json_node *tx = txs->first; st == SG_OK && tx; tx = tx->next)
        st = put_tx(raw, arena, i++, tx, err);
    return st == SG_OK ? sg_buf_check(raw, err) : st;
}

enum sg_status sg_core_block_bytes(struct sg_buf *raw, struct sg_arena *arena, const char *text,
                                   size_t size, struct sg_err *err)
{
    const struct sg_json_node *root;
    const enum sg_status st = sg_json_tree(&root, arena, text, size, err);
    if (st != SG_OK)
        return st;
    const struct sg_json_node *inner = sg_json_member(root, "result");
    return put_block(raw, arena, inner && inner->kind == SG_JSON_OBJECT ? inner : root, err);
}
