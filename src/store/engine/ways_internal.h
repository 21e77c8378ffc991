/** What the encoder and the decoder of columns share. */
#ifndef SG_STORE_ENGINE_WAYS_INTERNAL_H
#define SG_STORE_ENGINE_WAYS_INTERNAL_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define SG_COLUMN_SAMPLE    64u /**< values between two that stand in full */
#define SG_COLUMN_SCALE_MAX 18u /**< ten to this power fits 64 bits */

static inline size_t sg_column_samples(size_t n)
{
    return (n + SG_COLUMN_SAMPLE - 1) / SG_COLUMN_SAMPLE;
}

static inline uint64_t sg_ways_load(const uint8_t *at)
{
    uint64_t value;
    memcpy(&value, at, 8);
    return value;
}

#endif
