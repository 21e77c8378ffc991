#include "store/import/clash_internal.h"

#include "base/mem.h"
#include "base/vec.h"
#include "store/engine/engine.h"

#include <stdlib.h>
#include <string.h>

/* Keys asked of the ledger at a time. */
#define ASK_COUNT 4096u

/* Keys with two blocks that may turn out to be of two transactions each. */
#define KEYS_SPARE 4096u

/* Who told a block of a hash, and when. */
struct told {
    uint8_t hash32[32];
    uint64_t block;
    uint64_t offset;
    uint32_t file;
};

struct sg_clash {
    struct sg_sorter *sorter;
    uint8_t latest_hash32[32]; /* added last, to leave out plain repetitions */
    uint64_t latest_block;
    uint64_t *keys; /* that have two blocks, ascending */
    size_t n_keys, cap_keys;
    struct told *told; /* of those keys */
    size_t n_told, cap_told;
    struct told *refused;
    size_t n_refused, cap_refused;
    uint64_t max;
};

/* Keys that follow each other, each with the block that was told first. */
struct question {
    uint64_t keys[ASK_COUNT];
    uint64_t blocks[ASK_COUNT];
    bool doubted[ASK_COUNT]; /* another block was told */
    size_t n;
    /* The ledger's answer, and what it has of those that it knows. */
    struct sg_tx_id ids[ASK_COUNT];
    bool several[ASK_COUNT];
    size_t asked[ASK_COUNT]; /* for which key */
    struct sg_tx_id known[ASK_COUNT];
    struct sg_tx txs[ASK_COUNT];
};

enum sg_status sg_clash_new(struct sg_clash **out, const char *dir, size_t memory_max,
                            bool threaded, struct sg_err *err)
{
    struct sg_clash *clash = sg_mem_zalloc(1, sizeof(*clash));
    if (!clash)
        return sg_err_nomem(err);
    const enum sg_status st = sg_sorter_new(&clash->sorter, dir, memory_max, true, threaded, err);
    if (st != SG_OK) {
        sg_mem_free(clash);
        return st;
    }
    *out = clash;
    return SG_OK;
}

enum sg_status sg_clash_add(struct sg_clash *clash, const uint8_t hash32[32], uint64_t block,
                            struct sg_err *err)
{
    if (sg_sorter_count(clash->sorter) && clash->latest_block == block &&
        memcmp(clash->latest_hash32, hash32, 32) == 0)
        return SG_OK;
    void *item;
    const enum sg_status st =
        sg_sorter_add(&item, clash->sorter, sg_engine_tx_key(hash32), sizeof(block), err);
    if (st != SG_OK)
        return st;
    memcpy(clash->latest_hash32, hash32, 32);
    clash->latest_block = block;
    memcpy(item, &block, sizeof(block));
    return SG_OK;
}

static enum sg_status too_many(const struct sg_clash *clash, struct sg_err *err)
{
    return sg_err_set(err, SG_ELIMIT,
                      "more than %llu transactions are told in two blocks; allow more bad rows",
                      (unsigned long long)clash->max);
}

static enum sg_status doubt_key(struct sg_clash *clash, uint64_t key, struct sg_err *err)
{
    if (clash->n_keys >= KEYS_SPARE && clash->n_keys - KEYS_SPARE >= clash->max)
        return too_many(clash, err);
    if (!SG_VEC_RESERVE(clash->keys, clash->n_keys, clash->cap_keys, 1))
        return sg_err_nomem(err);
    clash->keys[clash->n_keys++] = key;
    return SG_OK;
}

/* Doubt what the ledger has in another block. */
static enum sg_status compare_with(struct sg_ledger *ledger, struct question *q, struct sg_err *err)
{
    size_t n_known = 0;
    sg_engine_find_keys(q->ids, q->several, ledger, q->keys, q->n);
    for (size_t i = 0; i < q->n; i++) {
        q->doubted[i] |= q->several[i];
        if (q->ids[i].v == SG_TX_ID_NONE)
            continue;
        q->asked[n_known] = i;
        q->known[n_known++] = q->ids[i];
    }
    if (n_known == 0)
        return SG_OK;
    const enum sg_status st = ledger->ops->txs(ledger->self, q->txs, q->known, n_known, err);
    for (size_t i = 0; st == SG_OK && i < n_known; i++)
        q->doubted[q->asked[i]] |= q->txs[i].block != q->blocks[q->asked[i]];
    return st;
}

static enum sg_status ask(struct sg_clash *clash, struct question *q, struct sg_ledger *ledger,
                          struct sg_err *err)
{
    enum sg_status st = ledger ? compare_with(ledger, q, err) : SG_OK;
    for (size_t i = 0; st == SG_OK && i < q->n; i++)
        if (q->doubted[i])
            st = doubt_key(clash, q->keys[i], err);
    q->n = 0;
    return st;
}

/* Equal keys stand together, in the order of their arrival. */
static enum sg_status walk(struct sg_clash *clash, struct question *q, struct sg_ledger *ledger,
                           struct sg_err *err)
{
    enum sg_status st = SG_OK;
    uint64_t key;
    const uint64_t *block;
    while (st == SG_OK && (block = sg_sorter_next(&key, clash->sorter))) {
        if (q->n && q->keys[q->n - 1] == key) {
            q->doubted[q->n - 1] |= q->blocks[q->n - 1] != *block;
            continue;
        }
        if (q->n == ASK_COUNT)
            st = ask(clash, q, ledger, err);
        q->keys[q->n] = key;
        q->blocks[q->n] = *block;
        q->doubted[q->n++] = false;
    }
    return st == SG_OK ? ask(clash, q, ledger, err) : st;
}

static int compare_key(const void *left, const void *right)
{
    const uint64_t a = *(const uint64_t *)left;
    const uint64_t b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

enum sg_status sg_clash_finish(bool *recall, struct sg_clash *clash, struct sg_ledger *ledger,
                               uint64_t max, struct sg_err *err)
{
    clash->max = max;
    enum sg_status st = sg_sorter_finish(clash->sorter, err);
    if (st != SG_OK)
        return st;
    struct question *q = sg_mem_zalloc(1, sizeof(*q));
    if (!q)
        return sg_err_nomem(err);
    st = walk(clash, q, ledger, err);
    sg_mem_free(q);
    sg_sorter_free(clash->sorter);
    clash->sorter = NULL;
    *recall = clash->n_keys > 0;
    return st;
}

static int compare_told(const void *left, const void *right)
{
    const struct told *a = left;
    const struct told *b = right;
    const int c = memcmp(a->hash32, b->hash32, sizeof(a->hash32));
    return c ? c : (a->block > b->block) - (a->block < b->block);
}

/* By hash and block, who came first in front. */
static int compare_arrival(const void *left, const void *right)
{
    const struct told *a = left;
    const struct told *b = right;
    const int c = compare_told(left, right);
    if (c || a->file != b->file)
        return c ? c : (a->file > b->file) - (a->file < b->file);
    return (a->offset > b->offset) - (a->offset < b->offset);
}

/* Leave of each hash and block who told it first. */
static void compact(struct sg_clash *clash)
{
    size_t n = 0;
    if (clash->n_told)
        qsort(clash->told, clash->n_told, sizeof(*clash->told), compare_arrival);
    for (size_t i = 0; i < clash->n_told; i++)
        if (n == 0 || compare_told(&clash->told[n - 1], &clash->told[i]) != 0)
            clash->told[n++] = clash->told[i];
    clash->n_told = n;
}

enum sg_status sg_clash_recall(struct sg_clash *clash, const uint8_t hash32[32], uint64_t block,
                               uint32_t file, uint64_t offset, struct sg_err *err)
{
    const uint64_t key = sg_engine_tx_key(hash32);
    if (!bsearch(&key, clash->keys, clash->n_keys, sizeof(key), compare_key))
        return SG_OK;
    if (clash->n_told == clash->cap_told)
        compact(clash);
    /* Room for as many again, or it would soon be compacted for nothing. */
    if (!SG_VEC_RESERVE(clash->told, clash->n_told, clash->cap_told, clash->n_told + 1))
        return sg_err_nomem(err);
    struct told *told = &clash->told[clash->n_told++];
    *told = (struct told){.block = block, .offset = offset, .file = file};
    memcpy(told->hash32, hash32, sizeof(told->hash32));
    return SG_OK;
}

static bool came_first(const struct told *a, const struct told *b)
{
    return a->file != b->file ? a->file < b->file : a->offset < b->offset;
}

/* The block that is believed, of n told for one hash. */
static enum sg_status believed(uint64_t *block, const struct told *told, size_t n,
                               struct sg_ledger *ledger, struct sg_err *err)
{
    const struct told *first = told;
    for (size_t i = 1; i < n; i++)
        if (came_first(&told[i], first))
            first = &told[i];
    *block = first->block;
    if (!ledger)
        return SG_OK;
    struct sg_tx_id id;
    struct sg_tx tx;
    enum sg_status st = ledger->ops->find_txs(ledger->self, &id, &told->hash32, 1, err);
    if (st != SG_OK || id.v == SG_TX_ID_NONE)
        return st;
    st = ledger->ops->txs(ledger->self, &tx, &id, 1, err);
    if (st == SG_OK)
        *block = tx.block;
    return st;
}

static enum sg_status refuse(struct sg_clash *clash, const struct told *told, struct sg_err *err)
{
    if (clash->n_refused >= clash->max)
        return too_many(clash, err);
    if (!SG_VEC_RESERVE(clash->refused, clash->n_refused, clash->cap_refused, 1))
        return sg_err_nomem(err);
    clash->refused[clash->n_refused++] = *told;
    return SG_OK;
}

enum sg_status sg_clash_settle(struct sg_clash *clash, struct sg_ledger *ledger, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    compact(clash);
    for (size_t begin = 0, end; st == SG_OK && begin < clash->n_told; begin = end) {
        const struct told *told = &clash->told[begin];
        uint64_t block;
        for (end = begin + 1; end < clash->n_told; end++)
            if (memcmp(clash->told[end].hash32, told->hash32, sizeof(told->hash32)) != 0)
                break;
        st = believed(&block, told, end - begin, ledger, err);
        for (size_t i = 0; st == SG_OK && i < end - begin; i++)
            if (told[i].block != block)
                st = refuse(clash, &told[i], err);
    }
    return st;
}

bool sg_clash_refuses(const struct sg_clash *clash, const uint8_t hash32[32], uint64_t block)
{
    if (clash->n_refused == 0)
        return false;
    struct told key = {.block = block};
    memcpy(key.hash32, hash32, 32);
    return bsearch(&key, clash->refused, clash->n_refused, sizeof(key), compare_told) != NULL;
}

void sg_clash_free(struct sg_clash *clash)
{
    if (!clash)
        return;
    sg_sorter_free(clash->sorter);
    sg_mem_free(clash->keys);
    sg_mem_free(clash->told);
    sg_mem_free(clash->refused);
    sg_mem_free(clash);
}
