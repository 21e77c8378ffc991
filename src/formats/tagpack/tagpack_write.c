/* Writing TagPacks: what was read from one as it was, other labels in the fields that TagPacks
 * have. */
#include "formats/tagpack/tagpack_internal.h"

#include "base/jsonw.h"
#include "formats/tagpack/tagpack.h"

#include <string.h>

static void line(struct sg_buf *out, const char *key, const char *text)
{
    if (!text)
        return;
    sg_buf_printf(out, "%s: ", key);
    sg_tagpack_scalar(out, text, strlen(text), false, false);
    sg_buf_putc(out, '\n');
}

static void date_line(struct sg_buf *out, const char *indent, int64_t seconds)
{
    char text[SG_TIME_TEXT_MAX];
    if (seconds != SG_TIME_UNKNOWN)
        sg_buf_printf(out, "%slastmod: %.10s\n", indent, sg_time_format(text, seconds));
}

enum sg_status sg_tagpack_write_header(struct sg_buf *out, const struct sg_label_pack *pack,
                                       struct sg_err *err)
{
    if (pack->raw) {
        const enum sg_status st = sg_tagpack_unpack(out, pack->raw, pack->raw_size, "", 0, err);
        if (st != SG_OK)
            return st;
    } else {
        line(out, "title", pack->title);
        line(out, "creator", pack->creator ? pack->creator : "unknown");
        date_line(out, "", pack->date_unix_s);
    }
    sg_buf_puts(out, "tags:\n");
    return SG_OK;
}

static const char *confidence_of(enum sg_confidence confidence)
{
    switch (confidence) {
    case SG_CONFIDENCE_LOW:
        return "web_crawl";
    case SG_CONFIDENCE_MEDIUM:
        return "forensic";
    case SG_CONFIDENCE_HIGH:
        return "authority_data";
    }
    return "unknown";
}

static void date_value(struct sg_jsonw *w, const char *key, int64_t seconds)
{
    char text[SG_TIME_TEXT_MAX];
    if (seconds == SG_TIME_UNKNOWN)
        return;
    sg_jsonw_key(w, key);
    sg_jsonw_string_n(w, sg_time_format(text, seconds), 10);
}

/* What has no field of its own. */
static void context_line(struct sg_buf *out, const struct sg_label *label)
{
    struct sg_buf text = SG_BUF_INIT(SG_TAGPACK_RAW_MAX);
    struct sg_jsonw w;
    sg_jsonw_init(&w, &text);
    sg_jsonw_begin_object(&w);
    if (label->programme)
        sg_jsonw_kv_string(&w, "programme", label->programme);
    date_value(&w, "listed", label->listed_unix_s);
    date_value(&w, "delisted", label->delisted_unix_s);
    if (label->note)
        sg_jsonw_kv_string(&w, "note", label->note);
    if (label->n_aliases) {
        sg_jsonw_key(&w, "aliases");
        sg_jsonw_begin_array(&w);
        for (size_t i = 0; i < label->n_aliases; i++)
            sg_jsonw_string(&w, label->aliases[i]);
        sg_jsonw_end_array(&w);
    }
    sg_jsonw_end_object(&w);
    if (text.failed)
        out->failed = true;
    else if (text.size > 2)
        line(out, "  context", text.data);
    sg_buf_clear(&text);
}

/* The word of GraphSense's concepts for a category, where it has one; else ours. */
static void category_lines(struct sg_buf *out, const struct sg_label *label)
{
    const char *name = sg_category_info(label->category)->name;
    static const char *const words[][2] = {{"mixer", "mixing_service"},
                                           {"wallet", "wallet_service"},
                                           {"marketplace", "market"},
                                           {"person", "user"},
                                           {"organisation", "organization"}};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(words[i][0], name) == 0)
            name = words[i][1];
    if (label->category == SG_CATEGORY_SANCTIONED)
        line(out, "  abuse", "sanction");
    else if (label->category == SG_CATEGORY_RANSOM)
        line(out, "  abuse", "ransomware");
    else if (label->category == SG_CATEGORY_THEFT)
        line(out, "  abuse", "service_hack");
    else if (label->abuse)
        line(out, "  abuse", label->abuse);
    if (!sg_category_info(label->category)->is_illicit && label->category != SG_CATEGORY_OTHER)
        line(out, "  category", name);
}

enum sg_status sg_tagpack_write_tag(struct sg_buf *out, const struct sg_label *label,
                                    struct sg_err *err)
{
    if (label->raw)
        return sg_tagpack_unpack(out, label->raw, label->raw_size, "- ", 2, err);
    line(out, label->kind == SG_LABEL_TX ? "- tx_hash" : "- address", label->subject);
    line(out, "  currency", label->currency ? label->currency : label->chain);
    line(out, "  label", label->entity[0] ? label->entity : "unknown");
    line(out, "  actor", label->actor);
    line(out, "  source", label->source ? label->source : "unknown");
    category_lines(out, label);
    sg_buf_printf(out, "  confidence: %s\n", confidence_of(label->confidence));
    if (label->kind == SG_LABEL_CLUSTER)
        sg_buf_puts(out, "  is_cluster_definer: true\n");
    date_line(out, "  ", label->source_date_unix_s);
    context_line(out, label);
    return SG_OK;
}
