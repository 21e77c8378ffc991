/* Files into the store: bytes unpacked, labels parsed, packs added, one commit at the end. */
#include "app/labelstore/labelstore.h"

#include "app/meter.h"
#include "formats/inflate/inflate.h"
#include "formats/recognise/recognise.h"
#include "store/file/file.h"

#include <string.h>

struct import {
    struct sg_labels_writer *writer;
    struct sg_labelfile *file;
    struct sg_inflate *inflate;
    const char *path;
    int64_t list_date_unix_s;
    uint64_t n_labels; /* of the file at hand */
    uint64_t n_bytes, n_total;
    struct sg_bar bar;
    struct sg_labelstore_import done;
    const struct sg_labelstore_told *told;
};

static bool is_same_key(const char *a, const char *b)
{
    char first[SG_LABEL_SUBJECT_MAX + 1], second[SG_LABEL_SUBJECT_MAX + 1];
    return strcmp(sg_label_key(first, a, strlen(a)), sg_label_key(second, b, strlen(b))) == 0;
}

static void doubt(struct import *import, const struct sg_label *label, const char *reason)
{
    struct sg_err why;
    import->done.doubtful++;
    (void)sg_err_set(&why, SG_EPARSE, "%.128s: %s", label->subject, reason);
    import->told->doubt(import->path, &why);
}

static bool is_before(int64_t end, int64_t begin)
{
    return end != SG_TIME_UNKNOWN && begin != SG_TIME_UNKNOWN && end < begin;
}

/* Look at the address of a label: tell what is wrong with it, find what clings to it. The label
 * borrows from `what`. */
static void look_at_address(struct sg_label *label, struct sg_recognised *what,
                            struct import *import)
{
    if (label->kind == SG_LABEL_TX)
        return;
    sg_recognise(what, label->subject, strlen(label->subject));
    if (what->verdict == SG_READING_NONE)
        return;
    if (what->verdict < SG_READING_UNCHECKED) {
        doubt(import, label, what->reason);
        return;
    }
    if (!is_same_key(label->subject, what->text))
        label->subject = what->text;
    if (!label->chain)
        label->chain = what->chain;
}

static void look_at_dates(const struct sg_label *label, struct import *import)
{
    if (is_before(label->delisted_unix_s, label->listed_unix_s))
        doubt(import, label, "delisted before it was listed");
    if (is_before(label->last_seen_unix_s, label->first_seen_unix_s))
        doubt(import, label, "last seen before it was first seen");
}

static enum sg_status on_label(void *ctx, const struct sg_label *label, struct sg_err *err)
{
    struct import *import = ctx;
    struct sg_label dated = *label;
    if (dated.source_date_unix_s == SG_TIME_UNKNOWN)
        dated.source_date_unix_s = import->list_date_unix_s;
    struct sg_recognised what;
    look_at_address(&dated, &what, import);
    look_at_dates(&dated, import);
    import->n_labels++;
    return sg_labels_add(import->writer, &dated, err);
}

static enum sg_status on_bad(void *ctx, const struct sg_err *why, struct sg_err *err)
{
    struct import *import = ctx;
    (void)err;
    import->done.bad++;
    import->told->bad(import->path, why);
    return SG_OK;
}

static enum sg_status on_unpacked(void *ctx, const uint8_t *bytes, size_t size, struct sg_err *err)
{
    struct import *import = ctx;
    return sg_labelfile_feed(import->file, (const char *)bytes, size, err);
}

static enum sg_status on_chunk(void *ctx, const uint8_t *bytes, size_t size, struct sg_err *err)
{
    struct import *import = ctx;
    import->n_bytes += size;
    if (!sg_progress_step(&import->bar.progress, import->n_bytes, import->n_total))
        return sg_err_set(err, SG_ECANCELLED, "stopped; nothing was imported");
    return sg_inflate_feed(import->inflate, bytes, size, err);
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash && slash[1] ? slash + 1 : path;
}

static enum sg_status read_file(struct sg_label_pack *pack, struct import *import,
                                struct sg_err *err)
{
    enum sg_status st = sg_inflate_new(&import->inflate, on_unpacked, import, err);
    if (st == SG_OK)
        st = sg_file_stream(import->path, on_chunk, import, err);
    if (st == SG_OK)
        st = sg_inflate_finish(import->inflate, err);
    if (st == SG_OK)
        st = sg_labelfile_finish(pack, import->file, err);
    sg_inflate_free(import->inflate);
    import->inflate = NULL;
    return st;
}

static enum sg_status import_file(struct import *import, enum sg_label_format format,
                                  struct sg_err *err)
{
    const struct sg_label_sink sink = {on_label, on_bad, import};
    const char *name = base_name(import->path);
    struct sg_label_pack pack;
    bool is_new;
    import->n_labels = 0;
    enum sg_status st = sg_labelfile_new(&import->file, format, &sink, name, err);
    if (st == SG_OK)
        st = sg_labels_pack_begin(import->writer, err);
    if (st == SG_OK)
        st = read_file(&pack, import, err);
    if (st == SG_OK && pack.date_unix_s == SG_TIME_UNKNOWN)
        pack.date_unix_s = import->list_date_unix_s;
    if (st == SG_OK)
        st = sg_labels_pack_end(&is_new, import->writer, &pack, sg_labelfile_name(format), name,
                                err);
    sg_labelfile_free(import->file);
    import->file = NULL;
    if (st != SG_OK) {
        sg_err_frame(err, "%s", import->path);
        return st;
    }
    import->done.files++;
    import->done.known_files += !is_new;
    import->done.labels += is_new ? import->n_labels : 0;
    return SG_OK;
}

/* The folder and its parents. */
static enum sg_status make_folders(const char *dir, struct sg_err *err)
{
    char path[SG_LABELSTORE_PATH_MAX];
    enum sg_status st = SG_OK;
    const size_t size = strlen(dir);
    for (size_t i = 1; st == SG_OK && i < size; i++) {
        if (dir[i] != '/')
            continue;
        memcpy(path, dir, i);
        path[i] = 0;
        st = sg_file_mkdir(path, err);
    }
    return st == SG_OK ? sg_file_mkdir(dir, err) : st;
}

enum sg_status sg_labelstore_import(struct sg_labelstore_import *done, const char *dir,
                                    enum sg_label_format format, char **paths, size_t n_paths,
                                    int64_t list_date_unix_s, const struct sg_labelstore_told *told,
                                    struct sg_err *err)
{
    struct import import = {.list_date_unix_s = list_date_unix_s, .told = told};
    enum sg_status st = make_folders(dir, err);
    if (st == SG_OK)
        st = sg_labels_begin(&import.writer, dir, err);
    if (st != SG_OK)
        return st;
    for (size_t i = 0; i < n_paths; i++)
        import.n_total += sg_file_size(paths[i]);
    sg_bar_begin(&import.bar, "reading", true);
    for (size_t i = 0; st == SG_OK && i < n_paths; i++) {
        import.path = paths[i];
        st = import_file(&import, format, err);
    }
    sg_bar_end(&import.bar);
    if (st == SG_OK) {
        *done = import.done;
        return sg_labels_commit(import.writer, err);
    }
    sg_labels_abort(import.writer);
    return st;
}
