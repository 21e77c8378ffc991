#include "app/commits/commits_internal.h"

#include <inttypes.h>
#include <string.h>

static void put_finding(struct sg_buf *out, const struct sg_commit_finding *f)
{
    const struct sg_risk_rule_info *rule = sg_risk_rule(f->rule);
    sg_buf_printf(out, "    %s  ", rule->id);
    sg_buf_line(out, f->path.data, f->path.size);
    if (f->line)
        sg_buf_printf(out, ":%" PRIu32 "%s", f->line, f->is_old_line ? " (before)" : "");
    sg_buf_puts(out, "\n      ");
    sg_buf_line(out, f->detail.data, f->detail.size);
    if (f->evidence.size) {
        sg_buf_puts(out, "\n      > ");
        sg_buf_line(out, f->evidence.data, f->evidence.size);
    }
    sg_buf_printf(out, "\n      why: %s\n      innocent reading: %s\n", rule->why, rule->innocent);
}

static void put_person(struct sg_buf *out, const char *what, const struct sg_git_person *person)
{
    sg_buf_printf(out, "    %s ", what);
    sg_buf_line(out, person->name.data, person->name.size);
    sg_buf_puts(out, " <");
    sg_buf_line(out, person->mail.data, person->mail.size);
    sg_buf_puts(out, ">\n");
}

static enum sg_status put_head(struct sg_buf *out, const struct sg_commits *c,
                               const struct sg_commit_entry *e, struct sg_err *err)
{
    char id[SG_GIT_ID_TEXT];
    struct sg_git_changes holder;
    struct sg_git_commit_text text;
    const struct sg_git_id *commit = &c->history.nodes[e->node].id;
    const enum sg_status st = sg_git_text_read(&holder, &text, c->git, commit, err);
    if (st == SG_OK) {
        const struct sg_text subject = subject_of(text.message);
        sg_buf_printf(out, "\n%s  score %.2f, percentile %.2f%s%s\n    ",
                      sg_git_id_format(id, commit), e->score.score, e->score.percentile,
                      e->is_merge ? ", a merge" : "", e->facts.is_partial ? ", partly read" : "");
        sg_buf_line(out, subject.data, subject.size);
        sg_buf_putc(out, '\n');
    }
    if (st == SG_OK && c->options->show_authors) {
        put_person(out, "author", &text.author);
        put_person(out, "committer", &text.committer);
    }
    sg_git_changes_clear(&holder);
    return st;
}

static enum sg_status put_entry(struct sg_buf *out, const struct sg_commits *c,
                                const struct sg_commit_entry *e, struct sg_err *err)
{
    char text[SG_SIGNAL_TEXT_MAX];
    const enum sg_status st = put_head(out, c, e, err);
    for (size_t i = 0; i < e->facts.n_findings; i++)
        put_finding(out, &e->facts.findings[i]);
    for (size_t i = 0; e->facts.n_findings && i < e->n_signals; i++)
        sg_buf_printf(out, "    context: %s\n", sg_signal_text(text, &e->signals[i]));
    return st;
}

enum sg_status sg_commits_text(struct sg_buf *out, const struct sg_commits *c, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    sg_buf_printf(out,
                  "%zu commits, %zu of them copies of another, and %zu merges; %zu are within "
                  "the budget of %g %%\n",
                  c->n_commits, c->n_copies, c->n_merges, c->n_in_budget, c->options->budget);
    if (sg_git_is_shallow(c->git))
        sg_buf_puts(out, "the repository is shallow: what lies before is not seen\n");
    if (c->n_partial || c->history.n_lost || c->history.n_broken_refs)
        sg_buf_printf(out, "%zu commits were partly read, %zu are missing, %zu refs are broken\n",
                      c->n_partial, c->history.n_lost, c->history.n_broken_refs);
    if (c->n_cut)
        sg_buf_printf(out, "%zu commits met a limit of size and were looked at in part\n",
                      c->n_cut);
    if (c->options->baseline)
        sg_buf_printf(out, "%zu findings are in the baseline\n", c->n_suppressed);
    sg_buf_printf(out, "%s\n", sg_commits_notice);
    for (size_t i = 0; st == SG_OK && i < c->n_entries; i++)
        if (c->entries[i].is_listed)
            st = put_entry(out, c, &c->entries[i], err);
    return st;
}
