/* One commit while it is read: trees are compared, then files are loaded, then renames are found.
 */
#ifndef SG_STORE_GIT_CHANGES_INTERNAL_H
#define SG_STORE_GIT_CHANGES_INTERNAL_H

#include "store/git/odb_internal.h"

struct reading {
    struct sg_git_changes *out;
    const struct sg_git *git;
    const struct sg_git_limits *limits;
    size_t capacity;     /* of out->changes */
    size_t n_entries;    /* tree entries looked at */
    uint64_t bytes_read; /* of files */
};

/* List what differs between two trees; `before` may be NULL (nothing was there). Sides have paths,
 * modes and ids, and no content yet: MODULE or TOO_LARGE with size 0 until load_sides. Errors:
 * SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_git_compare_trees(struct reading *r, const struct sg_git_id *before,
                                                  const struct sg_git_id *after,
                                                  struct sg_err *err);

/* Keep a changed path; path data in the arena. One that is beyond the limit is counted. */
SG_MUST_CHECK enum sg_status sg_git_keep_change(struct reading *r, struct sg_git_change change,
                                                struct sg_err *err);

/* Read the bytes of both sides of all changes, in order, within the limits, and say which are
 * binary. Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_git_load_sides(struct reading *r, struct sg_err *err);

/* The same for one side. */
SG_MUST_CHECK enum sg_status sg_git_load_side(struct reading *r, struct sg_git_side *side,
                                              struct sg_err *err);

/* Whether what was read of a side is binary by Git's rule. */
bool sg_git_side_is_binary(const struct sg_git_side *side);

/* The path under which a change is listed, and the order of that list, for qsort and bsearch. */
struct sg_text sg_git_path_of_change(const struct sg_git_change *change);
int sg_git_compare_changes(const void *left, const void *right);

/* Make one change of an added and a deleted file that are much the same. Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_git_find_renames(struct reading *r, struct sg_err *err);

/* List what a merge alone changed; sides are loaded. Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_git_compare_merge(struct reading *r, const struct sg_git_id *tree,
                                                  const struct sg_git_id *parents, size_t n_parents,
                                                  struct sg_err *err);

#endif
