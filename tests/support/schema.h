/** Checks JSON that the program prints against docs/api/, by the part of JSON Schema 2020-12 that
 *  those pages use: type, enum, const, pattern, minimum, required, properties, propertyNames,
 *  additionalProperties, items, minItems, maxItems, anyOf, oneOf, and $ref to $defs. A keyword
 *  outside that part is a fault of the schema. Needs sg_formats: tests of that layer and above.
 */
#ifndef SG_TESTS_SUPPORT_SCHEMA_H
#define SG_TESTS_SUPPORT_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

/** Whether a document is JSON and holds to a schema; if not, `fault` says what and where. */
bool schema_holds(char *fault, size_t fault_size, const char *schema, const char *document);

#endif
