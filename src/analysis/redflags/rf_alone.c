/* The rules that look at one application at a time. Somebody who applied three times has had three
 * times the occasion for each small oddity: what came of one application is weighed with what came
 * of that one, and with what the person shares with others. Names and streets are compared with
 * those of all applications, so that a move contradicts nobody. */
#include "analysis/redflags/redflags_internal.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    enum sg_redrule_id rule;
    rf_rule_fn fn;
} alone[] = {
    {SG_RED_COUNTRIES, sg_rf_countries},
    {SG_RED_TRAVEL, sg_rf_travel},
    {SG_RED_LONG_SESSION, sg_rf_long_session},
    {SG_RED_REMOTE_DESKTOP, sg_rf_remote_desktop},
    {SG_RED_KVM, sg_rf_kvm},
    {SG_RED_SHIPPED_ELSEWHERE, sg_rf_shipped_elsewhere},
    {SG_RED_PAYOUT_OTHER_NAME, sg_rf_payout_other_name},
    {SG_RED_PAYOUT_CHANGES, sg_rf_payout_changes},
    {SG_RED_CONTRADICTION, sg_rf_contradiction},
    {SG_RED_CONTACT_CHURN, sg_rf_contact_churn},
    {SG_RED_MANY_BIDS, sg_rf_many_bids},
    {SG_RED_REVIVED_ACCOUNT, sg_rf_revived_account},
    {SG_RED_BACKDATED, sg_rf_backdated},
    {SG_RED_INJECTED_AUTHOR, sg_rf_injected_author},
    {SG_RED_COMMIT_IDENTITIES, sg_rf_commit_identities},
    {SG_RED_STAND_IN, sg_rf_stand_in},
    {SG_RED_TIME_ZONE, sg_rf_time_zone},
};

/* Rules over the events of one record; v->keys are those alone. */
static enum sg_status look(struct sg_redflags *f, const struct rf_view *v, struct sg_err *err)
{
    const uint32_t record = sg_rf_event_at(v, 0)->person;
    enum sg_status st = SG_OK;
    for (size_t r = 0; st == SG_OK && r < SG_COUNT_OF(alone); r++) {
        const struct sg_redrule *rule = &f->rules->rules[alone[r].rule];
        struct rf_note note = {.testable = false};
        if (!rule->enabled)
            continue;
        alone[r].fn(&note, v, rule);
        st = sg_rf_keep_of(f, v->identity, record, alone[r].rule, &note, err);
    }
    return st;
}

/* An event of an identity, by its record. */
struct of_record {
    uint32_t record, at;
    struct rf_key key;
};

static int by_record(const void *left, const void *right)
{
    const struct of_record *a = left, *b = right;
    if (a->record != b->record)
        return a->record < b->record ? -1 : 1;
    return (a->at > b->at) - (a->at < b->at);
}

/* The keys of an identity record by record, in order of time within each. */
static void sort_keys(struct rf_key *keys, struct of_record *items, const struct rf_view *v)
{
    for (uint32_t i = 0; i < v->n_keys; i++)
        items[i] = (struct of_record){sg_rf_event_at(v, i)->person, i, v->keys[i]};
    qsort(items, v->n_keys, sizeof(*items), by_record);
    for (uint32_t i = 0; i < v->n_keys; i++)
        keys[i] = items[i].key;
}

static enum sg_status look_each(struct sg_redflags *f, const struct rf_view *v, struct rf_key *keys,
                                struct sg_err *err)
{
    enum sg_status st = SG_OK;
    for (uint32_t i = 0, end; st == SG_OK && i < v->n_keys; i = end) {
        const uint32_t record = f->events[keys[i].event].person;
        for (end = i; end < v->n_keys && f->events[keys[end].event].person == record; end++)
            ;
        struct rf_view one = *v;
        one.keys = keys + i;
        one.n_keys = end - i;
        st = look(f, &one, err);
    }
    return st;
}

enum sg_status sg_rf_alone(struct sg_redflags *f, struct sg_err *err)
{
    struct rf_key *keys = sg_mem_alloc(f->n_events + 1, sizeof(*keys));
    struct of_record *items = sg_mem_alloc(f->n_events + 1, sizeof(*items));
    enum sg_status st = keys && items ? SG_OK : sg_err_nomem(err);
    for (uint32_t i = 0; st == SG_OK && i < f->n_identities; i++) {
        struct rf_view v;
        sg_rf_view(&v, f, i);
        if (!v.n_keys)
            continue;
        if (v.n_records == 1) {
            st = look(f, &v, err);
            continue;
        }
        sort_keys(keys, items, &v);
        st = look_each(f, &v, keys, err);
    }
    sg_mem_free(keys);
    sg_mem_free(items);
    return st;
}
