/* What a pasted text is. By its form alone: checksums are not looked at here. */
#include "app/screening/screening.h"

#include <string.h>

void sg_screening_recognise(struct sg_screening_form *form, struct sg_text text)
{
    char key[SG_LABEL_SUBJECT_MAX + 1];
    *form = (struct sg_screening_form){.reason = NULL};
    if (text.size == 0 || text.size > SG_LABEL_SUBJECT_MAX) {
        form->reason = "too long for an address";
        return;
    }
    sg_label_key(key, text.data, text.size);
    form->chain = sg_label_chain(NULL, key);
    form->valid = form->chain != NULL;
}
