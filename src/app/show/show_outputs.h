/** What `sillage show` says on a chain of outputs: of an address what it was paid and what of that
 * is spent, of a transaction its inputs and outputs. Private to the verb. */
#ifndef SG_APP_SHOW_OUTPUTS_H
#define SG_APP_SHOW_OUTPUTS_H

#include "base/buf.h"
#include "base/jsonw.h"
#include "formats/case/case.h"
#include "store/utxo/utxo.h"

/** Last outputs of an address that are shown. */
#define SG_SHOW_LAST_OUTPUTS 10

struct sg_show_outputs {
    const struct sg_utxo *utxo;
    const struct sg_chain *chain; /**< of it */
    const struct sg_case *c;      /**< for its labels, or NULL */
    struct sg_buf *out;           /**< text goes here ... */
    struct sg_jsonw *w;           /**< ... or, unless NULL, an item of "chains" here */
};

/** Write what is known of a subject.
 *  Out:    fits   the subject has the form of an address or an id of a transaction there.
 *  Errors: SG_ENOTFOUND (it does not occur, or does not fit). Cost: of an address one pass over the
 *          outputs of the chain. */
SG_MUST_CHECK enum sg_status sg_show_outputs(const struct sg_show_outputs *show, bool *fits,
                                             const char *subject, struct sg_err *err);

#endif
