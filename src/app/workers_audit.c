/* sillage workers audit: who looked at whom, and whether the log is whole. */
#include "app/opts.h"
#include "app/term.h"
#include "app/workers.h"
#include "base/civil.h"
#include "base/hex.h"
#include "base/jsonw.h"
#include "base/mem.h"
#include "store/audit/audit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define VERB       SG_WORKERS_VERB("audit")
#define OUTPUT_MAX ((size_t)1 << 30)

struct words {
    const char *key, *record, *who, *expect;
    bool json;
};

/* Entries that are asked for, while the log is read. */
struct asking {
    struct words words;
    uint8_t record32[SG_SHA256_SIZE], who32[SG_SHA256_SIZE], expect32[SG_SHA256_SIZE];
    bool has_expected;
    uint64_t n_found;
    struct sg_buf out;
    struct sg_jsonw json;
};

static bool is_asked_for(const struct asking *a, const struct sg_audit_line *line)
{
    if (a->words.record &&
        !(line->has_record && memcmp(line->record32, a->record32, SG_SHA256_SIZE) == 0))
        return false;
    if (a->words.who && memcmp(line->who32, a->who32, SG_SHA256_SIZE) != 0)
        return false;
    return a->words.record || a->words.who;
}

static void put_entry(struct asking *a, const struct sg_audit_line *line)
{
    char time[SG_TIME_TEXT_MAX], who[2 * SG_SHA256_SIZE + 1], record[2 * SG_SHA256_SIZE + 1];
    sg_hex_encode(who, line->who32, SG_SHA256_SIZE);
    sg_hex_encode(record, line->record32, SG_SHA256_SIZE);
    if (!a->words.json) {
        sg_buf_printf(&a->out, "%" PRIu64 "  %s  %-6s  by %.16s  about %.16s\n", line->number,
                      sg_time_format(time, line->time_unix_s), sg_audit_action_name(line->action),
                      who, line->has_record ? record : "nobody");
        return;
    }
    sg_jsonw_begin_object(&a->json);
    sg_jsonw_kv_uint(&a->json, "entry", line->number);
    sg_jsonw_kv_time(&a->json, "time", line->time_unix_s);
    sg_jsonw_kv_string(&a->json, "action", sg_audit_action_name(line->action));
    sg_jsonw_kv_string(&a->json, "who", who);
    sg_jsonw_kv_string(&a->json, "record", line->has_record ? record : NULL);
    sg_jsonw_end_object(&a->json);
}

static enum sg_status visit(void *ctx, const struct sg_audit_line *line, struct sg_err *err)
{
    struct asking *a = ctx;
    a->has_expected |= a->words.expect && memcmp(line->chain32, a->expect32, SG_SHA256_SIZE) == 0;
    if (!is_asked_for(a, line))
        return SG_OK;
    a->n_found++;
    put_entry(a, line);
    return sg_buf_check(&a->out, err);
}

static void put_state(struct asking *a, const struct sg_audit_state *log)
{
    char chain[2 * SG_SHA256_SIZE + 1];
    sg_hex_encode(chain, log->chain32, SG_SHA256_SIZE);
    if (!a->words.json) {
        sg_buf_printf(&a->out,
                      "%" PRIu64 " entries, all of them whole and in order; last chain "
                      "value %s\n",
                      log->n_lines, chain);
        if (log->n_cut)
            sg_buf_printf(&a->out, "%" PRIu64 " cut lines, left by a crash\n", log->n_cut);
        return;
    }
    sg_jsonw_end_array(&a->json);
    sg_jsonw_kv_uint(&a->json, "entries", log->n_lines);
    sg_jsonw_kv_uint(&a->json, "cut_lines", log->n_cut);
    sg_jsonw_kv_string(&a->json, "chain", chain);
    sg_jsonw_end_object(&a->json);
    sg_buf_putc(&a->out, '\n');
}

static enum sg_status prepare(struct asking *a, struct sg_audit_key *key, struct sg_err *err)
{
    const char *expect = a->words.expect;
    if (!a->words.key)
        return sg_err_set(err, SG_EUSAGE, "--key FILE is needed");
    if (expect && (strlen(expect) != 2 * (size_t)SG_SHA256_SIZE ||
                   !sg_hex_decode(a->expect32, SG_SHA256_SIZE, expect, strlen(expect))))
        return sg_err_set(err, SG_EUSAGE, "--expect: 64 hexadecimal digits");
    const enum sg_status st = sg_audit_key_read(key, a->words.key, err);
    if (st == SG_OK && a->words.record)
        sg_audit_hash_record(a->record32, key, a->words.record);
    if (st == SG_OK && a->words.who)
        sg_audit_hash_who(a->who32, key, a->words.who);
    return st;
}

static enum sg_status run(struct asking *a, const char *path, struct sg_err *err)
{
    struct sg_audit_key key;
    struct sg_audit_state log;
    enum sg_status st = prepare(a, &key, err);
    if (a->words.json) {
        sg_jsonw_begin_object(&a->json);
        sg_jsonw_key(&a->json, "found");
        sg_jsonw_begin_array(&a->json);
    }
    if (st == SG_OK)
        st = sg_audit_read(&log, path, &key, visit, a, err);
    if (st == SG_OK && a->words.expect && !a->has_expected)
        st = sg_err_set(err, SG_ECORRUPT,
                        "%s: no entry has that chain value; the end of the log is "
                        "missing",
                        path);
    if (st != SG_OK)
        return st;
    put_state(a, &log);
    return sg_term_print(&a->out, err);
}

int sg_workers_audit(int argc, char **argv)
{
    struct asking a = {.out = SG_BUF_INIT(OUTPUT_MAX)};
    struct sg_err err;
    char **args;
    size_t n_args;
    const struct sg_opt opts[] = {
        {.name = "key", .arg = "FILE", .help = "the key of the log", .text = &a.words.key},
        {.name = "record",
         .arg = "ID",
         .help = "list who looked at this record",
         .text = &a.words.record},
        {.name = "who", .arg = "NAME", .help = "list what this user did", .text = &a.words.who},
        {.name = "expect",
         .arg = "CHAIN",
         .help = "a chain value noted before, which must still be there",
         .text = &a.words.expect},
        {.name = "json", .help = "print JSON (docs/api/workers_audit.json)", .flag = &a.words.json},
    };
    const struct sg_usage usage = {
        .verb = VERB,
        .args = "LOG --key FILE [options]",
        .summary = "Checks that a log of who looked is whole, and lists entries about a record or "
                   "by a user.\nExit status 1: a line was changed, added or taken out. Format: "
                   "docs/formats/audit.md.",
        .example = "  sillage workers audit looks.log --key looks.key --record r0000012",
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
    sg_jsonw_init(&a.json, &a.out);
    const enum sg_status st = run(&a, args[0], &err);
    sg_buf_clear(&a.out);
    return st == SG_OK ? 0 : sg_app_fail(VERB, &err);
}
