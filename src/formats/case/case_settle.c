/* The end of a parse: labels in order for look-up, and what a person should be warned of. */
#include "formats/case/case_internal.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static int compare_place(struct sg_case_place a, struct sg_case_place b)
{
    if (a.in_labels_file != b.in_labels_file)
        return a.in_labels_file ? 1 : -1;
    if (a.line != b.line)
        return a.line < b.line ? -1 : 1;
    return (a.column > b.column) - (a.column < b.column);
}

static int compare_address(const struct sg_chain *chain_a, const struct sg_address *a,
                           const struct sg_chain *chain_b, const struct sg_address *b)
{
    const int chains = strcmp(chain_a->name, chain_b->name);
    if (chains)
        return chains;
    if (a->size != b->size)
        return a->size < b->size ? -1 : 1;
    return memcmp(a->bytes, b->bytes, a->size);
}

static int compare_labels(const void *left, const void *right)
{
    const struct sg_case_label *a = left, *b = right;
    const int order = compare_address(a->chain, &a->address, b->chain, &b->address);
    return order ? order : compare_place(a->place, b->place);
}

static int compare_warnings(const void *left, const void *right)
{
    const struct sg_case_warning *a = left, *b = right;
    const int order = compare_place(a->place, b->place);
    return order ? order : strcmp(a->text, b->text);
}

/* Two labels of one address: what a person should know of the later one. */
static enum sg_status warn_of_pair(struct sg_case_load *load, const struct sg_case_label *first,
                                   const struct sg_case_label *other)
{
    char address[SG_ADDRESS_TEXT_MAX];
    sg_address_format(address, other->chain, &other->address);
    const bool same =
        first->category == other->category && strcmp(first->entity, other->entity) == 0;
    if (same && first->source != other->source)
        return SG_OK;
    if (same)
        return sg_case_warn(load, other->place, "%s has this label already, at line %u", address,
                            (unsigned)first->place.line);
    return sg_case_warn(
        load, other->place, "%s is '%.64s' (%s) here, but '%.64s' (%s) at line %u%s", address,
        other->entity, sg_category_info(other->category)->name, first->entity,
        sg_category_info(first->category)->name, (unsigned)first->place.line,
        other->place.in_labels_file && !first->place.in_labels_file ? " of the case file" : "");
}

static enum sg_status warn_of_labels(struct sg_case_load *load)
{
    enum sg_status st = SG_OK;
    size_t first = 0;
    for (size_t i = 1; st == SG_OK && i < load->n_labels; i++) {
        const struct sg_case_label *a = &load->labels[first], *b = &load->labels[i];
        if (compare_address(a->chain, &a->address, b->chain, &b->address) != 0)
            first = i;
        else
            st = warn_of_pair(load, a, b);
    }
    return st;
}

/* Whether the summary names a source as "[id]". */
static bool in_summary(const struct sg_case *c, const char *id)
{
    const size_t size = strlen(id);
    for (const char *at = c->summary; at && (at = strstr(at, id)); at += size)
        if (at > c->summary && at[-1] == '[' && at[size] == ']')
            return true;
    return false;
}

static enum sg_status warn_of_sources(struct sg_case_load *load)
{
    enum sg_status st = SG_OK;
    for (size_t i = 0; st == SG_OK && i < load->c->n_sources; i++)
        if (!load->cited[i] && !in_summary(load->c, load->c->sources[i].id))
            st = sg_case_warn(load, load->c->sources[i].place, "nothing rests on source '%.64s'",
                              load->c->sources[i].id);
    return st;
}

static enum sg_status warn_of_seeds(struct sg_case_load *load)
{
    enum sg_status st = SG_OK;
    for (size_t i = 0; st == SG_OK && i < load->c->n_seeds; i++) {
        const struct sg_case_seed *seed = &load->c->seeds[i];
        const struct sg_case_label *label =
            sg_case_label_of(load->c, seed->asset.chain, &seed->address);
        if (label && sg_case_is_service(load->c, label->category))
            st = sg_case_warn(load, seed->place,
                              "the seed is at '%.64s' (%s), a service: tracing stops there at once",
                              label->entity, sg_category_info(label->category)->name);
    }
    return st;
}

static bool same_asset(const struct sg_case_asset *a, const struct sg_case_asset *b)
{
    return compare_address(a->chain, &a->contract, b->chain, &b->contract) == 0;
}

/* Conversions must not use more of an asset than its theft took. */
static enum sg_status warn_of_conversions(struct sg_case_load *load)
{
    const struct sg_case *c = load->c;
    for (size_t i = 0; i < c->n_conversions; i++) {
        const struct sg_case_conversion *conversion = &c->conversions[i];
        struct sg_amount left = SG_AMOUNT_ZERO;
        bool fits = true;
        for (size_t s = 0; s < c->n_seeds; s++)
            if (c->seeds[s].theft == conversion->theft &&
                same_asset(&c->seeds[s].asset, &conversion->from_asset) &&
                !sg_amount_add(&left, left, c->seeds[s].amount))
                return sg_err_set(load->err, SG_ELIMIT, "the seeds add up to more than 128 bits");
        for (size_t j = 0; fits && j <= i; j++)
            if (c->conversions[j].theft == conversion->theft &&
                same_asset(&c->conversions[j].from_asset, &conversion->from_asset))
                fits = sg_amount_sub(&left, left, c->conversions[j].from_amount);
        const enum sg_status st =
            fits ? SG_OK
                 : sg_case_warn(load, conversion->place,
                                "more %.32s is converted than the seeds say was taken",
                                conversion->from_asset.symbol);
        if (st != SG_OK)
            return st;
    }
    return SG_OK;
}

static enum sg_status keep_labels(struct sg_case_load *load)
{
    struct sg_case_label *kept = sg_arena_alloc(load->arena, load->n_labels + 1, sizeof(*kept));
    if (!kept)
        return sg_err_nomem(load->err);
    if (load->n_labels) {
        qsort(load->labels, load->n_labels, sizeof(*load->labels), compare_labels);
        memcpy(kept, load->labels, load->n_labels * sizeof(*kept));
    }
    load->c->labels = kept;
    load->c->n_labels = load->n_labels;
    return SG_OK;
}

static enum sg_status keep_warnings(struct sg_case_load *load)
{
    struct sg_case_warning *kept = sg_arena_alloc(load->arena, load->n_warnings + 1, sizeof(*kept));
    if (!kept)
        return sg_err_nomem(load->err);
    if (load->n_warnings) {
        qsort(load->warnings, load->n_warnings, sizeof(*load->warnings), compare_warnings);
        memcpy(kept, load->warnings, load->n_warnings * sizeof(*kept));
    }
    load->c->warnings = kept;
    load->c->n_warnings = load->n_warnings;
    return SG_OK;
}

enum sg_status sg_case_settle(struct sg_case_load *load)
{
    enum sg_status st = keep_labels(load);
    if (st == SG_OK)
        st = warn_of_labels(load);
    if (st == SG_OK)
        st = warn_of_sources(load);
    if (st == SG_OK)
        st = warn_of_seeds(load);
    if (st == SG_OK)
        st = warn_of_conversions(load);
    return st == SG_OK ? keep_warnings(load) : st;
}

const struct sg_case_label *sg_case_labels_of(size_t *n, const struct sg_case *c,
                                              const struct sg_chain *chain,
                                              const struct sg_address *address)
{
    size_t low = 0, high = c->n_labels;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const struct sg_case_label *label = &c->labels[middle];
        if (compare_address(label->chain, &label->address, chain, address) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (high = low; high < c->n_labels; high++)
        if (compare_address(c->labels[high].chain, &c->labels[high].address, chain, address) != 0)
            break;
    *n = high - low;
    return *n ? &c->labels[low] : NULL;
}

const struct sg_case_label *sg_case_label_of(const struct sg_case *c, const struct sg_chain *chain,
                                             const struct sg_address *address)
{
    size_t n;
    const struct sg_case_label *labels = sg_case_labels_of(&n, c, chain, address);
    for (size_t i = 0; i < n; i++)
        if (sg_case_is_service(c, labels[i].category))
            return &labels[i];
    return labels;
}
