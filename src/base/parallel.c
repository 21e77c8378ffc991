#include "base/parallel.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#define THREADS_MAX 64
#define SLOTS_MAX   256

struct job {
    sg_parallel_fn fn;
    void *ctx;
    size_t n_items;
    atomic_size_t next;
};

static void *run_job(void *arg)
{
    struct job *job = arg;
    for (;;) {
        const size_t index = atomic_fetch_add(&job->next, 1);
        if (index >= job->n_items)
            return NULL;
        job->fn(job->ctx, index);
    }
}

void sg_parallel_for(size_t n_threads, size_t n_items, sg_parallel_fn fn, void *ctx)
{
    struct job job = {fn, ctx, n_items, 0};
    pthread_t threads[THREADS_MAX];
    size_t n_started = 0;
    if (n_threads > THREADS_MAX)
        n_threads = THREADS_MAX;
    if (n_threads > n_items)
        n_threads = n_items;
    while (n_started + 1 < n_threads &&
           pthread_create(&threads[n_started], NULL, run_job, &job) == 0)
        n_started++;
    run_job(&job);
    for (size_t i = 0; i < n_started; i++)
        pthread_join(threads[i], NULL);
}

struct line {
    sg_parallel_fn work;
    sg_finish_fn finish;
    void *ctx;
    pthread_mutex_t mutex; /* of all below */
    pthread_cond_t moved;  /* next_finish went on, or the end came */
    size_t n_items, n_slots;
    size_t next_work, next_finish;
    bool finishing; /* a thread is in finish */
    bool ended;
    bool *done; /* by place: the work on the item there is done */
};

/* Take an item whose place is free; false: there are none. */
static bool take(struct line *line, size_t *index)
{
    while (!line->ended && line->next_work < line->n_items &&
           line->next_work - line->next_finish >= line->n_slots)
        pthread_cond_wait(&line->moved, &line->mutex);
    if (line->ended || line->next_work == line->n_items)
        return false;
    *index = line->next_work++;
    return true;
}

/* Finish what is ready, unless another thread does that already: it will see what is done. */
static void finish_ready(struct line *line)
{
    if (line->finishing)
        return;
    line->finishing = true;
    while (!line->ended && line->done[line->next_finish % line->n_slots]) {
        pthread_mutex_unlock(&line->mutex);
        const bool more = line->finish(line->ctx, line->next_finish);
        pthread_mutex_lock(&line->mutex);
        line->done[line->next_finish % line->n_slots] = false;
        line->next_finish++;
        line->ended = !more;
        pthread_cond_broadcast(&line->moved);
    }
    line->finishing = false;
}

static void work_in_line(void *ctx, size_t thread)
{
    struct line *line = ctx;
    size_t index;
    (void)thread;
    pthread_mutex_lock(&line->mutex);
    while (take(line, &index)) {
        pthread_mutex_unlock(&line->mutex);
        line->work(line->ctx, index);
        pthread_mutex_lock(&line->mutex);
        line->done[index % line->n_slots] = true;
        finish_ready(line);
    }
    pthread_mutex_unlock(&line->mutex);
}

void sg_parallel_in_order(size_t n_threads, size_t n_slots, size_t n_items, sg_parallel_fn work,
                          sg_finish_fn finish, void *ctx)
{
    bool done[SLOTS_MAX] = {false};
    struct line line = {.work = work,
                        .finish = finish,
                        .ctx = ctx,
                        .mutex = PTHREAD_MUTEX_INITIALIZER,
                        .moved = PTHREAD_COND_INITIALIZER,
                        .n_items = n_items,
                        .n_slots = n_slots,
                        .done = done};
    assert(n_slots > 0 && n_slots <= SLOTS_MAX);
    const size_t n = n_threads < THREADS_MAX ? n_threads + !n_threads : THREADS_MAX;
    sg_parallel_for(n, n, work_in_line, &line);
    pthread_cond_destroy(&line.moved);
    pthread_mutex_destroy(&line.mutex);
}

void sg_task_start(struct sg_task *task, bool beside, void *(*fn)(void *ctx), void *ctx)
{
    task->running = beside && pthread_create(&task->thread, NULL, fn, ctx) == 0;
    if (!task->running)
        fn(ctx);
}

void sg_task_wait(struct sg_task *task)
{
    if (task->running)
        pthread_join(task->thread, NULL);
    task->running = false;
}
