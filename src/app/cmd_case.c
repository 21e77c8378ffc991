/* sillage case check FILE: whether a file is a case, what it says, and what a person should look
 * at. */
#include "app/opts.h"
#include "app/verbs.h"
#include "base/jsonw.h"
#include "base/mem.h"
#include "store/casefile/casefile.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define OUTPUT_MAX ((size_t)256 * 1024 * 1024)

static void add_text(struct sg_buf *out, const char *text)
{
    sg_buf_line(out, text, strlen(text));
}

static void add_money(struct sg_buf *out, struct sg_amount amount,
                      const struct sg_case_asset *asset)
{
    char text[SG_AMOUNT_TEXT_MAX];
    sg_buf_printf(out, "%s ", sg_amount_format(text, amount, asset->decimals));
    add_text(out, asset->symbol);
    sg_buf_printf(out, " on %s", asset->chain->name);
}

static void add_address(struct sg_buf *out, const struct sg_chain *chain,
                        const struct sg_address *address)
{
    char text[SG_ADDRESS_TEXT_MAX];
    sg_buf_puts(out, sg_address_format(text, chain, address));
}

static void add_seed(struct sg_buf *out, const struct sg_case *c, const struct sg_case_seed *seed)
{
    char time[SG_TIME_TEXT_MAX];
    sg_buf_puts(out, "  ");
    if (!sg_amount_is_zero(seed->amount))
        add_money(out, seed->amount, &seed->asset);
    else
        sg_buf_printf(out, "all on %s", seed->asset.chain->name);
    if (seed->has_output)
        sg_buf_printf(out, " in output %" PRIu32, seed->output);
    if (seed->address.size) {
        sg_buf_puts(out, " at ");
        add_address(out, seed->asset.chain, &seed->address);
    }
    sg_buf_printf(out, ", %s", sg_time_format(time, seed->time_unix_s));
    if (seed->until_unix_s != SG_TIME_UNKNOWN)
        sg_buf_printf(out, " to %s", sg_time_format(time, seed->until_unix_s));
    if (c->n_thefts > 1) {
        sg_buf_puts(out, ", theft ");
        add_text(out, c->thefts[seed->theft]);
    }
    sg_buf_putc(out, '\n');
}

static void add_conversion(struct sg_buf *out, const struct sg_case_conversion *conversion)
{
    sg_buf_puts(out, "  ");
    add_money(out, conversion->from_amount, &conversion->from_asset);
    sg_buf_puts(out, " became ");
    add_money(out, conversion->to_amount, &conversion->to_asset);
    sg_buf_printf(out, ", at %zu address%s\n", conversion->n_entries,
                  conversion->n_entries == 1 ? "" : "es");
}

static size_t count_category(const struct sg_case *c, enum sg_category category)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n_labels; i++)
        n += c->labels[i].category == category;
    return n;
}

static void add_labels(struct sg_buf *out, const struct sg_case *c)
{
    sg_buf_printf(out, "labels: %zu\n", c->n_labels);
    for (size_t i = 0; i < SG_CATEGORY_COUNT; i++) {
        const enum sg_category category = (enum sg_category)i;
        const size_t n = count_category(c, category);
        if (n)
            sg_buf_printf(out, "  %6zu  %s%s\n", n, sg_category_info(category)->name,
                          sg_case_is_service(c, category) ? " (tracing stops)" : "");
    }
}

static void add_summary(struct sg_buf *out, const struct sg_casefile *file)
{
    const struct sg_case *c = &file->c;
    add_text(out, c->title);
    sg_buf_printf(out, " (%s)\nsources: %zu\nseeds: %zu\n", c->name, c->n_sources, c->n_seeds);
    for (size_t i = 0; i < c->n_seeds; i++)
        add_seed(out, c, &c->seeds[i]);
    sg_buf_printf(out, "conversions: %zu\n", c->n_conversions);
    for (size_t i = 0; i < c->n_conversions; i++)
        add_conversion(out, &c->conversions[i]);
    add_labels(out, c);
    sg_buf_printf(out, "warnings: %zu\n", c->n_warnings);
    for (size_t i = 0; i < c->n_warnings; i++) {
        const struct sg_case_warning *warning = &c->warnings[i];
        add_text(out, sg_casefile_path(file, warning->place));
        sg_buf_printf(out, ":%" PRIu32 ":%" PRIu32 ": ", warning->place.line,
                      warning->place.column);
        add_text(out, warning->text);
        sg_buf_putc(out, '\n');
    }
}

static void json_address(struct sg_jsonw *w, const char *key, const struct sg_chain *chain,
                         const struct sg_address *address)
{
    char text[SG_ADDRESS_TEXT_MAX];
    sg_address_format(text, chain, address);
    sg_jsonw_kv_string(w, key, address->size ? text : NULL);
}

static void json_asset(struct sg_jsonw *w, const struct sg_case_asset *asset)
{
    sg_jsonw_kv_string(w, "chain", asset->chain->name);
    sg_jsonw_kv_string(w, "asset", asset->symbol);
    sg_jsonw_kv_uint(w, "decimals", asset->decimals);
}

static void json_money(struct sg_jsonw *w, struct sg_amount amount,
                       const struct sg_case_asset *asset)
{
    json_asset(w, asset);
    sg_jsonw_kv_amount(w, "amount", amount, asset->decimals);
}

static void json_seeds(struct sg_jsonw *w, const struct sg_case *c)
{
    sg_jsonw_key(w, "seeds");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < c->n_seeds; i++) {
        const struct sg_case_seed *seed = &c->seeds[i];
        char hash[SG_TX_HASH_TEXT_MAX];
        sg_jsonw_begin_object(w);
        sg_jsonw_kv_string(w, "theft", c->thefts[seed->theft]);
        json_asset(w, &seed->asset);
        sg_jsonw_key(w, "amount");
        if (!sg_amount_is_zero(seed->amount))
            sg_jsonw_amount(w, seed->amount, seed->asset.decimals);
        else
            sg_jsonw_null(w);
        json_address(w, "address", seed->asset.chain, &seed->address);
        sg_jsonw_kv_string(
            w, "tx", seed->has_tx ? sg_tx_hash_text(hash, seed->asset.chain, seed->hash32) : NULL);
        sg_jsonw_key(w, "output");
        if (seed->has_output)
            sg_jsonw_uint(w, seed->output);
        else
            sg_jsonw_null(w);
        sg_jsonw_kv_time(w, "time_unix_s", seed->time_unix_s);
        sg_jsonw_kv_time(w, "until_unix_s", seed->until_unix_s);
        sg_jsonw_kv_string(w, "source", seed->source->id);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
}

static void json_entries(struct sg_jsonw *w, const struct sg_case_conversion *conversion)
{
    sg_jsonw_key(w, "entries");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < conversion->n_entries; i++) {
        const struct sg_case_entry *entry = &conversion->entries[i];
        sg_jsonw_begin_object(w);
        json_address(w, "address", conversion->to_asset.chain, &entry->address);
        sg_jsonw_key(w, "amount");
        if (entry->has_amount)
            sg_jsonw_amount(w, entry->amount, conversion->to_asset.decimals);
        else
            sg_jsonw_null(w);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
}

static void json_conversions(struct sg_jsonw *w, const struct sg_case *c)
{
    sg_jsonw_key(w, "conversions");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < c->n_conversions; i++) {
        const struct sg_case_conversion *conversion = &c->conversions[i];
        sg_jsonw_begin_object(w);
        sg_jsonw_kv_string(w, "theft", c->thefts[conversion->theft]);
        sg_jsonw_key(w, "from");
        sg_jsonw_begin_object(w);
        json_money(w, conversion->from_amount, &conversion->from_asset);
        sg_jsonw_end_object(w);
        sg_jsonw_key(w, "to");
        sg_jsonw_begin_object(w);
        json_money(w, conversion->to_amount, &conversion->to_asset);
        sg_jsonw_end_object(w);
        json_entries(w, conversion);
        sg_jsonw_kv_string(w, "source", conversion->source->id);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
}

/* Every category that has a label, with whether tracing stops there. */
static void json_categories(struct sg_jsonw *w, const struct sg_case *c)
{
    sg_jsonw_key(w, "categories");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < SG_CATEGORY_COUNT; i++) {
        const enum sg_category category = (enum sg_category)i;
        const size_t n = count_category(c, category);
        if (!n)
            continue;
        sg_jsonw_begin_object(w);
        sg_jsonw_kv_string(w, "category", sg_category_info(category)->name);
        sg_jsonw_kv_bool(w, "is_service", sg_case_is_service(c, category));
        sg_jsonw_kv_uint(w, "labels", n);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
}

static void json_warnings(struct sg_jsonw *w, const struct sg_casefile *file)
{
    sg_jsonw_key(w, "warnings");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < file->c.n_warnings; i++) {
        const struct sg_case_warning *warning = &file->c.warnings[i];
        sg_jsonw_begin_object(w);
        sg_jsonw_kv_string(w, "file", sg_casefile_path(file, warning->place));
        sg_jsonw_kv_uint(w, "line", warning->place.line);
        sg_jsonw_kv_uint(w, "column", warning->place.column);
        sg_jsonw_kv_string(w, "text", warning->text);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
}

static void add_json(struct sg_buf *out, const struct sg_casefile *file)
{
    struct sg_jsonw w;
    sg_jsonw_init(&w, out);
    sg_jsonw_begin_object(&w);
    sg_jsonw_kv_uint(&w, "schema", SG_CASE_VERSION);
    sg_jsonw_kv_string(&w, "case", file->c.name);
    sg_jsonw_kv_string(&w, "title", file->c.title);
    sg_jsonw_kv_time(&w, "date_unix_s", file->c.date_unix_s);
    sg_jsonw_kv_uint(&w, "sources", file->c.n_sources);
    json_seeds(&w, &file->c);
    json_conversions(&w, &file->c);
    sg_jsonw_kv_uint(&w, "labels", file->c.n_labels);
    json_categories(&w, &file->c);
    json_warnings(&w, file);
    sg_jsonw_end_object(&w);
    sg_buf_putc(out, '\n');
}

/* An error in the file is printed bare, "FILE:LINE:COLUMN: sentence", so that an editor can jump
 * there. */
static int fail_bare(const struct sg_err *err)
{
    fprintf(stderr, "%s\n", err->text);
    return 1;
}

static int check(const char *path, bool json)
{
    struct sg_buf out = SG_BUF_INIT(OUTPUT_MAX);
    struct sg_casefile file;
    struct sg_err err;
    if (sg_casefile_open(&file, path, &err) != SG_OK)
        return fail_bare(&err);
    if (json)
        add_json(&out, &file);
    else
        add_summary(&out, &file);
    const enum sg_status st = sg_buf_check(&out, &err);
    if (st == SG_OK)
        fwrite(out.data, 1, out.size, stdout);
    sg_buf_clear(&out);
    sg_casefile_close(&file);
    return st == SG_OK ? 0 : sg_app_fail("case", &err);
}

int sg_cmd_case(int argc, char **argv)
{
    bool json = false;
    char **args;
    size_t n_args;
    const struct sg_opt opts[] = {
        {.name = "json", .help = "print JSON (docs/api/case.json)", .flag = &json},
    };
    const struct sg_usage usage = {
        .verb = "case",
        .args = "check FILE [--json]",
        .summary =
            "Check a case file and the labels beside it: prints what it says and what a person\n"
            "should look at. An error names its place, FILE:LINE:COLUMN. The schema is\n"
            "docs/formats/case.md.",
        .example = "  sillage case check cases/ronin-2022/case.yaml",
        .opts = opts,
        .n_opts = SG_COUNT_OF(opts),
        .args_min = 2,
        .args_max = 2,
    };
    switch (sg_opts_parse(&args, &n_args, &usage, argc, argv)) {
    case SG_OPTS_HELP:
        return 0;
    case SG_OPTS_BAD:
        return 2;
    case SG_OPTS_RUN:
        break;
    }
    if (strcmp(args[0], "check") != 0) {
        struct sg_err err;
        sg_err_set(&err, SG_EUSAGE, "no such action '%s'; there is: check", args[0]);
        return sg_app_fail("case", &err);
    }
    return check(args[1], json);
}
