/* Goal: a profile is the sum of an address's rows, whatever their number and batches. Method:
 * random worlds in a real ledger against one plain pass a question (oracle/profile.c). */
#include "support/check.h"

#include "oracle/profile.h"

#include <string.h>

#define RECENT 7

static const struct sg_chain *ethereum(void)
{
    return sg_chain_find("ethereum", 8);
}

static void build(const char *dir, const struct sg_model *m)
{
    struct sg_err err;
    struct sg_writer *writer = NULL;
    const struct sg_batch batch = sg_model_batch(m, 0, m->n_txs);
    CHECK_OK(sg_writer_open(&writer, dir, ethereum(), false, 1, &err), &err);
    CHECK_OK(sg_writer_append(writer, &batch, &err), &err);
    CHECK_OK(sg_writer_commit(writer, &err), &err);
    sg_writer_free(writer);
}

static void check_sum(const struct sg_profile_sum *got, const struct sg_profile_sum *want)
{
    assert_int_equal(got->transfers, want->transfers);
    assert_int_equal(got->too_large, want->too_large);
    if (!want->too_large)
        assert_int_equal(sg_amount_cmp(got->amount, want->amount), 0);
}

static sg_addr_ref addr_of(const struct sg_model *m, struct sg_addr_id id)
{
    /* Addresses of the pool that no row has are without an id, too. */
    for (size_t i = 0; id.v != SG_ID_NONE && i < m->n_pool; i++)
        if (m->addr_ids[i] == id.v)
            return m->pool[i];
    assert_int_equal(id.v, SG_ID_NONE);
    return NULL;
}

static sg_addr_ref token_of(const struct sg_model *m, struct sg_asset_id id)
{
    for (size_t i = 0; i < m->n_tokens; i++)
        if (m->asset_ids[i] == id.v)
            return m->tokens[i];
    assert_int_equal(id.v, 0);
    return NULL;
}

static void check_asset(const struct sg_profile_asset *asset, const struct sg_model *m,
                        sg_addr_ref addr)
{
    struct sg_profile_sum in, out;
    const sg_addr_ref token = token_of(m, asset->asset);
    oracle_flows(&in, &out, m, addr, token, NULL);
    check_sum(&asset->in, &in);
    check_sum(&asset->out, &out);
    assert_int_equal(asset->n_peers, asset->n_peers_all);
    for (size_t i = 0; i < asset->n_peers; i++) {
        const sg_addr_ref peer = addr_of(m, asset->peers[i].addr);
        oracle_flows(&in, &out, m, addr, token, &peer);
        check_sum(&asset->peers[i].in, &in);
        check_sum(&asset->peers[i].out, &out);
    }
}

static void check_totals(const struct sg_profile *p, const struct sg_model *m, sg_addr_ref addr)
{
    const struct oracle_totals t = oracle_totals(m, addr);
    uint64_t moved = 0;
    assert_int_equal(p->n_rows, t.n_rows);
    assert_int_equal(p->n_failed, t.n_failed);
    assert_int_equal(p->n_txs, t.n_txs);
    assert_int_equal(p->first_unix_s, t.first_unix_s);
    assert_int_equal(p->last_unix_s, t.last_unix_s);
    assert_int_equal(p->n_recent, t.n_rows < RECENT ? t.n_rows : RECENT);
    for (size_t i = 0; i < p->n_assets; i++) {
        const struct sg_profile_asset *asset = &p->assets[i];
        assert_true(i == 0 || p->assets[i - 1].asset.v < asset->asset.v);
        assert_int_equal(asset->unknown_fees, asset->asset.v ? 0 : t.unknown_fees);
        assert_int_equal(sg_amount_cmp(asset->fees, asset->asset.v ? SG_AMOUNT_ZERO : t.fees), 0);
        moved += asset->in.transfers + asset->out.transfers + asset->out_of_range;
    }
    /* A self-transfer is two transfers of one row; all other rows are one each. */
    assert_true(moved + p->n_failed >= p->n_rows);
}

static void check_recent(const struct sg_profile *p, struct sg_addr_id id)
{
    for (size_t i = 0; i < p->n_recent; i++) {
        assert_true(i == 0 || p->recent[i - 1].id < p->recent[i].id);
        assert_true(p->recent[i].from.v == id.v || p->recent[i].to.v == id.v);
    }
}

static void check_address(const struct sg_ledger *ledger, const struct sg_model *m, size_t i)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_profile p;
    struct sg_err err;
    const struct sg_profile_options options = {.n_peers = SIZE_MAX, .n_recent = RECENT};
    const struct sg_addr_id id = {m->addr_ids[i]};
    memset(&p, 0xff, sizeof(p));
    CHECK_OK(sg_profile_address(&p, &arena, ledger, id, &options, &err), &err);
    check_totals(&p, m, m->pool[i]);
    check_recent(&p, id);
    for (size_t a = 0; a < p.n_assets; a++)
        check_asset(&p.assets[a], m, m->pool[i]);
    sg_arena_clear(&arena);
}

static void check_world(const struct sg_model_shape *shape, size_t n_addresses)
{
    struct sg_model *m = sg_model_new(shape);
    const char *dir = sg_test_mkdir();
    struct sg_ledger ledger;
    struct sg_err err;
    build(dir, m);
    sg_model_number(m, m->n_txs);
    CHECK_OK(sg_ledger_open(&ledger, dir, ethereum(), &err), &err);
    for (size_t i = 0; i < n_addresses && i < m->n_pool; i++)
        if (m->addr_ids[i] != SG_ID_NONE)
            check_address(&ledger, m, i);
    sg_ledger_close(&ledger);
    sg_test_rmdir(dir);
    sg_model_free(m);
}

static void test_profiles_are_sums_of_rows(void **state)
{
    (void)state;
    struct sg_rng rng;
    sg_rng_init(&rng, sg_test_seed());
    for (int i = 0; i < 12; i++) {
        const struct sg_model_shape shape = {.seed = sg_rng_next(&rng),
                                             .n_txs = 1 + sg_rng_below(&rng, 200),
                                             .n_pool = 1 + sg_rng_below(&rng, 30),
                                             .n_tokens = sg_rng_below(&rng, 4),
                                             .rows_max = 1 + (unsigned)sg_rng_below(&rng, 5),
                                             .txs_max = 3};
        check_world(&shape, 30);
    }
}

static void test_an_address_of_many_batches_is_summed_whole(void **state)
{
    (void)state;
    const struct sg_model_shape shape = {.seed = 7,
                                         .n_txs = 12000,
                                         .n_pool = 4,
                                         .n_tokens = 1,
                                         .rows_min = 1,
                                         .rows_max = 3,
                                         .txs_max = 2};
    check_world(&shape, 1);
}

struct fault {
    const struct sg_ledger *ledger;
    struct sg_addr_id id;
};

static enum sg_status profile_and_drop(const struct fault *fault)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_profile p;
    const struct sg_profile_options options = {.n_peers = 3, .n_recent = 2};
    const enum sg_status st =
        sg_profile_address(&p, &arena, fault->ledger, fault->id, &options, NULL);
    sg_arena_clear(&arena);
    return st;
}

static void test_without_memory_it_says_so_and_leaks_nothing(void **state)
{
    (void)state;
    const struct sg_model_shape shape = {
        .seed = 3, .n_txs = 60, .n_pool = 5, .n_tokens = 2, .rows_max = 3, .txs_max = 2};
    struct sg_model *m = sg_model_new(&shape);
    const char *dir = sg_test_mkdir();
    struct sg_ledger ledger;
    struct sg_err err;
    build(dir, m);
    sg_model_number(m, m->n_txs);
    CHECK_OK(sg_ledger_open(&ledger, dir, ethereum(), &err), &err);
    const struct fault fault = {&ledger, {m->addr_ids[0]}};
    CHECK_OOM_SWEEP(profile_and_drop(&fault));
    sg_ledger_close(&ledger);
    sg_test_rmdir(dir);
    sg_model_free(m);
}

static void test_a_balance_is_what_flows_leave_or_what_they_lack(void **state)
{
    (void)state;
    struct sg_profile_asset asset = {.in = {.amount = {10}}, .out = {.amount = {4}}, .fees = {1}};
    struct sg_amount left, missing;
    assert_true(sg_profile_balance(&left, &missing, &asset));
    assert_true(left.units == 5 && missing.units == 0);
    asset.fees.units = 8;
    assert_true(sg_profile_balance(&left, &missing, &asset));
    assert_true(left.units == 0 && missing.units == 2);
    asset.out.amount.units = ~(sg_u128)0;
    assert_false(sg_profile_balance(&left, &missing, &asset));
    asset.fees.units = 0;
    asset.in.too_large = true;
    assert_false(sg_profile_balance(&left, &missing, &asset));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_profiles_are_sums_of_rows),
        cmocka_unit_test(test_an_address_of_many_batches_is_summed_whole),
        cmocka_unit_test(test_a_balance_is_what_flows_leave_or_what_they_lack),
        cmocka_unit_test(test_without_memory_it_says_so_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
