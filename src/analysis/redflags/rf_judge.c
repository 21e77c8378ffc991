/* From findings to alerts: two independent classes, and enough weight. */
#include "analysis/redflags/redflags_internal.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* What is about all applications comes first. */
static int by_identity(const void *left, const void *right)
{
    const struct sg_redflags_finding *a = left, *b = right;
    if (a->identity != b->identity)
        return a->identity < b->identity ? -1 : 1;
    if (a->record != b->record)
        return a->record + 1 < b->record + 1 ? -1 : 1; /* SG_REDFLAGS_ALL + 1 is 0 */
    return (a->rule > b->rule) - (a->rule < b->rule);
}

/* Findings of one class follow from one another: the heaviest counts, the others explain. */
struct tally {
    double heaviest[SG_CLASS_COUNT];
};

static void add(struct tally *t, const struct sg_redflags *f,
                const struct sg_redflags_finding *finding)
{
    const struct sg_redrule_kind *kind = sg_redrule_kind(finding->rule);
    if (kind->is_weak || finding->rule == SG_RED_ONE_REMOVE || f->left_out >> finding->rule & 1u)
        return;
    if (finding->weight > t->heaviest[kind->redclass])
        t->heaviest[kind->redclass] = finding->weight;
}

static unsigned n_classes(const struct tally *t)
{
    unsigned n = 0;
    for (unsigned c = 0; c < SG_CLASS_COUNT; c++)
        n += t->heaviest[c] > 0;
    return n;
}

static double weight_of(const struct tally *t)
{
    double sum = 0;
    for (unsigned c = 0; c < SG_CLASS_COUNT; c++)
        sum += t->heaviest[c];
    return sum;
}

/* Two classes before one, then the heavier. */
static bool is_better(const struct tally *a, const struct tally *b)
{
    const bool two_a = n_classes(a) >= 2, two_b = n_classes(b) >= 2;
    return two_a != two_b ? two_a : weight_of(a) > weight_of(b);
}

/* Classes that an identity lacks, by what those have that it is tied to. Returns what they add. */
static double add_carried(struct tally *t, const struct sg_redflags *f, uint32_t identity)
{
    double sum = 0;
    if (!f->carried || !f->carried_of[identity] || f->left_out >> SG_RED_ONE_REMOVE & 1u ||
        n_classes(t) == 0)
        return 0;
    const struct rf_carried *carried = &f->carried[f->carried_of[identity] - 1];
    for (unsigned c = 0; c < SG_CLASS_COUNT; c++) {
        if (t->heaviest[c] > 0)
            continue;
        t->heaviest[c] = carried->weight[c];
        sum += carried->weight[c];
    }
    return sum;
}

/* The application that weighs most, with what is about all of them. */
static struct tally best_of(const struct sg_redflags *f, const struct rf_result_of *result,
                            uint32_t identity, bool with_carried, double *carried)
{
    /* Where nobody has a finding there is no array either. */
    const struct sg_redflags_finding *at =
        result->n_findings ? f->findings + result->first_finding : NULL;
    const struct sg_redflags_finding *end = result->n_findings ? at + result->n_findings : NULL;
    struct tally all = {{0}}, best;
    for (; at < end && at->record == SG_REDFLAGS_ALL; at++)
        add(&all, f, at);
    best = all;
    *carried = with_carried ? add_carried(&best, f, identity) : 0;
    while (at < end) {
        struct tally one = all;
        const uint32_t record = at->record;
        for (; at < end && at->record == record; at++)
            add(&one, f, at);
        const double more = with_carried ? add_carried(&one, f, identity) : 0;
        if (!is_better(&one, &best))
            continue;
        best = one;
        *carried = more;
    }
    return best;
}

void sg_rf_heaviest(double heaviest[SG_CLASS_COUNT], const struct sg_redflags *f, uint32_t identity)
{
    double none;
    const struct tally best = best_of(f, &f->results[identity], identity, false, &none);
    memcpy(heaviest, best.heaviest, sizeof(best.heaviest));
}

static void weigh(struct sg_redflags *f, uint32_t identity)
{
    struct rf_result_of *result = &f->results[identity];
    double carried;
    const struct tally best = best_of(f, result, identity, true, &carried);
    result->classes = 0;
    for (unsigned c = 0; c < SG_CLASS_COUNT; c++)
        result->classes |= (uint32_t)(best.heaviest[c] > 0) << c;
    result->weight = weight_of(&best);
    result->is_alert = n_classes(&best) >= 2 && result->weight >= f->rules->alert_weight;
    result->is_sanctioned = false;
    for (uint32_t i = 0; i < result->n_findings; i++) {
        struct sg_redflags_finding *finding = &f->findings[result->first_finding + i];
        result->is_sanctioned |= sg_redrule_kind(finding->rule)->redclass == SG_CLASS_SANCTIONS;
        if (finding->rule == SG_RED_ONE_REMOVE)
            finding->weight = carried;
    }
}

void sg_rf_judge(struct sg_redflags *f)
{
    if (f->n_findings)
        qsort(f->findings, f->n_findings, sizeof(*f->findings), by_identity);
    for (uint32_t i = 0, at = 0; i < f->n_identities; i++) {
        struct rf_result_of *result = &f->results[i];
        result->first_finding = at;
        while (at < f->n_findings && f->findings[at].identity == i)
            at++;
        result->n_findings = at - result->first_finding;
        weigh(f, i);
    }
}

enum sg_status sg_redflags_without(struct sg_redflags *f, uint32_t left_out, struct sg_err *err)
{
    f->left_out = left_out;
    size_t n = 0; /* these two follow from the others and are found anew */
    for (size_t i = 0; i < f->n_findings; i++)
        if (f->findings[i].rule != SG_RED_ONE_REMOVE)
            f->findings[n++] = f->findings[i];
    f->n_findings = n;
    sg_mem_free(f->carried_of);
    sg_mem_free(f->carried);
    f->carried_of = NULL;
    f->carried = NULL;
    sg_rf_judge(f);
    const enum sg_status st = sg_rf_carry(f, err);
    sg_rf_judge(f);
    return st;
}
