#include "analysis/redflags/redflags_internal.h"

#include "base/mem.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

enum sg_status sg_redflags_new(struct sg_redflags **flags, const struct sg_redrules *rules,
                               const struct sg_redflags_sanctions *sanctions, struct sg_err *err)
{
    struct sg_redflags *f = sg_mem_zalloc(1, sizeof(*f));
    if (!f)
        return sg_err_nomem(err);
    f->rules = rules;
    f->sanctions = *sanctions;
    f->scratch.max = 4 * (size_t)1024 * 1024;
    const enum sg_status st = sg_dict_number(&f->vpn, &f->pool, (struct sg_text){"vpn", 3}, err);
    if (st != SG_OK) {
        sg_redflags_free(f);
        return st;
    }
    *flags = f;
    return SG_OK;
}

void sg_redflags_free(struct sg_redflags *f)
{
    if (!f)
        return;
    sg_dict_clear(&f->pool);
    sg_buf_clear(&f->scratch);
    sg_mem_free(f->people);
    sg_mem_free(f->person_of);
    sg_mem_free(f->events);
    sg_mem_free(f->records);
    sg_mem_free(f->records_begin);
    sg_mem_free(f->household);
    sg_mem_free(f->agency);
    sg_mem_free(f->keys);
    sg_mem_free(f->keys_begin);
    sg_mem_free(f->findings);
    sg_mem_free(f->results);
    sg_mem_free(f->ties);
    sg_mem_free(f->carried_of);
    sg_mem_free(f->carried);
    sg_mem_free(f);
}

void sg_rf_view(struct rf_view *view, const struct sg_redflags *f, uint32_t identity)
{
    const uint32_t records = f->records_begin[identity], keys = f->keys_begin[identity];
    *view = (struct rf_view){f,
                             identity,
                             f->records + records,
                             f->records_begin[identity + 1] - records,
                             f->keys + keys,
                             f->keys_begin[identity + 1] - keys};
}

static void add_ref(struct rf_note *note, struct sg_redflags_ref ref)
{
    if (note->n_refs < SG_REDFLAGS_REFS_MAX)
        note->refs[note->n_refs] = ref;
    note->n_refs++;
}

void sg_rf_ref_event(struct rf_note *note, const struct rf_event *event)
{
    add_ref(note, (struct sg_redflags_ref){event->person, event->row, true});
}

void sg_rf_ref_person(struct rf_note *note, const struct sg_redflags *f, uint32_t record)
{
    add_ref(note, (struct sg_redflags_ref){record, f->people[record].row, false});
}

enum sg_status sg_rf_keep(struct sg_redflags *f, uint32_t identity, enum sg_redrule_id rule,
                          const struct rf_note *note, struct sg_err *err)
{
    return sg_rf_keep_of(f, identity, SG_REDFLAGS_ALL, rule, note, err);
}

enum sg_status sg_rf_keep_of(struct sg_redflags *f, uint32_t identity, uint32_t record,
                             enum sg_redrule_id rule, const struct rf_note *note,
                             struct sg_err *err)
{
    if (note->testable)
        f->results[identity].testable |= 1u << rule;
    if (!note->found)
        return SG_OK;
    if (!SG_VEC_RESERVE(f->findings, f->n_findings, f->findings_cap, 1))
        return sg_err_nomem(err);
    struct sg_redflags_finding *finding = &f->findings[f->n_findings++];
    *finding = (struct sg_redflags_finding){.identity = identity,
                                            .record = record,
                                            .rule = rule,
                                            .weight = f->rules->rules[rule].weight,
                                            .number = note->number,
                                            .of = note->of,
                                            .n_refs = note->n_refs};
    finding->text = note->text ? sg_dict_text(&f->pool, note->text) : NULL;
    memcpy(finding->refs, note->refs, sizeof(note->refs));
    return SG_OK;
}

void sg_rf_ends(uint32_t *counts, size_t n)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < n; i++)
        counts[i] = sum += counts[i];
    counts[n] = sum;
}

static int by_time(const void *left, const void *right)
{
    const struct rf_key *a = left, *b = right;
    if (a->time != b->time)
        return a->time < b->time ? -1 : 1;
    return (a->row > b->row) - (a->row < b->row);
}

/* Events of each identity in order of time. */
static enum sg_status sort_events(struct sg_redflags *f, struct sg_err *err)
{
    f->keys = sg_mem_alloc(f->n_events + 1, sizeof(*f->keys));
    f->keys_begin = sg_mem_zalloc((size_t)f->n_identities + 1, sizeof(*f->keys_begin));
    if (!f->keys || !f->keys_begin)
        return sg_err_nomem(err);
    for (size_t i = 0; i < f->n_events; i++)
        f->keys_begin[f->people[f->events[i].person].identity]++;
    sg_rf_ends(f->keys_begin, f->n_identities);
    for (size_t i = f->n_events; i-- > 0;) {
        const struct rf_event *e = &f->events[i];
        f->keys[--f->keys_begin[f->people[e->person].identity]] =
            (struct rf_key){e->time, e->row, (uint32_t)i};
    }
    for (uint32_t i = 0; i < f->n_identities; i++) {
        const uint32_t begin = f->keys_begin[i], n = f->keys_begin[i + 1] - begin;
        if (n > 1)
            qsort(f->keys + begin, n, sizeof(*f->keys), by_time);
    }
    return SG_OK;
}

enum sg_status sg_redflags_run(struct sg_redflags *f, struct sg_err *err)
{
    enum sg_status st = sg_rf_identities(f, err);
    if (st == SG_OK)
        st = sg_rf_circles(f, err);
    if (st == SG_OK)
        st = sort_events(f, err);
    if (st == SG_OK) {
        f->results = sg_mem_zalloc((size_t)f->n_identities + 1, sizeof(*f->results));
        st = f->results ? SG_OK : sg_err_nomem(err);
    }
    if (st == SG_OK)
        st = sg_rf_alone(f, err);
    if (st == SG_OK)
        st = sg_rf_shared(f, err);
    if (st == SG_OK)
        st = sg_rf_texts(f, err);
    if (st == SG_OK)
        st = sg_rf_ratings(f, err);
    if (st == SG_OK)
        st = sg_rf_sanctions(f, err);
    if (st != SG_OK)
        return st;
    sg_rf_judge(f);
    st = sg_rf_carry(f, err); /* what others have is known only now, */
    sg_rf_judge(f);
    if (st == SG_OK)
        st = sg_rf_referrals(f, err); /* and who is flagged only now */
    sg_rf_judge(f);
    return st == SG_OK && f->lacked_memory ? sg_err_nomem(err) : st;
}

uint32_t sg_redflags_count(const struct sg_redflags *f)
{
    return f->n_identities;
}

uint32_t sg_redflags_records(const struct sg_redflags *f)
{
    return (uint32_t)f->n_people;
}

const char *sg_redflags_record_id(const struct sg_redflags *f, uint32_t record)
{
    return sg_dict_text(&f->pool, f->people[record].id);
}

uint32_t sg_redflags_identity_of(const struct sg_redflags *f, uint32_t record)
{
    return f->people[record].identity;
}

struct sg_redflags_common sg_redflags_common(const struct sg_redflags *f, enum sg_redrule_id rule)
{
    return f->common[rule];
}

struct sg_redflags_common sg_redflags_placeholders(const struct sg_redflags *f)
{
    return f->placeholders;
}

void sg_redflags_identity(struct sg_redflags_identity *identity, const struct sg_redflags *f,
                          uint32_t index)
{
    const struct rf_result_of *result = &f->results[index];
    const uint32_t records = f->records_begin[index];
    *identity = (struct sg_redflags_identity){
        .records = f->records + records,
        .n_records = f->records_begin[index + 1] - records,
        .findings = result->n_findings ? f->findings + result->first_finding : NULL,
        .n_findings = result->n_findings,
        .testable = result->testable,
        .classes = result->classes,
        .n_classes = (unsigned)__builtin_popcount(result->classes),
        .weight = result->weight,
        .is_alert = result->is_alert,
        .is_sanctioned = result->is_sanctioned,
    };
}
