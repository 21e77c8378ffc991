/* Any text read as an address of any network, and any bytes as a script: what is taken is written
 * and read back as the same payee; what is refused has a sentence. */
#include "formats/address/address.h"
#include "formats/base58/base58.h"

#include <assert.h>
#include <string.h>

static void check_payee(enum sg_network network, const struct sg_payee *payee)
{
    char text[SG_PAYEE_TEXT_MAX + 1];
    uint8_t script[SG_PAYEE_SCRIPT_MAX];
    struct sg_payee back;
    struct sg_err err;
    if (sg_payee_write(text, network, payee) != SG_OK)
        return;
    assert(strlen(text) <= SG_PAYEE_TEXT_MAX);
    assert(sg_payee_read(&back, network, text, strlen(text), &err) == SG_OK);
    assert(back.kind == payee->kind && back.size == payee->size);
    assert(memcmp(back.bytes, payee->bytes, back.size) == 0);
    const size_t size = sg_payee_to_script(script, payee);
    assert(sg_payee_from_script(&back, script, size));
    assert(back.kind == payee->kind && back.version == payee->version);
}

static void check_base58(const char *text, size_t size)
{
    uint8_t bytes[SG_BASE58_BYTES_MAX];
    char back[SG_BASE58_TEXT_MAX + 1];
    size_t n;
    if (sg_base58_decode(bytes, &n, SG_BASE58_XRP, text, size)) {
        assert(sg_base58_encode(back, SG_BASE58_XRP, bytes, n) == size);
        assert(memcmp(back, text, size) == 0);
    }
    if (sg_base58_blocks_decode(bytes, &n, text, size)) {
        assert(sg_base58_blocks_encode(back, bytes, n) == size);
        assert(memcmp(back, text, size) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sg_payee payee;
    for (size_t i = 0; i < SG_NETWORK_COUNT; i++) {
        struct sg_err err = {0};
        const enum sg_status st =
            sg_payee_read(&payee, (enum sg_network)i, (const char *)data, size, &err);
        assert(st == SG_OK || (st == SG_EPARSE && err.text[0]));
        if (st == SG_OK)
            check_payee((enum sg_network)i, &payee);
        if (sg_payee_from_script(&payee, data, size))
            check_payee((enum sg_network)i, &payee);
    }
    check_base58((const char *)data, size);
    return 0;
}
