/** Hashes that dictionaries are ordered by, and the sort that orders them. */
#ifndef SG_STORE_ENGINE_KEY_INTERNAL_H
#define SG_STORE_ENGINE_KEY_INTERNAL_H

#include <stddef.h>
#include <stdint.h>

/** SipHash-1-3 of the bytes with a fixed key: well mixed, so that a position in a sorted segment
 *  can be guessed from the key, and with no known short cut to many colliding inputs, which
 *  whoever makes addresses would otherwise use to slow the ledger down. The value is on disk.
 *  Source: J.-P. Aumasson, D. J. Bernstein, SipHash: a fast short-input PRF, INDOCRYPT 2012. */
uint64_t sg_key_of(const uint8_t *bytes, size_t size);

/** Tests only: hashes are ANDed with this mask, so that collisions can be had. All ones by default.
 *  A ledger must be written and read under one mask. */
extern uint64_t sg_key_mask_for_tests;

struct sg_pair {
    uint64_t key;
    uint64_t value;
};

/** Sort n pairs by key, stable; scratch holds n too. Cost: linear, 2 reads and a write a pair for
 *  each byte of the key in which the pairs differ. */
void sg_pairs_sort(struct sg_pair *pairs, struct sg_pair *scratch, size_t n);

#endif
