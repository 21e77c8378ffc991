/** Red flags of records about people: which rules there are, and the file in which a team sets
 *  their weights and thresholds and keeps their sources (workers/rules.yaml; a copy is built in).
 *
 *  What the file cannot change: which class of evidence a rule belongs to, and that weak rules and
 *  context form no class. An alert needs two classes, so no edit can make a person's VPN, clock or
 *  acquaintances enough.
 */
#ifndef SG_FORMATS_REDRULES_H
#define SG_FORMATS_REDRULES_H

#include "base/arena.h"
#include "base/status.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sg_redrule_id {
    SG_RED_SHARED_IP,
    SG_RED_SHARED_DEVICE,
    SG_RED_SHARED_TOKEN,
    SG_RED_COUNTRIES,
    SG_RED_TRAVEL,
    SG_RED_LONG_SESSION,
    SG_RED_REMOTE_DESKTOP,
    SG_RED_KVM,
    SG_RED_SHIPPED_ELSEWHERE,
    SG_RED_SHARED_SHIPMENT,
    SG_RED_SHARED_PAYOUT,
    SG_RED_PAYOUT_OTHER_NAME,
    SG_RED_PAYOUT_CHANGES,
    SG_RED_EMPLOYER_PAYOUT,
    SG_RED_TEXT_REUSE,
    SG_RED_CONTRADICTION,
    SG_RED_CONTACT_CHURN,
    SG_RED_MANY_BIDS,
    SG_RED_RATING_RING,
    SG_RED_REVIVED_ACCOUNT,
    SG_RED_BACKDATED,
    SG_RED_COPIED_CODE,
    SG_RED_INJECTED_AUTHOR,
    SG_RED_COMMIT_IDENTITIES,
    SG_RED_STAND_IN,
    SG_RED_TIME_ZONE,
    SG_RED_REFERRAL,
    SG_RED_SANCTIONED_PAYOUT,
    SG_RED_ONE_REMOVE
};
#define SG_RED_COUNT 29

/** Kinds of evidence that do not follow from one another. */
enum sg_redclass {
    SG_CLASS_ACCESS,    /**< who uses the same network address, device or token */
    SG_CLASS_NETWORK,   /**< where the network says a person is */
    SG_CLASS_SESSION,   /**< how a machine is worked */
    SG_CLASS_LOGISTICS, /**< where things are sent */
    SG_CLASS_MONEY,     /**< who is paid */
    SG_CLASS_TEXT,      /**< who wrote it */
    SG_CLASS_IDENTITY,  /**< what a person says about themselves */
    SG_CLASS_PLATFORM,  /**< conduct on a market for work */
    SG_CLASS_CODE,      /**< what repositories show */
    SG_CLASS_PRESENCE,  /**< who came to the interview */
    SG_CLASS_CLOCK,     /**< when a person is awake */
    SG_CLASS_CONTEXT,   /**< whom a person knows: no class of its own */
    SG_CLASS_SANCTIONS  /**< reported by itself, as what it is */
};
#define SG_CLASS_COUNT 13

/** "access" and so on. Static storage. */
const char *sg_redclass_name(enum sg_redclass redclass);

/** What is fixed about a rule. */
struct sg_redrule_kind {
    const char *name; /**< "shared_device" */
    enum sg_redclass redclass;
    bool is_weak; /**< forms none of the two classes */
};

/** Static storage. */
const struct sg_redrule_kind *sg_redrule_kind(enum sg_redrule_id id);

/** What the file says of a rule. */
struct sg_redrule {
    bool enabled;
    double weight;     /**< log2 of how much likelier it is with a persona; 0 to 10 */
    uint32_t at_least; /**< identities, events, days or percent, as the rule says */
    uint32_t at_most;  /**< identities that share a value before it counts as a public place */
    const char *title; /**< never empty, as are the others */
    const char *needs; /**< the data */
    const char *source;
    const char *innocent;
};

/** Most tools that a rules file may name. */
#define SG_REDTOOLS_MAX 64

struct sg_redrules {
    double alert_weight; /**< sum of class weights from which an alert is made */
    bool is_measured;    /**< the file says what its rules were measured to do */
    double measured_recall, measured_false_alarms; /**< shares of personas, of honest people */
    struct sg_redrule rules[SG_RED_COUNT];
    const char *const *remote_tools; /**< lower case, as they begin */
    size_t n_remote_tools;
    const char *const *kvm_tools;
    size_t n_kvm_tools;
};

/** Read a rules file. Each rule stands there exactly once.
 *
 *  Out:    rules   texts in the arena; untouched on an error.
 *  Errors: SG_EPARSE with line and column (an unknown or missing rule, a value out of range, an
 *          empty text), SG_ELIMIT, SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_redrules_parse(struct sg_redrules *rules, struct sg_arena *arena,
                                               const char *bytes, size_t size, struct sg_err *err);

/** The copy of workers/rules.yaml that is built in. Static storage. */
struct sg_text sg_redrules_builtin(void);

#endif
