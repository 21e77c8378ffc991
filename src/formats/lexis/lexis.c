#include "formats/lexis/lexis.h"

#include "base/mem.h"
#include "base/vec.h"

#include <assert.h>

/* How a family writes comments and strings. */
struct traits {
    const char *line_marks[3]; /* what begins a comment to the end of the line */
    const char *block_open, *block_close;
    const char *quotes;      /* strings that end on their line, or are no strings */
    const char *wide_quotes; /* strings that may go on over lines */
    bool has_triple;         /* three quotes open a string of many lines */
    bool has_regex;          /* a slash may begin one */
    bool has_heredoc;        /* << WORD */
    bool hash_needs_space;   /* `#` begins a comment only at the start of a word */
    bool has_char_lifetime;  /* 'a without an end is no string */
    bool dash_in_word;       /* names of YAML, TOML, shell: a-b is one word */
};

static const struct traits traits_of[] = {
    [SG_LANG_UNKNOWN] = {.line_marks = {"//"},
                         .block_open = "/*",
                         .block_close = "*/",
                         .quotes = "\"'"},
    [SG_LANG_TEXT] = {.quotes = ""},
    [SG_LANG_C] = {.line_marks = {"//"}, .block_open = "/*", .block_close = "*/", .quotes = "\"'"},
    [SG_LANG_JS] = {.line_marks = {"//"},
                    .block_open = "/*",
                    .block_close = "*/",
                    .quotes = "\"'",
                    .wide_quotes = "`",
                    .has_regex = true},
    [SG_LANG_SOLIDITY] = {.line_marks = {"//"},
                          .block_open = "/*",
                          .block_close = "*/",
                          .quotes = "\"'"},
    [SG_LANG_GO] = {.line_marks = {"//"},
                    .block_open = "/*",
                    .block_close = "*/",
                    .quotes = "\"'",
                    .wide_quotes = "`"},
    [SG_LANG_RUST] = {.line_marks = {"//"},
                      .block_open = "/*",
                      .block_close = "*/",
                      .quotes = "'",
                      .wide_quotes = "\"",
                      .has_char_lifetime = true},
    [SG_LANG_PHP] = {.line_marks = {"//", "#"},
                     .block_open = "/*",
                     .block_close = "*/",
                     .quotes = "\"'"},
    [SG_LANG_PYTHON] = {.line_marks = {"#"}, .quotes = "\"'", .has_triple = true},
    [SG_LANG_RUBY] = {.line_marks = {"#"}, .quotes = "\"'", .hash_needs_space = true},
    [SG_LANG_SHELL] = {.line_marks = {"#"},
                       .quotes = "",
                       .wide_quotes = "\"'",
                       .has_heredoc = true,
                       .hash_needs_space = true,
                       .dash_in_word = true},
    [SG_LANG_MAKE] = {.line_marks = {"#"},
                      .quotes = "\"'",
                      .hash_needs_space = true,
                      .dash_in_word = true},
    [SG_LANG_M4] = {.line_marks = {"dnl", "#"}, .quotes = "\"'", .hash_needs_space = true},
    [SG_LANG_CMAKE] = {.line_marks = {"#"}, .quotes = "", .wide_quotes = "\""},
    [SG_LANG_JSON] = {.line_marks = {"//"},
                      .block_open = "/*",
                      .block_close = "*/",
                      .quotes = "\""},
    [SG_LANG_YAML] = {.line_marks = {"#"},
                      .quotes = "\"'",
                      .hash_needs_space = true,
                      .dash_in_word = true},
    [SG_LANG_TOML] = {.line_marks = {"#", ";"},
                      .quotes = "\"'",
                      .has_triple = true,
                      .hash_needs_space = true,
                      .dash_in_word = true},
    [SG_LANG_MARKUP] = {.block_open = "<!--", .block_close = "-->", .quotes = "\""},
    [SG_LANG_DOCKER] = {.line_marks = {"#"},
                        .quotes = "\"",
                        .hash_needs_space = true,
                        .dash_in_word = true},
};

/* A here-document's end word; longer ones are read as code. */
#define HEREDOC_WORD_MAX 32

struct lexer {
    struct sg_tokens *out;
    const struct traits *traits;
    enum sg_lang lang;
    const char *text;
    size_t size, at;
    uint32_t line;
    char heredoc[HEREDOC_WORD_MAX];
    size_t heredoc_size; /* 0: none is waiting for its first line */
    size_t wasted;       /* bytes searched for an end that was not there */
    bool out_of_memory;
};

static bool is_word_byte(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$' || c >= 0x80;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

static void put(struct lexer *lx, size_t from, size_t to, enum sg_token_kind kind, bool continued)
{
    struct sg_tokens *out = lx->out;
    if (to == from || lx->out_of_memory)
        return;
    if (out->count == SG_LEXIS_TOKENS_MAX) {
        out->is_cut = true;
        return;
    }
    if (!SG_VEC_RESERVE(out->items, out->count, out->capacity, 1)) {
        lx->out_of_memory = true;
        return;
    }
    out->items[out->count++] = (struct sg_token){(uint32_t)from, (uint32_t)(to - from), lx->line,
                                                 (uint8_t)kind, continued};
}

static bool looking_at(const struct lexer *lx, size_t at, const char *mark)
{
    const size_t size = strlen(mark);
    return lx->size - at >= size && memcmp(lx->text + at, mark, size) == 0;
}

static size_t line_end(const struct lexer *lx, size_t at)
{
    const char *end = memchr(lx->text + at, '\n', lx->size - at);
    return end ? (size_t)(end - lx->text) : lx->size;
}

/* The stretch from lx->at to `to` as a token a line, white space at line starts and ends left out.
 */
static void put_lines(struct lexer *lx, size_t to, enum sg_token_kind kind)
{
    bool continued = false;
    while (lx->at < to) {
        /* Not farther than the token goes: a line of a megabyte has many. */
        const char *mark = memchr(lx->text + lx->at, '\n', to - lx->at);
        const bool is_last = !mark;
        const size_t end = mark ? (size_t)(mark - lx->text) : to;
        size_t from = lx->at, stop = end;
        while (from < stop && is_blank(lx->text[from]))
            from++;
        while (stop > from && is_blank(lx->text[stop - 1]))
            stop--;
        put(lx, from, stop, kind, continued);
        lx->at = end;
        if (is_last)
            return;
        lx->at++;
        lx->line++;
        continued = true;
    }
}

static bool line_comment_starts(const struct lexer *lx)
{
    const bool word_start = lx->at == 0 || is_blank(lx->text[lx->at - 1]) ||
                            lx->text[lx->at - 1] == '\n' || lx->text[lx->at - 1] == ';';
    for (size_t i = 0; i < 3 && lx->traits->line_marks[i]; i++) {
        const char *mark = lx->traits->line_marks[i];
        if (!looking_at(lx, lx->at, mark))
            continue;
        if (mark[0] == '/' || (!lx->traits->hash_needs_space && mark[0] == '#'))
            return true;
        const size_t behind = lx->at + strlen(mark);
        const bool ends =
            mark[0] != 'd' || behind == lx->size || !is_word_byte((unsigned char)lx->text[behind]);
        if (word_start && ends)
            return true;
    }
    return false;
}

static bool try_comment(struct lexer *lx)
{
    if (line_comment_starts(lx)) {
        put_lines(lx, line_end(lx, lx->at), SG_TOKEN_COMMENT);
        return true;
    }
    const char *open = lx->traits->block_open;
    if (!open || !looking_at(lx, lx->at, open))
        return false;
    const char *close = lx->traits->block_close;
    const size_t inside = lx->at + strlen(open);
    const char *end = memmem(lx->text + inside, lx->size - inside, close, strlen(close));
    put_lines(lx, end ? (size_t)(end - lx->text) + strlen(close) : lx->size, SG_TOKEN_COMMENT);
    return true;
}

/* Offset behind the closing quote, or 0. A backslash hides one byte unless the quote is raw. */
static size_t find_close(const struct lexer *lx, size_t at, char quote, bool may_wrap, bool is_raw)
{
    for (size_t i = at; i < lx->size; i++) {
        const char c = lx->text[i];
        if (c == '\n' && !may_wrap)
            return 0;
        if (c == '\\' && !is_raw) {
            /* A backslash before the line's end continues a string of C, shell and make. */
            i++;
            continue;
        }
        if (c == quote)
            return i + 1;
    }
    return 0;
}

/* Whether searches for missing ends have cost more than reading the file: then quotes, slashes and
 * here-documents are no longer believed, so that hostile text cannot make reading quadratic. */
static bool has_wasted(struct lexer *lx, size_t more)
{
    lx->wasted += more;
    return lx->wasted > 4 * lx->size + 65536;
}

static bool has_byte(const char *set, char c)
{
    return set && c != 0 && strchr(set, c);
}

static bool try_triple(struct lexer *lx)
{
    const char c = lx->text[lx->at];
    const char mark[4] = {c, c, c, 0};
    if (!lx->traits->has_triple || !looking_at(lx, lx->at, mark))
        return false;
    const char *end = memmem(lx->text + lx->at + 3, lx->size - lx->at - 3, mark, 3);
    put_lines(lx, end ? (size_t)(end - lx->text) + 3 : lx->size, SG_TOKEN_STRING);
    return true;
}

/* A Rust lifetime: an apostrophe that does not hold one character. */
static bool is_lifetime(const struct lexer *lx, size_t close)
{
    if (!lx->traits->has_char_lifetime || lx->text[lx->at] != '\'' || close == 0)
        return false;
    const unsigned char first = (unsigned char)lx->text[lx->at + 1];
    return first != '\\' && close - lx->at > (first < 0x80 ? 3 : 6);
}

/* An unclosed quote is an apostrophe: one byte of punctuation, and reading goes on. */
static bool try_string(struct lexer *lx)
{
    const char c = lx->text[lx->at];
    const bool wide = has_byte(lx->traits->wide_quotes, c);
    if (!wide && !has_byte(lx->traits->quotes, c))
        return false;
    if (try_triple(lx))
        return true;
    const bool raw = (lx->lang == SG_LANG_GO && c == '`') ||
                     ((lx->lang == SG_LANG_SHELL || lx->lang == SG_LANG_YAML) && c == '\'');
    const bool believes = !has_wasted(lx, 0);
    const size_t close = believes ? find_close(lx, lx->at + 1, c, wide, raw) : 0;
    if (believes && close == 0)
        (void)has_wasted(lx, (wide ? lx->size : line_end(lx, lx->at)) - lx->at);
    if (close == 0 || is_lifetime(lx, close)) {
        put(lx, lx->at, lx->at + 1, SG_TOKEN_PUNCT, false);
        lx->at++;
        return true;
    }
    put_lines(lx, close, SG_TOKEN_STRING);
    return true;
}

/* Whether a slash here stands where an operand must: behind an operator or a keyword. */
static bool operand_expected(const struct lexer *lx)
{
    const struct sg_tokens *out = lx->out;
    size_t i = out->count;
    while (i > 0 && out->items[i - 1].kind == SG_TOKEN_COMMENT)
        i--;
    if (i == 0)
        return true;
    const struct sg_token *last = &out->items[i - 1];
    const struct sg_text word = {lx->text + last->at, last->size};
    if (last->kind == SG_TOKEN_WORD)
        return sg_text_is(word, "return") || sg_text_is(word, "typeof") || sg_text_is(word, "case");
    return last->kind == SG_TOKEN_PUNCT && !has_byte(")]}", word.data[word.size - 1]);
}

static bool try_regex(struct lexer *lx)
{
    if (!lx->traits->has_regex || lx->text[lx->at] != '/' || !operand_expected(lx) ||
        has_wasted(lx, 0))
        return false;
    bool in_class = false;
    for (size_t i = lx->at + 1; i < lx->size && lx->text[i] != '\n'; i++) {
        const char c = lx->text[i];
        if (c == '\\')
            i++;
        else if (c == '[')
            in_class = true;
        else if (c == ']')
            in_class = false;
        else if (c == '/' && !in_class) {
            put_lines(lx, i + 1, SG_TOKEN_STRING);
            return true;
        }
    }
    (void)has_wasted(lx, line_end(lx, lx->at) - lx->at);
    return false;
}

/* Remember the end word of `<< 'EOF'`, `<<-EOF`; its body begins on the next line. */
static void note_heredoc(struct lexer *lx)
{
    size_t i = lx->at + 2;
    while (i < lx->size && has_byte("-~ \\\"'", lx->text[i]))
        i++;
    const size_t from = i;
    while (i < lx->size && is_word_byte((unsigned char)lx->text[i]))
        i++;
    const size_t size = i - from;
    if (size == 0 || size >= HEREDOC_WORD_MAX || is_digit(lx->text[from]))
        return;
    memcpy(lx->heredoc, lx->text + from, size);
    lx->heredoc_size = size;
}

static bool is_heredoc_end(const struct lexer *lx, size_t at, size_t end)
{
    while (at < end && is_blank(lx->text[at]))
        at++;
    while (end > at && is_blank(lx->text[end - 1]))
        end--;
    return end - at == lx->heredoc_size && memcmp(lx->text + at, lx->heredoc, end - at) == 0;
}

/* At the start of a line: the body as strings. Without an end word there is no here-document. */
static void skip_heredoc(struct lexer *lx)
{
    size_t at = lx->at;
    while (at < lx->size && !has_wasted(lx, 0)) {
        const size_t end = line_end(lx, at);
        if (is_heredoc_end(lx, at, end)) {
            put_lines(lx, at, SG_TOKEN_STRING);
            break;
        }
        if (end == lx->size)
            (void)has_wasted(lx, lx->size - lx->at);
        at = end < lx->size ? end + 1 : lx->size;
    }
    lx->heredoc_size = 0;
}

static void take_word(struct lexer *lx)
{
    size_t i = lx->at;
    const bool number = is_digit(lx->text[i]);
    for (i++; i < lx->size; i++) {
        const char c = lx->text[i];
        const bool inner = i + 1 < lx->size && is_word_byte((unsigned char)lx->text[i + 1]);
        if (is_word_byte((unsigned char)c))
            continue;
        if (number && c == '.' && inner && is_digit(lx->text[i + 1]))
            continue;
        if (!number && c == '-' && inner && lx->traits->dash_in_word)
            continue;
        break;
    }
    put(lx, lx->at, i, number ? SG_TOKEN_NUMBER : SG_TOKEN_WORD, false);
    lx->at = i;
}

static size_t punct_size(const struct lexer *lx)
{
    static const char *const longer[] = {
        ">>>=", "===", "!==", ">>>", "<<=", ">>=", "**=", "&&=", "||=", "\?\?=", "...", "..=", "==",
        "!=",   "<=",  ">=",  "&&",  "||",  "<<",  ">>",  "->",  "=>",  "::",    "++",  "--",  "+=",
        "-=",   "*=",  "/=",  "%=",  "&=",  "|=",  "^=",  ":=",  "**",  "??",    "?."};
    for (size_t i = 0; i < SG_COUNT_OF(longer); i++)
        if (lx->text[lx->at] == longer[i][0] && looking_at(lx, lx->at, longer[i]))
            return strlen(longer[i]);
    return 1;
}

static void take_punct(struct lexer *lx)
{
    const size_t size = punct_size(lx);
    if (size == 2 && lx->traits->has_heredoc && looking_at(lx, lx->at, "<<") &&
        !looking_at(lx, lx->at, "<<<"))
        note_heredoc(lx);
    put(lx, lx->at, lx->at + size, SG_TOKEN_PUNCT, false);
    lx->at += size;
}

static void take(struct lexer *lx)
{
    const char c = lx->text[lx->at];
    if (c == '\n') {
        lx->at++;
        lx->line++;
        if (lx->heredoc_size > 0)
            skip_heredoc(lx);
    } else if (is_blank(c)) {
        lx->at++;
    } else if (!try_comment(lx) && !try_string(lx) && !try_regex(lx)) {
        if (is_word_byte((unsigned char)c))
            take_word(lx);
        else
            take_punct(lx);
    }
}

enum sg_status sg_lexis_run(struct sg_tokens *tokens, enum sg_lang lang, struct sg_text text,
                            struct sg_err *err)
{
    assert(text.size < UINT32_MAX);
    tokens->count = 0;
    tokens->is_cut = false;
    struct lexer lx = {.out = tokens,
                       .traits = &traits_of[lang],
                       .lang = lang,
                       .text = text.data,
                       .size = text.size,
                       .line = 1};
    while (lx.at < lx.size && !tokens->is_cut && !lx.out_of_memory)
        take(&lx);
    if (lx.out_of_memory) {
        tokens->count = 0;
        return sg_err_nomem(err);
    }
    const bool open_end = lx.size > 0 && lx.text[lx.size - 1] != '\n';
    tokens->n_lines = lx.line - (open_end ? 0 : 1);
    return SG_OK;
}

void sg_tokens_clear(struct sg_tokens *tokens)
{
    sg_mem_free(tokens->items);
    *tokens = (struct sg_tokens){0};
}
