#include "analysis/decoys/decoys.h"

#include "analysis/decoys/decoys_internal.h"
#include "base/mem.h"
#include "base/vec.h"

#include <string.h>

/* The course of it: the rows of the subjects and who sent their transactions; which addresses look
 * like others, for a copy that was paid may be a subject too and must not vouch for its own rows;
 * which tokens are fakes; what was marked, in order of the rows. */

static bool take_row(void *ctx, const struct sg_row *row)
{
    struct sg_decoy_finder *f = ctx;
    if (!SG_VEC_RESERVE(f->rows, f->n_rows, f->rows_cap, 1))
        return false;
    f->rows[f->n_rows++] = *row;
    return true;
}

/* Count what the visit took: it stops where memory was refused. */
static bool count_row(void *ctx, const struct sg_row *row)
{
    (void)row;
    ++*(size_t *)ctx;
    return true;
}

static enum sg_status read_rows(struct sg_decoy_finder *f, struct sg_err *err)
{
    const struct sg_decoys_input *in = f->input;
    const struct sg_ledger *ledger = in->ledger;
    size_t n = 0, n_rows = 0;
    while (n < in->n_subjects && in->subjects[n].v < ledger->stats.addresses)
        if (!sg_ids_put(&f->subjects, in->subjects[n++].v, 1))
            return sg_err_nomem(err);
    if (n == 0)
        return SG_OK;
    enum sg_status st =
        ledger->ops->rows_of(ledger->self, in->subjects, n, 0, count_row, &n_rows, err);
    if (st != SG_OK)
        return st;
    if (n_rows >= SG_NO_PLACE)
        return sg_err_set(err, SG_ELIMIT, "the addresses have more than 2^32 rows");
    if (!SG_VEC_RESERVE(f->rows, f->n_rows, f->rows_cap, n_rows + 1))
        return sg_err_nomem(err);
    return ledger->ops->rows_of(ledger->self, in->subjects, n, 0, take_row, f, err);
}

/* Who sent each row's transaction. Rows ascend, and so do their transactions. */
static enum sg_status read_senders(struct sg_decoy_finder *f, struct sg_err *err)
{
    const struct sg_ledger *ledger = f->input->ledger;
    struct sg_tx_id *ids = sg_mem_alloc(f->n_rows + 1, sizeof(*ids));
    struct sg_tx *txs = NULL;
    size_t n = 0;
    f->senders = sg_mem_alloc(f->n_rows + 1, sizeof(*f->senders));
    enum sg_status st = ids && f->senders ? SG_OK : sg_err_nomem(err);
    for (size_t i = 0; st == SG_OK && i < f->n_rows; i++)
        if (n == 0 || ids[n - 1].v != f->rows[i].tx.v)
            ids[n++] = f->rows[i].tx;
    if (st == SG_OK) {
        txs = sg_mem_alloc(n + 1, sizeof(*txs));
        st = txs ? SG_OK : sg_err_nomem(err);
    }
    if (st == SG_OK && n)
        st = ledger->ops->txs(ledger->self, txs, ids, n, err);
    for (size_t i = 0, t = 0; st == SG_OK && i < f->n_rows; i++) {
        while (ids[t].v != f->rows[i].tx.v)
            t++;
        f->senders[i] = txs[t].sender;
    }
    sg_mem_free(txs);
    sg_mem_free(ids);
    return st;
}

static enum sg_status find_signed(struct sg_decoy_finder *f, struct sg_err *err)
{
    struct sg_ids copies = {0};
    bool ok = true;
    for (size_t i = 0; ok && i < f->n_parties; i++)
        if (f->parties[i].original != SG_NO_PLACE)
            ok = sg_ids_put(&copies, f->parties[i].addr.v, 1);
    f->is_signed = ok ? sg_mem_alloc(f->n_rows + 1, sizeof(*f->is_signed)) : NULL;
    for (size_t i = 0; f->is_signed && i < f->n_rows; i++)
        f->is_signed[i] = sg_decoy_is_subject(f, f->senders[i]) &&
                          sg_ids_get(&copies, f->senders[i].v) == SG_IDS_NONE;
    sg_ids_clear(&copies);
    return f->is_signed ? SG_OK : sg_err_nomem(err);
}

struct sg_decoy sg_decoy_make(const struct sg_decoy_finder *f, size_t row,
                              const struct sg_decoy_mark *mark)
{
    const struct sg_row *r = &f->rows[row];
    const bool alike = mark->kinds & SG_DECOY_LOOKALIKE, fake = mark->kinds & SG_DECOY_FAKE_TOKEN;
    return (struct sg_decoy){.row = *r,
                             .kinds = mark->kinds,
                             .first = mark->first,
                             .last = mark->last,
                             .subject = sg_decoy_is_subject(f, r->from) ? r->from : r->to,
                             .lookalike = {alike ? mark->lookalike : SG_ID_NONE},
                             .imitated = {alike ? mark->imitated : SG_ID_NONE},
                             .imitated_asset = {fake ? mark->imitated_asset : SG_ID_NONE}};
}

static enum sg_status gather(struct sg_decoys *decoys, const struct sg_decoy_finder *f,
                             struct sg_err *err)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n_rows; i++)
        n += f->marks[i].kinds != 0;
    struct sg_decoy *items = sg_arena_alloc(f->arena, n + 1, sizeof(*items));
    uint64_t *rows = sg_arena_alloc(f->arena, n + 1, sizeof(*rows));
    struct sg_decoy *paid = sg_arena_alloc(f->arena, f->n_paid + 1, sizeof(*paid));
    if (!items || !rows || !paid)
        return sg_err_nomem(err);
    *decoys = (struct sg_decoys){.items = items, .rows = rows, .paid = paid, .n_paid = f->n_paid};
    for (size_t i = 0; i < f->n_rows; i++)
        if (f->marks[i].kinds) {
            rows[decoys->n_items] = f->rows[i].id;
            items[decoys->n_items++] = sg_decoy_make(f, i, &f->marks[i]);
        }
    if (f->n_paid)
        memcpy(paid, f->paid, f->n_paid * sizeof(*paid));
    return SG_OK;
}

enum sg_status sg_decoys_find(struct sg_decoys *decoys, struct sg_arena *arena,
                              const struct sg_decoys_input *input, struct sg_err *err)
{
    struct sg_decoy_finder f = {.input = input, .arena = arena};
    enum sg_status st = read_rows(&f, err);
    if (st == SG_OK)
        st = read_senders(&f, err);
    if (st == SG_OK) {
        f.marks = sg_mem_zalloc(f.n_rows + 1, sizeof(*f.marks));
        st = f.marks ? sg_decoy_assets(&f, err) : sg_err_nomem(err);
    }
    if (st == SG_OK)
        st = sg_decoy_parties(&f, err);
    if (st == SG_OK)
        st = find_signed(&f, err);
    if (st == SG_OK)
        st = sg_decoy_tokens(&f, err);
    if (st == SG_OK)
        st = sg_decoy_lookalikes(&f, err);
    if (st == SG_OK)
        st = gather(decoys, &f, err);
    sg_ids_clear(&f.subjects);
    sg_ids_clear(&f.asset_at);
    sg_mem_free(f.rows);
    sg_mem_free(f.senders);
    sg_mem_free(f.is_signed);
    sg_mem_free(f.parties);
    sg_mem_free(f.assets);
    sg_mem_free(f.marks);
    sg_mem_free(f.paid);
    sg_mem_free(f.deals);
    return st;
}
