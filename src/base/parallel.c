#include "base/parallel.h"

#include <pthread.h>
#include <stdatomic.h>

#define THREADS_MAX 64

struct job {
    sg_parallel_fn fn;
    void *ctx;
    size_t n_items;
    atomic_size_t next;
};

static void *work(void *arg)
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
    while (n_started + 1 < n_threads && pthread_create(&threads[n_started], NULL, work, &job) == 0)
        n_started++;
    work(&job);
    for (size_t i = 0; i < n_started; i++)
        pthread_join(threads[i], NULL);
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
