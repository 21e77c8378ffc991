/* The passes of a commit: append, or look whether anything changes and build a next generation. */
#include "store/import/import_internal.h"

#include "base/parallel.h"
#include "base/vec.h"
#include "store/import/past_internal.h"

#include <string.h>

/* Rows a batch aims at, if memory allows: fewer cost more look-ups, as each batch asks the
 * dictionary once for each of its addresses, and more leave the caches. And rough bytes that one
 * takes on its way: here, with its transaction, once while it is filled and once while it is
 * written, and in the writer's dictionaries. */
#define BATCH_ROWS ((size_t)124 * 1024)
#define ROW_COST   ((size_t)672)

/* Whole blocks of the ledger that are shorter than this are copied to the batch that is being
 * filled; others are handed on as they are. */
#define COPY_ROWS ((size_t)4096)

/* A batch on its way into the ledger, beside the blocks that follow it. */
struct delivery {
    struct sg_task task;
    struct sg_writer *writer;
    struct sg_batch batch;
    struct sg_outbox outbox; /* holds the batch */
    enum sg_status status;
    struct sg_err err;
};

/* One pass over the records, by block. */
struct pass {
    struct sg_import *import;
    struct sg_desk *desk;
    struct sg_past *past;     /* NULL: nothing to merge with */
    struct sg_writer *writer; /* NULL: only look whether anything would change */
    struct sg_outbox outbox;  /* being filled */
    struct delivery delivery;
    size_t batch_rows;
    uint64_t done; /* records */

    const struct sg_packed *record; /* next one, NULL at the end */
    uint64_t block;                 /* of it */
};

static void next_record(struct pass *pass)
{
    pass->record = sg_sorter_next(&pass->block, pass->import->records);
}

static void *deliver(void *ctx)
{
    struct delivery *d = ctx;
    d->status = sg_writer_append(d->writer, &d->batch, &d->err);
    return NULL;
}

/* Wait for the batch that is on its way, if any, and say how it went. */
static enum sg_status settle(struct pass *pass, struct sg_err *err)
{
    struct delivery *d = &pass->delivery;
    sg_task_wait(&d->task);
    if (d->status != SG_OK && err)
        *err = d->err;
    return d->status;
}

/* Send the outbox off, and go on with the one that has come back empty. */
static void send(struct pass *pass)
{
    struct delivery *d = &pass->delivery;
    const struct sg_outbox emptied = d->outbox;
    d->outbox = pass->outbox;
    d->batch = (struct sg_batch){d->outbox.txs, d->outbox.n_txs, d->outbox.rows, d->outbox.n_rows};
    pass->outbox = emptied;
    pass->outbox.n_txs = pass->outbox.n_rows = 0;
    sg_task_start(&d->task, pass->import->options.n_threads > 1, deliver, d);
}

static enum sg_status flush(struct pass *pass, struct sg_err *err)
{
    const enum sg_status st = settle(pass, err);
    if (st != SG_OK)
        return st;
    sg_sorter_release(pass->import->records);
    if (!sg_progress_step(pass->import->options.progress, pass->done,
                          sg_sorter_count(pass->import->records)))
        return sg_err_set(err, SG_ECANCELLED, "stopped on request; the ledger is as it was");
    if (pass->writer && pass->outbox.n_txs)
        send(pass);
    pass->outbox.n_txs = pass->outbox.n_rows = 0;
    return SG_OK;
}

/* Until everything so far is in the ledger, so that what the batches point at may go. */
static enum sg_status flush_and_settle(struct pass *pass, struct sg_err *err)
{
    const enum sg_status st = flush(pass, err);
    return st == SG_OK ? settle(pass, err) : st;
}

static enum sg_status flush_if_full(struct pass *pass, struct sg_err *err)
{
    const size_t filled =
        pass->outbox.n_rows > pass->outbox.n_txs ? pass->outbox.n_rows : pass->outbox.n_txs;
    return filled >= pass->batch_rows ? flush(pass, err) : SG_OK;
}

static enum sg_status load_past(struct pass *pass, struct sg_err *err)
{
    /* Batches may point into the window. */
    const enum sg_status st = flush_and_settle(pass, err);
    return st == SG_OK ? sg_past_load(pass->past, err) : st;
}

/* Hand blocks of the ledger on as they are. */
static enum sg_status pass_on(struct pass *pass, const struct sg_batch *batch, struct sg_err *err)
{
    struct sg_outbox *outbox = &pass->outbox;
    if (batch->n_txs == 0 || !pass->writer)
        return SG_OK;
    if (batch->n_rows >= COPY_ROWS || batch->n_txs >= COPY_ROWS) {
        const enum sg_status st = flush_and_settle(pass, err);
        return st == SG_OK ? sg_writer_append(pass->writer, batch, err) : st;
    }
    if (!SG_VEC_RESERVE(outbox->txs, outbox->n_txs, outbox->cap_txs, batch->n_txs) ||
        !SG_VEC_RESERVE(outbox->rows, outbox->n_rows, outbox->cap_rows, batch->n_rows))
        return sg_err_nomem(err);
    memcpy(outbox->txs + outbox->n_txs, batch->txs, batch->n_txs * sizeof(*batch->txs));
    if (batch->n_rows)
        memcpy(outbox->rows + outbox->n_rows, batch->rows, batch->n_rows * sizeof(*batch->rows));
    outbox->n_txs += batch->n_txs;
    outbox->n_rows += batch->n_rows;
    return flush_if_full(pass, err);
}

/* Everything that the ledger holds before `end`. */
static enum sg_status copy_past(struct pass *pass, uint64_t end, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    for (;;) {
        const struct sg_batch batch = sg_past_take(pass->past, end);
        st = pass_on(pass, &batch, err);
        if (st != SG_OK || !sg_past_needs_load(pass->past))
            return st;
        st = load_past(pass, err);
        if (st != SG_OK)
            return st;
    }
}

static enum sg_status lay_past(struct pass *pass, uint64_t block, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    if (!pass->writer) {
        st = sg_past_skip_to(pass->past, block, err);
        if (st == SG_OK && sg_past_needs_load(pass->past))
            st = load_past(pass, err);
    } else {
        st = copy_past(pass, block, err);
    }
    if (st != SG_OK)
        return st;
    const struct sg_batch batch = sg_past_take(pass->past, block + 1);
    const struct sg_batch_row *rows = batch.rows;
    for (size_t i = 0; i < batch.n_txs && st == SG_OK; i++) {
        st = sg_desk_take_past(pass->desk, &batch.txs[i], rows, err);
        rows += batch.txs[i].n_rows;
    }
    return st;
}

static void say_doubt(void *ctx, const void *origin, const char *reason)
{
    struct sg_import *import = ctx;
    if (import->doubt_status != SG_OK)
        return;
    if (import->n_bad + import->n_doubts >= import->options.bad_max)
        import->doubt_status = SG_ELIMIT;
    else if (!SG_VEC_RESERVE(import->doubts, import->n_doubts, import->cap_doubts, 1))
        import->doubt_status = SG_ENOMEM;
    else
        import->doubts[import->n_doubts++] =
            (struct sg_import_doubt){origin, reason, import->block};
}

static enum sg_status lay_records(struct pass *pass, uint64_t block, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    for (; st == SG_OK && pass->record && pass->block == block; next_record(pass)) {
        struct sg_unpacked record;
        sg_unpack(&record, pass->record);
        pass->done++;
        if (record.hash32 && sg_clash_refuses(pass->import->clash, record.hash32, block))
            say_doubt(pass->import, pass->record, "the transaction is in another block");
        else
            st = sg_desk_take(pass->desk, pass->record, err);
    }
    return st;
}

static enum sg_status check_doubts(const struct sg_import *import, struct sg_err *err)
{
    if (import->doubt_status == SG_ENOMEM)
        return sg_err_nomem(err);
    if (import->doubt_status == SG_ELIMIT)
        return sg_err_set(err, SG_ELIMIT,
                          "more than %llu bad rows, the last in block %llu; allow more or mend "
                          "the files",
                          (unsigned long long)import->options.bad_max,
                          (unsigned long long)import->block);
    return SG_OK;
}

static enum sg_status do_block(struct pass *pass, struct sg_err *err)
{
    const uint64_t block = pass->block;
    pass->import->block = block;
    sg_desk_begin(pass->desk, block);
    enum sg_status st = pass->past ? lay_past(pass, block, err) : SG_OK;
    if (st == SG_OK)
        st = lay_records(pass, block, err);
    if (st == SG_OK)
        st = sg_desk_finish(pass->desk, &pass->outbox, err);
    if (st == SG_OK)
        st = check_doubts(pass->import, err);
    return st == SG_OK ? flush_if_full(pass, err) : st;
}

/* A block more than a batch, as batches end with a block. */
#define OUTBOX_SPARE ((size_t)4096)

/* Room for a whole batch at once: growing towards it would take twice the memory. */
static enum sg_status reserve(struct sg_outbox *outbox, size_t n, struct sg_err *err)
{
    const bool ok = SG_VEC_RESERVE(outbox->txs, (size_t)0, outbox->cap_txs, n) &&
                    SG_VEC_RESERVE(outbox->rows, (size_t)0, outbox->cap_rows, n);
    return ok ? SG_OK : sg_err_nomem(err);
}

static enum sg_status reserve_outboxes(struct pass *pass, struct sg_err *err)
{
    const uint64_t records = sg_sorter_count(pass->import->records);
    if (records < pass->batch_rows || !pass->writer)
        return SG_OK;
    const enum sg_status st = reserve(&pass->outbox, pass->batch_rows + OUTBOX_SPARE, err);
    if (st != SG_OK || records < 2 * pass->batch_rows)
        return st;
    return reserve(&pass->delivery.outbox, pass->batch_rows + OUTBOX_SPARE, err);
}

static bool has_changed(struct sg_desk_counts counts)
{
    return counts.txs_added || counts.rows_added || counts.txs_completed;
}

/* Run over all blocks; without a writer only until the first change. */
static enum sg_status run(struct sg_desk_counts *counts, struct sg_import *import,
                          struct sg_past *past, struct sg_writer *writer, struct sg_err *err)
{
    const struct sg_doubts doubts = {say_doubt, import};
    const size_t share = import->memory / 4;
    const size_t rows = share / ROW_COST;
    struct pass pass = {.import = import,
                        .past = past,
                        .writer = writer,
                        .delivery = {.writer = writer},
                        .batch_rows = rows < BATCH_ROWS ? rows : BATCH_ROWS};
    import->n_doubts = 0;
    import->doubt_status = SG_OK;
    enum sg_status st = sg_desk_new(&pass.desk, &doubts, share, err);
    if (st != SG_OK)
        return st;
    st = reserve_outboxes(&pass, err);
    sg_sorter_rewind(import->records);
    next_record(&pass);
    while (st == SG_OK && pass.record && (writer || !has_changed(sg_desk_counts(pass.desk))))
        st = do_block(&pass, err);
    if (st == SG_OK && writer && past)
        st = copy_past(&pass, UINT64_MAX, err);
    if (st == SG_OK)
        st = flush_and_settle(&pass, err);
    sg_task_wait(&pass.delivery.task);
    *counts = sg_desk_counts(pass.desk);
    sg_desk_free(pass.desk);
    sg_outbox_clear(&pass.delivery.outbox);
    sg_outbox_clear(&pass.outbox);
    return st;
}

/* Everything is new and after what the ledger holds, or nothing in it changes. */
static enum sg_status append(struct sg_desk_counts *counts, struct sg_import *import,
                             bool with_rows, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    if (with_rows)
        st = run(counts, import, NULL, import->writer, err);
    if (st == SG_OK)
        st = sg_import_write_notes(import, import->writer, err);
    return st == SG_OK ? sg_writer_commit(import->writer, err) : st;
}

/* The lock changes hands here; another import may have come between. */
static enum sg_status open_next(struct sg_writer **writer, struct sg_ledger *ledger,
                                struct sg_import *import, struct sg_err *err)
{
    const struct sg_import_options *o = &import->options;
    const struct sg_ledger_stats before = ledger->stats;
    sg_writer_free(import->writer);
    import->writer = NULL;
    enum sg_status st = sg_import_open_writer(writer, o, true, err);
    if (st != SG_OK)
        return st;
    sg_ledger_close(ledger);
    ledger->ops = NULL;
    st = sg_ledger_open(ledger, o->dir, o->chain, err);
    if (st == SG_OK && (ledger->stats.generation != before.generation ||
                        memcmp(ledger->stats.state32, before.state32, 32) != 0))
        st = sg_err_set(err, SG_EBUSY, "another import changed the ledger meanwhile; try again");
    return st;
}

static enum sg_status rebuild(struct sg_desk_counts *counts, struct sg_import *import,
                              struct sg_ledger *ledger, struct sg_err *err)
{
    struct sg_writer *writer = NULL;
    struct sg_past *past = NULL;
    enum sg_status st = open_next(&writer, ledger, import, err);
    if (st == SG_OK)
        st = sg_past_new(&past, ledger, import->memory / 8, err);
    if (st == SG_OK)
        st = run(counts, import, past, writer, err);
    if (st == SG_OK)
        st = sg_writer_copy_notes(writer, err);
    if (st == SG_OK)
        st = sg_import_write_notes(import, writer, err);
    if (st == SG_OK)
        st = sg_writer_publish(writer, err);
    sg_past_free(past);
    sg_writer_free(writer);
    return st;
}

/* Look first whether anything would change, which it does not when a file is imported again. */
static enum sg_status merge(struct sg_import_summary *summary, struct sg_desk_counts *counts,
                            struct sg_import *import, struct sg_ledger *ledger, struct sg_err *err)
{
    struct sg_past *past = NULL;
    enum sg_status st = sg_past_new(&past, ledger, import->memory / 8, err);
    if (st == SG_OK)
        st = run(counts, import, past, NULL, err);
    sg_past_free(past);
    if (st != SG_OK)
        return st;
    if (!has_changed(*counts))
        return append(counts, import, false, err);
    summary->rebuilt = true;
    return rebuild(counts, import, ledger, err);
}

/* Go through the records once more for what cannot be told by keys alone. */
static enum sg_status recall_clashes(struct sg_import *import, struct sg_ledger *ledger,
                                     struct sg_err *err)
{
    enum sg_status st = SG_OK;
    const struct sg_packed *packed;
    uint64_t block;
    while (st == SG_OK && (packed = sg_sorter_next(&block, import->records))) {
        struct sg_unpacked record;
        sg_unpack(&record, packed);
        if (record.hash32)
            st = sg_clash_recall(import->clash, record.hash32, block, packed->file, packed->offset,
                                 err);
    }
    sg_sorter_rewind(import->records);
    return st == SG_OK ? sg_clash_settle(import->clash, ledger, err) : st;
}

static enum sg_status find_clashes(struct sg_import *import, struct sg_ledger *ledger,
                                   struct sg_err *err)
{
    bool recall = false;
    const enum sg_status st =
        sg_clash_finish(&recall, import->clash, ledger, import->options.bad_max, err);
    return st == SG_OK && recall ? recall_clashes(import, ledger, err) : st;
}

static bool comes_after(struct sg_import *import)
{
    uint64_t first, last;
    if (!sg_sorter_next(&first, import->records))
        return true;
    return sg_writer_last_block(&last, import->writer) != SG_OK || first > last;
}

static enum sg_status open_ledger(struct sg_ledger *ledger, const struct sg_import *import,
                                  struct sg_err *err)
{
    uint64_t last;
    if (sg_writer_last_block(&last, import->writer) != SG_OK)
        return SG_OK; /* Nothing in it: ops stay NULL. */
    return sg_ledger_open(ledger, import->options.dir, import->options.chain, err);
}

enum sg_status sg_import_run_commit(struct sg_import_summary *summary, struct sg_import *import,
                                    struct sg_err *err)
{
    struct sg_ledger ledger = {0};
    struct sg_desk_counts counts = {0};
    enum sg_status st = sg_sorter_finish(import->records, err);
    if (st == SG_OK)
        st = sg_sorter_finish(import->bad_rows, err);
    if (st == SG_OK)
        st = open_ledger(&ledger, import, err);
    if (st == SG_OK)
        st = find_clashes(import, ledger.ops ? &ledger : NULL, err);
    if (st == SG_OK)
        st = sg_import_match_files(import, err);
    if (st == SG_OK && comes_after(import))
        st = append(&counts, import, true, err);
    else if (st == SG_OK)
        st = merge(summary, &counts, import, &ledger, err);
    summary->rows_added = counts.rows_added;
    summary->txs_added = counts.txs_added;
    summary->txs_completed = counts.txs_completed;
    summary->bad = import->n_bad + import->n_doubts;
    sg_ledger_close(&ledger);
    return st;
}
