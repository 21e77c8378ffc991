/* What waits for its time. Each account, payee, payer or parcel has at most a few tasks, so their
 * number is bounded by the scenario. */
#include "analysis/simulate/sim_internal.h"

void sg_sim_later(struct sg_sim *sim, int64_t seconds, struct sim_task task)
{
    task.due.time_unix_s = sim->now_unix_s + seconds;
    if (!sg_agenda_add(&sim->tasks, &task))
        sim->status = sg_err_nomem(sim->err);
}

bool sg_sim_next(struct sim_task *task, struct sg_sim *sim)
{
    return sg_agenda_take(task, &sim->tasks, sim->now_unix_s);
}
