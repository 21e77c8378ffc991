/** A Git repository, read from its object database: the history of all refs, and what each commit
 * changed.
 *
 *  The repository may be bare, shallow, partial or damaged. Only objects are read: no work tree,
 * index, hook, filter or attribute. A missing or unreadable object is never the end: what rests on
 * it is marked 'partly read'. Everything read is hostile: sizes, depths and counts are bounded by
 *  `struct sg_git_limits`, and what a bound left out is counted.
 *
 *  Not here: what a change means (analysis/risk), who people are (analysis/provenance).
 *  Threads: one handle, one thread; open a handle for each. Libgit2 stands behind this module
 * alone.
 */
#ifndef SG_STORE_GIT_H
#define SG_STORE_GIT_H

#include "base/progress.h"
#include "formats/gitobj/gitobj.h"

struct sg_git;

/** Open the repository at `path`: a work tree or a bare folder; parents are not searched.
 *  Owner: the caller, until sg_git_close.
 *  Errors: SG_EIO (none there, or not readable), SG_EVERSION (names objects by SHA-256, which the
 *  libgit2 of Debian 12 cannot read), SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_git_open(struct sg_git **git, const char *path, struct sg_err *err);
/** NULL is allowed. */
void sg_git_close(struct sg_git *git);

/** The folder of the repository's own files, with a '/' at its end. Lives as long as the handle. */
const char *sg_git_folder(const struct sg_git *git);

/** Whether history was cut off when the repository was cloned. */
bool sg_git_is_shallow(const struct sg_git *git);

/** The commit that a revision names ("main~3", a tag, an id). Errors: SG_EUSAGE if there is none.
 */
SG_MUST_CHECK enum sg_status sg_git_resolve(struct sg_git_id *id, const struct sg_git *git,
                                            const char *rev, struct sg_err *err);

/** Index of a commit that is not there. */
#define SG_GIT_NO_NODE UINT32_MAX

/** A commit in the history. */
struct sg_git_node {
    struct sg_git_id id;
    uint32_t parents_at;  /**< of sg_git_history.parents */
    uint32_t n_parents;   /**< as the commit says, those that are not there included */
    int64_t time_unix_s;  /**< the committer's claim, 0 where it is unreadable */
    bool on_branch;       /**< reachable from HEAD, a branch, remote branch or tag, not only from
                               refs/pull and the like */
    bool has_lost_parent; /**< a parent is missing: nothing to compare with */
};

/** All commits reachable from all refs. */
struct sg_git_history {
    struct sg_git_node *nodes; /**< in the order in which they were found */
    size_t n_nodes;
    uint32_t *parents; /**< node indexes, or SG_GIT_NO_NODE; see parents_at */
    size_t n_parents;
    uint32_t *order; /**< n_nodes indexes: parents before children, else older first, then by id */
    uint32_t *slots; /**< look-up by id; 2^slot_bits of them */
    unsigned slot_bits;
    size_t n_refs, n_broken_refs;
    size_t n_lost; /**< commits named by others or by refs that cannot be read */
};

#define SG_GIT_HISTORY_INIT                                                                        \
    {                                                                                              \
        .nodes = NULL                                                                              \
    }

/** What is told about each commit while the history is read; texts are borrowed for the call. */
typedef enum sg_status (*sg_git_commit_fn)(void *ctx, uint32_t node,
                                           const struct sg_git_commit_text *text,
                                           struct sg_err *err);

/** Read the history of all refs, and of `extra` (a revision that no ref leads to; may be NULL).
 *  Out:    history   clear it also after an error.
 *  In:     commit    called once for each commit, by ascending node index; may be NULL.
 *  Errors: SG_ENOMEM, SG_EIO, SG_ELIMIT (2^32 - 2 commits), SG_ECANCELLED, or what commit returned.
 *  Cost:   each commit object is read once; 100 bytes a commit. */
SG_MUST_CHECK enum sg_status
sg_git_history_read(struct sg_git_history *history, const struct sg_git *git,
                    const struct sg_git_id *extra, sg_git_commit_fn commit, void *ctx,
                    const struct sg_progress *progress, struct sg_err *err);
void sg_git_history_clear(struct sg_git_history *history);

/** The node of a commit, or SG_GIT_NO_NODE. */
uint32_t sg_git_history_find(const struct sg_git_history *history, const struct sg_git_id *id);

/** Mark in `reached` (n_nodes entries, kept where already true) all commits that `node` reaches,
 * itself included. Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_git_history_reach(bool *reached,
                                                  const struct sg_git_history *history,
                                                  uint32_t node, struct sg_err *err);

/** Bounds on the reading of one commit. */
struct sg_git_limits {
    uint64_t blob_bytes;   /**< a larger file is 'too large' */
    uint64_t commit_bytes; /**< once so much was read, further files are 'too large' */
    size_t changes;        /**< further changed paths are left out */
    size_t entries;        /**< tree entries looked at; then the rest is left out */
    unsigned depth;        /**< of folders */
    size_t renames;        /**< added, and removed, files that are compared for likeness */
};

/** Files of source code are under 1 MB; minified bundles reach 10. Sizes bound memory to about
 * twice commit_bytes a thread. A thousand changed paths is a large commit; vendored trees reach
 * 50,000. */
#define SG_GIT_LIMITS_INIT                                                                         \
    {                                                                                              \
        .blob_bytes = 4u << 20, .commit_bytes = 32u << 20, .changes = 20000, .entries = 2000000,   \
        .depth = 256, .renames = 100                                                               \
    }

/** What is known of one side of a change. */
enum sg_git_content {
    SG_GIT_ABSENT,    /**< there is no such side: added, or deleted */
    SG_GIT_BYTES,     /**< bytes and size are there */
    SG_GIT_MISSING,   /**< not in the object database, or unreadable */
    SG_GIT_TOO_LARGE, /**< size is known, the bytes were not read */
    SG_GIT_MODULE     /**< a submodule: `id` is a commit of another repository */
};

struct sg_git_side {
    enum sg_git_content content;
    struct sg_text path; /**< folders parted by '/'; any bytes but zero. No data where ABSENT */
    uint32_t mode;
    struct sg_git_id id;
    const uint8_t *bytes;
    uint64_t size;
};

enum sg_git_kind { SG_GIT_ADDED, SG_GIT_DELETED, SG_GIT_MODIFIED, SG_GIT_RENAMED };

struct sg_git_change {
    enum sg_git_kind kind;
    struct sg_git_side before, after;
    bool is_binary; /**< either side holds a zero byte in its first 8,000, Git's own rule */
};

/** What a commit changed against its first parent, or what a merge alone changed. */
struct sg_git_changes {
    struct sg_git_change *changes; /**< by path (after, else before), bytewise */
    size_t n_changes;
    size_t n_left_out;  /**< changed paths or folders beyond a limit; at least so many */
    size_t n_missing;   /**< trees and files that could not be read */
    size_t n_too_large; /**< sides that were not read for their size */
    bool is_partial;    /**< any of: missing objects, a lost parent */
    struct sg_arena arena;
    struct sg_git_blob *blobs; /**< objects whose bytes the sides borrow */
};

#define SG_GIT_CHANGES_INIT                                                                        \
    {                                                                                              \
        .changes = NULL, .arena = SG_ARENA_INIT                                                    \
    }

/** What the commit changed. A merge of two or more: what differs from every parent, with `before`
 * made of the result without the lines that stand in no parent, and with the lines that all parents
 * have and the result lost: what an honest merge without conflict would have left. A resolved
 * conflict looks the same as a change that was slipped in; that is the point. A merge that takes
 * one side whole is not seen.
 *
 *  Renames: a deleted and an added file with the same bytes, or of at least half the same lines,
 * within limits->renames. Out:    changes   clear it also after an error. text      the commit
 * itself, its texts alive as long as `changes`. Errors: SG_ENOMEM only. What cannot be read is
 * marked in `changes`. Cost:   the changed folders and files are read; linear in their bytes, and
 * renames squared. */
SG_MUST_CHECK enum sg_status
sg_git_changes_read(struct sg_git_changes *changes, struct sg_git_commit_text *text,
                    const struct sg_git *git, const struct sg_git_id *id,
                    const struct sg_git_limits *limits, struct sg_err *err);

/** The commit alone: its names, times and message. As sg_git_changes_read without the changes; a
 * commit that cannot be read has empty texts. Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_git_text_read(struct sg_git_changes *holder,
                                              struct sg_git_commit_text *text,
                                              const struct sg_git *git, const struct sg_git_id *id,
                                              struct sg_err *err);
void sg_git_changes_clear(struct sg_git_changes *changes);

#endif
