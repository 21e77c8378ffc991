#include "app/accounts.h"

#include "base/mem.h"
#include "base/vec.h"
#include "formats/csv/csv.h"
#include "store/file/file.h"

#include <string.h>

struct reading {
    struct sg_accounts *accounts;
    const struct sg_chain *chain;
};

static enum sg_status append(struct sg_accounts *accounts, const struct sg_address *address,
                             struct sg_err *err)
{
    if (!SG_VEC_RESERVE(accounts->items, accounts->count, accounts->capacity, 1))
        return sg_err_nomem(err);
    accounts->items[accounts->count++] = *address;
    return SG_OK;
}

static enum sg_status on_record(void *ctx, const struct sg_csv_record *record, struct sg_err *err)
{
    struct reading *reading = ctx;
    struct sg_address address;
    if (sg_address_parse(&address, reading->chain, record->fields[0].data, record->fields[0].size,
                         NULL) == SG_OK)
        return append(reading->accounts, &address, err);
    if (record->number == 1)
        return SG_OK; /* The header. */
    return sg_err_line(err, (uint32_t)record->number, 1, "not an address of %s",
                       reading->chain->name);
}

static enum sg_status on_bad(void *ctx, const struct sg_bad_row *bad, struct sg_err *err)
{
    (void)ctx;
    return sg_err_line(err, (uint32_t)bad->line, 1, "%s", bad->reason);
}

static enum sg_status read_file(struct reading *reading, const char *path, struct sg_err *err)
{
    const struct sg_csv_sink sink = {on_record, on_bad, reading};
    struct sg_csv *csv = NULL;
    uint8_t *bytes = NULL;
    size_t size = 0;
    enum sg_status st = sg_file_read(&bytes, &size, path, SG_SMALL_FILE_MAX, err);
    if (st == SG_OK)
        st = sg_csv_new(&csv, &sink, 0, err);
    if (st == SG_OK)
        st = sg_csv_feed(csv, (const char *)bytes, size, err);
    if (st == SG_OK)
        st = sg_csv_finish(csv, err);
    if (st != SG_OK)
        sg_err_frame(err, "%s", path);
    sg_csv_free(csv);
    sg_mem_free(bytes);
    return st;
}

enum sg_status sg_accounts_add(struct sg_accounts *accounts, const struct sg_chain *chain,
                               const char *text, struct sg_err *err)
{
    struct reading reading = {accounts, chain};
    struct sg_address address;
    const size_t before = accounts->count;
    const bool hex20_given = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    if ((chain->hex20 || sg_file_size(text) == 0) &&
        sg_address_parse(&address, chain, text, strlen(text), NULL) == SG_OK)
        return append(accounts, &address, err);
    if (chain->hex20 && hex20_given)
        return sg_err_set(err, SG_EUSAGE, "%s: not an address of %s", text, chain->name);
    const enum sg_status st = read_file(&reading, text, err);
    if (st == SG_OK && accounts->count == before)
        return sg_err_set(err, SG_EUSAGE, "%s: no address in it", text);
    return st;
}

void sg_accounts_clear(struct sg_accounts *accounts)
{
    sg_mem_free(accounts->items);
    *accounts = (struct sg_accounts){NULL, 0, 0};
}
