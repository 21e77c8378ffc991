/** Addresses of the networks that share Bitcoin's scripts: what a script pays to, as text and back.
 *
 *  A *payee* is what a locking script names: a key's or script's hash, or a witness program. How it
 *  is written depends on the network. Recognising what a person pastes, of these networks and all
 *  others, is formats/recognise; this module is the exact half that chain parsers use.
 *
 *  Only addresses: private keys, which have forms like them, are read nowhere. Threads: any.
 *  Source: BIP-13, BIP-16, BIP-141, BIP-173, BIP-341, BIP-350; version bytes from each network's
 *  own chain parameters (docs/methods/addresses.md). */
#ifndef SG_FORMATS_ADDRESS_H
#define SG_FORMATS_ADDRESS_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Networks with Bitcoin's scripts. Testnets 3 and 4 and signet write addresses alike. */
enum sg_network {
    SG_NETWORK_BITCOIN,
    SG_NETWORK_TESTNET3,
    SG_NETWORK_TESTNET4,
    SG_NETWORK_SIGNET,
    SG_NETWORK_REGTEST,
    SG_NETWORK_LITECOIN,
    SG_NETWORK_LITECOIN_TESTNET,
    SG_NETWORK_BITCOIN_CASH,
    SG_NETWORK_ECASH,
    SG_NETWORK_BITCOIN_SV,
    SG_NETWORK_BITCOIN_GOLD,
    SG_NETWORK_DASH,
    SG_NETWORK_DOGECOIN,
    SG_NETWORK_ZCASH, /**< its transparent addresses */
    SG_NETWORK_ZCASH_TESTNET,
    SG_NETWORK_VERGE,
    SG_NETWORK_DIGIBYTE,
    SG_NETWORK_VERTCOIN
};

#define SG_NETWORK_COUNT ((size_t)SG_NETWORK_VERTCOIN + 1)

/** How a network writes its addresses. Versions are the bytes in front of a hash in base58check. */
struct sg_network_info {
    const char *name;     /**< our name of the chain, as labels have it: "bitcoin-cash" */
    const char *hrp;      /**< of bech32, or NULL: no witness programs */
    const char *cashaddr; /**< prefix, or NULL */
    uint16_t key_version, script_version;
    uint16_t old_script_version; /**< read, never written; the same as script_version if none */
    uint8_t version_bytes;       /**< 1 or 2 */
};

/** Static storage. */
const struct sg_network_info *sg_network_info(enum sg_network network);

/** Find a network by its name. SG_ENOTFOUND if there is none. */
SG_MUST_CHECK enum sg_status sg_network_find(enum sg_network *network, const char *name);

/** The network by whose rules a chain of outputs writes addresses, by the name of its
 *  sg_btc_params. Networks that write alike share an entry: litecoin-regtest has none of its own.
 */
enum sg_network sg_network_of_chain(const char *name);

enum sg_payee_kind {
    SG_PAYEE_KEY_HASH,       /**< P2PKH, 20 bytes */
    SG_PAYEE_SCRIPT_HASH,    /**< P2SH, 20 bytes (32 on Bitcoin Cash) */
    SG_PAYEE_WITNESS_KEY,    /**< P2WPKH: version 0, 20 bytes */
    SG_PAYEE_WITNESS_SCRIPT, /**< P2WSH: version 0, 32 bytes */
    SG_PAYEE_TAPROOT,        /**< P2TR: version 1, 32 bytes */
    SG_PAYEE_ANCHOR,         /**< P2A: version 1, the bytes 4e 73; anyone may spend it */
    SG_PAYEE_WITNESS         /**< any other program that BIP-141 allows */
};

/** "p2pkh", "p2sh", "p2wpkh", "p2wsh", "p2tr", "p2a", "witness". Static storage. */
const char *sg_payee_kind_name(enum sg_payee_kind kind);

#define SG_PAYEE_BYTES_MAX  40
#define SG_PAYEE_SCRIPT_MAX 42

struct sg_payee {
    enum sg_payee_kind kind;
    uint8_t version; /**< of a witness program, 0 to 16; else 0 */
    uint8_t size;    /**< bytes used */
    uint8_t bytes[SG_PAYEE_BYTES_MAX];
};

/** What a locking script pays to. False for scripts without an address: a bare key, OP_RETURN,
 *  bare multisig, everything else. */
bool sg_payee_from_script(struct sg_payee *payee, const uint8_t *script, size_t size);

/** The script that pays to it; returns its size. */
size_t sg_payee_to_script(uint8_t script[SG_PAYEE_SCRIPT_MAX], const struct sg_payee *payee);

/** Longest text here: a witness program of 40 bytes on regtest has 78 letters. */
#define SG_PAYEE_TEXT_MAX 90

/** Write a payee as its network does: cashaddr where it has one (without prefix), bech32 and
 *  bech32m for programs, else base58check.
 *  Out: text   terminated.
 *  Errors: SG_ENOTFOUND (the network has no such address: a witness program on Dash). */
SG_MUST_CHECK enum sg_status sg_payee_write(char text[SG_PAYEE_TEXT_MAX + 1],
                                            enum sg_network network, const struct sg_payee *payee);

/** Read the text of an address of one network, in any form that it has or had.
 *  Errors: SG_EPARSE with the reason: not the form, a wrong checksum, another network's version. */
SG_MUST_CHECK enum sg_status sg_payee_read(struct sg_payee *payee, enum sg_network network,
                                           const char *text, size_t size, struct sg_err *err);

/** Both steps at once, for parsers of blocks.
 *  Errors: SG_ENOTFOUND (the script has no address on this network). */
SG_MUST_CHECK enum sg_status sg_address_from_script(char text[SG_PAYEE_TEXT_MAX + 1],
                                                    enum sg_network network, const uint8_t *script,
                                                    size_t size);

#endif
