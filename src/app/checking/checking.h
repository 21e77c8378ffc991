/** `sillage workers check` at work: rules, people and events read, judged, and written as text,
 * JSON or a page.
 *
 *  What the figures mean: docs/methods/red-flags.md. The JSON: docs/api/workers_check.json.
 *  What a row of people says is shown in results only; no error repeats it.
 */
#ifndef SG_APP_CHECKING_H
#define SG_APP_CHECKING_H

#include "analysis/redflags/redflags.h"
#include "app/checking/sanctions.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/progress.h"
#include "formats/decisions/decisions.h"

#define SG_CHECKING_OUTPUT_MAX ((size_t)1 << 30)

/** Rows that cannot be used whose place is shown; all are counted. */
#define SG_CHECKING_BAD_MAX 16

struct sg_checking_options {
    const char *people, *events; /**< files, one of which may be "-" */
    const char *clusters;        /**< of `workers link`; NULL: none */
    const char *rules;           /**< NULL: the ones built in */
    const char *labels;          /**< a label store, NULL: none */
    const char *case_file;       /**< NULL: none */
    const char *decisions;       /**< what reviewers decided; NULL or not there: nothing yet */
    bool all;                    /**< show everybody with a finding, not alerts alone */
    uint64_t prior;              /**< one in so many is a persona */
    const struct sg_progress *progress;
};

/** One of the two tables. */
struct sg_checking_table {
    const char *name; /**< "people" */
    const char *path;
    uint64_t rows, bad;
    struct {
        uint64_t row;
        const char *reason;
    } first_bad[SG_CHECKING_BAD_MAX];
    size_t ignored; /**< columns on origin, belief or looks */
};

struct sg_checking {
    struct sg_checking_options options;
    struct sg_arena arena;
    struct sg_redrules rules;
    struct sg_checking_table tables[2]; /**< people, events */
    struct sg_sanctions sanctions;
    struct sg_redflags *flags;
    const struct sg_decision *decisions;
    size_t n_decisions;
    uint32_t n_alerts, n_sanctioned, n_below; /**< identities; below: with findings, no alert */
    uint32_t n_decided; /**< alerts that a reviewer decided about, with nothing new since */
    uint32_t *order;    /**< identities with findings, heaviest first */
    uint32_t n_order;
    uint32_t n_found[SG_RED_COUNT], n_testable[SG_RED_COUNT]; /**< identities */
};

/** Read and judge. Out: c   sg_checking_close, after an error too.
 *  Errors: those of reading; SG_EPARSE with file and place. */
SG_MUST_CHECK enum sg_status sg_checking_open(struct sg_checking *c,
                                              const struct sg_checking_options *options,
                                              struct sg_err *err);
void sg_checking_close(struct sg_checking *c);

/** Whether an identity of the order is shown: alerts and sanctioned payouts always. */
bool sg_checking_shows(const struct sg_checking *c, const struct sg_redflags_identity *identity);

/** The decision about an identity: of the first of its records that has one; NULL: none.
 *  Out: news   bit r: a finding of rule r that the reviewer did not see; weak rules and context are
 *              never news. */
const struct sg_decision *sg_checking_decision(uint32_t *news, const struct sg_checking *c,
                                               const struct sg_redflags_identity *identity);

/** Append the decisions file anew: every row that it has, and an open one for each alert and
 *  sanctioned payout that has none. */
void sg_checking_decide(struct sg_buf *out, const struct sg_checking *c);

/** Id of the application that a finding is about; NULL: about all of them, or of the only one. */
const char *sg_checking_application(const struct sg_checking *c,
                                    const struct sg_redflags_finding *finding);

/** What a finding's number counts: "identities", "logins". Static storage. */
const char *sg_checking_unit(enum sg_redrule_id rule);

/** How likely somebody with an alert is a persona. In: recall, false_alarms   shares, 0 to 1. */
double sg_checking_share_true(uint64_t prior, double recall, double false_alarms);

/** Append the three forms. Failures are sticky in `out`. */
void sg_checking_text(struct sg_buf *out, const struct sg_checking *c);
void sg_checking_json(struct sg_buf *out, const struct sg_checking *c);
void sg_checking_html(struct sg_buf *out, const struct sg_checking *c);

#endif
