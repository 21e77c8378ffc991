/** What the verbs that use labels share: where the store is, and reading files into it. */
#ifndef SG_APP_LABELSTORE_H
#define SG_APP_LABELSTORE_H

#include "analysis/screen/screen.h"
#include "base/buf.h"
#include "formats/labelfile/labelfile.h"
#include "store/labels/labels.h"

#define SG_LABELSTORE_PATH_MAX 4096

/** The folder: `given` (--labels), else $SILLAGE_LABELS, else $XDG_DATA_HOME/sillage/labels, else
 *  ~/.local/share/sillage/labels. Errors: SG_EUSAGE (none of these, or too long). */
SG_MUST_CHECK enum sg_status sg_labelstore_dir(char dir[SG_LABELSTORE_PATH_MAX], const char *given,
                                               struct sg_err *err);

/** What one import did. */
struct sg_labelstore_import {
    uint64_t files, known_files; /**< known: the store had the same already */
    uint64_t labels;             /**< new ones */
    uint64_t bad;                /**< entries that are no labels */
    uint64_t doubtful; /**< labels whose address has a wrong checksum or lost its case, or whose
                            dates are out of order; kept */
};

/** Told of entries, with the path of their file; both are called with one sentence. */
struct sg_labelstore_told {
    void (*bad)(const char *path, const struct sg_err *why);   /**< is no label, left out */
    void (*doubt)(const char *path, const struct sg_err *why); /**< is kept as the source has it */
};

/** Read files into the store, all of them or none.
 *
 *  In:  list_date_unix_s   of files that do not say, or SG_TIME_UNKNOWN.
 *
 *  An address is stored as its network writes it where the source's text would not be found
 *  ("bitcoin:" in front, a soft hyphen inside); its chain is told from its form where the source
 *  says none. */
SG_MUST_CHECK enum sg_status sg_labelstore_import(struct sg_labelstore_import *done,
                                                  const char *dir, enum sg_label_format format,
                                                  char **paths, size_t n_paths,
                                                  int64_t list_date_unix_s,
                                                  const struct sg_labelstore_told *told,
                                                  struct sg_err *err);

/** The labels of addresses, ready to be screened. */
struct sg_labelstore {
    struct sg_labels *labels;
    struct sg_screen_edition *editions; /**< of all dated lists, sorted */
    size_t n_editions;
    const char **list_of; /**< of each pack: the list whose dated edition it is, or NULL */
};

SG_MUST_CHECK enum sg_status sg_labelstore_open(struct sg_labelstore *store, const char *dir,
                                                struct sg_err *err);
void sg_labelstore_close(struct sg_labelstore *store);

/** All claims of a range that are about exactly this text.
 *  Out: claims    in the arena; n_left_out more were beyond SG_SCREEN_CLAIMS_MAX. */
SG_MUST_CHECK enum sg_status sg_labelstore_claims(struct sg_screen_claim **claims, size_t *n,
                                                  size_t *n_left_out, struct sg_arena *arena,
                                                  const struct sg_labelstore *store,
                                                  struct sg_labels_range range, const char *text,
                                                  size_t size, struct sg_err *err);

/** A labelled address that was perhaps meant by a text. */
struct sg_labelstore_near {
    bool is_found;
    bool is_case;          /**< it differs in the case of letters alone */
    struct sg_label label; /**< texts live as long as the store; without aliases */
};

/** Find a label whose address is one edit away from a text, or differs only in case.
 *  Errors: as sg_labels_read. Cost: some thousand look-ups. */
SG_MUST_CHECK enum sg_status sg_labelstore_near(struct sg_labelstore_near *near,
                                                const struct sg_labelstore *store, const char *text,
                                                size_t size, struct sg_err *err);

/** "one character from ADDRESS (ENTITY): is that meant?", safe on one line of a terminal. */
void sg_labelstore_question(struct sg_buf *out, const struct sg_labelstore_near *near);

#endif
