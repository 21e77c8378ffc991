#include "oracle/path.h"

static struct sg_amount wider(struct sg_amount a, struct sg_amount b)
{
    return sg_amount_cmp(a, b) > 0 ? a : b;
}

/* The best of all ways on from move `at`, which was reached with `width`. */
static struct sg_amount follow(const struct sg_trace_figures *f, size_t at, struct sg_amount width,
                               uint32_t target)
{
    const struct sg_trace_move *here = &f->moves[at];
    struct sg_amount best = here->to == target ? width : SG_AMOUNT_ZERO;
    for (size_t i = at + 1; i < f->n_moves && !here->is_dust; i++) {
        const struct sg_trace_move *next = &f->moves[i];
        if (next->kind != SG_MOVE_TRANSFER || next->from != here->to ||
            next->theft != here->theft || next->asset != here->asset)
            continue;
        best = wider(best, follow(f, i, sg_amount_min(width, next->tainted), target));
    }
    return best;
}

struct sg_amount oracle_widest(const struct sg_trace_figures *figures, uint32_t target)
{
    struct sg_amount best = SG_AMOUNT_ZERO;
    for (size_t i = 0; i < figures->n_moves; i++) {
        const struct sg_trace_move *m = &figures->moves[i];
        if (m->kind != SG_MOVE_TRANSFER || m->is_seed)
            best = wider(best, follow(figures, i, m->tainted, target));
    }
    return best;
}
