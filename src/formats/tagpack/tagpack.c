#include "formats/tagpack/tagpack_internal.h"

#include "base/jsonw.h"
#include "base/mem.h"
#include "formats/tagpack/tagpack.h"

#include <string.h>

/* More concepts than this of one tag are kept in its record alone. */
#define CONCEPTS_MAX 64

struct load {
    const struct sg_yaml_node *header;
    struct sg_buf raw;
    const struct sg_label_sink *sink;
    struct sg_err *err;
};

/* Text of a field of the tag, else of the header; NULL if neither says anything. */
static const char *field(const struct load *load, const struct sg_yaml_node *tag, const char *key)
{
    const struct sg_yaml_node *node = sg_yaml_find(tag, key);
    if (!node)
        node = sg_yaml_find(load->header, key);
    if (!node || node->kind != SG_YAML_SCALAR || sg_yaml_is_null(node))
        return NULL;
    return node->text;
}

static bool is_true(const char *text)
{
    return text && (strcmp(text, "true") == 0 || strcmp(text, "True") == 0 ||
                    strcmp(text, "TRUE") == 0 || strcmp(text, "yes") == 0);
}

static int64_t time_of(const char *text)
{
    int64_t seconds;
    if (!text || sg_time_parse(&seconds, text, strlen(text), NULL) != SG_OK)
        return SG_TIME_UNKNOWN;
    return seconds;
}

static enum sg_category category_of(const struct load *load, const struct sg_yaml_node *tag)
{
    const char *concepts[CONCEPTS_MAX];
    size_t n = 0;
    const struct sg_yaml_node *list = sg_yaml_find(tag, "concepts");
    if (!list)
        list = sg_yaml_find(load->header, "concepts");
    for (size_t i = 0; list && list->kind == SG_YAML_SEQUENCE && i < list->count; i++)
        if (n < CONCEPTS_MAX && list->items[i]->kind == SG_YAML_SCALAR)
            concepts[n++] = list->items[i]->text;
    return sg_category_choose(field(load, tag, "category"), field(load, tag, "abuse"), concepts, n);
}

static void fill(struct sg_label *label, const struct load *load, const struct sg_yaml_node *tag)
{
    const char *currency = field(load, tag, "network");
    const char *entity = field(load, tag, "label");
    const char *address = field(load, tag, "address");
    sg_label_init(label);
    label->subject = address ? address : field(load, tag, "tx_hash");
    label->kind = !address                                          ? SG_LABEL_TX
                  : is_true(field(load, tag, "is_cluster_definer")) ? SG_LABEL_CLUSTER
                                                                    : SG_LABEL_ADDRESS;
    label->category = category_of(load, tag);
    label->confidence = sg_confidence_of_tagpack(field(load, tag, "confidence"));
    label->currency = field(load, tag, "currency");
    label->chain = label->subject
                       ? sg_label_chain(currency ? currency : label->currency, label->subject)
                       : NULL;
    label->actor = field(load, tag, "actor");
    label->entity = entity ? entity : label->actor ? label->actor : "";
    label->abuse = field(load, tag, "abuse");
    label->source = field(load, tag, "source");
    label->note = field(load, tag, "context");
    label->source_date_unix_s = time_of(field(load, tag, "lastmod"));
}

static enum sg_status bad_tag(struct load *load, const struct sg_yaml_node *tag)
{
    struct sg_err why;
    (void)sg_err_line(&why, tag->line, tag->column, "a tag is a mapping, not %s",
                      sg_yaml_kind_name(tag->kind));
    return load->sink->bad(load->sink->ctx, &why, load->err);
}

static enum sg_status take_tag(struct load *load, const struct sg_yaml_node *tag)
{
    struct sg_label label;
    if (tag->kind != SG_YAML_MAPPING)
        return bad_tag(load, tag);
    sg_buf_reset(&load->raw);
    sg_tagpack_pack(&load->raw, tag, NULL);
    const enum sg_status st = sg_buf_check(&load->raw, load->err);
    if (st != SG_OK)
        return st;
    fill(&label, load, tag);
    label.raw = load->raw.data;
    label.raw_size = load->raw.size;
    return sg_label_give(load->sink, &label, tag->line, load->err);
}

static enum sg_status fill_pack(struct sg_label_pack *pack, struct sg_arena *arena,
                                struct load *load)
{
    const struct load alone = {.header = load->header};
    const char *title = field(&alone, load->header, "title");
    sg_buf_reset(&load->raw);
    sg_tagpack_pack(&load->raw, load->header, "tags");
    const enum sg_status st = sg_buf_check(&load->raw, load->err);
    if (st != SG_OK)
        return st;
    const char *raw = sg_arena_strndup(arena, load->raw.data, load->raw.size);
    if (!raw)
        return sg_err_nomem(load->err);
    *pack = (struct sg_label_pack){.title = title ? title : "TagPack without a title",
                                   .creator = field(&alone, load->header, "creator"),
                                   .date_unix_s = time_of(field(&alone, load->header, "lastmod")),
                                   .raw = raw,
                                   .raw_size = load->raw.size};
    return SG_OK;
}

enum sg_status sg_tagpack_parse(struct sg_label_pack *pack, struct sg_arena *arena,
                                const char *bytes, size_t size, const struct sg_label_sink *sink,
                                struct sg_err *err)
{
    struct load load = {.raw = SG_BUF_INIT(SG_TAGPACK_RAW_MAX), .sink = sink, .err = err};
    struct sg_label_pack made = {0};
    enum sg_status st = sg_yaml_parse(&load.header, arena, bytes, size, err);
    if (st != SG_OK)
        return st;
    const struct sg_yaml_node *tags = sg_yaml_find(load.header, "tags");
    if (!tags || tags->kind != SG_YAML_SEQUENCE)
        return sg_err_line(err, load.header->line, load.header->column,
                           "a TagPack is a mapping with a list 'tags'");
    st = fill_pack(&made, arena, &load);
    for (size_t i = 0; st == SG_OK && i < tags->count; i++)
        st = take_tag(&load, tags->items[i]);
    sg_buf_clear(&load.raw);
    if (st == SG_OK)
        *pack = made;
    return st;
}
