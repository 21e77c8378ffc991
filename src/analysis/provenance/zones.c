/* Time zones: which offsets an author's clock would have shown. Summer time moves honest clocks
 * twice a year, so the commonest offset alone says nothing. */
#include "analysis/provenance/provenance_internal.h"

#include "base/civil.h"
#include "base/mem.h"
#include "base/season.h"

#include <stdlib.h>
#include <string.h>

#define DAY_S        86400
#define COMMITS_OVER 40u /* an author with fewer shows no habit */
#define SECOND_PERCENT                                                                             \
    10u /* a further zone with so many of the commits is one the author lives in */
#define ZONES_MAX 3u

struct zone {
    int32_t standard_min;
    enum sg_season season;
};

/* Whether a clock of the zone could show the offset then. */
static bool explains(struct zone zone, const struct sg_when *when)
{
    const int32_t ahead = when->offset_min - zone.standard_min;
    int64_t year, begin, end;
    unsigned month, day;
    if (zone.season == SG_SEASON_NONE || (ahead != 0 && ahead != 60))
        return ahead == 0;
    const int64_t days = when->time_unix_s / DAY_S;
    sg_civil_from_days(&year, &month, &day, days);
    sg_season_days(&begin, &end, zone.season, year);
    if (llabs(days - begin) <= 1 || llabs(days - end) <= 1)
        return true;
    const bool inside = days > begin && days < end;
    return (zone.season == SG_SEASON_AU ? !inside : inside) == (ahead == 60);
}

/* One author's commits: nodes[0..n). */
struct author {
    const uint32_t *nodes;
    size_t n;
};

static int32_t commonest(const struct author *a, const struct sg_deeds *deeds, const bool *skip)
{
    uint32_t counts[2 * 24 * 60] = {0};
    size_t best = 24 * 60;
    for (size_t i = 0; i < a->n; i++)
        if (!skip[i])
            counts[deeds->deeds[a->nodes[i]].authored.offset_min + 24 * 60]++;
    for (size_t k = 0; k < SG_COUNT_OF(counts); k++)
        if (counts[k] > counts[best])
            best = k;
    return (int32_t)best - 24 * 60;
}

static size_t count_explained(const struct author *a, const struct sg_deeds *deeds,
                              const bool *skip, struct zone zone)
{
    size_t n = 0;
    for (size_t i = 0; i < a->n; i++)
        n += !skip[i] && explains(zone, &deeds->deeds[a->nodes[i]].authored);
    return n;
}

/* The zone that explains most commits, among those in which the commonest offset is a standard or a
 * summer one; on ties the plainest. */
static size_t best_zone(struct zone *zone, const struct author *a, const struct sg_deeds *deeds,
                        const bool *skip)
{
    const int32_t usual = commonest(a, deeds, skip);
    size_t best = 0;
    for (int32_t shift = 0; shift <= 60; shift += 60)
        for (enum sg_season season = SG_SEASON_NONE; season < SG_SEASON_COUNT; season++) {
            const struct zone candidate = {usual - shift, season};
            const size_t n = count_explained(a, deeds, skip, candidate);
            if (n > best) {
                best = n;
                *zone = candidate;
            }
        }
    return best;
}

static enum sg_status judge(bool *odd, struct sg_zone_tally *tally, const struct author *a,
                            const struct sg_deeds *deeds, struct sg_err *err)
{
    bool *explained = sg_mem_zalloc(a->n, 1);
    if (!explained)
        return sg_err_nomem(err);
    const int32_t usual = commonest(a, deeds, explained);
    for (unsigned round = 0; round < ZONES_MAX; round++) {
        struct zone zone = {0, SG_SEASON_NONE};
        const size_t n = best_zone(&zone, a, deeds, explained);
        if (n == 0 || (round > 0 && n * 100 < a->n * SECOND_PERCENT))
            break;
        for (size_t i = 0; i < a->n; i++)
            explained[i] |= explains(zone, &deeds->deeds[a->nodes[i]].authored);
    }
    for (size_t i = 0; i < a->n; i++) {
        odd[a->nodes[i]] = !explained[i];
        tally->n_unexplained += !explained[i];
        tally->n_naive += deeds->deeds[a->nodes[i]].authored.offset_min != usual;
    }
    sg_mem_free(explained);
    return SG_OK;
}

/* Nodes by author, as offsets into one list: a counting sort. */
static void list_by_author(uint32_t *at, uint32_t *list, const struct people *p, size_t n_nodes,
                           const struct sg_deeds *deeds)
{
    for (size_t i = 0; i < n_nodes; i++)
        if (p->author[i] != NO_PERSON && deeds->deeds[i].authored.is_known)
            at[p->author[i] + 2]++;
    for (size_t i = 2; i < p->n_people + 2; i++)
        at[i] += at[i - 1];
    for (uint32_t i = 0; i < n_nodes; i++)
        if (p->author[i] != NO_PERSON && deeds->deeds[i].authored.is_known)
            list[at[p->author[i] + 1]++] = i;
}

enum sg_status sg_prov_zones_find(bool *odd, struct sg_zone_tally *tally,
                                  const struct people *people, size_t n_nodes,
                                  const struct sg_deeds *deeds, struct sg_err *err)
{
    uint32_t *at = sg_mem_zalloc(people->n_people + 2, sizeof(*at));
    uint32_t *list = sg_mem_alloc(n_nodes + 1, sizeof(*list));
    enum sg_status st = at && list ? SG_OK : sg_err_nomem(err);
    memset(odd, 0, n_nodes);
    *tally = (struct sg_zone_tally){.n_commits = n_nodes};
    if (st == SG_OK)
        list_by_author(at, list, people, n_nodes, deeds);
    for (size_t i = 0; st == SG_OK && i < people->n_people; i++) {
        const struct author author = {list + at[i], at[i + 1] - at[i]};
        if (author.n > COMMITS_OVER)
            st = judge(odd, tally, &author, deeds, err);
    }
    sg_mem_free(list);
    sg_mem_free(at);
    return st;
}

enum sg_status sg_provenance_zones(struct sg_zone_tally *tally, bool *odd,
                                   const struct sg_git_history *history,
                                   const struct sg_deeds *deeds, struct sg_err *err)
{
    struct people people;
    enum sg_status st = sg_prov_people_find(&people, history, deeds, err);
    if (st == SG_OK)
        st = sg_prov_zones_find(odd, tally, &people, history->n_nodes, deeds, err);
    sg_prov_people_clear(&people);
    return st;
}
