/** Behind `sillage commits`: a repository read, looked at, ranked, and written out.
 *
 *  sg_commits_read brings in the history and the facts of every commit, from the cache or by
 * looking; sg_commits_rank orders them and chooses what is listed; the writers only write. Facts
 * are the same bytes in memory, in the cache and for any number of threads.
 */
#ifndef SG_APP_COMMITS_H
#define SG_APP_COMMITS_H

#include "analysis/provenance/provenance.h"
#include "analysis/risk/risk.h"
#include "base/buf.h"
#include "base/jsonw.h"
#include "store/git/git.h"

/** Largest output of one kind. */
#define SG_COMMITS_OUTPUT_MAX ((size_t)1024 * 1024 * 1024)

#define SG_FINGERPRINT_SIZE 16
#define SG_FINGERPRINT_TEXT 33

/** Said wherever a result is. */
extern const char sg_commits_notice[];

struct sg_commits_options {
    const char *repo;     /**< as given */
    const char *since;    /**< revision: list only what it does not reach; NULL: everything */
    const char *range;    /**< "A..B"; NULL: everything */
    const char *baseline; /**< file with fingerprints; NULL: none */
    const char *cache;    /**< folder; NULL: none is kept */
    double budget;        /**< percent of the commits that is listed; over 0, at most 100 */
    size_t n_threads;
    bool all; /**< list every non-merge commit */
    bool show_authors;
};

/** What a look found at one place. Texts are raw. */
struct sg_commit_finding {
    enum sg_risk_rule rule;
    uint16_t weight;
    uint32_t line; /**< 1-based; 0: the whole file or commit */
    bool is_old_line;
    struct sg_text path; /**< size 0: the whole commit */
    struct sg_text detail, evidence, scope;
    uint8_t fingerprint[SG_FINGERPRINT_SIZE];
};

/** What is kept of one commit. */
struct sg_commit_facts {
    bool is_partial; /**< an object was missing */
    bool is_cut;     /**< a limit was met */
    bool has_patch;  /**< patch is there: all was read, and there was something */
    uint8_t patch[SG_FINGERPRINT_SIZE];
    uint32_t n_added, n_removed, n_files;
    const uint64_t *paths; /**< hashes of the changed files' names, the first 256 */
    size_t n_paths;
    const struct sg_commit_finding *findings;
    size_t n_findings;
};

/** A commit in the result. */
struct sg_commit_entry {
    uint32_t node;
    struct sg_commit_facts facts; /**< without the findings of the baseline */
    struct sg_risk_score score;   /**< of the commit itself or the one it copies */
    uint32_t copy_of;  /**< node of the commit with the same patch that stands for all, or
                            SG_GIT_NO_NODE */
    uint32_t n_copies; /**< others that carry this patch */
    bool is_merge;
    bool in_scope;  /**< inside --since or --range */
    bool is_listed; /**< chosen by budget, or by --all */
    bool in_budget;
    const struct sg_signal *signals;
    size_t n_signals;
};

struct sg_commits {
    const struct sg_commits_options *options;
    struct sg_git *git;
    struct sg_git_history history;
    struct sg_deeds deeds;           /**< by node: who and when */
    struct sg_text *kept;            /**< by node: facts as bytes */
    struct sg_commit_entry *entries; /**< non-merges, and merges with findings; best first once
                                          ranked */
    size_t n_entries;
    size_t n_commits; /**< non-merge commits */
    size_t n_merges, n_copies, n_partial, n_cut, n_from_cache, n_suppressed, n_in_budget;
    struct sg_arena arena;
};

/** Open the repository, read its history, look at every commit that the cache does not have.
 *  Errors: those of store/git, SG_EUSAGE (a cache inside the repository), SG_ECANCELLED; what was
 *  looked at is in the cache then. A cache that cannot be written is said in *warning. */
SG_MUST_CHECK enum sg_status sg_commits_read(struct sg_commits *c,
                                             const struct sg_commits_options *options,
                                             const struct sg_progress *walking,
                                             const struct sg_progress *looking,
                                             struct sg_err *warning, struct sg_err *err);

/** Rank, and choose what is listed. Errors: SG_EUSAGE (a revision or range that is none), SG_EIO
 *  (baseline), SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_commits_rank(struct sg_commits *c, struct sg_err *err);

void sg_commits_clear(struct sg_commits *c);

/** Write the result: for people, as docs/api/commits.json says, as SARIF 2.1.0, as one HTML page.
 * Errors are sticky in the buffer; those of reading commits again for the page are returned:
 * SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_commits_text(struct sg_buf *out, const struct sg_commits *c,
                                             struct sg_err *err);
SG_MUST_CHECK enum sg_status sg_commits_json(struct sg_buf *out, const struct sg_commits *c,
                                             struct sg_err *err);
SG_MUST_CHECK enum sg_status sg_commits_sarif(struct sg_buf *out, const struct sg_commits *c,
                                              struct sg_err *err);
SG_MUST_CHECK enum sg_status sg_commits_html(struct sg_buf *out, const struct sg_commits *c,
                                             struct sg_err *err);

/** Digits of a finding's fingerprint; returns `text`. */
char *sg_commits_fingerprint(char text[SG_FINGERPRINT_TEXT], const struct sg_commit_finding *f);

#endif
