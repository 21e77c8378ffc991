/* Goal: Keccak-256 as published. Method: vectors of the Keccak team's and Ethereum's own documents,
 * and digests of a second implementation, which agrees with SHA3-256 but for the padding, at the
 * sizes where a block ends. */
#include "support/check.h"

#include "base/hex.h"
#include "base/keccak.h"

#include <string.h>

static void assert_digest(const void *bytes, size_t size, const char *want)
{
    uint8_t digest32[SG_KECCAK256_SIZE];
    char text[2 * SG_KECCAK256_SIZE + 1];
    memset(digest32, 0xa5, sizeof(digest32));
    sg_keccak256_of(digest32, bytes, size);
    assert_string_equal(sg_hex_encode(text, digest32, SG_KECCAK256_SIZE), want);
}

static void test_published_examples(void **state)
{
    (void)state;
    assert_digest("", 0, "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
    assert_digest("abc", 3, "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
    /* The first log topic of every token transfer. */
    const char *event = "Transfer(address,address,uint256)";
    assert_digest(event, strlen(event),
                  "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef");
}

/* Over the byte values 0, 1, 2, ... */
static void test_the_padding_is_right_around_the_end_of_a_block(void **state)
{
    (void)state;
    static const struct {
        size_t size;
        const char *digest;
    } cases[] = {
        {1, "bc36789e7a1e281436464229828f817d6612f7b477d66591ff96a9e064bcc98a"},
        {134, "861e165162f806cd361c4421a48f205820ddf4deb02db9f041f48e179ddada97"},
        {135, "cbdfd9dee5faad3818d6b06f95a219fd290b0e1706f6a82e5a595b9ce9faca62"},
        {136, "7ce759f1ab7f9ce437719970c26b0a66ff11fe3e38e17df89cf5d29c7d7f807e"},
        {137, "ac73d4fae68b8453f764007c1a20ce95994187861f0c3227a3a8e99a73a3b1db"},
        {271, "7c974895b2a88303ff2dc6b58f438ceb0b298cac91099ac0539cc0f477506191"},
        {272, "fdf2ec49e749960d3c8521a0219af8d03e30e2b3bf19bd16150ee0eaf133d66e"},
        {273, "4f707289a9c3ccd0c4a51f2f17339f5dd171d371c04ff7783b735b5b22682eaf"},
        {300, "a679e749a6af300c36e7ff2255d220864eab27b382f9cfdc5aa4d13563ba36ff"},
    };
    uint8_t bytes[300];
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (uint8_t)i;
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++)
        assert_digest(bytes, cases[i].size, cases[i].digest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published_examples),
        cmocka_unit_test(test_the_padding_is_right_around_the_end_of_a_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
