/** A bump allocator for the objects of one unit of work (a file, a query, a report).
 *
 *  Everything lives until the arena is reset or cleared. In checked builds each object is a block
 * of its own, so that AddressSanitizer sees an overrun. Threads: one arena, one thread.
 */
#ifndef SG_BASE_ARENA_H
#define SG_BASE_ARENA_H

#include <stddef.h>

struct sg_arena_block;

struct sg_arena {
    struct sg_arena_block *blocks; /**< newest first; NULL when empty */
    size_t used;                   /**< bytes handed out in the newest block */
};

#define SG_ARENA_INIT                                                                              \
    {                                                                                              \
        NULL, 0                                                                                    \
    }

/** Zeroed memory for count * size bytes, aligned for any object; NULL if refused. */
void *sg_arena_alloc(struct sg_arena *arena, size_t count, size_t size);

/** A terminated copy of `size` bytes. */
char *sg_arena_strndup(struct sg_arena *arena, const char *text, size_t size);

/** Release everything; the arena may be used again. */
void sg_arena_clear(struct sg_arena *arena);

#endif
