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

/* Piles an import fills before it needs the disk, of which one is being filled. */
#define PILES 16u

/* A sorted sequence of items: a pile, or a stretch of the temporary file. */
struct run {
    const struct sg_pile *pile;        /* NULL: in the file */
    uint64_t begin, end;               /* in the file; the map comes later, so these are offsets */
    const uint8_t *base;               /* while reading, as are those below */
    const struct sg_pile_entry *index; /* NULL: the items lie in order */
    uint64_t at, stop;                 /* entries of the index, or offsets from base */
    uint64_t released;                 /* pages before this were given back */
};

/* A run waiting in the heap, with the key it shows. */
struct waiting {
    uint64_t key;
    size_t run;
};

struct sg_sorter {
    const char *dir;
    size_t pile_memory;
    bool flat, threaded;
    struct sg_pile piles[PILES];
    struct sg_pile *filling; /* one of the piles, NULL before the first item */
    uint64_t count;

    int fd; /* of the temporary file, -1 before the first run */
    uint64_t file_size;
    uint8_t *window;
    struct run *runs; /* in the order of adding, those in the file first */
    size_t n_runs, cap_runs;
    size_t n_written;

    struct sg_task task;
    struct sg_pile *to_sort, *to_write, *to_touch; /* what it does, or NULL */
    int task_errno;                                /* how writing went */

    const uint8_t *map; /* the temporary file, while reading */
    struct waiting *heap;
    size_t n_heap;
};

enum sg_status sg_sorter_new(struct sg_sorter **out, const char *dir, size_t memory_max, bool flat,
                             bool threaded, struct sg_err *err)
{
    struct sg_sorter *sorter = sg_mem_zalloc(1, sizeof(*sorter));
    if (!sorter)
        return sg_err_nomem(err);
    sorter->dir = dir;
    sorter->pile_memory = (memory_max - WINDOW_SIZE / 2) / PILES;
    sorter->flat = flat;
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
    sg_pile_sort(sorter->to_sort);
    if (sorter->to_write)
        sorter->task_errno = sg_pile_write(sorter->to_write, sorter->fd, &sorter->file_size,
                                           sorter->window, WINDOW_SIZE);
    if (sorter->to_touch)
        sg_mem_touch(sorter->to_touch->bytes, sorter->to_touch->capacity);
    return NULL;
}

/* Wait for the task, if any, and take the run that it wrote into the books. */
static enum sg_status join_task(struct sg_sorter *sorter, struct sg_err *err)
{
    sg_task_wait(&sorter->task);
    sorter->to_touch = NULL;
    if (!sorter->to_write)
        return SG_OK;
    sg_pile_empty(sorter->to_write);
    sorter->to_write = NULL;
    if (sorter->task_errno)
        return sg_err_os(err, sorter->task_errno, "%s: cannot write the temporary file for sorting",
                         sorter->dir);
    struct run *written = &sorter->runs[sorter->n_written++];
    written->end = sorter->file_size;
    written->pile = NULL;
    return SG_OK;
}

/* Choose the oldest pile to be written: of those before the last run, whose pile is yet to be
 * sorted. */
static enum sg_status choose_to_write(struct sg_sorter *sorter, struct sg_err *err)
{
    const enum sg_status st = open_file(sorter, err);
    if (st != SG_OK)
        return st;
    struct run *oldest = &sorter->runs[sorter->n_written];
    oldest->begin = sorter->file_size;
    sorter->to_write = (struct sg_pile *)(uintptr_t)oldest->pile;
    return SG_OK;
}

/* Get the pile behind the one that is filled next, if the task can take its memory from the system
 * meanwhile, which takes about as long as filling it. */
static enum sg_status choose_to_touch(struct sg_sorter *sorter, struct sg_err *err)
{
    struct sg_pile *pile = &sorter->piles[(sorter->n_runs + 1) % PILES];
    if (pile->bytes || !sorter->threaded)
        return SG_OK;
    const enum sg_status st = sg_pile_init(pile, sorter->pile_memory, sorter->flat, err);
    sorter->to_touch = st == SG_OK ? pile : NULL;
    return st;
}

/* Make a run of the pile that is being filled, and have it sorted. If another is to be filled and
 * is the last one free, the oldest pile is written meanwhile. */
static enum sg_status close_pile(struct sg_sorter *sorter, bool goes_on, struct sg_err *err)
{
    enum sg_status st = join_task(sorter, err);
    if (st == SG_OK && !SG_VEC_RESERVE(sorter->runs, sorter->n_runs, sorter->cap_runs, 1))
        st = sg_err_nomem(err);
    if (st != SG_OK)
        return st;
    sorter->runs[sorter->n_runs++] = (struct run){.pile = sorter->filling};
    if (goes_on && sorter->n_runs - sorter->n_written == PILES - 1)
        st = choose_to_write(sorter, err);
    if (goes_on && st == SG_OK)
        st = choose_to_touch(sorter, err);
    if (st != SG_OK)
        return st;
    sorter->to_sort = sorter->filling;
    sg_task_start(&sorter->task, sorter->threaded, sort_and_write, sorter);
    return SG_OK;
}

/* Piles go round: run i lies in pile i modulo PILES. */
static enum sg_status turn_pile(struct sg_sorter *sorter, struct sg_err *err)
{
    enum sg_status st = sorter->filling ? close_pile(sorter, true, err) : SG_OK;
    struct sg_pile *next = &sorter->piles[sorter->n_runs % PILES];
    if (st == SG_OK && !next->bytes)
        st = sg_pile_init(next, sorter->pile_memory, sorter->flat, err);
    sorter->filling = st == SG_OK ? next : NULL;
    return st;
}

enum sg_status sg_sorter_add(void **item, struct sg_sorter *sorter, uint64_t key, size_t size,
                             struct sg_err *err)
{
    if (size > ITEM_MAX || sg_pile_item_size(size, sorter->flat) > sorter->pile_memory / 9 * 8)
        return sg_err_set(err, SG_ELIMIT, "a record of %zu bytes is too large to sort", size);
    if (!sorter->filling || !sg_pile_has_room(sorter->filling, key, size)) {
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
    if (sorter->n_written == 0)
        return SG_OK;
    void *map = mmap(NULL, sorter->file_size, PROT_READ, MAP_SHARED, sorter->fd, 0);
    if (map == MAP_FAILED)
        return sg_err_os(err, errno, "%s: cannot map the temporary file for sorting", sorter->dir);
    sorter->map = map;
    return SG_OK;
}

enum sg_status sg_sorter_finish(struct sg_sorter *sorter, struct sg_err *err)
{
    enum sg_status st = sorter->filling ? close_pile(sorter, false, err) : SG_OK;
    sorter->filling = NULL;
    if (st == SG_OK)
        st = join_task(sorter, err);
    if (st == SG_OK)
        st = map_runs(sorter, err);
    if (st != SG_OK)
        return st;
    sorter->heap = sg_mem_alloc(sorter->n_runs, sizeof(*sorter->heap));
    if (!sorter->heap)
        return sg_err_nomem(err);
    sg_sorter_rewind(sorter);
    return SG_OK;
}

/* Items that are read through an index lie anywhere: those soon due are fetched ahead. */
#define AHEAD 8u

static const struct sg_pile_head *head_of(const struct run *run)
{
    uint64_t offset = run->at;
    if (run->index) {
        offset = run->index[run->at].offset;
        if (run->at + AHEAD < run->stop)
            __builtin_prefetch(run->base + run->index[run->at + AHEAD].offset);
    }
    return (const struct sg_pile_head *)(const void *)(run->base + offset);
}

static void step(struct run *run, const struct sg_pile_head *head, bool flat)
{
    if (run->index)
        run->at++;
    else
        run->at += flat ? sizeof(*head) : head->rest;
}

/* Runs stand in the order of adding, so the lower run first keeps equal keys stable. */
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

static void rewind_run(struct run *run, const uint8_t *map)
{
    run->at = 0;
    if (run->pile) {
        run->base = run->pile->items;
        run->index = run->pile->index;
        run->stop = run->index ? run->pile->n_items : run->pile->used;
    } else {
        run->base = map + run->begin;
        run->stop = run->end - run->begin;
        run->released = run->begin;
    }
}

void sg_sorter_rewind(struct sg_sorter *sorter)
{
    sorter->n_heap = sorter->n_runs;
    for (size_t i = 0; i < sorter->n_runs; i++) {
        rewind_run(&sorter->runs[i], sorter->map);
        sorter->heap[i] = (struct waiting){head_of(&sorter->runs[i])->key, i};
    }
    for (size_t i = sorter->n_heap / 2; i-- > 0;)
        sift_down(sorter, i);
}

const void *sg_sorter_next(uint64_t *key, struct sg_sorter *sorter)
{
    if (sorter->n_heap == 0)
        return NULL;
    struct waiting *top = &sorter->heap[0];
    struct run *run = &sorter->runs[top->run];
    const struct sg_pile_head *head = head_of(run);
    *key = head->key;
    step(run, head, sorter->flat);
    if (run->at < run->stop)
        top->key = head_of(run)->key;
    else
        *top = sorter->heap[--sorter->n_heap];
    sift_down(sorter, 0);
    return sorter->flat ? (const void *)&head->rest : (const void *)(head + 1);
}

void sg_sorter_release(struct sg_sorter *sorter)
{
    const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
    for (size_t i = 0; i < sorter->n_written; i++) {
        struct run *run = &sorter->runs[i];
        const uint64_t from = (run->released + page - 1) / page * page;
        const uint64_t to = (run->begin + run->at) / page * page;
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
    return sorter->n_written;
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
    for (size_t i = 0; i < PILES; i++)
        sg_pile_clear(&sorter->piles[i]);
    sg_mem_free(sorter->heap);
    sg_mem_free(sorter->runs);
    sg_mem_free(sorter->window);
    sg_mem_free(sorter);
}
