#include "analysis/demix/demix.h"

static const struct {
    const char *name;
    enum sg_demix_rule rule;
} features[SG_DEMIX_N_FEATURES] = {
    [SG_DEMIX_COUNT] = {"count", SG_DEMIX_RULE_COUNT},
    [SG_DEMIX_ELSEWHERE] = {"elsewhere", SG_DEMIX_RULE_REUSE},
    [SG_DEMIX_UNRELAYED] = {"unrelayed", SG_DEMIX_RULE_RELAYER},
    [SG_DEMIX_SPAN] = {"span", SG_DEMIX_RULE_RHYTHM},
    [SG_DEMIX_GAP_MEDIAN] = {"gap_median", SG_DEMIX_RULE_RHYTHM},
    [SG_DEMIX_GAP_SPREAD] = {"gap_spread", SG_DEMIX_RULE_RHYTHM},
    [SG_DEMIX_GAP_MAX] = {"gap_max", SG_DEMIX_RULE_RHYTHM},
    [SG_DEMIX_GAP_MIN] = {"gap_min", SG_DEMIX_RULE_RHYTHM},
    [SG_DEMIX_BURST] = {"burst", SG_DEMIX_RULE_RHYTHM},
    [SG_DEMIX_SHARE_2H] = {"share_2h", SG_DEMIX_RULE_TIMING},
    [SG_DEMIX_SHARE_6H] = {"share_6h", SG_DEMIX_RULE_TIMING},
    [SG_DEMIX_SHARE_12H] = {"share_12h", SG_DEMIX_RULE_TIMING},
    [SG_DEMIX_SHARE_24H] = {"share_24h", SG_DEMIX_RULE_TIMING},
    [SG_DEMIX_SHARE_72H] = {"share_72h", SG_DEMIX_RULE_TIMING},
    [SG_DEMIX_FED] = {"fed", SG_DEMIX_RULE_TIMING},
    [SG_DEMIX_SINCE_MEAN] = {"since_mean", SG_DEMIX_RULE_TIMING},
    [SG_DEMIX_SINCE_MIN] = {"since_min", SG_DEMIX_RULE_TIMING},
    [SG_DEMIX_HOUR] = {"hour", SG_DEMIX_RULE_TIMING},
    [SG_DEMIX_SAME_COUNT] = {"same_count", SG_DEMIX_RULE_COUNT},
    [SG_DEMIX_MULTI_NEAR] = {"multi_near", SG_DEMIX_RULE_COUNT},
    [SG_DEMIX_NEAR] = {"near", SG_DEMIX_RULE_CROWD},
    [SG_DEMIX_BETWEEN] = {"between", SG_DEMIX_RULE_INTERLEAVING},
    [SG_DEMIX_ALTERNATE] = {"alternate", SG_DEMIX_RULE_INTERLEAVING},
    [SG_DEMIX_INTER_ADDRS] = {"inter_addrs", SG_DEMIX_RULE_INTERLEAVING},
    [SG_DEMIX_INTER_RATE] = {"inter_rate", SG_DEMIX_RULE_INTERLEAVING},
    [SG_DEMIX_FEE_OFF] = {"fee_off", SG_DEMIX_RULE_RELAYER},
    [SG_DEMIX_FEE_SPREAD] = {"fee_spread", SG_DEMIX_RULE_RELAYER},
    [SG_DEMIX_FEE_RANGE] = {"fee_range", SG_DEMIX_RULE_RELAYER},
    [SG_DEMIX_FEE_SAME] = {"fee_same", SG_DEMIX_RULE_RELAYER},
    [SG_DEMIX_FEE_MEAN] = {"fee_mean", SG_DEMIX_RULE_RELAYER},
    [SG_DEMIX_FEE_LOW] = {"fee_low", SG_DEMIX_RULE_RELAYER},
    [SG_DEMIX_NEXT_GAP] = {"next_gap", SG_DEMIX_RULE_INTERLEAVING},
    [SG_DEMIX_CROSSED] = {"crossed", SG_DEMIX_RULE_INTERLEAVING},
    [SG_DEMIX_MATE_GAP] = {"mate_gap", SG_DEMIX_RULE_INTERLEAVING},
    [SG_DEMIX_MATES_NEAR] = {"mates_near", SG_DEMIX_RULE_CROWD},
    [SG_DEMIX_ALIKE] = {"alike", SG_DEMIX_RULE_COMPANY},
    [SG_DEMIX_AROUND] = {"around", SG_DEMIX_RULE_COMPANY},
    [SG_DEMIX_ROOM] = {"room", SG_DEMIX_RULE_COMPANY},
};

const char *sg_demix_feature_name(enum sg_demix_feature feature)
{
    return features[feature].name;
}

enum sg_demix_rule sg_demix_feature_rule(enum sg_demix_feature feature)
{
    return features[feature].rule;
}

const char *sg_demix_rule_name(enum sg_demix_rule rule)
{
    static const char *const names[SG_DEMIX_N_RULES] = {
        [SG_DEMIX_RULE_TIMING] = "timing",   [SG_DEMIX_RULE_COUNT] = "count",
        [SG_DEMIX_RULE_RHYTHM] = "rhythm",   [SG_DEMIX_RULE_INTERLEAVING] = "interleaving",
        [SG_DEMIX_RULE_RELAYER] = "relayer", [SG_DEMIX_RULE_REUSE] = "reuse",
        [SG_DEMIX_RULE_CROWD] = "crowd",     [SG_DEMIX_RULE_COMPANY] = "company",
    };
    return names[rule];
}
