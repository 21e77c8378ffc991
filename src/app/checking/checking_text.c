/* For the terminal. */
#include "app/checking/checking_internal.h"

#include <inttypes.h>
#include <string.h>

static void put_bad(struct sg_buf *out, const struct sg_checking_table *table)
{
    const uint64_t shown = table->bad < 3 ? table->bad : 3;
    if (!table->bad)
        return;
    sg_buf_printf(out, "%s: %" PRIu64 " rows cannot be used", table->name, table->bad);
    for (uint64_t i = 0; i < shown; i++)
        sg_buf_printf(out, "%s row %" PRIu64 " (%s)", i ? "," : ":", table->first_bad[i].row,
                      table->first_bad[i].reason);
    sg_buf_puts(out, table->bad > shown ? ", ...\n" : "\n");
}

static void put_head(struct sg_buf *out, const struct sg_checking *c)
{
    sg_buf_printf(out,
                  "%" PRIu64 " records of %" PRIu32 " identities, %" PRIu64 " events: %" PRIu32
                  " alerts (%" PRIu32 " decided), %" PRIu32
                  " with findings below an alert, %" PRIu32 " paid to a sanctioned address\n",
                  c->tables[0].rows, sg_redflags_count(c->flags), c->tables[1].rows, c->n_alerts,
                  c->n_decided, c->n_below, c->n_sanctioned);
    for (size_t i = 0; i < 2; i++) {
        put_bad(out, &c->tables[i]);
        if (c->tables[i].ignored)
            sg_buf_printf(out, "%s: %zu columns on origin, belief or looks were not read\n",
                          c->tables[i].name, c->tables[i].ignored);
    }
}

static void put_placeholders(struct sg_buf *out, const struct sg_checking *c)
{
    const struct sg_redflags_common common = sg_redflags_placeholders(c->flags);
    if (common.values)
        sg_buf_printf(out,
                      "placeholders: %" PRIu32 " details of more than 50 records (up to %" PRIu32
                      ") make nobody one identity\n",
                      common.values, common.most);
}

/* Rules without data for anybody: silence of these is no clearance. */
static void put_untestable(struct sg_buf *out, const struct sg_checking *c)
{
    for (unsigned r = 0; r < SG_RED_COUNT; r++) {
        const struct sg_redrule *rule = &c->rules.rules[r];
        const struct sg_redflags_common common = sg_redflags_common(c->flags, r);
        if (!rule->enabled)
            sg_buf_printf(out, "switched off: %s\n", sg_redrule_kind(r)->name);
        else if (!c->n_testable[r])
            sg_buf_printf(out, "not testable: %s, needs %s\n", sg_redrule_kind(r)->name,
                          rule->needs);
        if (common.values)
            sg_buf_printf(out,
                          "public places: %s, %" PRIu32 " values are shared by more than %" PRIu32
                          " (up to %" PRIu32 ") and count for nothing\n",
                          sg_redrule_kind(r)->name, common.values, rule->at_most, common.most);
    }
}

static void put_text(struct sg_buf *out, const char *text)
{
    sg_buf_line(out, text, strlen(text));
}

static void put_refs(struct sg_buf *out, const struct sg_checking *c,
                     const struct sg_redflags_finding *f)
{
    const uint32_t n = checking_refs(f);
    sg_buf_puts(out, "      rows:");
    for (uint32_t i = 0; i < n; i++) {
        sg_buf_printf(out, "%s %s %" PRIu32 " (", i ? "," : "",
                      f->refs[i].is_event ? "event" : "person", f->refs[i].row);
        put_text(out, sg_redflags_record_id(c->flags, f->refs[i].record));
        sg_buf_putc(out, ')');
    }
    if (f->n_refs > n)
        sg_buf_printf(out, " and %" PRIu32 " more", f->n_refs - n);
    sg_buf_putc(out, '\n');
}

static void put_finding(struct sg_buf *out, const struct sg_checking *c,
                        const struct sg_redflags_finding *f)
{
    const struct sg_redrule *rule = &c->rules.rules[f->rule];
    const struct sg_redrule_kind *kind = sg_redrule_kind(f->rule);
    sg_buf_printf(out, "  %-9s %s: %" PRIu32 " %s", sg_redclass_name(kind->redclass), rule->title,
                  f->number, sg_checking_unit(f->rule));
    if (f->text) {
        sg_buf_puts(out, ", ");
        put_text(out, f->text);
    }
    if (sg_checking_application(c, f)) {
        sg_buf_puts(out, ", application ");
        put_text(out, sg_checking_application(c, f));
    }
    if (kind->is_weak)
        sg_buf_puts(out, " [adds nothing to the weight]\n");
    else
        sg_buf_printf(out, " [weight %.3g]\n", f->weight);
    put_refs(out, c, f);
    sg_buf_printf(out, "      innocent: %s\n", rule->innocent);
}

static void put_decision(struct sg_buf *out, const struct sg_checking *c,
                         const struct sg_redflags_identity *identity)
{
    uint32_t news;
    const struct sg_decision *d = sg_checking_decision(&news, c, identity);
    if (!d || d->word == SG_DECISION_OPEN)
        return;
    sg_buf_printf(out, "  decided: %s", sg_decision_name(d->word));
    const struct {
        const char *before, *text;
    } parts[] = {{" by ", d->reviewer}, {" on ", d->date}, {": ", d->note}};
    for (size_t i = 0; i < 3; i++)
        if (*parts[i].text) {
            sg_buf_puts(out, parts[i].before);
            put_text(out, parts[i].text);
        }
    for (unsigned r = 0; r < SG_RED_COUNT; r++)
        if (news >> r & 1u)
            sg_buf_printf(out, "%s %s",
                          news & ((1u << r) - 1) ? "," : "; new since:", sg_redrule_kind(r)->name);
    sg_buf_putc(out, '\n');
}

static void put_identity(struct sg_buf *out, const struct sg_checking *c,
                         const struct sg_redflags_identity *identity)
{
    sg_buf_printf(out, "\n%s  ",
                  identity->is_alert        ? "ALERT"
                  : identity->is_sanctioned ? "SANCTIONED PAYOUT"
                                            : "below an alert");
    for (uint32_t i = 0; i < identity->n_records; i++) {
        sg_buf_puts(out, i ? ", " : "");
        put_text(out, sg_redflags_record_id(c->flags, identity->records[i]));
    }
    sg_buf_printf(out, "  weight %.3g from %u classes\n", identity->weight, identity->n_classes);
    put_decision(out, c, identity);
    for (uint32_t i = 0; i < identity->n_findings; i++)
        put_finding(out, c, &identity->findings[i]);
    const uint32_t missing = sg_checking_missing(c, identity);
    sg_buf_puts(out, missing ? "      not testable:" : "      not testable: nothing");
    for (unsigned r = 0; r < SG_RED_COUNT; r++)
        if (missing >> r & 1u)
            sg_buf_printf(out, "%s %s", missing & ((1u << r) - 1) ? "," : "",
                          sg_redrule_kind(r)->name);
    sg_buf_putc(out, '\n');
}

void sg_checking_text(struct sg_buf *out, const struct sg_checking *c)
{
    put_head(out, c);
    put_placeholders(out, c);
    put_untestable(out, c);
    sg_checking_base_rate(out, c);
    for (uint32_t i = 0; i < c->n_order; i++) {
        struct sg_redflags_identity identity;
        sg_redflags_identity(&identity, c->flags, c->order[i]);
        if (sg_checking_shows(c, &identity))
            put_identity(out, c, &identity);
    }
}
