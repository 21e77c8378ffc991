/* An amount that parses is written and parsed again to the same units, and what is refused names a
 * byte of the text. First byte: the decimals. */
#include "base/amount.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_refusal(const struct sg_err *err, enum sg_status st, size_t size)
{
    assert(st == SG_EPARSE || st == SG_ELIMIT);
    assert(err->status == st);
    if (st == SG_EPARSE)
        assert(err->has_offset && err->offset <= size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size)
        return 0;
    const unsigned decimals = data[0] % (SG_DECIMALS_MAX + 1);
    const char *text = (const char *)data + 1;
    char written[SG_AMOUNT_TEXT_MAX];
    struct sg_amount amount;
    struct sg_amount back;
    struct sg_err err;
    enum sg_status st = sg_amount_parse(&amount, text, --size, decimals, &err);
    if (st != SG_OK) {
        check_refusal(&err, st, size);
        return 0;
    }
    sg_amount_format(written, amount, decimals);
    assert(strlen(written) < SG_AMOUNT_TEXT_MAX);
    st = sg_amount_parse(&back, written, strlen(written), decimals, &err);
    assert(st == SG_OK);
    assert(sg_amount_cmp(amount, back) == 0);
    return 0;
}
