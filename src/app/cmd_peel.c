/* sillage peel: the change of a peel chain, step by step, and what was cut from it. */
#include "app/opts.h"
#include "app/term.h"
#include "app/utxoing/utxoing.h"
#include "app/verbs.h"

#include "analysis/cluster/peel.h"
#include "base/mem.h"

#include <inttypes.h>

#define VERB        "peel"
#define OUT_MAX     ((size_t)512 * 1024 * 1024)
#define MAX_DEFAULT 1000

struct job {
    const char *dir, *chain, *network;
    uint64_t max;
    bool json;
    struct sg_utxo utxo;
    struct sg_peel peel;
    struct sg_buf out;
};

static uint32_t votes(const struct sg_peel_step *step)
{
    return (uint32_t)__builtin_popcount(step->rules);
}

static uint64_t first_out(const struct job *job, uint64_t tx)
{
    return sg_utxo_txs(&job->utxo)[tx].first_out;
}

static uint64_t height_of(const struct job *job, uint64_t tx)
{
    return sg_utxo_blocks(&job->utxo)[sg_utxo_txs(&job->utxo)[tx].block].height;
}

static void say_output(struct job *job, uint64_t tx, uint64_t out)
{
    char text[SG_AMOUNT_TEXT_MAX];
    const uint64_t sat = sg_utxo_out_sat(&job->utxo)[out];
    sg_buf_printf(&job->out, "output %" PRIu64 ", %s to ", out - first_out(job, tx),
                  sg_amount_format(text, sg_amount_from(sat), SG_BTC_DECIMALS));
    sg_utxoing_name(&job->out, &job->utxo, sg_utxo_out_owner(&job->utxo)[out]);
}

static void say_reasons(struct job *job, const struct sg_peel_step *step)
{
    sg_buf_printf(&job->out, " (%" PRIu32 " of %" PRIu32 " votes:", votes(step), step->cast);
    for (unsigned r = 0; r < SG_PEEL_RULES; r++)
        if (step->rules & 1u << r)
            sg_buf_printf(&job->out, " %s", sg_peel_rule_name((enum sg_peel_rule)r));
    sg_buf_puts(&job->out, ")\n");
}

static void print_step(struct job *job, size_t i)
{
    char txid[SG_BTC_HASH_TEXT_MAX];
    const struct sg_peel_step *step = &job->peel.steps[i];
    sg_buf_printf(&job->out, "%zu. %s, block %" PRIu64 "\n", i + 1,
                  sg_utxoing_txid(txid, &job->utxo, step->tx), height_of(job, step->tx));
    for (uint64_t out = first_out(job, step->tx); out < first_out(job, step->tx + 1); out++) {
        const char *what = out == step->next            ? "goes on in "
                           : step->next == SG_UTXO_NONE ? "perhaps "
                                                        : "peeled: ";
        sg_buf_printf(&job->out, "   %s", what);
        say_output(job, step->tx, out);
        if (out == step->next)
            say_reasons(job, step);
        else
            sg_buf_putc(&job->out, '\n');
    }
}

static void print_text(struct job *job)
{
    for (size_t i = 0; i < job->peel.n; i++)
        print_step(job, i);
    sg_buf_printf(&job->out, "ends after %zu step%s: %s\n", job->peel.n,
                  job->peel.n == 1 ? "" : "s", sg_peel_stop_sentence(job->peel.stop));
}

static void json_output(struct sg_jsonw *w, const struct job *job, uint64_t tx, uint64_t out)
{
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_uint(w, "output", out - first_out(job, tx));
    sg_jsonw_kv_amount(w, "amount", sg_amount_from(sg_utxo_out_sat(&job->utxo)[out]),
                       SG_BTC_DECIMALS);
    sg_jsonw_key(w, "owner");
    sg_utxoing_name_json(w, &job->utxo, sg_utxo_out_owner(&job->utxo)[out]);
    sg_jsonw_end_object(w);
}

static void json_step(struct sg_jsonw *w, const struct job *job, const struct sg_peel_step *step)
{
    char txid[SG_BTC_HASH_TEXT_MAX];
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_string(w, "txid", sg_utxoing_txid(txid, &job->utxo, step->tx));
    sg_jsonw_kv_uint(w, "block", height_of(job, step->tx));
    sg_jsonw_key(w, "goes_on");
    if (step->next == SG_UTXO_NONE)
        sg_jsonw_null(w);
    else
        json_output(w, job, step->tx, step->next);
    sg_jsonw_key(w, "rules");
    sg_jsonw_begin_array(w);
    for (unsigned r = 0; r < SG_PEEL_RULES; r++)
        if (step->next != SG_UTXO_NONE && step->rules & 1u << r)
            sg_jsonw_string(w, sg_peel_rule_name((enum sg_peel_rule)r));
    sg_jsonw_end_array(w);
    sg_jsonw_kv_uint(w, "votes_cast", step->cast);
    sg_jsonw_key(w, step->next == SG_UTXO_NONE ? "undecided" : "peeled");
    sg_jsonw_begin_array(w);
    for (uint64_t out = first_out(job, step->tx); out < first_out(job, step->tx + 1); out++)
        if (out != step->next)
            json_output(w, job, step->tx, out);
    sg_jsonw_end_array(w);
    sg_jsonw_end_object(w);
}

static void print_json(struct job *job)
{
    struct sg_jsonw w;
    sg_jsonw_init(&w, &job->out);
    sg_jsonw_begin_object(&w);
    sg_jsonw_key(&w, "steps");
    sg_jsonw_begin_array(&w);
    for (size_t i = 0; i < job->peel.n; i++)
        json_step(&w, job, &job->peel.steps[i]);
    sg_jsonw_end_array(&w);
    sg_jsonw_kv_string(&w, "ends", sg_peel_stop_sentence(job->peel.stop));
    sg_jsonw_end_object(&w);
    sg_buf_putc(&job->out, '\n');
}

static enum sg_status run(struct job *job, const char *from, struct sg_err *err)
{
    uint64_t out;
    uint64_t *first_seen = NULL;
    enum sg_status st = sg_utxoing_open(&job->utxo, job->dir, job->chain, job->network, err);
    if (st != SG_OK)
        return st;
    st = sg_utxoing_output(&out, &job->utxo, from, err);
    if (st == SG_OK) {
        first_seen = sg_peel_first_seen(&job->utxo);
        st = first_seen ? sg_peel_follow(&job->peel, &job->utxo, first_seen, out, job->max, err)
                        : sg_err_nomem(err);
    }
    if (st == SG_OK) {
        (job->json ? print_json : print_text)(job);
        st = sg_term_print(&job->out, err);
    }
    sg_mem_free(first_seen);
    sg_mem_free(job->peel.steps);
    sg_buf_clear(&job->out);
    sg_utxo_close(&job->utxo);
    return st;
}

int sg_cmd_peel(int argc, char **argv)
{
    struct job job = {.max = MAX_DEFAULT, .out = SG_BUF_INIT(OUT_MAX)};
    struct sg_err err = {0};
    char **args;
    size_t n_args;
    const struct sg_opt opts[] = {
        {.name = "ledger", .arg = "DIR", .help = "the ledger", .text = &job.dir},
        {.name = "chain", .arg = "NAME", .help = "bitcoin, litecoin", .text = &job.chain},
        {.name = "network", .arg = "NAME", .help = "regtest, ...", .text = &job.network},
        {.name = "max", .arg = "N", .help = "steps at most, 1000", .number = &job.max},
        {.name = "json", .help = "as JSON (docs/api/peel.json)", .flag = &job.json},
    };
    const struct sg_usage usage = {
        .verb = VERB,
        .args = "TXID:N --ledger DIR [options]",
        .summary = "Follow the output TXID:N while payments are cut from it: in each transaction "
                   "the output\n"
                   "that goes on as change, by votes of rules, and what was peeled. It ends, and "
                   "says why,\n"
                   "where the rules cannot tell. Rules and measured error: docs/methods/peel.md.",
        .example =
            "  sillage peel 4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b:0 "
            "--ledger L",
        .opts = opts,
        .n_opts = SG_COUNT_OF(opts),
        .args_min = 1,
        .args_max = 1,
    };
    const enum sg_opts_result parsed = sg_opts_parse(&args, &n_args, &usage, argc, argv);
    if (parsed != SG_OPTS_RUN)
        return parsed == SG_OPTS_HELP ? 0 : 2;
    const enum sg_status st = run(&job, args[0], &err);
    return st == SG_OK ? 0 : sg_app_fail(VERB, &err);
}
