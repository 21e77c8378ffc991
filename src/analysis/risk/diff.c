/* Two sides of a file against each other, line by line of code. Shortest edit script by the greedy
 * algorithm (E. W. Myers, An O(ND) Difference Algorithm and Its Variations, Algorithmica 1, 1986,
 * doi:10.1007/BF01840446), given up beyond EDITS_MAX: then lines are matched as a multiset, which
 * says as well what came and what went, only less well where. */
#include "analysis/risk/risk_internal.h"

#include "base/mem.h"

#include <stdlib.h>

/* Steps of the greedy algorithm before the multiset takes over: the trace then has 2 MB. */
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

/* ---- the shortest edit script over lines with code ---- */

struct sequence {
    uint32_t *lines; /* indexes of lines with code, between the common ends */
    uint32_t count;
};

static enum sg_status gather(struct sequence *seq, const struct side *side, struct sg_err *err)
{
    seq->lines = sg_mem_alloc((size_t)side->n_lines + 1, sizeof(*seq->lines));
    if (!seq->lines)
        return sg_err_nomem(err);
    for (uint32_t i = 0; i < side->n_lines; i++)
        if (side->lines[i].key)
            seq->lines[seq->count++] = i;
    return SG_OK;
}

struct match {
    struct side *old, *new;
    const uint32_t *a, *b;
    uint32_t n, m; /* lengths of a and b */
};

static uint64_t key_a(const struct match *match, uint32_t i)
{
    return match->old->lines[match->a[i]].key;
}

static uint64_t key_b(const struct match *match, uint32_t i)
{
    return match->new->lines[match->b[i]].key;
}

static void strip_ends(struct match *match)
{
    while (match->n > 0 && match->m > 0 && key_a(match, 0) == key_b(match, 0)) {
        match->a++, match->b++;
        match->n--, match->m--;
    }
    while (match->n > 0 && match->m > 0 &&
           key_a(match, match->n - 1) == key_b(match, match->m - 1)) {
        match->n--, match->m--;
    }
}

static void mark_all(struct match *match)
{
    for (uint32_t i = 0; i < match->n; i++)
        match->old->lines[match->a[i]].is_changed = true;
    for (uint32_t i = 0; i < match->m; i++)
        match->new->lines[match->b[i]].is_changed = true;
}

/* Row d of the trace holds the furthest x of diagonals -d to d; row d starts at d * d. */
static int32_t furthest(const int32_t *trace, int32_t d, int32_t k)
{
    return k < -d || k > d ? -1 : trace[d * d + k + d];
}

static int32_t step_x(const int32_t *trace, int32_t d, int32_t k)
{
    const int32_t down = furthest(trace, d - 1, k + 1), right = furthest(trace, d - 1, k - 1);
    return k == -d || (k != d && right < down) ? down : right + 1;
}

/* Fills the trace until both ends are met; the number of edits, or -1 beyond `limit`. */
static int32_t run_greedy(const struct match *match, int32_t *trace, int32_t limit)
{
    const int32_t n = (int32_t)match->n, m = (int32_t)match->m;
    for (int32_t d = 0; d <= limit; d++) {
        for (int32_t k = -d; k <= d; k++) {
            int32_t x = d == 0 ? 0 : step_x(trace, d, k);
            while (x >= 0 && x < n && x - k >= 0 && x - k < m &&
                   key_a(match, (uint32_t)x) == key_b(match, (uint32_t)(x - k)))
                x++;
            trace[d * d + k + d] = x;
            if (x >= n && x - k >= m)
                return d;
        }
    }
    return -1;
}

static void walk_back(const struct match *match, const int32_t *trace, int32_t d)
{
    int32_t x = (int32_t)match->n, y = (int32_t)match->m;
    for (; d > 0; d--) {
        const int32_t k = x - y;
        const int32_t down = furthest(trace, d - 1, k + 1);
        const int32_t right = furthest(trace, d - 1, k - 1);
        if (k == -d || (k != d && right < down)) {
            x = down;
            y = x - (k + 1);
            if (y >= 0 && y < (int32_t)match->m)
                match->new->lines[match->b[y]].is_changed = true;
        } else {
            x = right;
            y = x - (k - 1);
            if (x >= 0 && x < (int32_t)match->n)
                match->old->lines[match->a[x]].is_changed = true;
        }
    }
}

struct keyed {
    uint64_t key;
    uint32_t line;
};

static int by_key(const void *a, const void *b)
{
    const struct keyed *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->line < y->line ? -1 : x->line > y->line;
}

/* What one side has more of than the other, key by key. */
static enum sg_status match_multiset(struct match *match, struct sg_err *err)
{
    struct keyed *a = sg_mem_alloc((size_t)match->n + match->m + 1, sizeof(*a));
    if (!a)
        return sg_err_nomem(err);
    struct keyed *b = a + match->n;
    for (uint32_t i = 0; i < match->n; i++)
        a[i] = (struct keyed){key_a(match, i), match->a[i]};
    for (uint32_t i = 0; i < match->m; i++)
        b[i] = (struct keyed){key_b(match, i), match->b[i]};
    qsort(a, match->n, sizeof(*a), by_key);
    qsort(b, match->m, sizeof(*b), by_key);
    uint32_t i = 0, j = 0;
    while (i < match->n || j < match->m) {
        if (j == match->m || (i < match->n && a[i].key < b[j].key))
            match->old->lines[a[i++].line].is_changed = true;
        else if (i == match->n || b[j].key < a[i].key)
            match->new->lines[b[j++].line].is_changed = true;
        else
            i++, j++;
    }
    sg_mem_free(a);
    return SG_OK;
}

static enum sg_status find_changes(struct match *match, struct sg_err *err)
{
    strip_ends(match);
    if (match->n == 0 || match->m == 0) {
        mark_all(match);
        return SG_OK;
    }
    uint32_t limit = match->n + match->m;
    if (limit > EDITS_MAX)
        limit = EDITS_MAX;
    int32_t *trace = sg_mem_alloc((size_t)(limit + 1) * (limit + 1), sizeof(*trace));
    if (!trace)
        return sg_err_nomem(err);
    const int32_t edits = run_greedy(match, trace, (int32_t)limit);
    if (edits >= 0)
        walk_back(match, trace, edits);
    sg_mem_free(trace);
    return edits >= 0 ? SG_OK : match_multiset(match, err);
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
    struct sequence a = {NULL, 0}, b = {NULL, 0};
    enum sg_status st = gather(&a, &file->old, err);
    if (st == SG_OK)
        st = gather(&b, &file->new, err);
    if (st != SG_OK)
        goto out;
    struct match match = {&file->old, &file->new, a.lines, b.lines, a.count, b.count};
    st = find_changes(&match, err);
    if (st != SG_OK)
        goto out;
    const size_t n_hunks = walk_hunks(file, NULL);
    file->hunks = sg_arena_alloc(arena, n_hunks + 1, sizeof(*file->hunks));
    if (!file->hunks) {
        st = sg_err_nomem(err);
        goto out;
    }
    file->n_hunks = walk_hunks(file, file->hunks);
out:
    sg_mem_free(b.lines);
    sg_mem_free(a.lines);
    return st;
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
