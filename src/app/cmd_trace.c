/* sillage trace: what was stolen, where it is now, on what that rests. */
#include "app/casework/casework.h"
#include "app/opts.h"
#include "app/term.h"
#include "app/traceout/traceout.h"
#include "app/verbs.h"

#include "base/mem.h"
#include "store/file/file.h"

#include <stdio.h>
#include <string.h>

#define VERB "trace"

/* Orders at random beside the reversed one: enough to see whether anything moves. */
#define SHUFFLES 7u

#define ALL_POLICIES ((1u << SG_POLICY_COUNT) - 1)

struct words {
    const char *ledger, *labels, *as_of, *policy, *until, *dust, *report, *csv, *prices;
    const char *through_mixers, *pools, *fees, *tiho_fee;
    bool backward, with_decoys, by_cluster, json;
};

static enum sg_status read_policy(struct sg_casework_options *o, const char *name,
                                  struct sg_err *err)
{
    o->main = SG_POLICY_FIFO;
    o->policies = ALL_POLICIES;
    if (!name || strcmp(name, "all") == 0)
        return SG_OK;
    if (sg_policy_find(&o->main, name) != SG_OK)
        return sg_err_set(err, SG_EUSAGE,
                          "no policy '%s'; there are: fifo, lifo, haircut, tiho, libr, poison, all",
                          name);
    o->policies = 1u << (unsigned)o->main;
    return SG_OK;
}

static enum sg_status read_dust(struct sg_casework_options *o, const char *text, struct sg_err *err)
{
    o->has_dust = text;
    if (!text || sg_amount_parse(&o->dust, text, strlen(text), 18, err) == SG_OK)
        return SG_OK;
    return sg_err_set(err, SG_EUSAGE,
                      "--dust '%s' is no amount in whole units with at most 18 decimals", text);
}

static enum sg_status read_mixers(struct sg_casework_options *o, const struct words *words,
                                  struct sg_err *err)
{
    o->pools.path = words->pools;
    if (words->pools && !words->through_mixers)
        return sg_err_set(err, SG_EUSAGE, "--pools needs --through-mixers MINPROB");
    if (words->through_mixers && !sg_beyond_read(&o->least_millionths, words->through_mixers))
        return sg_err_set(err, SG_EUSAGE,
                          "--through-mixers '%s' is no probability above 0 and at most 1, with at "
                          "most 6 decimals",
                          words->through_mixers);
    return SG_OK;
}

static enum sg_status read_fees(struct sg_casework_options *o, const struct words *words,
                                struct sg_err *err)
{
    if (words->fees && sg_utxotaint_fees_find(&o->fees, words->fees) != SG_OK)
        return sg_err_set(err, SG_EUSAGE, "--fees '%s': untraced or miner is expected",
                          words->fees);
    if (words->tiho_fee && sg_utxotaint_tiho_find(&o->tiho, words->tiho_fee) != SG_OK)
        return sg_err_set(err, SG_EUSAGE, "--tiho-fee '%s': last or share is expected",
                          words->tiho_fee);
    return SG_OK;
}

static enum sg_status read_options(struct sg_casework_options *o, const struct words *words,
                                   const char *case_file, struct sg_err *err)
{
    *o = (struct sg_casework_options){.case_file = {.path = case_file},
                                      .ledger = {.path = words->ledger},
                                      .labels = {.path = words->labels},
                                      .prices = {.path = words->prices},
                                      .with_decoys = words->with_decoys,
                                      .by_cluster = words->by_cluster,
                                      .shuffles = SHUFFLES};
    if (!words->ledger)
        return sg_err_set(err, SG_EUSAGE, "--ledger DIR is missing");
    if (words->as_of && !words->labels)
        return sg_err_set(err, SG_EUSAGE, "--as-of is about labels: name a store with --labels");
    enum sg_status st = read_policy(o, words->policy, err);
    if (st == SG_OK)
        st = sg_opts_day(&o->labels_as_of_unix_s, "--as-of", words->as_of, err);
    if (st == SG_OK)
        st = sg_opts_day(&o->until_unix_s, "--until", words->until, err);
    if (st == SG_OK)
        st = read_dust(o, words->dust, err);
    if (st == SG_OK)
        st = read_fees(o, words, err);
    return st == SG_OK ? read_mixers(o, words, err) : st;
}

static enum sg_status write_report(struct sg_casework *work, const char *path, struct sg_err *err)
{
    struct sg_buf out = SG_BUF_INIT(SG_TRACEOUT_MAX);
    enum sg_status st = sg_casework_report(&out, work, err);
    if (st == SG_OK)
        st = sg_buf_check(&out, err);
    if (st == SG_OK)
        st = sg_file_write(path, out.data, out.size, err);
    sg_buf_clear(&out);
    return st;
}

static enum sg_status write_table(const struct sg_trace *trace, const char *dir,
                                  enum sg_traceout_table table, struct sg_err *err)
{
    struct sg_buf out = SG_BUF_INIT(SG_TRACEOUT_MAX), path = SG_BUF_INIT(SG_RECORD_BYTES_MAX);
    sg_traceout_csv(&out, trace, table);
    sg_buf_printf(&path, "%s/%s", dir, sg_traceout_file(table));
    enum sg_status st = sg_buf_check(&out, err);
    if (st == SG_OK)
        st = sg_buf_check(&path, err);
    if (st == SG_OK)
        st = sg_file_write(path.data, out.data, out.size, err);
    sg_buf_clear(&path);
    sg_buf_clear(&out);
    return st;
}

static enum sg_status write_tables(const struct sg_trace *trace, const char *dir,
                                   struct sg_err *err)
{
    enum sg_status st = sg_file_mkdir(dir, err);
    for (unsigned i = 0; i < SG_TRACEOUT_TABLES && st == SG_OK; i++)
        if (i != SG_TABLE_OUTPUTS || trace->is_outputs)
            st = write_table(trace, dir, (enum sg_traceout_table)i, err);
    return st;
}

static enum sg_status look_back(struct sg_buf *out, struct sg_casework *work,
                                const struct sg_traceout *t, bool json, struct sg_err *err)
{
    const struct sg_trace_input input = {.c = &work->file.c,
                                         .ledgers = work->ledger_list,
                                         .n_ledgers = work->n_ledgers,
                                         .until_unix_s = INT64_MAX,
                                         .decoys_of = &work->trace};
    struct sg_trace_backward backward;
    if (work->has_utxo)
        return sg_err_set(err, SG_EUSAGE, "--backward is for chains of accounts");
    const enum sg_status st = sg_trace_run_backward(&backward, &work->arena, &input, err);
    if (st != SG_OK)
        return st;
    if (json)
        sg_traceout_backward_json(out, &backward, t);
    else
        sg_traceout_backward_text(out, &backward, &work->file.c);
    return SG_OK;
}

static enum sg_status fill(struct sg_buf *out, struct sg_casework *work, const struct words *words,
                           struct sg_err *err)
{
    struct sg_traceout t = {.trace = &work->trace,
                            .all = work->options.policies == ALL_POLICIES,
                            .beyond = work->has_beyond ? &work->beyond : NULL};
    enum sg_status st = sg_casework_facts(&t.manifest, &t.n_manifest, work, err);
    if (st != SG_OK)
        return st;
    if (words->backward)
        st = look_back(out, work, &t, words->json, err);
    else if (words->json)
        sg_traceout_json(out, &t);
    else
        sg_traceout_text(out, &t);
    return st == SG_OK ? sg_buf_check(out, err) : st;
}

/* Files first: what is printed then is true. */
static enum sg_status run(const struct sg_casework_options *options, const struct words *words,
                          struct sg_err *err)
{
    struct sg_casework work;
    struct sg_buf out = SG_BUF_INIT(SG_TRACEOUT_MAX);
    enum sg_status st = sg_casework_open(&work, options, err);
    if (st == SG_OK && !work.has_utxo && (words->fees || words->tiho_fee || words->by_cluster))
        st = sg_err_set(err, SG_EUSAGE, "--%s is for chains of outputs",
                        words->fees       ? "fees"
                        : words->tiho_fee ? "tiho-fee"
                                          : "by-cluster");
    if (st == SG_OK)
        st = fill(&out, &work, words, err);
    if (st == SG_OK && words->csv)
        st = write_tables(&work.trace, words->csv, err);
    if (st == SG_OK && words->report)
        st = write_report(&work, words->report, err);
    if (st == SG_OK)
        st = sg_term_print(&out, err);
    if (st == SG_OK && words->report && !words->json)
        printf("\nreport: %s\n", words->report);
    sg_buf_clear(&out);
    sg_casework_close(&work);
    return st;
}

int sg_cmd_trace(int argc, char **argv)
{
    struct words words = {0};
    struct sg_casework_options options;
    struct sg_err err;
    char **args;
    size_t n_args;
    const struct sg_opt opts[] = {
        {.name = "ledger", .arg = "DIR", .help = "the ledger", .text = &words.ledger},
        {.name = "labels",
         .arg = "DIR",
         .help = "a label store: who addresses are that the case does not label",
         .text = &words.labels},
        {.name = "as-of",
         .arg = "DATE",
         .help = "with --labels: what was in force at the end of that day",
         .text = &words.as_of},
        {.name = "policy",
         .arg = "P",
         .help = "fifo, lifo, haircut, tiho, libr, poison, or all, the default",
         .text = &words.policy},
        {.name = "until",
         .arg = "DATE",
         .help = "leave out what came later (UTC; a bare date ends with its day)",
         .text = &words.until},
        {.name = "dust",
         .arg = "AMOUNT",
         .help = "do not follow less than that many whole units",
         .text = &words.dust},
        {.name = "fees",
         .arg = "HOW",
         .help = "on outputs: untraced, the default, or miner: into the coinbase of the block",
         .text = &words.fees},
        {.name = "tiho-fee",
         .arg = "HOW",
         .help = "on outputs, of tiho: last, the default, or share: first and in proportion",
         .text = &words.tiho_fee},
        {.name = "by-cluster",
         .help = "on outputs: stop at addresses that spend together with a service's, too",
         .flag = &words.by_cluster},
        {.name = "with-decoys",
         .help = "follow probable decoys too (docs/methods/decoys.md)",
         .flag = &words.with_decoys},
        {.name = "backward", .help = "who funded the thief instead", .flag = &words.backward},
        {.name = "json", .help = "print JSON (docs/api/trace.json)", .flag = &words.json},
        {.name = "report", .arg = "FILE", .help = "write an HTML report", .text = &words.report},
        {.name = "csv",
         .arg = "DIR",
         .help = "write moves, destinations and holdings as CSV",
         .text = &words.csv},
        {.name = "prices",
         .arg = "FILE",
         .help = "daily prices for the report (docs/formats/prices.md)",
         .text = &words.prices},
        {.name = "through-mixers",
         .arg = "MINPROB",
         .help = "also list who withdrew behind mixers, by probability and apart",
         .text = &words.through_mixers},
        {.name = "pools",
         .arg = "FILE",
         .help = "the mixers' pools and events for that (docs/formats/pools.md)",
         .text = &words.pools},
    };
    const struct sg_usage usage = {
        .verb = VERB,
        .args = "CASE.yaml --ledger DIR [options]",
        .summary =
            "Follow the money of a case through a ledger: what was stolen, which services it\n"
            "reached, what is held, and behind which addresses it cannot be seen. Rules of the\n"
            "policies: docs/methods/taint.md, and docs/methods/outputs.md for Bitcoin and its kin.",
        .example = "  sillage trace cases/ronin-2022/case.yaml --ledger L --report ronin.html",
        .opts = opts,
        .n_opts = SG_COUNT_OF(opts),
        .args_min = 1,
        .args_max = 1,
    };
    switch (sg_opts_parse(&args, &n_args, &usage, argc, argv)) {
    case SG_OPTS_HELP:
        return 0;
    case SG_OPTS_BAD:
        return 2;
    case SG_OPTS_RUN:
        break;
    }
    if (read_options(&options, &words, args[0], &err) != SG_OK ||
        run(&options, &words, &err) != SG_OK)
        return sg_app_fail(VERB, &err);
    return 0;
}
