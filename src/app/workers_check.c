/* sillage workers check: signs that records are one operator. Exit status 0: no alert that nobody
 * decided about; 3: at least one, or a payout to a sanctioned address. */
#include "app/auditing.h"
#include "app/checking/checking.h"
#include "app/meter.h"
#include "app/opts.h"
#include "app/term.h"
#include "app/workers.h"
#include "base/mem.h"
#include "store/file/file.h"

#include <stdio.h>
#include <string.h>

#define VERB         SG_WORKERS_VERB("check")
#define STATUS_ALERT 3
#define PRIOR        343 /* docs/formats/people.md on its source */

struct words {
    struct sg_checking_options options;
    struct sg_auditing auditing;
    const char *report;
    bool json;
};

/* Write what one of the writers makes into a file. */
static enum sg_status write_file(const struct sg_checking *c, const char *path,
                                 void (*put)(struct sg_buf *out, const struct sg_checking *c),
                                 struct sg_err *err)
{
    struct sg_buf bytes = SG_BUF_INIT(SG_CHECKING_OUTPUT_MAX);
    put(&bytes, c);
    enum sg_status st = sg_buf_check(&bytes, err);
    if (st == SG_OK)
        st = sg_file_write(path, bytes.data, bytes.size, err);
    sg_buf_clear(&bytes);
    return st;
}

static enum sg_status print(const struct sg_checking *c, bool json, struct sg_err *err)
{
    struct sg_buf out = SG_BUF_INIT(SG_CHECKING_OUTPUT_MAX);
    if (json)
        sg_checking_json(&out, c);
    else
        sg_checking_text(&out, c);
    const enum sg_status st = sg_term_print(&out, err);
    sg_buf_clear(&out);
    return st;
}

/* Whoever is about to be shown is logged first. */
static enum sg_status log_look(const struct sg_checking *c, const struct sg_auditing *auditing,
                               struct sg_err *err)
{
    const char **ids = sg_mem_alloc((size_t)sg_redflags_records(c->flags) + 1, sizeof(*ids));
    size_t n = 0;
    if (!ids)
        return sg_err_nomem(err);
    for (uint32_t i = 0; i < c->n_order; i++) {
        struct sg_redflags_identity identity;
        sg_redflags_identity(&identity, c->flags, c->order[i]);
        for (uint32_t r = 0; sg_checking_shows(c, &identity) && r < identity.n_records; r++)
            ids[n++] = sg_redflags_record_id(c->flags, identity.records[r]);
    }
    const enum sg_status st = sg_auditing_write(auditing, SG_AUDIT_CHECK, ids, n, err);
    sg_mem_free(ids);
    return st;
}

static enum sg_status check_words(const struct words *words, struct sg_err *err)
{
    const struct sg_checking_options *o = &words->options;
    if (!o->people || !o->events)
        return sg_err_set(err, SG_EUSAGE, "--people FILE and --events FILE are needed");
    if (strcmp(o->people, "-") == 0 && strcmp(o->events, "-") == 0)
        return sg_err_set(err, SG_EUSAGE, "only one of the two can be standard input");
    if (o->prior < 1)
        return sg_err_set(err, SG_EUSAGE, "--prior: one in so many, 1 or more");
    return SG_OK;
}

static enum sg_status run(bool *has_alert, struct words *words, struct sg_err *err)
{
    struct sg_checking c;
    struct sg_bar bar;
    enum sg_status st = check_words(words, err);
    if (st != SG_OK)
        return st;
    sg_bar_begin(&bar, "reading", true);
    words->options.progress = &bar.progress;
    st = sg_checking_open(&c, &words->options, err);
    sg_bar_end(&bar);
    if (st == SG_OK)
        st = log_look(&c, &words->auditing, err);
    if (st == SG_OK && words->report)
        st = write_file(&c, words->report, sg_checking_html, err);
    if (st == SG_OK && words->options.decisions)
        st = write_file(&c, words->options.decisions, sg_checking_decide, err);
    if (st == SG_OK)
        st = print(&c, words->json, err);
    *has_alert = c.n_alerts - c.n_decided + c.n_sanctioned > 0;
    sg_checking_close(&c);
    return st;
}

int sg_workers_check(int argc, char **argv)
{
    struct words words = {.options.prior = PRIOR};
    struct sg_err err;
    bool has_alert = false;
    char **args;
    size_t n_args;
    const struct sg_opt opts[] = {
        {.name = "people",
         .arg = "FILE",
         .help = "CSV or JSON lines",
         .text = &words.options.people},
        {.name = "events",
         .arg = "FILE",
         .help = "CSV or JSON lines",
         .text = &words.options.events},
        {.name = "clusters",
         .arg = "FILE",
         .help = "what `workers link --clusters` wrote: records of one cluster are one identity",
         .text = &words.options.clusters},
        {.name = "rules",
         .arg = "FILE",
         .help = "weights and thresholds (built in: workers/rules.yaml)",
         .text = &words.options.rules},
        {.name = "labels",
         .arg = "DIR",
         .help = "a label store that knows sanctioned addresses",
         .text = &words.options.labels},
        {.name = "case",
         .arg = "FILE",
         .help = "a case whose labels name sanctioned addresses",
         .text = &words.options.case_file},
        {.name = "prior",
         .arg = "N",
         .help = "one in N is a persona, for what an alert is worth (343)",
         .number = &words.options.prior},
        {.name = "decisions",
         .arg = "FILE",
         .help = "CSV of what reviewers decided; new alerts are added to it as open",
         .text = &words.options.decisions},
        {.name = "audit",
         .arg = "FILE",
         .help = "log who looked at whom, without names (docs/formats/audit.md)",
         .text = &words.auditing.log},
        {.name = "key", .arg = "FILE", .help = "the key of that log", .text = &words.auditing.key},
        {.name = "as", .arg = "NAME", .help = "who looks ($USER)", .text = &words.auditing.who},
        {.name = "all",
         .help = "show everybody with a finding, not alerts alone",
         .flag = &words.options.all},
        {.name = "json", .help = "print JSON (docs/api/workers_check.json)", .flag = &words.json},
        {.name = "report", .arg = "FILE", .help = "write an HTML page", .text = &words.report},
    };
    const struct sg_usage usage = {
        .verb = VERB,
        .args = "--people FILE --events FILE [options]",
        .summary =
            "Signs that several records are one operator, each with its rows, its weight and its\n"
            "innocent explanation. An alert needs two independent classes of evidence; it is a\n"
            "question to a person, never a decision about one. Exit status 0: no alert; 3: at "
            "least\n"
            "one, or a payout to a sanctioned address. Rules: docs/methods/red-flags.md; tables:\n"
            "docs/formats/people.md.",
        .example = "  sillage workers generate --out world --seed 1 --people 5000\n"
                   "  sillage workers check --people world/people.csv --events world/events.csv",
        .opts = opts,
        .n_opts = SG_COUNT_OF(opts),
    };
    switch (sg_opts_parse(&args, &n_args, &usage, argc, argv)) {
    case SG_OPTS_HELP:
        return 0;
    case SG_OPTS_BAD:
        return 2;
    case SG_OPTS_RUN:
        break;
    }
    if (run(&has_alert, &words, &err) != SG_OK)
        return sg_app_fail(VERB, &err);
    return has_alert ? STATUS_ALERT : 0;
}
