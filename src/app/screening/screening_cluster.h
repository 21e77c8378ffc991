/** Who is in one cluster with an address, on the chains of outputs of a ledger. */
#ifndef SG_APP_SCREENING_CLUSTER_H
#define SG_APP_SCREENING_CLUSTER_H

#include "base/status.h"

#include <stdint.h>

struct sg_utxo;

/** Members of one cluster whose labels are looked at; the rest is counted. */
#define SG_SCREENING_MEMBERS_MAX 65536u

/** One chain, with its owners put together cluster by cluster. */
struct sg_screening_clusters;

/** See which chains of outputs a ledger has. One is read, and clustered by who spent together
 *  (analysis/cluster, no rules for change), when it is first asked for an address that it knows.
 *  Out:    clusters   NULL where the ledger has no such chain; free with
 *                     sg_screening_clusters_free.
 *  Errors: SG_ELIMIT, SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_screening_clusters_open(struct sg_screening_clusters **clusters,
                                                        const char *dir, struct sg_err *err);
void sg_screening_clusters_free(struct sg_screening_clusters *clusters);

/** The cluster of an address.
 *  Out:    members   its owners, that of the address among them; lives as long as `clusters`.
 *          n         0 where no chain knows the address.
 *          utxo      the chain that the owners are of.
 *  Errors: those of sg_utxo_open, SG_ENOMEM.
 *  Cost:   the first time a chain knows an address, the chain in memory and 12 bytes an owner. */
SG_MUST_CHECK enum sg_status sg_screening_members(const uint32_t **members, uint64_t *n,
                                                  const struct sg_utxo **utxo,
                                                  struct sg_screening_clusters *clusters,
                                                  const char *address, struct sg_err *err);

#endif
