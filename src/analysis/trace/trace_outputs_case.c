/* What a case names, as rows of a chain of outputs: seeds become outputs, labels owners. */
#include "analysis/trace/trace_outputs_internal.h"

#include "base/mem.h"
#include "base/vec.h"
#include "formats/address/address.h"

#include <stdlib.h>
#include <string.h>

uint32_t sg_out_owner_of(const struct sg_outputs *o, const struct sg_address *address)
{
    struct sg_payee payee;
    uint8_t script[SG_PAYEE_SCRIPT_MAX];
    if (sg_payee_read(&payee, sg_network_of_chain(o->chain->name), (const char *)address->bytes,
                      address->size, NULL) != SG_OK)
        return SG_UTXO_NOBODY;
    return sg_utxo_find_owner(o->utxo, script, sg_payee_to_script(script, &payee));
}

/* An address of the case: its owner, or a party that the ledger never saw. */
static enum sg_status name_party(uint32_t *owner, struct sg_outputs *o,
                                 const struct sg_address *address, struct sg_err *err)
{
    uint64_t id = *owner = sg_out_owner_of(o, address);
    for (size_t i = 0; i < o->n_unseen && *owner == SG_UTXO_NOBODY; i++)
        if (sg_trace_address_cmp(&o->unseen[i], address) == 0)
            return SG_OK;
    if (*owner == SG_UTXO_NOBODY) {
        if (!SG_VEC_RESERVE(o->unseen, o->n_unseen, o->cap_unseen, 1))
            return sg_err_nomem(err);
        id = OUT_UNSEEN + o->n_unseen;
        o->unseen[o->n_unseen++] = *address;
    }
    return sg_refs_add(&o->parties, id) ? SG_OK : sg_err_nomem(err);
}

static enum sg_status open_labels(struct sg_outputs *o, struct sg_err *err)
{
    const struct sg_case *c = o->input->c;
    enum sg_status st = SG_OK;
    for (size_t i = 0; i < c->n_labels && st == SG_OK; i++) {
        uint32_t owner;
        if (c->labels[i].chain != o->chain)
            continue;
        st = name_party(&owner, o, &c->labels[i].address, err);
        if (st == SG_OK && owner != SG_UTXO_NOBODY &&
            sg_case_is_service(c, c->labels[i].category) &&
            sg_ids_get(&o->services, owner) == SG_IDS_NONE &&
            !sg_ids_put(&o->services, owner, (uint32_t)i))
            st = sg_err_nomem(err);
    }
    return st;
}

/* Outputs are taken while the seed's amount lasts. */
struct taking {
    const struct sg_case_seed *seed;
    size_t place;
    uint64_t left; /* of a stated amount */
    bool all;      /* none is stated */
};

static enum sg_status open_taking(struct taking *t, const struct sg_case *c, size_t place,
                                  struct sg_err *err)
{
    *t = (struct taking){.seed = &c->seeds[place], .place = place};
    t->all = sg_amount_is_zero(t->seed->amount);
    if (!sg_amount_to_u64(&t->left, t->seed->amount))
        return sg_err_set(err, SG_EUSAGE, "a seed is more than all money");
    return SG_OK;
}

static enum sg_status take(struct sg_outputs *o, struct taking *t, uint64_t out, struct sg_err *err)
{
    const uint64_t value = sg_utxo_out_sat(o->utxo)[out];
    const uint64_t sat = t->all || value < t->left ? value : t->left;
    if (sat == 0)
        return SG_OK;
    if (!SG_VEC_RESERVE(o->seeds, o->n_seeds, o->cap_seeds, 1))
        return sg_err_nomem(err);
    o->seeds[o->n_seeds++] = (struct out_seed){{out, sat, (uint32_t)t->seed->theft}, t->place};
    t->left -= t->all ? 0 : sat;
    return SG_OK;
}

static enum sg_status close_taking(const struct taking *t, struct sg_err *err)
{
    char text[SG_AMOUNT_TEXT_MAX];
    if (t->all || t->left == 0)
        return SG_OK;
    sg_err_set(err, SG_EUSAGE, "the outputs that the seed names hold %s less than it says",
               sg_amount_format(text, sg_amount_from(t->left), t->seed->asset.decimals));
    sg_err_frame(err, "seed on line %u of the case", t->seed->place.line);
    return SG_EUSAGE;
}

/* Whether an owner spends in a transaction. */
static bool spends(const struct sg_outputs *o, uint64_t tx, uint32_t owner)
{
    const struct sg_utxo_tx *at = &sg_utxo_txs(o->utxo)[tx];
    for (uint64_t in = at->first_in; in < at[1].first_in; in++) {
        const uint64_t out = sg_utxo_ins(o->utxo)[in];
        if (out != SG_UTXO_NONE && sg_utxo_out_owner(o->utxo)[out] == owner)
            return true;
    }
    return false;
}

static enum sg_status find_tx(uint64_t *tx, const struct sg_outputs *o,
                              const struct sg_case_seed *seed, struct sg_err *err)
{
    uint8_t txid[SG_BTC_HASH];
    char text[SG_TX_HASH_TEXT_MAX];
    for (size_t i = 0; i < sizeof(txid); i++)
        txid[i] = seed->hash32[sizeof(txid) - 1 - i];
    *tx = sg_utxo_find_tx(o->utxo, txid);
    if (*tx != SG_UTXO_NONE)
        return SG_OK;
    sg_err_set(err, SG_EUSAGE, "the ledger does not hold the transaction %s: import its block",
               sg_tx_hash_text(text, o->chain, seed->hash32));
    sg_err_frame(err, "seed on line %u of the case", seed->place.line);
    return SG_EUSAGE;
}

/* Whether the seed means this output of its transaction. */
static bool means(const struct sg_outputs *o, const struct sg_case_seed *seed, uint32_t owner,
                  uint64_t tx, uint64_t out)
{
    if (seed->has_output && out - sg_utxo_txs(o->utxo)[tx].first_out != seed->output)
        return false;
    const uint32_t paid = sg_utxo_out_owner(o->utxo)[out];
    if (seed->address.size)
        return paid == owner && owner != SG_UTXO_NOBODY;
    return seed->has_output || paid == SG_UTXO_NOBODY || !spends(o, tx, paid);
}

static enum sg_status open_tx_seed(struct sg_outputs *o, size_t place, uint32_t owner,
                                   struct sg_err *err)
{
    const struct sg_case_seed *seed = &o->input->c->seeds[place];
    struct taking t;
    uint64_t tx;
    size_t n = 0;
    enum sg_status st = open_taking(&t, o->input->c, place, err);
    if (st == SG_OK)
        st = find_tx(&tx, o, seed, err);
    if (st != SG_OK)
        return st;
    const struct sg_utxo_tx *at = &sg_utxo_txs(o->utxo)[tx];
    for (uint64_t out = at->first_out; out < at[1].first_out && st == SG_OK; out++)
        if (means(o, seed, owner, tx, out)) {
            st = take(o, &t, out, err);
            n++;
        }
    if (st == SG_OK && n == 0) {
        sg_err_set(err, SG_EUSAGE, "the transaction has no output that the seed can mean");
        sg_err_frame(err, "seed on line %u of the case", seed->place.line);
        return SG_EUSAGE;
    }
    return st == SG_OK ? close_taking(&t, err) : st;
}

/* Seeds by address and time: all of them in one pass over the outputs. */
struct windows {
    struct taking *items;
    uint32_t *next; /* window of the same owner, or SG_IDS_NONE */
    size_t n;
    struct sg_ids first; /* window of an owner */
};

static enum sg_status take_paid(struct sg_outputs *o, struct windows *w, uint64_t tx, int64_t time,
                                struct sg_err *err)
{
    const struct sg_utxo_tx *at = &sg_utxo_txs(o->utxo)[tx];
    enum sg_status st = SG_OK;
    for (uint64_t out = at->first_out; out < at[1].first_out && st == SG_OK; out++) {
        const uint32_t owner = sg_utxo_out_owner(o->utxo)[out];
        uint32_t i = owner == SG_UTXO_NOBODY ? SG_IDS_NONE : sg_ids_get(&w->first, owner);
        if (i == SG_IDS_NONE || spends(o, tx, owner))
            continue;
        for (; i != SG_IDS_NONE && st == SG_OK; i = w->next[i])
            if (time >= w->items[i].seed->time_unix_s && time <= w->items[i].seed->until_unix_s)
                st = take(o, &w->items[i], out, err);
    }
    return st;
}

static enum sg_status take_windows(struct sg_outputs *o, struct windows *w, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    for (size_t b = 0; b < sg_utxo_n(o->utxo, SG_UTXO_BLOCKS) && w->n && st == SG_OK; b++) {
        const struct sg_utxo_block *block = &sg_utxo_blocks(o->utxo)[b];
        for (uint64_t tx = block->first_tx; tx < block->first_tx + block->n_txs && st == SG_OK;
             tx++)
            st = take_paid(o, w, tx, block->time, err);
    }
    for (size_t i = 0; i < w->n && st == SG_OK; i++)
        st = close_taking(&w->items[i], err);
    return st;
}

static enum sg_status add_window(struct sg_outputs *o, struct windows *w, size_t place,
                                 uint32_t owner, struct sg_err *err)
{
    const enum sg_status st = open_taking(&w->items[w->n], o->input->c, place, err);
    if (st != SG_OK || owner == SG_UTXO_NOBODY)
        return st == SG_OK ? close_taking(&w->items[w->n], err) : st;
    w->next[w->n] = sg_ids_get(&w->first, owner);
    if (!sg_ids_put(&w->first, owner, (uint32_t)w->n))
        return sg_err_nomem(err);
    w->n++;
    return SG_OK;
}

static enum sg_status open_seeds(struct sg_outputs *o, struct sg_err *err)
{
    const struct sg_case *c = o->input->c;
    struct windows w = {.items = sg_mem_alloc(c->n_seeds, sizeof(*w.items)),
                        .next = sg_mem_alloc(c->n_seeds, sizeof(*w.next))};
    enum sg_status st = w.items && w.next ? SG_OK : sg_err_nomem(err);
    for (size_t i = 0; i < c->n_seeds && st == SG_OK; i++) {
        uint32_t owner = SG_UTXO_NOBODY;
        if (c->seeds[i].address.size)
            st = name_party(&owner, o, &c->seeds[i].address, err);
        if (st == SG_OK)
            st = c->seeds[i].has_tx ? open_tx_seed(o, i, owner, err)
                                    : add_window(o, &w, i, owner, err);
    }
    if (st == SG_OK)
        st = take_windows(o, &w, err);
    if (st == SG_OK && o->n_seeds == 0)
        st = sg_err_set(err, SG_EUSAGE, "the ledger shows none of the outputs that seeds name");
    sg_ids_clear(&w.first);
    sg_mem_free(w.next);
    sg_mem_free(w.items);
    return st;
}

static int by_out(const void *a, const void *b)
{
    const struct out_seed *x = a, *y = b;
    if (x->seed.out != y->seed.out)
        return x->seed.out < y->seed.out ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

static enum sg_status sort_seeds(struct sg_outputs *o, struct sg_err *err)
{
    o->sorted = sg_mem_alloc(o->n_seeds, sizeof(*o->sorted));
    if (!o->sorted)
        return sg_err_nomem(err);
    qsort(o->seeds, o->n_seeds, sizeof(*o->seeds), by_out);
    for (size_t i = 0; i < o->n_seeds; i++)
        o->sorted[i] = o->seeds[i].seed;
    return SG_OK;
}

/* What came later than asked for ends the view: the first block that says so, and all behind it. */
static void bound_view(struct sg_outputs *o)
{
    const size_t n = sg_utxo_n(o->utxo, SG_UTXO_BLOCKS);
    while (o->n_blocks < n &&
           (int64_t)sg_utxo_blocks(o->utxo)[o->n_blocks].time <= o->input->until_unix_s)
        o->n_blocks++;
}

enum sg_status sg_out_open_case(struct sg_outputs *o, struct sg_err *err)
{
    const struct sg_case *c = o->input->c;
    const char *name = o->utxo->params->name;
    o->chain = sg_chain_find(name, strlen(name));
    for (size_t i = 0; i < c->n_seeds; i++)
        if (c->seeds[i].asset.chain != o->chain)
            return sg_err_set(err, SG_EUSAGE,
                              "the case has seeds on %s and on %s: a chain of outputs is traced by "
                              "itself",
                              name, c->seeds[i].asset.chain->name);
    if (c->n_conversions)
        return sg_err_set(err, SG_EUSAGE, "conversions are not followed on a chain of outputs");
    bound_view(o);
    enum sg_status st = open_labels(o, err);
    if (st == SG_OK)
        st = open_seeds(o, err);
    return st == SG_OK ? sort_seeds(o, err) : st;
}
