#include "base/mem.h"

#include <limits.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* A block from here on is worth large pages: a page fault costs as much as copying its 4 KiB. */
#define LARGE_BYTES ((size_t)4 * 1024 * 1024)

static atomic_size_t live_blocks;
static atomic_size_t live_bytes;
static atomic_size_t peak_bytes;
static atomic_bool fault_armed;
static atomic_bool fault_fired;
static atomic_long fault_after;
static atomic_long fault_times;

static bool fault_now(void)
{
    if (!atomic_load_explicit(&fault_armed, memory_order_relaxed))
        return false;
    if (atomic_fetch_sub(&fault_after, 1) > 0)
        return false;
    if (atomic_fetch_sub(&fault_times, 1) <= 0)
        return false;
    atomic_store(&fault_fired, true);
    return true;
}

static void account_add(size_t bytes)
{
    const size_t now = atomic_fetch_add(&live_bytes, bytes) + bytes;
    size_t peak = atomic_load(&peak_bytes);
    while (now > peak && !atomic_compare_exchange_weak(&peak_bytes, &peak, now))
        ;
}

/* Advice on the whole pages of a block: a refusal costs time alone. */
static void advise(void *block, size_t size, int advice)
{
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    const uintptr_t begin = ((uintptr_t)block + page - 1) / page * page;
    const uintptr_t end = ((uintptr_t)block + size) / page * page;
    if (begin < end)
        (void)madvise((void *)begin, end - begin, advice);
}

/* Count the bytes of a block that has just come from the heap. */
static void account_block(void *block)
{
    const size_t bytes = malloc_usable_size(block);
    if (bytes >= LARGE_BYTES)
        advise(block, bytes, MADV_HUGEPAGE);
    account_add(bytes);
}

static void *account_new(void *block)
{
    if (!block)
        return NULL;
    atomic_fetch_add(&live_blocks, 1);
    account_block(block);
    return block;
}

void *sg_mem_alloc(size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || fault_now())
        return NULL;
    return account_new(malloc(bytes ? bytes : 1));
}

void *sg_mem_zalloc(size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || fault_now())
        return NULL;
    return account_new(calloc(1, bytes ? bytes : 1));
}

void *sg_mem_realloc(void *block, size_t count, size_t size)
{
    size_t bytes;
    if (!block)
        return sg_mem_alloc(count, size);
    if (__builtin_mul_overflow(count, size, &bytes) || fault_now())
        return NULL;
    const size_t before = malloc_usable_size(block);
    void *moved = realloc(block, bytes ? bytes : 1);
    if (!moved)
        return NULL;
    atomic_fetch_sub(&live_bytes, before);
    account_block(moved);
    return moved;
}

void sg_mem_free(void *block)
{
    if (!block)
        return;
    atomic_fetch_sub(&live_blocks, 1);
    atomic_fetch_sub(&live_bytes, malloc_usable_size(block));
    free(block);
}

void sg_mem_touch(void *block, size_t size)
{
    advise(block, size, MADV_POPULATE_WRITE);
}

char *sg_mem_strndup(const char *text, size_t size)
{
    if (size == SIZE_MAX)
        return NULL;
    char *copy = sg_mem_alloc(size + 1, 1);
    if (!copy)
        return NULL;
    memcpy(copy, text, size);
    copy[size] = 0;
    return copy;
}

size_t sg_mem_live(void)
{
    return atomic_load(&live_blocks);
}

size_t sg_mem_bytes(void)
{
    return atomic_load(&live_bytes);
}

size_t sg_mem_peak(void)
{
    return atomic_load(&peak_bytes);
}

void sg_mem_peak_reset(void)
{
    atomic_store(&peak_bytes, atomic_load(&live_bytes));
}

void sg_mem_fault(long after, long times)
{
    atomic_store(&fault_fired, false);
    atomic_store(&fault_after, after < 0 ? LONG_MAX : after);
    atomic_store(&fault_times, times);
    atomic_store(&fault_armed, after >= 0);
}

bool sg_mem_fault_fired(void)
{
    return atomic_load(&fault_fired);
}

void sg_mem_keep(void)
{
    /* 32 MiB is the most that glibc takes; a refusal costs time alone. */
    (void)mallopt(M_MMAP_THRESHOLD, 32 * 1024 * 1024);
    (void)mallopt(M_TRIM_THRESHOLD, 256 * 1024 * 1024);
    (void)mallopt(M_TOP_PAD, 16 * 1024 * 1024);
}
