#include "base/vec.h"

#include "base/mem.h"

bool sg_vec_reserve(void **items, size_t *capacity, size_t count, size_t more, size_t size)
{
    size_t need;
    if (__builtin_add_overflow(count, more, &need))
        return false;
    if (need <= *capacity)
        return true;
    size_t grown = *capacity < 8 ? 8 : *capacity;
    while (grown < need)
        if (__builtin_mul_overflow(grown, (size_t)2, &grown))
            return false;
    void *moved = sg_mem_realloc(*items, grown, size);
    if (!moved)
        return false;
    *items = moved;
    *capacity = grown;
    return true;
}
