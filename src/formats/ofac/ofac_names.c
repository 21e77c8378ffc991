/* Names of a party: parts that belong to groups, whose kind is only told after all of them. */
#include "formats/ofac/ofac_internal.h"

#include "base/mem.h"
#include "base/vec.h"

#include <string.h>

#define NAMES_MAX ((size_t)256 * 1024)

void sg_ofac_names_reset(struct sg_ofac_names *names)
{
    names->text.max = NAMES_MAX;
    sg_buf_reset(&names->text);
    names->n_parts = 0;
    names->n_groups = 0;
    names->n_aliases = 0;
    names->primary = UINT32_MAX;
}

void sg_ofac_names_clear(struct sg_ofac_names *names)
{
    sg_buf_clear(&names->text);
    sg_mem_free(names->parts);
    sg_mem_free(names->groups);
}

enum sg_status sg_ofac_names_part(struct sg_ofac_names *names, uint32_t group, struct sg_text text,
                                  struct sg_err *err)
{
    if (names->n_parts == SG_OFAC_PARTS_MAX || names->n_aliases == 0)
        return sg_err_set(err, SG_ELIMIT, "a party with more than %d parts of names",
                          SG_OFAC_PARTS_MAX);
    if (!SG_VEC_RESERVE(names->parts, names->n_parts, names->parts_capacity, 1))
        return sg_err_nomem(err);
    names->parts[names->n_parts++] =
        (struct sg_ofac_part){group, names->n_aliases - 1, names->text.size};
    sg_buf_append(&names->text, text.data, text.size);
    sg_buf_putc(&names->text, 0);
    return sg_buf_check(&names->text, err);
}

enum sg_status sg_ofac_names_group(struct sg_ofac_names *names, uint32_t id, uint32_t type,
                                   struct sg_err *err)
{
    if (names->n_groups == SG_OFAC_PARTS_MAX)
        return sg_err_set(err, SG_ELIMIT, "a party with more than %d groups of names",
                          SG_OFAC_PARTS_MAX);
    if (!SG_VEC_RESERVE(names->groups, names->n_groups, names->groups_capacity, 1))
        return sg_err_nomem(err);
    names->groups[names->n_groups++] = (struct sg_ofac_group){id, type};
    return SG_OK;
}

static bool is_family(const struct sg_ofac_names *names, uint32_t group, uint32_t last_name)
{
    for (size_t i = 0; i < names->n_groups; i++)
        if (names->groups[i].id == group)
            return names->groups[i].type == last_name;
    return false;
}

/* Parts of one alias, family names first and a comma behind them. */
static void build_one(struct sg_buf *out, const struct sg_ofac_names *names, uint32_t alias,
                      uint32_t last_name)
{
    sg_buf_reset(out);
    bool has_family = false;
    for (int families = 1; families >= 0; families--)
        for (size_t i = 0; i < names->n_parts; i++) {
            const struct sg_ofac_part *part = &names->parts[i];
            if (part->alias != alias || is_family(names, part->group, last_name) != !!families)
                continue;
            if (out->size)
                sg_buf_puts(out, has_family && !families ? ", " : " ");
            has_family = families;
            sg_buf_puts(out, names->text.data + part->at);
        }
}

static bool has_name(const char *const *list, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i], name) == 0)
            return true;
    return false;
}

enum sg_status sg_ofac_names_build(const char **entity, const char *const **aliases,
                                   size_t *n_aliases, struct sg_arena *arena,
                                   const struct sg_ofac_names *names, uint32_t last_name,
                                   struct sg_err *err)
{
    struct sg_buf out = SG_BUF_INIT(2 * NAMES_MAX);
    const uint32_t main = names->primary < names->n_aliases ? names->primary : 0;
    enum sg_status st = SG_OK;
    size_t n = 0;
    const char **list = sg_arena_alloc(arena, (size_t)names->n_aliases + 1, sizeof(*list));
    if (!list)
        return sg_err_nomem(err);
    /* The primary name is put in front, and taken off the list again at the end. */
    for (uint32_t i = 0; st == SG_OK && i < names->n_aliases; i++) {
        const uint32_t alias = i == 0 ? main : i <= main ? i - 1 : i;
        build_one(&out, names, alias, last_name);
        st = sg_buf_check(&out, err);
        if (st != SG_OK || (out.size == 0 && n > 0) || (n && has_name(list, n, out.data)))
            continue;
        list[n++] = sg_arena_strndup(arena, out.data ? out.data : "", out.size);
        if (!list[n - 1])
            st = sg_err_nomem(err);
    }
    sg_buf_clear(&out);
    if (st != SG_OK)
        return st;
    *entity = n ? list[0] : "";
    *aliases = (const char *const *)list + (n ? 1 : 0);
    *n_aliases = n ? n - 1 : 0;
    return SG_OK;
}
