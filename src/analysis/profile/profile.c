/* Rows come in batches; each batch adds one entry a row to a list of peers, which is sorted and
 * folded when it has doubled. Sums by asset are folds of the same list, so the two cannot disagree.
 */
#include "analysis/profile/profile.h"

#include "base/mem.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

#define BATCH_ROWS 4096
#define FOLD_MIN   65536

struct peer {
    struct sg_asset_id asset;
    struct sg_profile_peer sums;
};

struct work {
    const struct sg_ledger *ledger;
    struct sg_addr_id addr;
    struct sg_row *rows; /* BATCH_ROWS */
    size_t n_rows;
    struct sg_tx_id *tx_ids;
    struct sg_tx *txs;
    size_t n_txs;
    struct peer *peers;
    size_t n_peers, peers_capacity, fold_at;
    uint64_t last_tx; /* counted before; SG_TX_ID_NONE at first */
    struct sg_amount fees;
    bool fees_too_large, sends;
    uint64_t unknown_fees;
    struct sg_row *out_of_range; /* one a row, for counting by asset */
    size_t n_out_of_range, out_of_range_capacity;
    struct sg_profile *profile;
    size_t recent_max;
    uint64_t n_recent_all;
};

static void add_amount(struct sg_amount *sum, bool *too_large, struct sg_amount amount)
{
    if (!sg_amount_add(sum, *sum, amount))
        *too_large = true;
}

static void add_sum(struct sg_profile_sum *sum, const struct sg_profile_sum *more)
{
    sum->transfers += more->transfers;
    sum->too_large |= more->too_large;
    add_amount(&sum->amount, &sum->too_large, more->amount);
}

static void widen(int64_t *first, int64_t *last, int64_t time_unix_s)
{
    if (time_unix_s == SG_TIME_UNKNOWN)
        return;
    if (*first == SG_TIME_UNKNOWN || time_unix_s < *first)
        *first = time_unix_s;
    if (*last == SG_TIME_UNKNOWN || time_unix_s > *last)
        *last = time_unix_s;
}

static int compare_peers(const void *left, const void *right)
{
    const struct peer *a = left, *b = right;
    if (a->asset.v != b->asset.v)
        return a->asset.v < b->asset.v ? -1 : 1;
    return (a->sums.addr.v > b->sums.addr.v) - (a->sums.addr.v < b->sums.addr.v);
}

/* One entry for each (asset, peer), ascending. */
static void fold_peers(struct work *w)
{
    size_t kept = 0;
    if (w->n_peers)
        qsort(w->peers, w->n_peers, sizeof(*w->peers), compare_peers);
    for (size_t i = 0; i < w->n_peers; i++) {
        struct peer *into = &w->peers[kept - (kept > 0)];
        const struct peer *from = &w->peers[i];
        if (!kept || compare_peers(into, from) != 0) {
            w->peers[kept++] = *from;
            continue;
        }
        add_sum(&into->sums.in, &from->sums.in);
        add_sum(&into->sums.out, &from->sums.out);
        widen(&into->sums.first_unix_s, &into->sums.last_unix_s, from->sums.first_unix_s);
        widen(&into->sums.first_unix_s, &into->sums.last_unix_s, from->sums.last_unix_s);
    }
    w->n_peers = kept;
    w->fold_at = kept > FOLD_MIN / 2 ? 2 * kept : FOLD_MIN;
}

static bool push_peer(struct work *w, const struct sg_row *row, struct sg_addr_id addr, bool out,
                      int64_t time_unix_s)
{
    if (w->n_peers >= w->fold_at)
        fold_peers(w);
    if (!SG_VEC_RESERVE(w->peers, w->n_peers, w->peers_capacity, 1))
        return false;
    struct peer *peer = &w->peers[w->n_peers++];
    const struct sg_profile_sum sum = {row->amount, 1, false};
    *peer = (struct peer){row->asset,
                          {.addr = addr, .first_unix_s = time_unix_s, .last_unix_s = time_unix_s}};
    *(out ? &peer->sums.out : &peer->sums.in) = sum;
    return true;
}

static bool take_row(void *ctx, const struct sg_row *row)
{
    struct work *w = ctx;
    w->rows[w->n_rows++] = *row;
    return w->n_rows < BATCH_ROWS;
}

static void keep_recent(struct work *w, const struct sg_row *row)
{
    if (w->recent_max)
        w->profile->recent[w->n_recent_all++ % w->recent_max] = *row;
}

/* Called once a transaction, in order. */
static void add_tx(struct work *w, const struct sg_tx *tx)
{
    struct sg_profile *p = w->profile;
    if (p->n_txs++ == 0)
        p->first_block = tx->block;
    p->last_block = tx->block;
    widen(&p->first_unix_s, &p->last_unix_s, tx->time_unix_s);
    if (tx->sender.v != w->addr.v)
        return;
    w->sends = true;
    if (tx->flags & SG_TX_FEE_KNOWN)
        add_amount(&w->fees, &w->fees_too_large, tx->fee);
    else
        w->unknown_fees++;
}

static enum sg_status add_row(struct work *w, const struct sg_row *row, const struct sg_tx *tx,
                              struct sg_err *err)
{
    bool fits = true;
    w->profile->n_rows++;
    keep_recent(w, row);
    if (row->flags & SG_ROW_FAILED) {
        w->profile->n_failed++;
        return SG_OK;
    }
    if (row->flags & SG_ROW_OUT_OF_RANGE) {
        fits = SG_VEC_RESERVE(w->out_of_range, w->n_out_of_range, w->out_of_range_capacity, 1);
        if (fits)
            w->out_of_range[w->n_out_of_range++] = *row;
        return fits ? SG_OK : sg_err_nomem(err);
    }
    if (row->from.v == w->addr.v)
        fits = push_peer(w, row, row->to, true, tx->time_unix_s);
    if (fits && row->to.v == w->addr.v)
        fits = push_peer(w, row, row->from, false, tx->time_unix_s);
    return fits ? SG_OK : sg_err_nomem(err);
}

/* The transactions of the batch's rows, each once, ascending as the rows are. */
static enum sg_status fetch_txs(struct work *w, struct sg_err *err)
{
    w->n_txs = 0;
    for (size_t i = 0; i < w->n_rows; i++)
        if (!w->n_txs || w->tx_ids[w->n_txs - 1].v != w->rows[i].tx.v)
            w->tx_ids[w->n_txs++] = w->rows[i].tx;
    return w->ledger->ops->txs(w->ledger->self, w->txs, w->tx_ids, w->n_txs, err);
}

static enum sg_status add_batch(struct work *w, struct sg_err *err)
{
    enum sg_status st = fetch_txs(w, err);
    size_t t = 0;
    for (size_t i = 0; st == SG_OK && i < w->n_rows; i++) {
        const struct sg_row *row = &w->rows[i];
        if (w->txs[t].id.v != row->tx.v)
            t++;
        if (w->last_tx != row->tx.v) {
            w->last_tx = row->tx.v;
            add_tx(w, &w->txs[t]);
        }
        st = add_row(w, row, &w->txs[t], err);
    }
    return st;
}

static enum sg_status add_all(struct work *w, const struct sg_progress *progress,
                              struct sg_err *err)
{
    uint64_t after = 0;
    do {
        w->n_rows = 0;
        enum sg_status st =
            w->ledger->ops->rows_of(w->ledger->self, &w->addr, 1, after, take_row, w, err);
        if (st == SG_OK && w->n_rows)
            st = add_batch(w, err);
        if (st != SG_OK)
            return st;
        if (!sg_progress_step(progress, w->profile->n_rows, 0))
            return sg_err_set(err, SG_ECANCELLED, "stopped on request");
        if (w->n_rows)
            after = w->rows[w->n_rows - 1].id + 1;
    } while (w->n_rows == BATCH_ROWS);
    return SG_OK;
}

/* Most value first; sums that are too large before all others; ties by address. */
static int compare_value(const void *left, const void *right)
{
    const struct sg_profile_peer *a = left, *b = right;
    struct sg_profile_sum x = a->in, y = b->in;
    add_sum(&x, &a->out);
    add_sum(&y, &b->out);
    if (x.too_large != y.too_large)
        return x.too_large ? -1 : 1;
    const int order = x.too_large ? 0 : sg_amount_cmp(y.amount, x.amount);
    return order ? order : (a->addr.v > b->addr.v) - (a->addr.v < b->addr.v);
}

/* An asset from its folded peers [first, first + n). */
static enum sg_status make_asset(struct sg_profile_asset *asset, struct sg_arena *arena,
                                 const struct peer *first, size_t n, size_t peers_max,
                                 struct sg_err *err)
{
    struct sg_profile_peer *all = sg_mem_alloc(n + 1, sizeof(*all));
    asset->n_peers_all = n;
    asset->n_peers = n < peers_max ? n : peers_max;
    asset->peers = sg_arena_alloc(arena, asset->n_peers + 1, sizeof(*asset->peers));
    if (!all || !asset->peers) {
        sg_mem_free(all);
        return sg_err_nomem(err);
    }
    for (size_t i = 0; i < n; i++) {
        all[i] = first[i].sums;
        add_sum(&asset->in, &all[i].in);
        add_sum(&asset->out, &all[i].out);
    }
    if (n) {
        qsort(all, n, sizeof(*all), compare_value);
        memcpy(asset->peers, all, asset->n_peers * sizeof(*all));
    }
    sg_mem_free(all);
    return SG_OK;
}

static int compare_asset_of_rows(const void *left, const void *right)
{
    const struct sg_row *a = left, *b = right;
    return (a->asset.v > b->asset.v) - (a->asset.v < b->asset.v);
}

/* The least asset that is not yet made: of the peers left, the rows out of range left, and the
 * native one where the address only paid fees. */
static uint32_t next_asset(const struct work *w, size_t peer, size_t row, bool native_done)
{
    uint32_t least = SG_ID_NONE;
    if (peer < w->n_peers)
        least = w->peers[peer].asset.v;
    if (row < w->n_out_of_range && w->out_of_range[row].asset.v < least)
        least = w->out_of_range[row].asset.v;
    return w->sends && !native_done ? 0 : least;
}

static enum sg_status make_assets(struct work *w, struct sg_arena *arena, size_t peers_max,
                                  struct sg_err *err)
{
    struct sg_profile *p = w->profile;
    size_t capacity = 1 + w->n_out_of_range, peer = 0, row = 0;
    for (size_t i = 0; i < w->n_peers; i++)
        capacity += !i || w->peers[i].asset.v != w->peers[i - 1].asset.v;
    p->assets = sg_arena_alloc(arena, capacity, sizeof(*p->assets));
    if (!p->assets)
        return sg_err_nomem(err);
    for (uint32_t id; (id = next_asset(w, peer, row, p->n_assets > 0)) != SG_ID_NONE;) {
        struct sg_profile_asset *asset = &p->assets[p->n_assets++];
        const size_t first = peer;
        asset->asset.v = id;
        while (peer < w->n_peers && w->peers[peer].asset.v == id)
            peer++;
        for (; row < w->n_out_of_range && w->out_of_range[row].asset.v == id; row++)
            asset->out_of_range++;
        const enum sg_status st = make_asset(asset, arena, peer > first ? &w->peers[first] : NULL,
                                             peer - first, peers_max, err);
        if (st != SG_OK)
            return st;
    }
    if (p->n_assets && p->assets[0].asset.v == 0) {
        p->assets[0].fees = w->fees;
        p->assets[0].fees_too_large = w->fees_too_large;
        p->assets[0].unknown_fees = w->unknown_fees;
    }
    return SG_OK;
}

/* Turn the ring of recent rows so that it ascends. */
static enum sg_status settle_recent(struct work *w, struct sg_err *err)
{
    const size_t max = w->recent_max;
    w->profile->n_recent = w->n_recent_all < max ? (size_t)w->n_recent_all : max;
    if (w->n_recent_all <= max || w->n_recent_all % max == 0)
        return SG_OK;
    const size_t oldest = (size_t)(w->n_recent_all % max);
    struct sg_row *ring = sg_mem_alloc(max, sizeof(*ring));
    if (!ring)
        return sg_err_nomem(err);
    memcpy(ring, w->profile->recent, max * sizeof(*ring));
    for (size_t i = 0; i < max; i++)
        w->profile->recent[i] = ring[(oldest + i) % max];
    sg_mem_free(ring);
    return SG_OK;
}

static enum sg_status profile_with(struct work *w, struct sg_arena *arena,
                                   const struct sg_profile_options *options, struct sg_err *err)
{
    w->rows = sg_mem_alloc(BATCH_ROWS, sizeof(*w->rows));
    w->tx_ids = sg_mem_alloc(BATCH_ROWS, sizeof(*w->tx_ids));
    w->txs = sg_mem_alloc(BATCH_ROWS, sizeof(*w->txs));
    w->profile->recent = sg_arena_alloc(arena, options->n_recent + 1, sizeof(*w->profile->recent));
    if (!w->rows || !w->tx_ids || !w->txs || !w->profile->recent)
        return sg_err_nomem(err);
    enum sg_status st = add_all(w, options->progress, err);
    if (st != SG_OK)
        return st;
    fold_peers(w);
    if (w->n_out_of_range)
        qsort(w->out_of_range, w->n_out_of_range, sizeof(*w->out_of_range), compare_asset_of_rows);
    st = make_assets(w, arena, options->n_peers, err);
    return st == SG_OK ? settle_recent(w, err) : st;
}

enum sg_status sg_profile_address(struct sg_profile *profile, struct sg_arena *arena,
                                  const struct sg_ledger *ledger, struct sg_addr_id addr,
                                  const struct sg_profile_options *options, struct sg_err *err)
{
    struct sg_profile made = {.first_unix_s = SG_TIME_UNKNOWN, .last_unix_s = SG_TIME_UNKNOWN};
    struct work w = {.ledger = ledger,
                     .addr = addr,
                     .fold_at = FOLD_MIN,
                     .last_tx = SG_TX_ID_NONE,
                     .profile = &made,
                     .recent_max = options->n_recent};
    const enum sg_status st = profile_with(&w, arena, options, err);
    sg_mem_free(w.out_of_range);
    sg_mem_free(w.peers);
    sg_mem_free(w.txs);
    sg_mem_free(w.tx_ids);
    sg_mem_free(w.rows);
    if (st == SG_OK)
        *profile = made;
    return st;
}

bool sg_profile_balance(struct sg_amount *left, struct sg_amount *missing,
                        const struct sg_profile_asset *asset)
{
    struct sg_amount gone = asset->out.amount;
    if (asset->in.too_large || asset->out.too_large || asset->fees_too_large ||
        !sg_amount_add(&gone, gone, asset->fees))
        return false;
    *left = *missing = SG_AMOUNT_ZERO;
    if (!sg_amount_sub(left, asset->in.amount, gone))
        return sg_amount_sub(missing, gone, asset->in.amount);
    return true;
}
