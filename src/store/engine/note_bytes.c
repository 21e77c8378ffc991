#include "store/engine/notes_internal.h"

#include "base/reader.h"

#include <string.h>

static void put_number(struct sg_buf *buf, uint64_t number)
{
    sg_buf_append(buf, &number, sizeof(number)); /* Little-endian, as column.c asserts. */
}

static void put_text(struct sg_buf *buf, const char *text)
{
    const uint16_t size = (uint16_t)strlen(text);
    sg_buf_append(buf, &size, sizeof(size));
    sg_buf_append(buf, text, size);
}

/* False if it does not fit with a terminator, or holds a zero byte. */
static bool get_text(char *text, size_t room, struct sg_reader *r)
{
    const size_t size = (size_t)sg_reader_le(r, 2);
    if (size >= room)
        return false;
    sg_reader_bytes(text, r, size);
    text[size] = 0;
    return !r->failed && strlen(text) == size;
}

void sg_note_put_file(struct sg_buf *buf, const struct sg_file_entry *file)
{
    put_text(buf, file->name);
    put_text(buf, file->table);
    sg_buf_append(buf, file->sha256, sizeof(file->sha256));
    put_number(buf, file->bytes);
    put_number(buf, file->records);
    put_number(buf, file->bad);
}

enum sg_status sg_note_get_file(struct sg_file_entry *file, struct sg_bytes bytes,
                                struct sg_err *err)
{
    struct sg_reader r;
    memset(file, 0, sizeof(*file));
    sg_reader_init(&r, bytes.at, bytes.size);
    if (get_text(file->name, sizeof(file->name), &r) &&
        get_text(file->table, sizeof(file->table), &r)) {
        sg_reader_bytes(file->sha256, &r, sizeof(file->sha256));
        file->bytes = sg_reader_le(&r, 8);
        file->records = sg_reader_le(&r, 8);
        file->bad = sg_reader_le(&r, 8);
        if (!r.failed && sg_reader_left(&r) == 0)
            return SG_OK;
    }
    return sg_err_set(err, SG_ECORRUPT, "the note of an imported file is malformed");
}

void sg_note_put_bad(struct sg_buf *buf, const struct sg_bad_entry *bad)
{
    put_number(buf, bad->file);
    put_number(buf, bad->offset);
    put_number(buf, bad->line);
    put_text(buf, bad->reason);
    put_text(buf, bad->text);
}

enum sg_status sg_note_get_bad(struct sg_bad_entry *bad, struct sg_bytes bytes, struct sg_err *err)
{
    struct sg_reader r;
    memset(bad, 0, sizeof(*bad));
    sg_reader_init(&r, bytes.at, bytes.size);
    bad->file = sg_reader_le(&r, 8);
    bad->offset = sg_reader_le(&r, 8);
    bad->line = sg_reader_le(&r, 8);
    if (get_text(bad->reason, sizeof(bad->reason), &r) &&
        get_text(bad->text, sizeof(bad->text), &r) && sg_reader_left(&r) == 0)
        return SG_OK;
    return sg_err_set(err, SG_ECORRUPT, "the note of a bad row is malformed");
}
