#include "oracle/link_parts.h"

static int64_t mean(const uint32_t *lowest, const int32_t *weights, size_t n, size_t x, size_t y)
{
    int64_t sum = 0, count = 0;
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++)
            if (lowest[a] == x && lowest[b] == y) {
                sum += weights[a * n + b];
                count++;
            }
    return sum / count;
}

static void join(uint32_t *lowest, int64_t *worst, size_t n, size_t x, size_t y, int64_t at)
{
    int64_t least = worst[x] < worst[y] ? worst[x] : worst[y];
    least = at < least ? at : least;
    for (size_t i = 0; i < n; i++) {
        if (lowest[i] != x && lowest[i] != y)
            continue;
        lowest[i] = (uint32_t)x;
        worst[i] = least;
    }
}

bool oracle_link_average(uint32_t *lowest, int64_t *worst, const int32_t *weights, size_t n,
                         int64_t threshold)
{
    for (size_t i = 0; i < n; i++) {
        lowest[i] = (uint32_t)i;
        worst[i] = INT64_MAX;
    }
    for (;;) {
        size_t best_x = 0, best_y = 0, n_best = 0;
        int64_t best = threshold;
        for (size_t x = 0; x < n; x++)
            for (size_t y = x + 1; y < n && lowest[x] == x; y++) {
                const int64_t m = lowest[y] == y ? mean(lowest, weights, n, x, y) : INT64_MIN;
                if (m < best)
                    continue;
                n_best = m == best ? n_best + 1 : 1;
                best = m;
                best_x = x;
                best_y = y;
            }
        if (n_best != 1)
            return n_best == 0;
        join(lowest, worst, n, best_x, best_y, best);
    }
}

static size_t sharers(const uint32_t *keys, size_t n, size_t a)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += keys[a] && keys[i] == keys[a];
    return count;
}

bool oracle_link_meet(const uint32_t *keys, size_t n, size_t a, size_t b, size_t most)
{
    return keys[a] && keys[a] == keys[b] && sharers(keys, n, a) <= most;
}

size_t oracle_link_large(const uint32_t *keys, size_t n, size_t most)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += sharers(keys, n, i) > most;
    return count;
}
