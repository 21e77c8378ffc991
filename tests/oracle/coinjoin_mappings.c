#include "oracle/coinjoin_mappings.h"

#include <stdbool.h>

#define GROUPS_MAX 8

struct dealt {
    const uint64_t *in_sat, *out_sat;
    size_t n_in, n_out, n_groups;
    uint64_t allowance;
    uint64_t spent[GROUPS_MAX], paid[GROUPS_MAX];
    size_t n_paid[GROUPS_MAX];
};

static bool holds(const struct dealt *d)
{
    for (size_t g = 0; g < d->n_groups; g++)
        if (d->n_paid[g] == 0 || d->spent[g] + d->allowance < d->paid[g])
            return false;
    return true;
}

static uint64_t deal_outs(struct dealt *d, size_t at)
{
    uint64_t n = 0;
    if (at == d->n_out)
        return holds(d);
    for (size_t g = 0; g < d->n_groups; g++) {
        d->paid[g] += d->out_sat[at];
        d->n_paid[g]++;
        n += deal_outs(d, at + 1);
        d->n_paid[g]--;
        d->paid[g] -= d->out_sat[at];
    }
    return n;
}

/* An input joins a group that there is, or begins the next one. */
static uint64_t deal_ins(struct dealt *d, size_t at)
{
    uint64_t n = 0;
    if (at == d->n_in)
        return deal_outs(d, 0);
    for (size_t g = 0; g <= d->n_groups; g++) {
        const size_t before = d->n_groups;
        d->n_groups += g == before;
        d->spent[g] += d->in_sat[at];
        n += deal_ins(d, at + 1);
        d->spent[g] -= d->in_sat[at];
        d->n_groups = before;
        if (g + 1 == GROUPS_MAX)
            break;
    }
    return n;
}

uint64_t sg_oracle_mappings(const uint64_t *in_sat, size_t n_in, const uint64_t *out_sat,
                            size_t n_out, uint64_t allowance)
{
    struct dealt d = {
        .in_sat = in_sat, .out_sat = out_sat, .n_in = n_in, .n_out = n_out, .allowance = allowance};
    return deal_ins(&d, 0);
}
