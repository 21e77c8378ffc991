/* The page: what was found, most unusual first, each with its lines, why, the innocent reading, the
 * diff. */
#include "app/commits/commits_internal.h"

#include "app/page/page.h"
#include "formats/lines/lines.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The page stays readable: of a long list the first commits, of a large commit the first lines. */
#define COMMITS_MAX    200u
#define DIFF_LINES_MAX 400u
#define LINE_BYTES_MAX ((size_t)300)
#define CONTEXT_LINES  3u
#define DIFF_COST_MAX  1000u

static const char style[] =
    "<style>pre.diff{overflow-x:auto;font:13px/1.45 ui-monospace,'Liberation Mono',Menlo,Consolas,"
    "monospace;border:1px solid #c9cfd6;padding:8px 0;margin:6px 0;max-height:34em}"
    "pre.diff span{display:block;padding:0 10px;white-space:pre}pre.diff .p{background:#e3f1e5}"
    "pre.diff .m{background:#fbe6e3}pre.diff .h{color:#555d66;background:#f1f3f5}"
    "@media print{pre.diff{max-height:none}pre.diff span{white-space:pre-wrap}}</style>\n";

static void put_raw(struct sg_buf *out, struct sg_text text)
{
    if (text.size)
        sg_buf_html(out, text.data, text.size);
}

/* One line of a diff, cut where it is long, without its line end. */
static void put_line(struct sg_buf *out, const struct sg_git_side *side, struct sg_line line,
                     const char *class_name, char sign)
{
    size_t size = line.size;
    const char *at = (const char *)side->bytes + line.offset;
    while (size && (at[size - 1] == '\n' || at[size - 1] == '\r'))
        size--;
    sg_buf_printf(out, "<span class=\"%s\">%c", class_name, sign);
    sg_buf_html(out, at, size < LINE_BYTES_MAX ? size : LINE_BYTES_MAX);
    if (size > LINE_BYTES_MAX)
        sg_buf_printf(out, " [%zu bytes more]", size - LINE_BYTES_MAX);
    sg_buf_puts(out, "</span>");
}

/* A file's diff while it is written. */
struct sheet {
    struct sg_buf *out;
    const struct sg_git_change *change;
    struct sg_lines before, after;
    size_t n_left; /* lines that may still be written */
};

static void put_lines(struct sheet *s, const struct sg_git_side *side, const struct sg_lines *lines,
                      size_t begin, size_t end, const char *class_name, char sign)
{
    for (size_t i = begin; i < end && s->n_left; i++, s->n_left--)
        put_line(s->out, side, lines->lines[i], class_name, sign);
}

/* Equal lines before the hunk are shown as far as they do not belong to the one before. */
static void put_hunk(struct sheet *s, const struct sg_hunk *hunk, const struct sg_hunk *last,
                     const struct sg_hunk *next)
{
    const size_t free_from = last ? last->after + last->n_after : 0;
    const size_t until = next ? next->after : s->after.n;
    const size_t shown_to = last ? free_from + CONTEXT_LINES : 0;
    size_t from = hunk->after > CONTEXT_LINES ? hunk->after - CONTEXT_LINES : 0;
    if (from <= shown_to)
        from = last ? (shown_to < hunk->after ? shown_to : hunk->after) : 0;
    else
        sg_buf_printf(s->out, "<span class=\"h\">@@ line %zu @@</span>", from + 1);
    size_t to = hunk->after + hunk->n_after + CONTEXT_LINES;
    to = to < until ? to : until;
    put_lines(s, &s->change->after, &s->after, from, hunk->after, "e", ' ');
    put_lines(s, &s->change->before, &s->before, hunk->before, hunk->before + hunk->n_before, "m",
              '-');
    put_lines(s, &s->change->after, &s->after, hunk->after, hunk->after + hunk->n_after, "p", '+');
    put_lines(s, &s->change->after, &s->after, hunk->after + hunk->n_after, to, "e", ' ');
}

static bool is_shown(const struct sg_git_change *c)
{
    return !c->is_binary &&
           (c->before.content == SG_GIT_BYTES || c->before.content == SG_GIT_ABSENT) &&
           (c->after.content == SG_GIT_BYTES || c->after.content == SG_GIT_ABSENT);
}

static enum sg_status put_diff(struct sg_buf *out, const struct sg_git_change *change,
                               struct sg_err *err)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct sheet s = {.out = out, .change = change, .n_left = DIFF_LINES_MAX};
    struct sg_hunk *hunks;
    size_t n = 0;
    enum sg_status st = sg_lines_split(&s.before, &arena, change->before.bytes,
                                       (size_t)change->before.size, true, err);
    if (st == SG_OK)
        st = sg_lines_split(&s.after, &arena, change->after.bytes, (size_t)change->after.size, true,
                            err);
    if (st == SG_OK)
        st = sg_lines_diff(&hunks, &n, &arena, &s.before, &s.after, DIFF_COST_MAX, err);
    sg_buf_puts(out, "<pre class=\"diff\">");
    for (size_t i = 0; i < n && s.n_left; i++)
        put_hunk(&s, &hunks[i], i ? &hunks[i - 1] : NULL, i + 1 < n ? &hunks[i + 1] : NULL);
    if (!s.n_left)
        sg_buf_puts(out, "<span class=\"h\">further lines are left out here</span>");
    sg_buf_puts(out, "</pre>\n");
    sg_arena_clear(&arena);
    return st;
}

/* Only files with a finding; the others are counted. */
static bool has_finding(const struct sg_commit_facts *facts, struct sg_text path)
{
    for (size_t i = 0; i < facts->n_findings; i++)
        if (facts->findings[i].path.size == path.size && path.size &&
            memcmp(facts->findings[i].path.data, path.data, path.size) == 0)
            return true;
    return false;
}

static enum sg_status put_file(struct sg_buf *out, const struct sg_git_change *change,
                               struct sg_text path, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    sg_buf_puts(out, "<details><summary>Diff of <code class=\"id\">");
    put_raw(out, path);
    sg_buf_puts(out, "</code></summary>\n");
    if (is_shown(change))
        st = put_diff(out, change, err);
    else
        sg_buf_printf(
            out,
            "<p class=\"small dim\">Not shown: binary, a submodule, missing or too large. "
            "%" PRIu64 " bytes before, %" PRIu64 " after.</p>\n",
            change->before.size, change->after.size);
    sg_buf_puts(out, "</details>\n");
    return st;
}

static enum sg_status put_files(struct sg_buf *out, const struct sg_git_changes *changes,
                                const struct sg_commit_facts *facts, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    for (size_t i = 0; st == SG_OK && i < changes->n_changes; i++) {
        const struct sg_git_change *c = &changes->changes[i];
        const struct sg_text path = c->after.path.data ? c->after.path : c->before.path;
        if (has_finding(facts, path))
            st = put_file(out, c, path, err);
    }
    return st;
}

static void put_finding(struct sg_buf *out, const struct sg_commit_finding *f)
{
    const struct sg_risk_rule_info *rule = sg_risk_rule(f->rule);
    sg_buf_puts(out, "<h3>");
    sg_page_text(out, rule->title);
    sg_buf_printf(out, " <code class=\"dim\">%s</code></h3>\n<p>", rule->id);
    put_raw(out, f->detail);
    sg_buf_puts(out, "</p>\n");
    if (f->path.size) {
        sg_buf_puts(out, "<p class=\"small\"><code class=\"id\">");
        put_raw(out, f->path);
        sg_buf_puts(out, "</code>");
        if (f->line)
            sg_buf_printf(out, ", line %" PRIu32 "%s", f->line,
                          f->is_old_line ? " before the change" : "");
        sg_buf_puts(out, "</p>\n");
    }
    if (f->evidence.size) {
        sg_buf_printf(out, "<pre class=\"diff\"><span class=\"%s\">", f->is_old_line ? "m" : "p");
        put_raw(out, f->evidence);
        sg_buf_puts(out, "</span></pre>\n");
    }
    sg_buf_puts(out, "<dl><dt>Why it matters</dt><dd>");
    sg_page_text(out, rule->why);
    sg_buf_puts(out, "</dd><dt>Innocent reading</dt><dd>");
    sg_page_text(out, rule->innocent);
    sg_buf_puts(out, "</dd></dl>\n");
}

static void put_signals(struct sg_buf *out, const struct sg_commit_entry *e)
{
    char text[SG_SIGNAL_TEXT_MAX];
    if (!e->n_signals)
        return;
    sg_buf_puts(
        out, "<p class=\"small\">Context, which says nothing alone:</p>\n<ul class=\"small\">\n");
    for (size_t i = 0; i < e->n_signals; i++) {
        sg_buf_puts(out, "<li>");
        sg_page_text(out, sg_signal_text(text, &e->signals[i]));
        sg_buf_puts(out, ". <span class=\"dim\">");
        sg_page_text(out, sg_signal_info(e->signals[i].kind)->innocent);
        sg_buf_puts(out, "</span></li>\n");
    }
    sg_buf_puts(out, "</ul>\n");
}

static void put_person(struct sg_buf *out, const char *what, const struct sg_git_person *person)
{
    sg_buf_printf(out, "<p class=\"small\">%s: ", what);
    put_raw(out, person->name);
    sg_buf_puts(out, " &lt;");
    put_raw(out, person->mail);
    sg_buf_puts(out, "&gt;</p>\n");
}

static void put_head(struct sg_buf *out, const struct sg_commits *c,
                     const struct sg_commit_entry *e, const struct sg_git_commit_text *text)
{
    char id[SG_GIT_ID_TEXT], minute[SG_PAGE_TEXT_MAX];
    sg_git_id_format(id, &c->history.nodes[e->node].id);
    sg_buf_printf(out, "<div class=\"card\" id=\"c%s\">\n<h3>", id);
    put_raw(out, subject_of(text->message));
    sg_buf_printf(out, "</h3>\n<p class=\"small\"><code class=\"id\">%s</code></p>\n", id);
    sg_buf_printf(out,
                  "<p class=\"small\">Percentile %.2f, score %.2f; %" PRIu32
                  " lines added and %" PRIu32 " removed in %" PRIu32
                  " files; dated %s UTC%s%s.</p>\n",
                  e->score.percentile, e->score.score, e->facts.n_added, e->facts.n_removed,
                  e->facts.n_files, sg_page_minute(minute, c->history.nodes[e->node].time_unix_s),
                  e->is_merge ? "; a merge, and what it alone changed" : "",
                  e->facts.is_partial ? "; partly read, objects are missing" : "");
    if (e->n_copies)
        sg_buf_printf(out,
                      "<p class=\"small\">%" PRIu32 " other commits carry the same patch.</p>\n",
                      e->n_copies);
    if (c->options->show_authors) {
        put_person(out, "Author", &text->author);
        put_person(out, "Committer", &text->committer);
    }
}

static enum sg_status put_entry(struct sg_buf *out, const struct sg_commits *c,
                                const struct sg_commit_entry *e, struct sg_err *err)
{
    struct sg_git_changes changes;
    struct sg_git_commit_text text;
    struct sg_git_limits limits = SG_GIT_LIMITS_INIT;
    limits.blob_bytes = SG_RISK_BLOB_MAX;
    enum sg_status st =
        sg_git_changes_read(&changes, &text, c->git, &c->history.nodes[e->node].id, &limits, err);
    if (st == SG_OK) {
        put_head(out, c, e, &text);
        for (size_t i = 0; i < e->facts.n_findings; i++)
            put_finding(out, &e->facts.findings[i]);
        put_signals(out, e);
        st = put_files(out, &changes, &e->facts, err);
        sg_buf_puts(out, "</div>\n");
    }
    sg_git_changes_clear(&changes);
    return st;
}

static void put_fact(struct sg_buf *out, const char *what, uint64_t number)
{
    char text[SG_PAGE_TEXT_MAX];
    sg_buf_printf(out, "<div><dt>%s</dt><dd>%s</dd></div>\n", what, sg_page_count(text, number));
}

static void put_summary(struct sg_buf *out, const struct sg_commits *c)
{
    char text[SG_PAGE_TEXT_MAX];
    sg_buf_puts(out, "<h1>Risky changes</h1>\n<p class=\"lead\">");
    sg_buf_printf(out, "%s commits stand out", sg_page_count(text, c->n_in_budget));
    sg_buf_printf(out,
                  " among %s: the top %g %% by what they open, not by how large they are.</p>\n",
                  sg_page_count(text, c->n_commits), c->options->budget);
    sg_buf_printf(out, "<p>%s</p>\n<dl class=\"facts\">\n", sg_commits_notice);
    put_fact(out, "Commits", c->n_commits);
    put_fact(out, "Merges", c->n_merges);
    put_fact(out, "Copies of a patch", c->n_copies);
    put_fact(out, "Partly read", c->n_partial);
    put_fact(out, "Met a limit", c->n_cut);
    put_fact(out, "In the baseline", c->n_suppressed);
    sg_buf_puts(out, "</dl>\n");
    if (sg_git_is_shallow(c->git))
        sg_buf_puts(out, "<p>The repository is shallow: what lies before is not seen.</p>\n");
}

static void put_row(struct sg_buf *out, const struct sg_commits *c, const struct sg_commit_entry *e)
{
    char id[SG_GIT_ID_TEXT];
    const uint32_t lead = e->score.lead < e->facts.n_findings ? e->score.lead : 0;
    sg_git_id_format(id, &c->history.nodes[e->node].id);
    sg_buf_printf(out,
                  "<tr><td class=\"n\">%" PRIu32 "</td><td><a href=\"#c%s\"><code>%.12s</code></a>"
                  "</td><td class=\"n\">%.2f</td><td>",
                  e->score.rank, id, id, e->score.percentile);
    if (e->facts.n_findings)
        sg_page_text(out, sg_risk_rule(e->facts.findings[lead].rule)->title);
    sg_buf_puts(out, "</td></tr>\n");
}

/* The ones in the page: with findings, best first. */
static bool is_on_page(const struct sg_commit_entry *e)
{
    return e->is_listed && e->facts.n_findings && e->copy_of == SG_GIT_NO_NODE;
}

enum sg_status sg_commits_html(struct sg_buf *out, const struct sg_commits *c, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    size_t n = 0;
    sg_page_begin(out, "Risky changes");
    sg_buf_puts(out, style);
    put_summary(out, c);
    sg_page_section(out, "ranking", "Ranking");
    sg_buf_puts(out, "<div class=\"wide\"><table><tr><th class=\"n\">Rank</th><th>Commit</th>"
                     "<th class=\"n\">Percentile</th><th>Foremost finding</th></tr>\n");
    for (size_t i = 0; i < c->n_entries && n < COMMITS_MAX; i++)
        if (is_on_page(&c->entries[i])) {
            put_row(out, c, &c->entries[i]);
            n++;
        }
    sg_buf_puts(out, "</table></div>\n</section>\n");
    sg_page_section(out, "findings", "Findings");
    for (size_t i = 0; st == SG_OK && i < c->n_entries && n; i++)
        if (is_on_page(&c->entries[i])) {
            st = put_entry(out, c, &c->entries[i], err);
            n--;
        }
    sg_buf_puts(out, "</section>\n");
    sg_page_end(out);
    return st;
}
