/* What all rules ask of a transaction, worked out once. */
#ifndef SG_ANALYSIS_COINJOIN_INTERNAL_H
#define SG_ANALYSIS_COINJOIN_INTERNAL_H

#include "analysis/coinjoin/coinjoin.h"

#define SAT_PER_COIN 100000000u

/* Outputs of one value. */
struct cj_group {
    uint64_t sat;
    size_t count;
};

/* Of a script, by its length and first bytes. */
enum cj_form { CJ_FORM_OTHER, CJ_FORM_KEY, CJ_FORM_SCRIPT, CJ_FORM_WITNESS_KEY, CJ_FORM_TAPROOT };

struct cj_view {
    const struct sg_coinjoin_tx *tx;
    uint64_t total_in, total_out, fee;
    uint64_t
        *in_sat; /* one a script, summed: who reuses an address is one spender; largest first */
    size_t n_spenders;
    uint64_t *pay_sat; /* outputs that can be spent (no OP_RETURN), largest first */
    size_t n_pay;
    size_t n_payees;         /* distinct scripts among them */
    struct cj_group *groups; /* of pay_sat, the most frequent first, of those the largest */
    size_t n_groups;
    size_t n_single;                    /* groups of one */
    size_t n_data;                      /* OP_RETURN outputs */
    size_t data_size;                   /* bytes of the last one's script */
    enum cj_form in_form;               /* of all inputs; CJ_FORM_OTHER where they differ */
    size_t n_alike;                     /* of pay_sat: of the form of all inputs */
    bool in_key_hash, out_key_hash;     /* all are P2WPKH */
    bool in_segwit;                     /* all are P2WPKH or P2TR */
    bool in_descending, out_descending; /* by value */
    void *memory;
};

SG_MUST_CHECK enum sg_status sg_cj_view_open(struct cj_view *view, const struct sg_coinjoin_tx *tx,
                                             struct sg_err *err);
void sg_cj_view_close(struct cj_view *view);

/* Largest first. */
void sg_cj_sort(uint64_t *sat, size_t n);

/* Add a sentence. */
void sg_cj_say(struct sg_coinjoin *result, const char *fmt, ...) SG_PRINTF(2, 3);

/* "0.05 BTC": an amount for a sentence. */
#define CJ_COIN_TEXT_MAX 32
const char *sg_cj_coin(char text[CJ_COIN_TEXT_MAX], uint64_t sat);

/* The rules. True: it is of this kind, and result says so. */
bool sg_cj_is_whirlpool(struct sg_coinjoin *result, const struct cj_view *view);
bool sg_cj_is_tx0(struct sg_coinjoin *result, const struct cj_view *view);
bool sg_cj_is_wasabi1(struct sg_coinjoin *result, const struct cj_view *view);
bool sg_cj_is_wasabi2(struct sg_coinjoin *result, const struct cj_view *view);
/* No output can be the coordinator's fee: weaker, so JoinMarket is asked before. */
bool sg_cj_is_wasabi1_without_fee(struct sg_coinjoin *result, const struct cj_view *view);
bool sg_cj_is_joinmarket(struct sg_coinjoin *result, const struct cj_view *view);
bool sg_cj_is_equal_output(struct sg_coinjoin *result, const struct cj_view *view);
bool sg_cj_is_payjoin(struct sg_coinjoin *result, const struct cj_view *view);

/* How spenders could have paid for shares: one share a participant, its target what it gets. */
struct cj_shares {
    const uint64_t *in_sat; /* largest first */
    size_t n_in;
    const uint64_t *target; /* what each participant gets, largest first */
    size_t n;
    uint64_t gain;  /* most that one may get beyond what it spends */
    uint64_t spend; /* most that one may spend beyond what it gets */
    bool one_pays; /* one participant may spend any amount more: it pays the others and the miner */
};

enum cj_answer { CJ_NO, CJ_YES, CJ_UNKNOWN };

/* Whether inputs can be dealt out so that each participant has at least one and spends what it may.
 * CJ_UNKNOWN when the search was given up. */
enum cj_answer sg_cj_shares_fit(const struct cj_shares *shares);

/* The same for many participants or many inputs: whether a way was found in bounded work (about
 * 0.1 s at most). False says nothing. */
bool sg_cj_shares_cover(const struct cj_shares *shares);

/* More spenders or participants than this are not searched. */
#define CJ_SHARES_MAX 64

#endif
