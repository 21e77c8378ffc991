/* Checks: gone, never reached, or put behind a switch; errors that nobody hears of. */
#include "analysis/risk/risk_internal.h"

#define REJECTS                                                                                    \
    "return throw revert goto raise exit abort panic die break continue fail error err _exit "     \
    "reject deny BUG bail assert sys.exit"

#define GUARDS "owner admin auth sign verif permi access role valid nonce replay allow trust"

bool sg_risk_is_assertion(struct words words)
{
    return !sg_risk_has_call_like(words, "invalidate") &&
           sg_risk_has_call_like(words,
                                 "require assert ensure verify validate BUG_ON bail precondition "
                                 "checkState checkArg checkAuth _check checkRole isValid "
                                 "checkOwner _only authorize");
}

bool sg_risk_starts_block(struct words words)
{
    return sg_risk_has_word(words, "if elif unless guard elsif when") ||
           sg_risk_has_call(words, "if assertTrue");
}

/* Whether the condition on this line turns something away: the next lines leave. */
bool sg_risk_is_rejecting(const struct side *side, uint32_t line)
{
    const struct words head = sg_risk_line_words(side, line);
    /* What a preprocessor or an attribute asks is asked of the build. */
    if (!sg_risk_starts_block(head) || sg_text_is(sg_risk_word_at(head, 0), "#"))
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

/* Adjacent words of the line. */
static bool has_pair(struct words words, const char *first, const char *second)
{
    for (uint32_t i = 0; i + 1 < words.count; i++)
        if (sg_risk_is_any(sg_risk_word_at(words, i), first) &&
            sg_risk_is_any(sg_risk_word_at(words, i + 1), second))
            return true;
    return false;
}

bool sg_risk_is_refusing(const struct side *side, uint32_t line)
{
    const uint32_t last = line + 3 < side->n_lines ? line + 3 : side->n_lines - 1;
    for (uint32_t i = line; i <= last; i++) {
        const struct words words = sg_risk_line_words(side, i);
        if (sg_risk_has_word(words,
                             "throw revert goto raise abort panic die fail error reject deny "
                             "false Err EINVAL EPERM EACCES NULL nullptr bail") ||
            sg_risk_has_call_like(words, "error fail abort throw exit reject invalid") ||
            has_pair(words, "return", "-"))
            return true;
    }
    return false;
}

bool sg_risk_is_check(const struct side *side, uint32_t line)
{
    return sg_risk_is_assertion(sg_risk_line_words(side, line)) || sg_risk_is_rejecting(side, line);
}

/* Whether a line is run, and does not only declare something. */
static bool is_run(const struct file *file, const struct side *side, uint32_t line)
{
    const struct func *func = sg_risk_func_at(side, line);
    return file->lang != SG_LANG_C || (func && line > func->body_line);
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
        if (file->new.lines[i].is_changed && sg_risk_is_check(&file->new, i))
            return true;
    return false;
}

/* Lines of a call written over several that are read for what it is about. */
#define STATEMENT_LINES 4

static bool statement_has(const struct side *side, uint32_t line, const char *words)
{
    for (uint32_t i = line; i < side->n_lines && i < line + STATEMENT_LINES; i++) {
        const struct sg_text text = sg_risk_line_text(side, i);
        if (sg_risk_has_any(text, words))
            return true;
        if (sg_risk_has_any(text, "; { }") || sg_risk_ends_with(text, ":"))
            return false;
    }
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
    if (statement_has(&file->old, line, GUARDS) ||
        (memory && statement_has(&file->old, line, SG_RISK_BOUNDS)))
        weight = weight * 3 / 2;
    if (sg_risk_has_any(text, "log debug warn print g_assert assert( DCHECK"))
        weight /= 2;
    return weight;
}

static void check_removed(struct look *look, const struct file *file, const struct hunk *hunk,
                          uint32_t line)
{
    if (!sg_risk_is_check(&file->old, line) || !is_run(file, &file->old, line) ||
        !survives(file, line) || hunk_adds_check(file, hunk))
        return;
    sg_risk_report(look, (struct found){SG_RISK_CHECK_REMOVED, file, line, true,
                                        removal_weight(file, hunk, line),
                                        "a check went, and the function that it stood in stayed"});
}

/* ---- never reached ---- */

/* Bytes of a line beyond which it was made by a machine. */
#define WRITTEN_MAX 400

/* A constant behind one of `before` that is a clause by itself: `&& false)`, not `&& 0 < n`. */
static bool has_clause(struct words words, const char *before, const char *constants)
{
    for (uint32_t i = 0; i + 1 < words.count; i++)
        if (sg_risk_is_any(sg_risk_word_at(words, i), before) &&
            sg_risk_is_any(sg_risk_word_at(words, i + 1), constants) &&
            (i + 2 == words.count ||
             sg_risk_is_any(sg_risk_word_at(words, i + 2), ") && || and or ; { :")))
            return true;
    return false;
}

/* `if (0)` */
static bool is_bare_constant(struct words words)
{
    for (uint32_t i = 0; i + 3 < words.count; i++)
        if (sg_text_is(sg_risk_word_at(words, i), "if") &&
            sg_text_is(sg_risk_word_at(words, i + 1), "(") &&
            sg_risk_is_any(sg_risk_word_at(words, i + 2), "0 1 true false") &&
            sg_text_is(sg_risk_word_at(words, i + 3), ")"))
            return true;
    return false;
}

static bool is_constant_condition(const struct file *file, uint32_t line)
{
    const struct words words = sg_risk_line_words(&file->new, line);
    const bool preprocessor = has_pair(words, "#", "if") && has_pair(words, "if", "0 1");
    /* `command || true` in a script asks nothing. */
    if (file->lang == SG_LANG_SHELL || file->role == ROLE_CI)
        return preprocessor;
    return preprocessor || has_clause(words, "&& and", "false 0") ||
           has_clause(words, "|| or", "true 1") || is_bare_constant(words);
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
    if (sg_risk_line_text(&file->new, line).size > WRITTEN_MAX)
        return;
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

/* ---- put behind a switch ---- */

/* Lines below a new `if` in which the check that it now guards must stand. */
#define SWITCH_REACH 8

/* `if (flag) {`, `if flag:`: a bare name decides. */
static bool is_switch(struct words words)
{
    static const char *const marks = "( ) { : !";
    uint32_t names = 0;
    if (words.count < 2 || !sg_risk_is_any(sg_risk_word_at(words, 0), "if"))
        return false;
    for (uint32_t i = 1; i < words.count; i++) {
        if (words.items[i].kind == SG_TOKEN_WORD)
            names++;
        else if (words.items[i].kind != SG_TOKEN_PUNCT ||
                 !sg_risk_is_any(sg_risk_word_at(words, i), marks))
            return false;
    }
    return names == 1;
}

/* A new switch, and below it, deeper than it, a check that had none. */
static void made_optional(struct look *look, const struct file *file, uint32_t line)
{
    const struct side *side = &file->new;
    if (!is_switch(sg_risk_line_words(side, line)))
        return;
    const uint32_t indent = sg_risk_line_indent(side, line);
    const uint32_t to = line + SWITCH_REACH < side->n_lines ? line + SWITCH_REACH : side->n_lines;
    for (uint32_t i = line + 1; i < to; i++) {
        if (side->lines[i].n_code == 0)
            continue;
        if (sg_risk_line_indent(side, i) <= indent)
            return;
        if (!side->lines[i].is_changed && sg_risk_is_check(side, i)) {
            const bool guards = sg_risk_is_contract(file) || statement_has(side, i, GUARDS);
            sg_risk_report(look, (struct found){SG_RISK_CHECK_CONDITIONAL, file, line, false,
                                                guards ? 420 : 280,
                                                "a check that was always made now has a switch"});
            return;
        }
    }
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
    if (file->old.n_lines > 0)
        unreachable(look, file, line);
    if (file->old.n_lines > 0 && file->role != ROLE_DATA)
        made_optional(look, file, line);
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

/* ---- the inside of a guard ---- */

/* Functions by whose name others trust them to refuse. */
static bool is_guarding(struct sg_text name)
{
    return sg_risk_has_any(name,
                           "verify authenticate authoriz nonreentrant reentran permission "
                           "signature sandbox is_allowed isallowed acceptable is_valid isvalid "
                           "check_access checkaccess privilege capabilit");
}

static bool is_meant(const struct side *side, uint32_t line)
{
    return side->lines[line].is_changed && !side->lines[line].is_moved &&
           side->lines[line].n_code > 2;
}

void sg_risk_rules_guard(struct look *look, const struct file *file)
{
    if (file->role != ROLE_SOURCE || file->old.n_lines == 0)
        return;
    for (size_t h = 0; h < file->n_hunks; h++)
        for (uint32_t i = file->hunks[h].new_from; i < file->hunks[h].new_to; i++) {
            if (!is_meant(&file->new, i))
                continue;
            const struct func *func = sg_risk_func_at(&file->new, i);
            if (func && is_guarding(func->name) && sg_risk_func_named(&file->old, func->name))
                sg_risk_report(look, (struct found){SG_RISK_GUARD_LOGIC, file, i, false, 200,
                                                    "what others rely on to refuse works otherwise "
                                                    "now"});
        }
}
