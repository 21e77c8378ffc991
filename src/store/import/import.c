#include "store/import/import.h"

#include "base/mem.h"
#include "base/vec.h"
#include "store/file/file.h"
#include "store/import/import_internal.h"

#include <stdio.h>
#include <string.h>

#define MEMORY_MIN ((size_t)32 * 1024 * 1024)

/* What a writer takes however small the batches are: open chunks of every column, work space of its
 * dictionaries. */
#define WRITER_MEMORY ((size_t)16 * 1024 * 1024)

/* Positions above this are refused: no block has so many transactions, and the highest bit tells
 * known places from unknown ones. */
#define INDEX_MAX ((uint32_t)INT32_MAX)

enum sg_status sg_import_open_writer(struct sg_writer **writer, const struct sg_import_options *o,
                                     bool next, struct sg_err *err)
{
    const enum sg_status st = sg_writer_open(writer, o->dir, o->chain, next, o->n_threads, err);
    if (st == SG_OK)
        sg_writer_set_staging(*writer, o->memory_max / 8);
    return st;
}

static enum sg_status open_parts(struct sg_import *import, struct sg_err *err)
{
    const struct sg_import_options *o = &import->options;
    const bool threaded = o->n_threads > 1;
    enum sg_status st = sg_file_mkdir(o->dir, err);
    if (st == SG_OK)
        st = sg_import_open_writer(&import->writer, o, false, err);
    if (st == SG_OK)
        st = sg_sorter_new(&import->records, o->dir, import->memory / 2, false, threaded, err);
    if (st == SG_OK)
        st = sg_clash_new(&import->clash, o->dir, import->memory / 8, threaded, err);
    if (st == SG_OK)
        st = sg_sorter_new(&import->bad_rows, o->dir, import->memory / 32, false, false, err);
    if (st == SG_OK)
        st = sg_hints_new(&import->hints, err);
    return st;
}

enum sg_status sg_import_new(struct sg_import **out, const struct sg_import_options *options,
                             struct sg_err *err)
{
    if (options->memory_max < MEMORY_MIN)
        return sg_err_set(err, SG_EUSAGE, "an import needs 32 MiB of memory or more");
    struct sg_import *import = sg_mem_zalloc(1, sizeof(*import));
    if (!import)
        return sg_err_nomem(err);
    import->options = *options;
    import->memory = options->memory_max - WRITER_MEMORY;
    const enum sg_status st = open_parts(import, err);
    if (st != SG_OK) {
        sg_import_free(import);
        return st;
    }
    *out = import;
    return SG_OK;
}

/* After a failure nothing but sg_import_free is left to do. */
static enum sg_status close_on_error(struct sg_import *import, enum sg_status st)
{
    import->closed |= st != SG_OK;
    return st;
}

enum sg_status sg_import_file_begin(struct sg_import *import, const char *name, struct sg_err *err)
{
    SG_VERIFY(!import->closed);
    SG_VERIFY(import->n_files == 0 || import->files[import->n_files - 1].done);
    if (import->n_files == UINT32_MAX - 1)
        return close_on_error(import, sg_err_set(err, SG_ELIMIT, "too many files in one import"));
    if (!SG_VEC_RESERVE(import->files, import->n_files, import->cap_files, 1))
        return close_on_error(import, sg_err_nomem(err));
    struct sg_import_file *file = &import->files[import->n_files++];
    memset(file, 0, sizeof(*file));
    snprintf(file->entry.name, sizeof(file->entry.name), "%s", name);
    return SG_OK;
}

static struct sg_import_file *current_file(struct sg_import *import)
{
    SG_VERIFY(!import->closed && import->n_files > 0);
    return &import->files[import->n_files - 1];
}

enum sg_status sg_import_bad(void *ctx, const struct sg_bad_row *bad, struct sg_err *err)
{
    struct sg_import *import = ctx;
    struct sg_import_file *file = current_file(import);
    const size_t text_size = bad->text_size < SG_BAD_TEXT_MAX ? bad->text_size : SG_BAD_TEXT_MAX;
    file->entry.bad++;
    if (import->n_bad++ == 0)
        snprintf(import->first_reason, sizeof(import->first_reason), "%s", bad->reason);
    if (import->n_bad > import->options.bad_max)
        return close_on_error(import, sg_err_at(err, SG_ELIMIT, bad->offset,
                                                "%llu bad rows, %llu are allowed; the first: %s",
                                                (unsigned long long)import->n_bad,
                                                (unsigned long long)import->options.bad_max,
                                                import->first_reason));
    void *item;
    const enum sg_status st = sg_sorter_add(&item, import->bad_rows, import->n_bad,
                                            sizeof(struct sg_packed_bad) + text_size, err);
    if (st != SG_OK)
        return close_on_error(import, st);
    struct sg_packed_bad *packed = item;
    *packed = (struct sg_packed_bad){.offset = bad->offset,
                                     .line = bad->line,
                                     .file = (uint32_t)import->n_files - 1,
                                     .text_size = (uint32_t)text_size};
    snprintf(packed->reason, sizeof(packed->reason), "%s", bad->reason);
    if (text_size)
        memcpy(packed->text, bad->text, text_size);
    return SG_OK;
}

/* What no chain can mean, or the packed form cannot hold; NULL if the record is sound. */
static const char *fault_of(const struct sg_record *record)
{
    if (!record->has_hash && (record->kind == SG_RECORD_TX || record->kind == SG_RECORD_RECEIPT))
        return "a transaction without a hash";
    if (record->kind == SG_RECORD_TOKEN && !record->token.size)
        return "a token transfer without its token";
    if (record->block == UINT64_MAX)
        return "a block number out of range";
    if (record->tx_index != SG_INDEX_UNKNOWN && record->tx_index > INDEX_MAX)
        return "a position in the block out of range";
    if (record->trace_path && record->trace_path_size > SG_PACK_PATH_MAX)
        return "a trace address of more than 1,024 levels";
    return NULL;
}

static void widen_range(struct sg_import_file *file, uint64_t block)
{
    if (!file->has_block || block < file->first_block)
        file->first_block = block;
    if (!file->has_block || block > file->last_block)
        file->last_block = block;
    file->has_block = true;
}

static enum sg_status keep_record(struct sg_import *import, const struct sg_record *record,
                                  struct sg_err *err)
{
    void *item;
    enum sg_status st =
        sg_sorter_add(&item, import->records, record->block, sg_pack_size(record), err);
    if (st != SG_OK)
        return st;
    sg_pack(item, record, (uint32_t)import->n_files - 1);
    if (record->has_hash)
        st = sg_clash_add(import->clash, record->hash32, record->block, err);
    if (st == SG_OK && record->kind == SG_RECORD_TOKEN)
        st = sg_hints_add(import->hints, record, err);
    return st;
}

enum sg_status sg_import_record(void *ctx, const struct sg_record *record, struct sg_err *err)
{
    struct sg_import *import = ctx;
    struct sg_import_file *file = current_file(import);
    const char *fault = fault_of(record);
    if (fault) {
        const struct sg_bad_row bad = {.offset = record->offset, .reason = fault};
        return sg_import_bad(import, &bad, err);
    }
    file->entry.records++;
    widen_range(file, record->block);
    return close_on_error(import, keep_record(import, record, err));
}

static enum sg_status add_cover(struct sg_import *import, const struct sg_cover_entry *range,
                                const struct sg_address *account, struct sg_err *err)
{
    struct sg_cover_entry cover = *range;
    if (account) {
        const char *copy =
            sg_arena_strndup(&import->arena, (const char *)account, 1u + account->size);
        if (!copy)
            return sg_err_nomem(err);
        cover.addr = (sg_addr_ref)copy;
    }
    if (!SG_VEC_RESERVE(import->covers, import->n_covers, import->cap_covers, 1))
        return sg_err_nomem(err);
    import->covers[import->n_covers++] = cover;
    return SG_OK;
}

static enum sg_status add_covers(struct sg_import *import, const struct sg_import_file *file,
                                 const struct sg_import_file_end *end, struct sg_err *err)
{
    const struct sg_cover_entry range = {
        .kinds = end->cover_kinds,
        .first_block = end->has_range ? end->first_block : file->first_block,
        .last_block = end->has_range ? end->last_block : file->last_block,
    };
    if (!range.kinds || (!end->has_range && !file->has_block))
        return SG_OK;
    enum sg_status st = end->cover_chain ? add_cover(import, &range, NULL, err) : SG_OK;
    for (size_t i = 0; i < end->n_accounts && st == SG_OK; i++)
        st = add_cover(import, &range, &end->accounts[i], err);
    return st;
}

enum sg_status sg_import_file_done(struct sg_import *import, const struct sg_import_file_end *end,
                                   struct sg_err *err)
{
    struct sg_import_file *file = current_file(import);
    memcpy(file->entry.sha256, end->sha256, sizeof(file->entry.sha256));
    file->entry.bytes = end->bytes;
    snprintf(file->entry.table, sizeof(file->entry.table), "%s", end->table);
    file->done = true;
    return close_on_error(import, add_covers(import, file, end, err));
}

enum sg_status sg_import_commit(struct sg_import_summary *summary, struct sg_import *import,
                                struct sg_err *err)
{
    SG_VERIFY(!import->closed);
    struct sg_import_summary result = {.files = import->n_files,
                                       .records = sg_sorter_count(import->records)};
    const enum sg_status st = sg_import_run_commit(&result, import, err);
    import->closed = true;
    if (st == SG_OK)
        *summary = result;
    return st;
}

void sg_import_free(struct sg_import *import)
{
    if (!import)
        return;
    sg_mem_free(import->doubts);
    sg_mem_free(import->covers);
    sg_mem_free(import->files);
    sg_hints_free(import->hints);
    sg_clash_free(import->clash);
    sg_sorter_free(import->bad_rows);
    sg_sorter_free(import->records);
    sg_arena_clear(&import->arena);
    sg_writer_free(import->writer);
    sg_mem_free(import);
}
