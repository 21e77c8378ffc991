/* Rules files: what is accepted keeps the ranges that its header promises; what is not has a place.
 */
#include "formats/redrules/redrules.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_redrules rules;
    struct sg_err err = {0};
    if (size > 32768)
        return 0;
    const enum sg_status st = sg_redrules_parse(&rules, &arena, (const char *)data, size, &err);
    if (st != SG_OK)
        assert(err.status == st && err.line > 0);
    for (int i = 0; st == SG_OK && i < SG_RED_COUNT; i++) {
        const struct sg_redrule *rule = &rules.rules[i];
        assert(rule->weight >= 0 && rule->weight <= 10);
        assert(rule->at_least >= 1 && rule->at_most >= rule->at_least);
        assert(*rule->title && *rule->needs && *rule->source && *rule->innocent);
    }
    sg_arena_clear(&arena);
    return 0;
}
