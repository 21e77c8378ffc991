/* Several pools at once: each has its own builder and its own ranking; the theft is one. */
#include "app/demixing/demixing.h"

#include "analysis/demix/demix_rows.h"
#include "base/jsonw.h"
#include "base/mem.h"
#include "store/file/file.h"

#include <stdlib.h>
#include <string.h>

/* A file beside the file of pools; a name that begins at the root stays. */
const char *sg_demixing_beside(struct sg_arena *arena, const char *path, const char *name)
{
    const char *slash = strrchr(path, '/');
    const size_t n_folder = slash && name[0] != '/' ? (size_t)(slash - path) + 1 : 0;
    const size_t n_name = strlen(name);
    char *whole = sg_arena_alloc(arena, n_folder + n_name + 1, 1);
    if (!whole)
        return NULL;
    memcpy(whole, path, n_folder);
    memcpy(whole + n_folder, name, n_name);
    return whole;
}

static enum sg_status read_list(struct sg_demixing_pools *p, struct sg_demixing *d,
                                const char *const *names, size_t n, const char *path,
                                struct sg_err *err)
{
    enum sg_status st = SG_OK;
    for (size_t i = 0; st == SG_OK && i < n; i++) {
        const char *file = sg_demixing_beside(&p->arena, path, names[i]);
        st = file ? sg_demixing_pool_events(p, d, file, err) : sg_err_nomem(err);
    }
    return st;
}

static enum sg_status start_pools(struct sg_demixing_pools *p, struct sg_err *err)
{
    p->pools = sg_mem_zalloc(p->file.n_pools, sizeof(*p->pools));
    if (!p->pools)
        return sg_err_nomem(err);
    p->n_pools = p->file.n_pools;
    for (size_t i = 0; i < p->n_pools; i++) {
        p->pools[i].config = &p->file.pools[i];
        p->pools[i].chain = p->file.chain;
        p->pools[i].pool_name = p->file.pools[i].name;
        p->pools[i].denomination = p->file.pools[i].denomination;
        p->pools[i].decimals = p->file.pools[i].decimals;
    }
    return SG_OK;
}

/* A pool without files, whose contracts are known, is read from the ledger. */
static enum sg_status read_rows(struct sg_demixing_pools *p, const struct sg_ledger *ledger,
                                struct sg_err *err)
{
    enum sg_status st = SG_OK;
    for (size_t i = 0; st == SG_OK && i < p->n_pools; i++) {
        const struct sg_poolfile_pool *config = &p->file.pools[i];
        struct sg_demixing *d = &p->pools[i];
        const struct sg_pool_rows_input input = {ledger, config->contracts, config->n_contracts,
                                                 config->asset, config->denomination};
        if (config->n_contracts && !config->n_events && !d->builder.n_events)
            st = sg_pool_add_rows(&d->builder, &d->n_odd_rows, &input, err);
    }
    return st;
}

enum sg_status sg_demixing_pools_ledger(struct sg_demixing_pools *p, const char *dir,
                                        struct sg_err *err)
{
    struct sg_ledger ledger = {0};
    enum sg_status st = sg_ledger_open(&ledger, dir, p->file.chain, err);
    if (st == SG_OK)
        st = read_rows(p, &ledger, err);
    sg_ledger_close(&ledger);
    return st;
}

enum sg_status sg_demixing_pools_read(struct sg_demixing_pools *p, const char *path,
                                      struct sg_err *err)
{
    uint8_t *bytes = NULL;
    size_t size = 0;
    enum sg_status st = sg_file_read(&bytes, &size, path, SG_SMALL_FILE_MAX, err);
    if (st == SG_OK)
        st = sg_poolfile_parse(&p->file, &p->arena, (const char *)bytes, size, err);
    if (st == SG_EPARSE || st == SG_ELIMIT)
        sg_err_frame(err, "%s", path);
    sg_mem_free(bytes);
    if (st == SG_OK)
        st = start_pools(p, err);
    for (size_t i = 0; st == SG_OK && i < p->n_pools; i++)
        st = read_list(p, &p->pools[i], p->file.pools[i].events, p->file.pools[i].n_events, path,
                       err);
    return st == SG_OK ? read_list(p, NULL, p->file.logs, p->file.n_logs, path, err) : st;
}

/* The theft's deposits and the times of blocks, as they were read once, into a pool of the file. */
static enum sg_status hand_over(struct sg_demixing *to, const struct sg_demixing *theft,
                                struct sg_err *err)
{
    enum sg_status st = SG_OK;
    to->after_s = theft->after_s;
    for (size_t i = 0; st == SG_OK && i < theft->n_marks; i++) {
        const struct sg_demixing_mark *mark = &theft->marks[i];
        const char *name = theft->batches[mark->batch - 1].name;
        st = sg_demixing_mark(to, mark->tx32, name, strlen(name), err);
    }
    for (size_t i = 0; st == SG_OK && i < theft->builder.n_times; i++)
        st = sg_pool_add_time(&to->builder, theft->builder.times[i].block,
                              theft->builder.times[i].time_unix_s, err);
    return st;
}

static void note_found(struct sg_demixing *theft, const struct sg_demixing *pool)
{
    for (size_t i = 0; i < theft->n_marks; i++) {
        const struct sg_demixing_mark *mark = sg_demixing_find(pool, theft->marks[i].tx32);
        theft->marks[i].in_pool |= mark && mark->in_pool;
    }
}

static enum sg_status run_pool(struct sg_demixing *d, struct sg_demixing *theft, struct sg_err *err)
{
    enum sg_status st = hand_over(d, theft, err);
    if (st == SG_OK)
        st = sg_demixing_run(d, err);
    if (st == SG_ENOTFOUND)
        return SG_OK;
    d->is_ranked = st == SG_OK;
    if (st == SG_OK)
        note_found(theft, d);
    else
        sg_err_frame(err, "pool %s", d->pool_name);
    return st;
}

static int by_address(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct sg_address));
}

/* in_window[i]: the pool's receiver i is a candidate. */
static void mark_candidates(uint8_t *in_window, const struct sg_demixing *d)
{
    for (size_t c = 0; c < d->ranking.window.n_candidates; c++)
        in_window[d->ranking.window.candidates[c].address] = 1;
}

static enum sg_status note_shared(struct sg_demixing *d, const struct sg_demixing *other,
                                  const uint8_t *in_window, struct sg_err *err)
{
    struct sg_buf detail = SG_BUF_INIT(1024);
    enum sg_status st = SG_OK;
    sg_buf_puts(&detail, "it is among the withdrawers of pool ");
    sg_buf_puts(&detail, other->pool_name);
    st = sg_buf_check(&detail, err);
    for (size_t c = 0; st == SG_OK && c < d->ranking.window.n_candidates; c++) {
        const struct sg_address *address =
            &d->pool.addresses[d->ranking.window.candidates[c].address];
        const struct sg_address *found = bsearch(
            address, other->pool.addresses, other->pool.n_addresses, sizeof(*address), by_address);
        if (found && in_window[found - other->pool.addresses])
            st = sg_demixing_note(d, (uint32_t)c, "multiple_denomination", detail.data, err);
    }
    sg_buf_clear(&detail);
    return st;
}

/* Who withdrew in the windows of several pools: Tutela's multiple denomination. */
static enum sg_status note_denominations(struct sg_demixing_pools *p, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    for (size_t j = 0; st == SG_OK && j < p->n_pools; j++) {
        const struct sg_demixing *other = &p->pools[j];
        if (!other->is_ranked)
            continue;
        uint8_t *in_window = sg_mem_zalloc(other->pool.n_addresses + 1, 1);
        if (!in_window)
            return sg_err_nomem(err);
        mark_candidates(in_window, other);
        for (size_t i = 0; st == SG_OK && i < p->n_pools; i++)
            if (i != j && p->pools[i].is_ranked)
                st = note_shared(&p->pools[i], other, in_window, err);
        sg_mem_free(in_window);
    }
    return st;
}

enum sg_status sg_demixing_pools_run(struct sg_demixing_pools *p, struct sg_demixing *theft,
                                     struct sg_err *err)
{
    enum sg_status st = SG_OK;
    size_t n_found = 0;
    sg_demixing_sort_marks(theft);
    for (size_t i = 0; st == SG_OK && i < p->n_pools; i++) {
        if (p->pools[i].builder.n_events)
            st = run_pool(&p->pools[i], theft, err);
        n_found += p->pools[i].is_ranked;
    }
    if (st == SG_OK && !n_found)
        st = sg_err_set(err, SG_ENOTFOUND,
                        "none of the depositors' deposits is in any of the pools");
    for (size_t i = 0; i < theft->n_marks; i++)
        theft->n_unmatched += !theft->marks[i].in_pool;
    return st == SG_OK ? note_denominations(p, err) : st;
}

void sg_demixing_pools_json(struct sg_buf *out, const struct sg_demixing_pools *p,
                            const struct sg_demixing *theft)
{
    struct sg_jsonw w;
    sg_jsonw_init(&w, out);
    sg_jsonw_begin_object(&w);
    sg_jsonw_kv_uint(&w, "schema", 1);
    sg_jsonw_key(&w, "pools");
    sg_jsonw_begin_array(&w);
    for (size_t i = 0; i < p->n_pools; i++)
        if (p->pools[i].is_ranked)
            sg_demixing_object(&w, &p->pools[i]);
    sg_jsonw_end_array(&w);
    sg_jsonw_key(&w, "pools_without_deposits");
    sg_jsonw_begin_array(&w);
    for (size_t i = 0; i < p->n_pools; i++)
        if (!p->pools[i].is_ranked)
            sg_jsonw_string(&w, p->pools[i].pool_name);
    sg_jsonw_end_array(&w);
    sg_jsonw_kv_uint(&w, "deposits_in_no_pool", theft->n_unmatched);
    sg_jsonw_kv_uint(&w, "logs_of_other_contracts", p->n_other_logs);
    sg_jsonw_end_object(&w);
    sg_buf_putc(out, '\n');
}

void sg_demixing_pools_text(struct sg_buf *out, const struct sg_demixing_pools *p,
                            const struct sg_demixing *theft)
{
    size_t n_empty = 0;
    for (size_t i = 0; i < p->n_pools; i++) {
        n_empty += !p->pools[i].is_ranked;
        if (!p->pools[i].is_ranked)
            continue;
        sg_demixing_text(out, &p->pools[i]);
        sg_buf_putc(out, '\n');
    }
    sg_buf_printf(out, "pools without a deposit of the theft: %zu; deposits in no pool: %zu\n",
                  n_empty, theft->n_unmatched);
    if (p->n_other_logs)
        sg_buf_printf(out, "logs of contracts that are no pool of the file: %zu\n",
                      p->n_other_logs);
}

void sg_demixing_pools_clear(struct sg_demixing_pools *p)
{
    for (size_t i = 0; i < p->n_pools; i++)
        sg_demixing_clear(&p->pools[i]);
    sg_mem_free(p->pools);
    sg_arena_clear(&p->arena);
    memset(p, 0, sizeof(*p));
}
