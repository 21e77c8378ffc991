/** The one door to the heap. It counts live blocks and bytes, and can be told to fail, so that
 * every out-of-memory path can be swept in a test. A lint forbids malloc and its kin elsewhere.
 *
 *  Threads: any. Fault injection counts allocations of the whole process: inject from
 *  single-threaded tests.
 */
#ifndef SG_BASE_MEM_H
#define SG_BASE_MEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SG_COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#if SG_CHECKED
#include <assert.h>
#define SG_VERIFY(cond) assert(cond)
#else
#define SG_VERIFY(cond) ((void)sizeof(cond))
#endif

/** Allocate count * size bytes, uninitialised. NULL if refused or the product overflows. */
void *sg_mem_alloc(size_t count, size_t size) __attribute__((malloc));

/** The same, zeroed. */
void *sg_mem_zalloc(size_t count, size_t size) __attribute__((malloc));

/** Resize to count * size bytes; on NULL the old block is intact. `block` may be NULL. */
void *sg_mem_realloc(void *block, size_t count, size_t size);

/** Release; NULL is allowed. */
void sg_mem_free(void *block);

/** Take the memory of a block from the system now, on this thread, instead of page by page when it
 *  is first written. Its content stays undefined, or as it is. Advice; Linux 5.14 or later. */
void sg_mem_touch(void *block, size_t size);

/** Copy of `size` bytes with a zero byte after them, or NULL. */
char *sg_mem_strndup(const char *text, size_t size);

/** Let the process keep up to 256 MiB that it has freed, instead of giving each large block back to
 *  the system and faulting its pages in again. For programs that write ledgers: LMDB takes and
 * frees its dirty pages a transaction at a time. Call once, before the first allocation. */
void sg_mem_keep(void);

/** Number of blocks now allocated. */
size_t sg_mem_live(void);

/** Bytes now allocated, and the largest that number has been since the last reset. */
size_t sg_mem_bytes(void);
size_t sg_mem_peak(void);
void sg_mem_peak_reset(void);

/** Let `after` allocations succeed, then fail the next `times`; after = -1 switches faults off. */
void sg_mem_fault(long after, long times);

/** Whether a fault was delivered since the last sg_mem_fault. */
bool sg_mem_fault_fired(void);

#endif
