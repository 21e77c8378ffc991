#include "store/import/clash_internal.h"

#include "base/mem.h"
#include "base/vec.h"
#include "store/engine/engine.h"

#include <stdlib.h>
#include <string.h>

/* Hashes asked of the ledger at a time. */
#define ASK_COUNT 4096u

struct told {
    uint8_t hash32[32];
    uint64_t block;
};

/* One of those that share a key, with the order of its arrival. */
struct member {
    struct told told;
    size_t order;
};

struct sg_clash {
    struct sg_sorter *sorter;
    struct told latest; /* added last, to leave out plain repetitions */
    struct member *group;
    size_t n_group, cap_group;
    struct told *refused;
    size_t n_refused, cap_refused;
    uint64_t max;
};

/* Hashes with a block each, to be compared with the ledger. */
struct question {
    struct told told[ASK_COUNT];
    bool is_first[ASK_COUNT]; /* the first block that was told */
    uint8_t hashes[ASK_COUNT][32];
    struct sg_tx_id ids[ASK_COUNT];
    struct sg_tx_id found[ASK_COUNT];
    struct sg_tx txs[ASK_COUNT];
    size_t n;
};

enum sg_status sg_clash_new(struct sg_clash **out, const char *dir, size_t memory_max,
                            bool threaded, struct sg_err *err)
{
    struct sg_clash *clash = sg_mem_zalloc(1, sizeof(*clash));
    if (!clash)
        return sg_err_nomem(err);
    const enum sg_status st = sg_sorter_new(&clash->sorter, dir, memory_max, threaded, err);
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
    if (sg_sorter_count(clash->sorter) && clash->latest.block == block &&
        memcmp(clash->latest.hash32, hash32, 32) == 0)
        return SG_OK;
    void *item;
    const enum sg_status st =
        sg_sorter_add(&item, clash->sorter, sg_engine_tx_key(hash32), sizeof(struct told), err);
    if (st != SG_OK)
        return st;
    memcpy(clash->latest.hash32, hash32, 32);
    clash->latest.block = block;
    memcpy(item, &clash->latest, sizeof(clash->latest));
    return SG_OK;
}

static int compare_told(const void *left, const void *right)
{
    const struct told *a = left;
    const struct told *b = right;
    const int c = memcmp(a->hash32, b->hash32, sizeof(a->hash32));
    return c ? c : (a->block > b->block) - (a->block < b->block);
}

static enum sg_status refuse(struct sg_clash *clash, const struct told *told, struct sg_err *err)
{
    if (clash->n_refused >= clash->max)
        return sg_err_set(err, SG_ELIMIT,
                          "more than %llu transactions are told in two blocks; allow more bad rows",
                          (unsigned long long)clash->max);
    if (!SG_VEC_RESERVE(clash->refused, clash->n_refused, clash->cap_refused, 1))
        return sg_err_nomem(err);
    clash->refused[clash->n_refused++] = *told;
    return SG_OK;
}

/* found[] = the ids that exist, ascending, each with the place of its question in `told`. */
static int compare_id(const void *left, const void *right)
{
    const struct sg_tx_id *a = left;
    const struct sg_tx_id *b = right;
    return (a->v > b->v) - (a->v < b->v);
}

static const struct sg_tx *tx_of(const struct question *q, size_t n_found, struct sg_tx_id id)
{
    const struct sg_tx_id *at = bsearch(&id, q->found, n_found, sizeof(id), compare_id);
    return at ? &q->txs[at - q->found] : NULL;
}

/* Look all hashes of the question up; then tx_of finds those that the ledger holds. */
static enum sg_status look_up(size_t *n_found, struct question *q, struct sg_ledger *ledger,
                              struct sg_err *err)
{
    size_t n = 0;
    enum sg_status st =
        ledger->ops->find_txs(ledger->self, q->ids, (const uint8_t(*)[32])q->hashes, q->n, err);
    if (st != SG_OK)
        return st;
    for (size_t i = 0; i < q->n; i++)
        if (q->ids[i].v != SG_TX_ID_NONE)
            q->found[n++] = q->ids[i];
    qsort(q->found, n, sizeof(*q->found), compare_id);
    *n_found = n;
    return n ? ledger->ops->txs(ledger->self, q->txs, q->found, n, err) : SG_OK;
}

static enum sg_status ask(struct sg_clash *clash, struct question *q, struct sg_ledger *ledger,
                          struct sg_err *err)
{
    size_t n_found = 0;
    enum sg_status st = ledger && q->n ? look_up(&n_found, q, ledger, err) : SG_OK;
    for (size_t i = 0; i < q->n && st == SG_OK; i++) {
        const struct sg_tx *tx = n_found ? tx_of(q, n_found, q->ids[i]) : NULL;
        if (tx ? tx->block != q->told[i].block : !q->is_first[i])
            st = refuse(clash, &q->told[i], err);
    }
    q->n = 0;
    return st;
}

static int compare_member(const void *left, const void *right)
{
    const struct member *a = left;
    const struct member *b = right;
    const int c = memcmp(a->told.hash32, b->told.hash32, sizeof(a->told.hash32));
    return c ? c : (a->order > b->order) - (a->order < b->order);
}

/* Put the group's distinct pairs of hash and block to the question. */
static enum sg_status ask_group(struct sg_clash *clash, struct question *q,
                                struct sg_ledger *ledger, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    if (clash->n_group > 1)
        qsort(clash->group, clash->n_group, sizeof(*clash->group), compare_member);
    const struct told *first = NULL; /* of the hash at hand */
    const struct told *before = NULL;
    for (size_t i = 0; i < clash->n_group && st == SG_OK; i++) {
        const struct told *told = &clash->group[i].told;
        if (!first || memcmp(told->hash32, first->hash32, 32) != 0)
            first = told;
        else if (told->block == before->block)
            continue;
        before = told;
        memcpy(q->hashes[q->n], told->hash32, 32);
        q->is_first[q->n] = told->block == first->block;
        q->told[q->n++] = *told;
        if (q->n == ASK_COUNT)
            st = ask(clash, q, ledger, err);
    }
    clash->n_group = 0;
    return st;
}

static enum sg_status walk(struct sg_clash *clash, struct question *q, struct sg_ledger *ledger,
                           struct sg_err *err)
{
    enum sg_status st = SG_OK;
    uint64_t key;
    uint64_t group_key = 0;
    const struct told *told;
    while (st == SG_OK && (told = sg_sorter_next(&key, clash->sorter))) {
        if (key != group_key)
            st = ask_group(clash, q, ledger, err);
        group_key = key;
        if (st == SG_OK && !SG_VEC_RESERVE(clash->group, clash->n_group, clash->cap_group, 1))
            st = sg_err_nomem(err);
        if (st != SG_OK)
            break;
        clash->group[clash->n_group] = (struct member){*told, clash->n_group};
        clash->n_group++;
    }
    if (st == SG_OK)
        st = ask_group(clash, q, ledger, err);
    return st == SG_OK ? ask(clash, q, ledger, err) : st;
}

enum sg_status sg_clash_finish(struct sg_clash *clash, struct sg_ledger *ledger, uint64_t max,
                               struct sg_err *err)
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
    if (clash->n_refused)
        qsort(clash->refused, clash->n_refused, sizeof(*clash->refused), compare_told);
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
    sg_mem_free(clash->group);
    sg_mem_free(clash->refused);
    sg_mem_free(clash);
}
