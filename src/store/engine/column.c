#include "store/engine/column_internal.h"

#include <assert.h>
#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "columns are little-endian on disk and are copied, not converted");

static inline sg_u128 load(const uint8_t *at, size_t width)
{
    sg_u128 value = 0;
    memcpy(&value, at, width);
    return value;
}

static size_t width_of(sg_u128 range, unsigned elem)
{
    size_t width = 0;
    while (width < 16 && range >> (8 * width))
        width++;
    if (elem == 16)
        return width;
    return width == 3 ? 4 : width > 4 ? 8 : width;
}

size_t sg_column_bound(size_t n, unsigned elem)
{
    return SG_COLUMN_HEADER + n * ((size_t)elem + 4);
}

static void put_header(uint8_t *out, unsigned width, unsigned elem, size_t n, sg_u128 base)
{
    const uint32_t count = (uint32_t)n;
    memset(out, 0, SG_COLUMN_HEADER);
    out[0] = (uint8_t)width;
    out[1] = (uint8_t)elem;
    memcpy(out + 4, &count, 4);
    memcpy(out + 8, &base, 16);
}

/* Four-byte columns hold ids, where UINT32_MAX is "none". Counting from there, so that it is just
 * below 0, keeps it from widening the column; base + delta, modulo 2^32, undoes it. */
static inline sg_u128 rank_of(const uint8_t *at, unsigned elem)
{
    const sg_u128 value = load(at, elem);
    return elem == 4 ? (uint32_t)(value + 1) : value;
}

static inline __attribute__((always_inline)) size_t
encode_numbers(uint8_t *out, const uint8_t *values, size_t n, unsigned elem)
{
    sg_u128 low = rank_of(values, elem), high = low;
    for (size_t i = 1; i < n; i++) {
        const sg_u128 rank = rank_of(values + i * elem, elem);
        low = rank < low ? rank : low;
        high = rank > high ? rank : high;
    }
    const size_t width = width_of(high - low, elem);
    put_header(out, (unsigned)width, elem, n, elem == 4 ? (uint32_t)(low - 1) : low);
    for (size_t i = 0; i < n; i++) {
        const sg_u128 delta = rank_of(values + i * elem, elem) - low;
        memcpy(out + SG_COLUMN_HEADER + i * width, &delta, width);
    }
    return SG_COLUMN_HEADER + n * width;
}

static size_t encode_mixed(uint8_t *out, const uint8_t *values, size_t n)
{
    uint8_t *ends = out + SG_COLUMN_HEADER, *bytes = ends + 4 * n;
    uint32_t end = 0;
    put_header(out, SG_COLUMN_MIXED, SG_ELEM_ADDR, n, 0);
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
    const uint8_t size = values[0];
    for (size_t i = 1; i < n; i++)
        if (values[i * SG_ELEM_ADDR] != size)
            return encode_mixed(out, values, n);
    put_header(out, size, SG_ELEM_ADDR, n, 0);
    for (size_t i = 0; i < n; i++)
        memcpy(out + SG_COLUMN_HEADER + i * size, values + i * SG_ELEM_ADDR + 1, size);
    return SG_COLUMN_HEADER + n * size;
}

size_t sg_column_encode(uint8_t *out, const void *values, size_t n, unsigned elem)
{
    assert(n > 0 && n <= SG_CHUNK);
    if (elem == SG_ELEM_ADDR)
        return encode_addrs(out, values, n);
    /* A constant size lets the compiler make a plain loop of each. */
    if (elem == 1)
        return encode_numbers(out, values, n, 1);
    if (elem == 4)
        return encode_numbers(out, values, n, 4);
    if (elem == 8)
        return encode_numbers(out, values, n, 8);
    if (elem == 16)
        return encode_numbers(out, values, n, 16);
    assert(elem == SG_ELEM_HASH);
    put_header(out, SG_ELEM_HASH, elem, n, 0);
    memcpy(out + SG_COLUMN_HEADER, values, n * SG_ELEM_HASH);
    return SG_COLUMN_HEADER + n * SG_ELEM_HASH;
}

static bool width_fits(unsigned width, unsigned elem)
{
    if (elem == SG_ELEM_ADDR)
        return (width > 0 && width <= SG_ADDRESS_MAX) || width == SG_COLUMN_MIXED;
    if (elem == SG_ELEM_HASH)
        return width == SG_ELEM_HASH;
    if (elem == 16)
        return width <= 16;
    return width <= elem && (width & (width - 1)) == 0;
}

enum sg_status sg_column_open(struct sg_column *column, struct sg_bytes bytes, unsigned elem,
                              struct sg_err *err)
{
    if (bytes.size < SG_COLUMN_HEADER || bytes.size > UINT32_MAX)
        return sg_err_set(err, SG_ECORRUPT, "a column of the ledger has a wrong size");
    struct sg_column c = {.width = bytes.at[0], .elem = bytes.at[1]};
    memcpy(&c.count, bytes.at + 4, 4);
    memcpy(&c.base, bytes.at + 8, 16);
    c.payload = bytes.at + SG_COLUMN_HEADER;
    c.payload_size = (uint32_t)(bytes.size - SG_COLUMN_HEADER);
    if (c.elem != elem || !width_fits(c.width, elem) || c.count == 0 || c.count > SG_CHUNK)
        return sg_err_set(err, SG_ECORRUPT, "a column of the ledger has a bad header");
    if (c.width == SG_COLUMN_MIXED ? c.payload_size < 4 * c.count
                                   : c.payload_size != (uint32_t)c.width * c.count)
        return sg_err_set(err, SG_ECORRUPT, "a column of the ledger has a wrong size");
    *column = c;
    return SG_OK;
}

/* Amounts. Sixteen bytes are loaded at once and what belongs to the next value is masked away; the
 * last values, behind which there may be no sixteen bytes, are copied. */
static inline void widen(uint8_t *out, const uint8_t *in, size_t n, size_t width, sg_u128 base)
{
    const sg_u128 mask = width < 16 ? ((sg_u128)1 << 8 * width) - 1 : ~(sg_u128)0;
    const size_t whole = n * width >= 16 ? (n * width - 16) / (width ? width : 1) + 1 : 0;
    for (size_t i = 0; i < n; i++) {
        const sg_u128 delta =
            i < whole ? load(in + i * width, 16) & mask : load(in + i * width, width);
        const sg_u128 value = base + delta;
        memcpy(out + i * 16, &value, 16);
    }
}

/* Other numbers, with 64-bit arithmetic. Inlined with constant sizes, it is a plain loop for each
 * pair.
 */
static inline __attribute__((always_inline)) void
widen64(uint8_t *out, const uint8_t *in, size_t n, unsigned elem, size_t width, uint64_t base)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t value = 0;
        memcpy(&value, in + i * width, width);
        value += base;
        memcpy(out + i * elem, &value, elem);
    }
}

/* Ids, which scans read most: 16 at a time, so that compilers use whole registers. */
static inline __attribute__((always_inline)) void widen_ids(uint8_t *out, const uint8_t *in,
                                                            size_t n, size_t width, uint32_t base)
{
    size_t i = 0;
    for (; i + 16 <= n; i += 16)
        for (size_t k = 0; k < 16; k++) {
            uint32_t value = 0;
            memcpy(&value, in + (i + k) * width, width);
            value += base;
            memcpy(out + (i + k) * 4, &value, 4);
        }
    widen64(out + i * 4, in + i * width, n - i, 4, width, base);
}

static void decode_ids(uint8_t *out, const uint8_t *in, size_t n, unsigned width, uint32_t base)
{
    if (width == 0)
        widen_ids(out, in, n, 0, base);
    else if (width == 1)
        widen_ids(out, in, n, 1, base);
    else if (width == 2)
        widen_ids(out, in, n, 2, base);
    else
        widen_ids(out, in, n, 4, base);
}

static inline __attribute__((always_inline)) void
widen_to(uint8_t *out, const uint8_t *in, size_t n, unsigned elem, unsigned width, uint64_t base)
{
    if (width == elem && base == 0)
        memcpy(out, in, n * elem);
    else if (width == 0)
        widen64(out, in, n, elem, 0, base);
    else if (width == 1)
        widen64(out, in, n, elem, 1, base);
    else if (width == 2)
        widen64(out, in, n, elem, 2, base);
    else if (width == 4)
        widen64(out, in, n, elem, 4, base);
    else
        widen64(out, in, n, elem, 8, base);
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
    const uint8_t *in = column->payload + first * column->width;
    const uint64_t base = (uint64_t)column->base;
    if (column->elem == SG_ELEM_ADDR)
        decode_addrs(out, column, first, n);
    else if (column->elem == SG_ELEM_HASH)
        memcpy(out, in, n * SG_ELEM_HASH);
    else if (column->elem == 16)
        widen(out, in, n, column->width, column->base);
    else if (column->elem == 8)
        widen_to(out, in, n, 8, column->width, base);
    else if (column->elem == 4)
        decode_ids(out, in, n, column->width, (uint32_t)base);
    else
        widen_to(out, in, n, 1, column->width, base);
}
