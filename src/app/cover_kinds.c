#include "app/cover_kinds.h"

#include "store/ledger/ledger.h"

#include <string.h>

/* The bits SG_COVER_NATIVE, SG_COVER_INTERNAL, SG_COVER_TOKEN, lowest first. */
const char *const sg_cover_kind_names[4] = {"native", "internal", "token", NULL};

enum sg_status sg_cover_kinds_parse(uint8_t *kinds, const char *text, struct sg_err *err)
{
    *kinds = 0;
    for (const char *at = text;; at++) {
        const size_t n = strcspn(at, ",");
        size_t kind = 0;
        while (sg_cover_kind_names[kind] && (strlen(sg_cover_kind_names[kind]) != n ||
                                             memcmp(sg_cover_kind_names[kind], at, n) != 0))
            kind++;
        if (!sg_cover_kind_names[kind])
            return sg_err_set(err, SG_EUSAGE,
                              "--cover %s: native, internal, token are expected, with commas",
                              text);
        *kinds |= (uint8_t)(1u << kind);
        at += n;
        if (!*at)
            return SG_OK;
    }
}

/* Decimal digits up to 19; returns how many characters were taken, 0 for none. */
static size_t take_number(uint64_t *number, const char *text)
{
    size_t n = 0;
    *number = 0;
    for (; n < 19 && text[n] >= '0' && text[n] <= '9'; n++)
        *number = *number * 10 + (uint64_t)(text[n] - '0');
    return n;
}

enum sg_status sg_cover_range_parse(struct sg_cover_wish *wish, const char *text,
                                    struct sg_err *err)
{
    const size_t first = take_number(&wish->first_block, text);
    const size_t last =
        first && text[first] == '-' ? take_number(&wish->last_block, text + first + 1) : 0;
    if (!last || text[first + 1 + last] || wish->first_block > wish->last_block)
        return sg_err_set(err, SG_EUSAGE,
                          "--covered-blocks %s: FIRST-LAST is expected, two block numbers", text);
    wish->has_range = true;
    return SG_OK;
}

/* What a complete export of such tables covers. */
static uint8_t kinds_of(unsigned record_kinds)
{
    unsigned kinds = 0;
    if (record_kinds & 1u << SG_RECORD_TX)
        kinds |= SG_COVER_NATIVE;
    if (record_kinds & 1u << SG_RECORD_INTERNAL)
        kinds |= SG_COVER_INTERNAL;
    if (record_kinds & 1u << SG_RECORD_TRACE)
        kinds |= SG_COVER_NATIVE | SG_COVER_INTERNAL;
    if (record_kinds & 1u << SG_RECORD_TOKEN)
        kinds |= SG_COVER_TOKEN;
    return (uint8_t)kinds;
}

/* The API cuts an answer at 10,000 rows, the website an export at 5,000, and neither says so. */
static bool looks_cut(const struct sg_decoder *decoder)
{
    const uint64_t rows = sg_decoder_rows(decoder);
    return rows == 10000 || rows == 5000;
}

static void decide_account(struct sg_cover_claim *claim, const struct sg_decoder *decoder)
{
    if (sg_decoder_account(&claim->guessed, decoder) != SG_OK) {
        claim->doubt = "no one address occurs in every row; name the accounts with --account";
        return;
    }
    if (looks_cut(decoder)) {
        claim->doubt = "exactly as many rows as the explorer gives at once: it may be cut; "
                       "name the account with --account if it is complete";
        return;
    }
    claim->accounts = &claim->guessed;
    claim->n_accounts = 1;
    claim->inferred = true;
    claim->kinds = kinds_of(sg_decoder_kinds(decoder));
}

void sg_cover_decide(struct sg_cover_claim *claim, const struct sg_cover_wish *wish,
                     enum sg_source_format format, const struct sg_decoder *decoder)
{
    *claim = (struct sg_cover_claim){0};
    if (wish->accounts->count) {
        claim->accounts = wish->accounts->items;
        claim->n_accounts = wish->accounts->count;
        claim->kinds = kinds_of(sg_decoder_kinds(decoder));
    } else {
        switch (format) {
        case SG_SOURCE_ETHERSCAN:
            decide_account(claim, decoder);
            break;
        case SG_SOURCE_ETHEREUM_ETL:
            claim->whole_chain = true;
            claim->kinds = kinds_of(sg_decoder_kinds(decoder));
            break;
        case SG_SOURCE_TRANSFERS:
            claim->whole_chain = wish->kinds != 0;
            break;
        }
    }
    if (wish->kinds && (claim->n_accounts || claim->whole_chain))
        claim->kinds = wish->kinds;
}
