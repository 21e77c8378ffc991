#include "app/ledgerpick.h"

#include "app/labelstore/labelstore.h"
#include "base/mem.h"
#include "base/vec.h"

#include <string.h>

/* Labels whose addresses are looked up in one go. */
#define BATCH ((size_t)4096)

struct chains {
    const struct sg_chain *first;
    size_t count;
};

static void take_chain(void *ctx, const struct sg_chain *chain)
{
    struct chains *chains = ctx;
    if (chains->count++ == 0)
        chains->first = chain;
}

enum sg_status sg_ledgerpick_open(struct sg_ledger *ledger, const char *dir, const char *name,
                                  struct sg_err *err)
{
    struct chains chains = {0};
    if (!dir)
        return sg_err_set(err, SG_EUSAGE, "--ledger DIR is missing");
    if (name) {
        const struct sg_chain *chain = sg_chain_find(name, strlen(name));
        return chain ? sg_ledger_open(ledger, dir, chain, err)
                     : sg_err_set(err, SG_EUSAGE, "--chain %s: no such chain is known", name);
    }
    const enum sg_status st = sg_ledger_chains(dir, take_chain, &chains, err);
    if (st != SG_OK)
        return st;
    if (chains.count != 1)
        return sg_err_set(err, SG_EUSAGE, "--chain NAME is needed: %s has %zu chains, %s first",
                          dir, chains.count, chains.first ? chains.first->name : "none");
    return sg_ledger_open(ledger, dir, chains.first, err);
}

enum sg_status sg_ledgerpick_add(struct sg_ledgerpick_ids *ids, const struct sg_ledger *ledger,
                                 const struct sg_address *addrs, size_t n, struct sg_err *err)
{
    if (!SG_VEC_RESERVE(ids->items, ids->count, ids->capacity, n))
        return sg_err_nomem(err);
    struct sg_addr_id *found = ids->items + ids->count;
    const enum sg_status st = ledger->ops->find_addrs(ledger->self, found, addrs, n, err);
    if (st != SG_OK)
        return st;
    for (size_t i = 0; i < n; i++) {
        if (found[i].v == SG_ID_NONE)
            ids->n_unknown++;
        else
            ids->items[ids->count++] = found[i];
    }
    return SG_OK;
}

struct gather {
    struct sg_ledgerpick_ids *ids;
    const struct sg_ledger *ledger;
    struct sg_address *addrs;
    size_t n;
};

static enum sg_status flush(struct gather *g, struct sg_err *err)
{
    const size_t n = g->n;
    g->n = 0;
    return n ? sg_ledgerpick_add(g->ids, g->ledger, g->addrs, n, err) : SG_OK;
}

static enum sg_status on_label(void *ctx, const struct sg_label *label, struct sg_err *err)
{
    struct gather *g = ctx;
    if (label->kind == SG_LABEL_TX || !sg_category_info(label->category)->is_service ||
        sg_address_parse(&g->addrs[g->n], g->ledger->chain, label->subject, strlen(label->subject),
                         NULL) != SG_OK)
        return SG_OK;
    return ++g->n == BATCH ? flush(g, err) : SG_OK;
}

enum sg_status sg_ledgerpick_services(struct sg_ledgerpick_ids *ids, const struct sg_ledger *ledger,
                                      const char *labels_dir, struct sg_err *err)
{
    char dir[SG_LABELSTORE_PATH_MAX];
    struct sg_labels *labels = NULL;
    struct gather g = {ids, ledger, sg_mem_alloc(BATCH, sizeof(*g.addrs)), 0};
    enum sg_status st = g.addrs ? sg_labelstore_dir(dir, labels_dir, err) : sg_err_nomem(err);
    if (st == SG_OK)
        st = sg_labels_open(&labels, dir, err);
    const uint32_t n_packs = st == SG_OK ? sg_labels_n_packs(labels) : 0;
    for (uint32_t i = 0; st == SG_OK && i < n_packs; i++)
        st = sg_labels_each(labels, i, on_label, &g, err);
    if (st == SG_OK)
        st = flush(&g, err);
    sg_labels_close(labels);
    sg_mem_free(g.addrs);
    return st;
}

void sg_ledgerpick_clear(struct sg_ledgerpick_ids *ids)
{
    sg_mem_free(ids->items);
    *ids = (struct sg_ledgerpick_ids){0};
}
