#include "formats/manifest/manifest.h"

#include "base/jsonw.h"
#include "base/mem.h"
#include "base/vec.h"
#include "formats/json/json.h"

#include <string.h>

#define OPEN  "<script type=\"application/json\" id=\"sillage-manifest\">\n"
#define CLOSE "\n</script>\n"

static void put_entry(struct sg_jsonw *w, const struct sg_manifest_entry *entry)
{
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_string(w, "kind", entry->kind);
    sg_jsonw_kv_string(w, "name", entry->name);
    sg_jsonw_kv_string(w, "value", entry->value);
    sg_jsonw_end_object(w);
}

/* Inside <script> no entity is decoded. "<" occurs in strings only, where JSON can say it
 * otherwise. */
static void put_script_safe(struct sg_buf *out, const struct sg_buf *json)
{
    size_t from = 0;
    for (size_t i = 0; i < json->size; i++) {
        if (json->data[i] != '<')
            continue;
        sg_buf_append(out, json->data + from, i - from);
        sg_buf_puts(out, "\\u003c");
        from = i + 1;
    }
    sg_buf_append(out, json->data + from, json->size - from);
}

enum sg_status sg_manifest_write(struct sg_buf *out, const struct sg_manifest_entry *entries,
                                 size_t n, struct sg_err *err)
{
    struct sg_buf json = SG_BUF_INIT(out->max);
    struct sg_jsonw w;
    sg_jsonw_init(&w, &json);
    sg_jsonw_begin_array(&w);
    for (size_t i = 0; i < n; i++)
        put_entry(&w, &entries[i]);
    sg_jsonw_end_array(&w);
    const enum sg_status st = sg_buf_check(&json, err);
    if (st == SG_OK) {
        sg_buf_puts(out, OPEN);
        put_script_safe(out, &json);
        sg_buf_puts(out, CLOSE);
    }
    sg_buf_clear(&json);
    return st;
}

struct reading {
    struct sg_arena *arena;
    struct sg_manifest_entry *items;
    size_t n, capacity;
};

/* A text in the arena; false if there is none, or a zero byte would cut it. */
static bool take(const char **out, struct sg_arena *arena, const struct sg_json_object *object,
                 const char *name, bool *no_memory)
{
    for (size_t i = 0; i < object->n_fields; i++) {
        const struct sg_json_field *f = &object->fields[i];
        if (!sg_text_is(f->name, name))
            continue;
        if (!f->value.data || memchr(f->value.data, 0, f->value.size))
            return false;
        *out = sg_arena_strndup(arena, f->value.data, f->value.size);
        *no_memory = *no_memory || !*out;
        return true;
    }
    return false;
}

static enum sg_status on_object(void *ctx, const struct sg_json_object *object, struct sg_err *err)
{
    struct reading *r = ctx;
    struct sg_manifest_entry e;
    bool no_memory = false;
    if (!take(&e.kind, r->arena, object, "kind", &no_memory) ||
        !take(&e.name, r->arena, object, "name", &no_memory) ||
        !take(&e.value, r->arena, object, "value", &no_memory))
        return sg_err_at(err, SG_EPARSE, object->offset,
                         "an entry of the manifest has no kind, name or value");
    if (no_memory || !SG_VEC_RESERVE(r->items, r->n, r->capacity, 1))
        return sg_err_nomem(err);
    r->items[r->n++] = e;
    return SG_OK;
}

static enum sg_status on_bad(void *ctx, const struct sg_bad_row *bad, struct sg_err *err)
{
    (void)ctx;
    return sg_err_at(err, SG_EPARSE, bad->offset, "the manifest is damaged: %s", bad->reason);
}

static enum sg_status read_json(struct reading *r, const char *page, size_t from, size_t size,
                                struct sg_err *err)
{
    const struct sg_json_sink sink = {on_object, on_bad, r};
    struct sg_json *json = NULL;
    enum sg_status st = sg_json_new(&json, &sink, from, err);
    if (st == SG_OK)
        st = sg_json_feed(json, page + from, size, err);
    if (st == SG_OK)
        st = sg_json_finish(json, err);
    sg_json_free(json);
    return st;
}

static enum sg_status publish(const struct sg_manifest_entry **entries, size_t *n,
                              const struct reading *r, struct sg_err *err)
{
    struct sg_manifest_entry *kept = sg_arena_alloc(r->arena, r->n + 1, sizeof(*kept));
    if (!kept)
        return sg_err_nomem(err);
    if (r->n)
        memcpy(kept, r->items, r->n * sizeof(*kept));
    *entries = kept;
    *n = r->n;
    return SG_OK;
}

enum sg_status sg_manifest_parse(const struct sg_manifest_entry **entries, size_t *n,
                                 struct sg_arena *arena, const char *page, size_t size,
                                 struct sg_err *err)
{
    struct reading r = {.arena = arena};
    const char *open = size ? memmem(page, size, OPEN, strlen(OPEN)) : NULL;
    if (!open)
        return sg_err_set(err, SG_ENOTFOUND, "there is no manifest in this page");
    const size_t from = (size_t)(open - page) + strlen(OPEN);
    const char *close = memmem(page + from, size - from, CLOSE, strlen(CLOSE));
    if (!close)
        return sg_err_at(err, SG_EPARSE, size, "the page ends inside its manifest");
    enum sg_status st = read_json(&r, page, from, (size_t)(close - page) - from, err);
    if (st == SG_OK)
        st = publish(entries, n, &r, err);
    sg_mem_free(r.items);
    return st;
}
