/* Labels: a million addresses against a million labels, one screen as a fresh process, and OFAC's
 * list against a bare walk of expat over the same bytes.
 *
 * SG_BENCH_LABELS: labels and addresses (default 1,000,000). The list is measured where the data
 * for developers is there. */
#include "yardstick.h"

#include "app/labelstore/labelstore.h"
#include "app/screening/screening.h"
#include "base/mem.h"
#include "base/rng.h"
#include "formats/inflate/inflate.h"
#include "formats/ofac/ofac.h"
#include "store/file/file.h"

#include <expat.h>
#include <libgen.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define TARGET_BATCH_NS UINT64_C(500000000)
#define TARGET_FRESH_NS UINT64_C(20000000)
#define TEXT_SIZE       43
#define LIST            "../shared/data/ofac/sdn_advanced.xml.bz2"

static void stop(const char *what, const struct sg_err *err)
{
    fprintf(stderr, "bench_labels: %s: %s\n", what, err->text);
    exit(1);
}

static void *must_alloc(size_t count, size_t size)
{
    void *block = sg_mem_alloc(count, size);
    if (!block)
        exit(1);
    return block;
}

struct work {
    char dir[64];
    size_t n;
    char (*names)[TEXT_SIZE]; /* 2n: the first n have labels */
    struct sg_text *texts;    /* n of them, every second with a label */
    struct sg_labels_range *ranges;
    struct sg_labelstore store;
    struct sg_screening screening;
};

static void make_names(struct work *work)
{
    struct sg_rng rng;
    sg_rng_init(&rng, 1);
    work->names = must_alloc(2 * work->n, TEXT_SIZE);
    work->texts = must_alloc(work->n, sizeof(*work->texts));
    work->ranges = must_alloc(work->n, sizeof(*work->ranges));
    for (size_t i = 0; i < 2 * work->n; i++)
        snprintf(work->names[i], TEXT_SIZE, "0x%016llx%016llx%08llx",
                 (unsigned long long)sg_rng_next(&rng), (unsigned long long)sg_rng_next(&rng),
                 (unsigned long long)(sg_rng_next(&rng) >> 32));
    for (size_t i = 0; i < work->n; i++)
        work->texts[i] = (struct sg_text){work->names[i % 2 ? i : i + work->n], TEXT_SIZE - 1};
}

static void make_store(struct work *work)
{
    const struct sg_label_pack pack = {.title = "bench", .date_unix_s = SG_TIME_UNKNOWN};
    struct sg_labels_writer *writer;
    struct sg_label label;
    struct sg_err err;
    bool is_new;
    sg_label_init(&label);
    label.chain = "ethereum";
    label.entity = "An exchange of middling size";
    label.category = SG_CATEGORY_EXCHANGE;
    label.source = "https://example.org/a/source/of/usual/length";
    if (sg_labels_begin(&writer, work->dir, &err) != SG_OK ||
        sg_labels_pack_begin(writer, &err) != SG_OK)
        stop("store", &err);
    for (size_t i = 0; i < work->n; i++) {
        label.subject = work->names[i];
        if (sg_labels_add(writer, &label, &err) != SG_OK)
            stop("add", &err);
    }
    if (sg_labels_pack_end(&is_new, writer, &pack, "csv", "bench", &err) != SG_OK ||
        sg_labels_commit(writer, &err) != SG_OK)
        stop("commit", &err);
}

static void run_find(void *ctx)
{
    struct work *work = ctx;
    sg_labels_find_batch(work->ranges, work->store.labels, work->texts, work->n, 2);
    size_t n_found = 0;
    for (size_t i = 0; i < work->n; i++)
        n_found += work->ranges[i].count;
    if (n_found != work->n / 2)
        exit(1);
}

static void run_screen(void *ctx)
{
    struct work *work = ctx;
    struct sg_buf out = SG_BUF_INIT((size_t)1 << 30);
    struct sg_err err;
    for (size_t i = 0; i < work->n; i += SG_SCREENING_BATCH) {
        const size_t n = work->n - i < SG_SCREENING_BATCH ? work->n - i : SG_SCREENING_BATCH;
        sg_buf_reset(&out);
        if (sg_screening_run(&work->screening, &out, work->texts + i, n, &err) != SG_OK)
            stop("screen", &err);
    }
    sg_buf_clear(&out);
}

/* A process of its own, as a script calls it. */
static void run_fresh(void *ctx)
{
    struct work *work = ctx;
    char program[4096];
    const ssize_t n = readlink("/proc/self/exe", program, sizeof(program) - 16);
    if (n <= 0)
        exit(1);
    program[n] = 0;
    strncat(dirname(program), "/sillage", 16);
    static char verb[] = "screen", labels[] = "--labels", json[] = "--json";
    char *const argv[] = {program, verb, work->names[1], labels, work->dir, json, NULL};
    char *const envp[] = {NULL};
    posix_spawn_file_actions_t actions;
    pid_t pid;
    int status;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", 1, 0);
    if (posix_spawn(&pid, program, &actions, NULL, argv, envp) != 0 ||
        waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || WEXITSTATUS(status) != 3) {
        fprintf(stderr, "bench_labels: %s screen failed\n", program);
        exit(1);
    }
    posix_spawn_file_actions_destroy(&actions);
}

static void bench_store(size_t n)
{
    struct work work = {.dir = "/tmp/sillage-bench-XXXXXX", .n = n};
    struct sg_err err;
    if (!mkdtemp(work.dir))
        exit(1);
    make_names(&work);
    make_store(&work);
    if (sg_labelstore_open(&work.store, work.dir, &err) != SG_OK)
        stop("open", &err);
    work.screening = (struct sg_screening){
        .store = &work.store, .as_of_unix_s = INT64_MAX, .n_threads = 2, .json = true};
    sg_bench_print_target("labels/find-all", sg_bench_best_ns(5, run_find, &work), TARGET_BATCH_NS);
    sg_bench_print_target("labels/screen-all-json", sg_bench_best_ns(3, run_screen, &work),
                          TARGET_BATCH_NS);
    sg_bench_print_target("labels/screen-fresh", sg_bench_best_ns(20, run_fresh, &work),
                          TARGET_FRESH_NS);
    sg_labelstore_close(&work.store);
    sg_mem_free(work.names);
    sg_mem_free(work.texts);
    sg_mem_free(work.ranges);
    char path[128];
    static const char *const files[] = {"labels.mdb", "labels.mdb-lock", "writer"};
    for (size_t i = 0; i < SG_COUNT_OF(files); i++) {
        snprintf(path, sizeof(path), "%s/%s", work.dir, files[i]);
        unlink(path);
    }
    rmdir(work.dir);
}

static enum sg_status on_unpacked(void *ctx, const uint8_t *bytes, size_t size, struct sg_err *err)
{
    struct sg_buf *xml = ctx;
    sg_buf_append(xml, bytes, size);
    return sg_buf_check(xml, err);
}

static enum sg_status on_chunk(void *ctx, const uint8_t *bytes, size_t size, struct sg_err *err)
{
    return sg_inflate_feed(ctx, bytes, size, err);
}

/* Both get the file in pieces as it is read from disk. */
#define PIECE ((size_t)256 * 1024)

static size_t piece_at(const struct sg_buf *xml, size_t at)
{
    return xml->size - at < PIECE ? xml->size - at : PIECE;
}

static void run_expat(void *ctx)
{
    const struct sg_buf *xml = ctx;
    XML_Parser parser = XML_ParserCreate(NULL);
    for (size_t at = 0; parser && at < xml->size; at += PIECE)
        if (XML_Parse(parser, xml->data + at, (int)piece_at(xml, at), 0) != XML_STATUS_OK)
            exit(1);
    if (!parser || XML_Parse(parser, "", 0, 1) != XML_STATUS_OK)
        exit(1);
    XML_ParserFree(parser);
}

static enum sg_status on_label(void *ctx, const struct sg_label *label, struct sg_err *err)
{
    size_t *n = ctx;
    (void)label;
    (void)err;
    ++*n;
    return SG_OK;
}

static enum sg_status on_bad(void *ctx, const struct sg_err *why, struct sg_err *err)
{
    (void)ctx;
    (void)why;
    (void)err;
    return SG_EPARSE;
}

static void run_ofac(void *ctx)
{
    const struct sg_buf *xml = ctx;
    size_t n = 0;
    const struct sg_label_sink sink = {on_label, on_bad, &n};
    struct sg_ofac *ofac;
    struct sg_label_pack pack;
    struct sg_err err;
    if (sg_ofac_new(&ofac, &sink, &err) != SG_OK)
        stop("ofac", &err);
    for (size_t at = 0; at < xml->size; at += PIECE)
        if (sg_ofac_feed(ofac, xml->data + at, piece_at(xml, at), &err) != SG_OK)
            stop("ofac", &err);
    if (sg_ofac_finish(&pack, ofac, &err) != SG_OK)
        stop("ofac", &err);
    sg_ofac_free(ofac);
}

static void bench_ofac(void)
{
    struct sg_buf xml = SG_BUF_INIT((size_t)1 << 30);
    struct sg_inflate *inflate;
    struct sg_err err;
    if (access(LIST, R_OK) != 0)
        return;
    if (sg_inflate_new(&inflate, on_unpacked, &xml, &err) != SG_OK ||
        sg_file_stream(LIST, on_chunk, inflate, &err) != SG_OK ||
        sg_inflate_finish(inflate, &err) != SG_OK)
        stop("list", &err);
    sg_inflate_free(inflate);
    const struct sg_bench_figure walk = {"expat-walk", "MB", xml.size,
                                         sg_bench_best_ns(3, run_expat, &xml)};
    const struct sg_bench_figure list = {"labels/ofac", "MB", xml.size,
                                         sg_bench_best_ns(3, run_ofac, &xml)};
    sg_bench_print(&list, &walk);
    sg_buf_clear(&xml);
}

int main(void)
{
    bench_ofac();
    bench_store((size_t)sg_bench_env("SG_BENCH_LABELS", 1000000));
    return 0;
}
