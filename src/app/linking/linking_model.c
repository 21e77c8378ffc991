/* Model files by path. */
#include "analysis/linkage/link_model.h"
#include "app/linking/linking_internal.h"
#include "base/limits.h"
#include "base/mem.h"
#include "store/file/file.h"

enum sg_status sg_linking_write_model(const struct sg_linking *l, const char *path,
                                      struct sg_err *err)
{
    struct sg_buf out = SG_BUF_INIT(LINKING_PIECE);
    sg_link_model_write(&out, &l->model, &l->roster);
    enum sg_status st = sg_buf_check(&out, err);
    if (st == SG_OK)
        st = sg_file_write(path, out.data, out.size, err);
    sg_buf_clear(&out);
    return st;
}

enum sg_status sg_linking_read_model(struct sg_link_model *model, const struct sg_roster *roster,
                                     const char *path, struct sg_err *err)
{
    uint8_t *bytes = NULL;
    size_t size;
    enum sg_status st = sg_file_read(&bytes, &size, path, SG_SMALL_FILE_MAX, err);
    if (st == SG_OK)
        st = sg_link_model_parse(model, roster, (const char *)bytes, size, err);
    if (st != SG_OK && st != SG_EIO)
        sg_err_frame(err, "%s", path);
    sg_mem_free(bytes);
    return st;
}
