/* What an import notes beside rows: files, bad rows, coverage, tokens. */
#include "store/import/import_internal.h"

#include "base/hex.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct match {
    struct sg_import *import;
    uint64_t n_listed;
};

static bool same_file(const struct sg_file_entry *a, const struct sg_file_entry *b)
{
    return memcmp(a->sha256, b->sha256, sizeof(a->sha256)) == 0 && strcmp(a->table, b->table) == 0;
}

static void match_listed(void *ctx, const struct sg_file_entry *listed)
{
    struct match *match = ctx;
    match->n_listed++;
    for (size_t i = 0; i < match->import->n_files; i++)
        if (same_file(&match->import->files[i].entry, listed))
            match->import->files[i].is_known = true;
}

enum sg_status sg_import_match_files(struct sg_import *import, struct sg_err *err)
{
    struct match match = {import, 0};
    const enum sg_status st =
        sg_engine_files(import->options.dir, import->options.chain, match_listed, &match, err);
    if (st != SG_OK && st != SG_ENOTFOUND)
        return st;
    for (size_t i = 0; i < import->n_files; i++) {
        struct sg_import_file *file = &import->files[i];
        for (size_t j = 0; j < i && !file->is_known; j++)
            file->is_known = same_file(&file->entry, &import->files[j].entry);
        file->ordinal = match.n_listed;
        match.n_listed += !file->is_known;
    }
    return SG_OK;
}

static enum sg_status write_files(const struct sg_import *import, struct sg_writer *writer,
                                  struct sg_err *err)
{
    enum sg_status st = SG_OK;
    for (size_t i = 0; i < import->n_files && st == SG_OK; i++) {
        struct sg_file_entry entry = import->files[i].entry;
        for (size_t j = 0; j < import->n_doubts; j++)
            entry.bad += import->doubts[j].packed->file == i;
        if (!import->files[i].is_known)
            st = sg_writer_file(writer, &entry, err);
    }
    return st;
}

static enum sg_status write_bad_rows(struct sg_import *import, struct sg_writer *writer,
                                     struct sg_err *err)
{
    enum sg_status st = SG_OK;
    uint64_t key;
    const struct sg_packed_bad *bad;
    sg_sorter_rewind(import->bad_rows);
    while (st == SG_OK && (bad = sg_sorter_next(&key, import->bad_rows))) {
        const struct sg_import_file *file = &import->files[bad->file];
        if (file->is_known)
            continue;
        struct sg_bad_entry entry = {
            .file = file->ordinal, .offset = bad->offset, .line = bad->line};
        memcpy(entry.reason, bad->reason, sizeof(bad->reason));
        for (uint32_t i = 0; i < bad->text_size; i++)
            entry.text[i] = bad->text[i] ? (char)bad->text[i] : ' ';
        st = sg_writer_bad(writer, &entry, err);
    }
    return st;
}

/* The line itself is gone by now; its offset and the transaction lead back to it. */
static void describe(struct sg_bad_entry *entry, const struct sg_import_doubt *doubt)
{
    struct sg_unpacked record;
    sg_unpack(&record, doubt->packed);
    char hash[2 * 32 + 1] = "";
    if (record.hash32)
        sg_hex_encode(hash, record.hash32, 32);
    entry->offset = doubt->packed->offset;
    snprintf(entry->reason, sizeof(entry->reason), "%s", doubt->reason);
    snprintf(entry->text, sizeof(entry->text), "block %" PRIu64 "%s%s", doubt->block,
             record.hash32 ? ", transaction 0x" : "", hash);
}

static enum sg_status write_doubts(const struct sg_import *import, struct sg_writer *writer,
                                   struct sg_err *err)
{
    enum sg_status st = SG_OK;
    for (size_t i = 0; i < import->n_doubts && st == SG_OK; i++) {
        const struct sg_import_file *file = &import->files[import->doubts[i].packed->file];
        struct sg_bad_entry entry = {.file = file->ordinal};
        describe(&entry, &import->doubts[i]);
        if (!file->is_known)
            st = sg_writer_bad(writer, &entry, err);
    }
    return st;
}

enum sg_status sg_import_write_notes(struct sg_import *import, struct sg_writer *writer,
                                     struct sg_err *err)
{
    enum sg_status st = write_files(import, writer, err);
    if (st == SG_OK)
        st = write_bad_rows(import, writer, err);
    if (st == SG_OK)
        st = write_doubts(import, writer, err);
    size_t n_hints;
    const struct sg_token_hint *hints = sg_hints_all(&n_hints, import->hints);
    if (st == SG_OK && n_hints)
        st = sg_writer_tokens(writer, hints, n_hints, err);
    if (st == SG_OK && import->n_covers)
        st = sg_writer_cover(writer, import->covers, import->n_covers, err);
    return st;
}
