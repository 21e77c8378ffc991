/* Flow picture: cycles go and balances stay; layers go forward; nothing overlaps; bands tile their
 * boxes; the same input gives the same picture. Method: every graph of three nodes with amounts 0
 * to 2, then seeded random graphs. */
#include "support/check.h"

#include "analysis/flow/flow.h"
#include "base/rng.h"

#include <string.h>

static uint64_t units(struct sg_amount a)
{
    CHECK(sg_amount_cmp(a, sg_amount_from(UINT64_MAX)) <= 0);
    return (uint64_t)a.units; /* allowed: test amounts are small */
}

static int64_t balance(const struct sg_flow_edge *edges, size_t n, uint32_t node)
{
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += edges[i].to == node ? (int64_t)units(edges[i].amount) : 0;
        sum -= edges[i].from == node ? (int64_t)units(edges[i].amount) : 0;
    }
    return sum;
}

/* Plain and slow: reachability by repeated squaring of the relation. */
static bool has_cycle(const struct sg_flow_edge *edges, size_t n, size_t n_nodes)
{
    bool reach[SG_FLOW_NODES_MAX][SG_FLOW_NODES_MAX] = {{false}};
    for (size_t i = 0; i < n; i++)
        if (!sg_amount_is_zero(edges[i].amount))
            reach[edges[i].from][edges[i].to] = true;
    for (size_t k = 0; k < n_nodes; k++)
        for (size_t a = 0; a < n_nodes; a++)
            for (size_t b = 0; b < n_nodes; b++)
                reach[a][b] = reach[a][b] || (reach[a][k] && reach[k][b]);
    for (size_t a = 0; a < n_nodes; a++)
        if (reach[a][a])
            return true;
    return false;
}

static void check_cancel(struct sg_flow_edge *edges, size_t n, size_t n_nodes)
{
    int64_t before[SG_FLOW_NODES_MAX];
    struct sg_flow_edge old[SG_FLOW_EDGES_MAX];
    struct sg_err err;
    const bool had_cycle = has_cycle(edges, n, n_nodes);
    memcpy(old, edges, n * sizeof(*old));
    for (uint32_t v = 0; v < n_nodes; v++)
        before[v] = balance(edges, n, v);
    CHECK_OK(sg_flow_cancel_cycles(edges, n, n_nodes, &err), &err);
    CHECK(!has_cycle(edges, n, n_nodes));
    for (uint32_t v = 0; v < n_nodes; v++)
        assert_int_equal(balance(edges, n, v), before[v]);
    bool changed = false;
    for (size_t i = 0; i < n; i++) {
        CHECK(sg_amount_cmp(edges[i].amount, old[i].amount) <= 0);
        changed = changed || sg_amount_cmp(edges[i].amount, old[i].amount) != 0;
    }
    assert_int_equal(changed, had_cycle);
}

static void test_every_small_graph_loses_its_cycles_and_keeps_balances(void **state)
{
    (void)state;
    for (int world = 0; world < 19683; world++) { /* 3^9: nine edges of 0, 1 or 2 */
        struct sg_flow_edge edges[9];
        int rest = world;
        for (uint32_t i = 0; i < 9; i++, rest /= 3)
            edges[i] = (struct sg_flow_edge){i / 3, i % 3, sg_amount_from((sg_u128)(rest % 3))};
        check_cancel(edges, 9, 3);
    }
}

/* A random graph whose node 0 is a source and whose last `n_sinks` nodes only receive. */
static size_t random_graph(struct sg_flow_edge *edges, size_t n_nodes, size_t n_sinks,
                           struct sg_rng *rng)
{
    const size_t n = 1 + sg_rng_below(rng, 3 * n_nodes);
    for (size_t i = 0; i < n; i++) {
        edges[i].from = (uint32_t)sg_rng_below(rng, n_nodes - n_sinks);
        edges[i].to = (uint32_t)(1 + sg_rng_below(rng, n_nodes - 1));
        const uint64_t bound = 1 + (1000000u >> sg_rng_below(rng, 20));
        edges[i].amount = sg_amount_from(sg_rng_below(rng, bound));
    }
    return n;
}

static const struct sg_flow_page page = {9600, 140, 120, 30, {1000000}, 3000};

/* Intervals on one side of a box are disjoint, inside it, and as a whole as high as the share. */
static void check_side(const struct sg_flow_layout *l, const struct sg_flow_edge *edges,
                       uint32_t node, bool leaving)
{
    const struct sg_flow_box *box = &l->boxes[node];
    for (size_t i = 0; i < l->n_bands; i++) {
        const struct sg_flow_band *a = &l->bands[i];
        const int32_t x = leaving ? box->x + page.node_width : box->x;
        if ((leaving ? edges[a->edge].from : edges[a->edge].to) != node ||
            (leaving ? a->x0 : a->x1) != x)
            continue;
        const int32_t y = leaving ? a->y0 : a->y1;
        const int32_t h = leaving ? a->height0 : a->height1;
        CHECK(h >= 0 && y >= box->y && y + h <= box->y + box->height);
        for (size_t j = i + 1; j < l->n_bands; j++) {
            const struct sg_flow_band *b = &l->bands[j];
            if ((leaving ? edges[b->edge].from : edges[b->edge].to) != node ||
                (leaving ? b->x0 : b->x1) != x)
                continue;
            const int32_t by = leaving ? b->y0 : b->y1;
            const int32_t bh = leaving ? b->height0 : b->height1;
            CHECK(y + h <= by || by + bh <= y);
        }
    }
}

static void check_layout(const struct sg_flow_layout *l, const struct sg_flow_node *nodes,
                         size_t n_nodes, const struct sg_flow_edge *edges)
{
    for (uint32_t a = 0; a < n_nodes; a++) {
        const struct sg_flow_box *box = &l->boxes[a];
        CHECK(box->slot_y >= 0 && box->slot_y + box->slot_height <= l->height);
        CHECK(box->y >= box->slot_y && box->y + box->height <= box->slot_y + box->slot_height);
        CHECK(box->height >= page.height_min && box->slot_height >= nodes[a].slot_min);
        CHECK(box->y >= box->slot_y + nodes[a].head);
        CHECK(box->x >= 0 && box->x + page.node_width <= page.width);
        for (uint32_t b = a + 1; b < n_nodes; b++) {
            const struct sg_flow_box *other = &l->boxes[b];
            if (nodes[a].layer != nodes[b].layer) {
                CHECK(box->x != other->x);
                continue;
            }
            assert_int_equal(box->x, other->x);
            CHECK(box->slot_y + box->slot_height + page.gap <= other->slot_y ||
                  other->slot_y + other->slot_height + page.gap <= box->slot_y);
        }
        check_side(l, edges, a, true);
        check_side(l, edges, a, false);
    }
}

/* The pieces of an edge form a way from its box to the other, and meet where they join. */
static void check_ways(const struct sg_flow_layout *l, const struct sg_flow_edge *edges, size_t n)
{
    for (uint32_t e = 0; e < n; e++) {
        const struct sg_flow_band *last = NULL;
        for (size_t i = 0; i < l->n_bands; i++) {
            const struct sg_flow_band *b = &l->bands[i];
            if (b->edge != e)
                continue;
            CHECK(b->x0 < b->x1);
            if (last) {
                assert_int_equal(last->x1, b->x0);
                assert_int_equal(last->y1, b->y0);
                assert_int_equal(last->height1, b->height0);
            } else {
                assert_int_equal(b->x0, l->boxes[edges[e].from].x + page.node_width);
            }
            last = b;
        }
        assert_int_equal(last != NULL, !sg_amount_is_zero(edges[e].amount));
        if (last)
            assert_int_equal(last->x1, l->boxes[edges[e].to].x);
    }
}

static void one_world(size_t n_nodes, size_t n_sinks, struct sg_rng *rng)
{
    struct sg_flow_edge edges[SG_FLOW_EDGES_MAX];
    struct sg_flow_node nodes[SG_FLOW_NODES_MAX];
    uint32_t layers[SG_FLOW_NODES_MAX];
    bool is_sink[SG_FLOW_NODES_MAX] = {false};
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_flow_layout layout, again;
    struct sg_err err;
    const size_t n = random_graph(edges, n_nodes, n_sinks, rng);
    for (size_t v = n_nodes - n_sinks; v < n_nodes; v++)
        is_sink[v] = true;
    check_cancel(edges, n, n_nodes);
    memset(layers, 0xff, sizeof(layers));
    sg_flow_layers(layers, edges, n, is_sink, n_nodes);
    for (size_t i = 0; i < n; i++)
        CHECK(sg_amount_is_zero(edges[i].amount) || layers[edges[i].from] < layers[edges[i].to]);
    for (size_t v = 0; v < n_nodes; v++)
        nodes[v] =
            (struct sg_flow_node){layers[v], sg_amount_from(sg_rng_below(rng, 5)),
                                  (int32_t)sg_rng_below(rng, 600), (int32_t)sg_rng_below(rng, 300)};
    CHECK_OK(sg_flow_layout(&layout, &arena, nodes, n_nodes, edges, n, &page, &err), &err);
    check_layout(&layout, nodes, n_nodes, edges);
    check_ways(&layout, edges, n);
    CHECK_OK(sg_flow_layout(&again, &arena, nodes, n_nodes, edges, n, &page, &err), &err);
    assert_int_equal(layout.height, again.height);
    assert_memory_equal(layout.boxes, again.boxes, n_nodes * sizeof(*again.boxes));
    assert_memory_equal(layout.bands, again.bands, again.n_bands * sizeof(*again.bands));
    sg_arena_clear(&arena);
}

static void test_random_graphs_are_laid_out_without_overlap(void **state)
{
    (void)state;
    struct sg_rng rng;
    sg_rng_init(&rng, sg_test_seed());
    for (int i = 0; i < 400; i++) {
        const size_t n_nodes = 2 + sg_rng_below(&rng, 20);
        one_world(n_nodes, 1 + sg_rng_below(&rng, n_nodes - 1), &rng);
    }
}

static void test_heights_are_in_proportion(void **state)
{
    (void)state;
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_flow_layout l;
    struct sg_err err;
    const struct sg_flow_node nodes[] = {{0, {0}, 300, 0}, {1, {0}, 300, 0}, {1, {0}, 300, 0}};
    const struct sg_flow_edge edges[] = {{0, 1, {750000}}, {0, 2, {250000}}};
    CHECK_OK(sg_flow_layout(&l, &arena, nodes, 3, edges, 2, &page, &err), &err);
    assert_int_equal(l.boxes[0].height, 3000);
    assert_int_equal(l.boxes[1].height, 2250);
    assert_int_equal(l.boxes[2].height, 750);
    assert_int_equal(l.bands[0].height0, 2250);
    assert_int_equal(l.bands[1].height1, 750);
    sg_arena_clear(&arena);
}

static void test_two_ways_that_cross_are_put_in_order(void **state)
{
    (void)state;
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_flow_layout l;
    struct sg_err err;
    /* As given, 0 -> 3 and 1 -> 2 cross. */
    const struct sg_flow_node nodes[] = {
        {0, {0}, 300, 0}, {0, {0}, 300, 0}, {1, {0}, 300, 0}, {1, {0}, 300, 0}};
    const struct sg_flow_edge edges[] = {{0, 3, {500000}}, {1, 2, {500000}}};
    CHECK_OK(sg_flow_layout(&l, &arena, nodes, 4, edges, 2, &page, &err), &err);
    CHECK((l.boxes[0].y < l.boxes[1].y) == (l.boxes[3].y < l.boxes[2].y));
    sg_arena_clear(&arena);
}

static void test_a_source_stands_just_left_of_who_it_pays(void **state)
{
    (void)state;
    /* 0 -> 1 -> 2 -> 3, and 4 -> 2: node 4 belongs beside 1, not beside 0. */
    const struct sg_flow_edge edges[] = {{0, 1, {1}}, {1, 2, {1}}, {2, 3, {2}}, {4, 2, {1}}};
    const bool is_sink[5] = {false, false, false, true, false};
    uint32_t layers[5] = {9, 9, 9, 9, 9};
    sg_flow_layers(layers, edges, 4, is_sink, 5);
    const uint32_t expected[5] = {0, 1, 2, 3, 1};
    assert_memory_equal(layers, expected, sizeof(expected));
}

static void test_more_than_a_page_shows_is_refused(void **state)
{
    (void)state;
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_flow_layout l;
    struct sg_err err;
    static struct sg_flow_node nodes[SG_FLOW_NODES_MAX + 1];
    static struct sg_flow_edge edges[SG_FLOW_EDGES_MAX + 1];
    assert_int_equal(sg_flow_cancel_cycles(edges, SG_FLOW_EDGES_MAX + 1, 1, &err), SG_ELIMIT);
    assert_int_equal(sg_flow_cancel_cycles(edges, 1, SG_FLOW_NODES_MAX + 1, &err), SG_ELIMIT);
    assert_int_equal(
        sg_flow_layout(&l, &arena, nodes, SG_FLOW_NODES_MAX + 1, edges, 1, &page, &err), SG_ELIMIT);
    const struct sg_flow_edge far[] = {{0, 1, {1}}};
    const struct sg_flow_node ends[] = {{0, {0}, 300, 0}, {SG_FLOW_PIECES_MAX + 1, {0}, 300, 0}};
    assert_int_equal(sg_flow_layout(&l, &arena, ends, 2, far, 1, &page, &err), SG_ELIMIT);
    sg_arena_clear(&arena);
}

static void test_the_largest_amounts_do_not_overflow(void **state)
{
    (void)state;
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_flow_layout l;
    struct sg_err err;
    const struct sg_amount most = sg_amount_from(~(sg_u128)0);
    const struct sg_flow_node nodes[] = {{0, most, 300, 0}, {1, most, 300, 0}, {1, most, 300, 0}};
    const struct sg_flow_edge edges[] = {{0, 1, most}, {0, 2, most}};
    CHECK_OK(sg_flow_layout(&l, &arena, nodes, 3, edges, 2, &page, &err), &err);
    check_layout(&l, nodes, 3, edges);
    sg_arena_clear(&arena);
}

static enum sg_status draw_once(void)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_flow_layout l;
    const struct sg_flow_node nodes[] = {{0, {0}, 300, 0}, {1, {0}, 300, 0}, {2, {0}, 300, 0}};
    struct sg_flow_edge edges[] = {{0, 1, {5}}, {1, 2, {5}}, {0, 2, {7}}, {1, 1, {3}}};
    enum sg_status st = sg_flow_cancel_cycles(edges, 4, 3, NULL);
    if (st == SG_OK)
        st = sg_flow_layout(&l, &arena, nodes, 3, edges, 4, &page, NULL);
    sg_arena_clear(&arena);
    return st;
}

static void test_refused_memory_is_reported(void **state)
{
    (void)state;
    CHECK_OOM_SWEEP(draw_once());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_small_graph_loses_its_cycles_and_keeps_balances),
        cmocka_unit_test(test_random_graphs_are_laid_out_without_overlap),
        cmocka_unit_test(test_heights_are_in_proportion),
        cmocka_unit_test(test_two_ways_that_cross_are_put_in_order),
        cmocka_unit_test(test_a_source_stands_just_left_of_who_it_pays),
        cmocka_unit_test(test_more_than_a_page_shows_is_refused),
        cmocka_unit_test(test_the_largest_amounts_do_not_overflow),
        cmocka_unit_test(test_refused_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
