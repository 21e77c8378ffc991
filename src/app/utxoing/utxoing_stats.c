#include "app/utxoing/utxoing.h"

#include "app/term.h"
#include "formats/address/address.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Blocks of heights that follow each other. */
struct run {
    uint64_t first, last;
};

/* The run that begins with block *b; *b becomes the first block behind it. Parts that were given
 * one by one may stand in any order; those that touch in rows are one. */
static struct run next_run(size_t *b, const struct sg_utxo *utxo)
{
    const struct sg_utxo_block *blocks = sg_utxo_blocks(utxo);
    struct run run = {blocks[*b].height, blocks[*b].height};
    while (++*b < sg_utxo_n(utxo, SG_UTXO_BLOCKS) && blocks[*b].height == run.last + 1)
        run.last++;
    return run;
}

static uint64_t count_addresses(const struct sg_utxo *utxo)
{
    uint64_t n = 0;
    for (uint32_t o = 0; o < sg_utxo_n(utxo, SG_UTXO_OWNER_END); o++) {
        struct sg_payee payee;
        size_t size;
        const uint8_t *script = sg_utxo_owner_script(&size, utxo, o);
        n += sg_payee_from_script(&payee, script, size);
    }
    return n;
}

/* What nobody has spent and somebody can. */
static uint64_t count_unspent(struct sg_amount *sum, const struct sg_utxo *utxo)
{
    uint64_t n = 0;
    *sum = SG_AMOUNT_ZERO;
    for (size_t o = 0; o < sg_utxo_n(utxo, SG_UTXO_OUT_SAT); o++) {
        if (utxo->spender[o] != SG_UTXO_NONE || sg_utxo_out_owner(utxo)[o] == SG_UTXO_NOBODY)
            continue;
        n++;
        /* 2^64 outputs of 2^53 satoshis fit. */
        if (!sg_amount_add(sum, *sum, sg_amount_from(sg_utxo_out_sat(utxo)[o])))
            return n;
    }
    return n;
}

static uint64_t count_aside(const struct sg_utxo *utxo, enum sg_utxo_aside_why why)
{
    const struct sg_utxo_aside *rows = utxo->columns[SG_UTXO_ASIDE].rows;
    uint64_t n = 0;
    for (size_t i = 0; i < sg_utxo_n(utxo, SG_UTXO_ASIDE); i++)
        n += rows[i].why == (uint32_t)why;
    return n;
}

static void json_coverage(struct sg_jsonw *w, const struct sg_utxo *utxo)
{
    sg_jsonw_key(w, "coverage");
    sg_jsonw_begin_array(w);
    for (size_t b = 0; b < sg_utxo_n(utxo, SG_UTXO_BLOCKS);) {
        const struct run run = next_run(&b, utxo);
        sg_jsonw_begin_object(w);
        sg_jsonw_kv_uint(w, "first_block", run.first);
        sg_jsonw_kv_uint(w, "last_block", run.last);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
}

static void json_tip(struct sg_jsonw *w, const struct sg_utxo *utxo)
{
    char text[SG_BTC_HASH_TEXT_MAX];
    const size_t n = sg_utxo_n(utxo, SG_UTXO_BLOCKS);
    sg_jsonw_kv_string(w, "last_hash",
                       n ? sg_btc_hash_text(text, sg_utxo_blocks(utxo)[n - 1].hash) : NULL);
}

void sg_utxoing_stats_json(struct sg_jsonw *w, const struct sg_utxo *utxo)
{
    sg_jsonw_kv_uint(w, "blocks", sg_utxo_n(utxo, SG_UTXO_BLOCKS));
    sg_jsonw_kv_uint(w, "transactions", sg_utxo_n_txs(utxo));
    sg_jsonw_kv_uint(w, "inputs", sg_utxo_n(utxo, SG_UTXO_INS));
    sg_jsonw_kv_uint(w, "outputs", sg_utxo_n(utxo, SG_UTXO_OUT_SAT));
    struct sg_amount unspent;
    sg_jsonw_kv_uint(w, "unspent_outputs", count_unspent(&unspent, utxo));
    sg_jsonw_kv_amount(w, "unspent", unspent, SG_BTC_DECIMALS);
    sg_jsonw_kv_uint(w, "addresses", count_addresses(utxo));
    sg_jsonw_kv_uint(w, "owners", sg_utxo_n(utxo, SG_UTXO_OWNER_END));
    sg_jsonw_kv_uint(w, "missing_outputs", sg_utxo_n(utxo, SG_UTXO_MISSING));
    sg_jsonw_kv_uint(w, "reused_txids", utxo->n_reused_txids);
    sg_jsonw_kv_uint(w, "stale_blocks", count_aside(utxo, SG_UTXO_STALE));
    sg_jsonw_kv_uint(w, "orphan_blocks", count_aside(utxo, SG_UTXO_ORPHAN));
    sg_jsonw_kv_uint(w, "invalid_blocks", count_aside(utxo, SG_UTXO_INVALID));
    json_tip(w, utxo);
    json_coverage(w, utxo);
}

static void print_count(const char *what, uint64_t n)
{
    printf("  %-14s ", what);
    sg_term_number(stdout, n);
    putchar('\n');
}

static void print_stats(const struct sg_utxo *utxo)
{
    printf("%s\n", utxo->params->name);
    print_count("blocks", sg_utxo_n(utxo, SG_UTXO_BLOCKS));
    print_count("transactions", sg_utxo_n_txs(utxo));
    print_count("inputs", sg_utxo_n(utxo, SG_UTXO_INS));
    print_count("outputs", sg_utxo_n(utxo, SG_UTXO_OUT_SAT));
    struct sg_amount unspent;
    char text[SG_AMOUNT_TEXT_MAX];
    print_count("unspent", count_unspent(&unspent, utxo));
    printf("  %-14s %s\n", "of value", sg_amount_format(text, unspent, SG_BTC_DECIMALS));
    print_count("addresses", count_addresses(utxo));
    print_count("missing", sg_utxo_n(utxo, SG_UTXO_MISSING));
    print_count("stale", count_aside(utxo, SG_UTXO_STALE));
    print_count("orphans", count_aside(utxo, SG_UTXO_ORPHAN));
    print_count("invalid", count_aside(utxo, SG_UTXO_INVALID));
    for (size_t b = 0; b < sg_utxo_n(utxo, SG_UTXO_BLOCKS);) {
        const struct run run = next_run(&b, utxo);
        printf("  covers blocks %" PRIu64 " to %" PRIu64 "\n", run.first, run.last);
    }
}

enum sg_status sg_utxoing_stats(struct sg_jsonw *w, const char *dir,
                                const struct sg_btc_params *params, bool json, struct sg_err *err)
{
    struct sg_utxo utxo;
    const enum sg_status st = sg_utxo_open(&utxo, dir, params, false, err);
    if (st != SG_OK)
        return st;
    if (json)
        sg_utxoing_stats_json(w, &utxo);
    else
        print_stats(&utxo);
    sg_utxo_close(&utxo);
    return SG_OK;
}

enum sg_status sg_utxoing_check(struct sg_jsonw *w, const char *dir,
                                const struct sg_btc_params *params, bool json, struct sg_err *err)
{
    struct sg_utxo utxo;
    const enum sg_status st = sg_utxo_open(&utxo, dir, params, false, err);
    if (st != SG_OK)
        return st;
    if (json) {
        sg_jsonw_kv_uint(w, "faults", 0);
        sg_jsonw_key(w, "first_faults");
        sg_jsonw_begin_array(w);
        sg_jsonw_end_array(w);
    } else {
        printf("%s: sound\n", params->name);
    }
    sg_utxo_close(&utxo);
    return SG_OK;
}
