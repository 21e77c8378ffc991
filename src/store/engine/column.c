#include "store/engine/bits_internal.h"
#include "store/engine/column_internal.h"
#include "store/engine/ways_internal.h"

#include <assert.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "columns are little-endian on disk and are copied, not converted");

#define PART 256u /* Numbers that are unpacked at a time. */

bool sg_column_is_bare(const uint8_t *header)
{
    return header[0] == 0 && header[2] != SG_COLUMN_STEPS && !(header[8] | header[9] | header[10]);
}

static bool numbers_fit(const struct sg_column *c)
{
    if (c->way == SG_COLUMN_STEPS)
        return c->elem == 8 && c->width <= 8 && c->exceptions == 0 && c->scale == 0;
    if (c->way == SG_COLUMN_SCALED)
        return c->elem == 16 && c->width <= 120 && c->scale <= SG_COLUMN_SCALE_MAX;
    return c->scale == 0 && c->width <= 8 * c->elem && (c->width <= 120 || c->width == 128);
}

static bool header_fits(const struct sg_column *c)
{
    if (c->count == 0 || c->count > SG_CHUNK || c->exceptions > c->count ||
        c->way >= SG_COLUMN_WAYS)
        return false;
    if (c->elem <= 16)
        return numbers_fit(c);
    if (c->way != SG_COLUMN_PLAIN || c->scale || c->exceptions)
        return false;
    if (c->elem == SG_ELEM_HASH)
        return c->width == 0 || c->width == SG_ELEM_HASH;
    return (c->width > 0 && c->width <= SG_ADDRESS_MAX) || c->width == SG_COLUMN_MIXED;
}

static bool payload_fits(const struct sg_column *c)
{
    if (c->width == SG_COLUMN_MIXED)
        return c->payload_size >= 4 * c->count;
    if (c->elem > 16)
        return c->payload_size == (size_t)c->width * c->count;
    const size_t samples = c->way == SG_COLUMN_STEPS ? sg_column_samples(c->count) : 0;
    const size_t size =
        sg_bits_size(c->count, c->width) + 4 * samples + (size_t)c->exceptions * (2u + c->elem);
    return c->payload_size == (size ? size + SG_BITS_PAD : 0);
}

enum sg_status sg_column_open(struct sg_column *column, struct sg_bytes header,
                              struct sg_bytes payload, unsigned elem, struct sg_err *err)
{
    if (header.size != SG_COLUMN_HEADER || payload.size > UINT32_MAX)
        return sg_err_set(err, SG_ECORRUPT, "a column of the ledger has a wrong size");
    const uint8_t *at = header.at;
    struct sg_column c = {.width = at[0], .elem = at[1], .way = at[2], .scale = at[3]};
    memcpy(&c.count, at + 4, 4);
    memcpy(&c.exceptions, at + 8, 4);
    memcpy(&c.base, at + 16, 16);
    c.payload = payload.at;
    c.payload_size = (uint32_t)payload.size;
    if (c.elem != elem || !header_fits(&c))
        return sg_err_set(err, SG_ECORRUPT, "a column of the ledger has a bad header");
    if (!payload_fits(&c))
        return sg_err_set(err, SG_ECORRUPT, "a column of the ledger has a wrong size");
    *column = c;
    return SG_OK;
}

static uint16_t place_of(const uint8_t *places, size_t i)
{
    uint16_t place;
    memcpy(&place, places + 2 * i, 2);
    return place;
}

/* Overwrite with the exceptions that lie in [first, first + n). What the places say is not trusted:
 * one that is out of order is left out, or its value ends up elsewhere in the range. */
static void patch(uint8_t *out, const struct sg_column *c, size_t first, size_t n)
{
    const uint8_t *places = c->payload + sg_bits_size(c->count, c->width);
    const uint8_t *values = places + 2 * (size_t)c->exceptions;
    size_t low = 0, high = c->exceptions;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (place_of(places, middle) < first)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < c->exceptions && place_of(places, low) < first + n; low++) {
        const size_t place = place_of(places, low);
        sg_u128 value = 0;
        memcpy(&value, values + low * c->elem, c->elem);
        value += c->base;
        if (place >= first)
            memcpy(out + (place - first) * c->elem, &value, c->elem);
    }
}

static void plain_amounts(uint8_t *out, const struct sg_column *c, size_t first, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const sg_u128 packed = c->width == 0    ? 0
                               : c->width <= 57 ? sg_bits_get(c->payload, first + i, c->width)
                                                : sg_bits_get_wide(c->payload, first + i, c->width);
        const sg_u128 value = c->base + packed;
        memcpy(out + 16 * i, &value, 16);
    }
}

static uint64_t power_of_ten(unsigned scale)
{
    uint64_t power = 1;
    while (scale-- > 0)
        power *= 10;
    return power;
}

static void scaled_amounts(uint8_t *out, const struct sg_column *c, size_t first, size_t n)
{
    const uint64_t factors[2] = {1, power_of_ten(c->scale)};
    for (size_t i = 0; i < n; i++) {
        sg_u128 value;
        if (c->width <= 57) {
            const uint64_t packed = c->width ? sg_bits_get(c->payload, first + i, c->width) : 0;
            value = (sg_u128)(packed >> 1) * factors[packed & 1];
        } else {
            const sg_u128 packed = sg_bits_get_wide(c->payload, first + i, c->width);
            value = (packed >> 1) * factors[packed & 1];
        }
        memcpy(out + 16 * i, &value, 16);
    }
}

/* The sum of steps [first, first + n), at most PART of them. */
static uint64_t sum_steps(const struct sg_column *c, size_t first, size_t n)
{
    uint32_t steps[PART];
    uint64_t sum = 0;
    sg_bits_unpack(steps, c->payload, first, n, c->width, 0);
    for (size_t i = 0; i < n; i++)
        sum += steps[i];
    return sum;
}

static void rising(uint8_t *out, const struct sg_column *c, size_t first, size_t n)
{
    const uint8_t *samples = c->payload + sg_bits_size(c->count, c->width);
    const size_t sample = first / SG_COLUMN_SAMPLE, from = sample * SG_COLUMN_SAMPLE;
    uint32_t since, steps[PART];
    memcpy(&since, samples + 4 * sample, 4);
    uint64_t value = (uint64_t)c->base + since + sum_steps(c, from, first - from);
    for (size_t i = 0; i < n; i += PART) {
        const size_t some = n - i < PART ? n - i : PART;
        sg_bits_unpack(steps, c->payload, first + i, some, c->width, 0);
        for (size_t k = 0; k < some; k++) {
            memcpy(out + 8 * (i + k), &value, 8);
            value += steps[k];
        }
    }
}

static void plain_eights(uint8_t *out, const struct sg_column *c, size_t first, size_t n)
{
    uint32_t packed[PART];
    for (size_t i = 0; i < n; i += PART) {
        const size_t some = n - i < PART ? n - i : PART;
        if (c->width <= 32)
            sg_bits_unpack(packed, c->payload, first + i, some, c->width, 0);
        for (size_t k = 0; k < some; k++) {
            const uint64_t delta =
                c->width <= 32 ? packed[k]
                               : (uint64_t)sg_bits_get_wide(c->payload, first + i + k, c->width);
            const uint64_t value = (uint64_t)c->base + delta;
            memcpy(out + 8 * (i + k), &value, 8);
        }
    }
}

static void plain_bytes(uint8_t *out, const struct sg_column *c, size_t first, size_t n)
{
    uint32_t packed[PART];
    for (size_t i = 0; i < n; i += PART) {
        const size_t some = n - i < PART ? n - i : PART;
        sg_bits_unpack(packed, c->payload, first + i, some, c->width, (uint32_t)c->base);
        for (size_t k = 0; k < some; k++)
            out[i + k] = (uint8_t)packed[k];
    }
}

static void decode_numbers(uint8_t *out, const struct sg_column *c, size_t first, size_t n)
{
    if (c->way == SG_COLUMN_STEPS)
        rising(out, c, first, n);
    else if (c->way == SG_COLUMN_SCALED)
        scaled_amounts(out, c, first, n);
    else if (c->elem == 16)
        plain_amounts(out, c, first, n);
    else if (c->elem == 8)
        plain_eights(out, c, first, n);
    else if (c->elem == 4)
        sg_bits_unpack((uint32_t *)(void *)out, c->payload, first, n, c->width, (uint32_t)c->base);
    else
        plain_bytes(out, c, first, n);
    if (c->exceptions)
        patch(out, c, first, n);
}

const uint8_t *sg_column_addr(uint8_t *size, const struct sg_column *column, size_t i)
{
    uint32_t start = 0, end;
    if (column->width != SG_COLUMN_MIXED) {
        *size = column->width;
        return column->payload + i * column->width;
    }
    if (i > 0)
        memcpy(&start, column->payload + 4 * (i - 1), 4);
    memcpy(&end, column->payload + 4 * i, 4);
    if (end <= start || end - start > SG_ADDRESS_MAX ||
        end > column->payload_size - 4 * column->count)
        return NULL;
    *size = (uint8_t)(end - start);
    return column->payload + 4 * column->count + start;
}

static void decode_addrs(uint8_t *out, const struct sg_column *column, size_t first, size_t n)
{
    memset(out, 0, n * SG_ELEM_ADDR);
    for (size_t i = 0; i < n; i++) {
        uint8_t size;
        const uint8_t *bytes = sg_column_addr(&size, column, first + i);
        if (!bytes)
            continue;
        out[i * SG_ELEM_ADDR] = size;
        memcpy(out + i * SG_ELEM_ADDR + 1, bytes, size);
    }
}

void sg_column_decode(void *out, const struct sg_column *column, size_t first, size_t n)
{
    assert(first <= column->count && n <= column->count - first);
    if (n == 0)
        return;
    if (column->elem == SG_ELEM_ADDR)
        decode_addrs(out, column, first, n);
    else if (column->elem == SG_ELEM_HASH && column->width == 0)
        memset(out, 0, n * SG_ELEM_HASH);
    else if (column->elem == SG_ELEM_HASH)
        memcpy(out, column->payload + first * SG_ELEM_HASH, n * SG_ELEM_HASH);
    else
        decode_numbers(out, column, first, n);
}
