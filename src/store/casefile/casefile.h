/** A case from the disk: the case file, the labels file beside it, and the digests of both.
 *
 *  The parsing is formats/case; this adds the disk and names the file in every error. Read-only.
 */
#ifndef SG_STORE_CASEFILE_H
#define SG_STORE_CASEFILE_H

#include "base/digest.h"
#include "formats/case/case.h"

/** One file that was read, for manifests. */
struct sg_casefile_input {
    const char *path; /**< as it was opened; in the arena */
    uint64_t bytes;
    uint8_t sha256[SG_SHA256_SIZE];
};

#define SG_CASEFILE_INPUTS_MAX 2

struct sg_casefile {
    struct sg_case c; /**< all it points at lives until sg_casefile_close */
    struct sg_casefile_input
        inputs[SG_CASEFILE_INPUTS_MAX]; /**< the case, then its labels if any */
    size_t n_inputs;
    struct sg_arena arena;
};

/** Read a case and its labels.
 *
 *  Out:    file   close with sg_casefile_close; after an error there is nothing to close.
 *  In:     path   of the case file; a labels file is taken from the same folder.
 *  Errors: those of sg_case_parse and of reading a file. The sentence of one that has a place
 * begins with it, "FILE:LINE:COLUMN: ", and err->line is 0 then, so that nobody adds it again.
 */
SG_MUST_CHECK enum sg_status sg_casefile_open(struct sg_casefile *file, const char *path,
                                              struct sg_err *err);

/** Path of the file that a place of this case is in. */
const char *sg_casefile_path(const struct sg_casefile *file, struct sg_case_place place);

/** Release; a file of zero bytes throughout is allowed. */
void sg_casefile_close(struct sg_casefile *file);

#endif
