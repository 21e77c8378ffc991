/** The options of cluster and why that say by which rules owners are joined. */
#ifndef SG_APP_UTXOING_RULES_H
#define SG_APP_UTXOING_RULES_H

#include "analysis/cluster/cluster.h"

/** "fresh,form": rules for change, as bits. Errors: SG_EUSAGE (names the word). */
SG_MUST_CHECK enum sg_status sg_utxoing_rules(unsigned *rules, const char *text,
                                              struct sg_err *err);

#define SG_UTXOING_CHANGE_RULES "fresh,form,least,round,reuse,locktime,fee,peeling"
#define SG_UTXOING_CHANGE_HELP                                                                     \
    "rules that name change: of " SG_UTXOING_CHANGE_RULES "; none by default"

#endif
