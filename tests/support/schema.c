/* Both documents are read as YAML, which keeps what JSON needs: a string is a scalar with quotes.
 */
#include "support/schema.h"

#include "support/json.h"

#include "formats/yaml/yaml.h"

#include <regex.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct check {
    const struct sg_yaml_node *root; /* of the schema */
    char *fault;
    size_t fault_size;
};

__attribute__((format(printf, 3, 4))) static bool bad(struct check *check, const char *path,
                                                      const char *fmt, ...)
{
    char what[256];
    va_list args;
    va_start(args, fmt);
    vsnprintf(what, sizeof(what), fmt, args);
    va_end(args);
    snprintf(check->fault, check->fault_size, "%s: %s", path[0] ? path : "/", what);
    return false;
}

static const char *type_of(const struct sg_yaml_node *node)
{
    if (node->kind != SG_YAML_SCALAR)
        return node->kind == SG_YAML_MAPPING ? "object" : "array";
    if (!node->plain)
        return "string";
    if (strcmp(node->text, "null") == 0)
        return "null";
    if (strcmp(node->text, "true") == 0 || strcmp(node->text, "false") == 0)
        return "boolean";
    return strpbrk(node->text, ".eE") ? "number" : "integer";
}

static bool is_type(const struct sg_yaml_node *node, const char *type)
{
    return strcmp(type, type_of(node)) == 0 ||
           (strcmp(type, "number") == 0 && strcmp(type_of(node), "integer") == 0);
}

static bool check_type(struct check *check, const struct sg_yaml_node *types,
                       const struct sg_yaml_node *node, const char *path)
{
    if (types->kind == SG_YAML_SCALAR && is_type(node, types->text))
        return true;
    for (size_t i = 0; types->kind == SG_YAML_SEQUENCE && i < types->count; i++)
        if (is_type(node, types->items[i]->text))
            return true;
    return bad(check, path, "is of type %s", type_of(node));
}

static bool check_enum(struct check *check, const struct sg_yaml_node *values,
                       const struct sg_yaml_node *node, const char *path)
{
    for (size_t i = 0; i < values->count; i++)
        if (sg_yaml_is_text(node, values->items[i]->text))
            return true;
    return bad(check, path, "'%s' is none of the values allowed", node->text ? node->text : "");
}

static bool check_const(struct check *check, const struct sg_yaml_node *value,
                        const struct sg_yaml_node *node, const char *path)
{
    if (strcmp(type_of(value), type_of(node)) == 0 && sg_yaml_is_text(node, value->text))
        return true;
    return bad(check, path, "is not '%s'", value->text);
}

static bool check_minimum(struct check *check, const struct sg_yaml_node *least,
                          const struct sg_yaml_node *node, const char *path)
{
    if (!is_type(node, "number") || strtod(node->text, NULL) >= strtod(least->text, NULL))
        return true;
    return bad(check, path, "is below %s", least->text);
}

static bool check_node(struct check *check, const struct sg_yaml_node *schema,
                       const struct sg_yaml_node *node, const char *path);

static bool check_pattern(struct check *check, const struct sg_yaml_node *pattern,
                          const struct sg_yaml_node *node, const char *path)
{
    regex_t regex;
    if (regcomp(&regex, pattern->text, REG_EXTENDED | REG_NOSUB) != 0)
        return bad(check, path, "a pattern in the schema that is none");
    const bool holds = node->kind != SG_YAML_SCALAR || regexec(&regex, node->text, 0, NULL, 0) == 0;
    regfree(&regex);
    return holds || bad(check, path, "'%s' does not have its pattern", node->text);
}

/* How many of the choices hold; where none does, the fault that is left is that of the last one. */
static size_t count_choices(struct check *check, const struct sg_yaml_node *choices,
                            const struct sg_yaml_node *node, const char *path)
{
    size_t n = 0;
    for (size_t i = 0; i < choices->count; i++)
        n += check_node(check, choices->items[i], node, path);
    if (n)
        check->fault[0] = 0;
    return n;
}

static bool check_choices(struct check *check, const struct sg_yaml_node *schema,
                          const struct sg_yaml_node *node, const char *path)
{
    const struct sg_yaml_node *any = sg_yaml_find(schema, "anyOf");
    const struct sg_yaml_node *one = sg_yaml_find(schema, "oneOf");
    if (any && !count_choices(check, any, node, path))
        return false;
    const size_t n = one ? count_choices(check, one, node, path) : 1;
    return n < 2 ? n == 1 : bad(check, path, "holds to %zu choices, not one", n);
}

static bool check_members(struct check *check, const struct sg_yaml_node *schema,
                          const struct sg_yaml_node *node, const char *path)
{
    const struct sg_yaml_node *required = sg_yaml_find(schema, "required");
    const struct sg_yaml_node *properties = sg_yaml_find(schema, "properties");
    const struct sg_yaml_node *more = sg_yaml_find(schema, "additionalProperties");
    const struct sg_yaml_node *names = sg_yaml_find(schema, "propertyNames");
    for (size_t i = 0; required && i < required->count; i++)
        if (!sg_yaml_find(node, required->items[i]->text))
            return bad(check, path, "'%s' is missing", required->items[i]->text);
    for (size_t i = 0; i < node->count; i++) {
        char below[512];
        const char *name = node->pairs[i].key->text;
        const struct sg_yaml_node *property = properties ? sg_yaml_find(properties, name) : NULL;
        snprintf(below, sizeof(below), "%s/%s", path, name);
        if (names && !check_node(check, names, node->pairs[i].key, below))
            return false;
        if (!property && more && more->kind == SG_YAML_MAPPING)
            property = more;
        if (property && !check_node(check, property, node->pairs[i].value, below))
            return false;
        if (!property && more && sg_yaml_is_text(more, "false"))
            return bad(check, below, "is not in the schema");
    }
    return true;
}

static bool check_items(struct check *check, const struct sg_yaml_node *schema,
                        const struct sg_yaml_node *node, const char *path)
{
    const struct sg_yaml_node *items = sg_yaml_find(schema, "items");
    const struct sg_yaml_node *most = sg_yaml_find(schema, "maxItems");
    const struct sg_yaml_node *least = sg_yaml_find(schema, "minItems");
    if ((most && node->count > strtoul(most->text, NULL, 10)) ||
        (least && node->count < strtoul(least->text, NULL, 10)))
        return bad(check, path, "has %zu items", node->count);
    for (size_t i = 0; items && i < node->count; i++) {
        char below[512];
        snprintf(below, sizeof(below), "%s/%zu", path, i);
        if (!check_node(check, items, node->items[i], below))
            return false;
    }
    return true;
}

static bool check_keywords(struct check *check, const struct sg_yaml_node *schema, const char *path)
{
    static const char *const known[] = {
        "$schema", "$id",          "$defs", "$ref",     "title",      "description",
        "type",    "enum",         "items", "required", "properties", "additionalProperties",
        "pattern", "anyOf",        "oneOf", "minItems", "maxItems",   "const",
        "minimum", "propertyNames"};
    struct sg_err err;
    if (sg_yaml_check_keys(schema, known, sizeof(known) / sizeof(known[0]), &err) == SG_OK)
        return true;
    return bad(check, path, "in the schema, line %u: %s", (unsigned)err.line, err.text);
}

static const struct sg_yaml_node *resolve(struct check *check, const struct sg_yaml_node *schema)
{
    static const char defs[] = "#/$defs/";
    const struct sg_yaml_node *ref = sg_yaml_find(schema, "$ref");
    const struct sg_yaml_node *all = sg_yaml_find(check->root, "$defs");
    if (!ref)
        return schema;
    if (!all || strncmp(ref->text, defs, sizeof(defs) - 1) != 0)
        return NULL;
    return sg_yaml_find(all, ref->text + sizeof(defs) - 1);
}

static bool check_node(struct check *check, const struct sg_yaml_node *schema,
                       const struct sg_yaml_node *node, const char *path)
{
    schema = resolve(check, schema);
    if (!schema)
        return bad(check, path, "a $ref in the schema leads nowhere");
    if (!check_keywords(check, schema, path))
        return false;
    const struct sg_yaml_node *type = sg_yaml_find(schema, "type");
    const struct sg_yaml_node *values = sg_yaml_find(schema, "enum");
    const struct sg_yaml_node *pattern = sg_yaml_find(schema, "pattern");
    const struct sg_yaml_node *value = sg_yaml_find(schema, "const");
    const struct sg_yaml_node *least = sg_yaml_find(schema, "minimum");
    if ((type && !check_type(check, type, node, path)) ||
        (values && !check_enum(check, values, node, path)) ||
        (pattern && !check_pattern(check, pattern, node, path)) ||
        (value && !check_const(check, value, node, path)) ||
        (least && !check_minimum(check, least, node, path)) ||
        !check_choices(check, schema, node, path))
        return false;
    if (node->kind == SG_YAML_MAPPING)
        return check_members(check, schema, node, path);
    return node->kind != SG_YAML_SEQUENCE || check_items(check, schema, node, path);
}

static bool parse(const struct sg_yaml_node **root, struct check *check, struct sg_arena *arena,
                  const char *what, const char *text)
{
    struct sg_err err;
    if (!json_read(text, strlen(text), NULL, NULL))
        return bad(check, what, "is not JSON");
    if (sg_yaml_parse(root, arena, text, strlen(text), &err) == SG_OK)
        return true;
    return bad(check, what, "line %u: %s", (unsigned)err.line, err.text);
}

bool schema_holds(char *fault, size_t fault_size, const char *schema, const char *document)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct check check = {.fault = fault, .fault_size = fault_size};
    const struct sg_yaml_node *node;
    const bool holds = parse(&check.root, &check, &arena, "the schema", schema) &&
                       parse(&node, &check, &arena, "the document", document) &&
                       check_node(&check, check.root, node, "");
    sg_arena_clear(&arena);
    return holds;
}
