/* Many double digests: two messages in step where the processor can, else one after the other by
 * libcrypto. */
#include "base/digest.h"

#include "base/sha256_ni.h"

#include <string.h>

#if defined(__x86_64__)

/* What the next block of a lane belongs to. */
enum lane_step { LANE_MESSAGE, LANE_INNER_ENDS, LANE_OUTER_ENDS };

struct queue {
    const struct sg_sha256d_job *next, *end;
};

/* One message on its way. */
struct lane {
    struct sg_sha256_ni state;
    const struct sg_sha256d_job *job;
    enum lane_step step;
    size_t part, off;  /* the next byte of the job */
    uint64_t size;     /* bytes of all its parts */
    const uint8_t *at; /* blocks that are ready */
    size_t n;
    uint8_t tail[2 * SG_SHA256_BLOCK]; /* a block over two parts, or the padded end */
    size_t held;                       /* bytes in tail */
};

/* FIPS 180-4, 5.1.1: a bit, zeros, and the length in bits, highest byte first. */
static void pad(struct lane *lane, uint64_t size)
{
    const size_t end = lane->held < SG_SHA256_BLOCK - 8 ? SG_SHA256_BLOCK : 2 * SG_SHA256_BLOCK;
    memset(lane->tail + lane->held, 0, end - lane->held);
    lane->tail[lane->held] = 0x80;
    for (size_t i = 0; i < 8; i++)
        lane->tail[end - 1 - i] = (uint8_t)(8 * size >> 8 * i);
    lane->at = lane->tail;
    lane->n = end / SG_SHA256_BLOCK;
    lane->held = 0;
}

/* Bytes of the parts into tail until it is a block or they end. */
static void collect(struct lane *lane)
{
    while (lane->held < SG_SHA256_BLOCK && lane->part < lane->job->n_parts) {
        const struct sg_sha256_part *part = &lane->job->parts[lane->part];
        const size_t left = part->size - lane->off, room = SG_SHA256_BLOCK - lane->held;
        const size_t n = left < room ? left : room;
        if (n)
            memcpy(lane->tail + lane->held, (const uint8_t *)part->bytes + lane->off, n);
        lane->held += n;
        lane->off = n == left ? 0 : lane->off + n;
        lane->part += n == left;
    }
}

static void more_of_message(struct lane *lane)
{
    const bool some = lane->part < lane->job->n_parts;
    const struct sg_sha256_part *part = &lane->job->parts[some ? lane->part : 0];
    if (some && lane->held == 0 && part->size - lane->off >= SG_SHA256_BLOCK) {
        lane->at = (const uint8_t *)part->bytes + lane->off;
        lane->n = (part->size - lane->off) / SG_SHA256_BLOCK;
        lane->off += lane->n * SG_SHA256_BLOCK;
        return;
    }
    collect(lane);
    if (lane->held == SG_SHA256_BLOCK) {
        lane->at = lane->tail;
        lane->n = 1;
        lane->held = 0;
        return;
    }
    pad(lane, lane->size);
    lane->step = LANE_INNER_ENDS;
}

static bool begin_next(struct lane *lane, struct queue *queue)
{
    if (queue->next == queue->end)
        return false;
    lane->job = queue->next++;
    lane->step = LANE_MESSAGE;
    lane->part = lane->off = lane->held = 0;
    lane->size = 0;
    for (size_t i = 0; i < lane->job->n_parts; i++)
        lane->size += lane->job->parts[i].size;
    sg_sha256_ni_init(&lane->state);
    more_of_message(lane);
    return true;
}

static void begin_outer(struct lane *lane)
{
    sg_sha256_ni_out(lane->tail, &lane->state);
    lane->held = SG_SHA256_SIZE;
    pad(lane, SG_SHA256_SIZE);
    sg_sha256_ni_init(&lane->state);
    lane->step = LANE_OUTER_ENDS;
}

/* Blocks for a lane that has none left; false when all messages are taken. */
static bool refill(struct lane *lane, struct queue *queue)
{
    switch (lane->step) {
    case LANE_MESSAGE:
        more_of_message(lane);
        return true;
    case LANE_INNER_ENDS:
        begin_outer(lane);
        return true;
    case LANE_OUTER_ENDS:
        sg_sha256_ni_out(lane->job->digest32, &lane->state);
        return begin_next(lane, queue);
    }
    return false;
}

static bool take(struct lane *lane, struct queue *queue, size_t n)
{
    lane->at += n * SG_SHA256_BLOCK;
    lane->n -= n;
    return lane->n || refill(lane, queue);
}

static void run_alone(struct lane *lane, struct queue *queue)
{
    do
        sg_sha256_ni_one(&lane->state, lane->at, lane->n);
    while (take(lane, queue, lane->n));
}

static void many_in_step(const struct sg_sha256d_job *jobs, size_t n)
{
    struct queue queue = {jobs, jobs + n};
    struct lane x, y;
    bool more_x = begin_next(&x, &queue), more_y = begin_next(&y, &queue);
    while (more_x && more_y) {
        const size_t blocks = x.n < y.n ? x.n : y.n;
        sg_sha256_ni_two(&x.state, x.at, &y.state, y.at, blocks);
        more_x = take(&x, &queue, blocks);
        more_y = take(&y, &queue, blocks);
    }
    if (more_x)
        run_alone(&x, &queue);
    if (more_y)
        run_alone(&y, &queue);
}

/* Two messages of 64 bytes: the message, its padding, and the padded first digest. */
static void two_pairs(uint8_t digests[2 * SG_SHA256_SIZE], const uint8_t pairs[2 * SG_SHA256_BLOCK])
{
    static const uint8_t padding[SG_SHA256_BLOCK] = {[0] = 0x80, [62] = 0x02};
    uint8_t inner[2][SG_SHA256_BLOCK] = {{[32] = 0x80, [62] = 0x01}, {[32] = 0x80, [62] = 0x01}};
    struct sg_sha256_ni x, y;
    sg_sha256_ni_init(&x);
    sg_sha256_ni_init(&y);
    sg_sha256_ni_two(&x, pairs, &y, pairs + SG_SHA256_BLOCK, 1);
    sg_sha256_ni_two(&x, padding, &y, padding, 1);
    sg_sha256_ni_out(inner[0], &x);
    sg_sha256_ni_out(inner[1], &y);
    sg_sha256_ni_init(&x);
    sg_sha256_ni_init(&y);
    sg_sha256_ni_two(&x, inner[0], &y, inner[1], 1);
    sg_sha256_ni_out(digests, &x);
    sg_sha256_ni_out(digests + SG_SHA256_SIZE, &y);
}
#endif

void sg_sha256d_many(const struct sg_sha256d_job *jobs, size_t n)
{
#if defined(__x86_64__)
    if (sg_sha256_ni_can()) {
        many_in_step(jobs, n);
        return;
    }
#endif
    for (size_t i = 0; i < n; i++)
        sg_sha256d(jobs[i].digest32, jobs[i].parts, jobs[i].n_parts);
}

void sg_sha256d_pairs(uint8_t *digests, const uint8_t *pairs, size_t n)
{
    size_t i = 0;
#if defined(__x86_64__)
    for (; i + 2 <= n && sg_sha256_ni_can(); i += 2)
        two_pairs(digests + i * SG_SHA256_SIZE, pairs + i * SG_SHA256_BLOCK);
#endif
    for (; i < n; i++) {
        const struct sg_sha256_part pair = {pairs + 2 * i * SG_SHA256_SIZE, 2 * SG_SHA256_SIZE};
        sg_sha256d(digests + i * SG_SHA256_SIZE, &pair, 1);
    }
}
