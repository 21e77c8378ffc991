/** Writing JSON: commas and nesting are kept here, so that a document is well formed by
 *  construction. Amounts go out as decimal strings in whole units with all digits.
 */
#ifndef SG_BASE_JSONW_H
#define SG_BASE_JSONW_H

#include "base/amount.h"
#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

#define SG_JSONW_DEPTH_MAX 32

struct sg_jsonw {
    struct sg_buf *buf; /**< borrowed; failures are sticky there */
    unsigned depth;
    bool comma[SG_JSONW_DEPTH_MAX]; /**< an element was written at this depth */
    bool after_key;
};

void sg_jsonw_init(struct sg_jsonw *w, struct sg_buf *buf);

/** Name of the next value; inside an object only. Static text, written as is. */
void sg_jsonw_key(struct sg_jsonw *w, const char *key);
/** The same for a name that came from outside. */
void sg_jsonw_key_text(struct sg_jsonw *w, const char *key, size_t size);

void sg_jsonw_begin_object(struct sg_jsonw *w);
void sg_jsonw_end_object(struct sg_jsonw *w);
void sg_jsonw_begin_array(struct sg_jsonw *w);
void sg_jsonw_end_array(struct sg_jsonw *w);

/** A terminated string, or null for NULL. */
void sg_jsonw_string(struct sg_jsonw *w, const char *text);
void sg_jsonw_string_n(struct sg_jsonw *w, const char *text, size_t size);
void sg_jsonw_uint(struct sg_jsonw *w, uint64_t value);
void sg_jsonw_int(struct sg_jsonw *w, int64_t value);
void sg_jsonw_bool(struct sg_jsonw *w, bool value);
void sg_jsonw_null(struct sg_jsonw *w);
void sg_jsonw_amount(struct sg_jsonw *w, struct sg_amount amount, unsigned decimals);
/** Unix seconds, or null where unknown. */
void sg_jsonw_time(struct sg_jsonw *w, int64_t time_unix_s);
/** A score or statistic with up to six significant digits; not for money. NaN becomes null. */
void sg_jsonw_double(struct sg_jsonw *w, double value); /* allowed: not money */
/** 0x and lower-case digits. */
void sg_jsonw_hex(struct sg_jsonw *w, const uint8_t *bytes, size_t n_bytes);

/** Key and value in one call, for the common cases. */
void sg_jsonw_kv_string(struct sg_jsonw *w, const char *key, const char *text);
void sg_jsonw_kv_uint(struct sg_jsonw *w, const char *key, uint64_t value);
void sg_jsonw_kv_bool(struct sg_jsonw *w, const char *key, bool value);
void sg_jsonw_kv_amount(struct sg_jsonw *w, const char *key, struct sg_amount amount,
                        unsigned decimals);
void sg_jsonw_kv_time(struct sg_jsonw *w, const char *key, int64_t time_unix_s);
/** The day of Unix seconds, or null where unknown. */
void sg_jsonw_kv_day(struct sg_jsonw *w, const char *key, int64_t time_unix_s);

#endif
