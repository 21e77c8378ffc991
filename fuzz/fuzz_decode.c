/* A source file of each format: the same records whole and in pieces, and nothing in a record that
 * no chain can mean. The first byte picks format and chain. */
#include "formats/decode/decode.h"

#include "base/utf8.h"

#include <assert.h>
#include <string.h>

struct seen {
    uint64_t sum, n_records, n_bad;
};

static void mix(struct seen *seen, const void *bytes, size_t size)
{
    const uint8_t *at = bytes;
    for (size_t i = 0; i < size; i++)
        seen->sum = seen->sum * 31 + at[i];
}

static void check_record(const struct sg_record *r)
{
    size_t bad;
    assert(r->symbol[SG_SYMBOL_MAX] == 0);
    assert(sg_utf8_check(&bad, r->symbol, strlen(r->symbol)));
    assert(r->from.size <= SG_ADDRESS_MAX && r->to.size <= SG_ADDRESS_MAX);
    assert(r->kind != SG_RECORD_TOKEN || r->token.size);
    assert(!r->amount_out_of_range || r->kind == SG_RECORD_TOKEN);
    assert(r->has_hash || r->kind == SG_RECORD_BLOCK || r->is_reward);
    assert(r->trace_path_size % 4 == 0 && (r->trace_path || !r->trace_path_size));
}

static enum sg_status on_record(void *ctx, const struct sg_record *record, struct sg_err *err)
{
    struct seen *seen = ctx;
    (void)err;
    check_record(record);
    seen->n_records++;
    mix(seen, &record->kind, sizeof(record->kind));
    mix(seen, &record->block, sizeof(record->block));
    mix(seen, &record->amount, sizeof(record->amount));
    mix(seen, &record->from, sizeof(record->from));
    mix(seen, &record->to, sizeof(record->to));
    mix(seen, record->trace_path, record->trace_path_size);
    mix(seen, &record->offset, sizeof(record->offset));
    return SG_OK;
}

static enum sg_status on_bad(void *ctx, const struct sg_bad_row *bad, struct sg_err *err)
{
    struct seen *seen = ctx;
    (void)err;
    assert(bad->reason[0] && bad->text_size <= 1024);
    seen->n_bad++;
    mix(seen, bad->reason, strlen(bad->reason));
    mix(seen, &bad->offset, sizeof(bad->offset));
    return SG_OK;
}

static enum sg_status run(struct seen *seen, unsigned pick, const uint8_t *data, size_t size,
                          size_t step)
{
    const char *chain = pick & 4 ? "tron" : "ethereum";
    const struct sg_record_sink sink = {on_record, on_bad, seen};
    struct sg_decoder *decoder = NULL;
    struct sg_err err;
    enum sg_status st = sg_decoder_new(&decoder, (enum sg_source_format)((pick & 3) % 3),
                                       sg_chain_find(chain, strlen(chain)), &sink, &err);
    for (size_t at = 0; st == SG_OK && at < size; at += step)
        st = sg_decoder_feed(decoder, data + at, size - at < step ? size - at : step, &err);
    if (st == SG_OK)
        st = sg_decoder_finish(decoder, &err);
    assert(st == SG_OK || st == SG_EPARSE || st == SG_ELIMIT);
    assert(strlen(sg_decoder_table(decoder)) > 0);
    sg_decoder_free(decoder);
    return st;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct seen whole = {0};
    struct seen pieces = {0};
    if (size < 1 || size > 65536)
        return 0;
    const enum sg_status st = run(&whole, data[0], data + 1, size - 1, size);
    const enum sg_status in_pieces = run(&pieces, data[0], data + 1, size - 1, 5);
    assert(st == in_pieces);
    /* What compressed data gives before its damage depends on how it is cut. */
    assert(st != SG_OK || (whole.sum == pieces.sum && whole.n_bad == pieces.n_bad));
    return 0;
}
