#include "formats/tornado/tornado.h"

#include "base/hex.h"
#include "base/mem.h"
#include "formats/inflate/inflate.h"
#include "formats/json/json.h"

#include <string.h>

#define WORD 32 /* bytes of one ABI word */

static const uint8_t deposit_topic[WORD] = {
    0xa9, 0x45, 0xe5, 0x1e, 0xec, 0x50, 0xab, 0x98, 0xc1, 0x61, 0x37, 0x6f, 0x0d, 0xb4, 0xcf, 0x2a,
    0xeb, 0xa3, 0xec, 0x92, 0x75, 0x5f, 0xe2, 0xfc, 0xd3, 0x88, 0xbd, 0xbb, 0xb8, 0x0f, 0xf1, 0x96};
static const uint8_t withdrawal_topic[WORD] = {
    0xe9, 0xe5, 0x08, 0xba, 0xd6, 0xd4, 0xc3, 0x22, 0x7e, 0x88, 0x1c, 0xa1, 0x90, 0x68, 0xf0, 0x99,
    0xda, 0x81, 0xb5, 0x16, 0x4d, 0xd6, 0xd6, 0x2b, 0x2e, 0xaf, 0x1e, 0x8b, 0xc6, 0xc3, 0x49, 0x31};

struct sg_tornado {
    const struct sg_chain *chain;
    struct sg_pool_event_sink sink;
    struct sg_inflate *inflate;
    struct sg_json *json;
};

static struct sg_text field(const struct sg_json_object *object, const char *name)
{
    for (size_t i = 0; i < object->n_fields; i++)
        if (sg_text_is(object->fields[i].name, name))
            return object->fields[i].value;
    return (struct sg_text){NULL, 0};
}

/* 0x and 64 digits. */
static const char *read_word(uint8_t word[WORD], struct sg_text text, const char *fault)
{
    if (text.size != 2 + 2 * WORD || memcmp(text.data, "0x", 2) != 0 ||
        !sg_hex_decode(word, WORD, text.data + 2, text.size - 2))
        return fault;
    return NULL;
}

static bool read_hex_number(uint64_t *value, struct sg_text text)
{
    *value = 0;
    if (text.size < 3 || text.size > 18)
        return false;
    for (size_t i = 2; i < text.size; i++) {
        const char c = text.data[i];
        const bool digit = c >= '0' && c <= '9';
        const bool low = c >= 'a' && c <= 'f';
        const bool high = c >= 'A' && c <= 'F';
        if (!digit && !low && !high)
            return false;
        const int base = digit ? '0' : low ? 'a' - 10 : 'A' - 10;
        *value = *value << 4 | (uint64_t)(c - base);
    }
    return true;
}

/* Decimal, or hexadecimal behind 0x. */
static const char *read_number(uint64_t *value, struct sg_text text, uint64_t max,
                               const char *fault)
{
    if (text.size > 2 && memcmp(text.data, "0x", 2) == 0)
        return read_hex_number(value, text) && *value <= max ? NULL : fault;
    if (text.size == 0 || text.size > 19)
        return fault;
    *value = 0;
    for (size_t i = 0; i < text.size; i++) {
        const unsigned digit = (unsigned)(uint8_t)text.data[i] - '0';
        if (digit > 9)
            return fault;
        *value = *value * 10 + digit;
    }
    return *value <= max ? NULL : fault;
}

/* A time: far enough from the ends of int64_t that arithmetic on times cannot wrap. */
static const char *read_time(int64_t *time_unix_s, struct sg_text text)
{
    uint64_t value = 0;
    const char *fault = read_number(&value, text, (uint64_t)1 << 40, "timestamp is not a time");
    if (!fault)
        *time_unix_s = (int64_t)value;
    return fault;
}

/* What was paid, else what was bid; not needed. */
static const char *read_price(struct sg_pool_event *event, const struct sg_json_object *object)
{
    const struct sg_text paid = field(object, "effectiveGasPrice");
    const struct sg_text price = paid.data ? paid : field(object, "gasPrice");
    return price.data ? read_number(&event->gas_price, price, INT64_MAX, "gas price is no number")
                      : NULL;
}

static const char *common(struct sg_pool_event *event, const struct sg_json_object *object)
{
    const char *fault = read_number(&event->block, field(object, "blockNumber"), (uint64_t)1 << 48,
                                    "blockNumber is missing or no number");
    if (!fault)
        fault = read_price(event, object);
    if (fault)
        return fault;
    return read_word(event->tx32, field(object, "transactionHash"),
                     "transactionHash is not 0x and 64 hex digits");
}

static const char *cached_deposit(struct sg_pool_event *event, const struct sg_json_object *object)
{
    uint64_t leaf = 0;
    const struct sg_text time = field(object, "timestamp");
    event->kind = SG_POOL_DEPOSIT;
    const char *fault = read_word(event->id32, field(object, "commitment"),
                                  "commitment is not 0x and 64 hex digits");
    if (!fault)
        fault = read_number(&leaf, field(object, "leafIndex"), UINT32_MAX,
                            "leafIndex is missing or no number");
    event->leaf = (uint32_t)leaf;
    return fault || !time.data ? fault : read_time(&event->time_unix_s, time);
}

static const char *cached_withdrawal(const struct sg_tornado *parser, struct sg_pool_event *event,
                                     const struct sg_json_object *object)
{
    const struct sg_text to = field(object, "to");
    const struct sg_text fee = field(object, "fee");
    const struct sg_text time = field(object, "timestamp");
    event->kind = SG_POOL_WITHDRAWAL;
    const char *fault = read_word(event->id32, field(object, "nullifierHash"),
                                  "nullifierHash is not 0x and 64 hex digits");
    if (fault)
        return fault;
    if (!to.data || sg_address_parse(&event->to, parser->chain, to.data, to.size, NULL) != SG_OK)
        return "to is not an address";
    if (!fee.data || sg_amount_parse(&event->fee, fee.data, fee.size, 0, NULL) != SG_OK)
        return "fee is not an amount in base units";
    return time.data ? read_time(&event->time_unix_s, time) : NULL;
}

/* Words of a log: topics come as texts with commas between, data as one text. */
static const char *log_words(uint8_t (*words)[WORD], size_t n, struct sg_text data)
{
    if (data.size != 2 + 2 * WORD * n || memcmp(data.data, "0x", 2) != 0 ||
        !sg_hex_decode(words[0], WORD * n, data.data + 2, data.size - 2))
        return "data of the log has not the length of this event";
    return NULL;
}

static bool fits(const uint8_t word[WORD], size_t n_bytes)
{
    for (size_t i = 0; i < WORD - n_bytes; i++)
        if (word[i])
            return false;
    return true;
}

static sg_u128 low_bytes(const uint8_t word[WORD], size_t n_bytes)
{
    sg_u128 value = 0;
    for (size_t i = WORD - n_bytes; i < WORD; i++)
        value = value << 8 | word[i];
    return value;
}

static const char *log_deposit(struct sg_pool_event *event, const uint8_t commitment[WORD],
                               struct sg_text data)
{
    uint8_t words[2][WORD];
    event->kind = SG_POOL_DEPOSIT;
    const char *fault = log_words(words, 2, data);
    if (fault)
        return fault;
    if (!fits(words[0], 4) || !fits(words[1], 5))
        return "leaf index or timestamp of the log is out of range";
    memcpy(event->id32, commitment, WORD);
    event->leaf = (uint32_t)low_bytes(words[0], 4);
    event->time_unix_s = (int64_t)low_bytes(words[1], 5);
    return NULL;
}

static const char *log_withdrawal(struct sg_pool_event *event, struct sg_text data)
{
    uint8_t words[3][WORD];
    event->kind = SG_POOL_WITHDRAWAL;
    const char *fault = log_words(words, 3, data);
    if (fault)
        return fault;
    if (!fits(words[0], 20) || !fits(words[2], 16))
        return "receiver or fee of the log is out of range";
    event->to.size = 20;
    memcpy(event->to.bytes, words[0] + WORD - 20, 20);
    memcpy(event->id32, words[1], WORD);
    event->fee = sg_amount_from(low_bytes(words[2], 16));
    return NULL;
}

static const char *from_log(const struct sg_tornado *parser, struct sg_pool_event *event,
                            const struct sg_json_object *object)
{
    uint8_t topics[2][WORD];
    const struct sg_text text = field(object, "topics");
    const struct sg_text data = field(object, "data");
    const struct sg_text pool = field(object, "address");
    const size_t each = 2 + 2 * WORD;
    if (text.size != 2 * each + 1 || !data.data)
        return "a log of a pool has two topics and data";
    for (size_t i = 0; i < 2; i++) {
        const struct sg_text topic = {text.data + i * (each + 1), each};
        const char *fault = read_word(topics[i], topic, "a topic is not 0x and 64 hex digits");
        if (fault)
            return fault;
    }
    if (pool.data &&
        sg_address_parse(&event->pool, parser->chain, pool.data, pool.size, NULL) != SG_OK)
        return "address of the log is not an address";
    if (memcmp(topics[0], deposit_topic, WORD) == 0)
        return log_deposit(event, topics[1], data);
    if (memcmp(topics[0], withdrawal_topic, WORD) == 0)
        return log_withdrawal(event, data);
    return "a log that is neither a deposit nor a withdrawal";
}

static const char *read_event(const struct sg_tornado *parser, struct sg_pool_event *event,
                              const struct sg_json_object *object)
{
    const char *fault = common(event, object);
    if (fault)
        return fault;
    if (field(object, "topics").data)
        return from_log(parser, event, object);
    if (field(object, "commitment").data)
        return cached_deposit(event, object);
    if (field(object, "nullifierHash").data)
        return cached_withdrawal(parser, event, object);
    return "neither commitment, nullifierHash nor topics: no event of a pool";
}

static enum sg_status on_object(void *ctx, const struct sg_json_object *object, struct sg_err *err)
{
    struct sg_tornado *parser = ctx;
    struct sg_pool_event event;
    if (object->has_rows)
        return SG_OK; /* The answer around the events, not an event. */
    memset(&event, 0, sizeof(event));
    event.time_unix_s = SG_TIME_UNKNOWN;
    event.offset = object->offset;
    const char *fault = read_event(parser, &event, object);
    if (!fault)
        return parser->sink.event(parser->sink.ctx, &event, err);
    const struct sg_bad_row bad = {object->offset, object->number, fault, "", 0};
    return parser->sink.bad(parser->sink.ctx, &bad, err);
}

static enum sg_status on_bad(void *ctx, const struct sg_bad_row *bad, struct sg_err *err)
{
    struct sg_tornado *parser = ctx;
    return parser->sink.bad(parser->sink.ctx, bad, err);
}

static enum sg_status on_plain(void *ctx, const uint8_t *bytes, size_t size, struct sg_err *err)
{
    struct sg_tornado *parser = ctx;
    return sg_json_feed(parser->json, (const char *)bytes, size, err);
}

enum sg_status sg_tornado_new(struct sg_tornado **parser, const struct sg_chain *chain,
                              const struct sg_pool_event_sink *sink, struct sg_err *err)
{
    struct sg_tornado *p = sg_mem_zalloc(1, sizeof(*p));
    if (!p)
        return sg_err_nomem(err);
    p->chain = chain;
    p->sink = *sink;
    const struct sg_json_sink objects = {on_object, on_bad, p};
    enum sg_status st = sg_json_new(&p->json, &objects, 0, err);
    if (st == SG_OK)
        st = sg_inflate_new(&p->inflate, on_plain, p, err);
    if (st != SG_OK) {
        sg_tornado_free(p);
        return st;
    }
    *parser = p;
    return SG_OK;
}

enum sg_status sg_tornado_feed(struct sg_tornado *parser, const uint8_t *bytes, size_t size,
                               struct sg_err *err)
{
    return sg_inflate_feed(parser->inflate, bytes, size, err);
}

enum sg_status sg_tornado_finish(struct sg_tornado *parser, struct sg_err *err)
{
    const enum sg_status st = sg_inflate_finish(parser->inflate, err);
    return st == SG_OK ? sg_json_finish(parser->json, err) : st;
}

void sg_tornado_free(struct sg_tornado *parser)
{
    if (!parser)
        return;
    sg_inflate_free(parser->inflate);
    sg_json_free(parser->json);
    sg_mem_free(parser);
}
