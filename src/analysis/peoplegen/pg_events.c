/* What happens to the people of a world: an ordinary life at work with its ordinary oddities, and
 * for personas the traces that their operator's care lets through. */
#include "analysis/peoplegen/peoplegen_internal.h"
#include "base/civil.h"
#include "base/mem.h"

#include <stdio.h>
#include <string.h>

#define DAY  INT64_C(86400)
#define HOUR INT64_C(3600)
/* 2024-01-08, a Monday. */
#define BEGIN INT64_C(1704672000)

/* One line of events.csv; NULL: an empty cell. */
struct line {
    int64_t time, until, made;
    const char *kind, *other, *name, *value, *address, *device, *token, *ip, *tool, *text, *result;
    const struct pg_town *town;
};

/* The life of one record. */
struct life {
    struct sg_buf *out;
    const struct sg_peoplegen *gen;
    const struct pg_plan *plan;
    const struct pg_record *r;
    struct sg_rng rng, op;
    unsigned slot, person;
    bool persona;
    char id[SG_PEOPLEGEN_ID_MAX], name[2 * PG_NAME_MAX + 2], token[24];
    int64_t begin; /* first day */
    const char *device, *ip, *tool;
    const struct pg_town *town; /* where the network says that they are */
    int shift_min;              /* working hours, behind those of the claimed clock */
    bool vpn;
};

static void time_cell(struct sg_buf *out, int64_t time)
{
    char text[SG_TIME_TEXT_MAX];
    if (time)
        sg_buf_puts(out, sg_time_format(text, time));
}

static void text_cell(struct sg_buf *out, const char *text)
{
    sg_buf_putc(out, ',');
    if (text)
        sg_buf_csv(out, text, strlen(text));
}

static void degrees_cell(struct sg_buf *out, const struct pg_town *town, bool lon)
{
    sg_buf_putc(out, ',');
    if (!town)
        return;
    const int value = lon ? town->lon_cdeg : town->lat_cdeg;
    const int size = value < 0 ? -value : value;
    sg_buf_printf(out, "%s%d.%02d", value < 0 ? "-" : "", size / 100, size % 100);
}

void sg_peoplegen_events_header(struct sg_buf *out)
{
    sg_buf_puts(out, "time,kind,person,other,name,value,address,device,token,ip,country,latitude,"
                     "longitude,until,tool,text,result,made\n");
}

static void emit(struct life *life, const struct line *line)
{
    struct sg_buf *out = life->out;
    time_cell(out, line->time);
    text_cell(out, line->kind);
    text_cell(out, life->id);
    text_cell(out, line->other);
    text_cell(out, line->name);
    text_cell(out, line->value);
    text_cell(out, line->address);
    text_cell(out, line->device);
    text_cell(out, line->token);
    text_cell(out, line->ip);
    text_cell(out, line->town ? line->town->country : NULL);
    degrees_cell(out, line->town, false);
    degrees_cell(out, line->town, true);
    sg_buf_putc(out, ',');
    time_cell(out, line->until);
    text_cell(out, line->tool);
    text_cell(out, line->text);
    text_cell(out, line->result);
    sg_buf_putc(out, ',');
    time_cell(out, line->made);
    sg_buf_putc(out, '\n');
}

static bool chance(struct life *life, unsigned percent)
{
    return sg_pg_chance(&life->rng, percent);
}

static bool slips(struct life *life)
{
    return life->persona && sg_pg_slips(&life->rng, life->plan->care);
}

/* Start the operator's own stream afresh: each thing that its personas share is drawn from it. */
static struct sg_rng *of_operator(struct life *life, unsigned thing)
{
    sg_pg_rng(&life->op, life->gen, life->plan->cell, 64 + thing, PG_OPERATOR);
    return &life->op;
}

static int64_t at(struct life *life, int64_t day, int hour)
{
    return life->begin + day * DAY + hour * HOUR - life->r->town->offset_min * 60 +
           life->shift_min * 60 + (int64_t)sg_rng_below(&life->rng, 3600);
}

static bool is_in_office(const struct life *life)
{
    return life->plan->office && life->person >= life->plan->office_from &&
           life->person < life->plan->office_to;
}

/* An administrator who enrolled a few colleagues with one key. */
static void office_token(struct life *life)
{
    struct sg_rng place;
    if (!is_in_office(life) || !chance(life, 5))
        return;
    sg_pg_rng(&place, life->gen, life->plan->cell, 2, PG_CELL);
    sg_pg_device(life->token, &place);
}

static void where_from(struct life *life)
{
    static const char *const remote[] = {"AnyDesk", "RustDesk", "TeamViewer", "PiKVM", "TinyPilot"};
    life->device = life->r->device;
    life->ip = life->r->ip;
    life->town = life->r->town;
    life->vpn = chance(life, life->persona ? 50 : 14);
    if (chance(life, 5)) /* people of the night */
        life->shift_min = 60 * (6 + (int)sg_rng_below(&life->rng, 8));
    if (!life->persona) { /* a tenth of those with such tools has a home lab */
        const unsigned from = chance(life, 10) ? 3 : 0;
        life->tool = chance(life, 3) ? remote[from + sg_rng_below(&life->rng, from ? 2 : 3)] : NULL;
        office_token(life);
        return;
    }
    const struct pg_town *lair = sg_pg_any_town(of_operator(life, 0));
    if (slips(life))
        life->shift_min = life->r->town->offset_min - lair->offset_min;
    if (slips(life))
        life->tool = remote[sg_rng_below(&life->op, SG_COUNT_OF(remote))];
    sg_pg_device(life->token, of_operator(life, 1));
    if (!slips(life))
        sg_pg_device(life->token, &life->rng);
}

static void claims(struct life *life)
{
    static const char *const fields[] = {"birth_date", "degree_year", "city", "employer"};
    const unsigned odd = chance(life, 5) || slips(life) ? (unsigned)sg_rng_below(&life->rng, 4) : 9;
    for (unsigned i = 0; i < SG_COUNT_OF(fields); i++)
        for (unsigned where = 0; where < 2; where++) {
            char value[32];
            struct sg_rng same;
            sg_pg_rng(&same, life->gen, life->plan->cell, life->person, PG_AGENCY);
            const unsigned base = (unsigned)sg_rng_below(&same, 20) + i;
            snprintf(value, sizeof(value), "%u", 2000 + base + (where && odd == i ? 3 : 0));
            emit(life, &(struct line){.time = life->begin,
                                      .kind = "claim",
                                      .other = where ? "network profile" : "cv",
                                      .name = fields[i],
                                      .value = value});
        }
}

static void paper(struct life *life)
{
    char other[PG_NAME_MAX * 2];
    struct sg_rng *op = of_operator(life, 2);
    const struct pg_culture *c = &sg_pg_cultures[sg_rng_below(op, sg_pg_n_cultures)];
    char native[PG_NAME_MAX];
    sg_pg_surname(native, other, c, op);
    const bool borrowed = slips(life) && chance(life, 30);
    emit(life, &(struct line){.time = life->begin + DAY,
                              .kind = "document",
                              .name = borrowed ? other : life->name,
                              .value = life->r->document});
    emit(life, &(struct line){.time = life->begin - 400 * DAY,
                              .kind = "account",
                              .name = "forge",
                              .value = life->r->handle,
                              .result = "created"});
    if (chance(life, 3) || (slips(life) && chance(life, 50)))
        emit(life, &(struct line){.time = life->begin + 2 * DAY,
                                  .kind = "account",
                                  .name = "forge",
                                  .value = life->r->handle,
                                  .result = "revived"});
}

static void contacts(struct life *life)
{
    const unsigned n = slips(life)        ? 1 + (unsigned)sg_rng_below(&life->rng, 4)
                       : chance(life, 12) ? 1 + (unsigned)sg_rng_below(&life->rng, 2)
                                          : 0;
    for (unsigned i = 0; i < n; i++) {
        char value[64];
        snprintf(value, sizeof(value), "%.20s%u@inbox.example", life->r->handle, i);
        emit(life, &(struct line){.time = at(life, 20 + 12 * i, 11),
                                  .kind = "contact",
                                  .name = i % 2 ? "phone" : "email",
                                  .value = value});
    }
}

static void shipment(struct life *life)
{
    char street[96], full[200];
    if (strcmp(life->r->role, "contractor") != 0)
        return;
    snprintf(street, sizeof(street), "%s", life->r->street);
    const char *city = life->r->city;
    if (is_in_office(life)) {
        struct sg_rng place;
        sg_pg_rng(&place, life->gen, life->plan->cell, 1, PG_CELL);
        sg_pg_street(street, sizeof(street), &sg_pg_cultures[0], &place);
        city = "Office Park";
    } else if (slips(life)) { /* the laptop farm */
        sg_pg_street(street, sizeof(street), &sg_pg_cultures[0], of_operator(life, 3));
        city = "Nashville";
    } else if (chance(life, 8)) { /* moved, or has it sent to a friend */
        sg_pg_street(street, sizeof(street), life->r->culture, &life->rng);
    }
    snprintf(full, sizeof(full), "%s, %s", street, city);
    emit(life, &(struct line){.time = life->begin + 5 * DAY,
                              .kind = "shipment",
                              .address = full,
                              .device = life->device});
}

static void login(struct life *life, int64_t day)
{
    char ip[40];
    const struct pg_town *town = life->town;
    memcpy(ip, life->ip, sizeof(ip));
    if (life->vpn && chance(life, 60)) { /* one of a few thousand exits that many use */
        struct sg_rng exits;
        sg_rng_init(&exits, 7000 + sg_rng_below(&life->rng, 3000));
        sg_pg_ip(ip, &exits);
        town = sg_pg_any_town(&exits);
    } else if (chance(life, 1)) {
        town = sg_pg_any_town(&life->rng); /* abroad */
    }
    const int64_t from = at(life, day, 9 + (int)sg_rng_below(&life->rng, 3));
    int64_t hours = 2 + (int64_t)sg_rng_below(&life->rng, 8);
    if (chance(life, 1) || (life->tool && life->persona && chance(life, 12)))
        hours += 26;
    emit(life, &(struct line){.time = from,
                              .until = from + hours * HOUR,
                              .kind = "login",
                              .name = life->r->handle,
                              .device = life->device,
                              .token = life->token,
                              .ip = ip[0] ? ip : NULL,
                              .town = town,
                              .tool = life->tool && chance(life, 50) ? life->tool
                                      : town != life->town           ? "vpn"
                                                                     : NULL});
}

static void payouts(struct life *life)
{
    char account[48], holder[2 * PG_NAME_MAX + 2];
    const bool agency =
        life->person >= life->plan->agency_from && life->person < life->plan->agency_to;
    if (strcmp(life->r->role, "contractor") != 0)
        return;
    const bool other_name = agency || chance(life, 2) || (slips(life) && chance(life, 40));
    snprintf(holder, sizeof(holder), "%s", other_name ? "Account Services" : life->name);
    snprintf(account, sizeof(account), "%s", life->r->wallet[0] ? life->r->wallet : life->r->bank);
    const bool changes = chance(life, 2) || (slips(life) && chance(life, 30));
    for (unsigned month = 0; month < 4; month++) {
        if (changes && month)
            sg_pg_wallet(account, &life->rng);
        emit(life, &(struct line){.time = at(life, 30 * (month + 1), 12),
                                  .kind = "payout",
                                  .name = holder,
                                  .value = account,
                                  .tool = account[0] == '0' ? "crypto" : "bank"});
    }
}

static void commits(struct life *life)
{
    const bool rotates = chance(life, 2) || slips(life), old = chance(life, 3) || slips(life);
    const bool copied = chance(life, 1) || (slips(life) && chance(life, 50));
    const unsigned n = 4 + (unsigned)sg_rng_below(&life->rng, 5);
    struct sg_rng course; /* one of a few hundred exercises that many hand in */
    sg_rng_init(&course, 20000 + sg_rng_below(&life->rng, 300));
    for (unsigned i = 0; i < n; i++) {
        char author[180], tree[24];
        struct sg_rng *trees = !(copied && i < 3) ? &life->rng
                               : life->persona    ? of_operator(life, 10 + i)
                                                  : &course;
        snprintf(tree, sizeof(tree), "%016llx", (unsigned long long)sg_rng_next(trees));
        snprintf(author, sizeof(author), "%.160s%s", rotates && i % 3 ? "dev" : life->r->email,
                 rotates && i % 3 == 1 ? "1@example.org"
                 : rotates && i % 3    ? "2@example.org"
                                       : "");
        const int64_t time = at(life, 10 + 3 * (int64_t)i, 14);
        emit(life, &(struct line){.time = time,
                                  .made = time - (old && i < 4 ? 500 * DAY : 2 * HOUR),
                                  .kind = "commit",
                                  .name = author,
                                  .value = life->r->handle,
                                  .text = tree,
                                  .result = chance(life, 1) || (old && life->persona && i == 1)
                                                ? "no_account"
                                                : NULL});
    }
}

static void talks(struct life *life)
{
    const unsigned n = 1 + (unsigned)sg_rng_below(&life->rng, 3);
    const bool stand_in = slips(life) && chance(life, 35);
    for (unsigned i = 0; i < n; i++)
        emit(life, &(struct line){.time = at(life, 2 + i, 15),
                                  .kind = "interview",
                                  .other = "panel",
                                  .result = i && (stand_in || sg_rng_below(&life->rng, 500) == 0)
                                                ? "different"
                                                : "same"});
}

static void bids(struct life *life)
{
    char first[200], second[200], text[402];
    struct sg_rng *words = slips(life) ? of_operator(life, 4) : &life->rng;
    const bool agency =
        life->person >= life->plan->agency_from && life->person < life->plan->agency_to;
    const unsigned n = chance(life, 6) || (slips(life) && chance(life, 60)) ? 24 : 3;
    if (agency) {
        sg_pg_rng(&life->op, life->gen, life->plan->cell, 1, PG_AGENCY);
        words = &life->op;
    }
    sg_pg_sentence(first, sizeof(first), words);
    sg_pg_sentence(second, sizeof(second), words);
    snprintf(text, sizeof(text), "%s %s", first, second);
    for (unsigned i = 0; i < n; i++)
        emit(life, &(struct line){.time = at(life, 1 + i, 16),
                                  .kind = "bid",
                                  .text = text,
                                  .result = i % (n / 2 + 1) ? "rejected" : "accepted"});
}

/* The row that stands at a slot of this neighbourhood cannot be told without undoing the
 * permutation, so referrals and ratings go to it by the handle of its person. */
static void ties(struct life *life)
{
    struct pg_record friend;
    const struct pg_plan *plan = life->plan;
    unsigned from = plan->n_personas, to = plan->n;
    if (life->persona) {
        from = 0;
        to = plan->n_personas;
    }
    if (!(life->persona ? slips(life) : chance(life, 15)) || to - from < 2)
        return;
    const unsigned other = from + (unsigned)sg_rng_below(&life->rng, to - from);
    if (plan->slots[other].person == life->person)
        return;
    sg_pg_record(&friend, life->gen, plan, plan->slots[other].person);
    emit(life,
         &(struct line){.time = life->begin - DAY, .kind = "referral", .other = friend.handle});
    if (life->persona || chance(life, 30))
        emit(life,
             &(struct line){
                 .time = at(life, 70, 10), .kind = "rating", .other = friend.handle, .value = "5"});
}

void sg_peoplegen_events(struct sg_buf *out, const struct sg_peoplegen *gen, uint64_t row)
{
    struct pg_plan plan;
    struct pg_record r;
    struct life life = {.out = out, .gen = gen, .plan = &plan, .r = &r};
    life.slot = sg_pg_plan(&plan, gen, row);
    life.person = plan.slots[life.slot].person;
    life.persona = life.person < plan.n_personas;
    sg_pg_record(&r, gen, &plan, life.slot);
    sg_pg_rng(&life.rng, gen, plan.cell, life.slot, PG_EVENTS);
    sg_peoplegen_id(life.id, row);
    snprintf(life.name, sizeof(life.name), "%s %s", r.given, r.surname);
    life.begin = BEGIN + (int64_t)sg_rng_below(&life.rng, 300) * DAY;
    sg_pg_device(life.token, &life.rng);
    where_from(&life);
    claims(&life);
    paper(&life);
    ties(&life);
    talks(&life);
    bids(&life);
    contacts(&life);
    shipment(&life);
    const unsigned n = 5 + (unsigned)sg_rng_below(&life.rng, 6);
    for (unsigned day = 0; day < n; day++)
        login(&life, 7 + day);
    commits(&life);
    payouts(&life);
}
