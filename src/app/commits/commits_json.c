#include "app/commits/commits_internal.h"

#include <string.h>

struct sg_text subject_of(struct sg_text message)
{
    const size_t most = message.size < 200 ? message.size : 200;
    const char *end = most ? memchr(message.data, '\n', most) : NULL;
    return (struct sg_text){message.data, end ? (size_t)(end - message.data) : most};
}

static void put_text(struct sg_jsonw *w, const char *key, struct sg_text text)
{
    sg_jsonw_key(w, key);
    sg_jsonw_string_n(w, text.data ? text.data : "", text.size);
}

static void put_id(struct sg_jsonw *w, const char *key, const struct sg_git_id *id)
{
    char text[SG_GIT_ID_TEXT];
    sg_jsonw_kv_string(w, key, sg_git_id_format(text, id));
}

static void put_finding(struct sg_jsonw *w, const struct sg_commit_finding *f)
{
    char print[SG_FINGERPRINT_TEXT];
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_string(w, "rule", sg_risk_rule(f->rule)->id);
    put_text(w, "file", f->path);
    sg_jsonw_kv_uint(w, "line", f->line);
    sg_jsonw_kv_string(w, "side", f->is_old_line ? "before" : "after");
    put_text(w, "message", f->detail);
    sg_jsonw_kv_string(w, "fingerprint", sg_commits_fingerprint(print, f));
    sg_jsonw_kv_uint(w, "weight", f->weight);
    put_text(w, "evidence", f->evidence);
    put_text(w, "scope", f->scope);
    sg_jsonw_end_object(w);
}

static void put_signals(struct sg_jsonw *w, const struct sg_commit_entry *e)
{
    char text[SG_SIGNAL_TEXT_MAX];
    sg_jsonw_key(w, "context");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < e->n_signals; i++) {
        sg_jsonw_begin_object(w);
        sg_jsonw_kv_string(w, "signal", sg_signal_info(e->signals[i].kind)->id);
        sg_jsonw_kv_string(w, "detail", sg_signal_text(text, &e->signals[i]));
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
}

static void put_person(struct sg_jsonw *w, const char *key, const struct sg_git_person *person)
{
    sg_jsonw_key(w, key);
    sg_jsonw_begin_object(w);
    put_text(w, "name", person->name);
    put_text(w, "mail", person->mail);
    sg_jsonw_kv_time(w, "time_unix_s", person->dated ? person->time_unix_s : INT64_MIN);
    sg_jsonw_end_object(w);
}

/* Names are read again only where somebody asked for them. */
static enum sg_status put_people(struct sg_jsonw *w, const struct sg_commits *c,
                                 const struct sg_commit_entry *e, struct sg_err *err)
{
    struct sg_git_changes holder;
    struct sg_git_commit_text text;
    const enum sg_status st =
        sg_git_text_read(&holder, &text, c->git, &c->history.nodes[e->node].id, err);
    if (st == SG_OK) {
        put_person(w, "author", &text.author);
        put_person(w, "committer", &text.committer);
    }
    sg_git_changes_clear(&holder);
    return st;
}

static void put_score(struct sg_jsonw *w, const struct sg_commit_entry *e)
{
    sg_jsonw_key(w, "score");
    sg_jsonw_double(w, e->score.score);
    sg_jsonw_key(w, "percentile");
    sg_jsonw_double(w, e->score.percentile);
    sg_jsonw_kv_uint(w, "rank", e->score.rank);
    sg_jsonw_kv_uint(w, "tied", e->score.n_tied);
}

static enum sg_status put_entry(struct sg_jsonw *w, const struct sg_commits *c,
                                const struct sg_commit_entry *e, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    sg_jsonw_begin_object(w);
    put_id(w, "commit", &c->history.nodes[e->node].id);
    put_score(w, e);
    sg_jsonw_kv_bool(w, "in_budget", e->in_budget);
    sg_jsonw_kv_bool(w, "merge", e->is_merge);
    sg_jsonw_kv_bool(w, "partly_read", e->facts.is_partial);
    sg_jsonw_kv_bool(w, "limit_met", e->facts.is_cut);
    if (e->copy_of != SG_GIT_NO_NODE)
        put_id(w, "copy_of", &c->history.nodes[e->copy_of].id);
    sg_jsonw_kv_uint(w, "copies", e->n_copies);
    sg_jsonw_kv_uint(w, "lines_added", e->facts.n_added);
    sg_jsonw_kv_uint(w, "lines_removed", e->facts.n_removed);
    sg_jsonw_kv_uint(w, "files", e->facts.n_files);
    if (c->options->show_authors)
        st = put_people(w, c, e, err);
    put_signals(w, e);
    sg_jsonw_key(w, "findings");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < e->facts.n_findings; i++)
        put_finding(w, &e->facts.findings[i]);
    sg_jsonw_end_array(w);
    sg_jsonw_end_object(w);
    return st;
}

static void put_counts(struct sg_jsonw *w, const struct sg_commits *c)
{
    sg_jsonw_kv_uint(w, "commits", c->n_commits);
    sg_jsonw_kv_uint(w, "merges", c->n_merges);
    sg_jsonw_kv_uint(w, "copies", c->n_copies);
    sg_jsonw_kv_uint(w, "partly_read", c->n_partial);
    sg_jsonw_kv_uint(w, "limit_met", c->n_cut);
    sg_jsonw_kv_uint(w, "lost_commits", c->history.n_lost);
    sg_jsonw_kv_uint(w, "refs", c->history.n_refs);
    sg_jsonw_kv_uint(w, "broken_refs", c->history.n_broken_refs);
    sg_jsonw_kv_bool(w, "shallow", sg_git_is_shallow(c->git));
    sg_jsonw_kv_uint(w, "suppressed", c->n_suppressed);
    sg_jsonw_key(w, "budget_percent");
    sg_jsonw_double(w, c->options->budget);
    sg_jsonw_kv_uint(w, "in_budget", c->n_in_budget);
}

static void put_rules(struct sg_jsonw *w, const struct sg_commits *c)
{
    bool met[SG_RISK_RULE_COUNT] = {false};
    for (size_t i = 0; i < c->n_entries; i++)
        for (size_t k = 0; c->entries[i].is_listed && k < c->entries[i].facts.n_findings; k++)
            met[c->entries[i].facts.findings[k].rule] = true;
    sg_jsonw_key(w, "rules");
    sg_jsonw_begin_array(w);
    for (enum sg_risk_rule rule = 0; rule < SG_RISK_RULE_COUNT; rule++) {
        if (!met[rule])
            continue;
        sg_jsonw_begin_object(w);
        sg_jsonw_kv_string(w, "rule", sg_risk_rule(rule)->id);
        sg_jsonw_kv_string(w, "title", sg_risk_rule(rule)->title);
        sg_jsonw_kv_string(w, "why", sg_risk_rule(rule)->why);
        sg_jsonw_kv_string(w, "innocent", sg_risk_rule(rule)->innocent);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
}

enum sg_status sg_commits_json(struct sg_buf *out, const struct sg_commits *c, struct sg_err *err)
{
    struct sg_jsonw w;
    enum sg_status st = SG_OK;
    sg_jsonw_init(&w, out);
    sg_jsonw_begin_object(&w);
    sg_jsonw_key(&w, "schema");
    sg_jsonw_uint(&w, 1);
    sg_jsonw_kv_string(&w, "repo", c->options->repo);
    put_counts(&w, c);
    sg_jsonw_kv_string(&w, "notice", sg_commits_notice);
    put_rules(&w, c);
    sg_jsonw_key(&w, "flagged");
    sg_jsonw_begin_array(&w);
    for (size_t i = 0; st == SG_OK && i < c->n_entries; i++)
        if (c->entries[i].is_listed)
            st = put_entry(&w, c, &c->entries[i], err);
    sg_jsonw_end_array(&w);
    sg_jsonw_end_object(&w);
    sg_buf_putc(out, '\n');
    return st;
}
