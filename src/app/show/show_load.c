/* From a ledger to what is shown: every kind of look-up once, for all ids together. */
#include "app/show/show.h"

#include "base/mem.h"
#include "base/vec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int compare_u32(const void *left, const void *right)
{
    const uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

/* Sort ids and drop those that occur twice. Both kinds of id are one uint32_t. */
static size_t unique(uint32_t *ids, size_t n)
{
    size_t kept = 0;
    if (n)
        qsort(ids, n, sizeof(*ids), compare_u32);
    for (size_t i = 0; i < n; i++)
        if (!kept || ids[kept - 1] != ids[i])
            ids[kept++] = ids[i];
    return kept;
}

_Static_assert(sizeof(struct sg_addr_id) == sizeof(uint32_t), "an id is its number");
_Static_assert(sizeof(struct sg_asset_id) == sizeof(uint32_t), "an id is its number");

static enum sg_status alloc_ids(struct sg_show_names *names, struct sg_arena *arena, size_t n_addrs,
                                size_t n_assets, struct sg_err *err)
{
    names->addr_ids = sg_arena_alloc(arena, n_addrs + 1, sizeof(*names->addr_ids));
    names->addrs = sg_arena_alloc(arena, n_addrs + 1, sizeof(*names->addrs));
    names->asset_ids = sg_arena_alloc(arena, n_assets + 1, sizeof(*names->asset_ids));
    names->assets = sg_arena_alloc(arena, n_assets + 1, sizeof(*names->assets));
    if (!names->addr_ids || !names->addrs || !names->asset_ids || !names->assets)
        return sg_err_nomem(err);
    return SG_OK;
}

/* What the chain's table says of its own asset; the ledger has that of tokens only. */
static void name_native(struct sg_asset *asset, const struct sg_chain *chain)
{
    if (asset->contract.size)
        return;
    snprintf(asset->symbol, sizeof(asset->symbol), "%s", chain->symbol);
    asset->decimals = (uint8_t)chain->decimals;
    asset->has_decimals = true;
}

static enum sg_status look_up(struct sg_show_names *names, const struct sg_ledger *ledger,
                              struct sg_err *err)
{
    names->n_addrs = unique(&names->addr_ids[0].v, names->n_addrs);
    names->n_assets = unique(&names->asset_ids[0].v, names->n_assets);
    enum sg_status st =
        ledger->ops->addrs(ledger->self, names->addrs, names->addr_ids, names->n_addrs, err);
    if (st != SG_OK)
        return st;
    st = ledger->ops->assets(ledger->self, names->assets, names->asset_ids, names->n_assets, err);
    for (size_t i = 0; st == SG_OK && i < names->n_assets; i++)
        name_native(&names->assets[i], ledger->chain);
    return st;
}

static size_t count_peers(const struct sg_profile *profile)
{
    size_t n = 0;
    for (size_t i = 0; i < profile->n_assets; i++)
        n += profile->assets[i].n_peers;
    return n;
}

/* Names for all that the profile and the rows mention. */
static enum sg_status load_names(struct sg_show_found *found, struct sg_arena *arena,
                                 const struct sg_ledger *ledger, const struct sg_case *c,
                                 struct sg_err *err)
{
    struct sg_show_names *names = &found->names;
    const struct sg_profile *p = &found->profile;
    const enum sg_status st = alloc_ids(names, arena, count_peers(p) + 2 * found->n_rows + 1,
                                        p->n_assets + found->n_rows + 1, err);
    if (st != SG_OK)
        return st;
    names->chain = ledger->chain;
    names->c = c;
    for (size_t i = 0; i < p->n_assets; i++) {
        names->asset_ids[names->n_assets++] = p->assets[i].asset;
        for (size_t j = 0; j < p->assets[i].n_peers; j++)
            names->addr_ids[names->n_addrs++] = p->assets[i].peers[j].addr;
    }
    for (size_t i = 0; i < found->n_rows; i++) {
        names->addr_ids[names->n_addrs++] = found->rows[i].row.from;
        names->addr_ids[names->n_addrs++] = found->rows[i].row.to;
        names->asset_ids[names->n_assets++] = found->rows[i].row.asset;
    }
    if (!found->address)
        names->addr_ids[names->n_addrs++] = found->tx.sender;
    return look_up(names, ledger, err);
}

struct covers {
    struct sg_coverage *items;
    size_t count, capacity;
    bool no_memory;
};

static bool take_cover(void *ctx, const struct sg_coverage *cover)
{
    struct covers *covers = ctx;
    covers->no_memory = !SG_VEC_RESERVE(covers->items, covers->count, covers->capacity, 1);
    if (!covers->no_memory)
        covers->items[covers->count++] = *cover;
    return !covers->no_memory;
}

static enum sg_status load_coverage(struct sg_show_found *found, struct sg_arena *arena,
                                    const struct sg_ledger *ledger, struct sg_addr_id id,
                                    struct sg_err *err)
{
    struct covers covers = {0};
    enum sg_status st = ledger->ops->coverage(ledger->self, &id, 1, take_cover, &covers, err);
    if (st == SG_OK && covers.no_memory)
        st = sg_err_nomem(err);
    if (st == SG_OK) {
        found->coverage = sg_arena_alloc(arena, covers.count + 1, sizeof(*found->coverage));
        found->n_coverage = covers.count;
        if (!found->coverage)
            st = sg_err_nomem(err);
        else if (covers.count)
            memcpy(found->coverage, covers.items, covers.count * sizeof(*covers.items));
    }
    sg_mem_free(covers.items);
    return st;
}

/* The profile's last rows with their transactions. */
static enum sg_status load_recent(struct sg_show_found *found, struct sg_arena *arena,
                                  const struct sg_ledger *ledger, struct sg_err *err)
{
    const struct sg_profile *p = &found->profile;
    struct sg_tx_id ids[SG_SHOW_RECENT];
    size_t n_txs = 0;
    struct sg_tx *txs = sg_arena_alloc(arena, p->n_recent + 1, sizeof(*txs));
    found->rows = sg_arena_alloc(arena, p->n_recent + 1, sizeof(*found->rows));
    if (!txs || !found->rows)
        return sg_err_nomem(err);
    for (size_t i = 0; i < p->n_recent; i++) {
        if (!n_txs || ids[n_txs - 1].v != p->recent[i].tx.v)
            ids[n_txs++] = p->recent[i].tx;
        found->rows[found->n_rows++] = (struct sg_show_row){p->recent[i], &txs[n_txs - 1]};
    }
    return ledger->ops->txs(ledger->self, txs, ids, n_txs, err);
}

enum sg_status sg_show_address(struct sg_show_found *found, struct sg_arena *arena,
                               const struct sg_ledger *ledger, const struct sg_case *c,
                               const struct sg_address *address, struct sg_err *err)
{
    const struct sg_profile_options options = {.n_peers = SG_SHOW_PEERS,
                                               .n_recent = SG_SHOW_RECENT};
    struct sg_addr_id id;
    memset(found, 0, sizeof(*found));
    found->address = address;
    enum sg_status st = ledger->ops->find_addrs(ledger->self, &id, address, 1, err);
    if (st == SG_OK && id.v == SG_ID_NONE)
        return sg_err_set(err, SG_ENOTFOUND, "no such address on %s", ledger->chain->name);
    if (st == SG_OK)
        st = sg_profile_address(&found->profile, arena, ledger, id, &options, err);
    if (st == SG_OK)
        st = load_coverage(found, arena, ledger, id, err);
    if (st == SG_OK)
        st = load_recent(found, arena, ledger, err);
    return st == SG_OK ? load_names(found, arena, ledger, c, err) : st;
}

static enum sg_status load_tx_rows(struct sg_show_found *found, struct sg_arena *arena,
                                   const struct sg_ledger *ledger, struct sg_err *err)
{
    const size_t n =
        found->tx.n_rows < SG_SHOW_TX_ROWS_MAX ? found->tx.n_rows : SG_SHOW_TX_ROWS_MAX;
    uint64_t *ids = sg_arena_alloc(arena, n + 1, sizeof(*ids));
    struct sg_row *rows = sg_arena_alloc(arena, n + 1, sizeof(*rows));
    found->rows = sg_arena_alloc(arena, n + 1, sizeof(*found->rows));
    if (!ids || !rows || !found->rows)
        return sg_err_nomem(err);
    for (size_t i = 0; i < n; i++)
        ids[i] = found->tx.first_row + i;
    const enum sg_status st = ledger->ops->rows(ledger->self, rows, ids, n, err);
    for (size_t i = 0; st == SG_OK && i < n; i++)
        found->rows[found->n_rows++] = (struct sg_show_row){rows[i], &found->tx};
    return st;
}

enum sg_status sg_show_tx(struct sg_show_found *found, struct sg_arena *arena,
                          const struct sg_ledger *ledger, const struct sg_case *c,
                          const uint8_t hash32[32], struct sg_err *err)
{
    struct sg_tx_id id;
    memset(found, 0, sizeof(*found));
    enum sg_status st =
        ledger->ops->find_txs(ledger->self, &id, (const uint8_t(*)[32])hash32, 1, err);
    if (st == SG_OK && id.v == SG_TX_ID_NONE)
        return sg_err_set(err, SG_ENOTFOUND, "no such transaction on %s", ledger->chain->name);
    if (st == SG_OK)
        st = ledger->ops->txs(ledger->self, &found->tx, &id, 1, err);
    if (st == SG_OK)
        st = load_tx_rows(found, arena, ledger, err);
    return st == SG_OK ? load_names(found, arena, ledger, c, err) : st;
}

/* Every id asked for was collected by load_names, so the search always ends at it. */
static size_t find(const uint32_t *ids, size_t n, uint32_t id)
{
    const uint32_t *at = bsearch(&id, ids, n, sizeof(*ids), compare_u32);
    SG_VERIFY(at);
    return (size_t)(at - ids);
}

const struct sg_address *sg_show_addr(const struct sg_show_names *names, struct sg_addr_id id)
{
    return &names->addrs[find(&names->addr_ids[0].v, names->n_addrs, id.v)];
}

const struct sg_asset *sg_show_asset(const struct sg_show_names *names, struct sg_asset_id id)
{
    return &names->assets[find(&names->asset_ids[0].v, names->n_assets, id.v)];
}

unsigned sg_show_decimals(const struct sg_asset *asset)
{
    return asset->has_decimals && asset->decimals <= SG_DECIMALS_MAX ? asset->decimals : 0;
}

const struct sg_case_label *sg_show_label(const struct sg_show_names *names,
                                          const struct sg_address *address)
{
    return names->c && address->size ? sg_case_label_of(names->c, names->chain, address) : NULL;
}

const char *sg_show_kind(uint8_t kind)
{
    switch ((enum sg_row_kind)kind) {
    case SG_ROW_NATIVE:
        return "native";
    case SG_ROW_INTERNAL:
        return "internal";
    case SG_ROW_TOKEN:
        return "token";
    case SG_ROW_REWARD:
        return "reward";
    }
    return "unknown";
}

const char *sg_show_status(uint8_t status)
{
    switch ((enum sg_tx_status)status) {
    case SG_TX_UNKNOWN:
        return "unknown";
    case SG_TX_OK:
        return "ok";
    case SG_TX_FAILED:
        return "failed";
    }
    return "unknown";
}
