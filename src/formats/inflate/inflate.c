#include "formats/inflate/inflate.h"

#include "base/mem.h"
#include "formats/inflate/inflate_internal.h"

#include <string.h>

#define WINDOW_SIZE ((size_t)256 * 1024)
#define HEAD_SIZE   4 /* bytes that tell the kinds apart */

struct sg_inflate {
    sg_inflate_out out;
    void *ctx;
    const struct codec *codec; /* NULL: plain, once `known` */
    void *state;
    uint8_t *window;
    uint64_t offset; /* of the next byte of the file */
    size_t n_members;
    bool known;
    bool open;     /* inside a member */
    bool produced; /* the open member has given bytes */
    uint8_t head[HEAD_SIZE];
    size_t head_size;
};

enum sg_status sg_inflate_new(struct sg_inflate **inflate, sg_inflate_out out, void *ctx,
                              struct sg_err *err)
{
    struct sg_inflate *s = sg_mem_zalloc(1, sizeof(*s));
    if (!s)
        return sg_err_nomem(err);
    s->out = out;
    s->ctx = ctx;
    *inflate = s;
    return SG_OK;
}

void sg_inflate_free(struct sg_inflate *inflate)
{
    if (!inflate)
        return;
    if (inflate->codec)
        inflate->codec->close(inflate->state);
    sg_mem_free(inflate->window);
    sg_mem_free(inflate);
}

const char *sg_inflate_kind(const struct sg_inflate *inflate)
{
    if (!inflate->known)
        return "unknown";
    return inflate->codec ? inflate->codec->name : "plain";
}

/* zlib has no magic number: its first two bytes are a method with the window size, and flags that
 * make them a multiple of 31. Of plain texts only one that begins with "x^" looks like that. */
static bool is_zlib(const uint8_t *head)
{
    return head[0] == 0x78 && (head[0] << 8 | head[1]) % 31 == 0 && !(head[1] & 0x20);
}

static bool is_zstd(const uint8_t *head)
{
    const bool frame = memcmp(head, "\x28\xb5\x2f\xfd", 4) == 0;
    const bool skippable = (head[0] & 0xf0) == 0x50 && memcmp(head + 1, "\x2a\x4d\x18", 3) == 0;
    return frame || skippable;
}

static const struct codec *recognise(const uint8_t *head, size_t size)
{
    if (size >= 2 && head[0] == 0x1f && head[1] == 0x8b)
        return &sg_codec_gzip;
    if (size >= 2 && is_zlib(head))
        return &sg_codec_zlib;
    if (size >= 3 && memcmp(head, "BZh", 3) == 0)
        return &sg_codec_bzip2;
    if (size >= 4 && is_zstd(head))
        return &sg_codec_zstd;
    return NULL;
}

static enum sg_status begin(struct sg_inflate *s, struct sg_err *err)
{
    const struct codec *codec = recognise(s->head, s->head_size);
    s->known = true;
    if (!codec)
        return SG_OK;
    s->window = sg_mem_alloc(WINDOW_SIZE, 1);
    s->state = codec->open();
    s->codec = codec;
    return s->window && s->state ? SG_OK : sg_err_nomem(err);
}

static enum sg_status damaged(const struct sg_inflate *s, const char *damage, struct sg_err *err)
{
    if (s->n_members && !s->produced)
        return sg_err_at(err, SG_EPARSE, s->offset,
                         "bytes behind the end of the %s data are not %s data", s->codec->name,
                         s->codec->name);
    return sg_err_at(err, SG_EPARSE, s->offset, "%s data is damaged: %s", s->codec->name, damage);
}

/* One step of the codec; its output goes on. `*full`: there may be more without further input. */
static enum sg_status step_once(struct sg_inflate *s, struct codec_step *step, bool *full,
                                struct sg_err *err)
{
    const size_t in_before = step->in_size;
    step->out = s->window;
    step->out_size = WINDOW_SIZE;
    step->ended = false;
    step->damage = NULL;
    enum sg_status st = s->codec->step(s->state, step);
    const size_t n_out = WINDOW_SIZE - step->out_size;
    s->offset += in_before - step->in_size;
    s->produced = s->produced || n_out;
    if (st == SG_ENOMEM)
        return sg_err_nomem(err);
    if (st != SG_OK)
        return damaged(s, step->damage, err);
    if (in_before && in_before == step->in_size && !n_out && !step->ended)
        return damaged(s, "it makes no progress", err);
    *full = step->out_size == 0 && !step->ended;
    return n_out ? s->out(s->ctx, s->window, n_out, err) : SG_OK;
}

static enum sg_status run(struct sg_inflate *s, const uint8_t *bytes, size_t size,
                          struct sg_err *err)
{
    struct codec_step step = {.in = bytes, .in_size = size};
    bool full = false;
    while (step.in_size || full) {
        if (!s->open) {
            s->open = true;
            s->produced = false;
        }
        const enum sg_status st = step_once(s, &step, &full, err);
        if (st != SG_OK)
            return st;
        if (!step.ended)
            continue;
        s->open = false;
        s->n_members++;
        if (s->codec->again(s->state) != SG_OK)
            return sg_err_nomem(err);
    }
    return SG_OK;
}

static enum sg_status pass(struct sg_inflate *s, const uint8_t *bytes, size_t size,
                           struct sg_err *err)
{
    if (s->codec)
        return run(s, bytes, size, err);
    return size ? s->out(s->ctx, bytes, size, err) : SG_OK;
}

enum sg_status sg_inflate_feed(struct sg_inflate *inflate, const uint8_t *bytes, size_t size,
                               struct sg_err *err)
{
    struct sg_inflate *s = inflate;
    enum sg_status st;
    if (s->known)
        return pass(s, bytes, size, err);
    const size_t missing = HEAD_SIZE - s->head_size;
    const size_t n = size < missing ? size : missing;
    if (n)
        memcpy(s->head + s->head_size, bytes, n);
    s->head_size += n;
    if (s->head_size < HEAD_SIZE)
        return SG_OK;
    st = begin(s, err);
    /* Where this piece holds the whole head it goes on in one, so that nothing is cut needlessly.
     */
    if (st == SG_OK && n == HEAD_SIZE)
        return pass(s, bytes, size, err);
    if (st == SG_OK)
        st = pass(s, s->head, HEAD_SIZE, err);
    return st == SG_OK ? pass(s, bytes + n, size - n, err) : st;
}

enum sg_status sg_inflate_finish(struct sg_inflate *inflate, struct sg_err *err)
{
    struct sg_inflate *s = inflate;
    if (!s->known) {
        enum sg_status st = begin(s, err);
        if (st == SG_OK)
            st = pass(s, s->head, s->head_size, err);
        if (st != SG_OK)
            return st;
    }
    if (s->open)
        return sg_err_at(err, SG_EPARSE, s->offset, "%s data is cut: the file ends inside it",
                         s->codec->name);
    return SG_OK;
}
