/* The page: a bar for each part, then the tables and the rules that they rest on. */
#include "app/exposureout/exposureout_internal.h"
#include "app/page/page.h"
#include "app/svg/svg.h"
#include "base/hex.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define DIGITS_SHOWN 6u
#define WIDTH        SG_PX(1000)
#define LEFT         SG_PX(300)
#define RIGHT        SG_PX(760)
#define TOP          SG_PX(8)
#define ROW          SG_PX(28)
#define BAR          SG_PX(18)

/* Bars of one side at most; the rest is one bar. */
#define BARS_MAX 20u

static void amount(struct sg_buf *buf, const struct sg_exposureout *out, struct sg_amount a)
{
    char text[SG_PAGE_TEXT_MAX];
    sg_page_text(buf, sg_page_amount(text, a, out->asset.decimals, DIGITS_SHOWN));
}

static const char *fill_of(const struct sg_exposure_part *part)
{
    switch (part->what) {
    case SG_EXPOSURE_HELD:
        return "s-held";
    case SG_EXPOSURE_UNOBSERVED:
    case SG_EXPOSURE_BEYOND:
    case SG_EXPOSURE_SMALL:
        return "s-unseen";
    case SG_EXPOSURE_FEES:
        return "s-fee";
    case SG_EXPOSURE_ISSUED:
    case SG_EXPOSURE_OWN:
    case SG_EXPOSURE_SWAPPED:
        return "s-other";
    case SG_EXPOSURE_SERVICE:
        break;
    }
    const enum sg_category category = part->label ? part->label->category : SG_CATEGORY_OTHER;
    if (category == SG_CATEGORY_EXCHANGE)
        return "s-exchange";
    if (category == SG_CATEGORY_MIXER)
        return "s-mixer";
    return category == SG_CATEGORY_BRIDGE ? "s-bridge" : "s-service";
}

/* "Huobi (exchange)", "Ronin thief (depositor), held", "fees". */
static void bar_name(char *text, size_t capacity, const struct sg_exposure_part *part)
{
    const struct sg_exposure_label *label = part->what == SG_EXPOSURE_OWN ? NULL : part->label;
    const bool says_itself = part->what == SG_EXPOSURE_SERVICE || part->what == SG_EXPOSURE_FEES ||
                             part->what == SG_EXPOSURE_SWAPPED ||
                             part->what == SG_EXPOSURE_ISSUED || part->what == SG_EXPOSURE_OWN;
    snprintf(text, capacity, "%s%s%s%s%s%s", exposureout_name(part), label ? " (" : "",
             label ? sg_category_info(label->category)->name : "", label ? ")" : "",
             says_itself ? "" : ", ", says_itself ? "" : sg_exposure_what_name(part->what));
}

/* The direct part of a bar is full, the rest see-through. */
static void draw_bar(struct sg_buf *buf, const struct sg_exposureout *out,
                     const struct sg_exposure_side *side, const struct sg_exposure_part *part,
                     size_t row)
{
    const sg_px top = TOP + (sg_px)row * ROW, text_y = top + SG_PX(14);
    const struct sg_amount whole = sg_exposureout_whole(side);
    const uint32_t span = (uint32_t)(RIGHT - LEFT);
    const sg_px width = (sg_px)sg_amount_scale(span, part->amount, whole);
    const sg_px direct = (sg_px)sg_amount_scale(span, part->direct, whole);
    char name[SG_LABEL_TEXT_MAX + 64], cut[128], share[SG_PAGE_TEXT_MAX], figure[SG_PAGE_TEXT_MAX];
    char text[2 * SG_PAGE_TEXT_MAX + SG_SYMBOL_MAX + 16], class_name[32];
    bar_name(name, sizeof(name), part);
    sg_svg_text(buf, (struct sg_svg_point){LEFT - SG_PX(12), text_y}, SG_SVG_END, "s-text",
                sg_svg_text_fit(cut, sizeof(cut), name, 13, LEFT - SG_PX(24)));
    snprintf(class_name, sizeof(class_name), "%s s-flow", fill_of(part));
    sg_svg_rect(buf, (struct sg_svg_box){LEFT, top, width > 0 ? width : SG_PX(1), BAR}, class_name,
                name);
    sg_svg_rect(buf, (struct sg_svg_box){LEFT, top, direct, BAR}, fill_of(part), "direct");
    snprintf(text, sizeof(text), "%s, %s %s", sg_page_percent(share, part->amount, whole),
             sg_page_amount(figure, part->amount, out->asset.decimals, 2), out->asset.symbol);
    sg_svg_text(buf, (struct sg_svg_point){LEFT + width + SG_PX(10), text_y}, SG_SVG_START,
                "s-text", text);
}

static void chart(struct sg_buf *buf, const struct sg_exposureout *out,
                  const struct sg_exposure_side *side, bool is_in)
{
    const size_t n = side->n_parts < BARS_MAX ? side->n_parts : BARS_MAX;
    if (!n)
        return;
    sg_buf_puts(buf, "<figure class=\"wide\">\n");
    sg_svg_begin(buf, is_in ? "chart-in" : "chart-out", WIDTH, TOP + (sg_px)n * ROW,
                 is_in ? "Where the money came from" : "Where the money went",
                 "One bar for each part of the total; the full part of a bar is direct, the pale "
                 "part came over others. The table below has the same figures.");
    for (size_t i = 0; i < n; i++)
        draw_bar(buf, out, side, &side->parts[i], i);
    sg_svg_end(buf);
    sg_buf_puts(buf, "<figcaption>Full colour: direct; pale: over others in between.");
    if (side->n_parts > n)
        sg_buf_printf(buf, " %zu more parts are in the table.", side->n_parts - n);
    sg_buf_puts(buf, "</figcaption>\n</figure>\n");
}

static void evidence(struct sg_buf *buf, const struct sg_exposureout_place *place)
{
    char hash[2 * sizeof(place->hash32) + 3] = "0x";
    if (!place->address[0])
        return;
    sg_page_short_id(buf, place->address);
    if (!place->has_tx)
        return;
    sg_hex_encode(hash + 2, place->hash32, sizeof(place->hash32));
    sg_buf_puts(buf, " by ");
    sg_page_short_id(buf, hash);
}

static void part_row(struct sg_buf *buf, const struct sg_exposureout *out,
                     const struct sg_exposure_side *side, const struct sg_exposure_part *part,
                     const struct sg_exposureout_place *place)
{
    char text[SG_PAGE_TEXT_MAX];
    sg_buf_puts(buf, "<tr><td>");
    sg_page_text(buf, exposureout_name(part));
    if (part->label && part->what != SG_EXPOSURE_OWN) {
        sg_buf_puts(buf, "<br><span class=\"dim small\">");
        sg_page_text(buf, sg_category_info(part->label->category)->name);
        if (part->is_sanctioned && part->label->category != SG_CATEGORY_SANCTIONED)
            sg_buf_puts(buf, ", sanctioned");
        if (part->label->source) {
            sg_buf_puts(buf, "; <span class=\"id\">");
            sg_page_text(buf, part->label->source);
            sg_buf_puts(buf, "</span>");
        }
        sg_buf_puts(buf, "</span>");
    }
    sg_buf_printf(buf, "</td><td>%s</td><td class=\"n\">", sg_exposure_what_name(part->what));
    amount(buf, out, part->amount);
    sg_buf_printf(buf, "</td><td class=\"n\">%s</td><td class=\"n\">",
                  sg_page_percent(text, part->amount, sg_exposureout_whole(side)));
    amount(buf, out, part->direct);
    sg_buf_printf(buf, "</td><td class=\"n\">%" PRIu32 "</td><td class=\"n\">%zu</td><td>",
                  part->hops, part->n_addresses);
    evidence(buf, place);
    sg_buf_puts(buf, "</td></tr>\n");
}

/* What the words of the table mean, those that occur. */
static void meanings(struct sg_buf *buf, const struct sg_exposure_side *side, bool is_in)
{
    sg_buf_puts(buf, "<p class=\"dim small\">");
    for (size_t i = 0; i < side->n_parts; i++)
        if (i == 0 || side->parts[i].what != side->parts[i - 1].what)
            sg_buf_printf(buf, "%s<strong>%s</strong>: %s", i ? "; " : "",
                          sg_exposure_what_name(side->parts[i].what),
                          exposureout_meaning(side->parts[i].what, is_in));
    sg_buf_puts(buf, ".</p>\n");
}

static void parts_table(struct sg_buf *buf, const struct sg_exposureout *out,
                        const struct sg_exposure_side *side,
                        const struct sg_exposureout_place *places, bool is_in)
{
    sg_buf_printf(buf,
                  "<div class=\"wide\">\n<table>\n<caption>The parts add up to the total, to the "
                  "base unit.</caption>\n<thead><tr><th>Who</th><th>What</th><th "
                  "class=\"n\">Amount</th><th class=\"n\">Share</th><th class=\"n\">Direct</th>"
                  "<th class=\"n\">Hops</th><th class=\"n\">Addresses</th><th>Most of it "
                  "%s</th></tr></thead>\n<tbody>\n",
                  is_in ? "from" : "at");
    for (size_t i = 0; i < side->n_parts; i++)
        part_row(buf, out, side, &side->parts[i], &places[i]);
    sg_buf_puts(buf, "<tr class=\"sum\"><td>Total</td><td></td><td class=\"n\">");
    amount(buf, out, sg_exposureout_whole(side));
    sg_buf_puts(buf, "</td><td></td><td></td><td></td><td></td><td></td></tr>\n</tbody>\n</table>"
                     "\n</div>\n");
}

static void passed_table(struct sg_buf *buf, const struct sg_exposureout *out,
                         const struct sg_exposure_side *side)
{
    if (!side->n_passed)
        return;
    sg_buf_puts(buf, "<h3>Whom it passed on the way</h3>\n<div class=\"wide\">\n<table>\n<caption>"
                     "Named parties that passed it on. These amounts overlap; they are no parts of "
                     "the total.</caption>\n<thead><tr><th>Who</th><th>Category</th><th "
                     "class=\"n\">Amount</th><th class=\"n\">Hops</th><th class=\"n\">Addresses"
                     "</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < side->n_passed; i++) {
        const struct sg_exposure_passed *p = &side->passed[i];
        sg_buf_puts(buf, "<tr><td>");
        sg_page_text(buf, p->label->entity);
        sg_buf_printf(
            buf, "</td><td>%s%s</td><td class=\"n\">", sg_category_info(p->label->category)->name,
            p->is_sanctioned && p->label->category != SG_CATEGORY_SANCTIONED ? ", sanctioned" : "");
        amount(buf, out, p->amount);
        sg_buf_printf(buf, "</td><td class=\"n\">%" PRIu32 "</td><td class=\"n\">%zu</td></tr>\n",
                      p->hops, p->n_addresses);
    }
    sg_buf_puts(buf, "</tbody>\n</table>\n</div>\n");
}

static void side_section(struct sg_buf *buf, const struct sg_exposureout *out,
                         const struct sg_exposure_side *side,
                         const struct sg_exposureout_place *places, bool is_in)
{
    if (!side->is_asked)
        return;
    sg_page_section(buf, is_in ? "in" : "out",
                    is_in ? "Where the money came from" : "Where the money went");
    sg_buf_puts(buf, is_in ? "<p>All that came in, seen or not: " : "<p>All that was paid: ");
    amount(buf, out, side->total);
    sg_buf_putc(buf, ' ');
    sg_page_text(buf, out->asset.symbol);
    if (is_in)
        sg_buf_puts(buf, ". What a payment came from is divided over the receipts before it, in "
                         "proportion.</p>\n");
    else
        sg_buf_printf(buf, ". Followed by the rule of %s.</p>\n",
                      sg_policy_name(out->input->policy));
    chart(buf, out, side, is_in);
    parts_table(buf, out, side, places, is_in);
    if (side->n_parts)
        meanings(buf, side, is_in);
    passed_table(buf, out, side);
    sg_buf_puts(buf, "</section>\n");
}

static void fact(struct sg_buf *buf, const char *name, const char *value)
{
    sg_buf_printf(buf, "<div><dt>%s</dt><dd>", name);
    sg_page_text(buf, value);
    sg_buf_puts(buf, "</dd></div>\n");
}

static void head(struct sg_buf *buf, const struct sg_exposureout *out)
{
    const struct sg_exposure_input *in = out->input;
    char text[SG_PAGE_TEXT_MAX];
    sg_buf_puts(buf, "<h1>Exposure of an address</h1>\n<p class=\"lead\">");
    sg_page_full_id(buf, out->address);
    if (out->label) {
        sg_buf_puts(buf, "<br>known as ");
        sg_page_text(buf, out->label->entity);
        sg_buf_printf(buf, " (%s)", sg_category_info(out->label->category)->name);
    }
    sg_buf_puts(buf, "</p>\n<dl class=\"facts\">\n");
    fact(buf, "Chain", out->ledger->chain->name);
    fact(buf, "Asset", out->asset.symbol);
    snprintf(text, sizeof(text), "%" PRIu32, in->hops_max);
    fact(buf, "Hops at most", text);
    if (in->has_min)
        fact(buf, "Cut-off", sg_page_amount(text, in->min, out->asset.decimals, DIGITS_SHOWN));
    fact(buf, "As of",
         in->until_unix_s == INT64_MAX ? "all there is" : sg_page_minute(text, in->until_unix_s));
    fact(buf, "Labels", out->labels_dir ? out->labels_dir : "none");
    sg_buf_puts(buf, "</dl>\n");
}

static void rules(struct sg_buf *buf, const struct sg_exposureout *out)
{
    char text[2 * sizeof(out->ledger->stats.state32) + 1];
    sg_page_section(buf, "rules", "What this says, and what not");
    sg_buf_puts(buf,
                "<p>A share says where money came from or went under a stated convention. It says "
                "nothing about who knew what, and being paid by a party is not dealing with it. "
                "Labels are claims of their sources. Behind a service money is pooled, so the way "
                "ends there; an unlabelled service is passed through as if it were a person. "
                "Unobserved is what rows are missing for; it is not zero.</p>\n"
                "<p class=\"dim line\">Ledger ");
    sg_page_text(buf, out->ledger_dir);
    sg_buf_printf(
        buf, ", state %s. Rules: docs/methods/exposure.md.</p>\n</section>\n",
        sg_hex_encode(text, out->ledger->stats.state32, sizeof(out->ledger->stats.state32)));
}

void sg_exposureout_html(struct sg_buf *buf, const struct sg_exposureout *out)
{
    sg_page_begin(buf, "Exposure of an address");
    head(buf, out);
    side_section(buf, out, &out->exposure->in, out->in_places, true);
    side_section(buf, out, &out->exposure->out, out->out_places, false);
    rules(buf, out);
    sg_page_end(buf);
}
