/* What the code host runs: workflows that take text or code from strangers, hand out secrets, or
 * follow a name that somebody else can move. */
#include "analysis/risk/risk_internal.h"

static bool is_hex_id(struct sg_text text)
{
    for (size_t i = 0; i < text.size; i++)
        if (!strchr("0123456789abcdef", text.data[i]) || text.data[i] == 0)
            return false;
    return text.size >= 40;
}

/* What stands behind '@' in `uses: owner/action@ref`. */
static struct sg_text action_ref(struct sg_text text)
{
    const struct sg_text none = {NULL, 0};
    const char *uses = memmem(text.data, text.size, "uses:", 5);
    if (!uses)
        return none;
    const char *end = text.data + text.size;
    const char *at = memchr(uses, '@', (size_t)(end - uses));
    if (!at)
        return none;
    const char *from = at + 1, *to = from;
    while (to < end && *to != ' ' && *to != '"' && *to != '\'' && *to != '#')
        to++;
    return (struct sg_text){from, (size_t)(to - from)};
}

static void injection(struct look *look, const struct file *file, uint32_t line)
{
    char packed[512];
    size_t n = 0;
    const struct sg_text raw = sg_risk_line_text(&file->new, line);
    for (size_t i = 0; i < raw.size && n < sizeof(packed); i++)
        if (raw.data[i] != ' ')
            packed[n++] = raw.data[i];
    const struct sg_text text = {packed, n};
    const bool foreign =
        sg_risk_has_any(text, "{{github.event.issue. {{github.event.pull_request.title "
                              "{{github.event.pull_request.body {{github.event.comment "
                              "{{github.head_ref {{github.event.pull_request.head.ref "
                              "{{github.event.head_commit.message");
    const bool runs_foreign = sg_risk_has_any(text, "pull_request_target workflow_run:");
    const bool leaks =
        sg_risk_has_any(text, "toJSON(secrets) base64-w0 |base64 printenv /proc/self/environ "
                              "/proc/ gist.github memdump");
    const bool wide = sg_risk_has_any(text, "permissions:write-all write-all id-token:write "
                                            "ACTIONS_ALLOW_UNSECURE_COMMANDS allowUnsafePr");
    if (leaks || foreign || runs_foreign || wide)
        sg_risk_report(look,
                       (struct found){SG_RISK_CI_INJECTION, file, line, false,
                                      leaks          ? 500
                                      : foreign      ? 300
                                      : runs_foreign ? 260
                                                     : 130,
                                      "a workflow takes from strangers, or gives away, what it "
                                      "should keep"});
}

static void action(struct look *look, const struct file *file, uint32_t line)
{
    const struct sg_text now = action_ref(sg_risk_line_text(&file->new, line));
    const uint32_t pair = file->new.lines[line].pair;
    if (!now.data)
        return;
    const struct sg_text before = pair == NO_LINE ? (struct sg_text){NULL, 0}
                                                  : action_ref(sg_risk_line_text(&file->old, pair));
    if (before.data && is_hex_id(before) && !is_hex_id(now))
        sg_risk_report(look, (struct found){SG_RISK_CI_CHANGED, file, line, false, 260,
                                            "an action that was pinned now follows a name"});
    else if (!before.data && !is_hex_id(now) &&
             !sg_risk_has_any(sg_risk_line_text(&file->new, line), "actions/ github/"))
        sg_risk_report(look,
                       (struct found){SG_RISK_CI_CHANGED, file, line, false, 60,
                                      "a new action of somebody else, by a name that can move"});
}

void sg_risk_rules_ci(struct look *look, const struct file *file)
{
    if (file->role != ROLE_CI)
        return;
    for (size_t h = 0; h < file->n_hunks; h++)
        for (uint32_t i = file->hunks[h].new_from; i < file->hunks[h].new_to; i++)
            if (file->new.lines[i].is_changed && !file->new.lines[i].is_moved) {
                injection(look, file, i);
                action(look, file, i);
            }
}
