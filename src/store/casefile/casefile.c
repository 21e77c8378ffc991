#include "store/casefile/casefile.h"

#include "base/limits.h"
#include "base/mem.h"
#include "store/file/file.h"

#include <string.h>

/* Read one more input whole. The bytes move to the arena, where the reader's contract keeps them.
 */
static enum sg_status read_input(struct sg_casefile *file, const char **bytes, size_t *size,
                                 const char *path, struct sg_err *err)
{
    uint8_t *raw = NULL;
    const enum sg_status st = sg_file_read(&raw, size, path, SG_SMALL_FILE_MAX, err);
    if (st != SG_OK)
        return st;
    struct sg_casefile_input *input = &file->inputs[file->n_inputs++];
    *bytes = sg_arena_strndup(&file->arena, (const char *)raw, *size);
    input->path = path;
    input->bytes = *size;
    sg_sha256_of(input->sha256, raw, *size);
    sg_mem_free(raw);
    return *bytes ? SG_OK : sg_err_nomem(err);
}

static enum sg_status read_labels(void *ctx, const char **bytes, size_t *size, const char *name,
                                  struct sg_err *err)
{
    struct sg_casefile *file = ctx;
    const char *path = file->inputs[0].path, *slash = strrchr(path, '/');
    const size_t n_folder = slash ? (size_t)(slash - path) + 1 : 0, n_name = strlen(name);
    char *beside = sg_arena_alloc(&file->arena, n_folder + n_name + 1, 1);
    if (!beside)
        return sg_err_nomem(err);
    memcpy(beside, path, n_folder);
    memcpy(beside + n_folder, name, n_name);
    return read_input(file, bytes, size, beside, err);
}

/* The file read last is the one that an error with a line is in (sg_case_parse). */
static void name_the_file(const struct sg_casefile *file, struct sg_err *err)
{
    if (!err || !err->line)
        return;
    sg_err_frame(err, "%s:%u:%u", file->inputs[file->n_inputs - 1].path, (unsigned)err->line,
                 (unsigned)err->column);
    err->line = err->column = 0;
}

enum sg_status sg_casefile_open(struct sg_casefile *file, const char *path, struct sg_err *err)
{
    struct sg_casefile made = {.arena = SG_ARENA_INIT};
    const struct sg_case_reader reader = {read_labels, &made};
    const char *bytes, *kept = sg_arena_strndup(&made.arena, path, strlen(path));
    size_t size;
    enum sg_status st = kept ? read_input(&made, &bytes, &size, kept, err) : sg_err_nomem(err);
    if (st == SG_OK) {
        st = sg_case_parse(&made.c, &made.arena, bytes, size, &reader, err);
        if (st != SG_OK)
            name_the_file(&made, err);
    }
    if (st == SG_OK)
        *file = made;
    else
        sg_arena_clear(&made.arena);
    return st;
}

const char *sg_casefile_path(const struct sg_casefile *file, struct sg_case_place place)
{
    return file->inputs[place.in_labels_file ? 1 : 0].path;
}

void sg_casefile_close(struct sg_casefile *file)
{
    sg_arena_clear(&file->arena);
    memset(file, 0, sizeof(*file));
}
