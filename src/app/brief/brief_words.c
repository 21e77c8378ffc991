/* Sentences: what was covered, whether an unknown order matters, what to keep in mind. */
#include "app/brief/brief_internal.h"

#include "app/page/page.h"

#include <inttypes.h>

#define SENTENCES_MAX 64

struct sentences {
    const char **items;
    size_t n;
    bool failed;
};

static void say(struct sentences *s, const char *text)
{
    if (!text)
        s->failed = true;
    else if (s->n < SENTENCES_MAX)
        s->items[s->n++] = text;
}

static const char *span_text(const struct brief *b, uint32_t asset, const char *what,
                             struct sg_trace_span span)
{
    char low[SG_PAGE_TEXT_MAX], high[SG_PAGE_TEXT_MAX];
    const struct sg_trace_asset *a = &b->trace->assets[asset];
    sg_page_amount(low, span.low, a->decimals, 6);
    sg_page_amount(high, span.high, a->decimals, 6);
    if (sg_amount_cmp(span.low, span.high) == 0)
        return brief_printf(b->arena, "%s does not change: %s %s.", what, low, a->symbol);
    return brief_printf(b->arena, "%s lies between %s and %s %s.", what, low, high, a->symbol);
}

static void say_order(struct sentences *s, const struct brief *b, const struct sg_trace_order *o)
{
    say(s,
        brief_printf(b->arena,
                     "Policy %s, %s: in %" PRIu64 " blocks the sources do not say in which order "
                     "two or more followed transactions ran. The figures are those of the file's "
                     "order; %zu other orders were run, and in at most %" PRIu64
                     " blocks the other order was impossible.",
                     sg_policy_name(o->policy), b->trace->assets[o->asset].symbol, o->blocks,
                     o->orders, o->blocks_kept));
    say(s, span_text(b, o->asset, "What reached services", o->destinations));
    say(s, span_text(b, o->asset, "What is held", o->held));
    say(s, span_text(b, o->asset, "What cannot be seen", o->unobserved));
    say(s, span_text(b, o->asset, "Fees", o->fees));
}

static void say_orders(struct sentences *s, const struct brief *b)
{
    for (size_t i = 0; i < b->trace->n_orders; i++)
        if (b->trace->orders[i].policy == b->main->policy)
            say_order(s, b, &b->trace->orders[i]);
    if (s->n > 0)
        return;
    say(s, b->trace->coverage.order_unknown_blocks == 0
               ? "Every block gives the order of its transactions; no figure depends on a guess."
               : "Some blocks do not give the order of their transactions; the file's order was "
                 "kept, and other orders were not tried.");
}

/* Blocks say all that happened in them, and nothing of those that are missing. */
static void say_blocks(struct sentences *s, const struct brief *b)
{
    const struct sg_trace *t = b->trace;
    say(s, brief_printf(b->arena,
                        "Stolen money reached %" PRIu64 " addresses that are no services; the "
                        "ledger shows all that they did in its blocks.",
                        t->coverage.addresses));
    if (t->gaps)
        say(s, brief_printf(b->arena,
                            "Blocks are missing between those of the ledger in %" PRIu64
                            " places; what was spent there is not seen.",
                            t->gaps));
}

static void say_coverage(struct sentences *s, const struct brief *b)
{
    const struct sg_trace *t = b->trace;
    if (t->is_outputs)
        say_blocks(s, b);
    else
        say(s, brief_printf(b->arena,
                            "Stolen money reached %" PRIu64 " addresses that are no services; of "
                            "these %" PRIu64 " are covered by the ledger for native transfers.",
                            t->coverage.addresses, t->coverage.covered));
    if (t->coverage.fees_unknown)
        say(s, brief_printf(b->arena,
                            "%" PRIu64 " transactions of followed addresses have no known fee; it "
                            "counts as zero.",
                            t->coverage.fees_unknown));
    if (t->seeds_by_time)
        say(s, brief_printf(b->arena,
                            "%zu seeds enter by their time, because the ledger does not hold their "
                            "transaction.",
                            t->seeds_by_time));
    for (size_t i = 0; i < t->n_absent && i < 8; i++)
        say(s, brief_printf(b->arena, "The case names %s, which never occurs in the ledger.",
                            b->addresses[t->absent[i]]));
    if (t->n_absent > 8)
        say(s, brief_printf(b->arena, "So do %zu more addresses of the case.", t->n_absent - 8));
}

static void say_caveats(struct sentences *s, bool outputs)
{
    say(s, "Tracing stops at a service. Who owns an account there, only the service can say.");
    say(s,
        "Labels are the reading of the sources that the case names; a wrong label moves money to "
        "the wrong line.");
    say(s, "Held means: not seen to leave up to the last covered block. Unobserved means: not "
           "covered, and never unspent.");
    say(s, "Which of mixed money is the stolen part is a rule, not a fact of the chain; the range "
           "shows what the choice changes.");
    if (outputs)
        say(s, "Which transaction is a CoinJoin is judged by the rules of its protocol, and which "
               "owners are one, if that was asked for, by their spending together.");
    say(s, "A report says where money went. It does not decide about a person.");
}

enum sg_status brief_sentences(struct sg_report *report, struct brief *b, struct sg_err *err)
{
    struct sentences all[3] = {{0}};
    for (size_t i = 0; i < 3; i++) {
        all[i].items = sg_arena_alloc(b->arena, SENTENCES_MAX, sizeof(*all[i].items));
        if (!all[i].items)
            return sg_err_nomem(err);
    }
    say_orders(&all[0], b);
    say_coverage(&all[1], b);
    say_caveats(&all[2], b->trace->is_outputs);
    if (all[0].failed || all[1].failed || all[2].failed)
        return sg_err_nomem(err);
    report->order = all[0].items;
    report->n_order = all[0].n;
    report->coverage = all[1].items;
    report->n_coverage = all[1].n;
    report->caveats = all[2].items;
    report->n_caveats = all[2].n;
    return SG_OK;
}
