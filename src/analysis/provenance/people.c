/* Identities that share a name or a mail are one person here: an assumption, said in the method's
 * page. */
#include "analysis/provenance/provenance_internal.h"

#include "base/forest.h"
#include "base/mem.h"

#include <string.h>

/* A mail under more names than this is a shared one (a code host's, a machine's, an empty one). */
#define NAMES_OF_A_MAIL_MAX 4

/* Dense numbers of names, mails and pairs, and a forest over pairs. */
struct census {
    struct tally names, mails, pairs; /* note: dense index */
    struct tally mail_names;          /* (mail, 0): how many names; (mail, name): met */
    uint32_t *parent;                 /* of pair */
    uint32_t *pair_of;                /* by node, of the author, then of the committer */
};

static bool count_name(struct tally *mail_names, struct sg_who who)
{
    struct tally_cell *met = sg_prov_tally_at(mail_names, who.mail, who.name | 2);
    const bool is_new = met && met->count == 0;
    if (!met)
        return false;
    met->count++;
    struct tally_cell *all = is_new ? sg_prov_tally_at(mail_names, who.mail, 0) : NULL;
    if (is_new && !all)
        return false;
    if (is_new)
        all->count++;
    return true;
}

/* The pair's dense number. */
static enum sg_status pair_of(uint32_t *pair, struct census *c, struct sg_who who,
                              struct sg_err *err)
{
    *pair = NO_PERSON;
    if (!who.name && !who.mail)
        return SG_OK;
    const size_t n = c->pairs.n;
    struct tally_cell *cell = sg_prov_tally_at(&c->pairs, who.name, who.mail);
    if (!cell)
        return sg_err_nomem(err);
    if (cell->count++ == 0) {
        cell->note = (uint32_t)n;
        if (!count_name(&c->mail_names, who))
            return sg_err_nomem(err);
    }
    *pair = cell->note;
    return SG_OK;
}

/* Join the pair with the first one under the same key. */
static enum sg_status join_by(struct tally *first, uint32_t *parent, uint64_t key, uint32_t pair,
                              struct sg_err *err)
{
    struct tally_cell *cell = sg_prov_tally_at(first, key, 0);
    if (!cell)
        return sg_err_nomem(err);
    if (cell->count++ == 0)
        cell->note = pair;
    sg_forest_join(parent, cell->note, pair);
    return SG_OK;
}

static enum sg_status join_pairs(struct census *c, struct sg_err *err)
{
    for (size_t i = 0; c->pairs.cells && i < (size_t)1 << c->pairs.bits; i++) {
        const struct tally_cell *pair = &c->pairs.cells[i];
        enum sg_status st = SG_OK;
        if (pair->count && pair->a)
            st = join_by(&c->names, c->parent, pair->a, pair->note, err);
        if (st == SG_OK && pair->count && pair->b &&
            sg_prov_tally_get(&c->mail_names, pair->b, 0) <= NAMES_OF_A_MAIL_MAX)
            st = join_by(&c->mails, c->parent, pair->b, pair->note, err);
        if (st != SG_OK)
            return st;
    }
    return SG_OK;
}

static enum sg_status number_pairs(struct census *c, const struct sg_deeds *deeds, size_t n,
                                   struct sg_err *err)
{
    c->pair_of = sg_mem_alloc(2 * n + 1, sizeof(*c->pair_of));
    enum sg_status st = c->pair_of ? SG_OK : sg_err_nomem(err);
    for (size_t i = 0; st == SG_OK && i < n; i++) {
        st = pair_of(&c->pair_of[i], c, deeds->deeds[i].author, err);
        if (st == SG_OK)
            st = pair_of(&c->pair_of[n + i], c, deeds->deeds[i].committer, err);
    }
    c->parent = sg_mem_alloc(c->pairs.n + 1, sizeof(*c->parent));
    if (st == SG_OK && !c->parent)
        st = sg_err_nomem(err);
    for (uint32_t i = 0; st == SG_OK && i < c->pairs.n; i++)
        c->parent[i] = i;
    return st;
}

static enum sg_status allocate(struct people *p, size_t n_nodes, size_t n_pairs, struct sg_err *err)
{
    *p = (struct people){.n_people = n_pairs, .n_pairs = n_pairs};
    p->author = sg_mem_alloc(n_nodes + 1, sizeof(*p->author));
    p->committer = sg_mem_alloc(n_nodes + 1, sizeof(*p->committer));
    p->pair = sg_mem_alloc(n_nodes + 1, sizeof(*p->pair));
    p->pair_count = sg_mem_zalloc(n_pairs + 1, sizeof(*p->pair_count));
    p->usual_pair = sg_mem_alloc(n_pairs + 1, sizeof(*p->usual_pair));
    p->n_names = sg_mem_zalloc(n_pairs + 1, sizeof(*p->n_names));
    if (!p->author || !p->committer || !p->pair || !p->pair_count || !p->usual_pair || !p->n_names)
        return sg_err_nomem(err);
    memset(p->usual_pair, 0xff, (n_pairs + 1) * sizeof(*p->usual_pair));
    return SG_OK;
}

/* A person is the root of the pairs; author commits under each pair are counted. */
static void fill_people(struct people *p, struct census *c, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const uint32_t pair = c->pair_of[i], other = c->pair_of[n + i];
        p->pair[i] = pair;
        p->author[i] = pair == NO_PERSON ? NO_PERSON : sg_forest_root(c->parent, pair);
        p->committer[i] = other == NO_PERSON ? NO_PERSON : sg_forest_root(c->parent, other);
        if (pair != NO_PERSON)
            p->pair_count[pair]++;
    }
    for (uint32_t pair = 0; pair < p->n_pairs; pair++) {
        uint32_t *usual = &p->usual_pair[sg_forest_root(c->parent, pair)];
        if (*usual == NO_PERSON || p->pair_count[pair] > p->pair_count[*usual])
            *usual = pair;
    }
}

/* Names of each person: a name joins all its pairs, so each belongs to one person. */
static void count_names(struct people *p, struct census *c)
{
    for (size_t i = 0; c->names.cells && i < (size_t)1 << c->names.bits; i++)
        if (c->names.cells[i].count)
            p->n_names[sg_forest_root(c->parent, c->names.cells[i].note)]++;
}

enum sg_status sg_prov_people_find(struct people *people, const struct sg_git_history *history,
                                   const struct sg_deeds *deeds, struct sg_err *err)
{
    struct census c = {.parent = NULL};
    *people = (struct people){.n_people = 0};
    enum sg_status st = number_pairs(&c, deeds, history->n_nodes, err);
    if (st == SG_OK)
        st = join_pairs(&c, err);
    if (st == SG_OK)
        st = allocate(people, history->n_nodes, c.pairs.n, err);
    if (st == SG_OK) {
        fill_people(people, &c, history->n_nodes);
        count_names(people, &c);
    }
    sg_mem_free(c.pair_of);
    sg_mem_free(c.parent);
    sg_prov_tally_clear(&c.mail_names);
    sg_prov_tally_clear(&c.pairs);
    sg_prov_tally_clear(&c.mails);
    sg_prov_tally_clear(&c.names);
    return st;
}

void sg_prov_people_clear(struct people *people)
{
    sg_mem_free(people->n_names);
    sg_mem_free(people->usual_pair);
    sg_mem_free(people->pair_count);
    sg_mem_free(people->pair);
    sg_mem_free(people->committer);
    sg_mem_free(people->author);
    *people = (struct people){.n_people = 0};
}
