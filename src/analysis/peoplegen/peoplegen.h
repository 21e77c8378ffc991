/** A world of people who look for work, some of whom are one operator: for tests and measurements.
 *
 *  Every record can be made by itself from (seed, row), so a file of any length is written in one
 *  pass and in constant memory, and the same options give the same bytes. Rows are in an order that
 *  says nothing: neighbours in the world are far apart in the file.
 *
 *  The world is made of neighbourhoods of 64 records. In each live families, flat shares and single
 *  people; some have a shared office or an agency; people move, travel, work through a VPN, share a
 *  bank account with a spouse, and apply again later with a typing error or their name in Latin
 *  letters. An operator has 3 to 30 personas there, and a care from 0 (all on one laptop, one
 *  wallet, one text) to 4 (shares next to nothing). Whose name comes from where has no bearing on
 *  who is an operator: personas draw names as everybody does.
 *
 *  What it does not model is listed in docs/formats/people.md. No name, address, account or
 *  number in it belongs to anybody on purpose; addresses on networks are of the ranges that are
 *  reserved for documentation and private use where the kind has such ranges.
 *  Threads: any, the generator is read-only after it was made.
 */
#ifndef SG_ANALYSIS_PEOPLEGEN_H
#define SG_ANALYSIS_PEOPLEGEN_H

#include "base/buf.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

/** Records of one world, at most; the permutation of rows works on 40 bits. */
#define SG_PEOPLEGEN_RECORDS_MAX (UINT64_C(1) << 40)

/** Records of a neighbourhood; no two operators share one. */
#define SG_PEOPLEGEN_CELL 64

/** Applicants in one who were tied to one state's operators by a published count; the default share
 *  of personas. See docs/formats/people.md on its source. */
#define SG_PEOPLEGEN_BASE_RATE 343

struct sg_peoplegen {
    uint64_t seed;
    uint64_t n_records;   /**< 1 to SG_PEOPLEGEN_RECORDS_MAX */
    uint64_t n_operators; /**< at most one for 64 records */
    unsigned repeats;     /**< records in 100 that are a person's second or later; 0 to 90 */
};

/** Operators that make about one record in SG_PEOPLEGEN_BASE_RATE a persona, at least one where
 *  there is room. */
uint64_t sg_peoplegen_operators(uint64_t n_records);

/** Check the options. Errors: SG_EUSAGE with a sentence. */
SG_MUST_CHECK enum sg_status sg_peoplegen_check(const struct sg_peoplegen *gen, struct sg_err *err);

/** What is true of a record. */
struct sg_peoplegen_truth {
    uint64_t person;      /**< the human or persona; the same for all its records */
    uint64_t operator_id; /**< 1-based; 0: an honest person */
    unsigned care;        /**< of the operator, 0 to 4; 0 for honest people */
    bool is_repeat;       /**< not the first record of its person */
};

/** Truth of row 0 .. n_records - 1. Cost: as a record. */
void sg_peoplegen_truth(struct sg_peoplegen_truth *truth, const struct sg_peoplegen *gen,
                        uint64_t row);

/** Header lines of the three files (docs/formats/people.md). */
void sg_peoplegen_people_header(struct sg_buf *out);
void sg_peoplegen_events_header(struct sg_buf *out);
void sg_peoplegen_truth_header(struct sg_buf *out);

/** Append what a file says of a row: one line of people or truth; 20 to 60 lines of events, in
 *  no order. Failures are sticky in `out`. Cost: about 4 microseconds a line of people. */
void sg_peoplegen_people(struct sg_buf *out, const struct sg_peoplegen *gen, uint64_t row);
void sg_peoplegen_events(struct sg_buf *out, const struct sg_peoplegen *gen, uint64_t row);
void sg_peoplegen_truth_line(struct sg_buf *out, const struct sg_peoplegen *gen, uint64_t row);

/** Write the record id of a row ("r000012"), a terminator included; returns `text`. */
#define SG_PEOPLEGEN_ID_MAX 24
char *sg_peoplegen_id(char text[SG_PEOPLEGEN_ID_MAX], uint64_t row);

#endif
