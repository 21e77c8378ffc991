/* Sources, assets, seeds and conversions of a case file. */
#include "formats/case/case_internal.h"

#include "base/mem.h"

#include <string.h>

enum {
    SOURCE_ID,
    SOURCE_TITLE,
    SOURCE_ADDRESS,
    SOURCE_PUBLISHER,
    SOURCE_DATE,
    SOURCE_ACCESSED,
    SOURCE_NOTE,
    SOURCE_KEYS
};

static const struct sg_case_key source_keys[SOURCE_KEYS] = {
    [SOURCE_ID] = {"id", SG_YAML_SCALAR, true},
    [SOURCE_TITLE] = {"title", SG_YAML_SCALAR, true},
    [SOURCE_ADDRESS] = {"address", SG_YAML_SCALAR, false},
    [SOURCE_PUBLISHER] = {"publisher", SG_YAML_SCALAR, false},
    [SOURCE_DATE] = {"date", SG_YAML_SCALAR, false},
    [SOURCE_ACCESSED] = {"accessed", SG_YAML_SCALAR, false},
    [SOURCE_NOTE] = {"note", SG_YAML_SCALAR, false},
};

static enum sg_status read_source(struct sg_case_source *source, struct sg_case_load *load,
                                  const struct sg_yaml_node *node)
{
    const struct sg_yaml_node *v[SOURCE_KEYS];
    enum sg_status st = sg_case_take(v, load, node, source_keys, SOURCE_KEYS);
    if (st != SG_OK)
        return st;
    *source = (struct sg_case_source){
        .id = v[SOURCE_ID]->text,
        .title = v[SOURCE_TITLE]->text,
        .address = sg_case_text(v[SOURCE_ADDRESS]),
        .publisher = sg_case_text(v[SOURCE_PUBLISHER]),
        .note = sg_case_text(v[SOURCE_NOTE]),
        .place = sg_case_place_of(node),
    };
    for (size_t i = 0; i < load->c->n_sources; i++)
        if (strcmp(load->c->sources[i].id, source->id) == 0)
            return sg_case_bad(load, v[SOURCE_ID], "source '%.64s' is given twice", source->id);
    st = sg_case_time(&source->date_unix_s, load, v[SOURCE_DATE]);
    if (st == SG_OK)
        st = sg_case_time(&source->accessed_unix_s, load, v[SOURCE_ACCESSED]);
    return st;
}

enum sg_status sg_case_sources(struct sg_case_load *load, const struct sg_yaml_node *list)
{
    enum sg_status st = sg_case_few(load, list);
    const size_t n = list ? list->count : 0;
    struct sg_case_source *sources = sg_arena_alloc(load->arena, n + 1, sizeof(*sources));
    load->cited = sg_arena_alloc(load->arena, n + 1, sizeof(*load->cited));
    if (!sources || !load->cited)
        return sg_err_nomem(load->err);
    load->c->sources = sources;
    for (size_t i = 0; st == SG_OK && i < n; i++) {
        st = read_source(&sources[i], load, list->items[i]);
        load->c->n_sources += st == SG_OK;
    }
    return st;
}

enum { ASSET_CHAIN, ASSET_SYMBOL, ASSET_CONTRACT, ASSET_DECIMALS, ASSET_KEYS };

static const struct sg_case_key asset_keys[ASSET_KEYS] = {
    [ASSET_CHAIN] = {"chain", SG_YAML_SCALAR, true},
    [ASSET_SYMBOL] = {"symbol", SG_YAML_SCALAR, true},
    [ASSET_CONTRACT] = {"contract", SG_YAML_SCALAR, true},
    [ASSET_DECIMALS] = {"decimals", SG_YAML_SCALAR, true},
};

static enum sg_status read_decimals(unsigned *decimals, struct sg_case_load *load,
                                    const struct sg_yaml_node *node)
{
    unsigned value = 0;
    for (size_t i = 0; i < node->count; i++) {
        const char c = node->text[i];
        if (c < '0' || c > '9' || node->count > 2)
            return sg_case_bad(load, node, "'%.64s' is no number of decimals", node->text);
        value = 10 * value + (unsigned)(c - '0');
    }
    if (value > SG_DECIMALS_MAX)
        return sg_case_bad(load, node, "more than %d decimals", SG_DECIMALS_MAX);
    *decimals = value;
    return SG_OK;
}

static enum sg_status read_asset(struct sg_case_asset *asset, struct sg_case_load *load,
                                 const struct sg_yaml_node *node)
{
    const struct sg_yaml_node *v[ASSET_KEYS];
    struct sg_case_asset before;
    enum sg_status st = sg_case_take(v, load, node, asset_keys, ASSET_KEYS);
    if (st == SG_OK)
        st = sg_case_chain(&asset->chain, load, v[ASSET_CHAIN]);
    if (st == SG_OK)
        st = sg_case_address(&asset->contract, load, asset->chain, v[ASSET_CONTRACT]);
    if (st == SG_OK)
        st = read_decimals(&asset->decimals, load, v[ASSET_DECIMALS]);
    if (st != SG_OK)
        return st;
    asset->symbol = v[ASSET_SYMBOL]->text;
    struct sg_case_load quiet = *load;
    quiet.err = NULL;
    if (sg_case_asset(&before, &quiet, asset->chain, v[ASSET_SYMBOL]) == SG_OK)
        return sg_case_bad(load, v[ASSET_SYMBOL], "%s has an asset '%.64s' already",
                           asset->chain->name, asset->symbol);
    return SG_OK;
}

enum sg_status sg_case_assets(struct sg_case_load *load, const struct sg_yaml_node *list)
{
    enum sg_status st = sg_case_few(load, list);
    const size_t n = list ? list->count : 0;
    struct sg_case_asset *assets = sg_arena_alloc(load->arena, n + 1, sizeof(*assets));
    if (!assets)
        return sg_err_nomem(load->err);
    load->c->assets = assets;
    for (size_t i = 0; st == SG_OK && i < n; i++) {
        st = read_asset(&assets[i], load, list->items[i]);
        load->c->n_assets += st == SG_OK;
    }
    return st;
}

/* Index of a theft by name; n_thefts if there is none of that name. */
static size_t find_theft(const struct sg_case_load *load, const char *name)
{
    size_t i = 0;
    while (i < load->c->n_thefts && strcmp(load->thefts[i], name) != 0)
        i++;
    return i;
}

enum {
    SEED_THEFT,
    SEED_CHAIN,
    SEED_TX,
    SEED_OUTPUT,
    SEED_ADDRESS,
    SEED_ASSET,
    SEED_AMOUNT,
    SEED_TIME,
    SEED_UNTIL,
    SEED_SOURCE,
    SEED_NOTE,
    SEED_KEYS
};

static const struct sg_case_key seed_keys[SEED_KEYS] = {
    [SEED_THEFT] = {"theft", SG_YAML_SCALAR, false},
    [SEED_CHAIN] = {"chain", SG_YAML_SCALAR, true},
    [SEED_TX] = {"tx", SG_YAML_SCALAR, false},
    [SEED_OUTPUT] = {"output", SG_YAML_SCALAR, false},
    [SEED_ADDRESS] = {"address", SG_YAML_SCALAR, false},
    [SEED_ASSET] = {"asset", SG_YAML_SCALAR, true},
    [SEED_AMOUNT] = {"amount", SG_YAML_SCALAR, false},
    [SEED_TIME] = {"time", SG_YAML_SCALAR, true},
    [SEED_UNTIL] = {"until", SG_YAML_SCALAR, false},
    [SEED_SOURCE] = {"source", SG_YAML_SCALAR, true},
    [SEED_NOTE] = {"note", SG_YAML_SCALAR, false},
};

/* Where the seed is: its transaction, its address, or both. */
static enum sg_status read_seed_spot(struct sg_case_seed *seed, struct sg_case_load *load,
                                     const struct sg_yaml_node *node,
                                     const struct sg_yaml_node *const *v)
{
    enum sg_status st = SG_OK;
    if (!v[SEED_TX] && !v[SEED_ADDRESS])
        return sg_case_bad(load, node, "a seed needs 'tx' or 'address'");
    if (v[SEED_TX]) {
        seed->has_tx = true;
        st = sg_case_hash(seed->hash32, load, v[SEED_TX]);
    }
    if (st == SG_OK && v[SEED_ADDRESS])
        st = sg_case_address(&seed->address, load, seed->asset.chain, v[SEED_ADDRESS]);
    return st;
}

/* What only outputs have, and what they may leave out. */
static enum sg_status check_seed_keys(struct sg_case_load *load, const struct sg_yaml_node *node,
                                      const struct sg_yaml_node *const *v, bool outputs)
{
    if (!outputs && (v[SEED_OUTPUT] || v[SEED_UNTIL]))
        return sg_case_bad(load, v[SEED_OUTPUT] ? v[SEED_OUTPUT] : v[SEED_UNTIL],
                           "'%s' is for chains of outputs, like bitcoin",
                           v[SEED_OUTPUT] ? "output" : "until");
    if (!outputs && !v[SEED_AMOUNT])
        return sg_case_bad(load, node, "'amount' is missing");
    if (v[SEED_OUTPUT] && !v[SEED_TX])
        return sg_case_bad(load, v[SEED_OUTPUT], "'output' needs 'tx'");
    if (v[SEED_UNTIL] && v[SEED_TX])
        return sg_case_bad(load, v[SEED_UNTIL], "'until' is for an address without 'tx'");
    if (outputs && !v[SEED_UNTIL] && !v[SEED_TX])
        return sg_case_bad(load, node,
                           "an address needs 'tx', or 'until': all that it was paid "
                           "from 'time' to then is stolen");
    return SG_OK;
}

static enum sg_status read_seed_output(struct sg_case_seed *seed, struct sg_case_load *load,
                                       const struct sg_yaml_node *node)
{
    struct sg_amount n;
    uint64_t number;
    seed->has_output = node;
    if (!node)
        return SG_OK;
    if (sg_amount_parse(&n, node->text, node->count, 0, NULL) != SG_OK ||
        !sg_amount_to_u64(&number, n) || number > UINT32_MAX)
        return sg_case_bad(load, node, "'output' is the number of an output, from 0");
    seed->output = (uint32_t)number;
    return SG_OK;
}

/* How much, and when. */
static enum sg_status read_seed_extent(struct sg_case_seed *seed, struct sg_case_load *load,
                                       const struct sg_yaml_node *const *v)
{
    enum sg_status st = SG_OK;
    if (v[SEED_AMOUNT])
        st = sg_case_amount(&seed->amount, load, seed->asset.decimals, v[SEED_AMOUNT]);
    if (st == SG_OK)
        st = sg_case_time(&seed->time_unix_s, load, v[SEED_TIME]);
    if (st == SG_OK)
        st = sg_case_time(&seed->until_unix_s, load, v[SEED_UNTIL]);
    if (st == SG_OK && v[SEED_UNTIL] && seed->until_unix_s < seed->time_unix_s)
        st = sg_case_bad(load, v[SEED_UNTIL], "'until' is before 'time'");
    return st;
}

static enum sg_status read_seed(struct sg_case_seed *seed, struct sg_case_load *load,
                                const struct sg_yaml_node *node)
{
    const struct sg_yaml_node *v[SEED_KEYS];
    const struct sg_chain *chain;
    enum sg_status st = sg_case_take(v, load, node, seed_keys, SEED_KEYS);
    if (st == SG_OK)
        st = sg_case_chain(&chain, load, v[SEED_CHAIN]);
    if (st == SG_OK)
        st = sg_case_asset(&seed->asset, load, chain, v[SEED_ASSET]);
    if (st == SG_OK)
        st = check_seed_keys(load, node, v, chain->outputs);
    if (st == SG_OK)
        st = read_seed_spot(seed, load, node, v);
    if (st == SG_OK)
        st = read_seed_output(seed, load, v[SEED_OUTPUT]);
    if (st == SG_OK)
        st = read_seed_extent(seed, load, v);
    if (st == SG_OK)
        st = sg_case_source(&seed->source, load, v[SEED_SOURCE]);
    if (st != SG_OK)
        return st;
    const char *theft = v[SEED_THEFT] ? v[SEED_THEFT]->text : load->c->name;
    seed->theft = find_theft(load, theft);
    if (seed->theft == load->c->n_thefts)
        load->thefts[load->c->n_thefts++] = theft;
    seed->note = sg_case_text(v[SEED_NOTE]);
    seed->place = sg_case_place_of(node);
    return SG_OK;
}

enum sg_status sg_case_seeds(struct sg_case_load *load, const struct sg_yaml_node *list)
{
    enum sg_status st = sg_case_few(load, list);
    struct sg_case_seed *seeds = sg_arena_alloc(load->arena, list->count + 1, sizeof(*seeds));
    load->thefts = sg_arena_alloc(load->arena, list->count + 1, sizeof(*load->thefts));
    if (!seeds || !load->thefts)
        return sg_err_nomem(load->err);
    load->c->seeds = seeds;
    load->c->thefts = load->thefts;
    if (!list->count)
        return sg_case_bad(load, list, "a case needs a seed: what was taken, where and when");
    for (size_t i = 0; st == SG_OK && i < list->count; i++)
        st = read_seed(&seeds[i], load, list->items[i]);
    load->c->n_seeds = list->count;
    return st;
}

enum { MONEY_CHAIN, MONEY_ASSET, MONEY_AMOUNT, MONEY_KEYS };

static const struct sg_case_key money_keys[MONEY_KEYS] = {
    [MONEY_CHAIN] = {"chain", SG_YAML_SCALAR, true},
    [MONEY_ASSET] = {"asset", SG_YAML_SCALAR, true},
    [MONEY_AMOUNT] = {"amount", SG_YAML_SCALAR, true},
};

static enum sg_status read_money(struct sg_case_asset *asset, struct sg_amount *amount,
                                 struct sg_case_load *load, const struct sg_yaml_node *node)
{
    const struct sg_yaml_node *v[MONEY_KEYS];
    const struct sg_chain *chain;
    enum sg_status st = sg_case_take(v, load, node, money_keys, MONEY_KEYS);
    if (st == SG_OK)
        st = sg_case_chain(&chain, load, v[MONEY_CHAIN]);
    if (st == SG_OK)
        st = sg_case_asset(asset, load, chain, v[MONEY_ASSET]);
    if (st == SG_OK)
        st = sg_case_amount(amount, load, asset->decimals, v[MONEY_AMOUNT]);
    return st;
}

enum { ENTRY_ADDRESS, ENTRY_AMOUNT, ENTRY_KEYS };

static const struct sg_case_key entry_keys[ENTRY_KEYS] = {
    [ENTRY_ADDRESS] = {"address", SG_YAML_SCALAR, true},
    [ENTRY_AMOUNT] = {"amount", SG_YAML_SCALAR, false},
};

static enum sg_status read_entry(struct sg_case_entry *entry, struct sg_case_load *load,
                                 const struct sg_case_asset *asset, const struct sg_yaml_node *node)
{
    const struct sg_yaml_node *v[ENTRY_KEYS];
    enum sg_status st = sg_case_take(v, load, node, entry_keys, ENTRY_KEYS);
    if (st == SG_OK)
        st = sg_case_address(&entry->address, load, asset->chain, v[ENTRY_ADDRESS]);
    if (st == SG_OK && v[ENTRY_AMOUNT]) {
        entry->has_amount = true;
        st = sg_case_amount(&entry->amount, load, asset->decimals, v[ENTRY_AMOUNT]);
    }
    if (st == SG_OK)
        entry->place = sg_case_place_of(node);
    return st;
}

/* What the entries state must fit into the total, and be all of it where each of them states it. */
static enum sg_status check_entries(struct sg_case_load *load,
                                    const struct sg_case_conversion *conversion,
                                    const struct sg_yaml_node *list)
{
    struct sg_amount left = conversion->to_amount;
    bool all_state = true;
    for (size_t i = 0; i < conversion->n_entries; i++) {
        const struct sg_case_entry *entry = &conversion->entries[i];
        all_state = all_state && entry->has_amount;
        if (!sg_amount_sub(&left, left, entry->amount))
            return sg_case_bad(load, list->items[i], "the entries state more than the total");
        for (size_t j = 0; j < i; j++)
            if (memcmp(&conversion->entries[j].address, &entry->address, sizeof(entry->address)) ==
                0)
                return sg_case_bad(load, list->items[i], "an entry address is given twice");
    }
    if (all_state && !sg_amount_is_zero(left))
        return sg_case_bad(load, list, "the entries state less than the total");
    return SG_OK;
}

static enum sg_status read_entries(struct sg_case_conversion *conversion, struct sg_case_load *load,
                                   const struct sg_yaml_node *list)
{
    enum sg_status st = sg_case_few(load, list);
    struct sg_case_entry *entries = sg_arena_alloc(load->arena, list->count + 1, sizeof(*entries));
    if (!entries)
        return sg_err_nomem(load->err);
    if (!list->count)
        return sg_case_bad(load, list, "a conversion needs an entry: where the money came out");
    for (size_t i = 0; st == SG_OK && i < list->count; i++)
        st = read_entry(&entries[i], load, &conversion->to_asset, list->items[i]);
    conversion->entries = entries;
    conversion->n_entries = list->count;
    return st == SG_OK ? check_entries(load, conversion, list) : st;
}

enum {
    CONVERSION_THEFT,
    CONVERSION_FROM,
    CONVERSION_TO,
    CONVERSION_ENTRIES,
    CONVERSION_SOURCE,
    CONVERSION_NOTE,
    CONVERSION_KEYS
};

static const struct sg_case_key conversion_keys[CONVERSION_KEYS] = {
    [CONVERSION_THEFT] = {"theft", SG_YAML_SCALAR, false},
    [CONVERSION_FROM] = {"from", SG_YAML_MAPPING, true},
    [CONVERSION_TO] = {"to", SG_YAML_MAPPING, true},
    [CONVERSION_ENTRIES] = {"entries", SG_YAML_SEQUENCE, true},
    [CONVERSION_SOURCE] = {"source", SG_YAML_SCALAR, true},
    [CONVERSION_NOTE] = {"note", SG_YAML_SCALAR, false},
};

static enum sg_status read_theft(size_t *theft, struct sg_case_load *load,
                                 const struct sg_yaml_node *conversion,
                                 const struct sg_yaml_node *name)
{
    *theft = 0;
    if (!name && load->c->n_thefts == 1)
        return SG_OK;
    if (!name)
        return sg_case_bad(load, conversion, "'theft' is missing: the seeds name several");
    *theft = find_theft(load, name->text);
    if (*theft < load->c->n_thefts)
        return SG_OK;
    return sg_case_unknown(load, name, "theft",
                           sg_yaml_nearest(name->text, load->thefts, load->c->n_thefts));
}

static enum sg_status read_conversion(struct sg_case_conversion *conversion,
                                      struct sg_case_load *load, const struct sg_yaml_node *node)
{
    const struct sg_yaml_node *v[CONVERSION_KEYS];
    enum sg_status st = sg_case_take(v, load, node, conversion_keys, CONVERSION_KEYS);
    if (st == SG_OK)
        st = read_theft(&conversion->theft, load, node, v[CONVERSION_THEFT]);
    if (st == SG_OK)
        st =
            read_money(&conversion->from_asset, &conversion->from_amount, load, v[CONVERSION_FROM]);
    if (st == SG_OK)
        st = read_money(&conversion->to_asset, &conversion->to_amount, load, v[CONVERSION_TO]);
    if (st == SG_OK)
        st = read_entries(conversion, load, v[CONVERSION_ENTRIES]);
    if (st == SG_OK)
        st = sg_case_source(&conversion->source, load, v[CONVERSION_SOURCE]);
    if (st != SG_OK)
        return st;
    conversion->note = sg_case_text(v[CONVERSION_NOTE]);
    conversion->place = sg_case_place_of(node);
    return SG_OK;
}

enum sg_status sg_case_conversions(struct sg_case_load *load, const struct sg_yaml_node *list)
{
    enum sg_status st = sg_case_few(load, list);
    const size_t n = list ? list->count : 0;
    struct sg_case_conversion *made = sg_arena_alloc(load->arena, n + 1, sizeof(*made));
    if (!made)
        return sg_err_nomem(load->err);
    for (size_t i = 0; st == SG_OK && i < n; i++)
        st = read_conversion(&made[i], load, list->items[i]);
    load->c->conversions = made;
    load->c->n_conversions = n;
    return st;
}
