#include "base/hex.h"
#include "base/utf8.h"
#include "formats/decode/decode_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* 2^256 - 1, the largest number that the machine of Ethereum has. */
static const char max256[] =
    "115792089237316195423570985008687907853269984665640564039457584007913129639935";

bool sg_row_bad(struct reading *g, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vsnprintf(g->reason, sizeof(g->reason), fmt, args);
    va_end(args);
    return false;
}

/* The same about one column, by the name that the file has for it. */
static bool bad_field(struct reading *g, enum slot slot, const char *sentence)
{
    const struct sg_text name = sg_layout_name(g->layout, slot);
    return sg_row_bad(g, "%.*s: %s", name.size < 40 ? (int)name.size : 40, name.data, sentence);
}

struct sg_record *sg_row_record(struct reading *g, enum sg_record_kind kind)
{
    struct sg_record *record = &g->records[g->n_records++];
    sg_record_init(record, kind);
    return record;
}

bool sg_row_has(const struct reading *g, enum slot slot)
{
    return g->fields[slot].size != 0;
}

bool sg_row_is(const struct reading *g, enum slot slot, const char *text)
{
    return g->fields[slot].data && sg_text_is(g->fields[slot], text);
}

/* Whether there is anything to read; `*ok` is what to return if not. */
static bool present(struct reading *g, bool *ok, enum slot slot)
{
    if (g->fields[slot].size)
        return true;
    *ok = !g->layout->each_field[slot] || bad_field(g, slot, "it is empty");
    return false;
}

bool sg_row_u64(struct reading *g, uint64_t *out, enum slot slot, uint64_t max)
{
    const struct sg_text text = g->fields[slot];
    uint64_t value = 0;
    bool ok;
    if (!present(g, &ok, slot))
        return ok;
    for (size_t i = 0; i < text.size; i++) {
        const unsigned digit = (unsigned)(uint8_t)text.data[i] - '0';
        if (digit > 9)
            return bad_field(g, slot, "not a whole number");
        if (__builtin_mul_overflow(value, UINT64_C(10), &value) ||
            __builtin_add_overflow(value, (uint64_t)digit, &value) || value > max)
            return bad_field(g, slot, "the number is too large");
    }
    *out = value;
    return true;
}

bool sg_row_u32(struct reading *g, uint32_t *out, enum slot slot)
{
    uint64_t value = *out;
    if (!sg_row_u64(g, &value, slot, SG_INDEX_UNKNOWN))
        return false;
    *out = (uint32_t)value;
    return true;
}

bool sg_row_time(struct reading *g, int64_t *out, enum slot slot)
{
    const struct sg_text text = g->fields[slot];
    uint64_t seconds = 0;
    bool ok;
    if (!present(g, &ok, slot))
        return ok;
    if (text.size > 4 && (text.data[4] == '-'))
        return sg_time_parse(out, text.data, text.size, NULL) == SG_OK ||
               bad_field(g, slot, "not a time");
    /* The first year that needs twelve digits of seconds is 5138. */
    if (!sg_row_u64(g, &seconds, slot, UINT64_C(99999999999)))
        return bad_field(g, slot, "not a time");
    *out = (int64_t)seconds;
    return true;
}

bool sg_row_address(struct reading *g, struct sg_address *out, enum slot slot)
{
    const struct sg_text text = g->fields[slot];
    bool ok;
    if (!present(g, &ok, slot))
        return ok;
    if (sg_address_parse(out, g->chain, text.data, text.size, NULL) == SG_OK)
        return true;
    return bad_field(g, slot,
                     g->chain->hex20 ? "not an address: 0x and 40 hex digits are expected"
                                     : "not an address of this chain");
}

static bool hex_hash(uint8_t hash32[32], struct sg_text text)
{
    if (text.size == 66 && text.data[0] == '0' && (text.data[1] == 'x' || text.data[1] == 'X'))
        text = (struct sg_text){text.data + 2, 64};
    return sg_hex_decode(hash32, 32, text.data, text.size);
}

bool sg_row_hash(struct reading *g, struct sg_record *record)
{
    bool ok;
    if (!present(g, &ok, SLOT_HASH))
        return ok;
    record->has_hash = hex_hash(record->hash32, g->fields[SLOT_HASH]);
    return record->has_hash || bad_field(g, SLOT_HASH, "not a hash: 64 hex digits are expected");
}

/* Why a text is no amount, in words that name the usual cases. */
static const char *not_an_amount(struct sg_text text)
{
    if (text.data[0] == '-')
        return "the amount is negative";
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '.')
            return "the amount has a fraction: base units are whole";
        if (text.data[i] == 'e' || text.data[i] == 'E')
            return "the amount is rounded: it has an exponent";
        if (text.data[i] < '0' || text.data[i] > '9')
            break;
    }
    return "the amount has a character that is not a digit";
}

static enum sg_status parse_units(struct sg_amount *out, struct sg_text text)
{
    /* "1.0" is whole, but it is the mark of a tool that counts in floating point. */
    if (memchr(text.data, '.', text.size))
        return SG_EPARSE;
    return sg_amount_parse(out, text.data, text.size, 0, NULL);
}

bool sg_row_amount(struct reading *g, struct sg_amount *out, bool *has, enum slot slot)
{
    const struct sg_text text = g->fields[slot];
    bool ok;
    if (!present(g, &ok, slot))
        return ok;
    const enum sg_status st = parse_units(out, text);
    if (st == SG_ELIMIT)
        return bad_field(g, slot, "the amount needs more than 128 bits");
    if (st != SG_OK)
        return bad_field(g, slot, not_an_amount(text));
    if (has)
        *has = true;
    return true;
}

static bool all_digits(struct sg_text text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
    return true;
}

static bool fits_256(struct sg_text text)
{
    while (text.size && *text.data == '0') {
        text.data++;
        text.size--;
    }
    const size_t size = sizeof(max256) - 1;
    return text.size < size || (text.size == size && memcmp(text.data, max256, size) <= 0);
}

bool sg_row_token_amount(struct reading *g, struct sg_record *record, enum slot slot)
{
    const struct sg_text text = g->fields[slot];
    bool ok;
    if (!present(g, &ok, slot))
        return ok;
    const enum sg_status st = parse_units(&record->amount, text);
    if (st == SG_OK)
        return true;
    if (st != SG_ELIMIT || !all_digits(text))
        return bad_field(g, slot, not_an_amount(text));
    if (!fits_256(text))
        return bad_field(g, slot, "the amount needs more than 256 bits");
    record->amount = SG_AMOUNT_ZERO;
    record->amount_out_of_range = true;
    return true;
}

/* Take the commas out, each with three digits behind it. */
static bool without_commas(char *out, size_t *out_size, size_t max, struct sg_text text)
{
    size_t n = 0;
    const char *point = memchr(text.data, '.', text.size);
    const size_t whole = point ? (size_t)(point - text.data) : text.size;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == ',') {
            if (i == 0 || i >= whole || (whole - i) % 4 != 0)
                return false;
            continue;
        }
        if (n == max)
            return false;
        out[n++] = text.data[i];
    }
    *out_size = n;
    return true;
}

bool sg_row_native_units(struct reading *g, struct sg_amount *out, bool *has, enum slot slot)
{
    char plain[64];
    size_t size;
    bool ok;
    if (!present(g, &ok, slot))
        return ok;
    if (!without_commas(plain, &size, sizeof(plain), g->fields[slot]) ||
        sg_amount_parse(out, plain, size, g->chain->decimals, NULL) != SG_OK)
        return bad_field(g, slot, "not an amount in whole coins, with all digits");
    if (has)
        *has = true;
    return true;
}

bool sg_row_symbol(struct reading *g, struct sg_record *record)
{
    const struct sg_text text = g->fields[SLOT_SYMBOL];
    uint64_t decimals = 0;
    size_t bad;
    size_t n = 0;
    if (text.size && !sg_utf8_check(&bad, text.data, text.size))
        return bad_field(g, SLOT_SYMBOL, "not UTF-8");
    /* Cut in front of the character that does not fit. */
    while (n < text.size) {
        uint32_t character;
        const size_t size = sg_utf8_next(&character, text.data + n, text.size - n);
        if (n + size > SG_SYMBOL_MAX)
            break;
        n += size;
    }
    if (n)
        memcpy(record->symbol, text.data, n);
    if (!sg_row_u64(g, &decimals, SLOT_DECIMALS, UINT8_MAX))
        return false;
    record->has_decimals = sg_row_has(g, SLOT_DECIMALS) && decimals <= SG_DECIMALS_MAX;
    record->decimals = record->has_decimals ? (uint8_t)decimals : 0;
    return true;
}

static void put_level(uint8_t *at, uint32_t level)
{
    at[0] = (uint8_t)(level >> 24);
    at[1] = (uint8_t)(level >> 16);
    at[2] = (uint8_t)(level >> 8);
    at[3] = (uint8_t)level;
}

bool sg_row_path(struct reading *g, struct sg_record *record)
{
    const struct sg_text text = g->fields[SLOT_POSITION];
    size_t n_levels = 0;
    uint64_t level = 0;
    size_t n_digits = 0;
    for (size_t i = 0; text.size && i <= text.size; i++) {
        if (i < text.size && text.data[i] >= '0' && text.data[i] <= '9') {
            level = level * 10 + (uint64_t)(text.data[i] - '0');
            if (++n_digits > 9)
                return bad_field(g, SLOT_POSITION, "the number is too large");
            continue;
        }
        if (!n_digits || (i < text.size && text.data[i] != ','))
            return bad_field(g, SLOT_POSITION, "not a path of numbers");
        if (n_levels == TRACE_DEPTH_MAX)
            return bad_field(g, SLOT_POSITION, "deeper than calls can be");
        put_level(g->path + 4 * n_levels++, (uint32_t)level);
        level = n_digits = 0;
    }
    record->trace_path = g->path;
    record->trace_path_size = (uint32_t)(4 * n_levels);
    return true;
}

bool sg_row_common(struct reading *g, struct sg_record *record)
{
    return sg_row_u64(g, &record->block, SLOT_BLOCK, UINT64_MAX) &&
           sg_row_time(g, &record->time_unix_s, SLOT_TIME) && sg_row_hash(g, record) &&
           sg_row_u32(g, &record->tx_index, SLOT_TX_INDEX) &&
           sg_row_address(g, &record->from, SLOT_FROM) && sg_row_address(g, &record->to, SLOT_TO);
}
