/* sillage programme: from published thefts to what they can and cannot be said to have paid for. */
#include "app/opts.h"
#include "app/programme_report/programme_report.h"
#include "app/term.h"
#include "app/verbs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "store/file/file.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define OUTPUT_MAX   ((size_t)64 * 1024 * 1024)
#define PERMUTATIONS 9999
#define POWER_RUNS   1000
#define FILES_MAX    (6 + SG_LIST_MAX)

struct options {
    const char *incidents, *totals, *launches, *assumptions;
    const char *ratio, *denominator, *report;
    struct sg_opt_list traces;
    uint64_t seed, draws, threads;
    bool builtin, contested, json;
};

/* Everything read, alive until the output is written. */
struct loaded {
    struct sg_arena arena;
    struct sg_programme_notes notes;
    struct sg_incidents incidents;
    struct sg_totals totals;
    struct sg_launches launches;
    struct sg_facts facts;
    struct sg_sources sources;
    struct sg_assumptions assumptions;
    struct sg_traced_theft traced[SG_LIST_MAX];
    size_t n_traced;
    struct sg_programme_file files[FILES_MAX];
    size_t n_files;
};

static enum sg_status usage_error(struct sg_err *err, const char *sentence, const char *what)
{
    return sg_err_set(err, SG_EUSAGE, "%s%s", sentence, what);
}

/* The ratio that is meant must be said: a default would answer a question that nobody asked. */
static enum sg_status take_ratio(enum sg_ratio *ratio, const struct options *o, struct sg_err *err)
{
    enum sg_denominator denominator;
    if (!o->ratio)
        return usage_error(err,
                           "say which ratio is meant: --ratio R1 (foreign currency for missile "
                           "components), R2 (the missile programme's funds), R3 (all foreign "
                           "currency) or R4 (all weapons of mass destruction)",
                           "");
    if (!sg_ratio_find(ratio, o->ratio))
        return usage_error(err, "no ratio ", o->ratio);
    if (!o->denominator)
        return SG_OK;
    if (!sg_denominator_find(&denominator, o->denominator))
        return usage_error(err, "no denominator ", o->denominator);
    const char *refusal = sg_ratio_refusal(*ratio, denominator);
    return refusal
               ? sg_err_set(err, SG_EUSAGE, "%s is refused for %s, the share of theft in %s: %s",
                            o->denominator, o->ratio, sg_ratio_whole(*ratio), refusal)
               : SG_OK;
}

static void keep_file(struct loaded *l, const char *table, const char *name, struct sg_text text)
{
    struct sg_programme_file *file = &l->files[l->n_files++];
    const char *slash = strrchr(name, '/');
    file->table = table;
    file->name = slash ? slash + 1 : name;
    sg_sha256_of(file->digest32, text.data, text.size);
}

/* A file in the arena, or the carried table where no file is named. */
static enum sg_status read_table(struct sg_text *text, struct loaded *l, const char *path,
                                 const char *table, enum sg_programme_table which,
                                 struct sg_err *err)
{
    uint8_t *bytes = NULL;
    size_t size;
    if (!path) {
        *text = sg_programme_builtin(which);
        keep_file(l, table, "builtin", *text);
        return SG_OK;
    }
    const enum sg_status st = sg_file_read(&bytes, &size, path, SG_SMALL_FILE_MAX, err);
    if (st != SG_OK)
        return st;
    const char *copy = sg_arena_strndup(&l->arena, (const char *)bytes, size);
    sg_mem_free(bytes);
    if (!copy)
        return sg_err_nomem(err);
    *text = (struct sg_text){copy, size};
    keep_file(l, table, path, *text);
    return SG_OK;
}

static enum sg_status framed(enum sg_status st, const char *path, struct sg_err *err)
{
    if (st != SG_OK)
        sg_err_frame(err, "%s", path ? path : "carried table");
    return st;
}

static enum sg_status load_incidents(struct loaded *l, const char *path, struct sg_err *err)
{
    struct sg_text text;
    enum sg_status st = read_table(&text, l, path, "incidents", SG_BUILTIN_INCIDENTS_CSV, err);
    return st != SG_OK ? st
                       : framed(sg_incidents_read(&l->incidents, &l->notes, &l->arena, text.data,
                                                  text.size, err),
                                path, err);
}

static enum sg_status load_totals(struct loaded *l, const char *path, struct sg_err *err)
{
    struct sg_text text;
    enum sg_status st = read_table(&text, l, path, "totals", SG_BUILTIN_TOTALS_CSV, err);
    return st != SG_OK
               ? st
               : framed(sg_totals_read(&l->totals, &l->notes, &l->arena, text.data, text.size, err),
                        path, err);
}

static enum sg_status load_launches(struct loaded *l, const char *path, struct sg_err *err)
{
    struct sg_text text;
    enum sg_status st = read_table(&text, l, path, "launches", SG_BUILTIN_LAUNCHES_CSV, err);
    return st != SG_OK ? st
                       : framed(sg_launches_read(&l->launches, &l->notes, &l->arena, text.data,
                                                 text.size, err),
                                path, err);
}

static enum sg_status load_assumptions(struct loaded *l, const char *path, struct sg_err *err)
{
    struct sg_text text;
    enum sg_status st = read_table(&text, l, path, "assumptions", SG_BUILTIN_ASSUMPTIONS_YAML, err);
    return st != SG_OK
               ? st
               : framed(sg_assumptions_read(&l->assumptions, &l->arena, text.data, text.size, err),
                        path, err);
}

/* Cited facts and their sources are the program's own; no option replaces them. */
static enum sg_status load_facts(struct loaded *l, struct sg_err *err)
{
    struct sg_text facts, sources;
    enum sg_status st = read_table(&facts, l, NULL, "facts", SG_BUILTIN_FACTS_CSV, err);
    if (st == SG_OK)
        st = read_table(&sources, l, NULL, "sources", SG_BUILTIN_SOURCES_CSV, err);
    if (st == SG_OK)
        st = sg_facts_read(&l->facts, &l->notes, &l->arena, facts.data, facts.size, err);
    return st == SG_OK
               ? sg_sources_read(&l->sources, &l->notes, &l->arena, sources.data, sources.size, err)
               : st;
}

/* "un95-38=trace.json" */
static enum sg_status load_trace(struct loaded *l, const char *option, struct sg_err *err)
{
    struct sg_text text;
    struct sg_traced_theft *theft = &l->traced[l->n_traced];
    const char *equals = strchr(option, '=');
    if (!equals || equals == option || !equals[1])
        return usage_error(err, "--trace wants INCIDENT=FILE, not ", option);
    theft->incident = sg_arena_strndup(&l->arena, option, (size_t)(equals - option));
    if (!theft->incident)
        return sg_err_nomem(err);
    enum sg_status st = read_table(&text, l, equals + 1, "trace", SG_BUILTIN_INCIDENTS_CSV, err);
    if (st == SG_OK)
        st = framed(sg_traced_read(&theft->traced, &l->arena, text.data, text.size, err),
                    equals + 1, err);
    l->n_traced += st == SG_OK;
    return st;
}

static enum sg_status load_all(struct loaded *l, const struct options *o, struct sg_err *err)
{
    if (!o->builtin && (!o->incidents || !o->totals || !o->launches || !o->assumptions))
        return usage_error(err,
                           "give --incidents, --totals, --launches and --assumptions, or --builtin "
                           "for the program's own cited tables in place of those not given",
                           "");
    enum sg_status st = load_incidents(l, o->incidents, err);
    if (st == SG_OK)
        st = load_totals(l, o->totals, err);
    if (st == SG_OK)
        st = load_launches(l, o->launches, err);
    if (st == SG_OK)
        st = load_assumptions(l, o->assumptions, err);
    if (st == SG_OK)
        st = load_facts(l, err);
    for (size_t i = 0; st == SG_OK && i < o->traces.count; i++)
        st = load_trace(l, o->traces.items[i], err);
    return st;
}

static enum sg_status write_report(const struct sg_programme_view *view, const char *path,
                                   struct sg_err *err)
{
    struct sg_buf out = SG_BUF_INIT(OUTPUT_MAX);
    sg_programme_html(&out, view);
    enum sg_status st = sg_buf_check(&out, err);
    if (st == SG_OK)
        st = sg_file_write(path, out.data, out.size, err);
    sg_buf_clear(&out);
    return st;
}

static enum sg_status print(const struct sg_programme_view *view, const struct options *o,
                            struct sg_err *err)
{
    struct sg_buf out = SG_BUF_INIT(OUTPUT_MAX);
    if (o->json)
        sg_programme_json(&out, view);
    else
        sg_programme_text(&out, view);
    if (!o->json && o->report)
        sg_buf_printf(&out, "\nreport: %s\n", o->report);
    const enum sg_status st = sg_term_print(&out, err);
    sg_buf_clear(&out);
    return st;
}

static enum sg_status run(struct loaded *l, const struct options *o, struct sg_err *err)
{
    struct sg_findings found;
    struct sg_findings_options options = {.money = {o->draws, o->threads, o->seed},
                                          .with_contested = o->contested,
                                          .n_permutations = PERMUTATIONS,
                                          .n_power_runs = POWER_RUNS};
    enum sg_status st = take_ratio(&options.ratio, o, err);
    if (st == SG_OK && (o->draws < 1 || o->draws > SG_MONEY_DRAWS_MAX || o->threads < 1))
        st = usage_error(err, "--draws is 1 to 10000000, --threads at least 1", "");
    if (st == SG_OK)
        st = load_all(l, o, err);
    if (st != SG_OK)
        return st;
    const struct sg_findings_input input = {.incidents = &l->incidents,
                                            .totals = &l->totals,
                                            .launches = &l->launches,
                                            .facts = &l->facts,
                                            .assumptions = &l->assumptions,
                                            .traced = l->traced,
                                            .n_traced = l->n_traced};
    st = sg_findings_compute(&found, &l->notes, &l->arena, &input, &options, err);
    if (st != SG_OK)
        return st;
    const struct sg_programme_view view = {&found,      &input,   &options,  &l->notes,
                                           &l->sources, l->files, l->n_files};
    if (o->report)
        st = write_report(&view, o->report, err);
    if (st == SG_OK)
        st = print(&view, o, err);
    sg_findings_clear(&found);
    return st;
}

static uint64_t processors(void)
{
    const long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n > 0 ? (uint64_t)n : 1;
}

int sg_cmd_programme(int argc, char **argv)
{
    struct options o = {.seed = 1, .draws = 100000, .threads = processors()};
    const struct sg_opt opts[] = {
        {.name = "ratio",
         .arg = "R",
         .help = "which share is meant: R1, R2, R3 or R4",
         .text = &o.ratio},
        {.name = "denominator",
         .arg = "D",
         .help = "what it is to be taken of; a wrong one is refused with the reason",
         .text = &o.denominator},
        {.name = "incidents", .arg = "FILE", .help = "thefts, CSV", .text = &o.incidents},
        {.name = "totals",
         .arg = "FILE",
         .help = "totals by source, vintage and year, CSV",
         .text = &o.totals},
        {.name = "launches",
         .arg = "FILE",
         .help = "missile launches, CSV or JSON of CNS",
         .text = &o.launches},
        {.name = "assumptions",
         .arg = "FILE",
         .help = "priors with their sources, YAML",
         .text = &o.assumptions},
        {.name = "builtin",
         .help = "the program's own cited tables for those not given",
         .flag = &o.builtin},
        {.name = "trace",
         .arg = "ID=FILE",
         .help = "JSON of sillage trace for an incident, in place of the prior (repeatable)",
         .list = &o.traces},
        {.name = "contested",
         .help = "count thefts whose attribution is contested (tier D)",
         .flag = &o.contested},
        {.name = "seed", .arg = "N", .help = "seed of all draws (1)", .number = &o.seed},
        {.name = "draws", .arg = "N", .help = "Monte Carlo draws (100000)", .number = &o.draws},
        {.name = "threads",
         .arg = "N",
         .help = "threads; the result does not depend on it",
         .number = &o.threads},
        {.name = "json",
         .help = "JSON on standard output (docs/api/programme.json)",
         .flag = &o.json},
        {.name = "report", .arg = "FILE", .help = "write the page, HTML", .text = &o.report}};
    const struct sg_usage usage = {
        .verb = "programme",
        .args = "--ratio R1|R2|R3|R4 (--builtin | --incidents F --totals F --launches F "
                "--assumptions F)",
        .summary = "Compute what follows from published figures on thefts, launches and income, as "
                   "ranges,\nand say in fixed words what does not follow.",
        .example = "  sillage programme --builtin --ratio R3 --report programme.html",
        .opts = opts,
        .n_opts = sizeof(opts) / sizeof(opts[0])};
    struct loaded *l = NULL;
    struct sg_err err;
    char **args;
    size_t n_args;
    switch (sg_opts_parse(&args, &n_args, &usage, argc, argv)) {
    case SG_OPTS_HELP:
        return 0;
    case SG_OPTS_BAD:
        return 2;
    case SG_OPTS_RUN:
        break;
    }
    l = sg_mem_zalloc(1, sizeof(*l));
    const enum sg_status st = l ? run(l, &o, &err) : sg_err_nomem(&err);
    if (l)
        sg_arena_clear(&l->arena);
    sg_mem_free(l);
    return st == SG_OK ? 0 : sg_app_fail("programme", &err);
}
