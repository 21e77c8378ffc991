/** Comma-separated values as a push parser: bytes in, records of fields out.
 *
 *  RFC 4180: fields in double quotes may hold commas, line ends and doubled quotes; lines end in LF
 *  or CRLF; the last one may lack its end. Blank lines are skipped. The result does not depend on
 *  how the bytes are cut. A record that lies whole in one piece is not copied, unless a field holds
 * a quote.
 *
 *  A damaged record goes to `bad` and the parser goes on with the next one. A quote that is never
 *  closed would swallow the file: where no end comes within SG_RECORD_BYTES_MAX, the first line
 *  alone is bad, and what follows it is read again.
 *
 *  Knows nothing of headers or columns: formats/decode does.
 */
#ifndef SG_FORMATS_CSV_H
#define SG_FORMATS_CSV_H

#include "base/text.h"
#include "formats/record/record.h"

/** One record; all of it is borrowed for the call. */
struct sg_csv_record {
    const struct sg_text *fields; /**< without quotes */
    size_t n_fields;              /**< 1 to SG_CSV_FIELDS_MAX */
    uint64_t offset;              /**< of its first byte */
    uint64_t number;              /**< 1-based; blank lines count */
    struct sg_text raw;           /**< as it stands in the file, with its line end if any */
};

/** Where records go. Anything but SG_OK stops the parser with it. */
struct sg_csv_sink {
    enum sg_status (*record)(void *ctx, const struct sg_csv_record *record, struct sg_err *err);
    enum sg_status (*bad)(void *ctx, const struct sg_bad_row *bad, struct sg_err *err);
    void *ctx;
};

struct sg_csv;

/** New parser. Owner: the caller, until sg_csv_free. sink: copied. offset: of the first byte that
 *  will be fed, where something (a byte order mark) was taken off before. Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_csv_new(struct sg_csv **csv, const struct sg_csv_sink *sink,
                                        uint64_t offset, struct sg_err *err);

/** Take the next bytes. Errors: SG_ENOMEM, or what the sink returned; after one only sg_csv_free is
 *  allowed. Cost: one pass; two where a field holds quotes or a record is cut between pieces. */
SG_MUST_CHECK enum sg_status sg_csv_feed(struct sg_csv *csv, const char *bytes, size_t size,
                                         struct sg_err *err);

/** Say that the file has ended. Errors: as feed. */
SG_MUST_CHECK enum sg_status sg_csv_finish(struct sg_csv *csv, struct sg_err *err);

/** NULL is allowed. */
void sg_csv_free(struct sg_csv *csv);

/** Longest piece of a bad line that is shown. */
#define SG_BAD_TEXT_MAX 1024

#endif
