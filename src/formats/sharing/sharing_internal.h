/** What the writers share. */
#ifndef SG_FORMATS_SHARING_INTERNAL_H
#define SG_FORMATS_SHARING_INTERNAL_H

#include "base/uuid.h"
#include "formats/sharing/sharing.h"

void sg_sharing_stix(struct sg_buf *out, const struct sg_sharing *sharing);
void sg_sharing_misp(struct sg_buf *out, const struct sg_sharing *sharing);
void sg_sharing_ftm(struct sg_buf *out, const struct sg_sharing *sharing);
SG_MUST_CHECK enum sg_status
sg_sharing_tagpack(struct sg_buf *out, const struct sg_sharing *sharing, struct sg_err *err);

/** Id of a thing of ours, from its kind and up to three parts of its name (NULL: not there). */
struct sg_sharing_id {
    char text[SG_UUID_TEXT_MAX];
};
struct sg_sharing_id sg_sharing_id_of(const char *kind, const char *first, const char *second,
                                      const char *third);

/** "exchange Huobi (confidence high; TITLE, ADDRESS); NOTE": a claim in one sentence. */
void sg_sharing_claim_text(struct sg_buf *out, const struct sg_sharing_claim *claim);

/** All that is known of a wallet: its finding and its claims, a line each. */
void sg_sharing_wallet_text(struct sg_buf *out, const struct sg_sharing_wallet *wallet);

/** The address of a source if it is one of the web, else NULL: three of the formats take no other.
 */
const char *sg_sharing_url(const struct sg_sharing_source *source);

/** The wallet's entity, or NULL where nobody names one. */
const char *sg_sharing_holder(const struct sg_sharing_wallet *wallet);

#endif
