/** What the parts of the reader share: which element or column says what, and the roster of parties
 *  and addresses. */
#ifndef SG_FORMATS_PARTIES_INTERNAL_H
#define SG_FORMATS_PARTIES_INTERNAL_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "formats/parties/parties.h"

/** What an element, an attribute or a column says of a party. */
enum parties_role {
    PARTIES_NOTHING,
    PARTIES_REFERENCE, /**< of two the one with the lower index */
    PARTIES_PART,      /**< of a name; parts are joined in the order of their index */
    PARTIES_KIND,      /**< of that name: "Primary name", "AKA" */
    PARTIES_NAME,      /**< a whole name: another one than the primary */
    PARTIES_PROGRAMME,
    PARTIES_LISTED, /**< a day; the earliest counts */
    PARTIES_DATE    /**< of the list */
};

#define PARTIES_PARTS 7

struct parties_field {
    const char *element;   /**< or the name of a column, without blanks */
    const char *attribute; /**< or NULL: the element's text */
    enum parties_role role;
    unsigned index;
};

/** One way to write a list in XML. */
struct parties_dialect {
    const char *root;
    const char *party[2];     /**< elements that are a party, or a row of one */
    const char *name_element; /**< parts are one name at its end; NULL: at the end of the party */
    bool parts_are_primary;   /**< no kind is given: the parts are the primary name */
    const struct parties_field *fields;
    size_t n_fields;
};

/** Static storage; NULL if the list has none with that root. */
const struct parties_dialect *sg_parties_dialect_of(enum sg_parties_list list, const char *root);
/** That of the tables. */
const struct parties_dialect *sg_parties_dialect_of_csv(void);

/** The field of an element's text (attribute NULL) or attribute; case and blanks do not matter. */
const struct parties_field *sg_parties_field_of(const struct parties_dialect *dialect,
                                                struct sg_text element, const char *attribute);

/** "2026-02-27...", "27/02/2026", "27-Feb-2026" or "27 Feb 2026". False: none of these. */
bool sg_parties_day(int64_t *unix_s, struct sg_text text);

/** The party at hand: one of them, or one row of it. */
struct parties_party {
    struct sg_buf reference, programme, name;
    struct sg_buf parts[PARTIES_PARTS];
    unsigned reference_index;
    bool is_primary, has_kind;
    int64_t listed_unix_s;
    size_t first_name, first_address; /**< of the roster: where it began */
};

struct parties_name {
    const char *reference, *text, *programme;
    bool is_primary;
    int64_t listed_unix_s;
    size_t order;
};

struct parties_address {
    const char *reference, *text;
    const char *chain; /**< static */
    size_t order;
};

/** All that the list says so far. */
struct parties_roster {
    struct sg_arena arena;
    struct parties_name *names;
    size_t n_names, names_capacity;
    struct parties_address *addresses;
    size_t n_addresses, addresses_capacity;
    struct sg_label_sink sink;
    struct parties_party party;
};

void sg_parties_roster_clear(struct parties_roster *roster);
void sg_parties_begin(struct parties_roster *roster);
/** Take what a field says. */
SG_MUST_CHECK enum sg_status sg_parties_take(struct parties_roster *roster,
                                             const struct parties_field *field, struct sg_text text,
                                             struct sg_err *err);
/** Put the parts together to a name. */
SG_MUST_CHECK enum sg_status sg_parties_end_name(struct parties_roster *roster,
                                                 bool parts_are_primary, struct sg_err *err);
/** Look for addresses in a text. */
SG_MUST_CHECK enum sg_status sg_parties_search(struct parties_roster *roster, struct sg_text text,
                                               struct sg_err *err);
/** The party ends: its names and addresses get its reference. */
SG_MUST_CHECK enum sg_status sg_parties_end(struct parties_roster *roster, struct sg_err *err);
/** Give a label an address and party. source: the list's name. */
SG_MUST_CHECK enum sg_status sg_parties_give(struct parties_roster *roster, const char *source,
                                             struct sg_err *err);

#endif
