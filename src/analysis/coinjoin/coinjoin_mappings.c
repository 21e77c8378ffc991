#include "analysis/coinjoin/coinjoin.h"

#include "base/mem.h"

#include <assert.h>
#include <string.h>

/* Sets of inputs and outputs are bits; a state is what is still to be mapped. */
struct mapper {
    size_t n_in, n_out;
    uint64_t *in_sum, *out_sum; /* of each set */
    uint64_t *ways;             /* of each state; UNSET until asked */
    uint64_t allowance;
    bool overflow;
};

#define UNSET UINT64_MAX

static void fill_sums(uint64_t *sum, const uint64_t *sat, size_t n)
{
    sum[0] = 0;
    for (size_t set = 1; set < (size_t)1 << n; set++)
        sum[set] = sum[set & (set - 1)] + sat[__builtin_ctzll(set)];
}

/* n groups of these inputs may pay for these outputs: each may pay out the allowance more. */
static bool may_pay(const struct mapper *m, size_t ins, size_t outs, uint64_t n)
{
    return m->in_sum[ins] + n * m->allowance >= m->out_sum[outs];
}

static uint64_t count(struct mapper *m, size_t ins, size_t outs);

/* The group that holds the lowest input is `group`; try each set of outputs for it. */
static void add_group(struct mapper *m, uint64_t *total, size_t ins, size_t outs, size_t group)
{
    for (size_t paid = outs; paid; paid = (paid - 1) & outs) {
        const size_t ins_left = ins ^ group;
        if (!may_pay(m, group, paid, 1) ||
            !may_pay(m, ins_left, outs ^ paid, (uint64_t)__builtin_popcountll(ins_left)))
            continue;
        if (__builtin_add_overflow(*total, count(m, ins_left, outs ^ paid), total))
            m->overflow = true;
    }
}

static uint64_t count(struct mapper *m, size_t ins, size_t outs)
{
    if (ins == 0 || outs == 0)
        return ins == outs;
    uint64_t *slot = &m->ways[ins << m->n_out | outs];
    if (*slot != UNSET)
        return *slot;
    const size_t lowest = ins & -ins, others = ins ^ lowest;
    uint64_t total = 0;
    for (size_t more = others;; more = (more - 1) & others) {
        add_group(m, &total, ins, outs, lowest | more);
        if (more == 0)
            break;
    }
    *slot = total;
    return total;
}

enum sg_status sg_coinjoin_mappings(uint64_t *count_out, const uint64_t *in_sat, size_t n_in,
                                    const uint64_t *out_sat, size_t n_out, uint64_t allowance,
                                    struct sg_err *err)
{
    assert(n_in && n_out && n_in + n_out <= SG_COINJOIN_MAPPINGS_MAX);
    const size_t n_states = (size_t)1 << (n_in + n_out);
    struct mapper m = {.n_in = n_in, .n_out = n_out, .allowance = allowance};
    uint64_t *memory =
        sg_mem_alloc(n_states + ((size_t)1 << n_in) + ((size_t)1 << n_out), sizeof(uint64_t));
    if (!memory)
        return sg_err_nomem(err);
    m.ways = memory;
    m.in_sum = memory + n_states;
    m.out_sum = m.in_sum + ((size_t)1 << n_in);
    memset(m.ways, 0xff, n_states * sizeof(*m.ways));
    fill_sums(m.in_sum, in_sat, n_in);
    fill_sums(m.out_sum, out_sat, n_out);
    const size_t all_in = ((size_t)1 << n_in) - 1, all_out = ((size_t)1 << n_out) - 1;
    const uint64_t total = count(&m, all_in, all_out);
    sg_mem_free(memory);
    if (m.overflow)
        return sg_err_set(err, SG_ELIMIT, "more mappings than 64 bits count");
    *count_out = total;
    return SG_OK;
}
