#include "analysis/coinjoin/coinjoin_internal.h"

#include "base/mem.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define OP_RETURN 0x6a

static int by_script(const void *a, const void *b)
{
    const struct sg_btc_out *x = *(const struct sg_btc_out *const *)a;
    const struct sg_btc_out *y = *(const struct sg_btc_out *const *)b;
    if (x->script_size != y->script_size)
        return x->script_size < y->script_size ? -1 : 1;
    return x->script_size ? memcmp(x->script, y->script, x->script_size) : 0;
}

static int largest_first(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x < y) - (x > y);
}

void sg_cj_sort(uint64_t *sat, size_t n)
{
    qsort(sat, n, sizeof(*sat), largest_first);
}

static int frequent_first(const void *a, const void *b)
{
    const struct cj_group *x = a, *y = b;
    if (x->count != y->count)
        return x->count < y->count ? 1 : -1;
    return (x->sat < y->sat) - (x->sat > y->sat);
}

static enum cj_form form_of(const struct sg_btc_out *out)
{
    static const struct {
        enum cj_form form;
        size_t size;
        uint8_t head[3];
        size_t n_head;
    } forms[] = {{CJ_FORM_KEY, 25, {0x76, 0xa9, 0x14}, 3},
                 {CJ_FORM_SCRIPT, 23, {0xa9, 0x14}, 2},
                 {CJ_FORM_WITNESS_KEY, 22, {0x00, 0x14}, 2},
                 {CJ_FORM_TAPROOT, 34, {0x51, 0x20}, 2}};
    for (size_t i = 0; i < SG_COUNT_OF(forms); i++)
        if (out->script_size == forms[i].size &&
            memcmp(out->script, forms[i].head, forms[i].n_head) == 0)
            return forms[i].form;
    return CJ_FORM_OTHER;
}

static bool is_data(const struct sg_btc_out *out)
{
    return out->script_size && out->script[0] == OP_RETURN;
}

static bool sum(uint64_t *total, const struct sg_btc_out *outs, size_t n)
{
    *total = 0;
    for (size_t i = 0; i < n; i++)
        if (__builtin_add_overflow(*total, outs[i].sat, total) || *total > INT64_MAX)
            return false;
    return true;
}

static bool is_descending(const struct sg_btc_out *outs, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (outs[i].sat > outs[i - 1].sat)
            return false;
    return true;
}

/* One amount a script; `order` is scratch for n pointers. */
static void sum_spenders(struct cj_view *view, const struct sg_btc_out **order)
{
    const struct sg_coinjoin_tx *tx = view->tx;
    for (size_t i = 0; i < tx->n_spent; i++)
        order[i] = &tx->spent[i];
    qsort(order, tx->n_spent, sizeof(*order), by_script);
    for (size_t i = 0; i < tx->n_spent; i++) {
        if (i == 0 || by_script(&order[i - 1], &order[i]) != 0)
            view->in_sat[view->n_spenders++] = 0;
        view->in_sat[view->n_spenders - 1] += order[i]->sat;
    }
    sg_cj_sort(view->in_sat, view->n_spenders);
}

static void list_payees(struct cj_view *view, const struct sg_btc_out **order)
{
    const struct sg_coinjoin_tx *tx = view->tx;
    view->out_key_hash = true;
    for (size_t i = 0; i < tx->n_outs; i++) {
        if (is_data(&tx->outs[i])) {
            view->n_data++;
            view->data_size = tx->outs[i].script_size;
            continue;
        }
        const enum cj_form form = form_of(&tx->outs[i]);
        view->out_key_hash = view->out_key_hash && form == CJ_FORM_WITNESS_KEY;
        view->n_alike += form == view->in_form && form != CJ_FORM_OTHER;
        order[view->n_pay] = &tx->outs[i];
        view->pay_sat[view->n_pay++] = tx->outs[i].sat;
    }
    qsort(order, view->n_pay, sizeof(*order), by_script);
    for (size_t i = 0; i < view->n_pay; i++)
        view->n_payees += i == 0 || by_script(&order[i - 1], &order[i]) != 0;
    sg_cj_sort(view->pay_sat, view->n_pay);
}

static void look_at_inputs(struct cj_view *view)
{
    const struct sg_coinjoin_tx *tx = view->tx;
    view->in_key_hash = view->in_segwit = true;
    for (size_t i = 0; i < tx->n_spent; i++) {
        const enum cj_form form = form_of(&tx->spent[i]);
        view->in_form = i == 0 || form == view->in_form ? form : CJ_FORM_OTHER;
        view->in_key_hash = view->in_key_hash && form == CJ_FORM_WITNESS_KEY;
        view->in_segwit =
            view->in_segwit && (form == CJ_FORM_WITNESS_KEY || form == CJ_FORM_TAPROOT);
    }
    view->in_descending = is_descending(tx->spent, tx->n_spent);
}

static void group(struct cj_view *view)
{
    for (size_t i = 0; i < view->n_pay; i++) {
        if (i == 0 || view->pay_sat[i] != view->pay_sat[i - 1])
            view->groups[view->n_groups++] = (struct cj_group){view->pay_sat[i], 0};
        view->groups[view->n_groups - 1].count++;
    }
    qsort(view->groups, view->n_groups, sizeof(*view->groups), frequent_first);
    for (size_t i = 0; i < view->n_groups; i++)
        view->n_single += view->groups[i].count == 1;
}

static enum sg_status take_memory(struct cj_view *view, struct sg_err *err)
{
    const size_t n_in = view->tx->n_spent, n_out = view->tx->n_outs;
    struct cj_group *memory =
        sg_mem_alloc(n_in + n_out + 1, sizeof(uint64_t) + sizeof(struct cj_group) + sizeof(void *));
    if (!memory)
        return sg_err_nomem(err);
    view->memory = memory;
    view->groups = memory;
    view->in_sat = (uint64_t *)(view->groups + n_out);
    view->pay_sat = view->in_sat + n_in;
    return SG_OK;
}

enum sg_status sg_cj_view_open(struct cj_view *view, const struct sg_coinjoin_tx *tx,
                               struct sg_err *err)
{
    *view = (struct cj_view){.tx = tx};
    if (!sum(&view->total_in, tx->spent, tx->n_spent) ||
        !sum(&view->total_out, tx->outs, tx->n_outs))
        return sg_err_set(err, SG_EPARSE, "the amounts sum to more than there can be");
    if (view->total_out > view->total_in)
        return sg_err_set(err, SG_EPARSE, "the transaction pays out more than it spends");
    const enum sg_status st = take_memory(view, err);
    if (st != SG_OK)
        return st;
    view->fee = view->total_in - view->total_out;
    const struct sg_btc_out **order = (const struct sg_btc_out **)(view->pay_sat + tx->n_outs);
    look_at_inputs(view);
    sum_spenders(view, order);
    list_payees(view, order);
    group(view);
    view->out_descending = is_descending(tx->outs, tx->n_outs);
    return SG_OK;
}

void sg_cj_view_close(struct cj_view *view)
{
    sg_mem_free(view->memory);
}
