/* Goal: show gathers exactly what the ledger says, and fails cleanly without memory. Method: a
 * random world in a real ledger; every transaction's rows compared, every answer written in both
 * forms. */
#include "support/check.h"
#include "support/json.h"
#include "support/ledger_model.h"

#include "app/show/show.h"

#include <stdio.h>
#include <string.h>

static struct sg_model *world;
static struct sg_ledger ledger;
static char dir[64];

static int setup(void **state)
{
    (void)state;
    const struct sg_chain *chain = sg_chain_find("ethereum", 8);
    const struct sg_model_shape shape = {
        .seed = 5, .n_txs = 150, .n_pool = 12, .n_tokens = 3, .rows_max = 4, .txs_max = 3};
    struct sg_err err;
    struct sg_writer *writer = NULL;
    world = sg_model_new(&shape);
    const struct sg_batch batch = sg_model_batch(world, 0, world->n_txs);
    snprintf(dir, sizeof(dir), "%s", sg_test_mkdir());
    CHECK_OK(sg_writer_open(&writer, dir, chain, false, 1, &err), &err);
    CHECK_OK(sg_writer_append(writer, &batch, &err), &err);
    CHECK_OK(sg_writer_commit(writer, &err), &err);
    sg_writer_free(writer);
    CHECK_OK(sg_ledger_open(&ledger, dir, chain, &err), &err);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    sg_ledger_close(&ledger);
    sg_test_rmdir(dir);
    sg_model_free(world);
    return 0;
}

static struct sg_address address_of(sg_addr_ref ref)
{
    struct sg_address address = {.size = ref ? ref[0] : 0};
    if (ref)
        memcpy(address.bytes, ref + 1, ref[0]);
    return address;
}

static void check_address(const struct sg_show_found *found, struct sg_addr_id id, sg_addr_ref want)
{
    const struct sg_address expected = address_of(want);
    assert_memory_equal(sg_show_addr(&found->names, id), &expected, sizeof(expected));
}

/* Both forms can be written, and the JSON is JSON. */
static void check_forms(const struct sg_show_found *found)
{
    struct sg_buf out = SG_BUF_INIT((size_t)1 << 20);
    struct sg_jsonw w;
    sg_show_text(&out, found);
    assert_int_equal(sg_buf_check(&out, NULL), SG_OK);
    sg_buf_reset(&out);
    sg_jsonw_init(&w, &out);
    sg_show_json(&w, found);
    assert_int_equal(sg_buf_check(&out, NULL), SG_OK);
    assert_true(json_read(out.data, out.size, NULL, NULL));
    sg_buf_clear(&out);
}

static void test_a_transaction_is_shown_with_all_its_rows_in_order(void **state)
{
    (void)state;
    size_t n_shown = 0;
    for (size_t i = 0; i < world->n_txs; i++) {
        struct sg_arena arena = SG_ARENA_INIT;
        struct sg_show_found found;
        struct sg_err err;
        const struct sg_batch_tx *tx = &world->txs[i];
        if (!(tx->flags & SG_TX_HAS_HASH))
            continue;
        CHECK_OK(sg_show_tx(&found, &arena, &ledger, NULL, tx->hash32, &err), &err);
        assert_int_equal(found.tx.block, tx->block);
        assert_int_equal(found.n_rows, tx->n_rows);
        check_address(&found, found.tx.sender, tx->sender);
        for (size_t r = 0; r < found.n_rows; r++) {
            const struct sg_batch_row *want = &world->rows[world->first_rows[i] + r];
            assert_int_equal(sg_amount_cmp(found.rows[r].row.amount, want->amount), 0);
            check_address(&found, found.rows[r].row.from, want->from);
            check_address(&found, found.rows[r].row.to, want->to);
        }
        check_forms(&found);
        sg_arena_clear(&arena);
        n_shown++;
    }
    assert_true(n_shown > 0);
}

static void test_an_address_is_shown_with_its_last_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < world->n_pool; i++) {
        struct sg_arena arena = SG_ARENA_INIT;
        struct sg_show_found found;
        struct sg_err err;
        const struct sg_address address = address_of(world->pool[i]);
        CHECK_OK(sg_show_address(&found, &arena, &ledger, NULL, &address, &err), &err);
        assert_int_equal(found.n_rows, found.profile.n_rows < SG_SHOW_RECENT ? found.profile.n_rows
                                                                             : SG_SHOW_RECENT);
        for (size_t r = 0; r < found.n_rows; r++)
            assert_int_equal(found.rows[r].tx->id.v, found.rows[r].row.tx.v);
        check_forms(&found);
        sg_arena_clear(&arena);
    }
}

static void test_the_native_asset_is_named_by_its_chain(void **state)
{
    (void)state;
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_show_found found;
    struct sg_err err;
    const struct sg_address address = address_of(world->pool[0]);
    CHECK_OK(sg_show_address(&found, &arena, &ledger, NULL, &address, &err), &err);
    const struct sg_asset *native = sg_show_asset(&found.names, (struct sg_asset_id){0});
    assert_string_equal(native->symbol, "ETH");
    assert_int_equal(sg_show_decimals(native), 18);
    sg_arena_clear(&arena);
}

static void test_what_is_not_there_is_not_found(void **state)
{
    (void)state;
    static const uint8_t hash32[32] = {1, 2, 3};
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_show_found found;
    const struct sg_address address = {.size = 20, .bytes = {0xee}};
    assert_int_equal(sg_show_address(&found, &arena, &ledger, NULL, &address, NULL), SG_ENOTFOUND);
    assert_int_equal(sg_show_tx(&found, &arena, &ledger, NULL, hash32, NULL), SG_ENOTFOUND);
    sg_arena_clear(&arena);
}

static enum sg_status gather_and_drop(const uint8_t *hash32)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_show_found found;
    const struct sg_address address = address_of(world->pool[0]);
    const enum sg_status st = hash32
                                  ? sg_show_tx(&found, &arena, &ledger, NULL, hash32, NULL)
                                  : sg_show_address(&found, &arena, &ledger, NULL, &address, NULL);
    sg_arena_clear(&arena);
    return st;
}

static void test_without_memory_it_says_so_and_leaks_nothing(void **state)
{
    (void)state;
    size_t i = 0;
    CHECK_OOM_SWEEP(gather_and_drop(NULL));
    while (!(world->txs[i].flags & SG_TX_HAS_HASH) || !world->txs[i].n_rows)
        i++;
    CHECK_OOM_SWEEP(gather_and_drop(world->txs[i].hash32));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_transaction_is_shown_with_all_its_rows_in_order),
        cmocka_unit_test(test_an_address_is_shown_with_its_last_rows),
        cmocka_unit_test(test_the_native_asset_is_named_by_its_chain),
        cmocka_unit_test(test_what_is_not_there_is_not_found),
        cmocka_unit_test(test_without_memory_it_says_so_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
