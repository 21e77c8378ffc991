/** What a call returns, and what it says when the world is wrong.
 *
 *  Argument order in the whole project: context first, then outputs, then inputs; a length directly
 *  follows its array; `struct sg_err *err` is last and may be NULL. A call that fails leaves its
 *  outputs as they were unless its header says otherwise. Nothing below app/ prints or exits.
 */
#ifndef SG_BASE_STATUS_H
#define SG_BASE_STATUS_H

#include <stdarg.h>
#include <stdint.h>

#define SG_MUST_CHECK        __attribute__((warn_unused_result))
#define SG_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

enum sg_status {
    SG_OK = 0,
    SG_ENOMEM,    /**< allocation refused; no partial effect */
    SG_EIO,       /**< the operating system refused; see sg_err.os_errno */
    SG_EPARSE,    /**< input bytes violate the format; see sg_err.offset or line and column */
    SG_ELIMIT,    /**< well formed, but exceeds a declared limit */
    SG_ENOTFOUND, /**< expected outcome of a look-up, not a fault */
    SG_EUSAGE,    /**< the person's request makes no sense as given */
    SG_EVERSION,  /**< written by a newer version of the program */
    SG_EBUSY,     /**< another process holds the lock */
    SG_ECORRUPT,  /**< stored data breaks an invariant of its format */
    SG_ECANCELLED /**< stopped on request; what was committed before stays */
};

#define SG_ERR_TEXT_MAX 512

/** One failure. Written only on failure, by the first layer that sees it. */
struct sg_err {
    enum sg_status status;
    int os_errno;    /**< errno of the failed system call, or 0 */
    uint64_t offset; /**< byte offset in the input, where has_offset */
    uint32_t line;   /**< 1-based, 0 if unknown */
    uint32_t column; /**< 1-based, 0 if unknown */
    uint8_t has_offset;
    char text[SG_ERR_TEXT_MAX]; /**< one sentence, without a final newline, always terminated; what
                                     could move a terminal's cursor or text direction is '?' */
};

/** Record a failure and return its status, so that a caller can write `return sg_err_set(...)`.
 *
 *  Out: err     may be NULL; all fields are reset.
 *  In:  status  not SG_OK.
 *       fmt     one short sentence that names the thing and, where it helps, what to do next.
 */
enum sg_status sg_err_set(struct sg_err *err, enum sg_status status, const char *fmt, ...)
    SG_PRINTF(3, 4);

/** The same for a failed system call: appends the text of `os_errno`. */
enum sg_status sg_err_os(struct sg_err *err, int os_errno, const char *fmt, ...) SG_PRINTF(3, 4);

/** The same for bad input at a byte offset. */
enum sg_status sg_err_at(struct sg_err *err, enum sg_status status, uint64_t offset,
                         const char *fmt, ...) SG_PRINTF(4, 5);

/** The same for bad input at a line and column, both 1-based. */
enum sg_status sg_err_line(struct sg_err *err, uint32_t line, uint32_t column, const char *fmt, ...)
    SG_PRINTF(4, 5);

/** Put a frame before the text ("FRAME: text"); a higher layer adds context, never replaces. */
void sg_err_frame(struct sg_err *err, const char *fmt, ...) SG_PRINTF(2, 3);

/** SG_ENOMEM with its sentence. Inline, so that compilers see that it is never SG_OK. */
static inline enum sg_status sg_err_nomem(struct sg_err *err)
{
    (void)sg_err_set(err, SG_ENOMEM, "out of memory");
    return SG_ENOMEM;
}

/** Name of a status for JSON and tests, such as "parse". Static storage. */
const char *sg_status_name(enum sg_status status);

#endif
