#include "store/engine/image_internal.h"

#include "base/mem.h"

void sg_tally_tx(struct sg_tally *tally, uint64_t block, uint8_t flags, int64_t time)
{
    struct sg_ledger_stats *stats = tally->stats;
    if (!tally->begun && stats->txs == 0)
        stats->first_block = block;
    if (!tally->begun || block != tally->block)
        tally->unknown = 0;
    tally->begun = true;
    tally->block = stats->last_block = block;
    if (flags & SG_TX_ORDER_UNKNOWN) {
        stats->order_unknown_txs++;
        stats->order_unknown_blocks += ++tally->unknown == 2;
    }
    if (time == SG_TIME_UNKNOWN)
        return;
    if (stats->first_unix_s == SG_TIME_UNKNOWN || time < stats->first_unix_s)
        stats->first_unix_s = time;
    if (stats->last_unix_s == SG_TIME_UNKNOWN || time > stats->last_unix_s)
        stats->last_unix_s = time;
}

#define PART 4096u

struct columns {
    uint64_t block[PART];
    int64_t time[PART];
    uint8_t flags[PART];
};

enum sg_status sg_image_tally(struct sg_ledger_stats *stats, const struct sg_image *image,
                              uint64_t n, struct sg_err *err)
{
    struct sg_tally tally = {.stats = stats};
    struct columns *c = sg_mem_alloc(1, sizeof(*c));
    if (!c)
        return sg_err_nomem(err);
    stats->txs = stats->first_block = stats->last_block = 0;
    stats->order_unknown_txs = stats->order_unknown_blocks = 0;
    stats->first_unix_s = stats->last_unix_s = SG_TIME_UNKNOWN;
    for (uint64_t first = 0; first < n; first += PART) {
        const size_t some = n - first < PART ? (size_t)(n - first) : PART;
        sg_columns_read(c->block, &image->txs, SG_TX_COL_BLOCK, first, some);
        sg_columns_read(c->time, &image->txs, SG_TX_COL_TIME, first, some);
        sg_columns_read(c->flags, &image->txs, SG_TX_COL_FLAGS, first, some);
        for (size_t i = 0; i < some; i++)
            sg_tally_tx(&tally, c->block[i], c->flags[i], c->time[i]);
    }
    stats->txs = n;
    sg_mem_free(c);
    return SG_OK;
}
