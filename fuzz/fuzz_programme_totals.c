/* Any bytes as each of the plain tables: totals, facts, sources. */
#include "formats/programme/programme.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_totals(struct sg_arena *arena, const char *bytes, size_t size)
{
    struct sg_programme_notes notes = {0};
    struct sg_totals totals;
    struct sg_err err;
    const enum sg_status st = sg_totals_read(&totals, &notes, arena, bytes, size, &err);
    assert(st == SG_OK || st == SG_EPARSE);
    for (size_t i = 0; st == SG_OK && i < totals.count; i++) {
        assert(totals.items[i].year <= totals.items[i].year_to);
        assert(totals.items[i].usd <= SG_PROGRAMME_USD_MAX);
        assert(totals.items[i].source[0] != '\0');
    }
}

static void check_facts(struct sg_arena *arena, const char *bytes, size_t size)
{
    struct sg_programme_notes notes = {0};
    struct sg_facts facts;
    struct sg_sources sources;
    struct sg_err err;
    enum sg_status st = sg_facts_read(&facts, &notes, arena, bytes, size, &err);
    assert(st == SG_OK || st == SG_EPARSE);
    for (size_t i = 0; st == SG_OK && i < facts.count; i++)
        assert(facts.items[i].low >= 0 && facts.items[i].low <= facts.items[i].high);
    st = sg_sources_read(&sources, &notes, arena, bytes, size, &err);
    assert(st == SG_OK || st == SG_EPARSE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sg_arena arena = SG_ARENA_INIT;
    if (size > 4096)
        return 0;
    check_totals(&arena, (const char *)data, size);
    check_facts(&arena, (const char *)data, size);
    sg_arena_clear(&arena);
    return 0;
}
