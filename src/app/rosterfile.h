/** A table of people read from a file. */
#ifndef SG_APP_ROSTERFILE_H
#define SG_APP_ROSTERFILE_H

#include "formats/roster/roster.h"

/** Read a file's rows behind those that the roster has. Errors: those of reading, with the path. */
SG_MUST_CHECK enum sg_status sg_rosterfile_read(struct sg_roster *roster, const char *path,
                                                struct sg_err *err);

#endif
