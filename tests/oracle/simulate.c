#include "oracle/simulate.h"

#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS ((size_t)1 << 17)

void oracle_books_open(struct oracle_books *books)
{
    *books = (struct oracle_books){.n_slots = SLOTS};
    books->slots = sg_mem_zalloc(SLOTS, sizeof(*books->slots));
    if (!books->slots)
        exit(1);
}

void oracle_books_close(struct oracle_books *books)
{
    sg_mem_free(books->slots);
}

static size_t place(const struct oracle_books *books, const char *key)
{
    size_t hash = 5381;
    for (const char *c = key; *c; c++)
        hash = hash * 33 ^ (unsigned char)*c;
    size_t at = hash % books->n_slots;
    while (books->slots[at].key[0] && strcmp(books->slots[at].key, key) != 0)
        at = (at + 1) % books->n_slots;
    return at;
}

static void name(char key[80], unsigned chain, const char *address, const char *token)
{
    snprintf(key, 80, "%u %.42s %.10s", chain, address, token);
}

static struct oracle_balance *balance_of(struct oracle_books *books, unsigned chain,
                                         const struct sg_address *address,
                                         const struct sg_address *token)
{
    const struct sg_chain *ethereum = sg_chain_find("ethereum", 8);
    char own[SG_ADDRESS_TEXT_MAX], of[SG_ADDRESS_TEXT_MAX], key[80];
    name(key, chain, sg_address_format(own, ethereum, address),
         sg_address_format(of, ethereum, token));
    struct oracle_balance *slot = &books->slots[place(books, key)];
    snprintf(slot->key, sizeof(slot->key), "%s", key);
    return slot;
}

static void take(struct oracle_books *books, unsigned chain, const struct sg_address *address,
                 const struct sg_address *token, struct sg_amount amount)
{
    struct oracle_balance *slot = balance_of(books, chain, address, token);
    if (!sg_amount_sub(&slot->amount, slot->amount, amount))
        books->overdrawn++;
}

static void check_order(struct oracle_books *books, unsigned chain, const struct sg_record *r)
{
    const uint32_t index = r->is_reward ? UINT32_MAX : r->tx_index;
    const bool same = r->block == books->last_block[chain];
    if (r->block < books->last_block[chain] || (same && index < books->last_index[chain]))
        books->out_of_order++;
    books->last_block[chain] = r->block;
    books->last_index[chain] = index;
}

void oracle_books_row(struct oracle_books *books, unsigned chain, const struct sg_simulate_row *row)
{
    const struct sg_record *r = &row->record;
    const struct sg_address coins = {0};
    books->rows++;
    check_order(books, chain, r);
    if (row->has_fee)
        take(books, chain, row->fee_payer.size ? &row->fee_payer : &r->from, &coins, row->fee);
    if (r->status == SG_TX_FAILED) {
        books->failed++;
        return;
    }
    if (r->from.size)
        take(books, chain, &r->from, &r->token, r->amount);
    else if (r->kind == SG_RECORD_TOKEN)
        books->fakes++;
    struct oracle_balance *slot = balance_of(books, chain, &r->to, &r->token);
    if (!sg_amount_add(&slot->amount, slot->amount, r->amount))
        books->overdrawn++;
}

struct sg_amount oracle_books_balance(const struct oracle_books *books, unsigned chain,
                                      const char *address, const char *token)
{
    char key[80];
    name(key, chain, address, token);
    return books->slots[place(books, key)].amount;
}
