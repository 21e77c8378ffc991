/** A strict and slow reader of JSON (RFC 8259), for tests that check what the project writes. */
#ifndef SG_TESTS_SUPPORT_JSON_H
#define SG_TESTS_SUPPORT_JSON_H

#include <stdbool.h>
#include <stddef.h>

enum json_event {
    JSON_BEGIN_OBJECT,
    JSON_END_OBJECT,
    JSON_BEGIN_ARRAY,
    JSON_END_ARRAY,
    JSON_KEY,
    JSON_STRING, /**< text: decoded UTF-8 */
    JSON_NUMBER, /**< text: as it stands */
    JSON_TRUE,
    JSON_FALSE,
    JSON_NULL
};

/** text is terminated and borrowed for the call; empty for events without one. */
typedef void (*json_fn)(void *ctx, enum json_event event, const char *text, size_t size);

/** Read one document and nothing behind it. fn may be NULL.
 *  False if it is not JSON by the letter: raw control characters in strings, leading zeros,
 * trailing commas, lone surrogates, a name that occurs twice in one object, text behind the end. */
bool json_read(const char *text, size_t size, json_fn fn, void *ctx);

#endif
