/** A YAML node as bytes, so that a tag can be stored and written again.
 *
 *  scalar:   'p' (plain) or 'q' (quoted), size, text
 *  sequence: 'l', count, items
 *  mapping:  'm', count, then key and value each
 *  Sizes and counts are 4 bytes, little-endian. Aliases are written out.
 */
#ifndef SG_FORMATS_TAGPACK_INTERNAL_H
#define SG_FORMATS_TAGPACK_INTERNAL_H

#include "base/buf.h"
#include "formats/yaml/yaml.h"

/** One tag or header, packed. */
#define SG_TAGPACK_RAW_MAX ((size_t)1024 * 1024)

/** Append a node; `without`: a key of this mapping that is left out, or NULL. */
void sg_tagpack_pack(struct sg_buf *raw, const struct sg_yaml_node *node, const char *without);

/** Write a packed mapping as lines "key: value", the first behind `first`, the others behind
 *  `indent` blanks. Errors: SG_ECORRUPT. */
SG_MUST_CHECK enum sg_status sg_tagpack_unpack(struct sg_buf *out, const char *raw, size_t size,
                                               const char *first, unsigned indent,
                                               struct sg_err *err);

/** A scalar, quoted as far as it must be. */
void sg_tagpack_scalar(struct sg_buf *out, const char *text, size_t size, bool plain, bool in_flow);

#endif
