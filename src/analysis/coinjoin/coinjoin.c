#include "analysis/coinjoin/coinjoin_internal.h"

#include "base/amount.h"
#include "base/mem.h"

#include <stdio.h>
#include <string.h>

const char *sg_coinjoin_kind_name(enum sg_coinjoin_kind kind)
{
    switch (kind) {
    case SG_COINJOIN_NONE:
        return NULL;
    case SG_COINJOIN_WHIRLPOOL:
        return "whirlpool";
    case SG_COINJOIN_WHIRLPOOL_TX0:
        return "whirlpool-tx0";
    case SG_COINJOIN_WASABI1:
        return "wasabi1";
    case SG_COINJOIN_WASABI2:
        return "wasabi2";
    case SG_COINJOIN_JOINMARKET:
        return "joinmarket";
    case SG_COINJOIN_EQUAL_OUTPUT:
        return "equal-output";
    case SG_COINJOIN_PAYJOIN:
        return "payjoin-candidate";
    }
    return NULL;
}

void sg_cj_say(struct sg_coinjoin *result, const char *fmt, ...)
{
    va_list args;
    if (result->n_evidence == SG_COINJOIN_EVIDENCE_MAX)
        return;
    va_start(args, fmt);
    vsnprintf(result->evidence[result->n_evidence++], SG_COINJOIN_TEXT_MAX, fmt, args);
    va_end(args);
}

const char *sg_cj_coin(char text[CJ_COIN_TEXT_MAX], uint64_t sat)
{
    char digits[SG_AMOUNT_TEXT_MAX];
    sg_amount_format(digits, sg_amount_from(sat), SG_BTC_DECIMALS);
    size_t n = strlen(digits);
    while (digits[n - 1] == '0' && digits[n - 2] != '.')
        n--;
    snprintf(text, CJ_COIN_TEXT_MAX, "%.*s BTC", (int)n, digits);
    return text;
}

/* The rules in the order from the strictest to the loosest: the first that holds names the kind. */
static void apply_rules(struct sg_coinjoin *result, const struct cj_view *view)
{
    static bool (*const rules[])(struct sg_coinjoin *, const struct cj_view *) = {
        sg_cj_is_whirlpool,    sg_cj_is_tx0,        sg_cj_is_wasabi2,
        sg_cj_is_wasabi1,      sg_cj_is_joinmarket, sg_cj_is_wasabi1_without_fee,
        sg_cj_is_equal_output, sg_cj_is_payjoin,
    };
    for (size_t i = 0; i < SG_COUNT_OF(rules); i++) {
        if (rules[i](result, view))
            return;
        *result = (struct sg_coinjoin){.kind = SG_COINJOIN_NONE};
    }
}

static bool has_strangers(enum sg_coinjoin_kind kind)
{
    return kind != SG_COINJOIN_NONE && kind != SG_COINJOIN_WHIRLPOOL_TX0 &&
           kind != SG_COINJOIN_PAYJOIN;
}

static enum sg_status count_mappings(struct sg_coinjoin *result, const struct cj_view *view,
                                     struct sg_err *err)
{
    const size_t n = view->n_spenders + view->n_pay;
    if (!result->coinjoin || n > SG_COINJOIN_MAPPINGS_MAX)
        return SG_OK;
    /* Makers get a fee from the taker, so a group of theirs may get more than it spends. */
    const uint64_t allowance =
        result->kind == SG_COINJOIN_JOINMARKET ? result->denomination_sat / 100 : 0;
    const enum sg_status st =
        sg_coinjoin_mappings(&result->mappings, view->in_sat, view->n_spenders, view->pay_sat,
                             view->n_pay, allowance, err);
    return st == SG_ELIMIT ? SG_OK : st;
}

static enum sg_status judge(struct sg_coinjoin *result, const struct sg_coinjoin_tx *tx,
                            bool with_mappings, struct sg_err *err)
{
    struct cj_view view;
    struct sg_coinjoin found = {.kind = SG_COINJOIN_NONE};
    enum sg_status st = sg_cj_view_open(&view, tx, err);
    if (st != SG_OK)
        return st;
    apply_rules(&found, &view);
    found.coinjoin = has_strangers(found.kind);
    if (with_mappings)
        st = count_mappings(&found, &view, err);
    sg_cj_view_close(&view);
    if (st == SG_OK)
        *result = found;
    return st;
}

enum sg_status sg_coinjoin_judge(struct sg_coinjoin *result, const struct sg_coinjoin_tx *tx,
                                 struct sg_err *err)
{
    return judge(result, tx, true, err);
}

enum sg_status sg_coinjoin_kind_of(struct sg_coinjoin *result, const struct sg_coinjoin_tx *tx,
                                   struct sg_err *err)
{
    return judge(result, tx, false, err);
}
