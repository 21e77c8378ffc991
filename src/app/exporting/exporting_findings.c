/* What the case and its trace say, in sentences and payments. */
#include "app/exporting/exporting_internal.h"

#include "base/hex.h"

#include <inttypes.h>
#include <string.h>

#define SENTENCE_MAX ((size_t)64 * 1024)

/* A sentence in the arena; NULL without memory. */
static const char *keep(struct exporting *e, struct sg_buf *text)
{
    const char *kept =
        text->failed ? NULL : sg_arena_strndup(e->arena, text->data ? text->data : "", text->size);
    sg_buf_clear(text);
    return kept;
}

/* Exact, without zeros that say nothing: "12.5". */
static void write_amount(char text[SG_AMOUNT_TEXT_MAX], struct sg_amount amount, unsigned decimals)
{
    sg_amount_format(text, amount, decimals);
    size_t size = strlen(text);
    if (!strchr(text, '.'))
        return;
    while (text[size - 1] == '0')
        size--;
    text[text[size - 1] == '.' ? size - 1 : size] = 0;
}

static void put_amount(struct sg_buf *out, struct sg_amount amount, unsigned decimals,
                       const char *symbol)
{
    char text[SG_AMOUNT_TEXT_MAX];
    write_amount(text, amount, decimals);
    sg_buf_printf(out, "%s ", text);
    sg_buf_line(out, symbol, strlen(symbol));
}

/* Put a sentence behind what is found of a wallet already. */
static bool append(struct exporting *e, size_t wallet, struct sg_buf *sentence)
{
    struct sg_buf text = SG_BUF_INIT(SENTENCE_MAX);
    const char *before = e->wallets[wallet].finding;
    if (before)
        sg_buf_printf(&text, "%s; ", before);
    sg_buf_append(&text, sentence->data, sentence->size);
    text.failed = text.failed || sentence->failed;
    sg_buf_clear(sentence);
    e->wallets[wallet].finding = keep(e, &text);
    return e->wallets[wallet].finding != NULL;
}

static bool seed(struct exporting *e, const struct sg_case_seed *seed)
{
    struct sg_buf text = SG_BUF_INIT(SENTENCE_MAX);
    if (seed->address.size == 0)
        return true;
    const bool all = sg_amount_is_zero(seed->amount);
    if (!all)
        put_amount(&text, seed->amount, seed->asset.decimals, seed->asset.symbol);
    else
        sg_buf_puts(&text, "all that came in");
    sg_buf_puts(&text,
                all ? " in the time of the theft is stolen money" : " of stolen money began here");
    return append(e, exporting_find(e, seed->asset.chain, &seed->address), &text);
}

static size_t wallet_of(const struct exporting *e, uint32_t party)
{
    return exporting_find(e, e->trace->parties[party].chain, &e->trace->parties[party].address);
}

static void put_asset(struct sg_buf *out, const struct exporting *e, uint32_t asset,
                      struct sg_amount amount)
{
    put_amount(out, amount, e->trace->assets[asset].decimals, e->trace->assets[asset].symbol);
}

static bool destination(struct exporting *e, const struct sg_trace_destination *d)
{
    struct sg_buf text = SG_BUF_INIT(SENTENCE_MAX);
    const char *policy = sg_policy_name(e->figures->policy);
    const size_t wallet = wallet_of(e, d->party);
    if (wallet == SIZE_MAX)
        return true;
    put_asset(&text, e, d->asset, d->amount);
    sg_buf_printf(&text, " of stolen money arrived in %zu transfers (%s)", d->transfers, policy);
    return append(e, wallet, &text);
}

static bool holding(struct exporting *e, const struct sg_trace_holding *h)
{
    struct sg_buf text = SG_BUF_INIT(SENTENCE_MAX);
    const char *policy = sg_policy_name(e->figures->policy);
    const size_t wallet = wallet_of(e, h->party);
    if (wallet == SIZE_MAX)
        return true;
    put_asset(&text, e, h->asset, h->amount);
    if (h->status == SG_TRACE_HELD)
        sg_buf_printf(&text, " of stolen money held as of block %" PRIu64 " (%s)", h->covered_to,
                      policy);
    else
        sg_buf_printf(&text, " of stolen money last seen here, what followed is not observed (%s)",
                      policy);
    return append(e, wallet, &text);
}

static const char *line(struct exporting *e, const struct sg_trace_line *l)
{
    struct sg_buf text = SG_BUF_INIT(SENTENCE_MAX);
    const struct {
        const char *what;
        struct sg_amount amount;
    } parts[] = {{"stolen", l->stolen},
                 {"converted in", l->converted_in},
                 {"at services", l->destinations},
                 {"held", l->held},
                 {"unobserved", l->unobserved},
                 {"fees", l->fees},
                 {"converted out", l->converted_out}};
    sg_buf_printf(&text, "Under the policy %s: ", sg_policy_name(e->figures->policy));
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        sg_buf_printf(&text, "%s%s ", i ? ", " : "", parts[i].what);
        put_asset(&text, e, l->asset, parts[i].amount);
    }
    return keep(e, &text);
}

static bool lines(struct sg_sharing *sharing, struct exporting *e)
{
    const char **findings = sg_arena_alloc(e->arena, e->figures->n_lines + 1, sizeof(*findings));
    bool ok = findings != NULL;
    for (size_t i = 0; ok && i < e->figures->n_lines; i++) {
        findings[i] = line(e, &e->figures->lines[i]);
        ok = findings[i] != NULL;
    }
    sharing->findings = findings;
    sharing->n_findings = e->figures->n_lines;
    return ok;
}

enum sg_status exporting_findings(struct sg_sharing *sharing, struct exporting *e,
                                  struct sg_err *err)
{
    bool ok = true;
    for (size_t i = 0; ok && i < e->c->n_seeds; i++)
        ok = seed(e, &e->c->seeds[i]);
    for (size_t i = 0; ok && e->figures && i < e->figures->n_destinations; i++)
        ok = destination(e, &e->figures->destinations[i]);
    for (size_t i = 0; ok && e->figures && i < e->figures->n_holdings; i++)
        ok = holding(e, &e->figures->holdings[i]);
    if (ok && e->figures)
        ok = lines(sharing, e);
    return ok ? SG_OK : sg_err_nomem(err);
}

/* Out: text   NULL where the transaction has no hash. False without memory. */
static bool hash_text(const char **text, struct exporting *e, uint32_t tx)
{
    char whole[2 + 64 + 1] = "0x";
    *text = NULL;
    if (tx == SG_TRACE_NONE || !e->trace->txs[tx].has_hash)
        return true;
    const bool is_hex = e->trace->txs[tx].chain->hex20;
    sg_hex_encode(whole + 2, e->trace->txs[tx].hash32, 32);
    *text = sg_arena_strndup(e->arena, is_hex ? whole : whole + 2, is_hex ? 66 : 64);
    return *text != NULL;
}

static bool is_payment(const struct exporting *e, const struct sg_trace_move *move)
{
    return move->kind == SG_MOVE_TRANSFER && move->from != SG_TRACE_NONE && !move->is_dust &&
           wallet_of(e, move->from) != SIZE_MAX && wallet_of(e, move->to) != SIZE_MAX;
}

static bool payment(struct sg_sharing_payment *out, struct exporting *e, size_t move_index)
{
    const struct sg_trace_move *move = &e->figures->moves[move_index];
    const struct sg_trace_asset *asset = &e->trace->assets[move->asset];
    char amount[SG_AMOUNT_TEXT_MAX];
    write_amount(amount, move->tainted, asset->decimals);
    *out = (struct sg_sharing_payment){
        .from = wallet_of(e, move->from),
        .to = wallet_of(e, move->to),
        .amount = sg_arena_strndup(e->arena, amount, strlen(amount)),
        .symbol = asset->symbol,
        .time_unix_s = move->time_unix_s,
        .number = move_index,
    };
    return out->amount && hash_text(&out->tx, e, move->tx);
}

enum sg_status exporting_payments(struct sg_sharing *sharing, struct exporting *e,
                                  struct sg_err *err)
{
    struct sg_sharing_payment *payments =
        sg_arena_alloc(e->arena, e->figures->n_moves + 1, sizeof(*payments));
    size_t n = 0;
    if (!payments)
        return sg_err_nomem(err);
    for (size_t i = 0; i < e->figures->n_moves; i++)
        if (is_payment(e, &e->figures->moves[i]) && !payment(&payments[n++], e, i))
            return sg_err_nomem(err);
    sharing->payments = payments;
    sharing->n_payments = n;
    return SG_OK;
}
