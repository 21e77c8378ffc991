/* What the readers of the programme's tables share: a CSV table by column names, and the small
 * grammars of its cells. Not formats/table: there the first bad row ends it and bytes must be
 * UTF-8; here a bad row is evidence, is noted, and the rest goes on. */
#ifndef SG_FORMATS_PROGRAMME_INTERNAL_H
#define SG_FORMATS_PROGRAMME_INTERNAL_H

#include "formats/programme/programme.h"

#define TABLE_COLUMNS_MAX 24

struct table_column {
    const char *name;
    const char *alias; /* another name of it, or NULL */
    bool is_needed;
};

struct table;

/* A row: cells[i] belongs to columns[i], data NULL where the file has no such column. */
typedef enum sg_status (*table_row_fn)(struct table *table, const struct sg_text *cells,
                                       struct sg_err *err);

/* A table being read. The caller fills what stands above the line. */
struct table {
    const char *name;
    const struct table_column *columns;
    size_t n_columns;
    const char *const *passed_over; /* columns that are known and not used */
    size_t n_passed_over;
    table_row_fn row_fn;
    size_t item_size;
    struct sg_programme_notes *notes;
    struct sg_arena *arena;
    /* ---- */
    uint64_t row; /* number of the record at hand */
    void *items;  /* room for every row that the file can have */
    size_t count, capacity;
    bool has_header;
    size_t n_fields;
    size_t place[TABLE_COLUMNS_MAX]; /* field of each column; n_fields: absent */
};

/* Read the whole table; at least one row must come out. */
enum sg_status sg_rows_read(struct table *table, const char *bytes, size_t size,
                            struct sg_err *err);

/* The next free item, zeroed, not yet counted. */
void *sg_rows_item(struct table *table);

/* Note that the row at hand is left out, or kept though odd. */
enum sg_status sg_rows_leave_out(struct table *table, struct sg_err *err, const char *fmt, ...)
    SG_PRINTF(3, 4);
enum sg_status sg_rows_warn(struct table *table, struct sg_err *err, const char *fmt, ...)
    SG_PRINTF(3, 4);

/* Terminated copy of a cell without blanks at its ends; "" for an absent one. NULL: no memory. */
const char *sg_rows_copy(struct table *table, struct sg_text cell);

/* The cell without blanks at its ends. */
struct sg_text sg_text_trim(struct sg_text text);

/* Bytes of text that a note shows of a cell. */
#define SHOWN(text) (int)((text).size < 64 ? (text).size : 64), ((text).data ? (text).data : "")

/* A decimal number in millionths: "-12.5", at most 6 digits behind the point, below 1e12. */
bool sg_parse_micro(int64_t *micro, struct sg_text text);

/* A published amount in million USD; NULL if well, else what is wrong with it. */
const char *sg_parse_musd(uint64_t *usd, struct sg_text text);

/* "2019-05-28", "2019-05", "2019", "9-Apr-84" or "Sep-84"; NULL if well, else what is wrong. */
const char *sg_parse_date(struct sg_programme_date *date, struct sg_text text);

/* A year in the range that dates may have. */
bool sg_parse_year(int16_t *year, struct sg_text text);

/* Month 1 to 12 of "Jan", "June" (any of its letters from the third on), or 0. */
unsigned sg_parse_month_name(struct sg_text text);

#endif
