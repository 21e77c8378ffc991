/* The order of the report: what happened, where to act, how far it can be seen, what it rests on.
 */
#include "app/report/report_internal.h"

#include <assert.h>

static enum sg_status pictures(struct sg_buf *out, const struct sg_report *report,
                               struct sg_err *err)
{
    enum sg_status st = SG_OK;
    sg_page_section(out, "flow", "Where the money went");
    for (unsigned i = 0; i < report->n_assets && st == SG_OK; i++)
        if (!report_is_quiet(&report->assets[i]))
            st = report_flow(out, &report->assets[i], i, err);
    sg_buf_puts(out, "</section>\n");
    if (st != SG_OK)
        return st;
    sg_page_section(out, "when", "When it left");
    for (unsigned i = 0; i < report->n_assets && st == SG_OK; i++)
        if (!report_is_quiet(&report->assets[i]))
            st = report_timeline(out, report, &report->assets[i], i, err);
    sg_buf_puts(out, "</section>\n");
    return st;
}

enum sg_status sg_report_write(struct sg_buf *out, const struct sg_report *report,
                               struct sg_err *err)
{
    assert(report->n_assets > 0);
    sg_page_begin(out, report->title);
    report_head(out, report);
    enum sg_status st = pictures(out, report, err);
    if (st != SG_OK)
        return st;
    report_destinations(out, report);
    report_freeze(out, report);
    report_held(out, report);
    report_unobserved(out, report);
    if (report->beyond)
        sg_beyond_html(out, report->beyond);
    report_range(out, report);
    report_basis(out, report);
    report_transfers(out, report);
    st = report_manifest(out, report, err);
    if (st != SG_OK)
        return st;
    sg_page_end(out);
    return sg_buf_check(out, err);
}
