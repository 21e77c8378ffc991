/* The pairs of all blocks, each once: compared, weighed, and kept where they may be one person. */
#include "analysis/linkage/linkage_internal.h"
#include "base/mem.h"
#include "base/parallel.h"
#include "base/vec.h"

#include <stdatomic.h>

#define CHUNK_ROWS 1024

/* Pairs below this stay below what matters however the estimates move afterwards. */
#define KEEP_MIN (-14 * LK_MIB)

/* A set of rows for one first row: a power of two above what all rules can bring. */
#define SET_SLOTS 8192
_Static_assert(SET_SLOTS > 2 * SG_LINK_RULES_MAX * LK_BLOCK_MAX, "the set is never full");

struct gather {
    struct lk *lk;
    atomic_size_t n_done;
    atomic_bool stop;
};

/* Whether `row` is new in the set of `owner`; entries of other owners count as empty. */
static bool add(uint64_t *slots, uint32_t owner, uint32_t row)
{
    size_t at = sg_link_mix(row) & (SET_SLOTS - 1);
    while (slots[at] >> 32 == owner) {
        if ((uint32_t)slots[at] == row)
            return false;
        at = (at + 1) & (SET_SLOTS - 1);
    }
    slots[at] = (uint64_t)owner << 32 | row;
    return true;
}

static bool keep(struct lk_chunk *chunk, size_t n_fields, const uint8_t *levels, uint32_t a,
                 uint32_t b, int32_t weight)
{
    if (!SG_VEC_RESERVE(chunk->pairs, chunk->n_pairs, chunk->capacity, 1) ||
        !SG_VEC_RESERVE(chunk->levels, chunk->n_pairs * n_fields, chunk->levels_capacity, n_fields))
        return false;
    memcpy(chunk->levels + chunk->n_pairs * n_fields, levels, n_fields);
    chunk->pairs[chunk->n_pairs++] = (struct sg_link_pair){a, b, weight};
    return true;
}

/* Partners whose cells, and whose values, are asked of memory before their turn. */
#define AHEAD_CELLS  12
#define AHEAD_VALUES 4

static void expect(const struct lk *lk, const uint32_t *partners, size_t n, size_t i)
{
    if (i + AHEAD_CELLS < n)
        __builtin_prefetch(lk->cells + partners[i + AHEAD_CELLS] * lk->n_fields);
    if (i + AHEAD_VALUES >= n)
        return;
    const uint32_t *cells = lk->cells + partners[i + AHEAD_VALUES] * lk->n_fields;
    for (size_t f = 0; f < lk->n_fields; f++)
        if (cells[f])
            __builtin_prefetch(&lk->columns[f].values[cells[f] - 1]);
}

static bool gather_row(struct lk_chunk *chunk, const struct lk *lk, uint64_t *slots, uint32_t row)
{
    uint32_t partners[LK_BLOCK_MAX];
    uint8_t levels[SG_LINK_FIELDS_MAX];
    for (size_t k = 0; k < lk->n_blocks; k++) {
        const size_t n = sg_lk_partners(partners, &lk->blocks[k], row);
        for (size_t i = 0; i < n; i++) {
            expect(lk, partners, n, i);
            if (!add(slots, row + 1, partners[i]))
                continue;
            chunk->n_compared++;
            sg_lk_compare(levels, lk, row, partners[i]);
            const int32_t weight = sg_lk_weight(lk, levels, row, partners[i]);
            if (weight > KEEP_MIN && !keep(chunk, lk->n_fields, levels, row, partners[i], weight))
                return false;
        }
    }
    return true;
}

static void gather_chunk(void *ctx, size_t index)
{
    struct gather *work = ctx;
    struct lk *lk = work->lk;
    struct lk_chunk *chunk = &lk->chunks[index];
    uint64_t *slots = sg_mem_zalloc(SET_SLOTS, sizeof(*slots));
    const size_t begin = index * CHUNK_ROWS;
    const size_t end = begin + CHUNK_ROWS < lk->n_rows ? begin + CHUNK_ROWS : lk->n_rows;
    chunk->failed = !slots;
    for (size_t row = begin; !chunk->failed && row < end && !atomic_load(&work->stop); row++)
        chunk->failed = !gather_row(chunk, lk, slots, (uint32_t)row);
    sg_mem_free(slots);
    const size_t done = atomic_fetch_add(&work->n_done, 1) + 1;
    if (!sg_progress_step(lk->options->progress, done * CHUNK_ROWS, lk->n_rows))
        atomic_store(&work->stop, true);
}

/* The share of all pairs that are one person, as the kept pairs have it: a fixed point of the
 * prior, which shifts every weight alike. */
static void settle_prior(struct lk *lk)
{
    const double all = (double)lk->n_rows * ((double)lk->n_rows - 1) / 2;
    for (int round = 0; round < 12; round++) {
        const int32_t was = lk->prior_mib;
        double matches = 0.5;
        for (size_t c = 0; c < lk->n_chunks; c++)
            for (size_t i = 0; i < lk->chunks[c].n_pairs; i++)
                matches += sg_link_probability(lk->chunks[c].pairs[i].weight_mib);
        lk->model->prior = matches / all < 0.5 ? matches / all : 0.5;
        sg_lk_set_weights(lk);
        if (lk->prior_mib == was)
            return;
        for (size_t c = 0; c < lk->n_chunks; c++)
            for (size_t i = 0; i < lk->chunks[c].n_pairs; i++)
                lk->chunks[c].pairs[i].weight_mib += lk->prior_mib - was;
    }
}

enum sg_status sg_lk_pairs(struct lk *lk, struct sg_err *err)
{
    struct gather work = {.lk = lk};
    const size_t n_chunks = (lk->n_rows + CHUNK_ROWS - 1) / CHUNK_ROWS;
    lk->chunks = sg_mem_zalloc(n_chunks + 1, sizeof(*lk->chunks));
    if (!lk->chunks)
        return sg_err_nomem(err);
    lk->n_chunks = n_chunks;
    sg_parallel_for(lk->options->n_threads, lk->n_chunks, gather_chunk, &work);
    for (size_t i = 0; i < lk->n_chunks; i++) {
        if (lk->chunks[i].failed)
            return sg_err_nomem(err);
        lk->n_compared += lk->chunks[i].n_compared;
    }
    if (atomic_load(&work.stop))
        return sg_err_set(err, SG_ECANCELLED, "stopped");
    settle_prior(lk);
    return SG_OK;
}

static void weigh_chunk(void *ctx, size_t index)
{
    struct lk *lk = ctx;
    struct lk_chunk *chunk = &lk->chunks[index];
    for (size_t i = 0; i < chunk->n_pairs; i++)
        chunk->pairs[i].weight_mib = sg_lk_weight(lk, chunk->levels + i * lk->n_fields,
                                                  chunk->pairs[i].a, chunk->pairs[i].b);
}

void sg_lk_weigh_pairs(struct lk *lk)
{
    sg_parallel_for(lk->options->n_threads, lk->n_chunks, weigh_chunk, lk);
    settle_prior(lk);
}

void sg_lk_pairs_free(struct lk *lk)
{
    for (size_t i = 0; i < lk->n_chunks; i++) {
        sg_mem_free(lk->chunks[i].pairs);
        sg_mem_free(lk->chunks[i].levels);
    }
    sg_mem_free(lk->chunks);
    lk->chunks = NULL;
    lk->n_chunks = 0;
}
