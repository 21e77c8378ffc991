/* What the parts of a report write alike. */
#include "app/report/report_internal.h"

#include "base/hex.h"

struct sg_amount report_whole(const struct sg_report_result *result)
{
    struct sg_amount sum = result->stolen;
    /* Conservation keeps it in range; above it a share of the stolen amount alone is shown. */
    if (!sg_amount_add(&sum, sum, result->converted_in))
        return result->stolen;
    return sum;
}

bool report_is_quiet(const struct sg_report_asset *asset)
{
    const struct sg_report_result *r = main_result(asset);
    return sg_amount_is_zero(r->reached) && sg_amount_is_zero(r->held) &&
           sg_amount_is_zero(r->unobserved);
}

const char *report_class(enum sg_report_kind kind)
{
    switch (kind) {
    case SG_REPORT_THEFT:
        return "s-theft";
    case SG_REPORT_PATH:
        return "s-path";
    case SG_REPORT_MIXER:
        return "s-mixer";
    case SG_REPORT_EXCHANGE:
        return "s-exchange";
    case SG_REPORT_BRIDGE:
        return "s-bridge";
    case SG_REPORT_SERVICE:
        return "s-service";
    case SG_REPORT_HELD:
        return "s-held";
    case SG_REPORT_UNSEEN:
        return "s-unseen";
    case SG_REPORT_FEE:
        return "s-fee";
    case SG_REPORT_OTHER:
        return "s-other";
    }
    return "s-other";
}

void report_amount(struct sg_buf *out, const struct sg_report_asset *asset, struct sg_amount amount,
                   unsigned shown)
{
    char text[SG_PAGE_TEXT_MAX];
    sg_page_text(out, sg_page_amount(text, amount, asset->decimals, shown));
    sg_buf_puts(out, "\xc2\xa0");
    sg_page_text(out, asset->symbol);
}

void report_amount_cell(struct sg_buf *out, const struct sg_report_asset *asset,
                        struct sg_amount amount)
{
    char text[SG_PAGE_TEXT_MAX];
    sg_buf_puts(out, "<td class=\"n\">");
    sg_page_text(out, sg_page_amount(text, amount, asset->decimals, SHOWN_TABLE));
    sg_buf_puts(out, "</td>");
}

void report_usd_cell(struct sg_buf *out, struct sg_report_usd usd)
{
    char text[SG_PAGE_TEXT_MAX];
    if (!usd.known) {
        sg_buf_puts(out, "<td class=\"n dim\">no price</td>");
        return;
    }
    sg_buf_puts(out, "<td class=\"n\">");
    sg_page_text(out, sg_page_amount(text, usd.usd_e8, SG_USD_DECIMALS, 0));
    sg_buf_puts(out, "</td>");
}

void report_hash(struct sg_buf *out, const struct sg_report_asset *asset, const uint8_t hash32[32])
{
    char hex[72];
    sg_buf_printf(out, "<code class=\"id\">%s%s</code>", asset->outputs ? "" : "0x",
                  sg_hex_encode(hex, hash32, 32));
}

void report_minute_cell(struct sg_buf *out, int64_t time_unix_s)
{
    char text[SG_PAGE_TEXT_MAX];
    sg_buf_printf(out, "<td class=\"t\">%s</td>", sg_page_minute(text, time_unix_s));
}
