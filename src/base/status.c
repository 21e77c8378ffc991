#include "base/status.h"

#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

/* Sentences quote file names and fields from outside, and end up on a terminal. */
static void make_safe(char *text)
{
    size_t size = strlen(text);
    for (size_t i = 0; i < size;) {
        uint32_t c;
        const size_t n = sg_utf8_next(&c, text + i, size - i);
        if (!n || sg_utf8_is_unsafe(c) || c == '\n')
            memset(text + i, '?', n ? n : 1);
        i += n ? n : 1;
    }
}

static enum sg_status err_write(struct sg_err *err, enum sg_status status, const char *fmt,
                                va_list args) SG_PRINTF(3, 0);

static enum sg_status err_write(struct sg_err *err, enum sg_status status, const char *fmt,
                                va_list args)
{
    if (!err)
        return status;
    memset(err, 0, sizeof(*err));
    err->status = status;
    vsnprintf(err->text, sizeof(err->text), fmt, args);
    make_safe(err->text);
    return status;
}

enum sg_status sg_err_set(struct sg_err *err, enum sg_status status, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    err_write(err, status, fmt, args);
    va_end(args);
    return status;
}

enum sg_status sg_err_os(struct sg_err *err, int os_errno, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    err_write(err, SG_EIO, fmt, args);
    va_end(args);
    if (err) {
        char reason[128];
        const size_t used = strlen(err->text);
        err->os_errno = os_errno;
        snprintf(err->text + used, sizeof(err->text) - used, ": %s",
                 strerror_r(os_errno, reason, sizeof(reason)));
    }
    return SG_EIO;
}

enum sg_status sg_err_at(struct sg_err *err, enum sg_status status, uint64_t offset,
                         const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    err_write(err, status, fmt, args);
    va_end(args);
    if (err) {
        err->offset = offset;
        err->has_offset = 1;
    }
    return status;
}

enum sg_status sg_err_line(struct sg_err *err, uint32_t line, uint32_t column, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    err_write(err, SG_EPARSE, fmt, args);
    va_end(args);
    if (err) {
        err->line = line;
        err->column = column;
    }
    return SG_EPARSE;
}

void sg_err_frame(struct sg_err *err, const char *fmt, ...)
{
    char text[SG_ERR_TEXT_MAX];
    char frame[SG_ERR_TEXT_MAX];
    va_list args;
    if (!err)
        return;
    va_start(args, fmt);
    vsnprintf(frame, sizeof(frame), fmt, args);
    va_end(args);
    memcpy(text, err->text, sizeof(text));
    const int n = snprintf(err->text, sizeof(err->text), "%s: ", frame);
    const size_t used = n < 0 ? 0 : (size_t)n;
    if (used < sizeof(err->text)) {
        const size_t room = sizeof(err->text) - used - 1;
        const size_t len = strnlen(text, room);
        memcpy(err->text + used, text, len);
        err->text[used + len] = 0;
    }
    make_safe(err->text);
}

const char *sg_status_name(enum sg_status status)
{
    switch (status) {
    case SG_OK:
        return "ok";
    case SG_ENOMEM:
        return "memory";
    case SG_EIO:
        return "io";
    case SG_EPARSE:
        return "parse";
    case SG_ELIMIT:
        return "limit";
    case SG_ENOTFOUND:
        return "not-found";
    case SG_EUSAGE:
        return "usage";
    case SG_EVERSION:
        return "version";
    case SG_EBUSY:
        return "busy";
    case SG_ECORRUPT:
        return "corrupt";
    case SG_ECANCELLED:
        return "cancelled";
    }
    return "unknown";
}
