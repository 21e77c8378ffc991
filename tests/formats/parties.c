/* Lists of the EU, the UK and the UN: addresses in remarks, with the party's names, programme and
 * day, in every cut; what is wrong with a list, said. The documents are made up. */
#include "support/check.h"

#include "base/buf.h"
#include "formats/parties/parties.h"

#include <stdio.h>
#include <string.h>

#define GENESIS "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"
#define EVM     "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
#define TRON    "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"

static const char eu[] =
    "\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<export xmlns=\"http://eu.europa.ec/fpi/fsd/export\" "
    "generationDate=\"2026-11-20T17:00:34.049+01:00\" globalFileId=\"1\">"
    "<sanctionEntity designationDetails=\"\" unitedNationId=\"\" euReferenceNumber=\"EU.1.2\" "
    "logicalId=\"13\"><remark>Wallet: " GENESIS "; also\n" EVM ".</remark>"
    "<regulation regulationType=\"regulation\" publicationDate=\"2003-07-08\" "
    "entryIntoForceDate=\"2003-07-07\" numberTitle=\"1210/2003\" programme=\"PRK\" "
    "logicalId=\"348\"><publicationUrl>http://example.org/a</publicationUrl></regulation>"
    "<nameAlias firstName=\"\" wholeName=\"Group &lt;b&gt;\" strong=\"true\"/>"
    "<nameAlias wholeName=\"Other name\"/><nameAlias wholeName=\"Other name\"/></sanctionEntity>"
    "<sanctionEntity logicalId=\"14\"><nameAlias wholeName=\"No address\"/>"
    "<identification number=\"" TRON "\" identificationTypeDescription=\"Other\"/>"
    "</sanctionEntity></export>";

static const char uk_xml[] =
    "<Designations><DateGenerated>20/11/2026</DateGenerated><Designation>"
    "<LastUpdated>01/11/2026</LastUpdated><DateDesignated>14/02/2023</DateDesignated>"
    "<UniqueID>CYB0001</UniqueID><OFSIGroupID>15725</OFSIGroupID>"
    "<Names><Name><Name1>Second</Name1><Name6>ALIAS</Name6><NameType>Alias</NameType></Name>"
    "<Name><Name6>DOE</Name6><Name1>Iwan</Name1><NameType>Primary Name Variation</NameType></Name>"
    "<Name><Name6>DOE</Name6><Name1>Ivan</Name1><NameType>Primary Name</NameType></Name>"
    "</Names><NonLatinNames><NonLatinName><NameNonLatinScript>\xd0\x94</NameNonLatinScript>"
    "</NonLatinName></NonLatinNames><RegimeName>Cyber</RegimeName>"
    "<OtherInformation>(1) Digital wallet " GENESIS ", " GENESIS "</OtherInformation>"
    "</Designation></Designations>";

static const char ofsi_xml[] =
    "<ArrayOfFinancialSanctionsTarget><FinancialSanctionsTarget><Name6>GROUP</Name6>"
    "<AliasType>AKA</AliasType><RegimeName>Cyber</RegimeName><DateListed>2023-02-09T00:00:00"
    "</DateListed><GroupID>15725</GroupID></FinancialSanctionsTarget>"
    "<FinancialSanctionsTarget><Name6>DOE</Name6><name1>Ivan</name1>"
    "<AliasType>Primary name</AliasType><RegimeName>Cyber</RegimeName><DateListed>"
    "2023-02-09T00:00:00</DateListed><OtherInformation>" EVM "</OtherInformation>"
    "<GroupID>15725</GroupID></FinancialSanctionsTarget></ArrayOfFinancialSanctionsTarget>";

static const char uk_csv[] =
    "Report Date: 20-Nov-2026\r\n"
    "Last Updated,Unique ID,OFSI Group ID,Name 6,Name 1,Name type,Regime Name,Other Information,"
    "Date Designated\r\n"
    "01/11/2026,CYB0001,15725,ALIAS,Second,Alias,Cyber,\"Wallet " GENESIS "\",14/02/2023\r\n"
    "01/11/2026,CYB0001,15725,DOE,Ivan,Primary Name,Cyber,\"Wallet\n" GENESIS "\",14/02/2023\r\n"
    "01/11/2026,CYB0002,15726,OTHER,,Primary Name,Cyber,nothing,01/02/2023\r\n";

static const char ofsi_csv[] =
    "Last Updated,20/11/2026\n"
    "Name 6,Name 1,Regime,Listed On,Alias Type,Group ID,Other Information\n"
    "DOE,Ivan,Cyber,09/02/2023,Primary name,15725,wallet " EVM "\n";

static const char un[] =
    "<CONSOLIDATED_LIST xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
    "dateGenerated=\"2026-11-20T00:00:09.554Z\"><INDIVIDUALS><INDIVIDUAL><DATAID>1</DATAID>"
    "<FIRST_NAME>IVAN</FIRST_NAME><SECOND_NAME>DOE</SECOND_NAME><UN_LIST_TYPE>DPRK</UN_LIST_TYPE>"
    "<REFERENCE_NUMBER>KPi.999</REFERENCE_NUMBER><LISTED_ON>2012-12-31</LISTED_ON>"
    "<COMMENTS1>Uses 1A1zP1eP5QGefi2DM\nPTfTL5SLmv7DivfNa.</COMMENTS1>"
    "<INDIVIDUAL_ALIAS><ALIAS_NAME>Iwan</ALIAS_NAME></INDIVIDUAL_ALIAS>"
    "<INDIVIDUAL_ALIAS><ALIAS_NAME/></INDIVIDUAL_ALIAS></INDIVIDUAL></INDIVIDUALS>"
    "<ENTITIES><ENTITY><DATAID>2</DATAID><FIRST_NAME>BUREAU</FIRST_NAME>"
    "<COMMENTS1>" TRON "</COMMENTS1></ENTITY></ENTITIES></CONSOLIDATED_LIST>";

struct seen {
    struct sg_buf log;
    char list[32];
    int64_t date;
};

static enum sg_status on_label(void *ctx, const struct sg_label *label, struct sg_err *err)
{
    struct seen *seen = ctx;
    char listed[SG_TIME_TEXT_MAX];
    assert_int_equal(label->category, SG_CATEGORY_SANCTIONED);
    assert_int_equal(label->confidence, SG_CONFIDENCE_HIGH);
    sg_buf_printf(&seen->log, "%s %s %s [%s] %s %.10s", label->subject, label->chain, label->entity,
                  label->programme ? label->programme : "-", label->actor,
                  sg_time_format(listed, label->listed_unix_s));
    for (size_t i = 0; i < label->n_aliases; i++)
        sg_buf_printf(&seen->log, " aka %s", label->aliases[i]);
    sg_buf_putc(&seen->log, '\n');
    return sg_buf_check(&seen->log, err);
}

static enum sg_status on_bad(void *ctx, const struct sg_err *why, struct sg_err *err)
{
    struct seen *seen = ctx;
    sg_buf_printf(&seen->log, "bad %u: %s\n", why->line, why->text);
    return sg_buf_check(&seen->log, err);
}

static enum sg_status run(struct seen *seen, enum sg_parties_list list, const char *text,
                          size_t size, size_t step, struct sg_err *err)
{
    const struct sg_label_sink sink = {on_label, on_bad, seen};
    struct sg_parties *parties = NULL;
    struct sg_label_pack pack;
    *seen = (struct seen){.log = SG_BUF_INIT(1 << 24)};
    sg_buf_puts(&seen->log, "");
    enum sg_status st = sg_parties_new(&parties, list, &sink, err);
    for (size_t at = 0; st == SG_OK && at < size; at += step)
        st = sg_parties_feed(parties, text + at, size - at < step ? size - at : step, err);
    if (st == SG_OK)
        st = sg_parties_finish(&pack, parties, err);
    if (st == SG_OK) {
        snprintf(seen->list, sizeof(seen->list), "%s", pack.list);
        seen->date = pack.date_unix_s;
    }
    sg_parties_free(parties);
    return st;
}

static void assert_labels(enum sg_parties_list list, const char *text, int64_t date,
                          const char *want)
{
    static const char *const names[] = {"eu-fsf", "uk-sanctions", "un-consolidated"};
    for (size_t step = 1; step <= strlen(text); step = step * 3 + 1) {
        struct seen seen;
        struct sg_err err;
        CHECK_OK(run(&seen, list, text, strlen(text), step, &err), &err);
        assert_string_equal(seen.list, names[list]);
        assert_true(seen.date == date);
        assert_string_equal(seen.log.data ? seen.log.data : "", want);
        sg_buf_clear(&seen.log);
    }
}

#define DAY_2026_11_20 1795132800

static void test_the_eu_list_has_addresses_in_remarks_and_identifications(void **state)
{
    (void)state;
    assert_labels(SG_PARTIES_EU, eu, DAY_2026_11_20,
                  GENESIS " bitcoin Group <b> [PRK] EU.1.2 2003-07-07 aka Other name\n" EVM
                          " ethereum Group <b> [PRK] EU.1.2 2003-07-07 aka Other name\n" TRON
                          " tron No address [-] 14 unknown\n");
}

static void test_the_uk_list_as_xml_gives_the_primary_name(void **state)
{
    (void)state;
    assert_labels(SG_PARTIES_UK, uk_xml, DAY_2026_11_20,
                  GENESIS " bitcoin Ivan DOE [Cyber] CYB0001 2023-02-14 aka Second ALIAS aka Iwan "
                          "DOE aka \xd0\x94\n");
}

static void test_rows_of_one_party_are_put_together(void **state)
{
    (void)state;
    assert_labels(SG_PARTIES_UK, ofsi_xml, SG_TIME_UNKNOWN,
                  EVM " ethereum Ivan DOE [Cyber] 15725 2023-02-09 aka GROUP\n");
    assert_labels(SG_PARTIES_UK, uk_csv, DAY_2026_11_20,
                  GENESIS " bitcoin Ivan DOE [Cyber] CYB0001 2023-02-14 aka Second ALIAS\n");
    assert_labels(SG_PARTIES_UK, ofsi_csv, DAY_2026_11_20,
                  EVM " ethereum Ivan DOE [Cyber] 15725 2023-02-09\n");
}

static void test_the_un_list_has_addresses_in_comments_also_broken(void **state)
{
    (void)state;
    assert_labels(SG_PARTIES_UN, un, DAY_2026_11_20,
                  GENESIS " bitcoin IVAN DOE [DPRK] KPi.999 2012-12-31 aka Iwan\n" TRON
                          " tron BUREAU [-] 2 unknown\n");
}

static void test_a_wrong_address_in_a_remark_is_told_and_left_out(void **state)
{
    (void)state;
    assert_labels(SG_PARTIES_UN,
                  "<CONSOLIDATED_LIST><ENTITY><DATAID>2</DATAID><FIRST_NAME>B</FIRST_NAME>"
                  "<COMMENTS1>1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb</COMMENTS1></ENTITY>"
                  "</CONSOLIDATED_LIST>",
                  SG_TIME_UNKNOWN,
                  "bad 0: 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb looks like an address, but the "
                  "checksum is wrong\n");
    assert_labels(SG_PARTIES_UK, "Name 6,Group ID\nA,1\nB\n", SG_TIME_UNKNOWN,
                  "bad 3: a row with more or fewer fields than the header\n");
}

static void test_what_is_not_such_a_list_is_refused(void **state)
{
    (void)state;
    static const struct {
        enum sg_parties_list list;
        const char *text, *says;
    } cases[] = {
        {SG_PARTIES_EU, "<CONSOLIDATED_LIST/>", "the root is CONSOLIDATED_LIST"},
        {SG_PARTIES_UN, "<export/>", "the root is export"},
        {SG_PARTIES_UK, "<html/>", "the root is html"},
        {SG_PARTIES_EU, "plain", "not well-formed"},
        {SG_PARTIES_EU, "", "an empty file"},
        {SG_PARTIES_UK, "", "an empty file"},
        {SG_PARTIES_UK, "a,b,c\n1,2,3\n", "no columns 'Name 6'"},
        {SG_PARTIES_UK, "x\ny\nz\n", "no columns 'Name 6'"},
        {SG_PARTIES_EU, "<export><sanctionEntity>", "not well-formed"},
        {SG_PARTIES_EU, "<!DOCTYPE e [<!ENTITY a \"b\">]><export>&a;</export>", "document type"},
        {SG_PARTIES_UN, "<!DOCTYPE e SYSTEM \"http://example.org/e.dtd\"><CONSOLIDATED_LIST/>",
         "document type"},
    };
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        struct seen seen;
        struct sg_err err = {0};
        assert_int_equal(run(&seen, cases[i].list, cases[i].text, strlen(cases[i].text), 7, &err),
                         SG_EPARSE);
        if (!strstr(err.text, cases[i].says))
            fail_msg("%zu: '%s' lacks '%s'", i, err.text, cases[i].says);
        sg_buf_clear(&seen.log);
    }
}

static enum sg_status run_and_drop(void)
{
    static const struct {
        enum sg_parties_list list;
        const char *text;
    } all[] = {{SG_PARTIES_EU, eu}, {SG_PARTIES_UK, uk_csv}};
    enum sg_status st = SG_OK;
    for (size_t i = 0; st == SG_OK && i < SG_COUNT_OF(all); i++) {
        struct seen seen;
        struct sg_err err;
        st = run(&seen, all[i].list, all[i].text, strlen(all[i].text), 4000, &err);
        sg_buf_clear(&seen.log);
    }
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
        cmocka_unit_test(test_the_eu_list_has_addresses_in_remarks_and_identifications),
        cmocka_unit_test(test_the_uk_list_as_xml_gives_the_primary_name),
        cmocka_unit_test(test_rows_of_one_party_are_put_together),
        cmocka_unit_test(test_the_un_list_has_addresses_in_comments_also_broken),
        cmocka_unit_test(test_a_wrong_address_in_a_remark_is_told_and_left_out),
        cmocka_unit_test(test_what_is_not_such_a_list_is_refused),
        cmocka_unit_test(test_memory_may_end_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
