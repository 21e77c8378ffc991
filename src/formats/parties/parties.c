#include "formats/parties/parties_internal.h"

#include "base/limits.h"
#include "base/mem.h"
#include "formats/csv/csv.h"
#include "formats/xml/xml.h"

#include <stdio.h>
#include <string.h>

struct sg_parties {
    enum sg_parties_list list;
    const struct parties_dialect *dialect; /* once the root was seen */
    struct parties_roster roster;
    struct sg_xml *xml; /* one of the two, once the first byte was seen */
    struct sg_csv *csv;
    unsigned party_depth; /* of the party's element; 0 outside */
    int64_t date_unix_s;
    const struct parties_field *columns[SG_CSV_FIELDS_MAX];
    size_t n_columns; /* 0: no header yet */
};

static struct sg_text text_of(const char *text)
{
    return (struct sg_text){text, strlen(text)};
}

static const char *const names[] = {"eu-fsf", "uk-sanctions", "un-consolidated"};
static const char *const titles[] = {"EU Financial Sanctions Files", "UK Sanctions List",
                                     "UN Security Council Consolidated List"};

static enum sg_status take(struct sg_parties *p, const struct parties_field *field,
                           struct sg_text text, struct sg_err *err)
{
    if (field->role == PARTIES_DATE) {
        (void)sg_parties_day(&p->date_unix_s, text);
        return SG_OK;
    }
    return p->party_depth || p->csv ? sg_parties_take(&p->roster, field, text, err) : SG_OK;
}

/* XML */

static enum sg_status start_root(struct sg_parties *p, const char *name, struct sg_err *err)
{
    p->dialect = sg_parties_dialect_of(p->list, name);
    if (p->dialect)
        return SG_OK;
    return sg_err_set(err, SG_EPARSE, "the root is %.64s, which is not a form of %s that is read",
                      name, names[p->list]);
}

static bool is_party(const struct parties_dialect *dialect, const char *name)
{
    return strcmp(name, dialect->party[0]) == 0 ||
           (dialect->party[1] && strcmp(name, dialect->party[1]) == 0);
}

static enum sg_status take_attributes(struct sg_parties *p, const char *name,
                                      const char *const *attributes, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    for (size_t i = 0; st == SG_OK && attributes[i]; i += 2) {
        const struct parties_field *field =
            sg_parties_field_of(p->dialect, text_of(name), attributes[i]);
        const struct sg_text value = text_of(attributes[i + 1]);
        if (field)
            st = take(p, field, value, err);
        if (st == SG_OK && p->party_depth)
            st = sg_parties_search(&p->roster, value, err);
    }
    return st;
}

static enum sg_status on_start(void *ctx, unsigned depth, const char *name,
                               const char *const *attributes, struct sg_err *err)
{
    struct sg_parties *p = ctx;
    enum sg_status st = SG_OK;
    if (depth == 1)
        st = start_root(p, name, err);
    if (st != SG_OK)
        return st;
    if (!p->party_depth && is_party(p->dialect, name)) {
        p->party_depth = depth;
        sg_parties_begin(&p->roster);
    }
    sg_xml_want_text(p->xml);
    return take_attributes(p, name, attributes, err);
}

static enum sg_status on_end(void *ctx, unsigned depth, const char *name, struct sg_text text,
                             struct sg_err *err)
{
    struct sg_parties *p = ctx;
    const struct parties_field *field = sg_parties_field_of(p->dialect, text_of(name), NULL);
    enum sg_status st = field ? take(p, field, text, err) : SG_OK;
    if (st != SG_OK || !p->party_depth)
        return st;
    const bool is_end = depth == p->party_depth;
    const char *name_element = p->dialect->name_element;
    st = sg_parties_search(&p->roster, text, err);
    if (st == SG_OK && (name_element ? strcmp(name, name_element) == 0 : is_end))
        st = sg_parties_end_name(&p->roster, p->dialect->parts_are_primary, err);
    if (st == SG_OK && is_end) {
        p->party_depth = 0;
        st = sg_parties_end(&p->roster, err);
    }
    return st;
}

/* CSV */

static enum sg_status bad_row(struct sg_parties *p, uint64_t line, const char *reason,
                              struct sg_err *err)
{
    struct sg_err why;
    (void)sg_err_set(&why, SG_EPARSE, "%s", reason);
    why.line = line > UINT32_MAX ? 0 : (uint32_t)line;
    return p->roster.sink.bad(p->roster.sink.ctx, &why, err);
}

static enum sg_status on_bad(void *ctx, const struct sg_bad_row *row, struct sg_err *err)
{
    return bad_row(ctx, row->line, row->reason, err);
}

/* "Report Date: 13-Feb-2026", or "Last Updated,03/06/2026", in front of the header. */
static void read_preamble(struct sg_parties *p, const struct sg_csv_record *record)
{
    for (size_t i = 0; i < record->n_fields; i++) {
        struct sg_text text = record->fields[i];
        const char *colon = memchr(text.data, ':', text.size);
        if (colon) {
            text.size -= (size_t)(colon + 1 - text.data);
            text.data = colon + 1;
        }
        while (text.size && *text.data == ' ') {
            text.data++;
            text.size--;
        }
        (void)sg_parties_day(&p->date_unix_s, text);
    }
}

static enum sg_status read_header(struct sg_parties *p, const struct sg_csv_record *record,
                                  struct sg_err *err)
{
    bool has_reference = false, has_name = false;
    for (size_t i = 0; i < record->n_fields; i++) {
        p->columns[i] = sg_parties_field_of(p->dialect, record->fields[i], NULL);
        has_reference =
            has_reference || (p->columns[i] && p->columns[i]->role == PARTIES_REFERENCE);
        has_name = has_name || (p->columns[i] && p->columns[i]->role == PARTIES_PART);
    }
    if (has_reference && has_name) {
        p->n_columns = record->n_fields;
        return SG_OK;
    }
    if (record->number > 2 || record->n_fields > 2)
        return sg_err_line(err, record->number > UINT32_MAX ? 0 : (uint32_t)record->number, 1,
                           "no columns 'Name 6' and 'Unique ID' or 'Group ID': not the UK's list");
    read_preamble(p, record);
    return SG_OK;
}

static enum sg_status on_record(void *ctx, const struct sg_csv_record *record, struct sg_err *err)
{
    struct sg_parties *p = ctx;
    enum sg_status st = SG_OK;
    if (p->n_columns == 0)
        return read_header(p, record, err);
    if (record->n_fields != p->n_columns)
        return bad_row(p, record->number, "a row with more or fewer fields than the header", err);
    sg_parties_begin(&p->roster);
    for (size_t i = 0; st == SG_OK && i < record->n_fields; i++) {
        if (p->columns[i])
            st = take(p, p->columns[i], record->fields[i], err);
        if (st == SG_OK)
            st = sg_parties_search(&p->roster, record->fields[i], err);
    }
    if (st == SG_OK)
        st = sg_parties_end_name(&p->roster, p->dialect->parts_are_primary, err);
    return st == SG_OK ? sg_parties_end(&p->roster, err) : st;
}

enum sg_status sg_parties_new(struct sg_parties **parties, enum sg_parties_list list,
                              const struct sg_label_sink *sink, struct sg_err *err)
{
    struct sg_parties *made = sg_mem_zalloc(1, sizeof(*made));
    if (!made)
        return sg_err_nomem(err);
    made->list = list;
    made->roster.sink = *sink;
    made->date_unix_s = SG_TIME_UNKNOWN;
    *parties = made;
    return SG_OK;
}

/* Skips a byte order mark and blanks, and makes the parser for what follows. */
static enum sg_status begin(struct sg_parties *p, const char **bytes, size_t *size,
                            struct sg_err *err)
{
    const struct sg_xml_sink xml = {on_start, on_end, p};
    const struct sg_csv_sink csv = {on_record, on_bad, p};
    while (*size && memchr(" \t\r\n\xef\xbb\xbf", **bytes, 7)) {
        ++*bytes;
        --*size;
    }
    if (*size == 0)
        return SG_OK;
    if (**bytes == '<' || p->list != SG_PARTIES_UK)
        return sg_xml_new(&p->xml, &xml, err);
    p->dialect = sg_parties_dialect_of_csv();
    return sg_csv_new(&p->csv, &csv, 0, err);
}

enum sg_status sg_parties_feed(struct sg_parties *parties, const char *bytes, size_t size,
                               struct sg_err *err)
{
    enum sg_status st = SG_OK;
    if (!parties->xml && !parties->csv)
        st = begin(parties, &bytes, &size, err);
    if (st != SG_OK || size == 0)
        return st;
    return parties->xml ? sg_xml_feed(parties->xml, bytes, size, err)
                        : sg_csv_feed(parties->csv, bytes, size, err);
}

enum sg_status sg_parties_finish(struct sg_label_pack *pack, struct sg_parties *parties,
                                 struct sg_err *err)
{
    enum sg_status st = SG_OK;
    if (parties->xml)
        st = sg_xml_finish(parties->xml, err);
    else if (parties->csv)
        st = sg_csv_finish(parties->csv, err);
    if (st == SG_OK && (parties->xml ? !parties->dialect : parties->n_columns == 0))
        st = sg_err_line(err, 1, 1, "an empty file: not a list of %s", names[parties->list]);
    if (st == SG_OK)
        st = sg_parties_give(&parties->roster, titles[parties->list], err);
    if (st != SG_OK)
        return st;
    *pack = (struct sg_label_pack){.title = titles[parties->list],
                                   .list = names[parties->list],
                                   .date_unix_s = parties->date_unix_s};
    return SG_OK;
}

void sg_parties_free(struct sg_parties *parties)
{
    if (!parties)
        return;
    sg_xml_free(parties->xml);
    sg_csv_free(parties->csv);
    sg_parties_roster_clear(&parties->roster);
    sg_mem_free(parties);
}
