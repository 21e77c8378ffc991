/* Payees that several withdrawers, or a withdrawer and a depositor, share; and the services that
 * stand behind payees. */
#include "analysis/demix/demix_next_internal.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static int by_payee(const void *a, const void *b)
{
    const struct sg_demix_payment *x = a;
    const struct sg_demix_payment *y = b;
    if (x->to != y->to)
        return x->to < y->to ? -1 : 1;
    return (x->who > y->who) - (x->who < y->who);
}

static size_t each_once(struct sg_demix_payment *payments, size_t n)
{
    size_t kept = 0;
    if (n)
        qsort(payments, n, sizeof(*payments), by_payee);
    for (size_t i = 0; i < n; i++)
        if (!kept || by_payee(&payments[kept - 1], &payments[i]) != 0)
            payments[kept++] = payments[i];
    return kept;
}

/* Of one payee. A withdrawer keeps the one with most others, lowest id first. */
static void judge_payee(struct sg_demix_link *links, const struct sg_demix_payment *group, size_t n)
{
    const bool has_depositor = group[n - 1].who == SG_DEMIX_DEPOSITOR;
    const size_t n_withdrawers = n - has_depositor;
    for (size_t i = 0; i < n_withdrawers; i++) {
        struct sg_demix_link *link = &links[group[i].who];
        if (has_depositor && link->same.v == SG_ID_NONE)
            link->same.v = group[i].to;
        if (n_withdrawers - 1 > link->n_next) {
            link->n_next = (uint32_t)(n_withdrawers - 1);
            link->next.v = group[i].to;
        }
    }
}

struct use {
    const char *entity;
    uint32_t who;
};

static int by_entity(const void *a, const void *b)
{
    const struct use *x = a;
    const struct use *y = b;
    const int order = strcmp(x->entity, y->entity);
    return order ? order : (x->who > y->who) - (x->who < y->who);
}

/* Of one service. Who uses several keeps one that a depositor uses too, else the one that fewest
 * others use: it says most. */
static void judge_service(struct sg_demix_link *links, const struct use *group, size_t n)
{
    const bool has_depositor = group[n - 1].who == SG_DEMIX_DEPOSITOR;
    const size_t n_withdrawers = n - has_depositor;
    for (size_t i = 0; i < n_withdrawers; i++) {
        struct sg_demix_link *link = &links[group[i].who];
        const bool better =
            !link->service || (has_depositor && !link->service_shared) ||
            (has_depositor == link->service_shared && n_withdrawers - 1 < link->n_service);
        if (!better)
            continue;
        link->service = group[i].entity;
        link->service_shared = has_depositor;
        link->n_service = (uint32_t)(n_withdrawers - 1);
    }
}

static size_t uses_once(struct use *uses, size_t n)
{
    size_t kept = 0;
    if (n)
        qsort(uses, n, sizeof(*uses), by_entity);
    for (size_t i = 0; i < n; i++)
        if (!kept || by_entity(&uses[kept - 1], &uses[i]) != 0)
            uses[kept++] = uses[i];
    return kept;
}

static enum sg_status collect(struct use *uses, size_t *n_uses,
                              const struct sg_demix_payment *payments, size_t n,
                              const struct sg_exposure_book *book, struct sg_err *err)
{
    const struct sg_exposure_label *label = NULL;
    for (size_t i = 0; i < n; i++) {
        enum sg_status st = SG_OK;
        if (!i || payments[i].to != payments[i - 1].to)
            st = book->look(book->ctx, &label, (struct sg_addr_id){payments[i].to}, err);
        if (st != SG_OK)
            return st;
        if (label && label->is_service)
            uses[(*n_uses)++] = (struct use){label->entity, payments[i].who};
    }
    return SG_OK;
}

static enum sg_status find_services(struct sg_demix_link *links,
                                    const struct sg_demix_payment *payments, size_t n,
                                    const struct sg_exposure_book *book, struct sg_err *err)
{
    struct use *uses = sg_mem_alloc(n + 1, sizeof(*uses));
    size_t n_uses = 0;
    enum sg_status st = uses ? collect(uses, &n_uses, payments, n, book, err) : sg_err_nomem(err);
    n_uses = st == SG_OK ? uses_once(uses, n_uses) : 0;
    for (size_t i = 0, end; i < n_uses; i = end) {
        for (end = i; end < n_uses && strcmp(uses[end].entity, uses[i].entity) == 0;)
            end++;
        judge_service(links, uses + i, end - i);
    }
    sg_mem_free(uses);
    return st;
}

enum sg_status sg_demix_next_find(struct sg_demix_link *links, struct sg_demix_payment *payments,
                                  size_t n, const struct sg_exposure_book *book, struct sg_err *err)
{
    n = each_once(payments, n);
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i; end < n && payments[end].to == payments[i].to;)
            end++;
        judge_payee(links, payments + i, end - i);
    }
    return book ? find_services(links, payments, n, book, err) : SG_OK;
}
