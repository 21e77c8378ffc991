/* sillage workers generate: a made-up world of people and events with its truth, for tests. */
#include "analysis/peoplegen/peoplegen.h"
#include "app/meter.h"
#include "app/opts.h"
#include "app/workers.h"
#include "base/mem.h"
#include "store/file/file.h"
#include "store/outfile/outfile.h"

#include <inttypes.h>
#include <stdio.h>

#define VERB SG_WORKERS_VERB("generate")

/* Bytes that are gathered before they are written. */
#define PIECE ((size_t)1024 * 1024)

struct words {
    const char *dir;
    uint64_t seed, people, operators, repeats;
    bool records_only;
};

/* One of the files: its header, and what it says of a row. */
struct part {
    const char *name;
    void (*header)(struct sg_buf *out);
    void (*row)(struct sg_buf *out, const struct sg_peoplegen *gen, uint64_t row);
};

static const struct part parts[] = {
    {"people.csv", sg_peoplegen_people_header, sg_peoplegen_people},
    {"truth.csv", sg_peoplegen_truth_header, sg_peoplegen_truth_line},
    {"events.csv", sg_peoplegen_events_header, sg_peoplegen_events},
};

#define N_PARTS SG_COUNT_OF(parts)

static enum sg_status flush(struct sg_outfile *file, struct sg_buf *buf, struct sg_err *err)
{
    enum sg_status st = sg_buf_check(buf, err);
    if (st == SG_OK)
        st = sg_outfile_append(file, buf->data, buf->size, err);
    sg_buf_reset(buf);
    return st;
}

static enum sg_status write_part(struct sg_outfile *file, const struct part *part,
                                 const struct sg_peoplegen *gen, struct sg_bar *bar, uint64_t done,
                                 uint64_t total, struct sg_err *err)
{
    struct sg_buf buf = SG_BUF_INIT(2 * PIECE);
    enum sg_status st = SG_OK;
    part->header(&buf);
    for (uint64_t row = 0; st == SG_OK && row < gen->n_records; row++) {
        part->row(&buf, gen, row);
        if (buf.size >= PIECE)
            st = flush(file, &buf, err);
        if (row % 4096 == 0 && !sg_progress_step(&bar->progress, done + row, total))
            st = sg_err_set(err, SG_ECANCELLED, "stopped; no file was written");
    }
    if (st == SG_OK)
        st = flush(file, &buf, err);
    sg_buf_clear(&buf);
    return st;
}

/* All files are whole before the first gets its name. */
static enum sg_status write_world(const struct words *words, const struct sg_peoplegen *gen,
                                  struct sg_err *err)
{
    struct sg_outfile files[N_PARTS];
    struct sg_bar bar;
    const size_t n = words->records_only ? N_PARTS - 1 : N_PARTS;
    enum sg_status st = SG_OK;
    for (size_t i = 0; i < N_PARTS; i++)
        files[i].fd = -1;
    sg_bar_begin(&bar, "writing", false);
    for (size_t i = 0; st == SG_OK && i < n; i++) {
        char path[SG_OUTFILE_PATH_MAX];
        snprintf(path, sizeof(path), "%.4000s/%s", words->dir, parts[i].name);
        st = sg_outfile_begin(&files[i], path, err);
        if (st == SG_OK)
            st = write_part(&files[i], &parts[i], gen, &bar, i * gen->n_records, n * gen->n_records,
                            err);
    }
    sg_bar_end(&bar);
    for (size_t i = 0; st == SG_OK && i < n; i++)
        st = sg_outfile_commit(&files[i], err);
    for (size_t i = 0; i < N_PARTS; i++)
        sg_outfile_abandon(&files[i]);
    return st;
}

static enum sg_status run(struct words *words, struct sg_err *err)
{
    if (!words->dir)
        return sg_err_set(err, SG_EUSAGE, "--out DIR is needed");
    struct sg_peoplegen gen = {words->seed, words->people, words->operators,
                               words->repeats > 100 ? 100 : (unsigned)words->repeats};
    if (words->operators == UINT64_MAX)
        gen.n_operators = sg_peoplegen_operators(words->people);
    enum sg_status st = sg_peoplegen_check(&gen, err);
    if (st == SG_OK)
        st = sg_file_mkdir(words->dir, err);
    if (st == SG_OK)
        st = write_world(words, &gen, err);
    if (st == SG_OK)
        printf("%s: %" PRIu64 " records, %" PRIu64 " operators, seed %" PRIu64 "\n", words->dir,
               gen.n_records, gen.n_operators, gen.seed);
    return st;
}

int sg_workers_generate(int argc, char **argv)
{
    struct words words = {.people = 10000, .operators = UINT64_MAX, .repeats = 20};
    struct sg_err err;
    char **args;
    size_t n_args;
    const struct sg_opt opts[] = {
        {.name = "out", .arg = "DIR", .help = "folder, made if need be", .text = &words.dir},
        {.name = "seed", .arg = "N", .help = "same seed, same bytes (0)", .number = &words.seed},
        {.name = "people", .arg = "N", .help = "records in all (10000)", .number = &words.people},
        {.name = "operators",
         .arg = "N",
         .help = "with 3 to 30 personas each (so that one record in 343 is a persona)",
         .number = &words.operators},
        {.name = "repeats",
         .arg = "PERCENT",
         .help = "records that are a person's second or later (20)",
         .number = &words.repeats},
        {.name = "records-only", .help = "no events.csv", .flag = &words.records_only},
    };
    const struct sg_usage usage = {
        .verb = VERB,
        .args = "--out DIR [options]",
        .summary = "Writes a made-up world: people.csv, events.csv and truth.csv, which says who "
                   "is whom.\nFormats: docs/formats/people.md.",
        .example = "  sillage workers generate --out world --seed 1 --people 20000",
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
