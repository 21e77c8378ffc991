#include "base/ed25519.h"

#include <string.h>

#define LIMBS 4

__extension__ typedef unsigned __int128 wide;

/* A number below 2^256, of which the remainder by p = 2^255 - 19 counts; the least limb first. */
struct field {
    uint64_t limbs[LIMBS];
};

static const struct field prime = {
    {0xffffffffffffffed, 0xffffffffffffffff, 0xffffffffffffffff, 0x7fffffffffffffff}};

/* -121665 / 121666 */
static const struct field d = {
    {0x75eb4dca135978a3, 0x00700a4d4141d8ab, 0x8cc740797779e898, 0x52036cee2b6ffe73}};

static const struct field one = {{1, 0, 0, 0}};

/* What is above 2^256 counts 38 times, since 2^256 = 2p + 38. */
static struct field fold(const uint64_t low[LIMBS], const uint64_t high[LIMBS])
{
    struct field out;
    wide carry = 0;
    for (size_t i = 0; i < LIMBS; i++) {
        carry += (wide)high[i] * 38 + low[i];
        out.limbs[i] = (uint64_t)carry;
        carry >>= 64;
    }
    while (carry) {
        carry *= 38;
        for (size_t i = 0; i < LIMBS; i++) {
            carry += out.limbs[i];
            out.limbs[i] = (uint64_t)carry;
            carry >>= 64;
        }
    }
    return out;
}

static struct field multiply(struct field a, struct field b)
{
    uint64_t product[2 * LIMBS] = {0};
    for (size_t i = 0; i < LIMBS; i++) {
        wide carry = 0;
        for (size_t k = 0; k < LIMBS; k++) {
            carry += (wide)a.limbs[i] * b.limbs[k] + product[i + k];
            product[i + k] = (uint64_t)carry;
            carry >>= 64;
        }
        product[i + LIMBS] = (uint64_t)carry;
    }
    return fold(product, product + LIMBS);
}

static struct field add(struct field a, struct field b)
{
    uint64_t sum[LIMBS], over[LIMBS] = {0};
    wide carry = 0;
    for (size_t i = 0; i < LIMBS; i++) {
        carry += (wide)a.limbs[i] + b.limbs[i];
        sum[i] = (uint64_t)carry;
        carry >>= 64;
    }
    over[0] = (uint64_t)carry;
    return fold(sum, over);
}

/* The number less p if it is not below p. */
static bool subtract_prime(struct field *a)
{
    struct field out;
    uint64_t borrow = 0;
    for (size_t i = 0; i < LIMBS; i++) {
        const wide less = (wide)a->limbs[i] - prime.limbs[i] - borrow;
        out.limbs[i] = (uint64_t)less;
        borrow = (uint64_t)(less >> 64) & 1;
    }
    if (!borrow)
        *a = out;
    return !borrow;
}

static bool is_equal(struct field a, struct field b)
{
    while (subtract_prime(&a))
        ;
    return memcmp(a.limbs, b.limbs, sizeof(a.limbs)) == 0;
}

static struct field negate_one(void)
{
    struct field out = prime;
    out.limbs[0]--;
    return out;
}

/* Euler: a^((p - 1) / 2) is 1 for a square, 0 for 0; the exponent is 2^254 - 10. */
static bool is_square(struct field a)
{
    struct field power = one;
    for (unsigned bit = 254; bit-- > 0;) {
        const bool is_set = bit >= 4 || ((0x6u >> bit) & 1);
        power = multiply(power, power);
        if (is_set)
            power = multiply(power, a);
    }
    return is_equal(power, one) || is_equal(power, (struct field){{0}});
}

bool sg_ed25519_is_point(const uint8_t bytes32[32])
{
    struct field y = {{0}};
    for (size_t i = 0; i < 32; i++)
        y.limbs[i / 8] |= (uint64_t)bytes32[i] << (8 * (i % 8));
    y.limbs[LIMBS - 1] &= 0x7fffffffffffffff;
    struct field copy = y;
    if (subtract_prime(&copy))
        return false;
    /* x^2 = (y^2 - 1) / (d y^2 + 1): a square if their product is one. */
    const struct field square = multiply(y, y);
    const struct field above = add(square, negate_one());
    const struct field below = add(multiply(d, square), one);
    return is_square(multiply(above, below));
}
