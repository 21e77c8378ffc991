/** A table of records kept by column, as a push reader: bytes of CSV or JSON lines in, columns of
 *  numbered values out. For tables about people whose columns nobody knows beforehand.
 *
 *  Every column keeps each distinct text once, and its number for each row. Blanks at the ends of a
 * cell are taken off; an empty cell, and a JSON null, say nothing. Several files may be read one
 * after the other: columns are joined by name.
 *
 *  A row that is damaged or has another number of fields is counted with its place and not kept;
 *  what stood in it is never repeated, because it is about a person. Bytes that are not UTF-8 are
 *  kept as they are.
 */
#ifndef SG_FORMATS_ROSTER_H
#define SG_FORMATS_ROSTER_H

#include "base/arena.h"
#include "base/dict.h"
#include "base/status.h"
#include "base/text.h"

#include <stddef.h>
#include <stdint.h>

/** Rows of all files together. */
#define SG_ROSTER_ROWS_MAX ((size_t)UINT32_MAX - 2)

/** Bad rows whose place is kept; all are counted. */
#define SG_ROSTER_BAD_MAX 16

struct sg_roster_column {
    struct sg_text name;
    uint32_t *cells; /**< n_rows: number of the text in `values`, 0: the row says nothing */
    size_t cells_capacity;
    struct sg_dict values;
};

struct sg_roster_bad {
    size_t file;        /**< 0-based, in the order of sg_roster_begin */
    uint64_t record;    /**< 1-based */
    const char *reason; /**< static */
};

/** Own it zeroed; release with sg_roster_clear. Read-only fields. */
struct sg_roster {
    struct sg_arena arena; /**< names of columns */
    struct sg_roster_column *columns;
    size_t n_columns, columns_capacity;
    size_t n_rows;
    size_t n_files;
    uint64_t n_bad;
    struct sg_roster_bad bad[SG_ROSTER_BAD_MAX];
};

struct sg_roster_reader;

/** Begin a file. Owner: the caller, until sg_roster_reader_free; `roster` must not move meanwhile.
 *  Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_roster_begin(struct sg_roster_reader **reader,
                                             struct sg_roster *roster, struct sg_err *err);

/** Take the next bytes, in pieces of any size. A file that begins with '{' or '[' is JSON.
 *  Errors: SG_EPARSE (a column twice in a header, named by its place; not JSON), SG_ELIMIT,
 *  SG_ENOMEM. After one the roster holds a part of the file. */
SG_MUST_CHECK enum sg_status sg_roster_feed(struct sg_roster_reader *reader, const char *bytes,
                                            size_t size, struct sg_err *err);

/** Say that the file has ended. Errors: as feed; SG_EPARSE for a file without a header. */
SG_MUST_CHECK enum sg_status sg_roster_finish(struct sg_roster_reader *reader, struct sg_err *err);

/** NULL is allowed. */
void sg_roster_reader_free(struct sg_roster_reader *reader);

/** Text of a cell; data NULL where the row says nothing. */
struct sg_text sg_roster_cell(const struct sg_roster *roster, size_t column, size_t row);

/** Number of the column with this name, or SIZE_MAX. */
size_t sg_roster_column(const struct sg_roster *roster, const char *name);

void sg_roster_clear(struct sg_roster *roster);

#endif
