#include "app/exporting/exporting_internal.h"

#include "base/mem.h"
#include "base/vec.h"
#include "formats/recognise/recognise.h"

#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
    const struct exporting_place *x = a, *y = b;
    const int chain = strcmp(x->chain->name, y->chain->name);
    const size_t size = x->address.size < y->address.size ? x->address.size : y->address.size;
    const int bytes = chain ? chain : memcmp(x->address.bytes, y->address.bytes, size);
    if (bytes)
        return bytes;
    return x->address.size < y->address.size ? -1 : x->address.size > y->address.size;
}

size_t exporting_find(const struct exporting *e, const struct sg_chain *chain,
                      const struct sg_address *address)
{
    const struct exporting_place key = {chain, *address};
    const struct exporting_place *at = bsearch(&key, e->places, e->n_places, sizeof(key), compare);
    return at ? (size_t)(at - e->places) : SIZE_MAX;
}

static bool add(struct exporting *e, const struct sg_chain *chain, const struct sg_address *address)
{
    if (address->size == 0)
        return true;
    if (!SG_VEC_RESERVE(e->places, e->n_places, e->capacity, 1))
        return false;
    e->places[e->n_places++] = (struct exporting_place){chain, *address};
    return true;
}

static bool add_case(struct exporting *e)
{
    const struct sg_case *c = e->c;
    bool ok = true;
    for (size_t i = 0; ok && i < c->n_labels; i++)
        ok = add(e, c->labels[i].chain, &c->labels[i].address);
    for (size_t i = 0; ok && i < c->n_seeds; i++)
        ok = add(e, c->seeds[i].asset.chain, &c->seeds[i].address);
    for (size_t i = 0; ok && i < c->n_conversions; i++)
        for (size_t k = 0; ok && k < c->conversions[i].n_entries; k++)
            ok = add(e, c->conversions[i].to_asset.chain, &c->conversions[i].entries[k].address);
    return ok;
}

/* What only stands for an address is nobody's wallet. */
static bool add_party(struct exporting *e, uint32_t party)
{
    const struct sg_trace_party *p = &e->trace->parties[party];
    return p->not_address || add(e, p->chain, &p->address);
}

/* Those whose stolen money the main policy speaks of: not every address that was replayed. */
static bool add_trace(struct exporting *e)
{
    const struct sg_trace_figures *f = e->figures;
    bool ok = true;
    for (size_t i = 0; ok && i < f->n_destinations; i++)
        ok = add_party(e, f->destinations[i].party);
    for (size_t i = 0; ok && i < f->n_holdings; i++)
        ok = add_party(e, f->holdings[i].party);
    for (size_t i = 0; ok && i < f->n_moves; i++) {
        const struct sg_trace_move *move = &f->moves[i];
        if (move->from != SG_TRACE_NONE)
            ok = add_party(e, move->from);
        ok = ok && add_party(e, move->to);
    }
    return ok;
}

static void sort(struct exporting *e)
{
    size_t n = 0;
    qsort(e->places, e->n_places, sizeof(*e->places), compare);
    for (size_t i = 0; i < e->n_places; i++)
        if (n == 0 || compare(&e->places[n - 1], &e->places[i]) != 0)
            e->places[n++] = e->places[i];
    e->n_places = n;
}

/* As people write it: with the checksum where the chain has one. */
static const char *text_of(struct exporting *e, const struct exporting_place *place)
{
    char text[SG_ADDRESS_TEXT_MAX];
    if (place->chain->hex20 && place->address.size == 20)
        sg_eip55_write(text, place->address.bytes);
    else
        sg_address_format(text, place->chain, &place->address);
    return sg_arena_strndup(e->arena, text, strlen(text));
}

static struct sg_sharing_claim claim_of(const struct exporting *e,
                                        const struct sg_case_label *label)
{
    return (struct sg_sharing_claim){
        .entity = label->entity,
        .category = label->category,
        .confidence = label->confidence,
        .note = label->note,
        .seen_unix_s = label->seen_unix_s,
        .source = label->source ? &e->sources[label->source - e->c->sources] : NULL};
}

/* All claims of a place, the one that it is shown under first. */
static bool claims_of(struct exporting *e, struct sg_sharing_wallet *wallet,
                      const struct exporting_place *place)
{
    size_t n;
    const struct sg_case_label *labels = sg_case_labels_of(&n, e->c, place->chain, &place->address);
    const struct sg_case_label *shown = sg_case_label_of(e->c, place->chain, &place->address);
    if (n == 0)
        return true;
    struct sg_sharing_claim *claims = sg_arena_alloc(e->arena, n, sizeof(*claims));
    if (!claims)
        return false;
    claims[wallet->n_claims++] = claim_of(e, shown);
    for (size_t i = 0; i < n; i++)
        if (&labels[i] != shown)
            claims[wallet->n_claims++] = claim_of(e, &labels[i]);
    wallet->claims = claims;
    return true;
}

static bool make_wallets(struct exporting *e)
{
    e->wallets = sg_arena_alloc(e->arena, e->n_places + 1, sizeof(*e->wallets));
    if (!e->wallets)
        return false;
    for (size_t i = 0; i < e->n_places; i++) {
        e->wallets[i] = (struct sg_sharing_wallet){.address = text_of(e, &e->places[i]),
                                                   .chain = e->places[i].chain->name,
                                                   .symbol = e->places[i].chain->symbol};
        if (!e->wallets[i].address || !claims_of(e, &e->wallets[i], &e->places[i]))
            return false;
    }
    return true;
}

static bool make_sources(struct exporting *e)
{
    e->sources = sg_arena_alloc(e->arena, e->c->n_sources + 1, sizeof(*e->sources));
    for (size_t i = 0; e->sources && i < e->c->n_sources; i++)
        e->sources[i] = (struct sg_sharing_source){.title = e->c->sources[i].title,
                                                   .address = e->c->sources[i].address,
                                                   .publisher = e->c->sources[i].publisher,
                                                   .date_unix_s = e->c->sources[i].date_unix_s};
    return e->sources != NULL;
}

static enum sg_status build(struct sg_sharing *sharing, struct exporting *e, struct sg_err *err)
{
    if (!make_sources(e) || !add_case(e) || (e->figures && !add_trace(e)))
        return sg_err_nomem(err);
    sort(e);
    if (!make_wallets(e))
        return sg_err_nomem(err);
    *sharing = (struct sg_sharing){.name = e->c->name,
                                   .title = e->c->title,
                                   .summary = e->c->summary,
                                   .date_unix_s = e->c->date_unix_s,
                                   .sources = e->sources,
                                   .n_sources = e->c->n_sources,
                                   .wallets = e->wallets,
                                   .n_wallets = e->n_places};
    enum sg_status st = exporting_findings(sharing, e, err);
    if (st == SG_OK && e->figures)
        st = exporting_payments(sharing, e, err);
    return st == SG_OK ? sg_sharing_settle(e->wallets, e->n_places, err) : st;
}

enum sg_status sg_exporting_build(struct sg_sharing *sharing, struct sg_arena *arena,
                                  const struct sg_case *c, const struct sg_trace *trace,
                                  enum sg_policy main, struct sg_err *err)
{
    struct exporting e = {.arena = arena, .c = c, .trace = trace};
    if (trace)
        e.figures = sg_trace_figures_of(trace, main);
    const enum sg_status st = build(sharing, &e, err);
    sg_mem_free(e.places);
    return st;
}
