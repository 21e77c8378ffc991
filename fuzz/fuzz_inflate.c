/* Compressed bytes, whole and a byte at a time: the same end, and the same bytes before it. */
#include "formats/inflate/inflate.h"

#include <assert.h>

#define OUT_MAX ((uint64_t)4 * 1024 * 1024)

struct seen {
    uint64_t size, sum;
};

static enum sg_status take(void *ctx, const uint8_t *bytes, size_t size, struct sg_err *err)
{
    struct seen *seen = ctx;
    for (size_t i = 0; i < size && seen->size < OUT_MAX; i++, seen->size++)
        seen->sum = seen->sum * 31 + bytes[i];
    return seen->size < OUT_MAX ? SG_OK : sg_err_set(err, SG_ELIMIT, "enough");
}

static enum sg_status run(struct seen *seen, const uint8_t *data, size_t size, size_t step)
{
    struct sg_inflate *inflate = NULL;
    struct sg_err err;
    enum sg_status st = sg_inflate_new(&inflate, take, seen, &err);
    for (size_t at = 0; st == SG_OK && at < size; at += step)
        st = sg_inflate_feed(inflate, data + at, size - at < step ? size - at : step, &err);
    if (st == SG_OK)
        st = sg_inflate_finish(inflate, &err);
    assert(st != SG_EPARSE || (err.has_offset && err.offset <= size));
    sg_inflate_free(inflate);
    return st;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct seen whole = {0};
    struct seen pieces = {0};
    if (size > 65536)
        return 0;
    const enum sg_status st = run(&whole, data, size, size ? size : 1);
    const enum sg_status in_pieces = run(&pieces, data, size, 1);
    assert(st == in_pieces);
    /* A damaged stream may give up before or behind the last bytes it could still have given. */
    assert(st == SG_EPARSE || (whole.size == pieces.size && whole.sum == pieces.sum));
    return 0;
}
