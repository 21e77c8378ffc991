#include "store/import/sorter_internal.h"

#include "base/mem.h"
#include "base/parallel.h"
#include "base/vec.h"
#include "store/import/pile_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Items are written in pieces of this size, and the largest item fits well into one. */
#define WINDOW_SIZE ((size_t)64 * 1024)
#define ITEM_MAX    (WINDOW_SIZE / 4)

/* A sorted stretch of the temporary file. Offsets, because the map comes later. */
struct run {
    uint64_t begin, end;
    uint64_t at;       /* next head to read */
    uint64_t released; /* pages before this were given back */
};

/* A run waiting in the heap, with the key it shows. */
struct waiting {
    uint64_t key;
    size_t run;
};

struct sg_sorter {
    const char *dir;
    size_t pile_memory;
    bool threaded;
    struct sg_pile piles[2];
    struct sg_pile *filling; /* one of the piles, NULL before the first item */
    uint64_t count;

    int fd; /* of the temporary file, -1 before the first run */
    uint64_t file_size;
    uint8_t *window;
    struct run *runs;
    size_t n_runs, cap_runs;

    struct sg_task task;
    struct sg_pile *job; /* what it sorts and writes */
    int job_errno;       /* how that went */

    const uint8_t *map; /* the temporary file, while reading */
    struct waiting *heap;
    size_t n_heap;
    size_t next_entry; /* reading without runs */
};

enum sg_status sg_sorter_new(struct sg_sorter **out, const char *dir, size_t memory_max,
                             bool threaded, struct sg_err *err)
{
    struct sg_sorter *sorter = sg_mem_zalloc(1, sizeof(*sorter));
    if (!sorter)
        return sg_err_nomem(err);
    sorter->dir = dir;
    sorter->pile_memory = (memory_max - WINDOW_SIZE / 2) / 2;
    sorter->threaded = threaded;
    sorter->fd = -1;
    *out = sorter;
    return SG_OK;
}

/* A file without a name. Not every file system makes one; there a name lives for a moment. */
static int open_nameless(const char *dir)
{
    const int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT))
        return fd;
    char path[4096];
    const int n = snprintf(path, sizeof(path), "%s/spill-XXXXXX", dir);
    if (n < 0 || (size_t)n >= sizeof(path)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    const int named = mkostemp(path, O_CLOEXEC);
    if (named >= 0)
        unlink(path);
    return named;
}

static enum sg_status open_file(struct sg_sorter *sorter, struct sg_err *err)
{
    if (!sorter->window)
        sorter->window = sg_mem_alloc(WINDOW_SIZE, 1);
    if (!sorter->window)
        return sg_err_nomem(err);
    if (sorter->fd < 0)
        sorter->fd = open_nameless(sorter->dir);
    if (sorter->fd < 0)
        return sg_err_os(err, errno, "%s: no temporary file for sorting", sorter->dir);
    return SG_OK;
}

static void *sort_and_write(void *arg)
{
    struct sg_sorter *sorter = arg;
    sg_pile_sort(sorter->job);
    sorter->job_errno =
        sg_pile_write(sorter->job, sorter->fd, &sorter->file_size, sorter->window, WINDOW_SIZE);
    return NULL;
}

/* Wait for the run that is being written, if any, and take it into the books. */
static enum sg_status join_job(struct sg_sorter *sorter, struct sg_err *err)
{
    if (!sorter->job)
        return SG_OK;
    sg_task_wait(&sorter->task);
    sg_pile_empty(sorter->job);
    sorter->job = NULL;
    if (sorter->job_errno)
        return sg_err_os(err, sorter->job_errno, "%s: cannot write the temporary file for sorting",
                         sorter->dir);
    sorter->runs[sorter->n_runs - 1].end = sorter->file_size;
    return SG_OK;
}

/* Begin to write the pile that is being filled as a run. */
static enum sg_status start_job(struct sg_sorter *sorter, struct sg_err *err)
{
    enum sg_status st = join_job(sorter, err);
    if (st == SG_OK)
        st = open_file(sorter, err);
    if (st == SG_OK)
        st = sg_pile_prepare(sorter->filling, err);
    if (st != SG_OK)
        return st;
    if (!SG_VEC_RESERVE(sorter->runs, sorter->n_runs, sorter->cap_runs, 1))
        return sg_err_nomem(err);
    sorter->runs[sorter->n_runs++] = (struct run){.begin = sorter->file_size};
    sorter->job = sorter->filling;
    sg_task_start(&sorter->task, sorter->threaded, sort_and_write, sorter);
    return SG_OK;
}

/* Make `filling` a pile with room: the first one, or the other after this one has gone out. */
static enum sg_status turn_pile(struct sg_sorter *sorter, struct sg_err *err)
{
    struct sg_pile *next = &sorter->piles[0];
    if (sorter->filling) {
        const enum sg_status st = start_job(sorter, err);
        if (st != SG_OK)
            return st;
        next = sorter->filling == next ? &sorter->piles[1] : next;
    }
    if (!next->bytes) {
        const enum sg_status st = sg_pile_init(next, sorter->pile_memory, err);
        if (st != SG_OK)
            return st;
    }
    sorter->filling = next;
    return SG_OK;
}

enum sg_status sg_sorter_add(void **item, struct sg_sorter *sorter, uint64_t key, size_t size,
                             struct sg_err *err)
{
    if (size > ITEM_MAX)
        return sg_err_set(err, SG_ELIMIT, "a record of %zu bytes is too large to sort", size);
    if (!sorter->filling || !sg_pile_has_room(sorter->filling, size)) {
        const enum sg_status st = turn_pile(sorter, err);
        if (st != SG_OK)
            return st;
    }
    *item = sg_pile_add(sorter->filling, key, size);
    sorter->count++;
    return SG_OK;
}

static enum sg_status map_runs(struct sg_sorter *sorter, struct sg_err *err)
{
    sorter->heap = sg_mem_alloc(sorter->n_runs, sizeof(*sorter->heap));
    if (!sorter->heap)
        return sg_err_nomem(err);
    void *map = mmap(NULL, sorter->file_size, PROT_READ, MAP_SHARED, sorter->fd, 0);
    if (map == MAP_FAILED)
        return sg_err_os(err, errno, "%s: cannot map the temporary file for sorting", sorter->dir);
    sorter->map = map;
    return SG_OK;
}

enum sg_status sg_sorter_finish(struct sg_sorter *sorter, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    if (sorter->n_runs == 0 && sorter->filling) {
        st = sg_pile_prepare(sorter->filling, err);
        if (st == SG_OK)
            sg_pile_sort(sorter->filling);
    } else if (sorter->n_runs > 0) {
        st = start_job(sorter, err);
        if (st == SG_OK)
            st = join_job(sorter, err);
        if (st == SG_OK)
            st = map_runs(sorter, err);
        for (size_t i = 0; i < 2; i++)
            sg_pile_clear(&sorter->piles[i]);
    }
    if (st == SG_OK)
        sg_sorter_rewind(sorter);
    return st;
}

static const struct sg_pile_head *head_of(const struct sg_sorter *sorter, size_t run)
{
    return (const struct sg_pile_head *)(const void *)(sorter->map + sorter->runs[run].at);
}

/* Runs were written in the order of adding, so the lower run first keeps equal keys stable. */
static bool goes_first(struct waiting a, struct waiting b)
{
    return a.key != b.key ? a.key < b.key : a.run < b.run;
}

static void sift_down(struct sg_sorter *sorter, size_t at)
{
    const struct waiting moving = sorter->heap[at];
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= sorter->n_heap)
            break;
        if (child + 1 < sorter->n_heap && goes_first(sorter->heap[child + 1], sorter->heap[child]))
            child++;
        if (!goes_first(sorter->heap[child], moving))
            break;
        sorter->heap[at] = sorter->heap[child];
        at = child;
    }
    sorter->heap[at] = moving;
}

void sg_sorter_rewind(struct sg_sorter *sorter)
{
    sorter->next_entry = 0;
    sorter->n_heap = 0;
    for (size_t i = 0; i < sorter->n_runs; i++) {
        sorter->runs[i].at = sorter->runs[i].begin;
        sorter->runs[i].released = sorter->runs[i].begin;
        if (sorter->runs[i].at < sorter->runs[i].end)
            sorter->heap[sorter->n_heap++] = (struct waiting){head_of(sorter, i)->key, i};
    }
    for (size_t i = sorter->n_heap / 2; i-- > 0;)
        sift_down(sorter, i);
}

static const void *next_in_pile(uint64_t *key, struct sg_sorter *sorter)
{
    const struct sg_pile *pile = sorter->filling;
    if (!pile || sorter->next_entry == pile->n_entries)
        return NULL;
    const struct sg_pile_entry *entry = &pile->entries[sorter->next_entry++];
    *key = entry->key;
    return pile->bytes + entry->offset + sizeof(struct sg_pile_head);
}

const void *sg_sorter_next(uint64_t *key, struct sg_sorter *sorter)
{
    if (sorter->n_runs == 0)
        return next_in_pile(key, sorter);
    if (sorter->n_heap == 0)
        return NULL;
    struct waiting *top = &sorter->heap[0];
    struct run *run = &sorter->runs[top->run];
    const struct sg_pile_head *head = head_of(sorter, top->run);
    *key = head->key;
    run->at += head->size;
    if (run->at < run->end)
        top->key = head_of(sorter, top->run)->key;
    else
        *top = sorter->heap[--sorter->n_heap];
    sift_down(sorter, 0);
    return head + 1;
}

void sg_sorter_release(struct sg_sorter *sorter)
{
    const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
    for (size_t i = 0; i < sorter->n_runs; i++) {
        struct run *run = &sorter->runs[i];
        const uint64_t from = (run->released + page - 1) / page * page;
        const uint64_t to = run->at / page * page;
        if (to <= from)
            continue;
        /* Advice: a refusal costs memory, not correctness. */
        (void)madvise((void *)(uintptr_t)(sorter->map + from), to - from, MADV_DONTNEED);
        run->released = to;
    }
}

uint64_t sg_sorter_count(const struct sg_sorter *sorter)
{
    return sorter->count;
}

size_t sg_sorter_runs(const struct sg_sorter *sorter)
{
    return sorter->n_runs;
}

void sg_sorter_free(struct sg_sorter *sorter)
{
    if (!sorter)
        return;
    sg_task_wait(&sorter->task);
    if (sorter->map)
        munmap((void *)(uintptr_t)sorter->map, sorter->file_size);
    if (sorter->fd >= 0)
        close(sorter->fd);
    for (size_t i = 0; i < 2; i++)
        sg_pile_clear(&sorter->piles[i]);
    sg_mem_free(sorter->heap);
    sg_mem_free(sorter->runs);
    sg_mem_free(sorter->window);
    sg_mem_free(sorter);
}
