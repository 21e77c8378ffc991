/* Goal: SHA-256 as published, however the bytes arrive. Method: the examples of FIPS 180-4's
 * companion pages, random cuts of one message, faults at each allocation. */
#include "support/check.h"

#include "base/digest.h"
#include "base/hex.h"
#include "base/rng.h"

#include <string.h>

static void assert_digest(const uint8_t digest32[SG_SHA256_SIZE], const char *want)
{
    char text[2 * SG_SHA256_SIZE + 1];
    assert_string_equal(sg_hex_encode(text, digest32, SG_SHA256_SIZE), want);
}

static void test_published_examples(void **state)
{
    (void)state;
    static const struct {
        const char *message;
        const char *digest;
    } cases[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        uint8_t digest32[SG_SHA256_SIZE];
        sg_sha256_of(digest32, cases[i].message, strlen(cases[i].message));
        assert_digest(digest32, cases[i].digest);
    }
}

static void test_a_million_times_a_in_pieces_and_then_anew(void **state)
{
    (void)state;
    uint8_t digest32[SG_SHA256_SIZE];
    char thousand[1000];
    memset(thousand, 'a', sizeof(thousand));
    struct sg_sha256 *sha = sg_sha256_new();
    assert_non_null(sha);
    for (int i = 0; i < 1000; i++)
        sg_sha256_update(sha, thousand, sizeof(thousand));
    sg_sha256_final(digest32, sha);
    assert_digest(digest32, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    sg_sha256_update(sha, "abc", 3);
    sg_sha256_final(digest32, sha);
    assert_digest(digest32, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    sg_sha256_free(sha);
}

static void test_the_digest_does_not_depend_on_the_cuts(void **state)
{
    (void)state;
    struct sg_rng rng;
    uint8_t bytes[1024];
    sg_rng_init(&rng, sg_test_seed());
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (uint8_t)sg_rng_next(&rng);
    struct sg_sha256 *sha = sg_sha256_new();
    assert_non_null(sha);
    for (int i = 0; i < 500; i++) {
        uint8_t whole32[SG_SHA256_SIZE];
        uint8_t pieces32[SG_SHA256_SIZE];
        const size_t size = (size_t)sg_rng_below(&rng, sizeof(bytes) + 1);
        sg_sha256_of(whole32, bytes, size);
        for (size_t at = 0; at < size;) {
            const size_t n = (size_t)sg_rng_below(&rng, size - at + 1);
            sg_sha256_update(sha, bytes + at, n);
            at += n;
        }
        sg_sha256_final(pieces32, sha);
        assert_memory_equal(whole32, pieces32, SG_SHA256_SIZE);
    }
    sg_sha256_free(sha);
}

static enum sg_status make_and_free(void)
{
    struct sg_sha256 *sha = sg_sha256_new();
    const enum sg_status st = sha ? SG_OK : SG_ENOMEM;
    sg_sha256_free(sha);
    return st;
}

/* RFC 4231, test case 2. */
static void test_a_published_mac(void **state)
{
    static const char data[] = "what do ya want for nothing?";
    uint8_t mac[SG_SHA256_SIZE];
    char hex[2 * SG_SHA256_SIZE + 1];
    (void)state;
    sg_hmac_sha256(mac, "Jefe", 4, data, sizeof(data) - 1);
    assert_string_equal(sg_hex_encode(hex, mac, sizeof(mac)),
                        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

static void test_no_memory_no_state(void **state)
{
    (void)state;
    CHECK_OOM_SWEEP(make_and_free());
}

static void test_the_double_digest_is_over_all_parts(void **state)
{
    (void)state;
    uint8_t digest32[SG_SHA256_SIZE];
    const struct sg_sha256_part whole = {"hello", 5};
    const struct sg_sha256_part parts[] = {{"he", 2}, {NULL, 0}, {"llo", 3}};
    const char *want = "9595c9df90075148eb06860365df33584b75bff782a510c6cd4883a419833d50";
    sg_sha256d(digest32, &whole, 1);
    assert_digest(digest32, want);
    sg_sha256d(digest32, parts, SG_COUNT_OF(parts));
    assert_digest(digest32, want);
}

/* One message over one to three parts, each cut where it pleases. */
static void cut(struct sg_sha256d_job *job, struct sg_rng *rng, const uint8_t *bytes, size_t size)
{
    job->n_parts = 1 + sg_rng_below(rng, 3);
    for (size_t p = 0; p < job->n_parts; p++) {
        const size_t n = p + 1 == job->n_parts ? size : sg_rng_below(rng, size + 1);
        job->parts[p] = (struct sg_sha256_part){bytes, n};
        bytes += n;
        size -= n;
    }
}

/* The oracle is sg_sha256d, which is libcrypto's and takes no two at a time. All sizes around the
 * ends of blocks, and lanes of unlike length beside each other. */
static void test_many_digests_are_those_of_one_by_one(void **state)
{
    (void)state;
    enum { JOBS = 301, SIZE_MAX_BYTES = 300 };
    static uint8_t bytes[JOBS][SIZE_MAX_BYTES], digests[JOBS][SG_SHA256_SIZE];
    static struct sg_sha256d_job jobs[JOBS];
    struct sg_rng rng;
    sg_rng_init(&rng, sg_test_seed());
    for (size_t n = 0; n < JOBS; n += n < 5 ? 1 : 37) {
        for (size_t j = 0; j < n; j++) {
            for (size_t i = 0; i < SIZE_MAX_BYTES; i++)
                bytes[j][i] = (uint8_t)sg_rng_below(&rng, 256);
            memset(digests[j], 0xa5, SG_SHA256_SIZE);
            jobs[j].digest32 = digests[j];
            cut(&jobs[j], &rng, bytes[j], n > 5 ? j : sg_rng_below(&rng, SIZE_MAX_BYTES));
        }
        sg_sha256d_many(jobs, n);
        for (size_t j = 0; j < n; j++) {
            uint8_t want[SG_SHA256_SIZE];
            sg_sha256d(want, jobs[j].parts, jobs[j].n_parts);
            assert_memory_equal(digests[j], want, SG_SHA256_SIZE);
        }
    }
}

static void test_pairs_in_place_are_digests_of_64_bytes_each(void **state)
{
    (void)state;
    enum { PAIRS = 9 };
    uint8_t nodes[PAIRS * 2 * SG_SHA256_SIZE], want[PAIRS][SG_SHA256_SIZE];
    for (size_t n = 0; n <= PAIRS; n++) {
        for (size_t i = 0; i < sizeof(nodes); i++)
            nodes[i] = (uint8_t)(i * 7 + n);
        for (size_t i = 0; i < n; i++) {
            const struct sg_sha256_part pair = {nodes + i * 64, 64};
            sg_sha256d(want[i], &pair, 1);
        }
        sg_sha256d_pairs(nodes, nodes, n);
        assert_memory_equal(nodes, want, n * SG_SHA256_SIZE);
    }
}

static void test_a_public_key_is_named_as_bitcoin_names_it(void **state)
{
    (void)state;
    /* The key of block 0's coinbase, whose address begins with 1A1zP1. */
    uint8_t key[65], digest20[SG_HASH160_SIZE];
    char text[2 * SG_HASH160_SIZE + 1];
    assert_true(sg_hex_decode(key, sizeof(key),
                              "04678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61de"
                              "b649f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d"
                              "5f",
                              130));
    sg_hash160(digest20, key, sizeof(key));
    assert_string_equal(sg_hex_encode(text, digest20, sizeof(digest20)),
                        "62e907b15cbf27d5425399ebf6f0fb50ebb88f18");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published_examples),
        cmocka_unit_test(test_a_million_times_a_in_pieces_and_then_anew),
        cmocka_unit_test(test_many_digests_are_those_of_one_by_one),
        cmocka_unit_test(test_pairs_in_place_are_digests_of_64_bytes_each),
        cmocka_unit_test(test_a_public_key_is_named_as_bitcoin_names_it),
        cmocka_unit_test(test_the_double_digest_is_over_all_parts),
        cmocka_unit_test(test_the_digest_does_not_depend_on_the_cuts),
        cmocka_unit_test(test_a_published_mac),
        cmocka_unit_test(test_no_memory_no_state),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
