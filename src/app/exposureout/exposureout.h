/** An exposure for people and programs: text, JSON (docs/api/exposure.json), one HTML page.
 *
 *  Ids are turned into texts once, by sg_exposureout_open; the writers only read.
 */
#ifndef SG_APP_EXPOSUREOUT_H
#define SG_APP_EXPOSUREOUT_H

#include "analysis/exposure/exposure.h"
#include "base/jsonw.h"

#define SG_EXPOSUREOUT_MAX ((size_t)64 * 1024 * 1024)

/** Other assets that the address moved, shown at most; the rest is counted. */
#define SG_EXPOSUREOUT_ASSETS_MAX 16

/** Where the largest share of a part is, in words. */
struct sg_exposureout_place {
    char address[SG_ADDRESS_TEXT_MAX]; /**< "" for none */
    bool has_tx;
    uint8_t hash32[32];
    int64_t time_unix_s;
};

struct sg_exposureout_asset {
    struct sg_exposure_asset moved;
    struct sg_asset asset; /**< the native one with its chain's symbol */
};

struct sg_exposureout {
    const struct sg_ledger *ledger;
    const char *address;                   /**< as the chain writes it */
    const struct sg_exposure_label *label; /**< of the address itself, or NULL */
    const char *ledger_dir, *labels_dir;   /**< labels_dir NULL: no labels were asked */
    const struct sg_exposure_input *input;
    const struct sg_exposure *exposure;
    struct sg_asset asset;
    /* By sg_exposureout_open: */
    const struct sg_exposureout_place *in_places, *out_places; /**< one a part */
    const struct sg_exposureout_asset *others;
    size_t n_others, n_others_left_out;
};

/** Look up the texts. In/Out: out   its first fields are set. Errors: what the ledger returns. */
SG_MUST_CHECK enum sg_status sg_exposureout_open(struct sg_exposureout *out, struct sg_arena *arena,
                                                 struct sg_err *err);

/** Read one asset, with symbol and decimals of the chain for the native one. */
SG_MUST_CHECK enum sg_status sg_exposureout_asset_of(struct sg_asset *asset,
                                                     const struct sg_ledger *ledger,
                                                     struct sg_asset_id id, struct sg_err *err);

/** total + by_swap of a side: what its shares are of. */
struct sg_amount sg_exposureout_whole(const struct sg_exposure_side *side);

/** "categories" of a side, an array of an open object. */
void sg_exposureout_categories(struct sg_jsonw *w, const struct sg_exposure_side *side,
                               unsigned decimals);

void sg_exposureout_text(struct sg_buf *buf, const struct sg_exposureout *out);
void sg_exposureout_json(struct sg_buf *buf, const struct sg_exposureout *out);
void sg_exposureout_html(struct sg_buf *buf, const struct sg_exposureout *out);

#endif
