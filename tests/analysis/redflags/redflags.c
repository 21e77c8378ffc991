/* Each rule by a table of people and events small enough to judge by eye. */
#include "analysis/redflags/redflags.h"
#include "base/arena.h"
#include "support/check.h"

#include <stdio.h>
#include <string.h>

static struct sg_arena arena;
static struct sg_redrules rules;

static int read_rules(void **state)
{
    struct sg_err err;
    const struct sg_text text = sg_redrules_builtin();
    (void)state;
    CHECK_OK(sg_redrules_parse(&rules, &arena, text.data, text.size, &err), &err);
    return 0;
}

static int drop_rules(void **state)
{
    (void)state;
    sg_arena_clear(&arena);
    return 0;
}

/* A world under test. */
struct world {
    struct sg_redflags *flags;
    uint64_t n_bad;
    char reason[100];
};

static enum sg_status take(struct world *w, const char *reason, enum sg_status st)
{
    if (st == SG_OK && reason) {
        w->n_bad++;
        snprintf(w->reason, sizeof(w->reason), "%s", reason);
    }
    return st;
}

static enum sg_status on_person(void *ctx, const struct sg_text *fields, uint64_t number,
                                struct sg_err *err)
{
    struct world *w = ctx;
    const char *reason = NULL;
    const enum sg_status st = sg_redflags_person(w->flags, &reason, fields, number, err);
    return take(w, reason, st);
}

static enum sg_status on_event(void *ctx, const struct sg_text *fields, uint64_t number,
                               struct sg_err *err)
{
    struct world *w = ctx;
    const char *reason = NULL;
    const enum sg_status st = sg_redflags_event(w->flags, &reason, fields, number, err);
    return take(w, reason, st);
}

static enum sg_status on_bad(void *ctx, uint64_t number, const char *reason, struct sg_err *err)
{
    struct world *w = ctx;
    (void)number;
    (void)err;
    w->n_bad++;
    snprintf(w->reason, sizeof(w->reason), "%s", reason);
    return SG_OK;
}

static enum sg_status read_table(struct world *w, enum sg_people_events_table table,
                                 const char *text, struct sg_err *err)
{
    struct sg_people_events_reader *reader = NULL;
    const struct sg_people_events_sink sink = {
        table == SG_PEOPLE_EVENTS_PEOPLE ? on_person : on_event, on_bad, w};
    enum sg_status st = sg_people_events_reader_new(&reader, table, &sink, err);
    if (st == SG_OK)
        st = sg_people_events_reader_feed(reader, text, strlen(text), err);
    if (st == SG_OK)
        st = sg_people_events_reader_finish(reader, err);
    sg_people_events_reader_free(reader);
    return st;
}

static enum sg_status is_bad_account(void *ctx, bool *is_sanctioned, struct sg_text account,
                                     struct sg_err *err)
{
    (void)ctx;
    (void)err;
    *is_sanctioned = sg_text_is(account, "0xbad");
    return SG_OK;
}

static enum sg_status open_world(struct world *w, const char *people, const char *events,
                                 struct sg_err *err)
{
    const struct sg_redflags_sanctions sanctions = {is_bad_account, NULL};
    memset(w, 0, sizeof(*w));
    enum sg_status st = sg_redflags_new(&w->flags, &rules, &sanctions, err);
    if (st == SG_OK)
        st = read_table(w, SG_PEOPLE_EVENTS_PEOPLE, people, err);
    if (st == SG_OK && events)
        st = read_table(w, SG_PEOPLE_EVENTS_EVENTS, events, err);
    if (st == SG_OK)
        st = sg_redflags_run(w->flags, err);
    return st;
}

static void must_open(struct world *w, const char *people, const char *events)
{
    struct sg_err err;
    CHECK_OK(open_world(w, people, events, &err), &err);
}

static void close_world(struct world *w)
{
    sg_redflags_free(w->flags);
}

static struct sg_redflags_identity identity(const struct world *w, uint32_t index)
{
    struct sg_redflags_identity i;
    CHECK(index < sg_redflags_count(w->flags));
    sg_redflags_identity(&i, w->flags, index);
    return i;
}

/* The finding of a rule; NULL: it found nothing. */
static const struct sg_redflags_finding *finding(const struct world *w, uint32_t index,
                                                 enum sg_redrule_id rule)
{
    const struct sg_redflags_identity i = identity(w, index);
    for (uint32_t k = 0; k < i.n_findings; k++)
        if (i.findings[k].rule == rule)
            return &i.findings[k];
    return NULL;
}

static bool is_testable(const struct world *w, uint32_t index, enum sg_redrule_id rule)
{
    return identity(w, index).testable >> rule & 1u;
}

/* One person "a" with events; what a rule says. found: NULL unless it did. */
static void judge_one(const struct sg_redflags_finding **found, bool *testable, struct world *w,
                      enum sg_redrule_id rule, const char *person, const char *events)
{
    static char people[512];
    snprintf(people, sizeof(people),
             "record_id,given_name,surname,street,city,timezone,wallet,handle\n%s\n", person);
    must_open(w, people, events);
    assert_int_equal(w->n_bad, 0);
    *found = finding(w, 0, rule);
    *testable = is_testable(w, 0, rule);
}

#define ANA "a,Ana,Lima,1 Hill Road,Lisbon,Europe/Lisbon,0xab,ana"

/* Events of one rule: those that make it find, and those that come close and do not. */
static void test_each_rule_of_one_identity_finds_and_does_not_find(void **state)
{
    static const struct {
        enum sg_redrule_id rule;
        const char *found, *clear;
        uint32_t number;
    } cases[] = {
        {SG_RED_COUNTRIES,
         "time,kind,person,country\n2024-01-01,login,a,pt\n2024-01-02,login,a,es\n"
         "2024-01-03,login,a,fr\n2024-01-08,login,a,de\n",
         "time,kind,person,country\n2024-01-01,login,a,pt\n2024-01-02,login,a,es\n"
         "2024-01-03,login,a,fr\n2024-01-09,login,a,de\n",
         4},
        {SG_RED_TRAVEL,
         "time,kind,person,latitude,longitude\n2024-01-01T00:00:00Z,login,a,38.72,-9.14\n"
         "2024-01-01T01:00:00Z,login,a,52.52,13.40\n",
         "time,kind,person,latitude,longitude\n2024-01-01T00:00:00Z,login,a,38.72,-9.14\n"
         "2024-01-01T03:00:00Z,login,a,52.52,13.40\n",
         1},
        {SG_RED_LONG_SESSION,
         "time,kind,person,until\n2024-01-01T00:00:00Z,login,a,2024-01-02T00:00:01Z\n",
         "time,kind,person,until\n2024-01-01T00:00:00Z,login,a,2024-01-02T00:00:00Z\n", 1},
        {SG_RED_REMOTE_DESKTOP, "time,kind,person,tool\n2024-01-01,login,a,AnyDesk 8.1\n",
         "time,kind,person,tool\n2024-01-01,login,a,vpn\n", 1},
        {SG_RED_KVM, "time,kind,person,tool\n2024-01-01,login,a,PiKVM\n",
         "time,kind,person,tool\n2024-01-01,login,a,AnyDesk\n", 1},
        {SG_RED_SHIPPED_ELSEWHERE,
         "time,kind,person,address\n2024-01-01,shipment,a,\"9 Farm Lane, Nashville\"\n",
         "time,kind,person,address\n2024-01-01,shipment,a,\"c/o X, 1 HILL road, Lisbon\"\n", 1},
        {SG_RED_PAYOUT_OTHER_NAME, "time,kind,person,name\n2024-01-01,payout,a,Bo Berg\n",
         "time,kind,person,name\n2024-01-01,payout,a,LIMA A.\n", 1},
        {SG_RED_PAYOUT_CHANGES,
         "time,kind,person,value\n2024-01-01,payout,a,x1\n2024-01-02,payout,a,x2\n"
         "2024-01-03,payout,a,x1\n2024-01-04,payout,a,x3\n",
         "time,kind,person,value\n2024-01-01,payout,a,x1\n2024-01-02,payout,a,x2\n"
         "2024-01-03,payout,a,x1\n2024-01-04,payout,a,x1\n",
         3},
        {SG_RED_CONTRADICTION,
         "time,kind,person,other,name,value\n2024-01-01,claim,a,cv,degree,2001\n"
         "2024-01-02,claim,a,profile,degree,2004\n",
         "time,kind,person,other,name,value\n2024-01-01,claim,a,cv,degree,2001\n"
         "2024-01-02,claim,a,profile,degree,2001\n2024-01-02,claim,a,cv,degree,2004\n",
         1},
        {SG_RED_CONTACT_CHURN,
         "time,kind,person,name,value\n2024-01-01,contact,a,email,x\n2024-03-01,contact,a,email,y\n"
         "2024-12-30,contact,a,phone,z\n",
         "time,kind,person,name,value\n2024-01-01,contact,a,email,x\n2024-03-01,contact,a,email,y\n"
         "2025-01-02,contact,a,phone,z\n",
         3},
        {SG_RED_REVIVED_ACCOUNT, "time,kind,person,result\n2024-01-01,account,a,revived\n",
         "time,kind,person,result\n2024-01-01,account,a,created\n", 1},
        {SG_RED_BACKDATED,
         "time,kind,person,made\n2024-12-01,commit,a,2023-01-01\n2024-12-01,commit,a,2023-01-02\n"
         "2024-12-01,commit,a,2023-01-03\n",
         "time,kind,person,made\n2024-12-01,commit,a,2023-01-01\n2024-12-01,commit,a,2023-01-02\n"
         "2024-12-01,commit,a,2024-11-03\n",
         3},
        {SG_RED_INJECTED_AUTHOR, "time,kind,person,result\n2024-01-01,commit,a,no_account\n",
         "time,kind,person,result\n2024-01-01,commit,a,fork\n", 1},
        {SG_RED_COMMIT_IDENTITIES,
         "time,kind,person,name\n2024-01-01,commit,a,x\n2024-01-02,commit,a,y\n"
         "2024-01-03,commit,a,z\n",
         "time,kind,person,name\n2024-01-01,commit,a,x\n2024-01-02,commit,a,y\n"
         "2024-01-03,commit,a,X\n",
         3},
        {SG_RED_STAND_IN, "time,kind,person,other,result\n2024-01-01,interview,a,panel,different\n",
         "time,kind,person,other,result\n2024-01-01,interview,a,panel,same\n", 1},
        {SG_RED_SANCTIONED_PAYOUT, "time,kind,person,value\n2024-01-01,payout,a,0xBAD\n",
         "time,kind,person,value\n2024-01-01,payout,a,0xbae\n", 1},
    };
    (void)state;
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        const struct sg_redflags_finding *found;
        struct world w;
        bool testable;
        judge_one(&found, &testable, &w, cases[i].rule, ANA, cases[i].found);
        if (!found || !testable || found->number != cases[i].number || !found->n_refs)
            fail_msg("%s: should be found", sg_redrule_kind(cases[i].rule)->name);
        close_world(&w);
        judge_one(&found, &testable, &w, cases[i].rule, ANA, cases[i].clear);
        if (found || !testable)
            fail_msg("%s: should be tested and not found", sg_redrule_kind(cases[i].rule)->name);
        close_world(&w);
    }
}

static void test_without_its_data_no_rule_is_testable(void **state)
{
    struct world w;
    (void)state;
    must_open(&w, "record_id\na\nb\n", "time,kind,person\n2024-01-01,login,a\n");
    assert_int_equal(w.n_bad, 0);
    assert_int_equal(sg_redflags_count(w.flags), 2);
    for (uint32_t i = 0; i < 2; i++) {
        assert_int_equal(identity(&w, i).testable, 0);
        assert_int_equal(identity(&w, i).n_findings, 0);
    }
    close_world(&w);
}

static void test_bids_are_compared_with_acceptances(void **state)
{
    char events[4000] = "time,kind,person,result\n";
    struct world w;
    (void)state;
    for (unsigned i = 0; i < 20; i++) {
        const size_t used = strlen(events);
        snprintf(events + used, sizeof(events) - used, "2024-01-01,bid,a,%s\n",
                 i < 2 ? "accepted" : "rejected");
    }
    must_open(&w, "record_id\na\n", events);
    assert_non_null(finding(&w, 0, SG_RED_MANY_BIDS));
    assert_int_equal(finding(&w, 0, SG_RED_MANY_BIDS)->number, 20);
    assert_int_equal(finding(&w, 0, SG_RED_MANY_BIDS)->of, 2);
    close_world(&w);
    memcpy(strstr(events, "rejected"), "accepted", 8);
    must_open(&w, "record_id\na\n", events);
    assert_null(finding(&w, 0, SG_RED_MANY_BIDS));
    CHECK(is_testable(&w, 0, SG_RED_MANY_BIDS));
    close_world(&w);
}

/* Lisbon is at UTC in winter and an hour ahead in summer: 06:30 UTC is night there on a January
 * morning and 07:30, no night, in July. */
static void test_the_claimed_clock_knows_summer_time(void **state)
{
    (void)state;
    for (unsigned summer = 0; summer < 2; summer++) {
        char events[2000] = "time,kind,person\n";
        const struct sg_redflags_finding *found;
        struct world w;
        bool testable;
        for (unsigned day = 1; day <= 10; day++) {
            const size_t used = strlen(events);
            snprintf(events + used, sizeof(events) - used, "2024-%s-%02uT06:30:00Z,login,a\n",
                     summer ? "07" : "01", day);
        }
        judge_one(&found, &testable, &w, SG_RED_TIME_ZONE, ANA, events);
        CHECK(testable);
        CHECK((found != NULL) == (summer == 0));
        close_world(&w);
    }
}

static void test_a_name_in_another_script_is_not_compared(void **state)
{
    const struct sg_redflags_finding *found;
    struct world w;
    bool testable;
    (void)state;
    judge_one(&found, &testable, &w, SG_RED_PAYOUT_OTHER_NAME, ANA,
              "time,kind,person,name\n2024-01-01,payout,a,Иван Петров\n");
    CHECK(!testable && !found);
    close_world(&w);
    judge_one(&found, &testable, &w, SG_RED_PAYOUT_OTHER_NAME, "a,Иван,Петров,,,,,",
              "time,kind,person,name\n2024-01-01,payout,a,ПЕТРОВ И\n");
    CHECK(testable && !found);
    close_world(&w);
    judge_one(&found, &testable, &w, SG_RED_PAYOUT_OTHER_NAME, "a,José,Muñoz,,,,,",
              "time,kind,person,name\n2024-01-01,payout,a,JOSE M\n");
    CHECK(testable && !found);
    close_world(&w);
}

#define THREE "record_id,birth_date,street,city,device,ip,wallet,role\n"

static void test_what_two_parties_share_is_found_on_both(void **state)
{
    struct world w;
    (void)state;
    must_open(&w,
              THREE "a,1990-01-01,1 Hill,X,D,,w1,\nb,1991-01-01,2 Hill,X,d,,W2,\n"
                    "c,1992-01-01,3 Hill,X,e,,w1,\n",
              NULL);
    const struct sg_redflags_finding *f = finding(&w, 0, SG_RED_SHARED_DEVICE);
    assert_non_null(f);
    assert_int_equal(f->number, 2);
    assert_string_equal(f->text, "d");
    assert_int_equal(f->refs[0].record, 0);
    assert_int_equal(f->refs[1].record, 1);
    assert_int_equal(f->refs[1].row, 3);
    CHECK(!f->refs[1].is_event);
    assert_non_null(finding(&w, 1, SG_RED_SHARED_DEVICE));
    assert_null(finding(&w, 2, SG_RED_SHARED_DEVICE));
    CHECK(is_testable(&w, 2, SG_RED_SHARED_DEVICE));
    assert_non_null(finding(&w, 2, SG_RED_SHARED_PAYOUT));
    /* Access 4 and money 3.5, from two classes, against one class each. */
    CHECK(identity(&w, 0).is_alert);
    assert_int_equal(identity(&w, 0).n_classes, 2);
    CHECK(identity(&w, 0).weight > 7.49 && identity(&w, 0).weight < 7.51);
    CHECK(!identity(&w, 1).is_alert);
    CHECK(!identity(&w, 2).is_alert);
    close_world(&w);
}

static void test_a_household_and_ones_own_second_record_are_one_party(void **state)
{
    struct world w;
    (void)state;
    must_open(&w, THREE "a,1990-01-01,1 Hill,X,d,,w1,\nb,1991-01-01,1 HILL,x,d,,w1,\n", NULL);
    assert_int_equal(sg_redflags_count(w.flags), 2);
    assert_int_equal(identity(&w, 0).n_findings, 0);
    close_world(&w);
    must_open(&w, THREE "a,1990-01-01,1 Hill,X,d,,w1,\nb,1990-01-01,2 Hill,Y,d,,w1,\n", NULL);
    assert_int_equal(sg_redflags_count(w.flags), 1);
    assert_int_equal(identity(&w, 0).n_records, 2);
    assert_int_equal(identity(&w, 0).n_findings, 0);
    close_world(&w);
}

/* One mailbox, and a birth date with its parts swapped, one part wrong, or none: one person. Two
 * parts wrong: another, who happens to share it. */
static void test_a_birth_date_may_be_mistyped_where_a_detail_is_the_same(void **state)
{
    static const struct {
        const char *birth;
        uint32_t n;
    } cases[] = {{"1990-04-03", 1}, {"1990-03-14", 1}, {"1980-03-04", 1},
                 {"", 1},           {"1980-03-14", 2}, {"soon", 2}};
    (void)state;
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        char people[200];
        struct world w;
        snprintf(people, sizeof(people), "record_id,birth_date,email\na,1990-03-04,X@y\nb,%s,x@Y\n",
                 cases[i].birth);
        must_open(&w, people, NULL);
        if (sg_redflags_count(w.flags) != cases[i].n)
            fail_msg("born on %s", cases[i].birth);
        close_world(&w);
    }
}

static void test_nine_at_one_address_are_no_household(void **state)
{
    char people[2000] = THREE;
    struct world w;
    (void)state;
    for (unsigned i = 0; i < 9; i++) {
        const size_t used = strlen(people);
        snprintf(people + used, sizeof(people) - used, "r%u,19%u-01-01,1 Hill,X,d,,w1,\n", i,
                 60 + i);
        if (i != 7 && i != 8)
            continue;
        must_open(&w, people, NULL);
        CHECK((finding(&w, 0, SG_RED_SHARED_DEVICE) != NULL) == (i == 8));
        close_world(&w);
    }
}

static void test_an_employer_paid_with_its_worker_is_found_on_both(void **state)
{
    struct world w;
    (void)state;
    must_open(&w,
              THREE "a,1990-01-01,1 Hill,X,,,w1,employer\nb,1991-01-01,2 Hill,X,,,w1,\n"
                    "c,1992-01-01,3 Hill,X,,,w3,\n",
              NULL);
    assert_non_null(finding(&w, 0, SG_RED_EMPLOYER_PAYOUT));
    assert_non_null(finding(&w, 1, SG_RED_EMPLOYER_PAYOUT));
    assert_null(finding(&w, 2, SG_RED_EMPLOYER_PAYOUT));
    CHECK(is_testable(&w, 2, SG_RED_EMPLOYER_PAYOUT));
    close_world(&w);
}

static void test_a_ring_of_ratings_is_found_and_a_line_is_not(void **state)
{
    struct world w;
    (void)state;
    must_open(&w, "record_id,handle\na,ana\nb,bo\nc,cy\nd,di\n",
              "time,kind,person,other,value\n2024-01-01,rating,a,BO,5\n2024-01-02,rating,b,c,5\n"
              "2024-01-03,rating,c,ana,5\n2024-01-04,rating,d,a,5\n");
    for (uint32_t i = 0; i < 3; i++)
        assert_non_null(finding(&w, i, SG_RED_RATING_RING));
    assert_null(finding(&w, 3, SG_RED_RATING_RING));
    CHECK(is_testable(&w, 3, SG_RED_RATING_RING));
    close_world(&w);
    must_open(&w, "record_id,handle\na,ana\nb,bo\n",
              "time,kind,person,other,value\n2024-01-01,rating,a,bo,5\n2024-01-02,rating,a,bo,5\n"
              "2024-01-03,rating,a,bo,5\n");
    assert_null(finding(&w, 0, SG_RED_RATING_RING));
    assert_non_null(finding(&w, 1, SG_RED_RATING_RING));
    assert_int_equal(finding(&w, 1, SG_RED_RATING_RING)->n_refs, 3);
    close_world(&w);
}

/* Twelve words make one phrase; the second text has it whole, the third lacks its last word. */
static void test_a_phrase_of_twelve_words_is_text_of_another(void **state)
{
    struct world w;
    (void)state;
    must_open(&w,
              "record_id,cv\na,one two three four five six seven eight nine ten eleven twelve\n"
              "b,\"One two, three four five six seven eight nine ten eleven TWELVE.\"\n"
              "c,one two three four five six seven eight nine ten eleven other\n",
              NULL);
    assert_non_null(finding(&w, 0, SG_RED_TEXT_REUSE));
    assert_int_equal(finding(&w, 0, SG_RED_TEXT_REUSE)->number, 100);
    assert_int_equal(finding(&w, 0, SG_RED_TEXT_REUSE)->refs[1].record, 1);
    assert_non_null(finding(&w, 1, SG_RED_TEXT_REUSE));
    assert_null(finding(&w, 2, SG_RED_TEXT_REUSE));
    CHECK(is_testable(&w, 2, SG_RED_TEXT_REUSE));
    close_world(&w);
    must_open(&w, "record_id,cv\na,一二三四五六七八九十百千\nb,一二三四五六七八九十百千\n", NULL);
    assert_non_null(finding(&w, 0, SG_RED_TEXT_REUSE));
    close_world(&w);
}

static void test_a_referral_from_an_alert_is_context_and_no_class(void **state)
{
    struct world w;
    (void)state;
    must_open(&w,
              THREE "a,1990-01-01,1 Hill,X,d,,w1,\nb,1991-01-01,2 Hill,X,d,,w1,\n"
                    "c,1992-01-01,3 Hill,X,e,,w3,\n",
              "time,kind,person,other\n2024-01-01,referral,c,a\n");
    CHECK(identity(&w, 0).is_alert);
    assert_non_null(finding(&w, 2, SG_RED_REFERRAL));
    assert_int_equal(identity(&w, 2).n_classes, 0);
    CHECK(!identity(&w, 2).is_alert);
    close_world(&w);
}

static void test_evidence_of_those_one_is_tied_to_counts_by_half(void **state)
{
    struct world w;
    (void)state;
    /* a and b use one device, b and c are paid to one wallet, d is c's neighbour in nothing. */
    const char *people = THREE "a,1990-01-01,1 Hill,X,d,,w1,\nb,1991-01-01,2 Hill,X,d,,w2,\n"
                               "c,1992-01-01,3 Hill,X,e,,w2,\nd,1993-01-01,4 Hill,X,f,,w4,\n";
    must_open(&w, people, NULL);
    const struct sg_redflags_finding *f = finding(&w, 0, SG_RED_ONE_REMOVE);
    assert_non_null(f);
    assert_int_equal(f->number, 1); /* the money class of b */
    assert_int_equal(f->refs[0].record, 1);
    CHECK(f->weight > 1.74 && f->weight < 1.76);
    CHECK(identity(&w, 0).weight > 5.74 && identity(&w, 0).weight < 5.76);
    assert_int_equal(identity(&w, 0).n_classes, 2);
    CHECK(!identity(&w, 0).is_alert);
    assert_null(finding(&w, 1, SG_RED_ONE_REMOVE));          /* it has both classes itself */
    CHECK(finding(&w, 2, SG_RED_ONE_REMOVE)->weight > 1.99); /* half of 4, of b's device */
    assert_null(finding(&w, 3, SG_RED_ONE_REMOVE));
    struct sg_err err;
    CHECK_OK(sg_redflags_without(w.flags, 1u << SG_RED_SHARED_PAYOUT, &err), &err);
    assert_null(finding(&w, 0, SG_RED_ONE_REMOVE));
    CHECK(identity(&w, 0).weight > 3.99 && identity(&w, 0).weight < 4.01);
    close_world(&w);
}

static void test_nothing_is_carried_within_a_household(void **state)
{
    struct world w;
    (void)state;
    must_open(&w,
              THREE "a,1990-01-01,1 Hill,X,d,,w1,\nb,1991-01-01,1 Hill,X,d,,w2,\n"
                    "c,1992-01-01,3 Hill,X,d,,w2,\n",
              NULL);
    const struct sg_redflags_finding *f = finding(&w, 0, SG_RED_ONE_REMOVE);
    assert_non_null(f); /* from c, and not from b, who lives with a */
    assert_int_equal(f->refs[0].record, 2);
    close_world(&w);
}

static void test_each_application_is_judged_by_itself(void **state)
{
    struct world w;
    (void)state;
    must_open(&w, "record_id,birth_date,email\na,1990-01-01,a@x\nb,1990-01-01,a@x\n",
              "time,kind,person,name,value,until,result\n"
              "2024-01-01,login,a,,,2024-01-03,\n"
              "2024-02-01,account,b,forge,h,,revived\n");
    assert_int_equal(sg_redflags_count(w.flags), 1);
    assert_int_equal(finding(&w, 0, SG_RED_LONG_SESSION)->record, 0);
    assert_int_equal(finding(&w, 0, SG_RED_REVIVED_ACCOUNT)->record, 1);
    assert_int_equal(identity(&w, 0).n_classes, 1);
    CHECK(identity(&w, 0).weight > 1.49 && identity(&w, 0).weight < 1.51);
    close_world(&w);
}

static void test_records_of_one_cluster_are_one_identity(void **state)
{
    struct world w;
    struct sg_err err;
    const char *reason;
    const struct sg_redflags_sanctions none = {NULL, NULL};
    const struct sg_text ids[] = {{"a", 1}, {"b", 1}, {"z", 1}}, cluster = {"7", 1};
    (void)state;
    memset(&w, 0, sizeof(w));
    CHECK_OK(sg_redflags_new(&w.flags, &rules, &none, &err), &err);
    CHECK_OK(read_table(&w, SG_PEOPLE_EVENTS_PEOPLE,
                        THREE "a,1990-01-01,1 Hill,X,d,,w1,\nb,,2 Hill,X,d,,w1,\n", &err),
             &err);
    for (size_t i = 0; i < 3; i++) {
        CHECK_OK(sg_redflags_cluster(w.flags, &reason, ids[i], cluster, &err), &err);
        CHECK((reason != NULL) == (i == 2));
    }
    CHECK_OK(sg_redflags_run(w.flags, &err), &err);
    assert_int_equal(sg_redflags_count(w.flags), 1);
    assert_int_equal(identity(&w, 0).n_findings, 0); /* who shares with themselves shares nothing */
    close_world(&w);
}

static void test_rows_that_cannot_be_used_say_why(void **state)
{
    struct world w;
    (void)state;
    must_open(&w, "record_id\na\na\n", "time,kind,person\n2024-01-01,login,a\n");
    assert_int_equal(w.n_bad, 1);
    assert_string_equal(w.reason, "its record id was there before");
    close_world(&w);
    must_open(&w, "record_id\na\n", "time,kind,person\n2024-01-01,dance,a\n");
    assert_string_equal(w.reason, "a kind that is none");
    close_world(&w);
    must_open(&w, "record_id\na\n",
              "time,kind,person,latitude,longitude\n2024-01-01,login,a,91,0\n");
    assert_string_equal(w.reason, "coordinates that are none");
    close_world(&w);
}

static void test_papers_with_another_number_contradict(void **state)
{
    static const char *const numbers[] = {"x7", "X8"};
    (void)state;
    for (size_t i = 0; i < SG_COUNT_OF(numbers); i++) {
        char events[100];
        struct world w;
        snprintf(events, sizeof(events), "time,kind,person,value\n2024-01-01,document,a,%s\n",
                 numbers[i]);
        must_open(&w, "record_id,document\na,X7\n", events);
        CHECK(is_testable(&w, 0, SG_RED_CONTRADICTION));
        CHECK((finding(&w, 0, SG_RED_CONTRADICTION) != NULL) == (i == 1));
        close_world(&w);
    }
}

static enum sg_status all(void)
{
    struct world w;
    struct sg_err err;
    const enum sg_status st = open_world(
        &w,
        THREE "a,1990-01-01,1 Hill,X,d,i,w1,employer\nb,1991-01-01,2 Hill,X,d,i,w1,\n"
              "c,1992-01-01,1 Hill,X,e,,0xbad,\n",
        "time,kind,person,other,value,text,address\n2024-01-01,referral,c,a,,,\n"
        "2024-01-01,rating,a,b,5,,\n2024-01-01,rating,b,a,5,,\n"
        "2024-01-01,bid,a,,,one two three four five six seven eight nine ten eleven twelve,\n"
        "2024-01-01,shipment,a,,,,9 Farm\n",
        &err);
    close_world(&w);
    return st;
}

static void test_without_memory_nothing_is_lost(void **state)
{
    (void)state;
    CHECK_OOM_SWEEP(all());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_rule_of_one_identity_finds_and_does_not_find),
        cmocka_unit_test(test_without_its_data_no_rule_is_testable),
        cmocka_unit_test(test_bids_are_compared_with_acceptances),
        cmocka_unit_test(test_the_claimed_clock_knows_summer_time),
        cmocka_unit_test(test_a_name_in_another_script_is_not_compared),
        cmocka_unit_test(test_what_two_parties_share_is_found_on_both),
        cmocka_unit_test(test_a_household_and_ones_own_second_record_are_one_party),
        cmocka_unit_test(test_a_birth_date_may_be_mistyped_where_a_detail_is_the_same),
        cmocka_unit_test(test_nine_at_one_address_are_no_household),
        cmocka_unit_test(test_an_employer_paid_with_its_worker_is_found_on_both),
        cmocka_unit_test(test_a_ring_of_ratings_is_found_and_a_line_is_not),
        cmocka_unit_test(test_a_phrase_of_twelve_words_is_text_of_another),
        cmocka_unit_test(test_a_referral_from_an_alert_is_context_and_no_class),
        cmocka_unit_test(test_papers_with_another_number_contradict),
        cmocka_unit_test(test_evidence_of_those_one_is_tied_to_counts_by_half),
        cmocka_unit_test(test_nothing_is_carried_within_a_household),
        cmocka_unit_test(test_each_application_is_judged_by_itself),
        cmocka_unit_test(test_records_of_one_cluster_are_one_identity),
        cmocka_unit_test(test_rows_that_cannot_be_used_say_why),
        cmocka_unit_test(test_without_memory_nothing_is_lost),
    };
    return cmocka_run_group_tests(tests, read_rules, drop_rules);
}
