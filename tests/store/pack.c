/* Packed records say what the record said, whatever parts it has. Method: every subset of the
 * optional parts, with addresses of all lengths. */
#include "support/check.h"

#include "store/import/pack_internal.h"

#include <string.h>

static void set_address(struct sg_address *address, uint8_t size, uint8_t fill)
{
    memset(address, 0, sizeof(*address));
    address->size = size;
    memset(address->bytes, fill, size);
}

static void check_ref(sg_addr_ref ref, const struct sg_address *address)
{
    if (!address->size) {
        assert_null(ref);
        return;
    }
    assert_non_null(ref);
    assert_memory_equal(ref, address, 1u + address->size);
}

static void check_amount(bool has, struct sg_amount got, bool expected, struct sg_amount amount)
{
    assert_int_equal(has, expected);
    if (expected)
        assert_int_equal(sg_amount_cmp(got, amount), 0);
}

static void check_round_trip(const struct sg_record *r)
{
    static _Alignas(16) uint8_t room[SG_PACK_PATH_MAX + 1024];
    struct sg_packed *packed = (struct sg_packed *)(void *)room;
    struct sg_unpacked u;
    const size_t size = sg_pack_size(r);
    memset(room, 0xa5, sizeof(room));
    sg_pack(packed, r, 77);
    assert_int_equal(room[size], 0xa5);
    memset(&u, 0xff, sizeof(u));
    sg_unpack(&u, packed);
    assert_int_equal(packed->kind, r->kind);
    assert_int_equal(packed->status, r->status);
    assert_int_equal(packed->file, 77);
    assert_int_equal(packed->tx_index, r->tx_index);
    assert_int_equal(packed->log_index, r->log_index);
    assert_int_equal(packed->time_unix_s, r->time_unix_s);
    assert_int_equal(packed->offset, r->offset);
    assert_int_equal(sg_amount_cmp(packed->amount, r->amount), 0);
    assert_int_equal(u.hash32 != NULL, r->has_hash);
    if (u.hash32)
        assert_memory_equal(u.hash32, r->hash32, 32);
    check_ref(u.from, &r->from);
    check_ref(u.to, &r->to);
    check_ref(u.token, &r->token);
    check_amount(u.has_gas_price, u.gas_price, r->has_gas_price, r->gas_price);
    check_amount(u.has_gas_used, u.gas_used, r->has_gas_used, r->gas_used);
    check_amount(u.has_fee, u.fee, r->has_fee, r->fee);
    assert_int_equal(u.is_create, r->is_create);
    assert_int_equal(u.is_reward, r->is_reward);
    assert_int_equal(u.amount_out_of_range, r->amount_out_of_range);
    assert_int_equal(u.path != NULL, r->trace_path != NULL);
    assert_int_equal(packed->path_size, r->trace_path ? r->trace_path_size : 0);
    if (u.path)
        assert_memory_equal(u.path, r->trace_path, r->trace_path_size);
}

static void test_every_subset_of_the_parts_survives(void **state)
{
    (void)state;
    static const uint8_t sizes[] = {0, 1, 20, SG_ADDRESS_MAX};
    static uint8_t path[SG_PACK_PATH_MAX];
    memset(path, 3, sizeof(path));
    for (unsigned parts = 0; parts < 1u << 11; parts++) {
        struct sg_record r;
        sg_record_init(&r, (enum sg_record_kind)(parts % 6));
        r.status = (enum sg_tx_status)(parts % 3);
        r.has_hash = parts & 1;
        memset(r.hash32, r.has_hash ? 0x11 : 0, sizeof(r.hash32));
        r.has_gas_price = parts & 2;
        r.gas_price = sg_amount_from(~(sg_u128)0 - parts);
        r.has_gas_used = parts & 4;
        r.gas_used = sg_amount_from(21000);
        r.has_fee = parts & 8;
        r.fee = sg_amount_from(parts);
        r.is_create = parts & 16;
        r.is_reward = parts & 32;
        r.amount_out_of_range = parts & 64;
        r.trace_path = parts & 128 ? path : NULL;
        r.trace_path_size = parts & 256 ? (uint32_t)SG_PACK_PATH_MAX : 0;
        r.amount = sg_amount_from((sg_u128)parts << 100);
        r.tx_index = parts & 512 ? parts : SG_INDEX_UNKNOWN;
        r.log_index = parts & 1024 ? parts : SG_INDEX_UNKNOWN;
        r.time_unix_s = (int64_t)parts - 100;
        r.offset = UINT64_MAX - parts;
        set_address(&r.from, sizes[parts % 4], 0x21);
        set_address(&r.to, sizes[(parts / 4) % 4], 0x22);
        set_address(&r.token, sizes[(parts / 16) % 4], 0x23);
        check_round_trip(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_subset_of_the_parts_survives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
