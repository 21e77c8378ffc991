/* sillage path: the chain of transfers that carried the most stolen money to a place. */
#include "app/casework/casework.h"
#include "app/opts.h"
#include "app/term.h"
#include "app/traceout/traceout.h"
#include "app/verbs.h"

#include "base/mem.h"

#include <stdio.h>

#define VERB "path"

struct words {
    const char *ledger, *to, *policy;
    bool json;
};

static enum sg_status read_options(struct sg_casework_options *o, const struct words *words,
                                   const char *case_file, struct sg_err *err)
{
    *o = (struct sg_casework_options){.case_file = {.path = case_file},
                                      .ledger = {.path = words->ledger},
                                      .main = SG_POLICY_FIFO,
                                      .until_unix_s = INT64_MAX};
    if (!words->ledger)
        return sg_err_set(err, SG_EUSAGE, "--ledger DIR is missing");
    if (!words->to)
        return sg_err_set(err, SG_EUSAGE, "--to ADDRESS or ENTITY is missing");
    if (words->policy && sg_policy_find(&o->main, words->policy) != SG_OK)
        return sg_err_set(err, SG_EUSAGE,
                          "no policy '%s'; there are: fifo, lifo, haircut, tiho, libr, poison",
                          words->policy);
    o->policies = 1u << (unsigned)o->main;
    return SG_OK;
}

static enum sg_status fill(struct sg_buf *out, struct sg_casework *work, const struct words *words,
                           struct sg_err *err)
{
    const struct sg_trace_figures *figures = sg_trace_figures_of(&work->trace, work->options.main);
    const struct sg_manifest_entry *manifest = NULL;
    size_t n_manifest = 0;
    struct sg_path path;
    enum sg_status st = sg_path_find(&path, &work->arena, &work->trace, figures, words->to, err);
    if (st == SG_OK)
        st = sg_casework_facts(&manifest, &n_manifest, work, err);
    if (st != SG_OK)
        return st;
    if (words->json)
        sg_traceout_path_json(out, &work->trace, figures, &path, words->to, manifest, n_manifest);
    else
        sg_traceout_path_text(out, &work->trace, figures, &path, words->to);
    return sg_buf_check(out, err);
}

static enum sg_status run(const struct sg_casework_options *options, const struct words *words,
                          struct sg_err *err)
{
    struct sg_casework work;
    struct sg_buf out = SG_BUF_INIT(SG_TRACEOUT_MAX);
    enum sg_status st = sg_casework_open(&work, options, err);
    if (st == SG_OK)
        st = fill(&out, &work, words, err);
    if (st == SG_OK)
        st = sg_term_print(&out, err);
    sg_buf_clear(&out);
    sg_casework_close(&work);
    return st;
}

int sg_cmd_path(int argc, char **argv)
{
    struct words words = {0};
    struct sg_casework_options options;
    struct sg_err err;
    char **args;
    size_t n_args;
    const struct sg_opt opts[] = {
        {.name = "ledger", .arg = "DIR", .help = "the ledger", .text = &words.ledger},
        {.name = "to",
         .arg = "ADDRESS|ENTITY",
         .help = "where the money got, as the case names it",
         .text = &words.to},
        {.name = "policy",
         .arg = "P",
         .help = "fifo (the default), lifo, haircut, tiho, libr, poison",
         .text = &words.policy},
        {.name = "json", .help = "print JSON (docs/api/path.json)", .flag = &words.json},
    };
    const struct sg_usage usage = {
        .verb = VERB,
        .args = "CASE.yaml --ledger DIR --to ADDRESS|ENTITY [options]",
        .summary =
            "The one chain of transfers that carried the most stolen money to an address or an\n"
            "entity, step by step with hashes and times. Definition: docs/methods/path.md.",
        .example = "  sillage path cases/ronin-2022/case.yaml --ledger L --to Huobi",
        .opts = opts,
        .n_opts = SG_COUNT_OF(opts),
        .args_min = 1,
        .args_max = 1,
    };
    switch (sg_opts_parse(&args, &n_args, &usage, argc, argv)) {
    case SG_OPTS_HELP:
        return 0;
    case SG_OPTS_BAD:
        return 2;
    case SG_OPTS_RUN:
        break;
    }
    if (read_options(&options, &words, args[0], &err) != SG_OK ||
        run(&options, &words, &err) != SG_OK)
        return sg_app_fail(VERB, &err);
    return 0;
}
