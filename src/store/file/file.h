/** Plain files: read in chunks or whole, written whole or not at all. Standard input is "-".
 *  With store/engine the only code that knows the disk.
 */
#ifndef SG_STORE_FILE_H
#define SG_STORE_FILE_H

#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

/** Takes a piece of a file, borrowed for the call. Anything but SG_OK stops the reading with it. */
typedef enum sg_status (*sg_file_chunk)(void *ctx, const uint8_t *bytes, size_t size,
                                        struct sg_err *err);

/** Read a file and hand it to `chunk`, in pieces of up to 1 MiB; of a large file the next piece is
 *  read meanwhile. Errors: SG_EIO (the path is in the sentence), SG_ENOMEM, or what chunk returned.
 */
SG_MUST_CHECK enum sg_status sg_file_stream(const char *path, sg_file_chunk chunk, void *ctx,
                                            struct sg_err *err);

/** Read a whole file.
 *  Out:    bytes   sg_mem_free by the caller; a zero byte stands behind the last one.
 *          size    without that zero byte.
 *  In:     max     a larger file is SG_ELIMIT.
 *  Errors: SG_EIO, SG_ELIMIT, SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_file_read(uint8_t **bytes, size_t *size, const char *path,
                                          size_t max, struct sg_err *err);

/** Write a whole file: to a temporary name beside it, synced, then renamed over it. On an error the
 *  old file, if any, is untouched and the temporary one is gone.
 *  Errors: SG_EIO. */
SG_MUST_CHECK enum sg_status sg_file_write(const char *path, const void *bytes, size_t size,
                                           struct sg_err *err);

/** Size in bytes, or 0 where it cannot be known (a pipe, a missing file). */
uint64_t sg_file_size(const char *path);

/** Make a directory; one that is there already is fine. Errors: SG_EIO. */
SG_MUST_CHECK enum sg_status sg_file_mkdir(const char *path, struct sg_err *err);

#endif
