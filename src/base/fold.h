/** Text made comparable: one form for what people write in many ways.
 *
 *  Compatibility forms are unified and case folded (NFKC_Casefold), other scripts are written in
 *  Latin letters, diacritics are taken off, white space is single and none stands at the ends:
 *  "José  MÜLLER" and "jose muller", "Иван" and "ivan" become one. Punctuation stays. Letters that
 *  no rule writes in Latin stay as they are. Han characters are read as Mandarin, whatever the
 *  language: two spellings of one writer agree, two languages need not.
 *
 *  Bytes that are not UTF-8 make the whole text count as ISO 8859-1, which is what mixed exports
 *  hold more often than anything else.
 *
 *  Source: Unicode Standard Annex 15 and Unicode Technical Standard 35, as ICU implements them.
 *  Threads: a folder each.
 */
#ifndef SG_BASE_FOLD_H
#define SG_BASE_FOLD_H

#include "base/buf.h"

struct sg_fold;

/** Longest text that is folded, in bytes; what stands behind is left out. */
#define SG_FOLD_MAX ((size_t)64 * 1024)

/** New folder. Owner: the caller, until sg_fold_free. Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_fold_new(struct sg_fold **fold, struct sg_err *err);

/** Append the folded form; failures are sticky in the buffer. Plain ASCII takes a short way.
 *  Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_fold_text(struct sg_fold *fold, struct sg_buf *out,
                                          const char *text, size_t size, struct sg_err *err);

/** NULL is allowed. */
void sg_fold_free(struct sg_fold *fold);

#endif
