/* Red flags over hostile tables: people up to a NUL byte, events behind it. Whatever comes in, rows
 * are taken or refused with a reason, and results keep what their header promises. */
#include "analysis/redflags/redflags.h"
#include "base/arena.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct feeding {
    struct sg_redflags *flags;
    bool is_events;
};

static enum sg_status on_row(void *ctx, const struct sg_text *fields, uint64_t number,
                             struct sg_err *err)
{
    struct feeding *f = ctx;
    const char *reason = NULL;
    return f->is_events ? sg_redflags_event(f->flags, &reason, fields, number, err)
                        : sg_redflags_person(f->flags, &reason, fields, number, err);
}

static enum sg_status on_bad(void *ctx, uint64_t number, const char *reason, struct sg_err *err)
{
    (void)ctx;
    (void)err;
    assert(number > 0 && *reason);
    return SG_OK;
}

static enum sg_status feed(struct feeding *f, const char *text, size_t size)
{
    const struct sg_people_events_sink sink = {on_row, on_bad, f};
    struct sg_people_events_reader *reader;
    struct sg_err err;
    enum sg_status st = sg_people_events_reader_new(
        &reader, f->is_events ? SG_PEOPLE_EVENTS_EVENTS : SG_PEOPLE_EVENTS_PEOPLE, &sink, &err);
    if (st == SG_OK && size)
        st = sg_people_events_reader_feed(reader, text, size, &err);
    if (st == SG_OK)
        st = sg_people_events_reader_finish(reader, &err);
    sg_people_events_reader_free(reader);
    return st;
}

static enum sg_status find_x(void *ctx, bool *is_sanctioned, struct sg_text account,
                             struct sg_err *err)
{
    (void)ctx;
    (void)err;
    *is_sanctioned = account.data[0] == 'x';
    return SG_OK;
}

static void check(const struct sg_redflags *flags, const struct sg_redrules *rules)
{
    uint32_t n_records = 0;
    for (uint32_t i = 0; i < sg_redflags_count(flags); i++) {
        struct sg_redflags_identity one;
        sg_redflags_identity(&one, flags, i);
        n_records += one.n_records;
        assert(one.n_records > 0);
        assert(!one.is_alert || (one.n_classes >= 2 && one.weight >= rules->alert_weight));
        for (uint32_t k = 0; k < one.n_findings; k++) {
            const struct sg_redflags_finding *f = &one.findings[k];
            assert(f->identity == i && one.testable >> f->rule & 1u);
            assert(k == 0 || one.findings[k - 1].record + 1 < f->record + 1 ||
                   (one.findings[k - 1].record == f->record && one.findings[k - 1].rule < f->rule));
            assert(f->record == SG_REDFLAGS_ALL || sg_redflags_identity_of(flags, f->record) == i);
            assert(f->weight >= 0 && (f->rule != SG_RED_ONE_REMOVE || one.n_findings > 1));
            assert(f->number > 0 && f->n_refs > 0);
        }
    }
    assert(n_records == sg_redflags_records(flags));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct sg_arena arena;
    static struct sg_redrules rules;
    const struct sg_redflags_sanctions sanctions = {find_x, NULL};
    const struct sg_text text = sg_redrules_builtin();
    const char *bytes = (const char *)data;
    const char *end = size ? memchr(bytes, 0, size) : NULL;
    struct feeding f = {NULL, false};
    struct sg_err err;
    if (!end || size > 65536)
        return 0;
    assert(rules.rules[0].title ||
           sg_redrules_parse(&rules, &arena, text.data, text.size, &err) == SG_OK);
    assert(sg_redflags_new(&f.flags, &rules, &sanctions, &err) == SG_OK);
    enum sg_status st = feed(&f, bytes, (size_t)(end - bytes));
    f.is_events = true;
    if (st == SG_OK)
        st = feed(&f, end + 1, size - (size_t)(end + 1 - bytes));
    if (st == SG_OK) {
        assert(sg_redflags_run(f.flags, &err) == SG_OK);
        check(f.flags, &rules);
    }
    sg_redflags_free(f.flags);
    return 0;
}
