/* Clusters as CSV. */
#include "app/linking/linking_internal.h"
#include "store/outfile/outfile.h"

#include <inttypes.h>

/* A spreadsheet takes a cell that begins so for a formula: a quote before it makes it text. */
static void put_cell(struct sg_buf *out, struct sg_buf *quoted, struct sg_text text)
{
    sg_buf_reset(quoted);
    if (memchr("=+-@\t\r", text.data[0], 6))
        sg_buf_putc(quoted, '\'');
    sg_buf_append(quoted, text.data, text.size);
    sg_buf_csv(out, quoted->data, quoted->size);
}

static enum sg_status hand_on(struct sg_outfile *file, struct sg_buf *buf, struct sg_err *err)
{
    enum sg_status st = sg_buf_check(buf, err);
    if (st == SG_OK)
        st = sg_outfile_append(file, buf->data, buf->size, err);
    sg_buf_reset(buf);
    return st;
}

enum sg_status sg_linking_write_clusters(const struct sg_linking *l, const char *path,
                                         struct sg_err *err)
{
    struct sg_outfile file = {.fd = -1};
    char space[LINKING_ID_MAX];
    struct sg_buf buf = SG_BUF_INIT(4 * LINKING_PIECE), quoted = SG_BUF_INIT(LINKING_PIECE + 1);
    enum sg_status st = sg_outfile_begin(&file, path, err);
    sg_buf_puts(&buf, "record,cluster\n");
    for (size_t row = 0; st == SG_OK && row < l->roster.n_rows; row++) {
        put_cell(&buf, &quoted, sg_linking_id(l, row, space));
        sg_buf_printf(&buf, ",%" PRIu32 "\n", l->result.group_of[row] + 1);
        if (buf.size >= LINKING_PIECE)
            st = hand_on(&file, &buf, err);
    }
    if (st == SG_OK)
        st = hand_on(&file, &buf, err);
    if (st == SG_OK)
        st = sg_outfile_commit(&file, err);
    sg_outfile_abandon(&file);
    sg_buf_clear(&buf);
    sg_buf_clear(&quoted);
    return st;
}
