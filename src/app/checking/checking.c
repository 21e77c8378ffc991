#include "app/checking/checking_internal.h"

#include "app/rosterfile.h"
#include "base/mem.h"
#include "store/file/file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define PEOPLE 0
#define EVENTS 1

static enum sg_status read_rules(struct sg_checking *c, struct sg_err *err)
{
    const struct sg_text builtin = sg_redrules_builtin();
    uint8_t *bytes = NULL;
    size_t size = 0;
    if (!c->options.rules)
        return sg_redrules_parse(&c->rules, &c->arena, builtin.data, builtin.size, err);
    enum sg_status st = sg_file_read(&bytes, &size, c->options.rules, SG_SMALL_FILE_MAX, err);
    if (st == SG_OK) {
        st = sg_redrules_parse(&c->rules, &c->arena, (const char *)bytes, size, err);
        if (st != SG_OK)
            sg_err_frame(err, "%s", c->options.rules);
    }
    sg_mem_free(bytes);
    return st;
}

/* A file that is not there yet holds no decisions. */
static enum sg_status read_decisions(struct sg_checking *c, struct sg_err *err)
{
    uint8_t *bytes = NULL;
    size_t size = 0;
    if (!c->options.decisions)
        return SG_OK;
    struct sg_err why = {.os_errno = 0};
    enum sg_status st = sg_file_read(&bytes, &size, c->options.decisions, SG_SMALL_FILE_MAX, &why);
    if (st == SG_EIO && why.os_errno == ENOENT)
        return SG_OK;
    if (st == SG_OK) {
        st = sg_decisions_parse(&c->decisions, &c->n_decisions, &c->arena, (const char *)bytes,
                                size, &why);
        if (st == SG_EPARSE)
            sg_err_frame(&why, "%s", c->options.decisions);
    }
    if (st != SG_OK && err)
        *err = why;
    sg_mem_free(bytes);
    return st;
}

/* A table while it is read. */
struct reading {
    struct sg_checking *c;
    size_t table;
    struct sg_people_events_reader *reader;
    uint64_t done, total;
};

static enum sg_status on_bad(void *ctx, uint64_t number, const char *reason, struct sg_err *err)
{
    struct reading *r = ctx;
    struct sg_checking_table *table = &r->c->tables[r->table];
    (void)err;
    if (table->bad < SG_CHECKING_BAD_MAX) {
        table->first_bad[table->bad].row = number;
        table->first_bad[table->bad].reason = reason;
    }
    table->bad++;
    return SG_OK;
}

static enum sg_status on_row(void *ctx, const struct sg_text *fields, uint64_t number,
                             struct sg_err *err)
{
    struct reading *r = ctx;
    const char *reason;
    const enum sg_status st = r->table == PEOPLE
                                  ? sg_redflags_person(r->c->flags, &reason, fields, number, err)
                                  : sg_redflags_event(r->c->flags, &reason, fields, number, err);
    if (st == SG_OK && reason)
        return on_bad(r, number, reason, err);
    r->c->tables[r->table].rows += st == SG_OK;
    return st;
}

static enum sg_status on_bytes(void *ctx, const uint8_t *bytes, size_t size, struct sg_err *err)
{
    struct reading *r = ctx;
    r->done += size;
    if (!sg_progress_step(r->c->options.progress, r->done, r->total))
        return sg_err_set(err, SG_ECANCELLED, "stopped");
    return sg_people_events_reader_feed(r->reader, (const char *)bytes, size, err);
}

static enum sg_status read_table(struct sg_checking *c, size_t table, struct sg_err *err)
{
    const char *path = c->tables[table].path;
    struct reading r = {.c = c, .table = table, .total = sg_file_size(path)};
    const struct sg_people_events_sink sink = {on_row, on_bad, &r};
    enum sg_status st = sg_people_events_reader_new(
        &r.reader, table == PEOPLE ? SG_PEOPLE_EVENTS_PEOPLE : SG_PEOPLE_EVENTS_EVENTS, &sink, err);
    if (st == SG_OK)
        st = sg_file_stream(path, on_bytes, &r, err);
    if (st == SG_OK)
        st = sg_people_events_reader_finish(r.reader, err);
    if (st == SG_EPARSE || st == SG_ELIMIT)
        sg_err_frame(err, "%s", path);
    if (st == SG_OK)
        c->tables[table].ignored = sg_people_events_reader_ignored(r.reader);
    sg_people_events_reader_free(r.reader);
    return st;
}

/* Alerts before others, then by weight, then as they stand in the file. */
static enum sg_status take_clusters(struct sg_checking *c, const struct sg_roster *roster,
                                    struct sg_err *err)
{
    const size_t record = sg_roster_column(roster, "record"),
                 cluster = sg_roster_column(roster, "cluster");
    enum sg_status st = SG_OK;
    if (record == SIZE_MAX || cluster == SIZE_MAX || roster->n_bad)
        return sg_err_set(err, SG_EPARSE,
                          "%s: not a file of `workers link --clusters`: it has the columns record "
                          "and cluster, and no bad row",
                          c->options.clusters);
    for (size_t r = 0; st == SG_OK && r < roster->n_rows; r++) {
        const char *reason;
        st = sg_redflags_cluster(c->flags, &reason, sg_roster_cell(roster, record, r),
                                 sg_roster_cell(roster, cluster, r), err);
        if (st == SG_OK && reason)
            st = sg_err_set(err, SG_EPARSE, "%s: row %zu: %s", c->options.clusters, r + 2, reason);
    }
    return st;
}

static enum sg_status read_clusters(struct sg_checking *c, struct sg_err *err)
{
    struct sg_roster roster = {.n_rows = 0};
    if (!c->options.clusters)
        return SG_OK;
    enum sg_status st = sg_rosterfile_read(&roster, c->options.clusters, err);
    if (st == SG_OK)
        st = take_clusters(c, &roster, err);
    sg_roster_clear(&roster);
    return st;
}

struct rank {
    double weight;
    uint32_t index;
    bool is_alert;
};

static int heavier(const void *left, const void *right)
{
    const struct rank *a = left, *b = right;
    if (a->is_alert != b->is_alert)
        return a->is_alert ? -1 : 1;
    if (a->weight != b->weight)
        return a->weight > b->weight ? -1 : 1;
    return (a->index > b->index) - (a->index < b->index);
}

static void count(struct sg_checking *c, const struct sg_redflags_identity *identity)
{
    uint32_t news;
    const struct sg_decision *decision = sg_checking_decision(&news, c, identity);
    c->n_alerts += identity->is_alert;
    c->n_decided += identity->is_alert && decision && decision->word != SG_DECISION_OPEN && !news;
    c->n_sanctioned += identity->is_sanctioned;
    c->n_below += !identity->is_alert && identity->n_findings > 0;
    uint32_t found = 0;
    for (uint32_t i = 0; i < identity->n_findings; i++)
        found |= 1u << identity->findings[i].rule;
    for (unsigned r = 0; r < SG_RED_COUNT; r++)
        c->n_found[r] += found >> r & 1u;
    for (unsigned r = 0; r < SG_RED_COUNT; r++)
        c->n_testable[r] += identity->testable >> r & 1u;
}

static enum sg_status rank_all(struct sg_checking *c, struct sg_err *err)
{
    const uint32_t n = sg_redflags_count(c->flags);
    struct rank *ranks = sg_mem_alloc((size_t)n + 1, sizeof(*ranks));
    c->order = sg_mem_alloc((size_t)n + 1, sizeof(*c->order));
    if (!ranks || !c->order) {
        sg_mem_free(ranks);
        return sg_err_nomem(err);
    }
    for (uint32_t i = 0; i < n; i++) {
        struct sg_redflags_identity identity;
        sg_redflags_identity(&identity, c->flags, i);
        count(c, &identity);
        if (identity.n_findings)
            ranks[c->n_order++] = (struct rank){identity.weight, i, identity.is_alert};
    }
    if (c->n_order)
        qsort(ranks, c->n_order, sizeof(*ranks), heavier);
    for (uint32_t i = 0; i < c->n_order; i++)
        c->order[i] = ranks[i].index;
    sg_mem_free(ranks);
    return SG_OK;
}

enum sg_status sg_checking_open(struct sg_checking *c, const struct sg_checking_options *options,
                                struct sg_err *err)
{
    *c = (struct sg_checking){.options = *options};
    c->tables[PEOPLE].name = "people";
    c->tables[PEOPLE].path = options->people;
    c->tables[EVENTS].name = "events";
    c->tables[EVENTS].path = options->events;
    struct sg_redflags_sanctions sanctions = {NULL, &c->sanctions};
    enum sg_status st = read_rules(c, err);
    if (st == SG_OK)
        st = read_decisions(c, err);
    if (st == SG_OK)
        st = sg_sanctions_open(&c->sanctions, options->labels, options->case_file, err);
    if (options->labels || options->case_file)
        sanctions.find = sg_sanctions_find;
    if (st == SG_OK)
        st = sg_redflags_new(&c->flags, &c->rules, &sanctions, err);
    for (size_t i = 0; st == SG_OK && i < SG_COUNT_OF(c->tables); i++)
        st = read_table(c, i, err);
    if (st == SG_OK)
        st = read_clusters(c, err);
    if (st == SG_OK)
        st = sg_redflags_run(c->flags, err);
    return st == SG_OK ? rank_all(c, err) : st;
}

void sg_checking_close(struct sg_checking *c)
{
    sg_redflags_free(c->flags);
    sg_sanctions_close(&c->sanctions);
    sg_mem_free(c->order);
    sg_arena_clear(&c->arena);
}

bool sg_checking_shows(const struct sg_checking *c, const struct sg_redflags_identity *identity)
{
    return identity->is_alert || identity->is_sanctioned || c->options.all;
}

uint32_t sg_checking_missing(const struct sg_checking *c,
                             const struct sg_redflags_identity *identity)
{
    uint32_t missing = 0;
    for (unsigned r = 0; r < SG_RED_COUNT; r++)
        if (c->rules.rules[r].enabled && !(identity->testable >> r & 1u))
            missing |= 1u << r;
    return missing;
}

/* The rules that found something, as far as a reviewer's decision rests on them. */
static uint32_t rules_of(const struct sg_redflags_identity *identity)
{
    uint32_t rules = 0;
    for (uint32_t i = 0; i < identity->n_findings; i++) {
        const enum sg_redrule_id rule = identity->findings[i].rule;
        if (!sg_redrule_kind(rule)->is_weak || rule == SG_RED_SANCTIONED_PAYOUT)
            rules |= 1u << rule;
    }
    return rules;
}

const struct sg_decision *sg_checking_decision(uint32_t *news, const struct sg_checking *c,
                                               const struct sg_redflags_identity *identity)
{
    *news = 0;
    for (uint32_t i = 0; i < identity->n_records; i++) {
        const struct sg_decision *decision = sg_decisions_find(
            c->decisions, c->n_decisions, sg_redflags_record_id(c->flags, identity->records[i]));
        if (!decision)
            continue;
        *news = rules_of(identity) & ~decision->rules;
        return decision;
    }
    return NULL;
}

void sg_checking_decide(struct sg_buf *out, const struct sg_checking *c)
{
    sg_decisions_header(out);
    for (size_t i = 0; i < c->n_decisions; i++)
        sg_decisions_row(out, &c->decisions[i]);
    for (uint32_t i = 0; i < c->n_order; i++) {
        struct sg_redflags_identity identity;
        uint32_t news;
        sg_redflags_identity(&identity, c->flags, c->order[i]);
        if (!(identity.is_alert || identity.is_sanctioned) ||
            sg_checking_decision(&news, c, &identity))
            continue;
        const struct sg_decision open = {sg_redflags_record_id(c->flags, identity.records[0]),
                                         rules_of(&identity),
                                         SG_DECISION_OPEN,
                                         "",
                                         "",
                                         ""};
        sg_decisions_row(out, &open);
    }
}

const char *sg_checking_application(const struct sg_checking *c,
                                    const struct sg_redflags_finding *finding)
{
    struct sg_redflags_identity identity;
    sg_redflags_identity(&identity, c->flags, finding->identity);
    return finding->record == SG_REDFLAGS_ALL || identity.n_records == 1
               ? NULL
               : sg_redflags_record_id(c->flags, finding->record);
}

const char *sg_checking_unit(enum sg_redrule_id rule)
{
    static const char *const units[SG_RED_COUNT] = {
        [SG_RED_SHARED_IP] = "parties",
        [SG_RED_SHARED_DEVICE] = "parties",
        [SG_RED_SHARED_TOKEN] = "parties",
        [SG_RED_COUNTRIES] = "countries",
        [SG_RED_TRAVEL] = "jumps",
        [SG_RED_LONG_SESSION] = "sessions",
        [SG_RED_REMOTE_DESKTOP] = "logins",
        [SG_RED_KVM] = "logins",
        [SG_RED_SHIPPED_ELSEWHERE] = "shipments",
        [SG_RED_SHARED_SHIPMENT] = "parties",
        [SG_RED_SHARED_PAYOUT] = "parties",
        [SG_RED_PAYOUT_OTHER_NAME] = "payouts",
        [SG_RED_PAYOUT_CHANGES] = "changes",
        [SG_RED_EMPLOYER_PAYOUT] = "parties",
        [SG_RED_TEXT_REUSE] = "percent of its phrases",
        [SG_RED_CONTRADICTION] = "contradictions",
        [SG_RED_CONTACT_CHURN] = "changes in a year",
        [SG_RED_MANY_BIDS] = "bids",
        [SG_RED_RATING_RING] = "in a ring or from one hand",
        [SG_RED_REVIVED_ACCOUNT] = "accounts",
        [SG_RED_BACKDATED] = "commits",
        [SG_RED_COPIED_CODE] = "parties",
        [SG_RED_INJECTED_AUTHOR] = "commits",
        [SG_RED_COMMIT_IDENTITIES] = "authors",
        [SG_RED_STAND_IN] = "interviews",
        [SG_RED_TIME_ZONE] = "percent at night",
        [SG_RED_REFERRAL] = "referrals",
        [SG_RED_SANCTIONED_PAYOUT] = "payouts",
        [SG_RED_ONE_REMOVE] = "classes",
    };
    return units[rule];
}

/* Bayes. */
double sg_checking_share_true(uint64_t prior, double recall, double false_alarms)
{
    const double persona = 1.0 / (double)prior;
    const double hits = recall * persona, false_hits = false_alarms * (1 - persona);
    return hits + false_hits > 0 ? hits / (hits + false_hits) : 0;
}
