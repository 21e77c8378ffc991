/* The call that takes an allocator stands in the part of zstd.h that is kept back from programs
 * that link the library dynamically; the library exports it all the same. */
#define ZSTD_STATIC_LINKING_ONLY

#include "formats/inflate/inflate_internal.h"

#include "base/mem.h"

#include <zstd.h>
#include <zstd_errors.h>

static void *zstd_alloc(void *ctx, size_t size)
{
    (void)ctx;
    return sg_mem_alloc(size, 1);
}

static void zstd_free(void *ctx, void *block)
{
    (void)ctx;
    sg_mem_free(block);
}

static void *open_stream(void)
{
    return ZSTD_createDCtx_advanced((ZSTD_customMem){zstd_alloc, zstd_free, NULL});
}

static enum sg_status step_stream(void *state, struct codec_step *step)
{
    ZSTD_inBuffer in = {step->in, step->in_size, 0};
    ZSTD_outBuffer out = {step->out, step->out_size, 0};
    const size_t left = ZSTD_decompressStream(state, &out, &in);
    step->in += in.pos;
    step->in_size -= in.pos;
    step->out += out.pos;
    step->out_size -= out.pos;
    step->ended = left == 0;
    if (!ZSTD_isError(left))
        return SG_OK;
    if (ZSTD_getErrorCode(left) == ZSTD_error_memory_allocation)
        return SG_ENOMEM;
    step->damage = ZSTD_getErrorName(left);
    return SG_EPARSE;
}

static enum sg_status again_stream(void *state)
{
    (void)state; /* The next frame begins by itself. */
    return SG_OK;
}

static void close_stream(void *state)
{
    ZSTD_freeDCtx(state);
}

const struct codec sg_codec_zstd = {"zstd", open_stream, step_stream, again_stream, close_stream};
