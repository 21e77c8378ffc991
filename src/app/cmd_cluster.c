/* sillage cluster: owners of a chain of outputs joined by what they do together. */
#include "app/meter.h"
#include "app/opts.h"
#include "app/term.h"
#include "app/utxoing/utxoing.h"
#include "app/utxoing/utxoing_labels.h"
#include "app/utxoing/utxoing_rules.h"
#include "app/verbs.h"

#include "base/mem.h"
#include "store/outfile/outfile.h"

#include <inttypes.h>
#include <stdlib.h>

#define VERB          "cluster"
#define OUT_MAX       ((size_t)1024 * 1024 * 1024)
#define LARGEST_SHOWN 10
#define HELD_SHOWN    20
#define PIECE         ((size_t)1024 * 1024)

struct words {
    const char *dir, *chain, *network, *change, *csv, *of, *labels;
    uint64_t votes, max;
    bool json;
};

struct cluster_size {
    uint32_t root, n;
};

struct job {
    struct words words;
    struct sg_cluster_options options;
    struct sg_utxo utxo;
    struct sg_clusters clusters;
    uint32_t *entity;           /* by labels, or NULL */
    struct cluster_size *sizes; /* of clusters with two owners or more, the largest first */
    size_t n_sizes;
    struct sg_buf out;
};

static int largest_first(const void *a, const void *b)
{
    const struct cluster_size *x = a, *y = b;
    if (x->n != y->n)
        return x->n < y->n ? 1 : -1;
    return (x->root > y->root) - (x->root < y->root);
}

static enum sg_status count_sizes(struct job *job, struct sg_err *err)
{
    struct sg_clusters *c = &job->clusters;
    size_t n = 0;
    job->sizes = sg_mem_zalloc(c->n_owners + 1, sizeof(*job->sizes));
    if (!job->sizes)
        return sg_err_nomem(err);
    for (uint32_t o = 0; o < c->n_owners; o++)
        job->sizes[sg_cluster_root(c, o)].n++;
    for (uint32_t o = 0; o < c->n_owners; o++)
        if (job->sizes[o].n > 1)
            job->sizes[n++] = (struct cluster_size){o, job->sizes[o].n};
    job->n_sizes = n;
    if (n)
        qsort(job->sizes, n, sizeof(*job->sizes), largest_first);
    return SG_OK;
}

static void name(struct job *job, uint32_t owner)
{
    sg_utxoing_name(&job->out, &job->utxo, owner);
}

static void print_text(struct job *job)
{
    const struct sg_clusters *c = &job->clusters;
    struct sg_buf *out = &job->out;
    sg_buf_printf(out, "%s: %zu owners, %" PRIu64 " clusters, %zu of them of two or more\n",
                  job->utxo.params->name, c->n_owners, c->n_owners - c->n_joins, job->n_sizes);
    sg_buf_printf(out,
                  "transactions with several spenders: %" PRIu64 " used, %" PRIu64
                  " CoinJoins left out, %" PRIu64 " left out for missing outputs\n",
                  c->n_spends, c->n_coinjoins, c->n_unknown);
    if (job->options.change_rules)
        sg_buf_printf(out, "outputs named as change: %" PRIu64 "\n", c->n_changes);
    if (c->n_held)
        sg_buf_printf(out, "joins held back by the bound or by labels: %zu\n", c->n_held);
    for (size_t i = 0; i < job->n_sizes && i < LARGEST_SHOWN; i++) {
        sg_buf_printf(out, "  %" PRIu32 " owners with ", job->sizes[i].n);
        name(job, job->sizes[i].root);
        sg_buf_putc(out, '\n');
    }
}

static void json_held(struct sg_jsonw *w, const struct job *job)
{
    char txid[SG_BTC_HASH_TEXT_MAX];
    const struct sg_clusters *c = &job->clusters;
    sg_jsonw_kv_uint(w, "held_back", c->n_held);
    sg_jsonw_key(w, "first_held_back");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < c->n_held && i < HELD_SHOWN; i++) {
        sg_jsonw_begin_object(w);
        sg_jsonw_key(w, "from");
        sg_utxoing_name_json(w, &job->utxo, c->held[i].a);
        sg_jsonw_key(w, "to");
        sg_utxoing_name_json(w, &job->utxo, c->held[i].b);
        sg_jsonw_kv_string(w, "txid", sg_utxoing_txid(txid, &job->utxo, c->held[i].tx));
        sg_jsonw_kv_string(w, "because", c->held[i].hold == SG_CLUSTER_LABELS ? "labels" : "bound");
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
}

static void print_json(struct job *job)
{
    const struct sg_clusters *c = &job->clusters;
    struct sg_jsonw w;
    sg_jsonw_init(&w, &job->out);
    sg_jsonw_begin_object(&w);
    sg_jsonw_kv_string(&w, "chain", job->utxo.params->name);
    sg_jsonw_kv_uint(&w, "owners", c->n_owners);
    sg_jsonw_kv_uint(&w, "clusters", c->n_owners - c->n_joins);
    sg_jsonw_kv_uint(&w, "clusters_of_two_or_more", job->n_sizes);
    sg_jsonw_kv_uint(&w, "spends_used", c->n_spends);
    sg_jsonw_kv_uint(&w, "coinjoins_left_out", c->n_coinjoins);
    sg_jsonw_kv_uint(&w, "unknown_left_out", c->n_unknown);
    sg_jsonw_kv_uint(&w, "changes", c->n_changes);
    json_held(&w, job);
    sg_jsonw_key(&w, "largest");
    sg_jsonw_begin_array(&w);
    for (size_t i = 0; i < job->n_sizes && i < LARGEST_SHOWN; i++) {
        sg_jsonw_begin_object(&w);
        sg_jsonw_key(&w, "cluster");
        sg_utxoing_name_json(&w, &job->utxo, job->sizes[i].root);
        sg_jsonw_kv_uint(&w, "owners", job->sizes[i].n);
        sg_jsonw_end_object(&w);
    }
    sg_jsonw_end_array(&w);
    sg_jsonw_end_object(&w);
    sg_buf_putc(&job->out, '\n');
}

/* Who is in the cluster of an owner, one a line. */
static enum sg_status print_members(struct job *job, struct sg_err *err)
{
    uint32_t owner;
    const enum sg_status st = sg_utxoing_owner(&owner, &job->utxo, job->words.of, err);
    if (st != SG_OK)
        return st;
    const uint32_t root = sg_cluster_root(&job->clusters, owner);
    for (uint32_t o = 0; o < job->clusters.n_owners; o++) {
        if (sg_cluster_root(&job->clusters, o) != root)
            continue;
        name(job, o);
        sg_buf_putc(&job->out, '\n');
    }
    return SG_OK;
}

static enum sg_status write_rows(struct job *job, struct sg_outfile *file, struct sg_err *err)
{
    struct sg_buf rows = SG_BUF_INIT(OUT_MAX);
    enum sg_status st = SG_OK;
    sg_buf_puts(&rows, "address,cluster\n");
    for (uint32_t o = 0; st == SG_OK && o < job->clusters.n_owners; o++) {
        sg_utxoing_name(&rows, &job->utxo, o);
        sg_buf_putc(&rows, ',');
        sg_utxoing_name(&rows, &job->utxo, sg_cluster_root(&job->clusters, o));
        sg_buf_putc(&rows, '\n');
        if (rows.size < PIECE && o + 1 < job->clusters.n_owners)
            continue;
        st = sg_buf_check(&rows, err);
        if (st == SG_OK)
            st = sg_outfile_append(file, rows.data, rows.size, err);
        sg_buf_reset(&rows);
    }
    sg_buf_clear(&rows);
    return st;
}

static enum sg_status write_csv(struct job *job, struct sg_err *err)
{
    struct sg_outfile file;
    enum sg_status st = sg_outfile_begin(&file, job->words.csv, err);
    if (st == SG_OK)
        st = write_rows(job, &file, err);
    if (st == SG_OK)
        st = sg_outfile_commit(&file, err);
    sg_outfile_abandon(&file);
    return st;
}

static enum sg_status run(struct job *job, struct sg_err *err)
{
    const struct words *words = &job->words;
    struct sg_bar bar;
    enum sg_status st = sg_utxoing_rules(&job->options.change_rules, words->change, err);
    if (st == SG_OK)
        st = sg_utxoing_open(&job->utxo, words->dir, words->chain, words->network, err);
    if (st != SG_OK)
        return st;
    job->options.votes = (unsigned)words->votes;
    job->options.max = words->max;
    if (words->labels)
        st = sg_utxoing_entities(&job->entity, &job->utxo, words->labels, err);
    job->options.entity = job->entity;
    sg_bar_begin(&bar, "joining", false);
    job->options.progress = &bar.progress;
    if (st == SG_OK)
        st = sg_cluster_run(&job->clusters, &job->utxo, &job->options, err);
    sg_bar_end(&bar);
    if (st == SG_OK)
        st = count_sizes(job, err);
    if (st == SG_OK && words->csv)
        st = write_csv(job, err);
    if (st == SG_OK && words->of)
        st = print_members(job, err);
    else if (st == SG_OK)
        (words->json ? print_json : print_text)(job);
    if (st == SG_OK)
        st = sg_term_print(&job->out, err);
    sg_cluster_clear(&job->clusters);
    sg_utxo_close(&job->utxo);
    return st;
}

int sg_cmd_cluster(int argc, char **argv)
{
    struct job job = {.out = SG_BUF_INIT(OUT_MAX)};
    struct words *words = &job.words;
    struct sg_err err = {0};
    char **args;
    size_t n_args;
    const struct sg_opt opts[] = {
        {.name = "ledger", .arg = "DIR", .help = "the ledger", .text = &words->dir},
        {.name = "chain", .arg = "NAME", .help = "bitcoin, litecoin", .text = &words->chain},
        {.name = "network", .arg = "NAME", .help = "regtest, ...", .text = &words->network},
        {.name = "change", .arg = "RULES", .help = SG_UTXOING_CHANGE_HELP, .text = &words->change},
        {.name = "votes",
         .arg = "N",
         .help = "of these rules that one output needs; two by default, one of a single rule",
         .number = &words->votes},
        {.name = "cluster-max",
         .arg = "N",
         .help = "hold back joins that make a larger cluster",
         .number = &words->max},
        {.name = "labels",
         .arg = "DIR",
         .help = "a label store; hold back joins of two whom it tells apart",
         .text = &words->labels},
        {.name = "of",
         .arg = "ADDRESS",
         .help = "list who is in one cluster with it (or with TXID:N)",
         .text = &words->of},
        {.name = "csv", .arg = "FILE", .help = "write address,cluster", .text = &words->csv},
        {.name = "json", .help = "as JSON (docs/api/cluster.json)", .flag = &words->json},
    };
    const struct sg_usage usage = {
        .verb = VERB,
        .args = "--ledger DIR [options]",
        .summary = "Join the owners of a chain of outputs that spent together, CoinJoins left out, "
                   "and by rules for\n"
                   "change if asked for. `sillage why A B` says what joined two. Rules: "
                   "docs/methods/cluster.md.",
        .example =
            "  sillage cluster --ledger L --json\n"
            "  sillage cluster --ledger L --change fresh,form,least,round --csv clusters.csv",
        .opts = opts,
        .n_opts = SG_COUNT_OF(opts),
    };
    const enum sg_opts_result parsed = sg_opts_parse(&args, &n_args, &usage, argc, argv);
    if (parsed != SG_OPTS_RUN)
        return parsed == SG_OPTS_HELP ? 0 : 2;
    const enum sg_status st = run(&job, &err);
    sg_mem_free(job.sizes);
    sg_mem_free(job.entity);
    sg_buf_clear(&job.out);
    return st == SG_OK ? 0 : sg_app_fail(VERB, &err);
}
