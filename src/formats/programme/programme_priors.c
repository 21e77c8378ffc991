/* The assumptions file. */
#include "formats/programme/programme_internal.h"

#include "formats/yaml/yaml.h"

#include <string.h>

/* What a prior is a number of; decides which values make sense. */
enum kind { AMOUNT, PART, FACTOR };

static const struct {
    const char *name;
    enum kind kind;
} known[SG_PRIOR_COUNT] = {
    [SG_PRIOR_GROSS] = {"gross", AMOUNT},
    [SG_PRIOR_RECOVERED] = {"recovered", PART},
    [SG_PRIOR_NOT_LAUNDERED] = {"not_laundered", PART},
    [SG_PRIOR_RETENTION] = {"retention", PART},
    [SG_PRIOR_PRICE] = {"price", FACTOR},
    [SG_PRIOR_TRADE] = {"trade", AMOUNT},
    [SG_PRIOR_IT_GROSS] = {"it_gross", AMOUNT},
    [SG_PRIOR_IT_REMITTED] = {"it_remitted", PART},
    [SG_PRIOR_LABOUR] = {"labour", AMOUNT},
    [SG_PRIOR_LABOUR_PART] = {"labour_part", PART},
    [SG_PRIOR_COAL] = {"coal", AMOUNT},
    [SG_PRIOR_ARMS] = {"arms", AMOUNT},
    [SG_PRIOR_PROGRAMME_COST] = {"programme_cost", AMOUNT},
    [SG_PRIOR_MATERIALS] = {"materials", PART},
    [SG_PRIOR_PERSONNEL] = {"personnel", PART},
    [SG_PRIOR_OTHER_COSTS] = {"other_costs", PART},
    [SG_PRIOR_IMPORTED] = {"imported", PART},
    [SG_PRIOR_PERIOD_KNOWN_BASE] = {"period_known_base", AMOUNT},
    [SG_PRIOR_PERIOD_KNOWN_RECOVERED] = {"period_known_recovered", AMOUNT},
    [SG_PRIOR_PERIOD_RECOVERED] = {"period_recovered", PART},
    [SG_PRIOR_PERIOD_RECOVERED_ALL] = {"period_recovered_all", PART},
    [SG_PRIOR_PERIOD_NOT_LAUNDERED] = {"period_not_laundered", PART},
    [SG_PRIOR_PERIOD_PRICE] = {"period_price", FACTOR},
};

static const char *const form_names[] = {"fixed", "uniform", "loguniform", "triangular",
                                         "lognormal"};

const char *sg_prior_name(enum sg_prior_name name)
{
    return known[name].name;
}

static enum sg_status at(const struct sg_yaml_node *node, struct sg_err *err, const char *what,
                         const char *name)
{
    return sg_err_line(err, node->line, node->column, "assumptions: %s: %s", name, what);
}

static enum sg_status get(const struct sg_yaml_node **node, const struct sg_yaml_node *mapping,
                          const char *key, const char *name, struct sg_err *err)
{
    *node = sg_yaml_find(mapping, key);
    if (!*node)
        return sg_err_line(err, mapping->line, mapping->column, "assumptions: %s: no '%s'", name,
                           key);
    if ((*node)->kind != SG_YAML_SCALAR)
        return at(*node, err, "a text was expected", name);
    return SG_OK;
}

static enum sg_status get_number(double *number, const struct sg_yaml_node *mapping,
                                 const char *key, const char *name, struct sg_err *err)
{
    const struct sg_yaml_node *node;
    int64_t micro;
    const enum sg_status st = get(&node, mapping, key, name, err);
    if (st != SG_OK)
        return st;
    if (!sg_parse_micro(&micro, (struct sg_text){node->text, node->count}))
        return at(node, err, "not a number with at most six decimals", name);
    *number = (double)micro / 1e6;
    return SG_OK;
}

static enum sg_status read_form(enum sg_prior_form *form, const struct sg_yaml_node *mapping,
                                const char *name, struct sg_err *err)
{
    const struct sg_yaml_node *node;
    const enum sg_status st = get(&node, mapping, "form", name, err);
    if (st != SG_OK)
        return st;
    for (int f = 0; f <= (int)SG_FORM_LOGNORMAL; f++)
        if (sg_yaml_is_text(node, form_names[f])) {
            *form = (enum sg_prior_form)f;
            return SG_OK;
        }
    return at(node, err, "form is one of fixed, uniform, loguniform, triangular, lognormal", name);
}

static enum sg_status read_range(struct sg_prior *prior, const struct sg_yaml_node *mapping,
                                 const char *name, struct sg_err *err)
{
    enum sg_status st = get_number(&prior->low, mapping, "low", name, err);
    if (st == SG_OK)
        st = get_number(&prior->high, mapping, "high", name, err);
    if (st == SG_OK && prior->low > prior->high)
        st = at(mapping, err, "low is above high", name);
    return st;
}

/* The numbers that a form needs, and no key that it does not. */
static enum sg_status read_numbers(struct sg_prior *prior, const struct sg_yaml_node *mapping,
                                   const char *name, struct sg_err *err)
{
    static const char *const fixed[] = {"form", "source", "value"};
    static const char *const range[] = {"form", "source", "low", "high", "mode"};
    static const char *const spread[] = {"form", "source", "sd"};
    enum sg_status st;
    switch (prior->form) {
    case SG_FORM_FIXED:
        st = sg_yaml_check_keys(mapping, fixed, 3, err);
        if (st == SG_OK)
            st = get_number(&prior->low, mapping, "value", name, err);
        prior->high = prior->low;
        return st;
    case SG_FORM_UNIFORM:
    case SG_FORM_LOGUNIFORM:
        st = sg_yaml_check_keys(mapping, range, 4, err);
        return st == SG_OK ? read_range(prior, mapping, name, err) : st;
    case SG_FORM_TRIANGULAR:
        st = sg_yaml_check_keys(mapping, range, 5, err);
        if (st == SG_OK)
            st = read_range(prior, mapping, name, err);
        if (st == SG_OK)
            st = get_number(&prior->mode, mapping, "mode", name, err);
        if (st == SG_OK && (prior->mode < prior->low || prior->mode > prior->high))
            st = at(mapping, err, "the mode lies outside low and high", name);
        return st;
    case SG_FORM_LOGNORMAL:
        st = sg_yaml_check_keys(mapping, spread, 3, err);
        prior->low = prior->high = 1;
        return st == SG_OK ? get_number(&prior->sd, mapping, "sd", name, err) : st;
    }
    return SG_OK;
}

static enum sg_status check_values(const struct sg_prior *prior, enum kind kind,
                                   const struct sg_yaml_node *mapping, const char *name,
                                   struct sg_err *err)
{
    if (prior->low < 0 || prior->sd < 0)
        return at(mapping, err, "a negative value", name);
    if (prior->sd > 3)
        return at(mapping, err, "a standard deviation above 3 (a factor of 20) is no assumption",
                  name);
    if (prior->form == SG_FORM_LOGUNIFORM && prior->low <= 0)
        return at(mapping, err, "loguniform needs low above zero", name);
    if (kind == PART && prior->high > 1)
        return at(mapping, err, "a part of a whole cannot exceed 1", name);
    if ((kind == FACTOR) != (prior->form == SG_FORM_LOGNORMAL))
        return at(mapping, err,
                  kind == FACTOR ? "a price factor is lognormal" : "lognormal is for price factors",
                  name);
    return SG_OK;
}

static enum sg_status read_prior(struct sg_prior *prior, struct sg_arena *arena,
                                 enum sg_prior_name which, const struct sg_yaml_node *mapping,
                                 struct sg_err *err)
{
    const char *name = known[which].name;
    const struct sg_yaml_node *source;
    if (mapping->kind != SG_YAML_MAPPING)
        return at(mapping, err, "a mapping was expected", name);
    enum sg_status st = read_form(&prior->form, mapping, name, err);
    if (st == SG_OK)
        st = read_numbers(prior, mapping, name, err);
    if (st == SG_OK)
        st = check_values(prior, known[which].kind, mapping, name, err);
    if (st == SG_OK)
        st = get(&source, mapping, "source", name, err);
    if (st != SG_OK)
        return st;
    if (source->count == 0)
        return at(source, err, "a prior needs a source, or the word JUDGEMENT", name);
    prior->source = sg_arena_strndup(arena, source->text, source->count);
    prior->is_judgement = strstr(source->text, "JUDGEMENT") != NULL;
    return prior->source ? SG_OK : sg_err_nomem(err);
}

static enum sg_status read_priors(struct sg_assumptions *out, struct sg_arena *arena,
                                  const struct sg_yaml_node *root, struct sg_err *err)
{
    const char *names[SG_PRIOR_COUNT];
    const struct sg_yaml_node *priors = sg_yaml_find(root, "priors");
    if (!priors)
        return at(root, err, "missing", "priors");
    for (int i = 0; i < SG_PRIOR_COUNT; i++)
        names[i] = known[i].name;
    enum sg_status st = sg_yaml_check_keys(priors, names, SG_PRIOR_COUNT, err);
    for (int i = 0; st == SG_OK && i < SG_PRIOR_COUNT; i++) {
        const struct sg_yaml_node *mapping = sg_yaml_find(priors, names[i]);
        if (!mapping)
            return at(priors, err, "missing; every prior must be stated", names[i]);
        st = read_prior(&out->priors[i], arena, (enum sg_prior_name)i, mapping, err);
    }
    return st;
}

static enum sg_status read_year(int16_t *year, const struct sg_yaml_node *node, const char *name,
                                struct sg_err *err)
{
    if (node->kind != SG_YAML_SCALAR ||
        !sg_parse_year(year, (struct sg_text){node->text, node->count}))
        return at(node, err, "not a year", name);
    return SG_OK;
}

static enum sg_status read_years(struct sg_assumptions *out, const struct sg_yaml_node *root,
                                 struct sg_err *err)
{
    const struct sg_yaml_node *year = sg_yaml_find(root, "year");
    const struct sg_yaml_node *period = sg_yaml_find(root, "period");
    if (!year || !period)
        return at(root, err, "missing", year ? "period" : "year");
    if (period->kind != SG_YAML_SEQUENCE || period->count != 2)
        return at(period, err, "a list of a first and a last year was expected", "period");
    enum sg_status st = read_year(&out->year, year, "year", err);
    if (st == SG_OK)
        st = read_year(&out->period_from, period->items[0], "period", err);
    if (st == SG_OK)
        st = read_year(&out->period_to, period->items[1], "period", err);
    if (st == SG_OK && out->period_from > out->period_to)
        st = at(period, err, "the last year comes before the first", "period");
    return st;
}

/* Priors that hold together only jointly. */
static enum sg_status check_sums(const struct sg_assumptions *a, const struct sg_yaml_node *root,
                                 struct sg_err *err)
{
    const struct sg_prior *p = a->priors;
    const double low =
        p[SG_PRIOR_MATERIALS].low + p[SG_PRIOR_PERSONNEL].low + p[SG_PRIOR_OTHER_COSTS].low;
    const double high =
        p[SG_PRIOR_MATERIALS].high + p[SG_PRIOR_PERSONNEL].high + p[SG_PRIOR_OTHER_COSTS].high;
    const struct sg_yaml_node *priors = sg_yaml_find(root, "priors");
    if (low > 1 + 1e-9 || high < 1 - 1e-9)
        return at(priors, err, "materials, personnel and other_costs cannot sum to one", "priors");
    if (p[SG_PRIOR_PERIOD_KNOWN_RECOVERED].high > p[SG_PRIOR_PERIOD_KNOWN_BASE].low)
        return at(priors, err, "more is recovered than was stolen", "period_known_recovered");
    return SG_OK;
}

enum sg_status sg_assumptions_read(struct sg_assumptions *assumptions, struct sg_arena *arena,
                                   const char *bytes, size_t size, struct sg_err *err)
{
    static const char *const keys[] = {"year", "period", "priors"};
    struct sg_assumptions out = {0};
    const struct sg_yaml_node *root;
    enum sg_status st = sg_yaml_parse(&root, arena, bytes, size, err);
    if (st == SG_OK)
        st = sg_yaml_check_keys(root, keys, 3, err);
    if (st == SG_OK)
        st = read_years(&out, root, err);
    if (st == SG_OK)
        st = read_priors(&out, arena, root, err);
    if (st == SG_OK)
        st = check_sums(&out, root, err);
    if (st == SG_OK)
        *assumptions = out;
    return st;
}
