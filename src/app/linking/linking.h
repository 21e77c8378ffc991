/** `sillage workers link`: files in, the linkage, and its forms for people and programs. */
#ifndef SG_APP_LINKING_H
#define SG_APP_LINKING_H

#include "analysis/linkage/linkage.h"
#include "app/opts.h"

struct sg_linking_ask {
    char **files;
    size_t n_files;
    const char *id;            /**< name of the column, or NULL */
    struct sg_opt_list ignore; /**< names of columns */
    uint64_t threads;
};

/** Own it zeroed; release with sg_linking_clear. */
struct sg_linking {
    struct sg_roster roster;
    struct sg_link_model model;
    struct sg_link_result result;
    size_t id; /**< column, or SIZE_MAX: the row's number */
};

/** Read the files and link their records.
 *  Errors: of the files, with their name; SG_EUSAGE (a column that is not there). */
SG_MUST_CHECK enum sg_status sg_linking_run(struct sg_linking *linking,
                                            const struct sg_linking_ask *ask,
                                            const struct sg_progress *progress,
                                            struct sg_err *err);

/** Write CSV with each record's id and the number of its cluster. Errors: SG_EIO, SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_linking_write_clusters(const struct sg_linking *linking,
                                                       const char *path, struct sg_err *err);

/** Print the summary. */
SG_MUST_CHECK enum sg_status sg_linking_print(const struct sg_linking *linking,
                                              struct sg_err *err);

void sg_linking_clear(struct sg_linking *linking);

#endif
