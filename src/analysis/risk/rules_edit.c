/* One line in two forms: comparisons, conditions, constants and defaults that changed by
 * themselves. What counts is the direction: a refusal that grew protects, a requirement that grew
 * opens. */
#include "analysis/risk/risk_internal.h"

/* Words of value-moving code. */
#define VALUE                                                                                      \
    "amount balance supply reserve borrow collateral liquid mint burn transfer withdraw deposit "  \
    "redeem reward price rate fee slippage share accru index allowance debt stake claim swap root"

static bool is_one(struct words words, enum sg_token_kind kind)
{
    return words.count == 1 && words.items[0].kind == kind;
}

static bool only_word(struct words words, const char *names)
{
    return words.count == 1 && sg_risk_is_any(sg_risk_word_at(words, 0), names);
}

/* How much an edit stands alone in its commit, in percent. */
static uint32_t alone(const struct look *look)
{
    const uint32_t n = look->n_added + look->n_removed;
    return n <= 4 ? 100 : n <= 12 ? 80 : n <= 40 ? 60 : n <= 150 ? 40 : 25;
}

/* Templates of pages: their conditions say what is shown. */
static bool is_page(const struct file *file)
{
    const struct sg_text path = file->change->new_path;
    return sg_risk_ends_with(path, ".tsx") || sg_risk_ends_with(path, ".jsx") ||
           sg_risk_ends_with(path, ".vue") || sg_risk_ends_with(path, ".svelte");
}

static uint32_t value_percent(const struct file *file, uint32_t new_line)
{
    const struct func *func = sg_risk_func_at(&file->new, new_line);
    const bool value = sg_risk_has_any(sg_risk_line_text(&file->new, new_line), VALUE) ||
                       (func && sg_risk_has_any(func->name, VALUE));
    const uint32_t percent = file->lang == SG_LANG_SOLIDITY ? 125 : is_page(file) ? 60 : 100;
    return value ? percent * 5 / 4 : percent;
}

/* ---- which way a check moved ---- */

enum sense { SENSE_OTHER, SENSE_LOOSER, SENSE_TIGHTER };

/* What a comparison accepts: less, equal, more, a bit each; 0: no comparison. */
static unsigned accepts(struct sg_text op)
{
    return sg_text_is(op, "<")            ? 1u
           : sg_risk_is_any(op, "== ===") ? 2u
           : sg_text_is(op, "<=")         ? 3u
           : sg_text_is(op, ">")          ? 4u
           : sg_risk_is_any(op, "!= !==") ? 5u
           : sg_text_is(op, ">=")         ? 6u
                                          : 0u;
}

/* A requirement is looser when it accepts more, a refusal when it accepts less. */
static enum sense sense_of(unsigned old, unsigned new, bool rejecting)
{
    if (old == new)
        return SENSE_OTHER;
    const bool grew = (old & new) == old, shrank = (old & new) == new;
    if (!grew && !shrank)
        return SENSE_OTHER;
    return grew != rejecting ? SENSE_LOOSER : SENSE_TIGHTER;
}

/* A call that is a statement of a function, not the head of one or a declaration. */
static bool is_required(const struct file *file, uint32_t line)
{
    const struct func *func = sg_risk_func_at(&file->new, line);
    const bool declares = file->lang == SG_LANG_C || file->lang == SG_LANG_SOLIDITY;
    if (!sg_risk_is_assertion(sg_risk_line_words(&file->new, line)))
        return false;
    return func ? line > func->body_line || !declares : !declares;
}

static void comparison_edit(struct look *look, const struct file *file, const struct edit *edit,
                            uint32_t line)
{
    if (edit->old.count != 1 || edit->new.count != 1)
        return;
    const struct sg_text was = sg_risk_word_at(edit->old, 0), is = sg_risk_word_at(edit->new, 0);
    const unsigned old = accepts(was), new = accepts(is);
    if (old == 0 || new == 0)
        return;
    uint32_t weight = 3 * alone(look) * value_percent(file, line) / 100;
    const bool rejecting = sg_risk_is_rejecting(&file->new, line);
    if ((rejecting || is_required(file, line)) && sense_of(old, new, rejecting) == SENSE_TIGHTER)
        weight /= 3;
    if (sg_risk_has_word(sg_risk_line_words(&file->new, line), "for while"))
        weight = weight * 2 / 3;
    /* Strictness of JavaScript's comparison, which linters ask for. */
    if (old == new)
        weight /= 4;
    if (sg_risk_has_any(sg_risk_line_text(&file->new, line), "version __GNUC__ VERSION GNUC_REQ"))
        weight /= 3;
    sg_risk_report(
        look, (struct found){SG_RISK_COMPARISON_CHANGED, file, line, false, weight,
                             "only the comparison changed: the boundary or the sense differs"});
}

/* Bytes of an address of a contract as it is written: the rule of fixed addresses has it. */
#define ADDRESS_BYTES 42

static void constant_edit(struct look *look, const struct file *file, const struct edit *edit,
                          uint32_t line)
{
    const struct sg_text text = sg_risk_line_text(&file->new, line);
    if (file->role == ROLE_CI || file->role == ROLE_DATA || !is_one(edit->old, SG_TOKEN_NUMBER) ||
        !is_one(edit->new, SG_TOKEN_NUMBER) || edit->new.items[0].size == ADDRESS_BYTES ||
        sg_risk_has_any(text,
                        "version copyright revision pragma release year import _minor _major"))
        return;
    const bool limit = sg_risk_has_any(text, SG_RISK_BOUNDS) ||
                       sg_risk_has_any(text, "timeout delay threshold quorum "
                                             "required confirm decimals");
    const uint32_t weight = 2 * alone(look) * value_percent(file, line) / 100;
    sg_risk_report(look, (struct found){limit ? SG_RISK_LIMIT_LOOSENED : SG_RISK_CONSTANT_CHANGED,
                                        file, line, false, weight,
                                        "only a number changed in this line of code"});
}

static bool is_safety_name(struct sg_text text)
{
    return sg_risk_has_any(text,
                           "verif secur strict check ssl tls cert auth valid sandbox protect safe "
                           "csrf sanitiz escape encrypt signature unauthorized trusted permission "
                           "integrity readonly read_only");
}

static void default_edit(struct look *look, const struct file *file, const struct edit *edit,
                         uint32_t line)
{
    const bool off = only_word(edit->old, "true yes on 1 enabled") &&
                     only_word(edit->new, "false no off 0 disabled none null");
    const bool on = only_word(edit->new, "true yes on 1 enabled") &&
                    only_word(edit->old, "false no off 0 disabled");
    const struct sg_text text = sg_risk_line_text(&file->new, line);
    const bool names_danger = sg_risk_has_any(
        text, "insecure skip disable unsafe nocheck no_check "
              "allow_all allow-all allowall allowinsecure trust_all bypass privileged");
    if ((off && is_safety_name(text) && !names_danger) || (on && names_danger))
        sg_risk_report(look, (struct found){SG_RISK_SECURE_DEFAULT_OFF, file, line, false, 450,
                                            "a protection's switch was turned"});
}

/* A condition grew or shrank by a clause. Which way is weaker depends on what the condition does:
 * a requirement is weaker with more alternatives, a refusal with more conditions. */
static enum sense clause_sense(const struct edit *edit, bool rejecting)
{
    const struct words words = edit->old.count == 0 ? edit->new : edit->old;
    const bool grew = edit->old.count == 0;
    if (edit->old.count > 0 && edit->new.count > 0)
        return SENSE_OTHER;
    bool is_or = false, is_and = false;
    for (uint32_t i = 0; i < words.count; i++) {
        is_or = is_or || sg_risk_is_any(sg_risk_word_at(words, i), "|| or");
        is_and = is_and || sg_risk_is_any(sg_risk_word_at(words, i), "&& and");
    }
    if (is_or == is_and)
        return SENSE_OTHER;
    /* More alternatives accept more; fewer conditions do too. */
    const bool accepts_more = is_or == grew;
    return accepts_more != rejecting ? SENSE_LOOSER : SENSE_TIGHTER;
}

/* Both sides of the edit compare, the old one with what must be, the new one with what must not:
 * a list of the allowed became a list of the refused. */
static bool turns_to_refusal(const struct edit *edit, bool rejecting)
{
    const char *before = rejecting ? "!= !==" : "== ===";
    const char *after = rejecting ? "== ===" : "!= !==";
    return edit->old.count > 1 && edit->new.count > 1 && sg_risk_has_mark(edit->old, before) &&
           sg_risk_has_mark(edit->new, after) && !sg_risk_has_mark(edit->new, before);
}

static bool is_all_text(struct words words)
{
    for (uint32_t i = 0; i < words.count; i++)
        if (words.items[i].kind != SG_TOKEN_STRING)
            return false;
    return true;
}

/* The switch of a checking call, added as a last argument that says no. */
static bool says_no(const struct edit *edit)
{
    return edit->old.count == 0 && edit->new.count == 2 &&
           sg_text_is(sg_risk_word_at(edit->new, 0), ",") &&
           sg_risk_is_any(sg_risk_word_at(edit->new, 1), "false FALSE False 0 nullptr NULL null");
}

static bool has_word(const struct side *side, struct sg_text word, uint32_t at_least)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < side->tokens.count && n < at_least; i++)
        n += side->tokens.items[i].kind == SG_TOKEN_WORD &&
             sg_risk_text_equal(sg_token_text(side->text, &side->tokens.items[i]), word);
    return n >= at_least;
}

/* One name took the place of another in the whole file. */
static bool is_rename(const struct file *file, const struct edit *edit)
{
    if (!is_one(edit->old, SG_TOKEN_WORD) || !is_one(edit->new, SG_TOKEN_WORD))
        return false;
    const struct sg_text was = sg_risk_word_at(edit->old, 0), is = sg_risk_word_at(edit->new, 0);
    return has_word(&file->old, was, 2) && !has_word(&file->new, was, 1) &&
           !has_word(&file->old, is, 1);
}

static void report_condition(struct look *look, const struct file *file, uint32_t line,
                             uint32_t weight, const char *detail)
{
    sg_risk_report(look,
                   (struct found){SG_RISK_CONDITION_CHANGED, file, line, false, weight, detail});
}

/* A bare return may turn away or only be done: what throws or names a failure refuses. */
static void weakened(struct look *look, const struct file *file, uint32_t line, const char *detail)
{
    const bool refuses = is_required(file, line) || sg_risk_is_refusing(&file->new, line);
    const uint32_t percent = value_percent(file, line) * (refuses ? 10 : 6) / 10;
    sg_risk_report(look, (struct found){SG_RISK_CHECK_WEAKENED, file, line, false,
                                        (150 + 2 * alone(look)) * percent / 100, detail});
}

static void condition_edit(struct look *look, const struct file *file, const struct edit *edit,
                           uint32_t line)
{
    const bool asserting = is_required(file, line);
    const bool rejecting = !asserting && sg_risk_is_rejecting(&file->new, line);
    if (says_no(edit) && sg_risk_has_call_like(sg_risk_line_words(&file->new, line),
                                               "check verif valid auth ensure require")) {
        weakened(look, file, line, "a check is told to leave something out");
        return;
    }
    if (!asserting && !sg_risk_starts_block(sg_risk_line_words(&file->new, line)))
        return;
    const uint32_t percent = value_percent(file, line);
    const enum sense sense = clause_sense(edit, rejecting);
    if ((asserting || rejecting) && sense == SENSE_LOOSER) {
        weakened(look, file, line, "the check now lets more through");
        return;
    }
    if ((asserting || rejecting) && turns_to_refusal(edit, rejecting)) {
        weakened(look, file, line, "what had to be is now only what must not be");
        return;
    }
    const bool negated = (only_word(edit->old, "! not") && edit->new.count == 0) ||
                         (only_word(edit->new, "! not") && edit->old.count == 0);
    uint32_t weight = asserting && file->role == ROLE_SOURCE ? (100 + alone(look)) : 0;
    if (negated)
        weight = 3 * alone(look);
    else if (rejecting && is_one(edit->old, SG_TOKEN_WORD) && is_one(edit->new, SG_TOKEN_WORD) &&
             sg_risk_has_mark(sg_risk_line_words(&file->new, line), "< > <= >="))
        weight = 100 + alone(look); /* the bound of a refusal is another */
    else if (weight == 0 && edit->old.count + edit->new.count <= 4)
        weight = alone(look);
    if (sense == SENSE_TIGHTER || is_rename(file, edit))
        weight /= 3;
    if (weight > 0)
        report_condition(look, file, line, weight * percent / 100,
                         negated     ? "the condition was turned round"
                         : asserting ? "what is required is now something else"
                                     : "the condition of a branch changed");
}

/* Bytes of a line beyond which it was made by a machine, and an edit of it is not one's decision.
 */
#define WRITTEN_MAX 400

static void edited_line(struct look *look, const struct file *file, uint32_t line)
{
    const struct edit edit = sg_risk_edit_of(file, file->new.lines[line].pair, line);
    if ((is_all_text(edit.old) && is_all_text(edit.new)) ||
        sg_risk_line_text(&file->new, line).size > WRITTEN_MAX)
        return;
    comparison_edit(look, file, &edit, line);
    constant_edit(look, file, &edit, line);
    default_edit(look, file, &edit, line);
    condition_edit(look, file, &edit, line);
}

void sg_risk_rules_edit(struct look *look, const struct file *file)
{
    if (file->role == ROLE_DOC || file->role == ROLE_LOCK || file->role == ROLE_MANIFEST)
        return;
    for (size_t h = 0; h < file->n_hunks; h++)
        for (uint32_t i = file->hunks[h].new_from; i < file->hunks[h].new_to; i++)
            if (file->new.lines[i].is_changed && !file->new.lines[i].is_moved &&
                file->new.lines[i].pair != NO_LINE)
                edited_line(look, file, i);
}
