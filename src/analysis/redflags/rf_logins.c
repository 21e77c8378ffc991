/* What logins show of one identity. Logins that the endpoint marked as a VPN say nothing about
 * places: a VPN is ordinary. */
#include "analysis/redflags/redflags_internal.h"

#include "base/civil.h"

#include <math.h>
#include <string.h>

#define WEEK           (7 * RF_DAY)
#define EARTH_KM       6371.0
#define AIRCRAFT_KM_H  1000.0
#define JUMP_KM_MIN    300.0 /* below it the place of a network address is not known well enough */
#define LONG_SESSION_S (24 * RF_HOUR)

static bool is_login(const struct rf_event *e)
{
    return e->kind == RF_LOGIN;
}

static bool has_place(const struct rf_view *v, const struct rf_event *e)
{
    return is_login(e) && e->text[RF_TOOL] != v->f->vpn;
}

/* The countries of a window of logins, with how many are from each. */
#define COUNTRIES_MAX 64u
struct window {
    struct {
        uint32_t country, logins;
    } of[COUNTRIES_MAX];
    uint32_t n; /* countries with logins now */
};

/* One login more, or one less, of a country; a country beyond the limit is left out. */
static void move(struct window *w, uint32_t country, bool comes)
{
    uint32_t k = 0;
    while (k < w->n && w->of[k].country != country)
        k++;
    if (k == w->n && (!comes || w->n == COUNTRIES_MAX))
        return;
    if (k == w->n) {
        w->of[w->n++].country = country;
        w->of[k].logins = 0;
    }
    w->of[k].logins += comes ? 1u : -1u;
    if (!w->of[k].logins)
        w->of[k] = w->of[--w->n];
}

static uint32_t country_of(const struct rf_view *v, uint32_t i)
{
    const struct rf_event *e = sg_rf_event_at(v, i);
    return has_place(v, e) ? e->text[RF_COUNTRY] : 0;
}

/* countries: logins from at_least countries within seven days. */
void sg_rf_countries(struct rf_note *note, const struct rf_view *v, const struct sg_redrule *rule)
{
    const uint32_t wanted = rule->at_least < COUNTRIES_MAX ? rule->at_least : COUNTRIES_MAX;
    struct window week = {.n = 0};
    for (uint32_t i = 0, begin = 0; i < v->n_keys && !note->found; i++) {
        const uint32_t country = country_of(v, i);
        if (!country)
            continue;
        note->testable = true;
        for (; v->keys[begin].time < v->keys[i].time - WEEK; begin++)
            if (country_of(v, begin))
                move(&week, country_of(v, begin), false);
        move(&week, country, true);
        note->number = week.n > note->number ? week.n : note->number;
        note->found = week.n >= wanted;
        for (uint32_t k = begin; note->found && k <= i; k++)
            if (country_of(v, k))
                sg_rf_ref_event(note, sg_rf_event_at(v, k));
    }
}

static double radians(int32_t degrees_e4)
{
    return degrees_e4 / 1e4 * 0.017453292519943295;
}

/* Great circle by the haversine formula. */
static double distance_km(const struct rf_event *a, const struct rf_event *b)
{
    const double lat = sin((radians(a->lat) - radians(b->lat)) / 2);
    const double lon = sin((radians(a->lon) - radians(b->lon)) / 2);
    const double h = lat * lat + cos(radians(a->lat)) * cos(radians(b->lat)) * lon * lon;
    return 2 * EARTH_KM * asin(sqrt(h < 1 ? h : 1));
}

/* travel: two logins in a row too far apart for an aircraft in the time between them. */
void sg_rf_travel(struct rf_note *note, const struct rf_view *v, const struct sg_redrule *rule)
{
    const struct rf_event *before = NULL;
    for (uint32_t i = 0; i < v->n_keys; i++) {
        const struct rf_event *e = sg_rf_event_at(v, i);
        if (!has_place(v, e) || e->lat == RF_NOWHERE)
            continue;
        if (before) {
            const double km = distance_km(before, e);
            note->testable = true;
            if (km > JUMP_KM_MIN && km * 3600 > AIRCRAFT_KM_H * (double)(e->time - before->time)) {
                note->number++;
                sg_rf_ref_event(note, before);
                sg_rf_ref_event(note, e);
            }
        }
        before = e;
    }
    note->found = note->number >= rule->at_least;
}

/* long_session: logged in for more than 24 hours without a break. */
void sg_rf_long_session(struct rf_note *note, const struct rf_view *v,
                        const struct sg_redrule *rule)
{
    for (uint32_t i = 0; i < v->n_keys; i++) {
        const struct rf_event *e = sg_rf_event_at(v, i);
        if (!is_login(e) || e->other_time == SG_TIME_UNKNOWN)
            continue;
        note->testable = true;
        if (e->other_time - e->time > LONG_SESSION_S) {
            note->number++;
            sg_rf_ref_event(note, e);
        }
    }
    note->found = note->number >= rule->at_least;
}

/* A tool that begins with one of the names; both in small letters. */
static bool is_tool(const char *tool, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strncmp(tool, names[i], strlen(names[i])) == 0)
            return true;
    return false;
}

static void tools(struct rf_note *note, const struct rf_view *v, const struct sg_redrule *rule,
                  const char *const *names, size_t n_names)
{
    for (uint32_t i = 0; i < v->n_keys; i++) {
        const struct rf_event *e = sg_rf_event_at(v, i);
        if (!is_login(e) || !e->text[RF_TOOL])
            continue;
        note->testable = true;
        if (is_tool(sg_dict_text(&v->f->pool, e->text[RF_TOOL]), names, n_names)) {
            note->number++;
            note->text = note->text ? note->text : e->text[RF_TOOL];
            sg_rf_ref_event(note, e);
        }
    }
    note->found = note->number >= rule->at_least;
}

/* remote_desktop: the endpoint reported software by which somebody else can work the machine. */
void sg_rf_remote_desktop(struct rf_note *note, const struct rf_view *v,
                          const struct sg_redrule *rule)
{
    tools(note, v, rule, v->f->rules->remote_tools, v->f->rules->n_remote_tools);
}

/* kvm: the endpoint reported a keyboard and screen that are worked over the network. */
void sg_rf_kvm(struct rf_note *note, const struct rf_view *v, const struct sg_redrule *rule)
{
    tools(note, v, rule, v->f->rules->kvm_tools, v->f->rules->n_kvm_tools);
}
