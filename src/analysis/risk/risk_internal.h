/* The parts of the look at one commit; shared by the rules, nobody else's business.
 *
 * Every file of a commit becomes two sides of lines; a line has a key over its code tokens, so that
 * comments, blanks and layout do not count. What differs is gathered into hunks, lines that only
 * moved (anywhere in the commit) are marked, and within a hunk the old and new forms of the same
 * line are paired. The rules then look at three things: pairs, lines that went, lines that came. */
#ifndef SG_ANALYSIS_RISK_INTERNAL_H
#define SG_ANALYSIS_RISK_INTERNAL_H

#include "analysis/risk/risk.h"
#include "formats/lexis/lexis.h"

enum role {
    ROLE_SOURCE,
    ROLE_TEST,
    ROLE_TOOL,     /* what the project's own people run: deployment, chores */
    ROLE_BUILD,    /* make, autoconf, CMake, scripts, Docker */
    ROLE_CI,       /* what a code host runs */
    ROLE_MANIFEST, /* dependencies as people write them */
    ROLE_LOCK,     /* dependencies as tools write them */
    ROLE_DATA,     /* JSON, YAML, TOML, markup that is none of the above */
    ROLE_DOC,
    ROLE_VENDOR, /* bundled or generated: dist, vendor, minified */
    ROLE_COUNT
};

struct line {
    uint64_t key;          /* over code tokens; 0: no code on it */
    uint32_t first, count; /* its tokens, comments included */
    uint32_t n_code;
    bool is_changed, is_moved;
    uint32_t pair; /* index of the line's other form; NO_LINE: none */
};

#define NO_LINE UINT32_MAX

/* A function: header from first_line, body from `{` (or the indented block) to last_line. Indexes
 * of lines, 0-based. */
struct func {
    struct sg_text name;
    uint32_t first_line, body_line, last_line;
    uint32_t header_token, body_token;
};

struct side {
    struct sg_text text;
    struct sg_tokens tokens;
    struct line *lines;
    uint32_t n_lines;
    struct func *funcs; /* in order of their headers */
    size_t n_funcs;
};

/* Half-open ranges of lines; either may be empty, not both. */
struct hunk {
    uint32_t old_from, old_to, new_from, new_to;
};

struct file {
    const struct sg_change *change;
    uint32_t index;
    enum sg_lang lang;
    enum role role;
    bool is_compared; /* both sides that exist were read */
    struct side old, new;
    struct hunk *hunks;
    size_t n_hunks;
    uint32_t n_added, n_removed; /* lines with code, without moves */
    uint32_t n_layout;           /* lines whose bytes changed and whose code did not */
};

struct keys {
    uint64_t *items; /* sorted */
    size_t count;
};

struct look {
    const struct sg_commit_view *commit;
    struct sg_arena *arena;
    struct file *files;
    size_t n_files;
    struct keys gone, come; /* keys of changed lines of the whole commit */
    struct sg_risk_finding *findings;
    size_t n_findings, capacity;
    uint32_t n_added, n_removed; /* all files */
    uint32_t n_code_files;       /* SOURCE and BUILD files with changed code */
    bool is_partial, is_cut, out_of_memory;
};

/* ---- words.c: bytes against lists of words, case folded ---- */

/* Whether one of the words (separated by spaces) occurs anywhere in the first 2,000 bytes. */
bool sg_risk_has_any(struct sg_text text, const char *words);
/* Whether the whole text is one of the words, case folded. */
bool sg_risk_is_any(struct sg_text text, const char *words);
bool sg_risk_text_equal(struct sg_text a, struct sg_text b);
bool sg_risk_ends_with(struct sg_text text, const char *ending);
bool sg_risk_starts_with(struct sg_text text, const char *beginning);

/* ---- role.c ---- */
enum role sg_risk_role_of(struct sg_text path, enum sg_lang lang);
bool sg_risk_is_program(enum role role); /* SOURCE, TOOL, BUILD, CI: what runs */

/* ---- diff.c ---- */
SG_MUST_CHECK enum sg_status sg_risk_side_read(struct side *side, struct sg_arena *arena,
                                               enum sg_lang lang, struct sg_text text,
                                               struct sg_err *err);
SG_MUST_CHECK enum sg_status sg_risk_file_compare(struct file *file, struct sg_arena *arena,
                                                  struct sg_err *err);
/* Lines of a hunk as old and new forms of each other; called once moves are known. */
void sg_risk_pair_hunk(struct file *file, const struct hunk *hunk);
struct sg_text sg_risk_line_text(const struct side *side,
                                 uint32_t line); /* code, without indent and comments */
struct sg_text sg_risk_line_raw(const struct side *side,
                                uint32_t line); /* with indent and comments */
uint32_t sg_risk_line_indent(const struct side *side, uint32_t line);

/* ---- structure.c ---- */
SG_MUST_CHECK enum sg_status sg_risk_side_functions(struct side *side, struct sg_arena *arena,
                                                    enum sg_lang lang, struct sg_err *err);
const struct func *sg_risk_func_at(const struct side *side, uint32_t line);
const struct func *sg_risk_func_named(const struct side *side, struct sg_text name);

/* ---- tokens of a line ---- */
struct words {
    const struct side *side;
    const struct sg_token *items; /* of the line; comments among them */
    uint32_t count;
};
struct words sg_risk_line_words(const struct side *side, uint32_t line);
struct words sg_risk_func_header(const struct side *side, const struct func *func);
/* Tokens of the body, braces included. */
struct words sg_risk_func_body(const struct side *side, const struct func *func);
/* Whether the function, header and body, holds a line that is new and did not only move. */
bool sg_risk_func_is_new(const struct file *file, const struct func *func);

struct sg_text sg_risk_word_at(struct words words, uint32_t i);
/* A word that is one of `names`, exactly or case folded, directly before '('. */
bool sg_risk_has_call(struct words words, const char *names);
/* Like sg_risk_has_call, where the name only has to contain one of the parts. */
bool sg_risk_has_call_like(struct words words, const char *parts);
bool sg_risk_has_word(struct words words, const char *names);
/* A number that is written as one of `numbers`. */
bool sg_risk_has_number(struct words words, const char *numbers);
/* Same, where a word only has to contain one of the parts; strings and comments do not count. */
bool sg_risk_has_word_like(struct words words, const char *parts);
/* Punctuation that is one of `marks`. */
bool sg_risk_has_mark(struct words words, const char *marks);

/* What differs between the two forms of a line, common tokens at both ends taken off. */
struct edit {
    struct words old, new; /* comments taken off the ends; may be empty */
    uint32_t n_same;
};
struct edit sg_risk_edit_of(const struct file *file, uint32_t old_line, uint32_t new_line);

/* ---- findings ---- */
struct found {
    enum sg_risk_rule rule;
    const struct file *file; /* NULL: of the whole commit */
    uint32_t line;           /* 0-based index; NO_LINE: the whole file */
    bool is_old;
    uint32_t weight;
    const char *detail; /* static */
};
void sg_risk_report(struct look *look, struct found found);
/* Percent of the weight that a finding has in a file of this role. */
uint32_t sg_risk_role_percent(enum role role);

/* ---- what a check looks like: rules_check.c ---- */

/* Words of bounds. */
#define SG_RISK_BOUNDS                                                                             \
    "len size bound limit max min count capacity overflow range offset end width payload"

bool sg_risk_is_assertion(struct words words);
bool sg_risk_starts_block(struct words words);
/* Whether the condition on this line turns something away: the next lines leave. */
bool sg_risk_is_rejecting(const struct side *side, uint32_t line);
/* The same, where the leaving says that something is wrong. */
bool sg_risk_is_refusing(const struct side *side, uint32_t line);
bool sg_risk_is_check(const struct side *side, uint32_t line);

/* ---- contracts and who may call: rules_access.c ---- */
bool sg_risk_is_contract(const struct file *file);
bool sg_risk_has_guard(struct words header); /* onlyX, auth, initializer and the like */
bool sg_risk_is_open(struct words header);   /* can be called from outside */
bool sg_risk_is_reading(struct words header);

/* ---- the rules, a family a file ---- */
void sg_risk_rules_check(struct look *look, const struct file *file);
void sg_risk_rules_guard(struct look *look, const struct file *file);
void sg_risk_rules_edit(struct look *look, const struct file *file);
void sg_risk_rules_siblings(struct look *look, const struct file *file);
void sg_risk_rules_contract(struct look *look, const struct file *file);
void sg_risk_rules_access(struct look *look, const struct file *file);
void sg_risk_rules_value(struct look *look, const struct file *file);
void sg_risk_rules_behaviour(struct look *look, const struct file *file);
void sg_risk_rules_memory(struct look *look, const struct file *file);
void sg_risk_rules_build(struct look *look, const struct file *file);
void sg_risk_rules_supply(struct look *look, const struct file *file);
void sg_risk_rules_ci(struct look *look, const struct file *file);
void sg_risk_rules_blob(struct look *look, const struct file *file);
void sg_risk_rules_text(struct look *look, const struct file *file);
void sg_risk_rules_commit(struct look *look);

#endif
