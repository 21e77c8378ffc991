/* The history, then the facts of every commit: from the cache, or by looking on all threads. */
#include "app/commits/commits_internal.h"

#include "base/digest.h"
#include "base/hex.h"
#include "base/mem.h"
#include "base/parallel.h"
#include "store/file/file.h"
#include "store/kept/kept.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

/* Neighbours in history share trees and delta bases, so a thread takes this many at a time. */
#define BLOCK 64u

const char sg_commits_notice[] =
    "This speaks of changes, not of culprits: intent cannot be seen in a diff. Authors, mails and "
    "dates in Git are whatever the maker of a commit wrote, and can be forged.";

/* Commits to look at, shared by the threads. */
struct work {
    struct sg_commits *c;
    uint32_t *todo;
    size_t n_todo;
    atomic_size_t next;
    atomic_size_t n_done;
    atomic_bool stop;
    struct worker *workers;
    const struct sg_progress *progress;
};

struct worker {
    enum sg_status st;
    struct sg_err err;
};

static enum sg_status look_at_block(struct work *work, const struct sg_git *git, size_t begin,
                                    bool is_first, struct sg_err *err)
{
    const size_t end = begin + BLOCK < work->n_todo ? begin + BLOCK : work->n_todo;
    for (size_t i = begin; i < end; i++) {
        const uint32_t node = work->todo[i];
        const enum sg_status st =
            facts_look(&work->c->kept[node], git, &work->c->history.nodes[node], err);
        if (st != SG_OK)
            return st;
        const size_t n_done = atomic_fetch_add(&work->n_done, 1) + 1;
        if (is_first && !sg_progress_step(work->progress, n_done, work->n_todo))
            return sg_err_set(err, SG_ECANCELLED, "stopped while looking at commits");
        if (atomic_load(&work->stop))
            return SG_OK;
    }
    return SG_OK;
}

/* One worker: a handle of its own, and blocks until there are none. The first one reports progress.
 */
static void run_worker(void *ctx, size_t index)
{
    struct work *work = ctx;
    struct worker *w = &work->workers[index];
    struct sg_git *git = NULL;
    w->st = sg_git_open(&git, work->c->options->repo, &w->err);
    while (w->st == SG_OK && !atomic_load(&work->stop)) {
        const size_t begin = atomic_fetch_add(&work->next, BLOCK);
        if (begin >= work->n_todo)
            break;
        w->st = look_at_block(work, git, begin, index == 0, &w->err);
    }
    if (w->st != SG_OK)
        atomic_store(&work->stop, true);
    sg_git_close(git);
}

static enum sg_status look_at_all(struct work *work, struct sg_err *err)
{
    const size_t n = work->c->options->n_threads;
    work->workers = sg_mem_zalloc(n, sizeof(*work->workers));
    if (!work->workers)
        return sg_err_nomem(err);
    sg_parallel_for(n, n, run_worker, work);
    enum sg_status st = SG_OK;
    for (size_t i = 0; i < n && st == SG_OK; i++) {
        st = work->workers[i].st;
        if (st != SG_OK && err)
            *err = work->workers[i].err;
    }
    sg_mem_free(work->workers);
    return st;
}

/* What the cache holds becomes ours; the rest is to be done. Bytes that do not parse are not used.
 */
static enum sg_status take_kept(struct work *work, const struct sg_kept *kept, struct sg_err *err)
{
    struct sg_commits *c = work->c;
    for (size_t i = 0; i < c->history.n_nodes; i++) {
        const uint32_t node = c->history.order[i];
        struct sg_arena arena = SG_ARENA_INIT;
        struct sg_commit_facts facts;
        struct sg_text bytes = sg_kept_find(kept, &c->history.nodes[node].id);
        const bool is_good =
            bytes.data && facts_parse(&facts, &arena, bytes, NULL) == SG_OK && !facts.is_partial;
        sg_arena_clear(&arena);
        if (!is_good) {
            work->todo[work->n_todo++] = node;
            continue;
        }
        c->kept[node] = (struct sg_text){sg_mem_strndup(bytes.data, bytes.size), bytes.size};
        if (!c->kept[node].data)
            return sg_err_nomem(err);
        c->n_from_cache++;
    }
    return SG_OK;
}

/* "DIR/commits-<digest of the repository's folder>.kept"; not freed where NULL. */
static char *cache_path(const struct sg_commits *c)
{
    uint8_t digest[SG_SHA256_SIZE];
    char hex[2 * 8 + 1];
    const char *folder = sg_git_folder(c->git);
    struct sg_buf path = SG_BUF_INIT(8192);
    sg_sha256_of(digest, folder, strlen(folder));
    sg_buf_printf(&path, "%s/commits-%s.kept", c->options->cache, sg_hex_encode(hex, digest, 8));
    if (!path.failed)
        return path.data;
    sg_buf_clear(&path);
    return NULL;
}

static uint64_t cache_version(void)
{
    return (uint64_t)SG_RISK_VERSION << 32 | FACTS_VERSION;
}

/* All folders above a file that are not there yet. */
static enum sg_status make_folders(const char *path, struct sg_err *err)
{
    for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        char *folder = sg_mem_strndup(path, (size_t)(slash - path));
        const enum sg_status st = folder ? sg_file_mkdir(folder, err) : sg_err_nomem(err);
        sg_mem_free(folder);
        if (st != SG_OK)
            return st;
    }
    return SG_OK;
}

static enum sg_status write_cache(const struct sg_commits *c, const char *path, struct sg_err *err)
{
    struct sg_kept_item *items = sg_mem_alloc(c->history.n_nodes + 1, sizeof(*items));
    size_t n = 0;
    if (!items)
        return sg_err_nomem(err);
    for (size_t i = 0; i < c->history.n_nodes; i++)
        if (c->kept[i].data)
            items[n++] = (struct sg_kept_item){c->history.nodes[i].id, c->kept[i]};
    enum sg_status st = make_folders(path, err);
    if (st == SG_OK)
        st = sg_kept_write(path, cache_version(), items, n, err);
    sg_mem_free(items);
    return st;
}

/* Look at what the cache lacks; then keep all, also after a stop. */
static enum sg_status read_facts(struct sg_commits *c, const char *path,
                                 const struct sg_progress *looking, struct sg_err *warning,
                                 struct sg_err *err)
{
    struct work work = {.c = c, .progress = looking};
    struct sg_kept kept = {.file = NULL};
    work.todo = sg_mem_alloc(c->history.n_nodes + 1, sizeof(*work.todo));
    enum sg_status st = work.todo ? SG_OK : sg_err_nomem(err);
    if (st == SG_OK && path)
        st = sg_kept_read(&kept, path, cache_version(), err);
    if (st == SG_OK)
        st = take_kept(&work, &kept, err);
    sg_kept_clear(&kept);
    if (st == SG_OK && work.n_todo)
        st = look_at_all(&work, err);
    if ((st == SG_OK || st == SG_ECANCELLED) && path && work.n_todo)
        (void)write_cache(c, path, warning);
    sg_mem_free(work.todo);
    return st;
}

/* A cache must never grow inside what is looked at. */
static enum sg_status check_cache(const struct sg_commits *c, struct sg_err *err)
{
    const char *folder = sg_git_folder(c->git), *cache = c->options->cache;
    size_t root = strlen(folder);
    if (root > 6 && strcmp(folder + root - 6, "/.git/") == 0)
        root -= 5; /* the work tree, with its '/' */
    if (cache && strncmp(cache, folder, root - 1) == 0 &&
        (cache[root - 1] == '/' || cache[root - 1] == 0))
        return sg_err_set(err, SG_EUSAGE,
                          "the cache %s lies inside the repository; name another "
                          "folder with --cache DIR",
                          cache);
    return SG_OK;
}

/* B of "A..B", so that it is read even where no ref leads to it. */
static enum sg_status range_end(struct sg_git_id *id, bool *is_there, const struct sg_commits *c,
                                struct sg_err *err)
{
    const char *dots = c->options->range ? strstr(c->options->range, "..") : NULL;
    *is_there = dots != NULL;
    if (!dots)
        return SG_OK;
    return sg_git_resolve(id, c->git, dots[2] ? dots + 2 : "HEAD", err);
}

static enum sg_status read_history(struct sg_commits *c, const struct sg_progress *walking,
                                   struct sg_err *err)
{
    struct sg_git_id end;
    bool has_end;
    enum sg_status st = range_end(&end, &has_end, c, err);
    if (st == SG_OK)
        st = sg_git_history_read(&c->history, c->git, has_end ? &end : NULL, sg_deeds_add,
                                 &c->deeds, walking, err);
    if (st == SG_OK && !(c->kept = sg_mem_zalloc(c->history.n_nodes + 1, sizeof(*c->kept))))
        st = sg_err_nomem(err);
    return st;
}

enum sg_status sg_commits_read(struct sg_commits *c, const struct sg_commits_options *options,
                               const struct sg_progress *walking, const struct sg_progress *looking,
                               struct sg_err *warning, struct sg_err *err)
{
    char *path = NULL;
    *c = (struct sg_commits){.options = options, .arena = SG_ARENA_INIT};
    warning->status = SG_OK;
    enum sg_status st = sg_git_open(&c->git, options->repo, err);
    if (st == SG_OK)
        st = check_cache(c, err);
    if (st == SG_OK)
        st = read_history(c, walking, err);
    if (st == SG_OK && options->cache && !(path = cache_path(c)))
        st = sg_err_nomem(err);
    if (st == SG_OK)
        st = read_facts(c, path, looking, warning, err);
    sg_mem_free(path);
    return st;
}

void sg_commits_clear(struct sg_commits *c)
{
    for (size_t i = 0; c->kept && i < c->history.n_nodes; i++)
        sg_mem_free((void *)c->kept[i].data);
    sg_mem_free(c->kept);
    sg_deeds_clear(&c->deeds);
    sg_git_history_clear(&c->history);
    sg_git_close(c->git);
    sg_arena_clear(&c->arena);
    *c = (struct sg_commits){.options = NULL};
}
