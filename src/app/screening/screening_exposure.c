/* What a ledger knows of an address that is screened: exposure, red flags, a score if weights were
 * given. */
#include "app/exposureout/exposureout.h"
#include "app/page/page.h"
#include "app/screening/screening_internal.h"

#include "base/jsonw.h"

#include <inttypes.h>
#include <string.h>

/* Assets of one address on one chain that are looked at, the most used first. */
#define ASSETS_MAX 4u

/* Categories of one direction that the text shows; the JSON has all. */
#define CATEGORIES_SHOWN 6u

/* Bits of the categories of the labels in force. */
static uint32_t own_categories(const struct screened *one)
{
    uint32_t bits = 0;
    for (size_t i = 0; i < one->n_hits; i++)
        if (one->hits[i].in_force)
            bits |= 1u << (unsigned)one->hits[i].label->category;
    return bits;
}

static enum sg_status score(struct screened_exposure *e, const struct screened *one,
                            struct sg_arena *arena, const struct sg_screening *s,
                            struct sg_err *err)
{
    e->has_score = s->risk != NULL;
    return s->risk ? sg_score_make(&e->score, arena, s->risk, e->ledger ? &e->exposure : NULL,
                                   own_categories(one), err)
                   : SG_OK;
}

/* Hashes of the evidence. */
static enum sg_status find_evidence(struct screened_exposure *e, struct sg_arena *arena,
                                    struct sg_err *err)
{
    enum sg_status st = SG_OK;
    e->evidence = sg_arena_alloc(arena, 2 * e->n_flags + 1, sizeof(*e->evidence));
    if (!e->evidence)
        return sg_err_nomem(err);
    for (size_t i = 0; st == SG_OK && i < 2 * e->n_flags; i++) {
        const struct sg_moneyflag *flag = &e->flags[i / 2];
        const struct sg_tx_id id = i % 2 ? flag->last : flag->first;
        struct sg_tx tx = {.flags = 0};
        if (id.v != SG_TX_ID_NONE)
            st = e->ledger->ops->txs(e->ledger->self, &tx, &id, 1, err);
        e->evidence[i].has_hash = tx.flags & SG_TX_HAS_HASH;
        memcpy(e->evidence[i].hash32, tx.hash32, sizeof(tx.hash32));
    }
    return st;
}

static enum sg_status look_at_asset(struct screened_exposure *e, struct sg_taint_cache *cache,
                                    struct sg_addr_id addr, struct sg_asset_id asset,
                                    const struct screened *one, struct sg_arena *arena,
                                    const struct sg_screening *s,
                                    const struct sg_exposure_book *book, struct sg_err *err)
{
    const struct sg_exposure_input input = {.addr = addr,
                                            .asset = asset,
                                            .policy = SG_POLICY_HAIRCUT,
                                            .hops_max = s->hops_max,
                                            .until_unix_s = s->as_of_unix_s,
                                            .in = true,
                                            .out = true,
                                            .book = book};
    const struct sg_moneyflags_input flags = {.ledger = e->ledger,
                                              .addr = addr,
                                              .asset = asset,
                                              .until_unix_s = s->as_of_unix_s,
                                              .book = book,
                                              .exposure = &e->exposure};
    enum sg_status st = sg_exposureout_asset_of(&e->asset, e->ledger, asset, err);
    if (st == SG_OK)
        st = sg_exposure_run(&e->exposure, arena, cache, &input, err);
    if (st == SG_OK)
        st = sg_moneyflags_find(&e->flags, &e->n_flags, arena, &flags, err);
    if (st == SG_OK)
        st = find_evidence(e, arena, err);
    return st == SG_OK ? score(e, one, arena, s, err) : st;
}

static enum sg_status look_in(struct screened *one, struct sg_arena *arena,
                              const struct sg_screening *s, struct sg_labelbook *book,
                              struct sg_addr_id addr, struct sg_err *err)
{
    const struct sg_exposure_asset *assets = NULL;
    struct sg_taint_cache *cache = NULL;
    size_t n = 0;
    enum sg_status st = sg_exposure_assets(&assets, &n, arena, book->ledger, addr, err);
    if (st == SG_OK)
        st = sg_taint_cache_new(&cache, book->ledger, err);
    for (size_t i = 0; st == SG_OK && i < n && i < ASSETS_MAX; i++) {
        struct screened_exposure *e = &one->exposures[one->n_exposures];
        if (assets[i].rows == 0)
            continue;
        *e = (struct screened_exposure){.ledger = book->ledger};
        st = look_at_asset(e, cache, addr, assets[i].asset, one, arena, s, &book->book, err);
        one->n_exposures += st == SG_OK;
    }
    sg_taint_cache_free(cache);
    return st;
}

enum sg_status screening_exposures(struct screened *one, struct sg_arena *arena,
                                   const struct sg_screening *s, struct sg_labelbook *books,
                                   struct sg_err *err)
{
    enum sg_status st = SG_OK;
    one->exposures = sg_arena_alloc(arena, s->n_ledgers * ASSETS_MAX + 1, sizeof(*one->exposures));
    if (!one->exposures)
        return sg_err_nomem(err);
    for (size_t i = 0; st == SG_OK && i < s->n_ledgers; i++) {
        const struct sg_ledger *ledger = &s->ledgers[i];
        struct sg_address address;
        struct sg_addr_id id = {SG_ID_NONE};
        if (sg_address_parse(&address, ledger->chain, one->text.data, one->text.size, NULL) !=
            SG_OK)
            continue;
        st = ledger->ops->find_addrs(ledger->self, &id, &address, 1, err);
        if (st == SG_OK && id.v != SG_ID_NONE)
            st = look_in(one, arena, s, &books[i], id, err);
    }
    /* Labels of the address itself count where no ledger knows it. */
    if (st == SG_OK && one->n_exposures == 0 && s->risk)
        st = score(&one->alone, one, arena, s, err);
    return st;
}

static void side_json(struct sg_jsonw *w, const char *key, const struct screened_exposure *e,
                      const struct sg_exposure_side *side)
{
    sg_jsonw_key(w, key);
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_amount(w, "total", sg_exposureout_whole(side), e->asset.decimals);
    sg_exposureout_categories(w, side, e->asset.decimals);
    sg_jsonw_end_object(w);
}

static void evidence_json(struct sg_jsonw *w, const char *key, const struct screened_evidence *tx)
{
    sg_jsonw_key(w, key);
    if (tx->has_hash)
        sg_jsonw_hex(w, tx->hash32, sizeof(tx->hash32));
    else
        sg_jsonw_null(w);
}

static void flags_json(struct sg_jsonw *w, const struct screened_exposure *e)
{
    sg_jsonw_key(w, "red_flags");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < e->n_flags; i++) {
        const struct sg_moneyflag *flag = &e->flags[i];
        const struct sg_moneyflag_info *info = sg_moneyflag_info(flag->rule);
        sg_jsonw_begin_object(w);
        sg_jsonw_kv_string(w, "rule", info->name);
        sg_jsonw_kv_string(w, "indicator", info->indicator);
        sg_jsonw_kv_string(w, "innocent", info->innocent);
        sg_jsonw_kv_uint(w, "count", flag->count);
        sg_jsonw_kv_amount(w, "amount", flag->amount, e->asset.decimals);
        sg_jsonw_kv_uint(w, "hops", flag->hops);
        sg_jsonw_kv_string(w, "nearest", flag->nearest);
        evidence_json(w, "first_tx", &e->evidence[2 * i]);
        evidence_json(w, "last_tx", &e->evidence[2 * i + 1]);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
}

static void kv_points(struct sg_jsonw *w, const char *key, uint64_t parts)
{
    sg_jsonw_kv_amount(w, key, sg_amount_from(parts), 2);
}

static void score_json(struct sg_jsonw *w, const struct screened_exposure *e)
{
    sg_jsonw_key(w, "score");
    if (!e->has_score) {
        sg_jsonw_null(w);
        return;
    }
    sg_jsonw_begin_object(w);
    kv_points(w, "points", e->score.points_parts);
    sg_jsonw_kv_string(w, "level", e->score.level ? e->score.level->name : NULL);
    sg_jsonw_key(w, "parts");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < e->score.n_parts; i++) {
        const struct sg_score_part *p = &e->score.parts[i];
        sg_jsonw_begin_object(w);
        sg_jsonw_kv_string(w, "direction", sg_score_direction_name(p->direction));
        sg_jsonw_kv_string(w, "category", sg_category_info(p->category)->name);
        sg_jsonw_kv_uint(w, "hops", p->hops);
        kv_points(w, "share_percent", p->share_parts);
        sg_jsonw_kv_uint(w, "weight", p->weight);
        sg_jsonw_kv_uint(w, "distance_percent", p->distance);
        kv_points(w, "points", p->points_parts);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
    sg_jsonw_end_object(w);
}

/* The exposure with the most points: that of the address. */
static const struct screened_exposure *highest(const struct screened *one)
{
    const struct screened_exposure *best = &one->alone;
    for (size_t i = 0; i < one->n_exposures; i++)
        if (i == 0 || one->exposures[i].score.points_parts > best->score.points_parts)
            best = &one->exposures[i];
    return best;
}

void screening_exposure_json(struct sg_jsonw *w, const struct screened *one)
{
    score_json(w, highest(one));
    sg_jsonw_key(w, "exposure");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < one->n_exposures; i++) {
        const struct screened_exposure *e = &one->exposures[i];
        char text[SG_ADDRESS_TEXT_MAX];
        sg_jsonw_begin_object(w);
        sg_jsonw_kv_string(w, "chain", e->ledger->chain->name);
        sg_jsonw_kv_string(w, "asset", e->asset.symbol);
        sg_jsonw_kv_uint(w, "decimals", e->asset.decimals);
        sg_address_format(text, e->ledger->chain, &e->asset.contract);
        sg_jsonw_kv_string(w, "contract", text[0] ? text : NULL);
        side_json(w, "in", e, &e->exposure.in);
        side_json(w, "out", e, &e->exposure.out);
        flags_json(w, e);
        score_json(w, e);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
}

static void side_text(struct sg_buf *out, const char *name, const struct screened_exposure *e,
                      const struct sg_exposure_side *side)
{
    char text[SG_PAGE_TEXT_MAX];
    if (!side->n_categories)
        return;
    sg_buf_printf(out, "  %-3s ", name);
    sg_buf_line(out, e->asset.symbol, strlen(e->asset.symbol));
    for (size_t i = 0; i < side->n_categories && i < CATEGORIES_SHOWN; i++) {
        const struct sg_exposure_category *c = &side->categories[i];
        const bool ends = sg_amount_cmp(c->ended, c->passed) >= 0;
        sg_buf_printf(
            out, "%s %s %s%s, %" PRIu32 " hop%s, ", i ? ";" : ":",
            sg_category_info(c->category)->name, ends ? "" : "passed ",
            sg_page_percent(text, ends ? c->ended : c->passed, sg_exposureout_whole(side)), c->hops,
            c->hops == 1 ? "" : "s");
        sg_buf_line(out, c->nearest, strlen(c->nearest));
    }
    if (side->n_categories > CATEGORIES_SHOWN)
        sg_buf_printf(out, "; and %zu more", side->n_categories - CATEGORIES_SHOWN);
    sg_buf_putc(out, '\n');
}

static void flags_text(struct sg_buf *out, const struct screened_exposure *e)
{
    char text[SG_PAGE_TEXT_MAX];
    for (size_t i = 0; i < e->n_flags; i++) {
        const struct sg_moneyflag *flag = &e->flags[i];
        const struct sg_moneyflag_info *info = sg_moneyflag_info(flag->rule);
        sg_buf_printf(out, "  flag %s: %s (%" PRIu64 "; %s ", info->name, info->indicator,
                      flag->count, sg_page_amount(text, flag->amount, e->asset.decimals, 6));
        sg_buf_line(out, e->asset.symbol, strlen(e->asset.symbol));
        sg_buf_printf(out, "); or: %s\n", info->innocent);
    }
}

static void points(struct sg_buf *out, uint64_t parts)
{
    sg_buf_printf(out, "%" PRIu64 ".%02" PRIu64, parts / 100, parts % 100);
}

static void score_text(struct sg_buf *out, const struct screened_exposure *e)
{
    if (!e->has_score)
        return;
    sg_buf_puts(out, "  score ");
    points(out, e->score.points_parts);
    if (e->score.level) {
        sg_buf_puts(out, ": ");
        sg_buf_line(out, e->score.level->name, strlen(e->score.level->name));
    }
    for (size_t i = 0; i < e->score.n_parts; i++) {
        const struct sg_score_part *p = &e->score.parts[i];
        sg_buf_printf(out, "%s %s %s ", i ? ";" : " =", sg_score_direction_name(p->direction),
                      sg_category_info(p->category)->name);
        points(out, p->points_parts);
    }
    sg_buf_putc(out, '\n');
}

void screening_exposure_text(struct sg_buf *out, const struct screened *one)
{
    for (size_t i = 0; i < one->n_exposures; i++) {
        const struct screened_exposure *e = &one->exposures[i];
        side_text(out, "in", e, &e->exposure.in);
        side_text(out, "out", e, &e->exposure.out);
        flags_text(out, e);
    }
    score_text(out, highest(one));
}
