#include "store/git/odb_internal.h"

#include "base/mem.h"

#include <git2.h>
#include <string.h>

/* Mapped pack windows count as memory of the process: with two handles this stays under 300 MB. */
#define WINDOW_BYTES ((size_t)8 * 1024 * 1024)
#define MAPPED_BYTES ((size_t)128 * 1024 * 1024)
/* Objects that libgit2 keeps: trees and commits, not blobs. */
#define CACHE_BYTES ((ssize_t)64 * 1024 * 1024)

struct sg_git {
    git_repository *repo;
    git_odb *odb;
};

static enum sg_status last_error(struct sg_err *err, enum sg_status status, const char *what)
{
    const git_error *last = git_error_last();
    return sg_err_set(err, status, "%s: %s", what, last ? last->message : "unknown failure");
}

/* Settings of the process. What a user or system configured for Git does not reach this program.
 * Whose files they are does not matter to who only reads: Git's check guards against running what a
 * repository configures. Objects are checked by their compression's sum, not by SHA-1 again. */
static void set_options(void)
{
    const char *extensions[] = {"partialclone", "worktreeconfig", "preciousobjects"};
    git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
    git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
    git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions, SG_COUNT_OF(extensions));
    git_libgit2_opts(GIT_OPT_SET_MWINDOW_SIZE, WINDOW_BYTES);
    git_libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, MAPPED_BYTES);
    git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, CACHE_BYTES);
    git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_SYSTEM, "");
    git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_GLOBAL, "");
    git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_XDG, "");
    git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_PROGRAMDATA, "");
}

static enum sg_status open_failed(int code, const char *path, struct sg_err *err)
{
    const git_error *last = git_error_last();
    if (code == GIT_ENOTFOUND)
        return sg_err_set(err, SG_EIO, "no Git repository at %s", path);
    if (last && strstr(last->message, "objectformat"))
        return sg_err_set(
            err, SG_EVERSION,
            "%s names its objects by SHA-256, which the installed libgit2 cannot read; "
            "SHA-1 repositories only",
            path);
    return last_error(err, SG_EIO, path);
}

enum sg_status sg_git_open(struct sg_git **git, const char *path, struct sg_err *err)
{
    struct sg_git *g = sg_mem_zalloc(1, sizeof(*g));
    if (!g)
        return sg_err_nomem(err);
    if (git_libgit2_init() == 1)
        set_options();
    const int code = git_repository_open_ext(&g->repo, path, GIT_REPOSITORY_OPEN_NO_SEARCH, NULL);
    if (code != 0 || git_repository_odb(&g->odb, g->repo) != 0) {
        const enum sg_status st = open_failed(code, path, err);
        sg_git_close(g);
        return st;
    }
    *git = g;
    return SG_OK;
}

void sg_git_close(struct sg_git *git)
{
    if (!git)
        return;
    git_odb_free(git->odb);
    git_repository_free(git->repo);
    git_libgit2_shutdown();
    sg_mem_free(git);
}

const char *sg_git_folder(const struct sg_git *git)
{
    return git_repository_path(git->repo);
}

bool sg_git_is_shallow(const struct sg_git *git)
{
    return git_repository_is_shallow(git->repo) == 1;
}

static enum sg_status read_failed(int code, const struct sg_git_id *id, struct sg_err *err)
{
    char text[SG_GIT_ID_TEXT];
    if (code == GIT_ENOTFOUND)
        return sg_err_set(err, SG_ENOTFOUND, "object %s is missing", sg_git_id_format(text, id));
    const git_error *last = git_error_last();
    if (last && last->klass == GIT_ERROR_NOMEMORY)
        return sg_err_nomem(err);
    return last_error(err, SG_ECORRUPT, sg_git_id_format(text, id));
}

/* A look-up that does not list the pack folder again when it fails: a partial clone misses
 * thousands. */
static bool is_there(const struct sg_git *git, const git_oid *oid)
{
    return git_odb_exists_ext(git->odb, oid, GIT_ODB_LOOKUP_NO_REFRESH) == 1;
}

enum sg_status sg_git_odb_read(struct odb_object *object, const struct sg_git *git,
                               const struct sg_git_id *id, struct sg_err *err)
{
    git_oid oid;
    git_odb_object *handle = NULL;
    memcpy(oid.id, id->bytes, sizeof(oid.id));
    const int code =
        is_there(git, &oid) ? git_odb_read(&handle, git->odb, &oid) : (int)GIT_ENOTFOUND;
    if (code != 0)
        return read_failed(code, id, err);
    const git_object_t type = git_odb_object_type(handle);
    *object = (struct odb_object){.handle = handle,
                                  .type = type == GIT_OBJECT_COMMIT ? ODB_COMMIT
                                          : type == GIT_OBJECT_TREE ? ODB_TREE
                                          : type == GIT_OBJECT_TAG  ? ODB_TAG
                                                                    : ODB_BLOB,
                                  .bytes = git_odb_object_data(handle),
                                  .size = git_odb_object_size(handle)};
    return SG_OK;
}

void sg_git_odb_free(struct odb_object *object)
{
    git_odb_object_free(object->handle);
    *object = (struct odb_object){.handle = NULL};
}

enum sg_status sg_git_odb_size(uint64_t *size, const struct sg_git *git, const struct sg_git_id *id,
                               struct sg_err *err)
{
    git_oid oid;
    size_t n;
    git_object_t type;
    memcpy(oid.id, id->bytes, sizeof(oid.id));
    const int code =
        is_there(git, &oid) ? git_odb_read_header(&n, &type, git->odb, &oid) : (int)GIT_ENOTFOUND;
    if (code != 0)
        return read_failed(code, id, err);
    *size = n;
    return SG_OK;
}

static bool target_of(struct sg_git_id *id, const struct sg_git *git, const char *name)
{
    git_oid oid;
    if (git_reference_name_to_id(&oid, git->repo, name) != 0)
        return false;
    memcpy(id->bytes, oid.id, sizeof(id->bytes));
    return true;
}

enum sg_status sg_git_odb_refs(const struct sg_git *git, size_t *n_broken,
                               enum sg_status (*ref)(void *ctx, const char *name,
                                                     const struct sg_git_id *id,
                                                     struct sg_err *err),
                               void *ctx, struct sg_err *err)
{
    git_reference_iterator *names = NULL;
    const char *name = "HEAD";
    struct sg_git_id id;
    enum sg_status st = SG_OK;
    size_t broken = 0;
    /* An unborn HEAD, as in an empty repository, is not broken. */
    if (target_of(&id, git, name))
        st = ref(ctx, name, &id, err);
    if (st == SG_OK && git_reference_iterator_new(&names, git->repo) != 0)
        st = last_error(err, SG_EIO, "cannot list the references");
    while (st == SG_OK && git_reference_next_name(&name, names) == 0) {
        if (target_of(&id, git, name))
            st = ref(ctx, name, &id, err);
        else
            broken++;
    }
    git_reference_iterator_free(names);
    *n_broken = broken;
    return st;
}

enum sg_status sg_git_resolve(struct sg_git_id *id, const struct sg_git *git, const char *rev,
                              struct sg_err *err)
{
    git_object *object = NULL, *commit = NULL;
    enum sg_status st = SG_OK;
    if (git_revparse_single(&object, git->repo, rev) != 0 ||
        git_object_peel(&commit, object, GIT_OBJECT_COMMIT) != 0)
        st = sg_err_set(err, SG_EUSAGE, "'%s' names no commit of this repository", rev);
    else
        memcpy(id->bytes, git_object_id(commit)->id, sizeof(id->bytes));
    git_object_free(commit);
    git_object_free(object);
    return st;
}
