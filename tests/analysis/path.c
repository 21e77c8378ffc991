/* Goal: the path shown is the widest one. Method: the example of docs/methods/path.md, a swap by
 * hand, and random traces against an oracle that tries all paths. */
#include "support/check.h"

#include "oracle/path.h"

#include "analysis/path/path.h"
#include "base/rng.h"

#include <string.h>

#define PARTIES   5u
#define MOVES_MAX 12u

static const struct sg_chain chain = {"testnet", "TST", 18, true, false};

struct world {
    struct sg_trace_party parties[PARTIES];
    struct sg_trace_move moves[MOVES_MAX];
    struct sg_trace_conversion conversions[1];
    struct sg_trace_figures figures;
    struct sg_trace trace;
    struct sg_arena arena;
};

static void open_world(struct world *w)
{
    memset(w, 0, sizeof(*w));
    for (uint8_t i = 0; i < PARTIES; i++) {
        w->parties[i].chain = &chain;
        w->parties[i].address.size = 20;
        w->parties[i].address.bytes[19] = (uint8_t)(i + 1);
    }
    w->trace.parties = w->parties;
    w->trace.n_parties = PARTIES;
    w->figures.moves = w->moves;
    w->figures.conversions = w->conversions;
}

static struct sg_trace_move *move(struct world *w, enum sg_move_kind kind, uint32_t from,
                                  uint32_t to, uint64_t units)
{
    struct sg_trace_move *m = &w->moves[w->figures.n_moves++];
    *m = (struct sg_trace_move){.kind = kind,
                                .from = from,
                                .to = to,
                                .tx = SG_TRACE_NONE,
                                .amount = sg_amount_from(units),
                                .tainted = sg_amount_from(units)};
    return m;
}

/* "0x", 38 zeros, and the number of a party. */
static const char *name(uint32_t party)
{
    static char text[SG_ADDRESS_TEXT_MAX];
    struct sg_address address = {.size = 20};
    address.bytes[19] = (uint8_t)(party + 1);
    return sg_address_format(text, &chain, &address);
}

static enum sg_status find(struct sg_path *path, struct world *w, uint32_t target,
                           struct sg_err *err)
{
    sg_arena_clear(&w->arena);
    return sg_path_find(path, &w->arena, &w->trace, &w->figures, name(target), err);
}

static void example(struct world *w)
{
    open_world(w);
    move(w, SG_MOVE_SEED, SG_TRACE_NONE, 0, 10);
    move(w, SG_MOVE_TRANSFER, 0, 1, 6);
    move(w, SG_MOVE_TRANSFER, 0, 2, 4);
    move(w, SG_MOVE_TRANSFER, 1, 3, 5);
    move(w, SG_MOVE_TRANSFER, 2, 3, 4);
}

static void test_the_documented_example_goes_over_the_wider_way(void **state)
{
    struct world w;
    struct sg_path path;
    struct sg_err err;
    (void)state;
    example(&w);
    CHECK_OK(find(&path, &w, 3, &err), &err);
    assert_int_equal(path.n_moves, 3);
    assert_int_equal(path.moves[0], 0);
    assert_int_equal(path.moves[1], 1);
    assert_int_equal(path.moves[2], 3);
    CHECK(sg_amount_cmp(path.width, sg_amount_from(5)) == 0);
    CHECK(sg_amount_cmp(path.arrived, sg_amount_from(9)) == 0);
    assert_int_equal(path.arrivals, 2);
    sg_arena_clear(&w.arena);
}

static void test_a_swap_turns_the_width_in_proportion(void **state)
{
    struct world w;
    struct sg_path path;
    struct sg_err err;
    (void)state;
    open_world(&w);
    move(&w, SG_MOVE_SEED, SG_TRACE_NONE, 0, 10);
    move(&w, SG_MOVE_TRANSFER, 0, 1, 6);
    move(&w, SG_MOVE_SWAP, 1, 1, 40)->asset = 1;
    move(&w, SG_MOVE_TRANSFER, 1, 2, 33)->asset = 1;
    w.conversions[0] = (struct sg_trace_conversion){.declared = SG_TRACE_NONE,
                                                    .asset_out = 0,
                                                    .asset_in = 1,
                                                    .out = sg_amount_from(8),
                                                    .in = sg_amount_from(40)};
    CHECK_OK(find(&path, &w, 2, &err), &err);
    assert_int_equal(path.n_moves, 4);
    CHECK(sg_amount_cmp(path.width, sg_amount_from(30)) == 0); /* floor(6 x 40 / 8), below 33 */
    sg_arena_clear(&w.arena);
}

static void random_world(struct world *w, struct sg_rng *rng)
{
    open_world(w);
    while (w->figures.n_moves < MOVES_MAX) {
        const bool enters = w->figures.n_moves == 0 || sg_rng_below(rng, 6) == 0;
        const uint32_t from = (uint32_t)sg_rng_below(rng, PARTIES);
        const uint32_t to = (uint32_t)sg_rng_below(rng, PARTIES);
        if (from == to)
            continue;
        struct sg_trace_move *m =
            move(w, enters ? SG_MOVE_SEED : SG_MOVE_TRANSFER, enters ? SG_TRACE_NONE : from, to,
                 1 + sg_rng_below(rng, 20));
        m->theft = sg_rng_below(rng, 4) == 0;
        m->is_seed = enters || sg_rng_below(rng, 8) == 0;
        m->is_dust = !enters && sg_rng_below(rng, 8) == 0;
    }
}

/* Each step begins where the one before it ended, later and of the same theft; the first enters. */
static void check_steps(const struct world *w, const struct sg_path *path, uint32_t target)
{
    CHECK(w->moves[path->moves[0]].is_seed);
    for (size_t i = 0; i < path->n_moves; i++) {
        const struct sg_trace_move *m = &w->moves[path->moves[i]];
        CHECK(sg_amount_cmp(path->width, m->tainted) <= 0);
        if (i == 0)
            continue;
        CHECK(path->moves[i] > path->moves[i - 1]);
        assert_int_equal(m->from, w->moves[path->moves[i - 1]].to);
        assert_int_equal(m->theft, w->moves[path->moves[i - 1]].theft);
    }
    assert_int_equal(w->moves[path->moves[path->n_moves - 1]].to, target);
}

static void test_random_traces_agree_with_trying_all_paths(void **state)
{
    struct sg_rng rng;
    struct sg_path path;
    struct sg_err err;
    size_t found = 0;
    (void)state;
    sg_rng_init(&rng, sg_test_seed());
    for (unsigned n = 0; n < 4000; n++) {
        struct world w;
        random_world(&w, &rng);
        const uint32_t target = n % PARTIES;
        const struct sg_amount width = oracle_widest(&w.figures, target);
        if (sg_amount_is_zero(width)) {
            assert_int_equal(find(&path, &w, target, &err), SG_ENOTFOUND);
        } else {
            CHECK_OK(find(&path, &w, target, &err), &err);
            CHECK(sg_amount_cmp(path.width, width) == 0);
            check_steps(&w, &path, target);
            found++;
        }
        sg_arena_clear(&w.arena);
    }
    CHECK(found > 1000);
}

static void test_an_unknown_name_is_not_found(void **state)
{
    struct world w;
    struct sg_path path;
    struct sg_err err;
    (void)state;
    example(&w);
    assert_int_equal(sg_path_find(&path, &w.arena, &w.trace, &w.figures, "0x00", &err),
                     SG_ENOTFOUND);
    assert_non_null(strstr(err.text, "0x00"));
}

static enum sg_status swept(struct world *w, struct sg_err *err)
{
    struct sg_path path;
    const enum sg_status st = find(&path, w, 3, err);
    sg_arena_clear(&w->arena);
    return st;
}

static void test_every_refused_allocation_ends_in_nomem(void **state)
{
    struct world w;
    struct sg_err err;
    (void)state;
    example(&w);
    CHECK_OOM_SWEEP(swept(&w, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_documented_example_goes_over_the_wider_way),
        cmocka_unit_test(test_a_swap_turns_the_width_in_proportion),
        cmocka_unit_test(test_random_traces_agree_with_trying_all_paths),
        cmocka_unit_test(test_an_unknown_name_is_not_found),
        cmocka_unit_test(test_every_refused_allocation_ends_in_nomem),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
