/** The tables behind `sillage programme`: thefts as published, totals of vendors, missile launches,
 *  cited facts, and the priors of the money model. Bytes in, structs out; nothing is judged here.
 *
 *  Published money is whole US dollars (tables say millions with up to six decimals). Conflicts are
 *  data: an incident keeps every amount and every date that some source gives, in the order of the
 *  file, and nobody averages them. A row that cannot be meant (a negative or mixed-currency amount,
 *  a date out of range, an id twice) is left out; a row that is only odd is kept; both leave a note
 *  that the report repeats. A file that is not the table it should be is an error.
 *
 *  All results live in the arena given. Text comes from outside: any bytes, terminated, to be
 *  escaped where shown. Format: docs/formats/programme.md.
 */
#ifndef SG_FORMATS_PROGRAMME_H
#define SG_FORMATS_PROGRAMME_H

#include "base/arena.h"
#include "base/status.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Rows of one table; the largest real one has 339. Duplicates are looked for pair by pair. */
#define SG_PROGRAMME_ROWS_MAX 20000

/** Largest published amount that is believed: 1e15 dollars is ten times the world's GDP. */
#define SG_PROGRAMME_USD_MAX UINT64_C(1000000000000000)

/** Years that a date may lie in: the first launch known to CNS is of 1984. */
#define SG_PROGRAMME_YEAR_MIN 1980
#define SG_PROGRAMME_YEAR_MAX 2099

/** The tables that the program carries (programme/ in the source tree), each row with its source.
 */
enum sg_programme_table {
    SG_BUILTIN_INCIDENTS_CSV,
    SG_BUILTIN_TOTALS_CSV,
    SG_BUILTIN_LAUNCHES_CSV,
    SG_BUILTIN_FACTS_CSV,
    SG_BUILTIN_SOURCES_CSV,
    SG_BUILTIN_ASSUMPTIONS_YAML
};

/** The bytes of a carried table, as if read from its file. Static storage. */
struct sg_text sg_programme_builtin(enum sg_programme_table table);

/** A date as precise as its source: day 0 where only the month is known, month 0 where only the
 *  year is. */
struct sg_programme_date {
    int16_t year;
    uint8_t month;
    uint8_t day;
};

#define SG_PROGRAMME_DATE_MAX 16

/** "2019-05-28", "2017-02" or "2014"; returns `text`. */
char *sg_programme_date_format(char text[SG_PROGRAMME_DATE_MAX], struct sg_programme_date date);

/** Months since year 0, for a date with a month. */
int32_t sg_programme_month(struct sg_programme_date date);

/** Something that the reader saw and the report must repeat. */
struct sg_programme_note {
    const struct sg_programme_note *next;
    const char *table; /**< "incidents", "totals", ...; static */
    uint64_t row;      /**< 1-based record of the file, the header is 1; 0: the table as a whole */
    bool left_out;     /**< the row is not in the table */
    const char *text;  /**< one sentence; pieces of the file in it are cut to 64 bytes */
};

/** Notes of any number of tables, in the order of reading. Start with {0}. */
struct sg_programme_notes {
    const struct sg_programme_note *first;
    struct sg_programme_note *last;
    size_t count;
};

/** Add a note; `fmt` makes its text. Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status
sg_programme_note(struct sg_programme_notes *notes, struct sg_arena *arena,
                  const struct sg_programme_note *at, struct sg_err *err, const char *fmt, ...)
    SG_PRINTF(5, 6);

/** How well a theft is tied to the state it is ascribed to. */
enum sg_tier {
    SG_TIER_A,          /**< named by a government */
    SG_TIER_B,          /**< listed by the UN Panel or the MSMT */
    SG_TIER_B_DISPUTED, /**< so listed, and doubted, dropped or omitted by the independent list */
    SG_TIER_C,          /**< a researcher or a suspicion only */
    SG_TIER_D,          /**< contested; off unless asked for */
    SG_TIER_UNSTATED    /**< the table has no tier */
};
#define SG_TIER_COUNT 6

/** "A", "B", "B-disputed", "C", "D", "unstated". Static storage. */
const char *sg_tier_name(enum sg_tier tier);

/** What an attack was for. */
enum sg_aim { SG_AIM_THEFT, SG_AIM_RANSOM, SG_AIM_DISRUPTION };
const char *sg_aim_name(enum sg_aim aim);

/** One published amount: low_usd == high_usd unless the source gives a range. */
struct sg_published {
    uint64_t low_usd;
    uint64_t high_usd;
    const char *source; /**< "" where the table does not say */
};

struct sg_dated {
    struct sg_programme_date date;
    const char *source;
};

struct sg_incident {
    const char *id;   /**< what stands before its first dash names the list: "un95-23" */
    size_t list_size; /**< bytes of that part; all of id where it has no dash */
    const char *victim;
    const char *asset;
    const char *attribution;
    const char *seen_in;
    const char *remark; /**< free text beside the amounts that is no amount; "" if none */
    enum sg_tier tier;
    enum sg_aim aim;
    const struct sg_dated *dates; /**< the first is the table's own; at least one */
    size_t n_dates;
    const struct sg_published *amounts; /**< the first is the table's own; at least one */
    size_t n_amounts;
    bool has_recovered;
    struct sg_published recovered; /**< where has_recovered */
    uint64_t row;
};

struct sg_incidents {
    const struct sg_incident *items; /**< in the order of the file */
    size_t count;
};

/** Whether an incident belongs to a list ("un95"). */
bool sg_incident_is_of(const struct sg_incident *incident, const char *list);

/** Read a table of thefts.
 *
 *  Columns, by name, in any order: id, date, victim, usd_m are needed; date_alt, aim, chain_asset,
 *  source, usd_alt_m, recovered_m, recovered_source, tier, attribution, seen_in, verified, loc may
 *  be there. usd_alt_m is "41.5 (KNPA); 5.3-7.45; ..."; text in it that is no amount becomes the
 *  remark, except that dates in it ("2019-11-27", "June 22") behind the words DATE CONFLICT become
 *  dates of the incident.
 *  In/Out: notes.
 *  Errors: SG_EPARSE (a needed column is missing, named; no row), SG_ELIMIT, SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_incidents_read(struct sg_incidents *incidents,
                                               struct sg_programme_notes *notes,
                                               struct sg_arena *arena, const char *bytes,
                                               size_t size, struct sg_err *err);

/** A total that a source published, or that was read off its chart, for the years year..year_to. */
struct sg_total {
    const char *source;
    const char *vintage; /**< when it was published: "2023-02" */
    int16_t year, year_to;
    uint64_t usd;
    const char *how;
    const char *seen_in;
    uint64_t row;
};

struct sg_totals {
    const struct sg_total *items;
    size_t count;
};

/** Columns: source, vintage, year, usd_m; year_to, how, seen_in, verified may be there. Errors: as
 *  sg_incidents_read. */
SG_MUST_CHECK enum sg_status sg_totals_read(struct sg_totals *totals,
                                            struct sg_programme_notes *notes,
                                            struct sg_arena *arena, const char *bytes, size_t size,
                                            struct sg_err *err);

enum sg_launch_outcome { SG_LAUNCH_SUCCESS, SG_LAUNCH_FAILURE, SG_LAUNCH_UNKNOWN };

/** One missile. */
struct sg_launch {
    struct sg_programme_date date;
    const char *missile;
    const char *type; /**< "SRBM", "ICBM", ...; "Unknown" where the source does not say */
    enum sg_launch_outcome outcome;
    uint64_t row; /**< element of the JSON, or record of the CSV */
};

struct sg_launches {
    const struct sg_launch *items;
    size_t count;
};

/** Read launches in any of three forms, told apart by content: the 19 columns of the CNS table
 *  ("9-Apr-84", "Sep-84"; two-digit years from 70 on are 19xx); our own CSV (date, outcome;
 * missile, type, source); the later JSON copy
 * ({"timeBins":[{"year":..,"data":[{"date","outcome",...}]}]}). Bytes need not be UTF-8 in the CSV
 * forms. Errors: as sg_incidents_read, and those of JSON with line and column. */
SG_MUST_CHECK enum sg_status sg_launches_read(struct sg_launches *launches,
                                              struct sg_programme_notes *notes,
                                              struct sg_arena *arena, const char *bytes,
                                              size_t size, struct sg_err *err);

/** A cited figure: a cost, a ratio that circulates, a head count. In `unit`s, low <= high. */
struct sg_fact {
    const char *id;
    const char *topic;
    int16_t year;
    double low, high; /**< a statistic for comparison, not an amount of the ledger */
    const char *unit;
    const char *what;
    const char *source;
    const char *seen_in;
    bool verified; /**< false where no stored page shows it */
};

struct sg_facts {
    const struct sg_fact *items;
    size_t count;
};

/** Columns: id, topic, year, low, high, unit, what, source, seen_in, verified; all needed. */
SG_MUST_CHECK enum sg_status sg_facts_read(struct sg_facts *facts, struct sg_programme_notes *notes,
                                           struct sg_arena *arena, const char *bytes, size_t size,
                                           struct sg_err *err);

/** What the short names in `source` and `seen_in` stand for. */
struct sg_source {
    const char *key;
    const char *title;
    const char *address;
};

struct sg_sources {
    const struct sg_source *items;
    size_t count;
};

/** Columns: key, title, address; all needed. */
SG_MUST_CHECK enum sg_status sg_sources_read(struct sg_sources *sources,
                                             struct sg_programme_notes *notes,
                                             struct sg_arena *arena, const char *bytes, size_t size,
                                             struct sg_err *err);

/** The priors of the money model, by place in sg_assumptions.priors. Amounts are million USD. */
enum sg_prior_name {
    SG_PRIOR_GROSS,
    SG_PRIOR_RECOVERED,
    SG_PRIOR_NOT_LAUNDERED,
    SG_PRIOR_RETENTION,
    SG_PRIOR_PRICE,
    SG_PRIOR_TRADE,
    SG_PRIOR_IT_GROSS,
    SG_PRIOR_IT_REMITTED,
    SG_PRIOR_LABOUR,
    SG_PRIOR_LABOUR_PART,
    SG_PRIOR_COAL,
    SG_PRIOR_ARMS,
    SG_PRIOR_PROGRAMME_COST,
    SG_PRIOR_MATERIALS,
    SG_PRIOR_PERSONNEL,
    SG_PRIOR_OTHER_COSTS,
    SG_PRIOR_IMPORTED,
    SG_PRIOR_PERIOD_KNOWN_BASE,
    SG_PRIOR_PERIOD_KNOWN_RECOVERED,
    SG_PRIOR_PERIOD_RECOVERED,
    SG_PRIOR_PERIOD_RECOVERED_ALL,
    SG_PRIOR_PERIOD_NOT_LAUNDERED,
    SG_PRIOR_PERIOD_PRICE
};
#define SG_PRIOR_COUNT 23

/** The name in the file, such as "not_laundered". Static storage. */
const char *sg_prior_name(enum sg_prior_name name);

enum sg_prior_form {
    SG_FORM_FIXED,      /**< low */
    SG_FORM_UNIFORM,    /**< low to high */
    SG_FORM_LOGUNIFORM, /**< low to high, low > 0 */
    SG_FORM_TRIANGULAR, /**< low, mode, high */
    SG_FORM_LOGNORMAL   /**< median 1, standard deviation sd of the logarithm */
};

struct sg_prior {
    enum sg_prior_form form;
    double low, mode, high; /**< mode only where triangular; lognormal: all 1 */
    double sd;              /**< only where lognormal */
    const char *source;     /**< never empty */
    bool is_judgement;      /**< the source says JUDGEMENT */
};

struct sg_assumptions {
    int16_t year;                   /**< of the share */
    int16_t period_from, period_to; /**< of the net cash */
    struct sg_prior priors[SG_PRIOR_COUNT];
};

/** Read the assumptions, in YAML: `year`, `period`, and `priors` with each name above exactly once,
 *  each with `form`, its numbers, and `source`.
 *
 *  Checked: no unknown key; low <= mode <= high; parts of a whole lie in [0, 1], amounts are not
 *  negative; materials, personnel and other_costs can sum to one; recovered money does not exceed
 *  what it was recovered from.
 *  Errors: SG_EPARSE with line and column, SG_ELIMIT, SG_ENOMEM; `assumptions` then untouched. */
SG_MUST_CHECK enum sg_status sg_assumptions_read(struct sg_assumptions *assumptions,
                                                 struct sg_arena *arena, const char *bytes,
                                                 size_t size, struct sg_err *err);

/** How much of a traced theft left towards services, as parts of what was stolen in [0, 1]. */
struct sg_traced {
    double low;  /**< reached a destination, the smallest of any asset and policy */
    double high; /**< reached one or is unobserved, the largest of any */
};

/** Read the JSON of `sillage trace`, of one policy or of all: the parts that replace the prior on
 *  what was not laundered. Poison is an upper bound that conserves nothing, and is left out.
 *
 *  In:     bytes, size   an object with "assets", or with "policies" that hold such objects; each
 *                        asset with "stolen", "converted_in", "converted_out", "unobserved" and
 *                        "destinations" (each with "amount"), as docs/api/trace.json says. An asset
 *                        of which nothing is left to follow (all of it converted) is passed over.
 *  Errors: SG_EPARSE with line and column (not such a document, no asset), SG_ELIMIT, SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_traced_read(struct sg_traced *traced, struct sg_arena *arena,
                                            const char *bytes, size_t size, struct sg_err *err);

#endif
