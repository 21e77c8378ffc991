#include "formats/redrules/redrules.h"

#include "base/mem.h"
#include "formats/yaml/yaml.h"

#include <stdlib.h>
#include <string.h>

/* Whether two names are one person's can be told better in some languages than in others, so no
 * alert may hang on it: payout_other_name is weak. */
static const struct sg_redrule_kind kinds[SG_RED_COUNT] = {
    [SG_RED_SHARED_IP] = {"shared_ip", SG_CLASS_ACCESS, false},
    [SG_RED_SHARED_DEVICE] = {"shared_device", SG_CLASS_ACCESS, false},
    [SG_RED_SHARED_TOKEN] = {"shared_token", SG_CLASS_ACCESS, false},
    [SG_RED_COUNTRIES] = {"countries", SG_CLASS_NETWORK, true},
    [SG_RED_TRAVEL] = {"travel", SG_CLASS_NETWORK, true},
    [SG_RED_LONG_SESSION] = {"long_session", SG_CLASS_SESSION, false},
    [SG_RED_REMOTE_DESKTOP] = {"remote_desktop", SG_CLASS_SESSION, false},
    [SG_RED_KVM] = {"kvm", SG_CLASS_SESSION, false},
    [SG_RED_SHIPPED_ELSEWHERE] = {"shipped_elsewhere", SG_CLASS_LOGISTICS, false},
    [SG_RED_SHARED_SHIPMENT] = {"shared_shipment", SG_CLASS_LOGISTICS, false},
    [SG_RED_SHARED_PAYOUT] = {"shared_payout", SG_CLASS_MONEY, false},
    [SG_RED_PAYOUT_OTHER_NAME] = {"payout_other_name", SG_CLASS_MONEY, true},
    [SG_RED_PAYOUT_CHANGES] = {"payout_changes", SG_CLASS_MONEY, false},
    [SG_RED_EMPLOYER_PAYOUT] = {"employer_payout", SG_CLASS_MONEY, false},
    [SG_RED_TEXT_REUSE] = {"text_reuse", SG_CLASS_TEXT, false},
    [SG_RED_CONTRADICTION] = {"contradiction", SG_CLASS_IDENTITY, false},
    [SG_RED_CONTACT_CHURN] = {"contact_churn", SG_CLASS_IDENTITY, false},
    [SG_RED_MANY_BIDS] = {"many_bids", SG_CLASS_PLATFORM, false},
    [SG_RED_RATING_RING] = {"rating_ring", SG_CLASS_PLATFORM, false},
    [SG_RED_REVIVED_ACCOUNT] = {"revived_account", SG_CLASS_PLATFORM, false},
    [SG_RED_BACKDATED] = {"backdated", SG_CLASS_CODE, false},
    [SG_RED_COPIED_CODE] = {"copied_code", SG_CLASS_CODE, false},
    [SG_RED_INJECTED_AUTHOR] = {"injected_author", SG_CLASS_CODE, false},
    [SG_RED_COMMIT_IDENTITIES] = {"commit_identities", SG_CLASS_CODE, false},
    [SG_RED_STAND_IN] = {"stand_in", SG_CLASS_PRESENCE, false},
    [SG_RED_TIME_ZONE] = {"time_zone", SG_CLASS_CLOCK, true},
    [SG_RED_REFERRAL] = {"referral", SG_CLASS_CONTEXT, true},
    [SG_RED_SANCTIONED_PAYOUT] = {"sanctioned_payout", SG_CLASS_SANCTIONS, true},
    /* counts for the classes that the other has, and forms none of its own */
    [SG_RED_ONE_REMOVE] = {"one_remove", SG_CLASS_CONTEXT, false},
};

const struct sg_redrule_kind *sg_redrule_kind(enum sg_redrule_id id)
{
    return &kinds[id];
}

const char *sg_redclass_name(enum sg_redclass redclass)
{
    static const char *const names[SG_CLASS_COUNT] = {
        "access",   "network", "session",  "logistics", "money",   "text",     "identity",
        "platform", "code",    "presence", "clock",     "context", "sanctions"};
    return names[redclass];
}

struct parsing {
    struct sg_redrules rules;
    bool seen[SG_RED_COUNT];
    struct sg_arena *arena;
};

static enum sg_status wrong(const struct sg_yaml_node *node, const char *what, struct sg_err *err)
{
    return sg_err_line(err, node->line, node->column, "%s", what);
}

/* A decimal number in [0, max] with digits and at most one point: strtod alone would take "0x1p3"
 * and "nan". */
static enum sg_status take_number(double *out, const struct sg_yaml_node *node, double max,
                                  struct sg_err *err)
{
    if (node->kind != SG_YAML_SCALAR || !node->count ||
        strspn(node->text, "0123456789.") != node->count || node->count > 12)
        return wrong(node, "a number is wanted here", err);
    char *end;
    const double value = strtod(node->text, &end);
    if (*end || value > max)
        return wrong(node, "a number is out of range here", err);
    *out = value;
    return SG_OK;
}

static enum sg_status take_count(uint32_t *out, const struct sg_yaml_node *node, struct sg_err *err)
{
    double value = 0;
    const enum sg_status st = take_number(&value, node, 1e6, err);
    if (st == SG_OK && value != (double)(uint32_t)value)
        return wrong(node, "a whole number is wanted here", err);
    if (st == SG_OK)
        *out = (uint32_t)value;
    return st;
}

static enum sg_status take_text(const char **out, const struct sg_yaml_node *rule, const char *key,
                                struct sg_err *err)
{
    const struct sg_yaml_node *node = sg_yaml_find(rule, key);
    if (!node || node->kind != SG_YAML_SCALAR || !node->count)
        return sg_err_line(err, rule->line, rule->column, "the rule has no text '%s'", key);
    *out = node->text;
    return SG_OK;
}

static enum sg_status take_numbers(struct sg_redrule *rule, const struct sg_yaml_node *node,
                                   struct sg_err *err)
{
    const struct sg_yaml_node *weight = sg_yaml_find(node, "weight");
    const struct sg_yaml_node *at_least = sg_yaml_find(node, "at_least");
    const struct sg_yaml_node *at_most = sg_yaml_find(node, "at_most");
    const struct sg_yaml_node *enabled = sg_yaml_find(node, "enabled");
    rule->at_least = 1;
    rule->at_most = UINT32_MAX;
    rule->enabled = !enabled || !sg_yaml_is_text(enabled, "no");
    if (enabled && rule->enabled && !sg_yaml_is_text(enabled, "yes"))
        return wrong(enabled, "yes or no is wanted here", err);
    if (!weight)
        return wrong(node, "the rule has no weight", err);
    enum sg_status st = take_number(&rule->weight, weight, 10, err);
    if (st == SG_OK && at_least)
        st = take_count(&rule->at_least, at_least, err);
    if (st == SG_OK && at_most)
        st = take_count(&rule->at_most, at_most, err);
    if (st == SG_OK && (rule->at_least < 1 || rule->at_most < rule->at_least))
        return wrong(node, "at_least is 1 or more, at_most not below it", err);
    return st;
}

static enum sg_status take_rule(struct parsing *p, const struct sg_yaml_node *node,
                                struct sg_err *err)
{
    static const char *const keys[] = {"id",    "title",  "weight",   "at_least", "at_most",
                                       "needs", "source", "innocent", "enabled"};
    const char *id = NULL;
    enum sg_status st = sg_yaml_check_keys(node, keys, SG_COUNT_OF(keys), err);
    if (st == SG_OK)
        st = take_text(&id, node, "id", err);
    if (st != SG_OK)
        return st;
    size_t i = 0;
    while (i < SG_RED_COUNT && strcmp(kinds[i].name, id) != 0)
        i++;
    if (i == SG_RED_COUNT)
        return wrong(node, "no rule has this id", err);
    if (p->seen[i])
        return sg_err_line(err, node->line, node->column, "rule %s stands there twice", id);
    p->seen[i] = true;
    struct sg_redrule *rule = &p->rules.rules[i];
    st = take_numbers(rule, node, err);
    if (st == SG_OK)
        st = take_text(&rule->title, node, "title", err);
    if (st == SG_OK)
        st = take_text(&rule->needs, node, "needs", err);
    if (st == SG_OK)
        st = take_text(&rule->source, node, "source", err);
    return st == SG_OK ? take_text(&rule->innocent, node, "innocent", err) : st;
}

static enum sg_status take_tools(const char *const **tools, size_t *n, struct parsing *p,
                                 const struct sg_yaml_node *list, struct sg_err *err)
{
    if (list->kind != SG_YAML_SEQUENCE || list->count > SG_REDTOOLS_MAX)
        return wrong(list, "a list of at most 64 names is wanted here", err);
    const char **texts = sg_arena_alloc(p->arena, list->count + 1, sizeof(*texts));
    if (!texts)
        return sg_err_nomem(err);
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i]->kind != SG_YAML_SCALAR || !list->items[i]->count)
            return wrong(list->items[i], "a name is wanted here", err);
        texts[i] = list->items[i]->text;
    }
    *tools = texts;
    *n = list->count;
    return SG_OK;
}

/* Of the keys of a file the first so many; the others come both or not at all. */
#define KEYS_NEEDED 5

static enum sg_status take_measured(struct sg_redrules *rules, const struct sg_yaml_node *root,
                                    struct sg_err *err)
{
    const struct sg_yaml_node *recall = sg_yaml_find(root, "measured_recall");
    const struct sg_yaml_node *false_alarms = sg_yaml_find(root, "measured_false_alarms");
    if (!recall && !false_alarms)
        return SG_OK;
    if (!recall || !false_alarms)
        return wrong(recall ? recall : false_alarms,
                     "measured_recall and measured_false_alarms go together", err);
    rules->is_measured = true;
    const enum sg_status st = take_number(&rules->measured_recall, recall, 1, err);
    return st == SG_OK ? take_number(&rules->measured_false_alarms, false_alarms, 1, err) : st;
}

static enum sg_status take_all(struct parsing *p, const struct sg_yaml_node *root,
                               struct sg_err *err)
{
    static const char *const keys[] = {
        "sillage_rules", "alert_weight",    "remote_tools",         "kvm_tools",
        "rules",         "measured_recall", "measured_false_alarms"};
    enum sg_status st = sg_yaml_check_keys(root, keys, SG_COUNT_OF(keys), err);
    for (size_t i = 0; st == SG_OK && i < KEYS_NEEDED; i++)
        if (!sg_yaml_find(root, keys[i]))
            return sg_err_line(err, root->line, root->column, "the file has no '%s'", keys[i]);
    if (st == SG_OK && !sg_yaml_is_text(sg_yaml_find(root, "sillage_rules"), "1"))
        return wrong(sg_yaml_find(root, "sillage_rules"), "only version 1 is known", err);
    if (st == SG_OK)
        st = take_number(&p->rules.alert_weight, sg_yaml_find(root, "alert_weight"), 100, err);
    if (st == SG_OK)
        st = take_measured(&p->rules, root, err);
    if (st == SG_OK)
        st = take_tools(&p->rules.remote_tools, &p->rules.n_remote_tools, p,
                        sg_yaml_find(root, "remote_tools"), err);
    if (st == SG_OK)
        st = take_tools(&p->rules.kvm_tools, &p->rules.n_kvm_tools, p,
                        sg_yaml_find(root, "kvm_tools"), err);
    const struct sg_yaml_node *list = sg_yaml_find(root, "rules");
    if (st == SG_OK && list->kind != SG_YAML_SEQUENCE)
        return wrong(list, "a list of rules is wanted here", err);
    for (size_t i = 0; st == SG_OK && i < list->count; i++)
        st = take_rule(p, list->items[i], err);
    for (size_t i = 0; st == SG_OK && i < SG_RED_COUNT; i++)
        if (!p->seen[i])
            return sg_err_line(err, list->line, list->column,
                               "rule %s is missing; to leave it out say enabled: no",
                               kinds[i].name);
    return st;
}

enum sg_status sg_redrules_parse(struct sg_redrules *rules, struct sg_arena *arena,
                                 const char *bytes, size_t size, struct sg_err *err)
{
    struct parsing p = {.arena = arena};
    const struct sg_yaml_node *root;
    enum sg_status st = sg_yaml_parse(&root, arena, bytes, size, err);
    if (st == SG_OK)
        st = take_all(&p, root, err);
    if (st == SG_OK)
        *rules = p.rules;
    return st;
}
