#include "store/engine/resolve_internal.h"

#include "base/amount.h"
#include "base/mem.h"
#include "base/parallel.h"
#include "store/ledger/ledger.h"

#include <assert.h>
#include <string.h>

#define BUCKET_BITS 8
#define BUCKETS     (1u << BUCKET_BITS)
#define RANGES      16u /* Pieces of the input for the passes that are split by position. */

/* Pieces of the ids, for looking at what they stand for: so few of the ledger's pages at a time
 * that each is found once, and not again for every address on it. */
#define SPANS 256u

/* Items that are asked for before their turn. */
#define AHEAD 8u

/* An id that the dictionary has under the key of a unique one. */
struct candidate {
    uint32_t id;
    uint32_t unique; /* Its place in the array of all. */
};

/* Everything about one call; the arrays have n entries unless said otherwise. A bucket owns
 * [start, end) of those that are indexed by item. */
struct job {
    const struct sg_resolver *resolver;
    const sg_addr_ref *refs;
    uint32_t *ids;
    size_t n;
    struct sg_pair *items;  /* (key, position), by bucket and then by position. */
    struct sg_pair *unique; /* First holds the items by position; then a bucket's unique ones. */
    uint32_t *which;        /* By item: its unique one, counted within the bucket. */
    uint32_t *unique_ids;   /* By unique one; SG_ID_NONE: new. */
    uint32_t *slots;        /* 2 n: hash tables; unique one + 1, or 0. Later the candidates. */
    struct candidate *candidates;   /* By span. */
    uint8_t *is_fresh;              /* By position. */
    size_t counts[RANGES][BUCKETS]; /* Items of a range in a bucket; then where they go. */
    size_t starts[BUCKETS + 1];
    size_t n_unique[BUCKETS], n_fresh[BUCKETS];
    uint32_t in_span[BUCKETS][SPANS]; /* Candidates of a bucket; then where they go. */
    size_t span_starts[SPANS + 1];
};

static size_t bucket_of(uint64_t key)
{
    return (size_t)(key >> (64 - BUCKET_BITS));
}

static size_t range_start(const struct job *job, size_t range)
{
    return (size_t)((uint64_t)job->n * range / RANGES);
}

static void hash_range(void *ctx, size_t range)
{
    struct job *job = ctx;
    const size_t end = range_start(job, range + 1);
    for (size_t i = range_start(job, range); i < end; i++) {
        const sg_addr_ref ref = job->refs[i];
        job->is_fresh[i] = 0;
        job->ids[i] = SG_ID_NONE;
        if (!ref)
            continue;
        job->unique[i].key = sg_key_of(ref + 1, ref[0]);
        job->counts[range][bucket_of(job->unique[i].key)]++;
    }
}

/* Counts become places: buckets in order, and within a bucket ranges in order. */
static void place_buckets(struct job *job)
{
    size_t at = 0;
    for (size_t bucket = 0; bucket < BUCKETS; bucket++) {
        job->starts[bucket] = at;
        for (size_t range = 0; range < RANGES; range++) {
            const size_t count = job->counts[range][bucket];
            job->counts[range][bucket] = at;
            at += count;
        }
    }
    job->starts[BUCKETS] = at;
}

static void scatter_range(void *ctx, size_t range)
{
    struct job *job = ctx;
    const size_t end = range_start(job, range + 1);
    for (size_t i = range_start(job, range); i < end; i++) {
        if (!job->refs[i])
            continue;
        const uint64_t key = job->unique[i].key;
        job->items[job->counts[range][bucket_of(key)]++] = (struct sg_pair){key, i};
    }
}

static bool same_ref(sg_addr_ref a, sg_addr_ref b)
{
    return a == b || (a[0] == b[0] && memcmp(a + 1, b + 1, a[0]) == 0);
}

static bool is_same(const struct sg_resolver *resolver, uint64_t id, sg_addr_ref ref)
{
    return resolver->same(resolver->ctx, id, ref + 1, ref[0]);
}

static uint32_t look_up(const struct sg_resolver *resolver, uint64_t key, sg_addr_ref ref)
{
    struct sg_dict_search search = {.list = resolver->list, .key = key};
    uint64_t id;
    while (sg_dict_next(&id, &search))
        if (is_same(resolver, id, ref))
            return (uint32_t)id;
    return SG_ID_NONE;
}

/* The unique one of an item, made if it is the first of its kind. The table is twice as large as
 * the bucket and in order of keys, so probing stays short. */
static uint32_t unique_of(struct job *job, size_t bucket, const struct sg_pair *item)
{
    const size_t start = job->starts[bucket], room = 2 * (job->starts[bucket + 1] - start);
    uint32_t *slots = job->slots + 2 * start;
    size_t slot = (size_t)((sg_u128)(item->key << BUCKET_BITS) * room >> 64);
    for (; slots[slot]; slot = slot + 1 == room ? 0 : slot + 1) {
        const struct sg_pair *other = &job->unique[start + slots[slot] - 1];
        if (other->key == item->key && same_ref(job->refs[other->value], job->refs[item->value]))
            return slots[slot] - 1;
    }
    const uint32_t made = (uint32_t)job->n_unique[bucket]++;
    job->unique[start + made] = *item;
    slots[slot] = made + 1;
    return made;
}

static void unify_items(struct job *job, size_t bucket)
{
    const size_t start = job->starts[bucket], end = job->starts[bucket + 1];
    memset(job->slots + 2 * start, 0, 2 * (end - start) * sizeof(*job->slots));
    for (size_t i = start; i < end; i++) {
        if (end - i > AHEAD)
            __builtin_prefetch(job->refs[job->items[i + AHEAD].value]);
        job->which[i] = unique_of(job, bucket, &job->items[i]);
    }
}

static size_t span_of(const struct job *job, uint32_t id)
{
    return (size_t)(id * (uint64_t)SPANS / job->resolver->n_ids);
}

/* First ids by key alone. The table is about in the order of keys, which makes each search a few
 * steps from the one before. */
static void find_candidates(struct job *job, size_t bucket)
{
    const size_t start = job->starts[bucket], end = job->starts[bucket + 1];
    struct sg_dict_places places = {0};
    for (size_t slot = 2 * start; slot < 2 * end; slot++) {
        if (!job->slots[slot])
            continue;
        const size_t unique = start + job->slots[slot] - 1;
        struct sg_dict_search search = {
            .list = job->resolver->list, .key = job->unique[unique].key, .places = &places};
        uint64_t id;
        const bool found = sg_dict_next(&id, &search) && id < job->resolver->n_ids;
        job->unique_ids[unique] = found ? (uint32_t)id : SG_ID_NONE;
        if (found)
            job->in_span[bucket][span_of(job, (uint32_t)id)]++;
        else
            job->is_fresh[job->unique[unique].value] = 1;
    }
}

static void unify_bucket(void *ctx, size_t bucket)
{
    struct job *job = ctx;
    unify_items(job, bucket);
    find_candidates(job, bucket);
}

/* Counts become places: spans in order, and within a span buckets in order. */
static void place_spans(struct job *job)
{
    uint32_t at = 0;
    for (size_t span = 0; span < SPANS; span++) {
        job->span_starts[span] = at;
        for (size_t bucket = 0; bucket < BUCKETS; bucket++) {
            const uint32_t count = job->in_span[bucket][span];
            job->in_span[bucket][span] = at;
            at += count;
        }
    }
    job->span_starts[SPANS] = at;
}

static void scatter_candidates(void *ctx, size_t bucket)
{
    struct job *job = ctx;
    const size_t start = job->starts[bucket];
    for (size_t i = start; i < start + job->n_unique[bucket]; i++) {
        const uint32_t id = job->unique_ids[i];
        if (id != SG_ID_NONE)
            job->candidates[job->in_span[bucket][span_of(job, id)]++] =
                (struct candidate){id, (uint32_t)i};
    }
}

/* A key can be of several addresses: then all its ids are looked at. */
static void verify_candidate(struct job *job, struct candidate candidate)
{
    const struct sg_pair *unique = &job->unique[candidate.unique];
    const sg_addr_ref ref = job->refs[unique->value];
    if (is_same(job->resolver, candidate.id, ref))
        return;
    const uint32_t id = look_up(job->resolver, unique->key, ref);
    job->unique_ids[candidate.unique] = id;
    if (id == SG_ID_NONE)
        job->is_fresh[unique->value] = 1;
}

/* Both sides of a comparison lie anywhere: they are asked for ahead, one after the other, as the
 * place of the one must come first. */
static void verify_span(void *ctx, size_t span)
{
    struct job *job = ctx;
    const size_t end = job->span_starts[span + 1];
    for (size_t i = job->span_starts[span]; i < end; i++) {
        if (end - i > 2 * AHEAD)
            __builtin_prefetch(&job->unique[job->candidates[i + 2 * AHEAD].unique]);
        if (end - i > AHEAD) {
            const struct candidate *next = &job->candidates[i + AHEAD];
            job->resolver->prefetch(job->resolver->ctx, next->id);
            __builtin_prefetch(job->refs[job->unique[next->unique].value]);
        }
        verify_candidate(job, job->candidates[i]);
    }
}

/* New ids by position of first appearance; ids[] of those positions is set. */
static enum sg_status number_fresh(struct job *job, struct sg_resolved *resolved,
                                   struct sg_err *err)
{
    for (size_t i = 0; i < job->n; i++) {
        if (!job->is_fresh[i])
            continue;
        const uint64_t id = job->resolver->n_ids + resolved->n_fresh;
        if (id >= job->resolver->id_max)
            return sg_err_set(err, SG_ELIMIT, "the ledger has no ids left for new addresses");
        job->ids[i] = (uint32_t)id;
        resolved->fresh[resolved->n_fresh++] = (uint32_t)i;
    }
    return SG_OK;
}

/* ids of all items; the pairs of new ones, sorted, at the start of the bucket's items. */
static void finish_bucket(void *ctx, size_t bucket)
{
    struct job *job = ctx;
    const size_t start = job->starts[bucket], end = job->starts[bucket + 1];
    struct sg_pair *fresh = &job->items[start];
    size_t n_fresh = 0;
    for (size_t i = start; i < start + job->n_unique[bucket]; i++)
        if (job->unique_ids[i] == SG_ID_NONE)
            job->unique_ids[i] = job->ids[job->unique[i].value];
    for (size_t i = start; i < end; i++)
        job->ids[job->items[i].value] = job->unique_ids[start + job->which[i]];
    for (size_t i = start; i < start + job->n_unique[bucket]; i++)
        if (job->is_fresh[job->unique[i].value])
            fresh[n_fresh++] = (struct sg_pair){job->unique[i].key, job->unique_ids[i]};
    sg_pairs_sort(fresh, &job->unique[start], n_fresh);
    job->n_fresh[bucket] = n_fresh;
}

/* Buckets are in order of keys: one after the other they are sorted. */
static void gather_pairs(struct job *job, struct sg_resolved *resolved)
{
    size_t n = 0;
    for (size_t bucket = 0; bucket < BUCKETS; bucket++) {
        memmove(&job->items[n], &job->items[job->starts[bucket]],
                job->n_fresh[bucket] * sizeof(*job->items));
        n += job->n_fresh[bucket];
    }
    assert(n == resolved->n_fresh);
    resolved->pairs = job->items;
}

void *sg_scratch_take(struct sg_scratch *scratch, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        return NULL;
    if (scratch->bytes && bytes <= scratch->size)
        return scratch->bytes;
    sg_mem_free(scratch->bytes);
    scratch->bytes = sg_mem_alloc(bytes, 1);
    scratch->size = scratch->bytes ? bytes : 0;
    return scratch->bytes;
}

/* The arrays lie one behind the other, those with the largest items first. */
static enum sg_status allocate(struct job *job, struct sg_resolved *resolved, struct sg_err *err)
{
    const size_t n = job->n;
    const size_t each = sizeof(*job->items) + sizeof(*job->unique) + sizeof(*job->which) +
                        sizeof(*job->unique_ids) + 2 * sizeof(*job->slots) +
                        sizeof(*resolved->fresh) + sizeof(*job->is_fresh);
    job->items = sg_scratch_take(job->resolver->scratch, n, each);
    if (!job->items)
        return sg_err_nomem(err);
    job->unique = job->items + n;
    job->which = (uint32_t *)(job->unique + n);
    job->unique_ids = job->which + n;
    job->slots = job->unique_ids + n;
    job->candidates = (struct candidate *)job->slots;
    resolved->fresh = job->slots + 2 * n;
    job->is_fresh = (uint8_t *)(resolved->fresh + n);
    return SG_OK;
}

enum sg_status sg_resolve(uint32_t *ids, struct sg_resolved *resolved,
                          const struct sg_resolver *resolver, const sg_addr_ref *refs, size_t n,
                          struct sg_err *err)
{
    const size_t threads = resolver->n_threads;
    *resolved = (struct sg_resolved){0};
    assert(n < UINT32_MAX);
    struct job *job = sg_mem_zalloc(1, sizeof(*job));
    if (!job)
        return sg_err_nomem(err);
    job->resolver = resolver;
    job->refs = refs;
    job->ids = ids;
    job->n = n;
    enum sg_status st = allocate(job, resolved, err);
    if (st != SG_OK)
        goto out;
    sg_parallel_for(threads, RANGES, hash_range, job);
    place_buckets(job);
    sg_parallel_for(threads, RANGES, scatter_range, job);
    sg_parallel_for(threads, BUCKETS, unify_bucket, job);
    place_spans(job);
    sg_parallel_for(threads, BUCKETS, scatter_candidates, job);
    sg_parallel_for(threads, SPANS, verify_span, job);
    st = number_fresh(job, resolved, err);
    if (st != SG_OK)
        goto out;
    sg_parallel_for(threads, BUCKETS, finish_bucket, job);
    gather_pairs(job, resolved);
out:
    sg_mem_free(job);
    return st;
}
