#include "formats/decode/account_internal.h"

#include <string.h>

static bool same(const struct sg_address *a, const struct sg_address *b)
{
    return a->size == b->size && memcmp(a->bytes, b->bytes, a->size) == 0;
}

static void add(struct account_guess *guess, const struct sg_address *address)
{
    if (address->size && (guess->n == 0 || !same(&guess->left[0], address)))
        guess->left[guess->n++] = *address;
}

/* Receipts and blocks name nobody. */
static bool has_parties(const struct sg_record *record)
{
    switch (record->kind) {
    case SG_RECORD_TX:
    case SG_RECORD_INTERNAL:
    case SG_RECORD_TRACE:
    case SG_RECORD_TOKEN:
        return true;
    case SG_RECORD_RECEIPT:
    case SG_RECORD_BLOCK:
        return false;
    }
    return false;
}

void sg_account_guess_take(struct account_guess *guess, const struct sg_record *record)
{
    size_t kept = 0;
    if (!has_parties(record))
        return;
    if (!guess->begun) {
        guess->begun = true;
        add(guess, &record->from);
        add(guess, &record->to);
        return;
    }
    for (size_t i = 0; i < guess->n; i++) {
        if (!same(&guess->left[i], &record->from) && !same(&guess->left[i], &record->to))
            continue;
        if (kept != i)
            guess->left[kept] = guess->left[i];
        kept++;
    }
    guess->n = kept;
}

enum sg_status sg_account_guess_get(struct sg_address *account, const struct account_guess *guess)
{
    if (guess->n != 1)
        return SG_ENOTFOUND;
    *account = guess->left[0];
    return SG_OK;
}
