/** A YAML 1.1 document as a small tree that remembers where everything stood.
 *
 *  For files that people write by hand (cases, assumptions, tag packs): every node knows its line
 * and column, so that whoever reads the tree can say what is wrong and where. It is not an object
 * mapper and knows no types: a scalar is its text, and the reader of the tree decides what it
 * means.
 *
 *  What is read: one document of UTF-8 with block or flow collections, plain and quoted scalars,
 *  comments, anchors, aliases, and merge keys ("<<"). What is refused: a second document, tags
 * ("!!x"), keys that are not scalars, a key twice in one mapping, an anchor name twice, an alias of
 * something that is not complete above it, a zero character in a scalar, bytes that are not UTF-8.
 *
 *  Hostile input: aliases share the node they name, so the tree is a graph without cycles. Its size
 * as if every alias were written out is at most SG_YAML_NODES_MAX, its depth so counted at most
 *  SG_NESTING_MAX; a recursive walk therefore ends soon on any file that was accepted.
 *  The scanner underneath is libyaml (docs/decisions/0002-dependencies.md).
 *  Source: YAML Ain't Markup Language version 1.1, 2005, https://yaml.org/spec/1.1/.
 *  Threads: any, on distinct arenas; a finished tree is read-only.
 */
#ifndef SG_FORMATS_YAML_H
#define SG_FORMATS_YAML_H

#include "base/arena.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Nodes of one document with its aliases written out, keys included. The largest tag pack that we
 *  know of has 110,000; a node costs about 100 bytes. */
#define SG_YAML_NODES_MAX ((size_t)4 * 1024 * 1024)

/** Distinct anchors of one document; people write a handful. */
#define SG_YAML_ANCHORS_MAX 1024

enum sg_yaml_kind { SG_YAML_SCALAR, SG_YAML_SEQUENCE, SG_YAML_MAPPING };

struct sg_yaml_pair;

/** A node and all it points at live as long as the arena.
 *
 *  field   | SCALAR                       | SEQUENCE         | MAPPING
 *  count   | bytes of text                | number of items  | number of pairs
 *  text    | UTF-8, terminated, no zero   | NULL             | NULL
 *  plain   | written without quotes       | false            | false
 *  items   | NULL                         | `count` nodes    | NULL
 *  pairs   | NULL                         | NULL             | `count` pairs in the order of the
 * file, |                              |                  | merged ones last
 */
struct sg_yaml_node {
    enum sg_yaml_kind kind;
    bool plain;
    uint32_t line;   /**< 1-based; of the node that an alias names, not of the alias */
    uint32_t column; /**< 1-based, in characters */
    size_t count;
    const char *text;
    const struct sg_yaml_node *const *items;
    const struct sg_yaml_pair *pairs;
    size_t weight;   /**< nodes from here down with aliases written out */
    unsigned height; /**< levels below this node; 0 for a scalar */
};

struct sg_yaml_pair {
    const struct sg_yaml_node *key; /**< a scalar, once per mapping */
    const struct sg_yaml_node *value;
};

/** Parse a document.
 *
 *  Out:    root    the tree, in `arena`. On an error the arena may hold scraps; nothing else is
 * kept. In:     bytes, size   the whole file; at most SG_SMALL_FILE_MAX. A byte order mark is
 * allowed. Errors: SG_EPARSE with line and column (what is refused above; an empty file is 1:1),
 * SG_ELIMIT with line and column where one of the limits above is passed, SG_ENOMEM. Cost:   O(n
 * log n) for a mapping of n keys, else linear.
 */
SG_MUST_CHECK enum sg_status sg_yaml_parse(const struct sg_yaml_node **root, struct sg_arena *arena,
                                           const char *bytes, size_t size, struct sg_err *err);

/** Value of a key, or NULL if the mapping does not have it (or `mapping` is no mapping). Linear. */
const struct sg_yaml_node *sg_yaml_find(const struct sg_yaml_node *mapping, const char *key);

/** Whether a scalar means "nothing": plain, and empty, "~" or "null". */
bool sg_yaml_is_null(const struct sg_yaml_node *node);

/** Whether a node is a scalar with exactly this text. */
bool sg_yaml_is_text(const struct sg_yaml_node *node, const char *text);

/** Refuse keys that a mapping may not have: people misspell, and a key that is silently ignored is
 * a claim that is silently lost.
 *
 *  In:     mapping        must be one, else the error says what was found instead.
 *          keys, n_keys   all that are allowed.
 *  Errors: SG_EPARSE at the first other key: "unknown key 'X'; did you mean 'Y'?" where one of
 * `keys` is near (sg_yaml_nearest), else with no guess.
 */
SG_MUST_CHECK enum sg_status sg_yaml_check_keys(const struct sg_yaml_node *mapping,
                                                const char *const *keys, size_t n_keys,
                                                struct sg_err *err);

/** The candidate that a person probably meant: at most a third of its letters, and at least one
 *  letter, away in insertions, deletions, substitutions and swaps of neighbours; the nearest, then
 * the first. NULL if none is that near. Texts above 64 bytes have no neighbours. Source: L.
 * Boytsov, Indexing methods for approximate dictionary searching, 2011,
 *  doi:10.1145/1963190.1963191, section 2.2 (restricted Damerau-Levenshtein distance). */
const char *sg_yaml_nearest(const char *text, const char *const *candidates, size_t n_candidates);

/** "a text", "a list", "a mapping": for sentences about what was found. Static storage. */
const char *sg_yaml_kind_name(enum sg_yaml_kind kind);

#endif
