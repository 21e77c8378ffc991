#include "formats/redrules/redrules.h"
#include "support/check.h"

#include <stdio.h>
#include <string.h>

static enum sg_status parse(struct sg_redrules *rules, struct sg_arena *arena, struct sg_text text,
                            struct sg_err *err)
{
    return sg_redrules_parse(rules, arena, text.data, text.size, err);
}

static void test_the_carried_rules_are_whole(void **state)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_redrules rules;
    struct sg_err err;
    (void)state;
    CHECK_OK(parse(&rules, &arena, sg_redrules_builtin(), &err), &err);
    for (int i = 0; i < SG_RED_COUNT; i++) {
        CHECK(rules.rules[i].enabled && rules.rules[i].at_least >= 1);
        CHECK(*rules.rules[i].innocent && *rules.rules[i].source && *rules.rules[i].needs);
    }
    assert_int_equal(rules.rules[SG_RED_SHARED_SHIPMENT].at_least, 3);
    assert_string_equal(rules.kvm_tools[0], "pikvm");
    sg_arena_clear(&arena);
}

static void test_network_clock_and_acquaintances_form_no_class(void **state)
{
    (void)state;
    CHECK(sg_redrule_kind(SG_RED_COUNTRIES)->is_weak && sg_redrule_kind(SG_RED_TRAVEL)->is_weak);
    CHECK(sg_redrule_kind(SG_RED_TIME_ZONE)->is_weak && sg_redrule_kind(SG_RED_REFERRAL)->is_weak);
    CHECK(!sg_redrule_kind(SG_RED_SHARED_DEVICE)->is_weak);
}

/* The carried file with its first `was` replaced. */
static enum sg_status parse_edited(const char *was, const char *now, struct sg_err *err)
{
    static char text[64 * 1024];
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_redrules rules;
    const struct sg_text whole = sg_redrules_builtin();
    const char *at = memmem(whole.data, whole.size, was, strlen(was));
    assert_non_null(at);
    const int n =
        snprintf(text, sizeof(text), "%.*s%s%.*s", (int)(at - whole.data), whole.data, now,
                 (int)(whole.data + whole.size - at - (ptrdiff_t)strlen(was)), at + strlen(was));
    assert_in_range(n, 1, sizeof(text) - 1);
    const enum sg_status st = sg_redrules_parse(&rules, &arena, text, (size_t)n, err);
    sg_arena_clear(&arena);
    return st;
}

static void test_what_cannot_be_meant_is_refused_with_its_reason(void **state)
{
    static const struct {
        const char *was, *now, *says;
    } edits[] = {
        {"weight: 4.5", "weight: 11", "a number is out of range here"},
        {"weight: 4.5", "weight: nan", "a number is wanted here"},
        {"at_least: 3", "at_least: 0", "at_least is 1 or more, at_most not below it"},
        {"at_least: 3", "at_least: 2.5", "a whole number is wanted here"},
        {"id: kvm", "id: vpn", "no rule has this id"},
        {"id: kvm", "id: travel", "rule travel stands there twice"},
        {"id: kvm", "id: kvm\n    enabled: maybe", "yes or no is wanted here"},
        {"sillage_rules: 1", "sillage_rules: 2", "only version 1 is known"},
        {"remote_tools: [anydesk", "remote_tools: [[]", "a name is wanted here"},
    };
    struct sg_err err;
    (void)state;
    for (size_t i = 0; i < SG_COUNT_OF(edits); i++) {
        assert_int_equal(parse_edited(edits[i].was, edits[i].now, &err), SG_EPARSE);
        assert_string_equal(err.text, edits[i].says);
        CHECK(err.line > 0);
    }
    assert_int_equal(parse_edited("id: kvm", "id: kvm\n    enabled: no", &err), SG_OK);
}

static void test_a_rule_that_is_missing_is_named(void **state)
{
    static const char text[] = "sillage_rules: 1\nalert_weight: 5\nremote_tools: []\n"
                               "kvm_tools: []\nrules: []\n";
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_redrules rules;
    struct sg_err err;
    (void)state;
    assert_int_equal(sg_redrules_parse(&rules, &arena, text, sizeof(text) - 1, &err), SG_EPARSE);
    assert_string_equal(err.text, "rule shared_ip is missing; to leave it out say enabled: no");
    assert_int_equal(err.line, 5);
    sg_arena_clear(&arena);
}

static enum sg_status sweep(struct sg_err *err)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_redrules rules;
    const enum sg_status st = parse(&rules, &arena, sg_redrules_builtin(), err);
    sg_arena_clear(&arena);
    return st;
}

static void test_memory_that_is_refused_is_reported(void **state)
{
    struct sg_err err;
    (void)state;
    CHECK_OOM_SWEEP(sweep(&err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_carried_rules_are_whole),
        cmocka_unit_test(test_network_clock_and_acquaintances_form_no_class),
        cmocka_unit_test(test_what_cannot_be_meant_is_refused_with_its_reason),
        cmocka_unit_test(test_a_rule_that_is_missing_is_named),
        cmocka_unit_test(test_memory_that_is_refused_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
