#include "formats/json/json_tree.h"

#include "base/limits.h"
#include "formats/json/json_internal.h"

#include <string.h>

struct grower {
    struct sg_arena *arena;
    struct sg_json_node *open[SG_NESTING_MAX]; /* the way from the root to where we are */
    struct sg_json_node *last[SG_NESTING_MAX]; /* newest child of each */
    size_t depth;
    struct sg_json_node *root;
    struct sg_text name; /* of the value that comes next */
    enum sg_status status;
    const char *what; /* why it stopped */
};

static int stop(struct grower *g, enum sg_status status, const char *what)
{
    g->status = status;
    g->what = what;
    return 0;
}

static int copy(struct sg_text *out, struct grower *g, const char *text, size_t size)
{
    const char *copied = sg_arena_strndup(g->arena, text, size);
    *out = (struct sg_text){copied, size};
    return copied ? 1 : stop(g, SG_ENOMEM, "");
}

/* Hang a node under the open one; NULL after stop. */
static struct sg_json_node *hang(struct grower *g, enum sg_json_kind kind)
{
    if (g->depth == 0 && (g->root || kind < SG_JSON_ARRAY)) {
        stop(g, SG_EPARSE, g->root ? "there is more behind the document" : "a bare value");
        return NULL;
    }
    struct sg_json_node *node = sg_arena_alloc(g->arena, 1, sizeof(*node));
    if (!node) {
        stop(g, SG_ENOMEM, "");
        return NULL;
    }
    node->kind = kind;
    if (g->depth == 0) {
        g->root = node;
        return node;
    }
    struct sg_json_node *parent = g->open[g->depth - 1];
    node->name = g->name;
    g->name = (struct sg_text){NULL, 0};
    if (parent->n++)
        g->last[g->depth - 1]->next = node;
    else
        parent->first = node;
    g->last[g->depth - 1] = node;
    return node;
}

static int open_node(struct grower *g, enum sg_json_kind kind)
{
    if (g->depth == SG_NESTING_MAX)
        return stop(g, SG_ELIMIT, "nested too deeply");
    struct sg_json_node *node = hang(g, kind);
    if (!node)
        return 0;
    g->open[g->depth++] = node;
    return 1;
}

static int leaf(struct grower *g, enum sg_json_kind kind, const char *text, size_t size)
{
    struct sg_json_node *node = hang(g, kind);
    if (!node)
        return 0;
    return kind == SG_JSON_NULL ? 1 : copy(&node->text, g, text, size);
}

static int on_event(void *ctx, enum json_event event, const char *text, size_t size)
{
    struct grower *g = ctx;
    switch (event) {
    case JSON_NULL:
        return leaf(g, SG_JSON_NULL, NULL, 0);
    case JSON_VALUE:
        return leaf(g, SG_JSON_WORD, text, size);
    case JSON_STRING:
        return leaf(g, SG_JSON_STRING, text, size);
    case JSON_KEY:
        return copy(&g->name, g, text, size);
    case JSON_OBJECT_BEGIN:
        return open_node(g, SG_JSON_OBJECT);
    case JSON_ARRAY_BEGIN:
        return open_node(g, SG_JSON_ARRAY);
    case JSON_OBJECT_END:
    case JSON_ARRAY_END:
        g->depth--;
        return 1;
    }
    return 1;
}

static enum sg_status judge(const struct grower *g, enum json_result result, uint64_t at,
                            struct sg_err *err)
{
    switch (result) {
    case JSON_NO_MEMORY:
        return sg_err_nomem(err);
    case JSON_DAMAGED:
        return sg_err_at(err, SG_EPARSE, at, "not JSON");
    case JSON_STOPPED:
        if (g->status == SG_ENOMEM)
            return sg_err_nomem(err);
        return sg_err_at(err, g->status, at, "JSON: %s", g->what);
    case JSON_GOOD:
        break;
    }
    if (!g->root || g->depth)
        return sg_err_at(err, SG_EPARSE, at, "JSON: the document is %s", g->root ? "cut" : "empty");
    return SG_OK;
}

enum sg_status sg_json_tree(const struct sg_json_node **root, struct sg_arena *arena,
                            const char *bytes, size_t size, struct sg_err *err)
{
    struct grower g = {.arena = arena, .status = SG_OK};
    struct json_lexer lexer = {.on_event = on_event, .ctx = &g};
    const enum json_result result = sg_json_lex(&lexer, bytes, size);
    const size_t at = result == JSON_GOOD ? size : sg_json_lex_taken(&lexer);
    sg_json_lex_reset(&lexer);
    const enum sg_status st = judge(&g, result, at, err);
    if (st == SG_OK)
        *root = g.root;
    return st;
}

const struct sg_json_node *sg_json_member(const struct sg_json_node *object, const char *name)
{
    if (!object || object->kind != SG_JSON_OBJECT)
        return NULL;
    for (const struct sg_json_node *node = object->first; node; node = node->next)
        if (sg_text_is(node->name, name))
            return node;
    return NULL;
}

struct sg_text sg_json_member_string(const struct sg_json_node *object, const char *name)
{
    const struct sg_json_node *node = sg_json_member(object, name);
    return node && node->kind == SG_JSON_STRING ? node->text : (struct sg_text){NULL, 0};
}

bool sg_json_member_uint(uint64_t *value, const struct sg_json_node *object, const char *name,
                         uint64_t max)
{
    const struct sg_json_node *node = sg_json_member(object, name);
    uint64_t sum = 0;
    if (!node || node->kind != SG_JSON_WORD || node->text.size == 0)
        return false;
    for (size_t i = 0; i < node->text.size; i++) {
        const char c = node->text.data[i];
        if (c < '0' || c > '9' || __builtin_mul_overflow(sum, 10, &sum) ||
            __builtin_add_overflow(sum, (uint64_t)(c - '0'), &sum) || sum > max)
            return false;
    }
    *value = sum;
    return true;
}
