/* Shipments, payouts, contacts, bids, accounts, commits and interviews of one identity. */
#include "analysis/redflags/redflags_internal.h"

#include "base/civil.h"

#include <string.h>

#define YEAR       (365 * RF_DAY)
#define BACKDATE_S (180 * RF_DAY)

/* The next event of a kind at or behind *i; NULL at the end. */
static const struct rf_event *next_of(uint32_t *i, const struct rf_view *v, enum rf_kind kind)
{
    for (; *i < v->n_keys; ++*i) {
        const struct rf_event *e = sg_rf_event_at(v, *i);
        if (e->kind == kind)
            return e;
    }
    return NULL;
}

static const char *text_of(const struct rf_view *v, uint32_t id)
{
    return sg_dict_text(&v->f->pool, id);
}

static void count(struct rf_note *note, const struct rf_event *e)
{
    note->number++;
    sg_rf_ref_event(note, e);
}

/* 1: the address is one that a record claims; 0: it is none of them; -1: it cannot be told,
 * because no record claims one that is written in the same script. */
static int is_own_address(const struct rf_view *v, const char *address)
{
    int answer = -1;
    for (uint32_t r = 0; r < sg_rf_n_compared(v); r++) {
        const char *street = text_of(v, sg_rf_record(v, r)->street);
        if (*street && strstr(address, street))
            return 1;
        if (*street && sg_rf_same_script(street, address))
            answer = 0;
    }
    return answer;
}

/* shipped_elsewhere: equipment went to an address that does not hold the claimed street. */
void sg_rf_shipped_elsewhere(struct rf_note *note, const struct rf_view *v,
                             const struct sg_redrule *rule)
{
    const struct rf_event *e;
    for (uint32_t i = 0; (e = next_of(&i, v, RF_SHIPMENT)); i++) {
        const int own = e->text[RF_TEXT] ? is_own_address(v, text_of(v, e->text[RF_TEXT])) : -1;
        note->testable |= own >= 0;
        if (own == 0) {
            note->text = e->text[RF_TEXT];
            count(note, e);
        }
    }
    note->found = note->number >= rule->at_least;
}

/* 1: a record has a word of this name; 0: none has; -1: no record's name is in its script. */
static int is_own_name(const struct rf_view *v, const char *name)
{
    int answer = -1;
    for (uint32_t r = 0; r < sg_rf_n_compared(v); r++) {
        const char *own = text_of(v, sg_rf_record(v, r)->name);
        if (sg_rf_share_word(own, name))
            return 1;
        if (sg_rf_same_script(own, name))
            answer = 0;
    }
    return answer;
}

/* payout_other_name: the name on papers, or of the holder of the account, shares no word with the
 * name of the person. */
void sg_rf_payout_other_name(struct rf_note *note, const struct rf_view *v,
                             const struct sg_redrule *rule)
{
    for (uint32_t i = 0; i < v->n_keys; i++) {
        const struct rf_event *e = sg_rf_event_at(v, i);
        if ((e->kind != RF_PAYOUT && e->kind != RF_DOCUMENT) || !e->text[RF_NAME])
            continue;
        const int own = is_own_name(v, text_of(v, e->text[RF_NAME]));
        note->testable |= own >= 0;
        if (own == 0)
            count(note, e);
    }
    note->found = note->number >= rule->at_least;
}

/* payout_changes: the account is another than at the payout before. */
void sg_rf_payout_changes(struct rf_note *note, const struct rf_view *v,
                          const struct sg_redrule *rule)
{
    const struct rf_event *e, *before = NULL;
    for (uint32_t i = 0; (e = next_of(&i, v, RF_PAYOUT)); i++) {
        if (!e->text[RF_VALUE])
            continue;
        note->testable |= before != NULL;
        if (before && before->text[RF_VALUE] != e->text[RF_VALUE])
            count(note, e);
        before = e;
    }
    note->found = note->number >= rule->at_least;
}

/* contact_churn: so many changes of contact details within a year. */
void sg_rf_contact_churn(struct rf_note *note, const struct rf_view *v,
                         const struct sg_redrule *rule)
{
    const struct rf_event *e, *first;
    uint32_t begin = 0, n = 0;
    for (uint32_t i = 0; (e = next_of(&i, v, RF_CONTACT)); i++) {
        note->testable = true;
        n++;
        while ((first = next_of(&begin, v, RF_CONTACT)) && first->time < e->time - YEAR) {
            begin++;
            n--;
        }
        sg_rf_ref_event(note, e);
        note->number = n > note->number ? n : note->number;
    }
    note->found = note->number >= rule->at_least;
}

/* many_bids: so many bids for each that was accepted (for one, where none was). */
void sg_rf_many_bids(struct rf_note *note, const struct rf_view *v, const struct sg_redrule *rule)
{
    const struct rf_event *e;
    uint32_t accepted = 0, bids = 0;
    for (uint32_t i = 0; (e = next_of(&i, v, RF_BID)); i++) {
        if (e->result != RF_RESULT_ACCEPTED && e->result != RF_RESULT_REJECTED)
            continue;
        accepted += e->result == RF_RESULT_ACCEPTED;
        bids++;
        sg_rf_ref_event(note, e);
    }
    note->testable = bids > 0;
    note->number = bids;
    note->of = accepted;
    note->found = bids / (accepted ? accepted : 1) >= rule->at_least;
}

/* Events of a kind with one result count; those of that kind with any result make it testable. */
static void results(struct rf_note *note, const struct rf_view *v, const struct sg_redrule *rule,
                    enum rf_kind kind, enum rf_result result)
{
    const struct rf_event *e;
    for (uint32_t i = 0; (e = next_of(&i, v, kind)); i++) {
        note->testable |= kind == RF_COMMIT || e->result != RF_RESULT_NONE;
        if (e->result == result)
            count(note, e);
    }
    note->found = note->number >= rule->at_least;
}

/* revived_account: an account that had slept was taken up again. */
void sg_rf_revived_account(struct rf_note *note, const struct rf_view *v,
                           const struct sg_redrule *rule)
{
    results(note, v, rule, RF_ACCOUNT_EVENT, RF_RESULT_REVIVED);
}

/* injected_author: the host knows no such author. */
void sg_rf_injected_author(struct rf_note *note, const struct rf_view *v,
                           const struct sg_redrule *rule)
{
    results(note, v, rule, RF_COMMIT, RF_RESULT_NO_ACCOUNT);
}

/* stand_in: an interviewer attests that another person came. Nothing here looks at pictures. */
void sg_rf_stand_in(struct rf_note *note, const struct rf_view *v, const struct sg_redrule *rule)
{
    results(note, v, rule, RF_INTERVIEW, RF_RESULT_DIFFERENT);
}

/* backdated: the author's date lies half a year or more before the push. */
void sg_rf_backdated(struct rf_note *note, const struct rf_view *v, const struct sg_redrule *rule)
{
    const struct rf_event *e;
    for (uint32_t i = 0; (e = next_of(&i, v, RF_COMMIT)); i++) {
        if (e->other_time == SG_TIME_UNKNOWN)
            continue;
        note->testable = true;
        if (e->time - e->other_time >= BACKDATE_S)
            count(note, e);
    }
    note->found = note->number >= rule->at_least;
}

/* commit_identities: one account commits as several authors. Only the first so many are told
 * apart; more make no difference. */
void sg_rf_commit_identities(struct rf_note *note, const struct rf_view *v,
                             const struct sg_redrule *rule)
{
    uint32_t seen[64];
    const uint32_t most = rule->at_least < 64 ? rule->at_least : 64;
    const struct rf_event *e;
    for (uint32_t i = 0; (e = next_of(&i, v, RF_COMMIT)) && note->number < most; i++) {
        uint32_t k = 0;
        if (!e->text[RF_NAME])
            continue;
        note->testable = true;
        while (k < note->number && seen[k] != e->text[RF_NAME])
            k++;
        if (k < note->number)
            continue;
        seen[k] = e->text[RF_NAME];
        count(note, e);
    }
    note->found = note->number >= most;
}

/* Claims of one identity that are compared: people make a handful. */
#define CLAIMS_MAX 256u

/* The first claim of the same fact by the same record. */
static const struct rf_event *first_claim(const struct rf_event *const *claims,
                                          const struct rf_event *e)
{
    while (claims[0]->text[RF_NAME] != e->text[RF_NAME] || claims[0]->person != e->person)
        claims++;
    return claims[0];
}

static void compare_claims(struct rf_note *note, const struct rf_view *v)
{
    const struct rf_event *claims[CLAIMS_MAX], *e;
    uint32_t n = 0;
    for (uint32_t i = 0; n < CLAIMS_MAX && (e = next_of(&i, v, RF_CLAIM)); i++) {
        claims[n++] = e;
        const struct rf_event *first = first_claim(claims, e);
        if (first->text[RF_OTHER] == e->text[RF_OTHER])
            continue;
        note->testable = true;
        if (first->text[RF_VALUE] != e->text[RF_VALUE]) {
            note->text = e->text[RF_NAME];
            sg_rf_ref_event(note, first);
            count(note, e);
        }
    }
}

/* contradiction: a fact claimed with two values in two places, or papers with another number than
 * the record says. */
void sg_rf_contradiction(struct rf_note *note, const struct rf_view *v,
                         const struct sg_redrule *rule)
{
    const struct rf_event *e;
    compare_claims(note, v);
    for (uint32_t i = 0; (e = next_of(&i, v, RF_DOCUMENT)); i++) {
        const uint32_t claimed = v->f->people[e->person].document;
        if (!claimed || !e->text[RF_VALUE])
            continue;
        note->testable = true;
        if (claimed != e->text[RF_VALUE])
            count(note, e);
    }
    note->found = note->number >= rule->at_least;
}
