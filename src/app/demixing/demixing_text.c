/* The table for a terminal. */
#include "app/demixing/demixing.h"

#include <math.h>
#include <string.h>

#define ROWS_SHOWN 40

static void write_head(struct sg_buf *out, const struct sg_demixing *d)
{
    const struct sg_demix_window *window = &d->ranking.window;
    char begin[SG_TIME_TEXT_MAX];
    char end[SG_TIME_TEXT_MAX];
    sg_buf_printf(out, "pool %s: deposits of the theft %zu, depositors %zu", d->pool_name,
                  window->n_theft_deposits, d->n_batches);
    if (d->n_unmatched)
        sg_buf_printf(out, "; %zu of the list are not in this pool", d->n_unmatched);
    sg_buf_printf(out, "\nwindow %s to %s: %zu withdrawals by %zu addresses\n",
                  sg_time_format(begin, window->begin_unix_s),
                  sg_time_format(end, window->end_unix_s), window->n_order, window->n_candidates);
    sg_buf_printf(
        out,
        "expected to be the theft's: %.0f withdrawals; %.0f of its deposits are withdrawn "
        "elsewhen, or not\nothers would make about %.0f withdrawals here, by their "
        "deposits and by the days before\n",
        d->ranking.expected, (double)window->n_theft_deposits - d->ranking.expected, window->crowd);
    if (d->has_ledger)
        sg_buf_printf(out,
                      "of these addresses the ledger has met %zu; what it knows is shown, not "
                      "weighed\n",
                      d->n_in_ledger);
    if (d->n_odd_rows)
        sg_buf_printf(out,
                      "%zu rows of the pool in the ledger are neither a deposit nor a "
                      "withdrawal\n",
                      d->n_odd_rows);
    if (d->n_bad) {
        sg_buf_printf(out, "%zu objects were no events of a pool; first: ", d->n_bad);
        sg_buf_line(out, d->bad_text, strlen(d->bad_text));
        sg_buf_putc(out, '\n');
    }
}

/* By chance: the mean over the worlds of the null. */
static void write_null(struct sg_buf *out, const struct sg_demix_null *null)
{
    double expected = 0;
    double half = 0;
    for (size_t i = 0; i < null->n_worlds; i++) {
        expected += null->worlds[i].expected;
        half += (double)null->worlds[i].addresses_half;
    }
    const double n = (double)null->n_worlds;
    if (null->n_worlds)
        sg_buf_printf(
            out,
            "by chance, the deposits moved to %zu other times: %.0f withdrawals expected, "
            "%.1f addresses at 0.5 or more\n",
            null->n_worlds, expected / n, half / n);
    else
        sg_buf_puts(out, "by chance: not known, the pool is too young for a second window\n");
}

static enum sg_demix_rule strongest(const struct sg_demix_entry *entry)
{
    unsigned best = 0;
    for (unsigned rule = 1; rule < SG_DEMIX_N_RULES; rule++)
        if (fabs(entry->weights[rule]) > fabs(entry->weights[best]))
            best = rule;
    return (enum sg_demix_rule)best;
}

static void write_row(struct sg_buf *out, const struct sg_demixing *d,
                      const struct sg_demix_entry *entry)
{
    const struct sg_demix_candidate *c = &d->ranking.window.candidates[entry->candidate];
    const enum sg_demix_rule rule = strongest(entry);
    char address[SG_ADDRESS_TEXT_MAX];
    sg_address_format(address, d->chain ? d->chain : sg_chain_find("ethereum", 8),
                      &d->pool.addresses[c->address]);
    sg_buf_printf(out, "  %.3f  %4u  %s  %s %+.1f: ", entry->probability, c->n, address,
                  sg_demix_rule_name(rule), entry->weights[rule]);
    sg_demixing_detail(out, rule, c);
    sg_buf_putc(out, '\n');
    size_t n = 0;
    const struct sg_demixing_note *notes = sg_demixing_notes_of(&n, d, entry->candidate);
    for (size_t i = 0; i < n; i++) {
        sg_buf_printf(out, "               %s: ", notes[i].rule);
        sg_buf_line(out, notes[i].detail, strlen(notes[i].detail));
        sg_buf_putc(out, '\n');
    }
}

void sg_demixing_text(struct sg_buf *out, const struct sg_demixing *d)
{
    const size_t n = d->ranking.window.n_candidates;
    write_head(out, d);
    write_null(out, &d->null);
    sg_buf_puts(out, "probabilities, not proof: nobody can pair a withdrawal from the chain\n\n"
                     "  prob.  with-  address, and what moved its probability most (log odds)\n"
                     "         drawn\n");
    for (size_t i = 0; i < n && i < ROWS_SHOWN; i++)
        write_row(out, d, &d->ranking.entries[i]);
    if (n > ROWS_SHOWN)
        sg_buf_printf(out, "  and %zu more; --json has them all\n", n - ROWS_SHOWN);
}
