#include "app/screening/screening_cluster.h"

#include "analysis/cluster/cluster.h"
#include "app/screening/screening_internal.h"
#include "app/utxoing/utxoing.h"
#include "base/limits.h"
#include "base/mem.h"

#include <string.h>

#define CHAINS_MAX 16u

struct chain {
    struct sg_utxo utxo;
    uint32_t *root;    /* of each owner */
    uint32_t *members; /* owners, cluster by cluster */
    uint32_t *start;   /* of a root's cluster in members; the one behind it ends it */
};

struct sg_screening_clusters {
    struct chain chains[CHAINS_MAX];
    size_t n;
};

/* Put owners together by root, ascending: a sort by counting. */
static void group(struct chain *chain, size_t n)
{
    uint32_t at = 0;
    for (size_t i = 0; i < n; i++)
        chain->start[chain->root[i]]++;
    for (size_t i = 0; i < n; i++) {
        const uint32_t size = chain->start[i];
        chain->start[i] = at;
        at += size;
    }
    for (size_t i = 0; i < n; i++)
        chain->members[chain->start[chain->root[i]]++] = (uint32_t)i;
    for (size_t i = n; i > 0; i--) /* Each start has moved to its end, where the next begins. */
        chain->start[i] = chain->start[i - 1];
    chain->start[0] = 0;
}

static enum sg_status cluster_chain(struct chain *chain, struct sg_err *err)
{
    const size_t n = sg_utxo_n(&chain->utxo, SG_UTXO_OWNER_END);
    const struct sg_cluster_options options = {0};
    struct sg_clusters clusters;
    chain->root = sg_mem_alloc(n + 1, sizeof(*chain->root));
    chain->members = sg_mem_alloc(n + 1, sizeof(*chain->members));
    chain->start = sg_mem_zalloc(n + 1, sizeof(*chain->start));
    if (!chain->root || !chain->members || !chain->start)
        return sg_err_nomem(err);
    const enum sg_status st = sg_cluster_run(&clusters, &chain->utxo, &options, err);
    for (size_t i = 0; st == SG_OK && i < n; i++)
        chain->root[i] = sg_cluster_root(&clusters, (uint32_t)i);
    sg_cluster_clear(&clusters);
    if (st == SG_OK)
        group(chain, n);
    return st;
}

static enum sg_status open_chains(struct sg_screening_clusters *clusters, const char *dir,
                                  struct sg_err *err)
{
    const struct sg_btc_params *params;
    enum sg_status st = SG_OK;
    for (size_t i = 0; st == SG_OK && (params = sg_btc_params_at(i)); i++) {
        if (!sg_utxo_exists(dir, params))
            continue;
        if (clusters->n == CHAINS_MAX)
            return sg_err_set(err, SG_ELIMIT, "%s: more than %u chains of outputs", dir,
                              CHAINS_MAX);
        struct chain *chain = &clusters->chains[clusters->n];
        st = sg_utxo_open(&chain->utxo, dir, params, false, err);
        clusters->n += st == SG_OK;
        if (st == SG_OK)
            st = cluster_chain(chain, err);
    }
    return st;
}

enum sg_status sg_screening_clusters_open(struct sg_screening_clusters **out, const char *dir,
                                          struct sg_err *err)
{
    struct sg_screening_clusters *clusters = sg_mem_zalloc(1, sizeof(*clusters));
    if (!clusters)
        return sg_err_nomem(err);
    const enum sg_status st = open_chains(clusters, dir, err);
    if (st == SG_OK && clusters->n) {
        *out = clusters;
        return SG_OK;
    }
    sg_screening_clusters_free(clusters);
    *out = NULL;
    return st;
}

void sg_screening_clusters_free(struct sg_screening_clusters *clusters)
{
    if (!clusters)
        return;
    for (size_t i = 0; i < clusters->n; i++) {
        sg_mem_free(clusters->chains[i].root);
        sg_mem_free(clusters->chains[i].members);
        sg_mem_free(clusters->chains[i].start);
        sg_utxo_close(&clusters->chains[i].utxo);
    }
    sg_mem_free(clusters);
}

void sg_screening_members(const uint32_t **members, uint64_t *n, const struct sg_utxo **utxo,
                          const struct sg_screening_clusters *clusters, const char *address)
{
    *n = 0;
    for (size_t i = 0; i < clusters->n && *n == 0; i++) {
        const struct chain *chain = &clusters->chains[i];
        uint32_t owner;
        if (sg_utxoing_owner(&owner, &chain->utxo, address, NULL) != SG_OK)
            continue; /* Of another network, or never seen there. */
        const uint32_t root = chain->root[owner];
        *members = chain->members + chain->start[root];
        *n = chain->start[root + 1] - chain->start[root];
        *utxo = &chain->utxo;
    }
}

/* What labels say of one member. */
static enum sg_status add_member(struct screened *one, struct sg_arena *arena,
                                 const struct sg_screening *s, const struct sg_buf *name,
                                 struct sg_err *err)
{
    struct sg_screen_claim *claims;
    struct screened_kin *kin = &one->kin[one->n_kin];
    size_t n, n_left_out = 0;
    const struct sg_labels_range range = sg_labels_find(s->store->labels, name->data, name->size);
    if (range.count == 0)
        return SG_OK;
    enum sg_status st = sg_labelstore_claims(&claims, &n, &n_left_out, arena, s->store, range,
                                             name->data, name->size, err);
    if (st != SG_OK || n == 0)
        return st;
    if (one->n_kin == SG_SCREENING_HITS_MAX) {
        one->n_kin_left_out++;
        return SG_OK;
    }
    *kin = (struct screened_kin){0};
    kin->address = sg_arena_strndup(arena, name->data, name->size);
    if (!kin->address)
        return sg_err_nomem(err);
    st = sg_screen_hits(&kin->hits, &kin->n_hits, arena, claims, n, s->store->editions,
                        s->store->n_editions, s->as_of_unix_s, err);
    one->n_kin += st == SG_OK && kin->n_hits > 0;
    return st;
}

enum sg_status screening_kin(struct screened *one, struct sg_arena *arena,
                             const struct sg_screening *s, struct sg_err *err)
{
    const uint32_t *members = NULL;
    const struct sg_utxo *utxo = NULL;
    struct sg_buf name = SG_BUF_INIT(SG_RECORD_BYTES_MAX);
    enum sg_status st = SG_OK;
    const char *self = one->form.what.text;
    if (!one->form.valid || !self[0])
        return SG_OK;
    sg_screening_members(&members, &one->cluster_size, &utxo, s->clusters, self);
    if (one->cluster_size < 2)
        return SG_OK;
    one->kin = sg_arena_alloc(arena, SG_SCREENING_HITS_MAX + 1, sizeof(*one->kin));
    if (!one->kin)
        return sg_err_nomem(err);
    for (uint64_t i = 0; st == SG_OK && i < one->cluster_size && i < SG_SCREENING_MEMBERS_MAX;
         i++) {
        sg_buf_reset(&name);
        sg_utxoing_name(&name, utxo, members[i]);
        st = sg_buf_check(&name, err);
        if (st == SG_OK && strcmp(name.data, self) != 0)
            st = add_member(one, arena, s, &name, err);
    }
    sg_buf_clear(&name);
    return st;
}
