/* TagPacks: what is read and written again is read as the same labels. */
#include "base/limits.h"
#include "formats/tagpack/tagpack.h"

#include <assert.h>
#include <string.h>

struct seen {
    struct sg_buf tags;
    size_t n;
    uint64_t sum; /* of categories, kinds and lengths */
};

static enum sg_status on_label(void *ctx, const struct sg_label *label, struct sg_err *err)
{
    struct seen *seen = ctx;
    seen->n++;
    seen->sum = seen->sum * 31 + label->category * 7 + label->kind + strlen(label->subject) +
                strlen(label->entity);
    assert(sg_tagpack_write_tag(&seen->tags, label, err) == SG_OK);
    return sg_buf_check(&seen->tags, err);
}

static enum sg_status on_bad(void *ctx, const struct sg_err *why, struct sg_err *err)
{
    (void)ctx;
    (void)err;
    assert(why->text[0]);
    return SG_OK;
}

static enum sg_status run(struct seen *seen, struct sg_label_pack *pack, struct sg_arena *arena,
                          const char *bytes, size_t size)
{
    const struct sg_label_sink sink = {on_label, on_bad, seen};
    struct sg_err err;
    *seen = (struct seen){.tags = SG_BUF_INIT((size_t)1 << 28)};
    return sg_tagpack_parse(pack, arena, bytes, size, &sink, &err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_label_pack pack;
    struct seen first, second;
    struct sg_buf file = SG_BUF_INIT((size_t)1 << 28);
    const enum sg_status st = run(&first, &pack, &arena, (const char *)data, size);
    assert(st == SG_OK || st == SG_EPARSE || st == SG_ELIMIT);
    if (st == SG_OK && first.n) {
        struct sg_err err;
        assert(sg_tagpack_write_header(&file, &pack, &err) == SG_OK);
        sg_buf_append(&file, first.tags.data, first.tags.size);
        assert(sg_buf_check(&file, &err) == SG_OK);
        assert(run(&second, &pack, &arena, file.data, file.size) == SG_OK);
        assert(first.n == second.n && first.sum == second.sum);
        sg_buf_clear(&second.tags);
    }
    sg_buf_clear(&first.tags);
    sg_buf_clear(&file);
    sg_arena_clear(&arena);
    return 0;
}
