/** What all HTML pages of the program share: the frame, the style sheet, and how figures, dates and
 *  hashes are written for people.
 *
 *  A page is one file: no network, no script, no clock. It reads at 1400 and at 420 pixels and
 * prints on A4; folded sections (<details>) are printed open. Errors are sticky in the buffer. Text
 * from outside goes through sg_page_text or sg_buf_html, never raw.
 */
#ifndef SG_APP_PAGE_H
#define SG_APP_PAGE_H

#include "base/amount.h"
#include "base/buf.h"

#include <stdint.h>

/** Begin and end a page: head, style sheet, patterns of the pictures. title: from outside or not.
 */
void sg_page_begin(struct sg_buf *out, const char *title);
void sg_page_end(struct sg_buf *out);

/** Terminated text, escaped. NULL writes nothing. */
void sg_page_text(struct sg_buf *out, const char *text);

/** A section with its heading and an anchor; both static text of ours. Close with </section>. */
void sg_page_section(struct sg_buf *out, const char *id, const char *heading);

/** Longest text of the formats below. */
#define SG_PAGE_TEXT_MAX 80

/** An amount for reading: thousands separated by commas, rounded half up to `shown` digits behind
 * the point. What is not zero but would be shown as zero is "< 0.01" and the like. In: decimals  of
 * the asset. shown: at most decimals; more is cut to it. */
char *sg_page_amount(char text[SG_PAGE_TEXT_MAX], struct sg_amount amount, unsigned decimals,
                     unsigned shown);

/** part / whole in percent with two digits, rounded half up ("96.12 %"); "n/a" if whole is 0. */
char *sg_page_percent(char text[SG_PAGE_TEXT_MAX], struct sg_amount part, struct sg_amount whole);

/** A count with thousands separated. */
char *sg_page_count(char text[SG_PAGE_TEXT_MAX], uint64_t count);

/** "23 March 2022", and "2022-03-23 13:29" for tables, both UTC; "unknown". */
char *sg_page_day(char text[SG_PAGE_TEXT_MAX], int64_t time_unix_s);
char *sg_page_minute(char text[SG_PAGE_TEXT_MAX], int64_t time_unix_s);

/** A long identifier (address, hash) in code type: first and last characters on screen, the whole
 * as its tooltip. In: text  escaped here. */
void sg_page_short_id(struct sg_buf *out, const char *text);
/** The whole identifier, breakable anywhere. */
void sg_page_full_id(struct sg_buf *out, const char *text);

#endif
