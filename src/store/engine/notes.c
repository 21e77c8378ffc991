#include "store/engine/notes_internal.h"

#include "base/mem.h"
#include "base/vec.h"
#include "store/engine/writer_internal.h"

#include <assert.h>
#include <string.h>

/* Keep bytes until they are written; they are copied. */
static enum sg_status add_note(struct sg_writer *w, unsigned table, uint64_t number,
                               const void *bytes, size_t size, struct sg_err *err)
{
    if (!SG_VEC_RESERVE(w->notes, w->n_notes, w->cap_notes, 1))
        return sg_err_nomem(err);
    uint8_t *copy = sg_mem_alloc(size, 1);
    if (!copy)
        return sg_err_nomem(err);
    memcpy(copy, bytes, size);
    w->notes[w->n_notes++] = (struct sg_staged){copy, size, number, table};
    w->notes_bytes += size;
    w->dirty = true;
    return sg_writer_spill(w, err);
}

static enum sg_status add_buf(struct sg_writer *w, unsigned table, uint64_t number,
                              struct sg_buf *buf, struct sg_err *err)
{
    enum sg_status st = sg_buf_check(buf, err);
    if (st == SG_OK)
        st = add_note(w, table, number, buf->data, buf->size, err);
    sg_buf_clear(buf);
    return st;
}

enum sg_status sg_writer_file(struct sg_writer *w, const struct sg_file_entry *file,
                              struct sg_err *err)
{
    struct sg_buf buf = SG_BUF_INIT(SG_NOTE_MAX);
    sg_note_put_file(&buf, file);
    return add_buf(w, SG_TABLE_FILES, w->image.meta.stats.files++, &buf, err);
}

enum sg_status sg_writer_bad(struct sg_writer *w, const struct sg_bad_entry *bad,
                             struct sg_err *err)
{
    struct sg_buf buf = SG_BUF_INIT(SG_NOTE_MAX);
    sg_note_put_bad(&buf, bad);
    return add_buf(w, SG_TABLE_BAD, w->image.meta.stats.bad_rows++, &buf, err);
}

/* Id of a token, or SG_ID_NONE. */
static uint32_t find_token(const struct sg_image *image, const struct sg_address *token)
{
    struct sg_dict_search search = {.list = &image->lists[SG_LIST_ASSETS],
                                    .key = sg_key_of(token->bytes, token->size)};
    uint64_t id;
    while (sg_dict_next(&id, &search))
        if (id < image->n_assets && image->assets[id].contract.size == token->size &&
            memcmp(image->assets[id].contract.bytes, token->bytes, token->size) == 0)
            return (uint32_t)id;
    return SG_ID_NONE;
}

/* The first that says wins. */
static enum sg_status apply_hint(struct sg_writer *w, uint32_t id, const struct sg_asset *hint,
                                 struct sg_err *err)
{
    struct sg_asset *asset = &w->image.assets[id];
    const bool symbol = !asset->symbol[0] && hint->symbol[0];
    const bool decimals = !asset->has_decimals && hint->has_decimals;
    if (!symbol && !decimals)
        return SG_OK;
    if (!SG_VEC_RESERVE(w->assets_changed, w->n_changed, w->cap_changed, 1))
        return sg_err_nomem(err);
    w->assets_changed[w->n_changed++] = id;
    w->assets_dirty = w->dirty = true;
    if (symbol)
        memcpy(asset->symbol, hint->symbol, sizeof(asset->symbol));
    if (decimals) {
        asset->decimals = hint->decimals;
        asset->has_decimals = true;
    }
    return SG_OK;
}

static enum sg_status wait_hint(struct sg_writer *w, const struct sg_asset *hint,
                                struct sg_err *err)
{
    if (!SG_VEC_RESERVE(w->hints, w->n_hints, w->cap_hints, 1))
        return sg_err_nomem(err);
    w->hints[w->n_hints++] = *hint;
    return SG_OK;
}

enum sg_status sg_writer_apply_hints(struct sg_writer *w, struct sg_err *err)
{
    size_t waiting = 0;
    enum sg_status st = sg_writer_renew(w, err);
    for (size_t i = 0; st == SG_OK && i < w->n_hints; i++) {
        const uint32_t id = find_token(&w->image, &w->hints[i].contract);
        if (id != SG_ID_NONE)
            st = apply_hint(w, id, &w->hints[i], err);
        else
            w->hints[waiting++] = w->hints[i];
    }
    if (st == SG_OK)
        w->n_hints = waiting;
    return st;
}

static void hint_of(struct sg_asset *asset, const struct sg_token_hint *hint)
{
    memset(asset, 0, sizeof(*asset));
    asset->contract.size = hint->token[0];
    memcpy(asset->contract.bytes, hint->token + 1, hint->token[0]);
    strncpy(asset->symbol, hint->symbol, SG_SYMBOL_MAX);
    asset->decimals = hint->has_decimals ? hint->decimals : 0;
    asset->has_decimals = hint->has_decimals;
}

enum sg_status sg_writer_tokens(struct sg_writer *w, const struct sg_token_hint *hints, size_t n,
                                struct sg_err *err)
{
    enum sg_status st = sg_writer_apply_hints(w, err); /* The earlier ones come first. */
    for (size_t i = 0; st == SG_OK && i < n; i++) {
        struct sg_asset hint;
        hint_of(&hint, &hints[i]);
        const uint32_t id = find_token(&w->image, &hint.contract);
        st = id == SG_ID_NONE ? wait_hint(w, &hint, err) : apply_hint(w, id, &hint, err);
    }
    return st;
}

static enum sg_status add_covers(struct sg_writer *w, const struct sg_cover_entry *covers,
                                 const uint32_t *ids, size_t n, struct sg_err *err)
{
    struct sg_image *image = &w->image;
    if (!SG_VEC_RESERVE(image->covers, image->n_covers, image->cap_covers, n))
        return sg_err_nomem(err);
    for (size_t i = 0; i < n; i++) {
        assert(covers[i].first_block <= covers[i].last_block);
        image->covers[image->n_covers++] = (struct sg_coverage){
            {ids[i]}, covers[i].kinds, covers[i].first_block, covers[i].last_block};
    }
    image->n_covers = sg_covers_join(image->covers, image->n_covers);
    w->covers_dirty = w->dirty = true;
    return SG_OK;
}

enum sg_status sg_writer_cover(struct sg_writer *w, const struct sg_cover_entry *covers, size_t n,
                               struct sg_err *err)
{
    enum sg_status st = sg_writer_renew(w, err);
    sg_addr_ref *refs = sg_mem_alloc(n, sizeof(*refs));
    uint32_t *ids = sg_mem_alloc(n, sizeof(*ids));
    if (st == SG_OK && (!refs || !ids))
        st = sg_err_nomem(err);
    if (st != SG_OK)
        goto out;
    for (size_t i = 0; i < n; i++)
        refs[i] = covers[i].addr;
    st = sg_writer_resolve(w, ids, refs, n, err);
    if (st == SG_OK)
        st = add_covers(w, covers, ids, n, err);
out:
    sg_mem_free(ids);
    sg_mem_free(refs);
    return st;
}

static enum sg_status copy_table(struct sg_writer *w, struct sg_image *from, unsigned table,
                                 uint64_t n, struct sg_err *err)
{
    for (uint64_t i = 0; i < n; i++) {
        struct sg_bytes bytes;
        enum sg_status st = sg_kv_get(&bytes, from->txn, table, i, err);
        if (st == SG_ENOTFOUND)
            st = sg_err_set(err, SG_ECORRUPT, "a note of the ledger is missing");
        if (st == SG_OK)
            st = add_note(w, table, i, bytes.at, bytes.size, err);
        if (st != SG_OK)
            return st;
    }
    return SG_OK;
}

static enum sg_status cover_ref(uint8_t ref[SG_ELEM_ADDR], const struct sg_image *from, uint32_t id,
                                struct sg_err *err)
{
    const uint8_t *bytes = sg_columns_addr(ref, &from->addrs, id);
    if (!bytes)
        return sg_err_set(err, SG_ECORRUPT, "an address of the ledger is malformed");
    memcpy(ref + 1, bytes, ref[0]);
    return SG_OK;
}

static enum sg_status copy_covers(struct sg_writer *w, const struct sg_image *from,
                                  struct sg_err *err)
{
    const size_t n = from->n_covers;
    struct sg_cover_entry *entries = sg_mem_alloc(n, sizeof(*entries));
    uint8_t(*refs)[SG_ELEM_ADDR] = sg_mem_alloc(n, sizeof(*refs));
    enum sg_status st = entries && refs ? SG_OK : sg_err_nomem(err);
    for (size_t i = 0; st == SG_OK && i < n; i++) {
        const struct sg_coverage *cover = &from->covers[i];
        const bool whole_chain = cover->addr.v == SG_ID_NONE;
        entries[i] = (struct sg_cover_entry){whole_chain ? NULL : refs[i], cover->kinds,
                                             cover->first_block, cover->last_block};
        if (!whole_chain)
            st = cover_ref(refs[i], from, cover->addr.v, err);
    }
    if (st == SG_OK)
        st = sg_writer_cover(w, entries, n, err);
    sg_mem_free(refs);
    sg_mem_free(entries);
    return st;
}

static enum sg_status copy_hints(struct sg_writer *w, const struct sg_image *from,
                                 struct sg_err *err)
{
    enum sg_status st = SG_OK;
    for (size_t i = 1; st == SG_OK && i < from->n_assets; i++)
        st = wait_hint(w, &from->assets[i], err);
    return st;
}

enum sg_status sg_writer_copy_notes(struct sg_writer *w, struct sg_err *err)
{
    struct sg_image from;
    uint64_t generation;
    struct sg_kv *kv = NULL;
    struct sg_ledger_stats *stats = &w->image.meta.stats;
    assert(w->is_next && stats->files == 0 && stats->bad_rows == 0);
    enum sg_status st = sg_folder_open(&kv, &generation, &w->folder, err);
    if (st == SG_ENOTFOUND)
        return SG_OK;
    if (st != SG_OK)
        return st;
    sg_image_init(&from, w->image.chain);
    st = sg_image_load(&from, kv, false, err);
    if (st == SG_OK)
        st = copy_table(w, &from, SG_TABLE_FILES, from.meta.stats.files, err);
    if (st == SG_OK)
        st = copy_table(w, &from, SG_TABLE_BAD, from.meta.stats.bad_rows, err);
    if (st == SG_OK)
        st = copy_covers(w, &from, err);
    if (st == SG_OK)
        st = copy_hints(w, &from, err);
    if (st == SG_OK) {
        stats->files = from.meta.stats.files;
        stats->bad_rows = from.meta.stats.bad_rows;
    }
    sg_image_clear(&from);
    return st;
}
