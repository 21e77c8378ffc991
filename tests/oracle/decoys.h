/** Decoys the slow and plain way: every row against every other, texts against texts. */
#ifndef SG_TESTS_ORACLE_DECOYS_H
#define SG_TESTS_ORACLE_DECOYS_H

#include "support/mem_ledger.h"

/** Kinds of one row, as in struct sg_decoy; 0: no decoy. paid: it stands in sg_decoys.paid. */
unsigned oracle_decoy(bool *paid, const struct mem_ledger *mem, uint64_t row, const bool *subjects,
                      uint32_t real_asset);

#endif
