#include "formats/manifest/manifest.h"

#include "base/mem.h"

#include <stdint.h>
#include <string.h>

static bool same_name(const struct sg_manifest_entry *a, const struct sg_manifest_entry *b)
{
    return strcmp(a->kind, b->kind) == 0 && strcmp(a->name, b->name) == 0;
}

/* The first unused entry of that name from `hint` on, then from the start; n if there is none. */
static size_t find(const struct sg_manifest_entry *items, const bool *used, size_t n, size_t hint,
                   const struct sg_manifest_entry *like)
{
    for (size_t k = 0; k < n; k++) {
        const size_t i = (hint + k) % n;
        if (!used[i] && same_name(&items[i], like))
            return i;
    }
    return n;
}

size_t sg_manifest_compare(const struct sg_manifest_entry *was, size_t n_was,
                           const struct sg_manifest_entry *now, size_t n_now,
                           void (*visit)(void *ctx, const struct sg_manifest_entry *was,
                                         const struct sg_manifest_entry *now),
                           void *ctx)
{
    size_t n_differences = 0, hint = 0;
    bool *used = sg_mem_zalloc(n_now + 1, sizeof(*used));
    if (!used)
        return SIZE_MAX;
    for (size_t i = 0; i < n_was; i++) {
        const size_t at = find(now, used, n_now, hint, &was[i]);
        if (at < n_now) {
            used[at] = true;
            hint = at + 1 < n_now ? at + 1 : 0;
        }
        if (at < n_now && strcmp(now[at].value, was[i].value) == 0)
            continue;
        n_differences++;
        visit(ctx, &was[i], at < n_now ? &now[at] : NULL);
    }
    for (size_t i = 0; i < n_now; i++) {
        if (used[i])
            continue;
        n_differences++;
        visit(ctx, NULL, &now[i]);
    }
    sg_mem_free(used);
    return n_differences;
}
