/** The log of who looked at whom: appended, never rewritten, and without a name in it.
 *
 *  A line says when, what was done, by whom and about whom. The last two are HMAC-SHA-256 under a
 *  key that is kept elsewhere: who has the key can ask "who looked at r12?" by computing the hash
 *  of r12; who has the log alone learns no name. Each line ends with an HMAC over the line and the
 *  one before it, so a line that was changed, added or taken out in the middle shows. Lines taken
 *  off the end do not show by themselves: note the last chain value elsewhere.
 *  Format: docs/formats/audit.md.
 */
#ifndef SG_STORE_AUDIT_H
#define SG_STORE_AUDIT_H

#include "base/digest.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SG_AUDIT_KEY_MIN 32
#define SG_AUDIT_KEY_MAX 1024

struct sg_audit_key {
    uint8_t bytes[SG_AUDIT_KEY_MAX];
    size_t size;
};

/** Read a key: SG_AUDIT_KEY_MIN to _MAX bytes in a file that nobody but its owner can read.
 *  Errors: SG_EUSAGE (too short, too long, readable by others), SG_EIO, SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_audit_key_read(struct sg_audit_key *key, const char *path,
                                               struct sg_err *err);

/** What is done to a person's record. */
enum sg_audit_action { SG_AUDIT_CHECK, SG_AUDIT_FORGET };
#define SG_AUDIT_ACTIONS 2

/** "check", "forget". Static storage. */
const char *sg_audit_action_name(enum sg_audit_action action);

/** The hash under which somebody stands in the log: of a record id, or of who looked. */
void sg_audit_hash_record(uint8_t hash32[SG_SHA256_SIZE], const struct sg_audit_key *key,
                          const char *record_id);
void sg_audit_hash_who(uint8_t hash32[SG_SHA256_SIZE], const struct sg_audit_key *key,
                       const char *who);

/** Append one line for each record, or one without a record where there are none; made if it is not
 *  there, readable by its owner alone. All lines are on the disk when this returns SG_OK; else none
 *  is, as far as the disk lets itself be restored.
 *  In:     time_unix_s   of the clock; the layers below app have none.
 *  Errors: SG_EIO, SG_EBUSY (somebody else appends), SG_ECORRUPT (the end of the log is no line of
 *          one), SG_ENOMEM, SG_ELIMIT. */
SG_MUST_CHECK enum sg_status sg_audit_append(const char *path, const struct sg_audit_key *key,
                                             int64_t time_unix_s, enum sg_audit_action action,
                                             const char *who, const char *const *record_ids,
                                             size_t n, struct sg_err *err);

/** One line that was read and whose chain holds. */
struct sg_audit_line {
    uint64_t number; /**< 1-based, of the entry */
    int64_t time_unix_s;
    enum sg_audit_action action;
    bool has_record;
    uint8_t who32[SG_SHA256_SIZE], record32[SG_SHA256_SIZE], chain32[SG_SHA256_SIZE];
};

/** What a whole log is like. */
struct sg_audit_state {
    uint64_t n_lines;
    uint64_t n_cut; /**< pieces of lines that a crash left behind; no entry is lost by them */
    uint8_t chain32[SG_SHA256_SIZE]; /**< of the last line; zero bytes in an empty log */
};

/** Read a log and check every chain value.
 *  In:     visit   told of each line, in order; NULL: nobody is.
 *  Errors: SG_ECORRUPT with the line of the file where the chain breaks; SG_EIO, SG_ENOMEM,
 *          SG_ELIMIT, or what visit returned. */
SG_MUST_CHECK enum sg_status sg_audit_read(
    struct sg_audit_state *state, const char *path, const struct sg_audit_key *key,
    enum sg_status (*visit)(void *ctx, const struct sg_audit_line *line, struct sg_err *err),
    void *ctx, struct sg_err *err);

#endif
