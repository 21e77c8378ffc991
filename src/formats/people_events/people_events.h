/** Tables of people and of events, CSV or JSON lines, as a push parser: bytes in, rows of named
 *  texts out. Schema: docs/formats/people.md.
 *
 *  The first line of a CSV names its columns, in any order; columns that are not ours are passed
 *  over. A file that begins with '{' or '[' is JSON, with the same names. A row that is damaged,
 *  has another number of fields, bytes that are not UTF-8 or lacks what each row needs goes to
 *  `bad` by its number; what stood in it is not repeated, because it is about a person.
 */
#ifndef SG_FORMATS_PEOPLE_EVENTS_H
#define SG_FORMATS_PEOPLE_EVENTS_H

#include "base/status.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Columns of people. Place and name of birth, nationality and the like are none of them. */
enum sg_person_field {
    SG_PERSON_RECORD_ID, /**< needed */
    SG_PERSON_ROLE,      /**< applicant, contractor, employer, referee, agency */
    SG_PERSON_GIVEN_NAME,
    SG_PERSON_SURNAME,
    SG_PERSON_NAME, /**< where a source does not part the two */
    SG_PERSON_BIRTH_DATE,
    SG_PERSON_EMAIL,
    SG_PERSON_PHONE,
    SG_PERSON_STREET,
    SG_PERSON_CITY,
    SG_PERSON_TIMEZONE,
    SG_PERSON_DOCUMENT,
    SG_PERSON_BANK_ACCOUNT,
    SG_PERSON_WALLET,
    SG_PERSON_HANDLE,
    SG_PERSON_DEVICE,
    SG_PERSON_IP,
    SG_PERSON_CV
};
#define SG_PERSON_FIELDS 18

/** Columns of events. What each means for which kind is in docs/formats/people.md. */
enum sg_event_field {
    SG_EVENT_TIME,   /**< needed */
    SG_EVENT_KIND,   /**< needed */
    SG_EVENT_PERSON, /**< needed: a record id */
    SG_EVENT_OTHER,
    SG_EVENT_NAME,
    SG_EVENT_VALUE,
    SG_EVENT_ADDRESS,
    SG_EVENT_DEVICE,
    SG_EVENT_TOKEN,
    SG_EVENT_IP,
    SG_EVENT_COUNTRY,
    SG_EVENT_LATITUDE,
    SG_EVENT_LONGITUDE,
    SG_EVENT_UNTIL,
    SG_EVENT_TOOL,
    SG_EVENT_TEXT,
    SG_EVENT_RESULT,
    SG_EVENT_MADE
};
#define SG_EVENT_FIELDS 18

#define SG_PEOPLE_EVENTS_FIELDS_MAX 18

enum sg_people_events_table { SG_PEOPLE_EVENTS_PEOPLE, SG_PEOPLE_EVENTS_EVENTS };

/** Name of a column. Static storage. */
const char *sg_people_events_column(enum sg_people_events_table table, size_t field);

/** Where rows go. Anything but SG_OK stops the reader with it. */
struct sg_people_events_sink {
    /** fields[i] is the text of field i, borrowed for the call; data NULL where the column is
     *  absent or the field empty. number: 1-based record of the file, the header is one. */
    enum sg_status (*row)(void *ctx, const struct sg_text *fields, uint64_t number,
                          struct sg_err *err);
    /** reason: static, without anything of the row. */
    enum sg_status (*bad)(void *ctx, uint64_t number, const char *reason, struct sg_err *err);
    void *ctx;
};

struct sg_people_events_reader;

/** New reader. Owner: the caller, until sg_people_events_reader_free. sink: copied. Errors:
 * SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_people_events_reader_new(struct sg_people_events_reader **reader,
                                                         enum sg_people_events_table table,
                                                         const struct sg_people_events_sink *sink,
                                                         struct sg_err *err);

/** Take the next bytes, in pieces of any size.
 *  Errors: SG_EPARSE (a needed column is missing, named; a column of ours twice; not JSON),
 *          SG_ELIMIT, SG_ENOMEM, or what the sink returned. After one only free is allowed. */
SG_MUST_CHECK enum sg_status sg_people_events_reader_feed(struct sg_people_events_reader *reader,
                                                          const char *bytes, size_t size,
                                                          struct sg_err *err);

/** Say that the file has ended. Errors: as feed; SG_EPARSE for a file without a header. */
SG_MUST_CHECK enum sg_status sg_people_events_reader_finish(struct sg_people_events_reader *reader,
                                                            struct sg_err *err);

/** Columns on origin, belief or looks that the file has and that nothing reads. */
size_t sg_people_events_reader_ignored(const struct sg_people_events_reader *reader);

/** Where a row stands in the file, while the sink is told of it. */
struct sg_people_events_place {
    uint64_t offset;
    uint64_t size;    /**< of a line of CSV with its end; 0: JSON, where it ends with the next */
    bool is_enclosed; /**< an element of a JSON array: it cannot be cut out by itself */
};
struct sg_people_events_place
sg_people_events_reader_place(const struct sg_people_events_reader *reader);

/** NULL is allowed. */
void sg_people_events_reader_free(struct sg_people_events_reader *reader);

#endif
