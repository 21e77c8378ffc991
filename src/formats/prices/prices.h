/** Daily prices in USD: what an amount was worth on the day that it moved.
 *
 *  A price is an integer of 1e-8 USD for one whole unit of an asset, named by its symbol; there is
 * one a day (UTC) and asset. A day without one stays unknown: nothing is interpolated or carried
 * forward. Prices are a source like any other, so each carries the name of where it came from.
 *  Formats: docs/formats/prices.md.
 *  Threads: any; a finished table is read-only and lives as long as its arena.
 */
#ifndef SG_FORMATS_PRICES_H
#define SG_FORMATS_PRICES_H

#include "base/amount.h"
#include "base/arena.h"
#include "base/civil.h"

#include <stddef.h>
#include <stdint.h>

/** Decimals of a price and of a value: 1e-8 USD. */
#define SG_USD_DECIMALS 8

/** Price of one whole unit of an asset on one day. */
struct sg_price {
    const char *symbol; /**< of the asset, as the file writes it: case matters */
    const char *source; /**< from outside: escape it */
    int64_t day;        /**< days since 1970-01-01 */
    uint64_t usd_e8;    /**< 1e-8 USD, above zero */
};

struct sg_prices {
    const struct sg_price *items; /**< by symbol, then day, ascending */
    size_t count;
};

/** Parse a price table: our CSV, or JSON where the first character that is not blank is a brace.
 *
 *  Out:    prices        in `arena`; written on success only.
 *  In:     bytes, size   the whole file, at most SG_SMALL_FILE_MAX.
 *  Errors: SG_EPARSE with line and column (not of either form; a price that is not a positive
 * decimal number of at most eight decimals; a date that is none; two prices of an asset on one day;
 * a currency other than USD), SG_ELIMIT (a price above 1.8e11 USD), SG_ENOMEM. Cost:   O(n log n).
 */
SG_MUST_CHECK enum sg_status sg_prices_parse(struct sg_prices *prices, struct sg_arena *arena,
                                             const char *bytes, size_t size, struct sg_err *err);

/** The price of an asset on the day (UTC) of a time; NULL where it is unknown. O(log n). */
const struct sg_price *sg_prices_find(const struct sg_prices *prices, const char *symbol,
                                      int64_t time_unix_s);

/** What an amount is worth: floor(amount * price / 10^decimals), in 1e-8 USD.
 *
 *  Rounded down once, so a sum of n values is below the value of the sum by less than n * 1e-8 USD;
 *  format with SG_USD_DECIMALS.
 *  In:     decimals   of the asset, at most SG_DECIMALS_MAX.
 *  Errors: SG_ELIMIT where the value needs more than 128 bits.
 */
SG_MUST_CHECK enum sg_status sg_price_value(struct sg_amount *usd_e8, struct sg_amount amount,
                                            unsigned decimals, const struct sg_price *price,
                                            struct sg_err *err);

#endif
