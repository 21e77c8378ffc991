#include "store/import/pile_internal.h"

#include "base/mem.h"
#include "store/import/sorter_internal.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Share of a pile's memory for its two index arrays; the rest is for items. The smallest item that
 * we sort has 64 bytes with its head, against 32 for its two entries; a usual one has 160. */
#define INDEX_SHARE 4u

#define DIGIT_BITS 11u
#define DIGITS     6u /* 6 x 11 bits cover 64 */
#define BUCKETS    (1u << DIGIT_BITS)

enum sg_status sg_pile_init(struct sg_pile *pile, size_t memory_max, struct sg_err *err)
{
    memset(pile, 0, sizeof(*pile));
    const size_t index = memory_max / INDEX_SHARE;
    pile->capacity = (memory_max - index) / SG_SORTER_ALIGN * SG_SORTER_ALIGN;
    pile->max_entries = index / (2 * sizeof(*pile->entries));
    pile->bytes = sg_mem_alloc(pile->capacity, 1);
    pile->entries = sg_mem_alloc(pile->max_entries, sizeof(*pile->entries));
    pile->ordered = true;
    if (!pile->bytes || !pile->entries) {
        sg_pile_clear(pile);
        return sg_err_nomem(err);
    }
    return SG_OK;
}

void sg_pile_clear(struct sg_pile *pile)
{
    sg_mem_free(pile->scratch);
    sg_mem_free(pile->entries);
    sg_mem_free(pile->bytes);
    memset(pile, 0, sizeof(*pile));
}

void sg_pile_empty(struct sg_pile *pile)
{
    pile->used = 0;
    pile->n_entries = 0;
    pile->ordered = true;
}

size_t sg_pile_item_size(size_t size)
{
    return sizeof(struct sg_pile_head) +
           (size + SG_SORTER_ALIGN - 1) / SG_SORTER_ALIGN * SG_SORTER_ALIGN;
}

bool sg_pile_has_room(const struct sg_pile *pile, size_t size)
{
    return pile->n_entries < pile->max_entries && size <= pile->capacity &&
           sg_pile_item_size(size) <= pile->capacity - pile->used;
}

void *sg_pile_add(struct sg_pile *pile, uint64_t key, size_t size)
{
    struct sg_pile_head *head = (struct sg_pile_head *)(void *)(pile->bytes + pile->used);
    *head = (struct sg_pile_head){key, sg_pile_item_size(size)};
    if (pile->n_entries && key < pile->entries[pile->n_entries - 1].key)
        pile->ordered = false;
    pile->entries[pile->n_entries++] = (struct sg_pile_entry){key, pile->used};
    pile->used += head->size;
    return head + 1;
}

enum sg_status sg_pile_prepare(struct sg_pile *pile, struct sg_err *err)
{
    if (pile->ordered || pile->scratch)
        return SG_OK;
    pile->scratch = sg_mem_alloc(pile->max_entries, sizeof(*pile->scratch));
    return pile->scratch ? SG_OK : sg_err_nomem(err);
}

static size_t digit_of(uint64_t key, unsigned digit)
{
    return (size_t)(key >> (digit * DIGIT_BITS)) & (BUCKETS - 1);
}

/* One stable pass of the radix sort from entries to scratch, which then change places. */
static void sort_by_digit(struct sg_pile *pile, unsigned digit)
{
    size_t starts[BUCKETS] = {0};
    for (size_t i = 0; i < pile->n_entries; i++)
        starts[digit_of(pile->entries[i].key, digit)]++;
    size_t start = 0;
    for (size_t b = 0; b < BUCKETS; b++) {
        const size_t count = starts[b];
        starts[b] = start;
        start += count;
    }
    for (size_t i = 0; i < pile->n_entries; i++)
        pile->scratch[starts[digit_of(pile->entries[i].key, digit)]++] = pile->entries[i];
    struct sg_pile_entry *sorted = pile->scratch;
    pile->scratch = pile->entries;
    pile->entries = sorted;
}

void sg_pile_sort(struct sg_pile *pile)
{
    if (pile->ordered)
        return;
    uint64_t differing = 0;
    for (size_t i = 1; i < pile->n_entries; i++)
        differing |= pile->entries[i].key ^ pile->entries[0].key;
    for (unsigned digit = 0; digit < DIGITS; digit++)
        if (digit_of(differing, digit))
            sort_by_digit(pile, digit);
}

static int write_all(int fd, uint64_t *offset, const uint8_t *bytes, size_t size)
{
    while (size > 0) {
        const ssize_t n = pwrite(fd, bytes, size, (off_t)*offset);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? errno : EIO;
        bytes += n;
        size -= (size_t)n;
        *offset += (uint64_t)n;
    }
    return 0;
}

int sg_pile_write(const struct sg_pile *pile, int fd, uint64_t *offset, uint8_t *window,
                  size_t window_size)
{
    if (pile->ordered)
        return write_all(fd, offset, pile->bytes, pile->used);
    size_t filled = 0;
    for (size_t i = 0; i < pile->n_entries; i++) {
        const struct sg_pile_head *head =
            (const struct sg_pile_head *)(const void *)(pile->bytes + pile->entries[i].offset);
        if (head->size > window_size - filled) {
            const int failed = write_all(fd, offset, window, filled);
            if (failed)
                return failed;
            filled = 0;
        }
        memcpy(window + filled, head, head->size);
        filled += head->size;
    }
    return write_all(fd, offset, window, filled);
}
