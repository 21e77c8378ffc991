/* sillage export: a case's addresses and findings in the formats of others. */
#include "app/casework/casework.h"
#include "app/exporting/exporting.h"
#include "app/opts.h"
#include "app/term.h"
#include "app/verbs.h"

#include "base/mem.h"
#include "store/file/file.h"

#include <string.h>

#define VERB    "export"
#define OUT_MAX ((size_t)1024 * 1024 * 1024)

struct words {
    const char *case_file, *ledger, *format, *policy, *out;
};

static enum sg_status write_out(const struct sg_sharing *sharing, enum sg_sharing_format format,
                                const char *path, struct sg_err *err)
{
    struct sg_buf out = SG_BUF_INIT(OUT_MAX);
    enum sg_status st = sg_sharing_write(&out, format, sharing, err);
    if (st == SG_OK && path)
        st = sg_file_write(path, out.data, out.size, err);
    else if (st == SG_OK)
        st = sg_term_print(&out, err);
    sg_buf_clear(&out);
    return st;
}

static enum sg_status of_case(const struct words *words, enum sg_sharing_format format,
                              struct sg_err *err)
{
    struct sg_casefile file;
    struct sg_sharing sharing;
    enum sg_status st = sg_casefile_open(&file, words->case_file, err);
    if (st != SG_OK)
        return st;
    st = sg_exporting_build(&sharing, &file.arena, &file.c, NULL, SG_POLICY_FIFO, err);
    if (st == SG_OK)
        st = write_out(&sharing, format, words->out, err);
    sg_casefile_close(&file);
    return st;
}

static enum sg_status of_trace(const struct words *words, enum sg_policy policy,
                               enum sg_sharing_format format, struct sg_err *err)
{
    const struct sg_casework_options options = {.case_file = {.path = words->case_file},
                                                .ledger = {.path = words->ledger},
                                                .main = policy,
                                                .policies = 1u << (unsigned)policy,
                                                .until_unix_s = INT64_MAX};
    struct sg_casework work;
    struct sg_sharing sharing;
    enum sg_status st = sg_casework_open(&work, &options, err);
    if (st == SG_OK)
        st = sg_exporting_build(&sharing, &work.arena, &work.file.c, &work.trace, policy, err);
    if (st == SG_OK)
        st = write_out(&sharing, format, words->out, err);
    sg_casework_close(&work);
    return st;
}

static enum sg_status run(const struct words *words, struct sg_err *err)
{
    enum sg_sharing_format format;
    enum sg_policy policy = SG_POLICY_FIFO;
    if (!words->case_file)
        return sg_err_set(err, SG_EUSAGE, "--case CASE.yaml is missing");
    if (!words->format)
        return sg_err_set(err, SG_EUSAGE, "--format is missing: stix, misp, ftm or tagpack");
    if (sg_sharing_find(&format, words->format) != SG_OK)
        return sg_err_set(err, SG_EUSAGE, "no format '%s'; there are: stix, misp, ftm, tagpack",
                          words->format);
    if (words->policy && !words->ledger)
        return sg_err_set(err, SG_EUSAGE, "--policy says how to trace, which needs --ledger DIR");
    if (words->policy && sg_policy_find(&policy, words->policy) != SG_OK)
        return sg_err_set(err, SG_EUSAGE,
                          "no policy '%s'; there are: fifo, lifo, haircut, tiho, libr, poison",
                          words->policy);
    return words->ledger ? of_trace(words, policy, format, err) : of_case(words, format, err);
}

int sg_cmd_export(int argc, char **argv)
{
    struct words words = {0};
    struct sg_err err;
    char **args;
    size_t n_args;
    const struct sg_opt opts[] = {
        {.name = "case", .arg = "FILE", .help = "the case file", .text = &words.case_file},
        {.name = "ledger",
         .arg = "DIR",
         .help = "trace the case through it, and export findings and payments too",
         .text = &words.ledger},
        {.name = "policy",
         .arg = "P",
         .help = "of the findings: fifo, the default, lifo, haircut, tiho, libr, poison",
         .text = &words.policy},
        {.name = "format", .arg = "F", .help = "stix, misp, ftm or tagpack", .text = &words.format},
        {.name = "out",
         .arg = "FILE",
         .help = "write there instead of standard output",
         .text = &words.out},
    };
    const struct sg_usage usage = {
        .verb = VERB,
        .args = "--case CASE.yaml --format F [options]",
        .summary = "The addresses of a case, with all claims about them, and with --ledger what of "
                   "the stolen\n"
                   "money went there, as STIX 2.1, a MISP event, FollowTheMoney lines, or a "
                   "TagPack.\n"
                   "The same case gives the same bytes. What each format can say: "
                   "docs/formats/sharing.md.",
        .example =
            "  sillage export --case cases/ronin-2022/case.yaml --format stix\n"
            "  sillage export --case cases/ronin-2022/case.yaml --format misp --out event.json",
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
    return run(&words, &err) == SG_OK ? 0 : sg_app_fail(VERB, &err);
}
