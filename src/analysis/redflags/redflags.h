/** Signs that several records about people are one operator, or that a person is not who they say:
 *  the 29 rules of formats/redrules over tables of people and events.
 *
 *  Rows go in as formats/people_events reads them; sg_redflags_run judges all of them at once.
 *  Records that agree in two details that belong to one person are one *identity*: somebody who
 *  applied twice shares a laptop with nobody but themselves. Where things are shared, a household
 *  and an agency count as one party. An identity
 *  gets an alert when its findings come from two independent classes of evidence and their weights,
 *  the heaviest of each class, add up to the rules' alert_weight: those about all its applications
 *  with those about one of them. Evidence of others to whom it is tied by a device, a token, an
 *  account or code counts by half (one_remove). Weak rules (VPN, countries, the
 *  clock), context (referrals) and sanctioned payouts form no class and add no weight.
 *
 *  A rule that lacks its data for an identity says so; that is not "nothing found". Names are
 * compared within one identity alone, and no alert depends on them. Method, measured error and
 * known failures: docs/methods/red-flags.md.
 *
 *  Pure: no clock, no I/O. The result depends on the rows alone. Threads: one.
 */
#ifndef SG_ANALYSIS_REDFLAGS_H
#define SG_ANALYSIS_REDFLAGS_H

#include "formats/people_events/people_events.h"
#include "formats/redrules/redrules.h"

/** Rows of one table: row numbers are kept in 32 bits. */
#define SG_REDFLAGS_ROWS_MAX ((uint64_t)1 << 31)

/** References that a finding keeps; all of them are counted. */
#define SG_REDFLAGS_REFS_MAX 6

/** Whether an account or wallet is under sanctions, by whatever lists the caller has. */
struct sg_redflags_sanctions {
    /** Anything but SG_OK stops the run with it. NULL: there is nothing to look in. */
    enum sg_status (*find)(void *ctx, bool *is_sanctioned, struct sg_text account,
                           struct sg_err *err);
    void *ctx;
};

struct sg_redflags;

/** New, empty. rules and sanctions: borrowed until free. Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_redflags_new(struct sg_redflags **flags,
                                             const struct sg_redrules *rules,
                                             const struct sg_redflags_sanctions *sanctions,
                                             struct sg_err *err);
/** NULL is allowed. */
void sg_redflags_free(struct sg_redflags *flags);

/** Take a row; its texts are copied. All people come before the first event.
 *
 *  Out:    reason   static text why the row cannot be used (its id was there before, a time that
 *                   is none, an event of nobody); NULL if it was taken.
 *  Errors: SG_ENOMEM, SG_ELIMIT. */
SG_MUST_CHECK enum sg_status sg_redflags_person(struct sg_redflags *flags, const char **reason,
                                                const struct sg_text *fields, uint64_t number,
                                                struct sg_err *err);
SG_MUST_CHECK enum sg_status sg_redflags_event(struct sg_redflags *flags, const char **reason,
                                               const struct sg_text *fields, uint64_t number,
                                               struct sg_err *err);

/** Say that a record is of a cluster of `sillage workers link`: records of one cluster are one
 *  identity, besides those that agree in details. After the people, before sg_redflags_run.
 *  Out: reason   as above: not a record of the people. Errors: SG_ENOMEM, SG_ELIMIT. */
SG_MUST_CHECK enum sg_status sg_redflags_cluster(struct sg_redflags *flags, const char **reason,
                                                 struct sg_text record, struct sg_text cluster,
                                                 struct sg_err *err);

/** Judge. Once, after all rows. Errors: SG_ENOMEM, SG_ELIMIT.
 *  Cost: linear in rows and phrases, and a sort of each identity's events by time. */
SG_MUST_CHECK enum sg_status sg_redflags_run(struct sg_redflags *flags, struct sg_err *err);

/** A row that a finding rests on. */
struct sg_redflags_ref {
    uint32_t record; /**< whose */
    uint32_t row;    /**< 1-based record of the file, the header is one */
    bool is_event;   /**< else of the people */
};

/** Of a finding that is about all applications of an identity. */
#define SG_REDFLAGS_ALL UINT32_MAX

struct sg_redflags_finding {
    uint32_t identity;
    uint32_t record; /**< the application that it is about, or SG_REDFLAGS_ALL */
    enum sg_redrule_id rule;
    double weight;    /**< what it weighs, unless a heavier one of its class stands beside it */
    uint32_t number;  /**< what was compared with at_least: parties, events, percent */
    uint32_t of;      /**< out of how many, where that says something; else 0 */
    const char *text; /**< the value that is shared or odd; from outside; NULL: none */
    uint32_t n_refs;  /**< in all; those kept are the first */
    struct sg_redflags_ref refs[SG_REDFLAGS_REFS_MAX];
};

/** What is known of one identity. */
struct sg_redflags_identity {
    const uint32_t *records; /**< by their place in the file */
    uint32_t n_records;
    const struct sg_redflags_finding *findings; /**< those about all applications first, then
                                                   application by application; by rule within */
    uint32_t n_findings;
    uint32_t testable; /**< bit r: rule r had its data */
    uint32_t classes;  /**< bit c: a finding of class c that counts, or one at one remove does */
    unsigned n_classes;
    double weight; /**< sum over those classes of their heaviest finding: of what is about all
                        applications with what is about the one that weighs most */
    bool is_alert;
    bool is_sanctioned; /**< a payout to a sanctioned address; reported by itself */
};

/** Judge once more as if some rules were off: bit r of left_out is rule r. For measuring what each
 * rule does. After sg_redflags_run; who is one identity stays. Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_redflags_without(struct sg_redflags *flags, uint32_t left_out,
                                                 struct sg_err *err);

uint32_t sg_redflags_count(const struct sg_redflags *flags);
/** Of identity `index` below the count, in the order of their first records. */
void sg_redflags_identity(struct sg_redflags_identity *identity, const struct sg_redflags *flags,
                          uint32_t index);

/** Place in the people's file, and id, of a record. */
const char *sg_redflags_record_id(const struct sg_redflags *flags, uint32_t record);
uint32_t sg_redflags_records(const struct sg_redflags *flags);

/** The identity of a record. */
uint32_t sg_redflags_identity_of(const struct sg_redflags *flags, uint32_t record);

/** Values that more identities share than the rule's at_most: public places, which count for
 *  nothing; and the most that shared one. */
struct sg_redflags_common {
    uint32_t values, most;
};
struct sg_redflags_common sg_redflags_common(const struct sg_redflags *flags,
                                             enum sg_redrule_id rule);

/** Details that more than 50 records have, alone or in pairs: they do not make records one
 * identity, because so many have no one person. */
struct sg_redflags_common sg_redflags_placeholders(const struct sg_redflags *flags);

#endif
