/* What a pasted text is: an address whose checksum holds or that has none, or something else that
 * is looked up all the same (a transaction). */
#include "app/screening/screening.h"

#include <string.h>

void sg_screening_recognise(struct sg_screening_form *form, struct sg_text text)
{
    sg_recognise(&form->what, text.data, text.size);
    form->valid = form->what.verdict >= SG_READING_UNCHECKED;
}
