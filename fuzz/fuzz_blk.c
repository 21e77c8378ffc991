/* Any bytes as a blk file of regtest: what is found, joined and kept aside adds up, notes lie
 * inside the file, and the ledger holds what it says. A first byte of 1 puts a key of eight bytes
 * behind it, as recent nodes keep in xor.dat. */
#include "store/blockset/blockset_internal.h"

#include "base/mem.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void on_note(void *ctx, const struct sg_blockset_note *note)
{
    const size_t *size = ctx;
    assert(note->offset <= *size && note->sentence[0] && strcmp(note->file, "fuzz") == 0);
}

static void check_ledger(const struct sg_utxo *utxo, const struct sg_blockset_counts *counts)
{
    const struct sg_utxo_tx *txs = sg_utxo_txs(utxo);
    const struct sg_utxo_block *blocks = sg_utxo_blocks(utxo);
    const uint64_t *ins = sg_utxo_ins(utxo);
    assert(sg_utxo_n(utxo, SG_UTXO_BLOCKS) + counts->rolled_back == counts->appended);
    assert(counts->found == counts->appended - counts->rolled_back + counts->stale +
                                counts->orphans + counts->invalid);
    for (size_t b = 1; b < sg_utxo_n(utxo, SG_UTXO_BLOCKS); b++)
        assert(memcmp(blocks[b].previous, blocks[b - 1].hash, SG_BTC_HASH) == 0);
    for (size_t i = 0; i < sg_utxo_n(utxo, SG_UTXO_INS); i++)
        assert(ins[i] == SG_UTXO_NONE || utxo->spender[ins[i]] == i);
    assert(txs[sg_utxo_n_txs(utxo)].first_out == sg_utxo_n(utxo, SG_UTXO_OUT_SAT));
}

static void read_all(struct sg_blockset *set, struct sg_utxo *utxo)
{
    struct sg_err err;
    bool again = false;
    if (sg_blockset_scan(set, 0, &err) != SG_OK)
        abort();
    const enum sg_status st = sg_blockset_connect(&again, set, utxo, false, 1, NULL, &err);
    assert(st == SG_OK || st == SG_ELIMIT);
    assert(!again); /* the ledger was empty: nothing in it could be replaced */
    if (st == SG_OK)
        check_ledger(utxo, sg_blockset_counts(set));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct sg_btc_params *params = sg_btc_params_find("bitcoin", "regtest");
    const bool keyed = size > 9 && data[0] == 1;
    const uint8_t *at = data + (keyed ? 9 : size > 0);
    size_t n = size - (size_t)(at - data);
    struct sg_blockset *set = NULL;
    struct sg_utxo utxo;
    uint8_t *bytes = sg_mem_alloc(n + 1, 1);
    if (!bytes || sg_utxo_new(&utxo, params, NULL) != SG_OK ||
        sg_blockset_new(&set, params, on_note, &n, NULL) != SG_OK)
        abort();
    if (n)
        memcpy(bytes, at, n);
    struct source *source = sg_blockset_source(set, "fuzz", -1, bytes, n);
    if (!source)
        abort();
    if (keyed)
        memcpy(source->key, data + 1, sizeof(source->key));
    read_all(set, &utxo);
    sg_blockset_free(set);
    sg_utxo_close(&utxo);
    return 0;
}
