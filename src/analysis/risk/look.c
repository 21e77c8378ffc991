/* One commit: read, compare, mark moves, pair, then ask each family of rules. */
#include "analysis/risk/risk_internal.h"

#include "base/mem.h"
#include "base/vec.h"

#include <stdlib.h>

/* Tokens of a line below which the same line elsewhere means nothing: `}`, `break;`. */
#define MOVE_TOKENS_MIN 3

#define EVIDENCE_MAX 160

static int by_value(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static bool keys_have(const struct keys *keys, uint64_t key)
{
    return keys->count > 0 && bsearch(&key, keys->items, keys->count, sizeof(key), by_value);
}

static bool may_move(const struct line *line)
{
    return line->is_changed && line->n_code >= MOVE_TOKENS_MIN;
}

static uint32_t count_movable(const struct side *side)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < side->n_lines; i++)
        n += may_move(&side->lines[i]);
    return n;
}

static void add_keys(struct keys *keys, const struct side *side)
{
    for (uint32_t i = 0; i < side->n_lines; i++)
        if (may_move(&side->lines[i]))
            keys->items[keys->count++] = side->lines[i].key;
}

static enum sg_status gather_keys(struct look *look, struct sg_err *err)
{
    size_t n_gone = 0, n_come = 0;
    for (size_t f = 0; f < look->n_files; f++) {
        n_gone += count_movable(&look->files[f].old);
        n_come += count_movable(&look->files[f].new);
    }
    look->gone.items = sg_arena_alloc(look->arena, n_gone + 1, sizeof(uint64_t));
    look->come.items = sg_arena_alloc(look->arena, n_come + 1, sizeof(uint64_t));
    if (!look->gone.items || !look->come.items)
        return sg_err_nomem(err);
    for (size_t f = 0; f < look->n_files; f++) {
        add_keys(&look->gone, &look->files[f].old);
        add_keys(&look->come, &look->files[f].new);
    }
    qsort(look->gone.items, look->gone.count, sizeof(uint64_t), by_value);
    qsort(look->come.items, look->come.count, sizeof(uint64_t), by_value);
    return SG_OK;
}

/* Marks the moves of a side; the number of lines with code that really changed. */
static uint32_t mark_moves(struct side *side, const struct keys *other)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < side->n_lines; i++) {
        struct line *line = &side->lines[i];
        line->is_moved = may_move(line) && keys_have(other, line->key);
        n += line->is_changed && !line->is_moved;
    }
    return n;
}

static void settle_file(struct look *look, struct file *file)
{
    file->n_removed = mark_moves(&file->old, &look->come);
    file->n_added = mark_moves(&file->new, &look->gone);
    if (file->role != ROLE_DOC) {
        look->n_added += file->n_added;
        look->n_removed += file->n_removed;
    }
    for (size_t h = 0; h < file->n_hunks; h++)
        sg_risk_pair_hunk(file, &file->hunks[h]);
    const bool is_code = file->role == ROLE_SOURCE || file->role == ROLE_BUILD;
    look->n_code_files += is_code && file->n_added + file->n_removed > 0;
}

/* ---- findings ---- */

static struct sg_text clip(struct sg_text text)
{
    if (text.size > EVIDENCE_MAX)
        text.size = EVIDENCE_MAX;
    return text;
}

static struct sg_text keep(struct look *look, struct sg_text text)
{
    char *copy = sg_arena_strndup(look->arena, text.size > 0 ? text.data : "", text.size);
    look->out_of_memory = look->out_of_memory || !copy;
    return (struct sg_text){copy, copy ? text.size : 0};
}

/* A finding of this rule in this file already: the heavier stays. */
static bool merged(struct look *look, const struct sg_risk_finding *finding)
{
    for (size_t i = 0; i < look->n_findings; i++) {
        struct sg_risk_finding *other = &look->findings[i];
        if (other->rule != finding->rule || other->change != finding->change)
            continue;
        if (finding->weight > other->weight)
            *other = *finding;
        return true;
    }
    return false;
}

/* Lines of a bundle that change by its being made anew are many; fewer were written by hand, into
 * what nobody reads. */
#define BUNDLE_EDIT_MAX 60

static uint32_t percent_of(const struct file *file)
{
    const bool by_hand = file->role == ROLE_VENDOR && file->old.n_lines > 0 &&
                         file->n_added + file->n_removed <= BUNDLE_EDIT_MAX;
    return by_hand ? 100 : sg_risk_role_percent(file->role);
}

void sg_risk_report(struct look *look, struct found found)
{
    const bool has_line = found.file && found.line != NO_LINE;
    struct sg_risk_finding finding = {.rule = found.rule,
                                      .change = found.file ? found.file->index : SG_RISK_NO_CHANGE,
                                      .detail = found.detail};
    /* Of a commit and of manifests, blobs and workflows the rule knows the role already. */
    uint32_t weight = found.weight;
    if (has_line)
        weight = weight * percent_of(found.file) / 100;
    weight = weight > 1000 ? 1000 : weight;
    finding.weight = (uint16_t)(weight < 1 ? 1 : weight);
    if (has_line) {
        const struct side *side = found.is_old ? &found.file->old : &found.file->new;
        const struct func *func = sg_risk_func_at(side, found.line);
        finding.line = found.line + 1;
        finding.is_old_line = found.is_old;
        finding.evidence = clip(sg_risk_line_text(side, found.line));
        finding.scope = func ? clip(func->name) : (struct sg_text){"", 0};
    }
    if (look->out_of_memory || merged(look, &finding))
        return;
    if (look->n_findings == SG_RISK_FINDINGS_MAX) {
        look->is_cut = true;
        return;
    }
    if (!SG_VEC_RESERVE(look->findings, look->n_findings, look->capacity, 1))
        look->out_of_memory = true;
    else
        look->findings[look->n_findings++] = finding;
}

static int by_place(const void *a, const void *b)
{
    const struct sg_risk_finding *x = a, *y = b;
    if (x->change != y->change)
        return x->change < y->change ? -1 : 1;
    if (x->line != y->line)
        return x->line < y->line ? -1 : 1;
    return x->rule < y->rule ? -1 : x->rule > y->rule;
}

static enum sg_status publish(struct sg_risk_look *out, struct look *look, struct sg_err *err)
{
    const size_t n = look->n_findings;
    struct sg_risk_finding *findings = sg_arena_alloc(look->arena, n + 1, sizeof(*findings));
    look->out_of_memory = look->out_of_memory || !findings;
    for (size_t i = 0; i < n && !look->out_of_memory; i++) {
        findings[i] = look->findings[i];
        findings[i].evidence = keep(look, look->findings[i].evidence);
        findings[i].scope = keep(look, look->findings[i].scope);
    }
    if (look->out_of_memory)
        return sg_err_nomem(err);
    qsort(findings, n, sizeof(*findings), by_place);
    *out = (struct sg_risk_look){
        findings,         n,           look->n_added, look->n_removed, (uint32_t)look->n_files,
        look->is_partial, look->is_cut};
    return SG_OK;
}

/* ---- reading ---- */

static bool is_text(const struct sg_blob *blob)
{
    return blob->state == SG_BLOB_PRESENT && (blob->mode & 0170000) != 0160000;
}

static struct sg_text bytes_of(const struct sg_blob *blob)
{
    return is_text(blob) ? blob->bytes : (struct sg_text){"", 0};
}

static bool is_readable(const struct sg_change *change)
{
    const struct sg_blob *sides[] = {&change->before, &change->after};
    for (size_t i = 0; i < 2; i++)
        if (sides[i]->state != SG_BLOB_NONE && !is_text(sides[i]))
            return false;
    return !change->is_binary;
}

static enum sg_status read_file(struct look *look, struct file *file, struct sg_err *err)
{
    const struct sg_text old = bytes_of(&file->change->before);
    const struct sg_text new = bytes_of(&file->change->after);
    enum sg_status st = sg_risk_side_read(&file->old, look->arena, file->lang, old, err);
    if (st == SG_OK)
        st = sg_risk_side_read(&file->new, look->arena, file->lang, new, err);
    if (st == SG_OK)
        st = sg_risk_file_compare(file, look->arena, err);
    if (st == SG_OK)
        st = sg_risk_side_functions(&file->old, look->arena, file->lang, err);
    if (st == SG_OK)
        st = sg_risk_side_functions(&file->new, look->arena, file->lang, err);
    file->is_compared = st == SG_OK;
    return st;
}

static enum sg_status take_file(struct look *look, size_t *budget, size_t index, struct sg_err *err)
{
    const struct sg_change *change = &look->commit->changes[index];
    struct file *file = &look->files[index];
    const bool is_gone = change->kind == SG_CHANGE_DELETED;
    const struct sg_text path = is_gone ? change->old_path : change->new_path;
    file->change = change;
    file->index = (uint32_t)index;
    file->lang = sg_lexis_lang(path, bytes_of(is_gone ? &change->before : &change->after));
    file->role = sg_risk_role_of(path, file->lang);
    look->is_partial = look->is_partial || change->before.state == SG_BLOB_MISSING ||
                       change->after.state == SG_BLOB_MISSING;
    look->is_cut = look->is_cut || change->before.state == SG_BLOB_TOO_LARGE ||
                   change->after.state == SG_BLOB_TOO_LARGE;
    const size_t size = bytes_of(&change->before).size + bytes_of(&change->after).size;
    if (!is_readable(change))
        return SG_OK;
    if (size > *budget) {
        look->is_cut = true;
        return SG_OK;
    }
    *budget -= size;
    return read_file(look, file, err);
}

static enum sg_status read_all(struct look *look, struct sg_err *err)
{
    const size_t n = look->commit->n_changes;
    size_t budget = SG_RISK_COMMIT_MAX;
    look->files = sg_arena_alloc(look->arena, n + 1, sizeof(*look->files));
    if (!look->files)
        return sg_err_nomem(err);
    look->n_files = n;
    for (size_t i = 0; i < n; i++) {
        const enum sg_status st = take_file(look, &budget, i, err);
        if (st != SG_OK)
            return st;
    }
    return gather_keys(look, err);
}

static void ask_rules(struct look *look)
{
    for (size_t i = 0; i < look->n_files; i++)
        settle_file(look, &look->files[i]);
    for (size_t i = 0; i < look->n_files; i++) {
        const struct file *file = &look->files[i];
        sg_risk_rules_blob(look, file);
        if (!file->is_compared)
            continue;
        sg_risk_rules_check(look, file);
        sg_risk_rules_guard(look, file);
        sg_risk_rules_edit(look, file);
        sg_risk_rules_siblings(look, file);
        sg_risk_rules_contract(look, file);
        sg_risk_rules_access(look, file);
        sg_risk_rules_value(look, file);
        sg_risk_rules_behaviour(look, file);
        sg_risk_rules_memory(look, file);
        sg_risk_rules_build(look, file);
        sg_risk_rules_supply(look, file);
        sg_risk_rules_ci(look, file);
        sg_risk_rules_text(look, file);
    }
    sg_risk_rules_commit(look);
}

enum sg_status sg_risk_look(struct sg_risk_look *out, struct sg_arena *arena,
                            const struct sg_commit_view *commit, struct sg_err *err)
{
    struct look look = {.commit = commit, .arena = arena};
    enum sg_status st = read_all(&look, err);
    if (st == SG_OK) {
        ask_rules(&look);
        st = publish(out, &look, err);
    }
    for (size_t i = 0; i < look.n_files; i++) {
        sg_tokens_clear(&look.files[i].old.tokens);
        sg_tokens_clear(&look.files[i].new.tokens);
    }
    sg_mem_free(look.findings);
    return st;
}
