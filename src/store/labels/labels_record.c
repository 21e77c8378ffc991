/* Records as bytes. All numbers are little-endian; texts are terminated, those that are NULL are
 * missing in a mask. Readers trust nothing: a place comes from the file as well. */
#include "store/labels/labels_internal.h"

#include "base/reader.h"

#include <string.h>

#define N_TEXTS   9
#define N_TIMES   5
#define FIXED     (4 + 4 + 1 + 1 + 1 + 1 + 2 + 2 + 4 + 8 * N_TIMES)
#define META_SIZE (4 + 8 + 4 + 4)

static void put(struct sg_buf *out, uint64_t value, size_t n_bytes)
{
    uint8_t bytes[8];
    for (size_t i = 0; i < n_bytes; i++)
        bytes[i] = (uint8_t)(value >> (8 * i));
    sg_buf_append(out, bytes, n_bytes);
}

static uint64_t mix(uint64_t x)
{
    x ^= x >> 32;
    x *= UINT64_C(0xd6e8feb86659fd93);
    x ^= x >> 32;
    x *= UINT64_C(0xd6e8feb86659fd93);
    return x ^ x >> 32;
}

/* Eight letters at once: those from A to Z get the bit that makes them small. */
static uint64_t lower_word(uint64_t word)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const uint64_t low = word & (ones * 0x7f);
    const uint64_t above = low + ones * (0x80 - 'A'); /* the top bit: not below A */
    const uint64_t beyond = low + ones * (0x80 - 'Z' - 1);
    const uint64_t is_upper = above & ~beyond & ~word & (ones * 0x80);
    return word | is_upper >> 2;
}

uint64_t sg_labels_hash(const char *text, size_t size)
{
    uint64_t hash = size;
    for (size_t i = 0; i < size; i += 8) {
        uint8_t word[8] = {0};
        memcpy(word, text + i, size - i < 8 ? size - i : 8);
        hash = mix(hash ^ lower_word(sg_labels_load(word))) + UINT64_C(0x9e3779b97f4a7c15);
    }
    return mix(hash);
}

void sg_labels_meta_write(struct sg_buf *out, const struct sg_labels_meta *meta)
{
    put(out, SG_LABELS_VERSION, 4);
    put(out, meta->n_labels, 8);
    put(out, meta->n_packs, 4);
    put(out, meta->n_chunks, 4);
}

enum sg_status sg_labels_meta_read(struct sg_labels_meta *meta, struct sg_bytes bytes,
                                   struct sg_err *err)
{
    struct sg_reader in;
    sg_reader_init(&in, bytes.at, bytes.size);
    const uint64_t version = sg_reader_le(&in, 4);
    if (!in.failed && version > SG_LABELS_VERSION)
        return sg_err_set(err, SG_EVERSION,
                          "the label store was written by a newer version of this program");
    meta->n_labels = sg_reader_le(&in, 8);
    meta->n_packs = (uint32_t)sg_reader_le(&in, 4);
    meta->n_chunks = (uint32_t)sg_reader_le(&in, 4);
    if (bytes.size != META_SIZE || version != SG_LABELS_VERSION || meta->n_labels > SG_LABELS_MAX ||
        meta->n_packs > SG_LABELS_PACKS_MAX)
        return sg_err_set(err, SG_ECORRUPT, "the head of the label store is damaged");
    return SG_OK;
}

enum sg_status sg_labels_meta_get(struct sg_labels_meta *meta, struct sg_kv_txn *txn,
                                  struct sg_err *err)
{
    struct sg_bytes bytes;
    const enum sg_status st = sg_kv_get(&bytes, txn, SG_LABELS_META, 0, err);
    return st == SG_OK ? sg_labels_meta_read(meta, bytes, err) : st;
}

static void put_text(struct sg_buf *out, const char *text)
{
    if (text)
        sg_buf_append(out, text, strlen(text) + 1);
}

static uint64_t mask_of(const char *const *texts, size_t n)
{
    uint64_t mask = 0;
    for (size_t i = 0; i < n; i++)
        mask |= texts[i] ? UINT64_C(1) << i : 0;
    return mask;
}

/* Texts of a label in the order in which they are stored. */
static void list_texts(const char *texts[N_TEXTS], const struct sg_label *label)
{
    const char *const list[N_TEXTS] = {label->subject, label->chain,     label->currency,
                                       label->entity,  label->actor,     label->abuse,
                                       label->source,  label->programme, label->note};
    memcpy(texts, list, sizeof(list));
}

static void set_texts(struct sg_label *label, const char *const texts[N_TEXTS])
{
    label->subject = texts[0];
    label->chain = texts[1];
    label->currency = texts[2];
    label->entity = texts[3];
    label->actor = texts[4];
    label->abuse = texts[5];
    label->source = texts[6];
    label->programme = texts[7];
    label->note = texts[8];
}

void sg_labels_record_write(struct sg_buf *out, const struct sg_label *label, uint32_t pack)
{
    const int64_t times[N_TIMES] = {label->source_date_unix_s, label->first_seen_unix_s,
                                    label->last_seen_unix_s, label->listed_unix_s,
                                    label->delisted_unix_s};
    const char *texts[N_TEXTS];
    const size_t begin = out->size;
    list_texts(texts, label);
    put(out, 0, 4);
    put(out, pack, 4);
    put(out, label->kind, 1);
    put(out, label->category, 1);
    put(out, label->confidence, 1);
    put(out, label->raw != NULL, 1);
    put(out, mask_of(texts, N_TEXTS), 2);
    put(out, label->n_aliases, 2);
    put(out, label->raw ? label->raw_size : 0, 4);
    for (size_t i = 0; i < N_TIMES; i++)
        put(out, (uint64_t)times[i], 8);
    for (size_t i = 0; i < N_TEXTS; i++)
        put_text(out, texts[i]);
    for (size_t i = 0; i < label->n_aliases; i++)
        put_text(out, label->aliases[i]);
    if (label->raw)
        sg_buf_append(out, label->raw, label->raw_size);
    for (size_t i = 0; !out->failed && i < 4; i++)
        out->data[begin + i] = (char)((out->size - begin) >> (8 * i));
}

/* A terminated text at the cursor, or NULL with the cursor failed. */
static const char *take_text(struct sg_reader *in)
{
    const uint8_t *from = in->base + in->off;
    const uint8_t *end = in->failed ? NULL : memchr(from, 0, sg_reader_left(in));
    if (!end) {
        in->failed = true;
        return NULL;
    }
    in->off += (size_t)(end - from) + 1;
    return (const char *)from;
}

static enum sg_status damaged(struct sg_err *err)
{
    return sg_err_set(err, SG_ECORRUPT, "a record of the label store is damaged");
}

/* Open the record at `at`; false if its size is not one. */
static bool open_record(struct sg_reader *in, const uint8_t *at, size_t left)
{
    const uint64_t size = left >= FIXED ? sg_labels_load(at) & UINT32_MAX : 0;
    if (size < FIXED || size > left)
        return false;
    sg_reader_init(in, at, (size_t)size);
    in->off = 4;
    return true;
}

const char *sg_labels_record_subject(const uint8_t *at, size_t left)
{
    struct sg_reader in;
    if (!open_record(&in, at, left))
        return NULL;
    in.off = FIXED;
    return take_text(&in);
}

static enum sg_status read_aliases(struct sg_label *label, struct sg_reader *in, size_t n,
                                   struct sg_arena *arena, struct sg_err *err)
{
    const char **aliases = NULL;
    if (n > sg_reader_left(in))
        return damaged(err);
    if (arena && n) {
        aliases = sg_arena_alloc(arena, n, sizeof(*aliases));
        if (!aliases)
            return sg_err_nomem(err);
    }
    for (size_t i = 0; i < n; i++) {
        const char *alias = take_text(in);
        if (aliases)
            aliases[i] = alias;
    }
    label->aliases = aliases;
    label->n_aliases = aliases ? n : 0;
    return SG_OK;
}

static void read_times(struct sg_label *label, struct sg_reader *in)
{
    label->source_date_unix_s = (int64_t)sg_reader_le(in, 8);
    label->first_seen_unix_s = (int64_t)sg_reader_le(in, 8);
    label->last_seen_unix_s = (int64_t)sg_reader_le(in, 8);
    label->listed_unix_s = (int64_t)sg_reader_le(in, 8);
    label->delisted_unix_s = (int64_t)sg_reader_le(in, 8);
}

enum sg_status sg_labels_record_read(struct sg_label *label, uint32_t *pack, size_t *size,
                                     const uint8_t *at, size_t left, struct sg_arena *arena,
                                     struct sg_err *err)
{
    struct sg_reader in;
    struct sg_label read = {0};
    const char *texts[N_TEXTS] = {NULL};
    if (!open_record(&in, at, left))
        return damaged(err);
    const uint32_t pack_read = (uint32_t)sg_reader_le(&in, 4);
    const uint64_t kind = sg_reader_le(&in, 1);
    const uint64_t category = sg_reader_le(&in, 1);
    const uint64_t confidence = sg_reader_le(&in, 1);
    const bool has_raw = sg_reader_le(&in, 1);
    const uint64_t mask = sg_reader_le(&in, 2);
    const uint64_t n_aliases = sg_reader_le(&in, 2);
    read.raw_size = (size_t)sg_reader_le(&in, 4);
    read_times(&read, &in);
    for (size_t i = 0; i < N_TEXTS; i++)
        texts[i] = mask >> i & 1 ? take_text(&in) : NULL;
    set_texts(&read, texts);
    const enum sg_status st = read_aliases(&read, &in, (size_t)n_aliases, arena, err);
    if (st != SG_OK)
        return st;
    read.raw = (const char *)sg_reader_take(&in, read.raw_size);
    if (!has_raw)
        read.raw = NULL;
    if (in.failed || sg_reader_left(&in) || !read.subject || !read.entity || kind > SG_LABEL_TX ||
        category >= SG_CATEGORY_COUNT || confidence > SG_CONFIDENCE_HIGH)
        return damaged(err);
    read.kind = (enum sg_label_subject)kind;
    read.category = (enum sg_category)category;
    read.confidence = (enum sg_confidence)confidence;
    *label = read;
    if (pack)
        *pack = pack_read;
    if (size)
        *size = in.size;
    return SG_OK;
}

#define PACK_TEXTS 5

void sg_labels_pack_write(struct sg_buf *out, const struct sg_labels_pack *pack,
                          struct sg_labels_pack_place place)
{
    const char *const texts[PACK_TEXTS] = {pack->pack.title, pack->pack.creator, pack->pack.list,
                                           pack->format, pack->file};
    put(out, place.first_chunk, 4);
    put(out, place.n_chunks, 4);
    put(out, pack->n_labels, 8);
    put(out, (uint64_t)pack->pack.date_unix_s, 8);
    sg_buf_append(out, pack->digest32, sizeof(pack->digest32));
    put(out, mask_of(texts, PACK_TEXTS), 1);
    put(out, pack->pack.raw != NULL, 1);
    for (size_t i = 0; i < PACK_TEXTS; i++)
        put_text(out, texts[i]);
    if (pack->pack.raw)
        sg_buf_append(out, pack->pack.raw, pack->pack.raw_size);
}

enum sg_status sg_labels_pack_read(struct sg_labels_pack *pack, struct sg_labels_pack_place *place,
                                   struct sg_bytes bytes, struct sg_err *err)
{
    struct sg_reader in;
    struct sg_labels_pack read = {0};
    const char *texts[PACK_TEXTS];
    sg_reader_init(&in, bytes.at, bytes.size);
    place->first_chunk = (uint32_t)sg_reader_le(&in, 4);
    place->n_chunks = (uint32_t)sg_reader_le(&in, 4);
    read.n_labels = sg_reader_le(&in, 8);
    read.pack.date_unix_s = (int64_t)sg_reader_le(&in, 8);
    sg_reader_bytes(read.digest32, &in, sizeof(read.digest32));
    const uint64_t mask = sg_reader_le(&in, 1);
    const bool has_raw = sg_reader_le(&in, 1);
    for (size_t i = 0; i < PACK_TEXTS; i++)
        texts[i] = mask >> i & 1 ? take_text(&in) : NULL;
    read.pack.title = texts[0];
    read.pack.creator = texts[1];
    read.pack.list = texts[2];
    read.format = texts[3];
    read.file = texts[4];
    read.pack.raw_size = in.failed ? 0 : sg_reader_left(&in);
    read.pack.raw = has_raw ? (const char *)sg_reader_take(&in, read.pack.raw_size) : NULL;
    if (in.failed || !read.pack.title || !read.format || !read.file)
        return damaged(err);
    *pack = read;
    return SG_OK;
}
