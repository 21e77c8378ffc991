#include "formats/riskfile/riskfile.h"

#include "base/mem.h"
#include "formats/yaml/yaml.h"

#include <stdlib.h>
#include <string.h>

static enum sg_status wrong(const struct sg_yaml_node *node, const char *what, struct sg_err *err)
{
    return sg_err_line(err, node->line, node->column, "%s", what);
}

/* Digits alone, at most `max`. */
static enum sg_status take_number(uint32_t *out, const struct sg_yaml_node *node, uint32_t max,
                                  struct sg_err *err)
{
    uint32_t value = 0;
    if (node->kind != SG_YAML_SCALAR || node->count == 0 || node->count > 7)
        return sg_err_line(err, node->line, node->column,
                           "a whole number from 0 to %u is wanted here", max);
    for (size_t i = 0; i < node->count; i++) {
        if (node->text[i] < '0' || node->text[i] > '9')
            return sg_err_line(err, node->line, node->column,
                               "a whole number from 0 to %u is wanted here", max);
        value = 10 * value + (uint32_t)(node->text[i] - '0');
    }
    if (value > max)
        return sg_err_line(err, node->line, node->column,
                           "a whole number from 0 to %u is wanted here", max);
    *out = value;
    return SG_OK;
}

static enum sg_status take_weights(struct sg_riskfile *file, const struct sg_yaml_node *map,
                                   struct sg_err *err)
{
    enum sg_status st = SG_OK;
    if (map->kind != SG_YAML_MAPPING)
        return wrong(map, "a mapping of categories to points is wanted here", err);
    for (size_t i = 0; st == SG_OK && i < map->count; i++) {
        const struct sg_yaml_node *key = map->pairs[i].key;
        enum sg_category category;
        const char *nearest = NULL;
        if (sg_category_find(&category, &nearest, key->text) != SG_OK)
            return sg_err_line(err, key->line, key->column, "no category '%s'%s%s%s", key->text,
                               nearest ? "; did you mean '" : "", nearest ? nearest : "",
                               nearest ? "'?" : "");
        file->has_weight[category] = true;
        st = take_number(&file->weight[category], map->pairs[i].value, SG_RISK_WEIGHT_MAX, err);
    }
    return st;
}

static enum sg_status take_distance(struct sg_riskfile *file, const struct sg_yaml_node *list,
                                    struct sg_err *err)
{
    enum sg_status st = SG_OK;
    if (list->kind != SG_YAML_SEQUENCE || list->count == 0 || list->count > SG_RISK_DISTANCE_MAX)
        return wrong(list, "a list of 1 to 64 percentages is wanted here", err);
    file->n_distance = list->count;
    for (size_t i = 0; st == SG_OK && i < list->count; i++)
        st = take_number(&file->distance[i], list->items[i], 100, err);
    return st;
}

static int by_points(const void *a, const void *b)
{
    const struct sg_risk_level *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return strcmp(x->name, y->name);
}

static enum sg_status take_levels(struct sg_riskfile *file, const struct sg_yaml_node *map,
                                  struct sg_err *err)
{
    enum sg_status st = SG_OK;
    if (map->kind != SG_YAML_MAPPING || map->count > SG_RISK_LEVELS_MAX)
        return wrong(map, "a mapping of at most 16 names to points is wanted here", err);
    for (size_t i = 0; st == SG_OK && i < map->count; i++) {
        file->levels[i].name = map->pairs[i].key->text;
        st = take_number(&file->levels[i].from, map->pairs[i].value, SG_RISK_FROM_MAX, err);
    }
    file->n_levels = map->count;
    if (st == SG_OK && map->count > 1)
        qsort(file->levels, file->n_levels, sizeof(*file->levels), by_points);
    return st;
}

static enum sg_status take_all(struct sg_riskfile *file, const struct sg_yaml_node *root,
                               struct sg_err *err)
{
    static const char *const keys[] = {"sillage_risk", "weights", "distance", "levels"};
    enum sg_status st = sg_yaml_check_keys(root, keys, SG_COUNT_OF(keys), err);
    if (st != SG_OK)
        return st;
    const struct sg_yaml_node *version = sg_yaml_find(root, keys[0]);
    const struct sg_yaml_node *weights = sg_yaml_find(root, keys[1]);
    const struct sg_yaml_node *distance = sg_yaml_find(root, keys[2]);
    const struct sg_yaml_node *levels = sg_yaml_find(root, keys[3]);
    if (!version || !weights)
        return wrong(root, "the file has no 'sillage_risk' or no 'weights'", err);
    if (!sg_yaml_is_text(version, "1"))
        return wrong(version, "only version 1 is known", err);
    file->distance[0] = 100;
    file->n_distance = 1;
    st = take_weights(file, weights, err);
    if (st == SG_OK && distance)
        st = take_distance(file, distance, err);
    return st == SG_OK && levels ? take_levels(file, levels, err) : st;
}

enum sg_status sg_riskfile_parse(struct sg_riskfile *file, struct sg_arena *arena,
                                 const char *bytes, size_t size, struct sg_err *err)
{
    struct sg_riskfile made = {.n_levels = 0};
    const struct sg_yaml_node *root = NULL;
    enum sg_status st = sg_yaml_parse(&root, arena, bytes, size, err);
    if (st == SG_OK)
        st = take_all(&made, root, err);
    if (st == SG_OK)
        *file = made;
    return st;
}
