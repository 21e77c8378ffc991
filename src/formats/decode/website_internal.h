/* The CSV exports of Etherscan's website; listed with the API's tables in etherscan.c. */
#ifndef SG_FORMATS_WEBSITE_INTERNAL_H
#define SG_FORMATS_WEBSITE_INTERNAL_H

#include "formats/decode/decode_internal.h"

extern const struct table sg_website_native;
extern const struct table sg_website_internal;
extern const struct table sg_website_tokens;

/* Where a transaction has no receiver: the contract that it created, if the row names it. */
bool sg_row_created(struct reading *g, struct sg_record *record);

/* A token that comes from the zero address is issued: it has no sender. */
void sg_row_mint(const struct reading *g, struct sg_record *record);

#endif
