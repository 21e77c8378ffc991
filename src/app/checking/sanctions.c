#include "app/checking/sanctions.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static int compare(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* The case's sanctioned addresses, as they are looked up. */
static enum sg_status take_case(struct sg_sanctions *s, struct sg_err *err)
{
    const struct sg_case *c = &s->case_file.c;
    s->keys = sg_arena_alloc(&s->arena, c->n_labels + 1, sizeof(*s->keys));
    if (!s->keys)
        return sg_err_nomem(err);
    for (size_t i = 0; i < c->n_labels; i++) {
        char text[SG_ADDRESS_TEXT_MAX], key[SG_LABEL_SUBJECT_MAX + 1];
        if (c->labels[i].category != SG_CATEGORY_SANCTIONED)
            continue;
        sg_address_format(text, c->labels[i].chain, &c->labels[i].address);
        sg_label_key(key, text, strlen(text));
        s->keys[s->n_keys] = sg_arena_strndup(&s->arena, key, strlen(key));
        if (!s->keys[s->n_keys++])
            return sg_err_nomem(err);
    }
    if (s->n_keys)
        qsort(s->keys, s->n_keys, sizeof(*s->keys), compare);
    return SG_OK;
}

enum sg_status sg_sanctions_open(struct sg_sanctions *s, const char *labels, const char *case_file,
                                 struct sg_err *err)
{
    enum sg_status st = SG_OK;
    if (labels) {
        st = sg_labelstore_open(&s->store, labels, err);
        s->has_store = st == SG_OK;
    }
    if (st == SG_OK && case_file) {
        st = sg_casefile_open(&s->case_file, case_file, err);
        s->has_case = st == SG_OK;
    }
    return st == SG_OK && case_file ? take_case(s, err) : st;
}

void sg_sanctions_close(struct sg_sanctions *s)
{
    if (s->has_store)
        sg_labelstore_close(&s->store);
    if (s->has_case)
        sg_casefile_close(&s->case_file);
    sg_arena_clear(&s->arena);
}

static enum sg_status ask_store(bool *is_sanctioned, const struct sg_labelstore *store,
                                struct sg_text account, struct sg_err *err)
{
    const struct sg_labels_range range = sg_labels_find(store->labels, account.data, account.size);
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_screen_claim *claims;
    const struct sg_screen_hit *hits;
    size_t n = 0, n_hits = 0, left_out;
    if (!range.count)
        return SG_OK;
    enum sg_status st = sg_labelstore_claims(&claims, &n, &left_out, &arena, store, range,
                                             account.data, account.size, err);
    if (st == SG_OK && n)
        st = sg_screen_hits(&hits, &n_hits, &arena, claims, n, store->editions, store->n_editions,
                            INT64_MAX, err);
    for (size_t i = 0; st == SG_OK && i < n_hits; i++)
        *is_sanctioned |= hits[i].in_force && hits[i].label->category == SG_CATEGORY_SANCTIONED;
    sg_arena_clear(&arena);
    return st;
}

enum sg_status sg_sanctions_find(void *ctx, bool *is_sanctioned, struct sg_text account,
                                 struct sg_err *err)
{
    const struct sg_sanctions *s = ctx;
    char key[SG_LABEL_SUBJECT_MAX + 1];
    const char *wanted = key;
    *is_sanctioned = false;
    if (account.size > SG_LABEL_SUBJECT_MAX)
        return SG_OK;
    sg_label_key(key, account.data, account.size);
    if (s->n_keys && bsearch(&wanted, s->keys, s->n_keys, sizeof(*s->keys), compare))
        *is_sanctioned = true;
    return s->has_store ? ask_store(is_sanctioned, &s->store, account, err) : SG_OK;
}
