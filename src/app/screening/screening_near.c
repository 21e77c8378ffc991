/* "One character from ...": labelled addresses that are nearly what was pasted. */
#include "app/screening/screening_internal.h"

#include <string.h>

/* Letters and digits of all address alphabets. */
static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

static bool is_found(struct sg_labels_range *range, const struct sg_labelstore *store,
                     const char *text, size_t size)
{
    *range = sg_labels_find(store->labels, text, size);
    return range->count && sg_labels_has_exact(store->labels, *range, text, size);
}

/* All texts one replacement, deletion, insertion or swap of neighbours away. */
static bool search(struct sg_labels_range *range, const struct sg_labelstore *store,
                   const char *text, size_t size)
{
    char near[SG_LABEL_SUBJECT_MAX + 2];
    for (size_t i = 0; i < size; i++) {
        memcpy(near, text, size);
        for (const char *c = alphabet; *c; c++) {
            near[i] = *c;
            if (*c != text[i] && is_found(range, store, near, size))
                return true;
        }
        memcpy(near, text, i);
        memcpy(near + i, text + i + 1, size - i - 1);
        if (is_found(range, store, near, size - 1))
            return true;
        memcpy(near, text, size);
        if (i + 1 < size) {
            near[i] = text[i + 1];
            near[i + 1] = text[i];
            if (is_found(range, store, near, size))
                return true;
        }
    }
    for (size_t i = 0; i <= size && size < SG_LABEL_SUBJECT_MAX; i++) {
        memcpy(near, text, i);
        memcpy(near + i + 1, text + i, size - i);
        for (const char *c = alphabet; *c; c++) {
            near[i] = *c;
            if (is_found(range, store, near, size + 1))
                return true;
        }
    }
    return false;
}

enum sg_status screening_near(struct screened *one, const struct sg_labelstore *store,
                              struct sg_labels_range range, struct sg_err *err)
{
    const size_t size = one->text.size;
    if (size > SG_LABEL_SUBJECT_MAX)
        return SG_OK;
    one->near_is_case =
        range.count > 0 && !sg_labels_has_exact(store->labels, range, one->text.data, size);
    /* Shorter texts are one edit away from nothing that matters. */
    if (!one->near_is_case && (size < 20 || !search(&range, store, one->text.data, size)))
        return SG_OK;
    one->has_near = true;
    return sg_labels_read(&one->near, NULL, store->labels, range, 0, NULL, err);
}
