/* How named fields become records: the tables that we know, and the reading of one row. */
#ifndef SG_FORMATS_DECODE_INTERNAL_H
#define SG_FORMATS_DECODE_INTERNAL_H

#include "base/text.h"
#include "formats/record/record.h"

#include <stdbool.h>
#include <stddef.h>

/* What a column means to us, whatever a source calls it. */
enum slot {
    SLOT_NONE, /* a column that says nothing of value moved */
    SLOT_BLOCK,
    SLOT_TIME,
    SLOT_HASH,
    SLOT_TX_INDEX,
    SLOT_FROM,
    SLOT_TO,
    SLOT_VALUE,
    SLOT_VALUE_OUT, /* where a source has one column for each direction */
    SLOT_CONTRACT,  /* the token, or the contract that was created */
    SLOT_GAS_PRICE,
    SLOT_GAS_PRICE_PAID, /* from a receipt: goes before SLOT_GAS_PRICE */
    SLOT_GAS_USED,
    SLOT_FEE,
    SLOT_L1_FEE,
    SLOT_FEE_PAYER,
    SLOT_STATUS,
    SLOT_ERROR_FLAG,
    SLOT_ERROR,
    SLOT_SYMBOL,
    SLOT_DECIMALS,
    SLOT_TOKEN_ID,
    SLOT_POSITION,
    SLOT_KIND,
    SLOT_CALL_TYPE,
    SLOT_CHAIN,
    SLOT_COUNT
};

enum need {
    MAY_LACK,  /* the table is understood without it */
    COLUMN,    /* the column must be there, a field of it may be empty */
    EACH_FIELD /* and no field may be empty */
};

struct column {
    const char *name; /* compared without case; one that ends in '(' stands for all with it in
                         front, as "Value_IN(ETH)" */
    enum slot slot;
    enum need need;
};

struct reading;

/* One kind of table of a source format. */
struct table {
    const char *name;         /* "etherscan txlist" */
    enum sg_record_kind kind; /* of the records that it is read for */
    const char *marks[8]; /* a header that has one of these is of this kind; NULL behind the last */
    const struct column *columns;
    size_t n_columns;
    /* Turn the row into records; false: it is bad, for the reason given. NULL: not for us. */
    bool (*read)(struct reading *g);
    const char *refusal; /* where read is NULL: one sentence on what to give instead */
};

/* The tables of a format, in the order in which their marks are asked for. */
struct table_list {
    const struct table *const *tables;
    size_t count;
    const char *expected; /* for the sentence about a header that none has */
};

extern const struct table_list sg_etherscan_tables;
extern const struct table_list sg_ethereum_etl_tables;
extern const struct table_list sg_transfers_tables;

#define LAYOUT_COLUMNS_MAX 256 /* SG_CSV_FIELDS_MAX */

/* Which column of the input is which slot of which table. */
struct layout {
    const struct table *table; /* NULL: none yet */
    size_t n_columns;
    enum slot slots[LAYOUT_COLUMNS_MAX];
    bool each_field[SLOT_COUNT];              /* no field of that slot may be empty */
    struct sg_text names[LAYOUT_COLUMNS_MAX]; /* in `bytes` */
    char *bytes;
    size_t capacity;
};

/* Recognise a header. The names are copied.
 * Errors: SG_EPARSE (no table has such columns; one that is needed is missing; one that counts
 * stands there twice; columns in another chain's currency), SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_layout_build(struct layout *layout, const struct table_list *list,
                                             const struct sg_chain *chain,
                                             const struct sg_text *names, size_t n_names,
                                             struct sg_err *err);
void sg_layout_clear(struct layout *layout);

/* Column name of a slot, for sentences. */
struct sg_text sg_layout_name(const struct layout *layout, enum slot slot);

#define READING_RECORDS_MAX 2
#define TRACE_DEPTH_MAX     1024 /* the machine's limit on the depth of calls */

/* One row on its way to records. */
struct reading {
    const struct sg_chain *chain;
    const struct layout *layout;
    struct sg_text fields[SLOT_COUNT]; /* data NULL: no such column, or null */
    struct sg_record records[READING_RECORDS_MAX];
    size_t n_records;
    uint8_t path[4 * TRACE_DEPTH_MAX]; /* of records[0], where it has one */
    uint8_t receipt_hash32[32];        /* of the last transaction whose gas a token row gave */
    bool has_receipt_hash;
    char reason[160];
};

/* Begin the next record of the row. */
struct sg_record *sg_row_record(struct reading *g, enum sg_record_kind kind);

/* Say why the row is bad; always false, so that a reader can return it. */
bool sg_row_bad(struct reading *g, const char *fmt, ...) SG_PRINTF(2, 3);

/* Field access. All return false after sg_row_bad; an empty field leaves the output as it is,
 * unless the table says EACH_FIELD: then it is bad. */
bool sg_row_has(const struct reading *g, enum slot slot);
bool sg_row_is(const struct reading *g, enum slot slot, const char *text);
bool sg_row_u64(struct reading *g, uint64_t *out, enum slot slot, uint64_t max);
bool sg_row_u32(struct reading *g, uint32_t *out, enum slot slot);
bool sg_row_time(struct reading *g, int64_t *out, enum slot slot);
bool sg_row_address(struct reading *g, struct sg_address *out, enum slot slot);
bool sg_row_hash(struct reading *g, struct sg_record *record);
bool sg_row_amount(struct reading *g, struct sg_amount *out, bool *has, enum slot slot);
/* The amount of a token: more than 128 bits, and up to 256, is marked and not refused. */
bool sg_row_token_amount(struct reading *g, struct sg_record *record, enum slot slot);
/* A decimal number of whole native units, with commas between thousands if the source has them. */
bool sg_row_native_units(struct reading *g, struct sg_amount *out, bool *has, enum slot slot);
bool sg_row_symbol(struct reading *g, struct sg_record *record);
/* Levels between commas to the path of `record`, which keeps pointing into the reading. */
bool sg_row_path(struct reading *g, struct sg_record *record);

/* Block, time, hash, sender, receiver: what every row of an account source has. */
bool sg_row_common(struct reading *g, struct sg_record *record);

#endif
