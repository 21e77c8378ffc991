/** Every cap on outside input, each with its origin. */
#ifndef SG_BASE_LIMITS_H
#define SG_BASE_LIMITS_H

#include <stddef.h>

/** Address bytes in the ledger: 20 on Ethereum; text of other chains (Zcash unified addresses are
 *  longer and are refused; base58, bech32, Solana and XRP forms fit). */
#define SG_ADDRESS_MAX 64

/** One CSV or JSON record. Ethereum transactions carry call data as hex: 128 KiB is the geth pool's
 *  limit on a transaction, which is 256 KiB as text; room for other fields doubles it twice. */
#define SG_RECORD_BYTES_MAX ((size_t)1024 * 1024)

/** Columns of a CSV source; the widest that we know of has 30. */
#define SG_CSV_FIELDS_MAX 256

/** Nesting of JSON and YAML input; the deepest known form (raw traces) has 6. */
#define SG_NESTING_MAX 64

/** A case file, a price table or another file that is read whole. */
#define SG_SMALL_FILE_MAX ((size_t)64 * 1024 * 1024)

/** Symbol of a token, as the ledger keeps it. Real ones are under 12; hostile ones are not. */
#define SG_SYMBOL_MAX 32

#endif
