/** Keccak-256 as Ethereum, Tron and Monero use it: the sponge of FIPS 202 with the padding of the
 *  submission, not SHA3-256's. libcrypto of Debian 12 has SHA3 only.
 *
 *  Source: Bertoni, Daemen, Peeters, Van Assche, "The Keccak reference", version 3.0, 2011.
 */
#ifndef SG_BASE_KECCAK_H
#define SG_BASE_KECCAK_H

#include <stddef.h>
#include <stdint.h>

#define SG_KECCAK256_SIZE 32

/** Digest of one block of bytes. */
void sg_keccak256_of(uint8_t digest32[SG_KECCAK256_SIZE], const void *bytes, size_t size);

#endif
