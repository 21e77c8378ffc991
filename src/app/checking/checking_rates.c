/* What an alert is worth where personas are rare. */
#include "app/checking/checking_internal.h"

#include <inttypes.h>

static void put_rate(struct sg_buf *out, uint64_t prior, double recall, double false_alarms)
{
    const double share = sg_checking_share_true(prior, recall, false_alarms);
    sg_buf_printf(out,
                  "base rate: where one in %" PRIu64 " is a persona, rules that find %.3g %% of "
                  "them and alarm for %.3g in 1,000 honest people are right in %.3g %% of their "
                  "alerts, one in %.1f\n",
                  prior, recall * 100, false_alarms * 1000, share * 100, share > 0 ? 1 / share : 0);
}

void sg_checking_base_rate(struct sg_buf *out, const struct sg_checking *c)
{
    put_rate(out, c->options.prior, CHECKING_EXAMPLE_RECALL, CHECKING_EXAMPLE_FALSE);
}
