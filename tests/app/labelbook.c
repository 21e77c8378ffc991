/* Goal: one label speaks for an address, by the rule of the header, as of a day, and is looked up
 * once. Method: a store on disk with claims that contradict each other; refused memory. */
#include "support/check.h"
#include "support/mem_ledger.h"

#include "app/labelbook/labelbook.h"

#include <stdio.h>
#include <string.h>

static char dir[256];
static struct sg_labelstore store;

struct claim {
    uint8_t number;
    const char *entity;
    enum sg_category category;
    const char *programme;
    int64_t listed, delisted;
};

#define DAY(n) ((int64_t)(n)*86400)

static const struct claim claims[] = {
    {1, "Sanctioned party", SG_CATEGORY_SANCTIONED, "DPRK3", DAY(100), SG_TIME_UNKNOWN},
    {1, "Mixer", SG_CATEGORY_MIXER, NULL, SG_TIME_UNKNOWN, SG_TIME_UNKNOWN},
    {2, "Thief", SG_CATEGORY_THEFT, NULL, SG_TIME_UNKNOWN, SG_TIME_UNKNOWN},
    {2, "Somebody", SG_CATEGORY_PERSON, NULL, SG_TIME_UNKNOWN, SG_TIME_UNKNOWN},
    {3, "Old exchange", SG_CATEGORY_EXCHANGE, NULL, DAY(10), DAY(20)},
};

static int make_store(void **state)
{
    const struct sg_label_pack pack = {.title = "made up", .date_unix_s = SG_TIME_UNKNOWN};
    struct sg_labels_writer *writer;
    struct sg_err err;
    bool is_new;
    (void)state;
    snprintf(dir, sizeof(dir), "%s/L", sg_test_mkdir());
    CHECK_OK(sg_labels_begin(&writer, dir, &err), &err);
    CHECK_OK(sg_labels_pack_begin(writer, &err), &err);
    for (size_t i = 0; i < SG_COUNT_OF(claims); i++) {
        char subject[64];
        struct sg_label label;
        sg_label_init(&label);
        snprintf(subject, sizeof(subject), "0x%040x", claims[i].number);
        label.subject = subject;
        label.entity = claims[i].entity;
        label.category = claims[i].category;
        label.programme = claims[i].programme;
        label.listed_unix_s = claims[i].listed;
        label.delisted_unix_s = claims[i].delisted;
        CHECK_OK(sg_labels_add(writer, &label, &err), &err);
    }
    CHECK_OK(sg_labels_pack_end(&is_new, writer, &pack, "csv", "f.csv", &err), &err);
    CHECK_OK(sg_labels_commit(writer, &err), &err);
    CHECK_OK(sg_labelstore_open(&store, dir, &err), &err);
    return 0;
}

static int drop_store(void **state)
{
    (void)state;
    sg_labelstore_close(&store);
    dir[strlen(dir) - 2] = 0;
    sg_test_rmdir(dir);
    return 0;
}

struct world {
    struct mem_ledger mem;
    struct sg_ledger ledger;
    struct sg_labelbook book;
};

static void open_world(struct world *w, const struct sg_labelstore *known, int64_t as_of)
{
    memset(w, 0, sizeof(*w));
    for (uint8_t i = 0; i <= 4; i++)
        assert_int_equal(mem_addr_n(&w->mem, i).v, i);
    w->ledger = mem_view(&w->mem, &mem_chain);
    sg_labelbook_open(&w->book, known, &w->ledger, as_of);
}

static void close_world(struct world *w)
{
    sg_labelbook_close(&w->book);
    mem_clear(&w->mem);
}

static const struct sg_exposure_label *look(struct world *w, uint32_t id)
{
    const struct sg_exposure_label *label = NULL;
    struct sg_err err;
    CHECK_OK(w->book.book.look(w->book.book.ctx, &label, (struct sg_addr_id){id}, &err), &err);
    return label;
}

static void test_a_service_speaks_first_and_keeps_the_mark_of_a_sanction(void **state)
{
    struct world w;
    (void)state;
    open_world(&w, &store, INT64_MAX);
    assert_string_equal(look(&w, 1)->entity, "Mixer");
    CHECK(look(&w, 1)->is_service && look(&w, 1)->is_sanctioned);
    assert_string_equal(look(&w, 2)->entity, "Thief"); /* crime before the rest */
    CHECK(!look(&w, 2)->is_service && !look(&w, 2)->is_sanctioned);
    assert_null(look(&w, 4));
    assert_null(look(&w, 77)); /* not of this ledger */
    assert_ptr_equal(look(&w, 2), look(&w, 2));
    assert_int_equal(w.book.n_labels, 4);
    close_world(&w);
}

static void test_what_was_not_in_force_on_the_day_says_nothing(void **state)
{
    struct world w;
    (void)state;
    open_world(&w, &store, DAY(15));
    CHECK(!look(&w, 1)->is_sanctioned);
    assert_string_equal(look(&w, 3)->entity, "Old exchange");
    close_world(&w);
    open_world(&w, &store, DAY(25));
    assert_null(look(&w, 3));
    close_world(&w);
}

static void test_without_a_store_nobody_is_known(void **state)
{
    struct world w;
    (void)state;
    open_world(&w, NULL, INT64_MAX);
    assert_null(look(&w, 1));
    close_world(&w);
}

static bool refuse(void *ctx, uint64_t done, uint64_t total)
{
    (void)ctx;
    (void)done;
    (void)total;
    return false;
}

static void test_work_stops_on_request(void **state)
{
    const struct sg_progress progress = {refuse, NULL};
    const struct sg_exposure_label *label = NULL;
    struct world w;
    struct sg_err err;
    (void)state;
    open_world(&w, &store, INT64_MAX);
    w.book.progress = &progress;
    assert_int_equal(w.book.book.look(&w.book, &label, (struct sg_addr_id){1}, &err),
                     SG_ECANCELLED);
    close_world(&w);
}

static enum sg_status look_swept(struct sg_ledger *ledger, struct sg_err *err)
{
    const struct sg_exposure_label *label = NULL;
    struct sg_labelbook book;
    sg_labelbook_open(&book, &store, ledger, INT64_MAX);
    enum sg_status st = book.book.look(&book, &label, (struct sg_addr_id){1}, err);
    if (st == SG_OK)
        st = book.book.look(&book, &label, (struct sg_addr_id){2}, err);
    sg_labelbook_close(&book);
    return st;
}

static void test_every_refused_allocation_ends_in_nomem_and_leaks_nothing(void **state)
{
    struct world w;
    struct sg_err err;
    (void)state;
    open_world(&w, &store, INT64_MAX);
    CHECK_OOM_SWEEP(look_swept(&w.ledger, &err));
    close_world(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_service_speaks_first_and_keeps_the_mark_of_a_sanction),
        cmocka_unit_test(test_what_was_not_in_force_on_the_day_says_nothing),
        cmocka_unit_test(test_without_a_store_nobody_is_known),
        cmocka_unit_test(test_work_stops_on_request),
        cmocka_unit_test(test_every_refused_allocation_ends_in_nomem_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, make_store, drop_store);
}
