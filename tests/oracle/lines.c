#include "oracle/lines.h"

#include <string.h>

size_t oracle_distance(const char *a, const char *b)
{
    size_t common[16][16] = {{0}};
    const size_t n = strlen(a), m = strlen(b);
    for (size_t i = 1; i <= n; i++)
        for (size_t k = 1; k <= m; k++)
            common[i][k] = a[i - 1] == b[k - 1]                  ? common[i - 1][k - 1] + 1
                           : common[i - 1][k] > common[i][k - 1] ? common[i - 1][k]
                                                                 : common[i][k - 1];
    return n + m - 2 * common[n][m];
}
