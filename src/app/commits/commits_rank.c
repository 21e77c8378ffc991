/* From facts to a ranking: copies joined, the baseline taken out, scores given, the list chosen. */
#include "app/commits/commits_internal.h"

#include "base/hex.h"
#include "base/mem.h"
#include "store/file/file.h"

#include <stdlib.h>
#include <string.h>

#define BASELINE_BYTES_MAX ((size_t)256 * 1024 * 1024)

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static int compare_prints(const void *left, const void *right)
{
    return memcmp(left, right, SG_FINGERPRINT_SIZE);
}

/* Every word of exactly 32 hexadecimal digits: so an earlier --json, a SARIF file and a list by
 * hand all serve. Commit ids have 40 and are none. */
static enum sg_status take_prints(struct baseline *b, struct sg_arena *arena, const char *text,
                                  size_t size, struct sg_err *err)
{
    b->prints = sg_arena_alloc(arena, size / (SG_FINGERPRINT_TEXT - 1) + 1, sizeof(*b->prints));
    if (!b->prints)
        return sg_err_nomem(err);
    for (size_t at = 0, end; at < size; at = end + 1) {
        for (end = at; end < size && is_hex(text[end]); end++)
            ;
        if (end - at == SG_FINGERPRINT_TEXT - 1 &&
            sg_hex_decode(b->prints[b->n], SG_FINGERPRINT_SIZE, text + at, end - at))
            b->n++;
    }
    qsort(b->prints, b->n, sizeof(*b->prints), compare_prints);
    return SG_OK;
}

enum sg_status baseline_read(struct baseline *baseline, const char *path, struct sg_arena *arena,
                             struct sg_err *err)
{
    uint8_t *bytes = NULL;
    size_t size;
    *baseline = (struct baseline){NULL, 0};
    enum sg_status st = sg_file_read(&bytes, &size, path, BASELINE_BYTES_MAX, err);
    if (st == SG_OK)
        st = take_prints(baseline, arena, (const char *)bytes, size, err);
    sg_mem_free(bytes);
    return st;
}

bool baseline_has(const struct baseline *baseline, const uint8_t print[SG_FINGERPRINT_SIZE])
{
    return baseline->n &&
           bsearch(print, baseline->prints, baseline->n, SG_FINGERPRINT_SIZE, compare_prints);
}

/* Findings that somebody has looked at do not come back. */
static void drop_triaged(struct sg_commits *c, struct sg_commit_facts *facts,
                         const struct baseline *baseline)
{
    struct sg_commit_finding *list = (struct sg_commit_finding *)facts->findings;
    size_t n = 0;
    for (size_t i = 0; i < facts->n_findings; i++)
        if (!baseline_has(baseline, list[i].fingerprint))
            list[n++] = list[i];
    c->n_suppressed += facts->n_findings - n;
    facts->n_findings = n;
}

/* A commit whose facts are unreadable came from a damaged cache, which take_kept refused before. */
static enum sg_status make_entry(struct sg_commits *c, uint32_t node,
                                 const struct baseline *baseline, struct sg_err *err)
{
    const struct sg_git_node *n = &c->history.nodes[node];
    struct sg_commit_entry *e = &c->entries[c->n_entries];
    *e = (struct sg_commit_entry){.node = node, .copy_of = SG_GIT_NO_NODE};
    const enum sg_status st = facts_parse(&e->facts, &c->arena, c->kept[node], err);
    if (st != SG_OK)
        return st;
    e->is_merge = n->n_parents > 1;
    c->n_partial += e->facts.is_partial;
    c->n_cut += e->facts.is_cut;
    c->n_merges += e->is_merge;
    c->n_commits += !e->is_merge;
    if (e->is_merge && e->facts.n_findings == 0)
        return SG_OK;
    drop_triaged(c, &e->facts, baseline);
    c->n_entries++;
    return SG_OK;
}

static enum sg_status make_entries(struct sg_commits *c, struct sg_err *err)
{
    struct baseline baseline = {NULL, 0};
    enum sg_status st = SG_OK;
    if (c->options->baseline)
        st = baseline_read(&baseline, c->options->baseline, &c->arena, err);
    c->entries = sg_arena_alloc(&c->arena, c->history.n_nodes + 1, sizeof(*c->entries));
    if (st == SG_OK && !c->entries)
        st = sg_err_nomem(err);
    for (size_t i = 0; st == SG_OK && i < c->history.n_nodes; i++)
        st = make_entry(c, c->history.order[i], &baseline, err);
    return st;
}

/* By patch; within one the copy that stands for all first: one that is asked about, one on a
 * branch, the earliest in history. */
static int compare_patches(const void *left, const void *right, void *ctx)
{
    const struct sg_commits *sorting = ctx;
    const uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    const struct sg_commit_entry *x = &sorting->entries[a], *y = &sorting->entries[b];
    const int order = memcmp(x->facts.patch, y->facts.patch, sizeof(x->facts.patch));
    if (order != 0)
        return order;
    if (x->in_scope != y->in_scope)
        return x->in_scope ? -1 : 1;
    const bool on_x = sorting->history.nodes[x->node].on_branch;
    const bool on_y = sorting->history.nodes[y->node].on_branch;
    if (on_x != on_y)
        return on_x ? -1 : 1;
    return a < b ? -1 : a > b;
}

static bool same_patch(const struct sg_commit_entry *a, const struct sg_commit_entry *b)
{
    return memcmp(a->facts.patch, b->facts.patch, sizeof(a->facts.patch)) == 0;
}

static enum sg_status join_copies(struct sg_commits *c, struct sg_err *err)
{
    uint32_t *list = sg_mem_alloc(c->n_entries + 1, sizeof(*list));
    size_t n = 0, first = 0;
    if (!list)
        return sg_err_nomem(err);
    for (uint32_t i = 0; i < c->n_entries; i++)
        if (c->entries[i].facts.has_patch && !c->entries[i].is_merge)
            list[n++] = i;
    qsort_r(list, n, sizeof(*list), compare_patches, c);
    for (size_t i = 1; i < n; i++) {
        if (!same_patch(&c->entries[list[first]], &c->entries[list[i]])) {
            first = i;
            continue;
        }
        c->entries[list[i]].copy_of = list[first];
        c->entries[list[first]].n_copies++;
        c->n_copies++;
    }
    sg_mem_free(list);
    return SG_OK;
}

static enum sg_status find_signals(struct sg_commits *c, uint16_t *contexts, struct sg_err *err)
{
    const size_t n = c->history.n_nodes;
    struct sg_provenance *found = sg_mem_zalloc(n + 1, sizeof(*found));
    struct sg_touch *touches = sg_mem_zalloc(n + 1, sizeof(*touches));
    enum sg_status st = found && touches ? SG_OK : sg_err_nomem(err);
    for (size_t i = 0; st == SG_OK && i < c->n_entries; i++)
        touches[c->entries[i].node] = (struct sg_touch){
            c->entries[i].facts.paths, c->entries[i].facts.n_paths, c->entries[i].facts.n_removed};
    if (st == SG_OK)
        st = sg_provenance_find(found, &c->arena, &c->history, &c->deeds, touches, err);
    for (size_t i = 0; st == SG_OK && i < c->n_entries; i++) {
        c->entries[i].signals = found[c->entries[i].node].signals;
        c->entries[i].n_signals = found[c->entries[i].node].n_signals;
        contexts[i] = found[c->entries[i].node].context;
    }
    sg_mem_free(touches);
    sg_mem_free(found);
    return st;
}

/* Every patch once, as the ranking wants them. */
static enum sg_status make_item(struct sg_risk_item *item, struct sg_commits *c,
                                const struct sg_commit_entry *e, uint16_t context,
                                struct sg_err *err)
{
    const struct sg_commit_facts *f = &e->facts;
    struct sg_risk_hit *hits = sg_arena_alloc(&c->arena, f->n_findings, sizeof(*hits));
    if (f->n_findings && !hits)
        return sg_err_nomem(err);
    for (size_t k = 0; k < f->n_findings; k++)
        hits[k] = (struct sg_risk_hit){(uint16_t)f->findings[k].rule, f->findings[k].weight};
    *item = (struct sg_risk_item){.hits = hits,
                                  .n_hits = f->n_findings,
                                  .n_lines = f->n_added + f->n_removed,
                                  .n_files = f->n_files,
                                  .context = context};
    return SG_OK;
}

static enum sg_status give_scores(struct sg_commits *c, struct sg_err *err)
{
    struct sg_risk_item *items = sg_mem_zalloc(c->n_entries + 1, sizeof(*items));
    struct sg_risk_score *scores = sg_mem_zalloc(c->n_entries + 1, sizeof(*scores));
    uint16_t *contexts = sg_mem_zalloc(c->n_entries + 1, sizeof(*contexts));
    size_t n = 0;
    enum sg_status st = items && scores && contexts ? SG_OK : sg_err_nomem(err);
    if (st == SG_OK)
        st = find_signals(c, contexts, err);
    for (size_t i = 0; st == SG_OK && i < c->n_entries; i++)
        if (c->entries[i].copy_of == SG_GIT_NO_NODE)
            st = make_item(&items[n++], c, &c->entries[i], contexts[i], err);
    if (st == SG_OK)
        st = sg_risk_rank(scores, items, n, err);
    n = 0;
    for (size_t i = 0; st == SG_OK && i < c->n_entries; i++)
        if (c->entries[i].copy_of == SG_GIT_NO_NODE)
            c->entries[i].score = scores[n++];
    for (size_t i = 0; st == SG_OK && i < c->n_entries; i++)
        if (c->entries[i].copy_of != SG_GIT_NO_NODE)
            c->entries[i].score = c->entries[c->entries[i].copy_of].score;
    sg_mem_free(contexts);
    sg_mem_free(scores);
    sg_mem_free(items);
    return st;
}

static enum sg_status reach(bool *reached, const struct sg_commits *c, const char *rev,
                            struct sg_err *err)
{
    struct sg_git_id id;
    const enum sg_status st = sg_git_resolve(&id, c->git, rev, err);
    if (st != SG_OK)
        return st;
    const uint32_t node = sg_git_history_find(&c->history, &id);
    if (node == SG_GIT_NO_NODE)
        return sg_err_set(err, SG_EUSAGE, "no ref leads to '%s'", rev);
    return sg_git_history_reach(reached, &c->history, node, err);
}

/* "A..B": an empty side is HEAD, as in Git. */
static enum sg_status split_range(char **from, const char **to, struct sg_arena *arena,
                                  const char *range, struct sg_err *err)
{
    const char *dots = strstr(range, "..");
    if (!dots || dots[2] == '.')
        return sg_err_set(err, SG_EUSAGE, "--range wants A..B, not '%s'", range);
    *from = sg_arena_strndup(arena, dots > range ? range : "HEAD",
                             dots > range ? (size_t)(dots - range) : 4);
    *to = dots[2] ? dots + 2 : "HEAD";
    return *from ? SG_OK : sg_err_nomem(err);
}

static enum sg_status mark_scope(struct sg_commits *c, struct sg_err *err)
{
    const size_t n = c->history.n_nodes;
    bool *without = sg_arena_alloc(&c->arena, n + 1, 1),
         *within = sg_arena_alloc(&c->arena, n + 1, 1);
    const char *to = NULL;
    char *from = NULL;
    enum sg_status st = without && within ? SG_OK : sg_err_nomem(err);
    if (st == SG_OK && c->options->range)
        st = split_range(&from, &to, &c->arena, c->options->range, err);
    if (st == SG_OK && (from || c->options->since))
        st = reach(without, c, from ? from : c->options->since, err);
    if (st == SG_OK && to)
        st = reach(within, c, to, err);
    for (size_t i = 0; st == SG_OK && i < c->n_entries; i++) {
        const uint32_t node = c->entries[i].node;
        c->entries[i].in_scope = !without[node] && (!to || within[node]);
    }
    return st;
}

/* In the budget: among the top share, ties taken in as long as half of them fit. */
static void choose(struct sg_commits *c)
{
    for (size_t i = 0; i < c->n_entries; i++) {
        struct sg_commit_entry *e = &c->entries[i];
        e->in_budget = e->in_scope && e->score.score > 0 && e->copy_of == SG_GIT_NO_NODE &&
                       e->score.percentile >= 100 - c->options->budget;
        e->is_listed = e->in_budget ||
                       (c->options->all && e->in_scope && (!e->is_merge || e->score.score > 0));
        c->n_in_budget += e->in_budget;
    }
}

static int compare_entries(const void *left, const void *right, void *ctx)
{
    const struct sg_commits *sorting = ctx;
    const struct sg_commit_entry *a = left, *b = right;
    if (a->score.score > b->score.score || a->score.score < b->score.score)
        return a->score.score > b->score.score ? -1 : 1;
    return sg_git_id_cmp(&sorting->history.nodes[a->node].id, &sorting->history.nodes[b->node].id);
}

/* Best first. copy_of is an index into the entries: it becomes the node of the other commit first.
 */
static void sort_entries(struct sg_commits *c)
{
    for (size_t i = 0; i < c->n_entries; i++)
        if (c->entries[i].copy_of != SG_GIT_NO_NODE)
            c->entries[i].copy_of = c->entries[c->entries[i].copy_of].node;
    qsort_r(c->entries, c->n_entries, sizeof(*c->entries), compare_entries, c);
}

enum sg_status sg_commits_rank(struct sg_commits *c, struct sg_err *err)
{
    enum sg_status st = make_entries(c, err);
    if (st == SG_OK)
        st = mark_scope(c, err);
    if (st == SG_OK)
        st = join_copies(c, err);
    if (st == SG_OK)
        st = give_scores(c, err);
    if (st != SG_OK)
        return st;
    choose(c);
    sort_entries(c);
    return SG_OK;
}

char *sg_commits_fingerprint(char text[SG_FINGERPRINT_TEXT], const struct sg_commit_finding *f)
{
    return sg_hex_encode(text, f->fingerprint, sizeof(f->fingerprint));
}
