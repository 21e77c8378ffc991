/* Renames: a deleted and an added file that are the same, or mostly the same lines. */
#include "store/git/changes_internal.h"

#include "base/mem.h"
#include "formats/lines/lines.h"

#include <stdlib.h>
#include <string.h>

/* Git's own threshold for likeness, in percent of the larger file. */
#define LIKE_PERCENT 50u

/* Files of a commit that may be halves of a rename. */
struct half {
    struct sg_git_change *change;
    struct sg_git_side *side;
    struct sg_lines lines; /* where they were read */
    bool taken;
};

struct halves {
    struct half *gone, *come;
    size_t n_gone, n_come;
};

static bool is_file(const struct sg_git_side *side)
{
    return (side->mode & SG_GIT_MODE_TYPE) == SG_GIT_MODE_FILE;
}

static int compare_ids(const void *left, const void *right)
{
    const struct half *a = left, *b = right;
    return sg_git_id_cmp(&a->side->id, &b->side->id);
}

static enum sg_status list_halves(struct halves *h, struct reading *r, struct sg_arena *arena,
                                  struct sg_err *err)
{
    const struct sg_git_changes *out = r->out;
    if (out->n_changes == 0)
        return SG_OK;
    h->gone = sg_arena_alloc(arena, out->n_changes, sizeof(*h->gone));
    h->come = sg_arena_alloc(arena, out->n_changes, sizeof(*h->come));
    if (!h->gone || !h->come)
        return sg_err_nomem(err);
    for (size_t i = 0; i < out->n_changes; i++) {
        struct sg_git_change *c = &out->changes[i];
        if (c->kind == SG_GIT_DELETED && is_file(&c->before))
            h->gone[h->n_gone++] = (struct half){.change = c, .side = &c->before};
        else if (c->kind == SG_GIT_ADDED && is_file(&c->after))
            h->come[h->n_come++] = (struct half){.change = c, .side = &c->after};
    }
    return SG_OK;
}

/* The added file becomes the rename; the deleted one is emptied, and swept out at the end. */
static void join_halves(struct half *gone, struct half *come)
{
    come->change->kind = SG_GIT_RENAMED;
    come->change->before = *gone->side;
    gone->change->before.content = SG_GIT_ABSENT;
    gone->taken = come->taken = true;
}

/* Lists are sorted by id; equal ids are paired in order. */
static void join_same(struct halves *h)
{
    size_t k = 0;
    qsort(h->gone, h->n_gone, sizeof(*h->gone), compare_ids);
    qsort(h->come, h->n_come, sizeof(*h->come), compare_ids);
    for (size_t i = 0; i < h->n_gone; i++) {
        while (k < h->n_come && compare_ids(&h->come[k], &h->gone[i]) < 0)
            k++;
        if (k < h->n_come && compare_ids(&h->come[k], &h->gone[i]) == 0)
            join_halves(&h->gone[i], &h->come[k++]);
    }
}

static enum sg_status load_half(struct half *half, struct reading *r, struct sg_arena *arena,
                                struct sg_err *err)
{
    if (half->taken)
        return SG_OK;
    const enum sg_status st = sg_git_load_side(r, half->side, err);
    if (st != SG_OK || half->side->content != SG_GIT_BYTES)
        return st;
    return sg_lines_split(&half->lines, arena, half->side->bytes, (size_t)half->side->size, true,
                          err);
}

static bool sizes_allow(const struct half *gone, const struct half *come)
{
    const uint64_t a = gone->side->size, b = come->side->size;
    return !gone->taken && !come->taken && gone->lines.n && come->lines.n &&
           (a < b ? a : b) * 100 >= (a < b ? b : a) * LIKE_PERCENT;
}

struct likeness {
    uint32_t gone, come;
    unsigned percent;
};

static int compare_likeness(const void *left, const void *right)
{
    const struct likeness *a = left, *b = right;
    if (a->percent != b->percent)
        return a->percent > b->percent ? -1 : 1;
    if (a->come != b->come)
        return a->come < b->come ? -1 : 1;
    return a->gone < b->gone ? -1 : a->gone > b->gone;
}

static enum sg_status measure(struct likeness *likeness, struct halves *h, struct sg_err *err)
{
    const struct half *gone = &h->gone[likeness->gone], *come = &h->come[likeness->come];
    struct sg_lines_common common = {0, 0};
    const uint64_t larger =
        gone->side->size > come->side->size ? gone->side->size : come->side->size;
    if (!sizes_allow(gone, come))
        return SG_OK;
    const enum sg_status st = sg_lines_common(&common, &gone->lines, &come->lines, err);
    likeness->percent = (unsigned)(common.bytes * 100 / larger);
    return st;
}

static enum sg_status join_like(struct halves *h, struct sg_err *err)
{
    const size_t n = h->n_gone * h->n_come;
    struct likeness *pairs = sg_mem_zalloc(n + 1, sizeof(*pairs));
    enum sg_status st = pairs ? SG_OK : sg_err_nomem(err);
    for (size_t i = 0; st == SG_OK && i < n; i++) {
        pairs[i].gone = (uint32_t)(i / h->n_come);
        pairs[i].come = (uint32_t)(i % h->n_come);
        st = measure(&pairs[i], h, err);
    }
    if (st == SG_OK)
        qsort(pairs, n, sizeof(*pairs), compare_likeness);
    for (size_t i = 0; st == SG_OK && i < n && pairs[i].percent >= LIKE_PERCENT; i++)
        if (!h->gone[pairs[i].gone].taken && !h->come[pairs[i].come].taken)
            join_halves(&h->gone[pairs[i].gone], &h->come[pairs[i].come]);
    sg_mem_free(pairs);
    return st;
}

static void drop_taken(struct halves *h)
{
    size_t n = 0;
    for (size_t i = 0; i < h->n_gone; i++)
        if (!h->gone[i].taken)
            h->gone[n++] = h->gone[i];
    h->n_gone = n;
    n = 0;
    for (size_t i = 0; i < h->n_come; i++)
        if (!h->come[i].taken)
            h->come[n++] = h->come[i];
    h->n_come = n;
}

/* What became the first half of a rename is no change of its own any more. */
static void sweep(struct sg_git_changes *out)
{
    size_t n = 0;
    for (size_t i = 0; i < out->n_changes; i++)
        if (out->changes[i].kind != SG_GIT_DELETED ||
            out->changes[i].before.content != SG_GIT_ABSENT)
            out->changes[n++] = out->changes[i];
    out->n_changes = n;
}

enum sg_status sg_git_find_renames(struct reading *r, struct sg_err *err)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct halves h = {.n_gone = 0};
    enum sg_status st = list_halves(&h, r, &arena, err);
    if (st == SG_OK && h.n_gone && h.n_come) {
        join_same(&h);
        drop_taken(&h);
    }
    const bool few =
        h.n_gone && h.n_come && h.n_gone <= r->limits->renames && h.n_come <= r->limits->renames;
    for (size_t i = 0; st == SG_OK && few && i < h.n_gone; i++)
        st = load_half(&h.gone[i], r, &arena, err);
    for (size_t i = 0; st == SG_OK && few && i < h.n_come; i++)
        st = load_half(&h.come[i], r, &arena, err);
    if (st == SG_OK && few)
        st = join_like(&h, err);
    if (st == SG_OK)
        sweep(r->out);
    sg_arena_clear(&arena);
    return st;
}
