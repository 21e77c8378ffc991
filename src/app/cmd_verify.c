/* sillage verify REPORT.html: repeat the computation that a report names, and say what differs. */
#include "app/casework/casework.h"
#include "app/opts.h"
#include "app/report/report.h"
#include "app/verbs.h"
#include "base/jsonw.h"
#include "base/mem.h"
#include "store/file/file.h"

#include <stdio.h>
#include <string.h>

/* Differences that are shown one by one; the rest is counted. */
#define SHOWN_MAX 200

struct verify {
    const char *report_path, *case_path, *ledger_path, *prices_path, *pools_path, *labels_path;
    bool json;
    uint8_t *page; /* the report as it is on disk */
    size_t page_size;
    struct sg_buf again; /* the report as it is computed now */
    struct sg_arena arena;
    const struct sg_manifest_entry *was, *now;
    size_t n_was, n_now;
    size_t n_differences, n_figures;
    struct sg_buf out; /* what is printed */
    struct sg_jsonw w;
};

static const struct sg_manifest_entry *find(const struct verify *v, const char *kind,
                                            const char *name)
{
    for (size_t i = 0; i < v->n_was; i++)
        if (strcmp(v->was[i].kind, kind) == 0 && (!name || strcmp(v->was[i].name, name) == 0))
            return &v->was[i];
    return NULL;
}

/* The manifest's name of an input, and where it is opened. */
static struct sg_casework_path input_path(const struct verify *v, const char *kind,
                                          const char *given)
{
    const struct sg_manifest_entry *e = find(v, kind, NULL);
    struct sg_casework_path path = {NULL, NULL};
    if (e)
        path = (struct sg_casework_path){given ? given : e->name, e->name};
    return path;
}

static const char *option(const struct verify *v, const char *name)
{
    const struct sg_manifest_entry *e = find(v, "option", name);
    return e ? e->value : NULL;
}

static enum sg_status read_policies(struct sg_casework_options *o, const struct verify *v,
                                    struct sg_err *err)
{
    const char *main = option(v, "policy"), *all = option(v, "policies");
    if (!main || !all || sg_policy_find(&o->main, main) != SG_OK)
        return sg_err_set(err, SG_EPARSE, "the manifest names no policy that this program knows");
    o->policies = 1u << o->main;
    while (*all) {
        char name[32];
        enum sg_policy policy;
        const size_t size = strcspn(all, " ");
        snprintf(name, sizeof(name), "%.*s", size < sizeof(name) ? (int)size : 31, all);
        if (sg_policy_find(&policy, name) != SG_OK)
            return sg_err_set(err, SG_EPARSE,
                              "the manifest names a policy %s that this program "
                              "does not know",
                              name);
        o->policies |= 1u << policy;
        all += size + (all[size] == ' ');
    }
    return SG_OK;
}

static enum sg_status read_fees(struct sg_casework_options *o, const struct verify *v,
                                struct sg_err *err)
{
    const char *fees = option(v, "fees"), *tiho = option(v, "tiho-fee");
    if ((fees && sg_utxotaint_fees_find(&o->fees, fees) != SG_OK) ||
        (tiho && sg_utxotaint_tiho_find(&o->tiho, tiho) != SG_OK))
        return sg_err_set(err, SG_EPARSE, "the manifest treats fees as this program cannot");
    return SG_OK;
}

static enum sg_status read_limits(struct sg_casework_options *o, const struct verify *v,
                                  struct sg_err *err)
{
    const char *until = option(v, "until"), *dust = option(v, "dust"),
               *orders = option(v, "orders");
    struct sg_amount n = {0};
    uint64_t shuffles;
    enum sg_status st = SG_OK;
    const char *as_of = option(v, "labels-as-of");
    o->until_unix_s = o->labels_as_of_unix_s = INT64_MAX;
    o->has_dust = dust != NULL;
    o->with_decoys = option(v, "decoys") != NULL;
    o->by_cluster = option(v, "by-cluster") != NULL;
    if (until)
        st = sg_time_parse(&o->until_unix_s, until, strlen(until), err);
    if (st == SG_OK && as_of)
        st = sg_time_parse(&o->labels_as_of_unix_s, as_of, strlen(as_of), err);
    if (st == SG_OK && dust)
        st = sg_amount_parse(&o->dust, dust, strlen(dust), 18, err);
    if (st == SG_OK && orders)
        st = sg_amount_parse(&n, orders, strlen(orders), 0, err);
    if (st == SG_OK)
        st = read_fees(o, v, err);
    if (st != SG_OK)
        return st;
    if (!sg_amount_to_u64(&shuffles, n) || shuffles > 10000)
        return sg_err_set(err, SG_ELIMIT, "the manifest asks for too many orders");
    o->shuffles = (size_t)shuffles;
    return SG_OK;
}

static enum sg_status read_options(struct sg_casework_options *o, const struct verify *v,
                                   struct sg_err *err)
{
    o->case_file = input_path(v, "case", v->case_path);
    o->ledger = input_path(v, "ledger", v->ledger_path);
    o->prices = input_path(v, "prices", v->prices_path);
    o->labels = input_path(v, "label-store", v->labels_path);
    if (!o->case_file.path || !o->ledger.path)
        return sg_err_set(err, SG_EPARSE, "the manifest names no case or no ledger");
    o->pools = input_path(v, "pools", v->pools_path);
    const char *least = option(v, "through-mixers");
    if (o->pools.path && (!least || !sg_beyond_read(&o->least_millionths, least)))
        return sg_err_set(err, SG_EPARSE, "the manifest names pools and no least probability");
    const enum sg_status st = read_policies(o, v, err);
    return st == SG_OK ? read_limits(o, v, err) : st;
}

static enum sg_status recompute(struct verify *v, struct sg_err *err)
{
    struct sg_casework_options options = {0};
    struct sg_casework work = {0};
    enum sg_status st = read_options(&options, v, err);
    if (st == SG_OK)
        st = sg_casework_open(&work, &options, err);
    if (st == SG_OK)
        st = sg_casework_report(&v->again, &work, err);
    sg_casework_close(&work);
    return st;
}

static bool is_figure(const struct sg_manifest_entry *e)
{
    return strcmp(e->kind, "figure") == 0;
}

static void put_text(struct sg_buf *out, const char *text)
{
    sg_buf_line(out, text, strlen(text));
}

static void say_difference(struct verify *v, const struct sg_manifest_entry *was,
                           const struct sg_manifest_entry *now)
{
    const struct sg_manifest_entry *e = was ? was : now;
    put_text(&v->out, e->kind);
    sg_buf_putc(&v->out, ' ');
    put_text(&v->out, e->name);
    sg_buf_puts(&v->out, ": ");
    put_text(&v->out, was ? was->value : "not in the report");
    sg_buf_puts(&v->out, was && now ? ", now " : was ? ", now gone" : ", now ");
    put_text(&v->out, now ? now->value : "");
    sg_buf_putc(&v->out, '\n');
}

static void on_difference(void *ctx, const struct sg_manifest_entry *was,
                          const struct sg_manifest_entry *now)
{
    struct verify *v = ctx;
    const struct sg_manifest_entry *e = was ? was : now;
    if (v->n_differences++ >= SHOWN_MAX)
        return;
    if (!v->json) {
        say_difference(v, was, now);
        return;
    }
    sg_jsonw_begin_object(&v->w);
    sg_jsonw_kv_string(&v->w, "kind", e->kind);
    sg_jsonw_kv_string(&v->w, "name", e->name);
    sg_jsonw_kv_string(&v->w, "report", was ? was->value : NULL);
    sg_jsonw_kv_string(&v->w, "now", now ? now->value : NULL);
    sg_jsonw_end_object(&v->w);
}

static bool same_bytes(const struct verify *v)
{
    return v->page_size == v->again.size && memcmp(v->page, v->again.data, v->page_size) == 0;
}

/* Offset of the first byte that differs. */
static size_t first_difference(const struct verify *v)
{
    size_t i = 0;
    while (i < v->page_size && i < v->again.size && v->page[i] == (uint8_t)v->again.data[i])
        i++;
    return i;
}

static void say_verdict(struct verify *v)
{
    put_text(&v->out, v->report_path);
    if (v->n_differences > SHOWN_MAX)
        sg_buf_printf(&v->out, ": the first %d of %zu differences are shown", SHOWN_MAX,
                      v->n_differences);
    if (v->n_differences)
        sg_buf_printf(&v->out, ": does not hold: %zu facts or figures differ\n", v->n_differences);
    else if (same_bytes(v))
        sg_buf_printf(&v->out, ": holds: %zu figures and every byte of the page are the same\n",
                      v->n_figures);
    else
        sg_buf_printf(&v->out,
                      ": does not hold: all %zu figures of its manifest are the same, but the page "
                      "differs from byte %zu on\n",
                      v->n_figures, first_difference(v));
}

static enum sg_status compare(struct verify *v, struct sg_err *err)
{
    for (size_t i = 0; i < v->n_was; i++)
        v->n_figures += is_figure(&v->was[i]);
    if (v->json) {
        sg_jsonw_begin_object(&v->w);
        sg_jsonw_kv_string(&v->w, "report", v->report_path);
        sg_jsonw_kv_uint(&v->w, "figures", v->n_figures);
        sg_jsonw_kv_bool(&v->w, "same_bytes", same_bytes(v));
        sg_jsonw_key(&v->w, "differences");
        sg_jsonw_begin_array(&v->w);
    }
    if (sg_manifest_compare(v->was, v->n_was, v->now, v->n_now, on_difference, v) == SIZE_MAX)
        return sg_err_nomem(err);
    if (!v->json) {
        say_verdict(v);
        return SG_OK;
    }
    sg_jsonw_end_array(&v->w);
    sg_jsonw_kv_uint(&v->w, "n_differences", v->n_differences);
    sg_jsonw_kv_bool(&v->w, "holds", v->n_differences == 0 && same_bytes(v));
    sg_jsonw_end_object(&v->w);
    sg_buf_putc(&v->out, '\n');
    return SG_OK;
}

static enum sg_status verify(struct verify *v, struct sg_err *err)
{
    enum sg_status st =
        sg_file_read(&v->page, &v->page_size, v->report_path, SG_REPORT_BYTES_MAX, err);
    if (st != SG_OK)
        return st;
    st = sg_manifest_parse(&v->was, &v->n_was, &v->arena, (const char *)v->page, v->page_size, err);
    if (st != SG_OK) {
        sg_err_frame(err, "%s", v->report_path);
        return st;
    }
    st = recompute(v, err);
    if (st == SG_OK)
        st = sg_manifest_parse(&v->now, &v->n_now, &v->arena, v->again.data, v->again.size, err);
    if (st == SG_OK)
        st = compare(v, err);
    return st == SG_OK ? sg_buf_check(&v->out, err) : st;
}

static void verify_clear(struct verify *v)
{
    sg_buf_clear(&v->out);
    sg_buf_clear(&v->again);
    sg_mem_free(v->page);
    sg_arena_clear(&v->arena);
}

int sg_cmd_verify(int argc, char **argv)
{
    struct verify v = {.again = SG_BUF_INIT(SG_REPORT_BYTES_MAX),
                       .out = SG_BUF_INIT(SG_REPORT_BYTES_MAX)};
    const struct sg_opt opts[] = {
        {.name = "ledger",
         .arg = "DIR",
         .help = "the ledger, where it is not at the report's path",
         .text = &v.ledger_path},
        {.name = "case", .arg = "FILE", .help = "the case file, likewise", .text = &v.case_path},
        {.name = "labels",
         .arg = "DIR",
         .help = "the label store, likewise",
         .text = &v.labels_path},
        {.name = "prices",
         .arg = "FILE",
         .help = "the price table, likewise",
         .text = &v.prices_path},
        {.name = "pools",
         .arg = "FILE",
         .help = "the file of mixers' pools, likewise",
         .text = &v.pools_path},
        {.name = "json", .help = "a JSON document (docs/api/verify.json)", .flag = &v.json},
    };
    const struct sg_usage usage = {
        .verb = "verify",
        .args = "REPORT.html [--ledger DIR] [--case FILE] [--prices FILE] [--json]",
        .summary =
            "Repeat the computation that a report names, from the inputs in its manifest, and\n"
            "say figure by figure what differs. Exit status 0: all the same, to the byte;\n"
            "1: something differs, or could not be repeated; 2: wrong usage.",
        .example =
            "  sillage verify ronin.html\n"
            "  sillage verify ronin.html --ledger /data/ledger --case cases/ronin-2022/case.yaml",
        .opts = opts,
        .n_opts = SG_COUNT_OF(opts),
        .args_min = 1,
        .args_max = 1,
    };
    struct sg_err err;
    char **args;
    size_t n_args;
    const enum sg_opts_result parsed = sg_opts_parse(&args, &n_args, &usage, argc, argv);
    if (parsed != SG_OPTS_RUN)
        return parsed == SG_OPTS_HELP ? 0 : 2;
    v.report_path = args[0];
    sg_jsonw_init(&v.w, &v.out);
    int status;
    if (verify(&v, &err) != SG_OK) {
        status = sg_app_fail("verify", &err);
    } else {
        fwrite(v.out.data, 1, v.out.size, stdout);
        status = v.n_differences == 0 && same_bytes(&v) ? 0 : 1;
    }
    verify_clear(&v);
    return status;
}
