/** What the parts of bench_demix_train share: the pool with one theft's truth, samples of addresses
 *  from worlds (the theft as it was, copies of it, thefts that we made up), and a learner.
 *  Failures end the program: this is a tool of the desk.
 *  Floating point here: features, probabilities and measures.
 */
#ifndef SG_BENCH_DEMIX_TRAIN_H
#define SG_BENCH_DEMIX_TRAIN_H

#include "analysis/demix/demix.h"
#include "base/rng.h"

#define N_FEATURES ((size_t)SG_DEMIX_N_FEATURES)
#define N_FIRST    500 /* trees of the first look */
#define N_SECOND   200
#define N_TREES    (N_FIRST + N_SECOND)
#define N_GROUPS   12
#define N_FOLDS    2
#define DAY_S      ((int64_t)86400)

struct data {
    struct sg_pool pool;
    uint32_t *label; /* by withdrawal: batch of the theft, or 0 */
    uint32_t *group; /* by address: 1 + the group that it is left out with; 0: not met yet */
};

enum origin { AS_IT_WAS, MOVED, PLANTED };

/** Manners of planted thefts: what is drawn at large, and what is drawn at one end of it. */
enum kind {
    AT_LARGE,
    SLOW,      /* days between deposit and withdrawal: many leave the window */
    SINGLES,   /* an address for each withdrawal */
    HOARDS,    /* large batches, fifteen to forty withdrawals an address */
    UNRELAYED, /* no relayer */
    TRICKLE,   /* one to six deposits a batch */
    PARTIAL,   /* a tenth to a half is withdrawn */
    REUSED,    /* addresses that withdrew from the pool before */
    ABSENT,    /* nothing is withdrawn */
    N_KINDS
};

/** "at large", "slow" and so on. Static storage. */
const char *sg_train_kind_name(enum kind kind);

struct world {
    char name[48];
    enum origin origin;
    enum kind kind; /* PLANTED */
    bool unseen;    /* not learnt from */
    unsigned base;  /* PLANTED: one in so many withdrawals was aimed at, measured together; else the
                       number of the copy */
    struct sg_demix_window window;
    struct sg_pool pool; /* the theft's deposits and the window's withdrawals; no more of it */
    size_t first_row;    /* of its candidates */
};

struct sample {
    const double *x;
    double first; /* log odds to start from: of the prior, then of the first look */
    double weight;
    uint32_t n; /* withdrawals */
    uint32_t batch;
    uint32_t group; /* is left out together */
    uint32_t world;
    bool theft;
};

struct samples {
    struct sample *rows;
    size_t n, cap;
    struct world *worlds;
    size_t n_worlds, cap_worlds;
};

/** A withdrawal and the batch whose it is, 0 if nobody's. */
struct labelled {
    struct sg_pool_withdrawal w;
    uint32_t label;
};

/** The block, or the end of the program where there is none. */
void *sg_train_must(void *p);
void sg_train_must_ok(enum sg_status st, const struct sg_err *err);

/** Sort the events of a changed pool by time and add its window's addresses. pool->withdrawals is
 *  room for n_withdrawals; addresses past those of `data` are the planted theft's. */
void sg_train_add_world(struct samples *out, struct data *data, struct sg_pool *pool,
                        struct labelled *events, const struct world *world);

/** Plant thefts of many manners into the pool before the theft of `data`. */
void sg_train_plant(struct samples *out, struct data *data);

/** Which samples a model may learn from. */
struct lesson {
    const bool *used;  /* by feature */
    uint32_t left_out; /* group; N_GROUPS: none */
    unsigned origins;  /* bits of enum origin */
    unsigned kinds;    /* bits of enum kind, of planted ones */
};

/** Learn both looks, and write the log odds of all samples: those that were learnt from get them of
 *  the fit. trees: room for N_TREES. */
void sg_train_learn(double *score, struct sg_demix_model *model, struct sg_demix_tree *trees,
                    struct samples *all, const struct lesson *lesson);

/** Print the figures of the samples that `takes` lets through, counted by withdrawal. */
struct sg_demix_measured sg_train_measure(const char *name, const struct samples *all,
                                          const double *p,
                                          bool (*takes)(const struct world *, unsigned),
                                          unsigned which, bool curve);

#endif
