#include "app/utxoing/utxoing_rules.h"

#include <string.h>

static bool find_rule(unsigned *rules, const char *word, size_t size)
{
    for (unsigned r = 1; r < SG_CLUSTER_RULES; r++) {
        const char *name = sg_cluster_rule_name((enum sg_cluster_rule)r);
        if (strlen(name) == size && memcmp(name, word, size) == 0) {
            *rules |= 1u << r;
            return true;
        }
    }
    return false;
}

enum sg_status sg_utxoing_rules(unsigned *rules, const char *text, struct sg_err *err)
{
    *rules = 0;
    for (const char *at = text; at && *at;) {
        const size_t size = strcspn(at, ",");
        if (!find_rule(rules, at, size))
            return sg_err_set(err, SG_EUSAGE,
                              "--change %.*s: of " SG_UTXOING_CHANGE_RULES " is expected",
                              (int)size, at);
        at += size + (at[size] == ',');
    }
    return SG_OK;
}
