/* What a rule saw, in plain units: the measurements are logarithms for the model's sake. */
#include "app/demixing/demixing.h"

#include <math.h>

static unsigned long long count_of(double log_plus_one)
{
    return (unsigned long long)llround(expm1(log_plus_one));
}

static void timing(struct sg_buf *out, const double *x)
{
    sg_buf_printf(
        out,
        "of the pool's deposits in the 24 h before, %.0f %% were the theft's; %.1f h after "
        "its last one on average",
        100 * x[SG_DEMIX_SHARE_24H], expm1(x[SG_DEMIX_SINCE_MEAN]));
}

static void rhythm(struct sg_buf *out, const double *x, unsigned n)
{
    if (n < 2)
        sg_buf_puts(out, "a single withdrawal has no rhythm");
    else
        sg_buf_printf(out, "%.1f h from first to last, median gap %.0f min, longest %.1f h",
                      expm1(x[SG_DEMIX_SPAN]), expm1(x[SG_DEMIX_GAP_MEDIAN]),
                      exp(x[SG_DEMIX_GAP_MAX]));
}

static void relayer(struct sg_buf *out, const double *x)
{
    if (x[SG_DEMIX_UNRELAYED] >= 1)
        sg_buf_puts(out, "withdrawn without a relayer");
    else
        sg_buf_printf(out, "fees %.3f %% of the denomination off the usual ones; %.0f %% unrelayed",
                      100 * x[SG_DEMIX_FEE_OFF], 100 * x[SG_DEMIX_UNRELAYED]);
}

static void company(struct sg_buf *out, const double *x)
{
    sg_buf_printf(out,
                  "addresses like it %+.1f and withdrawals within 3 h %+.1f against the window's "
                  "mean (log odds); deposits %s it",
                  x[SG_DEMIX_ALIKE], x[SG_DEMIX_AROUND],
                  x[SG_DEMIX_ROOM] > 0 ? "left for" : "used up before");
}

void sg_demixing_detail(struct sg_buf *out, enum sg_demix_rule rule,
                        const struct sg_demix_candidate *candidate)
{
    const double *x = candidate->x;
    switch (rule) {
    case SG_DEMIX_RULE_TIMING:
        timing(out, x);
        break;
    case SG_DEMIX_RULE_COUNT:
        sg_buf_printf(out,
                      "%u withdrawals in the window; %.0f other addresses within 12 h with as "
                      "many",
                      candidate->n, x[SG_DEMIX_SAME_COUNT]);
        break;
    case SG_DEMIX_RULE_RHYTHM:
        rhythm(out, x, candidate->n);
        break;
    case SG_DEMIX_RULE_INTERLEAVING:
        sg_buf_printf(out,
                      "%llu withdrawals to others between its first and last; %llu addresses "
                      "of two or more among them",
                      count_of(x[SG_DEMIX_BETWEEN]), count_of(x[SG_DEMIX_INTER_ADDRS]));
        break;
    case SG_DEMIX_RULE_RELAYER:
        relayer(out, x);
        break;
    case SG_DEMIX_RULE_REUSE:
        sg_buf_printf(out, "%llu withdrawals from the pool outside the window",
                      count_of(x[SG_DEMIX_ELSEWHERE]));
        break;
    case SG_DEMIX_RULE_CROWD:
        sg_buf_printf(out, "%.0f other addresses within 12 h", x[SG_DEMIX_NEAR]);
        break;
    case SG_DEMIX_RULE_COMPANY:
        company(out, x);
        break;
    case SG_DEMIX_N_RULES:
        break;
    }
}
