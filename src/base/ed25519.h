/** Whether 32 bytes are a point of the curve of Ed25519: whether somebody can hold a key to them.
 *
 *  Solana's wallets are such points; addresses that a program derives are chosen not to be. Half of
 *  all 32 bytes are one, so this tells two kinds apart and is no checksum.
 *  Source: RFC 8032, section 5.1.3; the curve -x^2 + y^2 = 1 + d x^2 y^2 over 2^255 - 19.
 */
#ifndef SG_BASE_ED25519_H
#define SG_BASE_ED25519_H

#include <stdbool.h>
#include <stdint.h>

/** In: bytes32   y, the least byte first; the top bit is the sign of x. Cost: about 10 us. */
bool sg_ed25519_is_point(const uint8_t bytes32[32]);

#endif
