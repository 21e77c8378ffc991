#include "formats/case/case.h"

#include "base/mem.h"
#include "base/vec.h"
#include "formats/case/case_internal.h"

#include <stdio.h>
#include <string.h>

#define NAME_MAX_BYTES 64

enum {
    CASE_VERSION,
    CASE_NAME,
    CASE_TITLE,
    CASE_DATE,
    CASE_SUMMARY,
    CASE_SOURCES,
    CASE_ASSETS,
    CASE_SEEDS,
    CASE_CONVERSIONS,
    CASE_LABELS,
    CASE_LABELS_FILE,
    CASE_POOLS_FILE,
    CASE_SERVICES,
    CASE_KEYS
};

static const struct sg_case_key case_keys[CASE_KEYS] = {
    [CASE_VERSION] = {"sillage_case", SG_YAML_SCALAR, true},
    [CASE_NAME] = {"name", SG_YAML_SCALAR, true},
    [CASE_TITLE] = {"title", SG_YAML_SCALAR, true},
    [CASE_DATE] = {"date", SG_YAML_SCALAR, true},
    [CASE_SUMMARY] = {"summary", SG_YAML_SCALAR, false},
    [CASE_SOURCES] = {"sources", SG_YAML_SEQUENCE, true},
    [CASE_ASSETS] = {"assets", SG_YAML_SEQUENCE, false},
    [CASE_SEEDS] = {"seeds", SG_YAML_SEQUENCE, true},
    [CASE_CONVERSIONS] = {"conversions", SG_YAML_SEQUENCE, false},
    [CASE_LABELS] = {"labels", SG_YAML_SEQUENCE, false},
    [CASE_LABELS_FILE] = {"labels_file", SG_YAML_SCALAR, false},
    [CASE_POOLS_FILE] = {"pools_file", SG_YAML_SCALAR, false},
    [CASE_SERVICES] = {"services", SG_YAML_SEQUENCE, false},
};

enum sg_status sg_case_warn(struct sg_case_load *load, struct sg_case_place place, const char *fmt,
                            ...)
{
    char text[SG_ERR_TEXT_MAX];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    const char *kept = sg_arena_strndup(load->arena, text, strlen(text));
    if (!kept || !SG_VEC_RESERVE(load->warnings, load->n_warnings, load->warnings_capacity, 1))
        return sg_err_nomem(load->err);
    load->warnings[load->n_warnings++] = (struct sg_case_warning){place, kept};
    return SG_OK;
}

/* Checked before anything else: a later schema has keys that this program does not know. */
static enum sg_status check_version(struct sg_case_load *load, const struct sg_yaml_node *root)
{
    const struct sg_yaml_node *version = sg_yaml_find(root, "sillage_case");
    if (!version)
        return sg_case_bad(load, root, "not a case file: it must begin with 'sillage_case: %d'",
                           SG_CASE_VERSION);
    if (version->kind == SG_YAML_SCALAR && sg_yaml_is_text(version, "1"))
        return SG_OK;
    sg_case_bad(load, version, "a case file of schema %.16s; this program reads schema %d",
                version->kind == SG_YAML_SCALAR ? version->text : "unknown", SG_CASE_VERSION);
    if (load->err)
        load->err->status = SG_EVERSION;
    return SG_EVERSION;
}

static bool is_name(const struct sg_yaml_node *node)
{
    return node->count <= NAME_MAX_BYTES &&
           strspn(node->text, "abcdefghijklmnopqrstuvwxyz0123456789-") == node->count;
}

static enum sg_status read_services(struct sg_case_load *load, const struct sg_yaml_node *list)
{
    for (size_t i = 0; !list && i < SG_CATEGORY_COUNT; i++)
        load->c->services |= (uint32_t)sg_category_info((enum sg_category)i)->is_service << i;
    for (size_t i = 0; list && i < list->count; i++) {
        enum sg_category category;
        if (list->items[i]->kind != SG_YAML_SCALAR)
            return sg_case_bad(load, list->items[i], "a category is a text, not %s",
                               sg_yaml_kind_name(list->items[i]->kind));
        const enum sg_status st = sg_case_category(&category, load, list->items[i]);
        if (st != SG_OK)
            return st;
        load->c->services |= 1u << (unsigned)category;
    }
    return SG_OK;
}

static enum sg_status read_head(struct sg_case_load *load, const struct sg_yaml_node *const *v)
{
    struct sg_case *c = load->c;
    if (!is_name(v[CASE_NAME]))
        return sg_case_bad(load, v[CASE_NAME], "a name is up to %d of a-z, 0-9 and '-'",
                           NAME_MAX_BYTES);
    c->name = v[CASE_NAME]->text;
    c->title = v[CASE_TITLE]->text;
    c->summary = sg_case_text(v[CASE_SUMMARY]);
    const enum sg_status st = sg_case_time(&c->date_unix_s, load, v[CASE_DATE]);
    return st == SG_OK ? read_services(load, v[CASE_SERVICES]) : st;
}

/* Only a file beside the case: a case from a stranger must not make us read elsewhere. */
static bool is_beside(const char *name)
{
    return name[0] != '.' && !strchr(name, '/') && !strchr(name, '\\');
}

static enum sg_status read_labels_file(struct sg_case_load *load, const struct sg_yaml_node *name,
                                       const struct sg_case_reader *reader)
{
    const char *bytes;
    size_t size;
    if (!name)
        return SG_OK;
    if (!reader || !is_beside(name->text))
        return sg_case_bad(load, name, "'%.64s' is not the name of a file beside the case",
                           name->text);
    load->c->labels_file = name->text;
    const enum sg_status st = reader->read(reader->ctx, &bytes, &size, name->text, load->err);
    return st == SG_OK ? sg_case_labels_csv(load, bytes, size) : st;
}

/* Named here, read by who looks behind mixers. */
static enum sg_status take_pools_file(struct sg_case_load *load, const struct sg_yaml_node *name)
{
    if (!name)
        return SG_OK;
    if (!is_beside(name->text))
        return sg_case_bad(load, name, "'%.64s' is not the name of a file beside the case",
                           name->text);
    load->c->pools_file = name->text;
    return SG_OK;
}

static enum sg_status read_case(struct sg_case_load *load, const struct sg_yaml_node *root,
                                const struct sg_case_reader *reader)
{
    const struct sg_yaml_node *v[CASE_KEYS];
    enum sg_status st = check_version(load, root);
    if (st == SG_OK)
        st = sg_case_take(v, load, root, case_keys, CASE_KEYS);
    if (st == SG_OK)
        st = read_head(load, v);
    if (st == SG_OK)
        st = sg_case_sources(load, v[CASE_SOURCES]);
    if (st == SG_OK)
        st = sg_case_assets(load, v[CASE_ASSETS]);
    if (st == SG_OK)
        st = sg_case_seeds(load, v[CASE_SEEDS]);
    if (st == SG_OK)
        st = sg_case_conversions(load, v[CASE_CONVERSIONS]);
    if (st == SG_OK)
        st = sg_case_labels(load, v[CASE_LABELS]);
    if (st == SG_OK)
        st = take_pools_file(load, v[CASE_POOLS_FILE]);
    if (st == SG_OK)
        st = read_labels_file(load, v[CASE_LABELS_FILE], reader);
    return st == SG_OK ? sg_case_settle(load) : st;
}

enum sg_status sg_case_parse(struct sg_case *parsed, struct sg_arena *arena, const char *bytes,
                             size_t size, const struct sg_case_reader *reader, struct sg_err *err)
{
    struct sg_case c = {0};
    struct sg_case_load load = {.c = &c, .arena = arena, .err = err};
    const struct sg_yaml_node *root;
    enum sg_status st = sg_yaml_parse(&root, arena, bytes, size, err);
    if (st == SG_OK)
        st = read_case(&load, root, reader);
    sg_mem_free(load.warnings);
    sg_mem_free(load.labels);
    if (st == SG_OK)
        *parsed = c;
    return st;
}
