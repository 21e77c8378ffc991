/* The table of block times: CSV whose heading names a block and a time, as extracts of nodes have
 * it, or two columns without a heading. */
#include "app/demixing/demixing.h"

#include "base/mem.h"

struct table {
    struct sg_demixing *d;
    size_t block_at, time_at; /* columns */
};

static bool is_any(struct sg_text text, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (sg_text_is(text, names[i]))
            return true;
    return false;
}

static bool take_header(struct table *table, const struct sg_csv_record *record)
{
    static const char *const blocks[] = {"block", "number", "block_number", "blockNumber"};
    static const char *const times[] = {"time", "timestamp", "timeStamp", "block_timestamp"};
    size_t found = 0;
    for (size_t i = 0; i < record->n_fields; i++) {
        if (is_any(record->fields[i], blocks, SG_COUNT_OF(blocks))) {
            table->block_at = i;
            found |= 1;
        } else if (is_any(record->fields[i], times, SG_COUNT_OF(times))) {
            table->time_at = i;
            found |= 2;
        }
    }
    return found == 3;
}

static bool read_block(uint64_t *block, struct sg_text text)
{
    struct sg_amount number;
    return sg_amount_parse(&number, text.data, text.size, 0, NULL) == SG_OK &&
           sg_amount_to_u64(block, number) && *block < (uint64_t)1 << 48;
}

/* Far enough from the ends of int64_t that arithmetic on times cannot wrap. */
static bool read_time(int64_t *time, struct sg_text text)
{
    return sg_time_parse(time, text.data, text.size, NULL) == SG_OK && *time >= 0 &&
           *time < (int64_t)1 << 40;
}

static enum sg_status on_row(void *ctx, const struct sg_csv_record *record, struct sg_err *err)
{
    struct table *table = ctx;
    uint64_t block = 0;
    int64_t time = 0;
    if (record->number == 1 && take_header(table, record))
        return SG_OK;
    const size_t widest = table->block_at > table->time_at ? table->block_at : table->time_at;
    if (widest >= record->n_fields || !read_block(&block, record->fields[table->block_at]))
        return sg_err_line(err, (uint32_t)record->number, 1, "not the number of a block");
    if (!read_time(&time, record->fields[table->time_at]))
        return sg_err_line(err, (uint32_t)record->number, 1, "not the time of a block");
    return sg_pool_add_time(&table->d->builder, block, time, err);
}

enum sg_status sg_demixing_blocks(struct sg_demixing *d, const char *path, struct sg_err *err)
{
    struct table table = {d, 0, 1};
    return sg_demixing_rows(path, on_row, &table, err);
}
