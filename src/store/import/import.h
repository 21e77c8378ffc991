/** Records of one or more source files into a chain's ledger, all or nothing.
 *
 *  Collects records (spilling sorted runs to the ledger's directory above the memory bound), joins
 *  the records of a transaction, merges with what the ledger holds, and appends or builds the next
 *  generation. Importing a file again adds nothing.
 *
 *  Multiset rule: within one file all rows of a transaction are kept; across files, and against the
 *  ledger, rows with a known position (log index, trace path) are a set, and of rows that are alike
 *  but have none the larger count wins. Rules in full: docs/formats/ledger.md.
 */
#ifndef SG_STORE_IMPORT_H
#define SG_STORE_IMPORT_H

#include "store/ledger/ledger.h"

struct sg_import;

struct sg_import_options {
    const char *dir; /**< ledger directory, made if it is missing */
    const struct sg_chain *chain;
    size_t memory_max; /**< bytes for buffers, at least 32 MiB; excess goes to disk */
    size_t n_threads;
    uint64_t bad_max;                   /**< bad rows above this refuse the import */
    const struct sg_progress *progress; /**< may be NULL; done and total in records */
};

struct sg_import_summary {
    uint64_t files, records, bad;
    uint64_t rows_added, txs_added;
    uint64_t txs_completed; /**< known transactions that gained a fee, a status or a position */
    bool rebuilt;           /**< a next generation was built */
};

/** Begin. Owner: the caller, until sg_import_free, which drops all that was not committed.
 *  Errors: SG_EBUSY (another import runs), SG_EVERSION, SG_EIO, SG_ENOMEM, SG_EUSAGE (too little
 * memory). */
SG_MUST_CHECK enum sg_status sg_import_new(struct sg_import **import,
                                           const struct sg_import_options *options,
                                           struct sg_err *err);

/** The next records are of this file. name: as a person gave it, kept with the ledger. */
SG_MUST_CHECK enum sg_status sg_import_file_begin(struct sg_import *import, const char *name,
                                                  struct sg_err *err);

/** Sink functions for a decoder, ctx = the import. Within a file the offsets of records ascend: of
 *  two that contradict each other the one that came first is believed. Errors: SG_ELIMIT above
 * bad_max. */
enum sg_status sg_import_record(void *import, const struct sg_record *record, struct sg_err *err);
enum sg_status sg_import_bad(void *import, const struct sg_bad_row *bad, struct sg_err *err);

struct sg_import_file_end {
    uint8_t sha256[32];
    uint64_t bytes;
    const char *table;                 /**< sg_decoder_table */
    const struct sg_address *accounts; /**< whose rows the file holds in full */
    size_t n_accounts;
    uint8_t cover_kinds; /**< SG_COVER_...; what the accounts, or the chain, are covered for */
    bool cover_chain;    /**< the file holds whole blocks of the chain */
    /** Blocks covered; where has_range is false, first to last block of the file's records. */
    bool has_range;
    uint64_t first_block, last_block;
};

SG_MUST_CHECK enum sg_status sg_import_file_done(struct sg_import *import,
                                                 const struct sg_import_file_end *end,
                                                 struct sg_err *err);

/** Write everything, durable on return. On an error the ledger is as it was before the import. */
SG_MUST_CHECK enum sg_status sg_import_commit(struct sg_import_summary *summary,
                                              struct sg_import *import, struct sg_err *err);

void sg_import_free(struct sg_import *import);

#endif
