/* What a merge alone changed. A file that equals one of the parents was merged by taking that side.
 * Of any other file the result is compared with what the parents can account for. */
#include "store/git/changes_internal.h"

#include "base/mem.h"
#include "formats/lines/lines.h"

#include <stdlib.h>
#include <string.h>

/* The parents' versions of one file, and the result's. */
struct versions {
    const struct sg_lines *parents;
    const struct sg_git_side *sides;
    size_t n;
    bool all_have; /* the file is in every parent */
    struct sg_lines result;
};

static enum sg_status split(struct sg_lines *lines, struct sg_arena *arena,
                            const struct sg_git_side *side, struct sg_err *err)
{
    *lines = (struct sg_lines){NULL, 0};
    if (side->content != SG_GIT_BYTES)
        return SG_OK;
    return sg_lines_split(lines, arena, side->bytes, (size_t)side->size, true, err);
}

/* new_in_merge[i]: no parent has line i of the result. */
static enum sg_status mark_new(bool *new_in_merge, const struct versions *v, bool *scratch,
                               struct sg_err *err)
{
    memset(new_in_merge, true, v->result.n);
    for (size_t p = 0; p < v->n; p++) {
        const enum sg_status st = sg_lines_only(scratch, &v->result, &v->parents[p], err);
        if (st != SG_OK)
            return st;
        for (size_t i = 0; i < v->result.n; i++)
            new_in_merge[i] &= scratch[i];
    }
    return SG_OK;
}

/* lost[i]: line i of the first parent stands in all parents and not in the result. */
static enum sg_status mark_lost(bool *lost, const struct versions *v, bool *scratch,
                                struct sg_err *err)
{
    const struct sg_lines *first = &v->parents[0];
    memset(lost, 0, first->n);
    if (!v->all_have)
        return SG_OK;
    enum sg_status st = sg_lines_only(lost, first, &v->result, err);
    for (size_t p = 1; st == SG_OK && p < v->n; p++) {
        st = sg_lines_only(scratch, first, &v->parents[p], err);
        for (size_t i = 0; st == SG_OK && i < first->n; i++)
            lost[i] &= !scratch[i];
    }
    return st;
}

static uint8_t *put_line(uint8_t *at, const struct sg_git_side *side, struct sg_line line)
{
    memcpy(at, side->bytes + line.offset, line.size);
    return at + line.size;
}

/* The result without its new lines, with the lost ones behind the line that they followed in the
 * first parent: what an honest merge would have left. Lost lines are put where the first parent's
 * common lines, met in order, say. */
static enum sg_status make_before(struct sg_git_side *before, struct reading *r,
                                  const struct sg_git_side *after, const struct versions *v,
                                  const bool *new_in_merge, const bool *lost, struct sg_err *err)
{
    const struct sg_lines *first = &v->parents[0];
    uint8_t *bytes =
        sg_arena_alloc(&r->out->arena, (size_t)(after->size + v->sides[0].size) + 1, 1);
    if (!bytes)
        return sg_err_nomem(err);
    uint8_t *at = bytes;
    size_t k = 0;
    for (size_t i = 0; i < v->result.n; i++) {
        for (; k < first->n && lost[k]; k++)
            at = put_line(at, &v->sides[0], first->lines[k]);
        if (new_in_merge[i])
            continue;
        at = put_line(at, after, v->result.lines[i]);
        if (k < first->n && first->lines[k].hash == v->result.lines[i].hash)
            k++;
    }
    for (; k < first->n; k++)
        if (lost[k])
            at = put_line(at, &v->sides[0], first->lines[k]);
    *before = *after;
    before->bytes = bytes;
    before->size = (uint64_t)(at - bytes);
    return SG_OK;
}

static bool any(const bool *flags, size_t n)
{
    return n && memchr(flags, 1, n);
}

/* Keep the change if the merge itself put something into a text file, or took something out. */
static enum sg_status compare_lines(struct reading *r, struct sg_git_change *change,
                                    const struct versions *v, struct sg_arena *arena,
                                    struct sg_err *err)
{
    const size_t n = v->result.n + v->parents[0].n + 1;
    bool *new_in_merge = sg_arena_alloc(arena, n, 1), *lost = sg_arena_alloc(arena, n, 1);
    bool *scratch = sg_arena_alloc(arena, n, 1);
    if (!new_in_merge || !lost || !scratch)
        return sg_err_nomem(err);
    enum sg_status st = mark_new(new_in_merge, v, scratch, err);
    if (st == SG_OK)
        st = mark_lost(lost, v, scratch, err);
    if (st != SG_OK || (!any(new_in_merge, v->result.n) && !any(lost, v->parents[0].n)))
        return st;
    st = make_before(&change->before, r, &change->after, v, new_in_merge, lost, err);
    return st == SG_OK ? sg_git_keep_change(r, *change, err) : st;
}

/* Sides that hold text, moved to the front; parents without the file have nothing to say of its
 * lines. False where a side could not be read: then nothing can be said. */
static bool keep_read(struct versions *v, struct sg_git_side *sides)
{
    size_t n = 0;
    for (size_t p = 0; p < v->n; p++) {
        if (sides[p].content == SG_GIT_BYTES)
            sides[n++] = sides[p];
        else if (sides[p].content != SG_GIT_ABSENT)
            return false;
    }
    v->all_have = n == v->n;
    v->n = n;
    return n > 0;
}

/* One path that differs from every parent; sides are those of the parents, in order. */
static enum sg_status merged_path(struct reading *r, struct sg_git_change change,
                                  struct sg_git_side *sides, size_t n, struct sg_err *err)
{
    struct versions v = {.sides = sides, .n = n};
    if (change.after.content != SG_GIT_BYTES || change.is_binary || !keep_read(&v, sides))
        return sg_git_keep_change(r, change, err);
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_lines *parents = sg_arena_alloc(&arena, v.n, sizeof(*parents));
    v.parents = parents;
    change.kind = SG_GIT_MODIFIED;
    enum sg_status st = parents ? split(&v.result, &arena, &change.after, err) : sg_err_nomem(err);
    for (size_t p = 0; st == SG_OK && p < v.n; p++)
        st = split(&parents[p], &arena, &sides[p], err);
    if (st == SG_OK)
        st = compare_lines(r, &change, &v, &arena, err);
    sg_arena_clear(&arena);
    return st;
}

/* The sides that a path has in the parents, if it differs from all of them. */
static bool find_sides(struct sg_git_side *sides, const struct sg_git_changes *lists, size_t n,
                       const struct sg_git_change *first)
{
    for (size_t p = 0; p < n; p++) {
        const struct sg_git_change *other = bsearch(first, lists[p].changes, lists[p].n_changes,
                                                    sizeof(*first), sg_git_compare_changes);
        if (!other)
            return false;
        sides[p] = other->before;
    }
    return true;
}

static enum sg_status merge_path(struct reading *r, const struct sg_git_changes *lists, size_t n,
                                 const struct sg_git_change *first, struct sg_err *err)
{
    struct sg_git_change change = *first;
    struct sg_git_side *sides = sg_arena_alloc(&r->out->arena, n, sizeof(*sides));
    if (!sides)
        return sg_err_nomem(err);
    if (!find_sides(sides, lists, n, first))
        return SG_OK;
    enum sg_status st = sg_git_load_side(r, &change.after, err);
    for (size_t p = 0; st == SG_OK && p < n; p++)
        st = sg_git_load_side(r, &sides[p], err);
    if (st != SG_OK)
        return st;
    change.before = sides[0];
    /* The first parent that has the file at all. */
    for (size_t p = n; p-- > 0;)
        if (sides[p].content != SG_GIT_ABSENT)
            change.before = sides[p];
    change.is_binary =
        sg_git_side_is_binary(&change.after) || sg_git_side_is_binary(&change.before);
    return merged_path(r, change, sides, n, err);
}

/* The changes against one parent, in the order of sg_git_compare_changes, not loaded. */
static enum sg_status list_against(struct sg_git_changes *list, struct reading *r,
                                   const struct sg_git_id *parent, const struct sg_git_id *tree,
                                   struct sg_err *err)
{
    struct reading one = {.out = list, .git = r->git, .limits = r->limits};
    const enum sg_status st = sg_git_compare_trees(&one, parent, tree, err);
    if (list->n_changes)
        qsort(list->changes, list->n_changes, sizeof(*list->changes), sg_git_compare_changes);
    r->out->n_left_out += list->n_left_out;
    r->out->n_missing += list->n_missing;
    return st;
}

/* Paths live in the lists' arenas; what is kept moves to the arena of the result. */
static enum sg_status keep_paths(struct reading *r, struct sg_err *err)
{
    for (size_t i = 0; i < r->out->n_changes; i++) {
        struct sg_git_change *c = &r->out->changes[i];
        const struct sg_text path = sg_git_path_of_change(c);
        const char *copy = sg_arena_strndup(&r->out->arena, path.data, path.size);
        if (!copy)
            return sg_err_nomem(err);
        c->before.path.data = c->before.path.data ? copy : NULL;
        c->after.path.data = c->after.path.data ? copy : NULL;
    }
    return SG_OK;
}

enum sg_status sg_git_compare_merge(struct reading *r, const struct sg_git_id *tree,
                                    const struct sg_git_id *parents, size_t n_parents,
                                    struct sg_err *err)
{
    struct sg_git_changes *lists = sg_mem_zalloc(n_parents, sizeof(*lists));
    enum sg_status st = lists ? SG_OK : sg_err_nomem(err);
    /* A merge that equals one parent changed nothing itself, and needs no second look. */
    for (size_t p = 0; st == SG_OK && p < n_parents; p++)
        st = p > 0 && lists[p - 1].n_changes == 0
                 ? SG_OK
                 : list_against(&lists[p], r, &parents[p], tree, err);
    for (size_t i = 0; st == SG_OK && i < lists[0].n_changes; i++)
        st = merge_path(r, lists, n_parents, &lists[0].changes[i], err);
    if (st == SG_OK)
        st = keep_paths(r, err);
    for (size_t p = 0; lists && p < n_parents; p++)
        sg_arena_clear(&lists[p].arena);
    sg_mem_free(lists);
    return st;
}
