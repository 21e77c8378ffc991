/* sillage workers link: which records are about one person? */
#include "analysis/linkage/linkage.h"
#include "app/linking/linking.h"
#include "app/meter.h"
#include "app/opts.h"
#include "app/workers.h"
#include "base/mem.h"

#include <stdio.h>

#define VERB        SG_WORKERS_VERB("link")
#define THREADS_MAX 64u

struct words {
    struct sg_linking_ask ask;
    const char *clusters, *report, *write_model;
    bool json;
};

static enum sg_status run(const struct words *words, struct sg_err *err)
{
    struct sg_linking linking = {0};
    struct sg_bar bar;
    if (words->ask.threads < 1 || words->ask.threads > THREADS_MAX)
        return sg_err_set(err, SG_EUSAGE, "--threads wants 1 to %u", THREADS_MAX);
    sg_bar_begin(&bar, "linking", false);
    enum sg_status st = sg_linking_run(&linking, &words->ask, &bar.progress, err);
    sg_bar_end(&bar);
    if (st == SG_OK)
        sg_linking_warn(&linking, &words->ask);
    if (st == SG_OK && words->clusters)
        st = sg_linking_write_clusters(&linking, words->clusters, err);
    if (st == SG_OK && words->write_model)
        st = sg_linking_write_model(&linking, words->write_model, err);
    if (st == SG_OK && words->report)
        st = sg_linking_write_report(&linking, words->report, err);
    if (st == SG_OK)
        st = words->json ? sg_linking_print_json(&linking, err) : sg_linking_print(&linking, err);
    sg_linking_clear(&linking);
    return st;
}

int sg_workers_link(int argc, char **argv)
{
    struct words words = {.ask = {.threads = 2}};
    struct sg_err err;
    char **args;
    size_t n_args;
    const struct sg_opt opts[] = {
        {.name = "id",
         .arg = "COLUMN",
         .help = "the record's id (its row number)",
         .text = &words.ask.id},
        {.name = "ignore",
         .arg = "COLUMN",
         .help = "take no notice of it; may be repeated",
         .list = &words.ask.ignore},
        {.name = "clusters",
         .arg = "FILE",
         .help = "write CSV: record id, cluster id",
         .text = &words.clusters},
        {.name = "model",
         .arg = "FILE",
         .help = "a model file, instead of inferring one",
         .text = &words.ask.model},
        {.name = "write-model",
         .arg = "FILE",
         .help = "write the model that was used, to edit",
         .text = &words.write_model},
        {.name = "json", .help = "print docs/api/workers_link.json", .flag = &words.json},
        {.name = "report",
         .arg = "FILE",
         .help = "write the evidence as one HTML file",
         .text = &words.report},
        {.name = "threads",
         .arg = "N",
         .help = "threads (2); any number gives the same result",
         .number = &words.ask.threads},
    };
    const struct sg_usage usage = {
        .verb = VERB,
        .args = "FILE... [options]",
        .summary = "Finds the records of a table that are about one person, without labels, and "
                   "says why.\nIt decides about nobody. Method: docs/methods/linkage.md.",
        .example = "  sillage workers link --id record_id people.csv --clusters clusters.csv",
        .opts = opts,
        .n_opts = SG_COUNT_OF(opts),
        .args_min = 1,
        .args_max = SG_LIST_MAX,
    };
    switch (sg_opts_parse(&args, &n_args, &usage, argc, argv)) {
    case SG_OPTS_HELP:
        return 0;
    case SG_OPTS_BAD:
        return 2;
    case SG_OPTS_RUN:
        break;
    }
    words.ask.files = args;
    words.ask.n_files = n_args;
    words.ask.explain = words.json || words.report;
    return run(&words, &err) == SG_OK ? 0 : sg_app_fail(VERB, &err);
}
