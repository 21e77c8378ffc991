#include "store/labels/labels_internal.h"

#include "base/mem.h"
#include "base/parallel.h"

#include <stdio.h>
#include <string.h>

#define PATH_SIZE 4096

/* Addresses that a thread finds in one go. */
#define BATCH ((size_t)4096)

struct sg_labels {
    struct sg_kv *kv;
    struct sg_kv_txn *txn;
    struct sg_labels_meta meta;
    struct sg_bytes buckets[SG_LABELS_BUCKETS];
    struct sg_bytes *chunks; /* meta.n_chunks of them */
};

static enum sg_status get_or_empty(struct sg_bytes *value, struct sg_labels *labels, unsigned table,
                                   uint64_t number, struct sg_err *err)
{
    const enum sg_status st = sg_kv_get(value, labels->txn, table, number, err);
    if (st != SG_ENOTFOUND)
        return st;
    *value = (struct sg_bytes){NULL, 0};
    return SG_OK;
}

static enum sg_status find_values(struct sg_labels *labels, struct sg_err *err)
{
    uint64_t n_entries = 0;
    enum sg_status st = SG_OK;
    for (size_t i = 0; st == SG_OK && i < SG_LABELS_BUCKETS; i++) {
        st = get_or_empty(&labels->buckets[i], labels, SG_LABELS_INDEX, i, err);
        n_entries += labels->buckets[i].size / SG_LABELS_ENTRY;
    }
    for (uint32_t i = 0; st == SG_OK && i < labels->meta.n_chunks; i++)
        st = get_or_empty(&labels->chunks[i], labels, SG_LABELS_DATA, i, err);
    if (st == SG_OK && n_entries != labels->meta.n_labels)
        return sg_err_set(err, SG_ECORRUPT, "the index of the label store is damaged");
    return st;
}

/* A writer may overwrite the head of this snapshot while it is checked; then a later one is. */
static enum sg_status snapshot(struct sg_labels *labels, struct sg_err *err)
{
    enum sg_status st;
    do {
        sg_kv_abort(labels->txn);
        labels->txn = NULL;
        st = sg_kv_begin(&labels->txn, labels->kv, false, err);
        if (st == SG_OK)
            st = sg_kv_verify(labels->txn, false, err);
    } while (st == SG_ENOTFOUND);
    return st;
}

static enum sg_status open_store(struct sg_labels *labels, const char *path, struct sg_err *err)
{
    enum sg_status st = sg_kv_open(&labels->kv, path, false, err);
    if (st == SG_OK)
        st = snapshot(labels, err);
    if (st == SG_OK)
        st = sg_labels_meta_get(&labels->meta, labels->txn, err);
    if (st == SG_ENOTFOUND)
        return sg_err_set(err, SG_ENOTFOUND, "nothing was imported into it yet");
    if (st != SG_OK)
        return st;
    labels->chunks = sg_mem_zalloc((size_t)labels->meta.n_chunks + 1, sizeof(*labels->chunks));
    return labels->chunks ? find_values(labels, err) : sg_err_nomem(err);
}

static bool is_missing(const struct sg_err *err)
{
    return err->status == SG_EIO && err->os_errno == 2; /* ENOENT */
}

enum sg_status sg_labels_open(struct sg_labels **labels, const char *dir, struct sg_err *err)
{
    char path[PATH_SIZE];
    struct sg_err why = {0};
    const int n = snprintf(path, sizeof(path), "%s/%s", dir, SG_LABELS_FILE);
    if (n < 0 || (size_t)n >= sizeof(path))
        return sg_err_set(err, SG_EUSAGE, "the path of the label store is too long");
    struct sg_labels *made = sg_mem_zalloc(1, sizeof(*made));
    if (!made)
        return sg_err_nomem(err);
    enum sg_status st = open_store(made, path, &why);
    if (st == SG_OK) {
        *labels = made;
        return SG_OK;
    }
    sg_labels_close(made);
    if (is_missing(&why))
        st = sg_err_set(&why, SG_ENOTFOUND, "there is none; make it with 'labels import'");
    sg_err_frame(&why, "label store %s", dir);
    if (err)
        *err = why;
    return st;
}

void sg_labels_close(struct sg_labels *labels)
{
    if (!labels)
        return;
    sg_kv_abort(labels->txn);
    sg_kv_close(labels->kv);
    sg_mem_free(labels->chunks);
    sg_mem_free(labels);
}

uint64_t sg_labels_count(const struct sg_labels *labels)
{
    return labels->meta.n_labels;
}

uint32_t sg_labels_n_packs(const struct sg_labels *labels)
{
    return labels->meta.n_packs;
}

static enum sg_status pack_at(struct sg_labels_pack *pack, struct sg_labels_pack_place *place,
                              struct sg_labels *labels, uint32_t index, struct sg_err *err)
{
    struct sg_bytes bytes;
    const enum sg_status st = sg_kv_get(&bytes, labels->txn, SG_LABELS_PACKS, index, err);
    if (st == SG_ENOTFOUND)
        return sg_err_set(err, SG_ECORRUPT, "pack %u of the label store is missing", index);
    return st == SG_OK ? sg_labels_pack_read(pack, place, bytes, err) : st;
}

enum sg_status sg_labels_pack_at(struct sg_labels_pack *pack, struct sg_labels *labels,
                                 uint32_t index, struct sg_err *err)
{
    struct sg_labels_pack_place place;
    return pack_at(pack, &place, labels, index, err);
}

/* Where an entry of this hash is likely to lie: hashes are uniform. */
static size_t guess(const struct sg_bytes *bucket, uint64_t hash)
{
    __extension__ typedef unsigned __int128 wide;
    return (size_t)((wide)(hash << 8) * (bucket->size / SG_LABELS_ENTRY) >> 64);
}

static uint64_t hash_at(const struct sg_bytes *bucket, size_t index)
{
    return sg_labels_load(bucket->at + index * SG_LABELS_ENTRY);
}

static bool is_before(const struct sg_bytes *bucket, size_t index, uint64_t hash, bool past_equal)
{
    const uint64_t here = hash_at(bucket, index);
    return past_equal ? here <= hash : here < hash;
}

/* First entry of a bucket whose hash is not below (or, past_equal, above) the one wanted: steps
 * that grow lead away from the guess until they have passed it, then the last step is halved. */
static size_t bound(const struct sg_bytes *bucket, uint64_t hash, bool past_equal)
{
    const size_t n = bucket->size / SG_LABELS_ENTRY;
    const size_t from = guess(bucket, hash);
    size_t low = 0;
    size_t high = n;
    if (n == 0)
        return 0;
    if (is_before(bucket, from, hash, past_equal)) {
        low = from + 1;
        for (size_t step = 4; low + step < n; step *= 4) {
            if (!is_before(bucket, low + step, hash, past_equal)) {
                high = low + step;
                break;
            }
            low += step + 1;
        }
    } else {
        high = from;
        for (size_t step = 4; step < high; step *= 4) {
            if (is_before(bucket, high - step, hash, past_equal)) {
                low = high - step + 1;
                break;
            }
            high -= step;
        }
    }
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (is_before(bucket, middle, hash, past_equal))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* False: not a text that a label can have. */
static bool hash_of(uint64_t *hash, const char *text, size_t size)
{
    char key[SG_LABEL_SUBJECT_MAX + 1];
    if (size == 0 || size > SG_LABEL_SUBJECT_MAX)
        return false;
    sg_label_key(key, text, size);
    *hash = sg_labels_hash(key, strlen(key));
    return true;
}

static struct sg_labels_range find_hash(const struct sg_labels *labels, uint64_t hash)
{
    const struct sg_bytes *bucket = &labels->buckets[hash >> 56];
    const size_t n = bucket->size / SG_LABELS_ENTRY;
    const size_t first = bound(bucket, hash, false);
    if (first == n || hash_at(bucket, first) != hash)
        return (struct sg_labels_range){NULL, 0};
    const uint8_t *from = bucket->at + first * SG_LABELS_ENTRY;
    if (first + 1 == n || hash_at(bucket, first + 1) != hash)
        return (struct sg_labels_range){from, 1};
    return (struct sg_labels_range){from, bound(bucket, hash, true) - first};
}

struct sg_labels_range sg_labels_find(const struct sg_labels *labels, const char *text, size_t size)
{
    uint64_t hash;
    return hash_of(&hash, text, size) ? find_hash(labels, hash) : (struct sg_labels_range){NULL, 0};
}

struct batch {
    struct sg_labels_range *ranges;
    const struct sg_labels *labels;
    const struct sg_text *texts;
    size_t n;
};

/* Addresses whose place in the index is fetched from memory while others are hashed. */
#define AHEAD 16

static void find_few(const struct batch *batch, size_t from, size_t n)
{
    uint64_t hashes[AHEAD];
    bool can[AHEAD];
    for (size_t i = 0; i < n; i++) {
        const struct sg_text text = batch->texts[from + i];
        can[i] = hash_of(&hashes[i], text.data, text.size);
        if (!can[i])
            continue;
        const struct sg_bytes *bucket = &batch->labels->buckets[hashes[i] >> 56];
        if (bucket->size)
            __builtin_prefetch(bucket->at + guess(bucket, hashes[i]) * SG_LABELS_ENTRY);
    }
    for (size_t i = 0; i < n; i++)
        batch->ranges[from + i] =
            can[i] ? find_hash(batch->labels, hashes[i]) : (struct sg_labels_range){NULL, 0};
}

static void find_some(void *ctx, size_t index)
{
    const struct batch *batch = ctx;
    const size_t end = (index + 1) * BATCH < batch->n ? (index + 1) * BATCH : batch->n;
    for (size_t i = index * BATCH; i < end; i += AHEAD)
        find_few(batch, i, end - i < AHEAD ? end - i : AHEAD);
}

void sg_labels_find_batch(struct sg_labels_range *ranges, const struct sg_labels *labels,
                          const struct sg_text *texts, size_t n, size_t n_threads)
{
    struct batch batch = {ranges, labels, texts, n};
    sg_parallel_for(n_threads, (n + BATCH - 1) / BATCH, find_some, &batch);
}

/* The record at a place of the index, or NULL where there is none. */
static const uint8_t *record_at(const struct sg_labels *labels, const uint8_t *entry, size_t *left)
{
    const uint64_t place = sg_labels_load(entry + 8);
    const uint64_t chunk = place >> SG_LABELS_CHUNK_BITS;
    const size_t offset = (size_t)(place & (SG_LABELS_CHUNK - 1));
    if (chunk >= labels->meta.n_chunks || offset >= labels->chunks[chunk].size)
        return NULL;
    *left = labels->chunks[chunk].size - offset;
    return labels->chunks[chunk].at + offset;
}

bool sg_labels_has_exact(const struct sg_labels *labels, struct sg_labels_range range,
                         const char *text, size_t size)
{
    char key[SG_LABEL_SUBJECT_MAX + 1];
    char own[SG_LABEL_SUBJECT_MAX + 1];
    if (range.count == 0)
        return false;
    sg_label_key(key, text, size);
    for (size_t i = 0; i < range.count; i++) {
        size_t left;
        const uint8_t *at = record_at(labels, range.entries + i * SG_LABELS_ENTRY, &left);
        const char *subject = at ? sg_labels_record_subject(at, left) : NULL;
        const size_t length = subject ? strlen(subject) : 0;
        if (length && length <= SG_LABEL_SUBJECT_MAX &&
            strcmp(sg_label_key(own, subject, length), key) == 0)
            return true;
    }
    return false;
}

enum sg_status sg_labels_read(struct sg_label *label, uint32_t *pack,
                              const struct sg_labels *labels, struct sg_labels_range range,
                              size_t index, struct sg_arena *arena, struct sg_err *err)
{
    size_t left;
    const uint8_t *at = record_at(labels, range.entries + index * SG_LABELS_ENTRY, &left);
    if (!at)
        return sg_err_set(err, SG_ECORRUPT, "the index of the label store is damaged");
    return sg_labels_record_read(label, pack, NULL, at, left, arena, err);
}

static enum sg_status each_of_chunk(const struct sg_bytes *chunk,
                                    enum sg_status (*visit)(void *ctx, const struct sg_label *label,
                                                            struct sg_err *err),
                                    void *ctx, struct sg_err *err)
{
    struct sg_arena arena = SG_ARENA_INIT;
    enum sg_status st = SG_OK;
    for (size_t off = 0, size; st == SG_OK && off < chunk->size; off += size) {
        struct sg_label label;
        size = 0;
        st = sg_labels_record_read(&label, NULL, &size, chunk->at + off, chunk->size - off, &arena,
                                   err);
        if (st == SG_OK)
            st = visit(ctx, &label, err);
        sg_arena_clear(&arena);
    }
    return st;
}

enum sg_status sg_labels_each(struct sg_labels *labels, uint32_t pack,
                              enum sg_status (*visit)(void *ctx, const struct sg_label *label,
                                                      struct sg_err *err),
                              void *ctx, struct sg_err *err)
{
    struct sg_labels_pack info;
    struct sg_labels_pack_place place;
    enum sg_status st = pack_at(&info, &place, labels, pack, err);
    if (st == SG_OK && (place.first_chunk > labels->meta.n_chunks ||
                        place.n_chunks > labels->meta.n_chunks - place.first_chunk))
        return sg_err_set(err, SG_ECORRUPT, "pack %u of the label store is damaged", pack);
    for (uint32_t i = 0; st == SG_OK && i < place.n_chunks; i++)
        st = each_of_chunk(&labels->chunks[place.first_chunk + i], visit, ctx, err);
    return st;
}
