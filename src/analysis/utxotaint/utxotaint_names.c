/* The options by their names. */
#include "analysis/utxotaint/utxotaint.h"

#include <string.h>

static const char *const fees_names[] = {
    [SG_UTXOTAINT_FEES_UNTRACED] = "untraced", [SG_UTXOTAINT_FEES_MINER] = "miner"};
static const char *const tiho_names[] = {
    [SG_UTXOTAINT_TIHO_LAST] = "last", [SG_UTXOTAINT_TIHO_SHARE] = "share"};

const char *sg_utxotaint_fees_name(enum sg_utxotaint_fees fees)
{
    return fees_names[fees];
}

const char *sg_utxotaint_tiho_name(enum sg_utxotaint_tiho tiho)
{
    return tiho_names[tiho];
}

static int find(const char *const names[2], const char *name)
{
    return strcmp(names[0], name) == 0 ? 0 : strcmp(names[1], name) == 0 ? 1 : -1;
}

enum sg_status sg_utxotaint_fees_find(enum sg_utxotaint_fees *fees, const char *name)
{
    const int at = find(fees_names, name);
    *fees = at > 0 ? SG_UTXOTAINT_FEES_MINER : SG_UTXOTAINT_FEES_UNTRACED;
    return at < 0 ? SG_ENOTFOUND : SG_OK;
}

enum sg_status sg_utxotaint_tiho_find(enum sg_utxotaint_tiho *tiho, const char *name)
{
    const int at = find(tiho_names, name);
    *tiho = at > 0 ? SG_UTXOTAINT_TIHO_SHARE : SG_UTXOTAINT_TIHO_LAST;
    return at < 0 ? SG_ENOTFOUND : SG_OK;
}
