#include "app/brief/brief_internal.h"

#include "base/mem.h"

#include <stdio.h>
#include <string.h>

#define TEXT_MAX 512

char *brief_printf(struct sg_arena *arena, const char *fmt, ...)
{
    char text[TEXT_MAX];
    va_list args;
    va_start(args, fmt);
    const int n = vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    return sg_arena_strndup(arena, text, n < TEXT_MAX ? (size_t)n : TEXT_MAX - 1);
}

struct sg_amount brief_add(struct sg_amount a, struct sg_amount b)
{
    struct sg_amount sum = sg_amount_from(~(sg_u128)0);
    return sg_amount_add(&sum, a, b) ? sum : sg_amount_from(~(sg_u128)0);
}

enum sg_report_kind sg_brief_kind(enum sg_category category)
{
    switch (category) {
    case SG_CATEGORY_MIXER:
        return SG_REPORT_MIXER;
    case SG_CATEGORY_BRIDGE:
        return SG_REPORT_BRIDGE;
    case SG_CATEGORY_EXCHANGE:
    case SG_CATEGORY_OTC:
        return SG_REPORT_EXCHANGE;
    case SG_CATEGORY_GAMBLING:
    case SG_CATEGORY_LENDING:
    case SG_CATEGORY_PAYMENT:
    case SG_CATEGORY_MARKETPLACE:
    case SG_CATEGORY_WALLET:
        return SG_REPORT_SERVICE;
    case SG_CATEGORY_DEX:
    case SG_CATEGORY_VICTIM:
    case SG_CATEGORY_THEFT:
    case SG_CATEGORY_FUNDER:
    case SG_CATEGORY_SWAPPER:
    case SG_CATEGORY_INTERMEDIARY:
    case SG_CATEGORY_DEPOSITOR:
    case SG_CATEGORY_WITHDRAWER:
    case SG_CATEGORY_DORMANT:
    case SG_CATEGORY_SANCTIONED:
    case SG_CATEGORY_RANSOM:
    case SG_CATEGORY_PAYROLL:
    case SG_CATEGORY_CONTRACT:
    case SG_CATEGORY_OTHER:
    case SG_CATEGORY_MINER:
    case SG_CATEGORY_SCAM:
    case SG_CATEGORY_TERRORISM:
    case SG_CATEGORY_ABUSE:
    case SG_CATEGORY_FROZEN:
    case SG_CATEGORY_PERSON:
    case SG_CATEGORY_ORGANISATION:
        return SG_REPORT_OTHER;
    }
    return SG_REPORT_OTHER;
}

static enum sg_status make_addresses(struct brief *b, struct sg_err *err)
{
    b->addresses = sg_arena_alloc(b->arena, b->trace->n_parties + 1, sizeof(*b->addresses));
    if (!b->addresses)
        return sg_err_nomem(err);
    for (size_t i = 0; i < b->trace->n_parties; i++) {
        const struct sg_trace_party *p = &b->trace->parties[i];
        char text[SG_ADDRESS_TEXT_MAX];
        b->addresses[i] =
            p->address.size == 0
                ? "no address"
                : brief_printf(b->arena, "%s", sg_address_format(text, p->chain, &p->address));
        if (!b->addresses[i])
            return sg_err_nomem(err);
    }
    return SG_OK;
}

static const struct sg_trace_line *line_of(const struct sg_trace_figures *f, uint32_t asset)
{
    for (size_t i = 0; i < f->n_lines; i++)
        if (f->lines[i].asset == asset)
            return &f->lines[i];
    return NULL;
}

static void fill_line(struct sg_report_result *r, const struct sg_trace_figures *f, uint32_t asset)
{
    const struct sg_trace_line *line = line_of(f, asset);
    r->policy = sg_policy_name(f->policy);
    if (!line)
        return;
    r->stolen = line->stolen;
    r->converted_in = line->converted_in;
    r->converted_out = line->converted_out;
    r->reached = line->destinations;
    r->held = line->held;
    r->unobserved = line->unobserved;
    r->fees = line->fees;
    r->excess = line->excess;
    r->dust = line->dust_discarded;
    r->coinjoins = line->coinjoins;
}

/* Of a policy beside the main one, only what the range needs: who got how much. */
static enum sg_status fill_entities(struct sg_report_result *r, const struct brief *b,
                                    const struct sg_trace_figures *f, uint32_t asset,
                                    struct sg_err *err)
{
    struct sg_report_destination *d = sg_arena_alloc(b->arena, f->n_entities + 1, sizeof(*d));
    if (!d)
        return sg_err_nomem(err);
    r->destinations = d;
    for (size_t i = 0; i < f->n_entities; i++) {
        const struct sg_trace_entity *e = &f->entities[i];
        if (e->asset != asset)
            continue;
        d[r->n_destinations++] =
            (struct sg_report_destination){.entity = e->entity,
                                           .category = sg_category_info(e->category)->name,
                                           .kind = sg_brief_kind(e->category),
                                           .amount = e->amount,
                                           .n_senders = e->senders};
    }
    return SG_OK;
}

static enum sg_status fill_asset(struct sg_report_asset *a, struct brief *b, uint32_t asset,
                                 struct sg_err *err)
{
    const struct sg_trace *t = b->trace;
    enum sg_status st = SG_OK;
    struct sg_report_result *results = sg_arena_alloc(b->arena, t->n_figures, sizeof(*results));
    if (!results)
        return sg_err_nomem(err);
    *a = (struct sg_report_asset){t->assets[asset].chain->name,
                                  t->assets[asset].symbol,
                                  t->assets[asset].decimals,
                                  results,
                                  t->n_figures,
                                  0,
                                  t->is_outputs};
    for (size_t p = 0; p < t->n_figures && st == SG_OK; p++) {
        const struct sg_trace_figures *f = &t->figures[p];
        fill_line(&results[p], f, asset);
        if (f != b->main) {
            st = fill_entities(&results[p], b, f, asset, err);
            continue;
        }
        a->main = p;
        st = brief_lists(&results[p], b, asset, err);
        if (st == SG_OK)
            st = brief_groups(&results[p], b, asset, err);
    }
    return st;
}

/* An asset without a line in the main policy never carried stolen money there. */
static enum sg_status fill_assets(struct sg_report *report, struct brief *b, struct sg_err *err)
{
    struct sg_report_asset *assets =
        sg_arena_alloc(b->arena, b->trace->n_assets + 1, sizeof(*assets));
    if (!assets)
        return sg_err_nomem(err);
    report->assets = assets;
    for (uint32_t i = 0; i < b->trace->n_assets; i++) {
        if (!line_of(b->main, i))
            continue;
        const enum sg_status st = fill_asset(&assets[report->n_assets++], b, i, err);
        if (st != SG_OK)
            return st;
    }
    return SG_OK;
}

static enum sg_status fill_sources(struct sg_report *report, const struct brief *b,
                                   struct sg_err *err)
{
    const struct sg_case *c = b->trace->c;
    struct sg_report_source *s = sg_arena_alloc(b->arena, c->n_sources + 1, sizeof(*s));
    if (!s)
        return sg_err_nomem(err);
    for (size_t i = 0; i < c->n_sources; i++)
        s[i] =
            (struct sg_report_source){c->sources[i].id, c->sources[i].title, c->sources[i].address};
    report->sources = s;
    report->n_sources = c->n_sources;
    return SG_OK;
}

static void fill_case(struct sg_report *report, const struct brief *b)
{
    report->title = b->trace->c->title;
    report->summary = b->trace->c->summary;
    report->theft_unix_s = b->trace->c->date_unix_s;
    report->facts = b->input->facts;
    report->n_facts = b->input->n_facts;
    report->seen_to_unix_s = b->trace->seen_to_unix_s;
    if (b->input->prices && b->input->prices->count)
        report->price_source = b->input->prices->items[0].source;
}

enum sg_status sg_brief_build(struct sg_report *report, struct sg_arena *arena,
                              const struct sg_brief_input *input, struct sg_err *err)
{
    struct sg_report made = {0};
    struct brief b = {.input = input, .trace = input->trace, .arena = arena};
    b.main = sg_trace_figures_of(input->trace, input->main);
    if (!b.main)
        return sg_err_set(err, SG_EUSAGE, "the policy %s was not run", sg_policy_name(input->main));
    fill_case(&made, &b);
    enum sg_status st = make_addresses(&b, err);
    if (st == SG_OK)
        st = fill_assets(&made, &b, err);
    if (st == SG_OK)
        st = fill_sources(&made, &b, err);
    if (st == SG_OK)
        st = brief_sentences(&made, &b, err);
    if (st == SG_OK)
        st = brief_decoys(&made, &b, err);
    if (st == SG_OK)
        *report = made;
    return st;
}
