/** GraphSense TagPacks: YAML files of attribution tags, read and written without loss.
 *
 *  A header (title, creator, and any field that all tags share) and a list of tags. A tag inherits
 *  each field of the header that it does not have itself. A tag says what its label is about by
 *  `address` or `tx_hash`; `is_cluster_definer: true` claims that all of the owner's addresses are
 *  meant (SG_LABEL_CLUSTER). Confidence, category, abuse and concepts are words of GraphSense's
 *  vocabularies, mapped by formats/label; all other fields, known or not, are kept in `raw`.
 *
 *  Loss: comments, the choice of quotes and the order between a mapping and what "<<" merges into
 *  it. Keys, their order, texts, lists, and whether a scalar was plain (and so may mean a number, a
 *  date, nothing) are kept.
 *  Source: GraphSense TagPack tool 25.x, README_tagpacks.md and conf/tagpack_schema.yaml, read
 *  2026-11-25.
 */
#ifndef SG_FORMATS_TAGPACK_H
#define SG_FORMATS_TAGPACK_H

#include "base/buf.h"
#include "formats/label/label.h"

/** Read a TagPack.
 *
 *  Out:    pack    texts and raw live in the arena.
 *  In:     bytes, size   the whole file, at most SG_SMALL_FILE_MAX.
 *          sink    gets a label a tag, in the order of the file. A tag that names neither address
 *                  nor transaction, or that is no mapping, is bad and the rest goes on.
 *  Errors: as sg_yaml_parse; SG_EPARSE with line and column where the file has no list `tags`; what
 *          the sink returned.
 *  Cost:   linear. The tree of a file takes about 100 bytes a node. */
SG_MUST_CHECK enum sg_status sg_tagpack_parse(struct sg_label_pack *pack, struct sg_arena *arena,
                                              const char *bytes, size_t size,
                                              const struct sg_label_sink *sink, struct sg_err *err);

/** Begin a TagPack: the header's own fields where pack->raw has them, else title, creator, date and
 *  list as a header that GraphSense's tool accepts; then "tags:".
 *  Errors: SG_ECORRUPT (raw is not what this module wrote); those of `out` are sticky there. */
SG_MUST_CHECK enum sg_status
sg_tagpack_write_header(struct sg_buf *out, const struct sg_label_pack *pack, struct sg_err *err);

/** One tag: label->raw where there is one, else the label's fields; listed, delisted, programme and
 *  aliases, for which TagPacks have no field, go into `context` as JSON. Errors: as above. */
SG_MUST_CHECK enum sg_status sg_tagpack_write_tag(struct sg_buf *out, const struct sg_label *label,
                                                  struct sg_err *err);

#endif
