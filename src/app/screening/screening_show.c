/* The line of one address. */
#include "app/screening/screening_internal.h"

#include "base/jsonw.h"

#include <inttypes.h>
#include <string.h>

/* kin: the address whose hit it is, in the same cluster; NULL: the address itself. */
static void hit_json(struct sg_jsonw *w, const struct sg_screen_hit *hit, const char *kin)
{
    const struct sg_label *label = hit->label;
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_string(w, "entity", label->entity);
    sg_jsonw_kv_string(w, "category", sg_category_info(label->category)->name);
    sg_jsonw_kv_string(w, "programme", label->programme);
    sg_jsonw_kv_string(w, "source", label->source);
    sg_jsonw_kv_day(w, "source_date", label->source_date_unix_s);
    sg_jsonw_kv_day(w, "listed", hit->listed_unix_s);
    sg_jsonw_kv_day(w, "delisted", hit->delisted_unix_s);
    sg_jsonw_kv_string(w, "confidence", sg_confidence_name(label->confidence));
    sg_jsonw_kv_string(w, "via", kin ? "cluster" : "direct");
    if (kin)
        sg_jsonw_kv_string(w, "cluster_address", kin);
    sg_jsonw_kv_bool(w, "in_force", hit->in_force);
    sg_jsonw_end_object(w);
}

struct counts {
    size_t sanctioned, illicit, services, other, former;
};

static void count(struct counts *counts, const struct sg_screen_hit *hits, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const enum sg_category category = hits[i].label->category;
        const struct sg_category_info *info = sg_category_info(category);
        if (!hits[i].in_force)
            counts->former++;
        else if (category == SG_CATEGORY_SANCTIONED)
            counts->sanctioned++;
        else if (info->is_illicit)
            counts->illicit++;
        else if (info->is_service)
            counts->services++;
        else
            counts->other++;
    }
}

static void risk_json(struct sg_jsonw *w, const struct screened *one)
{
    const bool was_asked = one->exposures != NULL;
    struct counts counts = {0};
    count(&counts, one->hits, one->n_hits);
    for (size_t i = 0; i < one->n_kin; i++)
        count(&counts, one->kin[i].hits, one->kin[i].n_hits);
    sg_jsonw_key(w, "risk");
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_uint(w, "sanctioned", counts.sanctioned);
    sg_jsonw_kv_uint(w, "illicit", counts.illicit);
    sg_jsonw_kv_uint(w, "services", counts.services);
    sg_jsonw_kv_uint(w, "other", counts.other);
    sg_jsonw_kv_uint(w, "former", counts.former);
    if (was_asked)
        screening_exposure_json(w, one);
    sg_jsonw_end_object(w);
}

static uint64_t not_looked_at(const struct screened *one)
{
    return one->cluster_size > SG_SCREENING_MEMBERS_MAX
               ? one->cluster_size - SG_SCREENING_MEMBERS_MAX
               : 0;
}

static void cluster_json(struct sg_jsonw *w, const struct screened *one)
{
    sg_jsonw_key(w, "cluster");
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_uint(w, "addresses", one->cluster_size);
    sg_jsonw_kv_uint(w, "not_looked_at", not_looked_at(one));
    sg_jsonw_kv_uint(w, "labelled_left_out", one->n_kin_left_out);
    sg_jsonw_end_object(w);
}

void screening_json(struct sg_buf *out, const struct screened *one)
{
    struct sg_jsonw w;
    sg_jsonw_init(&w, out);
    sg_jsonw_begin_object(&w);
    sg_jsonw_key(&w, "address");
    sg_jsonw_string_n(&w, one->text.data, one->text.size);
    sg_jsonw_kv_bool(&w, "valid", one->form.valid);
    sg_jsonw_kv_string(&w, "chain", one->form.what.chain);
    sg_jsonw_kv_string(&w, "form", one->form.what.form);
    if (!one->form.valid)
        sg_jsonw_kv_string(&w, "reason", one->form.what.reason);
    if (one->form.what.inner[0])
        sg_jsonw_kv_string(&w, "inner", one->form.what.inner);
    sg_jsonw_key(&w, "hits");
    sg_jsonw_begin_array(&w);
    const size_t n = one->n_hits < SG_SCREENING_HITS_MAX ? one->n_hits : SG_SCREENING_HITS_MAX;
    for (size_t i = 0; i < n; i++)
        hit_json(&w, &one->hits[i], NULL);
    for (size_t i = 0; i < one->n_kin; i++)
        for (size_t j = 0; j < one->kin[i].n_hits; j++)
            hit_json(&w, &one->kin[i].hits[j], one->kin[i].address);
    sg_jsonw_end_array(&w);
    if (one->cluster_size)
        cluster_json(&w, one);
    risk_json(&w, one);
    if (one->n_left_out + one->n_hits - n)
        sg_jsonw_kv_uint(&w, "hits_left_out", one->n_left_out + one->n_hits - n);
    if (one->near.is_found) {
        struct sg_buf text = SG_BUF_INIT(4 * SG_LABEL_TEXT_MAX);
        sg_labelstore_question(&text, &one->near);
        if (text.failed)
            out->failed = true;
        sg_jsonw_kv_string(&w, "question", text.data);
        sg_buf_clear(&text);
    }
    sg_jsonw_end_object(&w);
    sg_buf_putc(out, '\n');
}

static void day(struct sg_buf *out, const char *what, int64_t seconds, bool is_bound)
{
    char text[SG_TIME_TEXT_MAX];
    if (seconds != SG_TIME_UNKNOWN)
        sg_buf_printf(out, ", %s %s%.10s", what, is_bound ? "by " : "",
                      sg_time_format(text, seconds));
}

static void hit_text(struct sg_buf *out, const struct sg_screen_hit *hit)
{
    const struct sg_label *label = hit->label;
    sg_buf_printf(out, "  %-12s ", sg_category_info(label->category)->name);
    sg_buf_line(out, label->entity, strlen(label->entity));
    if (label->programme) {
        sg_buf_puts(out, " [");
        sg_buf_line(out, label->programme, strlen(label->programme));
        sg_buf_putc(out, ']');
    }
    day(out, "listed", hit->listed_unix_s, hit->listed_is_bound);
    day(out, "delisted", hit->delisted_unix_s, hit->delisted_is_bound);
    sg_buf_printf(out, "; confidence %s%s; ", sg_confidence_name(label->confidence),
                  label->kind == SG_LABEL_CLUSTER ? ", the owner's cluster" : "");
    sg_buf_line(out, label->source ? label->source : "no source",
                strlen(label->source ? label->source : "no source"));
    day(out, "of", label->source_date_unix_s, false);
    sg_buf_putc(out, '\n');
}

static void cluster_text(struct sg_buf *out, const struct screened *one)
{
    for (size_t i = 0; i < one->n_kin; i++) {
        sg_buf_printf(out, "  in one cluster with %s, which is\n", one->kin[i].address);
        for (size_t j = 0; j < one->kin[i].n_hits; j++) {
            sg_buf_puts(out, "  ");
            hit_text(out, &one->kin[i].hits[j]);
        }
    }
    if (one->cluster_size > 1)
        sg_buf_printf(out, "  its cluster has %" PRIu64 " addresses", one->cluster_size);
    if (not_looked_at(one))
        sg_buf_printf(out, ", of which %" PRIu64 " were not looked at", not_looked_at(one));
    if (one->n_kin_left_out)
        sg_buf_printf(out, ", and %zu more have labels", one->n_kin_left_out);
    if (one->cluster_size > 1)
        sg_buf_putc(out, '\n');
}

static const char *verdict(const struct screened *one)
{
    if (one->n_hits && one->hits[0].in_force)
        return "HIT";
    if (screening_kin_in_force(one))
        return "HIT in its cluster";
    if (!one->form.valid)
        return "NOT AN ADDRESS";
    return one->n_hits ? "clear; labelled before" : "clear";
}

void screening_text(struct sg_buf *out, const struct screened *one)
{
    sg_buf_line(out, one->text.data, one->text.size);
    sg_buf_printf(out, "  %s", verdict(one));
    if (one->form.what.chain)
        sg_buf_printf(out, "  (%s)", one->form.what.chain);
    if (one->form.what.inner[0])
        sg_buf_printf(out, "  holds %s", one->form.what.inner);
    if (!one->form.valid)
        sg_buf_printf(out, ": %s", one->form.what.reason);
    sg_buf_putc(out, '\n');
    const size_t n = one->n_hits < SG_SCREENING_HITS_MAX ? one->n_hits : SG_SCREENING_HITS_MAX;
    for (size_t i = 0; i < n; i++)
        hit_text(out, &one->hits[i]);
    if (one->n_left_out + one->n_hits - n)
        sg_buf_printf(out, "  and %zu more\n", one->n_left_out + one->n_hits - n);
    cluster_text(out, one);
    screening_exposure_text(out, one);
    if (one->near.is_found) {
        sg_buf_puts(out, "  ");
        sg_labelstore_question(out, &one->near);
        sg_buf_putc(out, '\n');
    }
}
