/* What an alert is worth where personas are rare. */
#include "app/checking/checking_internal.h"

#include <inttypes.h>

static void put_rate(struct sg_buf *out, const char *whose, uint64_t prior, double recall,
                     double false_alarms)
{
    const double share = sg_checking_share_true(prior, recall, false_alarms);
    sg_buf_printf(out,
                  "base rate: where one in %" PRIu64 " is a persona, %s that find %.3g %% of them "
                  "and alarm for %.3g in 1,000 honest people are right in %.3g %% of their alerts",
                  prior, whose, recall * 100, false_alarms * 1000, share * 100);
    if (share > 0)
        sg_buf_printf(out, ", one in %.1f", 1 / share);
    sg_buf_putc(out, '\n');
}

void sg_checking_base_rate(struct sg_buf *out, const struct sg_checking *c)
{
    put_rate(out, "rules", c->options.prior, CHECKING_EXAMPLE_RECALL, CHECKING_EXAMPLE_FALSE);
    if (c->rules.is_measured)
        put_rate(out, "these rules, by measurement on generated worlds,", c->options.prior,
                 c->rules.measured_recall, c->rules.measured_false_alarms);
    else
        sg_buf_puts(out, "base rate: these rules were not measured\n");
}
