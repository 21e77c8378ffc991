/** Money: unsigned 128-bit integers of base units (wei, satoshi), never float.
 *
 *  The ether supply is about 1.2e26 wei, above 2^64; products need 256 bits and are taken here. A
 *  lint forbids `.units` outside this module and the on-disk encoders.
 */
#ifndef SG_BASE_AMOUNT_H
#define SG_BASE_AMOUNT_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

__extension__ typedef unsigned __int128 sg_u128;

struct sg_amount {
    sg_u128 units; /**< base units of the asset */
};

/** Longest text of sg_amount_format: 39 digits, a point, leading "0", the terminator. */
#define SG_AMOUNT_TEXT_MAX 48

/** More decimals than any asset has; parse and format refuse or clamp above it. */
#define SG_DECIMALS_MAX 38

#define SG_AMOUNT_ZERO ((struct sg_amount){0})

static inline struct sg_amount sg_amount_from(sg_u128 units)
{
    return (struct sg_amount){units};
}

static inline bool sg_amount_is_zero(struct sg_amount a)
{
    return a.units == 0;
}

/** -1, 0, 1 as a is below, equal to, above b. */
static inline int sg_amount_cmp(struct sg_amount a, struct sg_amount b)
{
    return (a.units > b.units) - (a.units < b.units);
}

static inline struct sg_amount sg_amount_min(struct sg_amount a, struct sg_amount b)
{
    return a.units < b.units ? a : b;
}

/** *sum = a + b; false, and *sum untouched, if that needs more than 128 bits. */
SG_MUST_CHECK static inline bool sg_amount_add(struct sg_amount *sum, struct sg_amount a,
                                               struct sg_amount b)
{
    sg_u128 units;
    if (__builtin_add_overflow(a.units, b.units, &units))
        return false;
    sum->units = units;
    return true;
}

/** *rest = a - b; false, and *rest untouched, if b > a. */
SG_MUST_CHECK static inline bool sg_amount_sub(struct sg_amount *rest, struct sg_amount a,
                                               struct sg_amount b)
{
    if (b.units > a.units)
        return false;
    rest->units = a.units - b.units;
    return true;
}

/** *value = a; false, and *value untouched, if that needs more than 64 bits. */
SG_MUST_CHECK static inline bool sg_amount_to_u64(uint64_t *value, struct sg_amount a)
{
    if (a.units > UINT64_MAX)
        return false;
    *value = (uint64_t)a.units;
    return true;
}

/** *product = a * factor; false if that needs more than 128 bits. */
SG_MUST_CHECK bool sg_amount_mul(struct sg_amount *product, struct sg_amount a, uint64_t factor);

/** floor(a * b / divisor) with a 256-bit product, and the remainder of that division.
 *
 *  Out:  rest     a * b mod divisor; may be NULL.
 *  In:   divisor  not 0; min(a, b) <= divisor, so that the quotient fits. Asserted.
 */
struct sg_amount sg_amount_mul_div(struct sg_amount *rest, struct sg_amount a, struct sg_amount b,
                                   struct sg_amount divisor);

/** floor(scale * part / whole), with part capped at whole: a length to draw, a share to print.
 *  A whole of 0 gives scale. */
uint32_t sg_amount_scale(uint32_t scale, struct sg_amount part, struct sg_amount whole);

/** part / whole in percent with two digits, rounded half up ("96.12"): the one rule of rounding for
 *  shares. "" where there is none: whole is 0, or part above it. Returns `text`. */
char *sg_amount_percent(char text[SG_AMOUNT_TEXT_MAX], struct sg_amount part,
                        struct sg_amount whole);

/** Parse a decimal number into base units.
 *
 *  Accepts digits with at most one point and at most `decimals` digits behind it that are not
 *  trailing zeros. No sign, no exponent, no blanks, no separators.
 *  Out:    amount.
 *  In:     text, size   not terminated.
 *          decimals     0 for text in base units; at most SG_DECIMALS_MAX.
 *  Errors: SG_EPARSE (offset of the bad character), SG_ELIMIT (a number of more than 128 bits).
 */
SG_MUST_CHECK enum sg_status sg_amount_parse(struct sg_amount *amount, const char *text,
                                             size_t size, unsigned decimals, struct sg_err *err);

/** Write the amount in whole units with all digits ("1.056900000000000000").
 *
 *  Out:  text      terminated, SG_AMOUNT_TEXT_MAX bytes; returned too.
 *  In:   decimals  digits behind the point; 0 writes no point; at most SG_DECIMALS_MAX.
 */
char *sg_amount_format(char text[SG_AMOUNT_TEXT_MAX], struct sg_amount amount, unsigned decimals);

#endif
