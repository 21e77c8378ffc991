/* A commit of one file: the first byte picks a path, a zero byte parts the message, the old side
 * and the new. Findings must lie inside the file they name. */
#include "analysis/risk/risk.h"

#include "base/mem.h"

#include <assert.h>
#include <string.h>

static const char *const paths[] = {"src/a.c",
                                    "src/a.sol",
                                    "lib/a.js",
                                    "a.py",
                                    "package.json",
                                    "CMakeLists.txt",
                                    "build.sh",
                                    "a.rs",
                                    "dist/a.js",
                                    "configure.ac",
                                    "README.md",
                                    "package-lock.json",
                                    ".github/workflows/a.yml",
                                    "a.go",
                                    "tests/a.c",
                                    "a.php"};

static struct sg_text cut(const char **at, const char *end)
{
    const char *stop = memchr(*at, 0, (size_t)(end - *at));
    const struct sg_text part = {*at, (size_t)((stop ? stop : end) - *at)};
    *at = stop ? stop + 1 : end;
    return part;
}

static uint32_t lines_of(struct sg_text text)
{
    uint32_t n = 1;
    for (size_t i = 0; i < text.size; i++)
        n += text.data[i] == '\n';
    return n;
}

static void check(const struct sg_risk_look *look, const struct sg_change *change)
{
    struct sg_risk_hit hits[SG_RISK_FINDINGS_MAX];
    assert(look->n_findings <= SG_RISK_FINDINGS_MAX);
    for (size_t i = 0; i < look->n_findings; i++) {
        const struct sg_risk_finding *finding = &look->findings[i];
        const struct sg_blob *side = finding->is_old_line ? &change->before : &change->after;
        assert(finding->rule < SG_RISK_RULE_COUNT && finding->weight >= 1 &&
               finding->weight <= 1000);
        assert(finding->change == 0 || finding->change == SG_RISK_NO_CHANGE);
        assert(finding->line <= lines_of(side->bytes) && finding->evidence.size <= 160);
        hits[i] = (struct sg_risk_hit){(uint16_t)finding->rule, finding->weight};
    }
    const struct sg_risk_item item = {hits, look->n_findings, look->n_added + look->n_removed, 1,
                                      0};
    struct sg_risk_score score;
    struct sg_err err;
    assert(sg_risk_rank(&score, &item, 1, &err) == SG_OK);
    assert((score.score > 0) == (look->n_findings > 0) && score.rank == 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const char *at = (const char *)data + 1, *end = (const char *)data + size;
    const struct sg_text message = cut(&at, end), before = cut(&at, end);
    const struct sg_text after = {at, (size_t)(end - at)};
    const char *path = paths[data[0] % SG_COUNT_OF(paths)];
    const struct sg_text name = {path, strlen(path)};
    const struct sg_change change = {SG_CHANGE_MODIFIED,
                                     name,
                                     name,
                                     {SG_BLOB_PRESENT, before, before.size, 0100644},
                                     {SG_BLOB_PRESENT, after, after.size, 0100644},
                                     false};
    const struct sg_commit_view view = {message, 1, &change, 1};
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_risk_look look;
    struct sg_err err;
    assert(sg_risk_look(&look, &arena, &view, &err) == SG_OK);
    check(&look, &change);
    sg_arena_clear(&arena);
    return 0;
}
