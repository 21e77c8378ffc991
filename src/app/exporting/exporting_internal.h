/** What the parts of the builder share. */
#ifndef SG_APP_EXPORTING_INTERNAL_H
#define SG_APP_EXPORTING_INTERNAL_H

#include "app/exporting/exporting.h"

/** An address that is exported; sorted, each once. */
struct exporting_place {
    const struct sg_chain *chain;
    struct sg_address address;
};

struct exporting {
    struct sg_arena *arena;
    const struct sg_case *c;
    const struct sg_trace *trace;
    const struct sg_trace_figures *figures; /**< of the main policy, or NULL */
    struct exporting_place *places;
    size_t n_places, capacity;
    struct sg_sharing_wallet *wallets; /**< one a place */
    struct sg_sharing_source *sources; /**< one a source of the case */
};

/** Index of a place; it must be there. */
size_t exporting_find(const struct exporting *e, const struct sg_chain *chain,
                      const struct sg_address *address);

/** Write what the trace found on the wallets, and the lines of the whole case. */
SG_MUST_CHECK enum sg_status exporting_findings(struct sg_sharing *sharing, struct exporting *e,
                                                struct sg_err *err);

/** The payments of the trace. */
SG_MUST_CHECK enum sg_status exporting_payments(struct sg_sharing *sharing, struct exporting *e,
                                                struct sg_err *err);

#endif
