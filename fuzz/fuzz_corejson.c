/* Any bytes as a verbose transaction: what is read is whole, and can be judged. */
#include "analysis/coinjoin/coinjoin.h"
#include "formats/corejson/corejson.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void judge(const struct sg_core_tx *tx)
{
    const struct sg_coinjoin_tx view = {tx->spent, tx->n_in, tx->outs, tx->n_out};
    struct sg_coinjoin found;
    struct sg_err err;
    const enum sg_status st = sg_coinjoin_judge(&found, &view, &err);
    assert(st == SG_OK || (st == SG_EPARSE && err.text[0]));
    assert(st != SG_OK || !found.coinjoin || (tx->n_in > 1 && found.n_evidence > 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_core_tx tx;
    struct sg_err err;
    const enum sg_status st = sg_core_tx_parse(&tx, &arena, (const char *)data, size, &err);
    assert(st == SG_OK || ((st == SG_EPARSE || st == SG_ELIMIT) && err.text[0]));
    if (st == SG_OK) {
        assert(tx.n_in && tx.n_out && tx.n_spent <= tx.n_in);
        for (size_t i = 0; i < tx.n_out; i++)
            assert(tx.outs[i].script && tx.outs[i].sat <= INT64_MAX);
        if (tx.n_spent == tx.n_in)
            judge(&tx);
    }
    sg_arena_clear(&arena);
    return 0;
}
