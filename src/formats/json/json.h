/** JSON as a push parser of flat objects: bytes in, objects of named texts out, so that one mapping
 *  serves JSON and CSV. By yajl (docs/decisions/0002-dependencies.md).
 *
 *  What counts as an object to hand out: an object of its own on the top level (JSON lines), an
 *  element of an array on the top level, or an element of the array "result" of such an object,
 *  which is then an answer that holds rows ({"status":"1","message":"OK","result":[{...},...]}).
 *  Inside one, strings are unescaped, numbers keep their digits exactly as written, true and false
 *  are these words, null is a text without data, an array of such values is their texts with commas
 *  between, and nested objects are left out.
 *
 *  Where the first line is whole by itself the file counts as JSON lines: then a damaged line goes
 *  to `bad` and the next one is read. In any other document damage is an error.
 *  UTF-8 inside strings is not checked here.
 */
#ifndef SG_FORMATS_JSON_H
#define SG_FORMATS_JSON_H

#include "base/text.h"
#include "formats/record/record.h"

struct sg_json_field {
    struct sg_text name;
    struct sg_text value; /**< data NULL: null */
};

/** All of it is borrowed for the call. */
struct sg_json_object {
    const struct sg_json_field *fields;
    size_t n_fields;     /**< at most SG_CSV_FIELDS_MAX */
    uint64_t offset;     /**< of its opening brace */
    uint64_t number;     /**< 1-based, in the order in which objects end */
    bool has_rows;       /**< an answer: its array "result" was there, its objects came before it */
    bool in_an_answer;   /**< an element of such an array */
    struct sg_text name; /**< of a member (sg_json_members), else without data */
};

/** Where objects go. Anything but SG_OK stops the parser with it. */
struct sg_json_sink {
    enum sg_status (*object)(void *ctx, const struct sg_json_object *object, struct sg_err *err);
    enum sg_status (*bad)(void *ctx, const struct sg_bad_row *bad, struct sg_err *err);
    void *ctx;
};

struct sg_json;

/** New parser. Owner: the caller, until sg_json_free. sink: copied. offset: of the first byte that
 *  will be fed. Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_json_new(struct sg_json **json, const struct sg_json_sink *sink,
                                         uint64_t offset, struct sg_err *err);

/** Before the first byte: the file is an object of objects, keyed by name ({"0xab..": {...}, ...}),
 * or many of them. Its members that are objects are handed out, each with its name; its other
 * members are left out, and so is the object itself. Arrays of objects are still read as above. */
void sg_json_members(struct sg_json *json);

/** Take the next bytes, in pieces of any size.
 *  Errors: SG_EPARSE with the offset (not JSON; something on the top level that is no object),
 *          SG_ELIMIT (deeper than SG_NESTING_MAX), SG_ENOMEM, or what the sink returned. After an
 *          error only sg_json_free is allowed. An object of more than SG_RECORD_BYTES_MAX bytes or
 *          SG_CSV_FIELDS_MAX fields goes to `bad`. */
SG_MUST_CHECK enum sg_status sg_json_feed(struct sg_json *json, const char *bytes, size_t size,
                                          struct sg_err *err);

/** Say that the file has ended. Errors: as feed; SG_EPARSE where the document is cut. */
SG_MUST_CHECK enum sg_status sg_json_finish(struct sg_json *json, struct sg_err *err);

/** NULL is allowed. */
void sg_json_free(struct sg_json *json);

#endif
