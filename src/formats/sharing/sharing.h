/** A case's addresses and findings in the formats by which others exchange them: STIX 2.1, MISP,
 *  FollowTheMoney, TagPack.
 *
 *  The struct below holds what all four can say, as texts; who fills it (app/exporting) decides
 *  what is in a case. The writers add nothing, and leave out only what a format has no place for
 *  (docs/formats/sharing.md). Ids are UUIDs of version 5, made of what they name: the same case
 *  gives the same bytes, and a wallet has the same id in every export. No clock is asked: times
 *  are those of the case.
 *
 *  All texts come from outside and are escaped by the writers. Threads: any.
 */
#ifndef SG_FORMATS_SHARING_H
#define SG_FORMATS_SHARING_H

#include "base/buf.h"
#include "formats/label/label.h"

/** A document that claims rest on; texts may be NULL, times SG_TIME_UNKNOWN. */
struct sg_sharing_source {
    const char *title, *address, *publisher;
    int64_t date_unix_s;
};

/** What one source says of a wallet. */
struct sg_sharing_claim {
    const char *entity; /**< never NULL */
    enum sg_category category;
    enum sg_confidence confidence;
    const char *note; /**< or NULL */
    int64_t seen_unix_s;
    const struct sg_sharing_source *source; /**< or NULL */
};

struct sg_sharing_wallet {
    const char *address;                   /**< never NULL */
    const char *chain;                     /**< our name, "ethereum"; never NULL */
    const char *symbol;                    /**< of the chain's native asset, "ETH"; never NULL */
    const struct sg_sharing_claim *claims; /**< the first is the one it is shown under */
    size_t n_claims;
    const char *finding; /**< a sentence of ours: what of the theft is or went here; or NULL */
    bool is_first_of_holder, is_first_of_address; /**< set by sg_sharing_settle */
};

/** Stolen money that moved from one wallet to another in one transaction. */
struct sg_sharing_payment {
    size_t from, to;    /**< of wallets */
    const char *amount; /**< decimal, whole units: the stolen part */
    const char *symbol;
    const char *tx;      /**< hash as text, or NULL */
    int64_t time_unix_s; /**< or SG_TIME_UNKNOWN */
    uint64_t number;     /**< tells payments of one transaction apart */
};

struct sg_sharing {
    const char *name;    /**< short, of the case */
    const char *title;   /**< never NULL */
    const char *summary; /**< or NULL */
    int64_t date_unix_s; /**< of the theft */
    const struct sg_sharing_source *sources;
    size_t n_sources;
    const struct sg_sharing_wallet *wallets; /**< each address of a chain once */
    size_t n_wallets;
    const struct sg_sharing_payment *payments; /**< none without a ledger */
    size_t n_payments;
    const char *const *findings; /**< sentences on the whole case */
    size_t n_findings;
};

/** Set what tells a wallet whose holder, or whose address on another chain, came before it: call
 *  once, when all other fields are set. Errors: SG_ENOMEM. Cost: O(n log n). */
SG_MUST_CHECK enum sg_status sg_sharing_settle(struct sg_sharing_wallet *wallets, size_t n,
                                               struct sg_err *err);

enum sg_sharing_format { SG_SHARING_STIX, SG_SHARING_MISP, SG_SHARING_FTM, SG_SHARING_TAGPACK };

/** Find a format by its name: "stix", "misp", "ftm", "tagpack". SG_ENOTFOUND if there is none. */
SG_MUST_CHECK enum sg_status sg_sharing_find(enum sg_sharing_format *format, const char *name);

/** Append the export.
 *  Errors: those of `out`; SG_ELIMIT (a TagPack's text that is too long). */
SG_MUST_CHECK enum sg_status sg_sharing_write(struct sg_buf *out, enum sg_sharing_format format,
                                              const struct sg_sharing *sharing, struct sg_err *err);

#endif
