/* The second record of a person is never quite the first. */
#include "analysis/peoplegen/peoplegen_internal.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

/* Offset of the n-th character, or of the end. */
static size_t offset_of(const char *text, size_t n)
{
    const size_t size = strlen(text);
    uint32_t character;
    size_t at = 0;
    for (size_t i = 0; i < n && at < size; i++)
        at += sg_utf8_next(&character, text + at, size - at);
    return at;
}

static size_t characters(const char *text)
{
    size_t n = 0;
    while (text[offset_of(text, n)])
        n++;
    return n;
}

/* Leave out a character, double it, or swap it with the next one. Texts of one are left alone. */
static void typo(char *text, size_t capacity, struct sg_rng *rng)
{
    char was[128];
    const size_t n = characters(text), size = strlen(text);
    if (n < 2 || size + 5 > capacity || size + 1 > sizeof(was))
        return;
    memcpy(was, text, size + 1);
    const size_t k = sg_rng_below(rng, n - 1);
    const size_t a = offset_of(was, k), b = offset_of(was, k + 1), c = offset_of(was, k + 2);
    switch (sg_rng_below(rng, 3)) {
    case 0:
        snprintf(text + a, capacity - a, "%s", was + b);
        break;
    case 1:
        snprintf(text + b, capacity - b, "%s", was + a);
        break;
    default:
        snprintf(text + a, capacity - a, "%.*s%.*s%s", (int)(c - b), was + b, (int)(b - a), was + a,
                 was + c);
        break;
    }
}

static void damage_name(struct pg_record *r, struct sg_rng *rng)
{
    if (sg_pg_chance(rng, 35)) {
        memcpy(r->given, r->given_latin, sizeof(r->given));
        memcpy(r->surname, r->surname_latin, sizeof(r->surname));
    }
    if (sg_pg_chance(rng, 12))
        typo(r->given, sizeof(r->given), rng);
    if (sg_pg_chance(rng, 12))
        typo(r->surname, sizeof(r->surname), rng);
    if (sg_pg_chance(rng, 4)) { /* family name first, in a form that asks the other way round */
        char other[PG_NAME_MAX];
        memcpy(other, r->given, sizeof(other));
        memcpy(r->given, r->surname, sizeof(other));
        memcpy(r->surname, other, sizeof(other));
    }
}

static void damage_birth(struct pg_record *r, struct sg_rng *rng)
{
    const unsigned way = (unsigned)sg_rng_below(rng, 100);
    if (way < 5 && r->day <= 12) {
        const unsigned day = r->day;
        r->day = r->month;
        r->month = day;
    } else if (way < 8) {
        r->year += sg_pg_chance(rng, 50) ? 1 : 10;
    } else if (way < 11) {
        r->day = 1 + (unsigned)sg_rng_below(rng, 28);
    } else if (way < 16) {
        r->year = 0;
    }
}

/* Time has passed: another town, number, laptop, mail. */
static void move_on(struct pg_record *r, struct sg_rng *rng)
{
    if (sg_pg_chance(rng, 25)) {
        r->town = &r->culture->towns[sg_rng_below(rng, r->culture->n_towns)];
        sg_pg_street(r->street, sizeof(r->street), r->culture, rng);
        snprintf(r->city, sizeof(r->city), "%s", r->town->name);
        snprintf(r->postcode, sizeof(r->postcode), "%05u", (unsigned)sg_rng_below(rng, 100000));
        sg_pg_ip(r->ip, rng);
    }
    if (sg_pg_chance(rng, 30))
        sg_pg_device(r->device, rng);
    if (sg_pg_chance(rng, 20))
        snprintf(r->phone, sizeof(r->phone), "+%s0%06u", r->town->dial,
                 (unsigned)sg_rng_below(rng, 1000000));
    if (sg_pg_chance(rng, 15))
        snprintf(r->email, sizeof(r->email), "%.40s@work%u.example", r->handle,
                 (unsigned)sg_rng_below(rng, 100));
}

static void leave_out(char *text, unsigned percent, struct sg_rng *rng)
{
    if (sg_pg_chance(rng, percent))
        text[0] = 0;
}

/* A new text about the same work: the first sentence is another, the others stay. */
static void retell(struct pg_record *r, struct sg_rng *rng)
{
    char was[sizeof(r->cv)];
    const char *rest = strchr(r->cv, '.');
    snprintf(was, sizeof(was), "%s", rest ? rest + 1 : "");
    sg_pg_sentence(r->cv, sizeof(r->cv), rng);
    const size_t used = strlen(r->cv);
    snprintf(r->cv + used, sizeof(r->cv) - used, "%s", was);
}

void sg_pg_damage(struct pg_record *r, struct sg_rng *rng)
{
    damage_name(r, rng);
    damage_birth(r, rng);
    move_on(r, rng);
    if (sg_pg_chance(rng, 10))
        typo(r->street, sizeof(r->street), rng);
    if (sg_pg_chance(rng, 6))
        typo(r->email, sizeof(r->email), rng);
    leave_out(r->phone, 15, rng);
    leave_out(r->email, 10, rng);
    leave_out(r->street, 12, rng);
    leave_out(r->document, 40, rng);
    leave_out(r->bank, 40, rng);
    leave_out(r->handle, 40, rng);
    leave_out(r->ip, 25, rng);
    leave_out(r->device, 25, rng);
    if (sg_pg_chance(rng, 40))
        retell(r, rng);
}
