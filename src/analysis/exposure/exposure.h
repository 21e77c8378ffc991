/** Where an address's money came from and where it went, by who stands behind the addresses.
 *
 *  Backward by the rule of sg_taint_funders, forward by the taint engine, with all that the address
 *  paid as the money that is followed; one asset at a time. Both stop at services. Each side is a
 *  list of parts that add up to its total, to the base unit: services, what is held, what went in
 *  fees, and, as parts of their own, what is behind the limits or not seen. Nothing is left over
 * and nothing is guessed. Rules, and what a share does not say: docs/methods/exposure.md.
 *
 *  Pure but for the ledger and the book that the caller lends. Texts of labels come from outside.
 */
#ifndef SG_ANALYSIS_EXPOSURE_H
#define SG_ANALYSIS_EXPOSURE_H

#include "analysis/taint/taint.h"
#include "formats/label/label.h"

/** Who stands behind an address, as one label that speaks for all of it. */
struct sg_exposure_label {
    const char *entity;
    enum sg_category category;
    bool is_service;    /**< the money's way ends here */
    bool is_sanctioned; /**< some label of the address says so, whatever the category */
    enum sg_confidence confidence;
    const char *source; /**< or NULL */
    int64_t source_date_unix_s;
};

/** Labels of addresses, asked once the money reaches them. */
struct sg_exposure_book {
    /** *label: NULL if nobody is known; lives as long as the book, the same for the same address.
     *  Never asked about SG_ID_NONE. Any error ends the analysis with it. */
    enum sg_status (*look)(void *ctx, const struct sg_exposure_label **label,
                           struct sg_addr_id addr, struct sg_err *err);
    void *ctx;
};

/** What became of a part of the money, or where it came from. The order of the parts. */
enum sg_exposure_what {
    SG_EXPOSURE_SERVICE,    /**< a service */
    SG_EXPOSURE_HELD,       /**< out: lies where it did not move on, as far as rows are complete */
    SG_EXPOSURE_ISSUED,     /**< in: by the protocol or the token; nobody paid it */
    SG_EXPOSURE_OWN,        /**< the address itself: its own money came back */
    SG_EXPOSURE_SWAPPED,    /**< out: became another asset inside one transaction */
    SG_EXPOSURE_FEES,       /**< out: fees, its own and those of who passed the money on */
    SG_EXPOSURE_SMALL,      /**< below the cut-off, not looked behind */
    SG_EXPOSURE_BEYOND,     /**< at the limit of hops, not looked behind */
    SG_EXPOSURE_UNOBSERVED, /**< rows are missing: in, what the payer had is not seen coming in;
                               out, what the holder did is not known */
};

#define SG_EXPOSURE_WHATS ((size_t)SG_EXPOSURE_UNOBSERVED + 1)

/** "service", "held", ... Static storage. */
const char *sg_exposure_what_name(enum sg_exposure_what what);

/** One part of a side: the addresses of one entity, or all that nobody is known behind. */
struct sg_exposure_part {
    enum sg_exposure_what what;
    const struct sg_exposure_label *label; /**< of the address where it ends; NULL: nobody known */
    bool is_sanctioned;                    /**< one of its addresses is */
    struct sg_amount amount;               /**< above zero */
    struct sg_amount direct;               /**< of it, without anybody between */
    uint32_t hops;                         /**< payments between, the least; 1: direct; 0: the
                                                address itself (fees, own, unseen) */
    size_t n_addresses;
    struct sg_addr_id largest; /**< the address of the largest share; SG_ID_NONE: none */
    struct sg_amount largest_amount;
    struct sg_tx_id tx; /**< the payment that brought most of that; SG_TX_ID_NONE: none */
};

/** Money that went through addresses of an entity where its way does not end. These overlap: they
 *  are no parts, and do not add up to anything. */
struct sg_exposure_passed {
    const struct sg_exposure_label *label;
    bool is_sanctioned;
    struct sg_amount amount; /**< that arrived there from others */
    uint32_t hops;
    size_t n_addresses;
};

/** One category, with all entities in it. A sanctioned service stands under its category and under
 *  "sanctioned". */
struct sg_exposure_category {
    enum sg_category category;
    uint32_t hops;          /**< to the nearest */
    struct sg_amount ended; /**< sum of its parts */
    struct sg_amount passed;
    const char *nearest; /**< entity */
};

struct sg_exposure_side {
    bool is_asked;
    struct sg_amount total;   /**< in: all that came in, seen or not; out: all that was paid */
    struct sg_amount by_swap; /**< out: what came back from swaps on the way; total + by_swap = sum
                                   of the parts */
    const struct sg_exposure_part *parts; /**< by what, amount (largest first), entity */
    size_t n_parts;
    const struct sg_exposure_passed *passed; /**< by amount (largest first), entity */
    size_t n_passed;
    const struct sg_exposure_category *categories; /**< by hops, amount ended, category */
    size_t n_categories;
};

struct sg_exposure {
    struct sg_exposure_side in, out;
};

struct sg_exposure_input {
    struct sg_addr_id addr;
    struct sg_asset_id asset;
    enum sg_policy policy; /**< of the forward side; not poison, whose shares add up to more */
    uint32_t hops_max;     /**< at least 1 */
    bool has_min;
    struct sg_amount min;  /**< base units: smaller shares are not looked behind */
    struct sg_amount dust; /**< the same in 1e-18 of a whole unit, for the taint engine */
    int64_t until_unix_s;  /**< INT64_MAX: all there is */
    bool in, out;          /**< which sides */
    const struct sg_exposure_book *book;
};

/** Work it out.
 *
 *  Out:    exposure   its arrays are in the arena; written on success only.
 *  In/Out: cache      keeps what was read.
 *  Errors: SG_EUSAGE (poison), what the ledger, the engine and the book return, SG_ELIMIT (a sum
 *          above 128 bits), SG_ECORRUPT (parts do not add up: a fault of this program).
 *  Cost:   O(r log a) for r rows of the a addresses that the money met within the limits. */
SG_MUST_CHECK enum sg_status sg_exposure_run(struct sg_exposure *exposure, struct sg_arena *arena,
                                             struct sg_taint_cache *cache,
                                             const struct sg_exposure_input *input,
                                             struct sg_err *err);

/** All that an address moved of one asset. */
struct sg_exposure_asset {
    struct sg_asset_id asset;
    struct sg_amount in, out;
    uint64_t rows;
};

/** What assets an address moved, by number of rows, the most first; the native one is there even if
 *  it moved none. Sums above 128 bits stay at the largest number. */
SG_MUST_CHECK enum sg_status sg_exposure_assets(const struct sg_exposure_asset **assets, size_t *n,
                                                struct sg_arena *arena,
                                                const struct sg_ledger *ledger,
                                                struct sg_addr_id addr, struct sg_err *err);

#endif
