/** What one line of a source says about a chain, before it becomes part of the ledger.
 *
 *  Decoders (formats/decode) produce records; store/import joins the records of a transaction,
 *  which may come from several lines and files, into one transaction with its transfers. This
 * header holds the types alone. Read docs/formats/ledger.md first.
 */
#ifndef SG_FORMATS_RECORD_H
#define SG_FORMATS_RECORD_H

#include "base/amount.h"
#include "base/civil.h"
#include "base/limits.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

/** An address in the canonical bytes of its chain: 20 raw bytes for Ethereum and its kin, the text
 *  as its network writes it for chains of outputs, the text as it stands for others. size 0: none
 * (a mint, a reward, an unknown payer). */
struct sg_address {
    uint8_t size;
    uint8_t bytes[SG_ADDRESS_MAX];
};

/** How a chain writes addresses, and what its native asset is. */
struct sg_chain {
    const char *name;   /**< "ethereum" */
    const char *symbol; /**< of the native asset, "ETH" */
    unsigned decimals;  /**< of the native asset, 18 */
    bool hex20;         /**< addresses are 0x and 40 hex digits, any case; else text */
    bool outputs;       /**< moves outputs, not balances: its ledger is store/utxo; the name is that
                             of its sg_btc_params */
};

/** Find a chain by name (ethereum, bsc, polygon, arbitrum, optimism, base, avalanche, tron, solana,
 *  xrp, bitcoin, ...; the table is in record.c). NULL if unknown. Static storage. */
const struct sg_chain *sg_chain_find(const char *name, size_t size);

/** Parse an address as the chain writes it. Errors: SG_EPARSE with a sentence. */
SG_MUST_CHECK enum sg_status sg_address_parse(struct sg_address *address,
                                              const struct sg_chain *chain, const char *text,
                                              size_t size, struct sg_err *err);

/** "0x" + 40 + terminator, or text of SG_ADDRESS_MAX + terminator. */
#define SG_ADDRESS_TEXT_MAX (2 * SG_ADDRESS_MAX + 3)

/** Write an address as the chain writes it (lower case hex); "" for none. Returns `text`. */
char *sg_address_format(char text[SG_ADDRESS_TEXT_MAX], const struct sg_chain *chain,
                        const struct sg_address *address);

/** "0x" + 64 + terminator. */
#define SG_TX_HASH_TEXT_MAX 67

/** Write the hash of a transaction as the chain does: without 0x where it moves outputs. Returns
 *  `text`. */
char *sg_tx_hash_text(char text[SG_TX_HASH_TEXT_MAX], const struct sg_chain *chain,
                      const uint8_t hash32[32]);

enum sg_record_kind {
    SG_RECORD_TX,       /**< a transaction: sender, receiver, native value, maybe gas and status */
    SG_RECORD_RECEIPT,  /**< gas used, price and status of a transaction */
    SG_RECORD_INTERNAL, /**< native value moved by a contract (account exports) */
    SG_RECORD_TRACE,    /**< native value from a full trace, the top-level call included; where a
                             transaction has any, its own native value is not counted again */
    SG_RECORD_TOKEN,    /**< a token transfer */
    SG_RECORD_BLOCK     /**< time of a block */
};

enum sg_tx_status { SG_TX_UNKNOWN = 0, SG_TX_OK = 1, SG_TX_FAILED = 2 };

#define SG_INDEX_UNKNOWN UINT32_MAX

/** One record. Fields that a source does not give keep the value that sg_record_init sets.
 *
 *  field      | TX  | RECEIPT | INTERNAL | TRACE | TOKEN | BLOCK
 *  block      |  x  |    x    |    x     |   x   |   x   |   x
 *  hash       |  x  |    x    |    x     | or no |   x   |       TRACE without hash: block reward
 *  tx_index   |  ?  |    ?    |          |   ?   |   ?   |
 *  time       |  ?  |         |    ?     |   ?   |   ?   |   x
 *  from, to   |  x  |    ?    |    x     |   x   |   x   |       to: contract made; RECEIPT: payer
 *  amount     |  x  |         |    x     |   x   |   x   |
 *  fee parts  |  ?  |    ?    |          |       |       |       see gas_price
 *  status     |  ?  |    ?    |    ?     |   ?   |       |
 */
struct sg_record {
    enum sg_record_kind kind;
    enum sg_tx_status status; /**< TRACE, INTERNAL: of this call alone */
    bool has_hash;
    bool has_gas_price; /**< gas_price is set */
    bool has_gas_used;
    bool has_fee;   /**< fee is set: the whole fee, in base units */
    bool is_create; /**< the transfer creates the contract in `to` */
    bool is_reward; /**< issued by the protocol: no sender */
    bool has_decimals;
    bool amount_out_of_range; /**< amount needs more than 128 bits: kept as evidence, moves nothing
                               */
    uint8_t decimals;         /**< of the token, where the source says */
    char symbol[SG_SYMBOL_MAX + 1]; /**< of the token, UTF-8, cut at a character; "" if unknown */
    uint8_t hash32[32];             /**< in the order that is shown on screens */
    uint64_t block;
    uint32_t tx_index;   /**< position in the block, or SG_INDEX_UNKNOWN */
    uint32_t log_index;  /**< TOKEN: index in the block, or SG_INDEX_UNKNOWN */
    int64_t time_unix_s; /**< or SG_TIME_UNKNOWN */
    struct sg_amount amount;
    struct sg_amount gas_price; /**< base units per gas; the effective price if from a receipt */
    struct sg_amount gas_used;
    struct sg_amount fee;
    struct sg_address from;
    struct sg_address to;
    struct sg_address token;   /**< contract of the token; size 0 for the native asset */
    const uint8_t *trace_path; /**< borrowed: 4 bytes big-endian a level, so that memcmp order with
                                    the shorter first is the order of execution; NULL if unknown */
    uint32_t trace_path_size;  /**< bytes, 0 for the top-level call */
    uint64_t offset;           /**< of the line in the decompressed input, for messages */
};

/** All unknown, all zero. */
void sg_record_init(struct sg_record *record, enum sg_record_kind kind);

/** A line that could not be understood. Text is borrowed for the call. */
struct sg_bad_row {
    uint64_t offset;    /**< in the decompressed input */
    uint64_t line;      /**< 1-based record number */
    const char *reason; /**< one short sentence */
    const char *text;   /**< the line, not terminated, cut at 1,024 bytes */
    size_t text_size;
};

/** Where a decoder puts what it finds. A status other than SG_OK stops the decoder with it. */
struct sg_record_sink {
    enum sg_status (*record)(void *ctx, const struct sg_record *record, struct sg_err *err);
    enum sg_status (*bad)(void *ctx, const struct sg_bad_row *bad, struct sg_err *err);
    void *ctx;
};

#endif
