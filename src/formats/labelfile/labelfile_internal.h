/** The tables among the label files: rows of named texts, from CSV or JSON. */
#ifndef SG_FORMATS_LABELFILE_INTERNAL_H
#define SG_FORMATS_LABELFILE_INTERNAL_H

#include "base/arena.h"
#include "base/text.h"
#include "formats/labelfile/labelfile.h"

/** Columns of our CSV, and those of etherscan dumps; each table names its own. */
#define SG_LABELFILE_COLUMNS 24

struct sg_labelfile_rows;

/** What a row becomes. texts[i] is the text of column i, terminated; NULL where it is absent or
 *  empty. Borrowed for the call. */
typedef enum sg_status (*sg_labelfile_row)(const struct sg_label_sink *sink,
                                           const char *const *texts, uint32_t line,
                                           struct sg_err *err);

/** A kind of table. A column has several names, one behind the other, each with a blank on both
 *  sides (" address contract "), lower case; in files case, and "_", "-" or blanks in names, do not
 *  matter. */
struct sg_labelfile_table {
    const char *const *columns;
    size_t n_columns;
    size_t required; /**< the column that a file must have */
    bool strict;     /**< an unknown column is an error */
    sg_labelfile_row row;
};

extern const struct sg_labelfile_table sg_labelfile_csv_table;
extern const struct sg_labelfile_table sg_labelfile_etherscan_table;

SG_MUST_CHECK enum sg_status sg_labelfile_rows_new(struct sg_labelfile_rows **rows,
                                                   const struct sg_labelfile_table *table,
                                                   const struct sg_label_sink *sink,
                                                   struct sg_err *err);
SG_MUST_CHECK enum sg_status sg_labelfile_rows_feed(struct sg_labelfile_rows *rows,
                                                    const char *bytes, size_t size,
                                                    struct sg_err *err);
SG_MUST_CHECK enum sg_status sg_labelfile_rows_finish(struct sg_labelfile_rows *rows,
                                                      struct sg_err *err);
void sg_labelfile_rows_free(struct sg_labelfile_rows *rows);

#endif
