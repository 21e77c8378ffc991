/* docs/api/workers_check.json. */
#include "app/checking/checking_internal.h"

#include "base/jsonw.h"

static void put_rules(struct sg_jsonw *w, const struct sg_checking *c)
{
    sg_jsonw_key(w, "rules");
    sg_jsonw_begin_array(w);
    for (unsigned r = 0; r < SG_RED_COUNT; r++) {
        const struct sg_redrule *rule = &c->rules.rules[r];
        const struct sg_redrule_kind *kind = sg_redrule_kind(r);
        const struct sg_redflags_common common = sg_redflags_common(c->flags, r);
        sg_jsonw_begin_object(w);
        sg_jsonw_kv_string(w, "rule", kind->name);
        sg_jsonw_kv_string(w, "class", sg_redclass_name(kind->redclass));
        sg_jsonw_kv_bool(w, "counts", !kind->is_weak);
        sg_jsonw_kv_bool(w, "enabled", rule->enabled);
        sg_jsonw_key(w, "weight");
        sg_jsonw_double(w, rule->weight);
        sg_jsonw_kv_string(w, "title", rule->title);
        sg_jsonw_kv_string(w, "needs", rule->needs);
        sg_jsonw_kv_string(w, "source", rule->source);
        sg_jsonw_kv_string(w, "innocent", rule->innocent);
        sg_jsonw_kv_uint(w, "testable", c->n_testable[r]);
        sg_jsonw_kv_uint(w, "found", c->n_found[r]);
        sg_jsonw_kv_uint(w, "public_values", common.values);
        sg_jsonw_kv_uint(w, "public_most", common.most);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
}

static void put_finding(struct sg_jsonw *w, const struct sg_checking *c,
                        const struct sg_redflags_finding *f)
{
    const struct sg_redrule_kind *kind = sg_redrule_kind(f->rule);
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_string(w, "rule", kind->name);
    sg_jsonw_kv_string(w, "class", sg_redclass_name(kind->redclass));
    sg_jsonw_kv_string(w, "application", sg_checking_application(c, f));
    sg_jsonw_kv_bool(w, "counts", !kind->is_weak);
    sg_jsonw_key(w, "weight");
    sg_jsonw_double(w, f->weight);
    sg_jsonw_kv_uint(w, "number", f->number);
    sg_jsonw_kv_string(w, "unit", sg_checking_unit(f->rule));
    sg_jsonw_kv_uint(w, "of", f->of);
    sg_jsonw_kv_string(w, "value", f->text);
    sg_jsonw_kv_string(w, "innocent", c->rules.rules[f->rule].innocent);
    sg_jsonw_kv_uint(w, "rows_in_all", f->n_refs);
    sg_jsonw_key(w, "rows");
    sg_jsonw_begin_array(w);
    for (uint32_t i = 0; i < checking_refs(f); i++) {
        sg_jsonw_begin_object(w);
        sg_jsonw_kv_string(w, "record", sg_redflags_record_id(c->flags, f->refs[i].record));
        sg_jsonw_kv_string(w, "table", f->refs[i].is_event ? "events" : "people");
        sg_jsonw_kv_uint(w, "row", f->refs[i].row);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
    sg_jsonw_end_object(w);
}

static void put_rule_names(struct sg_jsonw *w, const char *key, uint32_t rules)
{
    sg_jsonw_key(w, key);
    sg_jsonw_begin_array(w);
    for (unsigned r = 0; r < SG_RED_COUNT; r++)
        if (rules >> r & 1u)
            sg_jsonw_string(w, sg_redrule_kind(r)->name);
    sg_jsonw_end_array(w);
}

static void put_classes(struct sg_jsonw *w, uint32_t classes)
{
    sg_jsonw_key(w, "classes");
    sg_jsonw_begin_array(w);
    for (unsigned k = 0; k < SG_CLASS_COUNT; k++)
        if (classes >> k & 1u)
            sg_jsonw_string(w, sg_redclass_name(k));
    sg_jsonw_end_array(w);
}

static void put_decision(struct sg_jsonw *w, const struct sg_checking *c,
                         const struct sg_redflags_identity *identity)
{
    uint32_t news;
    const struct sg_decision *d = sg_checking_decision(&news, c, identity);
    sg_jsonw_key(w, "decision");
    if (!d) {
        sg_jsonw_null(w);
        return;
    }
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_string(w, "record", d->record_id);
    sg_jsonw_kv_string(w, "decision", sg_decision_name(d->word));
    sg_jsonw_kv_string(w, "reviewer", d->reviewer);
    sg_jsonw_kv_string(w, "date", d->date);
    sg_jsonw_kv_string(w, "note", d->note);
    put_rule_names(w, "new_since", news);
    sg_jsonw_end_object(w);
}

static void put_identity(struct sg_jsonw *w, const struct sg_checking *c,
                         const struct sg_redflags_identity *identity)
{
    sg_jsonw_begin_object(w);
    sg_jsonw_key(w, "records");
    sg_jsonw_begin_array(w);
    for (uint32_t i = 0; i < identity->n_records; i++)
        sg_jsonw_string(w, sg_redflags_record_id(c->flags, identity->records[i]));
    sg_jsonw_end_array(w);
    sg_jsonw_kv_bool(w, "alert", identity->is_alert);
    sg_jsonw_kv_bool(w, "sanctioned_payout", identity->is_sanctioned);
    sg_jsonw_key(w, "weight");
    sg_jsonw_double(w, identity->weight);
    put_classes(w, identity->classes);
    sg_jsonw_key(w, "findings");
    sg_jsonw_begin_array(w);
    for (uint32_t i = 0; i < identity->n_findings; i++)
        put_finding(w, c, &identity->findings[i]);
    sg_jsonw_end_array(w);
    put_rule_names(w, "not_testable", sg_checking_missing(c, identity));
    put_decision(w, c, identity);
    sg_jsonw_end_object(w);
}

static void put_table(struct sg_jsonw *w, const struct sg_checking_table *table)
{
    sg_jsonw_key(w, table->name);
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_uint(w, "rows", table->rows);
    sg_jsonw_kv_uint(w, "bad", table->bad);
    sg_jsonw_key(w, "first_bad");
    sg_jsonw_begin_array(w);
    for (uint64_t i = 0; i < table->bad && i < SG_CHECKING_BAD_MAX; i++) {
        sg_jsonw_begin_object(w);
        sg_jsonw_kv_uint(w, "row", table->first_bad[i].row);
        sg_jsonw_kv_string(w, "reason", table->first_bad[i].reason);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
    sg_jsonw_kv_uint(w, "columns_not_read", table->ignored);
    sg_jsonw_end_object(w);
}

static void put_rate(struct sg_jsonw *w, uint64_t prior, double recall, double false_alarms)
{
    sg_jsonw_begin_object(w);
    sg_jsonw_key(w, "recall");
    sg_jsonw_double(w, recall);
    sg_jsonw_key(w, "false_alarms");
    sg_jsonw_double(w, false_alarms);
    sg_jsonw_key(w, "share_true");
    sg_jsonw_double(w, sg_checking_share_true(prior, recall, false_alarms));
    sg_jsonw_end_object(w);
}

static void put_base_rate(struct sg_jsonw *w, const struct sg_checking *c)
{
    sg_jsonw_key(w, "base_rate");
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_uint(w, "one_in", c->options.prior);
    sg_jsonw_key(w, "example");
    put_rate(w, c->options.prior, CHECKING_EXAMPLE_RECALL, CHECKING_EXAMPLE_FALSE);
    sg_jsonw_key(w, "measured");
    if (c->rules.is_measured)
        put_rate(w, c->options.prior, c->rules.measured_recall, c->rules.measured_false_alarms);
    else
        sg_jsonw_null(w);
    sg_jsonw_end_object(w);
}

void sg_checking_json(struct sg_buf *out, const struct sg_checking *c)
{
    struct sg_jsonw w;
    sg_jsonw_init(&w, out);
    sg_jsonw_begin_object(&w);
    sg_jsonw_kv_string(&w, "method", "red-flags 2");
    put_table(&w, &c->tables[0]);
    put_table(&w, &c->tables[1]);
    sg_jsonw_kv_uint(&w, "identities", sg_redflags_count(c->flags));
    sg_jsonw_kv_uint(&w, "placeholders", sg_redflags_placeholders(c->flags).values);
    sg_jsonw_kv_uint(&w, "placeholder_most", sg_redflags_placeholders(c->flags).most);
    sg_jsonw_kv_uint(&w, "alerts", c->n_alerts);
    sg_jsonw_kv_uint(&w, "decided", c->n_decided);
    sg_jsonw_kv_uint(&w, "below_an_alert", c->n_below);
    sg_jsonw_kv_uint(&w, "sanctioned_payouts", c->n_sanctioned);
    sg_jsonw_key(&w, "alert_weight");
    sg_jsonw_double(&w, c->rules.alert_weight);
    put_base_rate(&w, c);
    put_rules(&w, c);
    sg_jsonw_key(&w, "shown");
    sg_jsonw_begin_array(&w);
    for (uint32_t i = 0; i < c->n_order; i++) {
        struct sg_redflags_identity identity;
        sg_redflags_identity(&identity, c->flags, c->order[i]);
        if (sg_checking_shows(c, &identity))
            put_identity(&w, c, &identity);
    }
    sg_jsonw_end_array(&w);
    sg_jsonw_end_object(&w);
    sg_buf_putc(out, '\n');
}
