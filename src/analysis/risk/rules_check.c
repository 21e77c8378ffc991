/* Checks: gone, weaker, never reached; comparisons, conditions and constants changed by themselves.
 */
#include "analysis/risk/risk_internal.h"

#define REJECTS                                                                                    \
    "return throw revert goto raise exit abort panic die break continue fail error err _exit "     \
    "reject deny BUG bail assert sys.exit"

#define GUARDS "owner admin auth sign verif permi access role valid nonce replay allow trust"
#define BOUNDS "len size bound limit max min count capacity overflow range offset end width payload"

/* Words of value-moving code. */
#define VALUE                                                                                      \
    "amount balance supply reserve borrow collateral liquid mint burn transfer withdraw deposit "  \
    "redeem reward price rate fee slippage share accru index allowance debt stake claim swap root"

static bool is_assertion(struct words words)
{
    return sg_risk_has_call_like(words,
                                 "require assert ensure verify validate BUG_ON bail precondition "
                                 "checkState checkArg checkAuth _check checkRole isValid "
                                 "checkOwner _only authorize");
}

static bool starts_block(struct words words)
{
    return sg_risk_has_word(words, "if elif unless guard elsif when") ||
           sg_risk_has_call(words, "if assertTrue");
}

/* Whether the condition on this line turns something away: the next lines leave. */
static bool is_rejecting(const struct side *side, uint32_t line)
{
    if (!starts_block(sg_risk_line_words(side, line)))
        return false;
    const uint32_t last = line + 3 < side->n_lines ? line + 3 : side->n_lines - 1;
    for (uint32_t i = line; i <= last; i++) {
        const struct words words = sg_risk_line_words(side, i);
        if (sg_risk_has_word(words, REJECTS) ||
            sg_risk_has_call_like(words, "error fail abort throw exit reject"))
            return true;
    }
    return false;
}

static bool is_check(const struct side *side, uint32_t line)
{
    return is_assertion(sg_risk_line_words(side, line)) || is_rejecting(side, line);
}

static bool survives(const struct file *file, uint32_t old_line)
{
    const struct func *func = sg_risk_func_at(&file->old, old_line);
    return !func || sg_risk_func_named(&file->new, func->name);
}

static uint32_t really(const struct side *side, uint32_t from, uint32_t to)
{
    uint32_t n = 0;
    for (uint32_t i = from; i < to; i++)
        n += side->lines[i].is_changed && !side->lines[i].is_moved;
    return n;
}

static bool hunk_adds_check(const struct file *file, const struct hunk *hunk)
{
    for (uint32_t i = hunk->new_from; i < hunk->new_to; i++)
        if (file->new.lines[i].is_changed && is_check(&file->new, i))
            return true;
    return false;
}

/* A check that is all that goes is a decision about the check; one that goes with thirty lines is a
 * piece of code that went. */
static uint32_t removal_weight(const struct file *file, const struct hunk *hunk, uint32_t line)
{
    const uint32_t gone = really(&file->old, hunk->old_from, hunk->old_to);
    const uint32_t come = really(&file->new, hunk->new_from, hunk->new_to);
    uint32_t weight = gone <= 4 ? 290 : gone <= 8 ? 220 : gone <= 20 ? 120 : 50;
    if (come > 2 * gone + 2)
        weight /= 3;
    else if (come > 0)
        weight = weight * 2 / 3;
    const struct sg_text text = sg_risk_line_text(&file->old, line);
    const bool memory = file->lang == SG_LANG_C || file->lang == SG_LANG_SOLIDITY;
    if (sg_risk_has_any(text, GUARDS) || (memory && sg_risk_has_any(text, BOUNDS)))
        weight = weight * 3 / 2;
    if (sg_risk_has_any(text, "log debug warn print"))
        weight /= 2;
    return weight;
}

static void check_removed(struct look *look, const struct file *file, const struct hunk *hunk,
                          uint32_t line)
{
    if (!is_check(&file->old, line) || !survives(file, line) || hunk_adds_check(file, hunk))
        return;
    sg_risk_report(look, (struct found){SG_RISK_CHECK_REMOVED, file, line, true,
                                        removal_weight(file, hunk, line),
                                        "a check went, and the function that it stood in stayed"});
}

/* ---- edits of one line ---- */

static bool is_comparison(struct sg_text word)
{
    return sg_risk_is_any(word, "== != === !== < > <= >=");
}

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

static uint32_t value_percent(const struct file *file, uint32_t new_line)
{
    const struct func *func = sg_risk_func_at(&file->new, new_line);
    const bool value = sg_risk_has_any(sg_risk_line_text(&file->new, new_line), VALUE) ||
                       (func && sg_risk_has_any(func->name, VALUE));
    const uint32_t percent = file->lang == SG_LANG_SOLIDITY ? 150 : 100;
    return value ? percent * 3 / 2 : percent;
}

static void comparison_edit(struct look *look, const struct file *file, const struct edit *edit,
                            uint32_t line)
{
    if (edit->old.count != 1 || edit->new.count != 1 ||
        !is_comparison(sg_risk_word_at(edit->old, 0)) ||
        !is_comparison(sg_risk_word_at(edit->new, 0)))
        return;
    uint32_t weight = 3 * alone(look) * value_percent(file, line) / 100;
    if (sg_risk_has_word(sg_risk_line_words(&file->new, line), "for while"))
        weight = weight * 2 / 3;
    /* Strictness of JavaScript's comparison, which linters ask for. */
    const struct sg_text was = sg_risk_word_at(edit->old, 0), is = sg_risk_word_at(edit->new, 0);
    if (was.data[0] == is.data[0] && was.size + is.size == 5 && was.data[1] == '=')
        weight /= 4;
    if (sg_risk_has_any(sg_risk_line_text(&file->new, line), "version __GNUC__ VERSION GNUC_REQ"))
        weight /= 3;
    sg_risk_report(
        look, (struct found){SG_RISK_COMPARISON_CHANGED, file, line, false, weight,
                             "only the comparison changed: the boundary or the sense differs"});
}

static void constant_edit(struct look *look, const struct file *file, const struct edit *edit,
                          uint32_t line)
{
    const struct sg_text text = sg_risk_line_text(&file->new, line);
    if (file->role == ROLE_CI || file->role == ROLE_DATA || !is_one(edit->old, SG_TOKEN_NUMBER) ||
        !is_one(edit->new, SG_TOKEN_NUMBER) ||
        sg_risk_has_any(text,
                        "version copyright revision pragma release year import _minor _major"))
        return;
    const bool limit =
        sg_risk_has_any(text, BOUNDS) || sg_risk_has_any(text, "timeout delay threshold quorum "
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
static bool is_weaker(const struct edit *edit, bool rejecting)
{
    const char *widens = rejecting ? "&& and" : "|| or";
    const char *narrows = rejecting ? "|| or" : "&& and";
    bool grew = false, shrank = false;
    for (uint32_t i = 0; i < edit->new.count && edit->old.count == 0; i++)
        grew = grew || sg_risk_is_any(sg_risk_word_at(edit->new, i), widens);
    for (uint32_t i = 0; i < edit->old.count && edit->new.count == 0; i++)
        shrank = shrank || sg_risk_is_any(sg_risk_word_at(edit->old, i), narrows);
    return grew || shrank;
}

static void condition_edit(struct look *look, const struct file *file, const struct edit *edit,
                           uint32_t line)
{
    const struct words words = sg_risk_line_words(&file->new, line);
    const bool asserting = is_assertion(words), rejecting = is_rejecting(&file->new, line);
    if (!asserting && !starts_block(words))
        return;
    const uint32_t percent = value_percent(file, line);
    if ((asserting || rejecting) && is_weaker(edit, !asserting)) {
        sg_risk_report(look, (struct found){SG_RISK_CHECK_WEAKENED, file, line, false,
                                            (150 + 2 * alone(look)) * percent / 100,
                                            "the check now lets more through"});
        return;
    }
    const bool negated = (only_word(edit->old, "! not") && edit->new.count == 0) ||
                         (only_word(edit->new, "! not") && edit->old.count == 0);
    if (asserting && file->role == ROLE_SOURCE)
        sg_risk_report(look, (struct found){SG_RISK_CONDITION_CHANGED, file, line, false,
                                            (100 + alone(look)) * percent / 100,
                                            "what is required is now something else"});
    const bool short_edit = edit->old.count + edit->new.count <= 4;
    if (negated || short_edit)
        sg_risk_report(look, (struct found){SG_RISK_CONDITION_CHANGED, file, line, false,
                                            (negated ? 3 : 1) * alone(look) * percent / 100,
                                            negated ? "the condition was turned round"
                                                    : "the condition of a branch changed"});
}

/* Adjacent words of the line. */
static bool has_pair(struct words words, const char *first, const char *second)
{
    for (uint32_t i = 0; i + 1 < words.count; i++)
        if (sg_risk_is_any(sg_risk_word_at(words, i), first) &&
            sg_risk_is_any(sg_risk_word_at(words, i + 1), second))
            return true;
    return false;
}

static bool is_constant_condition(const struct file *file, uint32_t line)
{
    const struct words words = sg_risk_line_words(&file->new, line);
    const bool preprocessor = has_pair(words, "#", "if") && has_pair(words, "if", "0 1");
    return preprocessor || has_pair(words, "&& and", "false 0") ||
           has_pair(words, "|| or", "true 1") ||
           (has_pair(words, "if", "(") && has_pair(words, "(", "0 1 true false") &&
            has_pair(words, "0 1 true false", ")"));
}

/* Whether a statement follows, at the same depth, one that always leaves. */
static bool cuts_off(const struct side *side, enum sg_lang lang, uint32_t line)
{
    const char *leave = lang == SG_LANG_PYTHON ? "return raise break" : "return goto throw break";
    const struct words words = sg_risk_line_words(side, line);
    if (words.count == 0 || !sg_risk_is_any(sg_risk_word_at(words, 0), leave))
        return false;
    uint32_t prev = line;
    while (prev > 0 && side->lines[prev - 1].n_code == 0)
        prev--;
    uint32_t next = line + 1;
    while (next < side->n_lines && side->lines[next].n_code == 0)
        next++;
    if (next >= side->n_lines || prev == 0)
        return false;
    const struct words after = sg_risk_line_words(side, next),
                       before = sg_risk_line_words(side, prev - 1);
    const struct sg_text end = sg_risk_word_at(words, words.count - 1);
    const bool whole = sg_text_is(end, ";") || sg_risk_is_any(sg_risk_word_at(words, 0), "raise");
    const uint32_t indent = sg_risk_line_indent(side, line);
    return whole && sg_risk_line_indent(side, next) == indent &&
           sg_risk_line_indent(side, prev - 1) == indent &&
           !sg_risk_is_any(sg_risk_word_at(after, 0),
                           "} case default else end # endif fi done elif except") &&
           !sg_text_is(sg_risk_word_at(after, after.count > 1 ? 1 : 0), ":") &&
           !sg_risk_has_word(before, "if else for while elif") &&
           sg_risk_is_any(sg_risk_word_at(before, before.count - 1), "; )");
}

/* The second of two leaving lines under an unbraced `if`: it is always taken. */
static bool repeats_leave(const struct side *side, uint32_t line)
{
    const struct words words = sg_risk_line_words(side, line);
    if (line < 2 || words.count == 0 ||
        !sg_risk_is_any(sg_risk_word_at(words, 0), "goto return throw"))
        return false;
    const struct words before = sg_risk_line_words(side, line - 1),
                       head = sg_risk_line_words(side, line - 2);
    return before.count > 0 && side->lines[line].key == side->lines[line - 1].key &&
           head.count > 0 && sg_risk_is_any(sg_risk_word_at(head, 0), "if else") &&
           sg_risk_line_indent(side, line) == sg_risk_line_indent(side, line - 1);
}

static void unreachable(struct look *look, const struct file *file, uint32_t line)
{
    const bool c_like = file->lang == SG_LANG_C || file->lang == SG_LANG_JS ||
                        file->lang == SG_LANG_SOLIDITY || file->lang == SG_LANG_PHP ||
                        file->lang == SG_LANG_PYTHON;
    if (repeats_leave(&file->new, line))
        sg_risk_report(
            look, (struct found){SG_RISK_CHECK_UNREACHABLE, file, line, false, 900,
                                 "the second jump is always taken: what follows is never run"});
    else if (c_like && cuts_off(&file->new, file->lang, line))
        sg_risk_report(look, (struct found){SG_RISK_CHECK_UNREACHABLE, file, line, false, 420,
                                            "what follows this line is never run"});
    else if (is_constant_condition(file, line))
        sg_risk_report(look, (struct found){SG_RISK_CHECK_UNREACHABLE, file, line, false, 260,
                                            "the condition has one answer"});
}

static void swallowed(struct look *look, const struct file *file, uint32_t line)
{
    const struct words words = sg_risk_line_words(&file->new, line);
    const bool empty_catch = sg_risk_has_word(words, "catch except rescue") &&
                             (has_pair(words, "{", "}") || has_pair(words, ":", "pass"));
    if (empty_catch)
        sg_risk_report(look, (struct found){SG_RISK_ERROR_SWALLOWED, file, line, false, 110,
                                            "an error is caught and nothing is done about it"});
}

/* Protections named by a call or a setting that turn verification off outright. */
static bool turns_off(struct sg_text text)
{
    static const char *const phrases =
        "InsecureSkipVerify:true verify=False rejectUnauthorized:false CERT_NONE "
        "_create_unverified_context SSL_VERIFY_NONE SSL_VERIFYPEER,0 SSL_VERIFYPEER,false "
        "SSL_VERIFYHOST,0 NODE_TLS_REJECT_UNAUTHORIZED=0 strict-ssl=false check_hostname=False "
        "AllowAllHostnameVerifier alg:none algorithms:none trustAllCerts ALLOW_ALL_HOSTNAME "
        "--no-check-certificate --insecure --allow-unauthenticated --no-verify "
        "gpgcheck=0 --trusted-host ignore-scripts=false --no-gpg-check";
    char packed[512];
    size_t n = 0;
    for (size_t i = 0; i < text.size && n < sizeof(packed); i++)
        if (text.data[i] != ' ' && text.data[i] != '"' && text.data[i] != '\'')
            packed[n++] = text.data[i];
    return sg_risk_has_any((struct sg_text){packed, n}, phrases);
}

static void verification(struct look *look, const struct file *file, const struct hunk *hunk,
                         uint32_t line)
{
    const struct sg_text text = sg_risk_line_text(&file->new, line);
    if (!turns_off(text))
        return;
    for (uint32_t i = hunk->old_from; i < hunk->old_to; i++)
        if (turns_off(sg_risk_line_text(&file->old, i)))
            return;
    sg_risk_report(look,
                   (struct found){SG_RISK_VERIFICATION_WEAKENED, file, line, false, 420,
                                  "certificates, signatures or hosts are no longer verified here"});
}

static void verification_removed(struct look *look, const struct file *file,
                                 const struct hunk *hunk, uint32_t line)
{
    const struct words words = sg_risk_line_words(&file->old, line);
    const bool calls =
        sg_risk_has_call_like(words, "verify checksig check_sig ecrecover isValidSign "
                                     "checkSignature authenticate checkPermission "
                                     "constant_time crypto_memcmp timingSafeEqual");
    if (!calls || !survives(file, line) ||
        sg_risk_is_any(sg_risk_word_at(words, 0), "def function func fn"))
        return;
    for (uint32_t i = hunk->new_from; i < hunk->new_to; i++)
        if (sg_risk_has_any(sg_risk_line_text(&file->new, i),
                            "verif sign auth permis valid compare equal"))
            return;
    sg_risk_report(look, (struct found){SG_RISK_VERIFICATION_WEAKENED, file, line, true,
                                        removal_weight(file, hunk, line) * 5 / 4,
                                        "a verification is no longer asked for"});
}

static void old_line(struct look *look, const struct file *file, const struct hunk *hunk,
                     uint32_t line)
{
    if (file->new.n_lines == 0 || file->old.lines[line].pair != NO_LINE)
        return;
    check_removed(look, file, hunk, line);
    verification_removed(look, file, hunk, line);
}

static void new_line(struct look *look, const struct file *file, const struct hunk *hunk,
                     uint32_t line)
{
    const uint32_t pair = file->new.lines[line].pair;
    if (pair != NO_LINE) {
        const struct edit edit = sg_risk_edit_of(file, pair, line);
        comparison_edit(look, file, &edit, line);
        constant_edit(look, file, &edit, line);
        default_edit(look, file, &edit, line);
        condition_edit(look, file, &edit, line);
    }
    if (file->old.n_lines > 0)
        unreachable(look, file, line);
    swallowed(look, file, line);
    verification(look, file, hunk, line);
}

void sg_risk_rules_check(struct look *look, const struct file *file)
{
    if (file->role == ROLE_DOC || file->role == ROLE_LOCK || file->role == ROLE_MANIFEST)
        return;
    for (size_t h = 0; h < file->n_hunks; h++) {
        const struct hunk *hunk = &file->hunks[h];
        for (uint32_t i = hunk->old_from; i < hunk->old_to; i++)
            if (file->old.lines[i].is_changed && !file->old.lines[i].is_moved)
                old_line(look, file, hunk, i);
        for (uint32_t i = hunk->new_from; i < hunk->new_to; i++)
            if (file->new.lines[i].is_changed && !file->new.lines[i].is_moved)
                new_line(look, file, hunk, i);
    }
}
