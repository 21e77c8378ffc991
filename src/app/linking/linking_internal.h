/* What the forms of a linkage share. */
#ifndef SG_APP_LINKING_INTERNAL_H
#define SG_APP_LINKING_INTERNAL_H

#include "app/linking/linking.h"
#include "base/buf.h"

/* Bytes that are gathered before they are written. */
#define LINKING_PIECE ((size_t)1024 * 1024)

/* The record's id as it stands, else "row 12" in `space`. */
#define LINKING_ID_MAX 32
struct sg_text sg_linking_id(const struct sg_linking *l, size_t row, char space[LINKING_ID_MAX]);

/* Name of the column of a field. */
const char *sg_linking_field_name(const struct sg_linking *l, size_t field);

/* Hand on what was gathered once it is a piece, or whatever there is. */
SG_MUST_CHECK enum sg_status sg_linking_flush(struct sg_buf *buf, FILE *out, size_t least,
                                              struct sg_err *err);

/* Why a column takes no part, as the end of a sentence; NULL where it does, or was asked not to. */
const char *sg_linking_ignored(enum sg_link_ignored reason);

#endif
