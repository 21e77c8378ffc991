/* Two sides of a file against each other, line by line of code: by the shortest edit script, and
 * beyond EDITS_MAX as a multiset, which says as well what came and what went, only less well where.
 */
#include "analysis/risk/risk_internal.h"

#include "formats/lines/lines.h"

/* Edits of a script before the multiset takes over: its search then takes 4 MB. */
#define EDITS_MAX 700

/* Lines of a hunk's side that are all compared with all of the other side. */
#define PAIR_MAX 60

/* Beyond PAIR_MAX only lines this near in their hunk are compared. */
#define PAIR_NEAR 4

static uint64_t mix(uint64_t hash, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ (uint8_t)bytes[i]) * UINT64_C(0x100000001b3);
    return (hash ^ 0x1f) * UINT64_C(0x9e3779b97f4a7c15);
}

static void add_token(struct side *side, uint32_t index)
{
    const struct sg_token *token = &side->tokens.items[index];
    struct line *line = &side->lines[token->line - 1];
    if (line->count == 0)
        line->first = index;
    line->count++;
    if (token->kind == SG_TOKEN_COMMENT)
        return;
    line->key = mix(line->key ? line->key : UINT64_C(0xcbf29ce484222325),
                    side->text.data + token->at, token->size);
    line->n_code++;
}

enum sg_status sg_risk_side_read(struct side *side, struct sg_arena *arena, enum sg_lang lang,
                                 struct sg_text text, struct sg_err *err)
{
    side->text = text;
    const enum sg_status st = sg_lexis_run(&side->tokens, lang, text, err);
    if (st != SG_OK)
        return st;
    side->n_lines = side->tokens.n_lines;
    side->lines = sg_arena_alloc(arena, (size_t)side->n_lines + 1, sizeof(*side->lines));
    if (!side->lines)
        return sg_err_nomem(err);
    for (uint32_t i = 0; i < side->n_lines; i++)
        side->lines[i].pair = NO_LINE;
    for (uint32_t i = 0; i < side->tokens.count; i++)
        add_token(side, i);
    return SG_OK;
}

/* From the first of `count` tokens to the end of the last. */
static struct sg_text span_of(const struct side *side, const struct sg_token *first, uint32_t count)
{
    if (count == 0)
        return (struct sg_text){"", 0};
    const struct sg_token *last = first + count - 1;
    return (struct sg_text){side->text.data + first->at, last->at + last->size - first->at};
}

struct sg_text sg_risk_line_text(const struct side *side, uint32_t line)
{
    const struct words words = sg_risk_line_words(side, line);
    const struct sg_token *first = words.items;
    uint32_t count = words.count;
    while (count > 0 && first[count - 1].kind == SG_TOKEN_COMMENT)
        count--;
    for (; count > 0 && first->kind == SG_TOKEN_COMMENT; count--)
        first++;
    return span_of(side, first, count);
}

uint32_t sg_risk_line_indent(const struct side *side, uint32_t line)
{
    const struct line *at = &side->lines[line];
    if (at->count == 0)
        return 0;
    uint32_t from = side->tokens.items[at->first].at, columns = 0;
    while (from > 0 && side->text.data[from - 1] != '\n') {
        columns += side->text.data[from - 1] == '\t' ? 4 : 1;
        from--;
    }
    return columns;
}

/* ---- which lines with code changed ---- */

/* The lines with code; `offset` holds the line's index. */
static enum sg_status gather(struct sg_lines *lines, const struct side *side,
                             struct sg_arena *arena, struct sg_err *err)
{
    lines->n = 0;
    lines->lines = sg_arena_alloc(arena, (size_t)side->n_lines + 1, sizeof(*lines->lines));
    if (!lines->lines)
        return sg_err_nomem(err);
    for (uint32_t i = 0; i < side->n_lines; i++)
        if (side->lines[i].key)
            lines->lines[lines->n++] = (struct sg_line){side->lines[i].key, i, 0};
    return SG_OK;
}

static void mark(struct side *side, const struct sg_lines *lines, const bool *only)
{
    for (size_t i = 0; i < lines->n; i++)
        if (!only || only[i])
            side->lines[lines->lines[i].offset].is_changed = true;
}

/* What one side has more of than the other, key by key. */
static enum sg_status mark_only(struct side *side, struct sg_arena *arena,
                                const struct sg_lines *lines, const struct sg_lines *other,
                                struct sg_err *err)
{
    bool *only = sg_arena_alloc(arena, lines->n + 1, sizeof(*only));
    const enum sg_status st = only ? sg_lines_only(only, lines, other, err) : sg_err_nomem(err);
    if (st == SG_OK)
        mark(side, lines, only);
    return st;
}

static enum sg_status mark_hunk(struct file *file, struct sg_arena *arena, const struct sg_lines *a,
                                const struct sg_lines *b, struct sg_err *err)
{
    /* No script is that long: it was given up. */
    if (a->n > 0 && b->n > 0 && a->n + b->n > EDITS_MAX) {
        const enum sg_status st = mark_only(&file->old, arena, a, b, err);
        return st == SG_OK ? mark_only(&file->new, arena, b, a, err) : st;
    }
    mark(&file->old, a, NULL);
    mark(&file->new, b, NULL);
    return SG_OK;
}

static enum sg_status find_changes(struct file *file, struct sg_arena *arena, struct sg_err *err)
{
    struct sg_lines a, b;
    struct sg_hunk *hunks = NULL;
    size_t n = 0;
    enum sg_status st = gather(&a, &file->old, arena, err);
    if (st == SG_OK)
        st = gather(&b, &file->new, arena, err);
    if (st == SG_OK)
        st = sg_lines_diff(&hunks, &n, arena, &a, &b, EDITS_MAX, err);
    for (size_t i = 0; st == SG_OK && i < n; i++) {
        const struct sg_lines gone = {a.lines + hunks[i].before, hunks[i].n_before};
        const struct sg_lines come = {b.lines + hunks[i].after, hunks[i].n_after};
        st = mark_hunk(file, arena, &gone, &come, err);
    }
    return st;
}

/* ---- hunks ---- */

static bool is_loose(const struct side *side, uint32_t line)
{
    return side->lines[line].is_changed || side->lines[line].key == 0;
}

/* The hunk at (i, j): changed lines of both sides, with blank and comment lines among them. */
static struct hunk take_hunk(const struct file *file, uint32_t i, uint32_t j)
{
    struct hunk hunk = {i, i, j, j};
    while (hunk.old_to < file->old.n_lines && is_loose(&file->old, hunk.old_to))
        hunk.old_to++;
    while (hunk.new_to < file->new.n_lines && is_loose(&file->new, hunk.new_to))
        hunk.new_to++;
    return hunk;
}

static void skip_codeless(const struct side *side, uint32_t *line)
{
    while (*line < side->n_lines && side->lines[*line].key == 0)
        ++*line;
}

/* Counts the hunks, and stores them where `out` is not NULL. Matched lines whose bytes differ are
 * layout. */
static size_t walk_hunks(struct file *file, struct hunk *out)
{
    size_t n = 0;
    uint32_t i = 0, j = 0;
    file->n_layout = 0;
    for (;;) {
        skip_codeless(&file->old, &i);
        skip_codeless(&file->new, &j);
        const bool more_old = i < file->old.n_lines, more_new = j < file->new.n_lines;
        if (!more_old && !more_new)
            return n;
        if (more_old && more_new && !file->old.lines[i].is_changed &&
            !file->new.lines[j].is_changed) {
            file->n_layout += !sg_risk_text_equal(sg_risk_line_raw(&file->old, i),
                                                  sg_risk_line_raw(&file->new, j));
            i++, j++;
            continue;
        }
        const struct hunk hunk = take_hunk(file, i, j);
        if (out)
            out[n] = hunk;
        n++;
        i = hunk.old_to;
        j = hunk.new_to;
        if (hunk.old_to == hunk.old_from && hunk.new_to == hunk.new_from)
            return n;
    }
}

struct sg_text sg_risk_line_raw(const struct side *side, uint32_t line)
{
    const struct words words = sg_risk_line_words(side, line);
    struct sg_text text = span_of(side, words.items, words.count);
    while (text.data > side->text.data && text.size > 0 && text.data[-1] != '\n') {
        text.data--;
        text.size++;
    }
    return text;
}

enum sg_status sg_risk_file_compare(struct file *file, struct sg_arena *arena, struct sg_err *err)
{
    const enum sg_status st = find_changes(file, arena, err);
    if (st != SG_OK)
        return st;
    const size_t n_hunks = walk_hunks(file, NULL);
    file->hunks = sg_arena_alloc(arena, n_hunks + 1, sizeof(*file->hunks));
    if (!file->hunks)
        return sg_err_nomem(err);
    file->n_hunks = walk_hunks(file, file->hunks);
    return SG_OK;
}

/* ---- pairs ---- */

static bool can_pair(const struct line *line)
{
    return line->is_changed && !line->is_moved && line->n_code > 0 && line->pair == NO_LINE;
}

/* Part of the tokens, of 100, that two lines share at their ends. */
static uint32_t likeness(const struct file *file, uint32_t i, uint32_t j)
{
    const struct edit edit = sg_risk_edit_of(file, i, j);
    const uint32_t all = edit.old.count + edit.new.count + 2 * edit.n_same;
    return all == 0 ? 0 : 200 * edit.n_same / all;
}

static void pair_line(struct file *file, const struct hunk *hunk, uint32_t i)
{
    uint32_t best = 49, at = NO_LINE;
    const bool small =
        hunk->old_to - hunk->old_from <= PAIR_MAX && hunk->new_to - hunk->new_from <= PAIR_MAX;
    const uint32_t middle = hunk->new_from + (i - hunk->old_from);
    uint32_t from = hunk->new_from, to = hunk->new_to;
    if (!small) {
        from = middle > from + PAIR_NEAR ? middle - PAIR_NEAR : from;
        to = middle + PAIR_NEAR < to ? middle + PAIR_NEAR : to;
    }
    for (uint32_t j = from; j < to; j++) {
        const uint32_t like = can_pair(&file->new.lines[j]) ? likeness(file, i, j) : 0;
        if (like > best) {
            best = like;
            at = j;
        }
    }
    if (at != NO_LINE) {
        file->old.lines[i].pair = at;
        file->new.lines[at].pair = i;
    }
}

void sg_risk_pair_hunk(struct file *file, const struct hunk *hunk)
{
    for (uint32_t i = hunk->old_from; i < hunk->old_to; i++)
        if (can_pair(&file->old.lines[i]))
            pair_line(file, hunk, i);
}
