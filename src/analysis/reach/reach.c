#include "analysis/reach/reach_internal.h"

#include "base/mem.h"

enum sg_status sg_reach_run(struct sg_reach *reach, const struct sg_ledger *ledger,
                            const struct sg_reach_options *options, struct sg_err *err)
{
    const uint64_t all = ledger->stats.rows;
    struct sg_reach found = {0};
    enum sg_status st = SG_OK;
    bool done = false;
    if (options->route != SG_REACH_SCAN)
        st = sg_reach_frontier(&found, &done, ledger, options,
                               options->route == SG_REACH_AUTO ? all / SG_REACH_TRY : UINT64_MAX,
                               err);
    if (st == SG_OK && !done)
        st = sg_reach_scan(&found, ledger, options, err);
    if (st == SG_OK)
        *reach = found;
    else
        sg_reach_clear(&found);
    return st;
}

void sg_reach_clear(struct sg_reach *reach)
{
    sg_mem_free(reach->items);
    *reach = (struct sg_reach){0};
}
