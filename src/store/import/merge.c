#include "store/import/merge_internal.h"

#include <stdlib.h>
#include <string.h>

/* What makes rows without a position alike, beside their amount and addresses. */
#define ALIKE_FLAGS ((uint8_t)(SG_ROW_FAILED | SG_ROW_CREATE | SG_ROW_OUT_OF_RANGE))

/* Below this, insertion sort beats the call into the library. */
#define SMALL_SORT 12u

static int compare_u32(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

static int compare_ref(sg_addr_ref a, sg_addr_ref b)
{
    if (a == b)
        return 0;
    if (!a || !b)
        return a ? 1 : -1;
    /* The size is the first byte, so a shorter address never reaches behind its end. */
    return a[0] != b[0] ? (int)a[0] - (int)b[0] : memcmp(a + 1, b + 1, a[0]);
}

bool sg_merge_same_ref(sg_addr_ref a, sg_addr_ref b)
{
    return compare_ref(a, b) == 0;
}

static bool is_known(const struct sg_claim *claim)
{
    return (claim->flags & SG_ROW_POS_KNOWN) != 0;
}

/* Content alone: equal for rows that nobody could tell apart. */
static int compare_content(const struct sg_claim *a, const struct sg_claim *b)
{
    int c = sg_amount_cmp(a->amount, b->amount);
    if (c == 0)
        c = (a->flags & ALIKE_FLAGS) - (b->flags & ALIKE_FLAGS);
    if (c == 0)
        c = compare_ref(a->to, b->to);
    if (c == 0)
        c = compare_ref(a->from, b->from);
    return c ? c : compare_ref(a->token, b->token);
}

/* Canonical order: kind, then known positions, then arrival. */
static int compare_place(const void *left, const void *right)
{
    const struct sg_claim *a = left;
    const struct sg_claim *b = right;
    int c = a->kind - b->kind;
    if (c == 0)
        c = is_known(b) - is_known(a);
    if (c == 0 && is_known(a))
        c = compare_u32(a->pos, b->pos);
    return c ? c : compare_u32(a->order, b->order);
}

/* Claims of one kind that are alike stand together, by source; known ones by position. */
static int compare_class(const void *left, const void *right)
{
    const struct sg_claim *a = left;
    const struct sg_claim *b = right;
    const int c = compare_content(a, b);
    return c ? c : compare_u32(a->order, b->order);
}

/* The groups that traces are settled in. */
enum trace_group { PAST_CALL, PLACED_TRACE, OTHER_CLAIM };

static enum trace_group group_of(const struct sg_claim *claim)
{
    if (claim->is_trace && claim->path)
        return PLACED_TRACE;
    return claim->is_trace && claim->kind == SG_ROW_INTERNAL && is_known(claim) ? PAST_CALL
                                                                                : OTHER_CLAIM;
}

/* Groups; the ledger's calls by rank, traces in order of execution: a call before those it makes.
 */
static int compare_trace(const void *left, const void *right)
{
    const struct sg_claim *a = left;
    const struct sg_claim *b = right;
    const enum trace_group group = group_of(a);
    int c = (int)group - (int)group_of(b);
    if (c == 0 && group == PAST_CALL)
        c = compare_u32(a->pos, b->pos);
    if (c == 0 && group == PLACED_TRACE) {
        const uint32_t common = a->path_size < b->path_size ? a->path_size : b->path_size;
        c = common ? memcmp(a->path, b->path, common) : 0;
        if (c == 0)
            c = compare_u32(a->path_size, b->path_size);
    }
    return c ? c : compare_u32(a->order, b->order);
}

static void sort_claims(struct sg_claim *claims, size_t n,
                        int (*compare)(const void *, const void *))
{
    if (n > SMALL_SORT) {
        qsort(claims, n, sizeof(*claims), compare);
        return;
    }
    for (size_t i = 1; i < n; i++) {
        if (compare(&claims[i - 1], &claims[i]) <= 0)
            continue;
        const struct sg_claim moving = claims[i];
        size_t j = i;
        for (; j > 0 && compare(&claims[j - 1], &moving) > 0; j--)
            claims[j] = claims[j - 1];
        claims[j] = moving;
    }
}

static void refuse(struct sg_claim *claim, const struct sg_doubts *doubts, const char *reason)
{
    claim->fate = SG_FATE_DROPPED;
    if (claim->origin)
        doubts->say(doubts->ctx, claim->origin, reason);
}

static bool same_path(const struct sg_claim *a, const struct sg_claim *b)
{
    return a->path_size == b->path_size &&
           (a->path_size == 0 || memcmp(a->path, b->path, a->path_size) == 0);
}

static bool is_below(const struct sg_claim *claim, const struct sg_claim *caller)
{
    return claim->path_size >= caller->path_size &&
           (caller->path_size == 0 || memcmp(claim->path, caller->path, caller->path_size) == 0);
}

/* Give the traces of files, in order of execution, their positions: the rank among the calls. What
 * a failed call called moved nothing either. */
static void rank_traces(struct sg_claim *traces, size_t n, const struct sg_doubts *doubts)
{
    struct sg_claim *kept = NULL;
    const struct sg_claim *failed = NULL;
    uint32_t last_source = SG_SOURCE_LEDGER;
    uint32_t rank = 0;
    for (size_t i = 0; i < n; i++) {
        struct sg_claim *claim = &traces[i];
        if (failed && is_below(claim, failed))
            claim->flags |= SG_ROW_FAILED;
        const bool again = kept && same_path(kept, claim);
        claim->flags |= SG_ROW_POS_KNOWN;
        claim->kind = claim->path_size ? SG_ROW_INTERNAL : SG_ROW_NATIVE;
        if (again && compare_content(kept, claim) != 0) {
            refuse(claim, doubts, "another trace at the same trace address");
        } else if (again) {
            claim->fate = claim->source == last_source ? SG_FATE_DROPPED : SG_FATE_ECHO;
        } else {
            if (!failed || !is_below(claim, failed))
                failed = claim->flags & SG_ROW_FAILED ? claim : NULL;
            claim->pos = claim->path_size ? rank++ : 0;
            kept = claim;
        }
        if (claim->fate != SG_FATE_DROPPED)
            last_source = claim->source;
    }
}

static bool is_kept_call(const struct sg_claim *claim)
{
    return claim->fate == SG_FATE_KEPT && claim->kind == SG_ROW_INTERNAL;
}

static bool any_call(const struct sg_claim *claims, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (is_kept_call(&claims[i]))
            return true;
    return false;
}

/* Whether the kept calls of `few` all occur among those of `many`, in the same order. */
static bool is_part_of(const struct sg_claim *few, size_t n_few, const struct sg_claim *many,
                       size_t n_many)
{
    size_t j = 0;
    for (size_t i = 0; i < n_few; i++) {
        if (!is_kept_call(&few[i]))
            continue;
        while (j < n_many && !(is_kept_call(&many[j]) && compare_content(&few[i], &many[j]) == 0))
            j++;
        if (j++ >= n_many)
            return false;
    }
    return true;
}

/* There is one. */
static struct sg_claim *first_call(struct sg_claim *claims, size_t n)
{
    size_t i = 0;
    while (i + 1 < n && !is_kept_call(&claims[i]))
        i++;
    return &claims[i];
}

static void drop_calls(struct sg_claim *claims, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (is_kept_call(&claims[i]))
            claims[i].fate = SG_FATE_DROPPED;
}

/* A rank means something within one complete list only. So of the ledger's list and that of the
 * files the longer one is taken, if it holds the other; else the ledger's, and the doubt is told.
 */
static void choose_list(struct sg_claim *past, size_t n_past, struct sg_claim *traces,
                        size_t n_traces, const struct sg_doubts *doubts)
{
    if (is_part_of(past, n_past, traces, n_traces)) {
        drop_calls(past, n_past);
        return;
    }
    if (!is_part_of(traces, n_traces, past, n_past))
        refuse(first_call(traces, n_traces), doubts, "traces that contradict those in the ledger");
    drop_calls(traces, n_traces);
}

/* Calls told by anyone but a trace would count twice, and so would the transaction's own value
 * where a trace without address may be the top-level call. */
static void drop_superseded(struct sg_claim *claims, size_t n)
{
    bool any_unplaced = false;
    for (size_t i = 0; i < n; i++)
        any_unplaced |=
            claims[i].is_trace && !is_known(&claims[i]) && claims[i].kind == SG_ROW_INTERNAL;
    for (size_t i = 0; i < n; i++)
        if (!claims[i].is_trace && (claims[i].kind == SG_ROW_INTERNAL ||
                                    (claims[i].kind == SG_ROW_NATIVE && any_unplaced)))
            claims[i].fate = SG_FATE_DROPPED;
}

static void settle_traces(struct sg_claim *claims, size_t n, const struct sg_doubts *doubts)
{
    sort_claims(claims, n, compare_trace);
    size_t n_past = 0;
    while (n_past < n && group_of(&claims[n_past]) == PAST_CALL)
        n_past++;
    size_t end = n_past;
    while (end < n && group_of(&claims[end]) == PLACED_TRACE)
        end++;
    rank_traces(claims + n_past, end - n_past, doubts);
    if (n_past && any_call(claims + n_past, end - n_past))
        choose_list(claims, n_past, claims + n_past, end - n_past, doubts);
    drop_superseded(claims, n);
}

static bool agree(sg_addr_ref a, sg_addr_ref b)
{
    return !a || !b || sg_merge_same_ref(a, b);
}

bool sg_merge_same_value(const struct sg_claim *a, const struct sg_claim *b)
{
    return sg_amount_cmp(a->amount, b->amount) == 0 &&
           ((a->flags ^ b->flags) & SG_ROW_OUT_OF_RANGE) == 0 && agree(a->from, b->from) &&
           agree(a->to, b->to);
}

/* The transaction's own value has one place, so its claims are one row; what one source leaves out
 * another may add. */
static void settle_value(struct sg_claim *claims, size_t n, const struct sg_doubts *doubts)
{
    struct sg_claim *kept = NULL;
    for (size_t i = 0; i < n; i++) {
        struct sg_claim *claim = &claims[i];
        if (claim->fate != SG_FATE_KEPT)
            continue;
        claim->flags |= SG_ROW_POS_KNOWN;
        claim->pos = 0;
        if (!kept) {
            kept = claim;
            continue;
        }
        if (!sg_merge_same_value(kept, claim)) {
            refuse(claim, doubts, "another value, sender or receiver for the same transaction");
            continue;
        }
        kept->from = kept->from ? kept->from : claim->from;
        kept->to = kept->to ? kept->to : claim->to;
        kept->flags |= claim->flags & (SG_ROW_CREATE | SG_ROW_FAILED);
        claim->fate = SG_FATE_ECHO;
    }
}

/* Claims of one kind with known positions are a set. */
static void settle_known(struct sg_claim *claims, size_t n, const struct sg_doubts *doubts)
{
    struct sg_claim *kept = NULL;
    uint32_t last_source = 0;
    for (size_t i = 0; i < n; i++) {
        struct sg_claim *claim = &claims[i];
        if (claim->fate != SG_FATE_KEPT)
            continue;
        const bool again = kept && kept->pos == claim->pos;
        if (again && compare_content(kept, claim) != 0)
            refuse(claim, doubts, "another transfer with the same log index");
        else if (again)
            claim->fate = claim->source == last_source ? SG_FATE_DROPPED : SG_FATE_ECHO;
        else
            kept = claim;
        if (claim->fate != SG_FATE_DROPPED)
            last_source = claim->source;
    }
}

/* How often one source tells a row. */
struct tally {
    uint32_t source;
    size_t total;
};

/* Of one class of alike claims keep as many as the source that tells most of them; known positions
 * first, the rest from that source. */
static void settle_class(struct sg_claim *claims, size_t n)
{
    struct tally best = {0, 0};
    struct tally now = {0, 0};
    size_t n_known = 0;
    for (size_t i = 0; i < n; i++) {
        if (claims[i].fate == SG_FATE_DROPPED)
            continue;
        if (claims[i].source != now.source || now.total == 0)
            now = (struct tally){claims[i].source, 0};
        now.total++;
        if (now.total > best.total)
            best = now;
        n_known += is_known(&claims[i]) && claims[i].fate == SG_FATE_KEPT;
    }
    size_t wanted = best.total > n_known ? best.total - n_known : 0;
    for (size_t i = 0; i < n; i++) {
        if (claims[i].fate != SG_FATE_KEPT || is_known(&claims[i]))
            continue;
        if (claims[i].source == best.source && wanted > 0)
            wanted--;
        else
            claims[i].fate = SG_FATE_DROPPED;
    }
}

/* Claims of one kind without positions are multisets: the larger count wins, class by class. */
static void settle_unknown(struct sg_claim *claims, size_t n)
{
    sort_claims(claims, n, compare_class);
    for (size_t begin = 0; begin < n;) {
        size_t end = begin + 1;
        while (end < n && compare_content(&claims[begin], &claims[end]) == 0)
            end++;
        settle_class(claims + begin, end - begin);
        begin = end;
    }
}

/* Whether the multiset rule has something to decide: an unknown position, and two sources. */
static bool needs_classes(const struct sg_claim *claims, size_t n)
{
    bool any_unknown = false;
    bool two_sources = false;
    for (size_t i = 0; i < n; i++) {
        any_unknown |= !is_known(&claims[i]);
        two_sources |= claims[i].source != claims[0].source;
    }
    return any_unknown && two_sources;
}

static void settle_kind(struct sg_claim *claims, size_t n, const struct sg_doubts *doubts)
{
    if (claims->kind == SG_ROW_NATIVE) {
        settle_value(claims, n, doubts);
        return;
    }
    size_t n_known = 0;
    while (n_known < n && is_known(&claims[n_known]))
        n_known++;
    settle_known(claims, n_known, doubts);
    if (needs_classes(claims, n))
        settle_unknown(claims, n);
}

static size_t keep(struct sg_claim *claims, size_t n)
{
    size_t n_kept = 0;
    for (size_t i = 0; i < n; i++)
        if (claims[i].fate == SG_FATE_KEPT)
            claims[n_kept++] = claims[i];
    return n_kept;
}

/* Rows without a position are numbered in their order, kind by kind. */
static void number_unknown(struct sg_claim *claims, size_t n)
{
    uint32_t pos = 0;
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && claims[i].kind != claims[i - 1].kind)
            pos = 0;
        if (!is_known(&claims[i]))
            claims[i].pos = pos++;
    }
}

size_t sg_merge_claims(struct sg_claim *claims, size_t n, bool failed,
                       const struct sg_doubts *doubts)
{
    bool traced = false;
    for (size_t i = 0; i < n; i++) {
        claims[i].fate = SG_FATE_KEPT;
        claims[i].flags |= failed ? SG_ROW_FAILED : 0;
        traced |= claims[i].is_trace;
    }
    if (traced)
        settle_traces(claims, n, doubts);
    sort_claims(claims, n, compare_place);
    for (size_t begin = 0; begin < n;) {
        size_t end = begin + 1;
        while (end < n && claims[end].kind == claims[begin].kind)
            end++;
        settle_kind(claims + begin, end - begin, doubts);
        begin = end;
    }
    const size_t n_kept = keep(claims, n);
    sort_claims(claims, n_kept, compare_place);
    number_unknown(claims, n_kept);
    return n_kept;
}
