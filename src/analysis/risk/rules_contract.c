/* What an open function of a contract does with what its caller gives: whose funds it takes, whom
 * it calls, how often it counts a payment, and whether it pays before it writes down that it paid.
 */
#include "analysis/risk/risk_internal.h"

/* One function of the new side with what the rules ask of it. */
struct entry {
    struct look *look;
    const struct file *file;
    const struct func *func;
    struct words header, body;
};

static bool is_word(struct words words, uint32_t i, const char *names)
{
    return i < words.count && words.items[i].kind == SG_TOKEN_WORD &&
           sg_risk_is_any(sg_risk_word_at(words, i), names);
}

static bool is_mark(struct words words, uint32_t i, const char *marks)
{
    return i < words.count && words.items[i].kind == SG_TOKEN_PUNCT &&
           sg_risk_is_any(sg_risk_word_at(words, i), marks);
}

static void report(const struct entry *entry, enum sg_risk_rule rule, uint32_t token,
                   uint32_t weight, const char *detail)
{
    sg_risk_report(entry->look, (struct found){rule, entry->file, entry->body.items[token].line - 1,
                                               false, weight, detail});
}

/* Whether anything in the function asks who calls, or takes a signed or given leave for it. */
static bool asks(const struct entry *entry)
{
    const struct side *side = entry->body.side;
    if (sg_risk_has_call_like(entry->body,
                              "ecrecover recover allowance _approve spendAllowance hasRole isOwner "
                              "onlyOwner _check _auth _only"))
        return true;
    for (uint32_t i = entry->func->body_line; i <= entry->func->last_line && i < side->n_lines; i++)
        if (sg_risk_is_check(side, i) &&
            sg_risk_has_any(sg_risk_line_text(side, i), "msg.sender _msgSender"))
            return true;
    return sg_risk_has_any(entry->func->name, "transferFrom") && entry->header.count < 30;
}

/* ---- arguments ---- */

#define ARGUMENTS_MAX 8

struct arguments {
    struct words items[ARGUMENTS_MAX];
    uint32_t count; /* all of them, also those that are not kept */
};

/* Of the call whose '(' is the token `open`. */
static struct arguments arguments_of(struct words words, uint32_t open)
{
    struct arguments found = {.count = 0};
    uint32_t depth = 0, from = open + 1;
    for (uint32_t i = open; i < words.count; i++) {
        if (is_mark(words, i, "( [ {"))
            depth++;
        if (is_mark(words, i, ") ] }"))
            depth--;
        const bool ends = depth == 0, parts = depth == 1 && is_mark(words, i, ",");
        if ((ends || parts) && i > from) {
            if (found.count < ARGUMENTS_MAX)
                found.items[found.count] = (struct words){words.side, words.items + from, i - from};
            found.count++;
        }
        if (parts)
            from = i + 1;
        if (ends)
            break;
    }
    return found;
}

static bool is_own(struct words argument)
{
    return sg_risk_has_word(argument, "msg _msgSender this owner");
}

static bool has_text(struct words words, struct sg_text word, const char *before)
{
    for (uint32_t i = 0; i < words.count; i++)
        if (sg_risk_text_equal(sg_risk_word_at(words, i), word) &&
            (!before || (i > 0 && is_word(words, i - 1, before))))
            return true;
    return false;
}

/* A single name that came in with the call: a parameter, or unpacked from its bytes. */
static bool is_given(const struct entry *entry, struct words argument)
{
    if (argument.count != 1 || argument.items[0].kind != SG_TOKEN_WORD)
        return false;
    const struct sg_text name = sg_risk_word_at(argument, 0);
    return has_text(entry->header, name, "address payable") ||
           (sg_risk_has_call(entry->body, "decode") && has_text(entry->body, name, "address"));
}

/* ---- whose funds ---- */

static void payer(const struct entry *entry)
{
    const struct words body = entry->body;
    for (uint32_t i = 0; i + 1 < body.count; i++) {
        if (!is_word(body, i, "transferFrom safeTransferFrom _safeTransferFrom") ||
            !is_mark(body, i + 1, "("))
            continue;
        const struct arguments given = arguments_of(body, i + 1);
        if (given.count < 3 || given.count > 4 || is_own(given.items[0]) ||
            (given.count == 4 && is_own(given.items[1])))
            continue;
        if (is_given(entry, given.items[given.count - 3]) && !asks(entry))
            report(entry, SG_RISK_PAYER_CHOSEN, i, 560,
                   "the caller names whose funds are taken, and nobody asks that one");
    }
}

/* ---- whom it calls ---- */

static bool is_raw_call(struct words words, uint32_t i)
{
    const bool member = i > 0 && is_mark(words, i - 1, ".");
    return member ? is_word(words, i,
                            "call delegatecall callcode functionCall "
                            "functionDelegateCall functionCallWithValue")
                  : is_word(words, i, "call delegatecall callcode") && is_mark(words, i + 1, "(");
}

static bool reaches_raw_call(const struct side *side, const struct func *func)
{
    const struct words body = sg_risk_func_body(side, func);
    for (uint32_t i = 1; i < body.count; i++)
        if (is_raw_call(body, i))
            return true;
    return false;
}

/* Whether a check of the function speaks of the name. */
static bool is_vetted(const struct entry *entry, struct sg_text name)
{
    const struct side *side = entry->body.side;
    for (uint32_t i = entry->func->body_line; i <= entry->func->last_line && i < side->n_lines; i++)
        if (sg_risk_is_check(side, i) && has_text(sg_risk_line_words(side, i), name, NULL))
            return true;
    return false;
}

/* The name before `.call`, an index in brackets skipped. */
static bool receiver_of(struct sg_text *name, struct words body, uint32_t call)
{
    uint32_t i = call - 1;
    if (i > 0 && is_mark(body, i - 1, "]"))
        while (i > 0 && !is_mark(body, i, "["))
            i--;
    if (i == 0 || body.items[i - 1].kind != SG_TOKEN_WORD)
        return false;
    *name = sg_risk_word_at(body, i - 1);
    return true;
}

static void direct_target(const struct entry *entry, uint32_t call)
{
    struct sg_text name;
    if (!is_mark(entry->body, call - 1, ".") || !receiver_of(&name, entry->body, call) ||
        !has_text(entry->header, name, NULL) || is_vetted(entry, name))
        return;
    const bool lends = is_word(entry->body, call, "delegatecall callcode functionDelegateCall");
    report(entry, SG_RISK_TARGET_CHOSEN, call, lends ? 620 : 420,
           lends ? "the caller names the code that runs on this contract's storage"
                 : "the caller names whom the contract calls");
}

/* The same through a helper of this file that makes the call. */
static void helped_target(const struct entry *entry, uint32_t call)
{
    const struct func *helper =
        sg_risk_func_named(entry->body.side, sg_risk_word_at(entry->body, call));
    if (!helper || helper == entry->func || !reaches_raw_call(entry->body.side, helper))
        return;
    const struct arguments given = arguments_of(entry->body, call + 1);
    for (uint32_t k = 0; k < given.count && k < ARGUMENTS_MAX; k++)
        if (is_given(entry, given.items[k]) &&
            !is_vetted(entry, sg_risk_word_at(given.items[k], 0)))
            report(entry, SG_RISK_TARGET_CHOSEN, call, 380,
                   "the caller names whom the contract calls through a helper");
}

/* Leave to spend, without end, for whom the caller names. */
static void spender(const struct entry *entry, uint32_t call)
{
    if (!is_word(entry->body, call, "approve safeApprove forceApprove safeIncreaseAllowance"))
        return;
    const struct arguments given = arguments_of(entry->body, call + 1);
    for (uint32_t k = 0; k + 1 < given.count && k < 2; k++)
        if (is_given(entry, given.items[k]) &&
            sg_risk_has_any(sg_risk_line_text(entry->body.side, entry->body.items[call].line - 1),
                            "max MAX uint256(-1) uint(-1)") &&
            !is_vetted(entry, sg_risk_word_at(given.items[k], 0)))
            report(entry, SG_RISK_TARGET_CHOSEN, call, 460,
                   "whom the caller names gets leave to spend without end");
}

static void target(const struct entry *entry)
{
    if (asks(entry))
        return;
    for (uint32_t i = 1; i + 1 < entry->body.count; i++) {
        spender(entry, i);
        if (is_raw_call(entry->body, i))
            direct_target(entry, i);
        else if (entry->body.items[i].kind == SG_TOKEN_WORD && is_mark(entry->body, i + 1, "(") &&
                 !is_mark(entry->body, i - 1, "."))
            helped_target(entry, i);
    }
}

/* ---- one payment counted many times ---- */

static bool spends_value(struct words words)
{
    for (uint32_t i = 0; i + 2 < words.count; i++)
        if (is_word(words, i, "msg") && is_word(words, i + 2, "value"))
            return true;
    return false;
}

/* Tokens of the block of a loop that begins at `at`; empty where it has no braces. */
static struct words loop_body(struct words words, uint32_t at)
{
    uint32_t i = at, depth = 0;
    while (i < words.count && !is_mark(words, i, "{"))
        i++;
    const uint32_t from = i;
    for (; i < words.count; i++) {
        depth += is_mark(words, i, "{");
        if (is_mark(words, i, "}") && --depth == 0)
            break;
    }
    return (struct words){words.side, words.items + from, i - from};
}

static bool calls_spender(struct words loop)
{
    for (uint32_t i = 0; i + 1 < loop.count; i++) {
        if (loop.items[i].kind != SG_TOKEN_WORD || !is_mark(loop, i + 1, "("))
            continue;
        const struct func *called = sg_risk_func_named(loop.side, sg_risk_word_at(loop, i));
        if (called && spends_value(sg_risk_func_body(loop.side, called)))
            return true;
    }
    return false;
}

static void value_in_loop(const struct entry *entry)
{
    for (uint32_t i = 0; i < entry->body.count; i++) {
        if (!is_word(entry->body, i, "for while"))
            continue;
        const struct words loop = loop_body(entry->body, i);
        if (spends_value(loop) || calls_spender(loop))
            report(entry, SG_RISK_VALUE_REUSED, i, 520,
                   "what was paid once is counted again each time round");
    }
}

/* ---- pays first ---- */

static bool hands_over(struct words words, uint32_t i)
{
    return words.items[i].kind == SG_TOKEN_WORD && is_mark(words, i + 1, "( . {") &&
           (is_raw_call(words, i) ||
            (is_mark(words, i + 1, "(") &&
             sg_risk_has_any(sg_risk_word_at(words, i), "sendValue transferETH withdrawReward "
                                                        "payOut sendEther _send")));
}

/* `name[msg.sender] = 0`, `-=`, `delete name[msg.sender]`: the token where it begins. */
static bool settles(struct words words, uint32_t i)
{
    if (!is_mark(words, i, "[") || !is_word(words, i + 1, "msg") || !is_mark(words, i + 4, "]"))
        return false;
    return is_mark(words, i + 5, "-=") ||
           (is_mark(words, i + 5, "=") && is_word(words, i + 6, "false")) ||
           (is_mark(words, i + 5, "=") && i + 6 < words.count &&
            sg_text_is(sg_risk_word_at(words, i + 6), "0")) ||
           (i > 1 && is_word(words, i - 2, "delete"));
}

static void effect_after_call(const struct entry *entry)
{
    const struct words body = entry->body;
    uint32_t call = NO_LINE;
    for (uint32_t i = 1; i < body.count; i++) {
        if (call == NO_LINE && hands_over(body, i))
            call = i;
        if (call == NO_LINE || !settles(body, i))
            continue;
        const struct line *paid = &body.side->lines[body.items[call].line - 1];
        const struct line *written = &body.side->lines[body.items[i].line - 1];
        if (paid->is_changed || written->is_changed)
            report(entry, SG_RISK_EFFECT_AFTER_CALL, call, 460,
                   "control leaves before the books say so: the callee can come back");
        return;
    }
}

/* ---- a call below the language's own checks ---- */

static void raw_call(const struct entry *entry)
{
    const bool careful = sg_risk_has_word(entry->body, "extcodesize returndatasize isContract "
                                                       "returndatacopy");
    for (uint32_t i = 1; i + 1 < entry->body.count && !careful; i++)
        if (is_word(entry->body, i, "call staticcall delegatecall") &&
            is_mark(entry->body, i + 1, "(") && !is_mark(entry->body, i - 1, ".") &&
            entry->file->new.lines[entry->body.items[i].line - 1].is_changed)
            report(entry, SG_RISK_RAW_CALL, i, 400,
                   "the call is made by hand: whether there is code and what came back is unread");
}

void sg_risk_rules_contract(struct look *look, const struct file *file)
{
    if (file->lang != SG_LANG_SOLIDITY || file->role != ROLE_SOURCE)
        return;
    for (size_t i = 0; i < file->new.n_funcs; i++) {
        const struct func *func = &file->new.funcs[i];
        if (!sg_risk_func_is_new(file, func))
            continue;
        const struct entry entry = {look, file, func, sg_risk_func_header(&file->new, func),
                                    sg_risk_func_body(&file->new, func)};
        raw_call(&entry);
        if (!sg_risk_is_open(entry.header) || sg_risk_is_reading(entry.header))
            continue;
        value_in_loop(&entry);
        if (!sg_risk_has_word(entry.header, "nonReentrant lock"))
            effect_after_call(&entry);
        if (sg_risk_has_guard(entry.header) &&
            !sg_risk_has_word(entry.header, "nonReentrant lock whenNotPaused"))
            continue;
        payer(&entry);
        target(&entry);
    }
}
