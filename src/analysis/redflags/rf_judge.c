/* From findings to alerts: two independent classes, and enough weight. */
#include "analysis/redflags/redflags_internal.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static int by_identity(const void *left, const void *right)
{
    const struct sg_redflags_finding *a = left, *b = right;
    if (a->identity != b->identity)
        return a->identity < b->identity ? -1 : 1;
    return (a->rule > b->rule) - (a->rule < b->rule);
}

/* Findings of one class follow from one another: the heaviest counts, the others explain. */
static void weigh(struct rf_result_of *result, const struct sg_redflags *f)
{
    double heaviest[SG_CLASS_COUNT] = {0};
    unsigned n_classes = 0;
    result->classes = 0;
    result->weight = 0;
    result->is_sanctioned = false;
    for (uint32_t i = 0; i < result->n_findings; i++) {
        const enum sg_redrule_id rule = f->findings[result->first_finding + i].rule;
        const struct sg_redrule_kind *kind = sg_redrule_kind(rule);
        const double weight = f->rules->rules[rule].weight;
        result->is_sanctioned |= kind->redclass == SG_CLASS_SANCTIONS;
        if (kind->is_weak)
            continue;
        result->classes |= 1u << kind->redclass;
        if (weight > heaviest[kind->redclass])
            heaviest[kind->redclass] = weight;
    }
    for (unsigned c = 0; c < SG_CLASS_COUNT; c++) {
        n_classes += result->classes >> c & 1u;
        result->weight += heaviest[c];
    }
    result->is_alert = n_classes >= 2 && result->weight >= f->rules->alert_weight;
}

void sg_rf_judge(struct sg_redflags *f)
{
    if (f->n_findings)
        qsort(f->findings, f->n_findings, sizeof(*f->findings), by_identity);
    for (size_t i = 0, at = 0; i < f->n_identities; i++) {
        struct rf_result_of *result = &f->results[i];
        result->first_finding = (uint32_t)at;
        while (at < f->n_findings && f->findings[at].identity == i)
            at++;
        result->n_findings = (uint32_t)at - result->first_finding;
        weigh(result, f);
    }
}
