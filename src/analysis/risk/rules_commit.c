/* The commit as a whole: what its message says against what it does. */
#include "analysis/risk/risk_internal.h"

static struct sg_text subject_of(struct sg_text message)
{
    const char *end = message.size > 0 ? memchr(message.data, '\n', message.size) : NULL;
    return (struct sg_text){message.data, end ? (size_t)(end - message.data) : message.size};
}

/* Sum of the code that changed in files that run. */
static uint32_t code_changed(const struct look *look)
{
    uint32_t n = 0;
    for (size_t i = 0; i < look->n_files; i++)
        if (look->files[i].role == ROLE_SOURCE || look->files[i].role == ROLE_BUILD)
            n += look->files[i].n_added + look->files[i].n_removed;
    return n;
}

static uint32_t heaviest(const struct look *look)
{
    uint32_t weight = 0;
    for (size_t i = 0; i < look->n_findings; i++)
        if (look->findings[i].weight > weight)
            weight = look->findings[i].weight;
    return weight;
}

/* A subject that promises no change of meaning. Worth saying only where something else was found;
 * the more the other finding weighs, the less the promise can be true. */
static void message_of(struct look *look)
{
    const struct sg_text subject = subject_of(look->commit->message);
    const bool claims_nothing =
        sg_risk_has_any(subject, "typo whitespace comment readme docs: documentation lint prettier "
                                 "cosmetic spelling reformat changelog license translat wording");
    const uint32_t weight = heaviest(look);
    if (!claims_nothing || code_changed(look) == 0 || weight < 60)
        return;
    sg_risk_report(
        look, (struct found){SG_RISK_MESSAGE_MISMATCH, NULL, NO_LINE, false, weight * 2 / 5,
                             "the message speaks of words or layout, the change is of meaning"});
}

/* Of a merge the view holds only what stands in none of its parents. */
static void merge_of(struct look *look)
{
    if (look->commit->n_parents < 2 || look->n_files == 0)
        return;
    sg_risk_report(look, (struct found){SG_RISK_MERGE_CHANGE, NULL, NO_LINE, false, 150,
                                        "the merge holds changes that none of its parents has"});
}

void sg_risk_rules_commit(struct look *look)
{
    message_of(look);
    merge_of(look);
}
