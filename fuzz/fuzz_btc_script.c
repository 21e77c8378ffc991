/* Any bytes as scripts, each with its length before it: who owns an output is found again by its
 * script, equal scripts have one owner, and what nobody owns is empty or OP_RETURN. */
#include "formats/address/address.h"
#include "store/utxo/utxo.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define OUTS_MAX  64
#define OP_RETURN 0x6a

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t cut(struct sg_btc_out outs[OUTS_MAX], const uint8_t *data, size_t size)
{
    size_t n = 0;
    for (size_t at = 0; at < size && n < OUTS_MAX; n++) {
        const size_t left = size - at - 1, want = data[at++];
        outs[n] = (struct sg_btc_out){n, data + at, want < left ? want : left};
        at += outs[n].script_size;
    }
    return n;
}

/* An address leads back to the script whose it is. */
static void check_address(const struct sg_btc_out *out)
{
    char text[SG_PAYEE_TEXT_MAX + 1];
    uint8_t script[SG_PAYEE_SCRIPT_MAX];
    struct sg_payee payee;
    struct sg_err err;
    if (sg_address_from_script(text, SG_NETWORK_BITCOIN, out->script, out->script_size) != SG_OK)
        return;
    if (sg_payee_read(&payee, SG_NETWORK_BITCOIN, text, strlen(text), &err) != SG_OK)
        abort();
    const size_t size = sg_payee_to_script(script, &payee);
    assert(size <= SG_PAYEE_SCRIPT_MAX);
    /* A bare key has the address of its hash. */
    const bool bare = out->script_size == 35 || out->script_size == 67;
    assert(bare || (size == out->script_size && memcmp(script, out->script, size) == 0));
}

static void check_owner(const struct sg_utxo *utxo, const struct sg_btc_out *outs, size_t o)
{
    const struct sg_btc_out *out = &outs[o];
    const uint32_t owner = sg_utxo_out_owner(utxo)[o];
    const struct sg_btc_out coin = sg_utxo_coin(utxo, o);
    const bool nobody = out->script_size == 0 || out->script[0] == OP_RETURN;
    assert((owner == SG_UTXO_NOBODY) == nobody);
    assert(sg_utxo_find_owner(utxo, out->script, out->script_size) == owner);
    assert(coin.sat == out->sat);
    if (nobody)
        assert(coin.script_size ==
               (out->script_size < SG_UTXO_DATA_SHOWN ? out->script_size : SG_UTXO_DATA_SHOWN));
    else
        assert(sg_utxo_find_owner(utxo, coin.script, coin.script_size) == owner);
    for (size_t i = 0; i < o; i++)
        if (outs[i].script_size == out->script_size &&
            memcmp(outs[i].script, out->script, out->script_size) == 0)
            assert(sg_utxo_out_owner(utxo)[i] == owner);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sg_btc_out outs[OUTS_MAX];
    struct sg_btc_in in = {.index = UINT32_MAX};
    struct sg_btc_tx tx = {.n_in = 1, .n_out = cut(outs, data, size)};
    const struct sg_btc_block block = {
        .txs = &tx, .ins = &in, .outs = outs, .n_txs = 1, .n_ins = 1, .n_outs = tx.n_out};
    struct sg_utxo utxo;
    struct sg_err err;
    if (sg_utxo_new(&utxo, sg_btc_params_find("bitcoin", NULL), &err) != SG_OK ||
        sg_utxo_append(&utxo, &block, 0, 0, &err) != SG_OK)
        abort();
    for (size_t o = 0; o < tx.n_out; o++) {
        check_owner(&utxo, outs, o);
        check_address(&outs[o]);
    }
    sg_utxo_close(&utxo);
    return 0;
}
