/* Launches: the CNS table, our own CSV, and the later JSON copy. */
#include "formats/programme/programme_internal.h"

#include "formats/yaml/yaml.h"

#include <string.h>
#include <strings.h>

enum { COL_DATE, COL_OUTCOME, COL_MISSILE, COL_TYPE, N_COLUMNS };

static const struct table_column columns[N_COLUMNS] = {
    {"date", "Date", true},
    {"outcome", "Test Outcome", true},
    {"missile", "Missile Name", false},
    {"type", "Missile Type", false},
};

/* The other columns of the CNS table, and the source of ours. */
static const char *const passed_over[] = {"F1",
                                          "Date Entered/Updated",
                                          "Launch Time (UTC)",
                                          "Launch Agency/Authority",
                                          "Facility Name",
                                          "Facility Location",
                                          "Other Name",
                                          "Facility Latitude",
                                          "Facility Longitude",
                                          "Landing Location",
                                          "Apogee",
                                          "Distance Travelled",
                                          "Confirmation Status",
                                          "Additional Information",
                                          "Source(s)",
                                          "source"};

static bool is_word(struct sg_text text, const char *word)
{
    return text.size == strlen(word) && strncasecmp(text.data, word, text.size) == 0;
}

static bool parse_outcome(enum sg_launch_outcome *outcome, struct sg_text text)
{
    text = sg_text_trim(text);
    if (is_word(text, "success"))
        *outcome = SG_LAUNCH_SUCCESS;
    else if (is_word(text, "failure"))
        *outcome = SG_LAUNCH_FAILURE;
    else if (is_word(text, "unknown") || text.size == 0)
        *outcome = SG_LAUNCH_UNKNOWN;
    else
        return false;
    return true;
}

static const char *launch_problem(struct sg_launch *launch, struct sg_text date,
                                  struct sg_text outcome)
{
    const char *problem = sg_parse_date(&launch->date, date);
    if (!problem && launch->date.month == 0)
        problem = "a date without a month";
    if (!problem && !parse_outcome(&launch->outcome, outcome))
        problem = "an outcome that is none of success, failure, unknown";
    return problem;
}

/* A launch from its four texts: one way for every form of the table. */
static enum sg_status on_row(struct table *table, const struct sg_text *cells, struct sg_err *err)
{
    struct sg_launch *launch = sg_rows_item(table);
    const char *problem = launch_problem(launch, cells[COL_DATE], cells[COL_OUTCOME]);
    if (problem)
        return sg_rows_leave_out(table, err, "'%.*s': %s", SHOWN(cells[COL_DATE]), problem);
    launch->missile = sg_rows_copy(table, cells[COL_MISSILE]);
    launch->type =
        sg_text_trim(cells[COL_TYPE]).size ? sg_rows_copy(table, cells[COL_TYPE]) : "Unknown";
    launch->row = table->row;
    if (!launch->missile || !launch->type)
        return sg_err_nomem(err);
    table->count++;
    return SG_OK;
}

static enum sg_status refuse(const struct sg_yaml_node *node, const char *what, struct sg_err *err)
{
    return sg_err_line(err, node->line, node->column, "launches: %s, found %s", what,
                       sg_yaml_kind_name(node->kind));
}

static struct sg_text scalar(const struct sg_yaml_node *mapping, const char *key)
{
    const struct sg_yaml_node *node = sg_yaml_find(mapping, key);
    return node && node->kind == SG_YAML_SCALAR ? (struct sg_text){node->text, node->count}
                                                : (struct sg_text){NULL, 0};
}

static enum sg_status json_bin(struct table *table, const struct sg_yaml_node *bin,
                               struct sg_err *err)
{
    const struct sg_yaml_node *data = sg_yaml_find(bin, "data");
    if (!data || data->kind != SG_YAML_SEQUENCE)
        return refuse(bin, "every time bin needs a list 'data'", err);
    for (size_t i = 0; i < data->count; i++) {
        const struct sg_yaml_node *item = data->items[i];
        if (item->kind != SG_YAML_MAPPING)
            return refuse(item, "a launch is an object", err);
        const struct sg_text cells[N_COLUMNS] = {
            scalar(item, "date"), scalar(item, "outcome"), scalar(item, "missile"), {NULL, 0}};
        table->row++;
        if (table->count == table->capacity)
            return sg_err_set(err, SG_ELIMIT, "launches: more than %d rows", SG_PROGRAMME_ROWS_MAX);
        const enum sg_status st = on_row(table, cells, err);
        if (st != SG_OK)
            return st;
    }
    return SG_OK;
}

/* JSON is YAML's flow style, so the tree that reads case files reads it too. */
static enum sg_status read_json(struct table *table, const char *bytes, size_t size,
                                struct sg_err *err)
{
    const struct sg_yaml_node *root;
    enum sg_status st = sg_yaml_parse(&root, table->arena, bytes, size, err);
    if (st != SG_OK)
        return st;
    const struct sg_yaml_node *bins = sg_yaml_find(root, "timeBins");
    if (!bins || bins->kind != SG_YAML_SEQUENCE)
        return refuse(root, "the object needs a list 'timeBins'", err);
    table->capacity = root->weight < SG_PROGRAMME_ROWS_MAX ? root->weight : SG_PROGRAMME_ROWS_MAX;
    table->items = sg_arena_alloc(table->arena, table->capacity, table->item_size);
    if (!table->items)
        return sg_err_nomem(err);
    for (size_t i = 0; st == SG_OK && i < bins->count; i++)
        st = json_bin(table, bins->items[i], err);
    if (st == SG_OK && table->count == 0)
        st = sg_err_line(err, root->line, root->column, "launches: no row that can be used");
    return st;
}

static bool is_json(const char *bytes, size_t size)
{
    const struct sg_text text = sg_text_trim((struct sg_text){bytes, size});
    return text.size && text.data[0] == '{';
}

enum sg_status sg_launches_read(struct sg_launches *launches, struct sg_programme_notes *notes,
                                struct sg_arena *arena, const char *bytes, size_t size,
                                struct sg_err *err)
{
    struct table table = {.name = "launches",
                          .columns = columns,
                          .n_columns = N_COLUMNS,
                          .passed_over = passed_over,
                          .n_passed_over = sizeof(passed_over) / sizeof(passed_over[0]),
                          .row_fn = on_row,
                          .item_size = sizeof(struct sg_launch),
                          .notes = notes,
                          .arena = arena};
    const enum sg_status st = is_json(bytes, size) ? read_json(&table, bytes, size, err)
                                                   : sg_rows_read(&table, bytes, size, err);
    if (st == SG_OK)
        *launches = (struct sg_launches){table.items, table.count};
    return st;
}
