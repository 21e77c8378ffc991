/* Blocks read and checked by all threads, joined to the chain by one at a time, in order. */
#include "store/blockset/blockset_internal.h"

#include "base/parallel.h"
#include "base/vec.h"

/* Less than this is read sooner than a thread starts. */
#define WORTH_A_THREAD ((size_t)128 * 1024)

struct walk {
    struct sg_blockset *set;
    const size_t *way;
    size_t left; /* of the way, from its end on */
    struct loaded *now, *next;
    size_t n_now, n_next;
    sg_blockset_join_fn join;
    void *ctx;
    bool stop;
    enum sg_status status;
    struct sg_err *err;
};

static enum sg_status load(struct loaded *loaded, const struct sg_blockset *set)
{
    const struct node *node = &set->nodes[loaded->node];
    struct sg_reader r;
    if (!SG_VEC_RESERVE(loaded->bytes, 0, loaded->cap_bytes, node->size))
        return sg_err_nomem(&loaded->why);
    if (!sg_blockset_read_at(loaded->bytes, &set->sources[node->source], node->offset, node->size))
        return sg_err_set(&loaded->why, SG_EPARSE, "its bytes are not there any more");
    sg_reader_init(&r, loaded->bytes, node->size);
    loaded->block.may_extend = set->params->extension_blocks;
    enum sg_status st = sg_btc_block_read(&loaded->block, &r, &loaded->why);
    if (st == SG_OK && sg_reader_left(&r))
        st = sg_err_at(&loaded->why, SG_EPARSE, r.off, "bytes behind the last transaction");
    if (st == SG_OK)
        st = sg_btc_block_check(&loaded->block, set->params->sha256d_work, &loaded->why);
    return st;
}

void sg_blockset_load(struct loaded *loaded, const struct sg_blockset *set, size_t node)
{
    loaded->node = node;
    loaded->status = load(loaded, set);
}

/* Which blocks are read next: one at least, where there is one. Returns their bytes. */
static size_t choose_next(struct walk *walk)
{
    size_t bytes = 0;
    walk->n_next = 0;
    while (walk->left && walk->n_next < AHEAD_BLOCKS) {
        const size_t node = walk->way[walk->left - 1];
        const size_t size = walk->set->nodes[node].size;
        if (walk->n_next && bytes + size > AHEAD_BYTES)
            break;
        bytes += size;
        walk->next[walk->n_next++].node = node;
        walk->left--;
    }
    return bytes;
}

static void join_now(struct walk *walk)
{
    for (size_t i = 0; i < walk->n_now && walk->status == SG_OK && !walk->stop; i++)
        walk->status = walk->join(&walk->stop, walk->ctx, &walk->now[i], walk->err);
}

static void work(void *ctx, size_t index)
{
    struct walk *walk = ctx;
    if (index == 0)
        join_now(walk);
    else
        sg_blockset_load(&walk->next[index - 1], walk->set, walk->next[index - 1].node);
}

enum sg_status sg_blockset_walk(struct sg_blockset *set, const size_t *way, size_t n,
                                size_t n_threads, sg_blockset_join_fn join, void *ctx,
                                struct sg_err *err)
{
    struct walk walk = {.set = set,
                        .way = way,
                        .left = n,
                        .now = set->loaded[0],
                        .next = set->loaded[1],
                        .join = join,
                        .ctx = ctx,
                        .status = SG_OK,
                        .err = err};
    size_t bytes_now = 0;
    do {
        const size_t bytes = choose_next(&walk);
        sg_parallel_for(bytes_now + bytes < WORTH_A_THREAD ? 1 : n_threads, 1 + walk.n_next, work,
                        &walk);
        struct loaded *const done = walk.now;
        walk.now = walk.next;
        walk.next = done;
        walk.n_now = walk.n_next;
        bytes_now = bytes;
    } while (walk.n_now && walk.status == SG_OK && !walk.stop);
    return walk.status;
}
