/* Parties, transactions and the asset of a trace on a chain of outputs. */
#include "analysis/trace/trace_outputs_internal.h"

#include "analysis/coinjoin/coinjoin.h"
#include "base/digest.h"
#include "base/hex.h"
#include "base/mem.h"
#include "formats/address/address.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SCRIPT_PREFIX "script-sha256:"

static bool add_tx(struct sg_outputs *o, uint64_t tx)
{
    return tx == SG_UTXO_NONE || sg_refs_add(&o->txs, tx);
}

static bool add_move(struct sg_outputs *o, const struct sg_utxotaint_move *m)
{
    const uint64_t to =
        m->kind == SG_UTXOTAINT_STOP ? OUT_COINJOIN + m->tx : sg_utxo_out_owner(o->utxo)[m->out];
    return (m->kind == SG_UTXOTAINT_SEED || sg_refs_add(&o->parties, m->from)) &&
           sg_refs_add(&o->parties, to) && add_tx(o, m->tx);
}

static bool add_holding(struct sg_outputs *o, const struct sg_utxotaint_holding *h)
{
    return sg_refs_add(&o->parties, sg_utxo_out_owner(o->utxo)[h->out]) &&
           add_tx(o, sg_utxo_tx_of_out(o->utxo, h->out)) && add_tx(o, h->spent_in);
}

static enum sg_status collect(struct sg_outputs *o, struct sg_err *err)
{
    bool ok = true;
    for (size_t p = 0; p < SG_POLICY_COUNT; p++) {
        const struct sg_utxotaint_result *r = &o->results[p];
        for (size_t i = 0; i < r->n_moves && ok; i++)
            ok = add_move(o, &r->moves[i]);
        for (size_t i = 0; i < r->n_holdings && ok; i++)
            ok = add_holding(o, &r->holdings[i]);
    }
    struct sg_refs *const all[] = {&o->parties, &o->txs};
    for (size_t i = 0; i < SG_COUNT_OF(all) && ok; i++) {
        sg_refs_settle(all[i]);
        all[i]->index = sg_mem_zalloc(all[i]->count + 1, sizeof(uint32_t));
        ok = all[i]->index;
    }
    return ok ? SG_OK : sg_err_nomem(err);
}

/* An owner as the network writes it; a script that has no address by its digest. */
static void write_owner(struct sg_trace_party *party, const struct sg_outputs *o, uint32_t owner)
{
    char text[SG_PAYEE_TEXT_MAX + 1];
    uint8_t digest[SG_SHA256_SIZE];
    size_t size;
    const uint8_t *script = sg_utxo_owner_script(&size, o->utxo, owner);
    if (sg_address_from_script(text, sg_network_of_chain(o->chain->name), script, size) != SG_OK ||
        strlen(text) > SG_ADDRESS_MAX) {
        party->not_address = true;
        sg_sha256_of(digest, script, size);
        memcpy(text, SCRIPT_PREFIX, strlen(SCRIPT_PREFIX));
        sg_hex_encode(text + strlen(SCRIPT_PREFIX), digest,
                      (SG_ADDRESS_MAX - strlen(SCRIPT_PREFIX)) / 2);
    }
    party->address.size = (uint8_t)strlen(text);
    memcpy(party->address.bytes, text, party->address.size);
}

static void write_txid(struct sg_address *address, const struct sg_outputs *o, uint64_t tx)
{
    char text[SG_BTC_HASH_TEXT_MAX];
    sg_btc_hash_text(text, sg_utxo_txs(o->utxo)[tx].txid);
    address->size = (uint8_t)strlen(text);
    memcpy(address->bytes, text, address->size);
}

/* What a CoinJoin is called: no case says it, the transaction does. */
static const struct sg_case_label *label_coinjoin(struct sg_outputs *o, uint64_t tx,
                                                  const struct sg_address *address)
{
    char text[64];
    const uint32_t kind = sg_ids_get(&o->coinjoins, tx);
    const char *name = sg_coinjoin_kind_name((enum sg_coinjoin_kind)kind);
    struct sg_case_label *label = sg_arena_alloc(o->tracer->arena, 1, sizeof(*label));
    const int n = snprintf(text, sizeof(text), "CoinJoin, %s", name ? name : "of no known kind");
    if (!label)
        return NULL;
    *label = (struct sg_case_label){.chain = o->chain,
                                    .address = *address,
                                    .entity = sg_arena_strndup(o->tracer->arena, text, (size_t)n),
                                    .category = SG_CATEGORY_MIXER,
                                    .confidence = SG_CONFIDENCE_MEDIUM,
                                    .seen_unix_s = SG_TIME_UNKNOWN};
    return label->entity ? label : NULL;
}

/* The service's name for an address that spends together with its own: a conclusion, no claim. */
static const struct sg_case_label *label_by_cluster(struct sg_outputs *o,
                                                    const struct sg_case_label *service,
                                                    const struct sg_address *address)
{
    struct sg_case_label *label = sg_arena_alloc(o->tracer->arena, 1, sizeof(*label));
    if (!label)
        return NULL;
    *label = *service;
    label->address = *address;
    label->role = "spends together with it";
    label->confidence = SG_CONFIDENCE_LOW;
    return label;
}

struct out_party {
    struct sg_trace_party party;
    size_t ref;
};

static enum sg_status describe(struct out_party *made, struct sg_outputs *o, struct sg_err *err)
{
    const uint64_t id = o->parties.ids[made->ref];
    const struct sg_case *c = o->input->c;
    struct sg_trace_party *party = &made->party;
    uint32_t service = SG_IDS_NONE;
    *party = (struct sg_trace_party){
        .chain = o->chain, .in_ledger = true, .last_out_unix_s = SG_TIME_UNKNOWN};
    if (id >= OUT_UNSEEN) {
        party->in_ledger = false;
        party->address = o->unseen[id - OUT_UNSEEN];
    } else if (id >= OUT_COINJOIN) {
        write_txid(&party->address, o, id - OUT_COINJOIN);
        party->label = label_coinjoin(o, id - OUT_COINJOIN, &party->address);
        party->is_service = party->not_address = true;
        return party->label ? SG_OK : sg_err_nomem(err);
    } else if (id != SG_UTXO_NOBODY) {
        write_owner(party, o, (uint32_t)id);
        service = sg_out_service_of(o, (uint32_t)id);
        party->is_service = service != SG_IDS_NONE;
    }
    party->label = party->address.size ? sg_case_label_of(c, o->chain, &party->address) : NULL;
    if (!party->is_service || (party->label && sg_case_is_service(c, party->label->category)))
        return SG_OK;
    party->label = label_by_cluster(o, &c->labels[service], &party->address);
    return party->label ? SG_OK : sg_err_nomem(err);
}

static int by_address(const void *a, const void *b)
{
    const struct out_party *x = a, *y = b;
    const int order = sg_trace_address_cmp(&x->party.address, &y->party.address);
    return order ? order : (x->ref > y->ref) - (x->ref < y->ref);
}

/* Followed, under any policy: what the ledger says of them is whole, up to the end of the view. */
static void mark_followed(struct sg_trace_party *parties, const struct sg_outputs *o)
{
    for (size_t p = 0; p < SG_POLICY_COUNT; p++)
        for (size_t i = 0; i < o->results[p].n_moves; i++) {
            const struct sg_utxotaint_move *m = &o->results[p].moves[i];
            const uint32_t owner = sg_utxo_out_owner(o->utxo)[m->out];
            if (m->kind == SG_UTXOTAINT_STOP || m->to_service || m->is_dust)
                continue;
            struct sg_trace_party *party = &parties[sg_refs_index(&o->parties, owner)];
            party->covered = SG_COVER_NATIVE;
            party->covered_to = o->n_blocks ? o->run_end[o->n_blocks - 1] : 0;
        }
}

static enum sg_status make_parties(struct sg_outputs *o, struct sg_err *err)
{
    struct sg_trace *made = &o->tracer->made;
    const size_t n = o->parties.count;
    struct out_party *all = sg_mem_alloc(n + 1, sizeof(*all));
    struct sg_trace_party *parties = sg_arena_alloc(o->tracer->arena, n + 1, sizeof(*parties));
    uint32_t *absent = sg_arena_alloc(o->tracer->arena, o->n_unseen + 1, sizeof(*absent));
    enum sg_status st = all && parties && absent ? SG_OK : sg_err_nomem(err);
    for (size_t i = 0; i < n && st == SG_OK; i++) {
        all[i].ref = i;
        st = describe(&all[i], o, err);
    }
    if (st == SG_OK && n > 1)
        qsort(all, n, sizeof(*all), by_address);
    for (size_t i = 0; i < n && st == SG_OK; i++) {
        parties[i] = all[i].party;
        o->parties.index[all[i].ref] = (uint32_t)i;
        if (!parties[i].in_ledger)
            absent[made->n_absent++] = (uint32_t)i;
    }
    if (st == SG_OK)
        mark_followed(parties, o);
    made->parties = parties;
    made->n_parties = n;
    made->absent = absent;
    sg_mem_free(all);
    return st;
}

static enum sg_status make_txs(struct sg_outputs *o, struct sg_err *err)
{
    struct sg_trace *made = &o->tracer->made;
    struct sg_trace_tx *txs = sg_arena_alloc(o->tracer->arena, o->txs.count + 1, sizeof(*txs));
    if (!txs)
        return sg_err_nomem(err);
    for (size_t i = 0; i < o->txs.count; i++) {
        const struct sg_utxo_tx *tx = &sg_utxo_txs(o->utxo)[o->txs.ids[i]];
        const struct sg_utxo_block *block = &sg_utxo_blocks(o->utxo)[tx->block];
        txs[i] = (struct sg_trace_tx){.chain = o->chain,
                                      .has_hash = true,
                                      .block = block->height,
                                      .time_unix_s = block->time};
        for (size_t k = 0; k < sizeof(txs[i].hash32); k++)
            txs[i].hash32[k] = tx->txid[sizeof(txs[i].hash32) - 1 - k];
        o->txs.index[i] = (uint32_t)i;
    }
    made->txs = txs;
    made->n_txs = o->txs.count;
    return SG_OK;
}

static enum sg_status make_asset(struct sg_outputs *o, struct sg_err *err)
{
    struct sg_trace *made = &o->tracer->made;
    struct sg_trace_asset *asset = sg_arena_alloc(o->tracer->arena, 1, sizeof(*asset));
    const struct sg_chain **chains = sg_arena_alloc(o->tracer->arena, 1, sizeof(*chains));
    if (!asset || !chains)
        return sg_err_nomem(err);
    *asset = (struct sg_trace_asset){
        .chain = o->chain, .symbol = o->chain->symbol, .decimals = o->chain->decimals};
    *chains = o->chain;
    made->assets = asset;
    made->n_assets = 1;
    made->chains = chains;
    made->n_chains = 1;
    return SG_OK;
}

enum sg_status sg_out_make_tables(struct sg_outputs *o, struct sg_err *err)
{
    enum sg_status st = collect(o, err);
    if (st == SG_OK)
        st = make_parties(o, err);
    if (st == SG_OK)
        st = make_txs(o, err);
    return st == SG_OK ? make_asset(o, err) : st;
}
