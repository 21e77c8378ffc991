/* JSON is read as YAML, which holds it as a subset and knows lines and columns. */
#include "formats/prices/prices.h"

#include "base/mem.h"
#include "base/vec.h"
#include "formats/table/table.h"
#include "formats/yaml/yaml.h"

#include <stdlib.h>
#include <string.h>

#define DAY_S 86400

struct item {
    struct sg_price price;
    uint32_t line, column;
};

struct load {
    struct item *items;
    size_t count, capacity;
    struct sg_arena *arena;
    struct sg_err *err;
};

static int64_t day_of(int64_t time_unix_s)
{
    return time_unix_s / DAY_S - (time_unix_s % DAY_S < 0);
}

static enum sg_status read_day(int64_t *day, const struct sg_yaml_node *node, struct sg_err *err)
{
    int64_t time_unix_s;
    if (node->count != sizeof("2022-03-23") - 1 || node->text[4] != '-' ||
        sg_time_parse(&time_unix_s, node->text, node->count, NULL) != SG_OK)
        return sg_err_line(err, node->line, node->column, "'%.64s' is no day; write 2022-03-23",
                           node->text);
    *day = day_of(time_unix_s);
    return SG_OK;
}

static enum sg_status read_usd(uint64_t *usd_e8, const struct sg_yaml_node *node,
                               struct sg_err *err)
{
    struct sg_amount usd;
    enum sg_status st = sg_amount_parse(&usd, node->text, node->count, SG_USD_DECIMALS, NULL);
    if (st == SG_OK && sg_amount_cmp(usd, sg_amount_from(UINT64_MAX)) > 0)
        st = SG_ELIMIT;
    if (st == SG_OK && sg_amount_is_zero(usd))
        st = SG_EPARSE;
    if (st == SG_OK) {
        *usd_e8 = (uint64_t)usd.units; /* allowed: a price, checked to fit */
        return SG_OK;
    }
    sg_err_line(err, node->line, node->column, "'%.64s' is no price: %s", node->text,
                st == SG_ELIMIT
                    ? "no coin is worth that much"
                    : "a decimal number above zero with at most 8 decimals is expected");
    if (err)
        err->status = st;
    return st;
}

static enum sg_status add(struct load *load, const char *symbol, const char *source,
                          const struct sg_yaml_node *date, const struct sg_yaml_node *usd)
{
    struct item item = {
        .price = {.symbol = symbol, .source = source}, .line = date->line, .column = date->column};
    enum sg_status st = read_day(&item.price.day, date, load->err);
    if (st == SG_OK)
        st = read_usd(&item.price.usd_e8, usd, load->err);
    if (st != SG_OK)
        return st;
    if (!SG_VEC_RESERVE(load->items, load->count, load->capacity, 1))
        return sg_err_nomem(load->err);
    load->items[load->count++] = item;
    return SG_OK;
}

enum { ROW_DATE, ROW_ASSET, ROW_USD, ROW_SOURCE, ROW_KEYS };

static const struct sg_table_key row_keys[ROW_KEYS] = {
    [ROW_DATE] = {"date", true},
    [ROW_ASSET] = {"asset", true},
    [ROW_USD] = {"usd", true},
    [ROW_SOURCE] = {"source", true},
};

static enum sg_status add_row(void *ctx, const struct sg_yaml_node *const *cells, uint32_t line,
                              struct sg_err *err)
{
    (void)line;
    (void)err; /* The same as load->err. */
    return add(ctx, cells[ROW_ASSET]->text, cells[ROW_SOURCE]->text, cells[ROW_DATE],
               cells[ROW_USD]);
}

/* A member that must be there and of a kind; others may stand beside it, for the form is not ours.
 */
static enum sg_status member(const struct sg_yaml_node **node, struct load *load,
                             const struct sg_yaml_node *object, const char *name,
                             enum sg_yaml_kind kind)
{
    *node = sg_yaml_find(object, name);
    if (!*node)
        return sg_err_line(load->err, object->line, object->column, "'%s' is missing", name);
    if ((*node)->kind != kind)
        return sg_err_line(load->err, (*node)->line, (*node)->column, "'%s' must be %s, not %s",
                           name, sg_yaml_kind_name(kind), sg_yaml_kind_name((*node)->kind));
    return SG_OK;
}

static enum sg_status add_coin(struct load *load, const char *symbol, const char *source,
                               const struct sg_yaml_node *coin)
{
    const struct sg_yaml_node *prices, *date, *usd;
    enum sg_status st = member(&prices, load, coin, "prices", SG_YAML_SEQUENCE);
    for (size_t i = 0; st == SG_OK && i < prices->count; i++) {
        st = member(&date, load, prices->items[i], "date", SG_YAML_SCALAR);
        if (st == SG_OK)
            st = member(&usd, load, prices->items[i], "price", SG_YAML_SCALAR);
        if (st == SG_OK)
            st = add(load, symbol, source, date, usd);
    }
    return st;
}

static enum sg_status read_json(struct load *load, const char *bytes, size_t size)
{
    const struct sg_yaml_node *root, *about, *source, *currency, *coins;
    enum sg_status st = sg_yaml_parse(&root, load->arena, bytes, size, load->err);
    if (st == SG_OK)
        st = member(&about, load, root, "metadata", SG_YAML_MAPPING);
    if (st == SG_OK)
        st = member(&source, load, about, "source", SG_YAML_SCALAR);
    if (st == SG_OK)
        st = member(&currency, load, about, "currency", SG_YAML_SCALAR);
    if (st == SG_OK && !sg_yaml_is_text(currency, "USD"))
        st = sg_err_line(load->err, currency->line, currency->column,
                         "prices in '%.16s'; USD is expected", currency->text);
    if (st == SG_OK)
        st = member(&coins, load, root, "coins", SG_YAML_MAPPING);
    for (size_t i = 0; st == SG_OK && i < coins->count; i++)
        st = add_coin(load, coins->pairs[i].key->text, source->text, coins->pairs[i].value);
    return st;
}

static int compare(const struct sg_price *a, const char *symbol, int64_t day)
{
    const int order = strcmp(a->symbol, symbol);
    return order ? order : (a->day > day) - (a->day < day);
}

static int compare_items(const void *left, const void *right)
{
    const struct item *a = left, *b = right;
    const int order = compare(&a->price, b->price.symbol, b->price.day);
    if (order)
        return order;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    return (a->column > b->column) - (a->column < b->column);
}

static enum sg_status settle(struct sg_prices *prices, struct load *load)
{
    struct sg_price *kept = sg_arena_alloc(load->arena, load->count + 1, sizeof(*kept));
    if (!kept)
        return sg_err_nomem(load->err);
    if (load->count)
        qsort(load->items, load->count, sizeof(*load->items), compare_items);
    for (size_t i = 0; i < load->count; i++) {
        const struct item *item = &load->items[i];
        kept[i] = item->price;
        if (i && compare(&kept[i - 1], kept[i].symbol, kept[i].day) == 0)
            return sg_err_line(load->err, item->line, item->column,
                               "a second price of '%.32s' on this day; the first is at line %u",
                               kept[i].symbol, (unsigned)item[-1].line);
    }
    *prices = (struct sg_prices){kept, load->count};
    return SG_OK;
}

static bool is_json(const char *bytes, size_t size)
{
    size_t i = 0;
    while (i < size && bytes[i] && strchr(" \t\r\n", bytes[i]))
        i++;
    return i < size && bytes[i] == '{';
}

enum sg_status sg_prices_parse(struct sg_prices *prices, struct sg_arena *arena, const char *bytes,
                               size_t size, struct sg_err *err)
{
    struct load load = {.arena = arena, .err = err};
    enum sg_status st;
    if (is_json(bytes, size))
        st = read_json(&load, bytes, size);
    else
        st = sg_table_read(arena, row_keys, ROW_KEYS, bytes, size, add_row, &load, err);
    if (st == SG_OK)
        st = settle(prices, &load);
    sg_mem_free(load.items);
    return st;
}

const struct sg_price *sg_prices_find(const struct sg_prices *prices, const char *symbol,
                                      int64_t time_unix_s)
{
    size_t low = 0, high = prices->count;
    if (time_unix_s == SG_TIME_UNKNOWN)
        return NULL;
    const int64_t day = day_of(time_unix_s);
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (compare(&prices->items[middle], symbol, day) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == prices->count || compare(&prices->items[low], symbol, day) != 0)
        return NULL;
    return &prices->items[low];
}

/* amount = whole * unit + rest with rest < unit: the part in whole units needs no division, and the
 * other one's quotient is below the price. */
enum sg_status sg_price_value(struct sg_amount *usd_e8, struct sg_amount amount, unsigned decimals,
                              const struct sg_price *price, struct sg_err *err)
{
    struct sg_amount unit = sg_amount_from(1), rest, value;
    bool fits = decimals <= SG_DECIMALS_MAX;
    for (unsigned i = 0; fits && i < decimals; i++)
        fits = sg_amount_mul(&unit, unit, 10);
    SG_VERIFY(fits);
    const struct sg_amount whole = sg_amount_mul_div(&rest, amount, sg_amount_from(1), unit);
    const struct sg_amount part =
        sg_amount_mul_div(NULL, rest, sg_amount_from(price->usd_e8), unit);
    if (!sg_amount_mul(&value, whole, price->usd_e8) || !sg_amount_add(&value, value, part))
        return sg_err_set(err, SG_ELIMIT, "a value of more than 128 bits");
    *usd_e8 = value;
    return SG_OK;
}
