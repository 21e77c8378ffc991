/** How a trace and a path are shown: as JSON, as CSV files, as a summary on the terminal.
 *
 *  Everything comes from a finished trace; nothing is computed but shares in percent. The JSON
 * forms are docs/api/trace.json and docs/api/path.json. Errors are sticky in the buffer.
 */
#ifndef SG_APP_TRACEOUT_H
#define SG_APP_TRACEOUT_H

#include "analysis/path/path.h"
#include "analysis/trace/trace.h"
#include "app/beyond/beyond.h"
#include "base/buf.h"
#include "formats/manifest/manifest.h"

/** Largest output: JSON of all policies of a large case. */
#define SG_TRACEOUT_MAX ((size_t)1024 * 1024 * 1024)

struct sg_traceout {
    const struct sg_trace *trace;
    bool all; /**< --policy all: "policies" and "range" in place of "policy" and "assets" */
    const struct sg_manifest_entry *manifest;
    size_t n_manifest;
    const struct sg_beyond *beyond; /**< behind mixers, by probability; NULL: not asked for */
};

/** The JSON document of a trace. */
void sg_traceout_json(struct sg_buf *out, const struct sg_traceout *t);

/** The summary for people; the policy of figures[0] unless fifo was run. */
void sg_traceout_text(struct sg_buf *out, const struct sg_traceout *t);

/** One decoy on one line, without its end. */
void sg_traceout_decoy(struct sg_buf *out, const struct sg_trace_decoy *decoy);

/** Who funded the thief, for people and as JSON. */
void sg_traceout_backward_text(struct sg_buf *out, const struct sg_trace_backward *backward,
                               const struct sg_case *c);
void sg_traceout_backward_json(struct sg_buf *out, const struct sg_trace_backward *backward,
                               const struct sg_traceout *t);

/** A path, for people and as JSON. */
void sg_traceout_path_text(struct sg_buf *out, const struct sg_trace *trace,
                           const struct sg_trace_figures *figures, const struct sg_path *path,
                           const char *target);
void sg_traceout_path_json(struct sg_buf *out, const struct sg_trace *trace,
                           const struct sg_trace_figures *figures, const struct sg_path *path,
                           const char *target, const struct sg_manifest_entry *manifest,
                           size_t n_manifest);

/** Tables that --csv writes, one a file; every row names its policy. */
enum sg_traceout_table {
    SG_TABLE_MOVES,
    SG_TABLE_DESTINATIONS,
    SG_TABLE_HOLDINGS,
    SG_TABLE_OUTPUTS /**< of chains of outputs alone: what each holding is made of */
};

#define SG_TRACEOUT_TABLES 4u

/** "moves.csv", ... */
const char *sg_traceout_file(enum sg_traceout_table table);
void sg_traceout_csv(struct sg_buf *out, const struct sg_trace *trace,
                     enum sg_traceout_table table);

#endif
