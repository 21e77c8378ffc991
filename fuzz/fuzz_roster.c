/* Tables by column: every cell is one of its column's values, and the result does not depend on how
 * the bytes are cut. The first byte chooses the cut. */
#include "formats/roster/roster.h"

#include <assert.h>
#include <string.h>

static enum sg_status read_all(struct sg_roster *roster, const char *text, size_t size, size_t step)
{
    struct sg_roster_reader *reader = NULL;
    struct sg_err err;
    enum sg_status st = sg_roster_begin(&reader, roster, &err);
    for (size_t at = 0; st == SG_OK && at < size; at += step)
        st = sg_roster_feed(reader, text + at, size - at < step ? size - at : step, &err);
    if (st == SG_OK)
        st = sg_roster_finish(reader, &err);
    sg_roster_reader_free(reader);
    return st;
}

static void check_same(const struct sg_roster *a, const struct sg_roster *b)
{
    assert(a->n_rows == b->n_rows && a->n_columns == b->n_columns && a->n_bad == b->n_bad);
    for (size_t c = 0; c < a->n_columns; c++)
        for (size_t r = 0; r < a->n_rows; r++) {
            const struct sg_text x = sg_roster_cell(a, c, r), y = sg_roster_cell(b, c, r);
            assert(a->columns[c].cells[r] <= a->columns[c].values.count);
            assert(x.size == y.size && (!x.size || memcmp(x.data, y.data, x.size) == 0));
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sg_roster whole = {0}, cut = {0};
    if (size < 1 || size > 65536)
        return 0;
    const char *text = (const char *)data + 1;
    const enum sg_status a = read_all(&whole, text, size - 1, size);
    const enum sg_status b = read_all(&cut, text, size - 1, 1u + data[0]);
    assert(a == b);
    if (a == SG_OK)
        check_same(&whole, &cut);
    sg_roster_clear(&whole);
    sg_roster_clear(&cut);
    return 0;
}
