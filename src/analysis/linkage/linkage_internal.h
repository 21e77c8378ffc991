/* The parts of a linkage: columns made comparable, blocks, pairs, estimates, groups. */
#ifndef SG_ANALYSIS_LINKAGE_INTERNAL_H
#define SG_ANALYSIS_LINKAGE_INTERNAL_H

#include "analysis/linkage/link_text.h"
#include "analysis/linkage/linkage.h"
#include "base/dict.h"
#include "base/fold.h"

#define LK_MIB 1024 /* parts of a bit */

/* Reduced forms of a value by which records are blocked; 0: this value has none. */
#define LK_KEYS_MAX 5

/* A distinct comparable text of a column, and what its kind needs. */
struct lk_value {
    struct sg_text text; /* folded and reduced; of long texts nothing is kept */
    uint32_t rows;       /* that have it; after the first grouping: groups that do */
    int32_t rarity_mib;  /* of an equal pair, against the field's usual one */
    uint32_t code;       /* date: yyyymmdd; name: sound; email: bytes before the @ */
    uint64_t letters;    /* sg_link_letters */
    uint64_t sig;        /* name: nicknames; text: simhash; picture: its hash; IP: network */
    uint32_t first_word; /* words: place in the column's list */
    uint16_t n_words;
    uint32_t hash; /* of the text, to compare across columns */
    uint32_t keys[LK_KEYS_MAX];
};

struct lk_column {
    enum sg_link_kind kind;
    uint32_t *cells; /* n_rows: number of the value, 0: says nothing */
    struct sg_dict dict;
    struct lk_value *values; /* value n is values[n - 1] */
    size_t n_values;
    struct sg_dict word_dict;
    uint32_t *words; /* of all values, ascending within each */
    size_t n_words, words_capacity;
    float *word_bits;   /* rarity of a word, by its number - 1: log2 of 1 / share of rows */
    uint64_t n_present; /* rows that say something */
    double total;       /* what value.rows sums to */
};

/* Rows in the order of one rule's keys. */
struct lk_block {
    struct sg_link_rule rule;
    uint32_t *order; /* rows that have the key, by block */
    uint32_t *place; /* of each row in order; UINT32_MAX: not paired */
    uint32_t *end;   /* of what the row is paired with, in order */
    size_t n_order;
};

/* Pairs whose first rows are one stretch. */
struct lk_chunk {
    struct sg_link_pair *pairs;
    uint8_t *levels; /* n_fields a pair */
    size_t n_pairs, capacity, levels_capacity;
    uint64_t n_compared;
    bool failed;
};

struct lk {
    const struct sg_roster *roster;
    struct sg_link_model *model;
    const struct sg_link_options *options;
    size_t n_rows, n_fields;
    struct lk_column columns[SG_LINK_FIELDS_MAX];
    uint32_t *cells; /* of all columns once more, n_fields a row: a pair is two stretches */
    struct lk_block blocks[SG_LINK_RULES_MAX];
    size_t n_blocks;
    int32_t weights[SG_LINK_FIELDS_MAX][SG_LINK_LEVELS_MAX]; /* log2(m/u) in 1/1024 bits */
    int32_t prior_mib, threshold_mib;
    /* u of a field's levels among pairs that are equal in another one, where that makes much of a
     * difference, and the evidence that follows: what one field has said is not said again by the
     * next. Of equal fields the rarest speaks first; those that are not equal speak last. */
    double u_given[SG_LINK_FIELDS_MAX][SG_LINK_FIELDS_MAX][SG_LINK_LEVELS_MAX];
    bool depends[SG_LINK_FIELDS_MAX][SG_LINK_FIELDS_MAX];
    int32_t given_weights[SG_LINK_FIELDS_MAX][SG_LINK_FIELDS_MAX][SG_LINK_LEVELS_MAX];
    uint32_t others[SG_LINK_FIELDS_MAX];  /* a bit for each field that it depends on */
    uint32_t earlier[SG_LINK_FIELDS_MAX]; /* and of those for each that is rarer */
    struct lk_chunk *chunks;              /* pairs that are kept, by stretches of first rows */
    size_t n_chunks;
    uint64_t n_compared;
};

/* Rows of a block that are all paired; a larger one is left out. Of records that are equal in all,
 * each is then paired with the next few, which is enough to bring them together. */
#define LK_BLOCK_MAX 100
#define LK_WINDOW    8

struct lk_date {
    unsigned year, month, day; /* 0: not said */
};

/* link_read.c: texts of some kinds in one form. */
bool sg_lk_date(struct lk_date *date, struct sg_text text);
bool sg_lk_is_ip(struct sg_text text);
size_t sg_lk_email(char *out, size_t capacity, uint32_t *n_local, struct sg_text text);
size_t sg_lk_reduced(char *out, size_t capacity, enum sg_link_kind kind, struct sg_text text);

/* link_relations.c */
SG_MUST_CHECK enum sg_status sg_lk_relations(struct sg_link_model *model,
                                             const struct sg_roster *roster, struct sg_fold *fold,
                                             struct sg_err *err);

/* link_values.c */
SG_MUST_CHECK enum sg_status sg_lk_columns(struct lk *lk, struct sg_err *err);
/* link_words.c: the words of all values, and their rarity. */
SG_MUST_CHECK enum sg_status sg_lk_words(struct lk_column *column, struct sg_err *err);
/* The record's words in `field` less those in its parts, as a text. */
SG_MUST_CHECK enum sg_status sg_lk_rest(struct sg_buf *out, const struct lk *lk, size_t field,
                                        size_t row, struct sg_err *err);
double sg_lk_shared_words(const struct lk_column *column, const struct lk_value *a,
                          const struct lk_value *b);

/* link_keys.c: fills value.keys. */
void sg_lk_keys(struct lk_column *column);

/* link_compare.c: levels of all fields of a pair. */
void sg_lk_compare(uint8_t *levels, const struct lk *lk, uint32_t a, uint32_t b);

/* link_weigh.c: evidence. */
void sg_lk_set_weights(struct lk *lk);
int32_t sg_lk_field_weight(const struct lk *lk, size_t field, const uint8_t *levels, uint32_t a,
                           uint32_t b);
int32_t sg_lk_weight(const struct lk *lk, const uint8_t *levels, uint32_t a, uint32_t b);

/* link_rules.c, link_blocks.c */
SG_MUST_CHECK enum sg_status sg_lk_rules(struct lk *lk, struct sg_err *err);
SG_MUST_CHECK enum sg_status sg_lk_blocks(struct lk *lk, struct sg_err *err);
uint32_t sg_lk_rule_key(const struct lk *lk, const struct sg_link_rule *rule, size_t row);
/* Later rows that share a block with `row`. partners: room for LK_BLOCK_MAX. */
size_t sg_lk_partners(uint32_t *partners, const struct lk_block *block, uint32_t row);
void sg_lk_blocks_free(struct lk *lk);

/* link_estimate.c: u of random pairs, m in the pairs of each rule. */
SG_MUST_CHECK enum sg_status sg_lk_estimate(struct lk *lk, bool *doubtful, struct sg_err *err);
/* And once more from groups. */
SG_MUST_CHECK enum sg_status sg_lk_reestimate(struct lk *lk, const struct sg_link_result *result,
                                              struct sg_err *err);

/* Shares from counts, no level without a share; the last level's share is given where >= 0. */
void sg_lk_shares(double *share, const double *count, size_t n, double last);
/* Chance that a pair of these levels is one person. evidence: log(m/u); prior: log odds. */
double sg_lk_posterior(double evidence[][SG_LINK_LEVELS_MAX], double prior, const uint8_t *levels,
                       size_t n_fields);

/* link_dependence.c: which fields agree among strangers once another is equal. */
SG_MUST_CHECK enum sg_status sg_lk_dependence(struct lk *lk, struct sg_err *err);

/* link_pairs.c: look at the pairs of all blocks, keep those that may be one person; weigh them anew
 * when the estimates have changed. Both set the prior from what they find. */
SG_MUST_CHECK enum sg_status sg_lk_pairs(struct lk *lk, struct sg_err *err);
void sg_lk_weigh_pairs(struct lk *lk);
void sg_lk_pairs_free(struct lk *lk);

/* link_groups.c */
SG_MUST_CHECK enum sg_status sg_lk_groups(struct sg_link_result *result, const struct lk *lk,
                                          struct sg_err *err);

/* link_run.c: all that the parts above have filled, and `lk` itself. */
void sg_lk_free(struct lk *lk);

#endif
