/* Which neighbourhood a row belongs to, and who lives there. */
#include "analysis/peoplegen/peoplegen_internal.h"

#include <string.h>

/* Source: S. Vigna, splitmix64 (public domain reference), the finaliser of D. Stafford. */
static uint64_t mix(uint64_t x)
{
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

void sg_pg_rng(struct sg_rng *rng, const struct sg_peoplegen *gen, uint64_t cell, unsigned slot,
               enum pg_stream stream)
{
    sg_rng_init(rng, mix(mix(mix(gen->seed) ^ cell) ^ (uint64_t)slot << 8 ^ (uint64_t)stream));
}

bool sg_pg_chance(struct sg_rng *rng, unsigned percent)
{
    return sg_rng_below(rng, 100) < percent;
}

bool sg_pg_slips(struct sg_rng *rng, unsigned care)
{
    static const unsigned percent[] = {90, 70, 45, 20, 6};
    return sg_pg_chance(rng, percent[care]);
}

/* A permutation of [0, n) without a table: a Feistel network on the next even number of bits,
 * walked until it falls inside. Four rounds are ample where nobody attacks the order.
 * Source: J. Black, P. Rogaway, Ciphers with Arbitrary Finite Domains, 2002,
 * doi:10.1007/3-540-45760-7_9. */
static uint64_t permute(uint64_t x, uint64_t n, uint64_t key)
{
    unsigned half = 1;
    while (n > UINT64_C(1) << 2 * half)
        half++;
    const uint64_t mask = (UINT64_C(1) << half) - 1;
    do {
        uint64_t left = x >> half, right = x & mask;
        for (unsigned round = 0; round < 4; round++) {
            const uint64_t next = left ^ (mix((key + round) ^ right) & mask);
            left = right;
            right = next;
        }
        x = left << half | right;
    } while (x >= n);
    return x;
}

/* The rest of the file joins the last neighbourhood, so each has 64 slots or, the last, up to 127.
 * A file of fewer than 64 records is one. */
static uint64_t n_cells(const struct sg_peoplegen *gen)
{
    return gen->n_records < SG_PEOPLEGEN_CELL ? 1 : gen->n_records / SG_PEOPLEGEN_CELL;
}

static void plan_operator(struct pg_plan *plan, const struct sg_peoplegen *gen)
{
    struct sg_rng rng;
    const uint64_t place = permute(plan->cell, n_cells(gen), mix(gen->seed ^ 1));
    if (place >= gen->n_operators)
        return;
    sg_pg_rng(&rng, gen, plan->cell, 0, PG_OPERATOR);
    plan->operator_id = place + 1;
    /* 3 to 30, small ones more often: the smaller of two draws. */
    const unsigned a = (unsigned)sg_rng_below(&rng, 28), b = (unsigned)sg_rng_below(&rng, 28);
    plan->n_personas = 3 + (a < b ? a : b);
    plan->care = (unsigned)sg_rng_below(&rng, 5);
}

/* Each slot begins a household, goes on with the last one, or is somebody who was here before. */
static void plan_people(struct pg_plan *plan, unsigned repeats, struct sg_rng *rng)
{
    unsigned house = plan->n_personas, left = 0, place = 0;
    for (unsigned i = 0; i < plan->n; i++) {
        struct pg_slot *slot = &plan->slots[i];
        const bool honest = i >= plan->n_personas;
        if (honest && i > plan->n_personas && sg_pg_chance(rng, repeats)) {
            const uint64_t before = sg_rng_below(rng, i - plan->n_personas);
            *slot = plan->slots[plan->n_personas + before];
            continue;
        }
        if (!left) {
            const unsigned size = (unsigned)sg_rng_below(rng, 8);
            left = size < 4 ? 1 : size < 6 ? 2 : size - 3; /* half of all live alone */
            house = i;
            place = 0;
        }
        *slot = (struct pg_slot){(uint8_t)i, (uint8_t)(honest ? house : i), (uint8_t)place};
        left = honest ? left - 1 : 0;
        place++;
    }
}

unsigned sg_pg_plan(struct pg_plan *plan, const struct sg_peoplegen *gen, uint64_t row)
{
    struct sg_rng rng;
    const uint64_t place = permute(row, gen->n_records, mix(gen->seed));
    const uint64_t cells = n_cells(gen);
    memset(plan, 0, offsetof(struct pg_plan, slots));
    plan->cell = place / SG_PEOPLEGEN_CELL < cells ? place / SG_PEOPLEGEN_CELL : cells - 1;
    const uint64_t first = plan->cell * SG_PEOPLEGEN_CELL;
    plan->n = plan->cell + 1 == cells ? (unsigned)(gen->n_records - first) : SG_PEOPLEGEN_CELL;
    if (plan->n >= SG_PEOPLEGEN_CELL)
        plan_operator(plan, gen);
    sg_pg_rng(&rng, gen, plan->cell, 0, PG_CELL);
    plan_people(plan, gen->repeats, &rng);
    if (plan->n == SG_PEOPLEGEN_CELL && sg_pg_chance(&rng, 15)) {
        plan->office = true;
        plan->office_from = 32;
        plan->office_to = 37 + (unsigned)sg_rng_below(&rng, 12);
    }
    if (plan->n == SG_PEOPLEGEN_CELL && sg_pg_chance(&rng, 8)) {
        plan->agency_from = 50;
        plan->agency_to = 54 + (unsigned)sg_rng_below(&rng, 9);
    }
    return (unsigned)(place - first);
}
