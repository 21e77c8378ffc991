/* Scenario files: what is accepted keeps its ranges; what is not has a place. */
#include "formats/scenario/scenario.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_scenario s;
    struct sg_err err = {0};
    if (size > 32768)
        return 0;
    const enum sg_status st = sg_scenario_parse(&s, &arena, (const char *)data, size, &err);
    if (st != SG_OK) {
        assert(err.status == st && err.line > 0);
    } else {
        assert(s.days >= 1 && s.people >= 64 && s.exchanges >= 1 && s.payees >= 2);
        assert(s.act[SG_ACT_WITHDRAWAL] > 0 && s.move[SG_LAUNDER_EXCHANGE] > 0);
        assert(s.theft_min <= s.theft_max && s.ring_min <= s.ring_max && s.kept_min <= s.kept_max);
        assert(s.stolen_min >= 1 && s.stolen_min <= s.stolen_max && s.stolen_max <= 5000);
        assert(s.peel_min >= 1 && s.peel_min <= s.peel_max && s.reuse <= 100);
        assert(s.ransoms <= 256 && s.ransom_victims >= 1);
        assert(s.hops_max >= 1 && s.hops_max <= 4 && s.families + s.offramps <= 100);
    }
    sg_arena_clear(&arena);
    return 0;
}
