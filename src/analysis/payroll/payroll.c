#include "analysis/payroll/payroll_internal.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

void sg_payroll_defaults(struct sg_payroll_options *options)
{
    *options = (struct sg_payroll_options){
        .hops_max = 4, .min_payees = 4, .senders_max = 200, .window_s = INT64_C(30) * 24 * 3600};
}

static int by_id(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

bool sg_payroll_set_make(struct sg_payroll_set *set, const struct sg_addr_id *ids, size_t n)
{
    *set = (struct sg_payroll_set){sg_mem_alloc(n + 1, sizeof(*set->items)), n};
    if (!set->items)
        return false;
    for (size_t i = 0; i < n; i++)
        set->items[i] = ids[i].v;
    qsort(set->items, n, sizeof(*set->items), by_id);
    return true;
}

bool sg_payroll_set_has(const struct sg_payroll_set *set, uint32_t addr)
{
    return set->count && bsearch(&addr, set->items, set->count, sizeof(addr), by_id);
}

void sg_payroll_set_clear(struct sg_payroll_set *set)
{
    sg_mem_free(set->items);
    *set = (struct sg_payroll_set){0};
}

sg_payroll_value sg_payroll_value_of(struct sg_amount amount, unsigned decimals)
{
    struct sg_amount power = sg_amount_from(1), scaled;
    uint64_t value;
    for (unsigned i = decimals < 6 ? decimals : 6; i < (decimals < 6 ? 6 : decimals); i++)
        if (!sg_amount_mul(&power, power, 10))
            return 0;
    if (decimals < 6)
        scaled = sg_amount_cmp(amount, sg_amount_from((sg_u128)1 << 64)) < 0 &&
                         sg_amount_to_u64(&value, power) && sg_amount_mul(&scaled, amount, value)
                     ? scaled
                     : sg_amount_from(UINT64_MAX);
    else
        scaled = sg_amount_mul_div(NULL, amount, sg_amount_from(1), power);
    if (!sg_amount_to_u64(&value, scaled) || value > UINT64_MAX / 4)
        return UINT64_MAX / 4;
    return value;
}

size_t sg_payroll_asset(const struct sg_payroll_options *options, uint32_t asset)
{
    for (size_t i = 0; i < options->n_assets; i++)
        if (options->assets[i].v == asset)
            return i;
    return SIZE_MAX;
}

static enum sg_status read_decimals(struct sg_payroll_job *job)
{
    const struct sg_payroll_options *o = job->options;
    job->decimals = sg_mem_alloc(o->n_assets + 1, sizeof(*job->decimals));
    if (!job->decimals)
        return sg_err_nomem(job->err);
    for (size_t i = 0; i < o->n_assets; i++) {
        struct sg_asset asset;
        const enum sg_status st =
            job->ledger->ops->assets(job->ledger->self, &asset, &o->assets[i], 1, job->err);
        if (st != SG_OK)
            return st;
        job->decimals[i] = o->assets[i].v == 0  ? job->ledger->chain->decimals
                           : asset.has_decimals ? asset.decimals
                                                : 6;
    }
    return SG_OK;
}

/* Ids of one side of all series, each once. */
static enum sg_status sides(struct sg_payroll_set *set, const struct sg_payroll_job *job,
                            bool payers)
{
    const struct sg_payroll *out = job->out;
    size_t n = 0;
    set->items = sg_mem_alloc(out->n_series + 1, sizeof(*set->items));
    if (!set->items)
        return sg_err_nomem(job->err);
    for (size_t i = 0; i < out->n_series; i++)
        set->items[i] = payers ? out->series[i].payer.v : out->series[i].payee.v;
    qsort(set->items, out->n_series, sizeof(*set->items), by_id);
    for (size_t i = 0; i < out->n_series; i++)
        if (i == 0 || set->items[i] != set->items[n - 1])
            set->items[n++] = set->items[i];
    set->count = n;
    return SG_OK;
}

struct covering {
    const struct sg_payroll_set *payees;
    uint8_t *covered;
    bool whole_chain;
};

static bool on_cover(void *ctx, const struct sg_coverage *cover)
{
    struct covering *c = ctx;
    if (!(cover->kinds & SG_COVER_TOKEN))
        return true;
    if (cover->addr.v == SG_ID_NONE) {
        c->whole_chain = true;
        return false;
    }
    const uint32_t *at =
        bsearch(&cover->addr.v, c->payees->items, c->payees->count, sizeof(cover->addr.v), by_id);
    if (at)
        c->covered[at - c->payees->items] = 1;
    return true;
}

/* Payees of whom the ledger is known to hold the token transfers. */
static enum sg_status count_covered(struct sg_payroll_job *job, const struct sg_payroll_set *payees)
{
    struct covering c = {payees, sg_mem_zalloc(payees->count + 1, 1), false};
    if (!c.covered)
        return sg_err_nomem(job->err);
    const enum sg_status st =
        job->ledger->ops->coverage(job->ledger->self, NULL, 0, on_cover, &c, job->err);
    for (size_t i = 0; i < payees->count; i++)
        job->out->n_covered += c.whole_chain || c.covered[i];
    sg_mem_free(c.covered);
    return st;
}

static enum sg_status run(struct sg_payroll_job *job)
{
    struct sg_payroll_set payees = {0};
    enum sg_status st = read_decimals(job);
    if (st == SG_OK &&
        !sg_payroll_set_make(&job->services, job->options->services, job->options->n_services))
        st = sg_err_nomem(job->err);
    if (st == SG_OK)
        st = sg_payroll_find_series(job);
    if (st == SG_OK)
        st = sides(&job->payers, job, true);
    if (st == SG_OK)
        st = sides(&payees, job, false);
    if (st == SG_OK) {
        job->out->n_payers = (uint32_t)job->payers.count;
        job->out->n_payees = (uint32_t)payees.count;
        st = count_covered(job, &payees);
    }
    if (st == SG_OK)
        st = sg_payroll_gather(job);
    sg_payroll_set_clear(&payees);
    return st;
}

enum sg_status sg_payroll_run(struct sg_payroll *payroll, const struct sg_ledger *ledger,
                              const struct sg_payroll_options *options, struct sg_err *err)
{
    struct sg_payroll found = {0};
    struct sg_payroll_job job = {.ledger = ledger, .options = options, .out = &found, .err = err};
    const enum sg_status st = run(&job);
    sg_mem_free(job.decimals);
    sg_payroll_set_clear(&job.services);
    sg_payroll_set_clear(&job.payers);
    if (st == SG_OK)
        *payroll = found;
    else
        sg_payroll_clear(&found);
    return st;
}

void sg_payroll_clear(struct sg_payroll *payroll)
{
    sg_mem_free(payroll->series);
    sg_mem_free(payroll->pays);
    sg_mem_free(payroll->collectors);
    sg_mem_free(payroll->members);
    *payroll = (struct sg_payroll){0};
}

#define COVERED_PERCENT 80

bool sg_payroll_is_thin(const struct sg_payroll *p)
{
    return (uint64_t)p->n_covered * 100 < (uint64_t)p->n_payees * COVERED_PERCENT;
}
