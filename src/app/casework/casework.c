#include "app/casework/casework.h"

#include "app/brief/brief.h"
#include "app/casework/casework_internal.h"
#include "app/demixing/demixing.h"
#include "app/meter.h"
#include "base/mem.h"
#include "store/file/file.h"

#include <string.h>

static bool has_chain(const struct sg_casework *w, const struct sg_chain *chain)
{
    for (size_t i = 0; i < w->n_ledgers; i++)
        if (w->ledgers[i].chain == chain)
            return true;
    return false;
}

static enum sg_status open_chain(struct sg_casework *w, const struct sg_chain *chain,
                                 struct sg_err *err)
{
    if (has_chain(w, chain))
        return SG_OK;
    if (w->n_ledgers == SG_CASEWORK_LEDGERS_MAX)
        return sg_err_set(err, SG_ELIMIT, "the case names more than %d chains",
                          SG_CASEWORK_LEDGERS_MAX);
    const enum sg_status st =
        sg_ledger_open(&w->ledgers[w->n_ledgers], w->options.ledger.path, chain, err);
    if (st != SG_OK)
        return st;
    w->ledger_list[w->n_ledgers] = &w->ledgers[w->n_ledgers];
    w->n_ledgers++;
    return SG_OK;
}

static enum sg_status open_outputs(struct sg_casework *w, const struct sg_chain *chain,
                                   struct sg_err *err)
{
    const struct sg_btc_params *params = sg_btc_params_find(chain->name, NULL);
    if (w->options.pools.path || w->options.with_decoys)
        return sg_err_set(err, SG_EUSAGE, "%s is for chains of accounts, not for %s",
                          w->options.with_decoys ? "--with-decoys" : "--through-mixers",
                          chain->name);
    if (!sg_utxo_exists(w->options.ledger.path, params))
        return sg_err_set(err, SG_ENOTFOUND, "there is no ledger of %s in %s", chain->name,
                          w->options.ledger.path);
    const enum sg_status st = sg_utxo_open(&w->utxo, w->options.ledger.path, params, false, err);
    w->has_utxo = st == SG_OK;
    return st;
}

/* A ledger for each chain that stolen money is on; a chain of outputs stands alone, which the trace
 * checks. */
static enum sg_status open_ledgers(struct sg_casework *w, struct sg_err *err)
{
    const struct sg_case *c = &w->file.c;
    enum sg_status st = SG_OK;
    for (size_t i = 0; i < c->n_seeds; i++)
        if (c->seeds[i].asset.chain->outputs)
            return open_outputs(w, c->seeds[i].asset.chain, err);
    for (size_t i = 0; i < c->n_seeds && st == SG_OK; i++)
        st = open_chain(w, c->seeds[i].asset.chain, err);
    for (size_t i = 0; i < c->n_conversions && st == SG_OK; i++)
        st = open_chain(w, c->conversions[i].to_asset.chain, err);
    return st;
}

static enum sg_status open_prices(struct sg_casework *w, struct sg_err *err)
{
    const char *path = w->options.prices.path;
    uint8_t *bytes = NULL;
    size_t size;
    if (!path)
        return SG_OK;
    enum sg_status st = sg_file_read(&bytes, &size, path, SG_SMALL_FILE_MAX, err);
    if (st != SG_OK)
        return st;
    sg_sha256_of(w->prices_sha256, bytes, size);
    st = sg_prices_parse(&w->prices, &w->arena, (const char *)bytes, size, err);
    if (st != SG_OK)
        sg_err_frame(err, "%s", path);
    sg_mem_free(bytes);
    return st;
}

/* The pools that were given, else those that the case names. */
static enum sg_status find_pools(struct sg_casework *w, struct sg_err *err)
{
    struct sg_casework_path *pools = &w->options.pools;
    if (pools->path)
        return SG_OK;
    if (!w->file.c.pools_file)
        return sg_err_set(err, SG_EUSAGE,
                          "--through-mixers needs --pools FILE, or a case with a pools_file");
    pools->path = sg_demixing_beside(&w->arena, w->options.case_file.path, w->file.c.pools_file);
    return pools->path ? SG_OK : sg_err_nomem(err);
}

static enum sg_status look_behind(struct sg_casework *w, struct sg_err *err)
{
    w->has_beyond = w->options.least_millionths;
    if (!w->has_beyond)
        return SG_OK;
    const enum sg_status st = find_pools(w, err);
    if (st != SG_OK)
        return st;
    return sg_beyond_find(&w->beyond, &w->arena, &w->trace, w->options.main, w->options.pools.path,
                          w->options.least_millionths, err);
}

static enum sg_status trace(struct sg_casework *w, struct sg_err *err)
{
    struct sg_bar bar;
    sg_bar_begin(&bar, "tracing", false);
    const struct sg_trace_input input = {.c = &w->file.c,
                                         .ledgers = w->ledger_list,
                                         .n_ledgers = w->n_ledgers,
                                         .utxo = w->has_utxo ? &w->utxo : NULL,
                                         .fees = w->options.fees,
                                         .tiho = w->options.tiho,
                                         .by_cluster = w->options.by_cluster,
                                         .policies = w->options.policies,
                                         .until_unix_s = w->options.until_unix_s,
                                         .has_dust = w->options.has_dust,
                                         .dust = w->options.dust,
                                         .with_decoys = w->options.with_decoys,
                                         .progress = &bar.progress,
                                         .shuffles = w->options.shuffles};
    const enum sg_status st = sg_trace_run(&w->trace, &w->arena, &input, err);
    sg_bar_end(&bar);
    return st;
}

enum sg_status sg_casework_open(struct sg_casework *work, const struct sg_casework_options *options,
                                struct sg_err *err)
{
    memset(work, 0, sizeof(*work));
    work->options = *options;
    enum sg_status st = sg_casefile_open(&work->file, options->case_file.path, err);
    if (st == SG_OK)
        st = open_ledgers(work, err);
    if (st == SG_OK)
        st = open_prices(work, err);
    if (st == SG_OK)
        st = casework_add_labels(work, err);
    if (st != SG_OK)
        return st;
    st = trace(work, err);
    return st == SG_OK ? look_behind(work, err) : st;
}

enum sg_status sg_casework_report(struct sg_buf *out, struct sg_casework *work, struct sg_err *err)
{
    struct sg_report report;
    struct sg_brief_input input = {.trace = &work->trace,
                                   .main = work->options.main,
                                   .ledgers = work->ledger_list,
                                   .n_ledgers = work->n_ledgers,
                                   .prices = work->options.prices.path ? &work->prices : NULL};
    enum sg_status st = sg_casework_facts(&input.facts, &input.n_facts, work, err);
    if (st == SG_OK)
        st = sg_brief_build(&report, &work->arena, &input, err);
    if (st == SG_OK && work->has_beyond)
        report.beyond = &work->beyond;
    if (st == SG_OK)
        st = sg_report_write(out, &report, err);
    return st;
}

void sg_casework_close(struct sg_casework *work)
{
    sg_arena_clear(&work->arena);
    for (size_t i = 0; i < work->n_ledgers; i++)
        sg_ledger_close(&work->ledgers[i]);
    if (work->has_utxo)
        sg_utxo_close(&work->utxo);
    if (work->has_store)
        sg_labelstore_close(&work->store);
    sg_casefile_close(&work->file);
    memset(work, 0, sizeof(*work));
}
