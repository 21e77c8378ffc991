/* sillage ingest: source files into a ledger, all or nothing. Decoding happens here on one thread,
 * the file's digest beside it; sorting and writing are store/import's. */
#include "app/cover_kinds.h"
#include "app/meter.h"
#include "app/opts.h"
#include "app/term.h"
#include "app/utxoing/utxoing.h"
#include "app/verbs.h"

#include "base/digest.h"
#include "base/hex.h"
#include "base/jsonw.h"
#include "base/mem.h"
#include "base/parallel.h"
#include "store/file/file.h"
#include "store/import/import.h"
#include "store/parquet/parquet.h"

#include <inttypes.h>
#include <libgen.h>
#include <string.h>
#include <unistd.h>

#define VERB           "ingest"
#define MEMORY_DEFAULT ((uint64_t)512 * 1024 * 1024)
#define BAD_DEFAULT    100
#define BAD_SHOWN      5 /* bad rows told on the terminal and in JSON; the ledger keeps all */
#define JSON_MAX       ((size_t)64 * 1024 * 1024)
#define DIGEST_BESIDE  ((size_t)256 * 1024) /* pieces that are worth a thread */

/* One of the first bad rows. */
struct shown_bad {
    const char *file;
    uint64_t offset, line;
    char reason[160];
};

/* What is told of a file at the end. */
struct file_result {
    const char *name;
    char table[48];
    uint8_t sha256[SG_SHA256_SIZE];
    uint64_t bytes, rows, bad;
    bool is_parquet;
    bool has_blocks;
    uint64_t first_block, last_block;
    bool has_cover_range;
    uint64_t cover_first, cover_last;
    struct sg_cover_claim claim;
};

struct ingest {
    const struct sg_chain *chain;
    enum sg_source_format format;
    struct sg_accounts accounts;
    struct sg_cover_wish wish;
    struct sg_import *import;
    struct sg_bar bar;
    uint64_t total_bytes, done_bytes;
    /* Of the file that is being read. */
    struct sg_decoder *decoder;
    struct sg_sha256 *sha256;
    struct sg_task digest; /* of the piece that is being decoded */
    const uint8_t *piece;
    size_t piece_size;
    bool threaded;
    struct file_result *file;
    struct file_result *files;
    size_t n_files;
    struct shown_bad bad[BAD_SHOWN];
    size_t n_bad; /* shown */
    struct sg_import_summary summary;
};

static enum sg_status on_record(void *ctx, const struct sg_record *record, struct sg_err *err)
{
    struct ingest *in = ctx;
    struct file_result *file = in->file;
    if (!file->has_blocks || record->block < file->first_block)
        file->first_block = record->block;
    if (!file->has_blocks || record->block > file->last_block)
        file->last_block = record->block;
    file->has_blocks = true;
    return sg_import_record(in->import, record, err);
}

static enum sg_status on_bad(void *ctx, const struct sg_bad_row *bad, struct sg_err *err)
{
    struct ingest *in = ctx;
    in->file->bad++;
    if (in->n_bad < BAD_SHOWN) {
        struct shown_bad *shown = &in->bad[in->n_bad++];
        shown->file = in->file->name;
        shown->offset = bad->offset;
        shown->line = bad->line;
        snprintf(shown->reason, sizeof(shown->reason), "%s", bad->reason);
    }
    return sg_import_bad(in->import, bad, err);
}

static void *digest_piece(void *ctx)
{
    struct ingest *in = ctx;
    sg_sha256_update(in->sha256, in->piece, in->piece_size);
    return NULL;
}

/* The bytes of a file on their way: count, whether to stop, and the digest, which is complete when
 * the task is. */
static enum sg_status take_piece(struct ingest *in, const uint8_t *bytes, size_t size, bool beside,
                                 struct sg_err *err)
{
    if (!sg_progress_step(&in->bar.progress, in->done_bytes, in->total_bytes))
        return sg_err_set(err, SG_ECANCELLED, "stopped; the ledger is as it was");
    in->piece = bytes;
    in->piece_size = size;
    sg_task_start(&in->digest, beside && in->threaded && size >= DIGEST_BESIDE, digest_piece, in);
    in->file->bytes += size;
    in->done_bytes += size;
    return SG_OK;
}

static enum sg_status on_bytes(void *ctx, const uint8_t *bytes, size_t size, struct sg_err *err)
{
    return take_piece(ctx, bytes, size, false, err);
}

static enum sg_status on_chunk(void *ctx, const uint8_t *bytes, size_t size, struct sg_err *err)
{
    struct ingest *in = ctx;
    enum sg_status st = take_piece(in, bytes, size, true, err);
    if (st == SG_OK)
        st = sg_decoder_feed(in->decoder, bytes, size, err);
    sg_task_wait(&in->digest);
    return st;
}

/* Text that a Parquet file was turned into; its own bytes were counted before. */
static enum sg_status on_text(void *ctx, const uint8_t *bytes, size_t size, struct sg_err *err)
{
    struct ingest *in = ctx;
    if (!sg_progress_step(&in->bar.progress, in->done_bytes, in->total_bytes))
        return sg_err_set(err, SG_ECANCELLED, "stopped; the ledger is as it was");
    return sg_decoder_feed(in->decoder, bytes, size, err);
}

/* Where ./do setup parquet puts the library: beside the program. Else the system knows. */
static const char *parquet_library(char *path, size_t size)
{
    char program[4096];
    const ssize_t n = readlink("/proc/self/exe", program, sizeof(program) - 1);
    if (n <= 0)
        return NULL;
    program[n] = 0;
    const int length = snprintf(path, size, "%s/duckdb/libduckdb.so", dirname(program));
    return length > 0 && (size_t)length < size && sg_file_size(path) ? path : NULL;
}

static enum sg_status stream(struct ingest *in, struct sg_err *err)
{
    char library[4200];
    const char *name = in->file->name;
    in->file->is_parquet = sg_parquet_is(name);
    if (!in->file->is_parquet)
        return sg_file_stream(name, on_chunk, in, err);
    const enum sg_status st = sg_file_stream(name, on_bytes, in, err);
    if (st != SG_OK)
        return st;
    return sg_parquet_stream(name, parquet_library(library, sizeof(library)), on_text, in, err);
}

/* The decoder saw CSV; the person gave Parquet. */
static void name_table(struct file_result *file, const char *table)
{
    const size_t size = strlen(table);
    if (file->is_parquet && size > 4 && strcmp(table + size - 4, " csv") == 0)
        snprintf(file->table, sizeof(file->table), "%.*s parquet", (int)(size - 4), table);
    else
        snprintf(file->table, sizeof(file->table), "%s", table);
}

static enum sg_status end_file(struct ingest *in, struct sg_err *err)
{
    struct file_result *file = in->file;
    struct sg_cover_claim *claim = &file->claim;
    sg_cover_decide(claim, &in->wish, in->format, in->decoder);
    sg_sha256_final(file->sha256, in->sha256);
    file->rows = sg_decoder_rows(in->decoder);
    name_table(file, sg_decoder_table(in->decoder));
    file->has_cover_range = claim->kinds && (in->wish.has_range || file->has_blocks);
    file->cover_first = in->wish.has_range ? in->wish.first_block : file->first_block;
    file->cover_last = in->wish.has_range ? in->wish.last_block : file->last_block;
    struct sg_import_file_end end = {
        .bytes = file->bytes,
        .table = file->table,
        .accounts = claim->accounts,
        .n_accounts = claim->n_accounts,
        .cover_kinds = claim->kinds,
        .cover_chain = claim->whole_chain && claim->kinds,
        .has_range = in->wish.has_range,
        .first_block = in->wish.first_block,
        .last_block = in->wish.last_block,
    };
    memcpy(end.sha256, file->sha256, sizeof(end.sha256));
    return sg_import_file_done(in->import, &end, err);
}

static enum sg_status read_file(struct ingest *in, struct sg_err *err)
{
    const struct sg_record_sink sink = {on_record, on_bad, in};
    const char *name = in->file->name;
    enum sg_status st = sg_import_file_begin(in->import, name, err);
    if (st == SG_OK)
        st = sg_decoder_new(&in->decoder, in->format, in->chain, &sink, err);
    if (st == SG_OK)
        st = stream(in, err);
    if (st == SG_OK)
        st = sg_decoder_finish(in->decoder, err);
    if (st == SG_OK)
        st = end_file(in, err);
    /* The sentence of a file that cannot be opened names it already. */
    if (st != SG_OK && st != SG_EIO && st != SG_ECANCELLED)
        sg_err_frame(err, "%s", name);
    sg_decoder_free(in->decoder);
    in->decoder = NULL;
    return st;
}

static enum sg_status read_all(struct ingest *in, char **names, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    for (size_t i = 0; i < in->n_files; i++)
        in->total_bytes += sg_file_size(names[i]);
    for (size_t i = 0; i < in->n_files && st == SG_OK; i++) {
        in->file = &in->files[i];
        in->file->name = names[i];
        st = read_file(in, err);
    }
    return st;
}

static enum sg_status run(struct ingest *in, const struct sg_import_options *options, char **names,
                          struct sg_err *err)
{
    struct sg_import_options with_bar = *options;
    in->threaded = options->n_threads > 1;
    in->files = sg_mem_zalloc(in->n_files, sizeof(*in->files));
    in->sha256 = sg_sha256_new();
    if (!in->files || !in->sha256)
        return sg_err_nomem(err);
    sg_bar_begin(&in->bar, "reading", true);
    with_bar.progress = &in->bar.progress;
    enum sg_status st = sg_import_new(&in->import, &with_bar, err);
    if (st == SG_OK)
        st = read_all(in, names, err);
    if (st == SG_OK) {
        in->bar.what = "writing";
        in->bar.in_bytes = false;
        st = sg_import_commit(&in->summary, in->import, err);
    }
    sg_bar_end(&in->bar);
    return st;
}

static void print_cover(const struct ingest *in, const struct file_result *file)
{
    const struct sg_cover_claim *claim = &file->claim;
    if (!file->has_cover_range) {
        if (claim->doubt)
            printf("  not marked as covered: %s\n", claim->doubt);
        return;
    }
    printf("  covers ");
    for (size_t i = 0, n = 0; sg_cover_kind_names[i]; i++)
        if (claim->kinds & 1u << i)
            printf("%s%s", n++ ? ", " : "", sg_cover_kind_names[i]);
    if (claim->whole_chain) {
        printf(" transfers of the whole chain");
    } else if (claim->n_accounts == 1) {
        char text[SG_ADDRESS_TEXT_MAX];
        printf(" transfers of %s%s", sg_address_format(text, in->chain, &claim->accounts[0]),
               claim->inferred ? " (it occurs in every row)" : "");
    } else {
        printf(" transfers of %zu accounts", claim->n_accounts);
    }
    printf(" in blocks %" PRIu64 " to %" PRIu64 "\n", file->cover_first, file->cover_last);
}

static void print_file(const struct ingest *in, const struct file_result *file)
{
    sg_term_text(stdout, file->name, strlen(file->name));
    printf(": %s, ", file->table);
    sg_term_number(stdout, file->rows);
    printf(" rows, ");
    sg_term_number(stdout, file->bad);
    printf(" bad");
    if (file->has_blocks)
        printf(", blocks %" PRIu64 " to %" PRIu64, file->first_block, file->last_block);
    putchar('\n');
    print_cover(in, file);
}

static void print_bad(const struct ingest *in, const char *dir)
{
    for (size_t i = 0; i < in->n_bad; i++) {
        printf("  bad row: ");
        sg_term_text(stdout, in->bad[i].file, strlen(in->bad[i].file));
        printf(" line %" PRIu64 " at byte %" PRIu64 ": ", in->bad[i].line, in->bad[i].offset);
        sg_term_text(stdout, in->bad[i].reason, strlen(in->bad[i].reason));
        putchar('\n');
    }
    if (in->summary.bad)
        printf("  sillage ledger bad --ledger %s shows all %" PRIu64 "\n", dir, in->summary.bad);
}

static void print_summary(const struct ingest *in, const char *dir)
{
    const struct sg_import_summary *s = &in->summary;
    for (size_t i = 0; i < in->n_files; i++)
        print_file(in, &in->files[i]);
    print_bad(in, dir);
    printf("%s: ", in->chain->name);
    sg_term_number(stdout, s->records);
    printf(" records, new: ");
    sg_term_number(stdout, s->rows_added);
    printf(" rows, ");
    sg_term_number(stdout, s->txs_added);
    printf(" transactions; completed: ");
    sg_term_number(stdout, s->txs_completed);
    printf(" transactions; bad: ");
    sg_term_number(stdout, s->bad);
    printf(" rows%s\n", s->rebuilt ? "; the ledger was rebuilt in order" : "");
}

static void json_cover(struct sg_jsonw *w, const struct ingest *in, const struct file_result *file)
{
    const struct sg_cover_claim *claim = &file->claim;
    sg_jsonw_key(w, "coverage");
    if (!file->has_cover_range) {
        sg_jsonw_null(w);
        return;
    }
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_bool(w, "whole_chain", claim->whole_chain);
    sg_jsonw_kv_bool(w, "inferred", claim->inferred);
    sg_jsonw_key(w, "accounts");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < claim->n_accounts; i++) {
        char text[SG_ADDRESS_TEXT_MAX];
        sg_jsonw_string(w, sg_address_format(text, in->chain, &claim->accounts[i]));
    }
    sg_jsonw_end_array(w);
    sg_jsonw_key(w, "kinds");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; sg_cover_kind_names[i]; i++)
        if (claim->kinds & 1u << i)
            sg_jsonw_string(w, sg_cover_kind_names[i]);
    sg_jsonw_end_array(w);
    sg_jsonw_kv_uint(w, "first_block", file->cover_first);
    sg_jsonw_kv_uint(w, "last_block", file->cover_last);
    sg_jsonw_end_object(w);
}

/* A block number, or null where the file has no records. */
static void json_block(struct sg_jsonw *w, const char *key, const struct file_result *file,
                       uint64_t block)
{
    sg_jsonw_key(w, key);
    if (file->has_blocks)
        sg_jsonw_uint(w, block);
    else
        sg_jsonw_null(w);
}

static void json_file(struct sg_jsonw *w, const struct ingest *in, const struct file_result *file)
{
    char sha256[2 * SG_SHA256_SIZE + 1];
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_string(w, "name", file->name);
    sg_jsonw_kv_string(w, "table", file->table);
    sg_jsonw_kv_uint(w, "bytes", file->bytes);
    sg_jsonw_kv_string(w, "sha256", sg_hex_encode(sha256, file->sha256, SG_SHA256_SIZE));
    sg_jsonw_kv_uint(w, "rows", file->rows);
    sg_jsonw_kv_uint(w, "bad", file->bad);
    json_block(w, "first_block", file, file->first_block);
    json_block(w, "last_block", file, file->last_block);
    json_cover(w, in, file);
    sg_jsonw_kv_string(w, "not_covered_because", file->claim.doubt);
    sg_jsonw_end_object(w);
}

static void json_bad(struct sg_jsonw *w, const struct shown_bad *bad)
{
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_string(w, "file", bad->file);
    sg_jsonw_kv_uint(w, "line", bad->line);
    sg_jsonw_kv_uint(w, "offset", bad->offset);
    sg_jsonw_kv_string(w, "reason", bad->reason);
    sg_jsonw_end_object(w);
}

static void json_summary(struct sg_jsonw *w, const struct ingest *in)
{
    const struct sg_import_summary *s = &in->summary;
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_string(w, "chain", in->chain->name);
    sg_jsonw_key(w, "files");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < in->n_files; i++)
        json_file(w, in, &in->files[i]);
    sg_jsonw_end_array(w);
    sg_jsonw_kv_uint(w, "records", s->records);
    sg_jsonw_kv_uint(w, "rows_added", s->rows_added);
    sg_jsonw_kv_uint(w, "transactions_added", s->txs_added);
    sg_jsonw_kv_uint(w, "transactions_completed", s->txs_completed);
    sg_jsonw_kv_uint(w, "bad", s->bad);
    sg_jsonw_key(w, "first_bad_rows");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < in->n_bad; i++)
        json_bad(w, &in->bad[i]);
    sg_jsonw_end_array(w);
    sg_jsonw_kv_bool(w, "rebuilt", s->rebuilt);
    sg_jsonw_end_object(w);
}

static enum sg_status print_json(const struct ingest *in, struct sg_err *err)
{
    struct sg_buf buf = SG_BUF_INIT(JSON_MAX);
    struct sg_jsonw w;
    sg_jsonw_init(&w, &buf);
    json_summary(&w, in);
    const enum sg_status st = sg_buf_check(&buf, err);
    if (st == SG_OK)
        puts(buf.data);
    sg_buf_clear(&buf);
    return st;
}

/* Everything that stands on the command line, as text. */
struct request {
    const char *dir, *chain, *network, *format, *cover, *range;
    struct sg_opt_list accounts;
    uint64_t memory, threads, bad_max;
    bool json;
};

static enum sg_status understand(struct ingest *in, const struct request *request,
                                 struct sg_err *err)
{
    if (!request->dir || !request->chain || !request->format)
        return sg_err_set(err, SG_EUSAGE,
                          "--ledger, --chain and --format are needed; see sillage ingest --help");
    in->chain = sg_chain_find(request->chain, strlen(request->chain));
    if (request->network && sg_utxoing_params(request->chain, NULL))
        return sg_err_set(err, SG_EUSAGE, "--network %s: no such network of %s is known",
                          request->network, request->chain);
    if (!in->chain)
        return sg_err_set(err, SG_EUSAGE, "--chain %s: no such chain is known", request->chain);
    if (sg_source_format_find(&in->format, request->format) != SG_OK)
        return sg_err_set(err, SG_EUSAGE,
                          "--format %s: etherscan, ethereum-etl or transfers is expected",
                          request->format);
    enum sg_status st = SG_OK;
    in->wish.accounts = &in->accounts;
    if (request->cover)
        st = sg_cover_kinds_parse(&in->wish.kinds, request->cover, err);
    if (st == SG_OK && request->range)
        st = sg_cover_range_parse(&in->wish, request->range, err);
    for (size_t i = 0; i < request->accounts.count && st == SG_OK; i++)
        st = sg_accounts_add(&in->accounts, in->chain, request->accounts.items[i], err);
    return st;
}

static size_t default_threads(void)
{
    const long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n > 0 ? (size_t)n : 1;
}

/* Of all that the machine has, three quarters: what would take more is refused before the system
 * ends the program. */
static uint64_t default_memory(void)
{
    const long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    return pages > 0 && size > 0 ? (uint64_t)pages / 4 * 3 * (uint64_t)size : 0;
}

static int finish(struct ingest *in, enum sg_status st, const struct request *request,
                  struct sg_err *err)
{
    if (st == SG_OK && request->json)
        st = print_json(in, err);
    else if (st == SG_OK)
        print_summary(in, request->dir);
    sg_import_free(in->import);
    sg_sha256_free(in->sha256);
    sg_mem_free(in->files);
    sg_accounts_clear(&in->accounts);
    return st == SG_OK ? 0 : sg_app_fail(VERB, err);
}

/* Blocks of a chain of outputs go another way. */
static int ingest_blocks(const struct request *request, const struct sg_btc_params *params,
                         char **names, size_t n_names)
{
    const struct sg_utxoing_ingest blocks = {
        .dir = request->dir,
        .params = params,
        .format = request->format,
        .paths = names,
        .n_paths = n_names,
        .n_threads = request->threads ? request->threads : default_threads(),
        .memory_max = request->memory ? request->memory : default_memory(),
        .json = request->json,
    };
    struct sg_err err = {0};
    enum sg_status st = SG_OK;
    if (!blocks.dir || !blocks.format)
        st = sg_err_set(&err, SG_EUSAGE, "--ledger and --format are needed");
    if (st == SG_OK)
        st = sg_utxoing_ingest(&blocks, &err);
    return st == SG_OK ? 0 : sg_app_fail(VERB, &err);
}

int sg_cmd_ingest(int argc, char **argv)
{
    struct request request = {.bad_max = BAD_DEFAULT};
    const struct sg_opt opts[] = {
        {.name = "ledger",
         .arg = "DIR",
         .help = "the ledger, made if missing",
         .text = &request.dir},
        {.name = "chain",
         .arg = "NAME",
         .help = "ethereum, bsc, tron, bitcoin, ...",
         .text = &request.chain},
        {.name = "network",
         .arg = "NAME",
         .help = "of bitcoin or litecoin: mainnet (default), testnet3, regtest, ...",
         .text = &request.network},
        {.name = "format",
         .arg = "F",
         .help = "etherscan, ethereum-etl, transfers; of bitcoin: blk, block, core-json",
         .text = &request.format},
        {.name = "account",
         .arg = "ADDR|FILE",
         .help = "whose rows the files hold in full; repeatable",
         .list = &request.accounts},
        {.name = "cover",
         .arg = "KINDS",
         .help = "of native,internal,token; else by the tables",
         .text = &request.cover},
        {.name = "covered-blocks",
         .arg = "A-B",
         .help = "blocks covered; else those of the rows",
         .text = &request.range},
        {.name = "memory",
         .arg = "SIZE",
         .help = "for sorting (K, M, G), 512M; more goes to disk. Of blocks: for the chain, three "
                 "quarters of the machine's; more is refused",
         .bytes = &request.memory},
        {.name = "threads",
         .arg = "N",
         .help = "all processors by default",
         .number = &request.threads},
        {.name = "bad-max",
         .arg = "N",
         .help = "refuse above N bad rows, 100",
         .number = &request.bad_max},
        {.name = "json",
         .help = "the summary as JSON (docs/api/ingest.json)",
         .flag = &request.json},
    };
    const struct sg_usage usage = {
        VERB,
        "--ledger DIR --chain NAME --format F [options] FILE...",
        "Read source files into a ledger, all of them or nothing. Compression is recognised by\n"
        "content; - is standard input. Reading a file again adds nothing. What a file must look\n"
        "like, and what it covers: docs/formats/sources.md.",
        "  sillage ingest --ledger L --chain ethereum --format etherscan txlist.json tokentx.json\n"
        "  sillage ingest --ledger L --chain bitcoin --format blk ~/.bitcoin/blocks",
        opts,
        SG_COUNT_OF(opts),
        1,
        SIZE_MAX};
    struct ingest in = {0};
    struct sg_err err = {0};
    char **names;
    const enum sg_opts_result parsed = sg_opts_parse(&names, &in.n_files, &usage, argc, argv);
    if (parsed != SG_OPTS_RUN)
        return parsed == SG_OPTS_HELP ? 0 : 2;
    const struct sg_btc_params *params =
        request.chain ? sg_utxoing_params(request.chain, request.network) : NULL;
    if (params)
        return ingest_blocks(&request, params, names, in.n_files);
    enum sg_status st = understand(&in, &request, &err);
    const struct sg_import_options options = {
        .dir = request.dir,
        .chain = in.chain,
        .memory_max = request.memory ? request.memory : MEMORY_DEFAULT,
        .n_threads = request.threads ? request.threads : default_threads(),
        .bad_max = request.bad_max,
    };
    if (st == SG_OK)
        st = run(&in, &options, names, &err);
    return finish(&in, st, &request, &err);
}
