/** Source text into tokens, for any language well enough to compare two versions of a file.
 *
 *  Not a compiler's lexer: it never refuses. Broken code, the wrong language, binary bytes and
 * lines of megabytes come out as some tokens, in time linear in the bytes, without recursion. What
 * must be right is where comments and strings begin and end, because a check inside a comment is no
 * check. Why own lexers and not grammars: docs/decisions/0050-lexers-not-grammars.md.
 */
#ifndef SG_FORMATS_LEXIS_H
#define SG_FORMATS_LEXIS_H

#include "base/status.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Families that share their lexical rules; UNKNOWN is read as C with `#` comments off. */
enum sg_lang {
    SG_LANG_UNKNOWN,
    SG_LANG_TEXT, /**< prose: words and punctuation, no comments, no strings */
    SG_LANG_C,    /**< C, C++, Objective-C, Java, Kotlin, C#, Swift, Scala, Dart */
    SG_LANG_JS,   /**< JavaScript, TypeScript, with their XML forms */
    SG_LANG_SOLIDITY,
    SG_LANG_GO,
    SG_LANG_RUST, /**< and Move */
    SG_LANG_PHP,
    SG_LANG_PYTHON, /**< and Vyper, Starlark */
    SG_LANG_RUBY,   /**< and Perl, Elixir: `#` comments, no block structure read */
    SG_LANG_SHELL,
    SG_LANG_MAKE,
    SG_LANG_M4, /**< autoconf input, configure scripts in part */
    SG_LANG_CMAKE,
    SG_LANG_JSON,
    SG_LANG_YAML,
    SG_LANG_TOML,   /**< and INI, .npmrc, lock files of Cargo and Poetry */
    SG_LANG_MARKUP, /**< XML, HTML */
    SG_LANG_DOCKER
};

/** By name, then by the `#!` of the first line.
 *  In: path   with '/' between folders; any bytes.
 *      text   the beginning of the file, may be empty. */
enum sg_lang sg_lexis_lang(struct sg_text path, struct sg_text text);

enum sg_token_kind {
    SG_TOKEN_WORD,    /**< identifier or keyword: letters, digits, '_', '$', bytes above 0x7f */
    SG_TOKEN_NUMBER,  /**< begins with a digit; suffixes, '_' and exponents included */
    SG_TOKEN_STRING,  /**< with its quotes; a string of many lines is a token a line */
    SG_TOKEN_COMMENT, /**< with its marks; likewise a token a line */
    SG_TOKEN_PUNCT    /**< operators of up to three characters as one: >>=, ===, && */
};

/** Tokens never span lines, have a size, and do not overlap; what lies between is white space. */
struct sg_token {
    uint32_t at;       /**< byte offset */
    uint32_t size;     /**< bytes, at least 1 */
    uint32_t line;     /**< 1-based; a line ends at '\n' */
    uint8_t kind;      /**< enum sg_token_kind */
    bool is_continued; /**< the rest of a string or comment that began on a line above */
};

/** Grown and reused from file to file; zero-initialise, clear at the end. */
struct sg_tokens {
    struct sg_token *items;
    size_t count, capacity;
    uint32_t n_lines; /**< lines of the text; a last line without '\n' counts */
    bool is_cut;      /**< SG_LEXIS_TOKENS_MAX was reached, the rest was not read */
};

/** Tokens of one file. A source of 1 MiB has about 250,000; minified code may reach twice that. */
#define SG_LEXIS_TOKENS_MAX ((size_t)1024 * 1024)

/** Cut `text` into tokens.
 *
 *  Out:    tokens  the earlier content is replaced; owned by the caller.
 *  In:     text    below 4 GiB.
 *  Errors: SG_ENOMEM; tokens hold nothing then.
 *  Cost:   linear; about 4 ns a byte. */
SG_MUST_CHECK enum sg_status sg_lexis_run(struct sg_tokens *tokens, enum sg_lang lang,
                                          struct sg_text text, struct sg_err *err);
void sg_tokens_clear(struct sg_tokens *tokens);

/** The bytes of a token. */
static inline struct sg_text sg_token_text(struct sg_text text, const struct sg_token *token)
{
    return (struct sg_text){text.data + token->at, token->size};
}

#endif
