#include "support/records.h"

#include "base/hex.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void add(char *line, const char *before, const char *text)
{
    const size_t n = strlen(line);
    snprintf(line + n, 512 - n, "%s%s", before, text);
}

static void add_u64(char *line, const char *before, uint64_t value)
{
    char number[24];
    snprintf(number, sizeof(number), "%" PRIu64, value);
    add(line, before, number);
}

static void add_amount(char *line, const char *before, struct sg_amount amount)
{
    char text[SG_AMOUNT_TEXT_MAX];
    add(line, before, sg_amount_format(text, amount, 0));
}

static void add_hex(char *line, const char *before, const uint8_t *bytes, size_t n_bytes)
{
    char text[3 + 2 * SG_ADDRESS_MAX];
    add(line, before, sg_hex_encode(text, bytes, n_bytes));
}

static void add_address(char *line, const char *before, const struct sg_address *address)
{
    add_hex(line, before, address->bytes, address->size < 2 ? address->size : 2);
}

static void add_costs(char *line, const struct sg_record *r)
{
    if (r->has_gas_price)
        add_amount(line, " price=", r->gas_price);
    if (r->has_gas_used)
        add_amount(line, " used=", r->gas_used);
    if (r->has_fee)
        add_amount(line, " fee=", r->fee);
}

static void add_token(char *line, const struct sg_record *r)
{
    if (r->token.size)
        add_address(line, " token=", &r->token);
    if (r->log_index != SG_INDEX_UNKNOWN)
        add_u64(line, " log=", r->log_index);
    if (r->symbol[0])
        add(line, " symbol=", r->symbol);
    if (r->has_decimals)
        add_u64(line, " decimals=", r->decimals);
    if (r->amount_out_of_range)
        add(line, " ", "out-of-range");
}

static void describe(char *line, const struct sg_record *r)
{
    static const char *const kinds[] = {"TX", "RECEIPT", "INTERNAL", "TRACE", "TOKEN", "BLOCK"};
    static const char *const status[] = {"", " ok", " failed"};
    snprintf(line, 512, "%s %" PRIu64, kinds[r->kind], r->block);
    if (r->has_hash)
        add_hex(line, " ", r->hash32, 2);
    if (r->tx_index != SG_INDEX_UNKNOWN)
        add_u64(line, " ti=", r->tx_index);
    if (r->time_unix_s != SG_TIME_UNKNOWN)
        add_u64(line, " t=", (uint64_t)r->time_unix_s);
    add_address(line, " ", &r->from);
    add_address(line, ">", &r->to);
    add_amount(line, " ", r->amount);
    add(line, status[r->status], "");
    add(line, r->is_create ? " create" : "", r->is_reward ? " reward" : "");
    if (r->trace_path)
        add_hex(line, " path=", r->trace_path, r->trace_path_size < 32 ? r->trace_path_size : 32);
    add_costs(line, r);
    add_token(line, r);
}

static enum sg_status on_record(void *ctx, const struct sg_record *record, struct sg_err *err)
{
    struct sg_test_seen *seen = ctx;
    (void)err;
    seen->last = *record;
    seen->n_records++;
    if (seen->n_lines++ < SEEN_LINES_MAX)
        describe(seen->lines[seen->n_lines - 1], record);
    return SG_OK;
}

static enum sg_status on_bad(void *ctx, const struct sg_bad_row *bad, struct sg_err *err)
{
    struct sg_test_seen *seen = ctx;
    (void)err;
    if (seen->n_bad < SEEN_LINES_MAX) {
        seen->bad[seen->n_bad].offset = bad->offset;
        seen->bad[seen->n_bad].line = bad->line;
    }
    seen->n_bad++;
    if (seen->n_lines++ < SEEN_LINES_MAX)
        snprintf(seen->lines[seen->n_lines - 1], 512, "BAD %" PRIu64 " %s", bad->line, bad->reason);
    return SG_OK;
}

enum sg_status sg_test_decode(struct sg_test_seen *seen, enum sg_source_format format,
                              const char *chain, const char *text, size_t size, size_t step,
                              struct sg_err *err)
{
    const struct sg_record_sink sink = {on_record, on_bad, seen};
    struct sg_decoder *decoder = NULL;
    memset(seen, 0, sizeof(*seen));
    enum sg_status st =
        sg_decoder_new(&decoder, format, sg_chain_find(chain, strlen(chain)), &sink, err);
    for (size_t at = 0; st == SG_OK && at < size; at += step)
        st = sg_decoder_feed(decoder, (const uint8_t *)text + at,
                             size - at < step ? size - at : step, err);
    if (st == SG_OK)
        st = sg_decoder_finish(decoder, err);
    if (decoder) {
        snprintf(seen->table, sizeof(seen->table), "%s", sg_decoder_table(decoder));
        seen->kinds = sg_decoder_kinds(decoder);
        seen->has_account = sg_decoder_account(&seen->account, decoder) == SG_OK;
    }
    sg_decoder_free(decoder);
    return st;
}
