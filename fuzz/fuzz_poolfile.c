/* Files of pools: whatever is accepted has pools with distinct names, an amount, and contracts that
 * find themselves. */
#include "formats/poolfile/poolfile.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_poolfile file;
    struct sg_err err = {0};
    if (size > 16384)
        return 0;
    const enum sg_status st = sg_poolfile_parse(&file, &arena, (const char *)data, size, &err);
    assert(st == SG_OK || (err.status == st && err.text[0]));
    assert(st == SG_OK || st == SG_EPARSE || st == SG_ELIMIT);
    for (size_t i = 0; st == SG_OK && i < file.n_pools; i++) {
        const struct sg_poolfile_pool *pool = &file.pools[i];
        assert(!sg_amount_is_zero(pool->denomination) && pool->decimals <= SG_DECIMALS_MAX);
        assert(pool->name[0] && pool->asset[0]);
        for (size_t j = 0; j < i; j++)
            assert(strcmp(pool->name, file.pools[j].name) != 0);
        for (size_t j = 0; j < pool->n_contracts; j++)
            assert(sg_poolfile_of(&file, &pool->contracts[j]) == pool);
        for (size_t j = 0; j < pool->n_events; j++)
            assert(pool->events[j][0]);
    }
    sg_arena_clear(&arena);
    return 0;
}
