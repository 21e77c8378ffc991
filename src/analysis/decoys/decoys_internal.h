/** Parts of the search for decoys. Read decoys.c first. */
#ifndef SG_ANALYSIS_DECOYS_INTERNAL_H
#define SG_ANALYSIS_DECOYS_INTERNAL_H

#include "analysis/decoys/decoys.h"
#include "base/ids.h"

#define SG_NO_PLACE UINT32_MAX

/** A token or the native asset that the rows move. */
struct sg_decoy_asset {
    struct sg_asset_id id;
    struct sg_asset asset;
    char skeleton[SG_DECOY_SKELETON_MAX];
    uint64_t n_rows;
    bool is_real;
    struct sg_asset_id imitates; /**< SG_ID_NONE: it is no fake */
};

/** One row of a subject, from the side of whoever dealt with it. */
struct sg_decoy_deal {
    uint32_t who;   /**< address id of the other side */
    uint32_t row;   /**< index into finder.rows */
    uint32_t asset; /**< index into finder.assets */
};

/** What is found of one row; kinds 0: no decoy. */
struct sg_decoy_mark {
    uint8_t kinds, first, last;
    uint32_t lookalike, imitated; /**< address ids, where kinds says so */
    uint32_t imitated_asset;
};

/** Somebody who dealt with a subject. */
struct sg_decoy_party {
    struct sg_addr_id addr;
    char text[SG_ADDRESS_TEXT_MAX]; /**< behind any "0x" */
    size_t size;
    size_t first, end; /**< of finder.deals */
    uint32_t original; /**< index of the party that it looks like; SG_NO_PLACE: it is nobody's copy
                        */
};

struct sg_decoy_finder {
    const struct sg_decoys_input *input;
    struct sg_arena *arena;
    struct sg_ids subjects; /**< address -> 1 */
    struct sg_row *rows;
    size_t n_rows, rows_cap;
    struct sg_addr_id *senders;    /**< one a row: of its transaction */
    bool *is_signed;               /**< one a row: its sender is a subject, and nobody's copy */
    struct sg_decoy_asset *assets; /**< by id */
    size_t n_assets;
    struct sg_ids asset_at;      /**< asset id -> index into assets */
    struct sg_decoy_mark *marks; /**< one a row */
    struct sg_decoy *paid;
    size_t n_paid, paid_cap;
    struct sg_decoy_deal *deals; /**< those of one party together, by row */
    size_t n_deals, deals_cap;
    struct sg_decoy_party *parties; /**< by look, first deal */
    size_t n_parties, n_copies;     /**< copies look like an earlier party */
};

static inline bool sg_decoy_is_subject(const struct sg_decoy_finder *f, struct sg_addr_id addr)
{
    return addr.v != SG_ID_NONE && sg_ids_get(&f->subjects, addr.v) != SG_IDS_NONE;
}

/** Whether a row counts as having happened at all. */
static inline bool sg_decoy_happened(const struct sg_row *row)
{
    return !(row->flags & SG_ROW_FAILED) && row->from.v != row->to.v;
}

/** A row with its mark, as it is handed out. */
struct sg_decoy sg_decoy_make(const struct sg_decoy_finder *f, size_t row,
                              const struct sg_decoy_mark *mark);

/** Read the assets of the rows. */
SG_MUST_CHECK enum sg_status sg_decoy_assets(struct sg_decoy_finder *f, struct sg_err *err);

/** List who dealt with subjects, and who of them looks like an earlier one. */
SG_MUST_CHECK enum sg_status sg_decoy_parties(struct sg_decoy_finder *f, struct sg_err *err);

/** Mark rows of fakes. Needs is_signed. */
SG_MUST_CHECK enum sg_status sg_decoy_tokens(struct sg_decoy_finder *f, struct sg_err *err);

/** Mark small rows with copies of addresses that were used. Needs the fakes. */
SG_MUST_CHECK enum sg_status sg_decoy_lookalikes(struct sg_decoy_finder *f, struct sg_err *err);

#endif
