/* How rows are kept, and what a rule is given. */
#ifndef SG_ANALYSIS_REDFLAGS_INTERNAL_H
#define SG_ANALYSIS_REDFLAGS_INTERNAL_H

#include "analysis/redflags/redflags.h"
#include "base/buf.h"
#include "base/dict.h"

#define RF_DAY  INT64_C(86400)
#define RF_HOUR INT64_C(3600)

/* How texts are brought to one form before they are compared. */
enum rf_form {
    RF_EXACT,   /* as it stands */
    RF_LOWER,   /* ASCII letters small: mail, devices, network addresses, hashes */
    RF_ACCOUNT, /* without blanks; small letters where hexadecimal */
    RF_DIGITS,  /* of a phone */
    RF_DATE,    /* YYYY-MM-DD, the smaller of month and day first where they could be swapped */
    RF_FOLDED   /* letters without case and marks, one blank between words: names, streets */
};

/* Append a text in a form. */
void sg_rf_form(struct sg_buf *out, enum rf_form form, struct sg_text text);

/* Whether two folded texts are in one script, as far as they can be compared. */
bool sg_rf_same_script(const char *a, const char *b);

/* Whether two folded names have a word in common. */
bool sg_rf_share_word(const char *a, const char *b);

/* Bit set of the scripts of a folded text's letters. */
bool sg_rf_is_letter(uint32_t c);
/* Scripts that put no blanks between words: there each character counts as a word. */
bool sg_rf_is_unspaced(uint32_t c);

enum rf_role { RF_ROLE_NONE, RF_ROLE_EMPLOYER, RF_ROLE_AGENCY, RF_ROLE_OTHER };

struct rf_person { /* numbers of texts */
    uint32_t id, name, birth, email, phone, street, city, zone, document, bank, wallet, handle;
    uint32_t device, ip, cv, cluster, row, identity;
    enum rf_role role;
};

enum rf_kind {
    RF_CLAIM,
    RF_DOCUMENT,
    RF_ACCOUNT_EVENT,
    RF_CONTACT,
    RF_SHIPMENT,
    RF_PAYOUT,
    RF_LOGIN,
    RF_COMMIT,
    RF_INTERVIEW,
    RF_REFERRAL,
    RF_BID,
    RF_RATING,
    RF_KINDS
};

enum rf_result {
    RF_RESULT_NONE,
    RF_RESULT_ACCEPTED,
    RF_RESULT_REJECTED,
    RF_RESULT_SAME,
    RF_RESULT_DIFFERENT,
    RF_RESULT_REVIVED,
    RF_RESULT_NO_ACCOUNT,
    RF_RESULT_FORK,
    RF_RESULT_OTHER
};

/* Texts of an event, by what its kind uses. */
enum rf_slot {
    RF_NAME = 0,   /* claim, document, account, contact, payout, commit */
    RF_VALUE = 1,  /* claim, document, account, contact, payout, commit */
    RF_OTHER = 2,  /* claim, interview, referral, rating */
    RF_TEXT = 3,   /* commit: tree; bid: text; shipment: address */
    RF_DEVICE = 0, /* login; shipment */
    RF_TOKEN = 1,  /* login */
    RF_IP = 2,     /* login */
    RF_COUNTRY = 3,
    RF_TOOL = 4
};
#define RF_SLOTS 5

struct rf_event {
    int64_t time;
    int64_t other_time; /* login: until; commit: made; SG_TIME_UNKNOWN */
    int32_t lat, lon;   /* 1e-4 degrees; lat RF_NOWHERE: not known */
    uint32_t person, row;
    uint32_t text[RF_SLOTS];
    uint8_t kind, result;
};
#define RF_NOWHERE INT32_MAX

/* Events of one identity in order of time. */
struct rf_key {
    int64_t time;
    uint32_t row, event;
};

/* One of several that use a device, a token, an account or a tree of files. */
struct rf_tie {
    uint32_t group; /* of one value */
    uint32_t identity, party;
    struct sg_redflags_ref ref;
    enum sg_redrule_id rule;
};

/* What an identity's ties add: of each class the most that another one's evidence gives. */
struct rf_carried {
    double own[SG_CLASS_COUNT]; /* what it has itself */
    double weight[SG_CLASS_COUNT];
    struct sg_redflags_ref from[SG_CLASS_COUNT]; /* the other's row that ties */
};

struct rf_result_of { /* an identity */
    uint32_t first_finding, n_findings;
    uint32_t testable, classes;
    double weight;
    bool is_alert, is_sanctioned;
};

struct sg_redflags {
    const struct sg_redrules *rules;
    struct sg_redflags_sanctions sanctions;
    struct sg_dict pool;
    struct sg_buf scratch;
    struct rf_person *people;
    size_t n_people, people_cap;
    uint32_t *person_of; /* record of a text that is a record id, plus one; by number of text */
    size_t person_of_cap;
    struct rf_event *events;
    size_t n_events, events_cap;
    uint32_t n_identities;
    uint32_t *records, *records_begin; /* of identity i: records[records_begin[i] ..) */
    uint32_t *household, *agency;      /* of each identity: the first of its circle, or itself */
    struct rf_key *keys;
    uint32_t *keys_begin;
    struct sg_redflags_finding *findings;
    size_t n_findings, findings_cap;
    struct rf_result_of *results;
    struct rf_tie *ties; /* by value */
    size_t n_ties, ties_cap;
    uint32_t *carried_of; /* of each identity: 1 + its place in carried, 0: none */
    struct rf_carried *carried;
    uint32_t left_out; /* bit of each rule that is judged as if it were off */
    struct sg_redflags_common common[SG_RED_COUNT];
    struct sg_redflags_common placeholders;
    uint32_t vpn;       /* the text "vpn" */
    bool lacked_memory; /* where a name was looked for */
};

/** Numbers of texts, 0 for no text among them. */
static inline size_t sg_rf_n_texts(const struct sg_redflags *f)
{
    return f->pool.count + 1;
}

/* One identity, as rules see it. */
struct rf_view {
    const struct sg_redflags *f;
    uint32_t identity;
    const uint32_t *records;
    uint32_t n_records;
    const struct rf_key *keys;
    uint32_t n_keys;
};
void sg_rf_view(struct rf_view *view, const struct sg_redflags *f, uint32_t identity);

static inline const struct rf_person *sg_rf_record(const struct rf_view *v, uint32_t i)
{
    return &v->f->people[v->records[i]];
}
static inline const struct rf_event *sg_rf_event_at(const struct rf_view *v, uint32_t i)
{
    return &v->f->events[v->keys[i].event];
}

/* Records of one identity whose names and streets are compared with each of its events: people have
 * a few; thousands that a hostile table makes one must not cost their square. */
#define RF_COMPARED_MAX 64u
static inline uint32_t sg_rf_n_compared(const struct rf_view *v)
{
    return v->n_records < RF_COMPARED_MAX ? v->n_records : RF_COMPARED_MAX;
}

/* What a rule says of one identity. */
struct rf_note {
    bool testable, found;
    uint32_t number, of, text;
    uint32_t n_refs;
    struct sg_redflags_ref refs[SG_REDFLAGS_REFS_MAX];
};
void sg_rf_ref_event(struct rf_note *note, const struct rf_event *event);
void sg_rf_ref_person(struct rf_note *note, const struct sg_redflags *f, uint32_t record);

/* Keep what a rule said. */
enum sg_status sg_rf_keep(struct sg_redflags *f, uint32_t identity, enum sg_redrule_id rule,
                          const struct rf_note *note, struct sg_err *err);

/* The same of one application. */
enum sg_status sg_rf_keep_of(struct sg_redflags *f, uint32_t identity, uint32_t record,
                             enum sg_redrule_id rule, const struct rf_note *note,
                             struct sg_err *err);

/* rf_alone.c: the rules over one application at a time. */
enum sg_status sg_rf_alone(struct sg_redflags *f, struct sg_err *err);

/* Rules over one identity at a time: rf_logins.c, rf_deeds.c, rf_claims.c, rf_zone.c. */
typedef void (*rf_rule_fn)(struct rf_note *note, const struct rf_view *view,
                           const struct sg_redrule *rule);
void sg_rf_countries(struct rf_note *, const struct rf_view *, const struct sg_redrule *);
void sg_rf_travel(struct rf_note *, const struct rf_view *, const struct sg_redrule *);
void sg_rf_long_session(struct rf_note *, const struct rf_view *, const struct sg_redrule *);
void sg_rf_remote_desktop(struct rf_note *, const struct rf_view *, const struct sg_redrule *);
void sg_rf_kvm(struct rf_note *, const struct rf_view *, const struct sg_redrule *);
void sg_rf_shipped_elsewhere(struct rf_note *, const struct rf_view *, const struct sg_redrule *);
void sg_rf_payout_other_name(struct rf_note *, const struct rf_view *, const struct sg_redrule *);
void sg_rf_payout_changes(struct rf_note *, const struct rf_view *, const struct sg_redrule *);
void sg_rf_contradiction(struct rf_note *, const struct rf_view *, const struct sg_redrule *);
void sg_rf_contact_churn(struct rf_note *, const struct rf_view *, const struct sg_redrule *);
void sg_rf_many_bids(struct rf_note *, const struct rf_view *, const struct sg_redrule *);
void sg_rf_revived_account(struct rf_note *, const struct rf_view *, const struct sg_redrule *);
void sg_rf_backdated(struct rf_note *, const struct rf_view *, const struct sg_redrule *);
void sg_rf_injected_author(struct rf_note *, const struct rf_view *, const struct sg_redrule *);
void sg_rf_commit_identities(struct rf_note *, const struct rf_view *, const struct sg_redrule *);
void sg_rf_stand_in(struct rf_note *, const struct rf_view *, const struct sg_redrule *);
void sg_rf_time_zone(struct rf_note *, const struct rf_view *, const struct sg_redrule *);

/* Rules over what identities share and how they are tied. */
enum sg_status sg_rf_shared(struct sg_redflags *f, struct sg_err *err);
enum sg_status sg_rf_texts(struct sg_redflags *f, struct sg_err *err);
enum sg_status sg_rf_ratings(struct sg_redflags *f, struct sg_err *err);
enum sg_status sg_rf_sanctions(struct sg_redflags *f, struct sg_err *err);
enum sg_status sg_rf_referrals(struct sg_redflags *f, struct sg_err *err);

/* Turn n counts into the ends of their stretches, counts[n] into the sum: filling from the back,
 * each end minus one, leaves the begins. */
void sg_rf_ends(uint32_t *counts, size_t n);

/* Which records are one identity; fills records, records_begin, n_identities. */
enum sg_status sg_rf_identities(struct sg_redflags *f, struct sg_err *err);

/* Who is one household or one agency. */
enum sg_status sg_rf_circles(struct sg_redflags *f, struct sg_err *err);

/* Evidence at one remove: what those have that an identity is tied to. After a judgement. */
enum sg_status sg_rf_carry(struct sg_redflags *f, struct sg_err *err);

/* Sort findings by identity, application and rule, and weigh them. */
void sg_rf_judge(struct sg_redflags *f);

/* The heaviest finding of each class of the identity's own, of what its alert rests on; 0: none. */
void sg_rf_heaviest(double heaviest[SG_CLASS_COUNT], const struct sg_redflags *f,
                    uint32_t identity);

#endif
