#include "formats/corejson/corejson.h"

#include "base/hex.h"
#include "formats/address/address.h"

#include <string.h>

/* The longest number that a value can be: an exponent is at most two digits. */
#define DIGITS_MAX 40

static enum sg_status no_value(struct sg_err *err)
{
    return sg_err_set(err, SG_EPARSE, "a value is no amount in whole coins with 8 decimals");
}

/* Split 1.5e-05 into its digits and the place of the point: 15, 4 places to the left of 1. */
static bool split_number(char digits[DIGITS_MAX], size_t *n, int *scale, const char *text,
                         size_t size)
{
    size_t i = 0;
    bool point = false;
    *n = 0;
    *scale = 0;
    for (; i < size && ((text[i] >= '0' && text[i] <= '9') || (text[i] == '.' && !point)); i++) {
        if (text[i] == '.') {
            point = true;
            continue;
        }
        if (*n == DIGITS_MAX)
            return false;
        digits[(*n)++] = text[i];
        *scale -= point;
    }
    if (i == size || *n == 0 || (text[i] != 'e' && text[i] != 'E'))
        return i == size && *n > 0;
    const bool minus = ++i < size && text[i] == '-';
    int exponent = 0;
    i += i < size && (text[i] == '-' || text[i] == '+');
    if (i == size || size - i > 2)
        return false;
    for (; i < size; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        exponent = 10 * exponent + (text[i] - '0');
    }
    *scale += minus ? -exponent : exponent;
    return true;
}

enum sg_status sg_core_value(uint64_t *sat, const char *text, size_t size, struct sg_err *err)
{
    char digits[DIGITS_MAX];
    size_t n;
    int scale;
    uint64_t value = 0;
    if (!split_number(digits, &n, &scale, text, size))
        return no_value(err);
    for (scale += SG_BTC_DECIMALS; scale < 0 && n > 0 && digits[n - 1] == '0'; scale++)
        n--;
    for (size_t i = 0; i < n; i++)
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, (uint64_t)(digits[i] - '0'), &value))
            return no_value(err);
    for (; scale > 0 && value; scale--)
        if (__builtin_mul_overflow(value, 10, &value))
            return no_value(err);
    if ((scale < 0 && n > 0) || value > INT64_MAX)
        return no_value(err);
    *sat = value;
    return SG_OK;
}

static enum sg_status bad_field(struct sg_err *err, const char *place, size_t index,
                                const char *field)
{
    return sg_err_set(err, SG_EPARSE, "%s %zu: \"%s\" is missing or not what it should be", place,
                      index, field);
}

/* "address", or the only one of "addresses", of Bitcoin's main network. */
static bool script_of_address(struct sg_btc_out *out, struct sg_arena *arena,
                              const struct sg_json_node *pay)
{
    const struct sg_json_node *list = sg_json_member(pay, "addresses");
    struct sg_text text = sg_json_member_string(pay, "address");
    struct sg_payee payee;
    if (!text.data && list && list->n == 1 && list->first->kind == SG_JSON_STRING)
        text = list->first->text;
    if (!text.data ||
        sg_payee_read(&payee, SG_NETWORK_BITCOIN, text.data, text.size, NULL) != SG_OK)
        return false;
    uint8_t *script = sg_arena_alloc(arena, SG_PAYEE_SCRIPT_MAX, 1);
    out->script_size = script ? sg_payee_to_script(script, &payee) : 0;
    out->script = script;
    return script != NULL;
}

static bool script_of_hex(struct sg_btc_out *out, struct sg_arena *arena, struct sg_text hex)
{
    out->script_size = hex.size / 2;
    uint8_t *script = sg_arena_alloc(arena, out->script_size + 1, 1);
    out->script = script;
    return script && hex.size % 2 == 0 &&
           sg_hex_decode(script, out->script_size, hex.data, hex.size);
}

/* {"value": 0.5, "scriptPubKey": {"hex": "0014.."}}: an output, or what an input spends. Some
 * programs leave the script out and keep the address. */
static enum sg_status read_coin(struct sg_btc_out *out, struct sg_arena *arena,
                                const struct sg_json_node *object, const char *place, size_t index,
                                struct sg_err *err)
{
    const struct sg_json_node *value = sg_json_member(object, "value");
    const struct sg_json_node *pay = sg_json_member(object, "scriptPubKey");
    const struct sg_text hex = sg_json_member_string(pay, "hex");
    if (!value || (value->kind != SG_JSON_WORD && value->kind != SG_JSON_STRING))
        return bad_field(err, place, index, "value");
    const enum sg_status st = sg_core_value(&out->sat, value->text.data, value->text.size, err);
    if (st != SG_OK) {
        sg_err_frame(err, "%s %zu", place, index);
        return st;
    }
    out->script = (const uint8_t *)""; /* NULL: no memory, told apart from a bad field */
    if (hex.data ? script_of_hex(out, arena, hex) : script_of_address(out, arena, pay))
        return SG_OK;
    return out->script ? bad_field(err, place, index, "scriptPubKey.hex") : sg_err_nomem(err);
}

static void read_coinbase(struct sg_core_tx *tx, struct sg_btc_in *in)
{
    in->index = UINT32_MAX;
    tx->coinbase = true;
}

static enum sg_status read_in(struct sg_core_tx *tx, struct sg_arena *arena, size_t index,
                              const struct sg_json_node *object, struct sg_err *err)
{
    uint64_t number = UINT32_MAX;
    struct sg_btc_in *in = &tx->ins[index];
    const struct sg_json_node *spent = sg_json_member(object, "prevout");
    const struct sg_text txid = sg_json_member_string(object, "txid");
    (void)sg_json_member_uint(&number, object, "sequence", UINT32_MAX);
    in->sequence = (uint32_t)number;
    if (sg_json_member(object, "coinbase")) {
        read_coinbase(tx, in);
        return SG_OK;
    }
    if (!txid.data || !sg_btc_hash_parse(in->txid, txid.data, txid.size))
        return bad_field(err, "input", index, "txid");
    if (!sg_json_member_uint(&number, object, "vout", UINT32_MAX))
        return bad_field(err, "input", index, "vout");
    in->index = (uint32_t)number;
    if (!spent)
        return SG_OK;
    tx->n_spent++;
    return read_coin(&tx->spent[index], arena, spent, "prevout of input", index, err);
}

static enum sg_status read_ins(struct sg_core_tx *tx, struct sg_arena *arena,
                               const struct sg_json_node *list, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    size_t i = 0;
    tx->n_in = list->n;
    tx->ins = sg_arena_alloc(arena, list->n, sizeof(*tx->ins));
    tx->spent = sg_arena_alloc(arena, list->n, sizeof(*tx->spent));
    if (!tx->ins || !tx->spent)
        return sg_err_nomem(err);
    for (const struct sg_json_node *node = list->first; st == SG_OK && node; node = node->next)
        st = read_in(tx, arena, i++, node, err);
    return st;
}

static enum sg_status read_outs(struct sg_core_tx *tx, struct sg_arena *arena,
                                const struct sg_json_node *list, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    size_t i = 0;
    tx->n_out = list->n;
    tx->outs = sg_arena_alloc(arena, list->n, sizeof(*tx->outs));
    if (!tx->outs)
        return sg_err_nomem(err);
    for (const struct sg_json_node *node = list->first; st == SG_OK && node; node = node->next) {
        uint64_t number = i;
        if (sg_json_member(node, "n") &&
            (!sg_json_member_uint(&number, node, "n", UINT32_MAX) || number != i))
            return bad_field(err, "output", i, "n");
        st = read_coin(&tx->outs[i], arena, node, "output", i, err);
        i++;
    }
    return st;
}

static const struct sg_json_node *list_of(const struct sg_json_node *object, const char *name)
{
    const struct sg_json_node *list = sg_json_member(object, name);
    return list && list->kind == SG_JSON_ARRAY && list->n > 0 ? list : NULL;
}

enum sg_status sg_core_tx_from(struct sg_core_tx *tx, struct sg_arena *arena,
                               const struct sg_json_node *object, struct sg_err *err)
{
    uint64_t locktime = 0;
    const struct sg_json_node *ins = list_of(object, "vin"), *outs = list_of(object, "vout");
    const struct sg_text txid = sg_json_member_string(object, "txid");
    struct sg_core_tx read = {.n_in = 0};
    if (!txid.data || !sg_btc_hash_parse(read.txid, txid.data, txid.size))
        return sg_err_set(err, SG_EPARSE, "\"txid\" is missing or not 64 hexadecimal digits");
    if (!ins || !outs)
        return sg_err_set(err, SG_EPARSE, "\"%s\" is missing, empty or no array",
                          ins ? "vout" : "vin");
    (void)sg_json_member_uint(&locktime, object, "locktime", UINT32_MAX);
    read.locktime = (uint32_t)locktime;
    enum sg_status st = read_ins(&read, arena, ins, err);
    if (st == SG_OK)
        st = read_outs(&read, arena, outs, err);
    if (st == SG_OK && read.coinbase && read.n_in != 1)
        st = sg_err_set(err, SG_EPARSE, "a coinbase has %zu inputs", read.n_in);
    if (st == SG_OK)
        *tx = read;
    return st;
}

/* Where the transaction is: an answer of the RPC holds it in "result". */
static const struct sg_json_node *unwrap(const struct sg_json_node *root)
{
    static const char *const wraps[] = {"result", "tx"};
    for (size_t i = 0; i < sizeof(wraps) / sizeof(wraps[0]); i++) {
        const struct sg_json_node *inner = sg_json_member(root, wraps[i]);
        if (inner && inner->kind == SG_JSON_OBJECT)
            return inner;
    }
    return root;
}

enum sg_status sg_core_tx_parse(struct sg_core_tx *tx, struct sg_arena *arena, const char *bytes,
                                size_t size, struct sg_err *err)
{
    const struct sg_json_node *root;
    const enum sg_status st = sg_json_tree(&root, arena, bytes, size, err);
    return st == SG_OK ? sg_core_tx_from(tx, arena, unwrap(root), err) : st;
}
