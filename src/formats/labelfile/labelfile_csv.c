/* Our own CSV: every field of a label has a column. docs/formats/labels.md says what they hold. */
#include "formats/labelfile/labelfile_internal.h"

#include "formats/yaml/yaml.h"

#include <string.h>

enum {
    COLUMN_SUBJECT,
    COLUMN_KIND,
    COLUMN_CHAIN,
    COLUMN_CURRENCY,
    COLUMN_ENTITY,
    COLUMN_CATEGORY,
    COLUMN_SOURCE,
    COLUMN_SOURCE_DATE,
    COLUMN_CONFIDENCE,
    COLUMN_FIRST_SEEN,
    COLUMN_LAST_SEEN,
    COLUMN_LISTED,
    COLUMN_DELISTED,
    COLUMN_PROGRAMME,
    COLUMN_ABUSE,
    COLUMN_ACTOR,
    COLUMN_ALIASES,
    COLUMN_NOTE,
    N_COLUMNS
};

static const char *const columns[N_COLUMNS] = {
    [COLUMN_SUBJECT] = " address subject txhash ",
    [COLUMN_KIND] = " kind ",
    [COLUMN_CHAIN] = " chain network ",
    [COLUMN_CURRENCY] = " currency asset ",
    [COLUMN_ENTITY] = " entity label name ",
    [COLUMN_CATEGORY] = " category role ",
    [COLUMN_SOURCE] = " source ",
    [COLUMN_SOURCE_DATE] = " sourcedate date ",
    [COLUMN_CONFIDENCE] = " confidence ",
    [COLUMN_FIRST_SEEN] = " firstseen ",
    [COLUMN_LAST_SEEN] = " lastseen seen ",
    [COLUMN_LISTED] = " listed ",
    [COLUMN_DELISTED] = " delisted ",
    [COLUMN_PROGRAMME] = " programme program ",
    [COLUMN_ABUSE] = " abuse ",
    [COLUMN_ACTOR] = " actor ",
    [COLUMN_ALIASES] = " aliases ",
    [COLUMN_NOTE] = " note context ",
};

/* Names of kinds of subjects, in the order of the enum. */
static const char *const kinds[] = {"address", "cluster", "transaction"};

static enum sg_status bad_value(const struct sg_label_sink *sink, uint32_t line, const char *what,
                                const char *text, struct sg_err *err)
{
    struct sg_err why;
    (void)sg_err_set(&why, SG_EPARSE, "%s '%.64s'", what, text);
    why.line = line;
    return sink->bad(sink->ctx, &why, err);
}

static bool read_time(int64_t *seconds, const char *text)
{
    return !text || sg_time_parse(seconds, text, strlen(text), NULL) == SG_OK;
}

/* Column whose time cannot be read, or NULL. */
static const char *read_times(struct sg_label *label, const char *const *texts)
{
    const struct {
        size_t column;
        int64_t *seconds;
    } times[] = {{COLUMN_SOURCE_DATE, &label->source_date_unix_s},
                 {COLUMN_FIRST_SEEN, &label->first_seen_unix_s},
                 {COLUMN_LAST_SEEN, &label->last_seen_unix_s},
                 {COLUMN_LISTED, &label->listed_unix_s},
                 {COLUMN_DELISTED, &label->delisted_unix_s}};
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
        if (!read_time(times[i].seconds, texts[times[i].column]))
            return texts[times[i].column];
    return NULL;
}

static bool read_kind(enum sg_label_subject *kind, const char *text)
{
    for (size_t i = 0; text && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (strcmp(kinds[i], text) == 0) {
            *kind = (enum sg_label_subject)i;
            return true;
        }
    }
    return !text;
}

static void fill_texts(struct sg_label *label, const char *const *texts)
{
    const char *chain = texts[COLUMN_CHAIN] ? texts[COLUMN_CHAIN] : texts[COLUMN_CURRENCY];
    label->subject = texts[COLUMN_SUBJECT];
    label->chain = label->subject ? sg_label_chain(chain, label->subject) : NULL;
    if (!label->chain)
        label->chain = texts[COLUMN_CHAIN];
    label->currency = texts[COLUMN_CURRENCY];
    label->entity = texts[COLUMN_ENTITY] ? texts[COLUMN_ENTITY] : "";
    label->source = texts[COLUMN_SOURCE];
    label->programme = texts[COLUMN_PROGRAMME];
    label->abuse = texts[COLUMN_ABUSE];
    label->actor = texts[COLUMN_ACTOR];
    label->note = texts[COLUMN_NOTE];
    label->confidence = sg_confidence_of_tagpack(texts[COLUMN_CONFIDENCE]);
}

/* "A; B; C" becomes a list. The pieces are terminated in a copy. */
static enum sg_status split_aliases(const char *const **aliases, size_t *n_aliases,
                                    struct sg_arena *arena, const char *text, struct sg_err *err)
{
    size_t n = 0;
    if (!text)
        return SG_OK;
    char *copy = sg_arena_strndup(arena, text, strlen(text));
    const char **list = sg_arena_alloc(arena, strlen(text) / 2 + 1, sizeof(*list));
    if (!copy || !list)
        return sg_err_nomem(err);
    for (char *at = copy; at;) {
        char *end = strchr(at, ';');
        if (end)
            *end = 0;
        at += strspn(at, " ");
        if (*at)
            list[n++] = at;
        at = end ? end + 1 : NULL;
    }
    *aliases = list;
    *n_aliases = n;
    return SG_OK;
}

static enum sg_status take_row(const struct sg_label_sink *sink, const char *const *texts,
                               uint32_t line, struct sg_err *err)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_label label;
    sg_label_init(&label);
    fill_texts(&label, texts);
    const char *wrong = read_times(&label, texts);
    if (wrong)
        return bad_value(sink, line, "not a date or time:", wrong, err);
    if (!read_kind(&label.kind, texts[COLUMN_KIND]))
        return bad_value(sink, line, "a kind is address, cluster or transaction, not",
                         texts[COLUMN_KIND], err);
    const char *category = texts[COLUMN_CATEGORY];
    if (category && !sg_category_of_concept(&label.category, category))
        return bad_value(sink, line, "no such category:", category, err);
    if (!category)
        label.category = sg_category_choose(NULL, label.abuse, NULL, 0);
    enum sg_status st =
        split_aliases(&label.aliases, &label.n_aliases, &arena, texts[COLUMN_ALIASES], err);
    if (st == SG_OK)
        st = sg_label_give(sink, &label, line, err);
    sg_arena_clear(&arena);
    return st;
}

const struct sg_labelfile_table sg_labelfile_csv_table = {columns, N_COLUMNS, COLUMN_SUBJECT, true,
                                                          take_row};

void sg_labelfile_csv_header(struct sg_buf *out)
{
    sg_buf_puts(out, "address,kind,chain,currency,entity,category,source,source_date,confidence,"
                     "first_seen,last_seen,listed,delisted,programme,abuse,actor,aliases,note\r\n");
}

static void put_field(struct sg_buf *out, const char *text)
{
    if (text)
        sg_buf_csv(out, text, strlen(text));
    sg_buf_putc(out, ',');
}

static void put_time(struct sg_buf *out, int64_t seconds)
{
    char text[SG_TIME_TEXT_MAX];
    put_field(out, seconds == SG_TIME_UNKNOWN ? NULL : sg_time_format(text, seconds));
}

static void put_aliases(struct sg_buf *out, const struct sg_label *label)
{
    struct sg_buf list = SG_BUF_INIT(out->max);
    for (size_t i = 0; i < label->n_aliases; i++)
        sg_buf_printf(&list, "%s%s", i ? "; " : "", label->aliases[i]);
    put_field(out, list.data);
    if (list.failed)
        out->failed = true;
    sg_buf_clear(&list);
}

void sg_labelfile_csv_row(struct sg_buf *out, const struct sg_label *label)
{
    put_field(out, label->subject);
    put_field(out, kinds[label->kind]);
    put_field(out, label->chain);
    put_field(out, label->currency);
    put_field(out, label->entity);
    put_field(out, sg_category_info(label->category)->name);
    put_field(out, label->source);
    put_time(out, label->source_date_unix_s);
    put_field(out, sg_confidence_name(label->confidence));
    put_time(out, label->first_seen_unix_s);
    put_time(out, label->last_seen_unix_s);
    put_time(out, label->listed_unix_s);
    put_time(out, label->delisted_unix_s);
    put_field(out, label->programme);
    put_field(out, label->abuse);
    put_field(out, label->actor);
    put_aliases(out, label);
    if (label->note)
        sg_buf_csv(out, label->note, strlen(label->note));
    sg_buf_puts(out, "\r\n");
}
