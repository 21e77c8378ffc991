#include "analysis/trace/trace_internal.h"
#include "base/mem.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

static bool same_address(const struct sg_address *a, const struct sg_address *b)
{
    return a->size == b->size && memcmp(a->bytes, b->bytes, a->size) == 0;
}

/* Place of an address among those that the ledger never saw, made if it is new. */
static enum sg_status unseen_at(size_t *at, struct sg_address **list, size_t *count,
                                size_t *capacity, const struct sg_address *address,
                                struct sg_err *err)
{
    for (size_t i = 0; i < *count; i++)
        if (same_address(&(*list)[i], address)) {
            *at = i;
            return SG_OK;
        }
    if (!SG_VEC_RESERVE(*list, *count, *capacity, 1))
        return sg_err_nomem(err);
    (*list)[*count] = *address;
    *at = (*count)++;
    return SG_OK;
}

/* Ids of n addresses; those that the ledger never saw get one above its count. */
static enum sg_status resolve(struct sg_addr_id *ids, struct sg_trace_chain *chain,
                              const struct sg_address *addrs, size_t n, struct sg_err *err)
{
    const struct sg_ledger *ledger = chain->ledger;
    enum sg_status st = n ? ledger->ops->find_addrs(ledger->self, ids, addrs, n, err) : SG_OK;
    for (size_t i = 0; i < n && st == SG_OK; i++) {
        size_t at = 0;
        if (ids[i].v == SG_ID_NONE) {
            st = unseen_at(&at, &chain->unseen, &chain->n_unseen, &chain->unseen_cap, &addrs[i],
                           err);
            ids[i].v = (uint32_t)(ledger->stats.addresses + at);
        }
        if (st == SG_OK && !sg_refs_add(&chain->named, ids[i].v))
            st = sg_err_nomem(err);
    }
    return st;
}

#define ASSETS_AT_ONCE 256u

/* Id of a token by its contract: the ledger gives assets by id alone, so go over them. */
static enum sg_status find_asset(struct sg_asset_id *id, struct sg_trace_chain *chain,
                                 const struct sg_address *contract, struct sg_err *err)
{
    const struct sg_ledger *ledger = chain->ledger;
    struct sg_asset_id ids[ASSETS_AT_ONCE];
    struct sg_asset assets[ASSETS_AT_ONCE];
    if (contract->size == 0) {
        id->v = 0;
        return SG_OK;
    }
    for (uint64_t first = 1; first < ledger->stats.assets; first += ASSETS_AT_ONCE) {
        const uint64_t left = ledger->stats.assets - first;
        const size_t n = left < ASSETS_AT_ONCE ? (size_t)left : ASSETS_AT_ONCE;
        for (size_t i = 0; i < n; i++)
            ids[i].v = (uint32_t)(first + i);
        const enum sg_status st = ledger->ops->assets(ledger->self, assets, ids, n, err);
        if (st != SG_OK)
            return st;
        for (size_t i = 0; i < n; i++)
            if (same_address(&assets[i].contract, contract)) {
                *id = ids[i];
                return SG_OK;
            }
    }
    size_t at = 0;
    const enum sg_status st = unseen_at(&at, &chain->unseen_assets, &chain->n_unseen_assets,
                                        &chain->unseen_assets_cap, contract, err);
    const uint64_t base = ledger->stats.assets ? ledger->stats.assets : 1;
    id->v = (uint32_t)(base + at);
    return st;
}

static int cmp_addr(const void *a, const void *b)
{
    const struct sg_addr_id *x = a, *y = b;
    return (x->v > y->v) - (x->v < y->v);
}

/* Labels of the chain: those of services become the places where tracing stops. */
static enum sg_status open_labels(struct sg_trace_chain *chain, const struct sg_case *c,
                                  struct sg_err *err)
{
    struct sg_address *addrs = sg_mem_alloc(c->n_labels + 1, sizeof(*addrs));
    bool *stops = sg_mem_alloc(c->n_labels + 1, sizeof(*stops));
    chain->services = sg_mem_alloc(c->n_labels + 1, sizeof(*chain->services));
    size_t n = 0;
    enum sg_status st = SG_OK;
    if (!addrs || !stops || !chain->services)
        st = sg_err_nomem(err);
    for (size_t i = 0; i < c->n_labels && st == SG_OK; i++)
        if (c->labels[i].chain == chain->ledger->chain) {
            addrs[n] = c->labels[i].address;
            stops[n++] = sg_case_is_service(c, c->labels[i].category);
        }
    if (st == SG_OK)
        st = resolve(chain->services, chain, addrs, n, err);
    for (size_t i = 0; i < n && st == SG_OK; i++)
        if (stops[i])
            chain->services[chain->n_services++] = chain->services[i];
    if (st == SG_OK && chain->n_services > 1)
        qsort(chain->services, chain->n_services, sizeof(*chain->services), cmp_addr);
    sg_mem_free(stops);
    sg_mem_free(addrs);
    return st;
}

static enum sg_status push_seed(struct sg_trace_chain *chain, const struct sg_taint_seed *seed,
                                struct sg_err *err)
{
    if (!SG_VEC_RESERVE(chain->seeds, chain->n_seeds, chain->seeds_cap, 1))
        return sg_err_nomem(err);
    chain->seeds[chain->n_seeds++] = *seed;
    return SG_OK;
}

/* What an address got of the asset in the rows of a transaction, less what it gave. */
static struct sg_amount net_got(const struct sg_row *rows, size_t n, struct sg_addr_id addr,
                                struct sg_asset_id asset)
{
    struct sg_amount got = SG_AMOUNT_ZERO, gave = SG_AMOUNT_ZERO, net = SG_AMOUNT_ZERO;
    for (size_t i = 0; i < n; i++) {
        const bool moves = !(rows[i].flags & (SG_ROW_FAILED | SG_ROW_OUT_OF_RANGE));
        if (!moves || rows[i].asset.v != asset.v)
            continue;
        if ((rows[i].to.v == addr.v && !sg_amount_add(&got, got, rows[i].amount)) ||
            (rows[i].from.v == addr.v && !sg_amount_add(&gave, gave, rows[i].amount)))
            return SG_AMOUNT_ZERO;
    }
    return sg_amount_sub(&net, got, gave) ? net : SG_AMOUNT_ZERO;
}

/* A seed without an address went to whoever had more of the asset behind the transaction than
 * before it, in order of the rows, up to the amount. */
static enum sg_status seed_takers(struct sg_trace_chain *chain, struct sg_taint_seed seed,
                                  const struct sg_row *rows, size_t n, struct sg_err *err)
{
    struct sg_amount left = seed.amount;
    enum sg_status st = SG_OK;
    for (size_t i = 0; i < n && st == SG_OK && !sg_amount_is_zero(left); i++) {
        bool before = rows[i].asset.v != seed.asset.v || rows[i].to.v == SG_ID_NONE;
        for (size_t j = 0; j < i && !before; j++)
            before = rows[j].to.v == rows[i].to.v && rows[j].asset.v == seed.asset.v;
        if (before)
            continue;
        seed.addr = rows[i].to;
        seed.amount = sg_amount_min(left, net_got(rows, n, seed.addr, seed.asset));
        if (sg_amount_is_zero(seed.amount) || !sg_amount_sub(&left, left, seed.amount))
            continue;
        st = push_seed(chain, &seed, err);
    }
    if (st == SG_OK && !sg_amount_is_zero(left))
        st = sg_err_set(err, SG_EUSAGE,
                        "a seed names no address, and the rows of its transaction do not show who "
                        "got all of it: name the address");
    return st;
}

static enum sg_status open_takers(struct sg_trace_chain *chain, struct sg_taint_seed seed,
                                  struct sg_err *err)
{
    const struct sg_ledger *ledger = chain->ledger;
    struct sg_tx tx;
    if (seed.tx.v == SG_TX_ID_NONE)
        return sg_err_set(err, SG_EUSAGE,
                          "a seed names no address, and the ledger does not hold its transaction: "
                          "name the address, or import the transaction");
    enum sg_status st = ledger->ops->txs(ledger->self, &tx, &seed.tx, 1, err);
    if (st != SG_OK)
        return st;
    struct sg_row *rows = sg_mem_alloc(tx.n_rows + 1u, sizeof(*rows));
    uint64_t *ids = sg_mem_alloc(tx.n_rows + 1u, sizeof(*ids));
    if (!rows || !ids)
        st = sg_err_nomem(err);
    for (size_t i = 0; i < tx.n_rows && st == SG_OK; i++)
        ids[i] = tx.first_row + i;
    if (st == SG_OK && tx.n_rows > 0)
        st = ledger->ops->rows(ledger->self, rows, ids, tx.n_rows, err);
    if (st == SG_OK)
        st = seed_takers(chain, seed, rows, tx.n_rows, err);
    sg_mem_free(ids);
    sg_mem_free(rows);
    return st;
}

static enum sg_status open_seed(struct sg_trace_chain *chain, const struct sg_case_seed *s,
                                struct sg_err *err)
{
    const struct sg_ledger *ledger = chain->ledger;
    struct sg_taint_seed seed = {.theft = (uint32_t)s->theft,
                                 .amount = s->amount,
                                 .tx = {SG_TX_ID_NONE},
                                 .time_unix_s = s->time_unix_s};
    enum sg_status st = find_asset(&seed.asset, chain, &s->asset.contract, err);
    if (st == SG_OK && s->has_tx)
        st = ledger->ops->find_txs(ledger->self, &seed.tx, &s->hash32, 1, err);
    if (st != SG_OK)
        return st;
    if (seed.tx.v == SG_TX_ID_NONE)
        chain->seeds_by_time++;
    if (s->address.size == 0) {
        st = open_takers(chain, seed, err);
        if (st != SG_OK)
            sg_err_frame(err, "seed on line %u of the case", s->place.line);
        return st;
    }
    st = resolve(&seed.addr, chain, &s->address, 1, err);
    return st == SG_OK ? push_seed(chain, &seed, err) : st;
}

/* Seeds of the asset and theft give to a declared conversion at once, in the order of the case. */
static void give_seeds(struct sg_trace_chain *chain, size_t conversion,
                       const struct sg_case_conversion *c)
{
    struct sg_amount left = c->from_amount;
    for (size_t i = 0; i < chain->n_seeds; i++) {
        struct sg_taint_seed *seed = &chain->seeds[i];
        struct sg_amount rest = SG_AMOUNT_ZERO;
        if (seed->theft != c->theft || seed->asset.v != chain->asset_out[conversion].v ||
            !sg_amount_sub(&rest, seed->amount, seed->gone))
            continue;
        const struct sg_amount part = sg_amount_min(rest, left);
        if (sg_amount_add(&seed->gone, seed->gone, part) && sg_amount_sub(&left, left, part) &&
            sg_amount_add(&chain->gone[conversion], chain->gone[conversion], part))
            continue;
    }
}

static enum sg_status open_entry(struct sg_trace_chain *chain, size_t conversion, uint32_t theft,
                                 const struct sg_case_entry *e, struct sg_err *err)
{
    struct sg_taint_entry entry = {.theft = theft,
                                   .conversion = (uint32_t)conversion,
                                   .asset = chain->asset_in[conversion],
                                   .has_amount = e->has_amount,
                                   .amount = e->has_amount ? e->amount : SG_AMOUNT_ZERO};
    const enum sg_status st = resolve(&entry.addr, chain, &e->address, 1, err);
    if (st != SG_OK)
        return st;
    if (!SG_VEC_RESERVE(chain->entries, chain->n_entries, chain->entries_cap, 1))
        return sg_err_nomem(err);
    chain->entries[chain->n_entries++] = entry;
    return SG_OK;
}

static enum sg_status open_conversion(struct sg_trace_chain *chain, size_t i,
                                      const struct sg_case_conversion *c, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    chain->asset_out[i].v = chain->asset_in[i].v = SG_ID_NONE;
    chain->limits[i] = c->to_amount;
    if (c->from_asset.chain == chain->ledger->chain) {
        st = find_asset(&chain->asset_out[i], chain, &c->from_asset.contract, err);
        if (st == SG_OK)
            give_seeds(chain, i, c);
    }
    if (st != SG_OK || c->to_asset.chain != chain->ledger->chain)
        return st;
    st = find_asset(&chain->asset_in[i], chain, &c->to_asset.contract, err);
    for (size_t e = 0; e < c->n_entries && st == SG_OK; e++) {
        if (c->entries[e].has_amount &&
            !sg_amount_sub(&chain->limits[i], chain->limits[i], c->entries[e].amount))
            chain->limits[i] = SG_AMOUNT_ZERO;
        st = open_entry(chain, i, (uint32_t)c->theft, &c->entries[e], err);
    }
    return st;
}

static enum sg_status open_conversions(struct sg_trace_chain *chain, const struct sg_case *c,
                                       struct sg_err *err)
{
    const size_t n = c->n_conversions;
    chain->limits = sg_mem_zalloc(n + 1, sizeof(*chain->limits));
    chain->gone = sg_mem_zalloc(n + 1, sizeof(*chain->gone));
    chain->asset_out = sg_mem_zalloc(n + 1, sizeof(*chain->asset_out));
    chain->asset_in = sg_mem_zalloc(n + 1, sizeof(*chain->asset_in));
    if (!chain->limits || !chain->gone || !chain->asset_out || !chain->asset_in)
        return sg_err_nomem(err);
    enum sg_status st = SG_OK;
    for (size_t i = 0; i < n && st == SG_OK; i++)
        st = open_conversion(chain, i, &c->conversions[i], err);
    return st;
}

enum sg_status sg_chain_open(struct sg_trace_chain *chain, const struct sg_trace_input *input,
                             struct sg_err *err)
{
    const struct sg_case *c = input->c;
    enum sg_status st = sg_taint_cache_new(&chain->cache, chain->ledger, err);
    if (st == SG_OK)
        st = open_labels(chain, c, err);
    for (size_t i = 0; i < c->n_seeds && st == SG_OK; i++)
        if (c->seeds[i].asset.chain == chain->ledger->chain)
            st = open_seed(chain, &c->seeds[i], err);
    return st == SG_OK ? open_conversions(chain, c, err) : st;
}

void sg_chain_close(struct sg_trace_chain *chain)
{
    sg_taint_cache_free(chain->cache);
    sg_mem_free(chain->unseen);
    sg_mem_free(chain->unseen_assets);
    sg_mem_free(chain->services);
    sg_mem_free(chain->seeds);
    sg_mem_free(chain->entries);
    sg_mem_free(chain->limits);
    sg_mem_free(chain->gone);
    sg_mem_free(chain->asset_out);
    sg_mem_free(chain->asset_in);
    sg_refs_clear(&chain->named);
    sg_refs_clear(&chain->addrs);
    sg_refs_clear(&chain->txs);
    sg_refs_clear(&chain->assets);
}

struct sg_taint_input sg_chain_input(const struct sg_trace_chain *chain,
                                     const struct sg_trace_input *input, enum sg_policy policy)
{
    return (struct sg_taint_input){.policy = policy,
                                   .n_thefts = (uint32_t)input->c->n_thefts,
                                   .seeds = chain->seeds,
                                   .n_seeds = chain->n_seeds,
                                   .entries = chain->entries,
                                   .n_entries = chain->n_entries,
                                   .limits = chain->limits,
                                   .n_limits = input->c->n_conversions,
                                   .services = chain->services,
                                   .n_services = chain->n_services,
                                   .until_unix_s = input->until_unix_s,
                                   .has_dust = input->has_dust,
                                   .dust = input->dust};
}
