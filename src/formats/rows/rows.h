/** A table as CSV or as JSON lines, told apart by its first byte, as a push reader: the part that
 *  readers of tables share. What a row means, a header included, is its user's business.
 *
 *  A byte order mark is passed over, and counts in offsets. A file that begins with '{' or '[' is
 *  JSON.
 */
#ifndef SG_FORMATS_ROWS_H
#define SG_FORMATS_ROWS_H

#include "formats/csv/csv.h"
#include "formats/json/json.h"

/** Set by sg_rows_init, released by sg_rows_clear. Read-only. */
struct sg_rows {
    struct sg_csv_sink csv_sink;
    struct sg_json_sink json_sink;
    struct sg_csv *csv; /**< one of the two, once the first byte was seen */
    struct sg_json *json;
    bool is_array; /**< the JSON is one array */
    uint64_t mark; /**< bytes of a byte order mark */
};

void sg_rows_init(struct sg_rows *rows, const struct sg_csv_sink *csv,
                  const struct sg_json_sink *json);

/** Take the next bytes, in pieces of any size. Errors: those of the two readers and of the sinks.
 */
SG_MUST_CHECK enum sg_status sg_rows_feed(struct sg_rows *rows, const char *bytes, size_t size,
                                          struct sg_err *err);

/** Say that the file has ended. In: has_header   the user took a header line, of CSV.
 *  Errors: as feed; SG_EPARSE where neither a header nor JSON was there. */
SG_MUST_CHECK enum sg_status sg_rows_finish(struct sg_rows *rows, bool has_header,
                                            struct sg_err *err);

void sg_rows_clear(struct sg_rows *rows);

#endif
