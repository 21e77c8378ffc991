/* What several identities use: network addresses, devices, tokens, delivery addresses, accounts,
 * trees of files. Each identity names a value once, whatever its number of logins, so the work is
 * linear; a value of more than at_most identities is a public place, counted and left out. */
#include "analysis/redflags/redflags_internal.h"

#include "base/mem.h"
#include "base/vec.h"

#include <string.h>

struct mention {
    uint32_t value, identity;
    uint32_t record, row;
    bool is_event;
};

/* The mentions of one rule's values. */
struct sharing {
    struct sg_redflags *f;
    enum sg_redrule_id rule;
    struct mention *mentions;
    size_t n, cap;
    uint32_t *seen;    /* by value: the last identity that named it, plus one */
    uint32_t *begin;   /* by value, in `order` */
    uint32_t *order;   /* mentions by value, then by identity */
    uint32_t *parties; /* by value: sharers, each circle counted once; 0: public */
    uint8_t *is_employer;
    uint32_t identity;
    bool failed;
};

static void mention(struct sharing *s, uint32_t value, uint32_t record, uint32_t row, bool is_event)
{
    if (!value)
        return;
    s->f->results[s->identity].testable |= 1u << s->rule;
    if (s->seen[value] == s->identity + 1)
        return;
    s->seen[value] = s->identity + 1;
    if (!SG_VEC_RESERVE(s->mentions, s->n, s->cap, 1)) {
        s->failed = true;
        return;
    }
    s->mentions[s->n++] = (struct mention){value, s->identity, record, row, is_event};
}

static void mention_event(struct sharing *s, const struct rf_event *e, enum rf_slot slot)
{
    mention(s, e->text[slot], e->person, e->row, true);
}

static void mention_person(struct sharing *s, uint32_t record, uint32_t value)
{
    mention(s, value, record, s->f->people[record].row, false);
}

/* A delivery to one's own home is nobody else's business. */
static bool is_home(const struct rf_view *v, uint32_t address)
{
    for (uint32_t r = 0; r < sg_rf_n_compared(v); r++) {
        const char *street = sg_dict_text(&v->f->pool, sg_rf_record(v, r)->street);
        if (*street && strstr(sg_dict_text(&v->f->pool, address), street))
            return true;
    }
    return false;
}

/* Which values of events each rule looks at. */
static const struct {
    enum sg_redrule_id rule;
    unsigned kinds; /* bit of each kind */
    enum rf_slot slot;
} uses[] = {
    {SG_RED_SHARED_IP, 1u << RF_LOGIN, RF_IP},
    {SG_RED_SHARED_DEVICE, 1u << RF_LOGIN | 1u << RF_SHIPMENT, RF_DEVICE},
    {SG_RED_SHARED_TOKEN, 1u << RF_LOGIN, RF_TOKEN},
    {SG_RED_SHARED_SHIPMENT, 1u << RF_SHIPMENT, RF_TEXT},
    {SG_RED_SHARED_PAYOUT, 1u << RF_PAYOUT, RF_VALUE},
    {SG_RED_COPIED_CODE, 1u << RF_COMMIT, RF_TEXT},
};

/* A VPN exit is everybody's, a fork says that it is a copy. */
static bool is_left_out(const struct sharing *s, const struct rf_view *v, const struct rf_event *e)
{
    if (s->rule == SG_RED_SHARED_IP)
        return e->text[RF_TOOL] == s->f->vpn;
    if (s->rule == SG_RED_SHARED_SHIPMENT)
        return is_home(v, e->text[RF_TEXT]);
    return s->rule == SG_RED_COPIED_CODE && e->result == RF_RESULT_FORK;
}

static void event_values(struct sharing *s, const struct rf_view *v, const struct rf_event *e)
{
    for (size_t i = 0; i < SG_COUNT_OF(uses); i++)
        if (uses[i].rule == s->rule && uses[i].kinds >> e->kind & 1u && !is_left_out(s, v, e))
            mention_event(s, e, uses[i].slot);
}

static void record_values(struct sharing *s, uint32_t record)
{
    const struct rf_person *p = &s->f->people[record];
    if (s->rule == SG_RED_SHARED_IP)
        mention_person(s, record, p->ip);
    else if (s->rule == SG_RED_SHARED_DEVICE)
        mention_person(s, record, p->device);
    else if (s->rule == SG_RED_SHARED_PAYOUT) {
        mention_person(s, record, p->bank);
        mention_person(s, record, p->wallet);
    }
}

static void gather(struct sharing *s)
{
    for (s->identity = 0; s->identity < s->f->n_identities && !s->failed; s->identity++) {
        struct rf_view view;
        sg_rf_view(&view, s->f, s->identity);
        for (uint32_t r = 0; r < view.n_records; r++)
            record_values(s, view.records[r]);
        for (uint32_t i = 0; i < view.n_keys; i++)
            event_values(s, &view, sg_rf_event_at(&view, i));
    }
}

/* Mentions by value; those of a value stay in the order of identities. */
static bool group(struct sharing *s)
{
    s->order = sg_mem_alloc(s->n + 1, sizeof(*s->order));
    s->begin = sg_mem_zalloc(sg_rf_n_texts(s->f) + 1, sizeof(*s->begin));
    if (!s->order || !s->begin)
        return false;
    for (size_t i = 0; i < s->n; i++)
        s->begin[s->mentions[i].value]++;
    sg_rf_ends(s->begin, sg_rf_n_texts(s->f));
    for (size_t i = s->n; i-- > 0;)
        s->order[--s->begin[s->mentions[i].value]] = (uint32_t)i;
    return true;
}

static uint32_t sharers(const struct sharing *s, uint32_t value)
{
    return s->begin[value + 1] - s->begin[value];
}

/* Whom a sharer counts with. A second factor is nobody's family's, and code is not shared at home.
 */
static uint32_t party_of(const struct sharing *s, uint32_t identity)
{
    const struct sg_redflags *f = s->f;
    if (s->rule == SG_RED_SHARED_PAYOUT && f->agency[identity] != identity)
        return f->agency[identity];
    return s->rule == SG_RED_SHARED_TOKEN || s->rule == SG_RED_COPIED_CODE ? identity
                                                                           : f->household[identity];
}

/* Values of more than at_most identities are public places: they keep no parties. */
static bool count_parties(struct sharing *s)
{
    const uint32_t at_most = s->f->rules->rules[s->rule].at_most;
    struct sg_redflags_common *common = &s->f->common[s->rule];
    uint32_t *last = sg_mem_zalloc((size_t)s->f->n_identities + 1, sizeof(*last));
    s->parties = sg_mem_zalloc(sg_rf_n_texts(s->f) + 1, sizeof(*s->parties));
    for (uint32_t value = 1; last && s->parties && value < sg_rf_n_texts(s->f); value++) {
        const uint32_t n = sharers(s, value);
        if (n > at_most) {
            common->values++;
            common->most = n > common->most ? n : common->most;
            continue;
        }
        for (uint32_t k = 0; k < n; k++) {
            const struct mention *m = &s->mentions[s->order[s->begin[value] + k]];
            uint32_t *seen = &last[party_of(s, m->identity)];
            s->parties[value] += *seen != value;
            *seen = value;
        }
    }
    sg_mem_free(last);
    return last && s->parties;
}

static void add_mention(struct rf_note *note, const struct mention *m)
{
    if (note->n_refs < SG_REDFLAGS_REFS_MAX)
        note->refs[note->n_refs++] = (struct sg_redflags_ref){m->record, m->row, m->is_event};
}

/* The finding of one identity: its own mention first, then those of other parties, then the rest.
 */
static enum sg_status keep_shared(struct sharing *s, enum sg_redrule_id rule,
                                  const struct mention *own, struct sg_err *err)
{
    struct rf_note note = {.testable = true, .found = true, .text = own->value};
    add_mention(&note, own);
    for (unsigned round = 0; round < 2; round++)
        for (uint32_t k = s->begin[own->value]; k < s->begin[own->value + 1]; k++) {
            const struct mention *m = &s->mentions[s->order[k]];
            const bool is_near = party_of(s, m->identity) == party_of(s, own->identity);
            if (m != own && is_near == (round == 1))
                add_mention(&note, m);
        }
    note.number = s->parties[own->value];
    note.of = note.n_refs = sharers(s, own->value);
    return sg_rf_keep(s->f, own->identity, rule, &note, err);
}

/* Rules whose values tie their users to one another. A network address and a delivery address are
 * places, where strangers meet. */
static bool is_tie(enum sg_redrule_id rule)
{
    return rule == SG_RED_SHARED_DEVICE || rule == SG_RED_SHARED_TOKEN ||
           rule == SG_RED_SHARED_PAYOUT || rule == SG_RED_COPIED_CODE;
}

/* Everybody who uses a value of several parties. */
static enum sg_status keep_ties(struct sharing *s, struct sg_err *err)
{
    struct sg_redflags *f = s->f;
    const uint32_t at_least = f->rules->rules[s->rule].at_least;
    const uint32_t first = f->n_ties ? f->ties[f->n_ties - 1].group + 1 : 0;
    for (uint32_t value = 1; value < sg_rf_n_texts(f); value++) {
        if (s->parties[value] < at_least)
            continue;
        if (!SG_VEC_RESERVE(f->ties, f->n_ties, f->ties_cap, sharers(s, value)))
            return sg_err_nomem(err);
        for (uint32_t k = s->begin[value]; k < s->begin[value + 1]; k++) {
            const struct mention *m = &s->mentions[s->order[k]];
            f->ties[f->n_ties++] = (struct rf_tie){first + value,
                                                   m->identity,
                                                   party_of(s, m->identity),
                                                   {m->record, m->row, m->is_event},
                                                   s->rule};
        }
    }
    return SG_OK;
}

/* Mentions come identity by identity: of each the value that most others share. */
static enum sg_status find_shared(struct sharing *s, struct sg_err *err)
{
    const uint32_t at_least = s->f->rules->rules[s->rule].at_least;
    enum sg_status st = SG_OK;
    for (size_t i = 0; st == SG_OK && i < s->n;) {
        const struct mention *best = NULL;
        const uint32_t identity = s->mentions[i].identity;
        for (; i < s->n && s->mentions[i].identity == identity; i++) {
            const uint32_t n = s->parties[s->mentions[i].value];
            if (n >= at_least && (!best || n > s->parties[best->value]))
                best = &s->mentions[i];
        }
        if (best)
            st = keep_shared(s, s->rule, best, err);
    }
    return st;
}

/* Identities with a record in the role of an employer. */
static bool find_roles(struct sharing *s)
{
    s->is_employer = sg_mem_zalloc((size_t)s->f->n_identities + 1, 1);
    for (size_t i = 0; s->is_employer && i < s->f->n_people; i++)
        s->is_employer[s->f->people[i].identity] |= s->f->people[i].role == RF_ROLE_EMPLOYER;
    return s->is_employer;
}

static uint32_t n_employers(const struct sharing *s, uint32_t value)
{
    uint32_t n = 0;
    for (uint32_t k = s->begin[value]; k < s->begin[value + 1]; k++)
        n += s->is_employer[s->mentions[s->order[k]].identity];
    return n;
}

/* employer_payout: among the parties paid to one account are an employer and somebody who is none.
 */
static enum sg_status find_employers(struct sharing *s, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    memset(s->seen, 0,
           sg_rf_n_texts(s->f) * sizeof(*s->seen)); /* now: the value is such an account */
    for (uint32_t value = 1; value < sg_rf_n_texts(s->f); value++) {
        const uint32_t n = s->parties[value] > 1 ? n_employers(s, value) : 0;
        s->seen[value] = n > 0 && n < sharers(s, value);
    }
    for (size_t i = 0; st == SG_OK && i < s->n; i++) {
        const struct mention *m = &s->mentions[i];
        const bool first = i == 0 || s->mentions[i - 1].identity != m->identity ||
                           !s->seen[s->mentions[i - 1].value];
        if (s->seen[m->value] && first)
            st = keep_shared(s, SG_RED_EMPLOYER_PAYOUT, m, err);
    }
    return st;
}

/* Everybody with an account could have been caught, as long as some employer has one. */
static void employers_testable(struct sharing *s)
{
    bool any = false;
    for (size_t i = 0; i < s->n && !any; i++)
        any = s->is_employer[s->mentions[i].identity];
    for (size_t i = 0; any && i < s->n; i++)
        s->f->results[s->mentions[i].identity].testable |= 1u << SG_RED_EMPLOYER_PAYOUT;
}

static enum sg_status look(struct sg_redflags *f, enum sg_redrule_id rule, struct sg_err *err)
{
    struct sharing s = {.f = f, .rule = rule};
    enum sg_status st = SG_OK;
    s.seen = sg_mem_zalloc(sg_rf_n_texts(f) + 1, sizeof(*s.seen));
    if (s.seen)
        gather(&s);
    if (!s.seen || s.failed || !group(&s))
        st = sg_err_nomem(err);
    if (st == SG_OK && !count_parties(&s))
        st = sg_err_nomem(err);
    if (st == SG_OK && f->rules->rules[rule].enabled)
        st = find_shared(&s, err);
    if (st == SG_OK && f->rules->rules[rule].enabled && is_tie(rule))
        st = keep_ties(&s, err);
    if (st == SG_OK && rule == SG_RED_SHARED_PAYOUT &&
        f->rules->rules[SG_RED_EMPLOYER_PAYOUT].enabled) {
        st = find_roles(&s) ? SG_OK : sg_err_nomem(err);
        if (st == SG_OK) {
            employers_testable(&s);
            st = find_employers(&s, err);
        }
    }
    sg_mem_free(s.mentions);
    sg_mem_free(s.seen);
    sg_mem_free(s.begin);
    sg_mem_free(s.order);
    sg_mem_free(s.parties);
    sg_mem_free(s.is_employer);
    return st;
}

enum sg_status sg_rf_shared(struct sg_redflags *f, struct sg_err *err)
{
    static const enum sg_redrule_id rules[] = {SG_RED_SHARED_IP,     SG_RED_SHARED_DEVICE,
                                               SG_RED_SHARED_TOKEN,  SG_RED_SHARED_SHIPMENT,
                                               SG_RED_SHARED_PAYOUT, SG_RED_COPIED_CODE};
    enum sg_status st = SG_OK;
    for (size_t i = 0; st == SG_OK && i < SG_COUNT_OF(rules); i++)
        if (f->rules->rules[rules[i]].enabled || rules[i] == SG_RED_SHARED_PAYOUT)
            st = look(f, rules[i], err);
    return st;
}
