/* The manifest: each fact has a kind, a name and a value. docs/api/verify.json lists them. */

#include "app/casework/casework.h"

#include "analysis/demix/demix.h"
#include "analysis/methods/methods.h"
#include "app/version.h"
#include "base/hex.h"
#include "base/mem.h"
#include "base/vec.h"
#include "store/engine/engine.h"

#include <stdio.h>
#include <string.h>

struct list {
    struct sg_manifest_entry *items;
    size_t n, capacity;
    struct sg_arena *arena;
    bool failed;
};

/* kind is static text; name and value are copied. */
static void add(struct list *list, const char *kind, const char *name, const char *value)
{
    if (list->failed || !SG_VEC_RESERVE(list->items, list->n, list->capacity, 1)) {
        list->failed = true;
        return;
    }
    struct sg_manifest_entry fact = {kind, sg_arena_strndup(list->arena, name, strlen(name)),
                                     sg_arena_strndup(list->arena, value, strlen(value))};
    list->failed = !fact.name || !fact.value;
    list->items[list->n++] = fact;
}

static void add_digest(struct list *list, const char *kind, const char *name,
                       const uint8_t sha256[SG_SHA256_SIZE])
{
    char hex[2 * SG_SHA256_SIZE + 1];
    add(list, kind, name, sg_hex_encode(hex, sha256, SG_SHA256_SIZE));
}

static const char *shown(const struct sg_casework_path *path)
{
    return path->shown ? path->shown : path->path;
}

static void add_inputs(struct list *list, const struct sg_casework *w)
{
    add_digest(list, "case", shown(&w->options.case_file), w->file.inputs[0].sha256);
    /* The labels file stands beside the case, which names it. */
    if (w->file.n_inputs > 1)
        add_digest(list, "labels", w->file.c.labels_file, w->file.inputs[1].sha256);
    if (w->has_store)
        add_digest(list, "label-store", shown(&w->options.labels), w->labels_sha256);
    if (w->options.prices.path)
        add_digest(list, "prices", shown(&w->options.prices), w->prices_sha256);
    for (size_t i = 0; w->has_beyond && i < w->beyond.n_inputs; i++)
        add_digest(list, i ? "events" : "pools",
                   i ? w->beyond.inputs[i].name : shown(&w->options.pools),
                   w->beyond.inputs[i].sha256);
}

static void add_file(void *ctx, const struct sg_file_entry *file)
{
    add_digest(ctx, "imported", file->name, file->sha256);
}

/* A block's hash stands for all of it and for all before it; gaps make it need every one. */
static bool add_outputs(struct list *list, const struct sg_casework *w)
{
    uint8_t digest[SG_SHA256_SIZE];
    struct sg_sha256 *state = sg_sha256_new();
    if (!state)
        return false;
    for (size_t b = 0; b < sg_utxo_n(&w->utxo, SG_UTXO_BLOCKS); b++)
        sg_sha256_update(state, sg_utxo_blocks(&w->utxo)[b].hash, SG_BTC_HASH);
    sg_sha256_final(digest, state);
    sg_sha256_free(state);
    add_digest(list, "state", w->utxo.params->name, digest);
    return true;
}

static enum sg_status add_ledgers(struct list *list, const struct sg_casework *w,
                                  struct sg_err *err)
{
    add(list, "ledger", shown(&w->options.ledger), "directory");
    if (w->has_utxo && !add_outputs(list, w))
        return sg_err_nomem(err);
    for (size_t i = 0; i < w->n_ledgers; i++) {
        const struct sg_ledger *ledger = &w->ledgers[i];
        add_digest(list, "state", ledger->chain->name, ledger->stats.state32);
        const enum sg_status st =
            sg_engine_files(w->options.ledger.path, ledger->chain, add_file, list, err);
        if (st != SG_OK)
            return st;
    }
    return SG_OK;
}

static void add_policies(struct list *list, const struct sg_casework *w)
{
    char text[128] = "";
    for (size_t p = 0, at = 0; p < SG_POLICY_COUNT; p++)
        if (w->options.policies >> p & 1)
            at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%s", at ? " " : "",
                                   sg_policy_name((enum sg_policy)p));
    add(list, "option", "policy", sg_policy_name(w->options.main));
    add(list, "option", "policies", text);
}

static void add_options(struct list *list, const struct sg_casework *w)
{
    char text[SG_AMOUNT_TEXT_MAX];
    add_policies(list, w);
    if (w->options.until_unix_s != INT64_MAX)
        add(list, "option", "until", sg_time_format(text, w->options.until_unix_s));
    if (w->has_store && w->options.labels_as_of_unix_s != INT64_MAX)
        add(list, "option", "labels-as-of", sg_time_format(text, w->options.labels_as_of_unix_s));
    if (w->options.has_dust)
        add(list, "option", "dust", sg_amount_format(text, w->options.dust, 18));
    if (w->has_beyond)
        add(list, "option", "through-mixers",
            sg_amount_format(text, sg_amount_from(w->options.least_millionths), 6));
    if (w->options.with_decoys)
        add(list, "option", "decoys", "followed");
    if (w->options.by_cluster)
        add(list, "option", "by-cluster", "spending together");
    if (w->has_utxo) {
        add(list, "option", "fees", sg_utxotaint_fees_name(w->options.fees));
        add(list, "option", "tiho-fee", sg_utxotaint_tiho_name(w->options.tiho));
    }
    snprintf(text, sizeof(text), "%zu", w->options.shuffles);
    add(list, "option", "orders", text);
}

static void add_versions(struct list *list, const struct sg_casework *w)
{
    size_t n;
    char text[24];
    const struct sg_method *methods = sg_methods(&n);
    for (size_t i = 0; i < n; i++) {
        snprintf(text, sizeof(text), "%u", methods[i].version);
        add(list, "method", methods[i].name, text);
    }
    snprintf(text, sizeof(text), "%u", SG_DEMIX_VERSION);
    if (w->has_beyond)
        add(list, "method", "demix", text);
    add(list, "program", "sillage", SG_VERSION);
}

enum sg_status sg_casework_facts(const struct sg_manifest_entry **facts, size_t *n,
                                 struct sg_casework *work, struct sg_err *err)
{
    struct list list = {.arena = &work->arena};
    struct sg_manifest_entry *kept = NULL;
    add_inputs(&list, work);
    enum sg_status st = add_ledgers(&list, work, err);
    if (st != SG_OK)
        goto out;
    add_options(&list, work);
    add_versions(&list, work);
    kept = sg_arena_alloc(&work->arena, list.n + 1, sizeof(*kept));
    if (list.failed || !kept) {
        st = sg_err_nomem(err);
        goto out;
    }
    memcpy(kept, list.items, list.n * sizeof(*kept));
    *facts = kept;
    *n = list.n;
out:
    sg_mem_free(list.items);
    return st;
}
