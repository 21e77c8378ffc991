#include "app/opts.h"

#include "base/civil.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OPTS_MAX 48

static void print_help(const struct sg_usage *usage)
{
    printf("usage: sillage %s %s\n\n%s\n\noptions:\n", usage->verb, usage->args, usage->summary);
    for (size_t i = 0; i < usage->n_opts; i++) {
        char left[64];
        const struct sg_opt *opt = &usage->opts[i];
        snprintf(left, sizeof(left), "--%s%s%s", opt->name, opt->arg ? " " : "",
                 opt->arg ? opt->arg : "");
        printf("  %-26s %s\n", left, opt->help);
    }
    printf("  %-26s %s\n\nexample:\n%s\n", "--help", "this page", usage->example);
}

static enum sg_opts_result bad(const struct sg_usage *usage, const char *problem, const char *what)
{
    fprintf(stderr, "sillage %s: %s%s; see sillage %s --help\n", usage->verb, problem, what,
            usage->verb);
    return SG_OPTS_BAD;
}

static bool parse_number(uint64_t *out, const char *text, bool with_unit)
{
    char *end;
    unsigned shift = 0;
    if (text[0] < '0' || text[0] > '9')
        return false;
    errno = 0;
    const uint64_t value = strtoull(text, &end, 10);
    if (with_unit && *end) {
        const char *units = "KMG";
        const char *unit = strchr(units, *end);
        if (!unit)
            return false;
        shift = 10u * (unsigned)(unit - units + 1);
        end++;
    }
    if (errno || *end || value > UINT64_MAX >> shift)
        return false;
    *out = value << shift;
    return true;
}

static bool store(const struct sg_opt *opt, const char *value)
{
    if (opt->flag)
        *opt->flag = true;
    else if (opt->text)
        *opt->text = value;
    else if (opt->number)
        return parse_number(opt->number, value, false);
    else if (opt->bytes)
        return parse_number(opt->bytes, value, true);
    else if (opt->list->count == SG_LIST_MAX)
        return false;
    else
        opt->list->items[opt->list->count++] = value;
    return true;
}

static void long_options(struct option *out, const struct sg_usage *usage)
{
    memset(out, 0, (OPTS_MAX + 2) * sizeof(*out));
    for (size_t i = 0; i < usage->n_opts && i < OPTS_MAX; i++)
        out[i] = (struct option){usage->opts[i].name,
                                 usage->opts[i].arg ? required_argument : no_argument, NULL,
                                 (int)i + 256};
    out[usage->n_opts] = (struct option){"help", no_argument, NULL, 'h'};
}

static enum sg_opts_result check_args(char ***args, size_t *n_args, const struct sg_usage *usage,
                                      int argc, char **argv)
{
    const size_t n = (size_t)(argc - optind);
    if (n < usage->args_min)
        return bad(usage, "missing argument; usage: sillage ", usage->verb);
    if (n > usage->args_max)
        return bad(usage, "unexpected argument ", argv[(size_t)optind + usage->args_max]);
    *args = argv + optind;
    *n_args = n;
    return SG_OPTS_RUN;
}

enum sg_opts_result sg_opts_parse(char ***args, size_t *n_args, const struct sg_usage *usage,
                                  int argc, char **argv)
{
    struct option table[OPTS_MAX + 2];
    long_options(table, usage);
    optind = 0;
    opterr = 0;
    for (int c; (c = getopt_long(argc, argv, ":h", table, NULL)) != -1;) {
        if (c == 'h') {
            print_help(usage);
            return SG_OPTS_HELP;
        }
        if (c == ':')
            return bad(usage, "a value is missing behind ", argv[optind - 1]);
        if (c < 256)
            return bad(usage, "unknown option ", argv[optind - 1]);
        const struct sg_opt *opt = &usage->opts[c - 256];
        if (!store(opt, optarg))
            return bad(usage, "not a value for this option: ", optarg);
    }
    return check_args(args, n_args, usage, argc, argv);
}

enum sg_status sg_opts_day(int64_t *end_unix_s, const char *option, const char *text,
                           struct sg_err *err)
{
    *end_unix_s = INT64_MAX;
    if (!text)
        return SG_OK;
    const size_t size = strlen(text);
    if (sg_time_parse(end_unix_s, text, size, NULL) != SG_OK)
        return sg_err_set(err, SG_EUSAGE, "%s '%s' is no date (YYYY-MM-DD, UTC)", option, text);
    if (size == strlen("YYYY-MM-DD") && text[4] == '-')
        *end_unix_s += 24 * 3600 - 1;
    return SG_OK;
}

int sg_app_fail(const char *verb, const struct sg_err *err)
{
    fprintf(stderr, "sillage %s: %s", verb, err->text);
    if (err->line)
        fprintf(stderr, " (line %" PRIu32 ", column %" PRIu32 ")", err->line, err->column);
    else if (err->has_offset)
        fprintf(stderr, " (at byte %" PRIu64 ")", err->offset);
    fputc('\n', stderr);
    return err->status == SG_EUSAGE ? 2 : 1;
}
