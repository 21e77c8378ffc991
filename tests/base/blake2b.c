/* BLAKE2b: RFC 7693's example, libcrypto's digests of random sizes, and another implementation's
 * with a length and a personalisation, over the byte values 0, 1, 2, ... */
#include "support/check.h"

#include "base/blake2b.h"
#include "base/hex.h"

#include <string.h>

static void assert_digest(const void *bytes, size_t size, size_t n, const char *personal,
                          const char *want)
{
    uint8_t digest[SG_BLAKE2B_MAX];
    char text[2 * SG_BLAKE2B_MAX + 1];
    memset(digest, 0xa5, sizeof(digest));
    sg_blake2b_of(digest, n, (const uint8_t *)personal, bytes, size);
    assert_string_equal(sg_hex_encode(text, digest, n), want);
}

static void test_published_example(void **state)
{
    (void)state;
    assert_digest("abc", 3, 64, NULL,
                  "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
                  "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");
}

static void test_length_and_personalisation(void **state)
{
    (void)state;
    static const struct {
        size_t n, size;
        const char *personal, *digest;
    } cases[] = {
        {64, 0, NULL,
         "786a02f742015903c6c6fd852552d272912f4740e15847618a86e217f71f5419d25e1031afee5853138964449"
         "34eb04b903a685b1448b755d56f701afe9be2ce"},
        {64, 127, NULL,
         "b6292669ccd38d5f01caae96ba272c76a879a45743afa0725d83b9ebb26665b731f1848c52f11972b6644f554"
         "c064fa90780dbbbf3a89d4fc31f67df3e5857ef"},
        {64, 128, NULL,
         "2319e3789c47e2daa5fe807f61bec2a1a6537fa03f19ff32e87eecbfd64b7e0e8ccff439ac333b040f19b0c4d"
         "dd11a61e24ac1fe0f10a039806c5dcc0da3d115"},
        {64, 129, NULL,
         "f59711d44a031d5f97a9413c065d1e614c417ede998590325f49bad2fd444d3e4418be19aec4e11449ac1a572"
         "07898bc57d76a1bcf3566292c20c683a5c4648f"},
        {32, 300, "ZcashIP244_Test!",
         "8e91e9a4a0c8e3dfbe360807800f4c95c3d1b7a58ac2faa50356583a83be1cd9"},
        {20, 40, "UA_F4Jumble_H\0\0\0", "2496c9c1fa309e7d3663d5106267508c75357395"},
    };
    uint8_t bytes[300];
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (uint8_t)i;
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++)
        assert_digest(bytes, cases[i].size, cases[i].n, cases[i].personal, cases[i].digest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published_example),
        cmocka_unit_test(test_length_and_personalisation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
