/* sillage show ADDRESS|TX: what a ledger knows of one address or transaction. */
#include "app/opts.h"
#include "app/show/show.h"
#include "app/show/show_outputs.h"
#include "app/verbs.h"
#include "base/hex.h"
#include "base/mem.h"
#include "store/casefile/casefile.h"

#include <stdio.h>
#include <string.h>

#define CHAINS_MAX 64
#define OUTPUT_MAX ((size_t)256 * 1024 * 1024)

struct show {
    const char *subject;
    const char *dir;
    const struct sg_case *c; /* or NULL */
    const struct sg_chain *chains[CHAINS_MAX];
    size_t n_chains;
    bool json;
    struct sg_jsonw w;
    struct sg_buf out;
    struct sg_arena arena;
    size_t n_found;
    bool fits_a_chain; /* the subject is an address or a hash on some chain */
};

static void take_chain(void *ctx, const struct sg_chain *chain)
{
    struct show *show = ctx;
    if (show->n_chains < CHAINS_MAX)
        show->chains[show->n_chains++] = chain;
}

static void put_found(struct show *show, const struct sg_show_found *found)
{
    if (show->json)
        sg_show_json(&show->w, found);
    else
        sg_show_text(&show->out, found);
    show->n_found++;
}

/* Not being there is no failure until every chain was asked. */
static enum sg_status take_status(struct show *show, const struct sg_show_found *found,
                                  enum sg_status st)
{
    show->fits_a_chain = true;
    if (st == SG_OK)
        put_found(show, found);
    return st == SG_ENOTFOUND ? SG_OK : st;
}

static bool parse_hash(uint8_t hash32[32], const char *text)
{
    const size_t prefix = strncmp(text, "0x", 2) == 0 ? 2 : 0;
    return sg_hex_decode(hash32, 32, text + prefix, strlen(text) - prefix);
}

static enum sg_status show_in(struct show *show, const struct sg_ledger *ledger, struct sg_err *err)
{
    struct sg_show_found found;
    struct sg_address address;
    uint8_t hash32[32];
    enum sg_status st = SG_OK;
    if (parse_hash(hash32, show->subject))
        st = take_status(show, &found,
                         sg_show_tx(&found, &show->arena, ledger, show->c, hash32, err));
    if (st == SG_OK && sg_address_parse(&address, ledger->chain, show->subject,
                                        strlen(show->subject), NULL) == SG_OK)
        st = take_status(show, &found,
                         sg_show_address(&found, &show->arena, ledger, show->c, &address, err));
    return st;
}

static enum sg_status show_outputs(struct show *show, const struct sg_chain *chain,
                                   struct sg_err *err)
{
    struct sg_utxo utxo;
    bool fits = false;
    enum sg_status st =
        sg_utxo_open(&utxo, show->dir, sg_btc_params_find(chain->name, NULL), false, err);
    if (st != SG_OK)
        return st;
    const struct sg_show_outputs what = {&utxo, chain, show->c, &show->out,
                                         show->json ? &show->w : NULL};
    st = sg_show_outputs(&what, &fits, show->subject, err);
    show->fits_a_chain |= fits;
    show->n_found += st == SG_OK;
    sg_utxo_close(&utxo);
    return st == SG_ENOTFOUND ? SG_OK : st;
}

static enum sg_status show_on(struct show *show, const struct sg_chain *chain, struct sg_err *err)
{
    struct sg_ledger ledger = {0};
    if (chain->outputs)
        return show_outputs(show, chain, err);
    enum sg_status st = sg_ledger_open(&ledger, show->dir, chain, err);
    if (st == SG_OK)
        st = show_in(show, &ledger, err);
    sg_ledger_close(&ledger);
    return st;
}

static enum sg_status find_chains(struct show *show, const char *name, struct sg_err *err)
{
    const struct sg_btc_params *params;
    for (size_t i = 0; !name && (params = sg_btc_params_at(i)); i++)
        if (sg_utxo_exists(show->dir, params))
            take_chain(show, sg_chain_find(params->name, strlen(params->name)));
    if (!name) {
        const enum sg_status st = sg_ledger_chains(show->dir, take_chain, show, err);
        return st == SG_ENOTFOUND && show->n_chains ? SG_OK : st;
    }
    show->chains[0] = sg_chain_find(name, strlen(name));
    show->n_chains = 1;
    if (!show->chains[0])
        return sg_err_set(err, SG_EUSAGE, "unknown chain '%s'", name);
    return SG_OK;
}

static enum sg_status show_all(struct show *show, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    if (show->json) {
        sg_jsonw_begin_object(&show->w);
        sg_jsonw_kv_string(&show->w, "subject", show->subject);
        sg_jsonw_key(&show->w, "chains");
        sg_jsonw_begin_array(&show->w);
    }
    for (size_t i = 0; st == SG_OK && i < show->n_chains; i++)
        st = show_on(show, show->chains[i], err);
    if (show->json) {
        sg_jsonw_end_array(&show->w);
        sg_jsonw_end_object(&show->w);
        sg_buf_putc(&show->out, '\n');
    }
    if (st == SG_OK && !show->fits_a_chain)
        return sg_err_set(err, SG_EUSAGE, "'%s' is neither an address nor a transaction hash",
                          show->subject);
    if (st == SG_OK && !show->n_found)
        return sg_err_set(err, SG_ENOTFOUND, "%s does not occur in %s", show->subject, show->dir);
    return st == SG_OK ? sg_buf_check(&show->out, err) : st;
}

static int run(struct show *show, const char *chain, const char *case_path)
{
    struct sg_casefile file = {0};
    struct sg_err err;
    enum sg_status st = case_path ? sg_casefile_open(&file, case_path, &err) : SG_OK;
    show->c = case_path && st == SG_OK ? &file.c : NULL;
    sg_jsonw_init(&show->w, &show->out);
    if (st == SG_OK)
        st = find_chains(show, chain, &err);
    if (st == SG_OK)
        st = show_all(show, &err);
    if (st == SG_OK)
        fwrite(show->out.data, 1, show->out.size, stdout);
    sg_casefile_close(&file);
    sg_arena_clear(&show->arena);
    sg_buf_clear(&show->out);
    return st == SG_OK ? 0 : sg_app_fail("show", &err);
}

int sg_cmd_show(int argc, char **argv)
{
    struct show show = {.out = SG_BUF_INIT(OUTPUT_MAX)};
    const char *chain = NULL, *case_path = NULL;
    char **args;
    size_t n_args;
    const struct sg_opt opts[] = {
        {.name = "ledger", .arg = "DIR", .help = "the ledger", .text = &show.dir},
        {.name = "chain",
         .arg = "NAME",
         .help = "look on this chain only; else on all of them",
         .text = &chain},
        {.name = "case", .arg = "FILE", .help = "a case, for its labels", .text = &case_path},
        {.name = "json", .help = "print JSON (docs/api/show.json)", .flag = &show.json},
    };
    const struct sg_usage usage = {
        .verb = "show",
        .args = "ADDRESS|TX --ledger DIR [options]",
        .summary =
            "What the ledger knows of an address (flows and balance by asset, coverage, labels,\n"
            "counterparties by value, last rows) or of a transaction (all rows in order, fee,\n"
            "status). On chains of outputs: what an address was paid and what of it is spent, the\n"
            "inputs and outputs of a transaction.",
        .example =
            "  sillage show 0x098b716b8aaf21512996dc57eb0615e2383e2f96 --ledger ronin/ledger \\\n"
            "      --case cases/ronin-2022/case.yaml",
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
    show.subject = args[0];
    if (!show.dir) {
        struct sg_err err;
        sg_err_set(&err, SG_EUSAGE, "--ledger DIR is missing");
        return sg_app_fail("show", &err);
    }
    return run(&show, chain, case_path);
}
