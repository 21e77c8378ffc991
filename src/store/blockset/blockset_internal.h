#ifndef SG_STORE_BLOCKSET_INTERNAL_H
#define SG_STORE_BLOCKSET_INTERNAL_H

#include "base/buf.h"
#include "store/blockset/blockset.h"

#define NO_NODE SIZE_MAX

/* Where the bytes of blocks are: an open file, or memory. */
struct source {
    char *path;
    int fd; /* -1: memory */
    uint8_t *bytes;
    uint64_t size;
    uint8_t key[8]; /* each byte of the file is combined with it; zeros: as it is */
};

enum node_state {
    NODE_NEW,    /* in a source */
    NODE_STORED, /* in the ledger; without bytes unless it was found again */
    NODE_INVALID
};

struct node {
    struct sg_btc_header header;
    size_t source; /* NO_NODE: only in the ledger */
    uint64_t offset;
    uint32_t size;
    size_t parent; /* NO_NODE: it is not here */
    size_t root;   /* the first of its branch */
    size_t row;    /* in the ledger, where stored */
    uint64_t height;
    bool known_height;
    sg_u128 work; /* of the branch up to here */
    enum node_state state;
    bool ready; /* height and work are worked out */
};

/* A block as it was read and checked, or why it is none. */
struct loaded {
    struct sg_btc_block block;
    uint8_t *bytes;
    size_t cap_bytes;
    size_t node;
    enum sg_status status;
    struct sg_err why;
};

/* Blocks that are read ahead at a time: so many, or so many bytes, whichever comes first. */
#define AHEAD_BLOCKS 64
#define AHEAD_BYTES  ((size_t)8 * 1024 * 1024)

struct sg_blockset {
    const struct sg_btc_params *params;
    void (*note)(void *ctx, const struct sg_blockset_note *note);
    void *ctx;
    struct source *sources;
    size_t n_sources, cap_sources;
    struct node *nodes;
    size_t n_nodes, cap_nodes;
    size_t *slots; /* hash table of nodes + 1 */
    size_t mask;
    struct sg_blockset_counts counts;
    uint64_t memory_max;                   /* 0: no bound */
    struct loaded loaded[2][AHEAD_BLOCKS]; /* the blocks at hand, and those behind them */
};

void sg_blockset_say(struct sg_blockset *set, const struct source *source, uint64_t offset,
                     const char *fmt, ...) SG_PRINTF(4, 5);

/* A new source; takes bytes over. Returns NULL without memory (bytes are freed then). */
struct source *sg_blockset_source(struct sg_blockset *set, const char *path, int fd, uint8_t *bytes,
                                  uint64_t size);

/* Read n bytes at an offset; false if they are not there or the system refused. */
bool sg_blockset_read_at(uint8_t *bytes, const struct source *source, uint64_t offset, size_t n);

/* Note a block; the first of two with one hash counts. */
SG_MUST_CHECK enum sg_status sg_blockset_node(struct sg_blockset *set,
                                              const struct sg_btc_header *header, size_t source,
                                              uint64_t offset, uint32_t size, struct sg_err *err);
size_t sg_blockset_find(const struct sg_blockset *set, const uint8_t hash[SG_BTC_HASH]);

/* All blocks of a source in blk form. */
SG_MUST_CHECK enum sg_status sg_blockset_scan(struct sg_blockset *set, size_t source,
                                              struct sg_err *err);

/* Read a node's block whole and check it; what came of it is in `loaded`. SG_EPARSE: it is not what
 * it says. May run on several threads for several places. */
void sg_blockset_load(struct loaded *loaded, const struct sg_blockset *set, size_t node);

/* Join the block to the chain, or do what it takes where it is none. *stop: no further. */
typedef enum sg_status (*sg_blockset_join_fn)(bool *stop, void *ctx, struct loaded *loaded,
                                              struct sg_err *err);

/* Join the blocks way[n - 1] to way[0] in this order on one thread, while others read those that
 * come. Each join happens before the next. */
SG_MUST_CHECK enum sg_status sg_blockset_walk(struct sg_blockset *set, const size_t *way, size_t n,
                                              size_t n_threads, sg_blockset_join_fn join, void *ctx,
                                              struct sg_err *err);

#endif
