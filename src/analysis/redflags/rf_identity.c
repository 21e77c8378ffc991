/* Which records are one identity: two of document, mail, account name and phone are the same, or
 * the birth date and one detail more, or the document, mail or account name where one of the two
 * leaves the birth date out, or linkage brought them together. A family shares a phone, a stranger
 * a birthday; two details at once are the person. Names play no part but in that linkage. */
#include "analysis/redflags/redflags_internal.h"

#include "base/forest.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

struct pair {
    uint32_t a, b, record;
    uint8_t which;
};

static int compare(const void *left, const void *right)
{
    const struct pair *x = left, *y = right;
    if (x->which != y->which)
        return x->which < y->which ? -1 : 1;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    if (x->b != y->b)
        return x->b < y->b ? -1 : 1;
    return (x->record > y->record) - (x->record < y->record);
}

/* Details that count with each other; behind them those that count with the birth date alone,
 * because families, flats and operators share them. */
#define DETAILS   4
#define PAIRS_MAX (DETAILS * (DETAILS - 1) / 2 + 8 + 1)

static size_t pairs_of(struct pair *out, const struct rf_person *p, uint32_t record)
{
    const uint32_t details[] = {p->document, p->email, p->handle, p->phone,
                                p->street,   p->bank,  p->wallet, p->device};
    uint8_t which = 0;
    size_t n = 0;
    for (size_t i = 0; i < SG_COUNT_OF(details); i++, which++)
        if (details[i] && p->birth)
            out[n++] = (struct pair){details[i], p->birth, record, which};
    for (size_t i = 0; i < DETAILS; i++)
        for (size_t j = i + 1; j < DETAILS; j++, which++)
            if (details[i] && details[j])
                out[n++] = (struct pair){details[i], details[j], record, which};
    if (p->cluster)
        out[n++] = (struct pair){p->cluster, 0, record, which};
    return n;
}

/* More records than one person files: the detail is a placeholder such as "none" or "N/A", and
 * makes nobody one. */
#define RECORDS_MAX 50u

static bool is_placeholder(struct sg_redflags *f, size_t n)
{
    if (n <= RECORDS_MAX)
        return false;
    f->placeholders.values++;
    f->placeholders.most = n > f->placeholders.most ? (uint32_t)n : f->placeholders.most;
    return true;
}

static void unite_all(uint32_t *parent, const struct pair *group, size_t n)
{
    for (size_t i = 1; i < n; i++)
        sg_forest_join(parent, group[i].record, group[0].record);
}

static bool is_equal(const struct pair *x, const struct pair *y)
{
    return x->which == y->which && x->a == y->a && x->b == y->b;
}

static void unite_equals(uint32_t *parent, struct pair *pairs, size_t n, struct sg_redflags *f)
{
    if (n)
        qsort(pairs, n, sizeof(*pairs), compare);
    for (size_t i = 0, to; i < n; i = to) {
        for (to = i + 1; to < n && is_equal(&pairs[i], &pairs[to]); to++)
            ;
        if (!is_placeholder(f, to - i))
            unite_all(parent, pairs + i, to - i);
    }
}

/* Whether two birth dates can be one: at most one of year, month and day differs, or one is not
 * given. */
static bool is_near(const struct sg_redflags *f, uint32_t a, uint32_t b)
{
    const char *x = sg_dict_text(&f->pool, a), *y = sg_dict_text(&f->pool, b);
    if (!a || !b || a == b)
        return true;
    if (strlen(x) != 10 || strlen(y) != 10)
        return false;
    return (memcmp(x, y, 4) != 0) + (memcmp(x + 5, y + 5, 2) != 0) +
               (memcmp(x + 8, y + 8, 2) != 0) <=
           1;
}

/* Records that have one detail are one identity if none of their birth dates is another person's.
 */
static void unite_group(uint32_t *parent, const struct sg_redflags *f, const struct pair *group,
                        size_t n)
{
    uint32_t birth = 0;
    for (size_t i = 0; i < n; i++) {
        if (!is_near(f, birth, group[i].b))
            return;
        birth = birth ? birth : group[i].b;
    }
    unite_all(parent, group, n);
}

static bool is_group(const struct pair *x, const struct pair *y)
{
    return x->which == y->which && x->a == y->a;
}

static void unite_single(uint32_t *parent, struct pair *pairs, struct sg_redflags *f)
{
    size_t n = 0;
    for (uint32_t i = 0; i < f->n_people; i++) {
        const struct rf_person *p = &f->people[i];
        const uint32_t details[] = {p->document, p->email, p->handle};
        for (uint8_t which = 0; which < SG_COUNT_OF(details); which++)
            if (details[which])
                pairs[n++] = (struct pair){details[which], p->birth, i, which};
    }
    if (n)
        qsort(pairs, n, sizeof(*pairs), compare);
    for (size_t i = 0, to; i < n; i = to) {
        for (to = i + 1; to < n && is_group(&pairs[i], &pairs[to]); to++)
            ;
        if (!is_placeholder(f, to - i))
            unite_group(parent, f, pairs + i, to - i);
    }
}

/* Number identities by their first record, and list the records of each. */
static void number(struct sg_redflags *f, uint32_t *parent)
{
    for (uint32_t i = 0; i < f->n_people; i++) {
        const uint32_t first = sg_forest_root(parent, i);
        f->people[i].identity = first == i ? f->n_identities++ : f->people[first].identity;
        f->records_begin[f->people[i].identity]++;
    }
    sg_rf_ends(f->records_begin, f->n_identities);
    for (uint32_t i = (uint32_t)f->n_people; i-- > 0;)
        f->records[--f->records_begin[f->people[i].identity]] = i;
}

enum sg_status sg_rf_identities(struct sg_redflags *f, struct sg_err *err)
{
    const size_t n = f->n_people;
    struct pair *pairs = sg_mem_alloc(PAIRS_MAX * n + 1, sizeof(*pairs));
    uint32_t *parent = sg_mem_alloc(n + 1, sizeof(*parent));
    size_t n_pairs = 0;
    f->records = sg_mem_alloc(n + 1, sizeof(*f->records));
    f->records_begin = sg_mem_zalloc(n + 1, sizeof(*f->records_begin));
    const bool ok = pairs && parent && f->records && f->records_begin;
    for (uint32_t i = 0; ok && i < n; i++) {
        parent[i] = i;
        n_pairs += pairs_of(pairs + n_pairs, &f->people[i], i);
    }
    if (ok) {
        unite_equals(parent, pairs, n_pairs, f);
        unite_single(parent, pairs, f);
        number(f, parent);
    }
    sg_mem_free(pairs);
    sg_mem_free(parent);
    return ok ? SG_OK : sg_err_nomem(err);
}
