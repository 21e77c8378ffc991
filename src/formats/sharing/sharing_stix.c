/* STIX 2.1: a bundle with the theft as an incident, its wallets, their holders, notes of what is
 * claimed and found, and a report that holds them together. */
#include "formats/sharing/sharing_internal.h"

#include "base/jsonw.h"

#include <stdio.h>
#include <string.h>

/* Where STIX's own objects have their ids from (STIX 2.1, section 2.9), and the wallet extension,
 * whose rule makes the id of the bare address. */
#define STIX_SPACE       "00abedb4-aa42-466c-9c01-fed23315a9b7"
#define WALLET_EXTENSION "extension-definition--be78509e-6958-51b1-8b26-d17ee0eba2d7"
#define TEXT_MAX         ((size_t)1024 * 1024)

struct stix {
    struct sg_jsonw w;
    const struct sg_sharing *sharing;
    char time[SG_TIME_TEXT_MAX]; /* of the theft: of every object */
};

static void kv_id(struct sg_jsonw *w, const char *key, const char *type, struct sg_sharing_id id)
{
    char text[64 + SG_UUID_TEXT_MAX];
    const int n = snprintf(text, sizeof(text), "%s--%s", type, id.text);
    sg_jsonw_key(w, key);
    sg_jsonw_string_n(w, text, (size_t)n);
}

static struct sg_sharing_id wallet_id(const struct sg_sharing_wallet *wallet)
{
    struct sg_sharing_id id;
    sg_uuid5(id.text, STIX_SPACE, wallet->address, strlen(wallet->address));
    return id;
}

static void wallet_ref(struct sg_jsonw *w, const struct sg_sharing_wallet *wallet)
{
    char text[64 + SG_UUID_TEXT_MAX];
    const struct sg_sharing_id id = wallet_id(wallet);
    const int n = snprintf(text, sizeof(text), "cryptocurrency-wallet--%s", id.text);
    sg_jsonw_string_n(w, text, (size_t)n);
}

static struct sg_sharing_id producer_id(void)
{
    return sg_sharing_id_of("identity", "Sillage", NULL, NULL);
}

static void kv_time(struct sg_jsonw *w, const char *key, const char *seconds)
{
    char text[SG_TIME_TEXT_MAX + 8];
    /* "...:09Z" with the thousandths that STIX asks for. */
    const int n = snprintf(text, sizeof(text), "%.19s.000Z", seconds);
    sg_jsonw_key(w, key);
    sg_jsonw_string_n(w, text, (size_t)n);
}

/* What every object of a case has; the caller ends it. */
static void begin(struct stix *s, const char *type, struct sg_sharing_id id, bool is_ours)
{
    sg_jsonw_begin_object(&s->w);
    sg_jsonw_kv_string(&s->w, "type", type);
    sg_jsonw_kv_string(&s->w, "spec_version", "2.1");
    kv_id(&s->w, "id", type, id);
    kv_time(&s->w, "created", s->time);
    kv_time(&s->w, "modified", s->time);
    if (is_ours)
        kv_id(&s->w, "created_by_ref", "identity", producer_id());
}

static void producer(struct stix *s)
{
    begin(s, "identity", producer_id(), false);
    sg_jsonw_kv_string(&s->w, "name", "Sillage");
    sg_jsonw_kv_string(&s->w, "identity_class", "system");
    sg_jsonw_end_object(&s->w);
}

static void reference(struct sg_jsonw *w, const struct sg_sharing_source *source)
{
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_string(w, "source_name",
                       source->publisher ? source->publisher
                       : source->title   ? source->title
                                         : "source");
    if (source->title || !sg_sharing_url(source))
        sg_jsonw_kv_string(w, "description", source->title ? source->title : source->address);
    if (sg_sharing_url(source))
        sg_jsonw_kv_string(w, "url", sg_sharing_url(source));
    sg_jsonw_end_object(w);
}

/* A reference needs a description or an address. */
static bool is_citable(const struct sg_sharing_source *source)
{
    return source && (source->title || source->address);
}

static void references(struct sg_jsonw *w, const struct sg_sharing *sharing)
{
    size_t n = 0;
    for (size_t i = 0; i < sharing->n_sources; i++)
        n += is_citable(&sharing->sources[i]);
    if (n == 0)
        return;
    sg_jsonw_key(w, "external_references");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < sharing->n_sources; i++)
        if (is_citable(&sharing->sources[i]))
            reference(w, &sharing->sources[i]);
    sg_jsonw_end_array(w);
}

static struct sg_sharing_id incident_id(const struct sg_sharing *sharing)
{
    return sg_sharing_id_of("incident", sharing->name, NULL, NULL);
}

static void incident(struct stix *s)
{
    begin(s, "incident", incident_id(s->sharing), true);
    sg_jsonw_kv_string(&s->w, "name", s->sharing->title);
    if (s->sharing->summary)
        sg_jsonw_kv_string(&s->w, "description", s->sharing->summary);
    references(&s->w, s->sharing);
    sg_jsonw_end_object(&s->w);
}

static struct sg_sharing_id holder_id(const char *holder)
{
    return sg_sharing_id_of("identity", "holder", holder, NULL);
}

static void holder(struct stix *s, const char *name)
{
    begin(s, "identity", holder_id(name), true);
    sg_jsonw_kv_string(&s->w, "name", name);
    sg_jsonw_kv_string(&s->w, "identity_class", "unknown");
    sg_jsonw_end_object(&s->w);
}

static void wallet(struct stix *s, const struct sg_sharing_wallet *wallet)
{
    sg_jsonw_begin_object(&s->w);
    sg_jsonw_kv_string(&s->w, "type", "cryptocurrency-wallet");
    sg_jsonw_kv_string(&s->w, "spec_version", "2.1");
    kv_id(&s->w, "id", "cryptocurrency-wallet", wallet_id(wallet));
    sg_jsonw_kv_string(&s->w, "value", wallet->address);
    if (sg_sharing_holder(wallet))
        kv_id(&s->w, "holder_ref", "identity", holder_id(sg_sharing_holder(wallet)));
    sg_jsonw_key(&s->w, "extensions");
    sg_jsonw_begin_object(&s->w);
    sg_jsonw_key(&s->w, WALLET_EXTENSION);
    sg_jsonw_begin_object(&s->w);
    sg_jsonw_kv_string(&s->w, "extension_type", "new-sco");
    sg_jsonw_end_object(&s->w);
    sg_jsonw_end_object(&s->w);
    sg_jsonw_end_object(&s->w);
}

static unsigned confidence_of(const struct sg_sharing_wallet *wallet)
{
    /* STIX 2.1, appendix A, the scale "None / Low / Med / High". */
    static const unsigned steps[] = {
        [SG_CONFIDENCE_LOW] = 15, [SG_CONFIDENCE_MEDIUM] = 50, [SG_CONFIDENCE_HIGH] = 85};
    return wallet->n_claims ? steps[wallet->claims[0].confidence] : 0;
}

/* What is claimed and found of a wallet. */
static void note(struct stix *s, const struct sg_sharing_wallet *wallet)
{
    struct sg_buf text = SG_BUF_INIT(TEXT_MAX);
    sg_sharing_wallet_text(&text, wallet);
    if (text.failed)
        s->w.buf->failed = true;
    begin(s, "note", sg_sharing_id_of("note", s->sharing->name, wallet->chain, wallet->address),
          true);
    sg_jsonw_kv_string(&s->w, "abstract", wallet->chain);
    sg_jsonw_kv_string(&s->w, "content", text.data ? text.data : "");
    if (wallet->n_claims)
        sg_jsonw_kv_uint(&s->w, "confidence", confidence_of(wallet));
    sg_jsonw_key(&s->w, "object_refs");
    sg_jsonw_begin_array(&s->w);
    wallet_ref(&s->w, wallet);
    sg_jsonw_end_array(&s->w);
    sg_jsonw_end_object(&s->w);
    sg_buf_clear(&text);
}

static void payment(struct stix *s, const struct sg_sharing_payment *payment)
{
    char number[32], text[128], seconds[SG_TIME_TEXT_MAX];
    const struct sg_sharing_wallet *wallets = s->sharing->wallets;
    snprintf(number, sizeof(number), "%llu", (unsigned long long)payment->number);
    begin(s, "relationship", sg_sharing_id_of("payment", s->sharing->name, payment->tx, number),
          true);
    sg_jsonw_kv_string(&s->w, "relationship_type", "related-to");
    snprintf(text, sizeof(text), "paid %.48s %.32s of the stolen money", payment->amount,
             payment->symbol);
    sg_jsonw_kv_string(&s->w, "description", text);
    sg_jsonw_key(&s->w, "source_ref");
    wallet_ref(&s->w, &wallets[payment->from]);
    sg_jsonw_key(&s->w, "target_ref");
    wallet_ref(&s->w, &wallets[payment->to]);
    if (payment->time_unix_s != SG_TIME_UNKNOWN)
        kv_time(&s->w, "start_time", sg_time_format(seconds, payment->time_unix_s));
    if (payment->tx) {
        sg_jsonw_key(&s->w, "external_references");
        sg_jsonw_begin_array(&s->w);
        sg_jsonw_begin_object(&s->w);
        sg_jsonw_kv_string(&s->w, "source_name", wallets[payment->from].chain);
        sg_jsonw_kv_string(&s->w, "external_id", payment->tx);
        sg_jsonw_end_object(&s->w);
        sg_jsonw_end_array(&s->w);
    }
    sg_jsonw_end_object(&s->w);
}

static void description(struct stix *s)
{
    struct sg_buf text = SG_BUF_INIT(TEXT_MAX);
    for (size_t i = 0; i < s->sharing->n_findings; i++) {
        if (i)
            sg_buf_putc(&text, '\n');
        sg_buf_puts(&text, s->sharing->findings[i]);
    }
    if (text.failed)
        s->w.buf->failed = true;
    if (text.size)
        sg_jsonw_kv_string(&s->w, "description", text.data);
    sg_buf_clear(&text);
}

static void report(struct stix *s)
{
    begin(s, "report", sg_sharing_id_of("report", s->sharing->name, NULL, NULL), true);
    sg_jsonw_kv_string(&s->w, "name", s->sharing->title);
    description(s);
    kv_time(&s->w, "published", s->time);
    references(&s->w, s->sharing);
    sg_jsonw_key(&s->w, "object_refs");
    sg_jsonw_begin_array(&s->w);
    char text[64 + SG_UUID_TEXT_MAX];
    const struct sg_sharing_id id = incident_id(s->sharing);
    const int n = snprintf(text, sizeof(text), "incident--%s", id.text);
    sg_jsonw_string_n(&s->w, text, (size_t)n);
    for (size_t i = 0; i < s->sharing->n_wallets; i++)
        wallet_ref(&s->w, &s->sharing->wallets[i]);
    sg_jsonw_end_array(&s->w);
    sg_jsonw_end_object(&s->w);
}

static void wallets(struct stix *s)
{
    const struct sg_sharing *sharing = s->sharing;
    for (size_t i = 0; i < sharing->n_wallets; i++) {
        const struct sg_sharing_wallet *one = &sharing->wallets[i];
        if (sg_sharing_holder(one) && one->is_first_of_holder)
            holder(s, sg_sharing_holder(one));
        /* One address on several chains is one wallet to STIX, whose id is of the address. */
        if (one->is_first_of_address)
            wallet(s, one);
        if (one->n_claims || one->finding)
            note(s, one);
    }
}

void sg_sharing_stix(struct sg_buf *out, const struct sg_sharing *sharing)
{
    struct stix s = {.sharing = sharing};
    sg_jsonw_init(&s.w, out);
    sg_time_format(s.time, sharing->date_unix_s);
    sg_jsonw_begin_object(&s.w);
    sg_jsonw_kv_string(&s.w, "type", "bundle");
    kv_id(&s.w, "id", "bundle", sg_sharing_id_of("bundle", sharing->name, NULL, NULL));
    sg_jsonw_key(&s.w, "objects");
    sg_jsonw_begin_array(&s.w);
    producer(&s);
    incident(&s);
    wallets(&s);
    for (size_t i = 0; i < sharing->n_payments; i++)
        payment(&s, &sharing->payments[i]);
    report(&s);
    sg_jsonw_end_array(&s.w);
    sg_jsonw_end_object(&s.w);
    sg_buf_putc(out, '\n');
}
