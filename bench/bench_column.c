/* Unpack ids of every width from columns of 65,536, against copying as many plain 4-byte ids: how
 * much bit packing costs a scan. Two columns of ids are what `reach` reads of a row. */
#include "base/mem.h"
#include "base/rng.h"
#include "store/engine/column_internal.h"
#include "yardstick.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS 64u
#define SPAN   4096u

struct job {
    struct sg_column column;
    const uint32_t *plain;
    uint32_t out[SPAN];
    volatile uint32_t sink;
};

static void unpack(void *ctx)
{
    struct job *job = ctx;
    for (unsigned round = 0; round < ROUNDS; round++)
        for (size_t first = 0; first < SG_CHUNK; first += SPAN) {
            sg_column_decode(job->out, &job->column, first, SPAN);
            job->sink = job->out[first % 7];
        }
}

static void copy(void *ctx)
{
    struct job *job = ctx;
    for (unsigned round = 0; round < ROUNDS; round++)
        for (size_t first = 0; first < SG_CHUNK; first += SPAN) {
            memcpy(job->out, job->plain + first, sizeof(job->out));
            job->sink = job->out[first % 7];
        }
}

static void bench_width(struct job *job, uint32_t *ids, unsigned width)
{
    struct sg_rng rng;
    char name[32];
    sg_rng_init(&rng, width);
    for (size_t i = 0; i < SG_CHUNK; i++)
        ids[i] = (uint32_t)(sg_rng_next(&rng) >> (64 - width));
    uint8_t *bytes = sg_mem_alloc(sg_column_bound(SG_CHUNK, 4), 1);
    if (!bytes)
        exit(1);
    const size_t size = sg_column_encode(bytes, ids, SG_CHUNK, 4);
    if (sg_column_open(&job->column, (struct sg_bytes){bytes, SG_COLUMN_HEADER},
                       (struct sg_bytes){bytes + SG_COLUMN_HEADER, size - SG_COLUMN_HEADER}, 4,
                       NULL) != SG_OK)
        exit(1);
    snprintf(name, sizeof(name), "column/%u-bit-ids", width);
    const uint64_t ids_read = (uint64_t)ROUNDS * SG_CHUNK;
    const struct sg_bench_figure plain = {"copy", "Mid", ids_read, sg_bench_best_ns(5, copy, job)};
    const struct sg_bench_figure figure = {name, "Mid", ids_read, sg_bench_best_ns(5, unpack, job)};
    sg_bench_print(&figure, &plain);
    sg_mem_free(bytes);
}

int main(void)
{
    struct job *job = sg_mem_zalloc(1, sizeof(*job));
    uint32_t *ids = sg_mem_alloc(SG_CHUNK, sizeof(*ids));
    if (!job || !ids)
        return 1;
    job->plain = ids;
    for (unsigned width = 3; width <= 32; width += width < 24 ? 7 : 1)
        bench_width(job, ids, width);
    sg_mem_free(ids);
    sg_mem_free(job);
    return 0;
}
