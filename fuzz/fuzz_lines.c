/* Two texts parted by a zero byte: the script turns the one into the other, whatever its bound. */
#include "formats/lines/lines.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_script(const struct sg_lines *a, const struct sg_lines *b,
                         const struct sg_hunk *hunks, size_t n)
{
    size_t x = 0, y = 0;
    for (size_t i = 0; i <= n; i++) {
        const size_t end_x = i < n ? hunks[i].before : a->n;
        const size_t end_y = i < n ? hunks[i].after : b->n;
        assert(end_x >= x && end_y >= y && end_x - x == end_y - y);
        for (; x < end_x; x++, y++)
            assert(a->lines[x].hash == b->lines[y].hash);
        x += i < n ? hunks[i].n_before : 0;
        y += i < n ? hunks[i].n_after : 0;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sg_arena arena = SG_ARENA_INIT;
    const uint8_t *zero = size ? memchr(data, 0, size) : NULL;
    const size_t cut = zero ? (size_t)(zero - data) : size;
    struct sg_lines a, b;
    struct sg_hunk *hunks;
    size_t n;
    enum sg_status st = sg_lines_split(&a, &arena, data, cut, true, NULL);
    if (st == SG_OK)
        st = sg_lines_split(&b, &arena, data + cut, size - cut, true, NULL);
    for (size_t bound = 0; st == SG_OK && bound < 100; bound += 33) {
        st = sg_lines_diff(&hunks, &n, &arena, &a, &b, bound, NULL);
        if (st == SG_OK)
            check_script(&a, &b, hunks, n);
    }
    assert(st == SG_OK || st == SG_ENOMEM);
    sg_arena_clear(&arena);
    return 0;
}
