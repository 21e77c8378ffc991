/** A number for each different text, so that texts are compared as numbers.
 *
 *  Numbers are dense, from 1, in the order in which texts come; 0 is the text that is not there.
 *  Texts are copied and stay; a pointer to one lives until the next is added. All zero is an empty
 *  pool. Threads: one table, one thread, unless nothing is added any more.
 */
#ifndef SG_BASE_INTERN_H
#define SG_BASE_INTERN_H

#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

struct sg_intern {
    char *bytes;
    size_t n_bytes, bytes_cap;
    size_t *at; /**< of text number i in bytes, terminated; at[n]: the end */
    size_t n;   /**< numbers given, 0 included; 0 in an empty table */
    size_t at_cap;
    uint32_t *slots; /**< open addressing; 0: free */
    size_t n_slots;
};

/** The number of a text, a new one if need be; 0 for an empty text. Errors: SG_ENOMEM, SG_ELIMIT
 *  (2^32 - 2 texts). */
SG_MUST_CHECK enum sg_status sg_intern_add(uint32_t *id, struct sg_intern *pool, const char *text,
                                           size_t size, struct sg_err *err);

/** The number of a text that is there; 0: it is not. */
uint32_t sg_intern_find(const struct sg_intern *pool, const char *text, size_t size);

/** The text of a number below pool->n. */
const char *sg_intern_text(const struct sg_intern *pool, uint32_t id);

void sg_intern_clear(struct sg_intern *pool);

#endif
