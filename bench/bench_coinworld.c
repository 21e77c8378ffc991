/* What the made-up chain of outputs takes to make, and how well CoinJoins, clusters, change and
 * peel chains are found on it, where the truth is known. The tables are what
 * docs/methods/coinjoin.md, cluster.md and peel.md quote.
 *
 * SG_BENCH_COINWORLD: transactions (default 200,000). SG_BENCH_PEOPLE: of the scenario (its
 * default). SG_SEED: of the world (1). */
#include "coinworld_measure.h"

#include "yardstick.h"

#include "base/digest.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static uint64_t number_of(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text ? strtoull(text, NULL, 10) : otherwise;
}

static uint64_t n_bytes;

static enum sg_status on_block(void *ctx, const uint8_t *bytes, size_t size, struct sg_err *err)
{
    (void)ctx;
    (void)bytes;
    (void)err;
    n_bytes += size;
    return SG_OK;
}
/* The yardstick: hashing as many bytes once. */
static uint64_t hash_ns(uint64_t bytes)
{
    static uint8_t piece[1 << 20], digest[SG_SHA256_SIZE];
    const uint64_t begin = sg_bench_now_ns();
    for (uint64_t done = 0; done < bytes; done += sizeof(piece)) {
        sg_sha256_of(digest, piece, sizeof(piece));
        piece[0] = digest[0];
    }
    return sg_bench_now_ns() - begin + 1;
}

static void time_it(const struct sg_coinworld *options)
{
    const struct sg_coinworld_sink sink = {.block = on_block};
    struct sg_coinworld_summary summary;
    struct sg_err err;
    sg_mem_peak_reset();
    const uint64_t begin = sg_bench_now_ns();
    if (sg_coinworld_run(&summary, options, &sink, &err) != SG_OK) {
        fprintf(stderr, "%s\n", err.text);
        exit(1);
    }
    const struct sg_bench_figure made = {"coinworld/make", "MB", n_bytes,
                                         sg_bench_now_ns() - begin};
    const struct sg_bench_figure hashed = {"sha256", "MB", n_bytes, hash_ns(n_bytes)};
    sg_bench_print(&made, &hashed);
    printf("%" PRIu64 " transactions, %.2f us each, peak memory %zu KiB, %" PRIu64
           " outputs unspent\n\n",
           summary.transactions, (double)made.ns / 1000 / (double)summary.transactions,
           sg_mem_peak() / 1024, summary.unspent);
}

int main(void)
{
    struct sg_scenario scenario;
    sg_scenario_defaults(&scenario);
    scenario.people = (uint32_t)number_of("SG_BENCH_PEOPLE", scenario.people);
    const struct sg_coinworld options = {.seed = number_of("SG_SEED", 1),
                                         .transactions = number_of("SG_BENCH_COINWORLD", 200000),
                                         .scenario = &scenario,
                                         .params = sg_btc_params_find("bitcoin", "regtest")};
    time_it(&options);
    measure_all(&scenario, options.seed, options.transactions);
    return 0;
}
