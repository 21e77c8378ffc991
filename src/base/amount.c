#include "base/amount.h"

#include <assert.h>
#include <string.h>

bool sg_amount_mul(struct sg_amount *product, struct sg_amount a, uint64_t factor)
{
    sg_u128 units;
    if (__builtin_mul_overflow(a.units, (sg_u128)factor, &units))
        return false;
    product->units = units;
    return true;
}

struct u256 {
    sg_u128 high;
    sg_u128 low;
};

/* Schoolbook product of two 64-bit limbs each; each partial sum fits: (2^64-1)^2 + 2(2^64-1) <
 * 2^128. */
static struct u256 mul_wide(sg_u128 a, sg_u128 b)
{
    const sg_u128 mask = UINT64_MAX;
    const sg_u128 low = (a & mask) * (b & mask);
    const sg_u128 mid1 = (a >> 64) * (b & mask) + (low >> 64);
    const sg_u128 mid2 = (a & mask) * (b >> 64) + (mid1 & mask);
    return (struct u256){(a >> 64) * (b >> 64) + (mid1 >> 64) + (mid2 >> 64),
                         mid2 << 64 | (low & mask)};
}

static int leading_zeros(sg_u128 value)
{
    const uint64_t high = (uint64_t)(value >> 64);
    return high ? __builtin_clzll(high) : 64 + __builtin_clzll((uint64_t)value);
}

/* The next 64 bits of a quotient, of rest * 2^64 + next, for rest < divisor and a divisor with its
 * highest bit set: guessed from the divisor's upper half, at most two too many. */
static uint64_t next_digit(sg_u128 *rest, uint64_t next, sg_u128 divisor)
{
    const uint64_t high = (uint64_t)(divisor >> 64), low = (uint64_t)divisor;
    sg_u128 digit = *rest / high, left = *rest % high;
    while (digit >> 64 || digit * low > (left << 64 | next)) {
        digit--;
        left += high;
        if (left >> 64)
            break;
    }
    *rest = (*rest << 64 | next) - digit * divisor; /* Below divisor: what wraps cancels. */
    return (uint64_t)digit;
}

/* Long division with two digits of 64 bits; needs n.high < divisor, so that the quotient fits in
 * 128 bits. D. Knuth, The Art of Computer Programming 2, section 4.3.1, algorithm D. */
static sg_u128 div_wide(sg_u128 *rest_out, struct u256 n, sg_u128 divisor)
{
    const int shift = leading_zeros(divisor);
    sg_u128 rest = shift ? n.high << shift | n.low >> (128 - shift) : n.high;
    const sg_u128 low = n.low << shift;
    const sg_u128 first = next_digit(&rest, (uint64_t)(low >> 64), divisor << shift);
    const sg_u128 second = next_digit(&rest, (uint64_t)low, divisor << shift);
    *rest_out = rest >> shift;
    return first << 64 | second;
}

struct sg_amount sg_amount_mul_div(struct sg_amount *rest, struct sg_amount a, struct sg_amount b,
                                   struct sg_amount divisor)
{
    assert(divisor.units != 0);
    assert(sg_amount_min(a, b).units <= divisor.units);
    const struct u256 product = mul_wide(a.units, b.units);
    sg_u128 left;
    sg_u128 quotient;
    if (product.high == 0) {
        quotient = product.low / divisor.units;
        left = product.low % divisor.units;
    } else if (product.high < divisor.units) {
        quotient = div_wide(&left, product, divisor.units);
    } else {
        /* Only reached when the smaller factor equals the divisor and cancels. */
        quotient = a.units > b.units ? a.units : b.units;
        left = 0;
    }
    if (rest)
        rest->units = left;
    return sg_amount_from(quotient);
}

static bool push_digit(sg_u128 *value, unsigned digit)
{
    return !__builtin_mul_overflow(*value, (sg_u128)10, value) &&
           !__builtin_add_overflow(*value, (sg_u128)digit, value);
}

/* Up to 19 digits fit in 64 bits: the common case costs no 128-bit multiplication. */
static bool parse_short(struct sg_amount *amount, const char *text, size_t size)
{
    uint64_t value = 0;
    if (size == 0 || size > 19)
        return false;
    for (size_t i = 0; i < size; i++) {
        const unsigned digit = (unsigned)(uint8_t)text[i] - '0';
        if (digit > 9)
            return false;
        value = value * 10 + digit;
    }
    amount->units = value;
    return true;
}

/* Size of the text without the zeros at its end, where a point stands before them. */
static size_t without_trailing_zeros(const char *text, size_t size)
{
    const char *point = size ? memchr(text, '.', size) : NULL;
    const size_t least = point ? (size_t)(point - text) + 1 : size;
    while (size > least && text[size - 1] == '0')
        size--;
    return size;
}

static enum sg_status too_big(struct sg_err *err)
{
    return sg_err_set(err, SG_ELIMIT, "amount needs more than 128 bits");
}

uint32_t sg_amount_scale(uint32_t scale, struct sg_amount part, struct sg_amount whole)
{
    if (sg_amount_cmp(part, whole) >= 0)
        return scale;
    return (uint32_t)sg_amount_mul_div(NULL, sg_amount_from(scale), part, whole).units;
}

enum sg_status sg_amount_parse(struct sg_amount *amount, const char *text, size_t size,
                               unsigned decimals, struct sg_err *err)
{
    sg_u128 value = 0;
    size_t n_behind = 0;
    bool point = false;
    assert(decimals <= SG_DECIMALS_MAX);
    if (decimals == 0 && parse_short(amount, text, size))
        return SG_OK;
    const size_t kept = without_trailing_zeros(text, size);
    size_t n_digits = size - kept;
    for (size_t i = 0; i < kept; i++) {
        const unsigned digit = (unsigned)(uint8_t)text[i] - '0';
        if (text[i] == '.' && !point) {
            point = true;
            continue;
        }
        if (digit > 9)
            return sg_err_at(err, SG_EPARSE, i, "amount has a character that is not a digit");
        if (point && ++n_behind > decimals)
            return sg_err_at(err, SG_EPARSE, i, "amount has more than %u decimals", decimals);
        if (!push_digit(&value, digit))
            return too_big(err);
        n_digits++;
    }
    if (!n_digits)
        return sg_err_at(err, SG_EPARSE, 0, "amount is empty");
    for (; n_behind < decimals; n_behind++)
        if (value && !push_digit(&value, 0))
            return too_big(err);
    amount->units = value;
    return SG_OK;
}

char *sg_amount_format(char text[SG_AMOUNT_TEXT_MAX], struct sg_amount amount, unsigned decimals)
{
    char digits[SG_AMOUNT_TEXT_MAX];
    size_t n = 0;
    size_t out = 0;
    sg_u128 value = amount.units;
    assert(decimals <= SG_DECIMALS_MAX);
    for (; value || n <= decimals; value /= 10)
        digits[n++] = (char)('0' + (int)(value % 10));
    while (n) {
        if (n == decimals)
            text[out++] = '.';
        text[out++] = digits[--n];
    }
    text[out] = 0;
    return text;
}

char *sg_amount_percent(char text[SG_AMOUNT_TEXT_MAX], struct sg_amount part,
                        struct sg_amount whole)
{
    struct sg_amount rest, to_next = SG_AMOUNT_ZERO;
    text[0] = '\0';
    if (sg_amount_is_zero(whole) || sg_amount_cmp(part, whole) > 0)
        return text;
    struct sg_amount hundredths = sg_amount_mul_div(&rest, sg_amount_from(10000), part, whole);
    if (sg_amount_sub(&to_next, whole, rest) && sg_amount_cmp(rest, to_next) >= 0 &&
        !sg_amount_add(&hundredths, hundredths, sg_amount_from(1)))
        return text;
    return sg_amount_format(text, hundredths, 2);
}
