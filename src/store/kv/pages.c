#include "store/kv/pages_internal.h"

#include "base/mem.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define PAGE_HEADER  16u
#define PAGE_MIN     512u
#define PAGE_MAX     65536u
#define NODE_HEADER  8u
#define DEPTH_MAX    32u
#define FLAG_BRANCH  0x01u
#define FLAG_LEAF    0x02u
#define FLAG_META    0x08u
#define NODE_BIG     0x01u /* The value is the number of the first of its own pages. */
#define DB_INT_KEY   0x08u
#define DB_ODD       0x77u /* Fixed map, reversed or duplicate keys: never ours. */
#define NO_PAGE      UINT64_MAX
#define META_MAGIC   0xbeefc0deu
#define META_VERSION 1u
#define FIRST_PAGE   2u /* Behind the two meta pages. */

struct tree {
    uint32_t page_size; /* Of the free tree: that of the file. */
    uint16_t flags, depth;
    uint64_t root;
};

struct meta {
    struct tree free, main;
    uint64_t last_page, txn_id;
};

struct walk {
    int fd;
    uint32_t page_size;
    uint64_t last_page, n_visited;
    uint8_t *used;  /* A bit a page; NULL: not kept. */
    uint8_t *pages; /* One page for each level. */
    bool is_free;   /* The tree of free pages. */
    struct sg_err *err;
};

static uint16_t load16(const uint8_t *at)
{
    uint16_t value;
    memcpy(&value, at, sizeof(value));
    return value;
}

static uint32_t load32(const uint8_t *at)
{
    uint32_t value;
    memcpy(&value, at, sizeof(value));
    return value;
}

static uint64_t load64(const uint8_t *at)
{
    uint64_t value;
    memcpy(&value, at, sizeof(value));
    return value;
}

static enum sg_status corrupt(struct sg_err *err, uint64_t page)
{
    return sg_err_set(err, SG_ECORRUPT, "page %llu of the store's file is damaged",
                      (unsigned long long)page);
}

static enum sg_status read_at(int fd, uint8_t *bytes, size_t size, uint64_t at, struct sg_err *err)
{
    while (size > 0) {
        const ssize_t n = pread(fd, bytes, size, (off_t)at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return sg_err_os(err, errno, "cannot read the store's file");
        if (n == 0)
            return sg_err_set(err, SG_ECORRUPT, "the store's file is cut short");
        bytes += n;
        at += (uint64_t)n;
        size -= (size_t)n;
    }
    return SG_OK;
}

static struct tree parse_tree(const uint8_t *at)
{
    return (struct tree){load32(at), load16(at + 4), load16(at + 6), load64(at + 40)};
}

static bool tree_fits(const struct tree *tree, uint64_t last_page)
{
    if (tree->root == NO_PAGE)
        return true;
    return tree->depth > 0 && tree->depth <= DEPTH_MAX && tree->root >= FIRST_PAGE &&
           tree->root <= last_page && !(tree->flags & DB_ODD);
}

/* What LMDB believes of both meta pages. */
static enum sg_status read_meta(struct meta *meta, int fd, uint64_t page, uint64_t page_size,
                                struct sg_err *err)
{
    uint8_t bytes[PAGE_HEADER + 136];
    const uint8_t *body = bytes + PAGE_HEADER;
    const enum sg_status st = read_at(fd, bytes, sizeof(bytes), page * page_size, err);
    if (st != SG_OK)
        return st;
    *meta = (struct meta){parse_tree(body + 24), parse_tree(body + 72), load64(body + 120),
                          load64(body + 128)};
    const uint32_t size = meta->free.page_size;
    if (!(load16(bytes + 10) & FLAG_META) || load32(body) != META_MAGIC ||
        load32(body + 4) != META_VERSION || size < PAGE_MIN || size > PAGE_MAX ||
        (size & (size - 1)) != 0)
        return corrupt(err, page);
    return SG_OK;
}

/* And of the newest alone: the other may be half written, after a crash. */
static enum sg_status check_meta(const struct meta *meta, struct sg_err *err)
{
    if (!(meta->free.flags & DB_INT_KEY) || meta->main.flags != 0 || meta->last_page < 1 ||
        meta->last_page > (uint64_t)INT64_MAX / meta->free.page_size ||
        !tree_fits(&meta->free, meta->last_page) || !tree_fits(&meta->main, meta->last_page))
        return sg_err_set(err, SG_ECORRUPT, "the head of the store's file is damaged");
    return SG_OK;
}

enum sg_status sg_pages_check_head(int fd, uint64_t size, struct sg_err *err)
{
    struct meta first, second;
    enum sg_status st = read_meta(&first, fd, 0, 0, err);
    if (st == SG_OK)
        st = read_meta(&second, fd, 1, first.free.page_size, err);
    if (st != SG_OK)
        return st;
    if (second.free.page_size != first.free.page_size)
        return corrupt(err, 1);
    const struct meta *newest = second.txn_id > first.txn_id ? &second : &first;
    st = check_meta(newest, err);
    if (st == SG_OK && newest->last_page >= size / first.free.page_size)
        return sg_err_set(err, SG_ECORRUPT, "the store's file is cut short");
    return st;
}

/* Pages [first, first + n) exist and, where that is kept, were not in use before. */
static bool use(struct walk *w, uint64_t first, uint64_t n)
{
    if (first < FIRST_PAGE || first > w->last_page || n > w->last_page + 1 - first)
        return false;
    for (uint64_t page = first; w->used && page < first + n; page++) {
        const uint8_t bit = (uint8_t)(1u << (page & 7));
        if (w->used[page >> 3] & bit)
            return false;
        w->used[page >> 3] |= bit;
    }
    return true;
}

/* A record of the free tree: a count, then as many pages, the highest first. */
static bool free_list_fits(struct walk *w, const uint8_t *bytes, uint64_t size)
{
    const uint64_t n = size >= 8 ? load64(bytes) : UINT64_MAX;
    uint64_t above = UINT64_MAX;
    if (size % 8 != 0 || n != size / 8 - 1)
        return false;
    for (uint64_t i = 1; i <= n; i++) {
        const uint64_t page = load64(bytes + 8 * i);
        if (page >= above || !use(w, page, 1))
            return false;
        above = page;
    }
    return true;
}

static enum sg_status check_big_free_list(struct walk *w, uint64_t page, uint64_t size)
{
    uint8_t *bytes = sg_mem_alloc((size_t)size, 1);
    if (!bytes)
        return sg_err_nomem(w->err);
    enum sg_status st =
        read_at(w->fd, bytes, (size_t)size, page * w->page_size + PAGE_HEADER, w->err);
    if (st == SG_OK && !free_list_fits(w, bytes, size))
        st = corrupt(w->err, page);
    sg_mem_free(bytes);
    return st;
}

static enum sg_status check_leaf_node(struct walk *w, const uint8_t *node, uint64_t room,
                                      uint64_t page)
{
    const uint64_t size = load16(node) | (uint64_t)load16(node + 2) << 16;
    const uint16_t flags = load16(node + 4), key_size = load16(node + 6);
    const uint8_t *value = node + NODE_HEADER + key_size;
    const uint64_t left = room - NODE_HEADER - key_size;
    if ((flags & ~NODE_BIG) != 0 || (w->is_free && key_size != 8))
        return corrupt(w->err, page);
    if (!(flags & NODE_BIG)) {
        const bool fits = size <= left && (!w->is_free || free_list_fits(w, value, size));
        return fits ? SG_OK : corrupt(w->err, page);
    }
    if (left < 8 || !use(w, load64(value), (size + PAGE_HEADER - 1) / w->page_size + 1))
        return corrupt(w->err, page);
    return w->is_free ? check_big_free_list(w, load64(value), size) : SG_OK;
}

/* The node at slot i; its header and key are inside the page. */
static const uint8_t *node_at(uint64_t *room, const struct walk *w, const uint8_t *bytes, size_t i)
{
    const uint16_t at = load16(bytes + PAGE_HEADER + 2 * i);
    if (at < load16(bytes + 14) || at % 2 || at > w->page_size - NODE_HEADER)
        return NULL;
    *room = w->page_size - at;
    return load16(bytes + at + 6) <= *room - NODE_HEADER ? bytes + at : NULL;
}

static bool page_fits(const struct walk *w, const uint8_t *bytes, uint64_t page, uint16_t kind)
{
    const uint16_t lower = load16(bytes + 12), upper = load16(bytes + 14);
    const size_t n = lower >= PAGE_HEADER ? (lower - PAGE_HEADER) / 2u : 0;
    return load64(bytes) == page && load16(bytes + 10) == kind && lower <= upper &&
           upper <= w->page_size && n >= (kind == FLAG_BRANCH ? 2u : 1u);
}

/* The tree has all its leaves at one depth, so the recursion ends there. */
static enum sg_status check_page(struct walk *w, uint64_t page, unsigned level, unsigned depth)
{
    uint8_t *bytes = w->pages + (size_t)level * w->page_size;
    const bool leaf = level + 1 == depth;
    if (!use(w, page, 1) || w->n_visited++ > w->last_page)
        return corrupt(w->err, page);
    enum sg_status st = read_at(w->fd, bytes, w->page_size, page * w->page_size, w->err);
    if (st == SG_OK && !page_fits(w, bytes, page, leaf ? FLAG_LEAF : FLAG_BRANCH))
        st = corrupt(w->err, page);
    if (st != SG_OK)
        return st;
    const size_t n = (load16(bytes + 12) - PAGE_HEADER) / 2u;
    for (size_t i = 0; st == SG_OK && i < n; i++) {
        uint64_t room;
        const uint8_t *node = node_at(&room, w, bytes, i);
        if (!node)
            return corrupt(w->err, page);
        if (leaf)
            st = check_leaf_node(w, node, room, page);
        else
            st = check_page(w,
                            load16(node) | (uint64_t)load16(node + 2) << 16 |
                                (uint64_t)load16(node + 4) << 32,
                            level + 1, depth);
    }
    return st;
}

static enum sg_status check_tree(struct walk *w, const struct tree *tree, bool is_free)
{
    w->is_free = is_free;
    return tree->root == NO_PAGE ? SG_OK : check_page(w, tree->root, 0, tree->depth);
}

static enum sg_status find_meta(struct meta *meta, int fd, uint64_t txn_id, struct sg_err *err)
{
    struct meta second;
    enum sg_status st = read_meta(meta, fd, 0, 0, err);
    if (st == SG_OK && meta->txn_id != txn_id) {
        st = read_meta(&second, fd, 1, meta->free.page_size, err);
        *meta = second;
    }
    if (st != SG_OK)
        return st;
    return meta->txn_id == txn_id ? check_meta(meta, err) : SG_ENOTFOUND;
}

enum sg_status sg_pages_check_trees(int fd, uint64_t txn_id, bool with_free, struct sg_err *err)
{
    struct meta meta;
    enum sg_status st = find_meta(&meta, fd, txn_id, err);
    if (st != SG_OK)
        return st;
    struct walk w = {
        .fd = fd, .page_size = meta.free.page_size, .last_page = meta.last_page, .err = err};
    w.pages = sg_mem_alloc(DEPTH_MAX, w.page_size);
    w.used = with_free ? sg_mem_zalloc((size_t)(meta.last_page / 8 + 1), 1) : NULL;
    if (!w.pages || (with_free && !w.used))
        st = sg_err_nomem(err);
    if (st == SG_OK)
        st = check_tree(&w, &meta.main, false);
    if (st == SG_OK && with_free)
        st = check_tree(&w, &meta.free, true);
    sg_mem_free(w.used);
    sg_mem_free(w.pages);
    return st;
}
