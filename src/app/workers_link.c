/* sillage workers link: which records are about one person? */
#include "analysis/linkage/linkage.h"
#include "app/linking/linking.h"
#include "app/meter.h"
#include "app/opts.h"
#include "app/workers.h"
#include "base/mem.h"

#include <stdio.h>

#define VERB        SG_WORKERS_VERB("link")
#define THREADS_MAX 64

struct words {
    struct sg_linking_ask ask;
    const char *clusters;
};

static enum sg_status run(const struct words *words, struct sg_err *err)
{
    struct sg_linking linking = {0};
    struct sg_bar bar;
    sg_bar_begin(&bar, "linking", false);
    enum sg_status st = sg_linking_run(&linking, &words->ask, &bar.progress, err);
    sg_bar_end(&bar);
    if (st == SG_OK && words->clusters)
        st = sg_linking_write_clusters(&linking, words->clusters, err);
    if (st == SG_OK)
        st = sg_linking_print(&linking, err);
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
        {.name = "id", .arg = "COLUMN", .help = "the record's id (its row number)",
         .text = &words.ask.id},
        {.name = "ignore", .arg = "COLUMN", .help = "take no notice of it; may be repeated",
         .list = &words.ask.ignore},
        {.name = "clusters", .arg = "FILE", .help = "write CSV: record id, cluster id",
         .text = &words.clusters},
        {.name = "threads", .arg = "N", .help = "threads (2); any number gives the same result",
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
    return run(&words, &err) == SG_OK ? 0 : sg_app_fail(VERB, &err);
}
