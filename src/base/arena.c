#include "base/arena.h"

#include "base/mem.h"

#include <stdalign.h>
#include <string.h>

#define BLOCK_SIZE ((size_t)64 * 1024)

struct sg_arena_block {
    struct sg_arena_block *next;
    size_t size;
    alignas(max_align_t) unsigned char bytes[];
};

static struct sg_arena_block *block_push(struct sg_arena *arena, size_t size)
{
    struct sg_arena_block *block = NULL;
    if (size <= SIZE_MAX - sizeof(*block))
        block = sg_mem_zalloc(1, sizeof(*block) + size);
    if (!block)
        return NULL;
    block->size = size;
    block->next = arena->blocks;
    arena->blocks = block;
    arena->used = 0;
    return block;
}

void *sg_arena_alloc(struct sg_arena *arena, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX / 2)
        return NULL;
    bytes = (bytes + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    struct sg_arena_block *block = arena->blocks;
    if (SG_CHECKED || !block || bytes > block->size - arena->used) {
        block = block_push(arena, SG_CHECKED || bytes > BLOCK_SIZE ? bytes : BLOCK_SIZE);
        if (!block)
            return NULL;
    }
    void *object = block->bytes + arena->used;
    arena->used += bytes;
    return object;
}

char *sg_arena_strndup(struct sg_arena *arena, const char *text, size_t size)
{
    if (size == SIZE_MAX)
        return NULL;
    char *copy = sg_arena_alloc(arena, size + 1, 1);
    if (copy)
        memcpy(copy, text, size);
    return copy;
}

void sg_arena_clear(struct sg_arena *arena)
{
    while (arena->blocks) {
        struct sg_arena_block *next = arena->blocks->next;
        sg_mem_free(arena->blocks);
        arena->blocks = next;
    }
    arena->used = 0;
}
