/* Any bytes as a commit, a tag and a tree: texts lie inside the bytes, entries end, errors name a
 * byte. */
#include "formats/gitobj/gitobj.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_inside(struct sg_text text, const uint8_t *data, size_t size)
{
    const uint8_t *at = (const uint8_t *)text.data;
    assert(text.size == 0 || (at >= data && text.size <= size - (size_t)(at - data)));
}

static void check_commit(const uint8_t *data, size_t size)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_git_commit_text c;
    struct sg_err err;
    const enum sg_status st = sg_gitobj_commit(&c, &arena, data, size, &err);
    assert(st == SG_OK || (st == SG_EPARSE && err.has_offset && err.offset <= size));
    if (st == SG_OK) {
        check_inside(c.author.name, data, size);
        check_inside(c.author.mail, data, size);
        check_inside(c.message, data, size);
        assert(c.author.offset_min > -1440 && c.author.offset_min < 1440);
        assert(c.n_parents <= size / 48);
    }
    sg_arena_clear(&arena);
}

static void check_tree(const uint8_t *data, size_t size)
{
    struct sg_reader r;
    struct sg_git_entry e;
    struct sg_err err;
    enum sg_status st;
    size_t last = 0;
    sg_reader_init(&r, data, size);
    while ((st = sg_gitobj_entry(&e, &r, &err)) == SG_OK) {
        check_inside(e.name, data, size);
        assert(e.name.size && r.off > last && e.mode < 1u << 24);
        last = r.off;
    }
    assert(st == SG_ENOTFOUND || (st == SG_EPARSE && err.offset <= size));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sg_git_id id;
    const enum sg_status st = sg_gitobj_tag(&id, data, size, NULL);
    assert(st == SG_OK || st == SG_EPARSE);
    check_commit(data, size);
    check_tree(data, size);
    return 0;
}
