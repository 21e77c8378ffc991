/* Reduced forms of values by which records are blocked, coarser and coarser. */
#include "analysis/linkage/linkage_internal.h"

#include <math.h>

static uint32_t key_of(struct sg_text text, uint32_t salt)
{
    const uint32_t key = (uint32_t)sg_link_mix(sg_link_hash(text) + salt);
    return key ? key : 1;
}

static struct sg_text beginning(struct sg_text text, size_t n)
{
    return (struct sg_text){text.data, text.size < n ? text.size : n};
}

static uint32_t number_key(uint64_t number, uint32_t salt)
{
    const uint32_t key = (uint32_t)sg_link_mix(number * 8 + salt);
    return key ? key : 1;
}

/* The two rarest words that some other value has too: a word of one value alone is a misprint. */
static void word_keys(struct lk_value *v, const struct lk_column *c)
{
    const double limit = log2(1 + c->total) - 0.5;
    float best[2] = {0, 0};
    for (size_t i = 0; i < v->n_words; i++) {
        const uint32_t word = c->words[v->first_word + i];
        const float bits = c->word_bits[word - 1];
        const uint32_t key = number_key(word, 1);
        if ((double)bits > limit)
            continue;
        if (bits > best[0]) {
            best[1] = best[0];
            v->keys[2] = v->keys[1];
            best[0] = bits;
            v->keys[1] = key;
        } else if (bits > best[1] && key != v->keys[1]) {
            best[1] = bits;
            v->keys[2] = key;
        }
    }
}

static void date_keys(struct lk_value *v)
{
    const uint32_t year = v->code / 10000, day = v->code % 10000;
    if (!v->code)
        return;
    v->keys[1] = number_key(year, 2);
    if (day > 101) /* the first of January stands for an unknown day too often */
        v->keys[2] = number_key(day, 3);
}

static void fill(struct lk_value *v, const struct lk_column *c)
{
    switch (c->kind) {
    case SG_LINK_NAME:
        if (v->code)
            v->keys[1] = number_key(v->code, 4);
        if (v->text.size >= 3)
            v->keys[2] = key_of(beginning(v->text, 3), 5);
        return;
    case SG_LINK_ADDRESS:
    case SG_LINK_REST:
        word_keys(v, c);
        return;
    case SG_LINK_DATE:
        date_keys(v);
        return;
    case SG_LINK_EMAIL:
        if (v->code >= 4)
            v->keys[1] = key_of(beginning(v->text, v->code), 6);
        v->keys[2] = key_of(beginning(v->text, 5), 7);
        return;
    case SG_LINK_CODE:
        if (v->text.size >= 4)
            v->keys[1] = key_of(beginning(v->text, (v->text.size + 1) / 2), 8);
        return;
    case SG_LINK_IDENTIFIER:
    case SG_LINK_PHONE:
        if (v->text.size >= 8) {
            v->keys[1] = key_of(beginning(v->text, v->text.size / 2), 9);
            v->keys[2] = key_of(
                (struct sg_text){v->text.data + v->text.size / 2, v->text.size - v->text.size / 2},
                10);
        }
        return;
    case SG_LINK_IP:
        v->keys[1] = number_key(v->sig, 11);
        return;
    case SG_LINK_TEXT:
    case SG_LINK_IMAGE_HASH:
        for (uint32_t band = 0; band < 4; band++)
            v->keys[1 + band] = number_key(v->sig >> (16 * band) & 0xffff, 12 + band);
        return;
    case SG_LINK_CATEGORY:
        return;
    }
}

void sg_lk_keys(struct lk_column *c)
{
    for (size_t i = 0; i < c->n_values; i++) {
        struct lk_value *v = &c->values[i];
        v->keys[0] = c->kind == SG_LINK_TEXT ? number_key(i, 0) : key_of(v->text, 0);
        fill(v, c);
    }
}
