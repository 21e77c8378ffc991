#include "store/engine/writer_internal.h"

#include "base/mem.h"
#include "base/parallel.h"
#include "base/vec.h"

#include <assert.h>
#include <string.h>

/* A batch is taken in parts of at most this many rows and transactions (or one transaction with
 * more rows), which bounds the memory that sorting them takes to about 80 MiB. */
#define PART_MAX ((size_t)1 << 18)

/* Below this, threads cost more than they bring. */
#define THREADS_FROM 4096u

static bool is_addr(const void *ctx, uint64_t id, const uint8_t *bytes, uint8_t size)
{
    return sg_image_is_addr(ctx, id, bytes, size);
}

static void prefetch_addr(const void *ctx, uint64_t id)
{
    const struct sg_image *image = ctx;
    uint8_t size;
    if (id < image->addrs.count)
        __builtin_prefetch(sg_columns_addr(&size, &image->addrs, id));
}

static void prefetch_asset(const void *ctx, uint64_t id)
{
    const struct sg_image *image = ctx;
    if (id < image->n_assets)
        __builtin_prefetch(&image->assets[id]);
}

static bool is_asset(const void *ctx, uint64_t id, const uint8_t *bytes, uint8_t size)
{
    const struct sg_image *image = ctx;
    return id < image->n_assets && image->assets[id].contract.size == size &&
           memcmp(image->assets[id].contract.bytes, bytes, size) == 0;
}

static enum sg_status take_addr(struct sg_columns *addrs, sg_addr_ref ref, struct sg_err *err)
{
    uint8_t *entry = (uint8_t *)addrs->tail[0] + sg_columns_at(addrs) * SG_ELEM_ADDR;
    assert(ref[0] > 0 && ref[0] <= SG_ADDRESS_MAX);
    memset(entry, 0, SG_ELEM_ADDR);
    memcpy(entry, ref, (size_t)ref[0] + 1);
    return sg_columns_advance(addrs, err);
}

static enum sg_status take_asset(struct sg_image *image, sg_addr_ref ref, struct sg_err *err)
{
    if (!SG_VEC_RESERVE(image->assets, image->n_assets, image->cap_assets, 1))
        return sg_err_nomem(err);
    struct sg_asset *asset = &image->assets[image->n_assets++];
    memset(asset, 0, sizeof(*asset));
    asset->contract.size = ref[0];
    memcpy(asset->contract.bytes, ref + 1, ref[0]);
    return SG_OK;
}

/* The run of the new entries; their ids go on from n_ids. */
static enum sg_status add_run(struct sg_segments *list, const struct sg_resolved *resolved,
                              uint64_t n_ids, struct sg_err *err)
{
    struct sg_segment run = {.first = n_ids, .end = n_ids + resolved->n_fresh};
    struct sg_block_sink sink = {&run, NULL, list->table};
    enum sg_status st = sg_dict_build(&sink, resolved->pairs, resolved->n_fresh, n_ids, err);
    if (st == SG_OK)
        return sg_segments_add(list, &run, err);
    sg_segment_clear(&run);
    return st;
}

static size_t threads_for(const struct sg_writer *w, size_t n)
{
    return n < THREADS_FROM ? 1 : w->n_threads;
}

enum sg_status sg_writer_resolve(struct sg_writer *w, uint32_t *ids, const sg_addr_ref *refs,
                                 size_t n, struct sg_err *err)
{
    struct sg_image *image = &w->image;
    struct sg_segments *list = &image->lists[SG_LIST_ADDRS];
    const struct sg_resolver resolver = {
        list,  image->addrs.count, w->addr_max,        is_addr, prefetch_addr,
        image, threads_for(w, n),  &w->resolve_scratch};
    struct sg_resolved resolved;
    enum sg_status st = sg_resolve(ids, &resolved, &resolver, refs, n, err);
    if (st == SG_OK)
        st = add_run(list, &resolved, resolver.n_ids, err);
    for (size_t i = 0; st == SG_OK && i < resolved.n_fresh; i++)
        st = take_addr(&image->addrs, refs[resolved.fresh[i]], err);
    w->dirty = w->dirty || resolved.n_fresh > 0;
    return st;
}

enum sg_status sg_writer_resolve_assets(struct sg_writer *w, uint32_t *ids, const sg_addr_ref *refs,
                                        size_t n, struct sg_err *err)
{
    struct sg_image *image = &w->image;
    struct sg_segments *list = &image->lists[SG_LIST_ASSETS];
    const struct sg_resolver resolver = {
        list,           image->n_assets, w->asset_max,      is_asset,
        prefetch_asset, image,           threads_for(w, n), &w->resolve_scratch};
    struct sg_resolved resolved;
    enum sg_status st = sg_resolve(ids, &resolved, &resolver, refs, n, err);
    if (st == SG_OK)
        st = add_run(list, &resolved, resolver.n_ids, err);
    for (size_t i = 0; st == SG_OK && i < resolved.n_fresh; i++)
        st = take_asset(image, refs[resolved.fresh[i]], err);
    for (size_t i = 0; st == SG_OK && i < n; i++)
        if (!refs[i])
            ids[i] = 0;
    w->assets_dirty = w->assets_dirty || resolved.n_fresh > 0;
    return st;
}

/* One part, with its ids. */
struct part {
    struct sg_writer *writer;
    const struct sg_batch_tx *txs;
    const struct sg_batch_row *rows;
    size_t n_txs, n_rows;
    uint64_t first_tx, first_row;
    sg_addr_ref *refs; /* In the writer's scratch. For each transaction its sender, then from and to
                          of its rows. */
    uint32_t *ids;     /* Of refs. */
    uint32_t *assets;  /* Of rows. */
    enum sg_status status[6];
    struct sg_err err[6];
};

/* The sender of most transactions is who pays in the first row, as the same reference: looked up
 * once. Its id is the same as if it had been named twice. */
static bool sends_first(const struct sg_batch_tx *tx, const struct sg_batch_row *first)
{
    return tx->sender && tx->n_rows > 0 && tx->sender == first->from;
}

static void collect_refs(struct part *p)
{
    const struct sg_batch_row *row = p->rows;
    size_t at = 0;
    for (size_t i = 0; i < p->n_txs; i++) {
        p->refs[at++] = sends_first(&p->txs[i], row) ? NULL : p->txs[i].sender;
        for (uint32_t j = 0; j < p->txs[i].n_rows; j++, row++) {
            p->refs[at++] = row->from;
            p->refs[at++] = row->to;
        }
    }
}

static void copy_senders(struct part *p)
{
    const struct sg_batch_row *row = p->rows;
    uint32_t *ids = p->ids;
    for (size_t i = 0; i < p->n_txs; i++) {
        if (sends_first(&p->txs[i], row))
            ids[0] = ids[1];
        if (p->txs[i].n_rows) /* Without any row there is no array to step in. */
            row += p->txs[i].n_rows;
        ids += 1 + 2 * (size_t)p->txs[i].n_rows;
    }
}

static enum sg_status resolve_assets(struct part *p, struct sg_err *err)
{
    bool any = false;
    for (size_t i = 0; i < p->n_rows; i++) {
        p->refs[i] = p->rows[i].token;
        any = any || p->rows[i].token;
    }
    if (any)
        return sg_writer_resolve_assets(p->writer, p->assets, p->refs, p->n_rows, err);
    memset(p->assets, 0, p->n_rows * sizeof(*p->assets));
    return SG_OK;
}

static enum sg_status push_row(struct sg_columns *c, const struct sg_batch_row *row, uint64_t tx,
                               const uint32_t *ids, uint32_t asset, struct sg_err *err)
{
    const size_t at = sg_columns_at(c);
    ((uint64_t *)c->tail[SG_ROW_COL_TX])[at] = tx;
    ((uint32_t *)c->tail[SG_ROW_COL_FROM])[at] = ids[0];
    ((uint32_t *)c->tail[SG_ROW_COL_TO])[at] = ids[1];
    ((uint32_t *)c->tail[SG_ROW_COL_ASSET])[at] = asset;
    ((struct sg_amount *)c->tail[SG_ROW_COL_AMOUNT])[at] = row->amount;
    ((uint8_t *)c->tail[SG_ROW_COL_KIND])[at] = row->kind;
    ((uint8_t *)c->tail[SG_ROW_COL_FLAGS])[at] = row->flags;
    ((uint32_t *)c->tail[SG_ROW_COL_POS])[at] = row->pos;
    return sg_columns_advance(c, err);
}

static enum sg_status push_rows(struct part *p, struct sg_err *err)
{
    struct sg_columns *c = &p->writer->image.rows;
    const uint32_t *ids = p->ids;
    size_t row = 0;
    for (size_t i = 0; i < p->n_txs; i++) {
        ids++; /* The sender. */
        for (uint32_t j = 0; j < p->txs[i].n_rows; j++, row++, ids += 2) {
            const enum sg_status st =
                push_row(c, &p->rows[row], p->first_tx + i, ids, p->assets[row], err);
            if (st != SG_OK)
                return st;
        }
    }
    return SG_OK;
}

static enum sg_status push_tx(struct sg_columns *c, const struct sg_batch_tx *tx,
                              uint64_t first_row, uint32_t sender, struct sg_err *err)
{
    const size_t at = sg_columns_at(c);
    ((uint64_t *)c->tail[SG_TX_COL_BLOCK])[at] = tx->block;
    ((int64_t *)c->tail[SG_TX_COL_TIME])[at] = tx->time_unix_s;
    ((uint32_t *)c->tail[SG_TX_COL_INDEX])[at] = tx->index;
    ((uint8_t *)c->tail[SG_TX_COL_STATUS])[at] = tx->status;
    ((uint8_t *)c->tail[SG_TX_COL_FLAGS])[at] = tx->flags;
    ((uint32_t *)c->tail[SG_TX_COL_SENDER])[at] = sender;
    ((struct sg_amount *)c->tail[SG_TX_COL_FEE])[at] = tx->fee;
    ((uint64_t *)c->tail[SG_TX_COL_FIRST_ROW])[at] = first_row;
    memcpy((uint8_t *)c->tail[SG_TX_COL_HASH] + at * SG_ELEM_HASH, tx->hash32, SG_ELEM_HASH);
    ((uint64_t *)c->tail[SG_TX_COL_PRICE])[at] = tx->gas_price;
    return sg_columns_advance(c, err);
}

static enum sg_status push_txs(struct part *p, struct sg_err *err)
{
    struct sg_columns *c = &p->writer->image.txs;
    const uint32_t *ids = p->ids;
    uint64_t row = p->first_row;
    for (size_t i = 0; i < p->n_txs; i++) {
        const uint32_t payer = p->txs[i].n_rows ? ids[1] : 0; /* Most often the sender. */
        const enum sg_status st = push_tx(c, &p->txs[i], row, *ids - payer, err);
        if (st != SG_OK)
            return st;
        row += p->txs[i].n_rows;
        ids += 1 + 2 * (size_t)p->txs[i].n_rows;
    }
    return SG_OK;
}

static size_t posting_pairs(struct sg_pair *pairs, const struct part *p)
{
    const uint32_t *ids = p->ids;
    uint64_t row = p->first_row;
    size_t n = 0;
    for (size_t i = 0; i < p->n_txs; i++) {
        ids++;
        for (uint32_t j = 0; j < p->txs[i].n_rows; j++, row++, ids += 2) {
            if (ids[0] != SG_ID_NONE)
                pairs[n++] = (struct sg_pair){ids[0], row};
            if (ids[1] != SG_ID_NONE && ids[1] != ids[0])
                pairs[n++] = (struct sg_pair){ids[1], row};
        }
    }
    return n;
}

static size_t hash_pairs(struct sg_pair *pairs, const struct part *p)
{
    size_t n = 0;
    for (size_t i = 0; i < p->n_txs; i++)
        if (p->txs[i].flags & SG_TX_HAS_HASH)
            pairs[n++] =
                (struct sg_pair){sg_key_of(p->txs[i].hash32, SG_ELEM_HASH), p->first_tx + i};
    return n;
}

/* Sort n pairs, with room for n more behind them in scratch, and append them to a list as a run
 * that covers [first, end). */
static enum sg_status add_pairs(struct sg_segments *list, struct sg_pair *pairs,
                                struct sg_pair *scratch, size_t n, uint64_t first, uint64_t end,
                                struct sg_err *err)
{
    struct sg_segment run = {.first = first, .end = end};
    struct sg_block_sink sink = {&run, NULL, list->table};
    enum sg_status st = SG_OK;
    sg_pairs_sort(pairs, scratch, n);
    if (list->table == SG_TABLE_POSTINGS)
        st = sg_postings_build(&sink, pairs, n, first, err);
    else
        st = sg_dict_build(&sink, pairs, n, first, err);
    if (st == SG_OK)
        return sg_segments_add(list, &run, err);
    sg_segment_clear(&run);
    return st;
}

static enum sg_status add_postings(struct part *p, struct sg_err *err)
{
    struct sg_segments *list = &p->writer->image.lists[SG_LIST_POSTINGS];
    const size_t room = 2 * p->n_rows;
    struct sg_pair *pairs = sg_scratch_take(&p->writer->postings_scratch, 2 * room, sizeof(*pairs));
    if (!pairs)
        return sg_err_nomem(err);
    return add_pairs(list, pairs, pairs + room, posting_pairs(pairs, p), p->first_row,
                     p->first_row + p->n_rows, err);
}

static enum sg_status add_hashes(struct part *p, struct sg_err *err)
{
    struct sg_segments *list = &p->writer->image.lists[SG_LIST_TXS];
    struct sg_pair *pairs =
        sg_scratch_take(&p->writer->hashes_scratch, 2 * p->n_txs, sizeof(*pairs));
    if (!pairs)
        return sg_err_nomem(err);
    return add_pairs(list, pairs, pairs + p->n_txs, hash_pairs(pairs, p), p->first_tx,
                     p->first_tx + p->n_txs, err);
}

static enum sg_status digest_rows(struct part *p, struct sg_err *err)
{
    struct sg_stream *stream = &p->writer->rows;
    const struct sg_batch_row *row = p->rows;
    const enum sg_status st = sg_stream_reserve(stream, p->n_rows, err);
    if (st != SG_OK)
        return st;
    for (size_t i = 0; i < p->n_txs; i++)
        for (uint32_t j = 0; j < p->txs[i].n_rows; j++, row++) {
            const struct sg_row digested = {.tx = {p->first_tx + i},
                                            .amount = row->amount,
                                            .pos = row->pos,
                                            .kind = row->kind,
                                            .flags = row->flags};
            sg_stream_row(stream, &digested, sg_name_of(row->from), sg_name_of(row->to),
                          sg_name_of(row->token));
        }
    return SG_OK;
}

static enum sg_status digest_txs(struct part *p, struct sg_err *err)
{
    struct sg_stream *stream = &p->writer->txs;
    const enum sg_status st = sg_stream_reserve(stream, p->n_txs, err);
    if (st != SG_OK)
        return st;
    for (size_t i = 0; i < p->n_txs; i++) {
        const struct sg_batch_tx *tx = &p->txs[i];
        struct sg_tx digested = {.block = tx->block,
                                 .time_unix_s = tx->time_unix_s,
                                 .index = tx->index,
                                 .status = tx->status,
                                 .flags = tx->flags,
                                 .fee = tx->fee,
                                 .gas_price = tx->gas_price,
                                 .n_rows = tx->n_rows};
        memcpy(digested.hash32, tx->hash32, sizeof(digested.hash32));
        sg_stream_tx(stream, &digested, sg_name_of(tx->sender));
    }
    return SG_OK;
}

/* Six independent pieces of work, the longest first. */
static enum sg_status (*const tasks[])(struct part *, struct sg_err *) = {
    add_postings, digest_rows, push_rows, digest_txs, push_txs, add_hashes};
_Static_assert(SG_COUNT_OF(tasks) == SG_COUNT_OF(((struct part *)0)->status), "one status a task");

static void run_task(void *ctx, size_t i)
{
    struct part *p = ctx;
    p->status[i] = tasks[i](p, &p->err[i]);
}

static enum sg_status resolve_part(struct part *p, struct sg_err *err)
{
    const size_t n_refs = p->n_txs + 2 * p->n_rows;
    const size_t each = sizeof(*p->refs) + sizeof(*p->ids) + sizeof(*p->assets);
    p->refs = sg_scratch_take(&p->writer->part_scratch, n_refs, each);
    if (!p->refs)
        return sg_err_nomem(err);
    p->ids = (uint32_t *)(p->refs + n_refs);
    p->assets = p->ids + n_refs;
    collect_refs(p);
    const enum sg_status st = sg_writer_resolve(p->writer, p->ids, p->refs, n_refs, err);
    if (st != SG_OK)
        return st;
    copy_senders(p);
    return resolve_assets(p, err);
}

static enum sg_status append_part(struct part *p, struct sg_err *err)
{
    enum sg_status st = resolve_part(p, err);
    if (st == SG_OK)
        sg_parallel_for(threads_for(p->writer, p->n_rows + p->n_txs), SG_COUNT_OF(tasks), run_task,
                        p);
    for (size_t i = 0; st == SG_OK && i < SG_COUNT_OF(tasks); i++) {
        st = p->status[i];
        if (st != SG_OK && err)
            *err = p->err[i];
    }
    return st;
}

/* The contract of a batch: the caller is ours, so a breach is a mistake of ours. */
static void check_batch(const struct sg_writer *w, const struct sg_batch *batch)
{
    size_t n_rows = 0;
    assert(w->image.txs.count == 0 || batch->txs[0].block > w->image.meta.stats.last_block);
    for (size_t i = 0; i < batch->n_txs; i++) {
        assert(i == 0 || batch->txs[i].block >= batch->txs[i - 1].block);
        n_rows += batch->txs[i].n_rows;
    }
    assert(n_rows == batch->n_rows);
}

static void take_stats(struct sg_writer *w, const struct sg_batch *batch)
{
    struct sg_ledger_stats *stats = &w->image.meta.stats;
    stats->txs = w->image.txs.count;
    struct sg_tally tally = {.stats = stats}; /* Blocks are whole: a batch begins a new one. */
    for (size_t i = 0; i < batch->n_txs; i++)
        sg_tally_tx(&tally, batch->txs[i].block, batch->txs[i].flags, batch->txs[i].time_unix_s);
}

/* Transactions from `first` on that make a part; *n_rows gets their rows. */
static size_t part_size(size_t *n_rows, const struct sg_batch *batch, size_t first)
{
    size_t n = 0;
    *n_rows = 0;
    while (first + n < batch->n_txs && n < PART_MAX &&
           (n == 0 || *n_rows + batch->txs[first + n].n_rows <= PART_MAX))
        *n_rows += batch->txs[first + n++].n_rows;
    return n;
}

enum sg_status sg_writer_append(struct sg_writer *w, const struct sg_batch *batch,
                                struct sg_err *err)
{
    enum sg_status st = SG_OK;
    if (batch->n_txs == 0)
        return SG_OK;
    check_batch(w, batch);
    take_stats(w, batch);
    w->dirty = true;
    for (size_t tx = 0, row = 0; st == SG_OK && tx < batch->n_txs;) {
        struct part part = {.writer = w,
                            .txs = batch->txs + tx,
                            .rows = batch->n_rows ? batch->rows + row : NULL,
                            .first_tx = w->image.txs.count,
                            .first_row = w->image.rows.count};
        part.n_txs = part_size(&part.n_rows, batch, tx);
        tx += part.n_txs;
        row += part.n_rows;
        st = sg_writer_renew(w, err);
        if (st == SG_OK)
            st = append_part(&part, err);
        if (st == SG_OK)
            st = sg_writer_spill(w, err);
    }
    return st;
}
