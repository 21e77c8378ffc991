#include "formats/poolfile/poolfile.h"

#include "base/mem.h"
#include "formats/yaml/yaml.h"

#include <string.h>

struct load {
    struct sg_poolfile *file;
    struct sg_arena *arena;
    struct sg_err *err;
    struct sg_poolfile_pool *pools;
};

static enum sg_status bad(const struct load *load, const struct sg_yaml_node *node,
                          const char *sentence)
{
    return sg_err_line(load->err, node->line, node->column, "%s", sentence);
}

/* The scalar of a key that must be there. */
static enum sg_status take_text(const char **text, const struct load *load,
                                const struct sg_yaml_node *pool, const char *key)
{
    const struct sg_yaml_node *node = sg_yaml_find(pool, key);
    if (!node)
        return sg_err_line(load->err, pool->line, pool->column, "the key '%s' is missing", key);
    if (node->kind != SG_YAML_SCALAR || node->count == 0)
        return sg_err_line(load->err, node->line, node->column, "'%s' is a text", key);
    *text = node->text;
    return SG_OK;
}

/* The list of a key, NULL if there is none; one text stands for a list of one. */
static enum sg_status take_list(const struct sg_yaml_node *const **items, size_t *n,
                                const struct load *load, const struct sg_yaml_node *pool,
                                const char *key)
{
    const struct sg_yaml_node *node = sg_yaml_find(pool, key);
    *n = 0;
    if (!node || sg_yaml_is_null(node))
        return SG_OK;
    if (node->kind != SG_YAML_SEQUENCE)
        return sg_err_line(load->err, node->line, node->column, "'%s' is a list", key);
    if (node->count > SG_POOLFILE_PARTS_MAX)
        return sg_err_set(load->err, SG_ELIMIT, "line %u: '%s' has more than %d entries",
                          node->line, key, SG_POOLFILE_PARTS_MAX);
    for (size_t i = 0; i < node->count; i++)
        if (node->items[i]->kind != SG_YAML_SCALAR || node->items[i]->count == 0)
            return bad(load, node->items[i], "an entry of this list is a text");
    *items = node->items;
    *n = node->count;
    return SG_OK;
}

static enum sg_status take_files(const char *const **files, size_t *n_files,
                                 const struct load *load, const struct sg_yaml_node *pool,
                                 const char *key)
{
    const struct sg_yaml_node *const *items = NULL;
    size_t n = 0;
    const enum sg_status st = take_list(&items, &n, load, pool, key);
    if (st != SG_OK)
        return st;
    const char **names = sg_arena_alloc(load->arena, n + 1, sizeof(*names));
    if (!names)
        return sg_err_nomem(load->err);
    for (size_t i = 0; i < n; i++)
        names[i] = items[i]->text;
    *files = names;
    *n_files = n;
    return SG_OK;
}

static bool is_taken(const struct load *load, const struct sg_address *contract)
{
    for (size_t p = 0; p <= load->file->n_pools; p++)
        for (size_t i = 0; i < load->pools[p].n_contracts; i++)
            if (memcmp(&load->pools[p].contracts[i], contract, sizeof(*contract)) == 0)
                return true;
    return false;
}

static enum sg_status take_contracts(struct sg_poolfile_pool *pool, const struct load *load,
                                     const struct sg_yaml_node *node)
{
    const struct sg_yaml_node *const *items = NULL;
    size_t n = 0;
    const enum sg_status st = take_list(&items, &n, load, node, "contracts");
    if (st != SG_OK)
        return st;
    struct sg_address *contracts = sg_arena_alloc(load->arena, n + 1, sizeof(*contracts));
    if (!contracts)
        return sg_err_nomem(load->err);
    pool->contracts = contracts;
    for (size_t i = 0; i < n; i++) {
        memset(&contracts[i], 0, sizeof(contracts[i]));
        if (sg_address_parse(&contracts[i], load->file->chain, items[i]->text, items[i]->count,
                             NULL) != SG_OK)
            return bad(load, items[i], "not an address of this chain");
        if (is_taken(load, &contracts[i]))
            return bad(load, items[i], "this contract is named twice");
        pool->n_contracts = i + 1;
    }
    return SG_OK;
}

static enum sg_status take_amounts(struct sg_poolfile_pool *pool, const struct load *load,
                                   const struct sg_yaml_node *node)
{
    const char *text = NULL;
    struct sg_amount decimals;
    uint64_t value = 0;
    enum sg_status st = take_text(&text, load, node, "decimals");
    if (st != SG_OK)
        return st;
    if (sg_amount_parse(&decimals, text, strlen(text), 0, NULL) != SG_OK ||
        !sg_amount_to_u64(&value, decimals) || value > SG_DECIMALS_MAX)
        return bad(load, sg_yaml_find(node, "decimals"), "decimals are a number from 0 to 38");
    pool->decimals = (unsigned)value;
    st = take_text(&text, load, node, "denomination");
    if (st != SG_OK)
        return st;
    if (sg_amount_parse(&pool->denomination, text, strlen(text), pool->decimals, NULL) != SG_OK ||
        sg_amount_is_zero(pool->denomination))
        return bad(load, sg_yaml_find(node, "denomination"),
                   "the denomination is no amount of this asset above zero");
    return SG_OK;
}

static enum sg_status check_name(const struct load *load, const struct sg_yaml_node *node,
                                 const char *name)
{
    for (size_t i = 0; i < load->file->n_pools; i++)
        if (strcmp(load->pools[i].name, name) == 0)
            return bad(load, sg_yaml_find(node, "name"), "another pool has this name");
    return SG_OK;
}

static enum sg_status take_pool(struct load *load, const struct sg_yaml_node *node)
{
    static const char *const keys[] = {"name",         "asset",     "decimals",
                                       "denomination", "contracts", "events"};
    struct sg_poolfile_pool *pool = &load->pools[load->file->n_pools];
    enum sg_status st = sg_yaml_check_keys(node, keys, SG_COUNT_OF(keys), load->err);
    if (st == SG_OK)
        st = take_text(&pool->name, load, node, "name");
    if (st == SG_OK)
        st = check_name(load, node, pool->name);
    if (st == SG_OK)
        st = take_text(&pool->asset, load, node, "asset");
    if (st == SG_OK)
        st = take_amounts(pool, load, node);
    if (st == SG_OK)
        st = take_contracts(pool, load, node);
    if (st == SG_OK)
        st = take_files(&pool->events, &pool->n_events, load, node, "events");
    if (st == SG_OK)
        load->file->n_pools++;
    return st;
}

static enum sg_status take_pools(struct load *load, const struct sg_yaml_node *root)
{
    const struct sg_yaml_node *list = sg_yaml_find(root, "pools");
    enum sg_status st = SG_OK;
    if (!list || list->kind != SG_YAML_SEQUENCE || list->count == 0)
        return bad(load, list ? list : root, "'pools' is a list of one pool or more");
    if (list->count > SG_POOLFILE_POOLS_MAX)
        return sg_err_set(load->err, SG_ELIMIT, "more than %d pools", SG_POOLFILE_POOLS_MAX);
    load->pools = sg_arena_alloc(load->arena, list->count, sizeof(*load->pools));
    if (!load->pools)
        return sg_err_nomem(load->err);
    memset(load->pools, 0, list->count * sizeof(*load->pools));
    for (size_t i = 0; st == SG_OK && i < list->count; i++)
        st = take_pool(load, list->items[i]);
    load->file->pools = load->pools;
    return st;
}

static enum sg_status take_head(struct load *load, const struct sg_yaml_node *root)
{
    static const char *const keys[] = {"sillage_pools", "chain", "pools", "logs"};
    const char *text = NULL;
    enum sg_status st = sg_yaml_check_keys(root, keys, SG_COUNT_OF(keys), load->err);
    if (st == SG_OK)
        st = take_text(&text, load, root, "sillage_pools");
    if (st != SG_OK)
        return st;
    if (strcmp(text, "1") != 0)
        return bad(load, sg_yaml_find(root, "sillage_pools"), "this program knows version 1");
    st = take_text(&text, load, root, "chain");
    if (st != SG_OK)
        return st;
    load->file->chain = sg_chain_find(text, strlen(text));
    return load->file->chain ? SG_OK : bad(load, sg_yaml_find(root, "chain"), "no such chain");
}

static enum sg_status check_logs(const struct load *load, const struct sg_yaml_node *root)
{
    size_t n_contracts = 0;
    for (size_t i = 0; i < load->file->n_pools; i++)
        n_contracts += load->pools[i].n_contracts;
    if (load->file->n_logs && !n_contracts)
        return bad(load, sg_yaml_find(root, "logs"),
                   "logs go to the pool of their contract, and no pool names one");
    return SG_OK;
}

enum sg_status sg_poolfile_parse(struct sg_poolfile *file, struct sg_arena *arena,
                                 const char *bytes, size_t size, struct sg_err *err)
{
    struct sg_poolfile made = {NULL, NULL, 0, NULL, 0};
    struct load load = {&made, arena, err, NULL};
    const struct sg_yaml_node *root = NULL;
    enum sg_status st = sg_yaml_parse(&root, arena, bytes, size, err);
    if (st == SG_OK)
        st = take_head(&load, root);
    if (st == SG_OK)
        st = take_pools(&load, root);
    if (st == SG_OK)
        st = take_files(&made.logs, &made.n_logs, &load, root, "logs");
    if (st == SG_OK)
        st = check_logs(&load, root);
    if (st == SG_OK)
        *file = made;
    return st;
}

const struct sg_poolfile_pool *sg_poolfile_of(const struct sg_poolfile *file,
                                              const struct sg_address *contract)
{
    for (size_t p = 0; p < file->n_pools; p++)
        for (size_t i = 0; i < file->pools[p].n_contracts; i++)
            if (memcmp(&file->pools[p].contracts[i], contract, sizeof(*contract)) == 0)
                return &file->pools[p];
    return NULL;
}
