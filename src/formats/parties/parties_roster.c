/* Parties with their names, addresses found in their texts, and labels of both at the end. */
#include "formats/parties/parties_internal.h"

#include "base/mem.h"
#include "base/vec.h"
#include "formats/recognise/recognise.h"

#include <stdlib.h>
#include <string.h>

/* Shorter texts have no address. */
#define SEARCHED_MIN 25

static void party_reset(struct parties_party *party)
{
    sg_buf_reset(&party->reference);
    sg_buf_reset(&party->programme);
    sg_buf_reset(&party->name);
    for (size_t i = 0; i < PARTIES_PARTS; i++)
        sg_buf_reset(&party->parts[i]);
    party->reference_index = UINT32_MAX;
    party->is_primary = party->has_kind = false;
    party->listed_unix_s = SG_TIME_UNKNOWN;
}

void sg_parties_roster_clear(struct parties_roster *roster)
{
    sg_buf_clear(&roster->party.reference);
    sg_buf_clear(&roster->party.programme);
    sg_buf_clear(&roster->party.name);
    for (size_t i = 0; i < PARTIES_PARTS; i++)
        sg_buf_clear(&roster->party.parts[i]);
    sg_mem_free(roster->names);
    sg_mem_free(roster->addresses);
    sg_arena_clear(&roster->arena);
}

void sg_parties_begin(struct parties_roster *roster)
{
    struct parties_party *party = &roster->party;
    party->reference.max = party->programme.max = party->name.max = SG_LABEL_TEXT_MAX;
    for (size_t i = 0; i < PARTIES_PARTS; i++)
        party->parts[i].max = SG_LABEL_TEXT_MAX;
    party_reset(party);
    party->first_name = roster->n_names;
    party->first_address = roster->n_addresses;
}

static void set(struct sg_buf *out, struct sg_text text)
{
    sg_buf_reset(out);
    sg_buf_append(out, text.data, text.size);
}

static enum sg_status add_name(struct parties_roster *roster, struct sg_text text, bool is_primary,
                               struct sg_err *err)
{
    if (roster->n_names == SG_PARTIES_NAMES_MAX)
        return sg_err_set(err, SG_ELIMIT, "more than %zu names", SG_PARTIES_NAMES_MAX);
    const char *kept = sg_arena_strndup(&roster->arena, text.data, text.size);
    if (!kept || !SG_VEC_RESERVE(roster->names, roster->n_names, roster->names_capacity, 1))
        return sg_err_nomem(err);
    roster->names[roster->n_names] = (struct parties_name){.text = kept,
                                                           .is_primary = is_primary,
                                                           .listed_unix_s = SG_TIME_UNKNOWN,
                                                           .order = roster->n_names};
    roster->n_names++;
    return SG_OK;
}

/* "DPRK, CYB": each programme once. */
static void add_programme(struct sg_buf *all, struct sg_text text)
{
    for (const char *at = all->data; at && *at;) {
        const size_t size = strcspn(at, ",");
        if (size == text.size && memcmp(at, text.data, size) == 0)
            return;
        at += size + strspn(at + size, ", ");
    }
    if (all->size)
        sg_buf_puts(all, ", ");
    sg_buf_append(all, text.data, text.size);
}

/* "Primary name", in any case; not "Primary name variation". */
static bool says_primary(struct sg_text text)
{
    static const char words[] = "primary name";
    if (text.size != sizeof(words) - 1)
        return false;
    for (size_t i = 0; i < text.size; i++)
        if ((text.data[i] | 0x20) != words[i])
            return false;
    return true;
}

enum sg_status sg_parties_take(struct parties_roster *roster, const struct parties_field *field,
                               struct sg_text text, struct sg_err *err)
{
    struct parties_party *party = &roster->party;
    int64_t day;
    if (text.size == 0)
        return SG_OK;
    switch (field->role) {
    case PARTIES_NOTHING:
    case PARTIES_DATE:
        return SG_OK;
    case PARTIES_REFERENCE:
        if (field->index < party->reference_index) {
            set(&party->reference, text);
            party->reference_index = field->index;
        }
        return sg_buf_check(&party->reference, err);
    case PARTIES_PART:
        set(&party->parts[field->index], text);
        return sg_buf_check(&party->parts[field->index], err);
    case PARTIES_KIND:
        party->has_kind = true;
        party->is_primary = says_primary(text);
        return SG_OK;
    case PARTIES_NAME:
        return add_name(roster, text, false, err);
    case PARTIES_PROGRAMME:
        add_programme(&party->programme, text);
        return sg_buf_check(&party->programme, err);
    case PARTIES_LISTED:
        if (sg_parties_day(&day, text) &&
            (party->listed_unix_s == SG_TIME_UNKNOWN || day < party->listed_unix_s))
            party->listed_unix_s = day;
        return SG_OK;
    }
    return SG_OK;
}

enum sg_status sg_parties_end_name(struct parties_roster *roster, bool parts_are_primary,
                                   struct sg_err *err)
{
    struct parties_party *party = &roster->party;
    sg_buf_reset(&party->name);
    for (size_t i = 0; i < PARTIES_PARTS; i++) {
        if (party->parts[i].size && party->name.size)
            sg_buf_putc(&party->name, ' ');
        sg_buf_append(&party->name, party->parts[i].data, party->parts[i].size);
        sg_buf_reset(&party->parts[i]);
    }
    const bool is_primary = party->has_kind ? party->is_primary : parts_are_primary;
    party->has_kind = party->is_primary = false;
    enum sg_status st = sg_buf_check(&party->name, err);
    if (st == SG_OK && party->name.size)
        st =
            add_name(roster, (struct sg_text){party->name.data, party->name.size}, is_primary, err);
    return st;
}

static enum sg_status add_address(struct parties_roster *roster, const struct sg_recognised *what,
                                  struct sg_err *err)
{
    const char *text = sg_arena_strndup(&roster->arena, what->text, strlen(what->text));
    if (!text ||
        !SG_VEC_RESERVE(roster->addresses, roster->n_addresses, roster->addresses_capacity, 1))
        return sg_err_nomem(err);
    roster->addresses[roster->n_addresses] =
        (struct parties_address){.text = text, .chain = what->chain, .order = roster->n_addresses};
    roster->n_addresses++;
    return SG_OK;
}

static enum sg_status on_found(void *ctx, const struct sg_found *found, struct sg_err *err)
{
    struct parties_roster *roster = ctx;
    struct sg_err why;
    if (found->what.verdict >= SG_READING_UNCHECKED)
        return add_address(roster, &found->what, err);
    (void)sg_err_set(&why, SG_EPARSE, "%.80s looks like an address, but %s", found->what.text,
                     found->what.reason);
    return roster->sink.bad(roster->sink.ctx, &why, err);
}

enum sg_status sg_parties_search(struct parties_roster *roster, struct sg_text text,
                                 struct sg_err *err)
{
    if (text.size < SEARCHED_MIN)
        return SG_OK;
    return sg_recognise_text(text.data, text.size, on_found, roster, err);
}

enum sg_status sg_parties_end(struct parties_roster *roster, struct sg_err *err)
{
    const struct parties_party *party = &roster->party;
    const char *reference = sg_arena_strndup(
        &roster->arena, party->reference.data ? party->reference.data : "", party->reference.size);
    const char *programme = sg_arena_strndup(
        &roster->arena, party->programme.data ? party->programme.data : "", party->programme.size);
    if (!reference || !programme)
        return sg_err_nomem(err);
    for (size_t i = party->first_name; i < roster->n_names; i++) {
        roster->names[i].reference = reference;
        roster->names[i].programme = programme;
        roster->names[i].listed_unix_s = party->listed_unix_s;
    }
    for (size_t i = party->first_address; i < roster->n_addresses; i++)
        roster->addresses[i].reference = reference;
    return SG_OK;
}

static int by_reference(const void *a, const void *b)
{
    const struct parties_name *x = a, *y = b;
    const int order = strcmp(x->reference, y->reference);
    return order ? order : x->order < y->order ? -1 : x->order > y->order;
}

static int by_party_and_text(const void *a, const void *b)
{
    const struct parties_address *x = a, *y = b;
    const int party = strcmp(x->reference, y->reference);
    const int text = party ? party : strcmp(x->text, y->text);
    return text ? text : x->order < y->order ? -1 : x->order > y->order;
}

static int by_order(const void *a, const void *b)
{
    const struct parties_address *x = a, *y = b;
    return x->order < y->order ? -1 : x->order > y->order;
}

/* An address that a party has twice, in two rows or two texts, is one. */
static void drop_repeated(struct parties_roster *roster)
{
    size_t n = 0;
    if (roster->n_addresses == 0)
        return;
    qsort(roster->addresses, roster->n_addresses, sizeof(*roster->addresses), by_party_and_text);
    for (size_t i = 0; i < roster->n_addresses; i++) {
        const struct parties_address *last = n ? &roster->addresses[n - 1] : NULL;
        if (!last || strcmp(last->reference, roster->addresses[i].reference) != 0 ||
            strcmp(last->text, roster->addresses[i].text) != 0)
            roster->addresses[n++] = roster->addresses[i];
    }
    roster->n_addresses = n;
    qsort(roster->addresses, n, sizeof(*roster->addresses), by_order);
}

/* The names of a party: a run of the sorted names. */
static const struct parties_name *names_of(size_t *n, const struct parties_roster *roster,
                                           const char *reference)
{
    size_t low = 0, high = roster->n_names;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (strcmp(roster->names[middle].reference, reference) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *n = 0;
    while (low + *n < roster->n_names && strcmp(roster->names[low + *n].reference, reference) == 0)
        ++*n;
    return *n ? &roster->names[low] : NULL;
}

static bool is_there(const char *const *list, size_t n, const char *text)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i], text) == 0)
            return true;
    return false;
}

/* Entity, aliases, programmes and day of a party. */
static bool describe(struct sg_label *label, struct parties_roster *roster,
                     const struct parties_name *names, size_t n)
{
    struct sg_buf programme = SG_BUF_INIT(SG_LABEL_TEXT_MAX);
    size_t main = 0;
    const char **aliases = sg_arena_alloc(&roster->arena, n + 1, sizeof(*aliases));
    while (main < n && !names[main].is_primary)
        main++;
    main = main < n ? main : 0;
    label->entity = n ? names[main].text : "";
    for (size_t i = 0; aliases && i < n; i++) {
        if (names[i].listed_unix_s != SG_TIME_UNKNOWN &&
            (label->listed_unix_s == SG_TIME_UNKNOWN ||
             names[i].listed_unix_s < label->listed_unix_s))
            label->listed_unix_s = names[i].listed_unix_s;
        if (i == 0 || strcmp(names[i].programme, names[i - 1].programme) != 0)
            add_programme(&programme,
                          (struct sg_text){names[i].programme, strlen(names[i].programme)});
        if (strcmp(names[i].text, label->entity) != 0 && label->n_aliases < SG_LABEL_ALIASES_MAX &&
            !is_there(aliases, label->n_aliases, names[i].text))
            aliases[label->n_aliases++] = names[i].text;
    }
    label->aliases = aliases;
    label->programme =
        programme.size ? sg_arena_strndup(&roster->arena, programme.data, programme.size) : NULL;
    const bool ok = aliases && !programme.failed && (!programme.size || label->programme);
    sg_buf_clear(&programme);
    return ok;
}

enum sg_status sg_parties_give(struct parties_roster *roster, const char *source,
                               struct sg_err *err)
{
    enum sg_status st = SG_OK;
    drop_repeated(roster);
    if (roster->n_names)
        qsort(roster->names, roster->n_names, sizeof(*roster->names), by_reference);
    for (size_t i = 0; st == SG_OK && i < roster->n_addresses; i++) {
        const struct parties_address *address = &roster->addresses[i];
        struct sg_label label;
        size_t n;
        const struct parties_name *names = names_of(&n, roster, address->reference);
        sg_label_init(&label);
        label.subject = address->text;
        label.chain = address->chain ? address->chain : sg_label_chain(NULL, address->text);
        label.category = SG_CATEGORY_SANCTIONED;
        label.confidence = SG_CONFIDENCE_HIGH;
        label.source = source;
        label.actor = address->reference[0] ? address->reference : NULL;
        if (!describe(&label, roster, names, n))
            return sg_err_nomem(err);
        st = sg_label_give(&roster->sink, &label, 0, err);
    }
    return st;
}
