/* Any bytes as assumptions: whatever is accepted gives a share within its corners' range [0, 1]. */
#include "analysis/money/money.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_prior(const struct sg_prior *prior)
{
    const double points[] = {0.001, 0.25, 0.5, 0.75, 0.999};
    double before = 0;
    assert(prior->source[0] != '\0');
    assert(prior->low >= 0 && prior->low <= prior->high);
    for (size_t i = 0; i < 5; i++) {
        const double value = sg_prior_quantile(prior, points[i]);
        assert(value >= before);
        if (prior->form != SG_FORM_LOGNORMAL)
            assert(value >= prior->low - 1e-6 && value <= prior->high * (1 + 1e-9) + 1e-6);
        before = value;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sg_arena arena = SG_ARENA_INIT;
    const struct sg_money_options options = {3, 1, 1};
    struct sg_assumptions assumptions;
    struct sg_share share;
    struct sg_err err;
    if (size > 16384)
        return 0;
    const enum sg_status st =
        sg_assumptions_read(&assumptions, &arena, (const char *)data, size, &err);
    assert(st == SG_OK || st == SG_EPARSE || st == SG_ELIMIT);
    if (st == SG_OK) {
        for (int i = 0; i < SG_PRIOR_COUNT; i++)
            check_prior(&assumptions.priors[i]);
        assert(sg_share_compute(&share, &assumptions, 0.5, &options, &err) == SG_OK);
        assert(share.corners.low >= 0 && share.corners.high <= 1);
        assert(share.share.p05 >= 0 && share.share.p95 <= 1);
    }
    sg_arena_clear(&arena);
    return 0;
}
