#include "app/screening/screening_cluster.h"

#include "analysis/cluster/cluster.h"
#include "app/screening/screening_internal.h"
#include "app/utxoing/utxoing.h"
#include "base/limits.h"
#include "base/mem.h"

#include <string.h>

#define CHAINS_MAX 16u

struct chain {
    const struct sg_btc_params *params;
    struct sg_utxo utxo;
    bool open;         /* it is read when an address of its network is asked for */
    uint32_t *root;    /* of each owner */
    uint32_t *members; /* owners, cluster by cluster */
    uint32_t *start;   /* of a root's cluster in members; the one behind it ends it */
};

struct sg_screening_clusters {
    char *dir;
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

static enum sg_status list_chains(struct sg_screening_clusters *clusters, struct sg_err *err)
{
    const struct sg_btc_params *params;
    for (size_t i = 0; (params = sg_btc_params_at(i)); i++) {
        if (!sg_utxo_exists(clusters->dir, params))
            continue;
        if (clusters->n == CHAINS_MAX)
            return sg_err_set(err, SG_ELIMIT, "%s: more than %u chains of outputs", clusters->dir,
                              CHAINS_MAX);
        clusters->chains[clusters->n++].params = params;
    }
    return SG_OK;
}

enum sg_status sg_screening_clusters_open(struct sg_screening_clusters **out, const char *dir,
                                          struct sg_err *err)
{
    struct sg_screening_clusters *clusters = sg_mem_zalloc(1, sizeof(*clusters));
    *out = NULL;
    if (!clusters)
        return sg_err_nomem(err);
    clusters->dir = sg_mem_strndup(dir, strlen(dir));
    const enum sg_status st = clusters->dir ? list_chains(clusters, err) : sg_err_nomem(err);
    if (st == SG_OK && clusters->n) {
        *out = clusters;
        return SG_OK;
    }
    sg_screening_clusters_free(clusters);
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
        if (clusters->chains[i].open)
            sg_utxo_close(&clusters->chains[i].utxo);
    }
    sg_mem_free(clusters->dir);
    sg_mem_free(clusters);
}

/* The chain, read, if the address may be one of it; then its clusters, if the chain knows it. */
static enum sg_status find_in(uint32_t *owner, bool *known, struct chain *chain, const char *dir,
                              const char *address, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    *known = false;
    if (!sg_utxoing_is_address(chain->params, address))
        return SG_OK;
    if (!chain->open) {
        st = sg_utxo_open(&chain->utxo, dir, chain->params, false, err);
        chain->open = st == SG_OK;
    }
    *known = st == SG_OK && sg_utxoing_owner(owner, &chain->utxo, address, NULL) == SG_OK;
    return *known && !chain->root ? cluster_chain(chain, err) : st;
}

enum sg_status sg_screening_members(const uint32_t **members, uint64_t *n,
                                    const struct sg_utxo **utxo,
                                    struct sg_screening_clusters *clusters, const char *address,
                                    struct sg_err *err)
{
    *n = 0;
    for (size_t i = 0; i < clusters->n && *n == 0; i++) {
        struct chain *chain = &clusters->chains[i];
        uint32_t owner;
        bool known;
        const enum sg_status st = find_in(&owner, &known, chain, clusters->dir, address, err);
        if (st != SG_OK)
            return st;
        if (!known)
            continue; /* Of another network, or never seen there. */
        const uint32_t root = chain->root[owner];
        *members = chain->members + chain->start[root];
        *n = chain->start[root + 1] - chain->start[root];
        *utxo = &chain->utxo;
    }
    return SG_OK;
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
    st = sg_screening_members(&members, &one->cluster_size, &utxo, s->clusters, self, err);
    if (st != SG_OK || one->cluster_size < 2)
        return st;
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
