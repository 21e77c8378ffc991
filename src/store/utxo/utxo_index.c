/* Look-ups by transaction id and by script, and who owns a script. */
#include "store/utxo/utxo_internal.h"

#include "base/digest.h"
#include "base/mem.h"

#include <string.h>

#define OP_RETURN   0x6a
#define OP_CHECKSIG 0xac

static uint64_t hash_txid(const uint8_t txid[SG_BTC_HASH])
{
    uint64_t hash;
    memcpy(&hash, txid, sizeof(hash));
    return hash;
}

static uint64_t hash_of_tx(const void *ctx, uint64_t row)
{
    return hash_txid(sg_utxo_txs(ctx)[row].txid);
}

uint64_t sg_utxo_find_tx(const struct sg_utxo *utxo, const uint8_t txid[SG_BTC_HASH])
{
    const struct sg_utxo_tx *txs = sg_utxo_txs(utxo);
    size_t at = 0;
    uint64_t row, found = SG_UTXO_NONE;
    while ((row = sg_utxo_dict_next(&at, utxo->txids, hash_txid(txid))) != SG_UTXO_NONE)
        if (memcmp(txs[row].txid, txid, SG_BTC_HASH) == 0 && (found == SG_UTXO_NONE || row > found))
            found = row;
    return found;
}

void sg_utxo_touch_tx(const struct sg_utxo *utxo, const uint8_t txid[SG_BTC_HASH])
{
    sg_utxo_dict_touch(utxo->txids, hash_txid(txid));
}

bool sg_utxo_name_tx(bool *again, struct sg_utxo *utxo, uint64_t tx)
{
    const uint8_t *txid = sg_utxo_txs(utxo)[tx].txid;
    *again = sg_utxo_find_tx(utxo, txid) != SG_UTXO_NONE;
    return sg_utxo_dict_put(utxo->txids, hash_txid(txid), hash_of_tx, utxo);
}

/* FNV-1a, folded so that all bits reach the low ones. Not against forgers: who makes scripts
 * collide pays outputs for it and slows a look-up, no more. */
static uint64_t hash_script(const uint8_t *script, size_t size)
{
    uint64_t hash = 0xcbf29ce484222325;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ script[i]) * 0x100000001b3;
    return hash ^ hash >> 29;
}

static uint64_t hash_of_owner(const void *ctx, uint64_t row)
{
    size_t size;
    const uint8_t *script = sg_utxo_owner_script(&size, ctx, (uint32_t)row);
    return hash_script(script, size);
}

const uint8_t *sg_utxo_owner_script(size_t *size, const struct sg_utxo *utxo, uint32_t owner)
{
    const uint64_t *ends = utxo->columns[SG_UTXO_OWNER_END].rows;
    const uint64_t begin = owner ? ends[owner - 1] : 0;
    *size = (size_t)(ends[owner] - begin);
    return (const uint8_t *)utxo->columns[SG_UTXO_OWNER_BYTES].rows + begin;
}

/* How long the script of an output is that nobody owns; 0: it is empty. */
static uint32_t data_size(const struct sg_utxo *utxo, uint64_t out)
{
    const struct sg_utxo_data *rows = utxo->columns[SG_UTXO_DATA].rows;
    size_t low = 0, high = sg_utxo_n(utxo, SG_UTXO_DATA);
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (rows[middle].out == out)
            return rows[middle].size;
        if (rows[middle].out < out)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

struct sg_btc_out sg_utxo_coin(const struct sg_utxo *utxo, uint64_t out)
{
    static const uint8_t data[SG_UTXO_DATA_SHOWN] = {OP_RETURN};
    struct sg_btc_out coin = {.sat = sg_utxo_out_sat(utxo)[out], .script = data};
    const uint32_t owner = sg_utxo_out_owner(utxo)[out];
    if (owner != SG_UTXO_NOBODY) {
        coin.script = sg_utxo_owner_script(&coin.script_size, utxo, owner);
        return coin;
    }
    coin.script_size = data_size(utxo, out);
    if (coin.script_size > SG_UTXO_DATA_SHOWN)
        coin.script_size = SG_UTXO_DATA_SHOWN;
    return coin;
}

/* Push of a public key, and OP_CHECKSIG. */
static bool is_bare_key(const uint8_t *script, size_t size)
{
    if (size == 35)
        return script[0] == 33 && (script[1] == 2 || script[1] == 3) && script[34] == OP_CHECKSIG;
    return size == 67 && script[0] == 65 && script[1] == 4 && script[66] == OP_CHECKSIG;
}

const uint8_t *sg_utxo_owner_key(size_t *key_size, uint8_t room[UTXO_OWNER_ROOM],
                                 const uint8_t *script, size_t size)
{
    if (size == 0 || script[0] == OP_RETURN)
        return NULL;
    *key_size = size;
    if (!is_bare_key(script, size))
        return script;
    memcpy(room, "\x76\xa9\x14", 3);
    sg_hash160(room + 3, script + 1, size - 2);
    memcpy(room + 23, "\x88\xac", 2);
    *key_size = UTXO_OWNER_ROOM;
    return room;
}

static uint32_t find_key(const struct sg_utxo *utxo, const uint8_t *key, size_t size)
{
    const uint64_t hash = hash_script(key, size);
    size_t at = 0;
    uint64_t row;
    while ((row = sg_utxo_dict_next(&at, utxo->owners, hash)) != SG_UTXO_NONE) {
        size_t known_size;
        const uint8_t *known = sg_utxo_owner_script(&known_size, utxo, (uint32_t)row);
        if (known_size == size && memcmp(known, key, size) == 0)
            return (uint32_t)row;
    }
    return SG_UTXO_NOBODY;
}

uint32_t sg_utxo_find_owner(const struct sg_utxo *utxo, const uint8_t *script, size_t size)
{
    uint8_t room[UTXO_OWNER_ROOM];
    size_t key_size;
    const uint8_t *key = sg_utxo_owner_key(&key_size, room, script, size);
    return key ? find_key(utxo, key, key_size) : SG_UTXO_NOBODY;
}

enum sg_status sg_utxo_intern_owner(uint32_t *owner, struct sg_utxo *utxo, const uint8_t *script,
                                    size_t size, struct sg_err *err)
{
    struct sg_utxo_column *ends = &utxo->columns[SG_UTXO_OWNER_END];
    struct sg_utxo_column *bytes = &utxo->columns[SG_UTXO_OWNER_BYTES];
    uint8_t room[UTXO_OWNER_ROOM];
    size_t key_size;
    const uint8_t *key = sg_utxo_owner_key(&key_size, room, script, size);
    *owner = key ? find_key(utxo, key, key_size) : SG_UTXO_NOBODY;
    if (!key || *owner != SG_UTXO_NOBODY)
        return SG_OK;
    if (ends->n >= SG_UTXO_NOBODY)
        return sg_err_set(err, SG_ELIMIT, "more owners than a ledger numbers");
    const uint64_t end = bytes->n + key_size;
    if (!sg_utxo_column_add(bytes, key, key_size) || !sg_utxo_column_add(ends, &end, 1))
        return sg_err_nomem(err);
    *owner = (uint32_t)(ends->n - 1);
    return sg_utxo_dict_put(utxo->owners, hash_script(key, key_size), hash_of_owner, utxo)
               ? SG_OK
               : sg_err_nomem(err);
}

static bool grow_spenders(struct sg_utxo *utxo)
{
    const size_t n = sg_utxo_n(utxo, SG_UTXO_OUT_SAT);
    uint64_t *grown = sg_mem_realloc(utxo->spender, n + 1, sizeof(*grown));
    if (!grown)
        return false;
    utxo->spender = grown;
    utxo->cap_spender = n + 1;
    memset(grown, 0xff, n * sizeof(*grown));
    return true;
}

enum sg_status sg_utxo_index(struct sg_utxo *utxo, struct sg_err *err)
{
    bool again, good = grow_spenders(utxo);
    sg_mem_free(utxo->txids->slots);
    sg_mem_free(utxo->owners->slots);
    *utxo->txids = *utxo->owners = (struct sg_utxo_dict){NULL, 0, 0};
    utxo->n_reused_txids = 0;
    for (uint64_t t = 0; good && t < sg_utxo_n_txs(utxo); t++) {
        good = sg_utxo_name_tx(&again, utxo, t);
        utxo->n_reused_txids += again;
    }
    for (uint64_t o = 0; good && o < sg_utxo_n(utxo, SG_UTXO_OWNER_END); o++)
        good = sg_utxo_dict_put(utxo->owners, hash_of_owner(utxo, o), hash_of_owner, utxo);
    const uint64_t *ins = sg_utxo_ins(utxo);
    for (uint64_t i = 0; good && i < sg_utxo_n(utxo, SG_UTXO_INS); i++)
        if (ins[i] != SG_UTXO_NONE)
            utxo->spender[ins[i]] = i;
    return good ? SG_OK : sg_err_nomem(err);
}

static uint64_t tx_of(const struct sg_utxo *utxo, uint64_t row, bool of_in)
{
    const struct sg_utxo_tx *txs = sg_utxo_txs(utxo);
    uint64_t low = 0, high = sg_utxo_n_txs(utxo);
    while (high - low > 1) {
        const uint64_t middle = low + (high - low) / 2;
        if ((of_in ? txs[middle].first_in : txs[middle].first_out) <= row)
            low = middle;
        else
            high = middle;
    }
    return low;
}

uint64_t sg_utxo_tx_of_in(const struct sg_utxo *utxo, uint64_t in)
{
    return tx_of(utxo, in, true);
}

uint64_t sg_utxo_tx_of_out(const struct sg_utxo *utxo, uint64_t out)
{
    return tx_of(utxo, out, false);
}
