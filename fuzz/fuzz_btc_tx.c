/* Any bytes as transactions behind each other: each moves the reader, a bad one leaves the block as
 * it was. */
#include "formats/bitcoin/bitcoin.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sg_btc_block block = SG_BTC_BLOCK_INIT;
    block.may_extend = true; /* Litecoin's: more forms than Bitcoin's, and all of those */
    struct sg_reader r;
    struct sg_err err;
    enum sg_status st;
    size_t before = 0;
    sg_reader_init(&r, data, size);
    while ((st = sg_btc_tx_read(&block, &r, &err)) == SG_OK) {
        const struct sg_btc_tx *tx = &block.txs[block.n_txs - 1];
        assert(tx->offset == before && tx->size == r.off - before && tx->size >= 10);
        assert(tx->has_witness == (memcmp(tx->txid, tx->wtxid, SG_BTC_HASH) != 0));
        before = r.off;
    }
    assert(st == SG_EPARSE && err.has_offset && err.offset <= size);
    size_t n_ins = 0;
    for (size_t t = 0; t < block.n_txs; t++)
        n_ins += block.txs[t].n_in;
    assert(n_ins == block.n_ins);
    sg_btc_block_clear(&block);
    return 0;
}
