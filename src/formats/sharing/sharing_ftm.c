/* FollowTheMoney: an entity a line. Wallets, their holders, what a list says of them, payments. */
#include "formats/sharing/sharing_internal.h"

#include "base/jsonw.h"

#include <stdio.h>
#include <string.h>

struct ftm {
    struct sg_jsonw w;
    struct sg_buf *out;
    const struct sg_sharing *sharing;
};

static void begin(struct ftm *f, struct sg_sharing_id id, const char *schema)
{
    sg_jsonw_init(&f->w, f->out);
    sg_jsonw_begin_object(&f->w);
    sg_jsonw_kv_string(&f->w, "id", id.text);
    sg_jsonw_kv_string(&f->w, "schema", schema);
    sg_jsonw_key(&f->w, "properties");
    sg_jsonw_begin_object(&f->w);
}

static void end(struct ftm *f)
{
    sg_jsonw_end_object(&f->w);
    sg_jsonw_end_object(&f->w);
    sg_buf_putc(f->out, '\n');
}

static void property(struct ftm *f, const char *name, const char *value)
{
    if (!value || !value[0])
        return;
    sg_jsonw_key(&f->w, name);
    sg_jsonw_begin_array(&f->w);
    sg_jsonw_string(&f->w, value);
    sg_jsonw_end_array(&f->w);
}

static void date(struct ftm *f, const char *name, int64_t seconds)
{
    char text[SG_TIME_TEXT_MAX];
    if (seconds == SG_TIME_UNKNOWN)
        return;
    sg_time_format(text, seconds);
    text[10] = 0;
    property(f, name, text);
}

/* A word of FollowTheMoney's topics, or NULL where none says the same. */
static const char *topic_of(enum sg_category category)
{
    if (category == SG_CATEGORY_SANCTIONED)
        return "sanction";
    if (category == SG_CATEGORY_THEFT)
        return "crime.theft";
    if (category == SG_CATEGORY_RANSOM || category == SG_CATEGORY_ABUSE)
        return "crime.cyber";
    if (category == SG_CATEGORY_SCAM)
        return "crime.fraud";
    if (category == SG_CATEGORY_TERRORISM)
        return "crime.terror";
    if (category == SG_CATEGORY_FROZEN)
        return "asset.frozen";
    return sg_category_info(category)->is_service ? "fin" : NULL;
}

static struct sg_sharing_id wallet_id(const struct sg_sharing_wallet *wallet)
{
    return sg_sharing_id_of("ftm-wallet", wallet->chain, wallet->address, NULL);
}

/* Whoever holds a wallet: the entity that is named, or somebody of whom no more is known. */
static struct sg_sharing_id holder_id(const struct sg_sharing_wallet *wallet)
{
    const char *holder = sg_sharing_holder(wallet);
    return holder ? sg_sharing_id_of("ftm-holder", holder, NULL, NULL)
                  : sg_sharing_id_of("ftm-holder", wallet->chain, wallet->address, NULL);
}

static void holder(struct ftm *f, const struct sg_sharing_wallet *wallet)
{
    char name[64 + SG_LABEL_SUBJECT_MAX];
    snprintf(name, sizeof(name), "Holder of %.*s", SG_LABEL_SUBJECT_MAX, wallet->address);
    begin(f, holder_id(wallet), "LegalEntity");
    property(f, "name", sg_sharing_holder(wallet) ? sg_sharing_holder(wallet) : name);
    end(f);
}

static void topics(struct ftm *f, const struct sg_sharing_wallet *wallet)
{
    bool is_open = false;
    for (size_t i = 0; i < wallet->n_claims; i++) {
        const char *topic = topic_of(wallet->claims[i].category);
        bool is_new = topic != NULL;
        for (size_t k = 0; is_new && k < i; k++)
            is_new = topic_of(wallet->claims[k].category) != topic;
        if (!is_new)
            continue;
        if (!is_open) {
            sg_jsonw_key(&f->w, "topics");
            sg_jsonw_begin_array(&f->w);
        }
        is_open = true;
        sg_jsonw_string(&f->w, topic);
    }
    if (is_open)
        sg_jsonw_end_array(&f->w);
}

static void notes(struct ftm *f, const struct sg_sharing_wallet *wallet)
{
    if (wallet->n_claims == 0)
        return;
    sg_jsonw_key(&f->w, "notes");
    sg_jsonw_begin_array(&f->w);
    for (size_t i = 0; i < wallet->n_claims; i++) {
        struct sg_buf text = SG_BUF_INIT(4 * SG_LABEL_TEXT_MAX);
        sg_sharing_claim_text(&text, &wallet->claims[i]);
        if (text.failed)
            f->out->failed = true;
        sg_jsonw_string(&f->w, text.data ? text.data : "");
        sg_buf_clear(&text);
    }
    sg_jsonw_end_array(&f->w);
}

static void wallet(struct ftm *f, const struct sg_sharing_wallet *wallet)
{
    begin(f, wallet_id(wallet), "CryptoWallet");
    property(f, "name", wallet->address);
    property(f, "publicKey", wallet->address);
    property(f, "currency", wallet->symbol);
    property(f, "summary", wallet->finding);
    property(f, "holder", holder_id(wallet).text);
    if (wallet->n_claims && wallet->claims[0].source)
        property(f, "sourceUrl", sg_sharing_url(wallet->claims[0].source));
    topics(f, wallet);
    notes(f, wallet);
    end(f);
}

static void sanctions(struct ftm *f, const struct sg_sharing_wallet *wallet)
{
    for (size_t i = 0; i < wallet->n_claims; i++) {
        const struct sg_sharing_claim *claim = &wallet->claims[i];
        char number[32];
        if (claim->category != SG_CATEGORY_SANCTIONED)
            continue;
        snprintf(number, sizeof(number), "%zu", i);
        begin(f, sg_sharing_id_of("ftm-sanction", wallet_id(wallet).text, number, NULL),
              "Sanction");
        property(f, "entity", wallet_id(wallet).text);
        if (claim->source) {
            property(f, "authority", claim->source->publisher);
            property(f, "program", claim->source->title);
            property(f, "sourceUrl", sg_sharing_url(claim->source));
            date(f, "listingDate", claim->source->date_unix_s);
        }
        property(f, "summary", claim->note);
        end(f);
    }
}

static void payment(struct ftm *f, const struct sg_sharing_payment *payment)
{
    const struct sg_sharing_wallet *wallets = f->sharing->wallets;
    char number[32];
    snprintf(number, sizeof(number), "%llu", (unsigned long long)payment->number);
    begin(f, sg_sharing_id_of("ftm-payment", f->sharing->name, payment->tx, number), "Payment");
    property(f, "payer", holder_id(&wallets[payment->from]).text);
    property(f, "beneficiary", holder_id(&wallets[payment->to]).text);
    property(f, "amount", payment->amount);
    property(f, "currency", payment->symbol);
    date(f, "date", payment->time_unix_s);
    property(f, "transactionNumber", payment->tx);
    sg_jsonw_key(&f->w, "description");
    sg_jsonw_begin_array(&f->w);
    char text[2 * SG_LABEL_SUBJECT_MAX + 16];
    snprintf(text, sizeof(text), "%.*s to %.*s", SG_LABEL_SUBJECT_MAX,
             wallets[payment->from].address, SG_LABEL_SUBJECT_MAX, wallets[payment->to].address);
    sg_jsonw_string(&f->w, text);
    sg_jsonw_end_array(&f->w);
    end(f);
}

void sg_sharing_ftm(struct sg_buf *out, const struct sg_sharing *sharing)
{
    struct ftm f = {.out = out, .sharing = sharing};
    for (size_t i = 0; i < sharing->n_wallets; i++) {
        if (sharing->wallets[i].is_first_of_holder)
            holder(&f, &sharing->wallets[i]);
        wallet(&f, &sharing->wallets[i]);
        sanctions(&f, &sharing->wallets[i]);
    }
    for (size_t i = 0; i < sharing->n_payments; i++)
        payment(&f, &sharing->payments[i]);
}
