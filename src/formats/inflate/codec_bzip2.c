#include "formats/inflate/inflate_internal.h"

#include "base/mem.h"

#include <bzlib.h>
#include <string.h>

static void *bz_alloc(void *ctx, int count, int size)
{
    (void)ctx;
    return sg_mem_alloc((size_t)count, (size_t)size);
}

static void bz_free(void *ctx, void *block)
{
    (void)ctx;
    sg_mem_free(block);
}

static enum sg_status init(bz_stream *bz)
{
    memset(bz, 0, sizeof(*bz));
    bz->bzalloc = bz_alloc;
    bz->bzfree = bz_free;
    return BZ2_bzDecompressInit(bz, 0, 0) == BZ_OK ? SG_OK : SG_ENOMEM;
}

static void *open_stream(void)
{
    bz_stream *bz = sg_mem_zalloc(1, sizeof(*bz));
    if (bz && init(bz) != SG_OK) {
        sg_mem_free(bz);
        return NULL;
    }
    return bz;
}

static enum sg_status step_stream(void *state, struct codec_step *step)
{
    bz_stream *bz = state;
    const unsigned in_size = codec_clip(step->in_size);
    const unsigned out_size = codec_clip(step->out_size);
    /* bzip2 only reads through next_in. */
    memcpy(&bz->next_in, &step->in, sizeof(step->in));
    bz->avail_in = in_size;
    bz->next_out = (char *)step->out;
    bz->avail_out = out_size;
    const int result = BZ2_bzDecompress(bz);
    step->in += in_size - bz->avail_in;
    step->in_size -= in_size - bz->avail_in;
    step->out += out_size - bz->avail_out;
    step->out_size -= out_size - bz->avail_out;
    step->ended = result == BZ_STREAM_END;
    if (result == BZ_MEM_ERROR)
        return SG_ENOMEM;
    if (result == BZ_OK || result == BZ_STREAM_END)
        return SG_OK;
    step->damage = result == BZ_DATA_ERROR_MAGIC ? "no bzip2 header" : "a check sum does not agree";
    return SG_EPARSE;
}

static enum sg_status again_stream(void *state)
{
    BZ2_bzDecompressEnd(state);
    return init(state);
}

static void close_stream(void *state)
{
    if (!state)
        return;
    BZ2_bzDecompressEnd(state); /* Harmless after a failed init: it holds no state then. */
    sg_mem_free(state);
}

const struct codec sg_codec_bzip2 = {"bzip2", open_stream, step_stream, again_stream, close_stream};
