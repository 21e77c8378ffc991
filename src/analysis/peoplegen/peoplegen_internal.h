/* The parts of a world: who lives where (plan), what they are called (names), what a record says
 * (person), and what happens (events). */
#ifndef SG_ANALYSIS_PEOPLEGEN_INTERNAL_H
#define SG_ANALYSIS_PEOPLEGEN_INTERNAL_H

#include "analysis/peoplegen/peoplegen.h"
#include "base/rng.h"

#include <stddef.h>

/* A name as its owner writes it, and in Latin letters. */
struct pg_name {
    const char *native, *latin;
};

/* A town: what an address, a clock and a network location need. */
struct pg_town {
    const char *name, *country, *zone, *dial;
    int lat_cdeg, lon_cdeg; /* hundredths of a degree */
    int offset_min;         /* of the clock in winter, east of Greenwich */
};

/* Where names and addresses come from together. */
struct pg_culture {
    const struct pg_name *given, *surnames, *stems, *ends;
    size_t n_given, n_surnames, n_stems, n_ends;
    const struct pg_town *towns;
    size_t n_towns;
    struct {
        const char *before, *between, *after;
        bool number_first;
    } street;
    bool joined; /* given names are put together from two characters */
};

extern const struct pg_culture sg_pg_cultures[];
extern const size_t sg_pg_n_cultures;

#define PG_NAME_MAX 64

void sg_pg_given(char native[PG_NAME_MAX], char latin[PG_NAME_MAX], const struct pg_culture *c,
                 struct sg_rng *rng);
void sg_pg_surname(char native[PG_NAME_MAX], char latin[PG_NAME_MAX], const struct pg_culture *c,
                   struct sg_rng *rng);

/* Streams of random numbers: one for each thing that must not move when another changes. */
enum pg_stream {
    PG_CELL,
    PG_HOUSE,
    PG_PERSON,
    PG_REPEAT,
    PG_OPERATOR,
    PG_PERSONA,
    PG_AGENCY,
    PG_EVENTS
};

/* Slots of a neighbourhood: 64, and the rest of the file in the last one. */
#define PG_SLOTS_MAX 128

struct pg_slot {
    uint8_t person;   /* slot of the first record of its person */
    uint8_t house;    /* slot that began its household */
    uint8_t in_house; /* place in it, 0 for the first */
};

struct pg_plan {
    uint64_t cell;
    unsigned n;           /* slots in use */
    unsigned n_personas;  /* they are the first slots */
    uint64_t operator_id; /* 1-based, 0: none */
    unsigned care;
    bool office; /* people of slots [office_from, office_to) share one */
    unsigned office_from, office_to;
    unsigned agency_from, agency_to; /* contractors of an agency; from == to: none */
    struct pg_slot slots[PG_SLOTS_MAX];
};

/* The neighbourhood of a row, and its slot there. */
unsigned sg_pg_plan(struct pg_plan *plan, const struct sg_peoplegen *gen, uint64_t row);

void sg_pg_rng(struct sg_rng *rng, const struct sg_peoplegen *gen, uint64_t cell, unsigned slot,
               enum pg_stream stream);

/* True with a chance of percent in 100. */
bool sg_pg_chance(struct sg_rng *rng, unsigned percent);

/* Whether a persona shares a trait with its operator's others: less likely with more care. */
bool sg_pg_slips(struct sg_rng *rng, unsigned care);

struct pg_record {
    const struct pg_town *town;
    const struct pg_culture *culture;
    char given[PG_NAME_MAX], surname[PG_NAME_MAX];
    char given_latin[PG_NAME_MAX], surname_latin[PG_NAME_MAX];
    unsigned year, month, day; /* of birth; year 0: not given */
    char email[160], phone[32], street[96], city[64], postcode[16];
    char document[24], bank[40], wallet[48], handle[48], device[24], ip[40], cv[800];
    const char *role;
};

/* What a row's record says. */
void sg_pg_record(struct pg_record *r, const struct sg_peoplegen *gen, const struct pg_plan *plan,
                  unsigned slot);

/* Errors of typing, of forms and of time between two records of one person. */
void sg_pg_damage(struct pg_record *r, struct sg_rng *rng);

/* Text of a life at work. shared: sentences of it taken from a text that others use too. */
void sg_pg_cv(char *text, size_t size, struct sg_rng *own, struct sg_rng *shared,
              unsigned n_shared);

/* One sentence of such a text. */
void sg_pg_sentence(char *text, size_t size, struct sg_rng *rng);

/* An address of a laptop farm, of a wallet, of an account: used by people and personas alike. */
void sg_pg_wallet(char text[48], struct sg_rng *rng);
void sg_pg_bank(char text[40], const char *country, struct sg_rng *rng);
void sg_pg_device(char text[24], struct sg_rng *rng);
void sg_pg_ip(char text[40], struct sg_rng *rng);
void sg_pg_street(char *text, size_t size, const struct pg_culture *c, struct sg_rng *rng);
const struct pg_town *sg_pg_any_town(struct sg_rng *rng);

#endif
