#include "formats/bitcoin/bitcoin.h"

#include "base/digest.h"
#include "base/hex.h"
#include "base/mem.h"
#include "base/vec.h"

#include <inttypes.h>
#include <string.h>

/* The fewest bytes that one takes: a count above what is left divided by these is a lie, and
 * nothing is allocated for it. */
#define IN_MIN  41
#define OUT_MIN 9
#define TX_MIN  10

void sg_btc_block_clear(struct sg_btc_block *block)
{
    sg_mem_free(block->txs);
    sg_mem_free(block->ins);
    sg_mem_free(block->outs);
    sg_mem_free(block->hashes);
    *block = (struct sg_btc_block)SG_BTC_BLOCK_INIT;
}

uint64_t sg_btc_length(struct sg_reader *r)
{
    static const uint64_t least[] = {0xfd, 0x10000, 0x100000000};
    const uint64_t first = sg_reader_le(r, 1);
    if (first < 0xfd)
        return first;
    const uint64_t value = sg_reader_le(r, (size_t)1 << (first - 0xfc));
    if (value < least[first - 0xfd])
        r->failed = true;
    return r->failed ? 0 : value;
}

static enum sg_status cut(const struct sg_reader *r, const char *what, struct sg_err *err)
{
    return sg_err_at(err, SG_EPARSE, r->off, "%s is cut short or has an impossible length", what);
}

/* Nearly all lengths are one byte. */
static inline uint64_t read_length(struct sg_reader *r)
{
    if (!r->failed && r->off < r->size && r->base[r->off] < 0xfd)
        return r->base[r->off++];
    return sg_btc_length(r);
}

/* A count of things of at least `min` bytes each. */
static bool read_count(uint64_t *count, struct sg_reader *r, size_t min)
{
    *count = read_length(r);
    return !r->failed && *count <= sg_reader_left(r) / min;
}

static const uint8_t *read_bytes(size_t *size, struct sg_reader *r)
{
    uint64_t length;
    if (!read_count(&length, r, 1))
        r->failed = true;
    *size = r->failed ? 0 : (size_t)length;
    return r->failed ? NULL : sg_reader_take(r, *size);
}

static void read_in(struct sg_btc_in *in, struct sg_reader *r)
{
    sg_reader_bytes(in->txid, r, SG_BTC_HASH);
    in->index = (uint32_t)sg_reader_le(r, 4);
    in->script = read_bytes(&in->script_size, r);
    in->sequence = (uint32_t)sg_reader_le(r, 4);
    in->witness = NULL;
    in->witness_size = 0;
    in->n_witness = 0;
}

static void read_out(struct sg_btc_out *out, struct sg_reader *r)
{
    out->sat = sg_reader_le(r, 8);
    out->script = read_bytes(&out->script_size, r);
}

static enum sg_status read_ins(struct sg_btc_block *block, struct sg_reader *r, size_t n,
                               struct sg_err *err)
{
    if (!SG_VEC_RESERVE(block->ins, block->n_ins, block->cap_ins, n))
        return sg_err_nomem(err);
    for (size_t i = 0; i < n && !r->failed; i++)
        read_in(&block->ins[block->n_ins + i], r);
    return r->failed ? cut(r, "an input", err) : SG_OK;
}

static enum sg_status read_outs(struct sg_btc_block *block, struct sg_btc_tx *tx,
                                struct sg_reader *r, struct sg_err *err)
{
    uint64_t n;
    if (!read_count(&n, r, OUT_MIN))
        return cut(r, "the list of outputs", err);
    tx->n_out = (size_t)n;
    if (!SG_VEC_RESERVE(block->outs, block->n_outs, block->cap_outs, tx->n_out))
        return sg_err_nomem(err);
    for (size_t i = 0; i < tx->n_out && !r->failed; i++)
        read_out(&block->outs[block->n_outs + i], r);
    return r->failed ? cut(r, "an output", err) : SG_OK;
}

static void read_witness(struct sg_btc_in *in, struct sg_reader *r)
{
    uint64_t n;
    if (!read_count(&n, r, 1))
        r->failed = true;
    const size_t from = r->off;
    in->n_witness = r->failed ? 0 : (uint32_t)n;
    for (uint32_t i = 0; i < in->n_witness && !r->failed; i++) {
        size_t size;
        (void)read_bytes(&size, r);
    }
    in->witness = r->base + from;
    in->witness_size = r->off - from;
}

static bool any_witness(const struct sg_btc_in *ins, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (ins[i].n_witness)
            return true;
    return false;
}

static enum sg_status read_witnesses(struct sg_btc_block *block, const struct sg_btc_tx *tx,
                                     struct sg_reader *r, struct sg_err *err)
{
    struct sg_btc_in *ins = block->ins + block->n_ins;
    for (size_t i = 0; i < tx->n_in && !r->failed; i++)
        read_witness(&ins[i], r);
    if (r->failed)
        return cut(r, "a witness", err);
    if (!any_witness(ins, tx->n_in))
        return sg_err_at(err, SG_EPARSE, r->off,
                         "a transaction has the form with witness and no witness");
    return SG_OK;
}

/* Transactions that are hashed in one call, two messages each: few enough that their bytes are
 * still near after they were read. */
#define HASH_BATCH 64

/* The identifier leaves out marker, flag and what they announce: BIP-141. */
static struct sg_sha256d_job stripped(uint8_t hash[SG_BTC_HASH], const struct sg_btc_tx *tx,
                                      const uint8_t *bytes)
{
    return (struct sg_sha256d_job){
        hash, {{bytes, 4}, {bytes + 6, tx->witness_at - 6}, {bytes + tx->size - 4, 4}}, 3};
}

/* What the hashes of a transaction are of; both are the same where there is no witness. Returns the
 * number of jobs. */
static size_t hash_jobs(struct sg_sha256d_job *jobs, struct sg_btc_tx *tx, const uint8_t *bytes)
{
    jobs[0] = tx->is_hogex ? stripped(tx->wtxid, tx, bytes)
                           : (struct sg_sha256d_job){tx->wtxid, {{bytes, tx->size}}, 1};
    if (!tx->has_witness)
        return 1;
    jobs[1] = stripped(tx->txid, tx, bytes);
    return 2;
}

/* In: n   at most HASH_BATCH. */
static void identify(struct sg_btc_tx *txs, size_t n, const uint8_t *base)
{
    struct sg_sha256d_job jobs[2 * HASH_BATCH];
    size_t n_jobs = n ? hash_jobs(jobs, &txs[0], base + txs[0].offset) : 0;
    if (n == 0)
        return;
    for (size_t i = 1; i < n; i++)
        n_jobs += hash_jobs(jobs + n_jobs, &txs[i], base + txs[i].offset);
    sg_sha256d_many(jobs, n_jobs);
    for (size_t i = 0; i < n; i++)
        if (!txs[i].has_witness)
            memcpy(txs[i].txid, txs[i].wtxid, SG_BTC_HASH);
}

#define FLAG_WITNESS 1
#define FLAG_MWEB    8

/* Zero inputs cannot be: that byte marks a form with more, and the next one says of what. A flag of
 * the extension block stands, in blocks, on the HogEx alone, which has no witness. */
static enum sg_status read_marker(struct sg_btc_tx *tx, bool may_extend, struct sg_reader *r,
                                  struct sg_err *err)
{
    tx->has_witness = tx->is_hogex = false;
    if (sg_reader_left(r) < 2 || r->base[r->off] != 0)
        return SG_OK;
    const uint8_t flag = r->base[r->off + 1];
    tx->has_witness = flag == FLAG_WITNESS;
    tx->is_hogex = may_extend && flag == FLAG_MWEB;
    if (!tx->has_witness && !tx->is_hogex)
        return sg_err_at(err, SG_EPARSE, r->off,
                         "a transaction has no inputs, or a form with an unknown flag (%u)", flag);
    (void)sg_reader_take(r, 2);
    return SG_OK;
}

/* Where a transaction of the extension block would stand, a HogEx has a zero. */
static enum sg_status read_hogex_end(struct sg_reader *r, struct sg_err *err)
{
    const size_t at = r->off;
    if (sg_reader_le(r, 1) == 0)
        return SG_OK;
    return sg_err_at(err, SG_EPARSE, at, "a transaction of the extension block outside of it");
}

static enum sg_status read_body(struct sg_btc_tx *tx, struct sg_btc_block *block,
                                struct sg_reader *r, struct sg_err *err)
{
    uint64_t n_in;
    tx->version = (int32_t)sg_reader_le(r, 4);
    enum sg_status st = read_marker(tx, block->may_extend, r, err);
    if (st != SG_OK)
        return st;
    if (!read_count(&n_in, r, IN_MIN))
        return cut(r, "the list of inputs", err);
    if (n_in == 0)
        return sg_err_at(err, SG_EPARSE, r->off, "a transaction has no inputs");
    tx->n_in = (size_t)n_in;
    st = read_ins(block, r, tx->n_in, err);
    if (st == SG_OK)
        st = read_outs(block, tx, r, err);
    tx->witness_at = r->off - tx->offset;
    if (st == SG_OK && tx->has_witness)
        st = read_witnesses(block, tx, r, err);
    if (st == SG_OK && tx->is_hogex)
        st = read_hogex_end(r, err);
    tx->locktime = (uint32_t)sg_reader_le(r, 4);
    if (st == SG_OK && r->failed)
        st = cut(r, "a transaction", err);
    if (st != SG_OK)
        return st;
    tx->size = r->off - tx->offset;
    return SG_OK;
}

/* All but the hashes of a transaction. */
static enum sg_status read_tx(struct sg_btc_block *block, struct sg_reader *r, struct sg_err *err)
{
    if (!SG_VEC_RESERVE(block->txs, block->n_txs, block->cap_txs, 1))
        return sg_err_nomem(err);
    struct sg_btc_tx *tx = &block->txs[block->n_txs];
    tx->offset = r->off;
    tx->first_in = block->n_ins;
    tx->first_out = block->n_outs;
    const enum sg_status st = read_body(tx, block, r, err);
    if (st != SG_OK)
        return st;
    block->n_txs++;
    block->n_ins += tx->n_in;
    block->n_outs += tx->n_out;
    return SG_OK;
}

enum sg_status sg_btc_tx_read(struct sg_btc_block *block, struct sg_reader *r, struct sg_err *err)
{
    const enum sg_status st = read_tx(block, r, err);
    if (st == SG_OK)
        identify(&block->txs[block->n_txs - 1], 1, r->base);
    return st;
}

enum sg_status sg_btc_header_read(struct sg_btc_header *header, struct sg_reader *r,
                                  struct sg_err *err)
{
    if (sg_reader_left(r) < SG_BTC_HEADER)
        return cut(r, "a block header", err);
    const struct sg_sha256_part whole = {r->base + r->off, SG_BTC_HEADER};
    sg_sha256d(header->hash, &whole, 1);
    header->version = (int32_t)sg_reader_le(r, 4);
    sg_reader_bytes(header->previous, r, SG_BTC_HASH);
    sg_reader_bytes(header->merkle_root, r, SG_BTC_HASH);
    header->time = (uint32_t)sg_reader_le(r, 4);
    header->bits = (uint32_t)sg_reader_le(r, 4);
    header->nonce = (uint32_t)sg_reader_le(r, 4);
    return SG_OK;
}

/* All that is left behind a HogEx; a block that was put together from its JSON lacks it. */
static enum sg_status read_extension(struct sg_btc_block *block, struct sg_reader *r,
                                     struct sg_err *err)
{
    block->extension_size = 0;
    for (size_t t = 0; t < block->n_txs; t++) {
        if (!block->txs[t].is_hogex)
            continue;
        if (t + 1 < block->n_txs || t == 0)
            return sg_err_at(err, SG_EPARSE, block->txs[t].offset,
                             "the HogEx is not the last transaction");
        block->extension_size = sg_reader_left(r);
        (void)sg_reader_take(r, block->extension_size);
    }
    return SG_OK;
}

enum sg_status sg_btc_block_read(struct sg_btc_block *block, struct sg_reader *r,
                                 struct sg_err *err)
{
    uint64_t n;
    block->n_txs = block->n_ins = block->n_outs = 0;
    enum sg_status st = sg_btc_header_read(&block->header, r, err);
    if (st != SG_OK)
        return st;
    if (!read_count(&n, r, TX_MIN))
        return cut(r, "the list of transactions", err);
    for (uint64_t i = 0; st == SG_OK && i < n;) {
        const size_t first = block->n_txs;
        for (size_t k = 0; st == SG_OK && k < HASH_BATCH && i < n; k++, i++)
            st = read_tx(block, r, err);
        if (st == SG_OK)
            identify(&block->txs[first], block->n_txs - first, r->base);
    }
    return st == SG_OK ? read_extension(block, r, err) : st;
}

bool sg_btc_in_is_coinbase(const struct sg_btc_in *in)
{
    static const uint8_t none[SG_BTC_HASH] = {0};
    return in->index == UINT32_MAX && memcmp(in->txid, none, SG_BTC_HASH) == 0;
}

static void reverse(uint8_t out[SG_BTC_HASH], const uint8_t in[SG_BTC_HASH])
{
    for (size_t i = 0; i < SG_BTC_HASH; i++)
        out[i] = in[SG_BTC_HASH - 1 - i];
}

char *sg_btc_hash_text(char text[SG_BTC_HASH_TEXT_MAX], const uint8_t hash[SG_BTC_HASH])
{
    uint8_t shown[SG_BTC_HASH];
    reverse(shown, hash);
    return sg_hex_encode(text, shown, SG_BTC_HASH);
}

bool sg_btc_hash_parse(uint8_t hash[SG_BTC_HASH], const char *text, size_t size)
{
    uint8_t shown[SG_BTC_HASH];
    if (!sg_hex_decode(shown, SG_BTC_HASH, text, size))
        return false;
    reverse(hash, shown);
    return true;
}
