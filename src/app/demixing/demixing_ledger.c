/* What a ledger knows of the withdrawers, as sentences beside the rules of the pool. */
#include "app/demixing/demixing.h"

#include "analysis/demix/demix_links.h"
#include "app/labelbook/labelbook.h"
#include "base/mem.h"

#include <inttypes.h>
#include <string.h>

struct noting {
    struct sg_demixing *d;
    const struct sg_ledger *ledger;
    uint32_t candidate;
    struct sg_err *err;
};

/* "COUNT SENTENCE ADDRESS", without what is not there. */
static enum sg_status note(const struct noting *n, const char *rule, const char *sentence,
                           unsigned long long count, struct sg_addr_id id)
{
    char address[SG_ADDRESS_TEXT_MAX] = "";
    struct sg_address bytes = {0};
    struct sg_buf detail = SG_BUF_INIT(1024);
    enum sg_status st = SG_OK;
    if (id.v != SG_ID_NONE)
        st = n->ledger->ops->addrs(n->ledger->self, &bytes, &id, 1, n->err);
    if (st == SG_OK && bytes.size)
        sg_address_format(address, n->ledger->chain, &bytes);
    if (count)
        sg_buf_printf(&detail, "%llu ", count);
    sg_buf_puts(&detail, sentence);
    sg_buf_puts(&detail, address);
    if (st == SG_OK)
        st = sg_buf_check(&detail, n->err);
    if (st == SG_OK)
        st = sg_demixing_note(n->d, n->candidate, rule, detail.data, n->err);
    sg_buf_clear(&detail);
    return st;
}

static enum sg_status note_service(const struct noting *n, const struct sg_demix_link *link)
{
    struct sg_buf detail = SG_BUF_INIT(1024);
    sg_buf_puts(&detail, "paid the service ");
    sg_buf_line(&detail, link->service, strlen(link->service));
    sg_buf_printf(&detail, ", as %" PRIu32 " other withdrawers of the window did%s",
                  link->n_service, link->service_shared ? " and a depositor" : "");
    enum sg_status st = sg_buf_check(&detail, n->err);
    if (st == SG_OK)
        st = sg_demixing_note(n->d, n->candidate, "same_service", detail.data, n->err);
    sg_buf_clear(&detail);
    return st;
}

static enum sg_status note_link(const struct noting *n, const struct sg_demix_link *link)
{
    const struct sg_addr_id nobody = {SG_ID_NONE};
    enum sg_status st = SG_OK;
    if (link->deposited)
        st = note(n, "address_reuse", "it sent a deposit of the theft itself", 0, nobody);
    if (st == SG_OK && link->n_direct)
        st = note(n, "linked_address", "transfers between it and a depositor, first of them ",
                  link->n_direct, link->direct);
    if (st == SG_OK && link->funder.v != SG_ID_NONE)
        st = note(n, "first_funding",
                  link->funder_shared ? "first paid by one who also paid a depositor first, or is "
                                        "one: "
                                      : "first paid by ",
                  0, link->funder);
    if (st == SG_OK && link->n_next)
        st = note(n, "gathering", "other withdrawers of the window also paid ", link->n_next,
                  link->next);
    if (st == SG_OK && link->same.v != SG_ID_NONE)
        st = note(n, "same_next_hop", "a depositor also paid whom it paid: ", 0, link->same);
    return st == SG_OK && link->service ? note_service(n, link) : st;
}

static enum sg_status note_all(struct sg_demixing *d, const struct sg_ledger *ledger,
                               const struct sg_demix_link *links, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    for (size_t c = 0; st == SG_OK && c < d->ranking.window.n_candidates; c++) {
        const struct noting n = {d, ledger, (uint32_t)c, err};
        d->n_in_ledger += links[c].in_ledger;
        st = note_link(&n, &links[c]);
    }
    return st;
}

static enum sg_status look(struct sg_demixing *d, const struct sg_ledger *ledger,
                           const struct sg_exposure_book *book, struct sg_err *err)
{
    struct sg_arena arena = SG_ARENA_INIT;
    const size_t n = d->ranking.window.n_candidates;
    struct sg_address *addresses = sg_arena_alloc(&arena, n + 1, sizeof(*addresses));
    uint8_t(*deposits)[32] = sg_arena_alloc(&arena, d->n_marks + 1, sizeof(*deposits));
    struct sg_demix_link *links = sg_arena_alloc(&arena, n + 1, sizeof(*links));
    enum sg_status st = addresses && deposits && links ? SG_OK : sg_err_nomem(err);
    for (size_t c = 0; st == SG_OK && c < n; c++)
        addresses[c] = d->pool.addresses[d->ranking.window.candidates[c].address];
    for (size_t i = 0; st == SG_OK && i < d->n_marks; i++)
        memcpy(deposits[i], d->marks[i].tx32, sizeof(deposits[i]));
    const struct sg_demix_links_input input = {
        ledger, addresses, n, (const uint8_t(*)[32])deposits, d->n_marks, book};
    if (st == SG_OK)
        st = sg_demix_links_find(links, &input, err);
    if (st == SG_OK)
        st = note_all(d, ledger, links, err);
    sg_arena_clear(&arena);
    return st;
}

/* With the labels of a store as they stand last, or without any. */
static enum sg_status look_with_labels(struct sg_demixing *d, const struct sg_ledger *ledger,
                                       const char *labels, struct sg_err *err)
{
    struct sg_labelstore store = {0};
    struct sg_labelbook book;
    if (!labels)
        return look(d, ledger, NULL, err);
    enum sg_status st = sg_labelstore_open(&store, labels, err);
    if (st != SG_OK)
        return st;
    sg_labelbook_open(&book, &store, ledger, INT64_MAX);
    st = look(d, ledger, &book.book, err);
    sg_labelbook_close(&book);
    sg_labelstore_close(&store);
    return st;
}

enum sg_status sg_demixing_ledger(struct sg_demixing *d, const char *dir, const char *labels,
                                  struct sg_err *err)
{
    struct sg_ledger ledger = {0};
    const struct sg_chain *chain = d->chain ? d->chain : sg_chain_find("ethereum", 8);
    enum sg_status st = sg_ledger_open(&ledger, dir, chain, err);
    if (st == SG_OK)
        st = sg_demixing_ledger_prices(d, &ledger, err);
    if (st == SG_OK)
        st = look_with_labels(d, &ledger, labels, err);
    d->has_ledger = st == SG_OK;
    sg_ledger_close(&ledger);
    return st;
}
