/* sillage why: the transactions and rules that joined two owners into one cluster. */
#include "app/meter.h"
#include "app/opts.h"
#include "app/term.h"
#include "app/utxoing/utxoing.h"
#include "app/utxoing/utxoing_labels.h"
#include "app/utxoing/utxoing_rules.h"
#include "app/verbs.h"

#include "base/mem.h"

#include <inttypes.h>

#define VERB    "why"
#define OUT_MAX ((size_t)256 * 1024 * 1024)

struct job {
    const char *dir, *chain, *network, *change, *labels;
    uint64_t votes, max;
    bool json;
    struct sg_utxo utxo;
    uint32_t *entity; /* by labels, or NULL */
    struct sg_clusters clusters;
    struct sg_cluster_link *way;
    size_t n;
    struct sg_buf out;
};

static uint64_t height_of(const struct job *job, uint64_t tx)
{
    return sg_utxo_blocks(&job->utxo)[sg_utxo_txs(&job->utxo)[tx].block].height;
}

static void say_rules(struct sg_buf *out, uint32_t rules)
{
    if (rules & 1u << SG_CLUSTER_SPEND) {
        sg_buf_puts(out, "spent together");
        return;
    }
    sg_buf_puts(out, "paid its change, by");
    for (unsigned r = 1; r < SG_CLUSTER_RULES; r++)
        if (rules & 1u << r)
            sg_buf_printf(out, " %s", sg_cluster_rule_name((enum sg_cluster_rule)r));
}

static void print_text(struct job *job)
{
    char txid[SG_BTC_HASH_TEXT_MAX];
    for (size_t i = 0; i < job->n; i++) {
        const struct sg_cluster_link *link = &job->way[i];
        sg_utxoing_name(&job->out, &job->utxo, link->a);
        sg_buf_puts(&job->out, "\n  and ");
        sg_utxoing_name(&job->out, &job->utxo, link->b);
        sg_buf_puts(&job->out, "\n  ");
        say_rules(&job->out, link->rules);
        sg_buf_printf(&job->out, " in %s, block %" PRIu64 "\n",
                      sg_utxoing_txid(txid, &job->utxo, link->tx), height_of(job, link->tx));
    }
    sg_buf_printf(&job->out, "joined in %zu step%s\n", job->n, job->n == 1 ? "" : "s");
}

static void json_step(struct sg_jsonw *w, const struct job *job, const struct sg_cluster_link *link)
{
    char txid[SG_BTC_HASH_TEXT_MAX];
    sg_jsonw_begin_object(w);
    sg_jsonw_key(w, "from");
    sg_utxoing_name_json(w, &job->utxo, link->a);
    sg_jsonw_key(w, "to");
    sg_utxoing_name_json(w, &job->utxo, link->b);
    sg_jsonw_kv_string(w, "txid", sg_utxoing_txid(txid, &job->utxo, link->tx));
    sg_jsonw_kv_uint(w, "block", height_of(job, link->tx));
    sg_jsonw_key(w, "rules");
    sg_jsonw_begin_array(w);
    for (unsigned r = 0; r < SG_CLUSTER_RULES; r++)
        if (link->rules & 1u << r)
            sg_jsonw_string(w, sg_cluster_rule_name((enum sg_cluster_rule)r));
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
    for (size_t i = 0; i < job->n; i++)
        json_step(&w, job, &job->way[i]);
    sg_jsonw_end_array(&w);
    sg_jsonw_end_object(&w);
    sg_buf_putc(&job->out, '\n');
}

static enum sg_status find_way(struct job *job, char **args, struct sg_err *err)
{
    struct sg_bar bar;
    uint32_t from, to;
    struct sg_cluster_options options = {
        .votes = (unsigned)job->votes, .max = job->max, .reasons = true};
    enum sg_status st = sg_utxoing_rules(&options.change_rules, job->change, err);
    if (st == SG_OK && job->labels)
        st = sg_utxoing_entities(&job->entity, &job->utxo, job->labels, err);
    options.entity = job->entity;
    if (st == SG_OK)
        st = sg_utxoing_owner(&from, &job->utxo, args[0], err);
    if (st == SG_OK)
        st = sg_utxoing_owner(&to, &job->utxo, args[1], err);
    if (st != SG_OK)
        return st;
    sg_bar_begin(&bar, "joining", false);
    options.progress = &bar.progress;
    st = sg_cluster_run(&job->clusters, &job->utxo, &options, err);
    sg_bar_end(&bar);
    return st == SG_OK ? sg_cluster_why(&job->way, &job->n, &job->clusters, from, to, err) : st;
}

static enum sg_status run(struct job *job, char **args, struct sg_err *err)
{
    enum sg_status st = sg_utxoing_open(&job->utxo, job->dir, job->chain, job->network, err);
    if (st != SG_OK)
        return st;
    st = find_way(job, args, err);
    if (st == SG_OK) {
        (job->json ? print_json : print_text)(job);
        st = sg_term_print(&job->out, err);
    }
    sg_mem_free(job->way);
    sg_mem_free(job->entity);
    sg_buf_clear(&job->out);
    sg_cluster_clear(&job->clusters);
    sg_utxo_close(&job->utxo);
    return st;
}

int sg_cmd_why(int argc, char **argv)
{
    struct job job = {.out = SG_BUF_INIT(OUT_MAX)};
    struct sg_err err = {0};
    char **args;
    size_t n_args;
    const struct sg_opt opts[] = {
        {.name = "ledger", .arg = "DIR", .help = "the ledger", .text = &job.dir},
        {.name = "chain", .arg = "NAME", .help = "bitcoin, litecoin", .text = &job.chain},
        {.name = "network", .arg = "NAME", .help = "regtest, ...", .text = &job.network},
        {.name = "change", .arg = "RULES", .help = SG_UTXOING_CHANGE_HELP, .text = &job.change},
        {.name = "votes",
         .arg = "N",
         .help = "of these rules that one output needs; two by default, one of a single rule",
         .number = &job.votes},
        {.name = "cluster-max",
         .arg = "N",
         .help = "hold back joins that make a larger cluster",
         .number = &job.max},
        {.name = "labels",
         .arg = "DIR",
         .help = "hold back joins of two whom these labels tell apart",
         .text = &job.labels},
        {.name = "json", .help = "as JSON (docs/api/why.json)", .flag = &job.json},
    };
    const struct sg_usage usage = {
        .verb = VERB,
        .args = "ADDRESS ADDRESS --ledger DIR [options]",
        .summary = "By which transactions and rules two owners are in one cluster, step by step. "
                   "TXID:N names the\n"
                   "owner of an output. Exit status 1 if nothing joins them. Rules: "
                   "docs/methods/cluster.md.",
        .example = "  sillage why 1BoatSLRHtKNngkdXEeobR76b53LETtpyT "
                   "1dice8EMZmqKvrGE4Qc9bUFf9PX3xaYDp --ledger L",
        .opts = opts,
        .n_opts = SG_COUNT_OF(opts),
        .args_min = 2,
        .args_max = 2,
    };
    const enum sg_opts_result parsed = sg_opts_parse(&args, &n_args, &usage, argc, argv);
    if (parsed != SG_OPTS_RUN)
        return parsed == SG_OPTS_HELP ? 0 : 2;
    const enum sg_status st = run(&job, args, &err);
    return st == SG_OK ? 0 : sg_app_fail(VERB, &err);
}
