#include "store/import/desk_internal.h"

#include "base/mem.h"
#include "base/vec.h"
#include "store/import/draft_internal.h"

#include <stdlib.h>
#include <string.h>

#define NO_DRAFT UINT32_MAX

/* Place of a transaction in its block, as one number: known indexes first, then arrival, and what
 * has no hash at the end. Where two claim one index, the first that was laid down: the ledger's
 * transactions with an index come before those without, and both before any of a file. */
#define PLACE_UNKNOWN ((uint64_t)1 << 63)
#define PLACE_LOOSE   UINT64_MAX

/* A slot of the table hash -> draft; valid where the stamp is that of the block. */
struct slot {
    uint32_t stamp;
    uint32_t draft;
};

struct place {
    uint64_t rank;
    uint32_t draft;
};

struct sg_desk {
    const struct sg_doubts *doubts;
    size_t memory_max;
    struct sg_desk_counts counts;

    uint64_t block;
    int64_t time_unix_s; /* of the block, by a record of its own */
    const struct sg_packed *time_origin;
    struct sg_draft *drafts;
    size_t n_drafts, cap_drafts;
    struct sg_claim *claims;
    size_t n_claims, cap_claims;
    uint32_t loose;  /* the draft without a hash, or NO_DRAFT */
    uint32_t latest; /* draft of the record before */

    struct slot *slots;
    size_t n_slots; /* a power of two, or 0 */
    uint32_t stamp;

    struct place *places;
    size_t cap_places;
    struct sg_claim *scratch;
    size_t cap_scratch;
};

void sg_outbox_clear(struct sg_outbox *outbox)
{
    sg_mem_free(outbox->txs);
    sg_mem_free(outbox->rows);
    memset(outbox, 0, sizeof(*outbox));
}

enum sg_status sg_desk_new(struct sg_desk **out, const struct sg_doubts *doubts, size_t memory_max,
                           struct sg_err *err)
{
    struct sg_desk *desk = sg_mem_zalloc(1, sizeof(*desk));
    if (!desk)
        return sg_err_nomem(err);
    desk->doubts = doubts;
    desk->memory_max = memory_max;
    *out = desk;
    return SG_OK;
}

void sg_desk_begin(struct sg_desk *desk, uint64_t block)
{
    desk->block = block;
    desk->time_unix_s = SG_TIME_UNKNOWN;
    desk->time_origin = NULL;
    desk->n_drafts = 0;
    desk->n_claims = 0;
    desk->loose = NO_DRAFT;
    desk->latest = NO_DRAFT;
    if (++desk->stamp == 0) { /* Old stamps would be valid again. */
        if (desk->slots)
            memset(desk->slots, 0, desk->n_slots * sizeof(*desk->slots));
        desk->stamp = 1;
    }
}

/* Hashes come from outside, so a file could be made whose hashes all meet in one slot. The address
 * of the desk differs from run to run and is mixed in; no result depends on the slot. */
static size_t slot_of(const struct sg_desk *desk, const uint8_t *hash32)
{
    uint64_t mixed = (uint64_t)(uintptr_t)desk;
    for (size_t i = 0; i < 4; i++) {
        uint64_t word;
        memcpy(&word, hash32 + 8 * i, sizeof(word));
        mixed = (mixed ^ word) * 0x9e3779b97f4a7c15u;
        mixed ^= mixed >> 29;
    }
    return (size_t)mixed & (desk->n_slots - 1);
}

/* The slot that holds the hash, or the empty one where it belongs. */
static struct slot *find_slot(const struct sg_desk *desk, const uint8_t *hash32)
{
    size_t at = slot_of(desk, hash32);
    for (;; at = (at + 1) & (desk->n_slots - 1)) {
        struct slot *slot = &desk->slots[at];
        if (slot->stamp != desk->stamp || memcmp(desk->drafts[slot->draft].hash32, hash32, 32) == 0)
            return slot;
    }
}

static bool grow_slots(struct sg_desk *desk)
{
    if (2 * (desk->n_drafts + 1) <= desk->n_slots)
        return true;
    const size_t grown = desk->n_slots ? 2 * desk->n_slots : 256;
    struct slot *slots = sg_mem_zalloc(grown, sizeof(*slots));
    if (!slots)
        return false;
    sg_mem_free(desk->slots);
    desk->slots = slots;
    desk->n_slots = grown;
    for (uint32_t i = 0; i < desk->n_drafts; i++)
        if (desk->drafts[i].hash32)
            *find_slot(desk, desk->drafts[i].hash32) = (struct slot){desk->stamp, i};
    return true;
}

/* One block must fit, in drafts, claims and the rows they become. */
static enum sg_status check_room(const struct sg_desk *desk, struct sg_err *err)
{
    const size_t used = desk->n_drafts * (sizeof(struct sg_draft) + sizeof(struct sg_batch_tx)) +
                        desk->n_claims * (sizeof(struct sg_claim) + sizeof(struct sg_batch_row));
    if (used > desk->memory_max || desk->n_claims >= SG_CLAIM_NONE - 1)
        return sg_err_set(err, SG_ELIMIT,
                          "block %llu alone needs more memory than the limit; allow more",
                          (unsigned long long)desk->block);
    return SG_OK;
}

static enum sg_status add_draft(uint32_t *index, struct sg_desk *desk, const uint8_t *hash32,
                                struct sg_err *err)
{
    const enum sg_status st = check_room(desk, err);
    if (st != SG_OK)
        return st;
    if (!SG_VEC_RESERVE(desk->drafts, desk->n_drafts, desk->cap_drafts, 1))
        return sg_err_nomem(err);
    *index = (uint32_t)desk->n_drafts;
    sg_draft_init(&desk->drafts[desk->n_drafts++], hash32, *index);
    return SG_OK;
}

/* The draft of a hash, or the block's loose one for NULL; begun where there is none yet. */
static enum sg_status find_draft(struct sg_draft **draft, struct sg_desk *desk,
                                 const uint8_t *hash32, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    uint32_t index = hash32 ? desk->latest : desk->loose;
    if (!hash32 && index == NO_DRAFT) {
        st = add_draft(&index, desk, NULL, err);
        desk->loose = index;
    } else if (hash32 &&
               (index == NO_DRAFT || memcmp(desk->drafts[index].hash32, hash32, 32) != 0)) {
        if (!grow_slots(desk))
            return sg_err_nomem(err);
        struct slot *slot = find_slot(desk, hash32);
        if (slot->stamp != desk->stamp) {
            st = add_draft(&index, desk, hash32, err);
            if (st == SG_OK)
                *slot = (struct slot){desk->stamp, index};
        } else {
            index = slot->draft;
        }
    }
    if (st != SG_OK)
        return st;
    if (hash32)
        desk->latest = index;
    *draft = &desk->drafts[index];
    return SG_OK;
}

static enum sg_status add_claim(struct sg_desk *desk, struct sg_draft *draft,
                                const struct sg_claim *claim, struct sg_err *err)
{
    const enum sg_status st = check_room(desk, err);
    if (st != SG_OK)
        return st;
    if (!SG_VEC_RESERVE(desk->claims, desk->n_claims, desk->cap_claims, 1))
        return sg_err_nomem(err);
    const uint32_t index = (uint32_t)desk->n_claims++;
    desk->claims[index] = *claim;
    desk->claims[index].order = index;
    desk->claims[index].next = SG_CLAIM_NONE;
    if (draft->last == SG_CLAIM_NONE)
        draft->first = index;
    else
        desk->claims[draft->last].next = index;
    draft->last = index;
    draft->n_claims++;
    if (claim->kind == SG_ROW_NATIVE && draft->value == SG_CLAIM_NONE)
        draft->value = index;
    return SG_OK;
}

static struct sg_claim claim_of_row(const struct sg_batch_row *row, bool is_traced)
{
    return (struct sg_claim){
        .amount = row->amount,
        .from = row->from,
        .to = row->to,
        .token = row->token,
        .source = SG_SOURCE_LEDGER,
        .pos = row->pos,
        .kind = row->kind,
        .flags = row->flags,
        .is_trace = is_traced && (row->kind == SG_ROW_NATIVE || row->kind == SG_ROW_INTERNAL),
    };
}

enum sg_status sg_desk_take_past(struct sg_desk *desk, const struct sg_batch_tx *tx,
                                 const struct sg_batch_row *rows, struct sg_err *err)
{
    struct sg_draft *draft;
    enum sg_status st =
        find_draft(&draft, desk, tx->flags & SG_TX_HAS_HASH ? tx->hash32 : NULL, err);
    if (st != SG_OK)
        return st;
    sg_draft_take_past(draft, tx, rows);
    for (uint32_t i = 0; i < tx->n_rows && st == SG_OK; i++) {
        const struct sg_claim claim = claim_of_row(&rows[i], draft->is_traced);
        st = add_claim(desk, draft, &claim, err);
    }
    return st;
}

static enum sg_row_kind row_kind_of(const struct sg_unpacked *record)
{
    switch ((enum sg_record_kind)record->packed->kind) {
    case SG_RECORD_TX:
        return SG_ROW_NATIVE;
    case SG_RECORD_TOKEN:
        return SG_ROW_TOKEN;
    case SG_RECORD_TRACE:
        return record->is_reward || !record->hash32 ? SG_ROW_REWARD : SG_ROW_INTERNAL;
    case SG_RECORD_INTERNAL:
    case SG_RECORD_RECEIPT:
    case SG_RECORD_BLOCK:
        break;
    }
    return record->is_reward ? SG_ROW_REWARD : SG_ROW_INTERNAL;
}

static uint8_t row_flags_of(const struct sg_unpacked *record, enum sg_row_kind kind)
{
    const struct sg_packed *packed = record->packed;
    const bool is_known = kind == SG_ROW_TOKEN && packed->log_index != SG_INDEX_UNKNOWN;
    /* Whether the transaction failed is settled for all its rows at once. */
    const bool is_call = packed->kind != SG_RECORD_TX && !(record->path && !packed->path_size);
    return (uint8_t)((is_call && packed->status == SG_TX_FAILED ? SG_ROW_FAILED : 0) |
                     (record->is_create ? SG_ROW_CREATE : 0) |
                     (record->amount_out_of_range ? SG_ROW_OUT_OF_RANGE : 0) |
                     (is_known ? SG_ROW_POS_KNOWN : 0));
}

static struct sg_claim claim_of_record(const struct sg_unpacked *record)
{
    const struct sg_packed *packed = record->packed;
    const enum sg_row_kind kind = row_kind_of(record);
    const bool is_trace = packed->kind == SG_RECORD_TRACE && kind == SG_ROW_INTERNAL;
    return (struct sg_claim){
        .amount = packed->amount,
        .from = record->from,
        .to = record->to,
        .token = kind == SG_ROW_TOKEN ? record->token : NULL,
        .path = is_trace ? record->path : NULL,
        .path_size = packed->path_size,
        .origin = packed,
        .source = packed->file + 1,
        .pos = packed->log_index,
        .kind = (uint8_t)kind,
        .flags = row_flags_of(record, kind),
        .is_trace = is_trace,
    };
}

static void take_block_time(struct sg_desk *desk, const struct sg_packed *packed)
{
    if (packed->time_unix_s == SG_TIME_UNKNOWN || packed->time_unix_s == desk->time_unix_s)
        return;
    if (desk->time_unix_s != SG_TIME_UNKNOWN) {
        desk->doubts->say(desk->doubts->ctx, packed, "another time for the same block");
        return;
    }
    desk->time_unix_s = packed->time_unix_s;
    desk->time_origin = packed;
}

enum sg_status sg_desk_take(struct sg_desk *desk, const struct sg_packed *packed,
                            struct sg_err *err)
{
    if (packed->kind == SG_RECORD_BLOCK) {
        take_block_time(desk, packed);
        return SG_OK;
    }
    struct sg_unpacked record;
    sg_unpack(&record, packed);
    struct sg_draft *draft;
    const enum sg_status st = find_draft(&draft, desk, record.hash32, err);
    if (st != SG_OK)
        return st;
    const struct sg_claim claim = claim_of_record(&record);
    if (packed->kind == SG_RECORD_TX && draft->value != SG_CLAIM_NONE &&
        !sg_merge_same_value(&desk->claims[draft->value], &claim)) {
        desk->doubts->say(desk->doubts->ctx, packed,
                          "another value, sender or receiver for the same transaction");
        return SG_OK;
    }
    sg_draft_take(draft, &record, desk->doubts);
    draft->is_traced |= claim.is_trace;
    return packed->kind == SG_RECORD_RECEIPT ? SG_OK : add_claim(desk, draft, &claim, err);
}

static uint64_t rank_of(const struct sg_draft *draft)
{
    if (!draft->hash32)
        return PLACE_LOOSE;
    if (draft->index == SG_INDEX_UNKNOWN)
        return PLACE_UNKNOWN | draft->order;
    return (uint64_t)draft->index << 32 | draft->order;
}

static int compare_rank(const void *left, const void *right)
{
    const struct place *a = left;
    const struct place *b = right;
    return (a->rank > b->rank) - (a->rank < b->rank);
}

static void sort_places(struct sg_desk *desk)
{
    bool ordered = true;
    for (uint32_t i = 0; i < desk->n_drafts; i++) {
        desk->places[i] = (struct place){rank_of(&desk->drafts[i]), i};
        ordered &= i == 0 || desk->places[i - 1].rank < desk->places[i].rank;
    }
    if (!ordered)
        qsort(desk->places, desk->n_drafts, sizeof(*desk->places), compare_rank);
}

/* Two transactions cannot stand at one index: the later one keeps its rows and loses its place.
 * What the ledger says of its own is not doubted here. */
static bool settle_indexes(struct sg_desk *desk)
{
    bool any = false;
    uint32_t taken = SG_INDEX_UNKNOWN;
    for (size_t i = 0; i < desk->n_drafts && !(desk->places[i].rank & PLACE_UNKNOWN); i++) {
        struct sg_draft *draft = &desk->drafts[desk->places[i].draft];
        if (draft->index != taken || !draft->index_origin) {
            taken = draft->index;
            continue;
        }
        desk->doubts->say(desk->doubts->ctx, draft->index_origin,
                          "the position in the block is that of another transaction");
        draft->index = SG_INDEX_UNKNOWN;
        any = true;
    }
    return any;
}

/* A block has one time: its own record tells it, else the first transaction that knows. */
static void settle_times(struct sg_desk *desk)
{
    int64_t time_unix_s = desk->time_unix_s;
    bool told = false;
    for (size_t i = 0; i < desk->n_drafts; i++) {
        const struct sg_draft *draft = &desk->drafts[desk->places[i].draft];
        if (time_unix_s == SG_TIME_UNKNOWN)
            time_unix_s = draft->time_unix_s;
        if (desk->time_origin && !told && draft->time_unix_s != SG_TIME_UNKNOWN &&
            draft->time_unix_s != time_unix_s) {
            desk->doubts->say(desk->doubts->ctx, desk->time_origin,
                              "the block's time is not that of its transactions");
            told = true;
        }
    }
    for (size_t i = 0; i < desk->n_drafts; i++)
        if (desk->drafts[i].time_unix_s == SG_TIME_UNKNOWN)
            desk->drafts[i].time_unix_s = time_unix_s;
}

static struct sg_batch_tx tx_of_draft(const struct sg_draft *draft, size_t n_rows)
{
    const bool order_unknown = draft->hash32 && draft->index == SG_INDEX_UNKNOWN;
    const bool has_price = draft->least_price != UINT64_MAX;
    struct sg_batch_tx tx = {
        .time_unix_s = draft->time_unix_s,
        .fee = draft->has_fee ? draft->fee : SG_AMOUNT_ZERO,
        .gas_price = has_price ? draft->least_price : 0,
        .sender = draft->sender,
        .index = draft->index,
        .n_rows = (uint32_t)n_rows,
        .status = draft->status,
        .flags =
            (uint8_t)((draft->has_fee ? SG_TX_FEE_KNOWN : 0) |
                      (order_unknown ? SG_TX_ORDER_UNKNOWN : 0) |
                      (draft->hash32 ? SG_TX_HAS_HASH : 0) | (draft->is_traced ? SG_TX_TRACED : 0) |
                      (has_price ? SG_TX_PRICE_KNOWN : 0)),
    };
    if (draft->hash32)
        memcpy(tx.hash32, draft->hash32, sizeof(tx.hash32));
    return tx;
}

static struct sg_batch_row row_of_claim(const struct sg_claim *claim)
{
    return (struct sg_batch_row){
        .from = claim->from,
        .to = claim->to,
        .token = claim->token,
        .amount = claim->amount,
        .pos = claim->pos,
        .kind = claim->kind,
        .flags = claim->flags,
    };
}

static bool same_row(const struct sg_batch_row *a, const struct sg_batch_row *b)
{
    return sg_amount_cmp(a->amount, b->amount) == 0 && a->pos == b->pos && a->kind == b->kind &&
           a->flags == b->flags && sg_merge_same_ref(a->from, b->from) &&
           sg_merge_same_ref(a->to, b->to) && sg_merge_same_ref(a->token, b->token);
}

static bool same_tx(const struct sg_batch_tx *a, const struct sg_batch_row *a_rows,
                    const struct sg_batch_tx *b, const struct sg_batch_row *b_rows)
{
    if (a->time_unix_s != b->time_unix_s || sg_amount_cmp(a->fee, b->fee) != 0 ||
        a->gas_price != b->gas_price || a->index != b->index || a->n_rows != b->n_rows ||
        a->status != b->status || a->flags != b->flags || !sg_merge_same_ref(a->sender, b->sender))
        return false;
    for (uint32_t i = 0; i < a->n_rows; i++)
        if (!same_row(&a_rows[i], &b_rows[i]))
            return false;
    return true;
}

static void count_tx(struct sg_desk *desk, const struct sg_draft *draft,
                     const struct sg_batch_tx *tx, const struct sg_batch_row *rows)
{
    const struct sg_batch_tx *past = draft->past;
    const uint32_t n_past = past ? past->n_rows : 0;
    desk->counts.rows_added += tx->n_rows > n_past ? tx->n_rows - n_past : 0;
    if (!past)
        desk->counts.txs_added++;
    else if (!same_tx(past, draft->past_rows, tx, rows))
        desk->counts.txs_completed++;
}

/* The claims of a draft side by side, in order of arrival: where they arrived together, as most do,
 * they lie so already. */
static struct sg_claim *claims_of(struct sg_desk *desk, const struct sg_draft *draft)
{
    if (draft->n_claims && draft->last - draft->first + 1 == draft->n_claims)
        return &desk->claims[draft->first];
    size_t n = 0;
    for (uint32_t i = draft->first; i != SG_CLAIM_NONE; i = desk->claims[i].next)
        desk->scratch[n++] = desk->claims[i];
    return desk->scratch;
}

static void emit(struct sg_desk *desk, struct sg_outbox *outbox, const struct sg_draft *draft)
{
    struct sg_claim *claims = claims_of(desk, draft);
    const size_t n_rows =
        sg_merge_claims(claims, draft->n_claims, draft->status == SG_TX_FAILED, desk->doubts);
    struct sg_batch_row *rows = &outbox->rows[outbox->n_rows];
    for (size_t i = 0; i < n_rows; i++)
        rows[i] = row_of_claim(&claims[i]);
    outbox->n_rows += n_rows;
    struct sg_batch_tx *tx = &outbox->txs[outbox->n_txs++];
    *tx = tx_of_draft(draft, n_rows);
    tx->block = desk->block;
    count_tx(desk, draft, tx, rows);
}

/* All memory that settling needs, so that nothing fails half-way; one row more than needed, so that
 * the rows of a transaction without any have an address. */
static bool reserve(struct sg_desk *desk, struct sg_outbox *outbox)
{
    return SG_VEC_RESERVE(desk->places, (size_t)0, desk->cap_places, desk->n_drafts) &&
           SG_VEC_RESERVE(desk->scratch, (size_t)0, desk->cap_scratch, desk->n_claims) &&
           SG_VEC_RESERVE(outbox->txs, outbox->n_txs, outbox->cap_txs, desk->n_drafts) &&
           SG_VEC_RESERVE(outbox->rows, outbox->n_rows, outbox->cap_rows, desk->n_claims + 1);
}

enum sg_status sg_desk_finish(struct sg_desk *desk, struct sg_outbox *outbox, struct sg_err *err)
{
    if (!reserve(desk, outbox))
        return sg_err_nomem(err);
    sort_places(desk);
    if (settle_indexes(desk))
        sort_places(desk);
    settle_times(desk);
    for (size_t i = 0; i < desk->n_drafts; i++) {
        struct sg_draft *draft = &desk->drafts[desk->places[i].draft];
        sg_draft_settle_fee(draft, desk->doubts);
        emit(desk, outbox, draft);
    }
    return SG_OK;
}

struct sg_desk_counts sg_desk_counts(const struct sg_desk *desk)
{
    return desk->counts;
}

void sg_desk_free(struct sg_desk *desk)
{
    if (!desk)
        return;
    sg_mem_free(desk->scratch);
    sg_mem_free(desk->places);
    sg_mem_free(desk->slots);
    sg_mem_free(desk->claims);
    sg_mem_free(desk->drafts);
    sg_mem_free(desk);
}
