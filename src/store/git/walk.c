/* The history: every commit that any ref reaches, read once, breadth first. */
#include "store/git/odb_internal.h"

#include "base/mem.h"
#include "base/vec.h"

#include <string.h>

/* An annotated tag may point at a tag. */
#define TAG_DEPTH_MAX 16
#define STEP_EVERY    256

struct walk {
    struct sg_git_history *history;
    const struct sg_git *git;
    size_t nodes_capacity, parents_capacity;
    size_t n_read; /* nodes before this one have their parents */
    sg_git_commit_fn commit;
    void *ctx;
};

static size_t slot_of(const struct sg_git_history *h, const struct sg_git_id *id)
{
    uint64_t key;
    memcpy(&key, id->bytes, sizeof(key));
    size_t slot = (size_t)(key * 0x9e3779b97f4a7c15u >> (64 - h->slot_bits));
    while (h->slots[slot] != SG_GIT_NO_NODE && sg_git_id_cmp(&h->nodes[h->slots[slot]].id, id) != 0)
        slot = (slot + 1) & (((size_t)1 << h->slot_bits) - 1);
    return slot;
}

uint32_t sg_git_history_find(const struct sg_git_history *history, const struct sg_git_id *id)
{
    return history->slots ? history->slots[slot_of(history, id)] : SG_GIT_NO_NODE;
}

/* Twice the slots, at least half of them free. */
static enum sg_status grow_slots(struct sg_git_history *h, struct sg_err *err)
{
    const unsigned bits = h->slot_bits ? h->slot_bits + 1 : 10;
    uint32_t *slots = sg_mem_alloc((size_t)1 << bits, sizeof(*slots));
    if (!slots)
        return sg_err_nomem(err);
    memset(slots, 0xff, ((size_t)1 << bits) * sizeof(*slots));
    sg_mem_free(h->slots);
    h->slots = slots;
    h->slot_bits = bits;
    for (size_t i = 0; i < h->n_nodes; i++)
        slots[slot_of(h, &h->nodes[i].id)] = (uint32_t)i;
    return SG_OK;
}

/* The node of the id, made if it is new. */
static enum sg_status add_node(uint32_t *node, struct walk *walk, const struct sg_git_id *id,
                               struct sg_err *err)
{
    struct sg_git_history *h = walk->history;
    enum sg_status st = SG_OK;
    if (!h->slots || h->n_nodes >= (size_t)1 << h->slot_bits >> 1)
        st = grow_slots(h, err);
    if (st != SG_OK)
        return st;
    const size_t slot = slot_of(h, id);
    if (h->slots[slot] == SG_GIT_NO_NODE) {
        if (h->n_nodes >= SG_GIT_NO_NODE - 1)
            return sg_err_set(err, SG_ELIMIT, "more than 2^32 - 2 commits");
        if (!SG_VEC_RESERVE(h->nodes, h->n_nodes, walk->nodes_capacity, 1))
            return sg_err_nomem(err);
        h->nodes[h->n_nodes] = (struct sg_git_node){.id = *id};
        h->slots[slot] = (uint32_t)h->n_nodes++;
    }
    *node = h->slots[slot];
    return SG_OK;
}

/* Whether the commit is there; a look-up costs less than reading, and a lost one must not get a
 * node. */
static enum sg_status find_or_add(uint32_t *node, struct walk *walk, const struct sg_git_id *id,
                                  struct sg_err *err)
{
    uint64_t size;
    *node = sg_git_history_find(walk->history, id);
    if (*node != SG_GIT_NO_NODE)
        return SG_OK;
    const enum sg_status st = sg_git_odb_size(&size, walk->git, id, NULL);
    if (st == SG_ENOMEM)
        return sg_err_nomem(err);
    if (st == SG_OK)
        return add_node(node, walk, id, err);
    walk->history->n_lost++;
    return SG_OK;
}

static enum sg_status add_parents(struct walk *walk, uint32_t node,
                                  const struct sg_git_commit_text *text, struct sg_err *err)
{
    struct sg_git_history *h = walk->history;
    if (!SG_VEC_RESERVE(h->parents, h->n_parents, walk->parents_capacity, text->n_parents) ||
        h->n_parents + text->n_parents > UINT32_MAX)
        return sg_err_nomem(err);
    h->nodes[node].parents_at = (uint32_t)h->n_parents;
    h->nodes[node].n_parents = (uint32_t)text->n_parents;
    for (size_t i = 0; i < text->n_parents; i++) {
        uint32_t parent;
        const enum sg_status st = find_or_add(&parent, walk, &text->parents[i], err);
        if (st != SG_OK)
            return st;
        h->parents[h->n_parents++] = parent;
        h->nodes[node].has_lost_parent |= parent == SG_GIT_NO_NODE;
    }
    return SG_OK;
}

/* A commit that cannot be parsed keeps its node, without parents: it is counted and 'partly read'.
 */
static enum sg_status read_node(struct walk *walk, uint32_t node, struct sg_err *err)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_git_commit_text text = {.author.name = {"", 0}, .message = {"", 0}};
    struct sg_git_node *n = &walk->history->nodes[node];
    struct odb_object object = {.handle = NULL};
    enum sg_status st = sg_git_odb_read(&object, walk->git, &n->id, NULL);
    if (st == SG_OK)
        st = object.type == ODB_COMMIT
                 ? sg_gitobj_commit(&text, &arena, object.bytes, object.size, NULL)
                 : SG_EPARSE;
    if (st == SG_ENOMEM)
        sg_err_nomem(err);
    else {
        walk->history->n_lost += st != SG_OK;
        n->has_lost_parent = st != SG_OK;
        n->time_unix_s = text.committer.dated ? text.committer.time_unix_s : 0;
        st = walk->commit ? walk->commit(walk->ctx, node, &text, err) : SG_OK;
    }
    if (st == SG_OK)
        st = add_parents(walk, node, &text, err);
    sg_git_odb_free(&object);
    sg_arena_clear(&arena);
    return st;
}

/* The commit behind a ref: tags are followed; a ref to a tree or file leads to none. */
static enum sg_status peel(struct sg_git_id *id, bool *is_commit, const struct sg_git *git,
                           struct sg_err *err)
{
    *is_commit = false;
    for (unsigned depth = 0; depth < TAG_DEPTH_MAX; depth++) {
        struct odb_object object = {.handle = NULL};
        enum sg_status st = sg_git_odb_read(&object, git, id, NULL);
        const enum odb_type type = object.type;
        if (st == SG_OK && type == ODB_TAG)
            st = sg_gitobj_tag(id, object.bytes, object.size, NULL);
        sg_git_odb_free(&object);
        if (st == SG_ENOMEM)
            return sg_err_nomem(err);
        *is_commit = st == SG_OK && type == ODB_COMMIT;
        if (st != SG_OK || type != ODB_TAG)
            break;
    }
    return SG_OK;
}

static bool is_branch(const char *name)
{
    static const char *const kinds[] = {"refs/heads/", "refs/remotes/", "refs/tags/"};
    for (size_t i = 0; i < SG_COUNT_OF(kinds); i++)
        if (strncmp(name, kinds[i], strlen(kinds[i])) == 0)
            return true;
    return strcmp(name, "HEAD") == 0;
}

static enum sg_status add_ref(void *ctx, const char *name, const struct sg_git_id *target,
                              struct sg_err *err)
{
    struct walk *walk = ctx;
    struct sg_git_id id = *target;
    bool is_commit;
    uint32_t node;
    enum sg_status st = peel(&id, &is_commit, walk->git, err);
    walk->history->n_refs++;
    if (st != SG_OK || !is_commit)
        return st;
    st = add_node(&node, walk, &id, err);
    if (st == SG_OK && is_branch(name))
        walk->history->nodes[node].on_branch = true;
    return st;
}

static enum sg_status read_all(struct walk *walk, const struct sg_progress *progress,
                               struct sg_err *err)
{
    struct sg_git_history *h = walk->history;
    for (; walk->n_read < h->n_nodes; walk->n_read++) {
        if (walk->n_read % STEP_EVERY == 0 && !sg_progress_step(progress, walk->n_read, 0))
            return sg_err_set(err, SG_ECANCELLED, "stopped while reading the history");
        const enum sg_status st = read_node(walk, (uint32_t)walk->n_read, err);
        if (st != SG_OK)
            return st;
    }
    return SG_OK;
}

/* Whether the first of two commits that are both ready comes later. */
static bool is_later(const struct sg_git_history *h, uint32_t a, uint32_t b)
{
    if (h->nodes[a].time_unix_s != h->nodes[b].time_unix_s)
        return h->nodes[a].time_unix_s > h->nodes[b].time_unix_s;
    return sg_git_id_cmp(&h->nodes[a].id, &h->nodes[b].id) > 0;
}

/* A binary heap of nodes, the earliest on top. */
static void heap_push(uint32_t *heap, size_t n, const struct sg_git_history *h, uint32_t node)
{
    size_t at = n;
    for (; at > 0 && is_later(h, heap[(at - 1) / 2], node); at = (at - 1) / 2)
        heap[at] = heap[(at - 1) / 2];
    heap[at] = node;
}

static uint32_t heap_pop(uint32_t *heap, size_t n, const struct sg_git_history *h)
{
    const uint32_t top = heap[0], last = heap[n - 1];
    size_t at = 0;
    for (size_t child = 1; child < n - 1; child = 2 * at + 1) {
        if (child + 1 < n - 1 && is_later(h, heap[child], heap[child + 1]))
            child++;
        if (!is_later(h, last, heap[child]))
            break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = last;
    return top;
}

/* Children of each node, as offsets into one array. */
struct children {
    uint32_t *at, *of, *waiting, *heap;
};

static enum sg_status list_children(struct children *c, const struct sg_git_history *h,
                                    struct sg_err *err)
{
    c->at = sg_mem_zalloc(h->n_nodes + 2, sizeof(*c->at));
    c->of = sg_mem_alloc(h->n_parents + 1, sizeof(*c->of));
    c->waiting = sg_mem_zalloc(h->n_nodes + 1, sizeof(*c->waiting));
    c->heap = sg_mem_alloc(h->n_nodes + 1, sizeof(*c->heap));
    if (!c->at || !c->of || !c->waiting || !c->heap)
        return sg_err_nomem(err);
    for (size_t i = 0; i < h->n_parents; i++)
        if (h->parents[i] != SG_GIT_NO_NODE)
            c->at[h->parents[i] + 2]++;
    for (size_t i = 2; i < h->n_nodes + 2; i++)
        c->at[i] += c->at[i - 1];
    for (uint32_t i = 0; i < h->n_nodes; i++)
        for (uint32_t k = 0; k < h->nodes[i].n_parents; k++) {
            const uint32_t parent = h->parents[h->nodes[i].parents_at + k];
            if (parent == SG_GIT_NO_NODE)
                continue;
            c->of[c->at[parent + 1]++] = i;
            c->waiting[i]++;
        }
    return SG_OK;
}

/* Kahn's order with a heap, so that it depends on the commits and not on the refs. Commits in a
 * circle, which only forged objects can form, come last. */
static void take_in_order(struct sg_git_history *h, struct children *c)
{
    size_t n_heap = 0, n_done = 0;
    for (uint32_t i = 0; i < h->n_nodes; i++)
        if (c->waiting[i] == 0)
            heap_push(c->heap, n_heap++, h, i);
    while (n_heap > 0) {
        const uint32_t node = heap_pop(c->heap, n_heap--, h);
        h->order[n_done++] = node;
        for (uint32_t k = c->at[node]; k < c->at[node + 1]; k++)
            if (--c->waiting[c->of[k]] == 0)
                heap_push(c->heap, n_heap++, h, c->of[k]);
    }
    for (uint32_t i = 0; i < h->n_nodes; i++)
        if (c->waiting[i] > 0)
            h->order[n_done++] = i;
}

static enum sg_status put_in_order(struct sg_git_history *h, struct sg_err *err)
{
    struct children c = {NULL, NULL, NULL, NULL};
    enum sg_status st = list_children(&c, h, err);
    if (st == SG_OK && !(h->order = sg_mem_alloc(h->n_nodes + 1, sizeof(*h->order))))
        st = sg_err_nomem(err);
    if (st == SG_OK)
        take_in_order(h, &c);
    sg_mem_free(c.heap);
    sg_mem_free(c.waiting);
    sg_mem_free(c.of);
    sg_mem_free(c.at);
    return st;
}

/* Tips on branches were marked; their ancestors are on branches too. */
static void spread_branches(struct sg_git_history *h)
{
    for (size_t i = h->n_nodes; i-- > 0;) {
        const struct sg_git_node *n = &h->nodes[h->order[i]];
        for (uint32_t k = 0; n->on_branch && k < n->n_parents; k++)
            if (h->parents[n->parents_at + k] != SG_GIT_NO_NODE)
                h->nodes[h->parents[n->parents_at + k]].on_branch = true;
    }
}

enum sg_status sg_git_history_read(struct sg_git_history *history, const struct sg_git *git,
                                   const struct sg_git_id *extra, sg_git_commit_fn commit,
                                   void *ctx, const struct sg_progress *progress,
                                   struct sg_err *err)
{
    struct walk walk = {.history = history, .git = git, .commit = commit, .ctx = ctx};
    uint32_t node;
    *history = (struct sg_git_history)SG_GIT_HISTORY_INIT;
    enum sg_status st = sg_git_odb_refs(git, &history->n_broken_refs, add_ref, &walk, err);
    if (st == SG_OK && extra)
        st = add_node(&node, &walk, extra, err);
    if (st == SG_OK)
        st = read_all(&walk, progress, err);
    if (st == SG_OK)
        st = put_in_order(history, err);
    if (st == SG_OK)
        spread_branches(history);
    return st;
}

enum sg_status sg_git_history_reach(bool *reached, const struct sg_git_history *history,
                                    uint32_t node, struct sg_err *err)
{
    uint32_t *stack = sg_mem_alloc(history->n_parents + 1, sizeof(*stack));
    size_t n = 0;
    if (!stack)
        return sg_err_nomem(err);
    if (!reached[node])
        stack[n++] = node;
    reached[node] = true;
    while (n > 0) {
        const struct sg_git_node *at = &history->nodes[stack[--n]];
        for (uint32_t k = 0; k < at->n_parents; k++) {
            const uint32_t parent = history->parents[at->parents_at + k];
            if (parent == SG_GIT_NO_NODE || reached[parent])
                continue;
            reached[parent] = true;
            stack[n++] = parent;
        }
    }
    sg_mem_free(stack);
    return SG_OK;
}

void sg_git_history_clear(struct sg_git_history *history)
{
    sg_mem_free(history->nodes);
    sg_mem_free(history->parents);
    sg_mem_free(history->order);
    sg_mem_free(history->slots);
    *history = (struct sg_git_history)SG_GIT_HISTORY_INIT;
}
