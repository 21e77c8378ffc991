/** What the files of this folder share: the state of one parse, and reading typed values out of the
 *  YAML tree with errors that say where. Labels from CSV take the same way: a cell is a scalar
 * node. */
#ifndef SG_FORMATS_CASE_INTERNAL_H
#define SG_FORMATS_CASE_INTERNAL_H

#include "formats/case/case.h"
#include "formats/yaml/yaml.h"

struct sg_case_load {
    struct sg_case *c;
    struct sg_arena *arena;
    struct sg_err *err;
    const char **thefts;
    struct sg_case_label *labels; /**< heap, until they are settled */
    size_t n_labels, labels_capacity;
    struct sg_case_warning *warnings; /**< heap, until they are settled */
    size_t n_warnings, warnings_capacity;
    bool *cited; /**< per source of c: some claim rests on it */
};

/** One key that a mapping may have. */
struct sg_case_key {
    const char *name;
    enum sg_yaml_kind kind;
    bool required;
};

/** values[i] = the value of keys[i], NULL where it is absent, null or empty. At most 16 keys.
 *  Errors: SG_EPARSE: unknown key, wrong kind, a required one absent. */
SG_MUST_CHECK enum sg_status sg_case_take(const struct sg_yaml_node **values,
                                          struct sg_case_load *load,
                                          const struct sg_yaml_node *mapping,
                                          const struct sg_case_key *keys, size_t n_keys);

/** SG_EPARSE at a node. */
enum sg_status sg_case_bad(struct sg_case_load *load, const struct sg_yaml_node *node,
                           const char *fmt, ...) SG_PRINTF(3, 4);

/** SG_EPARSE at a node: "unknown WHAT 'TEXT'; did you mean 'NEAREST'?", without a guess for NULL.
 */
enum sg_status sg_case_unknown(struct sg_case_load *load, const struct sg_yaml_node *node,
                               const char *what, const char *nearest);

/** Text of a scalar, or NULL for NULL. */
const char *sg_case_text(const struct sg_yaml_node *node);

/** Place of a node of the case file itself. */
struct sg_case_place sg_case_place_of(const struct sg_yaml_node *node);

/** Typed values; each error is SG_EPARSE at the node. Only sg_case_time takes NULL (unknown). */
SG_MUST_CHECK enum sg_status sg_case_chain(const struct sg_chain **chain, struct sg_case_load *load,
                                           const struct sg_yaml_node *node);
SG_MUST_CHECK enum sg_status sg_case_address(struct sg_address *address, struct sg_case_load *load,
                                             const struct sg_chain *chain,
                                             const struct sg_yaml_node *node);
SG_MUST_CHECK enum sg_status sg_case_hash(uint8_t hash32[32], struct sg_case_load *load,
                                          const struct sg_yaml_node *node);
SG_MUST_CHECK enum sg_status sg_case_time(int64_t *time_unix_s, struct sg_case_load *load,
                                          const struct sg_yaml_node *node);
/** Whole units to base units; zero is refused. Errors: SG_ELIMIT too. */
SG_MUST_CHECK enum sg_status sg_case_amount(struct sg_amount *amount, struct sg_case_load *load,
                                            unsigned decimals, const struct sg_yaml_node *node);
/** An asset of the chain by its symbol. */
SG_MUST_CHECK enum sg_status sg_case_asset(struct sg_case_asset *asset, struct sg_case_load *load,
                                           const struct sg_chain *chain,
                                           const struct sg_yaml_node *node);
/** A source by its id; it counts as cited from then on. */
SG_MUST_CHECK enum sg_status sg_case_source(const struct sg_case_source **source,
                                            struct sg_case_load *load,
                                            const struct sg_yaml_node *node);
SG_MUST_CHECK enum sg_status sg_case_category(enum sg_category *category, struct sg_case_load *load,
                                              const struct sg_yaml_node *node);

/** Refuse a list of more than SG_CASE_PARTS_MAX; NULL is a list of none. Errors: SG_ELIMIT. */
SG_MUST_CHECK enum sg_status sg_case_few(struct sg_case_load *load,
                                         const struct sg_yaml_node *list);

/** The sections of the file; `list` is a sequence or NULL. Sources come first, then assets, then
 *  seeds, then conversions and labels. */
SG_MUST_CHECK enum sg_status sg_case_sources(struct sg_case_load *load,
                                             const struct sg_yaml_node *list);
SG_MUST_CHECK enum sg_status sg_case_assets(struct sg_case_load *load,
                                            const struct sg_yaml_node *list);
SG_MUST_CHECK enum sg_status sg_case_seeds(struct sg_case_load *load,
                                           const struct sg_yaml_node *list);
SG_MUST_CHECK enum sg_status sg_case_conversions(struct sg_case_load *load,
                                                 const struct sg_yaml_node *list);
SG_MUST_CHECK enum sg_status sg_case_labels(struct sg_case_load *load,
                                            const struct sg_yaml_node *list);

/** The labels of a CSV file, with the columns of a label's keys. */
SG_MUST_CHECK enum sg_status sg_case_labels_csv(struct sg_case_load *load, const char *bytes,
                                                size_t size);

/** Keep a warning. */
SG_MUST_CHECK enum sg_status sg_case_warn(struct sg_case_load *load, struct sg_case_place place,
                                          const char *fmt, ...) SG_PRINTF(3, 4);

/** Order the labels, look for what a person should see, and move both lists into the case. */
SG_MUST_CHECK enum sg_status sg_case_settle(struct sg_case_load *load);

#endif
