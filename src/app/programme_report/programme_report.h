/** What `sillage programme` writes: text for a terminal, JSON, and the page that can be printed.
 *
 *  Only shows what analysis/findings found; computes nothing that is worth testing alone. Text from
 *  tables is escaped. The same findings give the same bytes: no clock, no thread count, no path.
 *  JSON: docs/api/programme.json.
 */
#ifndef SG_APP_PROGRAMME_REPORT_H
#define SG_APP_PROGRAMME_REPORT_H

#include "analysis/findings/findings.h"
#include "base/buf.h"
#include "base/digest.h"

/** A table that was read. */
struct sg_programme_file {
    const char *table; /**< "incidents"; static */
    const char *name;  /**< as given, or "builtin" */
    uint8_t digest32[SG_SHA256_SIZE];
};

/** All of it is borrowed. */
struct sg_programme_view {
    const struct sg_findings *findings;
    const struct sg_findings_input *input;
    const struct sg_findings_options *options;
    const struct sg_programme_notes *notes;
    const struct sg_sources *sources;
    const struct sg_programme_file *files;
    size_t n_files;
};

/** Append the whole output; failures are sticky in the buffer. */
void sg_programme_text(struct sg_buf *out, const struct sg_programme_view *view);
void sg_programme_json(struct sg_buf *out, const struct sg_programme_view *view);
void sg_programme_html(struct sg_buf *out, const struct sg_programme_view *view);

#endif
