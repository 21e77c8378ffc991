/* Blocks into a tree, the branch with most work chosen, and the ledger brought there. */
#include "store/blockset/blockset_internal.h"

#include "base/mem.h"

#include <inttypes.h>
#include <string.h>

/* Each invalid block costs a look at all of them; a file with more than this is no node's. */
#define INVALID_MAX 1000

/* What one call works on. */
struct job {
    struct sg_blockset *set;
    struct sg_utxo *utxo;
    bool any_root;
    bool replaced; /* blocks were rolled back of which only the ledger had the bytes */
    bool again;    /* and what replaced them is invalid */
    size_t n_bad;
    size_t n_threads;
    const struct sg_progress *progress;
};

static bool is_first(const struct sg_btc_header *header)
{
    static const uint8_t nothing[SG_BTC_HASH] = {0};
    return memcmp(header->previous, nothing, SG_BTC_HASH) == 0;
}

static enum sg_status take_stored(struct sg_blockset *set, const struct sg_utxo *utxo,
                                  struct sg_err *err)
{
    const struct sg_utxo_block *blocks = sg_utxo_blocks(utxo);
    for (size_t i = 0; i < set->n_nodes; i++)
        if (set->nodes[i].state == NODE_STORED)
            set->nodes[i].state = NODE_NEW; /* of a call before */
    for (size_t b = 0; b < sg_utxo_n(utxo, SG_UTXO_BLOCKS); b++) {
        struct sg_btc_header header = {.time = blocks[b].time, .bits = blocks[b].bits};
        memcpy(header.hash, blocks[b].hash, SG_BTC_HASH);
        memcpy(header.previous, blocks[b].previous, SG_BTC_HASH);
        const enum sg_status st = sg_blockset_node(set, &header, NO_NODE, 0, blocks[b].size, err);
        if (st != SG_OK)
            return st;
        struct node *node = &set->nodes[sg_blockset_find(set, header.hash)];
        node->state = NODE_STORED;
        node->row = b;
        node->height = blocks[b].height;
        node->known_height = true;
    }
    return SG_OK;
}

/* BIP-34: since version 2 a coinbase begins with its height. */
static bool height_in_coinbase(uint64_t *height, const struct sg_btc_block *block)
{
    if (block->header.version < 2 || block->n_ins == 0)
        return false;
    const struct sg_btc_in *in = &block->ins[0];
    const size_t n = in->script_size ? in->script[0] : 0;
    if (n == 0 || n > 4 || in->script_size < 1 + n)
        return false;
    struct sg_reader r;
    sg_reader_init(&r, in->script + 1, n);
    *height = sg_reader_le(&r, n);
    return true;
}

static void root_height(struct sg_blockset *set, struct node *node)
{
    struct loaded *room = &set->loaded[0][0];
    node->known_height = node->known_height || is_first(&node->header);
    if (node->known_height || node->source == NO_NODE)
        return;
    sg_blockset_load(room, set, (size_t)(node - set->nodes));
    node->known_height = room->status == SG_OK && height_in_coinbase(&node->height, &room->block);
}

/* Height and work of a node whose parent, if it has one, is ready. */
static void settle(struct sg_blockset *set, struct node *node)
{
    const sg_u128 own = sg_btc_work(node->header.bits);
    node->work = own;
    node->ready = true;
    if (node->parent == NO_NODE) {
        node->root = (size_t)(node - set->nodes);
        root_height(set, node);
        return;
    }
    const struct node *parent = &set->nodes[node->parent];
    if (parent->state == NODE_INVALID)
        node->state = NODE_INVALID;
    if (__builtin_add_overflow(parent->work, own, &node->work))
        node->work = ~(sg_u128)0;
    node->root = parent->root;
    node->height = parent->height + 1;
    node->known_height = parent->known_height;
}

/* Parents first: walk up to what is ready, then settle the way back. `way` has room for all. */
static void settle_way(struct sg_blockset *set, size_t *way, size_t from)
{
    size_t n = 0;
    for (size_t at = from; at != NO_NODE && !set->nodes[at].ready; at = set->nodes[at].parent)
        way[n++] = at;
    while (n)
        settle(set, &set->nodes[way[--n]]);
}

static enum sg_status settle_all(struct sg_blockset *set, struct sg_err *err)
{
    size_t *way = sg_mem_alloc(set->n_nodes + 1, sizeof(*way));
    if (!way)
        return sg_err_nomem(err);
    for (size_t i = 0; i < set->n_nodes; i++) {
        set->nodes[i].parent = sg_blockset_find(set, set->nodes[i].header.previous);
        set->nodes[i].ready = false;
    }
    for (size_t i = 0; i < set->n_nodes; i++)
        settle_way(set, way, i);
    sg_mem_free(way);
    return SG_OK;
}

/* A branch that ends in a block without bytes which is not in the ledger cannot be gone. */
static bool can_be_tip(const struct node *node)
{
    return node->state != NODE_INVALID && node->known_height &&
           (node->state == NODE_STORED || node->source != NO_NODE);
}

/* The tip with most work; of equals the one that is in the ledger, then the one found first. With a
 * root, only among its branches. */
static size_t best_tip(const struct sg_blockset *set, size_t root)
{
    size_t best = NO_NODE;
    for (size_t i = 0; i < set->n_nodes; i++) {
        const struct node *node = &set->nodes[i];
        if (!can_be_tip(node) || (root != NO_NODE && node->root != root))
            continue;
        if (best == NO_NODE || node->work > set->nodes[best].work ||
            (node->work == set->nodes[best].work && node->state == NODE_STORED &&
             set->nodes[best].state != NODE_STORED))
            best = i;
    }
    return best;
}

static void mark_invalid(struct sg_blockset *set, size_t index, const struct sg_err *why)
{
    struct node *node = &set->nodes[index];
    char text[SG_BTC_HASH_TEXT_MAX];
    node->state = NODE_INVALID;
    sg_blockset_say(set, &set->sources[node->source], node->offset, "block %s is not followed: %s",
                    sg_btc_hash_text(text, node->header.hash), why->text);
}

/* The ledger's rows from `keep` on are not of the chain any more. */
static enum sg_status drop_from(struct job *job, size_t keep, struct sg_err *err)
{
    struct sg_blockset *set = job->set;
    for (size_t i = 0; i < set->n_nodes; i++)
        if (set->nodes[i].state == NODE_STORED && set->nodes[i].row >= keep) {
            set->nodes[i].state = NODE_NEW;
            job->replaced = job->replaced || set->nodes[i].source == NO_NODE;
            set->counts.rolled_back++;
        }
    return sg_utxo_rollback(job->utxo, keep, err);
}

/* Drop what the ledger has behind the fork on the same tree. Parts that do not hang together stand
 * one behind the other, so only the last of them can be cut. */
static enum sg_status roll_back(struct job *job, size_t root, size_t fork, struct sg_err *err)
{
    const struct sg_blockset *set = job->set;
    const size_t keep = fork == NO_NODE ? 0 : set->nodes[fork].row + 1;
    bool same = false, other = false;
    for (size_t i = 0; i < set->n_nodes; i++)
        if (set->nodes[i].state == NODE_STORED && set->nodes[i].row >= keep) {
            same = same || set->nodes[i].root == root;
            other = other || set->nodes[i].root != root;
        }
    if (!same)
        return SG_OK;
    if (other)
        return sg_err_set(
            err, SG_EUSAGE,
            "a better branch begins before other blocks of this ledger; read them all "
            "into a new ledger");
    return drop_from(job, keep, err);
}

static enum sg_status check_memory(const struct sg_blockset *set, const struct sg_utxo *utxo,
                                   struct sg_err *err)
{
    if (!set->memory_max || sg_mem_bytes() <= set->memory_max)
        return SG_OK;
    return sg_err_set(err, SG_ELIMIT,
                      "the ledger takes more than %" PRIu64 " bytes of memory after %zu blocks and "
                      "%zu outputs; it is as it was",
                      set->memory_max, sg_utxo_n(utxo, SG_UTXO_BLOCKS),
                      sg_utxo_n(utxo, SG_UTXO_OUT_SAT));
}

/* Append one block; *bad if it is invalid. */
static enum sg_status append(bool *bad, void *ctx, struct loaded *loaded, struct sg_err *err)
{
    struct job *job = ctx;
    struct sg_blockset *set = job->set;
    struct node *node = &set->nodes[loaded->node];
    struct sg_err *why = &loaded->why;
    enum sg_status st = loaded->status;
    if (st == SG_OK)
        st = check_memory(set, job->utxo, why);
    if (st == SG_OK)
        st = sg_utxo_append(job->utxo, &loaded->block, node->height, node->size, why);
    *bad = st == SG_EPARSE;
    if (*bad) {
        mark_invalid(set, loaded->node, why);
        return SG_OK;
    }
    if (st != SG_OK) {
        if (err)
            *err = *why;
        return st;
    }
    node->state = NODE_STORED;
    node->row = sg_utxo_n(job->utxo, SG_UTXO_BLOCKS) - 1;
    set->counts.appended++;
    if (!sg_progress_step(job->progress, set->counts.appended, set->n_nodes))
        return sg_err_set(err, SG_ECANCELLED, "stopped; the ledger is as it was");
    return SG_OK;
}

/* From the ledger to this tip. */
static enum sg_status go_to(bool *bad, struct job *job, size_t tip, struct sg_err *err)
{
    struct sg_blockset *set = job->set;
    size_t *way = sg_mem_alloc(set->n_nodes + 1, sizeof(*way));
    size_t n = 0, at = tip;
    if (!way)
        return sg_err_nomem(err);
    for (; at != NO_NODE && set->nodes[at].state != NODE_STORED; at = set->nodes[at].parent)
        way[n++] = at;
    *bad = false;
    const size_t appended = set->counts.appended;
    enum sg_status st = roll_back(job, set->nodes[tip].root, at, err);
    if (st == SG_OK)
        st = sg_blockset_walk(set, way, n, job->n_threads, append, job, err);
    *bad = st == SG_OK && set->counts.appended - appended < n;
    sg_mem_free(way);
    return st;
}

/* Go to the best tip under a root until nothing better is left. */
static enum sg_status follow(struct job *job, size_t root, struct sg_err *err)
{
    for (;;) {
        bool bad;
        const size_t tip = best_tip(job->set, root);
        if (tip == NO_NODE || job->set->nodes[tip].state == NODE_STORED)
            return SG_OK;
        enum sg_status st = go_to(&bad, job, tip, err);
        if (st != SG_OK)
            return st;
        job->again = bad && job->replaced;
        if (job->again)
            return SG_OK;
        if (bad && ++job->n_bad > INVALID_MAX)
            return sg_err_set(err, SG_ELIMIT, "more than %d invalid blocks", INVALID_MAX);
        if (bad)
            st = settle_all(job->set, err);
        if (st != SG_OK)
            return st;
    }
}

/* The root whose branch is the chain: the ledger's, else block 0's, else the one with most work. */
static size_t main_root(const struct sg_blockset *set, const struct sg_utxo *utxo)
{
    const bool empty = sg_utxo_n(utxo, SG_UTXO_BLOCKS) == 0;
    for (size_t i = 0; i < set->n_nodes; i++)
        if (empty ? is_first(&set->nodes[i].header) : set->nodes[i].state == NODE_STORED)
            return set->nodes[i].root;
    const size_t best = best_tip(set, NO_NODE);
    return best == NO_NODE ? NO_NODE : set->nodes[best].root;
}

/* Every root in the order of heights: the lowest that has not been done. */
static enum sg_status follow_all(struct job *job, struct sg_err *err)
{
    struct sg_blockset *set = job->set;
    enum sg_status st = SG_OK;
    bool *done = sg_mem_zalloc(set->n_nodes + 1, sizeof(*done));
    if (!done)
        return sg_err_nomem(err);
    while (st == SG_OK && !job->again) {
        size_t next = NO_NODE;
        for (size_t i = 0; i < set->n_nodes; i++)
            if (set->nodes[i].parent == NO_NODE && !done[i] &&
                (next == NO_NODE || set->nodes[i].height < set->nodes[next].height))
                next = i;
        if (next == NO_NODE)
            break;
        done[next] = true;
        st = follow(job, next, err);
    }
    sg_mem_free(done);
    return st;
}

/* Why a block that is not stored is aside. */
static enum sg_utxo_aside_why why_aside(const struct job *job, const struct node *node, size_t root)
{
    if (node->state == NODE_INVALID)
        return SG_UTXO_INVALID;
    if (!node->known_height || (!job->any_root && node->root != root))
        return SG_UTXO_ORPHAN;
    return SG_UTXO_STALE;
}

static void name_orphan(struct sg_blockset *set, const struct node *node)
{
    char text[SG_BTC_HASH_TEXT_MAX];
    if (node->parent == NO_NODE && node->source != NO_NODE)
        sg_blockset_say(set, &set->sources[node->source], node->offset,
                        "block %s is not followed: its parent never came%s",
                        sg_btc_hash_text(text, node->header.hash),
                        node->known_height ? "" : ", and its height is not known");
}

static bool is_elsewhere(void *ctx, const struct sg_utxo_aside *row)
{
    return sg_blockset_find(ctx, row->hash) == NO_NODE;
}

/* What is not in the chain is kept aside with its reason, and what was aside before and is not
 * among these blocks stays there. */
static enum sg_status set_aside(struct job *job, size_t root, struct sg_err *err)
{
    struct sg_blockset *set = job->set;
    enum sg_status st = SG_OK;
    sg_utxo_filter_aside(job->utxo, is_elsewhere, set);
    set->counts.stale = set->counts.orphans = set->counts.invalid = 0;
    for (size_t i = 0; st == SG_OK && i < set->n_nodes; i++) {
        const struct node *node = &set->nodes[i];
        if (node->state == NODE_STORED)
            continue;
        const enum sg_utxo_aside_why why = why_aside(job, node, root);
        set->counts.invalid += why == SG_UTXO_INVALID;
        set->counts.orphans += why == SG_UTXO_ORPHAN;
        set->counts.stale += why == SG_UTXO_STALE;
        if (why == SG_UTXO_ORPHAN)
            name_orphan(set, node);
        st = sg_utxo_set_aside(job->utxo, &node->header, why, err);
    }
    return st;
}

enum sg_status sg_blockset_connect(bool *again, struct sg_blockset *set, struct sg_utxo *utxo,
                                   bool any_root, size_t n_threads,
                                   const struct sg_progress *progress, struct sg_err *err)
{
    struct job job = {.set = set,
                      .utxo = utxo,
                      .any_root = any_root,
                      .n_threads = n_threads,
                      .progress = progress};
    set->counts.appended = set->counts.rolled_back = 0;
    enum sg_status st = take_stored(set, utxo, err);
    if (st == SG_OK)
        st = settle_all(set, err);
    if (st != SG_OK)
        return st;
    const size_t root = main_root(set, utxo);
    if (any_root)
        st = follow_all(&job, err);
    else if (root != NO_NODE)
        st = follow(&job, root, err);
    *again = job.again;
    return st == SG_OK && !job.again ? set_aside(&job, root, err) : st;
}
