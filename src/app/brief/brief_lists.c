/* Lists of the main policy: destinations with their transfers and deposit addresses, places,
 * inflows. */
#include "app/brief/brief_internal.h"

#include "app/page/page.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static struct sg_report_usd value_of(const struct brief *b, uint32_t asset, struct sg_amount amount,
                                     int64_t time_unix_s)
{
    struct sg_report_usd usd = {false, {0}};
    const struct sg_trace_asset *a = &b->trace->assets[asset];
    if (!b->input->prices || time_unix_s == SG_TIME_UNKNOWN)
        return usd;
    const struct sg_price *price = sg_prices_find(b->input->prices, a->symbol, time_unix_s);
    /* A value beyond 128 bits is not known; no price table gives one for real money. */
    usd.known = price && sg_price_value(&usd.usd_e8, amount, a->decimals, price, NULL) == SG_OK;
    return usd;
}

/* A sum is known only if each part is. */
static void add_usd(struct sg_report_usd *sum, struct sg_report_usd part, bool first)
{
    sum->known = part.known && (first || sum->known);
    sum->usd_e8 = brief_add(sum->usd_e8, part.usd_e8);
}

static const char *no_address(const struct brief *b, uint32_t party)
{
    return party == SG_TRACE_NONE ? "no address" : b->addresses[party];
}

static void fill_transfer(struct sg_report_transfer *t, const struct brief *b,
                          const struct sg_trace_move *m)
{
    *t = (struct sg_report_transfer){.time_unix_s = m->time_unix_s,
                                     .from = no_address(b, m->from),
                                     .to = no_address(b, m->to),
                                     .amount = m->tainted,
                                     .usd = value_of(b, m->asset, m->tainted, m->time_unix_s)};
    if (m->tx != SG_TRACE_NONE)
        memcpy(t->hash32, b->trace->txs[m->tx].hash32, sizeof(t->hash32));
}

static int by_index(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Moves of all addresses of an entity, in the order in which they happened. */
static enum sg_status gather_moves(uint32_t **moves, size_t *n, const struct brief *b,
                                   const struct sg_trace_entity *e, struct sg_err *err)
{
    size_t count = 0;
    for (size_t i = 0; i < e->n_destinations; i++)
        count += b->main->destinations[e->destinations[i]].n_moves;
    *moves = sg_arena_alloc(b->arena, count + 1, sizeof(**moves));
    if (!*moves)
        return sg_err_nomem(err);
    *n = 0;
    for (size_t i = 0; i < e->n_destinations; i++) {
        const struct sg_trace_destination *d = &b->main->destinations[e->destinations[i]];
        memcpy(*moves + *n, d->moves, d->n_moves * sizeof(**moves));
        *n += d->n_moves;
    }
    qsort(*moves, *n, sizeof(**moves), by_index);
    return SG_OK;
}

static enum sg_status fill_transfers(struct sg_report_destination *out, const struct brief *b,
                                     const struct sg_trace_entity *e, struct sg_err *err)
{
    uint32_t *moves = NULL;
    size_t n = 0;
    const enum sg_status st = gather_moves(&moves, &n, b, e, err);
    if (st != SG_OK)
        return st;
    struct sg_report_transfer *t = sg_arena_alloc(b->arena, n + 1, sizeof(*t));
    if (!t)
        return sg_err_nomem(err);
    for (size_t i = 0; i < n; i++) {
        fill_transfer(&t[i], b, &b->main->moves[moves[i]]);
        add_usd(&out->usd, t[i].usd, i == 0);
    }
    out->transfers = t;
    out->n_transfers = n;
    return SG_OK;
}

static void fill_deposit(struct sg_report_deposit *out, const struct brief *b,
                         const struct sg_trace_destination *d)
{
    *out = (struct sg_report_deposit){.address = b->addresses[d->party],
                                      .amount = d->amount,
                                      .n_transfers = d->n_moves,
                                      .first_unix_s = d->first_unix_s,
                                      .last_unix_s = d->last_unix_s,
                                      .state = SG_REPORT_STATE_UNKNOWN,
                                      .moved_unix_s = SG_TIME_UNKNOWN};
    for (size_t i = 0; i < d->n_moves; i++) {
        const struct sg_trace_move *m = &b->main->moves[d->moves[i]];
        add_usd(&out->usd, value_of(b, m->asset, m->tainted, m->time_unix_s), i == 0);
    }
}

/* What an output brought is there until that output is spent. Of a CoinJoin nobody can say. */
static void state_of_outputs(struct sg_report_deposit *out, const struct brief *b,
                             const struct sg_trace_destination *d)
{
    if (d->n_moves && b->main->moves[d->moves[0]].is_stop)
        return;
    out->state = SG_REPORT_STATE_HELD;
    for (size_t i = 0; i < d->n_moves; i++) {
        const int64_t spent = b->main->moves[d->moves[i]].spent_unix_s;
        if (spent == SG_TIME_UNKNOWN)
            continue;
        if (out->state == SG_REPORT_STATE_HELD || spent < out->moved_unix_s)
            out->moved_unix_s = spent;
        out->state = SG_REPORT_STATE_MOVED;
    }
}

static enum sg_status fill_deposits(struct sg_report_destination *out, const struct brief *b,
                                    const struct sg_trace_entity *e, struct sg_err *err)
{
    const size_t n = e->n_destinations;
    struct sg_report_deposit *deposits = sg_arena_alloc(b->arena, n + 1, sizeof(*deposits));
    uint32_t *parties = sg_arena_alloc(b->arena, n + 1, sizeof(*parties));
    uint64_t *last_rows = sg_arena_alloc(b->arena, n + 1, sizeof(*last_rows));
    if (!deposits || !parties || !last_rows)
        return sg_err_nomem(err);
    for (size_t i = 0; i < n; i++) {
        const struct sg_trace_destination *d = &b->main->destinations[e->destinations[i]];
        fill_deposit(&deposits[i], b, d);
        parties[i] = d->party;
        last_rows[i] = d->n_moves ? b->main->moves[d->moves[d->n_moves - 1]].row : UINT64_MAX;
    }
    out->deposits = deposits;
    out->n_deposits = n;
    if (b->trace->is_outputs) {
        for (size_t i = 0; i < n; i++)
            state_of_outputs(&deposits[i], b, &b->main->destinations[e->destinations[i]]);
        return SG_OK;
    }
    return brief_states(deposits, n, b, parties, last_rows, e->asset, err);
}

static enum sg_status fill_destinations(struct sg_report_result *r, const struct brief *b,
                                        uint32_t asset, struct sg_err *err)
{
    const struct sg_trace_figures *f = b->main;
    struct sg_report_destination *d = sg_arena_alloc(b->arena, f->n_entities + 1, sizeof(*d));
    if (!d)
        return sg_err_nomem(err);
    r->destinations = d;
    for (size_t i = 0; i < f->n_entities; i++) {
        const struct sg_trace_entity *e = &f->entities[i];
        if (e->asset != asset)
            continue;
        struct sg_report_destination *out = &d[r->n_destinations++];
        *out = (struct sg_report_destination){.entity = e->entity,
                                              .category = sg_category_info(e->category)->name,
                                              .kind = sg_brief_kind(e->category),
                                              .amount = e->amount,
                                              .n_senders = e->senders};
        enum sg_status st = fill_transfers(out, b, e, err);
        if (st == SG_OK)
            st = fill_deposits(out, b, e, err);
        if (st != SG_OK)
            return st;
    }
    return SG_OK;
}

static const char *label_text(const struct brief *b, const struct sg_trace_party *party)
{
    if (!party->label)
        return "";
    return party->label->role
               ? brief_printf(b->arena, "%s (%s)", party->label->entity, party->label->role)
               : party->label->entity;
}

static bool fill_outputs(struct sg_report_place *place, const struct brief *b,
                         const struct sg_trace_holding *h)
{
    struct sg_report_output *outputs =
        h->n_coins ? sg_arena_alloc(b->arena, h->n_coins, sizeof(*outputs)) : NULL;
    if (h->n_coins && !outputs)
        return false;
    for (size_t i = 0; i < h->n_coins; i++) {
        const struct sg_trace_coin *c = &h->coins[i];
        outputs[i] =
            (struct sg_report_output){.index = c->index, .amount = c->amount, .value = c->value};
        memcpy(outputs[i].hash32, b->trace->txs[c->tx].hash32, sizeof(outputs[i].hash32));
    }
    place->outputs = outputs;
    place->n_outputs = h->n_coins;
    return true;
}

static enum sg_status fill_places(const struct sg_report_place **places, size_t *n,
                                  const struct brief *b, uint32_t asset,
                                  enum sg_trace_status status, struct sg_err *err)
{
    const struct sg_trace_figures *f = b->main;
    struct sg_report_place *made = sg_arena_alloc(b->arena, f->n_holdings + 1, sizeof(*made));
    if (!made)
        return sg_err_nomem(err);
    size_t count = 0;
    for (size_t i = 0; i < f->n_holdings; i++) {
        const struct sg_trace_holding *h = &f->holdings[i];
        if (h->asset != asset || h->status != status)
            continue;
        const struct sg_trace_party *party = &b->trace->parties[h->party];
        made[count] = (struct sg_report_place){
            .address = b->addresses[h->party],
            .label = label_text(b, party),
            .amount = h->amount,
            .last_unix_s = h->last_in_unix_s,
            .last_block = b->trace->is_outputs ? h->covered_to : party->covered_to};
        if (!fill_outputs(&made[count], b, h) || !made[count++].label)
            return sg_err_nomem(err);
    }
    *places = made;
    *n = count;
    return SG_OK;
}

/* Inflows that no row shows: what a declared conversion explains, and the rest. */
static enum sg_status fill_inflows(struct sg_report_result *r, const struct brief *b,
                                   uint32_t asset, struct sg_err *err)
{
    const struct sg_trace_figures *f = b->main;
    struct sg_report_inflow *in = sg_arena_alloc(b->arena, f->n_inflows + 1, sizeof(*in));
    if (!in)
        return sg_err_nomem(err);
    r->unexplained = in;
    for (size_t i = 0; i < f->n_inflows; i++) {
        const struct sg_trace_inflow *x = &f->inflows[i];
        struct sg_amount clean = {0};
        if (x->asset != asset || !sg_amount_sub(&clean, x->amount, x->tainted) ||
            sg_amount_is_zero(clean))
            continue;
        in[r->n_unexplained++] = (struct sg_report_inflow){
            b->addresses[x->party], clean,
            x->tx == SG_TRACE_NONE ? SG_TIME_UNKNOWN : b->trace->txs[x->tx].time_unix_s,
            "paid more than the ledger shows it to have received"};
    }
    return SG_OK;
}

/* "for 25,500,000.00 USDC": what was given for what came in. */
static const char *conversion_note(const struct brief *b, const struct sg_trace_conversion *c)
{
    char text[SG_PAGE_TEXT_MAX];
    const struct sg_trace_asset *out = &b->trace->assets[c->asset_out];
    sg_page_amount(text, c->out, out->decimals, 2);
    return c->declared == SG_TRACE_NONE
               ? brief_printf(b->arena, "for %s %s, a swap inside one transaction", text,
                              out->symbol)
               : brief_printf(b->arena, "for %s %s, a conversion that the case declares", text,
                              out->symbol);
}

/* Conversions into the asset: each entry of stolen money, by address. */
static enum sg_status fill_conversions(struct sg_report_result *r, const struct brief *b,
                                       uint32_t asset, struct sg_err *err)
{
    const struct sg_trace_figures *f = b->main;
    struct sg_report_inflow *in = sg_arena_alloc(b->arena, f->n_moves + 1, sizeof(*in));
    if (!in)
        return sg_err_nomem(err);
    r->conversions = in;
    for (size_t i = 0; i < f->n_moves; i++) {
        const struct sg_trace_move *m = &f->moves[i];
        const bool enters = m->kind == SG_MOVE_ENTRY || m->kind == SG_MOVE_SWAP;
        if (m->asset != asset || !enters || m->conversion >= f->n_conversions)
            continue;
        const char *note = conversion_note(b, &f->conversions[m->conversion]);
        if (!note)
            return sg_err_nomem(err);
        in[r->n_conversions++] =
            (struct sg_report_inflow){no_address(b, m->to), m->tainted, m->time_unix_s, note};
    }
    return SG_OK;
}

enum sg_status brief_lists(struct sg_report_result *result, struct brief *b, uint32_t asset,
                           struct sg_err *err)
{
    enum sg_status st = fill_destinations(result, b, asset, err);
    if (st == SG_OK)
        st = fill_places(&result->held_at, &result->n_held_at, b, asset, SG_TRACE_HELD, err);
    if (st == SG_OK)
        st = fill_places(&result->unobserved_at, &result->n_unobserved_at, b, asset,
                         SG_TRACE_UNOBSERVED, err);
    if (st == SG_OK)
        st = fill_inflows(result, b, asset, err);
    if (st == SG_OK)
        st = fill_conversions(result, b, asset, err);
    return st;
}
