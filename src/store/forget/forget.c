#include "store/forget/forget_internal.h"

#include "base/arena.h"
#include "base/civil.h"
#include "base/dict.h"
#include "base/limits.h"
#include "base/mem.h"
#include "formats/decisions/decisions.h"
#include "store/file/file.h"

#include <string.h>

/* Who goes, and what is known of everybody, by number of text. */
struct forgetting {
    const struct sg_forget *request;
    struct sg_forget_done done;
    struct sg_dict wanted;           /* record ids that were asked for */
    struct sg_dict gone, gone_names; /* record ids, and account names, of those who go */
    struct sg_dict kept_names;       /* account names of those who stay */
    struct sg_dict old, recent;      /* record ids with events, and with events that stay */
    struct sg_dict found;            /* of the wanted: they were somewhere */
    struct forget_file people, events, decisions;
    struct sg_buf decided; /* the decisions that stay */
};

static bool has(const struct sg_dict *texts, struct sg_text text)
{
    return text.size && sg_dict_find(texts, text) != 0;
}

/* Errors go through err->status: rules about rows say yes or no. */
static void put(struct sg_dict *texts, struct sg_text text, struct sg_err *err)
{
    uint32_t number;
    if (text.size && err->status == SG_OK)
        err->status = sg_dict_number(&number, texts, text, err);
}

static bool is_old(const struct forgetting *f, const struct sg_text *fields, struct sg_err *err)
{
    int64_t time = 0;
    const struct sg_text text = fields[SG_EVENT_TIME];
    if (f->request->before_unix_s == SG_TIME_UNKNOWN)
        return false;
    if (sg_time_parse(&time, text.data, text.size, NULL) != SG_OK)
        (void)sg_err_set(err, SG_EPARSE, "an event whose time is none; nothing was changed");
    return time < f->request->before_unix_s;
}

/* First pass over the events, where age counts. */
static bool note_age(void *ctx, const struct sg_text *fields, struct sg_err *err)
{
    struct forgetting *f = ctx;
    put(is_old(f, fields, err) ? &f->old : &f->recent, fields[SG_EVENT_PERSON], err);
    return false;
}

static bool person_goes(void *ctx, const struct sg_text *fields, struct sg_err *err)
{
    struct forgetting *f = ctx;
    const struct sg_text id = fields[SG_PERSON_RECORD_ID], name = fields[SG_PERSON_HANDLE];
    const bool is_wanted = has(&f->wanted, id);
    const bool goes = is_wanted || (has(&f->old, id) && !has(&f->recent, id));
    if (is_wanted)
        put(&f->found, id, err);
    if (goes)
        put(&f->gone, id, err);
    put(goes ? &f->gone_names : &f->kept_names, name, err);
    f->done.people += goes;
    return goes;
}

/* Whether an event of somebody else names one who goes. An account name that somebody who stays has
 * too says nothing. */
static bool names_gone(const struct forgetting *f, const struct sg_text *fields)
{
    const struct sg_text kind = fields[SG_EVENT_KIND], other = fields[SG_EVENT_OTHER];
    if (!other.data || !(sg_text_is(kind, "referral") || sg_text_is(kind, "rating") ||
                         sg_text_is(kind, "interview")))
        return false;
    return has(&f->gone, other) || has(&f->wanted, other) ||
           (has(&f->gone_names, other) && !has(&f->kept_names, other));
}

static bool event_goes(void *ctx, const struct sg_text *fields, struct sg_err *err)
{
    struct forgetting *f = ctx;
    const struct sg_text id = fields[SG_EVENT_PERSON];
    const bool own = has(&f->gone, id) || has(&f->wanted, id);
    const bool mention = !own && names_gone(f, fields);
    if (has(&f->wanted, id))
        put(&f->found, id, err);
    const bool goes = own || mention || is_old(f, fields, err);
    f->done.mentions += mention;
    f->done.events += goes;
    return goes;
}

static enum sg_status filter_decisions(struct forgetting *f, const uint8_t *bytes, size_t size,
                                       struct sg_err *err)
{
    struct sg_arena arena = SG_ARENA_INIT;
    const struct sg_decision *list;
    struct sg_err why = {.status = SG_OK};
    size_t n = 0;
    enum sg_status st = sg_decisions_parse(&list, &n, &arena, (const char *)bytes, size, err);
    if (st == SG_EPARSE)
        sg_err_frame(err, "%s", f->request->decisions);
    sg_decisions_header(&f->decided);
    for (size_t i = 0; st == SG_OK && i < n; i++) {
        const struct sg_text id = {list[i].record_id, strlen(list[i].record_id)};
        const bool goes = has(&f->gone, id) || has(&f->wanted, id);
        if (has(&f->wanted, id))
            put(&f->found, id, &why);
        if (!goes)
            sg_decisions_row(&f->decided, &list[i]);
        f->done.decisions += goes;
    }
    sg_arena_clear(&arena);
    if (st == SG_OK && why.status != SG_OK)
        return sg_err_nomem(err);
    return st == SG_OK ? sg_buf_check(&f->decided, err) : st;
}

static enum sg_status look_at_decisions(struct forgetting *f, struct sg_err *err)
{
    uint8_t *bytes = NULL;
    size_t size = 0;
    if (!f->request->decisions)
        return SG_OK;
    enum sg_status st = sg_forget_open(&f->decisions, f->request->decisions, err);
    if (st == SG_OK)
        st = sg_file_read(&bytes, &size, f->request->decisions, SG_SMALL_FILE_MAX, err);
    if (st == SG_OK)
        st = filter_decisions(f, bytes, size, err);
    sg_mem_free(bytes);
    return st;
}

/* Everything that can be refused is refused here, before a byte is written. */
static enum sg_status look(struct forgetting *f, struct sg_err *err)
{
    const struct sg_forget *r = f->request;
    struct sg_err why = {.status = SG_OK};
    for (size_t i = 0; i < r->n_ids; i++)
        put(&f->wanted, (struct sg_text){r->ids[i], strlen(r->ids[i])}, &why);
    enum sg_status st = why.status == SG_OK ? SG_OK : sg_err_nomem(err);
    if (st == SG_OK)
        st = sg_forget_open(&f->people, r->people, err);
    if (st == SG_OK)
        st = sg_forget_open(&f->events, r->events, err);
    if (st == SG_OK && r->before_unix_s != SG_TIME_UNKNOWN)
        st = sg_forget_mark(&f->events, SG_PEOPLE_EVENTS_EVENTS, note_age, f, err);
    if (st == SG_OK)
        st = sg_forget_mark(&f->people, SG_PEOPLE_EVENTS_PEOPLE, person_goes, f, err);
    if (st == SG_OK)
        st = sg_forget_mark(&f->events, SG_PEOPLE_EVENTS_EVENTS, event_goes, f, err);
    if (st == SG_OK)
        st = look_at_decisions(f, err);
    if (st == SG_OK && f->found.count < f->wanted.count)
        return sg_err_set(err, SG_ENOTFOUND,
                          "a record id is in none of the files; nothing was "
                          "changed");
    return st;
}

static enum sg_status write_all(struct forgetting *f, struct sg_err *err)
{
    enum sg_status st = sg_forget_write(&f->people, err);
    if (st == SG_OK)
        st = sg_forget_write(&f->events, err);
    if (st == SG_OK && f->request->decisions)
        st = sg_outfile_begin(&f->decisions.out, f->request->decisions, err);
    if (st == SG_OK && f->request->decisions)
        st = sg_outfile_append(&f->decisions.out, f->decided.data, f->decided.size, err);
    /* The people last: as long as a row is there, a second call finds whom to forget. */
    if (st == SG_OK && f->request->decisions)
        st = sg_forget_replace(&f->decisions, err);
    if (st == SG_OK)
        st = sg_forget_replace(&f->events, err);
    return st == SG_OK ? sg_forget_replace(&f->people, err) : st;
}

enum sg_status sg_forget_run(struct sg_forget_done *done, const struct sg_forget *forget,
                             struct sg_err *err)
{
    struct forgetting f = {.request = forget, .decided = SG_BUF_INIT(2 * SG_SMALL_FILE_MAX)};
    struct sg_dict *const texts[] = {&f.wanted, &f.gone,   &f.gone_names, &f.kept_names,
                                     &f.old,    &f.recent, &f.found};
    struct forget_file *const files[] = {&f.people, &f.events, &f.decisions};
    for (size_t i = 0; i < SG_COUNT_OF(files); i++)
        *files[i] = (struct forget_file){.old = -1, .out = {.fd = -1}};
    enum sg_status st = look(&f, err);
    if (st == SG_OK)
        st = write_all(&f, err);
    if (st == SG_OK)
        *done = f.done;
    for (size_t i = 0; i < SG_COUNT_OF(files); i++)
        sg_forget_close(files[i]);
    for (size_t i = 0; i < SG_COUNT_OF(texts); i++)
        sg_dict_clear(texts[i]);
    sg_buf_clear(&f.decided);
    return st;
}
