/* Who may call, what runs once, what sits where in storage: contracts first, other code as far as
 * the same words occur. */
#include "analysis/risk/risk_internal.h"

bool sg_risk_is_contract(const struct file *file)
{
    return file->lang == SG_LANG_SOLIDITY || sg_risk_ends_with(file->change->new_path, ".vy");
}

/* A word of a header that guards: onlyX, nonReentrant, auth, whenNotPaused, initializer. */
static bool is_guard(struct sg_text word)
{
    return (sg_risk_starts_with(word, "only") && word.size > 4) ||
           sg_risk_is_any(word,
                          "nonReentrant auth authorized whenNotPaused initializer lock restricted "
                          "onlyInitializing requiresAuth notFrozen nonreentrant reinitializer") ||
           sg_risk_starts_with(word, "only_") || sg_risk_starts_with(word, "requires");
}

bool sg_risk_has_guard(struct words words)
{
    for (uint32_t i = 0; i < words.count; i++)
        if (words.items[i].kind == SG_TOKEN_WORD && is_guard(sg_risk_word_at(words, i)))
            return true;
    return false;
}

static bool touches(const struct side *side, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i <= to && i < side->n_lines; i++)
        if (side->lines[i].is_changed)
            return true;
    return false;
}

/* Before Solidity 0.5 a function without a word on it was public. */
bool sg_risk_is_open(struct words header)
{
    return sg_risk_has_word(header, "external public pub export") ||
           (sg_risk_has_word(header, "function") && !sg_risk_has_word(header, "internal private"));
}

bool sg_risk_is_reading(struct words header)
{
    return sg_risk_has_word(header, "view pure constant");
}

static bool guards_inside(const struct side *side, const struct func *func)
{
    for (uint32_t i = func->body_line; i <= func->last_line && i < side->n_lines; i++) {
        const struct words words = sg_risk_line_words(side, i);
        if (sg_risk_has_call_like(words, "require revert assert only auth check") ||
            sg_risk_has_any(sg_risk_line_text(side, i), "msg.sender _msgSender"))
            return true;
    }
    return false;
}

static bool moves_value(const struct side *side, const struct func *func)
{
    for (uint32_t i = func->body_line; i <= func->last_line && i < side->n_lines; i++)
        if (sg_risk_has_call_like(sg_risk_line_words(side, i),
                                  "transfer send mint burn withdraw call delegatecall selfdestruct "
                                  "suicide setOwner transferOwnership upgrade approve"))
            return true;
    return false;
}

/* The same function before and after: a guard went, or the door became wider. */
static void header_change(struct look *look, const struct file *file, const struct func *old,
                          const struct func *func)
{
    const struct words before = sg_risk_func_header(&file->old, old),
                       after = sg_risk_func_header(&file->new, func);
    if (sg_risk_has_guard(before) && !sg_risk_has_guard(after) && !guards_inside(&file->new, func))
        sg_risk_report(look, (struct found){SG_RISK_GUARD_REMOVED, file, func->first_line, false,
                                            700, "the function lost the guard in its header"});
    else if (!sg_risk_is_open(before) && sg_risk_is_open(after) &&
             sg_risk_has_word(before, "internal private"))
        sg_risk_report(
            look, (struct found){SG_RISK_ACCESS_CONTROL, file, func->first_line, false,
                                 sg_risk_has_guard(after) || sg_risk_is_reading(after) ? 120 : 380,
                                 "the function can now be called from outside"});
}

/* What a test runner calls first. */
static bool is_hook(struct sg_text name)
{
    return sg_text_is(name, "setUp");
}

/* A new open function that moves value, and asks nobody, in a file whose others do ask. */
static void new_entry(struct look *look, const struct file *file, const struct func *func)
{
    const struct words header = sg_risk_func_header(&file->new, func);
    if (!sg_risk_is_open(header) || sg_risk_is_reading(header) || sg_risk_has_guard(header) ||
        guards_inside(&file->new, func))
        return;
    const bool is_once = sg_risk_has_any(func->name, "init setup wallet") &&
                         !sg_risk_starts_with(func->name, "initiat") && !is_hook(func->name) &&
                         file->role == ROLE_SOURCE;
    if (is_once)
        sg_risk_report(look, (struct found){SG_RISK_INITIALISER, file, func->first_line, false, 600,
                                            "whoever calls first sets it up, and perhaps again"});
    else if (moves_value(&file->new, func))
        sg_risk_report(look,
                       (struct found){SG_RISK_UNGUARDED_ENTRY, file, func->first_line, false, 380,
                                      "a new entry that moves value asks nothing of its caller"});
}

static void contract_functions(struct look *look, const struct file *file)
{
    for (size_t i = 0; i < file->new.n_funcs; i++) {
        const struct func *func = &file->new.funcs[i];
        if (!touches(&file->new, func->first_line, func->last_line))
            continue;
        const struct func *old = sg_risk_func_named(&file->old, func->name);
        if (old)
            header_change(look, file, old, func);
        else
            new_entry(look, file, func);
    }
}

/* ---- lines ---- */

static void initialiser(struct look *look, const struct file *file, uint32_t line)
{
    const struct func *func = sg_risk_func_at(&file->new, line);
    const bool inside = func && sg_risk_has_any(func->name, "initialize init_ constructor __init");
    if (!inside || !sg_risk_is_contract(file))
        return;
    const bool fresh = file->old.n_lines == 0;
    sg_risk_report(look, (struct found){SG_RISK_INITIALISER, file, line, false, fresh ? 60 : 260,
                                        "what is set once, at the beginning, changed"});
}

static void upgrade_path(struct look *look, const struct file *file, uint32_t line, bool is_old)
{
    const struct side *side = is_old ? &file->old : &file->new;
    const struct sg_text text = sg_risk_line_text(side, line);
    if (!sg_risk_has_any(text,
                         "delegatecall upgradeTo _setImplementation implementation() callcode "
                         "_authorizeUpgrade proxyAdmin selfdestruct suicide( proxiableUUID"))
        return;
    sg_risk_report(look,
                   (struct found){SG_RISK_UPGRADE_PATH, file, line, is_old,
                                  file->old.n_lines == 0 ? 120 : 260,
                                  "the way to replace or lend out the contract's code changed"});
}

static bool is_only(struct words words, const char *names)
{
    return words.count == 1 && sg_risk_is_any(sg_risk_word_at(words, 0), names);
}

static bool is_state_line(const struct file *file, const struct side *side, uint32_t line)
{
    const struct words words = sg_risk_line_words(side, line);
    if (sg_risk_func_at(side, line) || words.count < 3 ||
        !sg_text_is(sg_risk_word_at(words, words.count - 1), ";"))
        return false;
    (void)file;
    return sg_risk_is_any(sg_risk_word_at(words, 0),
                          "mapping uint256 uint uint128 uint64 uint8 int256 address bool "
                          "bytes32 bytes string") &&
           !sg_risk_has_word(words, "constant immutable");
}

/* New state is only safe behind the old: any state line below it in the old file has moved. */
static void storage_layout(struct look *look, const struct file *file, uint32_t line)
{
    if (!sg_risk_is_contract(file) || file->old.n_lines == 0 ||
        !is_state_line(file, &file->new, line))
        return;
    for (uint32_t i = line + 1; i < file->new.n_lines; i++) {
        if (file->new.lines[i].is_changed || !is_state_line(file, &file->new, i))
            continue;
        sg_risk_report(look, (struct found){SG_RISK_STORAGE_LAYOUT, file, line, false, 170,
                                            "state was put before older state: slots move"});
        return;
    }
}

/* The same name under another type: what is stored is read as something else. */
static void storage_type(struct look *look, const struct file *file, uint32_t line)
{
    const uint32_t pair = file->new.lines[line].pair;
    if (!sg_risk_is_contract(file) || pair == NO_LINE || !is_state_line(file, &file->new, line) ||
        !is_state_line(file, &file->old, pair))
        return;
    const struct words old = sg_risk_line_words(&file->old, pair),
                       new = sg_risk_line_words(&file->new, line);
    const struct edit edit = sg_risk_edit_of(file, pair, line);
    static const char *const words = "public private internal override constant immutable";
    const bool is_label = edit.old.count + edit.new.count <= 2 &&
                          (edit.old.count == 0 || is_only(edit.old, words)) &&
                          (edit.new.count == 0 || is_only(edit.new, words));
    const bool same_name = old.count > 1 && new.count > 1 &&
                           sg_risk_text_equal(sg_risk_word_at(old, old.count - 2),
                                              sg_risk_word_at(new, new.count - 2));
    if (same_name && !is_label)
        sg_risk_report(look, (struct found){SG_RISK_STORAGE_LAYOUT, file, line, false, 320,
                                            "state of the same name now has another type"});
}

/* The contract that the line is in, by its line of declaration; NO_LINE: none. */
static uint32_t contract_line(const struct side *side, uint32_t line)
{
    for (uint32_t i = line + 1; i > 0; i--)
        if (sg_risk_has_word(sg_risk_line_words(side, i - 1), "contract"))
            return i - 1;
    return NO_LINE;
}

/* A proxy shares its slots with the contract that it lends its storage to. */
static void proxy_state(struct look *look, const struct file *file, uint32_t line)
{
    const struct words words = sg_risk_line_words(&file->new, line);
    if (file->lang != SG_LANG_SOLIDITY || sg_risk_func_at(&file->new, line) || words.count < 3 ||
        !sg_text_is(sg_risk_word_at(words, words.count - 1), ";") ||
        !sg_risk_has_word(words, "private public internal") ||
        sg_risk_has_word(words, "constant immutable function event error import using"))
        return;
    const uint32_t head = contract_line(&file->new, line);
    if (head != NO_LINE && sg_risk_has_word(sg_risk_line_words(&file->new, head), "is") &&
        sg_risk_has_word_like(sg_risk_line_words(&file->new, head),
                              "UpgradeabilityProxy UpgradeableProxy ERC1967 BeaconProxy "
                              "DelegateProxy AdminProxy"))
        sg_risk_report(look, (struct found){SG_RISK_STORAGE_LAYOUT, file, line, false, 480,
                                            "state of a proxy shares slots with the code behind"});
}

static void type_change(struct look *look, const struct file *file, uint32_t line)
{
    const uint32_t pair = file->new.lines[line].pair;
    if (pair == NO_LINE)
        return;
    const struct edit edit = sg_risk_edit_of(file, pair, line);
    static const char *const types =
        "int unsigned long short size_t ssize_t uint8_t uint16_t uint32_t uint64_t int8_t int16_t "
        "int32_t int64_t uint uint8 uint16 uint32 uint64 uint128 uint256 int8 int128 int256 u8 "
        "u16 u32 u64 u128 usize i8 i16 i32 i64 float double f32 f64 memory storage calldata";
    if (edit.old.count == 1 && edit.new.count == 1 &&
        sg_risk_is_any(sg_risk_word_at(edit.old, 0), types) &&
        sg_risk_is_any(sg_risk_word_at(edit.new, 0), types))
        sg_risk_report(look, (struct found){SG_RISK_TYPE_CHANGED, file, line, false,
                                            file->lang == SG_LANG_SOLIDITY ? 260 : 120,
                                            "only the type changed"});
}

/* Decorators and middleware that ask who calls. */
static void decorator_removed(struct look *look, const struct file *file, uint32_t line)
{
    const struct words words = sg_risk_line_words(&file->old, line);
    if (words.count < 2 || file->new.n_lines == 0)
        return;
    const struct sg_text first = sg_risk_word_at(words, 0);
    /* CoffeeScript writes a member as @name = value. */
    const bool is_member = words.count > 2 && sg_risk_is_any(sg_risk_word_at(words, 2), "= : [");
    const bool marks = (sg_text_is(first, "@") && !is_member) ||
                       (sg_text_is(first, "#") && sg_text_is(sg_risk_word_at(words, 1), "[")) ||
                       sg_risk_has_any(sg_risk_line_text(&file->old, line), ".use( middleware");
    if (marks &&
        sg_risk_has_any(sg_risk_line_text(&file->old, line),
                        "auth login permission onlyowner access guard csrf nonreentrant role admin "
                        "require protect"))
        sg_risk_report(look, (struct found){SG_RISK_GUARD_REMOVED, file, line, true, 450,
                                            "the mark that asked who is calling went"});
}

void sg_risk_rules_access(struct look *look, const struct file *file)
{
    if (file->role != ROLE_SOURCE && file->role != ROLE_TEST)
        return;
    if (sg_risk_is_contract(file))
        contract_functions(look, file);
    for (size_t h = 0; h < file->n_hunks; h++) {
        const struct hunk *hunk = &file->hunks[h];
        for (uint32_t i = hunk->old_from; i < hunk->old_to; i++)
            if (file->old.lines[i].is_changed && !file->old.lines[i].is_moved) {
                if (file->old.lines[i].pair == NO_LINE)
                    decorator_removed(look, file, i);
                if (sg_risk_is_contract(file) && file->new.n_lines > 0)
                    upgrade_path(look, file, i, true);
            }
        for (uint32_t i = hunk->new_from; i < hunk->new_to; i++) {
            if (!file->new.lines[i].is_changed || file->new.lines[i].is_moved)
                continue;
            if (sg_risk_is_contract(file))
                upgrade_path(look, file, i, false);
            initialiser(look, file, i);
            storage_layout(look, file, i);
            storage_type(look, file, i);
            proxy_state(look, file, i);
            type_change(look, file, i);
        }
    }
}
