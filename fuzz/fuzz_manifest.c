/* Manifest: what parses is written again so that it parses to the same. */
#include "formats/manifest/manifest.h"

#include "base/utf8.h"

#include <assert.h>
#include <string.h>

static bool all_utf8(const struct sg_manifest_entry *e)
{
    size_t bad;
    return sg_utf8_check(&bad, e->kind, strlen(e->kind)) &&
           sg_utf8_check(&bad, e->name, strlen(e->name)) &&
           sg_utf8_check(&bad, e->value, strlen(e->value));
}

static void check_round_trip(const struct sg_manifest_entry *entries, size_t n,
                             struct sg_arena *arena)
{
    struct sg_buf out = SG_BUF_INIT((size_t)64 * 1024 * 1024);
    const struct sg_manifest_entry *again;
    size_t n_again;
    assert(sg_manifest_write(&out, entries, n, NULL) == SG_OK);
    assert(sg_buf_check(&out, NULL) == SG_OK);
    assert(sg_manifest_parse(&again, &n_again, arena, out.data, out.size, NULL) == SG_OK);
    assert(n_again == n);
    for (size_t i = 0; i < n; i++)
        assert(!all_utf8(&entries[i]) || (strcmp(again[i].kind, entries[i].kind) == 0 &&
                                          strcmp(again[i].name, entries[i].name) == 0 &&
                                          strcmp(again[i].value, entries[i].value) == 0));
    sg_buf_clear(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sg_arena arena = SG_ARENA_INIT;
    const struct sg_manifest_entry *entries;
    struct sg_err err;
    size_t n;
    const enum sg_status st =
        sg_manifest_parse(&entries, &n, &arena, (const char *)data, size, &err);
    assert(st == SG_OK || st == SG_ENOTFOUND || st == SG_EPARSE || st == SG_ELIMIT);
    assert(st != SG_EPARSE || (err.has_offset && err.offset <= size + 1));
    if (st == SG_OK)
        check_round_trip(entries, n, &arena);
    sg_arena_clear(&arena);
    return 0;
}
