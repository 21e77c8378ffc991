#include "formats/scenario/scenario.h"

#include "base/mem.h"
#include "formats/yaml/yaml.h"

#include <string.h>

/* One key of a file: where it goes, and what it may be. */
struct knob {
    const char *section; /* NULL: at the top */
    const char *key;
    size_t offset;
    uint32_t min, max, otherwise;
};

#define AT(member) offsetof(struct sg_scenario, member)

/* Weights of zero leave something out, except that people must always be able to get money. */
static const struct knob knobs[] = {
    {NULL, "days", AT(days), 1, 3650, 365},
    {NULL, "hashes", AT(hashes), 0, 1, 1},
    {NULL, "people_told", AT(people_told), 0, 1, 1},
    {NULL, "people", AT(people), 64, 200000000, 20000},
    {NULL, "exchanges", AT(exchanges), 1, 64, 4},
    {NULL, "services", AT(services), 1, 4096, 40},
    {NULL, "brokers", AT(brokers), 1, 1024, 8},
    {"background", "payment", AT(act[SG_ACT_PAYMENT]), 0, 1000, 300},
    {"background", "service", AT(act[SG_ACT_SERVICE]), 0, 1000, 160},
    {"background", "deposit", AT(act[SG_ACT_DEPOSIT]), 0, 1000, 140},
    {"background", "withdrawal", AT(act[SG_ACT_WITHDRAWAL]), 1, 1000, 220},
    {"background", "swap", AT(act[SG_ACT_SWAP]), 0, 1000, 60},
    {"background", "mix", AT(act[SG_ACT_MIX]), 0, 1000, 12},
    {"background", "bridge", AT(act[SG_ACT_BRIDGE]), 0, 1000, 12},
    {"background", "own", AT(act[SG_ACT_OWN]), 0, 1000, 30},
    {"background", "dust", AT(act[SG_ACT_DUST]), 0, 1000, 20},
    {"background", "lookalike", AT(act[SG_ACT_LOOKALIKE]), 0, 1000, 14},
    {"background", "fake", AT(act[SG_ACT_FAKE]), 0, 1000, 20},
    {"background", "failed", AT(act[SG_ACT_FAILED]), 0, 1000, 12},
    {"background", "newcomer", AT(act[SG_ACT_NEWCOMER]), 0, 1000, 0},
    {"thefts", "count", AT(thefts), 0, 4096, 8},
    {"thefts", "coins_min", AT(theft_min), 1, 1000000, 200},
    {"thefts", "coins_max", AT(theft_max), 1, 1000000, 50000},
    {"thefts", "split", AT(move[SG_LAUNDER_SPLIT]), 0, 1000, 150},
    {"thefts", "layer", AT(move[SG_LAUNDER_LAYER]), 1, 1000, 250},
    {"thefts", "peel", AT(move[SG_LAUNDER_PEEL]), 0, 1000, 200},
    {"thefts", "park", AT(move[SG_LAUNDER_PARK]), 0, 1000, 40},
    {"thefts", "mix", AT(move[SG_LAUNDER_MIX]), 0, 1000, 100},
    {"thefts", "bridge", AT(move[SG_LAUNDER_BRIDGE]), 0, 1000, 60},
    {"thefts", "swap", AT(move[SG_LAUNDER_SWAP]), 0, 1000, 120},
    {"thefts", "exchange", AT(move[SG_LAUNDER_EXCHANGE]), 1, 1000, 60},
    {"thefts", "otc", AT(move[SG_LAUNDER_OTC]), 0, 1000, 40},
    {"payrolls", "payers", AT(payers), 0, 100000, 20},
    {"payrolls", "payees", AT(payees), 2, 10000, 60},
    {"payrolls", "crooked_permille", AT(crooked), 0, 500, 10},
    {"payrolls", "ring_min", AT(ring_min), 2, 64, 4},
    {"payrolls", "ring_max", AT(ring_max), 2, 64, 24},
    {"payrolls", "hops_max", AT(hops_max), 1, 4, 4},
    {"payrolls", "kept_min_percent", AT(kept_min), 0, 90, 20},
    {"payrolls", "kept_max_percent", AT(kept_max), 0, 90, 60},
    {"payrolls", "families_percent", AT(families), 0, 100, 10},
    {"payrolls", "agents_percent", AT(agents), 0, 100, 15},
    {"payrolls", "offramps_percent", AT(offramps), 0, 100, 10},
    {"coins", "whirlpool", AT(coin_act[SG_COINS_WHIRLPOOL]), 0, 1000, 12},
    {"coins", "wasabi1", AT(coin_act[SG_COINS_WASABI1]), 0, 1000, 1},
    {"coins", "wasabi2", AT(coin_act[SG_COINS_WASABI2]), 0, 1000, 1},
    {"coins", "joinmarket", AT(coin_act[SG_COINS_JOINMARKET]), 0, 1000, 4},
    {"coins", "payjoin", AT(coin_act[SG_COINS_PAYJOIN]), 0, 1000, 6},
    {"coins", "consolidation", AT(coin_act[SG_COINS_CONSOLIDATION]), 0, 1000, 10},
    {"coins", "equal_payout", AT(coin_act[SG_COINS_EQUAL_PAYOUT]), 0, 1000, 3},
    {"coins", "equal_move", AT(coin_act[SG_COINS_EQUAL_MOVE]), 0, 1000, 2},
    {"coins", "reuse_percent", AT(reuse), 0, 100, 15},
    {"coins", "stolen_min", AT(stolen_min), 1, 5000, 5},
    {"coins", "stolen_max", AT(stolen_max), 1, 5000, 300},
    {"coins", "peel_min", AT(peel_min), 1, 1000, 5},
    {"coins", "peel_max", AT(peel_max), 1, 1000, 60},
    {"coins", "ransoms", AT(ransoms), 0, 256, 2},
    {"coins", "ransom_victims", AT(ransom_victims), 1, 10000, 40},
};

#define N_KNOBS SG_COUNT_OF(knobs)

static uint32_t *place(struct sg_scenario *scenario, const struct knob *knob)
{
    return (uint32_t *)(void *)((char *)scenario + knob->offset);
}

void sg_scenario_defaults(struct sg_scenario *scenario)
{
    *scenario = (struct sg_scenario){0};
    for (size_t i = 0; i < N_KNOBS; i++)
        *place(scenario, &knobs[i]) = knobs[i].otherwise;
}

static bool same_section(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static enum sg_status take_number(uint32_t *out, const struct sg_yaml_node *node,
                                  const struct knob *knob, struct sg_err *err)
{
    uint64_t value = 0;
    const bool digits = node->kind == SG_YAML_SCALAR && node->count > 0 && node->count <= 9 &&
                        strspn(node->text, "0123456789") == node->count;
    for (size_t i = 0; digits && i < node->count; i++)
        value = 10 * value + (uint64_t)(node->text[i] - '0');
    if (!digits || value < knob->min || value > knob->max)
        return sg_err_line(err, node->line, node->column, "%s is a whole number from %u to %u",
                           knob->key, knob->min, knob->max);
    *out = (uint32_t)value;
    return SG_OK;
}

/* Keys of a mapping that are numbers, and others that its caller reads. */
static enum sg_status take_section(struct sg_scenario *scenario, const struct sg_yaml_node *node,
                                   const char *section, const char *const *others, size_t n_others,
                                   struct sg_err *err)
{
    const char *keys[N_KNOBS + 8];
    size_t n = 0;
    for (size_t i = 0; i < n_others; i++)
        keys[n++] = others[i];
    for (size_t i = 0; i < N_KNOBS; i++)
        if (same_section(knobs[i].section, section))
            keys[n++] = knobs[i].key;
    enum sg_status st = sg_yaml_check_keys(node, keys, n, err);
    for (size_t i = 0; st == SG_OK && i < N_KNOBS; i++) {
        const struct sg_yaml_node *value =
            same_section(knobs[i].section, section) ? sg_yaml_find(node, knobs[i].key) : NULL;
        if (value)
            st = take_number(place(scenario, &knobs[i]), value, &knobs[i], err);
    }
    return st;
}

/* What no key can say alone. */
static enum sg_status check_pairs(const struct sg_scenario *s, const struct sg_yaml_node *root,
                                  struct sg_err *err)
{
    const struct {
        uint32_t low, high;
        const char *sentence;
    } pairs[] = {
        {s->theft_min, s->theft_max, "thefts: coins_min is above coins_max"},
        {s->stolen_min, s->stolen_max, "coins: stolen_min is above stolen_max"},
        {s->peel_min, s->peel_max, "coins: peel_min is above peel_max"},
        {s->ring_min, s->ring_max, "payrolls: ring_min is above ring_max"},
        {s->kept_min, s->kept_max, "payrolls: kept_min_percent is above kept_max_percent"},
        {s->families + s->offramps, 100, "payrolls: families and offramps are above 100 percent"},
    };
    for (size_t i = 0; i < SG_COUNT_OF(pairs); i++)
        if (pairs[i].low > pairs[i].high)
            return sg_err_line(err, root->line, root->column, "%s", pairs[i].sentence);
    return SG_OK;
}

static enum sg_status take_all(struct sg_scenario *scenario, const struct sg_yaml_node *root,
                               struct sg_err *err)
{
    static const char *const others[] = {"sillage_scenario", "background", "thefts", "payrolls",
                                         "coins"};
    enum sg_status st = take_section(scenario, root, NULL, others, SG_COUNT_OF(others), err);
    if (st != SG_OK)
        return st;
    const struct sg_yaml_node *version = sg_yaml_find(root, others[0]);
    if (!version || !sg_yaml_is_text(version, "1"))
        return sg_err_line(err, version ? version->line : root->line,
                           version ? version->column : root->column,
                           "'sillage_scenario: 1' must say which version this is");
    for (size_t i = 1; st == SG_OK && i < SG_COUNT_OF(others); i++) {
        const struct sg_yaml_node *node = sg_yaml_find(root, others[i]);
        if (node)
            st = take_section(scenario, node, others[i], NULL, 0, err);
    }
    return st == SG_OK ? check_pairs(scenario, root, err) : st;
}

enum sg_status sg_scenario_parse(struct sg_scenario *scenario, struct sg_arena *arena,
                                 const char *bytes, size_t size, struct sg_err *err)
{
    struct sg_scenario read;
    const struct sg_yaml_node *root;
    sg_scenario_defaults(&read);
    enum sg_status st = sg_yaml_parse(&root, arena, bytes, size, err);
    if (st == SG_OK)
        st = take_all(&read, root, err);
    if (st == SG_OK)
        *scenario = read;
    return st;
}
