/* Labels, from the case file and from the CSV beside it; both are rows of the same named values. */
#include "formats/case/case_internal.h"

#include "base/vec.h"
#include "formats/table/table.h"

#include <string.h>

enum {
    LABEL_CHAIN,
    LABEL_ADDRESS,
    LABEL_ENTITY,
    LABEL_CATEGORY,
    LABEL_ROLE,
    LABEL_SOURCE,
    LABEL_CONFIDENCE,
    LABEL_SEEN,
    LABEL_NOTE,
    LABEL_KEYS
};

static const struct sg_case_key label_keys[LABEL_KEYS] = {
    [LABEL_CHAIN] = {"chain", SG_YAML_SCALAR, true},
    [LABEL_ADDRESS] = {"address", SG_YAML_SCALAR, true},
    [LABEL_ENTITY] = {"entity", SG_YAML_SCALAR, true},
    [LABEL_CATEGORY] = {"category", SG_YAML_SCALAR, true},
    [LABEL_ROLE] = {"role", SG_YAML_SCALAR, false},
    [LABEL_SOURCE] = {"source", SG_YAML_SCALAR, true},
    [LABEL_CONFIDENCE] = {"confidence", SG_YAML_SCALAR, true},
    [LABEL_SEEN] = {"seen", SG_YAML_SCALAR, false},
    [LABEL_NOTE] = {"note", SG_YAML_SCALAR, false},
};

static enum sg_status read_confidence(enum sg_confidence *confidence, struct sg_case_load *load,
                                      const struct sg_yaml_node *node)
{
    for (int i = SG_CONFIDENCE_LOW; i <= SG_CONFIDENCE_HIGH; i++) {
        *confidence = (enum sg_confidence)i;
        if (sg_yaml_is_text(node, sg_confidence_name(*confidence)))
            return SG_OK;
    }
    return sg_case_bad(load, node, "a confidence is low, medium or high, not '%.64s'", node->text);
}

static enum sg_status add_label(struct sg_case_load *load, const struct sg_yaml_node *const *v,
                                struct sg_case_place place)
{
    struct sg_case_label label = {.entity = v[LABEL_ENTITY]->text,
                                  .role = sg_case_text(v[LABEL_ROLE]),
                                  .note = sg_case_text(v[LABEL_NOTE]),
                                  .place = place};
    enum sg_status st = sg_case_chain(&label.chain, load, v[LABEL_CHAIN]);
    if (st == SG_OK)
        st = sg_case_address(&label.address, load, label.chain, v[LABEL_ADDRESS]);
    if (st == SG_OK)
        st = sg_case_category(&label.category, load, v[LABEL_CATEGORY]);
    if (st == SG_OK)
        st = read_confidence(&label.confidence, load, v[LABEL_CONFIDENCE]);
    if (st == SG_OK)
        st = sg_case_source(&label.source, load, v[LABEL_SOURCE]);
    if (st == SG_OK)
        st = sg_case_time(&label.seen_unix_s, load, v[LABEL_SEEN]);
    if (st != SG_OK)
        return st;
    if (!SG_VEC_RESERVE(load->labels, load->n_labels, load->labels_capacity, 1))
        return sg_err_nomem(load->err);
    load->labels[load->n_labels++] = label;
    return SG_OK;
}

enum sg_status sg_case_labels(struct sg_case_load *load, const struct sg_yaml_node *list)
{
    enum sg_status st = SG_OK;
    for (size_t i = 0; st == SG_OK && list && i < list->count; i++) {
        const struct sg_yaml_node *v[LABEL_KEYS];
        st = sg_case_take(v, load, list->items[i], label_keys, LABEL_KEYS);
        if (st == SG_OK)
            st = add_label(load, v, sg_case_place_of(list->items[i]));
    }
    return st;
}

static enum sg_status add_row(void *ctx, const struct sg_yaml_node *const *cells, uint32_t line,
                              struct sg_err *err)
{
    struct sg_case_load *load = ctx;
    (void)err; /* The same as load->err. */
    return add_label(load, cells, (struct sg_case_place){line, 1, true});
}

enum sg_status sg_case_labels_csv(struct sg_case_load *load, const char *bytes, size_t size)
{
    struct sg_table_key keys[LABEL_KEYS];
    for (size_t i = 0; i < LABEL_KEYS; i++)
        keys[i] = (struct sg_table_key){label_keys[i].name, label_keys[i].required};
    return sg_table_read(load->arena, keys, LABEL_KEYS, bytes, size, add_row, load, load->err);
}
