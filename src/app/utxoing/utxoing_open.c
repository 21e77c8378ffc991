/* Which chain of a ledger, and who a person means by an address. */
#include "app/utxoing/utxoing.h"

#include "base/limits.h"
#include "formats/address/address.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum sg_status sg_utxoing_open(struct sg_utxo *utxo, const char *dir, const char *chain,
                               const char *network, struct sg_err *err)
{
    const struct sg_btc_params *params = NULL, *at;
    if (!dir)
        return sg_err_set(err, SG_EUSAGE, "--ledger is needed");
    if (chain && !(params = sg_btc_params_find(chain, network)))
        return sg_err_set(err, SG_EUSAGE, "--chain %s: no chain of outputs of that name is known",
                          chain);
    for (size_t i = 0, n = 0; !chain && (at = sg_btc_params_at(i)); i++)
        if (sg_utxo_exists(dir, at)) {
            if (n++)
                return sg_err_set(err, SG_EUSAGE, "the ledger holds several chains; name --chain");
            params = at;
        }
    if (!params)
        return sg_err_set(err, SG_ENOTFOUND, "there is no ledger of outputs in %s", dir);
    return sg_utxo_open(utxo, dir, params, false, err);
}

void sg_utxoing_name(struct sg_buf *out, const struct sg_utxo *utxo, uint32_t owner)
{
    char text[SG_PAYEE_TEXT_MAX + 1];
    size_t size;
    if (owner == SG_UTXO_NOBODY) {
        sg_buf_puts(out, "nobody");
        return;
    }
    const uint8_t *script = sg_utxo_owner_script(&size, utxo, owner);
    if (sg_address_from_script(text, sg_network_of_chain(utxo->params->name), script, size) ==
        SG_OK) {
        sg_buf_puts(out, text);
        return;
    }
    sg_buf_puts(out, "script:");
    for (size_t i = 0; i < size; i++)
        sg_buf_printf(out, "%02x", script[i]);
}

void sg_utxoing_name_json(struct sg_jsonw *w, const struct sg_utxo *utxo, uint32_t owner)
{
    struct sg_buf text = SG_BUF_INIT(SG_RECORD_BYTES_MAX * 16);
    sg_utxoing_name(&text, utxo, owner);
    sg_jsonw_string_n(w, text.data ? text.data : "", text.size);
    sg_buf_clear(&text);
}

enum sg_status sg_utxoing_output(uint64_t *out, const struct sg_utxo *utxo, const char *text,
                                 struct sg_err *err)
{
    uint8_t txid[SG_BTC_HASH];
    char *end = NULL;
    const char *colon = strchr(text, ':');
    if (!colon || !sg_btc_hash_parse(txid, text, (size_t)(colon - text)) || colon[1] < '0' ||
        colon[1] > '9')
        return sg_err_set(err, SG_EUSAGE, "'%s' is no output: TXID:N is expected", text);
    const unsigned long long index = strtoull(colon + 1, &end, 10);
    const uint64_t tx = sg_utxo_find_tx(utxo, txid);
    if (*end)
        return sg_err_set(err, SG_EUSAGE, "'%s' is no output: TXID:N is expected", text);
    if (tx == SG_UTXO_NONE)
        return sg_err_set(err, SG_ENOTFOUND, "the ledger has no transaction %.64s", text);
    const struct sg_utxo_tx *txs = sg_utxo_txs(utxo);
    if (index >= txs[tx + 1].first_out - txs[tx].first_out)
        return sg_err_set(err, SG_ENOTFOUND, "that transaction has only %" PRIu64 " outputs",
                          txs[tx + 1].first_out - txs[tx].first_out);
    *out = txs[tx].first_out + index;
    return SG_OK;
}

bool sg_utxoing_is_address(const struct sg_btc_params *params, const char *text)
{
    struct sg_payee payee;
    return sg_payee_read(&payee, sg_network_of_chain(params->name), text, strlen(text), NULL) ==
           SG_OK;
}

enum sg_status sg_utxoing_owner(uint32_t *owner, const struct sg_utxo *utxo, const char *text,
                                struct sg_err *err)
{
    struct sg_payee payee;
    uint8_t script[SG_PAYEE_SCRIPT_MAX];
    if (strchr(text, ':')) {
        uint64_t out;
        const enum sg_status st = sg_utxoing_output(&out, utxo, text, err);
        if (st == SG_OK)
            *owner = sg_utxo_out_owner(utxo)[out];
        return st == SG_OK && *owner == SG_UTXO_NOBODY
                   ? sg_err_set(err, SG_ENOTFOUND, "nobody owns the output %s", text)
                   : st;
    }
    if (sg_payee_read(&payee, sg_network_of_chain(utxo->params->name), text, strlen(text), err) !=
        SG_OK)
        return sg_err_set(err, SG_EUSAGE, "'%s' is no address of %s and no TXID:N", text,
                          utxo->params->name);
    *owner = sg_utxo_find_owner(utxo, script, sg_payee_to_script(script, &payee));
    return *owner == SG_UTXO_NOBODY
               ? sg_err_set(err, SG_ENOTFOUND, "the ledger knows nothing of %s", text)
               : SG_OK;
}

char *sg_utxoing_txid(char text[SG_BTC_HASH_TEXT_MAX], const struct sg_utxo *utxo, uint64_t tx)
{
    return sg_btc_hash_text(text, sg_utxo_txs(utxo)[tx].txid);
}
