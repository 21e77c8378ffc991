/* What a record says of its person: drawn for everybody in the same way; then what a household
 * shares; then what the personas of an operator share by carelessness. */
#include "analysis/peoplegen/peoplegen_internal.h"
#include "base/mem.h"

#include <stdio.h>
#include <string.h>

/* The reserved domains of RFC 2606 and RFC 6761, so that no mail can arrive anywhere. */
static const char *const domains[] = {"mail.example", "inbox.example", "post.example",
                                      "example.com",  "example.org",   "letters.example"};

/* Lower-case letters and digits of a name in Latin letters. */
static void ascii_only(char *out, size_t size, const char *latin)
{
    size_t n = 0;
    for (const char *c = latin; *c && n + 1 < size; c++)
        if ((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9'))
            out[n++] = *c;
        else if (*c >= 'A' && *c <= 'Z')
            out[n++] = (char)(*c - 'A' + 'a');
    out[n] = 0;
}

static void draw_contacts(struct pg_record *r, struct sg_rng *rng)
{
    char given[PG_NAME_MAX], surname[PG_NAME_MAX];
    ascii_only(given, sizeof(given), r->given_latin);
    ascii_only(surname, sizeof(surname), r->surname_latin);
    const unsigned number = (unsigned)sg_rng_below(rng, 1000);
    const char *domain = domains[sg_rng_below(rng, SG_COUNT_OF(domains))];
    switch (sg_rng_below(rng, 5)) {
    case 0:
        snprintf(r->email, sizeof(r->email), "%s.%s@%s", given, surname, domain);
        break;
    case 1:
        snprintf(r->email, sizeof(r->email), "%s%s%u@%s", given, surname, number, domain);
        break;
    case 2:
        snprintf(r->email, sizeof(r->email), "%c%s%u@%s", given[0], surname, number, domain);
        break;
    case 3:
        snprintf(r->email, sizeof(r->email), "%s_%s@%s", surname, given, domain);
        break;
    default:
        snprintf(r->email, sizeof(r->email), "%s%u@%s", given, r->year % 100 * 100 + number % 100,
                 domain);
        break;
    }
    /* No number begins with 0 behind its area code: these ring nowhere. */
    snprintf(r->phone, sizeof(r->phone), "+%s0%06u", r->town->dial,
             (unsigned)sg_rng_below(rng, 1000000));
    const unsigned handle = (unsigned)sg_rng_below(rng, 100000);
    snprintf(r->handle, sizeof(r->handle), "%.20s%c%u", given, "-_x."[sg_rng_below(rng, 4)],
             handle);
}

static void draw_home(struct pg_record *r, struct sg_rng *rng)
{
    sg_pg_street(r->street, sizeof(r->street), r->culture, rng);
    snprintf(r->city, sizeof(r->city), "%s", r->town->name);
    snprintf(r->postcode, sizeof(r->postcode), "%05u", (unsigned)sg_rng_below(rng, 100000));
    sg_pg_ip(r->ip, rng);
}

static void draw_birth(struct pg_record *r, struct sg_rng *rng)
{
    /* Two uniform draws: most people at work are between 25 and 45. */
    r->year = 1960 + (unsigned)sg_rng_below(rng, 23) + (unsigned)sg_rng_below(rng, 23);
    r->month = 1 + (unsigned)sg_rng_below(rng, 12);
    r->day = 1 + (unsigned)sg_rng_below(rng, 28);
}

static void draw_accounts(struct pg_record *r, struct sg_rng *rng)
{
    const unsigned document = (unsigned)sg_rng_below(rng, 100000000);
    snprintf(r->document, sizeof(r->document), "%c%08u", (char)('A' + sg_rng_below(rng, 26)),
             document);
    sg_pg_bank(r->bank, r->town->country, rng);
    sg_pg_wallet(r->wallet, rng);
    sg_pg_device(r->device, rng);
    if (!sg_pg_chance(rng, 30)) /* most are paid to a bank account alone */
        r->wallet[0] = 0;
}

/* In: r->culture and r->town are set. */
static void draw_all(struct pg_record *r, struct sg_rng *rng)
{
    r->role = sg_pg_chance(rng, 55)   ? "applicant"
              : sg_pg_chance(rng, 90) ? "contractor"
              : sg_pg_chance(rng, 60) ? "referee"
                                      : "employer";
    sg_pg_given(r->given, r->given_latin, r->culture, rng);
    sg_pg_surname(r->surname, r->surname_latin, r->culture, rng);
    draw_birth(r, rng);
    draw_home(r, rng);
    draw_contacts(r, rng);
    draw_accounts(r, rng);
    /* One in twenty-five took a sentence or two from a model text of the web. */
    struct sg_rng model;
    sg_rng_init(&model, sg_rng_below(rng, 40));
    sg_pg_cv(r->cv, sizeof(r->cv), rng, &model, sg_pg_chance(rng, 4) ? 2 : 0);
}

/* Where a household comes from and lives: its given names and streets are of one kind. */
static void settle(struct pg_record *r, struct sg_rng *house)
{
    r->culture = &sg_pg_cultures[sg_rng_below(house, sg_pg_n_cultures)];
    r->town = &r->culture->towns[sg_rng_below(house, r->culture->n_towns)];
}

/* A family has one name, one home and now and then one account; a flat has one home. Who lives
 * alone shares with nobody. */
static void share_house(struct pg_record *r, struct sg_rng *house, unsigned in_house)
{
    draw_home(r, house);
    if (sg_pg_chance(house, 35)) /* a flat */
        return;
    sg_pg_surname(r->surname, r->surname_latin, r->culture, house);
    const bool one_phone = sg_pg_chance(house, 8), one_device = sg_pg_chance(house, 8);
    const bool one_bank = sg_pg_chance(house, 20) && in_house < 2;
    if (one_phone)
        snprintf(r->phone, sizeof(r->phone), "+%s0%06u", r->town->dial,
                 (unsigned)sg_rng_below(house, 1000000));
    if (one_device)
        sg_pg_device(r->device, house);
    if (one_bank)
        sg_pg_bank(r->bank, r->town->country, house);
}

/* What comes from the operator: the same draws for all personas, so that who slips gets the same.
 * A large operator has a laptop for about six personas. */
static void share_operator(struct pg_record *r, const struct sg_peoplegen *gen,
                           const struct pg_plan *plan, unsigned persona)
{
    struct sg_rng own, op;
    char phone[32], street[96];
    sg_pg_rng(&own, gen, plan->cell, persona, PG_PERSONA);
    sg_pg_rng(&op, gen, plan->cell, 1 + persona / 6, PG_OPERATOR);
    sg_pg_street(street, sizeof(street), r->culture, &op);
    const unsigned local = (unsigned)sg_rng_below(&op, 1000000);
    snprintf(phone, sizeof(phone), "+1%03u0%06u", (unsigned)sg_rng_below(&op, 800) + 200, local);
    if (sg_pg_slips(&own, plan->care))
        sg_pg_device(r->device, &op);
    if (sg_pg_slips(&own, plan->care))
        sg_pg_ip(r->ip, &op);
    if (sg_pg_slips(&own, plan->care) && sg_pg_chance(&own, 40))
        memcpy(r->phone, phone, sizeof(phone));
    sg_pg_rng(&op, gen, plan->cell, 0, PG_OPERATOR);
    sg_rng_next(&op);
    if (sg_pg_slips(&own, plan->care))
        sg_pg_wallet(r->wallet, &op);
    const bool one_bank = sg_pg_slips(&own, plan->care) && sg_pg_chance(&own, 50);
    sg_pg_rng(&op, gen, plan->cell, 0, PG_PERSONA);
    if (one_bank)
        sg_pg_bank(r->bank, "US", &op);
    if (sg_pg_slips(&own, plan->care))
        sg_pg_cv(r->cv, sizeof(r->cv), &own, &op, 2 + (unsigned)sg_rng_below(&own, 2));
    if (persona + 1 == plan->n_personas && plan->n_personas >= 6)
        r->role = "employer"; /* made up, to vouch for the others */
    else if (strcmp(r->role, "employer") == 0)
        r->role = "contractor";
}

void sg_pg_record(struct pg_record *r, const struct sg_peoplegen *gen, const struct pg_plan *plan,
                  unsigned slot)
{
    struct sg_rng rng, house;
    const unsigned person = plan->slots[slot].person;
    sg_pg_rng(&rng, gen, plan->cell, person, PG_PERSON);
    sg_pg_rng(&house, gen, plan->cell, plan->slots[slot].house, PG_HOUSE);
    settle(r, &house);
    draw_all(r, &rng);
    if (person < plan->n_personas)
        share_operator(r, gen, plan, person);
    else
        share_house(r, &house, plan->slots[slot].in_house);
    if (person >= plan->agency_from && person < plan->agency_to) {
        struct sg_rng agency;
        sg_pg_rng(&agency, gen, plan->cell, 0, PG_AGENCY);
        sg_pg_bank(r->bank, "GB", &agency);
        r->role = person == plan->agency_from ? "agency" : "contractor";
    }
    if (slot == person)
        return;
    sg_pg_rng(&rng, gen, plan->cell, slot, PG_REPEAT);
    sg_pg_damage(r, &rng);
}
