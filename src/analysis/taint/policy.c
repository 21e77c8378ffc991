#include "analysis/taint/taint.h"

#include <string.h>

static const char *const names[SG_POLICY_COUNT] = {
    [SG_POLICY_FIFO] = "fifo", [SG_POLICY_LIFO] = "lifo", [SG_POLICY_HAIRCUT] = "haircut",
    [SG_POLICY_TIHO] = "tiho", [SG_POLICY_LIBR] = "libr", [SG_POLICY_POISON] = "poison",
};

const char *sg_policy_name(enum sg_policy policy)
{
    return names[policy];
}

enum sg_status sg_policy_find(enum sg_policy *policy, const char *name)
{
    for (size_t i = 0; i < SG_POLICY_COUNT; i++)
        if (strcmp(names[i], name) == 0) {
            *policy = (enum sg_policy)i;
            return SG_OK;
        }
    return SG_ENOTFOUND;
}
