/* Two trees, compared folder by folder; equal folders are never opened. */
#include "store/git/changes_internal.h"

#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

/* The longest path that is kept; file systems end at 4,096. */
#define PATH_MAX_BYTES ((size_t)65536)

struct folder {
    struct sg_git_entry *entries;
    size_t n;
};

static bool is_tree(uint32_t mode)
{
    return (mode & SG_GIT_MODE_TYPE) == SG_GIT_MODE_TREE;
}

static int compare_names(const void *left, const void *right)
{
    const struct sg_git_entry *a = left, *b = right;
    const size_t least = a->name.size < b->name.size ? a->name.size : b->name.size;
    const int order = memcmp(a->name.data, b->name.data, least);
    if (order != 0)
        return order;
    return a->name.size < b->name.size ? -1 : a->name.size > b->name.size;
}

/* The entries of a tree object, sorted by plain name: Git's own order puts a folder elsewhere than
 * a file of the same name, and a forged tree has any order. */
static enum sg_status parse_folder(struct folder *folder, struct sg_arena *arena,
                                   const struct odb_object *object, struct sg_err *err)
{
    struct sg_reader reader;
    struct sg_git_entry entry;
    size_t capacity = object->size / (SG_GIT_ID_SIZE + 3) + 1;
    const uint8_t *copy =
        (uint8_t *)sg_arena_strndup(arena, (const char *)object->bytes, object->size);
    enum sg_status st = SG_OK;
    folder->n = 0;
    folder->entries = sg_arena_alloc(arena, capacity, sizeof(*folder->entries));
    if (!copy || !folder->entries)
        return sg_err_nomem(err);
    sg_reader_init(&reader, copy, object->size);
    while ((st = sg_gitobj_entry(&entry, &reader, NULL)) == SG_OK && folder->n < capacity)
        folder->entries[folder->n++] = entry;
    qsort(folder->entries, folder->n, sizeof(*folder->entries), compare_names);
    return st == SG_EPARSE ? SG_ECORRUPT : SG_OK;
}

/* A tree that is missing or damaged is an empty folder, counted; true in *lost then. */
static enum sg_status open_folder(struct folder *folder, bool *lost, struct reading *r,
                                  struct sg_arena *arena, const struct sg_git_id *id,
                                  struct sg_err *err)
{
    struct odb_object object = {.handle = NULL};
    *folder = (struct folder){NULL, 0};
    *lost = false;
    if (!id)
        return SG_OK;
    enum sg_status st = sg_git_odb_read(&object, r->git, id, NULL);
    if (st == SG_OK)
        st = object.type == ODB_TREE ? parse_folder(folder, arena, &object, err) : SG_ECORRUPT;
    sg_git_odb_free(&object);
    if (st == SG_ENOMEM)
        return sg_err_nomem(err);
    *lost = st != SG_OK;
    r->out->n_missing += *lost;
    return SG_OK;
}

enum sg_status sg_git_keep_change(struct reading *r, struct sg_git_change change,
                                  struct sg_err *err)
{
    struct sg_git_changes *out = r->out;
    if (out->n_changes >= r->limits->changes) {
        out->n_left_out++;
        return SG_OK;
    }
    if (out->n_changes == r->capacity) {
        const size_t capacity = r->capacity ? 2 * r->capacity : 16;
        struct sg_git_change *more = sg_arena_alloc(&out->arena, capacity, sizeof(*more));
        if (!more)
            return sg_err_nomem(err);
        if (out->n_changes)
            memcpy(more, out->changes, out->n_changes * sizeof(*more));
        out->changes = more;
        r->capacity = capacity;
    }
    out->changes[out->n_changes++] = change;
    return SG_OK;
}

static struct sg_git_side side_of(const struct sg_git_entry *entry, struct sg_text path)
{
    if (!entry)
        return (struct sg_git_side){.content = SG_GIT_ABSENT};
    const bool is_module = (entry->mode & SG_GIT_MODE_TYPE) == SG_GIT_MODE_MODULE;
    return (struct sg_git_side){.content = is_module ? SG_GIT_MODULE : SG_GIT_TOO_LARGE,
                                .path = path,
                                .mode = entry->mode,
                                .id = entry->id};
}

static enum sg_status file_changed(struct reading *r, const struct sg_git_entry *before,
                                   const struct sg_git_entry *after, struct sg_text path,
                                   struct sg_err *err)
{
    return sg_git_keep_change(r,
                              (struct sg_git_change){.kind = !before  ? SG_GIT_ADDED
                                                             : !after ? SG_GIT_DELETED
                                                                      : SG_GIT_MODIFIED,
                                                     .before = side_of(before, path),
                                                     .after = side_of(after, path)},
                              err);
}

static enum sg_status compare_folders(struct reading *r, const struct sg_git_id *before,
                                      const struct sg_git_id *after, struct sg_text prefix,
                                      unsigned depth, struct sg_err *err);

/* "PREFIX/NAME" in the arena. */
static struct sg_text join(struct sg_arena *arena, struct sg_text prefix, struct sg_text name)
{
    const size_t size = prefix.size ? prefix.size + 1 + name.size : name.size;
    char *path = sg_arena_alloc(arena, size + 1, 1);
    if (!path)
        return (struct sg_text){NULL, 0};
    if (prefix.size) {
        memcpy(path, prefix.data, prefix.size);
        path[prefix.size] = '/';
    }
    memcpy(path + size - name.size, name.data, name.size);
    return (struct sg_text){path, size};
}

/* One name that differs. A folder that became a file is both: its files go, the file comes. */
static enum sg_status name_changed(struct reading *r, const struct sg_git_entry *before,
                                   const struct sg_git_entry *after, struct sg_text prefix,
                                   unsigned depth, struct sg_err *err)
{
    const bool tree_before = before && is_tree(before->mode);
    const bool tree_after = after && is_tree(after->mode);
    const struct sg_text name = before ? before->name : after->name;
    enum sg_status st = SG_OK;
    if (prefix.size + name.size + 1 > PATH_MAX_BYTES ||
        ((tree_before || tree_after) && depth + 1 >= r->limits->depth)) {
        r->out->n_left_out++;
        return SG_OK;
    }
    const struct sg_text path = join(&r->out->arena, prefix, name);
    if (!path.data)
        return sg_err_nomem(err);
    if (tree_before || tree_after)
        st = compare_folders(r, tree_before ? &before->id : NULL, tree_after ? &after->id : NULL,
                             path, depth + 1, err);
    before = tree_before ? NULL : before;
    after = tree_after ? NULL : after;
    return st == SG_OK && (before || after) ? file_changed(r, before, after, path, err) : st;
}

static bool is_same(const struct sg_git_entry *a, const struct sg_git_entry *b)
{
    return a && b && a->mode == b->mode && sg_git_id_cmp(&a->id, &b->id) == 0;
}

static enum sg_status merge_names(struct reading *r, const struct folder *before,
                                  const struct folder *after, struct sg_text prefix, unsigned depth,
                                  struct sg_err *err)
{
    size_t i = 0, k = 0;
    while (i < before->n || k < after->n) {
        const int order = i == before->n  ? 1
                          : k == after->n ? -1
                                          : compare_names(&before->entries[i], &after->entries[k]);
        const struct sg_git_entry *a = order <= 0 ? &before->entries[i++] : NULL;
        const struct sg_git_entry *b = order >= 0 ? &after->entries[k++] : NULL;
        if (r->n_entries++ >= r->limits->entries) {
            r->out->n_left_out += before->n + after->n - i - k + 1;
            return SG_OK;
        }
        const enum sg_status st = is_same(a, b) ? SG_OK : name_changed(r, a, b, prefix, depth, err);
        if (st != SG_OK)
            return st;
    }
    return SG_OK;
}

/* Where one of two trees is lost nothing is known of the folder: comparing with an empty one would
 * show all of it as added. */
static enum sg_status compare_folders(struct reading *r, const struct sg_git_id *before,
                                      const struct sg_git_id *after, struct sg_text prefix,
                                      unsigned depth, struct sg_err *err)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct folder old_folder, new_folder;
    bool old_lost, new_lost = true;
    enum sg_status st = open_folder(&old_folder, &old_lost, r, &arena, before, err);
    if (st == SG_OK)
        st = open_folder(&new_folder, &new_lost, r, &arena, after, err);
    if (st == SG_OK && !old_lost && !new_lost)
        st = merge_names(r, &old_folder, &new_folder, prefix, depth, err);
    sg_arena_clear(&arena);
    return st;
}

enum sg_status sg_git_compare_trees(struct reading *r, const struct sg_git_id *before,
                                    const struct sg_git_id *after, struct sg_err *err)
{
    if (before && sg_git_id_cmp(before, after) == 0)
        return SG_OK;
    return compare_folders(r, before, after, (struct sg_text){"", 0}, 0, err);
}
