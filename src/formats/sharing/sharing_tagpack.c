/* TagPack: a tag a claim. A wallet of which nobody claims anything has no tag. */
#include "formats/sharing/sharing_internal.h"

#include "formats/tagpack/tagpack.h"

#include <string.h>

#define NOTE_MAX ((size_t)SG_LABEL_TEXT_MAX)

/* The roles of a theft's trail, for which TagPacks have no word: there it is the theft, and the
 * role stands in the note. */
static bool is_trail(enum sg_category category)
{
    switch (category) {
    case SG_CATEGORY_FUNDER:
    case SG_CATEGORY_SWAPPER:
    case SG_CATEGORY_INTERMEDIARY:
    case SG_CATEGORY_DEPOSITOR:
    case SG_CATEGORY_WITHDRAWER:
    case SG_CATEGORY_DORMANT:
        return true;
    case SG_CATEGORY_EXCHANGE:
    case SG_CATEGORY_MIXER:
    case SG_CATEGORY_BRIDGE:
    case SG_CATEGORY_DEX:
    case SG_CATEGORY_OTC:
    case SG_CATEGORY_GAMBLING:
    case SG_CATEGORY_LENDING:
    case SG_CATEGORY_PAYMENT:
    case SG_CATEGORY_MARKETPLACE:
    case SG_CATEGORY_VICTIM:
    case SG_CATEGORY_THEFT:
    case SG_CATEGORY_SANCTIONED:
    case SG_CATEGORY_RANSOM:
    case SG_CATEGORY_PAYROLL:
    case SG_CATEGORY_CONTRACT:
    case SG_CATEGORY_OTHER:
    case SG_CATEGORY_WALLET:
    case SG_CATEGORY_MINER:
    case SG_CATEGORY_SCAM:
    case SG_CATEGORY_TERRORISM:
    case SG_CATEGORY_ABUSE:
    case SG_CATEGORY_FROZEN:
    case SG_CATEGORY_PERSON:
    case SG_CATEGORY_ORGANISATION:
        return false;
    }
    return false;
}

static void part(struct sg_buf *note, const char *text)
{
    if (!text)
        return;
    if (note->size)
        sg_buf_puts(note, "; ");
    sg_buf_puts(note, text);
}

static enum sg_status write_tag(struct sg_buf *out, struct sg_label *label,
                                const struct sg_sharing_claim *claim, const char *finding,
                                struct sg_err *err)
{
    struct sg_buf note = SG_BUF_INIT(NOTE_MAX);
    if (is_trail(claim->category))
        part(&note, sg_category_info(claim->category)->name);
    part(&note, claim->note);
    part(&note, finding);
    label->note = note.data;
    label->category = is_trail(claim->category) ? SG_CATEGORY_THEFT : claim->category;
    /* Its own word is also what TagPacks call the crime. */
    if (sg_category_info(label->category)->is_illicit)
        label->abuse = sg_category_info(label->category)->name;
    enum sg_status st = sg_buf_check(&note, err);
    if (st == SG_OK)
        st = sg_label_check(label, err);
    if (st == SG_OK)
        st = sg_tagpack_write_tag(out, label, err);
    sg_buf_clear(&note);
    return st;
}

static enum sg_status tag(struct sg_buf *out, const struct sg_sharing_wallet *wallet,
                          const struct sg_sharing_claim *claim, struct sg_err *err)
{
    struct sg_label label;
    sg_label_init(&label);
    label.subject = wallet->address;
    label.chain = wallet->chain;
    label.currency = wallet->symbol;
    label.entity = claim->entity;
    label.confidence = claim->confidence;
    label.source_date_unix_s = claim->seen_unix_s;
    if (claim->source) {
        label.source = claim->source->address ? claim->source->address : claim->source->title;
        if (claim->seen_unix_s == SG_TIME_UNKNOWN)
            label.source_date_unix_s = claim->source->date_unix_s;
    }
    return write_tag(out, &label, claim, claim == wallet->claims ? wallet->finding : NULL, err);
}

enum sg_status sg_sharing_tagpack(struct sg_buf *out, const struct sg_sharing *sharing,
                                  struct sg_err *err)
{
    const struct sg_label_pack pack = {
        .title = sharing->title, .creator = "Sillage", .date_unix_s = sharing->date_unix_s};
    enum sg_status st = sg_tagpack_write_header(out, &pack, err);
    for (size_t i = 0; st == SG_OK && i < sharing->n_wallets; i++)
        for (size_t k = 0; st == SG_OK && k < sharing->wallets[i].n_claims; k++)
            st = tag(out, &sharing->wallets[i], &sharing->wallets[i].claims[k], err);
    return st;
}
