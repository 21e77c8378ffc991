/* Memory and order: a bounded call that lost its bound, a thing freed earlier than it was, an
 * effect that now comes after the call it protected. */
#include "analysis/risk/risk_internal.h"

/* The unsafe name is the safe one without what made it safe. */
static bool loses_safety(struct sg_text old, struct sg_text new)
{
    static const char *const marks[] = {"safe_",    "safe",    "secure_",     "secure",
                                        "checked_", "checked", "strict",      "verified",
                                        "bounded_", "ct_",     "const_time_", "try_"};
    static const struct {
        const char *safe, *unsafe;
    } known[] = {
        {"strncpy strlcpy strcpy_s", "strcpy"},
        {"strncat strlcat", "strcat"},
        {"snprintf", "sprintf"},
        {"vsnprintf", "vsprintf"},
        {"fgets", "gets"},
        {"mkstemp", "mktemp tmpnam"},
        {"timingSafeEqual CRYPTO_memcmp", "memcmp equals"},
        {"execFile", "exec"},
        {"safe_load", "load"},
        {"textContent", "innerHTML"},
        {"msg.sender _msgSender", "tx.origin"},
        {"transferFrom", "transfer"},
        {"kref_get refcount_inc_not_zero", "refcount_inc"},
        {"load_instruction_at_checked", "load_instruction_at"},
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (sg_risk_is_any(old, known[i].safe) && sg_risk_is_any(new, known[i].unsafe))
            return true;
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        const size_t size = strlen(marks[i]);
        if (old.size == new.size + size && sg_risk_starts_with(old, marks[i]) &&
            sg_risk_ends_with((struct sg_text){old.data, old.size}, "") &&
            memcmp(old.data + size + 1, new.data + 1, new.size - 1) == 0)
            return true;
    }
    return false;
}

static void unsafe_call(struct look *look, const struct file *file, uint32_t line)
{
    const uint32_t pair = file->new.lines[line].pair;
    if (pair == NO_LINE)
        return;
    const struct edit edit = sg_risk_edit_of(file, pair, line);
    if (edit.old.count == 0 || edit.new.count == 0)
        return;
    const struct sg_text old = sg_risk_word_at(edit.old, 0), new = sg_risk_word_at(edit.new, 0);
    if (new.size > 1 && loses_safety(old, new))
        sg_risk_report(look, (struct found){SG_RISK_UNSAFE_CALL, file, line, false, 620,
                                            "a careful call gave way to its careless sibling"});
}

/* Forms that their own library calls unchecked, or has put aside for want of a check. */
static void unchecked_form(struct look *look, const struct file *file, uint32_t line)
{
    const struct words words = sg_risk_line_words(&file->new, line);
    if (file->lang == SG_LANG_RUST &&
        (sg_risk_has_call_like(words, "unchecked transmute") ||
         sg_risk_has_call(words, "load_instruction_at load_current_index")))
        sg_risk_report(look, (struct found){SG_RISK_UNSAFE_CALL, file, line, false, 300,
                                            "the form of the call that checks nothing is used"});
}

/* The careful form of a call on a line that went, the careless one on a line that came: for edits
 * that touched more than the name. */
static void unsafe_rewrite(struct look *look, const struct file *file, const struct hunk *hunk)
{
    for (uint32_t i = hunk->old_from; i < hunk->old_to; i++) {
        const struct words old = sg_risk_line_words(&file->old, i);
        for (uint32_t k = 0; k < old.count && file->old.lines[i].is_changed; k++)
            for (uint32_t j = hunk->new_from; j < hunk->new_to && j < hunk->new_from + 40; j++) {
                const struct words new = sg_risk_line_words(&file->new, j);
                if (new.count > 0 && old.items[k].kind == SG_TOKEN_WORD &&
                    file->new.lines[j].is_changed &&new.items[0].kind ==
                        SG_TOKEN_WORD &&old.count > k + 1 &&
                    sg_text_is(sg_risk_word_at(old, k + 1), "(") && new.count > 1 &&
                    sg_text_is(sg_risk_word_at(new, 1), "(") && sg_risk_word_at(new, 0).size > 1 &&
                    loses_safety(sg_risk_word_at(old, k), sg_risk_word_at(new, 0)))
                    sg_risk_report(
                        look, (struct found){SG_RISK_UNSAFE_CALL, file, j, false, 600,
                                             "a careful call gave way to its careless sibling"});
            }
    }
}

static bool is_memory_lang(const struct file *file)
{
    return file->lang == SG_LANG_C || file->lang == SG_LANG_RUST;
}

/* A release added by itself, or a reference, lock or zeroing taken away by itself. */
static void lifetime(struct look *look, const struct file *file, const struct hunk *hunk,
                     uint32_t line, bool is_old)
{
    const struct side *side = is_old ? &file->old : &file->new;
    const struct words words = sg_risk_line_words(side, line);
    const uint32_t gone = hunk->old_to - hunk->old_from, come = hunk->new_to - hunk->new_from;
    const bool small = gone + come <= 6;
    if (!small || side->lines[line].pair != NO_LINE || file->old.n_lines == 0 ||
        file->new.n_lines == 0)
        return;
    const bool frees =
        !is_old && sg_risk_has_call_like(words, "free put release unref delete destroy");
    const bool drops =
        is_old && (sg_risk_has_call_like(words, "lock get ref_inc retain memset zero bzero "
                                                "hold pin") ||
                   sg_risk_has_any(sg_risk_line_text(side, line), "= NULL;"));
    if (frees || drops)
        sg_risk_report(
            look, (struct found){SG_RISK_MEMORY_LIFETIME, file, line, is_old, frees ? 160 : 130,
                                 frees ? "something is released here that was not before"
                                       : "something is no longer held, locked or cleared"});
}

/* A statement that only moved past a call which hands control away. */
static void order(struct look *look, const struct file *file, const struct hunk *hunk,
                  uint32_t line)
{
    const struct sg_text text = sg_risk_line_text(&file->new, line);
    if (!file->new.lines[line].is_moved || file->lang != SG_LANG_SOLIDITY ||
        !sg_risk_func_at(&file->new, line))
        return;
    (void)hunk;
    if (sg_risk_has_any(text,
                        ".call( .call. .send( .transfer( transferFrom( safeTransfer delegatecall "
                        "withdrawReward"))
        sg_risk_report(look, (struct found){SG_RISK_ORDER_CHANGED, file, line, false, 260,
                                            "a call to the outside moved against what it follows"});
}

void sg_risk_rules_memory(struct look *look, const struct file *file)
{
    if (file->role != ROLE_SOURCE && file->role != ROLE_TEST)
        return;
    for (size_t h = 0; h < file->n_hunks; h++) {
        const struct hunk *hunk = &file->hunks[h];
        if (hunk->old_to - hunk->old_from <= 40 && file->new.n_lines > 0)
            unsafe_rewrite(look, file, hunk);
        for (uint32_t i = hunk->old_from; i < hunk->old_to; i++)
            if (is_memory_lang(file) && file->old.lines[i].is_changed &&
                !file->old.lines[i].is_moved)
                lifetime(look, file, hunk, i, true);
        for (uint32_t i = hunk->new_from; i < hunk->new_to; i++) {
            if (!file->new.lines[i].is_changed)
                continue;
            order(look, file, hunk, i);
            if (file->new.lines[i].is_moved)
                continue;
            unsafe_call(look, file, i);
            unchecked_form(look, file, i);
            if (is_memory_lang(file))
                lifetime(look, file, hunk, i, false);
        }
    }
}
