/* Values of a ledger file as they might stand in a damaged or made one: columns, notes of files and
 * of bad rows, the meta record. What opens must be usable to its end, and a column of numbers must
 * survive encoding again. The first byte says which. */
#include "store/engine/image_internal.h"
#include "store/engine/notes_internal.h"

#include "base/mem.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum sg_status open_whole(struct sg_column *column, struct sg_bytes bytes, unsigned elem)
{
    const size_t head = bytes.size < SG_COLUMN_HEADER ? bytes.size : SG_COLUMN_HEADER;
    return sg_column_open(column, (struct sg_bytes){bytes.at, head},
                          (struct sg_bytes){bytes.at + head, bytes.size - head}, elem, NULL);
}

static void check_numbers(const struct sg_column *column, const uint8_t *values)
{
    struct sg_column again;
    uint8_t *bytes = sg_mem_alloc(sg_column_bound(column->count, column->elem), 1);
    uint8_t *back = sg_mem_alloc(column->count, column->elem);
    if (!bytes || !back)
        abort();
    const size_t size = sg_column_encode(bytes, values, column->count, column->elem);
    if (open_whole(&again, (struct sg_bytes){bytes, size}, column->elem) != SG_OK)
        abort();
    sg_column_decode(back, &again, 0, again.count);
    assert(again.count == column->count);
    assert(memcmp(back, values, (size_t)column->count * column->elem) == 0);
    sg_mem_free(back);
    sg_mem_free(bytes);
}

static void use_column(struct sg_bytes bytes, unsigned elem)
{
    struct sg_column column;
    if (open_whole(&column, bytes, elem) != SG_OK)
        return;
    uint8_t *values = sg_mem_alloc(column.count, elem);
    if (!values)
        abort();
    sg_column_decode(values, &column, 0, column.count);
    for (size_t i = 0; elem == SG_ELEM_ADDR && i < column.count; i++)
        assert(values[i * elem] <= SG_ADDRESS_MAX);
    if (elem <= 16)
        check_numbers(&column, values);
    sg_mem_free(values);
}

static void use_notes(struct sg_bytes bytes)
{
    struct sg_file_entry file;
    struct sg_bad_entry bad;
    struct sg_buf buf = SG_BUF_INIT(SG_NOTE_MAX);
    if (sg_note_get_file(&file, bytes, NULL) == SG_OK) {
        sg_note_put_file(&buf, &file);
        assert(buf.size == bytes.size && memcmp(buf.data, bytes.at, bytes.size) == 0);
        sg_buf_reset(&buf);
    }
    if (sg_note_get_bad(&bad, bytes, NULL) == SG_OK) {
        sg_note_put_bad(&buf, &bad);
        assert(buf.size == bytes.size && memcmp(buf.data, bytes.at, bytes.size) == 0);
    }
    sg_buf_clear(&buf);
}

/* The checksum is made to fit, or nothing behind it would be reached. */
static void use_meta(struct sg_bytes bytes)
{
    struct sg_image image;
    const struct sg_chain *chain = sg_chain_find("ethereum", 8);
    uint8_t *copy = sg_mem_alloc(bytes.size + SG_SHA256_SIZE, 1);
    if (!copy)
        abort();
    memcpy(copy, bytes.at, bytes.size);
    sg_sha256_of(copy + bytes.size, copy, bytes.size);
    sg_image_init(&image, chain);
    const struct sg_bytes summed = {copy, bytes.size + SG_SHA256_SIZE};
    if (sg_meta_parse(&image.meta, image.lists, chain, summed, NULL) == SG_OK)
        for (size_t i = 0; i < SG_LISTS; i++)
            assert(image.lists[i].n <= SG_SEGMENTS_MAX / 2);
    sg_mem_free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t elems[] = {1, 4, 8, 16, SG_ELEM_HASH, SG_ELEM_ADDR};
    if (size == 0 || size > SG_SMALL_FILE_MAX)
        return 0;
    const struct sg_bytes bytes = {data + 1, size - 1};
    const unsigned kind = data[0] % 8;
    if (kind < SG_COUNT_OF(elems))
        use_column(bytes, elems[kind]);
    else if (kind == 6)
        use_notes(bytes);
    else
        use_meta(bytes);
    return 0;
}
