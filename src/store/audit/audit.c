#include "store/audit/audit_internal.h"

#include "base/buf.h"
#include "base/mem.h"
#include "store/file/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define APPEND_MAX ((size_t)1 << 30)

/* The end of a log that is looked at for its last line. */
#define TAIL_MAX 4096

enum sg_status sg_audit_key_read(struct sg_audit_key *key, const char *path, struct sg_err *err)
{
    struct stat st;
    uint8_t *bytes = NULL;
    size_t size = 0;
    if (stat(path, &st) != 0)
        return sg_err_os(err, errno, "cannot open %s", path);
    if (st.st_mode & 077)
        return sg_err_set(err, SG_EUSAGE, "%s: others can read this key; chmod 600", path);
    enum sg_status result = sg_file_read(&bytes, &size, path, SG_AUDIT_KEY_MAX, err);
    if (result == SG_OK && size < SG_AUDIT_KEY_MIN)
        result =
            sg_err_set(err, SG_EUSAGE, "%s: a key has %d bytes or more", path, SG_AUDIT_KEY_MIN);
    if (result == SG_OK) {
        memcpy(key->bytes, bytes, size);
        key->size = size;
    }
    sg_mem_free(bytes);
    return result;
}

/* The last line of a log that is one, and whether the log ends in the middle of a line. Pieces that
 * a crash left are passed over. */
static enum sg_status last_line(struct sg_audit_line *line, bool *is_cut, int fd, off_t size,
                                const char *path, struct sg_err *err)
{
    char tail[TAIL_MAX];
    const off_t from = size > TAIL_MAX ? size - TAIL_MAX : 0;
    const ssize_t n = size ? pread(fd, tail, (size_t)(size - from), from) : 0;
    memset(line, 0, sizeof(*line));
    if (n < 0 || n != size - from)
        return sg_err_os(err, errno, "cannot read %s", path);
    *is_cut = n && tail[n - 1] != '\n';
    for (ssize_t end = n; end > 0;) {
        ssize_t begin = end - 1;
        while (begin > 0 && tail[begin - 1] != '\n')
            begin--;
        if (tail[end - 1] == '\n' && sg_audit_parse(line, tail + begin, (size_t)(end - begin - 1)))
            return SG_OK;
        end = begin;
    }
    return size ? sg_err_set(err, SG_ECORRUPT, "%s does not end with a line of a log", path)
                : SG_OK;
}

static void put_line(struct sg_buf *out, struct sg_audit_line *line, const struct sg_audit_key *key)
{
    char text[AUDIT_LINE_MAX];
    uint8_t before[SG_SHA256_SIZE];
    memcpy(before, line->chain32, sizeof(before));
    line->number++;
    sg_buf_append(out, text, sg_audit_format(text, line, before, key));
}

static enum sg_status write_all(int fd, const struct sg_buf *lines, off_t size, const char *path,
                                struct sg_err *err)
{
    size_t done = 0;
    int reason = 0;
    while (done < lines->size && !reason) {
        const ssize_t n = write(fd, lines->data + done, lines->size - done);
        if (n >= 0)
            done += (size_t)n;
        else if (errno != EINTR)
            reason = errno;
    }
    if (!reason && fsync(fd) != 0)
        reason = errno;
    if (!reason)
        return SG_OK;
    (void)!ftruncate(fd, size); /* What stays is a cut line, which readers know. */
    return sg_err_os(err, reason, "cannot write %s", path);
}

struct entry {
    struct sg_audit_line line;
    const char *const *record_ids;
    size_t n;
};

static enum sg_status append_locked(int fd, const char *path, const struct sg_audit_key *key,
                                    const struct entry *entry, struct sg_err *err)
{
    struct sg_buf lines = SG_BUF_INIT(APPEND_MAX);
    struct sg_audit_line last, line = entry->line;
    struct stat st;
    bool is_cut = false;
    if (fstat(fd, &st) != 0)
        return sg_err_os(err, errno, "cannot read %s", path);
    enum sg_status result = last_line(&last, &is_cut, fd, st.st_size, path, err);
    if (result != SG_OK)
        return result;
    line.number = last.number;
    memcpy(line.chain32, last.chain32, sizeof(line.chain32));
    if (is_cut)
        sg_buf_putc(&lines, '\n');
    for (size_t i = 0; i < entry->n; i++) {
        line.has_record = true;
        sg_audit_hash_record(line.record32, key, entry->record_ids[i]);
        put_line(&lines, &line, key);
    }
    if (!entry->n)
        put_line(&lines, &line, key);
    result = sg_buf_check(&lines, err);
    if (result == SG_OK)
        result = write_all(fd, &lines, st.st_size, path, err);
    sg_buf_clear(&lines);
    return result;
}

enum sg_status sg_audit_append(const char *path, const struct sg_audit_key *key,
                               int64_t time_unix_s, enum sg_audit_action action, const char *who,
                               const char *const *record_ids, size_t n, struct sg_err *err)
{
    struct entry entry = {
        .line = {.time_unix_s = time_unix_s, .action = action}, .record_ids = record_ids, .n = n};
    enum sg_status st;
    sg_audit_hash_who(entry.line.who32, key, who);
    const int fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return sg_err_os(err, errno, "cannot open %s", path);
    if (flock(fd, LOCK_EX | LOCK_NB) != 0)
        st = sg_err_set(err, SG_EBUSY, "%s: somebody else is writing to it", path);
    else
        st = append_locked(fd, path, key, &entry, err);
    close(fd);
    return st;
}

/* A log while it is read. */
struct reading {
    const struct sg_audit_key *key;
    struct sg_audit_state *state;
    enum sg_status (*visit)(void *ctx, const struct sg_audit_line *line, struct sg_err *err);
    void *ctx;
    const char *path;
    uint64_t row; /* of the file */
    char rest[AUDIT_LINE_MAX];
    size_t n_rest; /* AUDIT_LINE_MAX: longer than any line */
};

static enum sg_status broken(const struct reading *r, const char *what, struct sg_err *err)
{
    return sg_err_set(err, SG_ECORRUPT, "%s: line %llu %s", r->path, (unsigned long long)r->row,
                      what);
}

static enum sg_status take_line(struct reading *r, struct sg_err *err)
{
    struct sg_audit_line line;
    char text[AUDIT_LINE_MAX];
    r->row++;
    if (r->n_rest == AUDIT_LINE_MAX || !sg_audit_parse(&line, r->rest, r->n_rest)) {
        r->state->n_cut++;
        return SG_OK;
    }
    if (line.number != r->state->n_lines + 1)
        return broken(r, "is not the next one: lines are missing or out of order", err);
    struct sg_audit_line again = line;
    const size_t size = sg_audit_format(text, &again, r->state->chain32, r->key);
    if (size - 1 != r->n_rest || memcmp(text, r->rest, r->n_rest) != 0)
        return broken(r,
                      "does not fit the line before it: one of them was changed, or the key is "
                      "another",
                      err);
    r->state->n_lines++;
    memcpy(r->state->chain32, line.chain32, SG_SHA256_SIZE);
    return r->visit ? r->visit(r->ctx, &line, err) : SG_OK;
}

static enum sg_status on_bytes(void *ctx, const uint8_t *bytes, size_t size, struct sg_err *err)
{
    struct reading *r = ctx;
    enum sg_status st = SG_OK;
    for (size_t i = 0; st == SG_OK && i < size; i++) {
        if (bytes[i] == '\n') {
            st = take_line(r, err);
            r->n_rest = 0;
        } else if (r->n_rest < AUDIT_LINE_MAX) {
            r->rest[r->n_rest++] = (char)bytes[i];
        }
    }
    return st;
}

enum sg_status sg_audit_read(struct sg_audit_state *state, const char *path,
                             const struct sg_audit_key *key,
                             enum sg_status (*visit)(void *ctx, const struct sg_audit_line *line,
                                                     struct sg_err *err),
                             void *ctx, struct sg_err *err)
{
    struct reading r = {.key = key, .state = state, .visit = visit, .ctx = ctx, .path = path};
    memset(state, 0, sizeof(*state));
    const enum sg_status st = sg_file_stream(path, on_bytes, &r, err);
    state->n_cut += st == SG_OK && r.n_rest > 0;
    return st;
}
