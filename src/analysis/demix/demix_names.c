#include "analysis/demix/demix.h"

static const struct {
    const char *name;
    const char *rule;
} features[SG_DEMIX_N_FEATURES] = {
    [SG_DEMIX_COUNT] = {"count", "count"},
    [SG_DEMIX_ELSEWHERE] = {"elsewhere", "reuse"},
    [SG_DEMIX_UNRELAYED] = {"unrelayed", "relayer"},
    [SG_DEMIX_SPAN] = {"span", "rhythm"},
    [SG_DEMIX_GAP_MEDIAN] = {"gap_median", "rhythm"},
    [SG_DEMIX_GAP_SPREAD] = {"gap_spread", "rhythm"},
    [SG_DEMIX_GAP_MAX] = {"gap_max", "rhythm"},
    [SG_DEMIX_GAP_MIN] = {"gap_min", "rhythm"},
    [SG_DEMIX_BURST] = {"burst", "rhythm"},
    [SG_DEMIX_SHARE_2H] = {"share_2h", "timing"},
    [SG_DEMIX_SHARE_6H] = {"share_6h", "timing"},
    [SG_DEMIX_SHARE_12H] = {"share_12h", "timing"},
    [SG_DEMIX_SHARE_24H] = {"share_24h", "timing"},
    [SG_DEMIX_SHARE_72H] = {"share_72h", "timing"},
    [SG_DEMIX_FED] = {"fed", "timing"},
    [SG_DEMIX_SINCE_MEAN] = {"since_mean", "timing"},
    [SG_DEMIX_SINCE_MIN] = {"since_min", "timing"},
    [SG_DEMIX_HOUR] = {"hour", "timing"},
    [SG_DEMIX_SAME_COUNT] = {"same_count", "count"},
    [SG_DEMIX_MULTI_NEAR] = {"multi_near", "count"},
    [SG_DEMIX_NEAR] = {"near", "crowd"},
    [SG_DEMIX_BETWEEN] = {"between", "interleaving"},
    [SG_DEMIX_ALTERNATE] = {"alternate", "interleaving"},
    [SG_DEMIX_INTER_ADDRS] = {"inter_addrs", "interleaving"},
    [SG_DEMIX_INTER_RATE] = {"inter_rate", "interleaving"},
    [SG_DEMIX_FEE_OFF] = {"fee_off", "relayer"},
    [SG_DEMIX_FEE_SPREAD] = {"fee_spread", "relayer"},
    [SG_DEMIX_FEE_RANGE] = {"fee_range", "relayer"},
    [SG_DEMIX_FEE_SAME] = {"fee_same", "relayer"},
    [SG_DEMIX_FEE_MEAN] = {"fee_mean", "relayer"},
    [SG_DEMIX_FEE_LOW] = {"fee_low", "relayer"},
    [SG_DEMIX_NEXT_GAP] = {"next_gap", "interleaving"},
    [SG_DEMIX_CROSSED] = {"crossed", "interleaving"},
    [SG_DEMIX_MATE_GAP] = {"mate_gap", "interleaving"},
    [SG_DEMIX_MATES_NEAR] = {"mates_near", "crowd"},
};

const char *sg_demix_feature_name(enum sg_demix_feature feature)
{
    return features[feature].name;
}

const char *sg_demix_feature_rule(enum sg_demix_feature feature)
{
    return features[feature].rule;
}
