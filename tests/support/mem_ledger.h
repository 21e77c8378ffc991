/** A ledger in memory, built row by row: the plainest backend of struct sg_ledger_ops. Analyses are
 *  tested on it without a store, and a store can be compared with it.
 *
 *  Ends the test with a sentence if memory is refused while it is built. The operations themselves
 *  allocate nothing but what the caller gave.
 */
#ifndef SG_TESTS_SUPPORT_MEM_LEDGER_H
#define SG_TESTS_SUPPORT_MEM_LEDGER_H

#include "store/ledger/ledger.h"

struct mem_ledger {
    struct sg_row *rows;
    size_t n_rows, rows_cap;
    struct sg_tx *txs;
    size_t n_txs, txs_cap;
    struct sg_address *addrs;
    size_t n_addrs, addrs_cap;
    struct sg_asset *assets;
    size_t n_assets, assets_cap;
    struct sg_coverage *covers;
    size_t n_covers, covers_cap;
    uint64_t asked; /**< calls of rows_of: round trips of another backend */
};

/** A chain for tests: "testnet", native asset "TST" of 18 decimals, hex addresses. */
extern const struct sg_chain mem_chain;

/** Id of an address, given the first time it is seen. */
struct sg_addr_id mem_addr(struct mem_ledger *mem, const struct sg_address *address);

/** Id of the address whose last byte is `number`, the others zero. */
struct sg_addr_id mem_addr_n(struct mem_ledger *mem, uint8_t number);

/** Make asset ids 1..n tokens of `decimals`; their contracts are addresses of numbers 200 and up.
 */
void mem_tokens(struct mem_ledger *mem, uint32_t n, uint8_t decimals);

/** Begin a transaction behind all others; its rows follow. Returns its id. Its hash is its id. */
struct sg_tx_id mem_tx(struct mem_ledger *mem, uint64_t block, int64_t time_unix_s,
                       struct sg_addr_id sender, struct sg_amount fee, uint8_t flags);

/** Add a row to the last transaction. Returns its id. */
uint64_t mem_row(struct mem_ledger *mem, struct sg_addr_id from, struct sg_addr_id to,
                 uint32_t asset, struct sg_amount amount, uint8_t flags);

void mem_cover(struct mem_ledger *mem, struct sg_addr_id addr, uint8_t kinds, uint64_t first_block,
               uint64_t last_block);

/** View as a ledger; valid until mem is changed or cleared. Closing it does nothing. */
struct sg_ledger mem_view(struct mem_ledger *mem, const struct sg_chain *chain);

void mem_clear(struct mem_ledger *mem);

#endif
