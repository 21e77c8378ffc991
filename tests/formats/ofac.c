/* OFAC's advanced XML: addresses with party, names, programme and date, in every cut. */
#include "support/check.h"

#include "base/buf.h"
#include "formats/ofac/ofac.h"

#include <stdio.h>
#include <string.h>

#define NAME(alias, group, text)                                                                   \
    "<Alias AliasTypeID=\"1403\" Primary=\"" alias "\"><DocumentedName><DocumentedNamePart>"       \
    "<NamePartValue NamePartGroupID=\"" group "\">" text "</NamePartValue></DocumentedNamePart>"   \
    "</DocumentedName></Alias>"
#define PERSON                                                                                     \
    "<Alias Primary=\"true\"><DocumentedName><DocumentedNamePart><NamePartValue "                  \
    "NamePartGroupID=\"8\">Ivan</NamePartValue></DocumentedNamePart><DocumentedNamePart>"          \
    "<NamePartValue NamePartGroupID=\"7\">DOE</NamePartValue></DocumentedNamePart>"                \
    "</DocumentedName></Alias><NamePartGroups><MasterNamePartGroup><NamePartGroup ID=\"7\" "       \
    "NamePartTypeID=\"1520\"/></MasterNamePartGroup><MasterNamePartGroup><NamePartGroup ID=\"8\" " \
    "NamePartTypeID=\"1521\"/></MasterNamePartGroup></NamePartGroups>"
#define FEATURE(type, text)                                                                        \
    "<Feature ID=\"1\" FeatureTypeID=\"" type "\"><FeatureVersion><Comment/><VersionDetail>" text  \
    "</VersionDetail></FeatureVersion></Feature>"
#define PARTY(profile, names, features)                                                            \
    "<DistinctParty FixedRef=\"" profile "\"><Comment/><Profile ID=\"" profile                     \
    "\"><Identity ID=\"1\">" names "</Identity>" features "</Profile></DistinctParty>"
#define ENTRY(profile, year, programme)                                                            \
    "<SanctionsEntry ID=\"1\" ProfileID=\"" profile "\" ListID=\"1550\"><EntryEvent><Comment/>"    \
    "<Date><Year>" year "</Year><Month>9</Month><Day>3</Day></Date></EntryEvent>"                  \
    "<SanctionsMeasure SanctionsTypeID=\"1705\"><Comment>not this</Comment></SanctionsMeasure>"    \
    "<SanctionsMeasure SanctionsTypeID=\"1\"><Comment>" programme                                  \
    "</Comment></SanctionsMeasure></SanctionsEntry>"
#define REFERENCES                                                                                 \
    "<ReferenceValueSets><FeatureTypeValues><FeatureType ID=\"344\">Digital Currency Address - "   \
    "XBT</FeatureType><FeatureType ID=\"345\">Digital Currency Address - ETH</FeatureType>"        \
    "<FeatureType ID=\"8\">Birthdate</FeatureType></FeatureTypeValues><NamePartTypeValues>"        \
    "<NamePartType ID=\"1520\">Last Name</NamePartType></NamePartTypeValues><SanctionsTypeValues>" \
    "<SanctionsType ID=\"1\">Program</SanctionsType></SanctionsTypeValues><ListValues><List "      \
    "ID=\"1550\">SDN List</List></ListValues></ReferenceValueSets>"
#define ISSUED "<DateOfIssue><Year>2025</Year><Month>11</Month><Day>19</Day></DateOfIssue>"
/* In pieces: C compilers need not take a longer string. */
static const char *const document[] = {
    "<?xml version=\"1.0\"?><Sanctions xmlns=\"x\">" ISSUED REFERENCES
    "<Locations><Location><Feature FeatureTypeID=\"344\"/></Location></Locations>"
    "<DistinctParties>",
    PARTY("9",
          NAME("false", "1", "Alias One") NAME("true", "2", "Group")
              NAME("false", "3", "Alias One"),
          FEATURE("8", "1970") FEATURE("344", " 1abc ") FEATURE("345", "0xDEF")),
    PARTY("5", PERSON, FEATURE("345", "0xdef")),
    PARTY("6", NAME("true", "1", "No address"), FEATURE("8", "x")),
    "</DistinctParties><SanctionsEntries>" ENTRY("6", "2001", "X") ENTRY("9", "2019", "DPRK3"),
    ENTRY("9", "2018", "CYBER2") ENTRY("9", "2020", "DPRK3") ENTRY("5", "2021", "SDGT"),
    "</SanctionsEntries></Sanctions>"};

static char text_of_document[8192];

static int join_document(void **state)
{
    (void)state;
    size_t size = 0;
    for (size_t i = 0; i < SG_COUNT_OF(document); i++)
        size += (size_t)snprintf(text_of_document + size, sizeof(text_of_document) - size, "%s",
                                 document[i]);
    return size < sizeof(text_of_document) ? 0 : -1;
}

struct seen {
    struct sg_buf log;
    size_t n;
};

static enum sg_status on_label(void *ctx, const struct sg_label *label, struct sg_err *err)
{
    struct seen *seen = ctx;
    char listed[SG_TIME_TEXT_MAX];
    sg_buf_printf(&seen->log, "%s %s %s %s [%s] %.10s", label->subject, label->currency,
                  label->chain ? label->chain : "-", label->entity,
                  label->programme ? label->programme : "-",
                  sg_time_format(listed, label->listed_unix_s));
    for (size_t i = 0; i < label->n_aliases; i++)
        sg_buf_printf(&seen->log, " aka %s", label->aliases[i]);
    sg_buf_puts(&seen->log, "\n");
    seen->n++;
    return sg_buf_check(&seen->log, err);
}

static enum sg_status on_bad(void *ctx, const struct sg_err *why, struct sg_err *err)
{
    (void)ctx;
    (void)why;
    (void)err;
    fail_msg("%s", why->text);
    return SG_OK;
}

static enum sg_status run(struct seen *seen, char list[32], const char *text, size_t size,
                          size_t step, struct sg_err *err)
{
    const struct sg_label_sink sink = {on_label, on_bad, seen};
    struct sg_ofac *ofac = NULL;
    struct sg_label_pack pack;
    *seen = (struct seen){.log = SG_BUF_INIT(1 << 24)};
    enum sg_status st = sg_ofac_new(&ofac, &sink, err);
    for (size_t at = 0; st == SG_OK && at < size; at += step)
        st = sg_ofac_feed(ofac, text + at, size - at < step ? size - at : step, err);
    if (st == SG_OK)
        st = sg_ofac_finish(&pack, ofac, err);
    if (st == SG_OK) {
        assert_true(pack.date_unix_s == 1763510400);
        snprintf(list, 32, "%s", pack.list);
    }
    sg_ofac_free(ofac);
    return st;
}

static void test_addresses_come_with_party_names_programme_and_date(void **state)
{
    (void)state;
    for (size_t step = 1; step <= strlen(text_of_document); step = step * 3 + 1) {
        struct seen seen;
        struct sg_err err;
        char list[32];
        CHECK_OK(run(&seen, list, text_of_document, strlen(text_of_document), step, &err), &err);
        assert_string_equal(list, "ofac-sdn");
        assert_string_equal(seen.log.data,
                            "1abc XBT bitcoin Group [DPRK3, CYBER2] 2018-09-03 aka Alias One\n"
                            "0xDEF ETH ethereum Group [DPRK3, CYBER2] 2018-09-03 aka Alias One\n"
                            "0xdef ETH ethereum DOE, Ivan [SDGT] 2021-09-03\n");
        sg_buf_clear(&seen.log);
    }
}

static void test_what_is_not_such_a_list_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"<sdnList/>", "the root is sdnList"},
        {"<Sanctions/>", "not a whole list"},
        {"<Sanctions>" ISSUED "</Sanctions>", "not a whole list"},
        {"<Sanctions>" ISSUED REFERENCES "<DistinctParties>", "not well-formed"},
        {"<Sanctions><DateOfIssue><Year>20x5</Year></DateOfIssue></Sanctions>", "not a number"},
        {"<Sanctions><DateOfIssue><Year>2025</Year><Month>13</Month><Day>1</Day></DateOfIssue>"
         "</Sanctions>",
         "no such date"},
        {"<Sanctions>" ISSUED REFERENCES "<DistinctParties><DistinctParty><Profile/>",
         "the attribute ID is missing"},
        {"<Sanctions>" ISSUED REFERENCES
         "<SanctionsEntries><SanctionsEntry ProfileID=\"99999999999\" ListID=\"1\"/>",
         "not a number"},
    };
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        struct seen seen;
        struct sg_err err = {0};
        char list[32];
        assert_int_equal(run(&seen, list, cases[i].text, strlen(cases[i].text), 1000, &err),
                         SG_EPARSE);
        if (!strstr(err.text, cases[i].says))
            fail_msg("%zu: '%s' lacks '%s'", i, err.text, cases[i].says);
        sg_buf_clear(&seen.log);
    }
}

static enum sg_status run_and_drop(void)
{
    struct seen seen;
    struct sg_err err;
    char list[32];
    const enum sg_status st =
        run(&seen, list, text_of_document, strlen(text_of_document), 500, &err);
    sg_buf_clear(&seen.log);
    return st;
}

static void test_memory_may_end_anywhere(void **state)
{
    (void)state;
    CHECK_OOM_SWEEP(run_and_drop());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_addresses_come_with_party_names_programme_and_date),
        cmocka_unit_test(test_what_is_not_such_a_list_is_refused),
        cmocka_unit_test(test_memory_may_end_anywhere),
    };
    return cmocka_run_group_tests(tests, join_document, NULL);
}
