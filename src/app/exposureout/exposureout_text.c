#include "app/exposureout/exposureout_internal.h"
#include "app/page/page.h"

#include <inttypes.h>
#include <string.h>

#define DIGITS_SHOWN 6u
#define NAME_WIDTH   34
#define LINES_SHOWN  12u

static void line(struct sg_buf *out, const char *text)
{
    sg_buf_line(out, text, strlen(text));
}

static void pad(struct sg_buf *out, size_t from, size_t width)
{
    for (size_t used = out->size - from; used < width; used++)
        sg_buf_putc(out, ' ');
}

static void put_name(struct sg_buf *buf, const char *name, const struct sg_exposure_label *label,
                     bool is_sanctioned)
{
    const size_t before = buf->size;
    sg_buf_puts(buf, "    ");
    line(buf, name);
    if (label)
        sg_buf_printf(buf, " (%s%s)", sg_category_info(label->category)->name,
                      is_sanctioned && label->category != SG_CATEGORY_SANCTIONED ? ", sanctioned"
                                                                                 : "");
    pad(buf, before, NAME_WIDTH);
}

static void put_amount(struct sg_buf *buf, const struct sg_exposureout *out,
                       struct sg_amount amount)
{
    char text[SG_PAGE_TEXT_MAX];
    sg_buf_printf(buf, " %22s", sg_page_amount(text, amount, out->asset.decimals, DIGITS_SHOWN));
}

static void put_hops(struct sg_buf *buf, uint32_t hops)
{
    if (hops == 1)
        sg_buf_puts(buf, "  direct");
    else if (hops > 1)
        sg_buf_printf(buf, "  %" PRIu32 " hops", hops);
}

static void put_part(struct sg_buf *buf, const struct sg_exposureout *out,
                     const struct sg_exposure_side *side, const struct sg_exposure_part *part)
{
    char text[SG_PAGE_TEXT_MAX];
    put_name(buf, exposureout_name(part), part->what == SG_EXPOSURE_OWN ? NULL : part->label,
             part->is_sanctioned);
    put_amount(buf, out, part->amount);
    sg_buf_printf(buf, "  %9s", sg_page_percent(text, part->amount, sg_exposureout_whole(side)));
    put_hops(buf, part->hops);
    if (part->n_addresses > 1)
        sg_buf_printf(buf, ", %s addresses", sg_page_count(text, part->n_addresses));
    sg_buf_putc(buf, '\n');
}

static void put_evidence(struct sg_buf *buf, const struct sg_exposureout_place *place)
{
    char text[SG_PAGE_TEXT_MAX];
    if (!place->address[0])
        return;
    sg_buf_printf(buf, "        %s", place->address);
    if (place->has_tx) {
        sg_buf_puts(buf, " by 0x");
        for (size_t i = 0; i < sizeof(place->hash32); i++)
            sg_buf_printf(buf, "%02x", place->hash32[i]);
        sg_buf_printf(buf, ", %s", sg_page_minute(text, place->time_unix_s));
    }
    sg_buf_putc(buf, '\n');
}

static void put_parts(struct sg_buf *buf, const struct sg_exposureout *out,
                      const struct sg_exposure_side *side,
                      const struct sg_exposureout_place *places, bool is_in)
{
    size_t shown = 0;
    for (size_t i = 0; i < side->n_parts; i++) {
        const struct sg_exposure_part *part = &side->parts[i];
        if (i == 0 || part->what != side->parts[i - 1].what) {
            sg_buf_printf(buf, "  %s: %s\n", sg_exposure_what_name(part->what),
                          exposureout_meaning(part->what, is_in));
            shown = 0;
        }
        if (shown++ < LINES_SHOWN) {
            put_part(buf, out, side, part);
            put_evidence(buf, &places[i]);
        } else if (i + 1 == side->n_parts || side->parts[i + 1].what != part->what) {
            sg_buf_printf(buf, "    and %zu more; --json has them all\n", shown - LINES_SHOWN);
        }
    }
}

static void put_passed(struct sg_buf *buf, const struct sg_exposureout *out,
                       const struct sg_exposure_side *side, bool is_in)
{
    if (!side->n_passed)
        return;
    sg_buf_printf(buf, "  %s (these overlap and are no parts)\n",
                  is_in ? "passed on its way here" : "passed on its way from here");
    for (size_t i = 0; i < side->n_passed && i < LINES_SHOWN; i++) {
        const struct sg_exposure_passed *p = &side->passed[i];
        put_name(buf, p->label->entity, p->label, p->is_sanctioned);
        put_amount(buf, out, p->amount);
        sg_buf_puts(buf, "           ");
        put_hops(buf, p->hops);
        sg_buf_putc(buf, '\n');
    }
    if (side->n_passed > LINES_SHOWN)
        sg_buf_printf(buf, "    and %zu more; --json has them all\n", side->n_passed - LINES_SHOWN);
}

static void put_side(struct sg_buf *buf, const struct sg_exposureout *out,
                     const struct sg_exposure_side *side, const struct sg_exposureout_place *places,
                     bool is_in)
{
    char text[SG_PAGE_TEXT_MAX];
    if (!side->is_asked)
        return;
    sg_buf_printf(buf, "\n%s ", is_in ? "In, by proportion of receipts:" : "Out, by the rule of");
    if (!is_in)
        sg_buf_printf(buf, "%s: ", sg_policy_name(out->input->policy));
    sg_buf_printf(buf, "%s ", sg_page_amount(text, side->total, out->asset.decimals, DIGITS_SHOWN));
    line(buf, out->asset.symbol);
    if (!sg_amount_is_zero(side->by_swap))
        sg_buf_printf(buf, ", and %s that came back from swaps",
                      sg_page_amount(text, side->by_swap, out->asset.decimals, DIGITS_SHOWN));
    sg_buf_putc(buf, '\n');
    put_parts(buf, out, side, places, is_in);
    put_passed(buf, out, side, is_in);
}

static void put_others(struct sg_buf *buf, const struct sg_exposureout *out)
{
    char text[SG_ADDRESS_TEXT_MAX];
    if (!out->n_others)
        return;
    sg_buf_puts(buf, "\nIt moved other assets too; name one with --asset:\n");
    for (size_t i = 0; i < out->n_others; i++) {
        const struct sg_exposureout_asset *other = &out->others[i];
        sg_buf_puts(buf, "    ");
        line(buf, other->asset.symbol[0] ? other->asset.symbol : "no symbol");
        sg_buf_printf(buf, " %s, %" PRIu64 " rows\n",
                      sg_address_format(text, out->ledger->chain, &other->asset.contract),
                      other->moved.rows);
    }
    if (out->n_others_left_out)
        sg_buf_printf(buf, "    and %zu more\n", out->n_others_left_out);
}

void sg_exposureout_text(struct sg_buf *buf, const struct sg_exposureout *out)
{
    const struct sg_exposure_input *in = out->input;
    char text[SG_PAGE_TEXT_MAX];
    sg_buf_printf(buf, "%s (%s)\n", out->address, out->ledger->chain->name);
    if (out->label) {
        sg_buf_puts(buf, "  known as ");
        line(buf, out->label->entity);
        sg_buf_printf(buf, " (%s)", sg_category_info(out->label->category)->name);
        if (out->label->source) {
            sg_buf_puts(buf, ", says ");
            line(buf, out->label->source);
        }
        sg_buf_putc(buf, '\n');
    }
    sg_buf_printf(buf, "  up to %" PRIu32 " hops", in->hops_max);
    if (in->has_min)
        sg_buf_printf(buf, ", shares from %s",
                      sg_page_amount(text, in->min, out->asset.decimals, DIGITS_SHOWN));
    if (in->until_unix_s != INT64_MAX)
        sg_buf_printf(buf, ", as of %s", sg_page_minute(text, in->until_unix_s));
    sg_buf_printf(buf, "; labels: ");
    line(buf, out->labels_dir ? out->labels_dir : "none");
    sg_buf_putc(buf, '\n');
    put_side(buf, out, &out->exposure->in, out->in_places, true);
    put_side(buf, out, &out->exposure->out, out->out_places, false);
    put_others(buf, out);
}
