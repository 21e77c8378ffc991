#include "store/import/pile_internal.h"

#include "base/mem.h"
#include "store/import/sorter_internal.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define DIGIT_BITS 11u
#define DIGITS     6u /* 6 x 11 bits cover 64 */
#define BUCKETS    (1u << DIGIT_BITS)

enum sg_status sg_pile_init(struct sg_pile *pile, size_t memory_max, bool flat, struct sg_err *err)
{
    *pile = (struct sg_pile){
        .capacity = memory_max / SG_SORTER_ALIGN * SG_SORTER_ALIGN, .flat = flat, .ordered = true};
    pile->bytes = sg_mem_alloc(pile->capacity, 1);
    return pile->bytes ? SG_OK : sg_err_nomem(err);
}

void sg_pile_clear(struct sg_pile *pile)
{
    sg_mem_free(pile->bytes);
    *pile = (struct sg_pile){0};
}

void sg_pile_empty(struct sg_pile *pile)
{
    pile->used = 0;
    pile->n_items = 0;
    pile->ordered = true;
}

size_t sg_pile_item_size(size_t size, bool flat)
{
    const size_t aligned = (size + SG_SORTER_ALIGN - 1) / SG_SORTER_ALIGN * SG_SORTER_ALIGN;
    return sizeof(struct sg_pile_head) + (flat ? 0 : aligned);
}

/* What sorting n items takes beside them: entries in two places, one of which a flat pile has. */
static size_t index_size(const struct sg_pile *pile, size_t n)
{
    return (pile->flat ? 1 : 2) * n * sizeof(struct sg_pile_entry);
}

static bool keeps_order(const struct sg_pile *pile, uint64_t key)
{
    return pile->ordered && (pile->n_items == 0 || key >= pile->last_key);
}

bool sg_pile_has_room(const struct sg_pile *pile, uint64_t key, size_t size)
{
    const size_t index = keeps_order(pile, key) ? 0 : index_size(pile, pile->n_items + 1);
    return sg_pile_item_size(size, pile->flat) + index <= pile->capacity - pile->used;
}

void *sg_pile_add(struct sg_pile *pile, uint64_t key, size_t size)
{
    struct sg_pile_head *head = (struct sg_pile_head *)(void *)(pile->bytes + pile->used);
    *head = (struct sg_pile_head){key, sg_pile_item_size(size, pile->flat)};
    pile->used += head->rest;
    pile->ordered = keeps_order(pile, key);
    pile->last_key = key;
    pile->n_items++;
    return pile->flat ? (void *)&head->rest : (void *)(head + 1);
}

static size_t digit_of(uint64_t key, unsigned digit)
{
    return (size_t)(key >> (digit * DIGIT_BITS)) & (BUCKETS - 1);
}

/* One stable pass of the radix sort. */
static void sort_by_digit(struct sg_pile_entry *to, const struct sg_pile_entry *from, size_t n,
                          unsigned digit)
{
    size_t starts[BUCKETS] = {0};
    for (size_t i = 0; i < n; i++)
        starts[digit_of(from[i].key, digit)]++;
    size_t start = 0;
    for (size_t b = 0; b < BUCKETS; b++) {
        const size_t count = starts[b];
        starts[b] = start;
        start += count;
    }
    for (size_t i = 0; i < n; i++)
        to[starts[digit_of(from[i].key, digit)]++] = from[i];
}

/* Sort entries with the help of as many; returns the place where they come to stand. */
static struct sg_pile_entry *sort_entries(struct sg_pile_entry *entries,
                                          struct sg_pile_entry *scratch, size_t n)
{
    uint64_t differing = 0;
    for (size_t i = 1; i < n; i++)
        differing |= entries[i].key ^ entries[0].key;
    for (unsigned digit = 0; digit < DIGITS; digit++) {
        if (!digit_of(differing, digit))
            continue;
        sort_by_digit(scratch, entries, n, digit);
        struct sg_pile_entry *sorted = scratch;
        scratch = entries;
        entries = sorted;
    }
    return entries;
}

/* The items as they came. */
static void list_entries(struct sg_pile_entry *entries, const struct sg_pile *pile)
{
    size_t at = 0;
    for (size_t i = 0; i < pile->n_items; i++) {
        const struct sg_pile_head *head =
            (const struct sg_pile_head *)(const void *)(pile->bytes + at);
        entries[i] = (struct sg_pile_entry){head->key, at};
        at += head->rest;
    }
}

/* A flat pile is its own index: key and item are what is sorted. */
_Static_assert(sizeof(struct sg_pile_head) == sizeof(struct sg_pile_entry), "the same shape");

void sg_pile_sort(struct sg_pile *pile)
{
    struct sg_pile_entry *behind = (struct sg_pile_entry *)(void *)(pile->bytes + pile->used);
    const size_t n = pile->n_items;
    pile->items = pile->bytes;
    pile->index = NULL;
    if (pile->ordered)
        return;
    if (pile->flat) {
        struct sg_pile_entry *entries = (struct sg_pile_entry *)(void *)pile->bytes;
        pile->items = (const uint8_t *)sort_entries(entries, behind, n);
    } else {
        list_entries(behind, pile);
        pile->index = sort_entries(behind, behind + n, n);
    }
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
    if (!pile->index)
        return write_all(fd, offset, pile->items, pile->used);
    size_t filled = 0;
    for (size_t i = 0; i < pile->n_items; i++) {
        const struct sg_pile_head *head =
            (const struct sg_pile_head *)(const void *)(pile->items + pile->index[i].offset);
        if (head->rest > window_size - filled) {
            const int failed = write_all(fd, offset, window, filled);
            if (failed)
                return failed;
            filled = 0;
        }
        memcpy(window + filled, head, head->rest);
        filled += head->rest;
    }
    return write_all(fd, offset, window, filled);
}
