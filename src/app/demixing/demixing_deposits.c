/* Which deposits are the theft's: from a list, or from a traced case. */
#include "app/casework/casework.h"
#include "app/demixing/demixing.h"

#include "base/hex.h"
#include "base/mem.h"

#include <string.h>

#define NO_COLUMN SIZE_MAX

struct list {
    struct sg_demixing *d;
    size_t hash_at, name_at; /* columns */
};

static bool read_hash(uint8_t tx32[32], struct sg_text text)
{
    return text.size == 66 && text.data[0] == '0' && text.data[1] == 'x' &&
           sg_hex_decode(tx32, 32, text.data + 2, 64);
}

/* A list without a heading is hashes one a line. batch wins over depositor: the finer one. */
static bool take_header(struct list *list, const struct sg_csv_record *record)
{
    size_t depositor_at = NO_COLUMN;
    bool is_header = false;
    for (size_t i = 0; i < record->n_fields; i++) {
        if (sg_text_is(record->fields[i], "tx_hash")) {
            list->hash_at = i;
            is_header = true;
        } else if (sg_text_is(record->fields[i], "batch")) {
            list->name_at = i;
        } else if (sg_text_is(record->fields[i], "depositor")) {
            depositor_at = i;
        }
    }
    if (list->name_at == NO_COLUMN)
        list->name_at = depositor_at;
    if (!is_header)
        list->name_at = NO_COLUMN;
    return is_header;
}

static enum sg_status on_row(void *ctx, const struct sg_csv_record *record, struct sg_err *err)
{
    struct list *list = ctx;
    uint8_t tx32[32];
    struct sg_text name = {"", 0};
    if (record->number == 1 && take_header(list, record))
        return SG_OK;
    if (list->hash_at >= record->n_fields || !read_hash(tx32, record->fields[list->hash_at]))
        return sg_err_line(err, (uint32_t)record->number, 1,
                           "not a transaction hash (0x and 64 hex digits)");
    if (list->name_at < record->n_fields)
        name = record->fields[list->name_at];
    return sg_demixing_mark(list->d, tx32, name.data ? name.data : "", name.size, err);
}

enum sg_status sg_demixing_depositors(struct sg_demixing *d, const char *path, struct sg_err *err)
{
    struct list list = {d, 0, NO_COLUMN};
    return sg_demixing_rows(path, on_row, &list, err);
}

static enum sg_status mark_destination(struct sg_demixing *d, const struct sg_trace *trace,
                                       const struct sg_trace_figures *figures,
                                       const struct sg_trace_destination *destination,
                                       struct sg_err *err)
{
    enum sg_status st = SG_OK;
    char name[SG_ADDRESS_TEXT_MAX];
    for (size_t i = 0; st == SG_OK && i < destination->n_moves; i++) {
        const struct sg_trace_move *move = &figures->moves[destination->moves[i]];
        if (move->tx == SG_TRACE_NONE || move->from == SG_TRACE_NONE ||
            !trace->txs[move->tx].has_hash)
            continue;
        const struct sg_trace_party *from = &trace->parties[move->from];
        sg_address_format(name, from->chain, &from->address);
        st = sg_demixing_mark(d, trace->txs[move->tx].hash32, name, strlen(name), err);
    }
    return st;
}

enum sg_status sg_demixing_traced(struct sg_demixing *d, const struct sg_trace *trace,
                                  enum sg_policy policy, struct sg_err *err)
{
    const struct sg_trace_figures *figures = sg_trace_figures_of(trace, policy);
    for (size_t i = 0; i < figures->n_destinations; i++) {
        if (figures->destinations[i].category != SG_CATEGORY_MIXER)
            continue;
        const enum sg_status st =
            mark_destination(d, trace, figures, &figures->destinations[i], err);
        if (st != SG_OK)
            return st;
    }
    if (!d->n_marks)
        return sg_err_set(err, SG_ENOTFOUND, "no traced money of the case reached a mixer");
    return SG_OK;
}

enum sg_status sg_demixing_case(struct sg_demixing *d, const char *case_file, const char *ledger,
                                struct sg_err *err)
{
    struct sg_casework work;
    const struct sg_casework_options options = {.case_file = {.path = case_file},
                                                .ledger = {.path = ledger},
                                                .main = SG_POLICY_FIFO,
                                                .policies = 1u << (unsigned)SG_POLICY_FIFO,
                                                .until_unix_s = INT64_MAX};
    enum sg_status st = sg_casework_open(&work, &options, err);
    if (st == SG_OK)
        st = sg_demixing_traced(d, &work.trace, SG_POLICY_FIFO, err);
    sg_casework_close(&work);
    return st;
}
