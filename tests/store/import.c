/* Imports into a real ledger: however records are cut into files, imports and memory, the ledger is
 * the same; what it holds already is kept; failures leave it as it was. */
#include "support/check.h"

#include "base/buf.h"
#include "base/rng.h"
#include "store/engine/engine.h"
#include "store/import/import.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define MEMORY ((size_t)32 << 20)

static const struct sg_chain *eth(void)
{
    return sg_chain_find("ethereum", 8);
}

/* --- making records ------------------------------------------------------------------------ */

struct file {
    struct sg_record *records;
    size_t n;
    const char *name;
    const char *table;
    struct sg_address account; /* size 0: none */
    bool cover_chain;
};

static struct sg_address address_of(uint32_t number)
{
    struct sg_address a = {.size = 20};
    for (size_t i = 0; i < 4; i++)
        a.bytes[i] = (uint8_t)(number >> (8 * i));
    a.bytes[19] = 1;
    return a;
}

static void set_hash(struct sg_record *r, uint64_t number)
{
    r->has_hash = true;
    memset(r->hash32, 0, sizeof(r->hash32));
    for (size_t i = 0; i < 8; i++)
        r->hash32[31 - i] = (uint8_t)(number >> (8 * i));
}

static struct sg_record transfer(enum sg_record_kind kind, uint64_t block, uint64_t hash,
                                 uint32_t from, uint32_t to, uint64_t amount)
{
    struct sg_record r;
    sg_record_init(&r, kind);
    r.block = block;
    set_hash(&r, hash);
    r.from = address_of(from);
    r.to = address_of(to);
    r.amount = sg_amount_from(amount);
    return r;
}

static struct sg_record token(uint64_t block, uint64_t hash, uint32_t from, uint32_t to,
                              uint64_t amount, uint32_t log_index)
{
    struct sg_record r = transfer(SG_RECORD_TOKEN, block, hash, from, to, amount);
    r.token = address_of(900);
    r.log_index = log_index;
    return r;
}

/* --- a ledger as text ---------------------------------------------------------------------- */

struct dump {
    struct sg_ledger ledger;
    struct sg_buf text;
};

static void print_address(struct dump *d, struct sg_addr_id id)
{
    struct sg_err err;
    struct sg_address address;
    char text[SG_ADDRESS_TEXT_MAX];
    CHECK_OK(d->ledger.ops->addrs(d->ledger.self, &address, &id, 1, &err), &err);
    sg_buf_printf(&d->text, " %.12s", sg_address_format(text, eth(), &address));
}

static void print_row(struct dump *d, uint64_t id)
{
    struct sg_err err;
    struct sg_row row;
    struct sg_asset asset;
    char amount[SG_AMOUNT_TEXT_MAX];
    CHECK_OK(d->ledger.ops->rows(d->ledger.self, &row, &id, 1, &err), &err);
    CHECK_OK(d->ledger.ops->assets(d->ledger.self, &asset, &row.asset, 1, &err), &err);
    sg_buf_printf(&d->text, "  kind %u flags %u pos %" PRIu32, row.kind, row.flags, row.pos);
    print_address(d, row.from);
    print_address(d, row.to);
    sg_buf_printf(&d->text, " %s %u.%u\n", sg_amount_format(amount, row.amount, 0),
                  asset.contract.size, asset.contract.bytes[0]);
}

static void print_tx(struct dump *d, uint64_t id)
{
    struct sg_err err;
    struct sg_tx tx;
    const struct sg_tx_id tx_id = {id};
    char fee[SG_AMOUNT_TEXT_MAX];
    CHECK_OK(d->ledger.ops->txs(d->ledger.self, &tx, &tx_id, 1, &err), &err);
    sg_buf_printf(&d->text,
                  "block %" PRIu64 " index %d hash %u.%u status %u flags %u time %" PRId64
                  " fee %s price %" PRIu64 " sender",
                  tx.block, (int)tx.index, tx.hash32[30], tx.hash32[31], tx.status, tx.flags,
                  tx.time_unix_s, sg_amount_format(fee, tx.fee, 0), tx.gas_price);
    print_address(d, tx.sender);
    sg_buf_putc(&d->text, '\n');
    for (uint64_t row = tx.first_row; row < tx.first_row + tx.n_rows; row++)
        print_row(d, row);
}

static bool print_cover(void *ctx, const struct sg_coverage *cover)
{
    struct dump *d = ctx;
    sg_buf_printf(&d->text, "cover %s kinds %u blocks %" PRIu64 "-%" PRIu64 "\n",
                  cover->addr.v == SG_ID_NONE ? "chain" : "account", cover->kinds,
                  cover->first_block, cover->last_block);
    return true;
}

/* The whole ledger; sg_mem_free the text. */
static char *dump(const char *dir)
{
    struct sg_err err;
    struct dump d = {.text = SG_BUF_INIT((size_t)64 << 20)};
    CHECK_OK(sg_ledger_open(&d.ledger, dir, eth(), &err), &err);
    for (uint64_t id = 0; id < d.ledger.stats.txs; id++)
        print_tx(&d, id);
    CHECK_OK(d.ledger.ops->coverage(d.ledger.self, NULL, 0, print_cover, &d, &err), &err);
    CHECK_OK(sg_buf_check(&d.text, &err), &err);
    char *text = sg_mem_strndup(d.text.data ? d.text.data : "", d.text.size);
    assert_non_null(text);
    sg_buf_clear(&d.text);
    sg_ledger_close(&d.ledger);
    return text;
}

static struct sg_ledger_stats stats_of(const char *dir)
{
    struct sg_err err;
    struct sg_ledger ledger = {0};
    CHECK_OK(sg_ledger_open(&ledger, dir, eth(), &err), &err);
    const struct sg_ledger_stats stats = ledger.stats;
    sg_ledger_close(&ledger);
    return stats;
}

static void show_fault(void *ctx, const char *fault)
{
    (void)ctx;
    print_message("fault: %s\n", fault);
}

static void check_sound(const char *dir)
{
    struct sg_err err;
    uint64_t n_faults = 99;
    CHECK_OK(sg_engine_check(&n_faults, dir, eth(), NULL, show_fault, NULL, &err), &err);
    assert_int_equal(n_faults, 0);
}

/* --- importing ----------------------------------------------------------------------------- */

static struct sg_import_options options_of(const char *dir)
{
    return (struct sg_import_options){
        .dir = dir, .chain = eth(), .memory_max = MEMORY, .n_threads = 2, .bad_max = 1000};
}

static enum sg_status put_file(struct sg_import *import, const struct file *file,
                               struct sg_err *err)
{
    enum sg_status st = sg_import_file_begin(import, file->name, err);
    for (size_t i = 0; i < file->n && st == SG_OK; i++)
        st = sg_import_record(import, &file->records[i], err);
    if (st != SG_OK)
        return st;
    struct sg_import_file_end end = {.table = file->table ? file->table : "test",
                                     .bytes = file->n,
                                     .accounts = &file->account,
                                     .n_accounts = file->account.size != 0,
                                     .cover_kinds = SG_COVER_NATIVE,
                                     .cover_chain = file->cover_chain};
    /* A digest by name, so that a file is known again. */
    memcpy(end.sha256, file->name, strlen(file->name) < 32 ? strlen(file->name) : 32);
    return sg_import_file_done(import, &end, err);
}

static enum sg_status import_with(struct sg_import_summary *summary,
                                  const struct sg_import_options *options, const struct file *files,
                                  size_t n, struct sg_err *err)
{
    struct sg_import *import = NULL;
    enum sg_status st = sg_import_new(&import, options, err);
    for (size_t i = 0; i < n && st == SG_OK; i++)
        st = put_file(import, &files[i], err);
    if (st == SG_OK)
        st = sg_import_commit(summary, import, err);
    sg_import_free(import);
    return st;
}

static struct sg_import_summary import(const char *dir, const struct file *files, size_t n)
{
    struct sg_err err;
    struct sg_import_summary summary;
    const struct sg_import_options options = options_of(dir);
    memset(&summary, 0xff, sizeof(summary));
    CHECK_OK(import_with(&summary, &options, files, n, &err), &err);
    return summary;
}

/* sg_test_mkdir has one buffer; tests here need several directories. */
static const char *new_dir(char path[64])
{
    snprintf(path, 64, "%s", sg_test_mkdir());
    return path;
}

/* --- single claims ------------------------------------------------------------------------- */

static void test_records_of_several_files_become_one_transaction(void **state)
{
    (void)state;
    char dir[64];
    new_dir(dir);
    struct sg_record tx = transfer(SG_RECORD_TX, 10, 1, 1, 2, 70);
    tx.tx_index = 0;
    tx.time_unix_s = 1000;
    struct sg_record receipt;
    sg_record_init(&receipt, SG_RECORD_RECEIPT);
    receipt.block = 10;
    set_hash(&receipt, 1);
    receipt.status = SG_TX_OK;
    receipt.has_gas_price = receipt.has_gas_used = true;
    receipt.gas_price = sg_amount_from(3);
    receipt.gas_used = sg_amount_from(21000);
    struct sg_record moved = token(10, 1, 2, 3, 5, 4);
    const struct file files[] = {{&moved, 1, "tokens", NULL, {0}, false},
                                 {&receipt, 1, "receipts", NULL, {0}, false},
                                 {&tx, 1, "transactions", NULL, {0}, true}};
    const struct sg_import_summary summary = import(dir, files, 3);
    assert_int_equal(summary.files, 3);
    assert_int_equal(summary.records, 3);
    assert_int_equal(summary.bad, 0);
    assert_int_equal(summary.txs_added, 1);
    assert_int_equal(summary.rows_added, 2);
    assert_int_equal(summary.txs_completed, 0);
    assert_false(summary.rebuilt);
    char *text = dump(dir);
    assert_string_equal(text, "block 10 index 0 hash 0.1 status 1 flags 21 time 1000 fee 63000 "
                              "price 3 sender 0x0100000000\n"
                              "  kind 0 flags 8 pos 0 0x0100000000 0x0200000000 70 0.0\n"
                              "  kind 2 flags 8 pos 4 0x0200000000 0x0300000000 5 20.132\n"
                              "cover chain kinds 1 blocks 10-10\n");
    sg_mem_free(text);
    check_sound(dir);
    sg_test_rmdir(dir);
}

static void test_a_later_file_completes_what_the_ledger_holds(void **state)
{
    (void)state;
    char dir[64];
    new_dir(dir);
    struct sg_record before[] = {transfer(SG_RECORD_TX, 9, 7, 4, 5, 1),
                                 transfer(SG_RECORD_TX, 10, 1, 1, 2, 70),
                                 transfer(SG_RECORD_TX, 11, 8, 4, 5, 1)};
    struct sg_record after = transfer(SG_RECORD_TX, 10, 1, 1, 2, 70);
    after.has_fee = true;
    after.fee = sg_amount_from(9);
    after.has_gas_price = true;
    after.gas_price = sg_amount_from(4);
    after.status = SG_TX_FAILED;
    after.tx_index = 3;
    after.time_unix_s = 500;
    const struct file first = {before, 3, "first", NULL, {0}, false};
    const struct file second = {&after, 1, "second", NULL, {0}, false};
    import(dir, &first, 1);
    const uint64_t generation = stats_of(dir).generation;
    const struct sg_import_summary summary = import(dir, &second, 1);
    assert_int_equal(summary.txs_added, 0);
    assert_int_equal(summary.rows_added, 0);
    assert_int_equal(summary.txs_completed, 1);
    assert_true(summary.rebuilt);
    assert_true(stats_of(dir).generation > generation);
    assert_int_equal(stats_of(dir).files, 2);
    char *text = dump(dir);
    assert_non_null(
        strstr(text, "block 10 index 3 hash 0.1 status 2 flags 21 time 500 fee 9 price 4 "));
    assert_non_null(strstr(text, "  kind 0 flags 9 pos 0 0x0100000000 0x0200000000 70"));
    sg_mem_free(text);
    check_sound(dir);
    sg_test_rmdir(dir);
}

static void test_one_hash_in_two_blocks_is_a_bad_row(void **state)
{
    (void)state;
    char dir[64];
    new_dir(dir);
    struct sg_record first[] = {transfer(SG_RECORD_TX, 20, 1, 1, 2, 70),
                                transfer(SG_RECORD_TX, 10, 1, 1, 2, 70)};
    first[1].offset = 100;
    const struct file file = {first, 2, "first", NULL, {0}, false};
    assert_int_equal(import(dir, &file, 1).bad, 1);
    assert_int_equal(stats_of(dir).txs, 1);
    assert_int_equal(stats_of(dir).first_block, 20);
    assert_int_equal(stats_of(dir).bad_rows, 1);
    /* The ledger is believed, before and after its last block. */
    struct sg_record later = transfer(SG_RECORD_TX, 30, 1, 1, 2, 70);
    const struct file second = {&later, 1, "second", NULL, {0}, false};
    assert_int_equal(import(dir, &second, 1).bad, 1);
    assert_int_equal(stats_of(dir).txs, 1);
    assert_int_equal(stats_of(dir).bad_rows, 2);
    check_sound(dir);
    sg_test_rmdir(dir);
}

static void note_bad(void *ctx, const struct sg_bad_entry *bad)
{
    struct sg_buf *text = ctx;
    sg_buf_printf(text, "%" PRIu64 " %" PRIu64 " %" PRIu64 " %s|%s\n", bad->file, bad->offset,
                  bad->line, bad->reason, bad->text);
}

static void test_bad_rows_are_kept_with_file_offset_and_reason(void **state)
{
    (void)state;
    char dir[64];
    struct sg_err err;
    new_dir(dir);
    struct sg_import *import = NULL;
    struct sg_import_summary summary;
    const struct sg_import_options options = options_of(dir);
    struct sg_record good[] = {transfer(SG_RECORD_TX, 20, 1, 1, 2, 70),
                               transfer(SG_RECORD_TX, 20, 1, 1, 2, 71)};
    good[1].offset = 222;
    const struct sg_bad_row bad = {
        .offset = 111, .line = 5, .reason = "not a number", .text = "a\0b,-1", .text_size = 6};
    CHECK_OK(sg_import_new(&import, &options, &err), &err);
    CHECK_OK(sg_import_file_begin(import, "one.csv", &err), &err);
    CHECK_OK(sg_import_record(import, &good[0], &err), &err);
    CHECK_OK(sg_import_bad(import, &bad, &err), &err);
    CHECK_OK(sg_import_record(import, &good[1], &err), &err);
    const struct sg_import_file_end end = {.table = "test"};
    CHECK_OK(sg_import_file_done(import, &end, &err), &err);
    CHECK_OK(sg_import_commit(&summary, import, &err), &err);
    sg_import_free(import);
    assert_int_equal(summary.bad, 2);
    struct sg_buf text = SG_BUF_INIT(4096);
    CHECK_OK(sg_engine_bad_rows(dir, eth(), note_bad, &text, &err), &err);
    assert_string_equal(
        text.data,
        "0 111 5 not a number|a b,-1\n"
        "0 222 0 another value, sender or receiver for the same transaction|block 20, transaction "
        "0x0000000000000000000000000000000000000000000000000000000000000001\n");
    sg_buf_clear(&text);
    sg_test_rmdir(dir);
}

static void test_more_bad_rows_than_allowed_refuse_the_import(void **state)
{
    (void)state;
    char dir[64];
    struct sg_err err;
    struct sg_import_summary summary;
    new_dir(dir);
    struct sg_import_options options = options_of(dir);
    options.bad_max = 1;
    struct sg_record first = transfer(SG_RECORD_TX, 5, 9, 1, 2, 70);
    const struct file ok = {&first, 1, "ok", NULL, {0}, false};
    CHECK_OK(import_with(&summary, &options, &ok, 1, &err), &err);
    const struct sg_ledger_stats before = stats_of(dir);
    /* Contradictions, found when the block is put together. */
    struct sg_record records[3];
    for (uint64_t i = 0; i < 3; i++)
        records[i] = transfer(SG_RECORD_TX, 20, 1, 1, 2, 70 + i);
    const struct file file = {records, 3, "bad", NULL, {0}, false};
    assert_int_equal(import_with(&summary, &options, &file, 1, &err), SG_ELIMIT);
    assert_non_null(strstr(err.text, "more than 1 bad rows"));
    /* Lines that are bad by themselves. */
    for (size_t i = 0; i < 3; i++)
        records[i].has_hash = false;
    assert_int_equal(import_with(&summary, &options, &file, 1, &err), SG_ELIMIT);
    assert_non_null(
        strstr(err.text, "2 bad rows, 1 are allowed; the first: a transaction without"));
    const struct sg_ledger_stats after = stats_of(dir);
    assert_memory_equal(&before, &after, sizeof(before));
    sg_test_rmdir(dir);
}

static void test_coverage_of_accounts_and_of_the_chain(void **state)
{
    (void)state;
    char dir[64];
    new_dir(dir);
    struct sg_record records[] = {transfer(SG_RECORD_TX, 30, 1, 1, 2, 70),
                                  transfer(SG_RECORD_TX, 10, 2, 2, 1, 70)};
    const struct file file = {records, 2, "export", NULL, address_of(1), false};
    import(dir, &file, 1);
    char *text = dump(dir);
    assert_non_null(strstr(text, "cover account kinds 1 blocks 10-30\n"));
    sg_mem_free(text);
    sg_test_rmdir(dir);
}

static void test_a_second_import_meanwhile_is_told_to_wait(void **state)
{
    (void)state;
    char dir[64];
    struct sg_err err;
    new_dir(dir);
    struct sg_import *first = NULL;
    struct sg_import *second = NULL;
    const struct sg_import_options options = options_of(dir);
    CHECK_OK(sg_import_new(&first, &options, &err), &err);
    assert_int_equal(sg_import_new(&second, &options, &err), SG_EBUSY);
    sg_import_free(first);
    CHECK_OK(sg_import_new(&second, &options, &err), &err);
    sg_import_free(second);
    sg_test_rmdir(dir);
}

static void test_too_little_memory_is_refused(void **state)
{
    (void)state;
    struct sg_err err;
    struct sg_import *import = NULL;
    struct sg_import_options options = options_of("/tmp");
    options.memory_max = MEMORY - 1;
    assert_int_equal(sg_import_new(&import, &options, &err), SG_EUSAGE);
}

static bool stop(void *ctx, uint64_t done, uint64_t total)
{
    (void)done;
    (void)total;
    ++*(int *)ctx;
    return false;
}

static void test_a_stopped_import_leaves_nothing(void **state)
{
    (void)state;
    char dir[64];
    struct sg_err err;
    struct sg_import_summary summary;
    new_dir(dir);
    int calls = 0;
    const struct sg_progress progress = {stop, &calls};
    struct sg_import_options options = options_of(dir);
    options.progress = &progress;
    struct sg_record record = transfer(SG_RECORD_TX, 5, 9, 1, 2, 70);
    const struct file file = {&record, 1, "one", NULL, {0}, false};
    assert_int_equal(import_with(&summary, &options, &file, 1, &err), SG_ECANCELLED);
    assert_int_equal(calls, 1);
    struct sg_ledger ledger = {0};
    assert_int_equal(sg_ledger_open(&ledger, dir, eth(), &err), SG_ENOTFOUND);
    sg_test_rmdir(dir);
}

/* --- worlds -------------------------------------------------------------------------------- */

enum { N_BLOCKS = 40, N_FILES = 5, FILE_MAX = 4000 };

/* A chain as a node would tell it, in tables: every fact in one table alone or in several. */
struct world {
    struct sg_record *records[N_FILES];
    size_t n[N_FILES];
};

static const uint8_t paths[8][4] = {{0, 0, 0, 0}, {0, 0, 0, 1}, {0, 0, 0, 2}, {0, 0, 0, 3},
                                    {0, 0, 0, 4}, {0, 0, 0, 5}, {0, 0, 0, 6}, {0, 0, 0, 7}};

static void put(struct world *world, size_t file, struct sg_record record)
{
    assert_true(world->n[file] < FILE_MAX);
    record.offset = world->n[file];
    world->records[file][world->n[file]++] = record;
}

static void put_tx(struct world *world, uint64_t block, uint32_t index, uint64_t hash,
                   struct sg_rng *rng)
{
    const uint32_t from = (uint32_t)sg_rng_below(rng, 300);
    const uint32_t to = (uint32_t)sg_rng_below(rng, 300);
    struct sg_record tx = transfer(SG_RECORD_TX, block, hash, from, to, hash * 7);
    tx.tx_index = index;
    tx.time_unix_s = (int64_t)block * 12;
    put(world, 0, tx);
    struct sg_record receipt;
    sg_record_init(&receipt, SG_RECORD_RECEIPT);
    receipt.block = block;
    set_hash(&receipt, hash);
    receipt.status = sg_rng_below(rng, 4) ? SG_TX_OK : SG_TX_FAILED;
    receipt.has_gas_price = receipt.has_gas_used = true;
    receipt.gas_price = sg_amount_from(1 + sg_rng_below(rng, 100));
    receipt.gas_used = sg_amount_from(21000);
    put(world, 1, receipt);
    for (uint32_t i = 0; i < sg_rng_below(rng, 4); i++)
        put(world, 2, token(block, hash, from, to, sg_rng_below(rng, 3), index * 10 + i));
    if (hash % 3)
        return;
    struct sg_record top = transfer(SG_RECORD_TRACE, block, hash, from, to, hash * 7);
    top.trace_path = paths[0];
    put(world, 3, top);
    for (uint32_t i = 0; i < sg_rng_below(rng, 8); i++) {
        struct sg_record call = transfer(SG_RECORD_TRACE, block, hash, to, from, i);
        call.trace_path = paths[i];
        call.trace_path_size = 4;
        put(world, 3, call);
    }
}

static void make_world(struct world *world, struct sg_rng *rng)
{
    uint64_t hash = 1;
    for (size_t i = 0; i < N_FILES; i++) {
        world->records[i] = sg_mem_alloc(FILE_MAX, sizeof(struct sg_record));
        assert_non_null(world->records[i]);
        world->n[i] = 0;
    }
    for (uint64_t block = 100; block < 100 + N_BLOCKS; block++) {
        const uint32_t n_txs = 1 + (uint32_t)sg_rng_below(rng, 8);
        for (uint32_t index = 0; index < n_txs; index++)
            put_tx(world, block, index, hash++, rng);
        struct sg_record reward = transfer(SG_RECORD_TRACE, block, 0, 0, 7, 2000);
        reward.has_hash = false;
        memset(reward.hash32, 0, 32);
        reward.from.size = 0;
        reward.is_reward = true;
        put(world, 3, reward);
    }
    /* The last file repeats parts of the others. */
    for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < world->n[i]; j++)
            if (sg_rng_below(rng, 3) == 0)
                put(world, 4, world->records[i][j]);
}

static void free_world(struct world *world)
{
    for (size_t i = 0; i < N_FILES; i++)
        sg_mem_free(world->records[i]);
}

static void shuffle_records(struct sg_record *records, size_t n, struct sg_rng *rng)
{
    for (size_t i = n; i > 1; i--) {
        const size_t j = (size_t)sg_rng_below(rng, i);
        const struct sg_record moving = records[i - 1];
        records[i - 1] = records[j];
        records[j] = moving;
    }
}

static void files_of(struct file files[N_FILES], const struct world *world)
{
    static const char *const names[N_FILES] = {"transactions", "receipts", "tokens", "traces",
                                               "again"};
    for (size_t i = 0; i < N_FILES; i++)
        files[i] = (struct file){.records = world->records[i], .n = world->n[i], .name = names[i]};
}

static void shuffle_files(struct file files[N_FILES], struct sg_rng *rng)
{
    for (size_t i = N_FILES; i > 1; i--) {
        const size_t j = (size_t)sg_rng_below(rng, i);
        const struct file moving = files[i - 1];
        files[i - 1] = files[j];
        files[j] = moving;
    }
}

/* Goal: cutting a chain into imports, and the order of files and lines, do not change the ledger.
 * Method: one import of everything is the reference. */
static void test_any_cut_into_imports_gives_the_same_ledger(void **state)
{
    (void)state;
    struct sg_rng rng;
    sg_rng_init(&rng, sg_test_seed());
    for (int round = 0; round < 6; round++) {
        struct world world;
        struct file files[N_FILES];
        char whole[64], cut[64];
        make_world(&world, &rng);
        files_of(files, &world);
        const struct sg_import_summary all = import(new_dir(whole), files, N_FILES);
        assert_int_equal(all.bad, 0);
        char *expected = dump(whole);
        for (size_t i = 0; i < N_FILES; i++)
            shuffle_records(world.records[i], world.n[i], &rng);
        shuffle_files(files, &rng);
        new_dir(cut);
        uint64_t txs_added = 0;
        for (size_t i = 0; i < N_FILES;) {
            const size_t n = 1 + (size_t)sg_rng_below(&rng, N_FILES - i);
            const struct sg_import_summary part = import(cut, files + i, n);
            assert_int_equal(part.bad, 0);
            txs_added += part.txs_added;
            i += n;
        }
        assert_int_equal(txs_added, all.txs_added);
        char *got = dump(cut);
        assert_string_equal(got, expected);
        const struct sg_ledger_stats a = stats_of(whole);
        const struct sg_ledger_stats b = stats_of(cut);
        assert_memory_equal(a.state32, b.state32, 32);
        check_sound(cut);
        sg_mem_free(expected);
        sg_mem_free(got);
        free_world(&world);
        sg_test_rmdir(whole);
        sg_test_rmdir(cut);
    }
}

static void test_importing_again_changes_nothing(void **state)
{
    (void)state;
    struct sg_rng rng;
    struct world world;
    struct file files[N_FILES];
    char dir[64];
    sg_rng_init(&rng, sg_test_seed());
    make_world(&world, &rng);
    files_of(files, &world);
    import(new_dir(dir), files, N_FILES);
    const struct sg_ledger_stats before = stats_of(dir);
    for (int round = 0; round < 2; round++) {
        shuffle_files(files, &rng);
        const struct sg_import_summary summary = import(dir, files, N_FILES);
        assert_int_equal(summary.txs_added, 0);
        assert_int_equal(summary.rows_added, 0);
        assert_int_equal(summary.txs_completed, 0);
        assert_false(summary.rebuilt);
        const struct sg_ledger_stats after = stats_of(dir);
        assert_memory_equal(&before, &after, sizeof(before));
    }
    check_sound(dir);
    free_world(&world);
    sg_test_rmdir(dir);
}

/* Goal: an import that spills gives what one in memory gives, within its memory. Method: more
 * records than the least memory holds, in an order that makes every run span all blocks. */
static void test_spilling_does_not_change_the_ledger(void **state)
{
    (void)state;
    enum { N = 60000 };
    struct sg_err err;
    struct sg_import_summary summary;
    char small[64], large[64];
    struct sg_record *records = sg_mem_alloc(N, sizeof(*records));
    assert_non_null(records);
    for (uint64_t i = 0; i < N; i++) {
        const uint64_t scattered = i * 7919 % N;
        records[i] = transfer(SG_RECORD_TX, 1000 + scattered / 10, 1 + scattered,
                              (uint32_t)(scattered % 5000), (uint32_t)(scattered % 77), scattered);
        records[i].tx_index = (uint32_t)(scattered % 10);
    }
    const struct file file = {records, N, "many", NULL, {0}, false};
    struct sg_import_options options = options_of(new_dir(small));
    const size_t before = sg_mem_bytes();
    sg_mem_peak_reset();
    CHECK_OK(import_with(&summary, &options, &file, 1, &err), &err);
    assert_true(sg_mem_peak() - before <= options.memory_max);
    options = options_of(new_dir(large));
    options.memory_max = (size_t)256 << 20;
    options.n_threads = 1;
    CHECK_OK(import_with(&summary, &options, &file, 1, &err), &err);
    assert_int_equal(summary.rows_added, N);
    const struct sg_ledger_stats a = stats_of(small);
    const struct sg_ledger_stats b = stats_of(large);
    assert_memory_equal(&a, &b, sizeof(a));
    check_sound(small);
    sg_mem_free(records);
    sg_test_rmdir(small);
    sg_test_rmdir(large);
}

/* Goal: a rebuild reads the ledger in windows, and what it does not touch stays. Method: far more
 * transactions than a window holds; every tenth block is left out first and comes later, and some
 * transactions gain a fee. One import of everything is the reference. */
static void test_a_rebuild_in_many_windows(void **state)
{
    (void)state;
    enum { N = 30000 };
    char whole[64], parts[64];
    struct sg_record *records = sg_mem_alloc(N, sizeof(*records));
    struct sg_record *first = sg_mem_alloc(N, sizeof(*records));
    struct sg_record *second = sg_mem_alloc(N, sizeof(*records));
    assert_true(records && first && second);
    size_t n_first = 0, n_second = 0, n_gain = 0;
    for (uint64_t i = 0; i < N; i++) {
        records[i] =
            transfer(SG_RECORD_TX, 1000 + i / 7, 1 + i, (uint32_t)(i % 501), (uint32_t)(i % 77), i);
        records[i].tx_index = (uint32_t)(i % 7);
        records[i].has_fee = true;
        records[i].fee = sg_amount_from(i);
        const bool gains = i % 1009 == 0;
        const bool late = i / 7 % 10 == 3;
        if (!late)
            first[n_first++] = records[i];
        if (!late && gains)
            first[n_first - 1].has_fee = false;
        if (late || gains)
            second[n_second++] = records[i];
        n_gain += !late && gains;
    }
    const struct file all = {records, N, "all", NULL, {0}, false};
    const struct file early = {first, n_first, "early", NULL, {0}, false};
    const struct file late = {second, n_second, "late", NULL, {0}, false};
    import(new_dir(whole), &all, 1);
    import(new_dir(parts), &early, 1);
    const struct sg_import_summary summary = import(parts, &late, 1);
    assert_true(summary.rebuilt);
    assert_int_equal(summary.txs_added, N - n_first);
    assert_int_equal(summary.txs_completed, n_gain);
    const struct sg_ledger_stats a = stats_of(whole);
    const struct sg_ledger_stats b = stats_of(parts);
    assert_int_equal(b.rows, N);
    assert_memory_equal(a.state32, b.state32, 32);
    check_sound(parts);
    sg_mem_free(second);
    sg_mem_free(first);
    sg_mem_free(records);
    sg_test_rmdir(whole);
    sg_test_rmdir(parts);
}

/* --- out of memory ------------------------------------------------------------------------- */

static enum sg_status import_once(const char *dir, const struct file *files, size_t n)
{
    struct sg_err err;
    struct sg_import_summary summary;
    struct sg_import_options options = options_of(dir);
    options.n_threads = 1;
    return import_with(&summary, &options, files, n, &err);
}

static void test_every_allocation_may_fail(void **state)
{
    (void)state;
    char dir[64];
    new_dir(dir);
    struct sg_record first[] = {transfer(SG_RECORD_TX, 9, 7, 4, 5, 1), token(9, 7, 4, 5, 6, 1),
                                transfer(SG_RECORD_TX, 10, 1, 1, 2, 70)};
    struct sg_record second[] = {transfer(SG_RECORD_TX, 9, 8, 4, 6, 1),
                                 transfer(SG_RECORD_TX, 10, 1, 1, 2, 71)};
    snprintf(first[1].symbol, sizeof(first[1].symbol), "TOK");
    const struct file files[] = {{first, 3, "first", NULL, address_of(4), true},
                                 {second, 2, "second", NULL, {0}, false}};
    /* Once into nothing, then into a ledger that has to be rebuilt; where it went through,
     * importing again changes nothing, so that the sweep can repeat it. */
    CHECK_OOM_SWEEP(import_once(dir, files, 1));
    CHECK_OOM_SWEEP(import_once(dir, files, 2));
    assert_int_equal(stats_of(dir).txs, 3);
    check_sound(dir);
    sg_test_rmdir(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_records_of_several_files_become_one_transaction),
        cmocka_unit_test(test_a_later_file_completes_what_the_ledger_holds),
        cmocka_unit_test(test_one_hash_in_two_blocks_is_a_bad_row),
        cmocka_unit_test(test_bad_rows_are_kept_with_file_offset_and_reason),
        cmocka_unit_test(test_more_bad_rows_than_allowed_refuse_the_import),
        cmocka_unit_test(test_coverage_of_accounts_and_of_the_chain),
        cmocka_unit_test(test_a_second_import_meanwhile_is_told_to_wait),
        cmocka_unit_test(test_too_little_memory_is_refused),
        cmocka_unit_test(test_a_stopped_import_leaves_nothing),
        cmocka_unit_test(test_any_cut_into_imports_gives_the_same_ledger),
        cmocka_unit_test(test_importing_again_changes_nothing),
        cmocka_unit_test(test_spilling_does_not_change_the_ledger),
        cmocka_unit_test(test_a_rebuild_in_many_windows),
        cmocka_unit_test(test_every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
