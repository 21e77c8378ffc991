/* The Monte Carlo of `sillage programme`: 100,000 draws with Sobol indices, against the two seconds
 * that it may take; and the simulation of power that goes with it. */
#include "analysis/association/association.h"
#include "analysis/money/money.h"
#include "yardstick.h"

#include <stdio.h>
#include <stdlib.h>

#define TARGET_NS UINT64_C(2000000000)
#define MONTHS    60

static struct sg_assumptions assumptions;

static void run_share(void *ctx)
{
    const struct sg_money_options options = {sg_bench_env("SG_BENCH_DRAWS", 100000), 2, 1};
    struct sg_share share;
    struct sg_err err;
    (void)ctx;
    if (sg_share_compute(&share, &assumptions, 0.5, &options, &err) != SG_OK)
        exit(1);
}

/* A thousand runs over a made-up course of thefts: one large, many small. */
static void run_power(void *ctx)
{
    struct sg_theft thefts[MONTHS];
    double launches[MONTHS];
    const struct sg_association_input input = {2018 * 12, MONTHS, launches, thefts, MONTHS};
    const struct sg_power_request request = {&input, 8, 2, 1000, 1, 2};
    struct sg_power power;
    struct sg_err err;
    (void)ctx;
    for (int i = 0; i < MONTHS; i++) {
        thefts[i] = (struct sg_theft){2017 * 12 + i, i == 50 ? 600 : 10 + i % 7, "x-1"};
        launches[i] = i % 5 == 0 ? 9 : 0;
    }
    if (sg_association_power(&power, &request, &err) != SG_OK)
        exit(1);
}

int main(void)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_err err;
    const struct sg_text yaml = sg_programme_builtin(SG_BUILTIN_ASSUMPTIONS_YAML);
    if (sg_assumptions_read(&assumptions, &arena, yaml.data, yaml.size, &err) != SG_OK) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    sg_bench_print_target("programme/share", sg_bench_best_ns(3, run_share, NULL), TARGET_NS);
    sg_bench_print_target("programme/power", sg_bench_best_ns(3, run_power, NULL), TARGET_NS);
    sg_arena_clear(&arena);
    return 0;
}
