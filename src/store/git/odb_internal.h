/* The object database of one repository: the only door to libgit2.
 *
 * Reading only: no hook, filter, attribute or program of the repository is ever run, because
 * objects are read as they are stored and nothing is checked out. */
#ifndef SG_STORE_GIT_ODB_INTERNAL_H
#define SG_STORE_GIT_ODB_INTERNAL_H

#include "store/git/git.h"

enum odb_type { ODB_COMMIT, ODB_TREE, ODB_BLOB, ODB_TAG };

/* An object in memory. Owner: the caller, until odb_free. */
struct odb_object {
    void *handle;
    enum odb_type type;
    const uint8_t *bytes;
    size_t size;
};

/* Read an object whole. SG_ENOTFOUND: not there (partial or shallow clone, or damage); SG_ECORRUPT:
 * there and unreadable; SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_git_odb_read(struct odb_object *object, const struct sg_git *git,
                                             const struct sg_git_id *id, struct sg_err *err);
void sg_git_odb_free(struct odb_object *object);

/* Size of an object without reading it. Errors as of odb_read. */
SG_MUST_CHECK enum sg_status sg_git_odb_size(uint64_t *size, const struct sg_git *git,
                                             const struct sg_git_id *id, struct sg_err *err);

/* Call `ref` for HEAD and every reference with the object it leads to. A reference that leads
 * nowhere is counted in n_broken. */
SG_MUST_CHECK enum sg_status sg_git_odb_refs(const struct sg_git *git, size_t *n_broken,
                                             enum sg_status (*ref)(void *ctx, const char *name,
                                                                   const struct sg_git_id *id,
                                                                   struct sg_err *err),
                                             void *ctx, struct sg_err *err);

#endif
