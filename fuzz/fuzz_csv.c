/* CSV, whole and in two kinds of pieces: the same records, none of which reaches outside. */
#include "formats/csv/csv.h"

#include <assert.h>

struct seen {
    uint64_t sum, end, number, size;
};

static void mix(struct seen *seen, const char *bytes, size_t size)
{
    seen->sum = seen->sum * 31 + size;
    for (size_t i = 0; i < size; i++)
        seen->sum = seen->sum * 31 + (uint8_t)bytes[i];
}

static void step_to(struct seen *seen, uint64_t offset, uint64_t number)
{
    assert(offset >= seen->end && offset < seen->size && number > seen->number);
    seen->number = number;
    seen->end = offset;
}

static enum sg_status on_record(void *ctx, const struct sg_csv_record *record, struct sg_err *err)
{
    struct seen *seen = ctx;
    (void)err;
    step_to(seen, record->offset, record->number);
    seen->end += record->raw.size;
    assert(seen->end <= seen->size);
    assert(record->n_fields > 0 && record->n_fields <= SG_CSV_FIELDS_MAX);
    for (size_t i = 0; i < record->n_fields; i++)
        mix(seen, record->fields[i].data, record->fields[i].size);
    return SG_OK;
}

static enum sg_status on_bad(void *ctx, const struct sg_bad_row *bad, struct sg_err *err)
{
    struct seen *seen = ctx;
    (void)err;
    step_to(seen, bad->offset, bad->line);
    mix(seen, bad->text, bad->text_size);
    return SG_OK;
}

static struct seen run(const uint8_t *data, size_t size, size_t step)
{
    struct seen seen = {.size = size};
    const struct sg_csv_sink sink = {on_record, on_bad, &seen};
    struct sg_csv *csv = NULL;
    enum sg_status st = sg_csv_new(&csv, &sink, 0, NULL);
    for (size_t at = 0; st == SG_OK && at < size; at += step)
        st = sg_csv_feed(csv, (const char *)data + at, size - at < step ? size - at : step, NULL);
    if (st == SG_OK)
        st = sg_csv_finish(csv, NULL);
    assert(st == SG_OK);
    sg_csv_free(csv);
    return seen;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 65536)
        return 0;
    const struct seen whole = run(data, size, size ? size : 1);
    const struct seen bytes = run(data, size, 1);
    const struct seen pieces = run(data, size, 13);
    assert(whole.sum == bytes.sum && whole.number == bytes.number);
    assert(whole.sum == pieces.sum && whole.number == pieces.number);
    return 0;
}
