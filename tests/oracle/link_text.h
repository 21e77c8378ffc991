/** Similarities of texts, slow and plain. */
#ifndef SG_TESTS_ORACLE_LINK_TEXT_H
#define SG_TESTS_ORACLE_LINK_TEXT_H

#include "base/text.h"

/** Restricted Damerau-Levenshtein distance by the whole table. At most 64 bytes each. */
unsigned oracle_link_distance(struct sg_text a, struct sg_text b);

/** Jaro-Winkler by its definition. At most 64 bytes each. */
double oracle_link_jaro_winkler(struct sg_text a, struct sg_text b);

#endif
