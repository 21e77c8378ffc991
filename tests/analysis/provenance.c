/* Who and how: histories made by hand, one signal each, and honest ones that have none. */
#include "analysis/provenance/provenance.h"

#include "support/check.h"

#include <stdio.h>
#include <string.h>

#define N_MAX 200u
#define DAY_S 86400

/* A straight line of commits; node i is the i-th. */
struct world {
    struct sg_git_node nodes[N_MAX];
    uint32_t parents[2 * N_MAX], order[N_MAX];
    struct sg_touch touches[N_MAX];
    struct sg_git_history history;
    struct sg_deeds deeds;
    size_t n_parents;
};

static const uint64_t file_a[] = {77}, file_b[] = {88};

static void begin(struct world *w)
{
    memset(w, 0, sizeof(*w));
    w->history =
        (struct sg_git_history){.nodes = w->nodes, .parents = w->parents, .order = w->order};
}

static void add(struct world *w, const char *name, const char *mail, int64_t time_unix_s,
                int32_t offset_min, const char *message)
{
    const uint32_t node = (uint32_t)w->history.n_nodes++;
    struct sg_err err;
    struct sg_git_commit_text text = {.message = {message, strlen(message)}};
    text.author = (struct sg_git_person){
        {name, strlen(name)}, {mail, strlen(mail)}, true, time_unix_s, offset_min};
    text.committer = text.author;
    w->nodes[node] = (struct sg_git_node){.parents_at = (uint32_t)w->n_parents,
                                          .n_parents = node > 0,
                                          .time_unix_s = time_unix_s,
                                          .on_branch = true};
    if (node > 0)
        w->parents[w->n_parents++] = node - 1;
    w->history.n_parents = w->n_parents;
    w->order[node] = node;
    w->touches[node] = (struct sg_touch){file_a, 1, 1};
    CHECK_OK(sg_deeds_add(&w->deeds, node, &text, &err), &err);
}

static const struct sg_signal *find(struct world *w, struct sg_arena *arena, uint32_t node,
                                    enum sg_signal_kind kind)
{
    static struct sg_provenance result[N_MAX];
    struct sg_err err;
    memset(result, 0xa5, sizeof(result));
    CHECK_OK(sg_provenance_find(result, arena, &w->history, &w->deeds, w->touches, &err), &err);
    for (size_t i = 0; i < result[node].n_signals; i++)
        if (result[node].signals[i].kind == kind)
            return &result[node].signals[i];
    return NULL;
}

static void a_newcomer_to_known_files_is_one_and_an_old_hand_is_none(void **state)
{
    struct sg_arena arena = SG_ARENA_INIT;
    static struct world w;
    (void)state;
    begin(&w);
    for (int i = 0; i < 60; i++)
        add(&w, "Ada", "a@x", 1600000000 + i * DAY_S, 60, "step");
    add(&w, "Bob", "b@x", 1600000000 + 60 * DAY_S, 60, "step");
    const struct sg_signal *s = find(&w, &arena, 60, SG_SIGNAL_NEW_TO_FILES);
    CHECK(s && s->number == 1 && s->other == 60);
    s = find(&w, &arena, 60, SG_SIGNAL_NEWCOMER);
    CHECK(s && s->number == 1 && s->other == 60);
    CHECK(find(&w, &arena, 60, SG_SIGNAL_OTHERS_LINES));
    CHECK(!find(&w, &arena, 59, SG_SIGNAL_NEW_TO_FILES));
    CHECK(!find(&w, &arena, 59, SG_SIGNAL_OTHERS_LINES));
    w.touches[60].paths = file_b;
    CHECK(!find(&w, &arena, 60, SG_SIGNAL_NEW_TO_FILES));
    sg_deeds_clear(&w.deeds);
    sg_arena_clear(&arena);
}

static void silence_names_and_reverts_are_seen(void **state)
{
    struct sg_arena arena = SG_ARENA_INIT;
    static struct world w;
    char text[SG_SIGNAL_TEXT_MAX];
    (void)state;
    begin(&w);
    for (int i = 0; i < 10; i++)
        add(&w, "Ada", "a@x", 1600000000 + i * DAY_S, 60, "Fix the overflow");
    add(&w, "Ada Other", "a@x", 1600000000 + 309 * DAY_S, 60, "step");
    const struct sg_signal *s = find(&w, &arena, 10, SG_SIGNAL_DORMANT);
    CHECK(s && s->number == 300);
    assert_string_equal(sg_signal_text(text, s),
                        "the repository had been silent for 300 days, until 0 days before");
    s = find(&w, &arena, 10, SG_SIGNAL_ROTATION);
    CHECK(s && s->number == 2 && s->other == 1);
    CHECK(!find(&w, &arena, 9, SG_SIGNAL_DORMANT) && !find(&w, &arena, 9, SG_SIGNAL_ROTATION));
    sg_deeds_clear(&w.deeds);
    sg_arena_clear(&arena);
}

/* Two years in Helsinki: +2 in winter, +3 in summer; the clocks change on the last Sundays of March
 * and October (31 March and 27 October 2019; 29 March and 25 October 2020). */
static void summer_time_is_no_oddity_and_a_foreign_offset_is(void **state)
{
    static struct world w;
    bool odd[N_MAX];
    struct sg_zone_tally tally;
    struct sg_err err;
    const int64_t first = 1546300800; /* 2019-01-01 */
    (void)state;
    begin(&w);
    for (int i = 0; i < 145; i++) {
        const int day = 5 * i;
        const bool summer = (day > 89 && day < 299) || (day > 365 + 88 && day < 365 + 298);
        add(&w, "Ada", "a@x", first + day * DAY_S, summer ? 180 : 120, "step");
    }
    CHECK_OK(sg_provenance_zones(&tally, odd, &w.history, &w.deeds, &err), &err);
    assert_int_equal(tally.n_unexplained, 0);
    CHECK(tally.n_naive > 40);
    w.deeds.deeds[20].authored.offset_min = 480;
    w.deeds.deeds[40].authored.offset_min = 120; /* winter's offset on 20 July */
    CHECK_OK(sg_provenance_zones(&tally, odd, &w.history, &w.deeds, &err), &err);
    assert_int_equal(tally.n_unexplained, 2);
    CHECK(odd[20] && odd[40] && !odd[21]);
    sg_deeds_clear(&w.deeds);
}

static void every_signal_says_why_and_what_is_innocent(void **state)
{
    (void)state;
    for (enum sg_signal_kind kind = 0; kind < SG_SIGNAL_COUNT; kind++) {
        CHECK(sg_signal_info(kind)->id[0] && sg_signal_info(kind)->why[0]);
        CHECK(sg_signal_info(kind)->innocent[0] && sg_signal_info(kind)->weight > 0);
    }
}

static enum sg_status find_once(struct world *w)
{
    static struct sg_provenance result[N_MAX];
    struct sg_arena arena = SG_ARENA_INIT;
    const enum sg_status st =
        sg_provenance_find(result, &arena, &w->history, &w->deeds, w->touches, NULL);
    sg_arena_clear(&arena);
    return st;
}

static void every_allocation_may_fail(void **state)
{
    static struct world w;
    (void)state;
    begin(&w);
    for (int i = 0; i < 45; i++)
        add(&w, i % 2 ? "Ada" : "Bob", "a@x", 1600000000 + i * DAY_S, 60, "step");
    CHECK_OOM_SWEEP(find_once(&w));
    sg_deeds_clear(&w.deeds);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_newcomer_to_known_files_is_one_and_an_old_hand_is_none),
        cmocka_unit_test(silence_names_and_reverts_are_seen),
        cmocka_unit_test(summer_time_is_no_oddity_and_a_foreign_offset_is),
        cmocka_unit_test(every_signal_says_why_and_what_is_innocent),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
