/* sillage address: what is this text? Exit status 0: every candidate may be an address; 1: one is
 * wrong, or there is none. */
#include "app/addressing/addressing.h"
#include "app/opts.h"
#include "app/term.h"
#include "app/verbs.h"

#include "base/mem.h"
#include "store/file/file.h"

#include <string.h>
#include <unistd.h>

#define VERB     "address"
#define FILE_MAX ((size_t)256 * 1024 * 1024)
#define OUT_MAX  ((size_t)1024 * 1024 * 1024)
#define OUT_STEP ((size_t)256 * 1024)

struct words {
    const char *file, *labels;
};

static enum sg_status flush(struct sg_buf *out, struct sg_err *err)
{
    const enum sg_status st = sg_term_print(out, err);
    sg_buf_reset(out);
    return st;
}

struct reading {
    struct sg_addressing *addressing;
    const char *text;
    bool is_arg; /* a word of the command line: its line says nothing */
    uint64_t n;
};

static enum sg_status on_found(void *ctx, const struct sg_found *found, struct sg_err *err)
{
    struct reading *reading = ctx;
    struct sg_found one = *found;
    const struct sg_text as_given = {reading->text + found->offset, found->size};
    if (reading->is_arg)
        one.line = 0;
    reading->n++;
    enum sg_status st = sg_addressing_say(reading->addressing, &one, as_given, err);
    if (st == SG_OK && reading->addressing->out->size >= OUT_STEP)
        st = flush(reading->addressing->out, err);
    return st;
}

/* A word is one address; if it is none, the addresses in it. */
static enum sg_status say_arg(struct sg_addressing *addressing, const char *arg, struct sg_err *err)
{
    const struct sg_text whole = {arg, strlen(arg)};
    struct reading reading = {addressing, arg, true, 0};
    struct sg_found one = {.size = whole.size};
    sg_recognise(&one.what, whole.data, whole.size);
    if (one.what.verdict == SG_READING_NONE) {
        const enum sg_status st =
            sg_recognise_text(whole.data, whole.size, on_found, &reading, err);
        if (st != SG_OK || reading.n)
            return st;
    }
    return sg_addressing_say(addressing, &one, whole, err);
}

static enum sg_status say_file(struct sg_addressing *addressing, const char *path,
                               struct sg_err *err)
{
    uint8_t *bytes;
    size_t size;
    enum sg_status st = sg_file_read(&bytes, &size, path, FILE_MAX, err);
    if (st != SG_OK)
        return st;
    struct reading reading = {addressing, (const char *)bytes, false, 0};
    st = sg_recognise_text((const char *)bytes, size, on_found, &reading, err);
    sg_mem_free(bytes);
    return st;
}

/* Questions need labels; where nobody named a store, its absence is no error. */
static enum sg_status open_labels(struct sg_labelstore *store, struct sg_addressing *addressing,
                                  const char *given, struct sg_err *err)
{
    char dir[SG_LABELSTORE_PATH_MAX];
    enum sg_status st = sg_labelstore_dir(dir, given, err);
    if (st == SG_OK)
        st = sg_labelstore_open(store, dir, err);
    if (st == SG_OK)
        addressing->store = store;
    return st == SG_ENOTFOUND && !given ? SG_OK : st == SG_EUSAGE && !given ? SG_OK : st;
}

static enum sg_status run(struct sg_addressing *addressing, const struct words *words, char **args,
                          size_t n_args, struct sg_err *err)
{
    struct sg_labelstore store = {0};
    if (n_args == 0 && !words->file)
        return sg_err_set(err, SG_EUSAGE, "which text? give one or more, or --file F");
    enum sg_status st = open_labels(&store, addressing, words->labels, err);
    for (size_t i = 0; st == SG_OK && i < n_args; i++)
        st = say_arg(addressing, args[i], err);
    if (st == SG_OK && words->file)
        st = say_file(addressing, words->file, err);
    if (st == SG_OK && !addressing->json && (words->file || n_args > 1))
        sg_addressing_summary(addressing);
    if (st == SG_OK)
        st = sg_term_print(addressing->out, err);
    if (addressing->store)
        sg_labelstore_close(&store);
    return st;
}

static int status_of(const struct sg_addressing *a)
{
    const uint64_t n_good = a->n[SG_READING_VALID] + a->n[SG_READING_UNCHECKED];
    const uint64_t n_bad =
        a->n[SG_READING_WRONG] + a->n[SG_READING_LOST_CASE] + a->n[SG_READING_NONE];
    return n_good && !n_bad ? 0 : 1;
}

int sg_cmd_address(int argc, char **argv)
{
    struct words words = {0};
    struct sg_err err;
    char **args;
    size_t n_args;
    const long n_cpus = sysconf(_SC_NPROCESSORS_ONLN);
    struct sg_buf out = SG_BUF_INIT(OUT_MAX);
    struct sg_addressing addressing = {.out = &out, .n_threads = n_cpus > 1 ? (size_t)n_cpus : 1};
    const struct sg_opt opts[] = {
        {.name = "file",
         .arg = "F",
         .help = "find all addresses in a text, a CSV, the text of a PDF; \"-\" is standard input",
         .text = &words.file},
        {.name = "restore",
         .help = "search for the case of letters that lost it",
         .flag = &addressing.restore},
        {.name = "labels",
         .arg = "DIR",
         .help = "the label store, for questions",
         .text = &words.labels},
        {.name = "json",
         .help = "print a JSON object a line (docs/api/address.json)",
         .flag = &addressing.json},
    };
    const struct sg_usage usage = {
        .verb = VERB,
        .args = "TEXT...|--file F [options]",
        .summary = "What is this text: whose network's address, in which form, and does its "
                   "checksum hold?\n"
                   "With or without \"bitcoin:\" and the like, also inside other text and broken "
                   "over lines.\n"
                   "What is wrong is refused, with the labelled address that was perhaps meant.\n"
                   "Exit status 0: all may be addresses; 1: one is wrong, or there is none.\n"
                   "Rules: docs/methods/addresses.md.",
        .example =
            "  sillage address 0x098B716B8Aaf21512996dC57EB0615e2383E2f96\n"
            "  sillage address \"bitcoin:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa?amount=1\" --json",
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
    const enum sg_status st = run(&addressing, &words, args, n_args, &err);
    sg_buf_clear(&out);
    return st == SG_OK ? status_of(&addressing) : sg_app_fail(VERB, &err);
}
