/* Decisions: what is read and written again is read as the same. */
#include "formats/decisions/decisions.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_same(const struct sg_decision *a, const struct sg_decision *b)
{
    assert(strcmp(a->record_id, b->record_id) == 0 && a->rules == b->rules && a->word == b->word);
    assert(strcmp(a->reviewer, b->reviewer) == 0 && strcmp(a->date, b->date) == 0);
    assert(strcmp(a->note, b->note) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_buf out = SG_BUF_INIT(1 << 20);
    const struct sg_decision *first, *second;
    struct sg_err err;
    size_t n = 0, m = 0;
    if (size > 65536 || memchr(data, 0, size))
        return 0;
    if (sg_decisions_parse(&first, &n, &arena, (const char *)data, size, &err) == SG_OK) {
        sg_decisions_header(&out);
        for (size_t i = 0; i < n; i++) {
            assert(sg_decisions_find(first, n, first[i].record_id) == &first[i]);
            sg_decisions_row(&out, &first[i]);
        }
        assert(sg_decisions_parse(&second, &m, &arena, out.data, out.size, &err) == SG_OK);
        assert(n == m);
        for (size_t i = 0; i < n; i++)
            check_same(&first[i], &second[i]);
    }
    sg_buf_clear(&out);
    sg_arena_clear(&arena);
    return 0;
}
