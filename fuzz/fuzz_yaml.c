/* YAML: whatever is accepted is a finite tree whose limits, counts and places hold. */
#include "base/limits.h"
#include "formats/yaml/yaml.h"

#include <assert.h>
#include <string.h>

static size_t walk(const struct sg_yaml_node *node, unsigned depth)
{
    size_t weight = 1;
    assert(depth + node->height <= SG_NESTING_MAX);
    assert(node->line > 0 && node->column > 0);
    if (node->kind == SG_YAML_SCALAR)
        assert(strlen(node->text) == node->count && !node->height);
    for (size_t i = 0; node->kind == SG_YAML_SEQUENCE && i < node->count; i++)
        weight += walk(node->items[i], depth + 1);
    for (size_t i = 0; node->kind == SG_YAML_MAPPING && i < node->count; i++) {
        assert(node->pairs[i].key->kind == SG_YAML_SCALAR);
        weight += walk(node->pairs[i].key, depth + 1) + walk(node->pairs[i].value, depth + 1);
    }
    assert(weight == node->weight);
    return weight;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sg_arena arena = SG_ARENA_INIT;
    const struct sg_yaml_node *root = NULL;
    struct sg_err err = {0};
    if (size > 4096)
        return 0;
    const enum sg_status st = sg_yaml_parse(&root, &arena, (const char *)data, size, &err);
    if (st == SG_OK)
        walk(root, 0);
    else
        assert(err.status == st && (st == SG_ELIMIT || st == SG_EPARSE) && err.line > 0 &&
               err.column > 0 && !root);
    sg_arena_clear(&arena);
    return 0;
}
