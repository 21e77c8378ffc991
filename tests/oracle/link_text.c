#include "oracle/link_text.h"

#include <stdbool.h>

unsigned oracle_link_distance(struct sg_text a, struct sg_text b)
{
    unsigned d[66][66];
    for (size_t i = 0; i <= a.size; i++)
        for (size_t k = 0; k <= b.size; k++) {
            if (i == 0 || k == 0) {
                d[i][k] = (unsigned)(i + k);
                continue;
            }
            unsigned best = d[i - 1][k - 1] + (a.data[i - 1] == b.data[k - 1] ? 0u : 1u);
            best = d[i - 1][k] + 1 < best ? d[i - 1][k] + 1 : best;
            best = d[i][k - 1] + 1 < best ? d[i][k - 1] + 1 : best;
            if (i > 1 && k > 1 && a.data[i - 1] == b.data[k - 2] &&
                a.data[i - 2] == b.data[k - 1] && d[i - 2][k - 2] + 1 < best)
                best = d[i - 2][k - 2] + 1;
            d[i][k] = best;
        }
    return d[a.size][b.size];
}

double oracle_link_jaro_winkler(struct sg_text a, struct sg_text b)
{
    bool in_a[64] = {false}, in_b[64] = {false};
    const size_t longer = a.size > b.size ? a.size : b.size;
    const long reach = (long)(longer / 2) - 1 > 0 ? (long)(longer / 2) - 1 : 0;
    double matches = 0, moved = 0;
    for (long i = 0; i < (long)a.size; i++)
        for (long k = 0; k < (long)b.size && !in_a[i]; k++)
            if (!in_b[k] && a.data[i] == b.data[k] && i - k <= reach && k - i <= reach) {
                in_a[i] = in_b[k] = true;
                matches++;
            }
    if (matches == 0)
        return 0;
    for (size_t i = 0, k = 0; i < a.size; i++) {
        if (!in_a[i])
            continue;
        while (!in_b[k])
            k++;
        moved += a.data[i] != b.data[k++];
    }
    const double jaro =
        (matches / (double)a.size + matches / (double)b.size + (matches - moved / 2) / matches) / 3;
    size_t prefix = 0;
    while (prefix < 4 && prefix < a.size && prefix < b.size && a.data[prefix] == b.data[prefix])
        prefix++;
    return jaro + (double)prefix / 10 * (1 - jaro);
}
