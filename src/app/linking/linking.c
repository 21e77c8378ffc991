#include "app/linking/linking.h"

#include "app/linking/linking_internal.h"
#include "app/rosterfile.h"
#include "app/term.h"

#include <inttypes.h>

static enum sg_status find_column(size_t *column, const struct sg_roster *roster, const char *name,
                                  struct sg_err *err)
{
    *column = sg_roster_column(roster, name);
    if (*column == SIZE_MAX)
        return sg_err_set(err, SG_EUSAGE, "no column '%s'", name);
    return SG_OK;
}

/* The columns that the caller leaves out; the first is the id's. */
static enum sg_status left_out(struct sg_linking *l, size_t *columns, size_t *n,
                               const struct sg_linking_ask *ask, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    *n = 0;
    l->id = SIZE_MAX;
    if (ask->id)
        st = find_column(&l->id, &l->roster, ask->id, err);
    if (ask->id)
        columns[(*n)++] = l->id;
    for (size_t i = 0; st == SG_OK && i < ask->ignore.count; i++)
        st = find_column(&columns[(*n)++], &l->roster, ask->ignore.items[i], err);
    return st;
}

enum sg_status sg_linking_run(struct sg_linking *l, const struct sg_linking_ask *ask,
                              const struct sg_progress *progress, struct sg_err *err)
{
    size_t columns[SG_LIST_MAX + 1];
    struct sg_link_ask link_ask = {columns, 0};
    const struct sg_link_options options = {(size_t)ask->threads, ask->explain, progress};
    enum sg_status st = SG_OK;
    for (size_t i = 0; st == SG_OK && i < ask->n_files; i++)
        st = sg_rosterfile_read(&l->roster, ask->files[i], err);
    if (st == SG_OK)
        st = left_out(l, columns, &link_ask.n_left_out, ask, err);
    if (st == SG_OK)
        st = ask->model ? sg_linking_read_model(&l->model, &l->roster, ask->model, err)
                        : sg_link_infer(&l->model, &l->roster, &link_ask, err);
    if (st == SG_OK)
        st = sg_link_run(&l->result, &l->model, &l->roster, &options, err);
    return st;
}

struct sg_text sg_linking_id(const struct sg_linking *l, size_t row, char space[LINKING_ID_MAX])
{
    const struct sg_text id =
        l->id == SIZE_MAX ? (struct sg_text){NULL, 0} : sg_roster_cell(&l->roster, l->id, row);
    if (id.data)
        return id;
    const int n = snprintf(space, LINKING_ID_MAX, "row %zu", row + 1);
    return (struct sg_text){space, (size_t)n};
}

const char *sg_linking_field_name(const struct sg_linking *l, size_t field)
{
    return l->roster.columns[l->model.fields[field].column].name.data;
}

const char *sg_linking_ignored(enum sg_link_ignored reason)
{
    switch (reason) {
    case SG_LINK_USED:
    case SG_LINK_IGNORED_ASKED:
        return NULL;
    case SG_LINK_IGNORED_ORIGIN:
        return "is about origin, belief or looks, which are no evidence";
    case SG_LINK_IGNORED_CONSTANT:
        return "says the same, or nothing, in every row";
    case SG_LINK_IGNORED_SERIAL:
        return "numbers the rows";
    case SG_LINK_IGNORED_REPEATS:
        return "repeats another column";
    case SG_LINK_IGNORED_MANY:
        return "is beyond the number of columns that are compared";
    }
    return NULL;
}

static void warn_rows(const struct sg_linking *l, const struct sg_linking_ask *ask)
{
    const uint64_t n = l->roster.n_bad;
    for (size_t i = 0; i < n && i < SG_ROSTER_BAD_MAX; i++) {
        const struct sg_roster_bad *bad = &l->roster.bad[i];
        fputs("warning: ", stderr);
        sg_term_text(stderr, ask->files[bad->file], strlen(ask->files[bad->file]));
        fprintf(stderr, ": record %" PRIu64 " was left out: %s\n", bad->record, bad->reason);
    }
    if (n > SG_ROSTER_BAD_MAX)
        fprintf(stderr, "warning: %" PRIu64 " records were left out in all\n", n);
}

/* How many rules met blocks over the bound; the summary of the report names them one by one. */
static void warn_blocks(const struct sg_linking *l)
{
    uint64_t most = 0;
    for (size_t i = 0; i < l->result.n_rules; i++)
        most = l->result.rules[i].large_rows > most ? l->result.rules[i].large_rows : most;
    if (most * 10 > l->roster.n_rows)
        fprintf(stderr,
                "warning: up to %" PRIu64 " records share a blocking key with too many others and "
                "were not paired by it\n",
                most);
}

void sg_linking_warn(const struct sg_linking *l, const struct sg_linking_ask *ask)
{
    warn_rows(l, ask);
    for (size_t i = 0; i < l->roster.n_columns; i++) {
        const char *reason = sg_linking_ignored(l->model.ignored[i]);
        if (!reason)
            continue;
        fputs("warning: column '", stderr);
        sg_term_text(stderr, l->roster.columns[i].name.data, l->roster.columns[i].name.size);
        fprintf(stderr, "' is ignored: it %s\n", reason);
    }
    for (size_t f = 0; f < l->model.n_fields; f++) {
        if (!l->result.doubtful[f])
            continue;
        fputs("warning: column '", stderr);
        sg_term_text(stderr, sg_linking_field_name(l, f), strlen(sg_linking_field_name(l, f)));
        fputs("' tells one person from two hardly at all: m and u are near\n", stderr);
    }
    if (l->result.no_split)
        fputs("warning: no two classes of pairs were found; nothing was linked\n", stderr);
    warn_blocks(l);
}

enum sg_status sg_linking_print(const struct sg_linking *l, struct sg_err *err)
{
    struct sg_buf out = SG_BUF_INIT(LINKING_PIECE);
    sg_buf_printf(
        &out, "%zu records, %zu pairs compared; %zu records are in %zu clusters of two or more\n",
        l->roster.n_rows, (size_t)l->result.n_compared, l->result.n_members, l->result.n_groups);
    for (size_t f = 0; f < l->model.n_fields; f++) {
        sg_buf_puts(&out, "  ");
        sg_buf_line(&out, sg_linking_field_name(l, f), strlen(sg_linking_field_name(l, f)));
        sg_buf_printf(&out, ": %s\n", sg_link_kind_name(l->model.fields[f].kind));
    }
    const enum sg_status st = sg_term_print(&out, err);
    sg_buf_clear(&out);
    return st;
}

void sg_linking_clear(struct sg_linking *l)
{
    sg_link_clear(&l->result);
    sg_roster_clear(&l->roster);
}
