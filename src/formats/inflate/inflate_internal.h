/* One decompressor a file: how it opens, steps and closes. */
#ifndef SG_FORMATS_INFLATE_INTERNAL_H
#define SG_FORMATS_INFLATE_INTERNAL_H

#include "base/status.h"

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Input and output of one step; a codec moves the pointers on and shortens the sizes. */
struct codec_step {
    const uint8_t *in;
    size_t in_size;
    uint8_t *out;
    size_t out_size;
    bool ended;         /* set by the codec: the member is complete */
    const char *damage; /* set by the codec with SG_EPARSE: what is wrong; static text */
};

struct codec {
    const char *name;
    /* New state, or NULL without memory. */
    void *(*open)(void);
    /* SG_OK, SG_ENOMEM or SG_EPARSE. */
    enum sg_status (*step)(void *state, struct codec_step *step);
    /* Make ready for the next member. */
    enum sg_status (*again)(void *state);
    void (*close)(void *state);
};

/* A size as the libraries take it; the rest is for the next step. */
static inline unsigned codec_clip(size_t size)
{
    return size > UINT_MAX ? UINT_MAX : (unsigned)size;
}

extern const struct codec sg_codec_gzip;
extern const struct codec sg_codec_zlib;
extern const struct codec sg_codec_zstd;
extern const struct codec sg_codec_bzip2;

#endif
