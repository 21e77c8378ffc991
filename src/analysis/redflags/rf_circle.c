/* Who shares things for a reason that the tables themselves give: a household claims one address,
 * an agency is entered as one and its people are paid to its account. Such a circle counts as one
 * party where things are shared. */
#include "analysis/redflags/redflags_internal.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* More identities at one address are no family: an operator would otherwise need only one address
 * on all its papers. Judgement, not a statistic. */
#define HOUSEHOLD_MAX 8u
#define AGENCY_MAX    200u

struct key {
    uint32_t a, b, identity;
};

static int compare(const void *left, const void *right)
{
    const struct key *x = left, *y = right;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    if (x->b != y->b)
        return x->b < y->b ? -1 : 1;
    return (x->identity > y->identity) - (x->identity < y->identity);
}

/* Identities behind keys[from..to): each once, since they are sorted. */
static uint32_t n_members(const struct key *keys, size_t from, size_t to)
{
    uint32_t n = 0;
    for (size_t i = from; i < to; i++)
        n += i == from || keys[i].identity != keys[i - 1].identity;
    return n;
}

static void join(uint32_t *circle, const struct key *keys, size_t from, size_t to, uint32_t most)
{
    const uint32_t n = n_members(keys, from, to);
    for (size_t i = from; n > 1 && n <= most && i < to; i++)
        if (circle[keys[i].identity] == keys[i].identity)
            circle[keys[i].identity] = keys[from].identity;
}

static size_t end_of(const struct key *keys, size_t n, size_t from)
{
    size_t to = from;
    while (to < n && keys[to].a == keys[from].a && keys[to].b == keys[from].b)
        to++;
    return to;
}

static void find_households(struct sg_redflags *f, struct key *keys)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n_people; i++) {
        const struct rf_person *p = &f->people[i];
        if (p->street && p->city)
            keys[n++] = (struct key){p->street, p->city, p->identity};
    }
    if (n)
        qsort(keys, n, sizeof(*keys), compare);
    for (size_t i = 0, to; i < n; i = to) {
        to = end_of(keys, n, i);
        join(f->household, keys, i, to, HOUSEHOLD_MAX);
    }
}

static void find_agencies(struct sg_redflags *f, struct key *keys, uint8_t *is_agency)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n_people; i++) {
        const struct rf_person *p = &f->people[i];
        if (p->bank)
            keys[n++] = (struct key){p->bank, 0, p->identity};
        is_agency[p->bank] |= p->role == RF_ROLE_AGENCY;
    }
    if (n)
        qsort(keys, n, sizeof(*keys), compare);
    for (size_t i = 0, to; i < n; i = to) {
        to = end_of(keys, n, i);
        if (is_agency[keys[i].a])
            join(f->agency, keys, i, to, AGENCY_MAX);
    }
}

enum sg_status sg_rf_circles(struct sg_redflags *f, struct sg_err *err)
{
    const size_t n = (size_t)f->n_identities + 1;
    struct key *keys = sg_mem_alloc(f->n_people + 1, sizeof(*keys));
    uint8_t *is_agency = sg_mem_zalloc(sg_rf_n_texts(f) + 1, 1);
    f->household = sg_mem_alloc(n, sizeof(*f->household));
    f->agency = sg_mem_alloc(n, sizeof(*f->agency));
    const bool ok = keys && is_agency && f->household && f->agency;
    for (uint32_t i = 0; ok && i < n; i++)
        f->household[i] = f->agency[i] = i;
    if (ok) {
        find_households(f, keys);
        find_agencies(f, keys, is_agency);
    }
    sg_mem_free(keys);
    sg_mem_free(is_agency);
    return ok ? SG_OK : sg_err_nomem(err);
}
