/* How the classes look. One table of fills, so that legend, bars and ribbons cannot disagree. */
#include "app/svg/svg.h"

#include "base/mem.h"

static const struct {
    const char *name;
    const char *fill;
} fills[] = {
    {"theft", "#22272e"},     {"path", "#93a1b0"},          {"mixer", "#b34700"},
    {"exchange", "#1f78b4"},  {"bridge", "#0a8a66"},        {"service", "#7a5195"},
    {"held", "url(#p-held)"}, {"unseen", "url(#p-unseen)"}, {"fee", "#c9cfd6"},
    {"other", "#dfe3e8"},
};

void sg_svg_defs(struct sg_buf *out)
{
    sg_buf_puts(
        out,
        "<svg width=\"0\" height=\"0\" class=\"s-defs\" aria-hidden=\"true\">"
        "<defs><pattern id=\"p-held\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
        "patternTransform=\"rotate(45)\"><rect width=\"6\" height=\"6\" fill=\"#f2c14e\"/>"
        "<rect width=\"2\" height=\"6\" fill=\"#8a6100\"/></pattern>"
        "<pattern id=\"p-unseen\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">"
        "<rect width=\"6\" height=\"6\" fill=\"#fff\"/><circle cx=\"3\" cy=\"3\" r=\"1.4\" "
        "fill=\"#555d66\"/></pattern></defs></svg>\n");
}

void sg_svg_css(struct sg_buf *out)
{
    sg_buf_puts(out,
                "svg{display:block;width:100%;height:auto}\n"
                ".s-defs{position:absolute;width:0;height:0}\n"
                "svg text{font:13px system-ui,-apple-system,'Segoe UI',Roboto,'Liberation Sans',"
                "Arial,sans-serif;fill:#22272e;font-variant-numeric:tabular-nums}\n"
                "svg .s-strong{font-weight:600}\nsvg .s-dim{fill:#555d66}\n"
                "svg .s-small{font-size:11px;fill:#555d66}\n"
                "svg .s-halo{paint-order:stroke;stroke:#fff;stroke-width:3px;stroke-opacity:.8}\n"
                ".s-axis{stroke:#555d66;stroke-width:1;fill:none}\n"
                ".s-grid{stroke:#e3e6ea;stroke-width:1;fill:none}\n"
                ".s-mark{stroke:#555d66;stroke-width:1;stroke-dasharray:4 3;fill:none}\n"
                ".s-line{stroke:#22272e;stroke-width:1.6;fill:none}\n"
                ".s-dot{fill:#22272e}\n.s-band{fill:#1f78b4;fill-opacity:.25}\n"
                ".s-band2{fill:#1f78b4;fill-opacity:.45}\n"
                ".s-low{fill:#1f78b4}\n.s-high{fill:#b34700}\n"
                ".s-flow{fill-opacity:.42}\n.s-flow:hover{fill-opacity:.7}\n");
    for (size_t i = 0; i < SG_COUNT_OF(fills); i++)
        sg_buf_printf(out, ".s-%s{fill:%s}\n", fills[i].name, fills[i].fill);
    sg_buf_puts(out, ".s-held,.s-unseen{stroke:#555d66;stroke-width:.6}\n"
                     ".s-flow.s-held{fill:#d9a21b;stroke:none}\n"
                     ".s-flow.s-unseen{fill:#777f88;fill-opacity:.25;stroke:none}\n");
}
