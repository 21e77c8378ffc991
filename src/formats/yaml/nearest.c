/* "Did you mean": the distance between what was written and what is allowed. */
#include "formats/yaml/yaml.h"

#include <string.h>

#define NEAREST_TEXT_MAX 64

static size_t min3(size_t a, size_t b, size_t c)
{
    const size_t ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/* Three rows of the usual table are enough: a swap of neighbours looks two rows back. */
static size_t distance(const char *a, size_t n_a, const char *b, size_t n_b)
{
    size_t rows[3][NEAREST_TEXT_MAX + 1];
    for (size_t j = 0; j <= n_b; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= n_a; i++) {
        size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *above2 = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= n_b; j++) {
            const size_t change = above[j - 1] + (a[i - 1] != b[j - 1]);
            row[j] = min3(above[j] + 1, row[j - 1] + 1, change);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                above2[j - 2] + 1 < row[j])
                row[j] = above2[j - 2] + 1;
        }
    }
    return rows[n_a % 3][n_b];
}

const char *sg_yaml_nearest(const char *text, const char *const *candidates, size_t n_candidates)
{
    const size_t size = strlen(text);
    const char *nearest = NULL;
    size_t best = SIZE_MAX;
    if (!size || size > NEAREST_TEXT_MAX)
        return NULL;
    for (size_t i = 0; i < n_candidates; i++) {
        const size_t n = strlen(candidates[i]);
        if (!n || n > NEAREST_TEXT_MAX)
            continue;
        const size_t away = distance(text, size, candidates[i], n);
        if (away <= (n < 3 ? 1 : n / 3) && away < best) {
            best = away;
            nearest = candidates[i];
        }
    }
    return nearest;
}

static bool is_allowed(const char *key, const char *const *keys, size_t n_keys)
{
    for (size_t i = 0; i < n_keys; i++)
        if (strcmp(key, keys[i]) == 0)
            return true;
    return false;
}

enum sg_status sg_yaml_check_keys(const struct sg_yaml_node *mapping, const char *const *keys,
                                  size_t n_keys, struct sg_err *err)
{
    if (mapping->kind != SG_YAML_MAPPING)
        return sg_err_line(err, mapping->line, mapping->column, "a mapping is expected, not %s",
                           sg_yaml_kind_name(mapping->kind));
    for (size_t i = 0; i < mapping->count; i++) {
        const struct sg_yaml_node *key = mapping->pairs[i].key;
        if (is_allowed(key->text, keys, n_keys))
            continue;
        const char *nearest = sg_yaml_nearest(key->text, keys, n_keys);
        if (nearest)
            return sg_err_line(err, key->line, key->column,
                               "unknown key '%.64s'; did you mean '%s'?", key->text, nearest);
        return sg_err_line(err, key->line, key->column, "unknown key '%.64s'", key->text);
    }
    return SG_OK;
}
