/** Git's objects as bytes: a commit, a tag, the entries of a tree.
 *
 *  Not a repository: nothing here opens files, inflates or resolves a name (store/git does). Git
 * itself is lenient with old and odd objects, so these readers demand only what the analyses stand
 * on: a tree and parents that are ids. A person's line that cannot be read leaves its fields empty
 * and undated. Names, mails, dates and messages are claims of whoever made the commit; no byte of
 * them is checked by Git, and they need not be UTF-8. All texts borrow from the object's bytes.
 *
 *  Ids are SHA-1, 20 bytes, in the order in which Git shows them.
 *  Source: Git documentation, "Git Internals: Git Objects", and gitformat-signature(5).
 */
#ifndef SG_FORMATS_GITOBJ_H
#define SG_FORMATS_GITOBJ_H

#include "base/arena.h"
#include "base/reader.h"
#include "base/status.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SG_GIT_ID_SIZE 20
/** Hexadecimal digits of an id and the terminator. */
#define SG_GIT_ID_TEXT 41

struct sg_git_id {
    uint8_t bytes[SG_GIT_ID_SIZE];
};

/** File modes as trees write them, and the mask that tells them apart. */
#define SG_GIT_MODE_TYPE   0170000u
#define SG_GIT_MODE_TREE   0040000u
#define SG_GIT_MODE_FILE   0100000u
#define SG_GIT_MODE_LINK   0120000u /**< the content is the target's path */
#define SG_GIT_MODE_MODULE 0160000u /**< a commit of another repository */

/** Author or committer. */
struct sg_git_person {
    struct sg_text name, mail; /**< as written, blanks around the name cut */
    bool dated;                /**< the two fields below were there and fit */
    int64_t time_unix_s;
    int32_t offset_min; /**< east of UTC, as claimed; within -1439 .. 1439 */
};

struct sg_git_commit_text {
    struct sg_git_id tree;
    const struct sg_git_id *parents; /**< in the arena */
    size_t n_parents;
    struct sg_git_person author, committer;
    struct sg_text message; /**< behind the blank line; may be empty */
    bool is_signed;         /**< has a gpgsig header; nothing verifies it here */
};

/** Parse a commit object.
 *  Errors: SG_EPARSE at the offset of the header that is not one, SG_ENOMEM. On error `commit` is
 *  untouched. Cost: one pass over the headers. */
SG_MUST_CHECK enum sg_status sg_gitobj_commit(struct sg_git_commit_text *commit,
                                              struct sg_arena *arena, const void *bytes,
                                              size_t size, struct sg_err *err);

/** The object that an annotated tag points at, of whatever type. Errors: SG_EPARSE. */
SG_MUST_CHECK enum sg_status sg_gitobj_tag(struct sg_git_id *target, const void *bytes, size_t size,
                                           struct sg_err *err);

struct sg_git_entry {
    uint32_t mode;       /**< at most 24 bits */
    struct sg_text name; /**< no zero byte, not empty; may hold line ends and any other byte */
    struct sg_git_id id;
};

/** The next entry of a tree object.
 *  Errors: SG_ENOTFOUND at the end, SG_EPARSE at the offset of an entry that is cut short, has no
 *  octal mode, or a name that is empty, "." , ".." or holds '/' (such a path would leave the tree).
 */
SG_MUST_CHECK enum sg_status sg_gitobj_entry(struct sg_git_entry *entry, struct sg_reader *tree,
                                             struct sg_err *err);

/** Parse 40 hexadecimal digits. */
bool sg_git_id_parse(struct sg_git_id *id, const char *text, size_t size);
/** Write them in lower case; returns `text`. */
char *sg_git_id_format(char text[SG_GIT_ID_TEXT], const struct sg_git_id *id);
/** <0, 0 or >0 by bytes. */
int sg_git_id_cmp(const struct sg_git_id *a, const struct sg_git_id *b);

#endif
