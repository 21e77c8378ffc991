/* Any bytes as a block's JSON: what comes out is bounded, and is read as a block or refused. */
#include "formats/corejson/corejson.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_buf raw = SG_BUF_INIT((size_t)1 << 20);
    struct sg_btc_block block = SG_BTC_BLOCK_INIT;
    struct sg_err err;
    enum sg_status st = sg_core_block_bytes(&raw, &arena, (const char *)data, size, &err);
    assert(st == SG_OK || ((st == SG_EPARSE || st == SG_ELIMIT) && err.text[0]));
    if (st == SG_OK) {
        struct sg_reader r;
        assert(raw.size > SG_BTC_HEADER);
        sg_reader_init(&r, raw.data, raw.size);
        st = sg_btc_block_read(&block, &r, &err);
        assert(st == SG_OK || st == SG_EPARSE);
    }
    sg_btc_block_clear(&block);
    sg_buf_clear(&raw);
    sg_arena_clear(&arena);
    return 0;
}
