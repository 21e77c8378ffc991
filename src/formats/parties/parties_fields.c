/* Which element, attribute or column says what, by list. */
#include "formats/parties/parties_internal.h"

#include <stdio.h>
#include <string.h>

/* European Commission, Financial Sanctions Files, XML 1.1 (name space .../fpi/fsd/export). */
static const struct parties_field eu[] = {
    {"export", "generationDate", PARTIES_DATE, 0},
    {"sanctionEntity", "euReferenceNumber", PARTIES_REFERENCE, 0},
    {"sanctionEntity", "logicalId", PARTIES_REFERENCE, 1},
    {"sanctionEntity", "designationDate", PARTIES_LISTED, 0},
    {"regulation", "entryIntoForceDate", PARTIES_LISTED, 0},
    {"regulation", "programme", PARTIES_PROGRAMME, 0},
    {"nameAlias", "wholeName", PARTIES_NAME, 0},
};

/* Foreign, Commonwealth and Development Office, UK Sanctions List. */
static const struct parties_field uk[] = {
    {"DateGenerated", NULL, PARTIES_DATE, 0},   {"UniqueID", NULL, PARTIES_REFERENCE, 0},
    {"RegimeName", NULL, PARTIES_PROGRAMME, 0}, {"DateDesignated", NULL, PARTIES_LISTED, 0},
    {"Name1", NULL, PARTIES_PART, 0},           {"Name2", NULL, PARTIES_PART, 1},
    {"Name3", NULL, PARTIES_PART, 2},           {"Name4", NULL, PARTIES_PART, 3},
    {"Name5", NULL, PARTIES_PART, 4},           {"Name6", NULL, PARTIES_PART, 5},
    {"NameType", NULL, PARTIES_KIND, 0},        {"NameNonLatinScript", NULL, PARTIES_NAME, 0},
};

/* HM Treasury, OFSI, Consolidated List of Financial Sanctions Targets, and both lists as tables. A
 * row a name; rows of one party have one reference. */
static const struct parties_field uk_rows[] = {
    {"ReportDate", NULL, PARTIES_DATE, 0},
    {"LastUpdatedOn", NULL, PARTIES_DATE, 0},
    {"UniqueID", NULL, PARTIES_REFERENCE, 0},
    {"GroupID", NULL, PARTIES_REFERENCE, 1},
    {"RegimeName", NULL, PARTIES_PROGRAMME, 0},
    {"Regime", NULL, PARTIES_PROGRAMME, 0},
    {"DateDesignated", NULL, PARTIES_LISTED, 0},
    {"DateListed", NULL, PARTIES_LISTED, 0},
    {"ListedOn", NULL, PARTIES_LISTED, 0},
    {"Name1", NULL, PARTIES_PART, 0},
    {"Name2", NULL, PARTIES_PART, 1},
    {"Name3", NULL, PARTIES_PART, 2},
    {"Name4", NULL, PARTIES_PART, 3},
    {"Name5", NULL, PARTIES_PART, 4},
    {"Name6", NULL, PARTIES_PART, 5},
    {"NameType", NULL, PARTIES_KIND, 0},
    {"AliasType", NULL, PARTIES_KIND, 0},
    {"NameNonLatinScript", NULL, PARTIES_NAME, 0},
};

/* United Nations Security Council, Consolidated List (sc-sanctions.xsd). */
static const struct parties_field un[] = {
    {"CONSOLIDATED_LIST", "dateGenerated", PARTIES_DATE, 0},
    {"REFERENCE_NUMBER", NULL, PARTIES_REFERENCE, 0},
    {"DATAID", NULL, PARTIES_REFERENCE, 1},
    {"UN_LIST_TYPE", NULL, PARTIES_PROGRAMME, 0},
    {"LISTED_ON", NULL, PARTIES_LISTED, 0},
    {"FIRST_NAME", NULL, PARTIES_PART, 0},
    {"SECOND_NAME", NULL, PARTIES_PART, 1},
    {"THIRD_NAME", NULL, PARTIES_PART, 2},
    {"FOURTH_NAME", NULL, PARTIES_PART, 3},
    {"ALIAS_NAME", NULL, PARTIES_NAME, 0},
    {"NAME_ORIGINAL_SCRIPT", NULL, PARTIES_NAME, 0},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
    enum sg_parties_list list;
    struct parties_dialect dialect;
} dialects[] = {
    {SG_PARTIES_EU, {"export", {"sanctionEntity", NULL}, NULL, false, eu, COUNT(eu)}},
    {SG_PARTIES_UK, {"Designations", {"Designation", NULL}, "Name", false, uk, COUNT(uk)}},
    {SG_PARTIES_UK,
     {"ArrayOfFinancialSanctionsTarget",
      {"FinancialSanctionsTarget", NULL},
      NULL,
      false,
      uk_rows,
      COUNT(uk_rows)}},
    {SG_PARTIES_UN, {"CONSOLIDATED_LIST", {"INDIVIDUAL", "ENTITY"}, NULL, true, un, COUNT(un)}},
};

const struct parties_dialect *sg_parties_dialect_of(enum sg_parties_list list, const char *root)
{
    for (size_t i = 0; i < COUNT(dialects); i++)
        if (dialects[i].list == list && strcmp(dialects[i].dialect.root, root) == 0)
            return &dialects[i].dialect;
    return NULL;
}

const struct parties_dialect *sg_parties_dialect_of_csv(void)
{
    return sg_parties_dialect_of(SG_PARTIES_UK, "ArrayOfFinancialSanctionsTarget");
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* "Name 6" and "Name6" are the same, in files that cannot decide. */
static bool is_name(struct sg_text text, const char *name)
{
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == ' ')
            continue;
        if (!*name || lower(text.data[i]) != lower(*name))
            return false;
        name++;
    }
    return !*name;
}

const struct parties_field *sg_parties_field_of(const struct parties_dialect *dialect,
                                                struct sg_text element, const char *attribute)
{
    for (size_t i = 0; i < dialect->n_fields; i++) {
        const struct parties_field *field = &dialect->fields[i];
        const bool is_same = attribute
                                 ? field->attribute && strcmp(field->attribute, attribute) == 0
                                 : !field->attribute;
        if (is_same && is_name(element, field->element))
            return field;
    }
    return NULL;
}

static bool number(unsigned *value, const char *text, size_t size)
{
    *value = 0;
    for (size_t i = 0; i < size; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *value = *value * 10 + (unsigned)(text[i] - '0');
    }
    return size > 0;
}

static unsigned month_of(const char *text)
{
    static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    for (unsigned i = 0; i < 12; i++)
        if (lower(text[0]) == months[3 * i] && lower(text[1]) == months[3 * i + 1] &&
            lower(text[2]) == months[3 * i + 2])
            return i + 1;
    return 0;
}

bool sg_parties_day(int64_t *unix_s, struct sg_text text)
{
    unsigned day, month, year;
    char iso[48];
    if (text.size >= 10 && text.data[4] == '-')
        return sg_time_parse(unix_s, text.data, 10, NULL) == SG_OK;
    if (text.size >= 11 && number(&day, text.data, 2) && (month = month_of(text.data + 3)) != 0 &&
        number(&year, text.data + 7, 4))
        ;
    else if (text.size < 10 || text.data[2] != '/' || text.data[5] != '/' ||
             !number(&day, text.data, 2) || !number(&month, text.data + 3, 2) ||
             !number(&year, text.data + 6, 4))
        return false;
    const int n = snprintf(iso, sizeof(iso), "%04u-%02u-%02u", year, month, day);
    return sg_time_parse(unix_s, iso, (size_t)n, NULL) == SG_OK;
}
