/* A function that does as others of its file do, save for a check that they make. Functions of one
 * file are siblings where they share lines; what they share is their trade, and a check that
 * belongs to the trade is missed where it is missing. */
#include "analysis/risk/risk_internal.h"

#include "base/mem.h"

#include <stdlib.h>

/* Lines that two functions have in common before they count as siblings: so many, and so large a
 * part, in percent, of what the nearest one has in common. */
#define SHARED_MIN      2
#define NEAREST_PERCENT 66

/* Siblings that make the check, and their part of all siblings, in percent. */
#define SUPPORT_MIN     3
#define SUPPORT_PERCENT 60

/* Changed functions of one file that are looked at. */
#define FUNCTIONS_MAX 40

/* Tokens of a line below which it says nothing of what a function is about. */
#define TOKENS_MIN 4

struct place {
    uint64_t key;
    uint32_t func, line;
};

struct family {
    const struct file *file;
    struct place *places; /* by key, then function */
    size_t n_places;
    uint32_t *shared; /* lines in common, a function */
    uint32_t enough;  /* of them, to be a sibling */
};

/* Over the tokens of a line, owners left out: what is asked of a.owner and of b.owner is alike. */
static uint64_t shape_of(const struct side *side, uint32_t line)
{
    const struct words words = sg_risk_line_words(side, line);
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (uint32_t i = 0; i < words.count; i++) {
        const bool owner = words.items[i].kind == SG_TOKEN_WORD && i + 1 < words.count &&
                           sg_text_is(sg_risk_word_at(words, i + 1), ".");
        const struct sg_text word = sg_risk_word_at(words, i);
        for (size_t k = 0; k < word.size && !owner && words.items[i].kind != SG_TOKEN_COMMENT; k++)
            hash = (hash ^ (uint8_t)word.data[k]) * UINT64_C(0x100000001b3);
        hash = (hash ^ 0x1f) * UINT64_C(0x9e3779b97f4a7c15);
    }
    return hash;
}

static int by_key(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->func < y->func ? -1 : x->func > y->func;
}

/* Every telling line of every function; a function inside another belongs to both. */
static size_t list_places(struct place *places, const struct side *side)
{
    size_t n = 0;
    for (size_t f = 0; f < side->n_funcs; f++)
        for (uint32_t i = side->funcs[f].body_line + 1;
             i < side->funcs[f].last_line && i < side->n_lines; i++)
            if (side->lines[i].n_code >= TOKENS_MIN && sg_risk_func_at(side, i) == &side->funcs[f])
                places[n++] = (struct place){shape_of(side, i), (uint32_t)f, i};
    return n;
}

static size_t first_of(const struct family *family, uint64_t key)
{
    size_t low = 0, high = family->n_places;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (family->places[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool has_key(const struct family *family, uint32_t func, uint64_t key)
{
    const struct place wanted = {key, func, 0};
    return bsearch(&wanted, family->places, family->n_places, sizeof(wanted), by_key) != NULL;
}

/* How many lines each function shares with this one. */
static void count_shared(struct family *family, uint32_t func)
{
    const struct side *side = &family->file->new;
    for (size_t f = 0; f < side->n_funcs; f++)
        family->shared[f] = 0;
    for (size_t i = 0; i < family->n_places; i++) {
        if (family->places[i].func != func)
            continue;
        const uint64_t key = family->places[i].key;
        for (size_t k = first_of(family, key); k < family->n_places && family->places[k].key == key;
             k++)
            family->shared[family->places[k].func] +=
                k == 0 || family->places[k - 1].key != key ||
                family->places[k - 1].func != family->places[k].func;
    }
    family->shared[func] = 0;
    uint32_t nearest = 0;
    for (size_t f = 0; f < side->n_funcs; f++)
        nearest = family->shared[f] > nearest ? family->shared[f] : nearest;
    family->enough = (nearest * NEAREST_PERCENT + 99) / 100;
    family->enough = family->enough < SHARED_MIN ? SHARED_MIN : family->enough;
}

static uint32_t count_siblings(const struct family *family)
{
    uint32_t n = 0;
    for (size_t f = 0; f < family->file->new.n_funcs; f++)
        n += family->shared[f] >= family->enough;
    return n;
}

/* Siblings with this line among those from `at` on with the same key; moves `at` behind them. */
static uint32_t count_support(const struct family *family, size_t *at)
{
    const uint64_t key = family->places[*at].key;
    uint32_t n = 0, last = NO_LINE;
    for (; *at < family->n_places && family->places[*at].key == key; ++*at) {
        const uint32_t func = family->places[*at].func;
        n += func != last && family->shared[func] >= family->enough;
        last = func;
    }
    return n;
}

/* Contracts, and the language that most of the others are written in. */
static bool keeps_value(const struct file *file)
{
    return file->lang == SG_LANG_RUST || sg_risk_is_contract(file);
}

static bool is_telling_check(const struct side *side, uint32_t line)
{
    return sg_risk_is_check(side, line) ||
           sg_risk_has_call_like(sg_risk_line_words(side, line), "check");
}

static void look_for_missing(struct look *look, const struct family *family, uint32_t func)
{
    const struct side *side = &family->file->new;
    const uint32_t siblings = count_siblings(family);
    for (size_t at = 0; siblings >= SUPPORT_MIN && at < family->n_places;) {
        const struct place place = family->places[at];
        const uint32_t support = count_support(family, &at);
        if (support < SUPPORT_MIN || 100 * support < SUPPORT_PERCENT * siblings ||
            !is_telling_check(side, place.line) || has_key(family, func, place.key))
            continue;
        sg_risk_report(look, (struct found){SG_RISK_SIBLING_CHECK, family->file,
                                            side->funcs[func].first_line, false,
                                            keeps_value(family->file) ? 480 : 300,
                                            "most functions like this one make a check that it "
                                            "does not"});
        return;
    }
}

static enum sg_status start(struct family *family, struct look *look)
{
    const struct side *side = &family->file->new;
    family->places = sg_arena_alloc(look->arena, (size_t)side->n_lines + 1, sizeof(struct place));
    family->shared = sg_arena_alloc(look->arena, side->n_funcs + 1, sizeof(uint32_t));
    if (!family->places || !family->shared) {
        look->out_of_memory = true;
        return SG_ENOMEM;
    }
    family->n_places = list_places(family->places, side);
    qsort(family->places, family->n_places, sizeof(struct place), by_key);
    return SG_OK;
}

/* A member of another thing may have the same name. */
static bool calls(const struct side *side, const struct func *func, struct sg_text name)
{
    const struct words body = sg_risk_func_body(side, func);
    for (uint32_t i = 1; i + 1 < body.count; i++)
        if (sg_risk_text_equal(sg_risk_word_at(body, i), name) &&
            sg_text_is(sg_risk_word_at(body, i + 1), "(") &&
            (!sg_text_is(sg_risk_word_at(body, i - 1), ".") ||
             (i > 1 && sg_risk_is_any(sg_risk_word_at(body, i - 2), "this self"))))
            return true;
    return false;
}

/* The first check of a function that the other one lacks; NO_LINE: none. */
static uint32_t missing_check(const struct family *family, uint32_t from, uint32_t in)
{
    const struct side *side = &family->file->new;
    const struct func *func = &side->funcs[from];
    for (uint32_t i = func->body_line + 1; i < func->last_line && i < side->n_lines; i++)
        if (side->lines[i].n_code >= TOKENS_MIN && sg_risk_is_check(side, i) &&
            !has_key(family, in, shape_of(side, i)))
            return i;
    return NO_LINE;
}

/* A function that called another does its work itself now, line for line, but not its checks. */
static void look_for_inlined(struct look *look, const struct family *family, uint32_t func,
                             const struct func *old)
{
    const struct side *side = &family->file->new;
    for (uint32_t f = 0; f < side->n_funcs; f++) {
        if (family->shared[f] == 0 || !calls(&family->file->old, old, side->funcs[f].name) ||
            calls(side, &side->funcs[func], side->funcs[f].name) ||
            missing_check(family, f, func) == NO_LINE)
            continue;
        sg_risk_report(look, (struct found){SG_RISK_SIBLING_CHECK, family->file,
                                            side->funcs[func].first_line, false, 440,
                                            "it does itself what it called another for, without "
                                            "that one's checks"});
        return;
    }
}

void sg_risk_rules_siblings(struct look *look, const struct file *file)
{
    struct family family = {.file = file};
    uint32_t n = 0;
    if (file->role != ROLE_SOURCE || file->old.n_lines == 0 || file->new.n_funcs < 2)
        return;
    for (uint32_t f = 0; f < file->new.n_funcs &&n < FUNCTIONS_MAX; f++) {
        const struct func *func = &file->new.funcs[f];
        if (!sg_risk_func_is_new(file, func))
            continue;
        if (n++ == 0 && start(&family, look) != SG_OK)
            return;
        const struct func *old = sg_risk_func_named(&file->old, func->name);
        count_shared(&family, f);
        if (old && keeps_value(file))
            look_for_inlined(look, &family, f, old);
        else if (!old)
            look_for_missing(look, &family, f);
    }
}
