/** A piece of text that belongs to somebody else: not terminated, and any bytes may be in it. */
#ifndef SG_BASE_TEXT_H
#define SG_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct sg_text {
    const char *data; /**< borrowed; NULL: there is none, which is not the same as empty */
    size_t size;      /**< bytes */
};

/** Whether the text is exactly the terminated string; a text that is not there is none. */
static inline bool sg_text_is(struct sg_text text, const char *string)
{
    const size_t size = strlen(string);
    return text.data && text.size == size && memcmp(text.data, string, size) == 0;
}

#endif
