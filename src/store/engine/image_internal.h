/** A generation's content as of one transaction: the directory of all values, loaded once, so that
 *  reading needs no call into LMDB afterwards and any number of threads may read.
 */
#ifndef SG_STORE_ENGINE_IMAGE_INTERNAL_H
#define SG_STORE_ENGINE_IMAGE_INTERNAL_H

#include "base/digest.h"
#include "store/engine/columns_internal.h"
#include "store/engine/engine.h"
#include "store/engine/segment_internal.h"

#define SG_LEDGER_VERSION 2u

/** The lists of segments, in the order that the meta record has them. */
enum sg_list { SG_LIST_ADDRS, SG_LIST_TXS, SG_LIST_ASSETS, SG_LIST_POSTINGS, SG_LISTS };

/** What the meta record holds beside the segments. */
struct sg_meta {
    struct sg_ledger_stats stats;
    uint64_t next_segment;          /**< numbers from here on were never used */
    uint8_t rows32[SG_SHA256_SIZE]; /**< running digests, through the last full leaf */
    uint8_t txs32[SG_SHA256_SIZE];
    uint8_t assets32[SG_SHA256_SIZE];
    uint8_t covers32[SG_SHA256_SIZE];
};

struct sg_image {
    const struct sg_chain *chain;
    struct sg_kv *kv;
    struct sg_kv_txn *txn; /**< the snapshot */
    struct sg_meta meta;
    struct sg_columns rows, txs, addrs;
    struct sg_segments lists[SG_LISTS];
    struct sg_asset *assets;
    size_t n_assets, cap_assets;
    struct sg_coverage *covers; /**< by (addr, first_block, kinds) */
    size_t n_covers, cap_covers;
};

/** Empty, of no file. */
void sg_image_init(struct sg_image *image, const struct sg_chain *chain);
void sg_image_clear(struct sg_image *image);

/** Load a generation; takes kv, also on an error.
 *  In: grow   for a writer: tails can be appended to, chunks of rows and transactions stay out.
 *  Errors: SG_ENOTFOUND (no meta record: nothing was committed), SG_EVERSION, SG_ECORRUPT, SG_EIO,
 *  SG_ENOMEM; clear the image then too. */
SG_MUST_CHECK enum sg_status sg_image_load(struct sg_image *image, struct sg_kv *kv, bool grow,
                                           struct sg_err *err);

/** Renew the snapshot after a commit, and all that points into it; tails, assets and coverage in
 *  memory stay. */
SG_MUST_CHECK enum sg_status sg_image_refresh(struct sg_image *image, struct sg_err *err);

/** Put the meta record with the segments of the file. */
SG_MUST_CHECK enum sg_status sg_image_put_meta(const struct sg_image *image, struct sg_kv_txn *txn,
                                               struct sg_err *err);

SG_MUST_CHECK enum sg_status sg_image_put_asset(const struct sg_image *image, size_t id,
                                                struct sg_kv_txn *txn, struct sg_err *err);
/** Put all coverage. */
SG_MUST_CHECK enum sg_status sg_image_put_covers(const struct sg_image *image,
                                                 struct sg_kv_txn *txn, struct sg_err *err);

/** Parse and write the meta record; meta.c. `lists` get their segments, without blocks. */
SG_MUST_CHECK enum sg_status sg_meta_parse(struct sg_meta *meta, struct sg_segments *lists,
                                           const struct sg_chain *chain, struct sg_bytes bytes,
                                           struct sg_err *err);
SG_MUST_CHECK enum sg_status sg_meta_put(struct sg_kv_txn *txn, const struct sg_meta *meta,
                                         const struct sg_segments *lists,
                                         const struct sg_chain *chain, struct sg_err *err);

/** Id of an address, or SG_ID_NONE. Every hit is compared with the stored bytes. */
uint32_t sg_image_find_addr(const struct sg_image *image, const uint8_t *bytes, uint8_t size);
bool sg_image_is_addr(const struct sg_image *image, uint64_t id, const uint8_t *bytes,
                      uint8_t size);

static inline bool sg_image_row_fits(const struct sg_image *image, uint64_t tx, uint32_t from,
                                     uint32_t to, uint32_t asset)
{
    const uint64_t n = image->addrs.count;
    return tx < image->txs.count && (from < n || from == SG_ID_NONE) &&
           (to < n || to == SG_ID_NONE) && asset < image->n_assets;
}

/** Coverage; cover.c. Sorted by (addr, first_block, kinds), as readers want it, or by (addr, kinds,
 *  first_block), as it is stored. */
void sg_covers_sort(struct sg_coverage *covers, size_t n);
void sg_covers_sort_by_key(struct sg_coverage *covers, size_t n);
bool sg_covers_same_key(const struct sg_coverage *a, const struct sg_coverage *b);
/** Make ranges of one (addr, kinds) that touch or overlap one; returns how many are left, sorted as
 *  readers want them. */
size_t sg_covers_join(struct sg_coverage *covers, size_t n);

/** Read rows or transactions [first, first + n) as structs; checks every id against the counts.
 *  Errors: SG_ECORRUPT, SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_image_rows(struct sg_row *rows, const struct sg_image *image,
                                           uint64_t first, size_t n, struct sg_err *err);
SG_MUST_CHECK enum sg_status sg_image_txs(struct sg_tx *txs, const struct sg_image *image,
                                          uint64_t first, size_t n, struct sg_err *err);

/** Counts what the statistics say of transactions, one after the other; the blocks ascend. Begin
 *  with .stats set and the rest zero, at the start of a block. */
struct sg_tally {
    struct sg_ledger_stats *stats; /**< txs counts those before; 0: first_block is set too */
    uint64_t block, unknown; /**< of the block that is open: transactions without a position */
    bool begun;
};
void sg_tally_tx(struct sg_tally *tally, uint64_t block, uint8_t flags, int64_t time_unix_s);

/** The statistics of transactions [0, n) of an image from scratch, into `stats`; its other fields
 *  stay. Cost: reads three columns. */
SG_MUST_CHECK enum sg_status sg_image_tally(struct sg_ledger_stats *stats,
                                            const struct sg_image *image, uint64_t n,
                                            struct sg_err *err);

/** Operations of the ledger; rows_of.c, scan.c. self: the image. */
enum sg_status sg_image_rows_of(void *self, const struct sg_addr_id *addrs, size_t n,
                                uint64_t after, bool (*visit)(void *ctx, const struct sg_row *row),
                                void *ctx, struct sg_err *err);
enum sg_status sg_image_scan(void *self, uint64_t first, uint64_t end, unsigned columns,
                             bool (*visit)(void *ctx, const struct sg_row_span *span), void *ctx,
                             struct sg_err *err);

enum sg_status sg_image_moves(void *self, bool *moves, const uint64_t *ids, size_t n,
                              struct sg_err *err);
void sg_image_expect(void *self, uint64_t first, uint64_t end, unsigned columns);

/** Open the current generation of a chain for reading. Errors: as sg_ledger_open. */
SG_MUST_CHECK enum sg_status sg_image_open(struct sg_image *image, const char *dir,
                                           const struct sg_chain *chain, struct sg_err *err);

#endif
