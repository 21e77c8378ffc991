/* "One character from ...": labelled addresses that are nearly what was pasted. */
#include "app/labelstore/labelstore.h"

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

enum sg_status sg_labelstore_near(struct sg_labelstore_near *near,
                                  const struct sg_labelstore *store, const char *text, size_t size,
                                  struct sg_err *err)
{
    *near = (struct sg_labelstore_near){.is_found = false};
    if (size > SG_LABEL_SUBJECT_MAX)
        return SG_OK;
    struct sg_labels_range range = sg_labels_find(store->labels, text, size);
    near->is_case = range.count > 0 && !sg_labels_has_exact(store->labels, range, text, size);
    /* Shorter texts are one edit away from nothing that matters. */
    if (!near->is_case && (size < 20 || !search(&range, store, text, size)))
        return SG_OK;
    near->is_found = true;
    return sg_labels_read(&near->label, NULL, store->labels, range, 0, NULL, err);
}

void sg_labelstore_question(struct sg_buf *out, const struct sg_labelstore_near *near)
{
    sg_buf_puts(out,
                near->is_case ? "the same but for the case of letters as " : "one character from ");
    sg_buf_line(out, near->label.subject, strlen(near->label.subject));
    sg_buf_puts(out, " (");
    sg_buf_line(out, near->label.entity, strlen(near->label.entity));
    sg_buf_puts(out, "): is that meant?");
}
