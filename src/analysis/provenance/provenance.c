/* The signals of each commit, in one pass from the first to the last. */
#include "analysis/provenance/provenance_internal.h"

#include "base/mem.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define DAY_S            86400
#define NEWCOMER_COMMITS 5u  /* an author's first ones */
#define SETTLED_COMMITS  50u /* a repository in which newcomers can be told */
#define SILENCE_DAYS     180 /* after so long it was dormant */
#define AWAKE_DAYS       30  /* and stays newly awake so long */
#define KNOWN_CHANGES    3u  /* a file that has so many belongs to somebody */
#define OWNED_CHANGES    5u
#define OWNED_PERCENT    75u
#define USUAL_COMMITS    5u /* others' commits made by who does that here */
#define REVIEW_PERCENT   50u
#define REVIEW_COMMITS   50u

static const struct sg_signal_info infos[SG_SIGNAL_COUNT] = {
    {"new-to-files", "The author changes files that only others have changed before.",
     "Everybody touches a file for the first time once.", 100},
    {"newcomer", "It is among the author's first commits here.",
     "Most contributors begin with a small change.", 150},
    {"dormant", "The repository had been silent for a long time; few were watching.",
     "Finished software rests, and is picked up again.", 150},
    {"identity-rotation", "The author goes by several names, and this is not the usual one.",
     "People change machines, mails, employers and names.", 100},
    {"other-committer", "Somebody who seldom commits the work of others committed this.",
     "A rebase, a cherry-pick or an applied patch does the same.", 50},
    {"time-zone", "The clock's offset is one that the author's usual zones never have on that day.",
     "Journeys, remote machines and servers on UTC.", 150},
    {"self-merge", "The author merged it, where others' merging is the rule.",
     "Maintainers merge their own work.", 50},
    {"unreviewed", "Nothing shows another reader, in a repository where most commits show one.",
     "Reviews often leave no trace in Git.", 100},
    {"reverts-fix", "It takes back a commit that called itself a fix.",
     "Fixes are reverted when they break something else.", 100},
    {"others-lines", "It takes lines from files that are nearly all of another's making.",
     "Refactoring and cleaning do the same.", 50},
};

const struct sg_signal_info *sg_signal_info(enum sg_signal_kind kind)
{
    assert(kind < SG_SIGNAL_COUNT);
    return &infos[kind];
}

static char *print_offset(char text[16], int64_t minutes)
{
    const int64_t size = minutes < 0 ? -minutes : minutes;
    snprintf(text, 16, "%c%02d%02d", minutes < 0 ? '-' : '+', (int)(size / 60 % 100),
             (int)(size % 60));
    return text;
}

char *sg_signal_text(char text[SG_SIGNAL_TEXT_MAX], const struct sg_signal *signal)
{
    const int64_t n = signal->number, other = signal->other;
    char offset[16];
    switch (signal->kind) {
    case SG_SIGNAL_NEW_TO_FILES:
        snprintf(text, SG_SIGNAL_TEXT_MAX,
                 "first change by this author to %" PRId64 " files that others changed %" PRId64
                 " times",
                 n, other);
        break;
    case SG_SIGNAL_NEWCOMER:
        snprintf(text, SG_SIGNAL_TEXT_MAX,
                 "commit number %" PRId64 " of this author, after %" PRId64 " of others", n, other);
        break;
    case SG_SIGNAL_DORMANT:
        snprintf(text, SG_SIGNAL_TEXT_MAX,
                 "the repository had been silent for %" PRId64 " days, until %" PRId64
                 " days before",
                 n, other);
        break;
    case SG_SIGNAL_ROTATION:
        snprintf(text, SG_SIGNAL_TEXT_MAX,
                 "the author goes by %" PRId64 " names; this identity made %" PRId64 " commits", n,
                 other);
        break;
    case SG_SIGNAL_OTHER_COMMITTER:
        snprintf(text, SG_SIGNAL_TEXT_MAX,
                 "the committer is not the author, and had committed %" PRId64
                 " changes of others before",
                 n);
        break;
    case SG_SIGNAL_TIME_ZONE:
        snprintf(text, SG_SIGNAL_TEXT_MAX,
                 "offset %s, which none of the author's usual zones has on that day",
                 print_offset(offset, n));
        break;
    case SG_SIGNAL_SELF_MERGE:
        snprintf(text, SG_SIGNAL_TEXT_MAX,
                 "merged by its author; %" PRId64 " of %" PRId64
                 " commits that were merged before had been merged by another",
                 n, other);
        break;
    case SG_SIGNAL_UNREVIEWED:
        snprintf(text, SG_SIGNAL_TEXT_MAX,
                 "no sign of a second reader; %" PRId64 " of %" PRId64 " commits before have one",
                 n, other);
        break;
    case SG_SIGNAL_REVERTS_FIX:
        snprintf(text, SG_SIGNAL_TEXT_MAX,
                 "takes back a commit of %" PRId64 " days before that speaks of a fix", n);
        break;
    case SG_SIGNAL_OTHERS_LINES:
        snprintf(text, SG_SIGNAL_TEXT_MAX,
                 "removes %" PRId64 " lines from files of which another made %" PRId64
                 " %% of the changes",
                 n, other);
        break;
    case SG_SIGNAL_COUNT:
        text[0] = 0;
        break;
    }
    return text;
}

/* What is known when a commit's turn comes. */
struct pass {
    const struct sg_git_history *h;
    const struct sg_deeds *deeds;
    const struct sg_touch *touches;
    struct people people;
    bool *odd;
    uint32_t *brought_by;
    struct tally files; /* (path, 0): changes, note: who has most; (path, person + 1): theirs */
    struct tally people_done; /* (person, 1): commits; (person, 2): committed for others */
    uint32_t n_done;          /* non-merge commits so far */
    uint32_t n_reviewed;
    uint32_t n_merged, n_merged_by_other;
    int64_t last_s, silence_s, awake_since_s; /* of committer times */
    struct sg_signal found[SG_SIGNAL_COUNT];
    size_t n_found;
};

static void add(struct pass *p, enum sg_signal_kind kind, int64_t number, int64_t other)
{
    p->found[p->n_found++] = (struct sg_signal){kind, number, other};
}

static void look_at_files(struct pass *p, const struct sg_touch *touch, uint32_t author)
{
    uint32_t n_known = 0, n_changes = 0, own = 0, top_changes = 0;
    for (size_t i = 0; i < touch->n_paths; i++) {
        const uint32_t changes = sg_prov_tally_get(&p->files, touch->paths[i], 0);
        own += sg_prov_tally_get(&p->files, touch->paths[i], (uint64_t)author + 1);
        n_known += changes >= KNOWN_CHANGES;
        n_changes += changes;
        if (changes) {
            const uint32_t top = sg_prov_tally_find(&p->files, touch->paths[i], 0)->note;
            top_changes += top == author
                               ? 0
                               : sg_prov_tally_get(&p->files, touch->paths[i], (uint64_t)top + 1);
        }
    }
    if (n_known && own == 0)
        add(p, SG_SIGNAL_NEW_TO_FILES, n_known, n_changes);
    if (touch->n_removed && n_changes >= OWNED_CHANGES &&
        (uint64_t)top_changes * 100 >= (uint64_t)n_changes * OWNED_PERCENT)
        add(p, SG_SIGNAL_OTHERS_LINES, touch->n_removed, (int64_t)top_changes * 100 / n_changes);
}

static void look_at_author(struct pass *p, uint32_t node, uint32_t author)
{
    const uint32_t nth = sg_prov_tally_get(&p->people_done, author, 1) + 1;
    const uint32_t pair = p->people.pair[node];
    if (nth <= NEWCOMER_COMMITS && p->n_done >= SETTLED_COMMITS)
        add(p, SG_SIGNAL_NEWCOMER, nth, p->n_done - (nth - 1));
    if (p->silence_s)
        add(p, SG_SIGNAL_DORMANT, p->silence_s / DAY_S, (p->last_s - p->awake_since_s) / DAY_S);
    if (p->people.n_names[author] > 1 && pair != p->people.usual_pair[author])
        add(p, SG_SIGNAL_ROTATION, p->people.n_names[author], p->people.pair_count[pair]);
}

static void look_at_committer(struct pass *p, uint32_t node, uint32_t author)
{
    const uint32_t committer = p->people.committer[node];
    const uint32_t n =
        committer == NO_PERSON ? USUAL_COMMITS : sg_prov_tally_get(&p->people_done, committer, 2);
    if (committer != author && n < USUAL_COMMITS)
        add(p, SG_SIGNAL_OTHER_COMMITTER, n, 0);
    if (p->odd[node])
        add(p, SG_SIGNAL_TIME_ZONE, p->deeds->deeds[node].authored.offset_min, 0);
}

static bool is_merged_by_author(const struct pass *p, uint32_t node)
{
    const uint32_t merge = p->brought_by[node];
    return merge != SG_GIT_NO_NODE && p->people.author[merge] == p->people.author[node];
}

/* A second person: named in a trailer, merging, or committing. */
static bool shows_reader(const struct pass *p, uint32_t node)
{
    return p->deeds->deeds[node].says_reviewed ||
           (p->brought_by[node] != SG_GIT_NO_NODE && !is_merged_by_author(p, node)) ||
           p->people.committer[node] != p->people.author[node];
}

static void look_at_review(struct pass *p, uint32_t node)
{
    if (is_merged_by_author(p, node) && p->n_merged >= REVIEW_COMMITS &&
        (uint64_t)p->n_merged_by_other * 100 >= (uint64_t)p->n_merged * REVIEW_PERCENT)
        add(p, SG_SIGNAL_SELF_MERGE, p->n_merged_by_other, p->n_merged);
    if (!shows_reader(p, node) && p->n_done >= REVIEW_COMMITS &&
        (uint64_t)p->n_reviewed * 100 >= (uint64_t)p->n_done * REVIEW_PERCENT)
        add(p, SG_SIGNAL_UNREVIEWED, p->n_reviewed, p->n_done);
}

static void look_at_revert(struct pass *p, uint32_t node)
{
    const struct sg_deed *deed = &p->deeds->deeds[node];
    const uint32_t target =
        deed->reverts ? sg_git_history_find(p->h, &deed->reverted) : SG_GIT_NO_NODE;
    if (target != SG_GIT_NO_NODE && p->deeds->deeds[target].says_fix)
        add(p, SG_SIGNAL_REVERTS_FIX,
            (p->h->nodes[node].time_unix_s - p->h->nodes[target].time_unix_s) / DAY_S, 0);
}

/* A silence ends with the commit that breaks it, and is remembered for a while. */
static void note_time(struct pass *p, uint32_t node)
{
    const struct sg_when *when = &p->deeds->deeds[node].committed;
    if (!when->is_known)
        return;
    const int64_t gap = p->n_done ? when->time_unix_s - p->last_s : 0;
    if (gap >= (int64_t)SILENCE_DAYS * DAY_S) {
        p->silence_s = gap;
        p->awake_since_s = when->time_unix_s;
    } else if (when->time_unix_s - p->awake_since_s > (int64_t)AWAKE_DAYS * DAY_S) {
        p->silence_s = 0;
    }
    if (when->time_unix_s > p->last_s || p->n_done == 0)
        p->last_s = when->time_unix_s;
}

static bool count(struct tally *tally, uint64_t a, uint64_t b, uint32_t *n)
{
    struct tally_cell *cell = sg_prov_tally_at(tally, a, b);
    if (!cell)
        return false;
    *n = ++cell->count;
    return true;
}

static enum sg_status note_files(struct pass *p, const struct sg_touch *touch, uint32_t author,
                                 struct sg_err *err)
{
    for (size_t i = 0; i < touch->n_paths; i++) {
        uint32_t own, all;
        if (!count(&p->files, touch->paths[i], (uint64_t)author + 1, &own) ||
            !count(&p->files, touch->paths[i], 0, &all))
            return sg_err_nomem(err);
        struct tally_cell *file = sg_prov_tally_find(&p->files, touch->paths[i], 0);
        if (all == 1 ||
            own > sg_prov_tally_get(&p->files, touch->paths[i], (uint64_t)file->note + 1))
            file->note = author;
    }
    return SG_OK;
}

static enum sg_status note_deed(struct pass *p, uint32_t node, uint32_t author, struct sg_err *err)
{
    const uint32_t committer = p->people.committer[node];
    uint32_t n;
    if (author != NO_PERSON && !count(&p->people_done, author, 1, &n))
        return sg_err_nomem(err);
    if (committer != NO_PERSON && committer != author && !count(&p->people_done, committer, 2, &n))
        return sg_err_nomem(err);
    p->n_done++;
    p->n_reviewed += shows_reader(p, node);
    p->n_merged += p->brought_by[node] != SG_GIT_NO_NODE;
    p->n_merged_by_other += p->brought_by[node] != SG_GIT_NO_NODE && !is_merged_by_author(p, node);
    return author == NO_PERSON ? SG_OK : note_files(p, &p->touches[node], author, err);
}

static enum sg_status keep_found(struct sg_provenance *result, struct sg_arena *arena,
                                 const struct pass *p, struct sg_err *err)
{
    if (p->n_found == 0)
        return SG_OK;
    result->signals = sg_arena_alloc(arena, p->n_found, sizeof(*result->signals));
    if (!result->signals)
        return sg_err_nomem(err);
    for (size_t i = 0; i < p->n_found; i++) {
        result->signals[i] = p->found[i];
        result->context = (uint16_t)(result->context + infos[p->found[i].kind].weight);
    }
    result->n_signals = p->n_found;
    return SG_OK;
}

static enum sg_status pass_commit(struct pass *p, struct sg_provenance *result,
                                  struct sg_arena *arena, uint32_t node, struct sg_err *err)
{
    const uint32_t author = p->people.author[node];
    p->n_found = 0;
    note_time(p, node);
    if (author != NO_PERSON) {
        look_at_files(p, &p->touches[node], author);
        look_at_author(p, node, author);
        look_at_committer(p, node, author);
        look_at_review(p, node);
    }
    look_at_revert(p, node);
    const enum sg_status st = keep_found(result, arena, p, err);
    /* Merges only pass on what others did. */
    return st == SG_OK && p->h->nodes[node].n_parents < 2 ? note_deed(p, node, author, err) : st;
}

enum sg_status sg_provenance_find(struct sg_provenance *result, struct sg_arena *arena,
                                  const struct sg_git_history *history,
                                  const struct sg_deeds *deeds, const struct sg_touch *touches,
                                  struct sg_err *err)
{
    struct pass p = {.h = history, .deeds = deeds, .touches = touches};
    struct sg_zone_tally zones;
    const size_t n = history->n_nodes;
    memset(result, 0, n * sizeof(*result));
    enum sg_status st = sg_prov_people_find(&p.people, history, deeds, err);
    p.odd = sg_mem_zalloc(n + 1, sizeof(*p.odd));
    p.brought_by = sg_mem_alloc(n + 1, sizeof(*p.brought_by));
    if (st == SG_OK && (!p.odd || !p.brought_by))
        st = sg_err_nomem(err);
    if (st == SG_OK)
        st = sg_prov_zones_find(p.odd, &zones, &p.people, n, deeds, err);
    if (st == SG_OK)
        st = sg_prov_merges_find(p.brought_by, history, err);
    for (size_t i = 0; st == SG_OK && i < n; i++)
        st = pass_commit(&p, &result[history->order[i]], arena, history->order[i], err);
    sg_prov_tally_clear(&p.people_done);
    sg_prov_tally_clear(&p.files);
    sg_mem_free(p.brought_by);
    sg_mem_free(p.odd);
    sg_prov_people_clear(&p.people);
    return st;
}
