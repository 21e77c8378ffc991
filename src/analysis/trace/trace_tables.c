#include "analysis/trace/trace_internal.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static bool add_addr(struct sg_trace_chain *chain, struct sg_addr_id addr)
{
    return sg_refs_add(&chain->addrs, addr.v);
}

static bool add_tx(struct sg_trace_chain *chain, struct sg_tx_id tx)
{
    return tx.v == SG_TX_ID_NONE || sg_refs_add(&chain->txs, tx.v);
}

static bool add_asset(struct sg_trace_chain *chain, struct sg_asset_id asset)
{
    return asset.v == SG_ID_NONE || sg_refs_add(&chain->assets, asset.v);
}

static bool collect_result(struct sg_trace_chain *chain, const struct sg_taint_result *r)
{
    bool ok = true;
    for (size_t i = 0; i < r->n_moves && ok; i++)
        ok = add_addr(chain, r->moves[i].from) && add_addr(chain, r->moves[i].to) &&
             add_tx(chain, r->moves[i].tx) && add_asset(chain, r->moves[i].asset);
    for (size_t i = 0; i < r->n_inflows && ok; i++)
        ok = add_addr(chain, r->inflows[i].addr) && add_tx(chain, r->inflows[i].tx) &&
             add_asset(chain, r->inflows[i].asset);
    for (size_t i = 0; i < r->n_swaps && ok; i++)
        ok = add_addr(chain, r->swaps[i].addr) && add_tx(chain, r->swaps[i].tx) &&
             add_asset(chain, r->swaps[i].asset_out) && add_asset(chain, r->swaps[i].asset_in);
    for (size_t i = 0; i < r->n_followed && ok; i++)
        ok = add_addr(chain, r->followed[i]);
    for (size_t i = 0; i < r->n_totals && ok; i++)
        ok = add_asset(chain, r->totals[i].asset);
    return ok;
}

static bool collect_case(struct sg_trace_chain *chain, const struct sg_case *c)
{
    bool ok = sg_refs_add(&chain->assets, 0);
    for (size_t i = 0; i < chain->named.count && ok; i++)
        ok = sg_refs_add(&chain->addrs, chain->named.ids[i]);
    for (size_t i = 0; i < chain->n_seeds && ok; i++)
        ok = add_addr(chain, chain->seeds[i].addr) && add_asset(chain, chain->seeds[i].asset);
    for (size_t i = 0; i < c->n_conversions && ok; i++)
        ok = add_asset(chain, chain->asset_out[i]) && add_asset(chain, chain->asset_in[i]);
    return ok;
}

enum sg_status sg_chain_collect(struct sg_trace_chain *chain, const struct sg_case *c,
                                uint32_t policies, struct sg_err *err)
{
    bool ok = collect_case(chain, c);
    for (size_t p = 0; p < SG_POLICY_COUNT && ok; p++)
        if (policies >> p & 1)
            ok = collect_result(chain, &chain->results[p]);
    if (!ok)
        return sg_err_nomem(err);
    struct sg_refs *all[] = {&chain->named, &chain->addrs, &chain->txs, &chain->assets};
    for (size_t i = 0; i < SG_COUNT_OF(all); i++) {
        sg_refs_settle(all[i]);
        all[i]->index = sg_mem_zalloc(all[i]->count + 1, sizeof(uint32_t));
        if (!all[i]->index)
            return sg_err_nomem(err);
    }
    return SG_OK;
}

/* Number of ids that the ledger knows: they come first, "no address" and unseen ones behind. */
static size_t known(const struct sg_refs *refs, uint64_t limit)
{
    size_t n = 0;
    while (n < refs->count && refs->ids[n] < limit)
        n++;
    return n;
}

/* A table entry before sorting, and the id that it came from. */
struct party_ref {
    struct sg_trace_party party;
    size_t ref;
};

int sg_trace_address_cmp(const struct sg_address *a, const struct sg_address *b)
{
    if (a->size != b->size)
        return a->size < b->size ? -1 : 1;
    return memcmp(a->bytes, b->bytes, a->size);
}

/* A party by its address, of which the first bytes decide most comparisons. */
struct party_key {
    uint64_t start; /* size, then 7 bytes, the first one highest */
    const struct party_ref *ref;
};

static struct party_key key_of(const struct party_ref *ref)
{
    uint64_t start = ref->party.address.size;
    for (size_t i = 0; i < 7; i++)
        start = start << 8 | (i < ref->party.address.size ? ref->party.address.bytes[i] : 0);
    return (struct party_key){start, ref};
}

static int cmp_key(const void *a, const void *b)
{
    const struct party_key *x = a, *y = b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return sg_trace_address_cmp(&x->ref->party.address, &y->ref->party.address);
}

static enum sg_status load_addresses(struct party_ref *parties, const struct sg_trace_chain *chain,
                                     struct sg_err *err)
{
    const struct sg_ledger *ledger = chain->ledger;
    const struct sg_refs *refs = &chain->addrs;
    const size_t n = known(refs, ledger->stats.addresses);
    struct sg_addr_id *ids = sg_mem_alloc(n + 1, sizeof(*ids));
    struct sg_address *addrs = sg_mem_alloc(n + 1, sizeof(*addrs));
    enum sg_status st = ids && addrs ? SG_OK : sg_err_nomem(err);
    for (size_t i = 0; i < n && st == SG_OK; i++)
        ids[i].v = (uint32_t)refs->ids[i];
    if (st == SG_OK && n > 0)
        st = ledger->ops->addrs(ledger->self, addrs, ids, n, err);
    for (size_t i = 0; i < refs->count && st == SG_OK; i++) {
        parties[i] = (struct party_ref){.ref = i};
        parties[i].party.chain = ledger->chain;
        parties[i].party.in_ledger = i < n;
        parties[i].party.last_out_unix_s = SG_TIME_UNKNOWN;
        if (i < n)
            parties[i].party.address = addrs[i];
        else if (refs->ids[i] != SG_ID_NONE)
            parties[i].party.address = chain->unseen[refs->ids[i] - ledger->stats.addresses];
    }
    sg_mem_free(addrs);
    sg_mem_free(ids);
    return st;
}

/* Coverage of one address, and of the chain as a whole, as far as parties show it. */
struct covering {
    struct party_ref *parties;
    const struct sg_refs *refs;
    size_t n;
};

static void add_cover(struct sg_trace_party *party, const struct sg_coverage *cover)
{
    party->covered |= cover->kinds;
    if (cover->last_block > party->covered_to)
        party->covered_to = cover->last_block;
}

static bool take_cover(void *ctx, const struct sg_coverage *cover)
{
    struct covering *c = ctx;
    for (size_t i = 0; i < c->n && cover->addr.v == SG_ID_NONE; i++)
        add_cover(&c->parties[i].party, cover);
    if (cover->addr.v == SG_ID_NONE)
        return true;
    const uint32_t at = sg_refs_index(c->refs, cover->addr.v);
    if (at != SG_TRACE_NONE)
        add_cover(&c->parties[at].party, cover);
    return true;
}

/* The index of refs is the position in `parties` while this runs. */
static enum sg_status load_coverage(struct party_ref *parties, struct sg_trace_chain *chain,
                                    struct sg_err *err)
{
    const struct sg_ledger *ledger = chain->ledger;
    struct sg_refs *refs = &chain->addrs;
    const size_t n = known(refs, ledger->stats.addresses);
    struct sg_addr_id *ids = sg_mem_alloc(n + 1, sizeof(*ids));
    if (!ids)
        return sg_err_nomem(err);
    for (size_t i = 0; i < refs->count; i++)
        refs->index[i] = (uint32_t)i;
    for (size_t i = 0; i < n; i++)
        ids[i].v = (uint32_t)refs->ids[i];
    struct covering c = {parties, refs, n};
    const enum sg_status st =
        n > 0 ? ledger->ops->coverage(ledger->self, ids, n, take_cover, &c, err) : SG_OK;
    sg_mem_free(ids);
    return st;
}

static void describe(struct sg_trace_party *party, const struct sg_trace_chain *chain,
                     const struct sg_case *c, uint64_t id)
{
    size_t n = 0;
    const struct sg_case_label *labels = sg_case_labels_of(&n, c, party->chain, &party->address);
    party->label = sg_case_label_of(c, party->chain, &party->address);
    for (size_t i = 0; i < n; i++)
        party->is_service |= sg_case_is_service(c, labels[i].category);
    if (id != SG_ID_NONE && !party->is_service)
        party->last_out_unix_s = sg_taint_last_out(chain->cache, (struct sg_addr_id){(uint32_t)id});
}

static void sort_keys(struct party_key *keys, const struct party_ref *made, size_t n)
{
    for (size_t i = 0; i < n; i++)
        keys[i] = key_of(&made[i]);
    if (n > 1)
        qsort(keys, n, sizeof(*keys), cmp_key);
}

static enum sg_status make_parties(struct sg_trace_party *parties, struct sg_trace_chain *chain,
                                   uint32_t base, const struct sg_case *c, struct sg_err *err)
{
    struct sg_refs *refs = &chain->addrs;
    struct party_ref *made = sg_mem_zalloc(refs->count + 1, sizeof(*made));
    struct party_key *keys = sg_mem_alloc(refs->count + 1, sizeof(*keys));
    enum sg_status st = made && keys ? SG_OK : sg_err_nomem(err);
    if (st == SG_OK)
        st = load_addresses(made, chain, err);
    if (st == SG_OK)
        st = load_coverage(made, chain, err);
    if (st == SG_OK)
        sort_keys(keys, made, refs->count);
    for (size_t i = 0; i < refs->count && st == SG_OK; i++) {
        const struct party_ref *ref = keys[i].ref;
        parties[i] = ref->party;
        describe(&parties[i], chain, c, refs->ids[ref->ref]);
        refs->index[ref->ref] = base + (uint32_t)i;
    }
    sg_mem_free(keys);
    sg_mem_free(made);
    return st;
}

static enum sg_status make_txs(struct sg_trace_tx *txs, struct sg_trace_chain *chain, uint32_t base,
                               struct sg_err *err)
{
    const struct sg_ledger *ledger = chain->ledger;
    struct sg_refs *refs = &chain->txs;
    struct sg_tx_id *ids = sg_mem_alloc(refs->count + 1, sizeof(*ids));
    struct sg_tx *found = sg_mem_alloc(refs->count + 1, sizeof(*found));
    enum sg_status st = ids && found ? SG_OK : sg_err_nomem(err);
    for (size_t i = 0; i < refs->count && st == SG_OK; i++)
        ids[i].v = refs->ids[i];
    if (st == SG_OK && refs->count > 0)
        st = ledger->ops->txs(ledger->self, found, ids, refs->count, err);
    for (size_t i = 0; i < refs->count && st == SG_OK; i++) {
        txs[i] = (struct sg_trace_tx){.chain = ledger->chain,
                                      .has_hash = found[i].flags & SG_TX_HAS_HASH,
                                      .block = found[i].block,
                                      .time_unix_s = found[i].time_unix_s};
        memcpy(txs[i].hash32, found[i].hash32, sizeof(txs[i].hash32));
        refs->index[i] = base + (uint32_t)i;
    }
    sg_mem_free(found);
    sg_mem_free(ids);
    return st;
}

/* The case's word on a token goes before the ledger's, which anybody could have written. */
static const struct sg_case_asset *of_case(const struct sg_case *c, const struct sg_trace_asset *a)
{
    for (size_t i = 0; i < c->n_assets; i++)
        if (c->assets[i].chain == a->chain &&
            sg_trace_address_cmp(&c->assets[i].contract, &a->contract) == 0)
            return &c->assets[i];
    return NULL;
}

static bool name_asset(struct sg_trace_asset *asset, struct sg_arena *arena,
                       const struct sg_asset *found, const struct sg_case *c)
{
    const struct sg_case_asset *said = of_case(c, asset);
    if (asset->contract.size == 0) {
        asset->symbol = asset->chain->symbol;
        asset->decimals = asset->chain->decimals;
        return true;
    }
    asset->symbol = said ? said->symbol : "";
    asset->decimals = said ? said->decimals : 0;
    if (said || !found)
        return true;
    asset->symbol = sg_arena_strndup(arena, found->symbol, strlen(found->symbol));
    if (found->has_decimals && found->decimals <= SG_DECIMALS_MAX)
        asset->decimals = found->decimals;
    return asset->symbol;
}

struct asset_ref {
    struct sg_trace_asset asset;
    size_t ref;
};

static int cmp_asset(const void *a, const void *b)
{
    const struct asset_ref *x = a, *y = b;
    return sg_trace_address_cmp(&x->asset.contract, &y->asset.contract);
}

static enum sg_status load_asset(struct asset_ref *made, struct sg_arena *arena,
                                 const struct sg_trace_chain *chain, size_t ref,
                                 const struct sg_case *c, struct sg_err *err)
{
    const struct sg_ledger *ledger = chain->ledger;
    const uint64_t id = chain->assets.ids[ref];
    const uint64_t base = ledger->stats.assets ? ledger->stats.assets : 1;
    struct sg_asset found;
    *made = (struct asset_ref){.ref = ref, .asset = {.chain = ledger->chain}};
    if (id >= base)
        made->asset.contract = chain->unseen_assets[id - base];
    if (id > 0 && id < base) {
        const struct sg_asset_id one = {(uint32_t)id};
        const enum sg_status st = ledger->ops->assets(ledger->self, &found, &one, 1, err);
        if (st != SG_OK)
            return st;
        made->asset.contract = found.contract;
    }
    return name_asset(&made->asset, arena, id < base ? &found : NULL, c) ? SG_OK
                                                                         : sg_err_nomem(err);
}

static enum sg_status make_assets(struct sg_trace_asset *assets, struct sg_arena *arena,
                                  struct sg_trace_chain *chain, uint32_t base,
                                  const struct sg_case *c, struct sg_err *err)
{
    struct sg_refs *refs = &chain->assets;
    struct asset_ref *made = sg_mem_zalloc(refs->count + 1, sizeof(*made));
    enum sg_status st = made ? SG_OK : sg_err_nomem(err);
    for (size_t i = 0; i < refs->count && st == SG_OK; i++)
        st = load_asset(&made[i], arena, chain, i, c, err);
    if (st == SG_OK && refs->count > 1)
        qsort(made, refs->count, sizeof(*made), cmp_asset);
    for (size_t i = 0; i < refs->count && st == SG_OK; i++) {
        assets[i] = made[i].asset;
        refs->index[made[i].ref] = base + (uint32_t)i;
    }
    sg_mem_free(made);
    return st;
}

static enum sg_status list_absent(struct sg_trace *made, struct sg_arena *arena,
                                  const struct sg_trace_chain *chains, size_t n_chains,
                                  struct sg_err *err)
{
    size_t n = 0;
    for (size_t i = 0; i < n_chains; i++)
        n += chains[i].n_unseen;
    uint32_t *absent = sg_arena_alloc(arena, n + 1, sizeof(*absent));
    if (!absent)
        return sg_err_nomem(err);
    for (size_t i = 0; i < made->n_parties; i++)
        if (!made->parties[i].in_ledger && made->parties[i].address.size > 0)
            absent[made->n_absent++] = (uint32_t)i;
    SG_VERIFY(made->n_absent <= n);
    made->absent = absent;
    return SG_OK;
}

enum sg_status sg_tables_make(struct sg_trace *made, struct sg_arena *arena,
                              struct sg_trace_chain *chains, size_t n_chains,
                              const struct sg_case *c, struct sg_err *err)
{
    size_t n_parties = 0, n_txs = 0, n_assets = 0;
    for (size_t i = 0; i < n_chains; i++) {
        n_parties += chains[i].addrs.count;
        n_txs += chains[i].txs.count;
        n_assets += chains[i].assets.count;
    }
    struct sg_trace_party *parties = sg_arena_alloc(arena, n_parties + 1, sizeof(*parties));
    struct sg_trace_tx *txs = sg_arena_alloc(arena, n_txs + 1, sizeof(*txs));
    struct sg_trace_asset *assets = sg_arena_alloc(arena, n_assets + 1, sizeof(*assets));
    const struct sg_chain **names = sg_arena_alloc(arena, n_chains + 1, sizeof(*names));
    if (!parties || !txs || !assets || !names)
        return sg_err_nomem(err);
    enum sg_status st = SG_OK;
    for (size_t i = 0; i < n_chains && st == SG_OK; i++) {
        struct sg_trace_chain *chain = &chains[i];
        st = make_parties(parties + made->n_parties, chain, (uint32_t)made->n_parties, c, err);
        if (st == SG_OK)
            st = make_txs(txs + made->n_txs, chain, (uint32_t)made->n_txs, err);
        if (st == SG_OK)
            st = make_assets(assets + made->n_assets, arena, chain, (uint32_t)made->n_assets, c,
                             err);
        made->n_parties += chain->addrs.count;
        made->n_txs += chain->txs.count;
        made->n_assets += chain->assets.count;
        names[i] = chain->ledger->chain;
    }
    made->parties = parties;
    made->txs = txs;
    made->assets = assets;
    made->chains = names;
    made->n_chains = n_chains;
    return st == SG_OK ? list_absent(made, arena, chains, n_chains, err) : st;
}
