/* One line of the log. */
#include "store/audit/audit_internal.h"

#include "base/hex.h"
#include "base/text.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define HEX_SIZE ((size_t)2 * SG_SHA256_SIZE)

static const char *const actions[SG_AUDIT_ACTIONS] = {"check", "forget"};

const char *sg_audit_action_name(enum sg_audit_action action)
{
    return actions[action];
}

/* The two kinds of hashes never meet: a record called as a person looks is another text. */
static void hash_text(uint8_t hash32[SG_SHA256_SIZE], const struct sg_audit_key *key, char kind,
                      const char *text)
{
    uint8_t inner[1 + SG_SHA256_SIZE];
    inner[0] = (uint8_t)kind;
    sg_sha256_of(inner + 1, text, strlen(text));
    sg_hmac_sha256(hash32, key->bytes, key->size, inner, sizeof(inner));
}

void sg_audit_hash_record(uint8_t hash32[SG_SHA256_SIZE], const struct sg_audit_key *key,
                          const char *record_id)
{
    hash_text(hash32, key, 'r', record_id);
}

void sg_audit_hash_who(uint8_t hash32[SG_SHA256_SIZE], const struct sg_audit_key *key,
                       const char *who)
{
    hash_text(hash32, key, 'w', who);
}

/* Over the chain value before and the line up to its own. */
static void chain(uint8_t chain32[SG_SHA256_SIZE], const uint8_t before32[SG_SHA256_SIZE],
                  const struct sg_audit_key *key, const char *body, size_t size)
{
    uint8_t bytes[1 + SG_SHA256_SIZE + AUDIT_LINE_MAX];
    assert(size <= AUDIT_LINE_MAX);
    bytes[0] = 'c';
    memcpy(bytes + 1, before32, SG_SHA256_SIZE);
    memcpy(bytes + 1 + SG_SHA256_SIZE, body, size);
    sg_hmac_sha256(chain32, key->bytes, key->size, bytes, 1 + SG_SHA256_SIZE + size);
}

size_t sg_audit_format(char text[AUDIT_LINE_MAX], struct sg_audit_line *line,
                       const uint8_t before32[SG_SHA256_SIZE], const struct sg_audit_key *key)
{
    char time[SG_TIME_TEXT_MAX], who[HEX_SIZE + 1], record[HEX_SIZE + 1] = "-", hex[HEX_SIZE + 1];
    sg_hex_encode(who, line->who32, SG_SHA256_SIZE);
    if (line->has_record)
        sg_hex_encode(record, line->record32, SG_SHA256_SIZE);
    const int body =
        snprintf(text, AUDIT_LINE_MAX, "%" PRIu64 " %s %s %s %s ", line->number,
                 sg_time_format(time, line->time_unix_s), actions[line->action], who, record);
    chain(line->chain32, before32, key, text, (size_t)body);
    const int end = snprintf(text + body, AUDIT_LINE_MAX - (size_t)body, "%s\n",
                             sg_hex_encode(hex, line->chain32, SG_SHA256_SIZE));
    return (size_t)body + (size_t)end;
}

/* The next word; false at the end. */
static bool take_word(struct sg_text *word, struct sg_text *rest)
{
    const char *blank = rest->size ? memchr(rest->data, ' ', rest->size) : NULL;
    word->data = rest->data;
    word->size = blank ? (size_t)(blank - rest->data) : rest->size;
    rest->data += word->size + (blank != NULL);
    rest->size -= word->size + (blank != NULL);
    return word->size > 0;
}

static bool take_number(uint64_t *number, struct sg_text word)
{
    *number = 0;
    for (size_t i = 0; i < word.size; i++) {
        if (word.data[i] < '0' || word.data[i] > '9' || *number > UINT64_MAX / 10 - 1)
            return false;
        *number = 10 * *number + (uint64_t)(word.data[i] - '0');
    }
    return true;
}

static bool take_action(enum sg_audit_action *action, struct sg_text word)
{
    for (int i = 0; i < SG_AUDIT_ACTIONS; i++)
        if (sg_text_is(word, actions[i])) {
            *action = (enum sg_audit_action)i;
            return true;
        }
    return false;
}

static bool take_hash(uint8_t hash32[SG_SHA256_SIZE], struct sg_text word)
{
    return word.size == HEX_SIZE && sg_hex_decode(hash32, SG_SHA256_SIZE, word.data, word.size);
}

bool sg_audit_parse(struct sg_audit_line *line, const char *text, size_t size)
{
    struct sg_text rest = {text, size}, words[6];
    memset(line, 0, sizeof(*line));
    for (size_t i = 0; i < 6; i++)
        if (!take_word(&words[i], &rest))
            return false;
    line->has_record = !sg_text_is(words[4], "-");
    return !rest.size && take_number(&line->number, words[0]) &&
           sg_time_parse(&line->time_unix_s, words[1].data, words[1].size, NULL) == SG_OK &&
           take_action(&line->action, words[2]) && take_hash(line->who32, words[3]) &&
           (!line->has_record || take_hash(line->record32, words[4])) &&
           take_hash(line->chain32, words[5]);
}
