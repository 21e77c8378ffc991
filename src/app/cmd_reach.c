/* sillage reach: which addresses can hold money that came from these, and since when. */
#include "analysis/reach/reach.h"
#include "app/ledgerpick.h"
#include "app/meter.h"
#include "app/opts.h"
#include "app/term.h"
#include "app/verbs.h"

#include "base/jsonw.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define VERB    "reach"
#define BATCH   ((size_t)4096) /* addresses that are written in one go */
#define OUT_MAX ((size_t)64 * 1024 * 1024)
#define SHOWN   20 /* of the text; the JSON has all */

struct words {
    const char *ledger, *chain, *labels, *asset, *route;
    struct sg_opt_list from, stop_at;
    uint64_t show;
    bool json;
};

struct work {
    const struct words *words;
    struct sg_ledger ledger;
    struct sg_ledgerpick_ids sources, stops;
    struct sg_reach_options options;
    struct sg_reach reach;
    struct sg_buf out;
    struct sg_jsonw json;
};

/* What is told of a batch of reached addresses. */
struct facts {
    struct sg_row rows[BATCH];
    struct sg_tx txs[BATCH];
    struct sg_address addrs[BATCH], parents[BATCH];
    uint64_t row_ids[BATCH];
    struct sg_tx_id tx_ids[BATCH];
    struct sg_addr_id addr_ids[BATCH], parent_ids[BATCH];
};

static enum sg_status look_up(struct facts *f, const struct sg_ledger *ledger,
                              const struct sg_reached *items, size_t n, struct sg_err *err)
{
    const struct sg_ledger_ops *ops = ledger->ops;
    for (size_t i = 0; i < n; i++)
        f->row_ids[i] = items[i].row;
    enum sg_status st = ops->rows(ledger->self, f->rows, f->row_ids, n, err);
    for (size_t i = 0; st == SG_OK && i < n; i++) {
        f->tx_ids[i] = f->rows[i].tx;
        f->addr_ids[i] = f->rows[i].to;
        f->parent_ids[i] = f->rows[i].from;
    }
    if (st == SG_OK)
        st = ops->txs(ledger->self, f->txs, f->tx_ids, n, err);
    if (st == SG_OK)
        st = ops->addrs(ledger->self, f->addrs, f->addr_ids, n, err);
    return st == SG_OK ? ops->addrs(ledger->self, f->parents, f->parent_ids, n, err) : st;
}

static const char *route_name(enum sg_reach_route route)
{
    return route == SG_REACH_SCAN ? "scan" : "frontier";
}

static void put_json(struct work *w, const struct facts *f, const struct sg_reached *item, size_t i)
{
    char text[SG_ADDRESS_TEXT_MAX];
    struct sg_jsonw *j = &w->json;
    sg_jsonw_begin_object(j);
    sg_jsonw_kv_string(j, "address", sg_address_format(text, w->ledger.chain, &f->addrs[i]));
    sg_jsonw_kv_string(j, "from", sg_address_format(text, w->ledger.chain, &f->parents[i]));
    sg_jsonw_key(j, "tx");
    if (f->txs[i].flags & SG_TX_HAS_HASH)
        sg_jsonw_hex(j, f->txs[i].hash32, 32);
    else
        sg_jsonw_null(j);
    sg_jsonw_kv_time(j, "time_unix_s", f->txs[i].time_unix_s);
    sg_jsonw_kv_uint(j, "block", f->txs[i].block);
    sg_jsonw_kv_bool(j, "stop", item->is_stop);
    sg_jsonw_end_object(j);
    sg_buf_putc(&w->out, '\n');
}

static void put_text(struct work *w, const struct facts *f, const struct sg_reached *item, size_t i)
{
    char address[SG_ADDRESS_TEXT_MAX], parent[SG_ADDRESS_TEXT_MAX], time[SG_TIME_TEXT_MAX];
    sg_address_format(address, w->ledger.chain, &f->addrs[i]);
    sg_address_format(parent, w->ledger.chain, &f->parents[i]);
    sg_buf_printf(&w->out, "  %s  ", sg_time_format(time, f->txs[i].time_unix_s));
    sg_buf_line(&w->out, address, strlen(address));
    sg_buf_puts(&w->out, "  from ");
    sg_buf_line(&w->out, parent, strlen(parent));
    sg_buf_puts(&w->out, item->is_stop ? "  (stop)\n" : "\n");
}

static enum sg_status flush(struct work *w, struct sg_err *err)
{
    const enum sg_status st = sg_term_print(&w->out, err);
    sg_buf_reset(&w->out);
    return st;
}

static enum sg_status put_items(struct work *w, size_t n, struct sg_err *err)
{
    struct facts *f = sg_mem_alloc(1, sizeof(*f));
    enum sg_status st = f ? SG_OK : sg_err_nomem(err);
    for (size_t i = 0; st == SG_OK && i < n; i += BATCH) {
        const struct sg_reached *items = w->reach.items + i;
        const size_t some = n - i < BATCH ? n - i : BATCH;
        st = look_up(f, &w->ledger, items, some, err);
        for (size_t k = 0; st == SG_OK && k < some; k++)
            (w->words->json ? put_json : put_text)(w, f, &items[k], k);
        if (st == SG_OK)
            st = flush(w, err);
    }
    sg_mem_free(f);
    return st;
}

static size_t count_stops(const struct sg_reach *reach)
{
    size_t n = 0;
    for (size_t i = 0; i < reach->n_items; i++)
        n += reach->items[i].is_stop;
    return n;
}

static enum sg_status print_json(struct work *w, struct sg_err *err)
{
    struct sg_jsonw *j = &w->json;
    sg_jsonw_init(j, &w->out);
    sg_jsonw_begin_object(j);
    sg_jsonw_kv_uint(j, "schema", 1);
    sg_jsonw_kv_string(j, "chain", w->ledger.chain->name);
    sg_jsonw_kv_string(j, "route", route_name(w->reach.route));
    sg_jsonw_kv_uint(j, "rows", w->ledger.stats.rows);
    sg_jsonw_kv_uint(j, "rows_read", w->reach.rows_read);
    sg_jsonw_kv_uint(j, "addresses", w->ledger.stats.addresses);
    sg_jsonw_kv_uint(j, "sources", w->sources.count);
    sg_jsonw_kv_uint(j, "sources_unknown", w->sources.n_unknown);
    sg_jsonw_kv_uint(j, "order_unknown_blocks", w->ledger.stats.order_unknown_blocks);
    sg_jsonw_kv_uint(j, "n_reached", w->reach.n_items);
    sg_jsonw_kv_uint(j, "n_stops", count_stops(&w->reach));
    sg_jsonw_key(j, "reached");
    sg_jsonw_begin_array(j);
    const enum sg_status st = put_items(w, w->reach.n_items, err);
    sg_jsonw_end_array(j);
    sg_jsonw_end_object(j);
    sg_buf_putc(&w->out, '\n');
    return st == SG_OK ? flush(w, err) : st;
}

static enum sg_status print_text(struct work *w, struct sg_err *err)
{
    const size_t n = w->reach.n_items;
    const size_t shown = n < w->words->show ? n : (size_t)w->words->show;
    sg_buf_printf(&w->out,
                  "%zu of %" PRIu64 " addresses can hold money from %zu sources; %zu of them are "
                  "stops\n",
                  n, w->ledger.stats.addresses, w->sources.count, count_stops(&w->reach));
    if (w->sources.n_unknown)
        sg_buf_printf(&w->out, "%zu sources do not occur in the ledger\n", w->sources.n_unknown);
    sg_buf_printf(&w->out, "route: %s, %" PRIu64 " of %" PRIu64 " rows read\n",
                  route_name(w->reach.route), w->reach.rows_read, w->ledger.stats.rows);
    if (w->ledger.stats.order_unknown_blocks)
        sg_buf_printf(&w->out,
                      "in %" PRIu64 " blocks the order of transactions is the file's, not the "
                      "chain's\n",
                      w->ledger.stats.order_unknown_blocks);
    const enum sg_status st = put_items(w, shown, err);
    if (shown < n)
        sg_buf_printf(&w->out, "  and %zu more; --json has all\n", n - shown);
    return st == SG_OK ? flush(w, err) : st;
}

static enum sg_status add_all(struct sg_ledgerpick_ids *ids, const struct sg_ledger *ledger,
                              const char *text, struct sg_err *err)
{
    struct sg_accounts accounts = {0};
    enum sg_status st = sg_accounts_add(&accounts, ledger->chain, text, err);
    if (st == SG_OK)
        st = sg_ledgerpick_add(ids, ledger, accounts.items, accounts.count, err);
    sg_accounts_clear(&accounts);
    return st;
}

static enum sg_status find_sources(struct work *w, char **args, size_t n_args, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    for (size_t i = 0; st == SG_OK && i < w->words->from.count; i++)
        st = add_all(&w->sources, &w->ledger, w->words->from.items[i], err);
    for (size_t i = 0; st == SG_OK && i < n_args; i++)
        st = add_all(&w->sources, &w->ledger, args[i], err);
    return st;
}

static enum sg_status find_stops(struct work *w, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    for (size_t i = 0; st == SG_OK && i < w->words->stop_at.count; i++) {
        const char *what = w->words->stop_at.items[i];
        st = strcmp(what, "services") == 0
                 ? sg_ledgerpick_services(&w->stops, &w->ledger, w->words->labels, err)
                 : add_all(&w->stops, &w->ledger, what, err);
    }
    return st;
}

/* An asset by its contract, by the coin's symbol, or by the one token that has such a symbol. */
static enum sg_status find_asset(struct work *w, struct sg_err *err)
{
    const char *name = w->words->asset;
    struct sg_reach_options *o = &w->options;
    size_t n_found = 0;
    if (!name)
        return SG_OK;
    o->one_asset = true;
    if (strcmp(name, w->ledger.chain->symbol) == 0)
        return SG_OK; /* Id 0. */
    for (uint32_t i = 1; i < w->ledger.stats.assets; i++) {
        struct sg_asset asset;
        char text[SG_ADDRESS_TEXT_MAX];
        const enum sg_status st =
            w->ledger.ops->assets(w->ledger.self, &asset, &(struct sg_asset_id){i}, 1, err);
        if (st != SG_OK)
            return st;
        sg_address_format(text, w->ledger.chain, &asset.contract);
        if (strcasecmp(text, name) != 0 && strcmp(asset.symbol, name) != 0)
            continue;
        n_found++;
        o->asset.v = i;
    }
    if (n_found == 1)
        return SG_OK;
    return sg_err_set(err, SG_EUSAGE, "--asset %s: %s; give the contract's address", name,
                      n_found ? "several tokens are called so" : "no such asset is in the ledger");
}

static enum sg_status find_route(struct work *w, struct sg_err *err)
{
    const char *name = w->words->route;
    if (!name || strcmp(name, "auto") == 0)
        w->options.route = SG_REACH_AUTO;
    else if (strcmp(name, "scan") == 0)
        w->options.route = SG_REACH_SCAN;
    else if (strcmp(name, "frontier") == 0)
        w->options.route = SG_REACH_FRONTIER;
    else
        return sg_err_set(err, SG_EUSAGE, "--route %s: auto, scan or frontier is expected", name);
    return SG_OK;
}

static enum sg_status run(struct work *w, struct sg_err *err)
{
    struct sg_bar bar;
    struct sg_reach_options *o = &w->options;
    const long n_cpus = sysconf(_SC_NPROCESSORS_ONLN);
    o->n_threads = n_cpus > 1 ? (size_t)n_cpus : 1;
    o->sources = w->sources.items;
    o->n_sources = w->sources.count;
    o->stops = w->stops.items;
    o->n_stops = w->stops.count;
    sg_bar_begin(&bar, "rows", false);
    o->progress = &bar.progress;
    const enum sg_status st = sg_reach_run(&w->reach, &w->ledger, o, err);
    sg_bar_end(&bar);
    if (st != SG_OK)
        return st;
    return w->words->json ? print_json(w, err) : print_text(w, err);
}

static enum sg_status reach(struct work *w, char **args, size_t n_args, struct sg_err *err)
{
    if (n_args == 0 && w->words->from.count == 0)
        return sg_err_set(err, SG_EUSAGE, "whose money? give --from FILE or ADDRESS");
    enum sg_status st = find_route(w, err);
    if (st == SG_OK)
        st = sg_ledgerpick_open(&w->ledger, w->words->ledger, w->words->chain, err);
    if (st == SG_OK)
        st = find_asset(w, err);
    if (st == SG_OK)
        st = find_sources(w, args, n_args, err);
    if (st == SG_OK && w->sources.count == 0)
        st = sg_err_set(err, SG_ENOTFOUND, "none of the sources occurs in the ledger");
    if (st == SG_OK)
        st = find_stops(w, err);
    return st == SG_OK ? run(w, err) : st;
}

static void drop(struct work *w)
{
    sg_reach_clear(&w->reach);
    sg_ledgerpick_clear(&w->sources);
    sg_ledgerpick_clear(&w->stops);
    sg_ledger_close(&w->ledger);
    sg_buf_clear(&w->out);
}

int sg_cmd_reach(int argc, char **argv)
{
    struct words words = {.show = SHOWN};
    struct sg_err err;
    char **args;
    size_t n_args;
    const struct sg_opt opts[] = {
        {.name = "ledger", .arg = "DIR", .help = "the ledger", .text = &words.ledger},
        {.name = "chain", .arg = "NAME", .help = "if it has several", .text = &words.chain},
        {.name = "from",
         .arg = "FILE|ADDRESS",
         .help = "whose money: an address, or a file of them; repeatable",
         .list = &words.from},
        {.name = "stop-at",
         .arg = "services|FILE|ADDRESS",
         .help = "where nothing goes on: all labelled services, or these; repeatable",
         .list = &words.stop_at},
        {.name = "labels",
         .arg = "DIR",
         .help = "the label store that says what is a service",
         .text = &words.labels},
        {.name = "asset",
         .arg = "A",
         .help = "only this one: a contract, or a symbol",
         .text = &words.asset},
        {.name = "route",
         .arg = "R",
         .help = "auto (the default), scan, frontier: the answer is the same",
         .text = &words.route},
        {.name = "show", .arg = "N", .help = "addresses in the text (20)", .number = &words.show},
        {.name = "json", .help = "print all as JSON (docs/api/reach.json)", .flag = &words.json},
    };
    const struct sg_usage usage = {
        .verb = VERB,
        .args = "--ledger DIR --from FILE|ADDRESS [ADDRESS...] [options]",
        .summary = "Which addresses can hold money that came from these, in time order, and since "
                   "which\ntransaction. An upper bound: whatever mixed with the money may be it. "
                   "Definition: docs/methods/reach.md.",
        .example = "  sillage reach --ledger L --from stolen.txt --stop-at services --json",
        .opts = opts,
        .n_opts = SG_COUNT_OF(opts),
        .args_max = SIZE_MAX / 2,
    };
    switch (sg_opts_parse(&args, &n_args, &usage, argc, argv)) {
    case SG_OPTS_HELP:
        return 0;
    case SG_OPTS_BAD:
        return 2;
    case SG_OPTS_RUN:
        break;
    }
    struct work work = {.words = &words, .out = SG_BUF_INIT(OUT_MAX)};
    const enum sg_status st = reach(&work, args, n_args, &err);
    drop(&work);
    return st == SG_OK ? 0 : sg_app_fail(VERB, &err);
}
