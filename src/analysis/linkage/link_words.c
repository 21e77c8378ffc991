/* Words of a text: which ones two texts share, and how rare they are. */
#include "analysis/linkage/linkage_internal.h"
#include "base/mem.h"
#include "base/vec.h"

#include <math.h>
#include <stdlib.h>

/* Words of one value that count; more are left out. */
#define WORDS_MAX 16

/* A word that one letter spoils may still be the other's: the shortest for which that is tried. */
#define SPOILT_MIN 5

static struct sg_text next_word(struct sg_text *text)
{
    size_t n = 0;
    while (n < text->size && text->data[n] != ' ')
        n++;
    const struct sg_text word = {text->data, n};
    const size_t step = n < text->size ? n + 1 : n;
    text->data += step;
    text->size -= step;
    return word;
}

static int by_number(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static enum sg_status split(struct lk_column *c, struct lk_value *v, struct sg_err *err)
{
    struct sg_text text = v->text;
    enum sg_status st = SG_OK;
    if (!SG_VEC_RESERVE(c->words, c->n_words, c->words_capacity, WORDS_MAX))
        return sg_err_nomem(err);
    v->first_word = (uint32_t)c->n_words;
    while (st == SG_OK && text.size && v->n_words < WORDS_MAX) {
        st = sg_dict_number(&c->words[c->n_words], &c->word_dict, next_word(&text), err);
        if (st != SG_OK)
            break;
        c->n_words++;
        v->n_words++;
    }
    qsort(c->words + v->first_word, v->n_words, sizeof(*c->words), by_number);
    return st;
}

static enum sg_status rarity(struct lk_column *c, struct sg_err *err)
{
    uint64_t *rows = sg_mem_zalloc(c->word_dict.count + 1, sizeof(*rows));
    c->word_bits = sg_mem_zalloc(c->word_dict.count + 1, sizeof(*c->word_bits));
    if (!rows || !c->word_bits) {
        sg_mem_free(rows);
        return sg_err_nomem(err);
    }
    for (size_t i = 0; i < c->n_values; i++)
        for (size_t k = 0; k < c->values[i].n_words; k++)
            rows[c->words[c->values[i].first_word + k] - 1] += c->values[i].rows;
    for (size_t i = 0; i < c->word_dict.count; i++)
        c->word_bits[i] = (float)log2((1 + c->total) / (double)(rows[i] ? rows[i] : 1));
    sg_mem_free(rows);
    return SG_OK;
}

enum sg_status sg_lk_words(struct lk_column *c, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    if (c->kind != SG_LINK_ADDRESS && c->kind != SG_LINK_REST)
        return SG_OK;
    for (size_t i = 0; st == SG_OK && i < c->n_values; i++)
        st = split(c, &c->values[i], err);
    return st == SG_OK ? rarity(c, err) : st;
}

static double bits_of(const struct lk_column *c, const struct lk_value *v)
{
    double bits = 0;
    for (size_t i = 0; i < v->n_words; i++)
        bits += (double)c->word_bits[c->words[v->first_word + i] - 1];
    return bits;
}

static bool spoilt(const struct lk_column *c, uint32_t a, uint32_t b)
{
    const struct sg_text x = c->word_dict.texts[a - 1], y = c->word_dict.texts[b - 1];
    return x.size >= SPOILT_MIN && y.size >= SPOILT_MIN && sg_link_distance(x, y, 1) <= 1;
}

/* Bits of a word of `a` that `b` has too, or has but for a letter. */
static double found(const struct lk_column *c, uint32_t word, const struct lk_value *b)
{
    const uint32_t *words = c->words + b->first_word;
    for (size_t i = 0; i < b->n_words; i++)
        if (words[i] == word)
            return (double)c->word_bits[word - 1];
    for (size_t i = 0; i < b->n_words; i++)
        if (spoilt(c, word, words[i])) {
            const float x = c->word_bits[word - 1], y = c->word_bits[words[i] - 1];
            return (double)(x < y ? x : y);
        }
    return 0;
}

double sg_lk_shared_words(const struct lk_column *c, const struct lk_value *a,
                          const struct lk_value *b)
{
    const double of_a = bits_of(c, a), of_b = bits_of(c, b);
    const struct lk_value *shorter = of_a <= of_b ? a : b, *longer = of_a <= of_b ? b : a;
    const double least = of_a <= of_b ? of_a : of_b;
    double shared = 0;
    if (least <= 0)
        return 0;
    for (size_t i = 0; i < shorter->n_words; i++)
        shared += found(c, c->words[shorter->first_word + i], longer);
    return shared < least ? shared / least : 1;
}

static bool in_part(const struct lk *lk, const struct sg_link_field *f, size_t row,
                    struct sg_text word)
{
    for (size_t i = 0; i < f->n_parts; i++) {
        const struct lk_column *part = &lk->columns[f->parts[i]];
        if (!part->cells[row])
            continue;
        struct sg_text text = part->dict.texts[part->cells[row] - 1];
        while (text.size) {
            const struct sg_text have = next_word(&text);
            if (have.size == word.size && memcmp(have.data, word.data, word.size) == 0)
                return true;
        }
    }
    return false;
}

enum sg_status sg_lk_rest(struct sg_buf *out, const struct lk *lk, size_t field, size_t row,
                          struct sg_err *err)
{
    const struct lk_column *c = &lk->columns[field];
    if (!c->cells[row])
        return SG_OK;
    struct sg_text text = c->dict.texts[c->cells[row] - 1];
    while (text.size) {
        const struct sg_text word = next_word(&text);
        if (in_part(lk, &lk->model->fields[field], row, word))
            continue;
        if (out->size)
            sg_buf_putc(out, ' ');
        sg_buf_append(out, word.data, word.size);
    }
    return sg_buf_check(out, err);
}
