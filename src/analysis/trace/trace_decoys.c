#include "analysis/trace/trace_internal.h"
#include "base/mem.h"

#include <string.h>

/* Decoys are looked for in the histories of all that the money reached. What is found is told in
 * its own words, not by the tables of the trace: a decoy has no part in the figures. */

static bool add_followed(struct sg_refs *refs, const struct sg_trace_chain *chain)
{
    bool ok = true;
    for (size_t p = 0; p < SG_POLICY_COUNT; p++)
        for (size_t i = 0; ok && i < chain->results[p].n_followed; i++)
            ok = sg_refs_add(refs, chain->results[p].followed[i].v);
    for (size_t i = 0; ok && i < chain->n_seeds; i++)
        ok = sg_refs_add(refs, chain->seeds[i].addr.v);
    return ok;
}

/* The tokens that the case speaks of are real. */
static size_t list_real(struct sg_asset_id *real, const struct sg_trace_chain *chain,
                        size_t n_conversions)
{
    size_t n = 0;
    for (size_t i = 0; i < chain->n_seeds; i++)
        real[n++] = chain->seeds[i].asset;
    for (size_t i = 0; i < n_conversions; i++) {
        real[n++] = chain->asset_in[i];
        real[n++] = chain->asset_out[i];
    }
    return n;
}

enum sg_status sg_chain_find_decoys(struct sg_trace_chain *chain, struct sg_arena *arena,
                                    const struct sg_case *c, struct sg_err *err)
{
    struct sg_refs refs = {0};
    struct sg_addr_id *subjects = NULL;
    struct sg_asset_id *real =
        sg_mem_alloc(chain->n_seeds + 2 * c->n_conversions + 1, sizeof(*real));
    enum sg_status st = real && add_followed(&refs, chain) ? SG_OK : sg_err_nomem(err);
    if (st == SG_OK) {
        sg_refs_settle(&refs);
        subjects = sg_mem_alloc(refs.count + 1, sizeof(*subjects));
        st = subjects ? SG_OK : sg_err_nomem(err);
    }
    if (st == SG_OK) {
        for (size_t i = 0; i < refs.count; i++)
            subjects[i].v = (uint32_t)refs.ids[i];
        const struct sg_decoys_input input = {.ledger = chain->ledger,
                                              .subjects = subjects,
                                              .n_subjects = refs.count,
                                              .real = real,
                                              .n_real = list_real(real, chain, c->n_conversions)};
        st = sg_decoys_find(&chain->decoys, arena, &input, err);
    }
    sg_mem_free(subjects);
    sg_mem_free(real);
    sg_refs_clear(&refs);
    return st;
}

static enum sg_status name_asset(struct sg_asset *asset, const struct sg_ledger *ledger,
                                 struct sg_asset_id id, struct sg_err *err)
{
    memset(asset, 0, sizeof(*asset));
    if (id.v == SG_ID_NONE)
        return SG_OK;
    if (id.v != 0)
        return ledger->ops->assets(ledger->self, asset, &id, 1, err);
    memcpy(asset->symbol, ledger->chain->symbol, strlen(ledger->chain->symbol));
    asset->decimals = (uint8_t)ledger->chain->decimals;
    return SG_OK;
}

static enum sg_status tell(struct sg_trace_decoy *told, const struct sg_ledger *ledger,
                           const struct sg_decoy *d, bool was_paid, struct sg_err *err)
{
    const struct sg_addr_id ids[] = {d->row.from, d->row.to, d->imitated};
    struct sg_address addrs[3];
    struct sg_tx tx;
    enum sg_status st = ledger->ops->txs(ledger->self, &tx, &d->row.tx, 1, err);
    for (size_t i = 0; st == SG_OK && i < SG_COUNT_OF(ids); i++)
        st = ledger->ops->addrs(ledger->self, &addrs[i], &ids[i], 1, err);
    if (st == SG_OK)
        st = name_asset(&told->asset, ledger, d->row.asset, err);
    if (st == SG_OK)
        st = name_asset(&told->imitated_asset, ledger, d->imitated_asset, err);
    if (st != SG_OK)
        return st;
    told->chain = ledger->chain;
    told->kinds = d->kinds;
    told->was_paid = was_paid;
    told->row = d->row.id;
    told->amount = d->row.amount;
    told->has_hash = tx.flags & SG_TX_HAS_HASH;
    memcpy(told->hash32, tx.hash32, sizeof(told->hash32));
    told->time_unix_s = tx.time_unix_s;
    told->from = addrs[0];
    told->to = addrs[1];
    told->imitated = addrs[2];
    told->payer_is_lookalike = d->row.from.v == d->lookalike.v;
    told->first = d->first;
    told->last = d->last;
    return SG_OK;
}

static enum sg_status tell_chain(struct sg_trace_decoy *told, size_t *n,
                                 const struct sg_trace_chain *chain, struct sg_err *err)
{
    const struct sg_decoys *d = &chain->decoys;
    enum sg_status st = SG_OK;
    for (size_t i = 0; st == SG_OK && i < d->n_paid; i++)
        st = tell(&told[(*n)++], chain->ledger, &d->paid[i], true, err);
    for (size_t i = 0; st == SG_OK && i < d->n_items; i++)
        st = tell(&told[(*n)++], chain->ledger, &d->items[i], false, err);
    return st;
}

enum sg_status sg_decoys_tell(struct sg_tracer *tracer, struct sg_err *err)
{
    size_t n = 0, made = 0;
    for (size_t i = 0; i < tracer->input->n_ledgers; i++)
        n += tracer->chains[i].decoys.n_items + tracer->chains[i].decoys.n_paid;
    struct sg_trace_decoy *told = sg_arena_alloc(tracer->arena, n + 1, sizeof(*told));
    enum sg_status st = told ? SG_OK : sg_err_nomem(err);
    for (size_t i = 0; st == SG_OK && i < tracer->input->n_ledgers; i++)
        st = tell_chain(told, &made, &tracer->chains[i], err);
    tracer->made.decoys = told;
    tracer->made.n_decoys = n;
    tracer->made.with_decoys = tracer->input->with_decoys;
    return st;
}

enum sg_status sg_chain_skip_told(struct sg_trace_chain *chain, struct sg_arena *arena,
                                  const struct sg_trace *found, struct sg_err *err)
{
    size_t n = 0;
    if (!found || found->with_decoys)
        return SG_OK;
    uint64_t *rows = sg_arena_alloc(arena, found->n_decoys + 1, sizeof(*rows));
    if (!rows)
        return sg_err_nomem(err);
    for (size_t i = 0; i < found->n_decoys; i++)
        if (found->decoys[i].chain == chain->ledger->chain && !found->decoys[i].was_paid)
            rows[n++] = found->decoys[i].row;
    sg_taint_cache_skip(chain->cache, rows, n);
    return SG_OK;
}
