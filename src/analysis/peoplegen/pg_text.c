/* What people write about their work: sentences put together so that two people rarely write the
 * same, unless one took it from the other. */
#include "analysis/peoplegen/peoplegen_internal.h"
#include "base/mem.h"

#include <stdio.h>
#include <string.h>

static const char *const verbs[] = {"Built",      "Designed", "Maintained", "Rewrote",  "Led",
                                    "Migrated",   "Tested",   "Shipped",    "Reviewed", "Automated",
                                    "Documented", "Deployed", "Profiled",   "Secured"};
static const char *const things[] = {
    "a payment gateway",    "the order book",         "a wallet backend",      "mobile onboarding",
    "a data pipeline",      "the deployment flow",    "an internal dashboard", "smart contracts",
    "a matching engine",    "the search service",     "a trading interface",   "the test suite",
    "a notification queue", "customer support tools", "a bridge relayer",      "image recognition",
    "the billing system",   "a game server",          "an analytics module",   "the design system"};
static const char *const tools[] = {"Go",      "Rust",   "TypeScript", "React",  "Solidity",
                                    "Python",  "Django", "Kotlin",     "Swift",  "PostgreSQL",
                                    "Node.js", "C++",    "Terraform",  "Kafka",  "GraphQL",
                                    "Java",    "Ruby",   "Vue",        "Docker", "Redis"};
static const char *const places[] = {
    "a logistics start-up", "a regional bank",      "an online shop",       "a health insurer",
    "a travel agency",      "a games studio",       "a crypto exchange",    "a public library",
    "a telecom operator",   "a university project", "a food delivery firm", "an energy company",
    "a music service",      "a real estate portal", "a news site",          "a small consultancy"};
static const char *const results[] = {
    "halving response times", "for three million users",  "with a team of four",
    "in nine months",         "cutting costs by a third", "from the first line",
    "on a tight budget",      "without downtime",         "across five countries",
    "as the only engineer",   "with full coverage",       "under heavy load"};

static const char *pick(const char *const *list, size_t n, struct sg_rng *rng)
{
    return list[sg_rng_below(rng, n)];
}

#define PICK(list, rng) pick(list, SG_COUNT_OF(list), rng)

void sg_pg_sentence(char *text, size_t size, struct sg_rng *rng)
{
    const char *verb = PICK(verbs, rng), *thing = PICK(things, rng), *tool = PICK(tools, rng);
    const char *with = PICK(tools, rng), *place = PICK(places, rng);
    snprintf(text, size, "%s %s in %s and %s for %s, %s.", verb, thing, tool, with, place,
             PICK(results, rng));
}

void sg_pg_cv(char *text, size_t size, struct sg_rng *own, struct sg_rng *shared, unsigned n_shared)
{
    const unsigned n = 3 + (unsigned)sg_rng_below(own, 2);
    size_t used = 0;
    text[0] = 0;
    for (unsigned i = 0; i < n && used + 200 < size; i++) {
        if (i)
            text[used++] = ' ';
        sg_pg_sentence(text + used, size - used, i < n_shared ? shared : own);
        used += strlen(text + used);
    }
}
