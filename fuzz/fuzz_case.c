/* Case files: whatever is accepted keeps what case.h promises. A line "%%" ends the case and begins
 * the labels file. */
#include "formats/case/case.h"

#include <assert.h>
#include <string.h>

struct window {
    const char *bytes;
    size_t size;
};

static enum sg_status read_labels(void *ctx, const char **bytes, size_t *size, const char *name,
                                  struct sg_err *err)
{
    const struct window *labels = ctx;
    (void)err;
    assert(name[0] != '.' && !strchr(name, '/'));
    *bytes = labels->bytes;
    *size = labels->size;
    return SG_OK;
}

static void check_seeds(const struct sg_case *c)
{
    assert(c->n_seeds > 0 && c->n_thefts > 0);
    for (size_t i = 0; i < c->n_seeds; i++) {
        const struct sg_case_seed *seed = &c->seeds[i];
        assert(seed->theft < c->n_thefts && seed->source);
        assert(seed->has_tx || seed->address.size);
        assert(!sg_amount_is_zero(seed->amount) || seed->asset.chain->outputs);
        assert(seed->time_unix_s != SG_TIME_UNKNOWN);
        assert(!seed->has_output || (seed->has_tx && seed->asset.chain->outputs));
        if (seed->until_unix_s != SG_TIME_UNKNOWN)
            assert(!seed->has_tx && seed->until_unix_s >= seed->time_unix_s);
    }
}

static void check_conversions(const struct sg_case *c)
{
    for (size_t i = 0; i < c->n_conversions; i++) {
        const struct sg_case_conversion *conversion = &c->conversions[i];
        struct sg_amount stated = SG_AMOUNT_ZERO;
        bool all = true;
        assert(conversion->theft < c->n_thefts && conversion->source && conversion->n_entries);
        for (size_t j = 0; j < conversion->n_entries; j++) {
            assert(sg_amount_add(&stated, stated, conversion->entries[j].amount));
            all = all && conversion->entries[j].has_amount;
        }
        const int order = sg_amount_cmp(stated, conversion->to_amount);
        assert(all ? order == 0 : order <= 0);
    }
}

static void check_labels(const struct sg_case *c)
{
    for (size_t i = 0; i < c->n_labels; i++) {
        const struct sg_case_label *label = &c->labels[i];
        size_t n;
        const struct sg_case_label *all = sg_case_labels_of(&n, c, label->chain, &label->address);
        assert(all <= label && label < all + n);
        assert(label->entity[0] && label->source && label->place.line > 0);
        assert(sg_case_label_of(c, label->chain, &label->address));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_err err = {0};
    struct sg_case c;
    if (size > 16384)
        return 0;
    const char *bytes = (const char *)data, *mark = size ? memmem(bytes, size, "\n%%\n", 4) : NULL;
    const size_t n_case = mark ? (size_t)(mark - bytes) + 1 : size;
    struct window labels = {mark ? mark + 4 : "", mark ? size - n_case - 3 : 0};
    const struct sg_case_reader reader = {read_labels, &labels};
    const enum sg_status st = sg_case_parse(&c, &arena, bytes, n_case, &reader, &err);
    if (st == SG_OK) {
        check_seeds(&c);
        check_conversions(&c);
        check_labels(&c);
    } else {
        assert(err.status == st);
        assert(st == SG_EPARSE || st == SG_ELIMIT || st == SG_EVERSION);
        assert(err.line > 0 || st == SG_ELIMIT);
    }
    sg_arena_clear(&arena);
    return 0;
}
