/** Ranking who withdrew a theft's deposits from a fixed-denomination mixer pool.
 *
 *  Nobody can prove a pairing from the chain: the product is a probability for each withdrawing
 *  address, with the evidence that moved it. An address is scored as a whole: all its withdrawals
 *  in the window share one probability, because in the published readings no address mixes a
 *  theft's withdrawals with others'. The rules, their strength, and how the weights were learnt and
 *  measured: docs/methods/demix.md.
 *  Floating point here: probabilities and measurements are doubles; money stays in integers.
 *
 *  This module reads no file and no clock. Times that a source lacks are interpolated by
 *  sg_pool_build, and marked.
 */
#ifndef SG_ANALYSIS_DEMIX_H
#define SG_ANALYSIS_DEMIX_H

#include "base/amount.h"
#include "base/civil.h"
#include "base/limits.h"
#include "formats/record/record.h"
#include "formats/tornado/tornado.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Of rules and weights together: a figure may change with it. */
#define SG_DEMIX_VERSION 3u

/** One deposit into the pool. */
struct sg_pool_deposit {
    uint64_t block;
    int64_t time_unix_s;
    uint8_t tx32[32];
    uint64_t gas_price; /**< of its transaction, native base units; 0: unknown */
    uint32_t leaf;      /**< position in the pool's Merkle tree */
    uint32_t batch;     /**< of the theft: 1-based depositor number; 0: somebody else's */
};

/** One withdrawal from the pool. */
struct sg_pool_withdrawal {
    uint64_t block;
    int64_t time_unix_s;
    bool time_estimated;  /**< interpolated between deposits, not read */
    uint32_t to;          /**< index of the receiving address, below n_addresses */
    struct sg_amount fee; /**< paid to the relayer, base units; 0: withdrawn without one */
    double fee_off;       /**< fee less the pool's usual one of the time, share of the
                               denomination; by sg_pool_prepare */
    uint64_t gas_price;   /**< as of a deposit; with a fee it is the relayer's choice */
    uint8_t tx32[32];
    uint8_t nullifier32[32];
};

/** A pool's events, each list in order of (block, position). */
struct sg_pool {
    struct sg_pool_deposit *deposits;
    size_t n_deposits;
    struct sg_pool_withdrawal *withdrawals;
    size_t n_withdrawals;
    struct sg_address *addresses; /**< distinct receivers, by bytes */
    size_t n_addresses;
    size_t n_duplicates;           /**< events given twice, counted and left out */
    struct sg_amount denomination; /**< base units a deposit; fees are scored relative to it */
};

/** The features of an address, each a documented rule's measurement. Order is the model's. */
enum sg_demix_feature {
    SG_DEMIX_COUNT,      /**< log of its withdrawals in the window */
    SG_DEMIX_ELSEWHERE,  /**< log of 1 + its withdrawals outside the window */
    SG_DEMIX_UNRELAYED,  /**< share withdrawn without a relayer */
    SG_DEMIX_SPAN,       /**< log of 1 + hours from its first to its last */
    SG_DEMIX_GAP_MEDIAN, /**< log of 1 + median minutes between two; -1 for a single one */
    SG_DEMIX_GAP_SPREAD, /**< standard deviation of log hours between two; -1 below three */
    SG_DEMIX_GAP_MAX,    /**< log of the longest, hours; -6 for a single one */
    SG_DEMIX_GAP_MIN,    /**< log of 1 + shortest minutes; -1 for a single one */
    SG_DEMIX_BURST,      /**< share of gaps under three minutes */
    SG_DEMIX_SHARE_2H,   /**< the theft's share of the pool's deposits in the hours before */
    SG_DEMIX_SHARE_6H,
    SG_DEMIX_SHARE_12H,
    SG_DEMIX_SHARE_24H,
    SG_DEMIX_SHARE_72H,
    SG_DEMIX_FED,         /**< log of 1 + the theft's deposits in the 24 hours before */
    SG_DEMIX_SINCE_MEAN,  /**< log of 1 + mean hours since the theft's last deposit */
    SG_DEMIX_SINCE_MIN,   /**< log of 1 + least hours since it */
    SG_DEMIX_HOUR,        /**< mean log ratio of the theft's deposits in that hour of the day */
    SG_DEMIX_SAME_COUNT,  /**< other addresses within 12 hours with as many withdrawals */
    SG_DEMIX_MULTI_NEAR,  /**< share of addresses within 12 hours with three or more */
    SG_DEMIX_NEAR,        /**< addresses within 12 hours */
    SG_DEMIX_BETWEEN,     /**< log of 1 + others' withdrawals between its first and last */
    SG_DEMIX_ALTERNATE,   /**< share of its gaps in which somebody else withdrew */
    SG_DEMIX_INTER_ADDRS, /**< log of 1 + addresses of two or more that it is interleaved with */
    SG_DEMIX_INTER_RATE,  /**< log of 1 + their withdrawals between its own, a gap */
    SG_DEMIX_FEE_OFF,     /**< mean distance of its fees from the pool's usual one of the time */
    SG_DEMIX_FEE_SPREAD,  /**< standard deviation of that distance */
    SG_DEMIX_FEE_RANGE,   /**< log of its range: many relayers or one */
    SG_DEMIX_FEE_SAME,    /**< share of neighbouring fees that are alike */
    SG_DEMIX_FEE_MEAN,    /**< mean signed distance of its fees from the usual one */
    SG_DEMIX_FEE_LOW,     /**< lowest of them */
    SG_DEMIX_NEXT_GAP,    /**< median log minutes to the nearest withdrawal to somebody else */
    SG_DEMIX_CROSSED,     /**< share of its withdrawals with another's within two minutes */
    SG_DEMIX_MATE_GAP,    /**< median log minutes to the nearest one to an address of two or more */
    SG_DEMIX_MATES_NEAR,  /**< withdrawals to addresses of two or more in 6 hours around, log */
    /* Of the second look, 0 before it: log odds against the window's mean. */
    SG_DEMIX_ALIKE,  /**< what is thought of addresses that behave alike */
    SG_DEMIX_AROUND, /**< what is thought of the withdrawals within three hours */
    SG_DEMIX_ROOM,   /**< signed log of 1 + deposits left for each of its withdrawals */
    SG_DEMIX_N_FEATURES
};

/** Short name of a feature, for JSON and tables ("share_24h"). Static storage. */
const char *sg_demix_feature_name(enum sg_demix_feature feature);

/** What features are grouped by when a probability is explained. */
enum sg_demix_rule {
    SG_DEMIX_RULE_TIMING,       /**< how much of the pool's inflow was the theft's before */
    SG_DEMIX_RULE_COUNT,        /**< withdrawals to the address, and to those around it */
    SG_DEMIX_RULE_RHYTHM,       /**< the gaps between its withdrawals */
    SG_DEMIX_RULE_INTERLEAVING, /**< who else withdrew in between and beside */
    SG_DEMIX_RULE_RELAYER,      /**< fees against the usual ones of the time */
    SG_DEMIX_RULE_REUSE,        /**< withdrawals to it outside the window: old or new address */
    SG_DEMIX_RULE_CROWD,        /**< how many others were there at the time */
    SG_DEMIX_RULE_COMPANY,      /**< the second look: those like it and around it, deposits left */
    SG_DEMIX_N_RULES
};

/** The rule that a feature belongs to. */
enum sg_demix_rule sg_demix_feature_rule(enum sg_demix_feature feature);

/** "timing", "count", "rhythm", "interleaving", "relayer", "reuse", "crowd", "company". Static
 *  storage. */
const char *sg_demix_rule_name(enum sg_demix_rule rule);

/** One address with withdrawals in the window. */
struct sg_demix_candidate {
    uint32_t address;
    uint32_t n;     /**< its withdrawals in the window */
    uint32_t first; /**< of its withdrawals: index into sg_demix_window.order */
    uint32_t batch; /**< latest batch begun before its median withdrawal, 1-based */
    double x[SG_DEMIX_N_FEATURES];
};

/** The candidates of a theft in a pool. */
struct sg_demix_window {
    int64_t begin_unix_s, end_unix_s;      /**< inclusive */
    struct sg_demix_candidate *candidates; /**< by first withdrawal */
    size_t n_candidates;
    uint32_t *order; /**< withdrawal indices, grouped by candidate, in time order */
    size_t n_order;  /**< withdrawals in the window */
    size_t n_theft_deposits;
    size_t n_deposits; /**< of everybody, in the window */
    double crowd;      /**< withdrawals that others would make, by their deposits in the window and
                            by the days before it */
    double balance;    /**< withdrawals of the theft that the pool's balance lets expect */
    double prior;      /**< balance by all withdrawals, kept within 0.005 and 0.95 */
};

/** How long behind the last deposit a window ends, if nobody says else: the weights were learnt
 * with it. */
#define SG_DEMIX_AFTER_S ((int64_t)24 * 3600)

/** When a block was made. */
struct sg_pool_time {
    uint64_t block;
    int64_t time_unix_s;
};

/** Events of one pool as they come, in any order, and what is known of blocks. Zero-initialise. */
struct sg_pool_builder {
    struct sg_pool_event *events;
    size_t n_events, capacity;
    struct sg_pool_time *times;
    size_t n_times, cap_times;
};

/** Take one event. Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_pool_add(struct sg_pool_builder *builder,
                                         const struct sg_pool_event *event, struct sg_err *err);

/** Take the time of a block, in any order. Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_pool_add_time(struct sg_pool_builder *builder, uint64_t block,
                                              int64_t time_unix_s, struct sg_err *err);

/** Make the pool: sorted, each commitment and each nullifier once, times and fees prepared (below).
 *
 *  Out:    pool     sg_pool_clear by the caller.
 *  In:     builder  its times are sorted; sg_pool_builder_clear by the caller.
 *          denomination   base units a deposit, not 0.
 *  Errors: SG_EPARSE (no deposit; a withdrawal before the first deposit; a fee above the
 *          denomination or logs of two contracts: events of another pool; times that run
 *          backwards, are missing from a deposit, or contradict each other), SG_ENOMEM.
 *  Cost:   O(n log n).
 *  A withdrawal without a time gets that of its block, where the table or a deposit has it; else
 *  one linear between the nearest blocks that are known, marked estimated.
 */
SG_MUST_CHECK enum sg_status sg_pool_build(struct sg_pool *pool, struct sg_pool_builder *builder,
                                           struct sg_amount denomination, struct sg_err *err);
void sg_pool_builder_clear(struct sg_pool_builder *builder);
void sg_pool_clear(struct sg_pool *pool);

/** Set fee_off of all withdrawals; sg_pool_build calls it. For pools that were put together by
 * hand.
 *
 *  fee_off is a fee less the median of the nearest relayed withdrawals to other addresses (25 on
 *  each side), so that the price of gas in those days cancels.
 *  In/Out: pool   in order of time.   Cost: O(w log 50).
 */
void sg_pool_prepare(struct sg_pool *pool);

/** Find the candidates and measure their features.
 *
 *  The window runs from the theft's first deposit to `after_s` behind its last.
 *  Out:    window   sg_demix_window_clear by the caller.
 *  In:     pool     prepared.
 *  Errors: SG_ENOTFOUND (no deposit of the theft in the pool), SG_ENOMEM.
 *  Cost:   O((d + w) log(d + w) + pairs within 12 hours).
 */
SG_MUST_CHECK enum sg_status sg_demix_window_find(struct sg_demix_window *window,
                                                  const struct sg_pool *pool, int64_t after_s,
                                                  struct sg_err *err);
void sg_demix_window_clear(struct sg_demix_window *window);

/** Boosted regression trees of depth two: a sum of small tables, one or two features each. */
struct sg_demix_node {
    int16_t feature; /**< split feature; -1: no split, both sides are leaves alike */
    float threshold; /**< left if x <= threshold */
};
struct sg_demix_tree {
    struct sg_demix_node root, left, right;
    float leaf[4]; /**< left-left, left-right, right-left, right-right; log odds */
};

/** How good a model was on batches that it was not learnt from; counted by withdrawal. */
struct sg_demix_measured {
    double f1; /**< of those with probability 0.5 or more */
    double average_precision;
    double calibration_error; /**< expected calibration error, ten bins of equal width */
    double batch_error;       /**< median over batches of |expected / true count - 1| */
    double share;             /**< of the withdrawals in the window that are the theft's */
};

struct sg_demix_model {
    double bias; /**< log odds to add to those of the window's prior, before any evidence */
    const struct sg_demix_tree *trees; /**< first those of the first look, then the others */
    size_t n_first, n_trees;
    struct sg_demix_measured measured;
};

/** The model that ships, learnt by bench/bench_demix_train.c. Static storage. */
const struct sg_demix_model *sg_demix_model(void);

/** Probability of an address, and what each feature added to its log odds.
 *
 *  Out: parts   SG_DEMIX_N_FEATURES, log odds; may be NULL. The log odds of the result less
 *               sum(parts) is the same for every x: what is thought before anything is asked.
 *  In:  prior   of the window, within (0, 1).
 *  A tree's value is divided along its path: the change of the mean below each split goes to the
 *  feature that was asked there. Source: A. Saabas, Interpreting random forests, 2014; leaf means
 *  are unweighted.
 */
double sg_demix_score(double parts[SG_DEMIX_N_FEATURES], const struct sg_demix_model *model,
                      double prior, const double x[SG_DEMIX_N_FEATURES]);

/** Log odds at first sight, before sg_demix_company. */
double sg_demix_first_look(const struct sg_demix_model *model, double prior,
                           const double x[SG_DEMIX_N_FEATURES]);

/** Measure what needs a first look: ALIKE, AROUND and ROOM of each candidate.
 *
 *  Out:    window   candidates' x.
 *  In:     first    probabilities by candidate.
 *  Errors: SG_ENOMEM.
 *  Cost:   O(400 n_candidates + pairs of withdrawals within three hours).
 */
SG_MUST_CHECK enum sg_status sg_demix_company(struct sg_demix_window *window,
                                              const struct sg_pool *pool, const double *first,
                                              struct sg_err *err);

/** A candidate with its probability. */
struct sg_demix_entry {
    uint32_t candidate;               /**< index into window.candidates */
    double probability;               /**< that the theft made all of its withdrawals */
    double weights[SG_DEMIX_N_RULES]; /**< log odds that each rule added */
};

struct sg_demix_ranking {
    struct sg_demix_window window;
    struct sg_demix_entry *entries; /**< window.n_candidates; falling probability, then first
                                         withdrawal */
    double expected;    /**< withdrawals of the theft: sum of probability * count; at most its
                             deposits */
    double shift;       /**< log odds taken from every address so that it is so; 0: it was anyway */
    double *by_batch;   /**< expected withdrawals of batch i + 1, at most its deposits */
    uint32_t n_batches; /**< highest number of a batch */
};

/** Lower all probabilities alike, in log odds, until the expected withdrawals are no more than the
 *  theft's deposits; sets expected and shift. In/Out: entries have their probability.
 *  Cost: 60 passes at the most. */
void sg_demix_bound(struct sg_demix_ranking *ranking);

/** Divide the expected withdrawals among the batches, in time order of the candidates: each to the
 *  batch that had begun last before it, what has no room there to the nearest before, then behind.
 *  Out: by_batch, n_batches. In: bounded. Errors: SG_ENOMEM. Cost: O(candidates * batches). */
SG_MUST_CHECK enum sg_status sg_demix_allot(struct sg_demix_ranking *ranking,
                                            const struct sg_pool *pool, struct sg_err *err);

/** Find the window, rank its candidates by the model that ships, bound and allot.
 *
 *  Out:    ranking   sg_demix_ranking_clear by the caller.
 *  In:     pool      prepared; deposits of the theft have their batch set.
 *  Errors: as sg_demix_window_find.
 *  Cost:   that of the window, and 1,000 trees a candidate.
 */
SG_MUST_CHECK enum sg_status sg_demix_rank(struct sg_demix_ranking *ranking,
                                           const struct sg_pool *pool, int64_t after_s,
                                           struct sg_err *err);
void sg_demix_ranking_clear(struct sg_demix_ranking *ranking);

/** Thefts that never were, at most. */
#define SG_DEMIX_NULL_MAX 16

/** What the same rules find for the theft's deposits at a time when the thief did not withdraw. */
struct sg_demix_chance {
    int64_t offset_s;      /**< by which the deposits were moved, whole weeks */
    size_t addresses;      /**< candidates in that window */
    size_t withdrawals;    /**< theirs */
    size_t addresses_half; /**< of them with probability 0.5 or more */
    double expected;       /**< withdrawals that the model ascribes to the theft */
};

struct sg_demix_null {
    struct sg_demix_chance worlds[SG_DEMIX_NULL_MAX]; /**< by offset, ascending */
    size_t n_worlds; /**< 0: the pool's life has no room for the window a second time */
};

/** Rank again with the theft's deposits moved by multiples of the window's length (and two weeks
 * more where it goes on in time, for what the thief withdrew late), so that no moved window meets
 * the real one and each lies within the pool's life; the withdrawals stay. Every match is then one
 * by chance. Errors: SG_ENOMEM, SG_ENOTFOUND (no deposit of the theft). Cost: that of sg_demix_rank
 * a world. */
SG_MUST_CHECK enum sg_status sg_demix_null_run(struct sg_demix_null *null,
                                               const struct sg_pool *pool, int64_t after_s,
                                               struct sg_err *err);

/** Who could have made a withdrawal, by the pool alone: nothing on the chain excludes any earlier
 *  deposit, but as many of them are spent as there were withdrawals before. */
struct sg_demix_anonymity {
    size_t deposits; /**< up to its block */
    size_t unspent;  /**< of these, at most: deposits less earlier withdrawals */
};

/** In: withdrawal   index into pool->withdrawals. Cost: O(log n). */
struct sg_demix_anonymity sg_demix_anonymity_of(const struct sg_pool *pool, size_t withdrawal);

#endif
