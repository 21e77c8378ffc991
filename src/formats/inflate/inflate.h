/** Undoing compression while bytes arrive: gzip, zlib, zstd, bzip2, or none.
 *
 *  The kind is recognised by content, never by a file's name: exports named .gz are often zlib or
 *  plain. Memory is constant whatever the file unpacks to (a window of 256 KiB here, and what the
 *  library keeps: 32 KiB for zlib, 4 MiB for bzip2, at most 128 MiB for zstd, which refuses larger
 *  windows), so a bomb costs time, and the consumer's own limits end it. Members that follow each
 *  other (gzip, zlib and bzip2 streams, zstd frames) are one text, as their own tools have it.
 *
 *  Does not look inside: archives (tar, zip) are not unpacked.
 *  Sources: RFC 1950, RFC 1952, RFC 8878 (magic numbers); bzip2 manual 1.0.8.
 */
#ifndef SG_FORMATS_INFLATE_H
#define SG_FORMATS_INFLATE_H

#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

/** Takes unpacked bytes, borrowed for the call. Anything but SG_OK stops the work with it. */
typedef enum sg_status (*sg_inflate_out)(void *ctx, const uint8_t *bytes, size_t size,
                                         struct sg_err *err);

struct sg_inflate;

/** New stream. Owner: the caller, until sg_inflate_free. `out` is called with `ctx`.
 *  Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_inflate_new(struct sg_inflate **inflate, sg_inflate_out out,
                                            void *ctx, struct sg_err *err);

/** Take the next bytes of the file, in pieces of any size. Plain bytes are handed on in place.
 *  Errors: SG_EPARSE (damaged, or bytes that are no compressed data behind the last member; the
 *          offset counts bytes of the file), SG_ENOMEM, or what out returned. After an error only
 *          sg_inflate_free is allowed. */
SG_MUST_CHECK enum sg_status sg_inflate_feed(struct sg_inflate *inflate, const uint8_t *bytes,
                                             size_t size, struct sg_err *err);

/** Say that the file has ended. Errors: as feed; SG_EPARSE if the compressed data is cut. */
SG_MUST_CHECK enum sg_status sg_inflate_finish(struct sg_inflate *inflate, struct sg_err *err);

/** NULL is allowed. */
void sg_inflate_free(struct sg_inflate *inflate);

/** "plain", "gzip", "zlib", "zstd", "bzip2", or "unknown" before four bytes were seen. Static. */
const char *sg_inflate_kind(const struct sg_inflate *inflate);

#endif
