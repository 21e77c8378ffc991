#include "formats/ofac/ofac_internal.h"

#include "base/mem.h"
#include "base/vec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TYPES_MAX    256
#define CURRENCY_MAX 16
#define ADDRESS_TYPE "Digital Currency Address"

/* The part of the document that is being read. */
enum section { SECTION_NONE, SECTION_DATE, SECTION_REFERENCE, SECTION_PARTIES, SECTION_ENTRIES };

struct type {
    uint32_t id;
    char currency[CURRENCY_MAX];
};

struct address {
    size_t party;
    const char *text;
    const struct type *type;
};

struct party {
    uint32_t profile;
    const char *entity;
    const char *const *aliases;
    size_t n_aliases;
    const char *programme; /* NULL until an entry names one */
    int64_t listed_unix_s;
};

struct place {
    uint32_t profile;
    size_t party;
};

struct date {
    uint32_t year, month, day; /* 0: not seen */
};

struct sg_ofac {
    struct sg_xml *xml;
    struct sg_label_sink sink;
    struct sg_arena arena;
    enum section section;
    struct date date; /* being read */
    int64_t issued_unix_s;
    struct type types[TYPES_MAX];
    size_t n_types;
    uint32_t type_id;   /* of the reference value being read */
    uint32_t last_name; /* the NamePartType of family names */
    uint32_t programme_type;
    uint32_t sdn_list;
    bool has_reference, is_sdn;
    struct sg_ofac_names names;
    struct party *parties; /* those with an address */
    size_t n_parties, parties_capacity;
    struct address *addresses;
    size_t n_addresses, addresses_capacity;
    uint32_t profile;        /* being read */
    bool has_address;        /* it has one; its party is the last of `parties` */
    const struct type *type; /* of the feature being read */
    uint32_t group;          /* of the part of a name being read */
    struct place *places;    /* of parties, by profile; made at the first entry */
    struct party *entry;     /* whose sanctions entry is being read */
    bool in_programme;       /* its measure is a programme */
};

static enum sg_status number(uint32_t *value, struct sg_text text, struct sg_err *err)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9' || sum > (UINT32_MAX - 9) / 10)
            return sg_err_set(err, SG_EPARSE, "'%.32s' is not a number", text.data);
        sum = sum * 10 + (uint32_t)(text.data[i] - '0');
    }
    if (text.size == 0)
        return sg_err_set(err, SG_EPARSE, "a number is missing");
    *value = sum;
    return SG_OK;
}

static enum sg_status attribute(uint32_t *value, const char *const *attributes, const char *name,
                                struct sg_err *err)
{
    const char *text = sg_xml_attribute(attributes, name);
    if (!text)
        return sg_err_set(err, SG_EPARSE, "the attribute %s is missing", name);
    return number(value, (struct sg_text){text, strlen(text)}, err);
}

static bool is(const char *name, const char *wanted)
{
    return strcmp(name, wanted) == 0;
}

/* The date of the list and of entries. */

static void start_date(struct sg_ofac *ofac, const char *name)
{
    if (is(name, "Year") || is(name, "Month") || is(name, "Day"))
        sg_xml_want_text(ofac->xml);
}

static enum sg_status end_date(struct sg_ofac *ofac, const char *name, struct sg_text text,
                               struct sg_err *err)
{
    if (is(name, "Year"))
        return number(&ofac->date.year, text, err);
    if (is(name, "Month"))
        return number(&ofac->date.month, text, err);
    return is(name, "Day") ? number(&ofac->date.day, text, err) : SG_OK;
}

static enum sg_status date_seconds(int64_t *seconds, const struct date *date, struct sg_err *err)
{
    char text[48];
    if (date->year > 9999 || date->month > 12 || date->day > 31)
        return sg_err_set(err, SG_EPARSE, "no such date");
    const int size =
        snprintf(text, sizeof(text), "%04u-%02u-%02u", date->year, date->month, date->day);
    return sg_time_parse(seconds, text, (size_t)size, err);
}

/* Reference values: what the numbers of the rest mean. */

static enum sg_status start_reference(struct sg_ofac *ofac, unsigned depth, const char *name,
                                      const char *const *attributes, struct sg_err *err)
{
    static const char *const wanted[] = {"FeatureTypeValues", "NamePartTypeValues",
                                         "SanctionsTypeValues", "ListValues"};
    if (depth == 4) {
        sg_xml_want_text(ofac->xml);
        return attribute(&ofac->type_id, attributes, "ID", err);
    }
    for (size_t i = 0; i < SG_COUNT_OF(wanted); i++)
        if (is(name, wanted[i]))
            return SG_OK;
    sg_xml_skip(ofac->xml);
    return SG_OK;
}

/* "Digital Currency Address - XBT"; the dash and the code may be missing. */
static enum sg_status add_type(struct sg_ofac *ofac, struct sg_text text, struct sg_err *err)
{
    const size_t prefix = strlen(ADDRESS_TYPE);
    if (text.size < prefix || memcmp(text.data, ADDRESS_TYPE, prefix) != 0)
        return SG_OK;
    const char *code = text.data + prefix;
    while (*code == ' ' || *code == '-')
        code++;
    if (ofac->n_types == TYPES_MAX || strlen(code) >= CURRENCY_MAX)
        return sg_err_set(err, SG_ELIMIT, "more kinds of addresses than can be: '%.64s'",
                          text.data);
    struct type *type = &ofac->types[ofac->n_types++];
    type->id = ofac->type_id;
    memcpy(type->currency, code, strlen(code) + 1);
    return SG_OK;
}

static enum sg_status end_reference(struct sg_ofac *ofac, const char *name, struct sg_text text,
                                    struct sg_err *err)
{
    ofac->has_reference = true;
    if (is(name, "FeatureType"))
        return add_type(ofac, text, err);
    if (is(name, "NamePartType") && sg_text_is(text, "Last Name"))
        ofac->last_name = ofac->type_id;
    if (is(name, "SanctionsType") && sg_text_is(text, "Program"))
        ofac->programme_type = ofac->type_id;
    if (is(name, "List") && sg_text_is(text, "SDN List"))
        ofac->sdn_list = ofac->type_id;
    return SG_OK;
}

/* Parties. */

static const struct type *find_type(const struct sg_ofac *ofac, uint32_t id)
{
    for (size_t i = 0; i < ofac->n_types; i++)
        if (ofac->types[i].id == id)
            return &ofac->types[i];
    return NULL;
}

static enum sg_status start_profile(struct sg_ofac *ofac, const char *const *attributes,
                                    struct sg_err *err)
{
    sg_ofac_names_reset(&ofac->names);
    ofac->has_address = false;
    return attribute(&ofac->profile, attributes, "ID", err);
}

static enum sg_status start_feature(struct sg_ofac *ofac, const char *const *attributes,
                                    struct sg_err *err)
{
    uint32_t id;
    const enum sg_status st = attribute(&id, attributes, "FeatureTypeID", err);
    if (st != SG_OK)
        return st;
    ofac->type = find_type(ofac, id);
    if (!ofac->type)
        sg_xml_skip(ofac->xml);
    return SG_OK;
}

static void start_alias(struct sg_ofac *ofac, const char *const *attributes)
{
    const char *primary = sg_xml_attribute(attributes, "Primary");
    if (primary && is(primary, "true") && ofac->names.primary == UINT32_MAX)
        ofac->names.primary = ofac->names.n_aliases;
    ofac->names.n_aliases++;
}

static enum sg_status start_group(struct sg_ofac *ofac, const char *const *attributes,
                                  struct sg_err *err)
{
    uint32_t id;
    uint32_t type;
    enum sg_status st = attribute(&id, attributes, "ID", err);
    if (st == SG_OK)
        st = attribute(&type, attributes, "NamePartTypeID", err);
    return st == SG_OK ? sg_ofac_names_group(&ofac->names, id, type, err) : st;
}

static enum sg_status start_party(struct sg_ofac *ofac, unsigned depth, const char *name,
                                  const char *const *attributes, struct sg_err *err)
{
    if (depth == 4 && is(name, "Profile"))
        return start_profile(ofac, attributes, err);
    if (depth == 5 && is(name, "Feature"))
        return start_feature(ofac, attributes, err);
    if (depth == 6 && is(name, "Alias"))
        start_alias(ofac, attributes);
    else if (depth == 7 && is(name, "VersionDetail"))
        sg_xml_want_text(ofac->xml);
    else if (depth == 8 && is(name, "NamePartGroup"))
        return start_group(ofac, attributes, err);
    else if (depth == 9 && is(name, "NamePartValue")) {
        sg_xml_want_text(ofac->xml);
        return attribute(&ofac->group, attributes, "NamePartGroupID", err);
    }
    return SG_OK;
}

static enum sg_status add_address(struct sg_ofac *ofac, struct sg_text text, struct sg_err *err)
{
    if (ofac->n_addresses == SG_OFAC_ADDRESSES_MAX)
        return sg_err_set(err, SG_ELIMIT, "more than %zu addresses", SG_OFAC_ADDRESSES_MAX);
    if (!SG_VEC_RESERVE(ofac->addresses, ofac->n_addresses, ofac->addresses_capacity, 1))
        return sg_err_nomem(err);
    if (!ofac->has_address &&
        !SG_VEC_RESERVE(ofac->parties, ofac->n_parties, ofac->parties_capacity, 1))
        return sg_err_nomem(err);
    const char *copy = sg_arena_strndup(&ofac->arena, text.data, text.size);
    if (!copy)
        return sg_err_nomem(err);
    if (!ofac->has_address)
        ofac->parties[ofac->n_parties++] = (struct party){
            .profile = ofac->profile, .entity = "", .listed_unix_s = SG_TIME_UNKNOWN};
    ofac->has_address = true;
    ofac->addresses[ofac->n_addresses++] =
        (struct address){.party = ofac->n_parties - 1, .text = copy, .type = ofac->type};
    return SG_OK;
}

static enum sg_status end_party(struct sg_ofac *ofac, unsigned depth, const char *name,
                                struct sg_text text, struct sg_err *err)
{
    if (depth == 9 && is(name, "NamePartValue"))
        return sg_ofac_names_part(&ofac->names, ofac->group, text, err);
    if (depth == 7 && ofac->type && is(name, "VersionDetail") && text.size > 0)
        return add_address(ofac, text, err);
    if (depth == 5)
        ofac->type = NULL;
    if (depth != 4 || !is(name, "Profile") || !ofac->has_address)
        return SG_OK;
    struct party *party = &ofac->parties[ofac->n_parties - 1];
    ofac->has_address = false;
    return sg_ofac_names_build(&party->entity, &party->aliases, &party->n_aliases, &ofac->arena,
                               &ofac->names, ofac->last_name, err);
}

/* Entries: since when, and under which programme. */

static int by_profile(const void *a, const void *b)
{
    const struct place *x = a;
    const struct place *y = b;
    return (x->profile > y->profile) - (x->profile < y->profile);
}

static enum sg_status make_places(struct sg_ofac *ofac, struct sg_err *err)
{
    ofac->places = sg_mem_alloc(ofac->n_parties + 1, sizeof(*ofac->places));
    if (!ofac->places)
        return sg_err_nomem(err);
    for (size_t i = 0; i < ofac->n_parties; i++)
        ofac->places[i] = (struct place){ofac->parties[i].profile, i};
    qsort(ofac->places, ofac->n_parties, sizeof(*ofac->places), by_profile);
    return SG_OK;
}

static enum sg_status start_sanctions(struct sg_ofac *ofac, const char *const *attributes,
                                      struct sg_err *err)
{
    struct place key;
    uint32_t list;
    enum sg_status st = ofac->places ? SG_OK : make_places(ofac, err);
    if (st == SG_OK)
        st = attribute(&key.profile, attributes, "ProfileID", err);
    if (st == SG_OK)
        st = attribute(&list, attributes, "ListID", err);
    if (st != SG_OK)
        return st;
    ofac->is_sdn = ofac->is_sdn || (ofac->sdn_list && list == ofac->sdn_list);
    const struct place *place =
        bsearch(&key, ofac->places, ofac->n_parties, sizeof(key), by_profile);
    ofac->entry = place ? &ofac->parties[place->party] : NULL;
    if (!place)
        sg_xml_skip(ofac->xml);
    return SG_OK;
}

static enum sg_status start_entry(struct sg_ofac *ofac, unsigned depth, const char *name,
                                  const char *const *attributes, struct sg_err *err)
{
    uint32_t type = 0;
    enum sg_status st = SG_OK;
    if (depth == 3)
        return start_sanctions(ofac, attributes, err);
    if (depth == 4 && is(name, "SanctionsMeasure")) {
        st = attribute(&type, attributes, "SanctionsTypeID", err);
        ofac->in_programme = type == ofac->programme_type;
    } else if (depth == 5 && is(name, "Date")) {
        ofac->date = (struct date){0};
    } else if (depth == 5 && is(name, "Comment")) {
        sg_xml_want_text(ofac->xml);
    } else if (depth == 6) {
        start_date(ofac, name);
    } else if (depth == 5 || (depth == 4 && !is(name, "EntryEvent"))) {
        sg_xml_skip(ofac->xml);
    }
    return st;
}

static bool has_code(const char *list, const char *code)
{
    const size_t size = strlen(code);
    for (const char *at = list; at && (at = strstr(at, code)) != NULL; at += size)
        if ((at == list || at[-1] == ' ') && (at[size] == 0 || at[size] == ','))
            return true;
    return false;
}

static enum sg_status add_programme(struct sg_ofac *ofac, struct sg_text code, struct sg_err *err)
{
    const char *old = ofac->entry->programme;
    if (code.size == 0 || has_code(old, code.data))
        return SG_OK;
    const size_t old_size = old ? strlen(old) : 0;
    if (old_size + code.size > SG_LABEL_TEXT_MAX)
        return sg_err_set(err, SG_ELIMIT, "the programmes of one party pass %d bytes",
                          SG_LABEL_TEXT_MAX);
    char *text = sg_arena_alloc(&ofac->arena, old_size + code.size + 3, 1);
    if (!text)
        return sg_err_nomem(err);
    snprintf(text, old_size + code.size + 3, "%s%s%s", old ? old : "", old ? ", " : "", code.data);
    ofac->entry->programme = text;
    return SG_OK;
}

static enum sg_status end_entry(struct sg_ofac *ofac, unsigned depth, const char *name,
                                struct sg_text text, struct sg_err *err)
{
    int64_t seconds;
    if (!ofac->entry || depth < 4)
        return SG_OK;
    if (depth == 6)
        return end_date(ofac, name, text, err);
    if (depth == 5 && is(name, "Comment") && ofac->in_programme)
        return add_programme(ofac, text, err);
    if (depth == 4)
        ofac->in_programme = false;
    if (depth != 5 || !is(name, "Date") || ofac->date.year == 0)
        return SG_OK;
    const enum sg_status st = date_seconds(&seconds, &ofac->date, err);
    if (st != SG_OK)
        return st;
    if (ofac->entry->listed_unix_s == SG_TIME_UNKNOWN || seconds < ofac->entry->listed_unix_s)
        ofac->entry->listed_unix_s = seconds;
    return SG_OK;
}

/* The document. */

static void start_section(struct sg_ofac *ofac, const char *name)
{
    static const struct {
        const char *name;
        enum section section;
    } sections[] = {{"DateOfIssue", SECTION_DATE},
                    {"ReferenceValueSets", SECTION_REFERENCE},
                    {"DistinctParties", SECTION_PARTIES},
                    {"SanctionsEntries", SECTION_ENTRIES}};
    ofac->section = SECTION_NONE;
    for (size_t i = 0; i < SG_COUNT_OF(sections); i++)
        if (is(name, sections[i].name))
            ofac->section = sections[i].section;
    if (ofac->section == SECTION_NONE)
        sg_xml_skip(ofac->xml);
}

static enum sg_status on_start(void *ctx, unsigned depth, const char *name,
                               const char *const *attributes, struct sg_err *err)
{
    struct sg_ofac *ofac = ctx;
    if (depth == 1 && !is(name, "Sanctions"))
        return sg_err_set(err, SG_EPARSE,
                          "not OFAC's advanced XML: the root is %.64s, not Sanctions", name);
    if (depth == 2)
        start_section(ofac, name);
    if (depth <= 2)
        return SG_OK;
    switch (ofac->section) {
    case SECTION_NONE:
        break;
    case SECTION_DATE:
        start_date(ofac, name);
        break;
    case SECTION_REFERENCE:
        return start_reference(ofac, depth, name, attributes, err);
    case SECTION_PARTIES:
        return start_party(ofac, depth, name, attributes, err);
    case SECTION_ENTRIES:
        return start_entry(ofac, depth, name, attributes, err);
    }
    return SG_OK;
}

static enum sg_status on_end(void *ctx, unsigned depth, const char *name, struct sg_text text,
                             struct sg_err *err)
{
    struct sg_ofac *ofac = ctx;
    switch (ofac->section) {
    case SECTION_NONE:
        break;
    case SECTION_DATE:
        return depth == 2 ? date_seconds(&ofac->issued_unix_s, &ofac->date, err)
                          : end_date(ofac, name, text, err);
    case SECTION_REFERENCE:
        return depth == 4 ? end_reference(ofac, name, text, err) : SG_OK;
    case SECTION_PARTIES:
        return end_party(ofac, depth, name, text, err);
    case SECTION_ENTRIES:
        return end_entry(ofac, depth, name, text, err);
    }
    return SG_OK;
}

enum sg_status sg_ofac_new(struct sg_ofac **ofac, const struct sg_label_sink *sink,
                           struct sg_err *err)
{
    struct sg_ofac *made = sg_mem_zalloc(1, sizeof(*made));
    if (!made)
        return sg_err_nomem(err);
    const struct sg_xml_sink elements = {on_start, on_end, made};
    const enum sg_status st = sg_xml_new(&made->xml, &elements, err);
    if (st != SG_OK) {
        sg_mem_free(made);
        return st;
    }
    made->sink = *sink;
    made->issued_unix_s = SG_TIME_UNKNOWN;
    sg_ofac_names_reset(&made->names);
    *ofac = made;
    return SG_OK;
}

enum sg_status sg_ofac_feed(struct sg_ofac *ofac, const char *bytes, size_t size,
                            struct sg_err *err)
{
    return sg_xml_feed(ofac->xml, bytes, size, err);
}

static enum sg_status give(struct sg_ofac *ofac, const struct address *address, struct sg_err *err)
{
    const struct party *party = &ofac->parties[address->party];
    struct sg_label label;
    sg_label_init(&label);
    label.category = SG_CATEGORY_SANCTIONED;
    label.confidence = SG_CONFIDENCE_HIGH;
    label.subject = address->text;
    label.currency = address->type->currency;
    label.chain = sg_label_chain(label.currency, label.subject);
    label.entity = party->entity;
    label.programme = party->programme;
    label.source = ofac->is_sdn ? "OFAC SDN List" : "OFAC Consolidated List";
    label.aliases = party->aliases;
    label.n_aliases = party->n_aliases;
    label.source_date_unix_s = ofac->issued_unix_s;
    label.listed_unix_s = party->listed_unix_s;
    return sg_label_give(&ofac->sink, &label, 0, err);
}

enum sg_status sg_ofac_finish(struct sg_label_pack *pack, struct sg_ofac *ofac, struct sg_err *err)
{
    enum sg_status st = sg_xml_finish(ofac->xml, err);
    if (st == SG_OK && (ofac->issued_unix_s == SG_TIME_UNKNOWN || !ofac->has_reference))
        return sg_err_set(
            err, SG_EPARSE,
            "not a whole list: the date of issue or the reference values are missing");
    for (size_t i = 0; st == SG_OK && i < ofac->n_addresses; i++)
        st = give(ofac, &ofac->addresses[i], err);
    if (st != SG_OK)
        return st;
    *pack =
        (struct sg_label_pack){.title = ofac->is_sdn ? "OFAC SDN List" : "OFAC Consolidated List",
                               .creator = "U.S. Department of the Treasury, OFAC",
                               .list = ofac->is_sdn ? "ofac-sdn" : "ofac-consolidated",
                               .date_unix_s = ofac->issued_unix_s};
    return SG_OK;
}

void sg_ofac_free(struct sg_ofac *ofac)
{
    if (!ofac)
        return;
    sg_xml_free(ofac->xml);
    sg_arena_clear(&ofac->arena);
    sg_ofac_names_clear(&ofac->names);
    sg_mem_free(ofac->parties);
    sg_mem_free(ofac->addresses);
    sg_mem_free(ofac->places);
    sg_mem_free(ofac);
}
