#include "app/verbs.h"

static const struct sg_verb verbs[] = {
    {"case", sg_cmd_case, "check a case file and its labels"},
    {"show", sg_cmd_show, "what a ledger knows of an address or transaction"},
    {"ingest", sg_cmd_ingest, "read source files into a ledger"},
    {"ledger", sg_cmd_ledger, "what a ledger holds, and whether it is sound"},
    {"trace", sg_cmd_trace, "follow the money of a case"},
    {"path", sg_cmd_path, "how most of the money got to a place"},
    {"reach", sg_cmd_reach, "which addresses can hold money that came from these"},
    {"demix", sg_cmd_demix, "who withdrew a theft's deposits from a mixer"},
    {"commits", sg_cmd_commits, "rank a repository's commits by what they open"},
    {"labels", sg_cmd_labels, "who is behind addresses: import, list, show, export"},
    {"address", sg_cmd_address, "what a text is: whose address, and whether it is sound"},
    {"screen", sg_cmd_screen, "is somebody known behind an address"},
    {"coinjoin", sg_cmd_coinjoin, "which transactions are CoinJoins, and how one can tell"},
    {"exposure", sg_cmd_exposure, "where an address's money came from and went"},
    {"export", sg_cmd_export, "a case as STIX, MISP, FollowTheMoney or TagPack"},
    {"cluster", sg_cmd_cluster, "who is one: owners joined by spending together"},
    {"why", sg_cmd_why, "which transactions joined two owners"},
    {"peel", sg_cmd_peel, "follow a peel chain's change, and what was cut from it"},
    {"verify", sg_cmd_verify, "repeat a report and say what differs"},
    {"programme", sg_cmd_programme, "what the thefts can and cannot have paid for"},
    {"workers", sg_cmd_workers, "which personas are one operator, and who gathers their pay"},
    {"simulate", sg_cmd_simulate, "a made-up world of transfers whose truth is known"},
    {NULL, NULL, NULL},
};

const struct sg_verb *sg_verbs(size_t *n_verbs)
{
    *n_verbs = sizeof(verbs) / sizeof(verbs[0]) - 1;
    return verbs;
}
