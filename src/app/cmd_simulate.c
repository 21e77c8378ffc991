/* sillage simulate: a made-up world of transfers with its truth, as CSV or straight into a ledger.
 */
#include "analysis/simulate/simulate.h"
#include "app/coinworlding/coinworlding.h"
#include "app/meter.h"
#include "app/opts.h"
#include "app/term.h"
#include "app/verbs.h"
#include "app/worldload/worldload.h"

#include "base/buf.h"
#include "base/digest.h"
#include "base/hex.h"
#include "base/jsonw.h"
#include "base/mem.h"
#include "store/file/file.h"
#include "store/outfile/outfile.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define VERB           "simulate"
#define PIECE          ((size_t)1024 * 1024)
#define MEMORY_MIN     ((uint64_t)1024 * 1024)
#define MEMORY_DEFAULT ((uint64_t)512 * 1024 * 1024)

struct words {
    const char *dir, *model, *scenario, *format;
    uint64_t seed, transfers, memory, threads;
    bool json;
};

/* The two chains: a bridge leads from the first to the second. */
static const char *const chain_names[SG_SIMULATE_CHAINS] = {"ethereum", "arbitrum"};
static const char *const table_names[SG_SIMULATE_CHAINS] = {"transfers.csv",
                                                            "transfers-arbitrum.csv"};

struct run {
    const struct words *words;
    struct sg_scenario scenario;
    struct sg_simulate options;
    struct sg_simulate_summary summary;
    struct sg_outfile truth, tables[SG_SIMULATE_CHAINS];
    struct sg_buf lines[SG_SIMULATE_CHAINS]; /* CSV that waits to be written */
    struct sg_worldload load;
    char ledger[SG_OUTFILE_PATH_MAX];
    struct sg_bar bar;
};

static bool to_ledger(const struct run *run)
{
    return strcmp(run->words->format, "ledger") == 0;
}

static enum sg_status flush(struct run *run, unsigned chain, struct sg_err *err)
{
    struct sg_buf *lines = &run->lines[chain];
    enum sg_status st = sg_buf_check(lines, err);
    if (st == SG_OK)
        st = sg_outfile_append(&run->tables[chain], lines->data, lines->size, err);
    sg_buf_reset(lines);
    return st;
}

static void put_address(struct sg_buf *out, const struct sg_chain *chain,
                        const struct sg_address *address)
{
    char text[SG_ADDRESS_TEXT_MAX];
    sg_buf_puts(out, sg_address_format(text, chain, address));
    sg_buf_putc(out, ',');
}

static void put_amount(struct sg_buf *out, struct sg_amount amount)
{
    char text[SG_AMOUNT_TEXT_MAX];
    sg_buf_puts(out, sg_amount_format(text, amount, 0));
}

static const char *kind_name(const struct sg_record *record)
{
    if (record->is_reward)
        return "reward";
    return record->kind == SG_RECORD_TX      ? "native"
           : record->kind == SG_RECORD_TOKEN ? "token"
                                             : "internal";
}

static void put_number(struct sg_buf *out, uint32_t number)
{
    if (number != SG_INDEX_UNKNOWN)
        sg_buf_printf(out, "%" PRIu32, number);
    sg_buf_putc(out, ',');
}

/* A line of docs/formats/transfers.md. */
static void put_line(struct sg_buf *out, const struct sg_chain *chain,
                     const struct sg_simulate_row *row)
{
    const struct sg_record *r = &row->record;
    char hash[65] = "";
    if (r->has_hash)
        sg_hex_encode(hash, r->hash32, 32);
    sg_buf_printf(out, "%" PRIu64 ",%s,", r->block, hash);
    put_number(out, r->tx_index);
    sg_buf_printf(out, "%" PRId64 ",%s,", r->time_unix_s, kind_name(r));
    put_number(out, r->log_index);
    put_address(out, chain, &r->from);
    put_address(out, chain, &r->to);
    put_address(out, chain, &r->token);
    sg_buf_csv(out, r->symbol, strlen(r->symbol));
    if (r->has_decimals)
        sg_buf_printf(out, ",%u,", r->decimals);
    else
        sg_buf_puts(out, ",,");
    put_amount(out, r->amount);
    sg_buf_puts(out, r->status == SG_TX_FAILED ? ",failed," : ",ok,");
    if (row->has_fee)
        put_amount(out, row->fee);
    sg_buf_putc(out, ',');
    if (row->has_fee)
        put_address(out, chain, &row->fee_payer);
    else
        sg_buf_putc(out, ',');
    sg_buf_puts(out, chain->name);
    sg_buf_putc(out, '\n');
}

static enum sg_status on_row(void *ctx, unsigned chain, const struct sg_simulate_row *row,
                             struct sg_err *err)
{
    struct run *run = ctx;
    put_line(&run->lines[chain], run->options.chains[chain], row);
    return run->lines[chain].size >= PIECE ? flush(run, chain, err) : SG_OK;
}

static enum sg_status on_truth(void *ctx, const char *bytes, size_t size, struct sg_err *err)
{
    struct run *run = ctx;
    return sg_outfile_append(&run->truth, bytes, size, err);
}

static enum sg_status on_case(void *ctx, uint32_t theft, const char *bytes, size_t size,
                              struct sg_err *err)
{
    const struct run *run = ctx;
    char path[SG_OUTFILE_PATH_MAX];
    snprintf(path, sizeof(path), "%.4000s/case-%" PRIu32 ".yaml", run->words->dir, theft);
    return sg_file_write(path, bytes, size, err);
}

static enum sg_status on_begin(void *ctx, const struct sg_sim *sim, struct sg_err *err)
{
    return sg_worldload_begin(&((struct run *)ctx)->load, sim, err);
}

static enum sg_status on_move(void *ctx, const struct sg_sim *sim, unsigned chain,
                              const struct sg_simulate_move *move, struct sg_err *err)
{
    return sg_worldload_move(&((struct run *)ctx)->load, sim, chain, move, err);
}

static enum sg_status on_end(void *ctx, struct sg_err *err)
{
    return sg_worldload_end(&((struct run *)ctx)->load, err);
}

static enum sg_status begin_table(struct run *run, unsigned chain, struct sg_err *err)
{
    char path[SG_OUTFILE_PATH_MAX];
    snprintf(path, sizeof(path), "%.4000s/%s", run->words->dir, table_names[chain]);
    sg_buf_puts(&run->lines[chain], "block,tx_hash,tx_index,time,kind,position,from,to,asset,"
                                    "symbol,decimals,amount,status,fee,fee_payer,chain\n");
    return sg_outfile_begin(&run->tables[chain], path, err);
}

/* What stands where the digest of a file would: the options, which decide every byte. */
static enum sg_status digest_options(uint8_t sha256[SG_SHA256_SIZE], const struct run *run,
                                     struct sg_err *err)
{
    struct sg_sha256 *state = sg_sha256_new();
    if (!state)
        return sg_err_nomem(err);
    sg_sha256_update(state, &run->options.seed, sizeof(run->options.seed));
    sg_sha256_update(state, &run->options.transfers, sizeof(run->options.transfers));
    sg_sha256_update(state, &run->scenario, sizeof(run->scenario));
    sg_sha256_final(sha256, state);
    sg_sha256_free(state);
    return SG_OK;
}

static enum sg_status begin_load(struct run *run, struct sg_err *err)
{
    snprintf(run->ledger, sizeof(run->ledger), "%.4000s/ledger", run->words->dir);
    run->load = (struct sg_worldload){.dir = run->ledger,
                                      .options = &run->options,
                                      .memory_max = (size_t)run->words->memory,
                                      .n_threads = (size_t)run->words->threads};
    return digest_options(run->load.identity32, run, err);
}

static enum sg_status begin(struct run *run, struct sg_err *err)
{
    char path[SG_OUTFILE_PATH_MAX];
    enum sg_status st = sg_file_mkdir(run->words->dir, err);
    snprintf(path, sizeof(path), "%.4000s/truth.json", run->words->dir);
    if (st == SG_OK)
        st = sg_outfile_begin(&run->truth, path, err);
    if (st == SG_OK && to_ledger(run))
        return begin_load(run, err);
    for (unsigned chain = 0; st == SG_OK && chain < SG_SIMULATE_CHAINS; chain++)
        st = begin_table(run, chain, err);
    return st;
}

static enum sg_status end(struct run *run, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    if (to_ledger(run))
        st = sg_worldload_finish(&run->load, err);
    for (unsigned chain = 0; st == SG_OK && !to_ledger(run) && chain < SG_SIMULATE_CHAINS; chain++)
        st = flush(run, chain, err);
    for (unsigned chain = 0; st == SG_OK && !to_ledger(run) && chain < SG_SIMULATE_CHAINS; chain++)
        st = sg_outfile_commit(&run->tables[chain], err);
    return st == SG_OK ? sg_outfile_commit(&run->truth, err) : st;
}

static void drop(struct run *run)
{
    for (unsigned chain = 0; chain < SG_SIMULATE_CHAINS; chain++) {
        sg_outfile_abandon(&run->tables[chain]);
        sg_buf_clear(&run->lines[chain]);
    }
    sg_outfile_abandon(&run->truth);
    sg_worldload_free(&run->load);
}

static enum sg_status make(struct run *run, struct sg_err *err)
{
    const struct sg_simulate_sink sink = {
        .row = on_row, .truth = on_truth, .case_file = on_case, .ctx = run};
    const struct sg_simulate_sink load = {.truth = on_truth,
                                          .case_file = on_case,
                                          .ctx = run,
                                          .move = on_move,
                                          .begin = on_begin,
                                          .end = on_end};
    run->truth.fd = -1;
    for (unsigned chain = 0; chain < SG_SIMULATE_CHAINS; chain++) {
        run->tables[chain].fd = -1;
        run->lines[chain] = (struct sg_buf)SG_BUF_INIT(2 * PIECE);
    }
    sg_bar_begin(&run->bar, "simulating", false);
    run->options.progress = &run->bar.progress;
    enum sg_status st = begin(run, err);
    if (st == SG_OK)
        st = sg_simulate_run(&run->summary, &run->options, to_ledger(run) ? &load : &sink, err);
    if (st == SG_OK)
        st = end(run, err);
    sg_bar_end(&run->bar);
    drop(run);
    return st;
}

static enum sg_status read_scenario(struct sg_scenario *scenario, const char *path,
                                    struct sg_err *err)
{
    struct sg_arena arena = SG_ARENA_INIT;
    uint8_t *bytes = NULL;
    size_t size;
    sg_scenario_defaults(scenario);
    if (!path)
        return SG_OK;
    enum sg_status st = sg_file_read(&bytes, &size, path, SG_SMALL_FILE_MAX, err);
    if (st == SG_OK) {
        st = sg_scenario_parse(scenario, &arena, (const char *)bytes, size, err);
        if (st != SG_OK)
            sg_err_frame(err, "%s", path);
    }
    sg_mem_free(bytes);
    sg_arena_clear(&arena);
    return st;
}

static bool is_utxo(const struct words *words)
{
    return strcmp(words->model, "utxo") == 0;
}

static enum sg_status understand(struct run *run, struct sg_err *err)
{
    const struct words *w = run->words;
    if (!w->dir)
        return sg_err_set(err, SG_EUSAGE, "--out DIR is needed");
    if (w->transfers == 0 || w->transfers > (uint64_t)1 << 40)
        return sg_err_set(err, SG_EUSAGE, "--transfers: 1 to 1,099,511,627,776");
    if (strcmp(w->model, "account") != 0 && !is_utxo(w))
        return sg_err_set(err, SG_EUSAGE, "--model %s: account or utxo is expected", w->model);
    if (is_utxo(w) && strcmp(w->format, "csv") != 0)
        return sg_err_set(err, SG_EUSAGE,
                          "--format %s: blocks are written; sillage ingest reads them", w->format);
    if (w->memory < MEMORY_MIN)
        return sg_err_set(err, SG_EUSAGE, "--memory: 1 MiB at least");
    if (strcmp(w->format, "csv") != 0 && !to_ledger(run))
        return sg_err_set(err, SG_EUSAGE, "--format %s: csv or ledger is expected", w->format);
    run->options = (struct sg_simulate){
        .seed = w->seed, .transfers = w->transfers, .scenario = &run->scenario};
    for (unsigned chain = 0; chain < SG_SIMULATE_CHAINS; chain++)
        run->options.chains[chain] = sg_chain_find(chain_names[chain], strlen(chain_names[chain]));
    const enum sg_status st = read_scenario(&run->scenario, w->scenario, err);
    if (st == SG_OK && !run->scenario.hashes && !to_ledger(run))
        return sg_err_set(err, SG_EUSAGE, "hashes: 0 needs --format ledger; a table has hashes");
    return st;
}

static enum sg_status print_json(const struct run *run, struct sg_err *err)
{
    const struct sg_simulate_summary *s = &run->summary;
    struct sg_buf out = SG_BUF_INIT(PIECE);
    struct sg_jsonw w;
    sg_jsonw_init(&w, &out);
    sg_jsonw_begin_object(&w);
    sg_jsonw_kv_uint(&w, "schema", 1);
    sg_jsonw_kv_uint(&w, "seed", run->words->seed);
    sg_jsonw_key(&w, "chains");
    sg_jsonw_begin_array(&w);
    for (unsigned chain = 0; chain < SG_SIMULATE_CHAINS; chain++) {
        sg_jsonw_begin_object(&w);
        sg_jsonw_kv_string(&w, "chain", chain_names[chain]);
        sg_jsonw_kv_uint(&w, "rows", s->rows[chain]);
        sg_jsonw_end_object(&w);
    }
    sg_jsonw_end_array(&w);
    sg_jsonw_kv_uint(&w, "thefts", s->thefts);
    sg_jsonw_kv_uint(&w, "salaries", s->salaries);
    sg_jsonw_end_object(&w);
    sg_buf_putc(&out, '\n');
    const enum sg_status st = sg_term_print(&out, err);
    sg_buf_clear(&out);
    return st;
}

static enum sg_status print_text(const struct run *run)
{
    const struct sg_simulate_summary *s = &run->summary;
    sg_term_text(stdout, run->words->dir, strlen(run->words->dir));
    printf(": ");
    for (unsigned chain = 0; chain < SG_SIMULATE_CHAINS; chain++) {
        sg_term_number(stdout, s->rows[chain]);
        printf(" rows of %s, ", chain_names[chain]);
    }
    printf("%" PRIu64 " thefts, ", s->thefts);
    sg_term_number(stdout, s->salaries);
    printf(" salaries, seed %" PRIu64 "\n", run->words->seed);
    return SG_OK;
}

static int simulate_utxo(const struct run *run)
{
    struct sg_err err;
    const struct sg_coinworlding request = {.dir = run->words->dir,
                                            .seed = run->words->seed,
                                            .transactions = run->words->transfers,
                                            .scenario = &run->scenario,
                                            .json = run->words->json};
    return sg_coinworlding_run(&request, &err) == SG_OK ? 0 : sg_app_fail(VERB, &err);
}

static int simulate(const struct words *words)
{
    struct sg_err err;
    struct run run = {.words = words};
    enum sg_status st = understand(&run, &err);
    if (st == SG_OK && is_utxo(words))
        return simulate_utxo(&run);
    if (st == SG_OK)
        st = make(&run, &err);
    if (st == SG_OK)
        st = words->json ? print_json(&run, &err) : print_text(&run);
    return st == SG_OK ? 0 : sg_app_fail(VERB, &err);
}

int sg_cmd_simulate(int argc, char **argv)
{
    struct words words = {
        .model = "account", .format = "csv", .memory = MEMORY_DEFAULT, .threads = 1};
    char **args;
    size_t n_args;
    const struct sg_opt opts[] = {
        {.name = "out", .arg = "DIR", .help = "folder, made if need be", .text = &words.dir},
        {.name = "seed", .arg = "N", .help = "same seed, same bytes (0)", .number = &words.seed},
        {.name = "transfers",
         .arg = "M",
         .help = "rows of both chains together; with --model utxo transactions",
         .number = &words.transfers},
        {.name = "model",
         .arg = "M",
         .help = "account (the default) or utxo: blocks of Bitcoin",
         .text = &words.model},
        {.name = "scenario",
         .arg = "FILE",
         .help = "YAML: how many of what (docs/methods/simulate.md)",
         .text = &words.scenario},
        {.name = "format",
         .arg = "F",
         .help = "csv (the default), or ledger: straight into DIR/ledger",
         .text = &words.format},
        {.name = "memory",
         .arg = "SIZE",
         .help = "to sort the lists of a ledger with, 512M",
         .bytes = &words.memory},
        {.name = "threads",
         .arg = "N",
         .help = "of the load of a ledger: 2 makes rows and columns side by side (1)",
         .number = &words.threads},
        {.name = "json",
         .help = "the summary as JSON (docs/api/simulate.json)",
         .flag = &words.json},
    };
    const struct sg_usage usage = {
        .verb = VERB,
        .args = "--out DIR --transfers M [options]",
        .summary =
            "Writes a made-up world of transfers on two chains, and truth.json: where every unit "
            "of "
            "each\ntheft went, who is one owner, which deposits and withdrawals pair up, who "
            "gathers salaries.\nWhat is modelled and what is not: docs/methods/simulate.md.",
        .example = "  sillage simulate --out world --seed 1 --transfers 100000\n"
                   "  sillage ingest --ledger L --chain ethereum --format transfers "
                   "world/transfers.csv",
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
    return simulate(&words);
}
