/** `sillage workers link`: files in, the linkage, and its forms for people and programs. */
#ifndef SG_APP_LINKING_H
#define SG_APP_LINKING_H

#include "analysis/linkage/linkage.h"
#include "app/opts.h"

#include <stdio.h>

struct sg_linking_ask {
    char **files;
    size_t n_files;
    const char *id;            /**< name of the column, or NULL */
    const char *model;         /**< path of a model file, or NULL: infer one */
    struct sg_opt_list ignore; /**< names of columns */
    uint64_t threads;
    bool explain; /**< keep the evidence of each pair, for JSON and the report */
};

/** Own it zeroed; release with sg_linking_clear. */
struct sg_linking {
    struct sg_roster roster;
    struct sg_link_model model;
    struct sg_link_result result;
    size_t id; /**< column, or SIZE_MAX: the row's number */
};

/** Read the files and link their records.
 *  Errors: of the files, with their name and never a value; SG_EUSAGE (a column that is not there).
 */
SG_MUST_CHECK enum sg_status sg_linking_run(struct sg_linking *linking,
                                            const struct sg_linking_ask *ask,
                                            const struct sg_progress *progress, struct sg_err *err);

/** Warn on standard error of what was left out: columns, rows, large blocks, doubtful fields. No
 *  value of any record is shown. */
void sg_linking_warn(const struct sg_linking *linking, const struct sg_linking_ask *ask);

/** Write CSV with each record's id and the number of its cluster; cells that a spreadsheet would
 *  take for formulas get a quote before them. Errors: SG_EIO, SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_linking_write_clusters(const struct sg_linking *linking,
                                                       const char *path, struct sg_err *err);

/** Write the model as it was used, for editing. Errors: SG_EIO, SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_linking_write_model(const struct sg_linking *linking,
                                                    const char *path, struct sg_err *err);

/** Read a model file for a roster.
 *  Errors: SG_EPARSE with line and column, SG_EIO, SG_ELIMIT, SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_linking_read_model(struct sg_link_model *model,
                                                   const struct sg_roster *roster, const char *path,
                                                   struct sg_err *err);

/** Write the report, one HTML file. Errors: SG_EIO, SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_linking_write_report(const struct sg_linking *linking,
                                                     const char *path, struct sg_err *err);

/** Print the summary for people, or docs/api/workers_link.json. Errors: SG_EIO, SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_linking_print(const struct sg_linking *linking, struct sg_err *err);
SG_MUST_CHECK enum sg_status sg_linking_print_json(const struct sg_linking *linking,
                                                   struct sg_err *err);

void sg_linking_clear(struct sg_linking *linking);

#endif
