#include "store/git/changes_internal.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* Git looks for a zero byte in so many first bytes (FIRST_FEW_BYTES of its xdiff interface). */
#define BINARY_PREFIX ((size_t)8000)

struct sg_git_blob {
    struct sg_git_blob *next;
    struct odb_object object;
};

/* The bytes stay in the object database's own buffer until the changes are cleared. */
static enum sg_status read_blob(struct reading *r, struct sg_git_side *side, struct sg_err *err)
{
    struct sg_git_blob *blob = sg_arena_alloc(&r->out->arena, 1, sizeof(*blob));
    if (!blob)
        return sg_err_nomem(err);
    const enum sg_status st = sg_git_odb_read(&blob->object, r->git, &side->id, err);
    if (st != SG_OK)
        return st;
    blob->next = r->out->blobs;
    r->out->blobs = blob;
    if (blob->object.type != ODB_BLOB)
        return SG_ECORRUPT;
    side->bytes = blob->object.bytes;
    side->content = SG_GIT_BYTES;
    r->bytes_read += blob->object.size;
    return SG_OK;
}

enum sg_status sg_git_load_side(struct reading *r, struct sg_git_side *side, struct sg_err *err)
{
    if (side->content != SG_GIT_TOO_LARGE)
        return SG_OK;
    enum sg_status st = sg_git_odb_size(&side->size, r->git, &side->id, NULL);
    const bool fits = side->size <= r->limits->blob_bytes &&
                      side->size <= r->limits->commit_bytes - r->bytes_read;
    if (st == SG_OK && !fits) {
        r->out->n_too_large++;
        return SG_OK;
    }
    if (st == SG_OK)
        st = read_blob(r, side, NULL);
    if (st == SG_ENOMEM)
        return sg_err_nomem(err);
    if (st != SG_OK) {
        side->content = SG_GIT_MISSING;
        r->out->n_missing++;
    }
    return SG_OK;
}

bool sg_git_side_is_binary(const struct sg_git_side *side)
{
    const size_t size = side->size < BINARY_PREFIX ? (size_t)side->size : BINARY_PREFIX;
    return side->content == SG_GIT_BYTES && size && memchr(side->bytes, 0, size);
}

/* A file that only moved or changed its mode is read once. */
static enum sg_status load_change(struct reading *r, struct sg_git_change *change,
                                  struct sg_err *err)
{
    const bool is_same = change->before.content == SG_GIT_TOO_LARGE &&
                         change->after.content == SG_GIT_TOO_LARGE &&
                         sg_git_id_cmp(&change->before.id, &change->after.id) == 0;
    enum sg_status st = sg_git_load_side(r, &change->before, err);
    if (st != SG_OK)
        return st;
    if (is_same) {
        change->after.content = change->before.content;
        change->after.bytes = change->before.bytes;
        change->after.size = change->before.size;
    } else {
        st = sg_git_load_side(r, &change->after, err);
    }
    change->is_binary =
        sg_git_side_is_binary(&change->before) || sg_git_side_is_binary(&change->after);
    return st;
}

enum sg_status sg_git_load_sides(struct reading *r, struct sg_err *err)
{
    for (size_t i = 0; i < r->out->n_changes; i++) {
        const enum sg_status st = load_change(r, &r->out->changes[i], err);
        if (st != SG_OK)
            return st;
    }
    return SG_OK;
}

struct sg_text sg_git_path_of_change(const struct sg_git_change *change)
{
    return change->after.path.data ? change->after.path : change->before.path;
}

int sg_git_compare_changes(const void *left, const void *right)
{
    const struct sg_text a = sg_git_path_of_change(left), b = sg_git_path_of_change(right);
    const size_t least = a.size < b.size ? a.size : b.size;
    const int order = memcmp(a.data, b.data, least);
    if (order != 0)
        return order;
    return a.size < b.size ? -1 : a.size > b.size;
}

/* The commit itself; its texts point into the object, which therefore stays. */
static enum sg_status read_text(struct sg_git_commit_text *text, struct reading *r,
                                const struct sg_git_id *id, struct sg_err *err)
{
    struct sg_git_blob *blob = sg_arena_alloc(&r->out->arena, 1, sizeof(*blob));
    if (!blob)
        return sg_err_nomem(err);
    enum sg_status st = sg_git_odb_read(&blob->object, r->git, id, err);
    if (st != SG_OK)
        return st;
    blob->next = r->out->blobs;
    r->out->blobs = blob;
    if (blob->object.type != ODB_COMMIT)
        return SG_ECORRUPT;
    return sg_gitobj_commit(text, &r->out->arena, blob->object.bytes, blob->object.size, err);
}

/* The tree of a parent. SG_ENOTFOUND, SG_ECORRUPT or SG_EPARSE: not to be had. */
static enum sg_status tree_of(struct sg_git_id *tree, struct reading *r, const struct sg_git_id *id,
                              struct sg_err *err)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_git_commit_text text;
    struct odb_object object = {.handle = NULL};
    enum sg_status st = sg_git_odb_read(&object, r->git, id, err);
    if (st == SG_OK)
        st = object.type == ODB_COMMIT
                 ? sg_gitobj_commit(&text, &arena, object.bytes, object.size, err)
                 : SG_ECORRUPT;
    if (st == SG_OK)
        *tree = text.tree;
    sg_git_odb_free(&object);
    sg_arena_clear(&arena);
    return st;
}

static enum sg_status compare_one(struct reading *r, const struct sg_git_id *parent,
                                  const struct sg_git_id *tree, struct sg_err *err)
{
    enum sg_status st = sg_git_compare_trees(r, parent, tree, err);
    if (st == SG_OK)
        st = sg_git_find_renames(r, err);
    return st == SG_OK ? sg_git_load_sides(r, err) : st;
}

/* A commit names thousands of parents only to hurt; Git's own octopus merges stop at 66. */
#define PARENTS_MAX 256

static enum sg_status compare(struct reading *r, const struct sg_git_commit_text *text,
                              struct sg_err *err)
{
    struct sg_git_id *trees = sg_arena_alloc(&r->out->arena, PARENTS_MAX, sizeof(*trees));
    if (!trees)
        return sg_err_nomem(err);
    if (text->n_parents > PARENTS_MAX) {
        r->out->n_left_out++;
        return SG_OK;
    }
    for (size_t i = 0; i < text->n_parents; i++) {
        const enum sg_status st = tree_of(&trees[i], r, &text->parents[i], err);
        if (st != SG_OK)
            return st;
    }
    if (text->n_parents > 1)
        return sg_git_compare_merge(r, &text->tree, trees, text->n_parents, err);
    return compare_one(r, text->n_parents ? trees : NULL, &text->tree, err);
}

static const struct sg_git_commit_text no_text = {.author = {.name = {"", 0}, .mail = {"", 0}},
                                                  .committer = {.name = {"", 0}, .mail = {"", 0}},
                                                  .message = {"", 0}};

enum sg_status sg_git_changes_read(struct sg_git_changes *changes, struct sg_git_commit_text *text,
                                   const struct sg_git *git, const struct sg_git_id *id,
                                   const struct sg_git_limits *limits, struct sg_err *err)
{
    struct reading r = {.out = changes, .git = git, .limits = limits};
    *changes = (struct sg_git_changes)SG_GIT_CHANGES_INIT;
    *text = no_text;
    enum sg_status st = read_text(text, &r, id, err);
    if (st == SG_OK)
        st = compare(&r, text, err);
    if (st == SG_ENOMEM)
        return st;
    changes->is_partial = st != SG_OK || changes->n_missing > 0;
    if (changes->n_changes)
        qsort(changes->changes, changes->n_changes, sizeof(*changes->changes),
              sg_git_compare_changes);
    return SG_OK;
}

enum sg_status sg_git_text_read(struct sg_git_changes *holder, struct sg_git_commit_text *text,
                                const struct sg_git *git, const struct sg_git_id *id,
                                struct sg_err *err)
{
    struct reading r = {.out = holder, .git = git};
    *holder = (struct sg_git_changes)SG_GIT_CHANGES_INIT;
    *text = no_text;
    return read_text(text, &r, id, err) == SG_ENOMEM ? sg_err_nomem(err) : SG_OK;
}

void sg_git_changes_clear(struct sg_git_changes *changes)
{
    for (struct sg_git_blob *blob = changes->blobs; blob; blob = blob->next)
        sg_git_odb_free(&blob->object);
    sg_arena_clear(&changes->arena);
    *changes = (struct sg_git_changes)SG_GIT_CHANGES_INIT;
}
