/* The facts of a commit as bytes, and back. Layout, little-endian: u8 flags, 16 bytes patch, u32
 * added, removed, files, u16 paths, u64 each, u16 findings, then each finding. */
#include "app/commits/commits_internal.h"

#include "base/reader.h"

#include <string.h>

/* A finding's least bytes: rule, weight, line, side, four empty texts, fingerprint. */
#define FINDING_BYTES_MIN (2 + 2 + 4 + 1 + 4 * 2 + SG_FINGERPRINT_SIZE)
#define TEXT_BYTES_MAX    4096u

enum { FLAG_PARTIAL = 1, FLAG_CUT = 2, FLAG_PATCH = 4 };

static void put_le(struct sg_buf *out, uint64_t value, size_t n_bytes)
{
    for (size_t i = 0; i < n_bytes; i++)
        sg_buf_putc(out, (char)(value >> (8 * i)));
}

static void put_text(struct sg_buf *out, struct sg_text text)
{
    const size_t size = text.size < TEXT_BYTES_MAX ? text.size : TEXT_BYTES_MAX;
    put_le(out, size, 2);
    sg_buf_append(out, text.data, size);
}

static void put_finding(struct sg_buf *out, const struct sg_commit_finding *f)
{
    put_le(out, (uint64_t)f->rule, 2);
    put_le(out, f->weight, 2);
    put_le(out, f->line, 4);
    put_le(out, f->is_old_line, 1);
    put_text(out, f->path);
    put_text(out, f->detail);
    put_text(out, f->evidence);
    put_text(out, f->scope);
    sg_buf_append(out, f->fingerprint, sizeof(f->fingerprint));
}

void facts_write(struct sg_buf *out, const struct sg_commit_facts *facts)
{
    put_le(out,
           (facts->is_partial ? FLAG_PARTIAL : 0u) | (facts->is_cut ? FLAG_CUT : 0u) |
               (facts->has_patch ? FLAG_PATCH : 0u),
           1);
    sg_buf_append(out, facts->patch, sizeof(facts->patch));
    put_le(out, facts->n_added, 4);
    put_le(out, facts->n_removed, 4);
    put_le(out, facts->n_files, 4);
    put_le(out, facts->n_paths, 2);
    for (size_t i = 0; i < facts->n_paths; i++)
        put_le(out, facts->paths[i], 8);
    put_le(out, facts->n_findings, 2);
    for (size_t i = 0; i < facts->n_findings; i++)
        put_finding(out, &facts->findings[i]);
}

static struct sg_text take_text(struct sg_reader *r)
{
    const size_t size = (size_t)sg_reader_le(r, 2);
    return (struct sg_text){(const char *)sg_reader_take(r, size), size};
}

static void take_finding(struct sg_commit_finding *f, struct sg_reader *r)
{
    const uint64_t rule = sg_reader_le(r, 2);
    r->failed |= rule >= SG_RISK_RULE_COUNT;
    f->rule = r->failed ? SG_RISK_CHECK_REMOVED : (enum sg_risk_rule)rule;
    f->weight = (uint16_t)sg_reader_le(r, 2);
    f->line = (uint32_t)sg_reader_le(r, 4);
    f->is_old_line = sg_reader_le(r, 1) != 0;
    f->path = take_text(r);
    f->detail = take_text(r);
    f->evidence = take_text(r);
    f->scope = take_text(r);
    sg_reader_bytes(f->fingerprint, r, sizeof(f->fingerprint));
}

static enum sg_status take_paths(struct sg_commit_facts *facts, struct sg_arena *arena,
                                 struct sg_reader *r, struct sg_err *err)
{
    const size_t n = (size_t)sg_reader_le(r, 2);
    if (n > sg_reader_left(r) / 8)
        return sg_err_set(err, SG_ECORRUPT, "facts are cut short");
    uint64_t *paths = sg_arena_alloc(arena, n, sizeof(*paths));
    if (n && !paths)
        return sg_err_nomem(err);
    for (size_t i = 0; i < n; i++)
        paths[i] = sg_reader_le(r, 8);
    facts->paths = paths;
    facts->n_paths = n;
    return SG_OK;
}

static enum sg_status take_findings(struct sg_commit_facts *facts, struct sg_arena *arena,
                                    struct sg_reader *r, struct sg_err *err)
{
    const size_t n = (size_t)sg_reader_le(r, 2);
    if (n > sg_reader_left(r) / FINDING_BYTES_MIN)
        return sg_err_set(err, SG_ECORRUPT, "facts are cut short");
    struct sg_commit_finding *findings = sg_arena_alloc(arena, n, sizeof(*findings));
    if (n && !findings)
        return sg_err_nomem(err);
    for (size_t i = 0; i < n; i++)
        take_finding(&findings[i], r);
    facts->findings = findings;
    facts->n_findings = n;
    return SG_OK;
}

enum sg_status facts_parse(struct sg_commit_facts *facts, struct sg_arena *arena,
                           struct sg_text bytes, struct sg_err *err)
{
    struct sg_commit_facts f = {.n_paths = 0};
    struct sg_reader r;
    sg_reader_init(&r, bytes.data, bytes.size);
    const uint64_t flags = sg_reader_le(&r, 1);
    f.is_partial = flags & FLAG_PARTIAL;
    f.is_cut = flags & FLAG_CUT;
    f.has_patch = flags & FLAG_PATCH;
    sg_reader_bytes(f.patch, &r, sizeof(f.patch));
    f.n_added = (uint32_t)sg_reader_le(&r, 4);
    f.n_removed = (uint32_t)sg_reader_le(&r, 4);
    f.n_files = (uint32_t)sg_reader_le(&r, 4);
    enum sg_status st = take_paths(&f, arena, &r, err);
    if (st == SG_OK)
        st = take_findings(&f, arena, &r, err);
    if (st == SG_OK && (r.failed || sg_reader_left(&r)))
        st = sg_err_set(err, SG_ECORRUPT, "facts are cut short");
    if (st == SG_OK)
        *facts = f;
    return st;
}
