/* Events of mixer pools: both forms, compressed or not, in every cut; and what is refused. */
#include "support/check.h"

#include "base/hex.h"
#include "base/keccak.h"
#include "formats/tornado/tornado.h"

#include <stdio.h>
#include <string.h>
#include <zlib.h>

#define HASH_A "0x00000000000000000000000000000000000000000000000000000000000000aa"
#define HASH_B "0x00000000000000000000000000000000000000000000000000000000000000bb"
#define DEPOSIT                                                                                    \
    "{\"blockNumber\":1000,\"transactionHash\":\"" HASH_A "\",\"commitment\":\"" HASH_B            \
    "\",\"leafIndex\":7,\"timestamp\":\"1600000000\"}"
#define WITHDRAWAL                                                                                 \
    "{\"blockNumber\":1001,\"transactionHash\":\"" HASH_B "\",\"nullifierHash\":\"" HASH_A         \
    "\",\"to\":\"0x00000000000000000000000000000000000000CC\",\"fee\":\"123456789012345678\"}"
#define TOPIC_DEPOSIT    "0xa945e51eec50ab98c161376f0db4cf2aeba3ec92755fe2fcd388bdbbb80ff196"
#define TOPIC_WITHDRAWAL "0xe9e508bad6d4c3227e881ca19068f099da81b5164dd6d62b2eaf1e8bc6c34931"
#define WORD(tail)       "000000000000000000000000000000000000000000000000" tail
#define LOG_DEPOSIT                                                                                \
    "{\"address\":\"0x00000000000000000000000000000000000000dd\",\"blockNumber\":\"0x3e8\","       \
    "\"transactionHash\":\"" HASH_A "\",\"topics\":[\"" TOPIC_DEPOSIT "\",\"" HASH_B               \
    "\"],\"data\":\"0x" WORD("0000000000000007") WORD("000000005f5e1000") "\"}"
#define LOG_WITHDRAWAL                                                                             \
    "{\"blockNumber\":\"0x3e9\",\"transactionHash\":\"" HASH_B                                     \
    "\",\"topics\":[\"" TOPIC_WITHDRAWAL "\",\"" HASH_A                                            \
    "\"],\"data\":\"0x" WORD("00000000000000cc") WORD("00000000000000aa")                          \
        WORD("00000000000000ff") "\"}"

struct seen {
    struct sg_pool_event events[8];
    size_t n, n_bad;
    char reason[128];
};

static enum sg_status on_event(void *ctx, const struct sg_pool_event *event, struct sg_err *err)
{
    struct seen *seen = ctx;
    (void)err;
    assert_true(seen->n < SG_COUNT_OF(seen->events));
    seen->events[seen->n++] = *event;
    return SG_OK;
}

static enum sg_status on_bad(void *ctx, const struct sg_bad_row *bad, struct sg_err *err)
{
    struct seen *seen = ctx;
    (void)err;
    seen->n_bad++;
    snprintf(seen->reason, sizeof(seen->reason), "%s", bad->reason);
    return SG_OK;
}

static enum sg_status parse(struct seen *seen, const void *bytes, size_t size, size_t step,
                            struct sg_err *err)
{
    const struct sg_pool_event_sink sink = {on_event, on_bad, seen};
    struct sg_tornado *parser = NULL;
    memset(seen, 0, sizeof(*seen));
    enum sg_status st = sg_tornado_new(&parser, sg_chain_find("ethereum", 8), &sink, err);
    for (size_t at = 0; st == SG_OK && at < size; at += step)
        st = sg_tornado_feed(parser, (const uint8_t *)bytes + at,
                             size - at < step ? size - at : step, err);
    if (st == SG_OK)
        st = sg_tornado_finish(parser, err);
    sg_tornado_free(parser);
    return st;
}

static void check_pair(const struct seen *seen)
{
    const struct sg_pool_event *d = &seen->events[0];
    const struct sg_pool_event *w = &seen->events[1];
    assert_int_equal(seen->n, 2);
    assert_int_equal(seen->n_bad, 0);
    assert_int_equal(d->kind, SG_POOL_DEPOSIT);
    assert_int_equal(d->block, 1000);
    assert_int_equal(d->leaf, 7);
    assert_int_equal(d->time_unix_s, 1600000000);
    assert_int_equal(d->tx32[31], 0xaa);
    assert_int_equal(d->id32[31], 0xbb);
    assert_int_equal(w->kind, SG_POOL_WITHDRAWAL);
    assert_int_equal(w->block, 1001);
    assert_int_equal(w->tx32[31], 0xbb);
    assert_int_equal(w->id32[31], 0xaa);
    assert_int_equal(w->to.size, 20);
    assert_int_equal(w->to.bytes[19], 0xcc);
    assert_true(w->time_unix_s == SG_TIME_UNKNOWN);
}

static void test_cached_events_are_read_in_every_cut(void **state)
{
    (void)state;
    static const char text[] = "[" DEPOSIT "," WITHDRAWAL "]";
    struct seen seen;
    struct sg_err err;
    for (size_t step = 1; step < sizeof(text); step++) {
        CHECK_OK(parse(&seen, text, sizeof(text) - 1, step, &err), &err);
        check_pair(&seen);
        assert_int_equal(sg_amount_cmp(seen.events[1].fee, sg_amount_from(123456789012345678u)), 0);
        assert_int_equal(seen.events[0].offset, 1);
        assert_int_equal(seen.events[0].pool.size, 0);
    }
}

static void test_logs_are_the_same_events(void **state)
{
    (void)state;
    static const char text[] = "{\"id\":1,\"result\":[" LOG_DEPOSIT "," LOG_WITHDRAWAL "]}";
    struct seen seen;
    struct sg_err err;
    CHECK_OK(parse(&seen, text, sizeof(text) - 1, 11, &err), &err);
    check_pair(&seen);
    assert_int_equal(sg_amount_cmp(seen.events[1].fee, sg_amount_from(255)), 0);
    assert_int_equal(seen.events[0].pool.bytes[19], 0xdd);
}

static void test_a_price_that_was_paid_wins_over_one_that_was_bid(void **state)
{
    (void)state;
    static const struct {
        const char *fields;
        uint64_t price;
    } cases[] = {{"", 0},
                 {"\"gasPrice\":\"0x4d\",", 77},
                 {"\"gasPrice\":78,", 78},
                 {"\"gasPrice\":80,\"effectiveGasPrice\":\"79\",", 79}};
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        char text[512];
        struct seen seen;
        struct sg_err err;
        const int size = snprintf(text, sizeof(text), "{%s%s", cases[i].fields, &DEPOSIT[1]);
        CHECK_OK(parse(&seen, text, (size_t)size, 9, &err), &err);
        assert_int_equal(seen.n, 1);
        assert_true(seen.events[0].gas_price == cases[i].price);
    }
}

static void test_zlib_is_undone_and_a_cut_one_is_an_error(void **state)
{
    (void)state;
    static const char text[] = "[" DEPOSIT "," WITHDRAWAL "]";
    uint8_t packed[1024];
    uLongf size = sizeof(packed);
    struct seen seen;
    struct sg_err err;
    assert_int_equal(compress(packed, &size, (const Bytef *)text, sizeof(text) - 1), Z_OK);
    CHECK_OK(parse(&seen, packed, size, 5, &err), &err);
    check_pair(&seen);
    for (size_t cut = 4; cut < size; cut++)
        assert_int_equal(parse(&seen, packed, cut, 64, &err), SG_EPARSE);
}

static void test_objects_that_are_no_events_are_bad_with_a_reason(void **state)
{
    (void)state;
    static const struct {
        const char *text, *reason;
    } cases[] = {
        {"{\"transactionHash\":\"" HASH_A "\"}", "blockNumber is missing or no number"},
        {"{\"blockNumber\":-1}", "blockNumber is missing or no number"},
        {"{\"blockNumber\":99999999999999999999}", "blockNumber is missing or no number"},
        {"{\"blockNumber\":1,\"gasPrice\":\"1.5\"}", "gas price is no number"},
        {"{\"blockNumber\":1,\"effectiveGasPrice\":\"0xffffffffffffffff\"}",
         "gas price is no number"},
        {"{\"blockNumber\":1,\"transactionHash\":\"0xaa\"}",
         "transactionHash is not 0x and 64 hex digits"},
        {"{\"blockNumber\":1,\"transactionHash\":\"" HASH_A "\"}",
         "neither commitment, nullifierHash nor topics: no event of a pool"},
        {"{\"blockNumber\":1,\"transactionHash\":\"" HASH_A "\",\"commitment\":\"" HASH_A
         "\",\"leafIndex\":4294967296}",
         "leafIndex is missing or no number"},
        {"{\"blockNumber\":1,\"transactionHash\":\"" HASH_A "\",\"commitment\":\"" HASH_A
         "\",\"leafIndex\":1,\"timestamp\":\"9999999999999\"}",
         "timestamp is not a time"},
        {"{\"blockNumber\":1,\"transactionHash\":\"" HASH_A "\",\"nullifierHash\":\"" HASH_A
         "\",\"to\":\"0x12\",\"fee\":\"0\"}",
         "to is not an address"},
        {"{\"blockNumber\":1,\"transactionHash\":\"" HASH_A "\",\"nullifierHash\":\"" HASH_A
         "\",\"to\":\"0x00000000000000000000000000000000000000cc\",\"fee\":\"0.5\"}",
         "fee is not an amount in base units"},
        {"{\"blockNumber\":1,\"transactionHash\":\"" HASH_A "\",\"topics\":[\"" HASH_A
         "\",\"" HASH_A "\"],\"data\":\"0x\"}",
         "a log that is neither a deposit nor a withdrawal"},
        {"{\"blockNumber\":1,\"transactionHash\":\"" HASH_A "\",\"topics\":[\"" TOPIC_DEPOSIT
         "\",\"" HASH_A "\"],\"data\":\"0x00\"}",
         "data of the log has not the length of this event"},
    };
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        struct seen seen;
        struct sg_err err;
        CHECK_OK(parse(&seen, cases[i].text, strlen(cases[i].text), 7, &err), &err);
        assert_int_equal(seen.n, 0);
        assert_int_equal(seen.n_bad, 1);
        assert_string_equal(seen.reason, cases[i].reason);
    }
}

static void test_damage_has_its_offset(void **state)
{
    (void)state;
    static const char text[] = "[" DEPOSIT ",}";
    struct seen seen;
    struct sg_err err;
    assert_int_equal(parse(&seen, text, sizeof(text) - 1, 9, &err), SG_EPARSE);
    assert_true(err.has_offset);
    assert_int_equal(seen.n, 1);
}

static void test_memory_may_end_anywhere(void **state)
{
    (void)state;
    static const char text[] = "[" DEPOSIT "," LOG_WITHDRAWAL "]";
    struct seen seen;
    struct sg_err err;
    CHECK_OOM_SWEEP(parse(&seen, text, sizeof(text) - 1, 50, &err));
}

static void check_topic(const char *topic, const char *event)
{
    uint8_t digest[SG_KECCAK256_SIZE];
    char hex[2 * SG_KECCAK256_SIZE + 1];
    sg_keccak256_of(digest, event, strlen(event));
    assert_string_equal(sg_hex_encode(hex, digest, sizeof(digest)), topic + 2);
}

/* The parser knows an event by this topic: test_logs_are_the_same_events uses the same texts. */
static void test_topics_are_the_digests_of_the_events(void **state)
{
    (void)state;
    check_topic(TOPIC_DEPOSIT, "Deposit(bytes32,uint32,uint256)");
    check_topic(TOPIC_WITHDRAWAL, "Withdrawal(address,bytes32,address,uint256)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cached_events_are_read_in_every_cut),
        cmocka_unit_test(test_logs_are_the_same_events),
        cmocka_unit_test(test_a_price_that_was_paid_wins_over_one_that_was_bid),
        cmocka_unit_test(test_topics_are_the_digests_of_the_events),
        cmocka_unit_test(test_zlib_is_undone_and_a_cut_one_is_an_error),
        cmocka_unit_test(test_objects_that_are_no_events_are_bad_with_a_reason),
        cmocka_unit_test(test_damage_has_its_offset),
        cmocka_unit_test(test_memory_may_end_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
