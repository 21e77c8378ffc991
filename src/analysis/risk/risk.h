/** Risky changes: what a commit opens, and how unusual that is in its repository.
 *
 *  Two steps, both pure. sg_risk_look() reads one commit (bytes before against bytes after) and
 * lists findings: a check that went away, a feature test that can no longer succeed, a blob that
 * came with no word of how it was made. sg_risk_rank() then orders all commits of a repository: how
 * bad is the worst finding, and how seldom does such a finding come up in a commit of this size in
 * this very repository. Size by itself earns nothing; see docs/methods/commits.md for the rule and
 * its error.
 *
 *  A finding is a statement about a change, never about the person who made it: intent cannot be
 * seen in a diff. Each rule carries the innocent reading beside the reason for looking.
 */
#ifndef SG_ANALYSIS_RISK_H
#define SG_ANALYSIS_RISK_H

#include "base/arena.h"
#include "base/status.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Grows with every change of a rule or weight; part of the key under which findings are kept. */
#define SG_RISK_VERSION 5

/** Bytes of one side of a file that are read; a larger one is SG_BLOB_TOO_LARGE for its caller.
 * Ours: 99.9 % of the source files of 30 repositories are under 400 KiB. */
#define SG_RISK_BLOB_MAX ((size_t)1024 * 1024)

/** Bytes of both sides of all files of one commit that are compared token by token; what lies
 *  beyond is judged by paths and sizes alone, and the look says so. */
#define SG_RISK_COMMIT_MAX ((size_t)8 * 1024 * 1024)

/** Findings kept of one commit, the heaviest of each rule and file first. */
#define SG_RISK_FINDINGS_MAX 64

/** One side of a changed file. */
enum sg_blob_state {
    SG_BLOB_NONE,    /**< this side does not exist: before an addition, after a deletion */
    SG_BLOB_PRESENT, /**< `bytes` holds it */
    SG_BLOB_MISSING, /**< the object is not in the repository */
    SG_BLOB_TOO_LARGE
};

struct sg_blob {
    enum sg_blob_state state;
    struct sg_text bytes; /**< PRESENT only; any bytes; an empty file has size 0 */
    uint64_t size;        /**< bytes of the object where known, else 0 */
    uint32_t mode; /**< as Git writes it: 0100644, 0100755, 0120000 a link, 0160000 a submodule
                        (then `bytes` is the hexadecimal id of its commit) */
};

enum sg_change_kind {
    SG_CHANGE_ADDED,
    SG_CHANGE_DELETED,
    SG_CHANGE_MODIFIED, /**< or its mode alone */
    SG_CHANGE_RENAMED   /**< content may differ as well */
};

struct sg_change {
    enum sg_change_kind kind;
    struct sg_text old_path, new_path; /**< equal unless renamed; NONE's side is not read */
    struct sg_blob before, after;
    bool is_binary; /**< a zero byte in the first 8,000 of either side, which is Git's test */
};

/** One commit against its first parent (or against nothing: a root). Everything is borrowed for the
 * length of the call. */
struct sg_commit_view {
    struct sg_text message;
    size_t n_parents;
    const struct sg_change *changes;
    size_t n_changes;
};

/** What is looked for. The order is that of the page of rules; the id is the stable name. */
enum sg_risk_rule {
    /* checks */
    SG_RISK_CHECK_REMOVED,
    SG_RISK_CHECK_WEAKENED,
    SG_RISK_CHECK_UNREACHABLE,
    SG_RISK_COMPARISON_CHANGED,
    SG_RISK_CONDITION_CHANGED,
    SG_RISK_CONSTANT_CHANGED,
    SG_RISK_GUARD_REMOVED,
    SG_RISK_VERIFICATION_WEAKENED,
    SG_RISK_SECURE_DEFAULT_OFF,
    SG_RISK_CHECK_CONDITIONAL,
    SG_RISK_GUARD_LOGIC,
    SG_RISK_SIBLING_CHECK,
    SG_RISK_ERROR_SWALLOWED,
    /* who may do what */
    SG_RISK_ACCESS_CONTROL,
    SG_RISK_INITIALISER,
    SG_RISK_UPGRADE_PATH,
    SG_RISK_STORAGE_LAYOUT,
    SG_RISK_UNGUARDED_ENTRY,
    SG_RISK_PAYER_CHOSEN,
    SG_RISK_TARGET_CHOSEN,
    SG_RISK_VALUE_REUSED,
    SG_RISK_EFFECT_AFTER_CALL,
    SG_RISK_RAW_CALL,
    SG_RISK_VALUE_LOGIC,
    SG_RISK_LIMIT_LOOSENED,
    SG_RISK_TYPE_CHANGED,
    /* fixed values */
    SG_RISK_ADDRESS_CHANGED,
    SG_RISK_ENDPOINT_CHANGED,
    SG_RISK_SECRET_ADDED,
    /* secrets and chance */
    SG_RISK_RANDOMNESS_WEAKENED,
    SG_RISK_KEY_HANDLING,
    /* memory */
    SG_RISK_UNSAFE_CALL,
    SG_RISK_MEMORY_LIFETIME,
    SG_RISK_ORDER_CHANGED,
    /* behaviour */
    SG_RISK_CODE_EXECUTION,
    SG_RISK_OBFUSCATED,
    SG_RISK_TRIGGER,
    SG_RISK_DESTRUCTIVE,
    SG_RISK_ENDLESS_LOOP,
    SG_RISK_TELEMETRY,
    SG_RISK_NETWORK_ADDED,
    SG_RISK_REMOTE_LOOKUP,
    /* build and supply */
    SG_RISK_HARDENING_OFF,
    SG_RISK_FEATURE_TEST_BROKEN,
    SG_RISK_BUILD_EXECUTES,
    SG_RISK_INSTALL_SCRIPT,
    SG_RISK_CI_INJECTION,
    SG_RISK_CI_CHANGED,
    SG_RISK_DEPENDENCY_ADDED,
    SG_RISK_DEPENDENCY_MOVED,
    SG_RISK_DEPENDENCY_SOURCE,
    SG_RISK_LOCKFILE_MISMATCH,
    SG_RISK_SUBMODULE_MOVED,
    SG_RISK_BLOB_ADDED,
    SG_RISK_BLOB_CHANGED,
    SG_RISK_ENCODED_BLOB,
    SG_RISK_MODE_CHANGED,
    /* what the eye misses */
    SG_RISK_INVISIBLE_TEXT,
    SG_RISK_OFF_SCREEN,
    SG_RISK_HIDDEN_IN_REFORMAT,
    SG_RISK_MESSAGE_MISMATCH,
    SG_RISK_MERGE_CHANGE,
    SG_RISK_RULE_COUNT
};

/** What a person needs beside a finding. Static storage. */
struct sg_risk_rule_info {
    const char *id;       /**< stable, lower case with hyphens, such as "check-removed" */
    const char *title;    /**< a few words */
    const char *why;      /**< one sentence: what such a change has opened before */
    const char *innocent; /**< one sentence: the common harmless reading */
};

const struct sg_risk_rule_info *sg_risk_rule(enum sg_risk_rule rule);

/** One thing found. Strings live in the arena of the call. */
struct sg_risk_finding {
    enum sg_risk_rule rule;
    uint32_t change;  /**< index into the view; SG_RISK_NO_CHANGE where it is of the whole commit */
    uint32_t line;    /**< 1-based, in the new file unless is_old_line; 0: the whole file */
    bool is_old_line; /**< the line was removed: it is numbered in the old file */
    uint16_t weight;  /**< 1 to 1000: how bad it is here if it is not innocent */
    const char
        *detail; /**< one sentence for this place, terminated; holds text from outside, raw */
    struct sg_text evidence; /**< the line's text without indent, at most 160 bytes, raw */
    struct sg_text scope;    /**< name of the function or section around it, raw; size 0: none. With
                                  rule, path and evidence it identifies the finding after a rebase */
};

#define SG_RISK_NO_CHANGE UINT32_MAX

struct sg_risk_look {
    struct sg_risk_finding *findings; /**< in the arena; by change, line, rule */
    size_t n_findings;
    uint32_t n_added, n_removed; /**< lines with code on them, without moves and reformatting */
    uint32_t n_files;
    bool is_partial; /**< a side was missing */
    bool is_cut;     /**< a limit was met: too large, too many */
};

/** Look at one commit.
 *
 *  Out:    look   on success; its memory is the arena's.
 *  In:     commit a merge may be given; it is compared as the view says.
 *  Errors: SG_ENOMEM. No content is an error: broken code, wrong encodings, nesting without end and
 *          lines of megabytes are read as far as they make sense.
 *  Cost:   linear in the bytes of both sides, about 10 ns a byte; bounded by the limits above. */
SG_MUST_CHECK enum sg_status sg_risk_look(struct sg_risk_look *look, struct sg_arena *arena,
                                          const struct sg_commit_view *commit, struct sg_err *err);

/** What ranking needs of one finding; small, so that it can be kept. */
struct sg_risk_hit {
    uint16_t rule;   /**< enum sg_risk_rule */
    uint16_t weight; /**< as in the finding */
};

struct sg_risk_item {
    const struct sg_risk_hit *hits;
    size_t n_hits;
    uint32_t n_lines; /**< n_added + n_removed of the look */
    uint32_t n_files;
    uint16_t context; /**< 0 to 1000: who-and-how signals; adds to findings, never stands alone */
};

struct sg_risk_score {
    double score; /**< 0 where nothing was found; else > 0, in bits; the order of the ranking */
    double percentile; /**< 100 x (1 - (commits above + half of the others that tie) / n) */
    uint32_t rank;     /**< 1-based, of the first of those that tie */
    uint32_t n_tied;   /**< commits with this very score, this one included */
    uint32_t lead;     /**< index of the hit that sets the score; n_hits where none */
};

/** Rank the commits of one repository against each other.
 *
 *  Out:    scores   n entries; caller allocates.
 *  In:     items    every non-merge commit of the repository, also those without hits: how often a
 *                   rule fires is learnt from all of them.
 *  Errors: SG_ENOMEM; scores are then untouched.
 *  Cost:   O(hits + n log n). Order of the items does not matter. */
SG_MUST_CHECK enum sg_status sg_risk_rank(struct sg_risk_score *scores,
                                          const struct sg_risk_item *items, size_t n,
                                          struct sg_err *err);

#endif
