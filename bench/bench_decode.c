/* Decoders: bytes a second from a source file in memory to records, on one thread, beside the
 * plainest split of the same bytes. The rows are of the shape of real ones: hashes, addresses, wei,
 * call data of a token transfer in every third. SG_BENCH_ROWS sets their number. */
#include "yardstick.h"

#include "base/buf.h"
#include "base/rng.h"
#include "formats/decode/decode.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK ((size_t)1024 * 1024)

struct work {
    const char *name;
    enum sg_source_format format;
    struct sg_buf text;
    uint64_t n_records;
    sg_u128 sum; /* keeps the compiler from leaving the work out */
};

static void put_hex(struct sg_buf *buf, struct sg_rng *rng, size_t digits)
{
    sg_buf_puts(buf, "0x");
    for (size_t i = 0; i < digits; i++)
        sg_buf_putc(buf, "0123456789abcdef"[sg_rng_below(rng, 16)]);
}

static void put_input(struct sg_buf *buf, struct sg_rng *rng)
{
    if (sg_rng_below(rng, 3) == 0)
        put_hex(buf, rng, 136);
    else
        sg_buf_puts(buf, "0x");
}

/* A field, with what stands before it. */
static void put_text(struct sg_buf *buf, const char *before, const char *text)
{
    sg_buf_puts(buf, before);
    sg_buf_puts(buf, text);
}

static void csv_row(struct sg_buf *buf, struct sg_rng *rng, uint64_t i)
{
    sg_buf_printf(buf, "%llu,%llu,", 14442778ull + i / 100, 1648041417ull + i);
    put_hex(buf, rng, 64);
    sg_buf_printf(buf, ",%llu,", 100ull + i);
    put_hex(buf, rng, 64);
    sg_buf_printf(buf, ",%llu,", (unsigned long long)i % 100);
    put_hex(buf, rng, 40);
    sg_buf_putc(buf, ',');
    put_hex(buf, rng, 40);
    sg_buf_printf(buf, ",%llu000000000,200000,23103802237,0,1,",
                  1000000000ull + sg_rng_below(rng, 1000000000));
    put_input(buf, rng);
    put_text(buf, ",", ",9000000,21000,1200000,0xa9059cbb,transfer(address to)\n");
}

static void fill_csv(struct work *work, uint64_t n_rows)
{
    struct sg_rng rng;
    sg_rng_init(&rng, 1);
    sg_buf_puts(&work->text,
                "blockNumber,timeStamp,hash,nonce,blockHash,transactionIndex,from,to,value,gas,"
                "gasPrice,isError,txreceipt_status,input,contractAddress,cumulativeGasUsed,"
                "gasUsed,confirmations,methodId,functionName\n");
    for (uint64_t i = 0; i < n_rows; i++)
        csv_row(&work->text, &rng, i);
}

static void fill_quoted(struct work *work, uint64_t n_rows)
{
    struct work plain = {.text = SG_BUF_INIT(SIZE_MAX / 2)};
    fill_csv(&plain, n_rows);
    sg_buf_putc(&work->text, '"');
    for (size_t i = 0; i + 1 < plain.text.size; i++) {
        const char c = plain.text.data[i];
        if (c == ',')
            sg_buf_puts(&work->text, "\",\"");
        else if (c == '\n')
            sg_buf_puts(&work->text, "\"\n\"");
        else
            sg_buf_putc(&work->text, c);
    }
    sg_buf_puts(&work->text, "\"\n");
    sg_buf_clear(&plain.text);
}

static void fill_json(struct work *work, uint64_t n_rows)
{
    struct sg_buf *buf = &work->text;
    struct sg_rng rng;
    sg_rng_init(&rng, 1);
    for (uint64_t i = 0; i < n_rows; i++) {
        put_text(buf, "{\"type\": \"transaction\", ", "\"hash\": \"");
        put_hex(buf, &rng, 64);
        sg_buf_printf(buf, "\", \"nonce\": %llu, \"transaction_index\": %llu, \"from_address\": \"",
                      100ull + i, (unsigned long long)i % 100);
        put_hex(buf, &rng, 40);
        put_text(buf, "\", ", "\"to_address\": \"");
        put_hex(buf, &rng, 40);
        sg_buf_printf(buf,
                      "\", \"value\": %llu000000000, \"gas\": 200000, \"gas_price\": 23103802237, ",
                      1000000000ull + sg_rng_below(&rng, 1000000000));
        sg_buf_puts(buf, "\"input\": \"");
        put_input(buf, &rng);
        sg_buf_printf(buf,
                      "\", \"block_timestamp\": %llu, \"block_number\": %llu, \"block_hash\": \"",
                      1648041417ull + i, 14442778ull + i / 100);
        put_hex(buf, &rng, 64);
        sg_buf_puts(buf, "\", \"receipt_gas_used\": 21000, \"receipt_status\": 1}\n");
    }
}

static enum sg_status on_record(void *ctx, const struct sg_record *record, struct sg_err *err)
{
    struct work *work = ctx;
    (void)err;
    work->n_records++;
    work->sum += record->amount.units + record->hash32[31] + record->from.bytes[19];
    return SG_OK;
}

static enum sg_status on_bad(void *ctx, const struct sg_bad_row *bad, struct sg_err *err)
{
    (void)ctx;
    fprintf(stderr, "bench_decode: line %llu: %s\n", (unsigned long long)bad->line, bad->reason);
    return sg_err_set(err, SG_EPARSE, "a bad row in the bench's own text");
}

static void run_decode(void *ctx)
{
    struct work *work = ctx;
    const struct sg_record_sink sink = {on_record, on_bad, work};
    struct sg_decoder *decoder = NULL;
    const uint8_t *bytes = (const uint8_t *)work->text.data;
    work->n_records = 0;
    enum sg_status st =
        sg_decoder_new(&decoder, work->format, sg_chain_find("ethereum", 8), &sink, NULL);
    for (size_t at = 0; st == SG_OK && at < work->text.size; at += CHUNK) {
        const size_t left = work->text.size - at;
        st = sg_decoder_feed(decoder, bytes + at, left < CHUNK ? left : CHUNK, NULL);
    }
    if (st == SG_OK)
        st = sg_decoder_finish(decoder, NULL);
    sg_decoder_free(decoder);
    if (st != SG_OK)
        abort();
}

static void measure(struct work *work)
{
    const struct sg_bench_figure split = sg_bench_split(5, work->text.data, work->text.size);
    const uint64_t ns = sg_bench_best_ns(5, run_decode, work);
    const struct sg_bench_figure figure = {work->name, "MB", work->text.size, ns};
    sg_bench_print(&figure, &split);
    printf("  %llu records, %.2f million a second\n", (unsigned long long)work->n_records,
           (double)work->n_records * 1e3 / (double)ns);
    sg_buf_clear(&work->text);
}

int main(void)
{
    const uint64_t n_rows = sg_bench_env("SG_BENCH_ROWS", 300000);
    struct work csv = {"decode/txlist-csv", SG_SOURCE_ETHERSCAN, SG_BUF_INIT(SIZE_MAX / 2), 0, 0};
    struct work quoted = {"decode/txlist-csv-quoted", SG_SOURCE_ETHERSCAN,
                          SG_BUF_INIT(SIZE_MAX / 2), 0, 0};
    struct work json = {"decode/transactions-json", SG_SOURCE_ETHEREUM_ETL,
                        SG_BUF_INIT(SIZE_MAX / 2), 0, 0};
    fill_csv(&csv, n_rows);
    measure(&csv);
    fill_quoted(&quoted, n_rows);
    measure(&quoted);
    fill_json(&json, n_rows);
    measure(&json);
    return 0;
}
