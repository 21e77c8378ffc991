/** What the writers of exposures share. */
#ifndef SG_APP_EXPOSUREOUT_INTERNAL_H
#define SG_APP_EXPOSUREOUT_INTERNAL_H

#include "app/exposureout/exposureout.h"

/** What a part is, as a phrase: "held, nobody known". Static storage or the label's own text. */
const char *exposureout_name(const struct sg_exposure_part *part);

/** What a way of ending means, for people. Static storage. */
const char *exposureout_meaning(enum sg_exposure_what what, bool is_in);

#endif
