/* Risk files: what is accepted keeps the ranges that its header promises; what is not has a place.
 */
#include "formats/riskfile/riskfile.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_riskfile file;
    struct sg_err err = {0};
    if (size > 32768)
        return 0;
    const enum sg_status st = sg_riskfile_parse(&file, &arena, (const char *)data, size, &err);
    if (st != SG_OK) {
        assert(err.status == st && err.line > 0);
        sg_arena_clear(&arena);
        return 0;
    }
    assert(file.n_distance >= 1 && file.n_distance <= SG_RISK_DISTANCE_MAX);
    for (size_t i = 0; i < file.n_distance; i++)
        assert(file.distance[i] <= 100);
    for (size_t c = 0; c < SG_CATEGORY_COUNT; c++)
        assert(file.weight[c] <= SG_RISK_WEIGHT_MAX);
    assert(file.n_levels <= SG_RISK_LEVELS_MAX);
    for (size_t i = 0; i < file.n_levels; i++)
        assert(file.levels[i].name && (i == 0 || file.levels[i - 1].from <= file.levels[i].from));
    sg_arena_clear(&arena);
    return 0;
}
