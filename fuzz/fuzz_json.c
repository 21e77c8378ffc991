/* JSON, whole and in pieces: the same status, and the same objects before it. */
#include "formats/json/json.h"

#include <assert.h>

struct seen {
    uint64_t sum, number, size;
};

static void mix(struct seen *seen, struct sg_text text)
{
    seen->sum = seen->sum * 31 + text.size + (text.data ? 7 : 0);
    for (size_t i = 0; i < text.size; i++)
        seen->sum = seen->sum * 31 + (uint8_t)text.data[i];
}

static enum sg_status on_object(void *ctx, const struct sg_json_object *object, struct sg_err *err)
{
    struct seen *seen = ctx;
    (void)err;
    assert(object->offset < seen->size && object->number == seen->number + 1);
    seen->number++;
    seen->sum = seen->sum * 31 + object->offset + object->has_rows;
    for (size_t i = 0; i < object->n_fields; i++) {
        mix(seen, object->fields[i].name);
        mix(seen, object->fields[i].value);
    }
    return SG_OK;
}

static enum sg_status on_bad(void *ctx, const struct sg_bad_row *bad, struct sg_err *err)
{
    struct seen *seen = ctx;
    (void)err;
    assert(bad->offset <= seen->size && bad->line == seen->number + 1);
    seen->number++;
    seen->sum = seen->sum * 31 + bad->offset;
    return SG_OK;
}

static enum sg_status run(struct seen *seen, const uint8_t *data, size_t size, size_t step)
{
    const struct sg_json_sink sink = {on_object, on_bad, seen};
    struct sg_json *json = NULL;
    struct sg_err err;
    seen->size = size;
    enum sg_status st = sg_json_new(&json, &sink, 0, &err);
    for (size_t at = 0; st == SG_OK && at < size; at += step)
        st = sg_json_feed(json, (const char *)data + at, size - at < step ? size - at : step, &err);
    if (st == SG_OK)
        st = sg_json_finish(json, &err);
    assert(st == SG_OK || st == SG_EPARSE || st == SG_ELIMIT);
    assert(st == SG_OK || (err.has_offset && err.offset <= size + 1));
    sg_json_free(json);
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
    const enum sg_status in_pieces = run(&pieces, data, size, 3);
    assert(st == in_pieces);
    assert(whole.sum == pieces.sum && whole.number == pieces.number);
    return 0;
}
