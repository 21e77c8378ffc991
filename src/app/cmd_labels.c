/* sillage labels: who is behind addresses, by whose word. import, list, show, export. */
#include "app/labelstore/labelstore.h"
#include "app/opts.h"
#include "app/term.h"
#include "app/verbs.h"

#include "base/jsonw.h"
#include "base/mem.h"
#include "formats/tagpack/tagpack.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define VERB      "labels"
#define OUT_MAX   ((size_t)1024 * 1024 * 1024)
#define OUT_STEP  ((size_t)256 * 1024)
#define BAD_SHOWN 20

/* Labels of one address that are shown; the rest is counted. */
#define SHOWN_MAX ((size_t)1000)

struct words {
    const char *labels, *format, *list_date;
    uint64_t pack;
    bool json;
};

#define ANY_PACK UINT64_MAX

static uint64_t n_bad_shown, n_doubts_shown;

static void show(const char *path, const char *what, const struct sg_err *why)
{
    fputs("sillage labels: ", stderr);
    sg_term_text(stderr, path, strlen(path));
    if (why->line)
        fprintf(stderr, ":%" PRIu32, why->line);
    fprintf(stderr, ": %s: ", what);
    sg_term_text(stderr, why->text, strlen(why->text));
    fputc('\n', stderr);
}

static void show_bad(const char *path, const struct sg_err *why)
{
    if (n_bad_shown++ < BAD_SHOWN)
        show(path, "left out", why);
}

static void show_doubt(const char *path, const struct sg_err *why)
{
    if (n_doubts_shown++ < BAD_SHOWN)
        show(path, "kept, though doubtful", why);
}

static enum sg_status flush(struct sg_buf *out, struct sg_err *err)
{
    const enum sg_status st = sg_term_print(out, err);
    sg_buf_reset(out);
    return st;
}

static enum sg_status find_format(enum sg_label_format *format, const char *name,
                                  struct sg_err *err)
{
    if (!name)
        return sg_err_set(err, SG_EUSAGE,
                          "--format is missing: tagpack, ofac-sdn-advanced, eu-fsf, uk-sanctions, "
                          "un-consolidated, etherscan-labels or csv");
    if (sg_labelfile_find(format, name) == SG_OK)
        return SG_OK;
    return sg_err_set(
        err, SG_EUSAGE,
        "no format '%s'; there are: tagpack, ofac-sdn-advanced, eu-fsf, uk-sanctions, "
        "un-consolidated, etherscan-labels, csv",
        name);
}

static void import_json(struct sg_buf *out, const struct sg_labelstore_import *done)
{
    struct sg_jsonw w;
    sg_jsonw_init(&w, out);
    sg_jsonw_begin_object(&w);
    sg_jsonw_kv_uint(&w, "schema", 1);
    sg_jsonw_kv_string(&w, "action", "import");
    sg_jsonw_kv_uint(&w, "files", done->files);
    sg_jsonw_kv_uint(&w, "files_known_before", done->known_files);
    sg_jsonw_kv_uint(&w, "labels", done->labels);
    sg_jsonw_kv_uint(&w, "left_out", done->bad);
    sg_jsonw_kv_uint(&w, "doubtful", done->doubtful);
    sg_jsonw_end_object(&w);
    sg_buf_putc(out, '\n');
}

static enum sg_status import(struct sg_buf *out, const char *dir, const struct words *words,
                             char **paths, size_t n_paths, struct sg_err *err)
{
    static const struct sg_labelstore_told told = {show_bad, show_doubt};
    struct sg_labelstore_import done = {0};
    enum sg_label_format format;
    int64_t date = SG_TIME_UNKNOWN;
    if (n_paths == 0)
        return sg_err_set(err, SG_EUSAGE, "no files to import");
    enum sg_status st = find_format(&format, words->format, err);
    if (st == SG_OK && words->list_date &&
        sg_time_parse(&date, words->list_date, strlen(words->list_date), NULL) != SG_OK)
        st = sg_err_set(err, SG_EUSAGE, "--list-date '%s' is no date", words->list_date);
    if (st == SG_OK)
        st = sg_labelstore_import(&done, dir, format, paths, n_paths, date, &told, err);
    if (st != SG_OK)
        return st;
    if (words->json)
        import_json(out, &done);
    else
        sg_buf_printf(out,
                      "files %" PRIu64 ", of which %" PRIu64 " known before; labels added %" PRIu64
                      "; left out %" PRIu64 "; doubtful addresses %" PRIu64 "\n",
                      done.files, done.known_files, done.labels, done.bad, done.doubtful);
    return SG_OK;
}

static void list_json(struct sg_jsonw *w, uint32_t index, const struct sg_labels_pack *pack)
{
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_uint(w, "pack", index);
    sg_jsonw_kv_string(w, "format", pack->format);
    sg_jsonw_kv_string(w, "title", pack->pack.title);
    sg_jsonw_kv_string(w, "creator", pack->pack.creator);
    sg_jsonw_kv_string(w, "list", pack->pack.list);
    sg_jsonw_kv_day(w, "date", pack->pack.date_unix_s);
    sg_jsonw_kv_uint(w, "labels", pack->n_labels);
    sg_jsonw_kv_string(w, "file", pack->file);
    sg_jsonw_end_object(w);
}

static void list_text(struct sg_buf *out, uint32_t index, const struct sg_labels_pack *pack)
{
    char date[SG_TIME_TEXT_MAX];
    sg_time_format(date, pack->pack.date_unix_s);
    sg_buf_printf(out, "%5u  %-17s  %10.10s  %10" PRIu64 "  ", index, pack->format, date,
                  pack->n_labels);
    sg_buf_line(out, pack->pack.title, strlen(pack->pack.title));
    sg_buf_puts(out, "  (");
    sg_buf_line(out, pack->file, strlen(pack->file));
    sg_buf_puts(out, ")\n");
}

static enum sg_status list(struct sg_buf *out, struct sg_labels *labels, const struct words *words,
                           struct sg_err *err)
{
    struct sg_jsonw w;
    enum sg_status st = SG_OK;
    sg_jsonw_init(&w, out);
    if (words->json) {
        sg_jsonw_begin_object(&w);
        sg_jsonw_kv_uint(&w, "schema", 1);
        sg_jsonw_kv_string(&w, "action", "list");
        sg_jsonw_kv_uint(&w, "labels", sg_labels_count(labels));
        sg_jsonw_key(&w, "packs");
        sg_jsonw_begin_array(&w);
    } else
        sg_buf_puts(out, " pack  format             date            labels  title (file)\n");
    for (uint32_t i = 0; st == SG_OK && i < sg_labels_n_packs(labels); i++) {
        struct sg_labels_pack pack;
        st = sg_labels_pack_at(&pack, labels, i, err);
        if (st == SG_OK && words->json)
            list_json(&w, i, &pack);
        else if (st == SG_OK)
            list_text(out, i, &pack);
    }
    if (words->json) {
        sg_jsonw_end_array(&w);
        sg_jsonw_end_object(&w);
        sg_buf_putc(out, '\n');
    }
    return st;
}

static const char *kind_name(enum sg_label_subject kind)
{
    switch (kind) {
    case SG_LABEL_ADDRESS:
        return "address";
    case SG_LABEL_CLUSTER:
        return "cluster";
    case SG_LABEL_TX:
        return "transaction";
    }
    return "";
}

static void show_json(struct sg_jsonw *w, const struct sg_label *label, uint32_t pack)
{
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_string(w, "subject", label->subject);
    sg_jsonw_kv_string(w, "kind", kind_name(label->kind));
    sg_jsonw_kv_string(w, "chain", label->chain);
    sg_jsonw_kv_string(w, "currency", label->currency);
    sg_jsonw_kv_string(w, "entity", label->entity);
    sg_jsonw_kv_string(w, "actor", label->actor);
    sg_jsonw_kv_string(w, "category", sg_category_info(label->category)->name);
    sg_jsonw_kv_string(w, "abuse", label->abuse);
    sg_jsonw_kv_string(w, "programme", label->programme);
    sg_jsonw_kv_string(w, "confidence", sg_confidence_name(label->confidence));
    sg_jsonw_kv_string(w, "source", label->source);
    sg_jsonw_kv_day(w, "source_date", label->source_date_unix_s);
    sg_jsonw_kv_day(w, "first_seen", label->first_seen_unix_s);
    sg_jsonw_kv_day(w, "last_seen", label->last_seen_unix_s);
    sg_jsonw_kv_day(w, "listed", label->listed_unix_s);
    sg_jsonw_kv_day(w, "delisted", label->delisted_unix_s);
    sg_jsonw_key(w, "aliases");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < label->n_aliases; i++)
        sg_jsonw_string(w, label->aliases[i]);
    sg_jsonw_end_array(w);
    sg_jsonw_kv_string(w, "note", label->note);
    sg_jsonw_kv_uint(w, "pack", pack);
    sg_jsonw_end_object(w);
}

static void show_line(struct sg_buf *out, const char *name, const char *text)
{
    if (!text || !text[0])
        return;
    sg_buf_printf(out, "  %-11s ", name);
    sg_buf_line(out, text, strlen(text));
    sg_buf_putc(out, '\n');
}

static void show_date(struct sg_buf *out, const char *name, int64_t seconds)
{
    char text[SG_TIME_TEXT_MAX];
    if (seconds != SG_TIME_UNKNOWN)
        sg_buf_printf(out, "  %-11s %.10s\n", name, sg_time_format(text, seconds));
}

static void show_text(struct sg_buf *out, const struct sg_label *label, uint32_t pack)
{
    sg_buf_line(out, label->subject, strlen(label->subject));
    sg_buf_printf(out, "  %s  %s, confidence %s, pack %u\n", kind_name(label->kind),
                  sg_category_info(label->category)->name, sg_confidence_name(label->confidence),
                  pack);
    show_line(out, "entity", label->entity);
    show_line(out, "actor", label->actor);
    show_line(out, "chain", label->chain);
    show_line(out, "currency", label->currency);
    show_line(out, "abuse", label->abuse);
    show_line(out, "programme", label->programme);
    show_line(out, "source", label->source);
    show_date(out, "dated", label->source_date_unix_s);
    show_date(out, "first seen", label->first_seen_unix_s);
    show_date(out, "last seen", label->last_seen_unix_s);
    show_date(out, "listed", label->listed_unix_s);
    show_date(out, "delisted", label->delisted_unix_s);
    for (size_t i = 0; i < label->n_aliases; i++)
        show_line(out, i ? "" : "aliases", label->aliases[i]);
    show_line(out, "note", label->note);
}

static enum sg_status show_one(size_t *n_left_out, struct sg_buf *out, struct sg_jsonw *w,
                               struct sg_labels *labels, const char *text, bool json,
                               struct sg_err *err)
{
    struct sg_arena arena = SG_ARENA_INIT;
    const struct sg_labels_range range = sg_labels_find(labels, text, strlen(text));
    const size_t n = range.count < SHOWN_MAX ? range.count : SHOWN_MAX;
    enum sg_status st = SG_OK;
    *n_left_out += range.count - n;
    for (size_t i = 0; st == SG_OK && i < n; i++) {
        struct sg_label label;
        uint32_t pack;
        st = sg_labels_read(&label, &pack, labels, range, i, &arena, err);
        if (st == SG_OK && json)
            show_json(w, &label, pack);
        else if (st == SG_OK)
            show_text(out, &label, pack);
        sg_arena_clear(&arena);
    }
    if (!json && n < range.count)
        sg_buf_printf(out, "and %zu more labels of this address\n", range.count - n);
    return st;
}

static enum sg_status show_labels(struct sg_buf *out, struct sg_labels *labels,
                                  const struct words *words, char **args, size_t n_args,
                                  struct sg_err *err)
{
    struct sg_jsonw w;
    size_t n_left_out = 0;
    enum sg_status st = SG_OK;
    if (n_args == 0)
        return sg_err_set(err, SG_EUSAGE, "which address? give one or more");
    sg_jsonw_init(&w, out);
    if (words->json) {
        sg_jsonw_begin_object(&w);
        sg_jsonw_kv_uint(&w, "schema", 1);
        sg_jsonw_kv_string(&w, "action", "show");
        sg_jsonw_key(&w, "labels");
        sg_jsonw_begin_array(&w);
    }
    for (size_t i = 0; st == SG_OK && i < n_args; i++)
        st = show_one(&n_left_out, out, &w, labels, args[i], words->json, err);
    if (words->json) {
        sg_jsonw_end_array(&w);
        if (n_left_out)
            sg_jsonw_kv_uint(&w, "labels_left_out", n_left_out);
        sg_jsonw_end_object(&w);
        sg_buf_putc(out, '\n');
    } else if (st == SG_OK && out->size == 0)
        sg_buf_puts(out, "no label\n");
    return st;
}

struct export
{
    struct sg_buf *out;
    bool as_tagpack;
};

static enum sg_status export_label(void *ctx, const struct sg_label *label, struct sg_err *err)
{
    struct export *export = ctx;
    enum sg_status st = SG_OK;
    if (export->as_tagpack)
        st = sg_tagpack_write_tag(export->out, label, err);
    else
        sg_labelfile_csv_row(export->out, label);
    return st == SG_OK && export->out->size > OUT_STEP ? flush(export->out, err) : st;
}

static enum sg_status export_pack(struct export *export, struct sg_labels *labels, uint32_t index,
                                  struct sg_err *err)
{
    struct sg_labels_pack pack;
    enum sg_status st = sg_labels_pack_at(&pack, labels, index, err);
    if (st == SG_OK && export->as_tagpack)
        st = sg_tagpack_write_header(export->out, &pack.pack, err);
    return st == SG_OK ? sg_labels_each(labels, index, export_label, export, err) : st;
}

static enum sg_status export_labels(struct sg_buf *out, struct sg_labels *labels,
                                    const struct words *words, struct sg_err *err)
{
    const uint32_t n_packs = sg_labels_n_packs(labels);
    struct export export = {out, words->format && strcmp(words->format, "tagpack") == 0};
    enum sg_status st = SG_OK;
    if (!words->format || (!export.as_tagpack && strcmp(words->format, "csv") != 0))
        return sg_err_set(err, SG_EUSAGE, "--format csv or tagpack is needed");
    if (words->pack != ANY_PACK && words->pack >= n_packs)
        return sg_err_set(err, SG_EUSAGE, "no pack %" PRIu64 "; labels list shows them",
                          words->pack);
    if (export.as_tagpack && words->pack == ANY_PACK && n_packs > 1)
        return sg_err_set(err, SG_EUSAGE,
                          "a TagPack is one pack: say which with --pack N; labels list shows them");
    if (!export.as_tagpack)
        sg_labelfile_csv_header(out);
    for (uint32_t i = 0; st == SG_OK && i < n_packs; i++)
        if (words->pack == ANY_PACK || words->pack == i)
            st = export_pack(&export, labels, i, err);
    return st;
}

static enum sg_status with_store(struct sg_buf *out, const char *dir, const char *action,
                                 const struct words *words, char **args, size_t n_args,
                                 struct sg_err *err)
{
    struct sg_labels *labels = NULL;
    enum sg_status st = sg_labels_open(&labels, dir, err);
    if (st != SG_OK)
        return st;
    if (strcmp(action, "list") == 0)
        st = list(out, labels, words, err);
    else if (strcmp(action, "show") == 0)
        st = show_labels(out, labels, words, args, n_args, err);
    else if (strcmp(action, "export") == 0)
        st = export_labels(out, labels, words, err);
    else
        st = sg_err_set(err, SG_EUSAGE, "no action '%s'; there are: import, list, show, export",
                        action);
    sg_labels_close(labels);
    return st;
}

static enum sg_status run(const struct words *words, char **args, size_t n_args, struct sg_err *err)
{
    char dir[SG_LABELSTORE_PATH_MAX];
    struct sg_buf out = SG_BUF_INIT(OUT_MAX);
    enum sg_status st = sg_labelstore_dir(dir, words->labels, err);
    if (st == SG_OK)
        st = strcmp(args[0], "import") == 0
                 ? import(&out, dir, words, args + 1, n_args - 1, err)
                 : with_store(&out, dir, args[0], words, args + 1, n_args - 1, err);
    if (st == SG_OK)
        st = flush(&out, err);
    sg_buf_clear(&out);
    return st;
}

int sg_cmd_labels(int argc, char **argv)
{
    struct words words = {.pack = ANY_PACK};
    struct sg_err err;
    char **args;
    size_t n_args;
    const struct sg_opt opts[] = {
        {.name = "labels", .arg = "DIR", .help = "the label store", .text = &words.labels},
        {.name = "format",
         .arg = "F",
         .help = "import: tagpack, ofac-sdn-advanced, eu-fsf, uk-sanctions, un-consolidated, "
                 "etherscan-labels, csv; export: csv, tagpack",
         .text = &words.format},
        {.name = "list-date",
         .arg = "D",
         .help = "import: date of files that do not say theirs",
         .text = &words.list_date},
        {.name = "pack", .arg = "N", .help = "export: only this pack", .number = &words.pack},
        {.name = "json", .help = "print JSON (docs/api/labels.json)", .flag = &words.json},
    };
    const struct sg_usage usage = {
        .verb = VERB,
        .args = "import FILE...|list|show ADDRESS...|export [options]",
        .summary = "Who is behind addresses, by whose word and since when. Labels of all sources "
                   "lie side\n"
                   "by side in one store: --labels DIR, else $SILLAGE_LABELS, else\n"
                   "$XDG_DATA_HOME/sillage/labels, else ~/.local/share/sillage/labels.\n"
                   "Formats and columns: docs/formats/labels.md.",
        .example = "  sillage labels import tagpacks/*.yaml --format tagpack\n"
                   "  sillage labels import sdn_advanced.xml.bz2 --format ofac-sdn-advanced\n"
                   "  sillage labels show 0x098B716B8Aaf21512996dC57EB0615e2383E2f96",
        .opts = opts,
        .n_opts = SG_COUNT_OF(opts),
        .args_min = 1,
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
    if (run(&words, args, n_args, &err) != SG_OK)
        return sg_app_fail(VERB, &err);
    return 0;
}
