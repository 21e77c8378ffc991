/* text_reuse: phrases of a CV or a bid that another identity wrote too. A phrase is twelve words in
 * a row; in scripts without blanks each character counts as a word, so no language is left out. */
#include "analysis/redflags/redflags_internal.h"

#include "base/mem.h"
#include "base/utf8.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

#define PHRASE_WORDS 12u

/* Phrases of one text: longer ones are boilerplate, or an attack. */
#define PHRASES_MAX 4096u

/* Texts of one identity: the CVs of its records and the first of its bids. */
#define TEXTS_MAX 64u

struct phrase {
    uint64_t hash;
    uint32_t text; /* index into the texts */
};

struct text {
    uint32_t identity, record, row, id;
    bool is_event;
    uint32_t n_phrases;
};

struct texts {
    struct sg_redflags *f;
    struct text *texts;
    size_t n_texts, texts_cap;
    struct phrase *phrases; /* in the order of the texts */
    size_t n_phrases, phrases_cap;
    struct phrase *sorted; /* by hash, then text; each pair once */
    size_t n_sorted;
};

/* The last words' hashes of a text that is read. */
struct words {
    uint64_t ring[PHRASE_WORDS], word;
    uint32_t n;
    bool in_word;
};

static uint64_t mix(uint64_t h)
{
    h = (h ^ h >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    h = (h ^ h >> 27) * UINT64_C(0x94d049bb133111eb);
    return h ^ h >> 31;
}

static enum sg_status end_word(struct texts *t, struct words *w, struct sg_err *err)
{
    struct text *text = &t->texts[t->n_texts - 1];
    uint64_t hash = 0;
    if (!w->in_word)
        return SG_OK;
    w->ring[w->n++ % PHRASE_WORDS] = w->word;
    w->in_word = false;
    w->word = 0;
    if (w->n < PHRASE_WORDS || text->n_phrases == PHRASES_MAX)
        return SG_OK;
    for (uint32_t k = 0; k < PHRASE_WORDS; k++)
        hash = mix(hash * 31 + w->ring[(w->n + k) % PHRASE_WORDS]);
    if (!SG_VEC_RESERVE(t->phrases, t->n_phrases, t->phrases_cap, 1))
        return sg_err_nomem(err);
    t->phrases[t->n_phrases++] = (struct phrase){hash, (uint32_t)t->n_texts - 1};
    text->n_phrases++;
    return SG_OK;
}

static enum sg_status take_phrases(struct texts *t, const char *folded, size_t size,
                                   struct sg_err *err)
{
    struct words words = {.n = 0};
    enum sg_status st = SG_OK;
    uint32_t c;
    for (size_t i = 0; st == SG_OK && i < size;) {
        const size_t n = sg_utf8_next(&c, folded + i, size - i);
        i += n ? n : 1;
        if (c == ' ' || sg_rf_is_unspaced(c))
            st = end_word(t, &words, err);
        if (st != SG_OK || c == ' ')
            continue;
        words.word = mix(words.word * 31 + c);
        words.in_word = true;
    }
    return st == SG_OK ? end_word(t, &words, err) : st;
}

static enum sg_status take_text(struct texts *t, struct text text, struct sg_err *err)
{
    struct sg_redflags *f = t->f;
    const char *bytes = sg_dict_text(&f->pool, text.id);
    if (!text.id)
        return SG_OK;
    if (!SG_VEC_RESERVE(t->texts, t->n_texts, t->texts_cap, 1))
        return sg_err_nomem(err);
    t->texts[t->n_texts++] = text;
    sg_buf_reset(&f->scratch);
    sg_rf_form(&f->scratch, RF_FOLDED, (struct sg_text){bytes, strlen(bytes)});
    const enum sg_status st = sg_buf_check(&f->scratch, err);
    return st == SG_OK ? take_phrases(t, f->scratch.data, f->scratch.size, err) : st;
}

static bool has_text(const struct texts *t, size_t from, uint32_t id)
{
    for (size_t i = from; i < t->n_texts; i++)
        if (t->texts[i].id == id)
            return true;
    return false;
}

static enum sg_status take_identity(struct texts *t, uint32_t identity, struct sg_err *err)
{
    const size_t from = t->n_texts;
    enum sg_status st = SG_OK;
    struct rf_view v;
    sg_rf_view(&v, t->f, identity);
    for (uint32_t r = 0; st == SG_OK && r < v.n_records && t->n_texts - from < TEXTS_MAX; r++) {
        const struct rf_person *p = sg_rf_record(&v, r);
        st = take_text(t, (struct text){identity, v.records[r], p->row, p->cv, false, 0}, err);
    }
    for (uint32_t i = 0; st == SG_OK && i < v.n_keys && t->n_texts - from < TEXTS_MAX; i++) {
        const struct rf_event *e = sg_rf_event_at(&v, i);
        if (e->kind == RF_BID && !has_text(t, from, e->text[RF_TEXT]))
            st = take_text(t, (struct text){identity, e->person, e->row, e->text[RF_TEXT], true, 0},
                           err);
    }
    return st;
}

static int by_hash(const void *left, const void *right)
{
    const struct phrase *a = left, *b = right;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return (a->text > b->text) - (a->text < b->text);
}

/* Where the phrases of this hash begin; they are there. */
static const struct phrase *find(const struct texts *t, uint64_t hash)
{
    size_t low = 0, high = t->n_sorted;
    while (low < high) {
        const size_t mid = low + (high - low) / 2;
        if (t->sorted[mid].hash < hash)
            low = mid + 1;
        else
            high = mid;
    }
    return t->sorted + low;
}

/* How many phrases of a text each other identity has. */
struct tally {
    uint32_t *shared; /* by identity */
    uint32_t *last;   /* by identity: the phrase that was counted last, plus one */
    uint32_t *touched;
    uint32_t *with; /* by identity: a text of it that shares */
    size_t n_touched, touched_cap;
};

/* Count one phrase for each other identity that has it, unless too many have. People of one agency
 * bid with its texts. */
static enum sg_status tally_phrase(struct tally *y, const struct texts *t, size_t p,
                                   uint32_t at_most, struct sg_err *err)
{
    const struct phrase *own = &t->phrases[p], *end = t->sorted + t->n_sorted;
    const uint32_t identity = t->texts[own->text].identity;
    const struct phrase *begin = find(t, own->hash), *at = begin;
    uint32_t n = 0, before = UINT32_MAX;
    for (; at < end && at->hash == own->hash && n <= at_most; at++) {
        n += t->texts[at->text].identity != before;
        before = t->texts[at->text].identity;
    }
    for (const struct phrase *q = begin; n <= at_most && q < at; q++) {
        const uint32_t other = t->texts[q->text].identity;
        if (other == identity || t->f->agency[other] == t->f->agency[identity] ||
            y->last[other] == p + 1)
            continue;
        if (!y->shared[other] && !SG_VEC_RESERVE(y->touched, y->n_touched, y->touched_cap, 1))
            return sg_err_nomem(err);
        if (!y->shared[other]++)
            y->touched[y->n_touched++] = other;
        y->last[other] = (uint32_t)p + 1;
        y->with[other] = q->text;
    }
    return SG_OK;
}

/* What the text shares with each, and the best of it; the tally is empty again after. */
static void close_text(struct rf_note *note, struct tally *y, const struct texts *t,
                       const struct text *text, uint32_t at_least)
{
    uint32_t best = 0, sharing = 0, with = 0;
    for (size_t i = 0; i < y->n_touched; i++) {
        const uint32_t other = y->touched[i];
        const uint32_t percent = y->shared[other] * 100 / text->n_phrases;
        sharing += percent >= at_least;
        if (percent > best || (percent == best && y->with[other] < with)) {
            best = percent;
            with = y->with[other];
        }
        y->shared[other] = 0;
    }
    y->n_touched = 0;
    if (best <= note->number)
        return;
    const struct text *other = &t->texts[with];
    *note = (struct rf_note){.testable = true, .number = best, .of = sharing, .n_refs = 2};
    note->refs[0] = (struct sg_redflags_ref){text->record, text->row, text->is_event};
    note->refs[1] = (struct sg_redflags_ref){other->record, other->row, other->is_event};
}

static enum sg_status judge_texts(struct tally *y, const struct texts *t, struct sg_err *err)
{
    const struct sg_redrule *rule = &t->f->rules->rules[SG_RED_TEXT_REUSE];
    enum sg_status st = SG_OK;
    for (size_t i = 0, p = 0; st == SG_OK && i < t->n_texts;) {
        const uint32_t identity = t->texts[i].identity;
        struct rf_note note = {.testable = false};
        for (; st == SG_OK && i < t->n_texts && t->texts[i].identity == identity; i++) {
            const size_t end = p + t->texts[i].n_phrases;
            note.testable |= p < end;
            for (; st == SG_OK && p < end; p++)
                st = tally_phrase(y, t, p, rule->at_most, err);
            if (st == SG_OK)
                close_text(&note, y, t, &t->texts[i], rule->at_least);
        }
        note.found = note.number >= rule->at_least;
        if (st == SG_OK)
            st = sg_rf_keep(t->f, identity, SG_RED_TEXT_REUSE, &note, err);
    }
    return st;
}

static void count_common(const struct texts *t)
{
    const uint32_t at_most = t->f->rules->rules[SG_RED_TEXT_REUSE].at_most;
    struct sg_redflags_common *common = &t->f->common[SG_RED_TEXT_REUSE];
    for (size_t i = 0; i < t->n_sorted;) {
        const uint64_t hash = t->sorted[i].hash;
        uint32_t n = 0, before = UINT32_MAX;
        for (; i < t->n_sorted && t->sorted[i].hash == hash; i++) {
            n += t->texts[t->sorted[i].text].identity != before;
            before = t->texts[t->sorted[i].text].identity;
        }
        common->values += n > at_most;
        if (n > at_most && n > common->most)
            common->most = n;
    }
}

static void sort_phrases(struct texts *t)
{
    if (!t->n_phrases)
        return;
    memcpy(t->sorted, t->phrases, t->n_phrases * sizeof(*t->sorted));
    qsort(t->sorted, t->n_phrases, sizeof(*t->sorted), by_hash);
    t->n_sorted = 1;
    for (size_t i = 1; i < t->n_phrases; i++)
        if (by_hash(&t->sorted[i], &t->sorted[i - 1]) != 0)
            t->sorted[t->n_sorted++] = t->sorted[i];
}

static enum sg_status compare_all(struct texts *t, struct sg_err *err)
{
    struct tally y = {
        .shared = sg_mem_zalloc((size_t)t->f->n_identities + 1, sizeof(*y.shared)),
        .last = sg_mem_zalloc((size_t)t->f->n_identities + 1, sizeof(*y.last)),
        .with = sg_mem_zalloc((size_t)t->f->n_identities + 1, sizeof(*y.with)),
    };
    enum sg_status st = SG_OK;
    t->sorted = sg_mem_alloc(t->n_phrases + 1, sizeof(*t->sorted));
    if (!y.shared || !y.last || !y.with || !t->sorted)
        st = sg_err_nomem(err);
    if (st == SG_OK) {
        sort_phrases(t);
        count_common(t);
        st = judge_texts(&y, t, err);
    }
    sg_mem_free(y.shared);
    sg_mem_free(y.last);
    sg_mem_free(y.with);
    sg_mem_free(y.touched);
    return st;
}

enum sg_status sg_rf_texts(struct sg_redflags *f, struct sg_err *err)
{
    struct texts t = {.f = f};
    enum sg_status st = SG_OK;
    if (!f->rules->rules[SG_RED_TEXT_REUSE].enabled)
        return SG_OK;
    for (uint32_t i = 0; st == SG_OK && i < f->n_identities; i++)
        st = take_identity(&t, i, err);
    if (st == SG_OK && t.n_phrases >= UINT32_MAX)
        st = sg_err_set(err, SG_ELIMIT, "more than 4 billion phrases");
    if (st == SG_OK)
        st = compare_all(&t, err);
    sg_mem_free(t.texts);
    sg_mem_free(t.phrases);
    sg_mem_free(t.sorted);
    return st;
}
