#include "analysis/decoys/decoys_internal.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Letters that look like Latin capitals, by code point: Greek, Cyrillic, a few signs. */
static const struct {
    uint32_t code;
    char like;
} alikes[] = {
    {0x0391, 'A'}, {0x0392, 'B'}, {0x0395, 'E'}, {0x0396, 'Z'}, {0x0397, 'H'}, {0x0399, 'I'},
    {0x039A, 'K'}, {0x039C, 'M'}, {0x039D, 'N'}, {0x039F, 'O'}, {0x03A1, 'P'}, {0x03A4, 'T'},
    {0x03A5, 'Y'}, {0x03A7, 'X'}, {0x03B1, 'A'}, {0x03BF, 'O'}, {0x03C1, 'P'}, {0x03C5, 'U'},
    {0x0405, 'S'}, {0x0406, 'I'}, {0x0408, 'J'}, {0x0410, 'A'}, {0x0412, 'B'}, {0x0415, 'E'},
    {0x041A, 'K'}, {0x041C, 'M'}, {0x041D, 'H'}, {0x041E, 'O'}, {0x0420, 'P'}, {0x0421, 'C'},
    {0x0422, 'T'}, {0x0423, 'Y'}, {0x0425, 'X'}, {0x0430, 'A'}, {0x0435, 'E'}, {0x043E, 'O'},
    {0x0440, 'P'}, {0x0441, 'C'}, {0x0443, 'Y'}, {0x0445, 'X'}, {0x0455, 'S'}, {0x0456, 'I'},
    {0x0458, 'J'}, {0x0500, 'D'}, {0x0501, 'D'}, {0x054D, 'U'}, {0x13A0, 'D'}, {0x20AE, 'T'},
};

static bool is_invisible(uint32_t c)
{
    return c <= ' ' || c == 0x7F || c == 0xA0 || c == 0xAD || (c >= 0x2000 && c <= 0x200F) ||
           (c >= 0x2028 && c <= 0x202F) || (c >= 0x2060 && c <= 0x206F) || c == 0x3000 ||
           c == 0xFEFF;
}

/* The Latin capital that a character looks like, or 0. */
static char latin_of(uint32_t c)
{
    if (c >= 0xFF01 && c <= 0xFF5E)
        c -= 0xFEE0; /* full width */
    if (c < 0x80)
        return (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    for (size_t i = 0; i < SG_COUNT_OF(alikes); i++)
        if (alikes[i].code == c)
            return alikes[i].like;
    return 0;
}

char *sg_decoys_skeleton(char skeleton[SG_DECOY_SKELETON_MAX], const char *symbol)
{
    const size_t size = strlen(symbol);
    size_t n = 0;
    for (size_t at = 0, step; at < size; at += step) {
        uint32_t c = 0;
        step = sg_utf8_next(&c, symbol + at, size - at);
        const bool is_text = step > 0;
        step = is_text ? step : 1;
        if (is_text && is_invisible(c))
            continue;
        const char latin = is_text ? latin_of(c) : 0;
        const size_t length = latin ? 1 : step;
        if (n + length >= SG_DECOY_SKELETON_MAX)
            break;
        memcpy(skeleton + n, latin ? &latin : symbol + at, length);
        n += length;
    }
    skeleton[n] = 0;
    return skeleton;
}

static int by_id(const void *a, const void *b)
{
    const struct sg_decoy_asset *x = a, *y = b;
    return (x->id.v > y->id.v) - (x->id.v < y->id.v);
}

/* The assets of the rows, and the native one, each once. */
static enum sg_status list_assets(struct sg_decoy_finder *f, struct sg_err *err)
{
    struct sg_ids seen = {0};
    bool ok = sg_ids_put(&seen, 0, 0);
    size_t n = 1;
    for (size_t i = 0; ok && i < f->n_rows; i++)
        if (sg_ids_get(&seen, f->rows[i].asset.v) == SG_IDS_NONE)
            ok = sg_ids_put(&seen, f->rows[i].asset.v, (uint32_t)n++);
    f->assets = ok ? sg_mem_zalloc(n, sizeof(*f->assets)) : NULL;
    for (size_t i = 0; f->assets && i < f->n_rows; i++)
        f->assets[sg_ids_get(&seen, f->rows[i].asset.v)].id = f->rows[i].asset;
    sg_ids_clear(&seen);
    if (!f->assets)
        return sg_err_nomem(err);
    f->n_assets = n;
    qsort(f->assets, n, sizeof(*f->assets), by_id);
    for (size_t i = 0; i < n; i++)
        if (!sg_ids_put(&f->asset_at, f->assets[i].id.v, (uint32_t)i))
            return sg_err_nomem(err);
    return SG_OK;
}

static enum sg_status read_assets(struct sg_decoy_finder *f, struct sg_err *err)
{
    const struct sg_ledger *ledger = f->input->ledger;
    struct sg_asset_id *ids = sg_mem_alloc(f->n_assets, sizeof(*ids));
    struct sg_asset *assets = sg_mem_alloc(f->n_assets, sizeof(*assets));
    enum sg_status st = ids && assets ? SG_OK : sg_err_nomem(err);
    for (size_t i = 0; st == SG_OK && i < f->n_assets; i++)
        ids[i] = f->assets[i].id;
    /* The native asset stands first; the chain's table knows it. */
    if (st == SG_OK && f->n_assets > 1)
        st = ledger->ops->assets(ledger->self, assets + 1, ids + 1, f->n_assets - 1, err);
    for (size_t i = 1; st == SG_OK && i < f->n_assets; i++)
        f->assets[i].asset = assets[i];
    if (st == SG_OK) {
        struct sg_asset *native = &f->assets[0].asset;
        snprintf(native->symbol, sizeof(native->symbol), "%s", ledger->chain->symbol);
        native->decimals = (uint8_t)ledger->chain->decimals;
        native->has_decimals = true;
    }
    sg_mem_free(assets);
    sg_mem_free(ids);
    return st;
}

/* Real is the native asset, what somebody vouches for, and what a subject moved itself. */
static void find_real(struct sg_decoy_finder *f)
{
    for (size_t i = 0; i < f->n_assets; i++) {
        f->assets[i].imitates.v = SG_ID_NONE;
        sg_decoys_skeleton(f->assets[i].skeleton, f->assets[i].asset.symbol);
    }
    f->assets[0].is_real = true;
    for (size_t i = 0; i < f->input->n_real; i++) {
        const uint32_t at = sg_ids_get(&f->asset_at, f->input->real[i].v);
        if (at != SG_IDS_NONE)
            f->assets[at].is_real = true;
    }
    for (size_t i = 0; i < f->n_rows; i++) {
        struct sg_decoy_asset *asset = &f->assets[sg_ids_get(&f->asset_at, f->rows[i].asset.v)];
        asset->n_rows++;
        asset->is_real |= f->is_signed[i] && sg_decoy_happened(&f->rows[i]);
    }
}

/* Of one look together, the real ones first, of these the most used. */
static int by_look(const void *a, const void *b)
{
    const struct sg_decoy_asset *x = *(struct sg_decoy_asset *const *)a;
    const struct sg_decoy_asset *y = *(struct sg_decoy_asset *const *)b;
    const int look = strcmp(x->skeleton, y->skeleton);
    if (look)
        return look;
    if (x->is_real != y->is_real)
        return x->is_real ? -1 : 1;
    if (x->n_rows != y->n_rows)
        return x->n_rows > y->n_rows ? -1 : 1;
    return by_id(x, y);
}

static enum sg_status find_fakes(struct sg_decoy_finder *f, struct sg_err *err)
{
    struct sg_decoy_asset **order = sg_mem_alloc(f->n_assets, sizeof(*order));
    if (!order)
        return sg_err_nomem(err);
    for (size_t i = 0; i < f->n_assets; i++)
        order[i] = &f->assets[i];
    qsort(order, f->n_assets, sizeof(*order), by_look);
    const struct sg_decoy_asset *real = NULL;
    for (size_t i = 0; i < f->n_assets; i++) {
        if (i == 0 || strcmp(order[i]->skeleton, order[i - 1]->skeleton) != 0)
            real = order[i]->is_real && order[i]->skeleton[0] ? order[i] : NULL;
        if (real && !order[i]->is_real)
            order[i]->imitates = real->id;
    }
    sg_mem_free(order);
    return SG_OK;
}

enum sg_status sg_decoy_assets(struct sg_decoy_finder *f, struct sg_err *err)
{
    const enum sg_status st = list_assets(f, err);
    return st == SG_OK ? read_assets(f, err) : st;
}

enum sg_status sg_decoy_tokens(struct sg_decoy_finder *f, struct sg_err *err)
{
    find_real(f);
    enum sg_status st = find_fakes(f, err);
    for (size_t i = 0; st == SG_OK && i < f->n_rows; i++) {
        const struct sg_decoy_asset *asset =
            &f->assets[sg_ids_get(&f->asset_at, f->rows[i].asset.v)];
        if (asset->imitates.v == SG_ID_NONE || !sg_decoy_happened(&f->rows[i]))
            continue;
        f->marks[i].kinds |= SG_DECOY_FAKE_TOKEN;
        f->marks[i].imitated_asset = asset->imitates.v;
    }
    return st;
}
