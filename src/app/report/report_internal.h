/** The parts of a report, one file each. All write HTML; failures are sticky in the buffer unless a
 *  status says otherwise. */
#ifndef SG_APP_REPORT_INTERNAL_H
#define SG_APP_REPORT_INTERNAL_H

#include "app/page/page.h"
#include "app/report/report.h"
#include "formats/prices/prices.h"

#include <inttypes.h>

/** Digits behind the point in sentences and in tables. */
#define SHOWN_TEXT  2
#define SHOWN_TABLE 4

static inline const struct sg_report_result *main_result(const struct sg_report_asset *asset)
{
    return &asset->results[asset->main];
}

/** stolen + converted in: what every share is a share of. */
struct sg_amount report_whole(const struct sg_report_result *result);

/** Whether all of an asset's money was converted or paid in fees: a sentence says it all. */
bool report_is_quiet(const struct sg_report_asset *asset);

/** Class of app/svg for a kind of money. Static storage. */
const char *report_class(enum sg_report_kind kind);

/** "1,234.56 ETH", escaped. */
void report_amount(struct sg_buf *out, const struct sg_report_asset *asset, struct sg_amount amount,
                   unsigned shown);
/** A cell of a table: right-aligned digits without the symbol. */
void report_amount_cell(struct sg_buf *out, const struct sg_report_asset *asset,
                        struct sg_amount amount);
/** A cell with whole US dollars, or "no price". */
void report_usd_cell(struct sg_buf *out, struct sg_report_usd usd);
/** The id of a transaction as its chain writes it, in a tag that keeps it whole. */
void report_hash(struct sg_buf *out, const struct sg_report_asset *asset, const uint8_t hash32[32]);
void report_minute_cell(struct sg_buf *out, int64_t time_unix_s);

void report_head(struct sg_buf *out, const struct sg_report *report);
SG_MUST_CHECK enum sg_status report_flow(struct sg_buf *out, const struct sg_report_asset *asset,
                                         unsigned number, struct sg_err *err);
SG_MUST_CHECK enum sg_status report_timeline(struct sg_buf *out, const struct sg_report *report,
                                             const struct sg_report_asset *asset, unsigned number,
                                             struct sg_err *err);
void report_destinations(struct sg_buf *out, const struct sg_report *report);
void report_freeze(struct sg_buf *out, const struct sg_report *report);
void report_held(struct sg_buf *out, const struct sg_report *report);
void report_unobserved(struct sg_buf *out, const struct sg_report *report);
void report_range(struct sg_buf *out, const struct sg_report *report);
void report_basis(struct sg_buf *out, const struct sg_report *report);
void report_transfers(struct sg_buf *out, const struct sg_report *report);
SG_MUST_CHECK enum sg_status report_manifest(struct sg_buf *out, const struct sg_report *report,
                                             struct sg_err *err);

#endif
