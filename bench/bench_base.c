/* The base layer's hot calls: amounts and hexadecimal text stand in every row of every source, and
 * the digest of an input file is taken over every byte. */
#include "yardstick.h"

#include "base/amount.h"
#include "base/buf.h"
#include "base/digest.h"
#include "base/hex.h"
#include "base/mem.h"
#include "base/rng.h"

#include <stdio.h>
#include <stdlib.h>

struct work {
    struct sg_buf text; /* one amount and one hash a line */
    uint64_t bytes_amounts;
    uint64_t bytes_hashes;
    sg_u128 sum; /* keeps the compiler from leaving the work out */
};

#define AMOUNT_DIGITS 21 /* wei of a few hundred ether */
#define HASH_DIGITS   64
#define LINE_BYTES    (AMOUNT_DIGITS + 1 + HASH_DIGITS + 1)

static void fill(struct work *work, uint64_t n_lines)
{
    struct sg_rng rng;
    sg_rng_init(&rng, 1);
    for (uint64_t i = 0; i < n_lines; i++) {
        for (int d = 0; d < AMOUNT_DIGITS; d++)
            sg_buf_putc(&work->text, (char)('1' + (char)sg_rng_below(&rng, 9)));
        sg_buf_putc(&work->text, ',');
        for (int d = 0; d < HASH_DIGITS; d++)
            sg_buf_putc(&work->text, "0123456789abcdef"[sg_rng_below(&rng, 16)]);
        sg_buf_putc(&work->text, '\n');
    }
    work->bytes_amounts = n_lines * AMOUNT_DIGITS;
    work->bytes_hashes = n_lines * HASH_DIGITS;
}

static void run_amounts(void *ctx)
{
    struct work *work = ctx;
    for (size_t at = 0; at < work->text.size; at += LINE_BYTES) {
        struct sg_amount amount;
        if (sg_amount_parse(&amount, work->text.data + at, AMOUNT_DIGITS, 0, NULL) != SG_OK)
            abort();
        work->sum += amount.units;
    }
}

static void run_hashes(void *ctx)
{
    struct work *work = ctx;
    for (size_t at = AMOUNT_DIGITS + 1; at < work->text.size; at += LINE_BYTES) {
        uint8_t hash[HASH_DIGITS / 2];
        if (!sg_hex_decode(hash, sizeof(hash), work->text.data + at, HASH_DIGITS))
            abort();
        work->sum += hash[31];
    }
}

static void run_digest(void *ctx)
{
    struct work *work = ctx;
    uint8_t digest32[SG_SHA256_SIZE];
    sg_sha256_of(digest32, work->text.data, work->text.size);
    work->sum += digest32[0];
}

static void print(const char *name, uint64_t bytes, void (*run)(void *ctx), struct work *work,
                  const struct sg_bench_figure *yardstick)
{
    const struct sg_bench_figure figure = {name, "MB", bytes, sg_bench_best_ns(5, run, work)};
    sg_bench_print(&figure, yardstick);
}

int main(void)
{
    struct work work = {.text = SG_BUF_INIT(SIZE_MAX / 2)};
    fill(&work, sg_bench_env("SG_BENCH_LINES", 200000));
    if (sg_buf_check(&work.text, NULL) != SG_OK)
        return 1;
    const struct sg_bench_figure split = sg_bench_split(5, work.text.data, work.text.size);
    print("base/amount-parse", work.bytes_amounts, run_amounts, &work, &split);
    print("base/hex-decode", work.bytes_hashes, run_hashes, &work, &split);
    print("base/sha256", work.text.size, run_digest, &work, &split);
    fprintf(stderr, "checksum %u\n", (unsigned)work.sum);
    sg_buf_clear(&work.text);
    return 0;
}
