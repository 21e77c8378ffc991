#include "analysis/taint/taint_internal.h"

/* Coverage that answers for one kind of money: the range in which an address was last seen. */
struct look {
    struct sg_addr_id addr;
    uint8_t kind;
    uint64_t block; /* when money last came in */
    bool found;
    uint64_t last_block;
};

static bool look_cover(void *ctx, const struct sg_coverage *cover)
{
    struct look *look = ctx;
    if ((cover->addr.v == SG_ID_NONE || cover->addr.v == look->addr.v) &&
        (cover->kinds & look->kind) && cover->first_block <= look->block &&
        look->block <= cover->last_block) {
        if (!look->found || cover->last_block > look->last_block)
            look->last_block = cover->last_block;
        look->found = true;
    }
    return true;
}

enum sg_status sg_taint_covered(bool *is_covered, uint64_t *covered_to,
                                const struct sg_taint_cache *cache, struct sg_addr_id addr,
                                struct sg_asset_id asset, struct sg_tx_id tx, struct sg_err *err)
{
    const struct sg_ledger *ledger = cache->ledger;
    const struct sg_tx *last = sg_taint_tx(cache, tx);
    struct look look = {.addr = addr,
                        .kind = asset.v == 0 ? SG_COVER_NATIVE : SG_COVER_TOKEN,
                        .block = last ? last->block : ledger->stats.last_block};
    const enum sg_status st =
        addr.v >= ledger->stats.addresses
            ? SG_OK
            : ledger->ops->coverage(ledger->self, &addr, 1, look_cover, &look, err);
    *is_covered = look.found;
    *covered_to = look.found ? look.last_block : 0;
    return st;
}
