#include "formats/inflate/inflate_internal.h"

#include "base/mem.h"

#include <string.h>
#include <zlib.h>

static void *z_alloc(void *ctx, unsigned count, unsigned size)
{
    (void)ctx;
    return sg_mem_alloc(count, size);
}

static void z_free(void *ctx, void *block)
{
    (void)ctx;
    sg_mem_free(block);
}

/* 32 + 15: the largest window, and either of the two headers. */
static void *open_stream(void)
{
    z_stream *z = sg_mem_zalloc(1, sizeof(*z));
    if (!z)
        return NULL;
    z->zalloc = z_alloc;
    z->zfree = z_free;
    if (inflateInit2(z, 32 + 15) != Z_OK) {
        sg_mem_free(z);
        return NULL;
    }
    return z;
}

static enum sg_status step_stream(void *state, struct codec_step *step)
{
    z_stream *z = state;
    const unsigned in_size = codec_clip(step->in_size);
    const unsigned out_size = codec_clip(step->out_size);
    /* zlib does not write through next_in; its type lost the const before C had it everywhere. */
    memcpy(&z->next_in, &step->in, sizeof(step->in));
    z->avail_in = in_size;
    z->next_out = step->out;
    z->avail_out = out_size;
    const int result = inflate(z, Z_NO_FLUSH);
    step->in += in_size - z->avail_in;
    step->in_size -= in_size - z->avail_in;
    step->out += out_size - z->avail_out;
    step->out_size -= out_size - z->avail_out;
    step->ended = result == Z_STREAM_END;
    if (result == Z_MEM_ERROR)
        return SG_ENOMEM;
    if (result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR)
        return SG_OK;
    step->damage = z->msg ? z->msg : "a preset dictionary is asked for";
    return SG_EPARSE;
}

static enum sg_status again_stream(void *state)
{
    return inflateReset(state) == Z_OK ? SG_OK : SG_ENOMEM;
}

static void close_stream(void *state)
{
    if (!state)
        return;
    inflateEnd(state);
    sg_mem_free(state);
}

const struct codec sg_codec_gzip = {"gzip", open_stream, step_stream, again_stream, close_stream};
const struct codec sg_codec_zlib = {"zlib", open_stream, step_stream, again_stream, close_stream};
