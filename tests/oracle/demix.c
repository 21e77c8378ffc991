#include "oracle/demix.h"

void oracle_window(int64_t *begin, int64_t *end, const struct sg_pool *pool)
{
    *begin = INT64_MAX;
    *end = INT64_MIN;
    for (size_t i = 0; i < pool->n_deposits; i++) {
        const int64_t t = pool->deposits[i].time_unix_s;
        if (!pool->deposits[i].batch)
            continue;
        *begin = t < *begin ? t : *begin;
        *end = t + SG_DEMIX_AFTER_S > *end ? t + SG_DEMIX_AFTER_S : *end;
    }
}

static bool is_inside(const struct sg_pool *pool, size_t withdrawal)
{
    int64_t begin;
    int64_t end;
    oracle_window(&begin, &end, pool);
    return pool->withdrawals[withdrawal].time_unix_s >= begin &&
           pool->withdrawals[withdrawal].time_unix_s <= end;
}

size_t oracle_withdrawals(const struct sg_pool *pool, uint32_t address, bool inside)
{
    size_t n = 0;
    for (size_t i = 0; i < pool->n_withdrawals; i++)
        n += pool->withdrawals[i].to == address && is_inside(pool, i) == inside;
    return n;
}

double oracle_share(const struct sg_pool *pool, uint32_t address, int hours)
{
    double sum = 0;
    for (size_t i = 0; i < pool->n_withdrawals; i++) {
        double own = 0.1;
        double all = 0.4;
        if (pool->withdrawals[i].to != address || !is_inside(pool, i))
            continue;
        for (size_t d = 0; d < pool->n_deposits; d++) {
            const int64_t age = pool->withdrawals[i].time_unix_s - pool->deposits[d].time_unix_s;
            if (age <= 0 || age > hours * (int64_t)3600)
                continue;
            all++;
            own += pool->deposits[d].batch ? 1 : 0;
        }
        sum += own / all;
    }
    return sum / (double)oracle_withdrawals(pool, address, true);
}

static void ends(size_t *first, size_t *last, const struct sg_pool *pool, uint32_t address)
{
    *first = SIZE_MAX;
    for (size_t i = 0; i < pool->n_withdrawals; i++) {
        if (pool->withdrawals[i].to != address || !is_inside(pool, i))
            continue;
        *first = *first == SIZE_MAX ? i : *first;
        *last = i;
    }
}

double oracle_span(const struct sg_pool *pool, uint32_t address)
{
    size_t first;
    size_t last = 0;
    ends(&first, &last, pool, address);
    return (double)(pool->withdrawals[last].time_unix_s - pool->withdrawals[first].time_unix_s) /
           3600;
}

size_t oracle_between(const struct sg_pool *pool, uint32_t address)
{
    size_t first;
    size_t last = 0;
    size_t n = 0;
    ends(&first, &last, pool, address);
    for (size_t i = first; i <= last; i++)
        n += pool->withdrawals[i].to != address;
    return n;
}

struct sg_demix_anonymity oracle_anonymity(const struct sg_pool *pool, size_t withdrawal)
{
    struct sg_demix_anonymity a = {0, 0};
    for (size_t i = 0; i < pool->n_deposits; i++)
        a.deposits += pool->deposits[i].block <= pool->withdrawals[withdrawal].block;
    a.unspent = a.deposits > withdrawal ? a.deposits - withdrawal : 0;
    return a;
}
