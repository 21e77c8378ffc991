/* One commit, from its objects to its facts. */
#include "app/commits/commits_internal.h"

#include "analysis/patch/patch.h"
#include "base/mem.h"

#include <string.h>

/* The largest facts: 64 findings of four texts of 4 KiB. */
#define FACTS_BYTES_MAX ((size_t)2 * 1024 * 1024)

/* A commit while it is looked at. */
struct look {
    struct sg_git_changes changes;
    struct sg_git_commit_text text;
    struct sg_change *view;
    uint8_t (*digests)[SG_SHA256_SIZE]; /* by change */
    uint8_t patch[SG_SHA256_SIZE];
    struct sg_risk_look risk;
    struct sg_arena arena;
};

/* The submodule's commit as text, which is how the rules read it. */
static struct sg_text module_text(struct sg_arena *arena, const struct sg_git_id *id)
{
    char *text = sg_arena_alloc(arena, SG_GIT_ID_TEXT, 1);
    if (!text)
        return (struct sg_text){NULL, 0};
    return (struct sg_text){sg_git_id_format(text, id), SG_GIT_ID_TEXT - 1};
}

static enum sg_status view_side(struct sg_blob *blob, struct sg_arena *arena,
                                const struct sg_git_side *side, struct sg_err *err)
{
    *blob = (struct sg_blob){.size = side->size, .mode = side->mode};
    switch (side->content) {
    case SG_GIT_ABSENT:
        blob->state = SG_BLOB_NONE;
        break;
    case SG_GIT_BYTES:
        blob->state = SG_BLOB_PRESENT;
        blob->bytes = (struct sg_text){(const char *)side->bytes, (size_t)side->size};
        break;
    case SG_GIT_MISSING:
        blob->state = SG_BLOB_MISSING;
        break;
    case SG_GIT_TOO_LARGE:
        blob->state = SG_BLOB_TOO_LARGE;
        break;
    case SG_GIT_MODULE:
        blob->state = SG_BLOB_PRESENT;
        blob->bytes = module_text(arena, &side->id);
        return blob->bytes.data ? SG_OK : sg_err_nomem(err);
    }
    return SG_OK;
}

static enum sg_change_kind view_kind(enum sg_git_kind kind)
{
    switch (kind) {
    case SG_GIT_ADDED:
        return SG_CHANGE_ADDED;
    case SG_GIT_DELETED:
        return SG_CHANGE_DELETED;
    case SG_GIT_MODIFIED:
        return SG_CHANGE_MODIFIED;
    case SG_GIT_RENAMED:
        return SG_CHANGE_RENAMED;
    }
    return SG_CHANGE_MODIFIED;
}

static struct sg_text either(struct sg_text text, struct sg_text other)
{
    return text.data ? text : other;
}

static enum sg_status view_changes(struct look *look, struct sg_err *err)
{
    const struct sg_git_changes *c = &look->changes;
    look->view = sg_arena_alloc(&look->arena, c->n_changes, sizeof(*look->view));
    if (c->n_changes && !look->view)
        return sg_err_nomem(err);
    for (size_t i = 0; i < c->n_changes; i++) {
        const struct sg_git_change *from = &c->changes[i];
        struct sg_change *to = &look->view[i];
        *to = (struct sg_change){.kind = view_kind(from->kind),
                                 .old_path = either(from->before.path, from->after.path),
                                 .new_path = either(from->after.path, from->before.path),
                                 .is_binary = from->is_binary};
        enum sg_status st = view_side(&to->before, &look->arena, &from->before, err);
        if (st == SG_OK)
            st = view_side(&to->after, &look->arena, &from->after, err);
        if (st != SG_OK)
            return st;
    }
    return SG_OK;
}

static enum sg_status take_digests(struct look *look, struct sg_err *err)
{
    const size_t n = look->changes.n_changes;
    look->digests = sg_arena_alloc(&look->arena, n, sizeof(*look->digests));
    if (n && !look->digests)
        return sg_err_nomem(err);
    for (size_t i = 0; i < n; i++) {
        const enum sg_status st =
            sg_patch_of_change(look->digests[i], &look->changes.changes[i], err);
        if (st != SG_OK)
            return st;
    }
    return sg_patch_of_commit(look->patch, n ? look->digests[0] : NULL, n, err);
}

/* What makes a finding the same one after a rebase: the rule, the place in the code, and what the
 * commit does to that file; not the line's number. */
static enum sg_status put_fingerprint(struct sg_commit_finding *f, uint32_t nth,
                                      const uint8_t *digest32, struct sg_err *err)
{
    uint8_t whole[SG_SHA256_SIZE];
    const struct sg_text id = {sg_risk_rule(f->rule)->id, strlen(sg_risk_rule(f->rule)->id)};
    const struct sg_text texts[] = {id, f->path, f->scope, f->evidence};
    struct sg_sha256 *sha = sg_sha256_new();
    if (!sha)
        return sg_err_nomem(err);
    for (size_t i = 0; i < SG_COUNT_OF(texts); i++) {
        const uint64_t size = texts[i].size;
        sg_sha256_update(sha, &size, sizeof(size));
        sg_sha256_update(sha, texts[i].data, texts[i].size);
    }
    sg_sha256_update(sha, &nth, sizeof(nth));
    sg_sha256_update(sha, digest32, SG_SHA256_SIZE);
    sg_sha256_final(whole, sha);
    memcpy(f->fingerprint, whole, sizeof(f->fingerprint));
    sg_sha256_free(sha);
    return SG_OK;
}

static bool same_text(struct sg_text a, struct sg_text b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

/* How many findings before this one are the same but for their line. */
static uint32_t count_equal(const struct sg_commit_finding *findings, size_t at)
{
    uint32_t n = 0;
    for (size_t i = 0; i < at; i++)
        n += findings[i].rule == findings[at].rule &&
             same_text(findings[i].path, findings[at].path) &&
             same_text(findings[i].scope, findings[at].scope) &&
             same_text(findings[i].evidence, findings[at].evidence);
    return n;
}

static enum sg_status take_findings(struct sg_commit_facts *facts, struct look *look,
                                    struct sg_err *err)
{
    const size_t n = look->risk.n_findings;
    struct sg_commit_finding *list = sg_arena_alloc(&look->arena, n, sizeof(*list));
    if (n && !list)
        return sg_err_nomem(err);
    for (size_t i = 0; i < n; i++) {
        const struct sg_risk_finding *f = &look->risk.findings[i];
        const bool is_whole = f->change >= look->changes.n_changes;
        list[i] = (struct sg_commit_finding){.rule = f->rule,
                                             .weight = f->weight,
                                             .line = f->line,
                                             .is_old_line = f->is_old_line,
                                             .path = is_whole ? (struct sg_text){"", 0}
                                                              : look->view[f->change].new_path,
                                             .detail = {f->detail, strlen(f->detail)},
                                             .evidence = f->evidence,
                                             .scope = f->scope};
        const enum sg_status st = put_fingerprint(
            &list[i], count_equal(list, i), is_whole ? look->patch : look->digests[f->change], err);
        if (st != SG_OK)
            return st;
    }
    facts->findings = list;
    facts->n_findings = n;
    return SG_OK;
}

/* FNV-1a of a file's name. */
static uint64_t hash_path(struct sg_text path)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < path.size; i++)
        h = (h ^ (uint8_t)path.data[i]) * 0x100000001b3u;
    return h;
}

static enum sg_status take_facts(struct sg_commit_facts *facts, struct look *look,
                                 struct sg_err *err)
{
    const struct sg_git_changes *c = &look->changes;
    const size_t n_paths = c->n_changes < FACTS_PATHS_MAX ? c->n_changes : FACTS_PATHS_MAX;
    uint64_t *paths = sg_arena_alloc(&look->arena, n_paths, sizeof(*paths));
    if (n_paths && !paths)
        return sg_err_nomem(err);
    for (size_t i = 0; i < n_paths; i++)
        paths[i] = hash_path(look->view[i].new_path);
    *facts =
        (struct sg_commit_facts){.is_partial = c->is_partial || look->risk.is_partial,
                                 .is_cut = c->n_left_out || c->n_too_large || look->risk.is_cut,
                                 .has_patch = c->n_changes && !c->is_partial && !c->n_left_out,
                                 .n_added = look->risk.n_added,
                                 .n_removed = look->risk.n_removed,
                                 .n_files = look->risk.n_files,
                                 .paths = paths,
                                 .n_paths = n_paths};
    memcpy(facts->patch, look->patch, sizeof(facts->patch));
    return take_findings(facts, look, err);
}

static enum sg_status look_at(struct look *look, const struct sg_git *git,
                              const struct sg_git_node *node, struct sg_err *err)
{
    struct sg_git_limits limits = SG_GIT_LIMITS_INIT;
    limits.blob_bytes = SG_RISK_BLOB_MAX;
    enum sg_status st =
        sg_git_changes_read(&look->changes, &look->text, git, &node->id, &limits, err);
    if (st == SG_OK)
        st = view_changes(look, err);
    if (st == SG_OK)
        st = take_digests(look, err);
    /* A merge that changed nothing itself is no change to judge. */
    if (st == SG_OK && (look->text.n_parents < 2 || look->changes.n_changes)) {
        const struct sg_commit_view view = {.message = look->text.message,
                                            .n_parents = look->text.n_parents,
                                            .changes = look->view,
                                            .n_changes = look->changes.n_changes};
        st = sg_risk_look(&look->risk, &look->arena, &view, err);
    }
    return st;
}

enum sg_status facts_look(struct sg_text *bytes, const struct sg_git *git,
                          const struct sg_git_node *node, struct sg_err *err)
{
    struct look look = {.changes = SG_GIT_CHANGES_INIT, .arena = SG_ARENA_INIT};
    struct sg_commit_facts facts = {.n_paths = 0};
    struct sg_buf out = SG_BUF_INIT(FACTS_BYTES_MAX);
    enum sg_status st = look_at(&look, git, node, err);
    if (st == SG_OK)
        st = take_facts(&facts, &look, err);
    if (st == SG_OK) {
        facts_write(&out, &facts);
        st = sg_buf_check(&out, err);
    }
    if (st == SG_OK)
        *bytes = (struct sg_text){out.data, out.size};
    else
        sg_buf_clear(&out);
    sg_arena_clear(&look.arena);
    sg_git_changes_clear(&look.changes);
    return st;
}
