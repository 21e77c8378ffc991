/** Files and bad rows as bytes: numbers of 8 bytes, texts as 2 bytes of size and the bytes. */
#ifndef SG_STORE_ENGINE_NOTES_INTERNAL_H
#define SG_STORE_ENGINE_NOTES_INTERNAL_H

#include "base/buf.h"
#include "store/engine/engine.h"
#include "store/engine/kv_internal.h"

#define SG_NOTE_MAX 4096 /**< bytes; the longest is a bad row of about 1,300 */

void sg_note_put_file(struct sg_buf *buf, const struct sg_file_entry *file);
void sg_note_put_bad(struct sg_buf *buf, const struct sg_bad_entry *bad);

/** Errors: SG_ECORRUPT. */
SG_MUST_CHECK enum sg_status sg_note_get_file(struct sg_file_entry *file, struct sg_bytes bytes,
                                              struct sg_err *err);
SG_MUST_CHECK enum sg_status sg_note_get_bad(struct sg_bad_entry *bad, struct sg_bytes bytes,
                                             struct sg_err *err);

#endif
