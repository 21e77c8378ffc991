/* MISP: one event with a coin-address object a wallet and a link a source. */
#include "formats/sharing/sharing_internal.h"

#include "base/jsonw.h"

#include <stdio.h>
#include <string.h>

/* Of the object template coin-address (MISP/misp-objects). */
#define TEMPLATE_UUID    "d0e6997e-78da-4815-a6a1-cfc1c1cb8a46"
#define TEMPLATE_VERSION "7"
#define TEXT_MAX         ((size_t)1024 * 1024)

struct misp {
    struct sg_jsonw w;
    const struct sg_sharing *sharing;
    char timestamp[32]; /* Unix seconds as text, as MISP writes them */
};

static void kv_uuid(struct sg_jsonw *w, struct sg_sharing_id id)
{
    sg_jsonw_kv_string(w, "uuid", id.text);
}

/* object_relation: NULL outside an object. */
static void attribute(struct misp *m, struct sg_sharing_id id, const char *relation,
                      const char *type, const char *category, const char *value, bool to_ids)
{
    sg_jsonw_begin_object(&m->w);
    kv_uuid(&m->w, id);
    if (relation)
        sg_jsonw_kv_string(&m->w, "object_relation", relation);
    sg_jsonw_kv_string(&m->w, "type", type);
    sg_jsonw_kv_string(&m->w, "category", category);
    sg_jsonw_kv_string(&m->w, "value", value);
    sg_jsonw_kv_bool(&m->w, "to_ids", to_ids);
    sg_jsonw_kv_bool(&m->w, "disable_correlation", !to_ids);
    sg_jsonw_kv_string(&m->w, "distribution", "5");
    sg_jsonw_kv_string(&m->w, "timestamp", m->timestamp);
    sg_jsonw_end_object(&m->w);
}

/* The relation and type of an address, by its chain: the template has three. */
static void address_type(const char **relation, const char **type, const char *chain)
{
    const bool is_btc = strcmp(chain, "bitcoin") == 0;
    const bool is_xmr = strcmp(chain, "monero") == 0;
    *relation = is_btc ? "address" : is_xmr ? "address-xmr" : "address-crypto";
    *type = is_btc ? "btc" : is_xmr ? "xmr" : "text";
}

/* MISP raises an alarm for what is marked so: never for a service, through which anybody pays. */
static bool is_alarm(const struct sg_sharing_wallet *wallet)
{
    return wallet->n_claims > 0 && sg_category_info(wallet->claims[0].category)->is_illicit &&
           !sg_category_info(wallet->claims[0].category)->is_service;
}

static void wallet_attributes(struct misp *m, const struct sg_sharing_wallet *wallet,
                              struct sg_sharing_id object)
{
    struct sg_buf text = SG_BUF_INIT(TEXT_MAX);
    const char *relation, *type;
    address_type(&relation, &type, wallet->chain);
    attribute(m, sg_sharing_id_of("misp", object.text, "address", NULL), relation, type,
              "Financial fraud", wallet->address, is_alarm(wallet));
    attribute(m, sg_sharing_id_of("misp", object.text, "symbol", NULL), "symbol", "text", "Other",
              wallet->symbol, false);
    sg_sharing_wallet_text(&text, wallet);
    if (text.failed)
        m->w.buf->failed = true;
    if (text.size)
        attribute(m, sg_sharing_id_of("misp", object.text, "text", NULL), "text", "text", "Other",
                  text.data, false);
    sg_buf_clear(&text);
}

static void object(struct misp *m, const struct sg_sharing_wallet *wallet)
{
    const struct sg_sharing_id id =
        sg_sharing_id_of("misp-object", m->sharing->name, wallet->chain, wallet->address);
    sg_jsonw_begin_object(&m->w);
    kv_uuid(&m->w, id);
    sg_jsonw_kv_string(&m->w, "name", "coin-address");
    sg_jsonw_kv_string(&m->w, "meta-category", "financial");
    sg_jsonw_kv_string(&m->w, "description", "An address used in a cryptocurrency");
    sg_jsonw_kv_string(&m->w, "template_uuid", TEMPLATE_UUID);
    sg_jsonw_kv_string(&m->w, "template_version", TEMPLATE_VERSION);
    sg_jsonw_kv_string(&m->w, "distribution", "5");
    sg_jsonw_kv_string(&m->w, "timestamp", m->timestamp);
    sg_jsonw_kv_string(&m->w, "comment", wallet->chain);
    sg_jsonw_key(&m->w, "Attribute");
    sg_jsonw_begin_array(&m->w);
    wallet_attributes(m, wallet, id);
    sg_jsonw_end_array(&m->w);
    sg_jsonw_end_object(&m->w);
}

/* Whether an earlier source has the same address: an id must not come twice. */
static bool is_repeated(const struct sg_sharing *sharing, size_t source)
{
    for (size_t i = 0; i < source; i++)
        if (sharing->sources[i].address &&
            strcmp(sharing->sources[i].address, sharing->sources[source].address) == 0)
            return true;
    return false;
}

static void link(struct misp *m, size_t source)
{
    const char *address = m->sharing->sources[source].address;
    const bool is_web = sg_sharing_url(&m->sharing->sources[source]) != NULL;
    if (!address || is_repeated(m->sharing, source))
        return;
    attribute(m, sg_sharing_id_of("misp", m->sharing->name, "link", address), NULL,
              is_web ? "link" : "comment", "External analysis", address, false);
}

static void attributes(struct misp *m)
{
    const struct sg_sharing *sharing = m->sharing;
    sg_jsonw_key(&m->w, "Attribute");
    sg_jsonw_begin_array(&m->w);
    for (size_t i = 0; i < sharing->n_sources; i++)
        link(m, i);
    for (size_t i = 0; i < sharing->n_findings; i++)
        attribute(m, sg_sharing_id_of("misp", sharing->name, "finding", sharing->findings[i]), NULL,
                  "comment", "Other", sharing->findings[i], false);
    sg_jsonw_end_array(&m->w);
}

void sg_sharing_misp(struct sg_buf *out, const struct sg_sharing *sharing)
{
    struct misp m = {.sharing = sharing};
    char day[SG_TIME_TEXT_MAX];
    sg_jsonw_init(&m.w, out);
    snprintf(m.timestamp, sizeof(m.timestamp), "%lld", (long long)sharing->date_unix_s);
    sg_jsonw_begin_object(&m.w);
    sg_jsonw_key(&m.w, "Event");
    sg_jsonw_begin_object(&m.w);
    kv_uuid(&m.w, sg_sharing_id_of("misp-event", sharing->name, NULL, NULL));
    sg_jsonw_kv_string(&m.w, "info", sharing->title);
    sg_jsonw_key(&m.w, "date");
    sg_jsonw_string_n(&m.w, sg_time_format(day, sharing->date_unix_s), 10);
    sg_jsonw_kv_string(&m.w, "timestamp", m.timestamp);
    /* Undefined, completed, your organisation only: who shares it decides again. */
    sg_jsonw_kv_string(&m.w, "threat_level_id", "4");
    sg_jsonw_kv_string(&m.w, "analysis", "2");
    sg_jsonw_kv_string(&m.w, "distribution", "0");
    sg_jsonw_kv_bool(&m.w, "published", false);
    attributes(&m);
    sg_jsonw_key(&m.w, "Object");
    sg_jsonw_begin_array(&m.w);
    for (size_t i = 0; i < sharing->n_wallets; i++)
        object(&m, &sharing->wallets[i]);
    sg_jsonw_end_array(&m.w);
    sg_jsonw_end_object(&m.w);
    sg_jsonw_end_object(&m.w);
    sg_buf_putc(out, '\n');
}
