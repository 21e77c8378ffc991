#include "app/addressing/addressing.h"

#include "app/meter.h"
#include "base/jsonw.h"
#include "base/mem.h"
#include "base/parallel.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct candidate {
    const struct sg_found *found;
    struct sg_text as_given;
    struct sg_labelstore_near near;
    bool is_searched; /**< for the case of its letters */
    unsigned n_letters;
    struct sg_restored restored;
};

/* The search in slices, for threads and for the bar between rounds of slices. */
#define SLICE ((uint64_t)1 << 18)

struct slices {
    const char *text;
    size_t size;
    uint64_t from;
    struct sg_restored *restored; /* one a slice */
    enum sg_status *status;
};

static void search_slice(void *ctx, size_t index)
{
    struct slices *slices = ctx;
    const uint64_t from = slices->from + index * SLICE;
    slices->status[index] = sg_lost_case_restore(&slices->restored[index], slices->text,
                                                 slices->size, from, from + SLICE, NULL);
}

static enum sg_status join(struct sg_restored *all, const struct slices *slices, size_t n,
                           struct sg_err *err)
{
    for (size_t i = 0; i < n; i++) {
        const struct sg_restored *one = &slices->restored[i];
        if (slices->status[i] != SG_OK)
            return sg_err_nomem(err);
        for (size_t k = 0; k < one->n && k < SG_RESTORED_MAX; k++)
            if (all->n + k < SG_RESTORED_MAX)
                memcpy(all->texts[all->n + k], one->texts[k], sizeof(one->texts[k]));
        all->n += one->n;
    }
    return SG_OK;
}

static enum sg_status search(struct candidate *c, size_t n_threads, struct sg_err *err)
{
    const uint64_t n_ways = (uint64_t)1 << c->n_letters;
    const size_t n_slices = n_threads * 4;
    struct slices slices = {.text = c->found->what.text, .size = strlen(c->found->what.text)};
    struct sg_bar bar;
    enum sg_status st = SG_OK;
    slices.restored = sg_mem_zalloc(n_slices, sizeof(*slices.restored));
    slices.status = sg_mem_zalloc(n_slices, sizeof(*slices.status));
    if (!slices.restored || !slices.status)
        st = sg_err_nomem(err);
    sg_bar_begin(&bar, "restoring case", false);
    for (uint64_t from = 0; st == SG_OK && from < n_ways; from += n_slices * SLICE) {
        slices.from = from;
        sg_parallel_for(n_threads, n_slices, search_slice, &slices);
        st = join(&c->restored, &slices, n_slices, err);
        if (st == SG_OK && !sg_progress_step(&bar.progress, from, n_ways))
            st = sg_err_set(err, SG_ECANCELLED, "stopped");
    }
    sg_bar_end(&bar);
    c->is_searched = true;
    sg_mem_free(slices.restored);
    sg_mem_free(slices.status);
    return st;
}

/* What was perhaps meant by something that is no address. */
static enum sg_status ask(struct candidate *c, const struct sg_addressing *a, struct sg_err *err)
{
    const struct sg_recognised *what = &c->found->what;
    enum sg_status st = SG_OK;
    if (what->verdict >= SG_READING_UNCHECKED)
        return SG_OK;
    if (a->store)
        st = sg_labelstore_near(&c->near, a->store, what->text, strlen(what->text), err);
    if (what->verdict != SG_READING_LOST_CASE)
        return st;
    c->n_letters = sg_lost_letters(what->text, strlen(what->text));
    if (st == SG_OK && a->restore && c->n_letters <= SG_ADDRESSING_LETTERS_MAX)
        st = search(c, a->n_threads, err);
    return st;
}

static void say_json(struct sg_buf *out, const struct candidate *c)
{
    const struct sg_recognised *what = &c->found->what;
    struct sg_buf question = SG_BUF_INIT(4 * SG_LABEL_TEXT_MAX);
    struct sg_jsonw w;
    sg_jsonw_init(&w, out);
    sg_jsonw_begin_object(&w);
    sg_jsonw_key(&w, "as_given");
    sg_jsonw_string_n(&w, c->as_given.data, c->as_given.size);
    sg_jsonw_kv_string(&w, "address", what->text);
    sg_jsonw_kv_bool(&w, "valid", what->verdict >= SG_READING_UNCHECKED);
    sg_jsonw_kv_string(&w, "verdict", sg_reading_name(what->verdict));
    sg_jsonw_kv_string(&w, "form", what->form);
    sg_jsonw_kv_string(&w, "chain", what->chain);
    sg_jsonw_kv_string(&w, "others", what->others);
    sg_jsonw_kv_string(&w, "note", what->note);
    sg_jsonw_kv_string(&w, "inner", what->inner[0] ? what->inner : NULL);
    sg_jsonw_kv_string(&w, "reason", what->reason[0] ? what->reason : NULL);
    if (c->near.is_found)
        sg_labelstore_question(&question, &c->near);
    sg_jsonw_kv_string(&w, "question", question.data);
    if (question.failed)
        out->failed = true;
    sg_buf_clear(&question);
    sg_jsonw_key(&w, "restored");
    sg_jsonw_begin_array(&w);
    for (size_t i = 0; i < c->restored.n && i < SG_RESTORED_MAX; i++)
        sg_jsonw_string(&w, c->restored.texts[i]);
    sg_jsonw_end_array(&w);
    sg_jsonw_kv_uint(&w, "line", c->found->line);
    sg_jsonw_kv_uint(&w, "offset", c->found->offset);
    sg_jsonw_kv_bool(&w, "joined", c->found->is_joined);
    sg_jsonw_end_object(&w);
    sg_buf_putc(out, '\n');
}

static void say_restored(struct sg_buf *out, const struct candidate *c)
{
    const struct sg_restored *restored = &c->restored;
    if (!c->is_searched) {
        sg_buf_printf(out, "  %u letters may be large or small%s\n", c->n_letters,
                      c->n_letters > SG_ADDRESSING_LETTERS_MAX ? ", too many to try"
                                                               : "; --restore tries them all");
        return;
    }
    if (restored->n == 0)
        sg_buf_puts(out, "  no way to write it has a checksum that holds\n");
    for (size_t i = 0; i < restored->n && i < SG_RESTORED_MAX; i++)
        sg_buf_printf(out, "  %s has a checksum that holds: is that meant?\n", restored->texts[i]);
    if (restored->n > 1)
        sg_buf_printf(out, "  %zu ways to write it have one; not more than one was meant\n",
                      restored->n);
}

static void say_text(struct sg_buf *out, const struct candidate *c)
{
    const struct sg_recognised *what = &c->found->what;
    if (c->found->line)
        sg_buf_printf(out, "line %" PRIu32 ": ", c->found->line);
    sg_buf_line(out, what->text, strlen(what->text));
    if (what->form)
        sg_buf_printf(out, "  %s, %s", what->chain ? what->chain : "network not known", what->form);
    if (what->others)
        sg_buf_printf(out, " (also %s)", what->others);
    if (what->verdict == SG_READING_VALID)
        sg_buf_puts(out, ": valid");
    else if (what->verdict == SG_READING_UNCHECKED)
        sg_buf_puts(out, ": may be valid");
    else
        sg_buf_printf(out, "%s NOT VALID: %s", what->form ? ":" : " ", what->reason);
    if (what->note)
        sg_buf_printf(out, "; %s", what->note);
    if (what->inner[0])
        sg_buf_printf(out, ": %s", what->inner);
    if (c->found->is_joined)
        sg_buf_puts(out, "; put together from pieces");
    sg_buf_putc(out, '\n');
    if (c->near.is_found) {
        sg_buf_puts(out, "  ");
        sg_labelstore_question(out, &c->near);
        sg_buf_putc(out, '\n');
    }
    if (what->verdict == SG_READING_LOST_CASE)
        say_restored(out, c);
}

enum sg_status sg_addressing_say(struct sg_addressing *addressing, const struct sg_found *found,
                                 struct sg_text as_given, struct sg_err *err)
{
    struct sg_found own = *found;
    struct candidate c = {.found = &own, .as_given = as_given};
    if (own.what.form && strcmp(own.what.form, "solana") == 0)
        own.what.note = sg_solana_note(own.what.text, strlen(own.what.text));
    const enum sg_status st = ask(&c, addressing, err);
    if (st != SG_OK)
        return st;
    addressing->n[found->what.verdict]++;
    if (addressing->json)
        say_json(addressing->out, &c);
    else
        say_text(addressing->out, &c);
    return sg_buf_check(addressing->out, err);
}

void sg_addressing_summary(struct sg_addressing *addressing)
{
    const uint64_t *n = addressing->n;
    sg_buf_printf(addressing->out,
                  "%" PRIu64 " valid, %" PRIu64 " without a checksum, %" PRIu64 " wrong, %" PRIu64
                  " without their case, %" PRIu64 " not addresses\n",
                  n[SG_READING_VALID], n[SG_READING_UNCHECKED], n[SG_READING_WRONG],
                  n[SG_READING_LOST_CASE], n[SG_READING_NONE]);
}
