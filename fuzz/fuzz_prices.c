/* Price tables: whatever is accepted is sorted, has one price a day and asset, and finds itself. */
#include "formats/prices/prices.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_prices prices;
    struct sg_err err = {0};
    if (size > 16384)
        return 0;
    const enum sg_status st = sg_prices_parse(&prices, &arena, (const char *)data, size, &err);
    assert(st == SG_OK || (err.status == st && err.line > 0 && err.column > 0));
    assert(st == SG_OK || st == SG_EPARSE || st == SG_ELIMIT);
    for (size_t i = 0; st == SG_OK && i < prices.count; i++) {
        const struct sg_price *price = &prices.items[i];
        struct sg_amount value;
        assert(price->usd_e8 > 0 && price->source);
        assert(sg_prices_find(&prices, price->symbol, price->day * 86400 + 86399) == price);
        assert(sg_price_value(&value, sg_amount_from(1), 0, price, NULL) == SG_OK);
        assert(sg_amount_cmp(value, sg_amount_from(price->usd_e8)) == 0);
    }
    sg_arena_clear(&arena);
    return 0;
}
