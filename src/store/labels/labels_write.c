#include "store/labels/labels_internal.h"

#include "base/mem.h"
#include "base/vec.h"
#include "store/file/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define PATH_SIZE 4096

/* One record may be this long: its texts and aliases are bounded, its raw form by the reader. */
#define RECORD_MAX ((size_t)SG_LABELS_CHUNK / 2)

struct entry {
    uint64_t hash, place;
};

struct sg_labels_writer {
    int lock; /* of the one writer, or -1 */
    struct sg_kv *kv;
    struct sg_kv_write load; /* chunks, committed step by step: no meta record names them yet */
    struct sg_labels_meta meta;
    struct sg_buf chunk; /* being filled */
    struct sg_buf record;
    struct entry *entries; /* of this import */
    size_t n_entries, entries_capacity;
    struct sg_buf *packs; /* their records, in order */
    uint8_t (*digests)[SG_SHA256_SIZE];
    size_t n_packs, packs_capacity, digests_capacity;
    struct sg_sha256 *sha;
    uint32_t pack_chunk; /* of the pack at hand: its first chunk and entry */
    size_t pack_entry;
};

static enum sg_status take_lock(struct sg_labels_writer *w, const char *dir, struct sg_err *err)
{
    char path[PATH_SIZE];
    const int n = snprintf(path, sizeof(path), "%s/writer", dir);
    if (n < 0 || (size_t)n >= sizeof(path))
        return sg_err_set(err, SG_EUSAGE, "the path of the label store is too long");
    w->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (w->lock < 0)
        return sg_err_os(err, errno, "cannot write in %s", dir);
    if (flock(w->lock, LOCK_EX | LOCK_NB) == 0)
        return SG_OK;
    return errno == EWOULDBLOCK
               ? sg_err_set(err, SG_EBUSY, "another import into %s is running", dir)
               : sg_err_os(err, errno, "cannot lock %s", path);
}

/* What was committed last is checked before it is built upon; nobody else writes meanwhile. */
static enum sg_status check_pages(struct sg_kv *kv, struct sg_err *err)
{
    struct sg_kv_txn *txn = NULL;
    enum sg_status st = sg_kv_begin(&txn, kv, false, err);
    if (st == SG_OK)
        st = sg_kv_verify(txn, true, err);
    sg_kv_abort(txn);
    return st == SG_ENOTFOUND ? sg_err_set(err, SG_EBUSY, "the label store changes as it is opened")
                              : st;
}

static enum sg_status open_file(struct sg_labels_writer *w, const char *dir, struct sg_err *err)
{
    char path[PATH_SIZE + 16];
    snprintf(path, sizeof(path), "%s/%s", dir, SG_LABELS_FILE);
    enum sg_status st = sg_kv_open(&w->kv, path, access(path, F_OK) != 0, err);
    if (st == SG_OK)
        st = check_pages(w->kv, err);
    if (st == SG_OK)
        st = sg_kv_begin(&w->load.txn, w->kv, true, err);
    w->load.kv = w->kv;
    if (st == SG_OK)
        st = sg_labels_meta_get(&w->meta, w->load.txn, err);
    if (st == SG_ENOTFOUND) {
        w->meta = (struct sg_labels_meta){0};
        st = SG_OK;
    }
    return st;
}

enum sg_status sg_labels_begin(struct sg_labels_writer **writer, const char *dir,
                               struct sg_err *err)
{
    struct sg_labels_writer *w = sg_mem_zalloc(1, sizeof(*w));
    if (!w)
        return sg_err_nomem(err);
    w->lock = -1;
    w->chunk.max = SG_LABELS_CHUNK;
    w->record.max = RECORD_MAX;
    enum sg_status st = sg_file_mkdir(dir, err);
    if (st == SG_OK)
        st = take_lock(w, dir, err);
    if (st == SG_OK)
        st = open_file(w, dir, err);
    w->sha = st == SG_OK ? sg_sha256_new() : NULL;
    if (st == SG_OK && !w->sha)
        st = sg_err_nomem(err);
    if (st != SG_OK) {
        sg_labels_abort(w);
        return st;
    }
    *writer = w;
    return SG_OK;
}

void sg_labels_abort(struct sg_labels_writer *w)
{
    if (!w)
        return;
    sg_kv_abort(w->load.txn);
    sg_kv_close(w->kv);
    if (w->lock >= 0)
        close(w->lock);
    sg_buf_clear(&w->chunk);
    sg_buf_clear(&w->record);
    for (size_t i = 0; i < w->n_packs; i++)
        sg_buf_clear(&w->packs[i]);
    sg_mem_free(w->packs);
    sg_mem_free(w->digests);
    sg_mem_free(w->entries);
    sg_sha256_free(w->sha);
    sg_mem_free(w);
}

static enum sg_status flush_chunk(struct sg_labels_writer *w, struct sg_err *err)
{
    if (w->chunk.size == 0)
        return SG_OK;
    if (w->meta.n_chunks == UINT32_MAX)
        return sg_err_set(err, SG_ELIMIT, "the label store is full");
    const enum sg_status st = sg_kv_write_put(&w->load, SG_LABELS_DATA, w->meta.n_chunks,
                                              w->chunk.data, w->chunk.size, err);
    w->meta.n_chunks++;
    sg_buf_reset(&w->chunk);
    return st;
}

enum sg_status sg_labels_pack_begin(struct sg_labels_writer *w, struct sg_err *err)
{
    if (w->meta.n_packs == SG_LABELS_PACKS_MAX)
        return sg_err_set(err, SG_ELIMIT, "the label store has %u packs, and can hold no more",
                          SG_LABELS_PACKS_MAX);
    w->pack_chunk = w->meta.n_chunks;
    w->pack_entry = w->n_entries;
    return SG_OK;
}

static enum sg_status add_entry(struct sg_labels_writer *w, const struct sg_label *label,
                                struct sg_err *err)
{
    char key[SG_LABEL_SUBJECT_MAX + 1];
    if (w->meta.n_labels + w->n_entries >= SG_LABELS_MAX)
        return sg_err_set(err, SG_ELIMIT, "the label store is full");
    if (!SG_VEC_RESERVE(w->entries, w->n_entries, w->entries_capacity, 1))
        return sg_err_nomem(err);
    sg_label_key(key, label->subject, strlen(label->subject));
    w->entries[w->n_entries++] =
        (struct entry){sg_labels_hash(key, strlen(key)),
                       (uint64_t)w->meta.n_chunks << SG_LABELS_CHUNK_BITS | w->chunk.size};
    return SG_OK;
}

enum sg_status sg_labels_add(struct sg_labels_writer *w, const struct sg_label *label,
                             struct sg_err *err)
{
    sg_buf_reset(&w->record);
    sg_labels_record_write(&w->record, label, w->meta.n_packs);
    enum sg_status st = sg_buf_check(&w->record, err);
    if (st == SG_ELIMIT)
        return sg_err_set(err, SG_ELIMIT, "the label of %.64s is larger than %zu bytes",
                          label->subject, RECORD_MAX);
    if (st == SG_OK && w->chunk.size + w->record.size > SG_LABELS_CHUNK)
        st = flush_chunk(w, err);
    if (st == SG_OK)
        st = add_entry(w, label, err);
    if (st != SG_OK)
        return st;
    /* The number of the pack is not part of what the pack says. */
    sg_sha256_update(w->sha, w->record.data, 4);
    sg_sha256_update(w->sha, w->record.data + 8, w->record.size - 8);
    sg_buf_append(&w->chunk, w->record.data, w->record.size);
    return sg_buf_check(&w->chunk, err);
}

static void digest_text(struct sg_sha256 *sha, const char *text)
{
    sg_sha256_update(sha, text ? "+" : "-", 1);
    sg_sha256_update(sha, text ? text : "", text ? strlen(text) + 1 : 0);
}

static void digest_pack(uint8_t digest32[SG_SHA256_SIZE], struct sg_sha256 *sha,
                        const struct sg_label_pack *pack, const char *format)
{
    uint8_t date[8];
    for (size_t i = 0; i < sizeof(date); i++)
        date[i] = (uint8_t)((uint64_t)pack->date_unix_s >> (8 * i));
    digest_text(sha, format);
    digest_text(sha, pack->title);
    digest_text(sha, pack->creator);
    digest_text(sha, pack->list);
    sg_sha256_update(sha, date, sizeof(date));
    if (pack->raw)
        sg_sha256_update(sha, pack->raw, pack->raw_size);
    sg_sha256_final(digest32, sha);
}

/* Whether the file, or this import, has a pack with that digest. */
static enum sg_status is_known(bool *known, struct sg_labels_writer *w,
                               const uint8_t digest32[SG_SHA256_SIZE], struct sg_err *err)
{
    struct sg_labels_pack pack;
    struct sg_labels_pack_place place;
    struct sg_bytes bytes;
    enum sg_status st = SG_OK;
    *known = false;
    for (size_t i = 0; !*known && i < w->n_packs; i++)
        *known = memcmp(w->digests[i], digest32, SG_SHA256_SIZE) == 0;
    const size_t n_stored = w->meta.n_packs - w->n_packs;
    for (size_t i = 0; st == SG_OK && !*known && i < n_stored; i++) {
        st = sg_kv_get(&bytes, w->load.txn, SG_LABELS_PACKS, i, err);
        if (st == SG_OK)
            st = sg_labels_pack_read(&pack, &place, bytes, err);
        *known = st == SG_OK && memcmp(pack.digest32, digest32, SG_SHA256_SIZE) == 0;
    }
    return st == SG_ENOTFOUND ? sg_err_set(err, SG_ECORRUPT, "a pack of the label store is missing")
                              : st;
}

static enum sg_status keep_pack(struct sg_labels_writer *w, const struct sg_labels_pack *pack,
                                struct sg_err *err)
{
    const struct sg_labels_pack_place place = {w->pack_chunk, w->meta.n_chunks - w->pack_chunk};
    if (!SG_VEC_RESERVE(w->packs, w->n_packs, w->packs_capacity, 1) ||
        !SG_VEC_RESERVE(w->digests, w->n_packs, w->digests_capacity, 1))
        return sg_err_nomem(err);
    struct sg_buf *record = &w->packs[w->n_packs];
    *record = (struct sg_buf)SG_BUF_INIT(RECORD_MAX);
    memcpy(w->digests[w->n_packs], pack->digest32, SG_SHA256_SIZE);
    sg_labels_pack_write(record, pack, place);
    w->n_packs++;
    w->meta.n_packs++;
    return sg_buf_check(record, err);
}

enum sg_status sg_labels_pack_end(bool *is_new, struct sg_labels_writer *w,
                                  const struct sg_label_pack *pack, const char *format,
                                  const char *file, struct sg_err *err)
{
    struct sg_labels_pack made = {
        .pack = *pack, .format = format, .file = file, .n_labels = w->n_entries - w->pack_entry};
    bool known;
    digest_pack(made.digest32, w->sha, pack, format);
    enum sg_status st = is_known(&known, w, made.digest32, err);
    if (st != SG_OK)
        return st;
    *is_new = !known;
    if (!known) {
        st = flush_chunk(w, err);
        return st == SG_OK ? keep_pack(w, &made, err) : st;
    }
    w->n_entries = w->pack_entry;
    w->meta.n_chunks = w->pack_chunk;
    sg_buf_reset(&w->chunk);
    return SG_OK;
}

static int by_hash(const void *a, const void *b)
{
    const struct entry *x = a;
    const struct entry *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

static void put_entry(struct sg_buf *out, struct entry entry)
{
    uint8_t bytes[SG_LABELS_ENTRY];
    for (size_t i = 0; i < 8; i++) {
        bytes[i] = (uint8_t)(entry.hash >> (8 * i));
        bytes[8 + i] = (uint8_t)(entry.place >> (8 * i));
    }
    sg_buf_append(out, bytes, sizeof(bytes));
}

/* Merge new entries into what the bucket holds. */
static enum sg_status merge_bucket(struct sg_labels_writer *w, struct sg_buf *out, unsigned bucket,
                                   const struct entry *new, size_t n_new, struct sg_err *err)
{
    struct sg_bytes old = {NULL, 0};
    enum sg_status st = sg_kv_get(&old, w->load.txn, SG_LABELS_INDEX, bucket, err);
    if (st != SG_OK && st != SG_ENOTFOUND)
        return st;
    sg_buf_reset(out);
    size_t i = 0;
    for (size_t off = 0; off + SG_LABELS_ENTRY <= old.size; off += SG_LABELS_ENTRY) {
        const struct entry entry = {sg_labels_load(old.at + off), sg_labels_load(old.at + off + 8)};
        while (i < n_new && by_hash(&new[i], &entry) < 0)
            put_entry(out, new[i++]);
        put_entry(out, entry);
    }
    while (i < n_new)
        put_entry(out, new[i++]);
    st = sg_buf_check(out, err);
    return st == SG_OK ? sg_kv_put(w->load.txn, SG_LABELS_INDEX, bucket, out->data, out->size, err)
                       : st;
}

static enum sg_status write_index(struct sg_labels_writer *w, struct sg_err *err)
{
    struct sg_buf out = SG_BUF_INIT(SIZE_MAX / 2);
    enum sg_status st = SG_OK;
    qsort(w->entries, w->n_entries, sizeof(*w->entries), by_hash);
    for (size_t i = 0, end; st == SG_OK && i < w->n_entries; i = end) {
        const unsigned bucket = (unsigned)(w->entries[i].hash >> 56);
        for (end = i; end < w->n_entries && w->entries[end].hash >> 56 == bucket; end++)
            ;
        st = merge_bucket(w, &out, bucket, w->entries + i, end - i, err);
    }
    sg_buf_clear(&out);
    return st;
}

static enum sg_status write_head(struct sg_labels_writer *w, struct sg_err *err)
{
    struct sg_buf out = SG_BUF_INIT(RECORD_MAX);
    enum sg_status st = SG_OK;
    const uint32_t first = w->meta.n_packs - (uint32_t)w->n_packs;
    for (size_t i = 0; st == SG_OK && i < w->n_packs; i++)
        st = sg_kv_put(w->load.txn, SG_LABELS_PACKS, first + i, w->packs[i].data, w->packs[i].size,
                       err);
    w->meta.n_labels += w->n_entries;
    sg_labels_meta_write(&out, &w->meta);
    if (st == SG_OK)
        st = sg_buf_check(&out, err);
    if (st == SG_OK)
        st = sg_kv_put(w->load.txn, SG_LABELS_META, 0, out.data, out.size, err);
    sg_buf_clear(&out);
    return st;
}

enum sg_status sg_labels_commit(struct sg_labels_writer *w, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    if (w->n_packs > 0) {
        st = write_index(w, err);
        if (st == SG_OK)
            st = write_head(w, err);
        if (st == SG_OK) {
            st = sg_kv_commit(w->load.txn, err);
            w->load.txn = NULL;
        }
    }
    sg_labels_abort(w);
    return st;
}
