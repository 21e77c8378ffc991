/** Records as they wait for their block: as short as what they say.
 *
 *  A record of the formats layer has room for everything, some 500 bytes; a packed one has a fixed
 *  part and then only what is there, 120 to 180 bytes in practice. Packed records live in memory
 * and in unlinked temporary files of one process, so they have no version and no byte order.
 */
#ifndef SG_STORE_IMPORT_PACK_INTERNAL_H
#define SG_STORE_IMPORT_PACK_INTERNAL_H

#include "formats/record/record.h"
#include "store/engine/engine.h"

#include <stddef.h>

/** Nesting of calls; the protocol allows 1,024 (Ethereum yellow paper, section 9.4.2). */
#define SG_PACK_PATH_MAX ((size_t)4 * 1024)

struct sg_packed {
    struct sg_amount amount;
    uint64_t offset; /**< of the line in its file */
    int64_t time_unix_s;
    uint32_t file; /**< ordinal in this import */
    uint32_t tx_index;
    uint32_t log_index;
    uint16_t path_size;
    uint16_t has; /**< which optional parts follow, see pack.c */
    uint8_t kind;
    uint8_t status;
    uint8_t tail[];
};

/** A packed record with its optional parts found; pointers into it, NULL where there is none. */
struct sg_unpacked {
    const struct sg_packed *packed;
    const uint8_t *hash32;
    sg_addr_ref from, to, token;
    const uint8_t *path; /**< not NULL where known, even of size 0 */
    bool is_create, is_reward, amount_out_of_range;
    bool has_gas_price, has_gas_used, has_fee;
    struct sg_amount gas_price, gas_used, fee;
};

/** Bytes of the packed form. */
size_t sg_pack_size(const struct sg_record *record);

/** Write the packed form, sg_pack_size bytes aligned for an amount. */
void sg_pack(struct sg_packed *packed, const struct sg_record *record, uint32_t file);

void sg_unpack(struct sg_unpacked *view, const struct sg_packed *packed);

#endif
