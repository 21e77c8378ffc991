/* The table of thefts, with what its free text hides. */
#include "formats/programme/programme_internal.h"

#include <string.h>

/* Amounts and dates that one incident may have; more are kept as remark. */
#define CLAIMS_MAX 12

enum {
    COL_ID,
    COL_DATE,
    COL_VICTIM,
    COL_USD,
    COL_DATE_ALT,
    COL_AIM,
    COL_ASSET,
    COL_SOURCE,
    COL_USD_ALT,
    COL_RECOVERED,
    COL_RECOVERED_SOURCE,
    COL_TIER,
    COL_ATTRIBUTION,
    COL_SEEN_IN,
    N_COLUMNS
};

static const struct table_column columns[N_COLUMNS] = {
    {"id", NULL, true},
    {"date", NULL, true},
    {"victim", NULL, true},
    {"usd_m", NULL, true},
    {"date_alt", NULL, false},
    {"aim", NULL, false},
    {"chain_asset", NULL, false},
    {"source", NULL, false},
    {"usd_alt_m", NULL, false},
    {"recovered_m", NULL, false},
    {"recovered_source", NULL, false},
    {"tier", NULL, false},
    {"attribution", NULL, false},
    {"seen_in", NULL, false},
};

static const char *const passed_over[] = {"verified", "loc"};

/* An incident being put together. */
struct draft {
    struct sg_incident incident;
    struct sg_dated dates[CLAIMS_MAX];
    struct sg_published amounts[CLAIMS_MAX];
    struct sg_text remarks; /* stretch of usd_alt_m */
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The text in front of `at`, and what stands behind it. */
static struct sg_text cut(struct sg_text *rest, struct sg_text text, size_t at, size_t skip)
{
    *rest = at + skip < text.size ? (struct sg_text){text.data + at + skip, text.size - at - skip}
                                  : (struct sg_text){text.data + text.size, 0};
    return (struct sg_text){text.data, at};
}

/* Next piece before a semicolon that stands outside parentheses. */
static struct sg_text next_piece(struct sg_text *rest)
{
    int depth = 0;
    size_t i = 0;
    for (; i < rest->size && (rest->data[i] != ';' || depth > 0); i++)
        depth += (rest->data[i] == '(') - (rest->data[i] == ')');
    return sg_text_trim(cut(rest, *rest, i, 1));
}

/* Take "(WHO)" off the end, if it is there. */
static struct sg_text take_source(struct sg_text *piece)
{
    const char *open = piece->size ? memchr(piece->data, '(', piece->size) : NULL;
    if (!open || piece->data[piece->size - 1] != ')')
        return (struct sg_text){"", 0};
    const size_t at = (size_t)(open - piece->data);
    const struct sg_text source = {open + 1, piece->size - at - 2};
    *piece = sg_text_trim((struct sg_text){piece->data, at});
    return source;
}

/* "5.3-7.45" or "5.3"; false if the piece is anything else. */
static bool parse_range(struct sg_published *amount, struct sg_text piece)
{
    size_t dash = 0;
    while (dash < piece.size && piece.data[dash] != '-')
        dash++;
    if (dash == piece.size) {
        if (sg_parse_musd(&amount->low_usd, piece))
            return false;
        amount->high_usd = amount->low_usd;
        return true;
    }
    if (dash == 0 || dash + 1 == piece.size || !is_digit(piece.data[dash - 1]) ||
        !is_digit(piece.data[dash + 1]))
        return false;
    struct sg_text high;
    const struct sg_text low = cut(&high, piece, dash, 1);
    return !sg_parse_musd(&amount->low_usd, low) && !sg_parse_musd(&amount->high_usd, high) &&
           amount->low_usd <= amount->high_usd;
}

/* Where " - " ends what may be an amount ("285 - 78% recovered"). */
static size_t before_dash(struct sg_text piece)
{
    for (size_t i = 0; i + 3 <= piece.size; i++)
        if (memcmp(piece.data + i, " - ", 3) == 0)
            return i;
    return piece.size;
}

/* Widen the remark to hold the piece too; both lie in the same cell. */
static void add_remark(struct draft *draft, struct sg_text piece)
{
    if (piece.size == 0)
        return;
    if (draft->remarks.size == 0)
        draft->remarks = piece;
    else
        draft->remarks.size = (size_t)(piece.data + piece.size - draft->remarks.data);
}

static enum sg_status take_amount(struct table *table, struct draft *draft, struct sg_text piece,
                                  struct sg_err *err)
{
    struct sg_published amount;
    struct sg_text behind;
    const size_t end = before_dash(piece);
    struct sg_text number = sg_text_trim(cut(&behind, piece, end, 3));
    while (number.size && number.data[number.size - 1] == '.')
        number.size--;
    const struct sg_text source = take_source(&number);
    if (draft->incident.n_amounts == CLAIMS_MAX || !parse_range(&amount, number)) {
        add_remark(draft, piece);
        return SG_OK;
    }
    amount.source = sg_rows_copy(table, source);
    if (!amount.source)
        return sg_err_nomem(err);
    draft->amounts[draft->incident.n_amounts++] = amount;
    add_remark(draft, sg_text_trim(behind));
    return SG_OK;
}

static bool is_same_date(struct sg_programme_date a, struct sg_programme_date b)
{
    return a.year == b.year && a.month == b.month && a.day == b.day;
}

static void add_date(struct draft *draft, struct sg_programme_date date, const char *source)
{
    for (size_t i = 0; i < draft->incident.n_dates; i++)
        if (is_same_date(draft->dates[i].date, date))
            return;
    if (draft->incident.n_dates < CLAIMS_MAX)
        draft->dates[draft->incident.n_dates++] = (struct sg_dated){date, source};
}

/* The word of letters or of digits and dashes that begins the text. */
static struct sg_text next_word(struct sg_text *rest)
{
    size_t i = 0, end;
    while (i < rest->size && memchr(" ,.;:()", rest->data[i], 7))
        i++;
    for (end = i; end < rest->size && !memchr(" ,.;:()", rest->data[end], 7);)
        end++;
    const struct sg_text word = {rest->data + i, end - i};
    *rest = (struct sg_text){rest->data + end, rest->size - end};
    return word;
}

/* Dates in prose: "2019-05-28" whole, "June 22" in the year of the incident. */
static void take_prose_dates(struct draft *draft, struct sg_text text)
{
    unsigned month = 0;
    while (text.size) {
        struct sg_programme_date date = {draft->dates[0].date.year, (uint8_t)month, 0};
        const struct sg_text word = next_word(&text);
        if (word.size == 10 && !sg_parse_date(&date, word))
            add_date(draft, date, "");
        if (month && word.size >= 1 && word.size <= 2 && is_digit(word.data[0]) &&
            is_digit(word.data[word.size - 1])) {
            for (size_t i = 0; i < word.size; i++)
                date.day = (uint8_t)(date.day * 10 + (word.data[i] - '0'));
            if (date.day >= 1 && date.day <= 28 + 3)
                add_date(draft, date, "");
        }
        month = word.size ? sg_parse_month_name(word) : 0;
    }
}

static enum sg_status take_usd_alt(struct table *table, struct draft *draft, struct sg_text cell,
                                   struct sg_err *err)
{
    static const char words[] = "DATE CONFLICT";
    const char *conflict =
        cell.size ? memmem(cell.data, cell.size, words, sizeof(words) - 1) : NULL;
    if (conflict) {
        struct sg_text prose;
        cell = cut(&prose, cell, (size_t)(conflict - cell.data), 0);
        take_prose_dates(draft, prose);
        draft->remarks = prose;
    }
    const struct sg_text whole = draft->remarks;
    draft->remarks = (struct sg_text){NULL, 0};
    while (cell.size) {
        const enum sg_status st = take_amount(table, draft, next_piece(&cell), err);
        if (st != SG_OK)
            return st;
    }
    add_remark(draft, whole);
    return SG_OK;
}

static enum sg_status take_date_alt(struct table *table, struct draft *draft, struct sg_text cell,
                                    struct sg_err *err)
{
    while (cell.size) {
        struct sg_programme_date date;
        struct sg_text piece = next_piece(&cell);
        const struct sg_text source = take_source(&piece);
        const char *problem = piece.size ? sg_parse_date(&date, piece) : NULL;
        if (problem) {
            const enum sg_status st = sg_rows_warn(
                table, err, "another date '%.*s' was not read: %s", SHOWN(piece), problem);
            if (st != SG_OK)
                return st;
        } else if (piece.size) {
            const char *copy = sg_rows_copy(table, source);
            if (!copy)
                return sg_err_nomem(err);
            add_date(draft, date, copy);
        }
    }
    return SG_OK;
}

static bool find_tier(enum sg_tier *tier, struct sg_text cell)
{
    for (int t = 0; t < SG_TIER_COUNT; t++)
        if (sg_text_is(cell, sg_tier_name((enum sg_tier)t))) {
            *tier = (enum sg_tier)t;
            return true;
        }
    *tier = cell.size ? SG_TIER_D : SG_TIER_UNSTATED;
    return cell.size == 0 || sg_text_is(cell, "D-contested");
}

static bool find_aim(enum sg_aim *aim, struct sg_text cell)
{
    for (int a = 0; a <= (int)SG_AIM_DISRUPTION; a++)
        if (sg_text_is(cell, sg_aim_name((enum sg_aim)a))) {
            *aim = (enum sg_aim)a;
            return true;
        }
    *aim = SG_AIM_THEFT;
    return cell.size == 0;
}

static bool has_id(const struct table *table, struct sg_text id)
{
    const struct sg_incident *items = table->items;
    for (size_t i = 0; i < table->count; i++)
        if (sg_text_is(id, items[i].id))
            return true;
    return false;
}

/* What forbids the row; NULL: nothing. */
static const char *row_problem(struct table *table, struct draft *draft,
                               const struct sg_text *cells)
{
    const struct sg_text id = sg_text_trim(cells[COL_ID]);
    if (id.size == 0)
        return "no id";
    if (has_id(table, id))
        return "an id that an earlier row has";
    const char *problem = sg_parse_date(&draft->dates[0].date, cells[COL_DATE]);
    if (!problem)
        problem = sg_parse_musd(&draft->amounts[0].low_usd, cells[COL_USD]);
    draft->amounts[0].high_usd = draft->amounts[0].low_usd;
    if (!problem && !find_tier(&draft->incident.tier, sg_text_trim(cells[COL_TIER])))
        problem = "a tier that is none of A, B, B-disputed, C, D";
    if (!problem && !find_aim(&draft->incident.aim, sg_text_trim(cells[COL_AIM])))
        problem = "an aim that is none of theft, ransom, disruption";
    return problem;
}

static enum sg_status take_recovered(struct table *table, struct draft *draft,
                                     const struct sg_text *cells, struct sg_err *err)
{
    struct sg_incident *incident = &draft->incident;
    if (sg_text_trim(cells[COL_RECOVERED]).size == 0)
        return SG_OK;
    const char *problem = sg_parse_musd(&incident->recovered.low_usd, cells[COL_RECOVERED]);
    if (!problem && incident->recovered.low_usd > draft->amounts[0].low_usd)
        problem = "more than was stolen";
    if (problem)
        return sg_rows_warn(table, err, "recovered amount not used: %s", problem);
    incident->recovered.high_usd = incident->recovered.low_usd;
    incident->recovered.source = sg_rows_copy(table, cells[COL_RECOVERED_SOURCE]);
    incident->has_recovered = true;
    return incident->recovered.source ? SG_OK : sg_err_nomem(err);
}

static bool copy_texts(struct table *table, struct draft *draft, const struct sg_text *cells)
{
    struct sg_incident *incident = &draft->incident;
    incident->id = sg_rows_copy(table, cells[COL_ID]);
    incident->victim = sg_rows_copy(table, cells[COL_VICTIM]);
    incident->asset = sg_rows_copy(table, cells[COL_ASSET]);
    incident->attribution = sg_rows_copy(table, cells[COL_ATTRIBUTION]);
    incident->seen_in = sg_rows_copy(table, cells[COL_SEEN_IN]);
    incident->remark = sg_rows_copy(table, draft->remarks);
    if (!incident->id || !incident->victim || !incident->asset || !incident->attribution ||
        !incident->seen_in || !incident->remark)
        return false;
    const char *dash = strchr(incident->id, '-');
    incident->list_size = dash ? (size_t)(dash - incident->id) : strlen(incident->id);
    return true;
}

static enum sg_status publish(struct table *table, struct draft *draft, struct sg_err *err)
{
    struct sg_incident *incident = &draft->incident;
    struct sg_dated *dates = sg_arena_alloc(table->arena, incident->n_dates, sizeof(*dates));
    struct sg_published *amounts =
        sg_arena_alloc(table->arena, incident->n_amounts, sizeof(*amounts));
    if (!dates || !amounts)
        return sg_err_nomem(err);
    memcpy(dates, draft->dates, incident->n_dates * sizeof(*dates));
    memcpy(amounts, draft->amounts, incident->n_amounts * sizeof(*amounts));
    incident->dates = dates;
    incident->amounts = amounts;
    incident->row = table->row;
    memcpy(sg_rows_item(table), incident, sizeof(*incident));
    table->count++;
    return SG_OK;
}

static enum sg_status on_row(struct table *table, const struct sg_text *cells, struct sg_err *err)
{
    struct draft draft = {0};
    const char *problem = row_problem(table, &draft, cells);
    if (problem)
        return sg_rows_leave_out(table, err, "'%.*s': %s", SHOWN(cells[COL_ID]), problem);
    draft.incident.n_dates = draft.incident.n_amounts = 1;
    draft.dates[0].source = draft.amounts[0].source = sg_rows_copy(table, cells[COL_SOURCE]);
    if (!draft.dates[0].source)
        return sg_err_nomem(err);
    enum sg_status st = SG_OK;
    if (draft.dates[0].source[0] == '\0' && sg_text_trim(cells[COL_ATTRIBUTION]).size == 0)
        st = sg_rows_warn(table, err, "'%.*s' names no source", SHOWN(cells[COL_ID]));
    if (st == SG_OK)
        st = take_usd_alt(table, &draft, cells[COL_USD_ALT], err);
    if (st == SG_OK)
        st = take_date_alt(table, &draft, cells[COL_DATE_ALT], err);
    if (st == SG_OK)
        st = take_recovered(table, &draft, cells, err);
    if (st == SG_OK && !copy_texts(table, &draft, cells))
        st = sg_err_nomem(err);
    return st == SG_OK ? publish(table, &draft, err) : st;
}

enum sg_status sg_incidents_read(struct sg_incidents *incidents, struct sg_programme_notes *notes,
                                 struct sg_arena *arena, const char *bytes, size_t size,
                                 struct sg_err *err)
{
    struct table table = {.name = "incidents",
                          .columns = columns,
                          .n_columns = N_COLUMNS,
                          .passed_over = passed_over,
                          .n_passed_over = sizeof(passed_over) / sizeof(passed_over[0]),
                          .row_fn = on_row,
                          .item_size = sizeof(struct sg_incident),
                          .notes = notes,
                          .arena = arena};
    const enum sg_status st = sg_rows_read(&table, bytes, size, err);
    if (st == SG_OK)
        *incidents = (struct sg_incidents){table.items, table.count};
    return st;
}

bool sg_incident_is_of(const struct sg_incident *incident, const char *list)
{
    return strlen(list) == incident->list_size &&
           strncmp(incident->id, list, incident->list_size) == 0;
}

const char *sg_tier_name(enum sg_tier tier)
{
    switch (tier) {
    case SG_TIER_A:
        return "A";
    case SG_TIER_B:
        return "B";
    case SG_TIER_B_DISPUTED:
        return "B-disputed";
    case SG_TIER_C:
        return "C";
    case SG_TIER_D:
        return "D";
    case SG_TIER_UNSTATED:
        return "unstated";
    }
    return "";
}

const char *sg_aim_name(enum sg_aim aim)
{
    switch (aim) {
    case SG_AIM_THEFT:
        return "theft";
    case SG_AIM_RANSOM:
        return "ransom";
    case SG_AIM_DISRUPTION:
        return "disruption";
    }
    return "";
}
