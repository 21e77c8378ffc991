/* Points of the curve: what a second implementation says of the SHA-256 of 64 bytes, and the edges
 * of the field. */
#include "support/check.h"

#include "base/digest.h"
#include "base/ed25519.h"

#include <string.h>

static void test_digests_are_points_as_another_implementation_says(void **state)
{
    (void)state;
    /* Bit i: whether the digest of the byte i is a point. */
    const uint64_t points = 0x6d8e36737d69fdca;
    for (uint8_t i = 0; i < 64; i++) {
        uint8_t digest32[SG_SHA256_SIZE];
        sg_sha256_of(digest32, &i, 1);
        assert_int_equal(sg_ed25519_is_point(digest32), points >> i & 1);
    }
}

static void test_the_edges_of_the_field(void **state)
{
    (void)state;
    uint8_t bytes32[32] = {0};
    /* y = 0: x is a root of -1, which there is; y = 1: x = 0. */
    assert_true(sg_ed25519_is_point(bytes32));
    bytes32[0] = 1;
    assert_true(sg_ed25519_is_point(bytes32));
    bytes32[31] = 0x80; /* the sign is not part of y */
    assert_true(sg_ed25519_is_point(bytes32));
    /* p - 1 is -1: x = 0. p itself, and all ones, are not below p. */
    memset(bytes32, 0xff, sizeof(bytes32));
    bytes32[31] = 0x7f;
    assert_false(sg_ed25519_is_point(bytes32));
    bytes32[0] = 0xed;
    assert_false(sg_ed25519_is_point(bytes32));
    bytes32[0] = 0xec;
    assert_true(sg_ed25519_is_point(bytes32));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_digests_are_points_as_another_implementation_says),
        cmocka_unit_test(test_the_edges_of_the_field),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
