/* From values to a column: which way takes the fewest bits, then the bits. */
#include "store/engine/bits_internal.h"
#include "store/engine/column_internal.h"
#include "store/engine/ways_internal.h"

#include <assert.h>

#define LENGTHS    130u /* of numbers in bits: 0 to 128, and more than fits */
#define NEVER      129u
#define WIDTH_FAST 57u
#define WIDTH_WIDE 120u /* and 128 */
#define SAMPLES    512u
#define SHORT      4096u /* values; of so many, steps are shorter where they are of 2 bits */

/* What has been decided of a column. */
struct plan {
    unsigned elem, way, scale, width;
    size_t exceptions;
    sg_u128 base;
};

static void put_header(uint8_t *out, const struct plan *plan, size_t n)
{
    const uint32_t count = (uint32_t)n, exceptions = (uint32_t)plan->exceptions;
    memset(out, 0, SG_COLUMN_HEADER);
    out[0] = (uint8_t)plan->width;
    out[1] = (uint8_t)plan->elem;
    out[2] = (uint8_t)plan->way;
    out[3] = (uint8_t)plan->scale;
    memcpy(out + 4, &count, 4);
    memcpy(out + 8, &exceptions, 4);
    memcpy(out + 16, &plan->base, 16);
}

/* Four-byte columns hold ids, where UINT32_MAX is "none". Counting from there, so that it is just
 * below 0, keeps it from widening the column; base + delta, modulo 2^32, undoes it. */
static inline __attribute__((always_inline)) uint64_t rank_of(const uint8_t *at, unsigned elem)
{
    uint64_t value = 0;
    memcpy(&value, at, elem);
    return elem == 4 ? (uint32_t)(value + 1) : value;
}

/* The width that takes the fewest bits, given how many values have each length (in two halves: a
 * counter that was just written would have to be waited for), and its exceptions. An exception
 * counts for a byte more than it takes: it costs time too. */
static void choose_width(struct plan *plan, size_t lengths[2][LENGTHS], size_t n)
{
    const size_t each = 8 * (size_t)(2 + plan->elem + 1);
    size_t longer = 0, best = SIZE_MAX;
    for (unsigned width = LENGTHS; width-- > 0;) {
        const bool can = width <= WIDTH_WIDE || width == 128;
        if (can && n * width + longer * each < best) {
            best = n * width + longer * each;
            plan->width = width;
            plan->exceptions = longer;
        }
        longer += lengths[0][width] + lengths[1][width];
    }
}

static size_t payload_size(const struct plan *plan, size_t n)
{
    const size_t samples = plan->way == SG_COLUMN_STEPS ? sg_column_samples(n) : 0;
    const size_t size =
        sg_bits_size(n, plan->width) + 4 * samples + plan->exceptions * (size_t)(2 + plan->elem);
    return size ? size + SG_BITS_PAD : 0;
}

/* Header and a payload of zeroes. */
static uint8_t *begin(uint8_t *out, const struct plan *plan, size_t n)
{
    put_header(out, plan, n);
    memset(out + SG_COLUMN_HEADER, 0, payload_size(plan, n));
    return out + SG_COLUMN_HEADER;
}

/* Exceptions of a column that is being written. */
struct exceptions {
    uint8_t *places, *values;
    unsigned elem;
    size_t n;
};

static struct exceptions exceptions_at(uint8_t *payload, const struct plan *plan, size_t n)
{
    uint8_t *places = payload + sg_bits_size(n, plan->width);
    return (struct exceptions){places, places + 2 * plan->exceptions, plan->elem, 0};
}

static inline void except(struct exceptions *e, size_t place, const void *value)
{
    const uint16_t at = (uint16_t)place;
    memcpy(e->places + 2 * e->n, &at, 2);
    memcpy(e->values + e->elem * e->n++, value, e->elem);
}

static inline __attribute__((always_inline)) void
plan_plain(struct plan *plan, const uint8_t *values, size_t n, unsigned elem)
{
    size_t lengths[2][LENGTHS] = {0};
    uint64_t low = rank_of(values, elem), high = low;
    for (size_t i = 1; i < n; i++) {
        const uint64_t rank = rank_of(values + i * elem, elem);
        low = rank < low ? rank : low;
        high = rank > high ? rank : high;
    }
    *plan = (struct plan){.elem = elem, .base = elem == 4 ? (uint32_t)(low - 1) : low};
    if (elem == 1) /* Too short for exceptions. */
        plan->width = sg_bits_of(high - low);
    if (low == high || elem == 1)
        return;
    for (size_t i = 0; i < n; i++)
        lengths[i % 2][sg_bits_of(rank_of(values + i * elem, elem) - low)]++;
    choose_width(plan, lengths, n);
}

static inline __attribute__((always_inline)) size_t
put_plain(uint8_t *out, const struct plan *plan, const uint8_t *values, size_t n, unsigned elem)
{
    uint8_t *payload = begin(out, plan, n);
    struct exceptions e = exceptions_at(payload, plan, n);
    const uint64_t low = elem == 4 ? (uint32_t)(plan->base + 1) : (uint64_t)plan->base;
    struct sg_bits_writer w = {.out = payload, .width = plan->width};
    for (size_t i = 0; plan->width + plan->exceptions > 0 && i < n; i++) {
        const uint64_t delta = rank_of(values + i * elem, elem) - low;
        const bool fits = sg_bits_of(delta) <= plan->width;
        if (!fits)
            except(&e, i, &delta);
        if (plan->width <= WIDTH_FAST)
            sg_bits_put(&w, fits ? delta : 0);
        else if (fits)
            sg_bits_put_wide(payload, i, plan->width, delta);
    }
    sg_bits_end(&w);
    return SG_COLUMN_HEADER + payload_size(plan, n);
}

/* Whether values only rise, in steps below 256. */
static bool plan_steps(struct plan *plan, const uint8_t *values, size_t n)
{
    uint64_t before = sg_ways_load(values), high = 0;
    *plan = (struct plan){.elem = 8, .way = SG_COLUMN_STEPS, .base = before};
    for (size_t i = 1; i < n; i++) {
        const uint64_t value = sg_ways_load(values + 8 * i);
        if (value < before || value - before > 255)
            return false;
        high |= value - before;
        before = value;
    }
    plan->width = sg_bits_of(high);
    return true;
}

static size_t put_steps(uint8_t *out, const struct plan *plan, const uint8_t *values, size_t n)
{
    uint8_t *payload = begin(out, plan, n), *samples = payload + sg_bits_size(n, plan->width);
    struct sg_bits_writer w = {.out = payload, .width = plan->width};
    for (size_t i = 0; i < n; i++) {
        const uint64_t value = sg_ways_load(values + 8 * i);
        const uint32_t since = (uint32_t)(value - (uint64_t)plan->base);
        if (i % SG_COLUMN_SAMPLE == 0)
            memcpy(samples + i / SG_COLUMN_SAMPLE * 4, &since, 4);
        if (i + 1 < n)
            sg_bits_put(&w, sg_ways_load(values + 8 * (i + 1)) - value);
    }
    sg_bits_end(&w);
    return SG_COLUMN_HEADER + payload_size(plan, n);
}

/* Division by ten to the power of `scale`, where it leaves no rest: by two it is a shift, by five a
 * product with the inverse modulo 2^128, which is small exactly for multiples.
 * Source: T. Granlund, P. L. Montgomery, Division by invariant integers using multiplication,
 * PLDI 1994, section 9. */
struct divisor {
    unsigned scale;
    sg_u128 inverse, most;
};

static struct divisor divisor_of(unsigned scale)
{
    uint64_t five = 1;
    for (unsigned i = 0; i < scale; i++)
        five *= 5;
    struct divisor d = {scale, five, ~(sg_u128)0 / five};
    for (int i = 0; i < 6; i++) /* Newton: right in 3 bits at first, each step doubles them. */
        d.inverse *= 2 - five * d.inverse;
    return d;
}

/* Packed form of a value, or its length is NEVER. */
static inline sg_u128 scaled(unsigned *length, sg_u128 value, const struct divisor *d)
{
    const bool even = (value & (((sg_u128)1 << d->scale) - 1)) == 0;
    const sg_u128 quotient = (value >> d->scale) * d->inverse;
    const bool round = even && quotient <= d->most;
    const sg_u128 packed = round ? quotient << 1 | 1 : value << 1;
    *length = round || !(value >> 127) ? sg_bits_of(packed) : NEVER;
    if (*length > WIDTH_WIDE)
        *length = NEVER;
    return packed;
}

static sg_u128 wide_at(const uint8_t *values, size_t i)
{
    sg_u128 value;
    memcpy(&value, values + 16 * i, 16);
    return value;
}

/* The scale under which some of the values are shortest; 0 is none. */
static unsigned choose_scale(const uint8_t *values, size_t n)
{
    const size_t step = n / SAMPLES + 1;
    size_t best = SIZE_MAX;
    unsigned scale = 0;
    for (unsigned s = 0; s <= SG_COLUMN_SCALE_MAX; s += 3) {
        const struct divisor d = divisor_of(s);
        size_t bits = 0;
        for (size_t i = 0; i < n; i += step) {
            unsigned length;
            (void)scaled(&length, wide_at(values, i), &d);
            bits += s ? length : sg_bits_of(wide_at(values, i));
        }
        if (bits < best) {
            best = bits;
            scale = s;
        }
    }
    return scale;
}

static size_t put_scaled(uint8_t *out, struct plan *plan, const uint8_t *values, size_t n)
{
    size_t lengths[2][LENGTHS] = {0};
    const struct divisor d = divisor_of(plan->scale);
    unsigned length;
    for (size_t i = 0; i < n; i++) {
        (void)scaled(&length, wide_at(values, i), &d);
        lengths[i % 2][length]++;
    }
    choose_width(plan, lengths, n);
    uint8_t *payload = begin(out, plan, n);
    struct exceptions e = exceptions_at(payload, plan, n);
    struct sg_bits_writer w = {.out = payload, .width = plan->width};
    for (size_t i = 0; i < n; i++) {
        const sg_u128 value = wide_at(values, i), packed = scaled(&length, value, &d);
        if (length > plan->width)
            except(&e, i, &value);
        if (plan->width <= WIDTH_FAST)
            sg_bits_put(&w, length > plan->width ? 0 : (uint64_t)packed);
        else if (length <= plan->width)
            sg_bits_put_wide(payload, i, plan->width, packed);
    }
    sg_bits_end(&w);
    return SG_COLUMN_HEADER + payload_size(plan, n);
}

static size_t put_amounts(uint8_t *out, struct plan *plan, const uint8_t *values, size_t n)
{
    size_t lengths[2][LENGTHS] = {0};
    for (size_t i = 0; i < n; i++)
        lengths[i % 2][sg_bits_of(wide_at(values, i) - plan->base)]++;
    choose_width(plan, lengths, n);
    uint8_t *payload = begin(out, plan, n);
    struct exceptions e = exceptions_at(payload, plan, n);
    for (size_t i = 0; i < n; i++) {
        const sg_u128 delta = wide_at(values, i) - plan->base;
        if (sg_bits_of(delta) > plan->width)
            except(&e, i, &delta);
        else
            sg_bits_put_wide(payload, i, plan->width, delta);
    }
    return SG_COLUMN_HEADER + payload_size(plan, n);
}

static size_t encode_amounts(uint8_t *out, const uint8_t *values, size_t n)
{
    sg_u128 low = wide_at(values, 0), high = low;
    for (size_t i = 1; i < n; i++) {
        const sg_u128 value = wide_at(values, i);
        low = value < low ? value : low;
        high = value > high ? value : high;
    }
    struct plan plan = {.elem = 16, .base = low};
    plan.scale = low == high ? 0 : choose_scale(values, n);
    if (low == high) {
        (void)begin(out, &plan, n);
        return SG_COLUMN_HEADER;
    }
    if (plan.scale == 0)
        return put_amounts(out, &plan, values, n);
    plan.way = SG_COLUMN_SCALED;
    plan.base = 0;
    return put_scaled(out, &plan, values, n);
}

static size_t encode_eights(uint8_t *out, const uint8_t *values, size_t n)
{
    struct plan plain, steps;
    const bool rises = plan_steps(&steps, values, n);
    if (rises && (steps.width == 1 || steps.width == 2) && n > SHORT)
        return put_steps(out, &steps, values, n); /* Nothing is shorter. */
    plan_plain(&plain, values, n, 8);
    if (rises && payload_size(&steps, n) < payload_size(&plain, n))
        return put_steps(out, &steps, values, n);
    return put_plain(out, &plain, values, n, 8);
}

static size_t encode_mixed(uint8_t *out, const uint8_t *values, size_t n)
{
    const struct plan plan = {.elem = SG_ELEM_ADDR, .width = SG_COLUMN_MIXED};
    uint8_t *ends = out + SG_COLUMN_HEADER, *bytes = ends + 4 * n;
    uint32_t end = 0;
    put_header(out, &plan, n);
    for (size_t i = 0; i < n; i++) {
        const uint8_t *value = values + i * SG_ELEM_ADDR;
        memcpy(bytes + end, value + 1, value[0]);
        end += value[0];
        memcpy(ends + 4 * i, &end, 4);
    }
    return SG_COLUMN_HEADER + 4 * n + end;
}

static size_t encode_addrs(uint8_t *out, const uint8_t *values, size_t n)
{
    const struct plan plan = {.elem = SG_ELEM_ADDR, .width = values[0]};
    for (size_t i = 1; i < n; i++)
        if (values[i * SG_ELEM_ADDR] != values[0])
            return encode_mixed(out, values, n);
    put_header(out, &plan, n);
    for (size_t i = 0; i < n; i++)
        memcpy(out + SG_COLUMN_HEADER + i * plan.width, values + i * SG_ELEM_ADDR + 1, plan.width);
    return SG_COLUMN_HEADER + n * plan.width;
}

static size_t encode_hashes(uint8_t *out, const uint8_t *values, size_t n)
{
    const size_t size = n * SG_ELEM_HASH;
    /* All zero: the first byte is, and each is as the one before it. */
    const bool none = values[0] == 0 && memcmp(values, values + 1, size - 1) == 0;
    const struct plan plan = {.elem = SG_ELEM_HASH, .width = none ? 0 : SG_ELEM_HASH};
    put_header(out, &plan, n);
    if (none)
        return SG_COLUMN_HEADER;
    memcpy(out + SG_COLUMN_HEADER, values, size);
    return SG_COLUMN_HEADER + size;
}

size_t sg_column_bound(size_t n, unsigned elem)
{
    return SG_COLUMN_HEADER + (n + 8) * ((size_t)elem + 4) + SG_BITS_PAD;
}

size_t sg_column_encode(uint8_t *out, const void *values, size_t n, unsigned elem)
{
    struct plan plan;
    assert(n > 0 && n <= SG_CHUNK);
    if (elem == SG_ELEM_ADDR)
        return encode_addrs(out, values, n);
    if (elem == SG_ELEM_HASH)
        return encode_hashes(out, values, n);
    if (elem == 16)
        return encode_amounts(out, values, n);
    if (elem == 8)
        return encode_eights(out, values, n);
    /* A constant size lets the compiler make a plain loop of each. */
    if (elem == 4) {
        plan_plain(&plan, values, n, 4);
        return put_plain(out, &plan, values, n, 4);
    }
    assert(elem == 1);
    plan_plain(&plan, values, n, 1);
    return put_plain(out, &plan, values, n, 1);
}
