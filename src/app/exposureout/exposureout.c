#include "app/exposureout/exposureout.h"

#include "app/exposureout/exposureout_internal.h"

#include <stdio.h>
#include <string.h>

enum sg_status sg_exposureout_asset_of(struct sg_asset *asset, const struct sg_ledger *ledger,
                                       struct sg_asset_id id, struct sg_err *err)
{
    memset(asset, 0, sizeof(*asset));
    if (id.v != 0)
        return ledger->ops->assets(ledger->self, asset, &id, 1, err);
    snprintf(asset->symbol, sizeof(asset->symbol), "%s", ledger->chain->symbol);
    asset->decimals = (uint8_t)ledger->chain->decimals;
    asset->has_decimals = true;
    return SG_OK;
}

static enum sg_status find_place(struct sg_exposureout_place *place, const struct sg_ledger *ledger,
                                 const struct sg_exposure_part *part, struct sg_err *err)
{
    struct sg_address address = {0};
    struct sg_tx tx;
    enum sg_status st = SG_OK;
    place->time_unix_s = SG_TIME_UNKNOWN;
    if (part->largest.v < ledger->stats.addresses)
        st = ledger->ops->addrs(ledger->self, &address, &part->largest, 1, err);
    if (st != SG_OK)
        return st;
    sg_address_format(place->address, ledger->chain, &address);
    if (part->tx.v == SG_TX_ID_NONE)
        return SG_OK;
    st = ledger->ops->txs(ledger->self, &tx, &part->tx, 1, err);
    if (st != SG_OK)
        return st;
    place->has_tx = tx.flags & SG_TX_HAS_HASH;
    memcpy(place->hash32, tx.hash32, sizeof(place->hash32));
    place->time_unix_s = tx.time_unix_s;
    return SG_OK;
}

static enum sg_status find_places(const struct sg_exposureout_place **places,
                                  struct sg_arena *arena, const struct sg_ledger *ledger,
                                  const struct sg_exposure_side *side, struct sg_err *err)
{
    struct sg_exposureout_place *made = sg_arena_alloc(arena, side->n_parts + 1, sizeof(*made));
    enum sg_status st = made ? SG_OK : sg_err_nomem(err);
    for (size_t i = 0; st == SG_OK && i < side->n_parts; i++)
        st = find_place(&made[i], ledger, &side->parts[i], err);
    *places = made;
    return st;
}

static enum sg_status find_others(struct sg_exposureout *out, struct sg_arena *arena,
                                  struct sg_err *err)
{
    const struct sg_exposure_asset *assets = NULL;
    size_t n = 0;
    struct sg_exposureout_asset *others =
        sg_arena_alloc(arena, SG_EXPOSUREOUT_ASSETS_MAX, sizeof(*others));
    if (!others)
        return sg_err_nomem(err);
    enum sg_status st = sg_exposure_assets(&assets, &n, arena, out->ledger, out->input->addr, err);
    for (size_t i = 0; st == SG_OK && i < n; i++) {
        if (assets[i].asset.v == out->input->asset.v || assets[i].rows == 0)
            continue;
        if (out->n_others == SG_EXPOSUREOUT_ASSETS_MAX) {
            out->n_others_left_out++;
            continue;
        }
        others[out->n_others].moved = assets[i];
        st = sg_exposureout_asset_of(&others[out->n_others++].asset, out->ledger, assets[i].asset,
                                     err);
    }
    out->others = others;
    return st;
}

enum sg_status sg_exposureout_open(struct sg_exposureout *out, struct sg_arena *arena,
                                   struct sg_err *err)
{
    enum sg_status st = find_places(&out->in_places, arena, out->ledger, &out->exposure->in, err);
    if (st == SG_OK)
        st = find_places(&out->out_places, arena, out->ledger, &out->exposure->out, err);
    return st == SG_OK ? find_others(out, arena, err) : st;
}

static const char *unlabelled(enum sg_exposure_what what)
{
    switch (what) {
    case SG_EXPOSURE_ISSUED:
        return "issued";
    case SG_EXPOSURE_OWN:
        return "its own money";
    case SG_EXPOSURE_SWAPPED:
        return "swapped";
    case SG_EXPOSURE_FEES:
        return "fees";
    case SG_EXPOSURE_SERVICE:
    case SG_EXPOSURE_HELD:
    case SG_EXPOSURE_SMALL:
    case SG_EXPOSURE_BEYOND:
    case SG_EXPOSURE_UNOBSERVED:
        break;
    }
    return "nobody known";
}

const char *exposureout_name(const struct sg_exposure_part *part)
{
    if (!part->label || part->what == SG_EXPOSURE_OWN)
        return unlabelled(part->what);
    return part->label->entity[0] ? part->label->entity : "no name";
}

const char *exposureout_meaning(enum sg_exposure_what what, bool is_in)
{
    switch (what) {
    case SG_EXPOSURE_SERVICE:
        return is_in ? "paid by a service" : "reached a service";
    case SG_EXPOSURE_HELD:
        return "did not move on, as far as rows are complete";
    case SG_EXPOSURE_ISSUED:
        return "nobody paid it: a reward or a mint";
    case SG_EXPOSURE_OWN:
        return "came back to the address itself";
    case SG_EXPOSURE_SWAPPED:
        return "swapped for another asset";
    case SG_EXPOSURE_FEES:
        return "spent in fees, by the address and whoever passed the money on";
    case SG_EXPOSURE_SMALL:
        return "below the cut-off, not looked behind";
    case SG_EXPOSURE_BEYOND:
        return "beyond the limit of hops, not looked behind";
    case SG_EXPOSURE_UNOBSERVED:
        break;
    }
    return is_in ? "what the payer had is not seen coming in" : "rows of the holder are missing";
}

struct sg_amount sg_exposureout_whole(const struct sg_exposure_side *side)
{
    struct sg_amount whole = side->total;
    /* The analysis checked that the sum fits. */
    return sg_amount_add(&whole, whole, side->by_swap) ? whole : side->total;
}
