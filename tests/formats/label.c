/* One vocabulary for all sources, and the form under which an address is looked up. */
#include "support/check.h"

#include "formats/label/label.h"

#include <stdio.h>
#include <string.h>

static void test_a_crime_decides_but_a_sanction_does_not_hide_a_service(void **state)
{
    (void)state;
    static const struct {
        const char *category, *abuse, *concept;
        enum sg_category expected;
    } cases[] = {
        {"exchange", NULL, NULL, SG_CATEGORY_EXCHANGE},
        {"exchange", "service_hack", NULL, SG_CATEGORY_THEFT},
        {"mixing_service", "sanction", NULL, SG_CATEGORY_MIXER},
        {"user", "sanction", NULL, SG_CATEGORY_SANCTIONED},
        {NULL, "ransomware", NULL, SG_CATEGORY_RANSOM},
        {NULL, NULL, "gambling", SG_CATEGORY_GAMBLING},
        {"unheard_of", NULL, "market", SG_CATEGORY_MARKETPLACE},
        {"unheard_of", "unheard_of", NULL, SG_CATEGORY_OTHER},
        {"black_list", NULL, NULL, SG_CATEGORY_FROZEN},
        {"bridge", NULL, NULL, SG_CATEGORY_BRIDGE},
    };
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++)
        assert_int_equal(sg_category_choose(cases[i].category, cases[i].abuse, &cases[i].concept,
                                            cases[i].concept != NULL),
                         cases[i].expected);
}

/* The page people read and the tables the program uses say the same. */
static void test_the_documented_concepts_are_those_that_are_mapped(void **state)
{
    (void)state;
    char line[512];
    bool listed = false;
    size_t n = 0;
    FILE *page = fopen(sg_test_source("docs/formats/labels.md"), "r");
    assert_non_null(page);
    while (fgets(line, sizeof(line), page)) {
        char concept[64];
        char ours[64];
        enum sg_category category;
        listed = listed || strcmp(line, "| concept | category |\n") == 0;
        if (listed && line[0] == '\n')
            break;
        if (!listed || sscanf(line, "| `%63[a-z_]` | %63[a-z] |", concept, ours) != 2)
            continue;
        if (!sg_category_of_concept(&category, concept))
            fail_msg("%s is not mapped", concept);
        assert_string_equal(sg_category_info(category)->name, ours);
        n++;
    }
    fclose(page);
    assert_true(n >= 50);
}

static void test_confidence_of_other_vocabularies(void **state)
{
    (void)state;
    assert_int_equal(sg_confidence_of_tagpack("authority_data"), SG_CONFIDENCE_HIGH);
    assert_int_equal(sg_confidence_of_tagpack("forensic"), SG_CONFIDENCE_MEDIUM);
    assert_int_equal(sg_confidence_of_tagpack("web_crawl"), SG_CONFIDENCE_LOW);
    assert_int_equal(sg_confidence_of_tagpack("no such word"), SG_CONFIDENCE_LOW);
    assert_int_equal(sg_confidence_of_tagpack(NULL), SG_CONFIDENCE_LOW);
}

static void test_forms_of_one_address_have_one_key(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"0x098B716B8Aaf21512996dC57EB0615e2383E2f96",
         "0x098b716b8aaf21512996dc57eb0615e2383e2f96"},
        {"0X098B716B8AAF21512996DC57EB0615E2383E2F96",
         "0x098b716b8aaf21512996dc57eb0615e2383e2f96"},
        {"BC1QAR0SRRR7XFKVY5L643LYDNW9RE59GTZZWF5MDQ",
         "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"},
        {"bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a",
         "qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a"},
        {"bitcoin:1BoatSLRHtKNngkdXEeobR76b53LETtpyT", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"},
        {" 0x4736dCf1b7A3d580672CcE6E7c65cd5cc9cFBa9D ",
         "0x4736dcf1b7a3d580672cce6e7c65cd5cc9cfba9d"},
        {"VJLAYX5DZX1KuCBvAdR8ob6S9yLpyhc4y5gCyRoV (note)",
         "VJLAYX5DZX1KuCBvAdR8ob6S9yLpyhc4y5gCyRoV"},
        {"1BoatSLRHtKNngkdXEeobR76b53LETtpyT", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"},
        {"0xnothex", "0xnothex"},
    };
    for (size_t i = 0; i < SG_COUNT_OF(pairs); i++) {
        char key[SG_LABEL_SUBJECT_MAX + 1];
        char again[SG_LABEL_SUBJECT_MAX + 1];
        sg_label_key(key, pairs[i][0], strlen(pairs[i][0]));
        assert_string_equal(key, pairs[i][1]);
        assert_string_equal(sg_label_key(again, key, strlen(key)), key);
    }
}

static void test_chains_of_currencies_and_of_forms(void **state)
{
    (void)state;
    static const char tron[] = "TBYRhsZR7Mdn9ezpGVLwZiNVnGm8wZGLAD";
    static const char hex[] = "0x098b716b8aaf21512996dc57eb0615e2383e2f96";
    assert_string_equal(sg_label_chain("XBT", "x"), "bitcoin");
    assert_string_equal(sg_label_chain("BEP20", hex), "bsc");
    assert_string_equal(sg_label_chain("USDT", tron), "tron");
    assert_string_equal(sg_label_chain("USDT", hex), "ethereum");
    assert_string_equal(sg_label_chain(NULL, hex), "ethereum");
    assert_null(sg_label_chain("nonsense", "nonsense"));
    assert_null(sg_label_chain(NULL, ""));
}

static void test_a_label_has_limits(void **state)
{
    (void)state;
    struct sg_label label;
    struct sg_err err;
    char *text = sg_mem_alloc(SG_LABEL_TEXT_MAX + 2, 1);
    assert_non_null(text);
    memset(text, 'a', SG_LABEL_TEXT_MAX + 1);
    text[SG_LABEL_TEXT_MAX + 1] = 0;
    sg_label_init(&label);
    assert_int_equal(sg_label_check(&label, &err), SG_EPARSE);
    label.subject = " \t";
    assert_int_equal(sg_label_check(&label, &err), SG_EPARSE);
    label.subject = "a";
    CHECK_OK(sg_label_check(&label, &err), &err);
    label.note = text;
    assert_int_equal(sg_label_check(&label, &err), SG_ELIMIT);
    label.note = text + 1;
    CHECK_OK(sg_label_check(&label, &err), &err);
    text[SG_LABEL_SUBJECT_MAX + 1] = 0;
    label.note = NULL;
    label.subject = text;
    assert_int_equal(sg_label_check(&label, &err), SG_ELIMIT);
    sg_mem_free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_crime_decides_but_a_sanction_does_not_hide_a_service),
        cmocka_unit_test(test_the_documented_concepts_are_those_that_are_mapped),
        cmocka_unit_test(test_confidence_of_other_vocabularies),
        cmocka_unit_test(test_forms_of_one_address_have_one_key),
        cmocka_unit_test(test_chains_of_currencies_and_of_forms),
        cmocka_unit_test(test_a_label_has_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
