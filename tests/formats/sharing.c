/* A case in the formats of others, checked by their published rules: STIX 2.1 (ids, references,
 * times, what each type must have), MISP (the object template), FollowTheMoney (what each schema
 * must have, and whom it may refer to), TagPack (read back by our own reader). */
#include "support/check.h"
#include "support/json.h"

#include "formats/sharing/sharing.h"
#include "formats/tagpack/tagpack.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define DAY_2022_03_23 1647993600

static const struct sg_sharing_source sources[] = {
    {"A \"document\" <b>", "https://example.org/a", "Somebody", DAY_2022_03_23},
    {NULL, NULL, NULL, SG_TIME_UNKNOWN},
    {"Again", "https://example.org/a", NULL, SG_TIME_UNKNOWN},
    {NULL, "a book, page 3", NULL, SG_TIME_UNKNOWN},
};

static const struct sg_sharing_claim thief_claims[] = {
    {"Thief \x1b[31m", SG_CATEGORY_INTERMEDIARY, SG_CONFIDENCE_MEDIUM, "said so: \"yes\"",
     SG_TIME_UNKNOWN, &sources[0]},
    {"Listed", SG_CATEGORY_SANCTIONED, SG_CONFIDENCE_HIGH, NULL, DAY_2022_03_23, &sources[0]},
};

static const struct sg_sharing_claim exchange_claims[] = {
    {"Exchange", SG_CATEGORY_EXCHANGE, SG_CONFIDENCE_LOW, NULL, SG_TIME_UNKNOWN, &sources[1]},
};

static const struct sg_sharing_payment payments[] = {
    {0, 1, "12.5", "ETH", "0xaa", DAY_2022_03_23 + 3661, 0},
    {0, 2, "1", "ETH", NULL, SG_TIME_UNKNOWN, 1},
};

static const char *const findings[] = {"Under the policy fifo: stolen 13.5 ETH"};

/* 0 and 3 are one address on two chains, 1 and 4 have one holder, 2 nobody knows. */
static struct sg_sharing_wallet wallets[] = {
    {"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "ethereum", "ETH", thief_claims, 2,
     "13.5 ETH of stolen money began here", false, false},
    {"0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359", "ethereum", "ETH", exchange_claims, 1, NULL,
     false, false},
    {"0xdE709F2102306220921060314715629080e2fb77", "ethereum", "ETH", NULL, 0, "1 ETH held", false,
     false},
    {"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "polygon", "POL", NULL, 0, NULL, false, false},
    {"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "bitcoin", "BTC", exchange_claims, 1, NULL, false,
     false},
};

static struct sg_sharing made(void)
{
    return (struct sg_sharing){.name = "case-1",
                               .title = "A case <b>",
                               .summary = "What \"happened\"",
                               .date_unix_s = DAY_2022_03_23,
                               .sources = sources,
                               .n_sources = SG_COUNT_OF(sources),
                               .wallets = wallets,
                               .n_wallets = SG_COUNT_OF(wallets),
                               .payments = payments,
                               .n_payments = SG_COUNT_OF(payments),
                               .findings = findings,
                               .n_findings = 1};
}

static void write(struct sg_buf *out, const char *name)
{
    const struct sg_sharing sharing = made();
    enum sg_sharing_format format;
    struct sg_err err;
    *out = (struct sg_buf)SG_BUF_INIT(1 << 20);
    CHECK_OK(sg_sharing_settle(wallets, SG_COUNT_OF(wallets), &err), &err);
    assert_int_equal(sg_sharing_find(&format, name), SG_OK);
    CHECK_OK(sg_sharing_write(out, format, &sharing, &err), &err);
}

/* Strings of a document by the key that they stand under, however deep. */
struct strings {
    char key[16][64]; /* at each depth */
    unsigned depth;
    char ids[64][96], refs[128][96];
    size_t n_ids, n_refs;
    bool (*is_ref)(const char *key);
    void (*check)(const char *key, const char *text);
};

static void on_event(void *ctx, enum json_event event, const char *text, size_t size)
{
    struct strings *s = ctx;
    char *key = s->key[s->depth];
    if (event == JSON_KEY)
        snprintf(key, sizeof(s->key[0]), "%s", text);
    if (event == JSON_BEGIN_OBJECT || event == JSON_BEGIN_ARRAY) {
        assert_true(s->depth + 1 < SG_COUNT_OF(s->key));
        memcpy(s->key[s->depth + 1], key, sizeof(s->key[0]));
        s->depth++;
    }
    if (event == JSON_END_OBJECT || event == JSON_END_ARRAY)
        s->depth--;
    if (event != JSON_STRING)
        return;
    assert_int_equal(strlen(text), size);
    if (strcmp(key, "id") == 0)
        snprintf(s->ids[s->n_ids++], sizeof(s->ids[0]), "%s", text);
    else if (s->is_ref(key))
        snprintf(s->refs[s->n_refs++], sizeof(s->refs[0]), "%s", text);
    s->check(key, text);
}

static void assert_references(const struct strings *s)
{
    for (size_t i = 0; i < s->n_ids; i++)
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(s->ids[i], s->ids[k]);
    for (size_t i = 0; i < s->n_refs; i++) {
        bool is_found = false;
        for (size_t k = 0; k < s->n_ids; k++)
            is_found = is_found || strcmp(s->refs[i], s->ids[k]) == 0;
        if (!is_found)
            fail_msg("%s is referred to and not there", s->refs[i]);
    }
}

static void assert_uuid5(const char *text)
{
    assert_int_equal(strlen(text), 36);
    for (size_t i = 0; i < 36; i++) {
        const bool is_border = i == 8 || i == 13 || i == 18 || i == 23;
        assert_true(is_border ? text[i] == '-' : isxdigit((unsigned char)text[i]) != 0);
    }
    assert_int_equal(text[14], '5');
    assert_non_null(strchr("89ab", text[19]));
}

static bool ends(const char *text, const char *end)
{
    const size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

static bool is_stix_ref(const char *key)
{
    return ends(key, "_ref") || ends(key, "_refs");
}

static void check_stix(const char *key, const char *text)
{
    if (strcmp(key, "id") == 0)
        assert_uuid5(strstr(text, "--") + 2);
    if (strcmp(key, "spec_version") == 0)
        assert_string_equal(text, "2.1");
    if (strcmp(key, "created") == 0 || strcmp(key, "published") == 0)
        assert_string_equal(text, "2022-03-23T00:00:00.000Z");
}

static void test_stix_has_ids_times_and_references_as_it_must(void **state)
{
    (void)state;
    struct sg_buf out;
    static struct strings s;
    s = (struct strings){.is_ref = is_stix_ref, .check = check_stix};
    write(&out, "stix");
    assert_true(json_read(out.data, out.size, on_event, &s));
    assert_references(&s);
    /* bundle, producer, incident, 2 holders, 4 wallets, 4 notes, 2 relationships, report */
    assert_int_equal(s.n_ids, 16);
    assert_non_null(
        strstr(out.data, "\"type\":\"cryptocurrency-wallet\",\"spec_version\":\"2.1\""));
    assert_non_null(strstr(out.data, "\"extension-definition--be78509e-6958-51b1-8b26-"
                                     "d17ee0eba2d7\":{\"extension_type\":\"new-sco\"}"));
    assert_non_null(strstr(out.data, "\"start_time\":\"2022-03-23T01:01:01.000Z\""));
    assert_null(strchr(out.data, 0x1b));
    sg_buf_clear(&out);
}

static bool is_misp_ref(const char *key)
{
    (void)key;
    return false;
}

static void check_misp(const char *key, const char *text)
{
    if (strcmp(key, "uuid") == 0)
        assert_uuid5(text);
    if (strcmp(key, "template_uuid") == 0)
        assert_string_equal(text, "d0e6997e-78da-4815-a6a1-cfc1c1cb8a46");
}

static void test_misp_has_a_coin_address_a_wallet_of_the_type_of_its_chain(void **state)
{
    (void)state;
    struct sg_buf out;
    static struct strings s;
    s = (struct strings){.is_ref = is_misp_ref, .check = check_misp};
    write(&out, "misp");
    assert_true(json_read(out.data, out.size, on_event, &s));
    assert_non_null(strstr(out.data,
                           "\"object_relation\":\"address\",\"type\":\"btc\",\"category\":"
                           "\"Financial fraud\",\"value\":"
                           "\"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa\",\"to_ids\":false"));
    assert_non_null(strstr(out.data, "\"object_relation\":\"address-crypto\",\"type\":\"text\","
                                     "\"category\":\"Financial fraud\",\"value\":"
                                     "\"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed\",\"to_ids\":"
                                     "true"));
    assert_non_null(strstr(out.data, "\"date\":\"2022-03-23\",\"timestamp\":\"1647993600\""));
    /* A source that two have is one link; what is no address of the web is none. */
    char *link = strstr(out.data, "\"type\":\"link\"");
    assert_non_null(link);
    assert_null(strstr(link + 1, "\"type\":\"link\""));
    assert_non_null(strstr(out.data, "\"type\":\"comment\",\"category\":\"External analysis\","
                                     "\"value\":\"a book, page 3\""));
    sg_buf_clear(&out);
}

static bool is_ftm_ref(const char *key)
{
    return strcmp(key, "holder") == 0 || strcmp(key, "entity") == 0 || strcmp(key, "payer") == 0 ||
           strcmp(key, "beneficiary") == 0;
}

static void check_ftm(const char *key, const char *text)
{
    if (strcmp(key, "topics") == 0)
        assert_true(strcmp(text, "sanction") == 0 || strcmp(text, "fin") == 0);
    if (strcmp(key, "date") == 0 || strcmp(key, "listingDate") == 0)
        assert_string_equal(text, "2022-03-23");
}

static void test_followthemoney_is_a_document_a_line_that_refers_to_others(void **state)
{
    (void)state;
    struct sg_buf out;
    static struct strings s;
    size_t n_lines = 0;
    s = (struct strings){.is_ref = is_ftm_ref, .check = check_ftm};
    write(&out, "ftm");
    for (char *line = out.data; line && *line; n_lines++) {
        char *end = strchr(line, '\n');
        assert_non_null(end);
        assert_true(json_read(line, (size_t)(end - line), on_event, &s));
        line = end + 1;
    }
    assert_references(&s);
    /* Thief, exchange and two whom nobody names; 5 wallets; a sanction; 2 payments. */
    assert_int_equal(n_lines, 12);
    assert_non_null(strstr(out.data, "\"schema\":\"Sanction\",\"properties\":{\"entity\":["));
    assert_non_null(strstr(out.data, "\"amount\":[\"12.5\"],\"currency\":[\"ETH\"]"));
    assert_non_null(strstr(out.data, "Holder of 0xdE709F2102306220921060314715629080e2fb77"));
    sg_buf_clear(&out);
}

static enum sg_status on_label(void *ctx, const struct sg_label *label, struct sg_err *err)
{
    struct sg_buf *log = ctx;
    sg_buf_printf(log, "%s %s %s %s %s %s|%s\n", label->subject, label->chain, label->entity,
                  sg_category_info(label->category)->name, sg_confidence_name(label->confidence),
                  label->source, label->note ? label->note : "");
    return sg_buf_check(log, err);
}

static enum sg_status on_bad(void *ctx, const struct sg_err *why, struct sg_err *err)
{
    (void)ctx;
    (void)err;
    fail_msg("%s", why->text);
    return SG_OK;
}

static void test_a_tagpack_is_read_back_claim_for_claim(void **state)
{
    (void)state;
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_buf out, log = SG_BUF_INIT(65536);
    const struct sg_label_sink sink = {on_label, on_bad, &log};
    struct sg_label_pack pack;
    struct sg_err err;
    write(&out, "tagpack");
    CHECK_OK(sg_tagpack_parse(&pack, &arena, out.data, out.size, &sink, &err), &err);
    assert_string_equal(pack.title, "A case <b>");
    assert_string_equal(
        log.data,
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed ethereum Thief \x1b[31m theft medium "
        "https://example.org/a|{\"note\":\"intermediary; said so: \\\"yes\\\"; 13.5 ETH of stolen "
        "money began here\"}\n"
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed ethereum Listed sanctioned high "
        "https://example.org/a|\n"
        "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359 ethereum Exchange exchange low unknown|\n"
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa bitcoin Exchange exchange low unknown|\n");
    sg_buf_clear(&out);
    sg_buf_clear(&log);
    sg_arena_clear(&arena);
}

static void test_the_same_case_gives_the_same_bytes(void **state)
{
    (void)state;
    static const char *const names[] = {"stix", "misp", "ftm", "tagpack"};
    for (size_t i = 0; i < SG_COUNT_OF(names); i++) {
        struct sg_buf first, second;
        write(&first, names[i]);
        write(&second, names[i]);
        assert_int_equal(first.size, second.size);
        assert_memory_equal(first.data, second.data, first.size);
        sg_buf_clear(&first);
        sg_buf_clear(&second);
    }
}

static enum sg_status write_all(void)
{
    const struct sg_sharing sharing = made();
    struct sg_err err;
    enum sg_status st = sg_sharing_settle(wallets, SG_COUNT_OF(wallets), &err);
    for (int format = SG_SHARING_STIX; st == SG_OK && format <= SG_SHARING_TAGPACK; format++) {
        struct sg_buf out = SG_BUF_INIT(1 << 20);
        st = sg_sharing_write(&out, (enum sg_sharing_format)format, &sharing, &err);
        sg_buf_clear(&out);
    }
    return st;
}

static void test_memory_may_end_anywhere(void **state)
{
    (void)state;
    CHECK_OOM_SWEEP(write_all());
}

static void test_unknown_formats_are_not_found(void **state)
{
    (void)state;
    enum sg_sharing_format format;
    assert_int_equal(sg_sharing_find(&format, "STIX"), SG_ENOTFOUND);
    assert_int_equal(sg_sharing_find(&format, ""), SG_ENOTFOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stix_has_ids_times_and_references_as_it_must),
        cmocka_unit_test(test_misp_has_a_coin_address_a_wallet_of_the_type_of_its_chain),
        cmocka_unit_test(test_followthemoney_is_a_document_a_line_that_refers_to_others),
        cmocka_unit_test(test_a_tagpack_is_read_back_claim_for_claim),
        cmocka_unit_test(test_the_same_case_gives_the_same_bytes),
        cmocka_unit_test(test_memory_may_end_anywhere),
        cmocka_unit_test(test_unknown_formats_are_not_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
