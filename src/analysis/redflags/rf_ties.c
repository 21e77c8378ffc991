/* Who rates, refers and pays whom. */
#include "analysis/redflags/redflags_internal.h"

#include "base/mem.h"

#include <string.h>

#define NOBODY  UINT32_MAX
#define SEVERAL (UINT32_MAX - 1)

/* A circle of more identities than this is a market, not a ring. */
#define RING_MAX 60u

/* By number of text, the identity that a record id or an account name stands for. An account name
 * that several identities give stands for nobody. The texts of the two are in different forms, so a
 * name is looked for as it was written and in small letters. */
static uint32_t *names_of(const struct sg_redflags *f)
{
    uint32_t *who = sg_mem_alloc(sg_rf_n_texts(f) + 1, sizeof(*who));
    for (size_t i = 0; who && i <= sg_rf_n_texts(f); i++)
        who[i] = NOBODY;
    for (size_t i = 0; who && i < f->n_people; i++) {
        const uint32_t handle = f->people[i].handle, identity = f->people[i].identity;
        if (handle && who[handle] != identity)
            who[handle] = who[handle] == NOBODY ? identity : SEVERAL;
    }
    for (size_t i = 0; who && i < f->n_people; i++)
        who[f->people[i].id] = f->people[i].identity;
    return who;
}

static uint32_t named(struct sg_redflags *f, const uint32_t *who, uint32_t id)
{
    const char *text = sg_dict_text(&f->pool, id);
    if (who[id] >= SEVERAL && id) {
        sg_buf_reset(&f->scratch);
        sg_rf_form(&f->scratch, RF_LOWER, (struct sg_text){text, strlen(text)});
        f->lacked_memory |= f->scratch.failed;
        id = f->scratch.failed
                 ? 0
                 : sg_dict_find(&f->pool, (struct sg_text){f->scratch.data, f->scratch.size});
    }
    return id && who[id] < SEVERAL ? who[id] : NOBODY;
}

/* Ratings as a graph: from who rates to who is rated. */
struct ratings {
    struct sg_redflags *f;
    const uint32_t *who;
    uint32_t *begin, *to, *event; /* edges of each identity */
    uint32_t *ring;               /* of each identity: number of its circle */
    uint32_t *size;               /* of each circle */
};

static uint32_t rated(const struct ratings *g, const struct rf_event *e)
{
    const uint32_t to = e->kind == RF_RATING ? named(g->f, g->who, e->text[RF_OTHER]) : NOBODY;
    return to == g->f->people[e->person].identity ? NOBODY : to;
}

static bool build(struct ratings *g)
{
    const size_t n = g->f->n_identities;
    g->begin = sg_mem_zalloc(n + 1, sizeof(*g->begin));
    g->ring = sg_mem_zalloc(n + 1, sizeof(*g->ring));
    g->size = sg_mem_zalloc(n + 1, sizeof(*g->size));
    if (!g->begin || !g->ring || !g->size)
        return false;
    for (size_t i = 0; i < g->f->n_events; i++)
        if (rated(g, &g->f->events[i]) != NOBODY)
            g->begin[g->f->people[g->f->events[i].person].identity]++;
    sg_rf_ends(g->begin, n);
    g->to = sg_mem_alloc((size_t)g->begin[n] + 1, sizeof(*g->to));
    g->event = sg_mem_alloc((size_t)g->begin[n] + 1, sizeof(*g->event));
    for (size_t i = g->f->n_events; g->to && g->event && i-- > 0;) {
        const uint32_t to = rated(g, &g->f->events[i]);
        if (to == NOBODY)
            continue;
        const uint32_t at = --g->begin[g->f->people[g->f->events[i].person].identity];
        g->to[at] = to;
        g->event[at] = (uint32_t)i;
    }
    return g->to && g->event;
}

/* Strongly connected components without recursion. Source: R. Tarjan, Depth-First Search and Linear
 * Graph Algorithms, 1972, doi:10.1137/0201010. */
struct search {
    uint32_t *index, *low, *next; /* of each identity; index 0: not seen */
    uint32_t *stack, *path;
    uint32_t n_stack, n_path, n_seen, n_rings;
};

static void enter(struct search *s, const struct ratings *g, uint32_t v)
{
    s->index[v] = s->low[v] = ++s->n_seen;
    s->next[v] = g->begin[v];
    s->stack[s->n_stack++] = s->path[s->n_path++] = v;
}

static void leave(struct search *s, struct ratings *g, uint32_t v)
{
    s->n_path--;
    if (s->n_path && s->low[v] < s->low[s->path[s->n_path - 1]])
        s->low[s->path[s->n_path - 1]] = s->low[v];
    if (s->low[v] != s->index[v])
        return;
    uint32_t member;
    do {
        member = s->stack[--s->n_stack];
        g->ring[member] = s->n_rings;
        g->size[s->n_rings]++;
        s->low[member] = UINT32_MAX; /* done: no way leads there any more */
    } while (member != v);
    s->n_rings++;
}

static void walk(struct search *s, struct ratings *g, uint32_t root)
{
    enter(s, g, root);
    while (s->n_path) {
        const uint32_t v = s->path[s->n_path - 1];
        if (s->next[v] == g->begin[v + 1]) {
            leave(s, g, v);
            continue;
        }
        const uint32_t to = g->to[s->next[v]++];
        if (!s->index[to])
            enter(s, g, to);
        else if (s->low[to] != UINT32_MAX && s->index[to] < s->low[v])
            s->low[v] = s->index[to];
    }
}

static bool find_rings(struct ratings *g)
{
    const size_t n = (size_t)g->f->n_identities + 1;
    uint32_t *memory = sg_mem_zalloc(n, 5 * sizeof(*memory));
    if (!memory)
        return false;
    struct search s = {.index = memory,
                       .low = memory + n,
                       .next = memory + 2 * n,
                       .stack = memory + 3 * n,
                       .path = memory + 4 * n};
    for (uint32_t v = 0; v + 1 < n; v++)
        if (!s.index[v])
            walk(&s, g, v);
    sg_mem_free(memory);
    return true;
}

/* How often each was rated by one hand: `times` by rated identity, for one rater at a time. */
struct hands {
    uint32_t *times, *most, *from;
};

static bool count_hands(struct hands *h, const struct ratings *g)
{
    const size_t n = (size_t)g->f->n_identities + 1;
    h->times = sg_mem_zalloc(n, sizeof(*h->times));
    h->most = sg_mem_zalloc(n, sizeof(*h->most));
    h->from = sg_mem_zalloc(n, sizeof(*h->from));
    const bool ok = h->times && h->most && h->from;
    for (uint32_t v = 0; ok && v < g->f->n_identities; v++) {
        for (uint32_t e = g->begin[v]; e < g->begin[v + 1]; e++)
            if (++h->times[g->to[e]] > h->most[g->to[e]]) {
                h->most[g->to[e]] = h->times[g->to[e]];
                h->from[g->to[e]] = v;
            }
        for (uint32_t e = g->begin[v]; e < g->begin[v + 1]; e++)
            h->times[g->to[e]] = 0;
    }
    return ok;
}

/* The ratings of one rater that go to one identity. */
static void ref_ratings(struct rf_note *note, const struct ratings *g, uint32_t from, uint32_t to)
{
    for (uint32_t e = g->begin[from]; e < g->begin[from + 1]; e++)
        if (g->to[e] == to)
            sg_rf_ref_event(note, &g->f->events[g->event[e]]);
}

static void ref_ring(struct rf_note *note, const struct ratings *g, uint32_t v)
{
    for (uint32_t e = g->begin[v]; e < g->begin[v + 1]; e++)
        if (g->ring[g->to[e]] == g->ring[v])
            sg_rf_ref_event(note, &g->f->events[g->event[e]]);
}

static enum sg_status keep_ratings(struct hands *h, const struct ratings *g, struct sg_err *err)
{
    const struct sg_redrule *rule = &g->f->rules->rules[SG_RED_RATING_RING];
    enum sg_status st = SG_OK;
    for (uint32_t v = 0; st == SG_OK && v < g->f->n_identities; v++) {
        const uint32_t ring = g->size[g->ring[v]];
        struct rf_note note = {.testable = h->most[v] > 0 || g->begin[v] < g->begin[v + 1]};
        if (ring >= rule->at_least && ring <= RING_MAX) {
            note.number = ring;
            ref_ring(&note, g, v);
        } else if (h->most[v] >= rule->at_least) {
            note.number = h->most[v];
            ref_ratings(&note, g, h->from[v], v);
        }
        note.found = note.number > 0;
        st = sg_rf_keep(g->f, v, SG_RED_RATING_RING, &note, err);
    }
    return st;
}

/* rating_ring: at_least ratings from one hand, or a circle of so many who rate each other. */
enum sg_status sg_rf_ratings(struct sg_redflags *f, struct sg_err *err)
{
    struct hands h = {NULL, NULL, NULL};
    if (!f->rules->rules[SG_RED_RATING_RING].enabled)
        return SG_OK;
    uint32_t *who = names_of(f);
    struct ratings g = {.f = f, .who = who};
    enum sg_status st = who && build(&g) && find_rings(&g) && count_hands(&h, &g)
                            ? keep_ratings(&h, &g, err)
                            : sg_err_nomem(err);
    sg_mem_free(who);
    sg_mem_free(h.times);
    sg_mem_free(h.most);
    sg_mem_free(h.from);
    sg_mem_free(g.begin);
    sg_mem_free(g.to);
    sg_mem_free(g.event);
    sg_mem_free(g.ring);
    sg_mem_free(g.size);
    return st;
}

/* One note for each side of a referral; the strongest news is that the other is flagged. */
static void refer(struct rf_note *notes, const struct sg_redflags *f, uint32_t a, uint32_t b,
                  const struct rf_event *e)
{
    notes[a].testable = true;
    if (!f->results[b].is_alert)
        return;
    notes[a].found = true;
    notes[a].number++;
    sg_rf_ref_event(&notes[a], e);
}

/* referral: one side of a referral has an alert. Context for the other side, and nothing more. */
enum sg_status sg_rf_referrals(struct sg_redflags *f, struct sg_err *err)
{
    if (!f->rules->rules[SG_RED_REFERRAL].enabled)
        return SG_OK;
    uint32_t *who = names_of(f);
    struct rf_note *notes = sg_mem_zalloc((size_t)f->n_identities + 1, sizeof(*notes));
    enum sg_status st = who && notes ? SG_OK : sg_err_nomem(err);
    for (size_t i = 0; st == SG_OK && i < f->n_events; i++) {
        const struct rf_event *e = &f->events[i];
        const uint32_t a = f->people[e->person].identity;
        const uint32_t b = e->kind == RF_REFERRAL ? named(f, who, e->text[RF_OTHER]) : NOBODY;
        if (b == NOBODY || a == b)
            continue;
        refer(notes, f, a, b, e);
        refer(notes, f, b, a, e);
    }
    for (uint32_t i = 0; st == SG_OK && i < f->n_identities; i++)
        st = sg_rf_keep(f, i, SG_RED_REFERRAL, &notes[i], err);
    sg_mem_free(who);
    sg_mem_free(notes);
    return st;
}

/* Of each account, by number of text: asked already, and sanctioned. */
struct asked {
    struct sg_redflags *f;
    uint8_t *of;
};
#define ASKED      1u
#define SANCTIONED 2u

/* Count an account if it is sanctioned; each is asked for once. */
static enum sg_status ask(bool *is_sanctioned, struct rf_note *note, struct asked *asked,
                          uint32_t id, struct sg_err *err)
{
    struct sg_redflags *f = asked->f;
    const char *text = sg_dict_text(&f->pool, id);
    enum sg_status st = SG_OK;
    *is_sanctioned = false;
    if (!id)
        return SG_OK;
    note->testable = true;
    if (!asked->of[id]) {
        bool is = false;
        st = f->sanctions.find(f->sanctions.ctx, &is, (struct sg_text){text, strlen(text)}, err);
        asked->of[id] = is ? ASKED | SANCTIONED : ASKED;
    }
    if (asked->of[id] & SANCTIONED) {
        *is_sanctioned = note->found = true;
        note->number++;
        note->text = id;
    }
    return st;
}

static enum sg_status ask_record(struct rf_note *note, struct asked *asked, uint32_t record,
                                 struct sg_err *err)
{
    const struct rf_person *p = &asked->f->people[record];
    const uint32_t accounts[] = {p->wallet, p->bank};
    enum sg_status st = SG_OK;
    for (size_t i = 0; st == SG_OK && i < SG_COUNT_OF(accounts); i++) {
        bool is_sanctioned;
        st = ask(&is_sanctioned, note, asked, accounts[i], err);
        if (is_sanctioned)
            sg_rf_ref_person(note, asked->f, record);
    }
    return st;
}

static enum sg_status ask_identity(struct rf_note *note, struct asked *asked,
                                   const struct rf_view *v, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    for (uint32_t r = 0; st == SG_OK && r < v->n_records; r++)
        st = ask_record(note, asked, v->records[r], err);
    for (uint32_t i = 0; st == SG_OK && i < v->n_keys; i++) {
        const struct rf_event *e = sg_rf_event_at(v, i);
        bool is_sanctioned = false;
        if (e->kind == RF_PAYOUT)
            st = ask(&is_sanctioned, note, asked, e->text[RF_VALUE], err);
        if (is_sanctioned)
            sg_rf_ref_event(note, e);
    }
    return st;
}

/* sanctioned_payout: an account that the labels call sanctioned. Reported as what it is. */
enum sg_status sg_rf_sanctions(struct sg_redflags *f, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    if (!f->rules->rules[SG_RED_SANCTIONED_PAYOUT].enabled || !f->sanctions.find)
        return SG_OK;
    struct asked asked = {f, sg_mem_zalloc(sg_rf_n_texts(f) + 1, 1)};
    if (!asked.of)
        return sg_err_nomem(err);
    for (uint32_t i = 0; st == SG_OK && i < f->n_identities; i++) {
        struct rf_note note = {.testable = false};
        struct rf_view view;
        sg_rf_view(&view, f, i);
        st = ask_identity(&note, &asked, &view, err);
        if (st == SG_OK)
            st = sg_rf_keep(f, i, SG_RED_SANCTIONED_PAYOUT, &note, err);
    }
    sg_mem_free(asked.of);
    return st;
}
