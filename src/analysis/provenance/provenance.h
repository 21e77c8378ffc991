/** Who and how: what the names, times and shape of a history say beside a risky change.
 *
 *  Every signal here is context, never a reason to look alone: authors, mails and dates in Git are
 *  whatever the maker of a commit wrote, each has a common innocent reading, and none says anything
 *  about a person. People appear as hashes. Rules, sources and measured errors:
 *  docs/methods/commits-context.md.
 */
#ifndef SG_ANALYSIS_PROVENANCE_H
#define SG_ANALYSIS_PROVENANCE_H

#include "base/arena.h"
#include "base/status.h"
#include "store/git/git.h"

/** An identity as written, hashed; mails without case. 0: empty. */
struct sg_who {
    uint64_t name, mail;
};

/** One side's claim of when. */
struct sg_when {
    bool is_known;
    int64_t time_unix_s;
    int32_t offset_min;
};

/** One commit, as far as who and how go. */
struct sg_deed {
    struct sg_who author, committer;
    struct sg_when authored, committed;
    bool says_reviewed;        /**< a trailer names another reader, or a merge request */
    bool says_fix;             /**< the first line speaks of a fix or of security */
    struct sg_git_id reverted; /**< of "This reverts commit ..." */
    bool reverts;
};

/** By node of a history. */
struct sg_deeds {
    struct sg_deed *deeds;
    size_t n, capacity;
};

/** Read a commit's texts into the deed of the node; fits sg_git_commit_fn with `struct sg_deeds` as
 *  its context. Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status
sg_deeds_add(void *deeds, uint32_t node, const struct sg_git_commit_text *text, struct sg_err *err);
void sg_deeds_clear(struct sg_deeds *deeds);

enum sg_signal_kind {
    SG_SIGNAL_NEW_TO_FILES,    /**< the author never touched these files, which others have */
    SG_SIGNAL_NEWCOMER,        /**< among the author's first commits here */
    SG_SIGNAL_DORMANT,         /**< the first change after a long silence of the repository */
    SG_SIGNAL_ROTATION,        /**< the author goes by several names or mails */
    SG_SIGNAL_OTHER_COMMITTER, /**< committed by another identity than the author's, which seldom
                                    commits others' work here */
    SG_SIGNAL_TIME_ZONE,       /**< an offset that the author's usual zone never has on that day */
    SG_SIGNAL_SELF_MERGE,      /**< brought in by a merge that the author made */
    SG_SIGNAL_UNREVIEWED,   /**< no sign of another reader, in a repository where most have one */
    SG_SIGNAL_REVERTS_FIX,  /**< takes back a commit that called itself a fix */
    SG_SIGNAL_OTHERS_LINES, /**< the files it takes lines from were written by others */
    SG_SIGNAL_COUNT
};

struct sg_signal_info {
    const char *id;       /**< stable, such as "time-zone" */
    const char *why;      /**< one sentence */
    const char *innocent; /**< one sentence */
    uint16_t weight;      /**< part of the 1,000 of sg_provenance.context */
};

/** Static storage. */
const struct sg_signal_info *sg_signal_info(enum sg_signal_kind kind);

struct sg_signal {
    enum sg_signal_kind kind;
    int64_t number; /**< what the kind says of it: see sg_signal_text */
    int64_t other;
};

/** A sentence about one signal, without any name. Returns `text`. */
#define SG_SIGNAL_TEXT_MAX 200
char *sg_signal_text(char text[SG_SIGNAL_TEXT_MAX], const struct sg_signal *signal);

/** What a commit touched; sizes in lines. */
struct sg_touch {
    const uint64_t *paths; /**< hashes of file names */
    size_t n_paths;
    uint32_t n_removed;
};

struct sg_provenance {
    struct sg_signal *signals; /**< by kind; in the arena */
    size_t n_signals;
    uint16_t context; /**< 0 to 1000: the weights together */
};

/** Find the signals of all commits.
 *
 *  Out:  result   history->n_nodes entries; caller allocates.
 *  In:   touches  by node.
 *  Errors: SG_ENOMEM. Cost: O(n log n + paths); memory 24 bytes a (file, author) that ever met. */
SG_MUST_CHECK enum sg_status sg_provenance_find(struct sg_provenance *result,
                                                struct sg_arena *arena,
                                                const struct sg_git_history *history,
                                                const struct sg_deeds *deeds,
                                                const struct sg_touch *touches, struct sg_err *err);

/** What time-zone rules say of a history: how often authors with more than `many` commits have an
 * offset that is not their commonest, and how often one that no single zone of theirs explains. */
struct sg_zone_tally {
    size_t n_commits, n_naive, n_unexplained;
};
SG_MUST_CHECK enum sg_status sg_provenance_zones(struct sg_zone_tally *tally, bool *odd,
                                                 const struct sg_git_history *history,
                                                 const struct sg_deeds *deeds, struct sg_err *err);

#endif
