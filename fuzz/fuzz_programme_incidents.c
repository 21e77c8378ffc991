/* Any bytes as a table of thefts: what comes out is sane, every row is accounted for, and the sums
 * over it hold together. */
#include "analysis/gross/gross.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_incident(const struct sg_incident *incident)
{
    assert(incident->n_dates >= 1 && incident->n_amounts >= 1);
    assert(incident->id[0] != '\0' && incident->list_size <= strlen(incident->id));
    for (size_t i = 0; i < incident->n_amounts; i++) {
        assert(incident->amounts[i].low_usd <= incident->amounts[i].high_usd);
        assert(incident->amounts[i].high_usd <= SG_PROGRAMME_USD_MAX);
        assert(sg_after_recovery(incident, i) <= incident->amounts[i].low_usd);
    }
    for (size_t i = 0; i < incident->n_dates; i++) {
        assert(incident->dates[i].date.year >= SG_PROGRAMME_YEAR_MIN);
        assert(incident->dates[i].date.year <= SG_PROGRAMME_YEAR_MAX);
        assert(incident->dates[i].date.month <= 12 && incident->dates[i].date.day <= 31);
    }
}

static void check_sums(const struct sg_incidents *incidents, struct sg_arena *arena)
{
    const struct sg_totals none = {NULL, 0};
    const struct sg_gross_request request = {incidents, &none, 2018, 2022, 2022, true};
    struct sg_programme_notes notes = {0};
    struct sg_gross gross;
    struct sg_err err;
    size_t n = 0, n_thefts = 0;
    assert(sg_gross_compute(&gross, &notes, arena, &request, &err) == SG_OK);
    for (int t = 0; t < SG_TIER_COUNT; t++) {
        assert(gross.tiers[t].low_usd <= gross.tiers[t].usd);
        n += gross.tiers[t].n_incidents;
    }
    for (size_t i = 0; i < incidents->count; i++) {
        const int16_t year = incidents->items[i].dates[0].date.year;
        n_thefts += incidents->items[i].aim == SG_AIM_THEFT && year >= 2018 && year <= 2022;
    }
    assert(n == n_thefts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_programme_notes notes = {0};
    struct sg_incidents incidents;
    struct sg_err err;
    size_t n_notes = 0;
    if (size > 4096)
        return 0;
    const enum sg_status st =
        sg_incidents_read(&incidents, &notes, &arena, (const char *)data, size, &err);
    assert(st == SG_OK || st == SG_EPARSE);
    for (const struct sg_programme_note *note = notes.first; note; note = note->next)
        n_notes++;
    assert(n_notes == notes.count);
    for (size_t i = 0; st == SG_OK && i < incidents.count; i++)
        check_incident(&incidents.items[i]);
    if (st == SG_OK) {
        assert(incidents.count > 0);
        check_sums(&incidents, &arena);
    }
    sg_arena_clear(&arena);
    return 0;
}
