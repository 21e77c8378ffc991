/* Labels of a store for the addresses of the ledgers, of accounts or of outputs, behind those of
 * the case. */
#include "app/casework/casework.h"

#include "app/casework/casework_internal.h"
#include "app/labelbook/labelbook.h"
#include "app/utxoing/utxoing.h"
#include "base/digest.h"
#include "base/mem.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

/* Addresses that are looked up in a ledger in one go. */
#define BATCH 4096u

/* Addresses of one ledger that the store has labels of. The store is gone through, not the ledger:
 * it is the smaller of the two. */
struct walk {
    const struct sg_chain *chain;
    const struct sg_ledger *ledger; /* or NULL, and then */
    const struct sg_utxo *utxo;
    struct sg_address *batch;
    struct sg_addr_id *batch_ids;
    size_t n_batch;
    struct sg_address *found;
    size_t n_found, capacity;
};

/* Ids of a batch, SG_ID_NONE where the ledger never saw the address. */
static enum sg_status find_batch(struct walk *walk, struct sg_err *err)
{
    const struct sg_ledger *ledger = walk->ledger;
    char text[SG_ADDRESS_TEXT_MAX];
    if (ledger)
        return ledger->ops->find_addrs(ledger->self, walk->batch_ids, walk->batch, walk->n_batch,
                                       err);
    for (size_t i = 0; i < walk->n_batch; i++) {
        sg_address_format(text, walk->chain, &walk->batch[i]);
        if (sg_utxoing_owner(&walk->batch_ids[i].v, walk->utxo, text, NULL) != SG_OK)
            walk->batch_ids[i].v = SG_ID_NONE;
    }
    return SG_OK;
}

static enum sg_status flush(struct walk *walk, struct sg_err *err)
{
    const size_t n = walk->n_batch;
    enum sg_status st = n ? find_batch(walk, err) : SG_OK;
    if (st == SG_OK && !SG_VEC_RESERVE(walk->found, walk->n_found, walk->capacity, n + 1))
        st = sg_err_nomem(err);
    for (size_t i = 0; st == SG_OK && i < n; i++)
        if (walk->batch_ids[i].v != SG_ID_NONE)
            walk->found[walk->n_found++] = walk->batch[i];
    walk->n_batch = 0;
    return st;
}

static enum sg_status visit(void *ctx, const struct sg_label *label, struct sg_err *err)
{
    struct walk *walk = ctx;
    char key[SG_LABEL_SUBJECT_MAX + 1];
    const size_t size = strlen(label->subject);
    if (label->kind == SG_LABEL_TX || size > SG_LABEL_SUBJECT_MAX)
        return SG_OK;
    sg_label_key(key, label->subject, size);
    if (sg_address_parse(&walk->batch[walk->n_batch], walk->chain, key, strlen(key), NULL) != SG_OK)
        return SG_OK;
    return ++walk->n_batch == BATCH ? flush(walk, err) : SG_OK;
}

static int by_bytes(const void *a, const void *b)
{
    const struct sg_address *x = a, *y = b;
    const int order = (int)x->size - (int)y->size;
    return order ? order : memcmp(x->bytes, y->bytes, x->size);
}

static enum sg_status go_through(struct walk *walk, struct sg_labels *labels, struct sg_err *err)
{
    size_t kept = 0;
    walk->batch = sg_mem_alloc(BATCH, sizeof(*walk->batch));
    walk->batch_ids = sg_mem_alloc(BATCH, sizeof(*walk->batch_ids));
    enum sg_status st = walk->batch && walk->batch_ids ? SG_OK : sg_err_nomem(err);
    for (uint32_t i = 0; st == SG_OK && i < sg_labels_n_packs(labels); i++)
        st = sg_labels_each(labels, i, visit, walk, err);
    if (st == SG_OK)
        st = flush(walk, err);
    if (walk->n_found > 1)
        qsort(walk->found, walk->n_found, sizeof(*walk->found), by_bytes);
    for (size_t i = 0; i < walk->n_found; i++)
        if (kept == 0 || by_bytes(&walk->found[kept - 1], &walk->found[i]) != 0)
            walk->found[kept++] = walk->found[i];
    walk->n_found = kept;
    return st;
}

/* Labels and their sources while they grow. */
struct grown {
    struct sg_casework *w;
    struct sg_case_label *labels;
    size_t n, capacity;
};

/* The source of a label, found among those that the store gave already. */
static enum sg_status source_of(const struct sg_case_source **source, struct sg_casework *w,
                                const struct sg_exposure_label *label, struct sg_err *err)
{
    const char *text = label->source ? label->source : "no source";
    for (const struct casework_source *s = w->label_sources; s; s = s->next)
        if (strcmp(s->source.title, text) == 0) {
            *source = &s->source;
            return SG_OK;
        }
    struct casework_source *made = sg_arena_alloc(&w->arena, 1, sizeof(*made));
    if (!made)
        return sg_err_nomem(err);
    made->source = (struct sg_case_source){.id = "label-store",
                                           .title = text,
                                           .address = "label store",
                                           .date_unix_s = label->source_date_unix_s,
                                           .accessed_unix_s = SG_TIME_UNKNOWN};
    made->next = w->label_sources;
    w->label_sources = made;
    w->n_label_sources++;
    *source = &made->source;
    return SG_OK;
}

/* An address that the case labels keeps the case's word. */
static enum sg_status add_label(struct grown *g, const struct sg_chain *chain,
                                const struct sg_address *address, struct sg_err *err)
{
    struct sg_casework *w = g->w;
    char text[SG_ADDRESS_TEXT_MAX];
    const struct sg_exposure_label *label = NULL;
    size_t n_own = 0;
    (void)sg_case_labels_of(&n_own, &w->file.c, chain, address);
    if (n_own)
        return SG_OK;
    sg_address_format(text, chain, address);
    enum sg_status st = sg_labelbook_of_text(
        &label, &w->arena, &w->store, w->options.labels_as_of_unix_s, text, strlen(text), err);
    if (st != SG_OK || !label)
        return st;
    struct sg_case_label made = {.chain = chain,
                                 .address = *address,
                                 .entity = label->entity,
                                 .category = label->category,
                                 .confidence = label->confidence,
                                 .seen_unix_s = label->source_date_unix_s};
    st = source_of(&made.source, w, label, err);
    if (st != SG_OK)
        return st;
    if (!SG_VEC_RESERVE(g->labels, g->n, g->capacity, 1))
        return sg_err_nomem(err);
    g->labels[g->n++] = made;
    return SG_OK;
}

static enum sg_status add_chain(struct grown *g, struct walk *walk, struct sg_err *err)
{
    enum sg_status st = go_through(walk, g->w->store.labels, err);
    for (size_t i = 0; st == SG_OK && i < walk->n_found; i++)
        st = add_label(g, walk->chain, &walk->found[i], err);
    sg_mem_free(walk->batch);
    sg_mem_free(walk->batch_ids);
    sg_mem_free(walk->found);
    return st;
}

/* The order of sg_case.labels. No address has labels of both kinds, so that nothing else is to be
 * kept. */
static int by_chain_and_address(const void *a, const void *b)
{
    const struct sg_case_label *x = a, *y = b;
    const int order = strcmp(x->chain->name, y->chain->name);
    return order ? order : by_bytes(&x->address, &y->address);
}

/* Two sorted lists become one. */
static enum sg_status merge_labels(struct sg_casework *w, struct sg_case_label *more, size_t n_more,
                                   struct sg_err *err)
{
    struct sg_case *c = &w->file.c;
    struct sg_case_label *all = sg_arena_alloc(&w->arena, c->n_labels + n_more + 1, sizeof(*all));
    size_t i = 0, j = 0, n = 0;
    if (!all)
        return sg_err_nomem(err);
    if (n_more > 1)
        qsort(more, n_more, sizeof(*more), by_chain_and_address);
    while (i < c->n_labels || j < n_more) {
        const bool own =
            j == n_more || (i < c->n_labels && by_chain_and_address(&c->labels[i], &more[j]) < 0);
        all[n++] = own ? c->labels[i++] : more[j++];
    }
    c->labels = all;
    c->n_labels = n;
    return SG_OK;
}

static int by_title(const void *a, const void *b)
{
    const struct sg_case_source *x = a, *y = b;
    return strcmp(x->title, y->title);
}

static enum sg_status append_sources(struct sg_casework *w, struct sg_err *err)
{
    struct sg_case *c = &w->file.c;
    struct sg_case_source *all =
        sg_arena_alloc(&w->arena, c->n_sources + w->n_label_sources + 1, sizeof(*all));
    size_t n = c->n_sources;
    if (!all)
        return sg_err_nomem(err);
    if (n)
        memcpy(all, c->sources, n * sizeof(*all));
    for (const struct casework_source *s = w->label_sources; s; s = s->next)
        all[n++] = s->source;
    if (w->n_label_sources > 1)
        qsort(all + c->n_sources, w->n_label_sources, sizeof(*all), by_title);
    c->sources = all;
    c->n_sources = n;
    return SG_OK;
}

/* What the store holds: the digests of its packs in their order. */
static enum sg_status digest_store(struct sg_casework *w, struct sg_err *err)
{
    struct sg_sha256 *state = sg_sha256_new();
    enum sg_status st = state ? SG_OK : sg_err_nomem(err);
    for (uint32_t i = 0; st == SG_OK && i < sg_labels_n_packs(w->store.labels); i++) {
        struct sg_labels_pack pack;
        st = sg_labels_pack_at(&pack, w->store.labels, i, err);
        if (st == SG_OK)
            sg_sha256_update(state, pack.digest32, sizeof(pack.digest32));
    }
    if (st == SG_OK)
        sg_sha256_final(w->labels_sha256, state);
    sg_sha256_free(state);
    return st;
}

enum sg_status casework_add_labels(struct sg_casework *w, struct sg_err *err)
{
    struct grown grown = {.w = w};
    enum sg_status st = SG_OK;
    if (!w->options.labels.path)
        return SG_OK;
    st = sg_labelstore_open(&w->store, w->options.labels.path, err);
    if (st != SG_OK)
        return st;
    w->has_store = true;
    st = digest_store(w, err);
    for (size_t i = 0; st == SG_OK && i < w->n_ledgers; i++)
        st = add_chain(&grown,
                       &(struct walk){.chain = w->ledgers[i].chain, .ledger = &w->ledgers[i]}, err);
    if (st == SG_OK && w->has_utxo)
        st = add_chain(
            &grown, &(struct walk){.chain = w->file.c.seeds[0].asset.chain, .utxo = &w->utxo}, err);
    if (st == SG_OK)
        st = merge_labels(w, grown.labels, grown.n, err);
    if (st == SG_OK)
        st = append_sources(w, err);
    sg_mem_free(grown.labels);
    return st;
}
