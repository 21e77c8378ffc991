#include "formats/sharing/sharing_internal.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* Version 4, drawn once: all ids that are not prescribed elsewhere hang on it. */
#define OWN_SPACE "6c9f1a52-3d57-4a54-9c1e-8f0f7f6d2b11"

enum sg_status sg_sharing_find(enum sg_sharing_format *format, const char *name)
{
    static const char *const names[] = {"stix", "misp", "ftm", "tagpack"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(names[i], name) == 0) {
            *format = (enum sg_sharing_format)i;
            return SG_OK;
        }
    return SG_ENOTFOUND;
}

enum sg_status sg_sharing_write(struct sg_buf *out, enum sg_sharing_format format,
                                const struct sg_sharing *sharing, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    switch (format) {
    case SG_SHARING_STIX:
        sg_sharing_stix(out, sharing);
        break;
    case SG_SHARING_MISP:
        sg_sharing_misp(out, sharing);
        break;
    case SG_SHARING_FTM:
        sg_sharing_ftm(out, sharing);
        break;
    case SG_SHARING_TAGPACK:
        st = sg_sharing_tagpack(out, sharing, err);
        break;
    }
    return st == SG_OK ? sg_buf_check(out, err) : st;
}

/* Digests of the parts, so that no part can pass for the border between two. */
struct sg_sharing_id sg_sharing_id_of(const char *kind, const char *first, const char *second,
                                      const char *third)
{
    struct sg_sharing_id id;
    sg_uuid5(id.text, OWN_SPACE, kind, strlen(kind));
    const char *const parts[] = {first, second, third};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        char space[SG_UUID_TEXT_MAX];
        memcpy(space, id.text, sizeof(space));
        if (parts[i])
            sg_uuid5(id.text, space, parts[i], strlen(parts[i]));
    }
    return id;
}

const char *sg_sharing_url(const struct sg_sharing_source *source)
{
    const char *address = source->address;
    const bool is_web =
        address && (strncmp(address, "https://", 8) == 0 || strncmp(address, "http://", 7) == 0);
    return is_web && !strpbrk(address, " \t\r\n\"<>") ? address : NULL;
}

static void put(struct sg_buf *out, const char *text)
{
    sg_buf_line(out, text, strlen(text));
}

void sg_sharing_claim_text(struct sg_buf *out, const struct sg_sharing_claim *claim)
{
    const struct sg_sharing_source *source = claim->source;
    sg_buf_printf(out, "%s: ", sg_category_info(claim->category)->name);
    put(out, claim->entity[0] ? claim->entity : "not named");
    sg_buf_printf(out, " (confidence %s", sg_confidence_name(claim->confidence));
    if (source && (source->title || source->address)) {
        sg_buf_puts(out, "; ");
        put(out, source->title ? source->title : source->address);
    }
    sg_buf_putc(out, ')');
    if (claim->note) {
        sg_buf_puts(out, "; ");
        put(out, claim->note);
    }
}

void sg_sharing_wallet_text(struct sg_buf *out, const struct sg_sharing_wallet *wallet)
{
    if (wallet->finding)
        put(out, wallet->finding);
    for (size_t i = 0; i < wallet->n_claims; i++) {
        if (out->size)
            sg_buf_putc(out, '\n');
        sg_sharing_claim_text(out, &wallet->claims[i]);
    }
}

const char *sg_sharing_holder(const struct sg_sharing_wallet *wallet)
{
    return wallet->n_claims && wallet->claims[0].entity[0] ? wallet->claims[0].entity : NULL;
}

struct named {
    const char *name;
    size_t index;
};

static int by_name(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    const int order = strcmp(x->name, y->name);
    return order ? order : x->index < y->index ? -1 : x->index > y->index;
}

enum sg_status sg_sharing_settle(struct sg_sharing_wallet *wallets, size_t n, struct sg_err *err)
{
    struct named *named = sg_mem_alloc(n + 1, sizeof(*named));
    size_t n_held = 0;
    if (!named)
        return sg_err_nomem(err);
    for (size_t i = 0; i < n; i++)
        named[i] = (struct named){wallets[i].address, i};
    qsort(named, n, sizeof(*named), by_name);
    for (size_t i = 0; i < n; i++)
        wallets[named[i].index].is_first_of_address =
            i == 0 || strcmp(named[i - 1].name, named[i].name) != 0;
    for (size_t i = 0; i < n; i++) {
        wallets[i].is_first_of_holder = true;
        if (sg_sharing_holder(&wallets[i]))
            named[n_held++] = (struct named){sg_sharing_holder(&wallets[i]), i};
    }
    qsort(named, n_held, sizeof(*named), by_name);
    for (size_t i = 1; i < n_held; i++)
        if (strcmp(named[i - 1].name, named[i].name) == 0)
            wallets[named[i].index].is_first_of_holder = false;
    sg_mem_free(named);
    return SG_OK;
}
