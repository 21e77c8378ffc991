/* sillage screen: is somebody known behind an address? Exit status 0 clear, 3 hit. */
#include "app/labelstore/labelstore.h"
#include "app/opts.h"
#include "app/screening/screening.h"
#include "app/term.h"
#include "app/verbs.h"

#include "base/mem.h"
#include "store/file/file.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define VERB       "screen"
#define FILE_MAX   ((size_t)1024 * 1024 * 1024)
#define OUT_MAX    ((size_t)1024 * 1024 * 1024)
#define STATUS_HIT 3

#define HOPS_DEFAULT 8
#define HOPS_MAX     1000
#define CHAINS_MAX   64

struct words {
    const char *labels, *file, *as_of, *ledger, *risk;
    uint64_t hops;
    bool json;
};

/* What the ledger and the weights add. */
struct extras {
    struct sg_ledger ledgers[CHAINS_MAX];
    size_t n_ledgers;
    const struct sg_chain *chains[CHAINS_MAX];
    size_t n_chains;
    struct sg_screening_clusters *clusters;
    struct sg_riskfile risk;
    struct sg_arena arena;
};

static void take_chain(void *ctx, const struct sg_chain *chain)
{
    struct extras *extras = ctx;
    if (extras->n_chains < CHAINS_MAX)
        extras->chains[extras->n_chains++] = chain;
}

static enum sg_status open_ledgers(struct extras *extras, struct sg_screening *screening,
                                   const struct words *words, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    if (!words->ledger)
        return SG_OK;
    if (words->hops < 1 || words->hops > HOPS_MAX)
        return sg_err_set(err, SG_EUSAGE, "--hops is a number from 1 to %d", HOPS_MAX);
    st = sg_screening_clusters_open(&extras->clusters, words->ledger, err);
    screening->clusters = extras->clusters;
    if (st == SG_OK)
        st = sg_ledger_chains(words->ledger, take_chain, extras, err);
    if (st == SG_ENOTFOUND && extras->clusters)
        st = SG_OK; /* Chains of outputs alone. */
    for (size_t i = 0; st == SG_OK && i < extras->n_chains; i++) {
        st = sg_ledger_open(&extras->ledgers[i], words->ledger, extras->chains[i], err);
        extras->n_ledgers += st == SG_OK;
    }
    screening->ledgers = extras->ledgers;
    screening->n_ledgers = extras->n_ledgers;
    screening->hops_max = (uint32_t)words->hops;
    return st;
}

static enum sg_status open_risk(struct extras *extras, struct sg_screening *screening,
                                const char *path, struct sg_err *err)
{
    uint8_t *bytes = NULL;
    size_t size = 0;
    if (!path)
        return SG_OK;
    enum sg_status st = sg_file_read(&bytes, &size, path, SG_SMALL_FILE_MAX, err);
    if (st != SG_OK)
        return st;
    st = sg_riskfile_parse(&extras->risk, &extras->arena, (const char *)bytes, size, err);
    if (st != SG_OK)
        sg_err_frame(err, "%s", path);
    sg_mem_free(bytes);
    screening->risk = &extras->risk;
    return st;
}

static void close_extras(struct extras *extras)
{
    for (size_t i = 0; i < extras->n_ledgers; i++)
        sg_ledger_close(&extras->ledgers[i]);
    sg_screening_clusters_free(extras->clusters);
    sg_arena_clear(&extras->arena);
    sg_mem_free(extras);
}

static enum sg_status flush(struct sg_buf *out, struct sg_err *err)
{
    const enum sg_status st = sg_term_print(out, err);
    sg_buf_reset(out);
    return st;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* The next line that is not blank and no comment; false at the end. */
static bool next_line(struct sg_text *line, const char **at, const char *end)
{
    while (*at < end) {
        const char *from = *at;
        const char *stop = memchr(from, '\n', (size_t)(end - from));
        *at = stop ? stop + 1 : end;
        stop = stop ? stop : end;
        while (from < stop && is_blank(*from))
            from++;
        while (from < stop && is_blank(stop[-1]))
            stop--;
        *line = (struct sg_text){from, (size_t)(stop - from)};
        if (line->size && *from != '#')
            return true;
    }
    return false;
}

static enum sg_status screen_file(struct sg_screening *screening, struct sg_buf *out,
                                  const char *path, struct sg_err *err)
{
    uint8_t *bytes = NULL;
    size_t size = 0;
    struct sg_text *texts = sg_mem_alloc(SG_SCREENING_BATCH, sizeof(*texts));
    enum sg_status st =
        texts ? sg_file_read(&bytes, &size, path, FILE_MAX, err) : sg_err_nomem(err);
    /* Exposures take their time: show lines as they come. */
    const size_t batch = screening->n_ledgers || screening->clusters ? 256 : SG_SCREENING_BATCH;
    const char *at = (const char *)bytes;
    const char *end = at ? at + size : at;
    for (size_t n = 1; st == SG_OK && n > 0;) {
        for (n = 0; n < batch && next_line(&texts[n], &at, end); n++)
            ;
        st = sg_screening_run(screening, out, texts, n, err);
        if (st == SG_OK)
            st = flush(out, err);
    }
    sg_mem_free(bytes);
    sg_mem_free(texts);
    return st;
}

static enum sg_status screen_args(struct sg_screening *screening, struct sg_buf *out, char **args,
                                  size_t n_args, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    for (size_t i = 0; st == SG_OK && i < n_args; i++) {
        const struct sg_text text = {args[i], strlen(args[i])};
        st = sg_screening_run(screening, out, &text, 1, err);
    }
    return st == SG_OK ? flush(out, err) : st;
}

static void summary(struct sg_buf *out, const struct sg_screening *s)
{
    if (!s->json && s->n_addresses > 1)
        sg_buf_printf(out,
                      "%" PRIu64 " addresses: %" PRIu64 " hit, %" PRIu64
                      " labelled before, %" PRIu64 " clear, %" PRIu64 " not addresses\n",
                      s->n_addresses, s->n_hit, s->n_labelled - s->n_hit,
                      s->n_addresses - s->n_labelled - s->n_invalid, s->n_invalid);
}

static enum sg_status screen_all(struct sg_screening *screening, struct sg_labelstore *store,
                                 const struct words *words, char **args, size_t n_args,
                                 struct sg_err *err)
{
    char dir[SG_LABELSTORE_PATH_MAX];
    struct sg_buf out = SG_BUF_INIT(OUT_MAX);
    if (n_args == 0 && !words->file)
        return sg_err_set(err, SG_EUSAGE, "which address? give one or more, or --file F");
    enum sg_status st = sg_opts_day(&screening->as_of_unix_s, "--as-of", words->as_of, err);
    if (st == SG_OK)
        st = sg_labelstore_dir(dir, words->labels, err);
    if (st == SG_OK)
        st = sg_labelstore_open(store, dir, err);
    if (st != SG_OK)
        return st;
    st = screen_args(screening, &out, args, n_args, err);
    if (st == SG_OK && words->file)
        st = screen_file(screening, &out, words->file, err);
    if (st == SG_OK) {
        summary(&out, screening);
        st = sg_term_print(&out, err);
    }
    sg_buf_clear(&out);
    sg_labelstore_close(store);
    return st;
}

static enum sg_status run(struct sg_screening *screening, struct sg_labelstore *store,
                          const struct words *words, char **args, size_t n_args, struct sg_err *err)
{
    struct extras *extras = sg_mem_zalloc(1, sizeof(*extras));
    if (!extras)
        return sg_err_nomem(err);
    enum sg_status st = open_ledgers(extras, screening, words, err);
    if (st == SG_OK)
        st = open_risk(extras, screening, words->risk, err);
    if (st == SG_OK)
        st = screen_all(screening, store, words, args, n_args, err);
    close_extras(extras);
    return st;
}

int sg_cmd_screen(int argc, char **argv)
{
    struct words words = {.hops = HOPS_DEFAULT};
    struct sg_err err;
    char **args;
    size_t n_args;
    const struct sg_opt opts[] = {
        {.name = "file",
         .arg = "F",
         .help = "addresses, one a line; \"-\" is standard input",
         .text = &words.file},
        {.name = "as-of",
         .arg = "DATE",
         .help = "what was known and in force at the end of that day",
         .text = &words.as_of},
        {.name = "labels", .arg = "DIR", .help = "the label store", .text = &words.labels},
        {.name = "ledger",
         .arg = "DIR",
         .help = "add clusters, exposure, distance and red flags from a ledger",
         .text = &words.ledger},
        {.name = "hops",
         .arg = "N",
         .help = "of the exposure: no further than that many payments (8)",
         .number = &words.hops},
        {.name = "risk",
         .arg = "FILE",
         .help = "your weights for a score (docs/formats/riskfile.md); else there is none",
         .text = &words.risk},
        {.name = "json",
         .help = "print a JSON object a line (docs/api/screen.json)",
         .flag = &words.json},
    };
    const struct sg_usage usage = {
        .verb = VERB,
        .args = "ADDRESS...|--file F [options]",
        .summary = "Is somebody known behind an address: sanctioned, a thief, a service? Each hit "
                   "with its\n"
                   "source and dates. Exit status 0: clear; 3: at least one hit in force; 1: "
                   "something is\n"
                   "no address, or a failure. Rules: docs/methods/screen.md.",
        .example =
            "  sillage screen 0x098B716B8Aaf21512996dC57EB0615e2383E2f96 --json\n"
            "  sillage screen --file payouts.txt --as-of 2022-08-08 --ledger L --risk risk.yaml",
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
    const long n_cpus = sysconf(_SC_NPROCESSORS_ONLN);
    struct sg_labelstore store;
    struct sg_screening screening = {
        .store = &store, .json = words.json, .n_threads = n_cpus > 1 ? (size_t)n_cpus : 1};
    if (run(&screening, &store, &words, args, n_args, &err) != SG_OK)
        return sg_app_fail(VERB, &err);
    return screening.n_hit ? STATUS_HIT : screening.n_invalid ? 1 : 0;
}
