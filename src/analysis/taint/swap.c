#include "analysis/taint/taint_internal.h"
#include "base/mem.h"
#include "base/vec.h"

/* Whether an address, over the rows of a transaction, only gave one asset and only got one other.
 */
static bool is_swap(struct sg_swap_state *state, const struct sg_taint_run *run,
                    struct sg_addr_id addr, size_t first, size_t end)
{
    bool gave = false, got = false;
    *state = (struct sg_swap_state){.addr = addr};
    for (size_t i = first; i < end; i++) {
        const struct sg_row *row = sg_work_row(run, &run->work[i]);
        if (!sg_row_moves(row) || (row->from.v != addr.v && row->to.v != addr.v))
            continue;
        const bool gives = row->from.v == addr.v;
        bool *seen = gives ? &gave : &got;
        struct sg_asset_id *asset = gives ? &state->out : &state->in;
        if (*seen && asset->v != row->asset.v)
            return false;
        *seen = true;
        *asset = row->asset;
        struct sg_amount *sum = gives ? &state->amount_out : &state->amount_in;
        if (!sg_amount_add(sum, *sum, row->amount))
            return false;
    }
    return gave && got && state->out.v != state->in.v;
}

static bool has_two_assets(const struct sg_taint_run *run, size_t first, size_t end)
{
    for (size_t i = first + 1; i < end; i++)
        if (sg_work_row(run, &run->work[i])->asset.v !=
            sg_work_row(run, &run->work[first])->asset.v)
            return true;
    return false;
}

static bool is_open(const struct sg_taint_run *run, struct sg_addr_id addr)
{
    for (size_t i = 0; i < run->n_swap_states; i++)
        if (run->swap_states[i].addr.v == addr.v)
            return true;
    return false;
}

/* Write the conversion a theft and book what left the asset. */
static enum sg_status book_out(struct sg_taint_run *run, struct sg_swap_state *state,
                               struct sg_tx_id tx, struct sg_err *err)
{
    state->first_swap = run->n_swaps;
    for (uint32_t t = 0; t < run->input->n_thefts; t++) {
        const struct sg_amount out = sg_lots_of(&state->paid, t);
        if (sg_amount_is_zero(out))
            continue;
        if (!SG_VEC_RESERVE(run->swaps, run->n_swaps, run->swaps_cap, 1))
            return sg_err_nomem(err);
        run->swaps[run->n_swaps++] = (struct sg_taint_swap){.addr = state->addr,
                                                            .tx = tx,
                                                            .asset_out = state->out,
                                                            .asset_in = state->in,
                                                            .theft = t,
                                                            .amount_out = state->amount_out,
                                                            .amount_in = state->amount_in,
                                                            .tainted_out = out};
        state->n_swaps++;
        struct sg_taint_total *total = sg_total(run, state->out, t);
        const enum sg_status st =
            total ? sg_sum(&total->converted_out, out, err) : sg_err_nomem(err);
        if (st != SG_OK)
            return st;
    }
    return SG_OK;
}

/* Pay all that the swap gives at once, before the rows. */
static enum sg_status open_swap(struct sg_taint_run *run, uint32_t node,
                                struct sg_swap_state *found, struct sg_tx_id tx, struct sg_err *err)
{
    if (!SG_VEC_RESERVE(run->swap_states, run->n_swap_states, run->swap_states_cap, 1))
        return sg_err_nomem(err);
    sg_lots_reset(&run->paid);
    const enum sg_status st =
        sg_pay(run, node, found->out, found->amount_out, SG_AMOUNT_ZERO, tx, err);
    if (st != SG_OK)
        return st;
    struct sg_swap_state *state = &run->swap_states[run->n_swap_states++];
    *state = *found;
    state->paid = run->paid;
    run->paid = (struct sg_lots){0};
    return book_out(run, state, tx, err);
}

static bool may_pay_tainted(const struct sg_taint_run *run, uint32_t node, struct sg_asset_id asset)
{
    const struct sg_purse *purse = sg_world_purse_find(run, node, asset);
    return (run->nodes[node].flags & SG_NODE_ORIGIN) ||
           (purse && !sg_amount_is_zero(purse->tainted));
}

enum sg_status sg_swaps_open(struct sg_taint_run *run, size_t first, size_t end, struct sg_err *err)
{
    struct sg_addr_id tried = {SG_ID_NONE};
    if (!has_two_assets(run, first, end))
        return SG_OK;
    for (size_t i = first; i < end; i++) {
        const struct sg_row row = *sg_work_row(run, &run->work[i]);
        const uint32_t node = sg_world_payer(run, row.from);
        if (!sg_row_moves(&row) || row.from.v == tried.v || node >= SG_NODE_SERVICE)
            continue;
        tried = row.from;
        struct sg_swap_state found;
        if (!may_pay_tainted(run, node, row.asset) || is_open(run, row.from) ||
            !is_swap(&found, run, row.from, first, end))
            continue;
        const enum sg_status st = open_swap(run, node, &found, row.tx, err);
        if (st != SG_OK)
            return st;
    }
    return SG_OK;
}

bool sg_swaps_gives(const struct sg_taint_run *run, const struct sg_row *row)
{
    return is_open(run, row->from);
}

/* What the part `seen` of all that comes in is due of one theft. */
static struct sg_amount due(const struct sg_taint_swap *swap, struct sg_amount seen)
{
    return sg_amount_mul_div(NULL, seen, swap->tainted_out, swap->amount_out);
}

static enum sg_status get(struct sg_taint_run *run, struct sg_swap_state *state,
                          struct sg_amount amount, struct sg_err *err)
{
    const struct sg_amount before = state->seen_in;
    enum sg_status st = sg_sum(&state->seen_in, amount, err);
    for (size_t i = state->first_swap; i < state->first_swap + state->n_swaps && st == SG_OK; i++) {
        struct sg_taint_swap *swap = &run->swaps[i];
        struct sg_amount part = SG_AMOUNT_ZERO, done = SG_AMOUNT_ZERO;
        if (!sg_amount_sub(&part, due(swap, state->seen_in), due(swap, before)))
            return sg_err_set(err, SG_ECORRUPT, "a swap got less in all than in part");
        if (!sg_lots_taint(&done, &run->paid, swap->theft, part))
            return sg_err_nomem(err);
        st = sg_sum(&swap->tainted_in, done, err);
        struct sg_taint_total *total = sg_total(run, swap->asset_in, swap->theft);
        if (st == SG_OK)
            st = total ? sg_sum(&total->converted_in, done, err) : sg_err_nomem(err);
    }
    return st;
}

/* What the origin gets is at its place again: the money's way ended with what it gave. */
static bool is_origin(const struct sg_taint_run *run, struct sg_addr_id addr)
{
    return run->input->origin && run->input->origin->v == addr.v;
}

enum sg_status sg_swaps_get(struct sg_taint_run *run, const struct sg_work *now, struct sg_err *err)
{
    const struct sg_row *row = sg_work_row(run, now);
    for (size_t i = 0; i < run->n_swap_states; i++)
        if (run->swap_states[i].addr.v == row->to.v)
            return is_origin(run, row->to) ? SG_OK
                                           : get(run, &run->swap_states[i], row->amount, err);
    return SG_OK;
}

static enum sg_status write_move(struct sg_taint_run *run, size_t at, struct sg_err *err)
{
    const struct sg_taint_swap *swap = &run->swaps[at];
    if (sg_amount_is_zero(swap->tainted_in))
        return SG_OK;
    if (!SG_VEC_RESERVE(run->moves, run->n_moves, run->moves_cap, 1))
        return sg_err_nomem(err);
    run->moves[run->n_moves++] = (struct sg_taint_move){.row = UINT64_MAX,
                                                        .tx = swap->tx,
                                                        .from = swap->addr,
                                                        .to = swap->addr,
                                                        .asset = swap->asset_in,
                                                        .theft = swap->theft,
                                                        .conversion = (uint32_t)at,
                                                        .amount = swap->amount_in,
                                                        .tainted = swap->tainted_in,
                                                        .kind = SG_MOVE_SWAP};
    return SG_OK;
}

enum sg_status sg_swaps_close(struct sg_taint_run *run, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    for (size_t i = 0; i < run->n_swap_states; i++) {
        struct sg_swap_state *state = &run->swap_states[i];
        for (size_t j = 0; j < state->n_swaps && st == SG_OK; j++)
            st = write_move(run, state->first_swap + j, err);
        sg_lots_clear(&state->paid);
    }
    run->n_swap_states = 0;
    return st;
}
