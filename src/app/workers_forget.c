/* sillage workers forget: people deleted from the files that hold them. */
#include "app/auditing.h"
#include "app/opts.h"
#include "app/workers.h"
#include "base/civil.h"
#include "base/mem.h"
#include "store/forget/forget.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define VERB SG_WORKERS_VERB("forget")

struct words {
    struct sg_forget forget;
    struct sg_auditing auditing;
    const char *older_than;
};

static enum sg_status check_words(struct words *words, struct sg_err *err)
{
    const char *date = words->older_than;
    words->forget.before_unix_s = SG_TIME_UNKNOWN;
    if (!words->forget.people || !words->forget.events)
        return sg_err_set(err, SG_EUSAGE, "--people FILE and --events FILE are needed");
    if (!words->forget.n_ids && !date)
        return sg_err_set(err, SG_EUSAGE, "whom? give record ids, or --older-than DATE");
    if (date && sg_time_parse(&words->forget.before_unix_s, date, strlen(date), NULL) != SG_OK)
        return sg_err_set(err, SG_EUSAGE, "--older-than '%s' is no date", date);
    return SG_OK;
}

static void print(const struct sg_forget_done *done)
{
    printf("forgotten: %" PRIu64 " records, %" PRIu64 " events (%" PRIu64
           " of them of others who named one), %" PRIu64
           " decisions\nReports and copies that were made before are not found by this: delete "
           "them too.\n",
           done->people, done->events, done->mentions, done->decisions);
}

static enum sg_status run(struct words *words, struct sg_err *err)
{
    struct sg_forget_done done;
    enum sg_status st = check_words(words, err);
    if (st == SG_OK)
        st = sg_auditing_write(&words->auditing, SG_AUDIT_FORGET, words->forget.ids,
                               words->forget.n_ids, err);
    if (st == SG_OK)
        st = sg_forget_run(&done, &words->forget, err);
    if (st == SG_OK)
        print(&done);
    return st;
}

int sg_workers_forget(int argc, char **argv)
{
    struct words words = {.older_than = NULL};
    struct sg_err err;
    char **args;
    size_t n_args;
    const struct sg_opt opts[] = {
        {.name = "people",
         .arg = "FILE",
         .help = "CSV or JSON lines",
         .text = &words.forget.people},
        {.name = "events",
         .arg = "FILE",
         .help = "CSV or JSON lines",
         .text = &words.forget.events},
        {.name = "decisions",
         .arg = "FILE",
         .help = "what reviewers decided",
         .text = &words.forget.decisions},
        {.name = "older-than",
         .arg = "DATE",
         .help = "events before it, and records all of whose events are",
         .text = &words.older_than},
        {.name = "audit",
         .arg = "FILE",
         .help = "log it, without names",
         .text = &words.auditing.log},
        {.name = "key", .arg = "FILE", .help = "the key of that log", .text = &words.auditing.key},
        {.name = "as", .arg = "NAME", .help = "who deletes ($USER)", .text = &words.auditing.who},
    };
    const struct sg_usage usage = {
        .verb = VERB,
        .args = "ID... --people FILE --events FILE [options]",
        .summary =
            "Deletes people from the files that hold them: their rows, their events, events of\n"
            "others that name them, decisions about them. All files are rewritten whole, then the\n"
            "old bytes are overwritten; nothing is changed if one of them cannot be. Nothing "
            "about\n"
            "people is kept anywhere else. Limits: docs/methods/red-flags.md.",
        .example = "  sillage workers forget r0000012 --people world/people.csv --events "
                   "world/events.csv\n"
                   "  sillage workers forget --older-than 2024-06-01 --people world/people.csv "
                   "--events world/events.csv",
        .opts = opts,
        .n_opts = SG_COUNT_OF(opts),
        .args_max = SIZE_MAX / 2,
    };
    switch (sg_opts_parse(&args, &n_args, &usage, argc, argv)) {
    case SG_OPTS_HELP:
        return 0;
    case SG_OPTS_BAD:
        return 2;
    case SG_OPTS_RUN:
        break;
    }
    words.forget.ids = (const char *const *)args;
    words.forget.n_ids = n_args;
    return run(&words, &err) == SG_OK ? 0 : sg_app_fail(VERB, &err);
}
