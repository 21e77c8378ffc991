/* What waits for its time: a heap by (time, order of making). Each account, payee, payer or parcel
 * has at most a few tasks, so the heap is bounded by the scenario. */
#include "analysis/simulate/sim_internal.h"

#include "base/vec.h"

static bool before(const struct sim_task *a, const struct sim_task *b)
{
    return a->time_unix_s != b->time_unix_s ? a->time_unix_s < b->time_unix_s : a->order < b->order;
}

void sg_sim_later(struct sg_sim *sim, int64_t seconds, struct sim_task task)
{
    if (!SG_VEC_RESERVE(sim->tasks, sim->n_tasks, sim->cap_tasks, 1)) {
        sim->status = sg_err_nomem(sim->err);
        return;
    }
    task.time_unix_s = sim->now_unix_s + seconds;
    task.order = sim->task_order++;
    size_t at = sim->n_tasks++;
    for (; at > 0 && before(&task, &sim->tasks[(at - 1) / 2]); at = (at - 1) / 2)
        sim->tasks[at] = sim->tasks[(at - 1) / 2];
    sim->tasks[at] = task;
}

bool sg_sim_next(struct sim_task *task, struct sg_sim *sim)
{
    if (!sim->n_tasks || sim->tasks[0].time_unix_s > sim->now_unix_s)
        return false;
    *task = sim->tasks[0];
    const struct sim_task last = sim->tasks[--sim->n_tasks];
    size_t at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child + 1 < sim->n_tasks && before(&sim->tasks[child + 1], &sim->tasks[child]))
            child++;
        if (child >= sim->n_tasks || !before(&sim->tasks[child], &last))
            break;
        sim->tasks[at] = sim->tasks[child];
        at = child;
    }
    if (sim->n_tasks)
        sim->tasks[at] = last;
    return true;
}
