/* Goal: groups are those of average linkage, and every two records that share a key meet unless too
 * many have it, which is told. Method: random small worlds against slow and plain versions. */
#include "analysis/linkage/linkage_internal.h"

#include "base/mem.h"
#include "base/rng.h"
#include "oracle/link_parts.h"
#include "support/check.h"

#include <string.h>

#define FIELDS 8

/* Of the code under test: evidence of one pair counts up to this. */
#define CLAMP (10 * LK_MIB)

struct world {
    struct sg_roster roster;
    struct sg_link_model model;
    struct sg_link_options options;
    struct lk *lk;
};

/* Each person has a word in each column; a record has its person's, a near one, another or none. */
static void put_cell(struct sg_buf *csv, struct sg_rng *rng, uint64_t person, size_t field)
{
    const uint64_t luck = sg_rng_below(rng, 10), n_words = field ? 7 : 4;
    const uint64_t word =
        luck == 0 ? sg_rng_below(rng, n_words) : (person * (field + 3) + field) % n_words;
    if (luck == 1)
        return;
    sg_buf_printf(csv, "%c%c%c%c%s", (int)('a' + word), (int)('h' + word), (int)('o' + word),
                  (int)('a' + field), luck == 2 ? "x" : "");
}

static void read_world(struct world *w, struct sg_rng *rng, size_t n_rows, uint64_t n_people)
{
    struct sg_buf csv = SG_BUF_INIT((size_t)1 << 20);
    struct sg_roster_reader *reader = NULL;
    struct sg_err err;
    sg_buf_puts(&csv, "a,b,c,d,e,f,g,h\n");
    for (size_t r = 0; r < n_rows; r++) {
        const uint64_t person = sg_rng_below(rng, n_people);
        for (size_t f = 0; f < FIELDS; f++) {
            sg_buf_puts(&csv, f ? "," : "");
            put_cell(&csv, rng, person, f);
        }
        sg_buf_puts(&csv, "\n");
    }
    CHECK_OK(sg_roster_begin(&reader, &w->roster, &err), &err);
    CHECK_OK(sg_roster_feed(reader, csv.data, csv.size, &err), &err);
    CHECK_OK(sg_roster_finish(reader, &err), &err);
    sg_roster_reader_free(reader);
    sg_buf_clear(&csv);
}

/* Shares that differ by field, so that sums of evidence are seldom equal and never clamped. */
static void give_model(struct sg_link_model *model, struct sg_rng *rng, enum sg_link_kind kind)
{
    model->n_fields = FIELDS;
    model->prior = 0.2;
    for (size_t f = 0; f < FIELDS; f++) {
        struct sg_link_field *field = &model->fields[f];
        const size_t n = sg_link_n_levels(kind);
        *field = (struct sg_link_field){
            .column = f, .kind = kind, .swap = SIZE_MAX, .implied = SIZE_MAX, .fixed = true};
        const double m = 0.4 + (double)sg_rng_below(rng, 10000) / 40000,
                     u = 0.2 + (double)sg_rng_below(rng, 10000) / 80000;
        for (size_t i = 0; i < n; i++) {
            field->m[i] = i + 1 == n ? m : (1 - m) / (double)(n - 1);
            field->u[i] = i + 1 == n ? u : (1 - u) / (double)(n - 1);
        }
    }
}

static void begin(struct world *w, struct sg_rng *rng, size_t n_rows, uint64_t n_people,
                  enum sg_link_kind kind)
{
    struct sg_err err;
    memset(w, 0, sizeof(*w));
    read_world(w, rng, n_rows, n_people);
    give_model(&w->model, rng, kind);
    w->options.n_threads = 1 + sg_rng_below(rng, 2);
    w->lk = sg_mem_zalloc(1, sizeof(*w->lk));
    assert_non_null(w->lk);
    w->lk->roster = &w->roster;
    w->lk->model = &w->model;
    w->lk->options = &w->options;
    w->lk->n_rows = w->roster.n_rows;
    w->lk->n_fields = FIELDS;
    w->lk->threshold_mib = -2 * LK_MIB;
    CHECK_OK(sg_lk_columns(w->lk, &err), &err);
    sg_lk_set_weights(w->lk);
}

static void end(struct world *w)
{
    sg_lk_free(w->lk);
    sg_roster_clear(&w->roster);
}

/* ---- groups ---- */

/* All pairs that may matter are known, as if blocks had missed none. */
static void weigh_all(int32_t *weights, struct lk *lk)
{
    const size_t n = lk->n_rows;
    lk->n_chunks = 1;
    lk->chunks = sg_mem_zalloc(1, sizeof(*lk->chunks));
    assert_non_null(lk->chunks);
    lk->chunks->pairs = sg_mem_alloc(n * n, sizeof(*lk->chunks->pairs));
    assert_non_null(lk->chunks->pairs);
    for (uint32_t a = 0; a < n; a++)
        for (uint32_t b = a + 1; b < n; b++) {
            uint8_t levels[SG_LINK_FIELDS_MAX];
            sg_lk_compare(levels, lk, a, b);
            const int32_t weight = sg_lk_weight(lk, levels, a, b);
            weights[a * n + b] = weights[b * n + a] = weight < -CLAMP  ? -CLAMP
                                                      : weight > CLAMP ? CLAMP
                                                                       : weight;
            if (weight >= SG_LINK_LIST_MIN)
                lk->chunks->pairs[lk->chunks->n_pairs++] = (struct sg_link_pair){a, b, weight};
        }
}

static void check_groups(const struct sg_link_result *r, const uint32_t *lowest,
                         const int64_t *worst, size_t n)
{
    size_t members = 0;
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++)
            assert_int_equal(r->group_of[a] == r->group_of[b], lowest[a] == lowest[b]);
    for (size_t g = 0; g < r->n_groups; g++) {
        const uint32_t first = r->members[r->groups[g].begin];
        assert_int_equal(lowest[first], first);
        assert_int_equal(r->groups[g].cohesion_mib, worst[first]);
        members += r->groups[g].count;
    }
    for (size_t a = 0; a < n; a++)
        members -= worst[a] != INT64_MAX;
    assert_int_equal(members, 0);
}

/* Whether the world had no tie, and so was compared. */
static bool group_world(struct sg_rng *rng, size_t *n_joined)
{
    struct world w;
    uint32_t lowest[ORACLE_LINK_ROWS];
    int64_t worst[ORACLE_LINK_ROWS];
    static int32_t weights[ORACLE_LINK_ROWS * ORACLE_LINK_ROWS];
    struct sg_link_result r = {0};
    struct sg_err err;
    begin(&w, rng, 2 + sg_rng_below(rng, 19), 1 + sg_rng_below(rng, 6), SG_LINK_CATEGORY);
    const size_t n = w.lk->n_rows;
    weigh_all(weights, w.lk);
    r.group_of = sg_mem_zalloc(n + 1, sizeof(*r.group_of));
    assert_non_null(r.group_of);
    CHECK_OK(sg_lk_groups(&r, w.lk, &err), &err);
    const bool compared = oracle_link_average(lowest, worst, weights, n, w.lk->threshold_mib);
    if (compared)
        check_groups(&r, lowest, worst, n);
    *n_joined += n - r.n_groups_all;
    sg_link_clear(&r);
    end(&w);
    return compared;
}

static void test_groups_are_those_of_average_linkage(void **state)
{
    struct sg_rng rng;
    size_t n_compared = 0, n_joined = 0;
    (void)state;
    sg_rng_init(&rng, sg_test_seed());
    for (int i = 0; i < 150; i++)
        n_compared += group_world(&rng, &n_joined);
    assert_true(n_compared >= 50 && n_joined >= 300);
}

/* ---- blocks ---- */

static void check_block(bool *meet, const struct lk *lk, const struct lk_block *block)
{
    const size_t n = lk->n_rows;
    uint32_t *keys = sg_mem_alloc(n, sizeof(*keys));
    uint32_t partners[LK_BLOCK_MAX];
    assert_non_null(keys);
    for (size_t a = 0; a < n; a++)
        keys[a] = sg_lk_rule_key(lk, &block->rule, a);
    assert_int_equal(block->rule.large_rows, oracle_link_large(keys, n, LK_BLOCK_MAX));
    for (uint32_t a = 0; a < n; a++) {
        size_t found = sg_lk_partners(partners, block, a), i = 0;
        for (uint32_t b = a + 1; b < n; b++) {
            if (!oracle_link_meet(keys, n, a, b, LK_BLOCK_MAX))
                continue;
            assert_true(i < found && partners[i++] == b);
            meet[a * n + b] = true;
        }
        assert_int_equal(i, found);
    }
    sg_mem_free(keys);
}

/* Returns rows in blocks that are too large. */
static uint64_t block_world(struct sg_rng *rng, size_t n_rows, uint64_t n_people)
{
    struct world w;
    struct sg_err err;
    size_t pairs = 0;
    uint64_t large = 0;
    begin(&w, rng, n_rows, n_people, SG_LINK_NAME);
    const size_t n = w.lk->n_rows;
    bool *meet = sg_mem_zalloc(n * n, sizeof(*meet));
    assert_non_null(meet);
    CHECK_OK(sg_lk_rules(w.lk, &err), &err);
    /* One that nobody would choose: few words, so that many rows have each. */
    w.lk->blocks[w.lk->n_blocks++].rule = (struct sg_link_rule){.fields = {0, SIZE_MAX}};
    CHECK_OK(sg_lk_blocks(w.lk, &err), &err);
    for (size_t k = 0; k < w.lk->n_blocks; k++) {
        check_block(meet, w.lk, &w.lk->blocks[k]);
        large += w.lk->blocks[k].rule.large_rows;
    }
    CHECK_OK(sg_lk_pairs(w.lk, &err), &err);
    for (size_t i = 0; i < n * n; i++)
        pairs += meet[i];
    assert_true(pairs > 0);
    assert_int_equal(w.lk->n_compared, pairs);
    sg_mem_free(meet);
    end(&w);
    return large;
}

static void test_whoever_shares_a_key_meets_or_is_told(void **state)
{
    struct sg_rng rng;
    (void)state;
    sg_rng_init(&rng, sg_test_seed());
    for (int i = 0; i < 4; i++)
        (void)block_world(&rng, 60 + sg_rng_below(&rng, 60), 20);
    /* About 100 rows share each word of the first column: some too many, some not. */
    assert_true(block_world(&rng, 500, 1000) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_groups_are_those_of_average_linkage),
        cmocka_unit_test(test_whoever_shares_a_key_meets_or_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
