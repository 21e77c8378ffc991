/* What the eye misses: characters without shape, code beyond the right edge, a small change in a
 * large reformat. Source of the first: N. Boucher, R. Anderson, Trojan Source: Invisible
 * Vulnerabilities, USENIX Security 2023, arXiv:2111.00169. */
#include "analysis/risk/risk_internal.h"

#include "base/utf8.h"

/* Blanks before code that few screens show. */
#define FAR_RIGHT 160

static bool is_direction(uint32_t c)
{
    return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static bool is_shapeless(uint32_t c)
{
    return c == 0x200b || c == 0x2060 || c == 0x3164 || c == 0xffa0 || c == 0x115f || c == 0x1160 ||
           c == 0x180e || (c >= 0xe0000 && c <= 0xe007f) || (c >= 0xe0100 && c <= 0xe01ef) ||
           (c >= 0x2061 && c <= 0x2064);
}

/* Worst invisible character of a line: 0 none, 1 without shape, 2 turns direction. */
static int hidden_in(struct sg_text text)
{
    int worst = 0;
    size_t at = 0;
    while (at < text.size) {
        uint32_t c = 0;
        const size_t n = sg_utf8_next(&c, text.data + at, text.size - at);
        if (n > 1 && is_direction(c))
            return 2;
        if (n > 1 && is_shapeless(c))
            worst = 1;
        at += n ? n : 1;
    }
    return worst;
}

static void invisible(struct look *look, const struct file *file, uint32_t line)
{
    const int hidden = hidden_in(sg_risk_line_raw(&file->new, line));
    if (hidden == 0)
        return;
    const bool translated = file->role == ROLE_DOC || file->role == ROLE_DATA;
    sg_risk_report(look,
                   (struct found){SG_RISK_INVISIBLE_TEXT, file, line, false,
                                  (hidden == 2 ? 900u : 420u) / (translated ? 4u : 1u),
                                  hidden == 2 ? "characters turn the direction of the text"
                                              : "a character without a shape stands in the text"});
}

static void off_screen(struct look *look, const struct file *file, uint32_t line)
{
    const struct words words = sg_risk_line_words(&file->new, line);
    for (uint32_t i = 0; i < words.count; i++) {
        const uint32_t before = i == 0 ? 0 : words.items[i - 1].at + words.items[i - 1].size;
        const uint32_t gap =
            i == 0 ? sg_risk_line_indent(&file->new, line) : words.items[i].at - before;
        if (gap < FAR_RIGHT || words.items[i].kind == SG_TOKEN_COMMENT)
            continue;
        sg_risk_report(look, (struct found){SG_RISK_OFF_SCREEN, file, line, false, 600,
                                            "code stands far to the right of what a screen shows"});
        return;
    }
}

/* Layout of many lines, meaning of few. */
static void in_reformat(struct look *look, const struct file *file)
{
    const uint32_t code = file->n_added + file->n_removed;
    if (!sg_risk_is_program(file->role) || file->n_layout < 60 || code == 0 || code > 4 ||
        file->old.n_lines == 0 || file->new.n_lines == 0)
        return;
    for (uint32_t i = 0; i < file->new.n_lines; i++)
        if (file->new.lines[i].is_changed && !file->new.lines[i].is_moved) {
            sg_risk_report(
                look, (struct found){SG_RISK_HIDDEN_IN_REFORMAT, file, i, false, 170,
                                     "among many lines of new layout, this one means something "
                                     "else"});
            return;
        }
}

void sg_risk_rules_text(struct look *look, const struct file *file)
{
    for (size_t h = 0; h < file->n_hunks; h++)
        for (uint32_t i = file->hunks[h].new_from; i < file->hunks[h].new_to; i++)
            if (file->new.lines[i].is_changed && !file->new.lines[i].is_moved) {
                invisible(look, file, i);
                if (file->role == ROLE_SOURCE || file->role == ROLE_BUILD)
                    off_screen(look, file, i);
            }
    in_reformat(look, file);
}
