/* Drawing names and places. */
#include "analysis/peoplegen/peoplegen_internal.h"

#include <stdio.h>

/* The square of a uniform number prefers the front of a list about as populations do. */
static const struct pg_name *common_first(const struct pg_name *list, size_t n, struct sg_rng *rng)
{
    const uint64_t u = sg_rng_below(rng, 1024);
    return &list[u * u * n >> 20];
}

static void copy(char *text, const char *first, const char *join, const char *second)
{
    snprintf(text, PG_NAME_MAX, "%s%s%s", first, join, second);
}

/* A quarter of people have two given names; where names are joined of characters, most have two. */
void sg_pg_given(char native[PG_NAME_MAX], char latin[PG_NAME_MAX], const struct pg_culture *c,
                 struct sg_rng *rng)
{
    const struct pg_name *first = common_first(c->given, c->n_given, rng);
    const struct pg_name *second = common_first(c->given, c->n_given, rng);
    if (sg_pg_chance(rng, c->joined ? 20 : 75) || first == second) {
        copy(native, first->native, "", "");
        copy(latin, first->latin, "", "");
        return;
    }
    copy(native, first->native, c->joined ? "" : " ", second->native);
    copy(latin, first->latin, c->joined ? "" : " ", second->latin);
}

void sg_pg_surname(char native[PG_NAME_MAX], char latin[PG_NAME_MAX], const struct pg_culture *c,
                   struct sg_rng *rng)
{
    if (!c->n_stems || sg_pg_chance(rng, 45)) {
        const struct pg_name *name = common_first(c->surnames, c->n_surnames, rng);
        copy(native, name->native, "", "");
        copy(latin, name->latin, "", "");
        return;
    }
    const struct pg_name *stem = &c->stems[sg_rng_below(rng, c->n_stems)];
    const struct pg_name *end = &c->ends[sg_rng_below(rng, c->n_ends)];
    copy(native, stem->native, "", end->native);
    copy(latin, stem->latin, "", end->latin);
}

void sg_pg_street(char *text, size_t size, const struct pg_culture *c, struct sg_rng *rng)
{
    char native[PG_NAME_MAX], latin[PG_NAME_MAX];
    sg_pg_surname(native, latin, c, rng);
    const unsigned number = 1 + (unsigned)sg_rng_below(rng, 240);
    if (c->street.number_first)
        snprintf(text, size, "%s%u%s%s%s", c->street.before, number, c->street.between, native,
                 c->street.after);
    else
        snprintf(text, size, "%s%s%s%u%s", c->street.before, native, c->street.between, number,
                 c->street.after);
}

const struct pg_town *sg_pg_any_town(struct sg_rng *rng)
{
    const struct pg_culture *c = &sg_pg_cultures[sg_rng_below(rng, sg_pg_n_cultures)];
    return &c->towns[sg_rng_below(rng, c->n_towns)];
}

static void digits(char *text, size_t size, unsigned n, struct sg_rng *rng)
{
    static const uint64_t powers[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000};
    snprintf(text, size, "%0*u", (int)n, (unsigned)sg_rng_below(rng, powers[n]));
}

void sg_pg_wallet(char text[48], struct sg_rng *rng)
{
    const uint64_t last = sg_rng_next(rng), middle = sg_rng_next(rng);
    snprintf(text, 48, "0x%08x%016llx%016llx", (unsigned)sg_rng_next(rng),
             (unsigned long long)middle, (unsigned long long)last);
}

void sg_pg_bank(char text[40], const char *country, struct sg_rng *rng)
{
    char a[8], b[8];
    digits(a, sizeof(a), 7, rng);
    digits(b, sizeof(b), 7, rng);
    snprintf(text, 40, "%s%02u%s%s", country, 2 + (unsigned)sg_rng_below(rng, 96), a, b);
}

void sg_pg_device(char text[24], struct sg_rng *rng)
{
    snprintf(text, 24, "dev-%012llx",
             (unsigned long long)(sg_rng_next(rng) & UINT64_C(0xffffffffffff)));
}

/* The prefix that RFC 3849 keeps for documentation: these lead nowhere. */
void sg_pg_ip(char text[40], struct sg_rng *rng)
{
    const uint64_t n = sg_rng_next(rng);
    snprintf(text, 40, "2001:db8:%x:%x::%x", (unsigned)(n & 0xffff), (unsigned)(n >> 16 & 0xffff),
             1 + (unsigned)(n >> 32 & 0xff));
}
