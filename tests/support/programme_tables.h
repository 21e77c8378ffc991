/** The carried tables, loaded for tests of the programme's analyses. */
#ifndef SG_TESTS_SUPPORT_PROGRAMME_TABLES_H
#define SG_TESTS_SUPPORT_PROGRAMME_TABLES_H

#include "support/check.h"

#include "formats/programme/programme.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct programme_tables {
    struct sg_arena arena;
    struct sg_programme_notes notes;
    struct sg_incidents incidents;
    struct sg_totals totals;
    struct sg_launches launches;
    struct sg_facts facts;
    struct sg_sources sources;
    struct sg_assumptions assumptions;
};

#define LOAD_TABLE(t, table, which)                                                                \
    do {                                                                                           \
        struct sg_err err_;                                                                        \
        const struct sg_text text_ = sg_programme_builtin(which);                                  \
        CHECK_OK(sg_##table##_read(&(t)->table, &(t)->notes, &(t)->arena, text_.data, text_.size,  \
                                   &err_),                                                         \
                 &err_);                                                                           \
    } while (0)

static inline void programme_tables_load(struct programme_tables *t)
{
    struct sg_err err;
    const struct sg_text yaml = sg_programme_builtin(SG_BUILTIN_ASSUMPTIONS_YAML);
    memset(t, 0, sizeof(*t));
    LOAD_TABLE(t, incidents, SG_BUILTIN_INCIDENTS_CSV);
    LOAD_TABLE(t, totals, SG_BUILTIN_TOTALS_CSV);
    LOAD_TABLE(t, launches, SG_BUILTIN_LAUNCHES_CSV);
    LOAD_TABLE(t, facts, SG_BUILTIN_FACTS_CSV);
    LOAD_TABLE(t, sources, SG_BUILTIN_SOURCES_CSV);
    CHECK_OK(sg_assumptions_read(&t->assumptions, &t->arena, yaml.data, yaml.size, &err), &err);
}

static inline void programme_tables_clear(struct programme_tables *t)
{
    sg_arena_clear(&t->arena);
}

/** Whether `value` is within `tolerance` of `expected`. */
static inline bool is_near(double value, double expected, double tolerance)
{
    return value >= expected - tolerance && value <= expected + tolerance;
}

#define CHECK_NEAR(value, expected, tolerance)                                                     \
    do {                                                                                           \
        const double value_ = (value);                                                             \
        if (!is_near(value_, (expected), (tolerance)))                                             \
            fail_msg("%s = %.6f, expected %.6f +- %.6f", #value, value_, (double)(expected),       \
                     (double)(tolerance));                                                         \
    } while (0)

#endif
