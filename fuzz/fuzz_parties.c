/* The EU's, UK's and UN's lists, whole and in pieces: the same status and the same labels. The
 * first byte chooses the list. */
#include "base/buf.h"
#include "formats/parties/parties.h"

#include <assert.h>
#include <string.h>

static enum sg_status on_label(void *ctx, const struct sg_label *label, struct sg_err *err)
{
    struct sg_buf *log = ctx;
    assert(label->category == SG_CATEGORY_SANCTIONED && label->source);
    sg_buf_printf(log, "%s|%s|%s|%zu|%lld\n", label->subject, label->entity,
                  label->programme ? label->programme : "", label->n_aliases,
                  (long long)label->listed_unix_s);
    return sg_buf_check(log, err);
}

static enum sg_status on_bad(void *ctx, const struct sg_err *why, struct sg_err *err)
{
    struct sg_buf *log = ctx;
    sg_buf_printf(log, "bad %s\n", why->text);
    return sg_buf_check(log, err);
}

static enum sg_status run(struct sg_buf *log, enum sg_parties_list list, const uint8_t *data,
                          size_t size, size_t step)
{
    const struct sg_label_sink sink = {on_label, on_bad, log};
    struct sg_parties *parties = NULL;
    struct sg_label_pack pack;
    struct sg_err err;
    *log = (struct sg_buf)SG_BUF_INIT((size_t)1 << 28);
    enum sg_status st = sg_parties_new(&parties, list, &sink, &err);
    for (size_t at = 0; st == SG_OK && at < size; at += step)
        st = sg_parties_feed(parties, (const char *)data + at, size - at < step ? size - at : step,
                             &err);
    if (st == SG_OK)
        st = sg_parties_finish(&pack, parties, &err);
    assert(st == SG_OK || st == SG_EPARSE || st == SG_ELIMIT);
    sg_parties_free(parties);
    return st;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sg_buf whole, pieces;
    if (size == 0)
        return 0;
    const enum sg_parties_list list = (enum sg_parties_list)(data[0] % 3);
    const enum sg_status st = run(&whole, list, data + 1, size - 1, size);
    assert(run(&pieces, list, data + 1, size - 1, 5) == st);
    assert(whole.size == pieces.size);
    assert(whole.size == 0 || memcmp(whole.data, pieces.data, whole.size) == 0);
    sg_buf_clear(&whole);
    sg_buf_clear(&pieces);
    return 0;
}
