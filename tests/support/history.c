#include "support/history.h"

#include "base/mem.h"
#include "base/rng.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT 96

struct given {
    const char *name, *near; /* a short form, NULL: none */
};

static const struct given men[] = {
    {"john", "jack"},       {"william", "bill"},    {"thomas", "tom"},      {"george", "geo"},
    {"james", "jim"},       {"henry", "harry"},     {"charles", "charlie"}, {"robert", "bob"},
    {"joseph", "joe"},      {"edward", "ned"},      {"richard", "dick"},    {"samuel", "sam"},
    {"francis", "frank"},   {"arthur", NULL},       {"frederick", "fred"},  {"alexander", "alex"},
    {"walter", "walt"},     {"david", "dave"},      {"alfred", "alf"},      {"benjamin", "ben"},
    {"hugh", NULL},         {"peter", NULL},        {"edmund", "ned"},      {"philip", "phil"},
    {"nicholas", "nick"},   {"daniel", "dan"},      {"matthew", "matt"},    {"andrew", "andy"},
    {"anthony", "tony"},    {"christopher", "kit"}, {"stephen", "steve"},   {"ernest", NULL},
    {"herbert", "bert"},    {"percy", NULL},        {"ralph", NULL},        {"simon", NULL},
    {"lawrence", "laurie"}, {"gilbert", NULL},      {"humphrey", NULL},     {"augustus", "gus"},
    {"bartholomew", NULL},  {"cuthbert", NULL},     {"isaac", NULL},        {"jacob", NULL},
    {"leonard", "len"},     {"michael", "mick"},    {"oliver", NULL},       {"patrick", "paddy"},
    {"reginald", "reg"},    {"tobias", NULL}};
static const struct given women[] = {
    {"mary", "polly"},   {"elizabeth", "betty"}, {"ann", "nancy"},      {"sarah", "sally"},
    {"jane", "jenny"},   {"margaret", "peggy"},  {"catherine", "kate"}, {"emma", NULL},
    {"alice", NULL},     {"florence", NULL},     {"frances", "fanny"},  {"charlotte", "lottie"},
    {"harriet", NULL},   {"ellen", "nell"},      {"isabella", "bella"}, {"louisa", NULL},
    {"martha", "patty"}, {"dorothy", "dolly"},   {"agnes", NULL},       {"edith", NULL},
    {"eleanor", "nora"}, {"maria", NULL},        {"susan", "sue"},      {"rebecca", "becca"},
    {"victoria", NULL},  {"beatrice", NULL},     {"clara", NULL},       {"grace", NULL}};
static const char *const common[] = {
    "smith",  "jones",  "taylor", "brown",    "williams", "wilson", "johnson", "davies",
    "wright", "walker", "white",  "thompson", "green",    "hall",   "wood",    "clark",
    "hill",   "scott",  "turner", "moore",    "ward",     "king",   "baker",   "allen",
    "cooper", "parker", "young",  "bennett",  "price",    "russell"};
static const char *const stems[] = {
    "ash", "brad", "carl", "dun", "east", "fair", "green", "hart", "kirk", "lang",
    "mar", "nor",  "old",  "pen", "rad",  "shel", "thorn", "up",   "wal",  "win",
    "al",  "bar",  "cres", "der", "el",   "far",  "gran",  "hol",  "ing",  "jes",
    "kel", "led",  "mil",  "net", "os",   "pres", "quen",  "ram",  "stan", "tem",
    "ul",  "var",  "wes",  "yar", "bur",  "chil", "dray",  "fen",  "gar",  "hux"};
static const char *const ends[] = {"ton",  "ley",   "ford",  "well",  "ham",  "worth", "wood",
                                   "by",   "den",   "field", "combe", "shaw", "wick",  "stead",
                                   "more", "ridge", "stone", "ville", "son",  "man"};
static const char *const trades[] = {
    "politician", "writer",    "clergyman", "painter",   "soldier",    "actor",      "barrister",
    "physician",  "composer",  "poet",      "cricketer", "engineer",   "architect",  "botanist",
    "merchant",   "judge",     "banker",    "sculptor",  "journalist", "engraver",   "astronomer",
    "geologist",  "publisher", "explorer",  "organist",  "chemist",    "translator", "surveyor"};
static const char *const titles[] = {"1st baronet", "2nd baronet",  "1st baron",
                                     "3rd earl",    "5th viscount", "2nd duke"};

struct person {
    const struct given *given;
    bool woman;
    char middle[24], surname[24], other_surname[24], title[48];
    int year, month, day;
    char place[24], near_place[24], post[16], near_post[16];
    const char *trade, *other_trade;
};

struct damage {
    struct sg_rng *rng;
    unsigned percent;
};

/* Rank of a draw in which the k-th comes up about 1/(k+5) as often. */
static size_t skewed(struct sg_rng *rng, size_t n)
{
    const size_t a = sg_rng_below(rng, n), b = sg_rng_below(rng, n);
    return a * b / n;
}

/* One in a thousand times `per_mille`, as the damage of the catalogue has it. */
static bool strikes(struct damage *d, unsigned per_mille)
{
    return sg_rng_below(d->rng, 100000) < (uint64_t)per_mille * d->percent;
}

static void make_place(char out[24], size_t rank)
{
    static const char *const last[] = {"shire", "port", "mouth", "bury", "chester", "minster"};
    snprintf(out, 24, "%s%s", stems[rank * 7 % SG_COUNT_OF(stems)],
             last[rank * 5 / 3 % SG_COUNT_OF(last)]);
}

static void make_surname(char out[24], struct sg_rng *rng)
{
    if (sg_rng_below(rng, 5) == 0)
        snprintf(out, 24, "%s", common[skewed(rng, SG_COUNT_OF(common))]);
    else
        snprintf(out, 24, "%s%s", stems[sg_rng_below(rng, SG_COUNT_OF(stems))],
                 ends[sg_rng_below(rng, SG_COUNT_OF(ends))]);
}

static void make_post(char out[16], size_t rank, size_t district, struct sg_rng *rng)
{
    snprintf(out, 16, "%c%c%zu %u%c%c", (char)('a' + rank % 23), (char)('a' + rank / 5 % 21),
             district, (unsigned)sg_rng_below(rng, 10), (char)('a' + sg_rng_below(rng, 20)),
             (char)('a' + sg_rng_below(rng, 20)));
}

static void make_home(struct person *p, struct sg_rng *rng)
{
    const size_t rank = skewed(rng, 150), district = 1 + sg_rng_below(rng, 25);
    make_place(p->place, rank);
    make_place(p->near_place, rank + 1);
    make_post(p->post, rank, district, rng);
    make_post(p->near_post, rank, sg_rng_below(rng, 2) ? district : district % 25 + 1, rng);
}

/* One in five is of the family of the person before: surname and place. */
static void make_person(struct person *p, const struct person *before, struct sg_rng *rng)
{
    p->woman = sg_rng_below(rng, 6) == 0;
    const struct given *names = p->woman ? women : men;
    const size_t n = p->woman ? SG_COUNT_OF(women) : SG_COUNT_OF(men);
    p->given = &names[skewed(rng, n)];
    snprintf(p->middle, sizeof(p->middle), "%s",
             sg_rng_below(rng, 3) ? "" : names[skewed(rng, n)].name);
    make_surname(p->surname, rng);
    make_surname(p->other_surname, rng);
    make_home(p, rng);
    if (before && sg_rng_below(rng, 5) == 0) {
        memcpy(p->surname, before->surname, sizeof(p->surname));
        memcpy(p->place, before->place, sizeof(p->place));
    }
    snprintf(p->title, sizeof(p->title), "%s",
             sg_rng_below(rng, 8) ? "" : titles[sg_rng_below(rng, SG_COUNT_OF(titles))]);
    p->year = 1900 - (int)skewed(rng, 300);
    p->month = 1 + (int)sg_rng_below(rng, 12);
    p->day = 1 + (int)sg_rng_below(rng, 28);
    if (sg_rng_below(rng, 8) == 0)
        p->month = p->day = 1;
    p->trade = trades[skewed(rng, SG_COUNT_OF(trades))];
    p->other_trade = trades[skewed(rng, SG_COUNT_OF(trades))];
}

/* A letter left out, doubled, put in, or two swapped. */
static void misprint(char *text, size_t capacity, struct sg_rng *rng)
{
    char was[TEXT];
    const size_t n = strlen(text);
    if (n < 3 || n + 2 > capacity)
        return;
    snprintf(was, sizeof(was), "%s", text);
    const size_t k = sg_rng_below(rng, n - 1);
    const char letter = (char)('a' + sg_rng_below(rng, 26));
    switch (sg_rng_below(rng, 4)) {
    case 0:
        snprintf(text + k, capacity - k, "%s", was + k + 1);
        break;
    case 1:
        snprintf(text + k, capacity - k, "%c%s", letter, was + k);
        break;
    case 2:
        text[k] = letter;
        break;
    default:
        text[k] = was[k + 1];
        text[k + 1] = was[k];
        break;
    }
}

static void spoil(char *text, size_t capacity, struct damage *d, unsigned per_mille)
{
    if (strikes(d, per_mille))
        misprint(text, capacity, d->rng);
    if (strikes(d, per_mille / 5))
        misprint(text, capacity, d->rng);
}

static void damaged_names(char first[TEXT], char last[TEXT], const struct person *p,
                          struct damage *d)
{
    const bool nick = p->given->near && strikes(d, 150);
    snprintf(first, TEXT, "%s", nick ? p->given->near : p->given->name);
    if (*p->middle && strikes(d, 60))
        snprintf(first, TEXT, "%s", p->middle);
    if (strikes(d, 30))
        first[1] = 0;
    snprintf(last, TEXT, "%s", strikes(d, 40) ? p->other_surname : p->surname);
    spoil(first, TEXT, d, 90);
    spoil(last, TEXT, d, 130);
    if (strikes(d, 15)) {
        char swap[TEXT];
        memcpy(swap, first, TEXT);
        memcpy(first, last, TEXT);
        memcpy(last, swap, TEXT);
    }
    if (strikes(d, 40))
        *first = 0;
    if (strikes(d, 40))
        *last = 0;
}

static void damaged_birth(char born[TEXT], const struct person *p, struct damage *d)
{
    int year = p->year, month = p->month, day = p->day;
    if (strikes(d, 100))
        month = day = 1;
    if (strikes(d, 70))
        day = 1 + (int)sg_rng_below(d->rng, 28);
    if (strikes(d, 50))
        month = 1 + (int)sg_rng_below(d->rng, 12);
    if (strikes(d, 60))
        year += (int)sg_rng_below(d->rng, 5) - 2;
    if (strikes(d, 30))
        year = 1900 - (int)skewed(d->rng, 300);
    snprintf(born, TEXT, "%04d-%02d-%02d", year, month, day);
    if (strikes(d, 40)) {
        const size_t k = (size_t[]){2, 3, 5, 6, 8, 9}[sg_rng_below(d->rng, 6)];
        born[k] = (char)('0' + sg_rng_below(d->rng, 10));
    }
    if (strikes(d, 120))
        *born = 0;
}

static void write_record(struct sg_buf *out, const struct person *p, uint32_t number,
                         uint32_t person, struct damage *d)
{
    char first[TEXT], last[TEXT], born[TEXT], place[TEXT], post[TEXT];
    damaged_names(first, last, p, d);
    damaged_birth(born, p, d);
    snprintf(place, TEXT, "%s", strikes(d, 120) ? p->near_place : p->place);
    spoil(place, TEXT, d, 30);
    if (strikes(d, 180))
        *place = 0;
    snprintf(post, TEXT, "%s", strikes(d, 250) ? p->near_post : p->post);
    spoil(post, TEXT, d, 40);
    if (strikes(d, 60))
        make_post(post, sg_rng_below(d->rng, 150), 1 + sg_rng_below(d->rng, 25), d->rng);
    if (strikes(d, 200))
        *post = 0;
    const bool middle = *p->middle && !strikes(d, 400), title = *p->title && !strikes(d, 400);
    sg_buf_printf(out, "%u,%u,\"%s%s%s%s%s%s%s\",%s%s%s,%s,%s,%s,%s,%s,", number, person, first,
                  middle ? " " : "", middle ? p->middle : "", *last ? " " : "", last,
                  title ? ", " : "", title ? p->title : "", first, *first && *last ? " " : "", last,
                  first, last, born, place, post);
    sg_buf_printf(out, "%s,%s\n",
                  strikes(d, 150)              ? ""
                  : p->woman != strikes(d, 10) ? "f"
                                               : "m",
                  strikes(d, 250)   ? ""
                  : strikes(d, 120) ? p->other_trade
                                    : p->trade);
}

static void shuffle(uint32_t *items, size_t n, struct sg_rng *rng)
{
    for (size_t i = n; i > 1; i--) {
        const size_t k = sg_rng_below(rng, i);
        const uint32_t swap = items[i - 1];
        items[i - 1] = items[k];
        items[k] = swap;
    }
}

void sg_history_write(struct sg_buf *out, const struct sg_history *h)
{
    struct sg_rng rng;
    struct damage damage = {&rng, h->damage};
    uint32_t *owner = sg_mem_alloc(h->n_records + 1, sizeof(*owner));
    struct person *people = sg_mem_alloc(h->n_records + 1, sizeof(*people));
    uint32_t n = 0, n_people = 0;
    if (!owner || !people)
        abort();
    sg_rng_init(&rng, h->seed);
    while (n < h->n_records) {
        const uint64_t wanted =
            1 + sg_rng_below(&rng, 13) + sg_rng_below(&rng, 13) * sg_rng_below(&rng, 13) / 12;
        make_person(&people[n_people], n_people ? &people[n_people - 1] : NULL, &rng);
        for (uint64_t k = 0; k < wanted && n < h->n_records; k++)
            owner[n++] = n_people;
        n_people++;
    }
    shuffle(owner, n, &rng);
    sg_buf_puts(out, "id,person,whole name,short name,first,last,born,place,post code,sex,trade\n");
    for (uint32_t i = 0; i < n; i++)
        write_record(out, &people[owner[i]], i, owner[i], &damage);
    sg_mem_free(owner);
    sg_mem_free(people);
}
