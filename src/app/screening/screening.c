#include "app/screening/screening_internal.h"

#include "base/mem.h"
#include "base/parallel.h"

#include <stdio.h>
#include <string.h>

static bool has_force(const struct sg_screen_hit *hits, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (hits[i].in_force)
            return true;
    return false;
}

bool screening_kin_in_force(const struct screened *one)
{
    for (size_t i = 0; i < one->n_kin; i++)
        if (has_force(one->kin[i].hits, one->kin[i].n_hits))
            return true;
    return false;
}

static enum sg_status look_up(struct screened *one, struct sg_arena *arena,
                              const struct sg_screening *s, struct sg_labels_range range,
                              struct sg_text sought, struct sg_err *err)
{
    struct sg_screen_claim *claims;
    size_t n;
    enum sg_status st = sg_labelstore_claims(&claims, &n, &one->n_left_out, arena, s->store, range,
                                             sought.data, sought.size, err);
    if (st == SG_OK && n)
        st = sg_screen_hits(&one->hits, &one->n_hits, arena, claims, n, s->store->editions,
                            s->store->n_editions, s->as_of_unix_s, err);
    /* A label is there for this very text, whose form says nothing against it: then it is at least
     * what a source wrote. */
    if (st == SG_OK && n && one->form.what.verdict == SG_READING_NONE)
        one->form.valid = true;
    return st;
}

/* A slice of the batch; slices are worked on by any thread and put together in their order. */
struct slice {
    struct sg_screening counts; /* a copy, whose counts are this slice's */
    struct sg_buf out;
    struct sg_arena arena;
    struct sg_labelbook *books; /* one a ledger */
    size_t n_used;              /* addresses that took memory of the arena since it was cleared */
    enum sg_status status;
    struct sg_err err;
};

struct batch {
    struct slice *slices;
    size_t slice_size;
    const struct sg_text *texts;
    const struct sg_labels_range *ranges;
    size_t n;
};

/* Addresses a slice: a look-up takes microseconds, an exposure milliseconds. */
#define SLICE          ((size_t)2048)
#define SLICE_EXPOSURE ((size_t)16)
#define SLICE_MAX      ((size_t)512 * 1024 * 1024)

/* A new arena costs more than a look-up, so one serves many addresses. */
#define ARENA_USES 64

static enum sg_status screen_one(struct slice *slice, struct sg_text text,
                                 struct sg_labels_range range)
{
    struct sg_screening *s = &slice->counts;
    struct screened one = {.text = text};
    enum sg_status st = SG_OK;
    sg_screening_recognise(&one.form, text);
    struct sg_text sought = text;
    /* What clings to an address ("bitcoin:", a soft hyphen) is in no label. */
    if (range.count == 0 && one.form.valid) {
        sought = (struct sg_text){one.form.what.text, strlen(one.form.what.text)};
        range = sg_labels_find(s->store->labels, sought.data, sought.size);
    }
    /* Nor is an address that holds another: then the labels of that one count. */
    if (range.count == 0 && one.form.what.inner[0]) {
        sought = (struct sg_text){one.form.what.inner, strlen(one.form.what.inner)};
        range = sg_labels_find(s->store->labels, sought.data, sought.size);
    }
    if (range.count)
        st = look_up(&one, &slice->arena, s, range, sought, &slice->err);
    if (st == SG_OK && one.n_hits == 0 && (range.count || !one.form.valid))
        st = sg_labelstore_near(&one.near, s->store, sought.data, sought.size, &slice->err);
    if (st != SG_OK)
        return st;
    /* A form without a checksum says nothing of case; the label does. */
    if (one.near.is_case && one.form.valid) {
        one.form.valid = false;
        snprintf(one.form.what.reason, sizeof(one.form.what.reason), "%s",
                 "letters seem to have lost their case");
    }
    if (s->clusters) {
        st = screening_kin(&one, &slice->arena, s, &slice->err);
        if (st != SG_OK)
            return st;
        slice->n_used = ARENA_USES;
    }
    if (s->n_ledgers || s->risk) {
        st = screening_exposures(&one, &slice->arena, s, slice->books, &slice->err);
        if (st != SG_OK)
            return st;
        slice->n_used = ARENA_USES;
    }
    s->n_addresses++;
    s->n_invalid += !one.form.valid && one.n_hits == 0;
    s->n_labelled += one.n_hits > 0 || one.n_kin > 0;
    s->n_hit += has_force(one.hits, one.n_hits) || screening_kin_in_force(&one);
    if (s->json)
        screening_json(&slice->out, &one);
    else
        screening_text(&slice->out, &one);
    return sg_buf_check(&slice->out, &slice->err);
}

static enum sg_status open_books(struct slice *slice)
{
    const struct sg_screening *s = &slice->counts;
    if (!s->n_ledgers)
        return SG_OK;
    slice->books = sg_mem_alloc(s->n_ledgers, sizeof(*slice->books));
    if (!slice->books)
        return sg_err_nomem(&slice->err);
    for (size_t i = 0; i < s->n_ledgers; i++)
        sg_labelbook_open(&slice->books[i], s->store, &s->ledgers[i], s->as_of_unix_s);
    return SG_OK;
}

static void close_books(struct slice *slice)
{
    for (size_t i = 0; slice->books && i < slice->counts.n_ledgers; i++)
        sg_labelbook_close(&slice->books[i]);
    sg_mem_free(slice->books);
}

static void screen_slice(void *ctx, size_t index)
{
    const struct batch *batch = ctx;
    struct slice *slice = &batch->slices[index];
    slice->status = open_books(slice);
    const size_t first = index * batch->slice_size;
    const size_t end = batch->n - first < batch->slice_size ? batch->n : first + batch->slice_size;
    for (size_t i = first; slice->status == SG_OK && i < end; i++) {
        slice->status = screen_one(slice, batch->texts[i], batch->ranges[i]);
        slice->n_used += batch->ranges[i].count;
        if (slice->n_used >= ARENA_USES) {
            sg_arena_clear(&slice->arena);
            slice->n_used = 0;
        }
    }
    sg_arena_clear(&slice->arena);
    close_books(slice);
}

static enum sg_status join_slices(struct sg_screening *s, struct sg_buf *out,
                                  const struct slice *slices, size_t n, struct sg_err *err)
{
    for (size_t i = 0; i < n; i++) {
        if (slices[i].status != SG_OK) {
            if (err)
                *err = slices[i].err;
            return slices[i].status;
        }
        s->n_addresses += slices[i].counts.n_addresses;
        s->n_invalid += slices[i].counts.n_invalid;
        s->n_labelled += slices[i].counts.n_labelled;
        s->n_hit += slices[i].counts.n_hit;
        sg_buf_append(out, slices[i].out.data, slices[i].out.size);
    }
    return sg_buf_check(out, err);
}

enum sg_status sg_screening_run(struct sg_screening *screening, struct sg_buf *out,
                                const struct sg_text *texts, size_t n, struct sg_err *err)
{
    const size_t slice_size = screening->n_ledgers ? SLICE_EXPOSURE : SLICE;
    const size_t n_slices = (n + slice_size - 1) / slice_size;
    struct sg_labels_range *ranges = sg_mem_alloc(n + 1, sizeof(*ranges));
    struct slice *slices = sg_mem_zalloc(n_slices + 1, sizeof(*slices));
    struct batch batch = {slices, slice_size, texts, ranges, n};
    enum sg_status st = ranges && slices ? SG_OK : sg_err_nomem(err);
    if (st == SG_OK) {
        for (size_t i = 0; i < n_slices; i++) {
            slices[i].counts = *screening;
            slices[i].counts.n_addresses = slices[i].counts.n_invalid = 0;
            slices[i].counts.n_labelled = slices[i].counts.n_hit = 0;
            slices[i].out.max = SLICE_MAX;
        }
        sg_labels_find_batch(ranges, screening->store->labels, texts, n, screening->n_threads);
        sg_parallel_for(screening->n_threads, n_slices, screen_slice, &batch);
        st = join_slices(screening, out, slices, n_slices, err);
    }
    for (size_t i = 0; slices && i < n_slices; i++)
        sg_buf_clear(&slices[i].out);
    sg_mem_free(slices);
    sg_mem_free(ranges);
    return st;
}
