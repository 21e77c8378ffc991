/* What `sillage trace` found of one theft, as parts of the amount stolen. */
#include "formats/programme/programme_internal.h"

#include "formats/yaml/yaml.h"

#include <string.h>

/* The most digits that an amount of 128 bits has; decimals of an asset are at most as many. */
#define AMOUNT_DIGITS_MAX 40

/* Amounts come as decimal strings in whole units. Parts of them are statistics, so the leading
 * digits do; a ledger amount is never computed here. */
static enum sg_status get_units(double *units, const struct sg_yaml_node *asset, const char *key,
                                struct sg_err *err)
{
    const struct sg_yaml_node *node = sg_yaml_find(asset, key);
    double value = 0, scale = 1;
    bool point = false;
    size_t n_digits = 0;
    if (!node || node->kind != SG_YAML_SCALAR || node->count == 0)
        return sg_err_line(err, asset->line, asset->column, "trace: an amount '%s' is needed", key);
    for (size_t i = 0; i < node->count; i++) {
        const char c = node->text[i];
        if (c == '.' && !point && i > 0) {
            point = true;
            continue;
        }
        if (c < '0' || c > '9' || ++n_digits > 2 * AMOUNT_DIGITS_MAX)
            return sg_err_line(err, node->line, node->column, "trace: '%s' is not an amount", key);
        value = value * 10 + (c - '0');
        scale *= point ? 10 : 1;
    }
    *units = value / scale;
    return SG_OK;
}

static enum sg_status sum_destinations(double *sum, const struct sg_yaml_node *asset,
                                       struct sg_err *err)
{
    const struct sg_yaml_node *list = sg_yaml_find(asset, "destinations");
    *sum = 0;
    if (!list || list->kind != SG_YAML_SEQUENCE)
        return sg_err_line(err, asset->line, asset->column,
                           "trace: a list 'destinations' is needed");
    for (size_t i = 0; i < list->count; i++) {
        double amount;
        const enum sg_status st = get_units(&amount, list->items[i], "amount", err);
        if (st != SG_OK)
            return st;
        *sum += amount;
    }
    return SG_OK;
}

static double part(double of, double whole)
{
    return of < whole ? of / whole : 1;
}

static enum sg_status take_asset(struct sg_traced *traced, bool *is_first,
                                 const struct sg_yaml_node *asset, struct sg_err *err)
{
    double stolen, in, out, unobserved, reached;
    enum sg_status st = get_units(&stolen, asset, "stolen", err);
    if (st == SG_OK)
        st = get_units(&in, asset, "converted_in", err);
    if (st == SG_OK)
        st = get_units(&out, asset, "converted_out", err);
    if (st == SG_OK)
        st = get_units(&unobserved, asset, "unobserved", err);
    if (st == SG_OK)
        st = sum_destinations(&reached, asset, err);
    const double whole = st == SG_OK ? stolen + in - out : 0;
    if (st != SG_OK || whole <= 0)
        return st;
    const double low = part(reached, whole), high = part(reached + unobserved, whole);
    traced->low = *is_first || low < traced->low ? low : traced->low;
    traced->high = *is_first || high > traced->high ? high : traced->high;
    *is_first = false;
    return SG_OK;
}

static enum sg_status take_assets(struct sg_traced *traced, bool *is_first,
                                  const struct sg_yaml_node *policy, struct sg_err *err)
{
    const struct sg_yaml_node *assets = sg_yaml_find(policy, "assets");
    enum sg_status st = SG_OK;
    if (!assets || assets->kind != SG_YAML_SEQUENCE)
        return sg_err_line(err, policy->line, policy->column, "trace: a list 'assets' is needed");
    for (size_t i = 0; st == SG_OK && i < assets->count; i++)
        st = take_asset(traced, is_first, assets->items[i], err);
    return st;
}

enum sg_status sg_traced_read(struct sg_traced *traced, struct sg_arena *arena, const char *bytes,
                              size_t size, struct sg_err *err)
{
    const struct sg_yaml_node *root;
    struct sg_traced out = {0, 0};
    bool is_first = true;
    enum sg_status st = sg_yaml_parse(&root, arena, bytes, size, err);
    if (st != SG_OK)
        return st;
    const struct sg_yaml_node *policies = sg_yaml_find(root, "policies");
    if (!policies)
        st = take_assets(&out, &is_first, root, err);
    for (size_t i = 0; policies && st == SG_OK && i < policies->count; i++)
        if (!sg_yaml_is_text(policies->pairs[i].key, "poison"))
            st = take_assets(&out, &is_first, policies->pairs[i].value, err);
    if (st == SG_OK && is_first)
        st = sg_err_line(err, root->line, root->column, "trace: no asset was stolen in it");
    if (st == SG_OK)
        *traced = out;
    return st;
}
