/** Events of fixed-denomination mixer pools (Tornado Cash and what is built like it) to structs.
 *
 *  Two forms are read, also mixed: the cached events of Tornado's own interface (JSON objects with
 *  blockNumber, transactionHash and either commitment, leafIndex, timestamp or to, nullifierHash,
 *  fee) and logs as a node gives them (topics and data). As an array, an answer with "result", or
 *  JSON lines; compressed or not. Either may carry effectiveGasPrice or gasPrice of the
 * transaction. Push parser: bytes in, events out; does not open files. Source: the contract's
 * events Deposit(bytes32 indexed commitment, uint32 leafIndex, uint256 timestamp) and
 * Withdrawal(address to, bytes32 nullifierHash, address indexed relayer, uint256 fee); topics are
 * their Keccak-256.
 */
#ifndef SG_FORMATS_TORNADO_H
#define SG_FORMATS_TORNADO_H

#include "formats/record/record.h"

enum sg_pool_event_kind { SG_POOL_DEPOSIT, SG_POOL_WITHDRAWAL };

/** One event. Fields of the other kind are zero. */
struct sg_pool_event {
    enum sg_pool_event_kind kind;
    uint64_t block;
    int64_t time_unix_s; /**< SG_TIME_UNKNOWN unless the source has it */
    uint8_t tx32[32];
    uint8_t id32[32];       /**< commitment, or nullifier hash: unique in its pool */
    uint32_t leaf;          /**< DEPOSIT */
    struct sg_address to;   /**< WITHDRAWAL */
    struct sg_amount fee;   /**< WITHDRAWAL, base units, part of the denomination */
    struct sg_address pool; /**< the contract, where the source is a log; else size 0 */
    uint64_t gas_price;     /**< of its transaction, native base units; 0: the source has none */
    uint64_t offset;        /**< in the decompressed input */
};

/** Where events go. Anything but SG_OK stops the parser with it. */
struct sg_pool_event_sink {
    enum sg_status (*event)(void *ctx, const struct sg_pool_event *event, struct sg_err *err);
    enum sg_status (*bad)(void *ctx, const struct sg_bad_row *bad, struct sg_err *err);
    void *ctx;
};

struct sg_tornado;

/** New parser. Owner: the caller, until sg_tornado_free. chain: for addresses, borrowed. sink:
 *  copied. Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_tornado_new(struct sg_tornado **parser,
                                            const struct sg_chain *chain,
                                            const struct sg_pool_event_sink *sink,
                                            struct sg_err *err);

/** Take the next bytes, in pieces of any size. An object that is no event of a pool goes to `bad`.
 *  Errors: SG_EPARSE (damaged compression or JSON, with the offset), SG_ELIMIT, SG_ENOMEM, or what
 *          the sink returned. After an error only sg_tornado_free is allowed. */
SG_MUST_CHECK enum sg_status sg_tornado_feed(struct sg_tornado *parser, const uint8_t *bytes,
                                             size_t size, struct sg_err *err);

/** Say that the file has ended. Errors: as feed; SG_EPARSE where it is cut. */
SG_MUST_CHECK enum sg_status sg_tornado_finish(struct sg_tornado *parser, struct sg_err *err);

/** NULL is allowed. */
void sg_tornado_free(struct sg_tornado *parser);

#endif
