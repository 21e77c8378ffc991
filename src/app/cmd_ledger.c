/* sillage ledger: what a ledger holds (stats), whether its file is sound (check), what it was made
 * from (files), and what could not be read (bad). */
#include "app/cover_kinds.h"
#include "app/meter.h"
#include "app/opts.h"
#include "app/term.h"
#include "app/utxoing/utxoing.h"
#include "app/verbs.h"

#include "base/hex.h"
#include "base/jsonw.h"
#include "base/mem.h"
#include "base/vec.h"
#include "store/engine/engine.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define VERB           "ledger"
#define JSON_MAX       ((size_t)256 * 1024 * 1024)
#define FAULTS_SHOWN   20
#define COVERAGE_SHOWN 10

/* Networks whose blocks are read. */
#define OUTPUTS_MAX 16

struct job {
    const char *dir;
    bool json;
    const struct sg_chain *chain; /* the one at hand */
    struct sg_jsonw w;
    struct sg_buf buf;
    uint64_t n_faults; /* check: of all chains */
    uint64_t n_seen;   /* faults, files or bad rows of the chain at hand */
    const struct sg_chain *chains[64];
    size_t n_chains;
    const struct sg_btc_params *outputs[OUTPUTS_MAX]; /* chains of outputs instead of accounts */
    size_t n_outputs;
};

static void print_count(const char *name, uint64_t count)
{
    printf("  %-14s ", name);
    sg_term_number(stdout, count);
    putchar('\n');
}

static void print_kinds(uint8_t kinds)
{
    for (size_t i = 0, n = 0; sg_cover_kind_names[i]; i++)
        if (kinds & 1u << i)
            printf("%s%s", n++ ? "," : "", sg_cover_kind_names[i]);
}

static void json_kinds(struct sg_jsonw *w, uint8_t kinds)
{
    sg_jsonw_key(w, "kinds");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; sg_cover_kind_names[i]; i++)
        if (kinds & 1u << i)
            sg_jsonw_string(w, sg_cover_kind_names[i]);
    sg_jsonw_end_array(w);
}

/* Coverage is gathered first: addresses are asked for in one batch. */
struct covers {
    struct sg_coverage *items;
    struct sg_addr_id *ids;
    struct sg_address *addrs;
    size_t n, capacity;
    bool no_memory;
};

static bool on_cover(void *ctx, const struct sg_coverage *cover)
{
    struct covers *covers = ctx;
    if (!SG_VEC_RESERVE(covers->items, covers->n, covers->capacity, 1)) {
        covers->no_memory = true;
        return false;
    }
    covers->items[covers->n++] = *cover;
    return true;
}

static enum sg_status read_covers(struct covers *covers, const struct sg_ledger *ledger,
                                  struct sg_err *err)
{
    enum sg_status st = ledger->ops->coverage(ledger->self, NULL, 0, on_cover, covers, err);
    if (st == SG_OK && covers->no_memory)
        st = sg_err_nomem(err);
    if (st != SG_OK)
        return st;
    covers->ids = sg_mem_alloc(covers->n, sizeof(*covers->ids));
    covers->addrs = sg_mem_zalloc(covers->n, sizeof(*covers->addrs));
    if (!covers->ids || !covers->addrs)
        return sg_err_nomem(err);
    for (size_t i = 0; i < covers->n; i++)
        covers->ids[i] = covers->items[i].addr;
    return ledger->ops->addrs(ledger->self, covers->addrs, covers->ids, covers->n, err);
}

static void clear_covers(struct covers *covers)
{
    sg_mem_free(covers->addrs);
    sg_mem_free(covers->ids);
    sg_mem_free(covers->items);
}

static void print_covers(const struct job *job, const struct covers *covers)
{
    char text[SG_ADDRESS_TEXT_MAX];
    if (covers->n == 0)
        printf("  coverage       none: every address is unobserved outside the rows\n");
    for (size_t i = 0; i < covers->n && i < COVERAGE_SHOWN; i++) {
        const struct sg_coverage *cover = &covers->items[i];
        printf("  %-14s ", i ? "" : "coverage");
        if (cover->addr.v == SG_ID_NONE)
            printf("whole chain");
        else
            printf("%s", sg_address_format(text, job->chain, &covers->addrs[i]));
        printf(" ");
        print_kinds(cover->kinds);
        printf(" %" PRIu64 " to %" PRIu64 "\n", cover->first_block, cover->last_block);
    }
    if (covers->n > COVERAGE_SHOWN)
        printf("  %-14s and %zu more; --json has them all\n", "", covers->n - COVERAGE_SHOWN);
}

/* Bytes of the file, and a row. */
static void print_sizes(const struct sg_ledger_sizes *sizes, uint64_t rows)
{
    const uint64_t n = rows ? rows : 1;
    printf("  %-28s ", "bytes");
    sg_term_number(stdout, sizes->file_bytes);
    printf(", a row %" PRIu64 ".%02" PRIu64 "\n", sizes->file_bytes / n,
           sizes->file_bytes % n * 100 / n);
    for (size_t i = 0; i < sizes->n; i++) {
        const uint64_t bytes = sizes->parts[i].bytes;
        if (bytes)
            printf("    %-26s %" PRIu64 ".%02" PRIu64 "\n", sizes->parts[i].name, bytes / n,
                   bytes % n * 100 / n);
    }
}

static void json_sizes(struct job *job, const struct sg_ledger_sizes *sizes)
{
    struct sg_jsonw *w = &job->w;
    sg_jsonw_kv_uint(w, "file_bytes", sizes->file_bytes);
    sg_jsonw_key(w, "bytes");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < sizes->n; i++) {
        sg_jsonw_begin_object(w);
        sg_jsonw_kv_string(w, "part", sizes->parts[i].name);
        sg_jsonw_kv_uint(w, "bytes", sizes->parts[i].bytes);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
}

static void print_stats(const struct job *job, const struct sg_ledger *ledger,
                        const struct covers *covers)
{
    const struct sg_ledger_stats *s = &ledger->stats;
    char first[SG_TIME_TEXT_MAX];
    char last[SG_TIME_TEXT_MAX];
    printf("%s\n", job->chain->name);
    print_count("rows", s->rows);
    print_count("transactions", s->txs);
    print_count("addresses", s->addresses);
    print_count("assets", s->assets);
    print_count("files", s->files);
    print_count("bad rows", s->bad_rows);
    printf("  %-14s %" PRIu64 " to %" PRIu64 "\n", "blocks", s->first_block, s->last_block);
    printf("  %-14s %s to %s\n", "time", sg_time_format(first, s->first_unix_s),
           sg_time_format(last, s->last_unix_s));
    printf("  %-14s ", "order unknown");
    sg_term_number(stdout, s->order_unknown_txs);
    printf(" transactions, in ");
    sg_term_number(stdout, s->order_unknown_blocks);
    printf(" blocks two or more\n");
    print_covers(job, covers);
}

static void json_covers(struct job *job, const struct covers *covers)
{
    struct sg_jsonw *w = &job->w;
    char text[SG_ADDRESS_TEXT_MAX];
    sg_jsonw_key(w, "coverage");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < covers->n; i++) {
        const struct sg_coverage *cover = &covers->items[i];
        sg_jsonw_begin_object(w);
        sg_jsonw_kv_string(w, "address",
                           cover->addr.v == SG_ID_NONE
                               ? NULL
                               : sg_address_format(text, job->chain, &covers->addrs[i]));
        json_kinds(w, cover->kinds);
        sg_jsonw_kv_uint(w, "first_block", cover->first_block);
        sg_jsonw_kv_uint(w, "last_block", cover->last_block);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
}

static void json_stats(struct job *job, const struct sg_ledger *ledger, const struct covers *covers)
{
    const struct sg_ledger_stats *s = &ledger->stats;
    struct sg_jsonw *w = &job->w;
    sg_jsonw_kv_uint(w, "rows", s->rows);
    sg_jsonw_kv_uint(w, "transactions", s->txs);
    sg_jsonw_kv_uint(w, "addresses", s->addresses);
    sg_jsonw_kv_uint(w, "assets", s->assets);
    sg_jsonw_kv_uint(w, "files", s->files);
    sg_jsonw_kv_uint(w, "bad_rows", s->bad_rows);
    sg_jsonw_kv_uint(w, "first_block", s->first_block);
    sg_jsonw_kv_uint(w, "last_block", s->last_block);
    sg_jsonw_kv_time(w, "first_unix_s", s->first_unix_s);
    sg_jsonw_kv_time(w, "last_unix_s", s->last_unix_s);
    sg_jsonw_kv_uint(w, "order_unknown_transactions", s->order_unknown_txs);
    sg_jsonw_kv_uint(w, "order_unknown_blocks", s->order_unknown_blocks);
    sg_jsonw_kv_uint(w, "generation", s->generation);
    sg_jsonw_key(w, "state");
    sg_jsonw_hex(w, s->state32, sizeof(s->state32));
    json_covers(job, covers);
}

static enum sg_status do_stats(struct job *job, struct sg_err *err)
{
    struct sg_ledger ledger = {0};
    struct covers covers = {0};
    struct sg_ledger_sizes sizes;
    enum sg_status st = sg_ledger_open(&ledger, job->dir, job->chain, err);
    if (st == SG_OK)
        st = read_covers(&covers, &ledger, err);
    if (st == SG_OK)
        st = sg_engine_sizes(&sizes, job->dir, job->chain, err);
    if (st == SG_OK && job->json) {
        json_stats(job, &ledger, &covers);
        json_sizes(job, &sizes);
    } else if (st == SG_OK) {
        print_stats(job, &ledger, &covers);
        print_sizes(&sizes, ledger.stats.rows);
    }
    clear_covers(&covers);
    sg_ledger_close(&ledger);
    return st;
}

static void on_fault(void *ctx, const char *fault)
{
    struct job *job = ctx;
    if (job->n_seen++ >= FAULTS_SHOWN)
        return;
    if (job->json)
        sg_jsonw_string(&job->w, fault);
    else
        printf("%s: %s\n", job->chain->name, fault);
}

static enum sg_status do_check(struct job *job, struct sg_err *err)
{
    struct sg_bar bar;
    uint64_t n_faults = 0;
    if (job->json) {
        sg_jsonw_key(&job->w, "first_faults");
        sg_jsonw_begin_array(&job->w);
    }
    sg_bar_begin(&bar, "checking", false);
    const enum sg_status st =
        sg_engine_check(&n_faults, job->dir, job->chain, &bar.progress, on_fault, job, err);
    sg_bar_end(&bar);
    job->n_faults += n_faults;
    if (st != SG_OK)
        return st;
    if (job->json) {
        sg_jsonw_end_array(&job->w);
        sg_jsonw_kv_uint(&job->w, "faults", n_faults);
    } else {
        printf("%s: %s, %" PRIu64 " faults\n", job->chain->name, n_faults ? "NOT SOUND" : "sound",
               n_faults);
    }
    return SG_OK;
}

static void on_file(void *ctx, const struct sg_file_entry *file)
{
    struct job *job = ctx;
    char sha256[65];
    sg_hex_encode(sha256, file->sha256, sizeof(file->sha256));
    if (job->json) {
        sg_jsonw_begin_object(&job->w);
        sg_jsonw_kv_string(&job->w, "name", file->name);
        sg_jsonw_kv_string(&job->w, "sha256", sha256);
        sg_jsonw_kv_uint(&job->w, "bytes", file->bytes);
        sg_jsonw_kv_string(&job->w, "table", file->table);
        sg_jsonw_kv_uint(&job->w, "records", file->records);
        sg_jsonw_kv_uint(&job->w, "bad", file->bad);
        sg_jsonw_end_object(&job->w);
        return;
    }
    printf("%s %" PRIu64 " ", job->chain->name, job->n_seen++);
    sg_term_text(stdout, file->name, strlen(file->name));
    printf(": %s, ", file->table);
    sg_term_number(stdout, file->bytes);
    printf(" bytes, ");
    sg_term_number(stdout, file->records);
    printf(" records, %" PRIu64 " bad, sha256 %s\n", file->bad, sha256);
}

static void on_bad(void *ctx, const struct sg_bad_entry *bad)
{
    struct job *job = ctx;
    if (job->json) {
        sg_jsonw_begin_object(&job->w);
        sg_jsonw_kv_uint(&job->w, "file", bad->file);
        sg_jsonw_kv_uint(&job->w, "line", bad->line);
        sg_jsonw_kv_uint(&job->w, "offset", bad->offset);
        sg_jsonw_kv_string(&job->w, "reason", bad->reason);
        sg_jsonw_kv_string(&job->w, "text", bad->text);
        sg_jsonw_end_object(&job->w);
        return;
    }
    printf("%s file %" PRIu64 " line %" PRIu64 " at byte %" PRIu64 ": ", job->chain->name,
           bad->file, bad->line, bad->offset);
    sg_term_text(stdout, bad->reason, strlen(bad->reason));
    printf("\n  ");
    sg_term_text(stdout, bad->text, strlen(bad->text));
    putchar('\n');
}

static enum sg_status do_files(struct job *job, struct sg_err *err)
{
    if (job->json) {
        sg_jsonw_key(&job->w, "files");
        sg_jsonw_begin_array(&job->w);
    }
    const enum sg_status st = sg_engine_files(job->dir, job->chain, on_file, job, err);
    if (job->json && st == SG_OK)
        sg_jsonw_end_array(&job->w);
    return st;
}

static enum sg_status do_bad(struct job *job, struct sg_err *err)
{
    if (job->json) {
        sg_jsonw_key(&job->w, "bad_rows");
        sg_jsonw_begin_array(&job->w);
    }
    const enum sg_status st = sg_engine_bad_rows(job->dir, job->chain, on_bad, job, err);
    if (job->json && st == SG_OK)
        sg_jsonw_end_array(&job->w);
    return st;
}

static const struct {
    const char *name;
    enum sg_status (*run)(struct job *job, struct sg_err *err);
} actions[] = {
    {"stats", do_stats},
    {"check", do_check},
    {"files", do_files},
    {"bad", do_bad},
};

static void on_chain(void *ctx, const struct sg_chain *chain)
{
    struct job *job = ctx;
    if (job->n_chains < SG_COUNT_OF(job->chains))
        job->chains[job->n_chains++] = chain;
}

static void on_outputs(struct job *job, const struct sg_btc_params *params)
{
    if (job->n_outputs < OUTPUTS_MAX)
        job->outputs[job->n_outputs++] = params;
}

static enum sg_status find_all(struct job *job, struct sg_err *err)
{
    const struct sg_btc_params *params;
    for (size_t i = 0; (params = sg_btc_params_at(i)); i++)
        if (sg_utxo_exists(job->dir, params))
            on_outputs(job, params);
    const enum sg_status st = sg_ledger_chains(job->dir, on_chain, job, err);
    return st == SG_ENOTFOUND && job->n_outputs ? SG_OK : st;
}

static enum sg_status find_chains(struct job *job, const char *name, struct sg_err *err)
{
    if (!name)
        return find_all(job, err);
    if (sg_btc_params_find(name, NULL)) {
        on_outputs(job, sg_btc_params_find(name, NULL));
        return SG_OK;
    }
    const struct sg_chain *chain = sg_chain_find(name, strlen(name));
    if (!chain)
        return sg_err_set(err, SG_EUSAGE, "--chain %s: no such chain is known", name);
    on_chain(job, chain);
    return SG_OK;
}

/* A ledger of outputs: opening it is what check does. */
static enum sg_status run_outputs(struct job *job, const struct sg_btc_params *params,
                                  size_t action, struct sg_err *err)
{
    if (strcmp(actions[action].name, "stats") == 0)
        return sg_utxoing_stats(&job->w, job->dir, params, job->json, err);
    if (strcmp(actions[action].name, "check") == 0)
        return sg_utxoing_check(&job->w, job->dir, params, job->json, err);
    return sg_err_set(err, SG_EUSAGE, "%s keeps no list of %s: stats or check is expected",
                      params->name, actions[action].name);
}

static enum sg_status run(struct job *job, size_t action, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    job->buf = (struct sg_buf)SG_BUF_INIT(JSON_MAX);
    sg_jsonw_init(&job->w, &job->buf);
    sg_jsonw_begin_object(&job->w);
    sg_jsonw_key(&job->w, "chains");
    sg_jsonw_begin_array(&job->w);
    for (size_t i = 0; i < job->n_chains && st == SG_OK; i++) {
        job->chain = job->chains[i];
        job->n_seen = 0;
        sg_jsonw_begin_object(&job->w);
        sg_jsonw_kv_string(&job->w, "chain", job->chain->name);
        st = actions[action].run(job, err);
        if (st == SG_OK)
            sg_jsonw_end_object(&job->w);
    }
    for (size_t i = 0; i < job->n_outputs && st == SG_OK; i++) {
        sg_jsonw_begin_object(&job->w);
        sg_jsonw_kv_string(&job->w, "chain", job->outputs[i]->name);
        st = run_outputs(job, job->outputs[i], action, err);
        if (st == SG_OK)
            sg_jsonw_end_object(&job->w);
    }
    if (st == SG_OK && job->json) {
        sg_jsonw_end_array(&job->w);
        sg_jsonw_end_object(&job->w);
        st = sg_buf_check(&job->buf, err);
        if (st == SG_OK)
            puts(job->buf.data);
    }
    sg_buf_clear(&job->buf);
    return st;
}

int sg_cmd_ledger(int argc, char **argv)
{
    struct job job = {0};
    const char *chain = NULL;
    const struct sg_opt opts[] = {
        {.name = "ledger", .arg = "DIR", .help = "the ledger", .text = &job.dir},
        {.name = "chain", .arg = "NAME", .help = "this chain only", .text = &chain},
        {.name = "json", .help = "as JSON (docs/api/ledger.json)", .flag = &job.json},
    };
    const struct sg_usage usage = {
        VERB,
        "stats|check|files|bad --ledger DIR [options]",
        "stats shows what the ledger holds, check verifies every invariant of its file and fails\n"
        "if one is broken, files lists what it was made from, bad shows the rows that could not\n"
        "be read.",
        "  sillage ledger stats --ledger L",
        opts,
        SG_COUNT_OF(opts),
        1,
        1};
    struct sg_err err = {0};
    char **args;
    size_t n_args;
    size_t action = 0;
    const enum sg_opts_result parsed = sg_opts_parse(&args, &n_args, &usage, argc, argv);
    if (parsed != SG_OPTS_RUN)
        return parsed == SG_OPTS_HELP ? 0 : 2;
    while (action < SG_COUNT_OF(actions) && strcmp(args[0], actions[action].name) != 0)
        action++;
    enum sg_status st = SG_OK;
    if (action == SG_COUNT_OF(actions))
        st = sg_err_set(&err, SG_EUSAGE, "%s: stats, check, files or bad is expected", args[0]);
    else if (!job.dir)
        st = sg_err_set(&err, SG_EUSAGE, "--ledger is needed; see sillage ledger --help");
    if (st == SG_OK)
        st = find_chains(&job, chain, &err);
    if (st == SG_OK)
        st = run(&job, action, &err);
    if (st != SG_OK)
        return sg_app_fail(VERB, &err);
    return job.n_faults ? 1 : 0;
}
