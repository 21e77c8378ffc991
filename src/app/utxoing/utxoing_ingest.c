#include "app/utxoing/utxoing.h"

#include "app/meter.h"
#include "app/term.h"
#include "base/mem.h"
#include "store/blockset/blockset.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NOTES_SHOWN 20
#define OUT_MAX     ((size_t)16 * 1024 * 1024)
#define SENTENCE    256

struct shown {
    char file[SENTENCE], sentence[SENTENCE];
    uint64_t offset;
};

struct ingest {
    const struct sg_utxoing_ingest *request;
    enum sg_blockset_format format;
    struct sg_blockset *set;
    struct sg_utxo utxo;
    bool open;
    struct sg_bar bar;
    struct shown notes[NOTES_SHOWN];
    size_t n_notes;
};

const struct sg_btc_params *sg_utxoing_params(const char *chain, const char *network)
{
    return sg_btc_params_find(chain, network);
}

static void on_note(void *ctx, const struct sg_blockset_note *note)
{
    struct ingest *in = ctx;
    if (in->n_notes == NOTES_SHOWN)
        return;
    struct shown *shown = &in->notes[in->n_notes++];
    snprintf(shown->file, SENTENCE, "%s", note->file);
    snprintf(shown->sentence, SENTENCE, "%s", note->sentence);
    shown->offset = note->offset;
}

/* Blocks given one by one need not hang together, nor those that join them. */
static bool any_root(const struct ingest *in)
{
    return in->format != SG_BLOCKSET_BLK ||
           (sg_utxo_n(&in->utxo, SG_UTXO_BLOCKS) && sg_utxo_blocks(&in->utxo)[0].height);
}

/* A better branch may replace blocks and then be invalid: then the ledger is opened anew, and that
 * branch is known to be no good. */
static enum sg_status connect(struct ingest *in, struct sg_err *err)
{
    const struct sg_utxoing_ingest *request = in->request;
    for (bool again = true; again;) {
        if (in->open)
            sg_utxo_close(&in->utxo);
        in->open = false;
        enum sg_status st = sg_utxo_open(&in->utxo, request->dir, request->params, true, err);
        if (st != SG_OK)
            return st;
        in->open = true;
        st = sg_blockset_connect(&again, in->set, &in->utxo, any_root(in), request->n_threads,
                                 &in->bar.progress, err);
        if (st != SG_OK)
            return st;
    }
    return SG_OK;
}

/* Who gives one block wants that block. */
static enum sg_status judge(const struct ingest *in, struct sg_err *err)
{
    const struct sg_blockset_counts *counts = sg_blockset_counts(in->set);
    if (counts->found == 0)
        return sg_err_set(err, SG_EPARSE, "no block of %s in %s", in->request->params->name,
                          in->request->paths[0]);
    if (in->format != SG_BLOCKSET_BLK && counts->invalid + counts->orphans && in->n_notes)
        return sg_err_set(err, SG_EPARSE, "%s: %s", in->notes[0].file, in->notes[0].sentence);
    return SG_OK;
}

static enum sg_status read_and_save(struct ingest *in, struct sg_err *err)
{
    const struct sg_utxoing_ingest *request = in->request;
    enum sg_status st = sg_blockset_new(&in->set, request->params, on_note, in, err);
    if (st == SG_OK)
        sg_blockset_bound(in->set, request->memory_max);
    for (size_t i = 0; st == SG_OK && i < request->n_paths; i++)
        st = sg_blockset_add(in->set, in->format, request->paths[i], err);
    if (st == SG_OK)
        st = connect(in, err);
    if (st == SG_OK)
        st = judge(in, err);
    return st == SG_OK ? sg_utxo_save(&in->utxo, request->dir, err) : st;
}

static void print_notes(const struct ingest *in)
{
    for (size_t i = 0; i < in->n_notes; i++) {
        printf("  ");
        sg_term_text(stdout, in->notes[i].file, strlen(in->notes[i].file));
        printf(" at byte %" PRIu64 ": ", in->notes[i].offset);
        sg_term_text(stdout, in->notes[i].sentence, strlen(in->notes[i].sentence));
        putchar('\n');
    }
    const uint64_t n = sg_blockset_counts(in->set)->notes;
    if (n > in->n_notes)
        printf("  and %" PRIu64 " more of that kind\n", n - in->n_notes);
}

static void print_number(const char *before, uint64_t number, const char *behind)
{
    printf("%s", before);
    sg_term_number(stdout, number);
    printf("%s", behind);
}

static void print_text(const struct ingest *in)
{
    const struct sg_blockset_counts *c = sg_blockset_counts(in->set);
    print_notes(in);
    printf("%s: ", in->request->params->name);
    print_number("", c->found, " blocks found, ");
    print_number("", c->appended, " new, ");
    print_number("", c->rolled_back, " rolled back; aside: ");
    print_number("", c->stale, " stale, ");
    print_number("", c->orphans, " without parent, ");
    print_number("", c->invalid, " invalid\n");
    print_number("", sg_utxo_n(&in->utxo, SG_UTXO_MISSING),
                 " inputs spend outputs that the ledger does not have\n");
}

static void json_notes(struct sg_jsonw *w, const struct ingest *in)
{
    sg_jsonw_kv_uint(w, "notes", sg_blockset_counts(in->set)->notes);
    sg_jsonw_key(w, "first_notes");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < in->n_notes; i++) {
        sg_jsonw_begin_object(w);
        sg_jsonw_kv_string(w, "file", in->notes[i].file);
        sg_jsonw_kv_uint(w, "offset", in->notes[i].offset);
        sg_jsonw_kv_string(w, "sentence", in->notes[i].sentence);
        sg_jsonw_end_object(w);
    }
    sg_jsonw_end_array(w);
}

static enum sg_status print_json(const struct ingest *in, struct sg_err *err)
{
    const struct sg_blockset_counts *c = sg_blockset_counts(in->set);
    struct sg_buf out = SG_BUF_INIT(OUT_MAX);
    struct sg_jsonw w;
    sg_jsonw_init(&w, &out);
    sg_jsonw_begin_object(&w);
    sg_jsonw_kv_string(&w, "chain", in->request->params->name);
    sg_jsonw_kv_uint(&w, "blocks_found", c->found);
    sg_jsonw_kv_uint(&w, "blocks_added", c->appended);
    sg_jsonw_kv_uint(&w, "blocks_rolled_back", c->rolled_back);
    sg_jsonw_kv_uint(&w, "stale", c->stale);
    sg_jsonw_kv_uint(&w, "orphans", c->orphans);
    sg_jsonw_kv_uint(&w, "invalid", c->invalid);
    json_notes(&w, in);
    sg_jsonw_key(&w, "ledger");
    sg_jsonw_begin_object(&w);
    sg_utxoing_stats_json(&w, &in->utxo);
    sg_jsonw_end_object(&w);
    sg_jsonw_end_object(&w);
    sg_buf_putc(&out, '\n');
    const enum sg_status st = sg_term_print(&out, err);
    sg_buf_clear(&out);
    return st;
}

enum sg_status sg_utxoing_ingest(const struct sg_utxoing_ingest *request, struct sg_err *err)
{
    struct ingest in = {.request = request};
    if (sg_blockset_format_find(&in.format, request->format) != SG_OK)
        return sg_err_set(err, SG_EUSAGE, "--format %s: of %s blk, block or core-json is expected",
                          request->format, request->params->name);
    sg_bar_begin(&in.bar, "reading blocks", false);
    enum sg_status st = read_and_save(&in, err);
    sg_bar_end(&in.bar);
    if (st == SG_OK && request->json)
        st = print_json(&in, err);
    else if (st == SG_OK)
        print_text(&in);
    if (in.open)
        sg_utxo_close(&in.utxo);
    sg_blockset_free(in.set);
    return st;
}
