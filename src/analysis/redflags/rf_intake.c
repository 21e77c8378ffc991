/* Rows become numbers of texts. */
#include "analysis/redflags/redflags_internal.h"

#include "base/civil.h"
#include "base/mem.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

static enum sg_status take(uint32_t *id, struct sg_redflags *f, enum rf_form form,
                           struct sg_text text, struct sg_err *err)
{
    enum sg_status st;
    *id = 0;
    if (!text.data)
        return SG_OK;
    if (form == RF_EXACT)
        return text.size ? sg_dict_number(id, &f->pool, text, err) : SG_OK;
    sg_buf_reset(&f->scratch);
    sg_rf_form(&f->scratch, form, text);
    st = sg_buf_check(&f->scratch, err);
    if (st == SG_OK && f->scratch.size)
        st = sg_dict_number(id, &f->pool, (struct sg_text){f->scratch.data, f->scratch.size}, err);
    return st;
}

/* "Given Surname" as one text, whichever columns there are. */
static enum sg_status take_name(uint32_t *id, struct sg_redflags *f, const struct sg_text *fields,
                                struct sg_err *err)
{
    static const enum sg_person_field parts[] = {SG_PERSON_GIVEN_NAME, SG_PERSON_SURNAME,
                                                 SG_PERSON_NAME};
    sg_buf_reset(&f->scratch);
    for (size_t i = 0; i < SG_COUNT_OF(parts); i++) {
        if (!fields[parts[i]].data)
            continue;
        if (f->scratch.size)
            sg_buf_putc(&f->scratch, ' ');
        sg_rf_form(&f->scratch, RF_FOLDED, fields[parts[i]]);
    }
    const enum sg_status st = sg_buf_check(&f->scratch, err);
    *id = 0;
    return st == SG_OK && f->scratch.size
               ? sg_dict_number(id, &f->pool, (struct sg_text){f->scratch.data, f->scratch.size},
                                err)
               : st;
}

static enum rf_role role_of(struct sg_text text)
{
    return !text.data                     ? RF_ROLE_NONE
           : sg_text_is(text, "employer") ? RF_ROLE_EMPLOYER
           : sg_text_is(text, "agency")   ? RF_ROLE_AGENCY
                                          : RF_ROLE_OTHER;
}

static enum sg_status check_row(uint64_t number, struct sg_err *err)
{
    return number >= SG_REDFLAGS_ROWS_MAX ? sg_err_set(err, SG_ELIMIT, "more than 2^31 rows")
                                          : SG_OK;
}

static enum sg_status take_texts(struct rf_person *p, struct sg_redflags *f,
                                 const struct sg_text *fields, struct sg_err *err)
{
    const struct {
        uint32_t *to;
        enum sg_person_field field;
        enum rf_form form;
    } texts[] = {
        {&p->birth, SG_PERSON_BIRTH_DATE, RF_DATE},
        {&p->email, SG_PERSON_EMAIL, RF_LOWER},
        {&p->phone, SG_PERSON_PHONE, RF_DIGITS},
        {&p->street, SG_PERSON_STREET, RF_FOLDED},
        {&p->city, SG_PERSON_CITY, RF_FOLDED},
        {&p->zone, SG_PERSON_TIMEZONE, RF_EXACT},
        {&p->document, SG_PERSON_DOCUMENT, RF_LOWER},
        {&p->bank, SG_PERSON_BANK_ACCOUNT, RF_ACCOUNT},
        {&p->wallet, SG_PERSON_WALLET, RF_ACCOUNT},
        {&p->handle, SG_PERSON_HANDLE, RF_LOWER},
        {&p->device, SG_PERSON_DEVICE, RF_LOWER},
        {&p->ip, SG_PERSON_IP, RF_LOWER},
        {&p->cv, SG_PERSON_CV, RF_EXACT},
    };
    enum sg_status st = take_name(&p->name, f, fields, err);
    for (size_t i = 0; st == SG_OK && i < SG_COUNT_OF(texts); i++)
        st = take(texts[i].to, f, texts[i].form, fields[texts[i].field], err);
    return st;
}

/* Ids of records, by number of text, so that an event finds its record. */
static enum sg_status register_id(struct sg_redflags *f, uint32_t id, struct sg_err *err)
{
    const size_t had = f->person_of_cap;
    if (id >= had) {
        if (!SG_VEC_RESERVE(f->person_of, had, f->person_of_cap, (size_t)id + 1 - had))
            return sg_err_nomem(err);
        memset(f->person_of + had, 0, (f->person_of_cap - had) * sizeof(*f->person_of));
    }
    f->person_of[id] = (uint32_t)f->n_people + 1;
    return SG_OK;
}

static uint32_t record_of(const struct sg_redflags *f, uint32_t id)
{
    return id && id < f->person_of_cap ? f->person_of[id] : 0;
}

enum sg_status sg_redflags_person(struct sg_redflags *f, const char **reason,
                                  const struct sg_text *fields, uint64_t number, struct sg_err *err)
{
    struct rf_person p = {.row = (uint32_t)number, .role = role_of(fields[SG_PERSON_ROLE])};
    *reason = NULL;
    enum sg_status st = check_row(number, err);
    if (st == SG_OK)
        st = take(&p.id, f, RF_EXACT, fields[SG_PERSON_RECORD_ID], err);
    if (st == SG_OK && record_of(f, p.id)) {
        *reason = "its record id was there before";
        return SG_OK;
    }
    if (st == SG_OK)
        st = take_texts(&p, f, fields, err);
    if (st == SG_OK && !SG_VEC_RESERVE(f->people, f->n_people, f->people_cap, 1))
        st = sg_err_nomem(err);
    if (st == SG_OK)
        st = register_id(f, p.id, err);
    if (st == SG_OK)
        f->people[f->n_people++] = p;
    return st;
}

static int kind_of(struct sg_text text)
{
    static const char *const names[RF_KINDS] = {"claim",     "document", "account", "contact",
                                                "shipment",  "payout",   "login",   "commit",
                                                "interview", "referral", "bid",     "rating"};
    for (int i = 0; i < RF_KINDS; i++)
        if (sg_text_is(text, names[i]))
            return i;
    return -1;
}

static enum rf_result result_of(struct sg_text text)
{
    static const struct {
        const char *name;
        enum rf_result result;
    } results[] = {{"accepted", RF_RESULT_ACCEPTED}, {"rejected", RF_RESULT_REJECTED},
                   {"same", RF_RESULT_SAME},         {"different", RF_RESULT_DIFFERENT},
                   {"revived", RF_RESULT_REVIVED},   {"no_account", RF_RESULT_NO_ACCOUNT},
                   {"fork", RF_RESULT_FORK}};
    for (size_t i = 0; i < SG_COUNT_OF(results); i++)
        if (sg_text_is(text, results[i].name))
            return results[i].result;
    return text.data ? RF_RESULT_OTHER : RF_RESULT_NONE;
}

/* Degrees with decimals, in 1e-4; false if it is none in [-limit, limit]. */
static bool degrees(int32_t *out, struct sg_text text, int32_t limit)
{
    int64_t value = 0, scale = 0;
    size_t i = 0;
    const bool negative = text.size && text.data[0] == '-';
    for (i = negative; i < text.size; i++) {
        const char c = text.data[i];
        if (c == '.' && !scale && i > (size_t)negative)
            scale = 10000;
        else if (c < '0' || c > '9' || value > 10000000)
            return false;
        else if (!scale)
            value = 10 * value + (c - '0');
        else if (scale > 1) {
            scale /= 10;
            value = 10 * value + (c - '0');
        }
    }
    for (scale = scale ? scale : 10000; scale > 1; scale /= 10)
        value *= 10;
    *out = (int32_t)(negative ? -value : value);
    return i > (size_t)negative && value <= (int64_t)limit * 10000;
}

static enum sg_status take_slots(struct rf_event *e, struct sg_redflags *f,
                                 const struct sg_text *fields, struct sg_err *err)
{
    static const struct {
        uint16_t kinds; /* bit of each kind */
        enum rf_slot slot;
        enum sg_event_field field;
        enum rf_form form;
    } slots[] = {
        {1u << RF_CLAIM, RF_NAME, SG_EVENT_NAME, RF_FOLDED},
        {1u << RF_CLAIM, RF_VALUE, SG_EVENT_VALUE, RF_FOLDED},
        {1u << RF_CLAIM, RF_OTHER, SG_EVENT_OTHER, RF_FOLDED},
        {1u << RF_DOCUMENT | 1u << RF_PAYOUT, RF_NAME, SG_EVENT_NAME, RF_FOLDED},
        {1u << RF_DOCUMENT, RF_VALUE, SG_EVENT_VALUE, RF_LOWER},
        {1u << RF_PAYOUT, RF_VALUE, SG_EVENT_VALUE, RF_ACCOUNT},
        {1u << RF_CONTACT, RF_NAME, SG_EVENT_NAME, RF_FOLDED},
        {1u << RF_CONTACT, RF_VALUE, SG_EVENT_VALUE, RF_LOWER},
        {1u << RF_COMMIT, RF_NAME, SG_EVENT_NAME, RF_FOLDED},
        {1u << RF_COMMIT, RF_TEXT, SG_EVENT_TEXT, RF_LOWER},
        {1u << RF_SHIPMENT, RF_TEXT, SG_EVENT_ADDRESS, RF_FOLDED},
        {1u << RF_SHIPMENT | 1u << RF_LOGIN, RF_DEVICE, SG_EVENT_DEVICE, RF_LOWER},
        {1u << RF_LOGIN, RF_TOKEN, SG_EVENT_TOKEN, RF_EXACT},
        {1u << RF_LOGIN, RF_IP, SG_EVENT_IP, RF_LOWER},
        {1u << RF_LOGIN, RF_COUNTRY, SG_EVENT_COUNTRY, RF_LOWER},
        {1u << RF_LOGIN, RF_TOOL, SG_EVENT_TOOL, RF_LOWER},
        {1u << RF_REFERRAL | 1u << RF_RATING, RF_OTHER, SG_EVENT_OTHER, RF_EXACT},
        {1u << RF_BID, RF_TEXT, SG_EVENT_TEXT, RF_EXACT},
    };
    enum sg_status st = SG_OK;
    for (size_t i = 0; st == SG_OK && i < SG_COUNT_OF(slots); i++)
        if (slots[i].kinds >> e->kind & 1u)
            st = take(&e->text[slots[i].slot], f, slots[i].form, fields[slots[i].field], err);
    return st;
}

/* The year 9999: differences of times fit any integer. */
#define TIME_MAX INT64_C(253402300800)

/* A time that may be absent. */
static bool optional_time(int64_t *time, struct sg_text text)
{
    *time = SG_TIME_UNKNOWN;
    if (!text.data)
        return true;
    return sg_time_parse(time, text.data, text.size, NULL) == SG_OK && *time > -TIME_MAX &&
           *time < TIME_MAX;
}

/* What is not text; the reason if it cannot be used. */
static const char *take_figures(struct rf_event *e, const struct sg_text *fields)
{
    const struct sg_text lat = fields[SG_EVENT_LATITUDE], lon = fields[SG_EVENT_LONGITUDE];
    const int kind = kind_of(fields[SG_EVENT_KIND]);
    if (kind < 0)
        return "a kind that is none";
    e->kind = (uint8_t)kind;
    e->result = (uint8_t)result_of(fields[SG_EVENT_RESULT]);
    if (!optional_time(&e->time, fields[SG_EVENT_TIME]))
        return "a time that is none";
    const bool is_login = kind == RF_LOGIN;
    if (!optional_time(&e->other_time, fields[is_login ? SG_EVENT_UNTIL : SG_EVENT_MADE]))
        return is_login ? "an end that is no time" : "an author's date that is no time";
    e->lat = RF_NOWHERE;
    if (lat.data && lon.data && (!degrees(&e->lat, lat, 90) || !degrees(&e->lon, lon, 180)))
        return "coordinates that are none";
    return NULL;
}

enum sg_status sg_redflags_event(struct sg_redflags *f, const char **reason,
                                 const struct sg_text *fields, uint64_t number, struct sg_err *err)
{
    struct rf_event e = {.row = (uint32_t)number};
    const struct sg_text who = fields[SG_EVENT_PERSON];
    enum sg_status st = check_row(number, err);
    *reason = NULL;
    if (st != SG_OK)
        return st;
    const uint32_t record = record_of(f, who.size ? sg_dict_find(&f->pool, who) : 0);
    *reason = record ? take_figures(&e, fields) : "an event of a record that is not in the people";
    if (*reason)
        return SG_OK;
    e.person = record - 1;
    st = take_slots(&e, f, fields, err);
    if (st == SG_OK && !SG_VEC_RESERVE(f->events, f->n_events, f->events_cap, 1))
        st = sg_err_nomem(err);
    if (st == SG_OK)
        f->events[f->n_events++] = e;
    return st;
}

enum sg_status sg_redflags_cluster(struct sg_redflags *f, const char **reason,
                                   struct sg_text record, struct sg_text cluster,
                                   struct sg_err *err)
{
    const uint32_t r = record_of(f, record.size ? sg_dict_find(&f->pool, record) : 0);
    *reason = r ? NULL : "a record that is not in the people";
    return r ? take(&f->people[r - 1].cluster, f, RF_EXACT, cluster, err) : SG_OK;
}
