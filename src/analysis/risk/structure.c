/* Functions recovered from tokens: by braces, and by indentation for Python and its kin. Broken
 * code and macros cost a function its end, never the reading: depth is bounded, nothing recurses.
 */
#include "analysis/risk/risk_internal.h"

#include "base/mem.h"
#include "base/vec.h"

#define DEPTH_MAX 200

/* Tokens of a header, at most: parameters of generated code can be long. */
#define HEADER_MAX 160

struct builder {
    struct side *side;
    struct func *items;
    size_t count, capacity;
    size_t open[DEPTH_MAX]; /* function + 1 opened at this depth, 0: another block */
    uint32_t depth;
    bool out_of_memory;
};

static struct sg_text token_text(const struct side *side, uint32_t i)
{
    return sg_token_text(side->text, &side->tokens.items[i]);
}

static bool is_mark(const struct side *side, uint32_t i, char c)
{
    const struct sg_token *token = &side->tokens.items[i];
    return token->kind == SG_TOKEN_PUNCT && token->size == 1 && side->text.data[token->at] == c;
}

/* First token of the statement that ends before `at`. */
static uint32_t header_start(const struct side *side, uint32_t at)
{
    uint32_t i = at, parens = 0;
    for (; i > 0 && at - i < HEADER_MAX; i--) {
        if (is_mark(side, i - 1, ')'))
            parens++;
        if (is_mark(side, i - 1, '(') && parens > 0)
            parens--;
        const bool ends =
            is_mark(side, i - 1, ';') || is_mark(side, i - 1, '{') || is_mark(side, i - 1, '}');
        if (ends && parens == 0)
            break;
    }
    while (i < at && side->tokens.items[i].kind == SG_TOKEN_COMMENT)
        i++;
    return i;
}

static bool is_block_word(struct sg_text word)
{
    return sg_risk_is_any(
        word, "if for while switch catch else do try return case unless until with match "
              "foreach elif synchronized unchecked assembly namespace struct enum union "
              "class interface impl mod extern using lock loop select");
}

/* Whether a value that ends in `{` is a function: `x = function (...) {`, `x: (...) => {`. */
static bool gives_function(const struct side *side, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++)
        if (sg_risk_is_any(token_text(side, i), "function =>"))
            return true;
    return false;
}

/* Word before the first '(' of the header, or before `=` or `:` where a value is a function. */
static struct sg_text header_name(const struct side *side, uint32_t from, uint32_t to)
{
    const struct sg_text none = {"", 0};
    struct sg_text before = none;
    if (from == to || is_block_word(token_text(side, from)))
        return none;
    bool has_paren = false;
    for (uint32_t i = from; i < to; i++) {
        const struct sg_token *token = &side->tokens.items[i];
        const struct sg_text word = token_text(side, i);
        has_paren = has_paren || is_mark(side, i, '(');
        if (is_mark(side, i, '(') && before.size > 0 &&
            !sg_risk_is_any(before, "function func async"))
            return is_block_word(before) ? none : before;
        if ((is_mark(side, i, '=') || is_mark(side, i, ':')) && before.size > 0 && !has_paren)
            return gives_function(side, i, to) ? before : none;
        if (token->kind == SG_TOKEN_WORD)
            before = word;
    }
    return none;
}

static void open_block(struct builder *b, uint32_t at)
{
    const uint32_t from = header_start(b->side, at);
    const struct sg_text name = header_name(b->side, from, at);
    size_t opened = 0;
    if (name.size > 0) {
        if (!SG_VEC_RESERVE(b->items, b->count, b->capacity, 1)) {
            b->out_of_memory = true;
            return;
        }
        const struct sg_token *tokens = b->side->tokens.items;
        b->items[b->count++] = (struct func){
            name, tokens[from].line - 1, tokens[at].line - 1, b->side->n_lines - 1, from, at};
        opened = b->count;
    }
    if (b->depth < DEPTH_MAX)
        b->open[b->depth] = opened;
    b->depth++;
}

static void close_block(struct builder *b, uint32_t at)
{
    if (b->depth == 0)
        return;
    b->depth--;
    if (b->depth < DEPTH_MAX && b->open[b->depth] > 0)
        b->items[b->open[b->depth] - 1].last_line = b->side->tokens.items[at].line - 1;
}

static void find_by_braces(struct builder *b)
{
    for (uint32_t i = 0; i < b->side->tokens.count && !b->out_of_memory; i++) {
        if (is_mark(b->side, i, '{'))
            open_block(b, i);
        else if (is_mark(b->side, i, '}'))
            close_block(b, i);
    }
}

/* The last line that is indented deeper than the `def`. */
static uint32_t block_end(const struct side *side, uint32_t line)
{
    const uint32_t indent = sg_risk_line_indent(side, line);
    uint32_t last = line;
    for (uint32_t i = line + 1; i < side->n_lines; i++) {
        if (side->lines[i].n_code == 0)
            continue;
        if (sg_risk_line_indent(side, i) <= indent && !is_mark(side, side->lines[i].first, ')'))
            break;
        last = i;
    }
    return last;
}

static void find_by_indent(struct builder *b)
{
    const struct side *side = b->side;
    for (uint32_t i = 0; i < side->n_lines && !b->out_of_memory; i++) {
        const struct line *line = &side->lines[i];
        uint32_t at = line->first;
        if (line->count > 2 && sg_text_is(token_text(side, at), "async"))
            at++;
        if (line->count < 2 || !sg_text_is(token_text(side, at), "def"))
            continue;
        if (!SG_VEC_RESERVE(b->items, b->count, b->capacity, 1)) {
            b->out_of_memory = true;
            return;
        }
        b->items[b->count++] = (struct func){
            token_text(side, at + 1), i, i, block_end(side, i), at, line->first + line->count - 1};
    }
}

enum sg_status sg_risk_side_functions(struct side *side, struct sg_arena *arena, enum sg_lang lang,
                                      struct sg_err *err)
{
    struct builder b = {.side = side};
    if (lang == SG_LANG_PYTHON)
        find_by_indent(&b);
    else if (lang != SG_LANG_JSON && lang != SG_LANG_YAML && lang != SG_LANG_TEXT)
        find_by_braces(&b);
    side->funcs = b.out_of_memory ? NULL : sg_arena_alloc(arena, b.count + 1, sizeof(*b.items));
    if (side->funcs && b.count > 0)
        memcpy(side->funcs, b.items, b.count * sizeof(*b.items));
    side->n_funcs = side->funcs ? b.count : 0;
    sg_mem_free(b.items);
    return side->funcs ? SG_OK : sg_err_nomem(err);
}

const struct func *sg_risk_func_at(const struct side *side, uint32_t line)
{
    const struct func *best = NULL;
    for (size_t i = 0; i < side->n_funcs && side->funcs[i].first_line <= line; i++)
        if (side->funcs[i].last_line >= line)
            best = &side->funcs[i];
    return best;
}

const struct func *sg_risk_func_named(const struct side *side, struct sg_text name)
{
    for (size_t i = 0; i < side->n_funcs; i++)
        if (sg_risk_text_equal(side->funcs[i].name, name))
            return &side->funcs[i];
    return NULL;
}

struct words sg_risk_func_header(const struct side *side, const struct func *func)
{
    return (struct words){side, side->tokens.items + func->header_token,
                          func->body_token - func->header_token};
}

struct words sg_risk_func_body(const struct side *side, const struct func *func)
{
    uint32_t last = func->last_line;
    while (last > func->body_line && side->lines[last].count == 0)
        last--;
    const uint32_t end = side->lines[last].first + side->lines[last].count;
    return (struct words){side, side->tokens.items + func->body_token,
                          end > func->body_token ? end - func->body_token : 0};
}

bool sg_risk_func_is_new(const struct file *file, const struct func *func)
{
    for (uint32_t i = func->first_line; i <= func->last_line && i < file->new.n_lines; i++)
        if (file->new.lines[i].is_changed && !file->new.lines[i].is_moved)
            return true;
    return false;
}
