/* Tables of people and events: every row that is handed on is UTF-8 and has what each row needs,
 * and the result does not depend on how the bytes are cut. The first byte chooses table and cut. */
#include "base/utf8.h"
#include "formats/people_events/people_events.h"

#include <assert.h>

struct seen {
    size_t needed, n_fields;
    uint64_t rows, bad, bytes;
};

static enum sg_status on_row(void *ctx, const struct sg_text *fields, uint64_t number,
                             struct sg_err *err)
{
    struct seen *seen = ctx;
    size_t bad;
    (void)err;
    assert(number > 0);
    for (size_t i = 0; i < seen->n_fields; i++) {
        assert(i >= seen->needed || fields[i].data);
        assert(!fields[i].data ||
               (fields[i].size && sg_utf8_check(&bad, fields[i].data, fields[i].size)));
        seen->bytes += fields[i].size;
    }
    seen->rows++;
    return SG_OK;
}

static enum sg_status on_bad(void *ctx, uint64_t number, const char *reason, struct sg_err *err)
{
    struct seen *seen = ctx;
    (void)err;
    assert(number > 0 && *reason);
    seen->bad++;
    return SG_OK;
}

static enum sg_status read_all(struct seen *seen, enum sg_people_events_table table,
                               const char *text, size_t size, size_t step)
{
    struct sg_people_events_reader *reader = NULL;
    struct sg_err err;
    const struct sg_people_events_sink sink = {on_row, on_bad, seen};
    seen->needed = table == SG_PEOPLE_EVENTS_PEOPLE ? 1 : 3;
    seen->n_fields = table == SG_PEOPLE_EVENTS_PEOPLE ? SG_PERSON_FIELDS : SG_EVENT_FIELDS;
    enum sg_status st = sg_people_events_reader_new(&reader, table, &sink, &err);
    for (size_t at = 0; st == SG_OK && at < size; at += step)
        st = sg_people_events_reader_feed(reader, text + at, size - at < step ? size - at : step,
                                          &err);
    if (st == SG_OK)
        st = sg_people_events_reader_finish(reader, &err);
    sg_people_events_reader_free(reader);
    return st;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct seen whole = {0}, cut = {0};
    if (size < 1 || size > 65536)
        return 0;
    const enum sg_people_events_table table =
        data[0] & 1 ? SG_PEOPLE_EVENTS_EVENTS : SG_PEOPLE_EVENTS_PEOPLE;
    const char *text = (const char *)data + 1;
    const enum sg_status a = read_all(&whole, table, text, size - 1, size);
    const enum sg_status b = read_all(&cut, table, text, size - 1, 1u + (data[0] >> 1));
    assert(a == b);
    assert(a != SG_OK ||
           (whole.rows == cut.rows && whole.bad == cut.bad && whole.bytes == cut.bytes));
    return 0;
}
