/** One JSON document as a tree in an arena, for inputs whose objects lie inside each other. For
 * rows, sg_json (json.h) needs less memory.
 */
#ifndef SG_FORMATS_JSON_TREE_H
#define SG_FORMATS_JSON_TREE_H

#include "base/arena.h"
#include "base/status.h"
#include "base/text.h"

#include <stdint.h>

enum sg_json_kind {
    SG_JSON_NULL,
    SG_JSON_WORD, /**< a number as it was written, true, false */
    SG_JSON_STRING,
    SG_JSON_ARRAY,
    SG_JSON_OBJECT
};

struct sg_json_node {
    enum sg_json_kind kind;
    struct sg_text name;        /**< of a member of an object, unescaped */
    struct sg_text text;        /**< of a word or a string, unescaped; UTF-8 is not checked */
    size_t n;                   /**< children */
    struct sg_json_node *first; /**< child, in the order of the text */
    struct sg_json_node *next;  /**< sibling */
};

/** Read a document.
 *  Out: root   an array or an object; lives in the arena.
 *  Errors: SG_EPARSE with the offset (not JSON, cut, a bare value, more behind it), SG_ELIMIT
 * (deeper than SG_NESTING_MAX), SG_ENOMEM. Cost: 64 bytes a value and its text. */
SG_MUST_CHECK enum sg_status sg_json_tree(const struct sg_json_node **root, struct sg_arena *arena,
                                          const char *bytes, size_t size, struct sg_err *err);

/** The first member of that name, or NULL: there is none, or the node is NULL or no object. */
const struct sg_json_node *sg_json_member(const struct sg_json_node *object, const char *name);

/** Text of the member if it is a string, else one without data. */
struct sg_text sg_json_member_string(const struct sg_json_node *object, const char *name);

/** Read a member that is a whole number from 0 to max. False, and *value untouched, if it is not
 *  there or is anything else. */
bool sg_json_member_uint(uint64_t *value, const struct sg_json_node *object, const char *name,
                         uint64_t max);

#endif
