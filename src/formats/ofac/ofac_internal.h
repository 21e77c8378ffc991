/** What the parts of the OFAC parser share. */
#ifndef SG_FORMATS_OFAC_INTERNAL_H
#define SG_FORMATS_OFAC_INTERNAL_H

#include "formats/ofac/ofac.h"

#include "base/arena.h"
#include "base/buf.h"
#include "formats/xml/xml.h"

/** Names of one party while it is read. */
#define SG_OFAC_PARTS_MAX 8192

/** A piece of a name: "Ivan", and the group that says whether it is a first or last name. */
struct sg_ofac_part {
    uint32_t group;
    uint32_t alias; /**< index of the alias it belongs to */
    size_t at;      /**< in names.data */
};

struct sg_ofac_group {
    uint32_t id;
    uint32_t type; /**< a NamePartType */
};

/** The names of the party at hand; all of it is reset at the next one. */
struct sg_ofac_names {
    struct sg_buf text; /**< the parts, each with its zero byte */
    struct sg_ofac_part *parts;
    size_t n_parts, parts_capacity;
    struct sg_ofac_group *groups;
    size_t n_groups, groups_capacity;
    uint32_t n_aliases;
    uint32_t primary; /**< index of the primary name's alias, or UINT32_MAX */
};

void sg_ofac_names_reset(struct sg_ofac_names *names);
void sg_ofac_names_clear(struct sg_ofac_names *names);
/** Errors: SG_ENOMEM, SG_ELIMIT. */
SG_MUST_CHECK enum sg_status sg_ofac_names_part(struct sg_ofac_names *names, uint32_t group,
                                                struct sg_text text, struct sg_err *err);
SG_MUST_CHECK enum sg_status sg_ofac_names_group(struct sg_ofac_names *names, uint32_t id,
                                                 uint32_t type, struct sg_err *err);

/** Put the names together.
 *  Out: entity    the primary name, else the first; "" if there is none.
 *       aliases   the others, each once, in the order of the file.
 *  In:  last_name   the NamePartType of a family name: such a name is written "FAMILY, Given". */
SG_MUST_CHECK enum sg_status sg_ofac_names_build(const char **entity, const char *const **aliases,
                                                 size_t *n_aliases, struct sg_arena *arena,
                                                 const struct sg_ofac_names *names,
                                                 uint32_t last_name, struct sg_err *err);

#endif
