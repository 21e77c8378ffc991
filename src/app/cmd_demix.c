/* sillage demix: who withdrew a theft's deposits from a mixer pool, as probabilities. */
#include "app/demixing/demixing.h"
#include "app/opts.h"
#include "app/term.h"
#include "app/verbs.h"

#include "base/mem.h"

#include <stdio.h>

#define VERB "demix"

struct words {
    const char *pool, *deposits, *withdrawals, *depositors, *case_file, *ledger, *labels, *blocks,
        *pools;
    uint64_t after_h;
    bool json;
};

#define AFTER_H_MAX 8760u

static enum sg_status check_words(const struct words *words, struct sg_err *err)
{
    const bool one = words->pool || words->deposits || words->withdrawals;
    if (words->pools && one)
        return sg_err_set(err, SG_EUSAGE,
                          "--pools names its own events: give it alone, or --pool "
                          "with --deposits and --withdrawals");
    if (!words->pools && (!words->pool || !words->deposits || !words->withdrawals))
        return sg_err_set(err, SG_EUSAGE,
                          "--pool NAME, --deposits FILE and --withdrawals FILE are needed, or "
                          "--pools FILE");
    if (!words->depositors == !words->case_file)
        return sg_err_set(err, SG_EUSAGE,
                          "whose deposits? give --depositors FILE, or --case CASE.yaml with "
                          "--ledger DIR");
    if (words->after_h == 0 || words->after_h > AFTER_H_MAX)
        return sg_err_set(err, SG_EUSAGE, "--after is 1 to %u hours", AFTER_H_MAX);
    if (words->case_file && !words->ledger)
        return sg_err_set(err, SG_EUSAGE, "--case needs --ledger DIR");
    if (words->labels && !words->ledger)
        return sg_err_set(err, SG_EUSAGE, "--labels needs --ledger DIR");
    return SG_OK;
}

static enum sg_status read_theft(struct sg_demixing *d, const struct words *words,
                                 struct sg_err *err)
{
    enum sg_status st = words->case_file ? sg_demixing_case(d, words->case_file, words->ledger, err)
                                         : sg_demixing_depositors(d, words->depositors, err);
    if (st == SG_OK && words->blocks)
        st = sg_demixing_blocks(d, words->blocks, err);
    return st;
}

/* Evidence beside the model. */
static enum sg_status look_further(struct sg_demixing *d, const struct words *words,
                                   struct sg_err *err)
{
    const enum sg_status st =
        words->ledger ? sg_demixing_ledger(d, words->ledger, words->labels, err) : SG_OK;
    return st == SG_OK ? sg_demixing_prices(d, err) : st;
}

static enum sg_status one_pool(struct sg_buf *out, struct sg_demixing *d, const struct words *words,
                               struct sg_err *err)
{
    enum sg_status st = sg_demixing_pool(d, words->pool, err);
    if (st == SG_OK)
        st = read_theft(d, words, err);
    if (st == SG_OK)
        st = sg_demixing_events(d, words->deposits, err);
    if (st == SG_OK)
        st = sg_demixing_events(d, words->withdrawals, err);
    if (st == SG_OK)
        st = sg_demixing_run(d, err);
    if (st == SG_OK)
        st = look_further(d, words, err);
    sg_demixing_sort_notes(d);
    if (st == SG_OK)
        (words->json ? sg_demixing_json : sg_demixing_text)(out, d);
    return st;
}

static enum sg_status many_pools(struct sg_buf *out, struct sg_demixing *theft,
                                 const struct words *words, struct sg_err *err)
{
    struct sg_demixing_pools pools = {.n_pools = 0};
    enum sg_status st = read_theft(theft, words, err);
    if (st == SG_OK)
        st = sg_demixing_pools_read(&pools, words->pools, err);
    if (st == SG_OK)
        st = words->ledger ? sg_demixing_pools_ledger(&pools, words->ledger, err) : SG_OK;
    if (st == SG_OK)
        st = sg_demixing_pools_run(&pools, theft, err);
    for (size_t i = 0; st == SG_OK && i < pools.n_pools; i++)
        if (pools.pools[i].is_ranked)
            st = look_further(&pools.pools[i], words, err);
    for (size_t i = 0; i < pools.n_pools; i++)
        sg_demixing_sort_notes(&pools.pools[i]);
    if (st == SG_OK)
        (words->json ? sg_demixing_pools_json : sg_demixing_pools_text)(out, &pools, theft);
    sg_demixing_pools_clear(&pools);
    return st;
}

static enum sg_status run(const struct words *words, struct sg_err *err)
{
    struct sg_demixing d = {0};
    struct sg_buf out = SG_BUF_INIT(SG_DEMIXING_OUTPUT_MAX);
    enum sg_status st = check_words(words, err);
    d.after_s = (int64_t)words->after_h * 3600;
    if (st == SG_OK)
        st = (words->pools ? many_pools : one_pool)(&out, &d, words, err);
    if (st == SG_OK)
        st = sg_term_print(&out, err);
    sg_buf_clear(&out);
    sg_demixing_clear(&d);
    return st;
}

int sg_cmd_demix(int argc, char **argv)
{
    struct words words = {.after_h = SG_DEMIX_AFTER_S / 3600};
    struct sg_err err;
    char **args;
    size_t n_args;
    const struct sg_opt opts[] = {
        {.name = "pool",
         .arg = "NAME",
         .help = "asset and amount, as eth-100",
         .text = &words.pool},
        {.name = "deposits", .arg = "FILE", .help = "its deposit events", .text = &words.deposits},
        {.name = "withdrawals",
         .arg = "FILE",
         .help = "its withdrawal events",
         .text = &words.withdrawals},
        {.name = "pools",
         .arg = "FILE",
         .help = "instead: pools of any kind and their events (docs/formats/pools.md)",
         .text = &words.pools},
        {.name = "depositors",
         .arg = "FILE",
         .help = "the theft's deposits: CSV with tx_hash, or hashes one a line",
         .text = &words.depositors},
        {.name = "case",
         .arg = "CASE.yaml",
         .help = "instead: what traced money of a case went to a mixer",
         .text = &words.case_file},
        {.name = "ledger",
         .arg = "DIR",
         .help = "for --case; what it knows of withdrawers, and pools without files",
         .text = &words.ledger},
        {.name = "labels",
         .arg = "DIR",
         .help = "with --ledger: a label store, for the services that withdrawers paid",
         .text = &words.labels},
        {.name = "blocks",
         .arg = "FILE",
         .help = "times of blocks: CSV with block and time",
         .text = &words.blocks},
        {.name = "after",
         .arg = "HOURS",
         .help = "the window ends so long behind the last deposit (24)",
         .number = &words.after_h},
        {.name = "json", .help = "print JSON (docs/api/demix.json)", .flag = &words.json},
    };
    const struct sg_usage usage = {
        .verb = VERB,
        .args = "--pool NAME --deposits FILE --withdrawals FILE --depositors FILE [options]\n"
                "       sillage demix --pools FILE --depositors FILE [options]",
        .summary =
            "Ranks the addresses that may have withdrawn a theft's deposits from a mixer pool, "
            "with\n"
            "calibrated probabilities and the evidence of each. Method: docs/methods/demix.md.",
        .example = "  sillage demix --pool eth-100 --deposits deposits_1_eth_100.json.gz \\\n"
                   "      --withdrawals withdrawals_1_eth_100.json.gz --depositors theft.csv",
        .opts = opts,
        .n_opts = SG_COUNT_OF(opts),
    };
    switch (sg_opts_parse(&args, &n_args, &usage, argc, argv)) {
    case SG_OPTS_HELP:
        return 0;
    case SG_OPTS_BAD:
        return 2;
    case SG_OPTS_RUN:
        break;
    }
    if (run(&words, &err) != SG_OK)
        return sg_app_fail(VERB, &err);
    return 0;
}
