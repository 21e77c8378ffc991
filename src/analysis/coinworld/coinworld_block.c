/* Transactions into blocks: serialised once, named, counted; a block is mined when its time is over
 * or it is full. */
#include "analysis/coinworld/coinworld_internal.h"

#include "base/digest.h"
#include "base/vec.h"

#include <assert.h>
#include <string.h>

#define BITS          0x207fffffu /* regtest's target: every second hash meets it */
#define BLOCK_BYTES   1000000u
#define BLOCK_SECONDS 600
#define BLOCK_TXS     32u /* a block waits for as many */
#define COINBASE_MAX  256u
#define COMMITMENT    47u /* bytes of the output that commits to the witnesses */

static uint8_t *put_le(uint8_t *at, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++)
        *at++ = (uint8_t)(value >> (8 * i));
    return at;
}

static uint8_t *put_bytes(uint8_t *at, const void *bytes, size_t size)
{
    if (size) /* an empty block has no array of transactions */
        memcpy(at, bytes, size);
    return at + size;
}

/* Lengths here are below 2^32. */
static uint8_t *put_length(uint8_t *at, uint64_t n)
{
    if (n < 0xfd)
        return put_le(at, n, 1);
    *at++ = n <= UINT16_MAX ? 0xfd : 0xfe;
    return put_le(at, n, n <= UINT16_MAX ? 2 : 4);
}

static bool has_witness(const struct cw_draft *draft)
{
    for (size_t i = 0; i < draft->n_ins; i++)
        if (draft->ins[i].form != CW_P2PKH)
            return true;
    return false;
}

static uint8_t *put_in(uint8_t *at, struct cw_world *world, const struct cw_coin *coin,
                       uint32_t sequence)
{
    at = put_bytes(at, coin->txid, SG_BTC_HASH);
    at = put_le(at, coin->n, 4);
    at += sg_cw_sign_script(at, world, coin);
    return put_le(at, sequence, 4);
}

static uint8_t *put_out(uint8_t *at, struct cw_world *world, const struct cw_out *out)
{
    at = put_le(at, out->sat, 8);
    if (out->wallet == CW_NONE) { /* a note */
        const uint8_t note = world->draft.note;
        *at++ = (uint8_t)(note + (note > 75 ? 3 : 2));
        *at++ = 0x6a;
        if (note > 75)
            *at++ = 0x4c;
        *at++ = note;
        for (uint8_t i = 0; i < note; i++)
            *at++ = (uint8_t)sg_rng_next(&world->noise);
        return at;
    }
    *at = (uint8_t)sg_cw_script(at + 1, world, out->key, out->form);
    return at + 1 + *at;
}

/* Where parts of a serialised transaction begin. */
struct parts {
    uint8_t *begin, *body, *witness, *locktime, *end;
};

static uint32_t locktime_of(const struct cw_world *world)
{
    const struct cw_wallet *payer = &world->wallets[world->draft.payer];
    return payer->flags & CW_LOCKS ? (uint32_t)(world->block.height - 1) : 0;
}

static void serialise(struct parts *p, struct cw_world *world)
{
    const struct cw_draft *draft = &world->draft;
    const uint8_t flags = world->wallets[draft->payer].flags;
    const bool segwit = has_witness(draft);
    const uint32_t sequence = flags & CW_RBF     ? 0xfffffffd
                              : flags & CW_LOCKS ? 0xfffffffe
                                                 : 0xffffffff;
    p->begin = world->block.bytes + world->block.size;
    uint8_t *at = put_le(p->begin, flags & CW_NEW_VERSION ? 2 : 1, 4);
    if (segwit)
        at = put_bytes(at, "\x00\x01", 2);
    p->body = at;
    at = put_length(at, draft->n_ins);
    for (size_t i = 0; i < draft->n_ins; i++)
        at = put_in(at, world, &draft->ins[i], sequence);
    at = put_length(at, draft->n_outs);
    for (size_t i = 0; i < draft->n_outs; i++)
        at = put_out(at, world, &draft->outs[i]);
    p->witness = at;
    for (size_t i = 0; segwit && i < draft->n_ins; i++)
        at += sg_cw_sign_witness(at, world, &draft->ins[i]);
    p->locktime = at;
    p->end = put_le(at, locktime_of(world), 4);
}

static bool reserve(struct cw_world *world)
{
    struct cw_block *block = &world->block;
    const struct cw_draft *draft = &world->draft;
    const size_t room = 64 + draft->n_ins * (CW_SIGNED_MAX + 41) +
                        draft->n_outs * (9 + CW_SCRIPT_MAX) + draft->note;
    return SG_VEC_RESERVE(block->bytes, block->size, block->capacity, room) &&
           sg_vec_reserve((void **)&block->ids, &block->cap_ids, block->n, 1, 2 * SG_BTC_HASH);
}

/* Returns the transaction's id, in the block. */
static const uint8_t *name(struct cw_block *block, const struct parts *p)
{
    uint8_t *ids = block->ids + block->n * 2 * SG_BTC_HASH;
    const struct sg_sha256_part stripped[] = {
        {p->begin, 4}, {p->body, (size_t)(p->witness - p->body)}, {p->locktime, 4}};
    const struct sg_sha256_part whole = {p->begin, (size_t)(p->end - p->begin)};
    sg_sha256d(ids, stripped, 3);
    if (p->witness == p->locktime)
        memcpy(ids + SG_BTC_HASH, ids, SG_BTC_HASH);
    else
        sg_sha256d(ids + SG_BTC_HASH, &whole, 1);
    return ids;
}

static void tell_address(struct cw_world *world, const struct cw_out *out)
{
    uint8_t script[CW_SCRIPT_MAX];
    struct cw_wallet *about = &world->wallets[out->key & UINT32_MAX];
    const unsigned class = (unsigned)(out->key >> 56);
    const uint8_t flag = class == 1 ? CW_TOLD_POSTED : CW_TOLD_DEPOSIT;
    if (out->wallet == CW_NONE || out->known || (class && about->flags & flag))
        return;
    if (class)
        about->flags |= flag;
    const struct sg_coinworld_address address = {
        .script = script,
        .script_size = sg_cw_script(script, world, out->key, out->form),
        .owner = world->wallets[out->wallet].owner};
    world->summary.addresses++;
    if (world->status == SG_OK && world->sink->address)
        world->status = world->sink->address(world->sink->ctx, &address, world->err);
}

void sg_cw_tell(struct cw_world *world, const uint8_t txid[SG_BTC_HASH])
{
    const struct cw_draft *draft = &world->draft;
    struct sg_coinworld_tx tx = {.kind = draft->kind,
                                 .spenders = world->spenders,
                                 .n_spenders = draft->n_ins,
                                 .outs = world->told,
                                 .n_outs = draft->n_outs,
                                 .fee_sat = draft->n_ins ? draft->in_sat - draft->out_sat : 0,
                                 .theft = draft->theft,
                                 .chain = draft->chain,
                                 .step = draft->step};
    memcpy(tx.txid, txid, SG_BTC_HASH);
    for (size_t i = 0; i < draft->n_outs; i++)
        tell_address(world, &draft->outs[i]);
    for (size_t i = 0; i < draft->n_ins; i++)
        world->spenders[i] = world->wallets[draft->ins[i].wallet].owner;
    for (size_t i = 0; i < draft->n_outs; i++) {
        const struct cw_out *out = &draft->outs[i];
        world->told[i] = (struct sg_coinworld_out){
            out->wallet == CW_NONE ? SG_COINWORLD_NOBODY : world->wallets[out->wallet].owner,
            out->change};
    }
    for (size_t i = 0; tx.theft == CW_NONE && i < draft->n_ins; i++)
        tx.theft = sg_cw_theft_of(world, draft->ins[i].wallet);
    world->summary.per_kind[draft->kind]++;
    world->summary.shared += sg_coinworld_is_shared(draft->kind);
    if (world->status == SG_OK && world->sink->tx)
        world->status = world->sink->tx(world->sink->ctx, &tx, world->err);
}

static void remember(struct cw_world *world, const struct cw_out *out)
{
    if (out->wallet != CW_NONE)
        world->recent[world->n_recent++ % CW_RECENT] =
            (struct cw_recent){out->key, out->wallet, out->form};
}

/* What was paid becomes coins. */
static void keep_outs(struct cw_world *world, const uint8_t txid[SG_BTC_HASH])
{
    struct cw_draft *draft = &world->draft;
    for (size_t i = 0; i < draft->n_outs; i++) {
        struct cw_out *out = &draft->outs[i];
        struct cw_coin coin = {.sat = out->sat,
                               .key = out->key,
                               .n = (uint32_t)i,
                               .wallet = out->wallet,
                               .form = out->form};
        if (out->wallet == CW_NONE)
            continue;
        memcpy(coin.txid, txid, SG_BTC_HASH);
        out->slot = sg_cw_coin_new(world, &coin);
        if (out->slot != CW_NONE && !out->loose)
            sg_cw_coin_list(world, out->slot);
        remember(world, out);
    }
}

bool sg_cw_send(struct cw_world *world)
{
    struct cw_block *block = &world->block;
    struct cw_draft *draft = &world->draft;
    struct parts parts;
    assert(draft->n_ins && draft->n_outs && draft->in_sat >= draft->out_sat);
    if (!reserve(world)) {
        world->status = sg_err_nomem(world->err);
        return true;
    }
    serialise(&parts, world);
    const uint8_t *txid = name(block, &parts);
    block->size = (size_t)(parts.end - block->bytes);
    block->n++;
    block->fees += draft->in_sat - draft->out_sat;
    world->summary.transactions++;
    sg_cw_tell(world, txid);
    keep_outs(world, txid);
    return true;
}

void sg_cw_perhaps_close(struct cw_world *world)
{
    const struct cw_block *block = &world->block;
    const bool late = world->now_unix_s - block->opened_unix_s >= BLOCK_SECONDS;
    if ((late && block->n >= BLOCK_TXS) || block->size >= BLOCK_BYTES)
        sg_cw_close_block(world, world->at.pools + (uint32_t)sg_chance_rank(&world->rng, CW_POOLS));
}

/* Height as a number of script, and noise so that no two coinbases are one. */
static uint8_t *put_coinbase_script(uint8_t *at, struct cw_world *world)
{
    size_t n = 1;
    while (world->block.height >> (8 * n - 1))
        n++;
    *at++ = (uint8_t)(1 + n + 9);
    *at++ = (uint8_t)n;
    at = put_le(at, world->block.height, n);
    *at++ = 8;
    return put_le(at, sg_rng_next(&world->noise), 8);
}

static uint8_t *put_commitment(uint8_t *at, const uint8_t root[SG_BTC_HASH])
{
    static const uint8_t reserved[SG_BTC_HASH] = {0};
    const struct sg_sha256_part parts[] = {{root, SG_BTC_HASH}, {reserved, SG_BTC_HASH}};
    at = put_le(at, 0, 8);
    at = put_bytes(at, "\x26\x6a\x24\xaa\x21\xa9\xed", 7);
    sg_sha256d(at, parts, 2);
    return at + SG_BTC_HASH;
}

/* The coinbase with its one payee in the draft. */
static void serialise_coinbase(struct parts *p, uint8_t *at, struct cw_world *world,
                               const uint8_t root[SG_BTC_HASH])
{
    p->begin = at;
    at = put_le(at, 2, 4);
    at = put_bytes(at, "\x00\x01", 2);
    p->body = at;
    *at++ = 1;
    memset(at, 0, SG_BTC_HASH);
    at = put_le(at + SG_BTC_HASH, UINT32_MAX, 4);
    at = put_coinbase_script(at, world);
    at = put_le(at, UINT32_MAX, 4);
    *at++ = 2;
    at = put_out(at, world, &world->draft.outs[0]);
    at = put_commitment(at, root);
    p->witness = at;
    *at++ = 1;
    *at++ = SG_BTC_HASH;
    memset(at, 0, SG_BTC_HASH);
    p->locktime = at + SG_BTC_HASH;
    p->end = put_le(p->locktime, 0, 4);
}

/* Root over one of the two ids of all transactions; the coinbase's is given. */
static const uint8_t *root_of(struct cw_block *block, const uint8_t first[SG_BTC_HASH],
                              size_t which)
{
    memcpy(block->tree, first, SG_BTC_HASH);
    for (size_t i = 0; i < block->n; i++)
        memcpy(block->tree + (i + 1) * SG_BTC_HASH, block->ids + (2 * i + which) * SG_BTC_HASH,
               SG_BTC_HASH);
    (void)sg_btc_merkle(block->tree, block->n + 1);
    return block->tree;
}

/* Count up until the hash is below the target. */
static void mine(uint8_t header[SG_BTC_HEADER], struct cw_world *world,
                 const uint8_t root[SG_BTC_HASH])
{
    struct cw_block *block = &world->block;
    const struct sg_sha256_part whole = {header, SG_BTC_HEADER};
    uint8_t hash[SG_BTC_HASH];
    uint8_t *at = put_le(header, 0x20000000, 4);
    at = put_bytes(at, block->previous, SG_BTC_HASH);
    at = put_bytes(at, root, SG_BTC_HASH);
    at = put_le(at, (uint64_t)world->now_unix_s, 4);
    at = put_le(at, BITS, 4);
    for (uint32_t nonce = 0;; nonce++) {
        put_le(at, nonce, 4);
        sg_sha256d(hash, &whole, 1);
        if (sg_btc_hash_meets(hash, BITS))
            break;
    }
    memcpy(block->previous, hash, SG_BTC_HASH);
}

static bool reserve_block(struct cw_block *block)
{
    return sg_vec_reserve((void **)&block->tree, &block->cap_tree, block->n + 1, 0, SG_BTC_HASH) &&
           SG_VEC_RESERVE(block->whole, 0, block->cap_whole,
                          block->size + SG_BTC_HEADER + COINBASE_MAX);
}

/* A coinbase can be spent after a hundred blocks. */
static void mature(struct cw_world *world, uint32_t slot)
{
    uint32_t *place = &world->block.immature[world->block.height % CW_MATURE];
    if (world->block.height >= CW_MATURE && *place != CW_NONE)
        sg_cw_coin_list(world, *place);
    *place = slot;
}

static void begin_coinbase(struct cw_world *world, uint32_t miner)
{
    sg_cw_begin(world, SG_COINWORLD_COINBASE, miner);
    world->draft.theft = CW_NONE;
    struct cw_out *out =
        sg_cw_out(world, miner, CW_POSTED(miner), world->wallets[miner].form,
                  sg_btc_subsidy(world->options->params, world->block.height) + world->block.fees);
    out->loose = true;
}

void sg_cw_close_block(struct cw_world *world, uint32_t miner)
{
    static const uint8_t none[SG_BTC_HASH] = {0};
    struct cw_block *block = &world->block;
    struct parts parts;
    uint8_t txid[SG_BTC_HASH];
    if (world->status == SG_OK && !reserve_block(block))
        world->status = sg_err_nomem(world->err);
    if (world->status != SG_OK)
        return;
    begin_coinbase(world, miner);
    uint8_t *at = put_length(block->whole + SG_BTC_HEADER, block->n + 1);
    serialise_coinbase(&parts, at, world, root_of(block, none, 1));
    const struct sg_sha256_part stripped[] = {
        {parts.begin, 4}, {parts.body, (size_t)(parts.witness - parts.body)}, {parts.locktime, 4}};
    sg_sha256d(txid, stripped, 3);
    mine(block->whole, world, root_of(block, txid, 0));
    at = put_bytes(parts.end, block->bytes, block->size);
    /* The truth knows the note of the witnesses as an output of nobody. */
    sg_cw_out(world, CW_NONE, 0, CW_P2TR, 0);
    sg_cw_tell(world, txid);
    keep_outs(world, txid);
    mature(world, world->draft.outs[0].slot);
    if (world->status == SG_OK && world->sink->block)
        world->status = world->sink->block(world->sink->ctx, block->whole,
                                           (size_t)(at - block->whole), world->err);
    block->size = block->n = 0;
    block->fees = 0;
    block->height++;
    block->opened_unix_s = world->now_unix_s;
    block->rate = sg_chance_heavy(&world->rng, 1, 6);
    world->summary.blocks++;
}
