#include "formats/json/json.h"

#include "base/limits.h"
#include "base/mem.h"
#include "base/vec.h"
#include "formats/csv/csv.h"
#include "formats/json/json_internal.h"

#include <assert.h>
#include <string.h>

/* What an open bracket is to us. */
enum place {
    TOP_OBJECT,   /* an object of its own, or an answer that holds rows */
    ROW,          /* an element of one of the two arrays that hold rows */
    TOP_ARRAY,    /* such an array on the top level */
    RESULT_ARRAY, /* such an array in an answer */
    VALUE_ARRAY,  /* a field of several values */
    IGNORED       /* anything deeper */
};

/* Where a field lies in the bytes of its object, which may move while it grows. */
struct slice {
    size_t name, name_size, value, value_size;
    bool has_value;
};

struct object {
    char *bytes;
    size_t size, capacity;
    struct slice slices[SG_CSV_FIELDS_MAX];
    size_t n_fields;
    uint64_t offset;
    bool too_large, has_rows;
    bool has_members; /* of the top object: rows stood in it */
};

enum mode {
    UNDECIDED, /* in the first line */
    LINES,
    DOCUMENT
};

struct sg_json {
    struct sg_json_sink sink;
    struct json_lexer lexer;
    struct object objects[2]; /* of the top level, and the row in it */
    struct sg_json_field fields[SG_CSV_FIELDS_MAX];
    enum place places[SG_NESTING_MAX];
    size_t depth;
    enum mode mode;
    uint64_t offset; /* of the piece that the lexer has */
    uint64_t number; /* of objects and bad lines so far */
    uint64_t line_offset;
    char line_head[SG_BAD_TEXT_MAX];
    size_t line_head_size;
    bool line_has_value, skipping;
    /* Why the lexer was stopped: a sentence of ours about the input, or a status of the sink. */
    const char *damage;
    enum sg_status damage_status, sink_status;
    struct sg_err *err; /* of the current call */
    bool members;       /* objects inside the top object are rows, named by their key */
};

static int on_event(void *ctx, enum json_event event, const char *text, size_t size);

enum sg_status sg_json_new(struct sg_json **json, const struct sg_json_sink *sink, uint64_t offset,
                           struct sg_err *err)
{
    struct sg_json *made = sg_mem_zalloc(1, sizeof(*made));
    if (!made)
        return sg_err_nomem(err);
    made->sink = *sink;
    made->offset = made->line_offset = offset;
    made->lexer.on_event = on_event;
    made->lexer.ctx = made;
    *json = made;
    return SG_OK;
}

void sg_json_members(struct sg_json *json)
{
    json->members = true;
}

void sg_json_free(struct sg_json *json)
{
    if (!json)
        return;
    sg_json_lex_reset(&json->lexer);
    sg_mem_free(json->objects[0].bytes);
    sg_mem_free(json->objects[1].bytes);
    sg_mem_free(json);
}

/* Stop with a sentence about the input. */
static int damaged(struct sg_json *json, enum sg_status status, const char *damage)
{
    json->damage = damage;
    json->damage_status = status;
    return 0;
}

static int no_memory(struct sg_json *json)
{
    json->sink_status = sg_err_nomem(json->err);
    return 0;
}

/* The object that a bracket's fields belong to, or NULL. */
static struct object *object_at(struct sg_json *json, size_t depth)
{
    if (depth == 0)
        return NULL;
    switch (json->places[depth - 1]) {
    case TOP_OBJECT:
        return &json->objects[0];
    case ROW:
        return &json->objects[1];
    case TOP_ARRAY:
    case RESULT_ARRAY:
    case VALUE_ARRAY:
    case IGNORED:
        return NULL;
    }
    return NULL;
}

static bool append(struct object *object, const char *text, size_t size)
{
    if (size > SG_RECORD_BYTES_MAX - object->size) {
        object->too_large = true;
        return true;
    }
    if (!SG_VEC_RESERVE(object->bytes, object->size, object->capacity, size + 1))
        return false;
    if (size)
        memcpy(object->bytes + object->size, text, size);
    object->size += size;
    return true;
}

static int push(struct sg_json *json, enum place place)
{
    if (json->depth == SG_NESTING_MAX)
        return damaged(json, SG_ELIMIT, "it is nested deeper than any source is");
    json->places[json->depth++] = place;
    return 1;
}

static int begin_object(struct sg_json *json, enum place place)
{
    struct object *object = &json->objects[place == ROW];
    object->size = object->n_fields = 0;
    object->too_large = object->has_rows = object->has_members = false;
    object->offset = json->offset + sg_json_lex_taken(&json->lexer) - 1;
    return push(json, place);
}

static bool holds_rows(const struct sg_json *json)
{
    return json->depth && (json->places[json->depth - 1] == TOP_ARRAY ||
                           json->places[json->depth - 1] == RESULT_ARRAY);
}

static int on_object(struct sg_json *json)
{
    if (json->depth == 0)
        return begin_object(json, TOP_OBJECT);
    if (json->members && json->depth == 1 && json->places[0] == TOP_OBJECT) {
        json->objects[0].has_members = true;
        return begin_object(json, ROW);
    }
    return holds_rows(json) ? begin_object(json, ROW) : push(json, IGNORED);
}

static bool last_name_is(const struct object *object, const char *name)
{
    if (object->too_large || !object->n_fields)
        return false;
    const struct slice *slice = &object->slices[object->n_fields - 1];
    return sg_text_is((struct sg_text){object->bytes + slice->name, slice->name_size}, name);
}

static int on_array(struct sg_json *json)
{
    struct object *object = object_at(json, json->depth);
    if (json->depth == 0)
        return push(json, TOP_ARRAY);
    if (holds_rows(json))
        return damaged(json, SG_EPARSE, "an array stands where an object is expected");
    if (!object)
        return push(json, IGNORED);
    if (json->depth == 1 && last_name_is(object, "result")) {
        object->has_rows = true;
        return push(json, RESULT_ARRAY);
    }
    if (!object->too_large) {
        object->slices[object->n_fields - 1].value = object->size;
        object->slices[object->n_fields - 1].has_value = true;
    }
    return push(json, VALUE_ARRAY);
}

static int on_key(struct sg_json *json, const char *text, size_t size)
{
    struct object *object = object_at(json, json->depth);
    if (!object)
        return 1;
    if (object->has_members) {
        object->n_fields = object->size = 0; /* The last key is all that is needed. */
        object->too_large = false;
    }
    if (object->too_large)
        return 1;
    if (object->n_fields == SG_CSV_FIELDS_MAX) {
        object->too_large = true;
        return 1;
    }
    object->slices[object->n_fields++] = (struct slice){object->size, size, 0, 0, false};
    return append(object, text, size) ? 1 : no_memory(json);
}

/* One value of a field, or of an array that is a field. */
static int on_value(struct sg_json *json, const char *text, size_t size)
{
    const bool in_array = json->depth > 1 && json->places[json->depth - 1] == VALUE_ARRAY;
    struct object *object = object_at(json, json->depth - in_array);
    if (json->depth == 0 || holds_rows(json))
        return damaged(json, SG_EPARSE, "a value stands where an object is expected");
    if (!object || object->too_large || (!text && !in_array))
        return 1;
    struct slice *slice = &object->slices[object->n_fields - 1];
    if (!in_array)
        slice->value = object->size;
    if (in_array && slice->value_size && !append(object, ",", 1))
        return no_memory(json);
    if (!append(object, text, size))
        return no_memory(json);
    slice->value_size = object->size - slice->value;
    slice->has_value = true;
    return 1;
}

static enum sg_status emit_bad(struct sg_json *json, uint64_t offset, const char *reason,
                               struct sg_text text)
{
    const struct sg_bad_row bad = {offset, ++json->number, reason, text.data,
                                   text.size < SG_BAD_TEXT_MAX ? text.size : SG_BAD_TEXT_MAX};
    return json->sink.bad(json->sink.ctx, &bad, json->err);
}

/* The key under which a row stands in the top object. */
static struct sg_text member_name(const struct sg_json *json, const struct object *object)
{
    const struct object *top = &json->objects[0];
    if (!top->has_members || object == top || json->depth != 1 || top->too_large)
        return (struct sg_text){NULL, 0};
    const struct slice *key = &top->slices[top->n_fields - 1];
    return (struct sg_text){top->bytes + key->name, key->name_size};
}

static enum sg_status emit(struct sg_json *json, const struct object *object)
{
    const char *bytes = object->bytes;
    if (object->too_large)
        return emit_bad(json, object->offset, "the object is larger than any source's",
                        (struct sg_text){bytes, object->size});
    for (size_t i = 0; i < object->n_fields; i++) {
        const struct slice *slice = &object->slices[i];
        json->fields[i] = (struct sg_json_field){
            {bytes + slice->name, slice->name_size},
            {slice->has_value ? bytes + slice->value : NULL, slice->value_size}};
    }
    const bool in_an_answer = json->depth && json->places[json->depth - 1] == RESULT_ARRAY;
    const struct sg_json_object out = {
        json->fields,     object->n_fields, object->offset,           ++json->number,
        object->has_rows, in_an_answer,     member_name(json, object)};
    return json->sink.object(json->sink.ctx, &out, json->err);
}

static int on_end(struct sg_json *json)
{
    const struct object *object = object_at(json, json->depth);
    json->depth--;
    json->line_has_value = true;
    if (!object || object->has_members)
        return 1;
    json->sink_status = emit(json, object);
    return json->sink_status == SG_OK;
}

static int on_event(void *ctx, enum json_event event, const char *text, size_t size)
{
    struct sg_json *json = ctx;
    switch (event) {
    case JSON_NULL:
        return on_value(json, NULL, 0);
    case JSON_VALUE:
    case JSON_STRING:
        return on_value(json, text, size);
    case JSON_KEY:
        return on_key(json, text, size);
    case JSON_OBJECT_BEGIN:
        return on_object(json);
    case JSON_ARRAY_BEGIN:
        return on_array(json);
    case JSON_OBJECT_END:
    case JSON_ARRAY_END:
        return on_end(json);
    }
    return 0;
}

/* In JSON lines a damaged line is a bad row, and the next one begins a new text. */
static enum sg_status bad_line(struct sg_json *json, const char *reason)
{
    sg_json_lex_reset(&json->lexer);
    json->depth = 0;
    json->damage = NULL;
    json->skipping = true;
    return emit_bad(json, json->line_offset, reason,
                    (struct sg_text){json->line_head, json->line_head_size});
}

static enum sg_status on_damage(struct sg_json *json, const char *damage, enum sg_status status)
{
    if (json->mode == LINES)
        return bad_line(json, damage);
    return sg_err_at(json->err, status, json->offset + sg_json_lex_taken(&json->lexer),
                     "the document cannot be read: %s", damage);
}

static enum sg_status lex(struct sg_json *json, const char *bytes, size_t size)
{
    switch (sg_json_lex(&json->lexer, bytes, size)) {
    case JSON_GOOD:
        return SG_OK;
    case JSON_NO_MEMORY:
        return sg_err_nomem(json->err);
    case JSON_DAMAGED:
        return on_damage(json, "this is not JSON", SG_EPARSE);
    case JSON_STOPPED:
        if (json->damage)
            return on_damage(json, json->damage, json->damage_status);
        assert(json->sink_status != SG_OK);
        return json->sink_status;
    }
    return SG_OK;
}

static void remember_line(struct sg_json *json, const char *bytes, size_t size)
{
    const size_t room = SG_BAD_TEXT_MAX - json->line_head_size;
    const size_t n = size < room ? size : room;
    memcpy(json->line_head + json->line_head_size, bytes, n);
    json->line_head_size += n;
}

static enum sg_status end_line(struct sg_json *json)
{
    enum sg_status st = SG_OK;
    if (json->mode == LINES && json->depth)
        st = bad_line(json, "the object does not end with its line");
    else if (json->mode == UNDECIDED && json->depth)
        json->mode = DOCUMENT;
    else if (json->mode == UNDECIDED && json->line_has_value)
        json->mode = LINES;
    json->skipping = false;
    json->line_offset = json->offset;
    json->line_head_size = 0;
    return st;
}

/* A piece that holds no line end, or one as its last byte. */
static enum sg_status feed_line(struct sg_json *json, const char *bytes, size_t size, bool ends)
{
    enum sg_status st = SG_OK;
    if (!json->skipping) {
        remember_line(json, bytes, ends ? size - 1 : size);
        st = lex(json, bytes, size);
    }
    json->offset += size;
    return st == SG_OK && ends ? end_line(json) : st;
}

enum sg_status sg_json_feed(struct sg_json *json, const char *bytes, size_t size,
                            struct sg_err *err)
{
    enum sg_status st = SG_OK;
    json->err = err;
    while (size && st == SG_OK) {
        const char *end = json->mode == DOCUMENT ? NULL : memchr(bytes, '\n', size);
        const size_t n = end ? (size_t)(end - bytes) + 1 : size;
        st = feed_line(json, bytes, n, end != NULL);
        bytes += n;
        size -= n;
    }
    return st;
}

enum sg_status sg_json_finish(struct sg_json *json, struct sg_err *err)
{
    json->err = err;
    /* A line end settles what the lexer still holds back, such as a number or a cut word. */
    const enum sg_status st = feed_line(json, "\n", 1, true);
    if (st == SG_OK && json->depth)
        return sg_err_at(err, SG_EPARSE, json->offset - 1, "the document is cut");
    return st;
}
