#include "store/import/pack_internal.h"

#include <string.h>

enum {
    HAS_HASH = 1,
    HAS_FROM = 2,
    HAS_TO = 4,
    HAS_TOKEN = 8,
    HAS_GAS_PRICE = 16,
    HAS_GAS_USED = 32,
    HAS_FEE = 64,
    HAS_PATH = 128,
    IS_CREATE = 256,
    IS_REWARD = 512,
    IS_OUT_OF_RANGE = 1024
};

#define HASH_SIZE 32u

static uint16_t has_of(const struct sg_record *r)
{
    return (uint16_t)((r->has_hash ? HAS_HASH : 0) | (r->from.size ? HAS_FROM : 0) |
                      (r->to.size ? HAS_TO : 0) | (r->token.size ? HAS_TOKEN : 0) |
                      (r->has_gas_price ? HAS_GAS_PRICE : 0) |
                      (r->has_gas_used ? HAS_GAS_USED : 0) | (r->has_fee ? HAS_FEE : 0) |
                      (r->trace_path ? HAS_PATH : 0) | (r->is_create ? IS_CREATE : 0) |
                      (r->is_reward ? IS_REWARD : 0) |
                      (r->amount_out_of_range ? IS_OUT_OF_RANGE : 0));
}

static size_t address_size(const struct sg_address *address)
{
    return address->size ? 1u + address->size : 0;
}

size_t sg_pack_size(const struct sg_record *r)
{
    const size_t n_amounts = (size_t)r->has_gas_price + r->has_gas_used + r->has_fee;
    return offsetof(struct sg_packed, tail) + (r->has_hash ? HASH_SIZE : 0) +
           address_size(&r->from) + address_size(&r->to) + address_size(&r->token) +
           n_amounts * sizeof(struct sg_amount) + (r->trace_path ? r->trace_path_size : 0);
}

static uint8_t *put(uint8_t *at, const void *bytes, size_t size)
{
    memcpy(at, bytes, size);
    return at + size;
}

void sg_pack(struct sg_packed *packed, const struct sg_record *r, uint32_t file)
{
    packed->amount = r->amount;
    packed->offset = r->offset;
    packed->time_unix_s = r->time_unix_s;
    packed->file = file;
    packed->tx_index = r->tx_index;
    packed->log_index = r->log_index;
    packed->path_size = (uint16_t)(r->trace_path ? r->trace_path_size : 0);
    packed->has = has_of(r);
    packed->kind = (uint8_t)r->kind;
    packed->status = (uint8_t)r->status;
    uint8_t *at = packed->tail;
    if (r->has_hash)
        at = put(at, r->hash32, HASH_SIZE);
    /* An address is its size and then its bytes, as the engine takes them. */
    at = put(at, &r->from, address_size(&r->from));
    at = put(at, &r->to, address_size(&r->to));
    at = put(at, &r->token, address_size(&r->token));
    if (r->has_gas_price)
        at = put(at, &r->gas_price, sizeof(r->gas_price));
    if (r->has_gas_used)
        at = put(at, &r->gas_used, sizeof(r->gas_used));
    if (r->has_fee)
        at = put(at, &r->fee, sizeof(r->fee));
    if (r->trace_path)
        put(at, r->trace_path, r->trace_path_size);
}

static sg_addr_ref take_address(const uint8_t **at, bool present)
{
    if (!present)
        return NULL;
    const sg_addr_ref ref = *at;
    *at += 1u + ref[0];
    return ref;
}

static struct sg_amount take_amount(const uint8_t **at, bool present)
{
    struct sg_amount amount = SG_AMOUNT_ZERO;
    if (present) {
        memcpy(&amount, *at, sizeof(amount));
        *at += sizeof(amount);
    }
    return amount;
}

void sg_unpack(struct sg_unpacked *view, const struct sg_packed *packed)
{
    const unsigned has = packed->has;
    const uint8_t *at = packed->tail;
    view->packed = packed;
    view->hash32 = has & HAS_HASH ? at : NULL;
    at += has & HAS_HASH ? HASH_SIZE : 0;
    view->from = take_address(&at, has & HAS_FROM);
    view->to = take_address(&at, has & HAS_TO);
    view->token = take_address(&at, has & HAS_TOKEN);
    view->has_gas_price = has & HAS_GAS_PRICE;
    view->has_gas_used = has & HAS_GAS_USED;
    view->has_fee = has & HAS_FEE;
    view->gas_price = take_amount(&at, view->has_gas_price);
    view->gas_used = take_amount(&at, view->has_gas_used);
    view->fee = take_amount(&at, view->has_fee);
    view->path = has & HAS_PATH ? at : NULL;
    view->is_create = has & IS_CREATE;
    view->is_reward = has & IS_REWARD;
    view->amount_out_of_range = has & IS_OUT_OF_RANGE;
}
