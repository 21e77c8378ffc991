/* Goal: the parts of an exposure are those of its rules and add up. Method: the example worked by
 * hand in docs/methods/exposure.md; for the way in, an oracle that works everything out anew; for
 * the way out, the same ledger with each of the address's transactions paid by a stranger of its
 * own, whose money the taint engine follows as it always did; the sweep over refused memory. */
#include "support/check.h"
#include "support/mem_ledger.h"

#include "analysis/exposure/exposure.h"
#include "base/rng.h"
#include "oracle/exposure.h"

#include <string.h>

#define N_PLACES  7u /* 0 is the address, 6 a service */
#define MEM_ADDRS 200u
#define NOBODY    ((struct sg_addr_id){SG_ID_NONE})
#define UNITS(a)  ((uint64_t)(a).units) /* allowed: a test reads small amounts */

struct world {
    struct mem_ledger mem;
    struct sg_ledger ledger;
    struct sg_taint_cache *cache;
    struct sg_arena arena;
    const struct sg_exposure_label *labels[MEM_ADDRS]; /* by id */
    struct sg_exposure_book book;
    struct sg_exposure_input input;
    struct sg_exposure exposure;
    bool refuses;
};

static const struct sg_exposure_label exchange = {
    .entity = "X", .category = SG_CATEGORY_EXCHANGE, .is_service = true};
static const struct sg_exposure_label mixer = {
    .entity = "M", .category = SG_CATEGORY_MIXER, .is_service = true, .is_sanctioned = true};
static const struct sg_exposure_label thief = {.entity = "T", .category = SG_CATEGORY_THEFT};

static struct sg_amount amount(uint64_t units)
{
    return sg_amount_from(units);
}

static struct sg_addr_id place(uint32_t i)
{
    return (struct sg_addr_id){i};
}

static enum sg_status look(void *ctx, const struct sg_exposure_label **label,
                           struct sg_addr_id addr, struct sg_err *err)
{
    struct world *w = ctx;
    assert_true(addr.v < MEM_ADDRS);
    *label = w->labels[addr.v];
    return w->refuses ? sg_err_set(err, SG_EIO, "the book is closed") : SG_OK;
}

static void open_world(struct world *w)
{
    memset(w, 0, sizeof(*w));
    for (uint32_t i = 0; i < N_PLACES; i++)
        assert_int_equal(mem_addr_n(&w->mem, (uint8_t)(i + 1)).v, i);
    w->book = (struct sg_exposure_book){look, w};
    w->input = (struct sg_exposure_input){.addr = place(0),
                                          .policy = SG_POLICY_HAIRCUT,
                                          .hops_max = 16,
                                          .until_unix_s = INT64_MAX,
                                          .in = true,
                                          .out = true,
                                          .book = &w->book};
}

static void close_world(struct world *w)
{
    sg_taint_cache_free(w->cache);
    sg_arena_clear(&w->arena);
    mem_clear(&w->mem);
}

static enum sg_status run_once(struct world *w, struct sg_err *err)
{
    struct sg_taint_cache *cache = NULL;
    enum sg_status st = sg_taint_cache_new(&cache, &w->ledger, err);
    if (st == SG_OK)
        st = sg_exposure_run(&w->exposure, &w->arena, cache, &w->input, err);
    sg_taint_cache_free(cache);
    return st;
}

static void run(struct world *w)
{
    struct sg_err err;
    w->ledger = mem_view(&w->mem, &mem_chain);
    sg_arena_clear(&w->arena);
    memset(&w->exposure, 0xa5, sizeof(w->exposure));
    CHECK_OK(run_once(w, &err), &err);
}

/* One transaction with a fee and one row. */
static void pays(struct world *w, uint32_t from, uint32_t to, uint64_t units, uint64_t fee)
{
    const uint64_t n = w->mem.n_txs;
    mem_tx(&w->mem, n, (int64_t)n, place(from), amount(fee), SG_TX_FEE_KNOWN);
    mem_row(&w->mem, place(from), place(to), 0, amount(units), 0);
}

static const struct sg_exposure_part *part(const struct sg_exposure_side *side,
                                           enum sg_exposure_what what,
                                           const struct sg_exposure_label *label)
{
    for (size_t i = 0; i < side->n_parts; i++)
        if (side->parts[i].what == what && side->parts[i].label == label)
            return &side->parts[i];
    return NULL;
}

/* A 0, B 1, T 2, C 3, the one who paid C 4, M 5, X 6. */
static void by_hand(struct world *w)
{
    open_world(w);
    w->labels[6] = &exchange;
    w->labels[5] = &mixer;
    w->labels[2] = &thief;
    pays(w, 2, 1, 4, 0);
    pays(w, 6, 0, 6, 0);
    pays(w, 1, 0, 4, 0);
    pays(w, 4, 3, 8, 0);
    pays(w, 0, 3, 8, 1);
    pays(w, 3, 5, 8, 0);
    mem_cover(&w->mem, place(3), SG_COVER_NATIVE, 0, 5);
}

static void test_the_example_of_the_page_comes_out_as_written(void **state)
{
    struct world w;
    (void)state;
    by_hand(&w);
    run(&w);
    const struct sg_exposure_side *in = &w.exposure.in, *out = &w.exposure.out;
    assert_int_equal(UNITS(in->total), 10);
    assert_int_equal(in->n_parts, 2);
    assert_int_equal(UNITS(part(in, SG_EXPOSURE_SERVICE, &exchange)->amount), 6);
    assert_int_equal(UNITS(part(in, SG_EXPOSURE_SERVICE, &exchange)->direct), 6);
    assert_int_equal(UNITS(part(in, SG_EXPOSURE_UNOBSERVED, &thief)->amount), 4);
    assert_int_equal(UNITS(part(in, SG_EXPOSURE_UNOBSERVED, &thief)->direct), 0);
    assert_int_equal(part(in, SG_EXPOSURE_UNOBSERVED, &thief)->hops, 2);
    assert_int_equal(in->n_passed, 0); /* it ends at T */
    assert_int_equal(UNITS(out->total), 9);
    assert_int_equal(out->n_parts, 3);
    assert_int_equal(UNITS(part(out, SG_EXPOSURE_FEES, NULL)->amount), 1);
    assert_int_equal(UNITS(part(out, SG_EXPOSURE_SERVICE, &mixer)->amount), 4);
    assert_int_equal(part(out, SG_EXPOSURE_SERVICE, &mixer)->hops, 2);
    assert_int_equal(part(out, SG_EXPOSURE_SERVICE, &mixer)->tx.v, 5);
    assert_true(part(out, SG_EXPOSURE_SERVICE, &mixer)->is_sanctioned);
    assert_int_equal(UNITS(part(out, SG_EXPOSURE_HELD, NULL)->amount), 4);
    assert_int_equal(UNITS(part(out, SG_EXPOSURE_HELD, NULL)->direct), 4);
    w.input.policy = SG_POLICY_FIFO;
    run(&w);
    assert_null(part(&w.exposure.out, SG_EXPOSURE_SERVICE, &mixer));
    assert_int_equal(UNITS(part(&w.exposure.out, SG_EXPOSURE_HELD, NULL)->amount), 8);
    close_world(&w);
}

static void test_categories_say_how_near_and_count_a_sanctioned_mixer_twice(void **state)
{
    struct world w;
    (void)state;
    by_hand(&w);
    run(&w);
    const struct sg_exposure_side *out = &w.exposure.out;
    assert_int_equal(out->n_categories, 2);
    assert_int_equal(out->categories[0].category, SG_CATEGORY_MIXER);
    assert_int_equal(out->categories[1].category, SG_CATEGORY_SANCTIONED);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(out->categories[i].hops, 2);
        assert_int_equal(UNITS(out->categories[i].ended), 4);
        assert_string_equal(out->categories[i].nearest, "M");
    }
    close_world(&w);
}

static void test_without_coverage_what_stays_is_unobserved(void **state)
{
    struct world w;
    (void)state;
    by_hand(&w);
    w.mem.n_covers = 0;
    run(&w);
    assert_null(part(&w.exposure.out, SG_EXPOSURE_HELD, NULL));
    assert_int_equal(UNITS(part(&w.exposure.out, SG_EXPOSURE_UNOBSERVED, NULL)->amount), 4);
    close_world(&w);
}

static void test_the_limit_of_hops_makes_a_part_of_its_own(void **state)
{
    struct world w;
    (void)state;
    by_hand(&w);
    w.input.hops_max = 1;
    run(&w);
    assert_int_equal(UNITS(part(&w.exposure.in, SG_EXPOSURE_BEYOND, NULL)->amount), 4);
    assert_int_equal(UNITS(part(&w.exposure.out, SG_EXPOSURE_BEYOND, NULL)->amount), 8);
    assert_null(part(&w.exposure.out, SG_EXPOSURE_SERVICE, &mixer));
    assert_int_equal(UNITS(part(&w.exposure.in, SG_EXPOSURE_SERVICE, &exchange)->amount), 6);
    close_world(&w);
}

static void test_a_shorter_way_brings_an_address_nearer_from_then_on(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    pays(&w, 0, 1, 5, 0);
    pays(&w, 1, 2, 5, 0);
    pays(&w, 0, 2, 1, 0);
    pays(&w, 2, 3, 6, 0); /* over two payments, not three */
    w.input.hops_max = 3;
    run(&w);
    assert_int_equal(w.exposure.out.n_parts, 1);
    assert_int_equal(w.exposure.out.parts[0].what, SG_EXPOSURE_UNOBSERVED);
    assert_int_equal(w.exposure.out.parts[0].hops, 2);
    close_world(&w);
}

static void test_the_cut_off_makes_a_part_of_its_own(void **state)
{
    struct world w;
    (void)state;
    by_hand(&w);
    w.input.has_min = true;
    w.input.min = w.input.dust = amount(5);
    run(&w);
    assert_int_equal(UNITS(part(&w.exposure.in, SG_EXPOSURE_SMALL, NULL)->amount), 4);
    assert_null(part(&w.exposure.out, SG_EXPOSURE_SMALL, NULL)); /* a service is never too small */
    close_world(&w);
}

static void test_a_named_party_on_the_way_is_passed_and_the_way_goes_on(void **state)
{
    struct world w;
    (void)state;
    by_hand(&w);
    pays(&w, 5, 4, 1, 0);
    w.labels[3] = &thief;
    run(&w);
    assert_int_equal(w.exposure.out.n_passed, 1);
    assert_ptr_equal(w.exposure.out.passed[0].label, &thief);
    assert_int_equal(UNITS(w.exposure.out.passed[0].amount), 8);
    assert_int_equal(w.exposure.out.passed[0].hops, 1);
    assert_int_equal(UNITS(part(&w.exposure.out, SG_EXPOSURE_SERVICE, &mixer)->amount), 4);
    close_world(&w);
}

static void test_two_addresses_of_one_entity_are_one_part_and_pass_once(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    w.labels[1] = w.labels[2] = &thief;
    pays(&w, 0, 1, 10, 0);
    pays(&w, 1, 2, 6, 0);
    run(&w);
    const struct sg_exposure_part *p = part(&w.exposure.out, SG_EXPOSURE_UNOBSERVED, &thief);
    assert_int_equal(UNITS(p->amount), 10);
    assert_int_equal(p->n_addresses, 2);
    assert_int_equal(p->largest.v, 2);
    assert_int_equal(UNITS(p->largest_amount), 6);
    assert_int_equal(UNITS(p->direct), 4);
    assert_int_equal(w.exposure.out.n_passed, 1);
    assert_int_equal(UNITS(w.exposure.out.passed[0].amount), 10);
    close_world(&w);
}

static void test_what_comes_back_and_what_is_swapped_are_parts(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    mem_tokens(&w.mem, 1, 0);
    pays(&w, 0, 1, 10, 0);
    pays(&w, 1, 0, 3, 0);
    mem_tx(&w.mem, 9, 9, place(1), SG_AMOUNT_ZERO, 0);
    mem_row(&w.mem, place(1), place(2), 0, amount(5), 0);
    mem_row(&w.mem, place(2), place(1), 1, amount(50), 0);
    run(&w);
    assert_int_equal(UNITS(part(&w.exposure.out, SG_EXPOSURE_OWN, NULL)->amount), 3);
    assert_int_equal(UNITS(part(&w.exposure.out, SG_EXPOSURE_SWAPPED, NULL)->amount), 5);
    assert_int_equal(UNITS(part(&w.exposure.in, SG_EXPOSURE_OWN, NULL)->amount), 3);
    close_world(&w);
}

static void test_what_the_address_itself_swaps_ends_there(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    mem_tokens(&w.mem, 1, 0);
    pays(&w, 0, 1, 3, 0);
    mem_tx(&w.mem, 1, 1, place(0), SG_AMOUNT_ZERO, 0);
    mem_row(&w.mem, place(0), place(2), 0, amount(5), 0);
    mem_row(&w.mem, place(2), place(0), 1, amount(50), 0);
    run(&w);
    assert_int_equal(UNITS(w.exposure.out.total), 8);
    assert_int_equal(UNITS(part(&w.exposure.out, SG_EXPOSURE_SWAPPED, NULL)->amount), 5);
    assert_int_equal(UNITS(part(&w.exposure.out, SG_EXPOSURE_UNOBSERVED, NULL)->amount), 3);
    w.input.asset.v = 1;
    run(&w);
    assert_int_equal(w.exposure.out.n_parts, 0); /* it paid none of the token */
    assert_int_equal(UNITS(w.exposure.in.total), 50);
    close_world(&w);
}

static void test_poison_is_refused_and_an_error_of_the_book_is_passed_on(void **state)
{
    struct world w;
    struct sg_err err;
    (void)state;
    by_hand(&w);
    run(&w);
    w.input.policy = SG_POLICY_POISON;
    assert_int_equal(run_once(&w, &err), SG_EUSAGE);
    w.input.policy = SG_POLICY_FIFO;
    w.refuses = true;
    assert_int_equal(run_once(&w, &err), SG_EIO);
    w.input.in = false;
    assert_int_equal(run_once(&w, &err), SG_EIO);
    close_world(&w);
}

/* Several rows a transaction, fees, failures, rewards. */
static void random_rows(struct world *w, struct sg_rng *rng)
{
    const size_t n_txs = 2 + sg_rng_below(rng, 25);
    for (size_t i = 0; i < n_txs; i++) {
        const uint32_t sender = (uint32_t)sg_rng_below(rng, N_PLACES);
        mem_tx(&w->mem, i / 2, (int64_t)i, place(sender), amount(sg_rng_below(rng, 3)),
               SG_TX_FEE_KNOWN);
        mem_row(&w->mem, place(sender), NOBODY, 0, SG_AMOUNT_ZERO, 0);
        for (size_t r = sg_rng_below(rng, 4); r > 0; r--) {
            const uint32_t from = (uint32_t)sg_rng_below(rng, N_PLACES + 1);
            mem_row(&w->mem, from == N_PLACES ? NOBODY : place(from),
                    place((uint32_t)sg_rng_below(rng, N_PLACES)), 0, amount(sg_rng_below(rng, 40)),
                    sg_rng_below(rng, 9) == 0 ? SG_ROW_FAILED : 0);
        }
    }
    mem_cover(&w->mem, NOBODY, SG_COVER_NATIVE, 0, 100);
}

static enum sg_exposure_what what_of(enum sg_funder_end end)
{
    static const enum sg_exposure_what whats[] = {
        [SG_FUNDER_GOES_ON] = SG_EXPOSURE_HELD, /* never an end */
        [SG_FUNDER_SERVICE] = SG_EXPOSURE_SERVICE, [SG_FUNDER_OWN] = SG_EXPOSURE_OWN,
        [SG_FUNDER_ISSUED] = SG_EXPOSURE_ISSUED,   [SG_FUNDER_UNSEEN] = SG_EXPOSURE_UNOBSERVED,
        [SG_FUNDER_FAR] = SG_EXPOSURE_BEYOND,      [SG_FUNDER_SMALL] = SG_EXPOSURE_SMALL};
    return whats[end];
}

static void test_the_way_in_agrees_with_the_oracle(void **state)
{
    struct sg_rng rng;
    (void)state;
    sg_rng_init(&rng, sg_test_seed());
    /* A name for each address, so that each is a part of its own. */
    static struct sg_exposure_label names[N_PLACES];
    static const char *const texts[N_PLACES] = {"0", "1", "2", "3", "4", "5", "6"};
    for (uint32_t i = 0; i < N_PLACES; i++)
        names[i] = (struct sg_exposure_label){
            .entity = texts[i], .category = SG_CATEGORY_OTHER, .is_service = i == 6};
    for (unsigned n = 0; n < 3000; n++) {
        struct world w;
        struct oracle_ends ends;
        const bool stops[ORACLE_ADDRS] = {[6] = true};
        open_world(&w);
        random_rows(&w, &rng);
        for (uint32_t i = 0; i < N_PLACES; i++)
            w.labels[i] = &names[i];
        w.input.hops_max = 1 + (uint32_t)sg_rng_below(&rng, 6);
        w.input.has_min = sg_rng_below(&rng, 3) == 0;
        w.input.min = amount(w.input.has_min ? sg_rng_below(&rng, 9) : 0);
        w.input.out = false;
        run(&w);
        oracle_funders(&ends, &w.mem, 0, stops, w.input.hops_max, w.input.min);
        assert_int_equal(UNITS(w.exposure.in.total), UNITS(ends.explained));
        for (size_t e = 0; e < ORACLE_ENDS; e++)
            for (uint32_t a = 0; a <= N_PLACES; a++) {
                const uint32_t at = a < N_PLACES ? a : ORACLE_ADDRS;
                const struct sg_exposure_part *p =
                    part(&w.exposure.in, what_of((enum sg_funder_end)e),
                         a < N_PLACES ? &names[a] : NULL);
                assert_int_equal(p && e != SG_FUNDER_GOES_ON ? UNITS(p->amount) : 0,
                                 UNITS(ends.at[e][at]));
            }
        close_world(&w);
    }
}

/* The same ledger, but all that place 0 pays in a transaction comes from a stranger, who has it by
 * a seed. */
static size_t with_strangers(struct mem_ledger *to, struct sg_taint_seed *seeds,
                             const struct mem_ledger *from)
{
    size_t n_seeds = 0;
    for (uint32_t i = 0; i < N_PLACES; i++)
        (void)mem_addr_n(to, (uint8_t)(i + 1));
    for (size_t t = 0; t < from->n_txs; t++) {
        const struct sg_tx *tx = &from->txs[t];
        struct sg_taint_seed seed = {.addr = mem_addr_n(to, (uint8_t)(100 + t)),
                                     .tx = {SG_TX_ID_NONE},
                                     .time_unix_s = tx->time_unix_s};
        const bool sends = tx->sender.v == 0;
        mem_tx(to, tx->block, tx->time_unix_s, sends ? seed.addr : tx->sender, tx->fee, tx->flags);
        assert_true(!sends || sg_amount_add(&seed.amount, seed.amount, tx->fee));
        for (size_t r = 0; r < from->n_rows; r++) {
            const struct sg_row *row = &from->rows[r];
            if (row->tx.v != tx->id.v)
                continue;
            const bool pays_here = row->from.v == 0 && row->to.v != 0;
            mem_row(to, pays_here ? seed.addr : row->from, row->to, 0, row->amount, row->flags);
            if (pays_here && !(row->flags & SG_ROW_FAILED))
                assert_true(sg_amount_add(&seed.amount, seed.amount, row->amount));
        }
        if (!sg_amount_is_zero(seed.amount))
            seeds[n_seeds++] = seed;
    }
    return n_seeds;
}

static uint64_t reached(const struct sg_taint_result *r, uint32_t to)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < r->n_moves; i++)
        if (r->moves[i].to_service && r->moves[i].to.v == to)
            sum += UNITS(r->moves[i].tainted);
    return sum;
}

static uint64_t held(const struct sg_taint_result *r)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < r->n_holdings; i++)
        sum += UNITS(r->holdings[i].tainted);
    return sum;
}

static uint64_t units_of(const struct sg_exposure_part *part)
{
    return part ? UNITS(part->amount) : 0;
}

static void test_the_way_out_agrees_with_money_of_strangers(void **state)
{
    struct sg_rng rng;
    (void)state;
    sg_rng_init(&rng, sg_test_seed() + 1);
    for (unsigned n = 0; n < 1500; n++) {
        struct world w;
        struct mem_ledger strange = {0};
        struct sg_taint_seed seeds[64];
        struct sg_taint_cache *cache = NULL;
        struct sg_taint_result result;
        struct sg_err err;
        const struct sg_addr_id services[] = {place(0), place(6)};
        open_world(&w);
        random_rows(&w, &rng);
        w.labels[6] = &exchange;
        w.input.in = false;
        const size_t n_seeds = with_strangers(&strange, seeds, &w.mem);
        const struct sg_ledger ledger = mem_view(&strange, &mem_chain);
        for (size_t p = 0; p < SG_POLICY_COUNT; p++) {
            w.input.policy = (enum sg_policy)p;
            if (p == SG_POLICY_POISON)
                continue;
            run(&w);
            const struct sg_exposure_side *out = &w.exposure.out;
            const struct sg_taint_input input = {.policy = (enum sg_policy)p,
                                                 .n_thefts = 1,
                                                 .seeds = seeds,
                                                 .n_seeds = n_seeds,
                                                 .services = services,
                                                 .n_services = 2,
                                                 .until_unix_s = INT64_MAX};
            CHECK_OK(sg_taint_cache_new(&cache, &ledger, &err), &err);
            CHECK_OK(sg_taint_run(&result, &w.arena, cache, &input, &err), &err);
            assert_int_equal(units_of(part(out, SG_EXPOSURE_SERVICE, &exchange)),
                             reached(&result, 6));
            assert_int_equal(units_of(part(out, SG_EXPOSURE_OWN, NULL)), reached(&result, 0));
            assert_int_equal(units_of(part(out, SG_EXPOSURE_HELD, NULL)) +
                                 units_of(part(out, SG_EXPOSURE_UNOBSERVED, NULL)),
                             held(&result));
            assert_int_equal(UNITS(out->total),
                             result.n_totals ? UNITS(result.totals[0].stolen) : 0);
            sg_taint_cache_free(cache);
        }
        mem_clear(&strange);
        close_world(&w);
    }
}

/* The analysis refuses its own figures where parts do not add up. */
static void test_limits_and_cut_offs_lose_nothing(void **state)
{
    struct sg_rng rng;
    (void)state;
    sg_rng_init(&rng, sg_test_seed() + 2);
    for (unsigned n = 0; n < 2000; n++) {
        struct world w;
        open_world(&w);
        random_rows(&w, &rng);
        w.labels[6] = &exchange;
        w.labels[5] = &thief;
        w.input.policy = (enum sg_policy)sg_rng_below(&rng, SG_POLICY_POISON);
        w.input.hops_max = 1 + (uint32_t)sg_rng_below(&rng, 4);
        w.input.has_min = sg_rng_below(&rng, 2);
        w.input.min = w.input.dust = amount(sg_rng_below(&rng, 12));
        w.input.until_unix_s = (int64_t)sg_rng_below(&rng, 30);
        run(&w);
        for (size_t i = 0; i < w.exposure.out.n_parts; i++)
            assert_true(w.exposure.out.parts[i].hops <= w.input.hops_max);
        close_world(&w);
    }
}

static void test_assets_are_listed_by_their_rows(void **state)
{
    struct world w;
    const struct sg_exposure_asset *assets = NULL;
    struct sg_err err;
    size_t n = 0;
    (void)state;
    open_world(&w);
    mem_tokens(&w.mem, 2, 0);
    mem_tx(&w.mem, 0, 0, place(0), SG_AMOUNT_ZERO, 0);
    mem_row(&w.mem, place(0), place(1), 2, amount(5), 0);
    mem_row(&w.mem, place(1), place(0), 2, amount(7), 0);
    mem_row(&w.mem, place(1), place(2), 1, amount(7), 0);
    mem_row(&w.mem, place(1), place(0), 1, amount(7), SG_ROW_FAILED);
    w.ledger = mem_view(&w.mem, &mem_chain);
    CHECK_OK(sg_exposure_assets(&assets, &n, &w.arena, &w.ledger, place(0), &err), &err);
    assert_int_equal(n, 2);
    assert_int_equal(assets[0].asset.v, 2);
    assert_int_equal(assets[0].rows, 2);
    assert_int_equal(UNITS(assets[0].in), 7);
    assert_int_equal(UNITS(assets[0].out), 5);
    assert_int_equal(assets[1].asset.v, 0);
    assert_int_equal(assets[1].rows, 0);
    close_world(&w);
}

static enum sg_status run_swept(struct world *w, struct sg_err *err)
{
    const struct sg_exposure_asset *assets = NULL;
    size_t n = 0;
    enum sg_status st = run_once(w, err);
    if (st == SG_OK)
        st = sg_exposure_assets(&assets, &n, &w->arena, &w->ledger, place(0), err);
    sg_arena_clear(&w->arena);
    return st;
}

static void test_every_refused_allocation_ends_in_nomem_and_leaks_nothing(void **state)
{
    struct world w;
    struct sg_err err;
    (void)state;
    by_hand(&w);
    w.labels[3] = &thief;
    w.ledger = mem_view(&w.mem, &mem_chain);
    CHECK_OOM_SWEEP(run_swept(&w, &err));
    close_world(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_example_of_the_page_comes_out_as_written),
        cmocka_unit_test(test_categories_say_how_near_and_count_a_sanctioned_mixer_twice),
        cmocka_unit_test(test_without_coverage_what_stays_is_unobserved),
        cmocka_unit_test(test_the_limit_of_hops_makes_a_part_of_its_own),
        cmocka_unit_test(test_a_shorter_way_brings_an_address_nearer_from_then_on),
        cmocka_unit_test(test_the_cut_off_makes_a_part_of_its_own),
        cmocka_unit_test(test_a_named_party_on_the_way_is_passed_and_the_way_goes_on),
        cmocka_unit_test(test_two_addresses_of_one_entity_are_one_part_and_pass_once),
        cmocka_unit_test(test_what_comes_back_and_what_is_swapped_are_parts),
        cmocka_unit_test(test_what_the_address_itself_swaps_ends_there),
        cmocka_unit_test(test_poison_is_refused_and_an_error_of_the_book_is_passed_on),
        cmocka_unit_test(test_the_way_in_agrees_with_the_oracle),
        cmocka_unit_test(test_the_way_out_agrees_with_money_of_strangers),
        cmocka_unit_test(test_limits_and_cut_offs_lose_nothing),
        cmocka_unit_test(test_assets_are_listed_by_their_rows),
        cmocka_unit_test(test_every_refused_allocation_ends_in_nomem_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
