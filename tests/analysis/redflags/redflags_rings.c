/* Rings of ratings against the plain definition: two are in one ring if each reaches the other. */
#include "analysis/redflags/redflags.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/rng.h"
#include "support/check.h"

#include <string.h>

#define N 12u

static enum sg_status on_person(void *ctx, const struct sg_text *fields, uint64_t number,
                                struct sg_err *err)
{
    const char *reason;
    return sg_redflags_person(ctx, &reason, fields, number, err);
}

static enum sg_status on_event(void *ctx, const struct sg_text *fields, uint64_t number,
                               struct sg_err *err)
{
    const char *reason;
    return sg_redflags_event(ctx, &reason, fields, number, err);
}

static enum sg_status on_bad(void *ctx, uint64_t number, const char *reason, struct sg_err *err)
{
    (void)ctx;
    (void)number;
    return sg_err_set(err, SG_EPARSE, "%s", reason);
}

static void feed(struct sg_redflags *flags, bool is_events, const struct sg_buf *text)
{
    const struct sg_people_events_sink sink = {is_events ? on_event : on_person, on_bad, flags};
    struct sg_people_events_reader *reader;
    struct sg_err err;
    CHECK_OK(
        sg_people_events_reader_new(
            &reader, is_events ? SG_PEOPLE_EVENTS_EVENTS : SG_PEOPLE_EVENTS_PEOPLE, &sink, &err),
        &err);
    CHECK_OK(sg_people_events_reader_feed(reader, text->data, text->size, &err), &err);
    CHECK_OK(sg_people_events_reader_finish(reader, &err), &err);
    sg_people_events_reader_free(reader);
}

/* Who reaches whom, by Warshall. */
static void close_over(bool reaches[N][N])
{
    for (unsigned k = 0; k < N; k++)
        for (unsigned i = 0; i < N; i++)
            for (unsigned j = 0; j < N; j++)
                reaches[i][j] |= reaches[i][k] && reaches[k][j];
}

static uint32_t ring_of(bool reaches[N][N], unsigned i)
{
    uint32_t n = 1;
    for (unsigned j = 0; j < N; j++)
        n += j != i && reaches[i][j] && reaches[j][i];
    return n;
}

static uint32_t found(const struct sg_redflags *flags, uint32_t i)
{
    struct sg_redflags_identity one;
    sg_redflags_identity(&one, flags, i);
    for (uint32_t k = 0; k < one.n_findings; k++)
        if (one.findings[k].rule == SG_RED_RATING_RING)
            return one.findings[k].number;
    return 0;
}

static void check_world(struct sg_rng *rng, const struct sg_redrules *rules)
{
    const struct sg_redflags_sanctions none = {NULL, NULL};
    struct sg_buf people = SG_BUF_INIT(65536), events = SG_BUF_INIT(65536);
    bool reaches[N][N] = {{false}};
    struct sg_redflags *flags;
    struct sg_err err;
    sg_buf_puts(&people, "record_id\n");
    sg_buf_puts(&events, "time,kind,person,other\n2024-01-01,claim,r0,\n");
    for (unsigned i = 0; i < N; i++)
        sg_buf_printf(&people, "r%u\n", i);
    for (uint64_t n = sg_rng_below(rng, 30); n > 0; n--) {
        const unsigned a = (unsigned)sg_rng_below(rng, N), b = (unsigned)sg_rng_below(rng, N);
        if (!reaches[a][b]) /* once each: nobody rates with one hand only */
            sg_buf_printf(&events, "2024-01-01,rating,r%u,r%u\n", a, b);
        reaches[a][b] = true;
    }
    CHECK_OK(sg_redflags_new(&flags, rules, &none, &err), &err);
    feed(flags, false, &people);
    feed(flags, true, &events);
    CHECK_OK(sg_redflags_run(flags, &err), &err);
    close_over(reaches);
    for (unsigned i = 0; i < N; i++) {
        const uint32_t ring = ring_of(reaches, i);
        assert_int_equal(found(flags, i), ring >= 3 ? ring : 0);
    }
    sg_redflags_free(flags);
    sg_buf_clear(&people);
    sg_buf_clear(&events);
}

static void test_rings_are_those_of_the_definition(void **state)
{
    const struct sg_text text = sg_redrules_builtin();
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_redrules rules;
    struct sg_rng rng;
    struct sg_err err;
    (void)state;
    CHECK_OK(sg_redrules_parse(&rules, &arena, text.data, text.size, &err), &err);
    sg_rng_init(&rng, sg_test_seed());
    for (unsigned i = 0; i < 400; i++)
        check_world(&rng, &rules);
    sg_arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rings_are_those_of_the_definition),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
