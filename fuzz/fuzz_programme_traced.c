/* Any bytes as the JSON of a trace: parts lie in [0, 1], in order. */
#include "formats/programme/programme.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_traced traced;
    struct sg_err err;
    if (size > 4096)
        return 0;
    const enum sg_status st = sg_traced_read(&traced, &arena, (const char *)data, size, &err);
    assert(st == SG_OK || st == SG_EPARSE || st == SG_ELIMIT);
    if (st == SG_OK)
        assert(traced.low >= 0 && traced.low <= traced.high && traced.high <= 1);
    sg_arena_clear(&arena);
    return 0;
}
