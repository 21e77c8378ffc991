/* The tree is built by recursive descent over libyaml's events; SG_NESTING_MAX bounds the
 * recursion. Children gather on one stack that all levels share and move to the arena when their
 * parent ends. */
#include "formats/yaml/yaml.h"

#include "base/limits.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

struct anchor {
    const char *name;
    const struct sg_yaml_node *node;
};

struct builder {
    yaml_parser_t parser;
    struct sg_arena *arena;
    const char *bytes;
    size_t size;
    const struct sg_yaml_node **stack; /* children of all open collections */
    size_t n_stack, stack_capacity;
    struct anchor *anchors;
    size_t n_anchors, anchors_capacity;
    size_t n_nodes; /* made so far, pairs that a merge copied included */
    struct sg_err *err;
};

static enum sg_status fail_at(struct builder *b, yaml_mark_t mark, const char *problem)
{
    return sg_err_line(b->err, (uint32_t)mark.line + 1, (uint32_t)mark.column + 1, "%s", problem);
}

static enum sg_status limit_at(struct builder *b, uint32_t line, uint32_t column, const char *what)
{
    sg_err_line(b->err, line, column, "%s", what);
    if (b->err)
        b->err->status = SG_ELIMIT;
    return SG_ELIMIT;
}

/* Line and column of a byte offset, as libyaml counts them: columns are characters. */
static yaml_mark_t mark_of_offset(const struct builder *b, size_t offset)
{
    yaml_mark_t mark = {0, 0, 0};
    for (size_t i = 0; i < offset;) {
        uint32_t c;
        const size_t n = sg_utf8_next(&c, b->bytes + i, b->size - i);
        mark.column++;
        if (b->bytes[i] == '\n') {
            mark.line++;
            mark.column = 0;
        }
        i += n ? n : 1;
    }
    return mark;
}

/* Whether the character at a mark is a tab, the usual reason why the scanner stops there. */
static bool is_tab(const struct builder *b, yaml_mark_t mark)
{
    const char *at = b->bytes, *end = b->bytes + b->size;
    for (size_t line = 0; line < mark.line && at; line++) {
        at = memchr(at, '\n', (size_t)(end - at));
        at = at ? at + 1 : NULL;
    }
    for (size_t column = 0; at && at < end && column < mark.column; column++) {
        uint32_t c;
        const size_t n = sg_utf8_next(&c, at, (size_t)(end - at));
        at += n ? n : 1;
    }
    return at && at < end && *at == '\t';
}

static enum sg_status fail_parser(struct builder *b)
{
    const yaml_parser_t *p = &b->parser;
    if (p->error == YAML_MEMORY_ERROR)
        return sg_err_nomem(b->err);
    if (p->error == YAML_READER_ERROR)
        return fail_at(b, mark_of_offset(b, p->problem_offset), "a character that YAML forbids");
    if (is_tab(b, p->problem_mark))
        return fail_at(b, p->problem_mark, "a tab where YAML wants blanks");
    return sg_err_line(b->err, (uint32_t)p->problem_mark.line + 1,
                       (uint32_t)p->problem_mark.column + 1, "not YAML: %s",
                       p->problem ? p->problem : "it cannot be scanned");
}

static enum sg_status next_event(struct builder *b, yaml_event_t *event)
{
    return yaml_parser_parse(&b->parser, event) ? SG_OK : fail_parser(b);
}

static enum sg_status count_nodes(struct builder *b, size_t more, yaml_mark_t mark)
{
    if (more > SG_YAML_NODES_MAX - b->n_nodes)
        return limit_at(b, (uint32_t)mark.line + 1, (uint32_t)mark.column + 1,
                        "more nodes than any file of this kind has");
    b->n_nodes += more;
    return SG_OK;
}

static enum sg_status node_new(struct sg_yaml_node **node, struct builder *b,
                               enum sg_yaml_kind kind, yaml_mark_t mark)
{
    const enum sg_status st = count_nodes(b, 1, mark);
    if (st != SG_OK)
        return st;
    struct sg_yaml_node *made = sg_arena_alloc(b->arena, 1, sizeof(*made));
    if (!made)
        return sg_err_nomem(b->err);
    made->kind = kind;
    made->line = (uint32_t)mark.line + 1;
    made->column = (uint32_t)mark.column + 1;
    made->weight = 1;
    *node = made;
    return SG_OK;
}

/* Add a child's weight and height to its parent's; both stay within their limits. */
static enum sg_status weigh(struct builder *b, struct sg_yaml_node *parent,
                            const struct sg_yaml_node *child)
{
    if (child->weight > SG_YAML_NODES_MAX - parent->weight)
        return limit_at(b, parent->line, parent->column,
                        "aliases make this larger than any file of this kind is");
    parent->weight += child->weight;
    if (child->height + 1 > parent->height)
        parent->height = child->height + 1;
    if (parent->height > SG_NESTING_MAX)
        return limit_at(b, parent->line, parent->column, "nested too deeply");
    return SG_OK;
}

static enum sg_status push(struct builder *b, const struct sg_yaml_node *node)
{
    if (!SG_VEC_RESERVE(b->stack, b->n_stack, b->stack_capacity, 1))
        return sg_err_nomem(b->err);
    b->stack[b->n_stack++] = node;
    return SG_OK;
}

static const struct sg_yaml_node *anchor_find(const struct builder *b, const char *name)
{
    for (size_t i = 0; i < b->n_anchors; i++)
        if (strcmp(b->anchors[i].name, name) == 0)
            return b->anchors[i].node;
    return NULL;
}

/* Called when the node is complete, so that no alias can name what it stands in. */
static enum sg_status anchor_add(struct builder *b, const char *name,
                                 const struct sg_yaml_node *node)
{
    if (anchor_find(b, name))
        return sg_err_line(b->err, node->line, node->column, "anchor '%.64s' is defined twice",
                           name);
    if (b->n_anchors == SG_YAML_ANCHORS_MAX)
        return limit_at(b, node->line, node->column, "too many anchors");
    if (!SG_VEC_RESERVE(b->anchors, b->n_anchors, b->anchors_capacity, 1))
        return sg_err_nomem(b->err);
    const char *copy = sg_arena_strndup(b->arena, name, strlen(name));
    if (!copy)
        return sg_err_nomem(b->err);
    b->anchors[b->n_anchors++] = (struct anchor){copy, node};
    return SG_OK;
}

static enum sg_status build_alias(const struct sg_yaml_node **out, struct builder *b,
                                  const yaml_event_t *event)
{
    const char *name = (const char *)event->data.alias.anchor;
    *out = anchor_find(b, name);
    if (!*out)
        return sg_err_line(b->err, (uint32_t)event->start_mark.line + 1,
                           (uint32_t)event->start_mark.column + 1,
                           "alias '%.64s' names nothing that is complete above it", name);
    return SG_OK;
}

static enum sg_status build_scalar(struct sg_yaml_node **out, struct builder *b,
                                   const yaml_event_t *event)
{
    const char *text = (const char *)event->data.scalar.value;
    const size_t size = event->data.scalar.length;
    if (memchr(text, 0, size))
        return fail_at(b, event->start_mark, "a zero character in a text");
    struct sg_yaml_node *node;
    const enum sg_status st = node_new(&node, b, SG_YAML_SCALAR, event->start_mark);
    if (st != SG_OK)
        return st;
    node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    node->count = size;
    node->text = sg_arena_strndup(b->arena, text, size);
    *out = node;
    return node->text ? SG_OK : sg_err_nomem(b->err);
}

static enum sg_status build_node(const struct sg_yaml_node **out, struct builder *b,
                                 const yaml_event_t *event, unsigned depth);

/* Build nodes onto the stack until the event that ends the collection. */
static enum sg_status build_children(struct builder *b, yaml_event_type_t end, unsigned depth)
{
    for (;;) {
        yaml_event_t event;
        enum sg_status st = next_event(b, &event);
        if (st != SG_OK)
            return st;
        const bool ended = event.type == end;
        const struct sg_yaml_node *child;
        if (!ended)
            st = build_node(&child, b, &event, depth);
        yaml_event_delete(&event);
        if (ended || st != SG_OK)
            return st;
        st = push(b, child);
        if (st != SG_OK)
            return st;
    }
}

static enum sg_status build_sequence(struct sg_yaml_node **out, struct builder *b, yaml_mark_t mark,
                                     unsigned depth)
{
    const size_t first = b->n_stack;
    struct sg_yaml_node *node;
    enum sg_status st = node_new(&node, b, SG_YAML_SEQUENCE, mark);
    if (st == SG_OK)
        st = build_children(b, YAML_SEQUENCE_END_EVENT, depth + 1);
    if (st != SG_OK)
        return st;
    node->count = b->n_stack - first;
    const struct sg_yaml_node **items = sg_arena_alloc(b->arena, node->count + 1, sizeof(*items));
    if (!items)
        return sg_err_nomem(b->err);
    for (size_t i = 0; st == SG_OK && i < node->count; i++) {
        items[i] = b->stack[first + i];
        st = weigh(b, node, items[i]);
    }
    node->items = items;
    b->n_stack = first;
    *out = node;
    return st;
}

/* A pair while its mapping is put together. */
struct entry {
    struct sg_yaml_pair pair;
    size_t order; /* explicit pairs in the order of the file, then the merged ones */
    bool merged;
    bool dropped; /* merged, but its key was there before */
};

struct entries {
    struct entry *items;
    size_t count, capacity;
};

static enum sg_status entry_add(struct builder *b, struct entries *entries,
                                struct sg_yaml_pair pair, bool merged)
{
    if (!SG_VEC_RESERVE(entries->items, entries->count, entries->capacity, 1))
        return sg_err_nomem(b->err);
    entries->items[entries->count] = (struct entry){pair, entries->count, merged, false};
    entries->count++;
    return SG_OK;
}

static enum sg_status merge_mapping(struct builder *b, struct entries *entries,
                                    const struct sg_yaml_node *key,
                                    const struct sg_yaml_node *source)
{
    if (source->kind != SG_YAML_MAPPING)
        return sg_err_line(b->err, key->line, key->column,
                           "a merge key takes a mapping or a list of mappings");
    const yaml_mark_t mark = {0, key->line - 1, key->column - 1};
    enum sg_status st = count_nodes(b, source->count, mark);
    for (size_t i = 0; st == SG_OK && i < source->count; i++)
        st = entry_add(b, entries, source->pairs[i], true);
    return st;
}

static bool is_merge(const struct sg_yaml_node *key)
{
    return key->plain && strcmp(key->text, "<<") == 0;
}

/* The explicit pairs, then those of each merge key; an earlier one wins over a later one.
 * Source: https://yaml.org/type/merge.html. */
static enum sg_status gather(struct builder *b, struct entries *entries, size_t first)
{
    enum sg_status st = SG_OK;
    for (size_t i = first; st == SG_OK && i < b->n_stack; i += 2) {
        const struct sg_yaml_node *key = b->stack[i];
        if (key->kind != SG_YAML_SCALAR)
            return sg_err_line(b->err, key->line, key->column, "a key must be a text, not %s",
                               sg_yaml_kind_name(key->kind));
        if (!is_merge(key))
            st = entry_add(b, entries, (struct sg_yaml_pair){key, b->stack[i + 1]}, false);
    }
    for (size_t i = first; st == SG_OK && i < b->n_stack; i += 2) {
        const struct sg_yaml_node *key = b->stack[i], *value = b->stack[i + 1];
        if (!is_merge(key))
            continue;
        if (value->kind != SG_YAML_SEQUENCE)
            st = merge_mapping(b, entries, key, value);
        for (size_t j = 0; st == SG_OK && value->kind == SG_YAML_SEQUENCE && j < value->count; j++)
            st = merge_mapping(b, entries, key, value->items[j]);
    }
    return st;
}

static int by_key(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    const int order = strcmp(a->pair.key->text, b->pair.key->text);
    return order ? order : (a->order > b->order) - (a->order < b->order);
}

static int by_order(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    return (a->order > b->order) - (a->order < b->order);
}

/* Drop merged pairs whose key was there before; refuse the first explicit one that was. */
static enum sg_status settle_keys(struct builder *b, struct entries *entries)
{
    const struct entry *twice = NULL;
    qsort(entries->items, entries->count, sizeof(*entries->items), by_key);
    for (size_t i = 1; i < entries->count; i++) {
        struct entry *entry = &entries->items[i];
        if (strcmp(entry->pair.key->text, entry[-1].pair.key->text) != 0)
            continue;
        entry->dropped = true;
        if (!entry->merged && (!twice || entry->order < twice->order))
            twice = entry;
    }
    if (twice)
        return sg_err_line(b->err, twice->pair.key->line, twice->pair.key->column,
                           "key '%.64s' occurs twice", twice->pair.key->text);
    qsort(entries->items, entries->count, sizeof(*entries->items), by_order);
    return SG_OK;
}

static enum sg_status fill_mapping(struct builder *b, struct sg_yaml_node *node,
                                   const struct entries *entries)
{
    enum sg_status st = SG_OK;
    struct sg_yaml_pair *pairs = sg_arena_alloc(b->arena, entries->count + 1, sizeof(*pairs));
    if (!pairs)
        return sg_err_nomem(b->err);
    for (size_t i = 0; st == SG_OK && i < entries->count; i++) {
        if (entries->items[i].dropped)
            continue;
        pairs[node->count++] = entries->items[i].pair;
        st = weigh(b, node, entries->items[i].pair.key);
        if (st == SG_OK)
            st = weigh(b, node, entries->items[i].pair.value);
    }
    node->pairs = pairs;
    return st;
}

static enum sg_status build_mapping(struct sg_yaml_node **out, struct builder *b, yaml_mark_t mark,
                                    unsigned depth)
{
    const size_t first = b->n_stack;
    struct entries entries = {NULL, 0, 0};
    struct sg_yaml_node *node;
    enum sg_status st = node_new(&node, b, SG_YAML_MAPPING, mark);
    if (st == SG_OK)
        st = build_children(b, YAML_MAPPING_END_EVENT, depth + 1);
    if (st == SG_OK)
        st = gather(b, &entries, first);
    if (st == SG_OK && entries.count)
        st = settle_keys(b, &entries);
    if (st == SG_OK)
        st = fill_mapping(b, node, &entries);
    sg_mem_free(entries.items);
    b->n_stack = first;
    if (st == SG_OK)
        *out = node;
    return st;
}

/* What an event begins: its anchor and its tag, NULL where it has none. */
struct marks {
    const yaml_char_t *anchor, *tag;
};

static struct marks marks_of(const yaml_event_t *event)
{
    if (event->type == YAML_SCALAR_EVENT)
        return (struct marks){event->data.scalar.anchor, event->data.scalar.tag};
    if (event->type == YAML_SEQUENCE_START_EVENT)
        return (struct marks){event->data.sequence_start.anchor, event->data.sequence_start.tag};
    return (struct marks){event->data.mapping_start.anchor, event->data.mapping_start.tag};
}

static enum sg_status build_node(const struct sg_yaml_node **out, struct builder *b,
                                 const yaml_event_t *event, unsigned depth)
{
    struct sg_yaml_node *node = NULL;
    enum sg_status st;
    if (event->type == YAML_ALIAS_EVENT)
        return build_alias(out, b, event);
    const struct marks marks = marks_of(event);
    if (marks.tag)
        return fail_at(b, event->start_mark, "tags ('!...') are not supported");
    if (depth > SG_NESTING_MAX)
        return limit_at(b, (uint32_t)event->start_mark.line + 1,
                        (uint32_t)event->start_mark.column + 1, "nested too deeply");
    if (event->type == YAML_SCALAR_EVENT)
        st = build_scalar(&node, b, event);
    else if (event->type == YAML_SEQUENCE_START_EVENT)
        st = build_sequence(&node, b, event->start_mark, depth);
    else
        st = build_mapping(&node, b, event->start_mark, depth);
    if (st == SG_OK && marks.anchor)
        st = anchor_add(b, (const char *)marks.anchor, node);
    *out = node;
    return st;
}

static enum sg_status build_root(const struct sg_yaml_node **root, struct builder *b)
{
    bool found = false;
    for (;;) {
        yaml_event_t event;
        enum sg_status st = next_event(b, &event);
        if (st != SG_OK)
            return st;
        const yaml_event_type_t type = event.type;
        const bool skip = type == YAML_STREAM_START_EVENT || type == YAML_DOCUMENT_END_EVENT;
        if (type == YAML_DOCUMENT_START_EVENT && found)
            st = fail_at(b, event.start_mark, "a second document; one is expected");
        else if (!skip && type != YAML_DOCUMENT_START_EVENT && type != YAML_STREAM_END_EVENT) {
            st = build_node(root, b, &event, 0);
            found = true;
        }
        yaml_event_delete(&event);
        if (st == SG_OK && type == YAML_STREAM_END_EVENT && !found)
            return sg_err_line(b->err, 1, 1, "nothing but comments and blanks");
        if (st != SG_OK || type == YAML_STREAM_END_EVENT)
            return st;
    }
}

enum sg_status sg_yaml_parse(const struct sg_yaml_node **root, struct sg_arena *arena,
                             const char *bytes, size_t size, struct sg_err *err)
{
    struct builder b = {.arena = arena, .bytes = bytes, .size = size, .err = err};
    const struct sg_yaml_node *found = NULL;
    size_t bad;
    /* libyaml would count a byte order mark as a column. */
    if (size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
        b.bytes += 3;
        b.size -= 3;
    }
    if (size > SG_SMALL_FILE_MAX)
        return limit_at(&b, 1, 1, "larger than a file that is read whole may be");
    if (!sg_utf8_check(&bad, b.bytes, b.size))
        return fail_at(&b, mark_of_offset(&b, bad), "bytes that are not UTF-8");
    if (!yaml_parser_initialize(&b.parser))
        return sg_err_nomem(err);
    yaml_parser_set_encoding(&b.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&b.parser, (const unsigned char *)b.bytes, b.size);
    const enum sg_status st = build_root(&found, &b);
    yaml_parser_delete(&b.parser);
    sg_mem_free(b.anchors);
    sg_mem_free(b.stack);
    if (st == SG_OK)
        *root = found;
    return st;
}

const struct sg_yaml_node *sg_yaml_find(const struct sg_yaml_node *mapping, const char *key)
{
    if (mapping->kind != SG_YAML_MAPPING)
        return NULL;
    for (size_t i = 0; i < mapping->count; i++)
        if (strcmp(mapping->pairs[i].key->text, key) == 0)
            return mapping->pairs[i].value;
    return NULL;
}

bool sg_yaml_is_null(const struct sg_yaml_node *node)
{
    return node->kind == SG_YAML_SCALAR && node->plain &&
           (!node->count || strcmp(node->text, "~") == 0 || strcmp(node->text, "null") == 0);
}

bool sg_yaml_is_text(const struct sg_yaml_node *node, const char *text)
{
    return node->kind == SG_YAML_SCALAR && strcmp(node->text, text) == 0;
}

const char *sg_yaml_kind_name(enum sg_yaml_kind kind)
{
    switch (kind) {
    case SG_YAML_SCALAR:
        return "a text";
    case SG_YAML_SEQUENCE:
        return "a list";
    case SG_YAML_MAPPING:
        return "a mapping";
    }
    return "nothing";
}
