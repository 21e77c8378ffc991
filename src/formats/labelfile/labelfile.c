#include "formats/labelfile/labelfile_internal.h"

#include "base/limits.h"
#include "base/mem.h"
#include "formats/ofac/ofac.h"
#include "formats/parties/parties.h"
#include "formats/tagpack/tagpack.h"

#include <string.h>

struct sg_labelfile {
    enum sg_label_format format;
    struct sg_label_sink sink;
    struct sg_arena arena;
    const char *title;
    struct sg_buf whole; /* of a format that is read whole */
    struct sg_ofac *ofac;
    struct sg_parties *parties;
    struct sg_labelfile_rows *rows;
};

static const char *const names[SG_LABELFILE_FORMATS] = {
    [SG_LABELFILE_TAGPACK] = "tagpack",
    [SG_LABELFILE_OFAC] = "ofac-sdn-advanced",
    [SG_LABELFILE_ETHERSCAN] = "etherscan-labels",
    [SG_LABELFILE_CSV] = "csv",
    [SG_LABELFILE_EU] = "eu-fsf",
    [SG_LABELFILE_UK] = "uk-sanctions",
    [SG_LABELFILE_UN] = "un-consolidated",
};

const char *sg_labelfile_name(enum sg_label_format format)
{
    return names[format];
}

enum sg_status sg_labelfile_find(enum sg_label_format *format, const char *name)
{
    for (size_t i = 0; i < SG_LABELFILE_FORMATS; i++) {
        if (strcmp(names[i], name) == 0) {
            *format = (enum sg_label_format)i;
            return SG_OK;
        }
    }
    return SG_ENOTFOUND;
}

static enum sg_status make_parser(struct sg_labelfile *file, struct sg_err *err)
{
    switch (file->format) {
    case SG_LABELFILE_TAGPACK:
        file->whole.max = SG_SMALL_FILE_MAX;
        return SG_OK;
    case SG_LABELFILE_OFAC:
        return sg_ofac_new(&file->ofac, &file->sink, err);
    case SG_LABELFILE_ETHERSCAN:
        return sg_labelfile_rows_new(&file->rows, &sg_labelfile_etherscan_table, &file->sink, err);
    case SG_LABELFILE_CSV:
        return sg_labelfile_rows_new(&file->rows, &sg_labelfile_csv_table, &file->sink, err);
    case SG_LABELFILE_EU:
        return sg_parties_new(&file->parties, SG_PARTIES_EU, &file->sink, err);
    case SG_LABELFILE_UK:
        return sg_parties_new(&file->parties, SG_PARTIES_UK, &file->sink, err);
    case SG_LABELFILE_UN:
        return sg_parties_new(&file->parties, SG_PARTIES_UN, &file->sink, err);
    }
    return SG_OK;
}

enum sg_status sg_labelfile_new(struct sg_labelfile **file, enum sg_label_format format,
                                const struct sg_label_sink *sink, const char *title,
                                struct sg_err *err)
{
    struct sg_labelfile *made = sg_mem_zalloc(1, sizeof(*made));
    if (!made)
        return sg_err_nomem(err);
    made->format = format;
    made->sink = *sink;
    made->title = sg_arena_strndup(&made->arena, title, strlen(title));
    const enum sg_status st = made->title ? make_parser(made, err) : sg_err_nomem(err);
    if (st != SG_OK) {
        sg_labelfile_free(made);
        return st;
    }
    *file = made;
    return SG_OK;
}

enum sg_status sg_labelfile_feed(struct sg_labelfile *file, const char *bytes, size_t size,
                                 struct sg_err *err)
{
    if (file->ofac)
        return sg_ofac_feed(file->ofac, bytes, size, err);
    if (file->parties)
        return sg_parties_feed(file->parties, bytes, size, err);
    if (file->rows)
        return sg_labelfile_rows_feed(file->rows, bytes, size, err);
    sg_buf_append(&file->whole, bytes, size);
    return sg_buf_check(&file->whole, err);
}

enum sg_status sg_labelfile_finish(struct sg_label_pack *pack, struct sg_labelfile *file,
                                   struct sg_err *err)
{
    if (file->ofac)
        return sg_ofac_finish(pack, file->ofac, err);
    if (file->parties)
        return sg_parties_finish(pack, file->parties, err);
    if (!file->rows)
        return sg_tagpack_parse(pack, &file->arena, file->whole.data ? file->whole.data : "",
                                file->whole.size, &file->sink, err);
    const enum sg_status st = sg_labelfile_rows_finish(file->rows, err);
    if (st == SG_OK)
        *pack = (struct sg_label_pack){.title = file->title, .date_unix_s = SG_TIME_UNKNOWN};
    return st;
}

void sg_labelfile_free(struct sg_labelfile *file)
{
    if (!file)
        return;
    sg_buf_clear(&file->whole);
    sg_ofac_free(file->ofac);
    sg_parties_free(file->parties);
    sg_labelfile_rows_free(file->rows);
    sg_arena_clear(&file->arena);
    sg_mem_free(file);
}
