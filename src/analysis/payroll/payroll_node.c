/* Addresses on the way of a salary: what they pay, how many pay them, how much comes in. */
#include "analysis/payroll/payroll_internal.h"

#include "base/mem.h"
#include "base/vec.h"

static size_t slot_of(struct sg_payroll_node *const *slots, size_t n_slots, uint32_t addr)
{
    size_t at = (size_t)(addr * UINT64_C(0x9e3779b97f4a7c15) >> 20) & (n_slots - 1);
    while (slots[at] && slots[at]->addr != addr)
        at = (at + 1) & (n_slots - 1);
    return at;
}

static bool grow(struct sg_payroll_nodes *nodes)
{
    const size_t n = nodes->n_slots ? 2 * nodes->n_slots : 1024;
    struct sg_payroll_node **slots = sg_mem_zalloc(n, sizeof(*slots));
    if (!slots)
        return false;
    for (size_t i = 0; i < nodes->n_slots; i++)
        if (nodes->slots[i])
            slots[slot_of(slots, n, nodes->slots[i]->addr)] = nodes->slots[i];
    sg_mem_free(nodes->slots);
    nodes->slots = slots;
    nodes->n_slots = n;
    return true;
}

/* Reading one address. Senders are a set of at most senders_max + 1. */
struct reading {
    struct sg_payroll_job *job;
    struct sg_payroll_node *node;
    size_t capacity;
    uint32_t *senders;
    size_t n_slots; /* a power of two, at least twice the senders */
    uint64_t n_rows;
    uint64_t *txs; /* of outs */
    size_t cap_txs;
    enum sg_status status;
};

static void take_sender(struct reading *r, uint32_t from)
{
    size_t at = (size_t)(from * UINT64_C(0x9e3779b97f4a7c15) >> 20) & (r->n_slots - 1);
    while (r->senders[at] != SG_ID_NONE && r->senders[at] != from)
        at = (at + 1) & (r->n_slots - 1);
    if (r->senders[at] == from)
        return;
    r->senders[at] = from;
    r->node->n_senders++;
}

static bool take_out(struct reading *r, const struct sg_row *row, sg_payroll_value value)
{
    struct sg_payroll_node *node = r->node;
    if (!SG_VEC_RESERVE(node->outs, node->n_outs, r->capacity, 1) ||
        !SG_VEC_RESERVE(r->txs, node->n_outs, r->cap_txs, 1)) {
        r->status = sg_err_nomem(r->job->err);
        return false;
    }
    r->txs[node->n_outs] = row->tx.v;
    node->outs[node->n_outs++] = (struct sg_payroll_out){
        .row = row->id, .to = row->to.v, .asset = row->asset.v, .value = value};
    return true;
}

static bool on_row(void *ctx, const struct sg_row *row)
{
    struct reading *r = ctx;
    struct sg_payroll_node *node = r->node;
    const size_t asset = sg_payroll_asset(r->job->options, row->asset.v);
    if (++r->n_rows > SG_PAYROLL_ROWS_MAX)
        node->is_hub = true;
    if (node->is_hub)
        return false;
    if (asset == SIZE_MAX || row->from.v == row->to.v || sg_amount_is_zero(row->amount) ||
        row->to.v == SG_ID_NONE || (row->flags & (SG_ROW_FAILED | SG_ROW_OUT_OF_RANGE)))
        return true;
    const sg_payroll_value value = sg_payroll_value_of(row->amount, r->job->decimals[asset]);
    if (row->from.v == node->addr)
        return take_out(r, row, value);
    if (row->from.v != SG_ID_NONE)
        take_sender(r, row->from.v);
    node->inflow = node->inflow > UINT64_MAX - value ? UINT64_MAX : node->inflow + value;
    node->is_hub = node->n_senders > r->job->options->senders_max;
    return true;
}

static enum sg_status read_times(struct reading *r)
{
    const struct sg_ledger *l = r->job->ledger;
    struct sg_payroll_node *node = r->node;
    struct sg_tx tx;
    for (size_t i = 0; i < node->n_outs; i++) {
        const enum sg_status st =
            l->ops->txs(l->self, &tx, &(struct sg_tx_id){r->txs[i]}, 1, r->job->err);
        if (st != SG_OK)
            return st;
        node->outs[i].time_unix_s = tx.time_unix_s;
    }
    return SG_OK;
}

static enum sg_status read_node(struct sg_payroll_node *node, struct sg_payroll_job *job)
{
    const struct sg_ledger *l = job->ledger;
    struct reading r = {.job = job, .node = node, .n_slots = 16};
    while (r.n_slots < 2 * (size_t)job->options->senders_max + 4)
        r.n_slots *= 2;
    r.senders = sg_mem_alloc(r.n_slots, sizeof(*r.senders));
    if (!r.senders)
        return sg_err_nomem(job->err);
    for (size_t i = 0; i < r.n_slots; i++)
        r.senders[i] = SG_ID_NONE;
    const enum sg_status st =
        l->ops->rows_of(l->self, &(struct sg_addr_id){node->addr}, 1, 0, on_row, &r, job->err);
    if (r.status == SG_OK)
        r.status = st;
    if (r.status == SG_OK && !node->is_hub)
        r.status = read_times(&r);
    sg_mem_free(r.senders);
    sg_mem_free(r.txs);
    return r.status;
}

struct sg_payroll_node *sg_payroll_node(struct sg_payroll_nodes *nodes, struct sg_payroll_job *job,
                                        uint32_t addr, enum sg_status *status)
{
    if (2 * (nodes->n_used + 1) > nodes->n_slots && !grow(nodes)) {
        *status = sg_err_nomem(job->err);
        return NULL;
    }
    const size_t at = slot_of(nodes->slots, nodes->n_slots, addr);
    if (nodes->slots[at])
        return nodes->slots[at];
    struct sg_payroll_node *node = sg_mem_zalloc(1, sizeof(*node));
    if (!node) {
        *status = sg_err_nomem(job->err);
        return NULL;
    }
    node->addr = addr;
    nodes->slots[at] = node;
    nodes->n_used++;
    const enum sg_status st = read_node(node, job);
    if (st != SG_OK)
        *status = st;
    return st == SG_OK ? node : NULL;
}

void sg_payroll_nodes_clear(struct sg_payroll_nodes *nodes)
{
    for (size_t i = 0; i < nodes->n_slots; i++)
        if (nodes->slots[i]) {
            sg_mem_free(nodes->slots[i]->outs);
            sg_mem_free(nodes->slots[i]);
        }
    sg_mem_free(nodes->slots);
    *nodes = (struct sg_payroll_nodes){0};
}
