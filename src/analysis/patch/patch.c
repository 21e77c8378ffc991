#include "analysis/patch/patch.h"

#include "base/mem.h"
#include "formats/lines/lines.h"

#include <stdlib.h>
#include <string.h>

static void put_text(struct sg_sha256 *sha, struct sg_text text)
{
    const uint64_t size = text.data ? text.size : UINT64_MAX;
    sg_sha256_update(sha, &size, sizeof(size));
    if (text.data)
        sg_sha256_update(sha, text.data, text.size);
}

static int compare_hashes(const void *left, const void *right)
{
    const uint64_t *a = left, *b = right;
    return *a < *b ? -1 : *a > *b;
}

/* Hash of a line of nothing but blanks, however it is indented. */
static uint64_t blank_hash(struct sg_arena *arena, bool *ok)
{
    struct sg_lines one = {NULL, 0};
    *ok = sg_lines_split(&one, arena, (const uint8_t *)"\n", 1, false, NULL) == SG_OK;
    return *ok ? one.lines[0].hash : 0;
}

/* The hashes of the lines that only `a` has, sorted; *n_put says how many. */
static enum sg_status put_only(size_t *n_put, struct sg_sha256 *sha, struct sg_arena *arena,
                               const struct sg_lines *a, const struct sg_lines *b,
                               struct sg_err *err)
{
    bool ok = false, *only = sg_arena_alloc(arena, a->n + 1, 1);
    uint64_t *hashes = sg_arena_alloc(arena, a->n + 1, sizeof(*hashes));
    const uint64_t blank = blank_hash(arena, &ok);
    size_t n = 0;
    if (!only || !hashes || !ok)
        return sg_err_nomem(err);
    const enum sg_status st = sg_lines_only(only, a, b, err);
    if (st != SG_OK)
        return st;
    for (size_t i = 0; i < a->n; i++)
        if (only[i] && a->lines[i].hash != blank)
            hashes[n++] = a->lines[i].hash;
    qsort(hashes, n, sizeof(*hashes), compare_hashes);
    sg_sha256_update(sha, &n, sizeof(n));
    sg_sha256_update(sha, hashes, n * sizeof(*hashes));
    *n_put += n;
    return SG_OK;
}

static bool is_text(const struct sg_git_change *change)
{
    return !change->is_binary && change->before.content != SG_GIT_MISSING &&
           change->before.content != SG_GIT_TOO_LARGE && change->after.content != SG_GIT_MISSING &&
           change->after.content != SG_GIT_TOO_LARGE && change->before.content != SG_GIT_MODULE &&
           change->after.content != SG_GIT_MODULE;
}

static enum sg_status split_side(struct sg_lines *lines, struct sg_arena *arena,
                                 const struct sg_git_side *side, struct sg_err *err)
{
    *lines = (struct sg_lines){NULL, 0};
    if (side->content != SG_GIT_BYTES)
        return SG_OK;
    return sg_lines_split(lines, arena, side->bytes, (size_t)side->size, false, err);
}

/* Equal lines at both ends cancel in the bags; most of a file is such. */
static void strip_ends(struct sg_lines *a, struct sg_lines *b)
{
    while (a->n > 0 && b->n > 0 && a->lines[0].hash == b->lines[0].hash) {
        a->lines++, b->lines++;
        a->n--, b->n--;
    }
    while (a->n > 0 && b->n > 0 && a->lines[a->n - 1].hash == b->lines[b->n - 1].hash) {
        a->n--, b->n--;
    }
}

/* The lines that came and went; true in *told if there were any. */
static enum sg_status put_lines(bool *told, struct sg_sha256 *sha,
                                const struct sg_git_change *change, struct sg_err *err)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_lines before, after;
    size_t n_put = 0;
    enum sg_status st = split_side(&before, &arena, &change->before, err);
    if (st == SG_OK)
        st = split_side(&after, &arena, &change->after, err);
    if (st == SG_OK) {
        strip_ends(&before, &after);
        st = put_only(&n_put, sha, &arena, &before, &after, err);
    }
    if (st == SG_OK)
        st = put_only(&n_put, sha, &arena, &after, &before, err);
    *told = n_put > 0;
    sg_arena_clear(&arena);
    return st;
}

enum sg_status sg_patch_of_change(uint8_t digest32[SG_SHA256_SIZE],
                                  const struct sg_git_change *change, struct sg_err *err)
{
    struct sg_sha256 *sha = sg_sha256_new();
    enum sg_status st = sha ? SG_OK : sg_err_nomem(err);
    bool told = false;
    if (st != SG_OK)
        return st;
    put_text(sha, change->before.path);
    put_text(sha, change->after.path);
    sg_sha256_update(sha, &change->before.mode, sizeof(change->before.mode));
    sg_sha256_update(sha, &change->after.mode, sizeof(change->after.mode));
    if (is_text(change))
        st = put_lines(&told, sha, change, err);
    if (!told) {
        sg_sha256_update(sha, change->before.id.bytes, SG_GIT_ID_SIZE);
        sg_sha256_update(sha, change->after.id.bytes, SG_GIT_ID_SIZE);
    }
    if (st == SG_OK)
        sg_sha256_final(digest32, sha);
    sg_sha256_free(sha);
    return st;
}

enum sg_status sg_patch_of_commit(uint8_t digest32[SG_SHA256_SIZE], const uint8_t *digests,
                                  size_t n, struct sg_err *err)
{
    struct sg_sha256 *sha = sg_sha256_new();
    if (!sha)
        return sg_err_nomem(err);
    sg_sha256_update(sha, digests, n * SG_SHA256_SIZE);
    sg_sha256_final(digest32, sha);
    sg_sha256_free(sha);
    return SG_OK;
}
