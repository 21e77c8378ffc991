#include "app/payrollpage.h"

#include "app/page/page.h"

/* What the page is made from; the first failure of the ledger is kept. */
struct sheet {
    struct sg_buf *out;
    const struct sg_ledger *ledger;
    const struct sg_payroll *payroll;
    const struct sg_payroll_options *options;
    enum sg_status status;
    struct sg_err *err;
};

static void put_count(struct sheet *s, uint64_t count)
{
    char text[SG_PAGE_TEXT_MAX];
    sg_buf_puts(s->out, sg_page_count(text, count));
}

static void put_value(struct sheet *s, sg_payroll_value value)
{
    char text[SG_PAGE_TEXT_MAX];
    sg_buf_puts(s->out, sg_page_amount(text, sg_amount_from(value), 6, 0));
}

static void put_percent(struct sheet *s, sg_payroll_value part, sg_payroll_value whole)
{
    char text[SG_PAGE_TEXT_MAX];
    sg_buf_puts(s->out, sg_page_percent(text, sg_amount_from(part), sg_amount_from(whole)));
}

static void put_address(struct sheet *s, struct sg_addr_id id, bool full)
{
    struct sg_address address;
    char text[SG_ADDRESS_TEXT_MAX];
    if (s->status == SG_OK)
        s->status = s->ledger->ops->addrs(s->ledger->self, &address, &id, 1, s->err);
    if (s->status != SG_OK)
        return;
    sg_address_format(text, s->ledger->chain, &address);
    (full ? sg_page_full_id : sg_page_short_id)(s->out, text);
}

static void put_member(struct sheet *s, const struct sg_payroll_member *m)
{
    sg_buf_puts(s->out, "<tr><td>");
    put_address(s, m->payee, false);
    sg_buf_puts(s->out, "</td><td>");
    put_address(s, m->payer, false);
    sg_buf_printf(s->out, "</td><td class=\"n\">%u of %u</td><td class=\"n\">", m->n_arrived,
                  m->n_pays);
    put_value(s, m->arrived);
    sg_buf_puts(s->out, "</td><td class=\"n\">");
    put_percent(s, m->arrived, m->paid);
    sg_buf_printf(s->out, "</td><td class=\"n\">%u</td></tr>\n", m->hops);
}

static void put_collector(struct sheet *s, const struct sg_payroll_collector *c)
{
    sg_buf_puts(s->out, "<h3>");
    put_address(s, c->addr, true);
    sg_buf_printf(s->out, "</h3>\n<p>Salaries of %u payees arrive here: ", c->n_members);
    put_value(s, c->arrived);
    sg_buf_puts(s->out, " of the ");
    put_value(s, c->inflow);
    sg_buf_printf(s->out, " that it received; %u of its %u senders sent salaries on.",
                  c->n_salary_senders, c->n_senders);
    sg_buf_printf(s->out,
                  " Of %u other payees of the same payers, %u gather elsewhere with as many.</p>\n",
                  c->n_others, c->n_others_gather);
    sg_buf_puts(s->out,
                "<div class=\"wide\"><table><thead><tr><th>payee</th><th>payer</th><th "
                "class=\"n\">salaries arrived</th><th class=\"n\">value</th><th class=\"n\">of "
                "pay</th><th class=\"n\">hops</th></tr></thead><tbody>\n");
    for (uint32_t i = 0; i < c->n_members; i++)
        put_member(s, &s->payroll->members[c->first_member + i]);
    sg_buf_puts(s->out, "</tbody></table></div>\n");
}

static void put_head(struct sheet *s)
{
    const struct sg_payroll *p = s->payroll;
    sg_buf_puts(s->out, "<h1>Salaries that gather in one place</h1>\n<p class=\"lead\">");
    put_count(s, p->n_payers);
    sg_buf_puts(s->out, " payers pay ");
    put_count(s, p->n_payees);
    sg_buf_puts(s->out, " payees; at ");
    put_count(s, p->n_collectors);
    sg_buf_printf(s->out, " places the salaries of %u or more gather.</p>\n",
                  s->options->min_payees);
    if (!sg_payroll_is_thin(p))
        return;
    sg_buf_puts(s->out, "<p><strong>Coverage is too thin.</strong> The ledger is known to hold all "
                        "token transfers of ");
    put_count(s, p->n_covered);
    sg_buf_puts(s->out, " payees only. Where the others' money went may be missing, and a place "
                        "that is not listed is not cleared.</p>\n");
}

static void put_collectors(struct sheet *s)
{
    const struct sg_payroll *p = s->payroll;
    const size_t n = p->n_collectors < SG_PAYROLLPAGE_COLLECTORS_MAX
                         ? p->n_collectors
                         : SG_PAYROLLPAGE_COLLECTORS_MAX;
    sg_page_section(s->out, "places", "Places, and who gathers there");
    sg_buf_puts(s->out, "<p>Innocent readings come first: a family or a shared flat, a cash-out "
                        "agent, a landlord, a savings club. An address is not a person, and this "
                        "page decides about nobody.</p>\n");
    for (size_t i = 0; i < n; i++)
        put_collector(s, &p->collectors[i]);
    if (n < p->n_collectors)
        sg_buf_printf(s->out, "<p class=\"small dim\">%zu more are in the JSON.</p>\n",
                      p->n_collectors - n);
    sg_buf_puts(s->out, "</section>\n");
}

/* Series of one payer stand together. */
static void put_payers(struct sheet *s)
{
    const struct sg_payroll *p = s->payroll;
    sg_page_section(s->out, "payers", "Payers");
    sg_buf_puts(s->out,
                "<div class=\"wide\"><table><thead><tr><th>payer</th><th "
                "class=\"n\">series</th><th class=\"n\">every</th><th "
                "class=\"n\">a salary, the first payee's median</th></tr></thead><tbody>\n");
    for (size_t i = 0, end; i < p->n_series; i = end) {
        for (end = i + 1; end < p->n_series && p->series[end].payer.v == p->series[i].payer.v;)
            end++;
        sg_buf_puts(s->out, "<tr><td>");
        put_address(s, p->series[i].payer, false);
        sg_buf_printf(s->out,
                      "</td><td class=\"n\">%zu</td><td class=\"n\">%u days</td><td "
                      "class=\"n\">",
                      end - i, p->series[i].days);
        put_value(s, p->series[i].median);
        sg_buf_puts(s->out, "</td></tr>\n");
    }
    sg_buf_puts(s->out, "</tbody></table></div></section>\n");
}

static void put_basis(struct sheet *s)
{
    const struct sg_payroll_options *o = s->options;
    sg_page_section(s->out, "basis", "What this rests on");
    sg_buf_printf(s->out,
                  "<p>Method: payroll, version 1. Chain: %s. Salaries are followed over %u "
                  "transfers and %lld days; an address with more than %u senders is taken for a "
                  "service; %zu services were named by labels. Values are whole units of the "
                  "assets.</p>\n",
                  s->ledger->chain->name, o->hops_max, (long long)(o->window_s / 86400),
                  o->senders_max, o->n_services);
    sg_buf_printf(s->out,
                  "<p class=\"small dim\">Salaries not followed to the end: %u. State of "
                  "the ledger: ",
                  s->payroll->n_cut);
    for (size_t i = 0; i < sizeof(s->ledger->stats.state32); i++)
        sg_buf_printf(s->out, "%02x", s->ledger->stats.state32[i]);
    sg_buf_puts(s->out, ".</p></section>\n");
}

enum sg_status sg_payrollpage_write(struct sg_buf *out, const struct sg_ledger *ledger,
                                    const struct sg_payroll *payroll,
                                    const struct sg_payroll_options *options, struct sg_err *err)
{
    struct sheet s = {
        .out = out, .ledger = ledger, .payroll = payroll, .options = options, .err = err};
    sg_page_begin(out, "Salaries that gather in one place");
    put_head(&s);
    put_collectors(&s);
    put_payers(&s);
    put_basis(&s);
    sg_page_end(out);
    return s.status == SG_OK ? sg_buf_check(out, err) : s.status;
}
