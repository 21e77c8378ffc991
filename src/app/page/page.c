#include "app/page/page.h"

#include "app/svg/svg.h"
#include "base/civil.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define DAY_S 86400

/* Identifiers up to this many characters are shown whole. */
#define ID_WHOLE_MAX 16

static const char style_screen[] =
    "html{-webkit-text-size-adjust:100%}\n"
    "body{margin:0;background:#fff;color:#22272e;font:16px/1.5 system-ui,-apple-system,'Segoe "
    "UI',Roboto,'Liberation Sans',Arial,sans-serif}\n"
    "main{max-width:1080px;margin:0 auto;padding:28px 24px 60px}\n"
    "h1{font-size:17px;font-weight:600;margin:0 0 4px;color:#555d66}\n"
    "h2{font-size:21px;line-height:1.3;margin:44px 0 10px;padding-top:14px;border-top:1px solid "
    "#c9cfd6}\nh3{font-size:16px;margin:22px 0 6px}\n"
    "p{margin:8px 0;max-width:76ch}\n.lead{font-size:23px;line-height:1.4;margin:10px 0 18px;"
    "max-width:62ch}\n.dim,figcaption,caption{color:#555d66}\n.small,figcaption{font-size:14px}\n"
    "nav{font-size:14px;margin:14px 0;display:flex;flex-wrap:wrap;gap:2px 16px}\n"
    "a{color:#0b5394}\nfigure{margin:16px 0 8px}\n"
    ".wide{overflow-x:auto;-webkit-overflow-scrolling:touch}\n.wide>svg{min-width:760px}\n"
    "table{border-collapse:collapse;width:100%;font-size:15px;font-variant-numeric:tabular-nums}\n"
    "caption{text-align:left;font-size:14px;padding:0 0 6px}\n"
    "th,td{text-align:left;vertical-align:top;padding:5px 14px 5px 0;border-bottom:1px solid "
    "#e3e6ea}\nth{font-weight:600;border-bottom-color:#8a929b;white-space:nowrap}\n"
    "td.n,th.n{text-align:right;white-space:nowrap}\ntd.t{white-space:nowrap}\n"
    "tr>:last-child{padding-right:0}\ntr.sum td{font-weight:600;border-bottom-color:#8a929b}\n"
    "code{font:0.9em ui-monospace,'SF Mono','Liberation Mono',Menlo,Consolas,monospace}\n"
    ".id{overflow-wrap:anywhere}\n.short{white-space:nowrap}\n"
    ".facts{display:flex;flex-wrap:wrap;gap:10px 30px;margin:0;padding:12px 0;border-top:1px solid "
    "#c9cfd6;border-bottom:1px solid #c9cfd6}\n.facts div{min-width:110px}\n"
    ".facts dt{font-size:14px;color:#555d66}\n.facts dd{margin:0;font-size:18px;line-height:1.35;"
    "font-variant-numeric:tabular-nums}\n.facts small{display:block;font-size:14px;color:#555d66}\n"
    ".key{display:inline-block;width:12px;height:12px;margin-right:7px;vertical-align:-1px}\n"
    "details{margin:6px 0}\nsummary{cursor:pointer;padding:3px 0}\n"
    ".card{border:1px solid #8a929b;padding:10px 16px 12px;margin:14px 0}\n.card h3{margin:2px 0 "
    "6px}\n.card dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 18px;margin:8px 0}\n"
    ".card dt{color:#555d66}\n.card dd{margin:0}\n"
    ".line{max-width:none;font-size:14px;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}"
    "\n";

static const char style_narrow[] =
    "@media (max-width:640px){main{padding:18px 14px 40px}.lead{font-size:19px}h2{font-size:19px;"
    "margin-top:34px}table{font-size:14px}th,td{padding-right:10px}.card{padding:8px 10px}"
    ".card dl{grid-template-columns:1fr}.card dd{margin:0 0 6px}}\n";

static const char style_print[] =
    "@page{size:A4;margin:15mm 14mm}\n"
    "@media print{body{font-size:10pt}main{max-width:none;padding:0}nav{display:none}"
    ".lead{font-size:14pt}h2{font-size:13pt;margin-top:16pt;break-after:avoid}h3{font-size:10.5pt;"
    "break-after:avoid}table{font-size:8.5pt}.small,figcaption,caption,.line{font-size:8.5pt}"
    ".facts{gap:6pt 16pt}.facts div{min-width:0}.facts dd{font-size:11pt}.facts small,.facts "
    "dt{font-size:8.5pt}a{color:inherit;"
    "text-decoration:none}figure,tr,.hashes "
    "div{break-inside:avoid}thead{display:table-header-group}"
    ".wide{overflow:visible}.wide>svg{min-width:0}.page{break-before:page}"
    ".card dl{grid-template-columns:26mm 1fr;font-size:9pt}.hashes,.hashes "
    ".small,table.list{font-size:7.5pt}"
    "table.list td{padding:1.5pt 8pt 1.5pt 0}"
    "details::details-content{content-visibility:visible;display:block;block-size:auto}"
    "summary{list-style:none;font-weight:600}"
    "body{-webkit-print-color-adjust:exact;print-color-adjust:exact}}\n";

void sg_page_begin(struct sg_buf *out, const char *title)
{
    sg_buf_puts(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                     "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                     "style-src 'unsafe-inline'\">\n<title>");
    sg_page_text(out, title);
    sg_buf_puts(out, "</title>\n<style>\n");
    sg_buf_puts(out, style_screen);
    sg_svg_css(out);
    sg_buf_puts(out, style_narrow);
    sg_buf_puts(out, style_print);
    sg_buf_puts(out, "</style>\n</head>\n<body>\n");
    sg_svg_defs(out);
    sg_buf_puts(out, "<main>\n");
}

void sg_page_end(struct sg_buf *out)
{
    sg_buf_puts(out, "</main>\n</body>\n</html>\n");
}

void sg_page_text(struct sg_buf *out, const char *text)
{
    if (text)
        sg_buf_html(out, text, strlen(text));
}

void sg_page_section(struct sg_buf *out, const char *id, const char *heading)
{
    sg_buf_printf(out, "<section id=\"%s\">\n<h2>%s</h2>\n", id, heading);
}

/* Copy digits up to the point with commas between groups of three, then the rest as it is. */
static void group_digits(char *text, size_t capacity, const char *plain)
{
    const size_t whole = strcspn(plain, ".");
    size_t n = 0;
    for (size_t i = 0; plain[i] && n + 2 < capacity; i++) {
        if (i > 0 && i < whole && (whole - i) % 3 == 0)
            text[n++] = ',';
        text[n++] = plain[i];
    }
    text[n] = 0;
}

static struct sg_amount power_of_ten(unsigned exponent)
{
    struct sg_amount power = sg_amount_from(1);
    for (unsigned i = 0; i < exponent; i++)
        if (!sg_amount_mul(&power, power, 10))
            break;
    return power;
}

/* amount / step, rounded half up. */
static struct sg_amount round_to(struct sg_amount amount, struct sg_amount step)
{
    struct sg_amount rest, to_next = {0};
    struct sg_amount rounded = sg_amount_mul_div(&rest, amount, sg_amount_from(1), step);
    const bool ok = sg_amount_sub(&to_next, step, rest);
    assert(ok); /* a remainder is below its divisor */
    if (ok && sg_amount_cmp(rest, to_next) >= 0 &&
        !sg_amount_add(&rounded, rounded, sg_amount_from(1)))
        return rounded; /* the largest amount: nothing is above it */
    return rounded;
}

char *sg_page_amount(char text[SG_PAGE_TEXT_MAX], struct sg_amount amount, unsigned decimals,
                     unsigned shown)
{
    char plain[SG_AMOUNT_TEXT_MAX];
    const unsigned kept = shown < decimals ? shown : decimals;
    const struct sg_amount rounded = round_to(amount, power_of_ten(decimals - kept));
    if (sg_amount_is_zero(rounded) && !sg_amount_is_zero(amount)) {
        snprintf(text, SG_PAGE_TEXT_MAX, "< %s", sg_amount_format(plain, sg_amount_from(1), kept));
        return text;
    }
    group_digits(text, SG_PAGE_TEXT_MAX, sg_amount_format(plain, rounded, kept));
    return text;
}

char *sg_page_percent(char text[SG_PAGE_TEXT_MAX], struct sg_amount part, struct sg_amount whole)
{
    struct sg_amount times = part, rest = whole;
    snprintf(text, SG_PAGE_TEXT_MAX, "n/a");
    /* In base units of real assets the product fits; where it does not, both lose digits alike. */
    while (!sg_amount_mul(&times, part, 10000)) {
        part = sg_amount_mul_div(NULL, part, sg_amount_from(1), sg_amount_from(10));
        rest = sg_amount_mul_div(NULL, rest, sg_amount_from(1), sg_amount_from(10));
    }
    if (sg_amount_is_zero(rest))
        return text;
    const struct sg_amount hundredths = round_to(times, rest);
    char plain[SG_AMOUNT_TEXT_MAX], grouped[SG_PAGE_TEXT_MAX - 4];
    group_digits(grouped, sizeof(grouped), sg_amount_format(plain, hundredths, 2));
    const bool tiny = sg_amount_is_zero(hundredths) && !sg_amount_is_zero(part);
    snprintf(text, SG_PAGE_TEXT_MAX, "%s %%", tiny ? "< 0.01" : grouped);
    return text;
}

char *sg_page_count(char text[SG_PAGE_TEXT_MAX], uint64_t count)
{
    return sg_page_amount(text, sg_amount_from(count), 0, 0);
}

char *sg_page_day(char text[SG_PAGE_TEXT_MAX], int64_t time_unix_s)
{
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    int64_t year;
    unsigned month, day;
    snprintf(text, SG_PAGE_TEXT_MAX, "unknown");
    if (time_unix_s == SG_TIME_UNKNOWN)
        return text;
    sg_civil_from_days(&year, &month, &day, time_unix_s / DAY_S - (time_unix_s % DAY_S < 0));
    snprintf(text, SG_PAGE_TEXT_MAX, "%u %s %" PRId64, day, months[month - 1], year);
    return text;
}

char *sg_page_minute(char text[SG_PAGE_TEXT_MAX], int64_t time_unix_s)
{
    char iso[SG_TIME_TEXT_MAX];
    sg_time_format(iso, time_unix_s);
    if (time_unix_s == SG_TIME_UNKNOWN || strlen(iso) < 17) {
        snprintf(text, SG_PAGE_TEXT_MAX, "%s", iso);
        return text;
    }
    snprintf(text, SG_PAGE_TEXT_MAX, "%.10s %.5s", iso, iso + 11);
    return text;
}

void sg_page_short_id(struct sg_buf *out, const char *text)
{
    const size_t size = strlen(text);
    if (size <= ID_WHOLE_MAX) {
        sg_page_full_id(out, text);
        return;
    }
    sg_buf_puts(out, "<code class=\"short\" title=\"");
    sg_page_text(out, text);
    sg_buf_puts(out, "\">");
    sg_buf_html(out, text, 8);
    sg_buf_puts(out, "\xe2\x80\xa6");
    sg_page_text(out, text + size - 6);
    sg_buf_puts(out, "</code>");
}

void sg_page_full_id(struct sg_buf *out, const char *text)
{
    sg_buf_puts(out, "<code class=\"id\">");
    sg_page_text(out, text);
    sg_buf_puts(out, "</code>");
}
