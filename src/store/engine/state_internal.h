/** The digest of a ledger's content, kept up to date row by row.
 *
 *  Rows and transactions are written in a canonical form, with addresses as bytes, so that ids do
 *  not matter. Every 1,024 of them are a leaf; running = SHA-256(running, SHA-256(leaf)). The state
 *  is SHA-256 over the chain's name, both counts, both running digests with their open leaves, and
 *  the digests of assets and coverage. Exact bytes: docs/formats/ledger.md.
 */
#ifndef SG_STORE_ENGINE_STATE_INTERNAL_H
#define SG_STORE_ENGINE_STATE_INTERNAL_H

#include "base/digest.h"
#include "store/engine/columns_internal.h"
#include "store/engine/engine.h"

#define SG_STATE_LEAF    1024u
#define SG_STATE_ROW_MAX (8u + 3u * (1u + SG_ADDRESS_MAX) + 16u + 4u + 2u)
#define SG_STATE_TX_MAX  (8u + 8u + 4u + 2u + 1u + SG_ADDRESS_MAX + 16u + 4u + 32u + 8u)

/** A stream of leaves. */
struct sg_stream {
    uint8_t running32[SG_SHA256_SIZE]; /**< through the last full leaf */
    uint8_t *leaf;                     /**< SG_STATE_LEAF * item_max bytes */
    size_t leaf_size, item_max;
    uint64_t count;                   /**< items in all */
    uint8_t (*marks)[SG_SHA256_SIZE]; /**< running digest at the end of each of the last chunks */
    size_t n_marks, cap_marks;
};

SG_MUST_CHECK enum sg_status sg_stream_init(struct sg_stream *stream, size_t item_max,
                                            struct sg_err *err);
void sg_stream_clear(struct sg_stream *stream);

/** Make room for the marks of n more items; must come before they are added. */
SG_MUST_CHECK enum sg_status sg_stream_reserve(struct sg_stream *stream, size_t n,
                                               struct sg_err *err);

/** Where the next item is written, item_max bytes; then say how many it took. */
uint8_t *sg_stream_next(struct sg_stream *stream);
void sg_stream_add(struct sg_stream *stream, size_t size);

/** Bytes of an address or a token; size 0: none. */
struct sg_name {
    const uint8_t *at;
    uint8_t size;
};
static inline struct sg_name sg_name_of(sg_addr_ref ref)
{
    return ref ? (struct sg_name){ref + 1, ref[0]} : (struct sg_name){ref, 0};
}

/** Add a row, its names given; ids in `row` other than tx are not looked at. */
void sg_stream_row(struct sg_stream *stream, const struct sg_row *row, struct sg_name from,
                   struct sg_name to, struct sg_name token);
void sg_stream_tx(struct sg_stream *stream, const struct sg_tx *tx, struct sg_name sender);

struct sg_image;

/** Digests of all assets, and of all coverage by address bytes. Errors: SG_ENOMEM, SG_ECORRUPT. */
SG_MUST_CHECK enum sg_status sg_state_assets(uint8_t digest32[SG_SHA256_SIZE],
                                             const struct sg_image *image, struct sg_err *err);
SG_MUST_CHECK enum sg_status sg_state_covers(uint8_t digest32[SG_SHA256_SIZE],
                                             const struct sg_image *image, struct sg_err *err);

/** The state, of the streams and the digests in the image's meta record. Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_state_of(uint8_t state32[SG_SHA256_SIZE],
                                         const struct sg_image *image, const struct sg_stream *rows,
                                         const struct sg_stream *txs, struct sg_err *err);

/** Feed a stream with the image's rows, or transactions, [stream->count, end).
 *  Errors: SG_ECORRUPT (an id that is not there), SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_state_feed_rows(struct sg_stream *stream,
                                                const struct sg_image *image, uint64_t end,
                                                struct sg_err *err);
SG_MUST_CHECK enum sg_status sg_state_feed_txs(struct sg_stream *stream,
                                               const struct sg_image *image, uint64_t end,
                                               struct sg_err *err);

#endif
