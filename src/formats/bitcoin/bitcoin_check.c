/* What a block says about itself, checked: its work, its merkle root, its witness commitment. */
#include "formats/bitcoin/bitcoin.h"

#include "base/digest.h"
#include "base/mem.h"

#include <string.h>

/* The output of the coinbase that commits to the witnesses: BIP-141. */
#define COMMITMENT_SIZE 38
static const uint8_t commitment_head[] = {0x6a, 0x24, 0xaa, 0x21, 0xa9, 0xed};

/* A number of 256 bits, least word first. */
struct u256 {
    uint64_t word[4];
};

/* Bits are a base-256 floating point number with a sign bit. False where they name no target: a
 * negative one, zero, or one of more than 256 bits. */
static bool target_of(struct u256 *target, uint32_t bits)
{
    const unsigned size = bits >> 24;
    const uint32_t mantissa = bits & 0x7fffff;
    uint8_t bytes[32] = {0}; /* least first */
    if (mantissa == 0 || (bits & 0x800000))
        return false;
    for (unsigned i = 0; i < 3; i++) {
        const uint8_t byte = (uint8_t)(mantissa >> (8 * i));
        if (size + i < 3 || byte == 0)
            continue;
        if (size + i - 3 >= sizeof(bytes))
            return false;
        bytes[size + i - 3] = byte;
    }
    bool zero = true;
    struct sg_reader r;
    sg_reader_init(&r, bytes, sizeof(bytes));
    for (unsigned w = 0; w < 4; w++) {
        target->word[w] = sg_reader_le(&r, 8);
        zero = zero && target->word[w] == 0;
    }
    return !zero;
}

static int u256_cmp(const struct u256 *a, const struct u256 *b)
{
    for (unsigned w = 4; w-- > 0;)
        if (a->word[w] != b->word[w])
            return a->word[w] < b->word[w] ? -1 : 1;
    return 0;
}

static void u256_sub(struct u256 *a, const struct u256 *b)
{
    uint64_t borrow = 0;
    for (unsigned w = 0; w < 4; w++) {
        const sg_u128 take = (sg_u128)b->word[w] + borrow;
        borrow = a->word[w] < take;
        a->word[w] = (uint64_t)(a->word[w] - take);
    }
}

/* a = 2 a + bit; true if a bit fell off. */
static bool u256_shift_in(struct u256 *a, unsigned bit)
{
    uint64_t carry = bit;
    for (unsigned w = 0; w < 4; w++) {
        const uint64_t next = a->word[w] >> 63;
        a->word[w] = a->word[w] << 1 | carry;
        carry = next;
    }
    return carry != 0;
}

/* floor(2^256 / (target + 1)) is floor(~target / (target + 1)) + 1: long division, a bit a step. */
sg_u128 sg_btc_work(uint32_t bits)
{
    struct u256 target, rest = {{0}};
    sg_u128 quotient = 0;
    if (!target_of(&target, bits))
        return 0;
    if (target.word[2] == 0 && target.word[3] == 0)
        return ~(sg_u128)0;
    struct u256 divisor = target;
    for (unsigned w = 0; w < 4 && ++divisor.word[w] == 0; w++)
        ;
    for (unsigned bit = 256; bit-- > 0;) {
        const uint64_t inverted = ~target.word[bit / 64];
        const bool fell = u256_shift_in(&rest, inverted >> bit % 64 & 1);
        quotient <<= 1;
        if (fell || u256_cmp(&rest, &divisor) >= 0) {
            u256_sub(&rest, &divisor);
            quotient |= 1;
        }
    }
    return quotient + 1;
}

bool sg_btc_hash_meets(const uint8_t hash[SG_BTC_HASH], uint32_t bits)
{
    struct u256 target, value;
    struct sg_reader r;
    sg_reader_init(&r, hash, SG_BTC_HASH);
    for (unsigned w = 0; w < 4; w++)
        value.word[w] = sg_reader_le(&r, 8);
    return target_of(&target, bits) && u256_cmp(&value, &target) <= 0;
}

/* The last of an odd number of nodes is paired with itself. */
static void doubled_end(uint8_t *hashes, size_t n)
{
    const uint8_t *last = hashes + (n - 1) * SG_BTC_HASH;
    const struct sg_sha256_part pair[] = {{last, SG_BTC_HASH}, {last, SG_BTC_HASH}};
    sg_sha256d(hashes + n / 2 * SG_BTC_HASH, pair, 2);
}

bool sg_btc_merkle(uint8_t *hashes, size_t n)
{
    bool doubled = false;
    for (; n > 1; n = (n + 1) / 2) {
        for (size_t i = 0; i + 2 <= n; i += 2) {
            const uint8_t *left = hashes + i * SG_BTC_HASH;
            doubled = doubled || memcmp(left, left + SG_BTC_HASH, SG_BTC_HASH) == 0;
        }
        sg_sha256d_pairs(hashes, hashes, n / 2);
        if (n % 2)
            doubled_end(hashes, n);
    }
    return doubled;
}

static bool reserve_hashes(struct sg_btc_block *block)
{
    if (block->cap_hashes >= block->n_txs)
        return true;
    uint8_t *grown = sg_mem_realloc(block->hashes, block->n_txs, SG_BTC_HASH);
    if (!grown)
        return false;
    block->hashes = grown;
    block->cap_hashes = block->n_txs;
    return true;
}

static enum sg_status check_merkle(struct sg_btc_block *block, struct sg_err *err)
{
    for (size_t i = 0; i < block->n_txs; i++)
        memcpy(block->hashes + i * SG_BTC_HASH, block->txs[i].txid, SG_BTC_HASH);
    if (sg_btc_merkle(block->hashes, block->n_txs))
        return sg_err_set(err, SG_EPARSE, "the list of transactions repeats its end");
    if (memcmp(block->hashes, block->header.merkle_root, SG_BTC_HASH) != 0)
        return sg_err_set(err, SG_EPARSE, "the merkle root is not that of the transactions");
    return SG_OK;
}

/* The last output that commits counts. NULL without. */
static const uint8_t *find_commitment(const struct sg_btc_block *block)
{
    const struct sg_btc_tx *tx = &block->txs[0];
    for (size_t i = tx->n_out; i-- > 0;) {
        const struct sg_btc_out *out = &block->outs[tx->first_out + i];
        if (out->script_size >= COMMITMENT_SIZE &&
            memcmp(out->script, commitment_head, sizeof(commitment_head)) == 0)
            return out->script + sizeof(commitment_head);
    }
    return NULL;
}

static bool has_witness(const struct sg_btc_block *block)
{
    for (size_t i = 0; i < block->n_txs; i++)
        if (block->txs[i].has_witness)
            return true;
    return false;
}

static enum sg_status check_witness(struct sg_btc_block *block, struct sg_err *err)
{
    uint8_t digest[SG_BTC_HASH];
    const struct sg_btc_in *in = &block->ins[block->txs[0].first_in];
    const uint8_t *commitment = find_commitment(block);
    if (!has_witness(block))
        return SG_OK;
    if (!commitment)
        return sg_err_set(err, SG_EPARSE, "witnesses without a commitment in the coinbase");
    if (in->n_witness != 1 || in->witness_size != 1 + SG_BTC_HASH || in->witness[0] != SG_BTC_HASH)
        return sg_err_set(err, SG_EPARSE, "the coinbase lacks the 32 bytes of its witness");
    memset(block->hashes, 0, SG_BTC_HASH);
    for (size_t i = 1; i < block->n_txs; i++)
        memcpy(block->hashes + i * SG_BTC_HASH, block->txs[i].wtxid, SG_BTC_HASH);
    (void)sg_btc_merkle(block->hashes, block->n_txs);
    const struct sg_sha256_part parts[] = {{block->hashes, SG_BTC_HASH},
                                           {in->witness + 1, SG_BTC_HASH}};
    sg_sha256d(digest, parts, 2);
    if (memcmp(digest, commitment, SG_BTC_HASH) != 0)
        return sg_err_set(err, SG_EPARSE, "the witness commitment is not that of the witnesses");
    return SG_OK;
}

static enum sg_status check_coinbase(const struct sg_btc_block *block, struct sg_err *err)
{
    for (size_t t = 0; t < block->n_txs; t++) {
        const struct sg_btc_tx *tx = &block->txs[t];
        for (size_t i = 0; i < tx->n_in; i++)
            if (sg_btc_in_is_coinbase(&block->ins[tx->first_in + i]) != (t == 0 && tx->n_in == 1))
                return sg_err_set(err, SG_EPARSE, "transaction %zu %s a coinbase", t,
                                  t == 0 ? "is not" : "is");
    }
    return SG_OK;
}

enum sg_status sg_btc_block_check(struct sg_btc_block *block, bool sha256d_work, struct sg_err *err)
{
    if (sha256d_work && !sg_btc_hash_meets(block->header.hash, block->header.bits))
        return sg_err_set(err, SG_EPARSE, "the block's hash is above its target");
    if (block->n_txs == 0)
        return sg_err_set(err, SG_EPARSE, "the block has no transaction");
    if (!reserve_hashes(block))
        return sg_err_nomem(err);
    enum sg_status st = check_coinbase(block, err);
    if (st == SG_OK)
        st = check_merkle(block, err);
    return st == SG_OK ? check_witness(block, err) : st;
}
