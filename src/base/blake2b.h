/** BLAKE2b with a length and a personalisation, which libcrypto does not offer (RFC 7693).
 */
#ifndef SG_BASE_BLAKE2B_H
#define SG_BASE_BLAKE2B_H

#include <stddef.h>
#include <stdint.h>

#define SG_BLAKE2B_MAX      64
#define SG_BLAKE2B_PERSONAL 16

/** Digest of one block of bytes, without a key.
 *  In: n_digest    1 to SG_BLAKE2B_MAX.
 *      personal16  that many bytes; NULL: zeros. */
void sg_blake2b_of(uint8_t *digest, size_t n_digest, const uint8_t personal16[SG_BLAKE2B_PERSONAL],
                   const void *bytes, size_t size);

#endif
