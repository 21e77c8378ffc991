/* sillage commits: the commits of a repository, ranked by what they open. */
#include "app/commits/commits.h"
#include "app/meter.h"
#include "app/opts.h"
#include "app/term.h"
#include "app/verbs.h"

#include "base/mem.h"
#include "store/file/file.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VERB "commits"
/* Exit status of --range when something passes the budget. */
#define EXIT_FOUND  3
#define THREADS_MAX 64u

struct words {
    const char *since, *range, *budget, *baseline, *cache, *sarif, *report;
    uint64_t threads;
    bool json, all, show_authors;
};

static enum sg_status parse_budget(double *budget, const char *text, struct sg_err *err)
{
    char *end;
    *budget = 1;
    if (!text)
        return SG_OK;
    *budget = strtod(text, &end);
    if (end == text || *end || !(*budget > 0) || *budget > 100)
        return sg_err_set(err, SG_EUSAGE, "--budget wants a percentage over 0, at most 100");
    return SG_OK;
}

/* The real path of what of `text` exists, and the rest of it behind that: the folder is made when
 * there is something to keep, and must be known before not to lie inside the repository. */
static bool real_path(char path[PATH_MAX], const char *text)
{
    char head[PATH_MAX];
    size_t size = strlen(text);
    for (;;) {
        memcpy(head, size ? text : ".", size ? size : 1);
        head[size ? size : 1] = 0;
        if (realpath(head, path))
            break;
        while (size && text[size - 1] == '/')
            size--;
        while (size && text[size - 1] != '/')
            size--;
    }
    const char *rest = text + size + strspn(text + size, "/");
    const size_t n = strlen(path), more = strlen(rest);
    if (n + 1 + more >= PATH_MAX)
        return false;
    if (more) {
        path[n] = '/';
        memcpy(path + n + 1, rest, more + 1);
    }
    return true;
}

/* --cache DIR, or the user's cache folder; `path` is empty where there is none. */
static enum sg_status find_cache(char path[PATH_MAX], const char *asked, struct sg_err *err)
{
    char text[PATH_MAX];
    const char *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    path[0] = 0;
    int n = 0;
    if (asked)
        n = snprintf(text, sizeof(text), "%s", asked);
    else if (xdg && *xdg == '/')
        n = snprintf(text, sizeof(text), "%s/sillage", xdg);
    else if (home && *home == '/')
        n = snprintf(text, sizeof(text), "%s/.cache/sillage", home);
    if (n <= 0)
        return SG_OK;
    if ((size_t)n >= sizeof(text) || !real_path(path, text))
        return sg_err_set(err, SG_EUSAGE, "the path of the cache folder is too long");
    return SG_OK;
}

static enum sg_status write_out(const char *path, const struct sg_commits *c,
                                enum sg_status (*write)(struct sg_buf *, const struct sg_commits *,
                                                        struct sg_err *),
                                struct sg_err *err)
{
    struct sg_buf out = SG_BUF_INIT(SG_COMMITS_OUTPUT_MAX);
    enum sg_status st = write(&out, c, err);
    if (st == SG_OK)
        st = sg_buf_check(&out, err);
    if (st == SG_OK)
        st = path ? sg_file_write(path, out.data, out.size, err) : sg_term_print(&out, err);
    sg_buf_clear(&out);
    return st;
}

static enum sg_status write_all(const struct words *words, const struct sg_commits *c,
                                struct sg_err *err)
{
    enum sg_status st = SG_OK;
    if (words->sarif)
        st = write_out(words->sarif, c, sg_commits_sarif, err);
    if (st == SG_OK && words->report)
        st = write_out(words->report, c, sg_commits_html, err);
    if (st == SG_OK)
        st = write_out(NULL, c, words->json ? sg_commits_json : sg_commits_text, err);
    return st;
}

static enum sg_status read_repository(struct sg_commits *c,
                                      const struct sg_commits_options *options, struct sg_err *err)
{
    struct sg_bar bar;
    struct sg_err warning = {.status = SG_OK};
    sg_bar_begin(&bar, "reading commits", false);
    const enum sg_status st =
        sg_commits_read(c, options, &bar.progress, &bar.progress, &warning, err);
    sg_bar_end(&bar);
    if (warning.status != SG_OK)
        fprintf(stderr, "sillage " VERB ": warning: nothing was kept: %s\n", warning.text);
    return st;
}

static int run(const struct words *words, const char *repo)
{
    char cache[PATH_MAX] = "";
    struct sg_err err;
    struct sg_commits c = {.options = NULL};
    struct sg_commits_options options = {.repo = repo,
                                         .since = words->since,
                                         .range = words->range,
                                         .baseline = words->baseline,
                                         .n_threads = (size_t)words->threads,
                                         .all = words->all,
                                         .show_authors = words->show_authors};
    enum sg_status st = SG_OK;
    if (words->since && words->range)
        st = sg_err_set(&err, SG_EUSAGE, "--since and --range exclude each other");
    else if (words->threads < 1 || words->threads > THREADS_MAX)
        st = sg_err_set(&err, SG_EUSAGE, "--threads wants 1 to %u", THREADS_MAX);
    if (st == SG_OK)
        st = parse_budget(&options.budget, words->budget, &err);
    if (st == SG_OK)
        st = find_cache(cache, words->cache, &err);
    options.cache = st == SG_OK && cache[0] ? cache : NULL;
    if (st == SG_OK)
        st = read_repository(&c, &options, &err);
    if (st == SG_OK)
        st = sg_commits_rank(&c, &err);
    if (st == SG_OK)
        st = write_all(words, &c, &err);
    const bool found = words->range && c.n_in_budget;
    sg_commits_clear(&c);
    if (st != SG_OK)
        return sg_app_fail(VERB, &err);
    return found ? EXIT_FOUND : 0;
}

int sg_cmd_commits(int argc, char **argv)
{
    struct words words = {.threads = 2};
    char **args;
    size_t n_args;
    const struct sg_opt opts[] = {
        {.name = "since",
         .arg = "REV",
         .help = "list what REV does not reach",
         .text = &words.since},
        {.name = "range",
         .arg = "A..B",
         .help = "list these; exit status 3 if one is within the budget",
         .text = &words.range},
        {.name = "budget",
         .arg = "PERCENT",
         .help = "list the top share of all commits (1)",
         .text = &words.budget},
        {.name = "baseline",
         .arg = "FILE",
         .help = "leave out findings whose fingerprints stand in FILE",
         .text = &words.baseline},
        {.name = "all", .help = "list every commit that is no merge", .flag = &words.all},
        {.name = "json", .help = "print JSON (docs/api/commits.json)", .flag = &words.json},
        {.name = "sarif", .arg = "FILE", .help = "write SARIF 2.1.0", .text = &words.sarif},
        {.name = "report", .arg = "FILE", .help = "write an HTML page", .text = &words.report},
        {.name = "show-authors",
         .help = "show names and mails, which can be forged",
         .flag = &words.show_authors},
        {.name = "cache",
         .arg = "DIR",
         .help = "keep results there ($XDG_CACHE_HOME/sillage)",
         .text = &words.cache},
        {.name = "threads", .arg = "N", .help = "threads (2)", .number = &words.threads},
    };
    const struct sg_usage usage = {
        .verb = VERB,
        .args = "REPO [options]",
        .summary =
            "Ranks the commits of a Git repository by what they open, not by how large they "
            "are: all refs,\n"
            "work tree or bare, offline; no code of the repository is run. It speaks of risky "
            "changes, not of\n"
            "culprits. Method: docs/methods/commits.md, docs/methods/commits-context.md.",
        .example = "  sillage commits ./project --report risky.html\n"
                   "  sillage commits ./project --range main..feature --budget 1 --sarif out.sarif",
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
    return run(&words, args[0]);
}
