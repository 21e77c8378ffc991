/* sillage exposure: where an address's money came from and where it went. */
#include "app/exposureout/exposureout.h"
#include "app/labelbook/labelbook.h"
#include "app/meter.h"
#include "app/opts.h"
#include "app/term.h"
#include "app/verbs.h"

#include "base/mem.h"
#include "store/file/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define VERB         "exposure"
#define HOPS_DEFAULT 16
#define HOPS_MAX     1000
#define CHAINS_MAX   64

struct words {
    const char *ledger, *labels, *chain, *policy, *asset, *min, *as_of, *direction, *report;
    uint64_t hops;
    bool json;
};

/* All that one run has open. */
struct exposing {
    const struct words *words;
    const char *subject;
    struct sg_ledger ledger;
    struct sg_labelstore store;
    bool has_store;
    char labels_dir[SG_LABELSTORE_PATH_MAX];
    struct sg_labelbook book;
    struct sg_taint_cache *cache;
    struct sg_exposure_input input;
    struct sg_exposure exposure;
    struct sg_exposureout out;
    char address[SG_ADDRESS_TEXT_MAX];
    struct sg_arena arena;
};

struct chains {
    const struct sg_chain *items[CHAINS_MAX];
    size_t n;
};

static void take_chain(void *ctx, const struct sg_chain *chain)
{
    struct chains *chains = ctx;
    if (chains->n < CHAINS_MAX)
        chains->items[chains->n++] = chain;
}

/* Open a chain if the address occurs there. */
static enum sg_status try_chain(bool *found, struct exposing *e, const struct sg_chain *chain,
                                struct sg_err *err)
{
    struct sg_address address;
    struct sg_ledger ledger = {0};
    struct sg_addr_id id = {SG_ID_NONE};
    *found = false;
    if (sg_address_parse(&address, chain, e->subject, strlen(e->subject), NULL) != SG_OK)
        return SG_OK;
    enum sg_status st = sg_ledger_open(&ledger, e->words->ledger, chain, err);
    if (st == SG_OK)
        st = ledger.ops->find_addrs(ledger.self, &id, &address, 1, err);
    *found = st == SG_OK && id.v != SG_ID_NONE;
    if (!*found || e->ledger.ops) {
        sg_ledger_close(&ledger);
        return st;
    }
    e->ledger = ledger;
    e->input.addr = id;
    sg_address_format(e->address, chain, &address);
    return st;
}

static enum sg_status open_ledger(struct exposing *e, struct sg_err *err)
{
    struct chains chains = {0};
    size_t n_found = 0;
    enum sg_status st = SG_OK;
    if (!e->words->ledger)
        return sg_err_set(err, SG_EUSAGE, "--ledger DIR is missing");
    if (e->words->chain) {
        chains.items[0] = sg_chain_find(e->words->chain, strlen(e->words->chain));
        chains.n = 1;
        if (!chains.items[0])
            return sg_err_set(err, SG_EUSAGE, "unknown chain '%s'", e->words->chain);
    } else {
        st = sg_ledger_chains(e->words->ledger, take_chain, &chains, err);
    }
    for (size_t i = 0; st == SG_OK && i < chains.n; i++) {
        bool found = false;
        st = try_chain(&found, e, chains.items[i], err);
        n_found += found;
    }
    if (st == SG_OK && n_found > 1)
        return sg_err_set(err, SG_EUSAGE, "the address occurs on several chains: name --chain");
    if (st == SG_OK && n_found == 0)
        return sg_err_set(err, SG_ENOTFOUND, "%s does not occur in %s", e->subject,
                          e->words->ledger);
    return st;
}

/* Without --labels a store that is not there means that nobody is known. */
static enum sg_status open_labels(struct exposing *e, struct sg_err *err)
{
    enum sg_status st = sg_labelstore_dir(e->labels_dir, e->words->labels, err);
    if (st == SG_OK)
        st = sg_labelstore_open(&e->store, e->labels_dir, err);
    e->has_store = st == SG_OK;
    if (!e->words->labels && (st == SG_ENOTFOUND || st == SG_EUSAGE))
        st = SG_OK;
    if (st == SG_OK)
        sg_labelbook_open(&e->book, e->has_store ? &e->store : NULL, &e->ledger,
                          e->input.until_unix_s);
    return st;
}

/* Whether a person means this asset: its symbol in any case, or its contract. */
static bool is_meant(const struct sg_asset *asset, const struct exposing *e)
{
    const char *text = e->words->asset;
    struct sg_address contract;
    if (asset->symbol[0] && strcasecmp(asset->symbol, text) == 0)
        return true;
    return asset->contract.size &&
           sg_address_parse(&contract, e->ledger.chain, text, strlen(text), NULL) == SG_OK &&
           contract.size == asset->contract.size &&
           memcmp(contract.bytes, asset->contract.bytes, contract.size) == 0;
}

static enum sg_status choose_asset(struct exposing *e, struct sg_err *err)
{
    const struct sg_exposure_asset *moved = NULL;
    size_t n = 0, n_meant = 0;
    if (!e->words->asset)
        return sg_exposureout_asset_of(&e->out.asset, &e->ledger, e->input.asset, err);
    enum sg_status st = sg_exposure_assets(&moved, &n, &e->arena, &e->ledger, e->input.addr, err);
    for (size_t i = 0; st == SG_OK && i < n; i++) {
        struct sg_asset asset;
        st = sg_exposureout_asset_of(&asset, &e->ledger, moved[i].asset, err);
        if (st != SG_OK || !is_meant(&asset, e))
            continue;
        n_meant++;
        e->out.asset = asset;
        e->input.asset = moved[i].asset;
    }
    if (st == SG_OK && n_meant == 0)
        return sg_err_set(err, SG_EUSAGE, "the address moved no asset '%s'", e->words->asset);
    if (st == SG_OK && n_meant > 1)
        return sg_err_set(err, SG_EUSAGE,
                          "%zu tokens that the address moved are called '%s', one may be a fake: "
                          "name the contract",
                          n_meant, e->words->asset);
    return st;
}

static enum sg_status read_min(struct exposing *e, struct sg_err *err)
{
    const char *text = e->words->min;
    e->input.has_min = text;
    if (!text)
        return SG_OK;
    if (!e->out.asset.has_decimals)
        return sg_err_set(err, SG_EUSAGE, "--min needs an asset whose decimals the ledger knows");
    if (sg_amount_parse(&e->input.min, text, strlen(text), e->out.asset.decimals, NULL) != SG_OK ||
        sg_amount_parse(&e->input.dust, text, strlen(text), 18, NULL) != SG_OK)
        return sg_err_set(err, SG_EUSAGE,
                          "--min '%s' is no amount in whole units with at most %u decimals", text,
                          e->out.asset.decimals < 18 ? e->out.asset.decimals : 18u);
    return SG_OK;
}

static enum sg_status read_options(struct exposing *e, struct sg_err *err)
{
    const struct words *w = e->words;
    e->input.policy = SG_POLICY_HAIRCUT;
    if (w->policy && sg_policy_find(&e->input.policy, w->policy) != SG_OK)
        return sg_err_set(err, SG_EUSAGE,
                          "no policy '%s'; there are: fifo, lifo, haircut, tiho, libr", w->policy);
    if (w->hops < 1 || w->hops > HOPS_MAX)
        return sg_err_set(err, SG_EUSAGE, "--hops is a number from 1 to %d", HOPS_MAX);
    e->input.hops_max = (uint32_t)w->hops;
    const char *direction = w->direction ? w->direction : "both";
    e->input.in = strcmp(direction, "out") != 0;
    e->input.out = strcmp(direction, "in") != 0;
    if (e->input.in && e->input.out && strcmp(direction, "both") != 0)
        return sg_err_set(err, SG_EUSAGE, "no direction '%s'; there are: both, in, out", direction);
    return sg_opts_day(&e->input.until_unix_s, "--as-of", w->as_of, err);
}

static enum sg_status analyse(struct exposing *e, struct sg_err *err)
{
    struct sg_bar bar;
    e->input.book = &e->book.book;
    sg_bar_begin(&bar, "looking up", false);
    e->book.progress = &bar.progress;
    const enum sg_status st = sg_exposure_run(&e->exposure, &e->arena, e->cache, &e->input, err);
    sg_bar_end(&bar);
    e->book.progress = NULL;
    return st;
}

static enum sg_status prepare(struct exposing *e, struct sg_err *err)
{
    enum sg_status st = read_options(e, err);
    if (st == SG_OK)
        st = open_ledger(e, err);
    if (st == SG_OK)
        st = open_labels(e, err);
    if (st == SG_OK)
        st = choose_asset(e, err);
    if (st == SG_OK)
        st = read_min(e, err);
    if (st == SG_OK)
        st = sg_taint_cache_new(&e->cache, &e->ledger, err);
    if (st == SG_OK)
        st = analyse(e, err);
    if (st != SG_OK)
        return st;
    e->out.ledger = &e->ledger;
    e->out.address = e->address;
    e->out.ledger_dir = e->words->ledger;
    e->out.labels_dir = e->has_store ? e->labels_dir : NULL;
    e->out.input = &e->input;
    e->out.exposure = &e->exposure;
    st = e->book.book.look(e->book.book.ctx, &e->out.label, e->input.addr, err);
    return st == SG_OK ? sg_exposureout_open(&e->out, &e->arena, err) : st;
}

static enum sg_status write_report(const struct exposing *e, struct sg_err *err)
{
    struct sg_buf page = SG_BUF_INIT(SG_EXPOSUREOUT_MAX);
    sg_exposureout_html(&page, &e->out);
    enum sg_status st = sg_buf_check(&page, err);
    if (st == SG_OK)
        st = sg_file_write(e->words->report, page.data, page.size, err);
    sg_buf_clear(&page);
    return st;
}

/* Files first: what is printed then is true. */
static enum sg_status show(struct exposing *e, struct sg_err *err)
{
    struct sg_buf text = SG_BUF_INIT(SG_EXPOSUREOUT_MAX);
    enum sg_status st = e->words->report ? write_report(e, err) : SG_OK;
    if (st == SG_OK) {
        if (e->words->json)
            sg_exposureout_json(&text, &e->out);
        else
            sg_exposureout_text(&text, &e->out);
        if (e->words->report && !e->words->json)
            sg_buf_printf(&text, "\nreport: %s\n", e->words->report);
        st = sg_buf_check(&text, err);
    }
    if (st == SG_OK)
        st = sg_term_print(&text, err);
    sg_buf_clear(&text);
    return st;
}

static void close_all(struct exposing *e)
{
    sg_taint_cache_free(e->cache);
    sg_labelbook_close(&e->book);
    if (e->has_store)
        sg_labelstore_close(&e->store);
    sg_ledger_close(&e->ledger);
    sg_arena_clear(&e->arena);
}

static int run(const struct words *words, const char *subject)
{
    struct exposing *e = sg_mem_zalloc(1, sizeof(*e));
    struct sg_err err;
    enum sg_status st = e ? SG_OK : sg_err_nomem(&err);
    if (st != SG_OK)
        return sg_app_fail(VERB, &err);
    e->words = words;
    e->subject = subject;
    st = prepare(e, &err);
    if (st == SG_OK)
        st = show(e, &err);
    close_all(e);
    sg_mem_free(e);
    return st == SG_OK ? 0 : sg_app_fail(VERB, &err);
}

int sg_cmd_exposure(int argc, char **argv)
{
    struct words words = {.hops = HOPS_DEFAULT};
    char **args;
    size_t n_args;
    const struct sg_opt opts[] = {
        {.name = "ledger", .arg = "DIR", .help = "the ledger", .text = &words.ledger},
        {.name = "labels", .arg = "DIR", .help = "the label store", .text = &words.labels},
        {.name = "policy",
         .arg = "P",
         .help = "rule for the way out: haircut (the default), fifo, lifo, tiho, libr",
         .text = &words.policy},
        {.name = "hops",
         .arg = "N",
         .help = "look no further than that many payments (16)",
         .number = &words.hops},
        {.name = "asset",
         .arg = "A",
         .help = "symbol or contract; else the chain's own",
         .text = &words.asset},
        {.name = "min",
         .arg = "AMOUNT",
         .help = "do not look behind shares of less than that many whole units",
         .text = &words.min},
        {.name = "as-of",
         .arg = "DATE",
         .help = "rows and labels as of the end of that day (UTC)",
         .text = &words.as_of},
        {.name = "direction",
         .arg = "D",
         .help = "both (the default), in or out",
         .text = &words.direction},
        {.name = "chain", .arg = "NAME", .help = "look on this chain", .text = &words.chain},
        {.name = "json", .help = "print JSON (docs/api/exposure.json)", .flag = &words.json},
        {.name = "report", .arg = "FILE", .help = "write an HTML page", .text = &words.report},
    };
    const struct sg_usage usage = {
        .verb = VERB,
        .args = "ADDRESS --ledger DIR [options]",
        .summary =
            "Where an address's money came from and where it went, by who stands behind the\n"
            "addresses: value, share and distance, direct and over others. The parts of a side\n"
            "add up; what is not seen, not labelled or beyond the limits is a part of its own.\n"
            "Rules: docs/methods/exposure.md.",
        .example =
            "  sillage exposure 0x098b716b8aaf21512996dc57eb0615e2383e2f96 --ledger L --json\n"
            "  sillage exposure 0x098b716b8aaf21512996dc57eb0615e2383e2f96 --ledger L \\\n"
            "      --policy fifo --hops 4 --report exposure.html",
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
    return run(&words, args[0]);
}
