/** Which records are about one person? Probabilistic linkage after Fellegi and Sunter, without
 *  labels: every field of a pair gives evidence for or against in bits (log2 of m/u), the sum and
 *  the prior give a probability, and records are brought together by the mean evidence between
 *  groups. Rules, sources and measured errors: docs/methods/linkage.md.
 *
 *  What depends on what: kinds of columns are inferred from their values; blocking rules from how
 *  often values meet; u from random pairs, m by expectation maximisation in the pairs of each rule
 *  on the fields that the rule does not fix; after the first grouping all are estimated once more
 *  from the groups. The same input gives the same bytes, whatever the number of threads.
 *
 *  Floating point here: evidence is a logarithm of probabilities. Sums that decide are integers.
 */
#ifndef SG_ANALYSIS_LINKAGE_H
#define SG_ANALYSIS_LINKAGE_H

#include "base/progress.h"
#include "formats/roster/roster.h"

#include <stdbool.h>

/** Columns that are compared, at most. */
#define SG_LINK_FIELDS_MAX 32

/** Levels of agreement of one field, the lowest (0) being "differs". */
#define SG_LINK_LEVELS_MAX 6

/** Columns whose words another column repeats, at most. */
#define SG_LINK_PARTS_MAX 4

/** Bits of mean evidence that hold a group together, unless a model says otherwise. Below zero,
 *  because a pair that lacks fields or is misprinted falls short of its due; measured on three sets
 *  (docs/methods/linkage.md). */
#define SG_LINK_THRESHOLD (-2.0)

/** What a column holds. Names as they stand in a model file: sg_link_kind_name. */
enum sg_link_kind {
    SG_LINK_NAME,       /**< a name or another short word: town, occupation */
    SG_LINK_ADDRESS,    /**< several words: a full name, a street */
    SG_LINK_REST,       /**< several words, less those that other columns of the record repeat */
    SG_LINK_DATE,       /**< a day, in one of the usual orders */
    SG_LINK_EMAIL,      /**< compared without tags and dots */
    SG_LINK_PHONE,      /**< its last nine digits */
    SG_LINK_CODE,       /**< a short code or number: postcode, house number */
    SG_LINK_CATEGORY,   /**< one of few values */
    SG_LINK_IDENTIFIER, /**< document, device, account, wallet, handle */
    SG_LINK_IP,         /**< an address of a network, and its neighbourhood */
    SG_LINK_TEXT,       /**< many words */
    SG_LINK_IMAGE_HASH  /**< 64 bits of a picture's hash, as hexadecimal; no picture is read */
};
#define SG_LINK_KINDS 12

/** Why a column takes no part. */
enum sg_link_ignored {
    SG_LINK_USED,
    SG_LINK_IGNORED_ASKED,    /**< by the caller, or it is the record's id */
    SG_LINK_IGNORED_ORIGIN,   /**< on nationality, ethnicity, religion, looks: no evidence */
    SG_LINK_IGNORED_CONSTANT, /**< empty, or the same in every row */
    SG_LINK_IGNORED_SERIAL,   /**< a number of the row: each once, in every row */
    SG_LINK_IGNORED_REPEATS,  /**< says only what another column says */
    SG_LINK_IGNORED_MANY      /**< beyond SG_LINK_FIELDS_MAX */
};

struct sg_link_field {
    size_t column; /**< of the roster */
    enum sg_link_kind kind;
    size_t parts[SG_LINK_PARTS_MAX]; /**< of SG_LINK_REST: fields whose words are left out */
    size_t n_parts;
    size_t swap;                  /**< field that people confuse with this one, or SIZE_MAX */
    size_t implied;               /**< field whose equality implies this one's, or SIZE_MAX */
    bool fixed;                   /**< m and u were given, and are not estimated */
    double m[SG_LINK_LEVELS_MAX]; /**< share of each level among pairs of one person */
    double u[SG_LINK_LEVELS_MAX]; /**< and among pairs of two; both sum to 1 */
};

struct sg_link_model {
    struct sg_link_field fields[SG_LINK_FIELDS_MAX];
    size_t n_fields;
    double prior;     /**< share of pairs that are one person; 0: to be estimated */
    double threshold; /**< bits of mean evidence that hold a group together */
    enum sg_link_ignored ignored[256]; /**< of each column of the roster */
};

/** What is told to sg_link_infer. */
struct sg_link_ask {
    const size_t *left_out; /**< columns that take no part */
    size_t n_left_out;
};

/** Pairs below do not matter: odds of 1 to 64, in 1/1024 bits. */
#define SG_LINK_LIST_MIN (-6 * 1024)

/** Level of a field that one of two records does not have. */
#define SG_LINK_MISSING UINT8_MAX

/** A pair that was looked at and that may be one person. */
struct sg_link_pair {
    uint32_t a, b;      /**< rows, a < b */
    int32_t weight_mib; /**< evidence with the prior, in 1/1024 bits */
};

/** A group of two or more records. */
struct sg_link_group {
    size_t begin, count;     /**< its rows: members[begin..begin + count) */
    int32_t cohesion_mib;    /**< mean evidence where it holds worst, in 1/1024 bits */
    uint32_t weak_a, weak_b; /**< the strongest pair across that place: its weakest link */
    uint32_t n_split;        /**< records that would part from the first there */
};

/** One blocking rule, for the report. */
struct sg_link_rule {
    bool whole;       /**< records that are equal in every field */
    size_t fields[2]; /**< SIZE_MAX where the rule has one */
    unsigned keys[2]; /**< which reduced form of the field's value */
    uint64_t pairs;
    uint64_t large_blocks, large_rows; /**< blocks over the bound, which were left out */
};
#define SG_LINK_RULES_MAX 40

/** Own it zeroed; release with sg_link_clear. */
struct sg_link_result {
    uint32_t *group_of; /**< n_rows: number of the group, in the order of first rows; every row has
                             one, alone or not */
    size_t n_rows, n_groups_all;
    struct sg_link_group *groups; /**< those of two or more, in the order of first rows */
    size_t n_groups;
    uint32_t *members; /**< rows of `groups`, ascending in each */
    size_t n_members;
    struct sg_link_pair *pairs; /**< those at SG_LINK_LIST_MIN or above, sorted by rows */
    size_t n_pairs;
    uint8_t *levels;   /**< n_fields a pair, where options.explain: SG_LINK_MISSING or a level */
    int32_t *evidence; /**< n_fields a pair: with prior_mib they sum to the pair's weight */
    int32_t prior_mib;
    uint64_t n_compared;
    struct sg_link_rule rules[SG_LINK_RULES_MAX];
    size_t n_rules;
    bool doubtful[SG_LINK_FIELDS_MAX]; /**< m and u of the field cannot be told apart */
    bool no_split;                     /**< the records show no two classes of pairs */
};

struct sg_link_options {
    size_t n_threads;
    bool explain; /**< keep what each field says of each listed pair */
    const struct sg_progress *progress;
};

/** Name of a kind ("date"), and the kind of a name; false: none. Static storage. */
const char *sg_link_kind_name(enum sg_link_kind kind);
bool sg_link_kind_of(enum sg_link_kind *kind, struct sg_text name);

/** Levels of a kind, and what one of them means ("one letter differs"). Static storage. */
size_t sg_link_n_levels(enum sg_link_kind kind);
const char *sg_link_level_name(enum sg_link_kind kind, size_t level);

/** Whether a column of this name is about nationality, ethnicity, religion or looks: nobody's
 * origin is evidence of who they are, and no model may use it. */
bool sg_link_is_origin(struct sg_text name);

/** Infer a model from the columns. Out: model, without m, u and prior. Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_link_infer(struct sg_link_model *model,
                                           const struct sg_roster *roster,
                                           const struct sg_link_ask *ask, struct sg_err *err);

/** Link the rows of a roster.
 *  In/Out: model   what is not fixed is estimated; the roster must be the one it was made for.
 *  Errors: SG_EUSAGE (nothing to compare), SG_ENOMEM, SG_ECANCELLED.
 *  Cost:   memory about 200 bytes a row and 16 bytes a pair looked at; time in proportion to pairs.
 */
SG_MUST_CHECK enum sg_status sg_link_run(struct sg_link_result *result, struct sg_link_model *model,
                                         const struct sg_roster *roster,
                                         const struct sg_link_options *options, struct sg_err *err);

/** Place of a pair in result->pairs, or SIZE_MAX. Logarithmic. */
size_t sg_link_find_pair(const struct sg_link_result *result, uint32_t a, uint32_t b);

/** 2^w / (1 + 2^w) of w in 1/1024 bits. */
double sg_link_probability(int32_t weight_mib);

void sg_link_clear(struct sg_link_result *result);

#endif
