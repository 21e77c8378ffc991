/* Services by who spends together with them: a conclusion that is asked for, not the ledger's word.
 */
#include "analysis/trace/trace_outputs_internal.h"

#include "base/dict.h"
#include "base/mem.h"

#include <string.h>

/* Whom a label names behind each owner, as analysis/cluster wants it: two names are never joined.
 */
static enum sg_status name_owners(uint32_t *entity, const struct sg_outputs *o, struct sg_err *err)
{
    const struct sg_case *c = o->input->c;
    struct sg_dict names = {0};
    enum sg_status st = SG_OK;
    for (size_t i = 0; i < c->n_labels && st == SG_OK; i++) {
        const struct sg_case_label *label = &c->labels[i];
        const uint32_t owner =
            label->chain == o->chain ? sg_out_owner_of(o, &label->address) : SG_UTXO_NOBODY;
        if (owner != SG_UTXO_NOBODY)
            st = sg_dict_number(&entity[owner], &names,
                                (struct sg_text){label->entity, strlen(label->entity)}, err);
    }
    sg_dict_clear(&names);
    return st;
}

/* In the order of the case's labels, so that the first service of a cluster names it. */
static enum sg_status name_roots(struct sg_outputs *o, struct sg_err *err)
{
    const struct sg_case *c = o->input->c;
    for (size_t i = 0; i < c->n_labels; i++) {
        const struct sg_case_label *label = &c->labels[i];
        const bool stops = label->chain == o->chain && sg_case_is_service(c, label->category);
        const uint32_t owner = stops ? sg_out_owner_of(o, &label->address) : SG_UTXO_NOBODY;
        if (owner == SG_UTXO_NOBODY)
            continue;
        const uint32_t root = sg_cluster_root(&o->clusters, owner);
        if (sg_ids_get(&o->of_root, root) == SG_IDS_NONE &&
            !sg_ids_put(&o->of_root, root, (uint32_t)i))
            return sg_err_nomem(err);
    }
    return SG_OK;
}

enum sg_status sg_out_open_clusters(struct sg_outputs *o, struct sg_err *err)
{
    if (!o->input->by_cluster)
        return SG_OK;
    uint32_t *entity = sg_mem_zalloc(sg_utxo_n(o->utxo, SG_UTXO_OWNER_END) + 1, sizeof(*entity));
    const struct sg_cluster_options options = {.entity = entity};
    enum sg_status st = entity ? name_owners(entity, o, err) : sg_err_nomem(err);
    if (st == SG_OK)
        st = sg_cluster_run(&o->clusters, o->utxo, &options, err);
    sg_mem_free(entity);
    return st == SG_OK ? name_roots(o, err) : st;
}

uint32_t sg_out_service_of(struct sg_outputs *o, uint32_t owner)
{
    const uint32_t own = sg_ids_get(&o->services, owner);
    if (own != SG_IDS_NONE || !o->input->by_cluster)
        return own;
    return sg_ids_get(&o->of_root, sg_cluster_root(&o->clusters, owner));
}
