/* sillage coinjoin: which transactions are CoinJoins, of what kind, and how one can tell. */
#include "app/coinjoining/coinjoining.h"
#include "app/opts.h"
#include "app/term.h"
#include "app/utxoing/utxoing.h"
#include "app/verbs.h"

#include "base/mem.h"

#include <inttypes.h>

#define VERB "coinjoin"

/* What was found, on the terminal; a pipe of JSON lines has only those. */
static void print_summary(const struct sg_coinjoining *run)
{
    if (!run->json) {
        sg_term_number(stdout, run->n_lines - run->n_bad);
        printf(" transactions: ");
        for (size_t k = 1; k < SG_COINJOINING_KINDS; k++)
            printf("%" PRIu64 " %s, ", run->n_of[k],
                   sg_coinjoin_kind_name((enum sg_coinjoin_kind)k));
        printf("%" PRIu64 " none\n", run->n_of[SG_COINJOIN_NONE]);
    }
    if (run->n_bad && !run->path)
        fprintf(stderr,
                "sillage coinjoin: %" PRIu64 " of %" PRIu64 " transactions spend outputs that "
                "the ledger does not have\n",
                run->n_bad, run->n_lines);
    else if (run->n_bad)
        fprintf(stderr, "sillage coinjoin: %" PRIu64 " of %" PRIu64 " lines are bad\n", run->n_bad,
                run->n_lines);
}

static enum sg_status judge_ledger(struct sg_coinjoining *run, const char *dir, const char *chain,
                                   const char *network, struct sg_err *err)
{
    struct sg_utxo utxo;
    enum sg_status st = sg_utxoing_open(&utxo, dir, chain, network, err);
    if (st != SG_OK)
        return st;
    st = sg_coinjoining_ledger(run, &utxo, err);
    sg_utxo_close(&utxo);
    return st;
}

int sg_cmd_coinjoin(int argc, char **argv)
{
    struct sg_coinjoining run = {.json = false};
    const char *dir = NULL, *chain = NULL, *network = NULL;
    struct sg_err err;
    char **args;
    size_t n_args;
    const struct sg_opt opts[] = {
        {.name = "txs",
         .arg = "FILE",
         .help = "transactions, one a line; may be compressed; \"-\" is standard input",
         .text = &run.path},
        {.name = "ledger",
         .arg = "DIR",
         .help = "those of a ledger; only what is of some kind is printed",
         .text = &dir},
        {.name = "chain", .arg = "NAME", .help = "bitcoin, litecoin", .text = &chain},
        {.name = "network", .arg = "NAME", .help = "regtest, ...", .text = &network},
        {.name = "json",
         .help = "print a JSON object a line (docs/api/coinjoin.json)",
         .flag = &run.json},
    };
    const struct sg_usage usage = {
        .verb = VERB,
        .args = "--txs FILE|--ledger DIR [options]",
        .summary =
            "Which transactions are CoinJoins, where strangers spend together: of which kind, "
            "with\n"
            "how many participants, and how one can tell. A line is a transaction as Bitcoin Core\n"
            "prints it with what its inputs spend (getrawtransaction TXID 2). Exit status 0; 1 if "
            "a\n"
            "line is bad (it is named, the rest is judged). Rules: docs/methods/coinjoin.md.",
        .example =
            "  sillage coinjoin --txs transactions.jsonl --json\n"
            "  bitcoin-cli getrawtransaction TXID 2 | tr -d '\\n' | sillage coinjoin --txs -",
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
    enum sg_status st = SG_OK;
    if (!run.path == !dir)
        st = sg_err_set(&err, SG_EUSAGE, "which transactions? give --txs FILE or --ledger DIR");
    else if (dir)
        st = judge_ledger(&run, dir, chain, network, &err);
    else
        st = sg_coinjoining_run(&run, &err);
    if (st != SG_OK)
        return sg_app_fail(VERB, &err);
    print_summary(&run);
    return run.n_bad && run.path ? 1 : 0;
}
