#include "app/linking/linking.h"

#include "app/term.h"
#include "store/file/file.h"
#include "store/outfile/outfile.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define PIECE ((size_t)1024 * 1024)

static enum sg_status feed(void *ctx, const uint8_t *bytes, size_t size, struct sg_err *err)
{
    return sg_roster_feed(ctx, (const char *)bytes, size, err);
}

static enum sg_status read_file(struct sg_roster *roster, const char *path, struct sg_err *err)
{
    struct sg_roster_reader *reader = NULL;
    enum sg_status st = sg_roster_begin(&reader, roster, err);
    if (st == SG_OK)
        st = sg_file_stream(path, feed, reader, err);
    if (st == SG_OK)
        st = sg_roster_finish(reader, err);
    if (st != SG_OK && st != SG_EIO)
        sg_err_frame(err, "%s", path);
    sg_roster_reader_free(reader);
    return st;
}

static enum sg_status find_column(size_t *column, const struct sg_roster *roster, const char *name,
                                  struct sg_err *err)
{
    *column = sg_roster_column(roster, name);
    if (*column == SIZE_MAX)
        return sg_err_set(err, SG_EUSAGE, "no column '%s'", name);
    return SG_OK;
}

enum sg_status sg_linking_run(struct sg_linking *l, const struct sg_linking_ask *ask,
                              const struct sg_progress *progress, struct sg_err *err)
{
    size_t left_out[SG_LIST_MAX + 1];
    struct sg_link_ask link_ask = {left_out, 0};
    const struct sg_link_options options = {(size_t)ask->threads, progress};
    enum sg_status st = SG_OK;
    l->id = SIZE_MAX;
    for (size_t i = 0; st == SG_OK && i < ask->n_files; i++)
        st = read_file(&l->roster, ask->files[i], err);
    if (st == SG_OK && ask->id)
        st = find_column(&l->id, &l->roster, ask->id, err);
    if (st == SG_OK && ask->id)
        left_out[link_ask.n_left_out++] = l->id;
    for (size_t i = 0; st == SG_OK && i < ask->ignore.count; i++)
        st = find_column(&left_out[link_ask.n_left_out++], &l->roster, ask->ignore.items[i], err);
    if (st == SG_OK)
        st = sg_link_infer(&l->model, &l->roster, &link_ask, err);
    if (st == SG_OK)
        st = sg_link_run(&l->result, &l->model, &l->roster, &options, err);
    return st;
}

/* A spreadsheet takes a cell that begins so for a formula: a quote before it makes it text. */
static void put_cell(struct sg_buf *out, struct sg_text text)
{
    char quoted[256];
    if (text.size == 0 || !memchr("=+-@\t\r", text.data[0], 6) || text.size + 1 > sizeof(quoted)) {
        sg_buf_csv(out, text.data, text.size);
        return;
    }
    quoted[0] = '\'';
    memcpy(quoted + 1, text.data, text.size);
    sg_buf_csv(out, quoted, text.size + 1);
}

static void put_id(struct sg_buf *out, const struct sg_linking *l, size_t row)
{
    const struct sg_text id =
        l->id == SIZE_MAX ? (struct sg_text){NULL, 0} : sg_roster_cell(&l->roster, l->id, row);
    if (id.data)
        put_cell(out, id);
    else
        sg_buf_printf(out, "row %zu", row + 1);
}

enum sg_status sg_linking_write_clusters(const struct sg_linking *l, const char *path,
                                         struct sg_err *err)
{
    struct sg_outfile file;
    struct sg_buf buf = SG_BUF_INIT(2 * PIECE);
    enum sg_status st = sg_outfile_begin(&file, path, err);
    sg_buf_puts(&buf, "record,cluster\n");
    for (size_t row = 0; st == SG_OK && row < l->roster.n_rows; row++) {
        put_id(&buf, l, row);
        sg_buf_printf(&buf, ",%" PRIu32 "\n", l->result.group_of[row] + 1);
        if (buf.size < PIECE && row + 1 < l->roster.n_rows)
            continue;
        st = sg_buf_check(&buf, err);
        if (st == SG_OK)
            st = sg_outfile_append(&file, buf.data, buf.size, err);
        sg_buf_reset(&buf);
    }
    if (st == SG_OK)
        st = sg_outfile_commit(&file, err);
    sg_outfile_abandon(&file);
    sg_buf_clear(&buf);
    return st;
}

enum sg_status sg_linking_print(const struct sg_linking *l, struct sg_err *err)
{
    struct sg_buf out = SG_BUF_INIT(PIECE);
    sg_buf_printf(&out, "%zu records, %zu clusters of two or more with %zu records\n",
                  l->roster.n_rows, l->result.n_groups, l->result.n_members);
    if (getenv("LK_DEBUG")) {
        for (size_t i = 0; i < l->model.n_fields; i++) {
            const struct sg_link_field *f = &l->model.fields[i];
            sg_buf_printf(&out, "%zu %s: %s swap %zd implied %zd parts %zu", i, l->roster.columns[f->column].name.data, sg_link_kind_name(f->kind), (ssize_t)f->swap, (ssize_t)f->implied, f->n_parts);
            for (size_t k = 0; k < sg_link_n_levels(f->kind); k++)
                sg_buf_printf(&out, "  %.4f/%.6f", f->m[k], f->u[k]);
            sg_buf_puts(&out, "\n");
        }
        for (size_t i = 0; i < l->result.n_rules; i++)
            sg_buf_printf(&out, "rule %zd.%u %zd.%u pairs %zu large %zu\n", (ssize_t)l->result.rules[i].fields[0], l->result.rules[i].keys[0], (ssize_t)l->result.rules[i].fields[1], l->result.rules[i].keys[1], l->result.rules[i].pairs, l->result.rules[i].large_rows);
        sg_buf_printf(&out, "compared %zu prior %g listed %zu\n", l->result.n_compared, l->model.prior, l->result.n_pairs);
    }
    const enum sg_status st =
        sg_buf_check(&out, err) == SG_OK ? sg_term_print(&out, err) : sg_buf_check(&out, err);
    sg_buf_clear(&out);
    return st;
}

void sg_linking_clear(struct sg_linking *l)
{
    sg_link_clear(&l->result);
    sg_roster_clear(&l->roster);
}
