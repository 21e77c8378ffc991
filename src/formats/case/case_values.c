/* Typed values out of the YAML tree; every error says where. */
#include "formats/case/case_internal.h"

#include "base/hex.h"
#include "base/mem.h"

#include <stdio.h>
#include <string.h>

#define KEYS_MAX 16

enum sg_status sg_case_bad(struct sg_case_load *load, const struct sg_yaml_node *node,
                           const char *fmt, ...)
{
    char text[SG_ERR_TEXT_MAX];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    return sg_err_line(load->err, node->line, node->column, "%s", text);
}

enum sg_status sg_case_unknown(struct sg_case_load *load, const struct sg_yaml_node *node,
                               const char *what, const char *nearest)
{
    if (nearest)
        return sg_case_bad(load, node, "unknown %s '%.64s'; did you mean '%.64s'?", what,
                           node->text, nearest);
    return sg_case_bad(load, node, "unknown %s '%.64s'", what, node->text);
}

static bool is_absent(const struct sg_yaml_node *node)
{
    return !node || sg_yaml_is_null(node) || (node->kind == SG_YAML_SCALAR && !node->count);
}

static enum sg_status take_one(const struct sg_yaml_node **value, struct sg_case_load *load,
                               const struct sg_yaml_node *mapping, const struct sg_case_key *key)
{
    const struct sg_yaml_node *node = sg_yaml_find(mapping, key->name);
    *value = NULL;
    if (is_absent(node)) {
        if (!key->required)
            return SG_OK;
        return sg_case_bad(load, node ? node : mapping, "'%s' is missing", key->name);
    }
    if (node->kind != key->kind)
        return sg_case_bad(load, node, "'%s' must be %s, not %s", key->name,
                           sg_yaml_kind_name(key->kind), sg_yaml_kind_name(node->kind));
    *value = node;
    return SG_OK;
}

enum sg_status sg_case_take(const struct sg_yaml_node **values, struct sg_case_load *load,
                            const struct sg_yaml_node *mapping, const struct sg_case_key *keys,
                            size_t n_keys)
{
    const char *names[KEYS_MAX] = {NULL};
    SG_VERIFY(n_keys <= KEYS_MAX);
    for (size_t i = 0; i < n_keys; i++)
        names[i] = keys[i].name;
    enum sg_status st = sg_yaml_check_keys(mapping, names, n_keys, load->err);
    for (size_t i = 0; st == SG_OK && i < n_keys; i++)
        st = take_one(&values[i], load, mapping, &keys[i]);
    return st;
}

const char *sg_case_text(const struct sg_yaml_node *node)
{
    return node ? node->text : NULL;
}

struct sg_case_place sg_case_place_of(const struct sg_yaml_node *node)
{
    return (struct sg_case_place){node->line, node->column, false};
}

enum sg_status sg_case_chain(const struct sg_chain **chain, struct sg_case_load *load,
                             const struct sg_yaml_node *node)
{
    *chain = sg_chain_find(node->text, node->count);
    return *chain ? SG_OK : sg_case_unknown(load, node, "chain", NULL);
}

/* A lower layer's sentence about one value, put where the value stands. */
static enum sg_status placed(struct sg_case_load *load, const struct sg_yaml_node *node,
                             enum sg_status st, const struct sg_err *inner)
{
    if (st == SG_OK)
        return SG_OK;
    sg_case_bad(load, node, "'%.100s' is %s", node->text, inner->text);
    if (load->err)
        load->err->status = st;
    return st;
}

enum sg_status sg_case_address(struct sg_address *address, struct sg_case_load *load,
                               const struct sg_chain *chain, const struct sg_yaml_node *node)
{
    struct sg_err inner;
    return placed(load, node, sg_address_parse(address, chain, node->text, node->count, &inner),
                  &inner);
}

enum sg_status sg_case_hash(uint8_t hash32[32], struct sg_case_load *load,
                            const struct sg_yaml_node *node)
{
    const size_t prefix = strncmp(node->text, "0x", 2) == 0 ? 2 : 0;
    if (!sg_hex_decode(hash32, 32, node->text + prefix, node->count - prefix))
        return sg_case_bad(load, node, "'%.100s' is not a transaction hash of 64 hex digits",
                           node->text);
    return SG_OK;
}

enum sg_status sg_case_time(int64_t *time_unix_s, struct sg_case_load *load,
                            const struct sg_yaml_node *node)
{
    *time_unix_s = SG_TIME_UNKNOWN;
    if (!node || sg_time_parse(time_unix_s, node->text, node->count, NULL) == SG_OK)
        return SG_OK;
    return sg_case_bad(load, node,
                       "'%.64s' is no time; write 2022-03-23 or 2022-03-23T13:29:09Z (UTC)",
                       node->text);
}

enum sg_status sg_case_amount(struct sg_amount *amount, struct sg_case_load *load,
                              unsigned decimals, const struct sg_yaml_node *node)
{
    const enum sg_status st = sg_amount_parse(amount, node->text, node->count, decimals, NULL);
    if (st == SG_ELIMIT)
        return placed(load, node, st, &(struct sg_err){.text = "more than 128 bits hold"});
    if (st != SG_OK)
        return sg_case_bad(load, node,
                           "'%.64s' is no amount in whole units with at most %u decimals",
                           node->text, decimals);
    if (sg_amount_is_zero(*amount))
        return sg_case_bad(load, node, "an amount of zero says nothing");
    return SG_OK;
}

static enum sg_status unknown_asset(struct sg_case_load *load, const struct sg_chain *chain,
                                    const struct sg_yaml_node *node)
{
    const char *nearest = sg_yaml_nearest(node->text, &chain->symbol, 1);
    for (size_t i = 0; !nearest && i < load->c->n_assets; i++)
        if (load->c->assets[i].chain == chain)
            nearest = sg_yaml_nearest(node->text, &load->c->assets[i].symbol, 1);
    if (nearest)
        return sg_case_unknown(load, node, "asset", nearest);
    return sg_case_bad(load, node, "unknown asset '%.64s': declare it under 'assets'", node->text);
}

enum sg_status sg_case_asset(struct sg_case_asset *asset, struct sg_case_load *load,
                             const struct sg_chain *chain, const struct sg_yaml_node *node)
{
    if (sg_yaml_is_text(node, chain->symbol)) {
        *asset = (struct sg_case_asset){
            .chain = chain, .symbol = chain->symbol, .decimals = chain->decimals};
        return SG_OK;
    }
    for (size_t i = 0; i < load->c->n_assets; i++) {
        const struct sg_case_asset *declared = &load->c->assets[i];
        if (declared->chain == chain && sg_yaml_is_text(node, declared->symbol)) {
            *asset = *declared;
            return SG_OK;
        }
    }
    return unknown_asset(load, chain, node);
}

enum sg_status sg_case_source(const struct sg_case_source **source, struct sg_case_load *load,
                              const struct sg_yaml_node *node)
{
    const char *nearest = NULL;
    for (size_t i = 0; i < load->c->n_sources; i++) {
        *source = &load->c->sources[i];
        if (sg_yaml_is_text(node, (*source)->id)) {
            load->cited[i] = true;
            return SG_OK;
        }
        if (!nearest)
            nearest = sg_yaml_nearest(node->text, &(*source)->id, 1);
    }
    return sg_case_unknown(load, node, "source", nearest);
}

enum sg_status sg_case_few(struct sg_case_load *load, const struct sg_yaml_node *list)
{
    if (!list || list->count <= SG_CASE_PARTS_MAX)
        return SG_OK;
    sg_case_bad(load, list, "a list of more than %d", SG_CASE_PARTS_MAX);
    if (load->err)
        load->err->status = SG_ELIMIT;
    return SG_ELIMIT;
}

enum sg_status sg_case_category(enum sg_category *category, struct sg_case_load *load,
                                const struct sg_yaml_node *node)
{
    const char *nearest;
    if (sg_category_find(category, &nearest, node->text) == SG_OK)
        return SG_OK;
    return sg_case_unknown(load, node, "category", nearest);
}
