/* sillage demix: who withdrew a theft's deposits from a mixer pool, as probabilities. */
#include "app/demixing/demixing.h"
#include "app/opts.h"
#include "app/term.h"
#include "app/verbs.h"

#include "base/mem.h"

#include <stdio.h>

#define VERB "demix"

struct words {
    const char *pool, *deposits, *withdrawals, *depositors, *case_file, *ledger;
    bool json;
};

static enum sg_status check_words(const struct words *words, struct sg_err *err)
{
    if (!words->pool || !words->deposits || !words->withdrawals)
        return sg_err_set(err, SG_EUSAGE,
                          "--pool NAME, --deposits FILE and --withdrawals FILE are needed");
    if (!words->depositors == !words->case_file)
        return sg_err_set(err, SG_EUSAGE,
                          "whose deposits? give --depositors FILE, or --case CASE.yaml with "
                          "--ledger DIR");
    if (!words->case_file != !words->ledger)
        return sg_err_set(err, SG_EUSAGE, "--case and --ledger go together");
    return SG_OK;
}

static enum sg_status work(struct sg_demixing *d, const struct words *words, struct sg_err *err)
{
    enum sg_status st = check_words(words, err);
    if (st == SG_OK)
        st = sg_demixing_pool(d, words->pool, err);
    if (st == SG_OK)
        st = words->case_file ? sg_demixing_case(d, words->case_file, words->ledger, err)
                              : sg_demixing_depositors(d, words->depositors, err);
    if (st == SG_OK)
        st = sg_demixing_events(d, words->deposits, err);
    if (st == SG_OK)
        st = sg_demixing_events(d, words->withdrawals, err);
    return st == SG_OK ? sg_demixing_run(d, err) : st;
}

static enum sg_status run(const struct words *words, struct sg_err *err)
{
    struct sg_demixing d = {0};
    struct sg_buf out = SG_BUF_INIT(SG_DEMIXING_OUTPUT_MAX);
    enum sg_status st = work(&d, words, err);
    if (st == SG_OK) {
        if (words->json)
            sg_demixing_json(&out, &d);
        else
            sg_demixing_text(&out, &d);
        st = sg_term_print(&out, err);
    }
    sg_buf_clear(&out);
    sg_demixing_clear(&d);
    return st;
}

int sg_cmd_demix(int argc, char **argv)
{
    struct words words = {0};
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
        {.name = "depositors",
         .arg = "FILE",
         .help = "the theft's deposits: CSV with tx_hash, or hashes one a line",
         .text = &words.depositors},
        {.name = "case",
         .arg = "CASE.yaml",
         .help = "instead: what traced money of a case went to a mixer",
         .text = &words.case_file},
        {.name = "ledger", .arg = "DIR", .help = "the ledger of the case", .text = &words.ledger},
        {.name = "json", .help = "print JSON (docs/api/demix.json)", .flag = &words.json},
    };
    const struct sg_usage usage = {
        .verb = VERB,
        .args = "--pool NAME --deposits FILE --withdrawals FILE --depositors FILE [options]",
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
