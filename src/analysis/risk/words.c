/* Bytes against short lists of words. Lists are strings of words with one space between, so that a
 * rule shows its vocabulary where it is used. */
#include "analysis/risk/risk_internal.h"

#include <strings.h>

/* A line is looked at this far; what is longer is judged by its length (sg_risk_rules_text.c). */
#define LOOK_MAX 2000

static char folded(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Which pairs of neighbouring bytes a text has, folded, by a hash of eight bits: most words of a
 * list are not in a line, and this says so without a search. */
struct pairs {
    uint64_t bits[4];
};

static uint8_t pair_of(char a, char b)
{
    return (uint8_t)((uint8_t)folded(a) * 31u + (uint8_t)folded(b));
}

static struct pairs pairs_of(struct sg_text text)
{
    struct pairs pairs = {{0}};
    for (size_t i = 0; i + 1 < text.size; i++) {
        const uint8_t pair = pair_of(text.data[i], text.data[i + 1]);
        pairs.bits[pair >> 6] |= UINT64_C(1) << (pair & 63);
    }
    return pairs;
}

static bool may_occur(const struct pairs *pairs, const char *word, size_t size)
{
    for (size_t i = 0; i + 1 < size; i++) {
        const uint8_t pair = pair_of(word[i], word[i + 1]);
        if (!(pairs->bits[pair >> 6] >> (pair & 63) & 1))
            return false;
    }
    return true;
}

static bool occurs(struct sg_text text, const char *word, size_t size)
{
    const char first = folded(word[0]);
    for (size_t i = 0; i + size <= text.size; i++)
        if (folded(text.data[i]) == first && strncasecmp(text.data + i, word, size) == 0)
            return true;
    return false;
}

static size_t word_size(const char *words)
{
    size_t size = 0;
    while (words[size] && words[size] != ' ')
        size++;
    return size;
}

bool sg_risk_has_any(struct sg_text text, const char *words)
{
    if (text.size > LOOK_MAX)
        text.size = LOOK_MAX;
    const struct pairs pairs = pairs_of(text);
    while (*words) {
        const size_t size = word_size(words);
        if (size <= text.size && may_occur(&pairs, words, size) && occurs(text, words, size))
            return true;
        words += size;
        words += *words == ' ';
    }
    return false;
}

bool sg_risk_is_any(struct sg_text text, const char *words)
{
    while (*words) {
        const size_t size = word_size(words);
        if (size == text.size && strncasecmp(text.data, words, size) == 0)
            return true;
        words += size;
        words += *words == ' ';
    }
    return false;
}

bool sg_risk_text_equal(struct sg_text a, struct sg_text b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

bool sg_risk_ends_with(struct sg_text text, const char *ending)
{
    const size_t size = strlen(ending);
    return text.size >= size && strncasecmp(text.data + text.size - size, ending, size) == 0;
}

bool sg_risk_starts_with(struct sg_text text, const char *beginning)
{
    const size_t size = strlen(beginning);
    return text.size >= size && strncasecmp(text.data, beginning, size) == 0;
}

struct words sg_risk_line_words(const struct side *side, uint32_t line)
{
    const struct line *at = &side->lines[line];
    /* A file of blank lines has no tokens to point at. */
    return (struct words){side, at->count > 0 ? side->tokens.items + at->first : NULL, at->count};
}

struct sg_text sg_risk_word_at(struct words words, uint32_t i)
{
    return sg_token_text(words.side->text, &words.items[i]);
}

static bool is_punct(struct words words, uint32_t i, char c)
{
    return i < words.count && words.items[i].kind == SG_TOKEN_PUNCT && words.items[i].size == 1 &&
           words.side->text.data[words.items[i].at] == c;
}

/* require("name") fetches a module and demands nothing. */
static bool is_import(struct words words, uint32_t i)
{
    return i + 2 < words.count && words.items[i + 2].kind == SG_TOKEN_STRING &&
           sg_text_is(sg_risk_word_at(words, i), "require");
}

/* Rust writes macros as name!(...). */
static bool is_called(struct words words, uint32_t i)
{
    return words.items[i].kind == SG_TOKEN_WORD && !is_import(words, i) &&
           (is_punct(words, i + 1, '(') ||
            (is_punct(words, i + 1, '!') && is_punct(words, i + 2, '(')));
}

bool sg_risk_has_call(struct words words, const char *names)
{
    for (uint32_t i = 0; i < words.count; i++)
        if (is_called(words, i) && sg_risk_is_any(sg_risk_word_at(words, i), names))
            return true;
    return false;
}

bool sg_risk_has_call_like(struct words words, const char *parts)
{
    for (uint32_t i = 0; i < words.count; i++)
        if (is_called(words, i) && sg_risk_has_any(sg_risk_word_at(words, i), parts))
            return true;
    return false;
}

bool sg_risk_has_number(struct words words, const char *numbers)
{
    for (uint32_t i = 0; i < words.count; i++)
        if (words.items[i].kind == SG_TOKEN_NUMBER &&
            sg_risk_is_any(sg_risk_word_at(words, i), numbers))
            return true;
    return false;
}

bool sg_risk_has_word(struct words words, const char *names)
{
    for (uint32_t i = 0; i < words.count; i++)
        if (words.items[i].kind == SG_TOKEN_WORD &&
            sg_risk_is_any(sg_risk_word_at(words, i), names))
            return true;
    return false;
}

bool sg_risk_has_word_like(struct words words, const char *parts)
{
    for (uint32_t i = 0; i < words.count; i++)
        if (words.items[i].kind == SG_TOKEN_WORD &&
            sg_risk_has_any(sg_risk_word_at(words, i), parts))
            return true;
    return false;
}

bool sg_risk_has_mark(struct words words, const char *marks)
{
    for (uint32_t i = 0; i < words.count; i++)
        if (words.items[i].kind == SG_TOKEN_PUNCT &&
            sg_risk_is_any(sg_risk_word_at(words, i), marks))
            return true;
    return false;
}

static struct words without_comments(struct words words)
{
    while (words.count > 0 && words.items[words.count - 1].kind == SG_TOKEN_COMMENT)
        words.count--;
    while (words.count > 0 && words.items[0].kind == SG_TOKEN_COMMENT) {
        words.items++;
        words.count--;
    }
    return words;
}

struct edit sg_risk_edit_of(const struct file *file, uint32_t old_line, uint32_t new_line)
{
    struct words a = without_comments(sg_risk_line_words(&file->old, old_line));
    struct words b = without_comments(sg_risk_line_words(&file->new, new_line));
    uint32_t same = 0;
    while (a.count > 0 && b.count > 0 &&
           sg_risk_text_equal(sg_risk_word_at(a, 0), sg_risk_word_at(b, 0))) {
        a.items++, b.items++;
        a.count--, b.count--;
        same++;
    }
    while (a.count > 0 && b.count > 0 &&
           sg_risk_text_equal(sg_risk_word_at(a, a.count - 1), sg_risk_word_at(b, b.count - 1))) {
        a.count--, b.count--;
        same++;
    }
    return (struct edit){a, b, same};
}
