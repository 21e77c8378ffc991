/* What an alert is worth where personas are rare. */
#include "app/checking/checking_internal.h"

#include <inttypes.h>

static void put_share(struct sg_buf *out, const struct sg_checking *c, double recall,
                      double false_alarms)
{
    const double share = sg_checking_share_true(c->options.prior, recall, false_alarms);
    sg_buf_printf(out, " are right in %.3g %% of their alerts", share * 100);
    if (share > 0)
        sg_buf_printf(out, ", one in %.1f", 1 / share);
    sg_buf_putc(out, '\n');
}

void sg_checking_base_rate(struct sg_buf *out, const struct sg_checking *c)
{
    const struct sg_redrules *r = &c->rules;
    sg_buf_printf(out,
                  "Where one in %" PRIu64
                  " is a persona, rules that find %.3g %% of them and alarm "
                  "for %.3g in 1,000 honest people",
                  c->options.prior, CHECKING_EXAMPLE_RECALL * 100, CHECKING_EXAMPLE_FALSE * 1000);
    put_share(out, c, CHECKING_EXAMPLE_RECALL, CHECKING_EXAMPLE_FALSE);
    if (!r->is_measured) {
        sg_buf_puts(out, "These rules were not measured\n");
        return;
    }
    sg_buf_printf(
        out,
        "These rules, which found %.3g %% of the personas of generated worlds and alarmed "
        "for %.3g in 1,000 honest people there,",
        r->measured_recall * 100, r->measured_false_alarms * 1000);
    put_share(out, c, r->measured_recall, r->measured_false_alarms);
}
