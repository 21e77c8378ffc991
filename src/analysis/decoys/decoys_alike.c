#include "analysis/decoys/decoys_internal.h"
#include "base/mem.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

/* The largest real payment between subjects and a party, in one asset. */
struct largest {
    uint32_t who, asset;
    struct sg_amount amount;
};

struct search {
    struct sg_decoy_finder *f;
    struct largest *largest; /* by who, asset */
    size_t n_largest;
};

static int compare_u32(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

static enum sg_status add_deal(struct sg_decoy_finder *f, struct sg_addr_id who, size_t row,
                               struct sg_err *err)
{
    if (who.v == SG_ID_NONE)
        return SG_OK;
    if (!SG_VEC_RESERVE(f->deals, f->n_deals, f->deals_cap, 1))
        return sg_err_nomem(err);
    f->deals[f->n_deals++] = (struct sg_decoy_deal){who.v, (uint32_t)row,
                                                    sg_ids_get(&f->asset_at, f->rows[row].asset.v)};
    return SG_OK;
}

/* Put deals together by party, parties in the order in which they appear and their deals by row: a
 * sort by counting. */
static enum sg_status group_deals(struct sg_decoy_finder *f, struct sg_err *err)
{
    struct sg_ids place_of = {0};
    struct sg_decoy_deal *grouped = sg_mem_alloc(f->n_deals + 1, sizeof(*grouped));
    uint32_t *places = sg_mem_alloc(f->n_deals + 1, sizeof(*places));
    uint32_t *starts = sg_mem_zalloc(f->n_deals + 1, sizeof(*starts));
    bool ok = grouped && places && starts;
    for (size_t i = 0; ok && i < f->n_deals; i++) {
        places[i] = sg_ids_get(&place_of, f->deals[i].who);
        if (places[i] == SG_IDS_NONE) {
            places[i] = (uint32_t)place_of.count;
            ok = sg_ids_put(&place_of, f->deals[i].who, places[i]);
        }
        if (ok)
            starts[places[i] + 1]++;
    }
    for (size_t i = 1; ok && i < place_of.count; i++)
        starts[i] += starts[i - 1];
    for (size_t i = 0; ok && i < f->n_deals; i++)
        grouped[starts[places[i]]++] = f->deals[i];
    sg_ids_clear(&place_of);
    sg_mem_free(starts);
    sg_mem_free(places);
    sg_mem_free(ok ? f->deals : grouped);
    if (!ok)
        return sg_err_nomem(err);
    f->deals = grouped;
    f->deals_cap = f->n_deals + 1;
    return SG_OK;
}

static enum sg_status list_deals(struct sg_decoy_finder *f, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    for (size_t i = 0; st == SG_OK && i < f->n_rows; i++) {
        const struct sg_row *row = &f->rows[i];
        if (!sg_decoy_happened(row))
            continue;
        if (sg_decoy_is_subject(f, row->from))
            st = add_deal(f, row->to, i, err);
        if (st == SG_OK && sg_decoy_is_subject(f, row->to))
            st = add_deal(f, row->from, i, err);
    }
    return st == SG_OK ? group_deals(f, err) : st;
}

/* Deals [first, end) are one party's. */
static struct sg_decoy_party make_party(const struct sg_decoy_finder *f, size_t first, size_t end,
                                        const struct sg_address *address)
{
    struct sg_decoy_party party = {
        .addr = {f->deals[first].who}, .first = first, .end = end, .original = SG_NO_PLACE};
    sg_address_format(party.text, f->input->ledger->chain, address);
    party.size = strlen(party.text);
    if (f->input->ledger->chain->hex20 && party.size > 2) {
        party.size -= 2;
        memmove(party.text, party.text + 2, party.size + 1);
    }
    return party;
}

/* Everybody with an address long enough to be told by its ends. addrs: one each, in order. */
static void make_parties(struct sg_decoy_finder *f, const struct sg_address *addrs)
{
    for (size_t i = 0, at = 0, end; i < f->n_deals; i = end, at++) {
        for (end = i + 1; end < f->n_deals && f->deals[end].who == f->deals[i].who; end++)
            ;
        const struct sg_decoy_party party = make_party(f, i, end, &addrs[at]);
        if (party.size > 2 * (size_t)SG_DECOY_CHARS)
            f->parties[f->n_parties++] = party;
    }
}

static enum sg_status list_parties(struct sg_decoy_finder *f, struct sg_err *err)
{
    const struct sg_ledger *ledger = f->input->ledger;
    struct sg_addr_id *ids = sg_mem_alloc(f->n_deals + 1, sizeof(*ids));
    struct sg_address *addrs = NULL;
    size_t n = 0;
    enum sg_status st = ids ? SG_OK : sg_err_nomem(err);
    for (size_t i = 0; st == SG_OK && i < f->n_deals; i++)
        if (n == 0 || ids[n - 1].v != f->deals[i].who)
            ids[n++].v = f->deals[i].who;
    if (st == SG_OK) {
        addrs = sg_mem_alloc(n + 1, sizeof(*addrs));
        f->parties = sg_mem_alloc(n + 1, sizeof(*f->parties));
        st = addrs && f->parties ? SG_OK : sg_err_nomem(err);
    }
    if (st == SG_OK && n)
        st = ledger->ops->addrs(ledger->self, addrs, ids, n, err);
    if (st == SG_OK)
        make_parties(f, addrs);
    sg_mem_free(addrs);
    sg_mem_free(ids);
    return st;
}

/* A party by its ends and its first row. */
struct place {
    uint64_t ends; /* first characters, then the last ones */
    uint32_t first_row, addr, party;
};

static struct place place_of(const struct sg_decoy_finder *f, size_t i)
{
    const struct sg_decoy_party *party = &f->parties[i];
    const char *last = party->text + party->size - SG_DECOY_CHARS;
    uint64_t ends = 0;
    for (size_t k = 0; k < SG_DECOY_CHARS; k++)
        ends = ends << 8 | (uint8_t)party->text[k];
    for (size_t k = 0; k < SG_DECOY_CHARS; k++)
        ends = ends << 8 | (uint8_t)last[k];
    return (struct place){ends, f->deals[party->first].row, party->addr.v, (uint32_t)i};
}
_Static_assert(2 * SG_DECOY_CHARS <= sizeof(uint64_t), "both ends fit into a number");

/* Of one look together, who came first leads: a copy needs something to copy. */
static int by_look(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    if (x->ends != y->ends)
        return x->ends < y->ends ? -1 : 1;
    const int order = compare_u32(x->first_row, y->first_row);
    return order ? order : compare_u32(x->addr, y->addr);
}

static enum sg_status find_copies(struct sg_decoy_finder *f, struct sg_err *err)
{
    struct place *places = sg_mem_alloc(f->n_parties + 1, sizeof(*places));
    struct sg_decoy_party *sorted = sg_mem_alloc(f->n_parties + 1, sizeof(*sorted));
    uint32_t original = 0;
    if (!places || !sorted) {
        sg_mem_free(sorted);
        sg_mem_free(places);
        return sg_err_nomem(err);
    }
    for (size_t i = 0; i < f->n_parties; i++)
        places[i] = place_of(f, i);
    if (f->n_parties > 1)
        qsort(places, f->n_parties, sizeof(*places), by_look);
    for (size_t i = 0; i < f->n_parties; i++) {
        sorted[i] = f->parties[places[i].party];
        if (i == 0 || places[i - 1].ends != places[i].ends)
            original = (uint32_t)i;
        else
            sorted[i].original = original;
        f->n_copies += sorted[i].original != SG_NO_PLACE;
    }
    sg_mem_free(f->parties);
    f->parties = sorted;
    sg_mem_free(places);
    return SG_OK;
}

enum sg_status sg_decoy_parties(struct sg_decoy_finder *f, struct sg_err *err)
{
    enum sg_status st = list_deals(f, err);
    if (st == SG_OK)
        st = list_parties(f, err);
    return st == SG_OK ? find_copies(f, err) : st;
}

/* An amount so small that nothing is bought with it: under a thousandth of a unit. */
static bool is_dust(const struct sg_decoy_asset *asset, struct sg_amount amount)
{
    struct sg_amount unit = sg_amount_from(1);
    if (sg_amount_is_zero(amount))
        return true;
    if (!asset->asset.has_decimals || !sg_amount_mul(&amount, amount, SG_DECOY_SMALL))
        return false;
    for (unsigned i = 0; i < asset->asset.decimals; i++)
        if (!sg_amount_mul(&unit, unit, 10))
            return true;
    return sg_amount_cmp(amount, unit) < 0;
}

/* Whether a row shows that the other side is a real partner. */
static bool is_use(const struct sg_decoy_finder *f, const struct sg_decoy_deal *deal)
{
    const struct sg_row *row = &f->rows[deal->row];
    const struct sg_decoy_asset *asset = &f->assets[deal->asset];
    if (row->flags & SG_ROW_OUT_OF_RANGE || asset->imitates.v != SG_ID_NONE)
        return false;
    return !sg_amount_is_zero(row->amount) &&
           (f->is_signed[deal->row] || !is_dust(asset, row->amount));
}

static int by_who_and_asset(const void *a, const void *b)
{
    const struct largest *x = a, *y = b;
    const int order = compare_u32(x->who, y->who);
    return order ? order : compare_u32(x->asset, y->asset);
}

static enum sg_status find_largest(struct search *s, struct sg_err *err)
{
    const struct sg_decoy_finder *f = s->f;
    size_t n = 0, kept = 0;
    s->largest = sg_mem_alloc(f->n_deals + 1, sizeof(*s->largest));
    if (!s->largest)
        return sg_err_nomem(err);
    for (size_t i = 0; i < f->n_deals; i++)
        if (is_use(f, &f->deals[i]))
            s->largest[n++] = (struct largest){f->deals[i].who, f->deals[i].asset,
                                               f->rows[f->deals[i].row].amount};
    if (n > 1)
        qsort(s->largest, n, sizeof(*s->largest), by_who_and_asset);
    for (size_t i = 0; i < n; i++) {
        if (kept == 0 || by_who_and_asset(&s->largest[kept - 1], &s->largest[i]) != 0)
            s->largest[kept++] = s->largest[i];
        else if (sg_amount_cmp(s->largest[i].amount, s->largest[kept - 1].amount) > 0)
            s->largest[kept - 1].amount = s->largest[i].amount;
    }
    s->n_largest = kept;
    return SG_OK;
}

static struct sg_amount largest_of(const struct search *s, struct sg_addr_id who, uint32_t asset)
{
    const struct largest key = {.who = who.v, .asset = asset};
    const struct largest *found =
        s->n_largest ? bsearch(&key, s->largest, s->n_largest, sizeof(key), by_who_and_asset)
                     : NULL;
    return found ? found->amount : SG_AMOUNT_ZERO;
}

static bool is_small(const struct search *s, const struct sg_decoy_party *real,
                     const struct sg_decoy_deal *deal)
{
    const struct sg_row *row = &s->f->rows[deal->row];
    const struct sg_decoy_asset *asset = &s->f->assets[deal->asset];
    const struct sg_amount largest = largest_of(s, real->addr, deal->asset);
    struct sg_amount times;
    if (asset->imitates.v != SG_ID_NONE || sg_amount_is_zero(row->amount))
        return true;
    if (sg_amount_is_zero(largest))
        return is_dust(asset, row->amount);
    return sg_amount_mul(&times, row->amount, SG_DECOY_SMALL) && sg_amount_cmp(times, largest) <= 0;
}

static uint8_t shared(const struct sg_decoy_party *a, const struct sg_decoy_party *b, bool at_end)
{
    const size_t most = a->size < b->size ? a->size : b->size;
    size_t n = 0;
    while (n < most && (at_end ? a->text[a->size - 1 - n] == b->text[b->size - 1 - n]
                               : a->text[n] == b->text[n]))
        n++;
    return (uint8_t)n;
}

static void mark(struct sg_decoy_mark *decoy, const struct sg_decoy_party *real,
                 const struct sg_decoy_party *alike)
{
    decoy->kinds |= SG_DECOY_LOOKALIKE;
    decoy->lookalike = alike->addr.v;
    decoy->imitated = real->addr.v;
    decoy->first = shared(real, alike, false);
    decoy->last = shared(real, alike, true);
}

static bool was_used(const struct sg_decoy_finder *f, const struct sg_decoy_party *party)
{
    for (size_t i = party->first; i < party->end; i++)
        if (is_use(f, &f->deals[i]))
            return true;
    return false;
}

/* Small rows that no subject sent are decoys. Whoever showed up by one, and was then paid by a
 * subject's own transaction, may have had success. */
static enum sg_status judge(struct search *s, const struct sg_decoy_party *real,
                            const struct sg_decoy_party *alike, struct sg_err *err)
{
    struct sg_decoy_finder *f = s->f;
    const struct sg_decoy_deal *deals = f->deals;
    const bool showed_up =
        !f->is_signed[deals[alike->first].row] && is_small(s, real, &deals[alike->first]);
    for (size_t i = alike->first; i < alike->end; i++) {
        const uint32_t row = deals[i].row;
        const bool small = is_small(s, real, &deals[i]);
        if (small && !f->is_signed[row])
            mark(&f->marks[row], real, alike);
        if (small || !showed_up || !f->is_signed[row] || f->rows[row].to.v != alike->addr.v)
            continue;
        if (!SG_VEC_RESERVE(f->paid, f->n_paid, f->paid_cap, 1))
            return sg_err_nomem(err);
        struct sg_decoy_mark paid = f->marks[row];
        mark(&paid, real, alike);
        f->paid[f->n_paid++] = sg_decoy_make(f, row, &paid);
    }
    return SG_OK;
}

static int by_row(const void *a, const void *b)
{
    const struct sg_decoy *x = a, *y = b;
    return (x->row.id > y->row.id) - (x->row.id < y->row.id);
}

static enum sg_status judge_copies(struct search *s, struct sg_err *err)
{
    struct sg_decoy_finder *f = s->f;
    enum sg_status st = SG_OK;
    bool used = false;
    for (size_t i = 0; st == SG_OK && i < f->n_parties; i++) {
        const uint32_t original = f->parties[i].original;
        if (original == SG_NO_PLACE)
            continue;
        if (original + 1 == i)
            used = was_used(f, &f->parties[original]);
        if (used)
            st = judge(s, &f->parties[original], &f->parties[i], err);
    }
    if (f->n_paid > 1)
        qsort(f->paid, f->n_paid, sizeof(*f->paid), by_row);
    return st;
}

enum sg_status sg_decoy_lookalikes(struct sg_decoy_finder *f, struct sg_err *err)
{
    struct search s = {.f = f};
    if (f->n_copies == 0)
        return SG_OK;
    enum sg_status st = find_largest(&s, err);
    if (st == SG_OK)
        st = judge_copies(&s, err);
    sg_mem_free(s.largest);
    return st;
}
