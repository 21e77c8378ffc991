/* Ethereum and its kin: 0x and 40 digits, with a checksum in the case of the letters (EIP-55,
 * EIP-1191); Tron's same bytes after 41. */
#include "formats/recognise/recognise_internal.h"

#include "base/hex.h"
#include "base/keccak.h"
#include "formats/base58/base58.h"

#include <stdio.h>
#include <string.h>

#define DIGITS 40
#define BYTES  20

/* Large letters where the digest of `salt` and the small digits has a half-byte of 8 or more. */
static void write_case(char text[DIGITS + 3], const char *salt, const uint8_t address20[BYTES])
{
    char salted[16 + DIGITS + 3];
    uint8_t digest32[SG_KECCAK256_SIZE];
    text[0] = '0';
    text[1] = 'x';
    sg_hex_encode(text + 2, address20, BYTES);
    const int n = snprintf(salted, sizeof(salted), "%s%s", salt, text + (salt[0] ? 0 : 2));
    sg_keccak256_of(digest32, salted, (size_t)n);
    for (size_t i = 0; i < DIGITS; i++) {
        const unsigned half = digest32[i / 2] >> (i % 2 ? 0 : 4) & 15;
        if (half >= 8 && text[2 + i] >= 'a')
            text[2 + i] = (char)(text[2 + i] - 'a' + 'A');
    }
}

char *sg_eip55_write(char text[43], const uint8_t address20[20])
{
    write_case(text, "", address20);
    return text;
}

/* EIP-1191 puts the number of the chain before the digits; Rootstock uses it. */
static bool is_rootstock(const char *digits, const uint8_t address20[BYTES])
{
    static const char *const salts[] = {"30", "31"};
    char text[DIGITS + 3];
    for (size_t i = 0; i < 2; i++) {
        write_case(text, salts[i], address20);
        if (memcmp(text + 2, digits, DIGITS) == 0)
            return true;
    }
    return false;
}

static bool read_evm(struct sg_recognised *out, const char *digits, bool has_prefix)
{
    const struct sg_letters letters = sg_letters_of(digits, DIGITS);
    uint8_t address20[BYTES];
    char text[DIGITS + 3];
    if (!letters.is_hex || !sg_hex_decode(address20, BYTES, digits, DIGITS))
        return false;
    sg_eip55_write(text, address20);
    if (letters.n_lower && letters.n_upper && memcmp(text + 2, digits, DIGITS) != 0) {
        snprintf(text, sizeof(text), "0x%s", digits);
        if (is_rootstock(digits, address20))
            return sg_recognised_set(out, SG_READING_VALID, "eip1191", "rootstock", text, NULL);
        return sg_recognised_set(out, SG_READING_WRONG, "eip55", "ethereum", text,
                                 "the checksum in the case of its letters is wrong (EIP-55)");
    }
    const bool is_checked = letters.n_lower && letters.n_upper;
    sg_recognised_set(out, is_checked ? SG_READING_VALID : SG_READING_UNCHECKED,
                      is_checked ? "eip55" : "hex", "ethereum", text, NULL);
    out->others = "and every chain of its kind";
    if (!has_prefix)
        out->note = "without 0x: a SHA-1 digest looks the same";
    else if (!is_checked)
        out->note = "letters of one case have no checksum: a wrong digit is not seen";
    return true;
}

static bool read_tron(struct sg_recognised *out, const char *digits)
{
    uint8_t bytes[BYTES + 1];
    char text[SG_BASE58_TEXT_MAX + 1];
    if (!sg_hex_decode(bytes, sizeof(bytes), digits, 2 * sizeof(bytes)) || bytes[0] != 0x41)
        return false;
    sg_base58check_encode(text, SG_BASE58_BITCOIN, bytes, sizeof(bytes));
    sg_recognised_set(out, SG_READING_UNCHECKED, "tron-hex", "tron", text, NULL);
    out->note = "digits have no checksum: a wrong one is not seen";
    return true;
}

bool sg_recognise_hex(struct sg_recognised *out, const char *text, size_t size)
{
    const bool has_prefix = size > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    const char *digits = has_prefix ? text + 2 : text;
    const size_t n = has_prefix ? size - 2 : size;
    char reason[64];
    if (n == DIGITS && read_evm(out, digits, has_prefix))
        return true;
    if (n == DIGITS + 2 && read_tron(out, digits))
        return true;
    if (!has_prefix)
        return false;
    if (n == 64 && sg_letters_of(digits, n).is_hex)
        return sg_recognised_set(out, SG_READING_NONE, NULL, NULL, text,
                                 "64 digits are a hash, of a transaction or block, no address");
    if (n < DIGITS - 4 || n > DIGITS + 4)
        return false;
    if (n != DIGITS)
        snprintf(reason, sizeof(reason), "%zu digits where an address has %d", n, DIGITS);
    else
        snprintf(reason, sizeof(reason), "has a character that is no hexadecimal digit");
    return sg_recognised_set(out, SG_READING_WRONG, "hex", "ethereum", text, reason);
}
