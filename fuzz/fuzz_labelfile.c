/* Tables of labels, whole and in pieces: the same status and the same labels, each within its
 * limits, and as a row of our CSV they come back as they were. */
#include "formats/labelfile/labelfile.h"

#include <assert.h>
#include <string.h>

struct seen {
    struct sg_buf rows; /* of our CSV */
    size_t n_bad;
};

static enum sg_status on_label(void *ctx, const struct sg_label *label, struct sg_err *err)
{
    struct seen *seen = ctx;
    char key[SG_LABEL_SUBJECT_MAX + 1];
    char again[SG_LABEL_SUBJECT_MAX + 1];
    assert(sg_label_check(label, err) == SG_OK);
    sg_label_key(key, label->subject, strlen(label->subject));
    assert(strcmp(sg_label_key(again, key, strlen(key)), key) == 0);
    sg_labelfile_csv_row(&seen->rows, label);
    return sg_buf_check(&seen->rows, err);
}

static enum sg_status on_bad(void *ctx, const struct sg_err *why, struct sg_err *err)
{
    struct seen *seen = ctx;
    (void)err;
    assert(why->text[0]);
    seen->n_bad++;
    return SG_OK;
}

static enum sg_status run(struct seen *seen, enum sg_label_format format, const char *bytes,
                          size_t size, size_t step)
{
    const struct sg_label_sink sink = {on_label, on_bad, seen};
    struct sg_labelfile *file = NULL;
    struct sg_label_pack pack;
    struct sg_err err;
    *seen = (struct seen){.rows = SG_BUF_INIT((size_t)1 << 28)};
    sg_labelfile_csv_header(&seen->rows);
    enum sg_status st = sg_labelfile_new(&file, format, &sink, "f", &err);
    for (size_t at = 0; st == SG_OK && at < size; at += step)
        st = sg_labelfile_feed(file, bytes + at, size - at < step ? size - at : step, &err);
    if (st == SG_OK)
        st = sg_labelfile_finish(&pack, file, &err);
    assert(st == SG_OK || st == SG_EPARSE || st == SG_ELIMIT);
    sg_labelfile_free(file);
    return st;
}

static void check(enum sg_label_format format, const char *bytes, size_t size)
{
    struct seen whole, pieces, again;
    const enum sg_status st = run(&whole, format, bytes, size, size + 1);
    assert(run(&pieces, format, bytes, size, 3) == st);
    if (st == SG_OK) {
        assert(whole.n_bad == pieces.n_bad && whole.rows.size == pieces.rows.size);
        assert(memcmp(whole.rows.data, pieces.rows.data, whole.rows.size) == 0);
        assert(run(&again, SG_LABELFILE_CSV, whole.rows.data, whole.rows.size, 4096) == SG_OK);
        sg_buf_clear(&again.rows);
    }
    sg_buf_clear(&whole.rows);
    sg_buf_clear(&pieces.rows);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check(SG_LABELFILE_CSV, (const char *)data, size);
    check(SG_LABELFILE_ETHERSCAN, (const char *)data, size);
    return 0;
}
