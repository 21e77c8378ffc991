/** SHA-256's compression of two messages at a time, by the instructions that x86 processors have
 *  for it. One message alone waits for the result of each round; the rounds of a second one fit
 *  into that wait, so two cost little more than one (docs/decisions/0075-two-digests-at-a-time.md).
 *  Everybody calls base/digest.h, which uses this where it can.
 */
#ifndef SG_BASE_SHA256_NI_H
#define SG_BASE_SHA256_NI_H

#if defined(__x86_64__)

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SG_SHA256_BLOCK 64

/** Eight words, in the order in which the instructions want them. */
struct sg_sha256_ni {
    _Alignas(16) uint32_t word[8];
};

/** Whether this processor has the instructions; where not, nothing else here may be called. */
bool sg_sha256_ni_can(void);

void sg_sha256_ni_init(struct sg_sha256_ni *state);

/** Take n blocks of 64 bytes into each of two states, which are two places. */
void sg_sha256_ni_two(struct sg_sha256_ni *x, const uint8_t *x_bytes, struct sg_sha256_ni *y,
                      const uint8_t *y_bytes, size_t n);

/** Take n blocks of 64 bytes into one. */
void sg_sha256_ni_one(struct sg_sha256_ni *state, const uint8_t *bytes, size_t n);

/** The 32 bytes of a digest whose last block was taken. */
void sg_sha256_ni_out(uint8_t digest32[32], const struct sg_sha256_ni *state);

#endif
#endif
