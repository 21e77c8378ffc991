/* A case file for each theft (docs/formats/case.md): the outputs that were stolen or paid as
 * ransom, and where the thief cashes. Nothing of what became of the money. */
#include "app/coinworlding/coinworlding_internal.h"

#include "base/amount.h"
#include "base/civil.h"
#include "store/file/file.h"

#include <inttypes.h>
#include <stdio.h>

#define CASE_MAX ((size_t)16 * 1024 * 1024)
#define CHAIN    "bitcoin-regtest"

static void put_seed(struct sg_buf *out, const struct sg_coinworld_seed *seed)
{
    char amount[SG_AMOUNT_TEXT_MAX], time[SG_TIME_TEXT_MAX], txid[SG_BTC_HASH_TEXT_MAX];
    sg_buf_printf(out,
                  "  - {chain: " CHAIN ", asset: BTC, amount: \"%s\", tx: \"%s\", output: %" PRIu32
                  ", time: \"%s\", source: truth}\n",
                  sg_amount_format(amount, sg_amount_from(seed->sat), SG_BTC_DECIMALS),
                  sg_btc_hash_text(txid, seed->txid), seed->n,
                  sg_time_format(time, seed->time_unix_s));
}

static enum sg_status put_label(struct sg_buf *out, const struct truth *truth,
                                const struct sg_coinworld_cash *cash, struct sg_err *err)
{
    char text[SG_PAYEE_TEXT_MAX + 1];
    if (sg_address_from_script(text, truth->network, cash->address.script,
                               cash->address.script_size) != SG_OK)
        return sg_err_set(err, SG_EPARSE, "a script has no address");
    sg_buf_printf(out,
                  "  - {chain: " CHAIN ", address: \"%s\", entity: %s %" PRIu32
                  ", category: %s, source: truth, confidence: high}\n",
                  text, cash->broker ? "broker" : "exchange", cash->owner,
                  cash->broker ? "otc" : "exchange");
    return SG_OK;
}

enum sg_status sg_cwi_case(const struct truth *truth, const struct sg_coinworld_theft *theft,
                           struct sg_err *err)
{
    struct sg_buf out = SG_BUF_INIT(CASE_MAX);
    char path[SG_OUTFILE_PATH_MAX], time[SG_TIME_TEXT_MAX];
    enum sg_status st = SG_OK;
    sg_time_format(time, theft->seeds[0].time_unix_s);
    sg_buf_printf(&out,
                  "sillage_case: 1\nname: simulated-%" PRIu32 "\ntitle: Theft %" PRIu32
                  " of a made-up world\ndate: %.10s\nsources:\n"
                  "  - {id: truth, title: What the world that made the blocks knows}\nseeds:\n",
                  theft->number, theft->number, time);
    for (size_t i = 0; i < theft->n_seeds; i++)
        put_seed(&out, &theft->seeds[i]);
    if (theft->n_cash)
        sg_buf_puts(&out, "labels:\n");
    for (size_t i = 0; st == SG_OK && i < theft->n_cash; i++)
        st = put_label(&out, truth, &theft->cash[i], err);
    snprintf(path, sizeof(path), "%.4000s/case-%" PRIu32 ".yaml", truth->dir, theft->number);
    if (st == SG_OK)
        st = sg_buf_check(&out, err);
    if (st == SG_OK)
        st = sg_file_write(path, out.data, out.size, err);
    sg_buf_clear(&out);
    return st;
}
