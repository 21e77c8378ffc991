/* Records into groups: average linkage. Two groups are joined while the mean evidence over all
 * pairs across them holds, best first. One strong but false pair cannot join two people whose other
 * records disagree, which is what goes wrong with connected components of a threshold.
 *
 *  Only pairs above EDGE_MIN propose a join. When a proposal comes to the top of the heap the pairs
 *  that no block had brought together are compared too; until then the known ones stand for all,
 *  which flatters, so that nothing is passed over. Of two large groups a sample of pairs speaks.
 *  Evidence of one pair counts up to CLAMP either way.
 *  Source: R. R. Sokal, C. D. Michener, A statistical method for evaluating systematic
 *  relationships, 1958 (average linkage). */
#include "analysis/linkage/linkage_internal.h"
#include "base/forest.h"
#include "base/mem.h"
#include "base/parallel.h"
#include "base/vec.h"

#define EDGE_MIN SG_LINK_LIST_MIN
#define CLAMP    (10 * LK_MIB)

/* Members of each side that are compared for one proposal. */
#define SIDE_MAX 20

struct edge {
    uint32_t a, b; /* groups, local; a == b: gone */
    int64_t sum;   /* of clamped evidence over `known` pairs */
    uint64_t known;
    uint32_t version;
    uint64_t looked;          /* pairs that a look stood for: all of them, or their sample */
    struct sg_link_pair best; /* the strongest known pair across */
};

struct proposal {
    int64_t mean;
    uint32_t edge, version;
};

struct weak {
    int32_t mean;
    uint32_t a, b, n_split;
};

/* A set of records that evidence may bring together, and its groups so far. */
struct pool {
    const struct lk *lk;
    const uint32_t *rows; /* of each record of the pool */
    size_t n;
    uint32_t *next, *tail, *size; /* members of a group, as a chain from its first record */
    struct edge *edges;
    size_t n_edges;
    uint32_t **ends; /* edges of each group, some gone */
    size_t *n_ends, *ends_capacity;
    uint32_t *slots; /* hash table: 1 + edge, by its two groups */
    size_t n_slots, n_used;
    struct proposal *heap;
    size_t n_heap, heap_capacity;
    struct weak *weak; /* where each group holds worst */
    bool failed;
};

static int32_t clamp(int32_t weight)
{
    return weight < -CLAMP ? -CLAMP : weight > CLAMP ? CLAMP : weight;
}

/* ---- the heap: best mean first, then the earlier edge ---- */

static bool before(const struct proposal *x, const struct proposal *y)
{
    return x->mean != y->mean ? x->mean > y->mean : x->edge < y->edge;
}

static void sift_up(struct proposal *heap, size_t i)
{
    while (i > 0 && before(&heap[i], &heap[(i - 1) / 2])) {
        const struct proposal swap = heap[i];
        heap[i] = heap[(i - 1) / 2];
        heap[(i - 1) / 2] = swap;
        i = (i - 1) / 2;
    }
}

static void sift_down(struct proposal *heap, size_t n, size_t i)
{
    for (;;) {
        size_t top = i;
        for (size_t k = 2 * i + 1; k <= 2 * i + 2 && k < n; k++)
            if (before(&heap[k], &heap[top]))
                top = k;
        if (top == i)
            return;
        const struct proposal swap = heap[i];
        heap[i] = heap[top];
        heap[top] = swap;
        i = top;
    }
}

static void propose(struct pool *p, uint32_t edge)
{
    const struct edge *e = &p->edges[edge];
    const int64_t mean = e->sum / (int64_t)e->known;
    if (mean < p->lk->threshold_mib)
        return;
    if (!SG_VEC_RESERVE(p->heap, p->n_heap, p->heap_capacity, 1)) {
        p->failed = true;
        return;
    }
    p->heap[p->n_heap] = (struct proposal){mean, edge, e->version};
    sift_up(p->heap, p->n_heap++);
}

static struct proposal take_best(struct pool *p)
{
    const struct proposal best = p->heap[0];
    p->heap[0] = p->heap[--p->n_heap];
    sift_down(p->heap, p->n_heap, 0);
    return best;
}

/* ---- edges by their two groups ---- */

static size_t slot_of(const struct pool *p, uint32_t a, uint32_t b)
{
    const uint64_t key = a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
    size_t at = sg_link_mix(key) & (p->n_slots - 1);
    while (p->slots[at]) {
        const struct edge *e = &p->edges[p->slots[at] - 1];
        if ((e->a == a && e->b == b) || (e->a == b && e->b == a))
            break;
        at = (at + 1) & (p->n_slots - 1);
    }
    return at;
}

/* Slots of edges that moved on stay, and keep the ways of others whole; the table grows instead. */
static void put_slot(struct pool *p, size_t slot, uint32_t edge)
{
    p->slots[slot] = edge + 1;
    if (2 * ++p->n_used < p->n_slots)
        return;
    uint32_t *slots = sg_mem_zalloc(2 * p->n_slots, sizeof(*slots));
    if (!slots) {
        p->failed = true;
        return;
    }
    sg_mem_free(p->slots);
    p->slots = slots;
    p->n_slots *= 2;
    p->n_used = 0;
    for (size_t i = 0; i < p->n_edges; i++) {
        const struct edge *e = &p->edges[i];
        if (e->a == e->b)
            continue;
        p->slots[slot_of(p, e->a, e->b)] = (uint32_t)(i + 1);
        p->n_used++;
    }
}

static void add_end(struct pool *p, uint32_t group, uint32_t edge)
{
    if (!SG_VEC_RESERVE(p->ends[group], p->n_ends[group], p->ends_capacity[group], 1)) {
        p->failed = true;
        return;
    }
    p->ends[group][p->n_ends[group]++] = edge;
}

/* ---- proposals and joins ---- */

/* Compare what stands on both sides. */
static void look(struct pool *p, struct edge *e)
{
    uint8_t levels[SG_LINK_FIELDS_MAX];
    const size_t step_a = 1 + (p->size[e->a] - 1) / SIDE_MAX,
                 step_b = 1 + (p->size[e->b] - 1) / SIDE_MAX;
    size_t i = 0;
    e->sum = 0;
    e->known = 0;
    for (uint32_t x = e->a; x != UINT32_MAX; x = p->next[x], i++) {
        size_t k = 0;
        for (uint32_t y = e->b; i % step_a == 0 && y != UINT32_MAX; y = p->next[y], k++) {
            if (k % step_b)
                continue;
            const uint32_t a = p->rows[x], b = p->rows[y];
            sg_lk_compare(levels, p->lk, a, b);
            e->sum += clamp(sg_lk_weight(p->lk, levels, a, b));
            e->known++;
        }
    }
    e->looked = (uint64_t)p->size[e->a] * p->size[e->b];
    e->version++;
}

static bool needs_look(const struct pool *p, const struct edge *e)
{
    const uint64_t all = (uint64_t)p->size[e->a] * p->size[e->b];
    return e->looked != all && e->known != all;
}

/* Put the evidence of one edge to that of another between the same groups. */
static void merge_edges(struct edge *into, struct edge *e)
{
    into->sum += e->sum;
    into->known += e->known;
    into->looked += e->looked;
    if (e->best.weight_mib > into->best.weight_mib)
        into->best = e->best;
    into->version++;
    e->b = e->a;
}

/* An edge of `from` becomes one of `to`; where both have one to the same group, one is left. */
static void move_edge(struct pool *p, uint32_t index, uint32_t from, uint32_t to)
{
    struct edge *e = &p->edges[index];
    const uint32_t other = e->a == from ? e->b : e->a;
    if (e->a == e->b || other == to) {
        e->b = e->a;
        return;
    }
    const size_t slot = slot_of(p, to, other);
    if (p->slots[slot]) {
        const uint32_t have = p->slots[slot] - 1;
        merge_edges(&p->edges[have], e);
        propose(p, have);
        return;
    }
    e->a = to;
    e->b = other;
    e->version++;
    put_slot(p, slot, index);
    add_end(p, to, index);
    propose(p, index);
}

static struct weak weaker(struct weak x, struct weak y)
{
    return y.mean < x.mean ? y : x;
}

static void join(struct pool *p, const struct edge *e, int64_t mean)
{
    const bool swap = p->n_ends[e->a] < p->n_ends[e->b];
    const uint32_t to = swap ? e->b : e->a, from = swap ? e->a : e->b;
    const uint32_t least = p->size[to] < p->size[from] ? p->size[to] : p->size[from];
    const struct weak here = {(int32_t)mean, e->best.a, e->best.b, least};
    p->weak[to] = weaker(weaker(p->weak[to], p->weak[from]), here);
    p->next[p->tail[to]] = from;
    p->tail[to] = p->tail[from];
    p->size[to] += p->size[from];
    p->size[from] = 0;
    for (size_t i = 0; !p->failed && i < p->n_ends[from]; i++)
        move_edge(p, p->ends[from][i], from, to);
    sg_mem_free(p->ends[from]);
    p->ends[from] = NULL;
    p->n_ends[from] = 0;
}

static void agglomerate(struct pool *p)
{
    while (!p->failed && p->n_heap) {
        const struct proposal best = take_best(p);
        struct edge *e = &p->edges[best.edge];
        if (e->a == e->b || e->version != best.version)
            continue;
        if (needs_look(p, e)) {
            look(p, e);
            propose(p, best.edge);
            continue;
        }
        join(p, e, best.mean);
    }
}

/* ---- pools: what edges hold together ---- */

static bool pool_begin(struct pool *p)
{
    const size_t n = p->n;
    p->n_slots = 64;
    while (p->n_slots < 4 * p->n_edges)
        p->n_slots *= 2;
    p->next = sg_mem_alloc(n, sizeof(*p->next));
    p->tail = sg_mem_alloc(n, sizeof(*p->tail));
    p->size = sg_mem_alloc(n, sizeof(*p->size));
    p->ends = sg_mem_zalloc(n, sizeof(*p->ends));
    p->n_ends = sg_mem_zalloc(n, sizeof(*p->n_ends));
    p->ends_capacity = sg_mem_zalloc(n, sizeof(*p->ends_capacity));
    p->weak = sg_mem_alloc(n, sizeof(*p->weak));
    p->slots = sg_mem_zalloc(p->n_slots, sizeof(*p->slots));
    if (!p->next || !p->tail || !p->size || !p->ends || !p->n_ends || !p->ends_capacity ||
        !p->weak || !p->slots)
        return false;
    for (size_t i = 0; i < n; i++) {
        p->next[i] = UINT32_MAX;
        p->tail[i] = (uint32_t)i;
        p->size[i] = 1;
        p->weak[i] = (struct weak){INT32_MAX, 0, 0, 0};
    }
    return true;
}

static void pool_end(struct pool *p)
{
    for (size_t i = 0; p->ends && i < p->n; i++)
        sg_mem_free(p->ends[i]);
    sg_mem_free(p->next);
    sg_mem_free(p->tail);
    sg_mem_free(p->size);
    sg_mem_free(p->ends);
    sg_mem_free(p->n_ends);
    sg_mem_free(p->ends_capacity);
    sg_mem_free(p->weak);
    sg_mem_free(p->slots);
    sg_mem_free(p->heap);
}

/* The pools of all records, as stretches. */
struct pools {
    const struct lk *lk;
    uint32_t *root;  /* of each row, in the forest that edges make */
    uint32_t *rows;  /* by pool */
    uint32_t *local; /* of each row, its number within its pool */
    uint32_t *pool_of;
    size_t *rows_begin, *edges_begin; /* n_pools + 1 */
    struct edge *edges;               /* by pool, with local numbers */
    size_t n_pools;
    uint32_t *first_of; /* of each row: the smallest row of its group */
    struct weak *weak;  /* of each row that is the smallest of its group */
    bool *failed;
};

static void unite(struct pools *s)
{
    for (uint32_t i = 0; i < s->lk->n_rows; i++)
        s->root[i] = i;
    for (size_t c = 0; c < s->lk->n_chunks; c++)
        for (size_t i = 0; i < s->lk->chunks[c].n_pairs; i++) {
            const struct sg_link_pair *pair = &s->lk->chunks[c].pairs[i];
            if (pair->weight_mib < EDGE_MIN)
                continue;
            sg_forest_join(s->root, pair->a, pair->b);
        }
}

/* Number the pools by their first rows, and lay their rows side by side. */
static bool lay_rows(struct pools *s)
{
    const size_t n = s->lk->n_rows;
    for (uint32_t i = 0; i < n; i++)
        if (sg_forest_root(s->root, i) == i)
            s->pool_of[i] = (uint32_t)s->n_pools++;
    s->rows_begin = sg_mem_zalloc(s->n_pools + 2, sizeof(*s->rows_begin));
    s->edges_begin = sg_mem_zalloc(s->n_pools + 2, sizeof(*s->edges_begin));
    s->failed = sg_mem_zalloc(s->n_pools + 1, sizeof(*s->failed));
    if (!s->rows_begin || !s->edges_begin || !s->failed)
        return false;
    for (uint32_t i = 0; i < n; i++) {
        s->pool_of[i] = s->pool_of[sg_forest_root(s->root, i)];
        s->local[i] = (uint32_t)s->rows_begin[s->pool_of[i] + 2]++;
    }
    for (size_t k = 0; k < s->n_pools; k++)
        s->rows_begin[k + 2] += s->rows_begin[k + 1];
    for (uint32_t i = 0; i < n; i++)
        s->rows[s->rows_begin[s->pool_of[i] + 1]++] = i;
    return true;
}

static void put_edge(struct pools *s, const struct sg_link_pair *pair)
{
    s->edges[s->edges_begin[s->pool_of[pair->a] + 1]++] =
        (struct edge){.a = s->local[pair->a],
                      .b = s->local[pair->b],
                      .sum = clamp(pair->weight_mib),
                      .known = 1,
                      .best = *pair};
}

static bool lay_edges(struct pools *s)
{
    size_t n = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t c = 0; c < s->lk->n_chunks; c++)
            for (size_t i = 0; i < s->lk->chunks[c].n_pairs; i++) {
                const struct sg_link_pair *pair = &s->lk->chunks[c].pairs[i];
                if (pair->weight_mib < EDGE_MIN)
                    continue;
                if (pass)
                    put_edge(s, pair);
                else
                    s->edges_begin[s->pool_of[pair->a] + 2]++;
                n++;
            }
        if (pass)
            return true;
        s->edges = sg_mem_alloc(n + 1, sizeof(*s->edges));
        if (!s->edges)
            return false;
        for (size_t k = 0; k < s->n_pools; k++)
            s->edges_begin[k + 2] += s->edges_begin[k + 1];
    }
    return true;
}

/* The groups of a pool: for each row the smallest row of its group. */
static void tell(struct pools *s, const struct pool *p)
{
    for (size_t g = 0; g < p->n; g++) {
        uint32_t first = UINT32_MAX;
        if (!p->size[g])
            continue;
        for (uint32_t x = (uint32_t)g; x != UINT32_MAX; x = p->next[x])
            first = p->rows[x] < first ? p->rows[x] : first;
        for (uint32_t x = (uint32_t)g; x != UINT32_MAX; x = p->next[x])
            s->first_of[p->rows[x]] = first;
        s->weak[first] = p->weak[g];
    }
}

static void run_pool(void *ctx, size_t index)
{
    struct pools *s = ctx;
    struct pool p = {.lk = s->lk,
                     .rows = s->rows + s->rows_begin[index],
                     .n = s->rows_begin[index + 1] - s->rows_begin[index],
                     .edges = s->edges + s->edges_begin[index],
                     .n_edges = s->edges_begin[index + 1] - s->edges_begin[index]};
    if (p.n == 1) {
        s->first_of[p.rows[0]] = p.rows[0];
        return;
    }
    p.failed = !pool_begin(&p);
    for (uint32_t i = 0; !p.failed && i < p.n_edges; i++) {
        put_slot(&p, slot_of(&p, p.edges[i].a, p.edges[i].b), i);
        add_end(&p, p.edges[i].a, i);
        add_end(&p, p.edges[i].b, i);
        propose(&p, i);
    }
    agglomerate(&p);
    if (!p.failed)
        tell(s, &p);
    s->failed[index] = p.failed;
    pool_end(&p);
}

/* ---- the result ---- */

/* Number groups by their first rows and list the members of those of two or more. */
static enum sg_status list_groups(struct sg_link_result *r, const struct pools *s,
                                  struct sg_err *err)
{
    const size_t n = s->lk->n_rows;
    uint32_t *count = sg_mem_zalloc(n + 1, sizeof(*count)), *place = NULL;
    r->groups = sg_mem_zalloc(n / 2 + 1, sizeof(*r->groups));
    r->members = sg_mem_alloc(n + 1, sizeof(*r->members));
    place = sg_mem_alloc(n + 1, sizeof(*place));
    if (!count || !place || !r->groups || !r->members) {
        sg_mem_free(count);
        sg_mem_free(place);
        return sg_err_nomem(err);
    }
    for (size_t i = 0; i < n; i++)
        count[s->first_of[i]]++;
    r->n_groups = r->n_members = r->n_groups_all = 0;
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t first = s->first_of[i];
        if (first == i) {
            r->group_of[i] = (uint32_t)r->n_groups_all++;
            place[i] = (uint32_t)r->n_members;
            if (count[i] > 1) {
                r->groups[r->n_groups++] =
                    (struct sg_link_group){r->n_members, count[i],     s->weak[i].mean,
                                           s->weak[i].a, s->weak[i].b, s->weak[i].n_split};
                r->n_members += count[i];
            }
        }
        r->group_of[i] = r->group_of[first];
        if (count[first] > 1)
            r->members[place[first]++] = i;
    }
    sg_mem_free(count);
    sg_mem_free(place);
    return SG_OK;
}

enum sg_status sg_lk_groups(struct sg_link_result *result, const struct lk *lk, struct sg_err *err)
{
    struct pools s = {.lk = lk};
    const size_t n = lk->n_rows + 1;
    s.root = sg_mem_alloc(n, sizeof(*s.root));
    s.rows = sg_mem_alloc(n, sizeof(*s.rows));
    s.local = sg_mem_alloc(n, sizeof(*s.local));
    s.pool_of = sg_mem_alloc(n, sizeof(*s.pool_of));
    s.first_of = sg_mem_alloc(n, sizeof(*s.first_of));
    s.weak = sg_mem_zalloc(n, sizeof(*s.weak));
    bool fine = s.root && s.rows && s.local && s.pool_of && s.first_of && s.weak;
    if (fine)
        unite(&s);
    fine = fine && lay_rows(&s) && lay_edges(&s);
    if (fine)
        sg_parallel_for(lk->options->n_threads, s.n_pools, run_pool, &s);
    for (size_t k = 0; fine && k < s.n_pools; k++)
        fine = !s.failed[k];
    const enum sg_status st = fine ? list_groups(result, &s, err) : sg_err_nomem(err);
    sg_mem_free(s.root);
    sg_mem_free(s.rows);
    sg_mem_free(s.local);
    sg_mem_free(s.pool_of);
    sg_mem_free(s.rows_begin);
    sg_mem_free(s.edges_begin);
    sg_mem_free(s.edges);
    sg_mem_free(s.first_of);
    sg_mem_free(s.weak);
    sg_mem_free(s.failed);
    return st;
}
