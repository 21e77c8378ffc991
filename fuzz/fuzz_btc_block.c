/* Any bytes as a block: what is read lies inside them, and reading its first half fails or agrees.
 */
#include "formats/bitcoin/bitcoin.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_inside(const uint8_t *at, size_t n, const uint8_t *data, size_t size)
{
    assert(n == 0 || (at >= data && at <= data + size && n <= size - (size_t)(at - data)));
}

static void check_block(const struct sg_btc_block *block, const uint8_t *data, size_t size)
{
    size_t n_ins = 0, n_outs = 0, end = SG_BTC_HEADER;
    for (size_t t = 0; t < block->n_txs; t++) {
        const struct sg_btc_tx *tx = &block->txs[t];
        assert(tx->offset >= end && tx->first_in == n_ins && tx->first_out == n_outs && tx->n_in);
        end = tx->offset + tx->size;
        n_ins += tx->n_in;
        n_outs += tx->n_out;
    }
    assert(n_ins == block->n_ins && n_outs == block->n_outs && end <= size);
    assert(block->extension_size <= size - end);
    for (size_t i = 0; i < block->n_ins; i++) {
        check_inside(block->ins[i].script, block->ins[i].script_size, data, size);
        check_inside(block->ins[i].witness, block->ins[i].witness_size, data, size);
    }
    for (size_t i = 0; i < block->n_outs; i++)
        check_inside(block->outs[i].script, block->outs[i].script_size, data, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sg_btc_block block = SG_BTC_BLOCK_INIT;
    block.may_extend = true; /* Litecoin's: more forms than Bitcoin's, and all of those */
    struct sg_reader r;
    struct sg_err err;
    sg_reader_init(&r, data, size);
    const enum sg_status st = sg_btc_block_read(&block, &r, &err);
    assert(st == SG_OK || (st == SG_EPARSE && err.has_offset && err.offset <= size));
    if (st == SG_OK) {
        check_block(&block, data, size);
        const enum sg_status said = sg_btc_block_check(&block, true, &err);
        assert(said == SG_OK || (said == SG_EPARSE && err.text[0]));
    }
    sg_btc_block_clear(&block);
    return 0;
}
