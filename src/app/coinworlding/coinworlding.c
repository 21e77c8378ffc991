#include "app/coinworlding/coinworlding_internal.h"

#include "app/meter.h"
#include "app/term.h"
#include "base/mem.h"
#include "store/file/file.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define BLK_BYTES ((uint64_t)128 * 1024 * 1024) /* a node begins a new file then */
#define PIECE     ((size_t)4 * 1024 * 1024)

struct run {
    const struct sg_coinworlding *request;
    struct sg_coinworld options;
    struct sg_coinworld_summary summary;
    char blocks[SG_OUTFILE_PATH_MAX];
    struct written blk;
    uint64_t blk_bytes;
    unsigned n_blks;
    struct truth truth;
    struct sg_bar bar;
};

static enum sg_status next_blk(struct run *run, struct sg_err *err)
{
    char name[32];
    enum sg_status st = run->n_blks ? sg_cwi_commit(&run->blk, err) : SG_OK;
    snprintf(name, sizeof(name), "blk%05u.dat", run->n_blks++);
    run->blk_bytes = 0;
    return st == SG_OK ? sg_cwi_begin(&run->blk, run->blocks, name, err) : st;
}

/* Magic, length and block, as a node writes them. */
static enum sg_status on_block(void *ctx, const uint8_t *bytes, size_t size, struct sg_err *err)
{
    struct run *run = ctx;
    enum sg_status st = SG_OK;
    const uint8_t length[4] = {(uint8_t)size, (uint8_t)(size >> 8), (uint8_t)(size >> 16),
                               (uint8_t)(size >> 24)};
    if (run->n_blks == 0 || run->blk_bytes + 8 + size > BLK_BYTES)
        st = next_blk(run, err);
    sg_buf_append(&run->blk.waits, run->options.params->magic, 4);
    sg_buf_append(&run->blk.waits, length, 4);
    sg_buf_append(&run->blk.waits, bytes, size);
    run->blk_bytes += 8 + size;
    return st == SG_OK ? sg_cwi_flush(&run->blk, PIECE, err) : st;
}

static enum sg_status on_tx(void *ctx, const struct sg_coinworld_tx *tx, struct sg_err *err)
{
    return sg_cwi_on_tx(&((struct run *)ctx)->truth, tx, err);
}

static enum sg_status on_address(void *ctx, const struct sg_coinworld_address *address,
                                 struct sg_err *err)
{
    return sg_cwi_on_address(&((struct run *)ctx)->truth, address, err);
}

static enum sg_status on_theft(void *ctx, const struct sg_coinworld_theft *theft,
                               struct sg_err *err)
{
    return sg_cwi_on_theft(&((struct run *)ctx)->truth, theft, err);
}

static enum sg_status on_entity(void *ctx, const struct sg_coinworld_entity *entity,
                                struct sg_err *err)
{
    return sg_cwi_on_entity(&((struct run *)ctx)->truth, entity, err);
}

/* Files of a world before, some of which would stay, would be read with these. */
static enum sg_status make_folders(struct run *run, struct sg_err *err)
{
    char first[SG_OUTFILE_PATH_MAX + 16];
    snprintf(run->blocks, sizeof(run->blocks), "%.4000s/blocks", run->request->dir);
    snprintf(first, sizeof(first), "%s/blk00000.dat", run->blocks);
    if (sg_file_size(first))
        return sg_err_set(err, SG_EUSAGE, "%s holds blocks already; name another folder",
                          run->blocks);
    const enum sg_status st = sg_file_mkdir(run->request->dir, err);
    return st == SG_OK ? sg_file_mkdir(run->blocks, err) : st;
}

static enum sg_status make(struct run *run, struct sg_err *err)
{
    const struct sg_coinworld_sink sink = {on_block, on_tx, on_address, on_theft, on_entity, run};
    sg_bar_begin(&run->bar, "simulating", false);
    run->options.progress = &run->bar.progress;
    enum sg_status st = sg_cwi_truth_begin(&run->truth, run->request, err);
    if (st == SG_OK)
        st = sg_coinworld_run(&run->summary, &run->options, &sink, err);
    if (st == SG_OK)
        st = sg_cwi_commit(&run->blk, err);
    if (st == SG_OK)
        st = sg_cwi_truth_end(&run->truth, &run->summary, err);
    sg_bar_end(&run->bar);
    return st;
}

static enum sg_status print_json(const struct run *run, struct sg_err *err)
{
    const struct sg_coinworld_summary *s = &run->summary;
    struct sg_buf out = SG_BUF_INIT(PIECE);
    struct sg_jsonw w;
    sg_jsonw_init(&w, &out);
    sg_jsonw_begin_object(&w);
    sg_jsonw_kv_uint(&w, "schema", 1);
    sg_jsonw_kv_uint(&w, "seed", run->request->seed);
    sg_jsonw_key(&w, "chains");
    sg_jsonw_begin_array(&w);
    sg_jsonw_begin_object(&w);
    sg_jsonw_kv_string(&w, "chain", run->options.params->name);
    sg_jsonw_kv_uint(&w, "rows", s->transactions);
    sg_jsonw_end_object(&w);
    sg_jsonw_end_array(&w);
    sg_jsonw_kv_uint(&w, "thefts", s->thefts);
    sg_jsonw_kv_uint(&w, "salaries", 0);
    sg_jsonw_key(&w, "outputs");
    sg_jsonw_begin_object(&w);
    sg_jsonw_kv_uint(&w, "blocks", s->blocks);
    sg_jsonw_kv_uint(&w, "shared", s->shared);
    sg_jsonw_kv_uint(&w, "addresses", s->addresses);
    sg_jsonw_kv_uint(&w, "unspent", s->unspent);
    sg_jsonw_end_object(&w);
    sg_jsonw_end_object(&w);
    sg_buf_putc(&out, '\n');
    const enum sg_status st = sg_term_print(&out, err);
    sg_buf_clear(&out);
    return st;
}

static void print_text(const struct run *run)
{
    const struct sg_coinworld_summary *s = &run->summary;
    sg_term_text(stdout, run->blocks, strlen(run->blocks));
    printf(": ");
    sg_term_number(stdout, s->transactions);
    printf(" transactions in ");
    sg_term_number(stdout, s->blocks);
    printf(" blocks of %s, ", run->options.params->name);
    sg_term_number(stdout, s->shared);
    printf(" of them by several owners, %" PRIu64 " thefts, seed %" PRIu64 "\n", s->thefts,
           run->request->seed);
}

enum sg_status sg_coinworlding_run(const struct sg_coinworlding *request, struct sg_err *err)
{
    struct run *run = sg_mem_zalloc(1, sizeof(*run));
    if (!run)
        return sg_err_nomem(err);
    run->request = request;
    run->options = (struct sg_coinworld){.seed = request->seed,
                                         .transactions = request->transactions,
                                         .scenario = request->scenario,
                                         .params = sg_btc_params_find("bitcoin", "regtest")};
    run->blk = (struct written){.file = {.fd = -1}, .waits = SG_BUF_INIT(16 * PIECE)};
    for (size_t i = 0; i < TRUTH_FILES; i++)
        run->truth.files[i].file.fd = -1;
    enum sg_status st = make_folders(run, err);
    if (st == SG_OK)
        st = make(run, err);
    sg_cwi_drop(&run->blk);
    sg_cwi_truth_drop(&run->truth);
    if (st == SG_OK && request->json)
        st = print_json(run, err);
    else if (st == SG_OK)
        print_text(run);
    sg_mem_free(run);
    return st;
}
