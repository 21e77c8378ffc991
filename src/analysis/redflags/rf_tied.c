/* one_remove: evidence at one remove. Who uses one device, second factor, account or copied code
 * with somebody else is, if these are one operator, also behind what the other shows: the account
 * that the other shares with a third. What the other has counts by half, up to the rule's weight a
 * class, for classes that the identity has not itself. The tie is evidence of its own class, so an
 * alert still rests on two classes; of a household and an agency nothing is carried on, and nothing
 * further than one step.
 *
 * Of each value the best two parties a class are kept, so the work is linear in ties. */
#include "analysis/redflags/redflags_internal.h"

#include "base/mem.h"

#include <string.h>

/* The most that one party has of a class, and the most of another party. */
struct best {
    double weight[2];
    const struct rf_tie *tie[2];
};

static void offer(struct best *b, const struct rf_tie *tie, double weight)
{
    if (b->tie[0] && b->tie[0]->party == tie->party) {
        if (weight > b->weight[0]) {
            b->weight[0] = weight;
            b->tie[0] = tie;
        }
    } else if (weight > b->weight[0]) {
        b->weight[1] = b->weight[0];
        b->tie[1] = b->tie[0];
        b->weight[0] = weight;
        b->tie[0] = tie;
    } else if (weight > b->weight[1]) {
        b->weight[1] = weight;
        b->tie[1] = tie;
    }
}

static void take(struct rf_carried *carried, const struct best *best, const struct rf_tie *own,
                 double most)
{
    for (unsigned c = 0; c < SG_CLASS_COUNT; c++) {
        const bool second = best[c].tie[0] && best[c].tie[0]->party == own->party;
        double weight = best[c].weight[second] / 2;
        weight = weight < most ? weight : most;
        if (!best[c].tie[second] || weight <= carried->weight[c])
            continue;
        carried->weight[c] = weight;
        carried->from[c] = best[c].tie[second]->ref;
    }
}

static struct rf_carried *carried_of(const struct sg_redflags *f, uint32_t identity)
{
    return &f->carried[f->carried_of[identity] - 1];
}

/* All ties of one value. */
static void carry_value(struct sg_redflags *f, const struct rf_tie *ties, size_t n)
{
    struct best best[SG_CLASS_COUNT];
    memset(best, 0, sizeof(best));
    for (size_t i = 0; i < n; i++) {
        const struct rf_carried *has = carried_of(f, ties[i].identity);
        for (unsigned c = 0; c < SG_CLASS_COUNT; c++)
            if (has->own[c] > 0)
                offer(&best[c], &ties[i], has->own[c]);
    }
    for (size_t i = 0; i < n; i++)
        take(carried_of(f, ties[i].identity), best, &ties[i],
             f->rules->rules[SG_RED_ONE_REMOVE].weight);
}

/* A place for each identity that is tied; false: no memory. */
static bool make_room(struct sg_redflags *f)
{
    uint32_t n = 0;
    f->carried_of = sg_mem_zalloc((size_t)f->n_identities + 1, sizeof(*f->carried_of));
    if (!f->carried_of)
        return false;
    for (size_t i = 0; i < f->n_ties; i++)
        if (!f->carried_of[f->ties[i].identity])
            f->carried_of[f->ties[i].identity] = ++n;
    f->carried = sg_mem_zalloc((size_t)n + 1, sizeof(*f->carried));
    for (uint32_t i = 0; f->carried && i < f->n_identities; i++)
        if (f->carried_of[i])
            sg_rf_heaviest(carried_of(f, i)->own, f, i);
    return f->carried;
}

/* The finding of one identity: how many classes, and whose rows. */
static enum sg_status keep(struct sg_redflags *f, uint32_t identity, struct sg_err *err)
{
    const struct rf_carried *carried = carried_of(f, identity);
    struct rf_note note = {.testable = true};
    for (unsigned c = 0; c < SG_CLASS_COUNT; c++) {
        if (carried->own[c] > 0 || carried->weight[c] <= 0)
            continue;
        if (note.n_refs < SG_REDFLAGS_REFS_MAX)
            note.refs[note.n_refs] = carried->from[c];
        note.n_refs++;
        note.number++;
    }
    note.found = note.number >= f->rules->rules[SG_RED_ONE_REMOVE].at_least;
    return sg_rf_keep(f, identity, SG_RED_ONE_REMOVE, &note, err);
}

enum sg_status sg_rf_carry(struct sg_redflags *f, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    if (!f->rules->rules[SG_RED_ONE_REMOVE].enabled)
        return SG_OK;
    if (!make_room(f))
        return sg_err_nomem(err);
    for (size_t i = 0, end; i < f->n_ties; i = end) {
        for (end = i; end < f->n_ties && f->ties[end].group == f->ties[i].group; end++)
            ;
        if (!(f->left_out >> f->ties[i].rule & 1u))
            carry_value(f, f->ties + i, end - i);
    }
    for (uint32_t i = 0; st == SG_OK && i < f->n_identities; i++)
        if (f->carried_of[i])
            st = keep(f, i, err);
    return st;
}
