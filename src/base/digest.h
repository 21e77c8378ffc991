/** SHA-256 over streams, HMAC with it, and more digests of blocks, by OpenSSL's libcrypto
 * (docs/decisions/0002-dependencies.md). */
#ifndef SG_BASE_DIGEST_H
#define SG_BASE_DIGEST_H

#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

#define SG_SHA256_SIZE 32

struct sg_sha256;

/** New state, or NULL without memory. Owner: the caller, until sg_sha256_free. */
struct sg_sha256 *sg_sha256_new(void);
void sg_sha256_update(struct sg_sha256 *state, const void *bytes, size_t size);
/** Digest of all bytes so far; the state then begins anew. */
void sg_sha256_final(uint8_t digest32[SG_SHA256_SIZE], struct sg_sha256 *state);
void sg_sha256_free(struct sg_sha256 *state);

/** Digest of one block of bytes. */
void sg_sha256_of(uint8_t digest32[SG_SHA256_SIZE], const void *bytes, size_t size);

/** Borrowed bytes, one of the pieces that are hashed one behind the other. */
struct sg_sha256_part {
    const void *bytes;
    size_t size;
};

/** SHA-256 of the SHA-256 of the parts: Bitcoin's digest of blocks and transactions. Made for many
 *  small messages: no context is allocated (bench/bench_bitcoin.c). */
void sg_sha256d(uint8_t digest32[SG_SHA256_SIZE], const struct sg_sha256_part *parts,
                size_t n_parts);

/** One message of sg_sha256d_many. The digest must not lie in a message of the same call. */
struct sg_sha256d_job {
    uint8_t *digest32;
    struct sg_sha256_part parts[3];
    size_t n_parts;
};

/** sg_sha256d of many messages: faster than one after the other where the processor has
 *  instructions for SHA-256, because two are taken at a time (docs/decisions/0075). */
void sg_sha256d_many(const struct sg_sha256d_job *jobs, size_t n);

/** sg_sha256d of each 64 bytes of `pairs`: a level of a merkle tree. `digests` may be `pairs`. */
void sg_sha256d_pairs(uint8_t *digests, const uint8_t *pairs, size_t n);

#define SG_SHA1_SIZE 20

/** SHA-1 of two blocks of bytes behind each other: for ids that are defined by it, not for safety.
 */
void sg_sha1_of_two(uint8_t digest20[SG_SHA1_SIZE], const void *first, size_t first_size,
                    const void *second, size_t second_size);

/** HMAC-SHA-256 (RFC 2104, FIPS 198-1) of one block of bytes. In: key_size at most INT_MAX. */
void sg_hmac_sha256(uint8_t mac32[SG_SHA256_SIZE], const void *key, size_t key_size,
                    const void *bytes, size_t size);

#define SG_HASH160_SIZE 20

/** RIPEMD-160 of the SHA-256: how Bitcoin names a public key. */
void sg_hash160(uint8_t digest20[SG_HASH160_SIZE], const void *bytes, size_t size);

#endif
