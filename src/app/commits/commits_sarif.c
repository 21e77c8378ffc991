/* SARIF 2.1.0, as code hosts show it. Source: OASIS Standard, Static Analysis Results Interchange
 * Format 2.1.0, 27 March 2020, sections 3.13, 3.14, 3.19, 3.27 to 3.30, 3.49. */
#include "app/commits/commits_internal.h"

#include "app/version.h"

#include <string.h>

static void put_message(struct sg_jsonw *w, const char *key, const char *text)
{
    sg_jsonw_key(w, key);
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_string(w, "text", text);
    sg_jsonw_end_object(w);
}

static void put_rule(struct sg_jsonw *w, enum sg_risk_rule rule)
{
    const struct sg_risk_rule_info *info = sg_risk_rule(rule);
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_string(w, "id", info->id);
    put_message(w, "shortDescription", info->title);
    put_message(w, "fullDescription", info->why);
    put_message(w, "help", info->innocent);
    sg_jsonw_end_object(w);
}

/* A path as a relative URI reference: all bytes but the unreserved ones and '/' are %XX (RFC 3986).
 */
static void put_uri(struct sg_jsonw *w, struct sg_text path)
{
    static const char plain[] = "-._~/";
    struct sg_buf uri = SG_BUF_INIT(3 * 65536 + 16);
    for (size_t i = 0; i < path.size; i++) {
        const char c = path.data[i];
        const bool keep = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || (c && strchr(plain, c));
        if (keep)
            sg_buf_putc(&uri, c);
        else
            sg_buf_printf(&uri, "%%%02X", (unsigned)(uint8_t)c);
    }
    w->buf->failed |= uri.failed;
    sg_jsonw_kv_string(w, "uri", uri.data ? uri.data : "");
    sg_buf_clear(&uri);
}

/* A removed line has no place in the new file: the message says where it was. */
static void put_location(struct sg_jsonw *w, const struct sg_commit_finding *f)
{
    sg_jsonw_key(w, "locations");
    sg_jsonw_begin_array(w);
    if (f->path.size) {
        sg_jsonw_begin_object(w);
        sg_jsonw_key(w, "physicalLocation");
        sg_jsonw_begin_object(w);
        sg_jsonw_key(w, "artifactLocation");
        sg_jsonw_begin_object(w);
        put_uri(w, f->path);
        sg_jsonw_kv_string(w, "uriBaseId", "SRCROOT");
        sg_jsonw_end_object(w);
        sg_jsonw_key(w, "region");
        sg_jsonw_begin_object(w);
        sg_jsonw_kv_uint(w, "startLine", f->line && !f->is_old_line ? f->line : 1);
        sg_jsonw_end_object(w);
        sg_jsonw_end_object(w);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
}

static void put_sentence(struct sg_jsonw *w, const char *commit, const struct sg_commit_finding *f)
{
    struct sg_buf text = SG_BUF_INIT(65536);
    sg_buf_append(&text, f->detail.data, f->detail.size);
    sg_buf_printf(&text, " (commit %.12s%s) %s Innocent reading: %s", commit,
                  f->is_old_line ? ", a line it removed" : "", sg_risk_rule(f->rule)->why,
                  sg_risk_rule(f->rule)->innocent);
    w->buf->failed |= text.failed;
    put_message(w, "message", text.data ? text.data : "");
    sg_buf_clear(&text);
}

static void put_result(struct sg_jsonw *w, const struct sg_commits *c,
                       const struct sg_commit_entry *e, const struct sg_commit_finding *f)
{
    char id[SG_GIT_ID_TEXT], print[SG_FINGERPRINT_TEXT];
    sg_git_id_format(id, &c->history.nodes[e->node].id);
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_string(w, "ruleId", sg_risk_rule(f->rule)->id);
    sg_jsonw_kv_uint(w, "ruleIndex", (uint64_t)f->rule);
    sg_jsonw_kv_string(w, "level", e->in_budget ? "warning" : "note");
    sg_jsonw_key(w, "rank");
    sg_jsonw_double(w, e->score.percentile);
    put_sentence(w, id, f);
    put_location(w, f);
    sg_jsonw_key(w, "partialFingerprints");
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_string(w, "sillage/v1", sg_commits_fingerprint(print, f));
    sg_jsonw_end_object(w);
    sg_jsonw_key(w, "properties");
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_string(w, "commit", id);
    sg_jsonw_key(w, "score");
    sg_jsonw_double(w, e->score.score);
    sg_jsonw_end_object(w);
    sg_jsonw_end_object(w);
}

static void put_tool(struct sg_jsonw *w)
{
    sg_jsonw_key(w, "tool");
    sg_jsonw_begin_object(w);
    sg_jsonw_key(w, "driver");
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_string(w, "name", "sillage commits");
    sg_jsonw_kv_string(w, "version", SG_VERSION);
    put_message(w, "fullDescription", sg_commits_notice);
    sg_jsonw_key(w, "rules");
    sg_jsonw_begin_array(w);
    for (enum sg_risk_rule rule = 0; rule < SG_RISK_RULE_COUNT; rule++)
        put_rule(w, rule);
    sg_jsonw_end_array(w);
    sg_jsonw_end_object(w);
    sg_jsonw_end_object(w);
}

static void put_run(struct sg_jsonw *w, const struct sg_commits *c)
{
    sg_jsonw_begin_object(w);
    put_tool(w);
    sg_jsonw_kv_string(w, "columnKind", "unicodeCodePoints");
    sg_jsonw_key(w, "results");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < c->n_entries; i++)
        for (size_t k = 0; c->entries[i].is_listed && k < c->entries[i].facts.n_findings; k++)
            put_result(w, c, &c->entries[i], &c->entries[i].facts.findings[k]);
    sg_jsonw_end_array(w);
    sg_jsonw_end_object(w);
}

enum sg_status sg_commits_sarif(struct sg_buf *out, const struct sg_commits *c, struct sg_err *err)
{
    struct sg_jsonw w;
    sg_jsonw_init(&w, out);
    sg_jsonw_begin_object(&w);
    sg_jsonw_kv_string(&w, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    sg_jsonw_kv_string(&w, "version", "2.1.0");
    sg_jsonw_key(&w, "runs");
    sg_jsonw_begin_array(&w);
    put_run(&w, c);
    sg_jsonw_end_array(&w);
    sg_jsonw_end_object(&w);
    sg_buf_putc(out, '\n');
    return sg_buf_check(out, err);
}
