/** A file of transactions, a line each, judged one after the other: bytes unpacked, lines cut, bad
 *  ones named and counted, the rest printed as text or JSON. */
#ifndef SG_APP_COINJOINING_H
#define SG_APP_COINJOINING_H

#include "analysis/coinjoin/coinjoin.h"
#include "app/meter.h"
#include "base/arena.h"
#include "base/buf.h"
#include "formats/inflate/inflate.h"
#include "store/utxo/utxo.h"

#define SG_COINJOINING_KINDS ((size_t)SG_COINJOIN_PAYJOIN + 1)

struct sg_coinjoining {
    bool json;        /**< set by the caller, the rest zero */
    const char *path; /**< of the file, or "-" */
    uint64_t n_lines, n_bad;
    uint64_t n_of[SG_COINJOINING_KINDS]; /**< judged, by kind */
    /* While it runs. */
    struct sg_inflate *inflate;
    struct sg_buf line, out;
    struct sg_arena arena;
    struct sg_bar bar;
    uint64_t done_bytes, total_bytes;
    uint64_t line_number;
    bool too_long; /* the line at hand is above the limit and is skipped to its end */
};

/** Judge the transactions of a ledger instead, and print those of some kind. Those with an input
 * whose output is missing cannot be judged: they are n_bad. The note of a Tx0 is not in a ledger,
 * so there none is found. Errors: those of memory and of standard output. */
SG_MUST_CHECK enum sg_status sg_coinjoining_ledger(struct sg_coinjoining *run,
                                                   const struct sg_utxo *utxo, struct sg_err *err);

/** Read the file to its end. Errors: those of files and of memory; a bad line is none. */
SG_MUST_CHECK enum sg_status sg_coinjoining_run(struct sg_coinjoining *run, struct sg_err *err);

#endif
