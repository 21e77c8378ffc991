/** What an import keeps between its calls; import.c fills it, commit.c and import_notes.c write it.
 */
#ifndef SG_STORE_IMPORT_IMPORT_INTERNAL_H
#define SG_STORE_IMPORT_IMPORT_INTERNAL_H

#include "base/arena.h"
#include "store/import/clash_internal.h"
#include "store/import/desk_internal.h"
#include "store/import/hints_internal.h"
#include "store/import/import.h"
#include "store/import/sorter_internal.h"

/** As sg_bad_entry keeps them. */
#define SG_BAD_REASON_SIZE 160
#define SG_BAD_TEXT_MAX    1024

/** A file of this import. */
struct sg_import_file {
    struct sg_file_entry entry;
    bool done;
    bool has_block; /**< first and last are set */
    uint64_t first_block, last_block;
    bool is_known;    /**< the ledger lists it already: nothing about it is noted again */
    uint64_t ordinal; /**< in the ledger's list, unless is_known */
};

/** A well-formed record that contradicts another. */
struct sg_import_doubt {
    const struct sg_packed *packed;
    const char *reason; /**< static */
    uint64_t block;
};

struct sg_import {
    struct sg_import_options options;
    size_t memory;            /**< for everything but the writer */
    struct sg_writer *writer; /**< of the current generation; holds the lock */
    struct sg_arena arena;    /**< accounts of the files */
    struct sg_sorter *records;
    struct sg_sorter *bad_rows; /**< a queue: the key counts up */
    struct sg_clash *clash;
    struct sg_hints *hints;
    uint64_t n_bad;
    char first_reason[SG_BAD_REASON_SIZE];

    struct sg_import_file *files;
    size_t n_files, cap_files;
    struct sg_cover_entry *covers;
    size_t n_covers, cap_covers;

    struct sg_import_doubt *doubts;
    size_t n_doubts, cap_doubts;
    enum sg_status doubt_status; /**< why doubts could not be kept, SG_OK if they could */
    uint64_t block;              /**< that is being put together */
    bool closed;                 /**< after an error or a commit: only sg_import_free is left */
};

/** A bad row as it waits in the queue. */
struct sg_packed_bad {
    uint64_t offset, line;
    uint32_t file;
    uint32_t text_size;
    char reason[SG_BAD_REASON_SIZE]; /**< terminated */
    uint8_t text[];
};

/** Open a writer that keeps to its share of the import's memory. Errors: those of sg_writer_open.
 */
SG_MUST_CHECK enum sg_status sg_import_open_writer(struct sg_writer **writer,
                                                   const struct sg_import_options *options,
                                                   bool next, struct sg_err *err);

/** Mark files that the ledger lists, and number the others. Errors: those of sg_engine_files. */
SG_MUST_CHECK enum sg_status sg_import_match_files(struct sg_import *import, struct sg_err *err);

/** Write files, bad rows, doubts, token hints and coverage. Errors: those of the writer. */
SG_MUST_CHECK enum sg_status sg_import_write_notes(struct sg_import *import,
                                                   struct sg_writer *writer, struct sg_err *err);

/** sg_import_commit, between its checks. */
SG_MUST_CHECK enum sg_status sg_import_run_commit(struct sg_import_summary *summary,
                                                  struct sg_import *import, struct sg_err *err);

#endif
