#include "app/screening/screening_internal.h"

#include "base/mem.h"

#include <string.h>

static bool has_force(const struct screened *one)
{
    for (size_t i = 0; i < one->n_hits; i++)
        if (one->hits[i].in_force)
            return true;
    return false;
}

static enum sg_status look_up(struct screened *one, struct sg_arena *arena,
                              const struct sg_screening *s, struct sg_labels_range range,
                              struct sg_err *err)
{
    struct sg_screen_claim *claims;
    size_t n;
    enum sg_status st = sg_labelstore_claims(&claims, &n, &one->n_left_out, arena, s->store, range,
                                             one->text.data, one->text.size, err);
    if (st == SG_OK && n)
        st = sg_screen_hits(&one->hits, &one->n_hits, arena, claims, n, s->store->editions,
                            s->store->n_editions, s->as_of_unix_s, err);
    /* A label is there for this very text: then it is at least what a source wrote. */
    if (st == SG_OK && n && !one->form.valid && !one->form.reason)
        one->form.valid = true;
    return st;
}

static enum sg_status screen_one(struct sg_screening *s, struct sg_buf *out, struct sg_arena *arena,
                                 struct sg_text text, struct sg_labels_range range,
                                 struct sg_err *err)
{
    struct screened one = {.text = text};
    enum sg_status st = SG_OK;
    sg_screening_recognise(&one.form, text);
    if (range.count)
        st = look_up(&one, arena, s, range, err);
    if (st == SG_OK && one.n_hits == 0 && (range.count || !one.form.valid))
        st = screening_near(&one, s->store, range, err);
    if (st != SG_OK)
        return st;
    /* Base58 that lost its case must not pass for an address that nobody knows. */
    if (one.near_is_case && one.form.valid) {
        one.form.valid = false;
        one.form.reason = "letters seem to have lost their case";
    }
    s->n_addresses++;
    s->n_invalid += !one.form.valid;
    s->n_labelled += one.n_hits > 0;
    s->n_hit += has_force(&one);
    if (s->json)
        screening_json(out, &one);
    else
        screening_text(out, &one);
    return sg_buf_check(out, err);
}

enum sg_status sg_screening_run(struct sg_screening *screening, struct sg_buf *out,
                                const struct sg_text *texts, size_t n, struct sg_err *err)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_labels_range *ranges = sg_mem_alloc(n + 1, sizeof(*ranges));
    if (!ranges)
        return sg_err_nomem(err);
    enum sg_status st = SG_OK;
    sg_labels_find_batch(ranges, screening->store->labels, texts, n, screening->n_threads);
    for (size_t i = 0; st == SG_OK && i < n; i++) {
        st = screen_one(screening, out, &arena, texts[i], ranges[i], err);
        if (ranges[i].count)
            sg_arena_clear(&arena);
    }
    sg_mem_free(ranges);
    sg_arena_clear(&arena);
    return st;
}
