#include "app/utxoing/utxoing_labels.h"

#include "app/utxoing/utxoing.h"
#include "base/arena.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/vec.h"
#include "store/labels/labels.h"

#include <string.h>

struct names {
    struct sg_labels *labels;
    struct sg_arena arena; /* of the names; they are few */
    const char **names;
    size_t n, capacity;
};

/* The number of a name, new or old, from 1; 0 without memory. */
static uint32_t number_of(struct names *names, const char *name)
{
    for (size_t i = 0; i < names->n; i++)
        if (strcmp(names->names[i], name) == 0)
            return (uint32_t)(i + 1);
    const char *kept = sg_arena_strndup(&names->arena, name, strlen(name));
    if (!kept || !SG_VEC_RESERVE(names->names, names->n, names->capacity, 1))
        return 0;
    names->names[names->n++] = kept;
    return (uint32_t)names->n;
}

static bool counts(const struct sg_label *label)
{
    return label->confidence != SG_CONFIDENCE_LOW && label->entity[0] && label->kind != SG_LABEL_TX;
}

static enum sg_status entity_of(uint32_t *entity, struct names *names, const struct sg_buf *address,
                                struct sg_err *err)
{
    struct sg_arena arena = SG_ARENA_INIT;
    const struct sg_labels_range range =
        sg_labels_find(names->labels, address->data, address->size);
    enum sg_status st = SG_OK;
    bool contrary = false;
    *entity = 0;
    for (size_t i = 0; st == SG_OK && i < range.count; i++) {
        struct sg_label label;
        st = sg_labels_read(&label, NULL, names->labels, range, i, &arena, err);
        if (st != SG_OK || !counts(&label) || strlen(label.subject) != address->size ||
            memcmp(label.subject, address->data, address->size) != 0)
            continue;
        const uint32_t number = number_of(names, label.entity);
        if (!number)
            st = sg_err_nomem(err);
        contrary = contrary || (*entity && *entity != number);
        *entity = number;
    }
    if (contrary)
        *entity = 0;
    sg_arena_clear(&arena);
    return st;
}

static enum sg_status look_up(uint32_t *entity, struct names *names, const struct sg_utxo *utxo,
                              struct sg_err *err)
{
    struct sg_buf address = SG_BUF_INIT(SG_RECORD_BYTES_MAX * 16);
    enum sg_status st = SG_OK;
    for (uint32_t o = 0; st == SG_OK && o < sg_utxo_n(utxo, SG_UTXO_OWNER_END); o++) {
        sg_buf_reset(&address);
        sg_utxoing_name(&address, utxo, o);
        st = sg_buf_check(&address, err);
        if (st == SG_OK)
            st = entity_of(&entity[o], names, &address, err);
    }
    sg_buf_clear(&address);
    return st;
}

enum sg_status sg_utxoing_entities(uint32_t **entity, const struct sg_utxo *utxo,
                                   const char *labels, struct sg_err *err)
{
    struct names names = {.arena = SG_ARENA_INIT};
    uint32_t *found = sg_mem_zalloc(sg_utxo_n(utxo, SG_UTXO_OWNER_END) + 1, sizeof(*found));
    enum sg_status st = found ? sg_labels_open(&names.labels, labels, err) : sg_err_nomem(err);
    if (st == SG_OK)
        st = look_up(found, &names, utxo, err);
    sg_labels_close(names.labels);
    sg_arena_clear(&names.arena);
    sg_mem_free(names.names);
    if (st == SG_OK)
        *entity = found;
    else
        sg_mem_free(found);
    return st;
}
