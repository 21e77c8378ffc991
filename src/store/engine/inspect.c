#include "store/engine/image_internal.h"
#include "store/engine/notes_internal.h"

#include "base/mem.h"

static enum sg_status note_at(struct sg_bytes *bytes, const struct sg_image *image, unsigned table,
                              uint64_t number, struct sg_err *err)
{
    const enum sg_status st = sg_kv_get(bytes, image->txn, table, number, err);
    if (st == SG_ENOTFOUND)
        return sg_err_set(err, SG_ECORRUPT, "a note of the ledger is missing");
    return st;
}

enum sg_status sg_engine_files(const char *dir, const struct sg_chain *chain,
                               void (*visit)(void *ctx, const struct sg_file_entry *file),
                               void *ctx, struct sg_err *err)
{
    struct sg_image image;
    struct sg_file_entry file;
    enum sg_status st = sg_image_open(&image, dir, chain, err);
    if (st != SG_OK)
        return st;
    for (uint64_t i = 0; st == SG_OK && i < image.meta.stats.files; i++) {
        struct sg_bytes bytes = {0};
        st = note_at(&bytes, &image, SG_TABLE_FILES, i, err);
        if (st == SG_OK)
            st = sg_note_get_file(&file, bytes, err);
        if (st == SG_OK)
            visit(ctx, &file);
    }
    sg_image_clear(&image);
    return st;
}

enum sg_status sg_engine_bad_rows(const char *dir, const struct sg_chain *chain,
                                  void (*visit)(void *ctx, const struct sg_bad_entry *bad),
                                  void *ctx, struct sg_err *err)
{
    struct sg_image image;
    struct sg_bad_entry bad;
    enum sg_status st = sg_image_open(&image, dir, chain, err);
    if (st != SG_OK)
        return st;
    for (uint64_t i = 0; st == SG_OK && i < image.meta.stats.bad_rows; i++) {
        struct sg_bytes bytes = {0};
        st = note_at(&bytes, &image, SG_TABLE_BAD, i, err);
        if (st == SG_OK)
            st = sg_note_get_bad(&bad, bytes, err);
        if (st == SG_OK)
            visit(ctx, &bad);
    }
    sg_image_clear(&image);
    return st;
}
