#include "base/limits.h"
#include "base/mem.h"
#include "base/vec.h"
#include "formats/decode/decode_internal.h"

#include <stdio.h>
#include <string.h>

_Static_assert(LAYOUT_COLUMNS_MAX == SG_CSV_FIELDS_MAX, "a header fits");

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Without case; a column that ends in '(' is a beginning. */
static bool same_name(struct sg_text name, const char *column)
{
    const size_t size = strlen(column);
    if (column[size - 1] == '(' ? name.size < size : name.size != size)
        return false;
    for (size_t i = 0; i < size; i++)
        if (lower(name.data[i]) != lower(column[i]))
            return false;
    return true;
}

static bool has_name(const struct sg_text *names, size_t n_names, const char *column)
{
    for (size_t i = 0; i < n_names; i++)
        if (same_name(names[i], column))
            return true;
    return false;
}

static const struct table *find_table(const struct table_list *list, const struct sg_text *names,
                                      size_t n_names)
{
    for (size_t i = 0; i < list->count; i++)
        for (size_t m = 0; list->tables[i]->marks[m]; m++)
            if (has_name(names, n_names, list->tables[i]->marks[m]))
                return list->tables[i];
    return NULL;
}

/* The names as a person may see them on a terminal: cut, and nothing that is not printable. */
static void show_names(char *shown, size_t shown_size, const struct sg_text *names, size_t n_names)
{
    size_t n = 0;
    for (size_t i = 0; i < n_names && n + 4 < shown_size; i++) {
        if (i)
            shown[n++] = ',';
        for (size_t k = 0; k < names[i].size && n + 4 < shown_size; k++) {
            const char c = names[i].data[k];
            shown[n++] = c >= ' ' && c <= '~' ? c : '?';
        }
    }
    shown[n] = 0;
}

static enum sg_status unknown_header(const struct table_list *list, const struct sg_text *names,
                                     size_t n_names, struct sg_err *err)
{
    char shown[160];
    show_names(shown, sizeof(shown), names, n_names);
    return sg_err_set(err, SG_EPARSE, "the columns are of no table that is known here: %s; %s",
                      shown, list->expected);
}

static const struct column *column_of(const struct table *table, struct sg_text name)
{
    for (size_t i = 0; i < table->n_columns; i++)
        if (same_name(name, table->columns[i].name))
            return &table->columns[i];
    return NULL;
}

static enum sg_status check_needed(const struct layout *layout, struct sg_err *err)
{
    const struct table *table = layout->table;
    for (size_t i = 0; i < table->n_columns; i++)
        if (table->columns[i].need != MAY_LACK &&
            !sg_layout_name(layout, table->columns[i].slot).data)
            return sg_err_set(err, SG_EPARSE, "%s: the column '%s' is missing", table->name,
                              table->columns[i].name);
    return SG_OK;
}

/* "Value_IN(BNB)" in a file that is said to be of Ethereum. Polygon's coin has had two names. */
static enum sg_status check_currency(const struct layout *layout, const struct sg_chain *chain,
                                     struct sg_err *err)
{
    const struct sg_text name = sg_layout_name(layout, SLOT_VALUE_OUT);
    const char *open = name.data ? memchr(name.data, '(', name.size) : NULL;
    if (!open)
        return SG_OK;
    const struct sg_text inside = {open + 1, (size_t)(name.data + name.size - open) - 1};
    char wanted[16];
    snprintf(wanted, sizeof(wanted), "%s)", chain->symbol);
    if (same_name(inside, wanted) ||
        (strcmp(chain->symbol, "POL") == 0 && same_name(inside, "MATIC)")))
        return SG_OK;
    char shown[24];
    show_names(shown, sizeof(shown), &inside, 1);
    return sg_err_set(err, SG_EPARSE, "wrong chain: values are in (%s, those of %s in %s", shown,
                      chain->name, chain->symbol);
}

static enum sg_status copy_names(struct layout *layout, const struct sg_text *names, size_t n_names,
                                 struct sg_err *err)
{
    size_t size = 0;
    for (size_t i = 0; i < n_names; i++)
        size += names[i].size;
    if (!SG_VEC_RESERVE(layout->bytes, 0, layout->capacity, size + 1))
        return sg_err_nomem(err);
    size = 0;
    for (size_t i = 0; i < n_names; i++) {
        memcpy(layout->bytes + size, names[i].data, names[i].size);
        layout->names[i] = (struct sg_text){layout->bytes + size, names[i].size};
        size += names[i].size;
    }
    layout->n_columns = n_names;
    return SG_OK;
}

static enum sg_status assign(struct layout *layout, struct sg_err *err)
{
    bool seen[SLOT_COUNT] = {false};
    memset(layout->each_field, 0, sizeof(layout->each_field));
    for (size_t i = 0; i < layout->n_columns; i++) {
        const struct column *column = column_of(layout->table, layout->names[i]);
        const enum slot slot = column ? column->slot : SLOT_NONE;
        layout->slots[i] = slot;
        layout->each_field[slot] = column && column->need == EACH_FIELD;
        if (slot != SLOT_NONE && seen[slot])
            return sg_err_set(err, SG_EPARSE, "%s: the column '%.*s' stands there twice",
                              layout->table->name, (int)layout->names[i].size,
                              layout->names[i].data);
        seen[slot] = true;
    }
    return SG_OK;
}

enum sg_status sg_layout_build(struct layout *layout, const struct table_list *list,
                               const struct sg_chain *chain, const struct sg_text *names,
                               size_t n_names, struct sg_err *err)
{
    const struct table *table = find_table(list, names, n_names);
    enum sg_status st;
    layout->table = NULL;
    if (!table)
        return unknown_header(list, names, n_names, err);
    st = copy_names(layout, names, n_names, err);
    if (st != SG_OK)
        return st;
    layout->table = table;
    st = assign(layout, err);
    if (st == SG_OK)
        st = check_needed(layout, err);
    if (st == SG_OK)
        st = check_currency(layout, chain, err);
    return st;
}

void sg_layout_clear(struct layout *layout)
{
    sg_mem_free(layout->bytes);
    layout->bytes = NULL;
    layout->capacity = 0;
    layout->table = NULL;
}

struct sg_text sg_layout_name(const struct layout *layout, enum slot slot)
{
    for (size_t i = 0; i < layout->n_columns; i++)
        if (layout->slots[i] == slot)
            return layout->names[i];
    return (struct sg_text){NULL, 0};
}
