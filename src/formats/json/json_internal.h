/* yajl behind a door of our own: it does not look at what its allocator returns, so ours never
 * returns NULL but jumps out of the call. */
#ifndef SG_FORMATS_JSON_INTERNAL_H
#define SG_FORMATS_JSON_INTERNAL_H

#include "base/status.h"

#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

enum json_event {
    JSON_NULL,
    JSON_VALUE,  /* a number or a word; text as written */
    JSON_STRING, /* unescaped */
    JSON_KEY,
    JSON_OBJECT_BEGIN,
    JSON_OBJECT_END,
    JSON_ARRAY_BEGIN,
    JSON_ARRAY_END
};

/* False stops the lexer: JSON_STOPPED. text is NULL where the event has none. */
typedef int (*json_on_event)(void *ctx, enum json_event event, const char *text, size_t size);

enum json_result { JSON_GOOD, JSON_DAMAGED, JSON_STOPPED, JSON_NO_MEMORY };

struct json_lexer {
    void *yajl;        /* NULL until the first piece */
    void *blocks;      /* all that yajl has allocated, so that a jump loses nothing */
    jmp_buf no_memory; /* where the allocator goes; set during each call of yajl */
    json_on_event on_event;
    void *ctx;
};

/* Feed bytes. After anything but JSON_GOOD only sg_json_lex_taken and sg_json_lex_reset. */
enum json_result sg_json_lex(struct json_lexer *lexer, const char *bytes, size_t size);

/* Bytes of the current piece taken so far; inside on_event up to the end of the token. */
size_t sg_json_lex_taken(const struct json_lexer *lexer);

/* Forget everything, so that the next piece begins a new text. */
void sg_json_lex_reset(struct json_lexer *lexer);

#endif
