#include "app/labelbook/labelbook.h"

#include "base/mem.h"
#include "base/vec.h"

#include <string.h>

/* The hit that speaks for the address: the first service, else the first of all. */
static const struct sg_screen_hit *choose(const struct sg_screen_hit *hits, size_t n)
{
    const struct sg_screen_hit *first = NULL;
    for (size_t i = 0; i < n; i++) {
        if (!hits[i].in_force)
            continue;
        if (sg_category_info(hits[i].label->category)->is_service)
            return &hits[i];
        if (!first)
            first = &hits[i];
    }
    return first;
}

static bool is_sanctioned(const struct sg_screen_hit *hits, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (hits[i].in_force &&
            (hits[i].label->category == SG_CATEGORY_SANCTIONED || hits[i].label->programme))
            return true;
    return false;
}

/* Texts of labels live as long as the store. */
static enum sg_status keep(const struct sg_exposure_label **label, struct sg_arena *arena,
                           const struct sg_screen_hit *hit, bool sanctioned, struct sg_err *err)
{
    struct sg_exposure_label *made = sg_arena_alloc(arena, 1, sizeof(*made));
    if (!made)
        return sg_err_nomem(err);
    *made =
        (struct sg_exposure_label){.entity = hit->label->entity,
                                   .category = hit->label->category,
                                   .is_service = sg_category_info(hit->label->category)->is_service,
                                   .is_sanctioned = sanctioned,
                                   .confidence = hit->label->confidence,
                                   .source = hit->label->source,
                                   .source_date_unix_s = hit->label->source_date_unix_s};
    *label = made;
    return SG_OK;
}

static enum sg_status find(const struct sg_exposure_label **label, struct sg_arena *arena,
                           struct sg_arena *scratch, const struct sg_labelstore *store,
                           int64_t as_of_unix_s, const char *text, size_t size, struct sg_err *err)
{
    const struct sg_labels_range range = sg_labels_find(store->labels, text, size);
    struct sg_screen_claim *claims = NULL;
    const struct sg_screen_hit *hits = NULL;
    size_t n = 0, n_hits = 0, n_left_out = 0;
    *label = NULL;
    if (!range.count)
        return SG_OK;
    enum sg_status st =
        sg_labelstore_claims(&claims, &n, &n_left_out, scratch, store, range, text, size, err);
    if (st == SG_OK && n)
        st = sg_screen_hits(&hits, &n_hits, scratch, claims, n, store->editions, store->n_editions,
                            as_of_unix_s, err);
    const struct sg_screen_hit *hit = st == SG_OK ? choose(hits, n_hits) : NULL;
    return hit ? keep(label, arena, hit, is_sanctioned(hits, n_hits), err) : st;
}

enum sg_status sg_labelbook_of_text(const struct sg_exposure_label **label, struct sg_arena *arena,
                                    const struct sg_labelstore *store, int64_t as_of_unix_s,
                                    const char *text, size_t size, struct sg_err *err)
{
    return find(label, arena, arena, store, as_of_unix_s, text, size, err);
}

static enum sg_status look_up(const struct sg_exposure_label **label, struct sg_labelbook *book,
                              struct sg_addr_id addr, struct sg_err *err)
{
    char text[SG_ADDRESS_TEXT_MAX];
    struct sg_address address;
    *label = NULL;
    if (!book->store || addr.v >= book->ledger->stats.addresses)
        return SG_OK;
    enum sg_status st = book->ledger->ops->addrs(book->ledger->self, &address, &addr, 1, err);
    if (st != SG_OK)
        return st;
    sg_address_format(text, book->ledger->chain, &address);
    st = find(label, &book->arena, &book->scratch, book->store, book->as_of_unix_s, text,
              strlen(text), err);
    sg_arena_clear(&book->scratch);
    return st;
}

static enum sg_status look(void *ctx, const struct sg_exposure_label **label,
                           struct sg_addr_id addr, struct sg_err *err)
{
    struct sg_labelbook *book = ctx;
    const uint32_t at = sg_ids_get(&book->at, addr.v);
    if (at != SG_IDS_NONE) {
        *label = book->labels[at];
        return SG_OK;
    }
    if (!sg_progress_step(book->progress, book->n_labels, 0))
        return sg_err_set(err, SG_ECANCELLED, "stopped on request");
    const enum sg_status st = look_up(label, book, addr, err);
    if (st != SG_OK)
        return st;
    if (!SG_VEC_RESERVE(book->labels, book->n_labels, book->capacity, 1) ||
        !sg_ids_put(&book->at, addr.v, (uint32_t)book->n_labels))
        return sg_err_nomem(err);
    book->labels[book->n_labels++] = *label;
    return SG_OK;
}

void sg_labelbook_open(struct sg_labelbook *book, const struct sg_labelstore *store,
                       const struct sg_ledger *ledger, int64_t as_of_unix_s)
{
    *book = (struct sg_labelbook){.store = store, .ledger = ledger, .as_of_unix_s = as_of_unix_s};
    book->book = (struct sg_exposure_book){look, book};
}

void sg_labelbook_close(struct sg_labelbook *book)
{
    sg_ids_clear(&book->at);
    sg_mem_free(book->labels);
    sg_arena_clear(&book->arena);
    sg_arena_clear(&book->scratch);
}
