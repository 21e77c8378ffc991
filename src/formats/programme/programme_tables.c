/* The plain tables: totals, facts, sources. */
#include "formats/programme/programme_internal.h"

enum {
    TOTAL_SOURCE,
    TOTAL_VINTAGE,
    TOTAL_YEAR,
    TOTAL_USD,
    TOTAL_TO,
    TOTAL_HOW,
    TOTAL_SEEN,
    N_TOTAL
};

static const struct table_column total_columns[N_TOTAL] = {
    {"source", NULL, true},   {"vintage", NULL, true},  {"year", NULL, true},
    {"usd_m", NULL, true},    {"year_to", NULL, false}, {"how", NULL, false},
    {"seen_in", NULL, false},
};

static const char *const passed_over[] = {"verified"};

static const char *total_problem(struct sg_total *total, const struct sg_text *cells)
{
    if (sg_text_trim(cells[TOTAL_SOURCE]).size == 0)
        return "no source";
    if (!sg_parse_year(&total->year, cells[TOTAL_YEAR]))
        return "a year out of range";
    total->year_to = total->year;
    if (sg_text_trim(cells[TOTAL_TO]).size &&
        (!sg_parse_year(&total->year_to, cells[TOTAL_TO]) || total->year_to < total->year))
        return "a last year out of range";
    return sg_parse_musd(&total->usd, cells[TOTAL_USD]);
}

static enum sg_status on_total(struct table *table, const struct sg_text *cells, struct sg_err *err)
{
    struct sg_total *total = sg_rows_item(table);
    const char *problem = total_problem(total, cells);
    if (problem)
        return sg_rows_leave_out(table, err, "'%.*s': %s", SHOWN(cells[TOTAL_SOURCE]), problem);
    total->source = sg_rows_copy(table, cells[TOTAL_SOURCE]);
    total->vintage = sg_rows_copy(table, cells[TOTAL_VINTAGE]);
    total->how = sg_rows_copy(table, cells[TOTAL_HOW]);
    total->seen_in = sg_rows_copy(table, cells[TOTAL_SEEN]);
    total->row = table->row;
    if (!total->source || !total->vintage || !total->how || !total->seen_in)
        return sg_err_nomem(err);
    table->count++;
    return SG_OK;
}

enum sg_status sg_totals_read(struct sg_totals *totals, struct sg_programme_notes *notes,
                              struct sg_arena *arena, const char *bytes, size_t size,
                              struct sg_err *err)
{
    struct table table = {.name = "totals",
                          .columns = total_columns,
                          .n_columns = N_TOTAL,
                          .passed_over = passed_over,
                          .n_passed_over = 1,
                          .row_fn = on_total,
                          .item_size = sizeof(struct sg_total),
                          .notes = notes,
                          .arena = arena};
    const enum sg_status st = sg_rows_read(&table, bytes, size, err);
    if (st == SG_OK)
        *totals = (struct sg_totals){table.items, table.count};
    return st;
}

enum {
    FACT_ID,
    FACT_TOPIC,
    FACT_YEAR,
    FACT_LOW,
    FACT_HIGH,
    FACT_UNIT,
    FACT_WHAT,
    FACT_SOURCE,
    FACT_SEEN,
    FACT_VERIFIED,
    N_FACT
};

static const struct table_column fact_columns[N_FACT] = {
    {"id", NULL, true},      {"topic", NULL, true},    {"year", NULL, true}, {"low", NULL, true},
    {"high", NULL, true},    {"unit", NULL, true},     {"what", NULL, true}, {"source", NULL, true},
    {"seen_in", NULL, true}, {"verified", NULL, true},
};

static const char *fact_problem(struct sg_fact *fact, const struct sg_text *cells)
{
    int64_t low, high;
    if (!sg_parse_year(&fact->year, cells[FACT_YEAR]))
        return "a year out of range";
    if (!sg_parse_micro(&low, sg_text_trim(cells[FACT_LOW])) ||
        !sg_parse_micro(&high, sg_text_trim(cells[FACT_HIGH])))
        return "low or high is not a number";
    if (low < 0 || low > high)
        return "low and high are no range";
    if (sg_text_trim(cells[FACT_SOURCE]).size == 0)
        return "no source";
    fact->low = (double)low / 1e6;
    fact->high = (double)high / 1e6;
    return NULL;
}

static enum sg_status on_fact(struct table *table, const struct sg_text *cells, struct sg_err *err)
{
    struct sg_fact *fact = sg_rows_item(table);
    const char *problem = fact_problem(fact, cells);
    if (problem)
        return sg_rows_leave_out(table, err, "'%.*s': %s", SHOWN(cells[FACT_ID]), problem);
    fact->id = sg_rows_copy(table, cells[FACT_ID]);
    fact->topic = sg_rows_copy(table, cells[FACT_TOPIC]);
    fact->unit = sg_rows_copy(table, cells[FACT_UNIT]);
    fact->what = sg_rows_copy(table, cells[FACT_WHAT]);
    fact->source = sg_rows_copy(table, cells[FACT_SOURCE]);
    fact->seen_in = sg_rows_copy(table, cells[FACT_SEEN]);
    fact->verified = !sg_text_is(sg_text_trim(cells[FACT_VERIFIED]), "no");
    if (!fact->id || !fact->topic || !fact->unit || !fact->what || !fact->source || !fact->seen_in)
        return sg_err_nomem(err);
    table->count++;
    return SG_OK;
}

enum sg_status sg_facts_read(struct sg_facts *facts, struct sg_programme_notes *notes,
                             struct sg_arena *arena, const char *bytes, size_t size,
                             struct sg_err *err)
{
    struct table table = {.name = "facts",
                          .columns = fact_columns,
                          .n_columns = N_FACT,
                          .row_fn = on_fact,
                          .item_size = sizeof(struct sg_fact),
                          .notes = notes,
                          .arena = arena};
    const enum sg_status st = sg_rows_read(&table, bytes, size, err);
    if (st == SG_OK)
        *facts = (struct sg_facts){table.items, table.count};
    return st;
}

static const struct table_column source_columns[] = {
    {"key", NULL, true}, {"title", NULL, true}, {"address", NULL, true}};

static enum sg_status on_source(struct table *table, const struct sg_text *cells,
                                struct sg_err *err)
{
    struct sg_source *source = sg_rows_item(table);
    source->key = sg_rows_copy(table, cells[0]);
    source->title = sg_rows_copy(table, cells[1]);
    source->address = sg_rows_copy(table, cells[2]);
    if (!source->key || !source->title || !source->address)
        return sg_err_nomem(err);
    table->count++;
    return SG_OK;
}

enum sg_status sg_sources_read(struct sg_sources *sources, struct sg_programme_notes *notes,
                               struct sg_arena *arena, const char *bytes, size_t size,
                               struct sg_err *err)
{
    struct table table = {.name = "sources",
                          .columns = source_columns,
                          .n_columns = 3,
                          .row_fn = on_source,
                          .item_size = sizeof(struct sg_source),
                          .notes = notes,
                          .arena = arena};
    const enum sg_status st = sg_rows_read(&table, bytes, size, err);
    if (st == SG_OK)
        *sources = (struct sg_sources){table.items, table.count};
    return st;
}
