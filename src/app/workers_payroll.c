/* sillage workers payroll: salaries on a chain, and payees whose salaries gather in one place. */
#include "analysis/payroll/payroll.h"
#include "app/ledgerpick.h"
#include "app/meter.h"
#include "app/opts.h"
#include "app/payrollpage.h"
#include "app/term.h"
#include "app/workers.h"

#include "base/jsonw.h"
#include "base/mem.h"
#include "store/file/file.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define VERB       SG_WORKERS_VERB("payroll")
#define OUT_MAX    ((size_t)256 * 1024 * 1024)
#define ASSETS_MAX 256

struct words {
    const char *ledger, *chain, *labels, *payers, *payees, *report;
    struct sg_opt_list assets;
    uint64_t hops, min_payees, senders_max;
    bool json;
};

struct work {
    const struct words *words;
    struct sg_ledger ledger;
    struct sg_ledgerpick_ids payers, payees, services;
    struct sg_asset_id assets[ASSETS_MAX];
    struct sg_payroll_options options;
    struct sg_payroll payroll;
    struct sg_buf out;
    struct sg_jsonw json;
};

/* Coins whose unit is a unit of money, by what they call themselves; a fake token that calls itself
 * so pays nobody a salary. */
static bool is_stable(const char *symbol)
{
    static const char *const symbols[] = {"USDC", "USDT", "DAI",   "BUSD",  "TUSD",
                                          "USDP", "GUSD", "FDUSD", "PYUSD", "USDe",
                                          "USDS", "EURC", "EURT",  "USDC.e"};
    for (size_t i = 0; i < SG_COUNT_OF(symbols); i++)
        if (strcmp(symbol, symbols[i]) == 0)
            return true;
    return false;
}

static bool is_wanted(const struct work *w, const struct sg_asset *asset)
{
    char text[SG_ADDRESS_TEXT_MAX];
    const struct sg_opt_list *names = &w->words->assets;
    if (names->count == 0)
        return is_stable(asset->symbol);
    sg_address_format(text, w->ledger.chain, &asset->contract);
    for (size_t i = 0; i < names->count; i++)
        if (strcasecmp(names->items[i], text) == 0 || strcmp(names->items[i], asset->symbol) == 0)
            return true;
    return false;
}

static enum sg_status find_assets(struct work *w, struct sg_err *err)
{
    size_t n = 0;
    for (uint32_t i = 0; i < w->ledger.stats.assets; i++) {
        struct sg_asset asset;
        const enum sg_status st =
            w->ledger.ops->assets(w->ledger.self, &asset, &(struct sg_asset_id){i}, 1, err);
        if (st != SG_OK)
            return st;
        if (i == 0)
            snprintf(asset.symbol, sizeof(asset.symbol), "%s", w->ledger.chain->symbol);
        if (!is_wanted(w, &asset))
            continue;
        if (n == ASSETS_MAX)
            return sg_err_set(err, SG_ELIMIT,
                              "more than %d tokens call themselves so; name some with --asset",
                              ASSETS_MAX);
        w->assets[n++].v = i;
    }
    w->options.assets = w->assets;
    w->options.n_assets = n;
    return n ? SG_OK : sg_err_set(err, SG_ENOTFOUND, "the ledger has no such asset");
}

static enum sg_status add_file(struct sg_ledgerpick_ids *ids, const struct sg_ledger *ledger,
                               const char *what, const char *path, struct sg_err *err)
{
    struct sg_accounts accounts = {0};
    if (!path)
        return SG_OK;
    enum sg_status st = sg_accounts_add(&accounts, ledger->chain, path, err);
    if (st == SG_OK)
        st = sg_ledgerpick_add(ids, ledger, accounts.items, accounts.count, err);
    if (st == SG_OK && ids->count == 0)
        st = sg_err_set(err, SG_ENOTFOUND, "none of the %s occurs in the ledger", what);
    sg_accounts_clear(&accounts);
    return st;
}

static enum sg_status open_work(struct work *w, struct sg_err *err)
{
    const struct words *words = w->words;
    struct sg_payroll_options *o = &w->options;
    sg_payroll_defaults(o);
    if (words->hops < 1 || words->hops > SG_PAYROLL_HOPS_MAX)
        return sg_err_set(err, SG_EUSAGE, "--hops: 1 to %d", SG_PAYROLL_HOPS_MAX);
    if (words->min_payees < 2 || words->min_payees > 1000 || words->senders_max > 100000)
        return sg_err_set(err, SG_EUSAGE, "--min-payees: 2 to 1000; --senders-max: at most 100000");
    o->hops_max = (unsigned)words->hops;
    o->min_payees = (uint32_t)words->min_payees;
    o->senders_max = (uint32_t)words->senders_max;
    enum sg_status st = sg_ledgerpick_open(&w->ledger, words->ledger, words->chain, err);
    if (st == SG_OK)
        st = find_assets(w, err);
    if (st == SG_OK)
        st = add_file(&w->payers, &w->ledger, "payers", words->payers, err);
    if (st == SG_OK)
        st = add_file(&w->payees, &w->ledger, "payees", words->payees, err);
    if (st == SG_OK && words->labels)
        st = sg_ledgerpick_services(&w->services, &w->ledger, words->labels, err);
    o->payers = w->payers.items;
    o->n_payers = w->payers.count;
    o->payees = w->payees.items;
    o->n_payees = w->payees.count;
    o->services = w->services.items;
    o->n_services = w->services.count;
    return st;
}

static enum sg_status address_of(char text[SG_ADDRESS_TEXT_MAX], const struct work *w,
                                 struct sg_addr_id id, struct sg_err *err)
{
    struct sg_address address;
    const enum sg_status st = w->ledger.ops->addrs(w->ledger.self, &address, &id, 1, err);
    if (st == SG_OK)
        sg_address_format(text, w->ledger.chain, &address);
    return st;
}

static void kv_value(struct sg_jsonw *j, const char *key, sg_payroll_value value)
{
    sg_jsonw_kv_amount(j, key, sg_amount_from(value), 6);
}

static enum sg_status kv_address(struct work *w, const char *key, struct sg_addr_id id,
                                 struct sg_err *err)
{
    char text[SG_ADDRESS_TEXT_MAX];
    const enum sg_status st = address_of(text, w, id, err);
    if (st == SG_OK)
        sg_jsonw_kv_string(&w->json, key, text);
    return st;
}

static enum sg_status json_member(struct work *w, const struct sg_payroll_member *m,
                                  struct sg_err *err)
{
    struct sg_jsonw *j = &w->json;
    sg_jsonw_begin_object(j);
    enum sg_status st = kv_address(w, "payee", m->payee, err);
    if (st == SG_OK)
        st = kv_address(w, "payer", m->payer, err);
    sg_jsonw_kv_uint(j, "salaries", m->n_pays);
    sg_jsonw_kv_uint(j, "arrived", m->n_arrived);
    sg_jsonw_kv_uint(j, "hops", m->hops);
    kv_value(j, "paid", m->paid);
    kv_value(j, "arrived_value", m->arrived);
    sg_jsonw_end_object(j);
    return st;
}

static enum sg_status json_collector(struct work *w, const struct sg_payroll_collector *c,
                                     struct sg_err *err)
{
    struct sg_jsonw *j = &w->json;
    sg_jsonw_begin_object(j);
    enum sg_status st = kv_address(w, "address", c->addr, err);
    sg_jsonw_kv_uint(j, "payees", c->n_members);
    sg_jsonw_kv_uint(j, "senders", c->n_senders);
    sg_jsonw_kv_uint(j, "senders_of_salaries", c->n_salary_senders);
    kv_value(j, "arrived", c->arrived);
    kv_value(j, "inflow", c->inflow);
    sg_jsonw_kv_uint(j, "other_payees", c->n_others);
    sg_jsonw_kv_uint(j, "other_payees_that_gather", c->n_others_gather);
    sg_jsonw_key(j, "members");
    sg_jsonw_begin_array(j);
    for (uint32_t i = 0; st == SG_OK && i < c->n_members; i++)
        st = json_member(w, &w->payroll.members[c->first_member + i], err);
    sg_jsonw_end_array(j);
    sg_jsonw_end_object(j);
    sg_buf_putc(&w->out, '\n');
    return st;
}

static enum sg_status json_series(struct work *w, const struct sg_payroll_series *s,
                                  struct sg_err *err)
{
    struct sg_jsonw *j = &w->json;
    struct sg_asset asset;
    enum sg_status st = w->ledger.ops->assets(w->ledger.self, &asset, &s->asset, 1, err);
    sg_jsonw_begin_object(j);
    if (st == SG_OK)
        st = kv_address(w, "payer", s->payer, err);
    if (st == SG_OK)
        st = kv_address(w, "payee", s->payee, err);
    if (st == SG_OK)
        sg_jsonw_kv_string(j, "asset", s->asset.v ? asset.symbol : w->ledger.chain->symbol);
    sg_jsonw_kv_uint(j, "salaries", s->n_pays);
    sg_jsonw_kv_uint(j, "days", s->days);
    kv_value(j, "median", s->median);
    sg_jsonw_kv_time(j, "first_unix_s", s->first_unix_s);
    sg_jsonw_kv_time(j, "last_unix_s", s->last_unix_s);
    sg_jsonw_end_object(j);
    sg_buf_putc(&w->out, '\n');
    return st;
}

static enum sg_status fill_json(struct work *w, struct sg_err *err)
{
    const struct sg_payroll *p = &w->payroll;
    struct sg_jsonw *j = &w->json;
    enum sg_status st = SG_OK;
    sg_jsonw_init(j, &w->out);
    sg_jsonw_begin_object(j);
    sg_jsonw_kv_uint(j, "schema", 1);
    sg_jsonw_kv_string(j, "chain", w->ledger.chain->name);
    sg_jsonw_kv_uint(j, "payers", p->n_payers);
    sg_jsonw_kv_uint(j, "payees", p->n_payees);
    sg_jsonw_kv_uint(j, "payees_covered", p->n_covered);
    sg_jsonw_kv_bool(j, "coverage_too_thin", sg_payroll_is_thin(p));
    sg_jsonw_kv_uint(j, "salaries_cut", p->n_cut);
    sg_jsonw_kv_uint(j, "hops", w->options.hops_max);
    sg_jsonw_key(j, "collectors");
    sg_jsonw_begin_array(j);
    for (size_t i = 0; st == SG_OK && i < p->n_collectors; i++)
        st = json_collector(w, &p->collectors[i], err);
    sg_jsonw_end_array(j);
    sg_jsonw_key(j, "series");
    sg_jsonw_begin_array(j);
    for (size_t i = 0; st == SG_OK && i < p->n_series; i++)
        st = json_series(w, &p->series[i], err);
    sg_jsonw_end_array(j);
    sg_jsonw_end_object(j);
    sg_buf_putc(&w->out, '\n');
    return st;
}

static void put_value(struct sg_buf *out, sg_payroll_value value)
{
    sg_buf_printf(out, "%" PRIu64, value / 1000000);
}

static enum sg_status text_collector(struct work *w, const struct sg_payroll_collector *c,
                                     struct sg_err *err)
{
    char text[SG_ADDRESS_TEXT_MAX];
    enum sg_status st = address_of(text, w, c->addr, err);
    if (st != SG_OK)
        return st;
    sg_buf_line(&w->out, text, strlen(text));
    sg_buf_printf(&w->out, ": salaries of %u payees arrive, ", c->n_members);
    put_value(&w->out, c->arrived);
    sg_buf_puts(&w->out, " of the ");
    put_value(&w->out, c->inflow);
    sg_buf_printf(&w->out,
                  " that it received;\n  %u of its %u senders sent salaries on; of %u other payees "
                  "of the same payers, %u "
                  "gather elsewhere with as many\n",
                  c->n_salary_senders, c->n_senders, c->n_others, c->n_others_gather);
    for (uint32_t i = 0; st == SG_OK && i < c->n_members; i++) {
        const struct sg_payroll_member *m = &w->payroll.members[c->first_member + i];
        st = address_of(text, w, m->payee, err);
        sg_buf_puts(&w->out, "    ");
        sg_buf_line(&w->out, text, strlen(text));
        sg_buf_printf(&w->out, "  %u of %u salaries, ", m->n_arrived, m->n_pays);
        put_value(&w->out, m->arrived);
        sg_buf_puts(&w->out, " of ");
        put_value(&w->out, m->paid);
        sg_buf_printf(&w->out, ", over %u hop%s\n", m->hops, m->hops == 1 ? "" : "s");
    }
    return st;
}

static enum sg_status fill_text(struct work *w, struct sg_err *err)
{
    const struct sg_payroll *p = &w->payroll;
    enum sg_status st = SG_OK;
    sg_buf_printf(&w->out,
                  "%u payers pay %u payees in %zu series; %zu places where salaries of %u "
                  "or more gather\n",
                  p->n_payers, p->n_payees, p->n_series, p->n_collectors, w->options.min_payees);
    if (sg_payroll_is_thin(p))
        sg_buf_printf(&w->out,
                      "coverage is too thin: of %u payees the ledger is known to hold all token "
                      "transfers of %u;\nwhere the others' money went may be missing, and a place "
                      "that is not listed is not cleared\n",
                      p->n_payees, p->n_covered);
    if (p->n_cut)
        sg_buf_printf(&w->out, "%u salaries had too many ways and were not followed to the end\n",
                      p->n_cut);
    for (size_t i = 0; st == SG_OK && i < p->n_collectors; i++)
        st = text_collector(w, &p->collectors[i], err);
    if (p->n_collectors)
        sg_buf_puts(&w->out,
                    "innocent readings: a family, a shared cash-out agent, a landlord, a savings "
                    "club. A person decides.\n");
    return st;
}

static enum sg_status write_report(struct work *w, struct sg_err *err)
{
    struct sg_buf page = SG_BUF_INIT(OUT_MAX);
    enum sg_status st = sg_payrollpage_write(&page, &w->ledger, &w->payroll, &w->options, err);
    if (st == SG_OK)
        st = sg_file_write(w->words->report, page.data, page.size, err);
    sg_buf_clear(&page);
    return st;
}

static enum sg_status run(struct work *w, struct sg_err *err)
{
    struct sg_bar bar;
    enum sg_status st = open_work(w, err);
    if (st != SG_OK)
        return st;
    sg_bar_begin(&bar, "series", false);
    w->options.progress = &bar.progress;
    st = sg_payroll_run(&w->payroll, &w->ledger, &w->options, err);
    sg_bar_end(&bar);
    if (st == SG_OK && w->words->report)
        st = write_report(w, err);
    if (st == SG_OK)
        st = w->words->json ? fill_json(w, err) : fill_text(w, err);
    return st == SG_OK ? sg_term_print(&w->out, err) : st;
}

static int payroll(const struct words *words)
{
    struct sg_err err;
    struct work w = {.words = words, .out = SG_BUF_INIT(OUT_MAX)};
    const enum sg_status st = run(&w, &err);
    sg_payroll_clear(&w.payroll);
    sg_ledgerpick_clear(&w.payers);
    sg_ledgerpick_clear(&w.payees);
    sg_ledgerpick_clear(&w.services);
    sg_ledger_close(&w.ledger);
    sg_buf_clear(&w.out);
    return st == SG_OK ? 0 : sg_app_fail(VERB, &err);
}

int sg_workers_payroll(int argc, char **argv)
{
    struct sg_payroll_options usual;
    sg_payroll_defaults(&usual);
    struct words words = {
        .hops = usual.hops_max, .min_payees = usual.min_payees, .senders_max = usual.senders_max};
    char **args;
    size_t n_args;
    const struct sg_opt opts[] = {
        {.name = "ledger", .arg = "DIR", .help = "the ledger", .text = &words.ledger},
        {.name = "chain", .arg = "NAME", .help = "if it has several", .text = &words.chain},
        {.name = "payers",
         .arg = "FILE|ADDRESS",
         .help = "only salaries that these pay",
         .text = &words.payers},
        {.name = "payees",
         .arg = "FILE|ADDRESS",
         .help = "only salaries that these get",
         .text = &words.payees},
        {.name = "labels",
         .arg = "DIR",
         .help = "a label store: its services are no payers and no collectors",
         .text = &words.labels},
        {.name = "asset",
         .arg = "A",
         .help = "contract or symbol; all stablecoins otherwise; repeatable",
         .list = &words.assets},
        {.name = "hops",
         .arg = "H",
         .help = "that a salary is followed (4)",
         .number = &words.hops},
        {.name = "min-payees",
         .arg = "N",
         .help = "of one collector (4)",
         .number = &words.min_payees},
        {.name = "senders-max",
         .arg = "N",
         .help = "an address with more is taken for a service (200)",
         .number = &words.senders_max},
        {.name = "json", .help = "print JSON (docs/api/payroll.json)", .flag = &words.json},
        {.name = "report",
         .arg = "FILE.html",
         .help = "write a page that can be printed, too",
         .text = &words.report},
    };
    const struct sg_usage usage = {
        .verb = VERB,
        .args = "--ledger DIR [options]",
        .summary = "Salaries on a chain (regular, alike, in stablecoins), and places where the "
                   "salaries of\nseveral payees gather. Rules, figures and failures: "
                   "docs/methods/payroll.md.",
        .example = "  sillage workers payroll --ledger L --labels LABELS --json",
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
    return payroll(&words);
}
