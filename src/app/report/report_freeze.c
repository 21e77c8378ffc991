/* The freeze list: one card a service, complete in itself, so that it can be copied or printed and
 * sent as it stands. */
#include "app/report/report_internal.h"

/* Whether there is somebody who can stop an account. */
static bool can_freeze(enum sg_report_kind kind)
{
    switch (kind) {
    case SG_REPORT_EXCHANGE:
    case SG_REPORT_BRIDGE:
    case SG_REPORT_SERVICE:
        return true;
    case SG_REPORT_THEFT:
    case SG_REPORT_PATH:
    case SG_REPORT_MIXER:
    case SG_REPORT_HELD:
    case SG_REPORT_UNSEEN:
    case SG_REPORT_FEE:
    case SG_REPORT_OTHER:
        return false;
    }
    return false;
}

static void say_state(struct sg_buf *out, const struct sg_report_deposit *deposit)
{
    char day[SG_PAGE_TEXT_MAX];
    switch (deposit->state) {
    case SG_REPORT_STATE_HELD:
        sg_buf_puts(out, "nothing left this address since, as far as the ledger covers it");
        return;
    case SG_REPORT_STATE_MOVED:
        sg_buf_printf(out, "moved on from this address, first on %s UTC",
                      sg_page_minute(day, deposit->moved_unix_s));
        return;
    case SG_REPORT_STATE_UNKNOWN:
        sg_buf_puts(out, "not known: the ledger does not cover this address");
        return;
    }
}

static void say_hashes(struct sg_buf *out, const struct sg_report_asset *asset,
                       const struct sg_report_destination *d,
                       const struct sg_report_deposit *deposit)
{
    char when[SG_PAGE_TEXT_MAX];
    sg_buf_puts(out, "<dd class=\"hashes\">");
    for (size_t i = 0; i < d->n_transfers && i < SG_REPORT_TRANSFERS_MAX; i++) {
        const struct sg_report_transfer *t = &d->transfers[i];
        if (t->to != deposit->address)
            continue;
        sg_buf_puts(out, "<div>");
        report_hash(out, asset, t->hash32);
        sg_buf_printf(out, " <span class=\"small dim\">%s UTC, ",
                      sg_page_minute(when, t->time_unix_s));
        report_amount(out, asset, t->amount, SHOWN_TABLE);
        sg_buf_puts(out, "</span></div>\n");
    }
    sg_buf_puts(out, "</dd>\n");
}

static void deposit_block(struct sg_buf *out, const struct sg_report_asset *asset,
                          const struct sg_report_destination *d,
                          const struct sg_report_deposit *deposit)
{
    char text[SG_PAGE_TEXT_MAX];
    sg_buf_puts(out, "<dl>\n<dt>Deposit address</dt><dd><strong>");
    sg_page_full_id(out, deposit->address);
    sg_buf_puts(out, "</strong></dd>\n<dt>Amount</dt><dd>");
    report_amount(out, asset, deposit->amount, SHOWN_TABLE);
    if (deposit->usd.known)
        sg_buf_printf(out, " (USD %s at the time)",
                      sg_page_amount(text, deposit->usd.usd_e8, SG_USD_DECIMALS, 0));
    sg_buf_printf(out, "</dd>\n<dt>Last seen</dt><dd>%s UTC</dd>\n<dt>Since then</dt><dd>",
                  sg_page_minute(text, deposit->last_unix_s));
    say_state(out, deposit);
    sg_buf_printf(out, "</dd>\n<dt>Transaction%s</dt>", deposit->n_transfers == 1 ? "" : "s");
    say_hashes(out, asset, d, deposit);
    sg_buf_puts(out, "</dl>\n");
}

static void card(struct sg_buf *out, const struct sg_report_asset *asset,
                 const struct sg_report_destination *d)
{
    sg_buf_puts(out, "<div class=\"card\">\n<h3>");
    sg_page_text(out, d->entity);
    sg_buf_puts(out, " (");
    sg_page_text(out, d->category);
    sg_buf_puts(out, "): ");
    report_amount(out, asset, d->amount, SHOWN_TABLE);
    sg_buf_printf(out, " at %zu deposit address%s</h3>\n", d->n_deposits,
                  d->n_deposits == 1 ? "" : "es");
    for (size_t i = 0; i < d->n_deposits; i++)
        deposit_block(out, asset, d, &d->deposits[i]);
    sg_buf_puts(out, "</div>\n");
}

static void say_nobody(struct sg_buf *out, const struct sg_report_destination *d, size_t *n)
{
    if (can_freeze(d->kind))
        return;
    sg_buf_puts(out, (*n)++ ? ", "
                            : "<p class=\"small dim\">Not on this list, because nobody there "
                              "keeps accounts that could be stopped: ");
    sg_page_text(out, d->entity);
}

void report_freeze(struct sg_buf *out, const struct sg_report *report)
{
    size_t n_cards = 0, n_nobody = 0;
    sg_page_section(out, "freeze", "Freeze list");
    sg_buf_puts(out, "<p>Ready to send: one block for each service, with what it needs to find the "
                     "account. An address is the service's, not the thief's: ask for the customer "
                     "behind the deposits.</p>\n");
    for (size_t i = 0; i < report->n_assets; i++)
        for (size_t k = 0; k < main_result(&report->assets[i])->n_destinations; k++) {
            const struct sg_report_destination *d =
                &main_result(&report->assets[i])->destinations[k];
            if (!can_freeze(d->kind))
                continue;
            card(out, &report->assets[i], d);
            n_cards++;
        }
    if (n_cards == 0)
        sg_buf_puts(out,
                    "<p>No service that keeps accounts is seen to have taken this money.</p>\n");
    for (size_t i = 0; i < report->n_assets; i++)
        for (size_t k = 0; k < main_result(&report->assets[i])->n_destinations; k++)
            say_nobody(out, &main_result(&report->assets[i])->destinations[k], &n_nobody);
    sg_buf_puts(out, n_nobody ? ".</p>\n</section>\n" : "</section>\n");
}
