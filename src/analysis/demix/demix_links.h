/** What a ledger knows of the addresses on both sides of a mixer: published heuristics that need
 *  more than the pool's events (M. Wu et al., Tutela, arXiv:2201.06811; F. Beres et al.,
 *  arXiv:2005.14051). Shown as evidence, never weighed: no ledger covers enough withdrawers of a
 *  published theft to measure what they are worth. docs/methods/demix.md.
 */
#ifndef SG_ANALYSIS_DEMIX_LINKS_H
#define SG_ANALYSIS_DEMIX_LINKS_H

#include "analysis/exposure/exposure.h"
#include "store/ledger/ledger.h"

/** What links one withdrawing address to the theft. Ids are of the ledger. */
struct sg_demix_link {
    bool in_ledger;
    bool deposited;           /**< it sent a deposit of the theft itself (address reuse) */
    uint32_t n_direct;        /**< transfers between it and a depositor (linked address) */
    struct sg_addr_id direct; /**< the depositor of the first of them */
    struct sg_addr_id funder; /**< who paid it first, mixers left out; SG_ID_NONE: nobody seen */
    bool funder_shared;       /**< the funder is a depositor, or paid a depositor first too */
    struct sg_addr_id next;   /**< whom it paid that most other withdrawers paid too */
    uint32_t n_next;          /**< how many others; 0: nobody shared */
    struct sg_addr_id same;   /**< whom it paid that a depositor paid too; SG_ID_NONE: nobody */
    const char *service;      /**< that it paid, by the labels, which own the text; NULL: none */
    uint32_t n_service;       /**< other withdrawers that paid it */
    bool service_shared;      /**< a depositor paid it too */
};

struct sg_demix_links_input {
    const struct sg_ledger *ledger;
    const struct sg_address *withdrawers;
    size_t n_withdrawers;
    const uint8_t (*deposits)[32]; /**< transactions of the theft's deposits */
    size_t n_deposits;
    const struct sg_exposure_book *book; /**< who is a service; NULL: nobody is known */
};

/** Find the links of all withdrawers.
 *
 *  Out:    links   n_withdrawers.
 *  A depositor is the sender of a deposit's transaction; whom that paid in it is the mixer, and
 *  what it pays funds nobody.
 *  Errors: SG_ENOMEM, what the ledger returns. Cost: the rows of these addresses, and a sort.
 */
SG_MUST_CHECK enum sg_status sg_demix_links_find(struct sg_demix_link *links,
                                                 const struct sg_demix_links_input *input,
                                                 struct sg_err *err);

#endif
