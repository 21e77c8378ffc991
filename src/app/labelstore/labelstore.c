#include "app/labelstore/labelstore.h"

#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool join(char dir[SG_LABELSTORE_PATH_MAX], const char *first, const char *rest)
{
    const int n = snprintf(dir, SG_LABELSTORE_PATH_MAX, "%s%s", first, rest);
    return n > 0 && n < SG_LABELSTORE_PATH_MAX;
}

enum sg_status sg_labelstore_dir(char dir[SG_LABELSTORE_PATH_MAX], const char *given,
                                 struct sg_err *err)
{
    const struct {
        const char *first, *rest;
    } places[] = {{given, ""},
                  {getenv("SILLAGE_LABELS"), ""},
                  {getenv("XDG_DATA_HOME"), "/sillage/labels"},
                  {getenv("HOME"), "/.local/share/sillage/labels"}};
    for (size_t i = 0; i < SG_COUNT_OF(places); i++)
        if (places[i].first && places[i].first[0])
            return join(dir, places[i].first, places[i].rest)
                       ? SG_OK
                       : sg_err_set(err, SG_EUSAGE, "the path of the label store is too long");
    return sg_err_set(err, SG_EUSAGE, "--labels DIR is missing, and no home folder is known");
}

static enum sg_status read_editions(struct sg_labelstore *store, struct sg_err *err)
{
    const uint32_t n_packs = sg_labels_n_packs(store->labels);
    enum sg_status st = SG_OK;
    store->editions = sg_mem_alloc((size_t)n_packs + 1, sizeof(*store->editions));
    store->list_of = sg_mem_zalloc((size_t)n_packs + 1, sizeof(*store->list_of));
    if (!store->editions || !store->list_of)
        return sg_err_nomem(err);
    for (uint32_t i = 0; st == SG_OK && i < n_packs; i++) {
        struct sg_labels_pack pack;
        st = sg_labels_pack_at(&pack, store->labels, i, err);
        if (st != SG_OK || !pack.pack.list || pack.pack.date_unix_s == SG_TIME_UNKNOWN)
            continue;
        store->list_of[i] = pack.pack.list;
        store->editions[store->n_editions++] =
            (struct sg_screen_edition){pack.pack.list, pack.pack.date_unix_s, i};
    }
    sg_screen_sort_editions(store->editions, store->n_editions);
    return st;
}

enum sg_status sg_labelstore_open(struct sg_labelstore *store, const char *dir, struct sg_err *err)
{
    *store = (struct sg_labelstore){0};
    enum sg_status st = sg_labels_open(&store->labels, dir, err);
    if (st == SG_OK)
        st = read_editions(store, err);
    if (st != SG_OK)
        sg_labelstore_close(store);
    return st;
}

void sg_labelstore_close(struct sg_labelstore *store)
{
    sg_labels_close(store->labels);
    sg_mem_free(store->editions);
    sg_mem_free(store->list_of);
    *store = (struct sg_labelstore){0};
}

struct gather {
    struct sg_screen_claim *claims;
    size_t n, n_left_out, max;
    char key[SG_LABEL_SUBJECT_MAX + 1];
};

static bool is_about(const struct gather *gather, const char *subject)
{
    char own[SG_LABEL_SUBJECT_MAX + 1];
    const size_t size = strlen(subject);
    return size <= SG_LABEL_SUBJECT_MAX &&
           strcmp(sg_label_key(own, subject, size), gather->key) == 0;
}

/* Claims of crime and sanctions, or all others. */
static enum sg_status gather_some(struct gather *gather, bool illicit, struct sg_arena *arena,
                                  const struct sg_labelstore *store, struct sg_labels_range range,
                                  struct sg_err *err)
{
    enum sg_status st = SG_OK;
    for (size_t i = 0; st == SG_OK && i < range.count; i++) {
        struct sg_screen_claim claim = {.pack = 0};
        st = sg_labels_read(&claim.label, &claim.pack, store->labels, range, i, NULL, err);
        if (st != SG_OK || sg_category_info(claim.label.category)->is_illicit != illicit ||
            !is_about(gather, claim.label.subject))
            continue;
        if (gather->n == gather->max) {
            gather->n_left_out++;
            continue;
        }
        st = sg_labels_read(&claim.label, &claim.pack, store->labels, range, i, arena, err);
        claim.list =
            claim.pack < sg_labels_n_packs(store->labels) ? store->list_of[claim.pack] : NULL;
        gather->claims[gather->n++] = claim;
    }
    return st;
}

enum sg_status sg_labelstore_claims(struct sg_screen_claim **claims, size_t *n, size_t *n_left_out,
                                    struct sg_arena *arena, const struct sg_labelstore *store,
                                    struct sg_labels_range range, const char *text, size_t size,
                                    struct sg_err *err)
{
    struct gather gather = {.max = range.count < SG_SCREEN_CLAIMS_MAX ? range.count
                                                                      : SG_SCREEN_CLAIMS_MAX};
    if (size > SG_LABEL_SUBJECT_MAX)
        return sg_err_set(err, SG_EUSAGE, "not an address: more than %d characters",
                          SG_LABEL_SUBJECT_MAX);
    sg_label_key(gather.key, text, size);
    gather.claims = sg_arena_alloc(arena, gather.max + 1, sizeof(*gather.claims));
    if (!gather.claims)
        return sg_err_nomem(err);
    enum sg_status st = gather_some(&gather, true, arena, store, range, err);
    if (st == SG_OK)
        st = gather_some(&gather, false, arena, store, range, err);
    if (st != SG_OK)
        return st;
    *claims = gather.claims;
    *n = gather.n;
    *n_left_out = gather.n_left_out;
    return SG_OK;
}
