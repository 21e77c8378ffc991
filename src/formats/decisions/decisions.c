#include "formats/decisions/decisions.h"

#include "base/mem.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "formats/csv/csv.h"
#include "formats/redrules/redrules.h"

#include <stdlib.h>
#include <string.h>

enum column { RECORD_ID, RULES, DECISION, REVIEWER, DATE, NOTE, COLUMNS };

static const char *const columns[COLUMNS] = {"record_id", "rules", "decision",
                                             "reviewer",  "date",  "note"};
static const char *const words[] = {"open", "explained", "confirmed"};

const char *sg_decision_name(enum sg_decision_word word)
{
    return words[word];
}

struct parsing {
    struct sg_arena *arena;
    bool has_header;
    size_t place[COLUMNS]; /* in a row */
    struct sg_decision *rows;
    size_t n, cap;
};

/* Row numbers of one file fit: each row has bytes. */
static enum sg_status wrong(uint64_t row, const char *what, struct sg_err *err)
{
    return sg_err_line(err, (uint32_t)row, 1, "%s", what);
}

static enum sg_status take_header(struct parsing *p, const struct sg_csv_record *record,
                                  struct sg_err *err)
{
    if (record->n_fields != COLUMNS)
        return wrong(record->number,
                     "the columns are record_id, rules, decision, reviewer, date and note", err);
    for (size_t c = 0; c < COLUMNS; c++) {
        size_t i = 0;
        while (i < COLUMNS && !sg_text_is(record->fields[i], columns[c]))
            i++;
        if (i == COLUMNS)
            return sg_err_line(err, (uint32_t)record->number, 1, "no column %s", columns[c]);
        p->place[c] = i;
    }
    p->has_header = true;
    return SG_OK;
}

/* Without the apostrophe that kept a spreadsheet quiet. */
static struct sg_text plain(struct sg_text text)
{
    if (text.size > 1 && text.data[0] == '\'' && memchr("=+-@\t\r'", text.data[1], 7))
        return (struct sg_text){text.data + 1, text.size - 1};
    return text;
}

static const char *keep(struct parsing *p, struct sg_text text)
{
    const struct sg_text has = plain(text);
    return sg_arena_strndup(p->arena, has.data, has.size);
}

static int rule_of(const char *name, size_t size)
{
    for (int r = 0; r < SG_RED_COUNT; r++)
        if (sg_text_is((struct sg_text){name, size}, sg_redrule_kind((enum sg_redrule_id)r)->name))
            return r;
    return -1;
}

/* Names with blanks between; false at one that is none. */
static bool take_rules(uint32_t *rules, struct sg_text text)
{
    *rules = 0;
    for (size_t i = 0, n; i < text.size; i += n) {
        n = 0;
        while (i + n < text.size && text.data[i + n] != ' ')
            n++;
        const int rule = n ? rule_of(text.data + i, n) : 0;
        if (rule < 0)
            return false;
        if (n)
            *rules |= 1u << (unsigned)rule;
        n += !n;
    }
    return true;
}

static bool take_word(enum sg_decision_word *word, struct sg_text text)
{
    for (size_t i = 0; i < SG_COUNT_OF(words); i++)
        if (sg_text_is(text, words[i])) {
            *word = (enum sg_decision_word)i;
            return true;
        }
    *word = SG_DECISION_OPEN;
    return text.size == 0;
}

static enum sg_status take_row(struct parsing *p, const struct sg_csv_record *record,
                               struct sg_err *err)
{
    struct sg_text f[COLUMNS];
    struct sg_decision row;
    size_t bad;
    if (record->n_fields != COLUMNS)
        return wrong(record->number, "another number of fields than the header", err);
    for (size_t c = 0; c < COLUMNS; c++) {
        f[c] = record->fields[p->place[c]];
        if (!sg_utf8_check(&bad, f[c].data, f[c].size))
            return wrong(record->number, "bytes that are not UTF-8", err);
    }
    if (f[RECORD_ID].size == 0)
        return wrong(record->number, "a row without a record id", err);
    if (!take_rules(&row.rules, f[RULES]))
        return wrong(record->number, "a rule that is none", err);
    if (!take_word(&row.word, f[DECISION]))
        return wrong(record->number, "a decision is open, explained or confirmed", err);
    row.record_id = keep(p, f[RECORD_ID]);
    row.reviewer = keep(p, f[REVIEWER]);
    row.date = keep(p, f[DATE]);
    row.note = keep(p, f[NOTE]);
    if (!row.record_id || !row.reviewer || !row.date || !row.note ||
        !SG_VEC_RESERVE(p->rows, p->n, p->cap, 1))
        return sg_err_nomem(err);
    if (p->n == SG_DECISIONS_MAX)
        return sg_err_line(err, (uint32_t)record->number, 1, "more than 2^20 decisions");
    p->rows[p->n++] = row;
    return SG_OK;
}

static enum sg_status on_record(void *ctx, const struct sg_csv_record *record, struct sg_err *err)
{
    struct parsing *p = ctx;
    return p->has_header ? take_row(p, record, err) : take_header(p, record, err);
}

static enum sg_status on_bad(void *ctx, const struct sg_bad_row *bad, struct sg_err *err)
{
    (void)ctx;
    return wrong(bad->line, bad->reason, err);
}

static int by_id(const void *left, const void *right)
{
    const struct sg_decision *a = left, *b = right;
    return strcmp(a->record_id, b->record_id);
}

static enum sg_status settle(const struct sg_decision **decisions, struct parsing *p,
                             struct sg_err *err)
{
    struct sg_decision *rows = sg_arena_alloc(p->arena, p->n + 1, sizeof(*rows));
    if (!rows)
        return sg_err_nomem(err);
    if (p->n) {
        memcpy(rows, p->rows, p->n * sizeof(*rows));
        qsort(rows, p->n, sizeof(*rows), by_id);
    }
    for (size_t i = 1; i < p->n; i++)
        if (by_id(&rows[i], &rows[i - 1]) == 0)
            return sg_err_line(err, 1, 1, "two decisions about one record");
    *decisions = rows;
    return SG_OK;
}

enum sg_status sg_decisions_parse(const struct sg_decision **decisions, size_t *n,
                                  struct sg_arena *arena, const char *bytes, size_t size,
                                  struct sg_err *err)
{
    struct parsing p = {.arena = arena};
    const struct sg_csv_sink sink = {on_record, on_bad, &p};
    const bool has_mark = size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0;
    struct sg_csv *csv = NULL;
    enum sg_status st = sg_csv_new(&csv, &sink, has_mark ? 3 : 0, err);
    if (st == SG_OK && size)
        st = sg_csv_feed(csv, has_mark ? bytes + 3 : bytes, has_mark ? size - 3 : size, err);
    if (st == SG_OK)
        st = sg_csv_finish(csv, err);
    if (st == SG_OK && !p.has_header)
        st = wrong(1, "the file is empty", err);
    if (st == SG_OK)
        st = settle(decisions, &p, err);
    if (st == SG_OK)
        *n = p.n;
    sg_csv_free(csv);
    sg_mem_free(p.rows);
    return st;
}

const struct sg_decision *sg_decisions_find(const struct sg_decision *decisions, size_t n,
                                            const char *record_id)
{
    const struct sg_decision wanted = {.record_id = record_id};
    return n ? bsearch(&wanted, decisions, n, sizeof(*decisions), by_id) : NULL;
}

void sg_decisions_header(struct sg_buf *out)
{
    sg_buf_puts(out, "record_id,rules,decision,reviewer,date,note\n");
}

static void put_cell(struct sg_buf *out, const char *text)
{
    sg_buf_putc(out, ',');
    sg_buf_csv_cell(out, text, strlen(text));
}

void sg_decisions_row(struct sg_buf *out, const struct sg_decision *d)
{
    const char *blank = "";
    sg_buf_csv_cell(out, d->record_id, strlen(d->record_id));
    sg_buf_putc(out, ',');
    for (unsigned r = 0; r < SG_RED_COUNT; r++)
        if (d->rules >> r & 1u) {
            sg_buf_printf(out, "%s%s", blank, sg_redrule_kind(r)->name);
            blank = " ";
        }
    sg_buf_printf(out, ",%s", words[d->word]);
    put_cell(out, d->reviewer);
    put_cell(out, d->date);
    put_cell(out, d->note);
    sg_buf_putc(out, '\n');
}
