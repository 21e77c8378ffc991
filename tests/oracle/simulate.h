/** Balances by replaying rows one by one, as a ledger would: the plain version of what a made-up
 *  world keeps in its tables. */
#ifndef SG_TESTS_ORACLE_SIMULATE_H
#define SG_TESTS_ORACLE_SIMULATE_H

#include "analysis/simulate/simulate.h"

struct oracle_balance {
    char key[80]; /* chain, address and token as text; "": free */
    struct sg_amount amount;
};

struct oracle_books {
    struct oracle_balance *slots;
    size_t n_slots;     /* a power of two */
    uint64_t overdrawn; /* rows and fees that took more than was there */
    uint64_t out_of_order;
    uint64_t last_block[SG_SIMULATE_CHAINS];
    uint32_t last_index[SG_SIMULATE_CHAINS];
    uint64_t rows, failed, fakes;
};

void oracle_books_open(struct oracle_books *books);
void oracle_books_row(struct oracle_books *books, unsigned chain,
                      const struct sg_simulate_row *row);
/** address: "0x..."; token: the same, or "" for coins. */
struct sg_amount oracle_books_balance(const struct oracle_books *books, unsigned chain,
                                      const char *address, const char *token);
void oracle_books_close(struct oracle_books *books);

#endif
