/* CoinJoins: which made-up transactions are judged to be of which kind, and what a judgement takes.
 * The generators are the tests' (tests/support/coinjoin_gen.h); the table is what docs/methods/
 * coinjoin.md quotes.
 *
 * SG_BENCH_COINJOIN: transactions of each kind (default 2,000). SG_SEED: of the first. */
#include "yardstick.h"

#include "support/coinjoin_gen.h"

#include "analysis/coinjoin/coinjoin.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define N_KINDS ((size_t)SG_COINJOIN_PAYJOIN + 1)

static const struct {
    const char *name;
    void (*make)(struct gen_tx *);
} sources[] = {
    {"whirlpool", gen_whirlpool},
    {"tx0", gen_tx0},
    {"wasabi1", gen_wasabi1},
    {"wasabi2", gen_wasabi2},
    {"joinmarket", gen_joinmarket},
    {"jm-coins", gen_joinmarket_coins},
    {"jm-pair", gen_joinmarket_pair},
    {"jm-tenth", gen_joinmarket_tenth},
    {"shared", gen_shared},
    {"payjoin", gen_payjoin},
    {"payouts", gen_payouts},
    {"alike", gen_alike},
    {"alike-pair", gen_alike_pair},
    {"exchange", gen_exchange_payouts},
    {"consolidation", gen_consolidation},
    {"move", gen_move},
    {"payment", gen_payment},
};

static uint64_t number_of(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text ? strtoull(text, NULL, 10) : otherwise;
}

int main(void)
{
    static struct gen_tx tx;
    const uint64_t n = number_of("SG_BENCH_COINJOIN", 2000), seed = number_of("SG_SEED", 1);
    printf("%-14s", "made as");
    for (size_t k = 0; k < N_KINDS; k++)
        printf(" %9.9s", k ? sg_coinjoin_kind_name((enum sg_coinjoin_kind)k) : "none");
    printf("   us each\n");
    for (size_t s = 0; s < SG_COUNT_OF(sources); s++) {
        uint64_t count[N_KINDS] = {0}, ns = 0;
        for (uint64_t i = 0; i < n; i++) {
            struct sg_coinjoin found;
            gen_begin(&tx, seed + i);
            sources[s].make(&tx);
            const struct sg_coinjoin_tx view = {tx.spent, tx.n_spent, tx.outs, tx.n_outs};
            const uint64_t begin = sg_bench_now_ns();
            if (sg_coinjoin_judge(&found, &view, NULL) != SG_OK)
                return 1;
            ns += sg_bench_now_ns() - begin;
            count[found.kind]++;
        }
        printf("%-14s", sources[s].name);
        for (size_t k = 0; k < N_KINDS; k++)
            printf(" %9" PRIu64, count[k]);
        printf(" %9" PRIu64 "\n", ns / n / 1000);
    }
    return 0;
}
