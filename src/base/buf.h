/** A growable text buffer with a maximum, for building output. Errors are sticky: append freely,
 * ask once at the end. Always terminated.
 */
#ifndef SG_BASE_BUF_H
#define SG_BASE_BUF_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

struct sg_buf {
    char *data;      /**< terminated once anything was appended; NULL before */
    size_t size;     /**< bytes, without the terminator */
    size_t capacity; /**< bytes allocated */
    size_t max;      /**< size never passes this */
    bool failed;     /**< set by the first append that did not fit; cleared by reset and clear */
    bool over_max;   /**< why it failed: max if true, memory if not */
};

#define SG_BUF_INIT(max_bytes)                                                                     \
    {                                                                                              \
        NULL, 0, 0, (max_bytes), false, false                                                      \
    }

void sg_buf_append(struct sg_buf *buf, const void *bytes, size_t size);
void sg_buf_puts(struct sg_buf *buf, const char *text);
void sg_buf_putc(struct sg_buf *buf, char c);
void sg_buf_printf(struct sg_buf *buf, const char *fmt, ...) SG_PRINTF(2, 3);

/** Text from outside, made safe inside HTML text and double-quoted attributes. Bytes that are not
 *  UTF-8, and control characters, become U+FFFD. */
void sg_buf_html(struct sg_buf *buf, const char *text, size_t size);

/** Text from outside, made safe on one line of a terminal: bytes that are not UTF-8, control
 *  characters with line ends and tabs, and direction overrides become '?'. */
void sg_buf_line(struct sg_buf *buf, const char *text, size_t size);

/** A JSON string with its quotes; bytes that are not UTF-8 become U+FFFD. */
void sg_buf_json(struct sg_buf *buf, const char *text, size_t size);

/** One CSV field, quoted where RFC 4180 asks for it. */
void sg_buf_csv(struct sg_buf *buf, const char *text, size_t size);

/** The same for text from outside that a spreadsheet may open: what begins like a formula, or with
 * an apostrophe, gets an apostrophe before it. */
void sg_buf_csv_cell(struct sg_buf *buf, const char *text, size_t size);

/** Keep the allocation, forget the content and the failure. */
void sg_buf_reset(struct sg_buf *buf);
void sg_buf_clear(struct sg_buf *buf);

/** SG_OK, or SG_ENOMEM or SG_ELIMIT if an append failed. */
SG_MUST_CHECK enum sg_status sg_buf_check(const struct sg_buf *buf, struct sg_err *err);

#endif
